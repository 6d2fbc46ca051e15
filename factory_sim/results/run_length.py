"""How long to simulate: replications until a half-width, and one long run judged in steady state."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from factory_sim.results.statistics import Interval, Truncation, batch_means, mser5, t_interval


@dataclass(frozen=True)
class Sequential:
    """Replications until a half-width: the interval then, and whether it became as narrow as was asked."""

    interval: Interval
    reached: bool


@dataclass(frozen=True)
class SteadyState:
    """The mean of one long run: its interval by batch means, what was deleted, and how far batches hang together.

    With `lag_one` (correlation of neighbouring batches) clearly above 0 the interval is too narrow: run longer.
    """

    interval: Interval
    truncation: Truncation
    lag_one: float


def replications_needed(values: ArrayLike, half_width: float, level: float = 0.95) -> int:
    """Return how many replications a half-width takes, judged from a pilot. [-]

    Parameters
    ----------
    values : array, shape (n,)  Pilot, independent, n >= 2.
    half_width : float          Wanted, in the unit of the values, above 0.
    level : float               Of the interval, in (0, 1).

    Returns
    -------
    int  The least m >= n with t((1 + level) / 2, m - 1) s / sqrt(m) <= half_width, s that of the pilot.

    Raises
    ------
    ValueError  If there are fewer than two values, one is not finite, or `half_width` is not above 0.

    Notes
    -----
    Law, Simulation Modeling and Analysis, 5th ed., section 9.4.1.

    >>> replications_needed([4.0, 5.0, 6.0], 0.5)
    18
    """
    from scipy.special import stdtrit

    pilot = t_interval(values, level)
    if pilot.n < 2:
        raise ValueError("a pilot needs at least 2 values, got 1")
    _require_width(half_width)
    deviation = float(np.std(np.asarray(values, dtype=float), ddof=1))

    def wide(m: int) -> bool:
        return float(stdtrit(m - 1, (1.0 + level) / 2.0)) * deviation / math.sqrt(m) > half_width

    if not wide(pilot.n):
        return pilot.n
    low, high = pilot.n, 2 * pilot.n
    while wide(high):
        low, high = high, 2 * high
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if wide(middle) else (low, middle)
    return high


def until_half_width(
    sample: Callable[[int], float], half_width: float, level: float = 0.95, first: int = 10, most: int = 10_000
) -> Sequential:
    """Return the interval of a mean after as many replications as its half-width takes.

    Parameters
    ----------
    sample : callable   Gives the value of replication 0, 1, 2, ...; called once for each.
    half_width : float  Wanted, in the unit of the values, above 0.
    level : float       Of the interval, in (0, 1).
    first, most : int   Replications before the first look, at least 2, and at most.

    Raises
    ------
    ValueError  If an argument lies outside its range or a value is not finite.

    Notes
    -----
    Sequential procedure of Chow & Robbins, Ann. Math. Stat. 36 (1965) 457: the coverage is the nominal one as the
    half-width goes to 0; with a short first stage it is a little less.

    >>> found = until_half_width(lambda i: float(i % 2), 0.2)
    >>> found.reached, found.interval.n
    (True, 28)
    """
    _require_width(half_width)
    if not 2 <= first <= most:
        raise ValueError(f"first must lie in [2, most], got {first!r} and most {most!r}")
    values = [sample(index) for index in range(first)]
    interval = t_interval(values, level)
    while interval.half_width > half_width and interval.n < most:
        values.append(sample(len(values)))
        interval = t_interval(values, level)
    return Sequential(interval, interval.half_width <= half_width)


def terminating(values: ArrayLike, level: float = 0.95) -> Interval:
    """Return the mean of runs that end by themselves (a day, an order), one value per replication; see `t_interval`.

    Nothing is deleted at the beginning, because the beginning belongs to what is asked.

    >>> terminating([4.0, 5.0, 6.0]).mean
    5.0
    """
    return t_interval(values, level)


def steady_state(values: ArrayLike, batches: int = 20, level: float = 0.95) -> SteadyState:
    """Return the long-run mean of one long run: warm-up deleted by MSER-5, interval by batch means.

    Parameters
    ----------
    values : array, shape (n,)  In order of time; at least 10 observations, and `batches` after the warm-up.
    batches : int               Batches of equal length of what is left, at least 3.
    level : float               Of the interval, in (0, 1).

    Raises
    ------
    ValueError  If the run is too short, or an argument lies outside its range.

    >>> found = steady_state([0.0] * 5 + [1.0, 3.0] * 50)
    >>> found.truncation.observations, found.interval.mean
    (5, 2.0)
    """
    if batches < 3:
        raise ValueError(f"batches must be at least 3, got {batches!r}")
    data = np.asarray(values, dtype=float)
    cut = mser5(data)
    means = batch_means(data[cut.observations :], batches)
    off = means - means.mean()
    together = float(off @ off)
    lag_one = float(off[1:] @ off[:-1]) / together if together > 0.0 else 0.0
    return SteadyState(t_interval(means, level), cut, lag_one)


def _require_width(half_width: float) -> None:
    if not 0.0 < half_width < math.inf:
        raise ValueError(f"half_width must be above 0 and finite, got {half_width!r}")
