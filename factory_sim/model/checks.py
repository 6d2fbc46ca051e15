"""What only the whole file can tell: names, routes, stations that nothing reaches.

The checks look at raw tables, so that they work whatever else is wrong in the file; values of a wrong form are passed
over, because the schema reports them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fnmatch import fnmatchcase
from typing import Any

from factory_sim.model.assembly_checks import check_assemblies
from factory_sim.model.campaign_checks import check_choices
from factory_sim.model.energy_schema import check_energy
from factory_sim.model.flow_checks import check_flow
from factory_sim.model.hall_checks import check_hall
from factory_sim.model.keys import Model, references, slots, walk
from factory_sim.model.line_checks import check_lines
from factory_sim.model.people_checks import check_needs
from factory_sim.model.physics_checks import check_physics, scrap_of_physics, scrap_of_tanks
from factory_sim.model.problems import Path, nearest, shown, suggest
from factory_sim.model.raw import Raw, names, ordered_sources, places, routes, tables
from factory_sim.model.schema import Plant
from factory_sim.model.sensor_checks import check_sensors, made_only_by_downgrade
from factory_sim.model.stop_checks import check_stops
from factory_sim.model.transport_checks import check_transport
from factory_sim.model.validate import Found
from factory_sim.model.waiting_checks import check_waiting

OWN_ACCORD = ("interval", "at", "cards")  # keys of a source whose parts come of their own accord
ROUTE_TABLES = ("source", "station", "sink", "assembly", "split")
BEGINNINGS, ENDS = ("source", "assembly", "split"), ("sink", "assembly", "split")


def check_plant(raw: Raw) -> list[Found]:
    """Return the problems between the tables of a plant, whatever else is wrong in it."""
    return [
        *_empty_tables(raw),
        *check_references(Plant, raw),
        *_shared_names(raw),
        *_routes(raw),
        *_shares(raw),
        *_steps(raw),
        *_rework(raw),
        *_orders(raw),
        *_buffers(raw),
        *_batches(raw),
        *check_needs(raw),
        *check_physics(raw),
        *_volumes(raw),
        *check_waiting(raw),
        *check_energy(raw),
        *check_sensors(raw),
        *check_choices(raw),
        *check_assemblies(raw),
        *check_transport(raw, routes(raw)),
        *check_stops(raw),
        *check_flow(raw),
        *check_lines(raw),
    ]


def check_own_numbers(raw: Raw, plant: Plant | None) -> list[Found]:
    """Return what is wrong in a plant as its engineer wrote it, but may be so after an investment.

    An investment may remove what an entry of the evidence names, and promise more yield than the die leaves, which is
    then cut at no scrap.
    """
    found = list(_evidence(raw))
    for name, station in plant.station.items() if plant is not None else ():
        owed = {table: scrap for table, scrap in scrap_of_physics(station).items() if scrap}
        if owed and station.yield_ + sum(owed.values()) > 1.0:
            message = f"yield {station.yield_:g} + physics_scrap must be at most 1; lower one of them"
            found.append((("station", name, list(owed)[-1], "physics_scrap"), message))
    found += (*scrap_of_tanks(plant), *check_hall(plant)) if plant is not None else ()
    return found


def check_references(model: Model, raw: Raw) -> Iterator[Found]:
    """Yield references to tables that are not there."""
    for path, kind, value in walk(model, raw):
        name = references(kind)
        if name is None or name.table in ("route", "credit"):
            continue
        known = names(raw, name.table)
        entries = enumerate(value) if isinstance(value, list) else [(-1, value)]
        for index, entry in entries:
            if isinstance(entry, str) and entry not in known:
                what = name.table.rpartition(".")[2]
                hint = suggest(entry, known, f"names in [{name.table}]")
                yield (path if index < 0 else (*path, index)), f"no {what} '{entry}'{hint}"


def sources_without_volume(raw: Raw) -> list[str]:
    """Return the sources in routes that demand mode fixed_volume cannot use."""
    used = {entry for route in routes(raw).values() for entry in route}
    used -= ordered_sources(raw).keys()  # orders say how much there is, and so does one of these keys
    free = {"weekly_volume", "cards"}
    return [name for name, table in tables(raw, "source").items() if name in used and not free & table.keys()]


def _empty_tables(raw: Raw) -> Iterator[Found]:
    for name in ("source", "station", "sink", "product"):
        if raw.get(name) == {}:
            yield (name,), f"there must be at least one {name}; write [{name}.<name>]"


def _shared_names(raw: Raw) -> Iterator[Found]:
    taken: dict[str, str] = {}
    for table in ROUTE_TABLES:
        for name in names(raw, table):
            if name in taken:
                message = f"the name '{name}' belongs to a {taken[name]} already; routes need different names: rename"
                yield (table, name), f"{message} one of them"
            taken.setdefault(name, table)


def _routes(raw: Raw) -> Iterator[Found]:
    known = {name: table for table in reversed(ROUTE_TABLES) for name in names(raw, table)}
    readable = routes(raw)
    meant: set[str | None] = set()
    faulty = False
    for product, route in readable.items():
        for problem in _route(("product", product, "route"), route, known):
            faulty = True
            yield problem
        meant.update(nearest(entry, known) for entry in route if entry not in known)
    if len(readable) < len(names(raw, "product")):
        return  # a route that cannot be read may use what the others do not
    used = {entry for route in readable.values() for entry in route} | meant
    for name, table in known.items():
        # A faulty route may lack its source or sink, which is no second mistake.
        if name not in used and readable and not (faulty and table != "station"):
            yield (table, name), f"{table} '{name}' is in no route; add it to a product's route or remove it"


def _route(path: Path, route: list[str], known: dict[str, str]) -> Iterator[Found]:
    """Yield what is wrong with one route."""
    if not route:
        yield path, "the route is empty; write a source, one or more stations and a sink"
        return
    for index, entry in enumerate(route):
        here, table = (*path, index), known.get(entry)
        last = index == len(route) - 1
        of_kind = [name for name, kind in known.items() if kind in (ENDS if last else BEGINNINGS)]
        if table is None:
            yield here, f"no source, station or sink '{entry}'{suggest(entry, known, 'names')}"
        elif index == 0 and table not in BEGINNINGS:
            yield here, f"a route begins at a source, but '{entry}' is a {table}; begin with one of {_list(of_kind)}"
        elif last and (table not in ENDS or index == 0):
            yield here, f"a route ends at a sink, but '{entry}' is a {table}; end with one of {_list(of_kind)}"
        elif index > 0 and not last and table != "station":
            where = {"source": "first", "sink": "last"}.get(table, "first or last")
            yield here, f"'{entry}' is a {table}, which may only stand {where}; remove it or move it"
    kinds = [known.get(entry) for entry in route]
    if len(route) == 2 and kinds[0] in BEGINNINGS and kinds[1] in ENDS and kinds != ["source", "split"]:
        yield path, "the route has no station; write a source, one or more stations and a sink"


def _list(found: Iterable[str]) -> str:
    return ", ".join(list(found)[:8]) or "(none defined yet)"


def _shares(raw: Raw) -> Iterator[Found]:
    """Yield sources that several products share without saying how."""
    fed: dict[str, list[str]] = {}
    ways, of_product = routes(raw), tables(raw, "product")
    only_downgraded = made_only_by_downgrade(raw)
    for product, route in ways.items():
        if route and product not in only_downgraded:
            fed.setdefault(route[0], []).append(product)
    ordered = ordered_sources(raw)
    for source, products in fed.items():
        if source not in names(raw, "source"):
            continue  # a split says how many of each
        shares = {name: of_product[name].get("share") for name in products}
        given = {name: share for name, share in shares.items() if share is not None}
        if len(products) == 1 and given:
            message = f"only this product comes from '{source}', so it has no share; remove it"
            yield ("product", products[0], "share"), message
        elif len(products) > 1 and source not in ordered:
            for name in shares.keys() - given.keys():
                yield ("product", name), f"source '{source}' feeds {_list(products)}: each needs a share of its parts"
            total = sum(share for share in given.values() if isinstance(share, int | float))
            if len(given) == len(products) and abs(total - 1.0) > 1e-9:
                yield (
                    ("product", products[-1], "share"),
                    f"the shares of {_list(products)} must sum to 1, not {total:g}",
                )
            first = {ways[name][1] for name in products if len(ways[name]) > 1}
            if (
                len(given) == len(products)
                and len(first) > 1
                and not any(key in tables(raw, "source").get(source, {}) for key in OWN_ACCORD)
            ):
                message = (
                    f"'{source}' always has a part, so its products must begin at one station, not at {_list(first)}"
                )
                yield ("source", source), f"{message}; give it an interval"


def _steps(raw: Raw) -> Iterator[Found]:
    """Yield cycles of products for visits that their routes do not make."""
    for product, route in routes(raw).items():
        for station, step in tables(raw, "product", product, "step").items():
            path: Path = ("product", product, "step", station)
            visits, cycles = route.count(station), step.get("cycles")
            if not visits:
                yield (
                    path,
                    f"the route of {product} does not visit '{station}'{suggest(station, route[1:-1], 'stations')}",
                )
            elif isinstance(cycles, list) and len(cycles) != visits:
                message = f"the route visits '{station}' {visits} times, but there are {len(cycles)} cycles"
                yield (*path, "cycles"), f"{message}; write one for each visit"


def _rework(raw: Raw) -> Iterator[Found]:
    """Yield stations that send parts back to where those have not been."""
    for name, station in tables(raw, "station").items():
        to = station.get("rework_to")
        if to is None:
            continue
        path: Path = ("station", name, "rework_to")
        if not station.get("rework") and "billet" not in station:
            yield path, "rework_to without rework has no effect; add rework, or remove it"
        for product, route in routes(raw).items():
            if name in route and to not in route[: route.index(name) + 1]:
                yield path, f"parts of '{product}' have not been at {shown(to)} when they come to '{name}'"


def _orders(raw: Raw) -> Iterator[Found]:
    """Yield orders whose source has parts of its own accord."""
    for source, index in ordered_sources(raw).items():
        own = [key for key in OWN_ACCORD if key in tables(raw, "source").get(source, {})]
        if own:
            message = f"source '{source}' has {own[0]}, but orders say when parts come; remove source.{source}.{own[0]}"
            yield ("order", index, "product"), message


def _buffers(raw: Raw) -> Iterator[Found]:
    taken: dict[str, str] = {}
    for name, table in tables(raw, "buffer").items():
        before = table.get("before")
        if isinstance(before, str):
            first = taken.setdefault(before, name)
            if first != name:
                message = f"buffer '{first}' is before station '{before}' already; join the two into one"
                yield ("buffer", name, "before"), message


def _batches(raw: Raw) -> Iterator[Found]:
    """Yield loads that can never gather, and machines with a die that would take several parts."""
    before = places(raw)
    for name, station in tables(raw, "station").items():
        batch = station.get("batch")
        if not isinstance(batch, dict):
            continue
        least = batch.get("min", 1)
        buffer, capacity = before.get(name, ("", None))
        if isinstance(capacity, int) and isinstance(least, int) and capacity < least:
            message = f"{capacity} places can never hold the {least} parts that begin a load of '{name}'"
            yield ("buffer", buffer, "capacity"), f"{message}; raise capacity or lower station.{name}.batch.min"
        for table in ("die", "billet", "seam", "edge"):
            if table in station:
                yield ("station", name, "batch"), f"a machine with a {table} makes one part at a time; remove batch"


def _volumes(raw: Raw) -> Iterator[Found]:
    about = raw.get("plant")
    if isinstance(about, dict) and about.get("demand_mode") == "fixed_volume":
        for name in sources_without_volume(raw):
            message = 'weekly_volume is missing, but demand_mode = "fixed_volume" needs it; write weekly_volume = 2200'
            yield ("source", name), message


def _evidence(raw: Raw) -> Iterator[Found]:
    entries = raw.get("evidence")
    for index, entry in enumerate(entries if isinstance(entries, list) else []):
        patterns = entry.get("keys") if isinstance(entry, dict) else None
        for number, pattern in enumerate(patterns if isinstance(patterns, list) else []):
            if isinstance(pattern, str) and not _matches(Plant, raw, pattern.split(".")):
                message = f"no key of this plant is called {shown(pattern)}; write paths such as station.*.cycle"
                yield ("evidence", index, "keys", number), message


def _matches(model: Model, raw: Any, parts: list[str]) -> bool:
    """Whether a path with * leads to a key or a table of the file or to a key with a default."""
    for name, slot in slots(model).items():
        if not fnmatchcase(name, parts[0]):
            continue
        below = raw.get(name) if isinstance(raw, dict) else None
        if len(parts) == 1:
            return True
        if slot.model is None or slot.several == "list":
            continue
        if slot.several == "named":
            for key, table in below.items() if isinstance(below, dict) else ():
                if fnmatchcase(key, parts[1]) and (len(parts) == 2 or _matches(slot.model, table, parts[2:])):
                    return True
        elif (below is not None or slot.info.default is not None) and _matches(slot.model, below, parts[1:]):
            return True
    return False
