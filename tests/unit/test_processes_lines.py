"""Cycles, losses and limits around casting, forging and heat treatment: sums, balances, limits, ranges, messages."""

from __future__ import annotations

import inspect
import math
import warnings
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from processes import (
    carburizing,
    casting,
    die_casting,
    forging,
    forging_line,
    heat_treatment,
    induction,
    lumped_die,
    melting,
    quenching,
    transformation,
)
from processes.conduction import cylinder_convective_temperature
from processes.materials import practice, used

H13 = {"k": 28.0, "rho": 7750.0, "c": 520.0}
FORGE: dict[str, Any] = {
    "feed": 3.0,
    "descale": 1.5,
    "blow": 2.5,
    "blows": 3,
    "transfer": 2.0,
    "trim": 4.0,
    "spray": 3.0,
}
LOAD = {"force": 1.467e6, "energy": 32.23e3, "press_force": 2.5e6, "press_energy": 40e3}
BAR = {"diameter": 0.05, "k": 28.0, "rho": 7650.0, "c": 690.0, "fourier": 0.5}
HELD = {"diameter": 0.05, "length": 0.1, "h": 15.0, "emissivity": 0.3, "T": 1200.0, "T_ambient": 400.0}
WHEEL = {"close": 5.0, "rise": 0.9, "velocity": 0.1, "freezing": 150.0, "cooling": 40.0, "opening": 5.0, "eject": 15.0}
POUR = {"T_pour": 690.0, "base": 0.02, "misrun_slope": 0.01, "gas_slope": 0.005, "T_misrun": 620.0, "T_gas": 720.0}
CASE = {"carbon_surface": 0.9, "carbon_core": 0.2, "carbon_target": 0.40, "diffusivity": 1.3e-11, "time": 21600.0}
GOOD = [
    (casting.low_pressure_cycle_time, {**WHEEL, "prepare": 20.0}),
    (die_casting.hpdc_shot_time, {"slow_stroke": 0.6, "slow_speed": 0.3, "fill_time": 0.05}),
    (die_casting.soldering_hazard, {"T_before": 290.0, "slope": 1e-7, "onset": 270.0}),
    (lumped_die.active_depth, {**H13, "cycle": 60.0}),
    (
        lumped_die.active_heat_capacity,
        {"face_area": 0.7, **H13, "cycle": 60.0, "bolster": 4e5, "bolster_share": 0.2},
    ),
    (lumped_die.lumped_die_biot, {"UA": 226.0, "face_area": 0.73, "depth": 0.04, "k": 28.0}),
    (melting.melt_loss, {"charge": 1000.0, "loss_share": 0.03}),
    (melting.charge_for_melt, {"melt": 970.0, "loss_share": 0.03}),
    (melting.ladle_temperature, {"T_tapped": 720.0, "time": 240.0, "rate": 0.03, "T_freeze": 613.0}),
    (melting.ladle_time, {"T_tapped": 720.0, "T_pour": 690.0, "rate": 0.03}),
    (melting.pour_defect_probability, POUR),
    (forging_line.forging_cycle_time, {**FORGE, "heating": 18.0}),
    (forging_line.press_load_share, LOAD),
    (forging_line.scale_loss, {"mass": 2.0, "share_per_heat": 0.015, "heats": 2}),
    (forging_line.bar_soak_time, BAR),
    (forging_line.heater_holding_power, {**HELD, "billets": 12.0, "efficiency": 0.65}),
    (heat_treatment.soak_time, {"section": 0.05, "time_per_thickness": 144e3}),
    (carburizing.case_depth_error, {**CASE, "drift": 0.05}),
]


@pytest.mark.parametrize(("function", "arguments"), GOOD, ids=lambda item: getattr(item, "__name__", ""))
def test_every_argument_is_checked_and_named(function, arguments) -> None:
    assert tuple(inspect.signature(function).parameters) == tuple(arguments)
    assert math.isfinite(function(**arguments))
    for name in arguments:
        for bad in (math.nan, math.inf, -1e6, [1.0, 2.0], "x"):
            with pytest.raises(ValueError, match=name if name != "drift" else "drift|carbon_surface"):
                function(**{**arguments, name: bad})


@given(st.integers(1, 5), st.floats(0.0, 60.0))
def test_a_forging_takes_the_sum_of_its_phases_or_the_time_of_the_heater(blows, heating) -> None:
    line = {**FORGE, "blows": blows}
    by_hand = 3.0 + 1.5 + 2.5 * blows + 2.0 + 4.0 + 3.0
    assert forging_line.forging_cycle_time(**line) == pytest.approx(by_hand)
    assert forging_line.forging_cycle_time(**line, heating=heating) == pytest.approx(max(by_hand, heating))


def test_phases_of_practice_give_a_cycle_of_half_a_minute_at_most() -> None:
    def cycle(which: str) -> float:
        phases = {name: getattr(practice("forging", f"phase_{name}"), which) for name in FORGE if name != "blows"}
        return forging_line.forging_cycle_time(**phases, blows=2)

    # lower ends: 2 + 1 + 2 1.5 + 1 + 3 + 2, upper ends: 4 + 2 + 2 4 + 3 + 6 + 5
    assert (cycle("low"), cycle("high")) == pytest.approx((12.0, 28.0))


def test_a_press_is_judged_by_force_and_by_energy() -> None:
    assert forging_line.press_load_share(**LOAD) == pytest.approx(32.23 / 40.0)  # energy
    assert forging_line.press_load_share(**{**LOAD, "press_energy": 80e3}) == pytest.approx(1.467 / 2.5)  # force
    exactly = forging_line.press_load_share(2.5e6, 40e3, 2.5e6, 40e3)
    assert exactly == 1.0
    with pytest.warns(RuntimeWarning, match="energy of the blow is 1.07 times what the press has"):
        forging_line.press_load_share(**{**LOAD, "press_energy": 30e3})
    with pytest.warns(RuntimeWarning, match="force of the blow is 1.47 times"):
        forging_line.press_load_share(**{**LOAD, "press_force": 1e6})


def test_the_load_of_an_upsetting_comes_from_its_formulas() -> None:
    blank = {"diameter0": 0.05, "height0": 0.075, "height": 0.036, "K": 350e6, "n": 0.17, "friction": 0.1}
    needed = forging.upset_force(**blank), forging.upset_energy(**blank)
    assert forging_line.press_load_share(*needed, press_force=needed[0] / 0.5, press_energy=needed[1] / 0.4) == 0.5


@given(st.floats(0.0, 0.2), st.integers(0, 4), st.integers(0, 4))
def test_scale_of_several_heats_is_one_after_the_other(share, first, second) -> None:
    lost = forging_line.scale_loss(2.0, share, first)
    left = 2.0 - lost
    again = forging_line.scale_loss(left, share, second) if left else 0.0
    assert lost + again == pytest.approx(forging_line.scale_loss(2.0, share, first + second), abs=1e-12)


def test_a_bar_soaked_by_the_criterion_is_even() -> None:
    # From 20 degC with a surface at 1200 degC: at Fo 0.5 the axis lacks 1.602 exp(-5.783 0.5) = 8.9 % of the way.
    time = forging_line.bar_soak_time(**BAR)
    assert time == pytest.approx(0.5 * 0.025**2 / (28.0 / (7650.0 * 690.0)))
    axis = cylinder_convective_temperature(0.025, 28.0, 7650.0, 690.0, 1e9, 20.0, 1200.0, 0.0, time)
    assert (1200.0 - axis) / 1180.0 == pytest.approx(0.0889, abs=1e-3)
    assert forging_line.bar_soak_time(**{**BAR, "diameter": 0.1}) == pytest.approx(4.0 * time)


def test_holding_power_is_the_loss_of_the_side_over_the_efficiency() -> None:
    # pi 0.05 0.1 (15 800 + 0.3 5.670374e-8 (1473.15^4 - 673.15^4))/0.65 = 2141.68 W
    one = forging_line.heater_holding_power(**HELD, billets=1, efficiency=0.65)
    assert one == pytest.approx(2141.6826, rel=1e-7)
    assert forging_line.heater_holding_power(**HELD, billets=7, efficiency=0.65) == pytest.approx(7.0 * one)
    assert forging_line.heater_holding_power(**{**HELD, "T": 400.0}, billets=1, efficiency=0.65) == 0.0
    linear = forging.radiation_coefficient(0.3, 1200.0, 400.0) + 15.0
    assert one == pytest.approx(math.pi * 0.05 * 0.1 * linear * 800.0 / 0.65)


def test_a_billet_too_thick_for_one_temperature_warns() -> None:
    billet = {"length": 0.2, "rho": 7600.0, "c": 680.0, "h": 15.0, "emissivity": 0.8, "T_init": 1220.0}
    thin = forging.billet_temperature_after_wait(diameter=0.04, **billet, T_ambient=25.0, wait=5.0, k=28.0)
    assert thin == forging.billet_temperature_after_wait(diameter=0.04, **billet, T_ambient=25.0, wait=5.0)
    with pytest.warns(RuntimeWarning, match=r"Biot number 0\.1.* of the billet reaches 0.1"):
        forging.billet_temperature_after_wait(diameter=0.08, **billet, T_ambient=25.0, wait=5.0, k=28.0)


def test_a_wheel_takes_the_sum_of_its_phases_and_rises_calmly() -> None:
    # 5 + 0.9/0.1 + 150 + 40 + 5 + 15 + 20
    assert casting.low_pressure_cycle_time(**WHEEL, prepare=20.0) == pytest.approx(244.0)
    row = practice("low_pressure_casting", "cycle")
    assert row.low < 244.0 < row.high
    with pytest.warns(RuntimeWarning, match=r"velocity 0\.6 m/s exceeds 0.5 m/s"):
        casting.low_pressure_cycle_time(**{**WHEEL, "velocity": 0.6}, prepare=20.0)
    assert casting.low_pressure_cycle_time(**{**WHEEL, "velocity": 0.5}, prepare=20.0) == pytest.approx(236.8)


def test_freezing_times_tell_where_they_end() -> None:
    wall = {"modulus": 0.004, "rho": 2680.0, "latent": 389e3, "c_liquid": 1160.0, "superheat": 90.0}
    die = {"T_freeze": 585.0, "T_die": 350.0}
    with pytest.warns(RuntimeWarning, match="Biot number of the shell 0.265 reaches 0.1"):
        casting.interface_controlled_time(**wall, **die, h_interface=1e4, k_solid=151.0)
    with pytest.warns(RuntimeWarning, match="Stefan number 0.582 reaches 0.5"):  # 963 235/389e3
        casting.mixed_resistance_time(0.006, 2680.0, 389e3, 150.0, 3000.0, 585.0, 350.0, c_solid=963.0)


def test_evacuation_adds_to_a_shot_and_its_phases_to_the_shot() -> None:
    times = {"close": 4.0, "pour": 5.0, "shot": 2.0, "dwell": 12.0, "opening": 3.0, "eject": 5.0, "spray": 10.0}
    without = die_casting.hpdc_cycle_time(**times)
    assert die_casting.hpdc_cycle_time(**times, vacuum=4.5) == without + 4.5
    assert die_casting.hpdc_shot_time(0.6, 0.3, 0.05) == pytest.approx(2.05)
    with pytest.raises(ValueError, match="vacuum must not be negative"):
        die_casting.hpdc_cycle_time(**times, vacuum=-1.0)


@given(st.floats(150.0, 400.0), st.floats(0.0, 1e-5))
def test_soldering_starts_at_its_onset_and_rises_straight(T_before, slope) -> None:
    hazard = die_casting.soldering_hazard(T_before, slope)
    assert hazard == pytest.approx(slope * (T_before - 270.0) if T_before > 270.0 else 0.0)
    assert die_casting.soldering_hazard(T_before + 10.0, slope) >= hazard
    row = practice("die_casting", "soldering_onset")
    assert (row.low, row.value, row.high) == (260.0, 270.0, 280.0)


@given(st.floats(0.05, 2.0), st.floats(10.0, 200.0), st.floats(50.0, 500.0))
def test_biot_of_the_active_steel_is_four_times_the_exponent_of_a_cycle(area, cycle, UA) -> None:
    depth = lumped_die.active_depth(**H13, cycle=cycle)
    assert depth == pytest.approx(2.0 * math.sqrt(28.0 / (7750.0 * 520.0) * cycle))
    capacity = lumped_die.active_heat_capacity(area, **H13, cycle=cycle)
    assert lumped_die.lumped_die_biot(UA, area, depth, 28.0) == pytest.approx(4.0 * UA * cycle / capacity)
    more = lumped_die.active_heat_capacity(area, **H13, cycle=cycle, bolster=1e6, bolster_share=0.25)
    assert more == pytest.approx(capacity + 2.5e5)


@pytest.mark.parametrize(
    ("function", "arguments"),
    [
        (lumped_die.hpdc_die_temperature_steady, (60.0, 1.9e6, 1.2e5, 226.0, 60.0)),
        (lumped_die.hpdc_die_temperature_before_shot, (150.0, 60.0, 1.9e6, 1.2e5, 226.0, 60.0, 5)),
        (lumped_die.hpdc_die_temperature_after_stop, (190.0, 60.0, 1.2e5, 226.0, 600.0)),
    ],
)
def test_a_die_with_more_than_one_temperature_warns(function, arguments) -> None:
    assert function(*arguments, biot=0.49) == function(*arguments)
    with pytest.warns(RuntimeWarning, match=r"Biot number 0\.5 of the active steel reaches 0.5") as told:
        function(*arguments, biot=0.5)
    assert told[0].filename == __file__


@given(st.floats(1.0, 1e4), st.floats(0.0, 0.9))
def test_charge_less_loss_is_the_melt(melt, share) -> None:
    charge = melting.charge_for_melt(melt, share)
    assert charge - melting.melt_loss(charge, share) == pytest.approx(melt)
    assert charge >= melt
    with pytest.raises(ValueError, match="loss_share must be below 1, got 1.0"):
        melting.charge_for_melt(melt, 1.0)


@given(st.floats(0.0, 900.0), st.floats(0.0, 900.0), st.floats(0.005, 0.05))
def test_two_waits_in_the_ladle_are_one_and_time_and_temperature_are_inverse(first, second, rate) -> None:
    middle = melting.ladle_temperature(720.0, first, rate)
    end = melting.ladle_temperature(middle, second, rate)
    assert end == pytest.approx(melting.ladle_temperature(720.0, first + second, rate))
    assert melting.ladle_time(720.0, end, rate) == pytest.approx(first + second, abs=1e-6)


def test_a_ladle_falls_as_practice_says_until_it_freezes() -> None:
    row = practice("melting", "ladle_cooling")
    # 1-3 K/min over ten minutes
    assert 720.0 - melting.ladle_temperature(720.0, 600.0, row.low) == pytest.approx(10.0, rel=1e-4)
    assert 720.0 - melting.ladle_temperature(720.0, 600.0, row.high) == pytest.approx(30.0, rel=1e-4)
    assert melting.ladle_temperature(720.0, 600.0) == pytest.approx(700.0)
    with pytest.warns(RuntimeWarning, match="freezes in the ladle"):
        melting.ladle_temperature(620.0, 300.0, T_freeze=613.0)
    with pytest.raises(ValueError, match="T_tapped must not be below T_freeze, got 600.0"):
        melting.ladle_temperature(600.0, 0.0, T_freeze=613.0)


@pytest.mark.parametrize(("T", "expected"), [(600.0, 0.22), (620.0, 0.02), (670.0, 0.02), (720.0, 0.02), (740.0, 0.12)])
def test_pouring_is_bad_below_and_above_its_window(T, expected) -> None:
    assert melting.pour_defect_probability(**{**POUR, "T_pour": T}) == pytest.approx(expected)
    assert melting.pour_defect_probability(**{**POUR, "T_pour": 20.0}) == 1.0


def test_soak_is_an_hour_for_25_mm() -> None:
    assert heat_treatment.soak_time(0.025) == pytest.approx(3600.0)
    assert heat_treatment.soak_time(0.1, practice("heat_treatment", "soak_per_thickness").value) == pytest.approx(
        14400.0
    )


def test_martensite_of_a_steel_outside_the_fit_warns() -> None:
    inside = transformation.martensite_fraction(331.0, 60.0, carbon=0.6, alloy=5.0)
    assert inside == transformation.martensite_fraction(331.0, 60.0)
    with pytest.warns(RuntimeWarning, match="Share of martensite of C 0.8 %") as told:
        assert transformation.martensite_fraction(200.0, 20.0, carbon=0.8) > 0.0
    assert told[0].filename == __file__
    with pytest.warns(RuntimeWarning, match=r"Mn \+ Ni \+ Cr \+ Mo 6 % is extrapolated"):
        heat_treatment.martensite_fraction(200.0, 20.0, alloy=6.0)
    with pytest.raises(ValueError, match="carbon must not be negative"):
        transformation.martensite_fraction(200.0, 20.0, carbon=-0.1)


def test_a_carbon_profile_knows_its_section() -> None:
    gas = (0.9, 0.2, np.array([0.0, 1e-3]), 1.3e-11)
    # The mean of surface and core lies at 0.954 sqrt(1.3e-11 21600) = 0.505 mm: a quarter of 2.02 mm.
    assert carburizing.carbon_at_depth(0.9, 0.2, 0.50547e-3, 1.3e-11, 21600.0) == pytest.approx(0.55, abs=1e-4)
    thick = carburizing.carbon_at_depth(*gas, 21600.0, section=2.03e-3)
    np.testing.assert_array_equal(thick, carburizing.carbon_at_depth(*gas, 21600.0))
    with pytest.warns(RuntimeWarning, match="case depth 0.000505 m exceeds a quarter of the section 0.002 m") as told:
        carburizing.carbon_at_depth(*gas, 21600.0, section=2e-3)
    assert told[0].filename == __file__
    with pytest.warns(RuntimeWarning, match="exceeds a quarter of the section"):
        carburizing.carbon_at_depth_with_transfer(*gas, 2e-7, 21600.0, section=2e-3)
    with pytest.raises(ValueError, match=r"depth must lie in \[0, 0.0005\], got 0.001"):
        carburizing.carbon_at_depth(*gas, 60.0, section=0.5e-3)


def test_a_drifted_probe_makes_the_case_deeper_or_shallower() -> None:
    # 2 sqrt(1.3e-11 21600) (erfinv(0.55/0.75) - erfinv(0.5/0.7)) = 1.0598e-3 0.030548 m
    assert carburizing.case_depth_error(**CASE, drift=0.05) == pytest.approx(3.23749e-5, rel=1e-5)
    assert carburizing.case_depth_error(**CASE, drift=0.0) == 0.0
    assert carburizing.case_depth_error(**CASE, drift=-0.05) < 0.0


def test_a_thick_skin_is_no_flux_through_the_surface() -> None:
    pulse = (28.0, 7800.0, 650.0, 15e6, 20.0, 850.0, 0.6)
    assert induction.hardened_depth(*pulse, skin=0.16e-3) == induction.hardened_depth(*pulse)
    with pytest.warns(RuntimeWarning, match="skin 0.0005 m exceeds 0.3 of the case 0.000552 m"):
        induction.hardened_depth(*pulse, skin=0.5e-3)


def test_a_quench_curve_passes_its_points_and_is_straight_between_them() -> None:
    with used() as rows:
        oil = quenching.quench_curve("oil")
    assert [row.name for row in rows.all()] == ["oil_150", "oil_peak", "oil_800"]
    # 520 degC 5350, 150 degC 500: at 335 degC half-way, 2925
    expected = [500.0, 2925.0, 5350.0, 5350.0, 5350.0, 500.0]
    assert quenching.quench_film(np.array([150.0, 335.0, 520.0, 535.0, 550.0, 800.0]), *oil) == pytest.approx(expected)
    polymer = quenching.quench_curve("polymer")
    assert [quenching.quench_film(T, *polymer) for T in (375.0, 430.0, 485.0)] == [7400.0] * 3


@given(st.floats(150.0, 800.0), st.sampled_from(["oil", "polymer"]))
def test_a_film_stays_between_those_of_its_curve(T, medium) -> None:
    curve = quenching.quench_curve(medium)
    assert min(curve[1]) <= quenching.quench_film(T, *curve) <= max(curve[1])


def test_a_film_outside_its_curve_is_held_and_told() -> None:
    oil = quenching.quench_curve("oil")
    for T in (100.0, 900.0):
        with pytest.warns(RuntimeWarning, match="outside 150 to 800 degC, where the film is known"):
            assert quenching.quench_film(T, *oil) == 500.0
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        quenching.quench_film(800.0, *oil)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: quenching.quench_curve("water"), "medium must be one of oil, polymer, got 'water'"),
        (lambda: quenching.quench_film(math.nan, [0.0, 1.0], [1.0, 2.0]), "T_surface must be finite"),
        (lambda: quenching.quench_film(20.0, [0.0, 1.0], [1.0]), "temperatures and films must be two or more pairs"),
        (lambda: quenching.quench_film(20.0, [1.0, 1.0], [1.0, 2.0]), r"temperatures must rise, got \[1.0, 1.0\]"),
        (lambda: quenching.quench_film(20.0, [0.0, 1.0], [1.0, -2.0]), "films must be finite and at least 0, got -2.0"),
        (lambda: quenching.quench_film(20.0, 3.0, [1.0]), "temperatures must be a list of numbers, got 3.0"),  # type: ignore[arg-type]
        (lambda: forging_line.forging_cycle_time(**{**FORGE, "blows": 0}), "blows must be a whole number, at least 1"),
        (lambda: forging_line.scale_loss(1.0, 0.01, -1), "heats must be a whole number, at least 0"),
        (lambda: melting.ladle_temperature(20.0, 1e6), "time must be short enough"),
    ],
)
def test_what_cannot_be_is_told(call, message) -> None:
    with pytest.raises(ValueError, match=message):
        call()


@pytest.mark.parametrize(
    ("function", "argument", "process", "quantity"),
    [
        (die_casting.soldering_hazard, "onset", "die_casting", "soldering_onset"),
        (die_casting.hpdc_die_life, "reference_shots", "die_casting", "die_life"),
        (die_casting.hpdc_die_life, "exponent", "die_casting", "die_life_exponent"),
        (die_casting.hpdc_dwell_estimate, "factor", "die_casting", "dwell_factor"),
        (melting.ladle_temperature, "rate", "melting", "ladle_cooling"),
        (melting.pour_defect_probability, "T_misrun", "die_casting", "T_pour_misrun"),
        (melting.pour_defect_probability, "T_gas", "die_casting", "T_pour_gas"),
        (forging_line.bar_soak_time, "fourier", "forging", "soak_fourier"),
        (forging.bar_heating_time, "coefficient", "forging", "heating_coefficient"),
        (heat_treatment.soak_time, "time_per_thickness", "heat_treatment", "soak_per_thickness"),
        (transformation.martensite_fraction, "rate", "heat_treatment", "martensite_rate"),
        (casting.low_pressure, "feeding", "low_pressure_casting", "feeding_pressure"),
        (casting.dendrite_arm_spacing, "coefficient", "sand_casting", "dendrite_coefficient"),
    ],
)
def test_what_is_left_out_is_what_practice_says(function, argument, process, quantity) -> None:
    default = inspect.signature(function).parameters[argument].default
    assert default == pytest.approx(practice(process, quantity).value, rel=1e-4)


def test_the_tempering_curve_of_practice_is_that_of_the_formula() -> None:
    for parameter in (14.0, 16.0, 17.5, 19.0):
        row = practice("heat_treatment", f"HRC_4140_P{parameter:g}")
        assert heat_treatment.tempered_hardness(parameter) == pytest.approx(row.value)
