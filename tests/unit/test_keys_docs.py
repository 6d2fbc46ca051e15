"""Reference page and JSON Schema are what the schema says now, and an editor refuses what is wrong."""

from __future__ import annotations

import json
import math
import re
import tomllib
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import pytest
from pydantic import Field
from typer.testing import CliRunner

from factory_sim.cli import app
from factory_sim.model import json_schema as writer
from factory_sim.model import reference, units
from factory_sim.model.json_schema import json_schema
from factory_sim.model.keys import keys
from factory_sim.model.kinds import Kind
from factory_sim.model.shapes import Dist
from factory_sim.model.tables import Table
from tests.architecture.imports import ROOT

LAYOUTS = sorted((ROOT / "layouts").glob("*.toml"))
DOCUMENTS = {
    "keys.md": ("--out", "docs/keys.md"),
    "plant.schema.json": ("plant", "--json-schema", "--out", "docs/plant.schema.json"),
    "study.schema.json": ("study", "--json-schema", "--out", "docs/study.schema.json"),
}
TYPES: dict[str, type | tuple[type, ...]] = {
    "object": dict, "array": list, "string": str, "boolean": bool, "number": (int, float), "integer": int,
}  # fmt: skip
WORDS = {
    "$ref", "$schema", "additionalProperties", "anyOf", "default", "definitions", "description", "enum",
    "exclusiveMaximum", "exclusiveMinimum", "items", "maxItems", "maxProperties", "maximum", "minItems",
    "minProperties", "minimum", "pattern", "patternProperties", "properties", "required", "title", "type",
}  # fmt: skip


def call(*arguments: object) -> Any:
    return CliRunner().invoke(app, [str(argument) for argument in arguments], catch_exceptions=False)


def wrong(schema: Any, value: Any, root: Any, path: str = "") -> Iterator[str]:
    """Yield where a value is not what a schema of the words that we write allows."""
    if schema is True:
        return
    if schema is False:
        yield f"{path}: not allowed"
        return
    assert set(schema) <= WORDS, f"this checker does not know {set(schema) - WORDS}"
    if "$ref" in schema:
        yield from wrong(root["definitions"][schema["$ref"].removeprefix("#/definitions/")], value, root, path)
        return
    if "anyOf" in schema and all(any(wrong(one, value, root, path)) for one in schema["anyOf"]):
        yield f"{path}: none of the alternatives"
    if "enum" in schema and value not in schema["enum"]:
        yield f"{path}: not in the enumeration"
    kind = schema.get("type")
    if kind is not None and (not isinstance(value, TYPES[kind]) or (isinstance(value, bool) and kind != "boolean")):
        yield f"{path}: no {kind}"
        return
    yield from of_kind(schema, value, root, path)


def of_kind(schema: Any, value: Any, root: Any, path: str) -> Iterator[str]:
    if isinstance(value, str) and not re.search(schema.get("pattern", ""), value):
        yield f"{path}: does not match"
    if isinstance(value, int | float) and not (
        schema.get("minimum", -math.inf) <= value <= schema.get("maximum", math.inf)
        and schema.get("exclusiveMinimum", -math.inf) < value < schema.get("exclusiveMaximum", math.inf)
    ):
        yield f"{path}: out of range"
    if isinstance(value, list):
        if not schema.get("minItems", 0) <= len(value) <= schema.get("maxItems", math.inf):
            yield f"{path}: wrong length"
        for index, entry in enumerate(value):
            yield from wrong(schema.get("items", True), entry, root, f"{path}[{index}]")
    if isinstance(value, dict):
        if not schema.get("minProperties", 0) <= len(value) <= schema.get("maxProperties", math.inf):
            yield f"{path}: wrong number of keys"
        yield from (f"{path}: {key} is missing" for key in schema.get("required", ()) if key not in value)
        for key, entry in value.items():
            found = [below for name, below in schema.get("properties", {}).items() if name == key]
            found += [below for name, below in schema.get("patternProperties", {}).items() if re.search(name, key)]
            for below in found or [schema.get("additionalProperties", True)]:
                yield from wrong(below, entry, root, f"{path}.{key}")


def problems(file_format: str, value: Any) -> list[str]:
    schema = json_schema(file_format)
    return list(wrong(schema, value, schema))


# What is checked in


@pytest.mark.parametrize("name", DOCUMENTS)
def test_documents_are_what_the_schema_says(name: str, tmp_path: Path) -> None:
    command = DOCUMENTS[name]
    target = tmp_path / name
    assert call("keys", *command[:-1], target).exit_code == 0
    same = (ROOT / "docs" / name).read_text(encoding="utf-8") == target.read_text(encoding="utf-8")
    assert same, f"docs/{name} is older than the schema; run: factory-sim keys {' '.join(command)}"


@pytest.mark.parametrize("file_format", reference.FORMATS)
def test_the_page_has_every_key_with_all_that_is_known(file_format: str) -> None:
    page = reference.page()
    for key in keys(reference.FORMATS[file_format]):
        row = next((line for line in page.splitlines() if line.startswith(f"| `{key.path.rpartition('.')[2]}` |")), "")
        assert row, key.path
        assert key.meaning.replace("|", "\\|") in page, key.path
    assert "`[station.<station>.failure.<failure>]`" in page
    assert "`[[order]]`" in page


# The command


def test_keys_are_printed_as_tables() -> None:
    done = call("keys", "plant")
    said = " ".join(done.stdout.split())
    assert (done.exit_code, done.stderr) == (0, "")
    assert "[station.<station>.failure.<failure>] Failure modes." in said
    assert "[study]" not in said
    assert "[study]" in call("keys").stdout


def test_a_schema_is_printed_and_nothing_else() -> None:
    done = call("keys", "study", "--json-schema")
    assert (done.exit_code, done.stderr) == (0, "")
    assert json.loads(done.stdout) == json_schema("study")


def test_a_schema_needs_the_name_of_a_format() -> None:
    done = call("keys", "--json-schema")
    assert (done.exit_code, done.stdout) == (2, "")
    assert "name plant or study" in done.stderr


def test_a_page_of_one_format_can_be_written(tmp_path: Path) -> None:
    done = call("keys", "study", "--out", tmp_path / "study.md")
    assert (done.exit_code, done.stdout) == (0, f"wrote {tmp_path / 'study.md'}\n")
    text = (tmp_path / "study.md").read_text(encoding="utf-8")
    assert "`[investment.<investment>.money]`" in text and "[buffer" not in text


def test_a_file_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    done = call("keys", "plant", "--out", tmp_path / "nowhere" / "keys.md")
    assert (done.exit_code, done.stdout) == (1, "")
    assert "No such file or directory" in done.stderr


# What the JSON Schema accepts and refuses


@pytest.mark.parametrize("file", LAYOUTS, ids=[file.stem for file in LAYOUTS])
def test_every_layout_passes(file: Path) -> None:
    raw = tomllib.loads(file.read_text(encoding="utf-8"))
    assert problems("study" if "study" in raw else "plant", raw) == []


@dataclass(frozen=True)
class Slip:
    """A wrong value at a path of the giga-casting plant, and what the checker says."""

    path: str
    value: Any
    said: str


SLIPS = [
    Slip("station.hpdc.cylce", "60 s", "not allowed"),
    Slip("statoin", {}, "not allowed"),
    Slip("station.HPDC", {"cycle": "60 s"}, "not allowed"),
    Slip("station.hpdc.cycle", 60, "none of the alternatives"),
    Slip("station.hpdc.cycle", "60", "none of the alternatives"),
    Slip("station.hpdc.cycle", "60 m", "none of the alternatives"),
    Slip("station.hpdc.cycle", "60 kWh", "none of the alternatives"),
    Slip("station.hpdc.cycle", {"triangular": ["118 s", "124 s"]}, "none of the alternatives"),
    Slip("station.hpdc.cycle", {"triangle": ["1 s", "2 s", "3 s"]}, "none of the alternatives"),
    Slip("station.hpdc.cycle", {"exponential": "1 s", "uniform": ["1 s", "2 s"]}, "none of the alternatives"),
    Slip("station.hpdc.cycle", {"lognormal": {"mean": "1 s"}}, "none of the alternatives"),
    Slip("station.hpdc.off_shift", "stop", "not in the enumeration"),
    Slip("plant.demand_mode", "soldout", "not in the enumeration"),
    Slip("station.hpdc.yield", 1.2, "out of range"),
    Slip("station.hpdc.yield", "90 %", "no number"),
    Slip("station.hpdc.machines", 0, "out of range"),
    Slip("station.hpdc.machines", 1.5, "no integer"),
    Slip("station.hpdc.tool.cost", 2e9, "no string"),
    Slip("station.hpdc.die.sink_temperature", "60 bar", "does not match"),
    Slip("buffer.dosing.capacity", "many", "none of the alternatives"),
    Slip("product.underbody.route", "hpdc", "no array"),
    Slip("plant.name", " ", "does not match"),
    Slip("plant.name", None, "is missing"),
]


@pytest.mark.parametrize("slip", SLIPS, ids=[f"{slip.path}={slip.value}" for slip in SLIPS])
def test_what_is_wrong_is_refused(slip: Slip) -> None:
    raw = deepcopy(tomllib.loads((ROOT / "layouts" / "giga_casting.toml").read_text(encoding="utf-8")))
    *tables, key = slip.path.split(".")
    here = raw
    for table in tables:
        here = here[table]
    if slip.value is None:
        del here[key]
    else:
        here[key] = slip.value
    (said,) = problems("plant", raw)
    assert slip.said in said and key in said


@pytest.mark.parametrize("unit", units.MEASURES)
def test_quantities_are_accepted_as_the_reader_accepts_them(unit: str) -> None:
    measure = units.MEASURES[unit]
    pattern = re.compile(writer._quantity(unit)["pattern"])
    names = [*(name for name, _ in measure.shown), *measure.also]
    for text in (measure.example, *(f"{number} {name}" for name in names for number in ("1", "-2.5", "1_000e-3"))):
        units.parse(text, unit)
        assert pattern.search(text), text
    for text in ("7", "", "seven " + names[0], f"7 {names[0]}!", "7 mol", "nan " + names[0]):
        with pytest.raises(units.UnitError):
            units.parse(text, unit)
        assert not pattern.search(text), text


@pytest.mark.parametrize(
    ("text", "unit"),
    [("150 °C", "degC"), ("150℃", "degC"), ("1 day", "s"), ("90 ms", "s"), ("5 minute", "s"), ("4.2 MJ/part", "J"),
     ("20 KRW / kWh", "KRW/J"), ("3 kKRW", "KRW"), ("1.5 GW", "W")],
)  # fmt: skip
def test_other_ways_to_write_a_quantity_are_accepted(text: str, unit: str) -> None:
    units.parse(text, unit)
    assert re.search(writer._quantity(unit)["pattern"], text)


def test_defaults_and_distributions_are_accepted_by_their_own_schema() -> None:
    for name in reference.FORMATS:
        for at, schema in values(json_schema(name), name):
            if "default" in schema:
                assert not list(wrong(schema, schema["default"], json_schema(name))), at


def values(schema: Any, path: str) -> Iterator[tuple[str, Any]]:
    """Yield the schemas of all keys."""
    for kind in ("properties", "patternProperties"):
        for name, below in schema.get(kind, {}).items():
            yield f"{path}.{name}", below
            yield from values(below, f"{path}.{name}")
    if isinstance(schema.get("items"), dict):
        yield from values(schema["items"], f"{path}[]")


@dataclass(frozen=True)
class Colour(Kind):
    """A kind that the writers have never seen."""

    range: str = "any colour"
    form: str = 'a colour such as "red"'

    def parse(self, value: Any) -> Any:
        return value


class Inner(Table):
    hue: Annotated[str, Colour()] = Field(default="red", description="Hue")


class Newer(Table):
    paint: Inner = Field(default=Inner(), description="Paint")
    heat: Annotated[Any, Dist("K")] = Field(description="Heat")


def test_new_keys_and_kinds_need_no_change(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(reference.FORMATS, "newer", Newer)
    assert problems("newer", {"paint": {"hue": 7}, "heat": "3 K"}) == []
    assert problems("newer", {"paint": {"hew": 7}, "heat": {"uniform": ["3 K", "4 K"]}}) == [".paint.hew: not allowed"]
    assert problems("newer", {"heat": "3 W"}) == [".heat: none of the alternatives"]
    assert '| `hue` | a colour |  | `red` | any colour | `"red"` | Hue |' in reference.page_of("newer")
