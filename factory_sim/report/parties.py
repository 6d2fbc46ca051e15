"""Who pays, and who gets what: the investment itself, plant, lender, fund and government, year by year."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from factory_sim.finance.cash import PARTIES
from factory_sim.model import Study
from factory_sim.report import numbers
from factory_sim.report.findings import Ranked, Ranking
from factory_sim.report.pieces import Figure, Table, figure
from factory_sim.report.svg import SMALL, TEXT, Axis, Drawing, length
from factory_sim.report.words import word
from factory_sim.results.statistics import Interval

WHOLE = "whole"  # what there is to share: the sum over all parties
_HALF = 500.0  # width of a chart of which two stand beside each other
_TRACK = 58.0  # height of the bars of one party
_HEAD = 34.0  # above them: its name, and the amount of a bar that is received


@dataclass(frozen=True)
class Shares:
    """What the parties get of each investment, in one demand mode."""

    said: str
    mode: str
    values: Table
    figures: tuple[Figure, ...]


def parties_of(study: Study) -> tuple[str, ...]:
    """Return who takes part in a study, the plant first."""
    there = {"fund": study.finance.fund is not None, "lender": study.finance.loan is not None}
    return tuple(name for name in PARTIES if there.get(name, True))


def shares(study: Study, ranking: Ranking, mode: str, lang: str) -> Shares:
    """Return who gets what of each investment; `mode` is the demand mode in words."""
    taking = parties_of(study)
    figures = tuple(
        shares_figure(row, taking, f"parties-{ranking.mode}-{row.rank}", lang) for row in ranking.investments
    )
    said = word("parties.said", lang, mode=mode)
    return Shares(said, mode, values_table(ranking.investments, taking, lang), figures)


def yearly(row: Ranked, taking: Sequence[str]) -> dict[str, tuple[float, ...]]:
    """Return what the parties get in each year at the mean benefit, and first what there is to share. [KRW]"""
    table = row.worth.mean_flow.table
    by_party = {name: table[PARTIES[name]] for name in taking}
    return {WHOLE: tuple(map(math.fsum, zip(*by_party.values(), strict=True))), **by_party}


def values_table(rows: Sequence[Ranked], taking: Sequence[str], lang: str) -> Table:
    """Return the net present value of each party at its own rate, with the interval of its mean."""
    unit = numbers.money_unit(max(abs(row.worth.party(name).mean) for row in rows for name in taking), lang)
    rates = {name: rows[0].worth.mean_flow.rate_of(name) for name in taking}
    heads = [word("table.investment", lang)]
    for name in taking:
        party, rate = word(f"parties.{name}", lang), numbers.plain(100.0 * rates[name], 3)
        heads.append(word("parties.npv_head", lang, party=party, rate=rate, unit=unit.name))
    heads += [word("parties.irr_head", lang, party=word(f"parties.{name}", lang)) for name in taking if name == "fund"]
    cells = []
    for row in rows:
        shown = [_value(row.worth.party(name), unit, lang) for name in taking]
        shown += [numbers.rate(row.worth.mean_flow.party(name)[1]) for name in taking if name == "fund"]
        cells.append((row.label, *shown))
    return Table(tuple(heads), tuple(cells))


def _value(interval: Interval, unit: numbers.Unit, lang: str) -> str:
    """Return a net present value with its interval; of the same value in all runs, and of what is no won, no interval.

    A lender earns its own rate, so that its value is 0 but for the dust of rounding.
    """
    if abs(interval.half_width) < max(1.0, 1e-6 * abs(interval.mean)):
        return numbers.plain(interval.mean * unit.factor, 3) if abs(interval.mean) >= 1.0 else "0"
    text = numbers.shown(interval, unit)
    return f"{text.mean} ({word('text.range', lang, low=text.low, high=text.high)})"


def shares_figure(row: Ranked, taking: Sequence[str], name: str, lang: str) -> Figure:
    """Return the yearly flows of one investment, a row of bars for each party, all on one scale."""
    flows = yearly(row, taking)
    unit = numbers.money_unit(max(abs(value) for values in flows.values() for value in values), lang)

    def draw(into: Drawing) -> None:
        _tracks(into, {party: [value * unit.factor for value in values] for party, values in flows.items()}, unit, lang)

    return figure(draw, name, row.label, _years_table(flows, unit, lang), wide=_HALF)


def _tracks(into: Drawing, flows: dict[str, list[float]], unit: numbers.Unit, lang: str) -> None:
    years = len(next(iter(flows.values())))
    ends = [value for values in flows.values() for value in values]
    left, right = 10.0, into.width - 10.0
    step = (right - left) / years
    y = 0.0
    for party, values in flows.items():
        into.text(2.0, y + TEXT, word(f"parties.{party}", lang), "name" if party == WHOLE else "label")
        up = Axis(min(0.0, *ends), max(0.0, *ends), y + _HEAD + _TRACK, y + _HEAD, ())
        for year, value in enumerate(values):
            top, bottom = sorted((up(0.0), up(value)))
            css = "gain" if value >= 0.0 else "loss"
            into.rect(left + step * (year + 0.15), top, 0.7 * step, bottom - top, css)
        into.line(left, up(0.0), right, up(0.0), "zero")
        largest = max(range(years), key=lambda year: abs(values[year]))
        _amount(into, values[largest], left + step * (largest + 0.5), up, unit)
        y += _HEAD + _TRACK + 18.0
    for year in range(years):
        into.text(left + step * (year + 0.5), y + 2.0, str(year), "tick", "middle")
    into.text(right, y + 20.0, word("chart.years_axis", lang), "tick", "end")
    into.height = y + 28.0


def _amount(into: Drawing, value: float, x: float, up: Axis, unit: numbers.Unit) -> None:
    """Write the greatest amount of a party at its bar, within the picture."""
    if value == 0.0:
        return
    text = numbers.joined(numbers.fixed(value, _digits(value), sign=True), unit.name)
    half = length(text, SMALL) / 2.0
    x = min(max(x, 2.0 + half), into.width - 2.0 - half)
    into.text(x, up(value) + (12.0 if value < 0.0 else -4.0), text, "value", "middle")


def _digits(greatest: float) -> int:
    """Return the digits that show three of the greatest amount, whole ones at least."""
    return max(0, min(2, 2 - math.floor(math.log10(abs(greatest))))) if greatest else 0


def _years_table(flows: dict[str, tuple[float, ...]], unit: numbers.Unit, lang: str) -> Table:
    """Return the flows by year; what is printed of the parties adds up to what is printed of the whole."""
    greatest = max(abs(value) for values in flows.values() for value in values) * unit.factor
    digits = _digits(greatest)
    parties = [name for name in flows if name != WHOLE]

    def cells(amounts: Sequence[float]) -> tuple[str, ...]:
        printed = numbers.adding_up([amount * unit.factor for amount in amounts], digits)
        return tuple(numbers.fixed(each, digits) for each in (math.fsum(printed), *printed))

    columns = [flows[name] for name in parties]
    rows = [(str(year), *cells(amounts)) for year, amounts in enumerate(zip(*columns, strict=True))]
    rows.append((word("parties.sum", lang), *cells([math.fsum(column) for column in columns])))
    heads = tuple(f"{word(f'parties.{name}', lang)}, {unit.name}" for name in flows)
    return Table((word("table.year", lang), *heads), tuple(rows), numbers_from=1, marked=frozenset({len(rows) - 1}))
