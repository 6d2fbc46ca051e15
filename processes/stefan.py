"""Freezing fronts behind a cooled wall: the exact solutions of Stefan and Neumann. `processes.casting` hands these on.

>>> steel = {"k_solid": 30.0, "rho": 7500.0, "c_solid": 690.0, "latent": 270e3}
>>> round(chill_slab_time(0.02, 1480.0, 200.0, **steel), 1)  # a steel plate of 20 mm between water-cooled walls
4.9
"""

from __future__ import annotations

import math
import warnings
from typing import TYPE_CHECKING, Any

from processes.checks import require_not_falling, require_positive, require_rising
from processes.fields import as_given, checked_field

if TYPE_CHECKING:
    from processes.fields import Field


def _front_constant(stefan_number: float, wall: float = 0.0, superheat: float = 0.0, nu: float = 1.0) -> float:
    """Return z of the front 2 z sqrt(alpha_s t), the root of exp(-z^2) = (erf z + wall) z sqrt(pi)/Ste + erf z (...).

    `wall` is e_solid/e_mould, 0 for a wall of fixed temperature. The bracket ends with superheat/erfcx(nu z), what the
    melt gives to the front: superheat = (k_l/k_s) nu (T_init - T_freeze)/(T_freeze - T_wall).
    """
    from scipy.optimize import brentq
    from scipy.special import erfcx

    if not 0.05 <= stefan_number <= 5.0:
        warnings.warn(
            f"Stefan number {stefan_number:.3g} lies outside 0.05-5, where a sharp front is a fair picture",
            RuntimeWarning,
            stacklevel=3,
        )

    def too_far(z: float) -> float:
        front = (math.erf(z) + wall) * z * math.sqrt(math.pi) / stefan_number
        return front + math.erf(z) * superheat / float(erfcx(nu * z)) - math.exp(-z * z)

    # Without wall and superheat the front is fastest, and its z lies below this.
    fastest = 1.0 + math.sqrt(math.log1p(stefan_number))
    return float(brentq(too_far, 0.0, fastest, xtol=1e-15, rtol=1e-14))


def neumann_lambda_one_phase(stefan_number: float) -> float:
    """Return the constant lambda of a front that freezes a melt without superheat behind a cold wall. [-]

    Parameters
    ----------
    stefan_number : float   c_s (T_freeze - T_wall)/L: 0.5-1 Al-Si on a warm die, 2-4 steel on a cold wall. [-]

    Raises
    ------
    ValueError  If `stefan_number` is not positive and finite.

    Notes
    -----
    Root of sqrt(pi) z exp(z^2) erf z = Ste; the front is at 2 z sqrt(alpha_s t). Pure or eutectic-like metal, fixed
    wall temperature; warns if Ste lies outside 0.05-5. Alexiades and Solomon, Mathematical Modeling of Melting and
    Freezing Processes (recalled: 0.6201 at Ste = 1).

    >>> round(neumann_lambda_one_phase(1.0), 4)
    0.6201
    """
    require_positive(stefan_number=stefan_number)
    return _front_constant(stefan_number)


def chill_slab_time(
    thickness: float,
    T_freeze: float,
    T_wall: float,
    k_solid: float,
    rho: float,
    c_solid: float,
    latent: float,
) -> float:
    """Return the time to freeze a plate whose two faces are held at a temperature. [s]

    Parameters
    ----------
    thickness : float   Of the plate. [m]
    T_freeze : float    Freezing temperature, one number. [degC]
    T_wall : float      Faces, from the first contact on. [degC]
    k_solid : float     Conductivity of the solid near freezing. [W/(m K)]
    rho : float         Density. [kg/m^3]
    c_solid : float     Specific heat of the solid. [J/(kg K)]
    latent : float      Latent heat. [J/kg]

    Raises
    ------
    ValueError  If an argument is not positive and finite, or `T_freeze` does not exceed `T_wall`.

    Notes
    -----
    t = s^2/(16 z^2 alpha_s), z from `neumann_lambda_one_phase`, with its range: perfect cooling, no superheat. The
    least time a mould can give. Ghosh and Mallik, Manufacturing Science (read: iron slab of 10 cm, 41.2 s).

    >>> round(chill_slab_time(0.1, 1540.0, 28.0, 83.0, 7850.0, 670.0, 272e3), 1)
    41.6
    """
    require_positive(thickness=thickness, k_solid=k_solid, rho=rho, c_solid=c_solid, latent=latent)
    require_rising(T_wall=T_wall, T_freeze=T_freeze)
    z = _front_constant(c_solid * (T_freeze - T_wall) / latent)
    return _slab_time(thickness, z, k_solid / (rho * c_solid))


def _slab_time(thickness: float, z: float, diffusivity: float) -> float:
    """Return the time in which fronts from both faces meet in the middle. [s]"""
    return (thickness / (4.0 * z)) ** 2 / diffusivity


def _thick_mold(
    T_freeze: float,
    T_mold0: float,
    k_solid: float,
    rho_solid: float,
    c_solid: float,
    latent: float,
    k_mold: float,
    rho_mold: float,
    c_mold: float,
) -> tuple[float, float]:
    """Return the Stefan number against the cold mould and phi, the effusivity of the casting over the mould's."""
    require_positive(k_solid=k_solid, rho_solid=rho_solid, c_solid=c_solid, latent=latent)
    require_positive(k_mold=k_mold, rho_mold=rho_mold, c_mold=c_mold)
    require_rising(T_mold0=T_mold0, T_freeze=T_freeze)
    phi = math.sqrt(k_solid * rho_solid * c_solid / (k_mold * rho_mold * c_mold))
    return c_solid * (T_freeze - T_mold0) / latent, phi


def thick_mold_interface_temperature(
    T_freeze: float,
    T_mold0: float,
    k_solid: float,
    rho_solid: float,
    c_solid: float,
    latent: float,
    k_mold: float,
    rho_mold: float,
    c_mold: float,
) -> float:
    """Return the temperature of the face between a freezing casting and a thick metal mould. [degC]

    Parameters
    ----------
    T_freeze : float    Freezing temperature, one number. [degC]
    T_mold0 : float     Mould before the contact. [degC]
    k_solid, rho_solid, c_solid : float
        Conductivity, density, specific heat of the frozen metal. [W/(m K)], [kg/m^3], [J/(kg K)]
    latent : float      Latent heat. [J/kg]
    k_mold, rho_mold, c_mold : float
        The same of the mould. [W/(m K)], [kg/m^3], [J/(kg K)]

    Raises
    ------
    ValueError  If an argument is not positive and finite, or `T_freeze` does not exceed `T_mold0`.

    Notes
    -----
    T_mold0 + phi (T_freeze - T_mold0)/(erf z + phi), phi = e_solid/e_mould, sqrt(pi) z exp(z^2) (erf z + phi) = Ste;
    constant in time. Perfect contact, no superheat, mould thicker than 2 sqrt(alpha t); warns if Ste lies outside
    0.05-5. Ghosh and Mallik, Manufacturing Science (read: 684 degC with z rounded).

    >>> round(thick_mold_interface_temperature(1540.0, 28.0, 83.0, 7850.0, 670.0, 272e3, 398.0, 8960.0, 376.0), 1)
    680.5
    """
    stefan_number, phi = _thick_mold(T_freeze, T_mold0, k_solid, rho_solid, c_solid, latent, k_mold, rho_mold, c_mold)
    z = _front_constant(stefan_number, wall=phi)
    return T_mold0 + phi * (T_freeze - T_mold0) / (math.erf(z) + phi)


def thick_mold_slab_time(
    thickness: float,
    T_freeze: float,
    T_mold0: float,
    k_solid: float,
    rho_solid: float,
    c_solid: float,
    latent: float,
    k_mold: float,
    rho_mold: float,
    c_mold: float,
) -> float:
    """Return the time to freeze a plate between two thick halves of a metal mould. [s]

    Parameters
    ----------
    thickness : float   Of the plate. [m]
    T_freeze, T_mold0, k_solid, rho_solid, c_solid, latent, k_mold, rho_mold, c_mold : float
        As in `thick_mold_interface_temperature`.

    Raises
    ------
    ValueError  If an argument is not positive and finite, or `T_freeze` does not exceed `T_mold0`.

    Notes
    -----
    t = s^2/(16 z^2 alpha_s), z and the range as in `thick_mold_interface_temperature`; a mould of great effusivity
    gives `chill_slab_time`. Ghosh and Mallik, Manufacturing Science (read: 59.6 s).

    >>> round(thick_mold_slab_time(0.1, 1540.0, 28.0, 83.0, 7850.0, 670.0, 272e3, 398.0, 8960.0, 376.0), 1)
    59.4
    """
    require_positive(thickness=thickness)
    stefan_number, phi = _thick_mold(T_freeze, T_mold0, k_solid, rho_solid, c_solid, latent, k_mold, rho_mold, c_mold)
    return _slab_time(thickness, _front_constant(stefan_number, wall=phi), k_solid / (rho_solid * c_solid))


def _two_phase(
    k_solid: float,
    rho: float,
    c_solid: float,
    k_liquid: float,
    c_liquid: float,
    latent: float,
    T_freeze: float,
    T_wall: float,
    T_init: float,
) -> tuple[float, float, float]:
    """Return the arguments of `_front_constant` for a superheated melt: Stefan number, superheat, nu."""
    require_positive(k_solid=k_solid, rho=rho, c_solid=c_solid, k_liquid=k_liquid, c_liquid=c_liquid, latent=latent)
    require_rising(T_wall=T_wall, T_freeze=T_freeze)
    require_not_falling(T_freeze=T_freeze, T_init=T_init)
    nu = math.sqrt(k_solid / c_solid * c_liquid / k_liquid)
    superheat = k_liquid / k_solid * nu * (T_init - T_freeze) / (T_freeze - T_wall)
    return c_solid * (T_freeze - T_wall) / latent, superheat, nu


def neumann_two_phase_front(
    k_solid: float,
    rho: float,
    c_solid: float,
    k_liquid: float,
    c_liquid: float,
    latent: float,
    T_freeze: float,
    T_wall: float,
    T_init: float,
    time: Field,
) -> Any:
    """Return the thickness that a superheated melt has frozen to behind a cold wall. [m]

    Parameters
    ----------
    k_solid, k_liquid : float   Conductivity of solid and melt: 211 and 95 aluminium. [W/(m K)]
    rho : float                 Density of both, a mean. [kg/m^3]
    c_solid, c_liquid : float   Specific heat of solid and melt. [J/(kg K)]
    latent : float              Latent heat. [J/kg]
    T_freeze : float            Freezing temperature, one number. [degC]
    T_wall : float              Wall, from the first contact on. [degC]
    T_init : float              Melt before the contact; at least `T_freeze`. [degC]
    time : float, array         Since the contact; 0 or more. [s]

    Raises
    ------
    ValueError  If an argument is not positive and finite, or the temperatures do not rise from wall to melt.

    Notes
    -----
    2 l sqrt(alpha_s t), l the root of exp(-l^2)/erf l - (k_l/k_s) nu (T_init - T_freeze)/(T_freeze - T_wall)
    exp(-nu^2 l^2)/erfc(nu l) = l L sqrt(pi)/(c_s (T_freeze - T_wall)), nu = sqrt(alpha_s/alpha_l). A thick, still melt
    of equal densities; warns if Ste lies outside 0.05-5. Neumann, in Carslaw and Jaeger, Conduction of Heat in Solids
    (recalled).

    >>> aluminium = (211.0, 2550.0, 1080.0, 95.0, 1080.0, 397e3)
    >>> round(1e3 * neumann_two_phase_front(*aluminium, 660.0, 300.0, 720.0, 4.0), 1)  # mm
    19.8
    """
    ste, superheat, nu = _two_phase(k_solid, rho, c_solid, k_liquid, c_liquid, latent, T_freeze, T_wall, T_init)
    z = _front_constant(ste, superheat=superheat, nu=nu)
    return as_given(2.0 * z * (k_solid / (rho * c_solid) * checked_field("time", time, 0.0)) ** 0.5)


def neumann_two_phase_temperature(
    k_solid: float,
    rho: float,
    c_solid: float,
    k_liquid: float,
    c_liquid: float,
    latent: float,
    T_freeze: float,
    T_wall: float,
    T_init: float,
    time: Field,
    depth: Field,
) -> Any:
    """Return the temperature at a depth in a superheated melt that freezes behind a cold wall. [degC]

    Parameters
    ----------
    k_solid, rho, c_solid, k_liquid, c_liquid, latent, T_freeze, T_wall, T_init
        As in `neumann_two_phase_front`.
    time : float, array    Since the contact; greater than 0. [s]
    depth : float, array   From the wall; 0 or more. [m]

    Raises
    ------
    ValueError  If an argument is not positive and finite, or the temperatures do not rise from wall to melt.

    Notes
    -----
    Solid: T_wall + (T_freeze - T_wall) erf(x/2 sqrt(alpha_s t))/erf l; melt: T_init - (T_init - T_freeze)
    erfc(x/2 sqrt(alpha_l t))/erfc(nu l); l and the range as in `neumann_two_phase_front`. Neumann, in Carslaw and
    Jaeger, Conduction of Heat in Solids (recalled).

    >>> aluminium = (211.0, 2550.0, 1080.0, 95.0, 1080.0, 397e3)
    >>> round(neumann_two_phase_temperature(*aluminium, 660.0, 300.0, 720.0, 4.0, depth=0.01), 1)
    495.9
    """
    import numpy as np
    from scipy.special import erf, erfcx

    ste, superheat, nu = _two_phase(k_solid, rho, c_solid, k_liquid, c_liquid, latent, T_freeze, T_wall, T_init)
    z = _front_constant(ste, superheat=superheat, nu=nu)
    t, x = checked_field("time", time, np.finfo(float).tiny), checked_field("depth", depth, 0.0)
    u = x / (2.0 * np.sqrt(k_solid / (rho * c_solid) * t))
    solid = T_wall + (T_freeze - T_wall) * erf(u) / math.erf(z)
    # erfc(nu u)/erfc(nu l) without dividing two tiny numbers; in the solid the value is not used.
    ahead = nu * np.maximum(u, z)
    melt_share = np.exp((nu * z) ** 2 - ahead**2) * erfcx(ahead) / erfcx(nu * z)
    return as_given(np.where(u <= z, solid, T_init - (T_init - T_freeze) * melt_share))
