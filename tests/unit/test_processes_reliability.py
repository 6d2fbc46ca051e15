"""Reliability, queues, sensors, robots and energy beyond the reference cases."""

from __future__ import annotations

import math
import warnings

import pytest
from hypothesis import given
from hypothesis import strategies as st

from processes import energy, reliability, robots, sensors

LIFE = {"shape": 2.5, "scale": 3.6e6, "cost_planned": 1.0, "cost_failure": 6.0}
OEE = {"planned": 28800.0, "downtime": 4200.0, "ideal_cycle": 55.0, "total_count": 400, "good_count": 382}
FORESEEN = {
    "failures": 12.0,
    "detection_probability": 0.7,
    "planned_repair": 5400.0,
    "unplanned_repair": 21600.0,
    "false_alarms": 8.0,
    "false_alarm_check": 1800.0,
}
MELT = {
    "mass": 800.0,
    "c_solid": 963.0,
    "c_liquid": 1160.0,
    "latent": 389e3,
    "UA": 12.0,
    "T_freeze": 585.0,
    "T_metal": 680.0,
    "T_ambient": 25.0,
}
BILL = {
    "billing_demand": 250e3,
    "demand_price": 7.47,
    "light": 1e11,
    "mid": 9e10,
    "peak": 8e10,
    "light_KRW": 2.5e-5,
    "mid_KRW": 3.2e-5,
    "peak_KRW": 4.2e-5,
}
TOTAL = {
    "charge": 11158500.0,
    "energy": 2.88e11,
    "climate_price": 2.5e-6,
    "fuel_price": 1.4e-6,
    "vat_rate": 0.1,
    "fund_rate": 0.027,
}


def changed(arguments, **values):
    return {**arguments, **values}


@pytest.mark.parametrize(
    ("function", "arguments", "signed"),
    [
        (reliability.weibull_reliability, {"age": 2e6, "shape": 2.5, "scale": 3.6e6}, ()),
        (sensors.pyrometer_error, {"T": 1150.0, "wavelength": 1e-6, "emissivity_error": 0.1}, ("emissivity_error",)),
        (
            sensors.reading,
            {"true_value": 851.3, "gain": 1.0, "bias": 2.2, "noise": -0.4, "resolution": 0.5},
            ("true_value", "bias", "noise"),
        ),
        (energy.melt_after_stop, {**MELT, "time": 3600.0, "solid_fraction": 0.0}, ()),
        (energy.bill_total, TOTAL, ("fuel_price",)),
    ],
    ids=lambda item: getattr(item, "__name__", ""),
)
def test_every_argument_is_checked(function, arguments, signed) -> None:
    function(**arguments)
    for name in arguments:
        for bad in (math.nan, math.inf) + (() if name in signed else (-1e6,)):
            with pytest.raises(ValueError, match=rf"{name}.*got .*(nan|inf|-1000000)"):
                function(**changed(arguments, **{name: bad}))


@pytest.mark.parametrize(
    ("function", "arguments", "message"),
    [
        (
            reliability.series_line_efficiency,
            {"mtbf": [1.0, 2.0], "mttr": [1.0]},
            "mttr must have 2 numbers, as mtbf, got 1",
        ),
        (reliability.series_line_efficiency, {"mtbf": [1.0, 0.0], "mttr": [1.0, 1.0]}, "mtbf must be positive"),
        (reliability.series_line_efficiency, {"mtbf": [1.0], "mttr": [math.nan]}, "mttr must not be negative"),
        (reliability.line_oee, changed(OEE, downtime=28800.0), "downtime must lie below planned = 28800.0"),
        (reliability.line_oee, changed(OEE, good_count=401), "good_count must not exceed total_count = 400, got 401"),
        (
            reliability.queue_mmc_mean_wait,
            {"arrival": 2.0, "service": 1.0, "servers": 2},
            "arrival must lie below servers x service = 2, got 2.0",
        ),
        (
            reliability.queue_mmc_mean_wait,
            {"arrival": 1.0, "service": 1.0, "servers": 1.5},
            "servers must be a whole number, at least 1, got 1.5",
        ),
        (
            reliability.queue_mg1_mean_wait,
            {"arrival": 1.0, "service_mean": 1.0, "service_scv": 0.0},
            "arrival must lie below 1/service_mean = 1, got 1.0",
        ),
        (reliability.optimal_age, changed(LIFE, shape=1.0), "shape must exceed 1, got 1.0"),
        (reliability.optimal_age, changed(LIFE, cost_failure=1.0), "cost_failure must exceed cost_planned = 1.0"),
        (
            reliability.optimal_age,
            changed(LIFE, shape=1.001, cost_failure=1.001),
            "by more for a finite age, got 1.001",
        ),
        (
            reliability.pdm_annual_downtime,
            changed(FORESEEN, detection_probability=1.2),
            "detection_probability must lie",
        ),
        (
            sensors.outgoing_defect_fraction,
            {"incoming_fraction": 1.0, "detection_probability": 1.0, "false_reject_probability": 0.0},
            "leave nothing accepted, got 1.0 and 0.0",
        ),
        (
            sensors.shewhart_arl,
            {"limit_sigma": 3.0, "shift_sigma": 0.0, "sample_size": 0},
            "sample_size must be a whole number, at least 1, got 0",
        ),
        (energy.melt_after_stop, {**MELT, "time": 0.0, "T_ambient": 600.0}, "T_freeze must exceed T_ambient"),
        (
            energy.billing_demand,
            {"counted_peaks": [2e5, -1.0], "current_peak": 1e5},
            "counted_peaks must not be negative",
        ),
        (robots.move_time, {"distance": 1.0, "speed": 0.0, "acceleration": 5.0}, "speed must be positive"),
    ],
    ids=lambda item: getattr(item, "__name__", ""),
)
def test_what_cannot_be_is_told(function, arguments, message) -> None:
    with pytest.raises(ValueError, match=message):
        function(**arguments)


# --- lines and queues -----------------------------------------------------------------------------------------------


def test_a_line_of_one_has_its_availability_and_each_machine_more_takes_some() -> None:
    assert reliability.series_line_efficiency([36e3], [1800.0]) == pytest.approx(36e3 / 37.8e3)
    two = reliability.series_line_efficiency([36e3, 36e3], [1800.0, 1800.0])
    assert (36e3 / 37.8e3) ** 2 < two < 36e3 / 37.8e3  # what stands cannot fail: better than the product
    assert reliability.series_line_efficiency([], []) == 1.0


@given(downtime=st.floats(0.0, 14400.0), total=st.integers(1, 250), bad=st.floats(0.0, 1.0))
def test_oee_is_the_product_of_its_three_shares(downtime, total, bad) -> None:
    good = total * (1.0 - bad)
    availability, quality = 1.0 - downtime / 28800.0, good / total
    performance = 55.0 * total / (28800.0 - downtime)
    oee = reliability.line_oee(28800.0, downtime, 55.0, total, good)
    assert oee == pytest.approx(availability * performance * quality)


def test_a_performance_above_one_draws_a_warning() -> None:
    with pytest.warns(RuntimeWarning, match="performance 1.118 exceeds 1: ideal_cycle = 55.0 s") as caught:
        reliability.line_oee(**changed(OEE, total_count=500))
    assert caught[0].filename == __file__
    assert reliability.line_oee(**changed(OEE, total_count=0, good_count=0)) == 0.0


@given(load=st.floats(0.01, 0.98), service=st.floats(1e-4, 1.0))
def test_one_exponential_server_is_the_same_by_both_formulas(load, service) -> None:
    many = reliability.queue_mmc_mean_wait(load * service, service, 1)
    assert many == pytest.approx(reliability.queue_mg1_mean_wait(load * service, 1.0 / service, 1.0), rel=1e-9)
    constant = reliability.queue_mg1_mean_wait(load * service, 1.0 / service, 0.0)
    assert constant == pytest.approx(many / 2.0, rel=1e-9)


@given(load=st.floats(0.05, 0.95), servers=st.integers(2, 40))
def test_erlang_by_its_sum(load, servers) -> None:
    offered = load * servers
    terms = [math.exp(n * math.log(offered) - math.lgamma(n + 1)) for n in range(servers + 1)]
    waiting = terms[-1] / (1.0 - load) / (sum(terms[:-1]) + terms[-1] / (1.0 - load))
    wait = reliability.queue_mmc_mean_wait(offered, 1.0, servers)
    assert wait == pytest.approx(waiting / (servers - offered), rel=1e-9)
    assert wait < reliability.queue_mmc_mean_wait(offered, float(servers), 1)  # pooled arrivals wait less ...
    assert (
        wait + 1.0 > reliability.queue_mmc_mean_wait(offered, float(servers), 1) + 1.0 / servers
    )  # ... not to the end


def test_a_thousand_servers_do_not_overflow() -> None:
    assert 0.0 < reliability.queue_mmc_mean_wait(990.0, 1.0, 1000) < 0.1


# --- lives ----------------------------------------------------------------------------------------------------------


def test_reliability_falls_from_one_and_is_a_third_at_the_scale() -> None:
    assert reliability.weibull_reliability(0.0, 2.5, 3.6e6) == 1.0
    for shape in (0.8, 1.0, 3.0, 500.0):
        assert reliability.weibull_reliability(3.6e6, shape, 3.6e6) == pytest.approx(math.exp(-1.0))
    assert reliability.weibull_reliability(1e9, 500.0, 3.6e6) == 0.0
    two = reliability.weibull_reliability(1e3, 1.0, 5e3) * reliability.weibull_reliability(2e3, 1.0, 5e3)
    assert reliability.weibull_reliability(3e3, 1.0, 5e3) == pytest.approx(two)


def test_never_replacing_costs_a_failure_per_mean_life() -> None:
    mean = 3.6e6 * math.gamma(1.0 + 1.0 / 2.5)
    assert reliability.age_replacement_cost_rate(**LIFE, age=1e9) == pytest.approx(6.0 / mean, rel=1e-9)
    early = reliability.age_replacement_cost_rate(**LIFE, age=100.0)
    assert early == pytest.approx(1.0 / 100.0, rel=1e-6)


@given(age=st.floats(1e3, 1e8))
def test_at_shape_one_the_integral_is_elementary(age) -> None:
    arguments = changed(LIFE, shape=1.0)
    failed = -math.expm1(-age / 3.6e6)
    expected = (1.0 * (1.0 - failed) + 6.0 * failed) / (3.6e6 * failed)
    assert reliability.age_replacement_cost_rate(**arguments, age=age) == pytest.approx(expected, rel=1e-9)


@given(shape=st.floats(1.1, 12.0), cost_failure=st.floats(1.5, 1e4))
def test_no_age_costs_less_than_the_best(shape, cost_failure) -> None:
    arguments = changed(LIFE, shape=shape, cost_failure=cost_failure)
    best = reliability.optimal_age(**arguments)
    least = reliability.age_replacement_cost_rate(**arguments, age=best)
    for factor in (0.5, 0.9, 1.1, 2.0):
        assert reliability.age_replacement_cost_rate(**arguments, age=factor * best) >= least * (1.0 - 1e-12)


def test_the_best_age_falls_with_the_cost_of_a_failure_and_grows_with_the_scale() -> None:
    ages = [reliability.optimal_age(**changed(LIFE, cost_failure=cost)) for cost in (2.0, 6.0, 60.0, 1e6)]
    assert ages == sorted(ages, reverse=True)
    assert reliability.optimal_age(**changed(LIFE, scale=7.2e6)) == pytest.approx(2.0 * ages[1])
    assert reliability.optimal_age(**changed(LIFE, shape=500.0)) == pytest.approx(3.6e6, rel=0.02)


def test_prediction_that_sees_nothing_changes_nothing_and_better_prediction_saves() -> None:
    blind = changed(FORESEEN, detection_probability=0.0, false_alarms=0.0)
    assert reliability.pdm_annual_downtime(**blind) == 12.0 * 21600.0
    times = [reliability.pdm_annual_downtime(**changed(FORESEEN, detection_probability=p)) for p in (0.2, 0.6, 1.0)]
    assert times == sorted(times, reverse=True)


# --- sensors and robots ---------------------------------------------------------------------------------------------


def test_drift_without_a_walk_is_certain_and_a_new_calibration_is_right() -> None:
    assert sensors.drift_exceedance(1e-7, 4e-8, 1.5, 0.0) == 0.0
    assert sensors.drift_exceedance(1e-7, 0.0, 1.5, 1.4e7) == 0.0
    assert sensors.drift_exceedance(1e-7, 0.0, 1.5, 1.6e7) == 1.0


@given(drift=st.floats(-1e-6, 1e-6), time=st.floats(1e3, 1e8))
def test_drift_is_symmetric_and_a_wider_limit_is_left_less_often(drift, time) -> None:
    p = sensors.drift_exceedance(drift, 4e-8, 1.5, time)
    assert 0.0 <= p <= 1.0
    assert p == pytest.approx(sensors.drift_exceedance(-drift, 4e-8, 1.5, time), abs=1e-12)
    assert sensors.drift_exceedance(drift, 4e-8, 2.0, time) <= p


def test_charts_signal_sooner_for_larger_shifts_and_samples() -> None:
    shifts = [sensors.shewhart_arl(3.0, shift, 4) for shift in (0.0, 0.5, 1.0, 3.0)]
    assert shifts == sorted(shifts, reverse=True) and shifts[-1] >= 1.0
    assert sensors.shewhart_arl(3.0, 0.5, 4) == pytest.approx(sensors.shewhart_arl(3.0, -1.0, 1), rel=1e-12)
    assert sensors.shewhart_arl(3.0, 3.0, 1) == pytest.approx(2.0, rel=1e-6)  # the mean on the limit: one half


def test_inspection_that_sees_nothing_changes_nothing() -> None:
    assert sensors.outgoing_defect_fraction(0.04, 0.0, 0.0) == pytest.approx(0.04)
    assert sensors.outgoing_defect_fraction(0.04, 1.0, 0.05) == 0.0
    assert sensors.outgoing_defect_fraction(0.04, 0.9, 0.3) > sensors.outgoing_defect_fraction(0.04, 0.9, 0.0)


def test_a_reading_is_the_value_unless_something_is_wrong() -> None:
    assert sensors.reading(851.3, 1.0, 0.0, 0.0, 0.0) == 851.3
    assert sensors.reading(851.3, 1.0, 2.0, -1.0, 0.0) == pytest.approx(852.3)
    assert sensors.reading(851.3, 1.0, 0.0, 0.0, 5.0) == 850.0


def test_a_pyrometer_errs_as_wiens_law_says() -> None:
    c2, T, wavelength = 1.438777e-2, 1423.15, 0.9e-6
    # Radiance e exp(-C2/(lambda T)): what temperature does an emissivity 1 % too low pretend?
    shown = 1.0 / (1.0 / T - wavelength / c2 * math.log(1.01))
    assert sensors.pyrometer_error(1150.0, wavelength, 0.01) == pytest.approx(shown - T, rel=0.01)


@given(speed=st.floats(0.1, 4.0), acceleration=st.floats(1.0, 20.0))
def test_both_profiles_of_a_move_meet_where_the_speed_is_just_reached(speed, acceleration) -> None:
    reach = speed**2 / acceleration
    just = robots.move_time(reach, speed, acceleration)
    assert just == pytest.approx(2.0 * speed / acceleration)
    assert robots.move_time(reach * (1.0 - 1e-9), speed, acceleration) == pytest.approx(just)
    assert robots.move_time(0.0, speed, acceleration) == 0.0
    assert robots.move_time(2.0 * reach, speed, acceleration) < 2.0 * just  # stopping half-way costs time


# --- energy ---------------------------------------------------------------------------------------------------------


@given(first=st.floats(0.0, 4e5), second=st.floats(0.0, 4e5))
def test_two_stops_of_a_furnace_are_one_long_stop(first, second) -> None:
    T, frozen = energy.melt_after_stop(**MELT, time=first)
    twice = energy.melt_after_stop(**changed(MELT, T_metal=T), time=second, solid_fraction=frozen)
    assert twice == pytest.approx(energy.melt_after_stop(**MELT, time=first + second), abs=1e-6)
    assert 25.0 <= twice[0] <= T <= 680.0 and frozen <= twice[1] <= 1.0


def test_a_furnace_off_loses_its_heat_through_its_walls() -> None:
    assert energy.melt_after_stop(**MELT, time=0.0) == (680.0, 0.0)
    T, frozen = energy.melt_after_stop(**MELT, time=1e9)
    assert (T, frozen) == pytest.approx((25.0, 1.0))
    step, lost, state = 20.0, 0.0, (680.0, 0.0)
    for _ in range(6000):  # heat lost by small steps through UA against the heat that the metal gave
        lost += 12.0 * (state[0] - 25.0) * step
        state = energy.melt_after_stop(**changed(MELT, T_metal=state[0]), time=step, solid_fraction=state[1])
    given_up = 800.0 * (1160.0 * 95.0 + 389e3 + 963.0 * (585.0 - state[0]))
    assert state[0] < 585.0 and state[1] == 1.0
    assert given_up == pytest.approx(lost, rel=1e-3)


def test_a_bill_counts_each_hour_at_its_price() -> None:
    bill = energy.tou_bill(**BILL)
    shifted = energy.tou_bill(**changed(BILL, light=1e11 + 2e10, peak=8e10 - 2e10))
    assert bill - shifted == pytest.approx(2e10 * (4.2e-5 - 2.5e-5))
    assert energy.tou_bill(**dict.fromkeys(BILL, 0.0)) == 0.0


def test_taxes_fall_on_charge_and_adjustments() -> None:
    bare = changed(TOTAL, climate_price=0.0, fuel_price=0.0, vat_rate=0.0, fund_rate=0.0)
    assert energy.bill_total(**bare) == 11158500.0
    assert energy.bill_total(**changed(bare, vat_rate=0.1, fund_rate=0.027)) == pytest.approx(1.127 * 11158500.0)
    assert energy.bill_total(**changed(bare, fuel_price=-1e-6)) == pytest.approx(11158500.0 - 288000.0)


def test_the_highest_peak_is_billed() -> None:
    assert energy.billing_demand([2.3e5, 2.6e5], 2.1e5) == 2.6e5
    assert energy.billing_demand([2.3e5], 3.1e5) == 3.1e5
    assert energy.billing_demand([], 2.1e5) == 2.1e5


def test_no_reference_of_ours_warns_in_silence() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        reliability.line_oee(**OEE)
        reliability.optimal_age(**changed(LIFE, shape=50.0))


def test_a_thermocouple_is_better_of_two_tolerances_at_no_temperature() -> None:
    assert [sensors.thermocouple_tolerance(T) for T in (-100.0, 293.0)] == [2.2, 2.2]
    assert sensors.thermocouple_tolerance(1000.0) == pytest.approx(7.5)
    with pytest.raises(ValueError, match="T must be finite and above -273.15 degC, got -300"):
        sensors.thermocouple_tolerance(-300.0)
