"""What happens in a shift: die temperature, stops, and the shots that they cost, on one axis of time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from factory_sim.model import Plant
from factory_sim.model.units import DAY, HOUR, MINUTE
from factory_sim.report import numbers
from factory_sim.report.chart_losses import modes_of
from factory_sim.report.pieces import FULL, Figure, Table, figure
from factory_sim.report.svg import SMALL, Axis, Drawing, length
from factory_sim.report.words import has, name_of, word
from factory_sim.results.shift import Shift, Shot, Stop

_LEFT, _TOP, _BOTTOM, _RUG = 46.0, 44.0, 284.0, 318.0
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def shift_figure(plant: Plant, shift: Shift, name: str, lang: str) -> Figure:
    """Return the chart of one shift."""
    temperatures = [value for shot in shift.shots for value in (shot.temperature, shot.temperature_after)]

    def draw(into: Drawing) -> None:
        along = Axis(shift.begin, shift.end, _LEFT, into.width - 12.0, tuple(_hours(shift, into.width)))
        up = Axis.over([*temperatures, shift.window_low, shift.window_high], _BOTTOM, _TOP, 5, zero=False)
        _window(into, shift, along, up, lang)
        _stops(into, plant, shift, along, lang)
        _axes(into, along, up, lang)
        _temperature(into, shift, along, up)
        into.height = _rug(into, shift, along, lang) + 8.0

    title = word("chart.shift_title", lang, station=name_of(plant.station[shift.station], shift.station, lang))
    return figure(draw, name, title, shots_table(shift, lang), _note(shift, lang), FULL)


def moment(time: float, lang: str) -> str:
    """Return a time of the run as day of the week and time of day; the run begins on Monday at 00:00. [s]

    >>> moment(174.5 * 3600.0, "en")
    'Mon 06:30'
    """
    return f"{word(f'day.{DAYS[int(time // DAY) % 7]}', lang)} {clock(time)}"


def clock(time: float) -> str:
    """Return the time of day. [s] after a midnight"""
    minutes = round(time % DAY / MINUTE)
    return f"{minutes // 60 % 24:02d}:{minutes % 60:02d}"


def _hours(shift: Shift, width: float) -> Iterator[float]:
    """Yield the ticks of the axis of time."""
    step = 2 * HOUR if width < 600.0 else HOUR
    count = int((shift.end - shift.begin) / step + 1e-9)
    yield from (shift.begin + index * step for index in range(count + 1))


def _window(into: Drawing, shift: Shift, along: Axis, up: Axis, lang: str) -> None:
    top, bottom = up(min(shift.window_high, up.high)), up(max(shift.window_low, up.low))
    into.rect(_LEFT, top, into.width - 12.0 - _LEFT, bottom - top, "window")
    text = word("chart.window", lang, low=f"{shift.window_low:g}", high=f"{shift.window_high:g}")
    room = length(text, SMALL) + 12.0
    bands = [(along(stop.begin), along(stop.end)) for stop in shift.stops]
    places = [along(tick) + 6.0 for tick in along.ticks if along(tick) + room < along.end]
    free = [x for x in places if all(right < x or left > x + room for left, right in bands)]
    into.text((free or places)[-1], top + 16.0, text, "tick")


def _stops(into: Drawing, plant: Plant, shift: Shift, along: Axis, lang: str) -> None:
    """Draw the stops as bands; long ones carry their name and minutes, in two rows where they are near each other."""
    taken = [-1e9, -1e9]
    for stop in shift.stops:
        left, right = along(stop.begin), along(stop.end)
        text = f"{stop_name(plant, shift.station, stop, lang)}, {_minutes(stop, lang)}"
        into.rect(left, _TOP, max(1.0, right - left), _BOTTOM - _TOP, f"band s-{stop.state}", text)
        if stop.end - stop.begin < shift.discard_after:
            continue
        room = length(text, SMALL)
        x = min(max(left, _LEFT), into.width - 8.0 - room)
        row = next((index for index, end in enumerate(taken) if x > end + 8.0), None)
        if row is not None:
            into.text(x, _TOP - 6.0 - 16.0 * row, text, "tick")
            taken[row] = x + room


def stop_name(plant: Plant, station: str, stop: Stop, lang: str) -> str:
    """Return what people call a stop."""
    return stop_label(plant, station, stop.name, stop.state, lang)


def stop_label(plant: Plant, station: str, name: str, state: str, lang: str) -> str:
    """Return what people call a failure mode or planned stop of a station; the state if it has no name of its own."""
    known = modes_of(plant, station)
    if name in known:
        return name_of(known[name], name, lang)
    return word(f"stop.{name}" if has(f"stop.{name}") else f"state.{state}", lang)


def _minutes(stop: Stop, lang: str) -> str:
    return word("text.minutes", lang, minutes=numbers.fixed((stop.end - stop.begin) / MINUTE, 0))


def _axes(into: Drawing, along: Axis, up: Axis, lang: str) -> None:
    for tick in up.ticks:
        into.line(_LEFT, up(tick), into.width - 12.0, up(tick), "grid")
        into.text(_LEFT - 6.0, up(tick) + 4.0, f"{tick:g}", "tick", "end")
    for tick in along.ticks:
        into.line(along(tick), _TOP, along(tick), _RUG + 10.0, "grid")
        first = tick == along.ticks[0] and into.width >= 450.0  # a phone has no room for the day, which the note tells
        text = moment(tick, lang) if first else clock(tick)
        into.text(
            along(tick),
            _RUG + 26.0,
            text,
            "tick",
            "start" if tick == along.low else "end" if tick == along.high else "middle",
        )
    into.text(2.0, 14.0, "°C", "tick")


def _temperature(into: Drawing, shift: Shift, along: Axis, up: Axis) -> None:
    way = [
        point
        for shot in shift.shots
        for point in (
            (along(shot.began), up(shot.temperature)),
            (along(min(shot.ended, shift.end)), up(shot.temperature_after)),
        )
    ]
    if way:
        into.path(way, "temperature")
    for shot in shift.shots:
        x, y = along(shot.began), up(shot.temperature)
        if shot.outcome == "scrapped":
            into.cross(x, y, 4.5, "cross")
        else:
            radius = 3.2 if shot.outcome == "discarded" else 1.8
            into.dot(x, y, radius, f"shot {shot.outcome}")


def _rug(into: Drawing, shift: Shift, along: Axis, lang: str) -> float:
    """Draw the shots that were lost below the axis, and what the marks mean; return the last base line."""
    into.rect(_LEFT, _RUG - 12.0, into.width - 12.0 - _LEFT, 20.0, "track")
    for shot in shift.shots:
        if shot.outcome == "discarded":
            into.rect(along(shot.began) - 1.2, _RUG - 12.0, 2.4, 20.0, "s-warming")
        elif shot.outcome == "scrapped":
            into.rect(along(shot.began) - 1.2, _RUG - 12.0, 2.4, 20.0, "scrap")
    counts = Counter(shot.outcome for shot in shift.shots)
    x, y = _LEFT, _RUG + 46.0
    for outcome in ("good", "discarded", "scrapped"):
        text = word(f"chart.shots_{outcome}", lang, count=counts[outcome])
        room = 16.0 + length(text, SMALL) + 18.0
        if x + room > into.width and x > _LEFT:
            x, y = _LEFT, y + 20.0
        if outcome == "scrapped":
            into.cross(x + 4.0, y - 4.0, 4.5, "cross")
        else:
            into.dot(x + 4.0, y - 4.0, 4.0, f"shot {outcome}")
        into.text(x + 14.0, y, text, "tick")
        x += room
    return y


def _note(shift: Shift, lang: str) -> str:
    return word("chart.shift_rule", lang, begin=moment(shift.begin, lang), limit=f"{shift.discard_after / MINUTE:g}")


def shots_table(shift: Shift, lang: str) -> Table:
    """Return the shots that were lost: all good ones would be a list of hundreds that says nothing."""
    heads = tuple(word(f"table.{key}", lang) for key in ("time", "temperature", "outcome"))
    rows = tuple(
        (moment(shot.began, lang), numbers.fixed(shot.temperature, 0), _outcome(shot, lang))
        for shot in shift.shots
        if shot.outcome != "good"
    )
    return Table(heads, rows)


def _outcome(shot: Shot, lang: str) -> str:
    return word(f"outcome.{shot.cause}", lang)
