"""Physics of casting and energy beyond the reference cases: limits, monotony, ranges, messages, material tables."""

from __future__ import annotations

import inspect
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from processes import casting, die_casting, energy
from processes.materials import STATUSES, material, materials

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
HOLD = {"UA": 9.0, "T_metal": 680.0, "T_ambient": 25.0, "open_area": 0.12, "open_flux": 23.3e3}
GOOD = [
    (casting.interface_controlled_time, INTERFACE),
    (casting.mixed_resistance_time, MIXED),
    (die_casting.hpdc_fill_time_nadca, FILL),
    (die_casting.hpdc_gate_area, {"metal_through_gate": 0.00065, "fill_time": 0.04, "gate_velocity": 40.0}),
    (die_casting.hpdc_clamp_force, {"projected_area": 0.05, "intensified_pressure": 80e6, "safety_factor": 1.1}),
    (die_casting.hpdc_shot_heat, SHOT),
    (die_casting.hpdc_die_temperature_before_shot, {"T_die0": 150.0, **DIE, "n_shots": 5}),
    (die_casting.hpdc_die_temperature_steady, DIE),
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
    with pytest.warns(UserWarning, match="outside 5-200 ms"):
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


def test_material_tables_are_complete_and_in_range() -> None:
    assert set(materials()) == {"AlSi10MnMg", "ADC12", "A356", "H13"}
    for name in materials():
        table = material(name)
        solid = {"rho", "c_solid", "k"}
        assert set(table) == (solid if name == "H13" else solid | {"c_liquid", "latent", "T_solidus", "T_liquidus"})
        for entry in table.values():
            assert entry.low <= entry.value <= entry.high, (name, entry)
            assert entry.status in STATUSES and entry.source and entry.unit


def test_an_unknown_material_is_told_with_the_known_ones() -> None:
    with pytest.raises(ValueError, match="no material 'ADC10'; known are AlSi10MnMg"):
        material("ADC10")
