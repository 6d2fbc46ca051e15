"""Physics of welding beyond the reference cases: limits that must agree, balances, monotony, ranges, messages."""

from __future__ import annotations

import math
import subprocess
import sys
import warnings
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from processes import weld_cooling, weld_fields, welding

STEEL = {"k": 35.0, "rho": 7800.0, "c": 640.0, "T0": 25.0}
THICK = {"power": 4000.0, "speed": 0.006, **STEEL}
PLATE = {**THICK, "thickness": 0.012}
THIN = {**THICK, "power": 1500.0, "speed": 0.008, "thickness": 0.002}
ELLIPSOID = {"half_width": 0.005, "depth": 0.004, "front_length": 0.005, "rear_length": 0.01}
HALVES = {"fraction_front": 2 / 3, "fraction_rear": 4 / 3}
GOLDAK = {"power": 5000.0, "speed": 0.006, **STEEL, **ELLIPSOID, **HALVES}
DENSITY = {"power": 5000.0, **ELLIPSOID, **HALVES}
DIFFUSIVITY = STEEL["k"] / (STEEL["rho"] * STEEL["c"])
CONTENTS = {"C": 0.16, "Mn": 1.45, "Mo": 0.0, "Cr": 0.05, "Cu": 0.02, "Ni": 0.03}
PREHEAT = {"CET": 0.34, "thickness": 0.025, "hydrogen": 5e-5, "line_energy": 1.2e6}
WAIT = {"mass": 12.0, "c": 500.0, "surface": 0.25, "h": 22.0, "T_now": 240.0, "T_ambient": 25.0, "T_interpass": 150.0}
ROBOT = {
    "weld_length": 1.8,
    "speed": 0.01,
    "moves": 28.0,
    "positioner": 10.0,
    "cleaning": 12.0,
    "parts_per_cleaning": 20.0,
}
speeds = st.floats(0.002, 0.03)
powers = st.floats(800.0, 8000.0)


def changed(arguments, **values):
    return {**arguments, **values}


@pytest.mark.parametrize(
    ("function", "arguments"),
    [
        (welding.weld_laser_line_energy, {"power": 4000.0, "speed": 0.05}),
        (welding.weld_t85_en1011, {"line_energy": 1.5e6, "T_preheat": 20.0, "thickness": 0.01, "shape_factor_2d": 0.9}),
        (welding.weld_t85_en1011, {"line_energy": 1.5e6, "T_preheat": 20.0, "thickness": 0.01, "shape_factor_3d": 0.9}),
        (welding.weld_carbon_equivalent_cet, CONTENTS),
        (welding.weld_bead_area, {"wire_area": 1.13e-6, "wire_speed": 0.15, "speed": 0.008}),
        (welding.weld_robot_cycle_time, ROBOT),
        (welding.weld_goldak_density, {**DENSITY, "xi": 0.001, "y": 0.001, "z": 0.001}),
    ],
    ids=lambda item: getattr(item, "__name__", ""),
)
def test_every_argument_is_checked(function, arguments) -> None:
    assert math.isfinite(function(**arguments))
    for name in arguments:
        for bad in (math.nan, math.inf) + ((-1e6,) if name not in ("xi", "y") else ()):
            with pytest.raises(ValueError, match=rf"{name}.*(nan|inf|-1000000|-999999)"):
                function(**changed(arguments, **{name: bad}))


def test_importing_the_physics_waits_for_numpy_and_scipy() -> None:
    names = ("welding", "machining", "additive", "film", "energy", "robots", "sensors", "reliability")
    code = f"import sys\n{''.join(f'import processes.{name};' for name in names)}\n"
    code += "print([name for name in ('numpy', 'scipy', 'numba') if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_welding_offers_the_fields_and_the_cooling() -> None:
    public = {
        name
        for module in (welding, weld_fields, weld_cooling)
        for name in vars(module)
        if name[:5] in ("weld_", "spot_")
    }
    assert public == set(welding.__all__)


# --- Rosenthal ------------------------------------------------------------------------------------------------------


def test_numbers_give_a_float_and_arrays_are_broadcast() -> None:
    xi, y = np.linspace(-0.03, -0.01, 5)[:, None], np.linspace(0.0, 0.01, 4)
    field = welding.weld_rosenthal_thick_temperature(**THICK, xi=xi, y=y, z=0.002)
    assert isinstance(field, np.ndarray) and field.shape == (5, 4)
    one = welding.weld_rosenthal_thick_temperature(**THICK, xi=float(xi[2, 0]), y=float(y[1]), z=0.002)
    assert isinstance(one, float) and one == field[2, 1]
    assert isinstance(welding.weld_rosenthal_thin_temperature(**THIN, xi=-0.01, y=0.004), float)
    assert isinstance(welding.weld_rosenthal_plate_temperature(**PLATE, xi=-0.01, y=0.004, z=0.0), float)


@given(power=powers, speed=speeds, thickness=st.floats(0.001, 0.02))
def test_the_mean_over_the_depth_of_a_plate_is_the_thin_plate(power, speed, thickness) -> None:
    """The heat that flows across the plate sums to nothing, so this holds at any distance and thickness."""
    arguments = {**STEEL, "power": power, "speed": speed, "thickness": thickness}
    nodes, weights = np.polynomial.legendre.leggauss(60)
    z = 0.5 * thickness * (nodes + 1.0)
    field = welding.weld_rosenthal_plate_temperature(**arguments, xi=-0.01, y=0.008, z=z)
    mean = float(np.sum(field * weights) / 2.0)
    assert mean == pytest.approx(welding.weld_rosenthal_thin_temperature(**arguments, xi=-0.01, y=0.008), rel=1e-9)


def test_a_plate_is_thick_near_the_source_and_thin_far_from_it() -> None:
    near = {"xi": -0.002, "y": 0.002, "z": 0.001}
    wide = changed(PLATE, thickness=0.2)
    assert welding.weld_rosenthal_plate_temperature(**wide, **near) == pytest.approx(
        welding.weld_rosenthal_thick_temperature(**THICK, **near), abs=1e-6
    )
    for z in (0.0, 0.001, 0.002):
        assert welding.weld_rosenthal_plate_temperature(**THIN, xi=-0.03, y=0.02, z=z) == pytest.approx(
            welding.weld_rosenthal_thin_temperature(**THIN, xi=-0.03, y=0.02), abs=0.01
        )


@given(xi=st.floats(-0.05, 0.02), y=st.floats(0.001, 0.05), thickness=st.floats(0.002, 0.05))
def test_a_thinner_plate_is_hotter_and_all_cool_with_the_distance(xi, y, thickness) -> None:
    def plate(d, across=y):
        return welding.weld_rosenthal_plate_temperature(**changed(PLATE, thickness=d), xi=xi, y=across, z=0.0)

    thick = welding.weld_rosenthal_thick_temperature(**THICK, xi=xi, y=y, z=0.0)
    assert plate(thickness) >= plate(2.0 * thickness) >= thick >= STEEL["T0"]
    assert plate(thickness) >= plate(thickness, across=1.1 * y)
    assert plate(thickness) == pytest.approx(plate(thickness, across=-y), rel=1e-12)


def test_far_ahead_nothing_underflows() -> None:
    assert welding.weld_rosenthal_thin_temperature(**THIN, xi=5.0, y=0.0) == 25.0
    behind = welding.weld_rosenthal_thin_temperature(**THIN, xi=-5.0, y=0.0)  # v r/2a = 2850
    assert behind == pytest.approx(
        25.0 + 1500.0 / 0.002 / math.sqrt(4 * math.pi * 35.0 * 7800 * 640 * 0.008 * 5.0), rel=1e-3
    )


@given(power=powers, speed=speeds, T_isotherm=st.floats(400.0, 1500.0))
def test_nowhere_is_an_isotherm_wider_than_its_half_width(power, speed, T_isotherm) -> None:
    arguments = {**STEEL, "power": power, "speed": speed}
    half = welding.weld_rosenthal_thick_half_width(**arguments, T_isotherm=T_isotherm)
    longest = power / (2.0 * math.pi * STEEL["k"] * (T_isotherm - STEEL["T0"]))
    xi = np.linspace(-longest, longest, 20001)
    hottest = np.max(welding.weld_rosenthal_thick_temperature(**arguments, xi=xi, y=half, z=0.0))
    assert hottest == pytest.approx(T_isotherm, rel=1e-4)


@given(power=powers, speed=speeds, thickness=st.floats(0.001, 0.01), T_isotherm=st.floats(400.0, 1500.0))
def test_the_same_in_a_thin_plate(power, speed, thickness, T_isotherm) -> None:
    arguments = {**STEEL, "power": power, "speed": speed, "thickness": thickness}
    half = welding.weld_rosenthal_thin_half_width(**arguments, T_isotherm=T_isotherm)
    # On the isotherm the widest point lies at xi = -r K0/K1, so not farther behind than speed x half^2/(2 a) + half.
    xi = -np.linspace(0.0, speed * half**2 / DIFFUSIVITY + 2.0 * half, 40001)
    hottest = np.max(welding.weld_rosenthal_thin_temperature(**arguments, xi=xi, y=half))
    assert hottest == pytest.approx(T_isotherm, rel=1e-4)


def test_a_strong_thin_source_has_the_width_of_the_instantaneous_line() -> None:
    """Many lengths a/v wide, heat only flows across: peak T - T0 = q/(v d rho c y sqrt(2 pi e))."""
    arguments = changed(THIN, power=3e5, speed=0.05)
    half = welding.weld_rosenthal_thin_half_width(**arguments, T_isotherm=800.0)
    line = 3e5 / 0.05 / 0.002 / (7800.0 * 640.0 * 775.0 * math.sqrt(2.0 * math.pi * math.e))
    assert half == pytest.approx(line, rel=0.01)


def test_hotter_isotherms_are_narrower_and_a_spark_has_none() -> None:
    for function, arguments in (
        (welding.weld_rosenthal_thick_half_width, THICK),
        (welding.weld_rosenthal_thin_half_width, THIN),
    ):
        widths = [function(**arguments, T_isotherm=T) for T in (300.0, 723.0, 1500.0, 3000.0)]
        assert widths == sorted(widths, reverse=True)
        with pytest.raises(ValueError, match="T_isotherm must exceed T0, got 25.0"):
            function(**arguments, T_isotherm=25.0)
    assert welding.weld_rosenthal_thin_half_width(**changed(THIN, power=1e-3), T_isotherm=1500.0) == 0.0


@pytest.mark.parametrize(
    ("power", "half"),  # mpmath, root of ln(A K0(u)) + u K0(u)/K1(u) with 30 digits
    [
        (5e-324, 0.0),
        (1e-3, 0.0),  # 4e-281747: no number of a computer
        (1.0, 3.5511157255256139e-285),
        (2.0, 2.6437681101795103e-144),
        (16.2, 7.9890367790922997e-21),  # A on both sides of 1/40
        (16.3, 1.0213892348107247e-20),
        (1500.0, 2.868006907341695e-3),
    ],
)
def test_a_weak_thin_source_has_a_narrow_isotherm_down_to_the_least_power(power, half) -> None:
    arguments = {**STEEL, "speed": 0.008, "thickness": 0.002, "power": power}
    found = welding.weld_rosenthal_thin_half_width(**arguments, T_isotherm=1500.0)
    assert found == pytest.approx(half, rel=1e-12, abs=0.0)


def test_coordinates_have_their_range() -> None:
    with pytest.raises(ValueError, match="at the source"):
        welding.weld_rosenthal_thick_temperature(**THICK, xi=[0.0, 0.01], y=0.0, z=0.0)
    with pytest.raises(ValueError, match="at the source"):
        welding.weld_rosenthal_thin_temperature(**THIN, xi=0.0, y=0.0)
    with pytest.raises(ValueError, match=r"z must lie in \[0, inf\], got -0.001"):
        welding.weld_rosenthal_thick_temperature(**THICK, xi=0.0, y=0.01, z=[0.0, -0.001])
    with pytest.raises(ValueError, match=r"z must lie in \[0, 0.012\], got 0.013"):
        welding.weld_rosenthal_plate_temperature(**PLATE, xi=0.0, y=0.01, z=0.013)
    with pytest.raises(ValueError, match="y must be finite"):
        welding.weld_rosenthal_thick_temperature(**THICK, xi=0.0, y=[0.01, math.nan], z=0.0)
    with pytest.raises(ValueError, match=r"thickness must exceed .*thin plate, got 1e-07"):
        welding.weld_rosenthal_plate_temperature(**changed(PLATE, thickness=1e-7), xi=-0.01, y=0.0, z=0.0)


def test_a_point_in_the_pool_draws_a_warning_if_the_melting_point_is_known() -> None:
    for function, arguments in (
        (welding.weld_rosenthal_thick_temperature, {**THICK, "z": 0.0}),
        (welding.weld_rosenthal_thin_temperature, THIN),
        (welding.weld_rosenthal_plate_temperature, {**PLATE, "z": 0.0}),
    ):
        with pytest.warns(RuntimeWarning, match="above T_melt = 1500 degC") as caught:
            function(**arguments, xi=-0.001, y=0.0, T_melt=1500.0)
        assert caught[0].filename == __file__
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            function(**arguments, xi=-0.05, y=0.0, T_melt=1500.0)


# --- Goldak ---------------------------------------------------------------------------------------------------------


def test_the_double_ellipsoid_gives_its_power_and_does_not_jump() -> None:
    step = 0.00025
    x = np.arange(-0.03, 0.02, step) + step / 2.0
    y = (np.arange(0.0, 0.015, step) + step / 2.0)[:, None]
    z = (np.arange(0.0, 0.012, step) + step / 2.0)[:, None, None]
    total = 2.0 * step**3 * np.sum(welding.weld_goldak_density(**DENSITY, xi=x, y=y, z=z))
    assert total == pytest.approx(5000.0, rel=1e-4)
    ahead, behind = (welding.weld_goldak_density(**DENSITY, xi=xi, y=0.0, z=0.0) for xi in (1e-9, -1e-9))
    assert ahead == pytest.approx(behind, rel=1e-9)
    assert behind == pytest.approx(welding.weld_goldak_peak_density(5000.0, 4 / 3, 0.005, 0.004, 0.01), rel=1e-9)


def test_the_half_space_holds_the_heat_that_the_source_gave() -> None:
    step = 0.002
    x, y, z = (
        np.arange(-0.03, 0.06, step),
        np.arange(0.0, 0.034, step)[:, None],
        np.arange(0.0, 0.034, step)[:, None, None],
    )
    rise = welding.weld_goldak_halfspace_temperature(**GOLDAK, x=x, y=y, z=z, time=5.0) - STEEL["T0"]
    rise = rise * np.where(y == 0.0, 0.5, 1.0) * np.where(z == 0.0, 0.5, 1.0)  # trapezoids; twice for both sides
    assert 2.0 * step**3 * STEEL["rho"] * STEEL["c"] * np.sum(rise) == pytest.approx(5000.0 * 5.0, rel=1e-3)


def test_a_small_ellipsoid_that_runs_long_is_rosenthals_point() -> None:
    small = {name: 0.01 * size for name, size in ELLIPSOID.items()}
    behind = np.array([-0.04, -0.025, -0.012])
    moving = welding.weld_goldak_halfspace_temperature(
        **changed(GOLDAK, **small), x=0.006 * 600.0 + behind, y=0.003, z=0.002, time=600.0
    )
    point = welding.weld_rosenthal_thick_temperature(**changed(THICK, power=5000.0), xi=behind, y=0.003, z=0.002)
    np.testing.assert_allclose(moving, point, rtol=0.001)


def test_temperatures_start_at_t0_are_symmetric_and_grow_with_the_power() -> None:
    at: dict[str, Any] = {"x": np.array([0.0, 0.02, 0.05]), "z": 0.001}
    np.testing.assert_array_equal(
        welding.weld_goldak_halfspace_temperature(**GOLDAK, **at, y=0.0, time=0.0), np.full(3, 25.0)
    )
    one: Any = welding.weld_goldak_halfspace_temperature(**GOLDAK, **at, y=0.004, time=6.0)
    np.testing.assert_allclose(one, welding.weld_goldak_halfspace_temperature(**GOLDAK, **at, y=-0.004, time=6.0))
    two: Any = welding.weld_goldak_halfspace_temperature(**changed(GOLDAK, power=1e4), **at, y=0.004, time=6.0)
    np.testing.assert_allclose(two - 25.0, 2.0 * (one - 25.0), rtol=1e-9)
    times: Any = welding.weld_goldak_halfspace_temperature(**GOLDAK, x=0.02, y=0.004, z=0.001, time=[0.5, 6.0])
    assert times[1] == pytest.approx(one[1], rel=1e-9)


def test_halves_and_times_of_the_ellipsoid_have_their_range() -> None:
    at = {"x": 0.02, "y": 0.0, "z": 0.0, "time": 1.0}
    with pytest.raises(ValueError, match="fraction_front and fraction_rear must make 2, got 2.33"):
        welding.weld_goldak_halfspace_temperature(**changed(GOLDAK, fraction_front=1.0), **at)
    with pytest.raises(ValueError, match=r"time must lie in \[0, inf\], got -1"):
        welding.weld_goldak_halfspace_temperature(**GOLDAK, **changed(at, time=-1.0))
    with pytest.raises(ValueError, match=r"fraction must lie in \[0, 2\]"):
        welding.weld_goldak_peak_density(5000.0, 2.1, 0.005, 0.004, 0.01)


# --- cooling and preheat --------------------------------------------------------------------------------------------


def test_the_seam_cools_as_the_fields_say() -> None:
    q, v = 4000.0, 0.006
    r = q / (2.0 * math.pi * 35.0 * 525.0)  # behind the source, where 550 degC is passed
    ahead, behind = (welding.weld_rosenthal_thick_temperature(**THICK, xi=-r + s, y=0.0, z=0.0) for s in (1e-5, -1e-5))
    rate = welding.weld_cooling_rate_thick(q / v, 35.0, 25.0, 550.0)
    assert v * (ahead - behind) / 2e-5 == pytest.approx(rate, rel=1e-5)
    fast = changed(THIN, power=20e3, speed=0.1)  # thin: only far behind a fast source
    rate = welding.weld_cooling_rate_thin(20e3 / 0.1, 0.002, 35.0, 7800.0, 640.0, 25.0, 550.0)
    xi = -np.linspace(0.01, 4.0, 200001)
    T = welding.weld_rosenthal_thin_temperature(**fast, xi=xi, y=0.0)
    slope = 0.1 * np.gradient(T, xi)
    assert float(np.interp(-550.0, -T, slope)) == pytest.approx(rate, rel=0.01)


def test_t85_is_the_integral_of_the_cooling_rate() -> None:
    nodes, weights = np.polynomial.legendre.leggauss(30)
    rates = [welding.weld_cooling_rate_thick(1e6, 35.0, 25.0, T) for T in 650.0 + 150.0 * nodes]
    assert welding.weld_t85_conduction_thick(1e6, 35.0, 25.0) == pytest.approx(
        150.0 * np.sum(weights / rates), rel=1e-9
    )
    with pytest.raises(ValueError, match="T0 must lie below 500 degC, got 500.0"):
        welding.weld_t85_conduction_thick(1e6, 35.0, 500.0)


@given(line_energy=st.floats(0.5e6, 6e6), T_preheat=st.floats(-20.0, 450.0))
def test_both_heat_flows_agree_at_the_transition(line_energy, T_preheat) -> None:
    d = welding.weld_transition_thickness_en1011(line_energy, T_preheat)
    deep = welding.weld_t85_en1011_3d(line_energy, T_preheat, 1.0)
    assert welding.weld_t85_en1011_2d(line_energy, T_preheat, d, 1.0) == pytest.approx(deep, rel=1e-9)
    assert welding.weld_t85_en1011(line_energy, T_preheat, 2.0 * d) == deep
    assert welding.weld_t85_en1011(line_energy, T_preheat, 0.5 * d) == pytest.approx(4.0 * deep, rel=1e-9)


@given(line_energy=st.floats(0.5e6, 5e6), T_preheat=st.floats(0.0, 400.0), thickness=st.floats(0.002, 0.08))
def test_more_heat_more_preheat_and_a_thinner_plate_cool_more_slowly(line_energy, T_preheat, thickness) -> None:
    t = welding.weld_t85_en1011(line_energy, T_preheat, thickness)
    assert welding.weld_t85_en1011(1.1 * line_energy, T_preheat, thickness) > t
    assert welding.weld_t85_en1011(line_energy, T_preheat + 20.0, thickness) > t
    assert welding.weld_t85_en1011(line_energy, T_preheat, 0.9 * thickness) >= t


@pytest.mark.parametrize("line_energy", [0.3e6, 7e6])
def test_the_standard_warns_outside_its_line_energies(line_energy) -> None:
    for function, arguments in (
        (welding.weld_t85_en1011_3d, (20.0, 1.0)),
        (welding.weld_t85_en1011_2d, (20.0, 0.01, 1.0)),
        (welding.weld_transition_thickness_en1011, (20.0,)),
    ):
        with pytest.warns(RuntimeWarning, match="the range of EN 1011-2") as caught:
            function(line_energy, *arguments)
        assert caught[0].filename == __file__
        with pytest.raises(ValueError, match="T_preheat must lie below 500 degC, got 510.0"):
            function(1e6, 510.0, *arguments[1:])
    with pytest.warns(RuntimeWarning, match="the range of EN 1011-2") as caught:
        welding.weld_preheat_en1011_method_b(**changed(PREHEAT, line_energy=line_energy))
    assert caught[0].filename == __file__


def test_preheat_rises_with_alloy_thickness_and_hydrogen_and_falls_with_the_heat() -> None:
    base = welding.weld_preheat_en1011_method_b(**PREHEAT)
    for name in ("CET", "thickness", "hydrogen"):
        assert welding.weld_preheat_en1011_method_b(**changed(PREHEAT, **{name: 1.1 * PREHEAT[name]})) > base
    assert welding.weld_preheat_en1011_method_b(**changed(PREHEAT, line_energy=2e6)) < base


def test_carbon_counts_more_than_all_it_is_compared_with() -> None:
    none = dict.fromkeys(CONTENTS, 0.0)
    worth = {name: welding.weld_carbon_equivalent_cet(**changed(none, **{name: 1.0})) for name in none}
    assert worth == {"C": 1.0, "Mn": 0.1, "Mo": 0.1, "Cr": 0.05, "Cu": 0.05, "Ni": 0.025}


# --- times and heats ------------------------------------------------------------------------------------------------


@given(T_between=st.floats(151.0, 239.0))
def test_two_waits_are_one(T_between) -> None:
    first = welding.weld_interpass_wait(**changed(WAIT, T_interpass=T_between))
    second = welding.weld_interpass_wait(**changed(WAIT, T_now=T_between))
    assert first + second == pytest.approx(welding.weld_interpass_wait(**WAIT), rel=1e-9)
    assert welding.weld_interpass_wait(**changed(WAIT, T_now=140.0)) == 0.0


@pytest.mark.parametrize(
    ("function", "arguments", "message"),
    [
        (welding.weld_heat_input, (25.0, 200.0, 0.003, 1.2), r"efficiency must lie in \[0, 1\], got 1.2"),
        (
            welding.weld_interpass_wait,
            tuple(changed(WAIT, T_interpass=20.0).values()),
            "T_interpass must exceed T_ambient",
        ),
        (welding.weld_melt_rate, (6000.0, 1.1, 0.5, 1e10), "transfer_factor must lie in"),
        (welding.weld_cell_time, (1.8, 0.008, 0.0), "arc_on_fraction must be positive"),
        (welding.weld_cell_time, (1.8, 0.008, 1.5), "arc_on_fraction must lie in"),
        (welding.weld_preheat_en1011_method_b, (34.0, 0.025, 5e-5, 1.2e6), r"CET must lie in \[0, 1\], got 34"),
        (welding.spot_nugget_energy, (2e-8, 8000.0, 500.0, 20.0, 1520.0, 2.7e5), "T_melt must not be below T0"),
        (welding.weld_robot_cycle_time, (1.8, 0.01, -1.0, 3.0, 9.0, 10.0), "moves must not be negative"),
    ],
)
def test_what_cannot_be_is_told(function, arguments, message) -> None:
    with pytest.raises(ValueError, match=message):
        function(*arguments)


def test_heats_add_up() -> None:
    assert welding.weld_heat_input(20.0, 200.0, 0.004, 1.0) == welding.weld_laser_line_energy(4000.0, 0.004)
    assert welding.spot_joule_heat(6e3, 1e-4, 0.2) == pytest.approx(4.0 * welding.spot_joule_heat(3e3, 1e-4, 0.2))
    whole = welding.spot_nugget_energy(2e-8, 7800.0, 640.0, 1500.0, 20.0, 2.7e5)
    warm = welding.spot_nugget_energy(2e-8, 7800.0, 640.0, 1500.0, 1500.0, 2.7e5)
    assert whole - warm == pytest.approx(7800.0 * 2e-8 * 640.0 * 1480.0)
