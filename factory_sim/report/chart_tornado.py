"""What if one number is wrong: the tornado of the net present value."""

from __future__ import annotations

from factory_sim.report import numbers
from factory_sim.report.findings import Ranked, Ranking
from factory_sim.report.pieces import Figure, Table, figure
from factory_sim.report.svg import SMALL, TEXT, Axis, Drawing, length
from factory_sim.report.words import word
from factory_sim.study.sensitivity import SHARE, Swing, swings

_HALF = 500.0  # width of a chart of which two stand beside each other
_LEAST = 0.005  # of the widest bar: less would not be seen


def tornado_figure(ranking: Ranking, row: Ranked, name: str, lang: str, beside: float = 0.0) -> Figure:
    """Return the tornado of one investment: each parameter 20 % lower and higher, the widest bar on top.

    `beside` is the greatest amount of the charts beside it, whose unit it shares. [KRW]
    """
    found = swings(row.outcome, ranking.baseline.outcome)
    shown = [swing for swing in found if swing.span >= _LEAST * found[0].span]
    middle = row.npv.mean
    ends = [middle, *(end for swing in shown for end in (swing.low, swing.high))]
    unit = numbers.unit_beside(max(map(abs, ends)), beside, lang)

    def draw(into: Drawing) -> None:
        axis = Axis.over((end * unit.factor for end in ends), 44.0, into.width - 44.0, 4)
        y = 4.0
        for swing in shown:
            y = _bar(into, swing, middle, axis, unit, y, lang)
        into.line(axis(middle * unit.factor), 4.0, axis(middle * unit.factor), y + 2.0, "mark")
        for tick in axis.ticks:
            into.text(axis(tick), y + 16.0, numbers.fixed(tick, axis.digits), "tick", "middle")
        into.text(into.width - 2.0, y + 34.0, word("chart.npv_axis", lang, unit=unit.name), "tick", "end")
        into.height = y + 42.0

    return figure(draw, name, row.label, _table(found, unit, lang), wide=_HALF)


def _bar(into: Drawing, swing: Swing, middle: float, axis: Axis, unit: numbers.Unit, y: float, lang: str) -> float:
    """Draw one parameter below `y`: dark where it is higher, pale where it is lower; return where it ends."""
    into.text(2.0, y + TEXT, word(f"swing.{swing.parameter}", lang), "label")
    top, centre = y + 20.0, axis(middle * unit.factor)
    for tick in axis.ticks:
        into.line(axis(tick), top - 1.0, axis(tick), top + 15.0, "zero" if tick == 0.0 else "grid")
    for value, css, sign in ((swing.low, "lower", "-"), (swing.high, "higher", "+")):
        end = axis(value * unit.factor)
        into.rect(min(end, centre), top, abs(end - centre), 14.0, css)
        text = f"{sign}{SHARE * 100:.0f}%"
        left = value < middle or (value == middle and sign == "-")
        if value != middle:
            x = end - 4.0 if left else end + 4.0
            room = length(text, SMALL)
            x = max(room, x) if left else min(into.width - room, x)
            into.text(x, top + 11.5, text, "tick", "end" if left else "start")
    return y + 42.0


def _table(found: list[Swing], unit: numbers.Unit, lang: str) -> Table:
    heads = (
        word("table.parameter", lang),
        *(word("chart.swing_at", lang, change=f"{sign}{SHARE * 100:.0f}%", unit=unit.name) for sign in "-+"),
    )
    digits = 0 if found[0].span * unit.factor >= 100.0 else 1 if found[0].span * unit.factor >= 10.0 else 2
    rows = tuple(
        (
            word(f"swing.{swing.parameter}", lang),
            *(numbers.fixed(end * unit.factor, digits) for end in (swing.low, swing.high)),
        )
        for swing in found
    )
    return Table(heads, rows)
