"""Scenarios compared: paired differences from today, money, and which investment is best.

All scenarios see the same luck (common random numbers): replication i of each has the same failures and cycle times as
far as they share machines, so that their differences vary less than they do.
"""

from __future__ import annotations

import math
import os
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from factory_sim.model import Study
from factory_sim.model.precision_schema import EQUAL
from factory_sim.model.study_schema import BASELINE, Investment
from factory_sim.model.units import YEAR
from factory_sim.results.measures import Kpis, Measures
from factory_sim.results.statistics import (
    Interval,
    probability_best_of_unequal,
    quantiles,
    t_interval,
    variance_reduction,
)
from factory_sim.study import analysis
from factory_sim.study.finance import CashFlow, Finance, Money, cash_flow
from factory_sim.study.limits import admitted
from factory_sim.study.pool import Pool
from factory_sim.study.runner import Estimates, Progress, estimates, finite, json_of
from factory_sim.study.scenario import changes_of, check_scenarios
from factory_sim.study.sequential import Runs, Spender, Spent
from factory_sim.study.task import Task

BENEFIT = "surplus_per_year"
LEVELS = (0.80, 0.95)
SHARES = (0.05, 0.5, 0.95)  # quantiles shown of what varies


@dataclass(frozen=True)
class Worth:
    """What a scenario is worth compared with today: one cash flow for each replication."""

    money: Money
    terms: Finance
    flows: tuple[CashFlow, ...] = field(repr=False)

    @property
    def npvs(self) -> list[float]:
        """Net present value by replication. [KRW]"""
        return [flow.npv for flow in self.flows]

    def npv(self, level: float = 0.95) -> Interval:
        """Return the interval of the mean net present value. [KRW]"""
        return t_interval(self.npvs, level)

    @property
    def benefit(self) -> Interval:
        """Yearly benefit at full effect, declared lump included, opex not taken off. [KRW/yr]"""
        return t_interval([flow.benefit for flow in self.flows])

    @property
    def probability_pays(self) -> float:
        """Share of the replications with a net present value above 0."""
        return float(np.mean([npv > 0.0 for npv in self.npvs]))

    @property
    def mean_flow(self) -> CashFlow:
        """The cash flow of the mean benefit."""
        return cash_flow(self.benefit.mean - self.money.lump_benefit, self.money, self.terms)

    def to_json(self) -> dict[str, object]:
        """Return it as JSON has it. Quantiles are those of the replications; null: never, or no such rate."""
        at_mean = self.mean_flow
        return {
            "npv_krw": _spread(self.npvs),
            "npv_half_width_krw": {f"{level:.0%}": finite(self.npv(level).half_width) for level in LEVELS},
            "irr": {"at_mean": finite(at_mean.irr), **_quantiles([flow.irr for flow in self.flows], -math.inf)},
            "payback_years": {
                "at_mean": finite(at_mean.payback),
                **_quantiles([flow.payback for flow in self.flows], math.inf),
            },
            "benefit_krw_per_year": _spread([flow.benefit for flow in self.flows]),
            "declared_lump_krw_per_year": self.money.lump_benefit,
            "probability_pays": self.probability_pays,
            "capex_krw": self.money.capex,
            "opex_krw_per_year": self.money.opex,
            "life_years": self.money.life,
            "subsidy_krw": self.money.subsidy,
            "tax_credit_krw": self.money.credit,
            "simple": {"npv_krw": at_mean.npv_simple, "payback_years": finite(at_mean.payback_simple)},
        }


@dataclass(frozen=True)
class Outcome:
    """One scenario in one demand mode."""

    name: str
    measures: list[Measures] = field(repr=False)
    difference: Estimates = field(repr=False)  # from the baseline, paired
    worth: Worth | None  # None: the baseline
    probability_best: float
    variance_reduction: float  # gained by common random numbers for the benefit

    @property
    def kpis(self) -> Estimates:
        """Key figures of the plant in this scenario."""
        return estimates([each.kpis for each in self.measures])

    def to_json(self) -> dict[str, object]:
        """Return it as JSON has it."""
        return {
            "kpis": json_of(self.kpis),
            "difference": json_of(self.difference),
            "finance": None if self.worth is None else self.worth.to_json(),
            "probability_best": finite(self.probability_best),
            "variance_reduction": finite(self.variance_reduction),
        }


@dataclass(frozen=True)
class Comparison:
    """All scenarios of a study in all its demand modes; `ranking` by mean net present value, best first."""

    study: Study
    physics: bool
    modes: dict[str, dict[str, Outcome]]
    spent: dict[str, Spent] = field(default_factory=dict)  # by mode, if replications were spent where needed

    @property
    def replications(self) -> int:
        """The most replications of any scenario."""
        return max(len(outcome.measures) for outcomes in self.modes.values() for outcome in outcomes.values())

    @property
    def runs(self) -> int:
        """Runs in all that the answer rests on."""
        return sum(len(outcome.measures) for outcomes in self.modes.values() for outcome in outcomes.values())

    def ranking(self, mode: str) -> list[str]:
        """Return the scenarios of a demand mode, best first; the baseline, worth 0, is one of them."""
        outcomes = self.modes[mode]
        return sorted(outcomes, key=lambda name: (-_mean_npv(outcomes[name]), list(outcomes).index(name)))

    def to_json(self) -> dict[str, object]:
        """Return the object that `factory-sim study --json` prints; the first demand mode stands at the top too."""
        from factory_sim import __version__

        question = self.study.study
        by_mode = {
            mode: {
                "scenarios": {name: outcome.to_json() for name, outcome in outcomes.items()},
                "ranking": self.ranking(mode),
                **({"selection": self._selection(mode)} if mode in self.spent else {}),
                **analysis.to_json(self, mode),
            }
            for mode, outcomes in self.modes.items()
        }
        first = next(iter(by_mode))
        return {
            "question": question.question,
            "plant": self.study.plant.name,
            "version": __version__,
            "seed": question.seed,
            "replications": self.replications,
            "runs": self.runs,
            "horizon_s": question.horizon,
            "warmup_s": question.warmup,
            "physics": self.physics,
            "left_out": self.study.left_out,
            "demand_mode": first,
            **by_mode[first],
            "demand_modes": by_mode,
        }

    def _selection(self, mode: str) -> dict[str, object]:
        asked = self.study.precision
        return {
            "probability": asked.probability,
            "indifference_krw": asked.indifference,
            "half_width_krw": asked.half_width,
            **self.spent[mode].to_json(),
        }


def task_of(study: Study, mode: str, scenario: str, replication: int, physics: bool = True) -> Task:
    """Return one run of a study."""
    question = study.study
    return Task(
        study.plant, mode, replication, question.seed, question.horizon, question.warmup, physics,
        tuple(changes_of(study, scenario)),
    )  # fmt: skip


def tasks_of(study: Study, physics: bool = True) -> list[Task]:
    """Return all runs of a study that gives each scenario as many: by demand mode, then scenario, then replication."""
    return [
        task_of(study, mode, scenario, replication, physics)
        for mode in study.demand_modes
        for scenario in study.scenarios
        for replication in range(study.study.replications)
    ]


def compare(
    study: Study,
    workers: int | None = None,
    physics: bool = True,
    progress: Progress | None = None,
    cache: str | os.PathLike[str] | None = None,
    cluster: str | None = None,
) -> Comparison:
    """Return the scenarios of a study compared.

    Parameters
    ----------
    workers, cache, cluster  As in `pool.Pool`; they do not change the result.
    progress : callable      Called with (runs done, runs in all); the latter is a guess while it is open.
    physics : bool           False: constants of the plant file instead of the history of the machines.

    Raises
    ------
    InputError  If a scenario cannot be run.
    """
    with Pool(workers, cache, cluster) as pool:
        return compare_in(pool, study, physics, progress)


def compare_in(pool: Pool, study: Study, physics: bool = True, progress: Progress | None = None) -> Comparison:
    """Return the same, run in a pool that is there already."""
    check_scenarios(study)
    study = admitted(study)
    if study.study.selection != EQUAL:
        found = _spend(study, physics, pool, progress)
        modes = {mode: _outcomes(study, mode, runs) for mode, (runs, _) in found.items()}
        return Comparison(study, physics, modes, {mode: spent for mode, (_, spent) in found.items()})
    results = iter(pool.run(tasks_of(study, physics), progress))
    modes = {}
    for mode in study.demand_modes:
        runs = {name: [next(results) for _ in range(study.study.replications)] for name in study.scenarios}
        modes[mode] = _outcomes(study, mode, runs)
    return Comparison(study, physics, modes)


def _spend(study: Study, physics: bool, pool: Pool, progress: Progress | None) -> dict[str, tuple[Runs, Spent]]:
    """Spend replications where they are needed, one demand mode after the other; the budget of time is for all."""
    deadline = time.monotonic() + (study.precision.most_time or math.inf)
    found: dict[str, tuple[Runs, Spent]] = {}
    done = 0

    def tell(here: int, expected: int) -> None:
        if progress:
            progress(done + here, done + expected * (len(study.demand_modes) - len(found)))

    for mode in study.demand_modes:
        spender = Spender(
            study,
            list(study.scenarios),
            lambda name, number, mode=mode: task_of(study, mode, name, number, physics),  # type: ignore[misc]
            lambda name, runs, base, mode=mode: npvs_of(study, mode, name, runs, base),  # type: ignore[misc]
            pool,
            tell,
        )
        found[mode] = spender.spend(deadline)
        done += sum(map(len, spender.runs.values()))
    if progress:
        progress(done, done)
    return found


def _outcomes(study: Study, mode: str, runs: Runs) -> dict[str, Outcome]:
    """Return what became of each scenario; one with fewer replications is paired with the first of the baseline."""
    base = {name: runs[BASELINE][: len(measures)] for name, measures in runs.items()}
    worths = {name: _worth(study, mode, name, runs[name], base[name]) for name in runs if name != BASELINE}
    none = [0.0] * len(runs[BASELINE])
    best = probability_best_of_unequal(
        [worths[name].npvs if name in worths else none for name in runs], study.study.seed
    )
    return {
        name: Outcome(
            name,
            measures,
            _differences([each.kpis for each in measures], [each.kpis for each in base[name]]),
            worths.get(name),
            float(chance),
            math.nan if name == BASELINE else variance_reduction(_benefits(measures), _benefits(base[name])),
        )
        for (name, measures), chance in zip(runs.items(), best, strict=True)
    }


def npvs_of(study: Study, mode: str, name: str, measures: Sequence[Measures], base: Sequence[Measures]) -> list[float]:
    """Return the net present value of each replication of a scenario; nothing for the baseline. [KRW]"""
    return [0.0] * len(base) if name == BASELINE else _worth(study, mode, name, measures, base).npvs


def _worth(study: Study, mode: str, name: str, measures: Sequence[Measures], base: Sequence[Measures]) -> Worth:
    """Return the worth of a scenario whose replications are paired with those of the baseline."""
    terms = finance_of(study)
    made = [study.investment[investment] for investment in study.scenarios[name]]
    money = joined([money_of(study, investment, mode) for investment in made])
    gains = [one - other for one, other in zip(_benefits(measures), _benefits(base), strict=True)]
    return Worth(money, terms, tuple(cash_flow(gain, money, terms) for gain in gains))


def finance_of(study: Study) -> Finance:
    """Return the rates and tax rules of a study, money per year."""
    terms = study.finance
    return Finance(
        terms.discount_rate,
        terms.tax_rate,
        terms.depreciation_years,
        terms.carry_forward_years,
        terms.other_taxable_income * YEAR,
    )


def money_of(study: Study, investment: Investment, mode: str) -> Money:
    """Return the money of one investment, per year, with the lump benefit of a demand mode."""
    money = investment.money
    benefit = {"sold_out": money.benefit.sold_out, "fixed_volume": money.benefit.fixed_volume}[mode]
    cap = math.inf if money.subsidy is None or money.subsidy.cap is None else money.subsidy.cap
    return Money(
        capex=money.capex,
        opex=money.opex * YEAR,
        life=money.life / YEAR,
        ramp_up=money.ramp_up / YEAR,
        subsidy_share=0.0 if money.subsidy is None else money.subsidy.share,
        subsidy_cap=cap,
        credit_rate=0.0 if money.credit is None else study.finance.tax_credit[money.credit],
        lump_benefit=benefit * YEAR,
        residual=money.residual,
    )


def joined(moneys: Sequence[Money]) -> Money:
    """Return the money of investments made together.

    Sums of capex, opex, subsidy, credit, lump benefit and residual. Their joint effect counts only as long as all
    of them live, and grows as slowly as the slowest: the shortest life and the longest ramp-up of them.
    """
    if len(moneys) == 1:
        return moneys[0]
    capex = sum(money.capex for money in moneys)
    subsidy = sum(money.subsidy for money in moneys)
    base = capex - subsidy
    return Money(
        capex=capex,
        opex=sum(money.opex for money in moneys),
        life=min(money.life for money in moneys),
        ramp_up=max(money.ramp_up for money in moneys),
        subsidy_share=subsidy / capex if capex else 0.0,
        credit_rate=sum(money.credit for money in moneys) / base if base else 0.0,
        lump_benefit=sum(money.lump_benefit for money in moneys),
        residual=sum(money.residual for money in moneys),
    )


def _differences(one: Sequence[Kpis], other: Sequence[Kpis]) -> Estimates:
    """Return the paired differences of key figures, replication by replication."""
    paired = [
        {name: kpi._replace(value=kpi.value - b[name].value) for name, kpi in a.items() if name in b}
        for a, b in zip(one, other, strict=True)
    ]
    return estimates(paired)


def _benefits(measures: Sequence[Measures]) -> list[float]:
    return [each.kpis[BENEFIT].value for each in measures]


def _mean_npv(outcome: Outcome) -> float:
    return 0.0 if outcome.worth is None else outcome.worth.npv().mean


def _spread(values: Sequence[float]) -> dict[str, float | None]:
    """Return mean, half-width of its 95 % interval, and quantiles of replications."""
    interval = t_interval(values)
    return {"mean": interval.mean, "half_width": finite(interval.half_width), **_quantiles(values, math.nan)}


def _quantiles(values: Sequence[float], instead: float) -> dict[str, float | None]:
    """Return quantiles; nan (no rate, no payback) counts as `instead`, the worst there is."""
    known = [instead if math.isnan(value) else value for value in values]
    found = quantiles(known, SHARES)
    return {f"q{share * 100:02.0f}": finite(value) for share, value in zip(SHARES, found.tolist(), strict=True)}
