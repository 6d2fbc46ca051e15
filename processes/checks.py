"""Checks of arguments that the physics functions share. Each raises ValueError and names what it got."""

from __future__ import annotations

import math
from itertools import pairwise


def require_positive(**values: float) -> None:
    """Raise unless every value is positive and finite.

    >>> require_positive(mass=0.0)
    Traceback (most recent call last):
    ValueError: mass must be positive and finite, got 0.0
    """
    for name, value in values.items():
        if not 0.0 < value < math.inf:
            raise ValueError(f"{name} must be positive and finite, got {value!r}")


def require_not_negative(**values: float) -> None:
    """Raise unless every value is zero or positive, and finite."""
    for name, value in values.items():
        if not 0.0 <= value < math.inf:
            raise ValueError(f"{name} must not be negative and must be finite, got {value!r}")


def require_count(low: int, **values: float) -> None:
    """Raise unless every value is a whole number, at least `low`.

    >>> require_count(1, teeth=2.5)
    Traceback (most recent call last):
    ValueError: teeth must be a whole number, at least 1, got 2.5
    """
    for name, value in values.items():
        if not low <= value < math.inf or value % 1 != 0:
            raise ValueError(f"{name} must be a whole number, at least {low}, got {value!r}")


def require_within(low: float, high: float, **values: float) -> None:
    """Raise unless every value lies in [low, high]."""
    for name, value in values.items():
        if not low <= value <= high:
            raise ValueError(f"{name} must lie in [{low:g}, {high:g}], got {value!r}")


def require_temperatures(**values: float) -> None:
    """Raise unless every value is a finite temperature above absolute zero. [degC]"""
    for name, value in values.items():
        if not -273.15 < value < math.inf:
            raise ValueError(f"{name} must be finite and above -273.15 degC, got {value!r}")


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
