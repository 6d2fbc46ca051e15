"""The film coating line against its data sheet. One part is a piece of 10 m of web, 12 m2. Rates per planned hour.

The sheet's rate is speed x width x f x yield, with f = 1/(1/(1 - loss) + MTTR/MTBF + roll change/roll).
"""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from factory_sim.finance.returns import annuity_factor
from factory_sim.model import Distribution, Plant, Study, parse_plant, paths, read, read_study
from factory_sim.model.flow_schema import Flow
from factory_sim.model.units import HOUR, WEEK, YEAR
from factory_sim.results.statistics import t_interval
from factory_sim.simulation.plan import TICKS_PER_SECOND
from factory_sim.simulation.prepare import prepare
from factory_sim.simulation.run import simulate
from factory_sim.simulation.trace import REJECTED
from factory_sim.study.runner import run_all
from factory_sim.study.task import Task

LAYOUTS = Path(__file__).parents[2] / "layouts"
WIDTH = 1.2  # [m]
KWH = 3.6e6


@pytest.fixture(scope="module")
def plant() -> Plant:
    return read(LAYOUTS / "film_line.toml")


@pytest.fixture(scope="module")
def study() -> Study:
    return read_study(LAYOUTS / "film_line_study.toml")


def web(plant: Plant) -> Flow:
    """The web of the line."""
    flow = plant.station["line"].flow
    assert flow is not None
    return flow


def between_breaks(plant: Plant) -> float:
    """Mean length of web from break to break. [m]"""
    broken = web(plant).web_break
    assert broken is not None
    return broken.every


def time_factor(plant: Plant) -> float:
    """Share of the planned time in which the web runs."""
    station, broken = plant.station["line"], web(plant).web_break
    assert broken is not None
    lost = broken.rethread.mean / (broken.every / web(plant).pace)
    lost += sum(stop.repair.mean / stop.life.mean for stop in station.failure.values())
    return 1.0 / (1.0 + lost + sum(stop.duration.mean / stop.period for stop in station.planned.values()))


def overall_yield(plant: Plant) -> float:
    """Share of the web that is good, with what each break spoils: the oven and the splice."""
    spoilt = (web(plant).length + web(plant).startup_waste) / between_breaks(plant)
    return plant.station["line"].yield_ * (1.0 - spoilt)


def drawn_in(plant: Plant) -> float:
    """Pieces per planned hour that enter the line."""
    return HOUR * web(plant).pace / web(plant).pitch * time_factor(plant)


def good(plant: Plant) -> float:
    """Good pieces per planned hour."""
    return drawn_in(plant) * overall_yield(plant)


def inspected(study: Study) -> Plant:
    """The plant after the investment, its yield at the mean of its spread."""
    (change,) = study.investment["inline_inspection"].changes
    assert isinstance(change.value, Distribution)
    better = study.plant.station["line"].yield_ + change.value.mean
    return parse_plant(paths.put(study.plant.raw, change.path, better))


# -- what the file says, by the formula of the sheet -----------------------------------------------------------------


def test_line_has_the_rate_of_the_sheet(plant: Plant) -> None:
    assert time_factor(plant) == pytest.approx(0.8411, abs=5e-5)
    assert overall_yield(plant) == pytest.approx(0.93, abs=1e-6)
    area = web(plant).pitch * WIDTH
    assert good(plant) * area == pytest.approx(1_690, abs=0.5)
    assert good(plant) * area * plant.time_per_year / HOUR == pytest.approx(10.14e6, abs=5e3)


def test_numbers_of_the_sheet(plant: Plant) -> None:
    station, speed = plant.station["line"], web(plant).pace
    assert speed * 60.0 == pytest.approx(30.0)
    assert web(plant).length / speed == pytest.approx(48.0)
    assert between_breaks(plant) / speed == pytest.approx(18 * HOUR)
    assert station.planned["roll_change"].period * speed == pytest.approx(6_000.0)
    assert station.gas_per_part / (web(plant).pitch / speed) == pytest.approx(250e3, rel=1e-6)
    stop = station.failure["minor_stop"]
    assert stop.repair.mean / (stop.repair.mean + stop.life.mean) == pytest.approx(0.04)
    weekly, area = plant.source["base_film"].weekly_volume, web(plant).pitch * WIDTH
    assert weekly == pytest.approx(0.92 * 1_690 / area * 120, rel=0.005)


# -- money -----------------------------------------------------------------------------------------------------------


def test_money_is_that_of_the_sheet(plant: Plant, study: Study) -> None:
    area, film = web(plant).pitch * WIDTH, plant.product["film"]
    assert film.price == pytest.approx(2_600 * 0.9 * area)
    assert film.material == pytest.approx(1_700 * area)
    shifts = 250 * (24 * 22_500 + 8 * 7_170)
    assert plant.staff["operators"].cost * YEAR == pytest.approx(shifts, abs=0.05e6)
    money = study.investment["inline_inspection"].money
    assert (money.capex, money.opex * YEAR, money.life / YEAR) == pytest.approx((220e6, 20e6, 6.0))
    assert money.subsidy is not None and money.subsidy.share is not None
    assert min(money.subsidy.share * money.capex, money.subsidy.cap or math.inf) == 110e6
    assert money.benefit.fixed_volume == money.benefit.sold_out == 0.0


def test_benefits_are_those_of_the_sheet_and_pay_in_both_demand_modes(study: Study) -> None:
    """Expected values, without running costs: 463 and 638 M KRW/yr, NPV over 8 years 2,328 and 3,331 M KRW.

    With a fixed volume the sheet counts 2.5 % of all web; the exact share is 0.025/0.955 of what is needed for the
    same good pieces, and the study sells 92 % of the anchor. Gas of the web that is saved comes on top.
    """
    before, after = study.plant, inspected(study)
    hours, film, money = (
        before.time_per_year / HOUR,
        before.product["film"],
        study.investment["inline_inspection"].money,
    )
    more = (good(after) - good(before)) * hours
    assert overall_yield(after) == pytest.approx(0.955, abs=5e-5)
    volume = (before.source["base_film"].weekly_volume or 0.0) * 50
    saved = volume * (1.0 / overall_yield(before) - 1.0 / overall_yield(after)) * film.material
    for benefit, sheet, npv in ((saved, 463e6, 2_328e6), (more * film.price, 638e6, 3_331e6)):
        assert benefit == pytest.approx(sheet, rel=0.06)
        simple = (benefit - money.opex * YEAR) * annuity_factor(0.08, 8) - money.capex
        assert simple == pytest.approx(npv, rel=0.08)
        assert simple > 0.0


# -- what runs -------------------------------------------------------------------------------------------------------


def always_open(plant: Plant, *without: str) -> Plant:
    """The plant always open and without some of its tables."""
    raw: dict[str, Any] = paths.without(plant.raw, "plant.calendar")
    for path in (*without, "evidence"):
        raw = paths.without(raw, path)
    return parse_plant(raw)


def test_without_failures_a_roll_and_its_change_take_exactly_the_time_of_the_formula(plant: Plant) -> None:
    lone = always_open(plant, "station.line.failure", "station.line.flow.web_break", "station.line.yield")
    trace = simulate(prepare(lone), horizon=24 * HOUR)
    left = np.sort(trace.visits["left"][trace.visits["left"] <= trace.horizon])
    took = (left[600:] - left[:-600])[-200:] / TICKS_PER_SECOND
    assert took == pytest.approx(np.full(200, 225 * 60.0), rel=1e-9)
    by_formula = HOUR * web(lone).pace / web(lone).pitch / (1.0 + 25.0 / 200.0)
    assert 600 / took[-1] * HOUR == pytest.approx(by_formula)


def test_a_break_costs_the_web_in_the_oven_and_the_splice(plant: Plant) -> None:
    """34 m for each break on average, in whole pieces; other stops spoil none beside the share of bad ones."""
    raw = always_open(plant, "station.line.yield", "station.line.failure", "station.line.planned").raw
    torn = parse_plant(paths.put(raw, "station.line.flow.web_break.every", "900 m"))
    trace = simulate(prepare(torn), horizon=WEEK)
    spoilt = int((trace.parts["fate"] == REJECTED).sum())
    breaks = int((trace.stops["end"] < trace.horizon).sum())
    assert breaks > 100
    assert spoilt * web(plant).pitch / breaks == pytest.approx(34.0, abs=1.0)


def runs_of(plant: Plant, replications: int, weeks: int) -> list[Any]:
    return run_all(
        [Task(plant, "sold_out", r, 2026, weeks * WEEK, WEEK, False) for r in range(replications)], workers=1
    )


def judged(plant: Plant, replications: int, weeks: int) -> None:
    """Not above the anchor beyond sampling error and not far below it; pieces are bad independently of each other."""
    runs = runs_of(plant, replications, weeks)
    rate = t_interval([run.kpis["good_parts_per_planned_hour"].value for run in runs])
    assert rate.low <= good(plant), rate
    assert rate.mean >= 0.95 * good(plant), rate
    assert {run.bottleneck for run in runs} == {"line"}
    shares = [run.stations["line"]["yield"].value for run in runs]
    error = math.sqrt(0.93 * 0.07 / (len(runs) * weeks * 120 * drawn_in(plant)))
    assert t_interval(shares).mean == pytest.approx(0.93, abs=4.0 * error)


def test_full_line_makes_what_the_sheet_says(plant: Plant) -> None:
    judged(plant, 3, 1)


@pytest.mark.slow
def test_full_line_makes_what_the_sheet_says_in_a_long_run(plant: Plant) -> None:
    judged(plant, 6, 8)


@pytest.mark.slow
def test_inspection_gains_what_the_sheet_says(study: Study) -> None:
    """Good pieces grow by 0.025/0.93; on the same luck, so that little of it is chance."""
    before, after = (runs_of(plant, 4, 4) for plant in (study.plant, inspected(study)))
    rates = [np.array([run.kpis["good_parts_per_planned_hour"].value for run in runs]) for runs in (before, after)]
    assert (rates[1] / rates[0] - 1.0).mean() == pytest.approx(0.025 / 0.93, abs=0.002)
