"""From capex to each party's money: every step of the cash flow worked out by hand, and what must always hold."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from factory_sim.finance.cash import FAILS, PARTIES, STOPPED, WORKS, CashFlow, cash_flow
from factory_sim.finance.depreciation import METHODS, declining_balance, depreciation
from factory_sim.finance.parties import REPAYMENTS, Fund, Loan, fund_flows, loan_flows
from factory_sim.finance.returns import npv
from factory_sim.finance.terms import Finance, Money, Stage, joined

HALVES = (Stage(0.0, 0.4), Stage(1.0, 0.6))
FIRM = Finance(discount_rate=0.1, tax_rate=0.2, depreciation_years=4, carry_forward_years=2)
RICH = Finance(discount_rate=0.1, tax_rate=0.2, depreciation_years=4, other_taxable_income=1e6)


def assert_table(flow: CashFlow, **columns: list[float]) -> None:
    for name, expected in columns.items():
        assert flow.table[name] == pytest.approx(expected), name


# ---- stages, delay -----------------------------------------------------------------------------------------------


def test_two_payments_and_operation_after_the_second() -> None:
    """1000 in 400 now and 600 after a year; 50 % of it subsidised up to 350: 200 and 150; works from year 2 on."""
    money = Money(1000.0, life=4.0, subsidy_share=0.5, subsidy_cap=350.0, credit_rate=0.1, stages=HALVES)
    flow = cash_flow(400.0, money, RICH)
    assert_table(
        flow,
        year=[0, 1, 2, 3, 4, 5],
        capex=[400, 600, 0, 0, 0, 0],
        subsidy=[200, 150, 0, 0, 0, 0],
        benefit=[0, 0, 400, 400, 400, 400],
        depreciation=[0, 0, 162.5, 162.5, 162.5, 162.5],  # of 650
        tax_before_credit=[0, 0, 47.5, 47.5, 47.5, 47.5],
        credit_used=[0, 20 + 45, 0, 0, 0, 0],  # 10 % of 200, with the tax of year 1, and of 450, paid at its end
        net=[-200, -450 + 65, 352.5, 352.5, 352.5, 352.5],
        government=[-200, -150 - 65, 47.5, 47.5, 47.5, 47.5],
    )


def test_a_permit_of_half_a_year_moves_half_a_year_of_benefit() -> None:
    flow = cash_flow(400.0, Money(1000.0, opex=40.0, life=2.0, delay=0.5, residual=10.0), FIRM)
    assert_table(
        flow,
        benefit=[0, 200, 400, 200],
        opex=[0, 20, 40, 20],
        depreciation=[0, 250, 250, 500],  # what is left is written off at the end
        residual=[0, 0, 0, 10],
    )
    ramped = cash_flow(400.0, Money(1000.0, life=2.0, delay=1.0, ramp_up=1.0), FIRM)
    assert_table(ramped, benefit=[0, 0, 200, 400], depreciation=[0, 0, 250, 750])


def test_credits_of_two_payments_expire_one_after_the_other() -> None:
    """Tax of 10 a year; 40 granted in year 1 and 60 in year 2, each to be used in that year and the next only."""
    terms = Finance(0.1, 0.2, 4, carry_forward_years=1, other_taxable_income=50.0)
    money = Money(1000.0, life=4.0, credit_rate=0.1, stages=(Stage(0.0, 0.4), Stage(2.0, 0.6)))
    assert_table(cash_flow(0.0, money, terms), credit_used=[0, 10, 10, 0, 0, 0, 0], capex=[400, 0, 600, 0, 0, 0, 0])


# ---- tax ---------------------------------------------------------------------------------------------------------


def test_declining_balance_takes_a_fixed_share_and_the_rest_at_the_end() -> None:
    share = 1.0 - 0.05**0.25  # 0.5271 over 4 years, 0.528 in the law's table
    parts = declining_balance(1000.0, 4)
    assert parts[:3] == pytest.approx([1000 * share, 1000 * share * (1 - share), 1000 * share * (1 - share) ** 2])
    assert sum(parts) == pytest.approx(1000.0)
    flow = cash_flow(300.0, Money(1000.0, life=4.0, depreciation_years=2, depreciation_method="declining"), FIRM)
    first = 1000 * (1 - math.sqrt(0.05))
    assert_table(flow, depreciation=[0, first, 1000 - first, 0, 0])


def test_minimum_tax_keeps_the_credit_from_taking_all() -> None:
    """Taxable 50 a year: tax 10, of which 7 % of 50 = 3.5 must be paid."""
    terms = Finance(0.1, 0.2, 4, minimum_tax_rate=0.07)
    flow = cash_flow(300.0, Money(1000.0, 50.0, 4.0, subsidy_share=0.2, credit_rate=0.25), terms)
    assert_table(flow, credit_used=[0, 6.5, 6.5, 6.5, 6.5], tax=[0, 3.5, 3.5, 3.5, 3.5])


def test_what_exceeds_the_usual_investment_earns_more_credit() -> None:
    money = Money(1000.0, life=4.0, credit_rate=0.1, increment_rate=0.1, usual_investment=600.0)
    assert money.credit == pytest.approx(100 + 40)
    assert_table(cash_flow(300.0, money, RICH), credit_used=[0, 140, 0, 0, 0])
    staged = cash_flow(
        300.0, Money(1000.0, stages=HALVES, credit_rate=0.1, increment_rate=0.1, usual_investment=600.0), RICH
    )
    assert staged.table["credit_used"][1] == pytest.approx(140.0)  # 40 + 60 + 40: all with the tax of year 1


# ---- loan --------------------------------------------------------------------------------------------------------


def test_loan_with_a_year_of_grace_by_hand() -> None:
    """Half of 800 at 10 %, two years after one of grace: annuity of 400 x 0.11/0.21 = 230.476."""
    terms = Finance(0.1, 0.2, 4, loan=Loan(0.5, 0.1, years=3, grace=1))
    flow = cash_flow(300.0, Money(1000.0, life=4.0, subsidy_share=0.2), terms)
    pay = 400 * 0.1 * 1.21 / 0.21
    back = pay - 40
    assert_table(
        flow,
        drawn=[400, 0, 0, 0, 0],
        interest=[0, 40, 40, 0.1 * (400 - back), 0],
        repaid=[0, 0, back, 400 - back, 0],
        taxable=[0, 60, 60, 100 - 0.1 * (400 - back), 100],
        lender=[-400, 40, pay, pay, 0],
        net=[-400, 300 - 40 - 12, 300 - pay - 12, 300 - pay - 0.2 * (100 - 0.1 * (400 - back)), 280],
    )
    assert flow.party("lender")[0] == pytest.approx(0.0, abs=1e-9)
    assert flow.party("lender")[1] == pytest.approx(0.1)
    assert flow.unfinanced.table["net"] == pytest.approx([-800, 280, 280, 280, 280])


def test_other_ways_to_repay() -> None:
    for loan, interest, repaid in (
        (Loan(1.0, 0.1, 3, 0, "equal_principal"), [30, 20, 10], [100, 100, 100]),
        (Loan(1.0, 0.1, 3, 0, "bullet"), [30, 30, 30], [0, 0, 300]),
        (Loan(1.0, 0.0, 2), [0, 0], [150, 150]),
    ):
        service = loan.service(300.0)
        assert [cost for cost, _ in service] == pytest.approx(interest)
        assert [back for _, back in service] == pytest.approx(repaid)
    short = loan_flows([300.0, 0.0, 0.0], Loan(1.0, 0.1, 3, 0, "equal_principal"))  # the life ends before the loan
    assert short[0] == pytest.approx([0, 30, 20])
    assert short[1] == pytest.approx([0, 100, 200])
    twice = loan_flows([100.0, 200.0, 0.0], Loan(1.0, 0.1, 2, 0, "bullet"))
    assert twice[0] == pytest.approx([0, 10, 10 + 20])
    assert twice[1] == pytest.approx([0, 0, 300])


# ---- fund --------------------------------------------------------------------------------------------------------


def test_fund_is_paid_its_return_and_then_bought_out() -> None:
    """It bears 40 % of 1000; 10 % of 400 a year are 40; 430 at the end of year 2 are 40 and its 400."""
    fund = Fund(0.4, 0.1, exit=2)
    assert fund_flows([-1000.0, 300.0, 500.0, 500.0], fund, 0.1) == pytest.approx([-400, 40, 440, 0])
    assert npv(0.1, fund_flows([-1000.0, 300.0, 500.0, 500.0], fund, 0.1)) == pytest.approx(0.0)
    sharing = Fund(0.4, 0.1, exit=2, participation=0.25)
    later = 660 / 1.1
    assert fund_flows([-1000.0, 300.0, 500.0, 660.0], sharing, 0.1) == pytest.approx(
        [-400, 40 + 0.25 * 260, 40 + 0.25 * 460 + 400 + 0.25 * (later - 400), 0]
    )


def test_an_unguaranteed_fund_bears_the_failure() -> None:
    """Nothing comes back but 50 in year 1: the claim of 440 is worth what there is."""
    flows = [-1000.0, 50.0, 0.0, 0.0]
    assert fund_flows(flows, Fund(0.4, 0.1, exit=2), 0.1) == pytest.approx([-400, 40, 0, 0])
    assert fund_flows(flows, Fund(0.4, 0.1, exit=2, guaranteed=True), 0.1) == pytest.approx([-400, 40, 440, 0])
    assert fund_flows([-100.0, 10.0], Fund(0.5, 0.1, exit=9), 0.1) == pytest.approx([-50, 10])  # ends with the life


def test_parties_share_what_there_is() -> None:
    """Subsidy 200 of 1000, loan 400, the owners pay 400, of which the fund 160 at 5 %."""
    terms = Finance(0.1, 0.2, 4, loan=Loan(0.5, 0.1, 4, 0, "bullet"), fund=Fund(0.4, 0.05, exit=2), public_rate=0.03)
    flow = cash_flow(500.0, Money(1000.0, life=4.0, subsidy_share=0.2), terms)
    tax = 0.2 * (500 - 200 - 40)
    owners = 500 - tax - 40
    assert_table(
        flow,
        fund=[-160, 8, 8 + 160, 0, 0],
        net=[-240, owners - 8, owners - 168, owners, owners - 400],
        government=[-200, tax, tax, tax, tax],
        lender=[-400, 40, 40, 40, 440],
    )
    assert flow.party("fund")[1] == pytest.approx(0.05)
    assert flow.party("government")[0] == pytest.approx(npv(0.03, [-200, tax, tax, tax, tax]))
    assert flow.party("plant")[0] == pytest.approx(flow.npv)
    assert flow.party("plant")[1] == pytest.approx(flow.irr)


# ---- failure and the option to stop ------------------------------------------------------------------------------


def test_failure_costs_all_payments_unless_they_can_be_stopped() -> None:
    """80 %: 400 now, 600 after a year, then 500 for 4 years. 20 %: nothing. No tax."""
    terms = Finance(0.1, 0.0, 4)
    bound = cash_flow(500.0, Money(1000.0, life=4.0, stages=HALVES, success=0.8), terms)
    assert bound.outcomes.keys() == {WORKS, FAILS}
    assert bound.outcomes[FAILS].table["net"] == pytest.approx([-400, -600, 0, 0, 0, 0])
    works = npv(0.1, [-400, -600, 500, 500, 500, 500])
    assert bound.npv == pytest.approx(0.8 * works + 0.2 * (-400 - 600 / 1.1))
    assert bound.table["net"] == pytest.approx([-400, -600, 400, 400, 400, 400])
    assert bound.option_value == 0.0
    free = cash_flow(500.0, Money(1000.0, life=4.0, stages=HALVES, success=0.8, may_stop=True), terms)
    assert free.outcomes[STOPPED].table["net"] == pytest.approx([-400, 0, 0, 0, 0, 0])
    assert free.option_value == pytest.approx(0.2 * 600 / 1.1)
    assert free.npv == pytest.approx(bound.npv + free.option_value)


def test_a_failure_is_written_off_and_sold() -> None:
    """Given up at the end of year 1: sold for 100, of 1000 - 500 subsidised; the firm has other income."""
    money = Money(1000.0, life=4.0, subsidy_share=0.5, success=0.0, salvage=100.0)
    flow = cash_flow(500.0, money, RICH)
    assert_table(flow, residual=[0, 100, 0, 0, 0], depreciation=[0, 500, 0, 0, 0], taxable=[0, -400, 0, 0, 0])
    assert_table(flow, net=[-500, 100 + 80, 0, 0, 0])
    staged = Money(1000.0, life=4.0, stages=HALVES, success=0.0, may_stop=True, salvage=100.0)
    assert cash_flow(500.0, staged, RICH).table["residual"] == pytest.approx([0, 40, 0, 0, 0, 0])


def test_stopping_is_a_right_and_no_duty() -> None:
    """Going on brings a salvage of 2000 for 600, when it should have worked for a year: the plant goes on."""
    money = Money(1000.0, life=4.0, stages=HALVES, success=0.5, may_stop=True, salvage=2000.0, delay=1.0)
    flow = cash_flow(500.0, money, Finance(0.1, 0.0, 4))
    assert FAILS in flow.outcomes and flow.option_value == 0.0
    assert flow.outcomes[FAILS].table["net"] == pytest.approx([-400, -600, 0, 2000, 0, 0, 0])


# ---- together ----------------------------------------------------------------------------------------------------


def test_investments_made_together_are_paid_and_depreciated_each_its_own_way() -> None:
    """The other one is over a year before the first: bought again for 600, a quarter of its life used when all ends."""
    one = Money(400.0, life=5.0, credit_rate=0.1, depreciation_years=2, success=0.9)
    other = Money(600.0, life=4.0, subsidy_share=0.5, credit_rate=0.2, stages=HALVES, success=0.5, delay=1.0)
    both = joined([one, other])
    assert (both.capex, both.subsidy, both.life, both.begins, both.success) == (1000.0, 300.0, 5.0, 2.0, 0.45)
    assert both.credit == pytest.approx(40 + 60)
    works = cash_flow(500.0, both, RICH).outcomes[WORKS]
    assert_table(
        works,
        capex=[640, 360, 0, 0, 0, 0, 600, 0],
        subsidy=[120, 180, 0, 0, 0, 0, 0, 0],
        depreciation=[0, 0, 0, 200 + 75, 200 + 75, 75, 75, 600],
        residual=[0, 0, 0, 0, 0, 0, 0, 450],
        credit_used=[0, 100, 0, 0, 0, 0, 0, 0],
    )


def test_what_lives_shorter_is_bought_again() -> None:
    """A line of 6 years, a sensor of 2.5 that is sold for 20: new ones after 2.5 and 5 years, 0.6 of the last left."""
    line, sensor = Money(1000.0, opex=10.0, life=6.0), Money(100.0, opex=5.0, life=2.5, residual=20.0)
    both = joined([line, sensor])
    assert [at for _, at in both.renewals] == [2.5, 5.0]
    flow = cash_flow(300.0, both, Finance(0.1, 0.0, 8))
    left = 20 + (100 - 20) * 1.5 / 2.5
    assert_table(
        flow,
        capex=[1100, 0, 0, 100, 0, 100, 0],
        residual=[0, 0, 0, 20, 0, 20, left],
        benefit=[0, *[300] * 6],
        opex=[0, *[15] * 6],
        depreciation=[0, 137.5, 137.5, 150, 150, 150, 575],
    )
    assert flow.npv_simple == pytest.approx(flow.npv - 20 / 1.1**3 - 20 / 1.1**5 - left / 1.1**6)
    dearer, longer = both.with_capex(2.0), both.with_life(2.0)
    assert cash_flow(300.0, dearer, Finance(0.1, 0.0, 8)).table["capex"] == (2200, 0, 0, 200, 0, 200, 0)
    assert longer.life == 12.0 and [at for _, at in longer.renewals] == [5.0, 10.0]


def test_together_with_what_lives_as_long_nothing_is_bought_again() -> None:
    for lives in ((4.0, 4.0), (4.0, 8.0), (2.0, 8.0)):
        both = joined([Money(100.0, life=life) for life in lives])
        assert len(both.renewals) == round(lives[1] / lives[0]) - 1
        assert both.residual_at_end() == 0.0


amounts = st.floats(0.0, 1e9)
shares = st.floats(0.0, 1.0)
stages = st.sampled_from([(Stage(0.0, 1.0),), HALVES, (Stage(0.0, 0.2), Stage(0.5, 0.5), Stage(2.5, 0.3))])
loans = st.none() | st.builds(
    Loan, shares, st.floats(0.0, 0.2), st.integers(3, 10), st.integers(0, 2), st.sampled_from(REPAYMENTS)
)
funds = st.none() | st.builds(Fund, shares, st.floats(0.0, 0.2), st.integers(1, 10), shares, st.booleans())
rules = st.builds(
    Finance,
    st.floats(0.0, 0.3),
    st.floats(0.1, 0.4),
    st.integers(1, 12),
    st.integers(0, 10),
    st.just(0.0) | amounts,
    st.sampled_from(METHODS),
    st.floats(0.0, 0.1),
    loan=loans,
    fund=funds,
)


@st.composite
def moneys(draw: Callable[..., Any]) -> Money:
    paid = draw(stages)
    return Money(
        draw(amounts), draw(st.floats(0.0, 1e8)), draw(st.floats(0.5, 12.0)), draw(st.floats(0.0, 2.0)),
        draw(shares), draw(amounts), draw(shares), 0.0, draw(amounts), paid, draw(st.floats(0.0, 3.0)), draw(shares),
        len(paid) > 1 and draw(st.booleans()), draw(amounts), draw(shares), draw(amounts),
    )  # fmt: skip


@given(st.floats(-1e9, 1e9), moneys(), rules)
@settings(max_examples=300, deadline=None)
def test_what_all_parties_get_is_what_there_is(benefit: float, money: Money, terms: Finance) -> None:
    flow = cash_flow(benefit, money, terms)
    t = flow.table
    dust = 1e-9 * (1.0 + max(abs(value) for column in t.values() for value in column))
    for year in range(len(t["year"])):
        there = t["benefit"][year] - t["opex"][year] + t["residual"][year] - t["capex"][year]
        assert sum(t[column][year] for column in PARTIES.values()) == pytest.approx(there, abs=20 * dust)
    assert sum(t["drawn"]) == pytest.approx(sum(t["repaid"]), abs=dust)
    assert flow.option_value >= 0.0
    for outcome in flow.outcomes.values():
        paid = sum(outcome.table["capex"]) - sum(outcome.table["subsidy"])
        assert sum(outcome.table["depreciation"]) == pytest.approx(paid, abs=dust)
        assert sum(outcome.table["subsidy"]) <= money.subsidy_cap + dust


@given(st.floats(-1e9, 1e9), moneys(), rules)
@settings(max_examples=100, deadline=None)
def test_neutral_loan_fund_and_members_change_nothing(benefit: float, money: Money, terms: Finance) -> None:
    plain = cash_flow(benefit, money, Finance(*(getattr(terms, key) for key in RULES_OF)))
    neutral = replace(plain.terms, loan=Loan(0.0, 0.1), fund=Fund(0.0))
    assert cash_flow(benefit, money, neutral).table["net"] == plain.table["net"]
    nothing = Money(0.0, life=money.life, stages=money.stages, may_stop=money.may_stop)
    with_nothing = joined([money, nothing])
    together = cash_flow(benefit, with_nothing, terms).npv
    assert together == pytest.approx(cash_flow(benefit, money, terms).npv, rel=1e-6, abs=1.0)


RULES_OF = ("discount_rate", "tax_rate", "depreciation_years", "carry_forward_years", "other_taxable_income")


@pytest.mark.parametrize(
    ("call", "told"),
    [
        (lambda: Money(1.0, stages=(Stage(1.0, 1.0),)), "stages must ascend from 0"),
        (lambda: Money(1.0, stages=(Stage(0.0, 0.5),)), "shares that sum to 1"),
        (lambda: Money(1.0, may_stop=True), "needs a second stage"),
        (lambda: Money(1.0, success=1.1), "success must lie in"),
        (lambda: Money(1.0, delay=-1.0), "delay must not be negative"),
        (lambda: Money(1.0, depreciation_method="sum_of_digits"), "depreciation_method must be one of"),
        (lambda: Finance(minimum_tax_rate=0.3), "minimum_tax_rate must lie in"),
        (lambda: Loan(0.5, 0.1, 3, 3), "grace must be below"),
        (lambda: Loan(0.5, 0.1, repayment="later"), "repayment must be one of"),
        (lambda: Fund(0.5, -0.1), "preferred_return must not be negative"),
        (lambda: Fund(0.5, exit=0), "exit must be a whole number"),
        (lambda: depreciation(1.0, 4, "none"), "method must be one of"),
    ],
)
def test_what_cannot_be_is_told(call: Callable[[], object], told: str) -> None:
    with pytest.raises(ValueError, match=told):
        call()
