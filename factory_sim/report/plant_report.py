"""The report on one plant as it is: what it makes, where its time goes, what happens in a shift, what it uses."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterator
from datetime import date, datetime
from importlib.metadata import version
from pathlib import Path

from factory_sim.report import assumptions, not_modelled, numbers, page, sections, sentences
from factory_sim.report.chart_hall import hall_figure
from factory_sim.report.chart_losses import losses_figure
from factory_sim.report.names import Names
from factory_sim.report.pieces import Figure, Table
from factory_sim.report.sections import Tile
from factory_sim.report.today import OneRun, shift_figures, time_part, traffic, use_figures
from factory_sim.report.words import name_of, plant_name, word
from factory_sim.results.statistics import Interval
from factory_sim.study.runner import Estimate, Summary

_TILES = ("good_parts_per_planned_hour", "yield", "lead_time", "wip", "cost_per_good_part", "electricity_per_good_part")
_LOSS_TREES = 3  # loss trees of other stations than the bottleneck, at most


def write_plant_report(
    summary: Summary, directory: str | os.PathLike[str], lang: str = "en", today: date | None = None
) -> Path:
    """Write the report on a plant and return its path, `plant.<lang>.html`; the file is replaced as a whole.

    Parameters
    ----------
    lang : str     `en` or `ko`.
    today : date   Printed on the report; default: today. The rest depends on the summary alone.

    Raises
    ------
    KeyError  If there are no texts in this language.
    OSError   If the file cannot be written.
    """
    text = plant_html(summary, lang, today or datetime.now().astimezone().date())
    return page.write(text, Path(directory), f"plant.{lang}.html")


def plant_html(summary: Summary, lang: str, today: date) -> str:
    """Return the report as text."""
    plant, run = summary.plant, OneRun.of(summary)
    return page.render(
        "plant.html.jinja",
        lang,
        today=numbers.day(today),
        plant=plant_name(plant, lang),
        answer=answer(summary, lang),
        tiles=list(_tiles(summary, lang)),
        tiles_note=word("plant.tiles_note" if len(summary.measures) > 1 else "plant.tiles_note_one", lang),
        basis=[sections.data_said(plant, lang), _runs(summary, lang), not_modelled.in_short(plant, lang)],
        time=time_part(plant, summary.measures, lang),
        others=_other_losses(summary, lang),
        shift=shift_figures(run, summary.bottleneck, lang),
        hall=hall_figure(plant, traffic(summary, run), "hall", lang),
        uses=use_figures(run, lang),
        figures=_figures_table(summary, lang),
        products=_products_table(summary, lang),
        assumed=sections.numbers_table(assumptions.numbers_of(plant), Names.of(plant, lang)),
        plant_left=sections.left_by_plant(plant, lang),
        looked_up=sections.numbers_table(assumptions.rows_of(plant), Names.of(plant, lang)),
        missing=not_modelled.sentences(plant, summary.physics, lang),
        run=_run_table(summary, lang),
    )


def _interval(estimate: Estimate) -> Interval:
    return Interval(estimate.mean, estimate.half_width, estimate.n, 0.95)


def answer(summary: Summary, lang: str) -> str:
    """Return in one sentence what the plant makes, and at what cost."""
    kpis = summary.kpis
    made = numbers.shown(_interval(kpis["good_parts_per_planned_hour"]), numbers.Unit(1.0, ""), most=2)
    good = numbers.shown_share(_interval(kpis["yield"]))
    key = "plant.answer" if kpis["cost_per_good_part"].mean else "plant.answer_bare"
    cost = numbers.shown(_interval(kpis["cost_per_good_part"]), numbers.Unit(1.0, word("unit.KRW", lang)), most=0)
    single = made.low == numbers.NONE  # one replication tells no interval
    between = "" if single else word("plant.between", lang, low=made.low, high=made.high)
    return word(
        key, lang, made=made.mean, between=between, good=good.with_unit, cost=cost.with_unit,
        mode=word(f"condition_plant.{summary.demand_mode}", lang),
    )  # fmt: skip


def _tiles(summary: Summary, lang: str) -> Iterator[Tile]:
    for key in _TILES:
        estimate = summary.kpis[key]
        if estimate.n == 0 or (estimate.mean == 0.0 and estimate.half_width == 0.0):
            continue
        text = numbers.shown(_interval(estimate), sections.kpi_unit(key, estimate, lang), most=2)
        if text.unit == "%":
            text = numbers.shown_share(_interval(estimate))
        low = "0" if estimate.mean > 0.0 and text.low.startswith("-") else text.low  # none of these is less than 0
        between = word("text.range", lang, low=low, high=text.high) if text.low != numbers.NONE else ""
        yield Tile(word(f"kpi.{key}", lang), text.mean, text.unit, between, "", False)


def _runs(summary: Summary, lang: str) -> str:
    key = "plant.runs" if len(summary.measures) > 1 else "plant.runs_one"
    physics = word("basis.physics_on" if summary.physics else "basis.physics_off", lang)
    return word(
        key, lang, replications=len(summary.measures), horizon=sentences.weeks(summary.horizon, lang),
        warmup=sentences.weeks(summary.warmup, lang), seed=summary.seed, physics=physics,
    )  # fmt: skip


def _other_losses(summary: Summary, lang: str) -> list[Figure]:
    """Return the loss trees of the busiest stations after the bottleneck."""
    plant, measures = summary.plant, summary.measures
    busy = {at: summary.stations[at]["active_period"].mean for at in plant.station if at != summary.bottleneck}
    first = sorted(busy, key=lambda at: -busy[at])[:_LOSS_TREES]
    return [losses_figure(plant, measures, at, f"losses-{at}", lang) for at in first]


def _figures_table(summary: Summary, lang: str) -> Table:
    rows = []
    for key, estimate in summary.kpis.items():
        if estimate.mean == 0.0 and not estimate.half_width:
            continue
        unit = sections.kpi_unit(key, estimate, lang)
        rows.append((word(f"kpi.{key}", lang), sections.plus_minus(estimate, unit, sign=False), unit.name))
    return Table((word("table.figure", lang), word("plant.mean", lang), word("table.unit", lang)), tuple(rows))


def _products_table(summary: Summary, lang: str) -> Table | None:
    """Return the key figures by product, None if there is only one."""
    products = summary.products
    if len(products) < 2:
        return None
    names = [key for key in next(iter(products.values())) if any(each[key].mean for each in products.values())]
    units = [sections.kpi_unit(key, next(iter(products.values()))[key], lang) for key in names]
    heads = [
        f"{word(f'kpi.{key}', lang)}{f', {u.name}' if u.name else ''}" for key, u in zip(names, units, strict=True)
    ]
    rows = tuple(
        (
            name_of(summary.plant.product[name], name, lang),
            *(sections.plus_minus(kpis[key], unit, sign=False) for key, unit in zip(names, units, strict=True)),
        )
        for name, kpis in products.items()
    )
    return Table((word("table.product", lang), *heads), rows)


def _run_table(summary: Summary, lang: str) -> Table:
    from factory_sim import __version__

    packages = ", ".join(f"{name} {version(name)}" for name in ("simpy", "numpy", "scipy"))
    rows = (
        (word("run.version", lang), f"factory_sim {__version__}"),
        (word("run.python", lang), f"Python {platform.python_version()}, {packages}"),
        (word("run.plant", lang), sections.fingerprint(summary.plant.file, lang)),
        (word("run.seed", lang), str(summary.seed)),
        (word("plant.replications", lang), str(len(summary.measures))),
        (word("run.horizon", lang), sentences.weeks(summary.horizon, lang)),
        (word("run.warmup", lang), sentences.weeks(summary.warmup, lang)),
        (word("plant.mode", lang), word(f"mode.{summary.demand_mode}_short", lang)),
        (word("run.physics", lang), word("basis.physics_on" if summary.physics else "basis.physics_off", lang)),
    )
    return Table(("", ""), rows, numbers_from=9)
