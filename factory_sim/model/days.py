"""Days as they stand in a file: a date, a month and day of every year, or a number from the beginning of a run."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from factory_sim.model.kinds import Kind
from factory_sim.model.problems import refuse, shown

YEARS = 30  # in which a day of every year is repeated; no run is longer than that
MOST = 365 * YEARS

AnyDay = dt.date | tuple[int, int] | int
"""A date, (month, day) of every year, or the number of a day of the run, which begins with day 1."""


@dataclass(frozen=True)
class Monday(Kind):
    """A Monday, read as a date."""

    range: str = "a Monday"
    form: str = 'a date such as "2026-01-05", a Monday'

    def parse(self, value: Any) -> dt.date:
        """
        >>> Monday().parse("2026-01-05")
        datetime.date(2026, 1, 5)
        """
        date = _date(value, self.form)
        if date.weekday() != 0:
            monday = date - dt.timedelta(date.weekday())
            raise refuse(f"{date} is no Monday, on which a run begins; write {monday}")
        return date

    def show(self, value: Any) -> str:
        return "none" if value is None else str(value)


@dataclass(frozen=True)
class Day(Kind):
    """A day on which something is different."""

    range: str = "a date, MM-DD, or a whole number from 1"
    form: str = 'a day such as "2026-02-17", "05-05" (every year) or 12 (the 12th day of the run)'

    def parse(self, value: Any) -> AnyDay:
        """
        >>> Day().parse("05-05"), Day().parse(12)
        ((5, 5), 12)
        """
        if isinstance(value, int) and not isinstance(value, bool):
            if not 1 <= value <= MOST:
                raise refuse(f"days are counted from 1 to {MOST}, not {value}")
            return value
        match = re.fullmatch(r"\s*([0-9]{2})-([0-9]{2})\s*", value) if isinstance(value, str) else None
        if match is None:
            return _date(value, self.form)
        month, day = int(match[1]), int(match[2])
        _date(f"2024-{month:02d}-{day:02d}", self.form)  # a leap year has all days
        return month, day

    def show(self, value: Any) -> str:
        return f"{value[0]:02d}-{value[1]:02d}" if isinstance(value, tuple) else str(value)


def _date(value: Any, form: str) -> dt.date:
    try:
        if not isinstance(value, str) or re.fullmatch(r"\s*[0-9]{4}-[0-9]{2}-[0-9]{2}\s*", value) is None:
            raise ValueError
        return dt.date.fromisoformat(value.strip())
    except ValueError:
        raise refuse(f"{shown(value)} is no day; write {form}, dates in quotes") from None


@lru_cache(maxsize=64)
def day_numbers(days: tuple[AnyDay, ...], begins: dt.date | None) -> frozenset[int]:
    """Return the days of a run, counted from 0, on which these days fall; dates need the Monday of its beginning.

    >>> sorted(day_numbers(((1, 6), 3), dt.date(2026, 1, 5)))[:3]
    [1, 2, 366]
    """
    found: set[int] = set()
    for day in days:
        if isinstance(day, int):
            found.add(day - 1)
        elif begins is not None:
            found |= {(date - begins).days for date in _dates(day, begins)}
    return frozenset(number for number in found if number >= 0)


def _dates(day: dt.date | tuple[int, int], begins: dt.date) -> Iterable[dt.date]:
    """Yield the dates of a day: itself, or that of each year, in which there may be no 29 February."""
    if isinstance(day, dt.date):
        yield day
        return
    for year in range(begins.year, min(begins.year + YEARS, dt.MAXYEAR)):
        try:
            yield dt.date(year, *day)
        except ValueError:
            continue
