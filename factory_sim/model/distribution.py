"""Distribution of a duration or of an uncertain number: what a plant file says, not yet any luck."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

COUNTS = {
    "constant": 1,  # value
    "triangular": 3,  # least, most likely, greatest
    "uniform": 2,  # least, greatest
    "exponential": 1,  # mean
    "lognormal": 2,  # mean, coefficient of variation
    "weibull": 2,  # shape, mean
    "gamma": 2,  # mean, coefficient of variation
    "geometric": 2,  # mean, unit of time
    "choice": 0,  # value, share, value, share, ...
}
KINDS = tuple(COUNTS)
_MEAN_AT = {
    "exponential": 0,
    "lognormal": 0,
    "weibull": 1,
    "gamma": 0,
    "geometric": 0,
}  # position of the mean; others are points


@dataclass(frozen=True)
class Distribution:
    """A distribution by its kind and its values, in SI units.

    Parameters
    ----------
    kind : str                  One of `KINDS`.
    values : tuple of float     constant (v), triangular (a, m, b), uniform (a, b), exponential (mean),
                                lognormal (mean, cv), weibull (shape, mean), gamma (mean, cv), geometric (mean, unit),
                                choice (v1, share1, v2, share2, ...).

    Raises
    ------
    ValueError  If the kind is unknown or the number of values does not belong to it.

    >>> Distribution("triangular", (118.0, 124.0, 142.0)).mean
    128.0
    >>> Distribution("gamma", (900.0, 0.2236)).shifted(-60.0).scaled(0.5)
    Distribution(kind='gamma', values=(420.0, 0.2236))
    """

    kind: str
    values: tuple[float, ...]

    def __post_init__(self) -> None:
        if self.kind not in COUNTS:
            raise ValueError(f"no distribution {self.kind!r}; there are {', '.join(KINDS)}")
        count = len(self.values)
        if count != COUNTS[self.kind] if self.kind != "choice" else count < 2 or count % 2:
            raise ValueError(f"a {self.kind} distribution does not have {count} values")

    @property
    def mean(self) -> float:
        """Expected value."""
        if self.kind in _MEAN_AT:
            return self.values[_MEAN_AT[self.kind]]
        if self.kind == "choice":
            return math.fsum(v * s for v, s in zip(self.values[0::2], self.values[1::2], strict=True))
        return math.fsum(self.values) / len(self.values)

    @property
    def least(self) -> float:
        """Least value that can be drawn, 0 for kinds given by their mean."""
        if self.kind in _MEAN_AT:
            return 0.0
        return min(self.values[0::2]) if self.kind == "choice" else self.values[0]

    def shifted(self, difference: float) -> Distribution:
        """Return the distribution moved by `difference`: all points, or the mean with shape or cv kept."""
        return self._with(lambda value: value + difference)

    def scaled(self, factor: float) -> Distribution:
        """Return the distribution of `factor` times the variable."""
        return self._with(lambda value: value * factor)

    def _with(self, change: Callable[[float], float]) -> Distribution:
        if self.kind in _MEAN_AT:
            moved = {_MEAN_AT[self.kind]}
        else:
            moved = set(range(0, len(self.values), 2 if self.kind == "choice" else 1))
        return Distribution(self.kind, tuple(change(v) if i in moved else v for i, v in enumerate(self.values)))
