"""Print or write the reference of the keys of plant and study files."""

from __future__ import annotations

from factory_sim.cli import terminal
from factory_sim.model.json_schema import json_schema
from factory_sim.model.reference import FORMATS, Section, allowed, default_of, example, page, page_of, sections, takes

WIDTHS = (20, 26, 5, 9, 20)
"""Of the columns before the meaning, the same in all tables so that they stand below each other."""


def text(file_format: str | None, as_schema: bool) -> str:
    """Return the text of a file: the JSON Schema of one format, or the keys of one format or of both as Markdown."""
    if as_schema:
        assert file_format is not None, "a JSON Schema is that of one format"
        return terminal.json_text(json_schema(file_format)) + "\n"
    return page() if file_format is None else page_of(file_format)


def print_keys(file_format: str | None) -> None:
    """Print the keys of one format or of both, a table for each table of the file."""
    for name in [file_format] if file_format else FORMATS:
        for section in sections(FORMATS[name]):
            _print_section(section)


def _print_section(section: Section) -> None:
    heads = ("key", "takes", "unit", "default", "range", "meaning")
    made = terminal.table(*heads, title=f"{section.header}  {section.meaning}")
    for column, width in zip(made.columns, WIDTHS, strict=False):
        column.width = width
    for key in section.keys:
        written = ", ".join(filter(None, (takes(key.kind), example(key.kind))))
        name = key.path.rpartition(".")[2]
        made.add_row(name, written, key.unit, default_of(key), allowed(key.kind), key.meaning)
    terminal.console().print(made)
