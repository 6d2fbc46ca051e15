"""The giga-casting cell against its data sheet and against what must be exactly so. Rates are per planned hour."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from factory_sim.model import Plant, parse_plant, paths, read
from factory_sim.model.units import WEEK
from factory_sim.results.statistics import paired_difference, t_interval
from factory_sim.simulation.plan import TICKS_PER_SECOND
from factory_sim.simulation.prepare import directory, prepare
from factory_sim.simulation.run import simulate
from factory_sim.simulation.trace import AT_SINK, Trace
from factory_sim.study.runner import run_all
from factory_sim.study.task import Task

LAYOUT = Path(__file__).parents[2] / "layouts" / "giga_casting.toml"
ANCHOR = 20.269  # good castings per planned hour, deterministic, infinite buffers


@pytest.fixture(scope="module")
def plant() -> Plant:
    return read(LAYOUT)


def with_constants(plant: Plant, losses: bool, failures: bool, loss_of_press: float = 0.11) -> Plant:
    """Return the plant always open, with constant times and every yield 1.

    `losses` spreads planned and minor loss over each cycle; `failures` strike the press after constant working time.
    """
    raw = paths.without(plant.raw, "plant.calendar")
    for name, station in plant.station.items():
        raw = paths.put(raw, f"station.{name}.cycle", f"{station.cycle.mean} s")
        raw = paths.put(raw, f"station.{name}.yield", 1.0)
        for table in ("failure", "planned"):
            if table in raw["station"][name]:
                raw = paths.without(raw, f"station.{name}.{table}")
    if losses:
        raw = paths.put(raw, "station.hpdc.loss", loss_of_press)
    if failures:
        failure = {"breakdown": {"between": "14 h", "repair": "1.2 h"}}
        raw = paths.put(raw, "station.hpdc.failure", failure)
    return parse_plant(raw)


def departures(plant: Plant, weeks: float, physics: bool = False) -> np.ndarray:
    """Return the times at which good parts leave the plant. [ticks]"""
    trace = simulate(prepare(plant, physics=physics), horizon=weeks * WEEK)
    return np.sort(trace.parts["left"][trace.parts["fate"] == AT_SINK])


def test_with_constant_times_and_no_loss_castings_leave_exactly_one_press_cycle_apart(plant: Plant) -> None:
    times = departures(with_constants(plant, losses=False, failures=False), weeks=1.0)
    assert len(times) > 4000
    assert set(np.diff(times[50:]).tolist()) == {128 * TICKS_PER_SECOND}


def test_with_the_losses_of_the_sheet_castings_leave_exactly_one_lengthened_cycle_apart(plant: Plant) -> None:
    times = departures(with_constants(plant, losses=True, failures=False), weeks=1.0)
    apart = round(128 * TICKS_PER_SECOND / 0.89)
    assert set(np.diff(times[50:]).tolist()) <= {apart - 1, apart, apart + 1}
    assert 3600e6 / np.diff(times[50:]).mean() == pytest.approx(25.03125, rel=1e-7)


def test_with_losses_and_failures_the_press_makes_the_capacity_of_the_sheet(plant: Plant) -> None:
    times = departures(with_constants(plant, losses=True, failures=True), weeks=4.0)
    period = 14 * 3600 / 0.89 + 1.2 * 3600  # working time with its losses, then a repair [s]
    first = times[500]
    whole = int((times[-1] - first) // (period * TICKS_PER_SECOND))
    shots = np.searchsorted(times, first + whole * period * TICKS_PER_SECOND) - 500
    capacity = 3600 / 128 / (1 / 0.89 + 1.2 / 14)
    assert capacity == pytest.approx(23.26, abs=0.005)
    assert shots / (whole * period / 3600) == pytest.approx(capacity, abs=2 / (whole * period / 3600))


def weeks_of(plant: Plant, physics: bool, replications: int, weeks: int) -> list[Any]:
    tasks = [Task(plant, "sold_out", r, 2026, weeks * WEEK, WEEK, physics) for r in range(replications)]
    return run_all(tasks, workers=1)


def judge_full_plant(on: list[Any], off: list[Any]) -> None:
    """Hold the sheet's rates, yield and bottleneck against replications with and without physics."""

    def values(runs: list[Any], name: str) -> list[float]:
        kpis = (run.stations["hpdc"] if name in run.stations["hpdc"] else run.kpis for run in runs)
        return [kpi[name].value for kpi in kpis]

    good_off = t_interval(values(off, "good_parts_per_planned_hour"))
    assert good_off.high >= 0.97 * ANCHOR and good_off.low <= ANCHOR, good_off
    ratio = t_interval(np.divide(values(on, "good_parts_per_planned_hour"), values(off, "good_parts_per_planned_hour")))
    assert ratio.high >= 0.99 and ratio.low <= 1.01, ratio
    shots = t_interval(values(on, "parts_per_24_planned_hours"))
    assert shots.high >= 540 and shots.low <= 560, shots
    yield_on = t_interval([run.stations["hpdc"]["yield"].value for run in on])
    assert yield_on.high >= 0.897 and yield_on.low <= 0.903, yield_on
    assert {run.bottleneck for run in on + off} == {"hpdc"}


def test_the_full_plant_meets_its_sheet(plant: Plant) -> None:
    judge_full_plant(weeks_of(plant, True, 4, 4), weeks_of(plant, False, 4, 4))


@pytest.mark.slow
def test_the_full_plant_meets_its_sheet_over_years(plant: Plant) -> None:
    on, off = weeks_of(plant, True, 10, 50), weeks_of(plant, False, 10, 50)
    judge_full_plant(on, off)
    mean = {physics: t_interval([run.kpis["good_parts_per_planned_hour"].value for run in runs]) for physics, runs in
            ((True, on), (False, off))}  # fmt: skip
    assert 0.97 * ANCHOR <= mean[False].mean <= ANCHOR
    assert mean[True].mean == pytest.approx(mean[False].mean, rel=0.01)
    assert t_interval([run.stations["hpdc"]["yield"].value for run in on]).mean == pytest.approx(0.900, abs=0.003)
    assert 540 <= t_interval([run.stations["hpdc"]["parts_per_24_planned_hours"].value for run in on]).mean <= 560


# -- history matters -------------------------------------------------------------------------------------------------


def with_stops(plant: Plant, count: int) -> Plant:
    """Return the press alone and always open, with `count` equal stops in each 24 h that sum to 2 h."""
    hpdc = {key: value for key, value in plant.raw["station"]["hpdc"].items() if key not in ("failure", "planned")}
    hpdc["planned"] = {
        "stop": {"every": f"{24 / count} h", "first": f"{12 / count} h", "duration": f"{120 / count} min"}
    }
    hpdc["die"] = {**hpdc["die"], "discard_after": "12 min"}
    return parse_plant({
        "plant": {"name": "Press alone"}, "source": {"melt": {}}, "sink": {"out": {}},
        "product": {"casting": {"route": ["melt", "hpdc", "out"]}}, "station": {"hpdc": hpdc},
    })  # fmt: skip


def lost_castings(trace: Trace) -> int:
    """Return the shots that were discarded or scrapped."""
    return int((trace.parts["fate"] != AT_SINK).sum() - 1)  # one is inside


@pytest.mark.parametrize("physics", [True, False])
def test_many_short_stops_and_one_long_stop_scrap_alike_only_without_physics(plant: Plant, physics: bool) -> None:
    scrapped: dict[int, list[int]] = {}
    for count in (1, 12):
        plan = prepare(with_stops(plant, count), physics=physics)
        scrapped[count] = [lost_castings(simulate(plan, seed=11, replication=r, horizon=WEEK)) for r in range(12)]
        stopped = simulate(plan, seed=11, horizon=WEEK).stops
        assert (stopped["end"] - stopped["begin"]).sum() / TICKS_PER_SECOND == 7 * 7200
    difference = paired_difference(scrapped[1], scrapped[12])
    excludes_zero = difference.low > 0.0 or difference.high < 0.0
    assert excludes_zero == physics, f"difference {difference}"


def test_the_press_remembers_its_stops_shot_by_shot(plant: Plant) -> None:
    """After each long stop exactly the shots of the rule are discarded, and the die is colder than before."""
    plan = prepare(with_stops(plant, 1))
    trace = simulate(plan, seed=3, horizon=WEEK)
    press = directory(with_stops(plant, 1)).machines.index("hpdc#1")
    temperature = trace.states[press][:, 0]
    discarded = trace.visits["outcome"] == 2 + 16 * 3
    ends = trace.stops["end"][trace.stops["end"] < trace.horizon]
    assert len(ends) == 7
    for end in ends.tolist():
        after = np.flatnonzero(trace.visits["began"] >= end)
        assert discarded[after[:7]].all() and not discarded[after[7:20]].any()
        assert temperature[after[0]] < temperature[after[0] - 1] - 50.0
