"""Parts that leave by vehicle: the call of a machine, and the places to which vehicles bring parts.

A machine whose part goes by vehicle calls one and keeps the part until it has been picked. The vehicle is sent when a
place at the end of the move is free; the place is kept for it until it has put the part down.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from factory_sim.simulation import cells, trace
from factory_sim.simulation.places import Alarm, Part, Place, Rank
from factory_sim.simulation.plan import CARRY, NEVER, PlaceRow

if TYPE_CHECKING:
    from simpy import Event

    from factory_sim.simulation.engine import Engine
    from factory_sim.simulation.machine import Machine


class Call:
    """The wish of a machine that its part be carried. It stands among the putters of its place, so that the place is
    looked at when room may have come, but is never put by hand."""

    __slots__ = ("asked", "granted", "machine", "part", "picked", "place", "reached", "room", "step")

    stopped = 1  # never eligible as a put

    def __init__(self, machine: Machine, place: Place, step: int, now: int) -> None:
        self.machine, self.place, self.step, self.part = machine, place, step, machine.part
        self.asked = now
        self.room = self.granted = self.reached = self.picked = NEVER

    @property
    def leg(self) -> tuple[int, int]:
        """From station to station."""
        return self.machine.row.station, self.place.index

    def look(self, now: int) -> bool:
        """Tell whether it may be granted; note since when a place at the end of the move has been free."""
        if not self.place.has_room():
            self.room = NEVER
            return False
        if self.room == NEVER:
            self.room = now
        return not self.machine.stopped

    def row(self, vehicle: int, dropped: int) -> bytes:
        """Return its row of the trace."""
        return trace.MOVE(
            self.part.number, vehicle, self.machine.index, self.place.index,
            self.asked, self.room, self.granted, self.reached, self.picked, dropped,
        )  # fmt: skip


class DeliveryPlace(Place):
    """A place to which vehicles bring parts. Its `capacity` is less what is kept for parts on their way."""

    __slots__ = ("engine", "kept")

    def __init__(self, engine: Engine, index: int, row: PlaceRow, rank: Rank | None) -> None:
        super().__init__(index, row, rank)
        self.engine, self.kept = engine, 0

    def has_room(self) -> bool:
        """Tell whether a place is free; without any, a machine that waits for a part is one."""
        count = len(self.items)
        if count < self.capacity:
            return True
        if self.row.capacity:
            return False
        return sum(not machine.stopped for machine in self.getters) > count + self.kept

    def keep(self) -> None:
        """Keep a place for a part that a vehicle will bring."""
        self.kept += 1
        self.capacity -= 1

    def deliver(self, part: Part, now: int) -> None:
        """Put a part on the place that was kept for it."""
        self.kept -= 1
        self.capacity += 1
        self.add(part, now)

    def add(self, part: Part, now: int) -> None:
        """Put `part` last; calls for this place are looked at again."""
        super().add(part, now)
        self.engine.seizes_changed = True

    def ready_putter(self) -> Machine | None:
        """Return the eligible putter that asked first; calls for this place are looked at again."""
        self.engine.seizes_changed = True
        return super().ready_putter()


def carry(engine: Engine, machine: Machine) -> Event | None:
    """Let the part go by vehicle if its move is one of vehicles, else as `put` does."""
    machine.end_work()
    outcome, part = machine.outcome, machine.part
    if outcome and outcome != trace.REWORKED:
        return cells.put(engine, machine)
    step = machine.next_step
    place = part.places[step]
    if place is None or (machine.row.station, place.index) not in engine.legs:
        return cells.put(engine, machine)
    if machine.holds:
        machine.release_resources()
    call: Any = Call(machine, place, step, engine._now)
    place.putters.append(call)
    engine.calls.append(call)
    engine.seizes_changed = True
    machine.waits_at = place
    if not machine.stopped and (machine.pending or machine.calendar_closes):
        engine.boundary.append(machine)
    alarm: Alarm = machine.alarm
    return alarm


assert cells.PERFORM.setdefault(CARRY, carry) is carry, "two verbs of one number"
