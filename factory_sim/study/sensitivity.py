"""What if one number is wrong: net present value with one parameter at a time moved, the rest as it is.

Nothing is simulated again. A price multiplies a line of the account of every replication, so that its effect on the
paired difference is known exactly; capital, life, rates and the share of the benefit that comes true enter the cash
flow alone. What changes what happens in the plant (volume, cycle times, failures) needs runs of its own and is not
among them.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from factory_sim.finance.cash import CashFlow, cash_flow
from factory_sim.study.compare import Outcome
from factory_sim.study.worth import Worth

SHARE = 0.20  # by which each parameter is moved, down and up

LINES = {
    "price": {"revenue_per_year": 1.0},
    "material": {"material_per_year": -1.0, "scrap_credit_per_year": -1.0},
    "energy": {"electricity_per_year": -1.0, "gas_per_year": -1.0},
    "wage": {"labour_per_year": -1.0},
    "tools": {"tools_per_year": -1.0},
    "maintenance": {"maintenance_per_year": -1.0, "spares_per_year": -1.0},
    "inspection": {"inspection_per_year": -1.0},
    "escapes": {"escapes_per_year": -1.0},
}
"""Lines of the account that a price multiplies, with their sign in the surplus."""


@dataclass(frozen=True)
class Swing:
    """Mean net present value with one parameter at (1 - share) and (1 + share) of its value. [KRW]"""

    parameter: str
    low: float
    high: float

    @property
    def span(self) -> float:
        """How far the two are apart. [KRW]"""
        return abs(self.high - self.low)


def swings(outcome: Outcome, baseline: Outcome, share: float = SHARE) -> list[Swing]:
    """Return how far each parameter moves the net present value of a scenario, the farthest first.

    Parameters
    ----------
    outcome : Outcome   A scenario with investments; `baseline` has the same replications without them.
    share : float       Relative change of each parameter, in (0, 1).

    Raises
    ------
    ValueError  If the share lies outside (0, 1), or the scenario is the baseline.

    Notes
    -----
    Parameters that do not move it at all are left out. `benefit` is the share of the yearly benefit, simulated and
    declared, that comes true; `rate` is the discount rate.
    """
    if not 0.0 < share < 1.0:
        raise ValueError(f"share must lie in (0, 1), got {share!r}")
    if outcome.worth is None:
        raise ValueError("the baseline has no net present value to move")
    worth = outcome.worth
    found = [
        Swing(name, *(_mean(worth, _with_price(line_differences(outcome, baseline, signs), sign * share))
                      for sign in (-1.0, 1.0)))
        for name, signs in LINES.items()
    ]  # fmt: skip
    found += [
        Swing(name, *(_mean(worth, made(1.0 + sign * share)) for sign in (-1.0, 1.0)))
        for name, made in _IN_THE_CASH_FLOW.items()
    ]
    scale = max(1.0, *(abs(flow.npv) for flow in worth.flows))
    moved = [swing for swing in found if swing.span > 1e-9 * scale]
    return sorted(moved, key=lambda swing: -swing.span)


def line_differences(outcome: Outcome, baseline: Outcome, signs: dict[str, float]) -> list[float]:
    """Return by replication what lines of the account add to the benefit, paired with today. [KRW/yr]"""
    return [
        sum(sign * (one.kpis[name].value - other.kpis[name].value) for name, sign in signs.items())
        for one, other in zip(outcome.measures, baseline.measures[: len(outcome.measures)], strict=True)
    ]


Moved = Callable[[int, CashFlow], CashFlow]


def _mean(worth: Worth, moved: Moved) -> float:
    flows = [moved(index, flow) for index, flow in enumerate(worth.flows)]
    return math.fsum(flow.npv for flow in flows) / len(flows)


def _with_price(lines: Sequence[float], change: float) -> Moved:
    """Return what a relative change of a price makes of the cash flow of each replication."""

    def moved(index: int, flow: CashFlow) -> CashFlow:
        return cash_flow(flow.benefit - flow.money.lump_benefit + change * lines[index], flow.money, flow.terms)

    return moved


def _simulated(flow: CashFlow) -> float:
    return flow.benefit - flow.money.lump_benefit


def _capex(factor: float) -> Moved:
    return lambda _, flow: cash_flow(_simulated(flow), flow.money.with_capex(factor), flow.terms)


def _opex(factor: float) -> Moved:
    return lambda _, flow: cash_flow(_simulated(flow), replace(flow.money, opex=factor * flow.money.opex), flow.terms)


def _life(factor: float) -> Moved:
    return lambda _, flow: cash_flow(_simulated(flow), flow.money.with_life(factor), flow.terms)


def _benefit(factor: float) -> Moved:
    return lambda _, flow: cash_flow(factor * flow.benefit - flow.money.lump_benefit, flow.money, flow.terms)


def _rate(factor: float) -> Moved:
    return lambda _, flow: cash_flow(
        _simulated(flow), flow.money, replace(flow.terms, discount_rate=factor * flow.terms.discount_rate)
    )


_IN_THE_CASH_FLOW: dict[str, Callable[[float], Moved]] = {
    "benefit": _benefit, "capex": _capex, "opex": _opex, "life": _life, "rate": _rate,
}  # fmt: skip
