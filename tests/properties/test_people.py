"""People in drawn plants: what must hold whoever comes, and that people without rules change nothing."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
from hypothesis import note, reject
from hypothesis import strategies as st

from factory_sim.model import InputError
from factory_sim.results.states import machine_states
from factory_sim.simulation import trace as t
from factory_sim.simulation.plan import NEVER, NONE, Plan
from factory_sim.simulation.run import simulate
from factory_sim.simulation.trace import Trace
from tests.properties.plants import Draw, Raw, durations, plan_of, plants
from tests.properties.test_engine import Drawn, effort, first_difference, judge, rows

NEUTRAL = {"preemptive": True, "shift_end": "leave", "in_order": False, "absence": 0.0}


def with_rules(draw: Draw, raw: Raw) -> Raw:
    """Give the pools of a drawn plant hours, skills and rules, and some stations phases that need people."""
    unit = "h" if " h" in str(next(iter(raw["station"].values()))["cycle"]) else "min"
    raw = raw | {
        "calendar": dict(raw.get("calendar", {})),
        "resource": dict(raw.get("resource", {"crew": {"units": 1}})),
    }
    spans = [("00:00", "12:00"), ("12:00", "22:00"), ("06:00", "18:00")] if unit == "h" else [
        ("00:00", "00:20"), ("00:20", "00:50"), ("00:10", "01:10"),
    ]  # fmt: skip
    for number, (begin, end) in enumerate(spans):
        raw["calendar"][f"people{number}"] = {"shifts": [{"days": "Mon-Sun", "from": begin, "to": end}]}
    calendars = st.sampled_from([f"people{number}" for number in range(len(spans))])
    for name, pool in raw["resource"].items():
        pool = raw["resource"][name] = dict(pool)
        pool |= {key: draw(st.booleans()) for key in ("in_order", "preemptive")}
        pool |= {"shift_end": draw(st.sampled_from(("finish", "leave"))), "weekly_limit": "168 h"}
        if draw(st.booleans()):
            pool |= {"calendar": draw(calendars), "absence": draw(st.sampled_from((0.0, 0.4)))}
        if draw(st.booleans()):
            pool["crew"] = {"more": {"units": draw(st.integers(1, 2)), "calendar": draw(calendars)}}
        pool["units"] += 1
    names = list(raw["resource"])
    for station in raw["station"].values():
        if draw(st.booleans()):
            station.pop("needs", None)
            station.pop("load", None)
            station["attend"] = attends(draw, unit, names)
        elif "needs" in station and len(names) == 2 and draw(st.booleans()):
            station["needs"] = [" | ".join(names)]
    return raw


def attends(draw: Draw, unit: str, names: list[str]) -> Raw:
    """Draw the phases of a station that need people."""
    choices = [*names, " | ".join(names)] if len(names) > 1 else names
    found: Raw = {}
    for name in draw(st.lists(st.sampled_from(("load", "watch", "unload")), min_size=1, unique=True)):
        phase: Raw = {"needs": [draw(st.sampled_from(choices))], "priority": draw(st.integers(-1, 1))}
        found[name] = phase if name == "watch" else phase | {"time": draw(durations(unit, 0, 2))}
    return found


@st.composite
def peopled(draw: Draw) -> Drawn:
    """Draw a small plant with people."""
    raw, horizon = draw(plants())
    return with_rules(draw, raw), horizon


def plan_with_people(raw: Raw) -> Plan:
    """Return the plan; hours of people and stations that never meet are refused, and draw no plant."""
    try:
        return plan_of(raw)
    except InputError as error:
        assert all("never meet" in problem.message for problem in error.problems), error
        reject()


def quickly(plan: Plan, drawn: Drawn, seed: int = 1) -> Trace:
    return simulate(plan, seed=seed, horizon=drawn[1])


@effort
def test_people_without_rules_change_nothing(times: int) -> None:
    def check(drawn: Drawn) -> None:
        raw, horizon = drawn
        if not raw.get("resource"):
            return
        free = raw | {"resource": {name: pool | NEUTRAL for name, pool in raw["resource"].items()}}
        one, other = (simulate(plan_of(equal_priorities(tables)), 3, 0, horizon) for tables in (raw, free))
        assert len(other.attendance["unit"]) == sum(pool["units"] for pool in raw["resource"].values())
        note("plain against with people:")
        assert first_difference(one, without_attendance(other, one)) == ""

    judge(check, 120, times, plants())


def equal_priorities(raw: Raw) -> Raw:
    """Return the plant with one priority for all, so that nobody is taken from a task."""
    station = {}
    for name, table in raw["station"].items():
        station[name] = dict(table)
        if "failure" in table:
            station[name]["failure"] = {key: mode | {"priority": 0} for key, mode in table["failure"].items()}
        if "crew" in table.get("setup", {}):
            station[name]["setup"] = table["setup"] | {"priority": 0}
    return raw | {"station": station}


def without_attendance(trace: Trace, other: Trace) -> Trace:
    return replace(trace, attendance=other.attendance)


@effort
def test_no_unit_is_in_two_places_and_none_works_when_away(times: int) -> None:
    def check(drawn: Drawn) -> None:
        plan = plan_with_people(drawn[0])
        trace = quickly(plan, drawn)
        for pool in range(len(plan.resource_units)):
            grants = rows(trace, "grants")
            grants = grants[grants[:, 0] == pool]
            there = rows(trace, "attendance")
            there = there[(there[:, 0] == pool) & (there[:, 2] != t.ABSENT)]
            edges = np.unique(np.concatenate([grants[:, 4:6].ravel(), there[:, 3:5].ravel()]))
            for begin, end in pairwise(edges[edges <= trace.horizon].tolist()):
                busy = int(((grants[:, 4] <= begin) & (grants[:, 5] >= end)).sum())
                present = int(((there[:, 3] <= begin) & (there[:, 4] >= end)).sum())
                assert busy <= present, (pool, begin, end)
        for unit in {tuple(row[:2]) for row in rows(trace, "attendance").tolist()}:
            mine = [row for row in rows(trace, "attendance").tolist() if tuple(row[:2]) == unit]
            assert all(one[4] <= other[3] for one, other in pairwise(mine))

    judge(check, 80, times, peopled())


@effort
def test_states_sum_to_the_horizon_and_no_part_is_lost(times: int) -> None:
    def check(drawn: Drawn) -> None:
        plan = plan_with_people(drawn[0])
        trace = quickly(plan, drawn)
        states = machine_states(plan, trace)
        assert (states.sum(axis=1) == trace.horizon).all() and (states >= 0).all()
        numbers = trace.parts["part"]
        for source in range(len(plan.sources)):
            mine = np.sort(numbers[numbers % len(plan.sources) == source])
            assert mine.tolist() == [source + serial * len(plan.sources) for serial in range(len(mine))]
        done = rows(trace, "visits")
        done = done[done[:, 6] < NEVER]
        assert (np.diff(done[:, 2:7], axis=1) >= 0).all() and (done[:, 7] >= 0).all()
        assert (done[:, 7] <= done[:, 5] - done[:, 4]).all()

    judge(check, 80, times, peopled())


@effort
def test_same_run_gives_the_same_bytes(times: int) -> None:
    def check(drawn: Drawn) -> None:
        one, other = (quickly(plan_with_people(drawn[0]), drawn, 5) for _ in range(2))
        assert first_difference(one, other) == ""

    judge(check, 15, times, peopled())


@effort
def test_work_that_needs_people_stands_still_without_them(times: int) -> None:
    """In every phase with a team, the time at work is time with the team granted."""

    def check(drawn: Drawn) -> None:
        plan = plan_with_people(drawn[0])
        trace = quickly(plan, drawn)
        grants = rows(trace, "grants")
        for index, machine in enumerate(plan.machines):
            whole = [phase for phase in machine.phases if phase.activity == t.ACTIVITY_WORK and not machine.load]
            if not whole:
                continue
            held = grants[(grants[:, 1] == index) & (grants[:, 2] == t.ACTIVITY_WORK)]
            spans = {(int(row[4]), int(row[5])) for row in held}
            for row in rows(trace, "visits").tolist():
                if row[0] == index and row[6] < NEVER:
                    covered = sum(max(0, min(e, row[5]) - max(b, row[4])) for b, e in spans)
                    assert row[7] <= covered

    judge(check, 60, times, peopled())


def test_the_drawn_plants_do_what_people_can_do() -> None:
    seen: dict[str, Any] = {"states": set(), "activities": set(), "lost": 0}

    def look(drawn: Drawn) -> None:
        trace = quickly(plan_with_people(drawn[0]), drawn)
        seen["states"].update(trace.attendance["state"].tolist())
        seen["activities"].update(trace.grants["activity"].tolist())
        waits = rows(trace, "stops")
        seen["lost"] += int(((waits[:, 1] == t.WAITING) & (waits[:, 2] == NONE)).sum())

    judge(look, 60, 1, peopled())
    assert seen["states"] == {t.PRESENT, t.ABSENT, t.STAYING}
    assert seen["activities"] == {
        t.ACTIVITY_WORK, t.ACTIVITY_REPAIR, t.ACTIVITY_LOAD, t.ACTIVITY_WATCH, t.ACTIVITY_UNLOAD,
    }  # fmt: skip
    assert seen["lost"] > 10
