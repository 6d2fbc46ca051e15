"""Vehicles: what they do all day, why parts wait for them, how much electricity they take."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from factory_sim.model.schema import Plant
from factory_sim.model.units import MINUTE
from factory_sim.results.pieces import Piece
from factory_sim.results.states import Segment, begins_and_ends, disjoint
from factory_sim.results.window import Ticks, Window, covered_until
from factory_sim.simulation import trace as t
from factory_sim.simulation.plan import TICK, Plan
from factory_sim.simulation.trace import Trace

Figures = dict[str, tuple[float, str]]
"""Value and unit by name of the key figure."""

KWH = 3.6e6  # [J]
CORNERS = ("asked", "room", "granted", "reached", "picked", "dropped")
WAITS = ("wait_for_place", "wait_for_vehicle", "wait_for_arrival", "wait_for_pick", "move_time")
"""Key figures of what lies between two of `CORNERS`, of a move."""
DRIVES = (t.EMPTY, t.LOADED)
HELD = (t.OFF_SHIFT, t.FAILED)


def vehicle_times(trace: Trace, vehicle: int, begin: int, end: int) -> tuple[Ticks, Ticks]:
    """Return the time of a vehicle by `trace.ACTIVITIES`, and off shift and failed. [ticks]

    What holds it counts before what it was about to do. Both together sum to `end` - `begin` exactly.
    """
    halts = _halts(trace, vehicle)
    mine = trace.trips["vehicle"] == vehicle
    net = _net(trace, mine, halts, begin, end)
    by_activity = np.zeros(len(t.ACTIVITIES), dtype=np.int64)
    np.add.at(by_activity, trace.trips["activity"][mine], net)
    held = np.zeros(len(HELD), dtype=np.int64)
    for halt in halts:
        held[HELD.index(halt.state)] += max(0, min(end, halt.end) - max(begin, halt.begin))
    return by_activity, held


def _halts(trace: Trace, vehicle: int) -> list[Segment]:
    columns = trace.halts
    rows = np.flatnonzero(columns["vehicle"] == vehicle)
    found = [Segment(*(int(columns[name][row]) for name in ("begin", "end", "state", "failure"))) for row in rows]
    return list(disjoint(found))


def _net(trace: Trace, mine: NDArray[np.bool_], halts: list[Segment], begin: int, end: int) -> Ticks:
    """Return the time of each trip between `begin` and `end` in which nothing held the vehicle. [ticks]"""
    first = np.clip(trace.trips["begin"][mine], begin, end)
    last = np.clip(trace.trips["end"][mine], begin, end)
    net: Ticks = last - first - (_held_until(halts)(last) - _held_until(halts)(first))
    return net


def _held_until(halts: list[Segment]) -> Callable[[Ticks], Ticks]:
    """Return a function that gives the time in halts from 0 to each of some times. [ticks]"""
    return partial(covered_until, *begins_and_ends(halts))


def driven(plan: Plan, trace: Trace, vehicle: int, edges: Ticks) -> NDArray[np.float64]:
    """Return how far a vehicle drives between neighbouring edges [ticks]; a drive cut by them counts in part. [m]"""
    fleet = plan.fleets[plan.vehicles[vehicle].fleet]
    mine = trace.trips["vehicle"] == vehicle
    begins, ends, activity = (trace.trips[name][mine] for name in ("begin", "end", "activity"))
    if not len(begins):
        return np.zeros(len(edges) - 1)
    way = trace.trips["origin"][mine], trace.trips["target"][mine]
    lengths = np.where(np.isin(activity, DRIVES), np.array(fleet.lengths)[way], 0.0)
    times = np.maximum(1, np.array(fleet.times, dtype=np.int64)[way])
    before = np.concatenate([[0.0], np.cumsum(lengths)])
    held = _held_until(_halts(trace, vehicle))
    k = np.clip(np.searchsorted(begins, edges, side="right") - 1, 0, None)
    reached = np.clip(edges, begins[k], ends[k])
    share = (reached - begins[k] - (held(reached) - held(begins[k]))) / times[k]
    return np.diff(before[k] + lengths[k] * share)


def vehicle_load(plant: Plant, plan: Plan, trace: Trace, edges: Ticks) -> NDArray[np.float64]:
    """Return the electricity of all vehicles between neighbouring edges [ticks], when it is driven. [J]"""
    total = np.zeros(len(edges) - 1)
    for vehicle, row in enumerate(plan.vehicles):
        table = list(plant.vehicle.values())[row.fleet]
        if table.energy:
            efficiency = 1.0 if table.battery is None else table.battery.efficiency
            total += driven(plan, trace, vehicle, edges) * (table.energy / efficiency)
    return total


def vehicle_electricity(plant: Plant, plan: Plan, trace: Trace, window: Window) -> float:
    """Return the electricity of all vehicles, losses of charging included; it counts when it is driven. [J]"""
    return sum(_electricity(plant, plan, trace, window.begin, window.end).values())


def _electricity(plant: Plant, plan: Plan, trace: Trace, begin: int, end: int) -> dict[str, float]:
    used = dict.fromkeys(plant.vehicle, 0.0)
    edges = np.array([begin, end], dtype=np.int64)
    for vehicle, row in enumerate(plan.vehicles):
        name, table = list(plant.vehicle.items())[row.fleet]
        efficiency = 1.0 if table.battery is None else table.battery.efficiency
        if table.energy:
            used[name] += float(driven(plan, trace, vehicle, edges)[0]) * table.energy / efficiency
    return used


@dataclass(frozen=True)
class FleetTime:
    """How the vehicles of a fleet spend a window together: sums that add up over pieces of a run. Times in ticks."""

    activities: Ticks  # by trace.ACTIVITIES
    held: Ticks  # by `HELD`
    moves: int  # parts put down
    waits: Ticks  # of these, from each of `CORNERS` to the next one, summed up
    electricity: float  # [J]


def fleet_times(plant: Plant, plan: Plan, piece: Piece, window: Window) -> dict[str, FleetTime]:
    """Return how each fleet spends what a piece of a run has of a window."""
    begin, end = piece.span(window)
    electricity, found = _electricity(plant, plan, piece.seen, begin, end), {}
    for index, name in enumerate(plant.vehicle):
        fleet = [vehicle for vehicle, row in enumerate(plan.vehicles) if row.fleet == index]
        times = [vehicle_times(piece.seen, vehicle, begin, end) for vehicle in fleet]
        moves = piece.done.moves
        put = np.isin(moves["vehicle"], fleet) & window.holds(moves["dropped"])
        waits = np.array([(moves[two][put] - moves[one][put]).sum() for one, two in pairwise(CORNERS)])
        acts, held = (np.sum(each, axis=0) for each in zip(*times, strict=True))
        found[name] = FleetTime(acts, held, int(put.sum()), waits, electricity[name])
    return found


def vehicle_figures(fleets: dict[str, FleetTime], window: Window) -> dict[str, Figures]:
    """Return the key figures of each fleet.

    Shares of all time by activity sum to 1 with off shift and failed; `utilisation` is the share of the time in which
    a vehicle could have worked. Waits are of the parts put down in the window, mean per part: until a place at the end
    of the move was free, then until a vehicle was sent, until it came, and until it had picked.
    """
    found = {}
    for name, fleet in fleets.items():
        acts, held = fleet.activities, fleet.held
        could = int(acts.sum())
        whole = could + int(held.sum())
        found[name] = {
            "utilisation": (1.0 - acts[t.IDLE] / could if could else float("nan"), "1"),
            **{f"activity_{act}": (float(acts[k] / whole), "1") for k, act in enumerate(t.ACTIVITIES)},
            **{f"state_{t.STATES[state]}": (float(held[k] / whole), "1") for k, state in enumerate(HELD)},
            "moves_per_planned_hour": (fleet.moves / window.planned_hours, "1/h"),
            **{name: (_mean(int(wait), fleet.moves), "min") for name, wait in zip(WAITS, fleet.waits, strict=True)},
            "electricity_per_planned_hour": (fleet.electricity / KWH / window.planned_hours, "kWh"),
        }
    return found


def _mean(total: int, count: int) -> float:
    """Return a mean time, nan of nothing. [min]"""
    return total / count * TICK / MINUTE if count else float("nan")
