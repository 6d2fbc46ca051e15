"""What a comparison says, before it is put into words: the ranked scenarios and what the answer hangs on."""

from __future__ import annotations

import math
from dataclasses import dataclass

from factory_sim.finance.cash import cash_flow
from factory_sim.model import Study
from factory_sim.model.study_schema import BASELINE
from factory_sim.model.units import HOUR
from factory_sim.report.words import name_of, word
from factory_sim.results.measures import Measures
from factory_sim.results.statistics import Interval
from factory_sim.study.compare import Comparison, Outcome
from factory_sim.study.runner import Estimate
from factory_sim.study.worth import Worth

SURE = 0.95  # from here on a probability is called certainty
GAIN, OPEN, LOSS, TODAY = "gain", "open", "loss", "today"  # verdicts of a net present value
OUTPUT = "good_parts_per_planned_hour"


@dataclass(frozen=True)
class Ranked:
    """One row of a ranking."""

    rank: int
    name: str
    label: str
    outcome: Outcome

    @property
    def worth(self) -> Worth:
        """Its worth; only of a scenario with investments."""
        assert self.outcome.worth is not None, "the baseline has no cash flow"
        return self.outcome.worth

    @property
    def npv(self) -> Interval:
        """Net present value, 0 for doing nothing. [KRW]"""
        return Interval(0.0, 0.0, 0, 0.95) if self.outcome.worth is None else self.outcome.worth.npv()

    @property
    def verdict(self) -> str:
        """Whether the 95 % interval of the net present value lies above 0, below it, or holds it."""
        if self.outcome.worth is None:
            return TODAY
        if self.npv.low > 0.0:
            return GAIN
        return LOSS if self.npv.high < 0.0 else OPEN

    @property
    def money(self) -> tuple[float, float, float]:
        """Payback [yr], internal rate of return [1/yr] and probability to pay; nan where there is none."""
        if self.outcome.worth is None:
            return math.nan, math.nan, math.nan
        at_mean = self.outcome.worth.mean_flow
        return at_mean.payback, at_mean.irr, self.outcome.worth.probability_pays

    @property
    def break_even(self) -> float:
        """Share of the mean benefit at which the net present value is 0; nan if no share in [0, 1] has that."""
        worth = self.worth
        full = worth.benefit.mean

        def npv(part: float) -> float:
            return cash_flow(part * full - worth.money.lump_benefit, worth.money, worth.terms).npv

        if not npv(0.0) < 0.0 < npv(1.0):
            return math.nan
        low, high = 0.0, 1.0
        for _ in range(40):
            middle = (low + high) / 2.0
            low, high = (middle, high) if npv(middle) < 0.0 else (low, middle)
        return high


@dataclass(frozen=True)
class Ranking:
    """The scenarios of one demand mode, best first."""

    mode: str
    rows: tuple[Ranked, ...]

    @property
    def investments(self) -> tuple[Ranked, ...]:
        """The rows without doing nothing."""
        return tuple(row for row in self.rows if row.outcome.worth is not None)

    @property
    def top(self) -> Ranked:
        """The best of the investments, whether or not it pays."""
        return self.investments[0]

    @property
    def pays(self) -> bool:
        """Whether the best investment is better than doing nothing, on average."""
        return self.rows[0].outcome.worth is not None and self.top.npv.mean > 0.0

    @property
    def sure(self) -> bool:
        """Whether the leader is certain: whether it pays, and that no other is better."""
        leader = self.rows[0]
        return leader.outcome.probability_best >= SURE and (not self.pays or leader.verdict == GAIN)

    @property
    def next_likely(self) -> Ranked:
        """The scenario that is best with the highest probability after the leader."""
        return max(self.rows[1:], key=lambda row: row.outcome.probability_best)

    @property
    def baseline(self) -> Ranked:
        """Doing nothing."""
        return next(row for row in self.rows if row.outcome.worth is None)


def ranking(comparison: Comparison, mode: str, lang: str) -> Ranking:
    """Return the ranking of a demand mode."""
    outcomes = comparison.modes[mode]
    rows = [
        Ranked(rank, name, label(comparison.study, name, lang), outcomes[name])
        for rank, name in enumerate(comparison.ranking(mode), 1)
    ]
    return Ranking(mode, tuple(rows))


def label(study: Study, scenario: str, lang: str) -> str:
    """Return what people call a scenario."""
    if scenario == BASELINE:
        return word("text.nothing", lang)
    if scenario in study.scenario:
        table = study.scenario[scenario]
        if table.label or (lang == "ko" and table.label_ko):
            return name_of(table, scenario, lang)
    return " + ".join(name_of(study.investment[name], name, lang) for name in study.sets[scenario])


def volume_per_year(study: Study) -> float:
    """Return the good parts that fixed_volume makes at most in a year."""
    plant = study.plant
    weekly = sum(source.weekly_volume or 0.0 for source in plant.source.values())
    return weekly * plant.time_per_year / planned_per_week(study)


def planned_per_week(study: Study) -> float:
    """Return the planned time of the plant in a week. [s]"""
    name = study.plant.plant.calendar
    return 168.0 * HOUR if name is None else study.plant.calendar[name].open_per_week


def declared_share(study: Study, row: Ranked) -> float:
    """Return the share of a benefit that rests on declared effects, lump sums included; nan if it cannot be told.

    The effect of investments made together cannot be split between declared and causal ones.
    """
    declared = {study.investment[name].declared for name in study.scenarios[row.name]}
    if declared == {True}:
        return 1.0
    full, lump = row.worth.benefit.mean, row.worth.money.lump_benefit
    if declared == {False} and lump == 0.0:
        return 0.0
    if declared == {False} and 0.0 < lump <= full:
        return lump / full
    return math.nan


def energy_per_good_part(measures: list[Measures]) -> list[float]:
    """Return electricity and gas of a good part by replication. [kWh]"""
    return [each.kpis["electricity_per_good_part"].value + each.kpis["gas_per_good_part"].value for each in measures]


def interval(estimate: Estimate) -> Interval:
    """Return an estimate as an interval."""
    return Interval(estimate.mean, estimate.half_width, estimate.n, 0.95)
