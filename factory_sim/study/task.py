"""One replication of one scenario, in all that it takes to run it anywhere."""

from __future__ import annotations

from dataclasses import dataclass

from factory_sim.model import Plant
from factory_sim.results.measures import Measures, measure
from factory_sim.simulation.prepare import prepare
from factory_sim.simulation.run import simulate
from factory_sim.study.scenario import Made, changed


@dataclass(frozen=True)
class Task:
    """A replication that can be run in any process; `changes` are those of the scenario."""

    plant: Plant
    demand_mode: str
    replication: int
    seed: int
    horizon: float  # measured time [s]
    warmup: float  # before it [s]
    physics: bool = True
    changes: tuple[Made, ...] = ()

    def run(self) -> Measures:
        """Return the key figures of this replication."""
        plant = changed(self.plant, self.changes, self.seed, self.replication)
        plan = prepare(plant, self.physics, self.demand_mode)
        trace = simulate(plan, self.seed, self.replication, self.warmup + self.horizon)
        return measure(plant, plan, trace, self.warmup)
