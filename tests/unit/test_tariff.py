"""Dated tables, the bill of a year, the load of a run, the cost of a position: all by hand."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings

from factory_sim.finance import tables
from factory_sim.finance.labour import position_cost
from factory_sim.finance.tables import NAMES, NoRow, find, lookup, table
from factory_sim.finance.tariff import BANDS, KWH, SLOTS, Tariff, power_factor_charge, read_tariff, yearly_bill
from factory_sim.model import parse_plant
from factory_sim.results.economy import energy
from factory_sim.results.measures import measure
from factory_sim.results.oee import station_times
from factory_sim.results.power import load
from factory_sim.results.window import Window
from factory_sim.simulation.prepare import prepare
from factory_sim.simulation.run import simulate
from tests.properties.plants import plants

NAME = "industrial_b_high_voltage_a_2"
MONDAY, SATURDAY, SUNDAY = 0, 5, 6
SUMMER, BETWEEN, WINTER = 30 + 31 + 31, 31 + 30 + 31 + 30 + 31, 30 + 31 + 31 + 28.25  # days
NOON = (31 + 30 + 31 + 30 + 31) / 365.25  # share of the year in months with the discount


def week(*blocks: tuple[int, int, int, float]) -> np.ndarray:
    """Return a week's load of (day, from hour, to hour, kW)."""
    power = np.zeros((7, 96))
    for day, begin, end, kilowatts in blocks:
        power[day, 4 * begin : 4 * end] += 1e3 * kilowatts
    return power.ravel()


def priced(summer: float, between: float, winter: float) -> float:
    """Return the price that a year of equal weeks pays in the mean. [KRW/kWh]"""
    return (SUMMER * summer + BETWEEN * between + WINTER * winter) / 365.25


# ---- tables ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
def test_every_value_has_unit_source_and_status(name: str) -> None:
    for row in table(name).rows:
        assert row.unit and row.source and row.status in tables.STATUSES and row.begin <= row.end
    assert table(name).title and table(name).title_ko


def test_a_row_holds_between_its_dates_both_included() -> None:
    key = f"{NAME}.energy.summer.on_peak"
    assert [lookup("electricity", key, day).value for day in ("2026-04-15", "2026-04-16")] == [245.9, 229.0]
    assert find("electricity", f"{NAME}.discount.share", "2030-12-31") is not None
    assert find("electricity", f"{NAME}.discount.share", "2031-01-01") is None
    with pytest.raises(NoRow, match=r"on 2024-10-23; its dates are 2024-10-24 - 2026-04-15, 2026-04-16 -"):
        lookup("electricity", key, "2024-10-23")
    with pytest.raises(NoRow, match="no such key"):
        lookup("tax", "credit.tiny.general", "2026-01")


@pytest.mark.parametrize("text", ["2026", "2026-13", "2026-02-29", "26-01", "2026-04-16x", ""])
def test_what_is_no_date(text: str) -> None:
    with pytest.raises(ValueError, match="is no date"):
        tables.date(text)


def test_rows_that_hold_together_are_refused() -> None:
    rows = (
        tables.Row("a", 1, "1", "assumed", "x", end="2026-05-01"),
        tables.Row("a", 2, "1", "assumed", "x", "2026-05-01"),
    )
    with pytest.raises(ValueError, match="two rows of a hold at the same time"):
        tables._check("t", rows)
    with pytest.raises(ValueError, match="lacks source"):
        list(tables._rows("t", {"unit": "1", "status": "verified", "values": {"a": 1}}))


def test_cost_of_a_position_by_shift_pattern() -> None:
    """The sheet's row of each pattern, M KRW per year."""
    day, two, long, three, four = (
        position_cost(2000),
        position_cost(4000, night=2 * 250),
        position_cost(4000, overtime=1000, night=7 * 250),
        position_cost(6000, night=8 * 250),
        position_cost(8760, night=8 * 365),
    )
    assert [round(cost / 1e6, 1) for cost in (day, two, long, three, four)] == [45.0, 93.6, 126.2, 149.3, 218.0]
    assert position_cost(2000, factor=1.2) == pytest.approx(1.2 * day)
    with pytest.raises(ValueError, match="night"):
        position_cost(2000, night=-1)


# ---- bill ------------------------------------------------------------------------------------------------------------


def test_a_bill_by_hand_before_and_after_the_reform() -> None:
    """100 kW from 15 to 16 h on Mondays: on-peak on both tables in summer, mid in winter before, on-peak after."""
    load_ = week((MONDAY, 15, 16, 100.0))
    for on, energy_price in (("2026-04", priced(245.9, 164.1, 164.0)), ("2026-05", priced(229.0, 150.9, 204.6))):
        bill = yearly_bill(load_, read_tariff(NAME, on), weeks=52.0)
        assert bill.energy_total == pytest.approx(5200 * KWH)
        assert bill.energy_charge == pytest.approx(5200 * energy_price)
        assert bill.demand_charge == pytest.approx(12 * 100 * 8320)
        assert bill.adders == pytest.approx(5200 * 14.0)
        before = 5200 * (energy_price + 14.0) + 12 * 100 * 8320
        assert bill.fund_and_tax == pytest.approx(0.027 * before)
        assert bill.total == pytest.approx(1.027 * before)
        assert bill.discount == 0.0


def test_weekends_pay_less() -> None:
    tariff = read_tariff(NAME, "2026-05")
    saturday = yearly_bill(week((SATURDAY, 15, 16, 1.0)), tariff, 365.25 / 7)
    sunday = yearly_bill(week((SUNDAY, 15, 16, 1.0)), tariff, 365.25 / 7)
    assert saturday.energy == {"off_peak": 0.0, "mid": pytest.approx(365.25 / 7 * KWH), "on_peak": 0.0}
    assert saturday.energy_charge == pytest.approx(365.25 / 7 * priced(163.8, 133.4, 164.0))
    assert sunday.energy["off_peak"] == sunday.energy_total
    noon = yearly_bill(week((SUNDAY, 13, 14, 1.0)), tariff, 365.25 / 7)
    assert noon.discount == pytest.approx(365.25 / 7 * NOON * 0.5 * 116.0)
    assert noon.energy_charge == pytest.approx(sunday.energy_charge - noon.discount)
    late = yearly_bill(week((SUNDAY, 13, 14, 1.0)), read_tariff(NAME, "2031-01"), 365.25 / 7)
    assert late.discount == 0.0


def test_a_summer_peak_is_paid_for_all_year_a_spring_peak_for_its_month() -> None:
    tariff, flat = read_tariff(NAME, "2026-05"), week((MONDAY, 0, 24, 400.0))
    peaks = [400e3] * 12
    peaks[7 - 1] = 500e3
    assert yearly_bill(flat, tariff, peaks=peaks).billing_demand == (500e3,) * 12
    peaks = [400e3] * 12
    peaks[4 - 1] = 500e3
    spring = yearly_bill(flat, tariff, peaks=peaks).billing_demand
    assert spring[3] == 500e3 and spring[:3] + spring[4:] == (400e3,) * 11
    assert yearly_bill(flat, tariff, contract=2e6).billing_demand == (0.3 * 2e6,) * 12


def test_power_factor_and_tax() -> None:
    tariff, flat = read_tariff(NAME, "2026-05"), week((MONDAY, 0, 24, 400.0))
    usual = yearly_bill(flat, tariff)
    for power_factor, share in ((0.80, 1.02), (0.95, 0.99), (1.0, 0.99), (0.5, 1.06)):
        assert power_factor_charge(power_factor) == pytest.approx(share)
        bill = yearly_bill(flat, tariff, power_factor=power_factor)
        assert bill.demand_charge == pytest.approx(share * usual.demand_charge)
    taxed = yearly_bill(flat, tariff, reclaims_vat=False)
    assert taxed.total / usual.total == pytest.approx(1.127 / 1.027)
    assert yearly_bill(flat, tariff, fuel_price=0.0).adders == pytest.approx(usual.adders * 9.0 / 14.0)


def test_the_sheets_prices_by_shift_pattern() -> None:
    """All-in price without basic charge, 2026 table: D1 179, D2 180, D2x10 164, day and night 165 KRW/kWh."""
    hours = {
        179: [*range(8, 12), *range(13, 17)],
        180: range(8, 24),
        164: [*range(7, 17), *range(19, 24), *range(5)],
        165: range(24),
    }
    for expected, worked in hours.items():
        power = week(*((day, hour, hour + 1, 1.0) for day in range(5) for hour in worked))
        bill = yearly_bill(power, read_tariff(NAME, "2026-05"))
        assert (bill.total - 1.027 * bill.demand_charge) / bill.energy_total * KWH == pytest.approx(expected, abs=0.5)


def test_the_reform_moves_prices_as_published() -> None:
    """Round the clock about -1.7, 9 to 18 h about -20.5 KRW/kWh on weekdays."""
    for hours, expected in ((range(24), -1.7), (range(9, 18), -20.5)):
        power = week(*((day, hour, hour + 1, 1.0) for day in range(5) for hour in hours))
        old, new = (yearly_bill(power, read_tariff(NAME, on)) for on in ("2026-04", "2026-05"))
        assert (new.energy_charge - old.energy_charge) / new.energy_total * KWH == pytest.approx(expected, abs=0.05)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"weeks": 0.0}, "weeks must lie"),
        ({"weeks": 60.0}, "weeks must lie"),
        ({"contract": -1.0}, "contract must"),
        ({"profile": np.zeros(7)}, "shape"),
        ({"profile": -np.ones(SLOTS)}, "must not be negative"),
        ({"peaks": [1.0]}, "12 months"),
        ({"power_factor": 0.0}, "power_factor must"),
    ],
)
def test_numbers_out_of_range(changes: dict[str, Any], message: str) -> None:
    arguments: dict[str, Any] = {"profile": np.zeros(SLOTS), "tariff": read_tariff(NAME, "2026-05")} | changes
    with pytest.raises(ValueError, match=message):
        yearly_bill(**arguments)


# ---- a run -----------------------------------------------------------------------------------------------------------

SAW: dict[str, Any] = {
    "plant": {"name": "One saw", "calendar": "day", "hours_per_year": "2000 h"},
    "calendar": {"day": {"shifts": [{"days": "Mon-Fri", "from": "08:00", "to": "16:00"}]}},
    "source": {"bars": {}},
    "sink": {"pieces": {}},
    "product": {"piece": {"route": ["bars", "saw", "pieces"], "price": "1000 KRW"}},
    "station": {"saw": {"cycle": "60 s", "power": {"working": "400 kW", "off": "10 kW"}}},
    "economics": {"auxiliary_power": "50 kW"},
}
SUPPLY = {"tariff": NAME, "date": "2026-05", "contract": "500 kW"}


def flat(tariff: Tariff, price: float) -> Tariff:
    """Return the tariff with one price and nothing beside it."""
    prices = {season: dict.fromkeys(BANDS, price) for season in tariff.prices}
    return dataclasses.replace(
        tariff, prices=prices, demand_price=0.0, discount=0.0, climate_price=0.0, fuel_price=0.0, fund_rate=0.0
    )


def test_a_plant_with_a_tariff_pays_the_bill_of_its_load() -> None:
    """450 kW on 40 h a week and 10 kW else, in 50 of 52.18 weeks."""
    plant = parse_plant(SAW | {"energy": SUPPLY})
    plan = prepare(plant)
    found = measure(plant, plan, simulate(plan, horizon=3 * 604800.0), 604800.0).kpis
    assert found["peak_power"].value == pytest.approx(450.0)
    working = week(*((day, 8, 16, 440.0) for day in range(5)), *((day, 0, 24, 10.0) for day in range(7)))
    bill = yearly_bill(working, read_tariff(NAME, "2026-05"), 50.0, contract=500e3)
    assert bill.energy_total == pytest.approx(50 * (40 * 450 + 128 * 10) * KWH)
    assert found["electricity_per_year"].value == pytest.approx(bill.total)
    assert found["electricity_price"].value == pytest.approx(bill.price * KWH)
    assert found["demand_charge"].value == pytest.approx(12 * 450 * 8320)
    shares = [found[f"electricity_{band}"].value for band in BANDS]
    assert sum(shares) == pytest.approx(1.0)
    assert shares[2] == pytest.approx(bill.energy["on_peak"] / bill.energy_total)


def test_a_tariff_of_one_price_is_the_flat_price() -> None:
    raw = {**SAW, "economics": {**SAW["economics"], "electricity": "165 KRW/kWh"}}
    plant = parse_plant(raw)
    plan = prepare(plant)
    trace = simulate(plan, horizon=3 * 604800.0)
    window = Window.of(plant, plan, trace, 604800.0)
    bill = yearly_bill(load(plant, plan, trace, window).week(), flat(read_tariff(NAME, "2026-05"), 165 / KWH), 50.0)
    paid = measure(plant, plan, trace, 604800.0).kpis["electricity_per_year"].value
    assert bill.total == pytest.approx(paid, rel=1e-12)


def test_a_week_of_load_begins_on_monday_whatever_the_warm_up() -> None:
    plant = parse_plant(SAW)
    plan = prepare(plant)
    trace = simulate(plan, horizon=(21 + 3) * 86400.0)
    weeks = [load(plant, plan, trace, Window.of(plant, plan, trace, days * 86400.0)).week() for days in (3, 10, 17)]
    assert weeks[0] == pytest.approx(weeks[1]) and weeks[0] == pytest.approx(weeks[2])
    assert weeks[0].reshape(7, 96)[0, 8 * 4] == pytest.approx(450e3)
    with pytest.raises(ValueError, match="whole weeks"):
        load(plant, plan, trace, Window.of(plant, plan, trace, 4 * 86400.0)).week()


@given(plants())
@settings(max_examples=60, deadline=None)
def test_the_load_has_the_energy_of_the_window(drawn: tuple[dict[str, Any], int]) -> None:
    raw, ticks = drawn
    for index, station in enumerate(raw["station"].values()):
        station["power"] = {"working": f"{11 + index} kW", "idle": "3 kW", "off": "1 kW"}
        station["electricity_per_part"] = f"{index + 1} kWh"
    plant = parse_plant(raw | {"economics": {"auxiliary_power": "7 kW"}})
    plan = prepare(plant)
    horizon = -(-ticks // 900_000_000) * 900.0  # whole quarters
    trace = simulate(plan, 1, 0, horizon + 1800.0)
    try:
        window = Window.of(plant, plan, trace, 1800.0)
    except ValueError:
        return  # closed all the time
    used = load(plant, plan, trace, window)
    assert len(used.power) == round(horizon / 900.0)
    expected = energy(plant, station_times(plant, plan, trace, window), window).electricity
    assert used.energy == pytest.approx(expected, rel=1e-9)
    assert (used.power >= -1e-6 * used.power.max()).all()
