"""Every reference case of `cases_*.toml` against the function its model names.

A model "group.name" is the function `group_name` or `name` of the module `processes.<group>` (or the one in `MODULES`).
An input is an argument of that name, or of that name with the unit taken off: `T_die_degC` is `T_die`. A case of a
model that has no function yet is skipped, so a larger file of the same schema may simply be put here.
"""

from __future__ import annotations

import importlib
import inspect
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

MODULES = {
    "anodize": "plating",
    "ded": "additive",
    "giga": "die_casting",
    "heat": "heat_treatment",
    "hpdc": "die_casting",
    "line": "reliability",
    "lpbf": "additive",
    "micro": "injection",
    "mold": "mould",
    "paint": "coating",
    "pdm": "reliability",
    "pvd": "coating",
    "queue": "reliability",
    "robot": "robots",
    "sensor": "sensors",
    "spot": "welding",
    "weld": "welding",
}
# Units that are not SI and what one of them is in SI; everything else counts as SI (or degC).
INPUT_UNITS = {"kWh": 3.6e6, "kg_per_kWh": 1.0 / 3.6e6, "kW": 1e3, "KRW_per_kWh": 1.0 / 3.6e6, "KRW_per_kW": 1e-3}
RESULT_UNITS = {"1/h": 1.0 / 3600.0, "kWh": 3.6e6, "kW": 1e3}
FILES = sorted(Path(__file__).parent.glob("cases_*.toml"))
CASES = [case for file in FILES for case in tomllib.loads(file.read_text(encoding="utf-8"))["case"]]


def function_of(model: str) -> Callable[..., float] | None:
    """Return the function that computes a model, or None if there is none yet."""
    group, _, name = model.partition(".")
    path = f"processes.{MODULES.get(group, group)}"
    try:
        module = importlib.import_module(path)
    except ModuleNotFoundError as error:
        if error.name != path:
            raise
        return None
    return getattr(module, f"{group}_{name}", getattr(module, name, None))


def arguments_of(function: Callable[..., float], inputs: dict[str, Any]) -> dict[str, Any]:
    """Return the keyword arguments for the inputs of a case, in SI: the longest parameter name that fits wins."""
    parameters = sorted(inspect.signature(function).parameters, key=len, reverse=True)
    found = {}
    for key, value in inputs.items():
        parameter = next((p for p in parameters if key == p or key.startswith(p + "_")), None)
        assert parameter is not None, f"{function.__name__} has no argument for {key}, only {parameters}"
        assert parameter not in found, f"{function.__name__} gets {parameter} twice"
        factor = INPUT_UNITS.get(key[len(parameter) + 1 :], 1)
        found[parameter] = value if factor == 1 else value * factor
    return found


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_reference_case(case: dict[str, Any]) -> None:
    function = function_of(case["model"])
    if function is None:
        pytest.skip(f"no function for {case['model']} yet")
    result = function(**arguments_of(function, case["inputs"])) / RESULT_UNITS.get(case["unit"], 1.0)
    assert result == pytest.approx(case["expected"], rel=case["rel_tol"], abs=case.get("abs_tol", 0.0))


def test_a_model_without_a_function_is_none_and_an_unknown_input_is_told() -> None:
    assert function_of("no_such_group.model") is None
    assert function_of("energy.no_such_model") is None
    gate_area = function_of("hpdc.gate_area")
    assert gate_area is not None
    with pytest.raises(AssertionError, match="no argument for colour"):
        arguments_of(gate_area, {"colour": 1.0})


def test_inputs_in_other_units_arrive_in_si() -> None:
    co2 = function_of("energy.co2")
    assert co2 is not None
    assert arguments_of(co2, {"electricity_kWh": 2.0, "factor_kg_per_kWh": 3.6}) == {
        "electricity": 7.2e6,
        "factor": pytest.approx(1e-6),
    }
