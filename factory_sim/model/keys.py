"""The schema as data: every key with path, kind, unit, default, range and meaning.

Reader, messages, reference page and JSON Schema all see the schema through these functions.
"""

from __future__ import annotations

import types
import typing
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from factory_sim.model.kinds import Kind, Name
from factory_sim.model.problems import Path
from factory_sim.model.schema import Plant

Model = type[BaseModel]


@dataclass(frozen=True)
class Key:
    """One key of a file format."""

    path: str
    """Dotted; a name that the user chooses stands as <table>, a list of tables as []."""
    kind: Kind
    required: bool
    default: Any
    """In SI units; None if there is none."""
    meaning: str

    @property
    def unit(self) -> str:
        """SI unit in which the model holds it; empty if it has none."""
        return self.kind.unit

    @property
    def range(self) -> str:
        return self.kind.range

    @property
    def form(self) -> str:
        """What to write, in words."""
        return self.kind.form

    @property
    def default_shown(self) -> str:
        """Default as it would stand in a file."""
        return "required" if self.required else self.kind.show(self.default)


@dataclass(frozen=True)
class Slot:
    """What the schema has at one key of a table: a value of some kind, a table, named tables or a list of tables."""

    name: str
    attribute: str
    info: FieldInfo
    kind: Kind | None
    model: Model | None
    several: str
    """`named`, `list` or empty."""


@lru_cache(maxsize=128)
def slots(model: Model) -> dict[str, Slot]:
    """Return what may stand in a table, by key."""
    found = {}
    for attribute, info in model.model_fields.items():
        kind = next((entry for entry in info.metadata if isinstance(entry, Kind)), None)
        inner, several = _inner(info.annotation) if kind is None else (None, "")
        name = info.alias or attribute
        found[name] = Slot(name, attribute, info, kind, inner, several)
    return found


def _inner(annotation: Any) -> tuple[Model | None, str]:
    """Return the model inside `X`, `X | None`, `dict[Id, X]` or `tuple[X, ...]`."""
    origin, arguments = typing.get_origin(annotation), typing.get_args(annotation)
    if origin is dict:
        return _inner(arguments[1])[0], "named"
    if origin is tuple:
        return _inner(arguments[0])[0], "list"
    if origin in (types.UnionType, typing.Union):
        return next((_inner(argument)[0] for argument in arguments if argument is not type(None)), None), ""
    return (annotation, "") if isinstance(annotation, type) and issubclass(annotation, BaseModel) else (None, "")


def keys(model: Model = Plant, below: str = "") -> Iterator[Key]:
    """Yield every key of a file format, in the order of the schema.

    >>> [key.path for key in keys() if key.path.endswith("die.heat_capacity")]
    ['station.<station>.die.heat_capacity']
    >>> next(key.default_shown for key in keys() if key.path.endswith("discard_after"))
    '10 min'
    """
    for slot in slots(model).values():
        path = f"{below}{slot.name}"
        if slot.kind is not None:
            default = None if slot.info.default is PydanticUndefined else slot.info.default
            yield Key(path, slot.kind, slot.info.is_required(), default, slot.info.description or "")
        elif slot.model is not None:
            inside = {"named": f".<{slot.name}>.", "list": "[].", "": "."}[slot.several]
            yield from keys(slot.model, path + inside)


def walk(model: Model, raw: Any, path: Path = ()) -> Iterator[tuple[Path, Kind, Any]]:
    """Yield (path, kind, value) of every value in `raw` that the schema knows; what has a wrong form is passed over."""
    if not isinstance(raw, dict):
        return
    for name, slot in slots(model).items():
        if name not in raw:
            continue
        value, here = raw[name], (*path, name)
        if slot.kind is not None:
            yield here, slot.kind, value
        elif slot.model is None:
            continue
        elif slot.several == "named" and isinstance(value, dict):
            for key, inner in value.items():
                yield from walk(slot.model, inner, (*here, key))
        elif slot.several == "list" and isinstance(value, list):
            for index, inner in enumerate(value):
                yield from walk(slot.model, inner, (*here, index))
        elif not slot.several:
            yield from walk(slot.model, value, here)


def table_at(model: Model, path: Path) -> Model | None:
    """Return the model of the table at `path`, None if the schema has none there."""
    here: Model | None = model
    parts = list(path)
    while parts and here is not None:
        slot = slots(here).get(str(parts.pop(0)))
        here = slot.model if slot else None
        if slot and slot.several and parts:
            parts.pop(0)
    return here


def references(kind: Kind) -> Name | None:
    """Return the kind of name that a value refers to, itself or by its entries."""
    entry = getattr(kind, "entry", kind)
    return entry if isinstance(entry, Name) else None
