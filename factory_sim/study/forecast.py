"""How many runs a study takes, and how long: one replication is run and timed."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace

from factory_sim.model import Study
from factory_sim.model.precision_schema import EQUAL
from factory_sim.model.study_schema import BASELINE
from factory_sim.model.units import WEEK
from factory_sim.study.compare import task_of
from factory_sim.study.limits import admitted
from factory_sim.study.money import runs_each
from factory_sim.study.pool import Pool
from factory_sim.study.scenario import check_scenarios


@dataclass(frozen=True)
class Forecast:
    """Seconds of one run, and of the whole study at least and at most on so many workers. [s]"""

    each: float
    least: float
    most: float
    workers: int

    def to_json(self) -> dict[str, object]:
        """Return it as JSON has it."""
        return {"run_s": self.each, "least_s": self.least, "most_s": self.most, "workers": self.workers}


def forecast(study: Study, workers: int | None = None, physics: bool = True) -> Forecast:
    """Return how long a study takes; a run of the plant as it is stands for all.

    Raises
    ------
    InputError  If a scenario cannot be run.
    ValueError  If `workers` is below 1.
    """
    import joblib

    check_scenarios(study)
    study = admitted(study)
    size = min(Pool(workers).size, int(joblib.cpu_count()))  # more processes than cores are no faster
    task = task_of(study, study.demand_modes[0], BASELINE, 0, physics)
    replace(task, horizon=WEEK, warmup=0.0).run()  # what is loaded at the first run is not counted
    begin = time.perf_counter()
    task.run()
    each = time.perf_counter() - begin
    least, most = runs_of(study)
    ends = [max(each, each * runs / size) for runs in (least, most)]
    if study.study.selection != EQUAL:
        ends[1] = max(ends[0], min(ends[1], study.precision.most_time))
    return Forecast(each, ends[0], ends[1], size)


def replications_of(study: Study) -> tuple[int, int]:
    """Return the least and the most replications of a scenario."""
    if study.study.selection == EQUAL:
        return runs_each(study), runs_each(study)
    return study.precision.first_stage, study.precision.most_replications


def runs_of(study: Study) -> tuple[int, int]:
    """Return the least and the most runs that a study takes."""
    least, most = replications_of(study)
    each = len(study.scenarios) * len(study.demand_modes)
    return least * each, most * each
