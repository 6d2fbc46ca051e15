"""Checks of arguments that all of finance shares."""

from __future__ import annotations

import math


def require(holds: bool, name: str, value: object, rule: str) -> None:
    """Raise ValueError that says which rule a value breaks, unless it holds."""
    if not holds:
        raise ValueError(f"{name} {rule}, got {value!r}")


def require_rate(rate: float) -> None:
    """Raise ValueError unless a rate per year lies above -1."""
    require(-1.0 < rate < math.inf, "rate", rate, "must be above -1 and finite")


def require_years(name: str, years: int, least: int) -> None:
    """Raise ValueError unless a time is a whole number of years, at least `least`."""
    whole = float(years).is_integer()
    require(whole and years >= least, name, years, f"must be a whole number of years, at least {least}")
