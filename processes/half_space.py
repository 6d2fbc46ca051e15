"""Bodies so thick that heat has not crossed them. `processes.conduction` hands these on.

>>> die = {"k": 28.0, "rho": 7750.0, "c": 520.0}  # H13 under 5 MW/m^2 for a second
>>> round(semiinf_flux_temperature(**die, T_init=200.0, flux=5e6, depth=0.0, time=1.0))
731
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from processes.checks import require_finite, require_not_negative, require_positive, require_temperatures
from processes.fields import as_given, checked_field

if TYPE_CHECKING:
    from processes.fields import Array, Field

# Lengths below this count as it, so that a division by sqrt(alpha t) holds at time 0; its square is still a number.
SMALLEST_REACH = 1e-100


def semiinf_step_temperature(
    k: float, rho: float, c: float, T_init: float, T_surface: float, depth: Field, time: Field
) -> Any:
    """Return the temperature in a thick body whose surface is brought to a temperature and held there. [degC]

    Parameters
    ----------
    k, rho, c : float      Conductivity, density, specific heat. [W/(m K)], [kg/m^3], [J/(kg K)]
    T_init : float         Body at the start, uniform. [degC]
    T_surface : float      Surface from then on. [degC]
    depth : float, array   Below the surface; 0 or more. [m]
    time : float, array    Since the step; 0 or more. [s]

    Raises
    ------
    ValueError  If an argument is not positive and finite (`depth` and `time` may be 0).

    Notes
    -----
    T = T_surface + (T_init - T_surface) erf(x/2 sqrt(alpha t)); holds while 4 sqrt(alpha t) < thickness of the body.
    Incropera and DeWitt, Fundamentals of Heat and Mass Transfer (read: frozen soil, 0 degC at 0.68 m after 60 days).

    >>> round(semiinf_step_temperature(0.52, 2050.0, 1840.0, 20.0, -15.0, 0.68, 60 * 86400.0), 1)
    0.1
    """
    from scipy.special import erf

    require_temperatures(T_init=T_init, T_surface=T_surface)
    u, _, _ = _reach(k, rho, c, depth, time)
    return as_given(T_surface + (T_init - T_surface) * np.asarray(erf(u)))


def _reach(k: float, rho: float, c: float, depth: Field, time: Field) -> tuple[Array, Array, Array]:
    """Return depth/2 sqrt(alpha t), the depth and sqrt(alpha t), checked and broadcast."""
    require_positive(k=k, rho=rho, c=c)
    x, t = checked_field("depth", depth, 0.0), checked_field("time", time, 0.0)
    reach = np.sqrt(k / (rho * c) * t)
    return x / np.maximum(2.0 * reach, SMALLEST_REACH), x, reach


def semiinf_flux_temperature(
    k: float, rho: float, c: float, T_init: float, flux: float, depth: Field, time: Field
) -> Any:
    """Return the temperature in a thick body into whose surface a constant heat flux goes. [degC]

    Parameters
    ----------
    k, rho, c, T_init, depth, time
        As in `semiinf_step_temperature`.
    flux : float   Into the body, negative out of it: 5e6-30e6 in induction hardening. [W/m^2]

    Raises
    ------
    ValueError  If an argument is not positive and finite (`depth` and `time` may be 0, `flux` negative).

    Notes
    -----
    T = T_init + (2 q sqrt(alpha t/pi)/k) exp(-u^2) - (q x/k) erfc(u), u = x/2 sqrt(alpha t); holds while
    4 sqrt(alpha t) < thickness of the body. Holman, Heat Transfer (recalled: 79.3 degC at 25 mm after 30 s).

    >>> round(semiinf_flux_temperature(45.0, 7800.0, 412.0879, 35.0, 3.2e5, 0.025, 30.0), 1)
    79.3
    """
    from scipy.special import erfc

    require_temperatures(T_init=T_init)
    require_finite(flux=flux)
    u, x, reach = _reach(k, rho, c, depth, time)
    return as_given(T_init + flux / k * (2.0 / math.sqrt(math.pi) * reach * np.exp(-(u**2)) - x * erfc(u)))


def semiinf_convective_temperature(
    k: float, rho: float, c: float, h: float, T_init: float, T_fluid: float, depth: Field, time: Field
) -> Any:
    """Return the temperature in a thick body whose surface exchanges heat with a fluid. [degC]

    Parameters
    ----------
    k, rho, c, T_init, depth, time
        As in `semiinf_step_temperature`.
    h : float         Heat transfer coefficient, constant. [W/(m^2 K)]
    T_fluid : float   Fluid before the surface. [degC]

    Raises
    ------
    ValueError  If an argument is not positive and finite (`depth` and `time` may be 0).

    Notes
    -----
    (T - T_init)/(T_fluid - T_init) = erfc(u) - exp(-u^2) erfcx(u + w), u = x/2 sqrt(alpha t), w = h sqrt(alpha t)/k;
    holds while 4 sqrt(alpha t) < thickness of the body. Holman, Heat Transfer (recalled: 120 degC at 4 cm by chart).

    >>> round(semiinf_convective_temperature(215.0, 2700.0, 947.9718, 525.0, 200.0, 70.0, 0.04, 3000.0), 1)
    123.2
    """
    require_positive(h=h)
    require_temperatures(T_init=T_init, T_fluid=T_fluid)
    u, _, reach = _reach(k, rho, c, depth, time)
    return as_given(T_init + (T_fluid - T_init) * np.asarray(convective_share(u, h / k * reach)))


def convective_share(u: Array, w: Array) -> Array:
    """Return the share of the step in fluid temperature that a thick body has taken up at a depth. [0, 1]

    Parameters
    ----------
    u : array   x/2 sqrt(alpha t); 0 at the surface. [-]
    w : array   h sqrt(alpha t)/k. [-]

    Raises
    ------
    ValueError  If the arrays do not broadcast. They are not checked: the functions that a user calls do that.

    Notes
    -----
    erfc(u) - exp(-u^2) erfcx(u + w), in place of erfc(u) - exp(h x/k + w^2) erfc(u + w): no product of a huge and a
    tiny number. Carslaw and Jaeger, Conduction of Heat in Solids (recalled).

    >>> round(float(convective_share(np.array(0.0), np.array(1.0))), 4)
    0.5724
    """
    from scipy.special import erfc, erfcx

    share: Array = np.asarray(erfc(u) - np.exp(-(u**2)) * erfcx(u + w))
    return share


def contact_temperature(
    k1: float, rho1: float, c1: float, T1: float, k2: float, rho2: float, c2: float, T2: float
) -> float:
    """Return the temperature of the surface in which two thick bodies touch. [degC]

    Parameters
    ----------
    k1, rho1, c1 : float   Conductivity, density, specific heat of the one. [W/(m K)], [kg/m^3], [J/(kg K)]
    T1 : float             Its temperature before the contact. [degC]
    k2, rho2, c2 : float   The same of the other. [W/(m K)], [kg/m^3], [J/(kg K)]
    T2 : float             Its temperature before the contact. [degC]

    Raises
    ------
    ValueError  If an argument is not positive and finite.

    Notes
    -----
    T = (e1 T1 + e2 T2)/(e1 + e2), e = sqrt(k rho c); constant while both are thick against sqrt(alpha t). Perfect
    contact, no latent heat. Carslaw and Jaeger, Conduction of Heat in Solids (recalled).

    >>> round(contact_temperature(60.0, 2450.0, 1160.0, 640.0, 28.0, 7750.0, 520.0, 200.0), 1)  # Al-Si melt on H13
    442.6
    """
    require_positive(k1=k1, rho1=rho1, c1=c1, k2=k2, rho2=rho2, c2=c2)
    require_temperatures(T1=T1, T2=T2)
    e1, e2 = math.sqrt(k1 * rho1 * c1), math.sqrt(k2 * rho2 * c2)
    return (e1 * T1 + e2 * T2) / (e1 + e2)


def cyclic_amplitude(k: float, rho: float, c: float, surface_amplitude: float, period: float, depth: Field) -> Any:
    """Return the amplitude at a depth of the temperature wave under a surface that swings like a sine. [K]

    Parameters
    ----------
    k, rho, c : float           Conductivity, density, specific heat. [W/(m K)], [kg/m^3], [J/(kg K)]
    surface_amplitude : float   Half the swing of the surface, 50-150 of a die. [K]
    period : float              Time of one cycle. [s]
    depth : float, array        Below the surface; 0 or more. [m]

    Raises
    ------
    ValueError  If an argument is not positive and finite (`surface_amplitude` and `depth` may be 0).

    Notes
    -----
    A exp(-x sqrt(pi/(alpha P))), the settled wave in a thick body. Carslaw and Jaeger, Conduction of Heat in Solids
    (recalled).

    >>> round(cyclic_amplitude(28.0, 7750.0, 520.0, 120.0, 60.0, 0.010), 1)
    50.4
    """
    require_not_negative(surface_amplitude=surface_amplitude)
    x = checked_field("depth", depth, 0.0)
    return as_given(surface_amplitude * np.exp(-x / cyclic_depth(k, rho, c, period)))


def cyclic_depth(k: float, rho: float, c: float, period: float) -> float:
    """Return the depth in which a die still feels its single shots. [m]

    Parameters
    ----------
    k, rho, c, period : float
        As in `cyclic_amplitude`.

    Raises
    ------
    ValueError  If an argument is not positive and finite.

    Notes
    -----
    sqrt(alpha P/pi): here the swing of the surface has fallen to 1/e. A thermocouple deeper than about three times this
    sees the mean only. Carslaw and Jaeger, Conduction of Heat in Solids (recalled).

    >>> round(1e3 * cyclic_depth(28.0, 7750.0, 520.0, 60.0), 1)  # mm in H13 at one shot a minute
    11.5
    """
    require_positive(k=k, rho=rho, c=c, period=period)
    return math.sqrt(k / (rho * c) * period / math.pi)
