"""Where today's time goes: states of the stations, and the losses of the bottleneck."""

from __future__ import annotations

from collections.abc import Sequence

from factory_sim.model import Plant
from factory_sim.report import numbers
from factory_sim.report.pieces import Figure, Table, figure
from factory_sim.report.svg import SMALL, TEXT, Drawing, legend, length
from factory_sim.report.words import name_of, word
from factory_sim.results.measures import Measures

# Of planned time, in this order everywhere: what makes parts, what is planned, what goes wrong, what waits.
STATES = ("working", "warming", "setup", "maintenance", "failed", "waiting", "switched_off", "blocked", "starved")
_LEAST = 5e-4  # shares below are not drawn
_BAR = 22.0
_MANY = 8  # stations; from more on the chart is denser


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


def states_figure(plant: Plant, measures: Sequence[Measures], name: str, lang: str) -> Figure:
    """Return the chart of states by station."""
    shares = {station: state_shares(measures, station) for station in plant.station}
    held = bottleneck(measures)
    labels = {station: name_of(table, station, lang) for station, table in plant.station.items()}
    seen = [state for state in STATES if any(by_state[state] >= _LEAST for by_state in shares.values())]

    dense = len(shares) > _MANY  # so that the chart leaves room for the rest of a page
    size, height = (SMALL, 14.0) if dense else (TEXT, _BAR)

    def draw(into: Drawing) -> None:
        y = state_legend(into, seen, lang)
        for station, by_state in shares.items():
            mark = f"   ◀ {word('kpi.bottleneck', lang)}" if station == held else ""
            said, css = labels[station] + mark, f"{'name' if mark else 'label'}{' dense' if dense else ''}"
            y = into.paragraph(2.0, y + size + 4.0, said, into.width, css, size) + (5.0 if dense else 6.0)
            _bar(into, by_state, y, height, lang)
            y += height + (5.0 if dense else 6.0)
        into.height = y

    heads = (word("table.station", lang), *(word(f"state.{state}", lang) for state in seen))
    rows = tuple((labels[at], *(numbers.share(shares[at][state]) for state in seen)) for at in shares)
    marked = frozenset({list(shares).index(held)})
    return figure(draw, name, word("chart.states_title", lang), Table(heads, rows, marked=marked))


def state_legend(into: Drawing, seen: Sequence[str], lang: str) -> float:
    """Draw the colours of states; return where they end."""
    return legend(into, [(f"s-{state}", word(f"state.{state}", lang)) for state in seen])


def _bar(into: Drawing, by_state: dict[str, float], y: float, height: float, lang: str) -> None:
    x = 0.0
    for state in STATES:
        width = by_state[state] * into.width
        if by_state[state] >= _LEAST:
            text = numbers.share(by_state[state])
            into.rect(x, y, width, height, f"s-{state}", f"{word(f'state.{state}', lang)} {text}")
            if width > length(text, SMALL) + 6.0:
                into.text(x + width / 2.0, y + height / 2.0 + 4.5, text, f"on-{state}", "middle")
        x += width
