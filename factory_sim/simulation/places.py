"""Where parts wait and where they are born: places, sources, and requests for resources."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING

from simpy import Event

from factory_sim.simulation.plan import ALWAYS, AT_TIMES, INTERVAL, WEEK
from factory_sim.simulation.rules import ARRIVAL, SHIFT_OPENS, event_priority
from factory_sim.simulation.trace import REFUSED

if TYPE_CHECKING:
    from factory_sim.simulation.engine import Engine
    from factory_sim.simulation.machine import Machine

Part = tuple[int, int]  # number, born [ticks]; the source is number % sources
NOTHING: Part = (-1, -1)


class Alarm(Event):
    """An event that always succeeds, without a value. It has one callback or none, and keeps it."""

    callbacks: list[Callable[[Event], None]]
    _ok = True
    _value = None

    def __init__(self, *callbacks: Callable[[Event], None]) -> None:
        self.callbacks = [*callbacks]


class Place:
    """What waits before a station: parts, machines that want to put and machines that want to take."""

    __slots__ = ("capacity", "depth", "direct", "getters", "index", "items", "putters", "same", "stamp", "supplies")

    def __init__(self, index: int, capacity: int, depth: int, direct: bool) -> None:
        self.index, self.capacity, self.depth, self.direct = index, capacity, depth, direct
        self.items: deque[Part] = deque()
        self.putters: list[Machine] = []
        self.getters: list[Machine] = []
        self.supplies: list[Source] = []
        self.stamp, self.same = -1, 0  # arrivals of this instant, for their order

    def add(self, part: Part, now: int) -> None:
        """Put `part` last; parts of one instant stand in the order of their numbers."""
        items = self.items
        if now != self.stamp:
            self.stamp, self.same = now, 1
            items.append(part)
            return
        later = [items.pop() for _ in range(min(self.same, len(items)))]
        later.append(part)
        items.extend(sorted(later))
        self.same += 1

    def has_part(self) -> bool:
        """Tell whether a part can be taken now."""
        return bool(self.items) or self.next_source() is not None

    def has_room(self) -> bool:
        """Tell whether a part can be put in: on a free place, or to a getter that waits for it."""
        count = len(self.items)
        return count < self.capacity or (not count and any(not machine.stopped for machine in self.getters))

    def take(self) -> Part:
        """Return the part that comes first, or a new one from the supply."""
        if self.items:
            return self.items.popleft()
        source = self.next_source()
        assert source is not None
        return source.release()

    def next_source(self) -> Source | None:
        """Return the source whose part comes next: the one with the smallest number."""
        best = None
        for source in self.supplies:
            if source.may_release() and (best is None or source.next_number() < best.next_number()):
                best = source
        return best

    def ready_getter(self) -> Machine | None:
        """Return the eligible getter that asked first."""
        ready = [machine for machine in self.getters if not machine.stopped]
        return min(ready, key=asked_order) if ready else None

    def ready_putter(self) -> Machine | None:
        """Return the eligible putter that asked first, if its part can be accepted now."""
        if not self.putters or not self.has_room():
            return None
        ready = [machine for machine in self.putters if not machine.stopped]
        return min(ready, key=ended_order) if ready else None


def asked_order(machine: Machine) -> tuple[int, int]:
    return machine.asked, machine.index


def ended_order(machine: Machine) -> tuple[int, int]:
    return machine.ended, machine.index


class Source:
    """Where parts are born: on demand, at intervals or at given times; at most `volume` a week if that is set."""

    __slots__ = ("engine", "index", "interval", "place", "released", "row", "serial")

    def __init__(self, engine: Engine, index: int) -> None:
        self.engine, self.index, self.row = engine, index, engine.plan.sources[index]
        self.serial = self.released = 0
        self.place = engine.places[self.row.place]
        self.interval: Callable[[], int] | None = None
        if self.row.volume >= 0:
            engine.at(WEEK, event_priority(SHIFT_OPENS, len(engine.plan.calendars) + index), self.new_week)
        if self.row.kind == ALWAYS:
            self.place.supplies.append(self)
        elif self.row.kind == INTERVAL:
            self.interval = engine.sampler(self.row.interval, self.row.stream)
            engine.at(self.interval(), event_priority(ARRIVAL, index), self.arrive)
        elif self.row.kind == AT_TIMES:
            for time in self.row.at:
                engine.at(time, event_priority(ARRIVAL, index), self.arrive)

    def may_release(self) -> bool:
        """Tell whether this week's volume leaves room for one more part."""
        return self.row.volume < 0 or self.released < self.row.volume

    def next_number(self) -> int:
        """Return the number of the part that is born next."""
        return self.serial * len(self.engine.plan.sources) + self.index

    def release(self) -> Part:
        """Give birth to a part."""
        self.released += 1
        number = self.next_number()
        self.serial += 1
        return number, self.engine._now

    def replace(self) -> None:
        """One of its parts was scrapped: another may be released for it."""
        if self.row.volume >= 0:
            self.released -= 1
            self.engine.examine(self.place)

    def new_week(self, _: Event) -> None:
        """Start the count of a new calendar week."""
        self.released = 0
        engine = self.engine
        priority = event_priority(SHIFT_OPENS, len(engine.plan.calendars) + self.index)
        engine.at(engine._now + WEEK, priority, self.new_week)
        engine.examine(self.place)

    def arrive(self, _: Event) -> None:
        """A part arrives; above the week's volume there is none, and without a place it is refused."""
        engine = self.engine
        if self.may_release():
            part = self.release()
            if self.place.has_room():
                self.place.add(part, engine._now)
                engine.examine(self.place)
            else:
                self.released -= 1
                engine.end_part(part, REFUSED, self.place.index)
        if self.interval is not None:
            engine.at(engine._now + self.interval(), event_priority(ARRIVAL, self.index), self.arrive)


class Request:
    """A wish for a set of resources, granted whole or not at all."""

    __slots__ = ("asked", "eligible", "granted", "index", "needs", "priority")

    def __init__(
        self,
        needs: tuple[int, ...],
        order: tuple[int, int, int],
        granted: Callable[[], None],
        eligible: Callable[[], bool],
    ) -> None:
        self.needs, self.granted, self.eligible = needs, granted, eligible
        self.priority, self.asked, self.index = order
