"""Stations with a flow: how many parts are inside, and for how long."""

from __future__ import annotations

import numpy as np

from factory_sim.model.schema import Plant
from factory_sim.model.units import MINUTE
from factory_sim.results.window import Window
from factory_sim.simulation.plan import NEVER, TICK, Plan
from factory_sim.simulation.trace import Trace


def flow_figures(plant: Plant, plan: Plan, trace: Trace, window: Window) -> dict[str, dict[str, tuple[float, str]]]:
    """Return value and unit of the key figures that only stations with a flow have, by station.

    `inside` is the mean number of parts in all its cells, `time_inside` the mean of those that left in the window.
    """
    found = {}
    visits = trace.visits
    for index, name in enumerate(plant.station):
        if plant.station[name].flow is None:
            continue
        machines = [machine for machine, row in enumerate(plan.machines) if row.station == index]
        mine = np.isin(visits["machine"], machines) & (visits["got"] < NEVER)
        got, left = visits["got"][mine], visits["left"][mine]
        gone = window.holds(left)
        mean = float((left[gone] - got[gone]).mean()) * TICK / MINUTE if gone.any() else float("nan")
        number = int(window.overlap(got, left).sum()) / (window.end - window.begin)
        found[name] = {"inside": (number, "1"), "time_inside": (mean, "min")}
    return found
