"""What holds of every public physics function: its manual, and what it does with numbers that are none."""

from __future__ import annotations

import importlib
import inspect
import math
import pkgutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest

import processes
from factory_sim.validation.physics import arguments_of, function_of, read_cases

CASES = read_cases()
NO_PHYSICS = {"checks", "materials"}
SECTIONS = ("Parameters", "Raises", "Notes", ">>>")


def public_functions() -> Iterator[Callable[..., Any]]:
    """Yield the public functions of the modules of `processes`."""
    for found in pkgutil.iter_modules(processes.__path__):
        if not found.ispkg and found.name not in NO_PHYSICS:
            module = importlib.import_module(f"processes.{found.name}")
            for name, function in inspect.getmembers(module, inspect.isfunction):
                if function.__module__ == module.__name__ and not name.startswith("_"):
                    yield function


@pytest.mark.parametrize("function", list(public_functions()), ids=lambda function: function.__name__)
def test_docstring_is_a_manual(function: Callable[..., Any]) -> None:
    manual = inspect.getdoc(function) or ""
    missing = [section for section in SECTIONS if section not in manual]
    assert not missing, f"{function.__module__}.{function.__name__} lacks {missing}"
    untold = [name for name in inspect.signature(function).parameters if name not in manual]
    assert not untold, f"{function.__module__}.{function.__name__} does not explain {untold}"


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_every_argument_is_checked(case: dict[str, Any]) -> None:
    function = function_of(case["model"])
    assert function is not None
    arguments = arguments_of(function, case["inputs"])
    for name, value in arguments.items():
        if isinstance(value, int | float) and not isinstance(value, bool):
            for bad in (math.nan, math.inf):
                with pytest.raises(ValueError, match=name):
                    function(**(arguments | {name: bad}))
