"""A machine: its part, its stopwatch, and the stops that hold it."""

from __future__ import annotations

import math
from array import array
from collections.abc import Callable
from heapq import heappush
from typing import TYPE_CHECKING, Any

from simpy import Event

from factory_sim.simulation import dynamics, trace
from factory_sim.simulation.places import NOTHING, Alarm, Part, Place, Request
from factory_sim.simulation.plan import (
    AFTER_CYCLE,
    AFTER_WORK,
    ALWAYS_DUE,
    CHOOSE,
    DIVERT,
    NEVER,
    ON_CALENDAR,
    ON_CHANGE,
    ON_OPEN,
    ON_WORKING,
    RESET,
    WHEN_IDLE,
    MachineRow,
)
from factory_sim.simulation.rules import STOP_DUE, WORK_ENDS, event_priority
from factory_sim.simulation.trace import VISIT

if TYPE_CHECKING:
    from factory_sim.simulation.campaign import Campaign
    from factory_sim.simulation.engine import Engine

FAR = 1 << 61  # a working time that no machine reaches


class Stop:
    """One way in which a machine stands still: a failure mode, a planned stop, or the loss after each cycle."""

    __slots__ = (
        "active", "alarm", "asked", "begin", "due", "duration", "engine", "got", "index", "left", "machine", "row",
        "running", "started", "until_next",
    )  # fmt: skip

    def __init__(self, engine: Engine, index: int, machine: Machine) -> None:
        self.engine, self.index, self.machine, self.row = engine, index, machine, engine.plan.stops[index]
        if self.row.duration >= 0:
            self.duration = engine.sampler(self.row.duration, self.row.duration_stream)
        if self.row.between >= 0:
            self.until_next = engine.sampler(self.row.between, self.row.between_stream)
        self.active = self.running = False
        self.begin = self.asked = self.got = self.left = self.started = 0
        self.due = FAR  # working time of the machine at which it strikes; FAR on other clocks
        self.alarm = Alarm()

    def wind_up(self, now: int) -> None:
        """Set the clock for the next time."""
        row, machine = self.row, self.machine
        if row.clock == ON_WORKING:
            self.due = machine.worked + self.until_next()
            machine.strikes_at = min(stop.due for stop in machine.failures)
        elif row.clock == ON_CALENDAR:
            self.engine.at(now + self.until_next(), event_priority(STOP_DUE, self.index), self.strike)
        elif row.clock == ON_OPEN:
            self.engine.at(self.engine.next_open(self), event_priority(STOP_DUE, self.index), self.fall_due)
        elif row.clock == ALWAYS_DUE:
            machine.when_idle.append(self)

    def fall_due(self, _: Event) -> None:
        """A planned stop is due: now, when no work is under way, or when no part is there."""
        self.wind_up(self.engine._now)
        machine = self.machine
        if self.active or self in machine.pending or self in machine.when_idle:
            return  # the previous one is not over: this one is left out
        if self.row.when == WHEN_IDLE:
            machine.when_idle.append(self)
            self.engine.idle.append(machine)
        elif self.row.when == AFTER_CYCLE and machine.at_work:
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

    def begin_open_end(self) -> None:
        """Hold the machine until `end` is called."""
        self.active, self.begin = True, self.engine._now
        self.machine.hold()

    def ready(self) -> bool:
        """Tell whether a stop that waits for an idle machine may begin; a campaign may not always."""
        return True

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
        engine.recorder.stops.extend(trace.STOP(machine.index, self.row.state, self.index, self.begin, now))
        if self.row.crew:
            engine.release(self.row.crew, machine.index, trace.ACTIVITY_REPAIR, self.asked, self.got)
        if self.row.clock != ON_OPEN:
            self.wind_up(now)
        machine.let_go()

    def close_books(self) -> None:
        """Write the rows of a stop that is not over at the end."""
        recorder, machine = self.engine.recorder, self.machine.index
        if self.active:
            recorder.stops.extend(trace.STOP(machine, self.row.state, self.index, self.begin, self.engine._now))
            for resource in self.row.crew if self.running else ():
                row = resource, machine, trace.ACTIVITY_REPAIR, self.asked, self.got, NEVER
                recorder.grants.extend(trace.GRANT(*row))


class Machine:
    """One unit of a station: its part, its stopwatch and the stops that hold it."""

    __slots__ = (
        "again", "alarm", "asked", "at_work", "began", "calendar_closes", "changes", "closed_since", "cycles", "due",
        "ended", "engine", "failing", "failures", "got", "granted_at", "held_since", "holds", "inbox", "index",
        "last_end", "loss", "lost", "made", "off_shift", "outcome", "p", "part", "pending", "program", "quality",
        "remaining", "request", "reset", "resets", "rest", "row", "setup", "stopped", "stops", "strikes_at", "total",
        "waits_at", "when_idle", "work", "worked", "write", "x", "x_began",
    )  # fmt: skip

    def __init__(self, engine: Engine, index: int) -> None:
        row: MachineRow = engine.plan.machines[index]
        self.engine, self.index, self.row = engine, index, row
        self.program = engine.plan.programs[row.program]
        self.inbox = engine.places[row.station]
        self.work = engine.sampler(row.cycle, row.work_stream, row.slowness)
        self.quality = engine.uniforms(row.quality_stream)
        self.cycles = self._cycles() if CHOOSE in self.program else {}
        self.again = engine.uniforms(row.rework_stream) if DIVERT in self.program else None
        self.made = -1  # product that it made last; none at the beginning
        self.changes = [
            [engine.sampler(entry, row.change_streams[last][coming]) if entry >= 0 else None
             for coming, entry in enumerate(entries)]
            for last, entries in enumerate(row.changes)
        ]  # fmt: skip
        self.resets = engine.uniforms(row.setup_stream ^ 1 << 63) if RESET in self.program else None
        self.reset = engine.sampler(row.reset, row.setup_stream ^ 1 << 62) if row.reset >= 0 else None
        self.write = engine.recorder.visits.extend
        self.part = NOTHING
        self.rest: list[Part] = []  # of the load that it works on, after `part`
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
        self.p, self.x = list(row.parameters), dynamics.initial(row.dynamics, row.parameters)
        self.x_began = 0.0
        if self.x:
            engine.recorder.states[index] = array("d")
        self.stops = [Stop(engine, stop, self) for stop in row.stops]
        self.failures = [stop for stop in self.stops if stop.row.clock == ON_WORKING]
        self.setup = next((stop for stop in self.stops if stop.row.clock == ON_CHANGE), None)
        self.loss = next((stop for stop in self.stops if stop.row.clock == AFTER_WORK), None)
        self.pending: list[Stop] = []  # due, and waiting for the end of the cycle
        self.when_idle: list[Stop | Campaign] = []  # due, and waiting for a moment without a part

    def _cycles(self) -> dict[tuple[int, int], Callable[[], int]]:
        """Return the samplers of its cycle by (product, step); visits without a cycle of their own share `work`."""
        engine, row = self.engine, self.row
        return {
            (product, step): self.work
            if visit.cycle < 0
            else engine.sampler(visit.cycle, visit.stream ^ row.work_stream, row.slowness)
            for product, (way, *_) in enumerate(engine.plan.products)
            for step, visit in enumerate(way)
            if visit.place == row.station
        }

    # -- the stopwatch -------------------------------------------------------------------------------------------

    def run(self, duration: int) -> Alarm:
        """Return the event of having *run* for `duration`, however often the machine is held meanwhile."""
        self.at_work = True
        if self.stopped:
            self.remaining, self.held_since = duration, self.engine._now
        else:
            self._wind(duration)
        return self.alarm

    def _wind(self, duration: int) -> None:
        """Put the end of the work on the heap, and the failure that comes before it."""
        engine = self.engine
        self.due = due = engine._now + duration
        entry: Any = (due, self.index, next(engine._eid), self.alarm)  # class WORK_ENDS is 0
        heappush(engine._queue, entry)
        self.worked += duration
        if self.worked >= self.strikes_at and self.failing is None:
            stop = self.failing = min(self.failures, key=lambda stop: (stop.due, stop.index))
            stop.alarm = engine.at(due + stop.due - self.worked, event_priority(STOP_DUE, stop.index), stop.strike)

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
        due, self.alarm = self.alarm, Alarm(*self.alarm.callbacks)
        due.callbacks = []

    def let_go(self) -> None:
        """Undo one `hold`; the last one starts the watch again and makes waiting requests eligible."""
        self.stopped -= 1
        if self.stopped:
            return
        engine = self.engine
        if self.at_work:
            self.lost += engine._now - self.held_since
            self._wind(self.remaining)
        elif self.waits_at is not None:
            if self.pending or self.calendar_closes:
                if self.part is NOTHING:
                    self.begin_pending()
                    if self.stopped:
                        return
                else:
                    engine.boundary.append(self)
            if self.when_idle:
                engine.idle.append(self)
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
        engine.recorder.stops.extend(trace.STOP(self.index, trace.OFF_SHIFT, -1, self.closed_since, now))
        self.off_shift = False
        if self.x and not self.at_work:
            dynamics.opened(self, now)
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

    def waits(self, place: Place) -> bool:
        """Tell whether a request at `place` is still open."""
        return self.waits_at is place

    @property
    def idle(self) -> bool:
        """Whether it waits for a part and could take one."""
        return self.waits_at is self.inbox and self.part is NOTHING and not self.stopped

    def time_to_change(self, product: int) -> int:
        """Return the mean setup from what it made last to `product`. [ticks]"""
        return self.row.change_means[self.made][product] if self.row.changes and self.made >= 0 else 0

    def new_request(self) -> Request:
        """Return its request for the resources that it needs."""
        order = (0, self.engine._now, self.index)
        self.request = Request(self.row.needs, order, self.seized, lambda: not self.stopped)
        return self.request

    def release_resources(self) -> None:
        """Give back what it holds."""
        self.holds = False
        self.engine.release(self.row.needs, self.index, trace.ACTIVITY_WORK, self.got, self.granted_at)

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

    def write_state(self, began: float, ended: float) -> None:
        """Write the physical state at begin and end of the part that is done."""
        self.engine.recorder.states[self.index].extend((began, ended))

    @property
    def next_step(self) -> int:
        """Step of its way to which the part goes on when the visit is over."""
        part = self.part
        return part.step + 1 if self.outcome != trace.REWORKED else part.way[part.step].back

    def write_visit(self, outcome: int) -> None:
        """Write the row of the visit that ends now and forget the part."""
        ended, part = self.ended, self.part
        began = self.began
        self.write(VISIT(
            self.index, part.number, self.asked, self.got, began, ended, self.engine._now,
            ended - began - self.lost, outcome, part.product, part.step,
        ))  # fmt: skip
        self.part = NOTHING if not self.rest else self.rest.pop(0)

    def close_books(self) -> None:
        """Write the rows of the visit, the stops and the resources that are under way at the end."""
        recorder, now = self.engine.recorder, self.engine._now
        got, began, ended = self.progress()
        for part in (self.part, *self.rest):
            row = self.index, part.number, self.asked, got, began, ended, NEVER, NEVER, trace.UNFINISHED
            self.write(VISIT(*row, part.product, part.step))
        if self.x and ended == NEVER:
            self.write_state(self.x_began if began < NEVER else math.nan, math.nan)
        if self.off_shift:
            recorder.stops.extend(trace.STOP(self.index, trace.OFF_SHIFT, -1, self.closed_since, now))
        for stop in self.stops:
            stop.close_books()
        for resource in self.row.needs if self.holds else ():
            row_of_use = resource, self.index, trace.ACTIVITY_WORK, self.got, self.granted_at, NEVER
            recorder.grants.extend(trace.GRANT(*row_of_use))
