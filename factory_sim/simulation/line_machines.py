"""What is a machine of a station: its units side by side, or the spots and movers of its line."""

from __future__ import annotations

from factory_sim.model.distribution import Distribution
from factory_sim.model.line_schema import Breakdown, HoistLine, Mover, RobotCell, Service, Tank
from factory_sim.model.problems import Path
from factory_sim.model.schema import Plant
from factory_sim.model.station_schema import Failure, Planned, Station
from factory_sim.model.units import Si
from factory_sim.technology.plating_bath import plating_time

_FAILURE = ("clock", "between", "repair", "crew", "priority")
_PLANNED = ("every", "first", "duration", "when")
Unit = tuple[str, Station]
"""Name of a machine, and the table of a station that is like it."""


def machines_of(plant: Plant, name: str) -> list[Unit]:
    """Return the machines of a station: of a line its spots by step, then its movers.

    >>> from factory_sim.model import parse_plant
    >>> from factory_sim.model.units import Si
    >>> plant = parse_plant({"plant": {"name": "Cell"}, "source": {"in": {}}, "sink": {"out": {}},
    ...     "product": {"part": {"route": ["in", "cell", "out"]}}, "station": {"cell": {"cycle": "60 s"}},
    ...     "robot_cell": {"cell": {"travel": "2 s", "machine": {"mill": {"process": "50 s"}}}}})
    >>> [machine for machine, _ in machines_of(plant, "cell")]
    ['cell.input', 'cell.machine.mill', 'cell.output', 'cell.robot']
    """
    station = plant.station[name]
    if name in plant.robot_cell:
        return [(f"{name}.{unit}", table) for unit, table in _of_cell(plant.robot_cell[name], station)]
    if name in plant.hoist_line:
        return [(f"{name}.{unit}", table) for unit, table in _of_hoists(plant.hoist_line[name], station)]
    return [(f"{name}#{unit + 1}", station) for unit in range(station.machines)]


def is_tank(machine: str) -> bool:
    """Tell by its name whether a machine is a tank: its chemistry goes on when the plant is closed.

    >>> is_tank("plating.tank.acid#2"), is_tank("tank#1"), is_tank("cell.machine.tank")
    (True, False, False)
    """
    return ".tank." in machine


def shortest_soak(tank: Tank) -> float:
    """Return the shortest soak of a tank: as the file says, else the plating time of its fresh bath. [s]"""
    if tank.min is not None:
        return tank.min
    assert tank.bath is not None, "the schema asks for one of both"
    return plating_time(tank.bath)


def usual_soak(line: HoistLine, tank: Tank) -> float:
    """Return after how long a carrier may be taken from a tank with a fresh bath. [s]

    In a timetable after the shortest soak; otherwise not before the plating time is over.
    """
    shortest = shortest_soak(tank)
    return shortest if tank.bath is None or line.has_timetable else max(shortest, plating_time(tank.bath))


def path_of(station: str, machine: str) -> Path:
    """Return where the file says what a machine of a station is; only tanks of a line have a place of their own here.

    >>> path_of("plating", "plating.tank.acid#2"), path_of("saw", "saw#1")
    (('hoist_line', 'plating', 'tank', 'acid'), ('station', 'saw'))
    """
    if not is_tank(machine):
        return ("station", station)
    return ("hoist_line", station, "tank", machine.partition(".tank.")[2].partition("#")[0])


def _of_cell(cell: RobotCell, station: Station) -> list[Unit]:
    machines = [
        (
            f"machine.{name}",
            _like(
                station, machine.process, yield_=machine.yield_, power=machine.power,
                failure=_failures(machine.failure), planned=_planned(machine.planned),
            ),
        )
        for name, machine in cell.machine.items()
    ]  # fmt: skip
    ends = (("input", _end(station, 0.0, 1.0)), ("output", _end(station, 0.0, station.yield_)))
    return [ends[0], *machines, ends[1], ("robot", _mover(station, cell.robot))]


def _of_hoists(line: HoistLine, station: Station) -> list[Unit]:
    first = _end(station, line.load, station.yield_ if line.common else 1.0)
    tanks = [
        (
            f"tank.{name}" + f"#{unit + 1}" * (tank.count > 1),
            _like(station, _constant(usual_soak(line, tank)), power=tank.power, bath=tank.bath),
        )
        for name, tank in line.tank.items()
        for unit in range(tank.count)
    ]
    last = [] if line.common else [("unload", _end(station, line.unload, station.yield_))]
    movers = [(f"hoist.{name}", _mover(station, hoist)) for name, hoist in line.hoist.items()]
    return [("load", first), *tanks, *last, *movers]


def _end(station: Station, time: float, yield_: float) -> Station:
    """Return a load or unload station."""
    return _like(station, _constant(time), yield_=yield_)


def _mover(station: Station, mover: Mover) -> Station:
    return _like(
        station, _constant(0.0), power=mover.power, failure=_failures(mover.failure), planned=_planned(mover.planned)
    )


def _like(station: Station, cycle: Distribution, **own: object) -> Station:
    """Return a machine that shares only calendar and shift rule with the station of its line."""
    bare = Station.model_construct(cycle=cycle, calendar=station.calendar, off_shift=station.off_shift)
    return bare.model_copy(update=own)


def _failures(modes: dict[str, Breakdown]) -> dict[str, Failure]:
    """Return failure modes as a station has them."""
    return {name: Failure.model_validate(_given(mode, _FAILURE)) for name, mode in modes.items()}


def _planned(stops: dict[str, Service]) -> dict[str, Planned]:
    """Return planned stops as a station has them."""
    return {name: Planned.model_validate(_given(stop, _PLANNED)) for name, stop in stops.items()}


def _given(table: Breakdown | Service, keys: tuple[str, ...]) -> dict[str, object]:
    """Return the values of some keys as a file would give them, those that are there."""
    values = {key: getattr(table, key) for key in keys}
    return {key: Si(value) if isinstance(value, float) else value for key, value in values.items() if value is not None}


def _constant(time: float) -> Distribution:
    return Distribution("constant", (time,))
