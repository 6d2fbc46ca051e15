"""The raw tables of a plant file, whatever is wrong in them: what checks of the whole file look at."""

from __future__ import annotations

from typing import Any

Raw = dict[str, Any]


def tables(raw: Raw, *path: str) -> dict[str, Raw]:
    """Return the named tables at a path, those that are tables."""
    here: Any = raw
    for part in path:
        here = here.get(part) if isinstance(here, dict) else None
    return {name: table for name, table in here.items() if isinstance(table, dict)} if isinstance(here, dict) else {}


def names(raw: Raw, path: str) -> list[str]:
    """Return the names that a reference to the table `path` (dotted) may have."""
    here: Any = raw
    for part in path.split("."):
        here = here.get(part) if isinstance(here, dict) else None
    return list(here) if isinstance(here, dict) else []


def routes(raw: Raw) -> dict[str, list[str]]:
    """Return the routes that are lists of texts, by product."""
    found = {}
    for name, product in tables(raw, "product").items():
        route = product.get("route")
        if isinstance(route, list) and all(isinstance(entry, str) for entry in route):
            found[name] = route
    return found


def ordered_sources(raw: Raw) -> dict[str, int]:
    """Return the sources whose parts are ordered, with the index of the first order."""
    orders, ways = raw.get("order"), routes(raw)
    found: dict[str, int] = {}
    for index, order in enumerate(orders if isinstance(orders, list) else []):
        product = order.get("product") if isinstance(order, dict) else None
        route = ways.get(product) if isinstance(product, str) else None
        if route:
            found.setdefault(route[0], index)
    return found


def places(raw: Raw) -> dict[str, tuple[str, Any]]:
    """Return name and capacity of the buffer before each station that has one."""
    found = {}
    for name, table in tables(raw, "buffer").items():
        if isinstance(table.get("before"), str):
            found[table["before"]] = (name, table.get("capacity"))
    return found
