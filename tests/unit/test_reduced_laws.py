"""What holds for every reduced model: additivity, zero time, inversion, range, energy; restricted to plain floats."""

from __future__ import annotations

import ast
import importlib
import math
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from processes import reduced

FOLDER = Path(reduced.__file__).parent


class Case(NamedTuple):
    """A model with its parameters; ranges of its states, its modes, and what `time_to` can be asked for."""

    name: str
    arguments: dict[str, Any]
    states: tuple[tuple[float, float], ...]
    modes: tuple[int, ...]
    variables: tuple[int, ...]
    content: Any = None  # (p, x) -> J
    sources: tuple[float, float] | None = None  # no temperature of state 0 leaves this range and its start


BILLET = {
    "diameter": 0.05, "length": 0.1, "rho": 7600.0, "c": 680.0, "h": 15.0, "emissivity": 0.8, "T_ambient": 25.0,
    "T_heated": 1220.0, "T_reheat": 1150.0, "T_reject": 700.0, "reheats": 1, "heating_power": 30e3, "efficiency": 0.65,
    "k": 28.0,
}  # fmt: skip
MELT = {
    "mass": 800.0, "mass_full": 1000.0, "heel": 200.0, "c_solid": 963.0, "c_liquid": 1160.0, "latent": 389e3,
    "T_freeze": 585.0, "UA": 9.0, "open_area": 0.12, "open_flux": 23.3e3, "T_ambient": 25.0, "T_set": 680.0,
    "power": 60e3, "efficiency": 0.6, "transfer_drop": 15.0, "T_cold": 640.0, "T_hot": 720.0,
}  # fmt: skip
BATH = {
    "volume": 4.0, "rho": 1150.0, "c": 3700.0, "concentration": 75.0, "deposition": 0.9e-3, "anode": 0.8e-3,
    "dosing": 0.0, "dragout": 1.2e-3, "UA": 180.0, "T_ambient": 20.0, "T_set": 55.0, "heater": 20e3, "joule": 4e3,
    "rectifier": 0.9, "efficiency": 0.95, "low": 60.0, "high": 90.0, "T_low": 50.0, "T_high": 60.0,
}  # fmt: skip
FURNACE = {
    "mass": 620.0, "c": 650.0, "surface": 18.0, "h": 20.0, "emissivity": 0.8, "T_start": 20.0, "T_set": 860.0,
    "T_ambient": 20.0, "band": 10.0, "soak": 3600.0, "power": 150e3, "UA": 14.3, "UA_door": 60.0, "lining": 2e5,
    "efficiency": 0.7, "half_thickness": 0.03, "k": 28.0,
}  # fmt: skip

INTERPASS = {
    "mass": 12.0, "c": 500.0, "surface": 0.25, "h": 12.0, "emissivity": 0.6, "T_ambient": 25.0, "T_preheat": 80.0,
    "T_interpass": 150.0, "arc_heat": 4000.0, "arc_electricity": 6000.0, "preheat_heat": 5e3, "preheat_fuel": 12e3,
    "passes": 3, "width": 0.2, "diffusivity": 1.1e-5,
}  # fmt: skip
MOULD = {
    "heat_capacity": 8e3, "shot_heat": 18e3, "loss_running": 45.0, "loss_off": 6.0, "T_coolant": 40.0,
    "T_ambient": 22.0, "unit_power": 9e3, "T_begin": 40.0, "T_low": 48.0, "T_high": 70.0, "cold_slope": 0.03,
    "hot_slope": 0.03, "thickness": 2.5e-3, "diffusivity": 0.9e-7, "T_melt": 235.0, "T_eject": 85.0,
    "T_reference": 55.0,
}  # fmt: skip
TOOL = {"speed_for_1min_life": 5.0, "n": 0.25, "limit": 0.9, "hazard": 2e-5}
WEB = {
    "length": 20.0, "speed": 1.0, "stopped_rate": 0.5, "water_in": 0.030, "rate": 1.9e-3, "critical": 0.008,
    "water_least": 1e-4, "water_most": 2.5e-3, "power": 200e3, "stopped_power": 80e3,
}  # fmt: skip
BUILD = {
    "layers": 4000, "melt_time": 16.3, "recoat": 9.0, "layer_mass": 1.7e-4, "hazard": 2e-6, "longest_pause": 600.0,
    "power": 4e3, "pause_power": 1.5e3,
}  # fmt: skip
DIE = {
    "heat_capacity": 60e3, "part_heat": 240e3, "loss_running": 55.0, "loss_stopped": 20.0, "T_sink": 30.0,
    "T_begin": 150.0, "heater": 6e3, "efficiency": 0.8, "T_low": 120.0, "T_high": 300.0, "life": 8e3,
    "reference": 220.0, "growth": 0.004,
}  # fmt: skip

CASES = [
    Case("billet", BILLET, ((26.0, 1220.0), (0.0, 100.0), (0.0, 2.0)), (0,), (0, 1),
         lambda p, x: p[12] * x[0], (25.0, 1220.0)),
    Case("billet", BILLET, ((26.0, 1220.0), (0.0, 100.0), (0.0, 2.0)), (1,), (0,),
         lambda p, x: p[12] * x[0], (25.0, 1220.0)),
    Case("billet", BILLET | {"emissivity": 0.0, "loss_factor": 0.8}, ((26.0, 1220.0), (0.0, 1.0), (0.0, 2.0)), (0, 1),
         (0,), lambda p, x: p[12] * x[0], (25.0, 1220.0)),
    Case("melt", MELT, ((-500e3, 600e3), (200.0, 1000.0), (0.0, 0.0)), (0, 1), (0,), lambda _, x: x[0] * x[1]),
    Case("bath", BATH, ((1.0, 90.0), (20.0, 90.0), (0.1, 1.0)), (0, 1, 2), (0, 1), lambda p, x: p[1] * x[1]),
    Case("bath", BATH | {"heater": 3e3, "joule": 9e3}, ((1.0, 90.0), (20.0, 90.0), (0.1, 1.0)), (0, 1, 2), (0, 1),
         lambda p, x: p[1] * x[1]),
    Case("furnace_load", FURNACE, ((20.0, 859.0), (0.0, 4e3)), (1,), (0, 1), lambda p, x: p[12] * x[0], (20.0, 860.0)),
    Case("furnace_load", FURNACE, ((20.0, 859.9), (0.0, 4e3)), (0, 2), (0, 1), lambda p, x: p[13] * x[0],
         (20.0, 860.0)),
    Case("interpass", INTERPASS, ((26.0, 300.0), (0.0, 200.0), (0.0, 0.0), (0.0, 2.0)), (0,), (0, 1, 2),
         lambda p, x: p[36] * x[0], (25.0, 300.0)),
    Case("interpass", INTERPASS, ((26.0, 300.0), (0.0, 200.0), (0.0, 0.0), (0.0, 2.0)), (1, 2), (0, 1),
         lambda p, x: p[36] * x[0]),
    Case("mould", MOULD, ((22.0, 90.0), (40.0, 40.0)), (0, 1, 2), (0,), lambda p, x: p[0] * x[0], (22.0, 90.0)),
    Case("tool", TOOL, ((0.0, 1.0), (1e-4, 1e-2), (0.0, 100.0), (0.1, 1.0), (0.0, 5.0)), (0, 1), (0, 2, 3)),
    Case("web", WEB, (), (0, 1), (0,)),
    Case("build", BUILD, ((0.0, 3999.0), (0.0, 0.1), (100.0, 200.0), (0.0, 100.0)), (0,), (0, 1)),
    Case("build", BUILD, ((0.0, 3999.0), (0.0, 0.1), (100.0, 200.0), (100.0, 100.0)), (1,), (2,)),
    Case("die", DIE, ((31.0, 500.0), (150.0, 150.0), (0.0, 0.9), (0.0, 9.0)), (0, 1, 2), (0,),
         lambda p, x: p[0] * x[0], (30.0, 500.0)),
]  # fmt: skip


def law_of(case: Case) -> tuple[Any, list[float]]:
    module = importlib.import_module(f"processes.reduced.{case.name}")
    return module, module.compile_parameters(**case.arguments)


def start_of(case: Case, module: Any, p: list[float], data: Any) -> list[float]:
    """A state drawn anywhere in its range; states that follow from others are made to."""
    x = [data.draw(st.floats(low, high)) for low, high in case.states]
    if case.name == "melt":
        x[2] = module.temperature(p, x[0])
    if case.name == "interpass":
        x[2] = x[0] + x[1]
    if case.name == "web":
        x = module.initial(p)
        for _ in range(data.draw(st.integers(0, 12))):
            module.advance(p, x, data.draw(st.floats(0.1, 9.0)), data.draw(st.sampled_from((0, 1))))
    return x


seconds = st.one_of(st.floats(0.0, 100.0), st.floats(0.0, 3e5))
each = pytest.mark.parametrize("case", CASES, ids=[f"{case.name}{i}" for i, case in enumerate(CASES)])


@each
@settings(max_examples=60)
@given(st.data())
def test_two_times_are_one_of_their_sum_and_zero_changes_nothing(case, data) -> None:
    module, p = law_of(case)
    x = start_of(case, module, p, data)
    mode = data.draw(st.sampled_from(case.modes))
    t1, t2 = data.draw(seconds), data.draw(seconds)
    once, still = list(x), list(x)
    assert module.advance(p, still, 0.0, mode) == (0.0, 0.0)
    assert still == x
    parts = [module.advance(p, x, t, mode) for t in (t1, t2)]
    whole = module.advance(p, once, t1 + t2, mode)
    assert x == pytest.approx(once, rel=1e-8, abs=1e-7)
    scale = max(1.0, *(abs(value) for value in whole), *(abs(part) for both in parts for part in both))
    for i in (0, 1):
        assert abs(parts[0][i] + parts[1][i] - whole[i]) < 1e-8 * scale + 1e-2


@each
@settings(max_examples=60)
@given(st.data())
def test_energy_closes_and_temperatures_keep_their_range(case, data) -> None:
    module, p = law_of(case)
    x = start_of(case, module, p, data)
    mode = data.draw(st.sampled_from(case.modes))
    before = list(x)
    energy, heat = module.advance(p, x, data.draw(seconds), mode)
    assert energy >= 0.0
    if case.content is not None:
        change = case.content(p, x) - case.content(p, before)
        scale = max(abs(energy), abs(heat), abs(case.content(p, before)), 1.0)
        assert abs(energy - heat - change) <= 1e-9 * scale
    if case.sources is not None:
        low, high = min(case.sources[0], before[0]), max(case.sources[1], before[0])
        assert low - 1e-9 <= x[0] <= high + 1e-9


@each
@settings(max_examples=60)
@given(st.data())
def test_time_to_inverts_advance(case, data) -> None:
    module, p = law_of(case)
    x = start_of(case, module, p, data)
    mode = data.draw(st.sampled_from(case.modes))
    variable = data.draw(st.sampled_from(case.variables))
    assert module.time_to(p, x, mode, variable, x[variable]) == 0.0
    if case.name == "web" and mode == 1:
        return  # its exposure falls in jumps: a test of its own
    later = list(x)
    dt = data.draw(st.floats(0.1, 2e4))
    module.advance(p, later, dt, mode)
    level = later[variable]
    module.advance(p, much_later := list(later), 0.1 * dt, mode)
    if min(abs(level - x[variable]), abs(level - much_later[variable])) < 1e-5 * max(1.0, abs(level)):
        return  # held, or so near to where it settles that the time is lost in rounding
    time = module.time_to(p, x, mode, variable, level)
    assert time <= dt * 1.0001 + 1e-3, "the level is passed at dt or before"
    there = list(x)
    module.advance(p, there, time, mode)
    assert there[variable] == pytest.approx(level, rel=1e-8, abs=1e-6)


@each
@settings(max_examples=30)
@given(st.data())
def test_what_is_never_reached_takes_for_ever(case, data) -> None:
    module, p = law_of(case)
    x = start_of(case, module, p, data)
    mode = data.draw(st.sampled_from(case.modes))
    for variable in case.variables:
        assert module.time_to(p, x, mode, variable, -1e7) == math.inf
        assert module.time_to(p, x, mode, variable, 1e9) > 1e6, "as a clock or a count would need, or for ever"


def test_importing_the_package_imports_nothing_heavy() -> None:
    names = [file.stem for file in FOLDER.glob("*.py") if file.stem != "__init__"]
    code = "import sys, processes.reduced\n" + "\n".join(f"import processes.reduced.{name}" for name in names)
    code += "\nprint([name for name in ('numba', 'numpy', 'scipy') if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


FORBIDDEN = (
    ast.Dict, ast.ListComp, ast.DictComp, ast.SetComp, ast.GeneratorExp, ast.Lambda, ast.Try, ast.With, ast.Raise,
    ast.JoinedStr, ast.Starred, ast.Import, ast.ImportFrom,
)  # fmt: skip


def test_run_time_functions_keep_to_what_a_compiler_takes() -> None:
    """No comprehension, exception, text or import in any function but those that compile or calibrate."""
    wrong = []
    for file in FOLDER.glob("*.py"):
        if file.stem == "_section":
            continue  # calibrates only
        for node in ast.parse(file.read_text(encoding="utf-8")).body:
            before_run = {"compile_parameters", "calibrate", "law"}
            if not isinstance(node, ast.FunctionDef) or node.name in before_run or node.name.startswith("_compile"):
                continue
            for inner in ast.walk(node):
                if isinstance(inner, FORBIDDEN):
                    wrong.append(f"{file.name}:{inner.lineno} {node.name} has {type(inner).__name__}")
    assert not wrong
