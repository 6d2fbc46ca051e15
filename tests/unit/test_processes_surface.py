"""Plating, coating and the hoist beyond the reference cases: balances, inverses, an independent judge, messages."""

from __future__ import annotations

import math
from itertools import pairwise, permutations
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from processes import coating, hoist, plating

NICKEL: dict[str, Any] = {"cathode_efficiency": 0.95, "molar_mass": 0.058693, "electrons": 2, "density": 8900.0}
BATH = {"concentration0": 75.0, "bath_volume": 4.0}
TANK = {"volume": 4.0, "rho": 1150.0, "c": 3700.0, "loss": 180.0, "T_ambient": 20.0}
LINE: dict[str, Any] = {
    "soak_min": [60.0, 120.0, 40.0],
    "soak_max": [90.0, 160.0, 60.0],
    "loaded_move": [15.0] * 4,
    "empty_move": [[4.0 * abs(a - b) for b in range(5)] for a in range(5)],
}


@given(st.floats(1e-6, 1e-4), st.floats(50.0, 6000.0))
def test_plating_time_gives_the_thickness(thickness, current_density) -> None:
    time = plating.time_for_thickness(thickness, current_density, **NICKEL)
    assert plating.faraday_thickness(3.0 * current_density, 3.0, time, **NICKEL) == pytest.approx(thickness)


def test_energy_is_voltage_times_charge_over_the_rectifier() -> None:
    time = plating.time_for_thickness(15e-6, 400.0, **NICKEL)
    energy = plating.energy_per_area(15e-6, 6.0, rectifier_efficiency=0.88, **NICKEL)
    assert energy == pytest.approx(6.0 * 400.0 * time / 0.88)


def test_six_electrons_take_twice_the_charge_of_three() -> None:
    chromium = {**NICKEL, "molar_mass": 0.052, "density": 7190.0}
    three, six = (plating.time_for_thickness(1e-6, 3000.0, **{**chromium, "electrons": n}) for n in (3, 6))
    assert six == pytest.approx(2.0 * three)


def test_the_thinnest_place_meets_the_specification() -> None:
    assert 0.7 * plating.mean_thickness_for_spec(8e-6, 0.7) == pytest.approx(8e-6)
    assert plating.mean_thickness_for_spec(8e-6, 1.0) == 8e-6


def test_anodic_film_dissolves_and_is_never_negative() -> None:
    kept = plating.anodize_thickness(5.46e-11, 150.0, 1800.0)
    assert 0.0 < plating.anodize_thickness(5.46e-11, 150.0, 1800.0, dissolution_rate=2e-9) < kept
    assert plating.anodize_thickness(5.46e-11, 150.0, 1800.0, dissolution_rate=1e-6) == 0.0


@given(st.floats(1.001, 1e6), st.integers(1, 6))
def test_rinses_balance_stage_by_stage(ratio, stages) -> None:
    water = plating.counterflow_water(1e-6, ratio, stages)
    # From the last rinse, of concentration 1, back to the bath: the balance of stages i to n gives the one before.
    concentration = 1.0
    for _ in range(stages):
        concentration = 1.0 + water / 1e-6 * concentration
    assert concentration == pytest.approx(ratio, rel=1e-9)
    assert plating.counterflow_water(1e-6, ratio, stages + 1) <= water * (1.0 + 1e-9)


@given(st.integers(0, 300), st.integers(0, 300))
def test_loads_add_up_and_small_ones_are_a_steady_drain(first, second) -> None:
    loads = {"bath_volume": 4.0, "dragout_per_load": 0.0012}
    between = plating.bath_concentration(75.0, **loads, loads=first)
    whole = plating.bath_concentration(75.0, **loads, loads=first + second)
    assert plating.bath_concentration(between, **loads, loads=second) == pytest.approx(whole)
    steady = plating.bath_concentration_after(75.0, 4.0, 0.0, 0.0, dragout=0.0012, time=first + second)
    assert steady == pytest.approx(whole, rel=1e-4)


@given(st.floats(0.0, 1e-3), st.floats(0.0, 1e-5), st.floats(0.0, 1e5), st.floats(0.0, 1e5))
def test_two_times_of_dosing_equal_one_of_their_sum(supply, dragout, first, second) -> None:
    flows = {"bath_volume": 4.0, "supply": supply, "deposition": 1e-5, "dragout": dragout}
    between = plating.bath_concentration_after(75.0, **flows, time=first)
    whole = plating.bath_concentration_after(75.0, **flows, time=first + second)
    assert plating.bath_concentration_after(between, **flows, time=second) == pytest.approx(whole, rel=1e-9)


def test_a_bath_settles_where_supply_is_drag_out_and_does_not_fall_below_empty() -> None:
    assert plating.bath_concentration_after(**BATH, supply=3e-4, deposition=0.0, dragout=4e-6, time=1e9) == (
        pytest.approx(75.0)
    )
    assert plating.bath_concentration_after(**BATH, supply=0.0, deposition=1.0, dragout=0.0, time=1e4) == 0.0
    assert plating.bath_concentration_after(**BATH, supply=2e-3, deposition=1e-3, dragout=0.0, time=4e3) == (
        pytest.approx(76.0)
    )


@given(st.floats(0.0, 1e6), st.floats(0.0, 1e6))
def test_two_stops_of_the_heater_equal_one_of_their_sum(first, second) -> None:
    between = plating.bath_temperature_after_stop(**TANK, T_init=55.0, stop=first)
    whole = plating.bath_temperature_after_stop(**TANK, T_init=55.0, stop=first + second)
    assert plating.bath_temperature_after_stop(**TANK, T_init=between, stop=second) == pytest.approx(whole)
    assert 20.0 <= whole <= between <= 55.0


def test_a_still_dry_surface_loses_by_convection_only() -> None:
    assert plating.open_surface_loss(2.0, 15.0, 60.0, 20.0, 0.0) == pytest.approx(1200.0)
    assert plating.open_surface_loss(2.0, 15.0, 60.0, 20.0, 1e-3, 2.36e6) == pytest.approx(1200.0 + 4720.0)


@given(st.lists(st.tuples(st.floats(0.0, 3600.0), st.floats(20.0, 250.0)), max_size=6))
def test_cure_adds_up_and_counts_more_when_hotter(path) -> None:
    steps, temperatures = [time for time, _ in path], [T for _, T in path]
    whole = coating.paint_cure_equivalent_time(steps, temperatures, 80e3, 160.0)
    single = sum(coating.paint_cure_equivalent_time([time], [T], 80e3, 160.0) for time, T in path)
    assert whole == pytest.approx(single)
    hotter = coating.paint_cure_equivalent_time(steps, [T + 5.0 for T in temperatures], 80e3, 160.0)
    assert hotter >= whole
    assert coating.paint_cure_equivalent_time([600.0], [160.0], 80e3, 160.0) == pytest.approx(600.0)


def test_pumping_in_two_stages_equals_one_and_outgassing_counts_below_its_pressure_only() -> None:
    pump = {"chamber": 1.2, "pumping_speed": 0.14}
    whole = coating.pvd_pumpdown_time(**pump, p_start=1e5, p_end=1e-3, outgassing_factor=3.0)
    high = coating.pvd_pumpdown_time(**pump, p_start=1e5, p_end=1e-2, outgassing_factor=3.0)
    assert high == coating.pvd_pumpdown_time(**pump, p_start=1e5, p_end=1e-2)
    low = coating.pvd_pumpdown_time(**pump, p_start=1e-2, p_end=1e-3, outgassing_factor=3.0)
    assert whole == pytest.approx(high + low)
    assert low == pytest.approx(3.0 * coating.pvd_pumpdown_time(**pump, p_start=1e-2, p_end=1e-3))
    assert coating.pvd_deposition_time(2e-6, 1e-9) == pytest.approx(2000.0)


def shortest_period_by_enumeration(soak_min, soak_max, loaded_move, empty_move) -> float:
    """Return the best over all orders of a linear programme that a general solver solves; infinity if none fits."""
    from scipy.optimize import linprog

    tanks, best = len(soak_min), math.inf
    for rest in permutations(range(1, tanks + 1)):
        order = (0, *rest)
        rows: list[list[float]] = []
        limits: list[float] = []

        def at_most(limit, terms, rows=rows, limits=limits) -> None:
            row = [0.0] * (tanks + 2)  # starts of the moves, then the period
            for column, factor in terms:
                row[column] += factor
            rows.append(row)
            limits.append(limit)

        for i, j in [*pairwise(order), (order[-1], 0)]:
            turn = -1.0 if j == 0 else 0.0
            at_most(-loaded_move[i] - empty_move[i + 1][j], [(i, 1.0), (j, -1.0), (tanks + 1, turn)])
        for i in range(1, tanks + 1):
            turn = 0.0 if order.index(i - 1) < order.index(i) else 1.0
            at_most(-loaded_move[i - 1] - soak_min[i - 1], [(i - 1, 1.0), (i, -1.0), (tanks + 1, -turn)])
            at_most(loaded_move[i - 1] + soak_max[i - 1], [(i, 1.0), (i - 1, -1.0), (tanks + 1, turn)])
        bounds = [(0.0, 0.0)] + [(0.0, None)] * (tanks + 1)
        found = linprog([0.0] * (tanks + 1) + [1.0], rows, limits, bounds=bounds)
        if found.fun is not None:
            best = min(best, found.fun)
    return best


def assert_schedule_holds(line, period, starts) -> None:
    """Walk through one period: the hoist can follow, and every soak lies in its window."""
    loaded = line["loaded_move"]
    order = sorted(range(len(starts)), key=lambda i: starts[i])
    assert starts[0] == 0.0 and order[0] == 0
    for i, j in pairwise([*order, 0]):
        at_j = starts[i] + loaded[i] + line["empty_move"][i + 1][j]
        assert at_j <= (starts[j] if j else period) + 1e-6
    for i, (low, high) in enumerate(zip(line["soak_min"], line["soak_max"], strict=True), 1):
        soak = starts[i] - starts[i - 1] - loaded[i - 1]
        soak += period if starts[i] < starts[i - 1] else 0.0
        assert low - 1e-6 <= soak <= high + 1e-6


@st.composite
def lines(draw) -> dict[str, Any]:
    tanks = draw(st.integers(1, 4))
    soak_min = draw(st.lists(st.integers(0, 150), min_size=tanks, max_size=tanks))
    widths = draw(st.lists(st.sampled_from([0, 5, 20, 60, 1000]), min_size=tanks, max_size=tanks))
    loaded = draw(st.lists(st.integers(5, 30), min_size=tanks + 1, max_size=tanks + 1))
    if draw(st.booleans()):
        empty = [[3 * abs(a - b) for b in range(tanks + 2)] for a in range(tanks + 2)]
    else:  # anything, also a detour that is shorter than the direct way
        row = st.lists(st.integers(0, 40), min_size=tanks + 2, max_size=tanks + 2)
        empty = draw(st.lists(row, min_size=tanks + 2, max_size=tanks + 2))
    soak_max = [low + width for low, width in zip(soak_min, widths, strict=True)]
    return {"soak_min": soak_min, "soak_max": soak_max, "loaded_move": loaded, "empty_move": empty}


DETOUR = [[16 if (a, b) == (4, 2) else 0 for b in range(6)] for a in range(6)]  # slower empty than round the line


@settings(max_examples=40, deadline=None)
@given(lines())
@example({"soak_min": [0] * 4, "soak_max": [0] * 4, "loaded_move": [5] * 5, "empty_move": DETOUR})
def test_hoist_equals_the_enumeration_of_all_orders(line) -> None:
    best = shortest_period_by_enumeration(**line)
    if best == math.inf:
        with pytest.raises(ValueError, match="no order of the moves keeps every window"):
            hoist.min_cycle(**line)
        return
    period = hoist.min_cycle(**line)
    assert period == pytest.approx(best, abs=1e-6)
    assert period >= hoist.cycle_bound(line["soak_min"], line["loaded_move"], line["empty_move"])
    assert_schedule_holds(line, period, hoist.move_starts(**line))


def test_wider_windows_never_lengthen_the_cycle() -> None:
    periods = [
        hoist.min_cycle(**{**LINE, "soak_max": [low + width for low in LINE["soak_min"]]})
        for width in (20.0, 40.0, 80.0, math.inf)
    ]
    assert periods == sorted(periods, reverse=True)


def test_a_single_slow_tank_sets_the_cycle() -> None:
    line = ([300.0], [400.0], [20.0, 20.0], [[5.0 * abs(a - b) for b in range(3)] for a in range(3)])
    assert hoist.min_cycle(*line) == 300.0 + 40.0 + 10.0 == hoist.cycle_bound(line[0], *line[2:])


def test_the_line_of_phillips_and_unger_runs_at_521_seconds() -> None:
    # Row i: empty travel from tank i + 1, the last row from the common load/unload station; column j: to station j.
    empty = [
        [11, 0, 2, 5, 2, 8, 10, 13, 15, 17, 10, 3, 1],
        [14, 2, 0, 2, 0, 5, 8, 10, 13, 15, 12, 6, 3],
        [16, 5, 2, 0, 2, 3, 5, 8, 10, 13, 15, 8, 6],
        [14, 2, 0, 2, 0, 5, 8, 10, 13, 15, 12, 6, 3],
        [19, 8, 5, 3, 5, 0, 3, 5, 7, 10, 18, 11, 9],
        [22, 10, 8, 5, 8, 3, 0, 2, 5, 7, 20, 14, 11],
        [24, 13, 10, 8, 10, 5, 2, 0, 2, 5, 23, 16, 14],
        [26, 15, 13, 10, 13, 7, 5, 2, 0, 2, 25, 19, 16],
        [29, 17, 15, 13, 15, 10, 7, 5, 2, 0, 27, 21, 19],
        [6, 10, 12, 15, 12, 18, 20, 23, 25, 27, 0, 7, 9],
        [8, 3, 6, 8, 6, 11, 14, 16, 19, 21, 7, 0, 2],
        [10, 1, 3, 6, 3, 9, 11, 14, 16, 19, 9, 2, 0],
        [0, 11, 14, 16, 14, 19, 22, 24, 26, 29, 6, 8, 10],
    ]
    line: dict[str, Any] = {
        "soak_min": [150, 90, 120, 90, 30, 60, 60, 45, 130, 120, 90, 30],
        "soak_max": [200, 120, 180, 125, 40, 120, 120, 75, math.inf, math.inf, 120, 60],
        "loaded_move": [31, 22, 22, 22, 25, 23, 22, 22, 22, 47, 27, 22, 30],
        "empty_move": [[*row, row[0]] for row in [empty[-1], *empty]],
    }
    period = hoist.min_cycle(**line)
    assert period == 521.0
    assert_schedule_holds(line, period, hoist.move_starts(**line))


@pytest.mark.parametrize(
    ("function", "arguments", "message"),
    [
        (plating.time_for_thickness, {"thickness": 1e-6, "current_density": 100.0, **NICKEL, "electrons": 1.5},
         "electrons must be a whole number, at least 1, got 1.5"),
        (plating.time_for_thickness, {"thickness": 1e-6, "current_density": 100.0, **NICKEL, "cathode_efficiency": 2.0},
         r"cathode_efficiency must lie in \[0, 1\], got 2.0"),
        (plating.counterflow_water, {"dragout": 1e-6, "dilution_ratio": 1.0, "stages": 2}, "dilution_ratio must lie"),
        (plating.counterflow_water, {"dragout": 1e-6, "dilution_ratio": 9.0, "stages": 0}, "stages must be a whole"),
        (plating.bath_concentration, {**BATH, "dragout_per_load": 4.0, "loads": 1}, "dragout_per_load must be less"),
        (plating.open_surface_loss, {"area": 1.0, "h": 15.0, "T_bath": 10.0, "T_ambient": 20.0, "evaporation": 0.0},
         "T_bath must not be below T_ambient"),
        (coating.paint_cure_equivalent_time, {"step": [1.0], "T_step": [], "activation": 8e4, "T_reference": 160.0},
         "T_step must have one number for each step, got 0 for 1"),
        (coating.paint_cure_equivalent_time, {"step": [1.0], "T_step": [math.nan], "activation": 8e4,
         "T_reference": 160.0}, r"T_step\[0\] must be finite"),
        (coating.pvd_pumpdown_time, {"chamber": 1.0, "pumping_speed": 0.1, "p_start": 1.0, "p_end": 2.0},
         "p_end must not exceed p_start, got 2.0"),
        (coating.pvd_pumpdown_time, {"chamber": 1.0, "pumping_speed": 0.1, "p_start": 1.0, "p_end": 0.1,
         "outgassing_factor": 0.5}, "outgassing_factor must lie in"),
        (hoist.min_cycle, {**LINE, "soak_max": [90.0, 160.0]}, "soak_max must have 3 numbers for 3 tanks, got 2"),
        (hoist.min_cycle, {**LINE, "soak_max": [90.0, 100.0, 60.0]}, r"soak_max\[1\] must not be below soak_min\[1\]"),
        (hoist.min_cycle, {**LINE, "loaded_move": [15.0, 0.0, 15.0, 15.0]}, r"loaded_move\[1\] must be positive"),
        (hoist.min_cycle, {**LINE, "empty_move": LINE["empty_move"][:4]}, "empty_move must have 5 numbers"),
        (hoist.min_cycle, {**LINE, "empty_move": [[0.0]] * 5}, r"empty_move\[0\] must have 5 numbers for 3 tanks"),
        (hoist.move_starts, {**LINE, "soak_min": [], "soak_max": []}, "soak_min must name at least one tank"),
        (hoist.min_cycle, {**LINE, "soak_min": [60.0, math.nan, 40.0]}, r"soak_min\[1\] must not be negative"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_told(function, arguments, message) -> None:
    with pytest.raises(ValueError, match=message):
        function(**arguments)
