"""Floor plan: what each station does with its time, how many parts wait before it, how many go from one to the next."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from factory_sim.model import Plant
from factory_sim.model.hall_checks import Box
from factory_sim.report import numbers
from factory_sim.report.chart_states import STATES, state_legend
from factory_sim.report.hall import Hall, Thing, hall_of
from factory_sim.report.pieces import FULL, Figure, Table, figure
from factory_sim.report.svg import SMALL, TEXT, Drawing, Places, length, wrapped
from factory_sim.report.words import name_of, word


@dataclass(frozen=True)
class Traffic:
    """What a floor plan shows: shares of planned time by station and state, parts waiting, parts per planned hour."""

    shares: Mapping[str, Mapping[str, float]]
    waiting: Mapping[str, float]  # mean number before a station
    flows: Mapping[tuple[str, str], float]  # between names of the routes [1/h]
    bottleneck: str


def hall_figure(plant: Plant, traffic: Traffic, name: str, lang: str) -> Figure:
    """Return the floor plan with utilisation."""
    seen = [state for state in STATES if any(shares[state] >= 5e-4 for shares in traffic.shares.values())]

    def draw(into: Drawing) -> None:
        narrow = into.width < 450.0
        hall = hall_of(plant, 3 if narrow else 5)
        top = state_legend(into, seen, lang) + 8.0
        view = View(hall, into.width, top)
        gates = draw_floor(into, view, plant, lang, letters=True)
        draw_ways(into, view, traffic)
        places = Places()
        for number, station in enumerate(plant.station, 1):
            _station(into, view, traffic, station, number, places)
        for buffer, table in plant.buffer.items():
            _buffer(into, view, buffer, table.capacity, traffic.waiting[table.before])
        for buffer, table in plant.buffer.items():
            _count(into, view, buffer, traffic.waiting[table.before], places)
        into.height = _key(into, plant, traffic, gates, view.bottom + 22.0, lang)

    hall = hall_of(plant)
    note = word("chart.hall_note", lang) + " " + word("chart.hall_drawn" if hall.measured else "chart.hall_made", lang)
    return figure(draw, name, word("chart.hall_title", lang), _table(plant, traffic, lang), note, FULL)


class View:
    """From metres of the hall to units of a drawing."""

    def __init__(self, hall: Hall, width: float, top: float) -> None:
        self.hall = hall
        self.scale = min((width - 4.0) / hall.width, 520.0 / hall.depth)
        self.left, self.top = (width - self.scale * hall.width) / 2.0, top

    @property
    def bottom(self) -> float:
        """Lower wall of the hall."""
        return self.top + self.scale * self.hall.depth

    def point(self, x: float, y: float) -> tuple[float, float]:
        """Return a point of the hall in the drawing."""
        return self.left + self.scale * x, self.top + self.scale * y

    def box(self, box: Box) -> tuple[float, float, float, float]:
        """Return left, top, width and height of a box of the hall in the drawing."""
        left, top = self.point(box[0], box[1])
        return left, top, self.scale * (box[2] - box[0]), self.scale * (box[3] - box[1])


def draw_floor(into: Drawing, view: View, plant: Plant, lang: str, letters: bool = False) -> list[tuple[str, str]]:
    """Draw the hall and, if it is that of the plant file, a scale of 10 m.

    With `letters`, sources and sinks whose name has no room get a letter; return these with the names.
    """
    hall = view.hall
    into.rect(view.left, view.top, view.scale * hall.width, view.scale * hall.depth, "hall")
    if hall.measured:
        x, y = view.left + 8.0, view.bottom - 8.0
        into.line(x, y, x + 10.0 * view.scale, y, "mark")
        into.text(x + 10.0 * view.scale + 5.0, y + 3.0, "10 m", "tick")
    lettered: list[tuple[str, str]] = []
    places = Places()
    for thing in hall.things:
        if thing.table not in ("source", "sink"):
            continue
        left, top, width, height = view.box(thing.boxes[0])
        into.rect(left, top, width, height, "gate")
        label = name_of(getattr(plant, thing.table)[thing.name], thing.name, lang)
        if letters and length(label, SMALL) > width:
            letter = chr(ord("A") + len(lettered) % 26)
            lettered.append((letter, label))
            x, y = places.free(left + width / 2.0, top + height / 2.0, 5.0)
            into.text(x, y + 4.5, letter, "badge-text", "middle")
            continue
        text = wrapped(label, max(width, 70.0), SMALL)[0]
        half = length(text, SMALL) / 2.0
        x = min(max(left + width / 2.0, view.left + half), into.width - half)  # within the picture
        into.text(x, top + height - 5.0, text, "count", "middle")
    return lettered


def draw_ways(into: Drawing, view: View, traffic: Traffic) -> None:
    """Draw the ways of parts from thing to thing, as wide as parts flow."""
    greatest = max(traffic.flows.values(), default=0.0)
    for (one, other), flow in traffic.flows.items():
        from_, to = _standing(view.hall, one), _standing(view.hall, other)
        if from_ is None or to is None or from_ is to or flow <= 0.0:
            continue
        (x1, y1), (x2, y2) = view.point(*_edge(from_, to)), view.point(*_edge(to, from_))
        wide = max(1.0, 7.0 * flow / greatest)
        into.marks.append(
            f'<path class="way" style="stroke-width:{wide:.1f}px" d="M{x1:.1f} {y1:.1f}L{x2:.1f} {y2:.1f}">'
            f"<title>{flow:.1f}/h</title></path>"
        )
        far = math.hypot(x2 - x1, y2 - y1)
        if far > 1.0:
            _arrow(into, (x1 + x2) / 2.0, (y1 + y2) / 2.0, (x2 - x1) / far, (y2 - y1) / far, 4.0 + wide)


def _standing(hall: Hall, name: str) -> Thing | None:
    return next((thing for thing in hall.things if thing.name == name and thing.table != "buffer"), None)


def _edge(thing: Thing, towards: Thing) -> tuple[float, float]:
    """Return where the way from the middle of a thing to that of another leaves its outline."""
    (x, y), (to_x, to_y) = thing.middle, towards.middle
    half_x, half_y = (max(box[i + 2] for box in thing.boxes) - middle for i, middle in ((0, x), (1, y)))
    along, up = abs(to_x - x), abs(to_y - y)
    part = min(half_x / along if along else math.inf, half_y / up if up else math.inf, 0.5)
    return x + part * (to_x - x), y + part * (to_y - y)


def _arrow(into: Drawing, x: float, y: float, along: float, up: float, size: float) -> None:
    tip = (x + along * size, y + up * size)
    back = (x - along * size * 0.6, y - up * size * 0.6)
    side = (-up * size * 0.75, along * size * 0.75)
    into.path(
        [tip, (back[0] + side[0], back[1] + side[1]), (back[0] - side[0], back[1] - side[1])], "arrow", closed=True
    )


def _station(into: Drawing, view: View, traffic: Traffic, station: str, number: int, places: Places) -> None:
    """Draw the machines of a station, each filled with the shares of its states from the left to the right."""
    thing = view.hall.thing("station", station)
    assert thing is not None, "every station has a place, or none has"
    for box in thing.boxes:
        left, top, width, height = view.box(box)
        into.rect(left, top, width, height, "track")
        x = left
        for state in STATES:
            share = traffic.shares[station][state] * width
            if share > 0.0:
                into.rect(x, top, share, height, f"s-{state}")
            x += share
        into.rect(left, top, width, height, "frame held" if station == traffic.bottleneck else "frame")
    x, y = view.point(*thing.middle)
    x, y = places.free(x, y, 9.5, 19.0)
    into.dot(x, y, 9.5, "badge")
    into.text(x, y + 4.5, str(number), "badge-text", "middle")


def _buffer(into: Drawing, view: View, buffer: str, capacity: int | None, waiting: float) -> None:
    """Draw a buffer, filled from below by the mean share of its places that are taken."""
    thing = view.hall.thing("buffer", buffer)
    if thing is None:
        return
    left, top, width, height = view.box(thing.boxes[0])
    into.rect(left, top, width, height, "store")
    full = min(1.0, waiting / capacity) if capacity else 0.0
    into.rect(left, top + height * (1.0 - full), width, height * full, "stored")
    into.rect(left, top, width, height, "frame")


def _count(into: Drawing, view: View, buffer: str, waiting: float, places: Places) -> None:
    """Write the mean number of parts in a buffer on it, or beside what is written there already."""
    thing = view.hall.thing("buffer", buffer)
    if thing is None:
        return
    left, top, width, height = view.box(thing.boxes[0])
    text = numbers.fixed(waiting, 1 if waiting < 9.95 else 0)
    x, y = places.free(left + width / 2.0, top + height / 2.0, length(text, 11.0) / 2.0)
    into.text(x, y + 4.0, text, "count", "middle")


def _key(into: Drawing, plant: Plant, traffic: Traffic, gates: list[tuple[str, str]], y: float, lang: str) -> float:
    """Write what numbers and letters mean, in two columns on wide pages; return where it ends."""
    columns = 1 if into.width < 450.0 else 2
    width = into.width / columns
    entries = []
    for number, (station, table) in enumerate(plant.station.items(), 1):
        share = numbers.share(traffic.shares[station]["working"] + traffic.shares[station]["warming"])
        text = word("chart.hall_busy", lang, station=name_of(table, station, lang), share=share)
        if station == traffic.bottleneck:
            text += f" ◀ {word('kpi.bottleneck', lang)}"
        entries.append((str(number), text))
    entries += gates
    rows = math.ceil(len(entries) / columns)
    deepest = y
    for column in range(columns):
        here, x = y, column * width
        for sign, text in entries[column * rows : (column + 1) * rows]:
            into.text(x + 19.0, here, sign, "name", "end")
            for line in wrapped(text, width - 34.0, SMALL + 1.0):
                into.text(x + 27.0, here, line, "tick")
                here += TEXT + 3.0
        deepest = max(deepest, here)
    return deepest


def _table(plant: Plant, traffic: Traffic, lang: str) -> Table:
    heads = (word("table.station", lang), word("table.busy", lang), word("table.waiting", lang))
    rows = tuple(
        (
            name_of(table, station, lang),
            numbers.share(traffic.shares[station]["working"] + traffic.shares[station]["warming"]),
            numbers.fixed(traffic.waiting[station], 2),
        )
        for station, table in plant.station.items()
    )
    return Table(heads, rows)
