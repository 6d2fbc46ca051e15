"""Temperatures under a moving weld source at many points: Rosenthal's point and line, Goldak's double ellipsoid."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from processes.checks import (
    require_not_negative,
    require_positive,
    require_rising,
    require_temperatures,
    require_within,
)
from processes.fields import array_of
from processes.kernels import _check as check
from processes.kernels._types import Array, Numbers

GONE = 40.0  # exponents beyond are left out: e^-40 = 4e-18
GAUSS, WEIGHTS = np.polynomial.legendre.leggauss(6)


def _points(**places: Numbers) -> tuple[tuple[int, ...], list[Array]]:
    """Return the common shape of places and each as a flat array."""
    shape = np.broadcast_shapes(*(array_of(name, value).shape for name, value in places.items()))
    return shape, [check.array(name, value, shape).ravel() for name, value in places.items()]


def _checked(power: float, speed: float, k: float, rho: float, c: float, T0: float) -> float:
    """Check the source and the metal, and return v/2 alpha. [1/m]"""
    require_not_negative(power=power)
    require_positive(speed=speed, k=k, rho=rho, c=c)
    require_temperatures(T0=T0)
    return speed * rho * c / (2.0 * k)


def _answer(values: Array, shape: tuple[int, ...]) -> Any:
    """Return an array of a shape, or one number."""
    return values.reshape(shape) if shape else float(values[0])


def rosenthal_plate_temperature(
    power: float,
    speed: float,
    k: float,
    rho: float,
    c: float,
    thickness: float,
    T0: float,
    xi: Numbers,
    y: Numbers,
    z: Numbers,
) -> Any:
    """Return the quasi-steady temperature under a point source on the top of a plate. [degC]

    Parameters
    ----------
    power : float           Heat into the plate, 0 or more. [W]
    speed : float           Of the source, along +x. [m/s]
    k, rho, c : float       At 700-900 degC. [W/(m K), kg/m^3, J/(kg K)]
    thickness : float       Infinite for a thick plate. [m]
    T0 : float              [degC]
    xi, y, z : floats or arrays of one shape   From the source: along, across, down; 0 <= z <= thickness. [m]

    Raises
    ------
    ValueError  If an argument is not finite or out of range, or a point is the source itself.

    Notes
    -----
    T = T_0 + q/(2 pi k) sum exp(-v (xi + r_n)/2 alpha)/r_n, r_n the distance to the image at z = 2 n d; faces
    adiabatic. Rosenthal 1946 (recalled). Images are left out where their exponent is below -40. No truth within about
    one pool length. exp without branches, relative error 4e-16. One point gives a float.

    >>> round(rosenthal_plate_temperature(4000.0, 0.006, 35.0, 7800.0, 640.0, 0.012, 25.0, -0.025, 0.006, 0.004), 4)
    500.6713
    """
    decay = _checked(power, speed, k, rho, c, T0)
    shape, (x, across, down) = _points(xi=xi, y=y, z=z)
    if thickness == math.inf:
        shifts = np.zeros(1)
    else:
        require_positive(thickness=thickness)
        require_within(0.0, thickness, z=float(down.min(initial=0.0)))
        require_within(0.0, thickness, z=float(down.max(initial=0.0)))
        extra = GONE / decay
        reach = math.sqrt(extra * (extra + 2.0 * float(np.abs(x).max(initial=0.0)))) + thickness
        number = min(math.ceil(reach / (2.0 * thickness)), 100_000)
        shifts = 2.0 * thickness * np.arange(-number, number + 1.0)
    if ((x == 0.0) & (across == 0.0) & (down == 0.0)).any():
        raise ValueError("xi, y and z must not all be 0, where the source is")
    out = np.empty_like(x)
    from processes.kernels import _fields_core as core

    core.images(x, across, down, shifts, decay, out)
    return _answer(T0 + power / (2.0 * math.pi * k) * out, shape)


def rosenthal_thin_temperature(
    power: float, speed: float, k: float, rho: float, c: float, thickness: float, T0: float, xi: Numbers, y: Numbers
) -> Any:
    """Return the quasi-steady temperature under a line source through a thin plate. [degC]

    Parameters
    ----------
    power, speed, k, rho, c, thickness, T0, xi, y
        As in `rosenthal_plate_temperature`; the thickness is finite.

    Raises
    ------
    ValueError  If an argument is not finite or out of range, or a point lies within 2e-5 alpha/v of the source.

    Notes
    -----
    T = T_0 + q/(2 pi k d) exp(-v xi/2 alpha) K_0(v r/2 alpha), Rosenthal 1946 (recalled). K_0(u) is the integral of
    exp(-u cosh s) over s > 0 by the trapezoidal rule, which is exact to rounding; the exponents are added first, so
    that nothing overflows.

    >>> round(rosenthal_thin_temperature(1500.0, 0.008, 35.0, 7800.0, 640.0, 0.002, 25.0, -0.002, 0.002), 2)
    1996.61
    """
    decay = _checked(power, speed, k, rho, c, T0)
    require_positive(thickness=thickness)
    shape, (x, across) = _points(xi=xi, y=y)
    if (decay * np.hypot(x, across) < 1e-5).any():
        raise ValueError("xi and y must not lie at the source, where the temperature is infinite")
    u = decay * np.hypot(x, across)
    # The rule is off by e^(-pi^2/w) where u is small and by e^(-2 pi^2/(u w^2)) where it is large.
    width = min(0.25, 0.7 / math.sqrt(float(u.max(initial=1.0))))
    cosh = np.cosh(np.arange(0.0, math.acosh(1.0 + GONE / float(u.min(initial=1.0))) + width, width))
    out = np.empty_like(x)
    from processes.kernels import _fields_core as core

    core.line(x, across, cosh, width, decay, out)
    return _answer(T0 + power / (2.0 * math.pi * k * thickness) * out, shape)


def rosenthal_thick_half_width(
    power: float, speed: float, k: float, rho: float, c: float, T0: float, T_isotherm: float
) -> float:
    """Return the largest half width of an isotherm on the top of a thick plate. [m]

    Parameters
    ----------
    power, speed, k, rho, c, T0 : float
        As in `rosenthal_plate_temperature`; the power is positive.
    T_isotherm : float   Above `T0`. [degC]

    Raises
    ------
    ValueError  If an argument is not finite or out of range.

    Notes
    -----
    Bisection across `rosenthal_plate_temperature` for 65 places along it, three times refined about the widest: error
    below 1e-6.

    >>> round(rosenthal_thick_half_width(4000.0, 0.006, 35.0, 7800.0, 640.0, 25.0, 723.0) * 1e3, 4)  # mm
    6.3498
    """
    require_rising(T0=T0, T_isotherm=T_isotherm)
    require_positive(power=power, k=k)
    length = power / (2.0 * math.pi * k * (T_isotherm - T0))

    def field(x: Array, y: Array) -> Array:
        return np.asarray(rosenthal_plate_temperature(power, speed, k, rho, c, math.inf, T0, x, y, 0.0))

    return _half_width(field, length, T_isotherm)


def rosenthal_thin_half_width(
    power: float, speed: float, k: float, rho: float, c: float, thickness: float, T0: float, T_isotherm: float
) -> float:
    """Return the largest half width of an isotherm in a thin plate. [m]

    Parameters
    ----------
    power, speed, k, rho, c, thickness, T0, T_isotherm : float
        As in `rosenthal_thin_temperature` and `rosenthal_thick_half_width`.

    Raises
    ------
    ValueError  If an argument is not finite or out of range.

    Notes
    -----
    As `rosenthal_thick_half_width`.

    >>> round(rosenthal_thin_half_width(1500.0, 0.008, 35.0, 7800.0, 640.0, 0.002, 25.0, 1500.0) * 1e3, 4)  # mm
    2.868
    """
    require_rising(T0=T0, T_isotherm=T_isotherm)
    require_positive(power=power, speed=speed, k=k, rho=rho, c=c, thickness=thickness)
    ratio = power / (2.0 * math.pi * k * thickness * (T_isotherm - T0))
    length = max(0.5 * math.pi * ratio * ratio, 1e-4) / (speed * rho * c / (2.0 * k))  # e^u K0(u) < sqrt(pi/2u)

    def field(x: Array, y: Array) -> Array:
        return np.asarray(rosenthal_thin_temperature(power, speed, k, rho, c, thickness, T0, x, y))

    return _half_width(field, length, T_isotherm)


def _half_width(field: Any, length: float, T_isotherm: float) -> float:
    """Return the largest y of field(x, y) = T_isotherm for -length <= x <= 0; the field falls with y. [m]"""
    low, high, best = -length, 0.0, 0.0
    for _ in range(4):
        x = np.linspace(low, high, 65)
        inner, outer = np.full_like(x, 1e-4 * length), np.full_like(x, 1.01 * length)
        for _ in range(50):
            middle = 0.5 * (inner + outer)
            hot = field(x, middle) > T_isotherm
            inner, outer = np.where(hot, middle, inner), np.where(hot, outer, middle)
        widest = int(np.argmax(inner))
        best = float(inner[widest])
        step = x[1] - x[0]
        low, high = float(x[widest] - step), min(float(x[widest] + step), 0.0)
    return best


def _quadrature(time: float, speed: float, alpha: float, shortest: float) -> tuple[Array, Array]:
    """Return times before now and weights: Gauss-Legendre on panels that grow as the heat has spread. [s]"""
    edges = [0.0, 1e-4, 1e-3, 1e-2, 0.1]
    tau = [edge * min(shortest / speed, time) for edge in edges]
    while tau[-1] < time:
        width = math.sqrt(shortest * shortest / 3.0 + 4.0 * alpha * tau[-1])
        tau.append(min(tau[-1] + width / speed, tau[-1] * 2.0 + 0.1 * shortest / speed, time))
        if len(tau) > 1_000_000:
            raise ValueError(f"time is too long for this speed, got {time!r}")
    middle, half = 0.5 * (np.array(tau[1:]) + tau[:-1]), 0.5 * np.diff(tau)
    return (middle[:, None] + half[:, None] * GAUSS).ravel(), (half[:, None] * WEIGHTS).ravel()


def goldak_temperature(
    power: float,
    speed: float,
    k: float,
    rho: float,
    c: float,
    half_width: float,
    depth: float,
    front_length: float,
    rear_length: float,
    fraction_front: float,
    fraction_rear: float,
    T0: float,
    x: Numbers,
    y: Numbers,
    z: Numbers,
    time: float,
) -> Any:
    """Return the temperature in a half space under a double ellipsoid that starts at x = 0 and moves along +x. [degC]

    Parameters
    ----------
    power : float                        Heat into the metal, 0 or more. [W]
    speed : float                        [m/s]
    k, rho, c : float                    [W/(m K), kg/m^3, J/(kg K)]
    half_width, depth : float            Semi-axes a and b. [m]
    front_length, rear_length : float    Semi-axes ahead of and behind the centre. [m]
    fraction_front, fraction_rear : float   Share of the power, times 2; together 2. [-]
    T0 : float                           [degC]
    x, y, z : floats or arrays of one shape   Along, across, down from where the source started; z >= 0. [m]
    time : float                         Since the start, 0 or more. [s]

    Raises
    ------
    ValueError  If an argument is not finite or out of range, or the fractions do not add up to 2.

    Notes
    -----
    q''' = 6 sqrt 3 f P/(a b c pi sqrt pi) exp(-3 x^2/c^2 - 3 y^2/a^2 - 3 z^2/b^2), Goldak and others 1984 (recalled),
    spread by the heat kernel of a half space with adiabatic surface: Gaussians in y and z, a Gaussian times erfc for
    each half in x (derived here), integrated over time by Gauss-Legendre, 6 nodes on panels as long as the source takes
    to pass the width of the heat. exp and erfc without branches, errors 4e-16 and 1e-10. One point gives a float.

    >>> round(goldak_temperature(5000.0, 0.006, 35.0, 7800.0, 640.0, 5e-3, 4e-3, 5e-3, 0.01, 2 / 3, 4 / 3, 25.0,
    ...                          0.05, 0.01, 0.0, 10.0), 3)
    302.268
    """
    _checked(power, speed, k, rho, c, T0)
    require_positive(half_width=half_width, depth=depth, front_length=front_length, rear_length=rear_length)
    require_not_negative(time=time, fraction_front=fraction_front, fraction_rear=fraction_rear)
    if abs(fraction_front + fraction_rear - 2.0) > 1e-6:
        raise ValueError(f"fraction_front and fraction_rear must add up to 2, got {fraction_front + fraction_rear!r}")
    shape, places = _points(x=x, y=y, z=z)
    require_within(0.0, math.inf, z=float(places[2].min(initial=0.0)))
    if time == 0.0:
        return _answer(np.full(places[0].size, float(T0)), shape)
    axes = (half_width, depth, front_length, rear_length)
    nodes = _ellipsoid_nodes(power / (rho * c), speed, k / (rho * c), axes, (fraction_front, fraction_rear), time)
    out = np.empty(places[0].size)
    from processes.kernels import _fields_core as core

    core.ellipsoids(places[0], places[1], places[2], nodes, out)
    return _answer(T0 + out, shape)


def _ellipsoid_nodes(
    strength: float, speed: float, alpha: float, axes: tuple[float, ...], fractions: tuple[float, float], time: float
) -> Array:
    """Return what the core needs at each time of the quadrature, rows as it has them."""
    a, b, *lengths = axes
    tau, weight = _quadrature(time, speed, alpha, min(axes))
    s = 4.0 * alpha * tau
    rows = [speed * (time - tau), 3.0 / (a * a + 3.0 * s), 3.0 / (b * b + 3.0 * s), 1.0 / s]
    for length, fraction in zip(lengths, fractions, strict=True):
        size = length * length + 3.0 * s
        spread = np.sqrt((a * a + 3.0 * s) * (b * b + 3.0 * s) * size)
        rows += [
            3.0 / size,
            length / np.sqrt(s * size),
            weight * 6.0 * math.sqrt(3.0) * fraction * strength / (math.pi**1.5 * spread),
        ]
    return np.array(rows)
