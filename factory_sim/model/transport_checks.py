"""What only the whole file can tell about vehicles: moves that no route makes, ways that lead nowhere."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from factory_sim.model.problems import Path, nearest, shown, suggest
from factory_sim.model.validate import Found

Raw = dict[str, Any]
Leg = tuple[str, str]


def check_transport(raw: Raw, routes: dict[str, list[str]]) -> Iterator[Found]:
    """Yield what is wrong between vehicles, stations and routes; values of a wrong form are passed over."""
    stations = _tables(raw.get("station"))
    # A faulty route, or a move that cannot be read, is reported elsewhere and is no second mistake here.
    whole = len(routes) == len(_tables(raw.get("product"))) and all(
        len(route) > 2
        and route[0] in _tables(raw.get("source"))
        and route[-1] in _tables(raw.get("sink"))
        and stations.keys() >= {*route[1:-1]}
        for route in routes.values()
    )
    readable = True
    legs = _legs_of_routes(stations, routes)
    served: set[Leg] = set()
    for name, vehicle in _tables(raw.get("vehicle")).items():
        moves = _moves(vehicle)
        served.update(moves.values())
        readable = readable and isinstance(vehicle.get("moves"), list) and len(moves) == len(vehicle["moves"])
        yield from _unknown_moves(name, moves, stations, legs if whole else None)
        yield from _ways(name, vehicle, moves, stations)
        yield from _units(name, vehicle, raw)
    for name, station in stations.items():
        if station.get("by_vehicle") is True and readable and whole:
            for origin, target in sorted(legs - served):
                if origin == name:
                    message = f"no vehicle makes the move {origin} -> {target} of a route"
                    yield (
                        ("station", name, "by_vehicle"),
                        f"{message}; add it to the moves of one, or remove by_vehicle",
                    )


def _tables(value: Any) -> dict[str, Raw]:
    return {name: table for name, table in value.items() if isinstance(table, dict)} if isinstance(value, dict) else {}


def _moves(vehicle: Raw) -> dict[int, Leg]:
    """Return the moves of a vehicle that can be read, by their place in the list."""
    moves = vehicle.get("moves")
    found = {}
    for index, move in enumerate(moves if isinstance(moves, list) else []):
        origin, arrow, target = move.partition("->") if isinstance(move, str) else ("", "", "")
        if arrow and origin.strip() and target.strip():
            found[index] = (origin.strip(), target.strip())
    return found


def _legs_of_routes(stations: dict[str, Raw], routes: dict[str, list[str]]) -> set[Leg]:
    """Return the moves from station to station that parts make, back for rework too."""
    legs = {(route[at], route[at + 1]) for route in routes.values() for at in range(1, len(route) - 2)}
    for name, station in stations.items():
        to = station.get("rework_to", name)
        if (station.get("rework") or "billet" in station) and isinstance(to, str):
            legs.add((name, to))
    return legs


def _unknown_moves(
    name: str, moves: dict[int, Leg], stations: dict[str, Raw], legs: set[Leg] | None
) -> Iterator[Found]:
    for index, leg in moves.items():
        path: Path = ("vehicle", name, "moves", index)
        unknown = next((end for end in leg if end not in stations), None)
        if unknown is not None:
            yield path, f"no station '{unknown}'{suggest(unknown, stations, 'stations')}; moves lead between stations"
        elif legs is not None and leg not in legs:
            made = ", ".join(f"{origin} -> {target}" for origin, target in sorted(legs)[:8]) or "none"
            yield path, f"no route makes the move {leg[0]} -> {leg[1]} (moves of the routes: {made}); remove it"
        elif leg in list(moves.values())[: list(moves).index(index)]:
            yield path, f"the move {leg[0]} -> {leg[1]} is named twice; name it once"


def _ways(name: str, vehicle: Raw, moves: dict[int, Leg], stations: dict[str, Raw]) -> Iterator[Found]:
    """Yield points that are nowhere, and moves and empty drives that no ways make."""
    ways = vehicle.get("way")
    ways = [way for way in ways if isinstance(way, dict)] if isinstance(ways, list) else []
    ends = [(way.get("from"), way.get("to"), way.get("one_way") is True) for way in ways]
    if (
        not ends
        or any(origin == target for origin, target, _ in ends)
        or not all(isinstance(origin, str) and isinstance(target, str) for origin, target, _ in ends)
    ):
        return
    battery = vehicle.get("battery")
    own = {"home": vehicle.get("home"), "battery.at": battery.get("at") if isinstance(battery, dict) else None}
    points = [point for origin, target, _ in ends for point in (origin, target)]
    used = {*stations, *(point for point in own.values() if isinstance(point, str))}
    for index, (origin, target, _) in enumerate(ends):
        for key, point in (("from", origin), ("to", target)):
            if point not in used and points.count(point) == 1:
                hint = f"; did you mean '{near}'?" if (near := nearest(point, used)) else "; remove it"
                yield ("vehicle", name, "way", index, key), f"the way ends at '{point}', where nothing is{hint}"
    for key, point in own.items():
        if isinstance(point, str) and point not in points:
            path: Path = ("vehicle", name, *key.split("."))
            yield path, f"no way leads to '{point}'{suggest(point, dict.fromkeys(points), 'points')}"
    known = {index: leg for index, leg in moves.items() if set(leg) <= stations.keys()}
    for index, (origin, target) in known.items():
        if target not in _reached(origin, ends):
            message = f"the distance from {origin} to {target} is missing: no way leads there"
            yield ("vehicle", name, "moves", index), f"{message}; write it as [[vehicle.{name}.way]]"
            return
    yield from _empty_drives(name, known, own, points, ends)


def _empty_drives(
    name: str, moves: dict[int, Leg], own: dict[str, Any], points: list[str], ends: list[tuple[Any, Any, bool]]
) -> Iterator[Found]:
    """Yield the first move whose beginning cannot be reached from where a vehicle may stand, and the way to its own."""
    stops = [*(target for _, target in moves.values()), *(point for point in own.values() if point in points)]
    for index, (origin, _) in moves.items():
        for point in stops:
            if origin not in _reached(point, ends):
                message = f"the distance from {point} to {origin}, driven empty, is missing: no way leads there"
                yield ("vehicle", name, "moves", index), f"{message}; write it as [[vehicle.{name}.way]]"
                return
    for key, goal in own.items():
        for _, target in moves.values() if goal in points else ():
            if goal not in _reached(target, ends):
                message = f"no way leads from {target} to {shown(goal)}; write it as [[vehicle.{name}.way]]"
                yield ("vehicle", name, *key.split(".")), message
                return


def _reached(start: str, ends: list[tuple[Any, Any, bool]]) -> set[str]:
    """Return the points that ways lead to from `start`, itself among them."""
    found, open_ = {start}, [start]
    while open_:
        here = open_.pop()
        for origin, target, one_way in ends:
            for from_, to in ((origin, target), *(() if one_way else ((target, origin),))):
                if from_ == here and to not in found:
                    found.add(to)
                    open_.append(to)
    return found


def _units(name: str, vehicle: Raw, raw: Raw) -> Iterator[Found]:
    """Yield resources of which there is no unit."""
    units = {pool: table.get("units") for pool, table in _tables(raw.get("resource")).items()}
    battery = vehicle.get("battery")
    needs: list[tuple[Path, Any]] = []
    if isinstance(battery, dict):
        needs.append((("vehicle", name, "battery", "needs"), battery.get("needs")))
    for mode, failure in _tables(vehicle.get("failure")).items():
        needs.append((("vehicle", name, "failure", mode, "crew"), failure.get("crew")))
    for path, pool in needs:
        if isinstance(pool, str) and units.get(pool) == 0:
            yield path, f"needs one unit of '{pool}', but resource.{pool}.units is 0; give it at least 1"
