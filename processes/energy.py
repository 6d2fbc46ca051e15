"""Energy: heat to melt, power to hold, emissions.

>>> to_melt = melt_enthalpy(1.0, 963.0, 25.0, 613.0, 389e3, 1160.0, 720.0)
>>> round(to_melt / 3.6e6, 2)  # kWh per kg of A356 at 720 degC, net of furnace losses
0.3
"""

from __future__ import annotations

from processes.checks import require_not_falling, require_not_negative, require_positive


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
    Furnaces need more (typical, kWh/t of aluminium): shaft 500-700, reverberatory 800-1300, crucible 900-1500.

    >>> melt_enthalpy(7500.0, 330.0, 25.0, 800.0, 160e3, 290.0, 900.0) / 1e6  # MJ, 1 m3 of a eutectic alloy
    3335.625
    """
    require_positive(mass=mass, c_solid=c_solid, latent=latent, c_liquid=c_liquid)
    require_not_falling(T_start=T_start, T_melt=T_melt, T_pour=T_pour)
    return mass * (c_solid * (T_melt - T_start) + latent + c_liquid * (T_pour - T_melt))


def holding_furnace_loss(UA: float, T_metal: float, T_ambient: float, open_area: float, open_flux: float) -> float:
    """Return the power that holds a melt at temperature. [W]

    Parameters
    ----------
    UA : float          Conductance of walls and lid. [W/K]
    T_metal : float     [degC]
    T_ambient : float   [degC]
    open_area : float   Open melt surface; may be 0. [m^2]
    open_flux : float   Loss of the open surface, 23e3 for aluminium at 675 degC. [W/m^2]

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
    The product of the two, so any energy unit serves if both use it. Factors change every year: they are data.

    >>> round(co2(400e3 * 3.6e6, 0.4 / 3.6e6))  # a government example: 400 MWh, 0.4 t/MWh
    160000
    """
    require_not_negative(electricity=electricity, factor=factor)
    return electricity * factor
