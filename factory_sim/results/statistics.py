"""Statistics of replications: intervals, paired comparison, the chance of being best, and the end of the warm-up.

One value per replication, replications independent of each other. Scenarios compared in pairs share their luck (common
random numbers): value i of both comes from replication i.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

DRAWS = 10_000  # of the means, for the chance of being best
_AT_ONCE = 2000  # of them in memory
Values = NDArray[np.float64]


@dataclass(frozen=True)
class Interval:
    """A mean and the half-width of its confidence interval; the half-width of one value alone is nan."""

    mean: float
    half_width: float
    n: int
    level: float

    @property
    def low(self) -> float:
        """Lower end."""
        return self.mean - self.half_width

    @property
    def high(self) -> float:
        """Upper end."""
        return self.mean + self.half_width


@dataclass(frozen=True)
class Proportion:
    """A share of successes and the ends of its confidence interval, which is not symmetric about the share."""

    share: float
    low: float
    high: float
    n: int
    level: float


@dataclass(frozen=True)
class Truncation:
    """Where the warm-up ends according to `mser5`: how much to delete, and what is left then."""

    batches: int
    observations: int
    mean: float
    statistic: float
    conclusive: bool


def t_interval(values: ArrayLike, level: float = 0.95) -> Interval:
    """Return the mean and its Student confidence interval.

    Parameters
    ----------
    values : array, shape (n,)  Independent, about normal. With n = 1 the half-width is nan.
    level : float               Share of such intervals that contain the true mean, in (0, 1).

    Raises
    ------
    ValueError  If there is no value, one is not finite, or the level lies outside (0, 1).

    Notes
    -----
    half-width = t((1 + level) / 2, n - 1) s / sqrt(n). Student, Biometrika 6 (1908) 1.

    >>> interval = t_interval([4.0, 5.0, 6.0])
    >>> interval.mean, round(interval.half_width, 4), interval.n
    (5.0, 2.4841, 3)
    """
    from scipy.special import stdtrit  # what scipy.stats.t.ppf calls, at a thirtieth of the time

    data = _vector(values)
    _require_level(level)
    n = data.size
    if n == 1:
        return Interval(float(data[0]), math.nan, 1, level)
    half_width = stdtrit(n - 1, (1.0 + level) / 2.0) * data.std(ddof=1) / math.sqrt(n)
    return Interval(float(data.mean()), float(half_width), n, level)


def paired_difference(a: ArrayLike, b: ArrayLike, level: float = 0.95) -> Interval:
    """Return the Student interval of the mean of a - b, replication by replication.

    Raises
    ------
    ValueError  As `t_interval`, or if a and b differ in length.

    >>> paired_difference([10.0, 12.0, 14.0], [9.0, 11.0, 13.0])
    Interval(mean=1.0, half_width=0.0, n=3, level=0.95)
    """
    first, second = _pair(a, b)
    return t_interval(first - second, level)


def variance_reduction(a: ArrayLike, b: ArrayLike) -> float:
    """Return the factor that common random numbers gain: (var a + var b) / var(a - b). [-]

    So many times more replications would independent streams need for the same half-width of a - b; below 1 they
    would do better. nan with one replication or if nothing varies; inf if only the difference does not.

    Raises
    ------
    ValueError  If a and b are empty, differ in length, or hold a value that is not finite.

    >>> round(variance_reduction([1.0, 2.0, 3.0], [1.0, 2.0, 4.0]), 6)
    10.0
    """
    first, second = _pair(a, b)
    if first.size == 1:
        return math.nan
    apart = float(first.var(ddof=1) + second.var(ddof=1))
    together = float((first - second).var(ddof=1))
    dust = (4.0 * np.finfo(float).eps * max(np.abs(first).max(), np.abs(second).max())) ** 2
    if together > dust:
        return apart / together
    return math.inf if apart > dust else math.nan


def quantiles(values: ArrayLike, probabilities: Sequence[float] = (0.05, 0.5, 0.95)) -> Values:
    """Return quantiles, interpolated between ordered values; infinite values (a payback of never) may be among them.

    Position (n - 1) p from the least, as NumPy and Excel have it; between a finite and an infinite value it is
    the infinite one.

    Raises
    ------
    ValueError  If there is no value, one is nan, or a probability lies outside [0, 1].

    >>> quantiles([1.0, 2.0, 4.0, float("inf")], (0.0, 0.5, 0.9)).tolist()
    [1.0, 3.0, inf]
    """
    data = np.sort(_vector(values, finite=False))
    wanted = np.asarray(probabilities, dtype=float)
    if not np.all((wanted >= 0.0) & (wanted <= 1.0)):
        raise ValueError(f"probabilities must lie in [0, 1], got {probabilities!r}")
    position = (data.size - 1) * wanted
    below = np.floor(position).astype(int)
    low, high, part = data[below], data[np.ceil(position).astype(int)], position - below
    mixed = (low != high) & (part > 0.0)  # elsewhere there is nothing to interpolate, and 0 x inf must not arise
    result: Values = low.copy()
    result[mixed] = (1.0 - part[mixed]) * low[mixed] + part[mixed] * high[mixed]
    return result


def probability_best(matrix: ArrayLike, seed: int = 0, draws: int = DRAWS) -> Values:
    """Return for each scenario the probability that its mean is the highest, by Student's t.

    Parameters
    ----------
    matrix : array, shape (replications, scenarios)  Higher is better; a row is one replication of all scenarios.
    seed : int                                       Key of the Philox stream of the draws, >= 0.
    draws : int                                      Of the means, >= 1.

    Returns
    -------
    array, shape (scenarios,)  Sums to 1; nan with one replication, which says nothing about luck.

    Raises
    ------
    ValueError  If the matrix is empty, is not two-dimensional or holds a value that is not finite, or `draws` < 1.

    Notes
    -----
    Means are drawn from the multivariate t distribution about those seen, with replications - 1 degrees of freedom and
    the covariance of the rows over their number, so that scenarios keep their common luck and few replications give no
    certainty: of two scenarios it is Student's one-sided probability for their paired difference (a bootstrap of two
    replications would call the one certain that led in both). The result is the share of draws in which a scenario's
    mean is highest; ties are split evenly. It is no selection with a guarantee. Values are taken as about normal. The
    draws come from raw 64-bit output, whose stream NumPy guarantees.

    >>> probability_best([[1.0, 3.0], [2.0, 4.0], [3.0, 5.0]]).tolist()
    [0.0, 1.0]
    >>> round(float(probability_best([[0.0, 1.0], [0.0, 3.0]], draws=50_000)[1]), 2)  # P(t_1 > -2/1)
    0.85
    """
    data = np.asarray(matrix, dtype=float)
    if data.ndim != 2 or 0 in data.shape or not np.all(np.isfinite(data)):
        raise ValueError(f"matrix must be (replications, scenarios) of finite values, got shape {data.shape}")
    return probability_best_of_unequal(list(data.T), seed, draws)


def probability_best_of_unequal(columns: Sequence[ArrayLike], seed: int = 0, draws: int = DRAWS) -> Values:
    """Return the same for scenarios of which some were given up earlier than others.

    Parameters
    ----------
    columns : one vector for each scenario  Higher is better; value i of all comes from replication i.

    Returns
    -------
    array, shape (scenarios,)  As `probability_best`; nan if a scenario has one replication only.

    Notes
    -----
    Each scenario has the degrees of freedom of its own replications; what two have in common moves both. Scenarios
    given up early look worse than they are, by what made them look bad.

    >>> [round(chance, 2) for chance in probability_best_of_unequal([[1.0, 2.0, 3.0, 4.0], [9.0, 9.5]]).tolist()]
    [0.01, 0.99]
    """
    data = [_vector(column) for column in columns]
    if draws < 1:
        raise ValueError(f"draws must be at least 1, got {draws!r}")
    if not data or min(column.size for column in data) == 1:
        return np.full(len(data), np.nan)
    longest = max(column.size for column in data)
    best = np.zeros(len(data))
    stream = np.random.Philox(key=seed)
    for begin in range(0, draws, _AT_ONCE):
        best += _times_best(data, stream, min(_AT_ONCE, draws - begin), longest)
    return best / draws


def _times_best(data: Sequence[Values], stream: np.random.Philox, draws: int, longest: int) -> Values:
    """Return how often the mean of each scenario is the highest in some draws of all means."""
    from scipy.special import chdtri, ndtri

    raw = stream.random_raw(draws * (longest + 1)).reshape(draws, longest + 1) >> np.uint64(11)
    uniform = (raw + 0.5) * 2.0**-53
    normal, chance = ndtri(uniform[:, 1:]), uniform[:, 0]
    scales = {n: np.sqrt((n - 1) / chdtri(n - 1, chance)) for n in {column.size for column in data}}
    means = np.empty((draws, len(data)))
    for scenario, column in enumerate(data):
        n = column.size
        moved = (normal[:, :n] * (column - column.mean())).sum(axis=1) / math.sqrt(n * (n - 1.0))
        means[:, scenario] = column.mean() + scales[n] * moved
    highest = means == means.max(axis=1, keepdims=True)
    times: Values = (highest / highest.sum(axis=1, keepdims=True)).sum(axis=0)
    return times


def wilson(successes: int, n: int, level: float = 0.95) -> Proportion:
    """Return a share and its Wilson score interval, sensible at 0 and 1 and for small n.

    Raises
    ------
    ValueError  If n < 1, successes lie outside [0, n], or the level lies outside (0, 1).

    Notes
    -----
    Wilson, J. Am. Stat. Assoc. 22 (1927) 209.

    >>> chance = wilson(8, 10)
    >>> chance.share, round(chance.low, 4), round(chance.high, 4)
    (0.8, 0.4902, 0.9433)
    """
    from scipy.special import ndtri

    _require_level(level)
    if not 0 <= successes <= n or n < 1:
        raise ValueError(f"successes must lie in [0, n] and n must be at least 1, got {successes!r} of {n!r}")
    share = successes / n
    z = float(ndtri((1.0 + level) / 2.0))
    centre = (share + z * z / (2.0 * n)) / (1.0 + z * z / n)
    half = z / (1.0 + z * z / n) * math.sqrt(share * (1.0 - share) / n + z * z / (4.0 * n * n))
    low = 0.0 if successes == 0 else centre - half
    return Proportion(share, low, 1.0 if successes == n else centre + half, n, level)


def batch_means(values: ArrayLike, batches: int = 20) -> Values:
    """Return the means of equal, consecutive batches of one long run; `t_interval` of them judges its mean.

    What does not divide is left out at the beginning, next to the warm-up.

    Raises
    ------
    ValueError  If `batches` < 1, there are fewer values than batches, or a value is not finite.

    >>> batch_means([9.0, 1.0, 3.0, 2.0, 4.0], batches=2).tolist()
    [2.0, 3.0]
    """
    data = _vector(values)
    if not 1 <= batches <= data.size:
        raise ValueError(f"batches must lie in [1, {data.size}], the number of values, got {batches!r}")
    size = data.size // batches
    means: Values = data[data.size - batches * size :].reshape(batches, size).mean(axis=1)
    return means


def mser5(values: ArrayLike, batch: int = 5) -> Truncation:
    """Return the warm-up to delete from one series by MSER-5.

    Parameters
    ----------
    values : array, shape (n,)  One value per observation or per week, in order of time; n >= `batch`.
    batch : int                 Observations averaged into one; 5 gives the rule its name. What is left over at
                                the end is not used.

    Returns
    -------
    Truncation  Batches and observations to delete, mean of the batches that are left, the statistic's minimum;
                not `conclusive` if the minimum lies at the last place searched: the run is too short.

    Raises
    ------
    ValueError  If there is no full batch, or a value is not finite.

    Notes
    -----
    The d in 0..n' // 2 that minimises sum over j >= d of (z_j - mean)^2 / (n' - d)^2; the smallest of equals.
    White, Simulation 69 (1997) 323. Sums run from the end (Welford), so a constant series gives exactly 0.

    >>> mser5([0.0] * 5 + [1.0] * 45).observations
    5
    """
    data = _vector(values)
    if not 1 <= batch <= data.size:
        raise ValueError(f"batch must lie in [1, {data.size}], the number of values, got {batch!r}")
    series = data[: data.size // batch * batch].reshape(-1, batch).mean(axis=1).tolist()
    mean, squares = 0.0, 0.0
    best, best_mean, least = len(series), math.nan, math.inf
    last = len(series) // 2
    for d in range(len(series) - 1, -1, -1):
        count = len(series) - d
        off = series[d] - mean
        mean += off / count
        squares += off * (series[d] - mean)
        statistic = squares / count**2
        if d <= last and statistic <= least:
            best, best_mean, least = d, mean, statistic
    return Truncation(best, best * batch, best_mean, least, best < last)


def welch_moving_average(values: ArrayLike, window: int) -> Values:
    """Return Welch's moving average, to see where the warm-up ends.

    Parameters
    ----------
    values : array, shape (n,) or (replications, n)  In order of time; replications are averaged first.
    window : int                                     Neighbours taken on either side, 0 <= window < n.

    Returns
    -------
    array, shape (n - window,)  Value i is the mean of 2 window + 1 values about i, of 2 i + 1 near the beginning.

    Raises
    ------
    ValueError  If a value is not finite, the shape is another, or the window is too long.

    Notes
    -----
    Welch in Lavenberg (ed.), Computer Performance Modeling Handbook (1983); Law & Kelton, Simulation Modeling.

    >>> welch_moving_average([2.0, 4.0, 7.0, 9.0], 1).round(3).tolist()
    [2.0, 4.333, 6.667]
    """
    data = np.asarray(values, dtype=float)
    series = _vector(data.mean(axis=0) if data.ndim == 2 and len(data) else data)
    if not 0 <= window < series.size:
        raise ValueError(f"window must lie in [0, {series.size - 1}], got {window!r}")
    reach = [min(i, window) for i in range(series.size - window)]
    return np.array([series[i - r : i + r + 1].mean() for i, r in enumerate(reach)])


def _vector(values: ArrayLike, finite: bool = True) -> Values:
    """Return the values as a vector of floats; raise unless there is one and all are finite (or at least not nan)."""
    data = np.asarray(values, dtype=float)
    if data.ndim != 1 or data.size == 0:
        raise ValueError(f"values must be a vector with at least one value, got shape {data.shape}")
    wrong = data[~np.isfinite(data) if finite else np.isnan(data)]
    if wrong.size:
        raise ValueError(f"values must {'be finite' if finite else 'not be nan'}, got {float(wrong[0])!r}")
    return data


def _pair(a: ArrayLike, b: ArrayLike) -> tuple[Values, Values]:
    first, second = _vector(a), _vector(b)
    if first.size != second.size:
        raise ValueError(f"a and b must have one value per replication each, got {first.size} and {second.size}")
    return first, second


def _require_level(level: float) -> None:
    if not 0.0 < level < 1.0:
        raise ValueError(f"level must lie in (0, 1), got {level!r}")
