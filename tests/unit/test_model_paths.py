"""Paths of a plant: find, read, parse, change; and the changes of investments."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from factory_sim.model import Change, Distribution, Plant, Si, parse_plant, paths, read, read_study
from factory_sim.model.kinds import Quantity
from factory_sim.model.problems import Refused

DATA = Path(__file__).parent / "data"


@pytest.fixture(scope="module")
def plant() -> Plant:
    return read(DATA / "plant.toml")


def refusal(function: Any, *arguments: Any) -> str:
    with pytest.raises(Refused) as caught:
        function(*arguments)
    return str(caught.value)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("plant.demand_mode", "sold_out"),
        ("station.hpdc.cycle", Distribution("triangular", (118.0, 124.0, 142.0))),
        ("station.hpdc.yield", 0.9),
        ("station.hpdc.power.off", 0.0),
        ("station.melt.power.working", 0.0),
        ("station.hpdc.die.release_temperature", None),
        ("station.hpdc.die.discard_after", 600.0),
        ("station.hpdc.failure.breakdown.crew", "maintenance"),
        ("station.hpdc.planned.die_service.first", 14400.0),
        ("buffer.dosing.capacity", 84),
        ("buffer.rack.capacity", None),
        ("product.housing.price", 480e3),
        ("economics.gas", 78 / 3.6e6),
        ("resource.operators.units", 2),
    ],
)
def test_values_at_paths(plant: Plant, path: str, value: object) -> None:
    assert paths.value_at(plant, path) == value
    assert paths.kind_at(plant.raw, path) is paths.slot_at(plant.raw, path).kind


def test_every_path_has_a_value(plant: Plant) -> None:
    known = paths.every(plant.raw)
    assert len(known) > 100
    for path in known:
        paths.value_at(plant, path)
    assert "station.melt.tool.life" not in known
    for wrong in ("station.saw.cycle", "station.hpdc.cycel", "station.melt.tool.life", "x"):
        assert wrong not in known
        with pytest.raises(KeyError):
            paths.value_at(plant, wrong)


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("station.hpdc.cycel", "did you mean 'station.hpdc.cycle'?"),
        ("station.hpcd.cycle", "did you mean 'station.hpdc.cycle'?"),
        ("station.hpdc.die.release", "did you mean 'station.hpdc.die.release_temperature'?"),
        ("station.hpdc.die.xq", "keys of station.hpdc.die: "),
        ("station.hpdc.failure.breakdwn.between", "did you mean 'station.hpdc.failure.breakdown.between'?"),
        ("statoin.hpdc.cycle", "did you mean 'station.hpdc.cycle'?"),
        ("station.melt.tool.life", "keys of station.melt: "),
        ("", "tables: "),
        (".", "no key"),
        ("station", "name a key below, such as"),
        ("station.hpdc.cycle.triangular", "did you mean 'station.hpdc.cycle'?"),
    ],
)
def test_paths_that_are_not_there_name_the_nearest(plant: Plant, path: str, words: str) -> None:
    assert words in refusal(paths.kind_at, plant.raw, path)


def test_values_for_paths(plant: Plant) -> None:
    raw = plant.raw
    assert paths.parse_at(raw, "station.hpdc.die.release_temperature", "448.15 K") == 175.0
    assert paths.parse_at(raw, "station.hpdc.cycle", "2 min") == Distribution("constant", (120.0,))
    assert paths.parse_at(raw, "buffer.dosing.capacity", "unlimited") is None
    assert isinstance(paths.kind_at(raw, "station.hpdc.load"), Quantity)
    assert "a power" in refusal(paths.parse_at, raw, "station.hpdc.load", "3 kW")
    assert "is a table" in refusal(paths.parse_at, raw, "station.hpdc.power", {"working": "1 W"})


def test_put_and_without_leave_the_tables_alone(plant: Plant) -> None:
    before = repr(plant.raw)
    raw = paths.put(plant.raw, "station.melt.power.working", "9 kW")
    raw = paths.put(raw, "resource.robot", {"units": 1})
    raw = paths.without(raw, "station.hpdc.load")
    changed = parse_plant(raw)
    assert changed.station["melt"].power.working == 9000.0
    assert changed.resource["robot"].units == 1
    assert changed.station["hpdc"].load is None
    assert repr(plant.raw) == before
    assert raw["station"]["xray"] is plant.raw["station"]["xray"]
    assert parse_plant(plant.raw, file=plant.file) == plant
    for path in ("station.melt.load", "station.saw", "station.hpdc.cycle.triangular.x", "x"):
        assert "nothing to remove" in refusal(paths.without, plant.raw, path)


def test_amounts(plant: Plant) -> None:
    raw = plant.raw

    def amount(path: str, operation: str, value: object) -> Distribution:
        return paths.amount_of(raw, path, operation, value)

    assert amount("station.hpdc.cycle", "shift", "-6 s") == Distribution("constant", (-6.0,))
    assert amount("station.hpdc.cycle", "shift", {"triangular": ["-10 s", "-6 s", "-2 s"]}).mean == -6.0
    assert amount("station.hpdc.yield", "shift", 0.01).values == (0.01,)
    assert amount("station.hpdc.die.window_low", "shift", "-5 degC").values == (-5.0,)
    assert amount("station.hpdc.tool.life", "factor", {"triangular": [1.0, 1.2, 1.3]}).values == (1.0, 1.2, 1.3)
    assert amount("buffer.dosing.capacity", "shift", -4).values == (-4.0,)
    for path, operation, value in (
        ("station.hpdc.cycle", "shift", "-6 W"),
        ("station.hpdc.cycle", "shift", -6),
        ("station.hpdc.cycle", "factor", "1 s"),
        ("station.hpdc.cycle", "factor", -1.0),
        ("station.hpdc.cycle", "factor", 0),
        ("buffer.dosing.capacity", "shift", 0.5),
        ("buffer.dosing.capacity", "factor", 2),
        ("station.hpdc.needs", "shift", 1),
        ("plant.demand_mode", "factor", 1),
    ):
        refusal(amount, path, operation, value)


def test_moved_values_are_read_again(plant: Plant) -> None:
    raw = plant.raw
    for path, operation, by, expected in (
        ("station.hpdc.cycle", "shift", -6.0, Distribution("triangular", (112.0, 118.0, 136.0))),
        ("station.hpdc.cycle", "factor", 2.0, Distribution("triangular", (236.0, 248.0, 284.0))),
        ("station.hpdc.yield", "shift", 0.02, 0.9 + 0.02),
        ("station.hpdc.die.window_low", "shift", -5.0, 175.0),
        ("station.hpdc.tool.life", "factor", 1.2, 150000.0),
        ("buffer.dosing.capacity", "shift", 6.0, 90),
    ):
        raw = paths.put(plant.raw, path, paths.moved(paths.value_at(plant, path), operation, by))
        assert paths.value_at(parse_plant(raw), path) == expected
    assert isinstance(paths.moved(0.9, "shift", 0.05), Si)


def test_changes_of_investments() -> None:
    study = read_study(DATA / "study.toml")
    assert study.investment["robot"].changes == (
        Change("add", "resource.robot", {"units": 1}),
        Change("remove", "station.hpdc.load", None),
        Change("set", "station.hpdc.needs", ["robot"]),
        Change("set", "buffer.dosing.capacity", 90),
    )
    shift, *_, factor = study.investment["spray"].changes
    assert shift == Change("shift", "station.hpdc.cycle", Distribution("triangular", (-10.0, -6.0, -2.0)))
    assert shift.uncertain and factor.uncertain
    assert not study.investment["thermography"].changes[0].uncertain
    assert study.investment["thermography"].declared is False


def test_new_tables_have_their_places(plant: Plant) -> None:
    for path in ("resource.robot", "station.hpdc.failure.leak", "station.melt.tool", "station.melt.planned.clean"):
        paths.check_new(plant.raw, path)
    for path in (
        "resource.operators",
        "resource",
        "robot",
        "station.saw.tool",
        "station.melt.cycle",
        "station.hpdc.tool",
    ):
        refusal(paths.check_new, plant.raw, path)
