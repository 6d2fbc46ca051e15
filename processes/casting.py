"""Casting in sand and in metal moulds: freezing times."""

from __future__ import annotations

from processes.checks import (
    require_not_negative,
    require_positive,
    require_rising,
)


def interface_controlled_time(
    modulus: float,
    rho: float,
    latent: float,
    c_liquid: float,
    superheat: float,
    h_interface: float,
    T_freeze: float,
    T_die: float,
) -> float:
    """Return the freezing time of a casting when only the casting/die interface resists. [s]

    Parameters
    ----------
    modulus : float       Volume over cooled area, half the wall thickness of a plate. [m]
    rho : float           Density of the metal. [kg/m^3]
    latent : float        Latent heat of fusion. [J/kg]
    c_liquid : float      Specific heat of the melt. [J/(kg K)]
    superheat : float     Melt temperature above freezing when the cavity is full; may be 0. [K]
    h_interface : float   Heat transfer coefficient, mean over the dwell: 1000-5000 gravity and low pressure,
                          5e3-1.5e4 high pressure. [W/(m^2 K)]
    T_freeze : float      Freezing temperature, one number. [degC]
    T_die : float         Die surface temperature. [degC]

    Raises
    ------
    ValueError  If an argument is not positive and finite, or `T_freeze` does not exceed `T_die`.

    Notes
    -----
    t = rho M (L + c_l dT)/(h (T_freeze - T_die)); holds while h M/k < 0.1, k the conductivity of the solid.
    Energy balance of a thin wall (recalled from casting textbooks).

    >>> round(interface_controlled_time(0.004, 2680.0, 389e3, 1160.0, 90.0, 2000.0, 585.0, 350.0), 3)
    11.254
    """
    require_positive(modulus=modulus, rho=rho, latent=latent, c_liquid=c_liquid, h_interface=h_interface)
    require_not_negative(superheat=superheat)
    require_rising(T_die=T_die, T_freeze=T_freeze)
    return rho * modulus * (latent + c_liquid * superheat) / (h_interface * (T_freeze - T_die))


def mixed_resistance_time(
    shell: float, rho: float, latent_eff: float, k_solid: float, h_interface: float, T_freeze: float, T_die: float
) -> float:
    """Return the time to freeze a shell behind an interface film, both resisting in series. [s]

    Parameters
    ----------
    shell : float         Thickness to freeze, half the wall when both faces cool. [m]
    rho : float           Density of the metal. [kg/m^3]
    latent_eff : float    Latent heat with the superheat added, L + c_l dT. [J/kg]
    k_solid : float       Conductivity of the frozen shell. [W/(m K)]
    h_interface : float   Heat transfer coefficient casting to die. [W/(m^2 K)]
    T_freeze : float      Freezing temperature, one number. [degC]
    T_die : float         Die surface temperature. [degC]

    Raises
    ------
    ValueError  If an argument is not positive and finite, or `T_freeze` does not exceed `T_die`.

    Notes
    -----
    t = rho L'/(T_freeze - T_die) (s/h + s^2/(2 k)); quasi-steady, holds for c_s (T_freeze - T_die)/L' < 0.5.
    The dwell of a die therefore goes as 1/(T_freeze - T_die). Recalled from casting textbooks.

    >>> round(mixed_resistance_time(0.006, 2680.0, 480e3, 150.0, 3000.0, 585.0, 330.0), 3)
    10.695
    """
    require_positive(shell=shell, rho=rho, latent_eff=latent_eff, k_solid=k_solid, h_interface=h_interface)
    require_rising(T_die=T_die, T_freeze=T_freeze)
    resistance = shell / h_interface + shell**2 / (2.0 * k_solid)
    return rho * latent_eff / (T_freeze - T_die) * resistance
