"""Heat treatment of steel: quenching, transformation, carburising, tempering, energy of a batch.

>>> start = ms_andrews_linear(0.40, 0.85, 0.0, 0.95, 0.20)  # AISI 4140
>>> round(start), round(martensite_fraction(start, 60.0), 2)
(331, 0.95)
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from processes.carburizing import (
    carbon_at_depth,
    carbon_at_depth_with_transfer,
    carburize_time,
    case_depth,
    case_depth_error,
    diffusivity,
)
from processes.checks import (
    require_lists,
    require_not_falling,
    require_not_negative,
    require_positive,
    require_rising,
    require_temperatures,
    require_within,
)
from processes.transformation import (
    as_quenched_hardness,
    jmak_fraction,
    jmak_half_time,
    martensite_fraction,
    ms_andrews_linear,
    scheil_start_time,
    scheil_sum,
)

__all__ = [
    "as_quenched_hardness",
    "carbon_at_depth",
    "carbon_at_depth_with_transfer",
    "carburize_time",
    "case_depth",
    "case_depth_error",
    "cylinder_quench_time",
    "diffusivity",
    "furnace_batch_energy",
    "furnace_temperature_after_stop",
    "hollomon_jaffe",
    "hollomon_jaffe_equivalent_time",
    "jmak_fraction",
    "jmak_half_time",
    "martensite_fraction",
    "ms_andrews_linear",
    "scheil_start_time",
    "scheil_sum",
    "soak_stop_tolerated",
    "soak_time",
    "tempered_hardness",
]

KELVIN = 273.15
SECONDS_PER_HOUR = 3600.0


def cylinder_quench_time(
    radius: float, k: float, rho: float, c: float, h: float, T_init: float, T_fluid: float, T_target: float
) -> float:
    """Return the time in which the axis of a long bar comes to a temperature in a bath or furnace. [s]

    Parameters
    ----------
    radius : float     [m]
    k : float          Conductivity, mean over the range; hot steel 26-30. [W/(m K)]
    rho : float        Density. [kg/m^3]
    c : float          Specific heat, mean over the range; steel 600-700. [J/(kg K)]
    h : float          Mean over the range: oil 500-5000, water 1000-15000, gas at 10-20 bar 300-1000. [W/(m^2 K)]
    T_init : float     Bar at the start, uniform. [degC]
    T_fluid : float    Bath, or gas of the furnace. [degC]
    T_target : float   Axis at the end, between the two. [degC]

    Raises
    ------
    ValueError  If an argument is not positive and finite, or `T_target` does not lie between `T_init` and `T_fluid`.

    Notes
    -----
    The full series of the long cylinder is solved for the time; constant h and properties, no heat of transformation.
    For the soak, h with its radiative part (`processes.forging.radiation_coefficient`).
    Carslaw and Jaeger, Conduction of Heat in Solids (recalled).

    >>> round(cylinder_quench_time(0.02, 27.0, 7850.0, 640.0, 1500.0, 850.0, 60.0, 500.0), 2)
    34.31
    """
    from scipy.optimize import brentq

    from processes.conduction import cylinder_convective_temperature

    require_positive(radius=radius, k=k, rho=rho, c=c, h=h)
    require_temperatures(T_init=T_init, T_fluid=T_fluid, T_target=T_target)
    if not (T_fluid < T_target <= T_init or T_init <= T_target < T_fluid):
        raise ValueError(
            f"T_target must lie between T_init and T_fluid, got {T_target!r} between {T_init!r} and {T_fluid!r}"
        )
    if T_target == T_init:
        return 0.0

    def left_over(time: float) -> float:
        T = cylinder_convective_temperature(radius, k, rho, c, h, T_init, T_fluid, r=0.0, time=time)
        return float((T - T_target) / (T_init - T_fluid))

    late = rho * c * radius * (radius / k + 1.0 / h)
    while left_over(late) > 0.0:
        late *= 2.0
    return float(brentq(left_over, 0.0, late, xtol=1e-12 * late, rtol=1e-12))


def hollomon_jaffe(T: float, time: float, constant: float = 20.0) -> float:
    """Return the tempering parameter of a time at a temperature. [1000 K]

    Parameters
    ----------
    T : float          Tempering 150-700. [degC]
    time : float       At temperature; inside the formula it counts in hours. [s]
    constant : float   20 for most steels with the time in hours. [-]

    Raises
    ------
    ValueError  If `time` or `constant` is not positive and finite, or `T` is at or below absolute zero.

    Notes
    -----
    P = T (C + log10 t)/1000, T in kelvin, t in hours (a public page says minutes: the constants do not mix).
    Hollomon and Jaffe, Trans. AIME 162 (1945) 223 (recalled).

    >>> round(hollomon_jaffe(600.0, 3600.0), 3)
    17.463
    """
    require_temperatures(T=T)
    require_positive(time=time, constant=constant)
    return (T + KELVIN) * (constant + math.log10(time / SECONDS_PER_HOUR)) / 1000.0


def hollomon_jaffe_equivalent_time(T1: float, time1: float, T2: float, constant: float = 20.0) -> float:
    """Return the time at one temperature that tempers as much as a time at another. [s]

    Parameters
    ----------
    T1 : float         Tempering that is known. [degC]
    time1 : float      Its time. [s]
    T2 : float         Other temperature. [degC]
    constant : float   As in `hollomon_jaffe`. [-]

    Raises
    ------
    ValueError  If `time1` or `constant` is not positive and finite, or a temperature is too low for any time.

    Notes
    -----
    Equal `hollomon_jaffe`: log10 t2 = P/T2 - C. Several steps of a tempering or of hot work of a die add up as times at
    one temperature. Hollomon and Jaffe, Trans. AIME 162 (1945) 223 (recalled).

    >>> round(hollomon_jaffe_equivalent_time(600.0, 3600.0, 640.0))
    479
    """
    require_temperatures(T1=T1, T2=T2)
    require_positive(time1=time1)
    decades = 1000.0 * hollomon_jaffe(T1, time1, constant) / (T2 + KELVIN) - constant
    if abs(decades) > 300.0:
        raise ValueError(f"T2 is too far from T1 = {T1!r}: the time would be 1e{decades:.0f} h, got {T2!r}")
    return float(SECONDS_PER_HOUR * 10.0**decades)


def tempered_hardness(
    parameter: float,
    parameters: Sequence[float] = (14.0, 16.0, 17.5, 19.0),
    hardness: Sequence[float] = (50.0, 42.0, 35.0, 28.0),
) -> float:
    """Return the hardness of a tempered steel, by its tempering curve. [HRC]

    Parameters
    ----------
    parameter : float                `hollomon_jaffe`, within the curve. [1000 K]
    parameters : sequence of float   Abscissae of the curve, rising; left out, AISI 4140. [1000 K]
    hardness : sequence of float     At each of them. [HRC]

    Raises
    ------
    ValueError  If the curve has fewer than two points, does not rise, or `parameter` lies outside it.

    Notes
    -----
    Straight lines between the points. Those of AISI 4140 are typical (57 HRC as quenched): replace them by the plant's.

    >>> round(tempered_hardness(hollomon_jaffe(600.0, 3600.0)), 1)
    35.2
    """
    import numpy as np

    require_lists(parameters=parameters, hardness=hardness)
    if len(parameters) != len(hardness) or len(parameters) < 2:
        raise ValueError(f"parameters and hardness must be two or more pairs, got {len(parameters)}, {len(hardness)}")
    if not (np.diff(parameters) > 0.0).all():
        raise ValueError(f"parameters must rise, got {list(parameters)!r}")
    require_within(parameters[0], parameters[-1], parameter=parameter)
    return float(np.interp(parameter, parameters, hardness))


def furnace_batch_energy(
    load: float,
    fixture: float,
    c_mean: float,
    T_start: float,
    T_soak: float,
    wall_loss: float,
    cycle: float,
    efficiency: float,
) -> float:
    """Return the energy that a furnace takes for one batch. [J]

    Parameters
    ----------
    load : float         Parts. [kg]
    fixture : float      Baskets and grids, 20-40 % of the load; may be 0. [kg]
    c_mean : float       Specific heat, mean from `T_start` to `T_soak`; steel to 850-930 degC 620-680. [J/(kg K)]
    T_start : float      Parts and fixtures as they enter. [degC]
    T_soak : float       [degC]
    wall_loss : float    Power through walls and door at `T_soak`; may be 0. [W]
    cycle : float        Door to door. [s]
    efficiency : float   1 for electric heating; about 0.7 for gas (30 % leave with the flue). (0, 1]

    Raises
    ------
    ValueError  If a mass of the load, specific heat, time or efficiency is not positive and finite, `efficiency`
                exceeds 1, `fixture` or `wall_loss` is negative, or the batch gets colder.

    Notes
    -----
    E = ((m + m_fix) c dT + W t)/eta. Energy balance, computed here; shares of gas furnaces read. Hardening takes
    0.35-0.6 kWh/kg, gas carburising 0.8-2.0 (typical), of which the steel itself 0.15-0.17.

    >>> furnace_batch_energy(500.0, 120.0, 650.0, 20.0, 860.0, 12e3, 14400.0, 1.0) / 1e6  # MJ
    511.32
    """
    require_positive(load=load, c_mean=c_mean, cycle=cycle, efficiency=efficiency)
    require_not_negative(fixture=fixture, wall_loss=wall_loss)
    require_within(0.0, 1.0, efficiency=efficiency)
    require_not_falling(T_start=T_start, T_soak=T_soak)
    return ((load + fixture) * c_mean * (T_soak - T_start) + wall_loss * cycle) / efficiency


def soak_time(section: float, time_per_thickness: float = 144e3) -> float:
    """Return the time that a part stays in the furnace once its surface is at the set point. [s]

    Parameters
    ----------
    section : float              Thickest section of the load. [m]
    time_per_thickness : float   144e3 s/m, which is 1 h for 25 mm. [s/m]

    Raises
    ------
    ValueError  If an argument is not positive and finite.

    Notes
    -----
    1 h per 25 mm, a rule of the trade (typical), blind to film and packing: for the core to come within some kelvin
    solve `processes.conduction.slab_convective_temperature` or run `processes.kernels.slab`.

    >>> soak_time(0.05) / 3600.0  # h
    2.0
    """
    require_positive(section=section, time_per_thickness=time_per_thickness)
    return section * time_per_thickness


def furnace_temperature_after_stop(
    heat_capacity: float, UA: float, T_init: float, T_ambient: float, stop: float
) -> float:
    """Return the temperature of furnace and load after the heating was off. [degC]

    Parameters
    ----------
    heat_capacity : float   Load, fixtures and the inner lining together. [J/K]
    UA : float              Loss per kelvin: holding power over (T_init - T_ambient). [W/K]
    T_init : float          As the power fails. [degC]
    T_ambient : float       Hall. [degC]
    stop : float            Time without power; 0 or more. [s]

    Raises
    ------
    ValueError  If `heat_capacity` or `UA` is not positive and finite, or `stop` is negative.

    Notes
    -----
    T_a + (T - T_a) exp(-UA t/C), a heat balance; closed door. One temperature: for the soak clock, not the profile.

    >>> round(furnace_temperature_after_stop(6e5, 14.3, 860.0, 20.0, 900.0), 1)
    842.2
    """
    require_positive(heat_capacity=heat_capacity, UA=UA)
    require_temperatures(T_init=T_init, T_ambient=T_ambient)
    require_not_negative(stop=stop)
    return T_ambient + (T_init - T_ambient) * math.exp(-UA * stop / heat_capacity)


def soak_stop_tolerated(heat_capacity: float, UA: float, T_soak: float, T_ambient: float, band: float) -> float:
    """Return the longest power stop during which the soak still counts. [s]

    Parameters
    ----------
    heat_capacity, UA, T_ambient : float
        As in `furnace_temperature_after_stop`.
    T_soak : float   Set point. [degC]
    band : float     Drop below the set point that is allowed, 5-15; less than the set point above the hall. [K]

    Raises
    ------
    ValueError  If an argument is not positive and finite, or the band reaches down to the hall.

    Notes
    -----
    t = (C/UA) ln((T_soak - T_a)/(T_soak - band - T_a)): `furnace_temperature_after_stop` solved for the time. After it
    the soak clock stands until the load is back in the band.

    >>> round(soak_stop_tolerated(6e5, 14.3, 860.0, 20.0, 10.0))
    502
    """
    require_positive(heat_capacity=heat_capacity, UA=UA, band=band)
    require_rising(T_ambient=T_ambient, T_soak=T_soak)
    if band >= T_soak - T_ambient:
        raise ValueError(f"band must be less than T_soak - T_ambient = {T_soak - T_ambient:g} K, got {band!r}")
    return -heat_capacity / UA * math.log1p(-band / (T_soak - T_ambient))
