"""Solidification in three dimensions: the one-dimensional kernel, energy, range, twin, invariants."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from processes.kernels import reference
from processes.kernels.casting import Solid, conductances, longest_step, solidify, table_of
from processes.kernels.enthalpy import Alloy, freeze

A356 = Alloy(557.0, 613.0, 389e3, 2680.0, 963.0, 1080.0, 160.0, 160.0)
STEEL = Solid(30.0, 4e6)
SAND = Solid(0.8, 1.8e6)


def plate(cells: int, across: int = 3) -> np.ndarray:
    return np.zeros((cells, across, across), dtype=np.int64)


def corner(n: int = 9) -> np.ndarray:
    """Return an eighth of a cube of metal, steel below and sand around."""
    box = np.full((n, n, n), 2, dtype=np.int64)
    box[:, :, 6:] = 1
    box[:5, :5, :6] = 0
    return box


def run(box: np.ndarray, **change: Any) -> Any:
    given: dict[str, Any] = {
        "moulds": [STEEL, SAND], "T": np.where(box == 0, 680.0, 150.0), "spacing": (2e-3,) * 3, "time": 2.0,
        "h_contact": 2000.0, "h_outside": (0.0, 20.0) * 3,
    }  # fmt: skip
    return solidify(box, A356, **(given | change))


@pytest.mark.parametrize("axis", [0, 1, 2])
def test_a_plate_is_the_plate_of_one_dimension(axis) -> None:
    films = [0.0] * 6
    films[2 * axis + 1] = 3000.0
    box = np.moveaxis(plate(12), 0, axis)
    whole = run(np.ascontiguousarray(box), spacing=(5e-4,) * 3, h_outside=tuple(films), T_outside=200.0, time=0.5)
    steps = whole.steps
    line = freeze(A356, 6e-3, 680.0, 3000.0, 200.0, 0.5, cells=12, steps=max(steps, 1))
    T = np.moveaxis(whole.T, axis, 0)
    assert np.ptp(T, axis=(1, 2)).max() < 1e-9
    np.testing.assert_allclose(T[:, 1, 1], line.T[0], atol=1e-6)
    assert whole.heat / (1.5e-3) ** 2 == pytest.approx(line.heat[0], rel=1e-9)


def test_heat_and_enthalpy_agree_and_a_closed_box_keeps_its_heat() -> None:
    box = corner()
    closed = run(box, h_outside=0.0)
    start = np.where(box == 0, A356.enthalpy(np.array(680.0)), np.where(box == 1, STEEL.rho_c, SAND.rho_c) * 150.0)
    assert abs(closed.H.sum() - start.sum()) < 1e-12 * start.sum()
    assert closed.T.max() < 680.0
    # Constant surroundings: the loss of a cooled box is the film times the mean excess, here of one step.
    single = run(box, h_outside=50.0, T_outside=20.0, time=1e-3)
    assert single.steps == 1
    film = 6 * (9 * 2e-3) ** 2 * 50.0
    assert 0.9 * film * 130.0 * 1e-3 < single.heat < film * (680.0 - 20.0) * 1e-3


def test_no_temperature_leaves_the_range_of_its_sources() -> None:
    for contact in (0.0, 500.0, 1e12):
        T = run(corner(), h_contact=contact, h_outside=1e12, T_outside=20.0, time=5.0).T
        assert 20.0 - 1e-9 <= T.min() <= T.max() <= 680.0 + 1e-9


def test_the_middle_freezes_last_and_a_better_contact_freezes_sooner() -> None:
    slow, fast = (run(corner(), time=None, h_contact=h) for h in (500.0, 5000.0))
    for casting in (slow, fast):
        assert np.isfinite(casting.frozen_at).all()
        assert casting.frozen_at.max() == casting.time
        assert casting.frozen_at[0, 0, 0] > casting.frozen_at[4, 4, 5]
    assert fast.time < slow.time


def test_the_freezing_time_converges() -> None:
    """The time to freeze a cube with all faces cooled: differences of successive grids shrink."""
    times = []
    for n in (4, 8, 16):
        box = np.zeros((n, n, n), dtype=np.int64)
        times.append(run(box, spacing=(0.01 / n,) * 3, h_outside=(0.0, 2000.0) * 3, time=None).time)
    first, second = np.abs(np.diff(times))
    assert second < 0.6 * first < 0.05 * times[-1], f"times {times}"


def test_a_stop_of_no_length_changes_nothing_and_two_stops_equal_one() -> None:
    still = run(corner(), time=0.0)
    assert still.heat == 0.0
    assert still.steps == 0
    np.testing.assert_allclose(still.T, np.where(corner() == 0, 680.0, 150.0), rtol=1e-14)
    one = run(corner(), time=2.0)
    first = run(corner(), time=0.8)
    np.testing.assert_allclose(run(corner(), T=first.T, time=1.2).T, one.T, atol=0.5)


def test_the_twin_gives_the_same_bits() -> None:
    box = corner()
    films = np.array([0.0, 20.0, 5.0, 0.0, 1e12, 300.0])
    ours = run(box, h_outside=tuple(films))
    H = np.where(box == 0, A356.enthalpy(np.array(680.0)), np.where(box == 1, STEEL.rho_c, SAND.rho_c) * 150.0)
    faces = conductances(box, [160.0, STEEL.k, SAND.k], np.full(3, 2e-3), 2000.0, films)
    table = table_of(A356, [STEEL, SAND])
    assert longest_step(box, table, faces) >= 2.0 / ours.steps
    reference.casting(H, box, table, faces, 25.0, 2.0 / ours.steps, ours.steps)
    np.testing.assert_array_equal(ours.H, H)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"material": np.zeros((2, 3, 3))}, "material must have 3 dimensions of at least 3 cells, got (2, 3, 3)"),
        ({"material": np.full((3, 3, 3), 4)}, "material must lie in [0, 2], got 4 to 4"),
        ({"T": math.nan}, "T must be a finite number in (-273.15, inf], got nan"),
        ({"spacing": (1.0, 0.0, 1.0)}, "spacing must be a finite number in (0, inf], got 0.0"),
        ({"h_contact": -1.0}, "h_contact must be a finite number in [0, 1e+12], got -1.0"),
        ({"h_outside": (1.0, 2.0)}, "h_outside must have the shape (6,) or be one number, got the shape (2,)"),
        ({"time": -1.0}, "time must not be negative and must be finite, got -1.0"),
        ({"moulds": [Solid(-1.0, 1.0)]}, "k must be positive and finite, got -1.0"),
        ({"moulds": 3.0}, "moulds must be a list of Solid, got 3.0"),
        ({"moulds": [3.0]}, "moulds must be a list of Solid, got [3.0]"),
    ],
)
def test_wrong_arguments_are_named(change, message) -> None:
    box = change.pop("material", plate(3))
    with pytest.raises(ValueError) as raised:
        run(box, **({"T": 600.0} | change))
    assert str(raised.value) == message
