"""Luck and ignorance: what of a spread comes from simulation noise, what from uncertain parameters, and does it pay.

Two levels: K draws of the uncertain parameters, each with m replications of independent luck.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from factory_sim.results.statistics import Proportion

DRAWS = 20_000  # of the pivotal quantity
LEVEL = 0.95


@dataclass(frozen=True)
class TwoLevel:
    """A mean and the two variances around it, of one value: `parameters` between draws, `simulation` within one.

    `half_width` is that of the 95 % interval of the mean; nan with one draw.
    """

    mean: float
    parameters: float
    simulation: float
    draws: int
    replications: int
    half_width: float

    @property
    def of_mean(self) -> float:
        """Variance of the mean: more draws shrink both parts, more replications only the second."""
        return (self.parameters + self.simulation / self.replications) / self.draws


def two_level(values: ArrayLike) -> TwoLevel:
    """Return mean and both variances of values by draw and replication.

    Parameters
    ----------
    values : array, shape (K, m)   K >= 2 draws of the parameters, m >= 2 replications of each.

    Raises
    ------
    ValueError  If the shape is another or a value is not finite.

    Notes
    -----
    y_ij = mu + p_i + e_ij, with p_i of the parameters and e_ij of luck: one-way analysis of variance with random
    effects. MSB = m sum (y_i - y)^2 / (K - 1), MSW = sum (y_ij - y_i)^2 / (K (m - 1)); luck: MSW, parameters:
    max(0, (MSB - MSW)/m). The mean has the variance (parameters + luck/m)/K, which MSB/(K m) estimates with K - 1
    degrees of freedom. Searle, Casella & McCulloch, Variance Components (1992).

    >>> found = two_level([[1.0, 3.0], [5.0, 7.0]])  # MSB = 2 (4 + 4)/1 = 16, MSW = (2 + 2)/2 = 2
    >>> found.mean, found.parameters, found.simulation
    (4.0, 7.0, 2.0)
    """
    from scipy.special import stdtrit

    data = _table(values)
    draws, replications = data.shape
    between, within = _mean_squares(data)
    half_width = float(stdtrit(draws - 1, (1.0 + LEVEL) / 2.0)) * math.sqrt(between / data.size)
    return TwoLevel(
        float(data.mean()), max(0.0, (between - within) / replications), within, draws, replications, half_width
    )


def chance_above_zero(
    values: Sequence[float], draws: int | None = None, windows: float = 1.0, level: float = LEVEL, seed: int = 0
) -> Proportion:
    """Return the probability that what is to come lies above 0, and its interval.

    Parameters
    ----------
    values : sequence of float   One per run; with `draws`, those of one draw of the parameters in a row.
    draws : int, optional        Draws of the parameters, each with as many runs, at least 2 of 2. Default: luck and
                                 parameters are not told apart.
    windows : float              How many times the luck of a run is lived through, so that it averages out; >= 1.
    level : float                Of the interval, in (0, 1).
    seed : int                   Key of the Philox stream of the pivotal quantity.

    Raises
    ------
    ValueError  If there are fewer than two values, one is not finite, or they do not divide into the draws.

    Notes
    -----
    What is to come is normal about mu, with variance parameters + luck/windows. Its chance Phi(mu / sd) is estimated
    with all that a few runs leave open: the generalised pivotal quantities of mean and variances are drawn (mu = y - z
    sqrt(B/(K m)), B and W = sums of squares over chi-square), which gives a distribution of the chance. Its quantiles
    are the interval, its mean, the predictive probability, the estimate. With one level this is the exact interval of
    the noncentral t distribution and the prediction by Student's t. Weerahandi, J. Am. Stat. Assoc. 88 (1993) 899.
    Without any spread it is 0 or 1.

    >>> chance = chance_above_zero([2.0, 1.0, 3.0, 2.5, -0.5])  # P(t_4 < 1.6/(s sqrt(1 + 1/5))) = 0.824
    >>> round(chance.share, 2), round(chance.low, 2), round(chance.high, 2)
    (0.82, 0.48, 0.99)
    """
    from scipy.special import ndtr

    data = np.asarray(values, dtype=float)
    if data.ndim != 1 or data.size < 2 or not np.all(np.isfinite(data)):
        raise ValueError(f"values must be two or more finite numbers, got shape {data.shape}")
    if not 0.0 < level < 1.0 or not 1.0 <= windows < math.inf:
        raise ValueError(f"level must lie in (0, 1) and windows be at least 1, got {level!r} and {windows!r}")
    mean = float(data.mean())
    if np.ptp(data) == 0.0:
        certain = float(mean > 0.0)
        return Proportion(certain, certain, certain, data.size, level)
    uniform = (np.random.Philox(key=seed).random_raw(3 * DRAWS).reshape(3, DRAWS) >> np.uint64(11)) + 0.5
    mu, variance = _pivots(data, draws, windows, (uniform * 2.0**-53).astype(np.float64))
    with np.errstate(divide="ignore"):
        chances = np.where(variance > 0.0, ndtr(mu / np.sqrt(variance)), (mu > 0.0).astype(float))
    low, high = np.quantile(chances, [(1.0 - level) / 2.0, (1.0 + level) / 2.0])
    return Proportion(float(chances.mean()), float(low), float(high), data.size, level)


def _pivots(
    data: NDArray[np.float64], draws: int | None, windows: float, uniform: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return draws of the generalised pivotal quantities of the mean and of the variance of what is to come."""
    from scipy.special import chdtri, ndtri

    normal = ndtri(uniform[0])
    if draws is None:
        n = data.size
        square = float(((data - data.mean()) ** 2).sum()) / chdtri(n - 1, uniform[1])
        return data.mean() - normal * np.sqrt(square / n), square / windows
    if draws < 2 or data.size % draws or data.size < 2 * draws:
        raise ValueError(f"{data.size} values do not divide into {draws!r} draws of two or more, at least two")
    groups = data.reshape(draws, -1)
    replications = groups.shape[1]
    between, within = _mean_squares(groups)
    b = between * (draws - 1) / chdtri(draws - 1, uniform[1])
    w = within * draws * (replications - 1) / chdtri(draws * (replications - 1), uniform[2])
    mu = data.mean() - normal * np.sqrt(b / data.size)
    return mu, np.maximum(0.0, (b - w) / replications) + w / windows


def _mean_squares(data: NDArray[np.float64]) -> tuple[float, float]:
    """Return the mean squares between and within rows."""
    draws, replications = data.shape
    means = data.mean(axis=1)
    between = replications * float(((means - data.mean()) ** 2).sum()) / (draws - 1)
    within = float(((data - means[:, None]) ** 2).sum()) / (draws * (replications - 1))
    return between, within


def _table(values: ArrayLike) -> NDArray[np.float64]:
    data = np.asarray(values, dtype=float)
    if data.ndim != 2 or min(data.shape) < 2 or not np.all(np.isfinite(data)):
        raise ValueError(f"values must be (draws >= 2, replications >= 2) and finite, got shape {data.shape}")
    return data
