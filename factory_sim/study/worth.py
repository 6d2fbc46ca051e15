"""What a scenario is worth: a cash flow for each run, the probability that it pays, who gets what."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from factory_sim.finance.cash import PARTIES, WORKS, CashFlow, cash_flow
from factory_sim.finance.terms import Finance, Money
from factory_sim.model import Study
from factory_sim.model.units import YEAR
from factory_sim.results.statistics import Interval, Proportion, quantiles, t_interval
from factory_sim.results.uncertainty import TwoLevel, chance_above_zero, two_level
from factory_sim.study.money import draw_of, finance_of, money_drawn
from factory_sim.study.runner import finite

LEVELS = (0.80, 0.95)
SHARES = (0.05, 0.5, 0.95)  # quantiles shown of what varies


@dataclass(frozen=True)
class Worth:
    """What a scenario is worth compared with today: one cash flow for each run.

    `money` is that with each uncertain factor at its mean. `draws`: of the uncertain amounts, each with as many runs in
    a row; None: each run has its own. `uncertain`: whether there are any. `windows`: how many measured times fit into
    the life.
    """

    money: Money
    terms: Finance
    flows: tuple[CashFlow, ...] = field(repr=False)
    draws: int | None = None
    uncertain: bool = False
    windows: float = 1.0
    seed: int = 0

    @property
    def npvs(self) -> list[float]:
        """Net present value of the plant by run. [KRW]"""
        return [flow.npv for flow in self.flows]

    @property
    def samples(self) -> list[float]:
        """Independent values of the net present value: by run, or the mean of each draw of the parameters. [KRW]"""
        values = self.npvs
        return values if self.draws is None else np.reshape(values, (self.draws, -1)).mean(axis=1).tolist()

    def npv(self, level: float = 0.95) -> Interval:
        """Return the interval of the mean net present value. [KRW]"""
        return self._interval(self.npvs, level)

    def _interval(self, values: Sequence[float], level: float = 0.95) -> Interval:
        """Return the interval of a mean; of the draws' means, as runs of one draw say nothing about the others."""
        return t_interval(values if self.draws is None else np.reshape(values, (self.draws, -1)).mean(axis=1), level)

    def party(self, name: str) -> Interval:
        """Return the interval of the mean net present value of one of the parties, at its own rate. [KRW]"""
        return self._interval([flow.npv_of(name) for flow in self.flows])

    @property
    def variances(self) -> TwoLevel | None:
        """Variance of the net present value from parameters and from luck; None without draws of the parameters."""
        return None if self.draws is None else two_level(np.reshape(self.npvs, (self.draws, -1)))

    @property
    def benefit(self) -> Interval:
        """Yearly benefit at full effect, declared lump included, opex not taken off. [KRW/yr]"""
        return self._interval([flow.benefit for flow in self.flows])

    @property
    def chance(self) -> Proportion:
        """Probability of a net present value above 0, of parameters, luck and failure together, with its interval.

        Luck averages out over the life where it is told apart from the parameters: with draws of the parameters, or if
        nothing is uncertain. Else the luck of one run counts as if it lasted for life. An investment that may fail pays
        with probability success x (pays if it works) + (1 - success) x (pays if not).
        """
        parts = [([flow.outcomes.get(WORKS, flow).npv for flow in self.flows], self.money.success)]
        if self.money.success < 1.0:
            failed = [next(one for name, one in flow.outcomes.items() if name != WORKS) for flow in self.flows]
            parts.append(([flow.npv for flow in failed], 1.0 - self.money.success))
        told_apart = self.draws is not None or not self.uncertain
        windows = max(1.0, self.windows) if told_apart else 1.0
        found = [(chance_above_zero(npvs, self.draws, windows, seed=self.seed), share) for npvs, share in parts]
        share, low, high = (
            math.fsum(weight * getattr(one, key) for one, weight in found) for key in ("share", "low", "high")
        )
        return Proportion(share, low, high, len(self.flows), found[0][0].level)

    @property
    def probability_pays(self) -> float:
        """Probability of a net present value above 0."""
        return self.chance.share

    @property
    def mean_flow(self) -> CashFlow:
        """The cash flow of the mean benefit."""
        return cash_flow(self.benefit.mean - self.money.lump_benefit, self.money, self.terms)

    def to_json(self) -> dict[str, object]:
        """Return it as JSON has it. Quantiles are those of the runs; null: never, or no such rate."""
        at_mean, chance = self.mean_flow, self.chance
        return {
            "npv_krw": _spread(self.npvs, self.npv()),
            "npv_half_width_krw": {f"{level:.0%}": finite(self.npv(level).half_width) for level in LEVELS},
            "npv_variance_krw2": self._variances(),
            "irr": {"at_mean": finite(at_mean.irr), **_quantiles([flow.irr for flow in self.flows], -math.inf)},
            "payback_years": {
                "at_mean": finite(at_mean.payback),
                **_quantiles([flow.payback for flow in self.flows], math.inf),
            },
            "benefit_krw_per_year": _spread([flow.benefit for flow in self.flows], self.benefit),
            "declared_lump_krw_per_year": self.money.lump_benefit,
            "probability_pays": chance.share,
            "probability_pays_interval": {"low": chance.low, "high": chance.high, "level": chance.level},
            "capex_krw": self.money.capex,
            "opex_krw_per_year": self.money.opex,
            "life_years": self.money.life,
            "subsidy_krw": self.money.subsidy,
            "tax_credit_krw": self.money.credit,
            "unfinanced_npv_krw": at_mean.unfinanced.npv,
            "option_value_krw": at_mean.option_value,
            "parties": {
                name: {"npv_krw": value, "irr": finite(rate)}
                for name, (value, rate) in ((name, at_mean.party(name)) for name in PARTIES)
            },
            "simple": {"npv_krw": at_mean.npv_simple, "payback_years": finite(at_mean.payback_simple)},
        }

    def _variances(self) -> dict[str, float | None]:
        found = self.variances
        return {
            "parameters": None if found is None else found.parameters,
            "simulation": None if found is None else found.simulation,
            "runs": float(np.var(self.npvs, ddof=1)),
        }


def worth_of(
    study: Study,
    mode: str,
    scenario: str,
    gains: Sequence[float],
    first: int = 0,
    alone: Mapping[str, Sequence[float]] | None = None,
) -> Worth:
    """Return the worth of a scenario from its gains of surplus against today, one for each run from `first` on.

    Parameters
    ----------
    gains : sequence  Of the scenario. [KRW/yr]
    alone : mapping   Of several investments made together, what those with an uncertain benefit gain alone, by run
                      from 0 on (`alone_in`); a run that is not there counts as their mean. [KRW/yr]

    Notes
    -----
    An uncertain factor acts on what its own investment gains: made alone, on the whole gain; made with others, the gain
    changes by (factor - 1) times what the investment gains alone. What it gains by the others stays as simulated.
    """
    terms = finance_of(study)
    central = money_drawn(study, scenario, mode, None)
    made = study.scenarios[scenario]
    factored = any(study.investment[name].money.uncertain.given for name in made)
    flows = []
    for run, gain in enumerate(gains, start=first):
        draw = draw_of(study, run)
        money, factors = money_drawn(study, scenario, mode, run if draw is None else draw) if factored else central
        flows.append(cash_flow(_with_factors(gain, factors, made, alone or {}, run), money, terms))
    return Worth(
        central.money,
        terms,
        tuple(flows),
        study.study.parameter_draws,
        any(study.investment[name].uncertain for name in made),
        central.money.life * YEAR / study.study.horizon,
        study.study.seed,
    )


def alone_in(study: Study, scenario: str) -> dict[str, str]:
    """Return the scenarios in which investments stand alone, by investment, of a scenario with several.

    Only of those whose benefit is uncertain: what their factors act on.
    """
    made = study.scenarios[scenario]
    if len(made) < 2:
        return {}
    single = {sets[0]: name for name, sets in reversed(study.scenarios.items()) if len(sets) == 1}
    uncertain = [name for name in made if study.investment[name].money.uncertain.benefit is not None]
    return {name: single[name] for name in uncertain if name in single}


def _with_factors(
    gain: float, factors: Mapping[str, float], made: Sequence[str], alone: Mapping[str, Sequence[float]], run: int
) -> float:
    """Return the gain of a run with the factors of what is uncertain in it. [KRW/yr]"""
    if len(made) == 1:
        return gain * factors.get(made[0], 1.0)
    changes = 0.0
    for name, factor in factors.items():
        own = alone.get(name)
        if not own:  # left out alone for a limit: nobody knows its part, so that all have the same
            changes += (factor - 1.0) * gain / len(made)
        else:
            changes += (factor - 1.0) * (own[run] if run < len(own) else math.fsum(own) / len(own))
    return gain + changes


def _spread(values: Sequence[float], interval: Interval) -> dict[str, float | None]:
    """Return mean, half-width of its 95 % interval, and quantiles of runs."""
    return {"mean": interval.mean, "half_width": finite(interval.half_width), **_quantiles(values, math.nan)}


def _quantiles(values: Sequence[float], instead: float) -> dict[str, float | None]:
    """Return quantiles; nan (no rate, no payback) counts as `instead`, the worst there is."""
    known = [instead if math.isnan(value) else value for value in values]
    found = quantiles(known, SHARES)
    return {f"q{share * 100:02.0f}": finite(value) for share, value in zip(SHARES, found.tolist(), strict=True)}
