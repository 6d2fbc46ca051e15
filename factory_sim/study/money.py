"""From the money of a study file to that of a cash flow: years instead of seconds, names of tables looked up."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import NamedTuple

from factory_sim.finance.parties import Fund, Loan
from factory_sim.finance.tables import Row, find, lookup
from factory_sim.finance.terms import AT_ONCE, Finance, Money, Stage, joined
from factory_sim.model import Distribution, Study
from factory_sim.model.finance_schema import Uncertain
from factory_sim.model.study_schema import Investment
from factory_sim.model.units import YEAR
from factory_sim.study.scenario import amount

KEYS = tuple(Uncertain.model_fields)


class Drawn(NamedTuple):
    """The money of a scenario for one draw of what is uncertain in it, and the factors on what investments gain."""

    money: Money
    benefit: dict[str, float]  # by investment, where it is not 1


def finance_of(study: Study) -> Finance:
    """Return the rates and tax rules of a study, money per year."""
    terms = study.finance
    return Finance(
        terms.discount_rate,
        terms.tax_rate,
        terms.depreciation_years,
        terms.carry_forward_years,
        terms.other_taxable_income * YEAR,
        terms.depreciation_method,
        terms.minimum_tax_rate,
        terms.public_discount_rate,
        _loan(study),
        _fund(study),
    )


def _loan(study: Study) -> Loan | None:
    terms = study.finance.loan
    if terms is None:
        return None
    rate = terms.rate
    if rate is None:
        rate = float(lookup("loans", f"rate.{terms.lender}", study.study.date or "").value)
    return Loan(terms.share, rate, terms.years, terms.grace_years, terms.repayment)


def _fund(study: Study) -> Fund | None:
    terms = study.finance.fund
    if terms is None:
        return None
    return Fund(
        terms.share,
        terms.preferred_return,
        terms.exit_year,
        terms.participation,
        terms.guaranteed,
        terms.discount_rate,
    )


def money_of(study: Study, investment: Investment, mode: str) -> Money:
    """Return the money of one investment, per year, with the lump benefit of a demand mode."""
    money, terms = investment.money, study.finance
    benefit = {"sold_out": money.benefit.sold_out, "fixed_volume": money.benefit.fixed_volume}[mode]
    share, cap = _subsidy(study, investment)
    years = money.depreciation_years
    if years is None and money.asset_class is not None:
        years = int(lookup("tax", f"depreciation.{money.asset_class}.standard", study.study.date or "2026-01").value)
    return Money(
        capex=money.capex,
        opex=money.opex * YEAR,
        life=money.life / YEAR,
        ramp_up=money.ramp_up / YEAR,
        subsidy_share=share,
        subsidy_cap=cap,
        credit_rate=_credit(study, investment),
        lump_benefit=benefit * YEAR,
        residual=money.residual,
        stages=tuple(Stage(stage.at / YEAR, stage.share) for stage in money.stages) or AT_ONCE,
        delay=money.delay / YEAR,
        success=money.success,
        may_stop=money.may_stop,
        salvage=money.salvage,
        increment_rate=terms.increment_rate if money.credit is not None else 0.0,
        usual_investment=terms.usual_investment,
        depreciation_years=years,
        depreciation_method=money.depreciation_method,
    )


def _subsidy(study: Study, investment: Investment) -> tuple[float, float]:
    """Return share and cap of the subsidy of an investment."""
    subsidy = investment.money.subsidy
    if subsidy is None:
        return 0.0, math.inf
    share, cap = subsidy.share, subsidy.cap
    if subsidy.programme is not None:
        on = study.study.date or ""
        limit = find("programmes", f"{subsidy.programme}.cap", on)
        if share is None:
            share = float(lookup("programmes", _share_key(study, subsidy.programme), on).value)
        if cap is None and limit is not None:
            cap = float(limit.value)
    assert share is not None, "the schema asks for a share or a programme"
    return share, math.inf if cap is None else cap


def _share_key(study: Study, programme: str) -> str:
    """Return the key of the share that a programme pays: large firms may get less."""
    of_large = f"{programme}.share_large_firm"
    large = study.finance.firm_size == "large"
    return of_large if large and find("programmes", of_large, study.study.date or "") else f"{programme}.share"


def _credit(study: Study, investment: Investment) -> float:
    """Return the rate of the tax credit of an investment: that of the study, else that of the table `tax`."""
    name, terms = investment.money.credit, study.finance
    if name is None:
        return 0.0
    if name in terms.tax_credit:
        return terms.tax_credit[name]
    return float(lookup("tax", f"credit.{terms.firm_size}.{name}", study.study.date or "").value)


def looked_up(study: Study) -> list[tuple[str, Row]]:
    """Return the rows of the dated tables that the money of a study rests on, each with the name of its table."""
    on = study.study.date or ""
    loan = study.finance.loan
    found = []
    if loan is not None and loan.rate is None:
        found.append(("loans", f"rate.{loan.lender}"))
    for investment in study.investment.values():
        money, subsidy = investment.money, investment.money.subsidy
        if subsidy is not None and subsidy.programme is not None:
            given = {_share_key(study, subsidy.programme): subsidy.share, f"{subsidy.programme}.cap": subsidy.cap}
            found += [("programmes", key) for key, value in given.items() if value is None]
        if money.credit is not None and money.credit not in study.finance.tax_credit:
            found.append(("tax", f"credit.{study.finance.firm_size}.{money.credit}"))
        if money.asset_class is not None and money.depreciation_years is None:
            found.append(("tax", f"depreciation.{money.asset_class}.standard"))
    rows = [(table, find(table, key, on or "2026-01")) for table, key in dict.fromkeys(found)]
    return [(table, row) for table, row in rows if row is not None]


def money_drawn(study: Study, scenario: str, mode: str, draw: int | None) -> Drawn:
    """Return the money of a scenario for one draw of its uncertain factors; draw None: each at its mean.

    An investment keeps its draw in every scenario.
    """
    made, factors = [], {}
    for name in study.scenarios[scenario]:
        investment = study.investment[name]
        money = money_of(study, investment, mode)
        factor = {key: _factor(study, name, key, draw) for key in KEYS}
        if any(value != 1.0 for value in factor.values()):
            money = replace(
                money,
                capex=money.capex * factor["capex"],
                opex=money.opex * factor["opex"],
                lump_benefit=money.lump_benefit * factor["benefit"],
            )
            if factor["benefit"] != 1.0:
                factors[name] = factor["benefit"]
        made.append(money)
    return Drawn(joined(made), factors)


def _factor(study: Study, name: str, key: str, draw: int | None) -> float:
    given: Distribution | None = getattr(study.investment[name].money.uncertain, key)
    if given is None:
        return 1.0
    return given.mean if draw is None else amount(given, f"{name}.money.{key}", study.study.seed, draw)


def runs_each(study: Study) -> int:
    """Return how many runs each scenario has: replications, times the draws of what is uncertain."""
    return study.study.replications * (study.study.parameter_draws or 1)


def draw_of(study: Study, run: int) -> int | None:
    """Return the draw of a run, None if each run has its own."""
    return None if study.study.parameter_draws is None else run // study.study.replications


def each_its_own(study: Study) -> Study:
    """Return the study with a draw of the uncertain amounts for each run, instead of `parameter_draws`."""
    question = study.study.model_copy(update={"parameter_draws": None})
    return study.model_copy(update={"study": question})
