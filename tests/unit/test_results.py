"""Key figures of runs whose answers are known without running them."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from factory_sim.model import Plant, parse_plant
from factory_sim.model.units import HOUR, WEEK, YEAR
from factory_sim.results.economy import energy
from factory_sim.results.flow import flow
from factory_sim.results.measures import Measures, measure
from factory_sim.results.oee import station_times
from factory_sim.results.states import MachineTime, machine_states
from factory_sim.results.window import Window
from factory_sim.simulation import trace as t
from factory_sim.simulation.prepare import prepare
from factory_sim.simulation.run import simulate

DAY_SHIFT = {"day": {"shifts": [{"days": "Mon-Fri", "from": "08:00", "to": "16:00"}]}}


def plant_of(stations: dict[str, Any], calendar: bool = False, **tables: Any) -> Plant:
    """Return a serial line of stations, fed always."""
    about = {"name": "Line", **({"calendar": "day"} if calendar else {}), **tables.pop("plant", {})}
    return parse_plant({
        "plant": about,
        **({"calendar": DAY_SHIFT} if calendar else {}),
        "source": {"in": tables.pop("source", {})},
        "sink": {"out": {}},
        "product": {"part": {"route": ["in", *stations, "out"], **tables.pop("product", {})}},
        "station": stations,
        **tables,
    })  # fmt: skip


def measured(plant: Plant, weeks: int = 2, seed: int = 1) -> Measures:
    plan = prepare(plant)
    return measure(plant, plan, simulate(plan, seed=seed, horizon=weeks * WEEK))


BUSY_LINE = {
    "saw": {
        "cycle": {"exponential": "60 s"},
        "yield": 0.93,
        "loss": 0.04,
        "failure": {"jam": {"between": {"exponential": "1 h"}, "repair": {"exponential": "6 min"}, "crew": "crew"}},
        "power": {"working": "10 kW", "idle": "2 kW", "off": "1 kW"},
        "electricity_per_part": "0.1 kWh",
        "gas_per_part": "0.5 kWh",
    },
    "mill": {
        "machines": 2,
        "cycle": {"triangular": ["80 s", "110 s", "170 s"]},
        "off_shift": "finish",
        "needs": ["crew"],
        "load": "20 s",
        "planned": {"service": {"every": "3 h", "duration": "15 min"}},
        "tool": {"cost": "1e6 KRW", "life": 1000},
    },
}


@pytest.fixture(scope="module")
def busy() -> Plant:
    return plant_of(
        BUSY_LINE,
        calendar=True,
        buffer={"rack": {"before": "mill", "capacity": 2}},
        resource={"crew": {"units": 1}},
        staff={"people": {"positions": 3, "cost": "40e6 KRW/yr"}},
        product={
            "price": "1000 KRW", "material": "200 KRW", "scrap_value": "50 KRW",
            "escapes": 0.01, "escape_cost": "5000 KRW",
        },
        economics={
            "electricity": "150 KRW/kWh", "gas": "80 KRW/kWh", "auxiliary_power": "3 kW",
            "grid_factor": "0.4 kg/kWh", "gas_factor": "0.2 kg/kWh",
        },
    )  # fmt: skip


def test_states_sum_to_the_window_and_agree_with_the_segments(busy: Plant) -> None:
    plan = prepare(busy)
    trace = simulate(plan, seed=4, horizon=2 * WEEK)
    assert set(machine_states(plan, trace).sum(axis=1).tolist()) == {trace.horizon}
    for begin, end in ((0, trace.horizon), (123_456_789, 987_654_321_000), (trace.horizon // 3, trace.horizon)):
        totals = machine_states(plan, trace, begin, end)
        for machine in range(len(plan.machines)):
            segments = list(MachineTime.of(trace, machine).segments(begin, end))
            assert segments[0].begin == begin and segments[-1].end == end
            assert all(a.end == b.begin for a, b in pairwise(segments))
            by_state = np.zeros(len(t.STATES), dtype=np.int64)
            for segment in segments:
                by_state[segment.state] += segment.end - segment.begin
            assert by_state.tolist() == totals[machine].tolist()


def test_oee_factors_multiply_and_losses_sum_to_planned_time(busy: Plant) -> None:
    plan = prepare(busy)
    trace = simulate(plan, seed=4, horizon=4 * WEEK)
    window = Window.of(busy, plan, trace)
    assert window.planned == 3 * 40 * HOUR
    for time in station_times(busy, plan, trace, window).values():
        assert 0.1 < time.oee < 1.0
        assert math.prod(time.iso_factors) == pytest.approx(time.oee, rel=1e-12)
        assert math.prod(time.shop_factors) == pytest.approx(time.oee, rel=1e-12)
        assert math.fsum(time.losses.values()) == pytest.approx(1.0, abs=1e-12)
        assert time.states.sum() == pytest.approx(time.machines * 3 * WEEK, rel=1e-15)
        # The finish policy works a little beyond the shift; what is closed is otherwise exactly what is not planned.
        assert time.open == pytest.approx(time.machines * window.planned, rel=0.01)


def test_energy_is_power_times_time_and_parts(busy: Plant) -> None:
    plan = prepare(busy)
    trace = simulate(plan, seed=4, horizon=3 * WEEK)
    window = Window.of(busy, plan, trace)
    times = station_times(busy, plan, trace, window)
    used = energy(busy, times, window)
    saw = times["saw"]
    running, off = saw.states[t.WORKING] + saw.states[t.WARMING], saw.states[t.OFF_SHIFT]
    expected = 10e3 * running + 1e3 * off + 2e3 * (saw.states.sum() - running - off) + 0.1 * 3.6e6 * saw.made
    assert used.by_station["saw"][0] == pytest.approx(expected, rel=1e-12)
    assert used.auxiliary == 3e3 * 80 * HOUR
    assert used.gas == pytest.approx(0.5 * 3.6e6 * saw.made)
    assert used.co2e == pytest.approx((0.4 * used.electricity + 0.2 * used.gas) / 3.6e6)


def test_money_adds_up(busy: Plant) -> None:
    kpis = {name: kpi.value for name, kpi in measured(busy, weeks=5).kpis.items()}
    names = ("material", "scrap_credit", "electricity", "gas", "tools", "escapes", "labour")
    cost = sum(kpis[f"{name}_per_year"] for name in names)
    assert kpis["surplus_per_year"] == pytest.approx(kpis["revenue_per_year"] - cost)
    assert kpis["cost_per_good_part"] * kpis["good_parts_per_year"] == pytest.approx(cost)
    assert kpis["revenue_per_year"] == pytest.approx(1000 * kpis["good_parts_per_year"])
    assert kpis["escapes_per_year"] == pytest.approx(0.01 * 5000 * kpis["good_parts_per_year"])
    assert kpis["labour_per_year"] == pytest.approx(3 * 40e6 * YEAR / YEAR)
    assert kpis["good_parts_per_year"] == pytest.approx(kpis["good_parts_per_planned_hour"] * 52 * 40)


def test_rates_are_per_planned_hour() -> None:
    plant = plant_of({"saw": {"cycle": "60 s"}}, calendar=True)
    measures = measured(plant)
    assert measures.kpis["good_parts_per_planned_hour"].value == pytest.approx(60.0, rel=0.002)
    assert measures.kpis["good_parts_per_year"].value == pytest.approx(60 * 40 * 52, rel=0.002)
    assert measures.stations["saw"]["state_off_shift"].value == pytest.approx(128 / 168)


def test_the_bottleneck_is_the_station_that_never_waits() -> None:
    for slow in ("first", "second", "third"):
        cycles = {name: {"cycle": {"exponential": "50 s" if name != slow else "70 s"}} for name in
                  ("first", "second", "third")}  # fmt: skip
        plant = plant_of(cycles, buffer={name: {"before": name, "capacity": 5} for name in ("second", "third")})
        assert measured(plant, weeks=2).bottleneck == slow


def test_a_machine_that_waits_for_a_person_between_parts_can_be_the_bottleneck() -> None:
    """The machines before it, sold out, work longer without a wait; but their way ahead is full in the end."""
    attended = {"load": {"needs": ["operator"], "time": "4 s"}}
    stations = {
        "cast": {
            "cycle": "20.4 s",
            "failure": {"jam": {"between": {"exponential": "6 h"}, "repair": {"exponential": "10 min"}}},
        },
        "mill": {"cycle": {"lognormal": {"mean": "60 s", "cv": 0.2}}, "machines": 3, "attend": attended},
        "wash": {"cycle": "15 s"},
    }
    buffers = {name: {"before": name, "capacity": places} for name, places in (("mill", 400), ("wash", 20))}
    plant = plant_of(stations, buffer=buffers, resource={"operator": {"units": 1}})
    measures = measured(plant)
    assert measures.stations["mill"]["state_waiting"].value < 0.05
    assert measures.stations["cast"]["active_period"].value > measures.stations["mill"]["active_period"].value
    assert measures.bottleneck == "mill"


def test_wip_is_the_exact_integral_and_lead_time_that_of_the_parts_that_left() -> None:
    plant = plant_of({"saw": {"cycle": "60 s"}}, source={"at": ["0 s", "30 s", "600 s"]})
    plan = prepare(plant)
    trace = simulate(plan, horizon=1000.0)
    parts = flow(trace, Window.of(plant, plan, trace, warmup=0.0))
    assert parts.wip == pytest.approx((60 + 90 + 60) / 1000)
    assert parts.lead_time == (60.0 + 90.0 + 60.0) / 3
    later = flow(trace, Window.of(plant, plan, trace, warmup=100.0))
    assert later.good == 2
    assert later.wip == pytest.approx((20 + 60) / 900)


def test_a_full_place_refuses_arrivals() -> None:
    plant = plant_of(
        {"saw": {"cycle": "60 s"}},
        source={"interval": "20 s"},
        buffer={"queue": {"before": "saw", "capacity": 1}},
    )
    plan = prepare(plant)
    trace = simulate(plan, horizon=6010.0)
    whole = flow(trace, Window.of(plant, plan, trace, warmup=0.0))
    assert whole.good == 99 and whole.refused == 199
    assert whole.good + whole.refused + int((trace.parts["fate"] == t.INSIDE).sum()) == 300


def test_fixed_volume_releases_its_parts_each_week_net_of_scrap() -> None:
    plant = plant_of(
        {"saw": {"cycle": "30 s", "yield": 0.8}},
        calendar=True,
        plant={"demand_mode": "fixed_volume"},
        source={"weekly_volume": 1000},
    )
    plan = prepare(plant)
    trace = simulate(plan, horizon=3 * WEEK)
    good = trace.parts["left"][trace.parts["fate"] == t.AT_SINK] // (7 * 86_400 * 1_000_000)
    assert np.bincount(good).tolist() == [1000, 1000, 1000]
    open_ended = simulate(prepare(plant, demand_mode="sold_out"), horizon=3 * WEEK)
    assert (open_ended.parts["fate"] == t.AT_SINK).sum() > 10_000


def test_a_warm_up_as_long_as_the_run_is_refused() -> None:
    plant = plant_of({"saw": {"cycle": "60 s"}})
    plan = prepare(plant)
    trace = simulate(plan, horizon=3600.0)
    with pytest.raises(ValueError, match="warmup must lie in"):
        measure(plant, plan, trace, warmup=3600.0)
    with pytest.raises(ValueError, match="demand_mode must be"):
        prepare(plant, demand_mode="often")
    with pytest.raises(ValueError, match="horizon must be"):
        simulate(plan, horizon=0.0)


def test_measures_read_aloud(busy: Plant) -> None:
    text = str(measured(busy, weeks=2))
    assert text.startswith("Line\n") and "good_parts_per_planned_hour" in text and "bottleneck" in text
