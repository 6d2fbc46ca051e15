"""Cutting edge: share of its life used under changing speeds, parts that it will still make.

>>> p = compile_parameters(speed_for_1min_life=5.0, n=0.25, limit=0.9, hazard=2e-5)
>>> x = initial(p)
>>> begin(p, x, 200.0 / 60.0)
>>> for part in range(10):
...     _ = advance(p, x, 12.0, CUTTING)
...     worn = finish(p, x)
>>> round(x[USED], 3), round(x[SURVIVAL], 4), worn
(0.395, 0.9976, False)
>>> round(remaining_parts(p, x, 200.0 / 60.0, 12.0), 2)  # the edge may break before
12.98
>>> round(time_to(p, x, CUTTING, USED, 0.9), 1)  # s
153.4
"""

from __future__ import annotations

import math

from processes.checks import require_not_negative, require_positive, require_within

# Parameters p.
SPEED = 0  # for a life of one minute [m/s]
EXPONENT = 1  # 1/n
LIMIT = 2  # share of the life at which the edge is replaced
HAZARD = 3  # of breakage, per second of cutting [1/s]
PARAMETERS = 4

# States x.
USED = 0  # share of the life
RATE = 1  # at the present speed [1/s]
CUT = 2  # time of cutting [s]
SURVIVAL = 3  # probability that the edge has not broken
PARTS = 4
STATES = 5

# Modes.
IDLE = 0
CUTTING = 1


def compile_parameters(*, speed_for_1min_life: float, n: float, limit: float = 1.0, hazard: float = 0.0) -> list[float]:
    """Return the parameter list of an edge.

    Parameters
    ----------
    speed_for_1min_life : float   C of tool and work; rows tool_* of `processes.materials`. [m/s]
    n : float                     Exponent, from the same row. [0.05, 1]
    limit : float                 Share of the life at which the edge is replaced, 0.7-1. (0, 1]
    hazard : float                Of breakage, per second of cutting, 0 to 1e-4. [1/s]

    Raises
    ------
    ValueError  If an argument is out of range.

    Notes
    -----
    Taylor's V T^n = C, T in minutes (constants read in an institute's table), and shares that add up: the sum of times
    over lives is 1 when the edge is worn (Miner's rule, recalled). Holds within 30 % of the speeds of the fit. There is
    no kernel: measured against direct integration of a speed that falls steadily by half, as on facing, the mean speed
    of a part gives 18 % too little wear at n = 0.25; ten pieces of constant speed 0.2 %.

    >>> compile_parameters(speed_for_1min_life=5.0, n=0.25)
    [5.0, 4.0, 1.0, 0.0]
    """
    require_positive(speed_for_1min_life=speed_for_1min_life, n=n, limit=limit)
    require_within(0.05, 1.0, n=n)
    require_within(0.0, 1.0, limit=limit)
    require_not_negative(hazard=hazard)
    return [float(number) for number in (speed_for_1min_life, 1.0 / n, limit, hazard)]


def initial(p: list[float]) -> list[float]:
    """Return the state of a new edge that does not cut yet."""
    return [0.0, 0.0 * p[SPEED], 0.0, 1.0, 0.0]


def wear_rate(p: list[float], speed: float) -> float:
    """Return the share of the life that a second of cutting takes. [1/s]"""
    return math.pow(speed / p[SPEED], p[EXPONENT]) / 60.0


def begin(p: list[float], x: list[float], speed: float) -> None:
    """Cut from now on at a speed [m/s]."""
    x[RATE] = wear_rate(p, speed)


def advance(p: list[float], x: list[float], dt: float, mode: int) -> tuple[float, float]:
    """Cut or idle for `dt` seconds. The energy is that of the machine, not of the edge: two zeros."""
    if mode == CUTTING:
        x[USED] += x[RATE] * dt
        x[CUT] += dt
        x[SURVIVAL] *= math.exp(-p[HAZARD] * dt)
    return 0.0, 0.0


def finish(p: list[float], x: list[float]) -> bool:
    """End a part and return whether the edge is to be replaced."""
    x[PARTS] += 1.0
    return x[USED] >= p[LIMIT]


def replace(x: list[float]) -> None:
    """Put a new edge in; the speed stays."""
    x[USED] = x[CUT] = x[PARTS] = 0.0
    x[SURVIVAL] = 1.0


def remaining_parts(p: list[float], x: list[float], speed: float, cutting_time: float) -> float:
    """Return the whole parts that the edge will make at a speed before it is replaced or breaks, expected.

    `cutting_time` per part [s]. The last part is begun while the share is below the limit, and may exceed it.
    """
    share = wear_rate(p, speed) * cutting_time
    if x[USED] >= p[LIMIT]:
        return 0.0
    parts = math.ceil((p[LIMIT] - x[USED]) / share * (1.0 - 1e-12))
    risk = p[HAZARD] * cutting_time
    if risk == 0.0:
        return float(parts)
    return math.exp(-risk) * math.expm1(-risk * parts) / math.expm1(-risk)


def time_to(p: list[float], x: list[float], mode: int, variable: int, level: float) -> float:
    """Return the time until USED, CUT or SURVIVAL stands at a level at the present speed; inf if never. [s]"""
    now = x[variable]
    if level == now:
        return 0.0
    if mode == IDLE:
        return math.inf
    if variable == SURVIVAL:
        if p[HAZARD] == 0.0 or not 0.0 < level < now:
            return math.inf
        return math.log(now / level) / p[HAZARD]
    rate = x[RATE] if variable == USED else 1.0
    if level < now or rate == 0.0:
        return math.inf
    return (level - now) / rate
