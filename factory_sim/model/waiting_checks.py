"""What only the whole file can tell of windows, of machines that are switched off, and of loops with too few parts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from factory_sim.model.problems import Path, shown
from factory_sim.model.raw import Raw, places, routes, tables
from factory_sim.model.validate import Found


def check_waiting(raw: Raw) -> list[Found]:
    """Return the problems of windows and standbys, and of loops in which too few parts are."""
    return [*_windows(raw), *_standbys(raw), *_loops(raw)]


def _windows(raw: Raw) -> Iterator[Found]:
    """Yield windows that send parts back to where those have not been, or to a place that may be full."""
    for name, station in tables(raw, "station").items():
        window = station.get("window")
        to = window.get("back_to") if isinstance(window, dict) else None
        if not isinstance(to, str):
            continue
        path: Path = ("station", name, "window", "back_to")
        strangers = [
            product for product, route in routes(raw).items() if name in route and to not in route[: route.index(name)]
        ]
        if strangers:
            yield path, f"parts of '{strangers[0]}' have not been at {shown(to)} when they come to '{name}'"
            continue
        for buffer, table in tables(raw, "buffer").items():
            if table.get("before") == to and table.get("capacity") != "unlimited":
                message = (
                    f"parts sent back need room: make the capacity of buffer '{buffer}' before {shown(to)} unlimited"
                )
                yield path, message


def _standbys(raw: Raw) -> Iterator[Found]:
    """Yield machines that are never without a part, and those for which no part can wait until they are warm."""
    before = places(raw)
    for name, station in tables(raw, "station").items():
        if not isinstance(station.get("standby"), dict):
            continue
        path: Path = ("station", name, "standby")
        if "batch" in station:
            yield path, "a machine that takes loads cannot be switched off between them; remove standby or batch"
        buffer, capacity = before.get(name, ("", None))
        if capacity == 0:
            message = f"no part can wait in buffer '{buffer}' while '{name}' warms up; give it at least 1 place"
            yield ("buffer", buffer, "capacity"), message
        first = [route[0] for route in routes(raw).values() if route[1:2] == [name]]
        if buffer == "" and not first:
            yield path, f"no part can wait while '{name}' warms up; write a buffer before it"
        for source in first:
            if _always(tables(raw, "source").get(source, {}), raw, source):
                yield path, f"source '{source}' always has a part, so '{name}' is never without one; remove standby"


def _always(source: dict[str, Any], raw: Raw, name: str) -> bool:
    """Tell whether a source has a part at any time."""
    ordered = any(
        routes(raw).get(str(order.get("product")), [""])[0] == name
        for order in raw.get("order", [])
        if isinstance(order, dict)
    )
    return not ordered and not {"interval", "at", "cards", "weekly_volume"} & source.keys()


def _loops(raw: Raw) -> Iterator[Found]:
    """Yield loads and sub-lots for which a closed loop never has enough parts."""
    before = places(raw)
    for name, station in tables(raw, "station").items():
        loop = _cards(raw, name)
        batch, buffer = station.get("batch"), before.get(name, ("", None))[0]
        lot = tables(raw, "buffer").get(buffer, {})
        needed: list[tuple[Any, str, str]] = []
        if isinstance(batch, dict) and "wait" not in batch:
            needed.append((batch.get("min", 1), f"a load of '{name}'", f"station.{name}.batch.min"))
        if "sublot_wait" not in lot:
            needed.append((lot.get("sublot", 1), f"a sub-lot before '{name}'", f"buffer.{buffer}.sublot"))
        for least, what, key in needed:
            if loop and isinstance(least, int) and sum(loop.values()) < least:
                message = f"no more than {sum(loop.values())} parts are ever inside, but {what} needs {least}"
                yield ("source", next(iter(loop)), "cards"), f"{message}; raise cards or lower {key}"


def _cards(raw: Raw, station: str) -> dict[str, int]:
    """Return the parts inside by source, of those that feed a station, if all of them are closed loops."""
    found = {}
    for route in routes(raw).values():
        if station in route:
            cards = tables(raw, "source").get(route[0], {}).get("cards")
            if not isinstance(cards, int):
                return {}
            found[route[0]] = cards
    return found
