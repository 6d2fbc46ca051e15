"""Each part can be followed: by hand on a small plant."""

from __future__ import annotations

import math

from factory_sim.model import parse_plant
from factory_sim.results.traceability import parts_table, visits_table
from factory_sim.simulation.prepare import prepare
from factory_sim.simulation.run import simulate

PLANT = {
    "plant": {"name": "Kit"},
    "source": {"bars": {"at": ["0 min", "0 min", "0 min"]}, "screws": {"at": ["0 min", "30 min"]}},
    "sink": {"out": {}},
    "station": {
        "furnace": {"cycle": "10 min", "batch": {"max": 2}},
        "turn": {"cycle": "1 min"},
        "join": {"cycle": "5 min", "planned": {"clean": {"every": "20 min", "duration": "1 min", "when": "immediate"}}},
    },
    "assembly": {"kit": {"parts": [
        {"product": "bar", "places": "unlimited"}, {"product": "screw", "places": "unlimited"}
    ]}},
    "product": {
        "bar": {"route": ["bars", "furnace", "kit"]},
        "screw": {"route": ["screws", "turn", "kit"]},
        "whole": {"route": ["kit", "join", "out"]},
    },
}  # fmt: skip


def test_loads_stops_and_families_of_parts() -> None:
    plant = parse_plant(PLANT)
    plan = prepare(plant)
    trace = simulate(plan, horizon=3600.0)
    visits = visits_table(plant, plan, trace)
    furnace = visits[visits["station"] == "furnace"].dropna(subset=["ended_h"])
    assert furnace["load"].tolist() == [1, 1, 2]
    assert furnace["ended_h"].round(6).tolist() == [round(value / 60.0, 6) for value in (10, 10, 20)]
    join = visits[visits["station"] == "join"].dropna(subset=["ended_h"])
    # the first bar waits for no screw and is joined from 10 to 15 min; the second screw comes after 31 min
    assert join["began_h"].round(6).tolist() == [round(value / 60.0, 6) for value in (10, 31)]
    assert join["when"].tolist() == ["1 Mon 00:10", "1 Mon 00:31"]
    assert join["stops"].tolist() == ["", "clean:1"]
    parts = parts_table(plant, trace)
    wholes = parts[parts["product"] == "whole"]
    assert len(wholes) == 2 and set(wholes["fate"]) == {"good"}
    for part, made_of in zip(wholes["part"].tolist(), wholes["made_of"].tolist(), strict=True):
        components = parts[parts["part"].isin([int(number) for number in made_of.split()])]
        assert sorted(components["product"]) == ["bar", "screw"]
        assert set(components["fate"]) == {"built_in"} and set(components["into"]) == {str(part)}
    left = parts[parts["fate"] == "inside"]
    assert left["product"].tolist() == ["bar"] and math.isnan(left["left_h"].iloc[0])
