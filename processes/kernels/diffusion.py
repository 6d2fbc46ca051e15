"""Diffusion in solids: carbon into steel, water out of a web. The equations are those of `slab`."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from processes.checks import require_finite, require_not_negative, require_positive, require_within
from processes.kernels import _check as check
from processes.kernels._types import Array, Numbers
from processes.kernels.slab import Slab, conduct, nodes_of, shells, time_when


class Stage(NamedTuple):
    """A stage of carburising: boost, diffuse, a drop of the potential.

    duration : float      0 or more. [s]
    diffusivity : float   Of carbon at the temperature of the stage. [m^2/s]
    potential : float     Carbon potential of the gas. [%]
    transfer : float      Of mass, 1e-7 to 3e-7 (typical); 0 in vacuum; 1 or more fixes the surface. [m/s]
    """

    duration: float
    diffusivity: float
    potential: float
    transfer: float


class Carbon(NamedTuple):
    """What carburising gave.

    depth : array (nodes)    Below the surface, from the core to the surface. [m]
    carbon : array (nodes)   [%]
    uptake : float           Per area of surface. [% m]; times density/100 in kg/m^2
    """

    depth: Array
    carbon: Array
    uptake: float


def carburise(
    carbon: Numbers,
    stages: Sequence[Stage],
    size: float,
    *,
    shape: str = "slab",
    nodes: int = 201,
    steps: int = 200,
) -> Carbon:
    """Return the profile of carbon after stages of constant conditions.

    Parameters
    ----------
    carbon : float or array (nodes)   Before, from the core to the surface. [%]
    stages : sequence of Stage
    size : float                      Half thickness or radius of the section. [m]
    shape : str                       "slab", "cylinder" or "sphere".
    nodes : int                       3 or more.
    steps : int                       Of each stage.

    Raises
    ------
    ValueError  If an argument is not finite or out of range.

    Notes
    -----
    dC/dt = D d2C/dx2, D dC/dx = beta (C_p - C) at the surface; D the same for all contents of carbon. TR-BDF2, order 2
    in space and time, damped at the start of each stage: see `slab.conduct`.

    >>> boost, diffuse = Stage(7200.0, 1.6e-11, 1.1, 2e-7), Stage(3600.0, 1.6e-11, 0.8, 2e-7)
    >>> case = carburise(0.2, [boost, diffuse], 5e-3)
    >>> round(float(case.carbon[-1]), 2), round(case_depth(case, 0.4) * 1e3, 2)  # % at the surface, mm
    (0.76, 0.62)
    """
    require_positive(size=size)
    check.listed("stages", stages, Stage)
    nodes = check.whole("nodes", nodes, 3)
    profile = check.array("carbon", carbon, (nodes,), low=0.0, high=100.0)[None]
    uptake = 0.0
    for stage in stages:
        require_positive(diffusivity=stage.diffusivity)
        require_within(0.0, 100.0, potential=stage.potential)
        require_not_negative(transfer=stage.transfer)
        h = check.HUGE if stage.transfer >= 1.0 else stage.transfer
        run = conduct(
            profile,
            stage.duration,
            size,
            stage.diffusivity,
            1.0,
            h=h,
            T_fluid=stage.potential,
            shape=shape,
            steps=steps,
        )
        profile, uptake = run.T, uptake - float(run.heat_right[0])
    return Carbon(size - nodes_of(size, nodes), profile[0], uptake)


def case_depth(carbon: Carbon, limit: float) -> float:
    """Return the depth down to which there is at least so much carbon; 0 if there is not at the surface. [m]

    Parameters
    ----------
    carbon : Carbon
    limit : float    For example 0.35-0.40 for the depth of 550 HV (typical). [%]

    Raises
    ------
    ValueError  If the whole section has more than the limit.

    >>> case_depth(Carbon(np.array([2e-3, 1e-3, 0.0]), np.array([0.2, 0.4, 0.8]), 0.0), 0.3)
    0.0015
    """
    check.one("carbon", carbon, Carbon)
    require_finite(limit=limit)
    if carbon.carbon[-1] < limit:
        return 0.0
    low = np.flatnonzero(carbon.carbon < limit)
    if low.size == 0:
        raise ValueError(f"limit must be more than the core has, {float(carbon.carbon.min()):g} %, got {limit!r}")
    i = int(low[-1])
    share = float((limit - carbon.carbon[i]) / (carbon.carbon[i + 1] - carbon.carbon[i]))
    return float(carbon.depth[i] + share * (carbon.depth[i + 1] - carbon.depth[i]))


class Drying(NamedTuple):
    """What drying gave.

    water : array (nodes)     Per volume of web, from the dry side (or mid-plane) to the drying face. [kg/m^3]
    constant_time : float     Time that it dried at the constant rate. [s]
    evaporated : float        Per area of the drying face. [kg/m^2]
    """

    water: Array
    constant_time: float
    evaporated: float


def dry_web(
    water: Numbers,
    time: float,
    thickness: float,
    diffusivity: float,
    *,
    rate: float,
    critical: float,
    equilibrium: float = 0.0,
    nodes: int = 41,
    steps: int = 200,
) -> Drying:
    """Return the water in a web that dries through one face, or through both if half of it is given.

    Parameters
    ----------
    water : float or array (nodes)   Before. [kg/m^3]
    time : float                     In the dryer, 0 or more. [s]
    thickness : float                From the closed side or the mid-plane to the drying face. [m]
    diffusivity : float              Of water in the web. [m^2/s]
    rate : float                     Evaporation while the face is wet, h (T_a - T_wb)/h_fg. [kg/(m^2 s)]
    critical : float                 Water at the face below which the rate falls. [kg/m^3]
    equilibrium : float              Water in balance with the air, less than `critical`. [kg/m^3]
    nodes, steps : int               Of the grid, 3 or more, and of each period.

    Raises
    ------
    ValueError  If an argument is not finite or out of range.

    Notes
    -----
    Constant rate until the face reaches `critical`; then the rate falls in proportion to the water above equilibrium at
    the face. Both periods by `slab.conduct`; the web does not shrink.

    >>> dried = dry_web(400.0, 60.0, 1e-4, 1e-8, rate=5e-4, critical=150.0)
    >>> round(dried.constant_time, 1), round(dried.evaporated * 1e3, 1)  # s, g/m2
    (49.7, 29.2)
    """
    require_positive(thickness=thickness, diffusivity=diffusivity, rate=rate, critical=critical)
    require_within(0.0, math.nextafter(critical, 0.0), equilibrium=equilibrium)
    check.duration("time", time)
    nodes = check.whole("nodes", nodes, 3)
    steps = check.whole("steps", steps, 1)
    start = check.array("water", water, (nodes,), low=0.0)[None]
    wet = _wet_time(start, time, (thickness, diffusivity), rate, critical, steps)
    profile = _constant_rate(start, wet, (thickness, diffusivity), rate, steps).T
    run = conduct(
        profile, time - wet, thickness, diffusivity, 1.0, h=rate / (critical - equilibrium), T_fluid=equilibrium,
        steps=steps,
    )  # fmt: skip
    return Drying(run.T[0], wet, rate * wet + float(run.heat_right[0]))


def _constant_rate(start: Array, time: float, web: tuple[float, float], rate: float, steps: int) -> Slab:
    """Return the web after drying at the constant rate."""
    nodes = start.shape[1]
    face = np.zeros(nodes)
    face[-1] = 1.0 / shells("slab", nodes)[1][-1]
    thickness, diffusivity = web
    return conduct(
        start, time, thickness, diffusivity, 1.0, h=0.0, T_fluid=0.0, power=-rate / thickness, source=face, steps=steps,
        probe=nodes - 1,
    )  # fmt: skip


def _wet_time(start: Array, time: float, web: tuple[float, float], rate: float, critical: float, steps: int) -> float:
    """Return how long the face stays above the critical content, at most `time`. [s]"""
    if start[0, -1] <= critical or time == 0.0:
        return 0.0
    # Not longer than until all water above the critical content is gone: the face would be far below zero later.
    excess = float(((start[0] - critical) * shells("slab", start.shape[1])[1]).sum()) * web[0]
    longest = min(time, max(excess, 0.0) / rate)
    if longest == 0.0:
        longest = min(time, float(start[0, -1] - critical) * web[0] / rate)
    for _ in range(4):  # again in the part that matters, whose steps are shorter
        run = _constant_rate(start, longest, web, rate, steps)
        if run.series[-1, 0] > critical:
            return longest
        wet = time_when(run.times, run.series[:, 0], float(start[0, -1]), critical)
        if wet > 0.5 * longest:
            return wet
        longest = min(1.5 * wet, longest)
    return wet
