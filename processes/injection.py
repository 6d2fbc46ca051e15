"""Injection moulding and micro moulding: cooling, filling, clamping, cycle, energy.

>>> cooling = cooling_time_plate_mean(0.003, 1.0e-7, 240.0, 60.0, 90.0)  # an ABS wall of 3 mm
>>> round(cycle_time(close=2.0, fill=1.0, hold=4.0, cooling=cooling, plasticising=6.0, open_eject=3.0, robot=2.0), 1)
22.4
"""

from __future__ import annotations

import math
import warnings
from typing import TYPE_CHECKING, Any

from processes.checks import (
    require_not_falling,
    require_not_negative,
    require_positive,
    require_rising,
    require_within,
)
from processes.fields import as_given, checked_field

if TYPE_CHECKING:
    from processes.fields import Array, Field

J0_ROOT = 2.404825557695773  # first root of the Bessel function J0
COLD_EJECTION = 5.0  # K above the mould below which the time is a matter of the last kelvin


def cooling_time_plate_center(
    thickness: float, diffusivity: float, T_melt: float, T_mold: float, T_eject: float
) -> float:
    """Return the time in which the middle of a plate cools to ejection. [s]

    Parameters
    ----------
    thickness : float     Thickest wall, 1e-3 to 6e-3, cooled from both faces. [m]
    diffusivity : float   Effective, of the cooling melt; row of the polymer in `processes.materials`. [m^2/s]
    T_melt : float        Melt as it fills; from the same row. [degC]
    T_mold : float        Cavity wall; from the same row. [degC]
    T_eject : float       Where it is stiff; from the same row. [degC]

    Raises
    ------
    ValueError  If an argument is not positive and finite, the temperatures do not rise from mould to ejection to melt,
                or ejection is so near the melt that the formula gives no time.

    Notes
    -----
    t = s^2/(pi^2 a) ln(4/pi (T_melt - T_mold)/(T_eject - T_mold)), the first term of the series. Warns below
    Fo = a t/(s/2)^2 = 0.2 (at 0.1 the time is 19 % too long), and if ejection is less than 5 K above the mould.
    Ballman and Shusman's form (read); diffusivities typical, temperatures read.

    >>> round(cooling_time_plate_center(0.003, 8.9e-8, 240.0, 60.0, 95.0), 1)
    19.3
    """
    ratio = _cooling(T_melt, T_mold, T_eject, thickness=thickness, diffusivity=diffusivity)
    fourier = _one_term_fourier(math.pi**2 / 4.0, 4.0 / math.pi * ratio, 0.2)
    return fourier * (thickness / 2.0) ** 2 / diffusivity


def _cooling(T_melt: float, T_mold: float, T_eject: float, **sizes: float) -> float:
    """Return (T_melt - T_mold)/(T_eject - T_mold), the arguments checked."""
    require_positive(**sizes)
    require_rising(T_mold=T_mold, T_eject=T_eject, T_melt=T_melt)
    if T_eject - T_mold < COLD_EJECTION:
        message = f"T_eject is less than {COLD_EJECTION:g} K above T_mold: the time hangs on the last kelvin"
        warnings.warn(message, RuntimeWarning, stacklevel=3)
    return (T_melt - T_mold) / (T_eject - T_mold)


def _one_term_fourier(decay: float, start: float, valid_from: float) -> float:
    """Return the Fourier number at which start exp(-decay Fo) has come down to 1."""
    fourier = math.log(start) / decay
    if fourier <= 0.0:
        raise ValueError("T_eject is too near T_melt: the first term of the series gives no time")
    if fourier < valid_from:
        message = f"Fourier number {fourier:.3g} is below {valid_from:g}: one term of the series gives a wrong time"
        warnings.warn(message, RuntimeWarning, stacklevel=3)
    return fourier


def cooling_time_plate_mean(
    thickness: float, diffusivity: float, T_melt: float, T_mold: float, T_eject: float
) -> float:
    """Return the time in which a plate cools to ejection in the mean over its thickness. [s]

    Parameters
    ----------
    thickness, diffusivity, T_melt, T_mold, T_eject : float
        As in `cooling_time_plate_center`.

    Raises
    ------
    ValueError  As `cooling_time_plate_center`.

    Notes
    -----
    t = s^2/(pi^2 a) ln(8/pi^2 (T_melt - T_mold)/(T_eject - T_mold)). Warns below Fo = 0.1 (time 6 % too short), and if
    ejection is less than 5 K above the mould. Ballman and Shusman's form (read).

    >>> round(cooling_time_plate_mean(0.003, 8.9e-8, 240.0, 60.0, 95.0), 1)
    14.6
    """
    ratio = _cooling(T_melt, T_mold, T_eject, thickness=thickness, diffusivity=diffusivity)
    fourier = _one_term_fourier(math.pi**2 / 4.0, 8.0 / math.pi**2 * ratio, 0.1)
    return fourier * (thickness / 2.0) ** 2 / diffusivity


def cooling_time_cylinder_mean(
    diameter: float, diffusivity: float, T_melt: float, T_mold: float, T_eject: float
) -> float:
    """Return the time in which a long round section cools to ejection in the mean. [s]

    Parameters
    ----------
    diameter : float   Of the section: a boss, a sprue. [m]
    diffusivity, T_melt, T_mold, T_eject : float
        As in `cooling_time_plate_center`.

    Raises
    ------
    ValueError  As `cooling_time_plate_center`.

    Notes
    -----
    t = d^2/(4 b^2 a) ln(4/b^2 (T_melt - T_mold)/(T_eject - T_mold)), b = 2.4048 the first root of J0 (4 b^2 = 23.133;
    the usual 23.14 is a rounding). Warns below Fo = a t/(d/2)^2 = 0.1 (time 3 % too short), and if ejection is less
    than 5 K above the mould. Carslaw and Jaeger, Conduction of Heat in Solids (recalled).

    >>> round(cooling_time_cylinder_mean(0.008, 1.05e-7, 300.0, 90.0, 130.0), 1)
    34.0
    """
    ratio = _cooling(T_melt, T_mold, T_eject, diameter=diameter, diffusivity=diffusivity)
    fourier = _one_term_fourier(J0_ROOT**2, 4.0 / J0_ROOT**2 * ratio, 0.1)
    return fourier * (diameter / 2.0) ** 2 / diffusivity


def plate_center_temperature(thickness: float, diffusivity: float, T_melt: float, T_mold: float, time: Field) -> Any:
    """Return the temperature in the middle of a plate whose faces have the mould's temperature. [degC]

    Parameters
    ----------
    thickness, diffusivity, T_melt, T_mold
        As in `cooling_time_plate_center`.
    time : float, array   Since the fill; 0 or more. [s]

    Raises
    ------
    ValueError  If an argument is not positive and finite, or the melt is colder than the mould.

    Notes
    -----
    T_mold + (T_melt - T_mold) 4/pi sum (-1)^n/(2 n + 1) exp(-(2 n + 1)^2 pi^2 Fo/4), Fo = a t/(s/2)^2; below Fo = 0.2
    its equal 1 - 2 sum (-1)^n erfc((2 n + 1)/2 sqrt(Fo)). Perfect contact with the wall: thin walls and micro parts
    cool more slowly. Carslaw and Jaeger, Conduction of Heat in Solids (recalled).

    >>> round(plate_center_temperature(0.003, 8.9e-8, 240.0, 60.0, 6.0), 1)
    187.2
    """
    require_positive(thickness=thickness, diffusivity=diffusivity)
    require_not_falling(T_mold=T_mold, T_melt=T_melt)
    fourier = diffusivity / (thickness / 2.0) ** 2 * checked_field("time", time, 0.0)
    return as_given(T_mold + (T_melt - T_mold) * _center_share(fourier))


def _center_share(fourier: Array) -> Array:
    """Return the share of the first excess that the middle of a plate with cold faces still has."""
    import numpy as np
    from scipy.special import erfc

    share = np.ones(fourier.shape)
    root = 2.0 * np.sqrt(np.clip(fourier, 1e-100, 0.2))  # each form only sees the times that it is made for
    late = np.zeros(fourier.shape)
    for n in range(6):
        sign, odd = (-1.0) ** n, 2 * n + 1
        share -= 2.0 * sign * np.asarray(erfc(odd / root))
        late += 4.0 / math.pi * sign / odd * np.exp(-((odd * math.pi / 2.0) ** 2) * np.maximum(fourier, 0.2))
    return np.where(fourier < 0.2, share, late)


def power_law_fill_pressure(
    consistency: float, n: float, flow: float, width: float, gap: float, length: float
) -> float:
    """Return the pressure that drives a melt through a wide slot. [Pa]

    Parameters
    ----------
    consistency : float   K of the power law, falls as it warms; row of the polymer in `processes.materials`. [Pa s^n]
    n : float             Row `exponent` of the polymer; 1 Newtonian; up to 2. [-]
    flow : float          Volume per time. [m^3/s]
    width : float         Of the slot, at least 10 times its gap. [m]
    gap : float           Wall thickness of the part. [m]
    length : float        Flow length. [m]

    Raises
    ------
    ValueError  If an argument is not positive and finite, or `n` exceeds 2.

    Notes
    -----
    dp = (2 K L/h) (2 (2 n + 1)/n Q/(w h^2))^n; isothermal: a frozen layer on the walls makes `gap` smaller. Textbooks
    of polymer processing (recalled); K and n typical.

    >>> round(power_law_fill_pressure(8000.0, 0.35, 6e-5, 0.08, 0.002, 0.15) / 1e6, 1)  # MPa
    16.6
    """
    require_positive(consistency=consistency, n=n, flow=flow, width=width, gap=gap, length=length)
    require_within(0.0, 2.0, n=n)
    shear_rate = 2.0 * (2.0 * n + 1.0) / n * flow / (width * gap**2)
    return 2.0 * consistency * length / gap * math.pow(shear_rate, n)


def clamp_force(projected_area: float, mean_cavity_pressure: float, safety_factor: float) -> float:
    """Return the force that keeps a mould shut. [N]

    Parameters
    ----------
    projected_area : float         Parts and runners seen in the direction of opening. [m^2]
    mean_cavity_pressure : float   Row of injection_clamp in `processes.materials`, thin walls apart. [Pa]
    safety_factor : float          At least 1; from the same row. [-]

    Raises
    ------
    ValueError  If an argument is not positive and finite, or `safety_factor` is below 1.

    Notes
    -----
    F = p A k. Statics; pressures typical.

    >>> round(clamp_force(0.042, 35e6, 1.2) / 1e3)  # kN
    1764
    """
    require_positive(projected_area=projected_area, mean_cavity_pressure=mean_cavity_pressure)
    require_positive(safety_factor=safety_factor)
    require_within(1.0, math.inf, safety_factor=safety_factor)
    return projected_area * mean_cavity_pressure * safety_factor


def cycle_time(
    close: float,
    fill: float,
    hold: float,
    cooling: float,
    plasticising: float,
    open_eject: float,
    robot: float,
) -> float:
    """Return the cycle of an injection moulding machine. [s]

    Parameters
    ----------
    close : float          Mould closes; usual times are rows of injection_cycle in `processes.materials`. [s]
    fill : float           [s]
    hold : float           Packing pressure, while the part cools. [s]
    cooling : float        From the end of the fill to ejection. [s]
    plasticising : float   Screw turns back, after the hold. [s]
    open_eject : float     [s]
    robot : float          0 if parts drop. [s]

    Raises
    ------
    ValueError  If an argument is negative or not finite.

    Notes
    -----
    close + fill + max(cooling, hold + plasticising) + open + robot: the part cools from the end of the fill, the screw
    is free after the hold. Real cycles exceed the sum of these times by up to `excess_over_theory` of injection_cycle,
    most of it caution that a sensor in the cavity makes needless (read).

    >>> cycle_time(2.0, 1.0, 5.0, 15.0, 6.0, 3.0, 2.0)
    23.0
    """
    require_not_negative(close=close, fill=fill, hold=hold, cooling=cooling)
    require_not_negative(plasticising=plasticising, open_eject=open_eject, robot=robot)
    return close + fill + max(cooling, hold + plasticising) + open_eject + robot


def specific_energy(fixed_power: float, throughput: float, variable: float) -> float:
    """Return the electrical energy for a mass of parts. [J/kg]

    Parameters
    ----------
    fixed_power : float   Drawn whether it moulds or not: pumps, control, heat losses. [W]
    throughput : float    Mass of parts per time. [kg/s]
    variable : float      Goes with the mass, 0.5e6-1.3e6; `melting_energy`. [J/kg]

    Raises
    ------
    ValueError  If an argument is negative or not finite, or the throughput is 0.

    Notes
    -----
    P_fixed/mdot + e, a balance. What machines need in all are rows injection_* of `processes.materials`.

    >>> round(specific_energy(9000.0, 0.01, 1.1e6) / 3.6e6, 2)  # kWh/kg
    0.56
    """
    require_positive(throughput=throughput)
    require_not_negative(fixed_power=fixed_power, variable=variable)
    return fixed_power / throughput + variable


def melting_energy(c: float, T_feed: float, T_melt: float, latent: float, efficiency: float) -> float:
    """Return the electrical energy that heats and melts a polymer. [J/kg]

    Parameters
    ----------
    c : float            Specific heat, mean: 1500-2800. [J/(kg K)]
    T_feed : float       Pellets as they enter, 20-80 from the dryer. [degC]
    T_melt : float       Melt as it fills. [degC]
    latent : float       Heat of melting of the crystals; 0 for ABS and PC. [J/kg]
    efficiency : float   Heat in the melt over electricity, 0.4-0.8. (0, 1]

    Raises
    ------
    ValueError  If an argument is out of range, or the melt is colder than the feed.

    Notes
    -----
    (c (T_melt - T_feed) + L)/eta, about 0.15-0.35 kWh/kg. Enthalpy balance; values typical.

    >>> round(melting_energy(2000.0, 40.0, 240.0, 0.0, 0.6) / 3.6e6, 2)  # kWh/kg of ABS
    0.19
    """
    require_positive(c=c, efficiency=efficiency)
    require_within(0.0, 1.0, efficiency=efficiency)
    require_not_negative(latent=latent)
    require_not_falling(T_feed=T_feed, T_melt=T_melt)
    return (c * (T_melt - T_feed) + latent) / efficiency


def micro_freeze_time(gap: float, diffusivity: float, T_melt: float, T_mold: float, T_no_flow: float) -> float:
    """Return the time after which a melt in a gap no longer flows. [s]

    Parameters
    ----------
    gap : float           0.1e-3 to 0.5e-3. [m]
    diffusivity : float   Of the melt, as in `cooling_time_plate_center`. [m^2/s]
    T_melt : float        Melt as it enters. [degC]
    T_mold : float        Wall of the gap. [degC]
    T_no_flow : float     Below which it does not flow. [degC]

    Raises
    ------
    ValueError  If an argument is not positive and finite, or the temperatures do not rise from mould to melt.

    Notes
    -----
    The middle of the gap reaches `T_no_flow`, by the full series of `plate_center_temperature`: gaps of 0.1-0.3 mm
    freeze in 0.01-0.1 s. Carslaw and Jaeger, Conduction of Heat in Solids (recalled).

    >>> round(1e3 * micro_freeze_time(0.0002, 9e-8, 260.0, 90.0, 180.0), 1)  # ms
    39.5
    """
    import numpy as np
    from scipy.optimize import brentq

    require_positive(gap=gap, diffusivity=diffusivity)
    require_rising(T_mold=T_mold, T_no_flow=T_no_flow, T_melt=T_melt)
    share = (T_no_flow - T_mold) / (T_melt - T_mold)

    def too_hot(fourier: float) -> float:
        return float(_center_share(np.asarray(fourier))) - share

    # The first term alone is too late, in the end only by rounding; at Fo = 1e-3 the middle has not noticed anything.
    latest = 1.01 * 4.0 / math.pi**2 * math.log(4.0 / math.pi / share)
    return float(brentq(too_hot, 1e-3, latest, xtol=1e-15, rtol=1e-13)) * (gap / 2.0) ** 2 / diffusivity


def micro_flow_length(
    velocity: float, gap: float, diffusivity: float, T_melt: float, T_mold: float, T_no_flow: float
) -> float:
    """Return the length that a melt flows into a gap before it freezes. [m]

    Parameters
    ----------
    velocity : float   Of the front, 0.1-1. [m/s]
    gap, diffusivity, T_melt, T_mold, T_no_flow : float
        As in `micro_freeze_time`.

    Raises
    ------
    ValueError  As `micro_freeze_time`.

    Notes
    -----
    v t_freeze, a scale: the melt behind the front brings heat, the front slows down. A hotter wall (heat-cool mould)
    lengthens it at the price of `micro_variotherm_heat` (typical).

    >>> round(1e3 * micro_flow_length(0.2, 0.0002, 9e-8, 260.0, 90.0, 180.0), 1)  # mm
    7.9
    """
    require_positive(velocity=velocity)
    return velocity * micro_freeze_time(gap, diffusivity, T_melt, T_mold, T_no_flow)


def micro_variotherm_heat(mass: float, c: float, swing: float) -> float:
    """Return the heat that a heat-cool mould takes in every cycle. [J]

    Parameters
    ----------
    mass : float    Of the steel that is heated and cooled, the insert. [kg]
    c : float       Its specific heat, 460-540. [J/(kg K)]
    swing : float   Temperature of filling less that of ejection. [K]

    Raises
    ------
    ValueError  If an argument is not positive and finite (`swing` may be 0).

    Notes
    -----
    m c dT, which the chiller takes out again; what heating and cooling add to the cycle is a row of
    injection_variotherm in `processes.materials`. Heat balance.

    >>> micro_variotherm_heat(2.0, 480.0, 80.0)
    76800.0
    """
    require_positive(mass=mass, c=c)
    require_not_negative(swing=swing)
    return mass * c * swing
