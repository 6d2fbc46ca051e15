"""Search over whole numbers of a plant, such as places of buffers and people of crews."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

from factory_sim.results.statistics import Interval, paired_difference

Point = tuple[int, ...]
Values = Callable[[Sequence[Point]], Sequence[Sequence[float]]]
"""Points -> value of each replication of each, the same luck for all; higher is better."""


@dataclass(frozen=True)
class Found:
    """The best point, and how much each neighbour differs from it in paired replications.

    `certain`: no neighbour's interval reaches above 0, so that no step away is better, as far as can be told.
    """

    point: dict[str, int]
    values: tuple[float, ...]
    neighbours: dict[Point, Interval]
    visited: int

    @property
    def certain(self) -> bool:
        """Whether every neighbour is worse, or as good, beyond its interval."""
        return all(interval.high <= 0.0 for interval in self.neighbours.values())


def climb(values: Values, ranges: Mapping[str, tuple[int, int]], start: Mapping[str, int] | None = None) -> Found:
    """Return a point from which no step to a neighbour raises the mean.

    Parameters
    ----------
    values : callable  Simulates points; asked for each point once.
    ranges : mapping   Name -> least and most value, both allowed.
    start : mapping    Where to begin; default: the middle of each range.

    Raises
    ------
    ValueError  If a range is empty or the start lies outside.

    Notes
    -----
    Steepest ascent over the neighbours that differ by one in one or in two of the numbers. It finds the best point
    where the mean has one peak only (as the output of a serial line over its buffers has: it is concave in them); where
    there are more, begin at several places. Means of the same luck are compared, so it ends.

    >>> hill = lambda points: [[-float((x - 3) ** 2 + (y - x) ** 2)] * 2 for x, y in points]
    >>> climb(hill, {"rack": (0, 9), "crew": (0, 9)}).point
    {'rack': 3, 'crew': 3}
    """
    names = list(ranges)
    for name, (least, most) in ranges.items():
        if least > most:
            raise ValueError(f"the range of {name} is empty: {least} to {most}")
    begin = start or {name: (least + most) // 2 for name, (least, most) in ranges.items()}
    here = tuple(begin[name] for name in names)
    if any(not ranges[name][0] <= value <= ranges[name][1] for name, value in zip(names, here, strict=True)):
        raise ValueError(f"the start {dict(begin)} lies outside the ranges")
    known: dict[Point, tuple[float, ...]] = {}

    def learn(points: Sequence[Point]) -> None:
        new = [point for point in points if point not in known]
        if new:
            known.update((point, tuple(row)) for point, row in zip(new, values(new), strict=True))

    learn([here])
    while True:
        around = _neighbours(here, [ranges[name] for name in names])
        learn(around)
        best = max(around, key=lambda point: _mean(known[point]), default=here)
        if _mean(known[best]) <= _mean(known[here]):
            differences = {point: paired_difference(known[point], known[here]) for point in around}
            return Found(dict(zip(names, here, strict=True)), known[here], differences, len(known))
        here = best


def _neighbours(here: Point, ranges: Sequence[tuple[int, int]]) -> list[Point]:
    steps = [step for step in product((-1, 0, 1), repeat=len(here)) if 0 < sum(map(abs, step)) <= 2]
    found = [tuple(value + move for value, move in zip(here, step, strict=True)) for step in steps]
    return [
        point
        for point in found
        if all(least <= value <= most for value, (least, most) in zip(point, ranges, strict=True))
    ]


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)
