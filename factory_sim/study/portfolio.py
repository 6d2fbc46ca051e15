"""Which investments of several plants or firms to support under one budget."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from factory_sim.results.statistics import Interval, t_interval


@dataclass(frozen=True)
class Option:
    """What one plant could do: a scenario, what it takes out of the budget, and what it is worth by replication."""

    name: str
    cost: float  # [KRW]
    values: tuple[float, ...]  # [KRW]

    @property
    def mean(self) -> float:
        """Mean worth. [KRW]"""
        return float(np.mean(self.values))


@dataclass(frozen=True)
class Portfolio:
    """The best choice: an option for each plant (None: nothing), its cost, and its worth with the interval."""

    chosen: dict[str, Option | None]
    cost: float
    worth: Interval


def best_portfolio(plants: Mapping[str, Sequence[Option]], budget: float, level: float = 0.95) -> Portfolio:
    """Return the options, at most one for each plant, of the highest total mean worth that the budget allows.

    Parameters
    ----------
    plants : mapping  Plant -> its options; doing nothing costs nothing, is worth nothing, and is always possible.
    budget : float    Most that they may cost together, at least 0. [KRW]
    level : float     Of the interval of the worth.

    Raises
    ------
    ValueError  If the budget is negative or a number is not finite.

    Notes
    -----
    The multiple-choice knapsack, solved to proven optimality as an integer programme (scipy's HiGHS). Plants have luck
    of their own, so the variance of the total is the sum of theirs; the interval takes the smallest number of
    replications for its degrees of freedom.

    >>> saw = [Option("blade", 3.0, (5.0, 5.0)), Option("robot", 6.0, (9.0, 9.0))]
    >>> best = best_portfolio({"saw": saw, "mill": [Option("guide", 4.0, (6.0, 6.0))]}, budget=8.0)
    >>> {plant: option and option.name for plant, option in best.chosen.items()}, best.worth.mean
    ({'saw': 'blade', 'mill': 'guide'}, 11.0)
    """
    from scipy.optimize import Bounds, LinearConstraint, milp

    if not 0.0 <= budget < math.inf:
        raise ValueError(f"budget must be at least 0 and finite, got {budget!r}")
    options = [(plant, option) for plant, some in plants.items() for option in some]
    costs = np.array([option.cost for _, option in options])
    means = np.array([option.mean for _, option in options])
    if not (np.all(np.isfinite(costs)) and np.all(np.isfinite(means)) and np.all(costs >= 0.0)):
        raise ValueError("costs must be finite and not negative, values finite")
    chosen: dict[str, Option | None] = dict.fromkeys(plants)
    # What alone is too dear, or worth nothing, is no choice; the solver then sees numbers near 1 only.
    possible = [i for i in range(len(options)) if costs[i] <= budget and means[i] > 0.0]
    if possible:
        each = np.array([[float(options[i][0] == plant) for i in possible] for plant in plants])
        scale = max(float(costs[possible].max()), 1.0)
        constraints = [LinearConstraint(each, -np.inf, 1.0)]
        constraints.append(LinearConstraint(costs[possible][None, :] / scale, -np.inf, budget / scale * (1.0 + 1e-12)))
        found = milp(
            -means[possible] / means[possible].max(),
            integrality=np.ones(len(possible), dtype=np.int64),
            bounds=Bounds(0.0, 1.0),
            constraints=constraints,
            options={"mip_rel_gap": 0.0},
        )
        if not found.success:
            raise RuntimeError(f"no best portfolio found: {found.message}")
        for i, taken in zip(possible, found.x, strict=True):
            if taken > 0.5:
                chosen[options[i][0]] = options[i][1]
    taken_options = [option for option in chosen.values() if option is not None]
    return Portfolio(chosen, sum(option.cost for option in taken_options), _worth(taken_options, level))


def _worth(options: Sequence[Option], level: float) -> Interval:
    if not options:
        return Interval(0.0, 0.0, 0, level)
    intervals = [t_interval(option.values, level) for option in options]
    least = min(interval.n for interval in intervals)
    if least < 2:
        return Interval(sum(interval.mean for interval in intervals), math.nan, least, level)
    from scipy.special import stdtrit

    variance = sum(float(np.var(option.values, ddof=1)) / len(option.values) for option in options)
    half_width = float(stdtrit(least - 1, (1.0 + level) / 2.0)) * math.sqrt(variance)
    return Interval(sum(interval.mean for interval in intervals), half_width, least, level)
