"""What only the whole file can tell about defects and sensors; see `checks`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from factory_sim.model.physics_schema import LAWS
from factory_sim.model.problems import Path, suggest
from factory_sim.model.raw import Raw, routes, tables
from factory_sim.model.sensor_schema import OF_YIELD
from factory_sim.model.validate import Found


def check_sensors(raw: Raw) -> Iterator[Found]:
    """Yield what does not go together in the defects and sensors of a plant."""
    known = _causes(raw)
    for name, station in tables(raw, "station").items():
        if "defect" in station and OF_YIELD in tables(raw, "station", name, "defect"):
            message = f"'{OF_YIELD}' is the cause of the parts that yield calls bad; give the defect another name"
            yield ("station", name, "defect", OF_YIELD), message
        if station.get("yield_seen") is False and not set(LAWS) & set(station) and station.get("yield", 1.0) == 1.0:
            message = "yield_seen has no effect where every part is good; write a yield below 1, or remove it"
            yield ("station", name, "yield_seen"), message
        if station.get("repairs") and not known:
            yield ("station", name, "repairs"), "no station makes defects that could be repaired; remove it"
        yield from _targets(raw, name, station)
        yield from _measures(raw, name, station)
        for sensor, table in tables(raw, "station", name, "sensor").items():
            yield from _causes_of(("station", name, "sensor", sensor), table, known)
            yield from _downgrade(raw, name, sensor, table)


def made_only_by_downgrade(raw: Raw) -> set[str]:
    """Return the products of which no source has parts: they share one with others, and parts are downgraded to them.

    A share says that the source has parts of the product after all.
    """
    ways = routes(raw)
    named = {to for _, table in _sensors(raw) if isinstance(to := table.get("downgrade_to"), str)}
    without_share = {name for name, table in tables(raw, "product").items() if "share" not in table}
    found = {name for name in ways if name in named & without_share}
    others = {route[0] for name, route in ways.items() if route and name not in found}
    return {name for name in found if ways[name][:1] and ways[name][0] in others}


def _sensors(raw: Raw) -> Iterator[tuple[str, dict[str, Any]]]:
    for name in tables(raw, "station"):
        for table in tables(raw, "station", name, "sensor").values():
            yield name, table


def _causes(raw: Raw) -> list[str]:
    """Return the names of all defects that parts can have."""
    found: dict[str, None] = {}
    for name, station in tables(raw, "station").items():
        if station.get("yield_seen") is False:
            found[OF_YIELD] = None
        found |= dict.fromkeys(tables(raw, "station", name, "defect"))
        measures = tables(raw, "station", name, "measure").items()
        found |= dict.fromkeys(key for key, measure in measures if measure.keys() & {"lower", "upper"})
    return list(found)


def _causes_of(path: tuple[str, ...], table: dict[str, Any], known: list[str]) -> Iterator[Found]:
    causes = table.get("causes")
    for index, cause in enumerate(causes if isinstance(causes, list) else []):
        if isinstance(cause, str) and cause not in known:
            yield (*path, "causes", index), f"no station makes a defect '{cause}'{suggest(cause, known, 'defects')}"


def _targets(raw: Raw, name: str, station: dict[str, Any]) -> Iterator[Found]:
    """Yield sensors that send parts back to where those have not been, or elsewhere than the station does."""
    first: str | None = station.get("rework_to", name) if station.get("rework") or "billet" in station else None
    for sensor, table in tables(raw, "station", name, "sensor").items():
        if table.get("reject") != "rework":
            continue
        to = table.get("rework_to", name)
        path = ("station", name, "sensor", sensor, "rework_to")
        if first is not None and to != first:
            yield path, f"'{name}' sends parts back to '{first}' already; a station sends them to one place: write that"
        first = first or to
        for product, route in routes(raw).items():
            if name in route and to not in route[: route.index(name) + 1]:
                yield path, f"parts of '{product}' have not been at '{to}' when they come to '{name}'"


def _measures(raw: Raw, name: str, station: dict[str, Any]) -> Iterator[Found]:
    """Yield measures that name stops which the station has not, or share a name; furnaces have none."""
    measures = tables(raw, "station", name, "measure")
    if measures and "batch" in station:
        yield ("station", name, "measure"), "a station that takes several parts at once is not measured; remove one"
    if measures and station.get("preempt"):
        yield (
            ("station", name, "measure"),
            "a part that may be taken out is not measured; remove preempt",
        )
    planned = list(tables(raw, "station", name, "planned"))
    known = [*planned, *(["setup"] if isinstance(station.get("setup"), dict) else [])]
    for key, measure in measures.items():
        path = ("station", name, "measure", key)
        for table in ("defect", "sensor"):
            if key in tables(raw, "station", name, table):
                yield path, f"'{key}' is the name of a {table} of the station too; rename one of them"
        named: list[tuple[tuple[str, ...], Any, list[str]]] = [((*path, "reset_by"), measure.get("reset_by"), known)]
        first = measure.get("first_article")
        if isinstance(first, dict):
            named.append(((*path, "first_article", "after"), first.get("after", ["setup"]), known))
        for where, values, allowed in named:
            for index, value in enumerate(values if isinstance(values, list) else []):
                if isinstance(value, str) and value not in allowed:
                    hint = suggest(value, allowed, "stops here")
                    at: Path = (*where, index) if where[-1] in _table_at(raw, where[:-1]) else where[:-1]
                    yield at, f"'{name}' has no planned stop '{value}'{hint}"
        for chart, table_ in tables(raw, "station", name, "measure", key, "chart").items():
            stop = table_.get("maintenance")
            if isinstance(stop, str) and stop not in planned:
                hint = suggest(stop, planned, "stops here")
                yield (*path, "chart", chart, "maintenance"), f"'{name}' has no planned stop '{stop}'{hint}"


def _table_at(raw: Raw, path: tuple[str, ...]) -> dict[str, Any]:
    """Return the table at a path, empty if there is none."""
    here: Any = raw
    for part in path:
        here = here.get(part) if isinstance(here, dict) else None
    return here if isinstance(here, dict) else {}


def _downgrade(raw: Raw, name: str, sensor: str, table: dict[str, Any]) -> Iterator[Found]:
    """Yield downgrades to a product whose way does not pass here, once."""
    to, ways = table.get("downgrade_to"), routes(raw)
    route = ways.get(to) if isinstance(to, str) else None
    if route is not None and route.count(name) != 1:
        message = f"the route of '{to}' must visit '{name}' once, where its parts come from; it does so "
        yield ("station", name, "sensor", sensor, "downgrade_to"), f"{message}{route.count(name)} times"
