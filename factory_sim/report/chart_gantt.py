"""What all machines do in a shift: a Gantt chart with states, the names of stops, and the parts by product."""

from __future__ import annotations

from collections.abc import Iterable

from factory_sim.model import Plant
from factory_sim.model.units import HOUR, MINUTE
from factory_sim.report import numbers
from factory_sim.report.chart_shift import clock, moment, stop_label
from factory_sim.report.chart_states import STATES, state_legend
from factory_sim.report.pieces import FULL, Figure, Table, figure
from factory_sim.report.svg import SMALL, Axis, Drawing, length, wrapped
from factory_sim.report.words import name_of, word
from factory_sim.results.excerpt import Excerpt, Lane

_HEIGHT, _STRIPE, _GAP = 17.0, 5.0, 7.0
_MOST = 960.0  # height of all lanes on wide pages, so that they stay on one page of A4
_LABELS = 250.0  # most room for the names of machines, on wide pages
_NAMED = 10 * MINUTE  # stops from here on carry their name [s]
STOPPED = ("failed", "maintenance", "setup")
PRODUCTS = 6  # colours of products; further ones begin again


def gantt_figure(plant: Plant, shift: Excerpt, name: str, lang: str) -> Figure:
    """Return the Gantt chart of a stretch of a run."""
    seen = [
        state
        for state in (*STATES, "off_shift")
        if any(bar.state == state for lane in shift.lanes for bar in lane.bars)
    ]
    made = [
        product
        for product in plant.product
        if any(load.product == product for lane in shift.lanes for load in lane.loads)
    ]

    def draw(into: Drawing) -> None:
        narrow = into.width < 450.0
        names = [lane_label(plant, lane, lang) for lane in shift.lanes]
        left = 2.0 if narrow else min(_LABELS, 16.0 + max(length(each, SMALL) for each in names))
        axis = Axis(shift.begin, shift.end, left, into.width - 12.0, tuple(_ticks(shift, narrow)))
        y = _products(into, plant, made, state_legend(into, seen, lang), lang) + 10.0
        top = y
        marks = Drawing(into.width, into.name, into.title)
        dense = 1.0 if narrow else min(1.0, _MOST / (len(shift.lanes) * (_HEIGHT + _GAP)))
        for lane in shift.lanes:
            y = _lane(marks, plant, lane, made, axis, y, narrow, dense, lang)
        for tick in axis.ticks:
            into.line(axis(tick), top, axis(tick), y, "grid")
            place = "start" if tick == axis.ticks[0] else "end" if axis(tick) > axis.end - 20.0 else "middle"
            first = tick == axis.ticks[0] and not narrow  # a phone has no room for the day, which the note tells
            into.text(axis(tick), y + 14.0, moment(tick, lang) if first else clock(tick), "tick", place)
        into.marks += marks.marks
        into.height = y + 22.0

    note = word("chart.gantt_note" if len(made) > 1 else "chart.gantt_note_one", lang, begin=moment(shift.begin, lang))
    return figure(draw, name, word("chart.gantt_title", lang), _table(plant, shift, lang), note, FULL)


def _ticks(shift: Excerpt, narrow: bool) -> Iterable[float]:
    step = 2 * HOUR if narrow else HOUR
    count = int((shift.end - shift.begin) / step + 1e-9)
    return (shift.begin + index * step for index in range(count + 1))


def lane_label(plant: Plant, lane: Lane, lang: str) -> str:
    """Return the name of a machine: that of its station, with its number if there are several; of a line its own."""
    if lane.station in plant.hoist_line or lane.station in plant.robot_cell:
        return _unit_label(plant, lane, lang)
    label = name_of(plant.station[lane.station], lane.station, lang)
    many = plant.station[lane.station].machines > 1
    return f"{label} {lane.machine.rpartition('#')[2]}" if many else label


def _unit_label(plant: Plant, lane: Lane, lang: str) -> str:
    """Return the name of a tank, hoist or machine of a line, or what its first and last places and its robot are."""
    line = plant.hoist_line.get(lane.station) or plant.robot_cell[lane.station]
    kind, _, rest = lane.machine.removeprefix(f"{lane.station}.").partition(".")
    name, _, number = rest.partition("#")
    if not name:
        return word(f"line_unit.{kind}", lang)
    return f"{name_of(getattr(line, kind)[name], name, lang)} {number}".rstrip()


def _lane(
    into: Drawing,
    plant: Plant,
    lane: Lane,
    made: list[str],
    axis: Axis,
    y: float,
    narrow: bool,
    dense: float,
    lang: str,
) -> float:
    label, height, stripe = lane_label(plant, lane, lang), dense * _HEIGHT, dense * _STRIPE
    if narrow:
        into.text(2.0, y + SMALL, label, "tick")
        y += SMALL + 5.0
    else:
        into.text(axis.begin - 8.0, y + dense * 13.0, _cut(label, axis.begin - 12.0), "tick", "end")
    into.rect(axis.begin, y, axis.end - axis.begin, height, "track")
    for state in (*STATES[:-1], "off_shift"):  # starved is the empty track
        _boxes(into, ((bar.begin, bar.end) for bar in lane.bars if bar.state == state), axis, y, height, f"s-{state}")
    for number, product in enumerate(made):
        mine = [load for load in lane.loads if load.product == product]
        for odd in (0, 1):
            times = ((load.begin, load.end) for load in mine[odd::2])
            _boxes(into, times, axis, y + height - stripe, stripe, f"p-{number % PRODUCTS} {'odd' if odd else 'even'}")
    _stops(into, plant, lane, axis, y, height, lang)
    return y + dense * (_HEIGHT + _GAP)


def _cut(label: str, room: float) -> str:
    """Return a label shortened in its middle, so that the number at its end stays."""
    if length(label, SMALL) <= room:
        return label
    station, _, number = label.rpartition(" ")
    end = f"… {number}" if number.isdigit() else "…"
    head = wrapped(station if number.isdigit() else label, room - length(end, SMALL), SMALL)[0]
    return f"{head} {end}"


def _boxes(into: Drawing, times: Iterable[tuple[float, float]], axis: Axis, y: float, height: float, css: str) -> None:
    """Draw many boxes as one mark."""
    into.boxes(((axis(begin), y, max(0.4, axis(end) - axis(begin)), height) for begin, end in times), css)


def _stops(into: Drawing, plant: Plant, lane: Lane, axis: Axis, y: float, height: float, lang: str) -> None:
    """Name the long stops of a lane, where there is room; every stop says its name when it is pointed at."""
    named: list[tuple[float, float]] = []
    stops = [bar for bar in lane.bars if bar.state in STOPPED]
    for bar in sorted(stops, key=lambda bar: bar.begin - bar.end):  # the longest get a name first
        text = stop_label(plant, lane.station, bar.stop, bar.state, lang)
        text += f", {word('text.minutes', lang, minutes=numbers.fixed((bar.end - bar.begin) / MINUTE, 0))}"
        left = axis(bar.begin)
        into.rect(left, y, max(1.0, axis(bar.end) - left), height, "touch", text)
        room = length(text, SMALL)
        x = max(axis.begin, min(left + 3.0, axis.end - room))
        if bar.end - bar.begin >= _NAMED and all(x > end or x + room < begin for begin, end in named):
            into.text(x, y + height / 2.0 + 3.0, text, "over")
            named.append((x, x + room + 6.0))


def _products(into: Drawing, plant: Plant, made: list[str], y: float, lang: str) -> float:
    """Draw the colours of the products, if there are several; return the last base line."""
    if len(made) < 2:
        return y
    x, y = 2.0, y + 16.0
    for number, product in enumerate(made):
        text = name_of(plant.product[product], product, lang)
        room = 20.0 + length(text, SMALL) + 16.0
        if x + room > into.width and x > 2.0:
            x, y = 2.0, y + 18.0
        into.rect(x, y - 7.0, 12.0, 6.0, f"p-{number % PRODUCTS} even")
        into.text(x + 18.0, y, text, "tick")
        x += room
    return y + 4.0


def _table(plant: Plant, shift: Excerpt, lang: str) -> Table:
    """Return the stops of the shift, in order of time."""
    heads = tuple(word(f"table.{key}", lang) for key in ("from", "station", "state", "reason", "minutes"))
    stops = sorted(
        (bar.begin, number, bar, lane)
        for number, lane in enumerate(shift.lanes)
        for bar in lane.bars
        if bar.state in STOPPED
    )
    rows = tuple(
        (
            moment(bar.begin, lang),
            lane_label(plant, lane, lang),
            word(f"state.{bar.state}", lang),
            stop_label(plant, lane.station, bar.stop, bar.state, lang),
            numbers.fixed((bar.end - bar.begin) / MINUTE, 1),
        )
        for _, _, bar, lane in stops
    )
    return Table(heads, rows, numbers_from=4) if rows else _minutes(plant, shift, lang)


def _minutes(plant: Plant, shift: Excerpt, lang: str) -> Table:
    """Return how long each machine was in which state, of a shift in which nothing stopped."""
    seen = [state for state in STATES if any(bar.state == state for lane in shift.lanes for bar in lane.bars)]
    rows = []
    for lane in shift.lanes:
        times = [sum(bar.end - bar.begin for bar in lane.bars if bar.state == state) for state in seen]
        rows.append((lane_label(plant, lane, lang), *(numbers.fixed(time / MINUTE, 1) for time in times)))
    heads = [f"{word(f'state.{state}', lang)}, {word('table.minutes', lang)}" for state in seen]
    return Table((word("table.station", lang), *heads), tuple(rows))
