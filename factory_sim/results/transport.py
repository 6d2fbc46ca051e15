"""Vehicles: what they do all day, why parts wait for them, how much electricity they take."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
from numpy.typing import NDArray

from factory_sim.model.schema import Plant
from factory_sim.model.units import HOUR, MINUTE
from factory_sim.results.states import Segment, begins_and_ends, disjoint
from factory_sim.results.window import Ticks, Window, covered_until
from factory_sim.simulation import trace as t
from factory_sim.simulation.plan import TICK, Plan
from factory_sim.simulation.trace import Trace

Figures = dict[str, tuple[float, str]]
"""Value and unit by name of the key figure."""

KWH = 3.6e6  # [J]
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
    return sum(_electricity(plant, plan, trace, window).values())


def _electricity(plant: Plant, plan: Plan, trace: Trace, window: Window) -> dict[str, float]:
    used = dict.fromkeys(plant.vehicle, 0.0)
    edges = np.array([window.begin, window.end], dtype=np.int64)
    for vehicle, row in enumerate(plan.vehicles):
        name, table = list(plant.vehicle.items())[row.fleet]
        efficiency = 1.0 if table.battery is None else table.battery.efficiency
        if table.energy:
            used[name] += float(driven(plan, trace, vehicle, edges)[0]) * table.energy / efficiency
    return used


def vehicle_figures(plant: Plant, plan: Plan, trace: Trace, window: Window) -> dict[str, Figures]:
    """Return the key figures of each fleet.

    Shares of all time by activity sum to 1 with off shift and failed; `utilisation` is the share of the time in which
    a vehicle could have worked. Waits are of the parts put down in the window, mean per part: until a place at the end
    of the move was free, then until a vehicle was sent, until it came, and until it had picked.
    """
    electricity = _electricity(plant, plan, trace, window)
    found = {}
    for index, name in enumerate(plant.vehicle):
        fleet = [vehicle for vehicle, row in enumerate(plan.vehicles) if row.fleet == index]
        times = [vehicle_times(trace, vehicle, window.begin, window.end) for vehicle in fleet]
        acts = np.sum([act for act, _ in times], axis=0)
        held = np.sum([halt for _, halt in times], axis=0)
        whole = len(fleet) * (window.end - window.begin)
        could = int(acts.sum())
        found[name] = {
            "utilisation": (1.0 - acts[t.IDLE] / could if could else float("nan"), "1"),
            **{f"activity_{act}": (float(acts[k] / whole), "1") for k, act in enumerate(t.ACTIVITIES)},
            **{f"state_{t.STATES[state]}": (float(held[k] / whole), "1") for k, state in enumerate(HELD)},
            **_moves(trace, window, fleet),
            "electricity_per_planned_hour": (electricity[name] / KWH / window.planned_hours, "kWh"),
        }
    return found


def _moves(trace: Trace, window: Window, fleet: list[int]) -> Figures:
    """Return how many parts a fleet moved, and how long these waited for what. [min]"""
    columns = trace.moves
    done = np.isin(columns["vehicle"], fleet) & window.holds(columns["dropped"])
    corners = {name: columns[name][done] for name in ("asked", "room", "granted", "reached", "picked", "dropped")}

    def mean(first: str, last: str) -> tuple[float, str]:
        waits = corners[last] - corners[first]
        return (float(waits.mean()) * TICK / MINUTE if len(waits) else float("nan")), "min"

    return {
        "moves_per_planned_hour": (int(done.sum()) / (window.planned / HOUR), "1/h"),
        "wait_for_place": mean("asked", "room"),
        "wait_for_vehicle": mean("room", "granted"),
        "wait_for_arrival": mean("granted", "reached"),
        "wait_for_pick": mean("reached", "picked"),
        "move_time": mean("picked", "dropped"),
    }
