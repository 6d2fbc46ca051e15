"""Flow cells against times that were found by hand: a belt of 5 m with a pitch of 1 m at 1 m/min."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from factory_sim.model import InputError, parse_plant
from factory_sim.results.measures import measure
from factory_sim.results.states import machine_states
from factory_sim.simulation import trace as t
from factory_sim.simulation.plan import NEVER
from factory_sim.simulation.prepare import prepare
from factory_sim.simulation.run import simulate
from factory_sim.simulation.trace import Trace

MINUTE = 60_000_000
Raw = dict[str, Any]
LOST, WASTE = t.SCRAPPED + t.CAUSE_UNIT * t.WINDOW, t.DISCARDED + t.CAUSE_UNIT * t.FIRST_SHOTS


def line(flow: Raw | None = None, b: Raw | None = None, places: Any = 0, source: Raw | None = None, **a: Any) -> Raw:
    belt = {"kind": "conveyor", "length": "5 m", "pitch": "1 m", "speed": "1 m/min"}
    return {
        "plant": {"name": "Belt"},
        "source": {"in": source or {}},
        "sink": {"out": {}},
        "product": {"part": {"route": ["in", "a", "b", "out"]}},
        "station": {"a": {"flow": belt | (flow or {})} | a, "b": {"cycle": "0.5 min"} | (b or {})},
        "buffer": {"before_b": {"before": "b", "capacity": places}},
    }


def run(raw: Raw, end: float) -> Trace:
    return simulate(prepare(parse_plant(raw)), horizon=end * 60.0)


def minutes(trace: Trace, name: str, machine: int = 0) -> list[float]:
    mine = trace.visits["machine"] == machine
    return [value / MINUTE for value in trace.visits[name][mine].tolist() if value < NEVER]


def inside(trace: Trace, at: float) -> int:
    mine = (trace.visits["machine"] == 0) & (trace.visits["got"] <= at * MINUTE)
    return int((mine & (trace.visits["left"] > at * MINUTE)).sum())


def test_full_flow() -> None:
    """A part each minute, 5 min inside, 5 inside; the cell is never without work and its OEE is 1."""
    raw = line()
    trace = run(raw, 60.0)
    assert minutes(trace, "got")[:4] == [0.0, 1.0, 2.0, 3.0]
    assert minutes(trace, "left")[:4] == [5.0, 6.0, 7.0, 8.0]
    assert inside(trace, 20.5) == 5
    plant = parse_plant(raw)
    kpis = measure(plant, prepare(plant), trace, 600.0).stations["a"]
    assert kpis["oee"].value == kpis["effectiveness"].value == kpis["state_working"].value == 1.0
    assert kpis["parts_per_planned_hour"].value == 60.0
    assert kpis["inside"].value == pytest.approx(5.0) and kpis["time_inside"].value == pytest.approx(5.0)


def test_residence_gives_the_speed() -> None:
    raw = line({"kind": "continuous_furnace", "speed": None, "residence": "10 min"})
    raw["station"]["a"]["flow"].pop("speed")
    trace = run(raw, 30.0)
    assert minutes(trace, "got")[:3] == [0.0, 2.0, 4.0] and minutes(trace, "left")[:2] == [10.0, 12.0]


def test_a_starved_entrance_leaves_gaps() -> None:
    """A part each 3 min: the entrance works for 1 min of 3, parts still take 5 min."""
    raw = line(source={"interval": "3 min"})
    trace = run(raw, 33.0)
    assert minutes(trace, "got")[:2] == [3.0, 6.0] and minutes(trace, "left")[:2] == [8.0, 11.0]
    states = machine_states(prepare(parse_plant(raw)), trace)[0] / MINUTE
    assert (states[t.WORKING], states[t.STARVED]) == (10.0, 23.0)


def test_a_stop_of_the_exit_stops_a_rigid_belt() -> None:
    """B stands from 10.2 to 17.2. The part that reaches the exit at 11 waits until 17.2, all others 6.2 longer."""
    stop = {"s": {"every": "100 min", "first": "10.2 min", "duration": "7 min", "when": "immediate"}}
    trace = run(line(b={"planned": stop}), 40.0)
    left = minutes(trace, "left")
    # B has the part of 10.0 half done at 10.2 and ends it at 17.5; only then the next one may leave.
    assert left[:7] == [5.0, 6.0, 7.0, 8.0, 9.0, 10.0, 17.5]
    assert left[7:10] == [18.5, 19.5, 20.5]
    assert minutes(trace, "got")[9:14] == [9.0, 10.0, 17.5, 18.5, 19.5]  # at 11 nothing enters: the belt stands


def test_an_accumulating_belt_closes_up() -> None:
    """Parts of 0.5 m: behind the stopped one they close up, and others come in until 10 are inside."""
    stop = {"s": {"every": "100 min", "first": "10.2 min", "duration": "17 min", "when": "immediate"}}
    raw = line({"accumulating": True, "part_length": "0.5 m"}, b={"cycle": "0.2 min", "planned": stop})
    trace = run(raw, 60.0)
    got, left = minutes(trace, "got"), minutes(trace, "left")
    assert left[5] == 10.0 and left[6] == 27.2  # B has ended the part of 10.0 when it is stopped
    # Part 6 stands at 11, 7 (at 12, free way) at 4.5 m after 6.5 min at 11.5, and so on; one enters each minute up
    # to number 15, which makes ten.
    assert got[6:16] == [6.0, 7.0, 8.0, 9.0, 10.0, 11.0, 12.0, 13.0, 14.0, 15.0]
    assert inside(trace, 20.0) == 10
    # B takes one each 0.5 min, for the next one must come up by its length.
    assert left[6:12] == pytest.approx([27.2, 27.7, 28.2, 28.7, 29.2, 29.7])
    assert got[16] == pytest.approx(27.7 + 0.0), "when there is a pitch of room behind the last one"


@pytest.mark.parametrize(("part", "room"), [("1 m", 5), ("0.5 m", 10), ("0.4 m", 12)])
def test_capacity_of_an_accumulating_belt(part: str, room: int) -> None:
    """Nothing leaves: as many parts come in as fit."""
    trace = run(line({"accumulating": True, "part_length": part}, b={"cycle": "9999 min"}), 200.0)
    assert inside(trace, 199.0) == room
    trace = run(line(b={"cycle": "9999 min"}), 200.0)
    assert inside(trace, 199.0) == 5


def test_a_failure_of_the_belt_holds_everything() -> None:
    """It fails when it has run for 7 min, for 4."""
    raw = line(failure={"chain": {"between": "7 min", "repair": "4 min"}})
    trace = run(raw, 18.0)
    assert minutes(trace, "left")[:5] == [5.0, 6.0, 7.0, 12.0, 13.0]
    states = machine_states(prepare(parse_plant(raw)), trace)[0] / MINUTE
    assert states[t.FAILED] == 4.0 and states[t.WORKING] == 14.0


def test_the_shift_ends_with_parts_inside() -> None:
    raw = line(calendar="short")
    raw["calendar"] = {"short": {"shifts": [
        {"days": "Mon", "from": "00:00", "to": "00:08"}, {"days": "Mon", "from": "00:20", "to": "00:50"},
    ]}}  # fmt: skip
    trace = run(raw, 30.0)
    assert minutes(trace, "left")[:5] == [5.0, 6.0, 7.0, 8.0, 21.0]


def test_parts_that_stay_too_long_are_scrap() -> None:
    """At most 8 min: the 5 parts inside during a stop of 4 min have been in for 9."""
    raw = line({"kind": "continuous_furnace", "max_residence": "8 min"},
               failure={"chain": {"clock": "calendar", "between": "7.5 min", "repair": "4 min"}})  # fmt: skip
    trace = run(raw, 16.9)
    done = trace.visits["left"][trace.visits["machine"] == 0] < NEVER
    outcomes = trace.visits["outcome"][trace.visits["machine"] == 0][done].tolist()
    assert outcomes == [t.GOOD] * 3 + [LOST] * 5
    assert (trace.parts["fate"] == t.REJECTED).sum() == 5


def test_parts_that_wait_at_the_exit_too_long_are_scrap() -> None:
    """The belt takes 6 min, what follows stands from 5 to 15; at most 13 min: the part of 0 is scrap then, and the belt
    goes on; that of 2 comes to the exit at 15, just in time, and that of 4 after 13 min, just in time too.
    """
    furnace = {"kind": "continuous_furnace", "length": "6 m", "residence": "6 min", "max_residence": "13 min"}
    stop = {"every": "9 h", "first": "5 min", "duration": "10 min", "when": "immediate"}
    raw = line(furnace, {"cycle": "1 min", "planned": {"stop": stop}}, source={"at": ["0 min", "2 min", "4 min"]})
    del raw["station"]["a"]["flow"]["speed"]
    trace = run(raw, 60.0)
    rows = zip(*(trace.parts[name].tolist() for name in ("part", "left", "fate")), strict=True)
    scrap, *good = [(part, round(left / MINUTE, 3), fate) for part, left, fate in rows]
    assert scrap == (0, 13.0, t.REJECTED)
    assert good == [(1, 16.0, t.AT_SINK), (2, 18.0, t.AT_SINK)]


def test_a_part_that_no_vehicle_fetches_in_time_is_scrap() -> None:
    """The carrier comes to work at 30 min; the part of 0 min is scrap at 8, that of 25 is fetched at 30."""
    furnace = {"kind": "continuous_furnace", "max_residence": "8 min"}
    raw = line(furnace, places="unlimited", source={"at": ["0 min", "25 min"]})
    hours = [{"days": "Mon", "from": "00:30", "to": "23:00"}]
    raw["calendar"] = {"day": {"shifts": hours}}
    way = {"from": "a", "to": "b", "time": "2 min"}
    raw["vehicle"] = {"truck": {"moves": ["a -> b"], "calendar": "day", "way": [way]}}
    trace = run(raw, 60.0)
    assert [left / MINUTE for left in trace.parts["left"].tolist()] == [8.0, 32.5]
    assert trace.parts["fate"].tolist() == [t.REJECTED, t.AT_SINK]


def test_parts_that_stand_in_the_zone_are_lost() -> None:
    """The zone is from 2 m to 4 m. At 7.5 parts 3 to 7 are at 4.5, 3.5, 2.5, 1.5, 0.5 m: 4 and 5 are lost."""
    zone = [{"from": "2 m", "length": "2 m", "lost_after": "1 min"}]
    failure = {"chain": {"clock": "calendar", "between": "7.5 min", "repair": "1.5 min"}}
    trace = run(line({"zone": zone}, failure=failure), 14.5)
    visits = trace.visits
    lost = visits["part"][(visits["machine"] == 0) & (visits["outcome"] == LOST)]
    assert lost.tolist() == [4, 5]
    zone[0]["lost_after"] = "2 min"
    assert not (run(line({"zone": zone}, failure=failure), 14.5).visits["outcome"] == LOST).any()


def test_a_walking_beam_moves_in_steps() -> None:
    """Parts at 0 and 2.4: the second one goes with the step of 3 and leaves with that of 7, a pitch per step."""
    raw = line({"kind": "continuous_furnace", "drive": "walking_beam"}, source={"at": ["0 min", "2.4 min"]})
    assert minutes(run(raw, 30.0), "left") == [5.0, 7.0]


def test_a_pusher_moves_only_when_one_is_pushed_in() -> None:
    """Six parts come; each moves the others on by a pitch, so that only the first two get out."""
    raw = line({"kind": "continuous_furnace", "drive": "pusher"}, source={"interval": "3 min", "weekly_volume": 6})
    raw["plant"]["demand_mode"] = "fixed_volume"
    trace = run(raw, 90.0)
    assert minutes(trace, "got") == [3.0, 6.0, 9.0, 12.0, 15.0, 18.0]
    assert minutes(trace, "left") == [16.0, 19.0]


def test_web_breaks() -> None:
    """Each break costs the 5 pieces inside and the 3 pieces of start-up waste, and the time of rethreading."""
    web = {
        "kind": "web",
        "web_break": {"every": "100 m", "rethread": "10 min"},
        "startup_waste": "2.5 m",
    }
    raw = line(web)
    plant = parse_plant(raw)
    plan = prepare(plant)
    trace = simulate(plan, horizon=5000.0 * 60.0)
    breaks = trace.stops["begin"][trace.stops["state"] == t.FAILED]
    visits = trace.visits
    far = np.diff(np.concatenate([[0], breaks])) > 20 * MINUTE  # full again before the next one
    assert len(breaks) > 30 and far.sum() > 20
    for begin in breaks[far]:
        torn = (visits["machine"] == 0) & (visits["left"] == begin) & (visits["outcome"] == LOST)
        assert torn.sum() == 5
        after = (visits["machine"] == 0) & (visits["got"] >= begin + 10 * MINUTE)
        first = np.sort(visits["got"][after])[:5] - begin - 10 * MINUTE
        if begin + 40 * MINUTE < trace.horizon:
            assert first.tolist()[:1] == [0]
    wasted, lost = (int((visits["outcome"] == outcome).sum()) for outcome in (WASTE, LOST))
    assert wasted <= 3 * len(breaks) and wasted >= 3 * int(far[1:].sum())
    assert lost <= 5 * len(breaks)
    kpis = measure(plant, plan, trace, 0.0).stations["a"]
    assert kpis["loss_discarded"].value == pytest.approx(wasted / 5000.0)
    assert kpis["state_failed"].value == pytest.approx(
        float((breaks + 10 * MINUTE).clip(max=trace.horizon).sum() - breaks.sum()) / trace.horizon
    )
    # The web runs 1 m a minute whenever it does not stand.
    ran = trace.horizon / MINUTE - 10.0 * len(breaks)
    assert len(minutes(trace, "got")) == pytest.approx(ran, abs=len(breaks) + 12)


def test_a_web_without_supply_stands() -> None:
    """Pieces come at 1, 2 and 10: the web stands from 3 to 10, and the pieces with it."""
    raw = line({"kind": "web", "length": "2 m"}, source={"at": ["1 min", "2 min", "10 min"]})
    trace = run(raw, 30.0)
    assert minutes(trace, "got") == [1.0, 2.0, 10.0] and minutes(trace, "left") == [3.0, 11.0]


def test_start_up_waste_after_a_long_stop() -> None:
    raw = line(
        {"kind": "web", "startup_waste": "2 m", "startup_after": "3 min"},
        planned={"s": {"every": "100 min", "first": "10 min", "duration": "4 min", "when": "immediate"}},
    )
    trace = run(raw, 40.0)
    wasted = trace.visits["part"][trace.visits["outcome"] == WASTE]
    assert len(wasted) == 2 and wasted.tolist() == [wasted[0], wasted[0] + 1]
    assert machine_states(prepare(parse_plant(raw)), trace)[0][t.WARMING] == 2 * MINUTE


def test_yield_and_vehicles_at_the_exit() -> None:
    """Parts are judged at the exit, and the one there waits for its vehicle while the belt stands."""
    cart = {"moves": ["a -> b"], "pick": "0.5 min", "way": [{"from": "a", "to": "b", "time": "1 min"}]}
    raw = line(places=3) | {"vehicle": {"cart": cart | {"parking": "back"}}}
    raw["station"]["a"]["yield"] = 0.5
    trace = run(raw, 300.0)
    mine = trace.visits["machine"] == 0
    good = trace.visits["outcome"][mine & (trace.visits["left"] < NEVER)] == t.GOOD
    assert 0.3 < good.mean() < 0.7
    assert len(trace.moves["part"]) in (good.sum(), good.sum() + 1)
    assert (machine_states(prepare(parse_plant(raw)), trace).sum(axis=1) == trace.horizon).all()


def test_a_part_longer_than_the_belt_is_refused() -> None:
    with pytest.raises(InputError, match="a part of 6 m is longer than the 5 m"):
        parse_plant(line({"part_length": "6 m", "pitch": "6 m"}))
