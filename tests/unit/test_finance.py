"""Finance: reference cases, the data sheet's check values, tables worked out by hand, and what must always hold."""

from __future__ import annotations

import doctest
import math
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from factory_sim.finance import cash, depreciation, labour, parties, returns, tables, tariff
from factory_sim.finance.cash import CashFlow, cash_flow
from factory_sim.finance.terms import Finance, Money

FILE = Path(__file__).parents[1] / "theory" / "cases_finance_statistics.toml"
STATISTICS = {"t-interval-coverage", "crn-exponential", "mser5-600", "welch-window-2"}  # in test_statistics.py
STATISTICS |= {"select-constants", "kn-constants", "pcs-slippage-5", "ocba-3", "little-law"}  # test_statistics_cases.py
CASES = [case for case in tomllib.loads(FILE.read_text(encoding="utf-8"))["case"] if case["id"] not in STATISTICS]


def robot(p: dict[str, Any]) -> dict[str, float]:
    money = Money(p["I"], p["om"], p["life"], 0.0, p["subsidy"], credit_rate=p["credit"], residual=p["salvage"])
    flow = cash_flow(p["save"], money, Finance(p["r"], p["tax"], len(p["depreciation_shares"])))
    return {
        **{f"cash_flow_{year}": net for year, net in enumerate(flow.table["net"])},
        "npv": flow.npv,
        "irr": flow.irr,
        "payback_years": flow.payback,
        "discounted_payback_years": flow.discounted_payback,
    }


COMPUTE: dict[str, Callable[[dict[str, Any]], dict[str, float]]] = {
    "npv-doc": lambda p: {
        "npv": returns.npv(p["rate"], p["cash_flows"]),
        "irr": returns.irr(p["cash_flows"]),
    },
    "irr-doc-1": lambda p: {"irr": returns.irr(p["cash_flows"])},
    "annuity-doc": lambda p: {"payment": returns.annuity_payment(p["rate"], p["nper"], p["pv"])},
    "payback-10": lambda p: {
        "payback_years": returns.payback(p["cash_flows"]),
        "discounted_payback_years": returns.discounted_payback(p["rate"], p["cash_flows"]),
        "npv": returns.npv(p["rate"], p["cash_flows"]),
    },
    "robot-straight-line": robot,
    "equivalent-annual-cost": lambda p: {
        f"eac_{machine}": returns.equivalent_annual_cost(p["rate"], **p[machine]) for machine in "AB"
    },
}


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_reference_case(case: dict[str, Any]) -> None:
    result = COMPUTE[case["id"]](case["parameters"])
    for kpi in case["kpi"]:
        assert (kpi["compare"], kpi["tolerance_kind"]) == ("two-sided", "abs")
        assert result[kpi["name"]] == pytest.approx(kpi["expected"], rel=0.0, abs=kpi["tolerance"]), kpi["name"]


def test_examples_in_the_docstrings() -> None:
    for module in (cash, depreciation, labour, parties, returns, tables, tariff):
        assert doctest.testmod(module, optionflags=doctest.ELLIPSIS).failed == 0


# ---- check values of the giga-casting data sheet: million KRW, 8 % over 8 years whatever the life ----

MARGIN, HOURS, GOOD, SHOTS = 0.1573, 6000.0, 20.269, 20.269 * 6000.0 / 0.871


def sold(rate: float) -> float:
    """Margin of the good parts that a higher rate of the bottleneck adds. [M KRW/yr]"""
    return (rate - GOOD) * MARGIN * HOURS


SHEET = {
    # id: capex, opex, cap, (benefit, npv, payback) demand-limited, the same sold out, payback with subsidy
    "G1": (350, 25, 280, (SHOTS * 0.015 * 0.06 + 90, 746, 1.8), (sold(21.620) + 90, 7352, 0.3), 0.9),
    "G2": (2600, 40, 0, (60, -2485, 130.0), (sold(20.902), 605, 4.7), 130.0),
    "G3": (900, 60, 200, (SHOTS * 0.019 * 0.075 + 110, 531, 3.6), (sold(20.685) + 110, 1645, 2.0), 2.8),
    "G4": (180, 45, 140, (85, 50, 4.5), (sold(20.787) + 40, 2603, 0.4), 2.2),
}


@pytest.mark.parametrize("option", SHEET)
def test_simple_figures_are_those_of_the_data_sheet(option: str) -> None:
    capex, opex, cap, fixed, sold_out, subsidised = SHEET[option]
    money = Money(capex, opex, life=8.0, ramp_up=0.25, subsidy_share=0.5, subsidy_cap=cap, credit_rate=0.1)
    for benefit, npv, payback in (fixed, sold_out):
        flow = cash_flow(benefit, money, Finance())
        assert flow.npv_simple == pytest.approx(npv, abs=3.0)  # rates have five digits: 0.0005 / h are 2.7 M
        assert flow.payback_simple == pytest.approx(payback, abs=0.05)
    flow = cash_flow(fixed[0], money, Finance())
    assert flow.payback_simple_subsidised == pytest.approx(subsidised, abs=0.051)
    assert flow.npv_simple_subsidised == flow.npv_simple + min(capex / 2, cap)


# ---- tables worked out by hand: capex 1000, subsidy 200 (cap), base 800, credit 200, depreciation 200 a year ----

PRESS: dict[str, Any] = {
    "capex": 1000.0,
    "opex": 50.0,
    "life": 4.0,
    "subsidy_share": 0.5,
    "subsidy_cap": 200.0,
    "credit_rate": 0.25,
}
RULES: dict[str, Any] = {"discount_rate": 0.1, "tax_rate": 0.2, "depreciation_years": 4, "carry_forward_years": 2}


def assert_table(flow: CashFlow, **columns: list[float]) -> None:
    for name, expected in columns.items():
        assert flow.table[name] == pytest.approx(expected), name


def test_credit_is_limited_by_tax_carried_forward_and_then_lost() -> None:
    flow = cash_flow(300.0, Money(**PRESS), Finance(**RULES))
    assert_table(
        flow,
        year=[0, 1, 2, 3, 4],
        capex=[1000, 0, 0, 0, 0],
        subsidy=[200, 0, 0, 0, 0],
        benefit=[0, 300, 300, 300, 300],
        opex=[0, 50, 50, 50, 50],
        depreciation=[0, 200, 200, 200, 200],
        taxable=[0, 50, 50, 50, 50],
        tax_before_credit=[0, 10, 10, 10, 10],
        credit_used=[0, 10, 10, 10, 0],  # year 1 and the two after it
        tax=[0, 0, 0, 0, 10],
        net=[-800, 250, 250, 250, 240],
        discounted=[-800, 250 / 1.1, 250 / 1.21, 250 / 1.331, 240 / 1.4641],
        cumulative=[-800, -550, -300, -50, 190],
    )
    assert flow.credit_lost == pytest.approx(170.0)
    assert flow.payback == pytest.approx(3 + 50 / 240)
    assert list(flow.table) == [
        *("year", "capex", "subsidy", "benefit", "opex", "residual", "depreciation", "taxable", "loss_used"),
        *("tax_before_credit", "credit_used", "tax", "net", "discounted", "cumulative"),
        *("drawn", "interest", "repaid", "fund", "government", "lender"),
    ]


def test_first_years_of_loss_are_carried_forward_when_there_is_no_other_income() -> None:
    flow = cash_flow(300.0, Money(**PRESS, ramp_up=2.0), Finance(**RULES))
    assert_table(
        flow,
        benefit=[0, 75, 225, 300, 300],  # full x (1/4, 1 - 1/4, 1, 1)
        taxable=[0, -175, -25, 50, 50],
        loss_used=[0, 0, 0, 50, 50],
        tax_before_credit=[0, 0, 0, 0, 0],
        credit_used=[0, 0, 0, 0, 0],
        net=[-800, 25, 175, 250, 250],
    )


def test_other_income_absorbs_losses_and_carries_the_credit() -> None:
    flow = cash_flow(300.0, Money(**PRESS, ramp_up=2.0), Finance(**RULES, other_taxable_income=100.0))
    assert_table(
        flow,
        taxable=[0, -175, -25, 50, 50],
        loss_used=[0, 0, 75, 0, 0],  # firm: -75 in year 1, carried; 75, all of it deducted; 150; 150
        tax_before_credit=[0, -20, -20, 10, 10],  # against 20 a year without the press
        credit_used=[0, 0, 0, 30, 0],  # all the tax of the firm in year 3, the last one allowed
        tax=[0, -20, -20, -20, 10],
        net=[-800, 45, 195, 270, 240],
    )


def test_a_rich_firm_uses_the_whole_credit_at_once() -> None:
    flow = cash_flow(300.0, Money(**PRESS), Finance(**RULES, other_taxable_income=1e6))
    assert_table(flow, credit_used=[0, 200, 0, 0, 0], tax=[0, -190, 10, 10, 10])
    assert flow.credit_lost == 0.0


def test_last_year_counts_pro_rata_and_writes_the_rest_off() -> None:
    flow = cash_flow(300.0, Money(**{**PRESS, "life": 2.5}, lump_benefit=100.0, residual=30.0), Finance(**RULES))
    assert_table(
        flow,
        benefit=[0, 400, 400, 200],
        opex=[0, 50, 50, 25],
        residual=[0, 0, 0, 30],
        depreciation=[0, 200, 200, 400],
        taxable=[0, 150, 150, -195],
    )
    assert flow.npv_simple == pytest.approx(-1000 + 350 / 1.1 + 350 / 1.21 + 175 / 1.331)


def test_life_from_a_unit_conversion_does_not_start_another_year() -> None:
    exact, dusty = (cash_flow(300.0, Money(1000.0, life=life), Finance()) for life in (8.0, 8.0 + 2e-15))
    assert len(dusty.table["year"]) == 9
    assert dusty.npv == pytest.approx(exact.npv)


def test_ramp_up_costs_half_its_length_and_may_outlast_the_life() -> None:
    benefit = cash_flow(1200.0, Money(1000.0, ramp_up=0.25), Finance()).table["benefit"]
    assert benefit[1:3] == pytest.approx([1200.0 * (1 - 0.125), 1200.0])
    long = cash_flow(1200.0, Money(1000.0, life=2.0, ramp_up=4.0), Finance()).table["benefit"]
    assert long == pytest.approx([0.0, 1200 / 8, 1200 * 3 / 8])


# ---- rates of return and paybacks ----


def test_rate_of_return_without_a_change_of_sign_is_nan() -> None:
    for flows in ([], [0.0, 0.0], [1.0, 2.0], [-1.0, 0.0, -3.0]):
        assert math.isnan(returns.irr(flows))


def test_rate_of_return_nearest_to_zero_of_several() -> None:
    assert returns.irr([-1, 5, -6]) == pytest.approx(1.0)
    assert returns.irr([0, -1000, 2250, -1265]) == pytest.approx(0.1)  # 10 % and 15 %
    assert returns.irr([1.0, -1.6, 0.55]) == pytest.approx(0.1)  # and -50 %
    assert math.isnan(returns.irr([1.0, -1.0, 1.0]))


def test_rate_of_return_may_be_almost_total_loss_or_huge() -> None:
    assert returns.irr([-1e9, 1.0]) == pytest.approx(-1.0 + 1e-9, abs=1e-15)
    assert returns.irr([-1.0, 1e12]) == pytest.approx(1e12 - 1.0)
    assert returns.irr([-100.0] + [0.0] * 29 + [100.0]) == pytest.approx(0.0, abs=1e-12)
    assert math.isnan(returns.irr([-1.0, 1e-300]))  # -1 in floating point


def test_payback_is_the_crossing_that_lasts() -> None:
    assert returns.payback([-10, 5]) == math.inf
    assert returns.payback([-10, 20, -15, 10]) == pytest.approx(2.5)
    assert returns.payback([-0.4, 0.1, 0.1, 0.2]) == pytest.approx(3.0)
    assert returns.payback([5.0, 1.0]) == returns.payback([]) == 0.0
    assert returns.discounted_payback(1.0, [-10, 10]) == math.inf


def test_annuity_at_no_interest_is_the_number_of_years() -> None:
    assert returns.annuity_factor(0.0, 8) == 8
    assert returns.annuity_factor(1e-12, 8) == pytest.approx(8.0)


def test_without_a_gain_there_is_no_simple_payback() -> None:
    flow = cash_flow(10.0, Money(1000.0, opex=10.0), Finance())
    assert flow.payback_simple == flow.payback_simple_subsidised == flow.payback == math.inf
    assert math.isnan(flow.irr)


@pytest.mark.parametrize(
    ("call", "told"),
    [
        (lambda: Money(-1.0), "capex must not be negative and must be finite, got -1.0"),
        (lambda: Money(1.0, opex=math.nan), "opex"),
        (lambda: Money(1.0, life=0.0), "life must be positive"),
        (lambda: Money(1.0, ramp_up=-1.0), "ramp_up"),
        (lambda: Money(1.0, subsidy_share=1.1), "subsidy_share must lie in"),
        (lambda: Money(1.0, subsidy_cap=-1.0), "subsidy_cap"),
        (lambda: Money(1.0, credit_rate=-0.1), "credit_rate"),
        (lambda: Money(1.0, lump_benefit=math.inf), "lump_benefit"),
        (lambda: Money(1.0, residual=-1.0), "residual"),
        (lambda: Finance(discount_rate=-1.0), "rate must be above -1"),
        (lambda: Finance(tax_rate=1.0), "tax_rate"),
        (lambda: Finance(depreciation_years=0), "depreciation_years must be a whole number of years, at least 1"),
        (lambda: Finance(carry_forward_years=2.5), "carry_forward_years"),  # type: ignore[arg-type]
        (lambda: Finance(other_taxable_income=-1.0), "other_taxable_income"),
        (lambda: cash_flow(math.nan, Money(1.0), Finance()), "benefit_per_year must be finite"),
        (lambda: returns.annuity_factor(0.1, 0), "years must be positive"),
        (lambda: depreciation.straight_line(1.0, 0), "years must be a whole number"),
    ],
)
def test_what_cannot_be_is_told(call: Callable[[], object], told: str) -> None:
    with pytest.raises(ValueError, match=told):
        call()


# ---- what must always hold ----

amounts = st.floats(0.0, 1e10)
years = st.floats(0.1, 20.0)
moneys = st.builds(
    Money,
    capex=amounts,
    opex=st.floats(-1e9, 1e9),
    life=years,
    ramp_up=st.floats(0.0, 5.0),
    subsidy_share=st.floats(0.0, 1.0),
    subsidy_cap=amounts,
    credit_rate=st.floats(0.0, 1.0),
    lump_benefit=st.floats(-1e9, 1e9),
    residual=amounts,
)
rules = st.builds(
    Finance,
    discount_rate=st.floats(-0.2, 1.0),
    tax_rate=st.floats(0.0, 0.5),
    depreciation_years=st.integers(1, 20),
    carry_forward_years=st.integers(0, 20),
    other_taxable_income=st.just(0.0) | amounts,
)


@given(st.floats(1.0, 1e10), st.lists(amounts, min_size=1, max_size=20), st.floats(-0.5, 2.0), st.floats(0.01, 1.0))
def test_value_of_a_conventional_flow_falls_with_the_rate(
    capex: float, gains: list[float], rate: float, more: float
) -> None:
    low, high = (returns.npv(r, [-capex, *gains]) for r in (rate, rate + more))
    assert high <= low
    assert high < low or max(gains) < 1e-6 * capex


@given(st.floats(1.0, 1e10), st.lists(st.floats(1.0, 1e10), min_size=1, max_size=20))
def test_value_at_the_internal_rate_is_nothing(capex: float, gains: list[float]) -> None:
    rate = returns.irr([-capex, *gains])
    assert returns.npv(rate, [-capex, *gains]) == pytest.approx(0.0, abs=1e-6 * capex)


@given(amounts, years, rules)
def test_no_benefit_no_support_costs_exactly_its_capex(capex: float, life: float, terms: Finance) -> None:
    assume(terms.other_taxable_income == 0.0)
    assert cash_flow(0.0, Money(capex, life=life), terms).npv == -capex


@given(st.floats(-1e10, 1e10), moneys, rules)
def test_support_keeps_its_limits_and_money_adds_up(benefit: float, money: Money, terms: Finance) -> None:
    flow = cash_flow(benefit, money, terms)
    table = {name: math.fsum(column) for name, column in flow.table.items()}
    assert table["subsidy"] <= min(money.subsidy_cap, money.capex)
    dust = 1e-9 * (1.0 + max(abs(value) for column in flow.table.values() for value in column))
    assert table["credit_used"] <= money.credit + dust
    assert all(used >= 0.0 for used in flow.table["credit_used"])
    assert not any(flow.table["credit_used"][2 + terms.carry_forward_years :])
    assert table["depreciation"] == pytest.approx(money.base, abs=dust)
    flows = table["benefit"] - table["opex"] + table["residual"] - table["capex"] + table["subsidy"] - table["tax"]
    assert table["net"] == pytest.approx(flows, abs=20 * dust)
    assert flow.table["cumulative"][-1] == pytest.approx(table["net"], abs=20 * dust)
    assert flow.npv == pytest.approx(returns.npv(terms.discount_rate, flow.table["net"]), rel=1e-6, abs=100 * dust)


@given(st.floats(-1e10, 1e10), moneys, rules)
def test_the_firm_never_pays_less_than_nothing(benefit: float, money: Money, terms: Finance) -> None:
    without = terms.tax_rate * terms.other_taxable_income
    flow = cash_flow(benefit, money, terms)
    dust = 1e-12 * (without + max(map(abs, flow.table["taxable"])))
    assert all(tax + without >= -dust for tax in flow.table["tax"][1:])
    assert sum(flow.table["loss_used"]) <= sum(max(-own, 0.0) for own in flow.table["taxable"]) * (1 + 1e-12)
