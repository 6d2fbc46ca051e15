"""Read plants and studies: all problems of a file at once."""

from __future__ import annotations

import os
import pathlib
from collections.abc import Iterable
from typing import Any

from factory_sim.model.calendar_checks import check_calendars
from factory_sim.model.checks import check_own_numbers, check_plant
from factory_sim.model.conflict_checks import check_conflicts
from factory_sim.model.design_checks import check_design
from factory_sim.model.finance_checks import check_alone, check_draws
from factory_sim.model.locate import Locator
from factory_sim.model.people_checks import check_people
from factory_sim.model.problems import InputError, Path, Problem, dotted, nearest
from factory_sim.model.ranges import check_factors
from factory_sim.model.raw import Raw, tables
from factory_sim.model.schema import Plant
from factory_sim.model.study_checks import Changes, changes_of, check_modes, check_scenarios, check_study
from factory_sim.model.study_schema import REPLACE, Study
from factory_sim.model.syntax import Document, load
from factory_sim.model.validate import Found, validate


def read(path: str | os.PathLike[str]) -> Plant:
    """Return the plant of a TOML file.

    Raises
    ------
    InputError  With every problem of the file.
    """
    return _plant(load(os.fspath(path)), own=True)


def read_study(path: str | os.PathLike[str]) -> Study:
    """Return the study of a TOML file, with the plant that it names (relative to the study).

    Raises
    ------
    InputError  With every problem of both files.
    """
    return _study(load(os.fspath(path)))


def read_any(path: str | os.PathLike[str]) -> Plant | Study:
    """Return the study of a TOML file that has a table [study], else its plant.

    Raises
    ------
    InputError  With every problem of the file, and of the plant that a study names.
    """
    document = load(os.fspath(path))
    return _study(document) if "study" in document.raw else _plant(document, own=True)


def check(paths: Iterable[str | os.PathLike[str]]) -> list[Problem]:
    """Return all problems of plant and study files; a file with a table [study] is a study."""
    found: list[Problem] = []
    for path in paths:
        try:
            read_any(path)
        except InputError as error:
            found += error.problems
    return list(dict.fromkeys(found))


def error_at(file: str, path: Path, message: str) -> InputError:
    """Return the error for what shows only after reading; its line is looked up in the file, if that is still there."""
    try:
        return InputError([load(file).problem(path, message)])
    except InputError:
        return InputError([Problem(file, 1, dotted(path), message)])


def parse_plant(raw: dict[str, Any], locate: Locator | None = None, file: str = "") -> Plant:
    """Return the plant of TOML tables, in which values may be SI numbers (`units.Si`) or distributions already.

    Raises
    ------
    InputError  With every problem; lines are 1 without `locate`.
    """
    return _plant(Document(file, raw, locate or Locator(1)))


def _plant(document: Document, own: bool = False) -> Plant:
    """Return the plant of a document; `own`: as its engineer wrote it, not as an investment leaves it."""
    if _is_study(document.raw):
        _raise_if_any(document, [(("study",), "this is a study, but a plant is needed; name the file of the plant")])
    plant, found, of_tables = validate(Plant, document.raw)
    if not document.problems:  # what was left out for a syntax error is not missing
        found += of_tables + check_plant(document.raw)
        found += check_own_numbers(document.raw, plant) if own else []
        found += [*check_calendars(plant), *check_people(plant)] if plant is not None and not found else []
    _raise_if_any(document, found)
    assert plant is not None
    plant._raw, plant._file = document.raw, document.file
    return plant


def _is_study(raw: Raw) -> bool:
    return "study" in raw and "station" not in raw


def _study(document: Document) -> Study:
    raw = document.raw
    if "plant" in raw and "study" not in raw:
        _raise_if_any(document, [(("plant",), "this is a plant, but a study is needed; name a file with [study]")])
    study, found, of_tables = validate(Study, raw)
    whole = not document.problems
    if whole:
        found += of_tables + check_study(raw)
    plant, plant_raw, elsewhere = _plant_of(document, ("study", "plant"), found)
    others, others_raw = _other_plants(document, found)
    changes: Changes = {}
    if plant_raw is not None:
        changes, wrong = changes_of(raw, plant_raw, others_raw)
        found += wrong
        for each in (plant_raw, *others_raw.values()) if whole else ():
            found += check_modes(raw, each)
    if study is not None and not found and whole:
        study._plant = plant
        found += check_design(study, raw)
    if plant_raw is not None and whole:
        found += check_factors(raw, plant_raw)
    if study is not None and plant is not None and not found and whole:
        found += [*check_conflicts(study, changes, plant.raw), *check_scenarios(study, changes, plant, others)]
    _raise_if_any(document, found, elsewhere)
    assert study is not None
    assert plant is not None
    study._raw, study._file, study._plant = raw, document.file, plant
    for name, investment in study.investment.items():
        investment._changes = tuple(changes[name])
    _raise_if_any(document, (*check_draws(study), *check_alone(study)))
    return study


def _other_plants(document: Document, found: list[Found]) -> tuple[dict[str, Plant], dict[str, Raw]]:
    """Return the plants that investments put in the place of today's, with their tables, by investment."""
    plants, raws = {}, {}
    for name, investment in tables(document.raw, "investment").items():
        if REPLACE not in investment:
            continue
        place = ("investment", name, REPLACE)
        plant, raw, problems = _plant_of(document, place, found)
        found += [(place, f"{problem.file}:{problem.line}: {problem.message}") for problem in problems[:1]]
        if plant is not None and raw is not None:
            plants[name], raws[name] = plant, raw
    return plants, raws


def _plant_of(
    document: Document, place: Path, found: list[Found]
) -> tuple[Plant | None, Raw | None, tuple[Problem, ...]]:
    """Return the plant that a study names, its tables even if something is wrong, and the problems in its file."""
    table: Any = document.raw
    for key in place[:-1]:
        table = table.get(key) if isinstance(table, dict) else None
    name = table.get(place[-1]) if isinstance(table, dict) else None
    if not isinstance(name, str) or not name.strip():
        return None, None, ()  # the schema says so
    file = pathlib.Path(document.file).parent / name
    try:
        other = load(os.fspath(file))
    except InputError as error:
        message = f"{file}: {error.problems[0].message}"
        if error.problems[0].message.startswith("there is no such file"):
            message = f"there is no file {file}; the path is relative to the study{_neighbour(file)}"
        found.append((place, message))
        return None, None, ()
    if _is_study(other.raw):
        found.append((place, f"{file} is a study, but a plant is needed; name the file of the plant"))
        return None, None, ()
    try:
        return _plant(other, own=True), other.raw, ()
    except InputError as error:
        return None, None if other.problems else other.raw, error.problems


def _neighbour(file: pathlib.Path) -> str:
    try:
        match = nearest(file.name, sorted(other.name for other in file.parent.glob("*.toml")))
    except (OSError, ValueError):
        return ""
    return f"; did you mean '{match}'?" if match else ""


def _raise_if_any(document: Document, found: Iterable[Found], elsewhere: Iterable[Problem] = ()) -> None:
    """Raise InputError with the problems of a document and those just found, by line, each once."""
    problems = [*document.problems, *(document.problem(path, message) for path, message in found)]
    problems.sort(key=lambda problem: (problem.line, problem.key))
    problems += elsewhere
    if problems:
        raise InputError(dict.fromkeys(problems))
