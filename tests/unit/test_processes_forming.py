"""Forging and stamping beyond the reference cases: limits, sums of waits, monotony, ranges, messages."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from processes import forging, stamping
from processes.conduction import lumped_conv_rad_time, lumped_temperature, radiation_only_time

BILLET = {"diameter": 0.05, "length": 0.1, "rho": 7600.0, "c": 680.0}
AIR = {"h": 15.0, "emissivity": 0.8, "T_init": 1220.0, "T_ambient": 25.0}
MODULUS = 0.05 * 0.1 / (4.0 * 0.1 + 2.0 * 0.05)
UPSET = {"diameter0": 0.05, "height0": 0.075, "height": 0.036, "K": 350e6, "n": 0.17, "friction": 0.1}
FIT: dict[str, Any] = {"A": 2.1e9, "m1": -0.0026, "m2": -0.05, "m3": 0.14, "m4": -0.03}
STATE: dict[str, Any] = {"T": 1150.0, "strain": 0.4, "strain_rate": 10.0}
WEAR = {"wear_coefficient": 3e-5, "contact_pressure": 400e6, "sliding_per_stroke": 0.01, "die_hardness": 4.5e9}
DRAW = {"punch_diameter": 0.075, "sheet": 2.4e-3, "tensile_strength": 300e6, "blank_diameter": 0.138}
PRESS = {"sheet": 1.5e-3, "rho": 7850.0, "c": 700.0, "h": 2000.0, "T_init": 700.0, "T_die": 60.0, "T_release": 150.0}


def after(**changes):
    return forging.billet_temperature_after_wait(**{**BILLET, **AIR, **changes})


@given(
    st.floats(0.0, 500.0), st.sampled_from([0.0, 1e-9, 1e-4, 0.3, 0.85, 1.0]), st.floats(0.0, 3e4), st.floats(0.0, 3e4)
)
def test_two_waits_equal_one_of_their_sum_and_never_pass_the_hall(h, emissivity, first, second) -> None:
    between = after(h=h, emissivity=emissivity, wait=first)
    split = after(h=h, emissivity=emissivity, T_init=between, wait=second)
    whole = after(h=h, emissivity=emissivity, wait=first + second)
    assert split == pytest.approx(whole, abs=1e-6)
    assert 25.0 <= whole <= between + 1e-9 <= 1220.0 + 2e-9


@given(st.floats(0.1, 200.0), st.floats(0.1, 1.0), st.floats(1.0, 5000.0))
def test_billet_takes_the_time_that_the_integral_gives(h, emissivity, wait) -> None:
    T = after(h=h, emissivity=emissivity, wait=wait)
    if T - 25.0 > 1e-3:  # beyond it the target is a difference of near numbers
        time = lumped_conv_rad_time(7600.0, 680.0, MODULUS, h, emissivity, 1220.0, 25.0, 25.0, T)
        assert time == pytest.approx(wait, rel=1e-6)


def test_billet_without_one_of_the_losses_meets_the_closed_forms() -> None:
    convective = lumped_temperature(7600.0, 680.0, MODULUS, 15.0, 1220.0, 25.0, 60.0)
    assert after(emissivity=0.0, wait=60.0) == pytest.approx(convective, rel=1e-12)
    assert after(emissivity=1e-9, wait=60.0) == pytest.approx(convective, abs=1e-4)
    radiated = after(h=0.0, wait=60.0)
    assert radiation_only_time(7600.0, 680.0, MODULUS, 0.8, 1220.0, 25.0, radiated) == pytest.approx(60.0, rel=1e-9)


def test_a_stop_of_no_length_changes_nothing_and_an_endless_one_ends_in_the_hall() -> None:
    assert after(wait=0.0) == 1220.0
    assert after(T_init=25.0, wait=100.0) == 25.0
    assert after(wait=1e7) == pytest.approx(25.0, abs=1e-9)


def test_a_thicker_billet_stays_warmer() -> None:
    temperatures = [after(diameter=diameter, wait=20.0) for diameter in (0.02, 0.03, 0.05, 0.08)]
    assert temperatures == sorted(temperatures)


def test_radiation_coefficient_times_difference_is_the_flux() -> None:
    flux = 0.8 * 5.670374e-8 * (1473.15**4 - 298.15**4)
    assert forging.radiation_coefficient(0.8, 1200.0, 25.0) * 1175.0 == pytest.approx(flux)


def test_a_colder_billet_is_harder() -> None:
    hot, cold = (forging.flow_stress_hensel_spittel(**{**FIT, **STATE, "T": T}) for T in (1200.0, 900.0))
    assert cold > hot


@pytest.mark.parametrize(("name", "window"), [("T", (900.0, 1100.0)), ("strain", (0.5, 1)), ("strain_rate", (0.1, 5))])
def test_a_fit_is_not_extrapolated(name, window) -> None:
    with pytest.raises(ValueError, match=rf"{name} must lie in \[{window[0]:g}, {window[1]:g}\], got {STATE[name]}"):
        forging.flow_stress_hensel_spittel(**FIT, **STATE, **{f"{name}_range": window})


def test_the_simple_laws_keep_their_windows_too() -> None:
    assert forging.flow_stress_cold(350e6, 0.17, 0.4, strain_range=(0.0, 0.4)) > 0.0
    with pytest.raises(ValueError, match=r"strain must lie in \[0, 0.3\], got 0.4"):
        forging.flow_stress_cold(350e6, 0.17, 0.4, strain_range=(0.0, 0.3))
    with pytest.raises(ValueError, match=r"strain_rate must lie in \[1, 20\], got 50.0"):
        forging.flow_stress_hot(70e6, 0.15, 50.0, strain_rate_range=(1.0, 20.0))


@pytest.mark.parametrize("window", [3.0, (2.0, 1.0), (1.0,), ("a", "b", "c"), None])
def test_a_window_is_two_numbers(window) -> None:
    with pytest.raises(ValueError, match="T_range must be two numbers, lower first, got "):
        forging.flow_stress_hensel_spittel(**FIT, **STATE, T_range=window)


def test_hensel_and_spittel_is_the_product_of_its_factors_as_far_as_a_number_goes() -> None:
    # 2.1e9 exp(-0.0026 1150) 0.4^-0.05 10^0.14 exp(-0.03/0.4), with ten digits
    assert forging.flow_stress_hensel_spittel(**FIT, **STATE) == pytest.approx(141580586.8, rel=1e-9)
    balanced = {**FIT, "m2": -800.0, "m1": -800.0 * math.log(0.4 / 0.1) / 1150.0}  # 0.4^-800 alone is 1e318
    assert math.log(forging.flow_stress_hensel_spittel(**balanced, **STATE)) == pytest.approx(-354.2903383, abs=1e-6)
    for m2 in (-1e6, 1e6):
        with pytest.raises(ValueError, match=f"m1, m2, m3, m4 must give a stress .* got -0.0026, {m2}, 0.14, -0.03"):
            forging.flow_stress_hensel_spittel(**{**FIT, "m2": m2}, **STATE)


@given(st.floats(0.02, 0.5), st.floats(0.0, 0.5))
def test_rate_free_metal_forgets_the_rate_and_a_perfect_one_the_strain(strain, friction) -> None:
    assert forging.flow_stress_hot(70e6, 0.0, 1.0 + strain) == 70e6
    assert forging.flow_stress_cold(350e6, 0.0, strain) == 350e6


@given(st.floats(0.010, 0.074), st.floats(0.0, 0.5))
def test_upsetting_takes_more_force_and_work_the_further_it_goes(height, friction) -> None:
    now = {**UPSET, "height": height, "friction": friction}
    further = {**now, "height": 0.95 * height}
    assert forging.upset_force(**further) > forging.upset_force(**now)
    assert forging.upset_energy(**further) > forging.upset_energy(**now)


def test_work_of_upsetting_without_friction_and_hardening_is_stress_times_volume_times_strain() -> None:
    volume = 0.25 * math.pi * 0.05**2 * 0.075
    ideal = forging.upset_energy(**{**UPSET, "n": 0.0, "friction": 0.0})
    assert ideal == pytest.approx(350e6 * volume * math.log(75.0 / 36.0))
    hardening = forging.upset_energy(**{**UPSET, "friction": 0.0})
    assert hardening == pytest.approx(350e6 * volume * math.log(75.0 / 36.0) ** 1.17 / 1.17)


def test_both_upsetting_formulas_agree_without_friction() -> None:
    stress = forging.flow_stress_cold(350e6, 0.17, math.log(75.0 / 36.0))
    slab = forging.upset_force_slab_method(0.05, 0.075, 0.036, stress, 0.0)
    assert slab == pytest.approx(forging.upset_force(**{**UPSET, "friction": 0.0}))


def test_die_life_is_the_wear_limit_over_wear_per_stroke() -> None:
    life = forging.archard_die_life(**WEAR, allowed_wear=0.3e-3)
    assert life * forging.archard_wear(**WEAR) == pytest.approx(0.3e-3)
    assert forging.archard_die_life(**{**WEAR, "die_hardness": 3e9}, allowed_wear=0.3e-3) < life


def test_a_die_that_flows_is_told() -> None:
    with pytest.warns(RuntimeWarning, match="the die flows"):
        forging.archard_wear(**{**WEAR, "contact_pressure": 5e9})


def test_a_bar_through_the_heater_takes_longer_if_thicker() -> None:
    assert 70.0 < forging.bar_heating_time(0.05) < forging.bar_heating_time(0.06)


def test_cutting_force_from_either_strength() -> None:
    assert stamping.blanking_force_from_tensile(450e6, 3e-3, 0.5) == pytest.approx(
        stamping.blanking_force(315e6, 3e-3, 0.5)
    )


def test_a_draw_beyond_the_limit_warns_at_it_does_not() -> None:
    at_limit = stamping.deep_draw_force(**{**DRAW, "blank_diameter": 0.150})
    with pytest.warns(RuntimeWarning, match=r"draw ratio 2\.1.* exceeds 2\.0"):
        assert stamping.deep_draw_force(**{**DRAW, "blank_diameter": 0.158}) > at_limit


@given(st.floats(1e-3, 3e-3), st.floats(500.0, 4000.0))
def test_hot_stamping_holds_thicker_sheets_longer_and_firmer_contact_shorter(sheet, h) -> None:
    dwell = stamping.hot_stamping_dwell(**{**PRESS, "sheet": sheet, "h": h})
    assert stamping.hot_stamping_dwell(**{**PRESS, "sheet": 1.1 * sheet, "h": h}) == pytest.approx(1.1 * dwell)
    assert stamping.hot_stamping_dwell(**{**PRESS, "sheet": sheet, "h": 2.0 * h}) == pytest.approx(0.5 * dwell)
    assert lumped_temperature(7850.0, 700.0, 0.5 * sheet, h, 700.0, 60.0, dwell) == pytest.approx(150.0)


@pytest.mark.parametrize(
    ("function", "arguments", "message"),
    [
        (after, {"wait": -1.0}, "wait must not be negative"),
        (after, {"wait": 1.0, "T_init": 20.0}, "T_init must not be below T_ambient, got 20.0"),
        (after, {"wait": 1.0, "emissivity": 1.1}, r"emissivity must lie in \[0, 1\], got 1.1"),
        (forging.upset_force, {**UPSET, "height": 0.08}, "height must not exceed height0, got 0.08"),
        (forging.upset_energy, {**UPSET, "height": 0.0}, "height must be positive"),
        (forging.flow_stress_hensel_spittel, {**FIT, **STATE, "m4": math.nan}, "m4 must be finite"),
        (forging.flow_stress_hot, {"C": 70e6, "m": 1.5, "strain_rate": 1.0}, r"m must lie in \[0, 1\], got 1.5"),
        (
            forging.impression_die_force,
            {"flow_stress": 9e7, "plan_area_with_flash": 0.01, "shape_factor": 0.5},
            "shape_factor",
        ),
        (stamping.deep_draw_force, {**DRAW, "blank_diameter": 0.07}, "blank_diameter must exceed punch_diameter"),
        (stamping.hot_stamping_dwell, {**PRESS, "T_release": 50.0}, "T_release must exceed T_die"),
    ],
)
def test_what_cannot_be_is_told(function, arguments, message) -> None:
    with pytest.raises(ValueError, match=message):
        function(**arguments)
