"""Hopper dryer of an injection machine: how long its resin has dried, parts of wet resin, waits, failures, energy.

The hopper is a queue: a cycle takes the resin that came first, and as much fresh resin comes in behind it. Drying is
the time in hot air, so it goes on while the machine stands, and not while the dryer is down. Resin comes out too wet
after a start with a fresh filling, after a failure of the dryer, and if the machine takes more than full/drying_time.
The dryer runs day and night: what resin takes up from the air of one that is off is not modelled. Its failures come at
a constant rate, at most one within a cycle, and last for `repair`; the machine does not notice. A tray
of several shots is judged as one part. Functions as in `laws`.

    >>> from types import SimpleNamespace
    >>> table = SimpleNamespace(full=50.0, mass=0.098, drying_time=4 * 3600.0, wet_scrap=1.0, dried_ahead=0.0,
    ...     wait_below=None, new_resin=False, fails_every=None, repair=7200.0, power=18e3)
    >>> p = compile_parameters(table, cycle_mean=42.0)
    >>> x = initial(p)
    >>> shares = []
    >>> for shot in range(600):
    ...     outcome = begin(p, x, 0.0)
    ...     finish(p, x, run_s=42.0, stopped_s=0.0)
    ...     shares.append(round(judge(p, x)[1], 3))
    >>> shares[0], shares[100], shares[343], round(x[DRIED] / 3600.0, 2)  # 510 cycles in the hopper are 5.95 h
    (1.0, 0.708, 0.0, 5.95)
    >>> round(energy(p, x) / 3.6e6)  # kWh of 7 h
    126
    >>> table.wait_below = 4 * 3600.0
    >>> p = compile_parameters(table, cycle_mean=42.0)
    >>> begin(p, initial(p), 0.0)
    (0.0, 14400.0, 0)
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Protocol

from factory_sim.technology.item import NO_PART
from factory_sim.technology.verdicts import ACCEPTED

# Parameters p.
CYCLES = 0  # whose resin the full hopper holds
DRYING_TIME = 1  # [s]
WET_SCRAP = 2
AHEAD = 3  # of a fresh filling [s]
WAIT_BELOW = 4  # [s]
NEW_RESIN = 5
FAILURES = 6  # rate [1/s]
REPAIR = 7  # [s]
POWER = 8  # [W]

# States x.
UNIFORM = 0
CLOCK = 1  # time for which the dryer has been on [s]
DRIED = 2  # the resin of the present or last cycle [s]
RUNS_FOR = 3  # until it fails [s]
DOWN_FOR = 4  # until it is repaired [s]
TAKEN = 5  # energy not yet asked for [J]
NEXT = 6  # place in the hopper of the resin that comes out next
FIRST = 7  # from here on, for each place: the clock when its resin came in [s]

READS_PARTS, SHOWN, SHOWN_AT_BEGIN, LUCK = False, DRIED, DRIED, UNIFORM
HOLD = ("resin", "waiting")

MOST = 1_000_000  # cycles in a hopper
SLACK = 1e-6  # s by which drying may be short: times are rounded


class Dryer(Protocol):
    """What `compile_parameters` reads: the table `[station.<id>.dryer]` in SI floats."""

    full: float  # resin in the full hopper [kg]
    mass: float  # that a cycle takes [kg]
    drying_time: float  # [s]
    wet_scrap: float  # of resin that has not dried at all
    dried_ahead: float | None  # [s]
    wait_below: float | None  # [s]
    new_resin: bool
    fails_every: float | None  # [s]
    repair: float  # [s]
    power: float  # [W]


def compile_parameters(table: Dryer, cycle_mean: float) -> list[float]:
    """Return the parameter list of a dryer.

    Raises
    ------
    ValueError  If the hopper does not hold the resin of a cycle, or that of more than a million.
    """
    cycles = math.floor(table.full / table.mass * (1.0 + 1e-12))
    if not 1 <= cycles <= MOST:
        raise ValueError(f"full must be 1 to {MOST:,} times mass, {table.mass:g} kg, got {table.full:g} kg")
    p = (
        cycles,
        table.drying_time,
        table.wet_scrap,
        table.drying_time if table.dried_ahead is None else table.dried_ahead,
        -math.inf if table.wait_below is None else table.wait_below,
        table.new_resin,
        0.0 if table.fails_every is None else 1.0 / table.fails_every,
        table.repair,
        table.power,
    )
    return [float(number) for number in p]


def initial(p: list[float]) -> list[float]:
    """Return the state of a hopper that has just been filled, its dryer on."""
    return [0.0, 0.0, p[AHEAD], math.inf, 0.0, 0.0, 0.0, *[-p[AHEAD]] * int(p[CYCLES])]


def _dry(p: list[float], x: list[float], dt: float) -> None:
    """Let the dryer run for `dt` seconds, but for those in which it is down."""
    down = min(dt, x[DOWN_FOR])
    x[DOWN_FOR] -= down
    on = min(dt - down, x[RUNS_FOR])
    x[RUNS_FOR] -= on
    rest = dt - down - on
    if rest > 0.0:
        x[RUNS_FOR] = math.inf  # until the next cycle tells
        down = min(rest, p[REPAIR])
        x[DOWN_FOR] = p[REPAIR] - down
        on += rest - down
    x[CLOCK] += on
    x[TAKEN] += p[POWER] * on


def begin(
    p: list[float], x: list[float], idle_s: float, items: Sequence[list[float]] = (), now_s: float = 0.0
) -> tuple[float, float, int]:
    """Take the resin of a cycle, which may have to dry on, and fill up behind it."""
    _dry(p, x, idle_s)
    x[RUNS_FOR] = -math.log1p(-x[UNIFORM]) / p[FAILURES] if p[FAILURES] > 0.0 else math.inf
    place = FIRST + int(x[NEXT])
    missing, hold = x[place] + p[WAIT_BELOW] - x[CLOCK], 0.0
    if missing > SLACK:
        hold = x[DOWN_FOR] + missing + (p[REPAIR] if x[RUNS_FOR] < missing else 0.0)
        _dry(p, x, hold)
    x[DRIED] = x[CLOCK] - x[place]
    x[place] = x[CLOCK]
    x[NEXT] = math.fmod(x[NEXT] + 1.0, p[CYCLES])
    return 0.0, hold, ACCEPTED


def finish(
    p: list[float],
    x: list[float],
    run_s: float,
    stopped_s: float,
    items: Sequence[list[float]] = (),
    now_s: float = 0.0,
) -> None:
    """Dry on over the cycle and its stops."""
    _dry(p, x, run_s + stopped_s)


def judge(p: list[float], x: list[float], item: list[float] = NO_PART) -> tuple[int, float]:
    """Return the scrap probability of a part whose resin has not dried for long enough: linear."""
    return 0, p[WET_SCRAP] * max(0.0, 1.0 - x[DRIED] / p[DRYING_TIME])


def opened(p: list[float], x: list[float], closed_s: float, idle_s: float = 0.0) -> None:
    """Dry on while the calendar is closed."""
    _dry(p, x, idle_s + closed_s)


def renew(p: list[float], x: list[float]) -> None:
    """Another mould may want another resin: the hopper is emptied and filled with it."""
    if p[NEW_RESIN] > 0.0:
        for place in range(int(p[CYCLES])):
            x[FIRST + place] = x[CLOCK] - p[AHEAD]


def energy(p: list[float], x: list[float]) -> float:
    """Return the energy taken since this was asked last. [J]"""
    taken, x[TAKEN] = x[TAKEN], 0.0
    return taken
