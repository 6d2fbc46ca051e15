"""The money of an investment once more, from the words of the manual: nothing of the program is used here.

Plain lists by year; what is looked at is the flow of each party. Written to judge `factory_sim.finance`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

Flow = list[float]
DUST = 1e-9  # of a year


@dataclass
class Loan:
    share: float
    rate: float
    years: int = 5
    grace: int = 0
    repayment: str = "annuity"


@dataclass
class Fund:
    share: float
    preferred: float = 0.065
    exit: int = 6
    participation: float = 0.0
    guaranteed: bool = False


@dataclass
class Case:
    """One investment and the firm; money in KRW, times in years."""

    capex: float = 100e6
    benefit: float = 30e6
    opex: float = 0.0
    life: float = 8.0
    ramp_up: float = 0.0
    delay: float = 0.0
    residual: float = 0.0
    subsidy: float = 0.0
    cap: float = math.inf
    credit: float = 0.0
    increment: float = 0.0
    usual: float = 0.0
    stages: tuple[tuple[float, float], ...] = ((0.0, 1.0),)
    success: float = 1.0
    salvage: float = 0.0
    may_stop: bool = False
    years: int = 8  # of depreciation
    method: str = "straight_line"
    rate: float = 0.08
    tax: float = 0.22
    least_tax: float = 0.0
    carry: int = 10
    other: float = 0.0
    loan: Loan | None = None
    fund: Fund | None = None

    def text(self, name: str = "i") -> tuple[str, str]:
        """Tables [finance] and [investment.<name>] as an engineer writes them."""
        finance = [
            f"discount_rate = {self.rate!r}\ntax_rate = {self.tax!r}\nminimum_tax_rate = {self.least_tax!r}",
            f"carry_forward_years = {self.carry}\nincrement_rate = {self.increment!r}",
            f"tax_credit = {{x = {self.credit!r}}}",
            f'other_taxable_income = "{self.other!r} KRW/yr"\nusual_investment = "{self.usual!r} KRW"',
        ]
        if self.loan is not None:
            one = self.loan
            finance.append(
                f"loan = {{share = {one.share!r}, rate = {one.rate!r}, years = {one.years}, grace_years = {one.grace}, "
                f'repayment = "{one.repayment}"}}'
            )
        if self.fund is not None:
            fund = self.fund
            finance.append(
                f"fund = {{share = {fund.share!r}, preferred_return = {fund.preferred!r}, exit_year = {fund.exit}, "
                f"participation = {fund.participation!r}, guaranteed = {str(fund.guaranteed).lower()}}}"
            )
        stages = ", ".join(f'{{at = "{at!r} yr", share = {share!r}}}' for at, share in self.stages)
        cap = "" if self.cap == math.inf else f', cap = "{self.cap!r} KRW"'
        money = [
            f'capex = "{self.capex!r} KRW"\nopex = "{self.opex!r} KRW/yr"\nlife = "{self.life!r} yr"',
            f'ramp_up = "{self.ramp_up!r} yr"\ndelay = "{self.delay!r} yr"\nresidual = "{self.residual!r} KRW"',
            f"subsidy = {{share = {self.subsidy!r}{cap}}}\nsuccess = {self.success!r}\nstages = [{stages}]",
            f'salvage = "{self.salvage!r} KRW"\nmay_stop = {str(self.may_stop).lower()}',
            f'depreciation_years = {self.years}\ndepreciation_method = "{self.method}"',
            f'benefit = {{sold_out = "{self.benefit!r} KRW/yr"}}',
            *(['credit = "x"'] if self.credit or self.increment else []),
        ]
        return "\n".join(["[finance]", *finance]), "\n".join([f"[investment.{name}.money]", *money])


def npv(rate: float, flow: Flow) -> float:
    return sum(money / (1.0 + rate) ** year for year, money in enumerate(flow))


def parties(case: Case) -> dict[str, Flow]:
    """Expected flow of plant, fund, government and lender, and of the project that they share."""
    works = _parties(case, "works")
    if case.success == 1.0:
        return works
    fails = _parties(case, "fails")
    if case.may_stop:
        stopped = _parties(case, "stopped")
        fails = max(fails, stopped, key=lambda flows: npv(case.rate, flows["plant"]))
    p = case.success
    return {who: [p * a + (1.0 - p) * b for a, b in zip(flow, fails[who], strict=True)] for who, flow in works.items()}


def _parties(case: Case, outcome: str) -> dict[str, Flow]:
    begin = case.stages[-1][0] + case.delay
    first = math.floor(begin + DUST) + 1
    last = math.ceil(begin + case.life - DUST)
    years = range(1, last + 1)
    paid, aid, granted = _capex(case, case.stages[:1] if outcome == "stopped" else case.stages, last)
    base = [a - b for a, b in zip(paid, aid, strict=True)]
    gain, written = [0.0] * (last + 1), [0.0] * (last + 1)
    if outcome == "works":
        for year in years:
            one, two = (min(max(t - begin, 0.0), case.life) for t in (year - 1, year))
            gain[year] = case.benefit * (_grown(two, case) - _grown(one, case)) - case.opex * (two - one)
        gain[last] += case.residual
        for part in base:
            for after, amount in enumerate(_depreciation(part, case)):
                written[min(first + after, last)] += amount
    else:
        gone = min(last, first if outcome == "fails" else max(1, math.ceil(case.stages[1][0] - DUST)))
        gain[gone] = case.salvage * sum(paid) / case.capex
        written[gone] = sum(base)
    lent, interest, repaid = _loan(case, base)
    income = [g - w - i for g, w, i in zip(gain, written, interest, strict=True)]
    tax = _tax(case, income, granted)
    owners = [
        gain[y] - tax[y] - base[y] + lent[y] - interest[y] - repaid[y] for y in range(last + 1)
    ]  # fmt: skip
    fund = _fund(case, owners)
    return {
        "plant": [o - f for o, f in zip(owners, fund, strict=True)],
        "fund": fund,
        "government": [t - a for t, a in zip(tax, aid, strict=True)],
        "lender": [i + r - w for i, r, w in zip(interest, repaid, lent, strict=True)],
        "project": [g - p for g, p in zip(gain, paid, strict=True)],
    }


def _capex(case: Case, stages: Any, last: int) -> tuple[Flow, Flow, list[list[float]]]:
    """Payments and subsidies by year, and the tax credits granted as [year, amount]."""
    paid, aid, granted = [0.0] * (last + 1), [0.0] * (last + 1), []
    total = got = credited = 0.0
    for at, share in stages:
        year = math.ceil(at - DUST)
        total += case.capex * share
        support = min(case.subsidy * total, case.cap)
        credit = case.credit * (total - support) + case.increment * max(0.0, total - support - case.usual)
        paid[year] += case.capex * share
        aid[year] += support - got
        granted.append([float(max(1, year)), credit - credited])
        got, credited = support, credit
    return paid, aid, granted


def _grown(time: float, case: Case) -> float:
    if time <= case.ramp_up:
        return time * time / (2.0 * case.ramp_up) if case.ramp_up else 0.0
    return time - case.ramp_up / 2.0


def _depreciation(base: float, case: Case) -> Flow:
    if case.method == "straight_line":
        return [base / case.years] * case.years
    left = 0.05 ** (1.0 / case.years)
    return [base * left**k * (1.0 - left) for k in range(case.years - 1)] + [base * left ** (case.years - 1)]


def _loan(case: Case, base: Flow) -> tuple[Flow, Flow, Flow]:
    """Sums lent, interest and repayments by year; what is owed at the end of life is repaid then."""
    last = len(base) - 1
    lent, interest, repaid = ([0.0] * (last + 1) for _ in range(3))
    loan = case.loan
    if loan is None:
        return lent, interest, repaid
    for year, amount in enumerate(base):
        lent[year] = owed = loan.share * amount
        n = loan.years - loan.grace
        annuity = lent[year] / n if not loan.rate else lent[year] * loan.rate / (1.0 - (1.0 + loan.rate) ** -n)
        for k in range(1, loan.years + 1):
            cost = loan.rate * owed
            back = {"annuity": annuity - cost, "equal_principal": lent[year] / n, "bullet": 0.0}[loan.repayment]
            back = owed if k == loan.years or year + k >= last else 0.0 if k <= loan.grace else back
            if year + k <= last:
                interest[year + k] += cost
            repaid[min(year + k, last)] += back
            owed -= back
    return lent, interest, repaid


def _tax(case: Case, income: Flow, granted: list[list[float]]) -> Flow:
    """Tax by year that there is because of the investment."""
    tax, losses = [0.0] * len(income), 0.0
    for year in range(1, len(income)):
        whole = case.other + income[year]
        used = min(losses, max(whole, 0.0))
        losses += max(-whole, 0.0) - used
        due = case.tax * (max(whole, 0.0) - used)
        room = due - case.least_tax * (max(whole, 0.0) - used)
        for credit in sorted(granted):
            if credit[0] <= year <= credit[0] + case.carry:
                taken = min(credit[1], room)
                credit[1] -= taken
                room -= taken
                due -= taken
        tax[year] = due - case.tax * case.other
    return tax


def _fund(case: Case, owners: Flow) -> Flow:
    """What the fund pays and gets: principal and unpaid return are kept apart here."""
    flow, fund = [0.0] * len(owners), case.fund
    if fund is None:
        return flow
    leaves = min(fund.exit, len(owners) - 1)
    principal = unpaid = 0.0
    for year in range(leaves + 1):
        cash = owners[year]
        unpaid += fund.preferred * (principal + unpaid) if year else 0.0
        if cash < 0.0:
            flow[year] = fund.share * cash
            principal -= flow[year]
        else:
            paid = min(cash, unpaid)
            unpaid -= paid
            flow[year] = paid + fund.participation * (cash - paid)
        if year == leaves:
            later = sum(money / (1.0 + case.rate) ** k for k, money in enumerate(owners[year + 1 :], start=1))
            claim = principal + unpaid
            price = claim + fund.participation * max(0.0, later - claim)
            there = max(0.0, later) + max(0.0, cash - flow[year])
            flow[year] += price if fund.guaranteed else min(price, there)
    return flow
