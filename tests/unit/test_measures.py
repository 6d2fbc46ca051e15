"""Measured quantities, control charts and what follows their alarms, against what must come out exactly."""

from __future__ import annotations

import math
from statistics import NormalDist
from typing import Any

import numpy as np
import pytest

from factory_sim.model import parse_plant
from factory_sim.results.flow import flow
from factory_sim.results.measures import measure
from factory_sim.results.replay import SCRAP as THROWN_AWAY
from factory_sim.results.replay import replay
from factory_sim.results.states import machine_states
from factory_sim.results.usage import material_use
from factory_sim.results.waiting import waits
from factory_sim.results.window import Window
from factory_sim.simulation import trace as t
from factory_sim.simulation.prepare import directory, prepare
from factory_sim.simulation.run import simulate
from factory_sim.simulation.sensor_rows import ALARM, NOTE, PASS, SCRAP
from factory_sim.simulation.trace import Trace
from processes.sensors import shewhart_arl

MINUTE = 60_000_000  # [ticks]
Raw = dict[str, Any]


def plant(size: Raw, after: tuple[str, ...] = (), **station: Any) -> Raw:
    """Return a lathe that gives a size to its parts, one each minute, and what comes after it."""
    return {
        "plant": {"name": "Lathe"},
        "source": {"in": {}},
        "sink": {"out": {}},
        "product": {"part": {"route": ["in", "lathe", *after, "out"]}},
        "resource": {"fitter": {"units": 1}},
        "station": {"lathe": {"cycle": "1 min", "measure": {"size": {"target": 10.0, **size}}, **station}},
    }


def run(raw: Raw, minutes: float) -> Trace:
    return simulate(prepare(parse_plant(raw)), horizon=minutes * 60.0)


def seen(trace: Trace, sensor: int) -> list[tuple[float, float, float, int]]:
    """Return time [min], true value, reading and decision of a sensor."""
    signals = trace.signals
    rows = zip(*(signals[name].tolist() for name in ("sensor", "time", "true", "reading", "decision")), strict=True)
    return [
        (time / MINUTE, true, reading, decision) for index, time, true, reading, decision in rows if index == sensor
    ]


def stops(trace: Trace, raw: Raw) -> list[tuple[str, str, float, float]]:
    """Return name, state, begin and end of the stops. [min]"""
    names = directory(parse_plant(raw)).stops
    rows = zip(*(trace.stops[name].tolist() for name in ("stop", "state", "begin", "end")), strict=True)
    return [(names[stop], t.STATES[state], begin / MINUTE, end / MINUTE) for stop, state, begin, end in rows]


def test_a_process_without_spread_drifts_exactly() -> None:
    readings = seen(run(plant({"drift_per_part": 0.5, "drift_per_hour": 6.0}), 5.5), 0)
    assert [true for _, true, _, _ in readings] == pytest.approx([10.1, 10.7, 11.3, 11.9, 12.5])
    assert all(true == reading and decision == PASS for _, true, reading, decision in readings)


def test_the_share_outside_the_limits_is_that_of_the_normal_law() -> None:
    trace = run(plant({"spread": 1.0, "lower": 9.0, "upper": 12.0, "reject": "scrap"}), 20_000)
    share = NormalDist().cdf(-1.0) + NormalDist().cdf(-2.0)
    scrapped = float((trace.parts["fate"] == t.REJECTED).mean())
    assert abs(scrapped - share) < 4.0 * math.sqrt(share * (1.0 - share) / 20_000)
    outside = [decision == SCRAP for _, true, _, decision in seen(trace, 0) if not 9.0 <= true <= 12.0]
    assert all(outside) and len(outside) == np.count_nonzero(trace.parts["fate"] == t.REJECTED)


def test_the_gauge_drifts_until_it_is_calibrated() -> None:
    readings = seen(run(plant({"gauge_drift_per_hour": 60.0, "calibration_every": "3 min", "upper": 11.5}), 7.5), 0)
    assert [reading - true for _, true, reading, _ in readings] == pytest.approx([1.0, 2.0, 0.0, 1.0, 2.0, 0.0, 1.0])
    assert [decision for *_, decision in readings] == [PASS, NOTE, PASS, PASS, NOTE, PASS, PASS]


def test_an_adjustment_removes_what_has_shifted_the_process() -> None:
    cause = {"tool": {"between": "10 min", "size": 1.0}}
    raw = plant({"cause": cause, "chart": {"x": {"sigma": 1.0, "limit": 0.5, "adjust": "5 min", "crew": "fitter"}}})
    trace = run(raw, 46.0)
    assert stops(trace, raw) == [("size.x.adjust", "setup", 10.0, 15.0), ("size.x.adjust", "setup", 25.0, 30.0),
                                 ("size.x.adjust", "setup", 40.0, 45.0)]  # fmt: skip
    assert [time for time, *_, decision in seen(trace, 1) if decision == ALARM] == [10.0, 25.0, 40.0]
    left = trace.parts["left"][trace.parts["fate"] == t.AT_SINK] / MINUTE
    assert left[8:12].tolist() == [9.0, 15.0, 16.0, 17.0]  # the part waits in the machine for the adjustment
    assert (machine_states(prepare(parse_plant(raw)), trace).sum(axis=1) == trace.horizon).all()
    measures = measure(parse_plant(raw), prepare(parse_plant(raw)), trace, warmup=0.0)
    assert measures.stations["lathe"]["state_setup"].value == pytest.approx(15.0 / 46.0)
    chart = measures.sensors["lathe.size.x"]
    assert chart["recall"].value == 1.0 and chart["false_alarm_share"].value == 0.0


def test_a_tool_change_sets_the_process_anew_and_a_stop_does_not() -> None:
    planned = {"tool": {"every": "4.5 min", "duration": "1 min"}, "cleaning": {"every": "7 min", "duration": "1 min"}}
    readings = seen(run(plant({"drift_per_part": 1.0, "reset_by": ["tool"]}, planned=planned), 14.0), 0)
    assert [true - 10.0 for _, true, _, _ in readings] == [0, 1, 2, 3, 4, 0, 1, 2, 0, 1]


def test_an_alarm_begins_planned_maintenance_or_stands_the_machine_still() -> None:
    planned = {"tool": {"every": "1000 h", "duration": "3 min"}}
    chart = {"sigma": 1.0, "limit": 2.5, "maintenance": "tool", "stop": "2 min"}
    raw = plant({"drift_per_part": 1.0, "reset_by": ["tool"], "chart": {"x": chart}}, planned=planned)
    trace = run(raw, 14.0)
    # Alarm with the fourth part at 4 min, when its deviation is 3; both begin together, and the longer one decides.
    stop, tool = ("size.x.stop", "failed"), ("tool", "maintenance")
    assert stops(trace, raw) == [(*stop, 4.0, 6.0), (*tool, 4.0, 7.0), (*stop, 11.0, 13.0), (*tool, 11.0, 14.0)]


@pytest.mark.parametrize(("sort", "gone"), [("scrap", 3), ("inspect", 2)])
def test_sorting_takes_out_what_waits_since_the_last_good_sample(sort: str, gone: int) -> None:
    """Every third part is a sample; the third one of the second sample alarms, and the next station has taken none."""
    size = {"drift_per_part": 1.0, "upper": 13.5, "sample_every": 3}
    chart = {"sigma": 1.0, "limit": 4.5, "sort": sort}
    raw = plant(size | {"chart": {"x": chart}}, ("saw",))
    raw["station"]["saw"] = {"cycle": "100 min"}
    raw["buffer"] = {"rack": {"before": "saw", "capacity": 20}}
    trace = run(raw, 6.5)
    # Parts 3, 4, 5 are suspect (values 13, 14, 15); 5 is in the machine, 3 and 4 wait.
    fates = dict(zip(trace.parts["part"].tolist(), trace.parts["fate"].tolist(), strict=True))
    assert fates[5] == t.REJECTED and fates[4] == t.SORTED
    assert fates[3] == (t.SORTED if sort == "scrap" else t.INSIDE)
    assert sum(fate in (t.REJECTED, t.SORTED) for fate in fates.values()) == gone


def test_first_parts_are_measured_after_a_tool_change_and_a_bad_one_is_followed_by_an_adjustment() -> None:
    planned = {"tool": {"every": "4.5 min", "duration": "1 min"}}
    first = {"parts": 2, "time": "2 min", "adjust": "3 min", "after": ["tool"]}
    raw = plant({"upper": 20.0, "first_article": first, "reset_by": ["tool"]}, planned=planned)
    good = run(raw, 12.5)
    tool, check = ("tool", "maintenance"), ("size.first_article", "setup")
    assert stops(good, raw)[:3] == [(*tool, 5.0, 6.0), (*check, 7.0, 9.0), (*check, 10.0, 12.0)]  # two parts
    bad = plant({"upper": 9.0, "first_article": first, "reset_by": ["tool"]}, planned=planned)
    assert stops(run(bad, 12.5), bad)[1] == (*check, 7.0, 12.0)


@pytest.mark.parametrize(("limit", "shift", "size"), [(2.0, 0.0, 1), (3.0, 1.5, 1), (2.5, 0.7, 4), (1.5, -0.5, 2)])
def test_run_lengths_of_a_chart_of_means_have_the_mean_of_theory(limit: float, shift: float, size: int) -> None:
    expected = shewhart_arl(limit, shift, size)
    cause = {"away": {"between": "1 ms", "size": shift * 2.0}}
    parts = {"spread": 2.0, "sample_every": size, "subgroup": size}
    trace = run(plant(parts | {"cause": cause, "chart": {"x": {"limit": limit}}}), 30_000)
    alarms = np.flatnonzero([decision == ALARM for *_, decision in seen(trace, 1)])
    lengths = np.diff(alarms, prepend=-1)
    z = (lengths.mean() - expected) / (lengths.std(ddof=1) / math.sqrt(len(lengths)))
    assert abs(z) < 4.0, f"{lengths.mean()} in {len(lengths)} runs, expected {expected}"


def test_setting_errors_have_their_spread() -> None:
    planned = {"tool": {"every": "1 min", "duration": "1 s"}}
    trace = run(plant({"setting_error": 0.5, "reset_by": ["tool"]}, planned=planned), 4000)
    values = np.array([true for _, true, _, _ in seen(trace, 0)]) - 10.0
    assert abs(values.std() - 0.5) < 0.5 * 4.0 / math.sqrt(2 * len(values))


def test_sorted_parts_are_lost_for_material_waits_and_playback_too() -> None:
    """The plant of the test of sorting: 5 is rejected in the lathe, 3 and 4 are thrown away where they wait."""
    size = {"drift_per_part": 1.0, "upper": 13.5, "sample_every": 3}
    raw = plant(size | {"chart": {"x": {"sigma": 1.0, "limit": 4.5, "sort": "scrap"}}}, ("saw",))
    raw["station"]["saw"] = {"cycle": "100 min"}
    raw["buffer"] = {"rack": {"before": "saw", "capacity": 20}}
    (product,) = raw["product"].values()
    product["mass"] = {"part": "1 kg"}
    made, plan = parse_plant(raw), prepare(parse_plant(raw))
    trace = simulate(plan, horizon=6.5 * 60.0)
    window = Window.of(made, plan, trace, 0.0)
    (use,) = material_use(made, plan, trace, window).values()
    assert sum(use.scrap.values()) == 3_000_000 == 1_000_000 * flow(trace, window).scrapped
    assert {key.cause for key in use.scrap} >= {"sorted"}
    gone = waits(plan, trace).end[np.isin(waits(plan, trace).part, [3, 4])]
    assert (gone < trace.horizon).all()
    shown = replay(made, plan, trace, 0.0, 6.5 * 60.0)
    assert shown.at(6.49 * 60.0)[THROWN_AWAY] == 3
