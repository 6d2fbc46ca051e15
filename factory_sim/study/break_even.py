"""Break-even: at which value of a parameter of the plant an investment stops paying, with its interval."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from factory_sim.results.statistics import Interval


@dataclass(frozen=True)
class BreakEven:
    """Where the mean net present value is 0, and the ends between which its interval holds 0.

    What lies outside the ends that were searched is infinite, with the sign of the side on which it lies; nan, if the
    parameter does not move the worth at all.
    """

    value: float
    low: float
    high: float
    values: int  # of the parameter that were simulated

    @property
    def moves(self) -> bool:
        """Whether the parameter moves the worth."""
        return not math.isnan(self.value)


def break_even(worth: Callable[[float], Interval], low: float, high: float, steps: int = 20) -> BreakEven:
    """Return the parameter at which a mean worth crosses 0, with the interval that its own interval gives.

    Parameters
    ----------
    worth : callable   Value of the parameter -> interval of the worth, with the same luck for all values, monotonic.
    low, high : float  Ends of the search, low < high.
    steps : int        Halvings; the result is exact to (high - low) / 2^steps.

    Raises
    ------
    ValueError  If the ends are the wrong way round.

    Notes
    -----
    Bisection, because a simulated mean is a step function where counts of parts jump. The ends are where the lower and
    the upper end of the interval of the worth cross 0 (the inversion of a test, as Fieller's interval is).

    >>> found = break_even(lambda x: Interval(2.0 * x - 3.0, 0.5, 8, 0.95), 0.0, 4.0)
    >>> round(found.value, 3), round(found.low, 3), round(found.high, 3)
    (1.5, 1.25, 1.75)
    """
    if not low < high:
        raise ValueError(f"low must be below high, got {low!r} and {high!r}")
    known: dict[float, Interval] = {}

    def at(x: float) -> Interval:
        if x not in known:
            known[x] = worth(x)
        return known[x]

    if at(high) == at(low):
        return BreakEven(math.nan, math.nan, math.nan, len(known))
    rises = at(high).mean > at(low).mean
    value, upper, lower = (
        _crossing(function, sorted(known), (high - low) / 2.0**steps, rises)
        for function in (lambda x: at(x).mean, lambda x: at(x).high, lambda x: at(x).low)
    )
    # Where the worth rises, its upper end crosses 0 first.
    return BreakEven(value, *((upper, lower) if rises else (lower, upper)), len(known))


def _crossing(function: Callable[[float], float], known: list[float], width: float, rises: bool) -> float:
    """Return where a monotonic function changes its sign; infinite, on the side where it would, if not in between.

    `known`: where it is known already, ascending; the ends of the search are among them.
    """
    begin = function(known[0]) > 0.0
    if begin == (function(known[-1]) > 0.0):
        return -math.inf if begin == rises else math.inf
    high = next(x for x in known if (function(x) > 0.0) != begin)
    low = known[known.index(high) - 1]
    while high - low > width:
        middle = (low + high) / 2.0
        low, high = (middle, high) if (function(middle) > 0.0) == begin else (low, middle)
    return (low + high) / 2.0
