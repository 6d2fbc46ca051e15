"""Replications: many runs of a plant or of scenarios, on all cores, with the same result on any number of them."""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from factory_sim.model import Plant
from factory_sim.model.units import WEEK
from factory_sim.results.measures import Kpis, Measures
from factory_sim.results.statistics import Interval, t_interval
from factory_sim.simulation.plan import TICK, ticks
from factory_sim.study.pool import Pool
from factory_sim.study.task import Task

Progress = Callable[[int, int], None]
HORIZON = 6 * WEEK  # measured time [s]
REPLICATIONS = 16


def run_all(
    tasks: Sequence[Task],
    workers: int | None = None,
    progress: Progress | None = None,
    cache: str | os.PathLike[str] | None = None,
    cluster: str | None = None,
) -> list[Measures]:
    """Return the measures of all tasks, in their order.

    Parameters
    ----------
    progress : callable      Called with (done, total) at the beginning and after each task.
    workers, cache, cluster  As in `pool.Pool`, and so is what is raised.
    """
    with Pool(workers, cache, cluster) as pool:
        return pool.run(tasks, progress)


@dataclass(frozen=True)
class Estimate:
    """A key figure over the replications that have one: mean with its 95 % interval."""

    mean: float
    half_width: float
    n: int
    unit: str

    @classmethod
    def of(cls, values: Iterable[float], unit: str) -> Estimate:
        """Return the estimate of replications; those without a value (nan) are left out."""
        known = [value for value in values if math.isfinite(value)]
        interval = t_interval(known) if known else Interval(math.nan, math.nan, 0, 0.95)
        return cls(interval.mean, interval.half_width, interval.n, unit)

    def to_json(self) -> dict[str, object]:
        """Return it as JSON has it; null stands for what there is not."""
        return {"mean": finite(self.mean), "half_width": finite(self.half_width), "n": self.n, "unit": self.unit}


Estimates = dict[str, Estimate]


@dataclass(frozen=True)
class Summary:
    """A plant over several replications."""

    plant: Plant
    demand_mode: str
    seed: int
    horizon: float
    warmup: float
    physics: bool
    measures: list[Measures] = field(repr=False)

    @property
    def kpis(self) -> Estimates:
        """Key figures of the plant."""
        return estimates([each.kpis for each in self.measures])

    @property
    def stations(self) -> dict[str, Estimates]:
        """Key figures by station."""
        return _by_name([each.stations for each in self.measures])

    @property
    def products(self) -> dict[str, Estimates]:
        """Key figures by product."""
        return _by_name([each.products for each in self.measures])

    @property
    def sensors(self) -> dict[str, Estimates]:
        """Key figures by sensor."""
        return _by_name([each.sensors for each in self.measures])

    @property
    def vehicles(self) -> dict[str, Estimates]:
        """Key figures by kind of vehicle."""
        return _by_name([each.vehicles for each in self.measures])

    @property
    def stops(self) -> dict[str, Estimates]:
        """Key figures by stop: failure mode, planned stop, replacement, inspection."""
        return _by_name([each.stops for each in self.measures])

    @property
    def spares(self) -> dict[str, Estimates]:
        """Key figures by kind of spare."""
        return _by_name([each.spares for each in self.measures])

    @property
    def resources(self) -> dict[str, Estimates]:
        """Key figures by resource."""
        return _by_name([each.resources for each in self.measures])

    @property
    def bottleneck(self) -> str:
        """The station that is the bottleneck in most replications."""
        found = [each.bottleneck for each in self.measures]
        return max(sorted(set(found)), key=found.count)

    def to_json(self) -> dict[str, object]:
        """Return the object that `factory-sim run --json` prints."""
        from factory_sim import __version__

        return {
            "plant": self.plant.name,
            "version": __version__,
            "seed": self.seed,
            "replications": len(self.measures),
            "horizon_s": self.horizon,
            "warmup_s": self.warmup,
            "demand_mode": self.demand_mode,
            "physics": self.physics,
            "bottleneck": self.bottleneck,
            "kpis": json_of(self.kpis),
            "stations": {name: json_of(kpis) for name, kpis in self.stations.items()},
            "products": {name: json_of(kpis) for name, kpis in self.products.items()},
            "sensors": {name: json_of(kpis) for name, kpis in self.sensors.items()},
            **({"vehicles": {name: json_of(kpis) for name, kpis in self.vehicles.items()}} if self.vehicles else {}),
            "stops": {name: json_of(kpis) for name, kpis in self.stops.items()},
            "spares": {name: json_of(kpis) for name, kpis in self.spares.items()},
            "resources": {name: json_of(kpis) for name, kpis in self.resources.items()},
        }


def replicate(
    plant: Plant,
    replications: int = REPLICATIONS,
    seed: int = 1,
    horizon: float = HORIZON,
    warmup: float = WEEK,
    physics: bool = True,
    demand_mode: str | None = None,
    workers: int | None = None,
    progress: Progress | None = None,
) -> Summary:
    """Return the key figures of a plant over replications with independent luck.

    Parameters
    ----------
    horizon : float              Measured time of each run, after the warm-up; whole weeks where calendars rule. [s]
    warmup : float               Time before it that does not count. [s]
    physics : bool               False: constants of the file instead of the history of the machines.
    demand_mode : str, optional  Default: the plant's.
    workers, progress            As in `run_all`.

    Raises
    ------
    ValueError  If an argument lies outside its range.
    """
    if replications < 1:
        raise ValueError(f"replications must be at least 1, got {replications!r}")
    if ticks(horizon) < 1:
        raise ValueError(f"horizon must be at least {TICK:g} s, got {horizon!r}")
    mode = plant.demand_mode if demand_mode is None else demand_mode
    tasks = [Task(plant, mode, index, seed, horizon, warmup, physics) for index in range(replications)]
    return Summary(plant, mode, seed, horizon, warmup, physics, run_all(tasks, workers, progress))


def estimates(replications: Sequence[Kpis]) -> Estimates:
    """Return the estimates of key figures over replications; one that some replications lack has a smaller n."""
    names = dict.fromkeys(name for kpis in replications for name in kpis)
    found = {}
    for name in names:
        given = [kpis[name] for kpis in replications if name in kpis]
        found[name] = Estimate.of((kpi.value for kpi in given), given[0].unit)
    return found


def _by_name(replications: Sequence[dict[str, Kpis]]) -> dict[str, Estimates]:
    return {name: estimates([each[name] for each in replications]) for name in replications[0]}


def json_of(kpis: Estimates) -> dict[str, object]:
    """Return estimates as JSON has them."""
    return {name: estimate.to_json() for name, estimate in kpis.items()}


def finite(value: float) -> float | None:
    """Return a number as JSON has it: null for what is not finite."""
    return value if math.isfinite(value) else None
