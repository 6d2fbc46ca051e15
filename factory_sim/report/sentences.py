"""The answer as sentences, the same in the terminal and in the report."""

from __future__ import annotations

import math

from factory_sim.model import Study
from factory_sim.model.units import WEEK
from factory_sim.report import guarantee, numbers
from factory_sim.report.findings import (
    GAIN,
    LOSS,
    OUTPUT,
    SURE,
    Ranked,
    Ranking,
    declared_share,
    interval,
    ranking,
    volume_per_year,
)
from factory_sim.report.words import word
from factory_sim.study.compare import Comparison
from factory_sim.study.sensitivity import SHARE, swings

NAMED = 3  # investments that a sentence of the first page names


def question(study: Study, lang: str) -> str:
    """Return the question of the study."""
    return (study.study.question_ko if lang == "ko" else None) or study.study.question


def volume(study: Study, lang: str) -> str:
    """Return the good parts of a year in demand mode fixed_volume, as text."""
    return numbers.count(float(f"{volume_per_year(study):.3g}"), lang)


def condition(study: Study, mode: str, lang: str) -> str:
    """Return a demand mode as a condition, such as "if demand stays at 110,000 good parts a year"."""
    return word(f"condition.{mode}", lang, volume=volume(study, lang) if mode == "fixed_volume" else "")


def answer(comparison: Comparison, lang: str) -> str:
    """Return the answer in the first demand mode, with money and certainty."""
    first = ranking(comparison, next(iter(comparison.modes)), lang)
    top, study = first.top, comparison.study
    values = {
        "label": top.label,
        "condition": condition(study, first.mode, lang),
        "count": len(first.investments),
        "years": numbers.years(top.worth.money.life, lang),
        **amount(top, lang),
        "payback": numbers.years(top.money[0], lang),
        "certainty": numbers.certainty(top.outcome.probability_best, lang),
    }
    if not first.pays:
        values["certainty"] = numbers.certainty(first.baseline.outcome.probability_best, lang)
        return word("answer.none" if first.sure else "answer.none_unsure", lang, **values)
    if not first.sure and top.outcome.probability_best >= SURE:
        return word("answer.open", lang, **values)
    alone = "_alone" if len(first.investments) == 1 else ""
    if first.sure:
        return word(f"answer.buy{alone}", lang, **values)
    other = first.next_likely
    return word(
        f"answer.unsure{alone}",
        lang,
        **values,
        other=other.label,
        other_certainty=numbers.certainty(other.outcome.probability_best, lang),
    )


def amount(row: Ranked, lang: str) -> dict[str, str]:
    """Return the net present value of a row for a sentence: mean, low, high, all with the same digits."""
    text = numbers.short(row.npv, numbers.money_unit(_greatest(row), lang))
    return {"npv": text.with_unit, "low": text.low, "high": numbers.joined(text.high, text.unit)}


def _greatest(row: Ranked) -> float:
    ends = [abs(row.npv.mean), *(abs(end) for end in (row.npv.low, row.npv.high) if math.isfinite(end))]
    return max(ends)


def changes_of_answer(comparison: Comparison, lang: str) -> list[str]:
    """Return under which conditions the answer changes: the other demand modes, and less benefit than expected."""
    modes = list(comparison.modes)
    first = ranking(comparison, modes[0], lang)
    said = [_other_mode(comparison.study, first, ranking(comparison, mode, lang), lang) for mode in modes[1:]]
    share = first.top.break_even if first.pays else math.nan
    if math.isfinite(share):
        said.append(word("change.break_even", lang, label=first.top.label, share=numbers.share(share)))
    return said


def _other_mode(study: Study, first: Ranking, other: Ranking, lang: str) -> str:
    """Say what another demand mode does to the answer."""
    values = {
        "condition": condition(study, other.mode, lang),
        "label": other.top.label,
        "certainty": numbers.certainty(other.rows[0].outcome.probability_best, lang),
        **amount(other.top, lang),
    }
    if not other.pays:
        return word("change.none" if first.pays else "change.none_too", lang, **values)
    leads = first.pays and other.top.name == first.top.name
    if not leads:
        return word("change.other", lang, **values)
    before = {row.name: row.verdict for row in first.investments}
    now = other.investments[1:]
    better = [row.label for row in now if row.verdict == GAIN and before[row.name] != GAIN]
    worse = [row.label for row in now if row.verdict == LOSS and before[row.name] != LOSS]
    said = word("change.same", lang, **values)
    if better:
        said += " " + word("change.worthwhile", lang, labels=_listed(better, lang))
    if worse:
        said += " " + word("change.worthless", lang, labels=_listed(worse, lang))
    return said


def _listed(labels: list[str], lang: str) -> str:
    """Return names for a sentence, the first few of many."""
    names = ", ".join(labels[:NAMED])
    more = len(labels) - NAMED
    return word("text.and_more", lang, names=names, more=more) if more > 0 else names


def basis(comparison: Comparison, lang: str) -> str:
    """Return what the numbers rest on: replications, weeks, seed, planned hours."""
    asked = comparison.study.study
    return word(
        "basis.runs",
        lang,
        replications=guarantee.replications(comparison, lang),
        horizon=weeks(asked.horizon, lang),
        warmup=weeks(asked.warmup, lang),
        seed=asked.seed,
        physics=word("basis.physics_on" if comparison.physics else "basis.physics_off", lang),
    )


def simulated(comparison: Comparison, lang: str) -> str:
    """Return the same for a first page, in words of everyday, without what only who computes it again needs."""
    asked = comparison.study.study
    said = word(
        "basis.simulated",
        lang,
        replications=guarantee.replications(comparison, lang),
        horizon=weeks(asked.horizon, lang),
        warmup=weeks(asked.warmup, lang),
    )
    return said if comparison.physics else f"{said} {word('basis.without_physics', lang)}"


def weeks(time: float, lang: str) -> str:
    """Return a time of whole weeks, [s], as text."""
    count = round(time / WEEK)
    return word("text.week" if count == 1 else "text.weeks", lang, count=count)


def declared(comparison: Comparison, lang: str) -> str:
    """Say how much of the benefit of the best investment rests on declared effects."""
    first = ranking(comparison, next(iter(comparison.modes)), lang)
    share = declared_share(comparison.study, first.top)
    if math.isnan(share):
        return word("basis.declared_mixed", lang, label=first.top.label)
    key = {1.0: "basis.declared_all", 0.0: "basis.declared_none"}.get(share, "basis.declared")
    return word(key, lang, label=first.top.label, share=numbers.share(share))


def turning(first: Ranking, lang: str) -> str:
    """Say which single numbers of the best investment would turn the answer if they were 20 % off."""
    top = first.top
    found = swings(top.outcome, first.baseline.outcome)
    turned = [each for each in found if min(each.low, each.high) < 0.0 < max(each.low, each.high)]
    values = {"label": top.label, "share": f"{SHARE:.0%}"}
    if not turned:
        return word("basis.turning_none", lang, **values)
    names = ", ".join(word(f"swing.{each.parameter}", lang) for each in turned)
    return word("basis.turning", lang, names=names, **values)


def output_change(row: Ranked) -> tuple[str, str]:
    """Return good parts per planned hour of a scenario and their change from today, as texts."""
    unit = numbers.Unit(1.0, "")
    here = numbers.shown(interval(row.outcome.kpis[OUTPUT]), unit, most=2)
    if row.outcome.worth is None:
        return here.mean, ""
    change = numbers.shown(interval(row.outcome.difference[OUTPUT]), unit, sign=True, most=2)
    return here.mean, f"{change.mean} ± {change.half_width}"
