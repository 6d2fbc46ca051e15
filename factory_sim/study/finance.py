"""Finance: what an investment is worth, from subsidy over tax credit and depreciation to net present value.

Money is in KRW, time in years, rates are shares per year. Flows are lists: the first one now (time 0), then one at the
end of every year. Conversion from the SI numbers of plant and study (KRW/s, s) is the caller's.

>>> spray_control = Money(capex=350e6, opex=25e6, life=8.0, subsidy_share=0.5, subsidy_cap=280e6)
>>> flow = cash_flow(215.66e6, spray_control, Finance())
>>> round(flow.npv_simple / 1e6), round(flow.payback_simple, 1), round(flow.payback_simple_subsidised, 1)
(746, 1.8, 0.9)
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate, pairwise

WHOLE = 1e-9  # a life this close to a whole number of years is one: unit conversion leaves such dust


@dataclass(frozen=True)
class Money:
    """What one investment costs and which support it may get.

    Parameters
    ----------
    capex : float          Paid at time 0, support not taken off; >= 0. [KRW]
    opex : float           Running cost, from the first day to the end of life. [KRW/yr]
    life : float           > 0; the last year counts pro rata if this is not a whole number. [yr]
    ramp_up : float        Time over which the benefit grows linearly from nothing to full; >= 0. [yr]
    subsidy_share : float  Share of capex that the programme pays, in [0, 1]. [-]
    subsidy_cap : float    The most it pays; >= 0, infinite if there is no cap. [KRW]
    credit_rate : float    Rate of the investment tax credit, in [0, 1]. [-]
    lump_benefit : float   Declared benefit on top of the simulated one. [KRW/yr]
    residual : float       Received for the equipment at the end of life; >= 0. [KRW]

    Raises
    ------
    ValueError  If a number lies outside its range.
    """

    capex: float
    opex: float = 0.0
    life: float = 8.0
    ramp_up: float = 0.0
    subsidy_share: float = 0.0
    subsidy_cap: float = math.inf
    credit_rate: float = 0.0
    lump_benefit: float = 0.0
    residual: float = 0.0

    def __post_init__(self) -> None:
        _require(0.0 <= self.capex < math.inf, "capex", self.capex, "must not be negative and must be finite")
        _require(math.isfinite(self.opex), "opex", self.opex, "must be finite")
        _require(0.0 < self.life < math.inf, "life", self.life, "must be positive and finite")
        _require(0.0 <= self.ramp_up < math.inf, "ramp_up", self.ramp_up, "must not be negative and must be finite")
        _require(0.0 <= self.subsidy_share <= 1.0, "subsidy_share", self.subsidy_share, "must lie in [0, 1]")
        _require(self.subsidy_cap >= 0.0, "subsidy_cap", self.subsidy_cap, "must not be negative")
        _require(0.0 <= self.credit_rate <= 1.0, "credit_rate", self.credit_rate, "must lie in [0, 1]")
        _require(math.isfinite(self.lump_benefit), "lump_benefit", self.lump_benefit, "must be finite")
        _require(0.0 <= self.residual < math.inf, "residual", self.residual, "must not be negative and must be finite")

    @property
    def subsidy(self) -> float:
        """min(share x capex, cap). [KRW]"""
        return min(self.subsidy_share * self.capex, self.subsidy_cap)

    @property
    def base(self) -> float:
        """Base of tax credit and depreciation: capex less subsidy. [KRW]"""
        return self.capex - self.subsidy

    @property
    def credit(self) -> float:
        """Tax credit granted, whether or not there will be tax to use it on. [KRW]"""
        return self.credit_rate * self.base


@dataclass(frozen=True)
class Finance:
    """Rates and tax rules of the firm that invests.

    Parameters
    ----------
    discount_rate : float         Nominal, per year; > -1. [-]
    tax_rate : float              Marginal corporate tax including local tax, in [0, 1). [-]
    depreciation_years : int      Straight-line, >= 1. [yr]
    carry_forward_years : int     Years after the first in which unused tax credit may still be used; >= 0. [yr]
    other_taxable_income : float  Of the firm, every year, without the investment; >= 0. [KRW/yr]

    Raises
    ------
    ValueError  If a number lies outside its range.
    """

    discount_rate: float = 0.08
    tax_rate: float = 0.22
    depreciation_years: int = 8
    carry_forward_years: int = 10
    other_taxable_income: float = 0.0

    def __post_init__(self) -> None:
        _require_rate(self.discount_rate)
        _require(0.0 <= self.tax_rate < 1.0, "tax_rate", self.tax_rate, "must lie in [0, 1)")
        _require_years("depreciation_years", self.depreciation_years, 1)
        _require_years("carry_forward_years", self.carry_forward_years, 0)
        other = self.other_taxable_income
        _require(0.0 <= other < math.inf, "other_taxable_income", other, "must not be negative and must be finite")


@dataclass(frozen=True)
class CashFlow:
    """The years of an investment and what they are worth; made by `cash_flow`, which states the conventions.

    `table` has one tuple per column, all of length years + 1; row 0 is the moment of paying. In KRW except `year`:
    year, capex, subsidy, benefit, opex, residual, depreciation, taxable, loss_used, tax_before_credit, credit_used,
    tax, net, discounted, cumulative (running sum of `net`). Costs and taxes are positive numbers.
    """

    table: Mapping[str, tuple[float, ...]]
    money: Money
    terms: Finance
    benefit: float
    """Full benefit, lump included, ramp-up over. [KRW/yr]"""

    @property
    def npv(self) -> float:
        """Net present value after subsidy, tax credit and tax. [KRW]"""
        return math.fsum(self.table["discounted"])

    @cached_property
    def irr(self) -> float:
        """Internal rate of return of the net flow; nan if there is none. [1/yr]"""
        return irr(self.table["net"])

    @property
    def payback(self) -> float:
        """Payback of the net flow; inf if never. [yr]"""
        return payback(self.table["net"])

    @property
    def discounted_payback(self) -> float:
        """Payback of the discounted net flow; inf if never. [yr]"""
        return payback(self.table["discounted"])

    @property
    def npv_simple(self) -> float:
        """Net present value before tax and support, constant flow, no ramp-up, no residual: a data sheet's. [KRW]"""
        gain = self.benefit - self.money.opex
        whole = math.ceil(self.money.life - WHOLE) - 1
        flows = [-self.money.capex, *[gain] * whole, gain * (self.money.life - whole)]
        return npv(self.terms.discount_rate, flows)

    @property
    def payback_simple(self) -> float:
        """Capex over yearly gain, before tax and support, whatever the life; inf without a gain. [yr]"""
        return self._payback_of(self.money.capex)

    @property
    def npv_simple_subsidised(self) -> float:
        """`npv_simple` plus the subsidy. [KRW]"""
        return self.npv_simple + self.money.subsidy

    @property
    def payback_simple_subsidised(self) -> float:
        """`payback_simple` of capex less subsidy. [yr]"""
        return self._payback_of(self.money.base)

    @property
    def credit_lost(self) -> float:
        """Tax credit that was never used, for want of tax or of time. [KRW]"""
        return self.money.credit - math.fsum(self.table["credit_used"])

    def _payback_of(self, paid: float) -> float:
        gain = self.benefit - self.money.opex
        return paid / gain if gain > 0.0 else math.inf


def cash_flow(benefit_per_year: float, money: Money, terms: Finance) -> CashFlow:
    """Return the yearly cash flow of an investment after subsidy, tax credit and tax.

    Parameters
    ----------
    benefit_per_year : float  Benefit at full effect, on top of `money.lump_benefit`; may be negative. [KRW/yr]

    Raises
    ------
    ValueError  If the benefit is not finite.

    Notes
    -----
    Time: capex and subsidy flow at time 0, everything else at the end of its year. A life of 7.5 years has an eighth
    year with half the benefit and opex, booked at its end like any other.
    Ramp-up: benefit flows at the rate full x min(t / ramp_up, 1), integrated over each year, so a ramp-up of 3 months
    costs 1.5 months of benefit in year 1. Opex does not wait.
    Subsidy: min(share x capex, cap). It is no income; it reduces the base of credit and depreciation instead.
    Depreciation: straight-line on capex less subsidy; the book value left at the end of life is written off in the
    last year. taxable = benefit - opex - depreciation + residual, the investment's own, before losses of other years.
    Loss: the firm is taxed on other income + taxable, and nothing if that is negative. What is negative is carried
    forward (to the end of life; the law ends it after 15 years, recalled) and deducted as soon as there is income.
    tax_before_credit is the tax of the firm less its tax without the investment, hence negative in a year in which
    other income absorbs a loss.
    Credit: rate x (capex - subsidy), granted with the tax of year 1, every year limited by the tax of the firm (with
    no other income: of this investment); the rest is carried forward into the next `carry_forward_years`, then lost.
    Not modelled: minimum tax, the addition for exceeding the mean investment of three years, clawback, VAT.

    >>> flow = cash_flow(300.0, Money(capex=1000.0, opex=50.0, life=4.0), Finance(0.1, 0.2, 4))
    >>> flow.table["net"]
    (-1000.0, 250.0, 250.0, 250.0, 250.0)
    """
    _require(math.isfinite(benefit_per_year), "benefit_per_year", benefit_per_year, "must be finite")
    full = benefit_per_year + money.lump_benefit
    years = math.ceil(money.life - WHOLE)
    ends = [min(float(year), money.life) for year in range(years + 1)]
    benefit = [0.0] + [full * (b - a) for a, b in pairwise(_ramped(end, money.ramp_up) for end in ends)]
    opex = [0.0] + [money.opex * (b - a) for a, b in pairwise(ends)]
    residual = [0.0] * years + [money.residual]
    depreciation = [0.0, *straight_line(money.base, terms.depreciation_years)[:years]]
    depreciation += [0.0] * (years + 1 - len(depreciation))
    if years < terms.depreciation_years:
        depreciation[-1] = money.base - sum(depreciation[:-1])
    taxable = [b - o + r - d for b, o, r, d in zip(benefit, opex, residual, depreciation, strict=True)]
    loss_used, before, used = _taxes(taxable, money.credit, terms)
    tax = [t - c for t, c in zip(before, used, strict=True)]
    net = [b - o + r - t for b, o, r, t in zip(benefit, opex, residual, tax, strict=True)]
    net[0] = money.subsidy - money.capex
    columns = {
        "year": range(years + 1),
        "capex": [money.capex] + [0.0] * years,
        "subsidy": [money.subsidy] + [0.0] * years,
        "benefit": benefit,
        "opex": opex,
        "residual": residual,
        "depreciation": depreciation,
        "taxable": taxable,
        "loss_used": loss_used,
        "tax_before_credit": before,
        "credit_used": used,
        "tax": tax,
        "net": net,
        "discounted": discounted(terms.discount_rate, net),
        "cumulative": accumulate(net),
    }
    return CashFlow({name: tuple(column) for name, column in columns.items()}, money, terms, full)


def _ramped(time: float, ramp_up: float) -> float:
    """Return the years of full benefit that a linear ramp-up leaves of the first `time` years."""
    return time * time / (2.0 * ramp_up) if time < ramp_up else time - ramp_up / 2.0


def _taxes(taxable: Sequence[float], credit: float, terms: Finance) -> tuple[list[float], list[float], list[float]]:
    """Return losses deducted, tax before credit, and credit used, year by year; nothing happens in year 0."""
    losses, before, used = [0.0], [0.0], [0.0]
    loss, credit_left = 0.0, credit
    for year, own in enumerate(taxable[1:], start=1):
        income = terms.other_taxable_income + own
        deducted = min(loss, max(income, 0.0))
        loss += max(-income, 0.0) - deducted
        base = max(income, 0.0) - deducted
        usable = credit_left if year <= 1 + terms.carry_forward_years else 0.0
        now = min(usable, terms.tax_rate * base)
        credit_left -= now
        losses.append(deducted)
        before.append(terms.tax_rate * (base - terms.other_taxable_income))
        used.append(now)
    return losses, before, used


def npv(rate: float, flows: Sequence[float]) -> float:
    """Return the net present value of flows at the ends of years 0, 1, 2, ... [KRW]

    >>> round(npv(0.08, [-40000, 5000, 8000, 12000, 30000]), 2)
    3065.22
    """
    _require_rate(rate)
    return _polynomial(flows, 1.0 / (1.0 + rate))


def discounted(rate: float, flows: Sequence[float]) -> list[float]:
    """Return each flow divided by (1 + rate) ** year. [KRW]"""
    _require_rate(rate)
    return [flow / (1.0 + rate) ** year for year, flow in enumerate(flows)]


def irr(flows: Sequence[float]) -> float:
    """Return the internal rate of return, the rate at which the net present value is 0. [1/yr]

    nan if there is none: without a change of sign, or when no rate above -1 solves. With one change of sign the
    rate is unique (Descartes). With more there may be several; then the one nearest to 0 is returned, and the net
    present value at the firm's own rate is the better guide.

    >>> round(irr([-100, 39, 59, 55, 20]), 5)
    0.28095
    >>> round(irr([-1, 5, -6]), 9)  # 100 % and 200 % both solve
    1.0
    """
    signs = [flow > 0 for flow in flows if flow]
    changes = sum(a != b for a, b in pairwise(signs))
    if changes == 0:
        return math.nan
    if changes == 1:
        return _only_rate(flows)
    import numpy as np

    roots = np.roots(np.trim_zeros(np.asarray(flows, dtype=float))[::-1])  # in x = 1 / (1 + rate)
    real = roots.real[(np.abs(roots.imag) <= 1e-6 * np.abs(roots)) & (roots.real > 0.0)]
    return min((1.0 / float(x) - 1.0 for x in real), key=abs, default=math.nan)


def _only_rate(flows: Sequence[float]) -> float:
    """Return the rate of flows with one change of sign; searched in log(1 + rate), where no rate is out of reach."""
    from scipy.optimize import brentq

    def value(log_rate: float) -> float:
        return _polynomial(flows, math.exp(-log_rate))

    bound = 0.125
    while (value(-bound) > 0.0) == (value(bound) > 0.0):
        bound *= 2.0
        if bound > 512.0:
            return math.nan
    return math.expm1(brentq(value, -bound, bound, xtol=1e-14, rtol=1e-14))


def _polynomial(coefficients: Sequence[float], x: float) -> float:
    """Return c[0] + c[1] x + c[2] x^2 + ... by Horner's rule."""
    value = 0.0
    for coefficient in reversed(coefficients):
        value = value * x + coefficient
    return value


def payback(flows: Sequence[float]) -> float:
    """Return the time from which the running sum of the flows stays at or above 0; inf if never. [yr]

    Flows count as spread evenly over their year: linear interpolation inside the year of the crossing. 0 if the sum
    is never negative.

    >>> payback([-10000, 3000, 3500, 4000, 4500, 2000])
    2.875
    """
    dust = 1e-12 * max(map(abs, flows), default=0.0)  # -0.4 + 0.1 + 0.1 + 0.2 = -3e-17 is paid back
    sums = list(accumulate(flows))
    last = max((year for year, total in enumerate(sums) if total < -dust), default=None)
    if last is None:
        return 0.0
    if last == len(sums) - 1:
        return math.inf
    return last + min(-sums[last] / flows[last + 1], 1.0)


def discounted_payback(rate: float, flows: Sequence[float]) -> float:
    """Return the payback of the discounted flows; the interpolation is linear in them too. [yr]

    >>> round(discounted_payback(0.1, [-10000, 3000, 3500, 4000, 4500, 2000]), 4)
    3.4473
    """
    return payback(discounted(rate, flows))


def annuity_factor(rate: float, years: float) -> float:
    """Return the present value of 1 KRW at the end of each of `years` years. [-]

    (1 - (1 + r)^-n) / r, and n at r = 0.

    >>> round(annuity_factor(0.08, 8), 4)
    5.7466
    """
    _require_rate(rate)
    _require(0.0 < years < math.inf, "years", years, "must be positive and finite")
    return years if rate == 0.0 else -math.expm1(-years * math.log1p(rate)) / rate


def annuity_payment(rate: float, periods: float, present_value: float) -> float:
    """Return the constant payment at the end of each period that repays a loan. [KRW per period]

    `rate` is per period. Positive for a positive loan.

    >>> round(annuity_payment(0.075 / 12, 12 * 15, 200_000), 2)
    1854.02
    """
    return present_value / annuity_factor(rate, periods)


def equivalent_annual_cost(rate: float, capex: float, opex: float, life: float) -> float:
    """Return the yearly cost that pays for equipment over its life: compares equipment of unequal lives. [KRW/yr]

    >>> round(equivalent_annual_cost(0.1, 50_000, 6_000, 5)), round(equivalent_annual_cost(0.1, 72_000, 4_000, 8))
    (19190, 17496)
    """
    return annuity_payment(rate, life, capex) + opex


def straight_line(base: float, years: int) -> list[float]:
    """Return the depreciation of each year, equal parts. [KRW]

    >>> straight_line(180_000.0, 5)
    [36000.0, 36000.0, 36000.0, 36000.0, 36000.0]
    """
    _require_years("years", years, 1)
    return [base / years] * int(years)


def _require(holds: bool, name: str, value: float, rule: str) -> None:
    if not holds:
        raise ValueError(f"{name} {rule}, got {value!r}")


def _require_rate(rate: float) -> None:
    _require(-1.0 < rate < math.inf, "rate", rate, "must be above -1 and finite")


def _require_years(name: str, years: int, least: int) -> None:
    whole = float(years).is_integer()
    _require(whole and years >= least, name, years, f"must be a whole number of years, at least {least}")
