"""JSON Schema (draft 7) of the file formats, made from the schema, for editors that complete and check TOML.

It accepts every file that the reader accepts and refuses most of the others: what needs the whole file (names, routes,
keys that do not go together) and the range of quantities are left to `factory-sim check`. A kind that is not known here
accepts anything, so that a new one cannot make an editor refuse good files.
"""

from __future__ import annotations

import re
from functools import singledispatchmethod
from typing import Any

from factory_sim.model import units
from factory_sim.model.clock import DAYS, Clock, Days
from factory_sim.model.days import Day, Monday
from factory_sim.model.keys import Key, Model, Slot, keys, slots
from factory_sim.model.kinds import (
    IDENTIFIER,
    Flag,
    Identifier,
    Kind,
    ListOf,
    Name,
    Number,
    OneOf,
    Quantity,
    Range,
    TableOf,
    Text,
    Whole,
)
from factory_sim.model.needs import NeedText
from factory_sim.model.reference import FORMATS, sentence
from factory_sim.model.shapes import SHAPES, Dist, Shape
from factory_sim.model.station_schema import Station

Json = dict[str, Any]

_NUMBER = r"[+-]?(?:[0-9][0-9_]*(?:\.[0-9_]*)?|\.[0-9][0-9_]*)(?:[eE][+-]?[0-9]+)?"
_PREFIX = "[numkMGT\u00b5]?"
_COUNTS = r"(?:\s*/\s*(?:part|shot|piece))?"  # what a number is for may be said and does not change it


def json_schema(name: str) -> Json:
    """Return the JSON Schema of a file format, `plant` or `study`.

    Raises
    ------
    KeyError  If there is no such format.

    >>> json_schema("plant")["properties"]["sink"]["patternProperties"]["^[a-z][a-z0-9_]*$"]["required"]
    []
    """
    model = FORMATS[name]
    writer = _Writer()
    table = writer.table(model)
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": f"factory_sim {name} file",
        "description": f"{(model.__doc__ or '').strip()} Made from the schema by factory-sim keys; do not edit.",
        **table,
        "definitions": dict(sorted(writer.definitions.items())),
    }


EITHER: dict[Model, tuple[str, ...]] = {Station: ("cycle", "flow")}
"""Keys of which a table needs one."""


class _Writer:
    """Writes the tables of one file format; distributions are written once, as definitions."""

    def __init__(self) -> None:
        self.definitions: dict[str, Json] = {}

    def table(self, model: Model) -> Json:
        """Return the schema of a table: its keys and no others."""
        own = {key.path: key for key in keys(model)}
        either = EITHER.get(model, ())
        return {
            "type": "object",
            "properties": {slot.name: self._slot(slot, own) for slot in slots(model).values()},
            "required": [
                slot.name for slot in slots(model).values() if slot.info.is_required() and slot.name not in either
            ],
            "additionalProperties": False,
            **({"anyOf": [{"required": [name]} for name in either]} if either else {}),
        }

    def _slot(self, slot: Slot, own: dict[str, Key]) -> Json:
        if slot.kind is not None:
            key = own[slot.name]
            return {"description": sentence(key), **self.value(key.kind), **_default(key)}
        assert slot.model is not None, "a slot has a kind or a model"
        described = {"description": f"{slot.info.description}."}
        table = self.table(slot.model)
        if slot.several == "named":
            names = {f"^{IDENTIFIER.pattern}$": table}
            return {**described, "type": "object", "patternProperties": names, "additionalProperties": False}
        if slot.several == "list":
            return {**described, "type": "array", "items": table}
        return {**described, **table}

    @singledispatchmethod
    def value(self, _kind: Kind) -> Json:
        """Return the schema of a value; of a kind that is not known here, one that accepts anything."""
        return {}

    @value.register
    def _(self, kind: Number) -> Json:
        return {"type": "number", **_bounds(kind.range)}

    @value.register
    def _(self, kind: Whole) -> Json:
        number = {"type": "integer", **_bounds(kind.range)}
        return {"anyOf": [number, {"enum": [kind.unlimited]}]} if kind.unlimited else number

    @value.register
    def _(self, kind: Quantity) -> Json:
        return _quantity(kind.unit)

    @value.register
    def _(self, _kind: Text) -> Json:
        return {"type": "string", "pattern": r"\S"}

    @value.register
    def _(self, _kind: Flag) -> Json:
        return {"type": "boolean"}

    @value.register
    def _(self, kind: OneOf) -> Json:
        return {"enum": list(kind.words)}

    @value.register
    def _(self, _kind: Name) -> Json:
        return {"type": "string"}  # `check` knows which names there are

    @value.register
    def _(self, _kind: Identifier) -> Json:
        return {"type": "string", "pattern": f"^{IDENTIFIER.pattern}$"}

    @value.register
    def _(self, _kind: NeedText) -> Json:
        name = rf"\s*{IDENTIFIER.pattern}\s*"
        return {"type": "string", "pattern": rf"^(?:\s*[0-9]+\s)?{name}(?:\|{name})*$"}

    @value.register
    def _(self, _kind: Days) -> Json:
        days = f"(?:{'|'.join(DAYS)})"
        part = rf"\s*{days}\s*(?:-\s*{days}\s*)?"
        return {"type": "string", "pattern": f"^{part}(?:,{part})*$"}

    @value.register
    def _(self, _kind: Clock) -> Json:
        return {"type": "string", "pattern": r"^\s*[0-9]{1,2}:[0-5][0-9]\s*$"}

    @value.register
    def _(self, _kind: Monday) -> Json:
        return {"type": "string", "pattern": r"^\s*[0-9]{4}-[0-9]{2}-[0-9]{2}\s*$"}

    @value.register
    def _(self, _kind: Day) -> Json:
        day = {"type": "string", "pattern": r"^\s*(?:[0-9]{4}-)?[0-9]{2}-[0-9]{2}\s*$"}
        return {"anyOf": [day, {"type": "integer", "minimum": 1}]}

    @value.register
    def _(self, kind: ListOf) -> Json:
        return {"type": "array", "items": self.value(kind.entry), "minItems": kind.least}

    @value.register
    def _(self, kind: TableOf) -> Json:
        return {"type": "object", "additionalProperties": True if kind.entry is None else self.value(kind.entry)}

    @value.register
    def _(self, kind: Dist) -> Json:
        name = "distribution_" + (re.sub(r"\W+", "_per_", kind.unit) or "number")
        if name not in self.definitions:
            self.definitions[name] = self._distribution(kind)
        # Beside a reference nothing else counts, so it stands in a list of its own.
        return {"anyOf": [_single(kind), {"$ref": f"#/definitions/{name}"}]}

    def _distribution(self, kind: Dist) -> Json:
        shapes = {
            name: {"description": f"{shape.meaning}, such as {shape.example}.", **self._shape(name, shape, kind)}
            for name, shape in SHAPES.items()
        }
        one = {"minProperties": 1, "maxProperties": 1}
        return {"type": "object", "properties": shapes, "additionalProperties": False, **one}

    def _shape(self, name: str, shape: Shape, kind: Dist) -> Json:
        single = _single(kind)
        if shape.points:
            return {"type": "array", "items": single, "minItems": shape.points, "maxItems": shape.points}
        if name == "choice":
            entry = _record({"value": single, "share": self.value(Number("[0, 1]"))})
            return {"type": "array", "items": entry, "minItems": 1}
        if shape.keys:
            return _record({key: self.value(of) if of is not None else single for key, of in shape.keys})
        return single


def _single(kind: Dist) -> Json:
    # The range of one value differs from key to key, the definition is for all: a pure number is not bounded.
    return _quantity(kind.unit) if kind.unit else {"type": "number"}


def _record(properties: dict[str, Json]) -> Json:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _bounds(range_: str) -> Json:
    limits = Range(range_)
    found: Json = {}
    if limits.low > float("-inf"):
        found["minimum" if range_[0] == "[" else "exclusiveMinimum"] = _plain(limits.low)
    if limits.high < float("inf"):
        found["maximum" if range_[-1] == "]" else "exclusiveMaximum"] = _plain(limits.high)
    return found


def _plain(number: float) -> float | int:
    return int(number) if number == int(number) else number


def _default(key: Key) -> Json:
    """Return the default as a file would hold it, empty if there is none or it is not a simple value."""
    value = key.default
    if key.required or value is None:
        return {}
    if isinstance(value, float) and key.unit:
        return {"default": key.default_shown}
    return {"default": value} if isinstance(value, bool | int | float | str) else {}


def _quantity(unit: str) -> Json:
    """Return the schema of a number with a unit: any common unit of the quantity, with any prefix."""
    return {"type": "string", "pattern": rf"^\s*{_NUMBER}\s*(?:{_unit_pattern(unit)}){_COUNTS}\s*$"}


def _unit_pattern(unit: str) -> str:
    """Return a pattern of the units of a quantity, each part of a quotient with a prefix or none."""
    measure = units.MEASURES[unit]
    names = dict.fromkeys([unit, *(name for name, _ in measure.shown), *measure.also])
    above, below = [], []
    for name in names:
        numerator, _, denominator = name.partition("/")
        above.append(numerator)
        below += [denominator] if denominator else []
    if not below:
        return _alternatives(above)
    return rf"{_alternatives(above)}\s*/\s*{_alternatives(below)}"


def _alternatives(names: list[str]) -> str:
    found: dict[str, None] = {}
    for name in names:
        plural = name.islower() and len(name) >= 3  # minutes, days: words may stand in either number
        found[re.escape(name.removesuffix("s")) + "s?" if plural else re.escape(name)] = None
        if name.endswith("degC"):
            found |= {name.replace("degC", sign): None for sign in ("\u00b0C", "\u2103")}
    return f"{_PREFIX}(?:{'|'.join(found)})"
