"""The plant under test: what is run and measured once for all checks, and what a check returns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from factory_sim.model import Plant
from factory_sim.model.units import WEEK
from factory_sim.report.words import word
from factory_sim.results.flow import Flow, flows
from factory_sim.results.measures import Measures, measure
from factory_sim.results.states import VERDICT_MASK
from factory_sim.results.window import Window
from factory_sim.simulation import trace as t
from factory_sim.simulation.plan import NEVER, NONE, Plan
from factory_sim.simulation.prepare import prepare
from factory_sim.simulation.run import simulate
from factory_sim.simulation.trace import Trace

HORIZON = 2 * WEEK  # of the run that most checks look at; its first week is the warm-up [s]
SEED = 2026

Mask = NDArray[np.bool_]


class Said(NamedTuple):
    """A sentence of `[validate]` in the words of the report, in any of its languages."""

    key: str
    values: Mapping[str, object]

    def text(self, lang: str) -> str:
        """Return the sentence."""
        return word(f"validate.{self.key}", lang, **self.values)


def said(key: str, **values: object) -> Said:
    """Return a sentence of `[validate]`.

    >>> said("name_states").text("en")
    'states sum to the time'
    """
    return Said(key, values)


@dataclass(frozen=True)
class PlantVerdict:
    """What a check found. `passed` is None where it does not apply to the plant; `seen` is the reason then."""

    check: str
    passed: bool | None
    seen: Said
    expected: Said

    def to_json(self, lang: str = "en") -> dict[str, Any]:
        """Return it as a JSON object."""
        return {
            "check": self.check,
            "passed": self.passed,
            "expected": self.expected.text(lang),
            "seen": self.seen.text(lang),
        }


class NotApplicable(Exception):
    """A check has nothing to say about this plant."""

    def __init__(self, key: str, **values: object) -> None:
        self.reason = said(key, **values)
        super().__init__(self.reason.text("en"))


@dataclass
class Subject:
    """A plant with the run that most checks look at, made when the first one asks for it."""

    plant: Plant
    plan: Plan = field(init=False)

    def __post_init__(self) -> None:
        self.plan = prepare(self.plant)

    @cached_property
    def trace(self) -> Trace:
        """The run of `HORIZON`."""
        return run(self.plan, HORIZON)

    @cached_property
    def window(self) -> Window:
        """The measured stretch of the run."""
        return Window.of(self.plant, self.plan, self.trace)

    @cached_property
    def measures(self) -> Measures:
        """Key figures of the run."""
        return measure(self.plant, self.plan, self.trace)

    @cached_property
    def flows(self) -> dict[str, Flow]:
        """What became of the parts of each product in the window."""
        products = self.plant.product
        return dict(zip(products, flows(self.trace, self.window, range(len(products))), strict=True))

    @cached_property
    def last_visits(self) -> tuple[Mask, Mask]:
        """Visits after which a part left the plant good, and those after which it was rejected."""
        visits = self.trace.visits
        verdict = visits["outcome"] & VERDICT_MASK
        ends = [len(product.steps) - 1 if product.end < 0 else NONE for product in self.plan.products]
        last = np.array(ends)[visits["product"]]
        left = visits["left"] < NEVER
        good = left & (verdict == t.GOOD) & (visits["step"] == last)
        rejected = left & np.isin(verdict, (t.SCRAPPED, t.DISCARDED))
        return good, rejected


def run(plan: Plan, horizon: float, seed: int = SEED, replication: int = 0) -> Trace:
    """Return one run. All checks simulate through this function. horizon in seconds"""
    return simulate(plan, seed, replication, horizon)


def count(trace: Trace, fate: int, product: int | None = None) -> int:
    """Return how many parts of a product (None: of all) met a fate."""
    met = trace.parts["fate"] == fate
    return int(np.count_nonzero(met if product is None else met & (trace.parts["product"] == product)))


def number(value: float, digits: int = 6) -> str:
    """Return a number for people, with so many digits and no zeros that say nothing.

    >>> number(4725), number(28.125), number(0.1 + 0.2)
    ('4,725', '28.125', '0.3')
    """
    text = f"{value:,.{digits}f}" if abs(value) < 1e15 else f"{value:.6g}"
    return text.rstrip("0").rstrip(".") if "." in text else text
