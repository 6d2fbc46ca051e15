"""Who goes first when everything happens at one instant: small plants whose every row can be worked out by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from factory_sim.model import parse_plant
from factory_sim.simulation.plan import Plan
from factory_sim.simulation.prepare import prepare
from factory_sim.simulation.run import simulate
from factory_sim.simulation.trace import Trace

from .next_event import simulate_plainly
from .plants import DIE
from .test_engine import first_difference

MINUTE = 60_000_000  # [ticks]


def plan_of(stations: dict[str, Any], routes: list[list[str]], **tables: Any) -> Plan:
    """Return the plan of stations and of the stations on each product's route, sources `in0`, `in1`, ..."""
    product = {f"part{i}": {"route": [f"in{i}", *route, "out"]} for i, route in enumerate(routes)}
    source = {f"in{i}": {} for i in range(len(routes))} | tables.pop("source", {})
    raw = {"plant": {"name": "Ties"}, "source": source, "sink": {"out": {}}, "product": product, "station": stations}
    return prepare(parse_plant(raw | tables))


def run(plan: Plan, minutes: int) -> Trace:
    """Return the trace of the engine, which must be that of the plain program."""
    trace = simulate(plan, horizon=60.0 * minutes)
    assert first_difference(trace, simulate_plainly(plan, 1, 0, minutes * MINUTE)) == ""
    return trace


def in_minutes(trace: Trace, table: str, *names: str, **where: int) -> list[list[int]]:
    """Return columns of the rows with the given entries, times in minutes."""
    columns: dict[str, np.ndarray] = getattr(trace, table)
    chosen = np.ones(len(columns[names[0]]), dtype=bool)
    for name, value in where.items():
        chosen &= columns[name] == value
    times = ("asked", "got", "began", "ended", "left", "net", "begin", "end", "born")
    found = [(columns[name][chosen] // (MINUTE if name in times else 1)).tolist() for name in names]
    return [list(row) for row in zip(*found, strict=True)]


def test_a_cycle_that_ends_with_the_shift_is_done() -> None:
    calendar = {"day": {"shifts": [{"days": "Mon", "from": "00:00", "to": "00:10"}]}}
    trace = run(plan_of({"a": {"cycle": "5 min", "calendar": "day"}}, [["a"]], calendar=calendar), 30)
    assert in_minutes(trace, "visits", "began", "left", outcome=0) == [[0, 5], [5, 10]]
    assert in_minutes(trace, "stops", "begin", "end") == [[10, 30]]


def test_a_part_that_arrives_as_another_leaves_finds_the_place_free() -> None:
    source = {"in0": {"at": ["0 min", "1 min", "2 min", "2 min"]}}
    buffer = {"rack": {"before": "a", "capacity": 0}}
    trace = run(plan_of({"a": {"cycle": "2 min"}}, [["a"]], source=source, buffer=buffer), 10)
    assert in_minutes(trace, "parts", "born", "fate") == [[1, 3], [0, 0], [2, 3], [2, 0]]


def test_a_part_that_arrives_as_the_shift_opens_is_taken() -> None:
    calendar = {"day": {"shifts": [{"days": "Mon", "from": "00:10", "to": "01:00"}]}}
    tables = {"source": {"in0": {"at": ["9 min", "10 min"]}}, "buffer": {"rack": {"before": "a", "capacity": 0}}}
    trace = run(plan_of({"a": {"cycle": "5 min", "calendar": "day"}}, [["a"]], calendar=calendar, **tables), 30)
    assert in_minutes(trace, "parts", "born", "fate") == [[9, 3], [10, 0]]


def test_a_part_that_arrives_as_a_failure_is_due_is_taken_into_it() -> None:
    mode = {"clock": "calendar", "between": "4 min", "repair": "3 min"}
    source = {"in0": {"at": ["4 min"]}}
    trace = run(plan_of({"a": {"cycle": "5 min", "failure": {"m": mode}}}, [["a"]], source=source), 20)
    assert in_minutes(trace, "visits", "got", "began", "ended", "net", outcome=0) == [[4, 4, 15, 5]]


def test_a_failure_that_is_due_as_the_shift_closes_strikes_before() -> None:
    calendar = {"day": {"shifts": [{"days": "Mon", "from": "00:00", "to": "00:10"}]}}
    mode = {"between": "10 min", "repair": "3 min"}
    trace = run(
        plan_of({"a": {"cycle": "20 min", "calendar": "day", "failure": {"m": mode}}}, [["a"]], calendar=calendar), 30
    )
    assert in_minutes(trace, "stops", "stop", "begin", "end") == [[-1, 10, 30], [0, 10, 30]]


def test_work_of_no_length_passes_in_one_instant() -> None:
    both = {"choice": [{"value": "0 min", "share": 0.5}, {"value": "2 min", "share": 0.5}]}
    trace = run(plan_of({"a": {"cycle": "2 min"}, "b": {"cycle": both}}, [["a", "b"]]), 60)
    nets = in_minutes(trace, "visits", "net", machine=1, outcome=0)
    assert [0] in nets and [2] in nets
    for got, left, net in in_minutes(trace, "visits", "got", "left", "net", machine=1, outcome=0):
        assert left == got + net


def test_a_failure_at_the_end_of_a_cycle_lets_the_part_go() -> None:
    mode = {"between": "2 min", "repair": "5 min"}
    trace = run(plan_of({"a": {"cycle": "2 min", "failure": {"m": mode}}}, [["a"]]), 20)
    assert in_minutes(trace, "visits", "began", "left", outcome=0) == [[0, 2], [2, 9], [9, 16]]
    assert in_minutes(trace, "stops", "begin", "end") == [[2, 7], [9, 14], [16, 20]]


def test_two_failures_due_together_strike_one_after_the_other() -> None:
    modes = {name: {"between": "2 min", "repair": "3 min"} for name in ("one", "two")}
    trace = run(plan_of({"a": {"cycle": "4 min", "failure": modes}}, [["a"]]), 9)
    assert in_minutes(trace, "stops", "stop", "begin", "end") == [[0, 2, 5], [1, 5, 8]]


def test_the_blocked_part_furthest_down_moves_first() -> None:
    stations = {"a": {"cycle": "1 min", "machines": 2}, "b": {"cycle": "1 min", "machines": 2}}
    trace = run(plan_of(stations, [["a", "b"]]), 3)
    assert in_minutes(trace, "visits", "part", "machine", "left", outcome=0) == [
        [0, 0, 1], [1, 1, 1], [0, 2, 2], [1, 3, 2], [2, 0, 2], [3, 1, 2],
    ]  # fmt: skip


def test_the_lower_priority_number_gets_the_crew_first() -> None:
    modes = {"clock": "calendar", "between": "2 min", "repair": "3 min", "crew": "team"}
    stations = {
        "a": {"cycle": "10 min", "failure": {"m": modes | {"priority": 1}}},
        "b": {"cycle": "10 min", "failure": {"m": modes}},
    }
    trace = run(plan_of(stations, [["a"], ["b"]], resource={"team": {"units": 1}}), 9)
    assert in_minutes(trace, "stops", "machine", "begin", "end") == [[1, 2, 5], [0, 2, 8], [1, 7, 9]]


def test_sources_that_always_have_a_part_take_turns_at_one_station() -> None:
    trace = run(plan_of({"a": {"cycle": "1 min"}}, [["a"], ["a"]]), 5)
    assert [part for (part,) in in_minutes(trace, "visits", "part", outcome=0)] == [0, 1, 2, 3]


def test_a_source_that_always_has_a_part_does_not_bar_a_blocked_one() -> None:
    stations = {"a": {"cycle": "1 min"}, "b": {"cycle": "1 min"}}
    trace = run(plan_of(stations, [["a", "b"], ["b"]]), 5)
    assert in_minutes(trace, "visits", "left", machine=0, outcome=0) == [[1], [2], [3], [4]]


@pytest.mark.parametrize("machines", [1, 2])
def test_a_stop_that_waited_for_the_cycle_begins_after_its_loss(machines: int) -> None:
    """Whether the place after the machine is direct (one machine empties it) or contested must not matter."""
    stop = {"every": "2 min", "first": "1 min", "duration": "1 min"}
    stations = {
        "a": {"cycle": "2 min", "loss": 0.5, "planned": {"s": stop}},
        "b": {"cycle": "1 min", "machines": machines},
    }
    trace = run(plan_of(stations, [["a", "b"]]), 12)
    assert in_minutes(trace, "stops", "stop", "begin", "end")[:4] == [[1, 2, 4], [0, 4, 5], [1, 7, 9], [0, 9, 10]]


@pytest.mark.parametrize("machines", [1, 2])
def test_the_end_of_a_shift_that_waited_for_the_cycle_comes_after_its_loss(machines: int) -> None:
    calendar = {"day": {"shifts": [{"days": "Mon", "from": "00:00", "to": "00:01"}]}}
    press = {"cycle": "2 min", "loss": 0.5, "calendar": "day", "off_shift": "finish"}
    stations = {"a": press, "b": {"cycle": "1 min", "machines": machines}}
    at_the_same_time = {"in1": {"at": ["2 min"]}}  # so that the machine's put has to wait for its turn
    plan = plan_of(stations, [["a", "b"], ["b"]], calendar=calendar, source=at_the_same_time)
    assert in_minutes(run(plan, 12), "stops", "stop", "begin", "end") == [[0, 2, 4], [-1, 4, 12]]


def test_a_short_cycle_on_a_cold_die_does_not_turn_time_back() -> None:
    cycle = {"choice": [{"value": "0 min", "share": 0.5}, {"value": "1 min", "share": 0.5}]}
    press = {"technology": "casting.high_pressure", "die": DIE, "yield": 0.9, "cycle": cycle}
    needs = {"needs": ["crew"], "load": "1 min"}
    trace = run(plan_of({"a": press | needs}, [["a"]], resource={"crew": {"units": 1}}), 20)
    done = trace.visits["outcome"] != 3
    assert np.all(trace.visits["net"][done] >= 0)
    assert 0 in trace.visits["net"][done]
