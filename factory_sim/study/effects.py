"""Main effects and interactions of investments in a two-level design, and the scenarios that nothing beats.

An effect is the mean with, less the mean without, over all runs of the design. It is taken in each replication, and its
interval is that over the replications, so that common luck cancels.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from factory_sim.results.statistics import Interval, t_interval

Sets = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class Effect:
    """An effect of one factor, or of two together; `aliases` are those that the design cannot tell from it.

    An alias with `-` before it has the opposite sign.
    """

    factors: tuple[str, ...]
    interval: Interval
    aliases: tuple[str, ...]


def effects(sets: Sets, factors: Sequence[str], values: Mapping[str, ArrayLike]) -> list[Effect]:
    """Return main effects and two-factor interactions, those aliased with an earlier one left out.

    Parameters
    ----------
    sets : mapping      Scenario -> factors that are at their high level; a regular two-level design, each run once.
    factors : sequence  All factors.
    values : mapping    Scenario -> response by replication, as many for each.

    Raises
    ------
    ValueError  If the design is not balanced: a factor is not as often high as low, or columns are neither orthogonal
                nor the same.

    >>> sets = {"none": (), "a": ("a",), "b": ("b",), "both": ("a", "b")}
    >>> found = effects(sets, "ab", {"none": [0.0], "a": [4.0], "b": [1.0], "both": [9.0]})
    >>> [(each.factors, each.interval.mean) for each in found]
    [(('a',), 6.0), (('b',), 3.0), (('a', 'b'), 2.0)]
    """
    response = np.column_stack([np.asarray(values[name], dtype=float) for name in sets])
    signs = {factor: np.array([1.0 if factor in made else -1.0 for made in sets.values()]) for factor in factors}
    columns: dict[tuple[str, ...], NDArray[np.float64]] = {(factor,): sign for factor, sign in signs.items()}
    columns |= {pair: signs[pair[0]] * signs[pair[1]] for pair in combinations(factors, 2)}
    runs = len(sets)
    found: dict[tuple[str, ...], list[str]] = {}
    for names, column in columns.items():
        if column.sum() != 0.0:
            raise ValueError(f"{' x '.join(names)} is not as often high as low; the design is not balanced")
        alias = next((other for other in found if abs(column @ columns[other]) == runs), None)
        if alias is not None:
            found[alias].append(("" if column @ columns[alias] > 0.0 else "-") + " x ".join(names))
            continue
        if any(column @ columns[other] != 0.0 for other in found):
            raise ValueError(f"{' x '.join(names)} hangs together with another column; the design is not regular")
        found[names] = []
    return [
        Effect(names, t_interval(response @ columns[names] * 2.0 / runs), tuple(aliases))
        for names, aliases in found.items()
    ]


def pareto(points: Mapping[str, Sequence[float]]) -> list[str]:
    """Return the names of the points that no other point beats, all coordinates higher is better, in their order.

    A point is beaten by one that is nowhere worse and somewhere better. Points with a value that is nan are left out.

    >>> pareto({"a": (1.0, 5.0), "b": (2.0, 4.0), "c": (1.0, 4.0)})
    ['a', 'b']
    """
    known = {name: np.asarray(point, dtype=float) for name, point in points.items()}
    known = {name: point for name, point in known.items() if not np.isnan(point).any()}
    return [
        name
        for name, point in known.items()
        if not any((other >= point).all() and (other > point).any() for other in known.values())
    ]
