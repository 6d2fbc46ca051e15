"""Electroplating and anodising: deposit, energy, rinse water, bath.

Chromium from Cr(VI) baths takes six electrons per atom. A common textbook table lists it with three: half the charge.
Numbers of baths, drag-out, rinses and tanks are rows plating_* of `processes.materials`; `plating_limits` says in what
window of current density and temperature they hold.

>>> nickel = {"molar_mass": 0.058693, "electrons": 2, "density": 8900.0}
>>> chromium = {"molar_mass": 0.051996, "electrons": 6, "density": 7190.0}
>>> round(time_for_thickness(15e-6, 400.0, 0.95, **nickel) / 60.0, 1)  # min for 15 um at 4 A/dm2
19.3
>>> energy = energy_per_area(50e-6, 8.0, 0.13, 0.88, **chromium)
>>> round(energy / 3.6e6)  # kWh/m2 for 50 um of hard chromium: efficiency 13 %
78
"""

from __future__ import annotations

import math

from processes.checks import (
    require_between,
    require_count,
    require_not_falling,
    require_not_negative,
    require_positive,
    require_temperatures,
    require_within,
)

FARADAY = 96485.33  # C/mol


def _charge_per_volume(
    cathode_efficiency: float, molar_mass: float, electrons: int, density: float, **more: float
) -> float:
    """Return the charge that must flow to deposit a volume, z F rho/(eta M), after checks. [C/m^3]"""
    require_positive(cathode_efficiency=cathode_efficiency, molar_mass=molar_mass, density=density, **more)
    require_within(0.0, 1.0, cathode_efficiency=cathode_efficiency)
    require_count(1, electrons=electrons)
    return electrons * FARADAY * density / (cathode_efficiency * molar_mass)


def _below_limit(metal: float, j_limit: float | None) -> None:
    """Raise if the ions cannot follow the metal's part of the current density: more of it burns the deposit."""
    if j_limit is not None:
        require_positive(j_limit=j_limit)
        if metal >= j_limit:
            raise ValueError(f"efficiency x current density must lie below j_limit = {j_limit:.6g} A/m2, got {metal!r}")


def faraday_thickness(
    current: float,
    area: float,
    time: float,
    cathode_efficiency: float,
    molar_mass: float,
    electrons: int,
    density: float,
    j_limit: float | None = None,
) -> float:
    """Return the mean thickness of a deposit. [m]

    Parameters
    ----------
    current : float              Of the rectifier through the load. [A]
    area : float                 Plated; of a barrel load only a part carries current at a time, see
                                 `plating_limits.barrel_current_density`. [m^2]
    time : float                 Current on. [s]
    cathode_efficiency : float   Share of the current that deposits metal; row of the bath. (0, 1]
    molar_mass : float           Of the metal; row of the bath. [kg/mol]
    electrons : int              Per atom; row of the bath.
    density : float              Of the deposit; row of the bath. [kg/m^3]
    j_limit : float, optional    Limiting current density of the metal, `plating_limits.limiting_current_density`;
                                 default: not checked. [A/m^2]

    Raises
    ------
    ValueError  If an argument is not positive and finite, the efficiency exceeds 1, `electrons` is not whole, or the
                metal's part of the current density, eta I/A, is not below `j_limit`.

    Notes
    -----
    s = eta I t M/(z F rho): Faraday's law. Below the limiting current, with the efficiency at that current density and
    temperature. Local thickness is 0.5-2 times the mean. Groover, Fundamentals of Modern Manufacturing (recalled: Ni
    0.028 mm); Cr(VI) efficiencies read, other bath values recalled.

    >>> round(1e6 * faraday_thickness(40.0, 1.0, 7200.0, 1.0, 0.058693, 2, 8900.0), 2)  # um of nickel
    9.84
    """
    need = _charge_per_volume(cathode_efficiency, molar_mass, electrons, density, current=current, area=area, time=time)
    _below_limit(cathode_efficiency * current / area, j_limit)
    return current * time / (area * need)


def time_for_thickness(
    thickness: float,
    current_density: float,
    cathode_efficiency: float,
    molar_mass: float,
    electrons: int,
    density: float,
    j_limit: float | None = None,
) -> float:
    """Return the plating time for a mean thickness. [s]

    Parameters
    ----------
    thickness : float         Mean of the deposit (`mean_thickness_for_spec`). [m]
    current_density : float   Mean over the parts; row of the bath. [A/m^2]
    cathode_efficiency, molar_mass, electrons, density, j_limit
        As in `faraday_thickness`.

    Raises
    ------
    ValueError  As `faraday_thickness`.

    Notes
    -----
    t = s z F rho/(eta j M), `faraday_thickness` solved for the time.

    >>> round(time_for_thickness(8e-6, 200.0, 0.95, 0.06538, 2, 7140.0))  # zinc
    887
    """
    need = _charge_per_volume(
        cathode_efficiency, molar_mass, electrons, density, thickness=thickness, current_density=current_density
    )
    _below_limit(cathode_efficiency * current_density, j_limit)
    return thickness * need / current_density


def energy_per_area(
    thickness: float,
    bath_voltage: float,
    cathode_efficiency: float,
    rectifier_efficiency: float,
    molar_mass: float,
    electrons: int,
    density: float,
) -> float:
    """Return the electrical energy to plate an area, rectifier losses included. [J/m^2]

    Parameters
    ----------
    thickness : float              Mean of the deposit. [m]
    bath_voltage : float           Row `voltage` of the bath. [V]
    rectifier_efficiency : float   0.85-0.93. (0, 1]
    cathode_efficiency, molar_mass, electrons, density
        As in `faraday_thickness`.

    Raises
    ------
    ValueError  If an argument is not positive and finite, an efficiency exceeds 1, or `electrons` is not whole.

    Notes
    -----
    E = s z F rho U/(eta eta_rect M). Faraday's law; voltages recalled. Heating and ventilation often take as much again
    (read, ranking of a survey).

    >>> round(energy_per_area(15e-6, 6.0, 0.95, 0.88, 0.058693, 2, 8900.0) / 3.6e6, 2)  # kWh/m2, 15 um of nickel
    0.88
    """
    require_within(0.0, 1.0, rectifier_efficiency=rectifier_efficiency)
    need = _charge_per_volume(
        cathode_efficiency,
        molar_mass,
        electrons,
        density,
        thickness=thickness,
        bath_voltage=bath_voltage,
        rectifier_efficiency=rectifier_efficiency,
    )
    return thickness * need * bath_voltage / rectifier_efficiency


def mean_thickness_for_spec(thickness_min: float, min_over_mean: float) -> float:
    """Return the mean thickness to plate so that the thinnest place meets the specification. [m]

    Parameters
    ----------
    thickness_min : float   Specified everywhere. [m]
    min_over_mean : float   Thinnest place over mean, 0.5-0.9 by shape, rack and shields. (0, 1]

    Raises
    ------
    ValueError  If an argument is not positive and finite, or `min_over_mean` exceeds 1.

    Notes
    -----
    Specification over ratio; what it exceeds the specification is metal, energy and time given away. Computed here;
    ratios typical.

    >>> round(1e6 * mean_thickness_for_spec(8e-6, 0.8), 1)
    10.0
    """
    require_positive(thickness_min=thickness_min, min_over_mean=min_over_mean)
    require_within(0.0, 1.0, min_over_mean=min_over_mean)
    return thickness_min / min_over_mean


def anodize_thickness(film_factor: float, current_density: float, time: float, dissolution_rate: float = 0.0) -> float:
    """Return the thickness of an anodic film on aluminium. [m]

    Parameters
    ----------
    film_factor : float        Film per charge; row of plating_anodizing. [m^3/C]
    current_density : float    From the same row. [A/m^2]
    time : float               Current on; 0 or more. [s]
    dissolution_rate : float   Film that the bath dissolves, grows with its temperature; 0 at 18-20 degC. [m/s]

    Raises
    ------
    ValueError  If `film_factor` or `current_density` is not positive and finite, or `time` or `dissolution_rate` is
                negative.

    Notes
    -----
    s = (f j - d) t, at least 0. Rule of 720: 1 mil at 1 A/ft2 in 720 min (recalled).

    >>> round(1e6 * anodize_thickness(5.4625e-11, 10.764, 43200.0), 1)
    25.4
    """
    require_positive(film_factor=film_factor, current_density=current_density)
    require_not_negative(time=time, dissolution_rate=dissolution_rate)
    return max(0.0, film_factor * current_density - dissolution_rate) * time


def counterflow_water(dragout: float, dilution_ratio: float, stages: int) -> float:
    """Return the flow of fresh water through counterflow rinses. [m^3/s]

    Parameters
    ----------
    dragout : float          Liquid carried in with the parts; rows of plating_rack per area and plating_barrel per
                             load, times their rate. [m^3/s]
    dilution_ratio : float   Concentration of the bath over that of the last rinse, above 1; row of plating_rinse. [-]
    stages : int             Rinses in series, 1-4.

    Raises
    ------
    ValueError  If `dragout` is not positive and finite, `dilution_ratio` does not exceed 1, or `stages` is not whole.

    Notes
    -----
    W = r D with 1 + r + ... + r^n = ratio: balances of all stages, well mixed, drag-out equal everywhere. The usual
    r^n = ratio takes a little more. Balance computed here; ratios read, drag-out typical.

    >>> [round(60e3 * counterflow_water(0.2e-3 / 60.0, 1250.0, stages), 2) for stages in (1, 2, 3)]  # L/min
    [249.8, 6.97, 2.08]
    """
    require_positive(dragout=dragout)
    require_between(1.0, math.inf, dilution_ratio=dilution_ratio)
    require_count(1, stages=stages)
    # Newton from above on a convex rising polynomial comes down to the root without passing it.
    r = (dilution_ratio - 1.0) ** (1.0 / stages) if stages > 1 else dilution_ratio - 1.0
    for _ in range(100):
        value, slope = 0.0, 0.0
        for _ in range(int(stages)):  # value = r + r^2 + ... + r^n
            value, slope = (value + 1.0) * r, slope * r + value + 1.0
        step = (value - (dilution_ratio - 1.0)) / slope
        r -= step
        if step <= 1e-15 * r:
            break
    return dragout * r


def bath_concentration(concentration0: float, bath_volume: float, dragout_per_load: float, loads: int) -> float:
    """Return the concentration of a bath after loads whose drag-out water has replaced. [kg/m^3]

    Parameters
    ----------
    concentration0 : float     At the start; 0 or more. [kg/m^3]
    bath_volume : float        Kept constant by topping up with water. [m^3]
    dragout_per_load : float   Carried out by one load, less than the bath. [m^3]
    loads : int                0 or more.

    Raises
    ------
    ValueError  If an argument is negative or not finite, `bath_volume` is not positive, `loads` is not whole, or a load
                carries the whole bath away.

    Notes
    -----
    C_n = C_0 (1 - D/V)^n. Balance of one load, computed here.

    >>> round(bath_concentration(75.0, 4.0, 0.0012, 250), 2)
    69.58
    """
    require_positive(bath_volume=bath_volume)
    require_not_negative(concentration0=concentration0, dragout_per_load=dragout_per_load)
    require_count(0, loads=loads)
    if dragout_per_load >= bath_volume:
        raise ValueError(f"dragout_per_load must be less than bath_volume, got {dragout_per_load!r}")
    return concentration0 * math.exp(loads * math.log1p(-dragout_per_load / bath_volume))


def bath_concentration_after(
    concentration0: float, bath_volume: float, supply: float, deposition: float, dragout: float, time: float
) -> float:
    """Return the concentration of a bath after a time of steady dosing, deposition and drag-out. [kg/m^3]

    Parameters
    ----------
    concentration0 : float   At the start; 0 or more. [kg/m^3]
    bath_volume : float      Kept constant by topping up with water. [m^3]
    supply : float           Metal from anodes and dosing; 0 or more. [kg/s]
    deposition : float       Metal that leaves as deposit, eta I M/(z F); 0 or more. [kg/s]
    dragout : float          Liquid carried out; 0 or more. [m^3/s]
    time : float             0 or more. [s]

    Raises
    ------
    ValueError  If an argument is negative or not finite, or `bath_volume` is not positive.

    Notes
    -----
    V dC/dt = supply - deposition - D C, all constant: C = C_0 e^(-x) + S t/V (1 - e^(-x))/x, x = D t/V, S the
    difference of the first two; at least 0. Two times give what one of their sum gives. Balance, computed here.

    >>> round(bath_concentration_after(75.0, 4.0, 0.0, 0.0, 3.3e-6, 86400.0), 2)
    69.84
    """
    require_positive(bath_volume=bath_volume)
    require_not_negative(concentration0=concentration0, supply=supply, deposition=deposition)
    require_not_negative(dragout=dragout, time=time)
    x = dragout * time / bath_volume
    mean_kept = -math.expm1(-x) / x if x > 0.0 else 1.0
    return max(0.0, concentration0 * math.exp(-x) + (supply - deposition) * time / bath_volume * mean_kept)


def bath_temperature_after_stop(
    volume: float, rho: float, c: float, loss: float, T_init: float, T_ambient: float, stop: float
) -> float:
    """Return the temperature of a bath after its heater was off. [degC]

    Parameters
    ----------
    volume : float      [m^3]
    rho : float         1000-1250. [kg/m^3]
    c : float           3500-4190. [J/(kg K)]
    loss : float        By walls and surface, per kelvin above the hall. [W/K]
    T_init : float      As the heater goes off. [degC]
    T_ambient : float   Hall. [degC]
    stop : float        Time without heating; 0 or more. [s]

    Raises
    ------
    ValueError  If `volume`, `rho`, `c` or `loss` is not positive and finite, or `stop` is negative.

    Notes
    -----
    T_a + (T - T_a) exp(-UA t/(rho c V)); usual time constants are rows of plating_tank.
    Stirred tank, computed here.

    >>> round(bath_temperature_after_stop(4.0, 1150.0, 3700.0, 180.0, 55.0, 20.0, 7200.0), 1)
    52.4
    """
    require_positive(volume=volume, rho=rho, c=c, loss=loss)
    require_temperatures(T_init=T_init, T_ambient=T_ambient)
    require_not_negative(stop=stop)
    return T_ambient + (T_init - T_ambient) * math.exp(-loss * stop / (volume * rho * c))


def open_surface_loss(
    area: float, h: float, T_bath: float, T_ambient: float, evaporation: float, h_fg: float = 2.36e6
) -> float:
    """Return the power that an open bath loses through its surface. [W]

    Parameters
    ----------
    area : float          Open surface. [m^2]
    h : float             10-25; 0 or more. [W/(m^2 K)]
    T_bath : float        [degC]
    T_ambient : float     Hall, not above the bath. [degC]
    evaporation : float   Water that evaporates: with ventilation 4e-4 to 8e-4 at 60 degC, 2e-3 to 3e-3 at 80 degC.
                          [kg/(m^2 s)]
    h_fg : float          Heat of evaporation of water at the bath's temperature. [J/kg]

    Raises
    ------
    ValueError  If `area` or `h_fg` is not positive and finite, `h` or `evaporation` is negative, or the bath is colder
                than the hall.

    Notes
    -----
    P = A (h (T - T_a) + m'' h_fg), a balance; what it comes to with ventilation are rows of plating_tank.

    >>> round(open_surface_loss(2.0, 15.0, 60.0, 20.0, 6e-4))
    4032
    """
    require_positive(area=area, h_fg=h_fg)
    require_not_negative(h=h, evaporation=evaporation)
    require_not_falling(T_ambient=T_ambient, T_bath=T_bath)
    return area * (h * (T_bath - T_ambient) + evaporation * h_fg)
