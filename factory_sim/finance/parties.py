"""Loan and co-investment: who pays when, and who gets what.

>>> loan = Loan(share=0.5, rate=0.1, years=3, grace=1)
>>> [(round(interest), round(repaid)) for interest, repaid in loan.service(1000.0)]
[(100, 0), (100, 476), (52, 524)]
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from factory_sim.finance.require import require, require_rate, require_years
from factory_sim.finance.returns import annuity_payment, npv

ANNUITY, EQUAL, BULLET = REPAYMENTS = ("annuity", "equal_principal", "bullet")


@dataclass(frozen=True)
class Loan:
    """A loan on what an investment costs.

    Parameters
    ----------
    share : float      Of each payment of capex less its subsidy, in [0, 1]. [-]
    rate : float       Interest on what is owed, above -1. [1/yr]
    years : int        From drawing to the last repayment, >= 1.
    grace : int        Years of interest only at the beginning, in [0, years).
    repayment : str    After grace: `annuity` (equal sums of interest and repayment), `equal_principal` (equal
                       repayments) or `bullet` (all at the end).

    Raises
    ------
    ValueError  If a number lies outside its range.
    """

    share: float
    rate: float
    years: int = 5
    grace: int = 0
    repayment: str = ANNUITY

    def __post_init__(self) -> None:
        require(0.0 <= self.share <= 1.0, "share", self.share, "must lie in [0, 1]")
        require_rate(self.rate)
        require_years("years", self.years, 1)
        require_years("grace", self.grace, 0)
        require(self.grace < self.years, "grace", self.grace, f"must be below the {self.years} years of the loan")
        if self.repayment not in REPAYMENTS:
            raise ValueError(f"repayment must be one of {', '.join(REPAYMENTS)}, got {self.repayment!r}")

    def service(self, principal: float) -> list[tuple[float, float]]:
        """Return interest and repayment at the end of each year after drawing. [KRW]"""
        left = principal
        paying = self.years - self.grace
        payment = annuity_payment(self.rate, paying, principal)
        found = []
        for year in range(1, self.years + 1):
            interest = self.rate * left
            if year == self.years:
                repaid = left
            elif year <= self.grace or self.repayment == BULLET:
                repaid = 0.0
            else:
                repaid = payment - interest if self.repayment == ANNUITY else principal / paying
            left -= repaid
            found.append((interest, repaid))
        return found


def loan_flows(drawn: Sequence[float], loan: Loan) -> tuple[list[float], list[float]]:
    """Return interest and repayment of each year for the sums drawn in each; what is owed at the end is repaid then."""
    interest, repaid = [0.0] * len(drawn), [0.0] * len(drawn)
    last = len(drawn) - 1
    for year, principal in enumerate(drawn):
        if principal:
            for after, (cost, back) in enumerate(loan.service(principal), start=1):
                if year + after <= last:
                    interest[year + after] += cost
                repaid[min(year + after, last)] += back
    return interest, repaid


@dataclass(frozen=True)
class Fund:
    """A co-investment fund that bears a share of what the owners pay in, for a preferred return until it leaves.

    Parameters
    ----------
    share : float              Of each year's shortage of cash, capex above all, in [0, 1]. [-]
    preferred_return : float   On what it has paid in and not been paid for, >= 0. [1/yr]
    exit : int                 Year at whose end the plant buys it out, >= 1; the end of life if that comes first.
    participation : float      Share of the cash left after the preferred return, and of the value above its claim at
                               exit, in [0, 1]. [-]
    guaranteed : bool          True: the plant buys it out in full whatever the investment earned; False: at most for
                               the cash of that year and what the years after it are worth.
    discount_rate : float      Of the fund itself. [1/yr]

    Raises
    ------
    ValueError  If a number lies outside its range.
    """

    share: float
    preferred_return: float = 0.065
    exit: int = 6
    participation: float = 0.0
    guaranteed: bool = False
    discount_rate: float = 0.08

    def __post_init__(self) -> None:
        require(0.0 <= self.share <= 1.0, "share", self.share, "must lie in [0, 1]")
        require(
            0.0 <= self.preferred_return < math.inf, "preferred_return", self.preferred_return, "must not be negative"
        )
        require_years("exit", self.exit, 1)
        require(0.0 <= self.participation <= 1.0, "participation", self.participation, "must lie in [0, 1]")
        require_rate(self.discount_rate)


def fund_flows(equity: Sequence[float], fund: Fund, discount_rate: float) -> list[float]:
    """Return what the fund pays (negative) and gets at the end of each year. [KRW]

    Parameters
    ----------
    equity : sequence of float   Cash of the owners together, by year; negative: they pay in.
    discount_rate : float        At which the years after the exit are valued.

    Notes
    -----
    Until its exit the fund bears `share` of each negative year. Its claim is what it paid in, with the preferred return
    compounded and paid out of each positive year as far as there is cash; of the cash left it gets `participation`. At
    exit it gets its claim and `participation` of the value of the later years above that.

    >>> fund = Fund(share=0.4, preferred_return=0.1, exit=2)
    >>> [round(flow, 9) for flow in fund_flows([-1000.0, 30.0, 500.0, 800.0], fund, 0.25)]  # 10 of 40 were left unpaid
    [-400.0, 30.0, 451.0, 0.0]
    """
    leaves = min(fund.exit, len(equity) - 1)
    claim = paid_in = 0.0
    flows = []
    for year, cash in enumerate(equity[: leaves + 1]):
        claim *= 1.0 + (fund.preferred_return if year else 0.0)
        if cash < 0.0:
            flow = fund.share * cash
            claim -= flow
            paid_in -= flow
        else:
            preferred = min(cash, max(0.0, claim - paid_in))
            claim -= preferred
            flow = preferred + fund.participation * (cash - preferred)
        if year == leaves:
            later = npv(discount_rate, [0.0, *equity[year + 1 :]])
            price = claim + fund.participation * max(0.0, later - claim)
            most = math.inf if fund.guaranteed else max(0.0, later) + max(0.0, cash - flow)
            flow += min(price, most)
        flows.append(flow)
    return flows + [0.0] * (len(equity) - len(flows))
