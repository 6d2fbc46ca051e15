"""Every reference case that names a tolerance for kernels, against the kernel; signatures as in the closed forms."""

from __future__ import annotations

import inspect

import pytest

from factory_sim.validation.physics import KERNEL, TOLERANCES, function_of, judge, read_cases
from processes.kernels.cases import MODELS

# No grid and no time step: their functions are numerical themselves, and exact.
NO_GRID = {"hoist.min_cycle", "reliability.age_replacement_cost_rate", "reliability.optimal_age"}
CASES = [case for case in read_cases() if case.keys() & {*TOLERANCES[KERNEL]} and case["model"] not in NO_GRID]


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_a_kernel_meets_its_tolerance(case) -> None:
    (verdict,) = (verdict for verdict in judge(case) if verdict.way == KERNEL)
    assert verdict.passed, verdict


def test_every_model_with_a_tolerance_has_a_kernel() -> None:
    assert {case["model"] for case in CASES} == set(MODELS)


@pytest.mark.parametrize("model", sorted(MODELS))
def test_a_kernel_has_the_arguments_of_its_closed_form(model) -> None:
    closed = function_of(model)
    assert closed is not None
    ours = [p.name for p in inspect.signature(MODELS[model]).parameters.values() if p.default is p.empty]
    assert set(ours) <= set(inspect.signature(closed).parameters)
