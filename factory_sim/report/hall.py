"""Where things stand: from the places of the plant file, or along the routes if it gives none. Lengths in metres."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise

from factory_sim.model import Plant
from factory_sim.model.hall_checks import Box, places

_CELL_X, _CELL_Y = 13.0, 11.0  # of one station in an automatic layout
_WIDTH, _DEPTH = 7.0, 6.0  # of what stands in it
_BUFFER = 2.6  # side of a buffer that has no place of its own
_MARGIN = 2.0


@dataclass(frozen=True)
class Thing:
    """A station, buffer, source or sink: one box for each machine, y growing downwards."""

    table: str
    name: str
    boxes: tuple[Box, ...]

    @property
    def middle(self) -> tuple[float, float]:
        """Middle of all its boxes."""
        left, top = min(box[0] for box in self.boxes), min(box[1] for box in self.boxes)
        right, bottom = max(box[2] for box in self.boxes), max(box[3] for box in self.boxes)
        return (left + right) / 2.0, (top + bottom) / 2.0


@dataclass(frozen=True)
class Hall:
    """The floor plan. `measured` tells whether it is that of the plant file."""

    width: float
    depth: float
    things: tuple[Thing, ...]
    measured: bool

    def thing(self, table: str, name: str) -> Thing | None:
        """Return what stands for a table of the plant, None if it has no place."""
        return next((each for each in self.things if (each.table, each.name) == (table, name)), None)


def hall_of(plant: Plant, columns: int = 5) -> Hall:
    """Return the floor plan of a plant; without places, stations follow the routes in rows of `columns`."""
    if all(station.at is None for station in plant.station.values()):
        return _along_the_routes(plant, columns)
    known = places(plant)
    tops = [place.machine(number)[3] for place, many in known.values() for number in range(many)]
    rights = [place.machine(number)[2] for place, many in known.values() for number in range(many)]
    floor = plant.plant.floor
    width = floor.width if floor else max(rights) + _MARGIN
    depth = floor.depth if floor else max(tops) + _MARGIN
    things = []
    for (table, name), (place, many) in known.items():
        boxes = [place.machine(number) for number in range(many)]
        turned = tuple((left, depth - top, right, depth - bottom) for left, bottom, right, top in boxes)
        things.append(Thing(str(table), str(name), turned))
    return Hall(width, depth, (*things, *_loose_buffers(plant, things)), True)


def _along_the_routes(plant: Plant, columns: int) -> Hall:
    order = in_order(plant)
    rows = math.ceil(len(order) / columns)
    things = []
    for index, (table, name) in enumerate(order):
        row, column = divmod(index, columns)
        if row % 2:
            column = columns - 1 - column  # back and forth, so that ways stay short
        machines = plant.station[name].machines if table == "station" else 1
        things.append(Thing(table, name, _in_a_cell(column * _CELL_X, row * _CELL_Y, machines)))
    width = min(columns, len(order)) * _CELL_X + _MARGIN
    return Hall(width, rows * _CELL_Y + _MARGIN, (*things, *_loose_buffers(plant, things)), False)


def in_order(plant: Plant) -> list[tuple[str, str]]:
    """Return sources, stations and sinks by their mean place on the routes, from 0 at the source to 1 at the sink."""
    tables = {name: table for table in ("source", "station", "sink") for name in getattr(plant, table)}
    seen: dict[str, list[float]] = {}
    for product in plant.product.values():
        for index, name in enumerate(product.route):
            if name in tables:  # assemblies and splits take no room of their own
                seen.setdefault(name, []).append(index / (len(product.route) - 1))
    found = sorted(seen, key=lambda name: (sum(seen[name]) / len(seen[name]), list(tables).index(name)))
    return [(tables[name], name) for name in found]


def _in_a_cell(x: float, y: float, machines: int) -> tuple[Box, ...]:
    """Return equal boxes for the machines of a station that share one cell."""
    across = math.ceil(math.sqrt(machines))
    down = math.ceil(machines / across)
    width, depth = _WIDTH / across, _DEPTH / down
    left, top, gap = x + (_CELL_X - _WIDTH) / 2.0 + _MARGIN, y + (_CELL_Y - _DEPTH) / 2.0 + _MARGIN / 2.0, 0.06
    boxes = []
    for number in range(machines):
        row, column = divmod(number, across)
        x0, y0 = left + column * width, top + row * depth
        boxes.append((x0 + gap * width, y0 + gap * depth, x0 + (1.0 - gap) * width, y0 + (1.0 - gap) * depth))
    return tuple(boxes)


def _loose_buffers(plant: Plant, things: list[Thing]) -> list[Thing]:
    """Return buffers without a place of their own, beside their station, on the side from which parts come."""
    known = {thing.name: thing for thing in things if thing.table != "buffer"}
    placed = {thing.name for thing in things if thing.table == "buffer"}
    found: list[Thing] = []
    for name, buffer in plant.buffer.items():
        station = known[buffer.before]
        if name in placed:
            continue
        ways = [way for product in plant.product.values() for way in pairwise(product.route)]
        before = [known[one] for one, other in ways if other == buffer.before and one in known]
        x, y = station.middle
        left, top, right, bottom = (
            pick(box[i] for box in station.boxes) for pick, i in zip((min, min, max, max), range(4), strict=True)
        )
        from_x, from_y = before[0].middle if before else (left - 1.0, y)
        half, gap = _BUFFER / 2.0, 0.3
        if abs(from_x - x) >= abs(from_y - y):
            x = left - half - gap if from_x < x else right + half + gap
        else:
            y = top - half - gap if from_y < y else bottom + half + gap
        while any(abs(x - at[0]) < _BUFFER and abs(y - at[1]) < _BUFFER for at in (each.middle for each in found)):
            y += _BUFFER + gap  # two before one station
        found.append(Thing("buffer", name, ((x - half, y - half, x + half, y + half),)))
    return found
