"""Times of a tool shop, wear of spot tips, spindles, limits of plating baths, recovery of a hoist line, upkeep."""

from __future__ import annotations

import math
import random
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from processes import (
    coating,
    film,
    hoist_recovery,
    machining,
    mould,
    plating,
    plating_footprint,
    plating_limits,
    reliability,
    sensors,
    tool_shop,
    weld_fields,
    weld_shop,
)

NICKEL: dict[str, Any] = {"cathode_efficiency": 0.95, "molar_mass": 0.05869, "electrons": 2, "density": 8900.0}
CARBIDE: dict[str, Any] = {"speed_for_1min_life": 5.0, "n": 0.25}
FITTED = [2.0, 4.0]
FILM: dict[str, Any] = {
    "web_speed": 0.5, "thickness": 250e-6, "k": 0.2, "rho": 900.0, "c": 2400.0, "h": 1000.0, "T_in": 230.0,
    "T_roll": 25.0,
}  # fmt: skip
ROUTE: dict[str, Any] = {
    "rectifier": 3.2e6, "auxiliaries": 3.2e6, "heat": 2.0e6, "dragout": 1e-4, "concentration": 75.0,
    "dilution_ratio": 5000.0, "stages": 2, "molar_mass": 0.05869, "valence": 2, "reject_share": 0.02, "cost": 8000.0,
}  # fmt: skip
WAY = [[4.0 * abs(a - b) for b in range(6)] for a in range(6)]
MOVES = [15.0] * 5
positive = st.floats(0.1, 10.0)


# -- Taylor's window, edges and spindles


def test_taylor_refuses_speeds_that_its_tests_do_not_reach() -> None:
    assert machining.taylor_speed_range(FITTED) == pytest.approx((1.4, 5.2))  # 0.7 2 and 1.3 4
    for speed in (1.4, 3.0, 5.2):
        assert machining.taylor_life(speed, **CARBIDE, fitted_speeds=FITTED) == machining.taylor_life(speed, **CARBIDE)
    for speed in (1.39, 5.21):
        with pytest.raises(ValueError, match=rf"speed must lie in \[1.4, 5.2\] m/s, 30 % about .*, got {speed}"):
            machining.taylor_life(speed, **CARBIDE, fitted_speeds=FITTED)
    # 60 (5/1.3)^4 s of life need 1.3 m/s, which is too slow for the fit.
    with pytest.raises(ValueError, match="the speed of this life must lie in"):
        machining.taylor_speed(60.0 * (5.0 / 1.3) ** 4, **CARBIDE, fitted_speeds=FITTED)
    assert machining.speed_max_production(**CARBIDE, tool_change=120.0, fitted_speeds=FITTED) == pytest.approx(
        3.194, 1e-3
    )
    with pytest.raises(ValueError, match="the best speed must lie in"):
        machining.speed_max_production(**CARBIDE, tool_change=120.0, fitted_speeds=[1.0, 2.0])
    with pytest.raises(ValueError, match="the best speed must lie in"):
        machining.speed_min_cost(**CARBIDE, tool_change=120.0, machine_rate=0.01, tool_cost_per_edge=30.0,
                                 fitted_speeds=[4.0])  # fmt: skip


@pytest.mark.parametrize(
    ("bad", "message"),
    [
        ([], "at least one speed"),
        ([2.0, 0.0], r"fitted_speeds\[1\] must be positive"),
        (3.0, "must be a list of numbers"),
    ],
)
def test_what_are_no_fitted_speeds_is_told(bad, message) -> None:
    with pytest.raises(ValueError, match=message):
        machining.taylor_life(3.0, **CARBIDE, fitted_speeds=bad)


@given(life=st.floats(10.0, 1e4), hazard=st.floats(0.0, 1e-2))
@example(life=942.6875, hazard=4.2449769864762294e-200)
def test_an_edge_that_may_break_cuts_for_less_than_its_life(life, hazard) -> None:
    mean = machining.mean_edge_time(life, hazard)
    assert life * machining.edge_survival(life, hazard) * (1 - 1e-12) <= mean <= life
    # The integral of the survival in a thousand pieces.
    pieces = sum(machining.edge_survival((i + 0.5) * life / 1000.0, hazard) for i in range(1000)) * life / 1000.0
    assert mean == pytest.approx(pieces, rel=1e-3)


@given(first=st.floats(0.0, 5e3), second=st.floats(0.0, 5e3), end=st.sampled_from([0.0, 12e-6]))
def test_two_times_of_a_spindle_equal_one_and_it_stays_between_its_ends(first, second, end) -> None:
    halfway = machining.spindle_growth(5e-6, end, 2400.0, first)
    whole = machining.spindle_growth(5e-6, end, 2400.0, first + second)
    assert machining.spindle_growth(halfway, end, 2400.0, second) == pytest.approx(whole, rel=1e-9, abs=1e-20)
    assert min(5e-6, end) <= whole <= max(5e-6, end)


def test_a_spindle_is_warm_when_it_is_said_to_be() -> None:
    time = machining.spindle_warm_up(1e-6, 12e-6, 2400.0, 2e-6)
    assert time == pytest.approx(2400.0 * math.log(5.5))
    assert 12e-6 - machining.spindle_growth(1e-6, 12e-6, 2400.0, time) == pytest.approx(2e-6)
    assert machining.spindle_warm_up(11e-6, 12e-6, 2400.0, 2e-6) == 0.0


# -- tool shop and moulds


@given(radius=st.floats(1e-3, 6e-3), scallop=st.floats(1e-6, 1e-5))
def test_finishing_leaves_the_ridges_that_were_allowed(radius, scallop) -> None:
    time = tool_shop.finishing_time(0.02, scallop, radius, 0.03)
    pitch = 0.02 / (time * 0.03)
    assert mould.scallop_height(pitch, radius) == pytest.approx(scallop)
    assert tool_shop.finishing_time(0.02, scallop / 4.0, radius, 0.03) == pytest.approx(2.0 * time)


def test_times_of_discharges_wire_and_polish() -> None:
    assert tool_shop.edm_sinking_time(40e-6, 0.0, 4e-9, 30.0) == pytest.approx(1e4)
    assert tool_shop.edm_sinking_time(40e-6, 2e-6, 4e-9, 30.0) == pytest.approx(2.5e4)  # (40 + 60)/4e-3
    assert tool_shop.wire_edm_time(0.5, 0.04, 4e-6) == pytest.approx(5e3)
    assert tool_shop.polishing_time(0.03, 2e6) == pytest.approx(6e4)


@given(mean=st.floats(1.0, 8.0), probability=st.floats(0.05, 0.99))
def test_so_many_tryouts_suffice_and_one_fewer_does_not(mean, probability) -> None:
    loops = tool_shop.tryout_loops(mean, probability)
    assert tool_shop.tryout_probability(loops, mean) >= probability * (1.0 - 1e-9)
    assert loops == 1 or tool_shop.tryout_probability(loops - 1, mean) < probability


def test_the_mean_of_the_tryouts_is_that_of_their_distribution() -> None:
    mean = sum(1.0 - tool_shop.tryout_probability(n, 3.5) for n in range(400))  # E[N] = sum of P(N > n)
    assert mean == pytest.approx(3.5)
    assert tool_shop.tryout_time(3.5, 2.0) == pytest.approx(2.0 * mean)
    assert tool_shop.tryout_loops(1.0, 0.99) == 1
    assert tool_shop.tryout_loops(2.0, 0.875) == 3


@given(first=st.floats(0.0, 3e3), second=st.floats(0.0, 3e3))
def test_two_stops_of_a_mould_equal_one(first, second) -> None:
    between = mould.mold_temperature_after_stop(62.0, 40.0, 600.0, first)
    whole = mould.mold_temperature_after_stop(62.0, 40.0, 600.0, first + second)
    assert mould.mold_temperature_after_stop(between, 40.0, 600.0, second) == pytest.approx(whole)
    assert mould.mold_temperature_after_stop(62.0, 40.0, 600.0, 0.0) == 62.0


# -- welding


def test_tips_lose_current_until_they_must_be_dressed() -> None:
    last = weld_shop.spots_until_dressing(9500.0, 8700.0, 4e-4)  # 1 + (1 - 8700/9500)/4e-4 = 1 + 210.5
    assert last == 211
    # The last spot comes after 210 others.
    assert weld_shop.spot_effective_current(9500.0, last - 1, 4e-4) >= 8700.0
    assert weld_shop.spot_effective_current(9500.0, last, 4e-4) < 8700.0
    assert weld_shop.spot_effective_current(9500.0, 10_000, 4e-4) == 0.0
    assert weld_shop.spots_until_dressing(9500.0, 9500.0, 4e-4) == 1


def test_spots_take_their_share_of_the_dressing() -> None:
    assert weld_shop.spot_cell_time(50, 2.5, 250.0, 25.0) == pytest.approx(130.0)  # 125 and a fifth of 25
    assert weld_shop.spot_cell_time(50, 2.5, 250.0, 0.0) == pytest.approx(125.0)


@given(mean=st.floats(-1e-3, 1e-3), sigma=st.floats(1e-5, 1e-3))
def test_a_wider_seam_offset_makes_more_faults(mean, sigma) -> None:
    limit = 2e-3
    found = weld_shop.seam_offset_exceedance(mean, sigma, limit)
    assert 0.0 <= found <= weld_shop.seam_offset_exceedance(mean, 1.5 * sigma, limit) <= 1.0
    assert found == pytest.approx(weld_shop.seam_offset_exceedance(-mean, sigma, limit))


def test_offsets_without_spread_are_good_or_bad() -> None:
    assert weld_shop.seam_offset_exceedance(0.4e-3, 0.0, 0.5e-3) == 0.0
    assert weld_shop.seam_offset_exceedance(-0.6e-3, 0.0, 0.5e-3) == 1.0


@given(front=st.floats(1e-3, 2e-2), rear=st.floats(1e-3, 4e-2))
def test_continuous_fractions_make_one_peak_of_both_halves(front, rear) -> None:
    fractions = weld_shop.goldak_fractions(front, rear)
    assert sum(fractions) == pytest.approx(2.0)
    peaks = [
        weld_fields.weld_goldak_peak_density(5000.0, fraction, 5e-3, 4e-3, length)
        for fraction, length in zip(fractions, (front, rear), strict=True)
    ]
    assert peaks[0] == pytest.approx(peaks[1])


# -- plating


def test_plating_refuses_a_current_that_the_ions_cannot_follow() -> None:
    # 2 96485.33 7e-10 75/(0.05869 1e-4) = 1726.18 A/m2
    limit = plating_limits.limiting_current_density(2, 7e-10, 75.0, 1e-4, 0.05869)
    assert limit == pytest.approx(1726.18, rel=1e-5)
    assert plating_limits.limiting_current_density(2, 7e-10, 75.0, 0.5e-4, 0.05869) == pytest.approx(2.0 * limit)
    checked = {**NICKEL, "j_limit": limit}
    assert plating.time_for_thickness(1e-5, 1800.0, **checked) == plating.time_for_thickness(1e-5, 1800.0, **NICKEL)
    for call in (
        lambda: plating.time_for_thickness(1e-5, 1820.0, **checked),  # 0.95 1820 = 1729
        lambda: plating.faraday_thickness(3640.0, 2.0, 60.0, **checked),
    ):
        with pytest.raises(ValueError, match=r"current density must lie below j_limit = 1726.18 A/m2, got 1729"):
            call()
    with pytest.raises(ValueError, match="j_limit must be positive"):
        plating.time_for_thickness(1e-5, 400.0, **NICKEL, j_limit=0.0)


def test_a_bath_has_an_efficiency_in_its_window_only() -> None:
    assert plating_limits.bath_efficiency("plating_chromium_VI", 2500.0, 60.0) == 0.135
    for arguments, message in (
        (("plating_nickel", 1001.0, 50.0), r"current_density must lie in \[200, 1000\], got 1001"),
        (("plating_nickel", 400.0, 44.0), r"T_bath must lie in \[45, 60\], got 44"),
        (("plating_gold", 400.0, 44.0), "bath must be one of plating_nickel, .*, got 'plating_gold'"),
    ):
        with pytest.raises(ValueError, match=message):
            plating_limits.bath_efficiency(*arguments)


def test_a_barrel_has_its_current_on_the_outer_parts() -> None:
    assert plating_limits.barrel_current_density(150.0, 3.0, 1.0) == 50.0
    assert plating_limits.barrel_current_density(150.0, 3.0, 0.25) == 200.0


def test_a_rejected_metre_is_paid_by_the_good_ones() -> None:
    perfect = plating_footprint.footprint_per_area(
        plating_footprint.PlatingRoute(**{**ROUTE, "reject_share": 0.0}), 1e-7, 5e-8, 0.3
    )
    half = plating_footprint.footprint_per_area(
        plating_footprint.PlatingRoute(**{**ROUTE, "reject_share": 0.5}), 1e-7, 5e-8, 0.3
    )
    assert (perfect.electricity, perfect.heat, perfect.reject_cost) == (6.4e6, 2.0e6, 0.0)
    assert perfect.co2 == pytest.approx(0.74)  # 6.4e6 1e-7 + 2e6 5e-8
    # 1e-4 75 (0.05869 + 2 0.017007)/0.05869/0.3 = 0.039489 kg/m2
    assert perfect.sludge == pytest.approx(0.039489, rel=1e-4)
    # Two rinses: 1 + r + r^2 = 5000, r = 70.203
    assert perfect.water == pytest.approx(7.0203e-3, rel=1e-4)
    for name in ("electricity", "heat", "water", "sludge", "co2"):
        assert getattr(half, name) == pytest.approx(2.0 * getattr(perfect, name)), name
    assert half.reject_cost == pytest.approx(8000.0)


# -- curing and coating


@given(now=st.floats(0.0, 2e3), T=st.floats(120.0, 200.0))
def test_a_stop_in_the_oven_uses_up_what_is_left_of_the_bake(now, T) -> None:
    stop = coating.paint_stop_tolerated(now, 2400.0, T, 80e3, 160.0)
    added = coating.paint_cure_equivalent_time([stop], [T], 80e3, 160.0)
    assert now + added == pytest.approx(2400.0)
    assert coating.paint_stop_tolerated(now, 2400.0, T + 5.0, 80e3, 160.0) < stop
    assert coating.paint_stop_tolerated(2400.0, 2400.0, T, 80e3, 160.0) == 0.0


def test_a_batch_in_vacuum_is_the_sum_of_its_steps() -> None:
    assert coating.pvd_batch_time(1.0, 20.0, 300.0, 4000.0, 50000.0) == 54321.0


# -- webs


@given(length=st.floats(0.05, 2.0))
def test_the_free_face_of_a_film_is_the_hottest_and_a_slower_web_colder(length) -> None:
    faces = [film.chill_roll_temperature(x, length, **FILM) for x in (0.0, 125e-6, 250e-6)]
    assert 25.0 < faces[0] < faces[1] < faces[2] < 230.0 + 1e-9
    slower = film.chill_roll_temperature(250e-6, length, **{**FILM, "web_speed": 0.4})
    assert slower < faces[2]
    assert film.chill_roll_temperature(250e-6, 0.0, **FILM) == pytest.approx(230.0)


def test_a_thin_film_cools_as_one_body() -> None:
    """Bi = 0.005: 25 + 205 exp(-h t/(rho c s)) with t = 0.2 s, 10 um: exp(-0.2 100/(900 2400 1e-5)) = exp(-0.92593)."""
    thin = {**FILM, "thickness": 10e-6, "h": 100.0}
    assert film.chill_roll_temperature(5e-6, 0.1, **thin) == pytest.approx(25.0 + 205.0 * math.exp(-0.92593), rel=2e-3)


@given(first=st.floats(0.0, 1e6), second=st.floats(0.0, 1e6))
def test_a_web_holds_over_two_lengths_if_over_both(first, second) -> None:
    hold = [1.0 - film.web_break_probability(length, 2e-6) for length in (first, second, first + second)]
    assert hold[0] * hold[1] == pytest.approx(hold[2])


# -- recovery of a hoist line


slacks = st.lists(st.none() | st.floats(-200.0, 200.0), min_size=1, max_size=8)


@given(slacks)
def test_no_carrier_is_lifted_before_the_tank_ahead_of_it_is_free(slack) -> None:
    order = hoist_recovery.recovery_order(slack)
    full = {tank for tank, value in enumerate(slack, 1) if value is not None}
    assert sorted(order) == sorted(full)
    for tank in order:
        assert tank + 1 not in full or tank == len(slack)
        full.remove(tank)
        full.discard(
            tank + 1
        )  # a carrier that has moved on stands in no other's way: the one behind it goes one step too


@given(slacks)
def test_the_tank_with_the_least_slack_waits_only_for_those_ahead_of_it(slack) -> None:
    order = hoist_recovery.recovery_order(slack)
    held = [tank for tank, value in enumerate(slack, 1) if value is not None]
    if held:
        critical = min(held, key=lambda tank: (slack[tank - 1], -tank))
        before = order[: order.index(critical)]
        assert list(before) == sorted(before, reverse=True) and all(tank > critical for tank in before)
        assert set(before) == set(range(critical + 1, critical + 1 + len(before)))


def test_the_least_slack_first_saves_what_the_line_order_spoils() -> None:
    slack = hoist_recovery.slack_after_stop([100.0, None, 130.0, None], [140.0, 90.0, 300.0, 60.0], stop=30.0)
    assert slack == (10.0, None, 140.0, None)
    best, line = hoist_recovery.recovery_order(slack), (3, 1)
    assert best == (1, 3)
    # From station 0: lift 1 at 4; or lift 3 at 12, set down at 27 in 4, back at 1 at 39, 29 s too late.
    assert hoist_recovery.recovery_over_soak(slack, best, MOVES, WAY, 0) == (0.0, 0.0, 0.0, 0.0)
    assert hoist_recovery.recovery_over_soak(slack, line, MOVES, WAY, 0) == (29.0, 0.0, 0.0, 0.0)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: hoist_recovery.slack_after_stop([1.0], [2.0, 3.0], 0.0), "soak_max must have 1 numbers"),
        (lambda: hoist_recovery.slack_after_stop([-1.0], [2.0], 0.0), r"soaked\[0\] must not be negative"),
        (lambda: hoist_recovery.slack_after_stop([1.0], [math.nan], 0.0),
         r"soak_max\[0\] must not be negative, got nan"),
        (lambda: hoist_recovery.slack_after_stop(3.0, [2.0], 0.0), "soaked must be a list"),  # type: ignore[arg-type]
        (lambda: hoist_recovery.recovery_order([math.nan]), r"slack\[0\] must be a number, got nan"),
        (lambda: hoist_recovery.recovery_over_soak([1.0, None, 2.0, 3.0], (1, 3), MOVES, WAY, 0),
         r"order must name each tank with a carrier once, \[1, 3, 4\], got \[1, 3\]"),
        (lambda: hoist_recovery.recovery_over_soak([1.0] * 4, (4, 3, 2, 1), MOVES[1:], WAY, 0),
         "loaded_move must have 5"),
        (lambda: hoist_recovery.recovery_over_soak([1.0] * 4, (4, 3, 2, 1), MOVES, WAY, 6),
         r"hoist_at must lie in \[0, 5\]"),
    ],
)  # fmt: skip
def test_what_is_no_line_is_told(call, message) -> None:
    with pytest.raises(ValueError, match=message):
        call()


# -- sensors and upkeep


@settings(max_examples=10, deadline=None)
@given(
    pf=st.floats(5.0, 60.0), every=st.floats(2.0, 40.0), p=st.floats(0.1, 0.95), lead=st.floats(0.0, 10.0),
    seed=st.integers(0, 1000),
)  # fmt: skip
def test_detection_within_the_interval_is_that_of_inspections_that_are_drawn(pf, every, p, lead, seed) -> None:
    """The defect becomes visible at a random time between two inspections; each one in time may see it."""
    luck = random.Random(seed)
    runs, found = 4000, 0
    for _ in range(runs):
        time = luck.uniform(0.0, every)
        while time < pf - lead:
            if luck.random() < p:
                found += 1
                break
            time += every
    expected = reliability.pf_detection_probability(pf, every, p, lead)
    assert found / runs == pytest.approx(expected, abs=5.0 * 0.5 / math.sqrt(runs))


@given(pf=st.floats(1.0, 100.0), every=st.floats(1.0, 100.0), p=st.floats(0.0, 1.0), factor=st.floats(1.0, 3.0))
def test_rarer_inspections_find_less(pf, every, p, factor) -> None:
    often, rare = (reliability.pf_detection_probability(pf, gap, p) for gap in (every, factor * every))
    assert 0.0 <= rare <= often + 1e-12 <= 1.0 + 1e-12


def test_no_time_to_plan_finds_nothing_in_time_and_perfect_eyes_miss_only_what_falls_between() -> None:
    assert reliability.pf_detection_probability(10.0, 1.0, 0.9, lead_time=12.0) == 0.0
    assert reliability.pf_detection_probability(10.0, 5.0, 1.0) == 1.0
    assert reliability.pf_detection_probability(10.0, 40.0, 1.0) == pytest.approx(0.25)
    with pytest.raises(ValueError, match="inspection_interval must be positive"):
        reliability.pf_detection_probability(10.0, 0.0, 0.9)


def test_a_bias_walks_as_far_as_its_exceedance_says() -> None:
    luck = random.Random(7)
    drift, variance, limit, month = 1e-7, 4e-8, 1.5, 30 * 86400.0
    beyond = 0
    for _ in range(4000):
        bias = 0.0
        for _ in range(3):
            bias = sensors.bias_after(bias, drift, variance, month, luck.gauss(0.0, 1.0))
        beyond += abs(bias) > limit
    assert beyond / 4000 == pytest.approx(sensors.drift_exceedance(drift, variance, limit, 3 * month), abs=0.024)


BAD: list[tuple[Any, dict[str, Any], str]] = [
    (machining.edge_survival, {"cutting_time": -1.0, "breakage_hazard": 0.0}, "cutting_time must not be negative"),
    (machining.mean_edge_time, {"life": 0.0, "breakage_hazard": 0.0}, "life must be positive"),
    (machining.spindle_growth, {"growth": math.nan, "growth_end": 0.0, "time_constant": 1.0, "time": 0.0},
     "growth must be"),
    (machining.spindle_warm_up, {"growth": 0.0, "growth_end": 1e-5, "time_constant": 1.0, "tolerance": 0.0},
     "tolerance must"),
    (tool_shop.finishing_time, {"area": 1.0, "scallop": 2e-3, "tool_radius": 3e-3, "feed_speed": 0.1},
     "scallop must not"),
    (tool_shop.edm_sinking_time, {"rough_volume": 1.0, "finish_volume": 0.0, "rough_rate": 1.0,
     "finishing_slowdown": 0.5},
     "finishing_slowdown must lie in"),
    (tool_shop.wire_edm_time, {"contour": 0.0, "height": 1.0, "area_rate": 1.0}, "contour must be positive"),
    (tool_shop.polishing_time, {"area": 1.0, "time_per_area": math.inf}, "time_per_area must be positive and finite"),
    (tool_shop.tryout_time, {"mean_loops": 0.5, "loop": 1.0}, "mean_loops must lie in"),
    (tool_shop.tryout_probability, {"loops": 1.5, "mean_loops": 3.0}, "loops must be a whole number"),
    (tool_shop.tryout_loops, {"mean_loops": 3.0, "probability": 1.0}, "probability must lie between"),
    (mould.mold_temperature_after_stop, {"T_mold": 60.0, "T_end": 40.0, "time_constant": 600.0, "stop": -1.0},
     "stop must"),
    (weld_shop.spot_effective_current, {"current": 9e3, "spots": 1.5, "loss_per_spot": 0.0}, "spots must be a whole"),
    (weld_shop.spots_until_dressing, {"current": 9e3, "current_min": 1e4, "loss_per_spot": 1e-4},
     "current_min must not exceed"),
    (weld_shop.spot_cell_time, {"spots": 10, "time_per_spot": 3.0, "spots_per_dressing": 0.5, "dressing": 0.0},
     "spots_per_dressing must lie in"),
    (weld_shop.weld_laser_gap_limit, {"thickness": 1e-3, "gap_share": 1.5}, "gap_share must lie in"),
    (weld_shop.seam_offset_exceedance, {"mean": 0.0, "sigma": -1.0, "limit": 1.0}, "sigma must not be negative"),
    (weld_shop.goldak_fractions, {"front_length": 0.0, "rear_length": 1.0}, "front_length must be positive"),
    (weld_shop.weld_robot_cycle_estimates, {"weld_length": 1.0, "time_by_hand": -1.0}, "time_by_hand must be positive"),
    (plating_limits.limiting_current_density, {"electrons": 1.5, "diffusivity": 1e-9, "concentration": 1.0,
     "layer": 1e-4,
     "molar_mass": 0.05}, "electrons must be a whole number"),
    (plating_limits.barrel_current_density, {"current": 1.0, "area": 1.0, "area_fraction": 1.5},
     "area_fraction must lie in"),
    (plating_footprint.sludge_per_area, {"dragout": 1e-4, "concentration": 75.0, "molar_mass": 0.05, "valence": 0,
     "dry_share": 0.3}, "valence must be a whole number"),
    (coating.paint_stop_tolerated, {"equivalent_now": -1.0, "equivalent_max": 1.0, "T_oven": 160.0, "activation": 8e4,
     "T_reference": 160.0}, "equivalent_now must not be negative"),
    (coating.pvd_batch_time, {"pumpdown": 1.0, "heating": -1.0, "etching": 1.0, "deposition": 1.0, "cooling": 1.0},
     "heating must not be negative"),
    (film.chill_roll_temperature, {"distance_from_roll": 3e-4, "contact_length": 1.0, **FILM},
     "distance_from_roll must lie in"),
    (film.web_break_probability, {"length": -1.0, "break_rate": 0.0}, "length must not be negative"),
    (sensors.bias_after, {"bias": 0.0, "drift": 0.0, "walk_variance": -1.0, "time": 1.0, "draw": 0.0},
     "walk_variance must"),
]  # fmt: skip


@pytest.mark.parametrize(("function", "arguments", "message"), BAD, ids=lambda value: getattr(value, "__name__", ""))
def test_what_cannot_be_is_told(function, arguments, message) -> None:
    with pytest.raises(ValueError, match=message):
        function(**arguments)
    name = message.split()[0]
    good = {**arguments, name: "a text"}
    with pytest.raises(ValueError, match=f"{name} must"):
        function(**good)


def test_numbers_without_measure_still_give_numbers() -> None:
    assert reliability.pf_detection_probability(1e10, 5e-324, 0.5) == 1.0
    assert weld_shop.spots_until_dressing(9500.0, 8000.0, 5e-324) > 1e299
    assert tool_shop.tryout_loops(1.7e308, 0.9) > 1e299
    assert machining.mean_edge_time(1e3, 0.0) == 1e3 and machining.mean_edge_time(1e300, 1e10) == pytest.approx(1e-10)


def test_a_route_without_good_parts_is_told() -> None:
    with pytest.raises(ValueError, match=r"reject_share must be less than 1, got 1.0"):
        plating_footprint.footprint_per_area(
            plating_footprint.PlatingRoute(**{**ROUTE, "reject_share": 1.0}), 1e-7, 5e-8, 0.3
        )
