"""Laws that the reduced models share: decay with radiation, exponential decay, a thermostat.

A *law* of decay is a row of `LAW` numbers inside a parameter list, from the index `at` on.

>>> p = law(conductance=0.28, radiance=0.019 * 0.8 * STEFAN_BOLTZMANN, T_fluid=25.0, T_around=25.0, capacity=1000.0)
>>> hot = after(p, 0, 1220.0, 60.0)
>>> round(hot, 1), round(time_between(p, 0, 1220.0, hot), 9)
(1012.7, 60.0)
"""

from __future__ import annotations

import math

from processes.lumped import KELVIN, STEFAN_BOLTZMANN

__all__ = ["KELVIN", "LAW", "STEFAN_BOLTZMANN", "after", "held", "law", "loss", "relax", "relax_time", "time_between"]

RATE = 0  # conductance or radiance over capacity
SETTLED = 1  # temperature that the body tends to [K]
RADIATES = 2  # 1.0 or 0.0
FILM = 3  # conductance over radiance [K3]
ROOT = 4  # real root of the cubic factor [K]
P = 5  # its quadratic factor T^2 + P T + Q
Q = 6
WIDTH = 7
AT_SETTLED = 8  # weights of the partial fractions
AT_ROOT = 9
HALF_SLOPE = 10
ANGLE = 11
LAW = 12

NEWTON_STEPS = 60
CLOSE = 1e-12


def law(
    conductance: float, radiance: float, T_fluid: float, T_around: float, capacity: float, gain: float = 0.0
) -> list[float]:
    """Return the numbers of a law of decay.

    Parameters
    ----------
    conductance : float   h A; not 0 if `radiance` is. [W/K]
    radiance : float      Emissivity times Stefan-Boltzmann constant times area. [W/K^4]
    T_fluid, T_around : float   Of convection and of radiation. [degC]
    capacity : float      [J/K]
    gain : float          Heat that comes in beside; 0 or more. [W]

    Notes
    -----
    C dT/dt = gain - K (T - T_f) - E (T^4 - T_s^4), kelvin. With T_e, where the right side is zero, it is
    -E (T - T_e) ((T + T_e) (T^2 + T_e^2) + K/E): the time over T has a closed form by partial fractions.
    """
    settled = _settled(conductance, radiance, T_fluid + KELVIN, T_around + KELVIN, gain)
    if radiance == 0.0:
        return [conductance / capacity, settled] + [0.0] * (LAW - 2)
    film = conductance / radiance
    r = _root(settled, film)
    p, q = settled + r, settled**2 + settled * r + r**2
    at_settled = 1.0 / (4.0 * settled**3 + film)
    at_root = 1.0 / ((r - settled) * (r**2 + p * r + q))
    slope = -(at_settled + at_root)
    rest = 1.0 / (settled * r) + q * (at_settled / settled + at_root / r) - 0.5 * p * slope
    width = math.sqrt(q - 0.25 * p**2)
    weights = [at_settled, at_root, 0.5 * slope, rest / width]
    return [radiance / capacity, settled, 1.0, film, r, p, q, width, *weights]


def _settled(conductance: float, radiance: float, fluid: float, around: float, gain: float) -> float:
    """Return the temperature at which gain and losses cancel, by Newton's rule from above. [K]"""
    if radiance == 0.0:
        return fluid + gain / conductance
    T = max(fluid, around)
    T = math.sqrt(math.sqrt(T**4 + gain / radiance))
    for _ in range(NEWTON_STEPS):
        surplus = conductance * (T - fluid) + radiance * (T**4 - around**4) - gain
        step = surplus / (conductance + 4.0 * radiance * T**3)
        T -= step
        if abs(step) <= 1e-15 * T:
            break
    return T


def _root(settled: float, film: float) -> float:
    """Return the real root of (T + T_e)(T^2 + T_e^2) + film: Newton's rule from below, where it is concave. [K]"""
    r = -(settled + math.pow(film, 1.0 / 3.0))
    for _ in range(NEWTON_STEPS):
        step = -((r + settled) * (r**2 + settled**2) + film) / (3.0 * r**2 + 2.0 * settled * r + settled**2)
        r += step
        if abs(step) <= 1e-15 * -r:
            break
    return r


def _primitive(p: list[float], at: int, T: float, log_excess: float) -> float:
    """Return the integral of dT/((T - T_e) g(T)), kelvin."""
    logarithms = p[at + AT_SETTLED] * log_excess + p[at + AT_ROOT] * math.log(T - p[at + ROOT])
    logarithms += p[at + HALF_SLOPE] * math.log(T * T + p[at + P] * T + p[at + Q])
    return logarithms + p[at + ANGLE] * math.atan((T + 0.5 * p[at + P]) / p[at + WIDTH])


def _steepness(p: list[float], at: int, T: float) -> float:
    """Return g(T), the loss over radiance and excess temperature, kelvin."""
    settled = p[at + SETTLED]
    return (T + settled) * (T * T + settled * settled) + p[at + FILM]


def after(p: list[float], at: int, T: float, dt: float) -> float:
    """Return the temperature after `dt` seconds, always between `T` and the one that the body tends to. [degC]"""
    settled = p[at + SETTLED]
    excess = T + KELVIN - settled
    if excess == 0.0 or dt == 0.0:
        return T
    if p[at + RADIATES] == 0.0:
        return T + excess * math.expm1(-p[at + RATE] * dt)
    start = math.log(abs(excess))
    target = _primitive(p, at, T + KELVIN, start) - p[at + RATE] * dt
    fallen = 0.0  # logarithm of the share of the excess that is left
    for _ in range(NEWTON_STEPS):
        now = settled + excess * math.exp(fallen)
        step = (_primitive(p, at, now, start + fallen) - target) * _steepness(p, at, now)
        fallen -= step
        if abs(step) < CLOSE * (1.0 + abs(fallen)):
            break
    return T + excess * math.expm1(min(0.0, fallen))


def time_between(p: list[float], at: int, T: float, level: float) -> float:
    """Return the time from one temperature to another; inf if the body never comes there. [s]"""
    if level == T:
        return 0.0
    settled = p[at + SETTLED]
    excess, left = T + KELVIN - settled, level + KELVIN - settled
    if excess * left <= 0.0 or abs(left) > abs(excess):
        return math.inf
    if p[at + RADIATES] == 0.0:
        return math.log(excess / left) / p[at + RATE]
    begun = _primitive(p, at, T + KELVIN, math.log(abs(excess)))
    return max(0.0, (begun - _primitive(p, at, level + KELVIN, math.log(abs(left)))) / p[at + RATE])


def loss(p: list[float], at: int, T: float) -> float:
    """Return loss over capacity at a temperature: the rate of fall; negative if it rises. [K/s]"""
    rate = p[at + RATE] * (T + KELVIN - p[at + SETTLED])
    if p[at + RADIATES] == 0.0:
        return rate
    return rate * _steepness(p, at, T + KELVIN)


def relax(T: float, T_end: float, rate: float, dt: float) -> float:
    """Return a value that decays to `T_end` with a rate [1/s]."""
    return T + (T - T_end) * math.expm1(-rate * dt)


def relax_time(T: float, T_end: float, rate: float, level: float) -> float:
    """Return the time in which a decaying value comes to `level`; inf if never. [s]"""
    if level == T:
        return 0.0
    excess, left = T - T_end, level - T_end
    if rate <= 0.0 or excess * left <= 0.0 or abs(left) > abs(excess):
        return math.inf
    return math.log(excess / left) / rate


def held(
    T: float, dt: float, capacity: float, conductance: float, T_around: float, gain: float, power: float, T_set: float
) -> tuple[float, float]:
    """Return temperature [degC] and heat of the heater [J] after a time with a thermostat; `conductance` above 0.

    The heater gives `power` below the set point, what is needed at it, nothing above it. `gain` [W] comes in beside.
    """
    supplied = 0.0
    T_end = T_around + (gain + power) / conductance
    if T_set > T:
        until = relax_time(T, T_end, conductance / capacity, T_set)
        if dt < until:
            return relax(T, T_end, conductance / capacity, dt), power * dt
        T, dt, supplied = T_set, dt - until, power * until
    drift = T_around + gain / conductance
    if T_set < T:
        until = relax_time(T, drift, conductance / capacity, T_set)
        if dt < until:
            return relax(T, drift, conductance / capacity, dt), supplied
        T, dt = T_set, dt - until
    if drift > T_set:
        return relax(T, drift, conductance / capacity, dt), supplied
    if T_end < T_set:
        return relax(T, T_end, conductance / capacity, dt), supplied + power * dt
    return T, supplied + (conductance * (T_set - T_around) - gain) * dt


def held_time(
    T: float,
    capacity: float,
    conductance: float,
    T_around: float,
    gain: float,
    power: float,
    T_set: float,
    level: float,
) -> float:
    """Return the time until a temperature under the thermostat of `held` stands at `level`; inf if never. [s]"""
    rate = conductance / capacity
    drift = T_around + gain / conductance
    T_end = drift + power / conductance
    if T_set > T:
        if level <= T_set:
            return relax_time(T, T_end, rate, level)
        return relax_time(T, T_end, rate, T_set) + relax_time(T_set, drift, rate, level)
    if level < T_set and T_end < T_set:
        return relax_time(T, drift, rate, T_set) + relax_time(T_set, T_end, rate, level)
    if level < T_set:
        return math.inf
    return relax_time(T, drift, rate, level)
