"""Net present value, internal rate of return, payback, annuities, of flows at the ends of years 0, 1, 2, ..."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import accumulate, pairwise

from factory_sim.finance.require import require, require_rate

DUST = 1e-14  # what rounding leaves of the sums that a flow is made of


def npv(rate: float, flows: Sequence[float]) -> float:
    """Return the net present value of flows at the ends of years 0, 1, 2, ... [KRW]

    >>> round(npv(0.08, [-40000, 5000, 8000, 12000, 30000]), 2)
    3065.22
    """
    require_rate(rate)
    return _polynomial(flows, 1.0 / (1.0 + rate))


def discounted(rate: float, flows: Sequence[float]) -> list[float]:
    """Return each flow divided by (1 + rate) ** year. [KRW]"""
    require_rate(rate)
    return [flow / (1.0 + rate) ** year for year, flow in enumerate(flows)]


def irr(flows: Sequence[float], dust: float = 0.0) -> float:
    """Return the internal rate of return, the rate at which the net present value is 0. [1/yr]

    nan if there is none: without a change of sign, or when no rate above -1 solves. With one change of sign the
    rate is unique (Descartes). With more there may be several; then the one nearest to 0 is returned, and the net
    present value at the firm's own rate is the better guide. What rounding left of a flow has no sign: what is at most
    `dust` [KRW], or nothing beside the greatest flow.

    >>> round(irr([-100, 39, 59, 55, 20]), 5)
    0.28095
    >>> round(irr([-1, 5, -6]), 9)  # 100 % and 200 % both solve
    1.0
    """
    dust = max(dust, DUST * max(map(abs, flows), default=0.0))
    flows = [flow if abs(flow) > dust else 0.0 for flow in flows]
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
    require_rate(rate)
    require(0.0 < years < math.inf, "years", years, "must be positive and finite")
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
