"""The plating line against its data sheet. One part of the model is a bar of 60 parts; rates are per planned hour."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from factory_sim.finance.cash import cash_flow
from factory_sim.finance.terms import joined
from factory_sim.model import Plant, Study, parse_plant, paths, read, read_study
from factory_sim.model.units import DAY, HOUR, WEEK, YEAR
from factory_sim.results.statistics import t_interval
from factory_sim.simulation import trace as trace_words
from factory_sim.simulation.plan import TICKS_PER_SECOND
from factory_sim.simulation.prepare import directory, prepare
from factory_sim.simulation.run import simulate
from factory_sim.study.money import finance_of, money_of
from factory_sim.study.runner import run_all
from factory_sim.study.scenario import changed, changes_of
from factory_sim.study.task import Task
from factory_sim.technology.plating_bath import METALS
from processes.plating import time_for_thickness

LAYOUTS = Path(__file__).parents[2] / "layouts"
BAR = 60  # parts
GOOD, AUTOMATIC = 610.7, 763.3  # good parts per hour of the sheet
PARTS = 3_053_376  # good parts of a year
CONTRIBUTION, REJECT, POSITION = 600, 700, 126.2  # KRW for a part, KRW for a part, M KRW/yr
ANNUITY = 5.7466  # 8 years, 8 %
NOMINAL = (300, 120, 30, 30, 90, 30, 30, 610, 305, 30, 30, 180, 30, 30, 30, 420)  # s
FAILURE = "hoist_line.line.hoist.hoist_1.failure"


@pytest.fixture(scope="module")
def plant() -> Plant:
    return read(LAYOUTS / "plating_line.toml")


@pytest.fixture(scope="module")
def study() -> Study:
    return read_study(LAYOUTS / "plating_line_study.toml")


# -- what the file says, by the formula of the sheet -----------------------------------------------------------------


def good(plant: Plant) -> float:
    """Good parts per planned hour: takt, availability, minor stops and yield, as a product."""
    rate = BAR * HOUR / plant.station["line"].cycle.mean * plant.station["line"].yield_
    for stop in plant.hoist_line["line"].hoist["hoist_1"].failure.values():
        rate *= stop.between.mean / (stop.between.mean + stop.repair.mean)
    return rate


def test_line_has_the_capacity_of_the_sheet(plant: Plant, study: Study) -> None:
    """The sheet rounds 20/21.5 to 0.93."""
    assert good(plant) == pytest.approx(GOOD, abs=0.2)
    assert good(plant) * plant.time_per_year / HOUR == pytest.approx(PARTS, rel=5e-4)
    assert PARTS * plant.product["bar"].price / BAR / 1e9 == pytest.approx(4.58, abs=0.005)
    after = changed(plant, changes_of(study, "automatic_hoists"))
    assert good(after) == pytest.approx(AUTOMATIC, abs=0.25)
    weekly = plant.source["raw_parts"].weekly_volume
    assert weekly is not None
    assert weekly * BAR / 100 == pytest.approx(0.96 * GOOD, rel=0.005)


def test_people_at_the_racks_are_faster_than_the_line(plant: Plant) -> None:
    racks = {name: plant.station[name].cycle.mean / plant.station[name].machines for name in ("rack", "unrack")}
    assert racks == {"rack": 120.0, "unrack": 75.0}
    assert sum(staff.positions for staff in plant.staff.values()) == 12


def test_line_is_that_of_the_sheet(plant: Plant) -> None:
    """21 tanks 1.1 m apart; each soak of the timetable lies in its window and is not below the nominal one."""
    line = plant.hoist_line["line"]
    at = [place for tank in line.tank.values() for place in tank.at]
    assert at == pytest.approx([1.1 * number for number in range(1, 22)])
    (row,) = prepare(plant).lines
    soaks = {move.step: move.soak / TICKS_PER_SECOND for move in row.moves if move.step}
    for step, (tank, nominal) in enumerate(zip(line.tank.values(), NOMINAL, strict=True), 1):
        assert (tank.min or math.inf) <= nominal <= soaks[step] + 1e-6
        assert soaks[step] <= (tank.max or math.inf)


# -- money -----------------------------------------------------------------------------------------------------------


def test_a_part_more_earns_and_a_reject_costs_what_the_sheet_says(plant: Plant) -> None:
    bar, yields = plant.product["bar"], plant.station["line"].yield_
    rectifiers = sum(tank.power.working * (tank.min or 0.0) for tank in plant.hoist_line["line"].tank.values())
    energy = rectifiers * plant.economics.electricity
    assert (bar.material - bar.scrap_value + energy) / BAR == pytest.approx(REJECT, abs=0.5)
    spent = (bar.material + energy - (1.0 - yields) * bar.scrap_value) / yields
    assert (bar.price - spent) / BAR == pytest.approx(CONTRIBUTION, abs=0.5)


def test_people_cost_what_the_sheet_says(plant: Plant) -> None:
    position = 2 * (2_000 * 22_500 + 500 * 23_650) + 7 * 250 * 7_170
    for staff in plant.staff.values():
        assert staff.cost * YEAR == pytest.approx(position, abs=0.05e6)


# investment: capex, opex, life, subsidy, of the sheet; trivalent chrome without its support, see the study
SHEET = {
    "automatic_hoists": (420, 15, 12, 210),
    "trivalent_chrome": (260, 60, 15, 0),
    "bath_sensors": (120, 12, 6, 60),
    "bath_sensors_by_physics": (120, 12, 6, 60),
    "racking_robots": (480, 35, 8, 240),
}


@pytest.mark.parametrize("name", SHEET)
def test_investment_costs_what_the_sheet_says(study: Study, name: str) -> None:
    capex, opex, life, support = SHEET[name]
    money = study.investment[name].money
    assert money.capex == capex * 1e6
    assert money.opex * YEAR == pytest.approx(opex * 1e6)
    assert money.life / YEAR == pytest.approx(life)
    paid = 0.0
    if money.subsidy is not None:
        paid = min((money.subsidy.share or 0.0) * money.capex, money.subsidy.cap or math.inf)
    assert paid == support * 1e6


def lump(study: Study, name: str) -> float:
    """Declared benefit of an investment, the same in both demand modes. [M KRW/yr]"""
    benefit = study.investment[name].money.benefit
    assert benefit.fixed_volume == benefit.sold_out
    return benefit.fixed_volume * YEAR / 1e6


def test_benefits_of_the_sheet_add_up(study: Study) -> None:
    """Its two columns; sold out, its sensors do not save the cost of the rejects that they avoid."""
    plant = study.plant
    after = {name: changed(plant, changes_of(study, name)) for name in ("automatic_hoists", "racking_robots")}
    drivers = plant.staff["hoist_drivers"].positions - after["automatic_hoists"].staff["hoist_drivers"].positions
    fixed = drivers * POSITION + lump(study, "automatic_hoists")
    assert fixed == pytest.approx(277, abs=0.6)
    more = good(after["automatic_hoists"]) - good(plant)
    assert fixed + more * CONTRIBUTION * 5_000 / 1e6 == pytest.approx(735, abs=0.6)
    assert lump(study, "trivalent_chrome") == pytest.approx(55 + 15 + 20)
    assert lump(study, "customers_at_stake") == pytest.approx(0.15 * PARTS * CONTRIBUTION / 1e6, abs=0.3)
    sensors = {change.path: change.value.mean for change in study.investment["bath_sensors"].changes}
    started = GOOD / 0.96 * 5_000
    chemicals = -sensors["product.bar.material"] / BAR * started / 1e6
    assert chemicals == pytest.approx(0.06 * 700, abs=0.1)
    assert chemicals + started * sensors["station.line.yield"] * REJECT / 1e6 == pytest.approx(75, abs=0.6)
    sold = GOOD * 5_000 * sensors["station.line.yield"] / 0.96 * CONTRIBUTION / 1e6
    assert chemicals + sold == pytest.approx(71, abs=0.6)
    robots = next(c for c in study.investment["racking_robots"].changes if c.path == "staff.rackers.positions")
    assert -robots.value.mean * POSITION == pytest.approx(454, abs=0.6)


def test_lost_share_of_customers_follows_from_the_yearly_probability(study: Study) -> None:
    mean = sum(1.0 - 0.7 ** (year - 2) for year in range(3, 9)) / 8
    assert lump(study, "customers_kept") == pytest.approx(mean * lump(study, "customers_at_stake"), abs=0.2)


def worth_of_chrome(study: Study, share: float, mode: str, simulated: float = 0.0) -> float:
    """Net present value of trivalent chrome if a share of the customers at stake would be lost without it. [KRW]"""
    terms = finance_of(study)
    money = joined([money_of(study, study.investment[n], mode) for n in ("trivalent_chrome", "customers_at_stake")])
    missing = (share - 1.0) * lump(study, "customers_at_stake") * 1e6
    return cash_flow(simulated + missing, money, terms).npv


def test_trivalent_chrome_pays_through_its_customers_alone(study: Study) -> None:
    """By the check values of the sheet, -88 and 1,493 M KRW, and with tax, credit and life of the study."""
    capex, opex = SHEET["trivalent_chrome"][:2]
    saved = lump(study, "trivalent_chrome")
    assert (saved - opex) * ANNUITY - capex == pytest.approx(-88, abs=0.5)
    assert (saved + lump(study, "customers_at_stake") - opex) * ANNUITY - capex == pytest.approx(1_493, abs=2)
    for mode in study.demand_modes:
        none, some, all_lost = (worth_of_chrome(study, share, mode) for share in (0.0, 0.5, 1.0))
        assert none < 0.0 < some < all_lost
        even = none / (none - all_lost)  # the share at which it just pays
        assert 0.0 < even < 0.1
        # Nearly linear: losses and credits that are carried forward bend it a little.
        assert worth_of_chrome(study, even - 0.01, mode) < 0.0 < worth_of_chrome(study, even + 0.01, mode)


# -- what runs -------------------------------------------------------------------------------------------------------


def round_the_clock(plant: Plant, failures: bool = False) -> Plant:
    raw = paths.without(paths.without(paths.without(plant.raw, "plant.calendar"), "calendar"), "evidence")
    return parse_plant(raw if failures else paths.without(raw, FAILURE))


def left(plant: Plant, trace: Any, place: str) -> Any:
    """When bars left a place of the line, ascending. [s]"""
    mine = trace.passages["machine"] == directory(plant).machines.index(f"line.{place}")
    times = np.sort(trace.passages["left"][mine])
    return times[times <= trace.horizon] / TICKS_PER_SECOND


@pytest.mark.parametrize(
    ("scenario", "takt"),
    [("baseline", 300), ("automatic_hoists", 240), ("trivalent_chrome", 300), ("hoists_and_chrome", 240)],
)
def test_undisturbed_line_keeps_its_takt_exactly(study: Study, scenario: str, takt: int) -> None:
    """Two hoists keep 300 s, three 240 s, with one cell of hexavalent or two of trivalent chrome, and every window.

    Two dryers take turns, so every second bar leaves at twice the takt.
    """
    alone = round_the_clock(changed(study.plant, changes_of(study, scenario)))
    assert alone.station["line"].cycle.mean == takt
    trace = simulate(prepare(alone), horizon=10 * HOUR)
    for place in ("load", "unload"):
        times = left(alone, trace, place)[-40:]
        assert times[2:] - times[:-2] == pytest.approx(np.full(38, 2.0 * takt), abs=1e-5)
    (row,) = prepare(alone).lines
    for spot in row.spots:
        mine = (trace.passages["machine"] == spot.machine) & (trace.passages["left"] <= trace.horizon)
        assert (trace.passages["left"][mine] - trace.passages["got"][mine] <= spot.longest).all()


def test_a_stop_of_one_hoist_costs_the_line_its_time_and_no_more(plant: Plant) -> None:
    """Hoists keep one timetable: after a stop they go on together, each bar that was missed stands for 300 s."""
    alone = round_the_clock(plant, failures=True)
    trace = simulate(prepare(alone), seed=3, horizon=6 * DAY)
    hoist = trace.stops["machine"] == directory(alone).machines.index("line.hoist.hoist_1")
    stopped = (np.minimum(trace.stops["end"][hoist], trace.horizon) - trace.stops["begin"][hoist]).sum()
    loads = left(alone, trace, "load")
    ran = 6 * DAY - stopped / TICKS_PER_SECOND
    assert hoist.sum() > 100
    assert len(loads) == pytest.approx(ran / 300.0, rel=0.02)  # a stop between two moves costs a little less


def test_line_begins_anew_after_each_shift(plant: Plant) -> None:
    """Ten hours are 120 bars and the first one; nothing is left in a tank at night."""
    alone = parse_plant(paths.without(plant.raw, FAILURE))
    trace = simulate(prepare(alone), horizon=3 * DAY)
    hours = left(alone, trace, "load") / HOUR
    shifts = [np.count_nonzero((hours >= begin) & (hours <= begin + 10.1)) for begin in (19, 31, 43)]
    assert shifts == [121] * 3
    out = left(alone, trace, "unload") / HOUR
    assert np.count_nonzero((out > 6.5) & (out < 7.5)) == 0 == np.count_nonzero((out > 18.7) & (out < 19.5))


# -- baths -----------------------------------------------------------------------------------------------------------

BATHS = ("semi_bright", "bright", "chrome")


def tanks(plant: Plant, name: str) -> list[int]:
    """Machines of a step of the line."""
    machines = directory(plant).machines
    return [index for index, machine in enumerate(machines) if machine.split("#")[0] == f"line.tank.{name}"]


@pytest.mark.parametrize("scenario", ["baseline", "automatic_hoists", "trivalent_chrome"])
def test_deposit_is_that_of_faraday_through_all_stops(study: Study, scenario: str) -> None:
    """Of the file's current on 180 dm2 for its plating time, within 1 %; what drag-out costs is far from `low`.

    With other timetables one bar in 200 is taken early after a stop, which its shortest soak allows.
    """
    plant = changed(study.plant, changes_of(study, scenario))
    trace = simulate(prepare(plant), seed=2, horizon=3 * DAY)
    assert (trace.stops["state"] == trace_words.FAILED).sum() > 20
    for name, recipe in zip(BATHS, (8e-6, 4e-6, 0.5e-6), strict=True):
        tank = plant.hoist_line["line"].tank[name]
        bath = tank.bath
        assert bath is not None
        metal = METALS[bath.metal]
        seconds = time_for_thickness(recipe, bath.current_density, bath.efficiency, *metal)
        charge = bath.current_density * bath.area * seconds
        moles = bath.efficiency * charge / (metal[1] * 96_485.33)
        expected = moles * metal[0] / metal[2] / bath.area
        assert expected == pytest.approx(recipe, rel=1e-6)
        for machine in tanks(plant, name):
            left = trace.passages["left"][trace.passages["machine"] == machine]
            states = trace.states[machine][left <= trace.horizon]
            wrong = np.abs(states[:, 1] / expected - 1.0) > 0.01
            assert len(states) > 100 and wrong.mean() <= (0.0 if scenario == "baseline" else 0.01)
            assert states[:, 1].min() >= min(1.0, (tank.min or 0.0) / seconds) * expected * 0.999 > bath.minimum
            assert states[:, 0].min() > bath.low


def test_baths_change_no_time_of_the_line(plant: Plant) -> None:
    """Physics on against off: the timetable is the same, and all that differs is what is judged good."""
    on, off = (simulate(prepare(plant, physics), seed=4, horizon=3 * DAY) for physics in (True, False))
    times = [column for column in on.passages if column != "outcome"]
    assert all((on.passages[column] == off.passages[column]).all() for column in times)


def unseen(plant: Plant, name: str) -> float:
    """Share of the bars that a bath spoils by hand: upset at a time t after the shift began, with 1 - exp(-t/mean)."""
    bath = plant.hoist_line["line"].tank[name].bath
    assert bath is not None and bath.upset_every is not None
    shift = 10 * HOUR / bath.upset_every
    return bath.upset_scrap * (1.0 + math.expm1(-shift) / shift)


def test_scrap_of_the_baths_is_what_their_upsets_cost(plant: Plant) -> None:
    line = plant.hoist_line["line"]
    for name in BATHS:
        bath = line.tank[name].bath
        assert bath is not None and bath.physics_scrap == pytest.approx(unseen(plant, name), rel=0.02)
    last = directory(plant).machines.index("line.unload")
    assert prepare(plant).machines[last].yield_ * (1.0 - line.physics_scrap) == pytest.approx(0.96)
    assert prepare(plant, physics=False).machines[last].yield_ == 0.96


def seeing(plant: Plant, recall: float) -> Plant:
    raw = plant.raw
    for name in BATHS:
        raw = paths.put(raw, f"hoist_line.line.tank.{name}.bath.recall", recall)
    return parse_plant(raw)


def scrapped(plant: Plant, weeks: float) -> set[int]:
    trace = simulate(prepare(plant), seed=6, horizon=weeks * WEEK)
    return set(trace.parts["part"][trace.parts["fate"] == trace_words.REJECTED].tolist())


def test_sensors_that_see_nothing_change_cost_alone_and_better_ones_spoil_no_bar(plant: Plant, study: Study) -> None:
    """Blind, the plan is that of today; what is scrap with the sensors of the study is scrap without them too."""
    today = prepare(plant)
    invested = changed(plant, changes_of(study, "bath_sensors_by_physics"))
    assert prepare(seeing(plant, 0.0)) == today != prepare(invested)
    assert prepare(invested) == prepare(seeing(plant, 0.8))
    assert prepare(invested, physics=False) == prepare(plant, physics=False)
    with_sensors, without = scrapped(invested, 2), scrapped(plant, 2)
    assert with_sensors < without
    assert study.investment["bath_sensors_by_physics"].declared is False
    assert study.investment["bath_sensors"].declared is True


@pytest.mark.slow
def test_sensors_save_the_share_of_upsets_that_they_see(plant: Plant) -> None:
    """Paired over 60 weeks. An upset spoils a run of bars, so weeks are what is independent."""
    saved, made = [], []
    for r in range(30):
        runs = [simulate(prepare(seeing(plant, recall)), seed=r, horizon=2 * WEEK) for recall in (0.0, 0.8)]
        rejects = [int((run.parts["fate"] == trace_words.REJECTED).sum()) for run in runs]
        saved.append(rejects[0] - rejects[1])
        made.append(int((runs[0].parts["fate"] == trace_words.AT_SINK).sum()) + rejects[0])
    expected = 0.8 * sum(unseen(plant, name) for name in BATHS) * np.mean(made)
    gain = t_interval([float(each) for each in saved], level=0.999)
    assert gain.low <= expected <= gain.high and gain.low > 0.0, (expected, gain)


def weeks_of(plant: Plant, mode: str, replications: int, weeks: int) -> list[Any]:
    tasks = [Task(plant, mode, r, 2026, weeks * WEEK, WEEK, False) for r in range(replications)]
    return run_all(tasks, workers=1)


def parts(runs: list[Any]) -> list[float]:
    return [run.kpis["good_parts_per_planned_hour"].value * BAR for run in runs]


def test_full_plant_makes_what_the_sheet_says(plant: Plant) -> None:
    """Not above the anchor beyond sampling error, not below 0.85 of it; the line is the bottleneck."""
    runs = weeks_of(plant, "sold_out", 3, 1)
    rate = t_interval(parts(runs))
    assert rate.low <= GOOD and rate.mean >= 0.85 * GOOD, rate
    assert {run.bottleneck for run in runs} == {"line"}


@pytest.mark.slow
def test_full_plant_over_many_weeks(plant: Plant, study: Study) -> None:
    for one, anchor in ((plant, GOOD), (changed(plant, changes_of(study, "automatic_hoists")), AUTOMATIC)):
        rate = t_interval(parts(weeks_of(one, "sold_out", 6, 5)))
        assert rate.low <= anchor and rate.mean >= 0.95 * anchor, (rate, anchor)


@pytest.mark.slow
def test_simulated_trivalent_chrome_pays_through_its_customers_alone(study: Study) -> None:
    after = changed(study.plant, changes_of(study, "trivalent_chrome"))
    for mode in study.demand_modes:
        surplus = [
            [run.kpis["surplus_per_year"].value for run in weeks_of(one, mode, 3, 2)] for one in (study.plant, after)
        ]
        simulated = float(np.subtract(surplus[1], surplus[0]).mean())
        assert worth_of_chrome(study, 0.0, mode, simulated) < 0.0 < worth_of_chrome(study, 1.0, mode, simulated)
