"""What only the whole file can tell of windows and of machines that are switched off."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from factory_sim.model.problems import Path, shown
from factory_sim.model.raw import Raw, places, routes, tables
from factory_sim.model.validate import Found


def check_waiting(raw: Raw) -> list[Found]:
    """Return the problems of windows and standbys."""
    return [*_windows(raw), *_standbys(raw)]


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
