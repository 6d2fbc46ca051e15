"""How answers move with parameters of the plant: Latin hypercubes, rank correlations, Sobol indices."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from factory_sim.model.kinds import Whole
from factory_sim.study.settings import Factor

Values = NDArray[np.float64]


class MissingPackage(RuntimeError):
    """An optional package is not installed; the message says which."""


def latin_hypercube(factors: Sequence[Factor], samples: int, seed: int) -> list[dict[Factor, float]]:
    """Return settings that fill the ranges: each factor takes every `samples`-th part of its range once.

    Raises
    ------
    ValueError  If there is no factor or fewer than two samples.

    Notes
    -----
    Scrambled strata, as scipy.stats.qmc draws them. McKay, Beckman & Conover, Technometrics 21 (1979) 239.
    """
    from scipy.stats import qmc

    if not factors or samples < 2:
        raise ValueError(f"a factor and two samples are needed, got {len(factors)} and {samples}")
    unit = qmc.LatinHypercube(len(factors), rng=np.random.Generator(np.random.Philox(seed))).random(samples)
    return _scaled(factors, unit)


def rank_correlations(settings: Sequence[dict[Factor, float]], response: ArrayLike) -> dict[str, float]:
    """Return Spearman's rank correlation of each factor with a response, by path; nan if the response is constant.

    With a Latin hypercube the factors hardly hang together, so that this orders them by influence, if it is monotonic.
    """
    from scipy.stats import rankdata

    ranks = rankdata(np.asarray(response, dtype=float))
    found = {}
    for factor in settings[0]:
        other = rankdata([setting[factor] for setting in settings])
        spread = ranks.std() * other.std()
        found[factor.path] = (
            float(np.mean((ranks - ranks.mean()) * (other - other.mean())) / spread) if spread else float("nan")
        )
    return found


@dataclass(frozen=True)
class Sobol:
    """Shares of the variance of a response: by one factor alone, and with all its interactions, ± 95 % half-width."""

    first: float
    first_half_width: float
    total: float
    total_half_width: float


def sobol_settings(factors: Sequence[Factor], base: int, seed: int) -> list[dict[Factor, float]]:
    """Return the base * (factors + 2) settings that Sobol indices take; `base` is a power of 2.

    Raises
    ------
    MissingPackage  If SALib is not installed.
    ValueError      If `base` is no power of 2, or there is no factor.
    """
    if not factors or base < 2 or base & (base - 1):
        near = 2 ** max(1, round(math.log2(max(base, 2))))
        raise ValueError(
            f"{base} points are no power of 2; take for example {near}" if factors else "there is no factor"
        )
    sample, _ = _salib()
    unit = sample.sample(_problem(factors), base, calc_second_order=False, seed=seed)
    return _scaled(factors, unit)


def sobol_indices(factors: Sequence[Factor], response: ArrayLike, seed: int) -> dict[str, Sobol]:
    """Return the Sobol indices by path of a response at `sobol_settings`, in their order.

    Notes
    -----
    Estimators of SALib. Saltelli et al., Comput. Phys. Commun. 181 (2010) 259; the response must be a mean over
    replications that share their luck, or its noise counts as interaction. nan if the response is constant.
    """
    _, analyze = _salib()
    values = np.asarray(response, dtype=float)
    if not np.ptp(values) > 0.0:
        return {factor.path: Sobol(math.nan, math.nan, math.nan, math.nan) for factor in factors}
    found = analyze.analyze(_problem(factors), values, calc_second_order=False, seed=seed)
    return {
        factor.path: Sobol(*(float(found[key][i]) for key in ("S1", "S1_conf", "ST", "ST_conf")))
        for i, factor in enumerate(factors)
    }


def _problem(factors: Sequence[Factor]) -> dict[str, object]:
    return {
        "num_vars": len(factors),
        "names": [factor.path for factor in factors],
        "bounds": [[0.0, 1.0]] * len(factors),
    }


def _scaled(factors: Sequence[Factor], unit: Values) -> list[dict[Factor, float]]:
    return [{factor: _at(factor, float(u)) for factor, u in zip(factors, row, strict=True)} for row in unit]


def _at(factor: Factor, share: float) -> float:
    """Return the value at a share of a range; whole numbers are equally likely, the ends as well as the others."""
    if isinstance(factor.kind, Whole):
        return min(math.floor(factor.low + share * (factor.high - factor.low + 1.0)), factor.high)
    return factor.low + share * (factor.high - factor.low)


def _salib() -> tuple[Any, Any]:
    try:
        from SALib.analyze import sobol as analyze
        from SALib.sample import sobol as sample
    except ImportError:
        raise MissingPackage("Sobol indices need the package SALib; install ppuri-factory-sim[sensitivity]") from None
    return sample, analyze
