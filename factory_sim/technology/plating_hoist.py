"""Timetables of hoist lines: what the physics of soak windows leaves of a given order of moves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from processes.hoist_order import OrderError, Timetable, order_timetable, starts_timetable

__all__ = ["OrderError", "Timetable", "Windows", "timetable"]


@dataclass(frozen=True)
class Windows:
    """Times of a line, by step: soaks, tanks; moves and empty travel from load to unload. [s]"""

    shortest: Sequence[float]
    longest: Sequence[float]
    tanks: Sequence[int]
    loaded: Sequence[float]
    empty: Sequence[Sequence[float]]
    hoists: Sequence[int]  # of each move


def timetable(windows: Windows, order: Sequence[int], starts: Sequence[float], period: float | None) -> Timetable:
    """Return the cycle of a line; without `starts` as early as the order allows, of the given period or the shortest.

    Raises
    ------
    OrderError  If no cycle, or none of this period, keeps every window.
    """
    w = windows
    if starts:
        by_move = [start for _, start in sorted(zip(order, starts, strict=True))]
        return starts_timetable(w.shortest, w.longest, w.loaded, w.empty, by_move, period, w.tanks, w.hoists)
    return order_timetable(w.shortest, w.longest, w.loaded, w.empty, order, w.tanks, period)
