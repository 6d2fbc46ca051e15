"""The additive cell against its data sheet.

The sheet's output is n x hours/(build + changeover) x parts on a plate x yields. It knows neither breakdowns nor the
weekend; a simulation of the sheet with both, and builds that start with 24 h of the week left, makes 0.971 of it.
"""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from factory_sim.finance.returns import annuity_factor
from factory_sim.model import Distribution, Plant, Study, parse_plant, paths, read, read_study
from factory_sim.model.units import HOUR, WEEK, YEAR
from factory_sim.results.statistics import t_interval
from factory_sim.simulation.plan import TICKS_PER_SECOND
from factory_sim.simulation.prepare import directory, prepare
from factory_sim.simulation.run import simulate
from factory_sim.simulation.trace import AT_SINK, CAUSE_UNIT, SCRAPPED, WINDOW, Trace
from factory_sim.study.runner import run_all
from factory_sim.study.task import Task
from processes.additive import lpbf_build_time
from tests.theory.studies import invested

LAYOUTS = Path(__file__).parents[2] / "layouts"
PARTS, ANCHOR, MEASURED = 24, 6_524.0, 0.971  # on a plate; good parts per year; share of it that was simulated
YEARS = annuity_factor(0.08, 8)  # the sheet counts 8 years at 8 %, before tax and support
LOST = SCRAPPED + CAUSE_UNIT * WINDOW


@pytest.fixture(scope="module")
def plant() -> Plant:
    return read(LAYOUTS / "additive_cell.toml")


@pytest.fixture(scope="module")
def study() -> Study:
    return read_study(LAYOUTS / "additive_cell_study.toml")


def builds(plant: Plant) -> float:
    """Builds per year of machines that never wait."""
    station = plant.station["print"]
    return station.machines * plant.time_per_year / (
        station.cycle.mean + station.planned["changeover"].duration.mean
    )  # fmt: skip


def good_of_a_build(plant: Plant) -> float:
    """Good parts per build that is started."""
    (pieces,) = plant.split["off_the_plate"].pieces
    return pieces.count * plant.station["inspect"].yield_ * plant.station["print"].yield_


def building(plant: Plant) -> float:
    """Hours of a build in which it may fail: melting and coating."""
    law = plant.station["print"].build
    assert law is not None
    melted = law.plate * law.volume, law.melt_rate, law.lasers, law.utilisation
    return lpbf_build_time(*melted, law.height, law.layer, law.recoat, 0.0) / HOUR


def automated(study: Study) -> Plant:
    """The plant after the investment, the changeover at the mean of its spread."""
    (change,) = study.investment["plate_automation"].changes
    assert isinstance(change.value, Distribution)
    now = study.plant.station["print"].planned["changeover"].duration.mean
    return parse_plant(paths.put(study.plant.raw, change.path, f"{now + change.value.mean} s"))


# -- what the file says, by the formula of the sheet -----------------------------------------------------------------


def test_cell_has_the_output_of_the_sheet(plant: Plant) -> None:
    assert builds(plant) == pytest.approx(308, abs=0.5)
    assert good_of_a_build(plant) == pytest.approx(PARTS * 0.93 * 0.95)
    assert builds(plant) * good_of_a_build(plant) == pytest.approx(ANCHOR, abs=0.5)


def test_weekly_volume_leaves_room(plant: Plant) -> None:
    """Whole builds that do not fail; with one more the machines could not keep up."""
    most = builds(plant) / 50 * plant.station["print"].yield_ * MEASURED
    assert plant.source["powder"].weekly_volume == int(most) == 5


def test_steps_behind_the_machines_have_room(plant: Plant) -> None:
    """Machines of each step that are busy when both printers never wait."""
    plates = builds(plant) / (plant.time_per_year / HOUR) * plant.station["print"].yield_
    busy = {"relief": 6.0, "edm": 4.0, "support": PARTS * 0.25, "inspect": PARTS / 6.0}  # hours for a plate
    for name, hours in busy.items():
        station = plant.station[name]
        assert station.cycle.mean / HOUR * (PARTS if name in ("support", "inspect") else 1) == pytest.approx(hours)
        assert plates * hours / station.machines < 0.35, name
    people = plates * (busy["support"] + busy["inspect"]) + builds(plant) / 6_000 * 3.0
    assert people / plant.resource["operators"].units < 0.4


# -- money -----------------------------------------------------------------------------------------------------------


def test_a_good_part_contributes_what_the_sheet_says(plant: Plant) -> None:
    good, price = plant.station["print"].yield_, plant.economics.electricity
    printed = plant.station["print"].power.working * HOUR * (36.0 - (1.0 - good) * building(plant) / 2.0)
    plates = good * sum(plant.station[n].power.working * plant.station[n].cycle.mean for n in ("relief", "edm"))
    cost = plant.product["build"].material + (printed + plates) * price
    assert plant.product["part"].price - cost / good_of_a_build(plant) == pytest.approx(180_000, rel=1e-3)
    powder = 3.2 * 90_000
    assert powder < cost / good_of_a_build(plant) < 1.05 * powder
    position = 6_000 * 22_500 + 8 * 250 * 7_170
    assert plant.staff["operators"].cost * YEAR == pytest.approx(position, abs=0.05e6)


def test_investment_loses_with_a_fixed_volume_and_pays_sold_out(study: Study) -> None:
    """Expected values of the sheet: 45 and 108 M KRW/yr, NPV over 8 years -128 and +237 M KRW."""
    money, before, after = study.investment["plate_automation"].money, study.plant, automated(study)
    assert (money.capex, money.opex * YEAR, money.life / YEAR) == pytest.approx((300e6, 15e6, 8.0))
    assert money.subsidy is not None and money.subsidy.share is not None
    assert min(money.subsidy.share * money.capex, money.subsidy.cap or math.inf) == 150e6
    assert builds(after) / builds(before) - 1.0 == pytest.approx(0.054, abs=5e-4)
    more = (builds(after) - builds(before)) * good_of_a_build(before) * 180_000
    fixed, sold_out = money.benefit.fixed_volume * YEAR, money.benefit.sold_out * YEAR + more
    for benefit, sheet, npv in ((fixed, 45e6, -128e6), (sold_out, 108e6, 237e6)):
        assert benefit == pytest.approx(sheet, abs=0.6e6)
        assert (benefit - money.opex * YEAR) * YEARS - money.capex == pytest.approx(npv, abs=3e6)


# -- what runs -------------------------------------------------------------------------------------------------------


def constant(plant: Plant) -> Plant:
    """The plant with constant times; no breakdowns, no failed builds, no bad parts."""
    raw: dict[str, Any] = paths.without(plant.raw, "evidence")
    raw = paths.without(raw, "station.print.failure")
    for path in ("station.print.build.failure", "station.print.build.physics_scrap"):
        raw = paths.put(raw, path, 0.0)
    for path in ("station.inspect.yield", "station.print.yield"):
        raw = paths.put(raw, path, 1.0)
    return parse_plant(paths.put(raw, "station.print.cycle", f"{plant.station['print'].cycle.mean} s"))


def prints(plant: Plant, trace: Trace) -> list[tuple[np.ndarray, np.ndarray]]:
    """Begin and end of the whole builds of each printer, in order. [h]"""
    found = []
    for index, machine in enumerate(directory(plant).machines):
        if machine.startswith("print#"):
            rows = (trace.visits["machine"] == index) & (trace.visits["ended"] <= trace.horizon)
            began, ended = (np.sort(trace.visits[column][rows]) for column in ("began", "ended"))
            found.append((began / TICKS_PER_SECOND / HOUR, ended / TICKS_PER_SECOND / HOUR))
    return found


def test_without_failures_and_weekends_the_rate_is_exactly_that_of_the_formula(plant: Plant) -> None:
    """Parts in the store between two moments 20 builds apart."""
    raw = constant(plant).raw
    for path in ("plant.calendar", "station.print.calendar", "resource.operators.calendar"):
        raw = paths.without(raw, path)
    lone = parse_plant(paths.without(raw, "resource.operators.rotation"))
    trace = simulate(prepare(lone), horizon=40 * 39 * HOUR)
    for began, _ in prints(lone, trace):
        assert np.diff(began) == pytest.approx(np.full(began.size - 1, 39.0))
    left = trace.parts["left"][trace.parts["fate"] == AT_SINK] / TICKS_PER_SECOND / HOUR
    made = int(((left > 10 * 39.0) & (left <= 30 * 39.0)).sum())
    assert made == 2 * 20 * PARTS


def test_builds_run_on_until_saturday_evening_and_their_plates_wait_for_monday(plant: Plant) -> None:
    """No build starts that would end later than 18:00 on Saturday: on average, with less than 24 h of the week left."""
    raw = paths.put(constant(plant).raw, "station.print.cycle", plant.raw["station"]["print"]["cycle"])
    lone = parse_plant(raw)
    ran_on = 0
    for began, ended in prints(lone, simulate(prepare(lone), horizon=50 * WEEK)):
        assert (began % 168.0).min() >= 6.0
        assert (ended % 168.0).max() <= 5 * 24 + 18.0
        last = np.flatnonzero(began[1:] // 168.0 > began[:-1] // 168.0)  # of each week
        assert (began[last] % 168.0).max() > 4 * 24  # some start on Friday
        late = last[ended[last] % 168.0 > 5 * 24 + 6.0]
        ran_on += late.size
        assert (began[late + 1] % 168.0 >= 6.0 + 3.0).all()  # on Monday the changeover comes first
    assert 20 < ran_on < 100


def many(plant: Plant) -> Plant:
    """The plant with forty printers that never break down, and enough of all that comes after them."""
    raw = {key: value for key, value in plant.raw.items() if key != "evidence"}
    if plant.station["print"].failure:
        raw = paths.without(raw, "station.print.failure")
    for name in ("print", "relief", "edm", "support", "inspect"):
        raw = paths.put(raw, f"station.{name}.machines", 40)
    return parse_plant(paths.put(raw, "resource.operators.units", 100))


def fates(plant: Plant, trace: Trace) -> list[list[bool]]:
    """Of each printer, which of its builds failed, in order."""
    visits = trace.visits
    done = visits["ended"] <= trace.horizon
    printers = [index for index, machine in enumerate(directory(plant).machines) if machine.startswith("print#")]
    return [(visits["outcome"][done & (visits["machine"] == index)] == LOST).tolist() for index in printers]


def test_five_percent_of_the_builds_fail_at_any_moment_and_lose_the_plate(plant: Plant) -> None:
    """After gas and heating, with constant times, a failed build ends at any moment of its melting and coating."""
    lone = many(parse_plant(paths.put(constant(plant).raw, "station.print.build.failure", 0.05)))
    trace = simulate(prepare(lone), horizon=20 * WEEK)
    rows = np.isin(trace.visits["machine"], [i for i, m in enumerate(directory(lone).machines) if m[:5] == "print"])
    rows &= trace.visits["ended"] <= trace.horizon
    lost = rows & (trace.visits["outcome"] == LOST)
    count = int(rows.sum())
    assert int(lost.sum()) / count == pytest.approx(0.05, abs=4 * math.sqrt(0.05 * 0.95 / count))
    hours = trace.visits["net"][lost] / TICKS_PER_SECOND / HOUR
    whole = building(plant)
    assert 34.0 < whole < 36.0
    assert hours.min() > 36.0 - whole and hours.max() < 36.0
    assert hours.mean() == pytest.approx(36.0 - whole / 2, abs=4 * whole / math.sqrt(12 * hours.size))
    gone = np.isin(trace.parts["part"], trace.visits["part"][lost])
    assert gone.sum() == lost.sum() and (trace.parts["fate"][gone] != AT_SINK).all()


def test_yield_of_the_printers_is_what_the_law_leaves(plant: Plant) -> None:
    """No other scrap, and none without physics but that share."""
    law, station = plant.station["print"].build, plant.station["print"]
    assert law is not None
    assert law.failure == law.physics_scrap == pytest.approx(1.0 - station.yield_)
    assert all(machine.steady_scrap == pytest.approx(0.0) for machine in prepare(plant).machines if machine.laws)


def test_a_camera_that_sees_nothing_is_the_plant_of_today(study: Study) -> None:
    today = prepare(read(LAYOUTS / "additive_cell.toml"))
    assert prepare(study.plant) == today
    blind = parse_plant(paths.put(study.plant.raw, "station.print.build.layer_recall", 0.0))
    assert prepare(blind) == today != prepare(invested(study, "layer_camera"))
    off = [prepare(each, physics=False) for each in (study.plant, invested(study, "layer_camera"))]
    assert off[0] == off[1]


def test_a_camera_saves_the_builds_that_its_layers_would_have_lost(study: Study) -> None:
    """The hazard of each layer falls to 1 - 0.6 x 0.8 of it; whatever fails with the camera fails without it too."""
    left = 1.0 - 0.95**0.52
    with_camera, without = (
        fates(each, simulate(prepare(each), horizon=20 * WEEK))
        for each in map(many, (invested(study, "layer_camera"), study.plant))
    )
    count = sum(map(len, with_camera))
    failed = sum(map(sum, with_camera))
    assert count > 2000
    assert failed / count == pytest.approx(left, abs=4 * math.sqrt(left * (1 - left) / count))
    same = [pair for mine, theirs in zip(with_camera, without, strict=True) for pair in zip(mine, theirs, strict=False)]
    assert all(before for after, before in same if after)
    saved = sum(before and not after for after, before in same) / len(same)
    assert saved == pytest.approx(0.05 - left, abs=4 * math.sqrt((0.05 - left) / len(same)))


def good_by_hand(plant: Plant, failure: float) -> float:
    """Good plates of a printer that never waits, per hour: a failed build takes half of its building less."""
    return (1.0 - failure) / (36.0 + 3.0 - failure * building(plant) / 2)


@pytest.mark.slow
def test_worth_of_the_camera_follows_from_its_failures(study: Study) -> None:
    """Sold out, hours and powder of failed builds become good parts; with a fixed volume powder alone is saved."""
    before, after = (good_by_hand(study.plant, failure) for failure in (0.05, 1.0 - 0.95**0.52))
    plate = study.plant.product["build"].material
    volume = (study.plant.source["powder"].weekly_volume or 0) * 50
    fixed = volume * (1 / 0.95 - 1 / 0.95**0.52) * plate
    parts = 24 * study.plant.station["inspect"].yield_ * study.plant.product["part"].price
    year = study.plant.time_per_year / HOUR * 2 * MEASURED
    sold_out = year * (parts * (after - before) - plate * (after / 0.95**0.52 - before / 0.95))
    assert after / before - 1.0 == pytest.approx(0.014, abs=5e-4)
    for mode, by_hand in (("fixed_volume", fixed), ("sold_out", sold_out)):
        runs = [runs_of(plant, 24, 50, mode) for plant in (study.plant, invested(study, "layer_camera"))]
        gain = t_interval(
            [new.kpis["surplus_per_year"].value - old.kpis["surplus_per_year"].value
             for old, new in zip(*runs, strict=True)], level=0.99,
        )  # fmt: skip
        assert gain.low <= by_hand <= gain.high, (mode, by_hand, gain)
        assert gain.low > 0.0


def runs_of(plant: Plant, replications: int, weeks: int, mode: str = "sold_out") -> list[Any]:
    return run_all([Task(plant, mode, r, 2026, weeks * WEEK, WEEK) for r in range(replications)], workers=1)


def judged(plant: Plant, replications: int, weeks: int) -> None:
    """Below the anchor, and what an independent simulation of the sheet made, within both sampling errors."""
    runs = runs_of(plant, replications, weeks)
    rate = t_interval([run.kpis["good_parts_per_year"].value for run in runs], level=0.999)
    assert rate.low <= ANCHOR, rate
    assert rate.mean >= 0.85 * ANCHOR, rate
    assert rate.low - 20 <= MEASURED * ANCHOR <= rate.high + 20, rate
    assert {run.bottleneck for run in runs} == {"print"}


def test_full_cell_makes_what_was_simulated_for_the_sheet(plant: Plant) -> None:
    judged(plant, 6, 25)


@pytest.mark.slow
def test_full_cell_makes_what_was_simulated_for_the_sheet_in_a_long_run(plant: Plant) -> None:
    judged(plant, 24, 50)


@pytest.mark.slow
def test_simulated_worth_has_the_signs_of_the_sheet(study: Study) -> None:
    """Sold out, a part of the time that is saved falls on weekends, which builds reach anyway."""
    money, after = study.investment["plate_automation"].money, automated(study)
    lumps = {"fixed_volume": money.benefit.fixed_volume * YEAR, "sold_out": money.benefit.sold_out * YEAR}
    for mode, sheet, sign in (("fixed_volume", 45e6, -1.0), ("sold_out", 108e6, 1.0)):
        surplus = [
            np.array([run.kpis["surplus_per_year"].value for run in runs_of(here, 16, 50, mode)])
            for here in (study.plant, after)
        ]
        benefit = t_interval((surplus[1] - surplus[0] + lumps[mode]).tolist())
        assert benefit.low <= sheet
        assert benefit.mean >= 0.7 * sheet
        assert ((benefit.mean - money.opex * YEAR) * YEARS - money.capex) * sign > 0.0
