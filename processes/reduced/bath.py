"""Plating bath: concentration of the metal and temperature, with loads, dosing, rectifier and heater.

>>> p = compile_parameters(volume=4.0, rho=1150.0, c=3700.0, concentration=75.0, deposition=0.9e-3, anode=0.8e-3,
...     dosing=0.0, dragout=1.2e-3, UA=180.0, T_ambient=20.0, T_set=55.0, heater=20e3, joule=4e3, rectifier=0.9,
...     efficiency=0.95, low=60.0, high=90.0, T_low=50.0, T_high=60.0)
>>> x = initial(p)
>>> for load in range(40):
...     in_window = begin(p, x)
...     energy, heat = advance(p, x, 1800.0, PLATING)
...     carried = finish(p, x)
>>> round(x[CONCENTRATION], 2), round(x[TEMPERATURE], 2), round(energy / 3.6e6, 2)  # kg/m3, degC, kWh of a load
(72.32, 55.0, 3.43)
>>> round(time_to(p, x, OFF, TEMPERATURE, 50.0) / 3600.0, 1)  # h without heater until too cold
4.0
"""

from __future__ import annotations

import math

from processes.checks import require_not_negative, require_positive, require_rising, require_within
from processes.reduced._lumped import held, held_time

# Parameters p.
VOLUME = 0
CAPACITY = 1  # [J/K]
START = 2  # concentration after make-up [kg/m3]
PLATING_RATE = 3  # anode less deposition while current flows [kg/s]
DOSING = 4  # steady, in all modes but OFF [kg/s]
DRAGOUT = 5  # of one load [m3]
LOSS = 6  # [W/K]
T_AMBIENT = 7
T_SET = 8
HEATER = 9  # [W]
JOULE = 10  # heat of the current in the bath [W]
RECTIFIER = 11  # electricity of the rectifier while plating [W]
EFFICIENCY = 12
LOW = 13  # window of the concentration [kg/m3]
HIGH = 14
T_LOW = 15  # window of the temperature [degC]
T_HIGH = 16
PARAMETERS = 17

# States x.
CONCENTRATION = 0  # [kg/m3]
TEMPERATURE = 1  # [degC]
CURRENT = 2  # of the load that is in, over that of a full one; 1 unless somebody sets it
STATES = 3

# Modes.
OFF = 0  # neither heater nor dosing nor current
READY = 1  # thermostat and dosing
PLATING = 2  # and current


def compile_parameters(
    *,
    volume: float,
    rho: float,
    c: float,
    concentration: float,
    deposition: float,
    anode: float,
    dosing: float,
    dragout: float,
    UA: float,
    T_ambient: float,
    T_set: float,
    heater: float,
    joule: float,
    rectifier: float,
    efficiency: float,
    low: float,
    high: float,
    T_low: float,
    T_high: float,
) -> list[float]:
    """Return the parameter list of a bath.

    Parameters
    ----------
    volume : float          Kept by topping up with water. [m^3]
    rho, c : float          1000-1250 and 3500-4190. [kg/m^3, J/(kg K)]
    concentration : float   Of the metal at the start. [kg/m^3]
    deposition : float      Metal out of the bath while current flows, eta I M/(z F). [kg/s]
    anode : float           Metal from the anodes meanwhile; 0 insoluble. [kg/s]
    dosing : float          Steady supply; 0 if it is dosed by hand (`dose`). [kg/s]
    dragout : float         Liquid that one load carries out, 0.05-0.2 L/m2 of rack work; less than the bath. [m^3]
    UA : float              Loss of walls and surface over T_set - T_ambient; evaporation is most of it. [W/K]
    T_ambient, T_set : float   [degC]
    heater : float          Most heat into the bath. [W]
    joule : float           Heat of the current in the bath, about current times voltage less what deposits. [W]
    rectifier : float       Efficiency of the rectifier, 0.85-0.95. (0, 1]
    efficiency : float      Of the heater: electric 0.95-1, steam 0.7-0.85. (0, 1]
    low, high : float       Window of the concentration. [kg/m^3]
    T_low, T_high : float   Window of the temperature. [degC]

    Raises
    ------
    ValueError  If an argument is out of range, a window is empty, or a load carries the whole bath away.

    Notes
    -----
    V dC/dt = supply - deposition, at least 0; a load takes the share D/V. rho c V dT/dt = heater + joule - UA (T - T_a)
    with a thermostat; the heater is off while the current alone keeps the bath at or above T_set (there is no chiller).
    Balances of a stirred tank, computed here; values typical. No kernel: measured against direct integration. Loads one
    by one are exact; a steady drag-out of the same mean (`processes.plating.bath_concentration_after`) is off by half a
    load's drop. Evaporation grows with vapour pressure: with the heater off a bath 1 m deep is too cold
    by 0.7 K after 8 h from 60 degC (2 kW/m^2, 60 % of it evaporation; fall of 11 K), from 80 degC (6.5 kW/m^2, 75 %)
    by 0.8 K after 2 h (fall of 9 K) and by 5 K after 8 h (26 K).

    >>> compile_parameters(volume=4.0, rho=1150.0, c=3700.0, concentration=75.0, deposition=0.9e-3, anode=0.8e-3,
    ...     dosing=0.0, dragout=5.0, UA=180.0, T_ambient=20.0, T_set=55.0, heater=20e3, joule=4e3, rectifier=0.9,
    ...     efficiency=0.95, low=60.0, high=90.0, T_low=50.0, T_high=60.0)
    Traceback (most recent call last):
    ValueError: dragout must be less than volume = 4.0, got 5.0
    """
    require_positive(volume=volume, rho=rho, c=c, UA=UA, heater=heater, rectifier=rectifier, efficiency=efficiency)
    require_not_negative(concentration=concentration, deposition=deposition, anode=anode, dosing=dosing)
    require_not_negative(dragout=dragout, joule=joule, low=low)
    require_within(0.0, 1.0, rectifier=rectifier, efficiency=efficiency)
    require_rising(T_ambient=T_ambient, T_set=T_set)
    require_rising(T_low=T_low, T_high=T_high)
    if not low < high < math.inf:
        raise ValueError(f"high must exceed low = {low!r} and be finite, got {high!r}")
    if dragout >= volume:
        raise ValueError(f"dragout must be less than volume = {volume!r}, got {dragout!r}")
    p = [volume, volume * rho * c, concentration, anode - deposition, dosing, dragout, UA, T_ambient, T_set, heater]
    return [float(number) for number in [*p, joule, joule / rectifier, efficiency, low, high, T_low, T_high]]


def initial(p: list[float]) -> list[float]:
    """Return the state of a fresh bath at its set point."""
    return [p[START], p[T_SET], 1.0]


def _supply(p: list[float], x: list[float], mode: int) -> float:
    """Return the metal that comes in less what leaves as deposit. [kg/s]"""
    if mode == OFF:
        return 0.0
    return p[DOSING] + (p[PLATING_RATE] * x[CURRENT] if mode == PLATING else 0.0)


def advance(p: list[float], x: list[float], dt: float, mode: int) -> tuple[float, float]:
    """Let `dt` seconds pass and return energy of heater and rectifier and heat lost to the hall. [J]"""
    x[CONCENTRATION] = max(0.0, x[CONCENTRATION] + _supply(p, x, mode) * dt / p[VOLUME])
    before = x[TEMPERATURE]
    gain = p[JOULE] * x[CURRENT] if mode == PLATING else 0.0
    power = 0.0 if mode == OFF else p[HEATER]
    T, heated = held(before, dt, p[CAPACITY], p[LOSS], p[T_AMBIENT], gain, power, p[T_SET])
    x[TEMPERATURE] = T
    energy = heated / p[EFFICIENCY] + (p[RECTIFIER] * x[CURRENT] * dt if mode == PLATING else 0.0)
    return energy, energy - p[CAPACITY] * (T - before)


def in_window(p: list[float], x: list[float]) -> bool:
    """Return whether concentration and temperature promise a good deposit."""
    return p[LOW] <= x[CONCENTRATION] <= p[HIGH] and p[T_LOW] <= x[TEMPERATURE] <= p[T_HIGH]


def begin(p: list[float], x: list[float]) -> bool:
    """Put a load in and return whether the bath is in its windows."""
    return in_window(p, x)


def finish(p: list[float], x: list[float]) -> float:
    """Take a load out and return the metal that it carries out; water replaces the liquid. [kg]"""
    carried = x[CONCENTRATION] * p[DRAGOUT]
    x[CONCENTRATION] -= carried / p[VOLUME]
    return carried


def dose(p: list[float], x: list[float], metal: float) -> None:
    """Add metal [kg] by hand, after an analysis."""
    x[CONCENTRATION] += metal / p[VOLUME]


def time_to(p: list[float], x: list[float], mode: int, variable: int, level: float) -> float:
    """Return the time until CONCENTRATION or TEMPERATURE stands at a level without further loads; inf if never. [s]"""
    now = x[variable]
    if level == now:
        return 0.0
    if variable == CONCENTRATION:
        supply = _supply(p, x, mode)
        if level < 0.0 or (level - now) * supply <= 0.0:
            return math.inf
        return (level - now) * p[VOLUME] / supply
    gain = p[JOULE] * x[CURRENT] if mode == PLATING else 0.0
    power = 0.0 if mode == OFF else p[HEATER]
    return held_time(now, p[CAPACITY], p[LOSS], p[T_AMBIENT], gain, power, p[T_SET], level)
