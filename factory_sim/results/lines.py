"""Lines with movers: the line as one machine, how its movers spend their time, carriers, soaks that were too long.

A line is in the first state of `trace.STATES` that holds: failed while a mover or a unit without a twin is, working
while any unit works on a carrier or a mover moves, waiting while carriers only wait, blocked while the unload station
cannot let its parts go, starved while it is empty.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING

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

if TYPE_CHECKING:
    from factory_sim.results.pieces import Piece

MOVING = ("loaded", "empty", "waiting", "idle", "stopped")
"""How a mover spends its time: with a carrier, on an empty way, waiting at a spot, without a job, in stops."""


@dataclass(frozen=True)
class LineTime:
    """How a line spends a window, in sums that add up over pieces of a run."""

    spent: dict[int, Ticks]  # of each of its machines, by trace.STATES
    moving: dict[int, Ticks]  # of each mover, by `MOVING`
    carriers: int  # that came out
    parts: int  # of these
    soaked: int  # of these, in a carrier that soaked too long
    violations: int  # soaks that were too long


def line_of(plan: Plan, station: int) -> LineRow | None:
    """Return the line of a station, None if it has no movers."""
    return next((row for row in plan.lines if row.station == station), None)


def station_time(plan: Plan, trace: Trace, station: int) -> list[MachineTime]:
    """Return the time of each machine of a station, of a line that of the line as one."""
    row = line_of(plan, station)
    if row is not None:
        return [as_one(row, trace)]
    return [MachineTime.of(trace, machine) for machine, of in enumerate(plan.machines) if of.station == station]


def line_time(piece: Piece, window: Window, row: LineRow) -> LineTime:
    """Return how a line spends what a piece of a run has of a window."""
    indices = [*(spot.machine for spot in row.spots), *(mover.machine for mover in row.movers)]
    spans = {machine: piece.time_of(machine, window) for machine in indices}
    times = {machine: MachineTime.of(piece.seen, machine) for machine in indices}
    spent = {machine: times[machine].states(*spans[machine]) for machine in indices}
    movers = [mover.machine for mover in row.movers]
    moving = {machine: _moving(piece.seen, times[machine], machine, spans[machine]) for machine in movers}
    return LineTime(spent, moving, *_carriers(row, piece, window))


def line_figures(plant: Plant, row: LineRow, time: LineTime, window: Window) -> dict[str, tuple[float, str]]:
    """Return the key figures of a line: value and unit."""
    name = list(plant.station)[row.station]
    units, first = machines_of(plant, name), min(time.spent)
    movers = {machine: _shares(spent) for machine, spent in time.moving.items()}
    figures = {
        f"mover_{kind}": (float(np.mean([shares[kind] for shares in movers.values()])), "1") for kind in MOVING
    } | {
        "carriers_per_planned_hour": (time.carriers / window.planned_hours, "1/h"),
        "soak_violations_per_planned_hour": (time.violations / window.planned_hours, "1/h"),
        "parts_soaked_too_long": (time.soaked / time.parts if time.parts else float("nan"), "1"),
    }
    for machine, spent in time.spent.items():
        unit = units[machine - first][0].removeprefix(f"{name}.")
        if machine in movers:
            figures |= {f"unit.{unit}.{kind}": (share, "1") for kind, share in movers[machine].items()}
        else:
            shares = spent / (window.end - window.begin)
            kinds = ((state, t.STATES.index(state)) for state in ("working", "blocked", "starved", "failed"))
            figures |= {f"unit.{unit}.{state}": (float(shares[index]), "1") for state, index in kinds}
    return figures


def line_power(plant: Plant, name: str, time: LineTime) -> list[tuple[Power, NDArray[np.float64]]]:
    """Return the powers of the machines of a line, with their states [s]."""
    units, first = machines_of(plant, name), min(time.spent)
    return [(units[machine - first][1].power, spent.astype(float) * TICK) for machine, spent in time.spent.items()]


# -- the line as one machine -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class LineAsOne(MachineTime):
    """A line as one machine; its phases are stretches, not visits."""

    def waits(self, begin: int, end: int) -> int:
        """Return how often a wait of the line begins, from `begin` > 0 to before `end`."""
        segments = [(each.begin, each.state in INACTIVE) for each in self.segments(begin - 1, end)]
        return sum(now and not before and time >= begin for (_, before), (time, now) in pairwise(segments))


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


def _moving(trace: Trace, time: MachineTime, machine: int, span: tuple[int, int]) -> Ticks:
    """Return the time of a mover by `MOVING`. [ticks]"""
    mine = trace.passages["machine"] == machine
    phases = time.phases.reshape(-1, 4).copy() if mine.any() else time.phases.reshape(-1, 1).copy()
    if mine.any():
        phases[trace.passages["part"][mine] == NONE, 2] = t.WARMING  # stands for an empty way
    spent = replace(time, phases=phases.ravel()).states(*span)
    known = spent[[t.WORKING, t.WARMING, t.WAITING, t.STARVED]]
    return np.append(known, spent.sum() - known.sum())


def _shares(moving: Ticks) -> dict[str, float]:
    """Return the shares of time of a mover; they sum to 1."""
    return dict(zip(MOVING, (moving / moving.sum()).tolist(), strict=True))


def _carriers(row: LineRow, piece: Piece, window: Window) -> tuple[int, int, int, int]:
    """Return the carriers that came out in the window, their parts, those that soaked too long, and such soaks."""
    done, visits = piece.done.passages, piece.seen.passages
    violations = sum(int(window.holds(done["left"][soaks]).sum()) for soaks in _soaks(row, done))
    last = row.spots[0].machine if row.common else row.spots[-1].machine
    verdict = visits["outcome"] % t.CAUSE_UNIT
    left = (visits["machine"] == last) & (verdict != t.PASSED) & (verdict != t.UNFINISHED)
    begin, end = piece.time_of(last, window)
    out = np.flatnonzero(left & (visits["ended"] >= begin) & (visits["ended"] < end))
    _, first, parts = np.unique(visits["ended"][out], return_index=True, return_counts=True)
    soaked = np.array([part in piece.soaked for part in visits["part"][out[first]].tolist()], dtype=bool)
    return len(first), int(parts.sum()), int(parts[soaked].sum()), violations


def soaked_too_long(plan: Plan, trace: Trace) -> set[int]:
    """Return the first parts of the carriers that soaked too long in a line."""
    rows = trace.passages
    return {part for row in plan.lines for soaks in _soaks(row, rows) for part in rows["part"][soaks].tolist()}


def _soaks(row: LineRow, visits: dict[str, NDArray[np.int64]]) -> Iterator[NDArray[np.bool_]]:
    """Yield for each spot that has a longest soak which of the passages exceed it."""
    for spot in row.spots:
        if spot.longest < NEVER:
            mine = (visits["machine"] == spot.machine) & (visits["left"] < NEVER)
            yield mine & (visits["left"] - visits["got"] > spot.longest)
