"""Rapid heat treatment: induction and laser hardening of a surface."""

from __future__ import annotations

import math
import warnings

from processes.checks import require_positive, require_rising, require_within

MU_0 = 4e-7 * math.pi  # V s/(A m)


def skin_depth(resistivity: float, relative_permeability: float, frequency: float) -> float:
    """Return the depth into which an alternating current penetrates. [m]

    Parameters
    ----------
    resistivity : float             Steel 0.2e-6 cold, 1.15e-6 at 900 degC. [ohm m]
    relative_permeability : float   1 above the Curie point (768 degC), 10-100 cold in a strong field. [-]
    frequency : float               1e3-10e3 for deep cases and billets, 100e3-400e3 for thin cases. [Hz]

    Raises
    ------
    ValueError  If an argument is not positive and finite.

    Notes
    -----
    sqrt(rho/(pi mu_0 mu_r f)): here the current density has fallen to 1/e. Textbook exercise (read: steel of 0.4 %
    carbon at 900 degC and 1 kHz, 17 mm; 1.0 mm cold).

    >>> round(1e3 * skin_depth(1.146e-6, 1.0, 1000.0), 2)  # mm
    17.04
    """
    require_positive(resistivity=resistivity, relative_permeability=relative_permeability, frequency=frequency)
    return math.sqrt(resistivity / (math.pi * MU_0 * relative_permeability * frequency))


def surface_time(k: float, rho: float, c: float, flux: float, T_init: float, T_surface: float) -> float:
    """Return the time in which a constant heat flux brings a surface to a temperature. [s]

    Parameters
    ----------
    k : float           Conductivity, mean over the range; steel to 950 degC 28. [W/(m K)]
    rho : float         Density. [kg/m^3]
    c : float           Specific heat, mean over the range; steel 600-700. [J/(kg K)]
    flux : float        Power per area into the surface, 5e6-30e6. [W/m^2]
    T_init : float      Part before. [degC]
    T_surface : float   900-1000 in induction hardening; the melting point is the limit. [degC]

    Raises
    ------
    ValueError  If an argument is not positive and finite, or `T_surface` does not exceed `T_init`.

    Notes
    -----
    t = pi k rho c ((T_surface - T_init)/(2 q))^2: half-space heated in a skin that is thin against sqrt(alpha t).
    Carslaw and Jaeger, Conduction of Heat in Solids (recalled).

    >>> round(surface_time(28.0, 7800.0, 650.0, 15e6, 20.0, 950.0), 3)
    0.429
    """
    require_positive(k=k, rho=rho, c=c, flux=flux)
    require_rising(T_init=T_init, T_surface=T_surface)
    return math.pi * k * rho * c * (0.5 * (T_surface - T_init) / flux) ** 2


THIN_SKIN = 0.3  # of the case, up to which the heat enters as through the surface


def _warn_of_thick_skin(depth: float, skin: float | None) -> None:
    """Warn, two calls up, if the heat arises so deep that it is no flux through the surface."""
    if skin is None:
        return
    require_positive(skin=skin)
    if skin > THIN_SKIN * depth:
        warnings.warn(
            f"skin {skin:.3g} m exceeds 0.3 of the case {depth:.3g} m: the heat arises inside, and the case is deeper",
            RuntimeWarning,
            stacklevel=3,
        )


def hardened_depth(
    k: float,
    rho: float,
    c: float,
    flux: float,
    T_init: float,
    T_austenitise: float,
    time: float,
    skin: float | None = None,
) -> float:
    """Return the depth that is hotter than the austenitising temperature at the end of a pulse. [m]

    Parameters
    ----------
    k, rho, c, flux, T_init : float
        As in `surface_time`.
    T_austenitise : float   Ac3 of the steel plus 50-150 for fast heating (typical), 830-950. [degC]
    time : float            Length of the pulse, 0.5-10. [s]
    skin : float            `skin_depth` hot, to check that it is thin; may be left out. [m]

    Raises
    ------
    ValueError  If an argument is not positive and finite, or `T_austenitise` does not exceed `T_init`.

    Notes
    -----
    Depth at which a half-space under constant flux (`processes.conduction.semiinf_flux_temperature`) stands at that
    temperature; 0 if not even the surface does. Warns if `skin` exceeds 0.3 of it: then heat arises in the volume, see
    `processes.kernels.billet`. Holds while 4 sqrt(alpha t) is below the section. A little more hardens, because the
    heat runs inwards after the pulse. Computed here.

    >>> round(1e3 * hardened_depth(28.0, 7800.0, 650.0, 15e6, 20.0, 850.0, 0.6), 3)  # mm
    0.552
    """
    require_positive(time=time)
    require_rising(T_init=T_init, T_austenitise=T_austenitise)
    if time <= surface_time(k, rho, c, flux, T_init, T_austenitise):
        depth = 0.0
    else:
        depth = _depth_above(k, rho, c, flux, T_init, T_austenitise, time)
    _warn_of_thick_skin(depth, skin)
    return depth


def _depth_above(k: float, rho: float, c: float, flux: float, T_init: float, T_above: float, time: float) -> float:
    """Return the depth at which a half-space under constant flux stands at a temperature that its surface exceeds."""
    from scipy.optimize import brentq

    from processes.conduction import semiinf_flux_temperature

    def excess(depth: float) -> float:
        return float(semiinf_flux_temperature(k, rho, c, T_init, flux, depth, time)) - T_above

    deep = math.sqrt(k / (rho * c) * time)
    while excess(deep) > 0.0:
        deep *= 2.0
    return float(brentq(excess, 0.0, deep, xtol=1e-13 * deep, rtol=1e-12))


def hardening_energy(flux: float, area: float, time: float, efficiency: float) -> float:
    """Return the electrical energy of one hardening pulse. [J]

    Parameters
    ----------
    flux : float         Power per area into the surface. [W/m^2]
    area : float         Heated at once. [m^2]
    time : float         Length of the pulse. [s]
    efficiency : float   Mains to part, 0.5-0.7. (0, 1]

    Raises
    ------
    ValueError  If an argument is not positive and finite, or `efficiency` exceeds 1.

    Notes
    -----
    E = q A t/eta. Energy balance, computed here; efficiency typical.

    >>> hardening_energy(15e6, 0.004, 0.6, 0.6)
    60000.0
    """
    require_positive(flux=flux, area=area, time=time, efficiency=efficiency)
    require_within(0.0, 1.0, efficiency=efficiency)
    return flux * area * time / efficiency
