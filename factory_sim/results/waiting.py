"""Parts between the machines: how many wait before each station, and how many go from one to the next."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from factory_sim.results.states import VERDICT_MASK
from factory_sim.results.window import Window
from factory_sim.simulation import trace as t
from factory_sim.simulation.plan import NEVER, NONE, Plan
from factory_sim.simulation.trace import Trace

OUT = -1  # the station after the last one: a sink, or scrap


@dataclass(frozen=True)
class Waits:
    """Stays of parts before stations, each from `begin` to `end`. [ticks], never-ending ones with NEVER"""

    part: NDArray[np.int64]
    station: NDArray[np.int64]
    product: NDArray[np.int64]
    begin: NDArray[np.int64]
    end: NDArray[np.int64]

    def mean(self, station: int, begin: int, end: int) -> float:
        """Return the mean number of parts that wait before a station between two moments, exactly integrated."""
        mine = self.station == station
        stay = np.minimum(self.end[mine], end) - np.maximum(self.begin[mine], begin)
        return int(np.maximum(stay, 0).sum()) / (end - begin)

    def queue(self, station: int, window: Window, length: int) -> Queue:
        """Return the queue before a station in a window, of which so much is told. [ticks]"""
        mine = self.station == station
        begin, end = self.begin[mine], self.end[mine]
        over = window.holds(end)
        stay = int(window.overlap(begin, end).sum())
        return Queue(stay, int(over.sum()), int((end - begin)[over].sum()), length)


@dataclass(frozen=True)
class Queue:
    """Parts that waited before a station, in sums that add up over pieces of a run."""

    inside: int  # integral of their number over time [ticks]
    count: int  # those that a machine took, or that were lost
    waited: int  # by these [ticks]
    length: int  # of the window [ticks]

    @property
    def mean(self) -> float:
        """Mean number that waits."""
        return self.inside / self.length

    @property
    def mean_wait(self) -> float:
        """Mean wait; nan if none was over. [ticks]"""
        return self.waited / self.count if self.count else math.nan


def waits(plan: Plan, trace: Trace) -> Waits:
    """Return every stay of a part before a station: from its birth or its last machine to its next one, ways included.

    A part that a machine takes at the moment of its birth waits for no time. One that is inside at the end and has
    left its last machine waits for ever before the next station of its way; one that waited too long, or is sorted out,
    waits until it is thrown away.
    """
    visits, parts = trace.visits, trace.parts
    order = np.lexsort((visits["got"], visits["part"]))
    order = order[visits["part"][order] != NONE]  # what a machine without a part waits for is no part
    part, got, left = (visits[name][order].astype(np.int64) for name in ("part", "got", "left"))
    station = np.array([row.station for row in plan.machines], dtype=np.int64)[visits["machine"][order]]
    product = visits["product"][order].astype(np.int64)
    first = np.ones(len(part), dtype=bool)
    first[1:] = part[1:] != part[:-1]
    numbers = np.argsort(parts["part"])
    begin = np.empty_like(got)
    begin[1:] = left[:-1]
    begin[first] = parts["born"][numbers[np.searchsorted(parts["part"], part[first], sorter=numbers)]]
    known = got < NEVER
    rest = _to_no_machine(plan, trace, order)
    columns = zip((part, station, product, begin, got), rest, strict=True)
    return Waits(*(np.concatenate([column[known], more]) for column, more in columns))


def _to_no_machine(plan: Plan, trace: Trace, order: NDArray[np.int64]) -> tuple[NDArray[np.int64], ...]:
    """Return the columns of the parts that wait for a machine which never takes them."""
    visits, parts = trace.visits, trace.parts
    ordered = visits["part"][order]
    ends = np.append(ordered[1:] != ordered[:-1], True) if len(order) else np.zeros(0, dtype=bool)
    mine = np.isin(parts["fate"], (t.INSIDE, *t.FROM_PLACES))
    last = {int(visits["part"][row]): int(row) for row in order[ends & np.isin(ordered, parts["part"][mine])]}
    rows = []
    for part, born, product, fate, gone in zip(
        *(parts[name][mine].tolist() for name in ("part", "born", "product", "fate", "left")), strict=True
    ):
        end = NEVER if fate == t.INSIDE else gone
        steps = plan.products[product].steps
        row = last.get(part)
        if row is None:
            rows.append((part, steps[0].place, product, born, end))
        elif visits["left"][row] < NEVER:
            step = int(visits["step"][row])
            verdict = int(visits["outcome"][row]) & VERDICT_MASK
            following = steps[step].back if verdict == t.REWORKED and steps[step].back != NONE else step + 1
            following = step if verdict == t.INTERRUPTED else following
            if following < len(steps):
                rows.append((part, steps[following].place, product, int(visits["left"][row]), end))
    return tuple(np.array(rows, dtype=np.int64).reshape(-1, 5).T)


def flows(plan: Plan, trace: Trace, begin: int, end: int) -> dict[tuple[int, int], int]:
    """Return how many parts left one station for another between two moments; `OUT` before the first.

    Ways into the sink and into scrap are left out: `flow` counts them.
    """
    found: dict[tuple[int, int], int] = {}
    visits = trace.visits
    order = np.lexsort((visits["got"], visits["part"]))
    part = visits["part"][order]
    station = np.array([row.station for row in plan.machines], dtype=np.int64)[visits["machine"][order]]
    got = visits["got"][order]
    before = np.full_like(station, OUT)
    same = part[1:] == part[:-1]
    before[1:][same] = station[:-1][same]
    now = (got >= begin) & (got < end)
    for pair in zip(before[now].tolist(), station[now].tolist(), strict=True):
        found[pair] = found.get(pair, 0) + 1
    return found
