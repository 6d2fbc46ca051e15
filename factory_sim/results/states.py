"""States of the machines: how long, when, and for how long without a break.

A machine is in exactly one state at a time; when several hold, the first in the order of `trace.STATES` counts. All
times are ticks, so the states of a machine sum to the length of the window exactly.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from factory_sim.results.window import Ticks, covered_until
from factory_sim.simulation import trace as t
from factory_sim.simulation.plan import NEVER, Plan
from factory_sim.simulation.trace import Trace

PHASES = (t.STARVED, t.WAITING, t.WORKING, t.BLOCKED)  # of a visit, in this order
INACTIVE = (t.STARVED, t.WAITING, t.BLOCKED, t.SWITCHED_OFF)
VERDICT_MASK = t.CAUSE_UNIT - 1


class Segment(NamedTuple):
    """A stretch of time in one state. `stop` is the index of the stop in the plan, -1 if none."""

    begin: int
    end: int
    state: int
    stop: int


@dataclass(frozen=True)
class MachineTime:
    """How one machine spends a run.

    `bounds` are the ends of the phases of its visits in order, `phases` their states, both gapless from 0 to the
    horizon; `stops` lie above them, disjoint and in order of time.
    """

    bounds: Ticks  # shape (n + 1,)
    phases: NDArray[np.int64]  # shape (n,)
    stops: tuple[Segment, ...]

    @classmethod
    def of(cls, trace: Trace, machine: int) -> MachineTime:
        """Return the time of a machine of a trace; it is read once."""
        known = _KNOWN.setdefault(trace, {})
        if machine not in known:
            bounds, phases = _phases_of(trace, machine)
            known[machine] = cls(bounds.astype(np.int64), phases, tuple(disjoint(_stops_of(trace, machine))))
        return known[machine]

    @cached_property
    def _cumulative(self) -> Ticks:
        """Time in each phase state up to each bound, shape (states, n + 1)."""
        lengths = np.diff(self.bounds)
        totals = np.zeros((len(t.STATES), len(self.bounds)), dtype=np.int64)
        for state in (*PHASES, t.WARMING):
            np.cumsum(np.where(self.phases == state, lengths, 0), out=totals[state, 1:])
        return totals

    def _until(self, time: int) -> Ticks:
        """Return the time in each phase state from 0 to `time`, stops left aside."""
        k = max(0, int(np.searchsorted(self.bounds, time, side="right")) - 1)
        totals = self._cumulative[:, k].copy()
        if k < len(self.phases):
            totals[self.phases[k]] += time - self.bounds[k]
        return totals

    def states(self, begin: int, end: int) -> Ticks:
        """Return the time in each state of `trace.STATES` between `begin` and `end`. [ticks]"""
        totals = self._until(end) - self._until(begin)
        for segment in self.stops:
            first, last = max(begin, segment.begin), min(end, segment.end)
            if first < last:
                totals -= self._until(last) - self._until(first)
                totals[segment.state] += last - first
        return totals

    def between(self, edges: Ticks) -> Ticks:
        """Return the time in each state of `trace.STATES` between neighbouring edges. [ticks]

        Shape (states, edges - 1). `edges` ascend and lie between 0 and the horizon.
        """
        totals = self._phases_until(edges)
        if self.stops:
            begins, ends = begins_and_ends(self.stops)
            at_begin, at_end = self._phases_until(begins), self._phases_until(ends)
            k = np.searchsorted(begins, edges, side="right")
            last = np.maximum(0, k - 1)
            inside = (k > 0) & (ends[last] > edges)
            hidden = np.concatenate(
                [np.zeros((len(t.STATES), 1), np.int64), np.cumsum(at_end - at_begin, axis=1)], axis=1
            )
            totals = totals - hidden[:, k] + np.where(inside, at_end[:, last] - totals, 0)
            for state in {stop.state for stop in self.stops}:
                lengths = np.where([stop.state == state for stop in self.stops], ends - begins, 0)
                stood = np.concatenate([[0], np.cumsum(lengths)])[k]
                totals[state] += stood - np.where(inside & (lengths[last] > 0), ends[last] - edges, 0)
        return np.diff(totals, axis=1)

    def _phases_until(self, times: Ticks) -> Ticks:
        """Return the time in each phase state from 0 to each of `times`, stops left aside, shape (states, times)."""
        k = np.maximum(0, np.searchsorted(self.bounds, times, side="right") - 1)
        totals = self._cumulative[:, k].copy()
        within = np.flatnonzero(k < len(self.phases))
        totals[self.phases[k[within]], within] += times[within] - self.bounds[k[within]]
        return totals

    def segments(self, begin: int, end: int) -> Iterator[Segment]:
        """Yield the states in order of time, clipped to `begin` and `end`; empty ones are left out."""
        stops = [stop for stop in self.stops if stop.end > begin and stop.begin < end]
        k = max(0, int(np.searchsorted(self.bounds, begin, side="right")) - 1)
        now = begin
        while now < end:
            while stops and stops[0].end <= now:
                stops.pop(0)
            while k + 1 < len(self.phases) and self.bounds[k + 1] <= now:
                k += 1
            if stops and stops[0].begin <= now:
                state, stop, until = stops[0].state, stops[0].stop, min(end, stops[0].end)
            else:
                phase_end = int(self.bounds[k + 1])
                state, stop = int(self.phases[k]), -1
                until = min(end, phase_end if phase_end > now else end, stops[0].begin if stops else end)
            yield Segment(now, until, state, stop)
            now = until

    def waits(self, begin: int, end: int) -> int:
        """Return how often work begins after a wait, from `begin` to before `end`; a stop in the middle is none."""
        works = np.flatnonzero((self.phases == t.WORKING) | (self.phases == t.WARMING))
        since = np.concatenate([[0], works + 1])[:-1]  # blocked, starved and waiting since the work before
        mine = (self.bounds[works] >= begin) & (self.bounds[works] < end)
        from_, to = self.bounds[since[mine]], self.bounds[works[mine]]
        waits = (to - from_) - (self._stopped_until(to) - self._stopped_until(from_))
        return int(np.count_nonzero(waits > 0))

    def _stopped_until(self, times: Ticks) -> Ticks:
        """Return the time in stops from 0 to each of `times`."""
        stops = [stop for stop in self.stops if stop.state not in INACTIVE]
        return covered_until(*begins_and_ends(stops), times)


_KNOWN: WeakKeyDictionary[Trace, dict[int, MachineTime]] = WeakKeyDictionary()
"""Times that have been read, as long as somebody has the trace: states, losses and load all ask for them."""


def _phases_of(trace: Trace, machine: int) -> tuple[Ticks, Ticks]:
    """Return bounds and states of the phases of a machine: of its visits, or of the entrance of a flow cell."""
    entrance = np.flatnonzero(trace.phases["machine"] == machine)
    if entrance.size:
        return np.concatenate([[0], trace.phases["end"][entrance]]), trace.phases["state"][entrance].astype(np.int64)
    visits = visits_of(trace, machine)
    mine = np.flatnonzero(visits["machine"] == machine)
    if not len(mine):
        return np.array([0, trace.horizon]), np.array([t.STARVED], dtype=np.int64)
    corners = np.stack([visits[name][mine] for name in ("asked", "got", "began", "ended", "left")], axis=1)
    corners = np.minimum(_one_after_another(corners), trace.horizon)
    phases = np.tile(np.array(PHASES, dtype=np.int64), (len(mine), 1))
    phases[(visits["outcome"][mine] & VERDICT_MASK) == t.DISCARDED, 2] = t.WARMING
    return np.concatenate([[0], corners[:, 1:].ravel()]), phases.ravel()


def begins_and_ends(stretches: Sequence[Segment]) -> tuple[Ticks, Ticks]:
    """Return begins and ends of stretches."""
    begins, ends = (
        np.array([getattr(stretch, name) for stretch in stretches], dtype=np.int64) for name in ("begin", "end")
    )
    return begins, ends


def visits_of(trace: Trace, machine: int) -> dict[str, NDArray[np.int64]]:
    """Return the table that says what a machine does: its visits, or the passages inside a line with movers."""
    inside: bool = bool((trace.passages["machine"] == machine).any())
    return trace.passages if inside else trace.visits


def _one_after_another(corners: Ticks) -> Ticks:
    """Return the corners of visits with the parts of one load in a row: each begins to leave when the last one has."""
    if len(corners) > 1:
        together = np.flatnonzero((corners[1:, :4] == corners[:-1, :4]).all(axis=1)) + 1
        corners[together, :4] = corners[together - 1, 4:]
    return corners


def _stops_of(trace: Trace, machine: int) -> list[Segment]:
    """Return what lies above the phases of a machine: its stops, and its waits for a vehicle."""
    rows = np.flatnonzero(trace.stops["machine"] == machine)
    stops = [Segment(*(int(trace.stops[name][row]) for name in ("begin", "end", "state", "stop"))) for row in rows]
    return stops + _waits_for_vehicle(trace, machine)


def _waits_for_vehicle(trace: Trace, machine: int) -> list[Segment]:
    """Return when a machine waits for a vehicle, and not for a place at the end of the move."""
    columns = trace.moves
    mine = np.flatnonzero((columns["machine"] == machine) & (columns["room"] < NEVER))
    return [
        Segment(int(columns["room"][row]), min(int(columns["picked"][row]), trace.horizon), t.WAITING, -1)
        for row in mine
    ]


def machine_states(plan: Plan, trace: Trace, begin: int = 0, end: int | None = None) -> Ticks:
    """Return the time of each machine in each state of `trace.STATES`. [ticks]

    Shape (machines, states); each row sums to `end` - `begin` exactly. `end` None: the horizon.
    """
    last = trace.horizon if end is None else end
    rows = [MachineTime.of(trace, machine).states(begin, last) for machine in range(len(plan.machines))]
    return np.stack(rows)


def disjoint(stops: list[Segment]) -> Iterator[Segment]:
    """Yield stretches of the stops that hold, the first state where several do; neighbours of one stop are joined."""
    changes: dict[int, list[tuple[bool, Segment]]] = {}
    for stop in stops:
        if stop.begin < stop.end:
            changes.setdefault(stop.begin, []).append((True, stop))
            changes.setdefault(stop.end, []).append((False, stop))
    active: list[Segment] = []
    last: Segment | None = None
    begin = 0
    for time in sorted(changes):
        if last is not None and begin < time:
            yield Segment(begin, time, last.state, last.stop)
        for starts, stop in changes[time]:
            if starts:
                active.append(stop)
            else:
                active.remove(stop)
        begin = time
        last = min(active, key=lambda stop: (stop.state, stop.begin, stop.stop)) if active else None
