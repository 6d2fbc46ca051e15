"""The ranking as a picture: one dot with two intervals for each scenario, on an axis through zero."""

from __future__ import annotations

import math

from factory_sim.report import numbers
from factory_sim.report.findings import TODAY, Ranked, Ranking
from factory_sim.report.pieces import Figure, Table, figure
from factory_sim.report.svg import SMALL, TEXT, Axis, Drawing
from factory_sim.report.words import word

_MARGIN = 30.0


def ranking_figure(ranking: Ranking, name: str, title: str, lang: str) -> Figure:
    """Return the chart of one demand mode."""
    ends = [value for row in ranking.rows for value in _ends(row)]
    unit = numbers.money_unit(max(map(abs, ends)), lang)

    def draw(into: Drawing) -> None:
        axis = Axis.over(
            (end * unit.factor for end in ends), _MARGIN, into.width - _MARGIN, 4 if into.width < 450 else 6
        )
        y = 6.0
        for row in ranking.rows:
            y = _row(into, row, axis, unit, y, lang) + 5.0
        for tick in axis.ticks:
            into.text(axis(tick), y + 14.0, numbers.fixed(tick, axis.digits), "tick", "middle")
        into.text(into.width - 2.0, y + 32.0, word("chart.npv_axis", lang, unit=unit.name), "tick", "end")
        into.height = y + 42.0

    return figure(draw, name, title, _table(ranking, unit, lang))


def _ends(row: Ranked) -> list[float]:
    return [end for end in (row.npv.low, row.npv.mean, row.npv.high) if math.isfinite(end)]


def _row(into: Drawing, row: Ranked, axis: Axis, unit: numbers.Unit, y: float, lang: str) -> float:
    """Draw one scenario below `y`; return where it ends."""
    room = into.width - 2.0
    y = into.paragraph(2.0, y + TEXT, f"{row.rank}  {row.label}", room, "name")
    if row.verdict == TODAY:
        _ticks(into, axis, y + 14.0)
        into.dot(axis(0.0), y + 14.0, 5.5, "dot today")
        return y + 28.0
    text, best = numbers.shown(row.npv, unit), numbers.share(row.outcome.probability_best, sure=True)
    if row.npv.half_width < max(1.0, 1e-6 * abs(row.npv.mean)):  # the same in all runs
        amount = numbers.joined(numbers.plain(row.npv.mean * unit.factor, 3), unit.name)
        said = word("chart.npv_exact", lang, npv=amount, best=best)
    else:
        said = word("chart.npv_of", lang, npv=text.with_unit, low=text.low, high=text.high, best=best)
    y = into.paragraph(2.0, y + SMALL + 5.0, said, room, "value", SMALL) + 16.0
    _ticks(into, axis, y)
    for level, css in ((0.95, "interval95"), (0.80, "interval80")):
        interval = row.worth.npv(level)
        if math.isfinite(interval.half_width):
            low, high = (axis(end * unit.factor) for end in (interval.low, interval.high))
            into.line(low, y, high, y, f"{css} {row.verdict}")
    into.dot(axis(row.npv.mean * unit.factor), y, 5.5, f"dot {row.verdict}")
    return y + 14.0


def _ticks(into: Drawing, axis: Axis, y: float) -> None:
    """Draw the lines of the axis beside one interval only, so that they do not cross the texts."""
    for tick in axis.ticks:
        into.line(axis(tick), y - 9.0, axis(tick), y + 9.0, "zero" if tick == 0.0 else "grid")


def _table(ranking: Ranking, unit: numbers.Unit, lang: str) -> Table:
    heads = [word(f"table.{key}", lang) for key in ("rank", "investment")]
    heads.append(word("table.npv_interval", lang, unit=unit.name))
    heads += [word(f"table.{key}", lang) for key in ("payback_unit", "irr", "best", "pays")]
    rows = []
    for row in ranking.rows:
        best = numbers.share(row.outcome.probability_best, sure=True)
        if row.verdict == TODAY:
            rows.append((str(row.rank), row.label, "0", numbers.NONE, numbers.NONE, best, numbers.NONE))
            continue
        text, (payback, irr, pays) = numbers.shown(row.npv, unit), row.money
        between = word("text.range", lang, low=text.low, high=text.high)
        money = (f"{text.mean} ({between})", numbers.year_number(payback), numbers.rate(irr))
        rows.append((str(row.rank), row.label, *money, best, numbers.share(pays)))
    return Table(tuple(heads), tuple(rows), numbers_from=2)
