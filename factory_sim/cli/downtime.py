"""Which stops and spares a summary shows, and what people call them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from factory_sim.report.words import name_of, word

if TYPE_CHECKING:
    from factory_sim.model import Plant

Group = dict[str, dict[str, dict[str, Any]]]
"""By name of the stop or spare: its key figures as JSON has them."""


def groups(summary: dict[str, Any], plant: Plant, lang: str) -> Iterator[tuple[Group, dict[str, str], str]]:
    """Yield key figures, labels and title of the stops, if the plant says what they cost or how they are met, and of
    the spares, if there are any.
    """
    stops: Group = summary["stops"]
    costly = any(figures["stop_cost_per_year"]["mean"] for figures in stops.values())
    if costly or plant.spare or any(name.count(".") > 2 for name in stops):
        yield stops, {name: stop_label(plant, name, lang) for name in stops}, word("title.stops", lang)
    if plant.spare:
        labels = {name: name_of(table, name, lang) for name, table in plant.spare.items()}
        yield summary["spares"], labels, word("title.spares", lang)


def stop_label(plant: Plant, stop: str, lang: str) -> str:
    """Return what people call a stop, such as `saw.failure.blade.inspection`."""
    name, kind, key, *more = stop.split(".")
    station = plant.station[name]
    table = station.failure[key] if kind == "failure" else station.planned[key]
    label = f"{name_of(station, name, lang)}: {name_of(table, key, lang)}"
    return label if not more else f"{label}, {word(f'stop.{more[0]}', lang)}"
