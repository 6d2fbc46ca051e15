"""Defects and sensors: what holds for every drawn plant, and what a blind sensor must not change."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import strategies as st

from factory_sim.model import parse_plant
from factory_sim.results.measures import measure
from factory_sim.results.sensors import defective_parts, escaped, sensor_counts
from factory_sim.results.states import machine_states
from factory_sim.results.window import Window
from factory_sim.simulation import trace as t
from factory_sim.simulation.plan import NEVER
from factory_sim.simulation.prepare import prepare
from factory_sim.simulation.run import simulate
from factory_sim.simulation.sensor_rows import PASS
from factory_sim.simulation.trace import COLUMNS, Trace

from .plants import Draw, Raw, plan_of, plants
from .test_engine import Drawn, effort, first_difference, judge, rows

SHARES = st.sampled_from((0.0, 0.2, 0.5, 1.0))
OTHERS = [table for table in COLUMNS if table not in ("signals", "defects")]


@st.composite
def watched_plants(draw: Draw) -> Drawn:
    """Draw a plant whose stations make defects and look for them."""
    raw, horizon = draw(plants())
    station: dict[str, Raw] = raw["station"]
    for name, table in station.items():
        if draw(st.booleans()):
            table["defect"] = {f"{name}{i}": {"share": draw(SHARES)} for i in range(draw(st.integers(1, 2)))}
        if ("yield" in table or "die" in table) and draw(st.booleans()):
            table["yield_seen"] = False
        if draw(st.booleans()):
            table["sensor"] = {f"eye{i}": sensors(draw, name, raw) for i in range(draw(st.integers(1, 2)))}
    return raw, horizon


def sensors(draw: Draw, name: str, raw: Raw) -> Raw:
    """Draw an inspection; one that sends parts back sends them where the station does."""
    sensor: Raw = {"recall": draw(SHARES), "false_reject": draw(SHARES), "every": draw(st.integers(1, 3))}
    sensor["reject"] = draw(st.sampled_from(("scrap", "rework", "none", "downgrade")))
    if sensor["reject"] == "rework":
        to = raw["station"][name].get("rework_to")
        # What is always rejected would come back for ever, in no time at all where cycles are short.
        sensor |= {"attempts": draw(st.integers(1, 3)), "repaired": draw(st.sampled_from((0.5, 1.0)))}
        sensor |= {"rework_to": to} if to else {}
    if sensor["reject"] == "downgrade":
        once = [key for key, product in raw["product"].items() if product["route"].count(name) == 1]
        sensor |= {"downgrade_to": draw(st.sampled_from(once))} if once else {"reject": "scrap"}
    return sensor


def defects_by_hand(trace: Trace) -> dict[int, set[int]]:
    """Return the defects of the parts, row by row."""
    found: dict[int, set[int]] = {}
    for part, _, _, cause, present in rows(trace, "defects").tolist():
        causes = found.setdefault(int(part), set())
        assert (cause in causes) != present, "a row that changes nothing"
        causes ^= {cause}
    return {part: causes for part, causes in found.items() if causes}


@effort
def test_parts_and_states_are_conserved(times: int) -> None:
    def check(drawn: Drawn) -> None:
        raw, horizon = drawn
        plan = plan_of(raw)
        trace = simulate(plan, horizon=horizon)
        again = simulate(plan_of(raw), horizon=horizon)
        assert first_difference(trace, again) == ""
        assert (machine_states(plan, trace).sum(axis=1) == trace.horizon).all()
        numbers = trace.parts["part"]
        assert len(np.unique(numbers)) == len(numbers)
        last = {row[1]: row for row in rows(trace, "visits").tolist() if row[8] != t.UNFINISHED}
        for number, _, left, _, product, fate, _ in rows(trace, "parts").tolist():
            if fate in (t.AT_SINK, t.REJECTED):
                assert last[number][6] == left and last[number][9] == product
                assert (last[number][8] == t.GOOD) == (fate == t.AT_SINK)

    judge(check, 60, times, watched_plants())


@effort
def test_what_sensors_saw_agrees_with_the_truth(times: int) -> None:
    def check(drawn: Drawn) -> None:
        raw, horizon = drawn
        plant = parse_plant(raw)
        trace = simulate(plan_of(raw), horizon=horizon)
        truth = defects_by_hand(trace)
        assert defective_parts(trace).tolist() == sorted(truth)
        parts = rows(trace, "parts").tolist()
        reached = {row[0] for row in parts if row[5] == t.AT_SINK}
        mine = escaped(trace)
        assert {row[0] for row, gone in zip(parts, mine, strict=True) if gone} == reached & truth.keys()
        window = Window(0, trace.horizon, 1.0, 1.0)
        for counts in sensor_counts(plant, trace, window).values():
            assert counts.looks >= counts.detections + counts.false_alarms + counts.escapes
        seen = sum(counts.looks for counts in sensor_counts(plant, trace, window).values())
        assert seen == len(trace.signals["part"])
        scrapped = np.count_nonzero(trace.visits["outcome"] // t.CAUSE_UNIT == t.BY_SENSOR)
        assert scrapped <= np.count_nonzero(trace.signals["decision"] != PASS)

    judge(check, 60, times, watched_plants())


@effort
def test_a_blind_sensor_changes_nothing_but_cost(times: int) -> None:
    """Recall 0 and no false alarm: the same luck, event by event, on every plant."""

    def check(drawn: Drawn, reject: str) -> None:
        raw, horizon = drawn
        blind: Raw = {"recall": 0.0, "cost": "7 KRW", "reject": reject}
        stations: Raw = {name: {**table, "sensor": {"eye": blind}} for name, table in raw["station"].items()}
        one, other = (simulate(plan_of(each), horizon=horizon) for each in (raw, raw | {"station": stations}))
        for table in OTHERS:
            assert rows(one, table).tolist() == rows(other, table).tolist()
        assert {m: s.tobytes() for m, s in one.states.items()} == {m: s.tobytes() for m, s in other.states.items()}
        assert (other.signals["decision"] == PASS).all()

    judge(check, 40, times, plants(), st.sampled_from(("scrap", "none")))


def test_a_blind_sensor_that_would_send_parts_back_makes_no_room_for_them() -> None:
    """A place to which parts come back has no limit; here none ever does."""
    stations: Raw = {"a": {"cycle": "1 min", "defect": {"flaw": {"share": 0.5}}}}
    stations["b"] = {"cycle": {"exponential": "1 min"}}
    blind: Raw = {"sensor": {"eye": {"recall": 0.0, "reject": "rework", "rework_to": "a"}}}
    raw = line({}) | {"station": stations, "product": {"part": {"route": ["in", "a", "b", "out"]}}}
    watched = raw | {"station": stations | {"b": stations["b"] | blind}}
    one, other = (simulate(prepare(parse_plant(each)), horizon=1e5) for each in (raw, watched))
    for table in OTHERS:
        assert rows(one, table).tolist() == rows(other, table).tolist()


@effort
def test_defects_that_nobody_looks_for_change_nothing_but_escapes(times: int) -> None:
    def check(drawn: Drawn) -> None:
        raw, horizon = drawn
        stations = {name: {**table, "defect": {"flaw": {"share": 0.5}}} for name, table in raw["station"].items()}
        one, other = (simulate(plan_of(each), horizon=horizon) for each in (raw, raw | {"station": stations}))
        for table in OTHERS:
            assert rows(one, table).tolist() == rows(other, table).tolist()

    judge(check, 30, times, plants())


def line(station: dict[str, Any], **more: Any) -> Raw:
    """Return a plant of one station that makes and finds defects."""
    return {
        "plant": {"name": "Watched line"},
        "source": {"in": {}},
        "sink": {"out": {}},
        "product": {"part": {"route": ["in", "saw", "out"], "price": "10 KRW", "escape_cost": "100 KRW"}},
        "station": {"saw": {"cycle": "60 s", **station}},
        **more,
    }


def figures(raw: Raw, horizon: float = 3.6e6) -> Any:
    plant = parse_plant(raw)
    plan = prepare(plant)
    return measure(plant, plan, simulate(plan, horizon=horizon), warmup=0.0)


def test_unseen_yield_is_found_by_a_perfect_sensor_at_the_same_parts() -> None:
    """A machine that finds its bad parts, and one that does not but has a perfect sensor, scrap the same parts."""
    seen = simulate(prepare(parse_plant(line({"yield": 0.8}))), horizon=1e5)
    sensor = {"yield": 0.8, "yield_seen": False, "sensor": {"eye": {}}}
    found = simulate(prepare(parse_plant(line(sensor))), horizon=1e5)
    assert rows(seen, "parts").tolist() == rows(found, "parts").tolist()
    assert 0.15 < (seen.parts["fate"] == t.REJECTED).mean() < 0.25


def test_without_a_sensor_defects_escape_and_cost_money() -> None:
    measures = figures(line({"defect": {"flaw": {"share": 0.1}}}))
    share = measures.kpis["escape_share"].value
    good = measures.kpis["good_parts_per_year"].value
    assert 0.09 < share < 0.11 and measures.kpis["yield"].value == 1.0
    assert np.isclose(measures.kpis["escapes_per_year"].value, 100.0 * share * good)


def test_a_sensor_costs_by_the_part_and_is_counted() -> None:
    station = {"defect": {"flaw": {"share": 0.1}}, "sensor": {"eye": {"miss": 0.5, "cost": "3 KRW", "every": 2}}}
    measures = figures(line(station))
    eye = {name: kpi.value for name, kpi in measures.sensors["saw.eye"].items()}
    assert np.isclose(eye["looks_per_planned_hour"], 30.0, atol=0.01)
    assert np.isclose(measures.kpis["inspection_per_year"].value, 3.0 * 30.0 * 364 * 24, rtol=1e-3)
    assert 0.4 < eye["recall"] < 0.6 and eye["false_alarm_share"] == 0.0
    saw = {name.removeprefix("loss_"): kpi.value for name, kpi in measures.stations["saw"].items()}
    assert np.isclose(saw["scrap_sensor"], 1.0 - saw["oee"], atol=1e-4)


def test_rework_repairs_and_attempts_end_in_scrap() -> None:
    """Each pass makes the flaw anew, so that the number of passes is geometric, cut off by the attempts."""
    station = {"defect": {"flaw": {"share": 0.5}}, "sensor": {"eye": {"reject": "rework", "attempts": 2}}}
    measures = figures(line(station))
    assert 0.85 < measures.kpis["yield"].value < 0.9  # 1 - 1/8
    assert measures.kpis["escape_share"].value == 0.0


def test_downgraded_parts_leave_as_the_other_product() -> None:
    second = {"route": ["in", "saw", "out"], "price": "4 KRW"}
    station: Raw = {"defect": {"flaw": {"share": 0.25}}}
    station["sensor"] = {"eye": {"reject": "downgrade", "downgrade_to": "second"}}
    raw = line(station)
    raw["product"]["second"] = second
    measures = figures(raw)
    first, other = (measures.products[name] for name in ("part", "second"))
    good = [kpis["good_parts_per_planned_hour"].value for kpis in (first, other)]
    assert np.isclose(sum(good), 60.0, atol=0.01) and 0.24 < good[1] / sum(good) < 0.26
    assert first["escape_share"].value == 0.0 and other["escape_share"].value == 1.0


def test_a_sensor_sees_only_its_causes() -> None:
    station = {"defect": {"flaw": {"share": 0.5}, "stain": {"share": 0.5}}, "sensor": {"eye": {"causes": ["stain"]}}}
    raw = line(station)
    trace = simulate(prepare(parse_plant(raw)), horizon=1e5)
    truth, fates = defects_by_hand(trace), dict(zip(trace.parts["part"], trace.parts["fate"], strict=True))
    for part, fate in fates.items():
        if fate != t.INSIDE:
            assert (fate == t.REJECTED) == (2 in truth.get(part, set()))
    assert any(causes == {1} for causes in truth.values())
    assert (trace.parts["left"] <= NEVER).all()


MEASURED: Raw = {"target": 1.0, "spread": 0.1, "lower": 0.9, "cause": {"away": {"between": "9 min", "size": 0.3}}}


@st.composite
def charted_plants(draw: Draw) -> Drawn:
    """Draw a plant with charts, whose alarms stop, adjust, maintain and sort, and checks of first articles."""
    raw, horizon = draw(watched_plants())
    for table in raw["station"].values():
        if "batch" in table or draw(st.integers(0, 3)) == 0:
            continue
        chart: Raw = {"kind": draw(st.sampled_from(("shewhart", "cusum", "ewma"))), "limit": 1.0, "h": 2.0}
        sort = draw(st.sampled_from(("inspect", "scrap")))
        for key, value in (("stop", "2 min"), ("adjust", "1 min"), ("sort", sort)):
            chart |= {key: value} if draw(st.booleans()) else {}
        if "planned" in table and draw(st.booleans()):
            chart["maintenance"] = next(iter(table["planned"]))
        every = draw(st.integers(1, 3))
        measure = MEASURED | {"chart": {"x": chart}, "sample_every": every, "subgroup": draw(st.integers(1, every))}
        measure["reject"] = draw(st.sampled_from(("none", "scrap")))
        if "setup" in table and draw(st.booleans()):
            first: Raw = {"parts": draw(st.integers(1, 2)), "adjust": "1 min"}
            first |= {"time": "1 min"} if draw(st.booleans()) else {}
            measure |= {"first_article": first, "reset_by": ["setup"]}
        table["measure"] = {"size": measure}
    return raw, horizon


@effort
def test_charts_keep_parts_and_states(times: int) -> None:
    def check(drawn: Drawn) -> None:
        raw, horizon = drawn
        plan = plan_of(raw)
        trace = simulate(plan, horizon=horizon)
        assert first_difference(trace, simulate(plan, horizon=horizon)) == ""
        assert (machine_states(plan, trace).sum(axis=1) == trace.horizon).all()
        numbers = trace.parts["part"]
        sources = len(plan.sources)
        for source in range(sources):
            mine = np.sort(numbers[numbers % sources == source])
            assert mine.tolist() == [source + serial * sources for serial in range(len(mine))]
        for machine, states in trace.states.items():
            assert len(states) == np.count_nonzero(trace.visits["machine"] == machine)

    judge(check, 60, times, charted_plants())


@effort
def test_a_quantity_that_nobody_acts_on_changes_nothing(times: int) -> None:
    def check(drawn: Drawn) -> None:
        raw, horizon = drawn
        size: Raw = MEASURED | {"chart": {"x": {"limit": 1.0}}}
        stations: Raw = {
            name: table if "batch" in table else {**table, "measure": {"size": size}}
            for name, table in raw["station"].items()
        }
        one, other = (simulate(plan_of(each), horizon=horizon) for each in (raw, raw | {"station": stations}))
        for table in OTHERS:
            assert rows(one, table).tolist() == rows(other, table).tolist()

    judge(check, 30, times, plants())
