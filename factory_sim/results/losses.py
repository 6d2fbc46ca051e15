"""Where the planned time of a station goes: a tree that sums to 100 %, to the tick.

Planned time is the open time of its machines. From it go, one after another: stops, each by its name (availability);
waiting, and cycles slower than planned (performance); parts that became no good ones, by cause (quality). What is left
became good parts. The planned run time of a part is the mean cycle of its step, a share of it in a full load.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from factory_sim.model.schema import Plant
from factory_sim.results.lines import station_time
from factory_sim.results.oee import FATES, fates_of
from factory_sim.results.states import VERDICT_MASK
from factory_sim.results.stops import STOPS, stop_ticks
from factory_sim.results.window import Window
from factory_sim.simulation import trace as t
from factory_sim.simulation.plan import Plan
from factory_sim.simulation.prepare import directory
from factory_sim.simulation.trace import Trace

AVAILABILITY, PERFORMANCE, QUALITY = GROUPS = ("availability", "performance", "quality")
WAITS = (t.WAITING, t.SWITCHED_OFF, t.BLOCKED, t.STARVED)


class Loss(NamedTuple):
    """One loss. `name` is that of the stop in the plant file, else empty. Time in ticks, negative if it is a gain."""

    group: str
    kind: str  # state, `speed`, or what became of the parts (`oee.FATES`)
    name: str
    time: int


@dataclass(frozen=True)
class LossTree:
    """Planned time of all machines of a station, where it went, and what became good parts. [ticks]"""

    station: str
    planned: int
    losses: tuple[Loss, ...]
    good: int

    def of_group(self, group: str) -> int:
        """Return the losses of a group together. [ticks]"""
        return sum(loss.time for loss in self.losses if loss.group == group)


def loss_tree(plant: Plant, plan: Plan, trace: Trace, window: Window, station: str) -> LossTree:
    """Return the loss tree of a station in a window.

    Raises
    ------
    KeyError        If there is no such station.
    AssertionError  If stops do not sum to the states in which they hold the machines: the run is wrong.
    """
    index = list(plant.station).index(station) if station in plant.station else None
    if index is None:
        raise KeyError(f"no station '{station}'; there are {', '.join(plant.station)}")
    machines = [number for number, row in enumerate(plan.machines) if row.station == index]
    times = station_time(plan, trace, index)
    states = np.sum([time.states(window.begin, window.end) for time in times], axis=0).tolist()
    stops = stop_ticks(times, directory(plant).stops, window.begin, window.end)
    for state in STOPS:
        named = sum(time for (of, _), time in stops.items() if of == state)
        assert named == states[state], f"{station}: stops sum to {named} ticks, the state to {states[state]}"
    runs = planned_ticks(plan, trace, window, machines)
    losses = [Loss(AVAILABILITY, t.STATES[state], name, time) for (state, name), time in stops.items()]
    losses += [Loss(PERFORMANCE, t.STATES[state], "", states[state]) for state in WAITS]
    producing = states[t.WORKING] + states[t.WARMING]
    losses.append(Loss(PERFORMANCE, "speed", "", producing - sum(runs.values())))
    losses += [Loss(QUALITY, fate, "", runs[fate]) for fate in FATES[:-1]]
    return LossTree(station, sum(states) - states[t.OFF_SHIFT], tuple(losses), runs["good"])


def planned_ticks(plan: Plan, trace: Trace, window: Window, machines: list[int]) -> dict[str, int]:
    """Return the planned run time of the parts made in a window, by what became of them. [ticks]

    Parts of one kind are counted and their number is multiplied, so that nothing is rounded but the share of a part
    in a load, once for all parts of that kind.
    """
    visits = trace.visits
    mine = window.holds(visits["ended"]) & np.isin(visits["machine"], machines)
    mine &= (visits["outcome"] & VERDICT_MASK) != t.INTERRUPTED  # goes on, and counts when it is done
    kinds = Counter(
        zip(
            visits["product"][mine].tolist(), visits["step"][mine].tolist(), visits["machine"][mine].tolist(),
            fates_of(visits["outcome"][mine]).tolist(), strict=True,
        )
    )  # fmt: skip
    found = dict.fromkeys(FATES, 0)
    for (product, step, machine, fate), count in kinds.items():
        most = plan.places[plan.machines[machine].station].most
        found[FATES[fate]] += count * plan.products[product].steps[step].mean // most
    return found
