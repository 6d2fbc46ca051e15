"""Stops with upkeep in plants without luck: each moment is known beforehand. Times in minutes."""

from __future__ import annotations

from typing import Any

import pytest

from factory_sim.model import InputError, Plant, parse_plant
from factory_sim.results.measures import measure
from factory_sim.simulation import trace as t
from factory_sim.simulation.prepare import directory, prepare
from factory_sim.simulation.run import simulate
from factory_sim.simulation.trace import Trace

MINUTE = 60_000_000
Raw = dict[str, Any]


def plant_of(station: Raw, **more: Any) -> Plant:
    raw: Raw = {
        "plant": {"name": "One press"},
        "source": {"bars": {}},
        "sink": {"out": {}},
        "product": {"piece": {"route": ["bars", "press", "out"]}},
        "station": {"press": {"cycle": "10 min"} | station},
    }
    return parse_plant(raw | more)


def run(plant: Plant, minutes: float) -> Trace:
    return simulate(prepare(plant), horizon=minutes * 60.0)


def stops(plant: Plant, trace: Trace) -> list[tuple[str, float, float]]:
    """Return name, begin and end of each stop, in order of begin."""
    names, rows = directory(plant).stops, trace.stops
    found = zip(rows["begin"] / MINUTE, rows["end"] / MINUTE, rows["stop"], strict=True)
    return [(names[stop], begin, end) for begin, end, stop in sorted(found)]


def test_an_age_counts_work_since_the_last_renewal() -> None:
    mode: Raw = {"between": "45 min", "repair": "5 min"}
    mode["replacement"] = {"age": "30 min", "duration": "2 min", "when": "immediate"}
    replaced = plant_of({"failure": {"belt": mode}})
    done = stops(replaced, run(replaced, 100.0))
    assert done == [("belt.replacement", 30, 32), ("belt.replacement", 62, 64), ("belt.replacement", 94, 96)]
    mode["replacement"] = {"age": "50 min", "duration": "2 min"}
    failing = plant_of({"failure": {"belt": mode}})
    assert stops(failing, run(failing, 100.0)) == [("belt", 45, 50), ("belt", 95, 100)]


def test_a_tie_of_failure_and_replacement_is_a_failure() -> None:
    renewal = {"age": "45 min", "duration": "2 min", "when": "immediate"}
    plant = plant_of({"failure": {"belt": {"between": "45 min", "repair": "5 min", "replacement": renewal}}})
    assert [name for name, *_ in stops(plant, run(plant, 200.0))] == ["belt"] * 4


def test_an_overhaul_renews_only_what_it_names() -> None:
    modes = {name: {"between": "45 min", "repair": "0 s"} for name in ("belt", "pump")}
    overhaul = {"every": "40 min", "duration": "0 s", "when": "immediate", "renews": ["belt"]}
    plant = plant_of({"failure": modes, "planned": {"overhaul": overhaul}})
    found = stops(plant, run(plant, 130.0))
    assert [(name, begin) for name, begin, _ in found if name != "overhaul"] == [("pump", 45), ("pump", 90)]


def test_a_found_defect_is_replaced_and_the_inspections_begin_anew() -> None:
    mode = {
        "between": "25 min", "warning": "60 min", "repair": "5 min",
        "inspection": {"every": "10 min", "when": "immediate", "duration": "1 min"},
        "replacement": {"duration": "4 min", "when": "immediate"},
    }  # fmt: skip
    plant = plant_of({"failure": {"belt": mode}})
    trace = run(plant, 70.0)
    assert stops(plant, trace) == [
        ("belt.inspection", 10, 11), ("belt.inspection", 21, 22), ("belt.inspection", 32, 33),
        ("belt.replacement", 33, 37), ("belt.inspection", 47, 48), ("belt.inspection", 58, 59),
        ("belt.inspection", 69, 70),
    ]  # fmt: skip
    assert trace.inspections["reported"].tolist() == [0, 0, 1, 0, 0]  # the last one is not over


def test_a_finding_waits_for_the_next_planned_stop() -> None:
    mode = {
        "between": "5 min", "warning": "100 min", "repair": "5 min",
        "inspection": {"every": "10 min", "when": "immediate", "act": "next_planned"},
        "replacement": {"duration": "4 min"},
    }  # fmt: skip
    service = {"every": "35 min", "duration": "1 min", "when": "immediate"}
    plant = plant_of({"failure": {"belt": mode}, "planned": {"service": service}})
    assert stops(plant, run(plant, 45.0)) == [
        ("belt.inspection", 10, 10), ("service", 35, 36), ("belt.replacement", 35, 39)
    ]  # fmt: skip


def test_false_alarms_cost_a_replacement_unless_they_are_verified() -> None:
    mode: Raw = {
        "between": "1000 min", "warning": "1 min", "repair": "5 min",
        "inspection": {"every": "10 min", "when": "immediate", "false_alarm": 1.0},
        "replacement": {"duration": "4 min", "when": "immediate"},
    }  # fmt: skip
    trusted = plant_of({"failure": {"belt": mode}})
    assert stops(trusted, run(trusted, 25.0)) == [
        ("belt.inspection", 10, 10), ("belt.replacement", 10, 14), ("belt.inspection", 24, 24),
        ("belt.replacement", 24, 25),
    ]  # fmt: skip
    mode["inspection"]["verification"] = "3 min"
    verified = plant_of({"failure": {"belt": mode}})
    assert stops(verified, run(verified, 25.0)) == [("belt.inspection", 10, 13), ("belt.inspection", 23, 25)]


def test_parts_and_wear_are_counted_when_work_ends() -> None:
    change = {"clock": "parts", "amount": 3, "duration": "6 min", "run_in": 2}
    plant = plant_of({"planned": {"tool": change}})
    trace = run(plant, 80.0)
    assert stops(plant, trace) == [("tool", 30, 36), ("tool", 66, 72)]
    assert (trace.visits["outcome"] % t.CAUSE_UNIT).tolist()[:6] == [0, 0, 0, t.DISCARDED, t.DISCARDED, 0]
    wear = {"per_part": 1.0, "unit_time": "20 min"}  # 1.5 by a part of 10 min
    mode = {"clock": "wear", "amount": 4, "repair": "6 min"}
    worn = plant_of({"failure": {"tool": mode}, "wear": wear})
    assert stops(worn, run(worn, 80.0)) == [("tool", 30, 36), ("tool", 66, 72)]


def line_of_two(trim: Raw) -> Plant:
    """A press of 10 min with a change of dies each third part, and a trimmer of 9 min that goes with it."""
    change = {"clock": "parts", "amount": 3, "duration": "6 min"}
    raw: Raw = {
        "plant": {"name": "Two presses"},
        "source": {"bars": {}},
        "sink": {"out": {}},
        "product": {"piece": {"route": ["bars", "press", "trim", "out"]}},
        "buffer": {"between": {"before": "trim", "capacity": 5}},
        "station": {"press": {"cycle": "10 min", "planned": {"change": change}}, "trim": {"cycle": "9 min"} | trim},
    }
    return parse_plant(raw)


def test_two_stations_change_together_after_the_part_or_when_the_last_one_is_through() -> None:
    """The press makes its third part at 30, the trimmer has it from 30 to 39: idle then, or at once."""
    follower = {"alongside": "press.change", "duration": "6 min", "when": "when_idle"}
    cleared = line_of_two({"planned": {"own": follower}})
    expected = [("change", 30, 36), ("own", 39, 45), ("change", 66, 72), ("own", 75, 81)]
    assert stops(cleared, run(cleared, 90.0)) == expected
    follower["when"] = "immediate"
    at_once = line_of_two({"planned": {"own": follower}})
    expected = [("change", 30, 36), ("own", 30, 36), ("change", 66, 72), ("own", 66, 72)]
    assert stops(at_once, run(at_once, 90.0)) == expected


def test_a_stop_alongside_another_is_left_out_while_the_one_before_is_not_over() -> None:
    plant = line_of_two({"planned": {"own": {"alongside": "press.change", "duration": "40 min", "when": "immediate"}}})
    assert stops(plant, run(plant, 90.0)) == [("change", 30, 36), ("own", 30, 70), ("change", 66, 72)]


@pytest.mark.parametrize(
    ("stop", "message"),
    [
        ({"alongside": "press.change", "every": "2 h"}, "no clock of its own"),
        ({"alongside": "press.chang"}, "did you mean 'press.change'?"),
        ({"alongside": "trim.own"}, "of its own station"),
    ],
)
def test_a_stop_alongside_what_it_cannot_go_with_is_refused(stop: Raw, message: str) -> None:
    with pytest.raises(InputError) as refused:
        line_of_two({"planned": {"own": {"duration": "6 min"} | stop}})
    assert message in str(refused.value)


def test_wear_by_product() -> None:
    mode = {"clock": "wear", "amount": 4, "repair": "6 min"}
    route = ["bars", "press", "out"]
    product = {"piece": {"route": route, "step": {"press": {"wear": 2.0}}}}
    plant = plant_of({"failure": {"tool": mode}, "wear": {}}, product=product)
    assert stops(plant, run(plant, 50.0)) == [("tool", 20, 26), ("tool", 46, 50)]


def test_a_stop_within_its_window_is_done_alongside_a_failure() -> None:
    service = {"every": "50 min", "duration": "8 min", "window": "6 min"}
    plant = plant_of({"failure": {"jam": {"between": "45 min", "repair": "5 min"}}, "planned": {"service": service}})
    found = stops(plant, run(plant, 103.0))  # the jam at 45 brings the service; at 50 it is left out, at 100 it is due
    assert found == [("jam", 45, 50), ("service", 45, 53), ("jam", 98, 103), ("service", 98, 103)]
    narrow = plant_of(
        {
            "failure": {"jam": {"between": "45 min", "repair": "5 min"}},
            "planned": {"service": service | {"window": "4 min"}},
        }
    )
    assert stops(narrow, run(narrow, 60.0))[:2] == [
        ("jam", 45, 50),
        ("service", 55, 60),
    ]  # after the cycle that goes on


@pytest.mark.parametrize(("stock", "second"), [(2, 40), (1, 50)])
def test_a_repair_waits_for_its_spare(stock: int, second: float) -> None:
    mode = {"between": "20 min", "repair": "0 s", "spare": "belt", "cost": "3 KRW"}
    spare = {"belt": {"stock": stock, "lead_time": "30 min", "cost": "100 KRW"}}
    plant = plant_of({"failure": {"belt": mode}}, spare=spare)
    trace = run(plant, 60.0)
    assert stops(plant, trace)[:2] == [("belt", 20, 20), ("belt", 40, second)]
    measures = measure(plant, prepare(plant), trace, 0.0)
    count = len(trace.spares["asked"])
    hour = measures.kpis["maintenance_per_year"].value / 3.0 / len(stops(plant, trace))
    assert measures.kpis["spares_per_year"].value == pytest.approx(100.0 * count * hour)
    waited = measures.stops["press.failure.belt"]["hours_without_spare_per_year"].value
    assert waited == pytest.approx((second - 40) / 60.0 * hour)


def test_a_replacement_runs_on_until_there_is_a_spare() -> None:
    mode: Raw = {
        "between": "1000 min", "repair": "1 min", "spare": "belt",
        "replacement": {"age": "20 min", "duration": "0 s", "when": "immediate"},
    }  # fmt: skip
    spare = {"belt": {"stock": 1, "lead_time": "50 min"}}
    plant = plant_of({"failure": {"belt": mode}}, spare=spare)
    assert stops(plant, run(plant, 100.0)) == [("belt.replacement", 20, 20), ("belt.replacement", 70, 70)]
    mode["replacement"] |= {"without_spare": "stop"}
    stopping = plant_of({"failure": {"belt": mode}}, spare=spare)
    assert stops(stopping, run(stopping, 100.0))[:2] == [("belt.replacement", 20, 20), ("belt.replacement", 40, 70)]


def test_sets_of_tools_go_round_through_the_shop() -> None:
    """Two machines, one set more than machines, a shop that refurbishes one at a time: a closed loop of three sets."""
    change = {"clock": "parts", "amount": 2, "duration": "0 s", "spare": "die"}
    spare = {"die": {"stock": 1, "lead_time": "15 min", "crew": "shop"}}
    plant = plant_of({"machines": 2, "planned": {"die": change}}, spare=spare, resource={"shop": {"units": 1}})
    trace = run(plant, 200.0)
    asked, got, arrived = (trace.spares[name] / MINUTE for name in ("asked", "got", "arrived"))
    order = asked.argsort(kind="stable")
    # Both ask at 20: one set is there, the other one waits for the shop; from then on the shop is never idle.
    assert asked[order][:3].tolist() == [20.0, 20.0, 40.0]
    assert sorted(got.tolist())[:3] == [20.0, 35.0, 50.0]
    assert sorted(arrived.tolist())[:4] == [35.0, 50.0, 65.0, 80.0]
    crew = trace.grants["activity"] == t.ACTIVITY_REFURBISH
    assert (trace.grants["released"][crew][:4] - trace.grants["got"][crew][:4] == 15 * MINUTE).all()


def test_a_new_die_is_preheated_and_its_first_shots_are_discarded() -> None:
    die = {
        "heat_capacity": "1.9e6 J/K", "shot_heat": "68.9e6 J", "spray_share": 0.15, "loss_running": "2950 W/K",
        "loss_stopped": "580 W/K", "sink_temperature": "60 degC", "preheat_temperature": "150 degC",
        "freeze_temperature": "570 degC", "dwell": "42 s", "reference_temperature": "200 degC",
        "window_low": "185 degC", "window_high": "250 degC", "cold_slope": "0 1/K", "hot_slope": "0 1/K",
        "discard_shots": 3,
    }  # fmt: skip
    change = {"clock": "parts", "amount": 20, "duration": "1 min", "new_die": True}
    press = {"technology": "casting.high_pressure", "cycle": "128 s", "die": die, "planned": {"change": change}}
    plant = plant_of(press)
    trace = run(plant, 60.0)
    discarded = (trace.visits["outcome"] % t.CAUSE_UNIT == t.DISCARDED).tolist()
    assert [shot for shot, bad in enumerate(discarded[:27]) if bad] == [0, 1, 2, 20, 21, 22]
    assert trace.states[0][20, 0] == 150.0 and trace.states[0][19, 0] > 180.0
