"""Die of a high-pressure casting machine: against the closed forms, the invariants, and its operating rule."""

from __future__ import annotations

import ast
import importlib.util
import math
import subprocess
import sys
from pathlib import Path
from types import FunctionType, ModuleType, SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factory_sim.technology import MARKER, check_processes
from factory_sim.technology import high_pressure_casting as die
from factory_sim.technology.laws import LAWS
from processes import casting, die_casting
from processes.materials import material

CYCLE = 128.0
GIGA: dict[str, Any] = {
    "heat_capacity": 1.9e6,
    "shot_heat": 68.9e6,
    "spray_share": 0.15,
    "loss_running": 2950.0,
    "loss_stopped": 650.0,
    "sink_temperature": 60.0,
    "preheat_temperature": 150.0,
    "freeze_temperature": 570.0,
    "dwell": 42.0,
    "reference_temperature": 200.0,
    "window_low": 180.0,
    "window_high": 250.0,
    "cold_slope": 0.03,
    "hot_slope": 0.02,
    "discard_after": 600.0,
    "discard_shots": 7,
    "release_temperature": None,
    "preheat_after": 7200.0,
}
NET = {
    "T_sink": 60.0,
    "heat_per_shot": 68.9e6 * 0.85,
    "die_heat_capacity": 1.9e6,
    "UA": 2950.0,
    "cycle": CYCLE,
}
seconds = st.floats(0.0, 1e5)


def giga(**changes) -> list[float]:
    return die.compile_parameters(SimpleNamespace(**{**GIGA, **changes}), CYCLE)


def shot(p, x, idle_s=0.0, run_s=CYCLE, stopped_s=0.0):
    die.begin(p, x, idle_s)
    die.finish(p, x, run_s, stopped_s)
    return die.judge(p, x)


def steady(p) -> list[float]:
    """A die in steady production: warm, nothing left to discard."""
    x = die.initial(p)
    for _ in range(200):
        shot(p, x)
    return x


def discarded(p, x, shots, idle_s=0.0) -> list[int]:
    """Which of the next shots the rule discards; the first one begins after `idle_s`."""
    return [shot(p, x, idle_s if n == 0 else 0.0)[0] for n in range(shots)]


# Against the closed forms.


def test_shots_follow_the_closed_form() -> None:
    p = giga()
    x = die.initial(p)
    for n in range(1, 60):
        shot(p, x)
        expected = die_casting.hpdc_die_temperature_before_shot(150.0, **NET, n_shots=n)
        assert x[die.TEMPERATURE] == pytest.approx(expected, rel=1e-12)


def test_many_shots_reach_the_steady_temperature() -> None:
    p = giga()
    expected = die_casting.hpdc_die_temperature_steady(**NET)
    assert steady(p)[die.TEMPERATURE] == pytest.approx(expected, rel=1e-12)
    assert die.steady_temperature(p, CYCLE) == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("stop", [0.0, 60.0, 300.0, 900.0, 3600.0, 86400.0])
def test_rewarming_after_a_stop_takes_the_closed_form_number_of_shots(stop) -> None:
    p = giga(loss_stopped=2950.0)
    x = steady(p)
    before = []
    for n in range(60):
        shot(p, x, stop if n == 0 else 0.0)
        before.append(x[die.BEGIN_TEMPERATURE])
    assert sum(temperature < 180.0 for temperature in before) == die_casting.hpdc_rewarm_shots_after_stop(
        **NET, stop=stop, T_target=180.0
    )


def test_dwell_follows_the_freezing_time() -> None:
    p = giga()
    wall = {"shell": 0.01, "rho": 2640.0, "latent_eff": 540e3, "k_solid": 150.0, "h_interface": 8000.0}
    for temperature in (60.0, 150.0, 200.0, 260.0, 400.0):
        here = casting.mixed_resistance_time(**wall, T_freeze=570.0, T_die=temperature)
        reference = casting.mixed_resistance_time(**wall, T_freeze=570.0, T_die=200.0)
        assert die.dwell(p, temperature) == pytest.approx(42.0 * here / reference)


def test_the_proposed_heat_follows_from_the_alloy() -> None:
    alloy = {name: entry.value for name, entry in material("AlSi10MnMg").items()}
    taken = {name: alloy[name] for name in ("T_liquidus", "T_solidus", "c_liquid", "latent", "c_solid")}
    heat = die_casting.hpdc_shot_heat(shot_mass=95.0, T_inlet=670.0, T_eject=400.0, **taken)
    assert heat == pytest.approx(GIGA["shot_heat"], rel=1e-3)
    assert 3.8e3 * material("H13")["c_solid"].value == pytest.approx(GIGA["heat_capacity"])


# Invariants.


@given(seconds, seconds, st.floats(20.0, 400.0), st.sampled_from([die.RUNNING, die.STOPPED]))
def test_two_stretches_equal_one_and_zero_changes_nothing(first, second, temperature, mode) -> None:
    p = giga()
    parts, whole = die.initial(p), die.initial(p)
    parts[die.TEMPERATURE] = whole[die.TEMPERATURE] = temperature
    heat = die.advance(p, parts, first, mode) + die.advance(p, parts, second, mode)
    assert heat == pytest.approx(die.advance(p, whole, first + second, mode), rel=1e-9, abs=1e-3)
    assert parts == pytest.approx(whole, rel=1e-12)
    before = list(whole)
    assert die.advance(p, whole, 0.0, mode) == 0.0
    assert whole == before


@given(st.floats(0.0, 1500.0), st.floats(0.0, 1500.0))
def test_a_stop_told_in_two_calls_is_one_stop_for_the_rule(first, second) -> None:
    p = giga()
    parts, whole = steady(p), steady(p)
    die.advance(p, parts, first, die.STOPPED)
    told = die.begin(p, parts, second)
    assert told == pytest.approx(die.begin(p, whole, first + second))
    assert parts == pytest.approx(whole)


@given(st.floats(60.0, 300.0), st.floats(1.0, 3e4), st.sampled_from([die.RUNNING, die.STOPPED]))
def test_heat_to_the_sink_is_its_integral_and_what_the_die_loses(temperature, dt, mode) -> None:
    p = giga()
    x = die.initial(p)
    x[die.TEMPERATURE] = temperature
    loss = GIGA["loss_stopped"] if mode == die.STOPPED else GIGA["loss_running"]
    steps = 2000
    flow = [loss * (temperature - 60.0) * math.exp(-loss * dt * k / steps / 1.9e6) for k in range(steps + 1)]
    integral = dt / steps / 3.0 * (flow[0] + flow[-1] + 4.0 * sum(flow[1:-1:2]) + 2.0 * sum(flow[2:-1:2]))
    heat = die.advance(p, x, dt, mode)
    assert heat == pytest.approx(integral, rel=1e-6, abs=1.0)
    assert heat == pytest.approx(1.9e6 * (temperature - x[die.TEMPERATURE]), rel=1e-9, abs=1.0)


@given(st.lists(st.tuples(st.floats(0.0, 5000.0), st.floats(100.0, 160.0)), min_size=1, max_size=20))
def test_heat_in_less_heat_out_is_what_the_die_stores(shots) -> None:
    p = giga()
    x = die.initial(p)
    stored, out = x[die.TEMPERATURE], 0.0
    for idle, run in shots:
        out += die.advance(p, x, idle, die.STOPPED)
        die.begin(p, x, 0.0)
        out += die.advance(p, x, run, die.RUNNING)
        die.finish(p, x, 0.0, 0.0)
    heat_in = len(shots) * NET["heat_per_shot"]
    assert heat_in - out == pytest.approx(1.9e6 * (x[die.TEMPERATURE] - stored), rel=1e-9, abs=100.0)


@given(st.lists(st.tuples(st.floats(0.0, 1e5), st.floats(90.0, 400.0), st.floats(0.0, 5000.0)), max_size=30))
def test_the_die_stays_between_sink_and_the_hottest_it_can_be(shots) -> None:
    p = giga()
    x = die.initial(p)
    coldest, hottest = 60.0 - 1e-9, die.steady_temperature(p, 90.0) + 1e-9
    for idle, run, stopped in shots:
        discard, window_scrap = shot(p, x, idle, run, stopped)
        assert coldest <= x[die.BEGIN_TEMPERATURE] <= hottest
        assert coldest <= x[die.TEMPERATURE] <= hottest
        assert 0.0 <= window_scrap <= 1.0 and discard in (0, 1)


@given(seconds, st.floats(1.0, 1e4))
def test_a_longer_stop_leaves_a_colder_die_a_shorter_dwell_and_more_cold_scrap(idle, more) -> None:
    p = giga()
    short, long = steady(p), steady(p)
    extra_short, *_ = die.begin(p, short, idle)
    extra_long, *_ = die.begin(p, long, idle + more)
    assert long[die.BEGIN_TEMPERATURE] <= short[die.BEGIN_TEMPERATURE] + 1e-9
    assert extra_long <= extra_short + 1e-9
    die.finish(p, long, CYCLE, 0.0)
    die.finish(p, short, CYCLE, 0.0)
    assert die.judge(p, long)[1] >= die.judge(p, short)[1] - 1e-9


def test_running_and_stopped_time_in_a_cycle_commute() -> None:
    p = giga()
    one, other = steady(p), steady(p)
    die.begin(p, one, 0.0)
    die.begin(p, other, 0.0)
    die.finish(p, one, CYCLE, 500.0)
    die.advance(p, other, 500.0, die.STOPPED)
    die.finish(p, other, CYCLE, 0.0)
    assert one == pytest.approx(other)


def test_restart_after_an_endless_closure_equals_the_start() -> None:
    p = giga()
    reopened, fresh = steady(p), die.initial(p)
    assert die.opened(p, reopened, 1e9) == pytest.approx(1.9e6 * 90.0)
    for _ in range(12):
        assert die.begin(p, reopened, 0.0) == die.begin(p, fresh, 0.0)
        die.finish(p, reopened, CYCLE, 0.0)
        die.finish(p, fresh, CYCLE, 0.0)
        assert die.judge(p, reopened) == die.judge(p, fresh)


@given(st.floats(61.0, 300.0), st.floats(0.0, 1.0), st.sampled_from([die.RUNNING, die.STOPPED]))
def test_time_to_a_level_brings_the_die_there(temperature, share, mode) -> None:
    p = giga()
    x = die.initial(p)
    x[die.TEMPERATURE] = temperature
    level = 60.5 + share * (temperature - 60.5)
    die.advance(p, x, die.time_to(p, x, mode, level), mode)
    assert x[die.TEMPERATURE] == pytest.approx(level, abs=1e-9)


def test_time_to_a_level_that_is_never_reached_is_endless() -> None:
    p = giga()
    x = die.initial(p)
    assert die.time_to(p, x, die.STOPPED, 150.0) == 0.0
    for level in (150.1, 60.0, 20.0):
        assert die.time_to(p, x, die.STOPPED, level) == math.inf
    assert die.time_to(p, x, die.RUNNING, 100.0) < die.time_to(p, x, die.STOPPED, 100.0)
    x[die.TEMPERATURE] = 60.0
    assert die.time_to(p, x, die.STOPPED, 60.0) == 0.0
    assert die.time_to(p, x, die.STOPPED, 61.0) == math.inf
    x[die.TEMPERATURE] = 20.0  # colder than the sink: it warms up
    assert 0.0 < die.time_to(p, x, die.STOPPED, 50.0) < math.inf


# Dwell and the operating rule.


def test_dwell_is_the_reference_at_its_temperature_and_at_most_four_times_it() -> None:
    p = giga()
    assert die.dwell(p, 200.0) == 42.0
    assert die.dwell(p, 100.0) < 42.0 < die.dwell(p, 260.0)
    bound = 570.0 - 370.0 / 4.0
    assert die.dwell(p, bound - 1e-6) == pytest.approx(168.0)
    for temperature in (bound, 569.9, 570.0, 600.0):
        assert die.dwell(p, temperature) == 168.0


def test_the_first_shots_and_those_after_a_long_stop_are_discarded() -> None:
    p = giga()
    x = die.initial(p)
    assert discarded(p, x, 9) == [1] * 7 + [0] * 2
    assert discarded(p, x, 3, idle_s=600.0) == [0] * 3
    assert discarded(p, x, 9, idle_s=600.1) == [1] * 7 + [0] * 2


def test_a_second_long_stop_starts_the_count_again() -> None:
    p = giga()
    x = steady(p)
    assert discarded(p, x, 3, idle_s=1000.0) == [1] * 3
    assert discarded(p, x, 9, idle_s=1000.0) == [1] * 7 + [0] * 2


def test_a_long_stop_inside_a_cycle_discards_that_shot_and_the_next_ones() -> None:
    p = giga()
    x = steady(p)
    assert shot(p, x, stopped_s=600.0)[0] == 0
    assert shot(p, x, stopped_s=601.0)[0] == 1
    assert discarded(p, x, 9) == [1] * 7 + [0] * 2


def test_short_stops_of_different_cycles_do_not_add_up() -> None:
    p = giga()
    x = steady(p)
    for _ in range(5):
        assert shot(p, x, idle_s=400.0, stopped_s=400.0)[0] == 0


def test_a_release_temperature_replaces_the_count() -> None:
    p = giga(release_temperature=180.0)
    x = die.initial(p)
    for idle in [0.0] * 20 + [1440.0] + [0.0] * 20:
        die.begin(p, x, idle)
        assert x[die.DISCARDED] == (x[die.BEGIN_TEMPERATURE] < 180.0)
        die.finish(p, x, CYCLE, 0.0)
    assert shot(p, x, stopped_s=700.0)[0] == 1  # froze in a standing machine
    assert x[die.TEMPERATURE] < 180.0


def test_a_closure_preheats_only_if_it_is_long_and_the_die_is_cold() -> None:
    p = giga()
    short, long, warm = steady(p), steady(p), steady(giga(loss_stopped=1.0))
    die.opened(p, short, 7200.0)
    assert short[die.TEMPERATURE] == pytest.approx(60.0 + 140.196 * math.exp(-650.0 * 7200.0 / 1.9e6), abs=1e-2)
    assert die.opened(p, long, 7201.0) > 0.0
    assert long[die.TEMPERATURE] == 150.0
    assert die.opened(giga(loss_stopped=1.0), warm, 7201.0) == 0.0
    assert warm[die.TEMPERATURE] > 150.0
    assert discarded(p, warm, 8) == [1] * 7 + [0]


def test_scrap_probability_is_linear_outside_the_window_and_clipped() -> None:
    p = giga()
    assert [die.window_scrap(p, T) for T in (180.0, 200.0, 250.0)] == [0.0, 0.0, 0.0]
    assert die.window_scrap(p, 170.0) == pytest.approx(0.3)
    assert die.window_scrap(p, 260.0) == pytest.approx(0.2)
    assert die.window_scrap(p, 60.0) == 1.0


def test_the_window_judges_the_die_at_the_begin_of_the_shot() -> None:
    p = giga(discard_after=1e9)
    x = steady(p)
    discard, window_scrap = shot(p, x, idle_s=900.0)
    assert discard == 0
    assert window_scrap == pytest.approx(0.03 * (180.0 - x[die.BEGIN_TEMPERATURE]))


# The proposed giga die: what its numbers are meant to do.


@pytest.mark.parametrize(("minutes", "shots"), [(4, 0), (12, 2), (24, 5), (72, 8), (480, 10)])
def test_the_giga_die_needs_more_shots_after_a_longer_stop(minutes, shots) -> None:
    p = giga()
    x = steady(p)
    before = []
    for n in range(60):
        extra, *_ = die.begin(p, x, 60.0 * minutes if n == 0 else 0.0)
        before.append(x[die.BEGIN_TEMPERATURE])
        die.finish(p, x, CYCLE + extra, 0.0)
    assert sum(temperature < 180.0 for temperature in before) == shots


def test_normal_cycles_never_leave_the_window() -> None:
    p = giga()
    for cycle in (142.0, 118.0, 112.0):
        assert die.window_scrap(p, die.steady_temperature(p, cycle)) == 0.0


# Parameters, catalogue, compiled form, marker.


def test_parameters_are_floats_in_the_order_of_their_names() -> None:
    p = giga(release_temperature=170.0)
    assert len(p) == die.PARAMETERS and all(type(number) is float for number in p)
    assert len(die.initial(p)) == die.STATES
    for name, value in {**GIGA, "release_temperature": 170.0}.items():
        if name != "physics_scrap":
            assert p[getattr(die, name.upper())] == value
    assert giga()[die.RELEASE_TEMPERATURE] == die.NO_RELEASE


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"freeze_temperature": 199.0}, "freeze_temperature must exceed sink_temperature and reference_temperature"),
        ({"window_low": 250.0}, "window_low must be below window_high, got 250.0 and 250.0"),
        ({"release_temperature": 201.0}, "release_temperature must be below the steady .* 200.2 degC .* got 201.0"),
        ({"heat_capacity": 0.0}, "die_heat_capacity must be positive and finite, got 0.0"),
    ],
)
def test_parameters_that_cannot_work_are_told(changes, message) -> None:
    with pytest.raises(ValueError, match=message):
        giga(**changes)


def test_every_law_has_what_an_engine_calls() -> None:
    calls = ("compile_parameters", "initial", "begin", "finish", "judge", "opened", "renew", "energy")
    for law in LAWS:
        assert all(callable(getattr(law, function)) for function in calls), law.__name__
        for constant in ("READS_PARTS", "SHOWN", "SHOWN_AT_BEGIN", "LUCK", "HOLD"):
            assert hasattr(law, constant), law.__name__


NOT_FOR_A_COMPILER = (
    ast.Dict, ast.DictComp, ast.SetComp, ast.GeneratorExp, ast.Lambda, ast.Try, ast.With, ast.Raise, ast.JoinedStr,
    ast.Import, ast.ImportFrom, ast.Attribute,
)  # fmt: skip


def test_laws_keep_to_what_a_compiler_takes() -> None:
    """What is called in the run has no dictionary, exception, text, or attribute but of a module."""
    wrong = []
    for law in LAWS:
        for node in ast.parse(Path(str(law.__file__)).read_text(encoding="utf-8")).body:
            before = ("compile_parameters", "initial")
            if isinstance(node, ast.FunctionDef) and node.name not in before and not reads_the_table(node):
                wrong += [f"{law.__name__} {node.name}: {ast.unparse(inner)}" for inner in refused(law, node)]
    assert not wrong


def reads_the_table(function: ast.FunctionDef) -> bool:
    """Whether it is called before the run: it has the table of the station."""
    return any(argument.arg == "table" for argument in function.args.args)


def refused(law: ModuleType, function: ast.FunctionDef) -> list[ast.AST]:
    """What a function has that a compiler does not take."""

    def of_a_module(node: ast.AST) -> bool:
        owner = node.value if isinstance(node, ast.Attribute) else None
        return isinstance(owner, ast.Name) and isinstance(vars(law).get(owner.id), ModuleType)

    return [node for node in ast.walk(function) if isinstance(node, NOT_FOR_A_COMPILER) and not of_a_module(node)]


def test_the_dynamics_compile_and_give_the_same_numbers() -> None:
    numba = pytest.importorskip("numba")
    numpy = pytest.importorskip("numpy")
    spec = importlib.util.spec_from_file_location("compiled_die", die.__file__)
    assert spec is not None and spec.loader is not None
    compiled: Any = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(compiled)
    for name, value in list(vars(compiled).items()):
        called_in_the_run = name not in ("compile_parameters", "steady_temperature", "initial")
        if isinstance(value, FunctionType) and value.__module__ == "compiled_die" and called_in_the_run:
            setattr(compiled, name, numba.njit(value))
    p = giga()
    x = die.initial(p)
    fast_p, fast_x = numpy.array(p), numpy.array(x)
    for idle, run, stopped in [(0.0, 128.0, 0.0)] * 9 + [(1440.0, 130.0, 20.0), (3.0, 128.0, 700.0), (0.0, 128.0, 0.0)]:
        assert compiled.begin(fast_p, fast_x, idle) == pytest.approx(die.begin(p, x, idle), rel=1e-12)
        die.finish(p, x, run, stopped)
        compiled.finish(fast_p, fast_x, run, stopped)
        assert compiled.judge(fast_p, fast_x, fast_p) == pytest.approx(die.judge(p, x), rel=1e-12)
    assert compiled.opened(fast_p, fast_x, 1e5) == pytest.approx(die.opened(p, x, 1e5), rel=1e-12)
    assert compiled.time_to(fast_p, fast_x, die.STOPPED, 100.0) == pytest.approx(die.time_to(p, x, die.STOPPED, 100.0))
    assert list(fast_x) == pytest.approx(x, rel=1e-12)


def test_another_package_of_the_same_name_is_told_with_a_remedy() -> None:
    import processes

    check_processes(processes)
    assert processes.MARKER == MARKER
    other = ModuleType("processes")
    other.__file__ = "site-packages/processes/__init__.py"
    with pytest.raises(ImportError, match=r"another package named 'processes'.*uninstall.*ppuri-factory-sim"):
        check_processes(other)


def test_importing_technology_beside_another_package_fails(tmp_path) -> None:
    (tmp_path / "processes").mkdir()
    (tmp_path / "processes" / "__init__.py").write_text("VERSION = '1.0'\n")
    root = Path(die.__file__).parents[2]
    code = f"import sys; sys.path[:0] = [{str(tmp_path)!r}, {str(root)!r}]; import factory_sim.technology"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "another package named 'processes' was found at" in done.stderr
    assert str(tmp_path) in done.stderr
