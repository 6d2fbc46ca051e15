"""What an investment costs and under which rules: money, support, rates, loan and fund.

Money is in KRW, time in years, rates are shares per year.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import NamedTuple

from factory_sim.finance.depreciation import METHODS, STRAIGHT_LINE
from factory_sim.finance.parties import Fund, Loan
from factory_sim.finance.require import require, require_rate, require_years

WHOLE = 1e-9  # a time this close to a whole number of years is one: unit conversion leaves such dust


@dataclass(frozen=True)
class Stage:
    """A payment of capex: `share` of it, `at` years after the first payment."""

    at: float
    share: float


AT_ONCE = (Stage(0.0, 1.0),)


@dataclass(frozen=True)
class Money:
    """What one investment costs and which support it may get.

    Parameters
    ----------
    capex : float            All payments together, support not taken off; >= 0. [KRW]
    opex : float             Running cost, from the first day of operation to the end of life. [KRW/yr]
    life : float             Of operation, > 0; the last year counts pro rata if it is not a whole number. [yr]
    ramp_up : float          Time over which the benefit grows linearly from nothing to full; >= 0. [yr]
    subsidy_share : float    Share of capex that the programme pays, in [0, 1]. [-]
    subsidy_cap : float      The most it pays; >= 0, infinite if there is no cap. [KRW]
    credit_rate : float      Rate of the investment tax credit, in [0, 1]. [-]
    lump_benefit : float     Declared benefit on top of the simulated one. [KRW/yr]
    residual : float         Received for the equipment at the end of life; >= 0. [KRW]
    stages : tuple of Stage  Payments of capex, ascending from 0, shares that sum to 1.
    delay : float            From the last payment to operation (building, permits); >= 0. [yr]
    success : float          Probability that it works, in [0, 1]; else there is no benefit. [-]
    may_stop : bool          Whether a failure shows before the second payment and can end it there.
    salvage : float          Received for all equipment if it fails; for what is paid of it pro rata; >= 0. [KRW]
    increment_rate : float   Further tax credit on what exceeds `usual_investment`, in [0, 1]. [-]
    usual_investment : float Mean investment of the three years before, >= 0. [KRW]
    depreciation_years : int, optional    Default: that of the firm.
    depreciation_method : str, optional   Default: that of the firm.
    members : tuple of Money The investments of which this is the sum, if paid, depreciated or used up differently.

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
    stages: tuple[Stage, ...] = AT_ONCE
    delay: float = 0.0
    success: float = 1.0
    may_stop: bool = False
    salvage: float = 0.0
    increment_rate: float = 0.0
    usual_investment: float = 0.0
    depreciation_years: int | None = None
    depreciation_method: str | None = None
    members: tuple[Money, ...] = ()

    def __post_init__(self) -> None:
        for name in ("capex", "ramp_up", "residual", "delay", "salvage", "usual_investment"):
            value = getattr(self, name)
            require(0.0 <= value < math.inf, name, value, "must not be negative and must be finite")
        for name in ("opex", "lump_benefit"):
            require(math.isfinite(getattr(self, name)), name, getattr(self, name), "must be finite")
        for name in ("subsidy_share", "credit_rate", "success", "increment_rate"):
            require(0.0 <= getattr(self, name) <= 1.0, name, getattr(self, name), "must lie in [0, 1]")
        require(0.0 < self.life < math.inf, "life", self.life, "must be positive and finite")
        require(self.subsidy_cap >= 0.0, "subsidy_cap", self.subsidy_cap, "must not be negative")
        _check_stages(self.stages)
        require(not self.may_stop or len(self.stages) > 1, "may_stop", self.may_stop, "needs a second stage")
        if self.depreciation_years is not None:
            require_years("depreciation_years", self.depreciation_years, 1)
        if self.depreciation_method is not None and self.depreciation_method not in METHODS:
            raise ValueError(f"depreciation_method must be one of {METHODS}, got {self.depreciation_method!r}")

    @property
    def subsidy(self) -> float:
        """min(share x capex, cap); of members, the sum of theirs. [KRW]"""
        if self.members:
            return sum(member.subsidy for member in self.members)
        return min(self.subsidy_share * self.capex, self.subsidy_cap)

    @property
    def base(self) -> float:
        """Base of tax credit and depreciation: capex less subsidy. [KRW]"""
        return self.capex - self.subsidy

    @property
    def credit(self) -> float:
        """Tax credit granted, whether or not there will be tax to use it on. [KRW]"""
        parts = self.members or (self,)
        plain = sum(part.credit_rate * part.base for part in parts)
        return plain + self.increment(sum(part.base for part in parts if part.increment_rate))

    def increment(self, base: float) -> float:
        """Return the further tax credit on `base`: what is invested in all, less what is usual. [KRW]"""
        return self.increment_rate * max(0.0, base - self.usual_investment)

    @property
    def begins(self) -> float:
        """When operation begins, after the first payment. [yr]"""
        return self.stages[-1].at + self.delay if not self.members else max(m.begins for m in self.members)

    def with_capex(self, factor: float) -> Money:
        """Return the same with all payments of capex multiplied."""
        members = tuple(member.with_capex(factor) for member in self.members)
        return replace(self, capex=factor * self.capex, members=members)

    def with_life(self, factor: float) -> Money:
        """Return the same with all lives multiplied."""
        members = tuple(member.with_life(factor) for member in self.members)
        return replace(self, life=factor * self.life, members=members)

    @property
    def renewals(self) -> tuple[Renewal, ...]:
        """What has to be bought again, because others that are made together with it live longer."""
        return tuple(
            Renewal(member, nth * member.life)
            for member in self.members
            for nth in range(1, math.ceil(self.life / member.life - WHOLE))
        )

    def residual_at_end(self) -> float:
        """Received at the end of life, with the price of what was bought again, pro rata of the life left. [KRW]"""
        return self.residual + sum(
            (one.money.capex - one.money.residual) * (1.0 - (self.life - one.at) / one.money.life)
            for one in self.renewals
            if one.at + one.money.life > self.life * (1.0 + WHOLE)
        )

    @property
    def stoppable(self) -> bool:
        """Whether a failure can end it before the second payment."""
        return all(member.stoppable for member in self.members) if self.members else self.may_stop

    @property
    def plain(self) -> bool:
        """Whether it is paid at once, depreciated like the rest of the firm, without delay, risk and limit of support.

        Only such investments with the same life can be added up to one; of others, each must be known.
        """
        usual = (self.depreciation_years, self.depreciation_method) == (None, None)
        safe = self.stages == AT_ONCE and not self.delay and self.success == 1.0
        uncapped = not self.subsidy_share or self.subsidy_cap == math.inf
        return safe and usual and uncapped and not self.members and not self.increment_rate


class Renewal(NamedTuple):
    """An investment that is bought again, `at` years after operation began: without support, at once and safely."""

    money: Money
    at: float


def _check_stages(stages: Sequence[Stage]) -> None:
    times = [stage.at for stage in stages]
    rising = bool(times) and times[0] == 0.0 and all(a < b < math.inf for a, b in pairwise(times))
    require(rising, "stages", times, "must ascend from 0")
    shares = [stage.share for stage in stages]
    whole = all(share > 0.0 for share in shares) and abs(sum(shares) - 1.0) <= WHOLE
    require(whole, "stages", shares, "must have positive shares that sum to 1")


def joined(moneys: Sequence[Money]) -> Money:
    """Return the money of investments made together.

    Sums of capex, opex, subsidy, credit, lump benefit, residual and salvage; each is paid and depreciated as if alone,
    but the usual investment of the firm is taken once from what they cost together.
    Their joint effect begins when the last of them works, counts only if all succeed, and grows as slowly as the
    slowest: the latest begin, the product of the probabilities, the longest ramp-up. It lasts as long as the longest
    life: what lives shorter is bought again whenever its life is over (`Money.renewals`), so that a sensor of five
    years does not end a line of twenty. They can be stopped together if all of them can.

    >>> line, sensor = Money(1000.0, life=20.0), Money(100.0, life=8.0)
    >>> both = joined([line, sensor])
    >>> both.life, [renewal.at for renewal in both.renewals], both.residual_at_end()  # 4 of its 8 years are left
    (20.0, [8.0, 16.0], 50.0)
    """
    if len(moneys) == 1:
        return moneys[0]
    capex = sum(money.capex for money in moneys)
    subsidy = sum(money.subsidy for money in moneys)
    base = capex - subsidy
    life = max(money.life for money in moneys)
    alike = all(money.plain and money.life == life for money in moneys)
    return Money(
        capex=capex,
        opex=sum(money.opex for money in moneys),
        life=life,
        ramp_up=max(money.ramp_up for money in moneys),
        subsidy_share=subsidy / capex if capex else 0.0,
        credit_rate=sum(money.credit_rate * money.base for money in moneys) / base if base else 0.0,
        lump_benefit=sum(money.lump_benefit for money in moneys),
        residual=sum(money.residual for money in moneys),
        success=math.prod(money.success for money in moneys),
        salvage=sum(money.salvage for money in moneys),
        increment_rate=max(money.increment_rate for money in moneys),
        usual_investment=max(money.usual_investment for money in moneys),
        members=() if alike else tuple(moneys),
    )


@dataclass(frozen=True)
class Finance:
    """Rates and tax rules of the firm that invests.

    Parameters
    ----------
    discount_rate : float         Nominal, per year; > -1. [-]
    tax_rate : float              Marginal corporate tax including local tax, in [0, 1). [-]
    depreciation_years : int      >= 1. [yr]
    carry_forward_years : int     Years after the grant in which unused tax credit may still be used; >= 0. [yr]
    other_taxable_income : float  Of the firm, every year, without the investment; >= 0. [KRW/yr]
    depreciation_method : str     `straight_line` or `declining`.
    minimum_tax_rate : float      Of the taxable income, which credits cannot reduce; in [0, tax_rate]. [-]
    public_rate : float           Discount rate of the government; > -1. [-]
    loan : Loan, optional         Default: none.
    fund : Fund, optional         Default: none.

    Raises
    ------
    ValueError  If a number lies outside its range.
    """

    discount_rate: float = 0.08
    tax_rate: float = 0.22
    depreciation_years: int = 8
    carry_forward_years: int = 10
    other_taxable_income: float = 0.0
    depreciation_method: str = STRAIGHT_LINE
    minimum_tax_rate: float = 0.0
    public_rate: float = 0.045
    loan: Loan | None = None
    fund: Fund | None = None

    def __post_init__(self) -> None:
        require_rate(self.discount_rate)
        require_rate(self.public_rate)
        require(0.0 <= self.tax_rate < 1.0, "tax_rate", self.tax_rate, "must lie in [0, 1)")
        require_years("depreciation_years", self.depreciation_years, 1)
        require_years("carry_forward_years", self.carry_forward_years, 0)
        other = self.other_taxable_income
        require(0.0 <= other < math.inf, "other_taxable_income", other, "must not be negative and must be finite")
        if self.depreciation_method not in METHODS:
            raise ValueError(f"depreciation_method must be one of {METHODS}, got {self.depreciation_method!r}")
        least = self.minimum_tax_rate
        require(0.0 <= least <= self.tax_rate, "minimum_tax_rate", least, f"must lie in [0, {self.tax_rate}]")
