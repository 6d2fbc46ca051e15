"""The machining cell against its data sheet. Rates are per planned hour.

The sheet's rate is n x 3600/t x f x yield, with f = 1/(1 + MTTR/MTBF + setup/run of a lot).
"""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from factory_sim.finance.returns import annuity_factor
from factory_sim.model import Plant, Study, parse_plant, paths, read, read_study
from factory_sim.model.units import DAY, HOUR, WEEK, YEAR
from factory_sim.results.statistics import t_interval
from factory_sim.simulation.plan import TICKS_PER_SECOND
from factory_sim.simulation.prepare import directory, prepare
from factory_sim.simulation.run import simulate
from factory_sim.study.runner import run_all
from factory_sim.study.scenario import changed, changes_of
from factory_sim.study.task import Task
from processes.machining import taylor_life
from tests.theory.studies import invested

LAYOUTS = Path(__file__).parents[2] / "layouts"
CENTRES = ("mc5", "mc3")
LOT = 60
GOOD = 23.66  # good parts per hour of the sheet
YEARS = annuity_factor(0.08, 8)  # the sheet counts 8 years at 8 %, before tax and support


@pytest.fixture(scope="module")
def plant() -> Plant:
    return read(LAYOUTS / "machining_cell.toml")


@pytest.fixture(scope="module")
def study() -> Study:
    return read_study(LAYOUTS / "machining_cell_study.toml")


@pytest.fixture(scope="module")
def lights_out(study: Study) -> Plant:
    """The plant after the investment; none of its amounts is uncertain."""
    return changed(study.plant, changes_of(study, "lights_out"))


def time_of_a_part(plant: Plant, name: str) -> float:
    """Mean cycle with its share of tool changes. [s]"""
    station = plant.station[name]
    assert station.edge is not None and station.edge.count is not None
    return station.cycle.mean + station.edge.change_time / station.edge.count


def good(plant: Plant, name: str) -> float:
    """Good parts per planned hour of a group of machines that never wait."""
    station = plant.station[name]
    setup, stop = station.planned["setup"], station.failure["breakdown"]
    assert setup.amount == LOT
    part = time_of_a_part(plant, name)
    lost = 1.0 + stop.repair.mean / stop.life.mean + setup.duration.mean / (LOT * part)
    return station.machines * HOUR / part / lost * station.yield_


def contribution(plant: Plant, product: str, name: str) -> float:
    """Price less material and electricity of a part. [KRW]"""
    station = plant.station[name]
    changing = time_of_a_part(plant, name) - station.cycle.mean
    used = station.power.working * station.cycle.mean + station.power.idle * changing
    return plant.product[product].price - plant.product[product].material - used * plant.economics.electricity


# -- what the file says, by the formula of the sheet -----------------------------------------------------------------


def test_cell_has_the_rate_of_the_sheet(plant: Plant) -> None:
    rate = sum(good(plant, name) for name in CENTRES)
    assert rate == pytest.approx(GOOD, abs=0.005)
    assert rate * plant.time_per_year / HOUR == pytest.approx(94_600, rel=1e-3)
    volume = sum(source.weekly_volume or 0.0 for source in plant.source.values())
    assert volume == pytest.approx(0.92 * rate * 80, rel=0.002)


def test_numbers_of_the_sheet(plant: Plant) -> None:
    for name in CENTRES:
        station = plant.station[name]
        assert time_of_a_part(plant, name) == pytest.approx(14 * 60.0)
        assert (station.machines, station.load, station.yield_) == (3, 60.0, 0.985)
    cmm = plant.station["cmm"]
    assert cmm.batch is not None
    assert cmm.cycle.mean / cmm.batch.max == pytest.approx(0.1 * 360.0)
    assert GOOD / 0.985 * cmm.cycle.mean / cmm.batch.max / HOUR < 0.25  # far from being the bottleneck
    busy = GOOD / 0.985 * (60.0 + 40 * 60.0 / LOT) / HOUR  # operators, loading and setting up
    assert busy / plant.resource["operators"].units == pytest.approx(0.33, abs=0.01)


# -- money -----------------------------------------------------------------------------------------------------------


def test_machine_hour_earns_what_the_sheet_says(plant: Plant) -> None:
    for product, name in (("five_axis", "mc5"), ("three_axis", "mc3")):
        parts = HOUR / time_of_a_part(plant, name)
        assert plant.product[product].price * parts == pytest.approx(32_000, abs=5)
        assert contribution(plant, product, name) * parts == pytest.approx(0.45 * 32_000, abs=5)
    position = 4_000 * 22_500 + 2 * 250 * 7_170
    assert plant.staff["operators"].cost * YEAR == pytest.approx(position, abs=0.05e6)


def test_investment_costs_what_the_sheet_says(study: Study) -> None:
    money = study.investment["lights_out"].money
    assert (money.capex, money.opex * YEAR, money.life / YEAR) == pytest.approx((450e6, 18e6, 12.0))
    assert money.subsidy is not None and money.subsidy.share is not None
    assert min(money.subsidy.share * money.capex, money.subsidy.cap or math.inf) == 225e6
    assert money.benefit.fixed_volume == money.benefit.sold_out == 0.0


def test_investment_gains_the_hours_of_the_sheet_and_loses_with_a_fixed_volume(study: Study, lights_out: Plant) -> None:
    before = study.plant
    shifts, nights = before.calendar_of("mc5"), lights_out.calendar_of("mc5")
    assert shifts is not None and nights is not None
    hours = (nights.open_per_week - shifts.open_per_week) / HOUR * 50
    assert hours == pytest.approx(1_800)
    machines = before.station["mc5"].machines
    gained = machines * hours * HOUR / time_of_a_part(before, "mc5") * contribution(before, "five_axis", "mc5")
    released = before.staff["operators"].positions - lights_out.staff["operators"].positions
    position = released * before.staff["operators"].cost * YEAR
    money = study.investment["lights_out"].money
    for benefit, sheet, npv in ((position, 94e6, -16e6), (position + gained, 171e6, 431e6)):
        assert benefit == pytest.approx(sheet, abs=0.6e6)
        assert (benefit - money.opex * YEAR) * YEARS - money.capex == pytest.approx(npv, abs=2e6)


def test_pallets_hold_what_three_machines_make_in_six_hours(lights_out: Plant) -> None:
    night = 3 * 6 * HOUR / time_of_a_part(lights_out, "mc5")
    assert 75 < night < 20 * 4
    assert lights_out.buffer["pallets"].capacity == 20 * 4


# -- what runs -------------------------------------------------------------------------------------------------------


def constant(plant: Plant) -> Plant:
    """The plant with constant times and without breakdowns."""
    raw: dict[str, Any] = paths.without(plant.raw, "evidence")
    for name in CENTRES:
        raw = paths.put(raw, f"station.{name}.cycle", f"{plant.station[name].cycle.mean} s")
        raw = paths.without(raw, f"station.{name}.failure")
    return parse_plant(paths.without(raw, "resource.repair_crew"))


def ended(plant: Plant, name: str, horizon: float) -> dict[str, np.ndarray]:
    """When parts were finished, by machine of a station, in order. [s]"""
    trace = simulate(prepare(plant), horizon=horizon)
    found = {}
    for index, machine in enumerate(directory(plant).machines):
        if machine.startswith(f"{name}#"):
            times = np.sort(trace.visits["ended"][trace.visits["machine"] == index])
            found[machine] = times[times <= trace.horizon] / TICKS_PER_SECOND
    return found


@pytest.mark.parametrize("name", CENTRES)
def test_without_breakdowns_a_lot_and_its_setup_take_exactly_the_time_of_the_formula(plant: Plant, name: str) -> None:
    """Always open and with an operator for each machine."""
    raw = constant(plant).raw
    for path in ("plant.calendar", "resource.operators.calendar", "resource.operators.rotation"):
        raw = paths.without(raw, path)
    lone = parse_plant(paths.put(raw, "resource.operators.units", 6))
    machines = ended(lone, name, 60 * HOUR)
    assert len(machines) == 3
    for times in machines.values():
        assert times[LOT:] - times[:-LOT] == pytest.approx(np.full(times.size - LOT, (LOT * 14 + 40) * 60.0))
    without_breakdowns = 3 * LOT / ((LOT * 14 + 40) * 60.0) * HOUR
    assert without_breakdowns == pytest.approx(3 * 60 / 14 / (1 + 40 / (60 * 14)))


@pytest.mark.parametrize("places", [20, 80])
def test_a_night_makes_no_more_than_the_pallets_hold(lights_out: Plant, places: int) -> None:
    """Parts finished between 00:10 and 06:00 of Wednesday: what was in the pool at midnight, and in the machines."""
    steady = constant(parse_plant(paths.put(lights_out.raw, "buffer.pallets.capacity", places)))
    times = np.concatenate(list(ended(steady, "mc5", 3 * DAY).values()))
    night = int(((times > 2 * DAY + 600) & (times <= 2 * DAY + 6 * HOUR + 900)).sum())
    assert night <= places + 3
    assert night >= (places if places == 20 else 0.85 * 3 * 6 * 60 / 14)


def runs_of(plant: Plant, replications: int, weeks: int, mode: str = "sold_out") -> list[Any]:
    return run_all([Task(plant, mode, r, 2026, weeks * WEEK, WEEK) for r in range(replications)], workers=1)


def judged(plant: Plant, replications: int, weeks: int) -> None:
    """Not above the anchor beyond sampling error, and not far below; a part more in each machine after each day.

    At midnight machines finish their part, half a cycle of five times 16 h that the formula does not know.
    """
    runs = runs_of(plant, replications, weeks)
    rate = t_interval([run.kpis["good_parts_per_planned_hour"].value for run in runs])
    assert rate.low <= GOOD * (1.0 + 7.0 / (16 * 60)), rate
    assert rate.mean >= 0.95 * GOOD, rate
    assert {run.bottleneck for run in runs} <= set(CENTRES)


def test_full_cell_makes_what_the_sheet_says(plant: Plant) -> None:
    judged(plant, 4, 2)


@pytest.mark.slow
def test_full_cell_makes_what_the_sheet_says_in_a_long_run(plant: Plant) -> None:
    judged(plant, 8, 16)


@pytest.mark.slow
def test_simulated_worth_has_the_signs_of_the_sheet(study: Study, lights_out: Plant) -> None:
    """One operator is missed at the other machines, and breakdowns at night wait: both cost a little of the benefit."""
    money = study.investment["lights_out"].money
    for mode, sheet, sign in (("fixed_volume", 93.6e6, -1.0), ("sold_out", 171.4e6, 1.0)):
        surplus = [
            np.array([run.kpis["surplus_per_year"].value for run in runs_of(here, 6, 4, mode)])
            for here in (study.plant, lights_out)
        ]
        benefit = t_interval((surplus[1] - surplus[0]).tolist())
        assert benefit.low <= sheet
        assert benefit.mean >= 0.8 * sheet
        assert ((benefit.mean - money.opex * YEAR) * YEARS - money.capex) * sign > 0.0


# -- edges -----------------------------------------------------------------------------------------------------------


def of_an_edge(plant: Plant) -> tuple[float, float]:
    """Parts of an edge and share of scrap that worn edges make: means over Weibull lives around Taylor's."""
    edge = plant.station["mc5"].edge
    assert edge is not None and edge.life_shape is not None
    share = edge.cutting_time / taylor_life(edge.speed, edge.speed_for_1min_life, edge.exponent)
    levels = (np.arange(100_000) + 0.5) / 100_000
    lives = (-np.log1p(-levels)) ** (1.0 / edge.life_shape) / math.gamma(1.0 + 1.0 / edge.life_shape)
    parts = np.full(lives.size, edge.count or 0)
    if edge.change == "condition":  # a part that begins before the limit is still made
        parts = np.maximum(1, np.ceil(edge.limit * lives / share))
    part = np.arange(1, 50)[:, None]
    scrap = np.minimum(1.0, edge.scrap_slope * np.maximum(0.0, part * share / lives - edge.scrap_from)) * (
        part <= parts
    )
    return float(parts.mean()), float(scrap.sum(axis=0).mean() / parts.mean())


def test_edges_of_the_file_are_those_of_the_sheet(plant: Plant) -> None:
    """45 min of cutting and 60 % of 14 min; what they spoil is part of the yield, computed from the lives."""
    for name in CENTRES:
        edge = plant.station[name].edge
        assert edge is not None and edge.count is not None
        assert edge.cutting_time == pytest.approx(0.6 * 14 * 60.0)
        assert taylor_life(edge.speed, edge.speed_for_1min_life, edge.exponent) == pytest.approx(45 * 60.0, rel=2e-3)
        assert edge.count * edge.cutting_time <= 45 * 60.0 < (edge.count + 1) * edge.cutting_time
        assert edge.physics_scrap == pytest.approx(of_an_edge(plant)[1], abs=1e-4)


def test_without_monitoring_and_without_physics_the_plan_is_that_of_today(study: Study) -> None:
    today = prepare(read(LAYOUTS / "machining_cell.toml"))
    after = invested(study, "tool_monitoring")
    assert prepare(study.plant) == today != prepare(after)
    assert prepare(study.plant, physics=False) == prepare(after, physics=False)


@pytest.mark.slow
def test_monitoring_uses_edges_longer_and_spoils_less_by_the_law(study: Study) -> None:
    """Tool changes and yield of many machines that wait for nobody, against the mean over the lives of edges."""
    found = []
    for plant in (study.plant, invested(study, "tool_monitoring")):
        raw = constant(plant).raw
        for path in ("plant.calendar", "resource.operators.calendar", "resource.operators.rotation"):
            raw = paths.without(raw, path)
        for name in CENTRES:
            raw = paths.put(raw, f"station.{name}.machines", 20)
        lone = parse_plant(paths.put(paths.put(raw, "resource.operators.units", 40), "station.cmm.machines", 10))
        plan = prepare(lone)
        trace = simulate(plan, horizon=2 * WEEK)
        centres = [i for i, machine in enumerate(directory(lone).machines) if machine.startswith("mc")]
        made = np.isin(trace.visits["machine"], centres) & (trace.visits["ended"] <= trace.horizon)
        count = int(made.sum())
        renewals = [index for index, stop in enumerate(directory(lone).stops) if "tool_change" in stop]
        changes = np.isin(trace.stops["stop"], renewals)
        per_edge, scrap = of_an_edge(plant)
        steady = 1.0 - 0.985 / (1.0 - 0.0099)
        assert count / changes.sum() == pytest.approx(per_edge, rel=0.01)
        bad = float((trace.visits["outcome"][made] != 0).mean())
        assert bad == pytest.approx(steady + scrap, abs=4 * math.sqrt(0.015 / count))
        found.append((per_edge, scrap))
    assert found[1][0] > found[0][0] and found[1][1] < found[0][1] / 5


@pytest.mark.slow
def test_monitoring_gains_what_fewer_changes_and_less_scrap_are_by_hand(study: Study) -> None:
    """1.1 % more good parts sold out: an edge makes 5.31 parts instead of 5, and spoils 0.1 % instead of 1.0 %."""
    after = invested(study, "tool_monitoring")
    (count, spoilt), (longer, less) = of_an_edge(study.plant), of_an_edge(after)
    rest = 40.0 / LOT + 14.0 * 2.5 / 110.0  # setup and breakdowns, min for a part
    faster = (13.4 + 3.0 / count + rest) / (13.4 + 3.0 / longer + rest)
    by_hand = GOOD * (faster * (0.985 + spoilt - less) / 0.985 - 1.0)
    assert by_hand / GOOD == pytest.approx(0.0113, abs=2e-4)
    key = "good_parts_per_planned_hour"
    rates = [[run.kpis[key].value for run in runs_of(plant, 12, 8)] for plant in (study.plant, after)]
    gain = t_interval([new - old for old, new in zip(*rates, strict=True)], level=0.99)
    assert 0.0 < gain.low <= by_hand <= gain.high
