"""How sure the net present values are: chances with their intervals, and where the spread comes from."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from factory_sim.model import Study
from factory_sim.report import numbers, sections
from factory_sim.report.findings import Ranked, Ranking
from factory_sim.report.pieces import Table
from factory_sim.report.words import word
from factory_sim.results.statistics import Interval


def sure_table(ranking: Ranking, lang: str) -> Table:
    """Return the paired differences of the yearly benefit, and what common random numbers saved."""
    rows = ranking.investments
    benefits = [row.outcome.difference["surplus_per_year"] for row in rows]
    unit = numbers.money_unit(max(abs(each.mean) for each in benefits), lang, "yr")
    npv_unit = numbers.money_unit(max(abs(npv) for row in rows for npv in row.worth.npvs), lang)
    heads = (
        word("table.investment", lang),
        f"{word('kpi.surplus_per_year', lang)}, {word('table.from_today', lang)}, {unit.name}",
        f"{word('table.spread', lang)}, {npv_unit.name}",
        word("table.best", lang),
        word("spread.pays", lang),
        word("table.variance_reduction", lang),
    )
    cells = []
    for row, benefit in zip(rows, benefits, strict=True):
        spread = row.worth.to_json()["npv_krw"]
        assert isinstance(spread, dict)
        ends = [numbers.shown(Interval(spread[q], row.npv.half_width, 2, 0.95), npv_unit).mean for q in ("q05", "q95")]
        gained = row.outcome.variance_reduction
        cells.append(
            (
                row.label,
                sections.plus_minus(benefit, unit, sign=True),
                word("text.range", lang, low=ends[0], high=ends[1]),
                numbers.share(row.outcome.probability_best, sure=True),
                chance(row, lang),
                f"× {numbers.times(gained)}" if math.isfinite(gained) else numbers.NONE,
            )
        )
    return Table(heads, tuple(cells))


def chance(row: Ranked, lang: str) -> str:
    """Return the probability that an investment pays, with its interval where runs leave one open."""
    found = row.worth.chance
    if found.low == found.high:
        return numbers.share(found.share)
    low, high = (numbers.share(end, sure=True) for end in (found.low, found.high))
    if low == high:
        return low
    return f"{numbers.share(found.share, sure=True)} ({word('text.range', lang, low=low, high=high)})"


@dataclass(frozen=True)
class Spread:
    """Where the spread of the net present values of single runs comes from, in one demand mode."""

    said: str
    table: Table


def spread(study: Study, ranking: Ranking, lang: str) -> Spread:
    """Return the standard deviation of single runs, and both variances where they can be told apart."""
    rows, draws = ranking.investments, study.study.parameter_draws
    unit = numbers.money_unit(max(_deviation(row) for row in rows), lang)
    keys = ("runs",) if draws is None else ("runs", "parameters", "luck")
    heads = (word("table.investment", lang), *(word(f"spread.{key}", lang, unit=unit.name) for key in keys))
    table = Table(heads, tuple((row.label, *_parts(row, unit)) for row in rows))
    if draws is not None:
        return Spread(word("spread.said", lang, draws=draws, replications=study.study.replications), table)
    uncertain = any(one.uncertain for one in study.investment.values())
    return Spread(word("spread.together" if uncertain else "spread.nothing", lang), table)


def _deviation(row: Ranked) -> float:
    return float(np.std(row.worth.npvs, ddof=1))


def _parts(row: Ranked, unit: numbers.Unit) -> list[str]:
    """Return the standard deviation of single runs, and those of both parts with their share of the variance."""
    shown = [numbers.plain(_deviation(row) * unit.factor, 2)]
    found = row.worth.variances
    if found is not None:
        total = found.parameters + found.simulation
        for part in (found.parameters, found.simulation):
            share = numbers.share(part / total) if total else numbers.NONE
            shown.append(f"{numbers.plain(math.sqrt(part) * unit.factor, 2)} ({share})")
    return shown
