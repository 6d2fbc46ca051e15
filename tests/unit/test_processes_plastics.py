"""Plastics, moulds and design: one term against the full series, balances, ranges, messages."""

from __future__ import annotations

import inspect
import math
from typing import Any, TypeAlias

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from processes import casting, design, injection, mould
from processes.materials import material

Values: TypeAlias = dict[str, Any]

PLATE: Values = {"thickness": 0.003, "diffusivity": 1e-7, "T_melt": 240.0, "T_mold": 60.0, "T_eject": 90.0}
ROD: Values = {"diameter": 0.008, "diffusivity": 1e-7, "T_melt": 300.0, "T_mold": 90.0, "T_eject": 130.0}
SLOT: Values = {"consistency": 8000.0, "n": 0.35, "flow": 6e-5, "width": 0.08, "gap": 0.002, "length": 0.15}
CYCLE: Values = {"close": 2.0, "fill": 1.0, "hold": 5.0, "cooling": 15.0, "plasticising": 6.0}
CYCLE |= {"open_eject": 3.0, "robot": 2.0}
GAP: Values = {"gap": 0.0002, "diffusivity": 9e-8, "T_melt": 260.0, "T_mold": 90.0, "T_no_flow": 180.0}
CHANNELS: Values = {"k_mold": 34.0, "channel_diameter": 0.01, "channel_pitch": 0.04, "channel_depth": 0.022}
CHANNELS |= {"h_coolant": 5500.0}
WATER: Values = {"flow": 1.5e-4, "channel_diameter": 0.01, "k_fluid": 0.615, "rho": 996.0, "mu": 8e-4, "c": 4180.0}
BALANCE: Values = {"thickness": 0.003, "diffusivity": 1e-7, "T_melt": 240.0, "T_eject": 90.0, "heat_per_area": 5.5e5}
BALANCE |= {"other_time": 8.0, "resistance": 1e-3, "T_coolant": 40.0}
CUTTER: Values = {"width_of_cut": 0.01, "depth_of_cut": 0.001, "spindle": 60.0, "teeth": 4, "feed_per_tooth": 1e-4}
MELTING: Values = {"c": 2400.0, "T_feed": 40.0, "T_melt": 230.0, "latent": 1e5, "efficiency": 0.6}
GOOD = [
    (injection.cooling_time_plate_center, PLATE),
    (injection.cooling_time_plate_mean, PLATE),
    (injection.cooling_time_cylinder_mean, ROD),
    (injection.plate_center_temperature, {**{k: v for k, v in PLATE.items() if k != "T_eject"}, "time": 6.0}),
    (injection.power_law_fill_pressure, SLOT),
    (injection.clamp_force, {"projected_area": 0.042, "mean_cavity_pressure": 35e6, "safety_factor": 1.2}),
    (injection.cycle_time, CYCLE),
    (injection.specific_energy, {"fixed_power": 9000.0, "throughput": 0.01, "variable": 1.1e6}),
    (injection.melting_energy, MELTING),
    (injection.micro_freeze_time, GAP),
    (injection.micro_flow_length, {"velocity": 0.2, **GAP}),
    (injection.micro_variotherm_heat, {"mass": 2.0, "c": 480.0, "swing": 80.0}),
    (mould.channel_resistance, CHANNELS),
    (mould.cavity_surface_temperature, {"mean_flux": 12e3, **CHANNELS, "T_coolant": 40.0}),
    (mould.mean_heat_flux, {"shot_mass": 0.1, "enthalpy_drop": 3.5e5, "cooled_area": 0.08, "cycle": 25.0}),
    (mould.steady_cavity_temperature, BALANCE),
    (mould.channel_h_dittus_boelter, WATER),
    (mould.milling_mrr, CUTTER),
    (mould.scallop_height, {"pitch": 2e-4, "tool_radius": 3e-3}),
    (mould.edm_mrr, {"current": 25.0, "T_melt_work": 1450.0}),
    (design.riser_diameter, {"casting_modulus": 0.0125, "modulus_factor": 1.2}),
    (design.learning_curve_time, {"first_unit": 36000.0, "learning_rate": 0.85, "unit_number": 16}),
]


@pytest.mark.parametrize(("function", "arguments"), GOOD, ids=lambda item: getattr(item, "__name__", ""))
def test_every_argument_is_checked(function, arguments) -> None:
    assert tuple(inspect.signature(function).parameters) == tuple(arguments)
    result = function(**arguments)
    assert type(result) is float and math.isfinite(result)
    for name in arguments:
        for bad in (math.nan, math.inf, -1e6):
            with pytest.raises(ValueError, match=rf"{name} .*got .*(nan|inf|-1000000)"):
                function(**{**arguments, name: bad})


@pytest.mark.parametrize(
    ("function", "arguments", "message"),
    [
        (injection.cooling_time_plate_center, {**PLATE, "T_eject": 60.0}, "T_eject must exceed T_mold, got 60.0"),
        (injection.cooling_time_plate_mean, {**PLATE, "T_eject": 230.0}, "T_eject is too near T_melt"),
        (injection.cooling_time_cylinder_mean, {**ROD, "T_eject": 250.0}, "T_eject is too near T_melt"),
        (injection.micro_freeze_time, {**GAP, "T_no_flow": 260.0}, "T_melt must exceed T_no_flow"),
        (injection.melting_energy, {**MELTING, "efficiency": 1.2}, r"efficiency must lie in \[0, 1\], got 1.2"),
        (mould.channel_resistance, {**CHANNELS, "channel_pitch": 0.01}, "channel_pitch must exceed the diameter 0.01"),
        (mould.channel_resistance, {**CHANNELS, "channel_depth": 0.005}, "channel_depth must exceed the radius 0.005"),
        (mould.steady_cavity_temperature, {**BALANCE, "resistance": 1e-2}, "within 5 K of T_eject, got 90.0"),
        (mould.steady_cavity_temperature, {**BALANCE, "T_coolant": 86.0}, "within 5 K of T_eject, got 90.0"),
        (mould.milling_mrr, {**CUTTER, "teeth": 3.5}, "teeth must be a whole number, got 3.5"),
        (mould.scallop_height, {"pitch": 7e-3, "tool_radius": 3e-3}, "pitch must not exceed the diameter"),
        (design.riser_diameter, {"casting_modulus": 0.01, "modulus_factor": 0.9}, "modulus_factor must lie in"),
        (
            design.learning_curve_time,
            {"first_unit": 1.0, "learning_rate": 0.9, "unit_number": 1.5},
            "unit_number must be a whole number, at least 1, got 1.5",
        ),
    ],
)
def test_what_cannot_be_is_told(function, arguments, message) -> None:
    with pytest.raises(ValueError, match=message):
        function(**arguments)


@given(st.floats(5.1, 130.0))
def test_the_one_term_time_brings_the_middle_to_ejection(above_mold) -> None:
    """Above Fo = 0.2 the full series agrees; the handbooks' limit (T_melt - T_mold)/(T_eject - T_mold) > 1.3."""
    plate = {**PLATE, "T_eject": 60.0 + above_mold}
    time = injection.cooling_time_plate_center(**plate)
    reached = injection.plate_center_temperature(0.003, 1e-7, 240.0, 60.0, time)
    assert reached == pytest.approx(60.0 + above_mold, abs=1.6)


@pytest.mark.parametrize(
    ("function", "arguments", "ratio"),
    [
        (injection.cooling_time_plate_center, PLATE, 1.3),
        (injection.cooling_time_plate_mean, PLATE, 1.6),
        (injection.cooling_time_cylinder_mean, ROD, 2.6),
    ],
)
def test_early_ejection_and_cold_ejection_warn(function, arguments, ratio) -> None:
    span, T_mold = arguments["T_melt"] - arguments["T_mold"], arguments["T_mold"]
    assert function(**{**arguments, "T_eject": T_mold + span / (1.02 * ratio)}) > 0.0
    with pytest.warns(RuntimeWarning, match="one term of the series gives a wrong time") as caught:
        function(**{**arguments, "T_eject": T_mold + span / (0.97 * ratio)})
    assert caught[0].filename == __file__
    with pytest.warns(RuntimeWarning, match="less than 5 K above T_mold"):
        function(**{**arguments, "T_eject": T_mold + 4.0})


def test_one_term_at_a_tenth_is_a_fifth_too_long() -> None:
    exact = injection.micro_freeze_time(0.002, 1e-7, 200.0, 100.0, 100.0 + 100.0 * center_share(0.1))
    with pytest.warns(RuntimeWarning, match="Fourier number 0.119 is below 0.2"):
        one_term = injection.cooling_time_plate_center(0.002, 1e-7, 200.0, 100.0, 100.0 + 100.0 * center_share(0.1))
    assert exact == pytest.approx(0.1 * 0.001**2 / 1e-7)
    assert one_term / exact == pytest.approx(1.19, abs=0.01)


def center_share(fourier: float) -> float:
    """Return the share of the excess in the middle, by the series without any short cut."""
    terms = ((-1.0) ** n / (2 * n + 1) * math.exp(-((n + 0.5) ** 2) * math.pi**2 * fourier) for n in range(200))
    return 4.0 / math.pi * sum(terms)


@pytest.mark.parametrize("fourier", [0.01, 0.05, 0.199999, 0.200001, 0.7, 5.0])
def test_both_forms_of_the_series_are_one(fourier) -> None:
    T = injection.plate_center_temperature(0.002, 1e-7, 200.0, 100.0, fourier * 0.001**2 / 1e-7)
    assert pytest.approx(100.0 + 100.0 * center_share(fourier), abs=1e-10) == T


def test_the_middle_cools_steadily_from_melt_to_mould() -> None:
    time = np.linspace(0.0, 300.0, 1000)
    T = injection.plate_center_temperature(0.003, 1e-7, 240.0, 60.0, time)
    assert T[0] == 240.0 and T[-1] == pytest.approx(60.0)
    assert (np.diff(T) <= 0.0).all()


@given(st.floats(91.0, 259.0))
def test_freeze_time_is_when_the_middle_is_there(T_no_flow) -> None:
    time = injection.micro_freeze_time(**{**GAP, "T_no_flow": T_no_flow})
    assert injection.plate_center_temperature(0.0002, 9e-8, 260.0, 90.0, time) == pytest.approx(T_no_flow)
    assert injection.micro_flow_length(0.5, **{**GAP, "T_no_flow": T_no_flow}) == pytest.approx(0.5 * time)


@given(st.floats(20.0, 75.0), st.floats(1.0, 10.0), st.floats(1.01, 3.0))
def test_cooling_grows_with_the_mould_and_as_the_square_of_the_wall(T_mold, warmer, thicker) -> None:
    for function in (injection.cooling_time_plate_center, injection.cooling_time_plate_mean):
        plate = {**PLATE, "T_mold": T_mold}
        time = function(**plate)
        assert function(**{**plate, "thickness": 0.003 * thicker}) == pytest.approx(time * thicker**2)
        assert function(**{**plate, "T_mold": T_mold + warmer - 1.0 + 1e-6}) >= time
    assert injection.cooling_time_plate_mean(**plate) < injection.cooling_time_plate_center(**plate)


def test_polymers_of_the_table_cool_within_the_formula() -> None:
    for name in ("PP", "ABS", "PC", "PA66-GF30"):
        data = {key: entry.value for key, entry in material(name).items()}
        time = injection.cooling_time_plate_mean(
            0.002, data["diffusivity"], data["T_melt"], data["T_mold"], data["T_eject"]
        )
        assert 2.0 < time < 20.0, name


def test_a_newtonian_melt_meets_the_slot_of_textbooks() -> None:
    newtonian = injection.power_law_fill_pressure(**{**SLOT, "consistency": 100.0, "n": 1.0})
    assert newtonian == pytest.approx(12.0 * 100.0 * 6e-5 * 0.15 / (0.08 * 0.002**3))
    assert injection.power_law_fill_pressure(**{**SLOT, "gap": 0.001}) > injection.power_law_fill_pressure(**SLOT)


def test_the_slower_of_cooling_and_screw_sets_the_cycle() -> None:
    assert injection.cycle_time(**{**CYCLE, "cooling": 1.0}) == injection.cycle_time(**{**CYCLE, "cooling": 11.0})
    assert injection.cycle_time(**{**CYCLE, "cooling": 12.0}) > injection.cycle_time(**{**CYCLE, "cooling": 11.0})


def test_a_machine_at_a_standstill_needs_energy_without_limit() -> None:
    energy = [injection.specific_energy(9000.0, throughput, 1.1e6) for throughput in (1e-4, 1e-2, 1.0, 1e6)]
    assert energy == sorted(energy, reverse=True) and energy[-1] == pytest.approx(1.1e6)


@given(st.floats(0.012, 0.2), st.floats(0.001, 0.1))
def test_deeper_channels_add_their_layer_of_steel(pitch, deeper) -> None:
    """Far from the channels the heat flows straight: the resistance grows by the depth over the conductivity."""
    row = {**CHANNELS, "channel_pitch": pitch, "channel_depth": 2.0 * pitch}
    more = {**row, "channel_depth": 2.0 * pitch + deeper}
    added = mould.channel_resistance(**more) - mould.channel_resistance(**row)
    assert added == pytest.approx(deeper / 34.0, rel=1e-6)
    assert mould.channel_resistance(**{**row, "k_mold": 1e12}) == pytest.approx(pitch / (5500.0 * math.pi * 0.01))


def test_no_heat_leaves_the_mould_at_its_coolant() -> None:
    assert mould.cavity_surface_temperature(0.0, **CHANNELS, T_coolant=40.0) == 40.0


@given(st.floats(2e-4, 1.5e-3), st.floats(0.0, 60.0))
def test_the_balance_of_a_mould_closes(resistance, other_time) -> None:
    balance = {**BALANCE, "resistance": resistance, "other_time": other_time}
    try:
        T_wall = mould.steady_cavity_temperature(**balance)
    except ValueError as too_hot:
        assert "within 5 K" in str(too_hot)
        return
    cycle = injection.cooling_time_plate_mean(0.003, 1e-7, 240.0, T_wall, 90.0) + other_time
    assert 40.0 + resistance * 5.5e5 / cycle == pytest.approx(T_wall)
    assert mould.steady_cavity_temperature(**{**balance, "other_time": other_time + 5.0}) < T_wall


def test_a_slow_channel_warns() -> None:
    with pytest.warns(RuntimeWarning, match="Reynolds number 7.93e.03 is below 1e4"):
        slow = mould.channel_h_dittus_boelter(**{**WATER, "flow": 0.5e-4})
    assert slow == pytest.approx(mould.channel_h_dittus_boelter(**WATER) / 3.0**0.8)


def test_a_scallop_is_the_sagitta_of_its_ball() -> None:
    exact = 3e-3 - math.sqrt(3e-3**2 - 1e-4**2)
    assert mould.scallop_height(2e-4, 3e-3) == pytest.approx(exact, rel=1e-3)


def test_a_metal_that_melts_high_erodes_slowly() -> None:
    assert mould.edm_mrr(25.0, 1450.0) < mould.edm_mrr(25.0, 660.0)
    assert mould.edm_mrr(50.0, 1450.0) == pytest.approx(2.0 * mould.edm_mrr(25.0, 1450.0))


@given(st.floats(0.003, 0.03), st.floats(1.0, 1.6))
def test_a_riser_freezes_later_by_the_square_of_its_factor(modulus, factor) -> None:
    diameter = design.riser_diameter(modulus, factor)
    surface = math.pi * diameter**2 + 2.0 * math.pi * diameter**2 / 4.0
    riser = math.pi * diameter**3 / 4.0 / surface
    ratio = casting.chvorinov_time(1.5e6, riser) / casting.chvorinov_time(1.5e6, modulus)
    assert ratio == pytest.approx(factor**2)


@given(st.floats(0.5, 1.0), st.integers(1, 10_000))
def test_every_doubling_saves_the_same_share(rate, n) -> None:
    once, twice = (design.learning_curve_time(100.0, rate, number) for number in (n, 2 * n))
    assert twice == pytest.approx(rate * once)
    assert design.learning_curve_time(100.0, rate, 1) == 100.0


@given(st.floats(0.0, 1.0), st.floats(-100.0, 100.0), st.floats(0.0, 50.0), st.floats(0.0, 0.1))
def test_defects_grow_away_from_the_window(base, off, window, slope) -> None:
    def at(distance):
        return design.defect_probability(base, [200.0 + distance], [200.0], [window], [slope])

    assert base <= at(off) <= 1.0
    assert at(1.1 * off) >= at(off)
    assert at(off) == pytest.approx(at(-off))
    if abs(off) < window:
        assert at(off) == base


def test_defect_terms_add_up_to_certainty() -> None:
    one = design.defect_probability(0.1, [3.0, 0.0], [0.0, 0.0], [1.0, 1.0], [0.1, 0.2])
    two = design.defect_probability(0.1, [3.0, 4.0], [0.0, 0.0], [1.0, 1.0], [0.1, 0.2])
    assert one == pytest.approx(0.3) and two == pytest.approx(0.9)
    assert design.defect_probability(0.1, [3.0], [0.0], [1.0], [10.0]) == 1.0
    assert design.defect_probability(0.1, [], [], [], []) == 0.1


def test_logistic_defects_have_their_limits() -> None:
    assert design.defect_probability_logistic(0.0, [], []) == 0.5
    assert design.defect_probability_logistic(-1e6, [1.0], [1.0]) == 0.0
    assert design.defect_probability_logistic(0.0, [1e6], [1.0]) == 1.0
    odds = math.exp(-2.0 + 0.5 * 3.0)
    assert design.defect_probability_logistic(-2.0, [3.0], [0.5]) == pytest.approx(odds / (1.0 + odds))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: design.defect_probability(1.2, [], [], [], []), r"base must lie in \[0, 1\], got 1.2"),
        (lambda: design.defect_probability(0.1, [1.0], [], [], []), "lists must be of one length, got .*'values': 1"),
        (lambda: design.defect_probability(0.1, [math.nan], [0.0], [0.0], [0.0]), "values must be finite, got nan"),
        (lambda: design.defect_probability(0.1, [1.0], [0.0], [-1.0], [0.0]), "windows must not be negative"),
        (lambda: design.defect_probability(0.1, [1.0], [0.0], [1.0], [-0.1]), "slopes must not be negative"),
        (lambda: design.defect_probability_logistic(math.inf, [], []), "intercept must be finite, got inf"),
        (lambda: design.defect_probability_logistic(0.0, [1.0], [math.inf]), "coefficients must be finite, got inf"),
    ],
)
def test_a_defect_link_tells_its_mistakes(call, message) -> None:
    with pytest.raises(ValueError, match=message):
        call()
