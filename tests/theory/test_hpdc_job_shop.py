"""The die-casting job shop against its data sheet and against what must be exactly so. Rates are per planned hour."""

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
from tests.theory.studies import invested

LAYOUTS = Path(__file__).parents[2] / "layouts"
KWH = 3.6e6
GROUPS = ("hpdc_350", "hpdc_650", "hpdc_850")
CASTINGS = {"hpdc_350": 310.6, "hpdc_650": 174.5, "hpdc_850": 44.2}  # good castings per hour of the sheet
FINISHED = 515.2  # good finished parts per hour, simulated for the sheet without staffing
CONTRIBUTION = {"bracket": 1_700, "housing": 2_600, "cover": 4_800}  # KRW for each good part
THREE = ("robot_tending", "quick_die_change", "predictive_maintenance")


@pytest.fixture(scope="module")
def plant() -> Plant:
    return read(LAYOUTS / "hpdc_job_shop.toml")


@pytest.fixture(scope="module")
def study() -> Study:
    return read_study(LAYOUTS / "hpdc_job_shop_study.toml")


# -- what the file says, by the formula of the sheet -----------------------------------------------------------------


def minor_loss(plant: Plant, name: str) -> float:
    """Share of the time without failures that minor stops take."""
    stop = plant.station[name].failure["minor_stop"]
    return stop.repair.mean / (stop.repair.mean + stop.life.mean)


def run_time(plant: Plant, name: str) -> float:
    """Working time between two setups. [s]"""
    station = plant.station[name]
    stop = next(iter(station.planned.values()))
    if stop.amount is None:
        return stop.period
    return stop.amount / (station.batch.max if station.batch else 1) * station.cycle.mean


def capacity(plant: Plant, name: str) -> float:
    """Parts per planned hour of a station that never waits."""
    station = plant.station[name]
    lost = 1.0 / (1.0 - minor_loss(plant, name))
    if breakdown := station.failure.get("breakdown"):
        lost += breakdown.repair.mean / breakdown.life.mean
    for stop in station.planned.values():
        lost += stop.duration.mean / run_time(plant, name)
    return station.machines * HOUR / station.cycle.mean * (station.batch.max if station.batch else 1) / lost


def castings(plant: Plant) -> float:
    """Good castings per planned hour of all casting machines."""
    return sum(capacity(plant, name) * plant.station[name].yield_ for name in GROUPS)


@pytest.mark.parametrize("name", GROUPS)
def test_casting_machines_have_the_capacity_of_the_sheet(plant: Plant, name: str) -> None:
    assert capacity(plant, name) * plant.station[name].yield_ == pytest.approx(CASTINGS[name], abs=0.051)


def test_castings_of_a_year_are_those_of_the_sheet(plant: Plant) -> None:
    assert castings(plant) == pytest.approx(529.3, abs=0.051)
    assert castings(plant) * plant.time_per_year / HOUR == pytest.approx(2_646_671, abs=5)


def test_stations_behind_have_the_headroom_of_the_sheet(plant: Plant) -> None:
    share = plant.product["bracket_machined"].share
    assert share is not None
    sheet = {"cnc": (345, share, 1.08), "leak": (385, share, 1.21), "inspect": (610, 1.0, 1.15)}
    for name, (rate, of, room) in sheet.items():
        assert capacity(plant, name) == pytest.approx(rate, abs=0.6)
        assert capacity(plant, name) / of / castings(plant) == pytest.approx(room, abs=0.01)


def test_finished_parts_follow_from_castings_and_later_yields(plant: Plant) -> None:
    later = {name: plant.station[name].yield_ for name in ("blast", "cnc", "leak", "inspect")}
    good = later["blast"] * later["inspect"] * (0.6 * later["cnc"] * later["leak"] + 0.4)
    assert castings(plant) * good == pytest.approx(FINISHED, abs=0.1)
    orders = sum(source.weekly_volume or 0 for source in plant.source.values())
    assert orders == pytest.approx(0.92 * FINISHED * 100, rel=0.005)


def test_one_furnace_melts_for_all(plant: Plant) -> None:
    """4.5 s for 1 kg: 772 kg/h available, of which 630 are taken."""
    needed = 0.0
    for key, name in (("bracket", "hpdc_350"), ("housing", "hpdc_650"), ("cover", "hpdc_850")):
        mass = plant.product[f"{key}_plain"].mass
        assert mass is not None and mass.charge is not None
        assert mass.charge == pytest.approx(mass.part / 0.65, rel=1e-4)
        melt = plant.station[name.replace("hpdc", "melt")]
        assert melt.cycle.mean / mass.charge == pytest.approx(4.5, rel=1e-3)
        assert melt.gas_per_part / KWH / mass.charge == pytest.approx(0.7, rel=1e-3)
        needed += capacity(plant, name) * mass.charge
    assert needed == pytest.approx(630, abs=1)
    stop = plant.station["melt_350"].failure["breakdown"]
    lost = 1.0 / (1.0 - minor_loss(plant, "melt_350")) + stop.repair.mean / stop.life.mean
    assert 800.0 / lost == pytest.approx(772, abs=1)
    assert plant.resource["furnace"].units == 1


# -- money -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("key", "group"), [("bracket", "350"), ("housing", "650"), ("cover", "850")])
def test_contribution_and_reject_cost_what_the_sheet_says(plant: Plant, key: str, group: str) -> None:
    price = plant.economics.electricity

    def energy(name: str) -> float:
        station = plant.station[name]
        load = station.batch.max if station.batch else 1
        work = station.power.working if not name.startswith("melt") else 25_000.0
        return work * station.cycle.mean / load * price + station.gas_per_part * plant.economics.gas

    cast = energy(f"melt_{group}") + energy(f"hpdc_{group}")
    finished = cast + energy("blast") + energy("inspect") + 0.6 * (energy("cnc") + energy("leak"))
    for product in (plant.product[f"{key}_machined"], plant.product[f"{key}_plain"]):
        assert product.price - product.material - finished == pytest.approx(CONTRIBUTION[key], abs=2.0)
        assert product.material - product.scrap_value + cast == pytest.approx(900.0, abs=2.0)


def test_people_cost_what_the_sheet_says(plant: Plant) -> None:
    per_shift = {name for name, staff in plant.staff.items() if staff.cost * YEAR > 100e6}
    seats = sum(plant.staff[name].positions for name in per_shift)
    days = sum(staff.positions for name, staff in plant.staff.items() if name not in per_shift)
    assert (seats, days) == (22, 20)
    position = 2 * (2_000 * 22_500 + 500 * 23_650) + 7 * 250 * 7_170
    assert plant.staff["casters"].cost * YEAR == pytest.approx(position, abs=0.05e6)
    assert plant.staff["setters"].cost * YEAR == pytest.approx(1.2 * position, abs=0.1e6)


# investment: capex, opex, life, subsidy, lump fixed, lump sold out, more castings per hour of the sheet
INVESTMENTS = {
    "robot_tending": (690, 21, 10, 280, 0, 0, 19.5),
    "quick_die_change": (120, 5, 8, 60, 70, 0, 43.1),
    "predictive_maintenance": (132, 24, 5, 66, 55, 20, 7.4),
    "quality_gate": (150, 20, 5, 75, 9.5, 0, 8.4),
}


@pytest.mark.parametrize("name", INVESTMENTS)
def test_investment_costs_and_changes_what_the_sheet_says(study: Study, name: str) -> None:
    capex, opex, life, support, fixed, sold_out, more = INVESTMENTS[name]
    money = study.investment[name].money
    assert money.capex == capex * 1e6
    assert money.opex * YEAR == pytest.approx(opex * 1e6)
    assert money.life / YEAR == pytest.approx(life)
    assert money.subsidy is not None and money.subsidy.share is not None
    assert min(money.subsidy.share * money.capex, money.subsidy.cap or math.inf) == support * 1e6
    assert money.benefit.fixed_volume * YEAR == pytest.approx(fixed * 1e6)
    assert money.benefit.sold_out * YEAR == pytest.approx(sold_out * 1e6)
    after = invested(study, name, quick_die_change=0.4)  # the most likely 60 min, by which the sheet counts
    assert castings(after) - castings(study.plant) == pytest.approx(more, abs=0.15)


def test_benefits_of_the_sheet_add_up(study: Study) -> None:
    """Its two columns: lump sums, positions, rejects at 900 KRW, and castings sold at 2,300 KRW in 5,000 h."""
    position, hours = study.plant.staff["casters"].cost * YEAR / 1e6, 5_000
    columns = {"robot_tending": (264, 477), "quick_die_change": (70, 496), "predictive_maintenance": (55, 106)}
    columns["quality_gate"] = (48, 97)
    rejects = {
        "robot_tending": 2 * position + 174.5 * hours * 0.015 * 900 / 1e6,
        "quality_gate": 529.3 / 0.94 * hours * 0.015 * 900 / 1e6,
    }
    for name, (demand, sold_out) in columns.items():
        benefit = study.investment[name].money.benefit
        assert benefit.fixed_volume * YEAR / 1e6 + rejects.get(name, 0.0) == pytest.approx(demand, abs=0.6), name
        more = castings(invested(study, name, quick_die_change=0.4)) - castings(study.plant)
        saved = benefit.sold_out * YEAR / 1e6 + (2 * position if name == "robot_tending" else 0.0)
        assert saved + more * 2_300 * hours / 1e6 == pytest.approx(sold_out, abs=2.0), name


def test_three_together_ask_more_of_machining_than_it_has(study: Study) -> None:
    """Castings grow by the sum of the parts and more; the machining centres, in formula, by less than that."""
    after = invested(study, *THREE, quick_die_change=0.4)
    assert castings(after) / castings(study.plant) > 1.124
    room = capacity(after, "cnc") / 0.6 / 0.999 / castings(study.plant)
    assert room == pytest.approx(1.085, abs=0.003)
    assert capacity(invested(study, *THREE, "more_cnc"), "cnc") == pytest.approx(1.4 * capacity(after, "cnc"))


# -- what runs -------------------------------------------------------------------------------------------------------


def casting_only(plant: Plant) -> Plant:
    """Melting and casting with constant times, losses spread over each cycle, no failures, no yield, setters enough."""
    raw = paths.without(plant.raw, "plant.calendar")
    for name in ("blast", "cnc", "leak", "inspect"):
        raw = paths.without(raw, f"station.{name}")
        raw = paths.without(raw, f"buffer.before_{name}")
    for key, product in plant.product.items():
        raw = paths.put(raw, f"product.{key}.route", [*product.route[:3], "finished"])
    for name in (*GROUPS, *(name.replace("hpdc", "melt") for name in GROUPS)):
        raw = paths.put(raw, f"station.{name}.cycle", f"{plant.station[name].cycle.mean} s")
        raw = paths.put(raw, f"station.{name}.yield", 1.0)
        raw = paths.put(raw, f"station.{name}.loss", minor_loss(plant, name))
        raw = paths.without(raw, f"station.{name}.failure")
    raw = paths.put(raw, "resource.setters.units", 6)
    raw = paths.without(paths.without(raw, "resource.cnc_operators"), "evidence")
    return parse_plant(raw)


def test_without_failures_a_lot_and_its_change_take_exactly_the_time_of_the_formula(plant: Plant) -> None:
    """From any casting to the one a whole lot later, in steady production; the furnace feeds all three groups."""
    lone = casting_only(plant)
    trace = simulate(prepare(lone), horizon=56 * HOUR)
    for index, machine in enumerate(directory(lone).machines):
        name = machine.partition("#")[0]
        if name not in GROUPS:
            continue
        station = lone.station[name]
        stop = station.planned["die_change"]
        assert stop.amount is not None
        lot, load = int(stop.amount), station.batch.max if station.batch else 1
        ended = np.sort(trace.visits["ended"][trace.visits["machine"] == index])
        ended = ended[ended <= trace.horizon]  # the last one may still be at work
        took = (ended[lot:] - ended[:-lot])[-50:] / TICKS_PER_SECOND
        expected = lot / load * station.cycle.mean / (1.0 - station.loss) + stop.duration.mean
        assert took == pytest.approx(np.full(50, expected), rel=1e-6), machine
        rate = station.machines * lot / took[-1] * HOUR
        by_formula = 1.0 / (1.0 / (1.0 - 0.08) + stop.duration.mean / run_time(plant, name))
        assert rate == pytest.approx(station.machines * load * HOUR / station.cycle.mean * by_formula, rel=1e-6)


def weeks_of(plant: Plant, replications: int = 2) -> list[Any]:
    tasks = [Task(plant, "sold_out", r, 2026, WEEK, WEEK, False) for r in range(replications)]
    return run_all(tasks, workers=2)


def finished(runs: list[Any]) -> list[float]:
    return [run.kpis["good_parts_per_planned_hour"].value for run in runs]


@pytest.fixture(scope="module")
def today(plant: Plant) -> list[Any]:
    return weeks_of(plant, 3)


@pytest.mark.slow
def test_full_plant_makes_what_the_sheet_says(today: list[Any]) -> None:
    """Not above the anchor beyond sampling error, and not far below; casting is the bottleneck."""
    rate = t_interval(finished(today))
    assert rate.low <= FINISHED, rate
    assert rate.mean >= 0.95 * FINISHED, rate
    assert {run.bottleneck for run in today} <= set(GROUPS)
    for name in GROUPS:
        shown = t_interval([run.stations[name]["yield"].value for run in today])
        assert shown.mean == pytest.approx(0.94, abs=0.01)


@pytest.mark.slow
def test_three_investments_together_gain_less_than_their_sum_unless_machining_grows(
    study: Study, today: list[Any]
) -> None:
    """The sheet: +8.5 % with 10 machining centres, +13.5 % with 14, 12.4 % as sum.

    Two weeks leave some 1.5 points of sampling error in each gain, so its values are met within 4 points; that the
    machining centres then hold the shop back is judged on the same luck: with more of them each run makes more.
    """
    base = np.array(finished(today)[:2])
    three = weeks_of(invested(study, *THREE, quick_die_change=0.4))
    more = weeks_of(invested(study, *THREE, "more_cnc", quick_die_change=0.4))
    gain, with_cnc = (np.array(finished(runs)) / base - 1.0 for runs in (three, more))
    assert gain.mean() == pytest.approx(0.085, abs=0.04)
    assert with_cnc.mean() == pytest.approx(0.135, abs=0.04)
    assert (with_cnc > gain).all()
