"""Lumped bodies: exact solutions, order, twin, invariants."""

from __future__ import annotations

import math
import subprocess
import sys
from typing import Any

import numpy as np
import pytest

from processes.kernels import reference
from processes.kernels.lumped import lumped_law, lumped_temperature, lumped_time

STEEL = 7850.0 * 680.0 * 0.01  # a billet of 40 mm diameter [J/(m2 K)]


def random_bodies(count: int) -> dict[str, Any]:
    rng = np.random.default_rng(1)
    return {
        "T": rng.uniform(0.0, 1300.0, count),
        "time": rng.choice([0.0, 1.0, 30.0, 1e3, 1e7], count),
        "heat_capacity": rng.uniform(1e3, 1e5, count),
        "h": rng.choice([0.0, 10.0, 1e4], count),
        "T_fluid": rng.uniform(0.0, 1300.0, count),
        "emissivity": rng.choice([0.0, 0.8], count),
        "T_surroundings": rng.uniform(0.0, 1300.0, count),
    }


def test_importing_the_kernels_imports_neither_numba_nor_scipy() -> None:
    code = (
        "import sys, processes.kernels.lumped, processes.kernels.slab, processes.kernels.reference\n"
        "print([name for name in ('numba', 'scipy') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_without_radiation_it_is_the_exponential() -> None:
    time = np.array([1.0, 100.0, 1e4])
    T = lumped_temperature(np.full(3, 900.0), time, STEEL, 30.0, 25.0)
    np.testing.assert_allclose(T, 25.0 + 875.0 * np.exp(-30.0 * time / STEEL), rtol=1e-14)


@pytest.mark.parametrize("T", [1250.0, 1000.0, 500.0, 31.0])
def test_temperature_and_time_are_inverse(T) -> None:
    law = lumped_law(STEEL, 20.0, 30.0, 0.8, 30.0)
    for target in (T - 0.3 * (T - 30.0), T - 0.97 * (T - 30.0)):
        time = lumped_time(T, target, STEEL, 20.0, 30.0, 0.8, 30.0)
        assert law(T, time) == pytest.approx(target, abs=0.01)


def test_radiation_alone_takes_the_time_of_the_closed_form() -> None:
    hot, target, cold = 1523.15, 600.0, 303.15
    exact = 0.5 * (math.atan(target / cold) - math.atan(hot / cold))
    exact += 0.25 * math.log((cold + target) / (target - cold) * (hot - cold) / (cold + hot))
    exact *= STEEL / (0.85 * 5.670374e-8 * cold**3)
    assert lumped_time(1250.0, target - 273.15, STEEL, 0.0, 30.0, 0.85, 30.0) == pytest.approx(exact, rel=1e-6)


def test_simpson_converges_at_fourth_order() -> None:
    exact = lumped_time(1250.0, 100.0, STEEL, 10.0, 30.0, 0.85, 30.0, intervals=2000)
    errors = [lumped_time(1250.0, 100.0, STEEL, 10.0, 30.0, 0.85, 30.0, intervals=n) - exact for n in (16, 32, 64)]
    rates = np.log2(np.divide(errors[:-1], errors[1:]))
    assert rates == pytest.approx(4.0, abs=0.2), f"errors {errors}"


def test_one_body_a_batch_and_the_twin_give_the_same_bits() -> None:
    bodies = random_bodies(600)
    T = lumped_temperature(**bodies)
    names = ("T", "time", "h", "emissivity", "T_fluid", "T_surroundings", "heat_capacity")
    rows = np.array([bodies[name] for name in names])
    rows[3] *= 5.670374e-8
    rows[4:6] += 273.15
    np.testing.assert_array_equal(T, reference.after_many(*rows))
    for i in range(0, 600, 17):
        one: dict[str, Any] = {name: float(values[i]) for name, values in bodies.items()}
        before, time = one.pop("T"), one.pop("time")
        assert lumped_law(**one)(before, time) == T[i]


def test_no_temperature_leaves_the_range_of_its_sources() -> None:
    bodies = random_bodies(2000)
    T = lumped_temperature(**bodies)
    sources = np.array([bodies["T"], bodies["T_fluid"], bodies["T_surroundings"]])
    outside = np.maximum(sources.min(axis=0) - T, T - sources.max(axis=0))
    assert outside.max() <= 1e-9


def test_two_stops_equal_one_and_a_stop_of_no_length_changes_nothing() -> None:
    law = lumped_law(STEEL, 15.0, 25.0, 0.8, 25.0)
    assert law(1234.5, 0.0) == 1234.5
    assert law(law(1220.0, 7.0), 20.0) == pytest.approx(law(1220.0, 27.0), abs=1e-3)
    linear = lumped_law(STEEL, 15.0, 25.0)
    assert linear(linear(1220.0, 70.0), 200.0) == pytest.approx(linear(1220.0, 270.0), rel=1e-14)
    assert law(1220.0, 1e9) == pytest.approx(25.0, abs=1e-9)


def test_the_law_is_monotone_in_time() -> None:
    T = lumped_temperature(np.full(500, 1220.0), np.linspace(0.0, 900.0, 500), STEEL, 15.0, 25.0, 0.8, 25.0)
    assert (np.diff(T) < 0.0).all()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"T": math.nan}, "T must be a finite number in (-273.15, inf], got nan"),
        ({"time": -1.0}, "time must be a finite number in [0, inf], got -1.0"),
        ({"emissivity": 1.5}, "emissivity must be a finite number in [0, 1], got 1.5"),
        ({"h": 1e13}, "h must be a finite number in [0, 1e+12], got 10000000000000.0"),
        ({"heat_capacity": 0.0}, "heat_capacity must be a finite number in (0, inf], got 0.0"),
        ({"h": np.ones(3)}, "h must have the shape (2,) or be one number, got the shape (3,)"),
    ],
)
def test_wrong_arguments_are_named(change, message) -> None:
    good: dict[str, Any] = {
        "T": 900.0,
        "time": 1.0,
        "heat_capacity": STEEL,
        "h": 10.0,
        "T_fluid": 20.0,
        "emissivity": 0.5,
    }
    good["T"] = np.full(2, 900.0)
    with pytest.raises(ValueError) as raised:
        lumped_temperature(**(good | change))
    assert str(raised.value) == message


def test_a_target_that_is_never_reached_is_told() -> None:
    with pytest.raises(ValueError, match="T_target is never reached"):
        lumped_time(900.0, 10.0, STEEL, 10.0, 25.0)
    with pytest.raises(ValueError, match="T_target is never reached"):
        lumped_time(900.0, 950.0, STEEL, 10.0, 25.0)
    assert lumped_time(900.0, 900.0, STEEL, 10.0, 25.0) == 0.0
