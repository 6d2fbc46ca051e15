"""Film of a quench bath: heat transfer that rises and falls with the temperature of the surface.

>>> oil = quench_curve("oil")
>>> [round(quench_film(T, *oil)) for T in (800.0, 675.0, 535.0, 300.0, 150.0)]  # vapour, boiling, convection
[500, 2925, 5350, 2466, 500]
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from processes.checks import require_lists
from processes.materials import heat_transfer

if TYPE_CHECKING:
    from processes.fields import Field

# Surface temperatures [degC] at which the rows of the table stand; a peak that is flat has two.
CURVES = {
    "oil": ((150.0, "oil_150"), (520.0, "oil_peak"), (550.0, "oil_peak"), (800.0, "oil_800")),
    "polymer": ((150.0, "polymer_150"), (375.0, "polymer_peak"), (485.0, "polymer_peak"), (800.0, "polymer_800")),
}


def quench_curve(medium: str) -> tuple[list[float], list[float]]:
    """Return surface temperatures [degC] and heat transfer coefficients [W/(m^2 K)] of a quench bath.

    Parameters
    ----------
    medium : str   "oil" or "polymer". Of water the table has no temperatures, gas has one number: write those by hand.

    Raises
    ------
    ValueError  If there is no such medium.

    Notes
    -----
    Points of `processes.materials.heat_transfer`, whose looking up is noted there. Buczek and Telejko, Int. J. Heat and
    Fluid Flow 44 (2013) 358 (read): oil peaks at 520-550 degC, polymer at about 430, flat over 100-120 K, taken as
    375-485. Baths differ by concentration, temperature and stirring: measure your own.

    >>> quench_curve("polymer")
    ([150.0, 375.0, 485.0, 800.0], [2000.0, 7400.0, 7400.0, 3200.0])
    """
    if medium not in CURVES:
        raise ValueError(f"medium must be one of {', '.join(CURVES)}, got {medium!r}")
    points = CURVES[medium]
    return [T for T, _ in points], [heat_transfer(row).value for _, row in points]


def quench_film(T_surface: Field, temperatures: Sequence[float], films: Sequence[float]) -> Any:
    """Return the heat transfer coefficient of a quench at a temperature of the surface. [W/(m^2 K)]

    Parameters
    ----------
    T_surface : float, array         Of the part. [degC]
    temperatures : list of float     Of the curve, rising; `quench_curve` or measured. [degC]
    films : list of float            At each of them; 0 or more. [W/(m^2 K)]

    Raises
    ------
    ValueError  If a temperature is not finite or below absolute zero, the lists differ in length or have less than two
                points, the temperatures do not rise, or a film is negative.

    Notes
    -----
    Straight lines between the points. Warns outside them and holds the end: a part from 850 degC is hardly 50 K above
    the measured range, and only for a moment. `processes.kernels.quench` puts it on a grid. Interpolation, computed
    here.

    >>> quench_film(485.0, [150.0, 375.0, 485.0, 800.0], [2000.0, 7400.0, 7400.0, 3200.0])
    7400.0
    """
    import numpy as np

    from processes.fields import as_given, checked_field

    T = checked_field("T_surface", T_surface, -273.15)
    knots, values = _checked_curve(temperatures, films)
    if ((knots[0] > T) | (knots[-1] < T)).any():
        warnings.warn(
            f"T_surface lies outside {knots[0]:g} to {knots[-1]:g} degC, where the film is known: its end is held",
            RuntimeWarning,
            stacklevel=2,
        )
    return as_given(np.asarray(np.interp(T, knots, values)))


def _checked_curve(temperatures: Sequence[float], films: Sequence[float]) -> tuple[Any, Any]:
    """Return the points of a curve as arrays, checked."""
    import numpy as np

    from processes.fields import array_of, checked_field

    require_lists(temperatures=temperatures, films=films)
    knots, values = (
        checked_field(name, array_of(name, points), low)
        for name, points, low in (("temperatures", temperatures, -273.15), ("films", films, 0.0))
    )
    if knots.size != values.size or knots.size < 2:
        raise ValueError(f"temperatures and films must be two or more pairs, got {knots.size}, {values.size}")
    if not (np.diff(knots) > 0.0).all():
        raise ValueError(f"temperatures must rise, got {list(temperatures)!r}")
    return knots, values
