"""The report: one HTML file that fetches nothing, for the screen, a phone and A4."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import Any

from factory_sim.model import Plant, Study
from factory_sim.report import (
    assumptions,
    certainty,
    guarantee,
    not_modelled,
    numbers,
    page,
    parties,
    sections,
    sentences,
)
from factory_sim.report.chart_declared import declared_figure
from factory_sim.report.chart_hall import hall_figure
from factory_sim.report.chart_money import benefit_figure, cash_figure, replications_figure
from factory_sim.report.chart_ranking import ranking_figure, shown
from factory_sim.report.chart_tornado import tornado_figure
from factory_sim.report.findings import Ranked, Ranking, ranking
from factory_sim.report.names import Names
from factory_sim.report.pieces import Figure
from factory_sim.report.today import OneRun, shift_figures, time_part, traffic, use_figures
from factory_sim.report.words import name_of, plant_name, word
from factory_sim.results.measures import Measures
from factory_sim.results.statistics import t_interval
from factory_sim.study.compare import Comparison
from factory_sim.study.runner import Summary

Draw = Callable[[Ranked, str, str], Figure]


def write_report(
    comparison: Comparison, directory: str | os.PathLike[str], lang: str = "en", today: date | None = None
) -> Path:
    """Write the report and return its path, `report.<lang>.html` in a directory that is made if it is not there.

    The file is replaced as a whole or not at all.

    Parameters
    ----------
    lang : str     `en` or `ko`.
    today : date   Printed on the report; default: today. The rest depends on the comparison alone.

    Raises
    ------
    KeyError  If there are no texts in this language.
    OSError   If the file cannot be written.
    """
    text = report_html(comparison, lang, today or datetime.now().astimezone().date())
    return page.write(text, Path(directory), f"report.{lang}.html")


def report_html(comparison: Comparison, lang: str, today: date) -> str:
    """Return the report as text."""
    return page.render(
        "report.html.jinja", lang, date=numbers.day(today), **_first_page(comparison, lang), **_proof(comparison, lang)
    )


def _first_page(comparison: Comparison, lang: str) -> dict[str, Any]:
    study = comparison.study
    rankings = [ranking(comparison, mode, lang) for mode in comparison.modes]
    first = rankings[0]
    return {
        "plant": plant_name(study.plant, lang),
        "question": sentences.question(study, lang),
        "answer": sentences.answer(comparison, lang),
        "changes": sentences.changes_of_answer(comparison, lang),
        "pays": first.pays and first.sure,
        "tiles_title": word("report.figures", lang, label=first.top.label, mode=_mode(study, first, lang)),
        "tiles": sections.tiles(comparison, first, lang),
        "ranked": _ranked(study, rankings, lang),
        "ranking_note": _ranking_note(comparison, rankings, lang),
        "basis": [
            sections.data_said(study.plant, lang),
            sentences.declared(comparison, lang),
            sentences.turning(first, lang),
            sentences.simulated(comparison, lang),
            *guarantee.promises(comparison, lang),
            not_modelled.in_short(study.plant, lang),
        ],
    }


def _mode(study: Study, ranked: Ranking, lang: str) -> str:
    return sections.mode_name(study, ranked.mode, lang)


def _ranked(study: Study, rankings: list[Ranking], lang: str) -> Figure:
    modes = [_mode(study, each, lang) for each in rankings]
    alone = len(modes) == 1
    title = word("chart.ranking_title", lang, mode=modes[0]) if alone else word("chart.rankings_title", lang)
    return ranking_figure(rankings, modes, "ranking", title, lang)


def _ranking_note(comparison: Comparison, rankings: list[Ranking], lang: str) -> str:
    said = word("chart.ranking_note", lang, replications=guarantee.replications(comparison, lang))
    left = len(rankings[0].rows) - len(shown(rankings))
    if left:
        said += " " + word("chart.ranking_more", lang, count=left)
    return said if len(rankings) == 1 else f"{said} {word('chart.ranking_scales', lang)}"


def _proof(comparison: Comparison, lang: str) -> dict[str, Any]:
    study = comparison.study
    rankings = [ranking(comparison, mode, lang) for mode in comparison.modes]
    first = rankings[0]
    today = first.baseline.outcome.measures
    return {
        "time": time_part(study.plant, today, lang),
        "benefits": [_by_mode(study, each, "benefit", lang) for each in rankings],
        "declared": [declared_figure(study, each, f"declared-{each.mode}", lang) for each in rankings[:1]],
        "cash": [_by_mode(study, each, "cash", lang) for each in rankings],
        "wrong": [_by_mode(study, each, "wrong", lang) for each in rankings],
        "parties": [parties.shares(study, each, _mode(study, each, lang), lang) for each in rankings],
        "sure": [(_mode(study, each, lang), certainty.sure_table(each, lang)) for each in rankings],
        "spreads": [(_mode(study, each, lang), certainty.spread(study, each, lang)) for each in rankings],
        "sure_said": word("report.sure_said", lang, horizon=sentences.weeks(study.study.horizon, lang)),
        "found": list(guarantee.details(comparison, lang)),
        "replications": replications_figure(first, "replications", lang),
        "today": _today(comparison, today, lang),
        "uses": [
            (word("report.uses_said", lang, mode=_mode(study, each, lang)), sections.figures_tables(each, lang))
            for each in rankings
        ],
        "offers": list(sections.offers(comparison, lang)),
        **_numbers(study, lang),
        "other_plants": sections.other_plants(study, lang),
        "missing": not_modelled.sentences(study.plant, comparison.physics, lang),
        "run": sections.run_table(comparison, lang),
    }


def _numbers(study: Study, lang: str) -> dict[str, Any]:
    """Return the tables of all that was assumed."""
    plant, own, added = Names.of(study.plant, lang), Names.of(study, lang), sections.names_of(study, lang)
    return {
        "assumed": sections.numbers_table(assumptions.numbers_of(study.plant), plant),
        "finance": sections.numbers_table(assumptions.finance_of(study), own),
        "money_sources": sections.numbers_table(assumptions.money_of(study), own),
        "looked_up": sections.numbers_table(assumptions.looked_up_of(study), own),
        "study_left": sections.left_to_program(assumptions.study_defaults_of(study), own),
        "plant_left": sections.left_by_plant(study.plant, lang),
        "added_left": sections.left_to_program(assumptions.added_defaults(study), added),
    }


@dataclass(frozen=True)
class ByMode:
    """Charts of one demand mode."""

    said: str
    mode: str
    figures: tuple[Figure, ...]


def _by_mode(study: Study, ranked: Ranking, kind: str, lang: str) -> ByMode:
    mode = _mode(study, ranked, lang)
    yearly = max(abs(row.worth.benefit.mean) for row in ranked.investments)
    whole = max(max(abs(row.npv.mean), row.worth.money.capex) for row in ranked.investments)
    charts: dict[str, Draw] = {
        "benefit": partial(benefit_figure, beside=yearly),
        "cash": partial(cash_figure, beside=whole),
        "wrong": partial(tornado_figure, ranked, beside=whole),
    }
    draw = charts[kind]
    figures = tuple(draw(row, f"{kind}-{ranked.mode}-{row.rank}", lang) for row in ranked.investments)
    key = {"benefit": "report.benefit_said", "cash": "report.money_said", "wrong": "report.wrong_said"}[kind]
    return ByMode(word(key, lang, mode=mode), mode, figures)


@dataclass(frozen=True)
class Today:
    """Sections on the plant before any investment, from one run of it."""

    said: str
    shift: list[Figure]
    hall: Figure
    uses: list[Figure]


def _today(comparison: Comparison, today: list[Measures], lang: str) -> Today:
    """Return the pictures of replication 0 of the baseline."""
    study, mode = comparison.study, next(iter(comparison.modes))
    asked = study.study
    summary = Summary(study.plant, mode, asked.seed, asked.horizon, asked.warmup, comparison.physics, today)
    run = OneRun.of(summary)
    return Today(
        _scrap_said(study.plant, today, lang),
        shift_figures(run, summary.bottleneck, lang),
        hall_figure(study.plant, traffic(summary, run), "hall", lang),
        use_figures(run, lang),
    )


def _scrap_said(plant: Plant, today: list[Measures], lang: str) -> str:
    """Say how much of the scrap stops cause, of the first station whose history can scrap; nothing without one."""
    for station, table in plant.station.items():
        kpis = [each.stations[station] for each in today]
        shares = [each["scrap_caused_by_stops"].value for each in kpis if "scrap_caused_by_stops" in each]
        if any(shares):
            text = numbers.shown_share(t_interval(shares))
            return word(
                "report.shift_said" if table.die else "report.shift_said_any",
                lang,
                share=text.with_unit,
                low=text.low,
                high=f"{text.high}%",
                station=name_of(table, station, lang),
            )
    return ""
