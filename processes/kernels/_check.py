"""Checks of the arrays that go into a kernel. Each raises ValueError and names argument, value and range."""

from __future__ import annotations

import inspect
import math
from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any, ParamSpec, TypeVar

import numpy as np

from processes.checks import require, require_finite, require_not_negative, require_positive, require_temperatures
from processes.fields import array_of
from processes.kernels._types import Array, Numbers

ABSOLUTE_ZERO = -273.15  # [degC]
STEFAN_BOLTZMANN = 5.670374e-8  # [W/(m2 K4)]
ANY_SIGN = {"flux", "x", "x_from_midplane", "y", "z"}
MAY_BE_ZERO = {"carbon_core", "carbon_surface", "carbon_target", "depth", "emissivity", "h", "r", "surface_amplitude"}
MAY_BE_ZERO |= {"time", "wait"}
HUGE = 1e12  # a conductance up to here stands for a fixed temperature; more would drown in rounding


def array(
    name: str,
    value: Numbers,
    shape: tuple[int, ...],
    low: float = -math.inf,
    high: float = math.inf,
    above: bool = False,
) -> Array:
    """Return a value as a new array of a shape, every element in [low, high], or above `low` if `above`.

    >>> array("h", 5.0, (2,), low=0.0)
    array([5., 5.])
    >>> array("h", float("nan"), (2,), low=0.0)
    Traceback (most recent call last):
    ValueError: h must be a finite number in [0, inf], got nan
    """
    given = array_of(name, value)
    try:
        found = np.array(np.broadcast_to(given, shape), order="C")
    except ValueError:
        raise ValueError(f"{name} must have the shape {shape} or be one number, got the shape {given.shape}") from None
    right = np.isfinite(found) & (found <= high) & ((found > low) if above else (found >= low))
    if not right.all():
        bracket = "(" if above else "["
        raise ValueError(
            f"{name} must be a finite number in {bracket}{low:g}, {high:g}], got {float(found[~right][0])!r}"
        )
    return found


def batch(**values: Numbers) -> tuple[int, ...]:
    """Return the common shape of values of which each is one number or one for each part.

    >>> batch(h=5.0, T=[20.0, 30.0])
    (2,)
    """
    shapes = {name: array_of(name, value).shape for name, value in values.items()}
    for name, shape in shapes.items():
        if len(shape) > 1 or 0 in shape:
            raise ValueError(f"{name} must be one number or one for each part, got the shape {shape}")
    if len(set(shapes.values()) - {()}) > 1:
        raise ValueError(f"{' and '.join(values)} must be of as many parts, got the shapes {list(shapes.values())}")
    return max(shapes.values(), key=len)


def positive(name: str, value: Numbers, shape: tuple[int, ...]) -> Array:
    """Return a value as an array, every element positive and finite."""
    return array(name, value, shape, low=0.0, above=True)


def conductance(name: str, value: Numbers, shape: tuple[int, ...]) -> Array:
    """Return heat transfer coefficients as an array: 0 is insulated, 1e12 a fixed temperature. [W/(m2 K)]"""
    return array(name, value, shape, low=0.0, high=HUGE)


def temperature(name: str, value: Numbers, shape: tuple[int, ...]) -> Array:
    """Return temperatures as an array, every element finite and above absolute zero. [degC]"""
    return array(name, value, shape, low=ABSOLUTE_ZERO, above=True)


def grid(name: str, value: Numbers, dimensions: int, least: int = 2) -> Array:
    """Return temperatures at nodes as a new array of so many dimensions, at least `least` nodes along each."""
    found = np.array(array_of(name, value), order="C")
    if found.ndim != dimensions or min(found.shape, default=0) < least:
        raise ValueError(f"{name} must have {dimensions} dimensions of at least {least} nodes, got {found.shape}")
    return temperature(name, found, found.shape)


def whole(name: str, value: int, least: int, most: int = 10_000_000) -> int:
    """Return a whole number in [least, most]."""
    wanted = f"be a whole number in [{least}, {most}]"
    require({name: value}, lambda number: least <= number <= most and number % 1 == 0, wanted)
    return int(value)


def one(name: str, value: object, kind: type) -> None:
    """Raise unless a value is a thing of a kind, such as an alloy or a die.

    >>> one("cells", "many", int)
    Traceback (most recent call last):
    ValueError: cells must be of the kind int, got 'many'
    """
    require({name: value}, lambda given: isinstance(given, kind), f"be of the kind {kind.__name__}")


def listed(name: str, values: Sequence[object], kind: type) -> None:
    """Raise unless a value is a list, or another sequence, of things of a kind.

    >>> listed("cells", 10, int)
    Traceback (most recent call last):
    ValueError: cells must be a list of int, got 10
    """

    def fits(given: Any) -> bool:
        return isinstance(given, Sequence) and all(isinstance(one, kind) for one in given)

    require({name: values}, fits, f"be a list of {kind.__name__}")


def line(name: str, values: Array, least: int) -> Array:
    """Return finite values along a line as an array, at least so many. [their own unit]"""
    found = array_of(name, values)
    if found.ndim != 1 or found.size < least:
        raise ValueError(f"{name} must be a list of at least {least} numbers, got the shape {found.shape}")
    return array(name, found, found.shape)


def duration(name: str, value: float) -> float:
    """Return a time, zero or positive and finite. [s]"""
    require_not_negative(**{name: value})
    return float(value)


Arguments = ParamSpec("Arguments")
Answer = TypeVar("Answer")


def by_name(function: Callable[Arguments, Answer]) -> Callable[Arguments, Answer]:
    """Return a function of single numbers that first checks each of them by its name: `T_...` is a temperature.

    >>> by_name(lambda k, time: k * time)(28.0, -1.0)
    Traceback (most recent call last):
    ValueError: time must not be negative and must be finite, got -1.0
    """
    signature = inspect.signature(function)

    @wraps(function)
    def solve(*args: Arguments.args, **kwargs: Arguments.kwargs) -> Answer:
        for name, value in signature.bind(*args, **kwargs).arguments.items():
            if name.startswith("T_"):
                require_temperatures(**{name: value})
            elif name in MAY_BE_ZERO:
                require_not_negative(**{name: value})
            elif name in ANY_SIGN:
                require_finite(**{name: value})
            else:
                require_positive(**{name: value})
        return function(*args, **kwargs)

    return solve
