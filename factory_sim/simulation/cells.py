"""The kinds of cell: short SimPy processes that run a program of verbs.

A technology gives a program, rows of verbs; `run_machine` runs it for ever. A verb returns None when it is done at
once, or the event to wait for. Failures, shifts and planned stops hold the machine's stopwatch: no verb sees them.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import TYPE_CHECKING, Any

from simpy import Event, Process

from factory_sim.simulation import dynamics, sensors, trace
from factory_sim.simulation.places import NOTHING, Alarm
from factory_sim.simulation.plan import (
    BEGIN,
    CARRY,
    CHANGE,
    CHOOSE,
    COUNT,
    DIVERT,
    FINISH,
    FIRST_PASS,
    INSPECT,
    LOAD,
    LOSE,
    NEED,
    NEED_IN_TIME,
    NEXT_PASS,
    PUT,
    RESERVE,
    RESET,
    REST,
    RESUME,
    RUN_IN,
    SETTLE,
    STAMP,
    TAKE,
    TAKE_LOAD,
    TALLY,
    UNRESERVE,
    WORK,
    end_of_work,
)
from factory_sim.simulation.selective import SelectivePlace, begin_or_resume

if TYPE_CHECKING:
    from factory_sim.simulation.engine import Engine
    from factory_sim.simulation.machine import Machine
    from factory_sim.simulation.places import Place


Verb = Callable[["Engine", "Machine"], Event | None]

SCRAPPED_STEADY = trace.SCRAPPED + trace.CAUSE_UNIT * trace.STEADY


def take(engine: Engine, machine: Machine) -> Alarm | None:
    """Take the next part from the place before the station."""
    if (machine.pending or machine.calendar_closes) and not machine.stopped:
        machine.begin_pending()
    now = machine.asked = engine._now
    place = machine.inbox
    if not machine.stopped and (place.direct or engine.quiet()):
        if place.items:
            machine.part, machine.got = place.items.popleft() if place.rank is None else place.take(machine), now
            if place.putters:
                engine.examine(place)
            return None
        # A part that waits to be put in comes before a new one of the supply.
        if place.supplies and not place.putters and (source := place.next_source()) is not None:
            machine.part, machine.got = source.release(), now
            return None
    return _wait_for_part(engine, machine)


def take_load(engine: Engine, machine: Machine) -> Alarm:
    """Take the next load from the place before the station; it is always a grant, after all puts."""
    if (machine.pending or machine.calendar_closes) and not machine.stopped:
        machine.begin_pending()
    machine.asked = engine._now
    return _wait_for_part(engine, machine)


def rest(engine: Engine, machine: Machine) -> None:
    """Without a part the machine is going to be switched off."""
    engine.standbys[machine.index].rest()


def stamp(_: Engine, machine: Machine) -> None:
    """Note for the place to come when the work on the part ended."""
    machine.end_work()
    machine.part.worked = machine.ended


def count(engine: Engine, machine: Machine) -> None:
    """Count the part for the campaign."""
    engine.campaigns[machine.index].took()


def reserve(_: Engine, machine: Machine) -> None:
    """Keep a place for the part after the work on it."""
    part = machine.part
    ahead = part.places[part.step + 1]
    if ahead is not None:
        ahead.capacity -= 1


def unreserve(engine: Engine, machine: Machine) -> None:
    """The part is about to go to the place that was kept, or it needs none."""
    machine.end_work()
    part = machine.part
    ahead = part.places[part.step + 1]
    if ahead is not None:
        ahead.capacity += 1
        if machine.outcome and isinstance(ahead, SelectivePlace):
            engine.changed.update(ahead.watchers)


def resume(engine: Engine, machine: Machine) -> Alarm:
    """The cycle, or what is left of it if the part was interrupted."""
    begin_or_resume(engine, machine)
    return machine.alarm


def _wait_for_part(engine: Engine, machine: Machine) -> Alarm:
    """Return the event of getting what was asked for."""
    place = machine.waits_at = machine.inbox
    place.getters.append(machine)
    if machine.when_idle:
        engine.idle.append(machine)
    if place.putters or not place.direct:
        engine.examine(place)
    return machine.alarm


def need(engine: Engine, machine: Machine) -> Alarm | None:
    """Ask for the resources that the load, or the whole cycle, needs."""
    if not machine.stopped and not engine.seizes_changed and engine.quiet() and engine.free(machine.row.needs):
        engine.occupy(machine.row.needs)
        machine.granted_at, machine.holds = engine._now, True
        return None
    engine.request(machine.new_request())
    return machine.alarm


def need_in_time(engine: Engine, machine: Machine) -> Alarm:
    """Ask for the resources, and wait with the part for the next shift if the cycle would not end in this one.

    The cycle is drawn here, once, and worked later.
    """
    draw, duration = machine.work, machine.work()
    length = duration + dynamics.foreseen(machine, engine._now) if machine.owners else duration

    def drawn() -> int:
        machine.work = draw
        return duration

    machine.work = drawn
    calendar = machine.row.calendar
    request = machine.new_request()
    request.eligible = lambda: not machine.stopped and engine._now + length <= engine.closes[calendar]
    engine.request(request)
    return machine.alarm


def begin(engine: Engine, machine: Machine) -> None:
    """Bring the physical state up to now; it gives the change of the cycle and the rule's verdict."""
    dynamics.begin(machine, engine._now)


def load(engine: Engine, machine: Machine) -> Alarm:
    """The first phase of the cycle, for which the resources stay."""
    machine.began, machine.lost = engine._now, 0
    machine.total = max(0, machine.total + machine.work())
    return machine.run(min(machine.row.load, machine.total))


def work(engine: Engine, machine: Machine) -> Alarm:
    """The cycle, or what the load has left of it."""
    if machine.row.load:
        machine.release_resources()
        duration = machine.total - machine.row.load
    else:
        machine.began, machine.lost = engine._now, 0
        duration = machine.total + machine.work()
    machine.total = 0
    if duration < 0:
        duration = 0
    return machine.run(duration)


def first_pass(engine: Engine, machine: Machine) -> Alarm:
    """The first pass of a cycle of several, or what the load has left of them."""
    if machine.row.load:
        machine.release_resources()
        duration = machine.total - machine.row.load
    else:
        machine.began, machine.lost = engine._now, 0
        duration = machine.total + machine.work()
    return begin_passes(machine, max(0, duration))


def begin_passes(machine: Machine, duration: int) -> Alarm:
    """Divide a cycle evenly into passes, and work the first one."""
    machine.total, machine.passes_left = duration, machine.program.count(NEXT_PASS) + 1
    return _run_pass(machine)


def _run_pass(machine: Machine) -> Alarm:
    piece = machine.total // machine.passes_left
    machine.total -= piece
    machine.passes_left -= 1
    return machine.run(piece)


def next_pass(engine: Engine, machine: Machine) -> Alarm:
    """Work the next pass, after the wait that a physical state may ask for."""
    dynamics.between(machine, engine._now)
    return _run_pass(machine)


def settle(engine: Engine, machine: Machine) -> None:
    """Bring the physical states to the end of the cycle."""
    dynamics.settle(machine, engine._now)


def finish(engine: Engine, machine: Machine) -> None:
    """Judge the part by the physical states; the parts of a load ended together, though they leave one by one."""
    if machine.at_work:
        machine.ended, machine.at_work = engine._now, False
    dynamics.judge(machine)


def inspect(engine: Engine, machine: Machine) -> None:
    """Judge the part by the yield."""
    if machine.at_work:
        machine.ended, machine.at_work = engine._now, False
    machine.outcome = trace.GOOD if machine.quality() < machine.row.yield_ else SCRAPPED_STEADY


def _send_back(engine: Engine, machine: Machine, place: Place, step: int) -> None:
    """Return a part that the machine has refused; there is always room, or what comes before would wait for itself."""
    part = machine.part
    machine.write_visit(trace.REWORKED)
    part.step = step
    place.add(part, engine._now)
    engine.examine(place)


def put(engine: Engine, machine: Machine) -> Alarm | None:
    """Let the part go: to the next place, to a sink, or to scrap."""
    now = engine._now
    if machine.at_work:
        machine.ended, machine.at_work, machine.outcome = now, False, trace.GOOD
    if machine.holds:
        machine.release_resources()
    outcome, part = machine.outcome, machine.part
    if outcome and outcome != trace.REWORKED:
        machine.write_visit(outcome)
        engine.end_part(part, trace.REJECTED, machine.row.station)
        return None
    step = machine.next_step if outcome else part.step + 1
    place = part.places[step]
    if place is None:
        machine.write_visit(trace.GOOD)
        engine.end_part(part, trace.AT_SINK, machine.row.station)
        return None
    if machine.refusal and outcome == trace.REWORKED:
        _send_back(engine, machine, place, step)
        return None
    free = len(place.items) < place.capacity or place.has_room()
    if free and not machine.stopped and (place.direct or engine.quiet()):
        machine.write_visit(outcome)
        part.step = step
        place.add(part, now)
        if place.getters:
            engine.examine(place)
        return None
    machine.waits_at = place
    place.putters.append(machine)
    if not place.direct:
        engine.examine(place)
    if machine.waits(place) and not machine.stopped and (machine.pending or machine.calendar_closes):
        engine.boundary.append(machine)
    return machine.alarm


def choose(_: Engine, machine: Machine) -> None:
    """Take the cycle of this step of the part's way."""
    machine.work = machine.cycles[machine.part.product, machine.part.step]


def divert(_: Engine, machine: Machine) -> None:
    """Send a share of the good parts back to an earlier step of their way."""
    machine.end_work()
    assert machine.again is not None
    if not machine.outcome and machine.again() < machine.row.rework:
        machine.outcome = trace.REWORKED


def change(_: Engine, machine: Machine) -> None:
    """Set the machine up for the part, if it made another product last."""
    last, machine.made = machine.made, machine.part.product
    duration = machine.changes[last][machine.made] if last >= 0 else None
    if duration is not None:
        assert machine.setup is not None
        machine.setup.hold_for(duration())


def reset(_: Engine, machine: Machine) -> None:
    """Set the machine up after a random share of the parts, whatever comes next."""
    assert machine.resets is not None and machine.reset is not None and machine.setup is not None
    if machine.resets() < machine.row.reset_share:
        machine.setup.hold_for(machine.reset())


def lose(_: Engine, machine: Machine) -> None:
    """Stand still for the share of planned and minor loss that belongs to the cycle of the part that has left."""
    assert machine.loss is not None
    share, net = machine.row.loss, machine.ended - machine.began - machine.lost
    machine.loss.hold_for(int(net * share / (1.0 - share) + 0.5))


def tally(engine: Engine, machine: Machine) -> None:
    """A part has been made: count it and its wear; of a load, the first part stands for the work."""
    if machine.refusal:
        return
    net = engine._now - machine.began - machine.lost if machine.at_work else 0
    for stop in machine.counting:
        stop.count(machine.part.product, net)


def run_in(_: Engine, machine: Machine) -> None:
    """Discard the first parts after some stops."""
    machine.end_work()
    if machine.run_in and not machine.refusal:
        machine.run_in -= 1
        machine.outcome = trace.DISCARDED + trace.CAUSE_UNIT * trace.FIRST_SHOTS


PERFORM: dict[int, Verb] = {
    TAKE: take,
    NEED: need,
    NEED_IN_TIME: need_in_time,
    BEGIN: begin,
    LOAD: load,
    WORK: work,
    SETTLE: settle,
    FIRST_PASS: first_pass,
    NEXT_PASS: next_pass,
    FINISH: finish,
    INSPECT: inspect,
    PUT: put,
    LOSE: lose,
    CHOOSE: choose,
    TAKE_LOAD: take_load,
    CHANGE: change,
    RESET: reset,
    DIVERT: divert,
    REST: rest,
    STAMP: stamp,
    COUNT: count,
    RESERVE: reserve,
    UNRESERVE: unreserve,
    RESUME: resume,
    TALLY: tally,
    RUN_IN: run_in,
    **sensors.PERFORM,
}


class Cell(Process):
    """A process that never ends. Its events never fail and all are the alarm of its owner, which stays bound to it."""

    def __init__(self, engine: Engine, owner: Any, steps: Generator[Event, Any, None]) -> None:
        super().__init__(engine, steps)
        go_on: Any = self._generator.send  # to the next wait; errors go straight to the caller of the loop
        owner.alarm = Alarm(go_on)

    def _resume(self, _: Event) -> None:
        """Begin."""
        self._generator.send(None)


def start(engine: Engine, machine: Machine) -> None:
    """Start the process of a machine."""
    run = run_machine if machine.inbox.row.most == 1 else run_furnace
    Cell(engine, machine, run(engine, machine))


def run_machine(engine: Engine, machine: Machine) -> Generator[Event, Any, None]:
    """One machine for ever: run its program, part after part."""
    verbs = [PERFORM[code] for code in machine.program]
    while True:
        for verb in verbs:
            event = verb(engine, machine)
            if event is not None:
                yield event


def run_furnace(engine: Engine, machine: Machine) -> Generator[Event, Any, None]:
    """One machine for ever that takes several parts at once: what follows the work is done for each part."""
    way_out = CARRY if CARRY in machine.program else PUT
    worked, left = end_of_work(machine.program), machine.program.index(way_out) + 1
    before, after, last = (
        [PERFORM[code] for code in machine.program[part]]
        for part in (slice(worked), slice(worked, left), slice(left, None))
    )

    def perform(verbs: list[Verb]) -> Generator[Event, Any, None]:
        for verb in verbs:
            event = verb(engine, machine)
            if event is not None:
                yield event

    while True:
        yield from perform(before)
        while machine.part is not NOTHING:
            machine.outcome = trace.GOOD
            yield from perform(after)
        yield from perform(last)
