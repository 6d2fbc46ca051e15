"""Reference of every key of the file formats, made from the schema: nothing about a single key stands here."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from factory_sim.model import units
from factory_sim.model.checks import ROUTE_TABLES
from factory_sim.model.keys import Key, Model, keys, slots
from factory_sim.model.kinds import Kind, ListOf, Name, OneOf, Range
from factory_sim.model.schema import Plant
from factory_sim.model.shapes import SHAPES, Dist
from factory_sim.model.study_schema import Study

FORMATS: dict[str, Model] = {"plant": Plant, "study": Study}

_INTERVAL = re.compile(r"[\[(]-?(?:inf|[0-9.]+(?:e[+-]?[0-9]+)?), (?:inf|[0-9.]+(?:e[+-]?[0-9]+)?)[\])]")
_END_OF_EXAMPLE = re.compile(r", or \"| or a distribution")

_INTRODUCTION = """# Keys of plant and study files

Made from the schema by `factory-sim keys --out docs/keys.md`; do not edit.

A file is TOML. Names in angle brackets are chosen by the user: `[station.<station>]` is written `[station.hpdc]`. Texts
and numbers with units stand in quotes, pure numbers do not. The unit below is the one in which the program holds the
number; a file may use any unit of the same quantity. A table that needs nothing may be left out. Editors complete and
check the keys by `docs/plant.schema.json` and `docs/study.schema.json`.
"""


@dataclass(frozen=True)
class Section:
    """A table of a file format with its own keys, those of the tables inside it left out."""

    path: str
    header: str
    """As it stands in a file; for a list of tables inside a key, the key."""
    meaning: str
    """One sentence, and that it is required if it is."""
    keys: tuple[Key, ...]


BESIDE = "beside the tables"
"""Header of the keys that stand at the top of a file."""


def sections(model: Model, path: str = "", header: str = "", meaning: str = "") -> Iterator[Section]:
    """Yield every table of a file format, in the order of the schema.

    >>> [section.header for section in sections(Study)][:3]
    ['beside the tables', '[study]', '[finance]']
    """
    prefix = f"{path}." if path else ""
    own = [prefix + slot.name for slot in slots(model).values() if slot.kind is not None]
    by_path = {key.path: key for key in keys(model, prefix)}
    if own:
        yield Section(path, header or BESIDE, meaning, tuple(by_path[name] for name in own))
    for slot in slots(model).values():
        if slot.model is not None:
            below = prefix + slot.name + {"named": f".<{slot.name}>", "list": "[]", "": ""}[slot.several]
            required = " Required." if slot.info.is_required() else ""
            yield from sections(slot.model, below, _header(below), f"{slot.info.description}.{required}")


def _header(path: str) -> str:
    """Return how a table begins in a file."""
    if path.count("[]") == 1 and path.endswith("[]"):
        table, _, key = path[:-2].rpartition(".")
        return f"[{table}] {key} = [{{...}}]" if table else f"[[{key}]]"
    return f"[{path}]"


def takes(kind: Kind) -> str:
    """Return what may stand at a key, in a few words.

    >>> [takes(key.kind) for key in keys(Plant) if key.path in ("plant.name", "station.<station>.cycle")]
    ['a text in quotes', 'a time or a distribution']
    """
    if isinstance(kind, Dist):
        return f"{takes(kind.single)} or a distribution"
    return "one word of" if isinstance(kind, OneOf) else kind.form.split(" such as ")[0].split(', or "')[0]


def example(kind: Kind) -> str:
    """Return what could stand in a file, empty if the kind has no example.

    >>> [example(key.kind) for key in keys(Plant) if key.path in ("plant.name", "buffer.<buffer>.capacity")]
    ['', '84']
    """
    _, such_as, rest = kind.form.partition(" such as ")
    return _END_OF_EXAMPLE.split(rest)[0] if such_as else ""


def allowed(kind: Kind) -> str:
    """Return what values are allowed, in words.

    >>> [allowed(key.kind) for key in keys(Plant) if key.path in ("plant.hours_per_year", "station.<station>.yield")]
    ['greater than 0 and at most 366 days', 'greater than 0 and at most 1']
    """
    if isinstance(kind, ListOf):
        least = f"; at least {kind.least} in the list" if kind.least else ""
        return f"each {allowed(kind.entry)}{least}"
    if isinstance(kind, Name) and kind.table == "route":
        return "a name of " + ", ".join(f"[{table}.<name>]" for table in ROUTE_TABLES)
    unit = kind.unit if kind.unit in units.MEASURES else ""
    words = _INTERVAL.sub(lambda found: Range(found[0]).words(unit), kind.range)
    unlimited = getattr(kind, "unlimited", "")
    return f'{words}, or "{unlimited}"' if unlimited else words


def default_of(key: Key) -> str:
    """Return the default as it would stand in a file, `required`, or `none`.

    >>> [default_of(key) for key in keys(Plant) if key.path in ("plant.name", "source.<source>.at")]
    ['required', 'none']
    """
    unlimited = bool(getattr(key.kind, "unlimited", ""))
    return "none" if key.default is None and not key.required and not unlimited else key.default_shown


def sentence(key: Key) -> str:
    """Return all about a key in one line: meaning, what to write, range and default.

    >>> next(sentence(key) for key in keys(Plant) if key.path == "source.<source>.lot")
    'Parts that arrive together. Takes a whole number such as 4; at least 1 and at most 100000. Default: 1.'
    """
    range_ = allowed(key.kind)
    # Some forms say the range already: one of a few words, the name of a station.
    said = "" if range_ in ("any number", "not empty") or isinstance(key.kind, OneOf | Name) else f"; {range_}"
    default = "Required." if key.required else f"Default: {default_of(key)}."
    return f"{key.meaning}. Takes {key.form}{said}. {default}"


def page() -> str:
    """Return the reference of all file formats as Markdown."""
    parts = [_INTRODUCTION]
    for name, model in FORMATS.items():
        parts.append(f"## {name.capitalize()} file\n")
        parts += [_section(section) for section in sections(model)]
    return "\n".join([*parts, _units(), _distributions()])


def page_of(name: str) -> str:
    """Return the reference of one file format as Markdown.

    Raises
    ------
    KeyError  If there is no such format.
    """
    head = f"# Keys of a {name} file\n"
    return "\n".join([head, *(_section(section) for section in sections(FORMATS[name])), _units(), _distributions()])


def _section(section: Section) -> str:
    heads = ("key", "takes", "unit", "default", "range", "example", "meaning")
    rows = [
        (f"`{key.path.rpartition('.')[2]}`", takes(key.kind), key.unit, _default(key), allowed(key.kind),
         _code(example(key.kind)), key.meaning)
        for key in section.keys
    ]  # fmt: skip
    return f"### `{section.header}`\n\n{section.meaning}\n\n{_table(heads, rows)}"


def _default(key: Key) -> str:
    return default_of(key) if key.required or key.default is None else _code(default_of(key))


def _units() -> str:
    rows = [
        (measure.noun, _code(f'"{measure.example}"'), ", ".join([*(name for name, _ in measure.shown), *measure.also]))
        for measure in units.MEASURES.values()
    ]
    note = "Other units of the same quantity, and prefixes such as k and M, are understood too.\n"
    return f"## Units\n\n{note}\n{_table(('quantity', 'example', 'units'), rows)}"


def _distributions() -> str:
    rows = [(f"`{name}`", _code(f"{{{name} = {shape.example}}}"), shape.meaning) for name, shape in SHAPES.items()]
    return f"## Distributions\n\n{_table(('name', 'example', 'meaning'), rows)}"


def _code(text: str) -> str:
    return f"`{text}`" if text else ""


def _table(heads: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    lines = [heads, ("---",) * len(heads), *(tuple(map(_cell, row)) for row in rows)]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _cell(text: str) -> str:
    """Return a text for a cell: a bar would end it, and a name in angle brackets outside code be taken for HTML."""
    text = text.replace("|", "\\|")
    return text if "`" in text else re.sub(r"\[[^\[\]]*<[^\[\]]*\]", lambda found: f"`{found[0]}`", text)
