"""Stops: failure modes, planned stops and the loss after each cycle, which hold the stopwatch of a machine."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simpy import Event

from factory_sim.simulation import trace
from factory_sim.simulation.places import Alarm, Request
from factory_sim.simulation.plan import (
    AFTER_CYCLE,
    ALWAYS_DUE,
    NEVER,
    ON_CALENDAR,
    ON_OPEN,
    ON_WORKING,
    WHEN_IDLE,
    StopRow,
)
from factory_sim.simulation.rules import STOP_DUE, WORK_ENDS, event_priority

if TYPE_CHECKING:
    from factory_sim.simulation.engine import Engine
    from factory_sim.simulation.machine import Machine

FAR = 1 << 61  # a working time that no machine reaches


class Stop:
    """One way in which a machine stands still: a failure mode, a planned stop, or the loss after each cycle."""

    __slots__ = (
        "active", "alarm", "asked", "begin", "due", "duration", "engine", "got", "index", "left", "machine", "row",
        "running", "started", "until_next",
    )  # fmt: skip

    def __init__(self, engine: Engine, index: int, machine: Machine, row: StopRow | None = None) -> None:
        self.engine, self.index, self.machine = engine, index, machine
        self.row = engine.plan.stops[index] if row is None else row
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
        """Begin, for as long as drawn; other stops of the machine may be done alongside."""
        self.hold_for(self.duration())
        if self.machine.chances:
            self.machine.take_chances(self)

    def come_due(self, _: Event | None = None) -> None:
        """Its reading of the stopwatch is reached."""
        self.strike()

    def hold_for(self, duration: int) -> None:
        """Hold the machine; call the crew, or start to count down."""
        engine, machine = self.engine, self.machine
        self.active, self.begin, self.left = True, engine._now, duration
        machine.hold()
        if self.row.crew:
            self.call_crew()
        else:
            self.start()

    def call_crew(self) -> None:
        """Ask for the crew."""
        engine, machine = self.engine, self.machine
        order = (self.row.priority, engine._now, len(engine.machines) + self.index)
        self.asked = engine._now
        engine.request(Request(self.row.crew, order, self.start, lambda: not machine.off_shift))

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
        self.active = self.running = False
        self.write_row()
        if self.row.crew:
            self.engine.release(self.row.crew, self.asker, trace.ACTIVITY_REPAIR, self.asked, self.got)
        self.over(self.engine._now)
        self.machine.let_go()

    @property
    def asker(self) -> int:
        """Who has asked for the crew, in the rows of grants."""
        return self.machine.index

    def write_row(self) -> None:
        """Write the row of the stop that ends now, or is under way at the end."""
        row = self.machine.index, self.row.state, self.index, self.begin, self.engine._now
        self.engine.recorder.stops.extend(trace.STOP(*row))

    def over(self, now: int) -> None:
        """It is over: begin to wait for the next time."""
        if self.row.clock != ON_OPEN:
            self.wind_up(now)

    def close_books(self) -> None:
        """Write the rows of a stop that is not over at the end."""
        if self.active:
            self.write_row()
            for resource in self.row.crew if self.running else ():
                row = resource, self.asker, trace.ACTIVITY_REPAIR, self.asked, self.got, NEVER
                self.engine.recorder.grants.extend(trace.GRANT(*row))
