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

from factory_sim.model import Study
from factory_sim.model.precision_schema import EQUAL
from factory_sim.model.study_schema import BASELINE
from factory_sim.results.measures import Kpis, Measures
from factory_sim.results.statistics import probability_best_of_unequal, variance_reduction
from factory_sim.study import analysis
from factory_sim.study.limits import admitted
from factory_sim.study.money import draw_of, runs_each
from factory_sim.study.pool import Pool
from factory_sim.study.runner import Estimates, Progress, estimates, finite, json_of
from factory_sim.study.scenario import changes_of, check_scenarios
from factory_sim.study.sequential import Runs, Spender, Spent, Tell
from factory_sim.study.task import Task
from factory_sim.study.worth import Worth, alone_in, worth_of

BENEFIT = "surplus_per_year"


@dataclass(frozen=True)
class Outcome:
    """One scenario in one demand mode."""

    name: str
    measures: list[Measures] = field(repr=False)
    difference: Estimates = field(repr=False)  # from the baseline, paired
    worth: Worth | None  # None: the baseline
    probability_best: float
    variance_reduction: float  # gained by common random numbers for the benefit
    draws: int | None = None  # of the uncertain amounts, each with as many runs in a row

    @property
    def kpis(self) -> Estimates:
        """Key figures of the plant in this scenario."""
        return estimates(by_draw([each.kpis for each in self.measures], self.draws))

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
            "parameter_draws": question.parameter_draws,
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
        tuple(changes_of(study, scenario)), draw_of(study, replication),
    )  # fmt: skip


def tasks_of(study: Study, physics: bool = True) -> list[Task]:
    """Return all runs of a study that gives each scenario as many: by demand mode, then scenario, then replication."""
    return [
        task_of(study, mode, scenario, replication, physics)
        for mode in study.demand_modes
        for scenario in study.scenarios
        for replication in range(runs_each(study))
    ]


def compare(
    study: Study,
    workers: int | None = None,
    physics: bool = True,
    progress: Progress | None = None,
    cache: str | os.PathLike[str] | None = None,
    cluster: str | None = None,
    tell: Tell | None = None,
) -> Comparison:
    """Return the scenarios of a study compared.

    Parameters
    ----------
    workers, cache, cluster  As in `pool.Pool`; they do not change the result.
    progress : callable      Called with (runs done, runs in all); the latter is a guess while it is open.
    physics : bool           False: constants of the plant file instead of the history of the machines.
    tell : callable          Called with an `Outlook` after the first stage, if replications are spent where needed.

    Raises
    ------
    InputError  If a scenario cannot be run.
    """
    with Pool(workers, cache, cluster) as pool:
        return compare_in(pool, study, physics, progress, tell)


def compare_in(
    pool: Pool, study: Study, physics: bool = True, progress: Progress | None = None, tell: Tell | None = None
) -> Comparison:
    """Return the same, run in a pool that is there already."""
    check_scenarios(study)
    study = admitted(study)
    if study.study.selection != EQUAL:
        found = _spend(study, physics, pool, progress, tell)
        modes = {mode: _outcomes(study, mode, runs) for mode, (runs, _) in found.items()}
        return Comparison(study, physics, modes, {mode: spent for mode, (_, spent) in found.items()})
    results = iter(pool.run(tasks_of(study, physics), progress))
    modes = {}
    for mode in study.demand_modes:
        runs = {name: [next(results) for _ in range(runs_each(study))] for name in study.scenarios}
        modes[mode] = _outcomes(study, mode, runs)
    return Comparison(study, physics, modes)


def _spend(
    study: Study, physics: bool, pool: Pool, progress: Progress | None, tell: Tell | None
) -> dict[str, tuple[Runs, Spent]]:
    """Spend replications where they are needed, one demand mode after the other; they share the budget of time."""
    end = time.monotonic() + study.precision.most_time
    found: dict[str, tuple[Runs, Spent]] = {}
    done = 0

    def report(here: int, expected: int) -> None:
        if progress:
            progress(done + here, done + expected * (len(study.demand_modes) - len(found)))

    for mode in study.demand_modes:
        spender = Spender(
            study,
            list(study.scenarios),
            lambda name, number, mode=mode: task_of(study, mode, name, number, physics),  # type: ignore[misc]
            lambda name, runs, begin, end, mode=mode: npvs_of(study, mode, name, runs, begin, end),  # type: ignore[misc]
            pool,
            report,
            tell,
            mode,
        )
        now = time.monotonic()
        found[mode] = spender.spend(now + (end - now) / (len(study.demand_modes) - len(found)))
        done += sum(map(len, spender.runs.values()))
    if progress:
        progress(done, done)
    return found


def _outcomes(study: Study, mode: str, runs: Runs) -> dict[str, Outcome]:
    """Return what became of each scenario; one with fewer replications is paired with the first of the baseline."""
    base = {name: runs[BASELINE][: len(measures)] for name, measures in runs.items()}
    worths = {name: _worth(study, mode, name, runs) for name in runs if name != BASELINE}
    draws = study.study.parameter_draws
    none = [0.0] * (draws or len(runs[BASELINE]))
    best = probability_best_of_unequal(
        [worths[name].samples if name in worths else none for name in runs], study.study.seed
    )
    return {
        name: Outcome(
            name,
            measures,
            _differences([each.kpis for each in measures], [each.kpis for each in base[name]], draws),
            worths.get(name),
            float(chance),
            math.nan if name == BASELINE else variance_reduction(_benefits(measures), _benefits(base[name])),
            draws,
        )
        for (name, measures), chance in zip(runs.items(), best, strict=True)
    }


def npvs_of(study: Study, mode: str, name: str, runs: Runs, begin: int = 0, end: int | None = None) -> list[float]:
    """Return the net present value of replications `begin` to `end` - 1 of a scenario; 0 of the baseline. [KRW]

    `runs`: all replications so far of all scenarios, by name, from number 0 on.
    """
    return [0.0] * len(runs[name][begin:end]) if name == BASELINE else _worth(study, mode, name, runs, begin, end).npvs


def _worth(study: Study, mode: str, name: str, runs: Runs, begin: int = 0, end: int | None = None) -> Worth:
    """Return the worth of a scenario whose replications, from `begin` on, are paired with those of the baseline."""
    alone = {one: _gains(runs, scenario) for one, scenario in alone_in(study, name).items()}
    return worth_of(study, mode, name, _gains(runs, name, begin, end), begin, alone)


def _gains(runs: Runs, name: str, begin: int = 0, end: int | None = None) -> list[float]:
    """Return what replications of a scenario gain against today. [KRW/yr]"""
    mine = runs[name][begin:end]
    base = runs[BASELINE][begin : begin + len(mine)]
    return [one - other for one, other in zip(_benefits(mine), _benefits(base), strict=True)]


def by_draw(runs: Sequence[Kpis], draws: int | None) -> Sequence[Kpis]:
    """Return the key figures averaged over the runs of each draw, as runs of one draw are not independent.

    A figure that some run of a draw lacks is averaged over the others. `draws` None: each run stands for itself.
    """
    if draws is None:
        return runs
    size = len(runs) // draws
    return [_mean_of(runs[first : first + size]) for first in range(0, len(runs), size)]


def _mean_of(runs: Sequence[Kpis]) -> Kpis:
    found = {}
    for name in dict.fromkeys(name for kpis in runs for name in kpis):
        given = [kpis[name] for kpis in runs if name in kpis]
        known = [kpi.value for kpi in given if math.isfinite(kpi.value)]
        found[name] = given[0]._replace(value=math.fsum(known) / len(known) if known else math.nan)
    return found


def _differences(one: Sequence[Kpis], other: Sequence[Kpis], draws: int | None) -> Estimates:
    """Return the paired differences of key figures, replication by replication."""
    paired = [
        {name: kpi._replace(value=kpi.value - b[name].value) for name, kpi in a.items() if name in b}
        for a, b in zip(one, other, strict=True)
    ]
    return estimates(by_draw(paired, draws))


def _benefits(measures: Sequence[Measures]) -> list[float]:
    return [each.kpis[BENEFIT].value for each in measures]


def _mean_npv(outcome: Outcome) -> float:
    return 0.0 if outcome.worth is None else outcome.worth.npv().mean
