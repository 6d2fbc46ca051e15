"""A page that plays a shift back on the floor plan: one file with its data and a small script, without a server."""

from __future__ import annotations

import base64
import hashlib
import json
import os
from collections import Counter
from datetime import date, datetime
from pathlib import Path
from typing import Any

from factory_sim.model import Plant
from factory_sim.report import numbers, page
from factory_sim.report.chart_gantt import PRODUCTS
from factory_sim.report.chart_hall import Traffic, View, draw_floor, draw_ways
from factory_sim.report.chart_shift import DAYS, moment, stop_label
from factory_sim.report.chart_states import STATES, state_legend
from factory_sim.report.hall import hall_of
from factory_sim.report.pieces import FULL
from factory_sim.report.svg import SMALL, Drawing, length, wrapped
from factory_sim.report.today import OneRun, traffic
from factory_sim.report.words import name_of, plant_name, word
from factory_sim.results.excerpt import Lane, telling_stretch
from factory_sim.results.replay import Replay, replay
from factory_sim.study.runner import Summary

SPEEDS = (10, 30, 60, 120, 300, 900)  # seconds of the plant in one second
_ALL = (*STATES, "off_shift")
_RADIUS, _NAME = 4.0, 11.0


def write_play(summary: Summary, target: str | os.PathLike[str], lang: str = "en", today: date | None = None) -> Path:
    """Write the playback of a telling shift of replication 0 into a file, and return its path.

    Raises
    ------
    KeyError  If there are no texts in this language.
    OSError   If the file cannot be written.
    """
    path = Path(target)
    return page.write(play_html(summary, lang, today or datetime.now().astimezone().date()), path.parent, path.name)


def play_html(summary: Summary, lang: str, today: date) -> str:
    """Return the page as text."""
    plant, run = summary.plant, OneRun.of(summary)
    begin, end = telling_stretch(plant, run.plan, run.trace, summary.bottleneck, run.warmup)
    shown = replay(plant, run.plan, run.trace, begin, end)
    into = Drawing(FULL, "play", word("play.title", lang))
    view = _board(into, plant, traffic(summary, run), shown, lang)
    data = _data(plant, shown, view, lang)
    script = (page.HERE / "play.js").read_text(encoding="utf-8").strip()
    made = [product for index, product in enumerate(plant.product) if any(j.product == index for j in shown.journeys)]
    return page.render(
        "play.html.jinja",
        lang,
        today=numbers.day(today),
        plant=plant_name(plant, lang),
        title=word("play.question", lang, begin=moment(begin, lang)),
        begin=moment(begin, lang),
        length=data["length"],
        speeds=SPEEDS,
        picture=into.svg(),
        note=word("play.note", lang, products=", ".join(name_of(plant.product[each], each, lang) for each in made)),
        data=json.dumps(data, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c"),
        script=script,
        digest=base64.b64encode(hashlib.sha256(script.encode()).digest()).decode(),
    )


def _board(into: Drawing, plant: Plant, ways: Traffic, shown: Replay, lang: str) -> View:
    """Draw hall, ways and machines; the script gives the machines their colours and adds the parts."""
    y = state_legend(into, [state for state in _ALL if _occurs(shown, state)], lang)
    y = _products(into, plant, y, lang) + 8.0
    view = View(hall_of(plant), into.width, y)
    draw_floor(into, view, plant, lang)
    draw_ways(into, view, ways)
    for buffer in plant.buffer:
        thing = view.hall.thing("buffer", buffer)
        if thing is not None:
            left, top, width, height = view.box(thing.boxes[0])
            into.rect(left, top, width, height, "store")
            into.rect(left, top, width, height, "frame")
    labels = Drawing(into.width, into.name, into.title)
    for number, (lane, box) in enumerate(zip(shown.machines.lanes, _machines(view, shown), strict=True)):
        left, top, width, height = box
        into.marks.append(
            f'<rect id="m{number}" class="lamp s-{lane.bars[0].state}" x="{left:.1f}" y="{top:.1f}" '
            f'width="{width:.1f}" height="{height:.1f}"/>'
        )
        into.rect(left, top, width, height, "frame")
        labels.marks.append(f'<text id="n{number}" class="over" x="{left + 2:.1f}" y="{top + height - 4:.1f}"></text>')
    into.marks.append('<g id="parts"></g>')
    for station in plant.station:
        _name(labels, plant, view, station, lang)
    into.marks += labels.marks
    into.height = view.bottom + 6.0
    return view


def _name(into: Drawing, plant: Plant, view: View, station: str, lang: str) -> None:
    """Write the name of a station above its machines, in two lines at most."""
    thing = view.hall.thing("station", station)
    assert thing is not None, "every station has a place, or none has"
    boxes = [view.box(box) for box in thing.boxes]
    left, top = min(box[0] for box in boxes), min(box[1] for box in boxes)
    room = max(box[0] + box[2] for box in boxes) - left
    lines = wrapped(name_of(plant.station[station], station, lang), max(room, 64.0), _NAME)
    shown = lines if len(lines) <= 2 else [lines[0], f"{lines[1]} …"]
    for number, line in enumerate(shown):
        into.text(left, top - 4.0 - 11.0 * (len(shown) - 1 - number), line, "over")


def _occurs(shown: Replay, state: str) -> bool:
    return any(bar.state == state for lane in shown.machines.lanes for bar in lane.bars)


def _products(into: Drawing, plant: Plant, y: float, lang: str) -> float:
    """Draw the colours of the parts."""
    x, y = 2.0, y + 14.0
    for number, product in enumerate(plant.product):
        text = name_of(plant.product[product], product, lang)
        room = 20.0 + length(text, SMALL) + 16.0
        if x + room > into.width and x > 2.0:
            x, y = 2.0, y + 18.0
        into.dot(x + 6.0, y - 4.0, _RADIUS, f"part p-{number % PRODUCTS}")
        into.text(x + 18.0, y, text, "tick")
        x += room
    return y


def _machines(view: View, shown: Replay) -> list[tuple[float, float, float, float]]:
    """Return left, top, width and height of every machine in the drawing; those of a line share its box."""
    many = Counter(lane.station for lane in shown.machines.lanes)
    drawn: Counter[str] = Counter()
    boxes = []
    for lane in shown.machines.lanes:
        thing = view.hall.thing("station", lane.station)
        assert thing is not None, "every station has a place, or none has"
        number, count = drawn[lane.station], many[lane.station]
        drawn[lane.station] += 1
        if len(thing.boxes) == count:
            boxes.append(view.box(thing.boxes[number]))
        else:
            left, top, width, height = view.box(thing.boxes[0])
            boxes.append((left + width * number / count, top, width / count, height))
    return boxes


def _queues(plant: Plant, view: View) -> list[tuple[float, float, float, float]]:
    """Return where parts wait before each station: in its buffer, else in a strip above its machines."""
    buffers = {table.before: name for name, table in plant.buffer.items()}
    boxes = []
    for station in plant.station:
        thing = view.hall.thing("buffer", buffers.get(station, "")) or view.hall.thing("station", station)
        assert thing is not None, "every station has a place, or none has"
        left, top, width, height = view.box(thing.boxes[0])
        boxes.append((left, top, width, height) if thing.table == "buffer" else (left, top - 20.0, width, 12.0))
    return boxes


def _data(plant: Plant, shown: Replay, view: View, lang: str) -> dict[str, Any]:
    """Return what the script reads; times in tenths of a second from the beginning of the stretch."""
    begin = shown.machines.begin
    stops: dict[str, int] = {"": 0}
    lamps = [_lamp(plant, lane, begin, stops, lang) for lane in shown.machines.lanes]
    parts = [
        [journey.product, [value for time, where in journey.moves for value in (round(10.0 * (time - begin)), where)]]
        for journey in shown.journeys
    ]
    return {
        "begin": begin,
        "length": round(10.0 * (shown.machines.end - begin)),
        "radius": _RADIUS,
        "states": list(_ALL),
        "stops": list(stops),
        "lamps": lamps,
        "parts": parts,
        "machines": [[round(each, 1) for each in box] for box in _machines(view, shown)],
        "queues": [[round(each, 1) for each in box] for box in _queues(plant, view)],
        "days": [word(f"day.{day}", lang) for day in DAYS],
        "words": [word("play.go", lang), word("play.stop", lang)],
    }


def _lamp(plant: Plant, lane: Lane, begin: float, stops: dict[str, int], lang: str) -> list[int]:
    """Return time, state and name of the stop of each bar of a machine, one after another."""
    found = []
    for bar in lane.bars:
        named = bar.state in ("failed", "maintenance", "setup")
        text = stop_label(plant, lane.station, bar.stop, bar.state, lang) if named else ""
        number = stops.setdefault(text, len(stops))
        found += [round(10.0 * (bar.begin - begin)), _ALL.index(bar.state), number]
    return found
