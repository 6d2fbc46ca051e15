"""Rectangular block: product solutions, orders, energy, quench, twin, invariants."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from processes.kernels import reference
from processes.kernels.block import coefficients, conduct_block
from processes.kernels.slab import conduct

ROOT = 1.0768739863118038  # z tan z = 2
EDGES = (0.03, 0.02, 0.015)
GOOD: dict[str, Any] = {
    "time": 20.0,
    "size": EDGES,
    "k": 150.0,
    "rho_c": 2.58e6,
    "h": (0.0, 800.0) * 3,
    "T_fluid": 25.0,
}


def mode_error(nodes: int, steps: int | None, time: float = 0.4) -> float:
    """Return the largest error of a mode that decays as a product of three; a cube with Biot number 2."""
    line = np.cos(ROOT * np.linspace(0.0, 1.0, nodes))
    mode = 100.0 * line[:, None, None] * line[:, None] * line
    T = conduct_block(mode, time, (1.0, 1.0, 1.0), 1.0, 1.0, h=(0.0, 2.0) * 3, T_fluid=0.0, steps=steps).T
    return float(np.abs(T - mode * math.exp(-3.0 * ROOT**2 * time)).max())


def test_order_two_in_space() -> None:
    errors = [mode_error(nodes, 200) for nodes in (6, 11, 21)]
    rates = np.log2(np.divide(errors[:-1], errors[1:]))
    assert rates == pytest.approx(2.0, abs=0.15), f"errors {errors}"


def test_order_two_in_time() -> None:
    T = np.full((11, 11, 11), 400.0)
    exact = conduct_block(T, steps=1600, **GOOD).T
    errors = [np.abs(conduct_block(T, steps=n, **GOOD).T - exact).max() for n in (40, 80, 160)]
    rates = np.log2(np.divide(errors[:-1], errors[1:]))
    assert rates == pytest.approx(2.0, abs=0.25), f"errors {errors}"


def test_a_quenched_block_is_the_product_of_three_walls() -> None:
    """A face held at the fluid is the hardest start; far fewer steps than an explicit scheme, and no overshoot."""
    nodes = 21
    wall = conduct(np.full((1, nodes), 1.0), 0.05, 1.0, 1.0, 1.0, h=1e12, T_fluid=0.0, steps=4000).T[0]
    exact = 20.0 + 800.0 * wall[:, None, None] * wall[:, None] * wall
    start = np.full((nodes,) * 3, 820.0)
    run = conduct_block(start, 0.05, (1.0,) * 3, 1.0, 1.0, h=(0.0, 1e12) * 3, T_fluid=20.0, largest_change=40.0)
    assert run.steps < 60 < 0.05 * (nodes - 1) ** 2 * 6.0  # of the explicit scheme
    assert np.abs(run.T - exact).max() < 0.5
    assert 20.0 - 1.0 <= run.T.min() <= run.T.max() <= 820.0 + 1.0


def test_an_insulated_block_keeps_its_heat_and_evens_out() -> None:
    T = np.random.default_rng(6).uniform(20.0, 900.0, (8, 9, 10))
    run = conduct_block(T, 1e3, EDGES, 150.0, 2.58e6, h=0.0, T_fluid=0.0, steps=30)
    weight = np.ones_like(T)
    for axis in range(3):
        ends = np.moveaxis(weight, axis, 0)
        ends[0] *= 0.5
        ends[-1] *= 0.5
    held = (T * weight).sum() * math.prod(EDGES) / (7 * 8 * 9) * 2.58e6
    assert abs(run.heat) < 1e-10 * held
    assert np.ptp(run.T) < 1e-3 * np.ptp(T)


def test_a_block_as_warm_as_the_fluid_and_a_stop_of_no_length_change_nothing() -> None:
    T = np.random.default_rng(7).uniform(20.0, 900.0, (4, 5, 6))
    still = conduct_block(T, **(GOOD | {"time": 0.0}))
    np.testing.assert_allclose(still.T, T, rtol=1e-15)
    assert still.heat == 0.0
    warm = conduct_block(np.full((4, 5, 6), 25.0), **GOOD)
    np.testing.assert_array_equal(warm.T, 25.0)


def test_two_stops_equal_one() -> None:
    T = np.full((9, 9, 9), 400.0)
    one = conduct_block(T, steps=400, **GOOD).T
    first = conduct_block(T, steps=150, **(GOOD | {"time": 7.5})).T
    second = conduct_block(first, steps=250, **(GOOD | {"time": 12.5})).T
    np.testing.assert_allclose(second, one, atol=0.01)


def test_a_symmetric_block_is_its_eighth() -> None:
    eighth = conduct_block(np.full((6, 6, 6), 400.0), steps=50, **GOOD).T
    whole = GOOD | {"size": tuple(2.0 * edge for edge in EDGES), "h": 800.0}
    np.testing.assert_allclose(
        conduct_block(np.full((11,) * 3, 400.0), steps=50, **whole).T[5:, 5:, 5:], eighth, rtol=1e-12
    )


def test_the_twin_gives_the_same_bits() -> None:
    T = np.random.default_rng(8).uniform(20.0, 900.0, (7, 5, 6))
    films = np.array([0.0, 800.0, 1e12, 50.0, 30.0, 5e3])
    run = conduct_block(T, steps=7, **(GOOD | {"h": tuple(films), "time": 3.0}))
    u = T - 25.0
    spacing = np.array(EDGES) / (np.array(T.shape) - 1)
    directions = [coefficients(n, dx, 150.0, 2.58e6, films[2 * i : 2 * i + 2])
                  for i, (n, dx) in enumerate(zip(T.shape, spacing, strict=True))]  # fmt: skip
    assert reference.block(u, 3.0, 3.0 / 7, *directions) == run.steps == 7
    np.testing.assert_array_equal(run.T, u + 25.0)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"T": np.zeros((2, 5, 5))}, "T must have 3 dimensions of at least 3 nodes, got (2, 5, 5)"),
        ({"T": np.full((3, 3, 3), math.inf)}, "T must be a finite number in (-273.15, inf], got inf"),
        ({"size": (1.0, 1.0)}, "size must have the shape (3,) or be one number, got the shape (2,)"),
        ({"size": (1.0, -1.0, 1.0)}, "size must be a finite number in (0, inf], got -1.0"),
        ({"h": (1.0, 2.0)}, "h must have the shape (6,) or be one number, got the shape (2,)"),
        ({"steps": 0}, "steps must be a whole number in [1, 10000000], got 0"),
        ({"largest_change": 0.0}, "largest_change must be a finite number in (0, inf], got 0.0"),
    ],
)
def test_wrong_arguments_are_named(change, message) -> None:
    with pytest.raises(ValueError) as raised:
        conduct_block(**({"T": np.zeros((3, 3, 3))} | GOOD | change))
    assert str(raised.value) == message
