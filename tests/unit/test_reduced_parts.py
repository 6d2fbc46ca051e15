"""What the reduced models say when parts begin and end, and what their compile_parameters refuses."""

from __future__ import annotations

import importlib
import math
from typing import Any

import pytest

from processes.reduced import bath, billet, build, die, furnace_load, interpass, melt, mould, tool, web
from tests.unit import test_reduced_laws as laws

NAMES = {
    "billet": laws.BILLET, "melt": laws.MELT, "bath": laws.BATH, "furnace_load": laws.FURNACE,
    "interpass": laws.INTERPASS, "mould": laws.MOULD, "tool": laws.TOOL, "web": laws.WEB, "build": laws.BUILD,
    "die": laws.DIE,
}  # fmt: skip


def compiled(name: str, **changes: Any) -> tuple[list[float], list[float]]:
    module = importlib.import_module(f"processes.reduced.{name}")
    p = module.compile_parameters(**{**NAMES[name], **changes})
    return p, module.initial(p)


@pytest.mark.parametrize("name", NAMES)
def test_parameters_and_states_are_as_many_floats_as_the_module_says(name) -> None:
    module = importlib.import_module(f"processes.reduced.{name}")
    p, x = compiled(name)
    assert len(p) == module.PARAMETERS
    assert len(x) == module.STATES
    assert all(type(number) is float for number in p + x)


@pytest.mark.parametrize(("name", "argument"), [(name, key) for name, keys in NAMES.items() for key in keys])
def test_every_argument_is_checked(name, argument) -> None:
    for wrong in (math.nan, -1e9, -math.inf):
        with pytest.raises(ValueError, match="got"):
            compiled(name, **{argument: wrong})


def test_billet_is_reheated_once_and_then_rejected() -> None:
    p, x = compiled("billet")
    assert billet.finish(p, x) == billet.GOOD
    billet.advance(p, x, 60.0, billet.WAITING)
    assert billet.finish(p, x) == billet.REHEAT
    billet.advance(p, x, billet.time_to(p, x, billet.HEATING, billet.TEMPERATURE, 1220.0), billet.HEATING)
    assert x[billet.TEMPERATURE] == pytest.approx(1220.0)
    billet.advance(p, x, 60.0, billet.WAITING)
    assert billet.finish(p, x) == billet.REJECT


def test_held_billet_takes_what_it_loses() -> None:
    p, x = compiled("billet")
    energy, heat = billet.advance(p, x, 100.0, billet.HEATING)
    assert energy == heat
    assert energy * 0.65 / 100.0 == pytest.approx(math.pi * 0.05 * 0.125 * (15.0 * 1195.0 + 225.1e3), rel=1e-3)


def test_shots_are_refused_where_there_is_too_little_or_no_melt() -> None:
    p, x = compiled("melt", mass=205.0)
    assert melt.begin(p, x, 8.0) == melt.TOO_LITTLE
    assert melt.begin(p, x, 4.0) == pytest.approx(665.0)
    melt.advance(p, x, 1e7, melt.OFF)
    assert x[melt.TEMPERATURE] == pytest.approx(25.0)
    assert melt.solid_fraction(p, x) == 1.0
    assert melt.begin(p, x, 1.0) == melt.FROZEN


def test_topping_up_conserves_heat_and_mass_and_stops_when_full() -> None:
    p, x = compiled("melt")
    before = x[melt.ENTHALPY] * x[melt.MASS]
    added = melt.top_up(p, x, 300.0, 20.0)
    assert added == 200.0
    assert x[melt.MASS] == 1000.0
    brought = 200.0 * melt.enthalpy(p, 20.0)
    assert x[melt.ENTHALPY] * x[melt.MASS] == pytest.approx(before + brought, rel=1e-12)
    assert not melt.in_window(p, x)


def test_bath_leaves_its_window_by_load_and_is_dosed_back() -> None:
    p, x = compiled("bath", low=74.9)
    assert bath.begin(p, x)
    carried = sum(bath.finish(p, x) for _ in range(5))
    assert (75.0 - x[bath.CONCENTRATION]) * 4.0 == pytest.approx(carried)
    assert not bath.begin(p, x)
    bath.dose(p, x, carried)
    assert x[bath.CONCENTRATION] == pytest.approx(75.0)


def test_current_alone_heats_a_bath_above_its_set_point() -> None:
    p, x = compiled("bath", joule=9e3)
    energy, _ = bath.advance(p, x, 1e7, bath.PLATING)
    assert x[bath.TEMPERATURE] == pytest.approx(20.0 + 9e3 / 180.0)
    assert energy == pytest.approx(1e7 * 9e3 / 0.9)


def test_soak_clock_stands_while_the_load_is_out_of_the_band() -> None:
    p, x = compiled("furnace_load")
    furnace_load.advance(p, x, 1e5, furnace_load.HEATING)
    soaked = x[furnace_load.SOAKED]
    furnace_load.advance(p, x, 1800.0, furnace_load.DOOR_OPEN)
    out = x[furnace_load.SOAKED] - soaked
    assert 0.0 < out < 300.0
    back = furnace_load.time_to(p, x, furnace_load.HEATING, furnace_load.SOAKED, x[furnace_load.SOAKED] + 1.0)
    assert back > 60.0
    assert furnace_load.finish(p, x)


def test_heater_of_too_little_power_makes_the_load_rise_in_a_straight_line() -> None:
    p, x = compiled("furnace_load", power=42012.0)
    furnace_load.advance(p, x, 1000.0, furnace_load.HEATING)
    rate = 30e3 / (620.0 * 650.0)
    assert x[furnace_load.TEMPERATURE] == pytest.approx(20.0 + 1000.0 * rate)


def test_joint_is_preheated_welded_and_waited_for() -> None:
    p, x = compiled("interpass")
    assert interpass.begin(p, x) == interpass.TOO_COLD
    wait = interpass.time_to(p, x, interpass.PREHEATING, interpass.TEMPERATURE, 80.0)
    interpass.advance(p, x, wait, interpass.PREHEATING)
    assert interpass.begin(p, x) == interpass.READY
    interpass.advance(p, x, 100.0, interpass.WELDING)
    interpass.finish(p, x)
    assert interpass.begin(p, x) == interpass.TOO_HOT
    interpass.advance(p, x, interpass.time_to(p, x, interpass.COOLING, interpass.JOINT, 150.0), interpass.COOLING)
    assert interpass.begin(p, x) == interpass.READY
    assert not interpass.finished(p, x)


def test_mould_that_stood_open_makes_scrap_until_it_is_warm() -> None:
    p, x = compiled("mould")
    for _ in range(100):
        mould.advance(p, x, 24.0 + mould.begin(p, x), mould.RUNNING)
    assert mould.finish(p, x) == 0.0
    warm = mould.begin(p, x)
    mould.advance(p, x, 3e4, mould.OFF)
    assert mould.begin(p, x) < warm
    assert mould.finish(p, x) == pytest.approx(0.03 * (48.0 - 22.0), abs=0.01)


def test_die_is_judged_before_the_heat_of_the_part_and_wears_faster_hot() -> None:
    p, x = compiled("die")
    verdicts = {}
    for T in (100.0, 200.0, 320.0):
        x[die.TEMPERATURE], worn = T, x[die.WEAR]
        verdicts[T] = die.begin(p, x)
        die.finish(p, x)
        worn = x[die.WEAR] - worn
        assert worn * 8e3 == pytest.approx(1.0 + 0.004 * max(0.0, T - 220.0))
    assert list(verdicts.values()) == [die.TOO_COLD, die.IN_WINDOW, die.TOO_HOT]


def test_edge_makes_the_parts_expected_of_it() -> None:
    p, x = compiled("tool", hazard=0.0)
    expected = tool.remaining_parts(p, x, 4.0, 12.0)
    tool.begin(p, x, 4.0)
    made, worn = 0, False
    while not worn:
        tool.advance(p, x, 12.0, tool.CUTTING)
        worn = tool.finish(p, x)
        made += 1
    assert made == expected
    assert tool.remaining_parts(p, x, 4.0, 12.0) == 0.0
    tool.replace(x)
    assert tool.remaining_parts(p, x, 4.0, 12.0) == expected


def test_breakage_shortens_what_is_expected_of_an_edge() -> None:
    p, x = compiled("tool", hazard=1e-3)
    q = math.exp(-0.012)
    parts = math.ceil(0.9 / (tool.wear_rate(p, 3.0) * 12.0))
    assert tool.remaining_parts(p, x, 3.0, 12.0) == pytest.approx(sum(q**i for i in range(1, parts + 1)))


def test_a_short_stop_loses_no_web_and_a_long_one_what_is_inside() -> None:
    p, x = compiled("web")
    slack = web.time_to(p, x, web.STOPPED, web.EXPOSURE, p[web.MOST_EXPOSURE])
    for stop, lost in ((0.99 * slack, 0.0), (1.01 * slack, 20.0)):
        x = web.initial(p)
        web.advance(p, x, stop, web.STOPPED)
        web.advance(p, x, 50.0, web.RUNNING)
        assert (x[web.LOST], x[web.LOST] + x[web.GOOD]) == pytest.approx((lost, 50.0))


def test_a_stop_of_no_length_keeps_the_last_digit_of_a_set_point() -> None:
    for T_set in (600.0 + 0.37 * i for i in range(300)):
        p = melt.compile_parameters(**(laws.MELT | {"T_set": T_set}))
        x = melt.initial(p)
        before = list(x)
        assert melt.advance(p, x, 0.0, melt.HOLDING) == (0.0, 0.0)
        assert x == before


def test_over_exposed_web_has_left_when_it_is_said_to() -> None:
    p, _ = compiled("web")
    for i in range(1, 200):
        x = web.initial(p)
        web.advance(p, x, 7.3 + i, web.STOPPED)
        web.advance(p, x, 0.1 * i, web.RUNNING)  # no binary fraction: the rest of the way is rounded
        passage = p[web.LENGTH] / p[web.SPEED]
        web.advance(p, x, web.time_to(p, x, web.RUNNING, web.EXPOSURE, passage), web.RUNNING)
        assert x[web.EXPOSURE] == passage


def test_two_short_stops_lose_the_web_that_had_both() -> None:
    p, x = compiled("web")
    slack = web.time_to(p, x, web.STOPPED, web.EXPOSURE, p[web.MOST_EXPOSURE])
    for _ in range(2):
        web.advance(p, x, 0.6 * slack, web.STOPPED)
        web.advance(p, x, 5.0, web.RUNNING)
    assert web.time_to(p, x, web.RUNNING, web.EXPOSURE, p[web.MOST_EXPOSURE]) == pytest.approx(10.0)
    web.advance(p, x, 100.0, web.RUNNING)
    assert x[web.LOST] == pytest.approx(15.0)


def test_web_inside_is_conserved_through_many_stops() -> None:
    p, x = compiled("web")
    for _ in range(40):
        web.advance(p, x, 1.0, web.STOPPED)
        web.advance(p, x, 0.7, web.RUNNING)
        inside = sum(x[web.FIRST : web.FIRST + web.PIECES])
        assert inside == pytest.approx(20.0)
    assert x[web.GOOD] + x[web.LOST] == pytest.approx(28.0)


def test_build_is_lost_by_a_long_pause_and_whole_without() -> None:
    p, x = compiled("build")
    for pause in (500.0, 500.0):
        build.advance(p, x, 3600.0, build.BUILDING)
        build.advance(p, x, pause, build.PAUSED)
    assert not build.is_lost(p, x), "each pause counts for itself"
    build.advance(p, x, 200.0, build.PAUSED)
    assert build.is_lost(p, x)
    assert build.finish(p, x) == pytest.approx(7200.0 / 25.3 * 1.7e-4)
    build.begin(x)
    build.advance(p, x, 1e6, build.BUILDING)
    assert build.finish(p, x) == 0.0
    assert build.time_to(p, x, build.BUILDING, build.RISK, 10.0) == math.inf
