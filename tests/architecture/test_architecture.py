"""The house keeps its shape: data go one way, heavy packages wait, nothing depends on one machine."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

import pytest

import factory_sim
from tests.architecture.imports import ROOT, Import, cycle, imports, imports_of, sources

# Each may import what stands before it, and itself.
LAYERS = ("finance", "model", "technology", "simulation", "results", "study", "report", "answer", "validation", "cli")

HEAVY = ("numpy", "pandas", "numba", "scipy", "matplotlib", "pint", "simpy", "factory_sim.model")
QUEUES = {
    "Container",
    "FilterStore",
    "PreemptiveResource",
    "PriorityResource",
    "PriorityStore",
    "Resource",
    "Store",
    "resources",
}


def layer(module: str) -> str | None:
    """Return the part of factory_sim that a module belongs to; None outside, and for the few modules at its top."""
    parts = module.split(".")
    return parts[1] if parts[0] == "factory_sim" and len(parts) > 1 and parts[1] in LAYERS else None


def test_imports_are_read_as_python_reads_them() -> None:
    source = """
import numpy as np
from typing import TYPE_CHECKING
from a.b import c, d
from . import near
if TYPE_CHECKING:
    from a import types_only
def late():
    from ..up import thing
"""
    found = imports_of(source, "a.b.here", {"a.b.c", "a.b.near"})
    assert [(one.target, one.typing_only) for one in found] == [
        ("numpy", False),
        ("typing", False),
        ("a.b.c", False),
        ("a.b", False),
        ("a.b.near", False),
        ("a", True),
        ("a.up", False),
    ]
    assert imports_of("from . import near", "a.b", {"a.b.near"}, is_package=True)[0].target == "a.b.near"


def test_a_cycle_is_found() -> None:
    assert cycle({"a": {"b"}, "b": {"c", "d"}, "d": {"b"}}) == ["b", "d", "b"]
    assert cycle({"a": {"b", "c"}, "b": {"c"}}) == []


def test_every_directory_of_the_package_is_a_layer() -> None:
    directories = {file.parent.name for file in (ROOT / "factory_sim").glob("*/__init__.py")}
    assert {"model", "simulation"} <= directories <= set(LAYERS)


def test_data_go_one_way() -> None:
    wrong = []
    for one in imports():
        above, below = layer(one.module), layer(one.target)
        if above is None or below is None:
            continue
        if LAYERS.index(below) > LAYERS.index(above):
            wrong.append(str(one))
    assert not wrong


def test_layers_import_nothing_of_the_top() -> None:
    """The package itself, its presets and __main__ are for the command line; a layer may ask for the version only."""
    top = {"factory_sim", "factory_sim.presets", "factory_sim.__main__"}
    found = [one for one in imports() if one.target in top and one.name != "__version__"]
    assert found, "the command line does import presets"
    assert not [str(one) for one in found if layer(one.module) not in (None, "cli")]


def test_only_technology_finance_and_validation_import_processes() -> None:
    def outside(one: Import) -> bool:
        return one.target.split(".")[0] == "processes" and one.module.split(".")[0] != "processes"

    found = [one for one in imports() if outside(one)]
    assert found, "technology does import processes"
    assert not [str(one) for one in found if layer(one.module) not in ("technology", "finance", "validation")]


def test_processes_know_no_factory() -> None:
    assert not [str(one) for one in imports() if one.module.startswith("processes") and "factory_sim" in one.target]


def test_no_module_imports_itself_in_a_circle() -> None:
    edges: dict[str, set[str]] = defaultdict(set)
    for one in imports():
        if not one.typing_only and one.target in sources() and one.target != one.module:
            edges[one.module].add(one.target)
    assert len(edges) > 10
    assert not cycle(edges)


def test_no_queue_of_simpy_decides_anything() -> None:
    wrong = []
    users = {one.module for one in imports() if one.target.split(".")[0] == "simpy"}
    assert "factory_sim.simulation.engine" in users
    for module in users:
        for node in ast.walk(ast.parse(sources()[module].read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("simpy"):
                names = {alias.name for alias in node.names} | set((node.module or "").split("."))
            elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "simpy":
                names = {node.attr}
            else:
                continue
            wrong += [f"{module}:{node.lineno} uses simpy's {name}" for name in sorted(names & QUEUES)]
    assert not wrong


@pytest.mark.parametrize(
    "code",
    [
        "import factory_sim",
        "import factory_sim.cli",
        "from factory_sim.cli import app; app(['--help'], standalone_mode=False)",
        "from factory_sim.cli import app; app(['study', '--help'], standalone_mode=False)",
        "from factory_sim.cli import app; app(['--version'], standalone_mode=False)",
    ],
)
def test_help_does_not_wait_for_heavy_packages(code: str) -> None:
    code = f"import sys\n{code}\nprint([name for name in {HEAVY!r} if name in sys.modules], file=sys.stderr)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stderr.strip() == "[]"


def test_public_names_are_those_promised() -> None:
    typed = {
        alias.name
        for node in ast.walk(ast.parse(sources()["factory_sim"].read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("factory_sim")
        for alias in node.names
    }
    assert set(factory_sim.__all__) == typed
    for name in factory_sim.__all__:
        assert getattr(factory_sim, name).__name__ == name
    with pytest.raises(AttributeError, match="has no attribute 'raed'"):
        _ = factory_sim.raed


def texts() -> list[Path]:
    """Return the text files of the project, those of the user's own environment left out."""
    tops = ("factory_sim", "processes", "tests", "layouts", "benchmarks", "docs", ".ci")
    found = [file for top in tops for file in (ROOT / top).rglob("*") if "__pycache__" not in file.parts]
    found += [file for file in ROOT.glob("*") if file.name != "out"]
    suffixes = {".py", ".toml", ".md", ".csv", ".lock", ".html", ".txt", ""}
    return [file for file in found if file.is_file() and file.suffix in suffixes and not file.name.startswith(".")]


def test_nothing_depends_on_one_machine() -> None:
    wrong = []
    foreign = re.compile("|".join(("/" + r"(?:root|home|Users|work|opt)/", r"\.\./" + "shared", r"[A-Z]:\\" + "Users")))
    files = texts()
    assert len(files) > 50
    for file in files:
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
            if foreign.search(line):
                wrong.append(f"{file.relative_to(ROOT)}:{number}: {line.strip()[:80]}")
    assert not wrong


def test_the_lock_names_versions_and_hashes_but_no_index() -> None:
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    entries = re.findall(r"^([A-Za-z0-9._-]+)==\S+.*(?:\\\n +--hash=sha256:[0-9a-f]{64} ?)+$", lock, re.MULTILINE)
    named = re.findall(r"^[A-Za-z]", lock, re.MULTILINE)
    assert len(entries) == len(named) > 30
    assert {"simpy", "numba", "pandas", "pytest", "hatchling"} <= set(entries)
    assert not re.search(r"https?:|--index-url|--find-links|file:|@ ", lock)


def test_functions_fit_on_a_screen_and_modules_stay_short() -> None:
    wrong = []
    for module, file in sources().items():
        text = file.read_text(encoding="utf-8")
        lines = text.count("\n")
        if lines >= 500:
            wrong.append(f"{module} has {lines} lines")
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef):
                documented = ast.get_docstring(node) is not None
                first = (node.body[0].end_lineno or 0) + 1 if documented else node.lineno
                length = (node.end_lineno or 0) - first + 1
                if length > 60:
                    wrong.append(f"{module}:{node.lineno} {node.name} has {length} lines")
    assert not wrong
