"""Depreciation by the year: straight line and declining balance.

>>> declining_balance(1000.0, 2)  # 1 - sqrt(0.05) = 77.6 %, and the rest
[776.39..., 223.60...]
"""

from __future__ import annotations

from factory_sim.finance.require import require_years

STRAIGHT_LINE, DECLINING = METHODS = ("straight_line", "declining")
REST = 0.05  # share of the base that declining balance leaves at the end of the life; it goes with the last year


def straight_line(base: float, years: int) -> list[float]:
    """Return the depreciation of each year, equal parts. [KRW]

    >>> straight_line(180_000.0, 5)
    [36000.0, 36000.0, 36000.0, 36000.0, 36000.0]
    """
    require_years("years", years, 1)
    return [base / years] * int(years)


def declining_balance(base: float, years: int) -> list[float]:
    """Return the depreciation of each year, a fixed share of the book value; the last year takes what is left. [KRW]

    The share is 1 - 0.05^(1/years), the rule of Korean corporate tax (recalled; the law's table rounds it to three
    digits).

    >>> [round(part) for part in declining_balance(1000.0, 5)]
    [451, 248, 136, 75, 91]
    """
    require_years("years", years, 1)
    share = 1.0 - REST ** (1.0 / years)
    parts: list[float] = []
    book = base
    for _ in range(int(years) - 1):
        parts.append(share * book)
        book -= parts[-1]
    return [*parts, book]


def depreciation(base: float, years: int, method: str) -> list[float]:
    """Return the depreciation of each year by method, one of `METHODS`. [KRW]

    Raises
    ------
    ValueError  If the method is unknown or the years are not a whole number, at least 1.
    """
    if method not in METHODS:
        raise ValueError(f"method must be one of {', '.join(METHODS)}, got {method!r}")
    return (straight_line if method == STRAIGHT_LINE else declining_balance)(base, years)
