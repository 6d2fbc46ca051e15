"""Carburising, drying, induction heating: limits with exact answers, balances, invariants."""

from __future__ import annotations

import math
from typing import Any, cast

import numpy as np
import pytest
from scipy.special import erfcx

from processes.kernels.billet import Coil, heat_billets, skin_source
from processes.kernels.diffusion import Carbon, Stage, carburise, case_depth, dry_web
from processes.kernels.slab import shells

D = 1.6e-11
STEEL = 7850.0 * 650.0


def test_a_fixed_surface_gives_the_error_function() -> None:
    case = carburise(0.25, [Stage(25000.0, D, 1.2, 1.0)], 5e-3, nodes=401)
    exact = 1.2 - 0.95 * np.vectorize(math.erf)(case.depth / (2.0 * math.sqrt(D * 25000.0)))
    np.testing.assert_allclose(case.carbon, exact, atol=2e-4)
    assert case.uptake == pytest.approx(0.95 * 2.0 * math.sqrt(D * 25000.0 / math.pi), rel=1e-3)


def test_a_finite_transfer_gives_the_solution_of_convection() -> None:
    beta, time = 2e-7, 7200.0
    case = carburise(0.2, [Stage(time, D, 1.1, beta)], 5e-3, nodes=401)
    w = beta * math.sqrt(time / D)
    assert case.carbon[-1] == pytest.approx(0.2 + 0.9 * (1.0 - erfcx(w)), abs=2e-4)


def test_uptake_is_what_the_profile_has_gained_and_vacuum_keeps_it() -> None:
    stages = [Stage(3600.0, D, 1.1, 2e-7), Stage(7200.0, D, 0.0, 0.0), Stage(0.0, D, 0.9, 1.0)]
    for shape in ("slab", "cylinder", "sphere"):
        boost, case = carburise(0.2, stages[:1], 5e-3, shape=shape), carburise(0.2, stages, 5e-3, shape=shape)
        gained = ((case.carbon - 0.2) * shells(shape, 201)[1]).sum() * 5e-3
        assert case.uptake == pytest.approx(gained, rel=1e-10)
        assert case.uptake == pytest.approx(boost.uptake, rel=1e-12)
        assert case.carbon[-1] < boost.carbon[-1]
        assert case_depth(case, 0.3) > case_depth(boost, 0.3)
        assert 0.2 - 1e-9 <= case.carbon.min() <= case.carbon.max() <= 1.1


def test_case_depth_at_its_limits() -> None:
    case = Carbon(np.array([2e-3, 1e-3, 0.0]), np.array([0.2, 0.4, 0.8]), 0.0)
    assert case_depth(case, 0.9) == 0.0
    with pytest.raises(ValueError, match=r"limit must be more than the core has, 0.2 %, got 0.1"):
        case_depth(case, 0.1)


def test_a_thin_web_dries_at_the_constant_rate_and_then_exponentially() -> None:
    web: dict[str, Any] = {"thickness": 1e-5, "diffusivity": 1e-6, "rate": 1e-4, "critical": 100.0, "equilibrium": 20.0}
    constant = (300.0 - 100.0) * 1e-5 / 1e-4
    dried = dry_web(300.0, constant + 10.0, **web)
    assert dried.constant_time == pytest.approx(constant, rel=1e-4)
    rate = 1e-4 / 80.0 / 1e-5
    assert dried.water.mean() == pytest.approx(20.0 + 80.0 * math.exp(-rate * 10.0), rel=1e-3)
    assert dry_web(300.0, 0.5 * constant, **web).constant_time == 0.5 * constant


@pytest.mark.parametrize("diffusivity", [1e-6, 1e-9, 1e-10])
def test_what_evaporates_leaves_the_web(diffusivity) -> None:
    dried = dry_web(400.0, 60.0, 1e-4, diffusivity, rate=5e-4, critical=150.0, equilibrium=10.0)
    left = (dried.water * shells("slab", 41)[1]).sum() * 1e-4
    assert dried.evaporated == pytest.approx(400.0 * 1e-4 - left, rel=1e-9)
    assert 10.0 <= dried.water.min() <= dried.water.max() <= 400.0 + 1e-6
    assert (np.diff(dried.water) < 1e-9).all()


def test_a_stage_of_no_length_changes_nothing() -> None:
    assert carburise(0.2, [Stage(0.0, D, 1.0, 1.0)], 5e-3).uptake == 0.0
    assert (dry_web(300.0, 0.0, 1e-4, 1e-9, rate=1e-4, critical=100.0).water == 300.0).all()
    T = np.full((1, 21), 300.0)
    assert (heat_billets(T, [Coil(0.0, 1e5, 0.01)], 0.025, 30.0, STEEL).T == 300.0).all()


def test_steady_heating_with_a_thin_skin_bends_the_profile_as_it_must() -> None:
    """Quasi-steady: every place heats at 2 q/(rho c R), and T(r) - T(0) = q r^2/(2 k R), exactly."""
    q, radius, k = 4e5, 0.025, 30.0
    cold = np.full((1, 41), 20.0)
    hot = heat_billets(cold, [Coil(120.0, q, 1e-5)], radius, k, STEEL, h=0.0, emissivity=0.0)
    r = np.linspace(0.0, radius, 41)
    np.testing.assert_allclose(hot.T[0] - hot.T[0, 0], q * r * r / (2.0 * k * radius), rtol=2e-3, atol=0.05)
    assert hot.mean[0] == pytest.approx(20.0 + 2.0 * q * 120.0 / (STEEL * radius), rel=1e-10)


def test_a_deeper_skin_heats_more_evenly_and_losses_close_the_balance() -> None:
    cold = np.full((1, 41), 20.0)
    spread = []
    for skin in (0.001, 0.005, 0.02):
        hot = heat_billets(cold, [Coil(100.0, 4e5, skin)], 0.025, 30.0, STEEL)
        spread.append(hot.T[0, -1] - hot.T[0, 0])
        stored = (hot.mean[0] - 20.0) * STEEL * 0.025 / 2.0
        assert stored + hot.loss[0] == pytest.approx(4e5 * 100.0, rel=1e-10)
    assert spread[0] > spread[1] > spread[2]
    assert skin_source(0.025, 1e-6, 41)[-2] == 0.0


def test_wrong_arguments_are_named() -> None:
    cold = np.full((1, 5), 20.0)
    for call, message in (
        (
            lambda: carburise(0.2, [Stage(1.0, -D, 1.0, 1.0)], 1e-3),
            "diffusivity must be positive and finite",
        ),
        (lambda: carburise(math.nan, [], 1e-3), "carbon must be a finite number in [0, 100], got nan"),
        (
            lambda: dry_web(300.0, 1.0, 1e-4, 1e-9, rate=1e-4, critical=100.0, equilibrium=100.0),
            "equilibrium must lie in [0, 100], got 100.0",
        ),
        (
            lambda: heat_billets(cold, [Coil(1.0, -1.0, 0.1)], 0.02, 1.0, 1.0),
            "power must not be negative",
        ),
        (lambda: heat_billets(cold, [Coil(1.0, 1.0, 0.0)], 0.02, 1.0, 1.0), "skin_depth must be positive"),
        (lambda: heat_billets(cold, cast(Any, 3.0), 0.02, 1.0, 1.0), "stages must be a list of Coil, got 3.0"),
        (lambda: carburise(0.2, cast(Any, 3.0), 1e-3), "stages must be a list of Stage, got 3.0"),
        (lambda: carburise(0.2, cast(Any, "ab"), 1e-3), "stages must be a list of Stage, got 'ab'"),
    ):
        with pytest.raises(ValueError) as raised:
            call()
        assert str(raised.value).startswith(message)
