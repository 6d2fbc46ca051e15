"""What the plant uses: Sankeys of energy and material, and power by quarters of an hour."""

from __future__ import annotations

import numpy as np

from factory_sim.finance.tariff import QUARTER
from factory_sim.model import Plant
from factory_sim.model.units import DAY, WEEK
from factory_sim.report import numbers
from factory_sim.report.chart_sankey import Link, Node, Sankey, amount, sankey_figure, split
from factory_sim.report.chart_shift import DAYS, moment
from factory_sim.report.pieces import FULL, Figure, Table, figure
from factory_sim.report.svg import Axis, Drawing
from factory_sim.report.words import name_of, word
from factory_sim.results.power import Load
from factory_sim.results.usage import KWH, MILLIGRAMS, PER_PART, PROCESS, EnergyUse, MaterialUse
from factory_sim.simulation.trace import STATES

_COLOURS = {"working": "s-working", "warming": "s-warming", PER_PART: "e-part", PROCESS: "e-part", "off_shift": "e-off"}


def energy_sankey(plant: Plant, use: EnergyUse, lang: str) -> Sankey:
    """Return electricity and gas by station, then by what the machines did. [nJ]"""
    nodes = [
        Node("electricity", word("usage.electricity", lang), 0, "e-electricity"),
        Node("gas", word("usage.gas", lang), 0, "e-gas"),
    ]
    links = []
    kinds: dict[str, None] = {}
    order = sorted(use.electricity, key=lambda name: (use.gas[name] > 0, -use.by_station[name]))  # gas at the bottom
    nodes.append(Node("auxiliary", word("usage.auxiliary", lang), 1, "e-station"))
    links += [Link("electricity", "auxiliary", use.auxiliary), Link("auxiliary", "in.auxiliary", use.auxiliary)]
    nodes.append(Node("vehicles", word("usage.vehicles", lang), 1, "e-station"))
    links += [Link("electricity", "vehicles", use.vehicles), Link("vehicles", "in.vehicles", use.vehicles)]
    for name in order:
        nodes.append(Node(f"at.{name}", name_of(plant.station[name], name, lang), 1, "e-station"))
        links += [Link("electricity", f"at.{name}", use.by_station[name]), Link("gas", f"at.{name}", use.gas[name])]
        for state, energy in use.electricity[name].items():
            links.append(Link(f"at.{name}", f"in.{state}", energy))
            kinds[state] = None
        links.append(Link(f"at.{name}", "in.gas", use.gas[name]))
    nodes.append(Node("in.auxiliary", word("usage.always", lang), 2, "e-part"))
    nodes.append(Node("in.vehicles", word("usage.driving", lang), 2, "e-part"))
    states = (
        "working",
        "warming",
        PROCESS,
        PER_PART,
        *(state for state in STATES if state not in ("working", "warming")),
    )
    for state in (state for state in states if state in kinds):
        label = word(f"usage.{state}" if state in (PROCESS, PER_PART) else f"state.{state}", lang)
        nodes.append(Node(f"in.{state}", label, 2, _COLOURS.get(state, f"s-{state}")))
    nodes.append(Node("in.gas", word("usage.gas_heat", lang), 2, "e-gas"))
    return Sankey(tuple(nodes), tuple(links))


def energy_figure(plant: Plant, use: EnergyUse, weeks: float, name: str, lang: str) -> Figure:
    """Return the Sankey of energy, for one week."""
    heads = (word("table.source", lang), word("usage.to", lang), word("usage.per_week", lang))

    sankey = energy_sankey(plant, use, lang)
    greatest = max(link.value for link in sankey.links) / KWH / weeks

    def shown(value: int) -> str:
        return amount(value / KWH / weeks, (("MWh", 1000.0), ("kWh", 1.0)), greatest)

    title, note = word("chart.energy_title", lang), word("chart.energy_note", lang)
    return sankey_figure(sankey, name, title, shown, heads, note)


def material_sankey(plant: Plant, use: dict[str, MaterialUse], lang: str) -> Sankey:
    """Return what goes into the parts of each product, what becomes of it, and what is melted again. [mg]"""
    nodes = [
        Node("fresh", word("usage.fresh", lang), 0, "m-fresh"),
        Node("again", word("usage.remelted", lang), 0, "m-remelt"),
    ]
    lost: dict[str, Node] = {}
    links, after = [], []
    for product, each in use.items():
        here = f"of.{product}"
        nodes.append(Node(here, name_of(plant.product[product], product, lang), 1, "m-parts"))
        links += [Link("fresh", here, each.fresh), Link("again", here, each.remelted)]
        links += [Link(here, "good", each.good), Link(here, "built_in", each.built_in)]
        back = {"returns": each.returns}
        for scrap, mass in each.scrap.items():
            key = f"scrap.{scrap.station}.{scrap.cause}"
            station = name_of(plant.station[scrap.station], scrap.station, lang)
            lost[key] = Node(key, f"{station}: {word(f'usage.cause_{scrap.cause}', lang)}", 2, "m-scrap")
            back[key] = mass
        links += [Link(here, key, mass) for key, mass in back.items()] + [Link(here, "lost", each.lost)]
        shares = split(each.remelted, list(back.values()), sum(back.values()))
        for (key, mass), share in zip(back.items(), shares, strict=True):
            after += [Link(key, "remelt", share), Link(key, "sold", mass - share)]
    nodes += [Node("good", word("usage.good", lang), 2, "m-good")]
    nodes += [Node("built_in", word("usage.built_in", lang), 2, "m-good"), *lost.values()]
    nodes += [
        Node("returns", word("usage.returns", lang), 2, "m-returns"),
        Node("lost", word("usage.lost", lang), 2, "m-lost"),
    ]
    nodes += [
        Node("remelt", word("usage.remelt", lang), 3, "m-remelt"),
        Node("sold", word("usage.sold", lang), 3, "m-sold"),
    ]
    return Sankey(tuple(nodes), (*links, *after))


def material_figure(plant: Plant, use: dict[str, MaterialUse], weeks: float, name: str, lang: str) -> Figure:
    """Return the Sankey of material, for one week."""
    heads = (word("table.source", lang), word("usage.to", lang), word("usage.per_week", lang))

    sankey = material_sankey(plant, use, lang)
    greatest = max(link.value for link in sankey.links) / MILLIGRAMS / weeks

    def shown(value: int) -> str:
        return amount(value / MILLIGRAMS / weeks, (("t", 1000.0), ("kg", 1.0)), greatest)

    title, note = word("chart.material_title", lang), word("chart.material_note", lang)
    return sankey_figure(sankey, name, title, shown, heads, note)


def load_figure(load: Load, name: str, lang: str) -> Figure:
    """Return the electric power of the first week of a window by quarters of an hour, its peak marked."""
    power = load.power[: round(WEEK / QUARTER)] * 1e-3
    begin = load.first * QUARTER
    times = [begin + index * QUARTER for index in range(len(power) + 1)]
    at = int(np.argmax(power))

    def draw(into: Drawing) -> None:
        left, top, bottom = 52.0, 22.0, 190.0
        up = Axis.over([0.0, *power.tolist()], bottom, top, 4)
        along = Axis(times[0], times[-1], left, into.width - 14.0, ())
        into.text(2.0, 12.0, "kW", "tick")
        for tick in up.ticks:
            into.line(left, up(tick), along.end, up(tick), "zero" if tick == 0.0 else "grid")
            into.text(left - 6.0, up(tick) + 4.0, numbers.fixed(tick, up.digits), "tick", "end")
        day = times[0]
        while day < times[-1]:
            into.line(along(day), top, along(day), bottom + 5.0, "grid")
            into.text(along(day) + 3.0, bottom + 17.0, word(f"day.{DAYS[int(day // DAY) % 7]}", lang), "tick")
            day += DAY
        way = [(along(times[0]), up(0.0))]
        for index, value in enumerate(power.tolist()):
            way += [(along(times[index]), up(value)), (along(times[index + 1]), up(value))]
        into.path([*way, (along(times[-1]), up(0.0))], "load", closed=True)
        x, y = along(times[at] + QUARTER / 2.0), up(float(power[at]))
        into.dot(x, y, 4.0, "peak")
        text = word("chart.peak", lang, power=numbers.fixed(float(power[at]), 0), time=moment(times[at], lang))
        into.text(min(max(left, x - 60.0), along.end - 150.0), y - 8.0, text, "mark-text")
        into.height = bottom + 26.0

    heads = (word("table.day", lang), word("usage.mean_power", lang), word("usage.peak_power", lang))
    per_day = round(DAY / QUARTER)
    days = [power[first : first + per_day] for first in range(0, len(power), per_day)]
    rows = tuple(
        (
            word(f"day.{DAYS[int((begin + index * DAY) // DAY) % 7]}", lang),
            numbers.fixed(float(day.mean()), 0),
            numbers.fixed(float(day.max()), 0),
        )
        for index, day in enumerate(days)
    )
    return figure(draw, name, word("chart.load_title", lang), Table(heads, rows), word("chart.load_note", lang), FULL)
