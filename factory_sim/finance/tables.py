"""Dated tables of rates and prices: programmes, tax, electricity, gas, wages, emissions, loans.

Each row has a value, unit, source, status (verified: read in a source; derived: computed from such; assumed: recalled
or estimated) and the dates between which it holds. A row without dates holds always. Money is without value-added tax.

>>> lookup("tax", "credit.small.general", "2026-05").value
0.1
>>> lookup("electricity", "industrial_b_high_voltage_a_2.energy.summer.on_peak", "2026-06-01").value
229.0
"""

from __future__ import annotations

import calendar
import re
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

DATA = Path(__file__).with_name("data")
NAMES = ("programmes", "tax", "loans", "electricity", "gas", "wages", "emissions")
STATUSES = ("verified", "derived", "assumed")
ALWAYS, FOR_EVER = "0000-01-01", "9999-12-31"
_DATE = re.compile(r"(\d{4})-(\d{2})(?:-(\d{2}))?")


class NoRow(LookupError):
    """No row of a table holds on a date; the message says which dates there are."""


@dataclass(frozen=True)
class Row:
    """One value of a table. `begin` and `end` are dates (both days included), such as 2026-04-16."""

    key: str
    value: Any
    unit: str
    status: str
    source: str
    begin: str = ALWAYS
    end: str = FOR_EVER
    source_ko: str = ""

    @property
    def dates(self) -> str:
        """The dates between which it holds, for people; empty if always.

        >>> Row("a", 1.0, "1", "assumed", "x", "2026-04-16").dates
        '2026-04-16 -'
        """
        begin = "" if self.begin == ALWAYS else self.begin
        end = "" if self.end == FOR_EVER else self.end
        return f"{begin} - {end}".strip() if begin or end else ""


@dataclass(frozen=True)
class Table:
    """A table of rows. A key may stand several times with dates that do not overlap."""

    name: str
    title: str
    title_ko: str
    rows: tuple[Row, ...]


def date(text: str) -> str:
    """Return a date as year-month-day; a month stands for its first day.

    Raises
    ------
    ValueError  If it is no date.

    >>> date("2026-05"), date("2026-05-31")
    ('2026-05-01', '2026-05-31')
    """
    match = _DATE.fullmatch(text.strip())
    if match is not None:
        year, month, day = int(match[1]), int(match[2]), int(match[3] or 1)
        if year >= 1 and 1 <= month <= 12 and 1 <= day <= calendar.monthrange(year, month)[1]:
            return f"{year:04d}-{month:02d}-{day:02d}"
    raise ValueError(f"{text!r} is no date; write year and month such as 2026-05, or a day such as 2026-05-31")


@lru_cache(maxsize=len(NAMES))
def table(name: str) -> Table:
    """Return a table by name.

    Raises
    ------
    KeyError    If there is none of that name.
    ValueError  If a row lacks something, or two rows of one key hold at the same time.
    """
    if name not in NAMES:
        raise KeyError(f"there is no table {name!r}; there are {', '.join(NAMES)}")
    raw = tomllib.loads((DATA / f"{name}.toml").read_text(encoding="utf-8"))
    rows = tuple(row for group in raw["group"] for row in _rows(name, group))
    _check(name, rows)
    return Table(name, raw["title"], raw["title_ko"], rows)


def _rows(name: str, group: dict[str, Any]) -> Iterator[Row]:
    """Yield the rows of a group, which share unit, status, source and dates."""
    missing = {"unit", "status", "source", "values"} - group.keys()
    if missing or not group["source"].strip() or group["status"] not in STATUSES:
        raise ValueError(f"table {name}: a group lacks {', '.join(sorted(missing)) or 'source or status'}: {group}")
    begin = date(group["from"]) if "from" in group else ALWAYS
    end = date(group["to"]) if "to" in group else FOR_EVER
    prefix = f"{group['key']}." if "key" in group else ""
    for key, value in group["values"].items():
        yield Row(
            f"{prefix}{key}",
            value,
            group["unit"],
            group["status"],
            group["source"],
            begin,
            end,
            group.get("source_ko", ""),
        )


def _check(name: str, rows: tuple[Row, ...]) -> None:
    last: dict[str, Row] = {}
    for row in sorted(rows, key=lambda row: (row.key, row.begin)):
        before = last.get(row.key)
        if row.end < row.begin or (before is not None and before.end >= row.begin):
            raise ValueError(f"table {name}: two rows of {row.key} hold at the same time, or one ends before it begins")
        last[row.key] = row


def find(name: str, key: str, on: str) -> Row | None:
    """Return the row of a key that holds on a date, or None."""
    day = date(on)
    row = next((row for row in table(name).rows if row.key == key and row.begin <= day <= row.end), None)
    if row is not None:
        for rows in _OPEN.get():
            rows.setdefault((name, key), row)
    return row


Used = dict[tuple[str, str], Row]
"""Rows by table and key, in the order of their first use."""

_OPEN: ContextVar[tuple[Used, ...]] = ContextVar("_OPEN", default=())


@contextmanager
def used() -> Iterator[Used]:
    """Note which rows are looked up; blocks may be nested, each notes for itself.

    >>> with used() as rows:
    ...     rate = lookup("tax", "credit.small.general", "2026-05").value
    >>> list(rows)
    [('tax', 'credit.small.general')]
    """
    rows: Used = {}
    token = _OPEN.set((*_OPEN.get(), rows))
    try:
        yield rows
    finally:
        _OPEN.reset(token)


def lookup(name: str, key: str, on: str) -> Row:
    """Return the row of a key that holds on a date.

    Raises
    ------
    NoRow       If none does.
    ValueError  If the date is none.
    """
    row = find(name, key, on)
    if row is None:
        known = [one.dates for one in table(name).rows if one.key == key]
        dated = f"its dates are {', '.join(known)}" if known else "the table has no such key"
        raise NoRow(f"nothing holds for {key} of the table {name} on {date(on)}; {dated}")
    return row


def keys(name: str, prefix: str = "") -> list[str]:
    """Return the names that follow a prefix (ending in a dot) in the keys of a table, each once.

    >>> keys("electricity", "industrial_b_high_voltage_a_2.energy.")
    ['summer', 'spring_autumn', 'winter']
    """
    found = (row.key.removeprefix(prefix).split(".")[0] for row in table(name).rows if row.key.startswith(prefix))
    return list(dict.fromkeys(found))
