"""Checks of arguments that the physics functions share. Each raises ValueError and names what it got."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from itertools import pairwise
from numbers import Real
from typing import Any


def require(values: dict[str, Any], good: Callable[[Any], bool], wanted: str) -> None:
    """Raise unless every value is good. A list or a text, which cannot be compared with a number, is not."""
    for name, value in values.items():
        try:
            fits = good(value)
        except (TypeError, ValueError):
            fits = False
        if not fits:
            raise ValueError(f"{name} must {wanted}, got {value!r}")


def require_positive(**values: float) -> None:
    """Raise unless every value is positive and finite.

    >>> require_positive(mass=0.0)
    Traceback (most recent call last):
    ValueError: mass must be positive and finite, got 0.0
    >>> require_positive(mass=[1.0, 2.0])
    Traceback (most recent call last):
    ValueError: mass must be positive and finite, got [1.0, 2.0]
    """
    require(values, lambda value: 0.0 < value < math.inf, "be positive and finite")


def require_not_negative(**values: float) -> None:
    """Raise unless every value is zero or positive, and finite."""
    require(values, lambda value: 0.0 <= value < math.inf, "not be negative and must be finite")


def require_finite(**values: float) -> None:
    """Raise unless every value is finite."""
    require(values, math.isfinite, "be finite")


def require_between(low: float, high: float, **values: float) -> None:
    """Raise unless every value lies between two others and equals none of them.

    >>> require_between(0.0, 1.0, fraction=1.0)
    Traceback (most recent call last):
    ValueError: fraction must lie between 0 and 1, got 1.0
    """
    require(values, lambda value: low < value < high, f"lie between {low:g} and {high:g}")


def require_count(low: int, **values: float) -> None:
    """Raise unless every value is a whole number, at least `low`.

    >>> require_count(1, teeth=2.5)
    Traceback (most recent call last):
    ValueError: teeth must be a whole number, at least 1, got 2.5
    """
    require(values, lambda value: low <= value < math.inf and value % 1 == 0, f"be a whole number, at least {low}")


def require_within(low: float, high: float, **values: float) -> None:
    """Raise unless every value lies in [low, high]."""
    require(values, lambda value: low <= value <= high, f"lie in [{low:g}, {high:g}]")


def require_lists(**values: Sequence[float]) -> None:
    """Raise unless every value is a list, or another sequence, of numbers; it may be empty.

    >>> require_lists(step=3.0)
    Traceback (most recent call last):
    ValueError: step must be a list of numbers, got 3.0
    """
    require(values, _is_list, "be a list of numbers")


def _is_list(value: Any) -> bool:
    return not isinstance(value, str | dict) and all(isinstance(number, Real) for number in value)


def require_temperatures(**values: float) -> None:
    """Raise unless every value is a finite temperature above absolute zero. [degC]"""
    require(values, lambda value: -273.15 < value < math.inf, "be finite and above -273.15 degC")


def require_rising(**values: float) -> None:
    """Raise unless every value, a temperature in degC, is greater than the one before.

    >>> require_rising(T_die=600.0, T_freeze=570.0)
    Traceback (most recent call last):
    ValueError: T_freeze must exceed T_die, got 570.0 against 600.0
    """
    require_temperatures(**values)
    for (lower, low), (upper, high) in pairwise(values.items()):
        if not low < high:
            raise ValueError(f"{upper} must exceed {lower}, got {high!r} against {low!r}")


def require_not_falling(**values: float) -> None:
    """Raise unless no value, a temperature in degC, is less than the one before."""
    require_temperatures(**values)
    for (lower, low), (upper, high) in pairwise(values.items()):
        if not low <= high:
            raise ValueError(f"{upper} must not be below {lower}, got {high!r} against {low!r}")
