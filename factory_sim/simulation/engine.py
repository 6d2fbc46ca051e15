"""The SimPy engine: a plan of numbers in, a trace of numbers out.

SimPy gives the clock, the event heap and the processes. Which request is granted next is decided here by the rules of
`rules.py` and never by an accident of a queue: none of SimPy's stores and resources is used.
"""

from __future__ import annotations

import math
from array import array
from collections import deque
from collections.abc import Callable, Iterator
from heapq import heappop, heappush
from typing import Any

from simpy import Environment, Event

from factory_sim.simulation import dynamics, trace
from factory_sim.simulation.plan import ALWAYS, AT_TIMES, INTERVAL, WEEK, MachineRow, Plan, StopRow
from factory_sim.simulation.rules import (
    ARRIVAL,
    SHIFT_CLOSES,
    SHIFT_OPENS,
    STOP_DUE,
    WORK_ENDS,
    event_priority,
)
from factory_sim.simulation.streams import sampler, uniforms
from factory_sim.simulation.trace import NEVER, Recorder, Trace

Part = tuple[int, int]  # number, born [ticks]; the source is number % sources
NOTHING: Part = (-1, -1)
FAR = 1 << 61  # a working time that no machine reaches


class Alarm(Event):
    """An event that has only callbacks: it always succeeds, without a value."""

    _ok = True
    _value = None

    def __init__(self, *callbacks: Callable[[Event], None]) -> None:
        self.callbacks = list(callbacks)


class Place:
    """What waits before a station: parts, machines that want to put and machines that want to take."""

    __slots__ = ("capacity", "depth", "direct", "getters", "index", "items", "putters", "same", "stamp", "supply")

    def __init__(self, index: int, capacity: int, depth: int, direct: bool) -> None:
        self.index, self.capacity, self.depth, self.direct = index, capacity, depth, direct
        self.items: deque[Part] = deque()
        self.putters: list[Machine] = []
        self.getters: list[Machine] = []
        self.supply: Source | None = None
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
        return bool(self.items) or (self.supply is not None and self.supply.may_release())

    def take(self) -> Part:
        """Return the part that comes first, or a new one from the supply."""
        if self.items:
            return self.items.popleft()
        assert self.supply is not None
        return self.supply.release()

    def ready_getter(self) -> Machine | None:
        """Return the eligible getter that asked first."""
        ready = [machine for machine in self.getters if not machine.stopped]
        return min(ready, key=_asked) if ready else None

    def ready_putter(self) -> Machine | None:
        """Return the eligible putter that asked first, if its part can be accepted now."""
        if not self.putters:
            return None
        if len(self.items) >= self.capacity and (
            self.items or not any(not machine.stopped for machine in self.getters)
        ):
            return None
        ready = [machine for machine in self.putters if not machine.stopped]
        return min(ready, key=_ended) if ready else None


def _asked(machine: Machine) -> tuple[int, int]:
    return machine.asked, machine.index


def _ended(machine: Machine) -> tuple[int, int]:
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
            self.place.supply = self
        elif self.row.kind == INTERVAL:
            self.interval = engine.sampler(self.row.interval, self.row.stream)
            engine.at(self.interval(), event_priority(ARRIVAL, index), self.arrive)
        elif self.row.kind == AT_TIMES:
            for time in self.row.at:
                engine.at(time, event_priority(ARRIVAL, index), self.arrive)

    def may_release(self) -> bool:
        """Tell whether this week's volume leaves room for one more part."""
        return self.row.volume < 0 or self.released < self.row.volume

    def release(self) -> Part:
        """Give birth to a part."""
        self.released += 1
        number = self.serial * len(self.engine.plan.sources) + self.index
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
        engine.at(engine._now + WEEK, event_priority(SHIFT_OPENS, len(engine.plan.calendars) + self.index), self.new_week)
        engine.examine(self.place)

    def arrive(self, _: Event) -> None:
        """A part arrives; above the week's volume it is turned away."""
        engine = self.engine
        if self.may_release():
            self.place.add(self.release(), engine._now)
            engine.examine(self.place)
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


class Stop:
    """One way in which a machine stands still: a failure mode, a planned stop, or the loss after each cycle."""

    __slots__ = (
        "active", "alarm", "asked", "begin", "due", "duration", "engine", "got", "index", "left", "machine", "row",
        "running", "started", "until_next",
    )  # fmt: skip

    def __init__(self, engine: Engine, index: int, machine: Machine) -> None:
        self.engine, self.index, self.machine, self.row = engine, index, machine, engine.plan.stops[index]
        self.duration = engine.sampler(self.row.duration, self.row.duration_stream)
        self.until_next = engine.sampler(self.row.between, self.row.between_stream)
        self.active = self.running = False
        self.begin = self.asked = self.got = self.left = self.started = 0
        self.due = FAR  # working time of the machine at which it strikes; FAR on other clocks
        self.alarm = Alarm()

    def wind_up(self, now: int) -> None:
        """Set the clock for the next time."""
        row, machine = self.row, self.machine
        if row.clock == StopRow.WORKING:
            self.due = machine.worked + self.until_next()
            machine.strikes_at = min(stop.due for stop in machine.failures)
        elif row.clock == StopRow.CALENDAR:
            self.engine.at(now + self.until_next(), event_priority(STOP_DUE, self.index), self.strike)
        elif row.clock == StopRow.OPEN:
            self.engine.at(self.engine.next_open(self), event_priority(STOP_DUE, self.index), self.fall_due)

    def fall_due(self, _: Event) -> None:
        """A planned stop is due: now, or when no work is under way."""
        self.wind_up(self.engine._now)
        machine = self.machine
        if self.active or self in machine.pending:
            return  # the previous one is not over: this one is left out
        if self.row.after_cycle and machine.at_work:
            machine.pending.append(self)
        else:
            self.strike()

    def strike(self, _: Event | None = None) -> None:
        """Begin, for as long as drawn."""
        self.hold_for(self.duration())

    def hold_for(self, duration: int) -> None:
        """Hold the machine; call the crew, or start to count down."""
        engine, machine = self.engine, self.machine
        self.active, self.begin, self.left = True, engine._now, duration
        machine.hold()
        if self.row.crew:
            order = (self.row.priority, engine._now, len(engine.machines) + self.index)
            self.asked = engine._now
            engine.request(Request(self.row.crew, order, self.start, lambda: not machine.off_shift))
        else:
            self.start()

    def start(self) -> None:
        """The crew is there."""
        self.got, self.running = self.engine._now, True
        if not self.machine.off_shift:
            self.go_on()

    def go_on(self) -> None:
        """Let the stop make progress."""
        if self.running:
            self.started = self.engine._now
            priority = event_priority(WORK_ENDS, len(self.engine.machines) + self.index)
            self.alarm = self.engine.at(self.started + self.left, priority, self.end)

    def pause(self) -> None:
        """No progress while the machine is off shift."""
        if self.running:
            self.left -= self.engine._now - self.started
            self.alarm.callbacks = []

    def end(self, _: Event | None = None) -> None:
        """Let the machine go and write the row."""
        engine, machine, now = self.engine, self.machine, self.engine._now
        self.active = self.running = False
        engine.recorder.stops.extend((machine.index, self.row.state, self.index, self.begin, now))
        if self.row.crew:
            engine.release(self.row.crew, machine.index, trace.ACTIVITY_REPAIR, self.asked, self.got)
        if self.row.clock != StopRow.OPEN:
            self.wind_up(now)
        machine.let_go()


class Machine:
    """One unit of a station: its part, its stopwatch and the stops that hold it."""

    __slots__ = (
        "alarm", "asked", "at_work", "began", "calendar_closes", "closed_since", "due", "ended",
        "engine", "failing", "failures", "got", "granted_at", "held_since", "holds", "inbox", "index", "last_end", "lost",
        "loss", "off_shift", "out", "outs", "outcome", "part", "pending", "program", "quality", "remaining", "request",
        "row", "stopped", "stops", "strikes_at", "total", "waits_at", "work", "worked", "x", "x_began",
    )  # fmt: skip

    def __init__(self, engine: Engine, index: int) -> None:
        row: MachineRow = engine.plan.machines[index]
        self.engine, self.index, self.row = engine, index, row
        self.program = engine.plan.programs[row.program]
        self.inbox = engine.places[row.inbox]
        self.outs = engine.plan.outs[row.station]
        self.out = engine.outlet(self.outs[0]) if len(set(self.outs)) == 1 else None
        self.work, self.quality = engine.sampler(row.cycle, row.work_stream), engine.uniforms(row.quality_stream)
        self.part = NOTHING
        self.asked = self.got = self.began = self.ended = NEVER
        self.outcome = trace.UNFINISHED
        self.alarm = Alarm()
        self.waits_at: Place | None = None
        self.request: Request | None = None
        self.granted_at = self.stopped = self.worked = self.lost = self.due = self.held_since = 0
        self.remaining = self.total = self.last_end = self.closed_since = 0
        self.at_work = self.off_shift = self.calendar_closes = self.holds = False
        self.strikes_at = FAR  # working time of the next failure
        self.failing: Stop | None = None  # the failure that strikes before the work under way ends
        self.x = dynamics.initial(row.dynamics, row.parameters)
        self.x_began = 0.0
        if self.x:
            engine.recorder.states[index] = array("d")
        self.stops = [Stop(engine, stop, self) for stop in row.stops]
        self.failures = [stop for stop in self.stops if stop.row.clock == StopRow.WORKING]
        self.loss = next((stop for stop in self.stops if stop.row.clock == StopRow.AFTER_WORK), None)
        self.pending: list[Stop] = []

    # -- the stopwatch -------------------------------------------------------------------------------------------

    def run(self, duration: int) -> Alarm:
        """Return the event of having *run* for `duration`, however often the machine is held meanwhile."""
        self.at_work = True
        self.remaining = duration
        alarm = self.alarm = Alarm()
        if self.stopped:
            self.held_since = self.engine._now
        else:
            self._wind()
        return alarm

    def _wind(self) -> None:
        """Put the end of the work on the heap, and the failure that comes before it."""
        engine = self.engine
        now = engine._now
        self.due = due = now + self.remaining
        heappush(engine._queue, (due, self.index, next(engine._eid), self.alarm))  # class WORK_ENDS is 0
        self.worked += self.remaining
        if self.worked >= self.strikes_at and self.failing is None:
            stop = self.failing = min(self.failures, key=lambda stop: (stop.due, stop.index))
            time = now + stop.due - (self.worked - self.remaining)
            stop.alarm = engine.at(time, event_priority(STOP_DUE, stop.index), stop.strike)

    def hold(self) -> None:
        """Stop the watch; the heap entries of the work and of a failure before its end are emptied."""
        self.stopped += 1
        if self.failing is not None:
            self.failing.alarm.callbacks = []
            self.failing = None
        if self.stopped > 1 or not self.at_work:
            return
        now = self.engine._now
        self.remaining = self.due - now
        self.worked -= self.remaining
        self.held_since = now
        alarm = Alarm()
        alarm.callbacks, self.alarm.callbacks = self.alarm.callbacks, []
        self.alarm = alarm

    def let_go(self) -> None:
        """Undo one `hold`; the last one starts the watch again and makes waiting requests eligible."""
        self.stopped -= 1
        if self.stopped:
            return
        engine = self.engine
        if self.at_work:
            self.lost += engine._now - self.held_since
            self._wind()
        elif self.waits_at is not None:
            engine.examine(self.waits_at)
        elif self.request is not None:
            engine.seizes_changed = True

    # -- shifts and planned stops --------------------------------------------------------------------------------

    def close(self) -> None:
        """The shift ends: now, or with policy `finish` when no work is under way."""
        if self.row.finish and self.at_work:
            self.calendar_closes = True
        else:
            self.go_off_shift()

    def go_off_shift(self) -> None:
        """Stand still until the shift opens; repairs pause."""
        self.calendar_closes, self.off_shift, self.closed_since = False, True, self.engine._now
        for stop in self.stops:
            stop.pause()
        self.hold()

    def open(self) -> None:
        """The shift begins."""
        self.calendar_closes = False
        if not self.off_shift:
            return
        engine, now = self.engine, self.engine._now
        engine.recorder.stops.extend((self.index, trace.OFF_SHIFT, -1, self.closed_since, now))
        self.off_shift = False
        if self.x and not self.at_work:
            self.last_end = dynamics.opened(self, now)
        for stop in self.stops:
            if stop.active:
                stop.go_on()
        engine.seizes_changed = True
        self.let_go()

    def begin_pending(self) -> None:
        """No work is under way: begin the stops that waited for this."""
        if self.calendar_closes:
            self.go_off_shift()
        pending, self.pending = self.pending, []
        for stop in pending:
            stop.strike()

    def progress(self) -> tuple[int, int, int]:
        """Return got, began and ended of the visit under way, NEVER for what has not happened. [ticks]"""
        if self.part is NOTHING:
            return NEVER, NEVER, NEVER
        if self.request is not None:
            return self.got, NEVER, NEVER
        return self.got, self.began, NEVER if self.at_work else self.ended

    def seized(self) -> None:
        """The resources asked for are there."""
        self.request, self.granted_at, self.holds = None, self.engine._now, True
        self.engine.ready.append(self)

    # -- the row -------------------------------------------------------------------------------------------------

    def write_visit(self, outcome: int) -> None:
        """Write the row of the visit that ends now and forget the part."""
        ended = self.ended
        self.engine.recorder.visits.extend((
            self.index, self.part[0], self.asked, self.got, self.began, ended, self.engine._now,
            ended - self.began - self.lost, outcome,
        ))  # fmt: skip
        self.part = NOTHING


class Engine(Environment):
    """One replication of a plan."""

    def __init__(self, plan: Plan, seed: int, replication: int) -> None:
        super().__init__(0)
        self.plan, self.seed, self.replication = plan, seed, replication
        self.recorder = Recorder()
        self.ready: deque[Machine] = deque()
        self.changed: set[Place] = set()
        self.seizes_changed = False
        self.requests: list[Request] = []
        self.free_units = list(plan.resource_units)
        self.boundary: list[Machine] = []  # blocked, with stops that waited for the end of the cycle
        self.places = [Place(i, row.capacity, row.depth, row.direct) for i, row in enumerate(plan.places)]
        self.machines = [Machine(self, index) for index in range(len(plan.machines))]
        self.calendars = [
            [machine for machine in self.machines if machine.row.calendar == index]
            for index in range(len(plan.calendars))
        ]
        self.open_until = [self._calendar(index) for index in range(len(plan.calendars))]
        self.sources = [Source(self, index) for index in range(len(plan.sources))]
        for place, row in zip(self.places, plan.places, strict=True):
            for _ in range(row.initial):
                place.add(self.sources[row.initial_source].release(), 0)
        for machine in self.machines:
            for stop in machine.stops:
                stop.wind_up(0)

    # -- helpers of the constructor --------------------------------------------------------------------------------

    def sampler(self, row: int, stream: int) -> Callable[[], int]:
        """Return the sampler of a distribution of the plan on a stream."""
        return sampler(self.plan.distributions[row], self.seed, self.replication, stream)

    def uniforms(self, stream: int) -> Callable[[], float]:
        """Return uniform variates of a stream."""
        return uniforms(self.seed, self.replication, stream)

    def outlet(self, out: int) -> Place | None:
        """Return the place with index `out`, or None for a sink."""
        return self.places[out] if out >= 0 else None

    def _calendar(self, index: int) -> Iterator[tuple[int, int]]:
        """Start a calendar: its machines are off shift until it first opens."""
        spans = self.plan.open_spans(index)
        opens, closes = next(spans)
        if opens > 0:
            for machine in self.calendars[index]:
                machine.go_off_shift()
            self.at(opens, event_priority(SHIFT_OPENS, index), lambda _: self._open(index))
        if closes < NEVER:
            self.at(closes, event_priority(SHIFT_CLOSES, index), lambda _: self._close(index))
        return spans

    def _open(self, index: int) -> None:
        for machine in self.calendars[index]:
            machine.open()

    def _close(self, index: int) -> None:
        for machine in self.calendars[index]:
            machine.close()
        opens, closes = next(self.open_until[index])
        self.at(opens, event_priority(SHIFT_OPENS, index), lambda _: self._open(index))
        self.at(closes, event_priority(SHIFT_CLOSES, index), lambda _: self._close(index))

    def next_open(self, stop: Stop) -> int:
        """Return when `stop`, counted in open time of its calendar, is due next. [ticks]"""
        stop.due = stop.row.first if stop.due == FAR else stop.due + stop.until_next()
        return self.plan.time_of_open(stop.machine.row.calendar, stop.due)

    # -- the loop ------------------------------------------------------------------------------------------------

    def at(self, time: int, priority: int, callback: Callable[[Event], Any]) -> Alarm:
        """Call `callback` at `time`; return the alarm, to be emptied if plans change."""
        alarm = Alarm(callback)
        heappush(self._queue, (time, priority, next(self._eid), alarm))
        return alarm

    def run_to(self, horizon: int) -> None:
        """Run all events before `horizon`: timed events of an instant, then its grants one by one."""
        queue, ready = self._queue, self.ready
        while queue and queue[0][0] < horizon:
            self._now, _, _, alarm = heappop(queue)
            callbacks, alarm.callbacks = alarm.callbacks, None  # type: ignore[assignment]
            for callback in callbacks:
                callback(alarm)
            while True:
                if ready:
                    alarm = ready.popleft().alarm
                elif queue and queue[0][0] == self._now:
                    alarm = heappop(queue)[3]
                elif (self.changed or self.boundary or self.seizes_changed) and self._grant():
                    continue
                else:
                    break
                callbacks, alarm.callbacks = alarm.callbacks, None  # type: ignore[assignment]
                for callback in callbacks:
                    callback(alarm)
        self._now = horizon

    def wait(self, machine: Machine) -> Alarm:
        """Return the event for which the process of `machine` waits until it is granted."""
        alarm = machine.alarm = Alarm()
        return alarm

    def examine(self, place: Place) -> None:
        """Something changed at `place`: a direct one settles at once, a contested one waits for the grants."""
        if place.direct:
            self._settle(place)
        else:
            self.changed.add(place)

    def _settle(self, place: Place) -> None:
        """Move parts through a direct place as far as they go."""
        while True:
            if (putter := place.ready_putter()) is not None:
                self._accept(place, putter)
            elif place.getters and not place.getters[0].stopped and place.has_part():
                self._hand_over(place, place.getters[0])
            else:
                return

    def _accept(self, place: Place, machine: Machine) -> None:
        """Grant a put."""
        place.putters.remove(machine)
        place.add(machine.part, self._now)
        machine.waits_at = None
        machine.write_visit(machine.outcome)
        self.ready.append(machine)

    def _hand_over(self, place: Place, machine: Machine) -> None:
        """Grant a get."""
        place.getters.remove(machine)
        machine.part, machine.got, machine.waits_at = place.take(), self._now, None
        self.ready.append(machine)

    def _grant(self) -> bool:
        """Grant the one request that comes first by the rules; False if nothing can be granted."""
        best_put: tuple[int, int, int] | None = None
        best_get: tuple[int, int] | None = None
        chosen_put: Place | None = None
        chosen_get: Place | None = None
        for place in list(self.changed):
            putter = place.ready_putter()
            getter = place.ready_getter() if place.has_part() else None
            if putter is not None:
                order = (-place.depth, putter.ended, putter.index)
                if best_put is None or order < best_put:
                    best_put, chosen_put = order, place
            elif getter is None:
                self.changed.discard(place)
            if getter is not None and (best_get is None or _asked(getter) < best_get):
                best_get, chosen_get = _asked(getter), place
        if chosen_put is not None and best_put is not None:
            self._accept(chosen_put, self.machines[best_put[2]])
            return True
        if self.boundary:
            machine = min(self.boundary, key=lambda machine: machine.index)
            self.boundary.remove(machine)
            if not machine.at_work:
                machine.begin_pending()
            return True
        if chosen_get is not None and best_get is not None:
            self._hand_over(chosen_get, self.machines[best_get[1]])
            return True
        return self._grant_seize()

    # -- resources -----------------------------------------------------------------------------------------------

    def request(self, request: Request) -> None:
        """Ask for a set of resources."""
        self.requests.append(request)
        self.seizes_changed = True

    def _grant_seize(self) -> bool:
        """Grant the first request that can be met."""
        for request in sorted(self.requests, key=lambda r: (r.priority, r.asked, r.index)):
            if request.eligible() and all(self.free_units[resource] > 0 for resource in request.needs):
                self.requests.remove(request)
                for resource in request.needs:
                    self.free_units[resource] -= 1
                request.granted()
                return True
        self.seizes_changed = False
        return False

    def release(self, needs: tuple[int, ...], machine: int, activity: int, asked: int, got: int) -> None:
        """Give resources back and write their rows."""
        for resource in needs:
            self.free_units[resource] += 1
            self.recorder.grants.extend((resource, machine, activity, asked, got, self._now))
        self.seizes_changed = True

    # -- the end ---------------------------------------------------------------------------------------------------

    def end_part(self, part: Part, fate: int, station: int) -> None:
        """Write the row of a part that leaves the plant."""
        number, born = part
        source = number % len(self.sources)
        self.recorder.parts.extend((number, source, born, self._now, fate, station))
        if fate == trace.REJECTED:
            self.sources[source].replace()

    def close_books(self) -> Trace:
        """Write the rows of everything that is under way at the end, and return the trace."""
        recorder, now = self.recorder, self._now
        inside = [(part, place.index) for place in self.places for part in place.items]
        for machine in self.machines:
            inside += [(machine.part, machine.row.station)] if machine.part is not NOTHING else []
            got, began, ended = machine.progress()
            recorder.visits.extend(
                (machine.index, machine.part[0], machine.asked, got, began, ended, NEVER, NEVER, trace.UNFINISHED)
            )
            if machine.x:
                recorder.states[machine.index].extend((machine.x_began if began < NEVER else math.nan, math.nan))
            if machine.off_shift:
                recorder.stops.extend((machine.index, trace.OFF_SHIFT, -1, machine.closed_since, now))
            for stop in machine.stops:
                if stop.active:
                    recorder.stops.extend((machine.index, stop.row.state, stop.index, stop.begin, now))
                    if stop.running:
                        for resource in stop.row.crew:
                            recorder.grants.extend((resource, machine.index, 1, stop.asked, stop.got, NEVER))
            if machine.holds:
                for resource in machine.row.needs:
                    recorder.grants.extend((resource, machine.index, 0, machine.got, machine.granted_at, NEVER))
        for (number, born), station in inside:
            recorder.parts.extend((number, number % len(self.sources), born, NEVER, trace.INSIDE, station))
        return recorder.trace(now)
