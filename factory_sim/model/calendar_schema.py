"""Schema of a calendar in a plant file: shifts of a week, extra hours, and days on which nobody works; see `schema`.

Days are counted from the beginning of a run, a Monday; `plant.begins` says which one it is.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from functools import cached_property
from itertools import pairwise
from typing import Annotated, NamedTuple

from pydantic import Field, model_validator

from factory_sim.model import clock
from factory_sim.model.days import AnyDay, Day, day_numbers
from factory_sim.model.kinds import ListOf, Number, carrier
from factory_sim.model.problems import Path
from factory_sim.model.tables import Table
from factory_sim.model.units import DAY, WEEK

Span = tuple[float, float]
_DAYS = ListOf(Day(), 0, '["2026-02-17", "05-05"]')


class Shift(Table):
    """An entry of [calendar.<name>] shifts."""

    days: Annotated[tuple[int, ...], clock.Days()] = Field(description="Days on which the shift begins")
    from_: Annotated[float, clock.Clock()] = Field(alias="from", description="Time of day at which it begins")
    to: Annotated[float, clock.Clock()] = Field(description="Time of day at which it ends; not after from: next day")

    @property
    def spans(self) -> list[Span]:
        """Stretches of the week, [s] after Monday 00:00."""
        return clock.spans(self.days, self.from_, self.to)


class Overtime(Table):
    """An entry of [calendar.<name>] overtime: hours beside the shifts."""

    days: Annotated[tuple[int, ...], clock.Days()] = Field(
        default=(), description="Days on which it begins, every week; default: none"
    )
    dates: Annotated[tuple[AnyDay, ...], _DAYS] = Field(
        default=(), description="Single days on which it begins, holidays too; default: none"
    )
    from_: Annotated[float, clock.Clock()] = Field(alias="from", description="Time of day at which it begins")
    to: Annotated[float, clock.Clock()] = Field(description="Time of day at which it ends; not after from: next day")
    factor: Annotated[float, Number("[1, 10]", "1.5")] = Field(
        default=1.5, description="Wage of these hours over that of others"
    )

    @property
    def spans(self) -> list[Span]:
        """Stretches of every week, [s] after Monday 00:00."""
        return clock.spans(self.days, self.from_, self.to)

    @model_validator(mode="after")
    def _check(self) -> Overtime:
        if not self.days and not self.dates:
            raise carrier((("days",), "overtime without a day has no effect; write days or dates"))
        return self


class Stint(NamedTuple):
    """A shift, or extra hours, on one day. [s] from the beginning of the run"""

    begin: float
    end: float
    factor: float  # of the wage; 1 in a shift
    overtime: bool


class Calendar(Table):
    """[calendar.<name>]: when stations are open or people there, the same every week but for exceptions."""

    shifts: tuple[Shift, ...] = Field(description="Shifts; adjoining ones merge, overlapping ones are an error")
    overtime: tuple[Overtime, ...] = Field(default=(), description="Hours beside the shifts; default: none")
    holidays: Annotated[tuple[AnyDay, ...], _DAYS] = Field(
        default=(),
        description="Days on which no shift begins: a date, a month and day of every year (both need plant.begins), "
        "or the number of a day from the beginning, which is day 1",
    )

    @model_validator(mode="after")
    def _check(self) -> Calendar:
        if not self.shifts:
            raise carrier((("shifts",), "a calendar needs at least one shift; leave the calendar out if always open"))
        found: list[tuple[Path, str]] = []
        taken = sorted(
            [(*span, index) for index, shift in enumerate(self.shifts) for span in shift.spans]
            + [(*s, len(self.shifts) + index) for index, extra in enumerate(self.overtime) for s in extra.spans]
        )
        for (_, end, one), (begin, _, other) in pairwise(taken):
            if begin < end:
                first, last = min(one, other), max(one, other)
                message = f"overlaps with {self._name(first)} at {clock.moment(begin)}; shorten one of them"
                found.append((self._path(last), message))
        if found:
            raise carrier(*dict(reversed(found)).items())
        return self

    def _path(self, index: int) -> Path:
        shifts = len(self.shifts)
        return ("shifts", index) if index < shifts else ("overtime", index - shifts)

    def _name(self, index: int) -> str:
        shifts = len(self.shifts)
        return f"shift {index + 1}" if index < shifts else f"overtime {index - shifts + 1}"

    @cached_property
    def open_intervals(self) -> tuple[Span, ...]:
        """Open stretches of a week without exceptions, ascending, merged. [s] after Monday 00:00, in [0, 604800]."""
        entries: list[Shift | Overtime] = [*self.shifts, *self.overtime]
        return merged(span for entry in entries for span in entry.spans)

    @property
    def open_per_week(self) -> float:
        """Planned time of a week without exceptions. [s]"""
        return sum(end - begin for begin, end in self.open_intervals)

    def stints(self, first: int, last: int, begins: dt.date | None, exceptions: bool = True) -> list[Stint]:
        """Return what begins on the days `first` to `last` (excluded; day 0 is the first of the run), in order.

        Without `exceptions` every week is like the others.
        """
        closed = day_numbers(self.holidays if exceptions else (), begins)
        extra = [day_numbers(entry.dates if exceptions else (), begins) for entry in self.overtime]
        found = []
        for day in range(first, last):
            for shift in self.shifts if day not in closed else ():
                if day % 7 in shift.days:
                    found.append(_stint(day, shift, 1.0, False))
            for entry, dates in zip(self.overtime, extra, strict=True):
                if (day % 7 in entry.days and day not in closed) or day in dates:
                    found.append(_stint(day, entry, entry.factor, True))
        return sorted(found)

    def week(self, week: int, begins: dt.date | None) -> tuple[Span, ...]:
        """Return the open stretches of a week of the run, merged. [s] after its Monday 00:00, in [0, 604800]"""
        start = week * WEEK
        spans = [(stint.begin - start, stint.end - start) for stint in self.stints(7 * week - 1, 7 * week + 7, begins)]
        return merged((max(0.0, begin), min(end, WEEK)) for begin, end in spans if begin < WEEK and end > 0.0)

    def special_weeks(self, begins: dt.date | None) -> dict[int, tuple[Span, ...]]:
        """Return the open stretches of the weeks that are not like the others, by number of the week."""
        days = day_numbers(self.holidays, begins).union(*(day_numbers(o.dates, begins) for o in self.overtime))
        weeks = sorted({(day + after) // 7 for day in days for after in (0, 1)})
        found = {week: self.week(week, begins) for week in weeks}
        return {week: spans for week, spans in found.items() if spans != self.open_intervals}

    def open_in(self, weeks: int, begins: dt.date | None) -> float:
        """Return the planned time of the first weeks of a run. [s]"""
        special = {week: spans for week, spans in self.special_weeks(begins).items() if week < weeks}
        open_ = sum(end - begin for spans in special.values() for begin, end in spans)
        return (weeks - len(special)) * self.open_per_week + open_


def _stint(day: int, entry: Shift | Overtime, factor: float, overtime: bool) -> Stint:
    end = entry.to if entry.to > entry.from_ else entry.to + DAY
    return Stint(day * DAY + entry.from_, day * DAY + end, factor, overtime)


def merged(spans: Iterable[Span]) -> tuple[Span, ...]:
    """Return stretches in order, those that touch or overlap joined.

    >>> merged([(4.0, 6.0), (0.0, 2.0), (2.0, 3.0)])
    ((0.0, 3.0), (4.0, 6.0))
    """
    found: list[Span] = []
    for begin, end in sorted(spans):
        if found and found[-1][1] >= begin:
            begin, end = found[-1][0], max(end, found.pop()[1])
        found.append((begin, end))
    return tuple(found)
