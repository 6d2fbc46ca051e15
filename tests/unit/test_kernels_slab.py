"""Plane wall, cylinder and sphere: exact solutions, orders, energy, quench, twin, invariants."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from processes.kernels import reference
from processes.kernels.slab import at, conduct, nodes_of, rows_with_power, schedule, shells, time_when

WALL: dict[str, Any] = {"length": 0.01, "k": 26.0, "rho_c": 7850.0 * 600.0, "h": 1200.0, "T_fluid": 60.0}
ROOT = {"slab": 1.0768739863118038, "cylinder": 1.5994484931143253, "sphere": 2.0287578381104345}  # Bi 2, 2, 2


def first_mode(shape: str, places: np.ndarray) -> np.ndarray:
    """Return the first mode of a body with Biot number 2: it decays as exp(-root^2 Fo), exactly."""
    z = ROOT[shape] * places
    if shape == "slab":
        return np.cos(z)
    if shape == "sphere":
        return np.sinc(z / math.pi)
    return np.asarray(sum((-0.25 * z * z) ** i / math.factorial(i) ** 2 for i in range(25)))


def mode_error(shape: str, nodes: int, steps: int, order: int = 2) -> float:
    """Return the largest error after Fo = 0.5. Units: radius, conductivity and heat capacity 1."""
    mode = first_mode(shape, np.linspace(0.0, 1.0, nodes))
    given: dict[str, Any] = {"length": 1.0, "k": 1.0, "rho_c": 1.0, "h": 2.0, "T_fluid": 0.0, "shape": shape}
    T = conduct(100.0 * mode[None], 0.5, **given, steps=steps, order=order).T[0]
    return float(np.max(np.abs(T - 100.0 * mode * math.exp(-0.5 * ROOT[shape] ** 2))))


def test_the_roots_are_roots() -> None:
    z = ROOT["slab"]
    assert z * math.tan(z) == pytest.approx(2.0, rel=1e-12)
    z = ROOT["sphere"]
    assert 1.0 - z / math.tan(z) == pytest.approx(2.0, rel=1e-12)


@pytest.mark.parametrize("shape", ["slab", "cylinder", "sphere"])
def test_order_two_in_space(shape) -> None:
    errors = [mode_error(shape, nodes, 400) for nodes in (11, 21, 41)]
    rates = np.log2(np.divide(errors[:-1], errors[1:]))
    assert rates == pytest.approx(2.0, abs=0.15), f"errors {errors}"


@pytest.mark.parametrize(("order", "steps"), [(1, (50, 100, 200)), (2, (40, 80, 160))])
def test_order_in_time(order, steps) -> None:
    wall = np.full((1, 21), 850.0)
    exact = conduct(wall, 6.0, **WALL, steps=8000).T[0]
    errors = [np.abs(conduct(wall, 6.0, **WALL, steps=n, order=order).T[0] - exact).max() for n in steps]
    rates = np.log2(np.divide(errors[:-1], errors[1:]))
    assert rates == pytest.approx(order, abs=0.15), f"errors {errors}"


@pytest.mark.parametrize("shape", ["slab", "cylinder", "sphere"])
@pytest.mark.parametrize("order", [1, 2])
def test_heat_and_energy_agree(shape, order) -> None:
    T = np.random.default_rng(2).uniform(20.0, 1200.0, (3, 15))
    left: dict[str, Any] = {"h_left": 300.0, "T_left": 90.0} if shape == "slab" else {}
    e = np.array([0.0, 0.3, 0.9])
    wall = WALL | {"h": np.array([0.0, 50.0, 5e4])}
    run = conduct(T, 7.0, **wall, **left, shape=shape, emissivity=e, power=2e6, steps=20, order=order)
    volume = shells(shape, 15)[1] * WALL["length"]
    stored = ((run.T - T) * volume).sum(axis=1) * WALL["rho_c"]
    given = 2e6 * 7.0 * volume.sum()
    assert stored + run.heat_left + run.heat_right == pytest.approx(given, rel=1e-10)


@pytest.mark.parametrize("order", [1, 2])
def test_a_quench_stays_in_the_range_of_its_sources(order) -> None:
    h = np.array([1e3, 1e5, 1e8, 1e12])
    quench = conduct(np.full((4, 41), 850.0), 0.5, **(WALL | {"h": h}), steps=10, order=order, probe=40)
    assert quench.series.min() >= 60.0 - 1e-6 * (order == 2)
    assert quench.T.max() <= 850.0 + 1e-9
    exact = conduct(np.full((4, 41), 850.0), 0.5, **(WALL | {"h": h}), steps=2000).T
    assert np.abs(quench.T - exact).max() < (8.0 if order == 2 else 45.0)


def test_a_coarse_euler_quench_keeps_its_range_for_any_step() -> None:
    for time in (1e-3, 0.1, 10.0, 1e4):
        T = conduct(np.full((1, 21), 850.0), time, **(WALL | {"h": 1e12}), steps=1, order=1).T
        assert 60.0 - 1e-9 <= T.min() <= T.max() <= 850.0 + 1e-9
        assert (np.diff(T[0]) <= 1e-9).all()


def test_a_fixed_face_gives_the_series() -> None:
    T = conduct(np.full((1, 41), 240.0), 6.0, 0.0015, 8.9e-8, 1.0, h=1e12, T_fluid=60.0, steps=100).T
    fo = 8.9e-8 * 6.0 / 0.0015**2
    odd = np.arange(1, 60, 2)
    signs = np.where(odd % 4 == 1, 1.0, -1.0)
    exact = 60.0 + 180.0 * (4.0 / math.pi * signs / odd * np.exp(-((odd * math.pi / 2.0) ** 2) * fo)).sum()
    assert T[0, 0] == pytest.approx(exact, abs=0.05)
    assert T[0, -1] == pytest.approx(60.0, abs=1e-6)


def test_the_steady_state_of_a_wall_between_two_fluids_is_exact() -> None:
    wall = WALL | {"h": 400.0}
    T = conduct(np.full((1, 6), 300.0), 1e5, **wall, h_left=100.0, T_left=500.0, steps=40, order=1).T[0]
    flux = (500.0 - 60.0) / (1.0 / 100.0 + 0.01 / 26.0 + 1.0 / 400.0)
    assert pytest.approx(500.0 - flux * (0.01 + nodes_of(0.01, 6) / 26.0), abs=1e-6) == T


def test_radiation_settles_where_source_and_loss_are_equal() -> None:
    T = conduct(np.full((1, 9), 900.0), 1e7, **(WALL | {"h": 0.0}), emissivity=0.8, power=1e6, steps=60, order=1).T
    surface = ((1e6 * 0.01) / (0.8 * 5.670374e-8) + 293.15**4) ** 0.25 - 273.15
    assert T[0, -1] == pytest.approx(surface, abs=1e-6)


@pytest.mark.parametrize("order", [1, 2])
def test_the_twin_gives_the_same_bits(order) -> None:
    rng = np.random.default_rng(3)
    parts, nodes = 70, 9
    T = rng.uniform(20.0, 1200.0, (parts, nodes))
    given: dict[str, Any] = {
        "k": rng.uniform(10.0, 200.0, parts),
        "rho_c": rng.uniform(2e6, 5e6, parts),
        "length": rng.uniform(1e-3, 0.1, parts),
        "h_left": rng.choice([0.0, 300.0], parts),
        "T_left": rng.uniform(0.0, 100.0, parts),
        "h": rng.choice([0.0, 500.0, 1e4], parts),
        "T_fluid": rng.uniform(0.0, 100.0, parts),
        "emissivity": rng.choice([0.0, 0.8], parts),
        "T_surroundings": rng.uniform(0.0, 900.0, parts),
        "power": rng.choice([0.0, 1e7], parts),
    }
    weights = rng.uniform(0.0, 2.0, nodes)
    run = conduct(T, 5.0, **given, source=weights, steps=12, order=order, probe=3)
    rows = np.array(list(given.values()))
    rows[7] *= 5.670374e-8
    area, volume = shells("slab", nodes)
    wdt, damped, steps, _ = schedule(5.0, 12, order)
    twin = reference.SlabTwin(T.T.copy(), rows_with_power(rows), area, volume, weights * volume, wdt)
    twin.run(damped, steps, 3)
    np.testing.assert_array_equal(run.T, twin.u.T)
    np.testing.assert_array_equal(run.series, twin.series)
    np.testing.assert_array_equal([run.heat_left, run.heat_right], twin.heat)


def test_parts_do_not_know_of_each_other() -> None:
    T = np.random.default_rng(4).uniform(20.0, 1200.0, (130, 5))
    together = conduct(T, 5.0, **WALL, emissivity=0.7, steps=5).T
    np.testing.assert_array_equal(together[129:], conduct(T[129:], 5.0, **WALL, emissivity=0.7, steps=5).T)


def test_two_stops_equal_one_and_a_stop_of_no_length_changes_nothing() -> None:
    T = np.linspace(900.0, 850.0, 21)[None]
    nothing = conduct(T, 0.0, **WALL, probe=0)
    np.testing.assert_array_equal(nothing.T, T)
    assert nothing.heat_right == 0.0
    # Steps of the same length of Euler's scheme: the same to rounding.
    one = conduct(T, 10.0, **WALL, steps=100, order=1).T
    two = conduct(conduct(T, 4.0, **WALL, steps=40, order=1).T, 6.0, **WALL, steps=60, order=1).T
    np.testing.assert_allclose(two, one, rtol=1e-12)
    two = conduct(conduct(T, 4.0, **WALL).T, 6.0, **WALL).T
    np.testing.assert_allclose(two, conduct(T, 10.0, **WALL).T, atol=0.01)


def test_the_time_of_a_temperature() -> None:
    with pytest.raises(ValueError, match=r"target is not passed: the temperature goes from 5.0 to 30.0, got 40.0"):
        time_when(np.array([1.0, 2.0]), np.array([10.0, 30.0]), 5.0, 40.0)
    assert time_when(np.array([1.0]), np.array([10.0]), 5.0, 5.0) == 0.0


TWO = np.array([1.0, 2.0])


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: time_when(TWO, TWO[:1], 0.0, 1.5), "series must have one value for each of 2 times, got 1"),
        (lambda: time_when(TWO[::-1], TWO, 0.0, 1.5), "times must rise from above 0, got [2.0, 1.0]"),
        (lambda: time_when(TWO, TWO * math.nan, 0.0, 1.5), "series must be a finite number in [-inf, inf], got nan"),
        (
            lambda: time_when(TWO[:0], TWO[:0], 0.0, 1.5),
            "times must be a list of at least 1 numbers, got the shape (0,)",
        ),
        (lambda: time_when(TWO, TWO, 0.0, math.nan), "target must be finite, got nan"),
        (lambda: at(np.ones(3), 1.0, 0.5), "profile must be a list of at least 4 numbers, got the shape (3,)"),
        (lambda: at(np.ones((4, 4)), 1.0, 0.5), "profile must be a list of at least 4 numbers, got the shape (4, 4)"),
        (lambda: at(np.ones(5), 0.0, 0.5), "length must be positive and finite, got 0.0"),
        (lambda: at(np.ones(5), 1.0, 1.5), "place must lie in [0, 1], got 1.5"),
    ],
)
def test_a_profile_or_a_series_that_is_none_is_told(call, message) -> None:
    with pytest.raises(ValueError) as raised:
        call()
    assert str(raised.value) == message


def test_a_profile_is_read_exactly_up_to_the_third_power_and_at_its_ends() -> None:
    places = np.linspace(0.0, 2.0, 5)
    for profile in (places**0, places, places**2, places**3):
        assert [at(profile, 2.0, x) for x in (0.0, 2.0)] == pytest.approx([profile[0], profile[-1]], abs=1e-14)
    assert at(places**3, 2.0, 0.3) == pytest.approx(0.027, abs=1e-14)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"T": np.zeros((2, 2))}, "nodes of T must be a whole number in [3, 10000000], got 2"),
        ({"T": np.zeros(5)}, "T must have 2 dimensions of at least 1 nodes, got (5,)"),
        ({"T": np.full((2, 5), np.nan)}, "T must be a finite number in (-273.15, inf], got nan"),
        ({"length": -0.01}, "length must be a finite number in (0, inf], got -0.01"),
        ({"time": math.inf}, "time must not be negative and must be finite, got inf"),
        ({"shape": "cube"}, "shape must be one of slab, cylinder, sphere, got 'cube'"),
        ({"shape": "sphere", "h_left": 5.0}, "h_left must be 0 in a sphere, which has no left face, got 5.0"),
        ({"order": 3}, "order must be a whole number in [1, 2], got 3"),
        ({"probe": 5}, "probe must be a whole number in [0, 4], got 5"),
        ({"source": np.ones(4)}, "source must have the shape (5,) or be one number, got the shape (4,)"),
    ],
)
def test_wrong_arguments_are_named(change, message) -> None:
    good: dict[str, Any] = {"T": np.zeros((2, 5)), "time": 1.0, **WALL}
    with pytest.raises(ValueError) as raised:
        conduct(**(good | change))
    assert str(raised.value) == message
