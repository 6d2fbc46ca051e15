"""Vehicles against times that were found by hand. One unit of time is a minute."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from factory_sim.model import InputError, parse_plant
from factory_sim.results.measures import measure
from factory_sim.results.states import machine_states
from factory_sim.results.transport import driven, vehicle_times
from factory_sim.simulation import trace as t
from factory_sim.simulation.plan import NEVER
from factory_sim.simulation.prepare import prepare
from factory_sim.simulation.run import simulate
from factory_sim.simulation.trace import Trace

MINUTE = 60_000_000
Raw = dict[str, Any]


def cell(vehicle: Raw, a: Raw | None = None, b: Raw | None = None, places: Any = 1, **more: Any) -> Raw:
    """Return a plant of two stations with a vehicle between them: 0.5 pick, 1.5 drive, 0.5 drop."""
    base = {"moves": ["a -> b"], "pick": "0.5 min", "drop": "0.5 min"}
    return {
        "plant": {"name": "Cell"},
        "source": {"in": {}},
        "sink": {"out": {}},
        "product": {"part": {"route": ["in", "a", "b", "out"]}},
        "station": {"a": {"cycle": "1 min"} | (a or {}), "b": {"cycle": "1 min"} | (b or {})},
        "buffer": {"before_b": {"before": "b", "capacity": places}},
        "vehicle": {"cart": base | {"way": [{"from": "a", "to": "b", "time": "1.5 min"}]} | vehicle},
    } | more


def run(raw: Raw, end: float) -> Trace:
    return simulate(prepare(parse_plant(raw)), horizon=end * 60.0)


def column(trace: Trace, table: str, name: str) -> list[float]:
    return [value / MINUTE for value in getattr(trace, table)[name].tolist() if value < NEVER]


def test_two_vehicles_take_turns() -> None:
    """Alone one part takes a vehicle 4 min; two vehicles carry one part each 2 min, A would make one each 1.5 min."""
    trace = run(cell({"units": 2, "parking": "back"}, places=9), 13.0)
    assert column(trace, "moves", "reached") == [1.0, 2.5, 5.0, 6.5, 9.0, 10.5]
    assert column(trace, "moves", "dropped") == [3.5, 5.0, 7.5, 9.0, 11.5, 13.0][:5]  # the horizon itself is not run
    assert trace.moves["vehicle"].tolist()[:5] == [0, 1, 0, 1, 0]


def test_a_vehicle_that_stays_is_called_to_come_back() -> None:
    """A makes its part in 4, the call finds the vehicle at B: drive 1.5, pick 0.5, and A begins again."""
    trace = run(cell({"parking": "stay"}, a={"cycle": "4 min"}), 24.0)
    assert column(trace, "moves", "granted") == [4.0, 8.5, 14.5, 20.5]
    assert column(trace, "moves", "reached") == [4.0, 10.0, 16.0, 22.0]


def test_two_parts_per_trip() -> None:
    """Two machines end together; the vehicle picks one after the other, and drops one after the other."""
    trace = run(cell({"capacity": 2, "parking": "back"}, a={"machines": 2, "cycle": "4 min"}, places=9), 16.0)
    assert column(trace, "moves", "picked") == [4.5, 5.0, 9.5, 10.0, 14.5, 15.0]
    assert column(trace, "moves", "dropped") == [7.0, 7.5, 12.0, 12.5]
    assert max(trace.trips["load"].tolist()) == 2


def test_a_load_of_a_furnace_goes_in_trips() -> None:
    """Three parts of one load, two per trip: the third one waits for the second trip."""
    raw = cell({"capacity": 2}, a={"cycle": "4 min", "batch": {"max": 3}}, places=9)
    trace = run(raw, 12.4)
    assert column(trace, "moves", "picked") == [4.5, 5.0, 9.5]
    assert column(trace, "moves", "dropped") == [7.0, 7.5, 11.5]


def test_no_vehicle_is_sent_without_a_place() -> None:
    """One place before B, which works for 20: the third part is blocked at A until B takes the second one."""
    trace = run(cell({"parking": "back"}, b={"cycle": "20 min"}), 40.0)
    assert column(trace, "moves", "asked") == [1.0, 2.5, 6.5, 25.0]
    assert column(trace, "moves", "room") == [1.0, 3.5, 23.5]  # when B has taken the one before
    assert column(trace, "moves", "granted") == [1.0, 3.5, 23.5]
    states = machine_states(prepare(parse_plant(cell({}))), trace)[0] / MINUTE
    assert states[t.WORKING] == 4.0 and states[t.BLOCKED] == 1.0 + 17.0 + 15.0
    assert states[t.WAITING] == 0.5 + 2.0 + 0.5
    assert states.sum() == 40.0


def test_without_places_it_brings_the_part_to_a_waiting_machine() -> None:
    trace = run(cell({"parking": "back"}, places=0, b={"cycle": "10 min"}), 30.0)
    assert column(trace, "moves", "granted") == [1.0, 13.5, 26.0]  # when B waits: it works 3.5 to 13.5 and 16 to 26


@pytest.mark.parametrize(("rule", "second"), [("oldest", 0), ("nearest", 1), ("priority", 1)])
def test_dispatch(rule: str, second: int) -> None:
    """The vehicle ends at B; C beside it has asked later than A, and its product comes first by priority."""
    raw = cell({"dispatch": rule, "moves": ["a -> b", "c -> b"]}, places=9)
    raw["vehicle"]["cart"]["way"].append({"from": "c", "to": "b", "time": "0.5 min"})
    raw["vehicle"]["cart"]["home"] = "a"
    raw["source"]["too"] = {}
    raw["product"] = {
        "part": {"route": ["in", "a", "b", "out"], "priority": 5},
        "other": {"route": ["too", "c", "b", "out"], "priority": 1},
    }
    raw["station"]["c"] = {"cycle": "2.6 min"}
    trace = run(raw, 30.0)
    order = trace.moves["machine"][trace.moves["dropped"] < NEVER].tolist()
    assert order[0] == 0 and (order[1] == 2) == bool(second)


def test_shortest_way_and_energy() -> None:
    """By the crossing 30 + 30 m, straight 90 m: 60 m at 1 m/s take a minute. 3 kJ/m, charged with 0.9."""
    ways = [
        {"from": "a", "to": "x", "distance": "30 m"},
        {"from": "x", "to": "b", "distance": "30 m"},
        {"from": "a", "to": "b", "distance": "90 m"},
    ]
    raw = cell({"way": ways, "speed": "1 m/s", "parking": "back", "energy": "3 kJ/m"}, a={"cycle": "9 min"})
    plant = parse_plant(raw)
    plan = prepare(plant)
    trace = simulate(plan, horizon=12.0 * 60.0)
    assert column(trace, "moves", "dropped") == [9.0 + 0.5 + 1.0 + 0.5]
    edges = np.array([0, 10 * MINUTE, trace.horizon])
    assert driven(plan, trace, 0, edges).tolist() == [30.0, 90.0]  # half of the first drive
    kpis = measure(plant, plan, trace, 0.0).vehicles["cart"]
    assert kpis["electricity_per_planned_hour"].value == pytest.approx(120 * 3e3 / 3.6e6 * 5.0)
    assert kpis["activity_loaded"].value == pytest.approx(1.0 / 12.0)


def test_charging() -> None:
    """A drive takes 60 of 1000 kJ; it is low below 900: after each second drive of a trip it charges for 10."""
    raw = cell(
        {
            "way": [{"from": "a", "to": "b", "distance": "90 m"}, {"from": "b", "to": "dock", "distance": "60 m"}],
            "speed": "1 m/s",
            "energy": "1 kJ/m",
            "battery": {"capacity": "1000 kJ", "charge_below": 0.75, "at": "dock", "duration": "10 min"},
            "home": "a",
        },
        a={"cycle": "2 min"},
        places="unlimited",
    )
    trace = run(raw, 40.0)
    # 2.0 pick, 2.5 drive 90, 4.0 drop, 4.5: 910 kJ. A asks at 4.5: drive back 90, 6.0 pick, 6.5 drive 90, 8.0 drop,
    # 8.5: 730 kJ, which is low: 1 min to the dock, charge until 19.5, full. A has asked at 8.5: 150 m, 22.0 pick.
    assert column(trace, "moves", "reached")[:3] == [2.0, 6.0, 22.0]
    charging = trace.trips["activity"] == t.CHARGING
    assert (trace.trips["begin"][charging][0], trace.trips["end"][charging][0]) == (9.5 * MINUTE, 19.5 * MINUTE)


def test_a_battery_that_is_too_small_is_refused() -> None:
    vehicle = {
        "way": [{"from": "a", "to": "b", "distance": "90 m"}],
        "speed": "1 m/s",
        "energy": "1 kJ/m",
        "battery": {"capacity": "1000 kJ", "charge_below": 0.26, "duration": "10 min"},
    }
    with pytest.raises(InputError, match="the longest trip of 270 m"):
        prepare(parse_plant(cell(vehicle)))
    vehicle["battery"] = {"capacity": "1000 kJ", "charge_below": 0.28, "duration": "10 min"}
    prepare(parse_plant(cell(vehicle)))


def test_one_charger_for_two() -> None:
    """Both are low at the same time; the second one waits for the charger."""
    raw = cell(
        {
            "units": 2,
            "way": [{"from": "a", "to": "b", "distance": "60 m"}],
            "speed": "1 m/s",
            "energy": "1 kJ/m",
            "battery": {"capacity": "200 kJ", "charge_below": 0.95, "duration": "10 min", "needs": "charger"},
        },
        a={"machines": 2},
        places="unlimited",
        resource={"charger": {"units": 1}},
    )
    trace = run(raw, 60.0)
    charging = trace.trips["activity"] == t.CHARGING
    # pick 1.0 to 1.5, drop 2.5 to 3.0, back at the charger at A 4.0, both of them
    assert trace.trips["begin"][charging].tolist()[:2] == [4 * MINUTE, 14 * MINUTE]
    assert trace.trips["end"][charging].tolist()[:2] == [14 * MINUTE, 24 * MINUTE]


def test_a_failure_in_the_middle_of_a_drive() -> None:
    """After 1 min of driving and picking it stands for 7; the part comes 7 later."""
    raw = cell({"failure": {"motor": {"between": "1 min", "repair": "7 min"}}})
    plan = prepare(parse_plant(raw))
    trace = simulate(plan, horizon=10.2 * 60.0)
    # pick 1.0 to 1.5, drive from 1.5, failed 2.0 to 9.0, drive on for 1.0
    assert (trace.halts["begin"].tolist()[0], trace.halts["end"].tolist()[0]) == (2 * MINUTE, 9 * MINUTE)
    acts, held = vehicle_times(trace, 0, 0, trace.horizon)
    assert held.tolist() == [0, int(7.2 * MINUTE)]  # the second one strikes when it has run for another minute
    assert acts[t.LOADED] == 1.5 * MINUTE and acts.sum() + held.sum() == trace.horizon


def test_a_failed_machine_keeps_its_part() -> None:
    """A fails by the calendar at 1.2 while the vehicle is on its way from B: it waits there until 6.2."""
    failure = {"control": {"clock": "calendar", "between": "1.2 min", "repair": "5 min"}}
    raw = cell({"home": "b"}, a={"failure": failure})
    trace = run(raw, 7.0)
    assert column(trace, "moves", "reached") == [2.5]
    assert column(trace, "moves", "picked") == [6.7]


def test_off_shift_it_stands_still() -> None:
    """The shift of the vehicle ends at 2.0, in the middle of its drive; the machines are always open."""
    raw = cell({"calendar": "short"})
    raw["calendar"] = {"short": {"shifts": [
        {"days": "Mon", "from": "00:00", "to": "00:02"}, {"days": "Mon", "from": "00:10", "to": "00:30"},
    ]}}  # fmt: skip
    trace = run(raw, 12.0)
    assert column(trace, "moves", "dropped")[0] == 11.5
    assert trace.halts["state"].tolist()[0] == t.OFF_SHIFT


def test_parts_on_the_way_at_the_end_are_inside() -> None:
    trace = run(cell({}), 2.0)
    inside = trace.parts["fate"] == t.INSIDE
    assert trace.parts["part"][inside].tolist() == [1, 0] and trace.parts["station"][inside].tolist() == [0, 1]
    assert trace.moves["dropped"].tolist() == [NEVER]


def test_rework_goes_by_vehicle_too() -> None:
    raw = cell({"moves": ["a -> b", "b -> a"]}, b={"rework": 0.5, "rework_to": "a"}, places=9)
    raw["buffer"]["before_a"] = {"before": "a", "capacity": 5}
    trace = run(raw, 200.0)
    legs = {*zip(trace.moves["machine"].tolist(), trace.moves["place"].tolist(), strict=True)}
    assert legs == {(0, 1), (1, 0)}


def test_a_destination_that_never_waits_is_refused() -> None:
    raw = cell({}, places=0)
    raw["source"]["too"] = {}
    raw["product"]["other"] = {"route": ["too", "b", "out"]}
    with pytest.raises(InputError, match="always takes one from 'too'"):
        prepare(parse_plant(raw))


@pytest.mark.parametrize("rule", [{"a": {"blocking": "before"}}, {"b": {"preempt": True, "dispatch": "priority"}}])
def test_places_with_rules_of_their_own_are_refused(rule: Raw) -> None:
    with pytest.raises(InputError, match="vehicles cannot bring parts to a place with"):
        prepare(parse_plant(cell({}, **rule)))
