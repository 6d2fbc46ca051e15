"""One replication of one scenario, in all that it takes to run it anywhere."""

from __future__ import annotations

from dataclasses import dataclass

from factory_sim.model import InputError, Plant
from factory_sim.model.reader import error_at
from factory_sim.model.units import HOUR, WEEK
from factory_sim.results.measures import Measures, measure_by
from factory_sim.results.window import Window
from factory_sim.simulation.deadlock import Deadlock
from factory_sim.simulation.plan import TICK, Plan, ticks
from factory_sim.simulation.prepare import prepare
from factory_sim.simulation.run import simulate_by
from factory_sim.study.scenario import Made, blamed, changed


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
    draw: int | None = None  # of the uncertain amounts; None: one for each replication

    def run(self) -> Measures:
        """Return the key figures of this replication."""
        plant, plan = self.prepared()
        horizon = self.warmup + self.horizon
        window = Window.between(plant, plan, self.warmup, ticks(horizon))
        weeks = simulate_by(ticks(WEEK), plan, self.seed, self.replication, horizon)
        found, last = measure_by(plant, plan, weeks, window)
        if last.deadlock is not None:
            raise _stands_still(plant, last.deadlock)
        return found

    def prepared(self) -> tuple[Plant, Plan]:
        """Return the plant with the changes of this replication, and its plan.

        Raises
        ------
        InputError  If the changes leave the plant wrong; it tells the values of what is moved over a range.
        """
        draw = self.replication if self.draw is None else self.draw
        try:
            plant = changed(self.plant, self.changes, self.seed, draw)
            return plant, prepare(plant, self.physics, self.demand_mode)
        except InputError as error:
            raise blamed(self.plant, self.changes, error) from None


def _stands_still(plant: Plant, found: Deadlock) -> InputError:
    """Return the error for a plant that has come to a stop for ever."""
    names = [list(plant.station)[station] for station in found.stations]
    waits = ", ".join(f"'{one}' for a place at '{two}'" for one, two in zip(names, [*names[1:], names[0]], strict=True))
    remedy = "give a buffer before one of them more places, or let parts come back elsewhere"
    message = f"the plant stands still for ever after {found.since * TICK / HOUR:.4g} h: {waits}; {remedy}"
    return error_at(plant.file, ("station", names[0]), message)
