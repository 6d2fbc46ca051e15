"""Moulds: how they are cooled, and how they are cut.

>>> h = channel_h_dittus_boelter(1.5e-4, 0.010, 0.615, 996.0, 0.8e-3, 4180.0)
>>> resistance = channel_resistance(34.0, 0.010, 0.040, 0.022, h)
>>> round(steady_cavity_temperature(0.003, 1.0e-7, 240.0, 90.0, 5.5e5, 8.0, resistance, 40.0), 1)
60.4
"""

from __future__ import annotations

import math
import warnings

from processes.checks import (
    require_not_negative,
    require_positive,
    require_rising,
    require_temperatures,
)
from processes.injection import COLD_EJECTION, cooling_time_plate_mean

TURBULENT = 1e4  # Reynolds number


def channel_resistance(
    k_mold: float, channel_diameter: float, channel_pitch: float, channel_depth: float, h_coolant: float
) -> float:
    """Return the temperature rise of a cavity over its coolant for each unit of heat flux. [m^2 K/W]

    Parameters
    ----------
    k_mold : float             Conductivity of the mould; H13, Cu and CuBe in `processes.materials`. [W/(m K)]
    channel_diameter : float   8e-3 to 14e-3. [m]
    channel_pitch : float      From centre to centre, 3-5 diameters; greater than the diameter. [m]
    channel_depth : float      From the cavity to the centre, 1.5-3 diameters; greater than the radius. [m]
    h_coolant : float          3000-12000 in turbulent water, `channel_h_dittus_boelter`. [W/(m^2 K)]

    Raises
    ------
    ValueError  If an argument is not positive and finite, the channels overlap, or they cut the cavity.

    Notes
    -----
    b (ln(2 b sinh(2 pi y/b)/(pi d))/(2 pi k) + 1/(h pi d)): shape factor of a row of round channels under an isothermal
    plane, and the film in them. Mean over the pitch and the cycle. Incropera and DeWitt, Fundamentals of Heat and Mass
    Transfer (recalled).

    >>> round(1e6 * channel_resistance(34.0, 0.010, 0.040, 0.022, 5500.0))  # mm^2 K/W
    924
    """
    require_positive(k_mold=k_mold, channel_diameter=channel_diameter, channel_pitch=channel_pitch)
    require_positive(channel_depth=channel_depth, h_coolant=h_coolant)
    if channel_pitch <= channel_diameter:
        raise ValueError(f"channel_pitch must exceed the diameter {channel_diameter!r}, got {channel_pitch!r}")
    if channel_depth <= channel_diameter / 2.0:
        raise ValueError(f"channel_depth must exceed the radius {channel_diameter / 2.0!r}, got {channel_depth!r}")
    # ln(2 sinh a) = a + ln(1 - exp(-2 a)), which does not overflow for deep channels.
    a = 2.0 * math.pi * channel_depth / channel_pitch
    shape = math.log(channel_pitch / (math.pi * channel_diameter)) + a + math.log1p(-math.exp(-2.0 * a))
    film = 1.0 / (h_coolant * math.pi * channel_diameter)
    return channel_pitch * (shape / (2.0 * math.pi * k_mold) + film)


def cavity_surface_temperature(
    mean_flux: float,
    k_mold: float,
    channel_diameter: float,
    channel_pitch: float,
    channel_depth: float,
    h_coolant: float,
    T_coolant: float,
) -> float:
    """Return the temperature of the cavity surface over a row of cooling channels, mean over the cycle. [degC]

    Parameters
    ----------
    mean_flux : float   Heat into the mould, `mean_heat_flux`; 0 or more. [W/m^2]
    k_mold, channel_diameter, channel_pitch, channel_depth, h_coolant : float
        As in `channel_resistance`.
    T_coolant : float   Mean between inlet and outlet. [degC]

    Raises
    ------
    ValueError  As `channel_resistance`, or if the flux is negative.

    Notes
    -----
    T_c + q b (ln(2 b sinh(2 pi y/b)/(pi d))/(2 pi k) + 1/(h pi d)). Conformal channels make b and y small and even.
    Incropera and DeWitt, Fundamentals of Heat and Mass Transfer (recalled).

    >>> round(cavity_surface_temperature(12e3, 34.0, 0.010, 0.040, 0.022, 5500.0, 40.0), 1)
    51.1
    """
    require_not_negative(mean_flux=mean_flux)
    require_temperatures(T_coolant=T_coolant)
    return T_coolant + mean_flux * channel_resistance(k_mold, channel_diameter, channel_pitch, channel_depth, h_coolant)


def mean_heat_flux(shot_mass: float, enthalpy_drop: float, cooled_area: float, cycle: float) -> float:
    """Return the heat flux into the cavity surface, mean over the cycle. [W/m^2]

    Parameters
    ----------
    shot_mass : float       Parts and runners. [kg]
    enthalpy_drop : float   From melt to ejection, 2e5-5e5 polymers. [J/kg]
    cooled_area : float     Cavity surface, both sides together. [m^2]
    cycle : float           [s]

    Raises
    ------
    ValueError  If an argument is not positive and finite.

    Notes
    -----
    q = m dh/(A t). Heat balance.

    >>> round(mean_heat_flux(0.1, 3.5e5, 0.08, 25.0))
    17500
    """
    require_positive(shot_mass=shot_mass, enthalpy_drop=enthalpy_drop, cooled_area=cooled_area, cycle=cycle)
    return shot_mass * enthalpy_drop / (cooled_area * cycle)


def steady_cavity_temperature(
    thickness: float,
    diffusivity: float,
    T_melt: float,
    T_eject: float,
    heat_per_area: float,
    other_time: float,
    resistance: float,
    T_coolant: float,
) -> float:
    """Return the cavity temperature that a mould settles at when it opens as soon as the part is stiff. [degC]

    Parameters
    ----------
    thickness, diffusivity, T_melt, T_eject : float
        As in `injection.cooling_time_plate_mean`.
    heat_per_area : float   Heat of a shot over the cooled surface of both sides, m dh/A. [J/m^2]
    other_time : float      Cycle less cooling. [s]
    resistance : float      `channel_resistance`. [m^2 K/W]
    T_coolant : float       Mean between inlet and outlet. [degC]

    Raises
    ------
    ValueError  If an argument is not positive and finite, the temperatures do not rise from coolant to melt, or the
                mould would come within 5 K of ejection.

    Notes
    -----
    Wall temperature gives cooling time, that the heat flux, that the wall temperature; a hotter wall lengthens the
    cycle and so lowers the flux: there is one balance. With the range of `injection.cooling_time_plate_mean`.
    Heat balance, computed here.

    >>> round(steady_cavity_temperature(0.003, 1.0e-7, 240.0, 90.0, 5.5e5, 8.0, 1.0e-3, 40.0), 1)
    63.5
    """
    from scipy.optimize import brentq

    require_positive(heat_per_area=heat_per_area, resistance=resistance)
    require_not_negative(other_time=other_time)
    require_rising(T_coolant=T_coolant, T_eject=T_eject, T_melt=T_melt)

    def too_hot(T_wall: float) -> float:
        cycle = cooling_time_plate_mean(thickness, diffusivity, T_melt, T_wall, T_eject) + other_time
        return T_wall - T_coolant - resistance * heat_per_area / cycle

    hottest = T_eject - COLD_EJECTION
    if T_coolant >= hottest or too_hot(hottest) < 0.0:
        raise ValueError(
            f"T_coolant {T_coolant!r} and resistance {resistance!r} let the mould come within {COLD_EJECTION:g} K of "
            f"T_eject, got {T_eject!r}: cool more, or wait longer"
        )
    return float(brentq(too_hot, T_coolant, hottest, xtol=1e-10))


def mold_temperature_after_stop(T_mold: float, T_end: float, time_constant: float, stop: float) -> float:
    """Return the temperature of a mould after a stop of the machine. [degC]

    Parameters
    ----------
    T_mold : float          When the stop begins. [degC]
    T_end : float           That it tends to: the coolant, or the hall if that is off. [degC]
    time_constant : float   Row of injection_mold in `processes.materials`. [s]
    stop : float            0 or more. [s]

    Raises
    ------
    ValueError  If `time_constant` is not positive, `stop` is negative, or one is not finite.

    Notes
    -----
    T_end + (T - T_end) exp(-t/tau): one heat capacity. The parts after the stop are made at that temperature and drift
    back. Two stops give what one of their sum gives. Derived here; time constants typical.

    >>> round(mold_temperature_after_stop(62.0, 40.0, 600.0, 900.0), 1)
    44.9
    """
    require_temperatures(T_mold=T_mold, T_end=T_end)
    require_positive(time_constant=time_constant)
    require_not_negative(stop=stop)
    return T_end + (T_mold - T_end) * math.exp(-stop / time_constant)


def channel_h_dittus_boelter(
    flow: float, channel_diameter: float, k_fluid: float, rho: float, mu: float, c: float
) -> float:
    """Return the heat transfer coefficient in a cooling channel with turbulent flow. [W/(m^2 K)]

    Parameters
    ----------
    flow : float               Through one channel, 0.5e-4 to 3e-4. [m^3/s]
    channel_diameter : float   8e-3 to 14e-3. [m]
    k_fluid : float            Conductivity, 0.6 water. [W/(m K)]
    rho : float                Density. [kg/m^3]
    mu : float                 Viscosity, 0.5e-3 to 1e-3 water. [Pa s]
    c : float                  Specific heat, 4180 water. [J/(kg K)]

    Raises
    ------
    ValueError  If an argument is not positive and finite.

    Notes
    -----
    Nu = 0.023 Re^0.8 Pr^0.4, coolant heated; warns if Re is below 1e4, where the flow is not fully turbulent and the
    coefficient smaller. Dittus and Boelter, in Incropera and DeWitt, Fundamentals of Heat and Mass Transfer (recalled).

    >>> round(channel_h_dittus_boelter(1.5e-4, 0.010, 0.615, 996.0, 0.8e-3, 4180.0))
    8825
    """
    require_positive(flow=flow, channel_diameter=channel_diameter, k_fluid=k_fluid, rho=rho, mu=mu, c=c)
    reynolds = 4.0 * flow * rho / (math.pi * channel_diameter * mu)
    if reynolds < TURBULENT:
        message = f"Reynolds number {reynolds:.3g} is below 1e4: the flow is not fully turbulent"
        warnings.warn(message, RuntimeWarning, stacklevel=2)
    prandtl = mu * c / k_fluid
    return 0.023 * math.pow(reynolds, 0.8) * math.pow(prandtl, 0.4) * k_fluid / channel_diameter


def milling_mrr(width_of_cut: float, depth_of_cut: float, spindle: float, teeth: int, feed_per_tooth: float) -> float:
    """Return the volume that a milling cutter removes per time. [m^3/s]

    Parameters
    ----------
    width_of_cut : float     Radial engagement. [m]
    depth_of_cut : float     Axial engagement. [m]
    spindle : float          Revolutions per time. [1/s]
    teeth : int              Of the cutter; whole.
    feed_per_tooth : float   0.05e-3 to 0.3e-3. [m]

    Raises
    ------
    ValueError  If an argument is not positive and finite, or `teeth` is not whole.

    Notes
    -----
    w d N z f. Kinematics, computed here; what roughing removes is a row of mold_roughing in `processes.materials`.

    >>> round(milling_mrr(0.010, 0.001, 60.0, 4, 0.1e-3) * 60e6, 2)  # cm^3/min
    14.4
    """
    require_positive(width_of_cut=width_of_cut, depth_of_cut=depth_of_cut, spindle=spindle, teeth=teeth)
    require_positive(feed_per_tooth=feed_per_tooth)
    if teeth % 1 != 0:
        raise ValueError(f"teeth must be a whole number, got {teeth!r}")
    return width_of_cut * depth_of_cut * spindle * teeth * feed_per_tooth


def scallop_height(pitch: float, tool_radius: float) -> float:
    """Return the height of the ridges that a ball-nose cutter leaves between its paths. [m]

    Parameters
    ----------
    pitch : float         From path to path, 0.1e-3 to 0.5e-3 in finishing. [m]
    tool_radius : float   Of the ball; at least half the pitch. [m]

    Raises
    ------
    ValueError  If an argument is not positive and finite, or the paths do not overlap.

    Notes
    -----
    p^2/(8 R), exact to second order in p/R: the area rate p v of finishing goes as the root of the height allowed, see
    `tool_shop.finishing_time`. Geometry.

    >>> round(1e6 * scallop_height(0.2e-3, 3e-3), 2)  # um
    1.67
    """
    require_positive(pitch=pitch, tool_radius=tool_radius)
    if pitch > 2.0 * tool_radius:
        raise ValueError(f"pitch must not exceed the diameter of the tool {2.0 * tool_radius!r}, got {pitch!r}")
    return pitch**2 / (8.0 * tool_radius)


def edm_mrr(current: float, T_melt_work: float) -> float:
    """Return the volume that electric discharge machining removes per time. [m^3/s]

    Parameters
    ----------
    current : float       Row of mold_sinker in `processes.materials` for roughing. [A]
    T_melt_work : float   Melting point of the workpiece, above 0: steel 1450, copper 1083. [degC]

    Raises
    ------
    ValueError  If an argument is not positive and finite.

    Notes
    -----
    4e4 I T^-1.23 mm^3/min, T in degC; finishing is slower, see `tool_shop.edm_sinking_time`. Kalpakjian, Manufacturing
    Engineering and Technology (read in a machining text).

    >>> round(edm_mrr(25.0, 1083.0) * 60e9)  # mm^3/min
    185
    """
    require_positive(current=current, T_melt_work=T_melt_work)
    return 4e4 * current * math.pow(T_melt_work, -1.23) * 1e-9 / 60.0
