"""Where parts wait and where they are born: places, sources, and requests for resources."""

from __future__ import annotations

from bisect import bisect_right
from collections import deque
from collections.abc import Callable, Iterable
from functools import partial
from typing import TYPE_CHECKING

from simpy import Event

from factory_sim.simulation.plan import ALWAYS, AT_TIMES, INTERVAL, LOOP, NEVER, WEEK, Arrival, PlaceRow, StepRow
from factory_sim.simulation.rules import ARRIVAL, SHIFT_OPENS, event_priority
from factory_sim.simulation.trace import REFUSED

if TYPE_CHECKING:
    from factory_sim.simulation.engine import Engine
    from factory_sim.simulation.machine import Machine

Way = tuple["Place | None", ...]
"""The places of a product's way, and None for the sink."""


NO_DEFECTS: frozenset[int] = frozenset()


class Part:
    """A part on its way. Of two that come to a place at one instant, the one with the smaller number stands first."""

    __slots__ = (
        "born", "came", "defects", "due", "number", "parent", "places", "product", "state", "step", "way", "worked"
    )  # fmt: skip

    parent: Part  # that was divided; only of pieces

    def __init__(self, number: int, born: int, due: int, product: int, way: tuple[StepRow, ...], places: Way) -> None:
        self.number, self.born, self.due = number, born, due
        self.product, self.way, self.places = product, way, places
        self.step = 0  # of its way: the visit that is under way, or comes next
        self.came = born  # to the place where it waits
        self.worked = born  # end of its last work, where that is looked at
        self.state: list[float] | None = None  # physical: temperature and the like, once a station looks at it
        self.defects = NO_DEFECTS  # causes of what is wrong with it, whether somebody knows or not

    def __lt__(self, other: Part) -> bool:
        return self.number < other.number


Notice = Callable[["Part | None"], None]
"""What is called when a part has come to a place, or (None) when its supply may give parts again."""

Rank = Callable[[Part, "Machine"], tuple[int, ...]]
"""By what a rule ranks a part for a machine; of equal ones the one that came first is taken."""

NOTHING = Part(-1, -1, NEVER, -1, (), ())
NOTHING.step = -1


class Alarm(Event):
    """An event that always succeeds, without a value. It has one callback or none, and keeps it."""

    callbacks: list[Callable[[Event], None]]
    _ok = True
    _value = None

    def __init__(self, *callbacks: Callable[[Event], None]) -> None:
        self.callbacks = [*callbacks]


class Place:
    """What waits before a station: parts, machines that want to put and machines that want to take."""

    __slots__ = (
        "capacity", "depth", "direct", "getters", "index", "items", "preempts", "putters", "rank", "remind",
        "row", "supplies",
    )  # fmt: skip

    def __init__(self, index: int, row: PlaceRow, rank: Rank | None) -> None:
        self.index, self.row = index, row
        self.capacity, self.depth, self.direct = row.capacity, row.depth, row.direct
        self.rank = rank  # the part of the smallest rank is taken first; None: first come, first served
        self.remind: Notice | None = None  # to be called when a part comes, or may come
        self.preempts = False
        self.items: deque[Part] = deque()
        self.putters: list[Machine] = []
        self.getters: list[Machine] = []
        self.supplies: list[Source] = []

    def add(self, part: Part, now: int) -> None:
        """Put `part` last; parts of one instant stand in the order of their numbers."""
        part.came = now
        items, later = self.items, []
        while items and items[-1].came == now and items[-1].number > part.number:
            later.append(items.pop())
        items.append(part)
        if later:
            items.extend(reversed(later))
        if self.remind is not None:
            self.remind(part)

    def has_part(self, now: int) -> bool:
        """Tell whether a machine can take a part, or a load of them."""
        if self.supplies and self.next_source() is not None:
            return True
        return bool(self.items) and (self.row.most == 1 or bool(self._load(now, None)))

    def _load(self, now: int, machine: Machine | None) -> list[Part]:
        """Return the parts that go together next: enough of them, or with one that has waited long enough."""
        row = self.row
        loads: dict[int, list[Part]] = {}
        for part in self._ranked(machine):
            loads.setdefault(part.product if row.alike else 0, []).append(part)
        for load in loads.values():
            if len(load) >= row.least or self.supplies or now - min(part.came for part in load) >= row.wait:
                return load[: row.most]
        return []

    def _ranked(self, machine: Machine | None) -> Iterable[Part]:
        """Return the parts in the order in which the machine would take them."""
        rank = self.rank
        if rank is None or machine is None:
            return self.items
        return sorted(self.items, key=lambda part: rank(part, machine))

    def take_load(self, now: int, machine: Machine) -> list[Part]:
        """Return the next load; parts that are always there fill it up."""
        load = self._load(now, machine)
        for part in load:
            self.items.remove(part)
        while len(load) < self.row.most and (source := self.next_source()) is not None:
            if self.row.alike and load and load[0].product != source.first:
                break
            load.append(source.release())
        return load

    @property
    def at_station(self) -> int:
        """The station at which its parts are."""
        return self.index if self.row.station < 0 else self.row.station

    def has_room(self) -> bool:
        """Tell whether a part can be put in: on a free place, or to a getter that waits for it."""
        count = len(self.items)
        return count < self.capacity or (not count and any(not machine.stopped for machine in self.getters))

    def take(self, machine: Machine) -> Part:
        """Return the part that comes first for a machine, or a new one from the supply."""
        if self.items:
            return self.items.popleft() if self.rank is None else self._best(machine)
        source = self.next_source()
        assert source is not None
        return source.release()

    def _best(self, machine: Machine) -> Part:
        """Return the part that comes first by the rule; of equal ones the one that has waited longest."""
        rank = self.rank
        assert rank is not None
        best = min(self.items, key=lambda part: rank(part, machine))
        self.items.remove(best)
        return best

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
    """Where parts are born: on demand, at intervals, at given times, or when one of its parts has left the plant."""

    __slots__ = ("choose", "engine", "first", "index", "interval", "released", "row", "serial", "step")

    def __init__(self, engine: Engine, index: int) -> None:
        self.engine, self.index, self.row = engine, index, engine.plan.sources[index]
        self.serial = self.released = 0
        self.step, self.first = len(engine.plan.sources), self.row.products[0]
        self.interval: Callable[[], int] | None = None
        several = len(self.row.products) > 1
        self.choose = engine.uniforms(self.row.product_stream) if several else None
        if self.row.volume >= 0:
            engine.at(WEEK, event_priority(SHIFT_OPENS, len(engine.plan.calendars) + index), self.new_week)
        if self.row.kind == ALWAYS:
            self.place.supplies.append(self)
        elif self.row.kind == INTERVAL:
            self.interval = engine.sampler(self.row.interval, self.row.stream)
            engine.at(self.interval(), event_priority(ARRIVAL, index), self.arrive)
        elif self.row.kind == AT_TIMES:
            for arrival in self.row.at:
                engine.at(arrival.time, event_priority(ARRIVAL, index), partial(self.deliver, arrival))
        elif self.row.kind == LOOP:
            engine.at(0, event_priority(ARRIVAL, index), self.fill)

    @property
    def place(self) -> Place:
        """The first place of its only product, where parts wait or are taken on demand."""
        place = self.engine.ways[self.first][0]
        assert place is not None, "a way has a station"
        return place

    def may_release(self) -> bool:
        """Tell whether this week's volume leaves room for one more part."""
        return self.row.volume < 0 or self.released < self.row.volume

    def next_number(self) -> int:
        """Return the number of the part that is born next."""
        return self.serial * self.step + self.index

    def release(self, product: int | None = None, due: int = NEVER) -> Part:
        """Give birth to a part, of a product by the shares if none is given."""
        engine, serial = self.engine, self.serial
        if product is None:
            product = self.first if self.choose is None else self._by_share()
        row = engine.plan.products[product]
        if row.due_after != NEVER:
            due = engine._now + row.due_after
        self.serial, self.released = serial + 1, self.released + 1
        return Part(serial * self.step + self.index, engine._now, due, product, row.steps, engine.ways[product])

    def _by_share(self) -> int:
        """Draw a product."""
        assert self.choose is not None
        return self.row.products[bisect_right(self.row.shares, self.choose())]

    def gone(self, scrapped: bool) -> None:
        """One of its parts has left: a loop starts another one, a weekly volume counts scrap not."""
        if self.row.kind == LOOP:
            self.enter(self.release())
        elif scrapped and self.row.volume >= 0:
            self.released -= 1
            self.offer()

    def offer(self) -> None:
        """The week's volume leaves room for more parts."""
        place = self.place
        if place.remind is not None:
            place.remind(None)
        self.engine.examine(place)

    def new_week(self, _: Event) -> None:
        """Start the count of a new calendar week."""
        self.released = 0
        engine = self.engine
        priority = event_priority(SHIFT_OPENS, len(engine.plan.calendars) + self.index)
        engine.at(engine._now + WEEK, priority, self.new_week)
        self.offer()

    def arrive(self, _: Event) -> None:
        """A lot arrives at its interval; above the week's volume there is none."""
        assert self.interval is not None
        engine = self.engine
        for _part in range(self.row.lot):
            if self.may_release():
                self.enter(self.release())
        engine.at(engine._now + self.interval(), event_priority(ARRIVAL, self.index), self.arrive)

    def deliver(self, arrival: Arrival, _: Event) -> None:
        """An order arrives at its time."""
        for _part in range(arrival.quantity):
            if self.may_release():
                self.enter(self.release(arrival.product, arrival.due))

    def fill(self, _: Event) -> None:
        """All parts of a closed loop arrive at the beginning."""
        for _part in range(self.row.inside):
            self.enter(self.release())

    def enter(self, part: Part) -> None:
        """A part comes to its first place by itself; without room there it is refused."""
        engine = self.engine
        place = part.places[0]
        assert place is not None, "a way has a station"
        if place.has_room():
            place.add(part, engine._now)
            engine.examine(place)
        else:
            self.released -= 1
            engine.end_part(part, REFUSED, place.index)


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
