"""The hot forging line against its data sheet and against what must be exactly so. Rates are per planned hour."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from factory_sim.model import Plant, Study, parse_plant, paths, read, read_study
from factory_sim.model.units import HOUR, WEEK, YEAR
from factory_sim.results.statistics import t_interval
from factory_sim.simulation.plan import TICKS_PER_SECOND
from factory_sim.simulation.prepare import directory, prepare
from factory_sim.simulation.run import simulate
from factory_sim.study.runner import run_all
from factory_sim.study.task import Task
from processes.forging import billet_temperature_after_wait
from tests.theory.studies import invested

LAYOUTS = Path(__file__).parents[2] / "layouts"
KWH, MILLION = 3.6e6, 1e6
ROUTE = ("shear", "heat", "forge", "trim", "ht", "blast", "mpi")
# station: capacity in parts, in good finished parts, both per planned hour
ANCHORS = {
    "shear": (689.48, 665.66),
    "heat": (587.81, 568.64),
    "forge": (245.84, 238.54),
    "trim": (359.52, 354.15),
    "ht": (344.40, 339.94),
    "blast": (881.22, 874.18),
    "mpi": (324.00, 321.73),
}
GOOD, HOURS = 1_192_704, 5_000  # good hubs and planned hours of a year
BILLET, HUB = 3.2, 2.7  # kg


@pytest.fixture(scope="module")
def plant() -> Plant:
    return read(LAYOUTS / "hot_forging.toml")


@pytest.fixture(scope="module")
def study() -> Study:
    return read_study(LAYOUTS / "hot_forging_study.toml")


# -- what the file says, by the formula of the sheet -----------------------------------------------------------------


def minor_loss(plant: Plant, name: str) -> float:
    """Share of the time without failures that minor stops take, or that is lost after each cycle."""
    station = plant.station[name]
    if (stop := station.failure.get("minor_stop")) is None:
        return station.loss
    return stop.repair.mean / (stop.repair.mean + stop.life.mean)


def cycle(plant: Plant, name: str) -> float:
    """Time of one machine for one part, of a furnace from part to part. [s]"""
    flow = plant.station[name].flow
    if flow is None:
        return plant.station[name].cycle.mean
    assert flow.speed is not None
    return flow.pitch / flow.speed


def lost_in_repair(plant: Plant, name: str) -> float:
    """Repair of breakdowns per working time."""
    modes = (mode for key, mode in plant.station[name].failure.items() if key != "minor_stop")
    return sum(mode.repair.mean / mode.life.mean for mode in modes)


def capacity(plant: Plant, name: str) -> float:
    """Parts per planned hour of a station that never waits; the sheet changes both dies each 30 h of the press."""
    station = plant.station[name]
    share = 1.0 / (1.0 - minor_loss(plant, name)) + lost_in_repair(plant, name)
    if station.planned:
        run = plant.station["forge"].planned["die_change"].period * plant.station["forge"].cycle.mean
        share += station.planned["die_change"].duration.mean / run
    load = station.batch.max if station.batch else 1
    return station.machines * HOUR / cycle(plant, name) * load / share


def good(plant: Plant, name: str) -> float:
    """Good finished parts per planned hour if this station were the only limit."""
    later = ROUTE[ROUTE.index(name) :]
    return capacity(plant, name) * math.prod(plant.station[each].yield_ for each in later)


@pytest.mark.parametrize("name", ROUTE)
def test_stations_have_the_capacity_of_the_sheet(plant: Plant, name: str) -> None:
    rate, finished = ANCHORS[name]
    assert capacity(plant, name) == pytest.approx(rate, abs=0.01)
    assert good(plant, name) == pytest.approx(finished, abs=0.01)


def test_the_press_is_the_bottleneck_and_makes_what_the_sheet_says(plant: Plant) -> None:
    assert min(ROUTE, key=lambda name: good(plant, name)) == "forge"
    assert good(plant, "forge") * plant.time_per_year / HOUR == pytest.approx(GOOD, abs=1)
    assert plant.source["bars"].weekly_volume == pytest.approx(0.90 * 100 * good(plant, "forge"), rel=0.005)


def test_the_furnace_holds_965_hubs_for_two_and_a_half_hours(plant: Plant) -> None:
    flow = plant.station["ht"].flow
    assert flow is not None and flow.speed is not None
    assert flow.length / flow.speed == pytest.approx(2.6 * HOUR)
    assert round(flow.length / flow.pitch) == 965
    assert HUB * HOUR / cycle(plant, "ht") == pytest.approx(1_000, rel=0.005)  # kg/h
    # Off the shifts: 18 h between shifts of one week at idle, 2 h heating up on Monday, nothing over the weekend.
    off = (18 * plant.station["ht"].power.idle + 2 * plant.station["ht"].power.working) / 68
    assert plant.station["ht"].power.off == pytest.approx(off, rel=0.002)


def test_a_billet_takes_the_heat_of_the_sheet_and_waits_within_its_window(plant: Plant) -> None:
    heater, billet = plant.station["heat"].heater, plant.station["forge"].billet
    assert heater is not None and billet is not None
    heat = heater.specific_heat * (heater.temperature - heater.ambient)
    assert heat / KWH == pytest.approx(0.235, rel=1e-4)
    assert heat / heater.efficiency / KWH * 1_000 == pytest.approx(800, rel=1e-4)
    assert billet.diameter**2 * math.pi / 4 * billet.length * billet.density == pytest.approx(BILLET, rel=0.005)
    shape = billet.diameter, billet.length, billet.density, billet.specific_heat
    open_air = [billet_temperature_after_wait(*shape, 15.0, 0.8, 1_230.0, 20.0, wait) for wait in (24.0, 30.0)]
    assert open_air[0] > billet.reheat_below > open_air[1]
    buffer = plant.buffer["hot_conveyor"]
    full = buffer.capacity * plant.station["forge"].cycle.mean - plant.station["heat"].cycle.mean  # type: ignore[operator]
    assert full == pytest.approx(30.2)
    hood = [
        billet_temperature_after_wait(*shape, billet.convection, billet.emissivity, 1_230.0, 20.0, wait)
        for wait in (full + 12.0, full + 24.0)
    ]
    assert hood[0] > billet.reheat_below > hood[1]


# -- money and carbon ------------------------------------------------------------------------------------------------


def energy_of_a_hub(plant: Plant) -> float:
    """Gas and electricity of working stations for one hub. [KRW]"""
    heater = plant.station["heat"].heater
    assert heater is not None
    heat = heater.specific_heat * (heater.temperature - heater.ambient) * BILLET / heater.efficiency
    price = plant.economics.gas if heater.carrier == "gas" else plant.economics.electricity
    work = 0.0
    for name in ROUTE:
        station = plant.station[name]
        work += station.power.working * cycle(plant, name) / (station.batch.max if station.batch else 1)
    return heat * price + work * plant.economics.electricity


def test_a_hub_contributes_what_the_sheet_says_though_its_bar_alone_would_not_leave_that(plant: Plant) -> None:
    hub, tool = plant.product["hub"], plant.station["forge"].tool
    assert tool is not None
    other = energy_of_a_hub(plant) + tool.cost / tool.life
    assert hub.price - hub.material - other == pytest.approx(3_000, abs=1.0)
    flash = (BILLET - HUB) * 350
    assert hub.price - (5_600 - flash) - other < 2_700  # with a bar of 3.2 kg at 1,750 KRW/kg, flash sold
    assert hub.scrap_value == BILLET * 350


def test_people_cost_what_the_sheet_says(plant: Plant) -> None:
    position = 2 * (2_000 * 22_500 + 500 * 23_650) + 7 * 250 * 7_170
    operators = ("heater", "forgers", "trimmer", "heat_treater", "inspectors")
    assert sum(plant.staff[name].positions for name in operators) == 8
    for name, staff in plant.staff.items():
        assert staff.cost * YEAR == pytest.approx(position * (1.2 if name == "setter" else 1.0), abs=0.1e6)
    assert plant.staff["setter"].positions == plant.staff["forklift_driver"].positions == 1


def heating(plant: Plant) -> tuple[float, float]:
    """Cost [M KRW] and CO2e [t] of a year's heating, by the sheet for good hubs x 3.2 kg."""
    heater, prices = plant.station["heat"].heater, plant.economics
    assert heater is not None
    taken = GOOD * BILLET * heater.specific_heat * (heater.temperature - heater.ambient) / heater.efficiency
    if heater.carrier == "gas":
        return taken * prices.gas / MILLION, taken * prices.gas_factor / 1_000
    return taken * prices.electricity / MILLION, taken * prices.grid_factor / 1_000


def test_induction_saves_neither_money_nor_carbon_in_heating(study: Study) -> None:
    before, after = heating(study.plant), heating(invested(study, "induction"))
    assert before == pytest.approx((238, 556), abs=0.6)
    assert after == pytest.approx((238, 605), abs=0.6)
    assert after[1] > before[1]
    assert after[0] == pytest.approx(before[0], rel=0.005)


# investment: capex, opex, life, subsidy, lump fixed, lump sold out; both columns of the sheet [M KRW, yr]
INVESTMENTS = {
    "robots": (620, 20, 10, 280, 0, 0, 379, 1_326),
    "induction": (950, 20, 15, 0, 0, 60, 209, 269),
    "direct_quench": (450, 15, 15, 200, 79, 79, 131, 131),
    "die_sensors": (180, 15, 6, 90, 0, 0, 193, 229),
}


@pytest.mark.parametrize("name", INVESTMENTS)
def test_investment_costs_what_the_sheet_says(study: Study, name: str) -> None:
    capex, opex, life, support, fixed, sold_out, *_ = INVESTMENTS[name]
    money = study.investment[name].money
    assert money.capex == capex * MILLION
    assert money.opex * YEAR == pytest.approx(opex * MILLION)
    assert money.life / YEAR == pytest.approx(life)
    given = 0.0
    if money.subsidy is not None and money.subsidy.share is not None:
        given = min(money.subsidy.share * money.capex, money.subsidy.cap or math.inf)
    assert given == support * MILLION
    assert money.benefit.fixed_volume * YEAR == pytest.approx(fixed * MILLION)
    assert money.benefit.sold_out * YEAR == pytest.approx(sold_out * MILLION)


def saved_in_a_year(study: Study, name: str) -> float:
    """What the simulation expects of an investment at the volume of the sheet, lump sums included. [M KRW]"""
    before, after = study.plant, invested(study, name)
    people = sum(
        (before.staff[each].positions - after.staff[each].positions) * before.staff[each].cost * YEAR
        for each in before.staff
    )
    tools = [plant.station["forge"].tool for plant in (before, after)]
    assert tools[0] is not None and tools[1] is not None
    per_hub = [tool.cost / tool.life for tool in tools if tool is not None]
    per_hub[0] += before.product["hub"].material
    per_hub[1] += after.product["hub"].material
    furnace = 0.0
    if name == "direct_quench":
        share = after.product["hub"].share
        assert share is not None
        busy = ANCHORS["forge"][1] / math.prod(before.station[each].yield_ for each in ("ht", "blast", "mpi"))
        power = before.station["ht"].power
        kilowatts = (power.working - power.idle) * busy * cycle(before, "ht") / HOUR * (1.0 - share)
        furnace = kilowatts * HOURS * HOUR * before.economics.electricity
    lump = study.investment[name].money.benefit.fixed_volume * YEAR
    saved = people + GOOD * (per_hub[0] - per_hub[1]) + furnace + lump
    return saved / MILLION + heating(before)[0] - heating(after)[0]


@pytest.mark.parametrize("name", INVESTMENTS)
def test_benefits_of_the_sheet_add_up_at_fixed_volume(study: Study, name: str) -> None:
    assert saved_in_a_year(study, name) == pytest.approx(INVESTMENTS[name][6], abs=1.5)


@pytest.mark.parametrize("name", INVESTMENTS)
def test_benefits_of_the_sheet_add_up_sold_out(study: Study, name: str) -> None:
    """Further hubs at 3,000 KRW. Longer life of dies with induction makes 1.2 an hour, which the sheet leaves out."""
    more = good(invested(study, name), "forge") - good(study.plant, "forge") if name != "direct_quench" else 0.0
    if name == "induction":
        assert more == pytest.approx(1.2, abs=0.1)
        more = 0.0
    benefit = study.investment[name].money.benefit
    lump = (benefit.sold_out - benefit.fixed_volume) * YEAR / MILLION
    worth = saved_in_a_year(study, name) + lump + more * 3_000 * HOURS / MILLION
    assert worth == pytest.approx(INVESTMENTS[name][7], abs=2.5)
    if name == "robots":
        assert good(invested(study, name), "forge") == pytest.approx(301.71, abs=0.01)


def test_hubs_that_are_quenched_directly_lose_three_in_a_thousand(study: Study) -> None:
    after = invested(study, "direct_quench")
    assert after.station["direct_quench"].yield_ == pytest.approx(after.station["ht"].yield_ - 0.003)
    one, other = after.product["hub"], after.product["hub_direct"]
    assert (one.share, other.share) == (0.25, 0.75)
    assert [*other.route] == ["direct_quench" if name == "ht" else name for name in one.route]
    assert (one.price, one.material, one.scrap_value) == (other.price, other.material, other.scrap_value)


# -- what runs -------------------------------------------------------------------------------------------------------


def presses_only(plant: Plant) -> Plant:
    """Shear to trim press with constant times, losses spread over each cycle, no failures and no yield."""
    raw = paths.without(paths.without(plant.raw, "plant.calendar"), "evidence")
    for name in ("ht", "blast", "mpi"):
        raw = paths.without(raw, f"station.{name}")
        raw = paths.without(raw, f"buffer.before_{name}")
    raw = paths.put(raw, "product.hub.route", [*plant.product["hub"].route[:5], "store"])
    for name in ROUTE[:4]:
        raw = paths.put(raw, f"station.{name}.cycle", f"{plant.station[name].cycle.mean} s")
        raw = paths.put(raw, f"station.{name}.yield", 1.0)
        raw = paths.put(raw, f"station.{name}.loss", minor_loss(plant, name))
        raw = paths.without(raw, f"station.{name}.failure")
    return parse_plant(paths.without(raw, "resource"))


def test_without_failures_dies_take_the_time_of_the_formula_and_both_presses_change_together(plant: Plant) -> None:
    """A die change is over 9,000 strikes and 2 h after the last one; that of the trim press waits for the last hub."""
    lone = presses_only(plant)
    trace = simulate(prepare(lone, physics=False), horizon=70 * HOUR)
    names = directory(lone)
    machines = {name.partition("#")[0]: index for index, name in enumerate(names.machines)}
    left = np.sort(trace.visits["left"][trace.visits["machine"] == machines["forge"]])
    took = (left[9_000:] - left[:-9_000])[:9_000] / TICKS_PER_SECOND
    expected = 9_000 * 12.0 / (1.0 - 0.08) + 7_200.0
    assert np.median(took) == pytest.approx(expected, rel=1e-6)
    by_formula = 1.0 / (1.0 / 0.92 + 2.0 / 30.0)
    assert 9_000 / expected * HOUR == pytest.approx(HOUR / 12.0 * by_formula, rel=1e-9)
    begun = {name: _long_stops(trace.stops, index) for name, index in machines.items()}
    assert len(begun["forge"]) == len(begun["trim"]) == 2
    for press, trim in zip(begun["forge"], begun["trim"], strict=True):
        assert press <= trim <= press + 60.0


def _long_stops(stops: Any, machine: int) -> list[float]:
    """Return when the stops of two hours of a machine began. [s]"""
    mine = (stops["machine"] == machine) & (stops["end"] - stops["begin"] == 7_200 * TICKS_PER_SECOND)
    return [float(begin) / TICKS_PER_SECOND for begin in stops["begin"][mine]]


def weeks_of(plant: Plant, replications: int, weeks: int) -> list[Any]:
    tasks = [Task(plant, "sold_out", r, 2026, weeks * WEEK, WEEK, True) for r in range(replications)]
    return run_all(tasks, workers=2)


def finished(runs: list[Any]) -> list[float]:
    return [run.kpis["good_parts_per_planned_hour"].value for run in runs]


def least_idle(run: Any) -> str:
    """Return the station that is starved or blocked for the least time."""
    return min(ROUTE, key=lambda name: sum(run.stations[name][f"state_{s}"].value for s in ("starved", "blocked")))


def test_one_week_comes_near_the_anchor_and_the_press_waits_least(plant: Plant) -> None:
    """Four weeks vary by 4 %, one week by twice that."""
    (run,) = weeks_of(plant, 1, 1)
    assert 0.85 < finished([run])[0] / ANCHORS["forge"][1] < 1.08
    assert least_idle(run) == "forge"
    sent_back = run.stations["forge"]["quality"].value - run.stations["forge"]["yield"].value
    assert 0.005 < sent_back < 0.04  # billets that cooled while the press stood still


@pytest.mark.slow
def test_full_plant_makes_what_the_sheet_says(plant: Plant) -> None:
    """The sheet: 0.952 +- 0.009 of the anchor; not above the anchor beyond sampling error."""
    rate = t_interval(finished(weeks_of(plant, 6, 4)))
    anchor = ANCHORS["forge"][1]
    assert rate.low <= anchor, rate
    assert rate.mean >= 0.85 * anchor, rate
    assert rate.low <= 0.961 * anchor and rate.high >= 0.943 * anchor, rate


@pytest.mark.slow
def test_induction_emits_no_less_in_the_simulation(study: Study, plant: Plant) -> None:
    after = weeks_of(invested(study, "induction"), 1, 1)
    before = weeks_of(plant, 1, 1)
    emitted = [runs[0].kpis["co2e_per_good_part"].value for runs in (before, after)]
    # Heating takes 0.507 kg for each hub instead of 0.466; as 2.5 % more hubs come out, what the line uses by the hour
    # (2.8 kWh of electricity a hub) gives up to 0.03 kg back.
    assert emitted[1] > emitted[0]
