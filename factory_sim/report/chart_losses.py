"""The loss tree of a station: from planned time down to the time that became good parts, every stop by its name."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from factory_sim.model import Plant
from factory_sim.model.tables import Labelled
from factory_sim.model.units import HOUR, WEEK
from factory_sim.report import numbers
from factory_sim.report.pieces import Figure, Table, figure
from factory_sim.report.svg import TEXT, Drawing
from factory_sim.report.words import has, name_of, word
from factory_sim.results.losses import AVAILABILITY, GROUPS, PERFORMANCE, QUALITY
from factory_sim.results.measures import Measures
from factory_sim.results.statistics import Interval, t_interval

LOSSES = (
    "maintenance", "failed", "setup", "waiting", "switched_off", "blocked", "starved", "speed", "discarded",
    "scrap_window", "scrap_steady", "scrap_sensor", "rework",
)  # fmt: skip
"""Losses of `StationTime.losses` in the order in which they are taken off."""
_STOPPED = ("maintenance", "failed", "setup")
_QUALITY = ("discarded", "scrap_window", "scrap_steady", "scrap_sensor", "rework")
_LEAST = 5e-4  # shares below are not drawn


@dataclass(frozen=True)
class Step:
    """One loss: its group, how it is called, its share of planned time, its colour."""

    group: str
    label: str
    share: Interval
    css: str


def steps(plant: Plant, measures: Sequence[Measures], station: str, lang: str) -> list[Step]:
    """Return the losses of a station in their order; with the share of good parts they sum to 1."""
    found = [
        Step(AVAILABILITY, stop_word(plant, station, name, lang), share, css)
        for name, share, css in _stops(plant, measures, station)
    ]
    for key in LOSSES:
        if key in _STOPPED:
            continue
        share = loss(measures, station, key)
        label = word("loss.faster" if key == "speed" and share.mean < 0.0 else f"loss.{key}", lang)
        found.append(Step(QUALITY if key in _QUALITY else PERFORMANCE, label, share, f"l-{key}"))
    total = sum(step.share.mean for step in found) + loss(measures, station, "good").mean
    assert math.isnan(total) or abs(total - 1.0) < 1e-9, f"{station}: losses and good parts sum to {total}, not to 1"
    return found


def _stops(plant: Plant, measures: Sequence[Measures], station: str) -> list[tuple[str, Interval, str]]:
    """Return the stops of a station with their share of planned time and colour, the greatest first."""
    names = dict.fromkeys(name for each in measures for name in each.stations[station] if name.startswith("stop_"))
    failures = {name for name, mode in modes_of(plant, station).items() if "repair" in type(mode).model_fields}
    found = []
    for key in names:
        share = t_interval(
            [each.stations[station][key].value if key in each.stations[station] else 0.0 for each in measures]
        )
        name = key.removeprefix("stop_")
        css = "l-failed" if name in failures else "l-setup" if name == "setup" else "l-maintenance"
        found.append((name, share, css))
    return sorted(found, key=lambda entry: -entry[1].mean)


def modes_of(plant: Plant, station: str) -> dict[str, Labelled]:
    """Return failure modes and planned stops of a station by name, those of the movers and machines of a line too."""
    places: list[Any] = [plant.station[station]]
    if station in plant.hoist_line:
        places += plant.hoist_line[station].hoist.values()
    if station in plant.robot_cell:
        places += [plant.robot_cell[station].robot, *plant.robot_cell[station].machine.values()]
    return {name: mode for place in places for name, mode in {**place.failure, **place.planned}.items()}


def stop_word(plant: Plant, station: str, name: str, lang: str) -> str:
    """Return what people call a stop of a station."""
    known = modes_of(plant, station)
    mode, _, part = name.partition(".")
    if mode in known:
        label = name_of(known[mode], mode, lang)
        return f"{label}, {word(f'stop.{part}', lang)}" if part else label
    return next((word(key, lang) for key in (f"stop.{name}", f"loss.{name}") if has(key)), name)


def loss(measures: Sequence[Measures], station: str, key: str) -> Interval:
    """Return the share of planned time that a loss takes."""
    return t_interval([each.stations[station][f"loss_{key}"].value for each in measures])


def planned_hours(plant: Plant, station: str) -> float:
    """Return the planned hours of all machines of a station in a week."""
    calendar = plant.calendar_of(station)
    open_ = WEEK if calendar is None else calendar.open_per_week
    return open_ / HOUR * plant.station[station].machines


def worst(plant: Plant, measures: Sequence[Measures], station: str, lang: str) -> Step:
    """Return the greatest loss of a station."""
    return max(steps(plant, measures, station, lang), key=lambda step: step.share.mean)


def losses_figure(plant: Plant, measures: Sequence[Measures], station: str, name: str, lang: str) -> Figure:
    """Return the loss tree of a station."""
    hours = planned_hours(plant, station)
    found = [step for step in steps(plant, measures, station, lang) if abs(step.share.mean) >= _LEAST]
    good = loss(measures, station, "good")
    whole = Interval(1.0, 0.0, 0, 0.95)

    def draw(into: Drawing) -> None:
        y = _step(into, 0.0, word("loss.planned", lang), whole, 0.0, hours, "s-planned", lang)
        left = 1.0
        for group in GROUPS:
            mine = [step for step in found if step.group == group]
            y = _heading(into, y, group, sum(step.share.mean for step in mine), lang) if mine else y
            for step in mine:
                at = left - step.share.mean if step.share.mean > 0.0 else left
                left -= step.share.mean
                y = _step(into, y, step.label, step.share, at, hours, step.css, lang)
        into.height = _step(into, y + 6.0, word("loss.good", lang), good, 0.0, hours, "s-working", lang)

    heads = (word("table.reason", lang), word("table.hours_per_week", lang), word("table.share_of_planned", lang))
    rows = [(word("loss.planned", lang), numbers.plain(hours), "100%")]
    rows += [(step.label, *_cells(step.share, hours)) for step in found]
    rows.append((word("loss.good", lang), *_cells(good, hours)))
    title = word("chart.losses_title", lang, station=name_of(plant.station[station], station, lang))
    return figure(draw, name, title, Table(heads, tuple(rows)))


def _cells(share: Interval, hours: float) -> tuple[str, str]:
    """Return hours with the half-width of their interval, and the share."""
    text = numbers.shown(share, numbers.Unit(hours, ""), most=1)
    return numbers.around(text), numbers.share(share.mean)


def _heading(into: Drawing, y: float, group: str, share: float, lang: str) -> float:
    into.text(2.0, y + 13.0, word(f"group.{group}", lang), "tick group")
    into.text(into.width - 2.0, y + 13.0, numbers.share(share), "tick group", "end")
    into.line(0.0, y + 17.0, into.width, y + 17.0, "grid")
    return y + 19.0


def _step(into: Drawing, y: float, label: str, share: Interval, at: float, hours: float, css: str, lang: str) -> float:
    """Draw one step of the tree, its bar beginning at the share `at`; return where it ends."""
    mean = numbers.shown(share, numbers.Unit(hours, word("unit.h", lang)), most=1).with_unit
    into.text(2.0, y + TEXT, label, "label")
    into.text(into.width - 2.0, y + TEXT, f"{mean}  ({numbers.share(share.mean)})", "value", "end")
    into.rect(0.0, y + 19.0, into.width, 11.0, "track")
    into.rect(at * into.width, y + 19.0, max(1.5, abs(share.mean) * into.width), 11.0, css)
    return y + 37.0
