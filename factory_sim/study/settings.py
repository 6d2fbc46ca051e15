"""Parameters of the plant moved over a range, for the plant as it is and for every scenario alike."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from factory_sim.model import Change, Distribution, Study, paths
from factory_sim.model.kinds import Kind, Number, Quantity, Whole
from factory_sim.model.problems import refuse, shown
from factory_sim.model.shapes import Dist
from factory_sim.model.study_schema import BASELINE
from factory_sim.model.units import Si
from factory_sim.results.measures import Measures
from factory_sim.study.compare import npvs_of, task_of
from factory_sim.study.money import each_its_own
from factory_sim.study.pool import Pool
from factory_sim.study.scenario import Made, beside
from factory_sim.study.task import Task

SETTING = "setting"  # stands for the name of an investment


@dataclass(frozen=True)
class Factor:
    """A number of the plant, by path (* for any name), and the ends of its range in SI units."""

    path: str
    low: float
    high: float
    kind: Kind

    def made(self, value: float) -> Made:
        """Return the change that sets it; a whole number is rounded, a duration is constant."""
        whole: Any = Si(value)
        if isinstance(self.kind, Dist):
            whole = Distribution("constant", (value,))
        elif isinstance(self.kind, Whole):
            whole = round(value)
        elif isinstance(self.kind, Number):
            whole = value
        return SETTING, Change("set", self.path, whole)

    def show(self, value: float) -> str:
        """Return a value as it would stand in the file."""
        return self.kind.show(self.made(value)[1].value)


def factor_of(raw: dict[str, Any], path: str, low: Any, high: Any) -> Factor:
    """Return the factor at a path of a plant; its ends as a file would give them.

    Raises
    ------
    Refused  If there is no number at the path, an end cannot stand there, or the ends are the wrong way round.
    """
    kind = paths.kind_at(raw, paths.matching(raw, path)[0])
    if not isinstance(kind, Quantity | Number | Dist | Whole):
        raise refuse(f"the value of '{path}' is no number that could be moved")
    ends = []
    for end in (low, high):
        value = kind.parse(end)
        if isinstance(value, Distribution):
            if value.kind != "constant":
                raise refuse(f"{shown(end)} is uncertain; write a number with its unit")
            value = value.values[0]
        if value is None:
            raise refuse(f"{shown(end)} is no number; write one")
        ends.append(float(value))
    if not ends[0] < ends[1]:
        raise refuse(f"the range of '{path}' goes from {shown(low)} to {shown(high)}; begin with the lower end")
    return Factor(path, ends[0], ends[1], kind)


@dataclass(frozen=True)
class Response:
    """The plant as it is and scenarios at one setting: replications, and net present values by replication. [KRW]"""

    measures: dict[str, list[Measures]]
    npvs: dict[str, list[float]]


def respond(
    study: Study,
    settings: Sequence[Mapping[Factor, float]],
    scenarios: Sequence[str],
    mode: str,
    replications: int,
    pool: Pool,
    physics: bool = True,
    progress: Any = None,
) -> list[Response]:
    """Return what scenarios are worth at each setting, compared with the plant as it is at the same setting.

    All settings and scenarios share their luck; each replication has a draw of the uncertain amounts of its own.
    """
    study = each_its_own(study)
    names = list(dict.fromkeys([BASELINE, *scenarios]))
    tasks: list[Task] = []
    for setting in settings:
        made = tuple(factor.made(value) for factor, value in setting.items())
        for name in names:
            for number in range(replications):
                task = task_of(study, mode, name, number, physics)
                tasks.append(replace(task, changes=beside(made, task.changes)))
    results = iter(pool.run(tasks, progress))
    found = []
    for _ in settings:
        runs = {name: [next(results) for _ in range(replications)] for name in names}
        npvs = {name: npvs_of(study, mode, name, runs[name], runs[BASELINE]) for name in names}
        found.append(Response(runs, npvs))
    return found
