"""Heat treatment and induction beyond the reference cases: inverses, limits, monotony, ranges, messages."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from processes import heat_treatment as heat
from processes import induction
from processes.conduction import cylinder_convective_temperature, lumped_time, semiinf_flux_temperature

BAR = {"radius": 0.02, "k": 27.0, "rho": 7850.0, "c": 640.0, "h": 1500.0, "T_init": 850.0, "T_fluid": 60.0}
CASE = {"carbon_surface": 0.9, "carbon_core": 0.2, "carbon_target": 0.4, "diffusivity": 1.3e-11}
STEEL = {"k": 28.0, "rho": 7800.0, "c": 650.0, "flux": 15e6, "T_init": 20.0}
FURNACE = {"heat_capacity": 6e5, "UA": 14.3, "T_ambient": 20.0}
BATCH = {
    "load": 500.0,
    "fixture": 120.0,
    "c_mean": 650.0,
    "T_start": 20.0,
    "T_soak": 860.0,
    "wall_loss": 12e3,
    "cycle": 14400.0,
    "efficiency": 0.7,
}


@given(st.floats(70.0, 845.0), st.floats(50.0, 15e3))
def test_quench_time_is_the_inverse_of_the_series(T_target, h) -> None:
    bar = {**BAR, "h": h}
    time = heat.cylinder_quench_time(**bar, T_target=T_target)
    assert cylinder_convective_temperature(**bar, r=0.0, time=time) == pytest.approx(T_target, abs=1e-6)


def test_a_thin_bar_quenches_like_a_lumped_body() -> None:
    bar = {**BAR, "radius": 0.5e-3, "h": 50.0}
    lumped = lumped_time(7850.0, 640.0, 0.25e-3, 50.0, 850.0, 60.0, 300.0)
    assert heat.cylinder_quench_time(**bar, T_target=300.0) == pytest.approx(lumped, rel=1e-3)


def test_a_thick_bar_and_a_low_target_take_longer_and_a_soak_is_a_quench_upside_down() -> None:
    times = [heat.cylinder_quench_time(**{**BAR, "radius": radius}, T_target=500.0) for radius in (0.01, 0.02, 0.04)]
    assert times == sorted(times)
    assert heat.cylinder_quench_time(**BAR, T_target=400.0) > times[1]
    assert heat.cylinder_quench_time(**BAR, T_target=850.0) == 0.0
    upside_down = {**BAR, "T_init": 60.0, "T_fluid": 850.0}
    assert heat.cylinder_quench_time(**upside_down, T_target=410.0) == pytest.approx(
        heat.cylinder_quench_time(**BAR, T_target=500.0)
    )


def test_andrews_outside_its_range_warns() -> None:
    for composition in ((0.61, 0.5, 0.0, 0.0, 0.0), (0.2, 1.0, 3.0, 1.5, 0.0)):
        with pytest.warns(RuntimeWarning, match="extrapolated"):
            heat.ms_andrews_linear(*composition)


@given(st.floats(-50.0, 400.0), st.floats(-200.0, 500.0))
def test_martensite_grows_as_the_quench_goes_deeper(Ms, T_quench) -> None:
    share = heat.martensite_fraction(Ms, T_quench)
    assert 0.0 <= share < 1.0
    assert (share == 0.0) == (T_quench >= Ms)
    assert heat.martensite_fraction(Ms, T_quench - 10.0) >= share


def test_hardness_without_a_rate_has_no_term_of_it() -> None:
    plain = heat.as_quenched_hardness(0.4, 0.0, 0.0, 0.0, 0.0)
    assert plain == pytest.approx(127.0 + 949.0 * 0.4)
    assert heat.as_quenched_hardness(0.4, 0.0, 0.0, 0.0, 0.0, cooling_rate=10.0 / 3600.0) == pytest.approx(plain + 21.0)


@given(st.floats(0.01, 0.99), st.floats(1.0, 4.0), st.floats(1.0, 1e5))
def test_avrami_passes_the_observation_and_a_half(fraction, exponent, time) -> None:
    half = heat.jmak_half_time(fraction, time, exponent)
    rate = math.log(2.0) / half**exponent
    assert heat.jmak_fraction(half, rate, exponent) == pytest.approx(0.5)
    assert heat.jmak_fraction(time, rate, exponent) == pytest.approx(fraction, rel=1e-9)


def test_scheil_starts_where_its_sum_is_one() -> None:
    step, incubation = [2.0, 3.0, 4.0, 50.0], [math.inf, 60.0, 18.0, 11.0]
    start = heat.scheil_start_time(step, incubation)
    assert 9.0 < start < 59.0
    assert heat.scheil_sum([2.0, 3.0, 4.0, start - 9.0], incubation) == pytest.approx(1.0)
    assert heat.scheil_start_time([2.0], [5.0]) == math.inf
    assert heat.scheil_sum([], []) == 0.0


@given(st.floats(1.0, 1e6), st.floats(0.25, 0.85))
def test_case_depth_time_and_profile_are_one_formula(time, carbon_target) -> None:
    case = {**CASE, "carbon_target": carbon_target}
    depth = heat.case_depth(**case, time=time)
    assert heat.carburize_time(**case, depth=depth) == pytest.approx(time)
    assert heat.carbon_at_depth(0.9, 0.2, depth, 1.3e-11, time) == pytest.approx(carbon_target)
    assert heat.case_depth(**case, time=4.0 * time) == pytest.approx(2.0 * depth)


def test_carbon_profile_over_depths_and_times() -> None:
    depth, time = np.linspace(0.0, 3e-3, 7), np.array([[0.0], [3600.0], [36000.0]])
    profile = heat.carbon_at_depth(0.9, 0.2, depth, 1.3e-11, time)
    assert profile.shape == (3, 7)
    assert np.all((profile >= 0.2) & (profile <= 0.9 + 1e-15))
    np.testing.assert_allclose(profile[:, 0], 0.9, rtol=1e-15)
    np.testing.assert_array_equal(profile[0, 1:], 0.2)
    assert np.all(np.diff(profile, axis=0) >= 0.0) and np.all(np.diff(profile, axis=1) <= 0.0)
    assert isinstance(heat.carbon_at_depth(0.9, 0.2, 1e-3, 1.3e-11, 3600.0), float)


def test_slow_transfer_gives_less_carbon_and_fast_transfer_the_fixed_surface() -> None:
    fixed = heat.carbon_at_depth(0.9, 0.2, 0.5e-3, 1.3e-11, 21600.0)
    carbon = [heat.carbon_at_depth_with_transfer(0.9, 0.2, 0.5e-3, 1.3e-11, beta, 21600.0) for beta in (1e-7, 3e-7, 1)]
    assert carbon == sorted(carbon)
    assert carbon[-1] == pytest.approx(fixed, rel=1e-5)


def test_transfer_balances_diffusion_at_the_surface() -> None:
    depth, beta, D = 1e-8, 2e-7, 1.3e-11
    surface, below = heat.carbon_at_depth_with_transfer(0.9, 0.2, np.array([0.0, depth]), D, beta, 7200.0)
    assert D * (surface - below) / depth == pytest.approx(beta * (0.9 - surface), rel=1e-3)


def test_a_case_through_a_thin_section_warns() -> None:
    heat.carburize_time(**CASE, depth=0.8e-3, section=4e-3)
    with pytest.warns(RuntimeWarning, match="exceeds a quarter of the section") as told:
        heat.carburize_time(**CASE, depth=1.2e-3, section=4e-3)
    with pytest.warns(RuntimeWarning, match="exceeds a quarter of the section"):
        heat.case_depth(**CASE, time=1e5, section=4e-3)
    assert told[0].filename == __file__


@given(st.floats(150.0, 700.0), st.floats(60.0, 1e5), st.floats(150.0, 700.0))
def test_equal_tempering_has_equal_parameters(T1, time1, T2) -> None:
    time2 = heat.hollomon_jaffe_equivalent_time(T1, time1, T2)
    assert heat.hollomon_jaffe(T2, time2) == pytest.approx(heat.hollomon_jaffe(T1, time1))
    assert (time2 < time1) == (T2 > T1) or pytest.approx(T1) == T2


def test_hotter_tempering_is_softer_and_the_curve_has_ends() -> None:
    hardness = [heat.tempered_hardness(heat.hollomon_jaffe(T, 7200.0)) for T in (450.0, 550.0, 650.0)]
    assert hardness == sorted(hardness, reverse=True)
    with pytest.raises(ValueError, match=r"parameter must lie in \[14, 19\], got 13.0"):
        heat.tempered_hardness(13.0)
    assert heat.tempered_hardness(15.0, [10.0, 20.0], [60.0, 40.0]) == pytest.approx(50.0)


def test_batch_energy_splits_into_load_and_walls() -> None:
    whole = heat.furnace_batch_energy(**BATCH)
    walls = heat.furnace_batch_energy(**{**BATCH, "T_soak": 20.0})
    load = heat.furnace_batch_energy(**{**BATCH, "wall_loss": 0.0})
    assert whole == pytest.approx(walls + load)
    assert walls == pytest.approx(12e3 * 14400.0 / 0.7)


@given(st.floats(0.0, 1e5), st.floats(0.0, 1e5))
def test_two_power_dips_equal_one_of_their_sum(first, second) -> None:
    between = heat.furnace_temperature_after_stop(**FURNACE, T_init=860.0, stop=first)
    whole = heat.furnace_temperature_after_stop(**FURNACE, T_init=860.0, stop=first + second)
    assert heat.furnace_temperature_after_stop(**FURNACE, T_init=between, stop=second) == pytest.approx(whole)
    assert 20.0 <= whole <= between


def test_a_tolerated_stop_ends_at_the_edge_of_the_band() -> None:
    stop = heat.soak_stop_tolerated(**FURNACE, T_soak=860.0, band=10.0)
    assert heat.furnace_temperature_after_stop(**FURNACE, T_init=860.0, stop=stop) == pytest.approx(850.0)
    with pytest.raises(ValueError, match=r"band must be less than T_soak - T_ambient = 840 K, got 900.0"):
        heat.soak_stop_tolerated(**FURNACE, T_soak=860.0, band=900.0)


def test_skin_depth_halves_at_four_times_the_frequency() -> None:
    assert induction.skin_depth(1.146e-6, 1.0, 4000.0) == pytest.approx(0.5 * induction.skin_depth(1.146e-6, 1.0, 1e3))
    assert induction.skin_depth(1.146e-6, 100.0, 1e3) == pytest.approx(0.1 * induction.skin_depth(1.146e-6, 1.0, 1e3))


@given(st.floats(0.05, 10.0))
def test_hardened_depth_starts_when_the_surface_is_there_and_stands_at_the_temperature(time) -> None:
    at_surface = induction.surface_time(**STEEL, T_surface=850.0)
    assert semiinf_flux_temperature(**STEEL, depth=0.0, time=at_surface) == pytest.approx(850.0)
    depth = induction.hardened_depth(**STEEL, T_austenitise=850.0, time=time)
    assert (depth > 0.0) == (time > at_surface)
    assert induction.hardened_depth(**STEEL, T_austenitise=850.0, time=1.1 * time) >= depth
    if depth > 0.0:
        assert semiinf_flux_temperature(**STEEL, depth=depth, time=time) == pytest.approx(850.0)


def test_pulse_energy_and_its_efficiency() -> None:
    assert induction.hardening_energy(1e7, 0.01, 2.0, 0.5) == pytest.approx(4e5)


@pytest.mark.parametrize(
    ("function", "arguments", "message"),
    [
        (heat.cylinder_quench_time, {**BAR, "T_target": 60.0}, "T_target must lie between T_init and T_fluid, got 60"),
        (heat.cylinder_quench_time, {**BAR, "T_target": 900.0}, "T_target must lie between"),
        (heat.ms_andrews_linear, {"C": -0.1, "Mn": 0, "Ni": 0, "Cr": 0, "Mo": 0}, "C must not be negative"),
        (heat.jmak_half_time, {"fraction": 1.0, "time": 60.0, "exponent": 2.0}, "fraction must lie between 0 and 1"),
        (heat.scheil_sum, {"step": [1.0], "incubation": [1.0, 2.0]}, "incubation must have one number for each step"),
        (heat.scheil_sum, {"step": [1.0, -1.0], "incubation": [1.0, 2.0]}, r"step\[1\] must not be negative"),
        (heat.scheil_sum, {"step": [1.0], "incubation": [0.0]}, r"incubation\[0\] must be positive, got 0.0"),
        (heat.carburize_time, {**CASE, "carbon_target": 0.95, "depth": 1e-3}, "carbon_target must lie between"),
        (heat.carbon_at_depth, {"carbon_surface": 1, "carbon_core": 0, "depth": [0.0, -1.0], "diffusivity": 1e-11,
                                "time": 1.0}, "depth must be finite and at least 0, got -1.0"),
        (heat.hollomon_jaffe_equivalent_time, {"T1": 600.0, "time1": 60.0, "T2": -250.0}, "T2 is too far from T1"),
        (heat.tempered_hardness, {"parameter": 1.0, "parameters": [1.0], "hardness": [1.0]}, "two or more pairs"),
        (heat.tempered_hardness, {"parameter": 1, "parameters": [2, 1], "hardness": [1, 2]}, "parameters must rise"),
        (heat.furnace_batch_energy, {**BATCH, "efficiency": 1.2}, r"efficiency must lie in \[0, 1\], got 1.2"),
        (induction.surface_time, {**STEEL, "T_surface": 10.0}, "T_surface must exceed T_init"),
        (induction.hardened_depth, {**STEEL, "T_austenitise": 10.0, "time": 1.0}, "T_austenitise must exceed T_init"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_told(function, arguments, message) -> None:
    with pytest.raises(ValueError, match=message):
        function(**arguments)
