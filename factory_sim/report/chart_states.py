"""Where today's time goes: states of the stations, and the losses of the bottleneck."""

from __future__ import annotations

from collections.abc import Sequence

from factory_sim.model import Study
from factory_sim.model.units import HOUR, WEEK
from factory_sim.report import numbers
from factory_sim.report.pieces import Figure, Table, figure
from factory_sim.report.svg import SMALL, TEXT, Drawing, length
from factory_sim.report.words import name_of, word
from factory_sim.results.measures import Measures
from factory_sim.results.statistics import Interval, t_interval

# Of planned time, in this order everywhere: what makes parts, what is planned, what goes wrong, what waits.
STATES = ("working", "warming", "setup", "maintenance", "failed", "waiting", "switched_off", "blocked", "starved")
LOSSES = (
    "maintenance", "failed", "setup", "waiting", "switched_off", "blocked", "starved", "speed", "discarded",
    "scrap_window", "scrap_steady", "scrap_sensor", "rework",
)  # fmt: skip
_LEAST = 5e-4  # shares below are not drawn
_BAR = 22.0


def bottleneck(measures: Sequence[Measures]) -> str:
    """Return the station that is the bottleneck in most replications."""
    found = [each.bottleneck for each in measures]
    return max(sorted(set(found)), key=found.count)


def state_shares(measures: Sequence[Measures], station: str) -> dict[str, float]:
    """Return the mean share of each state in the planned time of a station."""
    shares = {}
    for state in STATES:
        values = [
            each.stations[station][f"state_{state}"].value / (1.0 - each.stations[station]["state_off_shift"].value)
            for each in measures
        ]
        shares[state] = sum(values) / len(values)
    return shares


def states_figure(study: Study, measures: Sequence[Measures], name: str, lang: str) -> Figure:
    """Return the chart of states by station."""
    shares = {station: state_shares(measures, station) for station in study.plant.station}
    held = bottleneck(measures)
    labels = {station: name_of(table, station, lang) for station, table in study.plant.station.items()}
    seen = [state for state in STATES if any(by_state[state] >= _LEAST for by_state in shares.values())]

    def draw(into: Drawing) -> None:
        y = _legend(into, seen, lang)
        for station, by_state in shares.items():
            mark = f"   ◀ {word('kpi.bottleneck', lang)}" if station == held else ""
            y = (
                into.paragraph(2.0, y + TEXT + 4.0, labels[station] + mark, into.width, "name" if mark else "label")
                + 6.0
            )
            _bar(into, by_state, y, lang)
            y += _BAR + 6.0
        into.height = y

    heads = (word("table.station", lang), *(word(f"state.{state}", lang) for state in seen))
    rows = tuple((labels[at], *(numbers.share(shares[at][state]) for state in seen)) for at in shares)
    marked = frozenset({list(shares).index(held)})
    return figure(draw, name, word("chart.states_title", lang), Table(heads, rows, marked=marked))


def _legend(into: Drawing, seen: Sequence[str], lang: str) -> float:
    x, y = 2.0, 14.0
    for state in seen:
        text = word(f"state.{state}", lang)
        room = 20.0 + length(text, SMALL) + 16.0
        if x + room > into.width and x > 2.0:
            x, y = 2.0, y + 20.0
        into.rect(x, y - 10.0, 12.0, 12.0, f"s-{state}")
        into.text(x + 18.0, y, text, "tick")
        x += room
    return y + 6.0


def _bar(into: Drawing, by_state: dict[str, float], y: float, lang: str) -> None:
    x = 0.0
    for state in STATES:
        width = by_state[state] * into.width
        if by_state[state] >= _LEAST:
            text = numbers.share(by_state[state])
            into.rect(x, y, width, _BAR, f"s-{state}", f"{word(f'state.{state}', lang)} {text}")
            if width > length(text, SMALL) + 6.0:
                into.text(x + width / 2.0, y + 15.5, text, f"on-{state}", "middle")
        x += width


def losses_figure(study: Study, measures: Sequence[Measures], name: str, lang: str) -> Figure:
    """Return the loss tree of the bottleneck, from planned time to time that became good parts."""
    station = bottleneck(measures)
    hours = planned_hours(study, station)
    steps = [(key, _loss(measures, station, key)) for key in LOSSES]
    steps = [(key, share) for key, share in steps if abs(share.mean) >= _LEAST]
    good = _loss(measures, station, "good")
    label = name_of(study.plant.station[station], station, lang)

    def draw(into: Drawing) -> None:
        y = _step(into, 0.0, word("loss.planned", lang), Interval(1.0, 0.0, 0, 0.95), 0.0, hours, "s-planned", lang)
        left = 1.0
        for key, share in steps:
            at = left - share.mean if share.mean > 0.0 else left
            left -= share.mean
            y = _step(into, y, _loss_word(key, share.mean, lang), share, at, hours, f"l-{key}", lang)
        into.height = _step(into, y, word("loss.good", lang), good, 0.0, hours, "s-working", lang)

    heads = (word("table.reason", lang), word("table.hours_per_week", lang), word("table.share_of_planned", lang))
    rows = [(word("loss.planned", lang), numbers.plain(hours), "100%")]
    rows += [(_loss_word(key, share.mean, lang), *_cells(share, hours)) for key, share in steps]
    rows.append((word("loss.good", lang), *_cells(good, hours)))
    title = word("chart.losses_title", lang, station=label)
    return figure(draw, name, title, Table(heads, tuple(rows)))


def planned_hours(study: Study, station: str) -> float:
    """Return the planned hours of all machines of a station in a week."""
    calendar = study.plant.calendar_of(station)
    open_ = WEEK if calendar is None else calendar.open_per_week
    return open_ / HOUR * study.plant.station[station].machines


def _loss(measures: Sequence[Measures], station: str, key: str) -> Interval:
    return t_interval([each.stations[station][f"loss_{key}"].value for each in measures])


def _loss_word(key: str, share: float, lang: str) -> str:
    return word("loss.faster" if key == "speed" and share < 0.0 else f"loss.{key}", lang)


def _cells(share: Interval, hours: float) -> tuple[str, str]:
    """Return hours with the half-width of their interval, and the share."""
    text = numbers.shown(share, numbers.Unit(hours, ""), most=1)
    return f"{text.mean} ± {text.half_width}", numbers.share(share.mean)


def _step(into: Drawing, y: float, label: str, share: Interval, at: float, hours: float, css: str, lang: str) -> float:
    """Draw one step of the tree, its bar beginning at the share `at`; return where it ends."""
    mean = numbers.shown(share, numbers.Unit(hours, word("unit.h", lang)), most=1).with_unit
    value = f"{mean}  ({numbers.share(share.mean)})"
    into.text(2.0, y + TEXT, label, "label")
    into.text(into.width - 2.0, y + TEXT, value, "value", "end")
    into.rect(0.0, y + 19.0, into.width, 12.0, "track")
    into.rect(at * into.width, y + 19.0, max(1.5, abs(share.mean) * into.width), 12.0, css)
    return y + 40.0
