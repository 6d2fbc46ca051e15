"""Luck: one Philox stream of standard variates for each name and purpose.

A stream is keyed by (seed, replication, name, purpose). Names, not positions: adding a station leaves the draws of all
other machines as they were, so that two scenarios see the same failures and the same cycle times as far as they share
machines. Standard variates are drawn in blocks and transformed one by one with `math`, so that a changed
parameter scales the same luck instead of drawing other luck.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Iterator

import numpy as np

from factory_sim.simulation.plan import TICKS_PER_SECOND

BLOCK = 512  # variates drawn at a time; the values do not depend on it
MASK = (1 << 64) - 1
CONSTANT, TRIANGULAR, UNIFORM, EXPONENTIAL, LOGNORMAL, WEIBULL, GAMMA, CHOICE = range(8)
KINDS = ("constant", "triangular", "uniform", "exponential", "lognormal", "weibull", "gamma", "choice")


def stream_key(name: str, purpose: str) -> int:
    """Return the 64-bit key of the stream that belongs to `name` and `purpose`.

    >>> stream_key("hpdc#1", "work") == stream_key("hpdc#1", "work") != stream_key("hpdc#1", "quality")
    True
    """
    digest = hashlib.blake2b(f"{name}\x1f{purpose}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "little")


def generator(seed: int, replication: int, key: int) -> np.random.Generator:
    """Return the Philox generator of (seed, replication, stream key).

    Philox takes a 128-bit key: seed and replication are mixed into its first word, the stream is its second.
    """
    mixed = hashlib.blake2b(f"{seed}/{replication}".encode(), digest_size=8).digest()
    return np.random.Generator(np.random.Philox(key=(int.from_bytes(mixed, "little") & MASK) | key << 64))


def blocks(draw: Callable[[int], np.ndarray]) -> Iterator[float]:
    """Yield the values of `draw(n)` one by one, as Python floats."""
    while True:
        yield from draw(BLOCK).tolist()


def uniforms(seed: int, replication: int, key: int) -> Callable[[], float]:
    """Return a function without arguments that draws uniform variates on [0, 1)."""
    return blocks(generator(seed, replication, key).random).__next__


def sampler(row: tuple[float, ...], seed: int, replication: int, key: int) -> Callable[[], int]:
    """Return a function without arguments that draws a duration. [ticks of 1 us]

    Parameters
    ----------
    row : tuple of float   Kind of distribution, then its values in seconds (shapes and cv without unit).

    Notes
    -----
    Rounded once, half up. Negative values become zero.
    """
    if int(row[0]) == CONSTANT:
        ticks = max(0, int(row[1] * TICKS_PER_SECOND + 0.5))
        return lambda: ticks
    draw = variates(row, seed, replication, key)

    def ticks_of_draw() -> int:
        seconds = draw()
        return int(seconds * TICKS_PER_SECOND + 0.5) if seconds > 0.0 else 0

    return ticks_of_draw


def variates(row: tuple[float, ...], seed: int, replication: int, key: int) -> Callable[[], float]:
    """Return a function without arguments that draws from a distribution, in the unit of its values.

    `row` as in `sampler`, but not of kind constant.
    """
    kind, values = int(row[0]), row[1:]
    random = generator(seed, replication, key)
    if kind == EXPONENTIAL:
        mean, standard = values[0], blocks(random.standard_exponential).__next__
        return lambda: mean * standard()
    if kind == LOGNORMAL:
        mean, cv = values
        sigma = math.sqrt(math.log1p(cv * cv))
        mu = math.log(mean) - 0.5 * sigma * sigma
        normal = blocks(random.standard_normal).__next__
        return lambda: math.exp(mu + sigma * normal())
    if kind == WEIBULL:
        shape, mean = values
        scale, power = mean / math.gamma(1.0 + 1.0 / shape), 1.0 / shape
        standard = blocks(random.standard_exponential).__next__
        return lambda: scale * standard() ** power
    if kind == GAMMA:
        mean, cv = values
        shape = 1.0 / (cv * cv)
        scale = mean / shape
        gammas = blocks(lambda n: random.standard_gamma(shape, n)).__next__
        return lambda: scale * gammas()
    return _from_uniform(kind, values, blocks(random.random).__next__)


def _from_uniform(kind: int, values: tuple[float, ...], uniform: Callable[[], float]) -> Callable[[], float]:
    """Return the inverse of the distribution function applied to uniform variates."""
    if kind == UNIFORM:
        low, width = values[0], values[1] - values[0]
        return lambda: low + width * uniform()
    if kind == TRIANGULAR:
        return lambda: triangular(values[0], values[1], values[2], uniform())
    points, limits, total = values[0::2], [], 0.0
    for share in values[1::2]:
        total += share
        limits.append(total)
    limits[-1] = 1.0

    def choose() -> float:
        u = uniform()
        return next(point for point, limit in zip(points, limits, strict=True) if u < limit)

    return choose


def triangular(low: float, mode: float, high: float, u: float) -> float:
    """Return the quantile `u` of the triangular distribution on [low, high] with the given mode.

    >>> triangular(0.0, 1.0, 2.0, 0.5), triangular(3.0, 3.0, 3.0, 0.7)
    (1.0, 3.0)
    """
    if high <= low:
        return low
    if u * (high - low) < mode - low:
        return low + math.sqrt(u * (high - low) * (mode - low))
    return high - math.sqrt((1.0 - u) * (high - low) * (high - mode))
