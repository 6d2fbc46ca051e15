"""What holds for every line with movers: nothing is lost, states add up, tracks are free, windows are kept."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import note
from hypothesis import strategies as st

from factory_sim.model import parse_plant
from factory_sim.results.lines import MOVING
from factory_sim.results.measures import measure
from factory_sim.results.states import machine_states, visits_of
from factory_sim.simulation import trace as t
from factory_sim.simulation.line_plan import LineRow
from factory_sim.simulation.plan import NEVER, Plan
from factory_sim.simulation.prepare import prepare
from factory_sim.simulation.run import simulate
from factory_sim.simulation.trace import Trace

from .plants import Draw, Raw, toml
from .test_engine import effort, first_difference, judge

HORIZON = 7200.0  # [s]


def around(draw: Draw, name: str, key: str, inside: Raw, **station: Any) -> Raw:
    """Return a plant with a line between two machines."""
    table: Raw = {"cycle": "60 s", "off_shift": draw(st.sampled_from(("pause", "finish"))), **station}
    raw: Raw = {
        "plant": {"name": "Drawn line"},
        "source": {"in": draw(st.sampled_from(({}, {"interval": {"exponential": "60 s"}}, {"cards": 3})))},
        "sink": {"out": {}},
        "product": {"part": {"route": ["in", "before", name, "after", "out"]}},
        "station": {
            "before": {"cycle": {"exponential": "20 s"}},
            name: table,
            "after": {"cycle": {"exponential": "30 s"}},
        },
        key: {name: inside},
        "resource": {"fitters": {"units": 1, "in_order": draw(st.booleans())}},  # in order: an engine with people
    }
    if draw(st.booleans()):
        raw["calendar"] = {"day": {"shifts": [{"days": "Mon", "from": "00:10", "to": "01:00"}]}}
        raw["plant"]["calendar"] = "day"
    return raw


def stops(draw: Draw) -> Raw:
    """Draw the stops of a machine or a mover."""
    found: Raw = {}
    if draw(st.booleans()):
        clock = draw(st.sampled_from(("working", "calendar")))
        mode: Raw = {"clock": clock, "between": {"exponential": "9 min"}, "repair": "40 s"}
        if draw(st.booleans()):
            mode["crew"] = "fitters"
        found["failure"] = {"mode": mode}
    if draw(st.booleans()):
        when = draw(st.sampled_from(("after_cycle", "immediate", "when_idle")))
        found["planned"] = {"stop": {"every": "11 min", "duration": "50 s", "when": when}}
    return found


@st.composite
def cells(draw: Draw) -> Raw:
    """Draw a robot cell."""
    names = ["m1", "m2", "m3"][: draw(st.integers(1, 3))]
    times = st.sampled_from(("10 s", "20 s", {"exponential": "15 s"}))
    machines = {name: {"process": draw(times), **stops(draw)} for name in names}
    cell: Raw = {"pick": draw(st.sampled_from(("0 s", "2 s"))), "drop": draw(st.sampled_from(("0 s", "2 s")))}
    cell |= {"travel": draw(st.sampled_from(("0 s", "3 s"))), "machine": machines, "robot": stops(draw)}
    cell["grippers"] = draw(st.integers(1, 2))
    if draw(st.booleans()):
        machines[names[0]]["yield"] = 0.7
    kind = draw(st.sampled_from(("fifo", "nearest", "downstream", "fixed")))
    if kind != "fixed":
        cell["order"] = kind
    elif cell["grippers"] == 1:
        cell["sequence"] = draw(st.permutations(["input", *names]))
    else:
        cell["sequence"] = ["input", *names, "output"]
    return around(draw, "cell", "robot_cell", cell, **{"yield": 0.9})


@st.composite
def hoist_lines(draw: Draw, disturbed: bool = True) -> Raw:
    """Draw a hoist line with positions; `disturbed`: also with stops, a calendar and neighbours that hold it up."""
    hoists = draw(st.integers(1, 2))
    names = ["t1", "t2", "t3", "t4"][: draw(st.integers(2, 4))]
    tank: Raw = {}
    for index, name in enumerate(names):
        least = draw(st.sampled_from((5, 20, 60)))
        tank[name] = {"min": f"{least} s", "at": [f"{4 * index + 4 + k} m" for k in range(draw(st.integers(1, 2)))]}
        if draw(st.booleans()):
            tank[name]["max"] = f"{least + draw(st.sampled_from((0, 10, 60)))} s"
    middle = names[len(names) // 2 - 1]
    if hoists == 2 and "max" in tank[middle]:  # the other hoist must have time to come
        tank[middle]["max"] = "180 s"
    hoist: Raw = {name: {"speed": "1 m/s", "lift": "2 s", "lower": "1 s"} for name in ("a", "b")[:hoists]}
    if hoists == 2:
        hoist["a"]["reach"], hoist["b"]["reach"] = ["load", middle], [middle, "unload"]
    line: Raw = {"tank": tank, "hoist": hoist, "unload_at": f"{4 * len(names) + 4} m", "load": "5 s", "unload": "4 s"}
    if hoists == 2:
        line["clearance"] = "2 m"
    fixed = draw(st.booleans()) if disturbed else False
    if fixed:
        line |= {"moves": draw(st.permutations(["load", *names])), "timed": False}
    line["carriers"] = draw(st.sampled_from(("unlimited", 2)))
    if disturbed:
        for table in hoist.values():
            table |= stops(draw)
        line["violation"] = draw(st.sampled_from(("count", "scrap")))
    return around(draw, "line", "hoist_line", line, batch={"max": draw(st.integers(1, 3))})


LINES = st.one_of(cells(), hoist_lines())


def built(raw: Raw) -> tuple[Plan, Trace]:
    note(toml(raw))
    plan = prepare(parse_plant(raw))
    return plan, simulate(plan, horizon=HORIZON)


@effort
def test_states_sum_and_rows_have_no_gap(times: int) -> None:
    def check(raw: Raw) -> None:
        plan, trace = built(raw)
        assert (machine_states(plan, trace).sum(axis=1) == trace.horizon).all()
        assert (machine_states(plan, trace) >= 0).all()
        for machine in range(len(plan.machines)):
            table = visits_of(trace, machine)
            rows = {name: column[table["machine"] == machine] for name, column in table.items()}
            follows = (rows["asked"][1:] == rows["left"][:-1]) | (rows["asked"][1:] == rows["asked"][:-1])
            assert follows.all() and (rows["asked"][:1] == 0).all()
            for one, other in (("asked", "got"), ("got", "began"), ("began", "ended"), ("ended", "left")):
                assert (rows[one] <= rows[other]).all(), (plan.machines[machine], one)

    judge(check, 40, times, LINES)


@effort
def test_no_part_is_lost(times: int) -> None:
    def check(raw: Raw) -> None:
        _, trace = built(raw)
        numbers = trace.parts["part"]
        assert len(np.unique(numbers)) == len(numbers) and sorted(numbers.tolist()) == list(range(len(numbers)))
        verdict = trace.visits["outcome"] % t.CAUSE_UNIT
        out = trace.visits["part"][(verdict == t.GOOD) & (trace.visits["step"] == 2) & (trace.visits["left"] < NEVER)]
        assert len(np.unique(out)) == len(out) == np.count_nonzero(trace.parts["fate"] == t.AT_SINK)
        assert np.count_nonzero(verdict == t.SCRAPPED) == np.count_nonzero(trace.parts["fate"] == t.REJECTED)

    judge(check, 40, times, LINES)


@effort
def test_a_carrier_stands_in_one_spot_and_one_spot_holds_one(times: int) -> None:
    def check(raw: Raw) -> None:
        plan, trace = built(raw)
        visits, (row,) = trace.passages, plan.lines
        inside = [spot.machine for spot in row.spots if 0 < spot.step < row.last]
        shortest = {spot.machine: spot.soak for spot in row.spots}
        for part in np.unique(visits["part"][np.isin(visits["machine"], inside)]).tolist():
            mine = np.isin(visits["machine"], inside) & (visits["part"] == part)
            order = np.argsort(visits["got"][mine], kind="stable")
            came, left = visits["got"][mine][order], visits["left"][mine][order]
            assert (came[1:] >= left[:-1]).all()
        for machine in inside:
            mine = (visits["machine"] == machine) & (visits["left"] < NEVER)
            assert (visits["left"][mine] - visits["got"][mine] >= shortest[machine]).all()

    judge(check, 30, times, LINES)


@effort
def test_same_seed_same_bytes(times: int) -> None:
    def check(raw: Raw) -> None:
        assert first_difference(built(raw)[1], built(raw)[1]) == ""

    judge(check, 10, times, LINES)


@effort
def test_results_add_up(times: int) -> None:
    def check(raw: Raw) -> None:
        plan, trace = built(raw)
        plant = parse_plant(raw)
        kpis = {name: kpi.value for name, kpi in measure(plant, plan, trace, warmup=600.0).stations[_line(raw)].items()}
        assert sum(value for name, value in kpis.items() if name.startswith("state_")) == pytest.approx(1.0)
        assert sum(kpis[f"mover_{kind}"] for kind in MOVING) == pytest.approx(1.0)
        lost = sum(value for name, value in kpis.items() if name.startswith("loss_"))
        assert np.isnan(lost) or lost == pytest.approx(1.0)

    judge(check, 15, times, LINES)


def test_the_drawn_lines_do_not_get_stuck() -> None:
    """Parts come out of all of them, and still do in the second hour."""

    def check(raw: Raw) -> None:
        _, trace = built(raw)
        left = trace.parts["left"][trace.parts["fate"] == t.AT_SINK]
        closes = 3_600 if "calendar" in raw else 7_200
        assert len(left) > 5 and left[-1] > (closes - 1_500) * 1_000_000, len(left)

    judge(check, 150, 1, LINES)


def _line(raw: Raw) -> str:
    return "cell" if "robot_cell" in raw else "line"


@effort
def test_on_demand_one_hoist_without_stops_keeps_every_window(times: int) -> None:
    def check(raw: Raw) -> None:
        raw["hoist_line"]["line"]["hoist"].pop("b", None)
        raw["hoist_line"]["line"]["hoist"]["a"].pop("reach", None)
        raw.pop("calendar", None)
        raw["plant"].pop("calendar", None)
        raw["buffer"] = {"behind": {"before": "after", "capacity": "unlimited"}}
        plan, trace = built(raw)
        assert violations(plan.lines[0], trace) == 0
        assert np.count_nonzero(trace.parts["fate"] == t.AT_SINK) > 0

    judge(check, 40, times, hoist_lines(disturbed=False))


def violations(row: LineRow, trace: Trace) -> int:
    """Return how many soaks were too long."""
    visits, found = trace.passages, 0
    for spot in row.spots:
        mine = (visits["machine"] == spot.machine) & (visits["left"] < NEVER)
        found += int(np.count_nonzero(visits["left"][mine] - visits["got"][mine] > spot.longest))
    return found


@effort
def test_two_hoists_never_come_too_near(times: int) -> None:
    def check(raw: Raw) -> None:
        plan, trace = built(raw)
        (row,) = plan.lines
        if len(row.movers) < 2:
            return
        left, right = (_stretches(row, trace, mover.machine) for mover in row.movers)
        for begin, end, _, high in left:
            for other_begin, other_end, low, _ in right:
                if begin < other_end and other_begin < end:
                    assert high + row.clearance <= low, (begin, end, other_begin, other_end)

    judge(check, 30, times, hoist_lines())


def _stretches(row: LineRow, trace: Trace, machine: int) -> list[tuple[int, int, int, int]]:
    """Return when a hoist carries something between two spots, and where: found from the rows of the spots."""
    visits = trace.passages
    at = {spot.machine: spot.at for spot in row.spots}
    rows = np.flatnonzero((visits["machine"] == machine) & (visits["part"] >= 0) & (visits["left"] < NEVER))
    found = []
    for index in rows.tolist():
        began, left, part = (int(visits[name][index]) for name in ("began", "left", "part"))
        spots = np.isin(visits["machine"], list(at)) & (visits["part"] == part)
        source = visits["machine"][spots & (visits["left"] == began)]
        target = visits["machine"][spots & (visits["got"] == left)]
        if len(source) and len(target):
            places = [at[int(source[0])], at[int(target[0])]]
            found.append((began, left, min(places), max(places)))
    return found


def test_a_hoist_that_waits_for_the_unload_station_is_foreseen() -> None:
    """Two carriers are due for unloading, which takes 4 s; a third, with a window of no width, must wait outside."""
    tanks = {
        "t1": {"min": "5 s", "at": ["4 m", "5 m"]},
        "t2": {"min": "5 s", "at": ["8 m"], "max": "5 s"},
        "t3": {"min": "60 s", "at": ["12 m", "13 m"]},
    }
    hoist = {"a": {"speed": "1 m/s", "lift": "2 s", "lower": "1 s"}}
    line = {"tank": tanks, "hoist": hoist, "unload_at": "16 m", "load": "5 s", "unload": "4 s", "carriers": "unlimited"}
    raw = {
        "plant": {"name": "Line"},
        "source": {"in": {}},
        "sink": {"out": {}},
        "product": {"part": {"route": ["in", "before", "line", "after", "out"]}},
        "station": {
            "before": {"cycle": {"exponential": "20 s"}},
            "line": {"cycle": "60 s", "batch": {"max": 1}},
            "after": {"cycle": {"exponential": "30 s"}},
        },
        "hoist_line": {"line": line},
        "buffer": {"behind": {"before": "after", "capacity": "unlimited"}},
    }

    def check(made: Raw) -> None:
        plan, trace = built(made)
        assert violations(plan.lines[0], trace) == 0
        assert np.count_nonzero(trace.parts["fate"] == t.AT_SINK) > 50

    judge(check, 1, 1, st.just(raw))
