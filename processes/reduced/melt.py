"""Melt in a holding furnace: dosing, topping up, holding losses, freezing when the furnace is off.

>>> p = compile_parameters(mass=800.0, mass_full=1000.0, heel=200.0, c_solid=963.0, c_liquid=1160.0, latent=389e3,
...     T_freeze=585.0, UA=9.0, open_area=0.12, open_flux=23.3e3, T_ambient=25.0, T_set=680.0, power=60e3,
...     efficiency=0.6, transfer_drop=15.0, T_cold=640.0, T_hot=720.0)
>>> x = initial(p)
>>> begin(p, x, 8.0), round(x[MASS])  # pour temperature of a shot
(665.0, 792)
>>> energy, heat = advance(p, x, 6 * 3600.0, OFF)
>>> round(x[TEMPERATURE], 1), round(solid_fraction(p, x), 3), round(heat / 1e6)
(585.0, 0.259, 167)
>>> round(time_to(p, x, HOLDING, TEMPERATURE, 680.0) / 60.0)  # min to melt and heat up again
53
"""

from __future__ import annotations

import math

from processes.checks import require_not_falling, require_not_negative, require_positive, require_rising, require_within
from processes.reduced._lumped import relax, relax_time

# Parameters p.
C_SOLID = 0
C_LIQUID = 1
LATENT = 2
T_FREEZE = 3
LOSS = 4  # conductance of walls, lid and open surface [W/K]
T_AMBIENT = 5
T_SET = 6
POWER = 7  # of the heater, into the metal [W]
EFFICIENCY = 8
MASS_START = 9
MASS_FULL = 10
HEEL = 11  # stays in the furnace [kg]
TRANSFER_DROP = 12  # furnace to mould [K]
T_COLD = 13  # furnace temperature below which shots misrun [degC]
T_HOT = 14  # furnace temperature above which shots solder or take up gas [degC]
PARAMETERS = 15

# States x.
ENTHALPY = 0  # above the solid at the freezing temperature [J/kg]
MASS = 1  # [kg]
TEMPERATURE = 2  # follows from the enthalpy [degC]
STATES = 3

# Modes.
OFF = 0
HOLDING = 1  # thermostat

# Answers of `begin` where nothing can be poured.
TOO_LITTLE = -math.inf  # only the heel is left
FROZEN = -1e9


def compile_parameters(
    *,
    mass: float,
    mass_full: float,
    heel: float,
    c_solid: float,
    c_liquid: float,
    latent: float,
    T_freeze: float,
    UA: float,
    open_area: float,
    open_flux: float,
    T_ambient: float,
    T_set: float,
    power: float,
    efficiency: float,
    transfer_drop: float,
    T_cold: float,
    T_hot: float,
) -> list[float]:
    """Return the parameter list of a holding furnace.

    Parameters
    ----------
    mass, mass_full, heel : float   At the start, at most, and what must stay inside. [kg]
    c_solid, c_liquid : float       Specific heats; Al-Si 963 and 1080-1160. [J/(kg K)]
    latent : float                  Latent heat; Al-Si 389e3-500e3, tables disagree. [J/kg]
    T_freeze : float                Freezing temperature, one number between solidus and liquidus. [degC]
    UA : float                      Conductance of walls and lid, 5-30. [W/K]
    open_area : float               Open well; may be 0. [m^2]
    open_flux : float               Its loss at the set point, 23e3 for aluminium at 675 degC. [W/m^2]
    T_ambient : float               [degC]
    T_set : float                   Set point, Al-Si 660-720. [degC]
    power : float                   Most that the heater brings into the metal. [W]
    efficiency : float              Of the heater: gas 0.4-0.6, electric 0.8-0.95. (0, 1]
    transfer_drop : float           Loss from furnace to mould, 5-40; 1-3 K a minute in a ladle. [K]
    T_cold, T_hot : float           Window of the furnace temperature for good shots, Al-Si 620-720. [degC]

    Raises
    ------
    ValueError  If an argument is out of range, the temperatures do not rise from ambient over freezing to set point,
                heel or mass exceeds the full furnace, or the power does not hold the set point.

    Notes
    -----
    m dH/dt = P - K (T(H) - T_a), K = UA + A q/(T_set - T_a): the loss of the open well, known at one temperature, is
    taken as linear. Enthalpy H piecewise linear: solid, plateau, liquid. One temperature for all the metal.
    Heat balance, computed here; the flux read and converted, other values typical. Measured against conduction without
    any flow (k 90 liquid, 160 solid) in a layer of 0.3 m that loses 6 W/(m^2 K) on one side: heat given off within
    0.7 %, time until all is solid 1.2 % too short, mean temperature within 2 K, the cold side 4 K colder and the far
    side 3 K hotter; at 20 W/(m^2 K) 2 %, 4 %, 6 K, 13 K and 9 K. A well that radiates loses less as it cools: the
    linear law cools 800 kg from 680 to 585 degC in 4 % too short a time.

    >>> p = compile_parameters(mass=800.0, mass_full=1000.0, heel=200.0, c_solid=963.0, c_liquid=1160.0, latent=389e3,
    ...     T_freeze=585.0, UA=9.0, open_area=0.12, open_flux=23.3e3, T_ambient=25.0, T_set=680.0, power=60e3,
    ...     efficiency=0.6, transfer_drop=15.0, T_cold=640.0, T_hot=720.0)
    >>> round(p[LOSS], 2)
    13.27
    """
    require_positive(mass=mass, c_solid=c_solid, c_liquid=c_liquid, latent=latent, UA=UA, efficiency=efficiency)
    require_not_negative(heel=heel, open_area=open_area, open_flux=open_flux, transfer_drop=transfer_drop)
    require_within(0.0, 1.0, efficiency=efficiency)
    require_rising(T_ambient=T_ambient, T_freeze=T_freeze, T_set=T_set)
    require_not_falling(T_cold=T_cold, T_hot=T_hot)
    require_positive(mass_full=mass_full)
    require_within(0.0, mass_full, mass=mass, heel=heel)
    loss = UA + open_area * open_flux / (T_set - T_ambient)
    least = loss * (T_set - T_ambient)
    if not least < power < math.inf:
        raise ValueError(f"power must exceed the loss at the set point, {least:.0f} W, got {power!r}")
    p = [c_solid, c_liquid, latent, T_freeze, loss, T_ambient, T_set, power, efficiency]
    return [float(number) for number in [*p, mass, mass_full, heel, transfer_drop, T_cold, T_hot]]


def initial(p: list[float]) -> list[float]:
    """Return the state of a furnace at its set point."""
    return [enthalpy(p, p[T_SET]), p[MASS_START], p[T_SET]]


def enthalpy(p: list[float], T: float) -> float:
    """Return the enthalpy at a temperature, all liquid at the freezing point. [J/kg]"""
    if p[T_FREEZE] > T:
        return p[C_SOLID] * (T - p[T_FREEZE])
    return p[LATENT] + p[C_LIQUID] * (T - p[T_FREEZE])


def temperature(p: list[float], H: float) -> float:
    """Return the temperature at an enthalpy. [degC]"""
    if H < 0.0:
        return p[T_FREEZE] + H / p[C_SOLID]
    return p[T_FREEZE] + max(0.0, H - p[LATENT]) / p[C_LIQUID]


def solid_fraction(p: list[float], x: list[float]) -> float:
    """Return the frozen share of the metal. [0, 1]"""
    return min(1.0, max(0.0, 1.0 - x[ENTHALPY] / p[LATENT]))


def _piece(p: list[float], H: float, power: float) -> tuple[float, float, float, float]:
    """Return how the enthalpy goes on: its end, rate [1/s kg], slope where there is no end, next kink.

    On the plateau the rate is 0 and the enthalpy changes by `slope` [W]; elsewhere it decays to the end.
    """
    net = power - p[LOSS] * (p[T_FREEZE] - p[T_AMBIENT])
    if H < 0.0 or (H == 0.0 and net <= 0.0):
        T_end = p[T_AMBIENT] + power / p[LOSS]
        return p[C_SOLID] * (T_end - p[T_FREEZE]), p[LOSS] / p[C_SOLID], 0.0, 0.0
    if p[LATENT] < H or (p[LATENT] == H and net > 0.0):
        T_end = p[T_AMBIENT] + power / p[LOSS]
        H_end = p[LATENT] + p[C_LIQUID] * (T_end - p[T_FREEZE])
        return H_end, p[LOSS] / p[C_LIQUID], 0.0, p[LATENT]
    return 0.0, 0.0, net, p[LATENT] if net > 0.0 else 0.0


def _time_in_piece(p: list[float], H: float, mass: float, power: float, level: float) -> float:
    """Return the time to a level of enthalpy in the same piece; inf if never. [s]"""
    H_end, rate, slope, _ = _piece(p, H, power)
    if rate > 0.0:
        return relax_time(H, H_end, rate / mass, level)
    if (level - H) * slope > 0.0:
        return (level - H) * mass / slope
    return 0.0 if level == H else math.inf


def _in_piece(p: list[float], H: float, level: float, power: float) -> float:
    """Return `level`, or the kink of the enthalpy that comes before it."""
    kink = _piece(p, H, power)[3]
    if H < kink < level or H > kink > level:
        return kink
    return level


def _run(p: list[float], H: float, mass: float, power: float, level: float, dt: float) -> tuple[float, float]:
    """Return the enthalpy after `dt` seconds of a constant power or when it comes to `level`, and the time left. [s]"""
    for _ in range(4):
        if level == H or dt <= 0.0:
            break
        goal = _in_piece(p, H, level, power)
        until = _time_in_piece(p, H, mass, power, goal)
        if dt < until:
            H_end, rate, slope, _ = _piece(p, H, power)
            return (relax(H, H_end, rate / mass, dt) if rate > 0.0 else H + slope * dt / mass), 0.0
        H, dt = goal, dt - until
    return H, max(0.0, dt)


def advance(p: list[float], x: list[float], dt: float, mode: int) -> tuple[float, float]:
    """Let the furnace be off or hold its metal for `dt` seconds and return fuel or electricity and heat lost. [J]"""
    before, mass = x[ENTHALPY], x[MASS]
    if mass <= 0.0 or dt == 0.0:
        return 0.0, 0.0
    H, left, supplied = before, dt, 0.0
    H_set = enthalpy(p, p[T_SET])
    if mode == HOLDING:
        if H_set > H:
            H, left = _run(p, H, mass, p[POWER], H_set, dt)
            supplied = p[POWER] * (dt - left)
        elif H_set < H:
            H, left = _run(p, H, mass, 0.0, H_set, dt)
        supplied += p[LOSS] * (p[T_SET] - p[T_AMBIENT]) * left
    else:
        H, left = _run(p, H, mass, 0.0, -math.inf, dt)
    x[ENTHALPY], x[TEMPERATURE] = H, temperature(p, H)
    energy = supplied / p[EFFICIENCY]
    return energy, energy - mass * (H - before)


def begin(p: list[float], x: list[float], shot: float) -> float:
    """Take a shot [kg] and return its pour temperature; TOO_LITTLE or FROZEN if none can be taken. [degC]"""
    if x[MASS] - shot < p[HEEL]:
        return TOO_LITTLE
    if x[ENTHALPY] < p[LATENT]:
        return FROZEN
    x[MASS] -= shot
    return x[TEMPERATURE] - p[TRANSFER_DROP]


def in_window(p: list[float], x: list[float]) -> bool:
    """Return whether the furnace temperature promises a good shot."""
    return p[T_COLD] <= x[TEMPERATURE] <= p[T_HOT]


def top_up(p: list[float], x: list[float], mass: float, T: float) -> float:
    """Put metal in, at most until the furnace is full, and return how much went in. [kg]

    Metal below the freezing temperature is solid; what it needs to melt comes out of the melt.
    """
    added = min(mass, max(0.0, p[MASS_FULL] - x[MASS]))
    if added <= 0.0:
        return 0.0
    total = x[MASS] + added
    x[ENTHALPY] += added / total * (enthalpy(p, T) - x[ENTHALPY])
    x[MASS] = total
    x[TEMPERATURE] = temperature(p, x[ENTHALPY])
    return added


def time_to(p: list[float], x: list[float], mode: int, variable: int, level: float) -> float:
    """Return the time until TEMPERATURE or ENTHALPY stands at a level; inf if never. [s]

    A falling temperature is at the freezing point when freezing begins, a rising one when melting begins.
    """
    H, H_set, power = x[ENTHALPY], enthalpy(p, p[T_SET]), 0.0
    goal = level
    if variable == TEMPERATURE:
        if level == x[TEMPERATURE]:
            return 0.0
        goal = 0.0 if level == p[T_FREEZE] and H < 0.0 else enthalpy(p, level)
    if mode == HOLDING:
        power = p[POWER] if H_set > H else 0.0
        if (goal != H and (goal - H_set) * (H - H_set) < 0.0) or H == H_set != goal:
            return math.inf
    total = 0.0
    for _ in range(4):
        step = _in_piece(p, H, goal, power)
        total += _time_in_piece(p, H, x[MASS], power, step)
        H = step
        if goal == H or total == math.inf:
            break
    return total
