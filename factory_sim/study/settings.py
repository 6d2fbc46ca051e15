"""Parameters of the plant or of the money moved over a range, for the plant as it is and every scenario alike."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from factory_sim.model import Change, Distribution, Study, error_at, paths
from factory_sim.model.finance_checks import check_money
from factory_sim.model.kinds import Kind, Number, Whole
from factory_sim.model.ranges import matching_money, money_keys, of_study, range_of
from factory_sim.model.shapes import Dist
from factory_sim.model.study_schema import BASELINE
from factory_sim.model.units import Si
from factory_sim.model.validate import validate
from factory_sim.results.measures import Measures
from factory_sim.study.compare import npvs_of, task_of
from factory_sim.study.money import each_its_own
from factory_sim.study.pool import Pool
from factory_sim.study.scenario import SETTING, Made, beside
from factory_sim.study.task import Task
from factory_sim.study.worth import alone_in


@dataclass(frozen=True)
class Factor:
    """A number of the plant or of the money of the study, by path (* for any name), and its range in SI units."""

    path: str
    low: float
    high: float
    kind: Kind

    @property
    def of_study(self) -> bool:
        """Whether it is money of the study, which needs no new run."""
        return of_study(self.path)

    def taken(self, value: float) -> float:
        """Return the value that is simulated: a whole number is rounded."""
        return float(round(value)) if isinstance(self.kind, Whole) else value

    def written(self, value: float) -> Any:
        """Return a value as a file would give it; a whole number is rounded, a duration is constant."""
        if isinstance(self.kind, Dist):
            return Distribution("constant", (value,))
        if isinstance(self.kind, Whole):
            return round(value)
        return value if isinstance(self.kind, Number) else Si(value)

    def made(self, value: float) -> Made:
        """Return the change of the plant that sets it."""
        return SETTING, Change("set", self.path, self.written(value))

    def show(self, value: float) -> str:
        """Return a value as it would stand in the file."""
        return self.kind.show(self.written(value))


Setting = Mapping[Factor, float]


def factor_of(study: Study, path: str, low: Any, high: Any) -> Factor:
    """Return the factor at a path of a study or of its plant; its ends as a file would give them.

    Raises
    ------
    Refused  If there is no number at the path, an end cannot stand there, or the ends are the wrong way round.
    """
    return Factor(*range_of(study.plant.raw, study.raw, path, low, high))


def factors_of_file(study: Study) -> list[Factor]:
    """Return the factors of the table [factors] of a study."""
    return [factor_of(study, path, low, high) for path, (low, high) in study.factors.items()]


def with_money(study: Study, setting: Setting) -> Study:
    """Return a study with the money of a setting; what the plant is set to is left to the runs.

    The budget of the design does not apply: the question is what an investment is worth at that price.

    Raises
    ------
    InputError  If the study is wrong with these values.
    """
    raw = study.raw
    known = money_keys(raw)
    for factor, value in setting.items():
        if factor.of_study:
            for path in matching_money(known, factor.path):
                raw = paths.put(raw, path, factor.written(value))
    if raw is study.raw:
        return study
    made, wrong, of_tables = validate(Study, raw)
    for place, message in [*wrong, *of_tables, *check_money(raw)]:
        values = ", ".join(f"{factor.path} = {factor.show(value)}" for factor, value in setting.items())
        raise error_at(study.file, place, f"with {values}: {message}")
    assert made is not None
    investments = {
        name: one.model_copy(update={"money": made.investment[name].money}) for name, one in study.investment.items()
    }
    design = study.design.model_copy(update={"budget": None})
    return study.model_copy(update={"investment": investments, "finance": made.finance, "design": design})


@dataclass(frozen=True)
class Response:
    """The plant as it is and scenarios at one setting: replications, and net present values by replication. [KRW]"""

    measures: dict[str, list[Measures]]
    npvs: dict[str, list[float]]


Known = dict[tuple[tuple[str, float], ...], dict[str, list[Measures]]]
"""Runs by what the plant is set to: paths and values."""


def respond(
    study: Study,
    settings: Sequence[Setting],
    scenarios: Sequence[str],
    mode: str,
    replications: int,
    pool: Pool,
    physics: bool = True,
    progress: Any = None,
    known: Known | None = None,
) -> list[Response]:
    """Return what scenarios are worth at each setting, compared with the plant as it is at the same setting.

    All settings and scenarios share their luck; each replication has a draw of the uncertain amounts of its own.
    Settings that differ in money only share their runs; `known` keeps runs for further calls of the same question.

    Raises
    ------
    InputError  If the study or the plant is wrong at a setting. The money of all settings, and the plant at the ends of
                each range, are looked at before anything runs.
    """
    study = each_its_own(study)
    alone = [name for each in scenarios for name in alone_in(study, each).values()]
    names = list(dict.fromkeys([BASELINE, *scenarios, *alone]))
    runs = {} if known is None else known
    valued = [with_money(study, setting) for setting in settings]
    of_plant = [{one: one.taken(value) for one, value in each.items() if not one.of_study} for each in settings]
    missing = {_key(each): each for each in of_plant if _key(each) not in runs}
    for moved in _ends(list(missing.values())):
        for name in names:
            _task(study, mode, name, 0, physics, moved).prepared()
    tasks = [
        _task(study, mode, name, number, physics, moved)
        for moved in missing.values()
        for name in names
        for number in range(replications)
    ]
    results = iter(pool.run(tasks, progress) if tasks else ())
    for key in missing:
        runs[key] = {name: [next(results) for _ in range(replications)] for name in names}
    found = []
    for here_valued, plant in zip(valued, of_plant, strict=True):
        here = runs[_key(plant)]
        npvs = {name: npvs_of(here_valued, mode, name, here) for name in names}
        found.append(Response(here, npvs))
    return found


def _task(study: Study, mode: str, name: str, number: int, physics: bool, moved: Setting) -> Task:
    """Return one run of a scenario at a setting of the plant."""
    task = task_of(study, mode, name, number, physics)
    made = tuple(factor.made(value) for factor, value in moved.items())
    return replace(task, changes=beside(made, task.changes))


def _ends(settings: Sequence[Setting]) -> list[Setting]:
    """Return the settings in which some factor is least or greatest."""
    factors = list(settings[0]) if settings else []
    found = [choose(settings, key=lambda each: each[factor]) for factor in factors for choose in (min, max)]
    return [setting for index, setting in enumerate(found) if setting not in found[:index]]


def _key(setting: Setting) -> tuple[tuple[str, float], ...]:
    return tuple((factor.path, value) for factor, value in setting.items())
