"""High-pressure die casting and giga casting.

>>> heat = hpdc_shot_heat(95.0, 670.0, 590.0, 550.0, 400.0, 1160.0, 450e3, 960.0)
>>> round(heat / 1e6, 1)  # MJ from one giga shot of AlSi10MnMg
68.9
>>> round(hpdc_die_temperature_steady(60.0, 0.85 * heat, 1.9e6, 2950.0, 128.0), 1)
200.2
"""

from __future__ import annotations

import math
import warnings

from processes.checks import (
    require_not_falling,
    require_not_negative,
    require_positive,
    require_rising,
    require_temperatures,
    require_within,
)
from processes.lumped_die import (
    active_depth,
    active_heat_capacity,
    hpdc_die_temperature_after_stop,
    hpdc_die_temperature_before_shot,
    hpdc_die_temperature_steady,
    hpdc_rewarm_shots_after_stop,
    hpdc_warmup_shots,
    lumped_die_biot,
)

__all__ = [
    "active_depth",
    "active_heat_capacity",
    "giga_machine_rate",
    "giga_max_projected_area",
    "hpdc_clamp_force",
    "hpdc_cycle_time",
    "hpdc_die_life",
    "hpdc_die_temperature_after_stop",
    "hpdc_die_temperature_before_shot",
    "hpdc_die_temperature_steady",
    "hpdc_dwell_estimate",
    "hpdc_fill_time_nadca",
    "hpdc_gate_area",
    "hpdc_rewarm_shots_after_stop",
    "hpdc_shot_heat",
    "hpdc_shot_time",
    "hpdc_warmup_shots",
    "lumped_die_biot",
    "soldering_hazard",
]


def hpdc_fill_time_nadca(
    K: float, wall: float, T_gate: float, T_min_flow: float, T_die: float, solid_percent: float, Z: float
) -> float:
    """Return the longest time in which the cavity may be filled before the metal stops flowing. [s]

    Parameters
    ----------
    K : float              Constant of alloy and die steel: 34.6 Al or Zn on H13, 31.2 Zn on P20, 25.2 Mg on H13. [s/m]
    wall : float           Typical thinnest wall, 0.8e-3 to 6e-3. [m]
    T_gate : float         Metal at the gate, 640-690 for aluminium. [degC]
    T_min_flow : float     Lowest temperature at which it flows, 570-595. [degC]
    T_die : float          Die surface before the shot, 180-250. [degC]
    solid_percent : float  Solid allowed at the end of the fill: 5-25 at 0.8 mm, 15-35 at 1.5, 15-40 at 2-3 mm. [%]
    Z : float              Solidification range per per cent of solid: 4.8 Al-Si, 5.9 alloy 390, 3.7 Mg. [K/%]

    Raises
    ------
    ValueError  If an argument is not positive and finite, `wall` lies outside 0.8-6 mm, `solid_percent` outside
                [0, 100], or the temperatures do not rise from die to minimum flow to gate.

    Notes
    -----
    t = K s (T_gate - T_flow + S Z)/(T_flow - T_die). Warns if t lies outside 5-200 ms, where the form was not fitted.
    Form and constants of the North American Die Casting Association, recalled: check a licensed copy before use.

    >>> round(hpdc_fill_time_nadca(34.6, 0.0025, 650.0, 570.0, 220.0, 20.0, 4.8), 5)
    0.0435
    """
    require_positive(K=K, wall=wall, Z=Z)
    require_within(0.8e-3, 6e-3, wall=wall)
    require_within(0.0, 100.0, solid_percent=solid_percent)
    require_rising(T_die=T_die, T_min_flow=T_min_flow)
    require_not_falling(T_min_flow=T_min_flow, T_gate=T_gate)
    time = K * wall * (T_gate - T_min_flow + solid_percent * Z) / (T_min_flow - T_die)
    if not 5e-3 <= time <= 0.2:
        message = f"fill time {time:.3g} s lies outside 5-200 ms, where the form was fitted"
        warnings.warn(message, RuntimeWarning, stacklevel=2)
    return time


def hpdc_gate_area(metal_through_gate: float, fill_time: float, gate_velocity: float) -> float:
    """Return the gate area that passes the metal in the fill time. [m^2]

    Parameters
    ----------
    metal_through_gate : float   Volume of casting and overflows. [m^3]
    fill_time : float            Time to fill the cavity, 5e-3 to 0.2. [s]
    gate_velocity : float        30-60 for aluminium. [m/s]

    Raises
    ------
    ValueError  If an argument is not positive and finite.

    Notes
    -----
    A = V/(t v). Continuity; velocities recalled from die-casting handbooks.

    >>> hpdc_gate_area(0.00065, 0.04, 40.0)
    0.00040625
    """
    require_positive(metal_through_gate=metal_through_gate, fill_time=fill_time, gate_velocity=gate_velocity)
    return metal_through_gate / (fill_time * gate_velocity)


def hpdc_clamp_force(projected_area: float, intensified_pressure: float, safety_factor: float) -> float:
    """Return the locking force that keeps the die shut. [N]

    Parameters
    ----------
    projected_area : float         Casting, runner, biscuit and overflows; often 1.6-2 times the casting. [m^2]
    intensified_pressure : float   40e6 ordinary, 60e6-80e6 technical, 80e6-120e6 pressure-tight castings. [Pa]
    safety_factor : float          1.1 without slides, 1.25 with slides; at least 1. [-]

    Raises
    ------
    ValueError  If an argument is not positive and finite, or `safety_factor` is below 1.

    Notes
    -----
    F = p A k. Foundry lexicon, formula and factor 1.1 read.

    >>> round(hpdc_clamp_force(0.05, 80e6, 1.1) / 1e6, 3)  # MN
    4.4
    """
    require_positive(projected_area=projected_area, intensified_pressure=intensified_pressure)
    require_positive(safety_factor=safety_factor)
    require_within(1.0, math.inf, safety_factor=safety_factor)
    return projected_area * intensified_pressure * safety_factor


def hpdc_shot_heat(
    shot_mass: float,
    T_inlet: float,
    T_liquidus: float,
    T_solidus: float,
    T_eject: float,
    c_liquid: float,
    latent: float,
    c_solid: float,
) -> float:
    """Return the heat that one shot gives to the die between filling and ejection. [J]

    Parameters
    ----------
    shot_mass : float    Metal in the die: casting, runner, biscuit, overflows. [kg]
    T_inlet : float      Metal entering the cavity. [degC]
    T_liquidus : float   [degC]
    T_solidus : float    Not in the formula; ejection must lie below it. [degC]
    T_eject : float      Mean of the casting at ejection: 300-400, structural castings 350-450. [degC]
    c_liquid : float     Specific heat of the melt. [J/(kg K)]
    latent : float       Latent heat; tables for Al-Si differ by up to 30 %. [J/kg]
    c_solid : float      Specific heat of the solid, by convention also over the mushy range. [J/(kg K)]

    Raises
    ------
    ValueError  If an argument is not positive and finite, or the temperatures do not rise from ejection to inlet.

    Notes
    -----
    Q = m (c_l (T_in - T_liq) + L + c_s (T_liq - T_ej)). Enthalpy balance.

    >>> hpdc_shot_heat(3.2, 640.0, 580.0, 515.0, 320.0, 1160.0, 390e3, 963.0)
    2271936.0
    """
    require_positive(shot_mass=shot_mass, c_liquid=c_liquid, latent=latent, c_solid=c_solid)
    require_not_falling(T_eject=T_eject, T_solidus=T_solidus, T_liquidus=T_liquidus, T_inlet=T_inlet)
    return shot_mass * (c_liquid * (T_inlet - T_liquidus) + latent + c_solid * (T_liquidus - T_eject))


def hpdc_dwell_estimate(wall: float, factor: float = 1.25e6) -> float:
    """Return a first estimate of the time from the end of the fill to opening, aluminium with thin walls. [s]

    Parameters
    ----------
    wall : float     Thickest wall that must be solid, or the biscuit if that is thicker. [m]
    factor : float   1.0e6-1.5e6. [s/m^2]

    Raises
    ------
    ValueError  If an argument is not positive and finite.

    Notes
    -----
    1.0-1.5 s for each square millimetre of wall squared: blind to die temperature and alloy, for which see
    `casting.mixed_resistance_time`. A rule of the trade (typical).

    >>> hpdc_dwell_estimate(0.003)
    11.25
    """
    require_positive(wall=wall, factor=factor)
    return factor * wall**2


def hpdc_shot_time(slow_stroke: float, slow_speed: float, fill_time: float) -> float:
    """Return the time of both phases of the plunger of a cold-chamber machine. [s]

    Parameters
    ----------
    slow_stroke : float   Way of the plunger until the metal stands at the gate. [m]
    slow_speed : float    First phase, 0.2-0.6. [m/s]
    fill_time : float     Second phase, 5e-3 to 0.2: `hpdc_fill_time_nadca` is the longest. [s]

    Raises
    ------
    ValueError  If an argument is not positive and finite.

    Notes
    -----
    s/v + t_fill. Kinematics, computed here; speeds recalled from die-casting handbooks.

    >>> round(hpdc_shot_time(0.6, 0.3, 0.05), 2)
    2.05
    """
    require_positive(slow_stroke=slow_stroke, slow_speed=slow_speed, fill_time=fill_time)
    return slow_stroke / slow_speed + fill_time


def hpdc_cycle_time(
    close: float,
    pour: float,
    shot: float,
    dwell: float,
    opening: float,
    eject: float,
    spray: float,
    dosing: float = 0.0,
    vacuum: float = 0.0,
) -> float:
    """Return the cycle of a cold-chamber machine. [s]

    Parameters
    ----------
    close : float     Die closes, 2-5. [s]
    pour : float      Ladle to shot sleeve, 3-8. [s]
    shot : float      Plunger, both phases, 1-4. [s]
    dwell : float     From the end of the fill to opening, 4-30. [s]
    opening : float   Die opens, 2-5. [s]
    eject : float     Ejection and extraction, 3-8; a robot grabs in 2.5. [s]
    spray : float     Spray and blow, 5-20. [s]
    dosing : float    Share of the pour that runs while the die closes: 1 with a dosing furnace. [0, 1]
    vacuum : float    Evacuation below 5 kPa before the shot, 3-6 where it is done. [s]

    Raises
    ------
    ValueError  If a time is negative or not finite, or `dosing` lies outside [0, 1].

    Notes
    -----
    The sum, in which the shared part of pouring hides behind closing, or closing behind it. Solidification makes
    50-60 % of it and spray 15-20 % (read), the times typical. By definition.

    >>> hpdc_cycle_time(4.0, 5.0, 2.0, 12.0, 3.0, 5.0, 10.0), hpdc_cycle_time(4.0, 5.0, 2.0, 12.0, 3.0, 5.0, 10.0, 1.0)
    (41.0, 37.0)
    """
    require_not_negative(close=close, pour=pour, shot=shot, dwell=dwell, opening=opening, eject=eject, spray=spray)
    require_not_negative(vacuum=vacuum)
    require_within(0.0, 1.0, dosing=dosing)
    return close + pour - min(close, dosing * pour) + vacuum + shot + dwell + opening + eject + spray


def hpdc_die_life(
    temperature_swing: float,
    reference_swing: float = 300.0,
    reference_shots: float = 1e5,
    exponent: float = 4.0,
) -> float:
    """Return the shots after which heat checks end the life of a die. [shots]

    Parameters
    ----------
    temperature_swing : float   Surface of the die in one cycle, highest less lowest. [K]
    reference_swing : float     Swing of the die whose life is known, 300. [K]
    reference_shots : float     Its life, 1e5. [shots]
    exponent : float            3-5. [-]

    Raises
    ------
    ValueError  If an argument is not positive and finite.

    Notes
    -----
    N = N_ref (dT_ref/dT)^m, thermal fatigue in the form of Coffin and Manson (typical: fit it to the plant's dies). A
    mean life about which single dies scatter; `soldering_hazard` comes on top.

    >>> round(hpdc_die_life(250.0))  # a swing of 50 K less doubles the life
    207360
    """
    require_positive(temperature_swing=temperature_swing, reference_swing=reference_swing)
    require_positive(reference_shots=reference_shots, exponent=exponent)
    return reference_shots * math.pow(reference_swing / temperature_swing, exponent)


def soldering_hazard(T_before: float, slope: float, onset: float = 270.0) -> float:
    """Return what soldering and erosion add to the hazard of a die, from its temperature before the shot. [1/shot]

    Parameters
    ----------
    T_before : float   Die surface before the shot. [degC]
    slope : float      Hazard for each kelvin above the onset; the plant's data, may be 0. [1/(shot K)]
    onset : float      Above 260-280 aluminium begins to solder. [degC]

    Raises
    ------
    ValueError  If a temperature is not finite or below absolute zero, or `slope` is negative.

    Notes
    -----
    slope max(0, T - onset): a straight line, as the link of state and defects in `processes.design`; only the onset
    has a source (typical). It adds to the hazard of heat checks, the inverse of `hpdc_die_life`.

    >>> checks = 1.0 / hpdc_die_life(250.0)
    >>> round(1.0 / (checks + soldering_hazard(290.0, 1e-7)))  # shots: 20 K too hot cost 61 thousand of 207
    146573
    """
    require_temperatures(T_before=T_before, onset=onset)
    require_not_negative(slope=slope)
    return slope * max(0.0, T_before - onset)


def giga_machine_rate(cycle: float, availability: float, scrap_fraction: float) -> float:
    """Return the rate of good castings of one machine. [1/s]

    Parameters
    ----------
    cycle : float            Time between shots; giga presses 80-90 claimed, 120 in the trade press. [s]
    availability : float     Share of planned time that it runs. [0, 1]
    scrap_fraction : float   Early 0.15-0.40, mature 0.03-0.08 (typical). [0, 1]

    Raises
    ------
    ValueError  If `cycle` is not positive and finite, or a share lies outside [0, 1].

    Notes
    -----
    availability (1 - scrap)/cycle. Trade press 2022: 120 s, 30 castings per hour (read).

    >>> 3600.0 * giga_machine_rate(120.0, 1.0, 0.0)  # per hour
    30.0
    """
    require_positive(cycle=cycle)
    require_within(0.0, 1.0, availability=availability, scrap_fraction=scrap_fraction)
    return availability * (1.0 - scrap_fraction) / cycle


def giga_max_projected_area(clamp_force: float, intensified_pressure: float, safety_factor: float) -> float:
    """Return the largest projected area that a locking force can hold. [m^2]

    Parameters
    ----------
    clamp_force : float            55e6-61e6 for the first giga presses. [N]
    intensified_pressure : float   On the metal at the end of the fill. [Pa]
    safety_factor : float          As in `hpdc_clamp_force`, at least 1. [-]

    Raises
    ------
    ValueError  If an argument is not positive and finite, or `safety_factor` is below 1.

    Notes
    -----
    A = F/(p k), `hpdc_clamp_force` solved for the area.

    >>> round(giga_max_projected_area(61e6, 45e6, 1.1), 3)
    1.232
    """
    require_positive(clamp_force=clamp_force, intensified_pressure=intensified_pressure, safety_factor=safety_factor)
    require_within(1.0, math.inf, safety_factor=safety_factor)
    return clamp_force / (intensified_pressure * safety_factor)
