"""What waiting does: parts that wait too long leave their place, machines without a part are switched off."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from simpy import Event

from factory_sim.simulation import trace
from factory_sim.simulation.places import NOTHING, Alarm, Part, Place
from factory_sim.simulation.plan import StandbyRow, WindowRow
from factory_sim.simulation.rules import LEVEL_REACHED, event_priority

if TYPE_CHECKING:
    from factory_sim.simulation.engine import Engine


class Limit:
    """Takes out of a place what has waited too long, at the instant in which it has."""

    def __init__(self, engine: Engine, row: WindowRow) -> None:
        self.engine, self.row, self.place = engine, row, engine.places[row.place]
        self.back = {(product, step): back for product, step, back in row.back}

    def due(self, part: Part) -> int:
        """Return when a part has waited too long. [ticks]"""
        return (part.worked if self.row.since_work else part.came) + self.row.limit

    def came(self, part: Part | None) -> None:
        """Look at the place again when the part that came has waited long enough."""
        if part is not None:
            when = max(self.engine._now, self.due(part))
            self.engine.at(when, event_priority(LEVEL_REACHED, self.row.place), self.expire)

    def expire(self, _: Event) -> None:
        """Take out the parts that have waited too long, in the order in which they stand there."""
        engine, place = self.engine, self.place
        late = [part for part in place.items if self.due(part) <= engine._now]
        for part in late:
            place.items.remove(part)
            back = self.back.get((part.product, part.step))
            if back is None:
                engine.end_part(part, trace.EXPIRED, place.index)
                continue
            part.step = back
            earlier = part.places[back]
            assert earlier is not None, "a step before this one has a station"
            earlier.add(part, engine._now)
            engine.examine(earlier)
        if late:
            engine.examine(place)


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
