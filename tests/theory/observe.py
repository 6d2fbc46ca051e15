"""What theory speaks of, read from a trace: numbers in system, waits, shares of time. Nothing of the results is used.

All times are ticks of 1 us; a `Window` is the stretch of the run that counts. Figures are in minutes and per minute.
"""

from __future__ import annotations

from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from factory_sim.simulation import trace as t
from factory_sim.simulation.plan import NEVER, Plan
from factory_sim.simulation.trace import Trace

Times = NDArray[np.int64]
MINUTE = 60_000_000  # [ticks]


def minutes(ticks: int | float | Times) -> float:
    """Return the mean of times, in minutes."""
    return float(np.mean(ticks)) / MINUTE


class Visits:
    """The visits of one station whose machine has taken a part, with the moment at which each part came."""

    def __init__(self, seen: Seen, station: int) -> None:
        columns = seen.trace.visits
        rows = np.flatnonzero((seen.station_of[columns["machine"]] == station) & (columns["got"] < NEVER))
        self.part: Times = columns["part"][rows]
        self.got: Times = columns["got"][rows]
        self.began: Times = columns["began"][rows]
        self.ended: Times = columns["ended"][rows]
        self.left: Times = columns["left"][rows]
        self.net: Times = columns["net"][rows]


class Seen:
    """A run in the window from `begin` to its end. [ticks]"""

    def __init__(self, plan: Plan, trace: Trace, begin: int) -> None:
        self.trace, self.begin, self.end = trace, begin, trace.horizon
        self.station_of = np.array([row.station for row in plan.machines])
        self._visits: dict[int, Visits] = {}

    @property
    def length(self) -> int:
        """Of the window. [ticks]"""
        return self.end - self.begin

    def visits(self, station: int) -> Visits:
        """Return the visits of a station."""
        if station not in self._visits:
            self._visits[station] = Visits(self, station)
        return self._visits[station]

    # -- shares of time ------------------------------------------------------------------------------------------

    def overlap(self, begins: Times, ends: Times) -> int:
        """Return the sum of the stretches as far as they lie in the window. [ticks]"""
        inside = np.minimum(ends, self.end) - np.maximum(begins, self.begin)
        return int(np.maximum(inside, 0).sum())

    def mean_number(self, begins: Times, ends: Times) -> float:
        """Return how many of the stretches are under way, in the mean over time."""
        return self.overlap(begins, ends) / self.length

    def within(self, times: Times) -> NDArray[np.bool_]:
        """Tell which moments lie in the window."""
        return (times >= self.begin) & (times < self.end)

    def stops(self, state: int = t.FAILED) -> tuple[Times, Times]:
        """Return begin and end of all stops of a state."""
        mine = self.trace.stops["state"] == state
        return self.trace.stops["begin"][mine], self.trace.stops["end"][mine]

    def at_most(self, begins: Times, ends: Times, limit: int) -> float:
        """Return the share of time in which at most `limit` of the stretches are under way."""
        times = np.concatenate([begins, ends, [self.begin]]).clip(self.begin, self.end)
        steps = np.concatenate([np.ones(len(begins)), -np.ones(len(ends)), [0]])
        order = np.argsort(times, kind="stable")
        counts, bounds = np.cumsum(steps[order]), np.append(times[order], self.end)
        return float(np.diff(bounds)[counts <= limit].sum()) / self.length

    # -- parts ---------------------------------------------------------------------------------------------------

    @cached_property
    def _row_of(self) -> Times:
        """Row in `parts` by part number."""
        numbers = self.trace.parts["part"]
        rows = np.zeros(int(numbers.max(initial=0)) + 1, dtype=np.int64)
        rows[numbers] = np.arange(len(numbers))
        return rows

    def born(self, parts: Times) -> Times:
        """Return when parts were born."""
        return self.trace.parts["born"][self._row_of[parts]]

    def born_first(self) -> Times:
        """Return for each row of `parts` the birth of the part at its beginning: before splits and assemblies."""
        whole = {
            into: part for part, into in zip(*(self.trace.links[it].tolist() for it in ("part", "into")), strict=True)
        }
        found = []
        for number in self.trace.parts["part"].tolist():
            while number in whole:
                number = whole[number]
            found.append(number)
        return self.born(np.array(found, dtype=np.int64))

    @cached_property
    def entered(self) -> tuple[Times, Times]:
        """Birth and leaving of all parts that were not refused."""
        parts = self.trace.parts
        mine = parts["fate"] != t.REFUSED
        return parts["born"][mine], parts["left"][mine]

    def count(self, fate: int) -> int:
        """Return how many parts of a fate left in the window."""
        parts = self.trace.parts
        return int((self.within(parts["left"]) & (parts["fate"] == fate)).sum())

    @property
    def throughput(self) -> float:
        """Good parts per minute."""
        return self.count(t.AT_SINK) * MINUTE / self.length

    @property
    def time_in_system(self) -> float:
        """Of the good parts that left in the window. [min]"""
        parts = self.trace.parts
        mine = self.within(parts["left"]) & (parts["fate"] == t.AT_SINK)
        return minutes(parts["left"][mine] - parts["born"][mine])

    @property
    def yield_(self) -> float:
        """Good parts per part that left in the window."""
        good, scrapped = self.count(t.AT_SINK), self.count(t.REJECTED)
        return good / (good + scrapped)

    @property
    def fraction_refused(self) -> float:
        """Parts refused per part that came in the window."""
        parts = self.trace.parts
        came = self.within(parts["born"])
        return float((parts["fate"][came] == t.REFUSED).mean())

    # -- stations: arrivals are births at the first one, and leavings of the one before at the others ----------------

    def came(self, station: int) -> tuple[Times, Times]:
        """Return when each part came to a station and when a machine took it, NEVER if none has."""
        there = self.visits(station)
        got = np.full(len(self._row_of), NEVER)
        got[there.part] = there.got
        if station == 0:
            mine = self.trace.parts["fate"] != t.REFUSED
            return self.trace.parts["born"][mine], got[self.trace.parts["part"][mine]]
        before = self.visits(station - 1)
        gone = before.left < NEVER
        return before.left[gone], got[before.part[gone]]

    def waits(self) -> Times:
        """Return how long the parts that the first station took in the window had waited."""
        visits = self.visits(0)
        mine = self.within(visits.got)
        return (visits.got - self.born(visits.part))[mine]

    def utilisation(self, station: int, machines: int = 1) -> float:
        """Return the share of time in which a station has a part at work, repairs meanwhile included."""
        visits = self.visits(station)
        return self.mean_number(visits.began, visits.ended) / machines

    def mean_buffer(self, station: int) -> float:
        """Return the mean number of parts in the buffer before a station."""
        return self.mean_number(*self.came(station))

    def mean_number_at(self, station: int) -> float:
        """Return the mean number of parts in a station and in the buffer before it."""
        visits = self.visits(station)
        return self.mean_buffer(station) + self.mean_number(visits.got, visits.left)

    # -- resources -----------------------------------------------------------------------------------------------

    @property
    def grants(self) -> tuple[Times, Times, Times]:
        """Asked, got and released of all grants."""
        columns = self.trace.grants
        return columns["asked"], columns["got"], columns["released"]
