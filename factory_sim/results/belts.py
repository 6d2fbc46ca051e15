"""Stations with a flow: how many parts are inside, and for how long."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from factory_sim.model.schema import Plant
from factory_sim.model.units import MINUTE
from factory_sim.results.window import Window
from factory_sim.simulation.plan import NEVER, TICK, Plan
from factory_sim.simulation.trace import Trace


@dataclass(frozen=True)
class BeltTime:
    """Parts in all cells of a station with a flow, in sums that add up over pieces of a run."""

    inside: int  # integral of their number over time [ticks]
    count: int  # those that left
    time: int  # that these were inside [ticks]

    def figures(self, window: Window) -> dict[str, tuple[float, str]]:
        """Return value and unit of the key figures: mean number inside, and mean time inside of those that left."""
        mean = self.time / self.count * TICK / MINUTE if self.count else float("nan")
        return {"inside": (self.inside / (window.end - window.begin), "1"), "time_inside": (mean, "min")}


def belt_times(plant: Plant, plan: Plan, trace: Trace, window: Window) -> dict[str, BeltTime]:
    """Return how long parts were inside of the stations with a flow, by station."""
    found = {}
    visits = trace.visits
    for index, name in enumerate(plant.station):
        if plant.station[name].flow is None:
            continue
        machines = [machine for machine, row in enumerate(plan.machines) if row.station == index]
        mine = np.isin(visits["machine"], machines) & (visits["got"] < NEVER)
        got, left = visits["got"][mine], visits["left"][mine]
        gone = window.holds(left)
        inside, time = int(window.overlap(got, left).sum()), int((left[gone] - got[gone]).sum())
        found[name] = BeltTime(inside, int(gone.sum()), time)
    return found
