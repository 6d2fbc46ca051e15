"""Die section: exact decay, orders, energy, spray, periodic state, twin, invariants."""

from __future__ import annotations

import math
from typing import Any, cast

import numpy as np
import pytest

from processes.kernels import reference
from processes.kernels.section import Channel, Die, Phase, _prepare, network, periodic_state, run_cycles
from processes.kernels.slab import conduct

H13: dict[str, Any] = {"k": 28.0, "rho_c": 7750.0 * 520.0}
COOLED = Die(0.06, 0.04, (18, 12), 28.0, 7750.0 * 520.0, [Channel(0.03, 0.02, 0.006)], h_back=50.0)
CYCLE = [Phase(10.0, 5000.0, 500.0), Phase(2.0, 8000.0, 40.0, steps=10), Phase(28.0, 20.0, 40.0)]


def decay_error(cells: int, steps: int) -> float:
    """Return the largest error of a mode between a fixed face and three planes of symmetry; all units 1."""
    die = Die(1.0, 1.0, (cells, cells), 1.0, 1.0)
    x, y = die.places()
    mode = 100.0 * np.sin(0.5 * math.pi * x) * np.cos(math.pi * y)
    T = run_cycles(die, [Phase(0.1, 1e12, 0.0, steps=steps)], mode, 1).T
    return float(np.abs(T - mode * math.exp(-(0.25 + 1.0) * math.pi**2 * 0.1)).max())


def test_order_two_in_space() -> None:
    errors = [decay_error(cells, 200) for cells in (8, 16, 32)]
    rates = np.log2(np.divide(errors[:-1], errors[1:]))
    assert rates == pytest.approx(2.0, abs=0.2), f"errors {errors}"


def test_order_two_in_time() -> None:
    def end(steps: int) -> np.ndarray:
        return run_cycles(COOLED, [Phase(4.0, 5000.0, 500.0, steps=steps)], 150.0, 1).T

    exact = end(4000)
    errors = [np.abs(end(steps) - exact).max() for steps in (40, 80, 160)]
    rates = np.log2(np.divide(errors[:-1], errors[1:]))
    assert rates == pytest.approx(2.0, abs=0.2), f"errors {errors}"


def test_a_die_without_channels_is_a_wall() -> None:
    die = Die(0.02, 0.01, (40, 4), **H13)
    T = run_cycles(die, [Phase(3.0, 4000.0, 40.0, steps=60)], 300.0, 1).T
    wall = conduct(np.full((1, 401), 300.0), 3.0, 0.02, **H13, h=4000.0, T_fluid=40.0, steps=400).T[0]
    assert np.ptp(T, axis=1).max() < 1e-9
    exact = np.interp(0.02 - die.places()[0][:, 0], np.linspace(0.0, 0.02, 401), wall)
    assert np.abs(T[:, 0] - exact).max() < 0.1


def test_given_flux_is_found_again_as_heat() -> None:
    die = Die(0.06, 0.04, (18, 12), **H13)
    flux = np.linspace(1e4, 5e5, 12)
    T = run_cycles(die, [Phase(7.0, 0.0, 0.0, flux, steps=9)], 20.0, 3).T
    held = (T - 20.0).sum() * 0.06 * 0.04 / (18 * 12) * H13["rho_c"]
    assert held == pytest.approx(3 * 7.0 * (flux * 0.04 / 12).sum(), rel=1e-10)


def test_in_the_steady_state_the_channels_and_the_back_take_what_the_face_gives() -> None:
    net = network(COOLED)
    T = periodic_state(COOLED, [Phase(200.0, 0.0, 0.0, 2e5, steps=40)], tolerance=1e-9).T
    out = ((net.sink_x + net.sink_y) * T - (net.gain_x + net.gain_y)).sum()
    assert out == pytest.approx(2e5 * 0.04, rel=1e-3)  # the damped steps are split, see the notes


def test_a_round_channel_cools_like_a_round_channel() -> None:
    """A small channel in the middle of a wide die against the resistance of film and a wall that is mostly solid."""
    die = Die(0.1, 0.1, (60, 60), 28.0, 4e6, [Channel(0.05, 0.05, 0.01)], h_channel=1000.0, T_water=20.0)
    net = network(die)
    area = 2.0 * math.pi * 0.01
    film = (net.sink_x + net.sink_y).sum()
    assert film == pytest.approx(area * 1000.0, rel=0.05)  # the half cell of steel is in series


def test_spray_and_shot_stay_in_the_range_of_their_sources() -> None:
    for steps in (1, 2, 10, 100):
        quench = [Phase(1.0, 2e4, 600.0, steps=steps), Phase(0.5, 1e5, 30.0, steps=steps)]
        run = run_cycles(COOLED, quench, 200.0, 2)
        assert 30.0 - 1e-6 <= run.ends.min() <= run.ends.max() <= 600.0 + 1e-6, steps


def test_the_periodic_state_is_that_of_very_many_cycles() -> None:
    state = periodic_state(COOLED, CYCLE, tolerance=1e-6)
    assert state.cycles < 15
    many = run_cycles(COOLED, CYCLE, 150.0, 300)
    assert many.change < 1e-6
    np.testing.assert_allclose(state.T, many.T, atol=1e-4)
    np.testing.assert_allclose(state.ends[-1], state.T)
    warmer = periodic_state(COOLED, CYCLE, 400.0, tolerance=1e-6)
    np.testing.assert_allclose(state.T, warmer.T, atol=1e-4)


def test_a_cycle_of_no_length_changes_nothing_and_two_stops_equal_one() -> None:
    T = np.random.default_rng(11).uniform(50.0, 400.0, (18, 12))
    holes = COOLED.holes()[0] > 0.0
    T[holes] = 30.0
    np.testing.assert_array_equal(run_cycles(COOLED, [Phase(0.0, 10.0, 20.0)], T, 3).T, T)
    np.testing.assert_array_equal(run_cycles(COOLED, CYCLE, T, 0).T, T)
    one = run_cycles(COOLED, [Phase(60.0, 10.0, 20.0, steps=600)], 200.0, 1).T
    two = [Phase(20.0, 10.0, 20.0, steps=200), Phase(40.0, 10.0, 20.0, steps=400)]
    np.testing.assert_allclose(run_cycles(COOLED, two, 200.0, 1).T, one, atol=0.01)


def test_the_twin_gives_the_same_bits() -> None:
    die = Die(0.06, 0.05, (19, 21), 28.0, 4e6, [Channel(0.03, 0.02, 0.006), Channel(0.04, 0.04, 0.004)], h_back=50.0)
    u = np.full((19, 21), 150.0)
    for hole in die.holes():
        u[hole > 0.0] = 30.0
    for arrays in _prepare(die, CYCLE):
        cap, gx, gy, sink_x, sink_y, gain_x, gain_y, steps = arrays
        reference.section_phase(u, cap, gx, gy, sink_x, sink_y, gain_x, gain_y, int(steps))
    np.testing.assert_array_equal(run_cycles(die, CYCLE, 150.0, 1).T, u)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: Die(0.1, -0.1, (9, 9), 1.0, 1.0), "width must be positive and finite, got -0.1"),
        (lambda: Die(0.1, 0.1, (9, 3), 1.0, 1.0), "cells must be a whole number in [4, 10000000], got 3"),
        (
            lambda: Die(0.1, 0.1, (9, 9), 1.0, 1.0, [Channel(0.09, 0.05, 0.02)]),
            "channels must lie inside 0.1 x 0.1 m, got Channel(x=0.09, y=0.05, radius=0.02)",
        ),
        (
            lambda: run_cycles(Die(0.1, 0.1, (4, 4), 1.0, 1.0, [Channel(0.05, 0.05, 0.002)]), CYCLE, 1.0, 1),
            "channels must take at least one cell, got Channel(x=0.05, y=0.05, radius=0.002) on (4, 4) cells",
        ),
        (lambda: Die(0.1, 0.1, cast(Any, 9), 1.0, 1.0), "cells must be two whole numbers, got 9"),
        (lambda: Die(0.1, 0.1, (9, 9), 1.0, 1.0, cast(Any, 3.0)), "channels must be a list of Channel, got 3.0"),
        (lambda: run_cycles(COOLED, cast(Any, 3.0), 1.0, 1), "phases must be a list of Phase, got 3.0"),
        (lambda: run_cycles(COOLED, [], 1.0, 1), "phases must be one or more, got []"),
        (
            lambda: run_cycles(COOLED, [Phase(-1.0, 0.0, 0.0)], 1.0, 1),
            "duration of a phase must not be negative and must be finite, got -1.0",
        ),
        (
            lambda: run_cycles(COOLED, [Phase(1.0, math.nan, 0.0)], 1.0, 1),
            "h of a phase must be a finite number in [0, 1e+12], got nan",
        ),
        (
            lambda: periodic_state(COOLED, CYCLE, tolerance=1e-9, most_cycles=2),
            "most_cycles must be more: a cell still changes by",
        ),
    ],
)
def test_wrong_arguments_are_named(call, message) -> None:
    with pytest.raises(ValueError) as raised:
        call()
    assert str(raised.value).startswith(message)
