"""A plating bath remembers its loads, and cools when it is shut: physics on against off, against closed forms."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from factory_sim.model import Plant, parse_plant
from factory_sim.simulation import trace as t
from factory_sim.simulation.plan import TICK
from factory_sim.technology import plating_bath
from factory_sim.technology.item import DEPTH, fresh
from processes.plating import bath_concentration, faraday_thickness
from tests.theory.test_history_matters import outcomes, run

NICKEL: dict[str, Any] = {"molar_mass": 0.058693, "electrons": 2, "density": 8900.0}
PLATED = 15e-6 * 2 * 96485.33 * 8900.0 / (0.95 * 0.058693) / 400.0  # s for 15 um at 4 A/dm2
SCRAPPED = t.SCRAPPED + t.CAUSE_UNIT * t.WINDOW
CLOSED = {"shifts": [{"days": "Mon-Sun", "from": "08:00", "to": "20:00"}]}

BATH = {
    "metal": "nickel", "thickness": "15 um", "minimum": "12 um", "area": "5 dm^2", "current_density": "4 A/dm^2",
    "efficiency": 0.95, "volume": "1 m^3", "concentration": "75 g/L", "low": "70 g/L", "dosing": "none",
    "dragout": "10 L/m^2", "temperature": "55 degC", "temperature_low": "50 degC", "loss": "100 W/K",
    "heater": "12 kW", "carrier": "electricity",
}  # fmt: skip


def shop(calendar: bool = False, **changes: Any) -> Plant:
    """One bath that takes loads of ten parts, which are always there; ten times the usual drag-out."""
    station = {
        "technology": "plating.bath", "cycle": "30 min", "batch": {"max": 10, "min": 10}, "bath": BATH | changes,
    }  # fmt: skip
    plant: dict[str, Any] = {"name": "Plating"}
    tables: dict[str, Any] = {"plant": plant}
    if calendar:
        plant["calendar"] = "day"
        station["off_shift"] = "finish"
        tables["calendar"] = {"day": CLOSED}
    return parse_plant(tables | {
        "source": {"parts": {}}, "sink": {"done": {}}, "station": {"nickel": station},
        "product": {"part": {"route": ["parts", "nickel", "done"]}},
    })  # fmt: skip


def law_of(plant: Plant) -> tuple[list[float], list[float]]:
    """Parameters and first state of the bath."""
    station = plant.station["nickel"]
    assert station.bath is not None
    p = plating_bath.compile_parameters(station.bath, station.cycle.mean)
    return p, plating_bath.initial(p)


def test_thickness_is_that_of_faraday() -> None:
    p, x = law_of(shop())
    load = [fresh() for _ in range(10)]
    plating_bath.begin(p, x, 0.0, load, 0.0)
    plating_bath.finish(p, x, 1800.0, 0.0, load, 1800.0)
    expected = faraday_thickness(0.5 * 400.0, 0.5, PLATED, 0.95, **NICKEL)
    assert expected == pytest.approx(15e-6, rel=1e-6)
    assert [part[DEPTH] for part in load] == pytest.approx([expected] * 10, rel=1e-2)


@pytest.mark.parametrize(("limit", "current"), [(None, 200.0), ("150 A", 150.0)])
def test_a_load_that_needs_more_than_the_rectifier_gives_takes_longer(limit: str | None, current: float) -> None:
    """Handling is what the cycle leaves beside the plating time of 200 A."""
    changes: dict[str, Any] = {} if limit is None else {"rectifier_current": limit}
    net = run(shop(**changes), 5.0).visits["net"]
    expected = 1800.0 - PLATED + PLATED * 200.0 / current
    assert net[:20] * TICK == pytest.approx([expected] * 20, rel=1e-2)


def test_concentration_falls_by_what_loads_carry_out_and_then_the_deposit_is_too_thin() -> None:
    """Soluble anodes make good the deposit; 5 L of 1,000 are lost with each load. Physics off, all is good."""
    trace = run(shop(), 40.0)
    begun = trace.states[0][::10, 0][:60]
    loads = [bath_concentration(75.0, 1.0, 0.005, n) for n in range(60)]
    assert begun == pytest.approx(loads, rel=1e-9)
    thin = next(n for n, c in enumerate(loads) if 15e-6 * min(1.0, c / 70.0) < 12e-6)
    seen = outcomes(trace, 0)
    assert seen[: 10 * thin] == [t.GOOD] * (10 * thin)
    assert set(seen[10 * thin :]) == {SCRAPPED}
    assert 20 < thin < 70
    assert set(outcomes(run(shop(), 40.0, physics=False), 0)) == {t.GOOD}


@pytest.mark.parametrize("changes", [{"dosing": "sensor"}, {"dosing": "shift"}, {"control": "thickness"}])
def test_dosing_or_a_sensor_of_thickness_keeps_parts_good(changes: dict[str, Any]) -> None:
    assert set(outcomes(run(shop(**changes), 40.0), 0)) == {t.GOOD}


def test_a_sensor_of_thickness_lets_a_poor_bath_plate_longer() -> None:
    net = run(shop(control="thickness"), 40.0).visits["net"][::10] * TICK
    concentration = np.array([bath_concentration(75.0, 1.0, 0.005, n) for n in range(60)])
    expected = 1800.0 - PLATED + PLATED / np.minimum(1.0, concentration / 70.0)
    assert net[:60] == pytest.approx(expected, rel=1e-6)


def test_with_a_spread_the_share_of_thin_parts_is_that_of_a_normal() -> None:
    p, x = law_of(shop(spread=0.1, minimum="13 um"))
    item = fresh()
    item[DEPTH] = 15e-6
    assert plating_bath.judge(p, x, item)[1] == pytest.approx(0.5 * math.erfc(2.0 / 1.5 / math.sqrt(2.0)))


def test_an_aged_bath_plates_less_until_another_is_made() -> None:
    """After one turnover 10 % of the efficiency is gone."""
    p, x = law_of(shop(ageing=0.1))
    x[plating_bath.TURNOVERS] = 1.0
    assert plating_bath.efficiency(p, x) == pytest.approx(0.9 * 0.95)
    plating_bath.renew(p, x)
    assert plating_bath.efficiency(p, x) == pytest.approx(0.95)


def test_a_bath_that_was_off_at_night_is_heated_before_the_first_load() -> None:
    """Off it tends to 20 degC with 1150 x 3700/100 s; 12 kW against 100 W/K bring it back to 50 degC."""
    constant = 1150.0 * 3700.0 / 100.0

    def wait(closed: float) -> float:
        cold = 20.0 + 35.0 * math.exp(-closed / constant)
        return constant * math.log((20.0 + 120.0 - cold) / (20.0 + 120.0 - 50.0))

    first = wait(8 * 3600.0)  # the run begins at midnight
    loads = math.ceil((12 * 3600.0 - first) / 1800.0)  # the last one is finished after the end of the shift
    second = wait(24 * 3600.0 - first - loads * 1800.0)
    trace = run(shop(calendar=True, heat_off_shift=False), 40.0)
    held = trace.stops["state"] == t.WARMING
    lengths = (trace.stops["end"] - trace.stops["begin"])[held] * TICK
    assert 600.0 < first < second
    assert lengths == pytest.approx([first, second], abs=0.1)
    assert not (run(shop(calendar=True), 40.0).stops["state"] == t.WARMING).any()


def test_closed_times_add_up_and_none_changes_nothing() -> None:
    p, x = law_of(shop(calendar=True, heat_off_shift=False))
    y = list(x)
    plating_bath.opened(p, x, 0.0)
    assert x == y
    plating_bath.opened(p, x, 3600.0)
    plating_bath.opened(p, x, 7200.0)
    plating_bath.opened(p, y, 10800.0)
    assert x == pytest.approx(y, rel=1e-12)


def test_a_bath_is_kept_warm_while_another_one_is_made_up() -> None:
    """The hour of the change is heated too, against 100 W/K and 35 K, and concentration is that of a fresh bath."""
    raw = shop().raw
    raw["station"]["nickel"]["planned"] = {
        "bath": {"every": "100 h", "first": "5 h", "duration": "1 h", "when": "after_cycle", "new_die": True}
    }
    trace = run(parse_plant(raw), 12.25)
    loads, seconds = 22, 12 * 3600.0
    joule = 0.5 * 400.0 * 6.0 * PLATED * loads
    expected = (100.0 * 35.0 * seconds - joule) / 0.95 + joule / 0.88
    inside = trace.meters["end"] * TICK <= seconds + 1.0
    assert trace.meters["quantity"][inside].sum() == pytest.approx(expected, rel=1e-9)
    begun = trace.states[0][::10, 0]
    changed = [load for load in range(1, 22) if begun[load] == 75.0]
    assert changed == [10]


def test_energy_of_the_bath_is_loss_and_current() -> None:
    """Held at 55 degC: the heater gives what the current does not; the rectifier loses 12 %."""
    trace = run(shop(), 10.5)
    loads, seconds = 20, 20 * 1800.0
    joule = 0.5 * 400.0 * 6.0 * PLATED * loads
    expected = (100.0 * 35.0 * seconds - joule) / 0.95 + joule / 0.88
    inside = trace.meters["end"] * TICK <= seconds + 1.0
    assert trace.meters["quantity"][inside].sum() == pytest.approx(expected, rel=1e-9)
    gas = run(shop(carrier="gas"), 10.5).meters
    assert gas["quantity"][gas["end"] * TICK <= seconds + 1.0].sum() == pytest.approx(expected - joule / 0.88, rel=1e-9)
