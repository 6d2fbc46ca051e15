"""Reference cases of the physics: each calls the public function that its model names and compares the answer.

A model "group.name" is the function `group_name` or `name` of the module `processes.<group>` (or the one in `MODULES`);
a case with a tolerance for kernels is solved on a grid too. An input is an argument of that name, or of that name with
the unit taken off: `T_die_degC` is `T_die`. Nothing here knows a single case: any file of the same form may be judged.
"""

from __future__ import annotations

import importlib
import importlib.util
import inspect
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from factory_sim.model.problems import InputError, Problem, nearest
from factory_sim.model.syntax import Document, load

CASES = Path(__file__).with_name("physics_cases.toml")
"""The shipped cases."""

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
INPUT_UNITS = {
    "KRW_per_kW": 1e-3,
    "KRW_per_kWh": 1.0 / 3.6e6,
    "deg": math.pi / 180.0,
    "kW": 1e3,
    "kWh": 3.6e6,
    "kg_per_kWh": 1.0 / 3.6e6,
    "ml_per_100g": 1e-5,
    "per_kWh": 1.0 / 3.6e6,
}
RESULT_UNITS = {"1/h": 1.0 / 3600.0, "kWh": 3.6e6, "kW": 1e3}
# What the name of an input in SI may have behind that of the argument, between underscores.
SI_WORDS = {"A", "C", "Hz", "J", "K", "N", "Pa", "V", "W", "degC", "kg", "kgK", "m", "m2", "m2K", "m3", "mK", "mol"}
SI_WORDS |= {"n", "ohm", "pct", "per", "percent", "rad", "rev", "s", "s2", "year"}

FORMULA, KERNEL = "formula", "kernel"
TOLERANCES = {FORMULA: ("rel_tol", "abs_tol"), KERNEL: ("kernel_rel_tol", "kernel_abs_tol")}


@dataclass(frozen=True)
class Verdict:
    """A case solved in one way. `got` is nan if it could not be solved; `message` says why."""

    id: str
    model: str
    way: str
    expected: float
    got: float
    rel_tol: float
    abs_tol: float
    unit: str
    message: str = ""

    @property
    def tolerance(self) -> float:
        """By how much `got` may miss `expected`: the greater of both tolerances."""
        return max(self.rel_tol * abs(self.expected), self.abs_tol)

    @property
    def passed(self) -> bool:
        return abs(self.got - self.expected) <= self.tolerance

    def to_json(self) -> dict[str, Any]:
        """Return it as a JSON object."""
        return {
            "case": self.id,
            "model": self.model,
            "way": self.way,
            "expected": self.expected,
            "got": None if math.isnan(self.got) else self.got,
            "tolerance": self.tolerance,
            "unit": self.unit,
            "passed": self.passed,
            "message": self.message,
        }


class Case(dict[str, Any]):
    """A case as it stands in a file, and where."""

    def __init__(self, document: Document, index: int) -> None:
        super().__init__(document.raw["case"][index])
        self.document, self.index = document, index

    def place(self, *path: str) -> str:
        """Return file and line of a key."""
        return f"{self.document.file}:{self.document.place.line(('case', self.index, *path))}"


class InputProblem(ValueError):
    """An input of a case does not fit its model; `name` is that of the input."""

    def __init__(self, message: str, name: str) -> None:
        super().__init__(message)
        self.name = name


def read_cases(file: str | Path = CASES) -> list[Case]:
    """Return the cases of a file.

    Raises
    ------
    InputError  With every problem of the file.
    """
    document = load(str(file))
    cases = document.raw.get("case")
    found = list(document.problems)
    if not isinstance(cases, list) or not cases:
        found.append(Problem(document.file, 1, "case", "there is no case; write [[case]] with its keys below"))
    else:
        found += [problem for index, case in enumerate(cases) for problem in _problems(document, index, case)]
    if found:
        raise InputError(found)
    assert isinstance(cases, list)
    return [Case(document, index) for index in range(len(cases))]


def same_ids(cases: list[Case]) -> Iterator[str]:
    """Yield a sentence for each case with the id of one before it: both are judged, but can hardly be told apart."""
    first: dict[str, Case] = {}
    for case in cases:
        before = first.setdefault(case["id"], case)
        if before is not case:
            yield f"{case.place('id')}: the id {case['id']} is that of {before.place('id')} too; give each case its own"


def _problems(document: Document, index: int, case: Any) -> Iterator[Problem]:
    kinds: dict[str, Any] = {"id": str, "model": str, "unit": str, "expected": (int, float), "inputs": dict}
    if not isinstance(case, dict):
        yield document.problem(("case", index), "a case must be a table; write [[case]]")
        return
    for key, kind in kinds.items():
        if key not in case:
            yield document.problem(("case", index), f"the key {key} is missing")
        elif not isinstance(case[key], kind) or isinstance(case[key], bool):
            yield document.problem(("case", index, key), f"{case[key]!r} is not what is needed here")
        elif key == "expected" and not math.isfinite(case[key]):
            yield document.problem(("case", index, key), f"a finite number is needed here, not {case[key]!r}")
    for key in (*TOLERANCES[FORMULA], *TOLERANCES[KERNEL]):
        tolerance = case.get(key, 0.0)
        if not isinstance(tolerance, int | float) or isinstance(tolerance, bool) or not 0.0 <= tolerance < math.inf:
            yield document.problem(
                ("case", index, key), f"a tolerance must be a number of at least 0, not {tolerance!r}"
            )


def judge(case: dict[str, Any]) -> Iterator[Verdict]:
    """Yield the verdict of a case by its formula, and by the kernel if it has a tolerance for that."""
    yield _solve(case, FORMULA, function_of(case["model"]))
    kernel = kernel_of(case["model"])
    if any(key in case for key in TOLERANCES[KERNEL]) and kernel is not None:
        yield _solve(case, KERNEL, kernel)


def _solve(case: dict[str, Any], way: str, function: Callable[..., float] | None) -> Verdict:
    rel_tol, abs_tol = (float(case.get(key, 0.0)) for key in TOLERANCES[way])
    got, message, where = math.nan, "", ["inputs"]
    if function is None:
        message, where = f"there is no model {case['model']}{_hint(case['model'])}", ["model"]
    else:
        try:
            got = float(function(**arguments_of(function, case["inputs"]))) / RESULT_UNITS.get(case["unit"], 1.0)
        except (ValueError, TypeError, ArithmeticError) as error:
            message = str(error)
            where += [error.name] if isinstance(error, InputProblem) else []
    if message and isinstance(case, Case):
        message = f"{case.place(*where)}: {message}"
    return Verdict(
        case["id"], case["model"], way, float(case["expected"]), got, rel_tol, abs_tol, case["unit"], message
    )


def _hint(model: str) -> str:
    close = nearest(model, _known_models())
    return f"; did you mean {close}?" if close else ""


@cache
def _known_models() -> tuple[str, ...]:
    """Return the models of the shipped cases."""
    return tuple(dict.fromkeys(case["model"] for case in read_cases()))


def function_of(model: str) -> Callable[..., float] | None:
    """Return the function that computes a model, None if there is none.

    >>> function_of("hpdc.gate_area").__module__, function_of("energy.no_such_model")
    ('processes.die_casting', None)
    """
    group, _, name = model.partition(".")
    path = f"processes.{MODULES.get(group, group)}"
    if not name.isidentifier() or not group.isidentifier() or importlib.util.find_spec(path) is None:
        return None
    module = importlib.import_module(path)
    found = getattr(module, f"{group}_{name}", getattr(module, name, None))
    return found if inspect.isfunction(found) and not name.startswith("_") else None


def kernel_of(model: str) -> Callable[..., float] | None:
    """Return the function that solves a model on a grid, None if there is none."""
    from processes.kernels.cases import MODELS

    return MODELS.get(model)


def arguments_of(function: Callable[..., float], inputs: dict[str, Any]) -> dict[str, Any]:
    """Return the keyword arguments for the inputs of a case, in SI: the longest parameter name that fits wins.

    Raises
    ------
    InputProblem  If an input is no argument, has an unknown unit or is no number, or two are the same argument.
    """
    parameters = sorted(inspect.signature(function).parameters, key=len, reverse=True)
    found: dict[str, Any] = {}
    for key, value in inputs.items():
        parameter = next((p for p in parameters if key == p or key.startswith(p + "_")), None)
        if parameter is None or parameter in found:
            what = "has no argument for" if parameter is None else f"gets {parameter} twice, once by"
            message = f"{function.__name__} {what} the input {key}; its arguments are {', '.join(parameters)}"
            raise InputProblem(message, key)
        found[parameter] = _in_si(key, key[len(parameter) + 1 :], value)
    return found


def _in_si(key: str, unit: str, value: Any) -> Any:
    """Return the value of an input in SI."""
    factor = INPUT_UNITS.get(unit)
    if factor is None:
        if unit and not SI_WORDS.issuperset(unit.split("_")):
            others = ", ".join(INPUT_UNITS)
            raise InputProblem(f"{unit} of the input {key} is no unit known here: use SI, degC or one of {others}", key)
        return value
    if not isinstance(value, int | float):
        raise InputProblem(f"{key} must be a number, got {value!r}", key)
    return value * factor
