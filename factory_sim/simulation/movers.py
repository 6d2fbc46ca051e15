"""The processes of a line with movers: load and unload stations, robots and hoists.

A mover writes a row of visits for each empty way (without a part) and one for each stretch with a carrier, from the
moment at which it stands at the spot: it waits there until the row's `began`, then takes, carries and puts in.
"""

from __future__ import annotations

from collections.abc import Generator
from typing import TYPE_CHECKING, Any

from simpy import Event

from factory_sim.simulation import trace
from factory_sim.simulation.cells import SCRAPPED_STEADY, Cell, put, take, take_load
from factory_sim.simulation.delivery import carry
from factory_sim.simulation.line_units import Carrier, Mover, Spot, Unit
from factory_sim.simulation.lines import Line
from factory_sim.simulation.places import NOTHING, Alarm
from factory_sim.simulation.plan import CARRY, NEVER, Plan

if TYPE_CHECKING:
    from factory_sim.simulation.engine import Engine

Steps = Generator[Event, Any, None]
SCRAPPED_WINDOW = trace.SCRAPPED + trace.CAUSE_UNIT * trace.WINDOW


def kinds_of_unit(plan: Plan) -> dict[int, type[Unit]]:
    """Return which machines of a plan are spots and movers of lines."""
    spots = {spot.machine: Spot for row in plan.lines for spot in row.spots}
    return {**spots, **{mover.machine: Mover for row in plan.lines for mover in row.movers}}


def start(engine: Engine, unit: Unit) -> None:
    """Start the process of a machine of a line; tanks and machines of a cell only tell the line when they are done."""
    if isinstance(unit, Mover):
        Cell(engine, unit, run_mover(unit.line, unit))
        return
    assert isinstance(unit, Spot)
    if unit.spot.step == 0:
        Cell(engine, unit, run_load(engine, unit.line, unit))
    elif unit.spot.step == unit.line.row.last:
        Cell(engine, unit, run_unload(engine, unit.line, unit))
    else:
        unit.alarm = Alarm(unit.finish)


# -- the ends of the line ----------------------------------------------------------------------------------------------


def run_load(engine: Engine, line: Line, unit: Spot) -> Steps:
    """The load station for ever, or the input; a common one unloads first what has come back."""
    while True:
        while not line.may_load() or unit.coming:
            unit.asleep = True
            yield unit.alarm
            unit.asleep = False
            if unit.carrier is not None:
                yield from _unload(engine, line, unit)
        yield from _load(engine, line, unit)
        line.cleared = not line.row.common
        yield unit.alarm  # until a mover has taken it


def _load(engine: Engine, line: Line, unit: Spot) -> Steps:
    """Take the parts of a carrier and rack them."""
    asked = unit.asked
    event = take_load(engine, unit) if unit.inbox.row.most > 1 else take(engine, unit)
    unit.asked = asked
    if event is not None:
        yield event
    line.racks -= 1
    line.touch()
    unit.began, unit.lost = engine._now, 0
    yield unit.run(unit.work())
    unit.ended, unit.at_work = engine._now, False
    unit.carrier = Carrier([unit.part, *unit.rest], unit.got)
    line.touch()


def run_unload(engine: Engine, line: Line, unit: Spot) -> Steps:
    """The unload station for ever, or the output."""
    while True:
        yield unit.alarm  # a carrier has come, and the work on it is over
        yield from _unload(engine, line, unit)


def _unload(engine: Engine, line: Line, unit: Spot) -> Steps:
    """Let the parts of a carrier go, one after another, and keep the empty rack."""
    carrier = unit.carrier
    assert carrier is not None
    unit.ended, unit.at_work = engine._now, False
    let_go = carry if CARRY in unit.program else put
    while unit.part is not NOTHING:
        unit.outcome = _verdict(unit, carrier)
        unit.part.worked = unit.ended
        event = let_go(engine, unit)
        if event is not None:
            yield event
    unit.carrier = None
    unit.forget()
    line.racks += 1
    line.touch()
    line.wake_loader()


def _verdict(unit: Spot, carrier: Carrier) -> int:
    """Judge a part that leaves the line; one number is drawn for every part where the line has a yield."""
    steady = unit.row.yield_ < 1.0 and unit.quality() >= unit.row.yield_
    if carrier.spoilt or unit.part.number in carrier.scrap:
        return SCRAPPED_WINDOW
    return SCRAPPED_STEADY if steady or carrier.bad else trace.GOOD


# -- movers ------------------------------------------------------------------------------------------------------------


def run_mover(line: Line, mover: Mover) -> Steps:
    """A robot or a hoist for ever: one job after another, as the line gives them."""
    while True:
        yield mover.alarm
        source, target = mover.job
        if source is None and target is not None and not mover.held:
            yield from _travel(mover, target)  # out of the way of another
        elif line.row.moves and mover.mover.grippers == 2:
            yield from _visit(line, mover, source, target)
        else:
            assert source is not None and target is not None
            yield from _carry(line, mover, source, target)
        mover.at_work = False
        line.settle(mover)


def _carry(line: Line, mover: Mover, source: Spot, target: Spot) -> Steps:
    """Take a carrier and bring it on; what stands there, finished, is taken out first and brought on itself."""
    yield from _travel(mover, source)
    yield from _take(line, mover, source, 0)
    while True:
        yield from _travel(mover, target)
        swapped = target.stays
        if swapped:
            yield from _take(line, mover, target, mover.mover.swap)
        yield from _put_in(line, mover, target)
        if not swapped:
            return
        target = line.by_step[target.spot.step + 1][0]
        target.coming = True


def _visit(line: Line, mover: Mover, source: Spot | None, target: Spot | None) -> Steps:
    """Visit a spot with two grippers: take out what is finished there, put in what was brought."""
    unit = source or target
    assert unit is not None
    yield from _travel(mover, unit)
    if source is not None:
        yield from _take(line, mover, unit, mover.mover.swap if target is not None else 0)
    else:
        line.started(mover)
    if target is not None:
        yield from _put_in(line, mover, unit)


def _travel(mover: Mover, unit: Spot) -> Steps:
    """Go to a spot, with or without a carrier."""
    table = mover.mover.loaded if mover.held else mover.mover.empty
    time = table[mover.place][unit.spot.place]
    mover.place = unit.spot.place
    if time == 0:
        return
    if mover.got == NEVER:
        mover.got = mover.began = mover.engine._now
    yield mover.run(time)
    if not mover.held:
        mover.write_way()


def _wait(mover: Mover, takes: bool, unit: Spot) -> Steps:
    """Stand at a spot until the line lets the mover go on; with a carrier in hand that is a row of its own."""
    if mover.held and mover.began < NEVER:
        mover.ended = mover.engine._now
        mover.write_row(mover.part)
    if mover.got == NEVER:
        mover.got = mover.engine._now
    mover.at_work = False
    mover.wants = takes, unit
    mover.line.touch()
    yield mover.alarm


def _begin(line: Line, mover: Mover, takes: bool, unit: Spot) -> Steps:
    """Wait until the line lets the mover take or put in, and note that it begins."""
    if not line.permits(mover, takes, unit):
        yield from _wait(mover, takes, unit)
    if mover.got == NEVER:
        mover.got = mover.engine._now
    if mover.began == NEVER:
        mover.began = mover.engine._now


def _take(line: Line, mover: Mover, unit: Spot, swap: int) -> Steps:
    """Take the carrier of a spot when it is finished."""
    yield from _begin(line, mover, True, unit)
    line.started(mover)
    carrier = unit.take_out()
    mover.held.append((carrier, unit.spot.step + 1))
    mover.hold_parts([held for held, _ in mover.held])
    unit.coming = True  # it is free when the carrier is out
    yield mover.run(mover.mover.pick + unit.spot.drip + swap)
    unit.coming = any(to == unit.spot.step for _, to in mover.held)
    line.vacated(unit)


def _put_in(line: Line, mover: Mover, unit: Spot) -> Steps:
    """Put in the carrier that goes to this spot."""
    yield from _begin(line, mover, False, unit)
    yield mover.run(mover.mover.drop)
    carrier, step = next((pair for pair in mover.held if pair[1] == unit.spot.step), mover.held[0])
    mover.held.remove((carrier, step))
    if step == line.row.last:
        carrier.through = line.cleared = True
    mover.hold_parts([held for held, _ in mover.held])
    mover.ended = mover.engine._now
    mover.write_row(carrier.parts[0])
    unit.put_in(carrier)
    line.touch()
