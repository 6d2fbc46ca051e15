"""Physics of casting and energy beyond the reference cases: limits, monotony, ranges, messages, material tables."""

from __future__ import annotations

import inspect
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from processes import casting, conduction, die_casting, energy
from processes.materials import ALIASES, STATUSES, heat_transfer, heat_transfers, material, materials

DIE = {"T_sink": 60.0, "heat_per_shot": 1.9e6, "die_heat_capacity": 1.2e5, "UA": 226.0, "cycle": 60.0}
INTERFACE = {
    "modulus": 0.004,
    "rho": 2680.0,
    "latent": 389e3,
    "c_liquid": 1160.0,
    "superheat": 90.0,
    "h_interface": 2000.0,
    "T_freeze": 585.0,
    "T_die": 350.0,
}
MIXED = {
    "shell": 0.006,
    "rho": 2680.0,
    "latent_eff": 480e3,
    "k_solid": 150.0,
    "h_interface": 3000.0,
    "T_freeze": 585.0,
    "T_die": 330.0,
}
FILL = {
    "K": 34.6,
    "wall": 0.0025,
    "T_gate": 650.0,
    "T_min_flow": 570.0,
    "T_die": 220.0,
    "solid_percent": 20.0,
    "Z": 4.8,
}
SHOT = {
    "shot_mass": 3.2,
    "T_inlet": 640.0,
    "T_liquidus": 580.0,
    "T_solidus": 515.0,
    "T_eject": 320.0,
    "c_liquid": 1160.0,
    "latent": 390e3,
    "c_solid": 963.0,
}
MELT = {
    "mass": 95.0,
    "c_solid": 963.0,
    "T_start": 25.0,
    "T_melt": 613.0,
    "latent": 389e3,
    "c_liquid": 1160.0,
    "T_pour": 720.0,
}
SAND = {
    "modulus": 0.012,
    "T_freeze": 613.0,
    "T_mold0": 25.0,
    "rho_metal": 2680.0,
    "latent_eff": 480e3,
    "k_mold": 0.8655,
    "rho_mold": 1600.0,
    "c_mold": 1170.0,
}
BALL = {"radius": 0.036, **{name: value for name, value in SAND.items() if name != "modulus"}}
CHILL = {
    "thickness": 0.01,
    "T_freeze": 585.0,
    "T_wall": 250.0,
    "k_solid": 150.0,
    "rho": 2680.0,
    "c_solid": 963.0,
    "latent": 450e3,
}
THICK = {
    "T_freeze": 585.0,
    "T_mold0": 250.0,
    "k_solid": 150.0,
    "rho_solid": 2680.0,
    "c_solid": 963.0,
    "latent": 450e3,
    "k_mold": 28.0,
    "rho_mold": 7750.0,
    "c_mold": 520.0,
}
MELTED = {
    "k_solid": 211.0,
    "rho": 2550.0,
    "c_solid": 1080.0,
    "k_liquid": 95.0,
    "c_liquid": 1080.0,
    "latent": 397e3,
    "T_freeze": 660.0,
    "T_wall": 300.0,
    "T_init": 720.0,
    "time": 4.0,
}
SPRUE = {"cavity_volume": 0.00156, "sprue_base_area": 2.5e-4, "sprue_height": 0.2, "g": 9.81, "discharge": 0.85}
LIFE = {"temperature_swing": 250.0, "reference_swing": 300.0, "reference_shots": 1e5, "exponent": 4.0}
HOLD = {"UA": 9.0, "T_metal": 680.0, "T_ambient": 25.0, "open_area": 0.12, "open_flux": 23.3e3}
GOOD = [
    (casting.interface_controlled_time, {**INTERFACE, "k_solid": 151.0}),
    (casting.mixed_resistance_time, {**MIXED, "c_solid": 900.0}),
    (casting.chvorinov_time, {"mold_constant": 1.5e6, "modulus": 0.01, "exponent": 1.9}),
    (casting.box_modulus, {"length": 0.2, "width": 0.1, "thickness": 0.02}),
    (casting.sand_mold_time_flat, SAND),
    (casting.sand_mold_time_sphere, BALL),
    (casting.sand_wall, {"freezing_time": 600.0, "k_mold": 0.8655, "rho_mold": 1600.0, "c_mold": 1170.0}),
    (casting.shakeout_time, {"freezing_time": 200.0, "factor": 5.0}),
    (casting.dendrite_arm_spacing, {"freezing_time": 64.0, "coefficient": 6e-6}),
    (casting.gravity_fill_time, SPRUE),
    (casting.low_pressure, {"rho": 2380.0, "head": 1.0, "feeding": 20e3, "g": 9.81}),
    (casting.neumann_lambda_one_phase, {"stefan_number": 1.0}),
    (casting.chill_slab_time, CHILL),
    (casting.thick_mold_interface_temperature, THICK),
    (casting.thick_mold_slab_time, {"thickness": 0.01, **THICK}),
    (casting.neumann_two_phase_front, MELTED),
    (casting.neumann_two_phase_temperature, {**MELTED, "depth": 0.01}),
    (die_casting.hpdc_dwell_estimate, {"wall": 0.003, "factor": 1.25e6}),
    (die_casting.hpdc_die_life, LIFE),
    (
        die_casting.hpdc_die_temperature_after_stop,
        {"T_die0": 190.0, "T_sink": 60.0, "die_heat_capacity": 1.2e5, "UA": 226.0, "stop": 600.0, "biot": 0.3},
    ),
    (die_casting.hpdc_fill_time_nadca, FILL),
    (die_casting.hpdc_gate_area, {"metal_through_gate": 0.00065, "fill_time": 0.04, "gate_velocity": 40.0}),
    (die_casting.hpdc_clamp_force, {"projected_area": 0.05, "intensified_pressure": 80e6, "safety_factor": 1.1}),
    (die_casting.hpdc_shot_heat, SHOT),
    (die_casting.hpdc_die_temperature_before_shot, {"T_die0": 150.0, **DIE, "n_shots": 5, "biot": 0.3}),
    (die_casting.hpdc_die_temperature_steady, {**DIE, "biot": 0.3}),
    (die_casting.hpdc_warmup_shots, {"T_die0": 120.0, **DIE, "T_target": 170.0}),
    (die_casting.hpdc_rewarm_shots_after_stop, {**DIE, "stop": 1800.0, "T_target": 170.0}),
    (die_casting.giga_machine_rate, {"cycle": 120.0, "availability": 0.9, "scrap_fraction": 0.1}),
    (die_casting.giga_max_projected_area, {"clamp_force": 61e6, "intensified_pressure": 45e6, "safety_factor": 1.1}),
    (energy.melt_enthalpy, MELT),
    (energy.holding_furnace_loss, HOLD),
    (energy.co2, {"electricity": 1.44e12, "factor": 1.1e-7}),
]


def changed(arguments, **values):
    return {**arguments, **values}


@pytest.mark.parametrize(("function", "arguments"), GOOD, ids=lambda item: getattr(item, "__name__", ""))
def test_every_argument_is_checked(function, arguments) -> None:
    assert tuple(inspect.signature(function).parameters) == tuple(arguments)
    assert math.isfinite(function(**arguments))
    for name in arguments:
        for bad in (math.nan, math.inf, -1e6):
            with pytest.raises(ValueError, match=r"got .*(nan|inf|-1000000)"):
                function(**changed(arguments, **{name: bad}))


@pytest.mark.parametrize(
    ("function", "arguments", "message"),
    [
        (casting.interface_controlled_time, changed(INTERFACE, T_die=585.0), "T_freeze must exceed T_die, got 585.0"),
        (casting.mixed_resistance_time, changed(MIXED, h_interface=0.0), "h_interface must be positive"),
        (die_casting.hpdc_fill_time_nadca, changed(FILL, wall=0.008), r"wall must lie in \[0.0008, 0.006\], got 0.008"),
        (die_casting.hpdc_fill_time_nadca, changed(FILL, T_gate=560.0), "T_gate must not be below T_min_flow"),
        (die_casting.hpdc_shot_heat, changed(SHOT, T_eject=530.0), "T_solidus must not be below T_eject"),
        (energy.melt_enthalpy, changed(MELT, T_pour=600.0), "T_pour must not be below T_melt"),
        (energy.holding_furnace_loss, changed(HOLD, open_area=-0.1), "open_area must not be negative"),
    ],
)
def test_what_cannot_be_is_told(function, arguments, message) -> None:
    with pytest.raises(ValueError, match=message):
        function(**arguments)


def test_shares_factors_and_counts_have_their_range() -> None:
    with pytest.raises(ValueError, match=r"scrap_fraction must lie in \[0, 1\], got 1.2"):
        die_casting.giga_machine_rate(120.0, 1.0, 1.2)
    with pytest.raises(ValueError, match="safety_factor"):
        die_casting.hpdc_clamp_force(0.05, 80e6, 0.9)
    with pytest.raises(ValueError, match="n_shots must be a whole number, at least 0, got 1.5"):
        die_casting.hpdc_die_temperature_before_shot(150.0, **DIE, n_shots=1.5)  # type: ignore[arg-type]


def test_fill_time_outside_the_fitted_range_warns() -> None:
    with pytest.warns(RuntimeWarning, match="outside 5-200 ms"):
        die_casting.hpdc_fill_time_nadca(**changed(FILL, wall=0.006, T_die=400.0))


def test_freezing_times_meet_where_the_shell_conducts_well() -> None:
    no_shell = casting.mixed_resistance_time(**changed(MIXED, k_solid=1e9))
    film = changed(INTERFACE, modulus=0.006, h_interface=3000.0, latent=480e3, superheat=0.0, T_die=330.0)
    assert no_shell == pytest.approx(casting.interface_controlled_time(**film), rel=1e-6)


@given(st.floats(20.0, 500.0), st.floats(1.0, 80.0))
def test_freezing_takes_longer_on_a_hotter_die_and_in_a_thicker_wall(T_die, warmer) -> None:
    for function, arguments, wall in (
        (casting.interface_controlled_time, INTERFACE, "modulus"),
        (casting.mixed_resistance_time, MIXED, "shell"),
    ):
        time = function(**changed(arguments, T_die=T_die))
        assert function(**changed(arguments, T_die=T_die + warmer)) > time
        assert function(**changed(arguments, T_die=T_die, **{wall: arguments[wall] * 1.1})) > time


def test_chvorinov_is_the_flat_mould_with_its_constant() -> None:
    constant = casting.sand_mold_time_flat(**SAND) / SAND["modulus"] ** 2
    for modulus in (0.004, 0.02, 0.05):
        flat = casting.sand_mold_time_flat(**changed(SAND, modulus=modulus))
        assert casting.chvorinov_time(constant, modulus) == pytest.approx(flat)
    ratio = casting.chvorinov_time(1.5e6, 0.02, 1.7) / casting.chvorinov_time(1.5e6, 0.01, 1.7)
    assert ratio == pytest.approx(2.0**1.7)


@pytest.mark.parametrize("modulus", [0.0019, 0.051])
def test_chvorinov_warns_outside_its_moduli(modulus) -> None:
    with pytest.warns(RuntimeWarning, match="outside 2-50 mm"):
        casting.chvorinov_time(1.5e6, modulus)


def test_exponents_and_shares_of_casting_have_their_range() -> None:
    with pytest.raises(ValueError, match=r"exponent must lie in \[1, 2\], got 2.1"):
        casting.chvorinov_time(1.5e6, 0.01, 2.1)
    with pytest.raises(ValueError, match=r"discharge must lie in \[0, 1\], got 1.1"):
        casting.gravity_fill_time(**changed(SPRUE, discharge=1.1))
    with pytest.raises(ValueError, match="factor must lie in"):
        casting.shakeout_time(100.0, 0.9)


def test_moduli_of_cube_and_plate() -> None:
    assert casting.box_modulus(0.3, 0.3, 0.3) == pytest.approx(0.05)
    assert casting.box_modulus(1e6, 1e6, 0.02) == pytest.approx(0.01)
    assert casting.box_modulus(0.1, 0.2, 0.02) == casting.box_modulus(0.2, 0.1, 0.02)


def test_a_ball_freezes_before_a_plate_of_its_modulus() -> None:
    plate = casting.sand_mold_time_flat(**SAND)
    assert 0.60 < casting.sand_mold_time_sphere(**BALL) / plate < 0.80
    # The less heat the sand must take, the less it matters that it is curved.
    cold = {"latent_eff": 1.0, "T_freeze": 613.0}
    assert casting.sand_mold_time_sphere(**changed(BALL, **cold)) / casting.sand_mold_time_flat(
        **changed(SAND, **cold)
    ) == pytest.approx(1.0, abs=1e-2)


def test_filling_is_slower_with_losses_and_a_low_sprue() -> None:
    ideal = casting.gravity_fill_time(**changed(SPRUE, discharge=1.0))
    assert casting.gravity_fill_time(**SPRUE) == pytest.approx(ideal / 0.85)
    assert casting.gravity_fill_time(**changed(SPRUE, sprue_height=0.05)) > casting.gravity_fill_time(**SPRUE)


@given(st.floats(0.05, 5.0))
def test_the_front_constant_solves_its_equation_and_lies_below_the_quasi_steady_one(stefan_number) -> None:
    z = casting.neumann_lambda_one_phase(stefan_number)
    assert math.sqrt(math.pi) * z * math.exp(z * z) * math.erf(z) == pytest.approx(stefan_number)
    assert 0.0 < z < math.sqrt(stefan_number / 2.0)


@pytest.mark.parametrize("stefan_number", [1e-6, 40.0])
def test_a_stefan_number_out_of_range_warns(stefan_number) -> None:
    with pytest.warns(RuntimeWarning, match="outside 0.05-5") as caught:
        z = casting.neumann_lambda_one_phase(stefan_number)
    assert caught[0].filename == __file__
    if stefan_number < 1.0:
        assert z == pytest.approx(math.sqrt(stefan_number / 2.0), rel=1e-6)


def test_a_small_stefan_number_is_quasi_steady() -> None:
    slow = changed(CHILL, latent=6e6)
    shell = {"shell": 0.005, "rho": 2680.0, "latent_eff": 6e6, "k_solid": 150.0, "T_freeze": 585.0, "T_die": 250.0}
    quasi_steady = casting.mixed_resistance_time(**shell, h_interface=1e12)
    assert casting.chill_slab_time(**slow) == pytest.approx(quasi_steady, rel=0.03)


def test_a_mould_that_conducts_without_limit_is_a_cold_wall() -> None:
    cold_wall = casting.chill_slab_time(**CHILL)
    times = [casting.thick_mold_slab_time(0.01, **changed(THICK, k_mold=k)) for k in (10.0, 100.0, 1e4, 1e16)]
    assert times == sorted(times, reverse=True)
    assert times[-1] == pytest.approx(cold_wall, rel=1e-6)
    perfect = casting.thick_mold_interface_temperature(**changed(THICK, k_mold=1e16))
    assert perfect == pytest.approx(250.0, abs=1e-4)


def test_without_latent_heat_the_interface_is_that_of_two_solids() -> None:
    with pytest.warns(RuntimeWarning, match="outside 0.05-5"):
        interface = casting.thick_mold_interface_temperature(**changed(THICK, latent=1e-30))
    contact = conduction.contact_temperature(150.0, 2680.0, 963.0, 585.0, 28.0, 7750.0, 520.0, 250.0)
    assert interface == pytest.approx(contact)
    assert contact < casting.thick_mold_interface_temperature(**THICK) < 585.0


def test_no_superheat_is_one_phase() -> None:
    at_freezing = changed(MELTED, T_init=660.0)
    z = casting.neumann_lambda_one_phase(1080.0 * 360.0 / 397e3)
    front = 2.0 * z * math.sqrt(211.0 / (2550.0 * 1080.0) * 4.0)
    assert casting.neumann_two_phase_front(**at_freezing) == pytest.approx(front)
    assert casting.neumann_two_phase_temperature(**at_freezing, depth=2.0 * front) == 660.0


@given(st.floats(660.0, 900.0), st.floats(1.0, 100.0))
def test_superheat_and_a_warm_wall_delay_the_front(T_init, more) -> None:
    front = casting.neumann_two_phase_front(**changed(MELTED, T_init=T_init))
    assert casting.neumann_two_phase_front(**changed(MELTED, T_init=T_init + more)) < front
    assert casting.neumann_two_phase_front(**changed(MELTED, T_init=T_init, T_wall=300.0 + more)) < front


def test_the_two_phase_solution_keeps_the_heat_at_the_front() -> None:
    """Freezing temperature at the front; what conduction carries off less what comes is the heat of freezing."""
    front, dx, dt = casting.neumann_two_phase_front(**MELTED), 1e-6, 1e-4

    def at(depth):
        return casting.neumann_two_phase_temperature(**MELTED, depth=depth)

    assert at(front) == pytest.approx(660.0)
    assert at(0.0) == 300.0 and at(1.0) == pytest.approx(720.0)
    solid, melt = (at(front) - at(front - dx)) / dx, (at(front + dx) - at(front)) / dx
    speed = (casting.neumann_two_phase_front(**changed(MELTED, time=4.0 + dt)) - front) / dt
    assert 211.0 * solid - 95.0 * melt == pytest.approx(2550.0 * 397e3 * speed, rel=1e-3)


def test_the_two_phase_solution_takes_arrays() -> None:
    depth, time = np.linspace(0.0, 0.05, 6), np.array([[1.0], [4.0], [9.0]])
    field = casting.neumann_two_phase_temperature(**changed(MELTED, time=time), depth=depth)
    assert field.shape == (3, 6)
    assert (np.diff(field, axis=1) > 0.0).all() and (np.diff(field[:, 1:], axis=0) < 0.0).all()
    assert field[1, 1] == casting.neumann_two_phase_temperature(**MELTED, depth=0.01)
    fronts = casting.neumann_two_phase_front(**changed(MELTED, time=time[:, 0]))
    assert fronts == pytest.approx(fronts[0] * np.array([1.0, 2.0, 3.0]))


@given(st.floats(20.0, 300.0), st.floats(0.0, 1e4), st.floats(0.0, 1e4))
def test_two_stops_are_one_and_no_stop_is_none(T_die0, first, second) -> None:
    sink = {"T_sink": 60.0, "die_heat_capacity": 1.2e5, "UA": 226.0}
    middle = die_casting.hpdc_die_temperature_after_stop(T_die0, **sink, stop=first)
    end = die_casting.hpdc_die_temperature_after_stop(middle, **sink, stop=second)
    assert die_casting.hpdc_die_temperature_after_stop(T_die0, **sink, stop=first + second) == pytest.approx(end)
    assert die_casting.hpdc_die_temperature_after_stop(T_die0, **sink, stop=0.0) == pytest.approx(T_die0)
    assert min(T_die0, 60.0) - 1e-9 <= middle <= max(T_die0, 60.0) + 1e-9


def test_a_die_lives_longer_the_less_it_swings() -> None:
    assert die_casting.hpdc_die_life(300.0) == pytest.approx(1e5)
    lives = [die_casting.hpdc_die_life(swing) for swing in (200.0, 300.0, 400.0)]
    assert lives == sorted(lives, reverse=True)
    assert lives[0] / lives[2] == pytest.approx(2.0**4)


def test_clamp_force_and_projected_area_are_inverse() -> None:
    force = die_casting.hpdc_clamp_force(0.9, 60e6, 1.1)
    assert die_casting.giga_max_projected_area(force, 60e6, 1.1) == pytest.approx(0.9)


@given(st.floats(20.0, 300.0), st.floats(30.0, 300.0), st.integers(0, 60))
def test_die_temperature_is_the_sum_of_its_impulses(T_die0, cycle, n_shots) -> None:
    arguments = changed(DIE, cycle=cycle)
    kept = math.exp(-DIE["UA"] * cycle / DIE["die_heat_capacity"])
    T = T_die0
    for _ in range(n_shots):
        T = DIE["T_sink"] + (T + DIE["heat_per_shot"] / DIE["die_heat_capacity"] - DIE["T_sink"]) * kept
    assert die_casting.hpdc_die_temperature_before_shot(T_die0, **arguments, n_shots=n_shots) == pytest.approx(
        T, rel=1e-9
    )


@given(st.floats(60.0, 260.0), st.floats(100.0, 192.0))
def test_warmup_shots_is_the_smallest_number_that_reaches_the_target(T_die0, T_target) -> None:
    n = die_casting.hpdc_warmup_shots(T_die0, **DIE, T_target=T_target)
    assert die_casting.hpdc_die_temperature_before_shot(T_die0, **DIE, n_shots=n) >= T_target
    if n:
        assert die_casting.hpdc_die_temperature_before_shot(T_die0, **DIE, n_shots=n - 1) < T_target


def test_warmup_shots_at_exact_shot_temperatures() -> None:
    for n in range(1, 40):
        target = die_casting.hpdc_die_temperature_before_shot(120.0, **DIE, n_shots=n)
        assert die_casting.hpdc_warmup_shots(120.0, **DIE, T_target=target) == n


def test_rewarming_grows_with_the_stop_up_to_a_cold_start() -> None:
    shots = [
        die_casting.hpdc_rewarm_shots_after_stop(**DIE, stop=stop, T_target=170.0) for stop in (0, 60, 600, 1800, 1e6)
    ]
    assert shots == sorted(shots) and shots[0] == 0
    assert shots[-1] == die_casting.hpdc_warmup_shots(DIE["T_sink"], **DIE, T_target=170.0)


def test_a_target_above_the_steady_temperature_is_never_reached() -> None:
    with pytest.raises(ValueError, match="settles at 192.35 degC, got 193.0"):
        die_casting.hpdc_warmup_shots(120.0, **DIE, T_target=193.0)


def test_melting_heat_goes_with_mass_and_closes_over_two_steps() -> None:
    whole = energy.melt_enthalpy(**MELT)
    assert energy.melt_enthalpy(**changed(MELT, mass=190.0)) == pytest.approx(2.0 * whole)
    superheat = MELT["mass"] * MELT["c_liquid"] * (MELT["T_pour"] - MELT["T_melt"])
    assert energy.melt_enthalpy(**changed(MELT, T_pour=MELT["T_melt"])) == pytest.approx(whole - superheat)


METAL = {"rho", "c_solid", "k"}
FREEZING = {"T_solidus", "T_liquidus", "latent"}
HOT = {"c_hot", "k_hot"}
LIQUID = {"rho_liquid", "c_liquid", "k_liquid"}
POLYMER = {"rho", "c", "k", "diffusivity", "T_melt", "T_mold", "T_eject", "consistency", "exponent"}
PROPERTIES = {
    **dict.fromkeys(("AlSi10MnMg", "ADC12", "A356"), METAL | FREEZING | {"c_liquid"}),
    "Al": METAL | FREEZING | LIQUID | {"k_hot"},
    "gray_iron": METAL | FREEZING,
    **dict.fromkeys(("S45C", "SCM440", "SUS304", "Ti-6Al-4V"), METAL | FREEZING | HOT),
    **dict.fromkeys(("H13", "Cu", "CuBe", "silica_sand"), METAL),
    **dict.fromkeys(("PP", "ABS", "PC", "PA66-GF30"), POLYMER),
}


def check_entry(name, entry) -> None:
    assert entry.low <= entry.value <= entry.high, (name, entry)
    assert entry.status in STATUSES and entry.source and entry.unit


def test_material_tables_are_complete_and_in_range() -> None:
    assert set(materials()) == set(PROPERTIES)
    for name in materials():
        table = material(name)
        assert set(table) == PROPERTIES[name], name
        for entry in table.values():
            check_entry(name, entry)


def test_temperatures_of_materials_are_in_order() -> None:
    for name in materials():
        table = material(name)
        if "T_solidus" in table:
            assert table["T_solidus"].value <= table["T_liquidus"].value
        if "T_melt" in table:
            assert table["T_mold"].high <= table["T_eject"].value < table["T_melt"].low


def test_a_grade_of_another_standard_is_found() -> None:
    assert material("42CrMo4") == material("SCM440")
    assert not set(ALIASES) & set(materials()) and set(ALIASES.values()) <= set(materials())


def test_heat_transfer_table_is_in_range_and_says_where_it_holds() -> None:
    assert len(heat_transfers()) >= 24
    for name in heat_transfers():
        entry = heat_transfer(name)
        check_entry(name, entry)
        assert entry.unit == "W/(m^2 K)" and entry.condition
    oil = [heat_transfer(f"oil_{where}").value for where in ("800", "peak", "150")]
    assert max(oil) == oil[1]


def test_an_unknown_situation_is_told_with_the_known_ones() -> None:
    with pytest.raises(ValueError, match="no heat transfer in situation 'oil'; known are air_free, air_forced"):
        heat_transfer("oil")


def test_an_unknown_material_is_told_with_the_known_ones() -> None:
    with pytest.raises(ValueError, match="no material 'ADC10'; known are AlSi10MnMg"):
        material("ADC10")


def test_pouring_hides_behind_closing_as_far_as_it_can() -> None:
    times = {"close": 4.0, "pour": 5.0, "shot": 2.0, "dwell": 12.0, "opening": 3.0, "eject": 5.0, "spray": 10.0}
    assert die_casting.hpdc_cycle_time(**times) == sum(times.values())
    assert die_casting.hpdc_cycle_time(**times, dosing=0.4) == sum(times.values()) - 2.0
    assert die_casting.hpdc_cycle_time(**times, dosing=1.0) == sum(times.values()) - 4.0  # the shorter of the two
