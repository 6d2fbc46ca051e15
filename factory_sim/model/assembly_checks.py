"""What only the whole file can tell of assemblies and splits."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from factory_sim.model.problems import Path, shown
from factory_sim.model.raw import Raw, places, routes, tables
from factory_sim.model.validate import Found


def check_assemblies(raw: Raw) -> list[Found]:
    """Return the problems of assemblies and splits."""
    return [*_assemblies(raw), *_splits(raw), *_demand(raw)]


def _ends(raw: Raw, at: int, name: str) -> list[str]:
    """Return the products whose route has a name as its first (0) or last (-1) entry."""
    return [product for product, route in routes(raw).items() if route and route[at] == name]


def _products(table: Raw, key: str) -> list[str]:
    """Return the products that a list of tables names, as far as it can be read."""
    entries = table.get(key)
    found: list[Any] = [entry.get("product") for entry in entries or () if isinstance(entry, dict)]
    return [name for name in found if isinstance(name, str)] if isinstance(entries, list) else []


def _fits(raw: Raw, path: Path, named: list[str], having: list[str], what: str) -> Iterator[Found]:
    """Yield products that are named without the route, or else have the route without being named."""
    strange = [name for name in named if name in routes(raw) and name not in having]
    for product in strange:
        message = f"the route of '{product}' does not {what} '{path[1]}'; change the route"
        yield (*path, named.index(product), "product"), message
    where = ".".join(map(str, path))
    for product in having if named and len(set(named)) == len(named) and not strange else ():
        if product not in named:
            yield ("product", product, "route"), f"'{path[1]}' does not name '{product}'; add it to {where}"


def _assemblies(raw: Raw) -> Iterator[Found]:
    for name, table in tables(raw, "assembly").items():
        path: Path = ("assembly", name)
        parts = _products(table, "parts")
        wrong = list(_fits(raw, (*path, "parts"), parts, _ends(raw, -1, name), "end at"))
        yield from wrong
        made = _ends(raw, 0, name)
        if len(made) > 1:
            yield (
                ("product", made[1], "route"),
                f"'{name}' makes '{made[0]}' already; write an assembly for each product",
            )
        for station in {routes(raw)[product][1] for product in made if len(routes(raw)[product]) > 2}:
            for key in ("batch", "standby"):
                if key in tables(raw, "station").get(station, {}):
                    yield (
                        ("station", station, key),
                        f"a station that assembles has no {key}; let a station before it do it",
                    )
        if table.get("matched") and parts and not wrong:
            origins = {routes(raw)[part][0] for part in parts if routes(raw).get(part)}
            if len(origins) != 1 or not origins <= tables(raw, "split").keys():
                yield (*path, "matched"), "matched parts must all be pieces of one split; begin their routes there"


def _demand(raw: Raw) -> Iterator[Found]:
    """Yield orders of what comes out of other parts, and sources that would divide parts without end."""
    orders = raw.get("order")
    for index, order in enumerate(orders if isinstance(orders, list) else []):
        route = routes(raw).get(str(order.get("product")), [""]) if isinstance(order, dict) else [""]
        if route[0] in tables(raw, "assembly") | tables(raw, "split"):
            yield ("order", index, "product"), f"it comes from '{route[0]}' when its parts do; order those instead"
    for product, route in routes(raw).items():
        if len(route) == 2 and route[1] in tables(raw, "split") and route[0] in tables(raw, "source"):
            source = tables(raw, "source")[route[0]]
            ordered = any(isinstance(order, dict) and order.get("product") == product for order in orders or ())
            if not ordered and not {"interval", "at"} & source.keys():
                message = f"'{route[0]}' would give parts to divide without end; give it an interval or orders"
                yield ("source", route[0]), message


def _splits(raw: Raw) -> Iterator[Found]:
    for name, table in tables(raw, "split").items():
        path: Path = ("split", name)
        pieces = _products(table, "pieces")
        yield from _fits(raw, (*path, "pieces"), pieces, _ends(raw, 0, name), "begin at")
        if not _ends(raw, -1, name) and pieces:
            yield path, f"no route ends at '{name}', so nothing is divided; end one there"
        for piece in pieces:
            station = routes(raw).get(piece, [])[1:2]
            if station and places(raw).get(station[0], ("", "unlimited"))[1] != "unlimited":
                buffer = places(raw)[station[0]][0]
                message = f"all pieces of a part come to {shown(station[0])} at once; make its capacity unlimited"
                yield ("buffer", buffer, "capacity"), message
