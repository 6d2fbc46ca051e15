"""Build of a powder bed: layers done, hazard taken, what a stop costs.

>>> p = compile_parameters(layers=4000, melt_time=16.3, recoat=9.0, layer_mass=1.7e-4, hazard=2e-6, longest_pause=600.0,
...     power=4e3, pause_power=1.5e3)
>>> x = initial(p)
>>> energy, heat = advance(p, x, 36000.0, BUILDING)
>>> round(x[LAYERS]), round(survival(x), 3), round(energy / 3.6e6)
(1423, 0.931, 40)
>>> round(time_to(p, x, BUILDING, LAYERS, 4000.0) / 3600.0, 1)  # h
18.1
>>> _ = advance(p, x, 900.0, PAUSED)
>>> is_lost(p, x), round(finish(p, x), 3)  # kg of metal
(True, 0.242)
"""

from __future__ import annotations

import math

from processes.checks import require_not_negative, require_positive

# Parameters p.
REQUIRED = 0  # layers
LAYER_TIME = 1  # [s]
LAYER_MASS = 2  # [kg]
HAZARD = 3  # [1/s]
LONGEST_PAUSE = 4  # [s]
POWER = 5  # [W]
PAUSE_POWER = 6  # [W]
PARAMETERS = 7

# States x.
LAYERS = 0  # done, with the share of the present one
RISK = 1  # hazard taken, integrated
PAUSE = 2  # longest pause of this build so far: the present one if none was longer [s]
PRESENT = 3  # the present pause [s]
STATES = 4

# Modes.
BUILDING = 0
PAUSED = 1  # the build stands, gas and heater on


def compile_parameters(
    *,
    layers: int,
    melt_time: float,
    recoat: float,
    layer_mass: float,
    hazard: float,
    longest_pause: float,
    power: float,
    pause_power: float,
) -> list[float]:
    """Return the parameter list of a build.

    Parameters
    ----------
    layers : int            Height over layer thickness, 1 or more.
    melt_time : float       Mean time of melting per layer: volume/(layers rate lasers utilisation). [s]
    recoat : float          7-12. [s]
    layer_mass : float      Mean metal per layer, parts and supports. [kg]
    hazard : float          Of a failure that ends the build, 1e-7 to 5e-6. [1/s]
    longest_pause : float   A longer pause leaves a mark or lets the bed cool: the build is lost. 0-3600. [s]
    power, pause_power : float   Electricity while building and while paused. [W]

    Raises
    ------
    ValueError  If an argument is out of range.

    Notes
    -----
    All layers take the same time; the hazard counts while it builds. Times as
    `processes.additive.lpbf_build_time`; setting up and cooling down are no part of the build. Values typical. There is
    no kernel: measured against layers of their own time, half-way through a pyramid on its base (16 s of melting in the
    mean, 9 s of coating) 0.25 of all layers too many are counted as done; the end and the risk are exact, and in a
    prism every layer.

    >>> compile_parameters(layers=4000, melt_time=16.3, recoat=9.0, layer_mass=1.7e-4, hazard=2e-6, longest_pause=600.0,
    ...     power=4e3, pause_power=-1.0)
    Traceback (most recent call last):
    ValueError: pause_power must not be negative and must be finite, got -1.0
    """
    require_positive(layers=layers, layer_mass=layer_mass, power=power, layer_time=melt_time + recoat)
    require_not_negative(melt_time=melt_time, recoat=recoat, hazard=hazard, pause_power=pause_power)
    require_not_negative(longest_pause=longest_pause)
    p = (layers, melt_time + recoat, layer_mass, hazard, longest_pause, power, pause_power)
    return [float(number) for number in p]


def initial(p: list[float]) -> list[float]:
    """Return the state of an empty plate."""
    return [0.0 * p[REQUIRED], 0.0, 0.0, 0.0]


def advance(p: list[float], x: list[float], dt: float, mode: int) -> tuple[float, float]:
    """Build or pause for `dt` seconds and return electricity and heat, which are the same. [J]

    A finished build waits at the power of a pause, without risk and without being lost.
    """
    if mode == BUILDING:
        building = min(dt, max(0.0, (p[REQUIRED] - x[LAYERS]) * p[LAYER_TIME]))
        x[LAYERS] = min(p[REQUIRED], x[LAYERS] + building / p[LAYER_TIME])
        x[RISK] += p[HAZARD] * building
        if building > 0.0:
            x[PRESENT] = 0.0
        energy = p[POWER] * building + p[PAUSE_POWER] * (dt - building)
        return energy, energy
    if x[LAYERS] < p[REQUIRED]:
        x[PRESENT] += dt
        x[PAUSE] = max(x[PAUSE], x[PRESENT])
    return p[PAUSE_POWER] * dt, p[PAUSE_POWER] * dt


def survival(x: list[float]) -> float:
    """Return the probability that a build has come so far without a failure."""
    return math.exp(-x[RISK])


def is_lost(p: list[float], x: list[float]) -> bool:
    """Return whether a pause was too long."""
    return x[PAUSE] > p[LONGEST_PAUSE]


def begin(x: list[float]) -> None:
    """Begin with an empty plate."""
    for i in range(STATES):
        x[i] = 0.0


def finish(p: list[float], x: list[float]) -> float:
    """End the build, done or failed or stopped; return the metal lost: all that is melted unless it is whole. [kg]"""
    if x[LAYERS] >= p[REQUIRED] and not is_lost(p, x):
        return 0.0
    return x[LAYERS] * p[LAYER_MASS]


def time_to(p: list[float], x: list[float], mode: int, variable: int, level: float) -> float:
    """Return the time until LAYERS, RISK or PAUSE stands at a level; inf if never. [s]

    A failure comes at the RISK of -ln u, u uniform; if that is inf the build is done before.
    """
    if level == x[variable]:
        return 0.0
    if level < x[variable] or x[LAYERS] >= p[REQUIRED]:
        return math.inf
    if variable == PAUSE:
        return level - x[PRESENT] if mode == PAUSED else math.inf
    if mode == PAUSED:
        return math.inf
    left = (p[REQUIRED] - x[LAYERS]) * p[LAYER_TIME]
    if variable == LAYERS:
        time = (level - x[LAYERS]) * p[LAYER_TIME]
    else:
        time = (level - x[RISK]) / p[HAZARD] if p[HAZARD] > 0.0 else math.inf
    return time if time <= left * (1.0 + 1e-12) else math.inf
