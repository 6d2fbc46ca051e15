"""One shift of a press: the one that tells most, with its shots and stops as the trace has them."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest

from factory_sim.model import Plant, parse_plant
from factory_sim.model.units import HOUR, MINUTE, WEEK
from factory_sim.results.shift import LENGTH, Shift, shift_of
from factory_sim.simulation.prepare import prepare
from factory_sim.simulation.run import simulate

DIE = {
    "heat_capacity": "1.9e6 J/K", "shot_heat": "68.9e6 J", "spray_share": 0.15, "loss_running": "2950 W/K",
    "loss_stopped": "650 W/K", "sink_temperature": "60 degC", "preheat_temperature": "150 degC",
    "freeze_temperature": "570 degC", "dwell": "42 s", "reference_temperature": "200 degC", "window_low": "180 degC",
    "window_high": "250 degC", "cold_slope": "0.03 1/K", "hot_slope": "0.02 1/K", "physics_scrap": 0.05,
}  # fmt: skip


def press(days: str = "Mon-Fri", begin: str = "06:00", end: str = "16:00", **stops: Any) -> Plant:
    station = {"technology": "casting.high_pressure", "cycle": "128 s", "yield": 0.9, "die": DIE, "off_shift": "finish"}
    return parse_plant(
        {
            "plant": {"name": "One press", "calendar": "day"},
            "calendar": {"day": {"shifts": [{"days": days, "from": begin, "to": end}]}},
            "source": {"ingots": {}},
            "sink": {"castings": {}},
            "product": {"casting": {"route": ["ingots", "saw", "press", "castings"]}},
            "station": {"saw": {"cycle": "30 s"}, "press": {**station, **stops}},
        }
    )


def shift(plant: Plant, physics: bool = True, weeks: int = 2) -> Shift | None:
    plan = prepare(plant, physics)
    return shift_of(plant, plan, simulate(plan, seed=3, horizon=weeks * WEEK), WEEK)


def test_the_first_shift_with_a_long_breakdown_is_taken() -> None:
    jam = {"between": "20 h", "repair": "30 min"}
    found = shift(press(failure={"jam": jam, "hiccup": {"between": "3 h", "repair": "2 min"}}))
    assert found is not None
    assert found.station == "press"
    long = [stop for stop in found.stops if stop.name == "jam"]
    assert long
    assert all(found.begin <= stop.begin < stop.end <= found.end for stop in long)
    assert long[0].end - long[0].begin == pytest.approx(30 * MINUTE)
    assert {stop.state for stop in found.stops} == {"failed"}
    assert found.begin >= WEEK
    assert found.end - found.begin <= LENGTH


def test_without_one_the_first_shift_after_the_warmup() -> None:
    found = shift(press(failure={"hiccup": {"between": "3 h", "repair": "2 min"}}))
    assert found is not None
    assert (found.begin, found.end) == (WEEK + 6 * HOUR, WEEK + 14 * HOUR)


def test_stretches_end_where_the_calendar_closes() -> None:
    # Every day at 23:30: only the second, short stretch of a day, from 23:00, holds the breakdown.
    jam = {"between": "23.5 h", "repair": "30 min", "clock": "calendar"}
    found = shift(press("Mon-Sun", "15:00", "01:00", failure={"jam": jam}))
    assert found is not None
    assert found.end - found.begin == 2 * HOUR
    assert [stop.name for stop in found.stops if stop.state == "failed"] == ["jam"]


def test_shots_follow_each_other_and_stops_cost_them() -> None:
    found = shift(press(failure={"jam": {"between": "21 h", "repair": "30 min"}}))
    assert found is not None
    shots = found.shots
    assert len(shots) > 100
    assert all(one.ended <= other.began for one, other in pairwise(shots))
    assert {shot.outcome for shot in shots} <= {"good", "scrapped", "discarded"}
    jam = next(stop for stop in found.stops if stop.name == "jam")
    after = [shot for shot in shots if shot.began > jam.end][:7]
    assert [shot.outcome for shot in after] == ["discarded"] * 7
    assert {shot.cause for shot in after} == {"first_shots"}
    warm = [shot.temperature for shot in shots if shot.ended < jam.begin]
    assert after[0].temperature < warm[-1] - 20.0
    assert after[-1].temperature > after[0].temperature


def test_the_loss_of_every_cycle_is_no_stop() -> None:
    found = shift(press(loss=0.05, planned={"service": {"every": "3 h", "duration": "5 min"}}))
    assert found is not None
    assert {stop.name for stop in found.stops} == {"service"}


def test_nothing_without_physics_or_without_a_whole_shift() -> None:
    plant = press()
    assert shift(plant, physics=False) is None
    plan = prepare(plant)
    assert shift_of(plant, plan, simulate(plan, horizon=WEEK + HOUR), WEEK) is None
