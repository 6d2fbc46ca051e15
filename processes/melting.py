"""Melt between furnace and mould: metal lost, heat lost in the ladle, what a wrong pouring temperature costs.

>>> tapped = charge_for_melt(800.0, 0.03)  # kg charged for 800 kg from a crucible
>>> poured = ladle_temperature(720.0, 240.0)
>>> round(tapped), poured, round(pour_defect_probability(poured, 0.02, 0.01, 0.005), 3)
(825, 712.0, 0.02)
"""

from __future__ import annotations

import warnings

from processes.checks import (
    require_not_falling,
    require_not_negative,
    require_positive,
    require_temperatures,
    require_within,
)


def melt_loss(charge: float, loss_share: float) -> float:
    """Return the metal that is lost as dross when a charge is melted. [kg]

    Parameters
    ----------
    charge : float       Metal that goes into the furnace. [kg]
    loss_share : float   0.01-0.015 in a shaft furnace, 0.02-0.05 in a reverberatory or crucible furnace. [0, 1]

    Raises
    ------
    ValueError  If `charge` is not positive and finite, or the share lies outside [0, 1].

    Notes
    -----
    m x: by definition of the share, which is of the charge; shares typical (aluminium).

    >>> melt_loss(1000.0, 0.03)
    30.0
    """
    require_positive(charge=charge)
    require_within(0.0, 1.0, loss_share=loss_share)
    return charge * loss_share


def charge_for_melt(melt: float, loss_share: float) -> float:
    """Return the metal to charge for a mass of melt. [kg]

    Parameters
    ----------
    melt : float         To be tapped. [kg]
    loss_share : float   As in `melt_loss`, below 1. [0, 1)

    Raises
    ------
    ValueError  If `melt` is not positive and finite, or the share lies outside [0, 1).

    Notes
    -----
    m/(1 - x): `melt_loss` solved for the charge. Balance of mass, computed here.

    >>> round(charge_for_melt(970.0, 0.03), 6)
    1000.0
    """
    require_positive(melt=melt)
    require_within(0.0, 1.0, loss_share=loss_share)
    if loss_share == 1.0:
        raise ValueError(f"loss_share must be below 1, got {loss_share!r}")
    return melt / (1.0 - loss_share)


def ladle_temperature(T_tapped: float, time: float, rate: float = 2.0 / 60.0, T_freeze: float | None = None) -> float:
    """Return the temperature of a melt that has waited or travelled in a ladle or launder. [degC]

    Parameters
    ----------
    T_tapped : float   Melt as it enters the ladle. [degC]
    time : float       In the ladle; 0 or more. [s]
    rate : float       1-3 K/min, which is 0.017-0.05; may be 0. [K/s]
    T_freeze : float   Where the melt begins to freeze, to check; may be left out. [degC]

    Raises
    ------
    ValueError  If a temperature is not finite or would fall below absolute zero, the melt is tapped below `T_freeze`,
                or `time` or `rate` is negative.

    Notes
    -----
    T - r t, a straight line for the minutes of a transport (rate typical: measure it, it goes with size and lid). Warns
    if the melt comes down to `T_freeze`, where it stands still on a plateau; see `processes.energy.melt_after_stop`.

    >>> ladle_temperature(720.0, 300.0)
    710.0
    """
    require_not_negative(time=time, rate=rate)
    require_temperatures(T_tapped=T_tapped)
    poured = T_tapped - rate * time
    if not poured > -273.15:
        raise ValueError(f"time must be short enough to stay above absolute zero, got {time!r} at {rate!r} K/s")
    if T_freeze is not None:
        require_not_falling(T_freeze=T_freeze, T_tapped=T_tapped)
        if poured <= T_freeze:
            warnings.warn(
                f"melt at {poured:.4g} degC would be below {T_freeze:g} degC: it freezes in the ladle",
                RuntimeWarning,
                stacklevel=2,
            )
    return poured


def ladle_time(T_tapped: float, T_pour: float, rate: float = 2.0 / 60.0) -> float:
    """Return how long a melt may stay in the ladle until it is at the lowest pouring temperature. [s]

    Parameters
    ----------
    T_tapped : float   Melt as it enters the ladle. [degC]
    T_pour : float     Lowest at which it is poured; about 620 for aluminium. [degC]
    rate : float       As in `ladle_temperature`; above 0. [K/s]

    Raises
    ------
    ValueError  If a temperature is not finite, `T_tapped` is below `T_pour`, or `rate` is not positive and finite.

    Notes
    -----
    (T_tapped - T_pour)/r: `ladle_temperature` solved for the time.

    >>> round(ladle_time(720.0, 690.0) / 60.0, 6)  # min
    15.0
    """
    require_positive(rate=rate)
    require_not_falling(T_pour=T_pour, T_tapped=T_tapped)
    return (T_tapped - T_pour) / rate


def pour_defect_probability(
    T_pour: float,
    base: float,
    misrun_slope: float,
    gas_slope: float,
    T_misrun: float = 620.0,
    T_gas: float = 720.0,
) -> float:
    """Return the probability that a casting is bad, from the temperature at which it was poured. [0, 1]

    Parameters
    ----------
    T_pour : float         Melt as it enters mould or sleeve. [degC]
    base : float           Probability at a good temperature. [0, 1]
    misrun_slope : float   Probability for each kelvin below `T_misrun`; 0 or more. [1/K]
    gas_slope : float      Probability for each kelvin above `T_gas`, soldering and gas; 0 or more. [1/K]
    T_misrun : float       620 for aluminium. [degC]
    T_gas : float          720 for aluminium. [degC]

    Raises
    ------
    ValueError  If `base` lies outside [0, 1], a slope is negative, or `T_gas` is below `T_misrun`.

    Notes
    -----
    clip(p0 + s_m max(0, T_misrun - T) + s_g max(0, T - T_gas), 0, 1): `processes.design.defect_probability` with a
    slope of its own on each side (typical; the slopes are the plant's data).

    >>> round(pour_defect_probability(610.0, 0.02, 0.01, 0.005), 6)
    0.12
    """
    require_within(0.0, 1.0, base=base)
    require_not_negative(misrun_slope=misrun_slope, gas_slope=gas_slope)
    require_temperatures(T_pour=T_pour)
    require_not_falling(T_misrun=T_misrun, T_gas=T_gas)
    return min(1.0, base + misrun_slope * max(0.0, T_misrun - T_pour) + gas_slope * max(0.0, T_pour - T_gas))
