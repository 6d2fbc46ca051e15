"""Weld fields: exp and erfc, limits of each other, balance of energy, twin."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from scipy.special import erfcx, k0e

from processes.kernels import _exp, _fields_core, fields, reference
from processes.kernels._jit import compiled

POINT: dict[str, Any] = {"power": 4000.0, "speed": 0.006, "k": 35.0, "rho": 7800.0, "c": 640.0, "T0": 25.0}
GOLDAK: dict[str, Any] = POINT | {
    "half_width": 5e-3, "depth": 4e-3, "front_length": 5e-3, "rear_length": 0.01,
    "fraction_front": 2.0 / 3.0, "fraction_rear": 4.0 / 3.0,
}  # fmt: skip


@compiled
def exp_of_all(x, out):
    for i in range(x.size):
        out[i] = _exp.fast_exp(x[i])


def test_exp_is_exact_to_a_bit_or_two_and_has_a_twin() -> None:
    x = np.concatenate([np.random.default_rng(9).uniform(-700.0, 700.0, 20000), [0.0, -0.0, 1.0, -708.0, 709.0]])
    out = np.empty_like(x)
    exp_of_all(x, out)
    np.testing.assert_allclose(out, np.exp(x), rtol=4.5e-16, atol=0.0)
    np.testing.assert_array_equal(out, reference.fast_exp(x))
    assert out[-5] == out[-4] == 1.0
    exp_of_all(np.array([-1e300, 1e300]), out)
    assert 0.0 < out[0] < 1e-307 and 1e307 < out[1] < math.inf


def test_erfc_is_exact_to_ten_digits() -> None:
    x = np.linspace(0.0, 40.0, 4001)
    ours = np.array([_fields_core.erfcx_of(6.0 / (3.0 + value) - 1.0) for value in x])
    assert np.abs((ours - erfcx(x)) * np.exp(-x * x)).max() < 1e-10


def points(count: int) -> list[np.ndarray]:
    rng = np.random.default_rng(10)
    return [rng.uniform(-0.03, 0.01, count), rng.uniform(-0.01, 0.01, count), rng.uniform(0.0, 0.012, count)]


def test_a_thick_plate_has_the_point_source_of_the_books() -> None:
    x, y, z = points(300)
    r = np.sqrt(x * x + y * y + z * z)
    exact = 25.0 + 4000.0 / (2.0 * math.pi * 35.0 * r) * np.exp(-0.006 * 7800.0 * 640.0 / 70.0 * (x + r))
    np.testing.assert_allclose(
        fields.rosenthal_plate_temperature(thickness=math.inf, xi=x, y=y, z=z, **POINT), exact, 1e-14
    )


def test_a_thin_plate_has_the_bessel_function_of_the_books() -> None:
    x, y, _ = points(300)
    u = 0.006 * 7800.0 * 640.0 / 70.0 * np.hypot(x, y)
    decay = 0.006 * 7800.0 * 640.0 / 70.0
    exact = 25.0 + 4000.0 / (2.0 * math.pi * 35.0 * 0.002) * np.exp(-decay * x - u) * k0e(u)
    np.testing.assert_allclose(fields.rosenthal_thin_temperature(thickness=0.002, xi=x, y=y, **POINT), exact, 1e-12)


def test_the_mean_through_a_plate_is_the_thin_plate() -> None:
    thickness = 0.006
    nodes, weights = np.polynomial.legendre.leggauss(40)
    z = 0.5 * thickness * (nodes + 1.0)
    for x, y in ((-0.02, 0.004), (0.0, 0.005), (-0.1, 0.0)):
        plate = fields.rosenthal_plate_temperature(
            thickness=thickness, xi=np.full(40, x), y=np.full(40, y), z=z, **POINT
        )
        thin = fields.rosenthal_thin_temperature(thickness=thickness, xi=x, y=y, **POINT)
        assert 0.5 * plate @ weights == pytest.approx(thin, rel=1e-9)


def test_a_plate_passes_the_power_through_every_cross_section() -> None:
    """Far behind the source the plate carries off speed rho c (T - T0) per area, and nothing else."""
    nodes, weights = np.polynomial.legendre.leggauss(60)
    y = 0.5 * nodes
    T = fields.rosenthal_thin_temperature(thickness=0.004, xi=np.full(60, -3.0), y=y, **POINT)
    carried = 0.006 * 7800.0 * 640.0 * 0.004 * 0.5 * ((T - 25.0) @ weights)
    assert carried == pytest.approx(4000.0, rel=2e-3)


def test_half_widths_meet_the_condition_of_the_widest_place() -> None:
    thick = fields.rosenthal_thick_half_width(T_isotherm=723.0, **POINT)
    wider = fields.rosenthal_plate_temperature(
        thickness=math.inf, xi=np.linspace(-0.05, 0.0, 20001), y=thick, z=0.0, **POINT
    )
    assert wider.max() == pytest.approx(723.0, abs=1e-3)
    thin = fields.rosenthal_thin_half_width(thickness=0.002, T_isotherm=1500.0, **POINT)
    widest = fields.rosenthal_thin_temperature(thickness=0.002, xi=np.linspace(-0.15, 0.0, 40001), y=thin, **POINT)
    assert widest.max() == pytest.approx(1500.0, abs=1e-3)


def test_the_heat_of_the_ellipsoid_is_the_power() -> None:
    nodes, weights = np.polynomial.legendre.leggauss(50)
    x, y, z = 0.012 + 0.06 * nodes, 0.05 * nodes, 0.025 * (nodes + 1.0)
    grid = np.meshgrid(x, y, z, indexing="ij")
    T = fields.goldak_temperature(x=grid[0], y=grid[1], z=grid[2], time=4.0, **GOLDAK)
    heat = np.einsum("ijk,i,j,k", T - 25.0, weights, weights, weights) * 0.06 * 0.05 * 0.025 * 7800.0 * 640.0
    assert heat == pytest.approx(4000.0 * 4.0, rel=3e-4)


def test_a_small_ellipsoid_that_has_come_far_is_a_point_source() -> None:
    small = GOLDAK | {"half_width": 2e-4, "depth": 2e-4, "front_length": 2e-4, "rear_length": 2e-4,
                      "fraction_front": 1.0, "fraction_rear": 1.0}  # fmt: skip
    x, y, z = np.array([-0.01, 0.002, -0.003]), np.array([0.003, 0.002, 0.0]), np.array([0.0, 0.001, 0.004])
    steady = fields.rosenthal_plate_temperature(thickness=math.inf, xi=x, y=y, z=z, **POINT)
    T = fields.goldak_temperature(x=0.3 + x, y=y, z=z, time=50.0, **small)
    np.testing.assert_allclose(T, steady, rtol=5e-3)


def test_a_source_of_no_time_or_power_heats_nothing() -> None:
    assert fields.goldak_temperature(x=0.0, y=0.0, z=0.0, time=0.0, **GOLDAK) == 25.0
    assert fields.goldak_temperature(x=0.0, y=0.0, z=0.0, time=5.0, **(GOLDAK | {"power": 0.0})) == 25.0


def test_the_twins_are_as_near_as_one_rounding_instead_of_two() -> None:
    """The cores are compiled with fused multiply-add; an exponent of -40 then moves by some roundings of 40."""
    x, y, z = points(300)
    out = np.empty_like(x)
    shifts = 0.024 * np.arange(-3.0, 4.0)
    _fields_core.images(x, y, z, shifts, 428.0, out)
    np.testing.assert_allclose(out, reference.images(x, y, z, shifts, 428.0), rtol=2e-14)
    cosh = np.cosh(0.25 * np.arange(60))
    _fields_core.line(x, y, cosh, 0.25, 428.0, out)
    np.testing.assert_allclose(out, reference.line(x, y, cosh, 0.25, 428.0), rtol=2e-14)
    nodes = fields._ellipsoid_nodes(8e-4, 0.006, 7e-6, (5e-3, 4e-3, 5e-3, 0.01), (2 / 3, 4 / 3), 2.0)
    _fields_core.ellipsoids(x, y, z, nodes, out)
    np.testing.assert_allclose(out, reference.ellipsoids(x, y, z, nodes, _fields_core.ERFCX), rtol=0.0, atol=1e-12)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"speed": 0.0}, "speed must be positive and finite, got 0.0"),
        ({"thickness": -1.0}, "thickness must be positive and finite, got -1.0"),
        ({"z": 0.02}, "z must lie in [0, 0.012], got 0.02"),
        ({"xi": math.nan}, "xi must be a finite number in [-inf, inf], got nan"),
        ({"xi": 0.0, "y": 0.0, "z": 0.0}, "xi, y and z must not all be 0, where the source is"),
    ],
)
def test_wrong_arguments_are_named(change, message) -> None:
    good: dict[str, Any] = POINT | {"thickness": 0.012, "xi": -0.02, "y": 0.0, "z": 0.0}
    with pytest.raises(ValueError) as raised:
        fields.rosenthal_plate_temperature(**(good | change))
    assert str(raised.value) == message


def test_fractions_must_add_up_and_a_thin_source_is_no_place() -> None:
    with pytest.raises(ValueError, match=r"must add up to 2, got 1\.5"):
        fields.goldak_temperature(
            x=0.0, y=0.0, z=0.0, time=1.0, **(GOLDAK | {"fraction_front": 0.5, "fraction_rear": 1.0})
        )
    with pytest.raises(ValueError, match="must not lie at the source"):
        fields.rosenthal_thin_temperature(thickness=0.002, xi=0.0, y=0.0, **POINT)
