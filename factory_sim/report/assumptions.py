"""What was assumed: every number of the files with its source, and every default that was used."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from typing import Any

from pydantic.fields import FieldInfo

from factory_sim.finance.tables import Used, used
from factory_sim.finance.tariff import power_factor_charge, read_tariff
from factory_sim.model import Distribution, Plant, Study, parse_plant
from factory_sim.model.clock import Clock
from factory_sim.model.defaults import NEUTRAL, RULE, origin_of
from factory_sim.model.hall_schema import Floor, Place
from factory_sim.model.keys import Model, slots, walk
from factory_sim.model.kinds import Flag, Kind, ListOf, Name, Number, OneOf, Quantity, TableOf, Whole
from factory_sim.model.physics_schema import LAWS
from factory_sim.model.problems import Path, dotted
from factory_sim.model.shapes import Dist
from factory_sim.model.study_schema import REPLACE, Money, Terms
from factory_sim.report.numbers import plain
from factory_sim.study.money import looked_up
from factory_sim.study.scenario import changed
from factory_sim.study.scenario import changes_of as changes_of_scenario
from factory_sim.technology.constants import constants_of

UNSOURCED, SOURCED = "none", "sourced"
ORDER = ("assumed", UNSOURCED, "derived", "verified")
"""In the order in which the numbers are listed: those that need a look first."""
DEFAULTS = ("assumed", "derived", "verified", RULE, NEUTRAL)
"""The same of defaults."""
_ABOUT = ("source", "source_ko", "status", "sources")  # keys of money that are about its numbers
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
    source_ko: str = ""
    raw: Any = None
    """The value as the file has it; None of what is no value of a file."""

    def source_in(self, lang: str) -> str:
        """Return the source in a language, in English where there is no other."""
        return (self.source_ko if lang == "ko" else "") or self.source


def numbers_of(plant: Plant) -> list[Assumption]:
    """Return every number of a plant file with its evidence, assumed ones first, else in the order of the file.

    Places on the floor plan are left out: they change no result.
    """
    found = [
        replace(_sourced(plant, dotted(path), as_written(value)), raw=value)
        for path, kind, value in walk(Plant, plant.raw)
        if counts(kind) and not _of_the_picture(path)
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
            raw=value,
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
            if not (counts(kind) or isinstance(kind, OneOf | Name)) or path[0] in _ABOUT:
                continue
            key = str(path[0])
            source = money.sources.get(key, money.source or "")
            korean = "" if key in money.sources else money.source_ko or ""
            known = SOURCED if status == UNSOURCED and key in money.sources else status
            found.append(
                Assumption(
                    f"investment.{name}.money.{dotted(path)}",
                    as_written(value),
                    known,
                    source,
                    source_ko=korean,
                    raw=value,
                )
            )
    return found


def looked_up_of(study: Study) -> list[Assumption]:
    """Return the rows of the dated tables that the money of a study and the electricity of its plants rest on."""
    rows = {(table, row.key): row for table, row in looked_up(study)}
    for plant in (study.plant, *other_plants(study).values()):
        rows |= _rows_of(plant)
    return _of_tables(rows)


def rows_of(plant: Plant) -> list[Assumption]:
    """Return the rows of the dated tables that the electricity of a plant rests on."""
    return _of_tables(_rows_of(plant))


def _rows_of(plant: Plant) -> Used:
    supply = plant.energy
    if supply is None:
        return {}
    with used() as rows:
        read_tariff(supply.tariff, supply.date)
        power_factor_charge(supply.power_factor)
    return rows


def _of_tables(rows: Used) -> list[Assumption]:
    return [
        Assumption(
            f"{table}.{row.key}",
            _with_unit(row.value, row.unit),
            row.status,
            row.source,
            row.dates,
            source_ko=row.source_ko,
            raw=_with_unit(row.value, row.unit),
        )
        for (table, _), row in rows.items()
    ]


def constants(plant: Plant) -> list[Assumption]:
    """Return the numbers that laws take from tables of their own by a name of the plant file, such as a metal."""
    return [
        Assumption(
            f"{path}.{one.key}.{one.row}.{one.name.replace(' ', '_')}",
            _with_unit(one.value, one.unit or "1"),
            one.status,
            one.source,
            source_ko=one.source_ko,
        )
        for path, law, table in laws_of(plant)
        for one in constants_of(law, table)
    ]


def laws_of(plant: Plant) -> Iterator[tuple[str, str, Any]]:
    """Yield the tables that set laws, of stations and of the tanks of hoist lines: path, law and table."""
    tanks = (
        (f"hoist_line.{line}.tank.{name}", tank)
        for line, table in plant.hoist_line.items()
        for name, tank in table.tank.items()
    )
    for path, place in (*((f"station.{name}", station) for name, station in plant.station.items()), *tanks):
        for law in LAWS:
            if getattr(place, law, None) is not None:
                yield f"{path}.{law}", law, getattr(place, law)


def other_plants(study: Study) -> dict[str, Plant]:
    """Return the plants that investments put in the place of today's, each once, by the first such investment."""
    found: dict[str, Plant] = {}
    for name, investment in study.investment.items():
        for change in investment.changes:
            if change.operation == REPLACE and all(change.path != plant.file for plant in found.values()):
                found[name] = parse_plant(change.value, file=change.path)
    return found


def added_defaults(study: Study) -> list[Assumption]:
    """Return the defaults of what investments add to today's plant, those of each path once."""
    known = {one.path for one in defaults_of(study.plant)}
    found: dict[str, Assumption] = {}
    for scenario in study.scenarios:
        changes = changes_of_scenario(study, scenario)
        if any(change.operation == REPLACE for _, change in changes):
            continue
        for one in defaults_of(changed(study.plant, changes, study.study.seed)):
            if one.path not in known:
                found.setdefault(one.path, one)
    return list(found.values())


def _with_unit(value: Any, unit: str) -> str:
    shown = plain(value, 9) if isinstance(value, int | float) else _listed(value)
    return shown if unit == "1" else f"{shown} {unit}"


def _listed(value: Any) -> str:
    """Return a list of a dated table; pairs in it are stretches, such as hours from and to.

    >>> _listed([[22, 24], [0, 8]]), _listed([6, 7, 8])
    ('22-24, 0-8', '6, 7, 8')
    """
    if not isinstance(value, list):
        return str(value)
    return ", ".join("-".join(map(str, each)) if isinstance(each, list) else str(each) for each in value)


def defaults_of(plant: Plant) -> list[Assumption]:
    """Return every default that a plant file leaves to the program."""
    return _defaults(plant.raw, Plant)


def study_defaults_of(study: Study) -> list[Assumption]:
    """Return every default that a study file leaves to the program: rates, tax rules, money of the investments."""
    return _defaults(study.raw, Study)


def _defaults(raw: Mapping[str, Any], model: Model) -> list[Assumption]:
    """Return what a file leaves to the program with source and status, what needs a look first."""
    found = []
    for path, kind, info in _left(raw, model):
        if not (counts(kind) or isinstance(kind, OneOf | Flag)) or _of_the_picture(path):
            continue
        name, default = dotted(path), info.default
        origin = origin_of(name, default)
        found.append(
            Assumption(
                name,
                kind.show(default),
                origin.status,
                origin.source,
                meaning=info.description or "",
                source_ko=origin.source_ko,
            )
        )
    return sorted(found, key=lambda one: DEFAULTS.index(one.status))


def _left(raw: Mapping[str, Any], model: Model, below: Path = ()) -> Iterator[tuple[Path, Kind, FieldInfo]]:
    """Yield the keys with a default that a table and those below it do not give."""
    for name, slot in slots(model).items():
        given, here = raw.get(name), (*below, name)
        if slot.kind is not None:
            none = slot.info.default is None or slot.info.default_factory is not None  # {}: nothing is chosen
            if name not in raw and not slot.info.is_required() and not none:
                yield here, slot.kind, slot.info
        elif slot.model is None:
            continue
        elif slot.several == "named" and isinstance(given, dict):
            for key, table in given.items():
                yield from _left(table, slot.model, (*here, key))
        elif slot.several == "list" and isinstance(given, list):
            for index, table in enumerate(given):
                yield from _left(table, slot.model, (*here, index))
        elif not slot.several and (isinstance(given, dict) or slot.info.default is not None):
            yield from _left(given if isinstance(given, dict) else {}, slot.model, here)


def is_number(one: Assumption) -> bool:
    """Return whether a default is a number with a source; else it is a rule, or counts nothing."""
    return one.status not in (RULE, NEUTRAL)


def tally(found: list[Assumption]) -> Counter[str]:
    """Return how many numbers have each status."""
    return Counter(one.status for one in found)


def _of_the_picture(path: Path) -> bool:
    """Return whether a number is a place or size on the floor plan; `at` of a source is a list of times."""
    drawn = (*Place.model_fields, *(key for key in Floor.model_fields if key != "free"))
    return path[-1] in drawn and path[-2:-1] in (("at",), ("place",), ("floor",))


def counts(kind: Kind) -> bool:
    """Return whether a kind of value is a number."""
    if isinstance(kind, ListOf | TableOf):
        return kind.entry is not None and counts(kind.entry)
    return isinstance(kind, _NUMBERS)


def _sourced(plant: Plant, path: str, value: str) -> Assumption:
    """Return a number with the last evidence that names it or a table around it."""
    for entry in reversed(plant.evidence):
        if any(_names(pattern, path) for pattern in entry.keys):
            return Assumption(
                path, value, entry.status, entry.source, entry.date or "", source_ko=entry.source_ko or ""
            )
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
