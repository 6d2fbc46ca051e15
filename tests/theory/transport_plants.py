"""Plant files for the reference cases of transport."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from factory_sim.simulation import trace as t
from tests.theory.event_plants import Case, Figures, Model, line, table, time
from tests.theory.observe import Seen, minutes


def shuttle(p: Case) -> Model:
    """Two machines and a vehicle that comes back empty to where it picked; one place before the second machine."""
    vehicle = table(
        "vehicle.shuttle",
        'moves = ["station_1 -> station_2"]',
        f"pick = {time(p['pick'])}",
        f"drop = {time(p['drop'])}",
        'parking = "back"',
        f'way = [{{from = "station_1", to = "station_2", time = {time(p["drive"])}}}]',
    )
    plant = line("", [[f"cycle = {time(p['a'])}"], [f"cycle = {time(p['b'])}"]], {1: p.get("places", 1)}, vehicle)
    cycles = 1000
    slowest = p["a"] + p["b"] + p["pick"] + 2.0 * p["drive"] + p["drop"]

    def figures(seen: Seen) -> Figures:
        parts = seen.trace.parts
        done = np.sort(parts["left"][seen.within(parts["left"]) & (parts["fate"] == t.AT_SINK)])
        return {"steady_cycle_time": minutes(np.diff(done))}

    return Model(plant, figures, single=(50.0 * slowest, cycles * slowest))


MODELS: dict[str, Callable[[Case], Model]] = {"transport by one vehicle": shuttle}
