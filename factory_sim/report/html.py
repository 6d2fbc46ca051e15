"""The report: one HTML file that fetches nothing, for the screen, a phone and A4."""

from __future__ import annotations

import os
import tempfile
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from factory_sim.model import Study
from factory_sim.model.units import WEEK
from factory_sim.report import assumptions, guarantee, numbers, sections, sentences
from factory_sim.report.chart_money import benefit_figure, cash_figure, replications_figure
from factory_sim.report.chart_ranking import ranking_figure
from factory_sim.report.chart_shift import shift_figure, stops_table
from factory_sim.report.chart_states import LOSSES, bottleneck, losses_figure, planned_hours, states_figure
from factory_sim.report.findings import Ranking, ranking
from factory_sim.report.pieces import Figure, Table
from factory_sim.report.words import name_of, word
from factory_sim.results.measures import Measures
from factory_sim.results.shift import shift_of
from factory_sim.results.statistics import t_interval
from factory_sim.simulation.prepare import prepare
from factory_sim.simulation.run import simulate
from factory_sim.study.compare import Comparison

_HERE = Path(__file__).parent
MISSING = ("plan", "crew", "tariff", "years", "validation")


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
    folder = Path(directory)
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / f"report.{lang}.html"
    handle, name = tempfile.mkstemp(dir=folder, prefix=f".{target.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
        Path(name).chmod(0o644)
        Path(name).replace(target)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    return target


def report_html(comparison: Comparison, lang: str, today: date) -> str:
    """Return the report as text."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(_HERE), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters["word"] = lambda key, **values: word(key, lang, **values)
    template = environment.get_template("report.html.jinja")
    text = template.render(
        lang=lang,
        today=numbers.day(today),
        style=(_HERE / "style.css").read_text(encoding="utf-8"),
        **_first_page(comparison, lang),
        **_proof(comparison, lang),
    )
    return text.replace("M KRW", "M\u00a0KRW")  # a unit is not broken at the end of a line


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
            sections.data_said(study, lang),
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
        "time": _time(study, today, lang),
        "benefits": [_by_mode(study, each, "benefit", lang) for each in rankings],
        "cash": [_by_mode(study, each, "cash", lang) for each in rankings],
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
        "defaults": sections.defaults_table(study, lang),
        "missing": [word(f"missing.{key}", lang) for key in _missing(study, comparison.physics)],
        "run": sections.run_table(comparison, lang),
    }


def _missing(study: Study, physics: bool) -> list[str]:
    """Return what was not modelled; the die counts only where there is one."""
    has_die = physics and any(station.die for station in study.plant.station.values())
    return [*MISSING[:-1], *(["die"] if has_die else []), MISSING[-1]]


@dataclass(frozen=True)
class ByMode:
    """Charts of one demand mode."""

    said: str
    mode: str
    figures: tuple[Figure, ...]


def _by_mode(study: Study, ranked: Ranking, kind: str, lang: str) -> ByMode:
    mode = _mode(study, ranked, lang)
    draw = {"benefit": benefit_figure, "cash": cash_figure}[kind]
    figures = tuple(draw(row, f"{kind}-{ranked.mode}-{row.rank}", lang) for row in ranked.investments)
    key = {"benefit": "report.benefit_said", "cash": "report.money_said"}[kind]
    return ByMode(word(key, lang, mode=mode), mode, figures)


def _time(study: Study, today: list[Measures], lang: str) -> dict[str, Any]:
    """Return where today's time goes."""
    station = bottleneck(today)
    hours = planned_hours(study, station)
    losses = {
        key: t_interval([each.stations[station][f"loss_{key}"].value for each in today]) for key in (*LOSSES, "good")
    }
    worst = max(LOSSES, key=lambda key: losses[key].mean)
    texts = {key: numbers.shown(losses[key], numbers.Unit(hours, ""), most=1).mean for key in ("good", worst)}
    said = word(
        "report.time_said", lang, station=name_of(study.plant.station[station], station, lang),
        hours=numbers.plain(hours), good=texts["good"], loss=word(f"loss.{worst}", lang), lost=texts[worst],
    )  # fmt: skip
    return {
        "said": said,
        "figures": [states_figure(study, today, "states", lang), losses_figure(study, today, "losses", lang)],
        "stations": sections.stations_table(study, today, lang),
    }


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
