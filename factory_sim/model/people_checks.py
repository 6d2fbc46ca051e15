"""What is wrong between people, their working hours and the work that needs them."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable, Iterator
from typing import Any

from factory_sim.model import clock
from factory_sim.model.calendar_schema import Calendar, Span, Stint
from factory_sim.model.days import day_numbers
from factory_sim.model.keys import walk
from factory_sim.model.needs import Need, NeedText, need_of
from factory_sim.model.people_schema import Break, Crew, Resource
from factory_sim.model.problems import Path, Refused, shown, suggest
from factory_sim.model.raw import Raw, tables
from factory_sim.model.schema import Plant
from factory_sim.model.units import DAY, HOUR, WEEK
from factory_sim.model.validate import Found

REGULAR, EXTENDED = 40 * HOUR, 12 * HOUR
"""Working hours of a week and the extension that may be agreed: Labour Standards Act of Korea, articles 50 and 53."""


def check_needs(raw: Raw) -> Iterator[Found]:
    """Yield needs of what is not there, whatever else is wrong in the file."""
    pools = tables(raw, "resource")
    known = list(pools)
    for table in pools.values():
        skills = table.get("skills")
        known += [skill for skill in (skills if isinstance(skills, list) else []) if isinstance(skill, str)]
    for path, kind, value in walk(Plant, raw):
        if isinstance(getattr(kind, "entry", kind), NeedText):
            entries = list(value) if isinstance(value, list) else [value]
            for index, entry in enumerate(entries):
                here = (*path, index) if isinstance(value, list) else path
                yield from _need(here, entry, entries[:index], pools, list(dict.fromkeys(known)))


def _need(path: Path, entry: Any, before: list[Any], pools: dict[str, Raw], known: list[str]) -> Iterator[Found]:
    try:
        need = need_of(NeedText().parse(entry))
    except Refused:
        return  # the schema says so
    names = set(need.names)
    if any(isinstance(other, str) and names == set(need_of(other).names) for other in before):
        yield path, f"{shown(entry)} is named twice; write it once, with the number of units before it"
    if path[0] == "vehicle" and not (need.plain and need.names[0] in pools):
        yield path, f"a vehicle is repaired by one unit of a resource, not by {shown(entry)}; name the resource"
        return
    for name in need.names:
        if name not in known:
            hint = suggest(name, known, "names in [resource] and skills")
            yield path, f"no resource '{name}'{hint}"
    nobody = entry in pools and pools[entry].get("units") == 0 and not pools[entry].get("crew")
    if nobody and not any(entry in (table.get("skills") or ()) for table in pools.values()):
        yield path, f"needs one unit of '{entry}', but resource.{entry}.units is 0; give it at least 1"


def check_people(plant: Plant) -> Iterator[Found]:
    """Yield the problems with the working hours of people, of a plant whose names are right."""
    for name, pool in plant.resource.items():
        yield from _breaks(plant, name, pool)
        yield from _weekly_limit(plant, name, pool)
    for station in plant.station:
        for path, text in needs_of(plant, station):
            yield from _supply(plant, station, path, need_of(text))


def needs_of(plant: Plant, station: str) -> Iterator[tuple[Path, str]]:
    """Yield (path, need) of all that a station needs."""
    table, here = plant.station[station], ("station", station)
    lists: list[tuple[Path, tuple[str, ...]]] = [((*here, "needs"), table.needs)]
    for name in ("load", "watch", "unload") if table.attend is not None else ():
        phase = getattr(table.attend, name)
        if phase is not None:
            lists.append(((*here, "attend", name, "needs"), phase.needs))
    for path, needs in lists:
        for index, text in enumerate(needs):
            yield (*path, index), text
    for name, mode in table.failure.items():
        if mode.crew is not None:
            yield (*here, "failure", name, "crew"), mode.crew
    if table.setup is not None and table.setup.crew is not None:
        yield (*here, "setup", "crew"), table.setup.crew


def pools_for(plant: Plant, need: Need) -> list[str]:
    """Return the pools whose units can meet a need, in the order in which they are asked.

    The first name first; a pool of that name before the pools with that skill, these in the order of the file.
    """
    found: dict[str, None] = {}
    for name in need.names:
        if name in plant.resource:
            found[name] = None
        found |= {pool: None for pool, table in plant.resource.items() if name in table.skills}
    return list(found)


# -- enough people at the right time ----------------------------------------------------------------------------------


def _supply(plant: Plant, station: str, path: Path, need: Need) -> Iterator[Found]:
    pools = pools_for(plant, need)
    crews = [crew for pool in pools for crew in plant.resource[pool].crews.values() if crew.filled]
    spans = [(_hours(plant, crew), crew.filled) for crew in crews]
    most = _most(spans, [(0.0, WEEK)])
    if most < need.units:
        names = " or ".join(f"resource.{pool}" for pool in pools)
        few = f"needs {need.units}, but no shift has more than {most} of {' | '.join(need.names)}"
        yield path, f"{few}; raise the units of {names}, or fill the positions"
        return
    rules = plant.calendar_of(station)
    if rules is not None and _most(spans, rules.open_intervals) < need.units:
        message = f"{' | '.join(need.names)} and the calendar of '{station}' never meet with {need.units} there"
        yield path, f"{message}; change resource.{pools[0]}.calendar or that of the station"


def _hours(plant: Plant, crew: Crew) -> tuple[Span, ...]:
    """Return when a crew is there in a week without exceptions. [s]"""
    return ((0.0, WEEK),) if crew.calendar is None else plant.calendar[crew.calendar].open_intervals


def _most(supply: list[tuple[tuple[Span, ...], int]], within: Iterable[Span]) -> int:
    """Return how many units are there at the same time at most, within some stretches of the week."""
    starts = [begin for spans, _ in supply for begin, _ in spans]
    most = 0
    for begin, end in within:
        for moment in (begin, *(start for start in starts if begin < start < end)):
            there = (units_ for spans, units_ in supply if any(one <= moment < two for one, two in spans))
            most = max(most, sum(there))
    return most


def _breaks(plant: Plant, name: str, pool: Resource) -> Iterator[Found]:
    """Yield breaks that lie in no shift of any crew."""
    calendars = [plant.calendar[crew.calendar] for crew in pool.crews.values() if crew.calendar is not None]
    for index, entry in enumerate(pool.breaks):
        last = entry.from_ + entry.turns * entry.length
        fits = (
            stint.begin <= day * DAY + entry.from_ and day * DAY + last <= stint.end
            for calendar in calendars
            for stint in calendar.stints(0, 8, None, exceptions=False)
            for day in range(8)
        )
        if not any(fits):
            until = clock.Clock().show(last % DAY)
            message = f"no shift of the pool holds the break from {clock.Clock().show(entry.from_)} to {until}"
            yield ("resource", name, "breaks", index), f"{message}; move it into a shift"


# -- working hours of a person ---------------------------------------------------------------------------------------


def working_hours(stint: Stint, breaks: Iterable[Break], turn: int) -> float:
    """Return the working hours in a shift of a person who goes in turn number `turn`: unpaid breaks left out. [s]"""
    away = sum(end - begin for begin, end in away_in(stint, [entry for entry in breaks if not entry.paid], turn))
    return stint.end - stint.begin - away


def away_in(stint: Stint, breaks: Iterable[Break], turn: int) -> list[Span]:
    """Return the breaks of a person in a shift; those of two kinds must not overlap. [s] from the beginning"""
    found = []
    first = math.floor(stint.begin / DAY) - 1
    for entry in breaks:
        for day in range(first, first + 4):
            begin = day * DAY + entry.from_ + turn % entry.turns * entry.length
            begin, end = max(begin, stint.begin), min(begin + entry.length, stint.end)
            if begin < end:
                found.append((begin, end))
    return sorted(found)


def _weekly_limit(plant: Plant, name: str, pool: Resource) -> Iterator[Found]:
    for key, crew in pool.crews.items():
        if crew.calendar is None or not crew.filled:
            continue
        week, hours = longest_week(plant.calendar[crew.calendar], crew, pool.breaks, plant.plant.begins)
        if hours > pool.weekly_limit:
            path: Path = ("resource", name, "crew", key, "calendar") if key else ("resource", name, "calendar")
            said = f"a person works {hours / HOUR:.4g} h in week {week + 1} by calendar '{crew.calendar}'"
            agreed = " (40 h and an extension of 12 h)" if pool.weekly_limit == REGULAR + EXTENDED else ""
            law = f"at most {pool.weekly_limit / HOUR:.4g} h are allowed{agreed}"
            remedy = "shorten the shifts, let more crews take them in turn (rotation), or hire further ones (crew)"
            yield path, f"{said}, but {law}; {remedy}"


def longest_week(
    calendar: Calendar, crew: Crew, breaks: tuple[Break, ...], begins: dt.date | None
) -> tuple[int, float]:
    """Return the week of a run in which a person of a crew works longest, and how long. [s]

    Overtime that follows a shift without a gap is worked by those of the shift. Shifts are counted in the week in which
    they begin. With a rotation of n crews, crew k takes the shifts k, k + n, k + 2 n, ... of the run.
    """
    dated = max((d for o in calendar.overtime for d in day_numbers(o.dates, begins)), default=-1)
    weeks = max(dated // 7 + 1, crew.rotation + 1)
    turns = max((entry.turns for entry in breaks), default=1)
    hours: dict[tuple[int, int, int], float] = {}
    turn_of, end = -1, -math.inf
    for stint in calendar.stints(0, 7 * weeks, begins):
        if not (stint.overtime and stint.begin == end):
            turn_of += 1
        end = stint.end
        for turn in range(turns):
            key = int(stint.begin // WEEK), turn_of % crew.rotation, turn
            hours[key] = hours.get(key, 0.0) + working_hours(stint, breaks, turn)
    if not hours:
        return 0, 0.0
    week = max(hours, key=lambda key: (hours[key], -key[0]))
    return week[0], hours[week]
