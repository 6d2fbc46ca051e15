"""Carburising of steel: carbon profile, time and case depth. `processes.heat_treatment` hands these on.

>>> D = diffusivity(2.3e-5, 148e3, 930.0)
>>> round(carburize_time(0.9, 0.2, 0.40, 1.0e-3, D) / 3600.0, 1)  # h to a case of 1 mm
14.1
"""

from __future__ import annotations

import math
import warnings
from typing import TYPE_CHECKING, Any

from processes.checks import require_finite, require_not_negative, require_positive, require_temperatures

if TYPE_CHECKING:
    from processes.fields import Field

GAS_CONSTANT = 8.314463  # J/(mol K)
KELVIN = 273.15


def diffusivity(D0: float, activation: float, T: float) -> float:
    """Return the diffusivity at a temperature. [m^2/s]

    Parameters
    ----------
    D0 : float           2.3e-5 for carbon in austenite. [m^2/s]
    activation : float   148e3 for carbon in austenite; 0 or more. [J/mol]
    T : float            Carburising 880-1000. [degC]

    Raises
    ------
    ValueError  If `D0` is not positive and finite, `activation` is negative, or `T` is at or below absolute zero.

    Notes
    -----
    D = D0 exp(-Q/(R T)). Callister, Materials Science and Engineering (pair and 5.9e-12 at 900 degC recalled). Examples
    in print use up to 1.5 times as much at 950 degC: keep the diffusivity a parameter that the plant fits.

    >>> round(diffusivity(2.3e-5, 148e3, 900.0) * 1e12, 2)
    5.92
    """
    require_positive(D0=D0)
    require_not_negative(activation=activation)
    require_temperatures(T=T)
    return D0 * math.exp(-activation / (GAS_CONSTANT * (T + KELVIN)))


HALF_WAY = 0.9538726  # 2 erfinv(1/2): the mean of surface and core lies at so many sqrt(D t)


def carbon_at_depth(
    carbon_surface: float,
    carbon_core: float,
    depth: Field,
    diffusivity: float,
    time: Field,
    section: float | None = None,
) -> Any:
    """Return the carbon content at a depth after a time at constant surface carbon. [%]

    Parameters
    ----------
    carbon_surface : float   Held at the surface by the atmosphere, 0.8-1.2. [%]
    carbon_core : float      Of the steel before, 0.1-0.25. [%]
    depth : float, array     Below the surface; 0 or more. [m]
    diffusivity : float      Carbon in austenite, 0.6e-11 at 900 degC to 1.6e-11 at 950. [m^2/s]
    time : float, array      In the atmosphere; 0 or more. [s]
    section : float          Thickness of the part, to check that the core is far; may be left out. [m]

    Raises
    ------
    ValueError  If a content, `depth` or `time` is negative or not finite, `diffusivity` or `section` is not positive
                and finite, or `depth` exceeds `section`.

    Notes
    -----
    C = C_s - (C_s - C_0) erf(x/(2 sqrt(D t))); constant D and C_s. Warns if the case, to where carbon is the mean of
    surface and core (0.95 sqrt(D t)), is deeper than a quarter of the section: then see `processes.kernels.diffusion`.
    Also decarburisation (C_s below C_0). Callister, Materials Science and Engineering (recalled).

    >>> round(carbon_at_depth(0.9, 0.2, 0.8e-3, 1.3e-11, 21600.0), 3)
    0.4
    """
    from scipy.special import erfc

    from processes.fields import as_given

    require_not_negative(carbon_surface=carbon_surface, carbon_core=carbon_core)
    u, reach = _diffusion_depth(depth, diffusivity, time)
    _check_section(depth, reach, section)
    return as_given(carbon_core + (carbon_surface - carbon_core) * erfc(u))


def _diffusion_depth(depth: Field, diffusivity: float, time: Field) -> tuple[Any, Any]:
    """Return depth/(2 sqrt(D t)) and sqrt(D t), checked; at time 0 the surface has depth 0 and all else is far."""
    import numpy as np

    from processes.fields import checked_field
    from processes.half_space import SMALLEST_REACH

    require_positive(diffusivity=diffusivity)
    x, t = checked_field("depth", depth, 0.0), checked_field("time", time, 0.0)
    reach = np.sqrt(diffusivity * t)
    return x / np.maximum(2.0 * reach, SMALLEST_REACH), reach


def _check_section(depth: Field, reach: Any, section: float | None) -> None:
    """Raise if a depth lies outside the part; warn, two calls up, if the core is no longer far from the case."""
    if section is None:
        return
    from processes.fields import checked_field

    require_positive(section=section)
    checked_field("depth", depth, 0.0, section)
    _warn_of_thin_section(HALF_WAY * float(reach.max(initial=0.0)), section, stacklevel=4)


def carbon_at_depth_with_transfer(
    carbon_potential: float,
    carbon_core: float,
    depth: Field,
    diffusivity: float,
    transfer: float,
    time: Field,
    section: float | None = None,
) -> Any:
    """Return the carbon content at a depth where the transfer from the atmosphere resists too. [%]

    Parameters
    ----------
    carbon_potential : float   Of the atmosphere, 0.7-1.2. [%]
    carbon_core : float        Of the steel before, 0.1-0.25. [%]
    depth : float, array       Below the surface; 0 or more. [m]
    diffusivity : float        Carbon in austenite. [m^2/s]
    transfer : float           Coefficient beta, 1e-7 to 3e-7. [m/s]
    time : float, array        In the atmosphere; 0 or more. [s]
    section : float            Thickness of the part, as in `carbon_at_depth`; may be left out. [m]

    Raises
    ------
    ValueError  If a content, `depth` or `time` is negative or not finite, `diffusivity`, `transfer` or `section` is not
                positive and finite, or `depth` exceeds `section`.

    Notes
    -----
    -D dC/dx = beta (C_p - C) at the surface: the same equation as a half-space under convection, with h/k = beta/D.
    A drift of the carbon probe enters through `carbon_potential`. Tends to `carbon_at_depth` for large beta.
    Carslaw and Jaeger, Conduction of Heat in Solids (recalled); beta typical.

    >>> round(carbon_at_depth_with_transfer(0.9, 0.2, 0.8e-3, 1.3e-11, 2e-7, 21600.0), 3)
    0.375
    """
    from processes.fields import as_given
    from processes.half_space import convective_share

    require_not_negative(carbon_potential=carbon_potential, carbon_core=carbon_core)
    require_positive(transfer=transfer)
    u, reach = _diffusion_depth(depth, diffusivity, time)
    _check_section(depth, reach, section)
    share = convective_share(u, transfer / diffusivity * reach)
    return as_given(carbon_core + (carbon_potential - carbon_core) * share)


def _depth_in_reaches(carbon_surface: float, carbon_core: float, carbon_target: float) -> float:
    """Return depth/(2 sqrt(D t)) at which the target content stands."""
    from scipy.special import erfinv

    require_not_negative(carbon_surface=carbon_surface, carbon_core=carbon_core, carbon_target=carbon_target)
    if not min(carbon_core, carbon_surface) < carbon_target < max(carbon_core, carbon_surface):
        raise ValueError(
            f"carbon_target must lie between carbon_core and carbon_surface, got {carbon_target!r} "
            f"between {carbon_core!r} and {carbon_surface!r}"
        )
    return float(erfinv((carbon_surface - carbon_target) / (carbon_surface - carbon_core)))


def _warn_of_thin_section(depth: float, section: float | None, stacklevel: int = 3) -> None:
    """Warn, two calls up or more, if the core is no longer far from the case."""
    if section is None:
        return
    require_positive(section=section)
    if depth > 0.25 * section:
        warnings.warn(
            f"case depth {depth:.3g} m exceeds a quarter of the section {section:.3g} m: the core carburises too",
            RuntimeWarning,
            stacklevel=stacklevel,
        )


def carburize_time(
    carbon_surface: float,
    carbon_core: float,
    carbon_target: float,
    depth: float,
    diffusivity: float,
    section: float | None = None,
) -> float:
    """Return the time for a carbon content to arrive at a depth, at constant surface carbon. [s]

    Parameters
    ----------
    carbon_surface, carbon_core, diffusivity : float
        As in `carbon_at_depth`.
    carbon_target : float   Content that defines the case, 0.35-0.40 for a hardness of 550 HV. [%]
    depth : float           At which it must stand, 0.3e-3 to 3e-3. [m]
    section : float         Thickness of the part, to check that the core is far; may be left out. [m]

    Raises
    ------
    ValueError  If a content is negative, `depth` or `diffusivity` is not positive and finite, or `carbon_target` does
                not lie between core and surface.

    Notes
    -----
    `carbon_at_depth` solved for the time: twice the depth takes four times as long. Warns if the depth exceeds a
    quarter of the section. Callister, Materials Science and Engineering (statement read; 7.1 h by table recalled).

    >>> round(carburize_time(1.2, 0.25, 0.80, 0.5e-3, 1.6e-11) / 3600.0, 2)  # h
    7.05
    """
    require_positive(depth=depth, diffusivity=diffusivity)
    u = _depth_in_reaches(carbon_surface, carbon_core, carbon_target)
    _warn_of_thin_section(depth, section)
    return (0.5 * depth / u) ** 2 / diffusivity


def case_depth(
    carbon_surface: float,
    carbon_core: float,
    carbon_target: float,
    diffusivity: float,
    time: float,
    section: float | None = None,
) -> float:
    """Return the depth at which a carbon content stands after a time, at constant surface carbon. [m]

    Parameters
    ----------
    carbon_surface, carbon_core, carbon_target, diffusivity, section : float
        As in `carburize_time`.
    time : float   In the atmosphere; 0 or more. [s]

    Raises
    ------
    ValueError  If a content or `time` is negative, `diffusivity` is not positive and finite, or `carbon_target` does
                not lie between core and surface.

    Notes
    -----
    x = 2 sqrt(D t) erfinv((C_s - C)/(C_s - C_0)), `carburize_time` solved for the depth, with the same warning.

    >>> round(1e3 * case_depth(1.2, 0.25, 0.80, 1.6e-11, 25370.0), 3)  # mm
    0.5
    """
    require_positive(diffusivity=diffusivity)
    require_not_negative(time=time)
    depth = 2.0 * math.sqrt(diffusivity * time) * _depth_in_reaches(carbon_surface, carbon_core, carbon_target)
    _warn_of_thin_section(depth, section)
    return depth


def case_depth_error(
    carbon_surface: float, carbon_core: float, carbon_target: float, diffusivity: float, time: float, drift: float
) -> float:
    """Return by how much a case gets deeper than meant because the carbon probe has drifted. [m]

    Parameters
    ----------
    carbon_surface, carbon_core, carbon_target, diffusivity, time : float
        As in `case_depth`; the surface as it is meant to be.
    drift : float   True carbon at the surface less that which is meant; negative for a shallow case. [%]

    Raises
    ------
    ValueError  As `case_depth`, or if `drift` is not finite.

    Notes
    -----
    `case_depth` at the drifted surface less that at the meant one: the depth goes with the surface carbon through
    erfinv. Computed here.

    >>> round(1e3 * case_depth_error(0.9, 0.2, 0.40, 1.3e-11, 21600.0, 0.05), 3)  # mm, case of 0.8 mm
    0.032
    """
    require_finite(drift=drift)
    meant = case_depth(carbon_surface, carbon_core, carbon_target, diffusivity, time)
    return case_depth(carbon_surface + drift, carbon_core, carbon_target, diffusivity, time) - meant
