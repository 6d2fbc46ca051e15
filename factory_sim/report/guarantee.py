"""How sure the choice is and what that took, in words: the promise of a selection, and what common luck saved."""

from __future__ import annotations

import math
from collections.abc import Iterator

from factory_sim.model.precision_schema import KN
from factory_sim.report import numbers
from factory_sim.report.findings import label
from factory_sim.report.words import word
from factory_sim.study.compare import Comparison


def sentences(comparison: Comparison, lang: str) -> Iterator[str]:
    """Yield what was promised and reached in each demand mode, and what common random numbers saved."""
    for mode in comparison.spent:
        yield _spent(comparison, mode, lang)
    saved = [
        outcome.variance_reduction
        for outcomes in comparison.modes.values()
        for outcome in outcomes.values()
        if math.isfinite(outcome.variance_reduction)
    ]
    if saved:
        low, high = (numbers.plain(end, 2) for end in (min(saved), max(saved)))
        yield (
            word("selection.luck_one", lang, low=low)
            if low == high
            else word("selection.luck", lang, low=low, high=high)
        )


def replications(comparison: Comparison, lang: str) -> str:
    """Return how many replications each scenario has: a number, or the least and the most."""
    counts = {len(outcome.measures) for outcomes in comparison.modes.values() for outcome in outcomes.values()}
    if len(counts) == 1:
        return str(counts.pop())
    return word("text.range", lang, low=min(counts), high=max(counts))


def _spent(comparison: Comparison, mode: str, lang: str) -> str:
    """Say how the selection of one demand mode ended."""
    study, spent = comparison.study, comparison.spent[mode]
    asked = study.precision
    width = asked.indifference if spent.procedure == KN else asked.half_width
    assert width is not None, "the reader sees to it"
    values = {
        "mode": word(f"mode.{mode}_short", lang),
        "best": label(study, spent.best, lang),
        "probability": numbers.share(asked.probability),
        "amount": numbers.money(width, lang),
        "runs": spent.runs,
        "equal": max(spent.replications.values()) * len(spent.replications),
        "open": ", ".join(label(study, name, lang) for name in spent.remaining),
    }
    ending = "reached" if spent.guaranteed else f"out_of_{spent.reason}"
    return word(f"selection.{spent.procedure}_{ending}", lang, **values)
