"""Transformation of austenite: martensite, its hardness, Avrami, Scheil. `processes.heat_treatment` hands these on.

>>> start = ms_andrews_linear(0.40, 0.85, 0.0, 0.95, 0.20)  # AISI 4140
>>> round(start), round(martensite_fraction(start, 60.0, carbon=0.40, alloy=2.0), 2)
(331, 0.95)
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Sequence

from processes.checks import (
    require_between,
    require_lists,
    require_not_negative,
    require_positive,
    require_temperatures,
)

SECONDS_PER_HOUR = 3600.0


MOST_CARBON, MOST_ALLOY = 0.6, 5.0  # [%]


def _warn_of_composition(what: str, carbon: float, alloy: float) -> None:
    """Warn, two calls up, of a steel for which the formulas of martensite were not fitted."""
    if carbon > MOST_CARBON or alloy > MOST_ALLOY:
        warnings.warn(
            f"{what} of C {carbon:g} %, Mn + Ni + Cr + Mo {alloy:g} % is extrapolated: fitted to C 0.6 %, alloy 5 %",
            RuntimeWarning,
            stacklevel=3,
        )


def ms_andrews_linear(C: float, Mn: float, Ni: float, Cr: float, Mo: float) -> float:
    """Return the temperature at which martensite starts to form, by the composition. [degC]

    Parameters
    ----------
    C, Mn, Ni, Cr, Mo : float   Contents by mass, dissolved in the austenite; 0 or more. [%]

    Raises
    ------
    ValueError  If a content is negative or not finite.

    Notes
    -----
    539 - 423 C - 30.4 Mn - 17.7 Ni - 12.1 Cr - 7.5 Mo, +-20 to 30 K. Warns if C exceeds 0.6 % or Mn + Ni + Cr + Mo 5 %.
    Andrews, J. Iron Steel Inst. 203 (1965) 721; that the formula is in use was read, the coefficients are recalled.

    >>> round(ms_andrews_linear(0.40, 0.85, 0.0, 0.95, 0.20))
    331
    """
    require_not_negative(C=C, Mn=Mn, Ni=Ni, Cr=Cr, Mo=Mo)
    _warn_of_composition("Ms", C, Mn + Ni + Cr + Mo)
    return 539.0 - 423.0 * C - 30.4 * Mn - 17.7 * Ni - 12.1 * Cr - 7.5 * Mo


def martensite_fraction(
    Ms: float, T_quench: float, rate: float = 0.011, carbon: float | None = None, alloy: float | None = None
) -> float:
    """Return the share of austenite that has become martensite at the lowest temperature of a quench. [0, 1]

    Parameters
    ----------
    Ms : float         Start of martensite, `ms_andrews_linear`. [degC]
    T_quench : float   Lowest temperature of the part: bath, or cold treatment. [degC]
    rate : float       0.011. [1/K]
    carbon : float     Content of the steel, to check the range; may be left out. [%]
    alloy : float      Mn + Ni + Cr + Mo, to check the range; may be left out. [%]

    Raises
    ------
    ValueError  If a temperature is not finite or below absolute zero, `rate` is not positive and finite, or a content
                is negative.

    Notes
    -----
    1 - exp(-rate (Ms - T)), 0 above Ms. Warns if carbon exceeds 0.6 % or the alloy 5 %: give them. The rest is retained
    austenite. Koistinen and Marburger, Acta Metall. 7 (1959) 59 (recalled); rate 0.011, and about 15 % left at 25 degC
    with Ms 200 degC: read.

    >>> round(martensite_fraction(200.0, 25.0, 0.011), 3)
    0.854
    """
    require_temperatures(Ms=Ms, T_quench=T_quench)
    require_positive(rate=rate)
    contents = {"carbon": 0.0 if carbon is None else carbon, "alloy": 0.0 if alloy is None else alloy}
    require_not_negative(**contents)
    _warn_of_composition("Share of martensite", **contents)
    return -math.expm1(-rate * max(0.0, Ms - T_quench))


def as_quenched_hardness(
    C: float, Si: float, Mn: float, Ni: float, Cr: float, cooling_rate: float = 1.0 / SECONDS_PER_HOUR
) -> float:
    """Return the hardness of martensite as quenched, by the composition. [HV]

    Parameters
    ----------
    C, Si, Mn, Ni, Cr : float   Contents by mass, dissolved in the austenite; 0 or more. [%]
    cooling_rate : float        At 700 degC, 5-200; left out, its term is 0. [K/s]

    Raises
    ------
    ValueError  If a content is negative or not finite, or `cooling_rate` is not positive and finite.

    Notes
    -----
    127 + 949 C + 27 Si + 11 Mn + 8 Ni + 16 Cr + 21 log10(rate in K/h); for fully martensitic low-alloy steel, C up to
    0.5 %. Maynier, Dollet and Bastien (1978), the composition read, the term of the rate recalled.

    >>> round(as_quenched_hardness(0.40, 0.25, 0.85, 0.0, 0.95, cooling_rate=30.0))
    644
    """
    require_not_negative(C=C, Si=Si, Mn=Mn, Ni=Ni, Cr=Cr)
    require_positive(cooling_rate=cooling_rate)
    rate_per_hour = cooling_rate * SECONDS_PER_HOUR
    return 127.0 + 949.0 * C + 27.0 * Si + 11.0 * Mn + 8.0 * Ni + 16.0 * Cr + 21.0 * math.log10(rate_per_hour)


def jmak_fraction(time: float, rate: float, exponent: float) -> float:
    """Return the transformed fraction after a time at constant temperature. [0, 1]

    Parameters
    ----------
    time : float       Since the start of the transformation; 0 or more. [s]
    rate : float       k of Avrami's equation, belongs to temperature and exponent. [s^-n]
    exponent : float   n, 1-4 usual. [-]

    Raises
    ------
    ValueError  If `time` is negative or not finite, or `rate` or `exponent` is not positive and finite.

    Notes
    -----
    X = 1 - exp(-k t^n): Johnson, Mehl, Avrami, Kolmogorov. Callister, Materials Science and Engineering (recalled).

    >>> round(jmak_fraction(100.0, 1e-4, 2.0), 3)
    0.632
    """
    require_not_negative(time=time)
    require_positive(rate=rate, exponent=exponent)
    return float(-math.expm1(-rate * time**exponent))


def jmak_half_time(fraction: float, time: float, exponent: float) -> float:
    """Return the time for half of a transformation, from one observation. [s]

    Parameters
    ----------
    fraction : float   Transformed at `time`, between 0 and 1. [-]
    time : float       Of the observation, at the same temperature. [s]
    exponent : float   n of Avrami's equation, 1-4 usual. [-]

    Raises
    ------
    ValueError  If `time` or `exponent` is not positive and finite, or `fraction` does not lie between 0 and 1.

    Notes
    -----
    t_1/2 = t (ln 2/-ln(1 - X))^(1/n). Callister, Materials Science and Engineering (recalled: 30 % after 100 min,
    n = 5: 114.2 min).

    >>> round(jmak_half_time(0.3, 6000.0, 5.0))
    6853
    """
    require_positive(time=time, exponent=exponent)
    require_between(0.0, 1.0, fraction=fraction)
    return float(time * (math.log(2.0) / -math.log1p(-fraction)) ** (1.0 / exponent))


def _incubation_shares(step: Sequence[float], incubation: Sequence[float]) -> list[float]:
    """Return step/incubation of each step, checked."""
    require_lists(step=step, incubation=incubation)
    if len(step) != len(incubation):
        raise ValueError(f"incubation must have one number for each step, got {len(incubation)} for {len(step)}")
    for i, (time, tau) in enumerate(zip(step, incubation, strict=True)):
        require_not_negative(**{f"step[{i}]": time})
        if not tau > 0.0:
            raise ValueError(f"incubation[{i}] must be positive, got {tau!r}")
    return [time / tau for time, tau in zip(step, incubation, strict=True)]


def scheil_sum(step: Sequence[float], incubation: Sequence[float]) -> float:
    """Return how much of the incubation of a transformation a cooling path has used up; at 1 it starts. [-]

    Parameters
    ----------
    step : sequence of float         Times at the successive temperatures. [s]
    incubation : sequence of float   Incubation time at each of them, from the TTT diagram; `math.inf` where nothing
                                     transforms. [s]

    Raises
    ------
    ValueError  If the lists differ in length, a step is negative or not finite, or an incubation time is not positive.

    Notes
    -----
    Sum of dt/tau(T): Scheil's additivity rule, Arch. Eisenhuettenwes. 8 (1935) 565 (recalled). Steps short enough that
    tau changes little in one.

    >>> round(scheil_sum([2.0, 3.0, 4.0, 5.0], [400.0, 60.0, 18.0, 11.0]), 4)
    0.7318
    """
    return math.fsum(_incubation_shares(step, incubation))


def scheil_start_time(step: Sequence[float], incubation: Sequence[float]) -> float:
    """Return when a transformation starts on a cooling path, infinity if it does not. [s]

    Parameters
    ----------
    step, incubation : sequences of float
        As in `scheil_sum`. [s]

    Raises
    ------
    ValueError  As `scheil_sum`.

    Notes
    -----
    Time at which `scheil_sum` reaches 1, linear inside a step. No start before Ms: the quench was fast enough.

    >>> scheil_start_time([2.0, 10.0], [4.0, 10.0])
    7.0
    """
    begin, used = 0.0, 0.0
    for time, share in zip(step, _incubation_shares(step, incubation), strict=True):
        if used + share >= 1.0:
            return begin + time * (1.0 - used) / share
        begin, used = begin + time, used + share
    return math.inf
