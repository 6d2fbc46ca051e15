"""From people in a plant file to rows of the plan."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator

from factory_sim.model.calendar_schema import Calendar, Span, Stint, merged
from factory_sim.model.days import day_numbers
from factory_sim.model.distribution import Distribution
from factory_sim.model.needs import need_of
from factory_sim.model.people_checks import away_in, needs_of, pools_for
from factory_sim.model.people_schema import Break, Crew, Resource
from factory_sim.model.schema import Plant
from factory_sim.model.station_schema import Station
from factory_sim.model.units import WEEK
from factory_sim.simulation import plan as p
from factory_sim.simulation import trace
from factory_sim.simulation.people_rows import LOADING, UNLOADING, WATCHING, PhaseRow, PoolRow, Team, UnitRow
from factory_sim.simulation.plan import CalendarRow, ticks
from factory_sim.simulation.prepare_physics import begins_alone
from factory_sim.simulation.streams import stream_key

KINDS = {
    "load": (LOADING, trace.ACTIVITY_LOAD),
    "watch": (WATCHING, trace.ACTIVITY_WATCH),
    "unload": (UNLOADING, trace.ACTIVITY_UNLOAD),
}
VERBS = {
    "load": (p.CALL_LOAD, p.RUN_LOAD, p.FREE_LOAD),
    "watch": (p.CALL_WATCH, p.RUN_WORK, p.FREE_WATCH),
    "unload": (p.CALL_UNLOAD, p.RUN_UNLOAD, p.FREE_UNLOAD),
}


def has_people(plant: Plant) -> bool:
    """Tell whether a plant has more than pools of units that are always there, one of which is needed at a time."""
    if any(not pool.plain for pool in plant.resource.values()):
        return True
    if any(station.attend is not None for station in plant.station.values()):
        return True
    return any(not need_of(text).plain for station in plant.station for _, text in needs_of(plant, station))


def team_of(plant: Plant, needs: Iterable[str]) -> Team:
    """Return for each unit that is needed the pools from which it may come."""
    pools = list(plant.resource)
    read = [need_of(text) for text in needs]
    return tuple(
        tuple(pools.index(name) for name in pools_for(plant, need)) for need in read for _ in range(need.units)
    )


# -- phases ------------------------------------------------------------------------------------------------------------


def phases(plant: Plant, name: str, machine: str, row: Callable[[Distribution], int]) -> tuple[PhaseRow, ...]:
    """Return the phases of the cycle of a machine that need people."""
    station = plant.station[name]
    if station.needs:
        kind = LOADING if station.load is not None else WATCHING
        return (PhaseRow(kind, team_of(plant, station.needs), p.NONE, 0, trace.ACTIVITY_WORK, 0),)
    found = []
    for phase, (kind, activity) in KINDS.items():
        table = getattr(station.attend, phase, None)
        if table is not None:
            time = row(table.time) if kind != WATCHING else p.NONE
            stream = stream_key(machine, phase)
            found.append(PhaseRow(kind, team_of(plant, table.needs), time, table.priority, activity, stream))
    return tuple(found)


def cycle_verbs(station: Station, physics: bool, in_time: bool, passes: int) -> list[int]:
    """Return the verbs of the cycle of a machine with people, from the call for the first team to the last work.

    The physical state is brought up to now when the first team is there, or before it is called if it begins alone.
    The work may have several passes.
    """
    if station.attend is not None:
        named = [name for name in KINDS if getattr(station.attend, name) is not None]
    else:
        named = ["load" if station.load is not None else "watch"]
    verbs: list[int] = []
    for name in KINDS:
        if name in named:
            verbs += VERBS[name]
        elif name == "watch":
            verbs.append(p.RUN_WORK)
    if physics:
        alone = verbs[0] == p.RUN_WORK or (not in_time and begins_alone(station))
        verbs.insert(0 if alone else 1, p.BEGIN)
    if passes > 1:
        at = verbs.index(p.RUN_WORK)
        verbs[at : at + 1] = [p.RUN_PASS, *[p.NEXT_PASS] * (passes - 1)]
    return [*([p.DRAW_AHEAD] if in_time else []), *verbs]


# -- units -------------------------------------------------------------------------------------------------------------


class Hours:
    """Collects the calendars of units, breaks left out, after those of the plant."""

    def __init__(self, first: int) -> None:
        self.first = first
        self.rows: dict[CalendarRow, int] = {}

    def index(self, row: CalendarRow) -> int:
        """Return the index of a calendar; equal ones share it."""
        return self.rows.setdefault(row, self.first + len(self.rows))


def pool_rows(plant: Plant) -> tuple[PoolRow, ...]:
    """Return the rules of the pools."""
    return tuple(PoolRow(pool.in_order, pool.preemptive, pool.shift_end == "leave") for pool in plant.resource.values())


def unit_rows(plant: Plant, hours: Hours) -> tuple[UnitRow, ...]:
    """Return the units that are there at some time, by pool and crew; each has luck of its own."""
    found: list[UnitRow] = []
    for index, (name, pool) in enumerate(plant.resource.items()):
        for key, crew in pool.crews.items():
            who = f"{name}.{key}" if key else name
            found += _crew(plant, index, who, pool, crew, hours)
    return tuple(found)


def _crew(plant: Plant, index: int, who: str, pool: Resource, crew: Crew, hours: Hours) -> Iterator[UnitRow]:
    begins = plant.plant.begins
    calendar = None if crew.calendar is None else plant.calendar[crew.calendar]
    weekly, dates = ((), ()) if calendar is None else shift_begins(calendar, begins)
    for number in range(crew.filled):
        row = p.NONE if calendar is None else hours.index(presence(calendar, pool.breaks, number, begins))
        absence = 0.0 if calendar is None else pool.absence
        yield UnitRow(index, row, weekly, dates, absence, stream_key(f"{who}#{number + 1}", "absence"))


def presence(calendar: Calendar, breaks: tuple[Break, ...], turn: int, begins: dt.date | None) -> CalendarRow:
    """Return when a unit is there that goes in turn number `turn`."""
    usual = _week(breaks, turn, calendar.stints(6, 14, None, exceptions=False), 1)
    special = {
        week: _week(breaks, turn, calendar.stints(7 * week - 1, 7 * week + 7, begins), week)
        for week in calendar.special_weeks(begins)
    }
    weeks = tuple((week, *stretches(spans)) for week, spans in special.items())
    return CalendarRow(*stretches(usual), weeks)


def _week(breaks: tuple[Break, ...], turn: int, stints: Iterable[Stint], week: int) -> list[Span]:
    """Return when a unit is there in a week, of all that begins in it or on the day before. [s] from its Monday"""
    start, found = week * WEEK, list[Span]()
    for stint in stints:
        begin = stint.begin
        for away, back in [*away_in(stint, breaks, turn), (stint.end, stint.end)]:
            if begin < away:
                found.append((begin - start, away - start))
            begin = max(begin, back)
    return list(merged((max(0.0, one), min(two, WEEK)) for one, two in found if one < WEEK and two > 0.0))


def shift_begins(calendar: Calendar, begins: dt.date | None) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Return when shifts begin in every week, and extra ones in the run. [ticks]

    Overtime that follows a shift without a gap is worked by those who are there, and begins none.
    """
    usual = _new(calendar.stints(6, 14, None, exceptions=False))
    weekly = sorted({stint.begin % WEEK for stint in usual if stint.begin >= WEEK})
    days = frozenset[int]().union(*(day_numbers(entry.dates, begins) for entry in calendar.overtime))
    extra = {stint.begin for day in days for stint in _new(calendar.stints(day - 1, day + 1, begins)) if stint.overtime}
    single = sorted(begin for begin in extra if begin % WEEK not in weekly)
    return tuple(map(ticks, weekly)), tuple(map(ticks, single))


def _new(stints: list[Stint]) -> list[Stint]:
    """Return what is not overtime after a shift without a gap."""
    ends = {stint.end for stint in stints}
    return [stint for stint in stints if not (stint.overtime and stint.begin in ends)]


def stretches(spans: Iterable[Span]) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Return begins and ends of stretches. [ticks]"""
    both = [(ticks(begin), ticks(end)) for begin, end in spans]
    return tuple(begin for begin, _ in both), tuple(end for _, end in both)
