"""What a position costs in a year, from wage per hour, overtime and night work.

>>> round(position_cost(2000.0) / 1e6, 1)  # one shift of 8 h on 250 days
45.0
"""

from __future__ import annotations

import math

from factory_sim.finance.tables import lookup

WAGES_OF = "2026-01"  # date of the wages, the base year of the tables


def position_cost(
    hours: float, overtime: float = 0.0, night: float = 0.0, factor: float = 1.0, on: str = WAGES_OF
) -> float:
    """Return the yearly cost of keeping one position manned. [KRW/yr]

    Parameters
    ----------
    hours : float      Regular hours worked in a year. [h]
    overtime : float   Hours beyond them, at 1.5 of the base. [h]
    night : float      Hours of either kind between 22 and 06, with half of the base on top. [h]
    factor : float     Pay over that of a production worker, see `factor` in the table `wages`. [-]
    on : str           Date of the wages.

    Raises
    ------
    ValueError  If a number is negative or not finite, or the date is none.
    NoRow       If the table has no wages on that date.

    Notes
    -----
    Loaded cost of a worked hour: holidays, insurance, severance and welfare are inside.
    """
    for name, value in {"hours": hours, "overtime": overtime, "night": night, "factor": factor}.items():
        if not 0.0 <= value < math.inf:
            raise ValueError(f"{name} must not be negative and must be finite, got {value!r}")
    loaded, extra, premium = (
        float(lookup("wages", f"hourly.{key}", on).value) for key in ("loaded", "overtime", "night_premium")
    )
    return factor * (hours * loaded + overtime * extra + night * premium)
