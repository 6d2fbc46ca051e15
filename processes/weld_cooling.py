"""How a weld cools: the time from 800 to 500 degC, cooling rates, the preheat that steel needs.

>>> round(weld_t85_en1011(1.5e6, 20.0, 0.010), 1)  # s, a 10 mm plate
25.6
>>> round(weld_t85_en1011(1.5e6, 150.0, 0.010), 1)  # s, the same preheated
47.7
"""

from __future__ import annotations

import math
import warnings

from processes.checks import require_positive, require_rising, require_temperatures, require_within


def _en1011(line_energy: float, T_preheat: float) -> float:
    """Check the arguments that the formulas of EN 1011-2 share; return the line energy in kJ/mm."""
    require_positive(line_energy=line_energy)
    require_temperatures(T_preheat=T_preheat)
    if T_preheat >= 500.0:
        raise ValueError(f"T_preheat must lie below 500 degC, got {T_preheat!r}")
    return _within_en1011(line_energy, stacklevel=4)


def _within_en1011(line_energy: float, stacklevel: int = 3) -> float:
    """Return the line energy in kJ/mm; warn outside the range of EN 1011-2."""
    Q = line_energy / 1e6
    if not 0.5 <= Q <= 6.0:
        text = f"line_energy = {Q:.3g} kJ/mm lies outside 0.5-6 kJ/mm, the range of EN 1011-2"
        warnings.warn(text, RuntimeWarning, stacklevel=stacklevel)
    return Q


def _inverse_squares(T: float) -> float:
    """Return 1/(500 - T)^2 - 1/(800 - T)^2. [1/K^2]"""
    return 1.0 / (500.0 - T) ** 2 - 1.0 / (800.0 - T) ** 2


def _inverses(T: float) -> float:
    """Return 1/(500 - T) - 1/(800 - T). [1/K]"""
    return 1.0 / (500.0 - T) - 1.0 / (800.0 - T)


def weld_t85_en1011_3d(line_energy: float, T_preheat: float, shape_factor: float) -> float:
    """Return the time from 800 to 500 degC in a plate so thick that heat flows in three dimensions. [s]

    Parameters
    ----------
    line_energy : float    Net heat per length, 0.5e6-6e6. [J/m]
    T_preheat : float      Preheat or interpass temperature, below 500. [degC]
    shape_factor : float   F3; rows seam_* of `processes.materials`. [-]

    Raises
    ------
    ValueError  If an argument is not positive and finite, or `T_preheat` is not below 500 degC.

    Notes
    -----
    (6700 - 5 T) Q (1/(500 - T) - 1/(800 - T)) F3, Q in kJ/mm; unalloyed and low-alloy ferritic steel. Warns if Q lies
    outside 0.5-6 kJ/mm. EN 1011-2, formula read in a steelmaker's handbook, shape factors recalled.

    >>> round(weld_t85_en1011_3d(1.5e6, 20.0, 1.0), 2)
    7.93
    """
    require_positive(shape_factor=shape_factor)
    Q = _en1011(line_energy, T_preheat)
    return (6700.0 - 5.0 * T_preheat) * Q * _inverses(T_preheat) * shape_factor


def weld_t85_en1011_2d(line_energy: float, T_preheat: float, thickness: float, shape_factor: float) -> float:
    """Return the time from 800 to 500 degC in a plate so thin that heat flows in two dimensions. [s]

    Parameters
    ----------
    line_energy : float    Net heat per length, 0.5e6-6e6. [J/m]
    T_preheat : float      Preheat or interpass temperature, below 500. [degC]
    thickness : float      Plate. [m]
    shape_factor : float   F2; rows seam_* of `processes.materials`. [-]

    Raises
    ------
    ValueError  If an argument is not positive and finite, or `T_preheat` is not below 500 degC.

    Notes
    -----
    (4300 - 4.3 T) 1e5 Q^2/d^2 (1/(500 - T)^2 - 1/(800 - T)^2) F2, Q in kJ/mm, d in mm; unalloyed and low-alloy ferritic
    steel. Warns if Q lies outside 0.5-6 kJ/mm. EN 1011-2, formula read in a steelmaker's handbook, factors recalled.

    >>> round(weld_t85_en1011_2d(1.5e6, 20.0, 0.010, 1.0), 2)
    25.57
    """
    require_positive(thickness=thickness, shape_factor=shape_factor)
    Q = _en1011(line_energy, T_preheat)
    d = 1e3 * thickness
    return (4300.0 - 4.3 * T_preheat) * 1e5 * (Q / d) ** 2 * _inverse_squares(T_preheat) * shape_factor


def weld_t85_en1011(
    line_energy: float,
    T_preheat: float,
    thickness: float,
    shape_factor_2d: float = 1.0,
    shape_factor_3d: float = 1.0,
) -> float:
    """Return the time from 800 to 500 degC in a plate of any thickness: the longer of both heat flows. [s]

    Parameters
    ----------
    line_energy, T_preheat, thickness : float   As in `weld_t85_en1011_2d`.
    shape_factor_2d : float                     F2 of `weld_t85_en1011_2d`. [-]
    shape_factor_3d : float                     F3 of `weld_t85_en1011_3d`. [-]

    Raises
    ------
    ValueError  If an argument is not positive and finite, or `T_preheat` is not below 500 degC.

    Notes
    -----
    Two-dimensional below `weld_transition_thickness_en1011`. EN 1011-2, read in a steelmaker's handbook.

    >>> round(weld_t85_en1011(1.5e6, 20.0, 0.030), 2)  # thick: the thickness no longer counts
    7.93
    """
    require_positive(shape_factor_2d=shape_factor_2d, shape_factor_3d=shape_factor_3d)
    flat = weld_t85_en1011_2d(line_energy, T_preheat, thickness, shape_factor_2d)
    return max(flat, weld_t85_en1011_3d(line_energy, T_preheat, shape_factor_3d))


def weld_transition_thickness_en1011(line_energy: float, T_preheat: float) -> float:
    """Return the plate thickness at which heat flow in two and three dimensions gives the same time. [m]

    Parameters
    ----------
    line_energy : float   Net heat per length, 0.5e6-6e6. [J/m]
    T_preheat : float     Preheat or interpass temperature, below 500. [degC]

    Raises
    ------
    ValueError  If an argument is not positive and finite, or `T_preheat` is not below 500 degC.

    Notes
    -----
    `weld_t85_en1011_2d` and `weld_t85_en1011_3d` equated, both shape factors 1; else times sqrt(F2/F3).

    >>> round(1e3 * weld_transition_thickness_en1011(1.5e6, 20.0), 1)  # mm
    18.0
    """
    Q = _en1011(line_energy, T_preheat)
    flat = (4300.0 - 4.3 * T_preheat) * 1e5 * Q * _inverse_squares(T_preheat)
    return 1e-3 * math.sqrt(flat / ((6700.0 - 5.0 * T_preheat) * _inverses(T_preheat)))


def weld_cooling_rate_thick(line_energy: float, k: float, T0: float, T: float) -> float:
    """Return the rate at which the seam on a thick plate cools when it passes a temperature. [K/s]

    Parameters
    ----------
    line_energy : float   Net heat per length q/v, 0.5e6-6e6 for arcs. [J/m]
    k : float             Conductivity; of steel at 700-900 degC row of arc_steel in `processes.materials`. [W/(m K)]
    T0 : float            Preheat or interpass temperature. [degC]
    T : float             Temperature that is passed. [degC]

    Raises
    ------
    ValueError  If an argument is not positive and finite, or `T` does not exceed `T0`.

    Notes
    -----
    2 pi k (T - T0)^2/(q/v): centre line behind a fast source. From Rosenthal's thick plate (recalled).

    >>> round(weld_cooling_rate_thick(1.0e6, 35.0, 25.0, 550.0), 2)
    60.61
    """
    require_positive(line_energy=line_energy, k=k)
    require_rising(T0=T0, T=T)
    return 2.0 * math.pi * k * (T - T0) ** 2 / line_energy


def weld_cooling_rate_thin(
    line_energy: float, thickness: float, k: float, rho: float, c: float, T0: float, T: float
) -> float:
    """Return the rate at which the seam in a thin plate cools when it passes a temperature. [K/s]

    Parameters
    ----------
    line_energy : float   Net heat per length q/v. [J/m]
    thickness : float     Plate. [m]
    k : float             Conductivity; of steel at 700-900 degC row of arc_steel in `processes.materials`. [W/(m K)]
    rho : float           Density. [kg/m^3]
    c : float             Specific heat, from the same row. [J/(kg K)]
    T0 : float            Preheat or interpass temperature. [degC]
    T : float             Temperature that is passed. [degC]

    Raises
    ------
    ValueError  If an argument is not positive and finite, or `T` does not exceed `T0`.

    Notes
    -----
    2 pi k rho c d^2 (T - T0)^3/(q/v)^2: centre line behind a fast source. From Rosenthal's thin plate (recalled).

    >>> round(weld_cooling_rate_thin(0.3e6, 0.003, 35.0, 7800.0, 640.0, 25.0, 550.0), 2)
    15.89
    """
    require_positive(line_energy=line_energy, thickness=thickness, k=k, rho=rho, c=c)
    require_rising(T0=T0, T=T)
    return 2.0 * math.pi * k * rho * c * thickness**2 * (T - T0) ** 3 / line_energy**2


def weld_t85_conduction_thick(line_energy: float, k: float, T0: float) -> float:
    """Return the time in which the seam on a thick plate cools from 800 to 500 degC, by conduction alone. [s]

    Parameters
    ----------
    line_energy : float   Net heat per length q/v, 0.5e6-6e6 for arcs. [J/m]
    k : float             Conductivity; of steel at 700-900 degC row of arc_steel in `processes.materials`. [W/(m K)]
    T0 : float            Preheat or interpass temperature, below 500. [degC]

    Raises
    ------
    ValueError  If an argument is not positive and finite, or `T0` is not below 500 degC.

    Notes
    -----
    (q/v)/(2 pi k) (1/(500 - T0) - 1/(800 - T0)): the inverse of `weld_cooling_rate_thick`, integrated.

    >>> round(weld_t85_conduction_thick(1.0e6, 35.0, 25.0), 3)
    3.706
    """
    require_positive(line_energy=line_energy, k=k)
    require_temperatures(T0=T0)
    if T0 >= 500.0:
        raise ValueError(f"T0 must lie below 500 degC, got {T0!r}")
    return line_energy / (2.0 * math.pi * k) * _inverses(T0)


def weld_carbon_equivalent_cet(C: float, Mn: float, Mo: float, Cr: float, Cu: float, Ni: float) -> float:
    """Return the carbon equivalent CET of a steel. [% by mass]

    Parameters
    ----------
    C, Mn, Mo, Cr, Cu, Ni : float   Contents of the steel. [% by mass]

    Raises
    ------
    ValueError  If a content lies outside [0, 100].

    Notes
    -----
    C + (Mn + Mo)/10 + (Cr + Cu)/20 + Ni/40. EN 1011-2 method B, recalled.

    >>> round(weld_carbon_equivalent_cet(0.16, 1.45, 0.0, 0.05, 0.02, 0.03), 3)
    0.309
    """
    require_within(0.0, 100.0, C=C, Mn=Mn, Mo=Mo, Cr=Cr, Cu=Cu, Ni=Ni)
    return C + (Mn + Mo) / 10.0 + (Cr + Cu) / 20.0 + Ni / 40.0


def weld_preheat_en1011_method_b(CET: float, thickness: float, hydrogen: float, line_energy: float) -> float:
    """Return the lowest preheat that avoids cold cracks. [degC]

    Parameters
    ----------
    CET : float           Carbon equivalent, 0.2-0.5. [% by mass]
    thickness : float     Plate. [m]
    hydrogen : float      Diffusible, in the weld metal: 3e-5 low (3 ml/100 g), 5e-5 usual, 1.5e-4 high. [m^3/kg]
    line_energy : float   Net heat per length, 0.5e6-6e6. [J/m]

    Raises
    ------
    ValueError  If an argument is not positive and finite, or `CET` exceeds 1 %.

    Notes
    -----
    697 CET + 160 tanh(d/35) + 62 H^0.35 + (53 CET - 32) Q - 328; d in mm, H in ml/100 g, Q in kJ/mm. Below the hall's
    temperature: no preheat. Unalloyed and low-alloy ferritic steel; warns if Q lies outside 0.5-6 kJ/mm. EN 1011-2
    method B, recalled.

    >>> round(weld_preheat_en1011_method_b(0.34, 0.025, 5e-5, 1.2e6), 1)
    99.2
    """
    require_positive(CET=CET, thickness=thickness, hydrogen=hydrogen, line_energy=line_energy)
    require_within(0.0, 1.0, CET=CET)
    Q = _within_en1011(line_energy)
    thickness_term = 160.0 * math.tanh(1e3 * thickness / 35.0)
    return 697.0 * CET + thickness_term + 62.0 * math.pow(1e5 * hydrogen, 0.35) + (53.0 * CET - 32.0) * Q - 328.0
