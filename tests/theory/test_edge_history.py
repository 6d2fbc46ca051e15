"""An edge remembers its cuts, and a sensor finds what it spoils: against Taylor's and Weibull's laws."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from factory_sim.model import Plant, parse_plant
from factory_sim.results.measures import Measures, measure
from factory_sim.simulation import trace as t
from factory_sim.simulation.plan import TICK
from factory_sim.simulation.prepare import prepare
from factory_sim.simulation.run import simulate
from factory_sim.simulation.trace import Trace
from processes.machining import taylor_life
from tests.theory.test_history_matters import outcomes, run

LIFE = taylor_life(200.0 / 60.0, 300.0 / 60.0, 0.25)  # s of cutting; about five minutes
SHARE = 12.0 / LIFE  # of a life, by a part
PARTS = math.ceil(0.9 / SHARE)  # of an edge that is changed at 0.9 of its life
SPOILT = t.SCRAPPED + t.CAUSE_UNIT * t.WINDOW
EDGE = {
    "cutting_time": "12 s", "speed": "200 m/min", "speed_for_1min_life": "300 m/min", "change_time": "30 s",
}  # fmt: skip


def shop(stop: str | None = None, sensor: dict[str, Any] | None = None, **changes: Any) -> Plant:
    """A machine with an edge, cycle 20 s, that may stop once in its 30th part, and an inspection that looks or not."""
    mill: dict[str, Any] = {"technology": "machining.centre", "cycle": "20 s", "edge": EDGE | changes}
    if stop is not None:
        mill["planned"] = {"jam": {"every": "10 h", "first": "10 min", "duration": stop, "when": "immediate"}}
    look: dict[str, Any] = {"cycle": "10 s"}
    if sensor is not None:
        mill["yield_seen"] = False
        look["sensor"] = {"eye": sensor} if sensor else {}
    return parse_plant({
        "plant": {"name": "Milling"}, "source": {"blanks": {}}, "sink": {"done": {}},
        "station": {"mill": mill, "look": look},
        "product": {"part": {"route": ["blanks", "mill", "look", "done"], "price": "1 KRW", "escape_cost": "9 KRW"}},
    })  # fmt: skip


def changed_before(trace: Trace) -> list[int]:
    """Numbers of the parts before which the edge was changed, counted from 0."""
    visits = trace.visits
    mine = (visits["machine"] == 0) & (visits["outcome"] == t.GOOD)
    began, ended, net = (visits[name][mine] * TICK for name in ("began", "ended", "net"))
    return [int(part) for part in np.flatnonzero(np.isclose(ended - began - net, 30.0))]


def test_edge_is_changed_when_its_share_of_taylors_life_is_used_up() -> None:
    assert PARTS == 23
    trace = run(shop(), 2.0)
    assert changed_before(trace)[:5] == [PARTS * n for n in range(1, 6)]
    assert set(trace.stops["state"]) == {t.SETUP}
    assert changed_before(run(shop(change="count", count=40), 2.0))[:3] == [40, 80, 120]
    assert changed_before(run(shop(), 2.0, physics=False)) == []


def test_parts_near_the_end_of_the_life_become_scrap() -> None:
    """With a steep slope every part whose end lies beyond 0.8 of the life, and no other."""
    good = math.floor(0.8 / SHARE)
    seen = outcomes(run(shop(scrap_from=0.8, scrap_slope=1e6), 2.0), 0)
    assert seen[: 2 * PARTS] == ([t.GOOD] * good + [SPOILT] * (PARTS - good)) * 2
    assert set(outcomes(run(shop(scrap_from=0.8, scrap_slope=1e6), 2.0, physics=False), 0)) == {t.GOOD}


@pytest.mark.parametrize("stop", ["1 us", "1 h"])
def test_a_stop_wears_nothing(stop: str) -> None:
    """The same parts are good and bad, in the same order."""
    changes: dict[str, Any] = {"scrap_from": 0.5, "scrap_slope": 0.8}
    without, held = (outcomes(run(shop(each, **changes), 3.0), 0) for each in (None, stop))
    assert SPOILT in held
    assert held == without[: len(held)]


@pytest.mark.parametrize("shape", [2.0, 4.0])
def test_lives_of_edges_are_weibull_with_taylors_mean(shape: float) -> None:
    """An edge spoils parts before it is changed if it lasts shorter than the share that it is used for."""
    trace = run(shop(life_shape=shape, scrap_from=1.0, scrap_slope=1e6), 280.0)
    seen = outcomes(trace, 0)
    edges = len(seen) // PARTS
    spoilt = sum(SPOILT in seen[n * PARTS : (n + 1) * PARTS] for n in range(edges)) / edges
    expected = 1.0 - math.exp(-((PARTS * SHARE * math.gamma(1.0 + 1.0 / shape)) ** shape))
    assert edges > 1000
    assert spoilt == pytest.approx(expected, abs=4.0 * math.sqrt(expected * (1.0 - expected) / edges))


def test_a_sensor_of_wear_makes_less_scrap_than_counting_and_a_blind_eye_more() -> None:
    """It changes this very edge at 0.9 of its own life; one that reads half of the wear changes at 1.8."""
    scatter: dict[str, Any] = {"life_shape": 3.0, "scrap_from": 1.0, "scrap_slope": 0.5}

    def scrap(**rule: Any) -> float:
        return float(np.mean([each != t.GOOD for each in outcomes(run(shop(**scatter, **rule), 100.0), 0)]))

    by_life = scrap()
    assert scrap(change="condition") < 0.1 * by_life
    assert scrap(change="condition", reading=0.5) > by_life


def tended(mill: dict[str, Any], edge: dict[str, Any] | None = None) -> Plant:
    """The same machine, which needs the only person of the shop."""
    raw = shop().raw
    raw["station"]["mill"] |= {**mill, "edge": EDGE | (edge or {})}
    raw["resource"] = {"hands": {"units": 1}}
    return parse_plant(raw)


LOADED: dict[str, Any] = {"needs": ["hands"], "load": "5 s"}
ATTENDED: dict[str, Any] = {"attend": {"load": {"needs": ["hands"], "time": "5 s"}}}


def held(trace: Trace, activity: int) -> list[float]:
    """Times for which people were held. [s]"""
    rows = trace.grants
    mine = (rows["activity"] == activity) & (rows["released"] < trace.horizon)
    return [float(time) for time in (rows["released"] - rows["got"])[mine] * TICK]


@pytest.mark.parametrize(("people", "activity"), [(LOADED, t.ACTIVITY_WORK), (ATTENDED, t.ACTIVITY_LOAD)])
def test_who_loads_does_not_stand_by_while_an_edge_is_changed(people: dict[str, Any], activity: int) -> None:
    """Who loads comes when the edge has been changed, which takes its time all the same."""
    trace = run(tended(people), 2.0)
    assert set(np.round(held(trace, activity), 6)) == {5.0}
    own = 5.0 if people is ATTENDED else 0.0  # the load comes on top of the cycle
    left = trace.visits["ended"][trace.visits["machine"] == 0][: 3 * PARTS] * TICK
    steps = [20.0 + own + (30.0 if part and part % PARTS == 0 else 0.0) for part in range(3 * PARTS)]
    assert np.diff(left, prepend=0.0) == pytest.approx(steps)


@pytest.mark.parametrize(
    ("people", "activity"),
    [({"needs": ["hands"]}, t.ACTIVITY_WORK), ({"attend": {"watch": {"needs": ["hands"]}}}, t.ACTIVITY_WATCH)],
)
def test_who_watches_the_whole_cycle_changes_the_edge(people: dict[str, Any], activity: int) -> None:
    """Unless there is a crew for it, be it the same person: then as a task of its own, and nobody waits for himself."""
    alone, crew = run(tended(people), 2.0), run(tended(people, {"crew": "hands"}), 2.0)
    assert held(alone, activity)[PARTS - 1 : PARTS + 2] == pytest.approx([20.0, 50.0, 20.0])
    assert set(np.round(held(crew, activity), 6)) == {20.0}
    assert set(np.round(held(crew, t.ACTIVITY_REPAIR), 6)) == {30.0}
    one, other = (trace.visits["ended"][trace.visits["machine"] == 0][:100] for trace in (alone, crew))
    assert np.array_equal(one, other)


def test_an_edge_may_be_changed_by_a_setup_while_the_machine_waits_for_people() -> None:
    """Two machines and one person, who is always missed: the next part is the first one of the new edge."""
    raw = tended({"machines": 2, "needs": ["hands"], "load": "18 s"}).raw
    tools = {"every": "310 s", "duration": "1 s", "when": "after_cycle", "new_die": True}
    raw["station"]["mill"]["planned"] = {"tools": tools}
    trace = run(parse_plant(raw), 4.0)
    mine, stops = trace.visits["machine"] == 0, trace.stops
    got, began = (trace.visits[name][mine] for name in ("got", "began"))
    ends = stops["end"][(stops["machine"] == 0) & (stops["state"] == t.MAINTENANCE)]
    waiting = [int(part) for end in ends for part in np.flatnonzero((got < end) & (end <= began))]
    assert len(waiting) > 5
    assert trace.states[0][waiting, 1] == pytest.approx(np.full(len(waiting), SHARE))


def test_another_tool_begins_with_a_new_edge() -> None:
    raw = shop().raw
    raw["station"]["mill"]["planned"] = {
        "tools": {"every": "50 h", "first": "205 s", "duration": "1 min", "when": "after_cycle", "new_die": True}
    }
    trace = run(parse_plant(raw), 2.0)
    assert changed_before(trace)[0] == 11 + PARTS  # the stop follows the eleventh part


# -- signs: what a sensor can do ---------------------------------------------------------------------------------------

WORN: dict[str, Any] = {"life_shape": 3.0, "scrap_from": 0.8, "scrap_slope": 0.5}


def figures(sensor: dict[str, Any]) -> tuple[Trace, Measures]:
    plant = shop(sensor=sensor, **WORN)
    plan = prepare(plant)
    trace = simulate(plan, seed=3, horizon=200 * 3600.0)
    return trace, measure(plant, plan, trace, warmup=0.0)


def test_a_sensor_without_recall_changes_cost_only() -> None:
    """The same visits, stops and fates; the surplus falls by what looking costs, and by nothing else."""
    (one, free), (other, blind) = figures({}), figures({"recall": 0.0, "cost": "20 KRW"})
    for table in ("visits", "stops", "parts"):
        mine, theirs = getattr(one, table), getattr(other, table)
        assert all(np.array_equal(mine[column], theirs[column]) for column in mine), table
    inspection = blind.kpis["inspection_per_year"].value
    assert inspection > 0.0
    for name, kpi in free.kpis.items():
        there = blind.kpis[name].value
        if name == "surplus_per_year":
            assert there == pytest.approx(kpi.value - inspection, rel=1e-9)
        elif "cost" not in name and name != "inspection_per_year":
            assert there == pytest.approx(kpi.value, rel=1e-12), name


def test_more_recall_finds_more_and_lets_less_escape() -> None:
    """A sweep over one and the same luck: each step finds all that the one before found."""
    found, escapes, rejected = [], [], []
    for recall in (0.0, 0.25, 0.5, 0.75, 1.0):
        trace, measures = figures({"recall": recall})
        found.append(measures.kpis["escapes_per_year"].value)
        escapes.append(measures.kpis["escape_share"].value)
        rejected.append({int(part) for part in trace.parts["part"][trace.parts["fate"] == t.REJECTED]})
    assert all(more > less for more, less in pairwise(escapes)) and escapes[-1] == 0.0
    assert all(more > less for more, less in pairwise(found))
    assert all(fewer < more for fewer, more in pairwise(rejected))
