"""Injection mould: temperature over cycles and stops, scrap outside its window, cooling time that it asks for.

>>> p = compile_parameters(heat_capacity=8e3, shot_heat=18e3, loss_running=45.0, loss_off=6.0, T_coolant=40.0,
...     T_ambient=22.0, unit_power=9e3, T_begin=40.0, T_low=48.0, T_high=70.0, cold_slope=0.03, hot_slope=0.03,
...     thickness=2.5e-3, diffusivity=0.9e-7, T_melt=235.0, T_eject=85.0, T_reference=55.0)
>>> x = initial(p)
>>> scraps = []
>>> for shot in range(20):
...     extra = begin(p, x)
...     energy, heat = advance(p, x, 24.0 + extra, RUNNING)
...     scraps.append(finish(p, x))
>>> [round(scrap, 2) for scrap in scraps[:4]], round(x[TEMPERATURE], 2), round(extra, 2)
([0.24, 0.18, 0.13, 0.08], 54.7, -0.08)
>>> round(time_to(p, x, OFF, TEMPERATURE, 48.0) / 60.0)  # min without coolant until it is too cold
5
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from processes.checks import require_not_falling, require_not_negative, require_positive, require_rising, require_within
from processes.reduced._lumped import held, held_time, relax, relax_time

if TYPE_CHECKING:
    from processes.kernels.section import Die

# Parameters p.
CAPACITY = 0
SHOT_HEAT = 1  # [J]
LOSS_RUNNING = 2  # to the coolant [W/K]
LOSS_OFF = 3  # to the hall, coolant off [W/K]
T_COOLANT = 4
T_AMBIENT = 5
UNIT_POWER = 6  # heater of the temperature control unit [W]
T_BEGIN = 7
T_LOW = 8  # window before a shot [degC]
T_HIGH = 9
COLD_SLOPE = 10  # [1/K]
HOT_SLOPE = 11
COOLING = 12  # s^2/(pi^2 a) [s]
T_MELT = 13
T_EJECT = 14
T_REFERENCE = 15  # mould temperature for which the cycle holds [degC]
PARAMETERS = 16

# States x.
TEMPERATURE = 0  # cavity, mean over its face [degC]
BEGIN_TEMPERATURE = 1  # before the present or last shot [degC]
STATES = 2

# Modes.
OFF = 0  # coolant off: open to the hall
RUNNING = 1  # coolant on, in a cycle or a short stop
PREHEATING = 2  # the control unit heats the mould to the coolant's set point

CLOSEST = 5.0  # least difference of mould and ejection for a cooling time [K]


def compile_parameters(
    *,
    heat_capacity: float,
    shot_heat: float,
    loss_running: float,
    loss_off: float,
    T_coolant: float,
    T_ambient: float,
    unit_power: float,
    T_begin: float,
    T_low: float,
    T_high: float,
    cold_slope: float,
    hot_slope: float,
    thickness: float,
    diffusivity: float,
    T_melt: float,
    T_eject: float,
    T_reference: float,
) -> list[float]:
    """Return the parameter list of a mould.

    Parameters
    ----------
    heat_capacity : float   Steel between cavity and channels, or `calibrate`. [J/K]
    shot_heat : float       Mass of a shot times its fall of enthalpy. [J]
    loss_running : float    Conductance to the coolant: cooled area over `processes.mould.channel_resistance`. [W/K]
    loss_off : float        To the hall with the coolant off; platens and air. [W/K]
    T_coolant, T_ambient : float   Set point of the control unit, hall. [degC]
    unit_power : float      Of its heater, into the mould; 0 none. [W]
    T_begin : float         Mould as production begins. [degC]
    T_low, T_high : float   Window before a shot; T_mold of the polymer in `processes.materials`. [degC]
    cold_slope, hot_slope : float   Scrap probability per kelvin outside it, 0.01-0.1. [1/K]
    thickness : float       Wall of the part. [m]
    diffusivity : float     Of the melt, 0.7e-7 to 1.5e-7. [m^2/s]
    T_melt, T_eject : float   [degC]
    T_reference : float     Mould temperature for which the cycle is set. [degC]

    Raises
    ------
    ValueError  If an argument is out of range, the window is empty, or reference, ejection and melt do not rise by 5 K.

    Notes
    -----
    A shot adds Q/C at once, then decay to the coolant. Cooling time s^2/(pi^2 a) ln(8/pi^2 (T_m - T)/(T_e - T)), mean
    over the wall (Ballman and Shusman, recalled; `processes.injection.cooling_time_plate_mean`). Values typical.
    Measured against a section with a channel of 10 mm every 40 mm, 22 mm behind the cavity (k 34, cycle 30 s, heat in
    15 s, `calibrate`), in shares of the steady rise before a shot, 6 K: at a cycle of 21 s 0.14 too cold, of 45 s 0.06
    too hot, in the first shots 0.16 too cold, in stops up to 0.16 too hot. In contact the cavity is hotter by 6 K more.
    With the coolant off the cavity soon comes to the mean of the steel, 0.6 of the rise: up to 0.37 too hot.

    >>> compile_parameters(heat_capacity=25e3, shot_heat=18e3, loss_running=45.0, loss_off=6.0, T_coolant=40.0,
    ...     T_ambient=22.0, unit_power=9e3, T_begin=40.0, T_low=48.0, T_high=70.0, cold_slope=0.03, hot_slope=0.03,
    ...     thickness=2.5e-3, diffusivity=0.9e-7, T_melt=235.0, T_eject=58.0, T_reference=55.0)
    Traceback (most recent call last):
    ValueError: T_eject must exceed T_reference_and_5_K, got 58.0 against 60.0
    """
    require_positive(heat_capacity=heat_capacity, shot_heat=shot_heat, loss_running=loss_running, loss_off=loss_off)
    require_positive(thickness=thickness, diffusivity=diffusivity)
    require_not_negative(unit_power=unit_power, cold_slope=cold_slope, hot_slope=hot_slope)
    require_not_falling(T_ambient=T_ambient, T_coolant=T_coolant, T_reference=T_reference)
    require_not_falling(T_ambient=T_ambient, T_begin=T_begin)
    require_rising(T_low=T_low, T_high=T_high)
    require_rising(T_reference_and_5_K=T_reference + CLOSEST, T_eject=T_eject, T_melt=T_melt)
    require_within(1.0, math.inf, temperature_ratio=8.0 / math.pi**2 * (T_melt - T_reference) / (T_eject - T_reference))
    cooling = thickness**2 / (math.pi**2 * diffusivity)
    p = (heat_capacity, shot_heat, loss_running, loss_off, T_coolant, T_ambient, unit_power, T_begin, T_low, T_high)
    return [float(number) for number in (*p, cold_slope, hot_slope, cooling, T_melt, T_eject, T_reference)]


def calibrate(section: Die, *, heat: float, contact: float, cycle: float) -> tuple[float, float]:
    """Return heat capacity [J/K] and running conductance [W/K] of each metre of a section, as `die.calibrate`.

    Parameters
    ----------
    section : processes.kernels.section.Die
    heat : float      Of a shot into the face of the section. [J/m]
    contact : float   Time in which it comes in. [s]
    cycle : float     [s]

    Raises
    ------
    ValueError  If an argument is out of range, or there is no sink.

    >>> from processes.kernels.section import Channel, Die
    >>> section = Die(0.05, 0.04, (20, 16), 34.0, 3.65e6, [Channel(0.022, 0.02, 0.005)], 5500.0, 40.0)
    >>> C, running = calibrate(section, heat=12e3, contact=15.0, cycle=30.0)
    >>> round(C), round(running)
    (3922, 52)
    """
    from processes.reduced._section import effective

    return effective(section, heat, contact, cycle)


def initial(p: list[float]) -> list[float]:
    """Return the state of a mould at the begin of production."""
    return [p[T_BEGIN], p[T_BEGIN]]


def advance(p: list[float], x: list[float], dt: float, mode: int) -> tuple[float, float]:
    """Let `dt` seconds pass and return energy of the control unit's heater and heat to coolant or hall. [J]"""
    before, energy = x[TEMPERATURE], 0.0
    if mode == PREHEATING:
        power, capacity = p[UNIT_POWER], p[CAPACITY]
        x[TEMPERATURE], energy = held(before, dt, capacity, p[LOSS_OFF], p[T_AMBIENT], 0.0, power, p[T_COOLANT])
    elif mode == RUNNING:
        x[TEMPERATURE] = relax(before, p[T_COOLANT], p[LOSS_RUNNING] / p[CAPACITY], dt)
    else:
        x[TEMPERATURE] = relax(before, p[T_AMBIENT], p[LOSS_OFF] / p[CAPACITY], dt)
    return energy, energy - p[CAPACITY] * (x[TEMPERATURE] - before)


def cooling_time(p: list[float], T: float) -> float:
    """Return the cooling time at a mould temperature, which counts as 5 K below ejection at most. [s]"""
    T = min(T, p[T_EJECT] - CLOSEST)
    return p[COOLING] * math.log(8.0 / math.pi**2 * (p[T_MELT] - T) / (p[T_EJECT] - T))


def begin(p: list[float], x: list[float]) -> float:
    """Begin a shot and return the cooling time more than at the reference temperature; may be negative. [s]"""
    now = x[TEMPERATURE]
    x[BEGIN_TEMPERATURE] = now
    x[TEMPERATURE] += p[SHOT_HEAT] / p[CAPACITY]
    return cooling_time(p, now) - cooling_time(p, p[T_REFERENCE])


def finish(p: list[float], x: list[float]) -> float:
    """End a shot and return the probability that it is scrap: linear outside the window. [0, 1]"""
    now = x[BEGIN_TEMPERATURE]
    cold, hot = max(0.0, p[T_LOW] - now), max(0.0, now - p[T_HIGH])
    return min(1.0, p[COLD_SLOPE] * cold + p[HOT_SLOPE] * hot)


def time_to(p: list[float], x: list[float], mode: int, variable: int, level: float) -> float:
    """Return the time until TEMPERATURE stands at a level without further shots; inf if never. [s]"""
    if variable != TEMPERATURE:
        return 0.0 if x[variable] == level else math.inf
    now = x[TEMPERATURE]
    if mode == PREHEATING:
        power, capacity = p[UNIT_POWER], p[CAPACITY]
        return held_time(now, capacity, p[LOSS_OFF], p[T_AMBIENT], 0.0, power, p[T_COOLANT], level)
    if mode == RUNNING:
        return relax_time(now, p[T_COOLANT], p[LOSS_RUNNING] / p[CAPACITY], level)
    return relax_time(now, p[T_AMBIENT], p[LOSS_OFF] / p[CAPACITY], level)
