"""What is wrong between calendars, the beginning of a run, and the stations that follow them."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator

from factory_sim.model import units
from factory_sim.model.calendar_schema import Span
from factory_sim.model.days import YEARS, AnyDay, day_numbers
from factory_sim.model.problems import Path
from factory_sim.model.schema import Plant
from factory_sim.model.units import WEEK
from factory_sim.model.validate import Found


def check_calendars(plant: Plant) -> Iterator[Found]:
    """Yield the problems of the calendars of a plant that could be read."""
    begins = plant.plant.begins
    for name, calendar in plant.calendar.items():
        path: Path = ("calendar", name)
        yield from _days((*path, "holidays"), calendar.holidays, begins)
        for index, entry in enumerate(calendar.overtime):
            yield from _days((*path, "overtime", index, "dates"), entry.dates, begins)
    for name, station in plant.station.items():
        rules = plant.calendar_of(name)
        if station.off_shift != "no_start" or rules is None:
            continue
        longest = _longest(rules.open_intervals)
        if station.cycle.least > longest:
            shown = units.show(longest, "s")
            message = f"no cycle of at least {units.show(station.cycle.least, 's')} ends in a shift of {shown}"
            yield ("station", name, "off_shift"), f"{message}; take pause or finish, or lengthen the shift"


def _longest(spans: tuple[Span, ...]) -> float:
    """Return the longest open stretch of a week that repeats itself. [s]"""
    if spans == ((0.0, WEEK),):
        return math.inf
    lengths = [end - begin for begin, end in spans]
    if spans[0][0] == 0.0 and spans[-1][1] == WEEK:  # goes on in the next week
        lengths.append(lengths[0] + lengths[-1])
    return max(lengths)


def _days(path: Path, days: tuple[AnyDay, ...], begins: dt.date | None) -> Iterator[Found]:
    """Yield days that never come, or whose place in the run is not known."""
    for index, day in enumerate(days):
        if begins is None and not isinstance(day, int):
            yield (*path, index), 'a date needs the day on which a run begins; write plant.begins = "2026-01-05"'
        elif begins is not None and not day_numbers((day,), begins):
            yield (*path, index), f"is before the run begins on {begins} or never within {YEARS} years; remove it"
