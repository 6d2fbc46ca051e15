"""What only the whole file can tell about places in the hall: missing ones, walls, things that stand in each other."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from factory_sim.model.hall_schema import Place
from factory_sim.model.problems import Path
from factory_sim.model.schema import Plant

Box = tuple[float, float, float, float]  # left, bottom, right, top [m]
PLACED = ("station", "buffer", "source", "sink")
_TOUCH = 1e-9  # walls may touch [m]


def places(plant: Plant) -> dict[Path, tuple[Place, int]]:
    """Return what has a place on the floor plan: its path, the place, and how many machines stand there."""
    found: dict[Path, tuple[Place, int]] = {}
    for table in PLACED:
        for name, entry in getattr(plant, table).items():
            place = entry.place if table == "source" else entry.at
            if place is not None:
                found[table, name] = (place, entry.machines if table == "station" else 1)
    return found


def _key(path: Path) -> Path:
    return (*path, "place" if path[0] == "source" else "at")


def check_hall(plant: Plant) -> Iterator[tuple[Path, str]]:
    """Yield what is wrong with the places of a plant."""
    known = places(plant)
    floor = plant.plant.floor
    if not known:
        if floor is not None:
            yield ("plant", "floor"), "nothing stands in this hall; write at for each station, or remove floor"
        return
    without = [name for name, station in plant.station.items() if station.at is None]
    if without:
        others = f", and {', '.join(without[1:])}" if without[1:] else ""
        message = (
            f"has no place on the floor plan, but others have; write station.{without[0]}.at{others}, or remove all"
        )
        yield ("station", without[0]), message
    boxes = [(path, number, place.machine(number)) for path, (place, many) in known.items() for number in range(many)]
    for path, number, box in boxes:
        outside = box[0] < 0.0 or box[1] < 0.0
        if floor is not None:
            outside = outside or box[2] > floor.width + _TOUCH or box[3] > floor.depth + _TOUCH
        if outside:
            which = f"machine {number + 1} stands" if known[path][1] > 1 else "stands"
            hall = "" if floor is None else f" of {floor.width:g} m x {floor.depth:g} m"
            yield _key(path), f"{which} outside the hall{hall}; move it, or make plant.floor greater"
            break
    for (path, one, box), (other, two, next_) in combinations(boxes, 2):
        if _overlap(box, next_):
            what = (
                f"machine {two + 1} stands in machine {one + 1}"
                if path == other
                else f"stands in {'.'.join(map(str, path))}"
            )
            yield _key(other), f"{what}; move one of them, or change width, depth or step"
            return


def _overlap(one: Box, other: Box) -> bool:
    return (
        one[0] < other[2] - _TOUCH
        and other[0] < one[2] - _TOUCH
        and one[1] < other[3] - _TOUCH
        and other[1] < one[3] - _TOUCH
    )
