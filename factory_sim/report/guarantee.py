"""How sure the choice is and what that took, in words: the promise of a selection, and what common luck saved."""

from __future__ import annotations

import math
from collections.abc import Iterator

from factory_sim.model import Study
from factory_sim.model.precision_schema import KN
from factory_sim.report import numbers
from factory_sim.report.findings import label
from factory_sim.report.words import name_of, word
from factory_sim.study.analysis import effects_of, front_of
from factory_sim.study.compare import Comparison, Outcome
from factory_sim.study.sequential import Outlook

NAMED = 5  # scenarios left out that are named
FEW = 5  # below so many independent values, intervals say little about themselves
MOST_RUNS = 1_000_000  # an expectation of more is no number to plan with


def sentences(comparison: Comparison, lang: str) -> Iterator[str]:
    """Yield what was promised and reached in each demand mode, and what common random numbers saved."""
    yield from promises(comparison, lang)
    yield from details(comparison, lang)


def promises(comparison: Comparison, lang: str) -> Iterator[str]:
    """Yield what whoever decides must know: what was promised and reached, too few data, what was left out."""
    for mode in comparison.spent:
        yield _spent(comparison, mode, lang)
    if _least(comparison) < FEW:
        key = "selection.few" if comparison.study.study.parameter_draws is None else "selection.few_draws"
        yield word(key, lang, count=_least(comparison))
    if comparison.study.left_out:
        yield _left_out(comparison.study, lang)


def details(comparison: Comparison, lang: str) -> Iterator[str]:
    """Yield what whoever checks wants to know: what nothing beats, effects, and what common random numbers saved."""
    if _least(comparison) < FEW:
        yield word("selection.few_why", lang, count=_least(comparison), freedom=_least(comparison) - 1)
    for mode in comparison.modes:
        yield from _analysed(comparison, mode, lang)
    saved = [
        outcome.variance_reduction
        for outcomes in comparison.modes.values()
        for outcome in outcomes.values()
        if math.isfinite(outcome.variance_reduction)
    ]
    if saved:
        low, high = map(numbers.times, (min(saved), max(saved)))
        yield (
            word("selection.luck_one", lang, low=low)
            if low == high
            else word("selection.luck", lang, low=low, high=high)
        )
        if any(investment.uncertain for investment in comparison.study.investment.values()):
            yield word("selection.luck_spread", lang)


def _least(comparison: Comparison) -> int:
    return min(_samples(outcome) for outcomes in comparison.modes.values() for outcome in outcomes.values())


def _samples(outcome: Outcome) -> int:
    """Return how many independent values an outcome rests on: replications, or draws of the uncertain amounts."""
    return len(outcome.measures) if outcome.draws is None else outcome.draws


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


def outlook(study: Study, seen: Outlook, lang: str) -> str:
    """Say what the first stage of a selection lets expect: replications, runs, time, and whether the budget ends it."""
    values = {
        "mode": word(f"mode.{seen.mode}_short", lang),
        "first": seen.first,
        "replications": f"{seen.replications:,}",
        "runs": f"{seen.runs:,}",
    }
    beyond = seen.runs > MOST_RUNS
    said = word("selection.outlook_beyond" if beyond else "selection.outlook", lang, **values)
    if math.isfinite(seen.seconds) and not beyond:
        said += " " + word("selection.outlook_time", lang, time=numbers.lasting(seen.seconds, lang))
    if seen.affordable:
        return said
    wider = numbers.money(float(f"{seen.wider:.2g}"), lang)
    key = f"selection.outlook_{study.study.selection}"
    return f"{said} {word(key, lang, amount=wider)}"


def _left_out(study: Study, lang: str) -> str:
    named = [
        f"{label(study, name, lang)} ({word(f'selection.limit_{why}', lang)})" for name, why in study.left_out.items()
    ]
    if len(named) > NAMED:
        return word("selection.left_out_more", lang, names=", ".join(named[:NAMED]), more=len(named) - NAMED)
    return word("selection.left_out", lang, names=", ".join(named))


def _analysed(comparison: Comparison, mode: str, lang: str) -> Iterator[str]:
    """Say which scenarios nothing beats, and what each investment adds in a two-level design."""
    study, front = comparison.study, front_of(comparison, mode)
    if len(comparison.modes[mode]) > 2:
        names = ", ".join(label(study, name, lang) for name in front)
        yield word("selection.front", lang, mode=word(f"mode.{mode}_short", lang), names=names)
    found = effects_of(comparison, mode)
    if not found:
        return
    said = []
    for each in sorted(found, key=lambda effect: -abs(effect.interval.mean)):
        factors = " × ".join(name_of(study.investment[name], name, lang) for name in each.factors)
        amount = numbers.money(each.interval.mean, lang)
        width = numbers.money(each.interval.half_width, lang) if math.isfinite(each.interval.half_width) else "?"
        aliases = f" [= {', '.join(each.aliases)}]" if each.aliases else ""
        said.append(f"{factors}{aliases} {amount} ± {width}")
    yield word("selection.effects", lang, mode=word(f"mode.{mode}_short", lang), effects="; ".join(said))
