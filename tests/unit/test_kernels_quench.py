"""Quench with a film that depends on the surface: constant film, thin plate, order, heat, range, messages."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from processes.conduction import (
    cylinder_convective_temperature,
    slab_convective_temperature,
    sphere_convective_temperature,
)
from processes.kernels.quench import quench
from processes.quenching import quench_curve

STEEL = 7850.0 * 640.0
FLAT: dict[str, Any] = {"temperatures": [0.0, 1000.0], "films": [1200.0, 1200.0]}
OIL: dict[str, Any] = dict(zip(("temperatures", "films"), quench_curve("oil"), strict=True))


def hot(nodes: int = 21, parts: int = 1) -> np.ndarray:
    return np.full((parts, nodes), 850.0)


@pytest.mark.parametrize(
    ("shape", "series"),
    [
        ("slab", slab_convective_temperature),
        ("cylinder", cylinder_convective_temperature),
        ("sphere", sphere_convective_temperature),
    ],
)
def test_a_constant_film_gives_the_series(shape, series) -> None:
    run = quench(hot(201), 8.0, 0.01, 26.0, STEEL, **FLAT, T_fluid=60.0, shape=shape, steps=100)
    for node, place in ((0, 0.0), (100, 0.005), (200, 0.01)):
        exact = series(0.01, 26.0, 7850.0, 640.0, 1200.0, 850.0, 60.0, place, 8.0)
        assert run.T[0, node] == pytest.approx(exact, abs=0.01)


def logistic(time: float, capacity: float) -> float:
    """Return the temperature of a thin plate of 850 degC in a bath of 50 degC whose film is 100 + 5 T, exactly.

    With y = T - 50: C dy/dt = -(350 + 5 y) y.
    """
    y0, a, b = 800.0, 350.0 / capacity, 5.0 / capacity
    decayed = math.exp(-a * time)
    return 50.0 + a * y0 * decayed / (a + b * y0 * (1.0 - decayed))


def test_a_thin_plate_follows_the_closed_form_at_second_order() -> None:
    curve: dict[str, Any] = {"temperatures": [0.0, 1000.0], "films": [100.0, 5100.0]}
    errors = []
    for steps in (20, 40, 80):
        run = quench(hot(3), 4.0, 1e-3, 1e8, STEEL, **curve, T_fluid=50.0, steps=steps)
        errors.append(abs(run.T[0, 0] - logistic(4.0, STEEL * 1e-3)))
    rates = np.log2(np.divide(errors[:-1], errors[1:]))
    assert rates == pytest.approx(2.0, abs=0.1), f"errors {errors}"
    assert errors[-1] < 0.02


def test_the_time_in_oil_converges() -> None:
    times = []
    for steps in (50, 100, 200, 800):
        bar = quench(hot(), 30.0, 0.01, 27.0, STEEL, **OIL, T_fluid=60.0, shape="cylinder", steps=steps)
        times.append(float(np.interp(-500.0, -bar.middle[:, 0], bar.times)))
    errors = np.abs(np.array(times[:-1]) - times[-1])
    assert errors[2] < 0.4 * errors[1] < 0.4 * errors[0]
    assert errors[2] < 1.5e-3 * times[-1]


def test_heat_is_what_the_part_has_lost() -> None:
    run = quench(hot(parts=3), 12.0, np.array([0.004, 0.01, 0.02]), 27.0, STEEL, **OIL, T_fluid=60.0)
    weights = np.full(21, 1.0 / 20.0)
    weights[[0, -1]] *= 0.5
    lost = (850.0 - run.T @ weights) * STEEL * np.array([0.004, 0.01, 0.02])
    assert run.heat == pytest.approx(lost, rel=1e-10)
    assert run.heat[0] < run.heat[1] < run.heat[2]


def test_temperatures_fall_and_stay_between_bath_and_start() -> None:
    run = quench(hot(), 60.0, 0.015, 27.0, STEEL, **OIL, T_fluid=60.0, shape="sphere", steps=100)
    assert 60.0 <= run.T.min() <= run.T.max() <= 850.0
    assert (np.diff(run.middle[:, 0]) < 1e-6).all() and (np.diff(run.surface[:, 0]) < 1e-6).all()
    assert (run.surface <= run.middle + 1e-6).all()
    assert run.times[-1] == 60.0 and run.middle[-1, 0] == run.T[0, 0]


def test_oil_holds_back_at_first_and_polymer_does_not() -> None:
    polymer = dict(zip(("temperatures", "films"), quench_curve("polymer"), strict=True))
    oil, polymer_bath = (quench(hot(), 2.0, 0.01, 27.0, STEEL, **c, T_fluid=60.0, steps=50) for c in (OIL, polymer))
    assert oil.surface[10, 0] > polymer_bath.surface[10, 0] + 20.0


def test_a_quench_of_no_length_changes_nothing() -> None:
    run = quench(hot(), 0.0, 0.01, 27.0, STEEL, **OIL, T_fluid=60.0, steps=3)
    np.testing.assert_array_equal(run.T, hot())
    assert run.heat == 0.0 and (run.surface == 850.0).all()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"time": -1.0}, "time must not be negative and must be finite, got -1.0"),
        ({"T": np.zeros((1, 2))}, "nodes of T must be a whole number in [3, 10000000], got 2"),
        ({"steps": 0}, "steps must be a whole number in [1, 10000000], got 0"),
        ({"shape": "cube"}, "shape must be one of slab, cylinder, sphere, got 'cube'"),
        ({"films": [1.0]}, "temperatures and films must be two or more pairs, got 4, 1"),
        ({"films": 3.0}, "films must be a list of numbers, got 3.0"),
        ({"temperatures": []}, "temperatures and films must be two or more pairs, got 0, 4"),
        ({"temperatures": [1.0, 1.0, 2.0, 3.0]}, "temperatures must rise, got [1.0, 1.0, 2.0, 3.0]"),
        ({"k": 0.0}, "k must be a finite number in (0, inf], got 0.0"),
        ({"T_fluid": math.nan}, "T_fluid must be a finite number in (-273.15, inf], got nan"),
    ],
)
def test_wrong_arguments_are_named(change, message) -> None:
    good: dict[str, Any] = {"T": hot(), "time": 5.0, "length": 0.01, "k": 27.0, "rho_c": STEEL, **OIL, "T_fluid": 60.0}
    with pytest.raises(ValueError) as raised:
        quench(**(good | change))
    assert str(raised.value) == message
