"""The models of the reference cases, solved on grids: same names, same arguments as the closed forms.

`MODELS` maps the name of a model to its function. They judge the kernels against exact solutions and show how a kernel
is set up; where a closed form exists, use that. Hoist cycles and ages of replacement have no grid behind them and are
not here. SI units, degC; contents of carbon in per cent.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from processes.checks import require_positive, require_within
from processes.kernels import block, fields
from processes.kernels._check import HUGE, by_name
from processes.kernels.enthalpy import Alloy, Freezing, Mould, freeze
from processes.kernels.lumped import lumped_temperature, lumped_time
from processes.kernels.slab import Slab, at, conduct, time_when

NODES = 61
MOST_NODES = 1001
STEPS = 300
FINE = 20  # nodes per diffusion length in a body without end
FAR = 12.0  # diffusion lengths at which nothing is felt, to rounding
COARSE = 10  # the same in a plate, bar or ball
BLOCK_NODES = 25
LAYER_NODES = 41  # of a layer of `LAYER` diffusion lengths, all that a short time changes
LAYER = 6.0


# -- bodies with one temperature ---------------------------------------------------------------------------------------


@by_name
def time_of_convection(
    rho: float, c: float, volume_over_area: float, h: float, T_init: float, T_fluid: float, T_target: float
) -> float:
    """Return the time to reach a temperature by convection alone. [s]"""
    return lumped_time(T_init, T_target, rho * c * volume_over_area, h, T_fluid)


@by_name
def time_of_convection_and_radiation(
    rho: float,
    c: float,
    volume_over_area: float,
    h: float,
    emissivity: float,
    T_init: float,
    T_fluid: float,
    T_surroundings: float,
    T_target: float,
) -> float:
    """Return the time to reach a temperature by convection and radiation. [s]"""
    return lumped_time(T_init, T_target, rho * c * volume_over_area, h, T_fluid, emissivity, T_surroundings)


@by_name
def time_of_radiation(
    rho: float,
    c: float,
    volume_over_area: float,
    emissivity: float,
    T_init: float,
    T_surroundings: float,
    T_target: float,
) -> float:
    """Return the time to reach a temperature by radiation alone. [s]"""
    capacity = rho * c * volume_over_area
    return lumped_time(T_init, T_target, capacity, 0.0, T_surroundings, emissivity, T_surroundings)


@by_name
def billet_after_wait(
    diameter: float,
    length: float,
    rho: float,
    c: float,
    h: float,
    emissivity: float,
    T_init: float,
    T_ambient: float,
    wait: float,
) -> float:
    """Return the temperature of a forging billet after it has waited in air. [degC]"""
    capacity = rho * c * diameter * length / (4.0 * length + 2.0 * diameter)
    return float(lumped_temperature(T_init, wait, capacity, h, T_ambient, emissivity, T_ambient))


# -- plane walls, cylinders, spheres -----------------------------------------------------------------------------------


def body(
    shape: str, size: float, k: float, rho: float, c: float, h: float, T_init: float, T_fluid: float, time: float
) -> Slab:
    """Return a body of uniform temperature after a time in a fluid; the shorter the time, the more nodes."""
    reach = math.sqrt(k / (rho * c) * time)
    nodes = min(max(NODES, math.ceil(COARSE * size / reach)), MOST_NODES) if reach > 0.0 else NODES
    start = np.full((1, nodes), float(T_init))
    return conduct(start, time, size, k, rho * c, h=h, T_fluid=T_fluid, shape=shape, steps=STEPS, probe=0)


@by_name
def slab_temperature(
    half_thickness: float,
    k: float,
    rho: float,
    c: float,
    h: float,
    T_init: float,
    T_fluid: float,
    x_from_midplane: float,
    time: float,
) -> float:
    """Return the temperature in a plane wall. [degC]"""
    require_within(-half_thickness, half_thickness, x_from_midplane=x_from_midplane)
    T = body("slab", half_thickness, k, rho, c, h, T_init, T_fluid, time).T[0]
    return at(T, half_thickness, abs(x_from_midplane))


@by_name
def slab_heat_fraction(half_thickness: float, k: float, rho: float, c: float, h: float, time: float) -> float:
    """Return the share of the exchangeable heat that a plane wall has exchanged. [-]"""
    run = body("slab", half_thickness, k, rho, c, h, 100.0, 0.0, time)
    return float(run.heat_right[0]) / (rho * c * half_thickness * 100.0)


@by_name
def cylinder_temperature(
    radius: float, k: float, rho: float, c: float, h: float, T_init: float, T_fluid: float, r: float, time: float
) -> float:
    """Return the temperature in a long round bar. [degC]"""
    require_within(0.0, radius, r=r)
    return at(body("cylinder", radius, k, rho, c, h, T_init, T_fluid, time).T[0], radius, r)


@by_name
def sphere_temperature(
    radius: float, k: float, rho: float, c: float, h: float, T_init: float, T_fluid: float, r: float, time: float
) -> float:
    """Return the temperature in a sphere. [degC]"""
    require_within(0.0, radius, r=r)
    return at(body("sphere", radius, k, rho, c, h, T_init, T_fluid, time).T[0], radius, r)


@by_name
def short_cylinder_temperature(
    radius: float,
    half_length: float,
    k: float,
    rho: float,
    c: float,
    h: float,
    T_init: float,
    T_fluid: float,
    r: float,
    x_from_midplane: float,
    time: float,
) -> float:
    """Return the temperature in a finite cylinder, as the product of a round bar and a plane wall. [degC]"""
    bar = cylinder_temperature(radius, k, rho, c, h, 1.0, 0.0, r, time)
    wall = slab_temperature(half_length, k, rho, c, h, 1.0, 0.0, x_from_midplane, time)
    return T_fluid + (T_init - T_fluid) * bar * wall


@by_name
def block_temperature(
    half_x: float,
    half_y: float,
    half_z: float,
    k: float,
    rho: float,
    c: float,
    h: float,
    T_init: float,
    T_fluid: float,
    x: float,
    y: float,
    z: float,
    time: float,
) -> float:
    """Return the temperature in a rectangular block; solved is an eighth, or what the heat has reached. [degC]"""
    halves, places = (half_x, half_y, half_z), (abs(x), abs(y), abs(z))
    for name, place, half in zip("xyz", (x, y, z), halves, strict=True):
        require_within(-half, half, **{name: place})
    reached = LAYER * math.sqrt(k / (rho * c) * time) if time > 0.0 else math.inf
    sizes = [min(half, reached) for half in halves]
    nodes = [LAYER_NODES if reached < half else BLOCK_NODES for half in halves]
    start = np.full(nodes, float(T_init))
    T = block.conduct_block(start, time, (sizes[0], sizes[1], sizes[2]), k, rho * c, h=(0.0, h) * 3, T_fluid=T_fluid).T
    for place, size, half in zip(places, sizes, halves, strict=True):
        T = np.apply_along_axis(at, 0, T, size, max(0.0, place - (half - size)))
    return float(T)


@by_name
def quench_time(
    radius: float, k: float, rho: float, c: float, h: float, T_init: float, T_fluid: float, T_target: float
) -> float:
    """Return the time for the axis of a long bar to reach a temperature. [s]"""
    return passing(
        lambda time: body("cylinder", radius, k, rho, c, h, T_init, T_fluid, time),
        radius * radius * rho * c / k, T_init, T_target,
    )  # fmt: skip


def passing(run: Callable[[float], Slab], guess: float, start: float, target: float) -> float:
    """Return the time at which a probe passes a target; a run too short is repeated four times as long. [s]"""
    for _ in range(20):
        done = run(guess)
        values = done.series[:, 0]
        if min(start, values[-1]) <= target <= max(start, values[-1]):
            when = time_when(done.times, values, start, target)
            if when > 0.2 * guess:
                return when
            guess = 2.0 * when + 1e-30
        else:
            guess *= 4.0
    raise ValueError(f"target is not passed within {guess:.3g} s, got {target!r}")


@by_name
def plate_center_temperature(thickness: float, diffusivity: float, T_melt: float, T_mold: float, time: float) -> float:
    """Return the temperature in the middle of a plate with cold walls. [degC]"""
    half = 0.5 * thickness
    return slab_temperature(half, diffusivity, 1.0, 1.0, HUGE, T_melt, T_mold, 0.0, time)


@by_name
def no_flow_time(gap: float, diffusivity: float, T_melt: float, T_mold: float, T_no_flow: float) -> float:
    """Return the time until the middle of a thin gap stops to flow. [s]"""
    return passing(
        lambda time: body("slab", 0.5 * gap, diffusivity, 1.0, 1.0, HUGE, T_melt, T_mold, time),
        gap * gap / diffusivity / 4.0, T_melt, T_no_flow,
    )  # fmt: skip


# -- bodies without end ------------------------------------------------------------------------------------------------


def half_space(
    alpha: float, T_init: float, depth: float, time: float, *, h: float, T_face: float, rise: float = 0.0
) -> tuple[Slab, float]:
    """Return a deep wall after a time, and its thickness [m]. Its left face is the surface.

    Conductivity 1: `h` is h/k, `rise` flux/k. The probe is a node at `depth`, if the heat has not come far beyond it.
    """
    reach = math.sqrt(alpha * time)
    nodes_to_depth = max(math.ceil(depth / reach * FINE), 1) if depth else 0
    dx = depth / nodes_to_depth if depth else reach / FINE
    dx = max(dx, reach / (4 * FINE))
    nodes = nodes_to_depth + math.ceil(7.0 * reach / dx) + 1
    length = dx * (nodes - 1)
    source = np.zeros(nodes)
    source[0] = 1.0
    run = conduct(
        np.full((1, nodes), float(T_init)), time, length, 1.0, 1.0 / alpha, h=0.0, T_fluid=0.0, h_left=h, T_left=T_face,
        power=rise / (0.5 * dx), source=source, steps=STEPS, probe=nodes_to_depth,
    )  # fmt: skip
    return run, length


def below(
    alpha: float, T_init: float, depth: float, time: float, *, h: float, T_face: float, rise: float = 0.0
) -> float:
    """Return the temperature at a depth in the wall of `half_space`. [degC]"""
    if depth >= FAR * math.sqrt(alpha * time):
        return T_init
    run, length = half_space(alpha, T_init, depth, time, h=h, T_face=T_face, rise=rise)
    return at(run.T[0], length, depth)


@by_name
def step_temperature(
    k: float, rho: float, c: float, T_init: float, T_surface: float, depth: float, time: float
) -> float:
    """Return the temperature at a depth after a step of the surface temperature. [degC]"""
    return below(k / (rho * c), T_init, depth, time, h=HUGE, T_face=T_surface)


@by_name
def flux_temperature(k: float, rho: float, c: float, T_init: float, flux: float, depth: float, time: float) -> float:
    """Return the temperature at a depth after a constant flux into the surface. [degC]"""
    return below(k / (rho * c), T_init, depth, time, h=0.0, T_face=0.0, rise=flux / k)


@by_name
def convective_temperature(
    k: float, rho: float, c: float, h: float, T_init: float, T_fluid: float, depth: float, time: float
) -> float:
    """Return the temperature at a depth after convection at the surface. [degC]"""
    return below(k / (rho * c), T_init, depth, time, h=h / k, T_face=T_fluid)


@by_name
def cyclic_amplitude(
    k: float, rho: float, c: float, surface_amplitude: float, period: float, depth: float, pieces: int = 400
) -> float:
    """Return the amplitude at a depth under a surface that swings, in `pieces`: Euler steps over four periods. [K]"""
    reach = math.sqrt(k / (rho * c) * period / math.pi)
    dx = reach / FINE
    nodes = math.ceil(depth / dx) + 8 * FINE
    T = np.zeros((1, nodes))
    seen = []
    for i in range(4 * pieces):
        face = surface_amplitude * math.sin(2.0 * math.pi * (i + 1) / pieces)
        T = conduct(
            T, period / pieces, dx * (nodes - 1), k, rho * c, h=0.0, T_fluid=0.0,
            h_left=HUGE, T_left=face, steps=1, order=1,
        ).T  # fmt: skip
        seen.append(at(T[0], dx * (nodes - 1), depth))
    # What is left of the start drifts: a value less the mean of those half a period before and after it.
    wave, half = np.array(seen), pieces // 2
    swing = 0.5 * wave[half:-half] - 0.25 * (wave[: -2 * half] + wave[2 * half :])
    return float(np.abs(swing[-pieces:]).max())


@by_name
def carbon_at_depth(carbon_surface: float, carbon_core: float, depth: float, diffusivity: float, time: float) -> float:
    """Return the content of carbon at a depth. [%]"""
    return below(diffusivity, carbon_core, depth, time, h=HUGE, T_face=carbon_surface)


@by_name
def carburize_time(
    carbon_surface: float, carbon_core: float, carbon_target: float, depth: float, diffusivity: float
) -> float:
    """Return the time to reach a content of carbon at a depth. [s]"""
    return passing(
        lambda time: half_space(diffusivity, carbon_core, depth, time, h=HUGE, T_face=carbon_surface)[0],
        4.0 * depth * depth / diffusivity, carbon_core, carbon_target,
    )  # fmt: skip


@by_name
def surface_time(k: float, rho: float, c: float, flux: float, T_init: float, T_surface: float) -> float:
    """Return the time for a surface under constant flux to reach a temperature. [s]"""
    require_positive(flux=flux)
    alpha = k / (rho * c)
    guess = ((T_surface - T_init) * k / flux) ** 2 / alpha
    return passing(
        lambda time: half_space(alpha, T_init, 0.0, time, h=0.0, T_face=0.0, rise=flux / k)[0],
        guess, T_init, T_surface,
    )  # fmt: skip


@by_name
def hardened_depth(
    k: float, rho: float, c: float, flux: float, T_init: float, T_austenitise: float, time: float
) -> float:
    """Return the depth that is hotter than a temperature at the end of a pulse. [m]"""
    alpha = k / (rho * c)
    T = half_space(alpha, T_init, 0.0, time, h=0.0, T_face=0.0, rise=flux / k)[0].T[0]
    if T[0] <= T_austenitise:
        return 0.0
    i = int(np.flatnonzero(T - T_austenitise > 0.0)[-1])
    return math.sqrt(alpha * time) / FINE * (i + float((T[i] - T_austenitise) / (T[i] - T[i + 1])))


# -- freezing ----------------------------------------------------------------------------------------------------------


@by_name
def chill_slab_time(
    thickness: float, T_freeze: float, T_wall: float, k_solid: float, rho: float, c_solid: float, latent: float
) -> float:
    """Return the time for a plate at its freezing point to freeze between cold walls. [s]"""
    metal = Alloy(T_freeze, T_freeze, latent, rho, c_solid, c_solid, k_solid, k_solid)
    return float(freeze(metal, 0.5 * thickness, T_freeze, HUGE, T_wall, None, cells=40).freezing_time[0])


@by_name
def thick_mold_slab_time(
    thickness: float,
    T_freeze: float,
    T_mold0: float,
    k_solid: float,
    rho_solid: float,
    c_solid: float,
    latent: float,
    k_mold: float,
    rho_mold: float,
    c_mold: float,
) -> float:
    """Return the time for a plate at its freezing point to freeze between mould halves that conduct. [s]"""
    metal = Alloy(T_freeze, T_freeze, latent, rho_solid, c_solid, c_solid, k_solid, k_solid)
    alpha = k_mold / (rho_mold * c_mold)
    wall = 2.0 * thickness
    while True:
        mould = Mould(k_mold, rho_mold * c_mold, wall, math.ceil(120.0 * wall / thickness / 2.0))
        time = float(freeze(metal, 0.5 * thickness, T_freeze, HUGE, T_mold0, None, mould=mould).freezing_time[0])
        if wall >= 4.0 * math.sqrt(alpha * time):
            return time
        wall *= 2.0


def _neumann(
    k_solid: float,
    rho: float,
    c_solid: float,
    k_liquid: float,
    c_liquid: float,
    latent: float,
    T_freeze: float,
    T_wall: float,
    T_init: float,
    time: float,
    depth: float = 0.0,
) -> tuple[Freezing, float]:
    """Return liquid metal that freezes from one cold wall, and the thickness solved. The last cell is at the wall."""
    reach = math.sqrt(max(k_solid / c_solid, k_liquid / c_liquid) / rho * time)
    length = max(5.0 * reach, 2.0 * depth)
    metal = Alloy(T_freeze, T_freeze, latent, rho, c_solid, c_liquid, k_solid, k_liquid)
    return freeze(metal, length, T_init, HUGE, T_wall, time, cells=200), length


@by_name
def neumann_front(
    k_solid: float,
    rho: float,
    c_solid: float,
    k_liquid: float,
    c_liquid: float,
    latent: float,
    T_freeze: float,
    T_wall: float,
    T_init: float,
    time: float,
) -> float:
    """Return the place of the solid front, from the sum of liquid. [m]"""
    done, length = _neumann(k_solid, rho, c_solid, k_liquid, c_liquid, latent, T_freeze, T_wall, T_init, time)
    return float(1.0 - done.liquid[0]) * length


@by_name
def neumann_temperature(
    k_solid: float,
    rho: float,
    c_solid: float,
    k_liquid: float,
    c_liquid: float,
    latent: float,
    T_freeze: float,
    T_wall: float,
    T_init: float,
    time: float,
    depth: float,
) -> float:
    """Return the temperature at a depth below the wall. [degC]"""
    done, length = _neumann(k_solid, rho, c_solid, k_liquid, c_liquid, latent, T_freeze, T_wall, T_init, time, depth)
    n = done.T.shape[1]
    depths = (np.arange(n) + 0.5) * length / n
    return float(np.interp(depth, np.r_[0.0, depths], np.r_[T_wall, done.T[0, ::-1]]))


MODELS: dict[str, Callable[..., float]] = {
    "casting.chill_slab_time": chill_slab_time,
    "casting.neumann_two_phase_front": neumann_front,
    "casting.neumann_two_phase_temperature": neumann_temperature,
    "casting.thick_mold_slab_time": thick_mold_slab_time,
    "conduction.block_3d_temperature": block_temperature,
    "conduction.cyclic_amplitude": cyclic_amplitude,
    "conduction.cylinder_convective_temperature": cylinder_temperature,
    "conduction.lumped_conv_rad_time": time_of_convection_and_radiation,
    "conduction.lumped_time": time_of_convection,
    "conduction.radiation_only_time": time_of_radiation,
    "conduction.semiinf_convective_temperature": convective_temperature,
    "conduction.semiinf_flux_temperature": flux_temperature,
    "conduction.semiinf_step_temperature": step_temperature,
    "conduction.short_cylinder_temperature": short_cylinder_temperature,
    "conduction.slab_convective_temperature": slab_temperature,
    "conduction.slab_heat_fraction": slab_heat_fraction,
    "conduction.sphere_convective_temperature": sphere_temperature,
    "forging.billet_temperature_after_wait": billet_after_wait,
    "heat.carbon_at_depth": carbon_at_depth,
    "heat.carburize_time": carburize_time,
    "heat.cylinder_quench_time": quench_time,
    "induction.hardened_depth": hardened_depth,
    "induction.surface_time": surface_time,
    "injection.plate_center_temperature": plate_center_temperature,
    "micro.freeze_time": no_flow_time,
    "weld.goldak_halfspace_temperature": fields.goldak_temperature,
    "weld.rosenthal_plate_temperature": fields.rosenthal_plate_temperature,
    "weld.rosenthal_thick_half_width": fields.rosenthal_thick_half_width,
    "weld.rosenthal_thin_half_width": fields.rosenthal_thin_half_width,
}
