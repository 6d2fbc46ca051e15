"""Resources: how busy they are, who waits for them, the hours they are there, and what those cost.

Hours are counted by schedule: a unit is there in its shifts, unpaid breaks left out, whether it comes or not; who stays
to finish a task adds to the overtime.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from factory_sim.model.calendar_schema import Span, Stint
from factory_sim.model.people_checks import away_in
from factory_sim.model.people_schema import Crew, Resource
from factory_sim.model.schema import Plant
from factory_sim.model.units import DAY, HOUR
from factory_sim.results.pieces import Piece
from factory_sim.results.window import Window
from factory_sim.simulation import trace as t
from factory_sim.simulation.plan import TICK, Plan
from factory_sim.simulation.plan import WEEK as WEEK_TICKS
from factory_sim.simulation.trace import Trace

NIGHT = (22 * HOUR, 6 * HOUR)  # hours that the Labour Standards Act of Korea calls night work (article 56)
STAYING_FACTOR = 1.5  # wage of overtime that no calendar gives a factor
VEHICLES = "vehicles"  # stands for a station where a vehicle asks
Ticks = NDArray[np.int64]


@dataclass(frozen=True)
class Hours:
    """Time for which units of a pool are paid in a window, all units together. [s]"""

    regular: float
    overtime: float
    night: float  # part of both that lies between 22:00 and 06:00
    weighted: float  # overtime times its factors

    @property
    def total(self) -> float:
        """All hours. [s]"""
        return self.regular + self.overtime


@dataclass(frozen=True)
class PoolTime:
    """How a resource spends a window, all units together: sums that add up over pieces of a run. [ticks]"""

    held: int
    there: int
    absent: int
    staying: int
    waits: dict[int, int]  # time that requests waited for it, by station; one after the last stands for vehicles
    requests: int  # that were met in the window


@dataclass(frozen=True)
class Pool:
    """How a resource spends a window. Times in seconds, all units together."""

    held: float
    there: float
    absent: float
    staying: float
    waits: dict[str, float]  # time that requests waited for it, by station
    requests: int  # that were met in the window
    hours: Hours
    weeks: float  # length of the window

    @property
    def utilisation(self) -> float:
        """Time held by tasks per time there; nan for a pool that is never there."""
        there = self.there + self.staying
        return self.held / there if there else float("nan")


def pools(plant: Plant, plan: Plan, trace: Trace, window: Window) -> dict[str, Pool]:
    """Return how each resource spends a window, by name."""
    return pools_of(plant, pool_sums(plant, plan, Piece.whole(plan, trace), window), window)


def pools_of(plant: Plant, sums: dict[str, PoolTime], window: Window) -> dict[str, Pool]:
    """Return how each resource spends a window by its sums, by name."""
    stations, found = [*plant.station, VEHICLES], {}
    for name, time in sums.items():
        found[name] = Pool(
            held=time.held * TICK,
            there=time.there * TICK,
            absent=time.absent * TICK,
            staying=time.staying * TICK,
            waits={stations[station]: wait * TICK for station, wait in sorted(time.waits.items())},
            requests=time.requests,
            hours=scheduled_hours(plant, plant.resource[name], window),
            weeks=(window.end - window.begin) / WEEK_TICKS,
        )
    return found


def pool_sums(plant: Plant, plan: Plan, piece: Piece, window: Window) -> dict[str, PoolTime]:
    """Return how each resource spends what a piece of a run has of a window, by name.

    A request counts in the piece in which it was met, the time for which it held the resource where that was over.
    """
    of_machine = np.array([row.station for row in plan.machines])
    met, done, found = piece.seen.grants, piece.done.grants, {}
    for index, name in enumerate(plant.resource):
        mine = (met["resource"] == index) & (met["got"] >= piece.begin)
        machine, asked, got = (met[column][mine] for column in ("machine", "asked", "got"))
        station = np.where(machine < 0, len(plant.station), of_machine[machine])
        waited = _open_waits(piece.seen, machine, asked, got, window)
        held = done["resource"] == index
        found[name] = PoolTime(
            int(window.overlap(done["got"][held], done["released"][held]).sum()),
            *_attendance(plan, piece, window, index),
            waits={s: int(waited[station == s].sum()) for s in np.unique(station).tolist()},
            requests=int(window.holds(got).sum()),
        )
    return found


def _open_waits(trace: Trace, machines: Ticks, asked: Ticks, got: Ticks, window: Window) -> Ticks:
    """Return how long requests waited in a window while their machine was in its calendar. [ticks]

    Out of it a request cannot be met, whoever is free. A wait for a set counts for each of its resources.
    """
    begins, ends = np.maximum(asked, window.begin), np.minimum(got, window.end)
    waited = window.overlap(asked, got)
    stops = trace.stops
    for machine in np.unique(machines).tolist():
        closed = (stops["machine"] == machine) & (stops["state"] == t.OFF_SHIFT)
        mine = (machines == machine) & (waited > 0)
        if closed.any() and mine.any():
            corners = np.stack([stops["begin"][closed], stops["end"][closed]], axis=1).ravel()
            off = np.cumsum(np.diff(corners, prepend=0) * (np.arange(len(corners)) % 2))
            until = (np.interp(times[mine], corners, off) for times in (ends, begins))
            waited[mine] -= np.rint(np.subtract(*until)).astype(np.int64)
    return waited


def _attendance(plan: Plan, piece: Piece, window: Window, pool: int) -> tuple[int, int, int]:
    """Return the time that units were there, absent, and stayed to finish a task. [ticks]"""
    if not plan.pools:
        begin, end = piece.span(window)
        return plan.resource_units[pool] * (end - begin), 0, 0
    rows = piece.done.attendance
    lengths = window.overlap(rows["begin"], rows["end"])
    mine = rows["resource"] == pool
    there, absent, staying = (int(lengths[mine & (rows["state"] == s)].sum()) for s in (t.PRESENT, t.ABSENT, t.STAYING))
    return there, absent, staying


def pool_figures(pool: Pool) -> dict[str, tuple[float, str]]:
    """Return value and unit of the key figures of a resource."""
    per_week = 1.0 / HOUR / pool.weeks
    total = sum(pool.waits.values())
    expected = pool.there + pool.absent
    return {
        "utilisation": (pool.utilisation, "1"),
        "hours_per_week": (pool.hours.total * per_week, "h"),
        "overtime_hours_per_week": ((pool.hours.overtime + pool.staying) * per_week, "h"),
        "night_hours_per_week": (pool.hours.night * per_week, "h"),
        "absent_share": (pool.absent / expected if expected else 0.0, "1"),
        "mean_wait": (total / HOUR / pool.requests if pool.requests else 0.0, "h"),
        "waiting_hours_per_week": (total * per_week, "h"),
        **{f"waiting_hours_per_week.{station}": (wait * per_week, "h") for station, wait in pool.waits.items()},
    }


# -- hours by schedule -------------------------------------------------------------------------------------------------


def scheduled_hours(plant: Plant, pool: Resource, window: Window) -> Hours:
    """Return the hours for which the units of a pool are paid in a window: all of it for those always there."""
    begin, end = window.begin * TICK, window.end * TICK
    total = [0.0, 0.0, 0.0, 0.0]
    for crew in pool.crews.values():
        for unit in range(crew.filled):
            for stint in _stints(plant, crew, begin, end):
                _count(total, stint, _working(stint, pool, unit, begin, end))
    return Hours(*total)


def _stints(plant: Plant, crew: Crew, begin: float, end: float) -> list[Stint]:
    """Return the shifts of a crew that reach into a window."""
    if crew.calendar is None:
        return [Stint(begin, end, 1.0, False)]
    first, last = int(begin // DAY) - 1, int(end // DAY) + 1
    return plant.calendar[crew.calendar].stints(first, last, plant.plant.begins)


def _working(stint: Stint, pool: Resource, unit: int, begin: float, end: float) -> list[Span]:
    """Return the paid stretches of a shift, clipped to a window."""
    unpaid = [] if pool.calendar is None and not pool.crew else [entry for entry in pool.breaks if not entry.paid]
    found, start = [], stint.begin
    for away, back in [*away_in(stint, unpaid, unit), (stint.end, stint.end)]:
        found.append((max(start, begin), min(away, end)))
        start = max(start, back)
    return [(one, two) for one, two in found if one < two]


def _count(total: list[float], stint: Stint, spans: list[Span]) -> None:
    for one, two in spans:
        total[int(stint.overtime)] += two - one
        total[2] += night(one, two)
        total[3] += (two - one) * stint.factor if stint.overtime else 0.0


def night(begin: float, end: float) -> float:
    """Return how much of a stretch lies between 22:00 and 06:00. [s]

    >>> night(20 * 3600.0, 30 * 3600.0) / 3600.0, night(0.0, 14 * 86400.0) / 3600.0
    (8.0, 112.0)
    """
    total = 0.0
    for day in range(int(begin // DAY) - 1, int(end // DAY) + 1):
        dark, light = day * DAY + NIGHT[0], (day + 1) * DAY + NIGHT[1]
        total += max(0.0, min(end, light) - max(begin, dark))
    return total


def labour(plant: Plant, found: dict[str, Pool]) -> float:
    """Return what the hours of all pools cost in a window, those of [staff] not included. [KRW]"""
    cost = 0.0
    for name, pool in plant.resource.items():
        hours, staying = found[name].hours, found[name].staying
        paid = hours.regular + hours.weighted + staying * STAYING_FACTOR
        cost += pool.wage * (paid + (pool.night_factor - 1.0) * hours.night)
    return cost
