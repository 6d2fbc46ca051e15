"""Web in a dryer or oven: what is inside is over-exposed by a stop and lost as it leaves.

>>> p = compile_parameters(length=20.0, speed=1.0, stopped_rate=0.5, water_in=0.030, rate=1.9e-3, critical=0.008,
...     water_least=1e-4, water_most=2.5e-3, power=200e3, stopped_power=80e3)
>>> x = initial(p)
>>> round(water(p, x[EXPOSURE]) * 1e3, 2)  # g/m2 as it leaves
1.08
>>> energy, heat = advance(p, x, 60.0, STOPPED)
>>> round(time_to(p, x, RUNNING, EXPOSURE, 21.0), 1)  # s until all over-exposed web has left
20.0
>>> _ = advance(p, x, 100.0, RUNNING)
>>> x[LOST], x[GOOD]  # m
(20.0, 80.0)
"""

from __future__ import annotations

import math

from processes.checks import require_not_negative, require_positive, require_within

# Parameters p.
LENGTH = 0  # of web inside [m]
SPEED = 1  # [m/s]
STOPPED_RATE = 2  # exposure per second of a stop
WATER_IN = 3  # [kg/m2]
DRYING = 4  # rate while the surface is wet [kg/(m2 s)]
CRITICAL = 5  # water below which the rate falls [kg/m2]
LEAST_EXPOSURE = 6  # [s]
MOST_EXPOSURE = 7
POWER = 8  # [W]
STOPPED_POWER = 9
PARAMETERS = 10

PIECES = 8  # stretches of web with different exposure that are told apart

# States x.
EXPOSURE = 0  # largest that any web inside will have as it leaves [s]
GOOD = 1  # web that has left [m]
LOST = 2
COUNT = 3  # stretches inside
FIRST = 4  # lengths of the stretches, the one at the exit first [m]
EXTRA = FIRST + PIECES  # their exposure beyond that of a passage without stop [s]
STATES = EXTRA + PIECES

# Modes.
STOPPED = 0
RUNNING = 1


def compile_parameters(
    *,
    length: float,
    speed: float,
    stopped_rate: float,
    water_in: float,
    rate: float,
    critical: float,
    water_least: float,
    water_most: float,
    power: float,
    stopped_power: float,
) -> list[float]:
    """Return the parameter list of a web in its dryer.

    Parameters
    ----------
    length : float          Of the web inside. [m]
    speed : float           [m/s]
    stopped_rate : float    Drying in a stop over that in the run: 1 if air goes on, 0.2-0.6 if dampers close. [0, 1]
    water_in : float        As it enters, above equilibrium. [kg/m^2]
    rate : float            Evaporation while the surface is wet, h (T_a - T_wb)/h_fg. [kg/(m^2 s)]
    critical : float        Water at which the surface goes dry. [kg/m^2]
    water_least, water_most : float   Limits of good web as it leaves; above 0, least below most. [kg/m^2]
    power, stopped_power : float      Of the dryer. [W]

    Raises
    ------
    ValueError  If an argument is out of range, or web without a stop is not good.

    Notes
    -----
    Water falls steadily to `critical`, then as exp(-rate t/critical) (`processes.film`; textbooks, recalled); exposure
    is time inside, in a stop times `stopped_rate`, the same at every place. Eight stretches between stops are told
    apart; if there are more, the two neighbours most alike become one, with the larger exposure. Values typical.
    Measured against diffusion in a web of 100 um that dries on one face (rate 1.9e-3, 30 g/m2): water at most
    0.1 g/m2 too little if the mass Biot number rate s/(D (c_cr - c_e)) is 0.1, 1.0 g/m2 if it is 1; the exposure for
    0.1 g/m2 is 2 % and 18 % too short. The face then leaves the constant rate before the mean: fit `critical`.

    >>> compile_parameters(length=20.0, speed=3.0, stopped_rate=0.5, water_in=0.030, rate=1.9e-3, critical=0.008,
    ...     water_least=1e-4, water_most=2.5e-3, power=200e3, stopped_power=80e3)
    Traceback (most recent call last):
    ValueError: length / speed must lie in [16.4764, 30.0296] s for good web, got 6.66667
    """
    require_positive(length=length, speed=speed, water_in=water_in, rate=rate, critical=critical)
    require_positive(water_least=water_least, power=power)
    require_not_negative(stopped_power=stopped_power)
    require_within(0.0, 1.0, stopped_rate=stopped_rate)
    require_within(math.nextafter(water_least, math.inf), water_in, water_most=water_most)
    p = [length, speed, stopped_rate, water_in, rate, min(critical, water_in), 0.0, 0.0, power, stopped_power]
    p = [float(number) for number in p]
    p[LEAST_EXPOSURE], p[MOST_EXPOSURE] = exposure_for(p, water_most), exposure_for(p, water_least)
    if not p[LEAST_EXPOSURE] <= length / speed <= p[MOST_EXPOSURE]:
        limits = f"[{p[LEAST_EXPOSURE]:g}, {p[MOST_EXPOSURE]:g}]"
        raise ValueError(f"length / speed must lie in {limits} s for good web, got {length / speed:g}")
    return p


def exposure_for(p: list[float], remaining: float) -> float:
    """Return the exposure after which so much water is left [kg/m^2]. [s]"""
    if remaining >= p[CRITICAL]:
        return (p[WATER_IN] - remaining) / p[DRYING]
    return (p[WATER_IN] - p[CRITICAL] + p[CRITICAL] * math.log(p[CRITICAL] / remaining)) / p[DRYING]


def water(p: list[float], exposure: float) -> float:
    """Return the water that is left after an exposure. [kg/m^2]"""
    wet = (p[WATER_IN] - p[CRITICAL]) / p[DRYING]
    if exposure <= wet:
        return p[WATER_IN] - p[DRYING] * exposure
    return p[CRITICAL] * math.exp(-p[DRYING] * (exposure - wet) / p[CRITICAL])


def initial(p: list[float]) -> list[float]:
    """Return the state of a dryer in steady production."""
    x = [0.0] * STATES
    x[EXPOSURE] = p[LENGTH] / p[SPEED]
    x[COUNT] = 1.0
    x[FIRST] = p[LENGTH]
    return x


def _judge(p: list[float], x: list[float], length: float, extra: float) -> None:
    """Count web that leaves as good or lost."""
    exposure = p[LENGTH] / p[SPEED] + extra
    if p[LEAST_EXPOSURE] <= exposure <= p[MOST_EXPOSURE]:
        x[GOOD] += length
    else:
        x[LOST] += length


def _remove(x: list[float], place: int) -> None:
    """Take a stretch out of the list."""
    for i in range(place, PIECES - 1):
        x[FIRST + i] = x[FIRST + i + 1]
        x[EXTRA + i] = x[EXTRA + i + 1]
    x[FIRST + PIECES - 1] = 0.0
    x[EXTRA + PIECES - 1] = 0.0
    x[COUNT] -= 1.0


def _merge(x: list[float]) -> None:
    """Make one stretch of the two neighbours most alike, with the larger exposure."""
    best, least = 0, math.inf
    for i in range(int(x[COUNT]) - 1):
        difference = abs(x[EXTRA + i] - x[EXTRA + i + 1])
        if difference < least:
            best, least = i, difference
    x[FIRST + best + 1] += x[FIRST + best]
    x[EXTRA + best + 1] = max(x[EXTRA + best], x[EXTRA + best + 1])
    _remove(x, best)


def _enter(x: list[float], length: float) -> None:
    """Let fresh web in."""
    last = int(x[COUNT]) - 1
    if last >= 0 and x[EXTRA + last] == 0.0:
        x[FIRST + last] += length
        return
    if last + 1 == PIECES:
        _merge(x)
        last -= 1
    x[FIRST + last + 1] = length
    x[EXTRA + last + 1] = 0.0
    x[COUNT] += 1.0


def advance(p: list[float], x: list[float], dt: float, mode: int) -> tuple[float, float]:
    """Run or stand for `dt` seconds and return energy of the dryer and heat that leaves it, which are the same. [J]"""
    if dt <= 0.0:
        return 0.0, 0.0
    if mode == STOPPED:
        for i in range(int(x[COUNT])):
            x[EXTRA + i] += p[STOPPED_RATE] * dt
        x[EXPOSURE] += p[STOPPED_RATE] * dt
        return p[STOPPED_POWER] * dt, p[STOPPED_POWER] * dt
    out = p[SPEED] * dt
    fresh = min(out, p[LENGTH])
    left = out
    while left > 0.0 and x[COUNT] > 0.0:
        # What a rounding error of the time leaves inside has left.
        piece = x[FIRST] if left >= x[FIRST] * (1.0 - 1e-12) else left
        _judge(p, x, piece, x[EXTRA])
        left = max(0.0, left - piece)
        x[FIRST] -= piece
        if x[FIRST] <= 0.0:
            _remove(x, 0)
    if left > 0.0:
        _judge(p, x, left, 0.0)
    _enter(x, fresh)
    extra = 0.0
    for i in range(int(x[COUNT])):
        extra = max(extra, x[EXTRA + i])
    x[EXPOSURE] = p[LENGTH] / p[SPEED] + extra
    return p[POWER] * dt, p[POWER] * dt


def time_to(p: list[float], x: list[float], mode: int, variable: int, level: float) -> float:
    """Return the time until EXPOSURE comes to a level: rises to it in a stop, falls to or below it in the run. [s]

    In the run it falls in jumps, as stretches leave; inf if never.
    """
    if level == x[variable]:
        return 0.0
    if variable != EXPOSURE:
        return math.inf
    passage = p[LENGTH] / p[SPEED]
    if mode == STOPPED:
        if level < x[EXPOSURE] or p[STOPPED_RATE] == 0.0:
            return math.inf
        return (level - x[EXPOSURE]) / p[STOPPED_RATE]
    if level < passage or level > x[EXPOSURE]:
        return math.inf
    length, until = 0.0, 0.0
    for i in range(int(x[COUNT])):
        length += x[FIRST + i]
        if passage + x[EXTRA + i] > level:
            until = length
    return until / p[SPEED]
