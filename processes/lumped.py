"""Bodies so thin or so well conducting that one temperature describes them. `processes.conduction` hands these on.

>>> bar = {"rho": 7850.0, "c": 680.0, "volume_over_area": 0.01, "T_init": 1250.0}  # a steel bar in still air
>>> round(lumped_conv_rad_time(h=15.0, emissivity=0.85, T_fluid=30.0, T_surroundings=30.0, T_target=1100.0, **bar), 1)
35.3
"""

from __future__ import annotations

import math

from processes.checks import (
    require_count,
    require_not_negative,
    require_positive,
    require_temperatures,
    require_within,
)

STEFAN_BOLTZMANN = 5.670374e-8  # W/(m^2 K^4)
KELVIN = 273.15


def biot_number(h: float, k: float, length: float) -> float:
    """Return the Biot number: resistance inside a body over that of its surface. [-]

    Parameters
    ----------
    h : float        Heat transfer coefficient, radiation included (`processes.forging.radiation_coefficient`); 0 or
                     more. [W/(m^2 K)]
    k : float        Conductivity of the body. [W/(m K)]
    length : float   Volume over surface for the test of a lumped body; half thickness or radius for the series of
                     `processes.conduction`. [m]

    Raises
    ------
    ValueError  If `h` is negative, or `k` or `length` is not positive and finite.

    Notes
    -----
    h L/k. Below 0.1, with volume over surface, one temperature describes the body. By definition.

    >>> round(biot_number(200.0, 28.0, 0.04 / 4.0), 3)  # a hot steel bar of 40 mm in still air
    0.071
    """
    require_not_negative(h=h)
    require_positive(k=k, length=length)
    return h * length / k


def fourier_number(k: float, rho: float, c: float, length: float, time: float) -> float:
    """Return the Fourier number: time over that in which heat crosses a body. [-]

    Parameters
    ----------
    k, rho, c : float   Conductivity, density, specific heat. [W/(m K)], [kg/m^3], [J/(kg K)]
    length : float      Half thickness or radius. [m]
    time : float        0 or more. [s]

    Raises
    ------
    ValueError  If a property or `length` is not positive and finite, or `time` is negative.

    Notes
    -----
    k t/(rho c L^2). Above 0.2 one term of the series suffices; a soak through takes 0.4-0.6. By definition.

    >>> round(fourier_number(28.0, 7850.0, 680.0, 0.025, 60.0), 2)
    0.5
    """
    require_positive(k=k, rho=rho, c=c, length=length)
    require_not_negative(time=time)
    return k * time / (rho * c * length**2)


def longest_explicit_step(k: float, rho: float, c: float, spacing: float, dimensions: int = 1, h: float = 0.0) -> float:
    """Return the longest time step with which explicit conduction on a grid of equal spacings is stable. [s]

    Parameters
    ----------
    k, rho, c : float   Conductivity, density, specific heat. [W/(m K)], [kg/m^3], [J/(kg K)]
    spacing : float     From node to node, the same in all directions. [m]
    dimensions : int    1, 2 or 3.
    h : float           Of the face that exchanges most, with half cells at faces; 0 if none does. [W/(m^2 K)]

    Raises
    ------
    ValueError  If a property or `spacing` is not positive and finite, `h` is negative, or `dimensions` not 1, 2 or 3.

    Notes
    -----
    Cell Fourier number at most 1/2, 1/4, 1/6 in one, two, three dimensions, divided by 1 + h dx/k at a convective face;
    in two and three dimensions that is on the safe side. Implicit schemes know no limit. Incropera and DeWitt,
    Fundamentals of Heat and Mass Transfer (recalled).

    >>> round(longest_explicit_step(28.0, 7850.0, 680.0, 1e-3), 4)
    0.0953
    """
    require_positive(k=k, rho=rho, c=c, spacing=spacing)
    require_count(1, dimensions=dimensions)
    require_within(1.0, 3.0, dimensions=dimensions)
    require_not_negative(h=h)
    return rho * c * spacing**2 / (2.0 * dimensions * k * (1.0 + h * spacing / k))


def _require_on_the_way(T_init: float, T_target: float, T_end: float) -> None:
    """Raise unless the target lies between the start and the temperature that the body tends to."""
    if not (T_end < T_target <= T_init or T_init <= T_target < T_end):
        raise ValueError(
            f"T_target must lie between T_init and the temperature the body tends to, got {T_target!r}; "
            f"it goes from {T_init!r} to {T_end:.6g} degC"
        )


def lumped_time(
    rho: float, c: float, volume_over_area: float, h: float, T_init: float, T_fluid: float, T_target: float
) -> float:
    """Return the time in which a lumped body reaches a temperature by convection. [s]

    Parameters
    ----------
    rho : float                Density of the body. [kg/m^3]
    c : float                  Specific heat, mean over the range. [J/(kg K)]
    volume_over_area : float   Volume over exchanging surface: s/2 of a plate, d/4 of a bar, d/6 of a ball. [m]
    h : float                  Heat transfer coefficient: 5-15 still air, 20-100 forced air. [W/(m^2 K)]
    T_init : float             Body at the start. [degC]
    T_fluid : float            Fluid around it. [degC]
    T_target : float           Temperature to reach. [degC]

    Raises
    ------
    ValueError  If an argument is not positive and finite, or `T_target` does not lie between start and fluid.

    Notes
    -----
    t = (rho c V/A/h) ln((T_init - T_fluid)/(T_target - T_fluid)); holds for h (V/A)/k < 0.1, k that of the body.
    Incropera and DeWitt, Fundamentals of Heat and Mass Transfer (read: thermocouple junction, 5.2 s).

    >>> round(lumped_time(8500.0, 400.0, 0.706e-3 / 6.0, 400.0, 25.0, 200.0, 199.0), 2)
    5.17
    """
    require_positive(rho=rho, c=c, volume_over_area=volume_over_area, h=h)
    require_temperatures(T_init=T_init, T_fluid=T_fluid, T_target=T_target)
    _require_on_the_way(T_init, T_target, T_fluid)
    return rho * c * volume_over_area / h * math.log((T_init - T_fluid) / (T_target - T_fluid))


def lumped_temperature(
    rho: float, c: float, volume_over_area: float, h: float, T_init: float, T_fluid: float, time: float
) -> float:
    """Return the temperature of a lumped body after a time in a fluid. [degC]

    Parameters
    ----------
    rho, c, volume_over_area, h, T_init, T_fluid : float
        As in `lumped_time`.
    time : float   Time in the fluid; 0 or more. [s]

    Raises
    ------
    ValueError  If an argument is not positive and finite (`time` may be 0).

    Notes
    -----
    T = T_fluid + (T_init - T_fluid) exp(-h t/(rho c V/A)), `lumped_time` solved for the temperature: the same range.
    An event of any length costs one call, and two waits give what one of their sum gives.
    Incropera and DeWitt, Fundamentals of Heat and Mass Transfer (read).

    >>> round(lumped_temperature(8500.0, 400.0, 0.706e-3 / 6.0, 400.0, 25.0, 200.0, 5.17), 1)
    199.0
    """
    require_positive(rho=rho, c=c, volume_over_area=volume_over_area, h=h)
    require_temperatures(T_init=T_init, T_fluid=T_fluid)
    require_not_negative(time=time)
    return T_fluid + (T_init - T_fluid) * math.exp(-h * time / (rho * c * volume_over_area))


def lumped_conv_rad_time(
    rho: float,
    c: float,
    volume_over_area: float,
    h: float,
    emissivity: float,
    T_init: float,
    T_fluid: float,
    T_surroundings: float,
    T_target: float,
) -> float:
    """Return the time in which a lumped body reaches a temperature by convection and radiation. [s]

    Parameters
    ----------
    rho, c, volume_over_area, T_init, T_target : float
        As in `lumped_time`.
    h : float                Convective part alone; 0 in vacuum. [W/(m^2 K)]
    emissivity : float       Of the body: 0.8-0.85 scaled steel; 0 without radiation. [0, 1]
    T_fluid : float          Fluid around it. [degC]
    T_surroundings : float   Large surroundings it radiates to. [degC]

    Raises
    ------
    ValueError  If an argument is out of range, the body exchanges no heat, or it never comes to `T_target`.

    Notes
    -----
    rho c (V/A) dT/dt = -h (T - T_fluid) - eps sigma (T^4 - T_sur^4), kelvin in the last term. With T_e, where the
    right side is zero, it reads -(T - T_e) (h + eps sigma (T + T_e) (T^2 + T_e^2)): the time is an integral of a
    smooth function over ln(T - T_e). Holds for (h + h_rad) (V/A)/k < 0.1; h_rad of steel at 1200 degC is 180-220.
    Incropera and DeWitt, Fundamentals of Heat and Mass Transfer (read: coated panel in an oven, 124 s).

    >>> round(lumped_conv_rad_time(2770.0, 875.0, 0.0015, 40.0, 0.8, 25.0, 175.0, 175.0, 150.0), 1)
    123.0
    """
    require_positive(rho=rho, c=c, volume_over_area=volume_over_area)
    require_not_negative(h=h)
    require_within(0.0, 1.0, emissivity=emissivity)
    require_temperatures(T_init=T_init, T_fluid=T_fluid, T_surroundings=T_surroundings, T_target=T_target)
    if h == emissivity == 0.0:
        raise ValueError("h and emissivity must not both be 0: the body would exchange no heat")
    from scipy.integrate import quad

    radiation = emissivity * STEFAN_BOLTZMANN
    T_end = _balance_temperature(h, radiation, T_fluid, T_surroundings)
    _require_on_the_way(T_init, T_target, T_end)
    start, end = T_init - T_end, T_end + KELVIN

    def resistance(s: float) -> float:
        T = end + start * math.exp(-s)
        return 1.0 / (h + radiation * (T + end) * (T**2 + end**2))

    integral: float = quad(resistance, 0.0, math.log(start / (T_target - T_end)), epsabs=0.0, epsrel=1e-10)[0]
    return rho * c * volume_over_area * integral


def _balance_temperature(h: float, radiation: float, T_fluid: float, T_surroundings: float) -> float:
    """Return the temperature at which a body gains from the one as much as it gives to the other. [degC]"""
    low, high = sorted((T_fluid, T_surroundings))
    if low == high or radiation == 0.0:
        return T_fluid
    if h == 0.0:
        return T_surroundings
    from scipy.optimize import brentq

    def loss(T: float) -> float:
        return h * (T - T_fluid) + radiation * ((T + KELVIN) ** 4 - (T_surroundings + KELVIN) ** 4)

    return float(brentq(loss, low, high, xtol=1e-12, rtol=1e-14))


def radiation_only_time(
    rho: float,
    c: float,
    volume_over_area: float,
    emissivity: float,
    T_init: float,
    T_surroundings: float,
    T_target: float,
) -> float:
    """Return the time in which a lumped body reaches a temperature by radiation alone. [s]

    Parameters
    ----------
    rho, c, volume_over_area, T_init, T_target : float
        As in `lumped_time`.
    emissivity : float       Of the body: 0.8-0.85 scaled steel. (0, 1]
    T_surroundings : float   Large surroundings. [degC]

    Raises
    ------
    ValueError  If an argument is out of range, or `T_target` does not lie between start and surroundings.

    Notes
    -----
    t = rho c (V/A)/(4 eps sigma T_s^3) [F(T) - F(T_i)], F = ln|(T_s + T)/(T_s - T)| + 2 atan(T/T_s), in kelvin. Holds
    for h_rad (V/A)/k < 0.1. Incropera and DeWitt, Fundamentals of Heat and Mass Transfer (recalled).

    >>> round(radiation_only_time(7850.0, 680.0, 0.01, 0.85, 1250.0, 30.0, 1100.0), 2)
    38.19
    """
    require_positive(rho=rho, c=c, volume_over_area=volume_over_area, emissivity=emissivity)
    require_within(0.0, 1.0, emissivity=emissivity)
    require_temperatures(T_init=T_init, T_surroundings=T_surroundings, T_target=T_target)
    _require_on_the_way(T_init, T_target, T_surroundings)
    T_s = T_surroundings + KELVIN

    def primitive(T: float) -> float:
        """F less its value at infinite (cooling) or zero (heating) temperature, which keeps the difference exact."""
        if T_s > T:
            return 2.0 * (math.atanh(T / T_s) + math.atan(T / T_s))
        return 2.0 * (math.atanh(T_s / T) - math.atan(T_s / T))

    change = primitive(T_target + KELVIN) - primitive(T_init + KELVIN)
    return rho * c * volume_over_area * change / (4.0 * emissivity * STEFAN_BOLTZMANN * T_s**3)
