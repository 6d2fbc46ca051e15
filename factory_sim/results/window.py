"""The measured stretch of a run and what is planned in it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from factory_sim.model.schema import Plant
from factory_sim.model.units import HOUR, WEEK
from factory_sim.simulation.plan import NONE, TICK, Plan, ticks
from factory_sim.simulation.trace import Trace

WARMUP = WEEK  # [s]
Ticks = NDArray[np.int64]


@dataclass(frozen=True)
class Window:
    """From the end of the warm-up to the horizon. `begin` and `end` in ticks, times in seconds."""

    begin: int
    end: int
    planned: float
    """Time in which the plant's calendar is open. [s]"""
    per_year: float
    """Windows in a year of planned time. [-]"""

    @property
    def planned_hours(self) -> float:
        """Planned time. [h]"""
        return self.planned / HOUR

    def holds(self, times: Ticks) -> NDArray[np.bool_]:
        """Tell which moments lie in the window, its beginning included."""
        found: NDArray[np.bool_] = (times >= self.begin) & (times < self.end)
        return found

    def overlap(self, begins: Ticks, ends: Ticks) -> Ticks:
        """Return how much of each stretch lies in the window. [ticks]"""
        inside: Ticks = np.maximum(np.minimum(ends, self.end) - np.maximum(begins, self.begin), 0)
        return inside

    @classmethod
    def of(cls, plant: Plant, plan: Plan, trace: Trace, warmup: float = WARMUP) -> Window:
        """Return the window of a run.

        Raises
        ------
        ValueError  If the warm-up is negative or leaves nothing of the run, or no planned time.
        """
        return cls.between(plant, plan, warmup, trace.horizon)

    @classmethod
    def between(cls, plant: Plant, plan: Plan, warmup: float, horizon: int) -> Window:
        """Return the window of a run that ends at `horizon` [ticks]. Errors as of `of`."""
        begin = ticks(warmup)
        if not 0 <= begin < horizon:
            raise ValueError(f"warmup must lie in [0, {horizon * TICK:g}), the length of the run, got {warmup!r}")
        planned = open_time(plan, calendar_of(plant), begin, horizon) * TICK
        if planned <= 0.0:
            raise ValueError(f"the plant is closed all the time after a warm-up of {warmup:g} s; take a longer run")
        return cls(begin, horizon, planned, plant.time_per_year / planned)


def calendar_of(plant: Plant) -> int:
    """Return the index of the plant's calendar in the plan; `NONE`: it is always open."""
    name = plant.plant.calendar
    return NONE if name is None else list(plant.calendar).index(name)


def covered_until(begins: Ticks, ends: Ticks, times: Ticks) -> Ticks:
    """Return how much of some stretches, disjoint and in order of time, lies before each of `times`. [ticks]"""
    if not len(begins):
        return np.zeros_like(times)
    total = np.concatenate([[0], np.cumsum(ends - begins)])
    k = np.searchsorted(begins, times, side="right")
    over = np.where(k > 0, np.maximum(0, ends[np.maximum(0, k - 1)] - times), 0)
    found: Ticks = total[k] - over
    return found


def open_time(plan: Plan, calendar: int, begin: int, end: int) -> int:
    """Return how long a calendar (`NONE`: always open) is open between `begin` and `end`. [ticks]"""
    if calendar == NONE:
        return end - begin
    total = 0
    for opens, closes in plan.open_spans(calendar):
        if opens >= end:
            break
        total += max(0, min(closes, end) - max(opens, begin))
    return total
