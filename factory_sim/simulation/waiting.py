"""What waiting does: parts that wait too long leave their place, machines without a part are switched off."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from simpy import Event

from factory_sim.simulation import cells, trace
from factory_sim.simulation.places import NOTHING, Alarm, Part, Place
from factory_sim.simulation.plan import NONE, RESERVE, StandbyRow, WindowRow
from factory_sim.simulation.rules import LEVEL_REACHED, event_priority
from factory_sim.simulation.selective import SelectivePlace

if TYPE_CHECKING:
    from factory_sim.simulation.engine import Engine
    from factory_sim.simulation.machine import Machine


class Limit:
    """Takes out what has waited too long, at the instant in which it has.

    Parts wait in the place, and in a machine until the work on them begins: for people, a setup or the next shift.
    """

    def __init__(self, engine: Engine, row: WindowRow) -> None:
        self.engine, self.row, self.place = engine, row, engine.places[row.place]
        self.machines = [machine for machine in engine.machines if machine.inbox is self.place]
        self.back = {(product, step): back for product, step, back in row.back}

    def due(self, part: Part) -> int:
        """Return when a part has waited too long. [ticks]"""
        return (part.worked if self.row.since_work else part.came) + self.row.limit

    def late(self, part: Part) -> bool:
        """Tell whether a part has waited too long; one whose work was interrupted has not."""
        return self.due(part) <= self.engine._now and part.number not in self.engine.left_over

    def came(self, part: Part | None) -> None:
        """Look again when the part that came has waited long enough; one that comes too late is not even taken."""
        if part is None:
            return
        engine = self.engine
        if self.late(part):
            self.place.items.remove(part)
            self._leave(part)
        else:
            engine.at(self.due(part), event_priority(LEVEL_REACHED, self.row.place), self.expire)

    def expire(self, _: Event) -> None:
        """Take out the parts that have waited too long, in the order in which they came."""
        place, emptied = self.place, []
        gone = [part for part in place.items if self.late(part)]
        for part in gone:
            place.items.remove(part)
        for machine in self.machines:
            late = [part for part in machine.not_begun() if self.late(part)]
            if late:
                gone += late
                emptied.append((machine, late))
        for machine, late in emptied:
            _give_up(machine, late)
        for part in sorted(gone, key=lambda part: (part.came, part.number)):
            self._leave(part)
        if gone:
            self.engine.examine(place)

    def _leave(self, part: Part) -> None:
        """Scrap a part, or send it back."""
        engine = self.engine
        back = self.back.get((part.product, part.step))
        if back is None:
            engine.end_part(part, trace.EXPIRED, self.place.index)
            return
        part.step = back
        earlier = part.places[back]
        assert earlier is not None, "a step before this one has a station"
        earlier.add(part, engine._now)
        engine.examine(earlier)


def _give_up(machine: Machine, late: list[Part]) -> None:
    """Let a machine lose parts on which no work has begun; without any left it looks for others."""
    kept = [part for part in (machine.part, *machine.rest) if part not in late]
    if kept:
        machine.part, *machine.rest = kept
        return
    engine, now, part = machine.engine, machine.engine._now, machine.part
    if now > machine.got:
        engine.recorder.stops.extend(trace.STOP(machine.index, trace.WAITING, NONE, machine.got, now))
    machine.withdraw()
    ahead = part.places[part.step + 1] if RESERVE in machine.program else None
    if ahead is not None:
        ahead.capacity += 1
        if isinstance(ahead, SelectivePlace):
            engine.changed.update(ahead.watchers)
        engine.examine(ahead)
    cells.start(engine, machine)


class Standby:
    """Switches a machine off when no part is there, and on again when one comes."""

    def __init__(self, engine: Engine, row: StandbyRow) -> None:
        self.engine, self.row, self.machine = engine, row, engine.machines[row.machine]
        stops = {stop.index: stop for stop in self.machine.stops}
        self.off, self.warm_up = stops[row.off], stops[row.warm_up]
        self.alarm = Alarm()

    @property
    def asleep(self) -> bool:
        """Whether the machine is off."""
        return self.off.active

    @property
    def ready(self) -> bool:
        """Whether the machine waits for a part, or will when it is warm."""
        return self.machine.waits_at is self.machine.inbox and not self.off.active

    def rest(self) -> None:
        """The machine is about to ask for a part: it is switched off if none comes in time."""
        self.alarm.callbacks = []
        due = self.engine._now + self.row.off_after
        self.alarm = self.engine.at(due, event_priority(LEVEL_REACHED, self.row.machine), self.sleep)

    def sleep(self, _: Event) -> None:
        """Switch the machine off, if it still waits for a part."""
        machine, place = self.machine, self.machine.inbox
        if machine.waits_at is place and machine.part is NOTHING and not place.has_part(self.engine._now):
            self.off.begin_open_end()

    def wake(self) -> None:
        """Let the machine warm up."""
        self.warm_up.strike()
        self.off.end()


def waker(place: Place, standbys: list[Standby]) -> Callable[[Part | None], None]:
    """Return what happens when a part comes: the first machine that is off warms up, if no other is there for it."""

    def came(_: Part | None) -> None:
        waiting = len(place.items) if place.items else int(place.has_part(standbys[0].engine._now))
        ready = sum(standby.ready for standby in standbys)
        for standby in standbys:
            if ready < waiting and standby.asleep:
                standby.wake()
                ready += 1

    return came
