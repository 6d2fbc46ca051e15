"""Units of pools that come and go, and the claims of tasks to them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from heapq import merge
from itertools import count
from typing import TYPE_CHECKING

from factory_sim.simulation.people_rows import Team, UnitRow
from factory_sim.simulation.places import Request
from factory_sim.simulation.plan import WEEK

if TYPE_CHECKING:
    from factory_sim.simulation.engine import Engine
    from factory_sim.simulation.machine import Machine

AWAY = -1  # state of a unit of which no row is written


class Unit:
    """A person, or another unit that comes and goes."""

    __slots__ = ("absent", "away", "claim", "draw", "index", "lent", "number", "pool", "row", "since", "state")

    def __init__(self, engine: Engine, index: int, number: int, row: UnitRow) -> None:
        self.index, self.number, self.row, self.pool = index, number, row, row.pool
        self.draw = engine.uniforms(row.stream) if row.absence > 0.0 else None
        self.away, self.absent = True, False  # outside its hours; did not come to its shift
        self.claim: Claim | None = None  # that it serves
        self.lent = False  # to a vehicle: such a task is always finished
        self.state, self.since = AWAY, 0

    @property
    def free(self) -> bool:
        """Whether it could be given to a task."""
        return self.claim is None and not (self.lent or self.away or self.absent)

    @property
    def should_leave(self) -> bool:
        """Whether it is here only to finish."""
        return self.away or self.absent


class Claim(Request):
    """The wish of a task for a team; it may be granted and lost many times."""

    __slots__ = ("activity", "got", "lost", "machine", "since", "team", "units")

    def __init__(
        self, machine: Machine, team: Team, activity: int, order: tuple[int, int], calls: tuple[Callable[[], None], ...]
    ) -> None:
        priority, index = order
        super().__init__((), (priority, 0, index), calls[0], lambda: False)
        self.lost = calls[1]
        self.machine, self.team, self.activity = machine, team, activity
        self.units: list[Unit] = []
        self.since = self.got = 0  # when it began to wait, now or last, and when that ended

    @property
    def order(self) -> tuple[int, int, int]:
        return self.priority, self.asked, self.index


def shift_begins(row: UnitRow) -> Iterator[int]:
    """Yield the beginnings of the shifts of a unit for ever. [ticks]"""
    weekly = (week * WEEK + begin for week in count() for begin in row.begins)
    return merge(weekly, sorted(row.dates))


def assign(team: Team, units: dict[int, list[Unit]]) -> list[Unit] | None:
    """Return a unit for each need: the first one possible, earlier needs first; None if there are not enough."""
    if not team:
        return []
    for pool in team[0]:
        if units[pool]:
            first, *others = units[pool]
            rest = assign(team[1:], {**units, pool: others})
            if rest is not None:
                return [first, *rest]
    return None
