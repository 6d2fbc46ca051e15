"""Every core that a public function of `processes.kernels` calls has a twin, an exact test and a benchmark."""

from __future__ import annotations

import ast
import importlib
import json
import os
import platform
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

from processes import kernels
from processes.kernels import reference

FOLDER = Path(kernels.__file__).parent
ROOT = Path(__file__).parents[2]
UNIT = ROOT / "tests" / "unit"


class Proof(NamedTuple):
    """Where the three stand: a name in `reference`, a test in `test_kernels_<file>.py`, a file of benchmarks."""

    twin: str
    file: str
    exact: str
    benchmark: str


PROOFS = {
    "_block_core.run": Proof("block", "block", "test_a_quenched_block_is_the_product_of_three_walls", "grids"),
    "_casting_core.advance": Proof("casting", "casting", "test_a_plate_is_the_plate_of_one_dimension", "grids"),
    "_enthalpy_core.run": Proof(
        "freeze", "enthalpy", "test_freezing_between_cold_walls_takes_the_time_of_stefan", "bodies"
    ),
    "_fields_core.ellipsoids": Proof("ellipsoids", "fields", "test_the_heat_of_the_ellipsoid_is_the_power", "welds"),
    "_fields_core.images": Proof("images", "fields", "test_a_thick_plate_has_the_point_source_of_the_books", "welds"),
    "_fields_core.line": Proof("line", "fields", "test_a_thin_plate_has_the_bessel_function_of_the_books", "welds"),
    "_lumped_core.after": Proof("after_many", "lumped", "test_temperature_and_time_are_inverse", "first_use"),
    "_lumped_core.after_many": Proof("after_many", "lumped", "test_without_radiation_it_is_the_exponential", "bodies"),
    "_section_core.run_phase": Proof("section_phase", "section", "test_a_die_without_channels_is_a_wall", "grids"),
    "_slab_core.run": Proof("SlabTwin", "slab", "test_a_fixed_face_gives_the_series", "bodies"),
}
# No loop over a grid or a batch: steps of Newton, a rule of Simpson with its own test of order, a look at each cell.
PARTS = {"_lumped_core.equilibrium", "_lumped_core.time_between", "_casting_core.note_frozen"}
# Benchmarks that call it by another name: the public function for its arguments, a shorter module.
THROUGH = {"_slab_core.run": "conduct(", "_lumped_core.after": "core.after,"}


def called_cores() -> set[str]:
    """Return `module.function` of each core that a public module uses."""
    found = set()
    for file in FOLDER.glob("[a-z]*.py"):
        tree = ast.parse(file.read_text(encoding="utf-8"))
        names = {
            alias.asname or alias.name: alias.name
            for node in ast.walk(tree)
            if isinstance(node, ast.ImportFrom) and node.module == "processes.kernels"
            for alias in node.names
            if alias.name.endswith("_core")
        }
        found |= {
            f"{names[node.value.id]}.{node.attr}"
            for node in ast.walk(tree)
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in names
        }
    return found


def test_no_core_is_forgotten() -> None:
    assert called_cores() == set(PROOFS) | PARTS


@pytest.mark.parametrize("core", sorted(PROOFS))
def test_a_core_has_twin_exact_test_and_benchmark(core) -> None:
    proof = PROOFS[core]
    module, name = core.split(".")
    assert hasattr(importlib.import_module(f"processes.kernels.{module}"), name)
    assert hasattr(reference, proof.twin)
    tests = (UNIT / f"test_kernels_{proof.file}.py").read_text(encoding="utf-8")
    assert f"reference.{proof.twin}(" in tests, "no test compares it with its twin"
    assert f"def {proof.exact}(" in tests, "no test compares it with an exact solution"
    benchmark = (ROOT / "benchmarks" / f"{proof.benchmark}.py").read_text(encoding="utf-8")
    assert THROUGH.get(core, core) in benchmark, "no benchmark runs it"


# What the loops that take the time are compiled in; SIMD means that one instruction multiplies several numbers. Parts
# are seen in the core that they are written into: known_x, known_y and sweep_x in run_phase, explicit in run.
INNER = {
    "_block_core": ["rates", "sweep"],
    "_casting_core": ["temperatures", "advance_row"],
    "_enthalpy_core": ["potentials", "advance_metal", "advance_mould"],
    "_fields_core": ["images", "line", "ellipsoids"],
    "_lumped_core": ["settle_block", "cool_block"],
    "_section_core": ["run_phase"],
    "_slab_core": ["solve", "run"],
}
LOOPS = {"_section_core.run_phase": 3}
LEAST_PACKED = 20  # cool_block has 97; a loop that the compiler gives up has none or a handful
COUNT = """
import json, re, sys
from importlib import import_module
from benchmarks import bodies, grids, welds
pairs = bodies.lumped_pairs(True) + bodies.slab_pairs(True) + bodies.enthalpy_pairs(True) + welds.fields_pairs(True)
for pair in pairs + grids.section_pairs(True, None)[:1] + grids.block_pairs(True) + grids.casting_pairs(True, None):
    pair.kernel()
found = {}
for module, names in json.loads(sys.argv[1]).items():
    for name in names:
        core = getattr(import_module(f"processes.kernels.{module}"), name)
        assembly = "".join(core.inspect_asm().values())
        found[f"{module}.{name}"] = len(re.findall(r"\\bv(?:mul|add|sub|div|fn?m(?:add|sub)\\d+)pd\\b", assembly))
print(json.dumps(found))
"""


@pytest.mark.slow
@pytest.mark.skipif(platform.machine() not in {"x86_64", "AMD64"}, reason="names of x86 instructions")
def test_inner_loops_are_simd(tmp_path) -> None:
    """Numba shows the assembly of what it has compiled itself only: a new process with an empty cache."""
    environment = os.environ | {"NUMBA_CACHE_DIR": str(tmp_path), "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", COUNT, json.dumps(INNER)], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    packed = json.loads(done.stdout)
    assert len(packed) == sum(len(names) for names in INNER.values())
    scalar = {core: count for core, count in packed.items() if count < LEAST_PACKED * LOOPS.get(core, 1)}
    assert not scalar, f"loops that are no longer SIMD: {scalar}"
