"""Luck: one Philox stream of standard variates for each name and purpose.

A stream is keyed by (seed, replication, name, purpose). Names, not positions: adding a station leaves the draws of all
other machines as they were, so that two scenarios see the same failures and the same cycle times as far as they share
machines. Standard variates are drawn in blocks and transformed one by one with `math`, so that a changed
parameter scales the same luck instead of drawing other luck.
"""

from __future__ import annotations

import hashlib
import math
from bisect import bisect_right
from collections.abc import Callable, Iterable
from itertools import accumulate, chain, repeat
from typing import TypeVar

import numpy as np

from factory_sim.simulation.plan import TICKS_PER_SECOND

FIRST_BLOCKS = (8, 64)  # variates drawn at a time, few for those who need few; the values do not depend on it
BLOCK = 512  # and then
LONGEST = float(1 << 61)  # [ticks]
MASK = (1 << 64) - 1
T = TypeVar("T")

CONSTANT, TRIANGULAR, UNIFORM, EXPONENTIAL, LOGNORMAL, WEIBULL, GAMMA, CHOICE, GEOMETRIC = range(9)
KINDS = ("constant", "triangular", "uniform", "exponential", "lognormal", "weibull", "gamma", "choice", "geometric")


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


def one_by_one(draw: Callable[[int], Iterable[T]]) -> Callable[[], T]:
    """Return a function without arguments that gives the values of `draw(count)` one by one, drawn in blocks."""
    return chain.from_iterable(map(draw, chain(FIRST_BLOCKS, repeat(BLOCK)))).__next__


def uniforms(seed: int, replication: int, key: int) -> Callable[[], float]:
    """Return a function without arguments that draws uniform variates on [0, 1)."""
    random = generator(seed, replication, key).random
    return one_by_one(lambda count: random(count).tolist())


def sampler(row: tuple[float, ...], seed: int, replication: int, key: int, factor: float = 1.0) -> Callable[[], int]:
    """Return a function without arguments that draws a duration. [ticks of 1 us]

    Parameters
    ----------
    row : tuple of float   Kind of distribution, then its values in seconds (shapes and cv without unit).
    factor : float         By which each draw is multiplied.

    Notes
    -----
    Rounded once, half up. Negative values become zero; those that outlast every run become LONGEST.
    """
    if int(row[0]) == CONSTANT:
        ticks = max(0, int(row[1] * factor * TICKS_PER_SECOND + 0.5))
        return lambda: ticks
    draw = _drawing(row, generator(seed, replication, key))
    if factor != 1.0:
        return one_by_one(lambda count: _ticks(draw(count) * factor))
    return one_by_one(lambda count: _ticks(draw(count)))


def _ticks(seconds: np.ndarray) -> list[int]:
    """Return times in ticks."""
    ticks: list[int] = np.clip(seconds * TICKS_PER_SECOND + 0.5, 0.0, LONGEST).astype(np.int64).tolist()
    return ticks


def variates(row: tuple[float, ...], seed: int, replication: int, key: int) -> Callable[[], float]:
    """Return a function without arguments that draws from a distribution, in the unit of its values.

    `row` as in `sampler`, but not of kind constant.
    """
    draw = _drawing(row, generator(seed, replication, key))
    return one_by_one(lambda count: draw(count).tolist())


def _drawing(row: tuple[float, ...], random: np.random.Generator) -> Callable[[int], np.ndarray]:
    """Return a function that draws so many variates of a distribution, shape (count,).

    NumPy multiplies as Python does, but its exp, log and powers differ in the last bit: those are taken from `math`.
    """
    kind, values = int(row[0]), row[1:]
    if kind == EXPONENTIAL:
        (mean,) = values
        return lambda count: mean * random.standard_exponential(count)
    if kind == LOGNORMAL:
        mean, cv = values
        sigma = math.sqrt(math.log1p(cv * cv))
        mu = math.log(mean) - 0.5 * sigma * sigma
        return lambda count: _each(lambda z: math.exp(mu + sigma * z), random.standard_normal(count))
    if kind == WEIBULL:
        shape, mean = values
        scale, power = mean / math.gamma(1.0 + 1.0 / shape), 1.0 / shape
        return lambda count: _each(lambda e: scale * e**power, random.standard_exponential(count))
    if kind == GEOMETRIC:
        mean, unit = values
        rate = math.log1p(unit / mean)  # of an exponential number whose whole part is geometric with this mean
        return lambda count: unit * np.floor(random.standard_exponential(count) / rate)
    if kind == GAMMA:
        mean, cv = values
        shape = 1.0 / (cv * cv)
        scale = mean / shape
        return lambda count: scale * random.standard_gamma(shape, count)
    quantile = _quantile(kind, values)
    return lambda count: _each(quantile, random.random(count))


def _each(function: Callable[[float], float], values: np.ndarray) -> np.ndarray:
    """Return the function of each value."""
    return np.array([function(value) for value in values.tolist()])


def _quantile(kind: int, values: tuple[float, ...]) -> Callable[[float], float]:
    """Return the inverse of the distribution function."""
    if kind == UNIFORM:
        low, width = values[0], values[1] - values[0]
        return lambda u: low + width * u
    if kind == TRIANGULAR:
        low, mode, high = values
        return lambda u: triangular(low, mode, high, u)
    points = values[0::2]
    limits = [*accumulate(values[1::2])][:-1]
    return lambda u: points[bisect_right(limits, u)]


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
