"""Scenarios: changes made and taken back, uncertain amounts, what an investment that does nothing is worth."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from factory_sim.finance.returns import annuity_factor
from factory_sim.finance.terms import Money, joined
from factory_sim.model import Change, InputError, Plant, Study, parse_plant, read, read_study
from factory_sim.simulation.prepare import prepare
from factory_sim.simulation.run import simulate
from factory_sim.study.compare import compare
from factory_sim.study.money import finance_of, money_of
from factory_sim.study.runner import replicate
from factory_sim.study.scenario import changed, changes_of, check_scenarios

PLANT = """
[plant]
name = "Saw and mill"
[source.bars]
weekly_volume = 9000
[sink.pieces]
[product.piece]
route = ["bars", "saw", "mill", "pieces"]
price = "1000 KRW"
material = "300 KRW"
[station.saw]
cycle = {exponential = "50 s"}
yield = 0.95
[station.saw.failure.jam]
between = {exponential = "2 h"}
repair = {exponential = "10 min"}
[buffer.rack]
before = "mill"
capacity = 3
[station.mill]
cycle = "55 s"
[[evidence]]
keys = ["station.saw.failure.jam.between"]
status = "assumed"
source = "the foreman"
"""
STUDY = """
[study]
question = "Which one?"
plant = "plant.toml"
demand_modes = ["sold_out", "fixed_volume"]
replications = 3
horizon = "1 week"
warmup = "1 week"
seed = 5
[finance]
tax_rate = 0
discount_rate = 0.1
tax_credit = {general = 0.1}
[investment.nothing]
set = {"station.mill.cycle" = "55 s"}
money = {capex = "10e6 KRW", opex = "1e6 KRW/yr", life = "8 yr"}
[investment.faster]
shift = {"station.saw.cycle" = {triangular = ["-10 s", "-6 s", "-2 s"]}}
factor = {"station.saw.failure.jam.between" = 2}
[investment.faster.money]
capex = "50e6 KRW"
life = "5 yr"
ramp_up = "6 months"
subsidy = {share = 0.5, cap = "20e6 KRW"}
credit = "general"
[investment.no_jams]
remove = ["station.saw.failure.jam"]
money = {capex = "30e6 KRW", life = "8 yr", benefit = {sold_out = "1e6 KRW/yr"}}
[scenario.nothing]
investments = ["nothing"]
[scenario.faster]
investments = ["faster"]
[scenario.both]
investments = ["faster", "nothing"]
[scenario.no_jams]
investments = ["no_jams"]
"""


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Study:
    folder: Path = tmp_path_factory.mktemp("study")
    (folder / "plant.toml").write_text(PLANT, encoding="utf-8")
    (folder / "study.toml").write_text(STUDY, encoding="utf-8")
    return read_study(folder / "study.toml")


@pytest.mark.parametrize("scenario", ["nothing", "faster", "both", "no_jams"])
def test_applying_and_removing_an_investment_returns_the_identical_plan(study: Study, scenario: str) -> None:
    before = prepare(study.plant)
    with_it = changed(study.plant, changes_of(study, scenario), seed=5, replication=1)
    assert (prepare(with_it) != before) == (scenario != "nothing")
    assert prepare(changed(study.plant, changes_of(study, "baseline"))) == before
    assert prepare(study.plant) == before
    assert prepare(parse_plant(study.plant.raw)) == before


def test_an_investment_that_changes_nothing_costs_exactly_its_cost(study: Study) -> None:
    comparison = compare(study, workers=1)
    for outcomes in comparison.modes.values():
        worth = outcomes["nothing"].worth
        assert worth is not None
        cost = 10e6 + 1e6 * annuity_factor(0.1, 8)
        assert worth.npvs == pytest.approx([-cost] * 3, rel=1e-12)
        assert all(estimate.mean == 0.0 for estimate in outcomes["nothing"].difference.values() if estimate.n)
        assert outcomes["nothing"].kpis == outcomes["baseline"].kpis


def test_one_and_two_workers_give_the_same_bytes(study: Study) -> None:
    one, two = (json.dumps(compare(study, workers=n).to_json(), allow_nan=False) for n in (1, 2))
    assert one == two
    runs = [json.dumps(replicate(study.plant, 3, horizon=604800.0, workers=n).to_json()) for n in (1, 2)]
    assert runs[0] == runs[1]


def test_uncertain_amounts_belong_to_investment_and_replication(study: Study) -> None:
    def shift(scenario: str, replication: int) -> float:
        plant = changed(study.plant, changes_of(study, scenario), seed=5, replication=replication)
        return plant.station["saw"].cycle.mean - 50.0

    drawn = [shift("faster", replication) for replication in range(40)]
    assert len(set(drawn)) == 40 and all(-10.0 <= amount <= -2.0 for amount in drawn)
    assert np.mean(drawn) == pytest.approx(-6.0, abs=1.5)
    assert [shift("both", replication) for replication in range(5)] == drawn[:5]


def test_an_investment_may_add_a_station_and_send_a_product_through_it(tmp_path: Path) -> None:
    """No order of these changes leaves a right plant after each of them; after all of them it is right."""
    another = """
    [investment.lathe.add]
    "source.rods" = {weekly_volume = 500}
    "product.pin" = {route = ["rods", "lathe", "mill", "pieces"]}
    "station.lathe" = {cycle = "30 s"}
    [investment.lathe.set]
    "product.piece.route" = ["bars", "saw", "lathe", "mill", "pieces"]
    [investment.lathe.shift]
    "station.lathe.yield" = -0.1
    [investment.lathe.factor]
    "station.lathe.cycle" = 0.5
    [investment.lathe.money]
    capex = "40e6 KRW"
    [scenario.lathe]
    investments = ["lathe", "faster"]
    """
    (tmp_path / "plant.toml").write_text(PLANT, encoding="utf-8")
    (tmp_path / "study.toml").write_text(STUDY + another, encoding="utf-8")
    found = read_study(tmp_path / "study.toml")
    check_scenarios(found)
    plant = changed(found.plant, changes_of(found, "lathe"), seed=5)
    assert plant.station["lathe"].cycle.mean == 15.0
    assert plant.station["lathe"].yield_ == pytest.approx(0.9)  # the default, shifted
    assert plant.product["pin"].route == ("rods", "lathe", "mill", "pieces")
    assert prepare(plant) != prepare(found.plant)


def test_changes_that_leave_the_plant_wrong_together_are_refused(study: Study) -> None:
    with pytest.raises(InputError, match="drill"):
        changed(study.plant, [("drill", Change("set", "product.piece.route", ["bars", "drill", "pieces"]))])


def test_declared_lump_sums_count_in_their_demand_mode_alone(study: Study) -> None:
    investment = study.investment["no_jams"]
    assert money_of(study, investment, "sold_out").lump_benefit == pytest.approx(1e6)
    assert money_of(study, investment, "fixed_volume").lump_benefit == 0.0
    assert finance_of(study).tax_rate == 0.0


def test_investments_together_sum_their_money_and_live_as_long_as_the_longest(study: Study) -> None:
    moneys = [money_of(study, study.investment[name], "sold_out") for name in ("faster", "nothing")]
    together = joined(moneys)
    assert together.capex == 60e6 and together.opex == pytest.approx(1e6) and together.life == pytest.approx(8.0)
    (again,) = together.renewals
    assert again.money.capex == 50e6 and again.at == pytest.approx(5.0)
    assert together.subsidy == pytest.approx(20e6) and together.credit == pytest.approx(3e6)
    assert together.ramp_up == pytest.approx(0.5)
    assert joined(moneys[:1]) is moneys[0]
    assert joined([Money(capex=0.0), Money(capex=0.0)]).credit == 0.0


def test_an_unrelated_station_leaves_the_luck_of_the_others_unchanged(study: Study) -> None:
    plant: Plant = study.plant
    more = {
        **plant.raw,
        "source": {**plant.raw["source"], "sheets": {}},
        "product": {"other": {"route": ["sheets", "press", "pieces"]}, **plant.raw["product"]},
        "station": {"press": {"cycle": {"exponential": "20 s"}}, **plant.raw["station"]},
    }
    one, two = (simulate(prepare(p), seed=9, horizon=2e5) for p in (plant, parse_plant(more)))
    saw_one, saw_two = one.visits["machine"] == 0, two.visits["machine"] == 1
    for column in ("asked", "got", "began", "ended", "left", "net", "outcome"):
        assert one.visits[column][saw_one].tolist() == two.visits[column][saw_two].tolist(), column
    jams = two.stops["machine"] == 1
    assert one.stops["begin"].tolist() == two.stops["begin"][jams].tolist()
    assert one.stops["end"].tolist() == two.stops["end"][jams].tolist()


def test_changes_of_a_change_that_leaves_the_range_are_told(study: Study) -> None:
    with pytest.raises(ValueError, match="cycle"):
        changed(study.plant, [("bad", Change("set", "station.saw.cycle", "-1 s"))])


GIGA = Path(__file__).parents[2] / "layouts" / "giga_casting.toml"


def test_a_die_that_never_gets_warm_enough_is_told_with_its_line(tmp_path: Path) -> None:
    text = GIGA.read_text(encoding="utf-8")
    text = text.replace('dwell = "42 s"', 'dwell = "42 s"\nrelease_temperature = "230 degC"')
    (tmp_path / "plant.toml").write_text(text, encoding="utf-8")
    line = 1 + text.split("\n").index(next(row for row in text.split("\n") if row.startswith("[station.hpdc.die]")))
    with pytest.raises(InputError, match=rf"plant.toml:{line}: station.hpdc.die: release_temperature must be below"):
        prepare(read(tmp_path / "plant.toml"))


def test_a_scenario_that_its_technology_refuses_is_told_before_anything_runs(tmp_path: Path) -> None:
    (tmp_path / "plant.toml").write_bytes(GIGA.read_bytes())
    (tmp_path / "study.toml").write_text(
        '[study]\nquestion = "?"\nplant = "plant.toml"\n[investment.probe]\n'
        'set = {"station.hpdc.die.release_temperature" = "230 degC"}\nmoney.capex = "1 KRW"\n',
        encoding="utf-8",
    )
    with pytest.raises(InputError, match=r"study.toml:4: investment.probe: leaves the plant wrong at station.hpdc.die"):
        compare(read_study(tmp_path / "study.toml"), workers=1, progress=lambda *_: pytest.fail("ran"))
