"""One number at a time: what is computed from the account is what new runs would show, and waterfalls add up."""

from __future__ import annotations

from pathlib import Path

import pytest

from factory_sim.model import read_study
from factory_sim.report.chart_declared import KINDS, basis_of
from factory_sim.report.chart_money import benefit_figure, benefit_parts, printed_parts
from factory_sim.report.findings import ranking
from factory_sim.study.compare import Comparison, Outcome, compare
from factory_sim.study.sensitivity import LINES, swings

PLANT = """
[plant]
name = "Saw mill"
demand_mode = "sold_out"
[source.bars]
weekly_volume = 1500
[sink.pieces]
[product.piece]
route = ["bars", "saw", "pieces"]
price = "30000 KRW"
material = "12000 KRW"
scrap_value = "2000 KRW"
escapes = 0.001
escape_cost = "50000 KRW"
[staff.crew]
positions = 2
cost = "45e6 KRW/yr"
[station.saw]
cycle = {triangular = ["50 s", "60 s", "70 s"]}
yield = 0.9
power = {working = "20 kW"}
gas_per_part = "1 kWh"
tool = {cost = "1e6 KRW", life = 20000}
[economics]
electricity = "165 KRW/kWh"
gas = "78 KRW/kWh"
"""
STUDY = """
[study]
question = "Which one?"
plant = "saw.toml"
replications = 3
horizon = "1 week"
seed = 5
[investment.blade]
shift = {"station.saw.yield" = 0.05, "station.saw.cycle" = "-3 s"}
factor = {"station.saw.tool.life" = 0.5}
money = {capex = "200e6 KRW", opex = "1e6 KRW/yr", life = "5 yr", benefit = {sold_out = "7e6 KRW/yr"}}
[investment.hands]
declared = false
set = {"staff.crew.positions" = 1}
money = {capex = "20e6 KRW", life = "5 yr"}
[scenario.both]
investments = ["blade", "hands"]
[scenario.blade_alone]
investments = ["blade"]
[scenario.hands_alone]
investments = ["hands"]
"""


def compared(directory: Path, plant: str = PLANT, study: str = STUDY) -> Comparison:
    (directory / "saw.toml").write_text(plant, encoding="utf-8")
    (directory / "study.toml").write_text(study, encoding="utf-8")
    return compare(read_study(directory / "study.toml"), workers=1)


def npv(outcome: Outcome) -> float:
    assert outcome.worth is not None
    return outcome.worth.npv().mean


@pytest.fixture(scope="module")
def saw(tmp_path_factory: pytest.TempPathFactory) -> Comparison:
    return compared(tmp_path_factory.mktemp("saw"))


PRICES = [
    ("price", [('price = "30000 KRW"', 'price = "{} KRW"', 30000)]),
    ("material", [('material = "12000 KRW"', 'material = "{} KRW"', 12000),
                  ('scrap_value = "2000 KRW"', 'scrap_value = "{} KRW"', 2000)]),
    ("energy", [('"165 KRW/kWh"', '"{} KRW/kWh"', 165), ('"78 KRW/kWh"', '"{} KRW/kWh"', 78)]),
    ("wage", [('"45e6 KRW/yr"', '"{} KRW/yr"', 45e6)]),
    ("tools", [('"1e6 KRW"', '"{} KRW"', 1e6)]),
    ("escapes", [('"50000 KRW"', '"{} KRW"', 50000)]),
]  # fmt: skip


@pytest.mark.parametrize(("parameter", "texts"), PRICES)
def test_a_price_moves_the_value_as_new_runs_would(saw, tmp_path, parameter, texts) -> None:
    plant = PLANT
    for old, new, value in texts:
        assert plant.count(old) == 1
        plant = plant.replace(old, new.format(value * 1.2))
    dearer = compared(tmp_path, plant)
    moved = 0
    for scenario in ("both", "blade_alone", "hands_alone"):
        before, after = saw.modes["sold_out"][scenario], dearer.modes["sold_out"][scenario]
        found = {each.parameter: each for each in swings(before, saw.modes["sold_out"]["baseline"])}
        expected = npv(after)
        here = found[parameter].high if parameter in found else npv(before)
        assert here == pytest.approx(expected, abs=1.0)
        moved += abs(expected - npv(before)) > 1000.0
    assert moved, f"{parameter} moves no scenario of this study: the test says nothing"


MONEY = [
    ("capex", 'capex = "200e6 KRW"', 'capex = "{} KRW"', 200e6),
    ("opex", 'opex = "1e6 KRW/yr"', 'opex = "{} KRW/yr"', 1e6),
    ("life", 'opex = "1e6 KRW/yr", life = "5 yr"', 'opex = "1e6 KRW/yr", life = "{} yr"', 5.0),
    ("rate", "[investment.blade]", "[finance]\ndiscount_rate = {}\n[investment.blade]", 0.08),
]


@pytest.mark.parametrize(("parameter", "old", "new", "value"), MONEY)
@pytest.mark.parametrize("sign", [-1, 1])
def test_money_moves_the_value_as_another_study_would(saw, tmp_path, parameter, old, new, value, sign) -> None:
    other = compared(tmp_path, study=STUDY.replace(old, new.format(value * (1.0 + sign * 0.2))))
    outcome = saw.modes["sold_out"]["blade_alone"]
    swing = next(each for each in swings(outcome, saw.modes["sold_out"]["baseline"]) if each.parameter == parameter)
    expected = npv(other.modes["sold_out"]["blade_alone"])
    assert (swing.low if sign < 0 else swing.high) == pytest.approx(expected, abs=1.0)
    assert abs(expected - npv(outcome)) > 1000.0


def test_swings_are_sorted_and_those_of_no_effect_left_out(saw) -> None:
    base = saw.modes["sold_out"]["baseline"]
    found = swings(saw.modes["sold_out"]["hands_alone"], base)
    assert [each.span for each in found] == sorted((each.span for each in found), reverse=True)
    assert {each.parameter for each in found} == {"wage", "benefit", "capex", "life", "rate"}
    assert (
        len(swings(saw.modes["sold_out"]["both"], base)) == len(LINES) - 2 + 5
    )  # the saw has no inspection, and its stops cost nothing
    with pytest.raises(ValueError, match="share"):
        swings(saw.modes["sold_out"]["both"], base, 1.0)
    with pytest.raises(ValueError, match="baseline"):
        swings(base, base)


def test_every_cost_of_the_account_moves_with_some_price(saw) -> None:
    moved = {name for signs in LINES.values() for name in signs}
    costs = {name for name, kpi in saw.modes["sold_out"]["both"].kpis.items() if name.endswith("_per_year")}
    assert costs - moved == {"surplus_per_year", "good_parts_per_year"}


def test_the_waterfall_adds_up_to_the_benefit(saw) -> None:
    for row in ranking(saw, "sold_out", "en").investments:
        parts = dict(benefit_parts(row))
        assert sum(parts.values()) == pytest.approx(row.worth.benefit.mean - row.worth.money.opex, abs=1e-3)
    blade = dict(benefit_parts(next(r for r in ranking(saw, "sold_out", "en").rows if r.name == "blade_alone")))
    assert blade["scrap"] > 0.0 > blade["material"]
    assert blade["tools"] < 0.0
    assert blade["lump"] == pytest.approx(7e6)


@pytest.mark.parametrize("lang", ["en", "ko"])
def test_what_the_waterfall_prints_adds_up(saw, lang) -> None:
    for row in ranking(saw, "sold_out", lang).investments:
        table = benefit_figure(row, "x", lang).table
        numbers = [round(100 * float(cells[1].replace(",", ""))) for cells in table.rows]
        assert sum(numbers[:-1]) == numbers[-1]


def test_rounded_parts_stay_within_a_digit_and_keep_the_sum() -> None:
    parts = [("a", 10.26), ("b", -3.14), ("c", 0.04), ("d", -0.05), ("e", 33.333)]
    shown = dict(printed_parts(parts, 1))
    assert sum(shown.values()) == pytest.approx(round(sum(amount for _, amount in parts), 1))
    assert all(abs(shown.get(name, 0.0) - amount) < 0.1 for name, amount in parts)


def test_what_a_benefit_rests_on_sums_to_it(saw) -> None:
    rows = {row.name: row for row in ranking(saw, "sold_out", "en").investments}
    for row in rows.values():
        assert sum(basis_of(saw.study, row).values()) == pytest.approx(row.worth.benefit.mean)
    assert {name: basis_of(saw.study, row).keys() for name, row in rows.items()} == {key: set(KINDS) for key in rows}
    assert basis_of(saw.study, rows["hands_alone"])["causal"] == pytest.approx(45e6, rel=0.01)
    assert basis_of(saw.study, rows["blade_alone"])["lump"] == pytest.approx(7e6)
    assert basis_of(saw.study, rows["both"])["mixed"] != 0.0
