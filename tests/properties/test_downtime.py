"""What holds for every plant with renewal, inspections, spares, wear and stops done alongside others."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from typing import Any

import numpy as np
from hypothesis import strategies as st

from factory_sim.model import parse_plant
from factory_sim.results.downtime import spares_of, stops_of
from factory_sim.results.states import machine_states
from factory_sim.results.window import Window
from factory_sim.simulation import trace as t
from factory_sim.simulation.plan import NEVER
from factory_sim.simulation.prepare import directory, prepare
from factory_sim.simulation.run import simulate

from .plants import Raw, durations, plan_of, plants
from .test_engine import effort, first_difference, judge

Draw = Callable[[st.SearchStrategy[Any]], Any]
MOMENTS = st.sampled_from(("after_cycle", "immediate", "when_idle"))


def _times(draw: Draw, unit: str, least: int, most: int) -> str:
    return f"{draw(st.integers(least, most))} {unit}"


def _replacement(draw: Draw, unit: str, counts: bool, crews: list[str], spare: bool) -> Raw:
    table: Raw = {"duration": draw(durations(unit, 0, 3)), "when": draw(MOMENTS), "cost": "3 KRW"}
    table |= {"amount": draw(st.integers(1, 5))} if counts else {"age": _times(draw, unit, 1, 6)}
    if draw(st.booleans()):
        table |= {"window_amount": 2} if counts else {"window": _times(draw, unit, 1, 3)}
    if crews and draw(st.booleans()):
        table |= {"crew": draw(st.sampled_from(crews))}
    if spare and draw(st.booleans()):
        table["without_spare"] = "stop"
    if draw(st.booleans()):
        table["run_in"] = 2
    return table


def _mode(draw: Draw, unit: str, crews: list[str], spares: list[str]) -> Raw:
    """Draw a failure mode with everything that may go together."""
    clock = draw(st.sampled_from(("working", "calendar", "parts", "wear")))
    counts = clock in ("parts", "wear")
    mode: Raw = {"clock": clock, "repair": draw(durations(unit, 0, 3)), "cost": "7 KRW"}
    if draw(st.booleans()):
        mode["repair"] = "0 s"
    mean: Any = draw(st.integers(2, 8)) if counts else _times(draw, unit, 2, 8)
    life = {"weibull": {"shape": 2.0, "mean": mean}}
    mode |= {"amount": life} if counts else {"between": life}
    if spares and draw(st.booleans()):
        mode["spare"] = draw(st.sampled_from(spares))
    if crews and draw(st.booleans()):
        mode |= {"crew": draw(st.sampled_from(crews))}
    if draw(st.booleans()):
        mode["replacement"] = _replacement(draw, unit, counts, crews, "spare" in mode)
    kind = draw(st.sampled_from(("plain", "as_old", "inspected")))
    if kind == "as_old":
        mode["after_repair"] = "as_old"
    elif kind == "inspected" and not counts:
        mode |= {"warning": draw(durations(unit, 1, 4))}
        mode.setdefault("replacement", {"duration": draw(durations(unit, 0, 2)), "when": draw(MOMENTS)})
        mode["inspection"] = {
            "every": _times(draw, unit, 1, 4), "duration": draw(durations(unit, 0, 1)), "when": draw(MOMENTS),
            "detection": draw(st.sampled_from((0.0, 0.5, 1.0))), "false_alarm": draw(st.sampled_from((0.0, 0.4))),
            "cost": "1 KRW",
        }  # fmt: skip
        if draw(st.booleans()):
            mode["inspection"]["verification"] = draw(durations(unit, 0, 2))
        if draw(st.booleans()):
            mode["inspection"]["act"] = "next_planned"
    return mode


def _planned(draw: Draw, unit: str, modes: list[str], spares: list[str]) -> Raw:
    clock = draw(st.sampled_from(("open", "working", "parts", "wear")))
    stop: Raw = {"clock": clock, "duration": draw(durations(unit, 0, 3)), "when": draw(MOMENTS), "cost": "2 KRW"}
    if clock in ("parts", "wear"):
        stop |= {"amount": draw(st.integers(2, 9)), "window_amount": draw(st.integers(0, 3))}
    else:
        stop |= {"every": _times(draw, unit, 2, 9), "window": _times(draw, unit, 0, 3)}
    if draw(st.booleans()):
        stop["renews"] = draw(st.lists(st.sampled_from(modes), unique=True)) if modes else []
    if spares and draw(st.booleans()):
        stop |= {"spare": draw(st.sampled_from(spares)), "without_spare": draw(st.sampled_from(("stop", "run_on")))}
    if draw(st.booleans()):
        stop["run_in"] = draw(st.integers(0, 3))
    return stop


@st.composite
def cared_for(draw: Draw) -> tuple[Raw, int]:
    """Draw a plant whose stations have upkeep, and a horizon. [s]"""
    raw, horizon = draw(plants())
    unit = "min" if horizon < 86_400 else "h"
    crews = list(raw.get("resource", {}))
    spares = ["blade", "pump"][: draw(st.integers(0, 2))]
    for station in raw["station"].values():
        station["wear"] = {"per_part": draw(st.sampled_from((0.0, 0.5, 1.0))), "unit_time": _times(draw, unit, 1, 3)}
        failures = {f"mode{i}": _mode(draw, unit, crews, spares) for i in range(draw(st.integers(0, 2)))}
        stops = {f"stop{i}": _planned(draw, unit, list(failures), spares) for i in range(draw(st.integers(1, 2)))}
        station |= {"failure": failures, "planned": stops}
    taken = {
        table["spare"]
        for station in raw["station"].values()
        for stop in (*station["failure"].values(), *station["planned"].values())
        if "spare" in (table := stop)
    }
    raw["spare"] = {name: _spare(draw, unit, crews) for name in spares if name in taken}
    return raw, horizon


def _spare(draw: Draw, unit: str, crews: list[str]) -> Raw:
    table: Raw = {"stock": draw(st.integers(1, 2)), "lead_time": draw(durations(unit, 1, 4)), "cost": "5 KRW"}
    return table | ({"crew": draw(st.sampled_from(crews))} if crews and draw(st.booleans()) else {})


@effort
def test_laws_of_plants_with_upkeep(times: int) -> None:
    seen = dict.fromkeys(("stops", "spares", "inspections", "waits", "discarded"), 0)

    def check(drawn: tuple[Raw, int], seed: int) -> None:
        raw, horizon = drawn
        plan = plan_of(raw)
        trace = simulate(plan, seed, 0, horizon)
        assert first_difference(trace, simulate(plan, seed, 0, horizon)) == ""
        assert (machine_states(plan, trace).sum(axis=1) == trace.horizon).all()
        _stops_of_one_kind_are_disjoint(trace)
        _spares_add_up(raw, trace)
        looked, rows = trace.inspections, trace.stops
        begun = np.bincount(rows["stop"][rows["stop"] >= 0], minlength=len(plan.stops))
        assert (np.bincount(looked["stop"], minlength=len(plan.stops)) <= begun).all(), "each is judged once at most"
        _flow_is_conserved(trace)
        _money_adds_up(raw, plan, trace)
        waits = trace.spares["got"] > trace.spares["asked"]
        found = len(rows["stop"]), len(waits), len(looked["time"]), int(waits.sum())
        for name, count in zip(seen, (*found, int((trace.visits["outcome"] % 16 == t.DISCARDED).sum())), strict=True):
            seen[name] += count

    judge(check, 30, times, cared_for(), st.integers(0, 3))
    assert all(seen.values()), seen


def _stops_of_one_kind_are_disjoint(trace: t.Trace) -> None:
    """A stop begins only when the same one is over."""
    rows = trace.stops
    order = np.lexsort((rows["end"], rows["begin"], rows["stop"]))
    stop, begin, end = (rows[name][order] for name in ("stop", "begin", "end"))
    same = (stop[1:] == stop[:-1]) & (stop[1:] >= 0)
    assert (begin[1:][same] >= end[:-1][same]).all() and (end >= begin).all()


def _spares_add_up(raw: Raw, trace: t.Trace) -> None:
    """On the shelf = stock - taken + arrived, never below 0; nobody waits while one lies there."""
    rows = trace.spares
    for index, table in enumerate(raw["spare"].values()):
        mine = rows["spare"] == index
        asked, got, arrived = (rows[name][mine] for name in ("asked", "got", "arrived"))
        assert (got >= asked).all() and (arrived >= asked).all()
        for moment in np.unique(np.concatenate([asked, got, arrived])):
            if moment < NEVER:
                free = table["stock"] - int((got <= moment).sum()) + int((arrived <= moment).sum())
                waiting = int(((asked <= moment) & (got > moment)).sum())
                assert free >= 0 and (not waiting or free == 0)


def _flow_is_conserved(trace: t.Trace) -> None:
    counts = np.bincount(trace.parts["fate"], minlength=len(t.FATES))
    assert counts.sum() == len(trace.parts["part"]) == len(np.unique(trace.parts["part"]))
    assert ((trace.parts["left"] == NEVER) == (trace.parts["fate"] == t.INSIDE)).all()


def _money_adds_up(raw: Raw, plan: Any, trace: t.Trace) -> None:
    """Each stop that began and each spare that was asked for costs what the plant file says."""
    plant = parse_plant(raw)
    names, machines = directory(plant).stops, plan.machines
    total = 0.0
    for stop in trace.stops["stop"][trace.stops["stop"] >= 0]:
        name, *more = names[stop].split(".")
        station = raw["station"][list(plant.station)[machines[plan.stops[stop].machine].station]]
        table = station["failure"].get(name) or station["planned"].get(name) or {}
        for key in more:
            table = table[key]
        total += float(table.get("cost", "0 KRW").split()[0])
    window = Window(0, trace.horizon, 1.0, 1.0)
    assert total == sum(stop.cost for stop in stops_of(plant, trace, window).values())
    spares = spares_of(plant, trace, window).values()
    assert sum(spare.cost for spare in spares) == 5.0 * len(trace.spares["spare"])


def neutral(raw: Raw) -> Raw:
    """Return the plant with upkeep that changes nothing: windows of nothing, spares without end, ages never reached."""
    raw = deepcopy(raw)
    for station in raw["station"].values():
        for mode in station.get("failure", {}).values():
            mode |= {"spare": "ample", "replacement": {"age": "1000 yr", "duration": "1 h", "run_in": 3}}
        for stop in station.get("planned", {}).values():
            stop |= {"spare": "ample", "renews": []}
    if any(station.get(kind) for station in raw["station"].values() for kind in ("failure", "planned")):
        raw["spare"] = {"ample": {"stock": 1_000_000, "lead_time": "1 s"}}
    return raw


@effort
def test_neutral_upkeep_changes_nothing(times: int) -> None:
    """The rows of visits, parts, stops and grants are the same, but for the indices of stops."""

    def check(drawn: tuple[Raw, int], seed: int) -> None:
        raw, horizon = drawn
        one, other = (simulate(prepare(parse_plant(it)), seed, 0, horizon) for it in (raw, neutral(raw)))
        names, others = directory(parse_plant(raw)).stops, directory(parse_plant(neutral(raw))).stops
        for table in ("visits", "parts", "grants", "stops"):
            for name, column in getattr(one, table).items():
                theirs = getattr(other, table)[name]
                if (table, name) == ("stops", "stop"):
                    assert [names[i] for i in column if i >= 0] == [others[i] for i in theirs if i >= 0]
                else:
                    assert column.tolist() == theirs.tolist(), (table, name)

    judge(check, 40, times, plants(), st.integers(0, 3))
