"""Physical state in the loop: calls of a technology's dynamics with the times that the engine knows.

The only module of the simulation that calls a technology. It speaks to the engine in ticks and outcomes, to the
technology in seconds and probabilities, and sees to it that each second is told once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from factory_sim.simulation import trace
from factory_sim.simulation.plan import DIE, NO_DYNAMICS, TICK, TICKS_PER_SECOND
from factory_sim.technology import high_pressure_casting as die

if TYPE_CHECKING:
    from factory_sim.simulation.machine import Machine

LAWS = {DIE: die}


def initial(law: int, parameters: tuple[float, ...]) -> list[float]:
    """Return the state at time 0, empty if the machine has none."""
    return [] if law == NO_DYNAMICS else LAWS[law].initial(list(parameters))


def begin(machine: Machine, now: int) -> None:
    """Advance the state over the time since the last part; the first phase of the cycle changes by what it asks."""
    law = LAWS[machine.row.dynamics]
    extra, _ = law.begin(machine.p, machine.x, (now - machine.last_end) * TICK)
    machine.total = round(extra * TICKS_PER_SECOND)
    machine.x_began = machine.x[law.BEGIN_TEMPERATURE]


def finish(machine: Machine, now: int) -> None:
    """Advance the state over the cycle, held time apart, and judge the part: discarded, scrapped or good.

    One uniform is drawn for every part, whatever becomes of it, so that two runs stay in step part by part.
    """
    law = LAWS[machine.row.dynamics]
    run = now - machine.began - machine.lost
    steady, window, discard = law.finish(machine.p, machine.x, run * TICK, machine.lost * TICK)
    machine.last_end = now
    u = machine.quality()
    if discard:
        machine.outcome = trace.DISCARDED + trace.CAUSE_UNIT * trace.FIRST_SHOTS
    elif u < steady:
        machine.outcome = trace.SCRAPPED + trace.CAUSE_UNIT * trace.STEADY
    elif u < steady + window:
        machine.outcome = trace.SCRAPPED + trace.CAUSE_UNIT * trace.WINDOW
    else:
        machine.outcome = trace.GOOD
    machine.write_state(machine.x_began, machine.x[law.TEMPERATURE])


def opened(machine: Machine, now: int) -> None:
    """Advance the state of an empty machine over the time since its last part, the closed time apart."""
    law = LAWS[machine.row.dynamics]
    law.advance(machine.p, machine.x, (machine.closed_since - machine.last_end) * TICK, law.STOPPED)
    law.opened(machine.p, machine.x, (now - machine.closed_since) * TICK)
    machine.last_end = now


def new_die(machine: Machine, now: int) -> None:
    """Another die stands in the empty machine, preheated, its first shots to be discarded by the rule."""
    machine.x[:] = LAWS[machine.row.dynamics].initial(machine.p)
    machine.last_end = now
