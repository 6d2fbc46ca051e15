"""Read plants and studies: all problems of a file at once."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import Any

from factory_sim.model.checks import check_plant
from factory_sim.model.locate import Locator
from factory_sim.model.problems import InputError, Problem
from factory_sim.model.schema import Plant
from factory_sim.model.syntax import Document, load
from factory_sim.model.validate import Found, validate


def read(path: str | os.PathLike[str]) -> Plant:
    """Return the plant of a TOML file.

    Raises
    ------
    InputError  With every problem of the file.
    """
    document = load(os.fspath(path))
    return plant_of(document)


def parse_plant(raw: dict[str, Any], locate: Locator | None = None, file: str = "") -> Plant:
    """Return the plant of TOML tables, in which values may be SI numbers (`units.Si`) or distributions already.

    Raises
    ------
    InputError  With every problem; lines are 1 without `locate`.
    """
    return plant_of(Document(file, raw, locate or Locator(1)))


def plant_of(document: Document) -> Plant:
    """Return the plant of a file that was read; raise InputError."""
    broken = bool(document.problems)
    plant, found, missing = validate(Plant, document.raw)
    if not broken:  # what was left out for a syntax error is not missing
        found += missing + check_plant(document.raw)
    raise_if_any(document, found)
    assert plant is not None
    plant._raw, plant._file = document.raw, document.file
    return plant


def raise_if_any(document: Document, found: Iterable[Found]) -> None:
    """Raise InputError with the problems of a document and those just found, by line, each once."""
    problems = [*document.problems, *(document.problem(path, message) for path, message in found)]
    if problems:
        raise InputError(sorted(dict.fromkeys(problems), key=_order))


def _order(problem: Problem) -> tuple[str, int, str]:
    return problem.file, problem.line, problem.key
