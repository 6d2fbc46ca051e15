"""People in the loop: units with hours, breaks, absence and skills, and machines whose phases need them.

Used instead of the plain engine by plans with pools of that kind. A task (a phase of a cycle, a repair, a setup) has a
claim to a team. The claim is granted whole, and lost whole: when one of its units leaves at the end of a shift, or is
taken by a task that comes before it, the work stands still until the claim is granted again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from itertools import count
from typing import Any

from simpy import Event

from factory_sim.simulation import cells, dynamics, trace
from factory_sim.simulation import plan as p
from factory_sim.simulation.engine import Engine
from factory_sim.simulation.flow import FlowMachine
from factory_sim.simulation.machine import Machine
from factory_sim.simulation.people_rows import LOADING, UNLOADING, WATCHING, PhaseRow, Team
from factory_sim.simulation.people_units import AWAY, Claim, Unit, assign, shift_begins
from factory_sim.simulation.places import NOTHING, Alarm, Part, Request
from factory_sim.simulation.plan import NEVER, NONE, Plan
from factory_sim.simulation.resources import request_order
from factory_sim.simulation.rules import LEVEL_REACHED, event_priority
from factory_sim.simulation.stops import Stop
from factory_sim.simulation.upkeep import Upkeep


class PeopledEngine(Engine):
    """One replication of a plan with people."""

    def __init__(self, plan: Plan, seed: int, replication: int) -> None:
        self.held: list[Claim] = []
        self.units: list[Unit] = []
        super().__init__(plan, seed, replication)
        numbers = [count() for _ in plan.pools]
        self.units = [Unit(self, i, next(numbers[row.pool]), row) for i, row in enumerate(plan.units)]
        self.of_pool = [[unit for unit in self.units if unit.pool == pool] for pool in range(len(plan.pools))]
        self.of_calendar = [[u for u in self.units if u.row.calendar == c] for c in range(len(plan.calendars))]
        for unit in self.units:
            if unit.draw is not None:
                self._next_shift(unit, shift_begins(unit.row))
            if unit.row.calendar == NONE or next(plan.open_spans(unit.row.calendar))[0] == 0:
                self._come(unit)

    def new_machine(self, index: int) -> Machine:
        """Return a machine whose phases may need people; those of lines with movers have none."""
        if index in self.kinds:
            return self.kinds[index](self, index)
        return PeopledBelt(self, index, self.belts[index]) if index in self.belts else PeopledMachine(self, index)

    def new_stop_of_unit(self, unit: Machine, index: int) -> Stop:
        """Return a stop of a machine of a line with movers, which may need a team."""
        return attended_stop(unit, index)

    # -- units come and go ---------------------------------------------------------------------------------------

    def _next_shift(self, unit: Unit, begins: Iterator[int]) -> None:
        """Draw whether a unit comes to its shifts, at the beginning of each."""
        when = next(begins)

        def begin(_: Event) -> None:
            self._draw(unit)
            self._next_shift(unit, begins)

        if when == 0:
            self._draw(unit)
            self._next_shift(unit, begins)
        else:
            self.at(when, event_priority(LEVEL_REACHED, len(self.plan.places) + unit.index), begin)

    def _draw(self, unit: Unit) -> None:
        assert unit.draw is not None
        unit.absent = unit.draw() < unit.row.absence
        self._changed(unit)

    def _come(self, unit: Unit) -> None:
        unit.away = False
        self._changed(unit)

    def _changed(self, unit: Unit) -> None:
        """Note what a unit does from now on; who has to leave and may not finish loses the task."""
        claim = unit.claim
        if claim is not None and unit.should_leave:
            if self.plan.pools[unit.pool].leave or claim.machine.off_shift:
                self.lose(claim)  # which comes back here
                return
            state = trace.STAYING
        elif unit.lent and unit.should_leave:
            state = trace.STAYING
        elif unit.away:
            state = AWAY
        else:
            state = trace.ABSENT if unit.absent else trace.PRESENT
        if state != unit.state:
            self._write(unit)
            unit.state, unit.since = state, self._now
        self.seizes_changed = True

    def _write(self, unit: Unit) -> None:
        if unit.state != AWAY and self._now > unit.since:
            row = unit.pool, unit.number, unit.state, unit.since, self._now
            self.recorder.attendance.extend(trace.ATTENDANCE(*row))

    def _open(self, index: int) -> None:
        super()._open(index)
        for unit in self.of_calendar[index]:
            self._come(unit)

    def _close(self, index: int) -> None:
        super()._close(index)
        for unit in self.of_calendar[index]:
            unit.away = True
            self._changed(unit)
        # Work that stands still until the next shift cannot be finished by those who stay.
        for claim in [claim for claim in self.held if claim.machine.off_shift]:
            if any(unit.should_leave for unit in claim.units):
                self.lose(claim)

    # -- who gets them -------------------------------------------------------------------------------------------

    def ask(self, claim: Claim) -> None:
        """Begin to wait for a team."""
        claim.asked = claim.since = self._now
        self.request(claim)

    def _grant_seize(self) -> bool:
        """Grant the first request that can be met."""
        barred: set[int] = set()
        for request in sorted(self.requests, key=request_order):
            if not request.eligible():
                continue
            team = request.team if isinstance(request, Claim) else tuple((pool,) for pool in request.needs)
            units = self._units_for(team, request.priority, barred)
            if units is None:
                barred |= {pool for pools in team for pool in pools if self.plan.pools[pool].in_order}
                continue
            self.requests.remove(request)
            self._give(request, units)
            request.granted()
            return True
        self.seizes_changed = False
        return False

    def _units_for(self, team: Team, priority: int, barred: set[int]) -> list[Unit] | None:
        """Return a unit for each need, free ones if there are enough of them; None if it cannot be met."""
        team = tuple(tuple(pool for pool in pools if pool not in barred) for pools in team)
        free = {pool: [unit for unit in self.of_pool[pool] if unit.free] for pools in team for pool in pools}
        units = assign(team, free)
        if units is None and any(self.plan.pools[pool].preemptive for pool in free):
            units = assign(team, {pool: free[pool] + self._victims(pool, priority) for pool in free})
        return units

    def _victims(self, pool: int, priority: int) -> list[Unit]:
        """Return the units that a task may take from others: from the lowest priority, latest grant first."""
        if not self.plan.pools[pool].preemptive:
            return []
        busy = [(unit.claim, unit) for unit in self.of_pool[pool] if unit.claim is not None and not unit.should_leave]
        taken = [(c.priority, c.got, c.index, unit) for c, unit in busy if c.priority > priority]
        return [unit for *_, unit in sorted(taken, key=lambda entry: entry[:3], reverse=True)]

    def _give(self, claim: Request, units: list[Unit]) -> None:
        for unit in units:
            if unit.claim is not None:
                self.lose(unit.claim)
        if not isinstance(claim, Claim):  # of a vehicle, which knows resources only
            for unit in units:
                unit.lent = True
            return
        for unit in units:
            unit.claim = claim
        claim.units, claim.got = units, self._now
        self.held.append(claim)

    def release(self, needs: tuple[int, ...], machine: int, activity: int, asked: int, got: int) -> None:
        """Give back units that were lent, and write their rows."""
        super().release(needs, machine, activity, asked, got)
        for pool in needs:
            unit = min((unit for unit in self.of_pool[pool] if unit.lent), key=lambda unit: not unit.should_leave)
            unit.lent = False
            self._changed(unit)

    def give_back(self, claim: Claim) -> None:
        """Let the units of a claim go, and write their rows."""
        units, claim.units = claim.units, []
        self.held.remove(claim)
        for unit in units:
            row = unit.pool, claim.machine.index, claim.activity, claim.since, claim.got, self._now
            self.recorder.grants.extend(trace.GRANT(*row))
            unit.claim = None
            self._changed(unit)
        self.seizes_changed = True

    def lose(self, claim: Claim) -> None:
        """Interrupt a task: it waits for a team again, with its old place in the order."""
        self.give_back(claim)
        claim.since = self._now
        claim.lost()
        self.request(claim)

    def write_open(self) -> None:
        """Write the rows of everything that is under way, and the hours of those who are here."""
        for unit in self.units:
            self._write(unit)
        super().write_open()

    def write_claim(self, claim: Claim) -> None:
        """Write the rows of a claim that is held at the end."""
        for unit in claim.units:
            row = unit.pool, claim.machine.index, claim.activity, claim.since, claim.got, NEVER
            self.recorder.grants.extend(trace.GRANT(*row))


class Attended(Stop):
    """What a stop has whose progress needs a team: a repair, a setup, a replacement."""

    __slots__ = ()
    engine: PeopledEngine
    claim: Claim

    def new_claim(self) -> Claim:
        """Return the claim to the team."""
        row, machine = self.row, self.machine
        order = row.priority, len(self.engine.plan.machines) + self.index
        claim = Claim(machine, row.team, trace.ACTIVITY_REPAIR, order, (self.start, self.interrupted))
        claim.eligible = lambda: not machine.off_shift
        return claim

    def start(self) -> None:
        """Nothing but the team is missing: call it, or, if it is there, make progress."""
        if self.row.team and not self.claim.units:
            self.engine.ask(self.claim)
        else:
            super().start()

    def interrupted(self) -> None:
        """The team has gone."""
        if not self.machine.off_shift:  # else it pauses already
            self.pause()
        self.running = False

    def over(self, now: int) -> None:
        """Let the team go."""
        if self.claim.units:
            self.engine.give_back(self.claim)
        super().over(now)

    def close_books(self) -> None:
        """Write the rows of a stop that is not over at the end."""
        super().close_books()
        self.engine.write_claim(self.claim)


class AttendedStop(Attended):
    """A stop that needs a team."""

    __slots__ = ("claim",)


class AttendedUpkeep(Attended, Upkeep):
    """A stop with upkeep that needs a team."""

    __slots__ = ("claim",)


def attended_stop(machine: Machine, index: int) -> Stop:
    """Return a stop of a machine that may need a team."""
    engine = machine.engine
    made = (AttendedUpkeep if engine.plan.stops[index].upkeep else AttendedStop)(engine, index, machine)
    made.claim = made.new_claim()
    return made


class PeopledBelt(FlowMachine):
    """A flow cell whose stops may need people; it runs alone."""

    def new_stop(self, index: int) -> Stop:
        """Return a stop that may need a team."""
        return attended_stop(self, index)


class PeopledMachine(Machine):
    """A machine whose phases may need people."""

    __slots__ = ("begun", "claims", "drawn", "interrupts", "phases", "stood_since", "times", "waiting")
    engine: PeopledEngine

    def __init__(self, engine: PeopledEngine, index: int) -> None:
        super().__init__(engine, index)
        self.phases: dict[int, PhaseRow] = {phase.kind: phase for phase in self.row.phases}
        self.claims = {kind: self._claim(phase) for kind, phase in self.phases.items()}
        self.times = {
            kind: engine.sampler(phase.time, phase.stream) if phase.time >= 0 else None
            for kind, phase in self.phases.items()
        }
        self.begun = False  # the cycle of the part in it
        self.waiting: Claim | None = None  # what the next phase waits for
        self.interrupts = 0  # 1: the phase under way has lost its team
        self.stood_since = 0
        self.drawn: int | None = None  # cycle of the part, if drawn before it began

    def new_stop(self, index: int) -> Stop:
        """Return a stop that may need a team."""
        return attended_stop(self, index)

    def _claim(self, phase: PhaseRow) -> Claim:
        def granted() -> None:
            self._attended(claim)

        claim = Claim(self, phase.team, phase.activity, (phase.priority, self.index), (granted, self._interrupted))
        claim.eligible = lambda: self.stopped == self.interrupts and self.drawn_fits()
        return claim

    def draw_ahead(self) -> None:
        """Draw the times of all phases before the first one begins, each to be used once."""
        self.drawn = 0
        for kind, own in self.times.items():
            if own is not None:
                self.times[kind], duration = self._once(own, partial(self.times.__setitem__, kind, own))
                self.drawn += duration
        self.work, duration = self._once(self.work, partial(setattr, self, "work", self.work))
        self.drawn += duration
        if self.owners:
            self.drawn += dynamics.foreseen(self, self.engine._now)

    def _once(self, draw: Callable[[], int], restore: Callable[[], None]) -> tuple[Callable[[], int], int]:
        duration = draw()

        def drawn() -> int:
            restore()
            return duration

        return drawn, duration

    def drawn_fits(self) -> bool:
        """Tell whether all phases, begun now, would end in the shift; True if that does not matter."""
        return self.drawn is None or self.engine._now + self.drawn <= self.engine.closes[self.row.calendar]

    def call(self, kind: int) -> Alarm:
        """Wait for the team of a phase."""
        claim = self.waiting = self.claims[kind]
        if self.begun:
            self.at_work, self.stood_since = False, self.engine._now
        self.engine.ask(claim)
        return self.alarm

    def _attended(self, claim: Claim) -> None:
        """The team is there, for the first time or again."""
        engine = self.engine
        if self.waiting is claim:
            self.waiting = None
            if self.begun:
                self.lost += engine._now - self.stood_since
                self._write_wait()
            engine.ready.append(self)
        else:
            self._write_wait()
            self.interrupts = 0
            self.let_go()

    def _write_wait(self) -> None:
        now = self.engine._now
        if now > self.stood_since:
            row = self.index, trace.WAITING, NONE, self.stood_since, now
            self.engine.recorder.stops.extend(trace.STOP(*row))

    def _interrupted(self) -> None:
        """The team has gone."""
        self.stood_since, self.interrupts = self.engine._now, 1
        self.hold()

    def not_begun(self) -> list[Part]:
        """Return the parts in it that wait for the team of the first phase, a setup or the next shift."""
        if self.begun:
            return []
        return super().not_begun() if self.waiting is None else [self.part, *self.rest]

    def withdraw(self) -> None:
        """Take back what was asked for and drawn for a cycle that does not come to be, and forget the parts."""
        super().withdraw()
        claim, self.waiting = self.waiting, None
        if claim is not None:
            self.engine.requests.remove(claim)
        if self.drawn is not None:
            for draw in (self.work, *self.times.values()):  # what was drawn ahead is used up
                if draw is not None:
                    draw()
            self.drawn = None

    def begin_cycle(self) -> None:
        """The first phase begins."""
        if not self.begun:
            self.begun, self.began, self.lost, self.drawn = True, self.engine._now, 0, None

    def let_go(self) -> None:
        """Undo one `hold`; a request for people may have become eligible."""
        super().let_go()
        self.engine.seizes_changed = True

    def write_visit(self, outcome: int) -> None:
        """Write the row of the visit that ends now."""
        self.begun = False
        super().write_visit(outcome)

    def progress(self) -> tuple[int, int, int]:
        """Return got, began and ended of the visit under way, NEVER for what has not happened. [ticks]"""
        if self.part is not NOTHING and self.waiting is not None:
            return self.got, self.began if self.begun else NEVER, NEVER
        return super().progress()

    def close_books(self) -> None:
        """Write the rows of what is under way at the end."""
        super().close_books()
        if self.interrupts or (self.waiting is not None and self.begun):
            self._write_wait()
        for claim in self.claims.values():
            self.engine.write_claim(claim)


# -- verbs ---------------------------------------------------------------------------------------------------------

Verb = Callable[[Any, Any], Event | None]


def call(kind: int) -> Verb:
    """Return the verb that waits for the team of a phase."""
    return lambda _, machine: machine.call(kind)


def let_team_go(kind: int) -> Verb:
    """Return the verb that ends a phase."""

    def verb(engine: PeopledEngine, machine: PeopledMachine) -> None:
        engine.give_back(machine.claims[kind])

    return verb


def draw_ahead(_: PeopledEngine, machine: PeopledMachine) -> None:
    """Draw the times of all phases of the part."""
    machine.draw_ahead()


def load(_: PeopledEngine, machine: PeopledMachine) -> Alarm:
    """Load the machine: in a time of its own, or in the first part of the cycle."""
    machine.begin_cycle()
    own = machine.times[LOADING]
    if own is not None:
        return machine.run(own())
    machine.total = max(0, machine.total + machine.work())
    return machine.run(min(machine.row.load, machine.total))


def work(_: PeopledEngine, machine: PeopledMachine) -> Alarm:
    """The cycle, or what the load has left of it."""
    machine.begin_cycle()
    duration = machine.total - machine.row.load if machine.row.load else machine.total + machine.work()
    machine.total = 0
    return machine.run(max(0, duration))


def first_pass(_: PeopledEngine, machine: PeopledMachine) -> Alarm:
    """The first pass of a cycle of several, or what the load has left of them."""
    machine.begin_cycle()
    duration = machine.total - machine.row.load if machine.row.load else machine.total + machine.work()
    return cells.begin_passes(machine, max(0, duration))


def unload(_: PeopledEngine, machine: PeopledMachine) -> Alarm:
    """Unload the machine."""
    own = machine.times[UNLOADING]
    assert own is not None
    return machine.run(own())


PERFORM: dict[int, Verb] = {
    p.DRAW_AHEAD: draw_ahead,
    p.CALL_LOAD: call(LOADING), p.RUN_LOAD: load, p.FREE_LOAD: let_team_go(LOADING),
    p.CALL_WATCH: call(WATCHING), p.RUN_WORK: work, p.FREE_WATCH: let_team_go(WATCHING),
    p.CALL_UNLOAD: call(UNLOADING), p.RUN_UNLOAD: unload, p.FREE_UNLOAD: let_team_go(UNLOADING),
    p.RUN_PASS: first_pass,
}  # fmt: skip
"""The verbs of programs with people."""

assert not PERFORM.keys() & cells.PERFORM.keys(), "two verbs of one number"
cells.PERFORM |= PERFORM
