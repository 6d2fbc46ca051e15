"""Rows of the plan for people: units with hours, pools with rules, phases of work that need them. See `plan`."""

from __future__ import annotations

from typing import NamedTuple

Team = tuple[tuple[int, ...], ...]
"""For each unit that is needed the pools from which it may come, the first one first."""

LOADING, WATCHING, UNLOADING = range(3)


class PoolRow(NamedTuple):
    """What rules a pool."""

    in_order: bool  # a request that cannot be met bars later ones
    preemptive: bool  # without a free unit a task of lower priority loses one
    leave: bool  # at the end of a shift, instead of finishing the task


class UnitRow(NamedTuple):
    """One unit of a pool."""

    pool: int
    calendar: int  # when it is there, breaks left out; NONE: always
    begins: tuple[int, ...]  # beginnings of its shifts in every week, for absence [ticks]
    dates: tuple[int, ...]  # and beginnings of single ones in the run [ticks]
    absence: float
    stream: int


class PhaseRow(NamedTuple):
    """A phase of the cycle for which units are held."""

    kind: int
    team: Team
    time: int  # distribution; NONE: it is, or is part of, the cycle
    priority: int
    activity: int  # of the trace
    stream: int
