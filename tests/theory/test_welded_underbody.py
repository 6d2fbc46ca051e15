"""The welding line that a giga-casting cell competes with, against its data sheet."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from factory_sim.model import Plant, parse_plant, paths, read, read_study
from factory_sim.model.units import HOUR, WEEK
from factory_sim.results.measures import Measures, measure
from factory_sim.results.statistics import t_interval
from factory_sim.simulation.prepare import prepare
from factory_sim.simulation.run import simulate

LAYOUTS = Path(__file__).parents[2] / "layouts"
ANCHOR = 35.29  # good underbodies per planned hour


@pytest.fixture(scope="module")
def plant() -> Plant:
    return read(LAYOUTS / "welded_underbody.toml")


def capacity(plant: Plant) -> float:
    """Good parts per planned hour of the slowest station that never waits, by the formula of the sheet."""
    rates = []
    for station in plant.station.values():
        failure = station.failure["breakdown"]
        rates.append(HOUR / station.cycle.mean / (1.0 + failure.repair.mean / failure.life.mean))
    good = float(np.prod([station.yield_ for station in plant.station.values()]))
    return min(rates) * good


def runs(plant: Plant, replications: int, weeks: int) -> list[Measures]:
    plan = prepare(plant, demand_mode="sold_out")
    return [
        measure(plant, plan, simulate(plan, seed=3, replication=each, horizon=(weeks + 1) * WEEK), WEEK)
        for each in range(replications)
    ]


def test_the_line_has_the_capacity_of_the_sheet(plant: Plant) -> None:
    assert capacity(plant) == pytest.approx(ANCHOR, abs=0.005)
    assert sum(station.electricity_per_part for station in plant.station.values()) == pytest.approx(40 * 3.6e6)


def test_without_failures_it_makes_one_each_takt(plant: Plant) -> None:
    raw: dict[str, Any] = plant.raw
    for name in plant.station:
        raw = paths.without(raw, f"station.{name}.failure")
    steady = runs(parse_plant(paths.put(raw, "station.geo_4.yield", 1.0)), 1, 1)[0]
    assert steady.kpis["good_parts_per_planned_hour"].value == pytest.approx(36.0, abs=0.02)


def test_the_full_line_stays_below_its_anchor(plant: Plant) -> None:
    """Four stations in series with five places between them lose to one another's failures."""
    rates = [run.kpis["good_parts_per_planned_hour"].value for run in runs(plant, 4, 4)]
    found = t_interval(rates)
    assert found.mean - found.half_width < ANCHOR
    assert found.mean > 0.85 * ANCHOR


def test_casting_costs_more_than_welding_at_todays_prices(plant: Plant) -> None:
    """Material alone, by hand: 62 kg of alloy and the loss of a shot against a set of stampings."""
    study = read_study(LAYOUTS / "casting_or_welding_study.toml")
    assert study.plant.raw == plant.raw
    cast = read(LAYOUTS / "giga_casting.toml").product["underbody"].material
    stamped = plant.product["underbody"].material
    assert cast == pytest.approx(62 * 4600 + 0.04 * 95 * 4600) and cast - stamped > 45_000
