"""What a study says of money, against a second computation that shares nothing with the program."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import pytest

from factory_sim.finance.cash import cash_flow
from factory_sim.finance.returns import irr
from factory_sim.finance.terms import Finance, Money, Stage, joined
from factory_sim.model import read_study
from factory_sim.study.money import looked_up
from factory_sim.study.worth import Worth, worth_of
from tests.unit.money_by_hand import Case, Fund, Loan, npv, parties

M = 1e6
PLANT = """
[plant]
name = "One saw"
demand_mode = "sold_out"
[source.bars]
[sink.pieces]
[station.saw]
cycle = "60 s"
[product.piece]
route = ["bars", "saw", "pieces"]
price = "10 KRW"
"""
STAGED = ((0.0, 0.2), (1.0, 0.3), (2.5, 0.5))
CASES = {
    "plain": Case(),
    "subsidy": Case(subsidy=0.5),
    "subsidy up to its cap": Case(capex=1000 * M, subsidy=0.5, cap=280 * M),
    "all of it paid by the programme": Case(subsidy=1.0),
    "credit": Case(credit=0.1, other=500 * M),
    "credit carried forward": Case(credit=0.25, benefit=20 * M),
    "credit lost after two years": Case(credit=0.25, benefit=18 * M, carry=2),
    "credit without carrying forward": Case(credit=0.1, carry=0),
    "credit above the minimum tax": Case(credit=0.25, least_tax=0.07, other=25 * M),
    "credit on what exceeds the usual investment": Case(capex=350 * M, increment=0.1, usual=60 * M, other=500 * M),
    "years of loss without other income": Case(benefit=50 * M, ramp_up=3.0, years=4),
    "years of loss beside other income": Case(benefit=5 * M, opex=25 * M, other=30 * M),
    "declining balance": Case(method="declining", years=5),
    "depreciated longer than it lives": Case(years=20, life=5.0),
    "depreciated in the first year": Case(years=1, other=25 * M),
    "no tax": Case(tax=0.0),
    "ramp-up over part of a year": Case(ramp_up=0.25),
    "ramp-up over years": Case(ramp_up=2.5, life=7.5),
    "permit takes half a year": Case(delay=0.5),
    "permit takes one year and three quarters": Case(delay=1.75, ramp_up=0.5, life=7.5),
    "residual": Case(residual=10 * M),
    "annuity loan": Case(loan=Loan(0.7, 0.0411)),
    "equal repayments after grace": Case(loan=Loan(0.5, 0.03, 5, 2, "equal_principal"), other=25 * M),
    "bullet loan longer than life": Case(life=3.25, loan=Loan(1.0, 0.05, 10, 0, "bullet")),
    "loan without interest": Case(loan=Loan(0.5, 0.0, 3)),
    "fund that takes its return and leaves": Case(fund=Fund(0.3)),
    "fund that takes part": Case(fund=Fund(0.5, 0.1, 3, 0.2), benefit=50 * M),
    "fund that is bought out whatever happens": Case(fund=Fund(0.5, 0.1, 3, 0.0, True), benefit=5 * M),
    "fund that gets what there is": Case(fund=Fund(1.0, 0.1, 3), benefit=10 * M),
    "staged": Case(stages=STAGED, subsidy=0.5, cap=30 * M, credit=0.1),
    "works or fails": Case(success=0.8, salvage=20 * M),
    "a permit of one year that fails": Case(success=0.5, salvage=20 * M, delay=1.0),
    "can be stopped": Case(stages=((0.0, 0.3), (1.0, 0.7)), success=0.5, may_stop=True, salvage=10 * M),
    "is not worth stopping": Case(stages=((0.0, 0.9), (0.5, 0.1)), success=0.5, may_stop=True, salvage=90 * M),
    "all at once": Case(
        350 * M, 120 * M, 5 * M, 7.5, 0.5, 0.5, 35 * M, 0.5, 100 * M, 0.25, 0.1, 60 * M, STAGED, 0.8, 20 * M, True,
        5, "declining", 0.1, 0.22, 0.07, 4, 25 * M, Loan(0.5, 0.0411, 5, 1), Fund(0.3, 0.08, 5, 0.2),
    ),
}  # fmt: skip


def worth(tmp_path: Path, finance: str, *investments: str, scenario: str = "i") -> Worth:
    """What a study file says of a scenario without a simulated gain."""
    (tmp_path / "plant.toml").write_text(PLANT, encoding="utf-8")
    head = '[study]\nquestion = "?"\nplant = "plant.toml"'
    (tmp_path / "study.toml").write_text("\n".join([head, finance, *investments]), encoding="utf-8")
    return worth_of(read_study(tmp_path / "study.toml"), "sold_out", scenario, [0.0, 0.0])


@pytest.mark.parametrize("name", CASES)
def test_each_party_gets_what_was_reckoned_by_hand(name: str, tmp_path: Path) -> None:
    case = CASES[name]
    found = worth(tmp_path, *case.text()).flows[0]
    wanted = parties(case)
    for who, column in (("plant", "net"), ("fund", "fund"), ("government", "government"), ("lender", "lender")):
        assert found.table[column] == pytest.approx(wanted[who], abs=1e-7 * case.capex), who
    shares = zip(*(wanted[who] for who in ("plant", "fund", "government", "lender")), strict=True)
    assert [sum(row) for row in shares] == pytest.approx(wanted["project"], abs=1e-7 * case.capex)
    assert found.npv == pytest.approx(npv(case.rate, wanted["plant"]), abs=1e-7 * case.capex)
    assert math.isnan(found.irr) or npv(found.irr, wanted["plant"]) == pytest.approx(0.0, abs=1e-6 * case.capex)


def test_the_usual_investment_of_a_firm_is_taken_once_from_what_is_bought_together(tmp_path: Path) -> None:
    """Two machines of 200 M each beside a usual investment of 300 M: 10 % on 100 M, and nothing for one alone."""
    case = Case(200 * M, increment=0.1, usual=300 * M, other=500 * M)
    finance, one = case.text("one")
    both = '[scenario.both]\ninvestments = ["one", "two"]\n[scenario.one]\ninvestments = ["one"]'
    files = (finance, one, case.text("two")[1], both)
    assert worth(tmp_path, *files, scenario="one").money.credit == 0.0
    found = worth(tmp_path, *files, scenario="both")
    assert found.money.credit == pytest.approx(10 * M)
    assert found.flows[0].table["credit_used"][1] == pytest.approx(10 * M)
    same = replace(case, capex=400 * M, benefit=2 * case.benefit)
    assert found.flows[0].npv == pytest.approx(npv(case.rate, parties(same)["plant"]))


@pytest.mark.parametrize(("size", "share"), [("small", 0.5), ("medium", 0.5), ("large", 0.3)])
def test_a_programme_pays_large_firms_their_own_share(tmp_path: Path, size: str, share: float) -> None:
    """The robot demonstration programme pays at most 30 % to large firms, and 280 M to anyone."""
    money = '[investment.i.money]\ncapex = "{} KRW"\nsubsidy = {{programme = "robot_demonstration"}}\n'
    finance = f'date = "2026-05"\n[finance]\nfirm_size = "{size}"'
    benefit = 'benefit = {sold_out = "1 KRW/yr"}'
    assert worth(tmp_path, finance, money.format(100e6), benefit).money.subsidy == pytest.approx(share * 100e6)
    assert worth(tmp_path, finance, money.format(2e9), benefit).money.subsidy == 280e6
    rows = [row.key for _, row in looked_up(read_study(tmp_path / "study.toml"))]
    assert rows[0] == "robot_demonstration.share" + ("_large_firm" if size == "large" else "")


def test_a_cap_of_support_stays_where_it_is_when_the_price_of_several_moves() -> None:
    """Two investments at their caps: 20 % more capex gets no more subsidy, 60 % less gets less."""
    capped = [Money(100 * M, subsidy_share=0.5, subsidy_cap=cap * M) for cap in (20.0, 30.0)]
    for factor in (1.2, 0.9, 0.4):
        moved = joined(capped).with_capex(factor)
        alone = [one.with_capex(factor).subsidy for one in capped]
        assert moved.subsidy == pytest.approx(sum(alone))
        assert sum(cash_flow(0.0, moved, Finance()).table["subsidy"]) == pytest.approx(sum(alone))
        assert moved.base == pytest.approx(200 * M * factor - sum(alone))


def test_what_rounding_leaves_of_a_flow_makes_no_rate_of_return() -> None:
    assert math.isnan(irr([-245e6, 2.98e-8, 0.0, 0.0]))
    assert irr([-1.0, 1e12]) == pytest.approx(1e12 - 1.0)
    whole = Money(350e6, subsidy_share=1.0, stages=(Stage(0.0, 0.3), Stage(1.0, 0.7)), delay=0.5, life=1.0, success=0.0)
    lost = cash_flow(400e6, whole, Finance(depreciation_years=1))
    assert any(lost.table["net"]) and math.isnan(lost.irr)  # the plant pays nothing but 3e-8 KRW


@pytest.mark.parametrize("life", [1e-12, 1e-10, 1e-3])
@pytest.mark.parametrize("begins", [0.0, 0.5, 1.0])
def test_a_life_of_no_time_loses_what_was_paid(life: float, begins: float) -> None:
    flow = cash_flow(1e6, Money(100.0, life=life, delay=begins, stages=(Stage(0.0, 1.0),)), Finance(tax_rate=0.0))
    assert sum(flow.table["depreciation"]) == pytest.approx(100.0)
    assert sum(flow.table["net"]) == pytest.approx(1e6 * life - 100.0)
