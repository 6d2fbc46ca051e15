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
    activation : float           Row of coating_paint in `processes.materials`; 0 or more. [J/mol]
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


def paint_stop_tolerated(
    equivalent_now: float, equivalent_max: float, T_oven: float, activation: float, T_reference: float
) -> float:
    """Return how long a line may stand with a part in the oven before the part is over-baked. [s]

    Parameters
    ----------
    equivalent_now : float   Cure when the line stops, `paint_cure_equivalent_time`. [s]
    equivalent_max : float   Upper limit of the paint, in the same measure. [s]
    T_oven : float           Of the part while it stands. [degC]
    activation, T_reference : float
        As in `paint_cure_equivalent_time`.

    Raises
    ------
    ValueError  If a time or `activation` is negative or not finite, or a temperature is at or below absolute zero.

    Notes
    -----
    (t_max - t_eq) exp((E/R) (1/T - 1/T_ref)), kelvin; 0 if the limit is reached. What the rest of the oven still adds
    belongs to `equivalent_now`. `paint_cure_equivalent_time` solved for a last step.

    >>> round(paint_stop_tolerated(1262.0, 2400.0, 165.0, 80e3, 160.0) / 60.0, 1)  # min
    14.7
    """
    require_not_negative(equivalent_now=equivalent_now, equivalent_max=equivalent_max, activation=activation)
    require_temperatures(T_oven=T_oven, T_reference=T_reference)
    slower = activation / GAS_CONSTANT * (1.0 / (T_oven + KELVIN) - 1.0 / (T_reference + KELVIN))
    left = max(0.0, equivalent_max - equivalent_now)
    return left * math.exp(slower) if left else 0.0


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
    outgassing_factor : float   By which outgassing lengthens the part below 1e-2 Pa; at least 1; row of coating_pvd in
                                `processes.materials`. [-]

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
    rate : float        By arc or sputtering on turning parts; row of coating_pvd in `processes.materials`. [m/s]

    Raises
    ------
    ValueError  If an argument is not positive and finite.

    Notes
    -----
    t = s/rate; a batch adds what `pvd_batch_time` adds (typical).

    >>> round(pvd_deposition_time(3e-6, 1.5e-6 / 3600.0) / 3600.0, 1)  # h
    2.0
    """
    require_positive(thickness=thickness, rate=rate)
    return thickness / rate


def pvd_batch_time(pumpdown: float, heating: float, etching: float, deposition: float, cooling: float) -> float:
    """Return the time of a batch of coating in vacuum, from door to door. [s]

    Parameters
    ----------
    pumpdown : float     `pvd_pumpdown_time`. [s]
    heating : float      Row of coating_pvd in `processes.materials`. [s]
    etching : float      By ions, cleans the surface. [s]
    deposition : float   `pvd_deposition_time`. [s]
    cooling : float      And venting. [s]

    Raises
    ------
    ValueError  If an argument is negative or not finite.

    Notes
    -----
    The sum, one after another; what it usually comes to is a row of coating_pvd (typical). No rinse water.

    >>> pvd_batch_time(1200.0, 2400.0, 1800.0, 7200.0, 3600.0) / 3600.0  # h
    4.5
    """
    require_not_negative(pumpdown=pumpdown, heating=heating, etching=etching, deposition=deposition, cooling=cooling)
    return pumpdown + heating + etching + deposition + cooling
