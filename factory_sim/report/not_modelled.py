"""What the model leaves out of this plant, in words; what the plant file has is not said to be missing."""

from __future__ import annotations

from factory_sim.model import Plant
from factory_sim.model.needs import need_of
from factory_sim.model.physics_schema import LAWS
from factory_sim.model.station_schema import Station
from factory_sim.report.words import word

ALWAYS = ("years", "validation")
"""What no plant file can tell the model."""


def sentences(plant: Plant, physics: bool, lang: str) -> list[str]:
    """Return a sentence on each thing that was not modelled."""
    return [word(f"missing.{key}", lang) for key in _missing(plant, physics)]


def in_short(plant: Plant, lang: str) -> str:
    """Return the same in one sentence, for a first page."""
    named = [word(f"missing_short.{key}", lang) for key in _missing(plant, physics=False) if key not in ALWAYS]
    listed = ", ".join([*named, word("missing_short.years", lang)])
    return word("basis.not_modelled", lang, missing=listed)


def _missing(plant: Plant, physics: bool) -> list[str]:
    found = {
        "plan": not plant.order,
        "changeover": len(plant.product) > 1 and not any(station.setup for station in plant.station.values()),
        "crew": _a_crew_without_hours(plant),
        "tariff": plant.energy is None and plant.economics.electricity > 0.0,
        "die": physics and any(station.die for station in plant.station.values()),
        "laws": physics and any(_laws_beside_the_die(station) for station in plant.station.values()),
    }
    return [*(key for key, missing in found.items() if missing), *ALWAYS]


def _laws_beside_the_die(station: Station) -> bool:
    return any(getattr(station, law) is not None for law in LAWS if law != "die")


def _a_crew_without_hours(plant: Plant) -> bool:
    """Return whether repairs wait for nobody's hours: no crew is named, or it is always there."""
    modes = [mode for station in plant.station.values() for mode in station.failure.values()]
    named = {name for mode in modes if mode.crew is not None for name in need_of(mode.crew).names}
    pools = [pool for name, pool in plant.resource.items() if named & {name, *pool.skills}]
    always = any(crew.calendar is None for pool in pools for crew in pool.crews.values())
    return bool(modes) and (not pools or always)
