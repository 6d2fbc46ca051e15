"""The laws of motion that the engine calls, by the table of a station that sets their parameters.

A law is a module of scalar functions over a list of parameters `p` and a list of states `x`, both floats: indexing,
floats and `math` only, so that a compiled engine can run the same code. Times are seconds, temperatures degC.

    compile_parameters(table, cycle_mean) -> p     raises ValueError with the name of a wrong key
    recipes(p, table, visits) -> p
        Only of laws that treat products differently: `visits` has, for each product of the plant, its name and the mean
        of its own cycle at the station [s], None if it has none. A part of the load tells its product (`item.PRODUCT`).
    initial(p) -> x
    begin(p, x, idle_s, items, now_s) -> extra_s, hold_s, refusal
        A cycle is to begin, `idle_s` after the last call. `extra_s` is added to the cycle; the machine first stands for
        `hold_s`, over which the law has led its state already and which later laws are told as idle time; `refusal` is
        ACCEPTED, or the part goes back or is rejected without work.
    between(p, x, run_s, stopped_s, items, now_s) -> hold_s
        Only of laws whose table has `passes`: one pass is over; before the next the machine stands for `hold_s`.
    interrupted(p, x, run_s, stopped_s) -> extra_s
        Only of laws that want it: in the midst of the cycle a stop is over; the cycle is longer by `extra_s`.
    finish(p, x, run_s, stopped_s, items, now_s)   the cycle is over: running and stopped time that were not told yet
    judge(p, x, item) -> discard, probability      of scrap, of one part of the load, on top of the other causes
    opened(p, x, closed_s, idle_s)                 the calendar opens again after `idle_s` and `closed_s`, machine empty
    renew(p, x)                                    another die, mould or tool stands in the machine
    renew_cold(p, x)                               only of laws that know a preheated one: it is cold
    energy(p, x) -> J                              taken since this was asked last, by the carrier of the table

`items` are the states of the parts of the load (`item`), empty unless READS_PARTS. **Each second is told once.**
SHOWN and SHOWN_AT_BEGIN are the states that a trace keeps, of the last law of a machine. HOLD names the stop of a
machine that is let wait and its state, None if it never is; a law with several reasons has them all there, and in its
state WHICH the index of the one that counts. UNATTENDED laws (only those that no idle time changes) begin before
people are called to load, who do not stand by while the machine waits. LUCK is the state that gets a uniform variate
before each cycle, NO_LUCK if there is none.

    >>> LAWS[NAMES.index("die")].__name__
    'factory_sim.technology.high_pressure_casting'
"""

from __future__ import annotations

from types import ModuleType

from factory_sim.technology import (
    batch_furnace,
    billet,
    build,
    edge,
    heater,
    high_pressure_casting,
    holding_furnace,
    injection_mould,
    plating_bath,
    quench,
    resin_dryer,
    seam,
    torch,
)

BY_TABLE: dict[str, ModuleType] = {
    "melt": holding_furnace,
    "die": high_pressure_casting,
    "heater": heater,
    "billet": billet,
    "bath": plating_bath,
    "torch": torch,
    "seam": seam,
    "furnace": batch_furnace,
    "quench": quench,
    "edge": edge,
    "build": build,
    "dryer": resin_dryer,
    "mould": injection_mould,
}
"""In the order in which a machine calls them; who may refuse a part, or let the machine wait, comes first."""


def holds(law: ModuleType) -> tuple[tuple[str, str], ...]:
    """Return the stops in which a law lets the machine wait: their names, and the states of the machine.

    >>> holds(plating_bath), holds(billet)
    ((('heat_up', 'warming'),), ())
    """
    if law.HOLD is None:
        return ()
    return (law.HOLD,) if isinstance(law.HOLD[0], str) else tuple(law.HOLD)


NAMES = tuple(BY_TABLE)
LAWS = tuple(BY_TABLE.values())
