"""Stops that know the state of what fails: renewal, minimal repair, defects and inspections, spares, parts and wear.

A failure mode has a clock since its last renewal. A repair as new, a replacement and a planned stop that renews it
begin that clock anew, and with it those of its replacement and inspection. See `rules` for what comes first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from simpy import Event

from factory_sim.simulation import dynamics, trace
from factory_sim.simulation.places import Alarm
from factory_sim.simulation.plan import (
    AFTER_CYCLE,
    FAILURE,
    INSPECTION,
    NONE,
    ON_AMOUNT,
    ON_CALENDAR,
    ON_FINDING,
    ON_OPEN,
    ON_WORKING,
    PLANNED,
    REPLACEMENT,
    TICKS_PER_SECOND,
    WHEN_IDLE,
    UpkeepRow,
    ticks,
)
from factory_sim.simulation.rules import STOP_DUE, event_priority
from factory_sim.simulation.stops import FAR, Stop
from factory_sim.simulation.streams import EXPONENTIAL, variates

if TYPE_CHECKING:
    from factory_sim.simulation.engine import Engine
    from factory_sim.simulation.machine import Machine


class Upkeep(Stop):
    """A stop with a row of upkeep. `due` is a reading of its clock; FAR while it is due already, or never comes."""

    __slots__ = (
        "acts", "care", "clock_alarm", "defect_at", "hazard", "judged", "luck", "patient", "skip", "sought", "standard",
        "until_failure", "verify", "worn",
    )  # fmt: skip

    def __init__(self, engine: Engine, index: int, machine: Machine) -> None:
        super().__init__(engine, index, machine)
        care = self.row.upkeep
        assert care is not None, "engines make an Upkeep only of a row that has one"
        self.care: UpkeepRow = care
        self.clock_alarm = Alarm()
        self.worn = 0  # parts or wear, in millionths
        self.hazard = 0.0  # cumulative failure rate since the last renewal
        self.defect_at = FAR  # reading of the clock from which an inspection can find the defect
        self.sought = False  # found, and put off until the next planned stop
        self.skip = False  # done early: the next time is left out
        self.patient = False  # due, and waiting for a spare while the machine runs on
        self.judged = self.acts = False  # of an inspection
        if care.shape > 0.0:
            row = (float(EXPONENTIAL), 1.0)
            self.standard = variates(row, engine.seed, engine.replication, self.row.between_stream)
        if care.warning != NONE:
            self.until_failure = engine.sampler(care.warning, care.warning_stream)
        if care.role == INSPECTION:
            self.luck = engine.uniforms(care.luck_stream)
            if care.verification != NONE:
                self.verify = engine.sampler(care.verification, care.verification_stream)

    # -- the clock -----------------------------------------------------------------------------------------------

    def reading(self) -> int:
        """Return what its clock shows; that of a machine at work only while it is held. [ticks, or millionths]"""
        clock, now = self.row.clock, self.engine._now
        if clock == ON_WORKING:
            return self.machine.worked
        if clock == ON_OPEN:
            return self.engine.plan.open_time(self.machine.row.calendar, now)
        return self.worn if clock == ON_AMOUNT else now

    def wind_up(self, now: int) -> None:
        """Set the clock for the next time."""
        clock = self.row.clock
        if clock == ON_OPEN:
            super().wind_up(now)
        elif clock != ON_FINDING:
            self.due = self.reading() + self._until()
            self._point()

    def _point(self) -> None:
        """Its reading for the next time has changed: tell the clock."""
        if self.row.clock == ON_WORKING:
            self.machine.aim_again()
        elif self.row.clock == ON_CALENDAR:
            self.clock_alarm.callbacks = []
            if self.due < FAR:
                self.clock_alarm = self.engine.at(self.due, event_priority(STOP_DUE, self.index), self.come_due)

    def _until(self) -> int:
        """Draw how long it is until the next time, on its clock."""
        care = self.care
        if care.shape > 0.0:
            before = self._age(self.hazard)
            self.hazard += self.standard()
            return self._age(self.hazard) - before
        between = self.until_next()
        if care.warning == NONE:
            return between
        self.defect_at = self.reading() + between
        return between + self.until_failure()

    def _age(self, hazard: float) -> int:
        """Return the age at which the cumulative failure rate reaches a value, at most FAR."""
        return min(FAR, ticks(self.care.scale * hazard ** (1.0 / self.care.shape)))

    def count(self, product: int, net: int) -> None:
        """A part has been made in `net` ticks of work."""
        care = self.care
        self.worn += care.wear[product]
        if care.wear_time:
            self.worn += net * TICKS_PER_SECOND // care.wear_time
        if self.worn >= self.due:
            self.due = FAR
            self.try_to_begin(between=True)

    # -- due -----------------------------------------------------------------------------------------------------

    def come_due(self, _: Event | None = None) -> None:
        """Its clock has come to the reading."""
        self.due = FAR
        if self.row.clock == ON_WORKING:
            self.machine.aim_again()
        self.try_to_begin()

    def fall_due(self, _: Event) -> None:
        """Its open time has come; it is left out if it was done early."""
        self.wind_up(self.engine._now)
        skip, self.skip = self.skip, False
        if not skip:
            self.try_to_begin()

    @property
    def waiting(self) -> bool:
        """Whether it is due and has not begun."""
        return self.patient or self in self.machine.pending or self in self.machine.when_idle

    def try_to_begin(self, between: bool = False) -> None:
        """It is due: begin now, after the cycle, when no part is there, or when there is a spare.

        `between` work and the moment at which the part leaves it waits for that moment.
        """
        machine, when = self.machine, self.row.when
        if self.active or self.waiting or self._put_off():
            return
        if when == WHEN_IDLE:
            machine.when_idle.append(self)
            self.engine.idle.append(machine)
        elif between or (when == AFTER_CYCLE and machine.at_work):
            machine.pending.append(self)
        else:
            self.strike()

    def _put_off(self) -> bool:
        """Wait for a spare, if there is none and the machine may run on without."""
        if self.care.run_on and not self.has_free_spare:
            self.patient = True
            self.engine.shelves[self.care.spare].patient.append(self)
        return self.patient

    @property
    def has_free_spare(self) -> bool:
        """Whether it needs no spare, or there is one."""
        return self.care.spare == NONE or self.engine.shelves[self.care.spare].free > 0

    def withdraw(self) -> bool:
        """It need not be done any more, or is done now: wait for nothing; tell whether it did."""
        machine = self.machine
        for queue in (machine.pending, machine.when_idle):
            if self in queue:
                queue.remove(self)
                return True
        if self.patient:
            self.patient = False
            self.engine.shelves[self.care.spare].patient.remove(self)
            return True
        return False

    # -- early, alongside another stop ---------------------------------------------------------------------------

    @property
    def may_be_early(self) -> bool:
        """Whether it is ever done alongside another stop."""
        return self.care.window > 0 or self.care.next_planned

    def fits(self, cause: Stop) -> bool:
        """Tell whether it is to be done alongside `cause`, which holds the machine."""
        if self.active or self.skip or self._vain or not self.has_free_spare:
            return False
        if self.sought and role_of(cause) == PLANNED:
            return True
        return self.care.window > 0 and (self.waiting or self.due - self.reading() <= self.care.window)

    @property
    def _vain(self) -> bool:
        """Whether it would replace what is being repaired as new."""
        return self.care.role == REPLACEMENT and any(
            mode.active and mode.care.shape == 0.0 for mode in self._fellows(self.care.renews)
        )

    def begin_early(self) -> None:
        """Begin alongside another stop; of a stop in open time the next moment is left out."""
        was_due = self.withdraw()
        if self.row.clock == ON_OPEN:
            self.skip = not was_due
        else:
            self.due = FAR
            self._point()
        self.strike()

    # -- under way -----------------------------------------------------------------------------------------------

    def strike(self, _: Event | None = None) -> None:
        """Begin, unless it has become needless or its spare has gone."""
        if self.active or self._vain or self._put_off():
            return
        for mode in self._fellows(self.care.renews):
            mode.suspend()
        self.sought = self.judged = self.acts = False
        super().strike()
        for index in self.care.leads:
            machine = self.engine.machines[self.engine.plan.stops[index].machine]
            cast("Upkeep", machine.stops[index - machine.stops[0].index]).try_to_begin()

    def hold_for(self, duration: int) -> None:
        """Hold the machine and ask for the spare, then for the crew."""
        if self.care.spare == NONE:
            super().hold_for(duration)
            return
        self.active, self.begin, self.left = True, self.engine._now, duration
        self.machine.hold()
        self.engine.shelves[self.care.spare].ask(self)

    def has_spare(self) -> None:
        """The spare is there."""
        if self.row.crew:
            self.call_crew()
        else:
            self.start()

    def end(self, _: Event | None = None) -> None:
        """Let the machine go; an inspection that reports something may have to look again."""
        if self.care.role == INSPECTION and not self.judged:
            self._judge()
            if self.acts and self.care.verification != NONE:
                self.acts = self._defect
                self.left = self.verify()
                self.go_on()
                return
        super().end()

    @property
    def _defect(self) -> bool:
        """Whether what is inspected has a defect now."""
        (mode,) = self._fellows((self.care.finds,))
        return mode.reading() >= mode.defect_at

    def _judge(self) -> None:
        """Look for the defect; one number is drawn whether there is one or not."""
        defect, care = self._defect, self.care
        self.judged = True
        self.acts = self.luck() < (care.detection if defect else care.false_alarm)
        row = self.machine.index, self.index, self.engine._now, int(defect), int(self.acts)
        self.engine.recorder.inspections.extend(trace.INSPECTED(*row))

    def over(self, now: int) -> None:
        """It is over: what it renews is as new, and its own clock begins again."""
        care = self.care
        if care.run_in:
            self.machine.run_in = max(self.machine.run_in, care.run_in)
        if care.new_die and self.machine.owners:
            dynamics.renew(self.machine, now, care.cold)
        if care.role == FAILURE and care.shape == 0.0:
            self.renew(now)
        elif self.acts:
            (order,) = self._fellows((care.orders,))
            order.find()
        elif care.role in (FAILURE, INSPECTION) or (care.role == PLANNED and self.row.clock != ON_OPEN):
            self.wind_up(now)
        for mode in self._fellows(care.renews):
            mode.renew(now)

    # -- renewal -------------------------------------------------------------------------------------------------

    def _fellows(self, indices: tuple[int, ...]) -> list[Upkeep]:
        """Return other stops of the machine by their index in the plan."""
        stops = self.machine.stops
        return [cast("Upkeep", stops[index - stops[0].index]) for index in indices]

    def suspend(self) -> None:
        """What is being renewed does not fail meanwhile, not even in calendar time."""
        if self.row.clock == ON_CALENDAR and not self.active:
            self.due = FAR
            self._point()

    def renew(self, now: int) -> None:
        """This failure mode is as new; one under repair is so when the repair is over."""
        self.hazard, self.defect_at = 0.0, FAR
        if not self.active:
            self.withdraw()
            self.wind_up(now)
        for stop in self._fellows(self.care.restarts):
            stop.restart(now)

    def restart(self, now: int) -> None:
        """What it looks after is as new: begin its own clock again; one under way does so at its end."""
        if not self.active:
            self.withdraw()
            self.sought = False
            self.wind_up(now)

    def find(self) -> None:
        """An inspection has found something: replace it at once, or at the next planned stop."""
        self.sought = self.care.next_planned
        if not self.sought:
            self.try_to_begin()


def role_of(stop: Stop) -> int:
    """Return what a failure or planned stop is: FAILURE, PLANNED, REPLACEMENT or INSPECTION."""
    if stop.row.upkeep is not None:
        return stop.row.upkeep.role
    return PLANNED if stop.row.clock == ON_OPEN else FAILURE
