"""Sheet metal: blanking, bending, drawing, hot stamping."""

from __future__ import annotations

import math
import warnings

from processes.checks import require_positive, require_rising, require_temperatures
from processes.lumped import lumped_time

TENSILE_SHARE_IN_SHEAR = 0.7
LIMITING_DRAW_RATIO = 2.0


def blanking_force(shear_strength: float, sheet: float, perimeter: float) -> float:
    """Return the force to cut a blank or a hole. [N]

    Parameters
    ----------
    shear_strength : float   Of the sheet; about 0.7 of the tensile strength. [Pa]
    sheet : float            Thickness, 0.5e-3 to 6e-3. [m]
    perimeter : float        Length of the cut edge. [m]

    Raises
    ------
    ValueError  If an argument is not positive and finite.

    Notes
    -----
    F = S t L, edges without shear angle. Groover, Fundamentals of Modern Manufacturing (recalled: 467 kN).

    >>> round(blanking_force(310e6, 3.2e-3, 0.471239) / 1e3, 1)  # kN, disc of 150 mm
    467.5
    """
    require_positive(shear_strength=shear_strength, sheet=sheet, perimeter=perimeter)
    return shear_strength * sheet * perimeter


def blanking_force_from_tensile(tensile_strength: float, sheet: float, perimeter: float) -> float:
    """Return the force to cut a blank or a hole where only the tensile strength is known. [N]

    Parameters
    ----------
    tensile_strength : float   Of the sheet: 300e6 soft steel, 600e6-1000e6 high-strength. [Pa]
    sheet, perimeter : float   As in `blanking_force`. [m]

    Raises
    ------
    ValueError  If an argument is not positive and finite.

    Notes
    -----
    F = 0.7 TS t L. Groover, Fundamentals of Modern Manufacturing (recalled).

    >>> round(blanking_force_from_tensile(450e6, 3.2e-3, 0.471239) / 1e3, 1)  # kN
    475.0
    """
    require_positive(tensile_strength=tensile_strength)
    return blanking_force(TENSILE_SHARE_IN_SHEAR * tensile_strength, sheet, perimeter)


def bend_force(K_bf: float, tensile_strength: float, width: float, sheet: float, die_opening: float) -> float:
    """Return the force to bend a sheet. [N]

    Parameters
    ----------
    K_bf : float               1.33 V-bending, 0.33 edge bending. [-]
    tensile_strength : float   [Pa]
    width : float              Along the bend. [m]
    sheet : float              Thickness. [m]
    die_opening : float        Of the V-die, 6-12 sheets; of the edge die the distance of punch and die edge. [m]

    Raises
    ------
    ValueError  If an argument is not positive and finite.

    Notes
    -----
    F = K_bf TS w t^2/D. Groover, Fundamentals of Modern Manufacturing (recalled: 10909 N). Bottoming takes more.

    >>> round(bend_force(1.33, 450e6, 0.0445, 3.2e-3, 0.025))
    10909
    """
    require_positive(K_bf=K_bf, tensile_strength=tensile_strength, width=width, sheet=sheet, die_opening=die_opening)
    return K_bf * tensile_strength * width * sheet**2 / die_opening


def deep_draw_force(punch_diameter: float, sheet: float, tensile_strength: float, blank_diameter: float) -> float:
    """Return the largest force of drawing a cup. [N]

    Parameters
    ----------
    punch_diameter : float     [m]
    sheet : float              Thickness of the blank. [m]
    tensile_strength : float   [Pa]
    blank_diameter : float     Larger than the punch, at most about twice in one draw. [m]

    Raises
    ------
    ValueError  If an argument is not positive and finite, or the blank is not larger than the punch.

    Notes
    -----
    F = pi D_p t TS (D_b/D_p - 0.7). Warns if D_b/D_p exceeds 2.0: one draw tears the cup.
    Groover, Fundamentals of Modern Manufacturing (recalled: 193.4 kN). The blank holder takes about a third more.

    >>> round(deep_draw_force(0.075, 2.4e-3, 300e6, 0.138) / 1e3, 1)
    193.4
    """
    require_positive(punch_diameter=punch_diameter, sheet=sheet, tensile_strength=tensile_strength)
    require_positive(blank_diameter=blank_diameter)
    if blank_diameter <= punch_diameter:
        raise ValueError(
            f"blank_diameter must exceed punch_diameter, got {blank_diameter!r} against {punch_diameter!r}"
        )
    ratio = blank_diameter / punch_diameter
    if ratio > LIMITING_DRAW_RATIO * (1.0 + 1e-12):
        warnings.warn(
            f"draw ratio {ratio:.3g} exceeds {LIMITING_DRAW_RATIO}: one draw tears the cup",
            RuntimeWarning,
            stacklevel=2,
        )
    return math.pi * punch_diameter * sheet * tensile_strength * (ratio - 0.7)


def hot_stamping_dwell(
    sheet: float, rho: float, c: float, h: float, T_init: float, T_die: float, T_release: float
) -> float:
    """Return the time that a hot-stamped sheet stays in the closed die to be quenched. [s]

    Parameters
    ----------
    sheet : float       Thickness, 1e-3 to 2e-3. [m]
    rho : float         Density. [kg/m^3]
    c : float           Specific heat, mean over the quench with the heat of transformation, 600-750. [J/(kg K)]
    h : float           Contact of sheet and die, 1000-4000, grows with the pressure. [W/(m^2 K)]
    T_init : float      Sheet as the die closes, 650-800. [degC]
    T_die : float       Surface of the cooled die. [degC]
    T_release : float   Sheet as the die opens, 100-200. [degC]

    Raises
    ------
    ValueError  If an argument is not positive and finite, or the temperatures do not rise from die to release to start.

    Notes
    -----
    t = rho c s/(2 h) ln((T_init - T_die)/(T_release - T_die)): a sheet cooled from both faces, h s/(2 k) < 0.1. Dies in
    production hold 5-15 s (typical). Lumped body, Incropera and DeWitt (recalled).

    >>> round(hot_stamping_dwell(1.5e-3, 7850.0, 700.0, 2000.0, 700.0, 60.0, 150.0), 1)
    4.0
    """
    require_positive(sheet=sheet, rho=rho, c=c, h=h)
    require_temperatures(T_init=T_init)
    require_rising(T_die=T_die, T_release=T_release, T_init=T_init)
    return lumped_time(rho, c, 0.5 * sheet, h, T_init, T_die, T_release)
