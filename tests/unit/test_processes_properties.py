"""Properties of the formulas for any numbers near those of the reference cases: monotone, in range, additive."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from factory_sim.validation.physics import arguments_of, function_of, read_cases
from processes import conduction, die_casting, forging, half_space, heat_treatment, lumped

CASES = {case["id"]: case for case in read_cases()}
RISES, FALLS = 1.0, -1.0
# Case, argument, and how the answer goes with it: thickness, superheat, and the time that a part dwells.
MONOTONE = [
    ("casting.chvorinov_time#1", "modulus", RISES),
    ("casting.sand_mold_time_flat#1", "modulus", RISES),
    ("casting.sand_mold_time_sphere#1", "radius", RISES),
    ("casting.chill_slab_time#1", "thickness", RISES),
    ("casting.thick_mold_slab_time#1", "thickness", RISES),
    ("casting.interface_controlled_time#1", "modulus", RISES),
    ("injection.cooling_time_plate_center#1", "thickness", RISES),
    ("injection.cooling_time_plate_mean#1", "thickness", RISES),
    ("injection.cooling_time_cylinder_mean#1", "diameter", RISES),
    ("micro.freeze_time#1", "gap", RISES),
    ("weld.t85_en1011_2d#1", "thickness", FALLS),
    ("weld.rosenthal_thin_half_width#1", "thickness", FALLS),
    ("plating.time_for_thickness#1", "thickness", RISES),
    ("film.web_heating_length#1", "thickness", RISES),
    ("casting.interface_controlled_time#1", "superheat", RISES),
    ("casting.neumann_two_phase_front#1", "T_init", FALLS),
    ("injection.cooling_time_plate_center#1", "T_melt", RISES),
    ("micro.freeze_time#1", "T_melt", RISES),
    ("energy.melt_enthalpy#1", "T_pour", RISES),
    ("forging.billet_temperature_after_wait#1", "wait", FALLS),
    ("conduction.slab_convective_temperature#1", "time", RISES),
    ("conduction.slab_heat_fraction#1", "time", RISES),
    ("conduction.cylinder_convective_temperature#1", "time", FALLS),
    ("conduction.sphere_convective_temperature#1", "time", FALLS),
    ("injection.plate_center_temperature#1", "time", FALLS),
    ("induction.hardened_depth#1", "time", RISES),
    ("heat.carbon_at_depth#1", "time", RISES),
    ("heat.carbon_at_depth#1", "depth", FALLS),
    ("spot.joule_heat#1", "time", RISES),
    ("plating.faraday_thickness#1", "time", RISES),
]
some = settings(max_examples=25, deadline=None)


def of_case(identifier: str) -> tuple[Callable[..., float], dict[str, Any]]:
    case = CASES[identifier]
    function = function_of(case["model"])
    assert function is not None
    return function, arguments_of(function, case["inputs"])


@pytest.mark.parametrize(("identifier", "name", "way"), MONOTONE)
@some
@given(factors=st.tuples(st.floats(1.0, 1.5), st.floats(1.0, 1.5)))
def test_answers_go_one_way_with_thickness_superheat_and_dwell(identifier, name, way, factors) -> None:
    function, arguments = of_case(identifier)
    low, high = sorted(factors)
    small, large = (function(**(arguments | {name: arguments[name] * factor})) for factor in (low, high))
    assert way * (large - small) >= -1e-9 * max(abs(small), abs(large))
    first, last = (function(**(arguments | {name: arguments[name] * factor})) for factor in (1.0, 1.5))
    assert way * (last - first) > 0.0, "an argument that changes nothing is no proof"


shares = st.floats(0.0, 1.0)
temperatures = st.floats(-50.0, 1500.0)
times = st.floats(0.0, 1e4)


@some
@given(T=temperatures, fluid=temperatures, where=shares, time=times, h=st.floats(1.0, 1e4))
def test_no_temperature_leaves_the_range_of_its_sources(T, fluid, where, time, h) -> None:
    steel = {"k": 28.0, "rho": 7600.0, "c": 680.0, "h": h, "T_init": T, "T_fluid": fluid, "time": time}
    x = 0.03 * where
    found = [
        conduction.slab_convective_temperature(half_thickness=0.03, x_from_midplane=x, **steel),
        conduction.cylinder_convective_temperature(radius=0.03, r=x, **steel),
        conduction.sphere_convective_temperature(radius=0.03, r=x, **steel),
        half_space.semiinf_convective_temperature(depth=x, **steel),
    ]
    low, high = min(T, fluid), max(T, fluid)
    assert all(low - 1e-6 * (1.0 + high - low) <= value <= high + 1e-6 * (1.0 + high - low) for value in found), found


@some
@given(first=st.floats(0.0, 5e3), second=st.floats(0.0, 5e3), T=st.floats(100.0, 1250.0))
def test_two_stops_equal_one_and_a_stop_of_no_length_changes_nothing(first, second, T) -> None:
    def furnace(T: float, time: float) -> float:
        return heat_treatment.furnace_temperature_after_stop(6e5, 14.3, T, 20.0, time)

    def die(T: float, time: float) -> float:
        return die_casting.hpdc_die_temperature_after_stop(T, 60.0, 120.0, 1.2e5, time)

    for law, accuracy in ((furnace, 1e-9), (die, 1e-9)):
        assert law(law(T, first), second) == pytest.approx(law(T, first + second), abs=accuracy * T)
        assert law(T, 0.0) == pytest.approx(T, rel=1e-14)


@some
@given(first=st.floats(0.0, 600.0), second=st.floats(0.0, 600.0), T=st.floats(700.0, 1250.0))
def test_two_waits_of_a_billet_equal_one(first, second, T) -> None:
    def wait(T: float, time: float) -> float:
        return forging.billet_temperature_after_wait(0.05, 0.1, 7600.0, 680.0, 15.0, 0.8, T, 25.0, time)

    assert wait(wait(T, first), second) == pytest.approx(wait(T, first + second), abs=1e-4)
    assert wait(T, 0.0) == pytest.approx(T, rel=1e-12)


@some
@given(middle=st.floats(0.05, 0.95), T=st.floats(300.0, 1250.0))
def test_the_time_to_a_target_is_the_sum_of_the_times_on_the_way(middle, T) -> None:
    body = {"rho": 7600.0, "c": 680.0, "volume_over_area": 0.01, "h": 20.0, "emissivity": 0.8, "T_fluid": 25.0}

    def between(start: float, end: float) -> float:
        return lumped.lumped_conv_rad_time(**body, T_surroundings=25.0, T_init=start, T_target=end)

    halfway = T + middle * (100.0 - T)
    assert between(T, halfway) + between(halfway, 100.0) == pytest.approx(between(T, 100.0), rel=1e-6)
    assert math.isfinite(between(T, 100.0))
