"""Energy: heat to melt, power to hold, what a stop does to the melt, the electricity bill, emissions.

>>> to_melt = melt_enthalpy(1.0, 963.0, 25.0, 613.0, 389e3, 1160.0, 720.0)
>>> round(to_melt / 3.6e6, 2)  # kWh per kg of A356 at 720 degC, net of furnace losses
0.3
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from processes.checks import (
    require_finite,
    require_lists,
    require_not_falling,
    require_not_negative,
    require_positive,
    require_rising,
    require_within,
)
from processes.melting import charge_for_melt


def melt_enthalpy(
    mass: float, c_solid: float, T_start: float, T_melt: float, latent: float, c_liquid: float, T_pour: float
) -> float:
    """Return the heat to melt a charge and superheat it, furnace losses not included. [J]

    Parameters
    ----------
    mass : float       [kg]
    c_solid : float    Specific heat of the solid, mean from start to melting. [J/(kg K)]
    T_start : float    Charge as it enters. [degC]
    T_melt : float     Melting temperature, one number. [degC]
    latent : float     Latent heat. [J/kg]
    c_liquid : float   Specific heat of the melt. [J/(kg K)]
    T_pour : float     Melt as it leaves. [degC]

    Raises
    ------
    ValueError  If an argument is not positive and finite, or the temperatures do not rise from start to pour.

    Notes
    -----
    H = m (c_s (T_m - T_0) + L + c_l (T_p - T_m)). Groover, Fundamentals of Modern Manufacturing (recalled).
    Furnaces need more, see `melting_energy`.

    >>> melt_enthalpy(7500.0, 330.0, 25.0, 800.0, 160e3, 290.0, 900.0) / 1e6  # MJ, 1 m3 of a eutectic alloy
    3335.625
    """
    require_positive(mass=mass, c_solid=c_solid, latent=latent, c_liquid=c_liquid)
    require_not_falling(T_start=T_start, T_melt=T_melt, T_pour=T_pour)
    return mass * (c_solid * (T_melt - T_start) + latent + c_liquid * (T_pour - T_melt))


def melting_energy(melt: float, specific_energy: float, loss_share: float = 0.0) -> float:
    """Return the energy that a furnace takes to melt, its losses included. [J]

    Parameters
    ----------
    melt : float              To be tapped. [kg]
    specific_energy : float   Of the furnace, per charge; rows energy_* of melting in `processes.materials`. [J/kg]
    loss_share : float        Metal that is lost, `melting.charge_for_melt`; below 1. [-]

    Raises
    ------
    ValueError  If an argument is not positive and finite (`loss_share` may be 0), or `loss_share` is not below 1.

    Notes
    -----
    Charge times specific energy by definition (typical). `melt_enthalpy` over this is the efficiency of the furnace.

    >>> taken = melting_energy(1000.0, 3.78e6, 0.035) / 3.6e6  # kWh for a tonne from a reverberatory furnace
    >>> round(taken), round(melt_enthalpy(1000.0, 963.0, 25.0, 613.0, 389e3, 1160.0, 720.0) / 3.6e6 / taken, 2)
    (1088, 0.28)
    """
    require_positive(specific_energy=specific_energy)
    return charge_for_melt(melt, loss_share) * specific_energy


def holding_furnace_loss(UA: float, T_metal: float, T_ambient: float, open_area: float, open_flux: float) -> float:
    """Return the power that holds a melt at temperature. [W]

    Parameters
    ----------
    UA : float          Conductance of walls and lid. [W/K]
    T_metal : float     [degC]
    T_ambient : float   [degC]
    open_area : float   Open melt surface; may be 0. [m^2]
    open_flux : float   Loss of the open surface; open_well_flux of melting in `processes.materials`. [W/m^2]

    Raises
    ------
    ValueError  If `UA` is not positive, an area or flux is negative, or the metal is colder than the hall.

    Notes
    -----
    P = UA (T_m - T_a) + A q. The flux of an open well was read and converted; it belongs to one melt temperature.

    >>> holding_furnace_loss(9.0, 680.0, 25.0, 0.12, 23.3e3)
    8691.0
    """
    require_positive(UA=UA)
    require_not_negative(open_area=open_area, open_flux=open_flux)
    require_not_falling(T_ambient=T_ambient, T_metal=T_metal)
    return UA * (T_metal - T_ambient) + open_area * open_flux


def co2(electricity: float, factor: float) -> float:
    """Return the CO2 equivalent of consumed electricity. [kg]

    Parameters
    ----------
    electricity : float   [J]
    factor : float        Emission factor; Korea, consumption end: 0.4173 kg/kWh = 1.159e-7 (2023 data, read). [kg/J]

    Raises
    ------
    ValueError  If an argument is negative or not finite.

    Notes
    -----
    The product of the two by definition, so any energy unit serves if both use it. Factors change every year: they are
    data. Gas that is burnt on the spot: its heat and row `co2` of fuel_natural_gas in `processes.materials`.

    >>> round(co2(400e3 * 3.6e6, 0.4 / 3.6e6))  # a government example: 400 MWh, 0.4 t/MWh
    160000
    """
    require_not_negative(electricity=electricity, factor=factor)
    return electricity * factor


def melt_after_stop(
    mass: float,
    c_solid: float,
    c_liquid: float,
    latent: float,
    UA: float,
    T_freeze: float,
    T_metal: float,
    T_ambient: float,
    time: float,
    solid_fraction: float = 0.0,
) -> tuple[float, float]:
    """Return temperature [degC] and solid fraction [-] of a melt after the furnace has been off for a time.

    Parameters
    ----------
    mass : float             In the furnace. [kg]
    c_solid : float          Specific heat of the solid. [J/(kg K)]
    c_liquid : float         Specific heat of the melt. [J/(kg K)]
    latent : float           Latent heat. [J/kg]
    UA : float               Conductance of walls, lid and open surface. [W/K]
    T_freeze : float         Freezing temperature, one number. [degC]
    T_metal : float          When the stop begins. [degC]
    T_ambient : float        Below `T_freeze`. [degC]
    time : float             Length of the stop; 0 changes nothing. [s]
    solid_fraction : float   When the stop begins; counts only if `T_metal` is `T_freeze`. [0, 1]

    Raises
    ------
    ValueError  If an argument is not positive and finite (`time` may be 0), `solid_fraction` lies outside [0, 1],
                `T_freeze` does not exceed `T_ambient`, or `T_metal` is below it.

    Notes
    -----
    One temperature: exponential decay to T_freeze, a plateau of length m L/(UA (T_freeze - T_ambient)), exponential
    decay of the solid. Two stops give what one of their summed length gives. Heat balance, computed here.

    >>> furnace = dict(mass=800.0, c_solid=963.0, c_liquid=1160.0, latent=389e3, UA=12.0, T_freeze=585.0)
    >>> temperature, frozen = melt_after_stop(**furnace, T_metal=680.0, T_ambient=25.0, time=6 * 3600.0)
    >>> round(temperature, 1), round(frozen, 3)  # a fifth of it frozen
    (585.0, 0.205)
    """
    require_positive(mass=mass, c_solid=c_solid, c_liquid=c_liquid, latent=latent, UA=UA)
    require_not_negative(time=time)
    require_rising(T_ambient=T_ambient, T_freeze=T_freeze)
    require_not_falling(T_ambient=T_ambient, T_metal=T_metal)
    require_within(0.0, 1.0, solid_fraction=solid_fraction)
    if T_metal > T_freeze:
        to_freeze = mass * c_liquid / UA * math.log((T_metal - T_ambient) / (T_freeze - T_ambient))
        if time < to_freeze:
            return T_ambient + (T_metal - T_ambient) * math.exp(-time * UA / (mass * c_liquid)), 0.0
        time, T_metal, solid_fraction = time - to_freeze, T_freeze, 0.0
    if T_metal == T_freeze:
        plateau = mass * latent / (UA * (T_freeze - T_ambient))
        if time < (1.0 - solid_fraction) * plateau:
            return T_freeze, solid_fraction + time / plateau
        time -= (1.0 - solid_fraction) * plateau
    return T_ambient + (T_metal - T_ambient) * math.exp(-time * UA / (mass * c_solid)), 1.0


def tou_bill(
    billing_demand: float,
    demand_price: float,
    light: float,
    mid: float,
    peak: float,
    light_KRW: float,
    mid_KRW: float,
    peak_KRW: float,
) -> float:
    """Return the monthly charge for demand and energy, before adjustments and taxes. [KRW]

    Parameters
    ----------
    billing_demand : float   See `billing_demand`. [W]
    demand_price : float     Per month; Korea, Industrial (A) II, HV-A, option II, 2024-10-24: 7.47. [KRW/W]
    light : float            Energy in the hours of light load, in Korea 22-08 h. [J]
    mid : float              Energy in the hours of mid load. [J]
    peak : float             Energy in the hours of peak load. [J]
    light_KRW : float        Price of `light`; the tariff above in summer 90.8 KRW/kWh = 2.522e-5. [KRW/J]
    mid_KRW : float          Price of `mid`; 116.6 KRW/kWh = 3.239e-5. [KRW/J]
    peak_KRW : float         Price of `peak`; 150.1 KRW/kWh = 4.169e-5. [KRW/J]

    Raises
    ------
    ValueError  If an argument is negative or not finite.

    Notes
    -----
    Demand x price + sum of energy x price of its hours; see `bill_total`. Tariffs are data with a date: the light rate
    was read, mid and peak are rates of 2024-01 (read) plus the rise of 8.5 KRW/kWh.

    >>> kWh = 3.6e6
    >>> round(tou_bill(250e3, 7.47, 30e3 * kWh, 28e3 * kWh, 22e3 * kWh, 90.8 / kWh, 116.6 / kWh, 150.1 / kWh))
    11158500
    """
    require_not_negative(billing_demand=billing_demand, demand_price=demand_price, light=light, mid=mid, peak=peak)
    require_not_negative(light_KRW=light_KRW, mid_KRW=mid_KRW, peak_KRW=peak_KRW)
    return billing_demand * demand_price + light * light_KRW + mid * mid_KRW + peak * peak_KRW


def billing_demand(counted_peaks: Sequence[float], current_peak: float) -> float:
    """Return the demand that a month is charged for. [W]

    Parameters
    ----------
    counted_peaks : sequence of float   Highest 15-minute means of the summer and winter months that the tariff counts;
                                        may be empty. [W]
    current_peak : float                Highest 15-minute mean of the month itself. [W]

    Raises
    ------
    ValueError  If a peak is negative or not finite.

    Notes
    -----
    The highest of all, so one peak costs for a year. Rule of the Korean tariff (typical: months by the contract).

    >>> billing_demand([230e3, 265e3, 240e3], 210e3)
    265000.0
    """
    require_not_negative(current_peak=current_peak)
    require_lists(counted_peaks=counted_peaks)
    for peak in counted_peaks:
        require_not_negative(counted_peaks=peak)
    return max([*counted_peaks, current_peak])


def bill_total(
    charge: float, energy: float, climate_price: float, fuel_price: float, vat_rate: float, fund_rate: float
) -> float:
    """Return the monthly electricity bill, adjustments and taxes included. [KRW]

    Parameters
    ----------
    charge : float          Demand and energy, see `tou_bill`. [KRW]
    energy : float          Of the month. [J]
    climate_price : float   Climate charge; 9 KRW/kWh = 2.5e-6. [KRW/J]
    fuel_price : float      Fuel adjustment; 5 KRW/kWh = 1.39e-6, may be negative. [KRW/J]
    vat_rate : float        Value-added tax; 0.10. [-]
    fund_rate : float       Electricity industry fund; 0.027-0.037. [-]

    Raises
    ------
    ValueError  If an argument is not finite, or one but `fuel_price` is negative.

    Notes
    -----
    (charge + energy (climate + fuel)) (1 + VAT + fund); power factor and rounding left out. A plant that reclaims the
    tax sets `vat_rate` to 0. Rule of the Korean tariff, recalled; the rates are data with a date.

    >>> round(bill_total(11158500.0, 80e3 * 3.6e6, 9.0 / 3.6e6, 5.0 / 3.6e6, 0.10, 0.027))
    13837870
    """
    require_not_negative(charge=charge, energy=energy, climate_price=climate_price, vat_rate=vat_rate)
    require_not_negative(fund_rate=fund_rate)
    require_finite(fuel_price=fuel_price)
    return (charge + energy * (climate_price + fuel_price)) * (1.0 + vat_rate + fund_rate)
