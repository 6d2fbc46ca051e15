"""Checks of technologies: the tables that they need and may have, and where hot parts come from."""

from __future__ import annotations

from collections.abc import Iterator

from factory_sim.model.physics_schema import LAWS, TABLES
from factory_sim.model.raw import Raw, routes, tables
from factory_sim.model.schema import Plant
from factory_sim.model.station_schema import Station
from factory_sim.model.validate import Found


def scrap_of_physics(station: Station) -> dict[str, float]:
    """Return the share of parts that each physical state of a station costs in the baseline, by its table."""
    laws = {name: getattr(station, name) for name in LAWS}
    return {name: table.physics_scrap for name, table in laws.items() if table is not None}


def scrap_of_tanks(plant: Plant) -> Iterator[Found]:
    """Yield hoist lines whose yield has no room for what the physical states of their tanks cost in the baseline."""
    for name, line in plant.hoist_line.items():
        yield_ = plant.station[name].yield_
        if line.physics_scrap and yield_ + line.physics_scrap > 1.0 + 1e-9:
            owed = [tank for tank, table in line.tank.items() if table.bath is not None and table.bath.physics_scrap]
            message = (
                f"yield {yield_:g} of the line + physics_scrap of its tanks, {line.physics_scrap:.4g}, must be at most"
            )
            yield ("hoist_line", name, "tank", owed[-1], "bath", "physics_scrap"), f"{message} 1; lower one of them"


def check_physics(raw: Raw) -> Iterator[Found]:
    """Yield tables that a technology lacks or has no use for, and hot parts that no station heats."""
    for name, station in tables(raw, "station").items():
        technology = station.get("technology", "machine")
        needed, possible = TABLES.get(technology, ((), LAWS))
        for table in needed:
            if table not in station:
                message = f"{technology} needs the table [station.{name}.{table}]; add it, or use machine"
                yield ("station", name, "technology"), message
        for table in LAWS:
            if table in station and table not in (*needed, *possible):
                users = " or ".join(f'"{each}"' for each, (first, more) in TABLES.items() if table in (*first, *more))
                message = f"only technology = {users} has a {table}; name that technology or remove the table"
                yield ("station", name, table), message
        if "billet" in station:
            yield from _heaters(raw, name, station)
        flow = station.get("flow")
        if technology == "film.web" and not (isinstance(flow, dict) and flow.get("kind") == "web"):
            message = f'film.web is a web: write [station.{name}.flow] with kind = "web", or use machine'
            yield ("station", name, "technology"), message
        if technology == "coating.oven" and not (isinstance(flow, dict) and "cure" in flow):
            message = f"coating.oven needs the table [station.{name}.flow.cure]; add it, or use machine"
            yield ("station", name, "technology"), message
        if "quench" in station:
            yield from _furnaces(raw, name)
        if "furnace" in station:
            yield from _recipes(raw, name, station["furnace"])
        yield from _nights(name, station)
    for name, line in tables(raw, "hoist_line").items():
        yield from _baths(name, line, tables(raw, "station").get(name, {}))


def _heaters(raw: Raw, name: str, station: Raw) -> Iterator[Found]:
    """Yield presses whose parts come cold, or do not go back to a heater."""
    stations = tables(raw, "station")
    for product, route in routes(raw).items():
        before = route[: route.index(name)] if name in route else ()
        if name in route and not any("heater" in stations.get(each, {}) for each in before):
            message = f"nothing heats parts of '{product}' before '{name}'; put a station with a heater on the route"
            yield ("station", name, "billet"), message
    to = station.get("rework_to")
    if to is None:
        message = "a part that is too cold must go somewhere; write rework_to = the station that heats it"
        yield ("station", name, "billet"), message
    elif isinstance(to, str) and to in stations and "heater" not in stations[to]:
        yield ("station", name, "rework_to"), f"'{to}' has no heater; name the station that heats parts"


def _recipes(raw: Raw, name: str, furnace: object) -> Iterator[Found]:
    """Yield recipes of products that do not come to the furnace."""
    ways = routes(raw)
    recipes = furnace.get("recipe") if isinstance(furnace, dict) else None
    for product in recipes if isinstance(recipes, dict) else ():
        if name not in ways.get(product, ()):
            who = " or ".join(f"'{each}'" for each, way in ways.items() if name in way)
            message = f"no product '{product}' comes to this furnace; name {who}, or remove the recipe"
            yield ("station", name, "furnace", "recipe", product), message


def _furnaces(raw: Raw, name: str) -> Iterator[Found]:
    """Yield quenches whose parts come cold."""
    stations = tables(raw, "station")
    for product, route in routes(raw).items():
        before = route[: route.index(name)] if name in route else ()
        hot = any({"furnace", "heater"} & set(stations.get(each, {})) for each in before)
        if name in route and not hot:
            message = f"nothing heats parts of '{product}' before '{name}'; put a station with a furnace on the route"
            yield ("station", name, "quench"), message


def _baths(name: str, line: Raw, station: Raw) -> Iterator[Found]:
    """Yield baths of a hoist line that are off at night with a carrier in them."""
    for tank, table in tables(line, "tank").items():
        bath = table.get("bath")
        if isinstance(bath, dict) and bath.get("heat_off_shift") is False and station.get("off_shift") != "finish":
            message = f'a carrier would stand in the cold bath; write off_shift = "finish" at [station.{name}]'
            yield ("hoist_line", name, "tank", tank, "bath", "heat_off_shift"), message


def _nights(name: str, station: Raw) -> Iterator[Found]:
    """Yield furnaces and baths that are off at night with a part in them."""
    for table in LAWS:
        law = station.get(table)
        off = isinstance(law, dict) and law.get("heat_off_shift") is False
        if off and station.get("off_shift") not in ("finish", "no_start"):
            what = "lie in the cold bath" if table == "bath" else "be in it"
            message = f'a load would {what}; write off_shift = "finish" or "no_start" at the station'
            yield ("station", name, table, "heat_off_shift"), message
