"""Curing of paint, and coating in vacuum."""

from __future__ import annotations

import math
from collections.abc import Sequence

from processes.checks import (
    require_lists,
    require_not_negative,
    require_positive,
    require_temperatures,
    require_within,
)

GAS_CONSTANT = 8.314463  # J/(mol K)
KELVIN = 273.15
OUTGASSING_BELOW = 1e-2  # Pa


def paint_cure_equivalent_time(
    step: Sequence[float], T_step: Sequence[float], activation: float, T_reference: float
) -> float:
    """Return the time at a reference temperature that cures as much as a path through the oven. [s]

    Parameters
    ----------
    step : sequence of float     Times of the successive steps; 0 or more. [s]
    T_step : sequence of float   Temperature of the part in each step. [degC]
    activation : float           60e3-100e3; 0 or more. [J/mol]
    T_reference : float          At which the maker of the paint gives its bake time, 140-200. [degC]

    Raises
    ------
    ValueError  If one is no list, the lists differ in length, a step or `activation` is negative or not finite, or a
                temperature is at or below absolute zero.

    Notes
    -----
    t_eq = sum of t_i exp(-(E/R) (1/T_i - 1/T_ref)), kelvin. Below its lower limit the paint is soft, above the upper
    one brittle and yellow; a stop of the line with parts in the oven adds to it. Arrhenius (recalled); E typical.

    >>> round(paint_cure_equivalent_time([300.0, 900.0], [140.0, 165.0], 80e3, 160.0))
    1262
    """
    require_lists(step=step, T_step=T_step)
    if len(step) != len(T_step):
        raise ValueError(f"T_step must have one number for each step, got {len(T_step)} for {len(step)}")
    require_not_negative(activation=activation, **{f"step[{i}]": time for i, time in enumerate(step)})
    require_temperatures(T_reference=T_reference, **{f"T_step[{i}]": T for i, T in enumerate(T_step)})
    scale, reference = activation / GAS_CONSTANT, 1.0 / (T_reference + KELVIN)
    return math.fsum(
        time * math.exp(scale * (reference - 1.0 / (T + KELVIN))) for time, T in zip(step, T_step, strict=True)
    )


def pvd_pumpdown_time(
    chamber: float, pumping_speed: float, p_start: float, p_end: float, outgassing_factor: float = 1.0
) -> float:
    """Return the time to pump a chamber down. [s]

    Parameters
    ----------
    chamber : float             Volume. [m^3]
    pumping_speed : float       At the chamber, of the pump set in use. [m^3/s]
    p_start : float             101325 after loading. [Pa]
    p_end : float               Not above `p_start`. [Pa]
    outgassing_factor : float   By which outgassing lengthens the part below 1e-2 Pa, 2-5; at least 1. [-]

    Raises
    ------
    ValueError  If an argument is not positive and finite, `p_end` exceeds `p_start` or the factor is below 1.

    Notes
    -----
    t = V/S ln(p_start/p_end), constant pumping speed. Below 1e-2 Pa walls and parts give off gas: without a factor the
    time is a lower bound there. Vacuum textbooks (recalled); factor typical.

    >>> round(pvd_pumpdown_time(1.2, 0.14, 101325.0, 5.0), 1)
    85.0
    """
    require_positive(chamber=chamber, pumping_speed=pumping_speed, p_start=p_start, p_end=p_end)
    require_positive(outgassing_factor=outgassing_factor)
    require_within(1.0, math.inf, outgassing_factor=outgassing_factor)
    if p_end > p_start:
        raise ValueError(f"p_end must not exceed p_start, got {p_end!r} against {p_start!r}")
    knee = min(p_start, max(p_end, OUTGASSING_BELOW))
    return chamber / pumping_speed * (math.log(p_start / knee) + outgassing_factor * math.log(knee / p_end))


def pvd_deposition_time(thickness: float, rate: float) -> float:
    """Return the time to deposit a coating in vacuum. [s]

    Parameters
    ----------
    thickness : float   1e-6 to 5e-6. [m]
    rate : float        1.4e-10 to 8.3e-10, which is 0.5-3 um/h, by arc or sputtering on turning parts. [m/s]

    Raises
    ------
    ValueError  If an argument is not positive and finite.

    Notes
    -----
    t = s/rate. A batch adds pump-down, heating of 20-60 min, etching and cooling: 3-8 h in all (typical).

    >>> round(pvd_deposition_time(3e-6, 1.5e-6 / 3600.0) / 3600.0, 1)  # h
    2.0
    """
    require_positive(thickness=thickness, rate=rate)
    return thickness / rate
