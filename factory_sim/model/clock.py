"""Shifts of a week: days and clock times as they stand in a file, and the hours that they leave open.

Time 0 is Monday 00:00, so a week is [0, 604800) seconds.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from factory_sim.model.kinds import Kind
from factory_sim.model.problems import refuse, shown, suggest
from factory_sim.model.units import DAY, HOUR, MINUTE, WEEK

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


@dataclass(frozen=True)
class Days(Kind):
    """Days of the week, read as numbers from 0 (Monday), in the order of the week."""

    range: str = ", ".join(DAYS)
    form: str = 'days such as "Mon", "Mon-Fri" or "Mon,Wed,Sat"'

    def parse(self, value: Any) -> tuple[int, ...]:
        """
        >>> Days().parse("Mon,Fri-Sun"), Days().parse("Sat-Mon")
        ((0, 4, 5, 6), (0, 5, 6))
        """
        if not isinstance(value, str):
            raise refuse(f"{shown(value)} is no text; write {self.form}")
        days: list[int] = []
        for part in value.split(","):
            ends = [_day(name.strip(), self.form) for name in part.split("-")]
            if len(ends) > 2:
                raise refuse(f"{shown(part)} is no range of days; write {self.form}")
            days += [(ends[0] + step) % 7 for step in range((ends[-1] - ends[0]) % 7 + 1)]
        if len(set(days)) < len(days):
            twice = next(DAYS[day] for day in days if days.count(day) > 1)
            raise refuse(f"{twice} is named twice in {shown(value)}")
        return tuple(sorted(days))

    def show(self, value: Any) -> str:
        return ",".join(DAYS[day] for day in value) or "none"


@dataclass(frozen=True)
class Clock(Kind):
    """A time of day, read as seconds after midnight."""

    unit: str = "s"
    range: str = "00:00 to 24:00"
    form: str = 'a time of day such as "06:00"'

    def parse(self, value: Any) -> float:
        """
        >>> Clock().parse("06:30"), Clock().parse("24:00")
        (23400.0, 86400.0)
        """
        match = re.fullmatch(r"\s*([0-9]{1,2}):([0-5][0-9])\s*", value) if isinstance(value, str) else None
        seconds = int(match[1]) * HOUR + int(match[2]) * MINUTE if match else DAY + 1.0
        if seconds > DAY:
            raise refuse(f"{shown(value)} is no time of day; write {self.form}, from 00:00 to 24:00")
        return seconds

    def show(self, value: Any) -> str:
        return f"{int(value // HOUR):02d}:{int(value % HOUR // MINUTE):02d}"


def _day(name: str, form: str) -> int:
    if name not in DAYS:
        raise refuse(f"unknown day {shown(name)}{suggest(name[:3], DAYS, 'days')}; write {form}")
    return DAYS.index(name)


def spans(days: Iterable[int], begin: float, end: float) -> list[tuple[float, float]]:
    """Return the stretches of the week that one shift covers, split at the end of the week. [s]

    An `end` not after `begin` is on the next day.

    >>> spans([6], 22 * 3600.0, 6 * 3600.0)
    [(597600.0, 604800.0), (0.0, 21600.0)]
    """
    length = end - begin if end > begin else end - begin + DAY
    found = []
    for day in days:
        start = (day * DAY + begin) % WEEK
        found.append((start, min(start + length, WEEK)))
        if start + length > WEEK:
            found.append((0.0, start + length - WEEK))
    return found


def moment(time: float) -> str:
    """Return a time of the week for people.

    >>> moment(86400.0 + 6 * 3600.0)
    'Tue 06:00'
    """
    return f"{DAYS[int(time // DAY) % 7]} {Clock().show(time % DAY)}"
