"""What holds of every public physics function: its manual, and what it does with numbers that are none."""

from __future__ import annotations

import importlib
import inspect
import math
import pkgutil
import re
import warnings
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import processes
from factory_sim.validation.physics import arguments_of, function_of, read_cases

CASES = read_cases()
NO_PHYSICS = {"checks", "fields", "materials"}
SECTIONS = ("Parameters", "Raises", "Notes", ">>>")
# Where a formula is from: its status, a year, a standard, another function, a balance or definition.
SOURCE = re.compile(
    r"recalled|read|typical|derived|computed|integrated|definition|balance|geometry|continuity|solved|(19|20)\d\d|\bISO\b|\bEN\b|`",
    re.IGNORECASE,
)
UNIT = re.compile(r"\[[^\]]+\]|\(\d[^)]*\]")  # a share has a range: (0, 1]


def public_functions() -> Iterator[Callable[..., Any]]:
    """Yield the public functions of the modules of `processes`."""
    for found in pkgutil.iter_modules(processes.__path__):
        if not found.ispkg and found.name not in NO_PHYSICS:
            module = importlib.import_module(f"processes.{found.name}")
            for name, function in inspect.getmembers(module, inspect.isfunction):
                if function.__module__ == module.__name__ and not name.startswith("_"):
                    yield function


def entries(manual: str) -> list[str]:
    """Return the entries of the parameters that are floats, each with the lines that explain it."""
    found: list[str] = []
    for line in manual.partition("Parameters\n----------\n")[2].partition("\nRaises")[0].splitlines():
        if line.startswith(" ") and found:
            found[-1] += line
        else:
            found.append(line)
    return [entry for entry in found if " : float" in entry or " : array" in entry]


@pytest.mark.parametrize("function", list(public_functions()), ids=lambda function: function.__name__)
def test_docstring_is_a_manual(function: Callable[..., Any]) -> None:
    manual = inspect.getdoc(function) or ""
    missing = [section for section in SECTIONS if section not in manual]
    assert not missing, f"{function.__module__}.{function.__name__} lacks {missing}"
    untold = [name for name in inspect.signature(function).parameters if name not in manual]
    assert not untold, f"{function.__module__}.{function.__name__} does not explain {untold}"
    without = [entry for entry in entries(manual) if not UNIT.search(entry) and "As in" not in entry]
    assert not without, f"{function.__module__}.{function.__name__} gives no unit of {without}"
    assert SOURCE.search(manual.partition("Notes")[2]), f"{function.__module__}.{function.__name__} names no source"


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


def call_of(case: dict[str, Any]) -> tuple[Callable[..., Any], dict[str, Any]]:
    """Return the function of a case and its arguments."""
    function = function_of(case["model"])
    assert function is not None
    return function, arguments_of(function, case["inputs"])


NUMBERS = [
    (case, name)
    for case in CASES
    for name, value in call_of(case)[1].items()
    if isinstance(value, int | float) and not isinstance(value, bool)
]


def wrong_numbers(value: float) -> st.SearchStrategy[float]:
    """Draw numbers that an engineer may write by mistake: another sign, another unit, nothing, no number."""
    others = st.sampled_from([math.nan, math.inf, -math.inf, 0.0, -1.0, -value, -1e-9])
    return others | st.floats(-3.0, 3.0).map(lambda power: value * 10.0**power)


@settings(max_examples=500, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.data())
def test_any_number_gives_a_number_or_an_error_with_name_and_value(data: st.DataObject) -> None:
    """The error names an argument, what may stand there and what stood there; nothing else is ever raised.

    Numbers beyond 1000 times the usual are left out: there a power may overflow. Whole numbers keep their size.
    """
    case, name = data.draw(st.sampled_from(NUMBERS))
    function, arguments = call_of(case)
    value = arguments[name]
    whole = isinstance(value, int) and value < 1000
    arguments[name] = data.draw(
        st.sampled_from([math.nan, 0, -1, -value, value + 1]) if whole else wrong_numbers(value)
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # ranges in which a formula holds are told as warnings
        try:
            answer: Any = function(**arguments)
        except ValueError as error:
            told = str(error)
            assert any(re.search(rf"\b{argument}\b", told) for argument in arguments), told
            assert re.search(r"must|never reached|too far", told) and "got " in told, told
        else:
            parts = answer if isinstance(answer, tuple) else (answer,)
            assert not any(math.isnan(part) for part in parts if isinstance(part, float)), arguments


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_an_array_of_the_wrong_shape_is_told(case: dict[str, Any]) -> None:
    """Functions of numbers refuse lists; fields refuse coordinates whose shapes do not fit each other."""
    function, arguments = call_of(case)
    names = [name for name, value in arguments.items() if isinstance(value, float)]
    for name in names[:1] + names[-1:]:
        with pytest.raises(ValueError, match=name):
            function(**(arguments | {name: [[1.0, 2.0], [3.0]]}))


def test_a_list_may_not_be_one_number_or_hold_texts() -> None:
    """Functions of lists say which one is none, whatever stands in its place."""
    for case in CASES:
        function = function_of(case["model"])
        assert function is not None
        arguments = arguments_of(function, case["inputs"])
        for name in (name for name, value in arguments.items() if isinstance(value, list)):
            for bad in (3.0, None, "3", ["a"], {"a": 1.0}):
                with pytest.raises(ValueError, match=rf"{name}.* must be a list of (lists of )?numbers"):
                    function(**{**arguments, name: bad})
