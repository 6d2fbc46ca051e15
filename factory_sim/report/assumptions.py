"""What was assumed: every number of the files with its source, and every default that was used."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

from factory_sim.model import Distribution, Plant, Study, keys
from factory_sim.model.clock import Clock
from factory_sim.model.hall_schema import Floor, Place
from factory_sim.model.keys import Model, Slot, walk
from factory_sim.model.kinds import Kind, ListOf, Name, Number, OneOf, Quantity, TableOf, Whole
from factory_sim.model.paths import every
from factory_sim.model.problems import Path, dotted
from factory_sim.model.shapes import Dist
from factory_sim.model.study_schema import REPLACE, Money, Terms
from factory_sim.report.numbers import plain
from factory_sim.study.money import looked_up

UNSOURCED, SOURCED = "none", "sourced"
ORDER = ("assumed", UNSOURCED, "derived", "verified")
"""In the order in which the numbers are listed: those that need a look first."""
_ABOUT = ("source", "status", "sources")  # keys of money that are about its numbers
_NUMBERS = (Quantity, Number, Whole, Dist, Clock)


@dataclass(frozen=True)
class Assumption:
    """One number of a file, or one default."""

    path: str
    value: str
    status: str
    source: str = ""
    date: str = ""
    meaning: str = ""


def numbers_of(plant: Plant) -> list[Assumption]:
    """Return every number of a plant file with its evidence, assumed ones first, else in the order of the file.

    Places on the floor plan are left out: they change no result.
    """
    found = [
        _sourced(plant, dotted(path), as_written(value))
        for path, kind, value in walk(Plant, plant.raw)
        if _counts(kind) and not _of_the_picture(path)
    ]
    return sorted(found, key=lambda one: ORDER.index(one.status))


def finance_of(study: Study) -> list[Assumption]:
    """Return the numbers of [finance], each with the source that `sources` gives; it has no status."""
    given, sources = study.raw.get("finance", {}), study.finance.sources
    return [
        Assumption(
            f"finance.{dotted(path)}",
            as_written(value),
            SOURCED if path[0] in sources else UNSOURCED,
            sources.get(str(path[0]), ""),
        )
        for path, _, value in walk(Terms, given)
        if path[0] != "sources"
    ]


def money_of(study: Study) -> list[Assumption]:
    """Return every amount of money of the investments, with its own source of `sources`, else that of its table."""
    found = []
    for name, investment in study.investment.items():
        given, money = study.raw["investment"][name]["money"], investment.money
        status = money.status if "source" in given or "status" in given else UNSOURCED
        for path, kind, value in walk(Money, given):
            if not (_counts(kind) or isinstance(kind, OneOf | Name)) or path[0] in _ABOUT:
                continue
            key = str(path[0])
            source = money.sources.get(key, money.source or "")
            known = SOURCED if status == UNSOURCED and key in money.sources else status
            found.append(Assumption(f"investment.{name}.money.{dotted(path)}", as_written(value), known, source))
    return found


def looked_up_of(study: Study) -> list[Assumption]:
    """Return the rows of the dated tables that the money of a study rests on."""
    return [
        Assumption(f"{table}.{row.key}", _with_unit(row.value, row.unit), row.status, row.source, row.dates)
        for table, row in looked_up(study)
    ]


def _with_unit(value: Any, unit: str) -> str:
    shown = plain(value, 9) if isinstance(value, int | float) else str(value)
    return shown if unit == "1" else f"{shown} {unit}"


def defaults_of(plant: Plant) -> list[Assumption]:
    """Return every default that a plant file leaves to the program."""
    return _defaults(plant.raw, Plant)


def study_defaults_of(study: Study) -> list[Assumption]:
    """Return every default that a study file leaves to the program: rates, tax rules, money of the investments."""
    return _defaults(study.raw, Study)


def _defaults(raw: Mapping[str, Any], model: Model) -> list[Assumption]:
    meanings = {key.path: key.meaning for key in keys()}
    found = []
    for path, slot in every(dict(raw), model).items():
        if slot.kind is None or not (_counts(slot.kind) or isinstance(slot.kind, OneOf)):
            continue
        if slot.info.is_required() or slot.info.default is None or _given(raw, path):
            continue
        found.append(
            Assumption(path, slot.kind.show(slot.info.default), "default", meaning=_meaning(slot, path, meanings))
        )
    return found


def tally(found: list[Assumption]) -> Counter[str]:
    """Return how many numbers have each status."""
    return Counter(one.status for one in found)


def _meaning(slot: Slot, path: str, meanings: Mapping[str, str]) -> str:
    return slot.info.description or meanings.get(path, "")


def _of_the_picture(path: Path) -> bool:
    """Return whether a number is a place or size on the floor plan; `at` of a source is a list of times."""
    drawn = (*Place.model_fields, *(key for key in Floor.model_fields if key != "free"))
    return path[-1] in drawn and path[-2:-1] in (("at",), ("place",), ("floor",))


def _counts(kind: Kind) -> bool:
    """Return whether a kind of value is a number."""
    if isinstance(kind, ListOf | TableOf):
        return kind.entry is not None and _counts(kind.entry)
    return isinstance(kind, _NUMBERS)


def _given(raw: Mapping[str, Any], path: str) -> bool:
    here: Any = raw
    for part in path.split("."):
        if not isinstance(here, dict) or part not in here:
            return False
        here = here[part]
    return True


def _sourced(plant: Plant, path: str, value: str) -> Assumption:
    """Return a number with the last evidence that names it or a table around it."""
    for entry in reversed(plant.evidence):
        if any(_names(pattern, path) for pattern in entry.keys):
            return Assumption(path, value, entry.status, entry.source, entry.date or "")
    return Assumption(path, value, UNSOURCED)


def _names(pattern: str, path: str) -> bool:
    """Return whether a pattern of the evidence names a path, or a table in which it stands.

    >>> _names("station.*.failure", "station.hpdc.failure.jam.repair"), _names("station.*.cycle", "station.cycle")
    (True, False)
    """
    parts, names = pattern.split("."), path.replace("[", ".").split(".")
    return len(parts) <= len(names) and all(map(fnmatchcase, names, parts))


def as_written(value: Any) -> str:
    """Return a value of a file for people: as it was written, without quotes and braces.

    >>> as_written({"triangular": ["118 s", "124 s", "142 s"]}), as_written({"mean": "4 h", "cv": 0.8})
    ('triangular 118 s, 124 s, 142 s', 'mean 4 h, cv 0.8')
    """
    if isinstance(value, Distribution):
        return f"{value.kind} {', '.join(f'{number:g}' for number in value.values)}"
    if isinstance(value, dict):
        if len(value) == 1:
            name, inside = next(iter(value.items()))
            return f"{name} {as_written(inside)}"
        return ", ".join(f"{name} {as_written(inside)}" for name, inside in value.items())
    if isinstance(value, list | tuple):
        parts = [as_written(entry) for entry in value]
        return "; ".join(parts) if any("," in part for part in parts) else ", ".join(parts)
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"{value:g}" if isinstance(value, float) else str(value)


def changes_of(study: Study, investment: str) -> Iterator[tuple[str, str, Any]]:
    """Yield path, operation and value (empty to remove) of each change of an investment, as the file has them."""
    given = study.raw["investment"][investment]
    for change in study.investment[investment].changes:
        if change.operation == REPLACE:
            yield REPLACE, REPLACE, change.path
            continue
        value = "" if change.operation == "remove" else given[change.operation][change.path]
        yield change.path, change.operation, value
