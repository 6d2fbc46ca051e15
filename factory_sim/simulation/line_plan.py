"""Rows of the plan for lines with movers: robot cells and hoist lines. Numbers only; see `plan`.

A line has steps: 0 is the load (or input), 1 to m are tanks or machines, m + 1 is the unload (or output). A spot is
where one carrier stands; a step of several tanks has several. Every spot and every mover is a machine of the plan.
"""

from __future__ import annotations

from typing import NamedTuple

# How a line chooses its next move: a fixed order, with times, or on demand by one of these rules.
FIXED, TIMED, OLDEST, NEAREST, DOWNSTREAM, URGENT = range(6)


class SpotRow(NamedTuple):
    """Where one carrier stands."""

    machine: int
    step: int
    place: int  # index in the tables of travel times
    at: int  # along the track [um]
    soak: int  # shortest, of tanks; of the unload station the time to unload; 0 elsewhere [ticks]
    longest: int  # soak that does no harm; NEVER: no limit [ticks]
    drip: int  # before a carrier leaves [ticks]


class MoverRow(NamedTuple):
    """A robot or a hoist. Travel times are by place and place. [ticks]"""

    machine: int
    grippers: int
    place: int  # at the beginning
    low: int  # reach along the track [um]
    high: int
    empty: tuple[tuple[int, ...], ...]
    loaded: tuple[tuple[int, ...], ...]
    pick: int
    drop: int
    swap: int  # between taking out and putting in, at one visit


class MoveRow(NamedTuple):
    """A move of the fixed cycle: from the step to the next one; with two grippers a visit of the step."""

    step: int
    mover: int
    start: int  # in the cycle, only TIMED [ticks]
    soak: int  # that the timetable plans for the carrier that it takes, only TIMED [ticks]


class LineRow(NamedTuple):
    """A station with movers."""

    station: int
    spots: tuple[SpotRow, ...]
    movers: tuple[MoverRow, ...]
    last: int  # step of the unload
    common: bool  # load and unload are one spot, whose step is 0
    order: int
    moves: tuple[MoveRow, ...]
    serves: tuple[int, ...]  # mover of the moves from each step, on demand
    period: int  # only TIMED [ticks]
    carriers: int
    scraps: bool  # parts of a carrier that soaked too long
    clearance: int  # between two movers [um]
