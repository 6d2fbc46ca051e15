"""Every reference case that names a tolerance for kernels, against the kernel; signatures as in the closed forms."""

from __future__ import annotations

import importlib
import inspect
import tomllib
from pathlib import Path

import pytest

from processes.kernels.cases import MODELS

# No grid and no time step: their functions are numerical themselves, and exact.
NO_GRID = {"hoist.min_cycle", "reliability.age_replacement_cost_rate", "reliability.optimal_age"}
FILE = Path(__file__).parents[2] / "factory_sim" / "validation" / "physics_cases.toml"
CASES = [case for case in tomllib.loads(FILE.read_text(encoding="utf-8"))["case"]
         if ("kernel_rel_tol" in case or "kernel_abs_tol" in case) and case["model"] not in NO_GRID]  # fmt: skip


def arguments(model: str, inputs: dict[str, float]) -> dict[str, float]:
    names = sorted(inspect.signature(MODELS[model]).parameters, key=len, reverse=True)
    return {next(name for name in names if key == name or key.startswith(name + "_")): inputs[key] for key in inputs}


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_a_kernel_meets_its_tolerance(case) -> None:
    found = MODELS[case["model"]](**arguments(case["model"], case["inputs"]))
    tolerance = {"rel": case.get("kernel_rel_tol", 0.0), "abs": case.get("kernel_abs_tol", 0.0)}
    assert found == pytest.approx(case["expected"], **tolerance)


def test_every_model_with_a_tolerance_has_a_kernel() -> None:
    assert {case["model"] for case in CASES} == set(MODELS)


@pytest.mark.parametrize("model", sorted(MODELS))
def test_a_kernel_has_the_arguments_of_its_closed_form(model) -> None:
    group, _, name = model.partition(".")
    modules = {"heat": "heat_treatment", "micro": "injection", "weld": "welding"}
    try:
        module = importlib.import_module(f"processes.{modules.get(group, group)}")
    except ModuleNotFoundError:
        pytest.skip(f"no module of {group} yet")
    closed = getattr(module, f"{group}_{name}", getattr(module, name, None))
    if closed is None:
        pytest.skip(f"no closed form of {model} yet")
    ours = [p.name for p in inspect.signature(MODELS[model]).parameters.values() if p.default is p.empty]
    assert set(ours) <= set(inspect.signature(closed).parameters)
