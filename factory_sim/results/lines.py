"""Lines with movers: the line as one machine, how its movers spend their time, carriers, soaks that were too long.

A line is in the first state of `trace.STATES` that holds: failed while a mover or a unit without a twin is, working
while any unit works on a carrier or a mover moves, waiting while carriers only wait, blocked while the unload station
cannot let its parts go, starved while it is empty.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from factory_sim.model.schema import Plant
from factory_sim.model.station_schema import Power
from factory_sim.results.states import INACTIVE, MachineTime, Segment, disjoint
from factory_sim.results.window import Ticks, Window
from factory_sim.simulation import trace as t
from factory_sim.simulation.line_machines import machines_of
from factory_sim.simulation.line_plan import LineRow
from factory_sim.simulation.plan import NEVER, NONE, TICK, Plan
from factory_sim.simulation.trace import Trace

MOVING = ("loaded", "empty", "waiting", "idle", "stopped")
"""How a mover spends its time: with a carrier, on an empty way, waiting at a spot, without a job, in stops."""


@dataclass(frozen=True)
class LineTime:
    """How a line spends a window."""

    power: tuple[tuple[Power, NDArray[np.float64]], ...]  # of each of its machines, with its states [s]
    figures: dict[str, tuple[float, str]]  # key figures: value, unit


def line_of(plan: Plan, station: int) -> LineRow | None:
    """Return the line of a station, None if it has no movers."""
    return next((row for row in plan.lines if row.station == station), None)


def station_time(plan: Plan, trace: Trace, station: int) -> list[MachineTime]:
    """Return the time of each machine of a station, of a line that of the line as one."""
    row = line_of(plan, station)
    if row is not None:
        return [as_one(row, trace)]
    return [MachineTime.of(trace, machine) for machine, of in enumerate(plan.machines) if of.station == station]


def line_time(plant: Plant, trace: Trace, window: Window, row: LineRow) -> LineTime:
    """Return how a line spends a window."""
    name = list(plant.station)[row.station]
    indices = [*(spot.machine for spot in row.spots), *(mover.machine for mover in row.movers)]
    times = {machine: MachineTime.of(trace, machine) for machine in indices}
    units = machines_of(plant, name)
    spent = {machine: _seconds(times[machine].states(window.begin, window.end)) for machine in indices}
    length = (window.end - window.begin) * TICK
    movers = {mover.machine: _moving(trace, window, times[mover.machine], mover.machine) for mover in row.movers}
    figures = {
        f"mover_{kind}": (float(np.mean([shares[kind] for shares in movers.values()])), "1") for kind in MOVING
    } | _carriers(row, trace, window)
    first = min(indices)
    for machine in indices:
        unit = units[machine - first][0].removeprefix(f"{name}.")
        if machine in movers:
            figures |= {f"unit.{unit}.{kind}": (share, "1") for kind, share in movers[machine].items()}
        else:
            shares = spent[machine] / length
            kinds = ((state, t.STATES.index(state)) for state in ("working", "blocked", "starved", "failed"))
            figures |= {f"unit.{unit}.{state}": (float(shares[index]), "1") for state, index in kinds}
    power = tuple((units[machine - first][1].power, spent[machine]) for machine in indices)
    return LineTime(power, figures)


# -- the line as one machine -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class LineAsOne(MachineTime):
    """A line as one machine; its phases are stretches, not visits."""

    def active_period(self, begin: int, end: int) -> float:
        """Return the mean time between two waits of the line, as of a machine. [ticks]"""
        segments = list(self.segments(begin, end))
        active = sum(each.end - each.begin for each in segments if each.state not in (*INACTIVE, t.OFF_SHIFT))
        waits = [each.state in INACTIVE for each in segments]
        return active / (1 + sum(now and not before for before, now in zip([True, *waits], waits, strict=False)))


def as_one(row: LineRow, trace: Trace) -> LineAsOne:
    """Return the time of a line as one machine."""
    steps = [spot.step for spot in row.spots]
    single = [spot.machine for spot in row.spots if steps.count(spot.step) == 1]
    movers = [mover.machine for mover in row.movers]
    inside = [spot.machine for spot in row.spots if 0 < spot.step < row.last]
    ends = [spot.machine for spot in row.spots if spot.machine not in inside]
    last = row.spots[0].machine if row.common else row.spots[-1].machine
    stretches = {
        t.WORKING: _phase(trace, [*inside, *ends, *movers], "began", "ended"),
        t.WAITING: _phase(trace, inside, "ended", "left"),
        t.BLOCKED: _phase(trace, [last], "ended", "left"),
    }
    corners = np.concatenate([[0, trace.horizon], *(np.ravel(both) for both in stretches.values())])
    bounds = np.unique(np.clip(corners, 0, trace.horizon)).astype(np.int64)
    state = np.full(len(bounds) - 1, t.STARVED)
    for kind in sorted(stretches, reverse=True):
        state[_covered(*stretches[kind], bounds)] = kind
    return LineAsOne(bounds, state.astype(np.int64), _stops(trace, {*single, *movers}, movers[0]))


def _stops(trace: Trace, machines: set[int], mover: int) -> tuple[Segment, ...]:
    """Return the stops that hold a line; it is off shift when its movers are."""
    rows = zip(*(trace.stops[name].tolist() for name in ("machine", "begin", "end", "state", "stop")), strict=True)
    held = [
        Segment(begin, end, state, stop)
        for machine, begin, end, state, stop in rows
        if machine in machines and (state != t.OFF_SHIFT or machine == mover)
    ]
    return tuple(disjoint(held))


def _phase(trace: Trace, machines: Iterable[int], begin: str, end: str) -> tuple[Ticks, Ticks]:
    """Return begins and ends of a phase of the visits of some machines."""
    visits = trace.passages
    mine = np.isin(visits["machine"], list(machines)) & (visits[begin] < NEVER)
    return visits[begin][mine], visits[end][mine]


def _covered(begins: Ticks, ends: Ticks, bounds: Ticks) -> NDArray[np.bool_]:
    """Tell which stretches between bounds are covered; begins and ends inside of the bounds are among them."""
    depth = np.zeros(len(bounds), dtype=np.int64)
    low, high = np.clip(begins, bounds[0], bounds[-1]), np.clip(ends, bounds[0], bounds[-1])
    np.add.at(depth, np.searchsorted(bounds, low), 1)
    np.add.at(depth, np.searchsorted(bounds, high), -1)
    covered: NDArray[np.bool_] = np.cumsum(depth)[:-1] > 0
    return covered


# -- movers and carriers -----------------------------------------------------------------------------------------------


def _moving(trace: Trace, window: Window, time: MachineTime, machine: int) -> dict[str, float]:
    """Return the shares of time of a mover; they sum to 1."""
    mine = trace.passages["machine"] == machine
    phases = time.phases.reshape(-1, 4).copy() if mine.any() else time.phases.reshape(-1, 1).copy()
    if mine.any():
        phases[trace.passages["part"][mine] == NONE, 2] = t.WARMING  # stands for an empty way
    spent = replace(time, phases=phases.ravel()).states(window.begin, window.end)
    total = float(spent.sum())
    kinds = {"loaded": t.WORKING, "empty": t.WARMING, "waiting": t.WAITING, "idle": t.STARVED}
    shares = {kind: float(spent[state]) / total for kind, state in kinds.items()}
    return {**shares, "stopped": 1.0 - sum(shares.values())}


def _carriers(row: LineRow, trace: Trace, window: Window) -> dict[str, tuple[float, str]]:
    """Return what became of the carriers that came out in the window."""
    visits = trace.passages
    late: set[int] = set()
    violations = 0
    for spot in row.spots:
        if spot.longest < NEVER:
            mine = (visits["machine"] == spot.machine) & (visits["left"] < NEVER)
            too_long = mine & (visits["left"] - visits["got"] > spot.longest)
            late |= set(visits["part"][too_long].tolist())
            violations += int(np.count_nonzero(window.holds(visits["left"][too_long])))
    last = row.spots[0].machine if row.common else row.spots[-1].machine
    verdict = visits["outcome"] % t.CAUSE_UNIT
    left = (visits["machine"] == last) & (verdict != t.PASSED) & (verdict != t.UNFINISHED)
    out = np.flatnonzero(left & window.holds(visits["ended"]))
    _, first, parts = np.unique(visits["ended"][out], return_index=True, return_counts=True)
    spoilt = np.array([part in late for part in visits["part"][out[first]].tolist()], dtype=bool)
    made = int(parts.sum())
    return {
        "carriers_per_planned_hour": (len(first) / window.planned_hours, "1/h"),
        "soak_violations_per_planned_hour": (violations / window.planned_hours, "1/h"),
        "parts_soaked_too_long": (float(parts[spoilt].sum()) / made if made else float("nan"), "1"),
    }


def _seconds(times: Ticks) -> NDArray[np.float64]:
    seconds: NDArray[np.float64] = times.astype(np.float64) * TICK
    return seconds
