"""The ranking as a picture: one dot with two intervals for each scenario and demand mode, on axes through zero."""

from __future__ import annotations

import math
from collections.abc import Sequence

from factory_sim.report import numbers
from factory_sim.report.findings import TODAY, Ranked, Ranking
from factory_sim.report.pieces import FULL, Figure, Table, figure
from factory_sim.report.svg import SMALL, TEXT, Axis, Drawing, wrapped
from factory_sim.report.words import word

MOST = 10  # rows of the chart; more would not leave it on one page with the answer
_MARGIN = 30.0
_NAMES = 270.0  # room for the names on wide pages


def ranking_figure(rankings: Sequence[Ranking], modes: Sequence[str], name: str, title: str, lang: str) -> Figure:
    """Return one chart of all demand modes: beside each other on wide pages, below each other on narrow ones.

    Rows follow the first mode. `modes` are the demand modes in words.
    """
    ends = [value for ranking in rankings for row in ranking.rows for value in _ends(row)]
    unit, names = numbers.money_unit(max(map(abs, ends)), lang), shown(rankings)
    drawn = [Ranking(each.mode, tuple(row for row in each.rows if row.name in names)) for each in rankings]

    def draw(into: Drawing) -> None:
        if into.width < FULL:
            for mode, ranking in zip(modes, drawn, strict=True):
                _alone(into, mode if len(drawn) > 1 else "", ranking, unit, lang)
        else:
            _beside(into, modes, drawn, unit, lang)

    return figure(draw, name, title, _table(rankings, modes, unit, lang), wide=FULL)


def shown(rankings: Sequence[Ranking]) -> list[str]:
    """Return the scenarios of the chart: the leader of each mode, doing nothing, and of the others the best.

    Parameters
    ----------
    rankings : sequence of Ranking  Of the demand modes, the first one first.
    """
    first = rankings[0]
    must = {first.baseline.name, *(each.rows[0].name for each in rankings)}
    others = [row.name for row in first.rows if row.name not in must]
    kept = must.union(others[: max(0, MOST - len(must))])
    return [row.name for row in first.rows if row.name in kept]


def _alone(into: Drawing, mode: str, ranking: Ranking, unit: numbers.Unit, lang: str) -> None:
    """Draw one mode below what is there, each name above its interval."""
    y = into.height + 6.0
    if mode:
        y = into.paragraph(2.0, y + TEXT, mode, into.width - 2.0, "group") + 10.0
    axis = _axis(ranking, unit, _MARGIN, into.width - _MARGIN)
    for row in ranking.rows:
        y = into.paragraph(2.0, y + TEXT, f"{row.rank}  {row.label}", into.width - 2.0, "name")
        if row.verdict != TODAY:
            said = _said(row, unit, True, lang)
            y = into.paragraph(2.0, y + SMALL + 5.0, said, into.width - 2.0, "value", SMALL) + 2.0
        _interval(into, row, axis, unit, y + 14.0)
        y += 33.0
    _foot(into, axis, y, word("chart.npv_axis", lang, unit=unit.name))
    into.height = y + 46.0


def _beside(into: Drawing, modes: Sequence[str], rankings: Sequence[Ranking], unit: numbers.Unit, lang: str) -> None:
    """Draw all modes, each in a column of its own beside the names."""
    wide = (into.width - _NAMES) / len(rankings)
    lefts = [_NAMES + index * wide for index in range(len(rankings))]
    axes = [_axis(each, unit, left + 24.0, left + wide - 24.0) for each, left in zip(rankings, lefts, strict=True)]
    y = 0.0
    if len(rankings) > 1:
        for mode, left in zip(modes, lefts, strict=True):
            y = max(y, into.paragraph(left + 8.0, TEXT, mode, wide - 12.0, "group") + 4.0)
    for row in rankings[0].rows:
        bottom = y + TEXT + 2.0
        for line in _name(row):
            into.text(2.0, bottom, line, "name")
            bottom += 1.2 * TEXT
        bottom -= 0.9 * TEXT
        for index, (ranking, axis) in enumerate(zip(rankings, axes, strict=True)):
            here = next(each for each in ranking.rows if each.name == row.name)
            at = y
            if here.verdict != TODAY:
                said = _said(here, unit, False, lang)
                if index:
                    said = word("chart.rank_here", lang, rank=here.rank, said=said)
                at = into.paragraph(lefts[index] + 8.0, y + SMALL + 3.0, said, wide + 12.0, "value", SMALL)
            _interval(into, here, axis, unit, at + 14.0)
            bottom = max(bottom, at + 22.0)
        y = bottom + 3.0
    for axis, left in zip(axes, lefts, strict=True):
        _foot(into, axis, y, word("chart.npv_axis", lang, unit=unit.name), left + wide - 4.0)
    into.height = y + 36.0


def _name(row: Ranked) -> list[str]:
    """Return rank and name in two lines at most; the tables have the whole name."""
    lines = wrapped(f"{row.rank}  {row.label}", _NAMES + 16.0)  # letters are narrower than `length` takes them
    return lines if len(lines) < 3 else [lines[0], f"{lines[1]} …"]


def _axis(ranking: Ranking, unit: numbers.Unit, begin: float, end: float) -> Axis:
    return Axis.over((value * unit.factor for row in ranking.rows for value in _ends(row)), begin, end, 4)


def _foot(into: Drawing, axis: Axis, y: float, title: str, right: float | None = None) -> None:
    """Write the ticks of an axis and what it shows."""
    for tick in axis.ticks:
        into.text(axis(tick), y + 14.0, numbers.fixed(tick, axis.digits), "tick", "middle")
    into.text(into.width - 2.0 if right is None else right, y + 31.0, title, "tick", "end")


def _ends(row: Ranked) -> list[float]:
    return [end for end in (row.npv.low, row.npv.mean, row.npv.high) if math.isfinite(end)]


def _said(row: Ranked, unit: numbers.Unit, named: bool, lang: str) -> str:
    """Return value, interval and chance of an investment, with the unit if it is to be `named`."""
    best = numbers.share(row.outcome.probability_best, sure=True)
    name = unit.name if named else ""
    if row.npv.half_width < max(1.0, 1e-6 * abs(row.npv.mean)):  # the same in all runs
        amount = numbers.joined(numbers.plain(row.npv.mean * unit.factor, 3), name)
        return word("chart.npv_exact", lang, npv=amount, best=best)
    text = numbers.short(row.npv, unit)
    return word("chart.npv_of", lang, npv=numbers.joined(text.mean, name), low=text.low, high=text.high, best=best)


def _interval(into: Drawing, row: Ranked, axis: Axis, unit: numbers.Unit, y: float) -> None:
    """Draw the dot of one scenario with its intervals, and beside it only the lines of the axis."""
    for tick in axis.ticks:
        into.line(axis(tick), y - 8.0, axis(tick), y + 8.0, "zero" if tick == 0.0 else "grid")
    if row.verdict != TODAY:
        for level, css in ((0.95, "interval95"), (0.80, "interval80")):
            interval = row.worth.npv(level)
            if math.isfinite(interval.half_width):
                low, high = (axis(end * unit.factor) for end in (interval.low, interval.high))
                into.line(low, y, high, y, f"{css} {row.verdict}")
    into.dot(axis(row.npv.mean * unit.factor), y, 5.5, f"dot {row.verdict}")


def _table(rankings: Sequence[Ranking], modes: Sequence[str], unit: numbers.Unit, lang: str) -> Table:
    heads = [word(f"table.{key}", lang) for key in ("rank", "investment")]
    heads.append(word("table.npv_interval", lang, unit=unit.name))
    heads += [word(f"table.{key}", lang) for key in ("payback_unit", "irr", "best", "pays")]
    several = len(rankings) > 1
    if several:
        heads.insert(2, word("plant.mode", lang))
    rows = []
    for ranking, mode in zip(rankings, modes, strict=True):
        for row in ranking.rows:
            rows.append((str(row.rank), row.label, *((mode,) if several else ()), *_cells(row, unit, lang)))
    return Table(tuple(heads), tuple(rows), numbers_from=3 if several else 2)


def _cells(row: Ranked, unit: numbers.Unit, lang: str) -> tuple[str, ...]:
    best = numbers.share(row.outcome.probability_best, sure=True)
    if row.verdict == TODAY:
        return "0", numbers.NONE, numbers.NONE, best, numbers.NONE
    text, (payback, irr, pays) = numbers.shown(row.npv, unit), row.money
    between = word("text.range", lang, low=text.low, high=text.high)
    money = (f"{text.mean} ({between})", numbers.year_number(payback), numbers.rate(irr))
    return *money, best, numbers.share(pays)
