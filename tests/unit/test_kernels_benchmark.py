"""`benchmarks/kernels.py` tells every broken promise and wrong answer; the speeds themselves are not a unit test."""

from __future__ import annotations

import importlib.util
import sys
import time
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

SCRIPT = Path(__file__).parents[2] / "benchmarks" / "kernels.py"


@pytest.fixture(scope="module")
def kernels() -> ModuleType:
    spec = importlib.util.spec_from_file_location("kernels_benchmark", SCRIPT)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["kernels_benchmark"] = module  # its dataclasses look themselves up
    spec.loader.exec_module(module)
    return module


def pair(kernels, answer: float, least: float):
    def slow() -> np.ndarray:
        time.sleep(0.004)
        return np.array([answer])

    return kernels.Pair("quick", "slow", lambda: np.array([1.0]), slow, 1e-3, 10.0, least)


def test_a_ratio_is_that_of_the_times_and_a_promise_that_is_kept_is_no_problem(kernels) -> None:
    result = kernels.measure(pair(kernels, 1.0005, 2.0), 3, 1e9)
    assert result.median_ratio > 2.0
    assert len(result.ratios) == 3
    assert result.problems == []


def test_a_wrong_answer_and_a_broken_promise_are_told(kernels) -> None:
    result = kernels.kept(pair(kernels, 2.0, 1e9), 1, 1e9, False)
    assert [problem.split(":")[0] for problem in result.problems] == ["quick", "quick against slow"]
    assert kernels.kept(pair(kernels, 1.0, 1e9), 1, 1e9, True).problems == []
    assert kernels.kept(pair(kernels, float("nan"), 0.0), 1, 1e9, False).problems
    assert "quick" in kernels.text([result], 1e9)
