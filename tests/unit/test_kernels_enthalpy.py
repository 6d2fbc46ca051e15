"""Solidification of plates: Stefan's and Neumann's solutions, energy, range, twin, invariants."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from processes.kernels import reference
from processes.kernels.enthalpy import (
    Alloy,
    Contact,
    Mould,
    _coefficients,
    contact_stages,
    die_wall_table,
    freeze,
    rows,
)

IRON = Alloy(1540.0, 1540.0, 272e3, 7850.0, 670.0, 670.0, 83.0, 83.0)
ALUMINIUM = Alloy(660.0, 660.0, 397e3, 2550.0, 1080.0, 1080.0, 211.0, 95.0)
A356 = Alloy(557.0, 613.0, 389e3, 2680.0, 963.0, 1080.0, 160.0, 90.0)
DIE = Mould(28.0, 7750.0 * 520.0, 0.02, 12)


def stefan_time(half: float) -> float:
    """Return the freezing time of iron at its freezing point between two walls of 28 degC, exactly. [s]"""
    stefan = 670.0 * (1540.0 - 28.0) / 272e3
    low, high = 0.1, 3.0
    for _ in range(80):
        x = 0.5 * (low + high)
        if x * math.exp(x * x) * math.erf(x) * math.sqrt(math.pi) < stefan:
            low = x
        else:
            high = x
    return half**2 / (4.0 * low**2 * 83.0 / (7850.0 * 670.0))


def test_enthalpy_and_temperature_are_inverse() -> None:
    T = np.array([20.0, 556.0, 557.0, 580.0, 613.0, 700.0])
    np.testing.assert_allclose(A356.temperature(A356.enthalpy(T)), T, rtol=1e-14)
    assert A356.liquid(A356.enthalpy(np.array([500.0, 585.0, 700.0]))) == pytest.approx([0.0, 0.5, 1.0])
    assert ALUMINIUM.enthalpy(np.array(660.0)) == ALUMINIUM.mush == 2550.0 * 397e3


def test_freezing_between_cold_walls_takes_the_time_of_stefan() -> None:
    exact = stefan_time(0.05)
    assert exact == pytest.approx(41.6352173864, rel=1e-9)
    errors = [abs(float(freeze(IRON, 0.05, 1540.0, 1e12, 28.0, None, cells=n).freezing_time[0]) / exact - 1.0)
              for n in (10, 20, 40, 80)]  # fmt: skip
    # The front passes whole cells, so that errors of single grids scatter around the trend.
    rate = np.polyfit(np.log2([10, 20, 40, 80]), np.log2(errors), 1)[0]
    assert rate < -1.0, f"errors {errors}"
    assert errors[-1] < 1.5e-3


def test_without_phase_change_it_is_second_order() -> None:
    hot = Alloy(2000.0, 2000.0, 1e3, 1000.0, 1000.0, 1000.0, 100.0, 100.0)

    def error(cells: int) -> float:
        x = (np.arange(cells) + 0.5) / cells * 0.1
        mode = np.cos(0.5 * math.pi * x / 0.1)
        T = freeze(hot, 0.1, 1000.0 * mode[None], 1e12, 0.0, 20.0, cells=cells, steps=4 * cells * cells).T[0]
        exact = 1000.0 * mode * math.exp(-((0.5 * math.pi) ** 2) * 1e-4 * 20.0 / 0.1**2)
        return float(np.abs(T - exact).max())

    errors = [error(cells) for cells in (8, 16, 32)]
    rates = np.log2(np.divide(errors[:-1], errors[1:]))
    assert rates == pytest.approx(2.0, abs=0.15), f"errors {errors}"


@pytest.mark.parametrize("alloy", [ALUMINIUM, A356])
def test_heat_and_enthalpy_agree(alloy) -> None:
    h = np.array([100.0, 5e3, 1e12])
    plate = freeze(alloy, 0.005, 720.0, h, 200.0, 0.7, cells=12, mould=DIE, h_outside=500.0)
    lost = (alloy.enthalpy(np.array(720.0)) - plate.H).sum(axis=1) * 0.005 / 12
    assert plate.heat == pytest.approx(lost, rel=1e-12)
    sealed = freeze(alloy, 0.005, 720.0, h, 200.0, 0.7, cells=12, mould=DIE)
    gained = (sealed.T_mould - 200.0).sum(axis=1) * 0.02 / 12 * DIE.rho_c
    assert gained == pytest.approx(sealed.heat, rel=1e-10)


def test_no_temperature_leaves_the_range_of_its_sources() -> None:
    for h in (10.0, 1e4, 1e12):
        plate = freeze(A356, 0.002, 720.0, h, 20.0, 1.0, cells=10, mould=Mould(398.0, 3.4e6, 0.002, 20), h_outside=1e12)
        for T in (plate.T, plate.T_mould):
            assert 20.0 - 1e-9 <= T.min() <= T.max() <= 720.0 + 1e-9
        assert (np.diff(plate.T[0]) <= 1e-9).all()
        assert 20.0 <= plate.T_face[0] <= 720.0


def test_thicker_hotter_and_less_touched_plates_freeze_later() -> None:
    walls, contacts, dies = np.array([2e-3, 3e-3, 5e-3]), np.array([2e3, 1e4]), np.array([150.0, 250.0])
    table = die_wall_table(A356, walls, contacts, dies, 680.0, DIE, cells=10)
    assert table.shape == (3, 2, 2)
    assert (np.diff(table, axis=0) > 0.0).all()
    assert (np.diff(table, axis=1) < 0.0).all()
    assert (np.diff(table, axis=2) > 0.0).all()
    one = freeze(A356, 1.5e-3, 680.0, 2e3, 250.0, None, cells=10, mould=DIE, h_outside=1e12)
    assert table[1, 0, 1] == one.freezing_time[0]


def test_the_twin_gives_the_same_bits() -> None:
    rng = np.random.default_rng(5)
    parts, cells = 70, 7
    half, h = rng.uniform(1e-3, 0.01, parts), rng.choice([0.0, 3e3, 1e12], parts)
    T, outside, behind = rng.uniform(500.0, 720.0, parts), rng.uniform(20.0, 250.0, parts), np.full(parts, 800.0)
    for mould in (None, Mould(28.0, 4e6, 0.01, 5)):
        plate = freeze(A356, half, T[:, None], h, outside, 0.2, cells=cells, mould=mould, h_outside=behind)
        c, _ = _coefficients(A356, mould, half / cells, h, behind)
        H = np.repeat(A356.enthalpy(T)[None], cells, axis=0)
        die = np.repeat(outside[None], mould.cells if mould else 0, axis=0)
        dt = np.full(parts, 0.2 / plate.steps)
        frozen, peak, heat = reference.freeze(rows(A356, outside, c, dt), H, die, plate.steps)
        np.testing.assert_array_equal(plate.H, H.T)
        np.testing.assert_array_equal(plate.T_mould, die.T)
        np.testing.assert_array_equal(plate.T_face, peak)
        np.testing.assert_array_equal(plate.heat, heat * dt)
        np.testing.assert_array_equal(plate.freezing_time, np.where(frozen >= 0.0, frozen * dt, math.inf))
        assert 0 < np.isfinite(plate.freezing_time).sum() < parts


def test_two_stops_equal_one_and_a_stop_of_no_length_changes_nothing() -> None:
    nothing = freeze(A356, 0.003, 640.0, 5e3, 200.0, 0.0, cells=5)
    np.testing.assert_array_equal(nothing.H, A356.enthalpy(np.full((1, 5), 640.0)))
    assert nothing.heat == 0.0
    one = freeze(A356, 0.003, 640.0, 5e3, 200.0, 0.5, cells=5, steps=500)
    first = freeze(A356, 0.003, 640.0, 5e3, 200.0, 0.2, cells=5, steps=200)
    second = freeze(A356, 0.003, first.T, 5e3, 200.0, 0.3, cells=5, steps=300)  # a mushy alloy: T says H
    np.testing.assert_allclose(second.T, one.T, rtol=1e-12)


GOOD: dict[str, Any] = {
    "alloy": A356, "half_thickness": 0.003, "T_metal": 640.0, "h_contact": 5e3, "T_outside": 200.0, "time": 0.5
}  # fmt: skip


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"half_thickness": -1.0}, "half_thickness must be a finite number in (0, inf], got -1.0"),
        ({"T_metal": math.nan}, "T_metal must be a finite number in (-273.15, inf], got nan"),
        ({"cells": 2}, "cells must be a whole number in [3, 10000000], got 2"),
        ({"steps": 3}, "steps must be at least 6526 to be stable, got 3"),
        ({"time": None, "steps": 3}, "steps must be left out if time is, got 3"),
        (
            {"half_thickness": np.ones((2, 3))},
            "half_thickness must be one number or one for each part, got the shape (2, 3)",
        ),
        ({"half_thickness": "thin"}, "half_thickness must be a number or an array of numbers, got 'thin'"),
        ({"cells": "many"}, "cells must be a whole number in [3, 10000000], got 'many'"),
        ({"time": [0.1, 0.2]}, "time must not be negative and must be finite, got [0.1, 0.2]"),
        ({"T_metal": np.zeros((2, 3))}, "T_metal must have the shape (2, 30) or be one number, got the shape (2, 3)"),
    ],
)
def test_wrong_arguments_are_named(change, message) -> None:
    with pytest.raises(ValueError) as raised:
        freeze(**(GOOD | change))
    assert str(raised.value) == message


def test_a_wrong_alloy_or_mould_is_told() -> None:
    with pytest.raises(ValueError, match="T_liquidus must not be below T_solidus"):
        Alloy(600.0, 500.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0)
    with pytest.raises(ValueError, match="latent must be positive"):
        Alloy(500.0, 600.0, 0.0, 1.0, 1.0, 1.0, 1.0, 1.0)
    with pytest.raises(ValueError, match="cells must be a whole number"):
        Mould(1.0, 1.0, 1.0, 1)


def test_a_contact_that_changes_cools_a_thin_plate_by_its_integral() -> None:
    """Without freezing, and inside even: ln of the excess falls by the integral of h over rho c L, whatever h does."""
    plate = Alloy(2000.0, 2000.0, 1e3, 1000.0, 1000.0, 1000.0, 2000.0, 2000.0)
    stages = contact_stages([0.0, 0.3, 1.0, 2.0], [900.0, 300.0, 100.0, 100.0], 3)
    integral = 0.3 * 600.0 + 0.7 * 200.0 + 1.0 * 100.0  # trapezia; then 100 to the end
    for time, more in ((2.0, 0.0), (3.0, 100.0)):
        T = freeze(plate, 0.001, 500.0, stages, 20.0, time, cells=4).T
        exact = 20.0 + 480.0 * math.exp(-(integral + more) / (1e6 * 0.001))
        assert pytest.approx(np.full((1, 4), exact), abs=2e-4 * 480.0) == T, time  # Biot number 4e-4
    constant = [Contact(2.0, 210.0), Contact(math.inf, 1.0)]
    mean = freeze(plate, 0.001, 500.0, constant, 20.0, 2.0, cells=4).T  # 420 J/K in all: the same end
    assert mean == pytest.approx(freeze(plate, 0.001, 500.0, stages, 20.0, 2.0, cells=4).T, abs=0.1)


@pytest.mark.parametrize("first", [0.2, 0.7, 2000.0])
def test_a_plate_that_only_its_contact_slows_freezes_when_the_heat_is_out(first) -> None:
    """Stefan number and Biot number small: h1 t1 + h2 (t - t1) = rho M L/(T_freeze - T_die), exactly in the limit."""
    metal = Alloy(660.0, 660.0, 397e3, 2550.0, 1080.0, 1080.0, 5e3, 5e3)
    needed = 2550.0 * 0.001 * 397e3 / 460.0  # [J/(m2 K)]
    exact = first + (needed - 2000.0 * first) / 500.0 if 2000.0 * first < needed else needed / 2000.0
    stages = [Contact(first, 2000.0), Contact(math.inf, 500.0)]
    plate = freeze(metal, 0.001, metal.T_liquidus, stages, 200.0, None, cells=4)
    assert plate.freezing_time[0] == pytest.approx(exact, rel=2e-3)
    assert plate.liquid[0] == 0.0


def test_stages_of_one_contact_are_one_and_shorter_ones_of_a_curve_converge() -> None:
    same = [Contact(0.1, 5e3), Contact(0.2, 5e3), Contact(math.inf, 5e3)]
    for time in (None, 0.5):
        whole, parts = (freeze(A356, 0.003, 640.0, h, 200.0, time, cells=10) for h in (5e3, same))
        assert parts.freezing_time == pytest.approx(whole.freezing_time, rel=1e-3)
        assert parts.heat == pytest.approx(whole.heat, rel=1e-3)
        assert parts.T_face == whole.T_face
    times, curve = np.array([0.0, 0.05, 0.3]), np.array([6e4, 2e4, 5e3])
    found = [
        float(freeze(A356, 0.002, 640.0, contact_stages(times, curve, n), 200.0, None, cells=10).freezing_time[0])
        for n in (1, 4, 16, 64)
    ]
    errors = np.abs(np.array(found[:-1]) - found[-1])
    assert errors[1] < 0.3 * errors[0] and errors[2] < 0.5 * errors[1], found


def test_stages_keep_the_heat_and_the_range_for_each_part() -> None:
    h = [Contact(0.02, np.array([100.0, 3e4, 5e4])), Contact(0.2, np.array([5e3, 1e4, 0.0])), Contact(math.inf, 2e3)]
    run: dict[str, Any] = {"cells": 10, "mould": DIE, "h_outside": 500.0}
    plate = freeze(A356, 0.003, 700.0, h, np.array([150.0, 200.0, 250.0]), 0.6, **run)
    lost = (A356.enthalpy(np.array(700.0)) - plate.H).sum(axis=1) * 0.003 / 10
    assert plate.heat == pytest.approx(lost, rel=1e-12)
    for T in (plate.T, plate.T_mould):
        assert 150.0 - 1e-9 <= T.min() <= T.max() <= 700.0 + 1e-9
    alone = freeze(A356, 0.003, 700.0, [Contact(s.duration, np.ravel(s.h)[-1:]) for s in h], 250.0, 0.6, **run)
    np.testing.assert_allclose(plate.T[2:], alone.T, rtol=1e-3)


def test_parts_that_are_solid_wait_for_the_others() -> None:
    stages = [Contact(0.1, 2e4), Contact(math.inf, 3e3)]
    half = np.array([0.0005, 0.003])
    both = freeze(A356, half, 640.0, stages, 200.0, None, cells=8)
    for i, thickness in enumerate(half):
        alone = freeze(A356, thickness, 640.0, stages, 200.0, None, cells=8)
        assert both.freezing_time[i] == pytest.approx(alone.freezing_time[0], rel=2e-3)
    assert both.freezing_time[0] < 0.1 < both.freezing_time[1]
    assert math.isinf(freeze(A356, 0.003, 640.0, stages, 600.0, None, cells=8, longest=0.5).freezing_time[0])


def test_the_twin_gives_the_same_bits_stage_by_stage() -> None:
    parts, cells = 70, 6
    rng = np.random.default_rng(6)
    half, outside = rng.uniform(1e-3, 5e-3, parts), rng.uniform(20.0, 250.0, parts)
    stages = [Contact(0.03, rng.uniform(1e4, 5e4, parts)), Contact(math.inf, rng.uniform(1e3, 8e3, parts))]
    plate = freeze(A356, half, 690.0, stages, outside, 0.1, cells=cells, mould=DIE)
    H = np.full((cells, parts), A356.enthalpy(np.array(690.0)))
    die = np.repeat(outside[None], DIE.cells, axis=0)
    when, peak, heat, taken = np.full(parts, math.inf), np.full(parts, -math.inf), np.zeros(parts), 0
    for stage, begin, span in zip(stages, (0.0, 0.03), (0.03, 0.1 - 0.03), strict=True):
        c, stable = _coefficients(A356, DIE, half / cells, np.asarray(stage.h), np.zeros(parts))
        steps = math.ceil(span / stable.min())
        frozen, hottest, flux = reference.freeze(rows(A356, outside, c, np.full(parts, span / steps)), H, die, steps)
        when = np.minimum(when, np.where(frozen >= 0.0, begin + frozen * (span / steps), math.inf))
        peak, heat, taken = np.maximum(peak, hottest), heat + flux * (span / steps), taken + steps
    np.testing.assert_array_equal(plate.H, H.T)
    np.testing.assert_array_equal(plate.T_mould, die.T)
    np.testing.assert_array_equal(plate.freezing_time, when)
    np.testing.assert_array_equal(plate.T_face, peak)
    np.testing.assert_array_equal(plate.heat, heat)
    assert plate.steps == taken


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: freeze(**(GOOD | {"h_contact": [Contact(0.0, 1.0), Contact(1.0, 1.0)]})),
         "duration of h_contact must be positive and finite, got 0.0"),
        (lambda: freeze(**(GOOD | {"h_contact": [Contact(1.0, 1.0), Contact(1.0, -1.0)]})),
         "h_contact[1] must be a finite number in [0, 1e+12], got -1.0"),
        (lambda: freeze(**(GOOD | {"h_contact": [Contact(1.0, 1.0), Contact(1.0, 1.0)], "steps": 9000})),
         "steps must be left out if h_contact has stages, got 9000"),
        (lambda: freeze(**(GOOD | {"h_contact": [Contact(1.0, 1.0), 3.0]})),
         "h_contact must be a list of Contact, got [Contact(duration=1.0, h=1.0), 3.0]"),
        (lambda: freeze(**(GOOD | {"h_contact": [Contact(1.0, np.ones(2)), Contact(1.0, np.ones(3))]})),
         ("half_thickness and h_contact and h_contact[1] and T_outside and h_outside must be of as many parts, "
          "got the shapes [(), (2,), (3,), (), ()]")),
        (lambda: contact_stages([0.1, 0.2], [1.0, 1.0]), "times must rise from 0, got [0.1, 0.2]"),
        (lambda: contact_stages([0.0, 0.2], [1.0, -1.0]), "h must be a finite number in [0, 1e+12], got -1.0"),
        (lambda: contact_stages([0.0, 0.2], [1.0, 1.0], 0), "pieces must be a whole number in [1, 10000000], got 0"),
    ],
)  # fmt: skip
def test_a_contact_that_is_none_is_told(call, message) -> None:
    with pytest.raises(ValueError) as raised:
        call()
    assert str(raised.value) == message
