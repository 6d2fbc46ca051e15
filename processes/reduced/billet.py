"""Billet between heater and press: it cools in air, may be reheated, and is judged when the press takes it.

>>> p = compile_parameters(diameter=0.05, length=0.1, rho=7600.0, c=680.0, h=15.0, emissivity=0.8, T_ambient=25.0,
...     T_heated=1220.0, T_reheat=1150.0, T_reject=700.0, reheats=1, heating_power=30e3, efficiency=0.65, k=28.0)
>>> x = initial(p)
>>> energy, heat = advance(p, x, 12.0, WAITING)
>>> round(x[TEMPERATURE], 2), round(surface_temperature(p, x)), round(heat / 1e3), finish(p, x) == GOOD
(1167.3, 1120, 53, True)
>>> round(time_to(p, x, WAITING, TEMPERATURE, 1150.0), 1)  # s until it must be reheated
4.3
"""

from __future__ import annotations

import math

from processes.checks import require_not_falling, require_not_negative, require_positive, require_within
from processes.reduced._lumped import KELVIN, LAW, STEFAN_BOLTZMANN, after, law, loss, time_between

# Parameters p; the law of cooling in air comes first.
CAPACITY = LAW  # [J/K]
T_HEATED = LAW + 1  # as it leaves the heater [degC]
T_REHEAT = LAW + 2  # below it the press does not take it [degC]
T_REJECT = LAW + 3  # below it, it is not reheated either [degC]
REHEATS_ALLOWED = LAW + 4
HEATING_POWER = LAW + 5  # into the metal [W]
EFFICIENCY = LAW + 6
INNER = LAW + 7  # mean less surface temperature, per rate of fall [s]
PARAMETERS = LAW + 8

# States x.
TEMPERATURE = 0  # mean over the volume [degC]
WAITED = 1  # in air since it left the heater [s]
REHEATS = 2
STATES = 3

# Modes.
WAITING = 0  # in air
HEATING = 1  # in the heater, held once it is hot

# Verdicts of the press.
GOOD = 0
REHEAT = 1
REJECT = 2


def compile_parameters(
    *,
    diameter: float,
    length: float,
    rho: float,
    c: float,
    h: float,
    emissivity: float,
    T_ambient: float,
    T_heated: float,
    T_reheat: float,
    T_reject: float,
    reheats: int,
    heating_power: float,
    efficiency: float,
    k: float = math.inf,
    loss_factor: float = 1.0,
) -> list[float]:
    """Return the parameter list of a round billet.

    Parameters
    ----------
    diameter, length : float   [m]
    rho : float                Density; hot steel 7500-7650. [kg/m^3]
    c : float                  Specific heat, mean over the temperatures passed; steel 650-700. [J/(kg K)]
    h : float                  Convection, 10-25; may be 0 if `emissivity` is not. [W/(m^2 K)]
    emissivity : float         0.80-0.85 scaled steel. [0, 1]
    T_ambient : float          Air and surroundings. [degC]
    T_heated : float           Out of the heater; steel 1150-1250. [degC]
    T_reheat : float           Least temperature that the press takes; steel 1050-1150. [degC]
    T_reject : float           Billets colder than this are not reheated. [degC]
    reheats : int              How often a billet may be reheated, 0-2; scale and lost carbon set it.
    heating_power : float      Of the heater, into the metal. [W]
    efficiency : float         Of the heater, 0.5-0.7 induction. (0, 1]
    k : float                  Conductivity hot, steel 26-30; infinite: surface and mean are one. [W/(m K)]
    loss_factor : float        Loss over that of a billet of one temperature, `calibrate`. (0, 1]

    Raises
    ------
    ValueError  If an argument is out of range, the billet exchanges no heat, or the temperatures fall from ambient over
                reject and reheat to heated.

    Notes
    -----
    rho c V dT/dt = -f A (h (T - T_a) + eps sigma (T^4 - T_a^4)), A side and both ends, T the mean over the volume; in
    closed form. Heating at a constant power up to `T_heated`, then held. Heat balance, computed here; values typical.
    Measured against heat conduction in a long bar (k 28, h 15, emissivity 0.8, from 1220 degC). With f = 1 the mean is
    too cold: 50 mm by 8 K of a fall of 91 K after 30 s, 120 mm by 23 K of 130 K after 120 s. With the calibrated f it
    is within 1 K and 2 K up to the wait of the calibration, within 3 % of the fall up to five times that wait. The
    surface, by a parabola, is within 9 K after d^2/(40 alpha), 12 s for 50 mm; before that it is really hotter: 120 mm
    by 21 K after half that time, 58 K after a tenth.

    >>> compile_parameters(diameter=0.05, length=0.1, rho=7600.0, c=680.0, h=15.0, emissivity=0.8, T_ambient=25.0,
    ...     T_heated=1220.0, T_reheat=1250.0, T_reject=700.0, reheats=1, heating_power=30e3, efficiency=0.65)
    Traceback (most recent call last):
    ValueError: T_heated must not be below T_reheat, got 1220.0 against 1250.0
    """
    require_positive(diameter=diameter, length=length, rho=rho, c=c, heating_power=heating_power)
    require_positive(efficiency=efficiency, loss_factor=loss_factor)
    require_not_negative(h=h, reheats=reheats)
    require_within(0.0, 1.0, emissivity=emissivity, efficiency=efficiency, loss_factor=loss_factor)
    require_not_falling(T_ambient=T_ambient, T_reject=T_reject, T_reheat=T_reheat, T_heated=T_heated)
    if h == emissivity == 0.0:
        raise ValueError("h and emissivity must not both be 0: the billet would exchange no heat")
    if not k > 0.0:
        raise ValueError(f"k must be positive, got {k!r}")
    area = math.pi * diameter * (length + 0.5 * diameter)
    capacity = rho * c * 0.25 * math.pi * diameter**2 * length
    radiance = loss_factor * emissivity * STEFAN_BOLTZMANN * area
    cooling = law(loss_factor * h * area, radiance, T_ambient, T_ambient, capacity)
    inner = capacity / area * diameter / (8.0 * k)
    rest = [capacity, T_heated, T_reheat, T_reject, reheats, heating_power, efficiency, inner]
    return [float(number) for number in [*cooling, *rest]]


def calibrate(
    *,
    diameter: float,
    k: float,
    rho: float,
    c: float,
    h: float,
    emissivity: float,
    T_ambient: float,
    T_heated: float,
    wait: float,
) -> float:
    """Return the factor on the loss that gives a lumped billet the mean temperature of a conducting one after a wait.

    Parameters
    ----------
    diameter, k, rho, c, h, emissivity, T_ambient, T_heated : float
        As in `compile_parameters`.
    wait : float   At which both shall agree: a usual long wait. [s]

    Raises
    ------
    ValueError  If an argument is out of range.

    Notes
    -----
    Long bar, 41 nodes, 200 steps (`processes.kernels.slab.conduct`). The surface is colder than the mean and loses
    less: about 1/(1 + Bi/4), Bi = (h + h_rad) d/(2 k).

    >>> round(calibrate(diameter=0.12, k=28.0, rho=7600.0, c=680.0, h=15.0, emissivity=0.8, T_ambient=25.0,
    ...     T_heated=1220.0, wait=120.0), 3)
    0.822
    """
    import numpy as np

    from processes.kernels.slab import conduct, shells

    require_positive(diameter=diameter, wait=wait)
    require_not_falling(T_ambient=T_ambient, T_heated=T_heated)
    run = conduct(
        np.full((1, 41), T_heated), wait, 0.5 * diameter, k, rho * c, h=h, T_fluid=T_ambient, shape="cylinder",
        emissivity=emissivity, T_surroundings=T_ambient, steps=200,
    )  # fmt: skip
    volume = shells("cylinder", 41)[1]
    mean = float(run.T[0] @ volume / volume.sum())
    per_area = 0.25 * rho * c * diameter
    lumped = law(h, emissivity * STEFAN_BOLTZMANN, T_ambient, T_ambient, per_area)
    return min(1.0, time_between(lumped, 0, T_heated, mean) / wait)


def initial(p: list[float]) -> list[float]:
    """Return the state of a billet that leaves the heater for the first time."""
    return [p[T_HEATED], 0.0, 0.0]


def advance(p: list[float], x: list[float], dt: float, mode: int) -> tuple[float, float]:
    """Let a billet wait or be heated for `dt` seconds and return energy of the heater and heat lost. [J]

    The heat lost contains what the heater does not bring into the metal.
    """
    before = x[TEMPERATURE]
    if mode == WAITING:
        x[TEMPERATURE] = after(p, 0, before, dt)
        x[WAITED] += dt
        return 0.0, p[CAPACITY] * (before - x[TEMPERATURE])
    rise = p[HEATING_POWER] / p[CAPACITY]
    until = max(0.0, (p[T_HEATED] - before) / rise)
    if dt > 0.0:
        x[WAITED] = 0.0
    if dt < until:
        x[TEMPERATURE] = before + rise * dt
        gained, holding = p[HEATING_POWER] * dt, 0.0
    else:
        x[TEMPERATURE] = max(before, p[T_HEATED])
        gained = p[HEATING_POWER] * until
        holding = p[CAPACITY] * loss(p, 0, x[TEMPERATURE]) * (dt - until)
    energy = (gained + holding) / p[EFFICIENCY]
    return energy, energy - gained


def finish(p: list[float], x: list[float]) -> int:
    """Judge the billet as the press is to take it: GOOD, REHEAT (counted here) or REJECT."""
    if x[TEMPERATURE] >= p[T_REHEAT]:
        return GOOD
    if x[TEMPERATURE] < p[T_REJECT] or x[REHEATS] >= p[REHEATS_ALLOWED]:
        return REJECT
    x[REHEATS] += 1.0
    return REHEAT


def surface_temperature(p: list[float], x: list[float]) -> float:
    """Return what a pyrometer sees of a waiting billet, by a parabola over the radius. [degC]

    In air for less than about d^2/(40 alpha), 12 s for 50 mm of steel, the surface is really hotter than that.
    """
    return max(p[1] - KELVIN, x[TEMPERATURE] - p[INNER] * loss(p, 0, x[TEMPERATURE]))


def time_to(p: list[float], x: list[float], mode: int, variable: int, level: float) -> float:
    """Return the time until TEMPERATURE or WAITED stands at a level; inf if never. [s]"""
    now = x[variable]
    if now == level:
        return 0.0
    if variable == WAITED:
        return level - now if mode == WAITING and level > now else math.inf
    if mode == WAITING:
        return time_between(p, 0, now, level)
    if now < level <= p[T_HEATED]:
        return (level - now) * p[CAPACITY] / p[HEATING_POWER]
    return math.inf
