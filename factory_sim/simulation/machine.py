"""A machine: its part, its stopwatch, and the stops that hold it."""

from __future__ import annotations

from array import array
from collections.abc import Callable
from heapq import heappush
from typing import TYPE_CHECKING, Any

from factory_sim.simulation import dynamics, trace
from factory_sim.simulation.places import NOTHING, Alarm, Part, Place, Request
from factory_sim.simulation.plan import (
    AFTER_WORK,
    CHOOSE,
    DIVERT,
    NEED_IN_TIME,
    NEVER,
    ON_AMOUNT,
    ON_CHANGE,
    ON_WORKING,
    RESET,
    MachineRow,
)
from factory_sim.simulation.rules import STOP_DUE, event_priority
from factory_sim.simulation.stops import FAR, Stop
from factory_sim.simulation.trace import VISIT
from factory_sim.simulation.upkeep import Upkeep

if TYPE_CHECKING:
    from factory_sim.simulation.campaign import Campaign
    from factory_sim.simulation.engine import Engine


class Machine:
    """One unit of a station: its part, its stopwatch and the stops that hold it."""

    __slots__ = (
        "again", "alarm", "asked", "at_work", "began", "calendar_closes", "chances", "changes", "closed_since",
        "counting", "cycles", "due", "ended", "engine", "failing", "failures", "got", "granted_at", "held_since",
        "holds", "inbox", "index", "loss", "lost", "made", "off_shift", "outcome", "owners", "part", "passes_left",
        "pending", "program", "quality", "reads_parts", "refusal", "remaining", "request", "reset", "resets", "rest",
        "row", "run_in", "setup", "stopped", "stops", "strikes_at", "total", "waits_at", "when_idle", "work",
        "worked", "write", "x_began",
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
        self.remaining = self.total = self.closed_since = 0
        self.passes_left = 0  # of the cycle under way, if it has several
        self.refusal = 0  # of the part under way, by a physical state
        self.at_work = self.off_shift = self.calendar_closes = self.holds = False
        self.strikes_at = FAR  # working time of the next failure
        self.failing: Stop | None = None  # the failure that strikes before the work under way ends
        self.owners = [
            dynamics.Owner(law, engine.uniforms(row.quality_stream ^ number << 61))
            for number, law in enumerate(row.laws, start=1)
        ]
        self.reads_parts = any(owner.law.READS_PARTS for owner in self.owners)
        self.x_began = 0.0
        if self.owners:
            engine.recorder.states[index] = array("d")
        self.stops = [self.new_stop(stop) for stop in row.stops]
        self.failures = [stop for stop in self.stops if stop.row.clock == ON_WORKING]
        self.setup = next((stop for stop in self.stops if stop.row.clock == ON_CHANGE), None)
        self.loss = next((stop for stop in self.stops if stop.row.clock == AFTER_WORK), None)
        cared = [stop for stop in self.stops if isinstance(stop, Upkeep)]
        self.chances = [stop for stop in cared if stop.may_be_early]  # done alongside other stops
        self.counting = [stop for stop in cared if stop.row.clock == ON_AMOUNT]
        self.run_in = 0  # parts that are still to be discarded after a stop
        self.pending: list[Stop] = []  # due, and waiting for the end of the cycle
        self.when_idle: list[Stop | Campaign] = []  # due, and waiting for a moment without a part

    def new_stop(self, index: int) -> Stop:
        """Return a stop of the kind that this machine has."""
        return (Upkeep if self.engine.plan.stops[index].upkeep else Stop)(self.engine, index, self)

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
            self._aim()

    def _aim(self) -> None:
        """Put the failure that strikes before the work under way ends on the heap."""
        stop = self.failing = min(self.failures, key=lambda stop: (stop.due, stop.index))
        time = self.due + stop.due - self.worked
        stop.alarm = self.engine.at(time, event_priority(STOP_DUE, stop.index), stop.come_due)

    def aim_again(self) -> None:
        """A stop on the stopwatch has another reading at which it comes due: look which one is the next."""
        self.strikes_at = min((stop.due for stop in self.failures), default=FAR)
        if self.failing is not None:
            self.failing.alarm.callbacks = []
            self.failing = None
        if self.at_work and not self.stopped and self.worked >= self.strikes_at:
            self._aim()

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
            if self.owners:
                self.remaining += dynamics.interrupted(self, engine._now)
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

    def end_work(self) -> None:
        """Note the end of the work, if no verb before this one has; the part is good until one says otherwise."""
        if self.at_work:
            self.ended, self.at_work, self.outcome = self.engine._now, False, trace.GOOD

    # -- parts that leave before the work on them has begun --------------------------------------------------------

    def not_begun(self) -> list[Part]:
        """Return the parts in it that wait for people, a setup or the next shift, before any work on them."""
        if self.part is NOTHING:
            return []
        held = self.at_work and self.stopped and self.held_since == self.began
        if self.request is None and (not held or any(owner.begun for owner in self.owners)):
            return []
        return [self.part, *self.rest]

    def withdraw(self) -> None:
        """Take back what was asked for and drawn for a cycle that does not come to be, and forget the parts."""
        self.part, self.rest, self.at_work = NOTHING, [], False
        if self.holds:
            self.release_resources()
        if self.request is not None:
            self.engine.requests.remove(self.request)
            self.request = None
            if NEED_IN_TIME in self.program:
                self.work()  # what was drawn ahead is used up

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
        if self.owners and not self.at_work:
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

    def take_chances(self, cause: Stop) -> None:
        """The machine stands still: begin the stops that may be done alongside `cause`, by their index."""
        for stop in self.chances:
            if stop.fits(cause):
                stop.begin_early()

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
        if self.owners:
            dynamics.close_books(self, began, ended)
        if self.off_shift:
            recorder.stops.extend(trace.STOP(self.index, trace.OFF_SHIFT, -1, self.closed_since, now))
        for stop in self.stops:
            stop.close_books()
        for resource in self.row.needs if self.holds else ():
            row_of_use = resource, self.index, trace.ACTIVITY_WORK, self.got, self.granted_at, NEVER
            recorder.grants.extend(trace.GRANT(*row_of_use))
