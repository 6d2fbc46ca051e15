"""Which module imports which, read from the source without running it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGES = ("factory_sim", "processes")


@dataclass(frozen=True)
class Import:
    """`module` imports `target`, or `name` from it. `typing_only`: under TYPE_CHECKING, so never at run time."""

    module: str
    target: str
    name: str
    line: int
    typing_only: bool

    def __str__(self) -> str:
        return f"{self.module}:{self.line} imports {self.target}"


@cache
def sources() -> dict[str, Path]:
    """Return the file of each module of the project, by dotted name; a package has the name of its directory."""
    found = {}
    for package in PACKAGES:
        for file in sorted((ROOT / package).rglob("*.py")):
            parts = file.relative_to(ROOT).with_suffix("").parts
            found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = file
    return found


@cache
def imports() -> list[Import]:
    """Return all imports of the project, those inside functions too."""
    files = sources()
    return [
        found
        for module, file in files.items()
        for found in imports_of(file.read_text(encoding="utf-8"), module, set(files), file.name == "__init__.py")
    ]


def imports_of(source: str, module: str, known: set[str], is_package: bool = False) -> list[Import]:
    """Return the imports of one module. `from package import name` is an import of package.name if that is a module."""
    return list(_walk(ast.parse(source), module, known, is_package, False))


def _walk(node: ast.AST, module: str, known: set[str], is_package: bool, typing_only: bool) -> Iterator[Import]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Import):
            for alias in child.names:
                yield Import(module, alias.name, "", child.lineno, typing_only)
        elif isinstance(child, ast.ImportFrom):
            base = _base(child, module, is_package)
            for alias in child.names:
                below = f"{base}.{alias.name}"
                target, name = (below, "") if below in known else (base, alias.name)
                yield Import(module, target, name, child.lineno, typing_only)
        elif isinstance(child, ast.If) and "TYPE_CHECKING" in ast.unparse(child.test):
            for branch, only in ((child.body, True), (child.orelse, typing_only)):
                yield from _walk(ast.Module(branch, []), module, known, is_package, only)
        else:
            yield from _walk(child, module, known, is_package, typing_only)


def _base(node: ast.ImportFrom, module: str, is_package: bool) -> str:
    if not node.level:
        return node.module or ""
    parts = module.split(".")
    here = parts[: len(parts) - node.level + is_package]
    return ".".join([*here, *([node.module] if node.module else [])])


def cycle(edges: dict[str, set[str]]) -> list[str]:
    """Return the nodes of one cycle, the first one again at the end, or an empty list."""
    done: set[str] = set()
    way: list[str] = []

    def visit(node: str) -> list[str]:
        if node in way:
            return [*way[way.index(node) :], node]
        if node in done:
            return []
        way.append(node)
        for other in sorted(edges.get(node, ())):
            found = visit(other)
            if found:
                return found
        way.pop()
        done.add(node)
        return []

    for node in sorted(edges):
        found = visit(node)
        if found:
            return found
    return []
