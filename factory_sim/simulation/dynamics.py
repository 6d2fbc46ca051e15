"""Physical state in the loop: calls of the laws of a machine with the times that the engine knows.

The only module of the simulation that calls a technology. It speaks to the engine in ticks and outcomes, to the
laws in seconds and probabilities, and sees to it that each second is told once.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING

from factory_sim.simulation import trace
from factory_sim.simulation.plan import NEVER, NONE, TICK, TICKS_PER_SECOND, LawRow
from factory_sim.technology.item import NO_PART, PRODUCT, fresh
from factory_sim.technology.laws import LAWS
from factory_sim.technology.verdicts import ACCEPTED, NO_LUCK, REJECT

if TYPE_CHECKING:
    from factory_sim.simulation.machine import Machine

REFUSED_WORK = -(1 << 61)  # change of a cycle that leaves nothing of it. [ticks]


class Owner:
    """A physical state of a machine, or of the parts in it, with the law that it follows."""

    __slots__ = ("begun", "interrupted", "law", "luck", "metered", "p", "row", "run_told", "told", "which", "x")

    def __init__(self, row: LawRow, luck: Callable[[], float]) -> None:
        self.row, self.law, self.p = row, LAWS[row.law], list(row.parameters)
        self.x: list[float] = self.law.initial(self.p)
        self.luck = luck  # drawn from only if the law wants luck
        self.told = 0  # it knows what happened until then
        self.metered = 0  # its energy is written until then
        self.run_told = 0  # of the cycle under way, running time that it knows of
        self.begun = False  # the cycle under way
        self.which: int | None = getattr(self.law, "WHICH", None)  # state that tells what it lets the machine wait for
        self.interrupted: Callable[..., float] | None = getattr(self.law, "interrupted", None)


def begin(machine: Machine, now: int) -> None:
    """Advance the states over the time since the last part; the first phase of the cycle changes by what they ask.

    A state may let the machine wait first, or refuse the part: then nothing is worked, and no later law begins. Later
    laws are told of the wait as time without work.
    """
    items = _items(machine)
    extra, starts, machine.refusal = 0.0, now, ACCEPTED
    for owner in machine.owners:
        law = owner.law
        if law.LUCK != NO_LUCK:
            owner.x[law.LUCK] = owner.luck()
        longer, hold, refusal = law.begin(owner.p, owner.x, (starts - owner.told) * TICK, items, starts * TICK)
        extra += longer
        if hold > 0.0:
            starts += round(hold * TICKS_PER_SECOND)
            _wait(machine, owner, starts - now)
        owner.told, owner.begun = starts, True
        if refusal != ACCEPTED:
            machine.refusal = refusal
            break
    machine.total = REFUSED_WORK if machine.refusal else round(extra * TICKS_PER_SECOND)
    shown = machine.owners[-1]
    machine.x_began = shown.x[shown.law.SHOWN_AT_BEGIN]


def foreseen(machine: Machine, now: int) -> int:
    """Return by how much the states would lengthen a cycle that began now, waits included. [ticks]

    States that depend on luck are left out, and none of them changes.
    """
    items = [list(item) for item in _items(machine)]
    longer = 0.0
    for owner in machine.owners:
        if owner.law.LUCK == NO_LUCK:
            idle = (now - owner.told) * TICK
            extra, hold, _ = owner.law.begin(owner.p, list(owner.x), idle, items, now * TICK)
            longer += extra + hold
    return round(longer * TICKS_PER_SECOND)


def _wait(machine: Machine, owner: Owner, ticks: int) -> None:
    """Let the machine stand for what a law waits for."""
    reason = 0 if owner.which is None else int(owner.x[owner.which])
    machine.stops[owner.row.stop + reason - machine.stops[0].index].hold_for(ticks)


def between(machine: Machine, now: int) -> None:
    """A pass is over: advance the states of the laws that have several, which may let the machine wait for the next."""
    run = now - machine.began - machine.lost
    items = _items(machine)
    for owner in machine.owners:
        if not owner.begun or not hasattr(owner.law, "between"):
            continue
        ran, owner.run_told = run - owner.run_told, run
        times = ran * TICK, (now - owner.told - ran) * TICK
        wait = round(owner.law.between(owner.p, owner.x, *times, items, now * TICK) * TICKS_PER_SECOND)
        owner.told = now + wait
        if wait > 0:
            _wait(machine, owner, wait)


def interrupted(machine: Machine, now: int) -> int:
    """A stop in the midst of a cycle is over: tell the laws that ask; return by how much they lengthen it. [ticks]"""
    run = now - machine.began - machine.lost
    more = 0.0
    for owner in machine.owners:
        if owner.begun and owner.interrupted is not None:
            ran, owner.run_told = run - owner.run_told, run
            more += owner.interrupted(owner.p, owner.x, ran * TICK, max(0, now - owner.told - ran) * TICK)
            owner.told = max(now, owner.told)
    return max(-machine.remaining, round(more * TICKS_PER_SECOND))


def settle(machine: Machine, now: int) -> None:
    """Advance the states over the cycle, held time apart, and write the energy that they took since the last one."""
    run = now - machine.began - machine.lost
    items = _items(machine)
    for owner in machine.owners:
        if owner.begun:
            # Stops of a cycle that was cut short, and waits before it, are told as held time.
            ran = run - owner.run_told
            owner.law.finish(owner.p, owner.x, ran * TICK, (now - owner.told - ran) * TICK, items, now * TICK)
            owner.told, owner.begun, owner.run_told = now, False, 0
        if owner.row.carrier != NONE:
            write_energy(machine, owner, now)


def write_energy(machine: Machine, owner: Owner, now: int) -> None:
    """Write what a state took since this was written last; of a wait under way what falls into it until now."""
    taken = owner.law.energy(owner.p, owner.x)
    if owner.told > now:
        taken *= (now - owner.metered) / (owner.told - owner.metered)
    if taken:
        row = trace.METER(machine.index, owner.row.carrier, owner.metered, now, taken)
        machine.engine.recorder.meters.extend(row)
    owner.metered = now


def judge(machine: Machine) -> None:
    """Judge a part by the states: sent back, discarded, scrapped or good.

    One uniform is drawn for every part, whatever becomes of it, so that two runs stay in step part by part.
    """
    u = machine.quality()
    part = machine.part
    item = NO_PART if part.state is None else part.state
    likely, discarded, outcome = machine.row.steady_scrap, 0, trace.GOOD
    if u < likely:
        outcome = trace.SCRAPPED + trace.CAUSE_UNIT * trace.STEADY
    for owner in machine.owners:
        discard, probability = owner.law.judge(owner.p, owner.x, item)
        discarded |= discard
        likely += probability
        if u < likely and outcome == trace.GOOD:
            outcome = trace.SCRAPPED + trace.CAUSE_UNIT * trace.WINDOW
    if machine.refusal:
        scrapped = trace.SCRAPPED + trace.CAUSE_UNIT * trace.WINDOW
        outcome = scrapped if machine.refusal == REJECT else trace.REWORKED
    elif discarded:
        outcome = trace.DISCARDED + trace.CAUSE_UNIT * trace.FIRST_SHOTS
    machine.outcome = outcome
    shown = machine.owners[-1]
    machine.write_state(machine.x_began, shown.x[shown.law.SHOWN])


def judge_load(machine: Machine) -> list[int]:
    """Judge the parts of a carrier that leaves a tank, and return the numbers of those that are scrap.

    One uniform is drawn for every part, whatever becomes of it.
    """
    scrap = []
    for part in (machine.part, *machine.rest):
        u, likely, item = machine.quality(), 0.0, NO_PART if part.state is None else part.state
        for owner in machine.owners:
            discard, probability = owner.law.judge(owner.p, owner.x, item)
            likely += 1.0 if discard else probability
        if u < likely:
            scrap.append(part.number)
    shown = machine.owners[-1]
    machine.write_state(machine.x_began, shown.x[shown.law.SHOWN])
    return scrap


def opened(machine: Machine, now: int) -> None:
    """Advance the states of an empty machine over the time since its last part, the closed time apart."""
    closed = machine.closed_since
    for owner in machine.owners:
        owner.law.opened(owner.p, owner.x, (now - closed) * TICK, (closed - owner.told) * TICK)
        owner.told = now


def renew(machine: Machine, now: int, cold: bool = False) -> None:
    """Another die, mould or tool stands in the empty machine, preheated or cold.

    What the states have been through until now is told, and its energy written, before they are changed.
    """
    for owner in machine.owners:
        owner.law.opened(owner.p, owner.x, 0.0, max(0, now - owner.told) * TICK)
        if owner.row.carrier != NONE:
            write_energy(machine, owner, now)
        change = getattr(owner.law, "renew_cold", owner.law.renew) if cold else owner.law.renew
        change(owner.p, owner.x)
        owner.told = now


def close_books(machine: Machine, began: int, ended: int) -> None:
    """Write the states of the parts that are in the machine at the end."""
    unjudged = len(machine.rest)
    if machine.owners[0].begun or (ended == NEVER and began == NEVER):  # else it waits, and is written
        unjudged += 1
    for _ in range(unjudged):
        machine.write_state(machine.x_began if began < NEVER else math.nan, math.nan)


def read_meters(machine: Machine) -> None:
    """Write the energy taken since the last cycle, at the end."""
    for owner in machine.owners:
        if owner.row.carrier != NONE:
            write_energy(machine, owner, machine.engine._now)


def _items(machine: Machine) -> list[list[float]]:
    """Return the states of the parts in the machine, if a law reads them."""
    if not machine.reads_parts:
        return []
    load = [machine.part, *machine.rest]
    for part in load:
        if part.state is None:
            part.state = fresh()
        part.state[PRODUCT] = float(part.product)
    return [part.state for part in load if part.state is not None]
