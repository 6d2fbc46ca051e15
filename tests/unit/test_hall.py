"""Floor plans: places of the file, places along the routes, and what stands in something else."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from factory_sim.model import Plant, parse_plant, read
from factory_sim.model.hall_checks import check_hall
from factory_sim.report.assumptions import numbers_of
from factory_sim.report.hall import Hall, hall_of, in_order


def line(stations: dict[str, dict[str, Any]], floor: dict[str, str] | None = None, **tables: Any) -> Plant:
    return parse_plant(
        {
            "plant": {"name": "Line", **({"floor": floor} if floor else {})},
            "source": {"bars": {}}, "sink": {"pieces": {}},
            "product": {"piece": {"route": ["bars", *stations, "pieces"]}},
            "station": {name: {"cycle": "60 s", **table} for name, table in stations.items()}, **tables,
        }
    )  # fmt: skip


def at(x: float, y: float, **more: str) -> dict[str, dict[str, str]]:
    return {"at": {"x": f"{x} m", "y": f"{y} m", **more}}


def messages(plant: Plant) -> list[tuple[str, str]]:
    return [(".".join(map(str, path)), message) for path, message in check_hall(plant)]


def apart(hall: Hall) -> bool:
    boxes = [box for thing in hall.things for box in thing.boxes]
    return all(
        one[0] >= other[2] - 1e-6 or other[0] >= one[2] - 1e-6 or one[1] >= other[3] - 1e-6 or other[1] >= one[3] - 1e-6
        for one, other in combinations(boxes, 2)
    )


def test_places_are_turned_so_that_up_is_up() -> None:
    plant = line({"saw": at(1, 2, width="4 m", depth="3 m"), "drill": at(8, 2)}, {"width": "20 m", "depth": "10 m"})
    hall = hall_of(plant)
    saw = hall.thing("station", "saw")
    assert saw is not None
    assert (hall.width, hall.depth, hall.measured) == (20.0, 10.0, True)
    assert saw.boxes == ((1.0, 5.0, 5.0, 8.0),)
    assert saw.middle == (3.0, 6.5)
    assert hall.thing("sink", "pieces") is None


def test_machines_of_a_station_stand_beside_each_other() -> None:
    row = line({"saw": {"machines": 3, **at(0, 0, width="4 m")}})
    column = line({"saw": {"machines": 2, **at(0, 0, step_y="6 m")}})
    of_row, of_column = hall_of(row).thing("station", "saw"), hall_of(column).thing("station", "saw")
    assert of_row is not None
    assert of_column is not None
    assert [box[0] for box in of_row.boxes] == [0.0, 5.0, 10.0]
    assert [box[0] for box in of_column.boxes] == [0.0, 0.0]
    assert not messages(row)
    assert not messages(column)


@pytest.mark.parametrize(
    ("stations", "floor", "key", "words"),
    [
        ({"saw": at(1, 1), "drill": {}}, None, "station.drill", "no place"),
        ({"saw": at(1, 1), "drill": at(4, 3)}, None, "station.drill.at", "stands in station.saw"),
        ({"saw": {"machines": 2, **at(1, 1, step_x="3 m")}}, None, "station.saw.at", "machine 2 stands in machine 1"),
        ({"saw": at(16, 1)}, {"width": "20 m", "depth": "10 m"}, "station.saw.at", "outside the hall of 20 m x 10 m"),
        ({"saw": {"machines": 2, **at(1, 1, step_x="-3 m")}}, None, "station.saw.at", "machine 2 stands outside"),
        ({"saw": {}}, {"width": "20 m", "depth": "10 m"}, "plant.floor", "nothing stands in this hall"),
    ],
)
def test_what_cannot_stand_so_is_told(stations, floor, key, words) -> None:
    found = messages(line(stations, floor))
    assert [each[0] for each in found][:1] == [key]
    assert words in found[0][1]


def test_the_shipped_hall_is_right() -> None:
    plant = read("layouts/giga_casting.toml")
    assert not messages(plant)
    hall = hall_of(plant)
    assert (hall.width, hall.depth) == (96.0, 42.0)
    assert hall.thing("source", "ingots") is not None
    assert hall.thing("buffer", "dosing") is not None


def test_places_are_no_assumptions_about_the_plant() -> None:
    found = {one.path for one in numbers_of(read("layouts/giga_casting.toml"))}
    assert not [path for path in found if ".at." in path or ".place." in path or "floor" in path]
    assert {"product.underbody.mass.part", "station.hpdc.yield"} <= found
    times = {"bars": {"at": ["0 min", "5 min"]}}
    assert [path for path in (one.path for one in numbers_of(line({"saw": at(1, 1)}, source=times))) if ".at" in path]


@settings(max_examples=30)
@given(machines=st.lists(st.integers(1, 9), min_size=1, max_size=14), columns=st.integers(1, 6))
def test_along_the_routes_nothing_stands_in_another_thing(machines, columns) -> None:
    plant = line({f"s{index}": {"machines": many} for index, many in enumerate(machines)})
    hall = hall_of(plant, columns)
    assert not hall.measured
    assert apart(hall)
    assert [name for _, name in in_order(plant)] == ["bars", *plant.station, "pieces"]
    assert {thing.name: len(thing.boxes) for thing in hall.things if thing.table == "station"} == {
        name: station.machines for name, station in plant.station.items()
    }
    boxes = [box for thing in hall.things for box in thing.boxes]
    assert all(min(box) >= 0.0 and box[2] <= hall.width and box[3] <= hall.depth for box in boxes)


@given(st.integers(1, 8), st.integers(1, 5))
def test_buffers_stand_beside_their_station(stations, columns) -> None:
    names = [f"s{index}" for index in range(stations)]
    buffers = {f"b{name}": {"before": name, "capacity": 3} for name in names}
    hall = hall_of(line({name: {} for name in names}, buffer=buffers), columns)
    assert apart(hall)
    for name in names:
        station, buffer = hall.thing("station", name), hall.thing("buffer", f"b{name}")
        assert station is not None
        assert buffer is not None
        (x, y), (to_x, to_y) = station.middle, buffer.middle
        assert abs(x - to_x) + abs(y - to_y) < 7.0


def test_two_buffers_before_one_station_stand_apart() -> None:
    hall = hall_of(read("layouts/hpdc_job_shop.toml"))
    boxes = [thing.boxes[0] for thing in hall.things if thing.table == "buffer"]
    assert len(boxes) > 5
    assert not [
        (one, other)
        for one, other in combinations(boxes, 2)
        if min(one[2], other[2]) - max(one[0], other[0]) > 1e-9 and min(one[3], other[3]) - max(one[1], other[1]) > 1e-9
    ]
