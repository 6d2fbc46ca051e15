"""The lesson of four technologies: its bottleneck is the one that an engineer computes by hand from the file."""

from __future__ import annotations

import math
import re
from pathlib import Path
from typing import Any

import pytest

from factory_sim.model import Plant, parse_plant, paths, read
from factory_sim.model.units import HOUR, WEEK
from factory_sim.results.statistics import t_interval
from factory_sim.study.runner import run_all
from factory_sim.study.task import Task

LESSON = Path(__file__).parents[2] / "layouts" / "10_four_technologies.toml"
ROUTE = ("cast", "mill", "weld", "coat")


@pytest.fixture(scope="module")
def plant() -> Plant:
    return read(LESSON)


def by_hand(plant: Plant) -> dict[str, float]:
    """Good bodies per hour if a station were the only limit, as the head of the file says."""
    found = {}
    (halves,) = plant.assembly["pair"].parts
    for index, name in enumerate(ROUTE):
        station = plant.station[name]
        units = station.machines * HOUR / station.cycle.mean * (station.batch.max if station.batch else 1)
        up = math.prod(1.0 / (1.0 + stop.repair.mean / stop.life.mean) for stop in station.failure.values())
        good = math.prod(plant.station[later].yield_ for later in ROUTE[index:])
        found[name] = units * up * good / (halves.count if name in plant.product["half"].route else 1)
    return found


def simulated(plant: Plant, replications: int) -> list[Any]:
    return run_all([Task(plant, "sold_out", r, 1, WEEK, WEEK) for r in range(replications)], workers=1)


def judged(plant: Plant, bottleneck: str) -> None:
    """The station is the bottleneck of every run, and the plant makes what it can, but for waits."""
    rates = by_hand(plant)
    assert min(rates, key=lambda name: rates[name]) == bottleneck
    runs = simulated(plant, 3)
    assert {run.bottleneck for run in runs} == {bottleneck}
    made = t_interval([run.kpis["good_parts_per_planned_hour"].value for run in runs])
    assert made.low <= rates[bottleneck], made
    assert made.mean >= 0.97 * rates[bottleneck], made


def test_numbers_beside_the_stations_are_right(plant: Plant) -> None:
    """What the comments promise follows from the numbers below them."""
    told = re.findall(
        r"^\[station\.(\w+)\] +# by hand ([\d.]+) bodies/h", LESSON.read_text(encoding="utf-8"), re.MULTILINE
    )
    assert {name: float(rate) for name, rate in told} == {name: round(rate, 1) for name, rate in by_hand(plant).items()}


def test_the_slowest_step_for_a_part_is_not_the_bottleneck(plant: Plant) -> None:
    pace = {}
    for name in ROUTE[:3]:
        station = plant.station[name]
        pace[name] = station.cycle.mean / station.machines / (station.batch.max if station.batch else 1)
    assert max(pace, key=lambda name: pace[name]) == "weld"
    assert min(by_hand(plant).items(), key=lambda entry: entry[1])[0] == "mill"


def test_machining_limits_the_plant(plant: Plant) -> None:
    judged(plant, "mill")


def test_with_four_machines_welding_does(plant: Plant) -> None:
    judged(parse_plant(paths.put(plant.raw, "station.mill.machines", 4)), "weld")
