"""Arc and spot welding: heat input, cooling time, preheat, rates and times.

Cooling times and preheat stand in `processes.weld_cooling`, the temperature fields around the source in
`processes.weld_fields`; both are offered here too.

>>> net = weld_heat_input(25.0, 200.0, 0.003, 0.8)
>>> round(weld_t85_en1011(net, 20.0, 0.010), 1)  # s, from 800 to 500 degC in 10 mm
20.2
"""

from __future__ import annotations

import math

from processes.checks import (
    require_not_falling,
    require_not_negative,
    require_positive,
    require_rising,
    require_within,
)
from processes.weld_cooling import (
    weld_carbon_equivalent_cet,
    weld_cooling_rate_thick,
    weld_cooling_rate_thin,
    weld_preheat_en1011_method_b,
    weld_t85_conduction_thick,
    weld_t85_en1011,
    weld_t85_en1011_2d,
    weld_t85_en1011_3d,
    weld_transition_thickness_en1011,
)
from processes.weld_fields import (
    weld_goldak_density,
    weld_goldak_halfspace_temperature,
    weld_goldak_peak_density,
    weld_rosenthal_plate_temperature,
    weld_rosenthal_thick_half_width,
    weld_rosenthal_thick_temperature,
    weld_rosenthal_thin_half_width,
    weld_rosenthal_thin_temperature,
)

__all__ = [
    "spot_joule_heat",
    "spot_nugget_energy",
    "weld_bead_area",
    "weld_carbon_equivalent_cet",
    "weld_cell_time",
    "weld_cooling_rate_thick",
    "weld_cooling_rate_thin",
    "weld_goldak_density",
    "weld_goldak_halfspace_temperature",
    "weld_goldak_peak_density",
    "weld_heat_input",
    "weld_interpass_wait",
    "weld_laser_line_energy",
    "weld_melt_rate",
    "weld_preheat_en1011_method_b",
    "weld_robot_cycle_time",
    "weld_rosenthal_plate_temperature",
    "weld_rosenthal_thick_half_width",
    "weld_rosenthal_thick_temperature",
    "weld_rosenthal_thin_half_width",
    "weld_rosenthal_thin_temperature",
    "weld_t85_conduction_thick",
    "weld_t85_en1011",
    "weld_t85_en1011_2d",
    "weld_t85_en1011_3d",
    "weld_transition_thickness_en1011",
]


def weld_heat_input(voltage: float, current: float, speed: float, efficiency: float) -> float:
    """Return the net heat per length of an arc weld. [J/m]

    Parameters
    ----------
    voltage : float      Of the arc, 15-35. [V]
    current : float      100-600, submerged arc up to 1200. [A]
    speed : float        Travel speed, 3e-3 to 2e-2. [m/s]
    efficiency : float   Share of the arc's power that enters the part; rows arc_* of `processes.materials`. [-]

    Raises
    ------
    ValueError  If an argument is not positive and finite, or `efficiency` exceeds 1.

    Notes
    -----
    q/v = eta U I/v. EN 1011-1; calorimetry finds other efficiencies than the standard, both are in the rows.

    >>> round(weld_heat_input(25.0, 200.0, 0.003, 0.65) / 1e6, 4)  # kJ/mm
    1.0833
    """
    require_positive(voltage=voltage, current=current, speed=speed, efficiency=efficiency)
    require_within(0.0, 1.0, efficiency=efficiency)
    return efficiency * voltage * current / speed


def weld_laser_line_energy(power: float, speed: float) -> float:
    """Return the energy per length of a laser beam, before absorption. [J/m]

    Parameters
    ----------
    power : float   Of the beam. [W]
    speed : float   Travel speed. [m/s]

    Raises
    ------
    ValueError  If an argument is not positive and finite.

    Notes
    -----
    P/v, by definition; usual ones, and what a keyhole absorbs of them, are rows of laser_steel in
    `processes.materials`.

    >>> weld_laser_line_energy(4000.0, 0.05)
    80000.0
    """
    require_positive(power=power, speed=speed)
    return power / speed


def weld_interpass_wait(
    mass: float, c: float, surface: float, h: float, T_now: float, T_ambient: float, T_interpass: float
) -> float:
    """Return the wait until a part has cooled to the interpass limit. [s]

    Parameters
    ----------
    mass : float          [kg]
    c : float             Specific heat. [J/(kg K)]
    surface : float       That cools. [m^2]
    h : float             Heat transfer coefficient, 5-15 in still air, more with radiation. [W/(m^2 K)]
    T_now : float         Part, one temperature. [degC]
    T_ambient : float     [degC]
    T_interpass : float   Highest temperature at which the next pass may start. [degC]

    Raises
    ------
    ValueError  If an argument is not positive and finite, or `T_interpass` or `T_now` does not exceed `T_ambient`.

    Notes
    -----
    m c/(h A) ln((T_now - T_a)/(T_i - T_a)), derived from the heat balance; 0 if the part is cold enough. Lumped: Biot
    number below 0.1. Serves the dwell between the layers of directed energy deposition too.

    >>> round(weld_interpass_wait(12.0, 500.0, 0.25, 22.0, 240.0, 25.0, 150.0), 1)
    591.6
    """
    require_positive(mass=mass, c=c, surface=surface, h=h)
    require_rising(T_ambient=T_ambient, T_now=T_now)
    require_rising(T_ambient=T_ambient, T_interpass=T_interpass)
    ratio = (T_now - T_ambient) / (T_interpass - T_ambient)
    return mass * c / (h * surface) * max(0.0, math.log(ratio))


def weld_melt_rate(power: float, transfer_factor: float, melting_factor: float, unit_melt_energy: float) -> float:
    """Return the volume of weld metal per time. [m^3/s]

    Parameters
    ----------
    power : float              Of the source, U I. [W]
    transfer_factor : float    f1, share of the power that reaches the part. [0, 1]
    melting_factor : float     f2, share of that which melts. [0, 1]
    unit_melt_energy : float   Heat to melt a volume; row of arc_any in `processes.materials`. [J/m^3]

    Raises
    ------
    ValueError  If an argument is not positive and finite, or a factor exceeds 1.

    Notes
    -----
    f1 f2 P/U_m. Groover, Fundamentals of Modern Manufacturing (recalled).

    >>> round(1e9 * weld_melt_rate(6000.0, 0.7, 0.5, 10.3e9), 1)  # mm3/s
    203.9
    """
    require_positive(power=power, transfer_factor=transfer_factor, melting_factor=melting_factor)
    require_positive(unit_melt_energy=unit_melt_energy)
    require_within(0.0, 1.0, transfer_factor=transfer_factor, melting_factor=melting_factor)
    return transfer_factor * melting_factor * power / unit_melt_energy


def weld_bead_area(wire_area: float, wire_speed: float, speed: float) -> float:
    """Return the cross-section of the metal that the wire adds. [m^2]

    Parameters
    ----------
    wire_area : float    Cross-section of the wire, 1.13e-6 for 1.2 mm. [m^2]
    wire_speed : float   Feed of the wire. [m/s]
    speed : float        Travel speed. [m/s]

    Raises
    ------
    ValueError  If an argument is not positive and finite.

    Notes
    -----
    Continuity, spatter left out: wire area times wire speed over travel speed.

    >>> round(1e6 * weld_bead_area(1.13e-6, 0.15, 0.008), 1)  # mm2
    21.2
    """
    require_positive(wire_area=wire_area, wire_speed=wire_speed, speed=speed)
    return wire_area * wire_speed / speed


def weld_cell_time(weld_length: float, speed: float, arc_on_fraction: float) -> float:
    """Return the time to weld a part, pauses of the arc included. [s]

    Parameters
    ----------
    weld_length : float       Of all seams. [m]
    speed : float             Travel speed. [m/s]
    arc_on_fraction : float   Rows arc_* of `processes.materials`. [-]

    Raises
    ------
    ValueError  If an argument is not positive and finite, or `arc_on_fraction` exceeds 1.

    Notes
    -----
    L/(v arc-on), by definition. Sources differ on the fraction: arc_any holds what others claim than arc_MAG.

    >>> round(weld_cell_time(1.8, 0.008, 0.45), 6)
    500.0
    """
    require_positive(weld_length=weld_length, speed=speed, arc_on_fraction=arc_on_fraction)
    require_within(0.0, 1.0, arc_on_fraction=arc_on_fraction)
    return weld_length / (speed * arc_on_fraction)


def weld_robot_cycle_time(
    weld_length: float, speed: float, moves: float, positioner: float, cleaning: float, parts_per_cleaning: float
) -> float:
    """Return the time of a robot to weld a part; loading at a second table is hidden. [s]

    Parameters
    ----------
    weld_length : float          Of all seams. [m]
    speed : float                Travel speed. [m/s]
    moves : float                Sum of the moves between seams, see `processes.robots.move_time`. [s]
    positioner : float           Turns of the positioner per part; usual times are rows of arc_robot in
                                 `processes.materials`. [s]
    cleaning : float             Torch cleaning. [s]
    parts_per_cleaning : float   Parts between two cleanings. [-]

    Raises
    ------
    ValueError  If length, speed or parts per cleaning are not positive and finite, or a time is negative.

    Notes
    -----
    L/v + moves + positioner + cleaning/parts, computed here; coarser: `weld_shop.weld_robot_cycle_estimates`.

    >>> round(weld_robot_cycle_time(1.8, 0.010, 28.0, 10.0, 12.0, 20.0), 1)
    218.6
    """
    require_positive(weld_length=weld_length, speed=speed, parts_per_cleaning=parts_per_cleaning)
    require_not_negative(moves=moves, positioner=positioner, cleaning=cleaning)
    return weld_length / speed + moves + positioner + cleaning / parts_per_cleaning


def spot_joule_heat(current: float, resistance: float, time: float) -> float:
    """Return the heat that a weld current makes. [J]

    Parameters
    ----------
    current : float      Usual values are rows of spot_mild_steel_1mm in `processes.materials`. [A]
    resistance : float   Between the electrodes. [ohm]
    time : float         Of the current. [s]

    Raises
    ------
    ValueError  If an argument is not positive and finite.

    Notes
    -----
    I^2 R t, by definition. The current falls as electrodes mushroom, see `weld_shop.spot_effective_current`.

    >>> spot_joule_heat(3000.0, 200e-6, 0.2)
    360.0
    """
    require_positive(current=current, resistance=resistance, time=time)
    return current**2 * resistance * time


def spot_nugget_energy(nugget_volume: float, rho: float, c: float, T_melt: float, T0: float, latent: float) -> float:
    """Return the heat that melts a weld nugget. [J]

    Parameters
    ----------
    nugget_volume : float   [m^3]
    rho : float             Density. [kg/m^3]
    c : float               Specific heat, mean up to melting. [J/(kg K)]
    T_melt : float          [degC]
    T0 : float              Sheet before the weld. [degC]
    latent : float          Latent heat. [J/kg]

    Raises
    ------
    ValueError  If an argument is not positive and finite, or `T_melt` is below `T0`.

    Notes
    -----
    rho V (c (T_melt - T0) + L). What exceeds it in `spot_joule_heat` goes into sheets and electrodes.

    >>> round(spot_nugget_energy(20e-9, 8000.0, 500.0, 1520.0, 20.0, 1.4e6), 6)
    344.0
    """
    require_positive(nugget_volume=nugget_volume, rho=rho, c=c, latent=latent)
    require_not_falling(T0=T0, T_melt=T_melt)
    return rho * nugget_volume * (c * (T_melt - T0) + latent)
