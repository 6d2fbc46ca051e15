"""The reference cases of material flow, each as a plant file that is read and run like any other.

A case is judged as its file says: |mean - expected| <= tolerance, with a standard error below a third of the tolerance.
Replications, shorter and more of them than the file asks for, are added until all figures of the case are that sharp.
Another file of the same schema may be put beside `cases_events.toml`, as `cases_events_<topic>.toml`: the mechanism of
a case chooses the builder, its parameters do the rest.
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Callable
from functools import cache
from importlib import import_module
from pathlib import Path
from statistics import mean, stdev

import pytest

from factory_sim.model import read
from factory_sim.simulation.prepare import prepare
from factory_sim.simulation.run import simulate
from tests.theory.event_plants import Case, Figures, Model
from tests.theory.observe import MINUTE, Seen

HERE = Path(__file__).parent
FILES = sorted(HERE.glob("cases_events*.toml"))
CASES: dict[str, Case] = {
    case["id"]: case for file in FILES for case in tomllib.loads(file.read_text(encoding="utf-8"))["case"]
}
MODULES = [import_module(f"tests.theory.{file.stem}") for file in sorted(HERE.glob("*_plants.py"))]  # found, not listed
MODELS: dict[str, Callable[[Case], Model]] = {name: make for module in MODULES for name, make in module.MODELS.items()}
SLOW: set[str] = set().union(*(getattr(module, "SLOW", ()) for module in MODULES))
SPLIT = 10  # a replication of the file becomes so many, each with its own warm-up
MOST = 4  # times as many as the file has, if those are not sharp enough
FEWEST = 10  # replications, for a standard error that can be trusted
SPLITTABLE = 1000  # parts or time units; a shorter run is a terminating one
GROWTH = 1.1  # of the number of replications, until the next look at the standard errors
SHARP = 1.0 / 3.0  # standard error in tolerances
PAIRS = [
    pytest.param(
        name, kpi["name"], id=f"{name}-{kpi['name']}", marks=[pytest.mark.slow] if case["mechanism"] in SLOW else []
    )
    for name, case in CASES.items()
    for kpi in case["kpi"]
]


def build(case: Case) -> Model:
    """Return the plant file and the figures of a case."""
    return MODELS[case["mechanism"]](case["parameters"] | {"model": case["model"]})


def tolerance_of(kpi: Case) -> float:
    """Return the tolerance as a difference."""
    return float(kpi["tolerance"] * (abs(kpi["expected"]) if kpi["tolerance_kind"] == "rel" else 1.0))


def standard_error(values: list[float]) -> float:
    return stdev(values) / math.sqrt(len(values)) if len(values) > 1 else math.inf


@pytest.fixture(scope="module")
def directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("plants")


@cache
def figures_of(name: str, directory: Path) -> list[Figures]:
    """Return the figures of all replications of a case."""
    case = CASES[name]
    model = build(case)
    file = directory / f"{name}.toml"
    file.write_text(model.plant, encoding="utf-8")
    plan = prepare(read(file), demand_mode=model.demand_mode)

    def replicate(number: int, begin: float, end: float) -> Figures:
        trace = simulate(plan, seed=1, replication=number, horizon=end * 60.0)
        return model.figures(Seen(plan, trace, round(begin * MINUTE)))

    if model.single is not None:
        return [replicate(0, *model.single)]
    run = case.get("run", {"replications": 2, "length": model.starts, "warmup": 0})
    split = model.split or (SPLIT if run["length"] >= SPLITTABLE and run["replications"] > 1 else 1)
    begin, length = (model.unit * run[key] / split for key in ("warmup", "length"))
    found: list[Figures] = []
    enough = FEWEST
    while len(found) < MOST * run["replications"] * split:
        found.append(replicate(len(found), begin, begin + length))
        if len(found) >= min(enough, run["replications"] * split):
            if all(is_sharp(kpi, found) for kpi in case["kpi"]):
                break
            enough = math.ceil(GROWTH * enough)
    return found


def is_sharp(kpi: Case, found: list[Figures]) -> bool:
    """Tell whether the standard error of a figure is small enough to judge it; a bound has no tolerance."""
    if kpi["compare"] != "two-sided":
        return True
    return standard_error([figures[kpi["name"]] for figures in found]) < SHARP * tolerance_of(kpi)


@pytest.mark.parametrize(("name", "figure"), PAIRS)
def test_case(name: str, figure: str, directory: Path) -> None:
    found = figures_of(name, directory)
    kpi = next(kpi for kpi in CASES[name]["kpi"] if kpi["name"] == figure)
    values = [figures[figure] for figures in found]
    difference, tolerance = mean(values) - kpi["expected"], tolerance_of(kpi)
    seen = f"{mean(values):.6g} in {len(values)} runs, expected {kpi['expected']:.6g}"
    if len(values) > 1:
        seen += f", with a standard error of {standard_error(values):.2g}"
        assert is_sharp(kpi, found), f"{seen}: not sharp enough, run longer"
    if kpi["compare"] == "<=":
        assert difference <= tolerance, seen
    elif kpi["compare"] == ">=":
        assert difference >= -tolerance, seen
    else:
        assert abs(difference) <= tolerance, seen
