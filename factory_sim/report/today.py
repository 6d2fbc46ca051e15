"""What happens in the plant as it is, in pictures: time, a shift, the hall, what is used."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from factory_sim.model import Plant
from factory_sim.model.units import WEEK
from factory_sim.report import numbers, sections
from factory_sim.report.chart_gantt import gantt_figure
from factory_sim.report.chart_hall import Traffic
from factory_sim.report.chart_losses import loss, losses_figure, planned_hours, worst
from factory_sim.report.chart_shift import shift_figure
from factory_sim.report.chart_states import bottleneck, state_shares, states_figure
from factory_sim.report.chart_usage import energy_figure, load_figure, material_figure
from factory_sim.report.pieces import Figure
from factory_sim.report.words import name_of, word
from factory_sim.results import waiting
from factory_sim.results.excerpt import excerpt, telling_stretch
from factory_sim.results.measures import Measures
from factory_sim.results.power import load
from factory_sim.results.shift import shift_of
from factory_sim.results.usage import energy_use, material_use
from factory_sim.results.window import Window
from factory_sim.simulation.plan import TICK, Plan
from factory_sim.simulation.prepare import prepare
from factory_sim.simulation.run import simulate
from factory_sim.simulation.trace import Trace
from factory_sim.study.runner import Summary


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
