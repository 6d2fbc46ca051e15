"""Which line a key of a TOML file stands in, inside tables, inline tables and lists, and past syntax errors."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from functools import lru_cache

import tree_sitter_toml
from tree_sitter import Language, Node, Parser

from factory_sim.model.problems import Path


@dataclass(frozen=True)
class Repeated:
    """A key or table that is given twice."""

    path: Path
    line: int
    first: int


@dataclass
class Locator:
    """Lines of a file, from 1.

    >>> place = locate('a = 1\\n[b]\\nc = [\\n  {d = 2},\\n]\\n')
    >>> place.line(("b", "c", 0, "d")), place.line(("b", "missing")), place.line(("nowhere",))
    (4, 2, 1)
    """

    count: int
    """Lines in the file."""
    lines: dict[Path, int] = field(default_factory=dict)
    """Line in which each key, table or entry of a list begins."""
    repeated: list[Repeated] = field(default_factory=list)
    _given: set[Path] = field(default_factory=set)  # keys with a value and tables with a header of their own
    _entries: dict[Path, int] = field(default_factory=dict)  # lists of tables: entries so far

    def line(self, path: Path) -> int:
        """Return the line of the longest part of `path` that is in the file; 1 if none is."""
        for length in range(len(path), 0, -1):
            found = self.lines.get(path[:length])
            if found is not None:
                return min(found, self.count)
        return 1

    def _passed(self, path: Path, line: int) -> None:
        """Note the tables on the way to a key, if they have no line yet."""
        for length in range(1, len(path)):
            self.lines.setdefault(path[:length], line)

    def _give(self, path: Path, line: int) -> None:
        if path in self._given:
            self.repeated.append(Repeated(path, line, self.lines[path]))
            return
        self._given.add(path)
        self._passed(path, line)
        self.lines[path] = line

    def _table(self, node: Node, several: bool) -> Path:
        """Note the header of a table and return the path of what stands below it."""
        line = node.start_point[0] + 1
        path: Path = ()
        name = next((child for child in node.children if child.type in _KEYS), None)
        for part in _parts(name):
            path = (*path, part)
            if path in self._entries and (len(path) < len(_parts(name)) or not several):
                path = (*path, self._entries[path] - 1)
        if not several:
            self._give(path, line)
            return path
        self._passed(path, line)
        self.lines.setdefault(path, line)
        entry = self._entries.get(path, 0)
        self._entries[path] = entry + 1
        self.lines[(*path, entry)] = line
        return (*path, entry)

    def _walk(self, root: Node) -> None:
        below: list[tuple[Node, Path]] = [(root, ())]
        while below:
            node, path = below.pop()
            if node.type in ("table", "table_array_element"):
                path = self._table(node, node.type == "table_array_element")
            elif node.type == "pair":
                name = next((child for child in node.children if child.type in _KEYS), None)
                path = (*path, *_parts(name))
                self._give(path, node.start_point[0] + 1)
            children = [(child, path) for child in node.named_children if child.type not in _KEYS]
            if node.type == "array":
                values = [child for child in node.named_children if child.type not in ("comment", "ERROR")]
                children = [(child, (*path, index)) for index, child in enumerate(values)]
                for child, place in children:
                    self.lines.setdefault(place, child.start_point[0] + 1)
            below += reversed(children)


_KEYS = ("bare_key", "quoted_key", "dotted_key")


def locate(text: str) -> Locator:
    """Return where the keys of a TOML text are; what cannot be parsed is passed over."""
    locator = Locator(text.count("\n") + (0 if text.endswith("\n") else 1) or 1)
    tree = _parser().parse(text.encode("utf-8", "surrogatepass"))
    locator._walk(tree.root_node)
    return locator


@lru_cache(maxsize=1)
def _parser() -> Parser:
    return Parser(Language(tree_sitter_toml.language()))


def _parts(node: Node | None) -> tuple[str, ...]:
    """Return the parts of a key, dotted and quoted ones too."""
    if node is None or node.text is None:
        return ()
    text = node.text.decode("utf-8", "replace")
    if node.type == "bare_key":
        return (text,)
    if "'" not in text and '"' not in text:
        return tuple(part.strip() for part in text.split("."))
    try:
        found: object = tomllib.loads(f"{text} = 0")
    except ValueError:
        return (text,)
    parts = []
    while isinstance(found, dict):
        name, found = next(iter(found.items()))
        parts.append(name)
    return tuple(parts)
