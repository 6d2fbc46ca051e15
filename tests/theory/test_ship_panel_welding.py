"""Ship panel welding against its data sheet and against what must be exactly so. Rates are per planned hour."""

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
from processes.welding import weld_cell_time, weld_heat_input
from tests.theory.studies import invested

LAYOUTS = Path(__file__).parents[2] / "layouts"
MILLION = 1e6
PANELS, LENGTH, HOURS = 3_000, 48.0, 4_000  # a year, metres of a panel, planned hours
BY_HAND = 33_058  # hours of welders a year


@pytest.fixture(scope="module")
def plant() -> Plant:
    return read(LAYOUTS / "ship_panel_welding.toml")


@pytest.fixture(scope="module")
def study() -> Study:
    return read_study(LAYOUTS / "ship_panel_welding_study.toml")


def time_of_a_panel(plant: Plant, name: str) -> float:
    """Mean time at a place, with its share of the services of the torch. [s]"""
    station = plant.station[name]
    torch = station.torch
    return station.cycle.mean + (0.0 if torch is None else torch.service * torch.seams / torch.every)


def capacity(plant: Plant, name: str) -> float:
    """Panels per planned hour of a station that never waits."""
    station = plant.station[name]
    cycle, service = station.cycle.mean, time_of_a_panel(plant, name) - station.cycle.mean
    lost = 1.0 + sum(mode.repair.mean / mode.life.mean for mode in station.failure.values())
    return sum(HOUR / (cycle / speed * lost + service) for speed in station.speed or (1.0,) * station.machines)


# -- what the files say, by the formulas of the sheet ----------------------------------------------------------------


def test_a_panel_takes_eleven_hours_of_welders(plant: Plant) -> None:
    hours = weld_cell_time(LENGTH, 0.0055, 0.22) / HOUR
    assert hours == pytest.approx(11.02, abs=0.005)
    assert 2 * time_of_a_panel(plant, "weld") / HOUR == pytest.approx(hours, abs=0.005)
    assert PANELS * hours == pytest.approx(BY_HAND, abs=1)
    assert 2 * plant.station["repair"].cycle.mean / HOUR == pytest.approx(0.04 * 3 * hours, abs=0.005)


def test_seams_are_those_of_the_sheet(plant: Plant, study: Study) -> None:
    """The arcs of both welders together: half the time at twice the current, so the same heat for a metre."""
    for each, length in ((plant, LENGTH), (invested(study, "gantry"), 0.25 * LENGTH)):
        weld = each.station["weld"]
        seam, torch = weld.seam, weld.torch
        assert seam is not None and torch is not None and seam.passes == 1 and torch.seams == seam.seams
        assert seam.seams * seam.length == pytest.approx(length)
        arc_on = seam.seams * seam.length / seam.travel_speed / time_of_a_panel(each, "weld")
        assert arc_on == pytest.approx(0.22, abs=1e-3)
        heat = weld_heat_input(seam.voltage, seam.current, seam.travel_speed, seam.arc_efficiency)
        assert heat / 1e6 == pytest.approx(1.06, abs=0.005)  # kJ/mm
        assert heat == pytest.approx(weld_heat_input(28.0, 260.0, 0.0055, 0.8))
        arcs = torch.every * seam.length / seam.travel_speed / HOUR
        assert 1.0 <= arcs <= 8.0  # life of a contact tip


def test_stations_and_cranes_are_as_busy_as_the_sheet_says(plant: Plant) -> None:
    rate = PANELS / HOURS
    volume = plant.source["plates"].weekly_volume
    assert volume is not None
    assert volume / 80 == rate == 0.75
    busy = {"fitup": 0.63, "weld": 0.83, "repair": 0.50}
    for name, share in busy.items():
        station = plant.station[name]
        used = rate * time_of_a_panel(plant, name) / HOUR / station.machines
        assert used == pytest.approx(share, abs=0.006), name
    crane = plant.vehicle["crane"]
    moved = [way.distance or 0.0 for way in crane.way if {way.from_, way.to} != {"inspect", "repair"}]
    there = sum(moved)
    assert crane.speed is not None
    move = crane.pick.mean + crane.drop.mean + 2.0 * there / crane.speed / len(crane.legs)
    assert move / 60 == pytest.approx(12, abs=0.15)
    assert len(crane.legs) * rate * move / HOUR / crane.units == pytest.approx(0.23, abs=0.01)
    assert min(("fitup", "weld", "inspect", "repair"), key=lambda name: capacity(plant, name)) == "weld"


def test_people_cost_what_the_sheet_says(plant: Plant) -> None:
    assert plant.staff["welders"].cost * YEAR == pytest.approx(27_000 * HOURS)
    assert plant.staff["fitters"].cost * YEAR == pytest.approx(HOURS * 22_500 + 2 * 250 * 7_170, abs=0.05 * MILLION)
    assert plant.staff["welders"].positions == plant.resource["welders"].units == 12
    assert plant.staff["fitters"].positions == plant.resource["fitters"].units == 6


# investment: capex, opex, life, subsidy, lump sold out; columns of the sheet [M KRW, yr]; then of the hours
INVESTMENTS = {
    "cobots": (440, 25, 8, 220, 0, 402, 402, 0.60, (0.006, 0.45, 3), 2_000),
    "gantry": (1_600, 80, 12, 280, 90, 606, 696, 0.75, (0.008, 0.70, 4), 1_000),
}


@pytest.mark.parametrize("name", INVESTMENTS)
def test_investment_costs_what_the_sheet_says(study: Study, name: str) -> None:
    capex, opex, life, support, lump, *_ = INVESTMENTS[name]
    money = study.investment[name].money
    assert money.capex == capex * MILLION
    assert money.opex * YEAR == pytest.approx(opex * MILLION)
    assert money.life / YEAR == pytest.approx(life)
    assert money.subsidy is not None and money.subsidy.share is not None
    assert min(money.subsidy.share * money.capex, money.subsidy.cap or math.inf) == support * MILLION
    assert money.benefit.fixed_volume == 0.0
    assert money.benefit.sold_out * YEAR == pytest.approx(lump * MILLION)


@pytest.mark.parametrize("name", INVESTMENTS)
def test_benefits_of_the_sheet_add_up(study: Study, name: str) -> None:
    """Hours of welders that are saved, less those of operating and setting up, at 27,000 KRW."""
    *_, lump, fixed, sold_out, share, (speed, arc_on, torches), more = INVESTMENTS[name]
    minded = share * PANELS * LENGTH / (speed * arc_on * torches) / HOUR
    saved = share * BY_HAND - minded - more
    assert saved * 27_000 / MILLION == pytest.approx(fixed, abs=1.0)
    welders = study.plant.staff["welders"]
    gone = welders.positions - invested(study, name).staff["welders"].positions
    assert gone * HOURS == pytest.approx(saved, abs=10)
    assert gone * welders.cost * YEAR / MILLION == pytest.approx(fixed, abs=1.0)
    assert gone * welders.cost * YEAR / MILLION + lump == pytest.approx(sold_out, abs=1.0)


def test_cycles_follow_from_the_hours_of_the_sheet(study: Study) -> None:
    hours = weld_cell_time(LENGTH, 0.0055, 0.22) / HOUR
    cobots = 0.4 * hours + 2_963 / PANELS + 2_000 / PANELS
    fast = invested(study, "cobots").station["weld"].speed[0]
    assert hours / cobots == pytest.approx(fast, rel=0.001)
    after = invested(study, "gantry")
    assert after.station["gantry"].cycle.mean / HOUR == pytest.approx(1_339 / PANELS + 0.25, abs=0.001)
    assert 2 * time_of_a_panel(after, "weld") / HOUR == pytest.approx(0.25 * hours, abs=0.002)
    for name in INVESTMENTS:
        plant = invested(study, name)
        assert plant.resource["welders"].units == math.floor(plant.staff["welders"].positions)


# -- what runs -------------------------------------------------------------------------------------------------------


def constant(plant: Plant) -> Plant:
    """Constant times, no failures, always open, sold out."""
    raw = paths.without(paths.without(plant.raw, "plant.calendar"), "evidence")
    for name, station in plant.station.items():
        raw = paths.put(raw, f"station.{name}.cycle", f"{station.cycle.mean} s")
        if station.failure:
            raw = paths.without(raw, f"station.{name}.failure")
    return parse_plant(paths.without(raw, "resource.repair_crew"))


def test_without_luck_welding_makes_the_rate_of_the_formula_but_for_the_crane(plant: Plant) -> None:
    """A place is held until the crane has hooked the panel, 5 min and up to 2 min of its way; else it welds."""
    lone = constant(plant)
    trace = simulate(prepare(lone, demand_mode="sold_out"), horizon=400 * HOUR)
    places = [at for at, name in enumerate(directory(lone).machines) if name.startswith("weld")]
    ended = np.sort(trace.visits["ended"][np.isin(trace.visits["machine"], places)])
    ended = ended[ended <= trace.horizon] / TICKS_PER_SECOND / HOUR
    rate = 200 / (ended[-1] - ended[-201])
    cycle = time_of_a_panel(lone, "weld") / HOUR
    assert 5 / (cycle + 7 / 60) <= rate <= 5 / (cycle + 5 / 60)
    assert rate == pytest.approx(capacity(lone, "weld"), rel=0.025)


def test_arcs_take_the_power_of_the_sheet_and_torches_are_served(plant: Plant) -> None:
    """9 kW at each arc, 0.5 kW else; every fourth panel of a place 90 s; no seam waits; off, nothing does."""
    lone = constant(plant)
    plan, off = prepare(lone, demand_mode="sold_out"), prepare(lone, physics=False, demand_mode="sold_out")
    trace = simulate(plan, horizon=400 * HOUR)
    panels = trace.meters["quantity"]
    assert len(panels) > 300
    idle = 1e3 * time_of_a_panel(lone, "weld")
    by_sheet = 2.0 * (0.22 * 9e3 + 0.78 * 500.0) * time_of_a_panel(lone, "weld")
    assert panels + idle == pytest.approx([by_sheet] * len(panels), rel=0.01)
    names = [directory(lone).stops[stop] for stop in trace.stops["stop"] if stop >= 0]
    assert set(names) == {"torch_service"}
    assert names.count("torch_service") == pytest.approx(len(panels) / 4, abs=5)
    bare = simulate(off, horizon=400 * HOUR)
    assert not len(bare.meters["quantity"]) and not (bare.stops["stop"] >= 0).any()


def runs_of(plant: Plant, mode: str, replications: int = 3) -> list[Any]:
    tasks = [Task(plant, mode, r, 2026, 12 * WEEK, 2 * WEEK, True) for r in range(replications)]
    return run_all(tasks, workers=1)


def kpi(runs: list[Any], name: str) -> Any:
    return t_interval([run.kpis[name].value for run in runs])


def test_shop_comes_near_its_anchor_and_welding_is_the_bottleneck(plant: Plant) -> None:
    """Cranes at the places cost 2 %; never above beyond sampling error."""
    runs = runs_of(plant, "sold_out")
    rate = kpi(runs, "good_parts_per_planned_hour")
    assert rate.low <= capacity(plant, "weld"), rate
    assert rate.mean >= 0.95 * capacity(plant, "weld"), rate
    assert {run.bottleneck for run in runs} == {"weld"}


@pytest.mark.parametrize("name", ["today", *INVESTMENTS])
def test_three_thousand_panels_are_welded_with_fewer_welders_too(study: Study, name: str) -> None:
    plant = study.plant if name == "today" else invested(study, name)
    runs = runs_of(plant, "fixed_volume", 2)
    assert kpi(runs, "good_parts_per_planned_hour").mean * HOURS == pytest.approx(PANELS, rel=0.01)
