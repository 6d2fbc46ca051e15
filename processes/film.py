"""Film and paper: drying, heating and chilling of webs, breaks, the metering section of an extruder.

>>> heat = dict(h=60.0, T_air=120.0, T_wet_bulb=45.0, h_fg=2390e3)
>>> wet = constant_rate_drying_length(1.0, 0.030 - 0.008, **heat)
>>> round(wet + falling_rate_drying_length(1.0, 0.008, 0.002, **heat), 1)  # m of dryer
17.6
"""

from __future__ import annotations

import math

from processes.checks import (
    require_not_negative,
    require_positive,
    require_rising,
    require_temperatures,
    require_within,
)


def _evaporation(h: float, T_air: float, T_wet_bulb: float, h_fg: float) -> float:
    """Return the water that leaves a wet surface per area and time. [kg/(m^2 s)]"""
    require_positive(h=h, h_fg=h_fg)
    require_rising(T_wet_bulb=T_wet_bulb, T_air=T_air)
    return h * (T_air - T_wet_bulb) / h_fg


def constant_rate_drying_length(
    web_speed: float, water: float, h: float, T_air: float, T_wet_bulb: float, h_fg: float
) -> float:
    """Return the length of dryer in which a wet web loses its free water. [m]

    Parameters
    ----------
    web_speed : float    [m/s]
    water : float        To be removed per area of web while the surface is wet. [kg/m^2]
    h : float            Heat transfer coefficient of all faces; air_impingement in `processes.materials`. [W/(m^2 K)]
    T_air : float        [degC]
    T_wet_bulb : float   Of that air: the temperature of the wet web. [degC]
    h_fg : float         Heat of evaporation, 2.39e6 for water near 45 degC. [J/kg]

    Raises
    ------
    ValueError  If an argument is not positive and finite, or `T_air` does not exceed `T_wet_bulb`.

    Notes
    -----
    L = v m_w h_fg/(h (T_air - T_wet_bulb)): the air's heat evaporates. Heat balance, computed here; h typical.

    >>> round(constant_rate_drying_length(1.0, 0.03, 60.0, 120.0, 45.0, 2390e3), 2)
    15.93
    """
    require_positive(web_speed=web_speed, water=water)
    return web_speed * water / _evaporation(h, T_air, T_wet_bulb, h_fg)


def falling_rate_drying_length(
    web_speed: float,
    water_start: float,
    water_end: float,
    h: float,
    T_air: float,
    T_wet_bulb: float,
    h_fg: float,
) -> float:
    """Return the length of dryer after the surface has gone dry. [m]

    Parameters
    ----------
    web_speed : float     [m/s]
    water_start : float   Water above equilibrium per area when the rate begins to fall. [kg/m^2]
    water_end : float     The same at the end; below `water_start`. [kg/m^2]
    h, T_air, T_wet_bulb, h_fg : float
        As in `constant_rate_drying_length`.

    Raises
    ------
    ValueError  If an argument is not positive and finite, `water_end` exceeds `water_start`, or `T_air` does not
                exceed `T_wet_bulb`.

    Notes
    -----
    The rate falls in proportion to the water left, so this decays exponentially: L = v m_1/rate_1 ln(m_1/m_2), rate_1
    that of the wet surface. Drying textbooks (recalled).

    >>> round(falling_rate_drying_length(1.0, 0.008, 0.002, 60.0, 120.0, 45.0, 2390e3), 2)
    5.89
    """
    require_positive(web_speed=web_speed, water_start=water_start, water_end=water_end)
    if water_end > water_start:
        raise ValueError(f"water_end must not exceed water_start = {water_start!r}, got {water_end!r}")
    rate = _evaporation(h, T_air, T_wet_bulb, h_fg)
    return web_speed * water_start / rate * math.log(water_start / water_end)


def _response_length(web_speed: float, thickness: float, rho: float, c: float, h: float) -> float:
    """Return the length in which a web heated from both faces comes within 1/e of the air. [m]"""
    require_positive(web_speed=web_speed, thickness=thickness, rho=rho, c=c, h=h)
    return web_speed * rho * c * thickness / (2.0 * h)


def web_heating_length(
    web_speed: float,
    thickness: float,
    rho: float,
    c: float,
    h: float,
    T_in: float,
    T_air: float,
    T_out: float,
) -> float:
    """Return the length of oven that brings a dry web to a temperature. [m]

    Parameters
    ----------
    web_speed : float   [m/s]
    thickness : float   Of the web. [m]
    rho : float         Density. [kg/m^3]
    c : float           Specific heat. [J/(kg K)]
    h : float           Heat transfer coefficient of each face; air_impingement in `processes.materials`. [W/(m^2 K)]
    T_in : float        Web as it enters. [degC]
    T_air : float       [degC]
    T_out : float       Web as it leaves, between `T_in` and `T_air`. [degC]

    Raises
    ------
    ValueError  If an argument is not positive and finite, or `T_out` does not lie between the two others.

    Notes
    -----
    L = v rho c s/(2 h) ln((T_air - T_in)/(T_air - T_out)); cooling alike. Lumped web: h s/(2 k) below 0.1. Heat
    balance, computed here; h typical.

    >>> round(web_heating_length(0.5, 100e-6, 1390.0, 1200.0, 50.0, 25.0, 140.0, 130.0), 2)
    2.04
    """
    require_temperatures(T_in=T_in, T_air=T_air, T_out=T_out)
    if not (T_in <= T_out < T_air or T_air < T_out <= T_in):
        raise ValueError(f"T_out must lie between T_in = {T_in!r} and T_air = {T_air!r}, got {T_out!r}")
    return _response_length(web_speed, thickness, rho, c, h) * math.log((T_air - T_in) / (T_air - T_out))


def web_temperature(
    length: float, web_speed: float, thickness: float, rho: float, c: float, h: float, T_in: float, T_air: float
) -> float:
    """Return the temperature of a dry web after a length of oven. [degC]

    Parameters
    ----------
    length : float   In the oven; 0 returns `T_in`. [m]
    web_speed, thickness, rho, c, h, T_in, T_air : float
        As in `web_heating_length`.

    Raises
    ------
    ValueError  If an argument is not positive and finite (`length` may be 0).

    Notes
    -----
    `web_heating_length` solved for the temperature. A web that stands still comes to the temperature of the air.

    >>> round(web_temperature(2.0369, 0.5, 100e-6, 1390.0, 1200.0, 50.0, 25.0, 140.0), 2)
    130.0
    """
    require_not_negative(length=length)
    require_temperatures(T_in=T_in, T_air=T_air)
    return T_air + (T_in - T_air) * math.exp(-length / _response_length(web_speed, thickness, rho, c, h))


def extruder_net_flow(
    screw_diameter: float,
    screw_rev: float,
    channel_depth: float,
    flight_angle: float,
    head_pressure: float,
    viscosity: float,
    metering_length: float,
) -> float:
    """Return the melt that the metering section of an extruder delivers against a pressure. [m^3/s]

    Parameters
    ----------
    screw_diameter : float    [m]
    screw_rev : float         Revolutions per time, 0.5-3. [1/s]
    channel_depth : float     Of the metering section, 3e-3 to 8e-3. [m]
    flight_angle : float      Of the flight against the plane of rotation, 0.31 = 17.7 degrees usual. [rad]
    head_pressure : float     At the die; may be 0. [Pa]
    viscosity : float         Of the melt at the shear rate of the channel, 50-1000. [Pa s]
    metering_length : float   [m]

    Raises
    ------
    ValueError  If an argument is not positive and finite, `flight_angle` is not below a right angle, or
                `head_pressure` exceeds what the screw can build up.

    Notes
    -----
    Q = 0.5 pi^2 D^2 N d sin A cos A - pi D d^3 p sin^2 A/(12 eta L): drag less back flow, Newtonian melt, leakage left
    out. Groover, Fundamentals of Modern Manufacturing (recalled).

    >>> round(1e6 * extruder_net_flow(0.075, 1.0, 0.006, math.radians(20.0), 7e6, 100.0, 1.9), 2)  # cm3/s
    35.25
    """
    require_positive(screw_diameter=screw_diameter, screw_rev=screw_rev, channel_depth=channel_depth)
    require_positive(viscosity=viscosity, metering_length=metering_length, flight_angle=flight_angle)
    require_not_negative(head_pressure=head_pressure)
    if flight_angle >= math.pi / 2.0:
        raise ValueError(f"flight_angle must lie below pi/2, got {flight_angle!r}")
    sine, cosine = math.sin(flight_angle), math.cos(flight_angle)
    drag = 0.5 * (math.pi * screw_diameter) ** 2 * screw_rev * channel_depth * sine * cosine
    back = math.pi * screw_diameter * channel_depth**3 * sine**2 / (12.0 * viscosity * metering_length)
    if back * head_pressure > drag:
        raise ValueError(f"head_pressure must not exceed {drag / back:.4g}, the screw's most, got {head_pressure!r}")
    return drag - back * head_pressure


def gauge_delay(distance: float, web_speed: float) -> float:
    """Return the time after which a gauge sees what the die or coater did. [s]

    Parameters
    ----------
    distance : float    Along the web, from the die to the gauge. [m]
    web_speed : float   [m/s]

    Raises
    ------
    ValueError  If `distance` is negative, `web_speed` not positive, or one is not finite.

    Notes
    -----
    Distance over speed by definition: the dead time of a thickness control, which scraps that length after each change.

    >>> gauge_delay(18.0, 0.5)
    36.0
    """
    require_not_negative(distance=distance)
    require_positive(web_speed=web_speed)
    return distance / web_speed


def chill_roll_temperature(
    distance_from_roll: float,
    contact_length: float,
    web_speed: float,
    thickness: float,
    k: float,
    rho: float,
    c: float,
    h: float,
    T_in: float,
    T_roll: float,
) -> float:
    """Return the temperature in a film where it leaves a chill roll. [degC]

    Parameters
    ----------
    distance_from_roll : float   From the face on the roll, 0 to `thickness`. [m]
    contact_length : float       Of film on the roll; 0 returns `T_in`. [m]
    web_speed : float            [m/s]
    thickness : float            Of the film. [m]
    k : float                    Conductivity. [W/(m K)]
    rho : float                  Density. [kg/m^3]
    c : float                    Specific heat. [J/(kg K)]
    h : float                    Heat transfer coefficient from film to roll, 500-2000. [W/(m^2 K)]
    T_in : float                 Film as it meets the roll. [degC]
    T_roll : float               Surface of the roll. [degC]

    Raises
    ------
    ValueError  If an argument is not positive and finite (`distance_from_roll` and `contact_length` may be 0), or the
                place lies outside the film.

    Notes
    -----
    The series of `conduction.slab_convective_temperature` for a plate twice as thick, cooled from both faces: the free
    face loses no heat, as the middle of that plate. Derived here; h typical.

    >>> film = dict(thickness=250e-6, k=0.2, rho=900.0, c=2400.0, h=1000.0, T_in=230.0, T_roll=25.0)
    >>> [round(chill_roll_temperature(x, 0.9, 0.5, **film), 1) for x in (0.0, 250e-6)]  # on the roll, free face
    [38.8, 48.2]
    """
    from processes.conduction import slab_convective_temperature

    require_positive(web_speed=web_speed, thickness=thickness)
    require_not_negative(contact_length=contact_length)
    require_within(0.0, thickness, distance_from_roll=distance_from_roll)
    found = slab_convective_temperature(
        half_thickness=thickness,
        k=k,
        rho=rho,
        c=c,
        h=h,
        T_init=T_in,
        T_fluid=T_roll,
        x_from_midplane=thickness - distance_from_roll,
        time=contact_length / web_speed,
    )
    return float(found)


def web_break_probability(length: float, break_rate: float) -> float:
    """Return the probability that a web breaks within a length. [0, 1]

    Parameters
    ----------
    length : float       Run; 0 or more. [m]
    break_rate : float   Breaks per length, 0 or more: one in 1000 km is 1e-6. [1/m]

    Raises
    ------
    ValueError  If an argument is negative or not finite.

    Notes
    -----
    1 - exp(-rate L): a constant hazard per length. A break also costs the web inside the oven. Definition of a hazard.

    >>> round(web_break_probability(250e3, 1e-6), 3)
    0.221
    """
    require_not_negative(length=length, break_rate=break_rate)
    return -math.expm1(-length * break_rate)
