"""Stops and spares of a window: how often, how long, what was found, what they cost.

>>> from factory_sim.model import parse_plant
>>> from factory_sim.simulation.prepare import prepare
>>> from factory_sim.simulation.run import simulate
>>> service = {"every": "30 min", "duration": "5 min", "cost": "2000 KRW"}
>>> plant = parse_plant({"plant": {"name": "One saw"}, "source": {"bars": {}}, "sink": {"pieces": {}},
...     "product": {"piece": {"route": ["bars", "saw", "pieces"]}},
...     "station": {"saw": {"cycle": "60 s", "planned": {"service": service}}}})
>>> plan = prepare(plant)
>>> trace = simulate(plan, horizon=7200.0)
>>> (stop,) = stops_of(plant, trace, Window.of(plant, plan, trace, 0.0)).values()
>>> stop.count, stop.hours, stop.cost
(3, 0.25, 6000.0)
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from factory_sim.model.schema import Plant
from factory_sim.model.station_schema import Station
from factory_sim.model.units import HOUR
from factory_sim.results.window import Window
from factory_sim.simulation.line_machines import machines_of
from factory_sim.simulation.plan import TICK
from factory_sim.simulation.prepare import LOSS, SETUP, STANDBY
from factory_sim.simulation.stop_rows import StopEntry, appended
from factory_sim.simulation.trace import Trace

Ticks = NDArray[np.int64]


@dataclass(frozen=True)
class StopTime:
    """One failure mode, planned stop, replacement or inspection over all machines of its station."""

    station: str
    entry: StopEntry
    count: int  # begun in the window
    hours: float  # from begin to end, waits included, as far as they lie in the window
    waited: float  # of these for a spare [h]
    reported: int  # of an inspection: something, rightly or not
    false: int  # of these without a defect
    cost: float  # [KRW]


@dataclass(frozen=True)
class SpareUse:
    """Spares of one kind. `backorders` are stops that wait for one, `on_order` those not on the shelf again yet."""

    demands: int
    met: int  # of these, at once
    waited: int  # integral of the backorders over time [ticks]
    ordered: int  # integral of those on order [ticks]
    length: int  # of the window [ticks]
    cost: float  # [KRW]

    @property
    def fill_rate(self) -> float:
        """Share of the demands that were met at once; nan if there was none."""
        return self.met / self.demands if self.demands else math.nan

    @property
    def backorders(self) -> float:
        """Mean number."""
        return self.waited / self.length

    @property
    def on_order(self) -> float:
        """Mean number."""
        return self.ordered / self.length


def stop_entries(plant: Plant) -> list[tuple[str, StopEntry]]:
    """Return station and entry of each stop of `prepare(plant)`, by its index there."""
    return [
        (name, entry)
        for name in plant.station
        for _, like in machines_of(plant, name)
        for entry in station_entries(like)
    ]


def station_entries(station: Station) -> list[StopEntry]:
    """Return the stops of one machine of a station, in the order of the plan; loss and setup have no cost."""
    return [
        *(StopEntry(("failure", name), mode.cost, mode.spare) for name, mode in station.failure.items()),
        *(StopEntry(("planned", name), stop.cost, stop.spare) for name, stop in station.planned.items()),
        *([StopEntry(("", LOSS), 0.0)] if station.loss else []),
        *([StopEntry(("", SETUP), 0.0)] if station.setup else []),
        *appended(station),
        *([StopEntry(("", name), 0.0) for name in STANDBY] if station.standby else []),
    ]


def stops_of(plant: Plant, trace: Trace, window: Window) -> dict[str, StopTime]:
    """Return the stops that the plant file names, by `station.failure.name` and the like, in the order of the file."""
    groups: dict[str, list[int]] = {}
    entries = stop_entries(plant)
    for index, (station, entry) in enumerate(entries):
        if entry.path[0]:
            groups.setdefault(".".join((station, *entry.path)), []).append(index)
    found = {}
    for name, indices in groups.items():
        station, entry = entries[indices[0]]
        rows, looked = trace.stops, trace.inspections
        mine = np.isin(rows["stop"], indices)
        count = int(window.holds(rows["begin"][mine]).sum())
        of_spares = np.isin(trace.spares["stop"], indices)
        waited = int(window.overlap(trace.spares["asked"][of_spares], trace.spares["got"][of_spares]).sum())
        reported = np.isin(looked["stop"], indices) & window.holds(looked["time"]) & (looked["reported"] == 1)
        found[name] = StopTime(
            station,
            entry,
            count,
            int(window.overlap(rows["begin"][mine], rows["end"][mine]).sum()) * TICK / HOUR,
            waited * TICK / HOUR,
            int(reported.sum()),
            int((reported & (looked["defect"] == 0)).sum()),
            count * entry.cost,
        )
    return found


def spares_of(plant: Plant, trace: Trace, window: Window, length: int | None = None) -> dict[str, SpareUse]:
    """Return the use of spares by name; the trace tells of so much of the window. `length` in ticks, None: of all"""
    found, rows = {}, trace.spares
    length = window.end - window.begin if length is None else length
    for index, (name, spare) in enumerate(plant.spare.items()):
        mine = rows["spare"] == index
        asked, got, arrived = (rows[column][mine] for column in ("asked", "got", "arrived"))
        demanded = window.holds(asked)
        demands = int(demanded.sum())
        found[name] = SpareUse(
            demands,
            int((got == asked)[demanded].sum()),
            int(window.overlap(asked, got).sum()),
            int(window.overlap(asked, arrived).sum()),
            length,
            demands * spare.cost,
        )
    return found
