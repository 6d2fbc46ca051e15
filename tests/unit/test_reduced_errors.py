"""Errors of the reduced models against the kernels they are reduced from: the figures of docs/reduced_models.md."""

from __future__ import annotations

import math
from functools import cache
from typing import Any

import numpy as np
import pytest

from processes.kernels.diffusion import dry_web
from processes.kernels.enthalpy import Alloy, freeze
from processes.kernels.fields import rosenthal_thin_temperature
from processes.kernels.section import Channel, Die, Phase, periodic_state, run_cycles
from processes.kernels.slab import conduct, shells
from processes.plating import bath_concentration_after
from processes.reduced import bath, billet, build, die, furnace_load, interpass, melt, mould, tool, web
from processes.reduced._section import before_part, left_after_stop, slowest_rate

BAR = {"rho": 7600.0, "c": 680.0, "h": 15.0, "emissivity": 0.8, "T_ambient": 25.0, "T_heated": 1220.0}


def mean(T: Any, shape: str) -> float:
    volume = shells(shape, T.size)[1]
    return float(T @ volume / volume.sum())


# Billet against the bar.


@cache
def bar(diameter: float, wait: float) -> tuple[float, float]:
    """Mean and surface temperature of a long bar after a wait."""
    run = conduct(
        np.full((1, 41), 1220.0), wait, 0.5 * diameter, 28.0, 7600.0 * 680.0, h=15.0, T_fluid=25.0, shape="cylinder",
        emissivity=0.8, T_surroundings=25.0, steps=200,
    )  # fmt: skip
    return mean(run.T[0], "cylinder"), float(run.T[0, -1])


def waited(diameter: float, wait: float, factor: float) -> tuple[float, float]:
    p = billet.compile_parameters(
        **BAR, diameter=diameter, length=1e4, T_reheat=900.0, T_reject=700.0, reheats=1, heating_power=3e4,
        efficiency=0.6, k=28.0, loss_factor=factor,
    )  # fmt: skip
    x = billet.initial(p)
    billet.advance(p, x, wait, billet.WAITING)
    return x[billet.TEMPERATURE], billet.surface_temperature(p, x)


@pytest.mark.parametrize(("diameter", "wait", "error"), [(0.03, 30.0, -7.8), (0.05, 30.0, -8.3), (0.12, 120.0, -23.0)])
def test_billet_of_one_temperature_is_too_cold(diameter, wait, error) -> None:
    assert waited(diameter, wait, 1.0)[0] - bar(diameter, wait)[0] == pytest.approx(error, abs=0.3)


@pytest.mark.parametrize(("diameter", "fit"), [(0.05, 60.0), (0.12, 144.0)])
def test_calibrated_billet_follows_the_bar(diameter, fit) -> None:
    factor = billet.calibrate(**BAR, diameter=diameter, k=28.0, wait=fit)
    assert waited(diameter, fit, factor)[0] == pytest.approx(bar(diameter, fit)[0], abs=0.01)
    for share in (0.1, 0.3, 0.6):
        assert abs(waited(diameter, share * fit, factor)[0] - bar(diameter, share * fit)[0]) < 2.0
    late = 5.0 * fit
    fall = 1220.0 - bar(diameter, late)[0]
    assert abs(waited(diameter, late, factor)[0] - bar(diameter, late)[0]) < 0.03 * fall
    settled = diameter**2 / (40.0 * 28.0 / (7600.0 * 680.0))
    for wait in (settled, 2.0 * settled, fit):
        if wait >= settled:
            assert abs(waited(diameter, wait, factor)[1] - bar(diameter, wait)[1]) < 9.0


# Melt against a layer that freezes without flow, and against a well that radiates.


@pytest.mark.parametrize(("share", "hotter"), [(0.1, 58.0), (0.5, 21.1), (1.0, 6.7)])
def test_surface_of_a_billet_is_really_hotter_at_first(share, hotter) -> None:
    wait = share * 0.12**2 / (40.0 * 28.0 / (7600.0 * 680.0))
    factor = billet.calibrate(**BAR, diameter=0.12, k=28.0, wait=144.0)
    assert bar(0.12, wait)[1] - waited(0.12, wait, factor)[1] == pytest.approx(hotter, abs=0.5)


@pytest.mark.parametrize(("film", "heat", "end"), [(6.0, 0.007, 0.012), (20.0, 0.02, 0.04)])
def test_melt_against_a_layer_without_flow(film, heat, end) -> None:
    metal = Alloy(585.0, 585.0, 389e3, 2500.0, 963.0, 1160.0, 160.0, 90.0)
    depth, mass = 0.3, 2500.0 * 0.3
    p = melt.compile_parameters(
        mass=mass, mass_full=mass, heel=0.0, c_solid=963.0, c_liquid=1160.0, latent=389e3, T_freeze=585.0, UA=film,
        open_area=0.0, open_flux=0.0, T_ambient=25.0, T_set=680.0, power=60e3, efficiency=0.6, transfer_drop=0.0,
        T_cold=640.0, T_hot=720.0,
    )  # fmt: skip
    x = melt.initial(p)
    start = melt.time_to(p, x, melt.OFF, melt.TEMPERATURE, 585.0)
    solid = melt.time_to(p, x, melt.OFF, melt.ENTHALPY, 0.0)
    kernel = float(freeze(metal, depth, 680.0, film, 25.0, None, cells=15, longest=1e6).freezing_time[0])
    assert -end < solid / kernel - 1.0 < 0.0
    for share in (0.5, 0.9, 2.0):
        run = freeze(metal, depth, 680.0, film, 25.0, share * start, cells=15)
        x = melt.initial(p)
        _, lost = melt.advance(p, x, share * start, melt.OFF)
        assert lost / float(run.heat[0]) - 1.0 == pytest.approx(0.0, abs=heat)


def test_cold_side_of_the_layer_is_colder_than_the_melt() -> None:
    metal = Alloy(585.0, 585.0, 389e3, 2500.0, 963.0, 1160.0, 160.0, 90.0)
    for film, cold, far in ((6.0, 3.8, 2.2), (20.0, 12.6, 7.3)):
        lumped = 25.0 + 655.0 * math.exp(-film * 1500.0 / (2500.0 * 0.3 * 1160.0))
        T = freeze(metal, 0.3, 680.0, film, 25.0, 1500.0, cells=30).T[0]
        assert (lumped - T[-1], T[0] - lumped) == pytest.approx((cold, far), abs=0.8)


@pytest.mark.parametrize(("film", "mean_error", "far"), [(6.0, -1.7, 2.8), (20.0, -5.6, 9.2)])
def test_as_freezing_begins_the_melt_is_farthest_from_one_temperature(film, mean_error, far) -> None:
    metal = Alloy(585.0, 585.0, 389e3, 2500.0, 963.0, 1160.0, 160.0, 90.0)
    begun = 2500.0 * 0.3 * 1160.0 / film * math.log(655.0 / 560.0)  # of the lumped melt
    T = freeze(metal, 0.3, 680.0, film, 25.0, begun, cells=15).T[0]
    assert 585.0 - float(T.mean()) == pytest.approx(mean_error, abs=0.1)
    assert float(T[0]) - 585.0 == pytest.approx(far, abs=0.1)


def test_melt_with_a_well_that_radiates_cools_more_slowly_than_the_linear_law() -> None:
    p = melt.compile_parameters(
        mass=800.0, mass_full=1000.0, heel=0.0, c_solid=963.0, c_liquid=1160.0, latent=389e3, T_freeze=585.0, UA=9.0,
        open_area=0.12, open_flux=23.3e3, T_ambient=25.0, T_set=680.0, power=60e3, efficiency=0.6, transfer_drop=0.0,
        T_cold=640.0, T_hot=720.0,
    )  # fmt: skip
    T, time, dt = 680.0, 0.0, 5.0
    while T > 585.0:
        radiated = ((T + 273.15) ** 4 - 298.15**4) / (953.15**4 - 298.15**4)
        T -= (9.0 * (T - 25.0) + 0.12 * 23.3e3 * radiated) * dt / (800.0 * 1160.0)
        time += dt
    linear = melt.time_to(p, melt.initial(p), melt.OFF, melt.TEMPERATURE, 585.0)
    assert linear / time - 1.0 == pytest.approx(-0.041, abs=0.003)


# Bath against direct integration.


def bath_of(**changes: Any) -> list[float]:
    return bath.compile_parameters(
        **{
            "volume": 4.0, "rho": 1150.0, "c": 3700.0, "concentration": 75.0, "deposition": 0.9e-3, "anode": 0.8e-3,
            "dosing": 0.0, "dragout": 1.2e-3, "UA": 200.0, "T_ambient": 20.0, "T_set": 60.0, "heater": 20e3,
            "joule": 0.0, "rectifier": 0.9, "efficiency": 0.95, "low": 60.0, "high": 90.0, "T_low": 50.0,
            "T_high": 65.0,
        } | changes
    )  # fmt: skip


@pytest.mark.parametrize(
    ("T_set", "flux", "share", "hours", "error"),
    [(60.0, 2000.0, 0.6, 8.0, -0.74), (80.0, 6500.0, 0.75, 2.0, -0.79), (80.0, 6500.0, 0.75, 8.0, -5.3)],
)
def test_bath_with_evaporation_cools_more_slowly_than_the_linear_law(T_set, flux, share, hours, error) -> None:
    def pressure(T: float) -> float:
        return math.exp(17.62 * T / (243.12 + T)) - 0.5 * math.exp(17.62 * 20.0 / 263.12)

    T, dt = T_set, 20.0
    for _ in range(round(hours * 3600.0 / dt)):
        loss = (1.0 - share) * (T - 20.0) / (T_set - 20.0) + share * pressure(T) / pressure(T_set)
        T -= 4.0 * flux * loss * dt / (4.0 * 1150.0 * 3700.0)
    p = bath_of(UA=4.0 * flux / (T_set - 20.0), T_set=T_set)
    x = bath.initial(p)
    bath.advance(p, x, hours * 3600.0, bath.OFF)
    assert x[bath.TEMPERATURE] - T == pytest.approx(error, abs=0.05)


def test_bath_load_by_load_against_steady_drag_out() -> None:
    p = bath_of()
    x = bath.initial(p)
    for _ in range(200):
        bath.advance(p, x, 1800.0, bath.PLATING)
        bath.finish(p, x)
    steady = bath_concentration_after(75.0, 4.0, 0.8e-3, 0.9e-3, 1.2e-3 / 1800.0, 200 * 1800.0)
    assert abs(x[bath.CONCENTRATION] - steady) < 0.5 * 75.0 * 1.2e-3 / 4.0


# Furnace load against the plate.


@cache
def plate(thickness: float, time: float, steps: int = 300) -> Any:
    return conduct(
        np.full((1, 31), 20.0), time, 0.5 * thickness, 28.0, 7850.0 * 650.0, h=20.0, T_fluid=860.0, emissivity=0.8,
        T_surroundings=860.0, steps=steps, probe=0,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("thickness", "calibrated", "worst", "soak"),
    [(0.04, False, 8.0, -0.041), (0.04, True, -5.5, -0.014), (0.1, False, 20.0, -0.096), (0.1, True, -12.9, -0.035)],
)
def test_furnace_load_against_the_plate(thickness, calibrated, worst, soak) -> None:
    heat: dict[str, float] = {"c": 650.0, "h": 20.0, "emissivity": 0.8, "T_start": 20.0, "T_set": 860.0}
    factor = furnace_load.calibrate(**heat, half_thickness=0.5 * thickness, k=28.0, rho=7850.0) if calibrated else 1.0
    p = furnace_load.compile_parameters(
        **heat, mass=7850.0 * 0.5 * thickness, surface=1.0, T_ambient=20.0, band=10.0, soak=0.0, power=1e9, UA=14.0,
        UA_door=60.0, lining=0.0, efficiency=1.0, half_thickness=0.5 * thickness, k=28.0, loss_factor=factor,
    )  # fmt: skip
    begun = furnace_load.time_to(p, furnace_load.initial(p), furnace_load.HEATING, furnace_load.SOAKED, 1e-9)
    run = plate(thickness, 3e5 * thickness, 2000)
    core = float(np.interp(850.0, run.series[:, 0], run.times))
    assert begun / core - 1.0 == pytest.approx(soak, abs=0.003)
    errors = []
    for share in (0.15, 0.26, 0.4, 0.52, 0.7, 0.9):
        x = furnace_load.initial(p)
        furnace_load.advance(p, x, share * begun, furnace_load.HEATING)
        errors.append(x[furnace_load.TEMPERATURE] - mean(plate(thickness, share * begun).T[0], "slab"))
    assert max(errors, key=abs) == pytest.approx(worst, abs=0.7)


# Joint against the moving line source in a strip.


@pytest.mark.parametrize(
    ("time", "error", "alone"),
    [(60.0, -0.15, -1.19), (90.0, -0.04, -0.79), (120.0, -0.01, -0.55), (180.0, -0.001, -0.28)],
)
def test_joint_against_the_field_of_the_arc(time, error, alone) -> None:
    width, thickness, speed, arc, k, diffusivity = 0.2, 0.01, 0.006, 4000.0, 42.0, 1.1e-5
    rise = arc / (speed * k / diffusivity * thickness * width)
    images = np.arange(-20.0, 21.0) * np.float64(width) + 1e-9
    c = k / diffusivity / 7850.0
    back = np.full(41, -speed * time)
    exact = float(rosenthal_thin_temperature(arc, speed, k, 7850.0, c, thickness, 0.0, back, images).sum()) / rise
    p = interpass.compile_parameters(
        mass=1.0, c=1.0, surface=1e-9, h=1.0, emissivity=0.0, T_ambient=0.0, T_preheat=-1.0, T_interpass=1e6,
        arc_heat=1e6, arc_electricity=1e6, preheat_heat=1.0, preheat_fuel=1.0, passes=1, width=width,
        diffusivity=diffusivity,
    )  # fmt: skip
    x = interpass.initial(p)
    interpass.advance(p, x, 1e-6, interpass.WELDING)  # a rise of 1 K at once
    interpass.advance(p, x, time, interpass.COOLING)
    assert x[interpass.JOINT] - exact == pytest.approx(error, abs=0.005)
    assert x[interpass.TEMPERATURE] - exact == pytest.approx(alone, abs=0.01)


@pytest.mark.parametrize(("thickness", "most"), [(0.01, 0.2), (0.04, 1.0)])
def test_part_has_one_temperature_through_its_thickness(thickness, most) -> None:
    run = conduct(
        np.full((1, 21), 250.0), 600.0, 0.5 * thickness, 42.0, 42.0 / 1.1e-5, h=12.0, T_fluid=25.0, emissivity=0.6,
        T_surroundings=25.0,
    )  # fmt: skip
    assert 0.0 < float(run.T[0, 0] - run.T[0, -1]) < most


# Die and mould against the section with a channel.

GEOMETRY: dict[str, Any] = {
    "depth": 0.06, "width": 0.05, "cells": (24, 20), "k": 28.0, "rho_c": 4.03e6,
    "channels": [Channel(0.032, 0.025, 0.005)],
}  # fmt: skip
RUN, STAND = Die(**GEOMETRY, h_channel=5000.0), Die(**GEOMETRY, h_channel=0.0, h_back=80.0)
PART = {"heat": 60e3, "contact": 5.0}
MOULD = Die(0.05, 0.04, (20, 16), 34.0, 3.65e6, [Channel(0.022, 0.02, 0.005)], 5500.0, 40.0, T_back=40.0)
SHOT = {"heat": 12e3, "contact": 15.0}


def die_of(C: float, running: float, still: float) -> list[float]:
    return die.compile_parameters(
        heat_capacity=C, part_heat=60e3, loss_running=running, loss_stopped=still, T_sink=30.0, T_begin=30.1,
        heater=0.0, efficiency=1.0, T_low=120.0, T_high=300.0, life=8e3, reference=220.0, growth=0.0,
    )  # fmt: skip


def rise_of(p: list[float], cycle: float) -> float:
    """Steady rise of the lumped die before a part."""
    x = die.initial(p)
    for _ in range(400):
        die.begin(p, x)
        die.advance(p, x, cycle, die.RUNNING)
    return x[die.TEMPERATURE] - 30.0


def test_die_against_the_section() -> None:
    C, running, still = die.calibrate(RUN, STAND, **PART, cycle=20.0, stop=600.0)
    p = die_of(C, running, still)
    rise = before_part(RUN, **PART, cycle=20.0)
    assert rise_of(p, 20.0) == pytest.approx(rise, rel=1e-6)
    for cycle in (14.0, 30.0):
        assert abs(rise_of(p, cycle) - before_part(RUN, **PART, cycle=cycle)) < 0.05 * rise
    for stop in (10.0, 30.0, 60.0, 120.0, 300.0):
        with_water = math.exp(-running * stop / C) - left_after_stop(RUN, RUN, **PART, cycle=20.0, stop=stop)
        assert 0.0 < with_water < 0.12
    shut = {
        stop: math.exp(-still * stop / C) - left_after_stop(RUN, STAND, **PART, cycle=20.0, stop=stop)
        for stop in (30.0, 60.0, 120.0, 600.0, 1800.0)
    }
    assert shut[600.0] == pytest.approx(0.0, abs=1e-9)
    assert max(shut.values()) == pytest.approx(0.26, abs=0.03)
    assert shut[1800.0] == pytest.approx(-0.21, abs=0.03)


def test_die_warms_up_as_the_section() -> None:
    C, running, still = die.calibrate(RUN, STAND, **PART, cycle=20.0, stop=600.0)
    p, rise = die_of(C, running, still), before_part(RUN, **PART, cycle=20.0)
    phases = [Phase(5.0, 0.0, 30.0, 60e3 / (5.0 * 0.05)), Phase(15.0, 0.0, 30.0)]
    T: Any = 30.1
    x = die.initial(p)
    worst = 0.0
    for _ in range(15):
        T = run_cycles(RUN, phases, T, 1).T
        die.begin(p, x)
        die.advance(p, x, 20.0, die.RUNNING)
        worst = max(worst, abs(x[die.TEMPERATURE] - float(T[0].mean())) / rise)
    assert worst == pytest.approx(0.12, abs=0.01)


def test_face_of_the_section_swings_more_than_the_lump() -> None:
    C, _, _ = die.calibrate(RUN, STAND, **PART, cycle=20.0, stop=600.0)
    phases = [Phase(5.0, 0.0, 30.0, 60e3 / (5.0 * 0.05)), Phase(15.0, 0.0, 30.0)]
    state = periodic_state(RUN, phases)
    swing = float(state.ends[0][0].mean() - state.T[0].mean())
    assert 4.0 < swing / (60e3 / C) < 6.0


def test_mould_against_the_section() -> None:
    C, running = mould.calibrate(MOULD, **SHOT, cycle=30.0)
    rise = before_part(MOULD, **SHOT, cycle=30.0)
    assert rise == pytest.approx(6.4, abs=0.3)
    lumped = {cycle: 12e3 / C / math.expm1(running * cycle / C) for cycle in (21.0, 30.0, 45.0)}
    error = {cycle: (T - before_part(MOULD, **SHOT, cycle=cycle)) / rise for cycle, T in lumped.items()}
    assert error[30.0] == pytest.approx(0.0, abs=1e-6)
    assert error[21.0] == pytest.approx(-0.14, abs=0.02)
    assert error[45.0] == pytest.approx(0.06, abs=0.02)
    for stop in (10.0, 30.0, 60.0, 120.0, 600.0):
        left = left_after_stop(MOULD, MOULD, **SHOT, cycle=30.0, stop=stop)
        assert 0.0 <= math.exp(-running * stop / C) - left < 0.17


def test_mould_warms_up_as_the_section() -> None:
    C, running = mould.calibrate(MOULD, **SHOT, cycle=30.0)
    water, rise = MOULD.T_water, before_part(MOULD, **SHOT, cycle=30.0)
    phases = [Phase(15.0, 0.0, water, 12e3 / (15.0 * 0.04)), Phase(15.0, 0.0, water)]
    T: Any = water
    lump, errors = 0.0, []
    for _ in range(8):
        T = run_cycles(MOULD, phases, T, 1).T
        lump = (lump + 12e3 / C) * math.exp(-running * 30.0 / C)
        errors.append((lump - (float(T[0].mean()) - water)) / rise)
    assert min(errors) == errors[0] == pytest.approx(-0.16, abs=0.01)
    assert abs(errors[-1]) < 0.02


def test_mould_without_coolant_first_comes_to_the_mean_of_its_steel() -> None:
    still = Die(0.05, 0.04, (20, 16), 34.0, 3.65e6, MOULD.channels, 0.0, 40.0, h_back=20.0, T_back=40.0)
    rate = slowest_rate(still, 30.0)
    left = {stop: left_after_stop(MOULD, still, **SHOT, cycle=30.0, stop=stop) for stop in (30.0, 120.0, 300.0, 600.0)}
    assert left[300.0] == pytest.approx(0.59, abs=0.02)
    assert max(math.exp(-rate * stop) - share for stop, share in left.items()) == pytest.approx(0.37, abs=0.02)


# Web against diffusion of the water.


@pytest.mark.parametrize(("biot", "error"), [(0.01, 0.01), (0.1, 0.1), (0.3, 0.3), (1.0, 1.03)])
def test_web_against_diffusion(biot, error) -> None:
    thickness, critical, rate = 1e-4, 0.008, 1.9e-3
    p = web.compile_parameters(
        length=20.0, speed=1.0, stopped_rate=1.0, water_in=0.03, rate=rate, critical=critical, water_least=1e-4,
        water_most=2.5e-3, power=2e5, stopped_power=1e4,
    )  # fmt: skip
    diffusivity = rate * thickness / (biot * critical / thickness)
    worst = 0.0
    for time in (5.0, 11.0, 13.0, 15.7, 20.0, 30.0):
        dried = dry_web(0.03 / thickness, time, thickness, diffusivity, rate=rate, critical=critical / thickness)
        worst = max(worst, abs(web.water(p, time) - (0.03 - dried.evaporated)) * 1e3)
    assert worst == pytest.approx(error, rel=0.1)


@pytest.mark.parametrize(("biot", "late"), [(0.1, 0.02), (1.0, 0.18)])
def test_web_is_over_dried_later_than_the_reduced_model_says(biot, late) -> None:
    thickness, critical, rate = 1e-4, 0.008, 1.9e-3
    p = web.compile_parameters(
        length=20.0, speed=1.0, stopped_rate=1.0, water_in=0.03, rate=rate, critical=critical, water_least=1e-4,
        water_most=2.5e-3, power=2e5, stopped_power=1e4,
    )  # fmt: skip
    diffusivity = rate * thickness / (biot * critical / thickness)
    early = p[web.MOST_EXPOSURE]

    def left(time: float) -> float:
        dried = dry_web(0.03 / thickness, time, thickness, diffusivity, rate=rate, critical=critical / thickness)
        return 0.03 - dried.evaporated

    assert left((1.0 - 0.02) * early / (1.0 - late)) > 1e-4 > left((1.0 + 0.02) * early / (1.0 - late))


# Edge and build against direct integration.


def test_edge_with_falling_speed_against_integration() -> None:
    p = tool.compile_parameters(speed_for_1min_life=5.0, n=0.25)

    def used(pieces: int) -> float:
        x = tool.initial(p)
        for i in range(pieces):
            tool.begin(p, x, 4.0 * (1.0 - 0.5 * (i + 0.5) / pieces))
            tool.advance(p, x, 20.0 / pieces, tool.CUTTING)
        return x[tool.USED]

    exact = used(10_000)
    assert used(1) / exact - 1.0 == pytest.approx(-0.18, abs=0.01)
    assert used(10) / exact - 1.0 == pytest.approx(0.0, abs=0.002)


def test_build_against_layers_of_their_own_time() -> None:
    layers = 2000
    share = (1.0 - (np.arange(layers) + 0.5) / layers) ** 2
    times = np.cumsum(16.3 * share / share.mean() + 9.0)
    p = build.compile_parameters(
        layers=layers, melt_time=16.3, recoat=9.0, layer_mass=1e-4, hazard=2e-6, longest_pause=0.0, power=4e3,
        pause_power=1e3,
    )  # fmt: skip
    x = build.initial(p)
    errors = []
    for done in range(100, layers, 100):
        x = build.initial(p)
        build.advance(p, x, float(times[done - 1]), build.BUILDING)
        errors.append((x[build.LAYERS] - done) / layers)
    assert max(errors) == pytest.approx(0.25, abs=0.01)
    build.advance(p, x, 1e9, build.BUILDING)
    assert x[build.RISK] == pytest.approx(2e-6 * float(times[-1]), rel=1e-12)
