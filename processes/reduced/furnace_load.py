"""Load of a batch furnace: its temperature, the soak clock, stops with open door or without power.

>>> p = compile_parameters(mass=620.0, c=650.0, surface=18.0, h=20.0, emissivity=0.8, T_start=20.0, T_set=860.0,
...     T_ambient=20.0, band=10.0, soak=3600.0, power=150e3, UA=14.3, UA_door=60.0, lining=2e5, efficiency=0.7)
>>> x = initial(p)
>>> round(time_to(p, x, HEATING, SOAKED, 3600.0) / 60.0)  # min until the soak is done
101
>>> energy, heat = advance(p, x, 3600.0, HEATING)
>>> round(x[TEMPERATURE], 1), round(x[SOAKED] / 60.0), round(energy / 3.6e6)  # degC, min, kWh
(860.0, 19, 151)
>>> round(time_to(p, x, POWER_OFF, TEMPERATURE, 850.0))  # s without power that the soak tolerates
505
"""

from __future__ import annotations

import math

from processes.checks import require_not_negative, require_positive, require_rising, require_within
from processes.reduced._lumped import LAW, STEFAN_BOLTZMANN, after, law, loss, relax, relax_time, time_between

# Parameters p; the law of the load in the hot furnace comes first.
CAPACITY = LAW  # load and fixtures [J/K]
ALL_CAPACITY = LAW + 1  # and the lining that cools with them [J/K]
T_START = LAW + 2
T_SET = LAW + 3
T_AMBIENT = LAW + 4
NET_POWER = LAW + 5  # most heat that reaches the load [W]
LIMITED_TO = LAW + 6  # load temperature up to which the power limits [degC]
WALL_LOSS = LAW + 7  # at the set point [W]
LOSS_OFF = LAW + 8  # conductance without power, door shut [W/K]
LOSS_DOOR = LAW + 9  # door open [W/K]
BAND_FLOOR = LAW + 10  # lower end of the soak band [degC]
CORE_FLOOR = LAW + 11  # mean temperature at which the core comes into the band on heating [degC]
SOAK = LAW + 12  # required [s]
EFFICIENCY = LAW + 13
LAG = LAW + 14  # core below the mean temperature, per rate of rise [s]
PARAMETERS = LAW + 15

# States x.
TEMPERATURE = 0  # mean of the load [degC]
SOAKED = 1  # time in the band [s]
STATES = 2

# Modes.
POWER_OFF = 0
HEATING = 1
DOOR_OPEN = 2  # and no power


def compile_parameters(
    *,
    mass: float,
    c: float,
    surface: float,
    h: float,
    emissivity: float,
    T_start: float,
    T_set: float,
    T_ambient: float,
    band: float,
    soak: float,
    power: float,
    UA: float,
    UA_door: float,
    lining: float,
    efficiency: float,
    half_thickness: float = 0.0,
    k: float = math.inf,
    loss_factor: float = 1.0,
) -> list[float]:
    """Return the parameter list of a load in its furnace.

    Parameters
    ----------
    mass : float           Parts and fixtures (20-40 % of the parts). [kg]
    c : float              Mean specific heat; steel to 850-930 degC 620-680. [J/(kg K)]
    surface : float        Of the load that sees the furnace, less than all faces of packed parts. [m^2]
    h, emissivity : float  To gas and walls: 10-50 with a fan, 0.5-0.8; not both 0. [W/(m^2 K), -]
    T_start, T_set, T_ambient : float   [degC]
    band : float           Below the set point, within which the soak counts, 5-15. [K]
    soak : float           Required time in the band. [s]
    power : float          Most heat from the heater to the chamber. [W]
    UA : float             Loss of the walls over T_set - T_ambient. [W/K]
    UA_door : float        More of it with the door open. [W/K]
    lining : float         Capacity of the inner lining, which cools with the load when the power is off. [J/K]
    efficiency : float     Electric 1, gas about 0.7. (0, 1]
    half_thickness : float   Of a part, V/A of its plate; 0: core and mean are one. [m]
    k : float              Conductivity of the part at the set point, steel 26-30. [W/(m K)]
    loss_factor : float    Heat exchange over that of a load of one temperature, `calibrate`. (0, 1]

    Raises
    ------
    ValueError  If an argument is out of range, the temperatures do not rise from start and ambient to the set point,
                the band reaches down to them, or the power does not exceed the wall loss.

    Notes
    -----
    Heating: C dT/dt = min(P - UA (T_set - T_a), f A (h (T_set - T) + eps sigma (T_set^4 - T^4))); the chamber stands at
    its set point or the power is the limit. Off: load and lining are one and decay with (C + C_lining)/UA. The core of
    a plate lags by q L/(2 k), less q L/(6 k) from the core to the mean: the soak clock runs when the core is in the
    band. Balances, computed here; values typical. Measured against conduction in a plate of steel (k 28, h 20,
    emissivity 0.8, to 860 degC): mean temperature too hot by up to 8 K for 40 mm and 20 K for 100 mm while it
    rises (with the calibrated f too cold by 6 K and 13 K); the core comes into a band of 10 K 4 % and 10 % of the
    heating time too soon (1.4 % and 3.5 %). Not for a packed charge, whose inner parts see each other.

    >>> compile_parameters(mass=620.0, c=650.0, surface=18.0, h=20.0, emissivity=0.8, T_start=20.0, T_set=860.0,
    ...     T_ambient=20.0, band=10.0, soak=3600.0, power=10e3, UA=14.3, UA_door=60.0, lining=2e5, efficiency=0.7)
    Traceback (most recent call last):
    ValueError: power must exceed the wall loss at the set point, 12012 W, got 10000.0
    """
    require_positive(mass=mass, c=c, surface=surface, band=band, UA=UA, efficiency=efficiency, loss_factor=loss_factor)
    require_not_negative(h=h, soak=soak, UA_door=UA_door, lining=lining, half_thickness=half_thickness)
    require_within(0.0, 1.0, emissivity=emissivity, efficiency=efficiency, loss_factor=loss_factor)
    require_rising(T_ambient=T_ambient, T_floor=T_set - band, T_set=T_set)
    require_rising(T_start=T_start, T_floor=T_set - band)
    if h == emissivity == 0.0 or not k > 0.0:
        raise ValueError(f"h or emissivity, and k, must be positive, got {h!r}, {emissivity!r} and {k!r}")
    walls = UA * (T_set - T_ambient)
    if not walls < power < math.inf:
        raise ValueError(f"power must exceed the wall loss at the set point, {walls:.0f} W, got {power!r}")
    capacity, exchanging = mass * c, loss_factor * surface
    heating = law(exchanging * h, exchanging * emissivity * STEFAN_BOLTZMANN, T_set, T_set, capacity)
    limited = _where(heating, min(T_start, T_ambient), T_set, (power - walls) / capacity)
    slope = half_thickness / (3.0 * k) * capacity / surface  # mean less core temperature, per rate of rise
    core = _core_floor(heating, T_set - band, T_set, slope / 2.0)
    rest = [capacity, capacity + lining, T_start, T_set, T_ambient, power - walls, limited, walls, UA, UA + UA_door]
    return [float(number) for number in [*heating, *rest, T_set - band, core, soak, efficiency, 0.5 * slope]]


def resized(p: list[float], capacity: float, surface: float) -> list[float]:
    """Return the parameters of a load of another heat capacity [J/K] and of `surface` times the surface.

    >>> p = compile_parameters(mass=620.0, c=650.0, surface=18.0, h=20.0, emissivity=0.8, T_start=20.0, T_set=860.0,
    ...     T_ambient=20.0, band=10.0, soak=3600.0, power=150e3, UA=14.3, UA_door=60.0, lining=2e5, efficiency=0.7)
    >>> half = resized(p, 0.5 * p[CAPACITY], 0.5)
    >>> [round(time_to(q, initial(q), HEATING, SOAKED, 3600.0) / 60.0) for q in (p, half)]  # min
    [101, 81]
    """
    q = list(p)
    q[0] = p[0] * surface * p[CAPACITY] / capacity  # the rate of the law of decay
    q[CAPACITY], q[ALL_CAPACITY] = capacity, capacity + p[ALL_CAPACITY] - p[CAPACITY]
    q[LIMITED_TO] = _where(q, min(p[T_START], p[T_AMBIENT]), p[T_SET], p[NET_POWER] / capacity)
    q[CORE_FLOOR] = _core_floor(q, p[BAND_FLOOR], p[T_SET], p[LAG])
    return q


def _where(heating: list[float], low: float, high: float, rate: float) -> float:
    """Return the temperature at which a load in the hot furnace would rise at a rate [K/s], at least `low`. [degC]"""
    for _ in range(60):
        middle = 0.5 * (low + high)
        if -loss(heating, 0, middle) > rate:
            low = middle
        else:
            high = middle
    return low


def _core_floor(heating: list[float], floor: float, T_set: float, lag: float) -> float:
    """Return the mean temperature at which the core, `lag` times the rate of rise below it, is at the floor. [degC]"""
    low, high = floor, T_set
    for _ in range(60):
        middle = 0.5 * (low + high)
        if middle + lag * loss(heating, 0, middle) < floor:
            low = middle
        else:
            high = middle
    return high


def calibrate(
    *, half_thickness: float, k: float, rho: float, c: float, h: float, emissivity: float, T_start: float, T_set: float
) -> float:
    """Return the factor on the heat exchange that brings a lumped plate to 90 % of its rise when a real one is there.

    Parameters
    ----------
    half_thickness, k, rho, c, h, emissivity, T_start, T_set : float
        As in `compile_parameters`; density in kg/m^3.

    Raises
    ------
    ValueError  If an argument is out of range.

    Notes
    -----
    Plate of 31 nodes in the furnace at its set point (`processes.kernels.slab.conduct`).

    >>> round(calibrate(half_thickness=0.05, k=28.0, rho=7850.0, c=650.0, h=20.0, emissivity=0.8, T_start=20.0,
    ...     T_set=860.0), 2)
    0.94
    """
    import numpy as np

    from processes.kernels.slab import conduct, shells

    require_positive(half_thickness=half_thickness, k=k, rho=rho, c=c)
    require_rising(T_start=T_start, T_set=T_set)
    plate = law(h, emissivity * STEFAN_BOLTZMANN, T_set, T_set, rho * c * half_thickness)
    time = time_between(plate, 0, T_start, T_set - 0.1 * (T_set - T_start))
    run = conduct(
        np.full((1, 31), T_start), time, half_thickness, k, rho * c, h=h, T_fluid=T_set, emissivity=emissivity,
        T_surroundings=T_set, steps=200,
    )  # fmt: skip
    volume = shells("slab", 31)[1]
    return min(1.0, time_between(plate, 0, T_start, float(run.T[0] @ volume / volume.sum())) / time)


def initial(p: list[float]) -> list[float]:
    """Return the state of a load that enters the hot furnace."""
    return [p[T_START], 0.0]


def _heated(p: list[float], T: float, dt: float) -> float:
    """Return the temperature after heating. [degC]"""
    rise = p[NET_POWER] / p[CAPACITY]
    if p[LIMITED_TO] > T:
        until = (p[LIMITED_TO] - T) / rise
        if dt < until:
            return T + rise * dt
        T, dt = p[LIMITED_TO], dt - until
    return after(p, 0, T, dt)


def _heating_time(p: list[float], T: float, level: float) -> float:
    """Return the time of heating to a level; inf if never. [s]"""
    limit = p[LIMITED_TO]
    if limit > T and level > T:
        rise = p[NET_POWER] / p[CAPACITY]
        return (min(level, limit) - T) / rise + (time_between(p, 0, limit, level) if level > limit else 0.0)
    return time_between(p, 0, T, level)


def _loss(p: list[float], mode: int) -> float:
    """Return the conductance of furnace and load without power. [W/K]"""
    return p[LOSS_DOOR] if mode == DOOR_OPEN else p[LOSS_OFF]


def advance(p: list[float], x: list[float], dt: float, mode: int) -> tuple[float, float]:
    """Let `dt` seconds pass and return fuel or electricity and heat lost to hall and flue. [J]

    Without power the lining gives off its heat with the load; on heating the walls count as hot: the energy that heats
    the lining again after a stop is left out.
    """
    before = x[TEMPERATURE]
    if mode == HEATING:
        into_band = 0.0 if before >= p[CORE_FLOOR] else _heating_time(p, before, p[CORE_FLOOR])
        x[SOAKED] += max(0.0, dt - into_band)
        x[TEMPERATURE] = _heated(p, before, dt)
        gained = p[CAPACITY] * (x[TEMPERATURE] - before)
        energy = max(0.0, gained + p[WALL_LOSS] * dt) / p[EFFICIENCY]
        return energy, energy - gained
    rate = _loss(p, mode) / p[ALL_CAPACITY]
    if before >= p[BAND_FLOOR]:
        x[SOAKED] += min(dt, relax_time(before, p[T_AMBIENT], rate, p[BAND_FLOOR]))
    x[TEMPERATURE] = relax(before, p[T_AMBIENT], rate, dt)
    return 0.0, p[ALL_CAPACITY] * (before - x[TEMPERATURE])


def finish(p: list[float], x: list[float]) -> bool:
    """Return whether the load has soaked long enough."""
    return x[SOAKED] >= p[SOAK]


def time_to(p: list[float], x: list[float], mode: int, variable: int, level: float) -> float:
    """Return the time until TEMPERATURE or SOAKED stands at a level; inf if never. [s]"""
    T = x[TEMPERATURE]
    if x[variable] == level:
        return 0.0
    rate = _loss(p, mode) / p[ALL_CAPACITY]
    if variable == TEMPERATURE:
        return _heating_time(p, T, level) if mode == HEATING else relax_time(T, p[T_AMBIENT], rate, level)
    missing = level - x[SOAKED]
    if missing < 0.0:
        return math.inf
    if mode == HEATING:
        return missing + (0.0 if p[CORE_FLOOR] <= T else _heating_time(p, T, p[CORE_FLOOR]))
    in_band = relax_time(T, p[T_AMBIENT], rate, p[BAND_FLOOR]) if p[BAND_FLOOR] <= T else 0.0
    return missing if missing <= in_band else math.inf
