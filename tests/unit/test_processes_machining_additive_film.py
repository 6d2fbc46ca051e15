"""Physics of machining, additive manufacturing and webs beyond the reference cases."""

from __future__ import annotations

import math
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from processes import additive, film, machining

MILL: dict[str, Any] = {
    "length": 0.32,
    "cutter_diameter": 0.065,
    "depth_of_cut": 0.006,
    "teeth": 4,
    "feed_per_tooth": 0.24e-3,
    "speed": 0.83,
}
ENERGY = {
    "base_power": 4000.0,
    "time": 840.0,
    "specific_energy": 2.8e9,
    "removed_volume": 150e-6,
    "efficiency": 0.7,
}
BUILD = {
    "melted_volume": 250e-6,
    "melt_rate": 5.1e-9,
    "lasers": 1,
    "laser_utilisation": 0.75,
    "build_height": 0.12,
    "layer": 30e-6,
    "recoat": 9.0,
    "setup": 5400.0,
}
AIR = {"h": 60.0, "T_air": 120.0, "T_wet_bulb": 45.0, "h_fg": 2390e3}
FALLING = {"web_speed": 1.0, "water_start": 0.008, "water_end": 0.002, **AIR}
WEB = {"web_speed": 0.5, "thickness": 100e-6, "rho": 1390.0, "c": 1200.0, "h": 50.0, "T_in": 25.0, "T_air": 140.0}
SCREW = {
    "screw_diameter": 0.075,
    "screw_rev": 1.0,
    "channel_depth": 0.006,
    "flight_angle": 0.35,
    "head_pressure": 7e6,
    "viscosity": 100.0,
    "metering_length": 1.9,
}
DED = {"deposit_mass": 2.4, "feed": 0.5e-3, "capture_efficiency": 0.8, "layers": 60, "interlayer_dwell": 20.0}
exponents = st.floats(0.08, 0.6)
tool_changes = st.floats(20.0, 600.0)


def changed(arguments, **values):
    return {**arguments, **values}


@pytest.mark.parametrize(
    ("function", "arguments"),
    [
        (machining.taylor_speed, {"life": 300.0, "speed_for_1min_life": 5.0, "n": 0.25}),
        (machining.machine_energy, ENERGY),
        (film.falling_rate_drying_length, FALLING),
        (film.web_temperature, {"length": 2.0, **WEB}),
        (film.gauge_delay, {"distance": 18.0, "web_speed": 0.5}),
    ],
    ids=lambda item: getattr(item, "__name__", ""),
)
def test_every_argument_is_checked(function, arguments) -> None:
    assert math.isfinite(function(**arguments))
    for name in arguments:
        for bad in (math.nan, math.inf, -1e6):
            with pytest.raises(ValueError, match=rf"{name}.*got .*(nan|inf|-1000000)"):
                function(**changed(arguments, **{name: bad}))


@pytest.mark.parametrize(
    ("function", "arguments", "message"),
    [
        (
            machining.taylor_life,
            {"speed": 3.0, "speed_for_1min_life": 5.0, "n": 1.2},
            r"n must lie in \[0.05, 1\], got 1.2",
        ),
        (
            machining.taylor_exponent,
            {"speed1": 2.0, "life1": 300.0, "speed2": 1.0, "life2": 300.0},
            "life1 and life2 must fall as speed1 and speed2 rise, got 300.0 s at 2.0 m/s",
        ),
        (
            machining.speed_max_production,
            {"speed_for_1min_life": 5.0, "n": 1.0, "tool_change": 120.0},
            "n must lie below 1",
        ),
        (machining.slab_milling_time, changed(MILL, depth_of_cut=0.04), r"depth_of_cut must lie in \[0, 0.0325\]"),
        (machining.slab_milling_time, changed(MILL, teeth=2.5), "teeth must be a whole number, at least 1, got 2.5"),
        (machining.machine_energy, changed(ENERGY, efficiency=1.1), r"efficiency must lie in \[0, 1\]"),
        (additive.lpbf_build_time, changed(BUILD, lasers=0), "lasers must be a whole number, at least 1, got 0"),
        (additive.lpbf_build_time, changed(BUILD, laser_utilisation=1.5), "laser_utilisation must lie in"),
        (additive.ded_deposition_time, changed(DED, capture_efficiency=1.5), "capture_efficiency must lie in"),
        (additive.ded_deposition_time, changed(DED, layers=0.5), "layers must be a whole number"),
        (
            film.constant_rate_drying_length,
            {"web_speed": 1.0, "water": 0.03, **AIR, "T_air": 45.0},
            "T_air must exceed",
        ),
        (film.falling_rate_drying_length, changed(FALLING, water_end=0.01), "water_end must not exceed water_start"),
        (film.web_heating_length, {**WEB, "T_out": 140.0}, "T_out must lie between T_in = 25.0 and T_air = 140.0"),
        (film.web_heating_length, {**WEB, "T_out": 20.0}, "T_out must lie between"),
        (film.extruder_net_flow, changed(SCREW, flight_angle=20.0), "flight_angle must lie below pi/2, got 20.0"),
        (film.extruder_net_flow, changed(SCREW, head_pressure=9e7), "head_pressure must not exceed .*, got 90000000.0"),
    ],
    ids=lambda item: getattr(item, "__name__", ""),
)
def test_what_cannot_be_is_told(function, arguments, message) -> None:
    with pytest.raises(ValueError, match=message):
        function(**arguments)


# --- machining ------------------------------------------------------------------------------------------------------


@given(n=exponents, C=st.floats(0.5, 15.0), share=st.floats(0.3, 1.0))
def test_life_and_speed_are_inverse_and_two_tests_give_the_exponent(n, C, share) -> None:
    life = machining.taylor_life(share * C, C, n)
    assert machining.taylor_speed(life, C, n) == pytest.approx(share * C, rel=1e-9)
    assert machining.taylor_life(C, C, n) == 60.0
    slower = machining.taylor_life(0.8 * share * C, C, n)
    assert machining.taylor_exponent(share * C, life, 0.8 * share * C, slower) == pytest.approx(n, rel=1e-9)
    assert machining.taylor_exponent(0.8 * share * C, slower, share * C, life) == pytest.approx(n, rel=1e-9)


@given(n=exponents, change=tool_changes, edge=st.floats(0.0, 50.0))
def test_the_economic_speeds_are_the_least_of_time_and_cost(n, change, edge) -> None:
    C, rate = 5.0, 0.01

    def cost(speed, per_edge):  # of one metre of cut: machine time, changes of the edge, edges
        cutting = 1.0 / speed
        return rate * cutting + cutting / machining.taylor_life(speed, C, n) * (rate * change + per_edge)

    fastest = machining.speed_max_production(C, n, change)
    cheapest = machining.speed_min_cost(C, n, change, rate, edge)
    for speed, per_edge in ((fastest, 0.0), (cheapest, edge)):
        for other in (0.97, 1.03):
            assert cost(speed, per_edge) < cost(other * speed, per_edge)
    assert cheapest <= fastest
    assert machining.speed_min_cost(C, n, change, rate, 0.0) == fastest


def test_a_cut_takes_less_time_with_more_feed_speed_and_teeth() -> None:
    base = machining.slab_milling_time(**MILL)
    for name in ("teeth", "feed_per_tooth", "speed"):
        assert machining.slab_milling_time(**changed(MILL, **{name: 2 * MILL[name]})) == pytest.approx(base / 2.0)
    radius = changed(MILL, depth_of_cut=0.0325)  # the approach is then the radius of the cutter
    path = 0.32 + 0.0325
    assert machining.slab_milling_time(**radius) == pytest.approx(path / (0.83 / (math.pi * 0.065) * 4 * 0.24e-3))
    assert machining.turning_time(0.1, 0.5, 2.5e-4, 1.4) == pytest.approx(
        machining.turning_time(0.1, 0.5, 5.0e-4, 0.7), rel=1e-12
    )


def test_energy_of_a_part_is_power_over_its_time() -> None:
    cutting = machining.cutting_power(2.8e9, 150e-6 / 840.0) / 0.7
    assert machining.machine_energy(**ENERGY) == pytest.approx((4000.0 + cutting) * 840.0)
    assert machining.machine_energy(**changed(ENERGY, removed_volume=0.0)) == 4000.0 * 840.0


# --- additive -------------------------------------------------------------------------------------------------------


@given(layers=st.integers(1, 20000), layer=st.floats(20e-6, 100e-6))
def test_whole_layers_are_counted_whole(layers, layer) -> None:
    coating = changed(BUILD, layer=layer, recoat=1.0, setup=0.0)
    exposure = additive.lpbf_build_time(**changed(coating, recoat=0.0))
    for height, counted in ((layers * layer, layers), ((layers + 0.5) * layer, layers + 1)):
        time = additive.lpbf_build_time(**changed(coating, build_height=height))
        assert time - exposure == pytest.approx(counted, abs=1e-6)


def test_lasers_share_the_exposure_but_not_the_coating() -> None:
    one, four = (additive.lpbf_build_time(**changed(BUILD, lasers=n)) for n in (1, 4))
    fixed = 4000 * 9.0 + 5400.0
    assert four - fixed == pytest.approx((one - fixed) / 4.0)
    thicker = changed(BUILD, layer=60e-6, melt_rate=10.2e-9)
    assert additive.lpbf_build_time(**thicker) - 5400.0 == pytest.approx((one - 5400.0) / 2.0)


def test_energy_density_is_power_over_melt_rate() -> None:
    rate = additive.lpbf_melt_rate(1.3, 0.19e-3, 30e-6)
    assert additive.lpbf_energy_density(370.0, 1.3, 0.19e-3, 30e-6) * rate == pytest.approx(370.0)
    assert additive.ded_deposition_time(**changed(DED, interlayer_dwell=0.0)) == pytest.approx(2.4 / 0.5e-3 / 0.8)


# --- webs -----------------------------------------------------------------------------------------------------------


@given(water_end=st.floats(1e-5, 0.0079))
def test_the_falling_rate_needs_more_dryer_and_starts_as_the_constant_one(water_end) -> None:
    falling = film.falling_rate_drying_length(**changed(FALLING, water_end=water_end))
    constant = film.constant_rate_drying_length(1.0, 0.008 - water_end, **AIR)
    assert falling >= constant * (1.0 - 1e-9)
    middle = math.sqrt(0.008 * water_end)  # an exponential: half the length to the geometric mean
    assert film.falling_rate_drying_length(**changed(FALLING, water_end=middle)) == pytest.approx(
        falling / 2.0, abs=1e-9
    )
    start = film.falling_rate_drying_length(**changed(FALLING, water_end=0.008 * (1.0 - 1e-6)))
    assert start == pytest.approx(film.constant_rate_drying_length(1.0, 0.008e-6, **AIR), rel=1e-5)


@given(T_out=st.floats(26.0, 139.0), T_air=st.sampled_from([140.0, 20.0]))
def test_heating_length_and_temperature_are_inverse_also_in_cooling(T_out, T_air) -> None:
    arguments = changed(WEB, T_air=T_air, T_in=25.0 if T_air > T_out else 150.0)
    length = film.web_heating_length(**arguments, T_out=T_out)
    assert film.web_temperature(length, **arguments) == pytest.approx(T_out, abs=1e-6)


@given(first=st.floats(0.0, 5.0), second=st.floats(0.0, 5.0))
def test_two_ovens_are_one_and_no_oven_changes_nothing(first, second) -> None:
    between = film.web_temperature(first, **WEB)
    after = film.web_temperature(second, **changed(WEB, T_in=between))
    assert after == pytest.approx(film.web_temperature(first + second, **WEB), abs=1e-9)
    assert 25.0 <= between <= after <= 140.0
    assert film.web_temperature(0.0, **WEB) == 25.0
    assert film.web_temperature(1e4, **WEB) == 140.0


def test_back_flow_takes_all_at_the_pressure_of_the_message() -> None:
    drag = film.extruder_net_flow(**changed(SCREW, head_pressure=0.0))
    back = drag - film.extruder_net_flow(**SCREW)
    most = 7e6 * drag / back
    assert film.extruder_net_flow(**changed(SCREW, head_pressure=most * (1.0 - 1e-12))) == pytest.approx(0.0, abs=1e-15)
    with pytest.raises(ValueError, match=re.escape(f"head_pressure must not exceed {most:.4g}")):
        film.extruder_net_flow(**changed(SCREW, head_pressure=1.01 * most))
    twice = film.extruder_net_flow(**changed(SCREW, screw_rev=2.0, head_pressure=0.0))
    assert twice == pytest.approx(2.0 * drag)
