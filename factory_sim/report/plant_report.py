"""The report on one plant as it is: what it makes, where its time goes, what happens in a shift, what it uses."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from importlib.metadata import version
from pathlib import Path

from factory_sim.model import Plant
from factory_sim.model.units import WEEK
from factory_sim.report import assumptions, numbers, page, sections, sentences
from factory_sim.report.chart_gantt import gantt_figure
from factory_sim.report.chart_hall import Traffic, hall_figure
from factory_sim.report.chart_losses import loss, losses_figure, planned_hours, worst
from factory_sim.report.chart_shift import shift_figure
from factory_sim.report.chart_states import state_shares
from factory_sim.report.chart_usage import energy_figure, load_figure, material_figure
from factory_sim.report.html import time_part
from factory_sim.report.pieces import Figure, Table
from factory_sim.report.sections import Tile
from factory_sim.report.words import name_of, word
from factory_sim.results import waiting
from factory_sim.results.excerpt import excerpt, telling_stretch
from factory_sim.results.power import load
from factory_sim.results.shift import shift_of
from factory_sim.results.statistics import Interval
from factory_sim.results.usage import energy_use, material_use
from factory_sim.results.window import Window
from factory_sim.simulation.plan import TICK, Plan
from factory_sim.simulation.prepare import prepare
from factory_sim.simulation.run import simulate
from factory_sim.simulation.trace import Trace
from factory_sim.study.runner import Estimate, Summary

_TILES = ("good_parts_per_planned_hour", "yield", "lead_time", "wip", "cost_per_good_part", "electricity_per_good_part")
_LOSS_TREES = 3  # loss trees of other stations than the bottleneck, at most


@dataclass(frozen=True)
class OneRun:
    """Replication 0 of a summary, run again for the pictures: the same seed gives the same run."""

    plant: Plant
    plan: Plan
    trace: Trace
    window: Window
    warmup: float

    @classmethod
    def of(cls, summary: Summary) -> OneRun:
        """Return replication 0 of a summary."""
        plant = summary.plant
        plan = prepare(plant, summary.physics, summary.demand_mode)
        trace = simulate(plan, summary.seed, 0, summary.warmup + summary.horizon)
        return cls(plant, plan, trace, Window.of(plant, plan, trace, summary.warmup), summary.warmup)

    @property
    def weeks(self) -> float:
        """Measured time. [weeks]"""
        return (self.window.end - self.window.begin) * TICK / WEEK


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
        more=time_said(summary, lang),
        tiles=list(_tiles(summary, lang)),
        basis=[sections.data_said(plant, lang), _runs(summary, lang), word("basis.not_modelled", lang)],
        time=time_part(plant, summary.measures, lang),
        others=_other_losses(summary, lang),
        shift=shift_figures(run, summary.bottleneck, lang),
        hall=hall_figure(plant, traffic(summary, run), "hall", lang),
        uses=use_figures(run, lang),
        figures=_figures_table(summary, lang),
        products=_products_table(summary, lang),
        assumed=sections.numbers_table(assumptions.numbers_of(plant), lang),
        defaults=sections.defaults_table(plant, lang),
        missing=sections.missing(plant, summary.physics, lang),
        run=_run_table(summary, lang),
    )


def plant_name(plant: Plant, lang: str) -> str:
    """Return the name of a plant."""
    return (plant.plant.name_ko if lang == "ko" else None) or plant.name


def _interval(estimate: Estimate) -> Interval:
    return Interval(estimate.mean, estimate.half_width, estimate.n, 0.95)


def answer(summary: Summary, lang: str) -> str:
    """Return in one sentence what the plant makes, and at what cost."""
    kpis = summary.kpis
    made = numbers.shown(_interval(kpis["good_parts_per_planned_hour"]), numbers.Unit(1.0, ""), most=2)
    good = numbers.shown_share(_interval(kpis["yield"]))
    key = "plant.answer" if kpis["cost_per_good_part"].mean else "plant.answer_bare"
    cost = numbers.shown(_interval(kpis["cost_per_good_part"]), numbers.Unit(1.0, word("unit.KRW", lang)), most=0)
    return word(
        key, lang, made=made.mean, low=made.low, high=made.high, good=good.with_unit, cost=cost.with_unit,
        mode=word(f"condition_plant.{summary.demand_mode}", lang),
    )  # fmt: skip


def time_said(summary: Summary, lang: str) -> str:
    """Say which station sets the pace, and what costs it most."""
    plant, station = summary.plant, summary.bottleneck
    hours = numbers.Unit(planned_hours(plant, station), "")
    greatest = worst(plant, summary.measures, station, lang)
    return word(
        "report.time_said", lang, station=name_of(plant.station[station], station, lang),
        hours=numbers.plain(hours.factor), loss=greatest.label,
        good=numbers.shown(loss(summary.measures, station, "good"), hours, most=1).mean,
        lost=numbers.shown(greatest.share, hours, most=1).mean,
    )  # fmt: skip


def _tiles(summary: Summary, lang: str) -> Iterator[Tile]:
    for key in _TILES:
        estimate = summary.kpis[key]
        if estimate.n == 0 or (estimate.mean == 0.0 and estimate.half_width == 0.0):
            continue
        text = numbers.shown(_interval(estimate), sections.kpi_unit(key, estimate, lang), most=2)
        between = word("text.range", lang, low=text.low, high=text.high) if text.low != numbers.NONE else ""
        yield Tile(word(f"kpi.{key}", lang), text.mean, text.unit, between, "", False)


def _runs(summary: Summary, lang: str) -> str:
    return word(
        "plant.runs", lang, replications=len(summary.measures), horizon=sentences.weeks(summary.horizon, lang),
        warmup=sentences.weeks(summary.warmup, lang), seed=summary.seed,
        physics=word("basis.physics_on" if summary.physics else "basis.physics_off", lang),
    )  # fmt: skip


def _other_losses(summary: Summary, lang: str) -> list[Figure]:
    """Return the loss trees of the busiest stations after the bottleneck."""
    plant, measures = summary.plant, summary.measures
    busy = {at: summary.stations[at]["active_period"].mean for at in plant.station if at != summary.bottleneck}
    first = sorted(busy, key=lambda at: -busy[at])[:_LOSS_TREES]
    return [losses_figure(plant, measures, at, f"losses-{at}", lang) for at in first]


def shift_figures(run: OneRun, bottleneck: str, lang: str) -> list[Figure]:
    """Return the Gantt chart of a telling shift, and the die temperature where there is a die."""
    begin, end = telling_stretch(run.plant, run.plan, run.trace, bottleneck, run.warmup)
    figures = [gantt_figure(run.plant, excerpt(run.plant, run.plan, run.trace, begin, end), "gantt", lang)]
    shift = shift_of(run.plant, run.plan, run.trace, run.warmup)
    return figures if shift is None else [*figures, shift_figure(run.plant, shift, "shift", lang)]


def traffic(summary: Summary, run: OneRun) -> Traffic:
    """Return what the floor plan shows: shares over all replications, parts waiting and ways of replication 0."""
    plant, window = run.plant, run.window
    stays = waiting.waits(run.plan, run.trace)
    names = list(plant.station)
    moved: dict[tuple[str, str], float] = {}
    for (one, other), count in waiting.flows(run.plan, run.trace, window.begin, window.end).items():
        if one != waiting.OUT:
            key = names[one], names[other]
            moved[key] = moved.get(key, 0.0) + count / window.planned_hours
    for name, product in plant.product.items():
        made = summary.products[name]["good_parts_per_planned_hour"].mean
        for key in ((product.route[0], product.route[1]), (product.route[-2], product.route[-1])):
            moved[key] = moved.get(key, 0.0) + made
    return Traffic(
        {station: state_shares(summary.measures, station) for station in plant.station},
        {name: stays.mean(index, window.begin, window.end) for index, name in enumerate(names)},
        moved,
        summary.bottleneck,
    )


def use_figures(run: OneRun, lang: str) -> list[Figure]:
    """Return where material and energy go, and the power of a week; what the plant file gives no numbers for is out."""
    plant, plan, trace = run.plant, run.plan, run.trace
    figures = []
    masses = material_use(plant, plan, trace, run.window)
    if any(each.parts for each in masses.values()):
        figures.append(material_figure(plant, masses, run.weeks, "material", lang))
    energy = energy_use(plant, plan, trace, run.window)
    if energy.total or any(energy.gas.values()):
        figures.append(energy_figure(plant, energy, run.weeks, "energy", lang))
    if energy.total:
        power = load(plant, plan, trace, run.window)
        figures += [load_figure(power, "load", lang)] if len(power.power) else []
    return figures


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
