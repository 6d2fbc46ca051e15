"""Selection of the best scenario with a guarantee: the fully sequential procedure KN.

It looks at all remaining scenarios after each replication and drops those that are clearly worse, so that replications
are spent where the decision is open. It is valid under common random numbers, which make it shorter, because it
compares in pairs.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from factory_sim.results.constants import kim_nelson

Values = NDArray[np.float64]
Draw = Callable[[tuple[int, ...], int, int], Sequence[Sequence[float]]]
"""(systems, begin, end) -> the values of replications begin..end - 1, one row each, in the order of the systems."""

GUARANTEE, REPLICATIONS, TIME = "guarantee", "replications", "time"


@dataclass(frozen=True)
class Selected:
    """What a selection ended with; systems are numbers from 0.

    `reason`: `guarantee` if the procedure came to its end, `replications` or `time` if that budget was used up first,
    and then nothing is promised. `counts`: replications looked at, of each system.
    """

    best: int
    remaining: tuple[int, ...]
    counts: tuple[int, ...]
    reason: str

    @property
    def guaranteed(self) -> bool:
        """Whether the promise holds."""
        return self.reason == GUARANTEE


class Screening:
    """The state of procedure KN, to be fed one replication after the other.

    Parameters
    ----------
    first : array, shape (n0, systems)  The first stage, n0 >= 2; higher is better.
    indifference : float                Differences below it do not matter, above 0, in the unit of the values.
    probability : float                 Of a correct selection, in (1/systems, 1).

    Raises
    ------
    ValueError  If an argument lies outside its range.

    Notes
    -----
    If the best mean is at least `indifference` above the others, it is selected with at least this probability, for
    normal values with whatever correlation between systems. Kim & Nelson, ACM TOMACS 11 (2001) 251, with c = 1.
    """

    def __init__(self, first: Values, indifference: float, probability: float = 0.95) -> None:
        data = np.asarray(first, dtype=float)
        if data.ndim != 2 or len(data) < 2 or data.shape[1] < 1 or not np.all(np.isfinite(data)):
            raise ValueError(f"first must be (replications >= 2, systems) of finite values, got shape {data.shape}")
        if not 0.0 < indifference < math.inf:
            raise ValueError(f"indifference must be above 0 and finite, got {indifference!r}")
        self.indifference = indifference
        self.sums = data.sum(axis=0)
        self.counts = np.full(data.shape[1], len(data))
        self.remaining = tuple(range(data.shape[1]))
        if data.shape[1] == 1:
            self.reach = np.zeros((1, 1))
            return
        constants = kim_nelson(data.shape[1], len(data), 1.0 - probability)
        centred = data - data.mean(axis=0)
        pairs = centred[:, :, None] - centred[:, None, :]  # not from covariances, which would lose small differences
        variance = (pairs**2).sum(axis=0) / (len(data) - 1)
        self.reach = constants.h_squared * variance / indifference**2  # replications until a pair is decided
        self._screen()

    @property
    def replications(self) -> int:
        """Replications of the systems that remain."""
        return int(self.counts[self.remaining[0]])

    @property
    def done(self) -> bool:
        """Whether one system is left, or only such as cannot be told apart."""
        here = np.ix_(self.remaining, self.remaining)
        return len(self.remaining) == 1 or bool(np.all(self.reach[here] <= self.replications))

    @property
    def best(self) -> int:
        """The remaining system with the highest mean, the first of equals."""
        return max(self.remaining, key=lambda system: (self.sums[system], -system))

    def feed(self, row: Sequence[float]) -> None:
        """Add one replication of the systems that remain, in their order, and drop what is clearly worse."""
        values = np.asarray(row, dtype=float)
        if values.shape != (len(self.remaining),) or not np.all(np.isfinite(values)):
            raise ValueError(f"a finite value is needed for each of {len(self.remaining)} systems, got {row!r}")
        mine = list(self.remaining)
        self.sums[mine] += values
        self.counts[mine] += 1
        self._screen()

    def expected(self) -> int:
        """Return after how many replications it will probably end: a guess from the means so far."""
        return max(self.ends().values())

    def ends(self) -> dict[int, int]:
        """Return after how many replications each remaining system will probably be told from the best; a guess.

        The limit of a sum of differences shrinks by indifference/2 with each replication, while the sum grows by the
        difference of the means: they meet after reach / (1 + 2 difference / indifference) replications.
        """
        best = self.best
        found = {system: self._end(system) for system in self.remaining if system != best}
        return {**found, best: max(found.values(), default=self.replications)}

    def _end(self, system: int) -> int:
        apart = 2.0 * self._lead(system) / self.indifference
        return max(self.replications, math.ceil(float(self.reach[self.best, system]) / (1.0 + apart)))

    def _lead(self, system: int) -> float:
        """Return by how much the mean of the best is higher."""
        return max(0.0, float(self.sums[self.best] - self.sums[system])) / self.replications

    def indifference_for(self, replications: int) -> float:
        """Return the indifference with which it would probably have ended after so many replications."""
        wanted = self.indifference
        for system in self.remaining:
            if system != self.best:
                lead = self._lead(system)
                constant = float(self.reach[self.best, system]) * self.indifference**2
                wanted = max(wanted, math.sqrt(lead**2 + constant / replications) - lead)
        return wanted

    def _screen(self) -> None:
        mine = list(self.remaining)
        r = self.counts[mine[0]]
        room = np.maximum(0.0, 0.5 * self.indifference * (self.reach[np.ix_(mine, mine)] - r))
        sums = self.sums[mine]
        kept = np.all(sums[:, None] >= sums[None, :] - room, axis=1)
        self.remaining = tuple(system for system, keep in zip(mine, kept, strict=True) if keep)


def select(
    draw: Draw,
    systems: int,
    indifference: float,
    probability: float = 0.95,
    first: int = 10,
    most: int = 1000,
    batch: Callable[[int], int] = lambda _: 1,
    out_of_time: Callable[[], bool] = lambda: False,
    progress: Callable[[Screening], None] = lambda _: None,
) -> Selected:
    """Return the best of some systems, by the fully sequential procedure KN.

    Parameters
    ----------
    draw : callable         Gives values of replications; asked for a few more than are looked at if `batch` is above
                            1, which changes nothing else: what is decided never depends on the batch.
    systems : int           How many there are, at least 1.
    indifference : float    Differences below it do not matter, above 0, in the unit of the values.
    probability : float     Of a correct selection, in (1/systems, 1).
    first, most : int       Replications before the first look, at least 2, and at most for each system.
    batch : callable        Replications to draw at once, by the number of systems that remain.
    out_of_time : callable  Asked before each batch; True ends the selection without a guarantee.
    progress : callable     Called after each batch.

    Raises
    ------
    ValueError  If an argument lies outside its range or a value is not finite.

    >>> luck = np.random.Generator(np.random.Philox(key=1)).standard_normal((1000, 3)) + [0.0, 0.5, 0.0]
    >>> found = select(lambda some, begin, end: luck[begin:end, list(some)].tolist(), 3, 0.5)
    >>> found.best, found.reason
    (1, 'guarantee')
    """
    if not 2 <= first <= most:
        raise ValueError(f"first must lie in [2, most], got {first!r} and most {most!r}")
    state = Screening(np.asarray(draw(tuple(range(systems)), 0, first)), indifference, probability)
    progress(state)
    while not state.done:
        if state.replications >= most:
            return _ended(state, REPLICATIONS)
        if out_of_time():
            return _ended(state, TIME)
        asked = state.remaining
        begin = state.replications
        rows = draw(asked, begin, min(most, begin + max(1, batch(len(asked)))))
        for row in rows:
            state.feed([value for system, value in zip(asked, row, strict=True) if system in state.remaining])
            if state.done:
                break
        progress(state)
    return _ended(state, GUARANTEE)


def _ended(state: Screening, reason: str) -> Selected:
    return Selected(state.best, state.remaining, tuple(map(int, state.counts)), reason)
