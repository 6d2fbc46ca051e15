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
from factory_sim.model.units import WEEK
from factory_sim.report import assumptions, guarantee, numbers, page, sections, sentences
from factory_sim.report.chart_declared import declared_figure
from factory_sim.report.chart_losses import loss, losses_figure, planned_hours, worst
from factory_sim.report.chart_money import benefit_figure, cash_figure, replications_figure
from factory_sim.report.chart_ranking import ranking_figure
from factory_sim.report.chart_shift import shift_figure, stops_table
from factory_sim.report.chart_states import bottleneck, states_figure
from factory_sim.report.chart_tornado import tornado_figure
from factory_sim.report.findings import Ranked, Ranking, ranking
from factory_sim.report.pieces import Figure, Table
from factory_sim.report.words import name_of, word
from factory_sim.results.measures import Measures
from factory_sim.results.shift import shift_of
from factory_sim.results.statistics import t_interval
from factory_sim.simulation.prepare import prepare
from factory_sim.simulation.run import simulate
from factory_sim.study.compare import Comparison

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
        "report.html.jinja", lang, today=numbers.day(today), **_first_page(comparison, lang), **_proof(comparison, lang)
    )


def _first_page(comparison: Comparison, lang: str) -> dict[str, Any]:
    study = comparison.study
    rankings = [ranking(comparison, mode, lang) for mode in comparison.modes]
    first = rankings[0]
    return {
        "plant": sentences.plant_name(study, lang),
        "question": sentences.question(study, lang),
        "answer": sentences.answer(comparison, lang),
        "changes": sentences.changes_of_answer(comparison, lang),
        "pays": first.pays and first.sure,
        "tiles_title": word("report.figures", lang, label=first.top.label, mode=_mode(study, first, lang)),
        "tiles": sections.tiles(comparison, first, lang),
        "rankings": [_ranked(study, each, lang) for each in rankings],
        "ranking_note": word("chart.ranking_note", lang, replications=guarantee.replications(comparison, lang)),
        "basis": [
            sections.data_said(study.plant, lang),
            sentences.declared(comparison, lang),
            sentences.basis(comparison, lang),
            *guarantee.sentences(comparison, lang),
            word("basis.not_modelled", lang),
        ],
    }


def _mode(study: Study, ranked: Ranking, lang: str) -> str:
    return sections.mode_name(study, ranked.mode, lang)


def _ranked(study: Study, ranked: Ranking, lang: str) -> Figure:
    title = word("chart.ranking_title", lang, mode=_mode(study, ranked, lang))
    return ranking_figure(ranked, f"ranking-{ranked.mode}", title, lang)


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
        "sure": [(_mode(study, each, lang), sections.sure_table(each, lang)) for each in rankings],
        "sure_said": word("report.sure_said", lang, horizon=sentences.weeks(study.study.horizon, lang)),
        "replications": replications_figure(first, "replications", lang),
        "shift": _shift(comparison, today, lang),
        "uses": [
            (word("report.uses_said", lang, mode=_mode(study, each, lang)), sections.figures_table(each, lang))
            for each in rankings
        ],
        "offers": list(sections.offers(comparison, lang)),
        "assumed": sections.numbers_table(assumptions.numbers_of(study.plant), lang),
        "finance": sections.numbers_table(assumptions.finance_of(study), lang),
        "defaults": sections.defaults_table(study.plant, lang),
        "missing": sections.missing(study.plant, comparison.physics, lang),
        "run": sections.run_table(comparison, lang),
    }


@dataclass(frozen=True)
class ByMode:
    """Charts of one demand mode."""

    said: str
    mode: str
    figures: tuple[Figure, ...]


def _by_mode(study: Study, ranked: Ranking, kind: str, lang: str) -> ByMode:
    mode = _mode(study, ranked, lang)
    charts: dict[str, Draw] = {
        "benefit": benefit_figure, "cash": cash_figure, "wrong": partial(tornado_figure, ranked),
    }  # fmt: skip
    draw = charts[kind]
    figures = tuple(draw(row, f"{kind}-{ranked.mode}-{row.rank}", lang) for row in ranked.investments)
    key = {"benefit": "report.benefit_said", "cash": "report.money_said", "wrong": "report.wrong_said"}[kind]
    return ByMode(word(key, lang, mode=mode), mode, figures)


def time_part(plant: Plant, today: list[Measures], lang: str) -> dict[str, Any]:
    """Return where today's time goes: a sentence, the states of all stations, the losses of the bottleneck."""
    station = bottleneck(today)
    hours = numbers.Unit(planned_hours(plant, station), "")
    greatest = worst(plant, today, station, lang)
    said = word(
        "report.time_said", lang, station=name_of(plant.station[station], station, lang),
        hours=numbers.plain(hours.factor), good=numbers.shown(loss(today, station, "good"), hours, most=1).mean,
        loss=greatest.label, lost=numbers.shown(greatest.share, hours, most=1).mean,
    )  # fmt: skip
    figures = [states_figure(plant, today, "states", lang), losses_figure(plant, today, station, "losses", lang)]
    return {"said": said, "figures": figures, "stations": sections.stations_table(plant, today, lang)}


@dataclass(frozen=True)
class ShiftPart:
    """The section on one shift."""

    said: str
    figure: Figure
    stops: Table


def _shift(comparison: Comparison, today: list[Measures], lang: str) -> ShiftPart | None:
    """Return the section on one shift, from one run of the baseline; None if no station has a die."""
    study, mode = comparison.study, next(iter(comparison.modes))
    asked, plan = study.study, prepare(study.plant, comparison.physics, mode)
    trace = simulate(plan, asked.seed, 0, asked.warmup + WEEK)
    shift = shift_of(study.plant, plan, trace, asked.warmup)
    if shift is None:
        return None
    kpis = [each.stations[shift.station] for each in today]
    shares = [each["scrap_caused_by_stops"].value for each in kpis if "scrap_caused_by_stops" in each]
    said = ""
    if shares:
        text = numbers.shown_share(t_interval(shares))
        said = word(
            "report.shift_said", lang, share=text.with_unit, low=text.low, high=f"{text.high}%",
            station=name_of(study.plant.station[shift.station], shift.station, lang),
        )  # fmt: skip
    figure = shift_figure(study.plant, shift, "shift", lang)
    return ShiftPart(said, figure, stops_table(study.plant, shift, lang))
