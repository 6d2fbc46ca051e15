"""Every reference case that names a tolerance for kernels, against the kernel; signatures as in the closed forms."""

from __future__ import annotations

import inspect

import pytest

from factory_sim.validation.physics import KERNEL, TOLERANCES, arguments_of, function_of, judge, read_cases
from processes.kernels.cases import MODELS

# No grid and no time step: their functions are numerical themselves, and exact.
NO_GRID = {"hoist.min_cycle", "reliability.age_replacement_cost_rate", "reliability.optimal_age"}
CASES = [case for case in read_cases() if case.keys() & {*TOLERANCES[KERNEL]} and case["model"] not in NO_GRID]


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_a_kernel_meets_its_tolerance(case) -> None:
    (verdict,) = (verdict for verdict in judge(case) if verdict.way == KERNEL)
    assert verdict.passed, verdict


def test_every_model_with_a_tolerance_has_a_kernel() -> None:
    assert {case["model"] for case in CASES} == set(MODELS)


@pytest.mark.parametrize("model", sorted(MODELS))
def test_a_kernel_has_the_arguments_of_its_closed_form(model) -> None:
    closed = function_of(model)
    assert closed is not None
    ours = [p.name for p in inspect.signature(MODELS[model]).parameters.values() if p.default is p.empty]
    assert set(ours) <= set(inspect.signature(closed).parameters)


STEEL = {"k": 26.0, "rho": 7850.0, "c": 600.0}
QUENCH = {**STEEL, "T_init": 850.0, "T_fluid": 60.0}
EDGES = [
    # The heat has gone a hundredth of the way, or less: the grid must be as fine.
    ("conduction.slab_convective_temperature", dict(QUENCH, half_thickness=0.1, h=3e4, x_from_midplane=-0.1, time=0.2)),
    ("conduction.slab_heat_fraction", dict(STEEL, half_thickness=0.1, h=3e4, time=0.2)),
    ("conduction.cylinder_convective_temperature", dict(QUENCH, radius=0.1, h=3e4, r=0.099, time=0.2)),
    ("conduction.sphere_convective_temperature", dict(QUENCH, radius=0.1, h=3e4, r=0.1, time=0.2)),
    (
        "conduction.block_3d_temperature",
        dict(QUENCH, half_x=0.1, half_y=0.02, half_z=0.0005, h=3e4, x=-0.1, y=0.0, z=0.0005, time=0.2),
    ),
    # A place far less deep than the heat has gone, or at the surface.
    ("conduction.semiinf_step_temperature", dict(STEEL, T_init=850.0, T_surface=60.0, depth=1e-5, time=5.0)),
    ("conduction.semiinf_flux_temperature", dict(STEEL, T_init=20.0, flux=1.5e7, depth=1e-5, time=0.5)),
    ("conduction.semiinf_convective_temperature", dict(QUENCH, h=2e4, depth=1e-6, time=5.0)),
    (
        "heat.carbon_at_depth",
        {"carbon_surface": 0.9, "carbon_core": 0.2, "depth": 1e-6, "diffusivity": 1.3e-11, "time": 21600.0},
    ),
    # A place to which nothing comes.
    ("conduction.semiinf_step_temperature", dict(STEEL, T_init=850.0, T_surface=60.0, depth=10.0, time=1.0)),
    # A place where what is left of the start is as large as the wave, and the surface.
    ("conduction.cyclic_amplitude", dict(STEEL, surface_amplitude=100.0, period=60.0, depth=0.04)),
    ("conduction.cyclic_amplitude", dict(STEEL, surface_amplitude=100.0, period=60.0, depth=0.0)),
]


@pytest.mark.parametrize(("model", "inputs"), EDGES)
def test_a_kernel_meets_the_closed_form_at_the_edges(model, inputs) -> None:
    closed = function_of(model)
    assert closed is not None
    reach = abs(inputs.get("T_init", 0.0) - inputs.get("T_fluid", inputs.get("T_surface", inputs.get("T_init", 0.0))))
    assert MODELS[model](**inputs) == pytest.approx(closed(**inputs), rel=0.01, abs=0.002 * reach)


@pytest.mark.parametrize("bad", [float("nan"), float("inf"), "850", None, [850.0, 20.0]])
@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_a_kernel_names_the_argument_that_is_wrong(case, bad) -> None:
    kernel = MODELS[case["model"]]
    arguments = arguments_of(kernel, case["inputs"])
    for name in arguments:
        if case["model"].startswith("weld.") and (name in ("x", "xi", "y", "z") or bad == float("inf")):
            continue  # places may be lists; a plate of infinite thickness is a thick one
        with pytest.raises(ValueError, match=rf"\b{name}\b"):
            kernel(**{**arguments, name: bad})


def test_a_place_outside_the_body_is_refused() -> None:
    for model, name in (("slab", "x_from_midplane"), ("cylinder", "r"), ("sphere", "r")):
        size = "half_thickness" if model == "slab" else "radius"
        with pytest.raises(ValueError, match=rf"{name} must lie in \[.*0.1\], got 0.11"):
            MODELS[f"conduction.{model}_convective_temperature"](**QUENCH, **{size: 0.1, name: 0.11}, h=100.0, time=1.0)
