"""Constants of ranking and selection: how many replications a guarantee takes, and how a budget is best shared."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray


@dataclass(frozen=True)
class KimNelson:
    """Constants of the fully sequential procedure with c = 1: slope `eta` and `h_squared` = 2 eta (n0 - 1)."""

    eta: float
    h_squared: float


def kim_nelson(systems: int, first: int, alpha: float = 0.05) -> KimNelson:
    """Return the constants of the fully sequential procedure KN, valid under common random numbers.

    Parameters
    ----------
    systems : int  Number of systems compared, at least 2.
    first : int    Replications of the first stage, n0, at least 2.
    alpha : float  1 less the probability of a correct selection, in (0, 1 - 1/systems).

    Raises
    ------
    ValueError  If an argument lies outside its range.

    Notes
    -----
    eta = ((2 alpha / (k - 1))^(-2 / (n0 - 1)) - 1) / 2. Kim & Nelson, ACM TOMACS 11 (2001) 251.

    >>> constants = kim_nelson(5, 10)
    >>> round(constants.eta, 6), round(constants.h_squared, 5)
    (0.634967, 11.42941)
    """
    _require_procedure(systems, first, 1.0 - alpha)
    eta = 0.5 * ((2.0 * alpha / (systems - 1)) ** (-2.0 / (first - 1)) - 1.0)
    return KimNelson(eta, 2.0 * eta * (first - 1))


def dudewicz_dalal(systems: int, first: int, probability: float = 0.95) -> float:
    """Return the constant h of the two-stage procedure of Dudewicz and Dalal (independent systems). [-]

    A system with the first-stage variance s^2 then takes max(n0 + 1, ceil((h s / delta)^2)) replications.

    Parameters
    ----------
    systems : int         Number of systems compared, at least 2.
    first : int           Replications of the first stage, n0, at least 2.
    probability : float   Of a correct selection, in (1/systems, 1).

    Raises
    ------
    ValueError  If an argument lies outside its range.

    Notes
    -----
    h solves: integral of F(t + h)^(k - 1) f(t) dt = P, with F and f those of Student's t with n0 - 1 degrees of
    freedom. Dudewicz & Dalal, Sankhya B 37 (1975) 28.

    >>> round(dudewicz_dalal(2, 20, 0.90), 3)
    1.896
    """
    from scipy.integrate import quad
    from scipy.optimize import brentq
    from scipy.special import stdtr, stdtrit

    _require_procedure(systems, first, probability)
    freedom = first - 1

    def surplus(h: float) -> float:
        # In probabilities of t, so that the heavy tails of few degrees of freedom are no endless integral.
        found = quad(
            lambda p: float(stdtr(freedom, stdtrit(freedom, p) + h)) ** (systems - 1), 0.0, 1.0, epsabs=1e-11, limit=500
        )
        return float(found[0]) - probability

    high = 1.0
    while surplus(high) < 0.0:
        high *= 2.0
    return float(brentq(surplus, 0.0, high, xtol=1e-10))


def ocba_shares(
    means: ArrayLike, deviations: ArrayLike, best: Literal["largest", "smallest"] = "largest"
) -> NDArray[np.float64]:
    """Return the shares of a budget that optimal computing budget allocation gives to systems with own luck. [-]

    Parameters
    ----------
    means : array, shape (systems,)       Estimated means.
    deviations : array, shape (systems,)  Standard deviations of one replication, positive.
    best : str                            Whether the `largest` or the `smallest` mean is best.

    Returns
    -------
    array, shape (systems,)  Sums to 1.

    Raises
    ------
    ValueError  If there are fewer than two systems, a number is not finite, a deviation is not positive, or another
                mean equals the best one, for which the rule has no answer.

    Notes
    -----
    N_i / N_j = ((s_i / d_i) / (s_j / d_j))^2 for the others, d the distance from the best; N_b = s_b sqrt(sum (N_i /
    s_i)^2). For independent systems only. Chen, Lin, Yucesan & Chick, Discrete Event Dyn. Syst. 10 (2000) 251.

    >>> ocba_shares([1.0, 1.8, 2.5], [1.5, 1.0, 2.0], best="smallest").round(4).tolist()
    [0.4467, 0.2588, 0.2945]
    """
    mean, spread = np.asarray(means, dtype=float), np.asarray(deviations, dtype=float)
    if mean.ndim != 1 or mean.shape != spread.shape or mean.size < 2:
        raise ValueError(f"means and deviations must be vectors of two or more, got {mean.shape} and {spread.shape}")
    if not np.all(np.isfinite(mean) & np.isfinite(spread)) or np.any(spread <= 0.0):
        raise ValueError("means must be finite, deviations finite and positive")
    if best not in ("largest", "smallest"):
        raise ValueError(f"best must be 'largest' or 'smallest', got {best!r}")
    winner = int(np.argmax(mean) if best == "largest" else np.argmin(mean))
    others = np.arange(mean.size) != winner
    distance = np.abs(mean - mean[winner])[others]
    if np.any(distance == 0.0):
        raise ValueError("another mean equals the best one; there is no best system to find")
    counts = np.empty(mean.size)
    counts[others] = (spread[others] / distance) ** 2
    counts[winner] = spread[winner] * math.sqrt(float(np.sum((counts[others] / spread[others]) ** 2)))
    shares: NDArray[np.float64] = counts / counts.sum()
    return shares


def _require_procedure(systems: int, first: int, probability: float) -> None:
    if systems < 2:
        raise ValueError(f"systems must be at least 2, got {systems!r}")
    if first < 2:
        raise ValueError(f"first must be at least 2 replications, got {first!r}")
    if not 1.0 / systems < probability < 1.0:
        raise ValueError(f"the probability of a correct selection must lie in (1/{systems}, 1), got {probability!r}")
