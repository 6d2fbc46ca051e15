"""Conduction: the series obey the equation they solve, and the closed forms meet where both hold."""

from __future__ import annotations

import inspect
import math
from collections.abc import Callable
from typing import Any, TypeAlias

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import brentq

from processes import conduction, fields, injection

Values: TypeAlias = dict[str, Any]

STEEL: Values = {"k": 26.0, "rho": 7850.0, "c": 600.0}
COOLING: Values = {"h": 1200.0, "T_init": 850.0, "T_fluid": 60.0}
SLAB: Values = {"half_thickness": 0.01, **STEEL, **COOLING, "x_from_midplane": 0.004, "time": 6.0}
CYLINDER: Values = {"radius": 0.01, **STEEL, **COOLING, "r": 0.004, "time": 6.0}
SHORT: Values = {
    "radius": 0.01,
    "half_length": 0.02,
    **STEEL,
    **COOLING,
    "r": 0.004,
    "x_from_midplane": 0.01,
    "time": 6.0,
}
HALVES: Values = {"half_x": 0.01, "half_y": 0.02, "half_z": 0.03}
BLOCK: Values = {**HALVES, **STEEL, **COOLING, "x": 0.005, "y": 0.0, "z": 0.03, "time": 6.0}
STEP: Values = {**STEEL, "T_init": 850.0, "T_surface": 60.0, "depth": 0.002, "time": 1.0}
FLUX: Values = {**STEEL, "T_init": 20.0, "flux": 5e6, "depth": 0.002, "time": 1.0}
CONVECTION: Values = {**STEEL, **COOLING, "depth": 0.002, "time": 1.0}
LUMPED: Values = {
    "rho": 7850.0,
    "c": 680.0,
    "volume_over_area": 0.005,
    "h": 15.0,
    "T_init": 1250.0,
    "T_fluid": 30.0,
}
RADIATION: Values = {"rho": 7850.0, "c": 680.0, "volume_over_area": 0.005, "emissivity": 0.85, "T_init": 1250.0}
BOTH: Values = {
    "rho": 7850.0,
    "c": 680.0,
    "volume_over_area": 0.005,
    "h": 15.0,
    "emissivity": 0.85,
    "T_init": 1250.0,
}
BOTH |= {"T_fluid": 30.0, "T_surroundings": 60.0, "T_target": 1100.0}
BODIES: list[tuple[Callable[..., Any], Values, str, str]] = [
    (conduction.slab_convective_temperature, SLAB, "half_thickness", "x_from_midplane"),
    (conduction.cylinder_convective_temperature, CYLINDER, "radius", "r"),
    (conduction.sphere_convective_temperature, CYLINDER, "radius", "r"),
]
GOOD = [(function, arguments) for function, arguments, _, _ in BODIES] + [
    (conduction.slab_heat_fraction, {name: SLAB[name] for name in ("half_thickness", "k", "rho", "c", "h", "time")}),
    (conduction.short_cylinder_temperature, SHORT),
    (conduction.block_3d_temperature, BLOCK),
    (conduction.semiinf_step_temperature, STEP),
    (conduction.semiinf_flux_temperature, FLUX),
    (conduction.semiinf_convective_temperature, CONVECTION),
    (
        conduction.contact_temperature,
        {"k1": 60.0, "rho1": 2450.0, "c1": 1160.0, "T1": 640.0, "k2": 28.0, "rho2": 7750.0, "c2": 520.0, "T2": 200.0},
    ),
    (conduction.cyclic_amplitude, {**STEEL, "surface_amplitude": 120.0, "period": 60.0, "depth": 0.01}),
    (conduction.cyclic_depth, {**STEEL, "period": 60.0}),
    (conduction.lumped_time, {**LUMPED, "T_target": 1100.0}),
    (conduction.lumped_temperature, {**LUMPED, "time": 60.0}),
    (conduction.lumped_conv_rad_time, BOTH),
    (conduction.radiation_only_time, {**RADIATION, "T_surroundings": 30.0, "T_target": 1100.0}),
]
MAY_BE_NEGATIVE = {"flux"}


def share(function, arguments, **values):
    """Return (T - T_fluid)/(T_init - T_fluid)."""
    return function(**{**arguments, **values, "T_init": 1.0, "T_fluid": 0.0})


@pytest.mark.parametrize(("function", "arguments"), GOOD, ids=lambda item: getattr(item, "__name__", ""))
def test_every_argument_is_checked(function, arguments) -> None:
    assert tuple(inspect.signature(function).parameters) == tuple(arguments)
    result = function(**arguments)
    assert type(result) is float and math.isfinite(result)
    for name in arguments:
        for bad in (math.nan, math.inf) + ((-1e6,) if name not in MAY_BE_NEGATIVE else ()):
            with pytest.raises(ValueError, match=rf"{name} .*got .*(nan|inf|-1000000)"):
                function(**{**arguments, name: bad})


@pytest.mark.parametrize(
    ("function", "arguments", "message"),
    [
        (
            conduction.slab_convective_temperature,
            {**SLAB, "x_from_midplane": 0.011},
            r"must lie in \[-0.01, 0.01\], got",
        ),
        (conduction.cylinder_convective_temperature, {**CYLINDER, "r": -1e-9}, r"r must lie in \[0, 0.01\]"),
        (conduction.block_3d_temperature, {**BLOCK, "z": [0.0, 0.031]}, r"z must lie in \[-0.03, 0.03\], got 0.031"),
        (
            conduction.lumped_time,
            {**LUMPED, "T_target": 30.0},
            "T_target must lie between .* goes from 1250.0 to 30 degC",
        ),
        (conduction.lumped_time, {**LUMPED, "T_target": 1251.0}, "T_target must lie between"),
        (conduction.lumped_conv_rad_time, {**BOTH, "h": 0.0, "emissivity": 0.0}, "exchange no heat"),
        (conduction.lumped_conv_rad_time, {**BOTH, "T_target": 31.0}, "T_target must lie between"),
        (conduction.lumped_conv_rad_time, {**BOTH, "emissivity": 1.1}, r"emissivity must lie in \[0, 1\], got 1.1"),
    ],
)
def test_what_cannot_be_is_told(function, arguments, message) -> None:
    with pytest.raises(ValueError, match=message):
        function(**arguments)


@pytest.mark.parametrize(("function", "arguments", "size", "place"), BODIES)
def test_places_and_times_broadcast(function, arguments, size, place) -> None:
    places, times = np.linspace(0.0, arguments[size], 4), np.array([[0.0], [1e-12], [0.5], [40.0]])
    result = function(**{**arguments, place: places, "time": times})
    assert result.shape == (4, 4)
    for i, j in np.ndindex(result.shape):
        alone = function(**{**arguments, place: places[j], "time": times[i, 0]})
        assert result[i, j] == pytest.approx(alone, abs=1e-9)
    assert result[0] == pytest.approx(850.0)


@pytest.mark.parametrize(("function", "arguments", "size", "place"), BODIES)
@given(st.floats(-3.0, 3.0), st.floats(-4.0, 1.0), st.floats(0.0, 1.0), st.floats(1.0, 3.0))
def test_a_body_cools_between_start_and_fluid(
    function, arguments, size, place, log_biot, log_fourier, x, later
) -> None:
    h = 10.0**log_biot * STEEL["k"] / arguments[size]
    time = 10.0**log_fourier * arguments[size] ** 2 * STEEL["rho"] * STEEL["c"] / STEEL["k"]
    here = {"h": h, place: x * arguments[size]}
    now, then = (share(function, arguments, **here, time=t) for t in (time, later * time))
    assert -1e-12 <= then <= now + 1e-12 and now <= 1.0 + 1e-12
    assert share(function, arguments, h=h, time=time, **{place: 0.0}) >= now - 1e-12
    assert share(function, arguments, **{**here, "h": 1.1 * h}, time=time) <= now + 1e-12


@pytest.mark.parametrize(
    ("function", "arguments", "size", "place", "curved"),
    [(*body, curved) for body, curved in zip(BODIES, (0, 1, 2), strict=True)],
)
@pytest.mark.parametrize("biot", [0.05, 1.0, 1.5, 40.0])
def test_the_series_solves_its_equation(function, arguments, size, place, curved, biot) -> None:
    """The heat equation inside, Newton's law on the face, the start: together they leave one solution."""
    R, diffusivity = arguments[size], STEEL["k"] / (STEEL["rho"] * STEEL["c"])
    h, times = biot * STEEL["k"] / R, np.array([0.05, 0.3]) * R**2 / diffusivity

    def theta(x, t):
        return share(function, arguments, h=h, time=t, **{place: x * R})

    x, dx = np.array([[0.3], [0.6], [0.9]]), 1e-3
    rate = (theta(x, 1.001 * times) - theta(x, 0.999 * times)) / (0.002 * times) * R**2 / diffusivity
    left, here, right = theta(x - dx, times), theta(x, times), theta(x + dx, times)
    bend = (right - 2.0 * here + left) / dx**2 + curved / x * (right - left) / (2.0 * dx)
    assert rate == pytest.approx(bend, rel=1e-4, abs=1e-5)
    face = (3.0 * theta(1.0, times) - 4.0 * theta(1.0 - dx, times) + theta(1.0 - 2.0 * dx, times)) / (2.0 * dx)
    assert -face == pytest.approx(biot * theta(1.0, times), rel=1e-3)
    assert theta(0.5, 1e-3 * R**2 / diffusivity) == pytest.approx(1.0, abs=1e-12)


@pytest.mark.parametrize("biot", [1e-3, 0.7, 30.0, 1e6])
def test_series_and_two_half_spaces_are_one_solution(biot, monkeypatch) -> None:
    fourier, x = np.array([[0.003], [0.01], [0.0199]]), np.linspace(0.0, 1.0, 5)
    body = {"half_thickness": 1.0, "k": 1.0, "rho": 1.0, "c": 1.0, "h": biot}
    excess: Values = {"T_init": 1.0, "T_fluid": 0.0, "x_from_midplane": x, "time": fourier}
    early = (
        conduction.slab_convective_temperature(**body, **excess),
        conduction.slab_heat_fraction(**body, time=fourier),
    )
    monkeypatch.setitem(conduction.EARLY, "slab", 1e-9)
    assert conduction.slab_convective_temperature(**body, **excess) == pytest.approx(early[0], abs=1e-12)
    assert conduction.slab_heat_fraction(**body, time=fourier) == pytest.approx(early[1], rel=1e-9, abs=1e-12)


@pytest.mark.parametrize("fourier", [1e-6, 0.005, 0.05, 0.5])
def test_heat_given_is_what_the_temperatures_lack(fourier) -> None:
    body = {"half_thickness": 1.0, "k": 1.0, "rho": 1.0, "c": 1.0, "h": 2.0}
    nodes, weights = np.polynomial.legendre.leggauss(400)
    theta = conduction.slab_convective_temperature(
        **body, T_init=1.0, T_fluid=0.0, x_from_midplane=0.5 + 0.5 * nodes, time=fourier
    )
    heat = conduction.slab_heat_fraction(**body, time=fourier)
    assert heat == pytest.approx(float(weights @ (1.0 - theta)) / 2.0, rel=1e-6)


def test_a_thin_body_is_lumped() -> None:
    """At Bi = 1e-4 the series of every body is the exponential of its volume over surface."""
    for (function, arguments, size, _), shape in zip(BODIES, (1.0, 2.0, 3.0), strict=True):
        h = 1e-4 * STEEL["k"] / arguments[size]
        lumped = conduction.lumped_temperature(
            STEEL["rho"], STEEL["c"], arguments[size] / shape, h, 850.0, 60.0, 20000.0
        )
        assert function(**{**arguments, "h": h, "time": 20000.0}) == pytest.approx(lumped, rel=2e-4)


def test_a_thick_body_is_a_half_space() -> None:
    for function, arguments, size, place in BODIES:
        thick = {**arguments, size: 10.0, place: 9.998, "time": 1.0}
        half_space = conduction.semiinf_convective_temperature(**{**CONVECTION, "depth": 0.002, "time": 1.0})
        assert function(**thick) == pytest.approx(half_space, abs=0.1)


def test_one_term_suffices_after_a_fifth() -> None:
    """Roots as textbooks print them for Bi = 1: 0.8603, 1.2558, pi/2, coefficients 1.1191, 1.2071, 1.2732."""
    printed = ((0.8603, 1.1191), (1.2558, 1.2071), (math.pi / 2.0, 1.2732))
    for (function, arguments, size, place), (z, coefficient) in zip(BODIES, printed, strict=True):
        at = {"k": 1.0, "rho": 1.0, "c": 1.0, "h": 1.0, size: 1.0, place: 0.0, "time": 0.6}
        assert share(function, {**arguments, **at}) == pytest.approx(coefficient * math.exp(-0.6 * z**2), rel=1e-3)


def test_a_perfect_coolant_holds_the_faces() -> None:
    slab = {"half_thickness": 0.0015, "k": 0.2, "rho": 1000.0, "c": 2000.0, "h": 1e12, "T_init": 240.0, "T_fluid": 60.0}
    for time in (0.5, 3.0, 6.0, 30.0):
        series = conduction.slab_convective_temperature(**slab, x_from_midplane=0.0, time=time)
        assert series == pytest.approx(injection.plate_center_temperature(0.003, 1e-7, 240.0, 60.0, time), abs=1e-6)


def test_products_meet_their_factors() -> None:
    bar = conduction.short_cylinder_temperature(**{**SHORT, "half_length": 100.0, "x_from_midplane": 0.0})
    assert bar == pytest.approx(conduction.cylinder_convective_temperature(**CYLINDER))
    disc = conduction.short_cylinder_temperature(
        **{**SHORT, "radius": 100.0, "half_length": 0.01, "r": 0.0, "x_from_midplane": 0.004}
    )
    assert disc == pytest.approx(conduction.slab_convective_temperature(**SLAB))
    plate = conduction.block_3d_temperature(
        **{**BLOCK, "half_y": 100.0, "half_z": 100.0, "x": 0.004, "y": 0.0, "z": 0.0}
    )
    assert plate == pytest.approx(conduction.slab_convective_temperature(**SLAB))
    turned = {"half_x": 0.03, "half_z": 0.01, "x": 0.03, "z": 0.005}
    assert conduction.block_3d_temperature(**{**BLOCK, **turned}) == pytest.approx(
        conduction.block_3d_temperature(**BLOCK)
    )


def test_half_space_limits() -> None:
    depth = np.array([0.0, 0.001, 0.02, 5.0])
    stepped = conduction.semiinf_step_temperature(**{**STEP, "depth": depth})
    cooled = conduction.semiinf_convective_temperature(**{**CONVECTION, "h": 1e12, "depth": depth})
    assert cooled == pytest.approx(stepped, abs=1e-4)
    assert stepped[0] == 60.0 and stepped[-1] == 850.0
    # Weak convection is a flux h (T_fluid - T_init).
    weak = conduction.semiinf_convective_temperature(**{**CONVECTION, "h": 0.1, "depth": depth})
    flux = conduction.semiinf_flux_temperature(
        **{**FLUX, "T_init": 850.0, "flux": 0.1 * (60.0 - 850.0), "depth": depth}
    )
    assert weak - 850.0 == pytest.approx(flux - 850.0, rel=1e-3, abs=1e-12)
    for function, arguments in (
        (conduction.semiinf_flux_temperature, FLUX),
        (conduction.semiinf_convective_temperature, CONVECTION),
    ):
        assert function(**{**arguments, "depth": depth, "time": 0.0}) == pytest.approx(arguments["T_init"])


def test_the_heat_of_a_flux_stays_in_the_body() -> None:
    depth = np.linspace(0.0, 0.08, 20001)
    rise = conduction.semiinf_flux_temperature(**{**FLUX, "depth": depth}) - 20.0
    assert np.trapezoid(rise, depth) * STEEL["rho"] * STEEL["c"] == pytest.approx(5e6, rel=1e-5)


@given(st.floats(-50.0, 1500.0), st.floats(-50.0, 1500.0), st.floats(0.01, 100.0))
def test_contact_lies_between_and_weighs_by_effusivity(T1, T2, factor) -> None:
    one = {"k1": 30.0, "rho1": 7000.0, "c1": 600.0, "T1": T1}
    T = conduction.contact_temperature(**one, k2=30.0 * factor, rho2=7000.0, c2=600.0, T2=T2)
    assert min(T1, T2) - 1e-9 <= T <= max(T1, T2) + 1e-9
    assert conduction.contact_temperature(30.0 * factor, 7000.0, 600.0, T2, 30.0, 7000.0, 600.0, T1) == pytest.approx(T)
    assert pytest.approx((T1 + math.sqrt(factor) * T2) / (1.0 + math.sqrt(factor)), abs=1e-9) == T


@given(st.floats(0.0, 0.05), st.floats(0.0, 0.05), st.floats(1.0, 300.0))
def test_layers_damp_a_wave_one_after_the_other(first, second, period) -> None:
    wave = {**STEEL, "period": period}
    middle = conduction.cyclic_amplitude(**wave, surface_amplitude=100.0, depth=first)
    end = conduction.cyclic_amplitude(**wave, surface_amplitude=100.0, depth=first + second)
    assert conduction.cyclic_amplitude(**wave, surface_amplitude=middle, depth=second) == pytest.approx(end)
    assert 100.0 >= middle >= end
    felt = conduction.cyclic_depth(**wave)
    assert conduction.cyclic_amplitude(**wave, surface_amplitude=1.0, depth=felt) == pytest.approx(math.exp(-1.0))


@given(st.floats(0.0, 1e5), st.floats(0.0, 1e5))
def test_two_waits_are_one(first, second) -> None:
    middle = conduction.lumped_temperature(**LUMPED, time=first)
    end = conduction.lumped_temperature(**{**LUMPED, "T_init": middle}, time=second)
    assert conduction.lumped_temperature(**LUMPED, time=first + second) == pytest.approx(end, abs=1e-9)
    assert conduction.lumped_temperature(**LUMPED, time=0.0) == 1250.0


@given(st.floats(31.0, 1250.0))
def test_lumped_time_and_temperature_are_inverse(T_target) -> None:
    time = conduction.lumped_time(**LUMPED, T_target=T_target)
    assert conduction.lumped_temperature(**LUMPED, time=time) == pytest.approx(T_target)


@given(st.floats(-100.0, 1300.0), st.floats(-100.0, 1300.0), st.floats(0.001, 0.999), st.floats(0.001, 0.999))
def test_convection_and_radiation_meet_their_limits(T_init, T_end, far, half) -> None:
    if abs(T_init - T_end) < 1.0:
        T_end = T_init + 100.0
    T_target = T_init + far * (T_end - T_init)
    T_middle = T_init + half * (T_target - T_init)
    body = {"rho": 7850.0, "c": 680.0, "volume_over_area": 0.005}

    def both(h, emissivity, start=T_init, end=T_target):
        return conduction.lumped_conv_rad_time(
            **body, h=h, emissivity=emissivity, T_init=start, T_fluid=T_end, T_surroundings=T_end, T_target=end
        )

    assert both(15.0, 0.0) == pytest.approx(
        conduction.lumped_time(**body, h=15.0, T_init=T_init, T_fluid=T_end, T_target=T_target)
    )
    radiation = {"T_init": T_init, "T_surroundings": T_end, "T_target": T_target}
    alone = conduction.radiation_only_time(**body, emissivity=0.8, **radiation)
    assert both(0.0, 0.8) == pytest.approx(alone, rel=1e-6)
    assert both(15.0, 0.8) == pytest.approx(both(15.0, 0.8, end=T_middle) + both(15.0, 0.8, start=T_middle), rel=1e-7)
    assert both(15.0, 0.8) <= min(both(15.0, 0.0), both(0.0, 0.8))


def test_a_body_between_cold_air_and_hot_walls_settles_where_both_balance() -> None:
    """At the end of the way the time grows as the logarithm of what is missing, with h + h_rad."""
    oven = {**BOTH, "T_init": 20.0, "T_fluid": 100.0, "T_surroundings": 400.0, "h": 30.0}
    with pytest.raises(ValueError, match="the body tends to") as told:
        conduction.lumped_conv_rad_time(**{**oven, "T_target": 390.0})
    T_end = float(str(told.value).split(" to ")[-1].split()[0])
    assert 100.0 < T_end < 400.0
    gain = 0.85 * 5.670374e-8 * (673.15**4 - (T_end + 273.15) ** 4)
    assert gain == pytest.approx(30.0 * (T_end - 100.0), rel=1e-3)
    times = [conduction.lumped_conv_rad_time(**{**oven, "T_target": T_end - missing}) for missing in (2.0, 1.0, 0.5)]
    total = 30.0 + 4.0 * 0.85 * 5.670374e-8 * (T_end + 273.15) ** 3
    assert times[2] - times[1] == pytest.approx(7850.0 * 680.0 * 0.005 / total * math.log(2.0), rel=0.01)
    assert times[1] - times[0] == pytest.approx(times[2] - times[1], rel=0.01)


def test_a_field_tells_its_first_bad_element() -> None:
    with pytest.raises(ValueError, match="time must be finite and at least 0, got nan"):
        fields.checked_field("time", np.array([1.0, math.nan, -1.0]), 0.0)
    assert fields.as_given(np.array([1.0])).shape == (1,)


@pytest.mark.parametrize("h", [0.0, 2e4])
@pytest.mark.parametrize(("share", "keeps"), [(1.0, True), (1.3, False)])
def test_explicit_steps_keep_the_range_up_to_the_limit(h, share, keeps) -> None:
    k, rho, c, dx = 20.0, 7850.0, 600.0, 1e-3
    dt = share * conduction.longest_explicit_step(k, rho, c, dx, h=h)
    fourier, biot = k * dt / (rho * c * dx**2), conduction.biot_number(h, k, dx)
    T = np.where(np.arange(21) % 2, 0.0, 1.0)  # the wave that grows first
    seen = [T]
    for _ in range(60):
        inner = T[1:-1] + fourier * (T[2:] - 2.0 * T[1:-1] + T[:-2])
        ends = [T[i] + 2.0 * fourier * (T[j] - T[i] - biot * T[i]) for i, j in ((0, 1), (-1, -2))]
        T = np.concatenate([ends[:1], inner, ends[1:]])
        seen.append(T)
    assert (np.min(seen) >= -1e-12 and np.max(seen) <= 1.0 + 1e-12) == keeps


def test_biot_and_fourier_number_stand_in_the_series() -> None:
    wall = {"k": 26.0, "rho": 7850.0, "c": 600.0}
    fourier = conduction.fourier_number(**wall, length=0.01, time=6.0)
    z = brentq(lambda z: z * math.tan(z) - conduction.biot_number(1200.0, 26.0, 0.01), 0.0, 1.57)
    one_term = 4.0 * math.sin(z) / (2.0 * z + math.sin(2.0 * z)) * math.exp(-z * z * fourier)
    T = conduction.slab_convective_temperature(
        0.01, **wall, h=1200.0, T_init=1.0, T_fluid=0.0, x_from_midplane=0.0, time=6.0
    )
    assert one_term == pytest.approx(T, rel=0.02)
    with pytest.raises(ValueError, match=r"dimensions must lie in \[1, 3\], got 4"):
        conduction.longest_explicit_step(**wall, spacing=1e-3, dimensions=4)
