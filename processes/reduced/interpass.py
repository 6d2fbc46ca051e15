"""Part that is welded in several passes: mean temperature, temperature at the joint, waits between the passes.

>>> p = compile_parameters(mass=12.0, c=500.0, surface=0.25, h=12.0, emissivity=0.6, T_ambient=25.0, T_preheat=20.0,
...     T_interpass=150.0, arc_heat=4000.0, arc_electricity=6000.0, preheat_heat=5e3, preheat_fuel=12e3, passes=3,
...     width=0.2, diffusivity=1.1e-5)
>>> x = initial(p)
>>> waits = []
>>> while not finished(p, x):
...     if begin(p, x) == TOO_HOT:
...         waits.append(round(time_to(p, x, COOLING, JOINT, 150.0)))
...         _ = advance(p, x, time_to(p, x, COOLING, JOINT, 150.0), COOLING)
...     energy, heat = advance(p, x, 100.0, WELDING)
...     finish(p, x)
>>> waits, round(x[TEMPERATURE]), round(x[JOINT])  # s of wait before passes 2 and 3, degC
([25, 167], 189, 276)
"""

from __future__ import annotations

import math

from processes.checks import require_not_negative, require_positive, require_temperatures, require_within
from processes.reduced._lumped import LAW, STEFAN_BOLTZMANN, after, law, relax, relax_time, time_between

# Parameters p: the laws of cooling, welding and preheating come first, in the order of the modes.
CAPACITY = 3 * LAW  # [J/K]
T_AMBIENT = 3 * LAW + 1
T_PREHEAT = 3 * LAW + 2  # least temperature of the joint before a pass [degC]
T_INTERPASS = 3 * LAW + 3  # highest temperature of the joint before a pass [degC]
ARC_EXCESS = 3 * LAW + 4  # excess of the joint that a steady arc tends to [K]
ARC_ELECTRICITY = 3 * LAW + 5  # [W]
PREHEAT_FUEL = 3 * LAW + 6  # [W]
SPREAD = 3 * LAW + 7  # rate at which the excess decays [1/s]
REQUIRED = 3 * LAW + 8  # passes
PARAMETERS = 3 * LAW + 9

# States x.
TEMPERATURE = 0  # mean of the part [degC]
EXCESS = 1  # of the joint over the mean [K]
JOINT = 2  # their sum [degC]
PASSES = 3  # done
STATES = 4

# Modes.
COOLING = 0
WELDING = 1
PREHEATING = 2  # the whole part

# Answers of `begin`.
READY = 0
TOO_HOT = 1
TOO_COLD = 2


def compile_parameters(
    *,
    mass: float,
    c: float,
    surface: float,
    h: float,
    emissivity: float,
    T_ambient: float,
    T_preheat: float,
    T_interpass: float,
    arc_heat: float,
    arc_electricity: float,
    preheat_heat: float,
    preheat_fuel: float,
    passes: int,
    width: float,
    diffusivity: float,
) -> list[float]:
    """Return the parameter list of a welded part.

    Parameters
    ----------
    mass : float                Of the part, or of what the heat of a pass reaches within the wait. [kg]
    c : float                   Mean specific heat; steel to 300 degC 500-530. [J/(kg K)]
    surface : float             That cools. [m^2]
    h, emissivity : float       5-15 still air; 0.3-0.8; not both 0. [W/(m^2 K), -]
    T_ambient : float           [degC]
    T_preheat : float           Least joint temperature before a pass; ambient or below: none. [degC]
    T_interpass : float         Highest joint temperature before a pass, 100-250. [degC]
    arc_heat : float            Into the part while the arc burns, eta U I. [W]
    arc_electricity : float     Of the power source meanwhile. [W]
    preheat_heat, preheat_fuel : float   Into the part, and what the torch or coil takes for it. [W]
    passes : int                Required, 1 or more.
    width : float               Across the seam, which lies in the middle; 0: joint and mean are one. [m]
    diffusivity : float         Steel near 200 degC 1.0e-5 to 1.3e-5. [m^2/s]

    Raises
    ------
    ValueError  If an argument is out of range, the part exchanges no heat, or `T_interpass` does not exceed ambient and
                `T_preheat`.

    Notes
    -----
    C dT/dt = arc - A (h (T - T_a) + eps sigma (T^4 - T_a^4)), in closed form. The heat of a pass spreads from the seam
    over the width; of this only the slowest term is kept: the joint is warmer than the mean by E, dE/dt = 2 arc/C -
    4 pi^2 a/W^2 E, the same all along the seam. Heat balance and Fourier series, computed here; values typical.
    Measured against the line source that moves along a strip (200 mm wide, 10 mm thick, a 1.1e-5): at a place of the
    seam the joint is too cold by 0.15 of the mean rise of the pass 60 s after the torch has passed, 0.04 after 90 s,
    0.01 after 120 s, 0.001 after 180 s; with the mean alone 1.2, 0.8, 0.55 and 0.28. Not true in the first W^2/(60 a),
    a minute here. Through the thickness 0.1 K of difference in 10 mm, 1 K in 40 mm (h 12, emissivity 0.6, 250 degC).

    >>> compile_parameters(mass=12.0, c=500.0, surface=0.25, h=12.0, emissivity=0.6, T_ambient=25.0, T_preheat=160.0,
    ...     T_interpass=150.0, arc_heat=4000.0, arc_electricity=6000.0, preheat_heat=5e3, preheat_fuel=12e3, passes=3,
    ...     width=0.2, diffusivity=1.1e-5)
    Traceback (most recent call last):
    ValueError: T_interpass must exceed T_ambient = 25.0 and T_preheat = 160.0, got 150.0
    """
    require_positive(mass=mass, c=c, surface=surface, diffusivity=diffusivity, passes=passes, preheat_heat=preheat_heat)
    require_positive(arc_heat=arc_heat)
    require_not_negative(h=h, width=width)
    require_within(0.0, 1.0, emissivity=emissivity)
    require_within(arc_heat, math.inf, arc_electricity=arc_electricity)
    require_within(preheat_heat, math.inf, preheat_fuel=preheat_fuel)
    require_temperatures(T_ambient=T_ambient, T_preheat=T_preheat, T_interpass=T_interpass)
    if not max(T_ambient, T_preheat) < T_interpass:
        raise ValueError(
            f"T_interpass must exceed T_ambient = {T_ambient!r} and T_preheat = {T_preheat!r}, got {T_interpass!r}"
        )
    if h == emissivity == 0.0:
        raise ValueError("h and emissivity must not both be 0: the part would exchange no heat")
    capacity, radiance = mass * c, surface * emissivity * STEFAN_BOLTZMANN
    laws: list[float] = []
    for gain in (0.0, arc_heat, preheat_heat):
        laws += law(surface * h, radiance, T_ambient, T_ambient, capacity, gain)
    spread = 4.0 * math.pi**2 * diffusivity / width**2 if width else 1.0
    excess = 2.0 * arc_heat / (capacity * spread) if width else 0.0
    rest = [capacity, T_ambient, T_preheat, T_interpass, excess, arc_electricity, preheat_fuel, spread, passes]
    return [float(number) for number in [*laws, *rest]]


def initial(p: list[float]) -> list[float]:
    """Return the state of a cold part."""
    return [p[T_AMBIENT], 0.0, p[T_AMBIENT], 0.0]


def advance(p: list[float], x: list[float], dt: float, mode: int) -> tuple[float, float]:
    """Let the part cool, be welded or preheated for `dt` seconds; return electricity or fuel and heat lost. [J]"""
    before = x[TEMPERATURE]
    x[TEMPERATURE] = after(p, mode * LAW, before, dt)
    x[EXCESS] = relax(x[EXCESS], p[ARC_EXCESS] if mode == WELDING else 0.0, p[SPREAD], dt)
    x[JOINT] = x[TEMPERATURE] + x[EXCESS]
    energy = 0.0
    if mode == WELDING:
        energy = p[ARC_ELECTRICITY] * dt
    elif mode == PREHEATING:
        energy = p[PREHEAT_FUEL] * dt
    return energy, energy - p[CAPACITY] * (x[TEMPERATURE] - before)


def begin(p: list[float], x: list[float]) -> int:
    """Return whether the joint is READY for a pass, TOO_HOT or TOO_COLD; a rounding error is no reason to wait."""
    if x[JOINT] > p[T_INTERPASS] + 1e-6:
        return TOO_HOT
    if x[JOINT] < p[T_PREHEAT] - 1e-6:
        return TOO_COLD
    return READY


def finish(p: list[float], x: list[float]) -> None:
    """End a pass."""
    x[PASSES] = min(x[PASSES] + 1.0, p[REQUIRED])


def finished(p: list[float], x: list[float]) -> bool:
    """Return whether all passes are made."""
    return x[PASSES] >= p[REQUIRED]


def _joint(p: list[float], x: list[float], time: float) -> float:
    """Return the temperature of the joint after cooling for a time. [degC]"""
    return after(p, 0, x[TEMPERATURE], time) + x[EXCESS] * math.exp(-p[SPREAD] * time)


def _joint_time(p: list[float], x: list[float], level: float) -> float:
    """Return the time in which the joint cools to a level, by bisection; inf if never. [s]"""
    if level >= x[JOINT]:
        return 0.0 if level == x[JOINT] else math.inf
    late = 1.0
    while _joint(p, x, late) > level:
        late *= 2.0
        if late > 1e12:
            return math.inf
    early = 0.0
    for _ in range(100):
        middle = 0.5 * (early + late)
        if _joint(p, x, middle) > level:
            early = middle
        else:
            late = middle
        if late - early <= 1e-13 * late:
            break
    return late


def time_to(p: list[float], x: list[float], mode: int, variable: int, level: float) -> float:
    """Return the time until TEMPERATURE, EXCESS, or on cooling JOINT, stands at a level; inf if never. [s]

    The joint is asked for on COOLING only: while the arc burns it is not the same along the seam.
    """
    if variable == JOINT:
        return _joint_time(p, x, level) if mode == COOLING else math.inf
    if variable == EXCESS:
        return relax_time(x[EXCESS], p[ARC_EXCESS] if mode == WELDING else 0.0, p[SPREAD], level)
    if variable != TEMPERATURE:
        return 0.0 if x[variable] == level else math.inf
    return time_between(p, mode * LAW, x[TEMPERATURE], level)
