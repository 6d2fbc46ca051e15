"""Machines of one station that differ in speed, and what is said about due dates and queues; by hand."""

from __future__ import annotations

import pytest

from factory_sim.model import parse_plant
from factory_sim.results.measures import measure
from factory_sim.simulation.prepare import prepare
from factory_sim.simulation.run import simulate

SHOP = {
    "plant": {"name": "Shop"},
    "source": {"blanks": {}},
    "sink": {"out": {}},
    "station": {"saw": {"cycle": "10 min"}},
    "product": {"part": {"route": ["blanks", "saw", "out"]}},
}


def test_a_machine_of_half_the_speed_makes_half_as_much() -> None:
    plant = parse_plant(SHOP | {"station": {"saw": {"cycle": "10 min", "machines": 2, "speed": [1.0, 0.5]}}})
    trace = simulate(prepare(plant), horizon=100 * 60.0 + 1.0)
    made = [int((trace.visits["left"][trace.visits["machine"] == m] <= trace.horizon).sum()) for m in (0, 1)]
    assert made == [10, 5]


def test_speed_holds_for_cycles_of_products_too() -> None:
    station = {"saw": {"cycle": "10 min", "machines": 2, "speed": [1.0, 2.0]}}
    product = {"part": {"route": ["blanks", "saw", "out"], "step": {"saw": {"cycle": "4 min"}}}}
    trace = simulate(prepare(parse_plant(SHOP | {"station": station, "product": product})), horizon=40 * 60.0 + 1.0)
    made = [int((trace.visits["left"][trace.visits["machine"] == m] <= trace.horizon).sum()) for m in (0, 1)]
    assert made == [10, 20]


def test_tardiness_and_queue_of_a_list_of_jobs() -> None:
    """Four parts at once, 10 min each, due after 25 min: late by 0, 0, 5 and 15 min; three wait 10, 20, 30 min."""
    plant = parse_plant(SHOP | {"order": [{"product": "part", "quantity": 4, "due": "25 min"}]})
    plan = prepare(plant)
    found = measure(plant, plan, simulate(plan, horizon=3600.0), warmup=0.0)
    assert found.products["part"]["tardiness"].value == pytest.approx(5.0 / 60.0)
    assert found.products["part"]["late_share"].value == 0.5
    assert found.stations["saw"]["queue"].value == pytest.approx(1.0)  # 60 min of waits in an hour
    assert found.stations["saw"]["queue_wait"].value == pytest.approx(0.25)
