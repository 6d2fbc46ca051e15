"""Bodies with one temperature that lose heat by convection and radiation: one, or a million at once."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial

import numpy as np

from processes.checks import require_not_negative, require_positive, require_temperatures, require_within
from processes.fields import array_of
from processes.kernels import _check as check
from processes.kernels._types import Array, Numbers


def lumped_temperature(
    T: Numbers,
    time: Numbers,
    heat_capacity: Numbers,
    h: Numbers,
    T_fluid: Numbers,
    emissivity: Numbers = 0.0,
    T_surroundings: Numbers = 20.0,
) -> Array:
    """Return the temperatures of bodies after a time in surroundings that do not change. [degC]

    Parameters
    ----------
    T : float or array                Before; its shape is that of the result. [degC]
    time : float or array             0 or more. [s]
    heat_capacity : float or array    Per surface, rho c V/A. [J/(m^2 K)]
    h : float or array                Heat transfer coefficient, 0-1e12. [W/(m^2 K)]
    T_fluid : float or array          [degC]
    emissivity : float or array       Grey body in large surroundings. [0, 1]
    T_surroundings : float or array   Of the radiation. [degC]

    Raises
    ------
    ValueError  If an argument is out of range or its shape does not fit that of `T`.

    Notes
    -----
    C dT/dt = -h (T - T_f) - eps sigma (T^4 - T_s^4); valid for h V/(A k) < 0.1. With T_e the temperature at which the
    right side is zero and theta = T - T_e, C dtheta/dt = -g theta, g a cubic in theta without zero (derived here). A
    step multiplies theta by exp(-g t/C), g at its begin, and by what Runge-Kutta 4 gives for the rest: exact without
    radiation, always between T_0 and T_e, stable for any time. The first step is g t/C = 0.08, each further one 1.12
    times as long. Error below 0.02 K for steel that cools in a hall, 0.1 K with anything between -200 and 1700 degC.

    >>> lumped_temperature(np.array([1220.0, 900.0]), 12.0, 51680.0, 15.0, 25.0, 0.8, 25.0).round(2)
    array([1167.3 ,  877.87])
    """
    from processes.kernels import _lumped_core as core

    before = array_of("T", T)
    shape = before.shape
    kelvin = -check.ABSOLUTE_ZERO
    rows = (
        check.temperature("T", before, shape),
        check.array("time", time, shape, low=0.0),
        check.conductance("h", h, shape),
        check.array("emissivity", emissivity, shape, low=0.0, high=1.0) * check.STEFAN_BOLTZMANN,
        check.temperature("T_fluid", T_fluid, shape) + kelvin,
        check.temperature("T_surroundings", T_surroundings, shape) + kelvin,
        check.positive("heat_capacity", heat_capacity, shape),
    )
    out = np.empty(before.size)
    core.after_many(*[row.ravel() for row in rows] + [out])
    return out.reshape(shape)


def lumped_law(
    heat_capacity: float, h: float, T_fluid: float, emissivity: float = 0.0, T_surroundings: float = 20.0
) -> Callable[[float, float], float]:
    """Return a function (temperature [degC], time [s]) -> temperature for one kind of body: what an event calls.

    Parameters
    ----------
    heat_capacity, h, T_fluid, emissivity, T_surroundings : float
        As in `lumped_temperature`, checked once; the function itself checks nothing.

    Raises
    ------
    ValueError  If an argument is out of range.

    Notes
    -----
    Gives the same bits as `lumped_temperature`.

    >>> cool = lumped_law(7600.0 * 680.0 * 0.01, 15.0, 25.0, 0.8, 25.0)
    >>> round(cool(1220.0, 12.0), 2)
    1167.3
    """
    from processes.kernels import _lumped_core as core

    require_positive(heat_capacity=heat_capacity)
    require_within(0.0, check.HUGE, h=h)
    require_within(0.0, 1.0, emissivity=emissivity)
    require_temperatures(T_fluid=T_fluid, T_surroundings=T_surroundings)
    radiation = emissivity * check.STEFAN_BOLTZMANN
    fluid, around = T_fluid - check.ABSOLUTE_ZERO, T_surroundings - check.ABSOLUTE_ZERO
    h, e, heat_capacity = float(h), float(radiation), float(heat_capacity)
    return partial(core.after, core.equilibrium(h, e, float(fluid), float(around)), h, e, heat_capacity)


def lumped_time(
    T: float,
    T_target: float,
    heat_capacity: float,
    h: float,
    T_fluid: float,
    emissivity: float = 0.0,
    T_surroundings: float = 20.0,
    intervals: int = 64,
) -> float:
    """Return the time until a body has the target temperature. [s]

    Parameters
    ----------
    T : float          Before. [degC]
    T_target : float   Between `T` and the temperature at which the body settles. [degC]
    heat_capacity, h, T_fluid, emissivity, T_surroundings : float
        As in `lumped_temperature`.
    intervals : int    Of Simpson's rule, 1 or more.

    Raises
    ------
    ValueError  If an argument is out of range, or the target is never reached.

    Notes
    -----
    t = C int ds/(h + eps sigma (T^2 + T_e^2)(T + T_e)) over s as in `lumped_temperature`; Simpson's rule, order 4.

    >>> round(lumped_time(1250.0, 1100.0, 7850.0 * 680.0 * 0.01, 0.0, 30.0, 0.85, 30.0), 4)
    38.188
    """
    from processes.kernels import _lumped_core as core

    require_temperatures(T=T, T_target=T_target, T_fluid=T_fluid, T_surroundings=T_surroundings)
    require_positive(heat_capacity=heat_capacity)
    require_not_negative(h=h)
    require_within(0.0, 1.0, emissivity=emissivity)
    intervals = check.whole("intervals", intervals, 1)
    radiation, kelvin = emissivity * check.STEFAN_BOLTZMANN, -check.ABSOLUTE_ZERO
    if T_target == T:
        return 0.0
    eq = core.equilibrium(float(h), radiation, T_fluid + kelvin, T_surroundings + kelvin)
    ratio = (T_target + kelvin - eq) / (T + kelvin - eq) if T + kelvin != eq else math.inf
    if not 0.0 < ratio < 1.0 or h + radiation == 0.0:
        raise ValueError(f"T_target is never reached: the body goes from {T!r} to {eq - kelvin:.6g}, got {T_target!r}")
    return core.time_between(T + kelvin - eq, math.log(ratio), intervals, eq, float(h), radiation, heat_capacity)
