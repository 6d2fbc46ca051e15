"""Physical states in the plan: the rows of the laws that the tables of a station set, and the stops they may cause."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

from factory_sim.model.problems import Path
from factory_sim.model.reader import error_at
from factory_sim.model.schema import Plant
from factory_sim.model.station_schema import Station
from factory_sim.simulation import plan as p
from factory_sim.simulation import trace
from factory_sim.simulation.plan import LawRow, StopRow
from factory_sim.technology import curing_oven, film_web
from factory_sim.technology.laws import LAWS, NAMES, holds

CARRIERS = {"electricity": p.ELECTRICITY, "gas": p.GAS}


def tables_of(station: Station) -> Iterator[tuple[int, str, Any]]:
    """Yield the laws of a station: index, name of the table and the table."""
    for law, name in enumerate(NAMES):
        table = getattr(station, name)
        if table is not None:
            yield law, name, table


def steady_scrap(station: Station) -> float:
    """Return the scrap probability of a part of which no physical state is to blame.

    The yield of a station is that of the baseline, what the states cost in it included.
    """
    owed: float = sum(table.physics_scrap for _, _, table in tables_of(station))
    return max(0.0, 1.0 - station.yield_ / (1.0 - owed))


def steady_yield(plant: Plant, name: str, station: Station) -> float:
    """Return the yield of a machine without what the physical states in the tanks of its line cost in the baseline."""
    line = plant.hoist_line.get(name)
    return station.yield_ if line is None else min(1.0, station.yield_ / (1.0 - line.physics_scrap))


def law_rows(plant: Plant, at: Path, station: Station, stops: Mapping[str, int]) -> tuple[LawRow, ...]:
    """Return the laws of one machine; `stops` are the indices of its stops by name, `at` is the path of its table.

    A tank of a hoist line has a window instead of a cycle, which is judged with it (`prepare_lines`).

    Raises
    ------
    InputError  If a technology refuses its parameters.
    """
    rows = []
    for law, key, table in tables_of(station):
        module = LAWS[law]
        try:
            cycle = station.cycle.mean if at[0] == "station" else math.inf
            parameters = module.compile_parameters(table, cycle)
            if hasattr(module, "recipes"):
                parameters = module.recipes(parameters, table, own_cycles(plant, str(at[1])))
        except ValueError as error:
            raise error_at(plant.file, (*at, key), str(error)) from None
        names = holds(module)
        stop = stops[names[0][0]] if names else p.NONE
        rows.append(LawRow(law, tuple(parameters), CARRIERS.get(table.carrier, p.NONE), stop))
    return tuple(rows)


def own_cycles(plant: Plant, name: str) -> list[tuple[str, float | None]]:
    """Return for each product the mean of its own cycle at a station, None without one; of the first visit. [s]"""
    cycles = [(product, plant.product[product].cycles_at(name)) for product in plant.product]
    return [(product, own[0].mean if own and own[0] is not None else None) for product, own in cycles]


def longest_stand(plant: Plant, name: str, station: Station) -> float:
    """Return how long parts may stand in the dryer or oven of a flow, all stops together; inf without one. [s]

    Raises
    ------
    InputError  If parts are not good even without a stop.
    """
    flow = station.flow
    if flow is None:
        return math.inf
    try:
        if flow.drying is not None:
            return film_web.longest_stand(flow.drying, flow.pace)
        if flow.cure is not None:
            return curing_oven.longest_stand(flow.cure, flow.pace)
    except ValueError as error:
        table = "cure" if flow.drying is None else "drying"
        raise error_at(plant.file, ("station", name, "flow", table), str(error)) from None
    return math.inf


def stop_names(station: Station) -> list[str]:
    """Return the names of the stops in which machines of a station wait for a physical state."""
    return [name for law, _, _ in tables_of(station) for name, _ in holds(LAWS[law])]


def passes(station: Station) -> int:
    """Return in how many passes a cycle is worked; between two of them a physical state may let the machine wait."""
    return max((table.passes for law, _, table in tables_of(station) if hasattr(LAWS[law], "between")), default=1)


def begins_alone(station: Station) -> bool:
    """Return whether physical states begin before people are called, who may do other work while the machine waits.

    Only if idle time changes none of them. Who is called for the whole cycle and not to load sees to them, unless
    there is a crew for that; and a setup comes first, which people wait for.
    """
    laws = list(tables_of(station))
    unattended = all(getattr(LAWS[law], "UNATTENDED", False) for law, _, _ in laws)
    loaded = station.load is not None or (station.attend is not None and station.attend.load is not None)
    crews = all(getattr(table, "crew", None) is not None for _, _, table in laws)
    return bool(laws) and unattended and (loaded or crews) and station.setup is None


def begin_verbs(asking: list[int], station: Station) -> list[int]:
    """Return the verbs that ask for people, and that by which physical states begin.

    Who asks for time to the end of the shift as well has its states begin when it gets it.
    """
    alone = p.NEED_IN_TIME not in asking and begins_alone(station)
    return [p.BEGIN, *asking] if alone else [*asking, p.BEGIN]


def stop_rows(index: int, station: Station, resources: Mapping[str, int]) -> Iterator[StopRow]:
    """Yield those stops of machine `index`."""
    for law, _, table in tables_of(station):
        crew = getattr(table, "crew", None)
        called = () if crew is None else (resources[crew],)
        for _, state in holds(LAWS[law]):
            row = trace.STATES.index(state), p.ON_REQUEST, p.IMMEDIATE, p.NONE, p.NONE, 0, called, 0, 0, 0
            yield StopRow(index, *row)
