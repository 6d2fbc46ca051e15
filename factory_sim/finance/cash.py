"""Cash flow of an investment: subsidy, tax credit, depreciation and tax, loan, co-investment, the chance that it fails.

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
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import accumulate, pairwise
from typing import NamedTuple

from factory_sim.finance.depreciation import depreciation
from factory_sim.finance.parties import fund_flows, loan_flows
from factory_sim.finance.require import require
from factory_sim.finance.returns import DUST, discounted, irr, npv, payback
from factory_sim.finance.terms import WHOLE, Finance, Money

WORKS, FAILS, STOPPED = "works", "fails", "stopped"
PARTIES = {"plant": "net", "fund": "fund", "government": "government", "lender": "lender"}
"""Who takes part, and the column of the table with what each gets."""


@dataclass(frozen=True)
class CashFlow:
    """The years of an investment and what they are worth; made by `cash_flow`, which states the conventions.

    `table` has one tuple per column, all of length years + 1; row 0 is the moment of paying. In KRW except `year`:
    year, capex, subsidy, benefit, opex, residual, depreciation, taxable, loss_used, tax_before_credit, credit_used,
    tax, net, discounted, cumulative (running sum of `net`), drawn, interest, repaid (of the loan), fund, government,
    lender. Costs and taxes are positive numbers; `net` is what the plant has, the last three what the others get.
    """

    table: Mapping[str, tuple[float, ...]]
    money: Money
    terms: Finance
    benefit: float
    """Full benefit, lump included, ramp-up over. [KRW/yr]"""
    outcomes: Mapping[str, CashFlow] = field(default_factory=dict)
    """If it may fail: its flow if it works (`works`), and if not (`fails`, or `stopped` before the second payment);
    `table` is their expectation."""
    option_value: float = 0.0
    """What the right to stop adds to the net present value. [KRW]"""

    @property
    def npv(self) -> float:
        """Net present value of the plant after subsidy, tax credit, tax, loan and fund. [KRW]"""
        return math.fsum(self.table["discounted"])

    @cached_property
    def irr(self) -> float:
        """Internal rate of return of the net flow; nan if there is none. [1/yr]"""
        return self._irr("net")

    def _irr(self, column: str) -> float:
        """Return the rate of return of a column; what rounding left of the sums of the project is nothing."""
        sums = (abs(value) for name in ("capex", "benefit", "opex", "residual") for value in self.table[name])
        return irr(self.table[column], DUST * max(sums))

    @property
    def payback(self) -> float:
        """Payback of the net flow; inf if never. [yr]"""
        return payback(self.table["net"])

    @property
    def discounted_payback(self) -> float:
        """Payback of the discounted net flow; inf if never. [yr]"""
        return payback(self.table["discounted"])

    @property
    def unfinanced(self) -> CashFlow:
        """The same without loan and fund: the investment itself."""
        return cash_flow(self.benefit - self.money.lump_benefit, self.money, replace(self.terms, loan=None, fund=None))

    def party(self, name: str) -> tuple[float, float]:
        """Return net present value [KRW], at its own rate, and internal rate of return [1/yr] of one of `PARTIES`."""
        return self.npv_of(name), self._irr(PARTIES[name])

    def npv_of(self, name: str) -> float:
        """Return the net present value of one of `PARTIES` at its own rate. [KRW]"""
        return self.npv if name == "plant" else npv(self.rate_of(name), self.table[PARTIES[name]])

    def rate_of(self, name: str) -> float:
        """Return the discount rate of one of `PARTIES`. [1/yr]"""
        terms = self.terms
        return {
            "plant": terms.discount_rate,
            "fund": terms.discount_rate if terms.fund is None else terms.fund.discount_rate,
            "government": terms.public_rate,
            "lender": terms.discount_rate if terms.loan is None else terms.loan.rate,
        }[name]

    @property
    def npv_simple(self) -> float:
        """Net present value before tax and support, constant flow, no ramp-up, no residual: a data sheet's. [KRW]"""
        gain = self.benefit - self.money.opex
        whole = math.ceil(self.money.life - WHOLE) - 1
        flows = [-self.money.capex, *[gain] * whole, gain * (self.money.life - whole)]
        for renewal in self.money.renewals:
            flows[_row(renewal.at)] -= renewal.money.capex
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
        """Tax credit that was never used, for want of tax or of time; in the mean if it may fail. [KRW]"""
        return self.money.credit - math.fsum(self.table["credit_used"])

    def _payback_of(self, paid: float) -> float:
        gain = self.benefit - self.money.opex
        return paid / gain if gain > 0.0 else math.inf


class _Payment(NamedTuple):
    """A payment of capex, with what belongs to it. `row` is the year at whose end it is booked, and `first` the year in
    which what it paid for begins to work."""

    row: int
    first: int
    capex: float
    subsidy: float
    credit: float
    years: int
    method: str


def cash_flow(benefit_per_year: float, money: Money, terms: Finance) -> CashFlow:
    """Return the yearly cash flow of an investment after subsidy, tax credit, tax, loan and co-investment.

    Parameters
    ----------
    benefit_per_year : float  Benefit at full effect, on top of `money.lump_benefit`; may be negative. [KRW/yr]

    Raises
    ------
    ValueError  If the benefit is not finite.

    Notes
    -----
    Time: what is paid at time 0 flows then, everything else at the end of its year. Operation begins `delay` after the
    last payment and lasts `life`. A life of 7.5 years has an eighth year with half the benefit and opex, booked at its
    end like any other.
    Ramp-up: benefit flows at the rate full x min(t / ramp_up, 1), integrated over each year, so a ramp-up of 3 months
    costs 1.5 months of benefit in year 1. Opex does not wait.
    Subsidy: min(share x capex, cap), with each payment until the cap. It is no income; it reduces the base of credit
    and depreciation instead.
    Depreciation: of capex less subsidy, from the year in which operation begins; the book value left at the end of life
    is written off in the last year. taxable = benefit - opex - depreciation + residual - interest, the investment's
    own, before losses of other years.
    Loss: the firm is taxed on other income + taxable, and nothing if that is negative. What is negative is carried
    forward (to the end of life; the law ends it after 15 years, recalled) and deducted as soon as there is income.
    tax_before_credit is the tax of the firm less its tax without the investment, hence negative in a year in which
    other income absorbs a loss.
    Credit: granted with the tax of the year of payment (of year 1 for time 0), every year limited by the tax of the
    firm above the minimum tax (with no other income: of this investment); the rest is carried forward into the next
    `carry_forward_years`, the oldest used first, then lost.
    Loan: `share` of each payment less its subsidy. Fund: see `parties.fund_flows`; what it gets is no cost before tax.
    Failure: with probability 1 - success there is neither benefit nor opex; the equipment is given up at the end of the
    year in which it should have worked, for `salvage`. If it can be stopped, failure shows before the second payment,
    and the plant does not pay it where that is better. `table` is the expectation over the outcomes.
    Made together with what lives longer, an investment is bought again when its life is over (`Money.renewals`),
    without subsidy and credit; the life that the last one has left counts with its price pro rata, as residual.
    Not modelled: clawback of subsidy and credit, value-added tax, dates of payment of the tax.

    >>> flow = cash_flow(300.0, Money(capex=1000.0, opex=50.0, life=4.0), Finance(0.1, 0.2, 4))
    >>> flow.table["net"]
    (-1000.0, 250.0, 250.0, 250.0, 250.0)
    """
    require(math.isfinite(benefit_per_year), "benefit_per_year", benefit_per_year, "must be finite")
    full = benefit_per_year + money.lump_benefit
    works = _flow(full, money, terms, WORKS)
    if money.success == 1.0:
        return works
    fails = worst = _flow(full, money, terms, FAILS)
    outcome = FAILS
    if money.stoppable:
        stopped = _flow(full, money, terms, STOPPED)
        if stopped.npv > fails.npv:
            fails, outcome = stopped, STOPPED
    p = money.success
    expected = {
        name: tuple(p * one + (1.0 - p) * other for one, other in zip(column, fails.table[name], strict=True))
        for name, column in works.table.items()
    }
    expected["year"] = works.table["year"]
    gained = (1.0 - p) * (fails.npv - worst.npv)
    return CashFlow(expected, money, terms, full, {WORKS: works, outcome: fails}, gained)


def _flow(full: float, money: Money, terms: Finance, outcome: str) -> CashFlow:
    """Return the cash flow of one outcome, certain to happen."""
    begins = money.begins
    first = 1 + math.floor(begins + WHOLE)  # the year in which operation begins
    years = max(first, math.ceil(begins + money.life - WHOLE))
    payments = _payments(money, terms, first, outcome == STOPPED)
    if outcome == WORKS:
        payments += _renewals(money, terms)
    capex, subsidy = ([0.0] * (years + 1) for _ in range(2))
    for payment in payments:
        capex[payment.row] += payment.capex
        subsidy[payment.row] += payment.subsidy
    if outcome == WORKS:
        ran = [max(0.0, min(float(year), begins + money.life) - begins) for year in range(years + 1)]
        benefit = [0.0] + [full * (b - a) for a, b in pairwise(_ramped(time, money.ramp_up) for time in ran)]
        opex = [0.0] + [money.opex * (b - a) for a, b in pairwise(ran)]
        residual = [0.0] * years + [money.residual_at_end()]
        for renewal in money.renewals:
            residual[_row(begins + renewal.at)] += renewal.money.residual
        written_off = _depreciation(payments, years)
    else:
        gone = min(years, first if outcome == FAILS else max(1, _second_payment(money)))
        benefit, opex, residual, written_off = ([0.0] * (years + 1) for _ in range(4))
        residual[gone] = money.salvage * math.fsum(capex) / money.capex if money.capex else money.salvage
        written_off[gone] = math.fsum(payment.capex - payment.subsidy for payment in payments)
    loan = terms.loan
    drawn = [0.0 if loan is None else loan.share * (c - s) for c, s in zip(capex, subsidy, strict=True)]
    interest, repaid = ([0.0] * (years + 1) for _ in range(2)) if loan is None else loan_flows(drawn, loan)
    taxed = zip(benefit, opex, residual, written_off, interest, strict=True)
    taxable = [b - o + r - d - i for b, o, r, d, i in taxed]
    loss_used, before, used = _taxes(taxable, payments, terms)
    tax = [t - c for t, c in zip(before, used, strict=True)]
    columns: dict[str, list[float]] = {
        "year": list(range(years + 1)),
        "capex": capex,
        "subsidy": subsidy,
        "benefit": benefit,
        "opex": opex,
        "residual": residual,
        "depreciation": written_off,
        "taxable": taxable,
        "loss_used": loss_used,
        "tax_before_credit": before,
        "credit_used": used,
        "tax": tax,
    }
    columns |= _shared(columns, drawn, interest, repaid, terms)
    return CashFlow({name: tuple(column) for name, column in columns.items()}, money, terms, full)


def _shared(
    columns: Mapping[str, Sequence[float]],
    drawn: Sequence[float],
    interest: Sequence[float],
    repaid: Sequence[float],
    terms: Finance,
) -> dict[str, list[float]]:
    """Return the columns of who gets what; row by row they sum to benefit - opex + residual - capex."""
    names = ("benefit", "opex", "residual", "tax", "subsidy", "capex")
    rows = zip(*(columns[name] for name in names), drawn, interest, repaid, strict=True)
    owners = [b - o + r - t + (s - c) + (d - i - p) for b, o, r, t, s, c, d, i, p in rows]
    fund = [0.0] * len(owners) if terms.fund is None else fund_flows(owners, terms.fund, terms.discount_rate)
    net = [all_ - part for all_, part in zip(owners, fund, strict=True)]
    return {
        "net": net,
        "discounted": discounted(terms.discount_rate, net),
        "cumulative": list(accumulate(net)),
        "drawn": list(drawn),
        "interest": list(interest),
        "repaid": list(repaid),
        "fund": fund,
        "government": [t - s for t, s in zip(columns["tax"], columns["subsidy"], strict=True)],
        "lender": [i + p - d for d, i, p in zip(drawn, interest, repaid, strict=True)],
    }


def _row(time: float) -> int:
    """Return the year at whose end a moment is booked, 0 for the first payment."""
    return math.ceil(time - WHOLE)


def _second_payment(money: Money) -> int:
    return max(_row(part.stages[1].at) for part in money.members or (money,))


def _renewals(money: Money, terms: Finance) -> list[_Payment]:
    """Return the payments for what is bought again: at once, no support."""
    times = [money.begins + renewal.at for renewal in money.renewals]
    return [
        _Payment(_row(time), 1 + math.floor(time + WHOLE), one.capex, 0.0, 0.0, *_depreciated(one, terms))
        for time, (one, _) in zip(times, money.renewals, strict=True)
    ]


def _depreciated(money: Money, terms: Finance) -> tuple[int, str]:
    """Return years and method."""
    return money.depreciation_years or terms.depreciation_years, money.depreciation_method or terms.depreciation_method


def _payments(money: Money, terms: Finance, first: int, stopped: bool) -> list[_Payment]:
    """Return the payments of capex, of all members; only the first one of each if it is stopped."""
    found: list[_Payment] = []
    above: list[tuple[int, float]] = []  # base of what has a right to the further credit, by position
    for part in money.members or (money,):
        written_off = _depreciated(part, terms)
        paid = subsidy = credit = 0.0
        for stage in part.stages[:1] if stopped else part.stages:
            now = part.capex * stage.share
            paid += now
            supported = min(part.subsidy_share * paid, part.subsidy_cap)
            base = paid - supported
            granted = part.credit_rate * base
            if part.increment_rate:
                above.append((len(found), now - (supported - subsidy)))
            share = now, supported - subsidy, granted - credit
            found.append(_Payment(_row(stage.at), first, *share, *written_off))
            subsidy, credit = supported, granted
    total = 0.0
    for position, base in sorted(above, key=lambda entry: found[entry[0]].row):
        more = money.increment(total + base) - money.increment(total)
        found[position] = found[position]._replace(credit=found[position].credit + more)
        total += base
    return found


def _depreciation(payments: Sequence[_Payment], years: int) -> list[float]:
    """Return the depreciation of each year, of each payment from its `first` on; what is left at the end goes then."""
    total = [0.0] * (years + 1)
    for payment in payments:
        base = payment.capex - payment.subsidy
        parts = depreciation(base, payment.years, payment.method)
        first = min(payment.first, years)
        room = years + 1 - first
        if len(parts) > room:
            parts = [*parts[: room - 1], base - sum(parts[: room - 1])]
        for year, part in enumerate(parts, start=first):
            total[year] += part
    return total


def _ramped(time: float, ramp_up: float) -> float:
    """Return the years of full benefit that a linear ramp-up leaves of the first `time` years."""
    return time * time / (2.0 * ramp_up) if time < ramp_up else time - ramp_up / 2.0


def _taxes(
    taxable: Sequence[float], payments: Sequence[_Payment], terms: Finance
) -> tuple[list[float], list[float], list[float]]:
    """Return losses deducted, tax before credit, and credit used, year by year; nothing happens in year 0."""
    losses, before, used = [0.0], [0.0], [0.0]
    loss = 0.0
    granted = [[max(1, payment.row), payment.credit] for payment in sorted(payments, key=lambda one: one.row)]
    for year, own in enumerate(taxable[1:], start=1):
        income = terms.other_taxable_income + own
        deducted = min(loss, max(income, 0.0))
        loss += max(-income, 0.0) - deducted
        base = max(income, 0.0) - deducted
        room = terms.tax_rate * base - terms.minimum_tax_rate * base
        now = 0.0
        for entry in granted:
            if entry[0] <= year <= entry[0] + terms.carry_forward_years:
                taken = min(entry[1], room)
                entry[1] -= taken
                room -= taken
                now += taken
        losses.append(deducted)
        before.append(terms.tax_rate * (base - terms.other_taxable_income))
        used.append(now)
    return losses, before, used
