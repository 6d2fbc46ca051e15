"""Heat in a rectangular block that is cooled or heated on its faces."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from processes.fields import array_of
from processes.kernels import _check as check
from processes.kernels._types import Array, Numbers

START = 0.5  # of dx^2/alpha: the first step under step control
FIXED = 1e7  # conductances of a cell at a face that stand for a fixed temperature


class Block(NamedTuple):
    """What a run gave.

    T : array (nx, ny, nz)   At the end. [degC]
    heat : float             Gone out of the block. [J]
    steps : int              Time steps taken.
    """

    T: Array
    heat: float
    steps: int


def conduct_block(
    T: Array,
    time: float,
    size: tuple[float, float, float],
    k: float,
    rho_c: float,
    *,
    h: Numbers | tuple[float, ...],
    T_fluid: float,
    steps: int | None = None,
    largest_change: float | None = None,
) -> Block:
    """Return the temperatures of a block after a time.

    Parameters
    ----------
    T : array (nx, ny, nz)          Before, at nodes from face to face, 3 or more along each edge. [degC]
    time : float                    0 or more. [s]
    size : three floats             Edges. Half an edge, with h = 0 on its inner face, for half a symmetric block. [m]
    k : float                       Conductivity. [W/(m K)]
    rho_c : float                   Heat capacity per volume. [J/(m^3 K)]
    h : float or six                Of the faces x = 0, x = size, y = 0, ...; 0 insulates, 1e12 fixes. [W/(m^2 K)]
    T_fluid : float                 On all faces. [degC]
    steps : int or None             Equal time steps; left out, steps are chosen.
    largest_change : float or None  Largest change of a node in a chosen step; left out, 4 % of the largest difference
                                    to the fluid. [K]

    Raises
    ------
    ValueError  If an argument is not finite or out of range, or a shape does not fit.

    Notes
    -----
    Douglas and Gunn 1964 (recalled) in the form for the change: (1 - dt/2 A_x)(1 - dt/2 A_y)(1 - dt/2 A_z) dT =
    dt (A_x + A_y + A_z) T; order 2 in space and time (measured). The first step is taken as two implicit steps of half
    the length, one direction after the other, which damps a quench and has the same matrices. Under control the step
    starts at half of dx^2/alpha, doubles when no node changes by half of what is allowed, and is taken again at half
    the length when one changes by more than twice as much.

    >>> T = conduct_block(np.full((9, 9, 9), 400.0), 20.0, (0.03, 0.02, 0.015), 150.0, 2680.0 * 963.0,
    ...                   h=(0.0, 800.0) * 3, T_fluid=25.0).T
    >>> round(float(T[4, 0, 8]))  # the series gives 177.21
    177
    """
    u = check.grid("T", T, 3, least=3)
    check.duration("time", time)
    sizes = check.positive("size", array_of("size", size), (3,))
    conductivity = float(check.positive("k", k, ()))
    capacity = float(check.positive("rho_c", rho_c, ()))
    films = check.conductance("h", array_of("h", h), (6,))
    u -= float(check.temperature("T_fluid", T_fluid, ()))
    spacing = sizes / (np.array(u.shape) - 1)
    directions = [
        coefficients(n, dx, conductivity, capacity, films[2 * i : 2 * i + 2])
        for i, (n, dx) in enumerate(zip(u.shape, spacing, strict=True))
    ]
    before = energy(u, spacing, capacity)
    taken = _advance(u, time, steps, largest_change, spacing.min() ** 2 * capacity / conductivity, directions)
    return Block(u + T_fluid, before - energy(u, spacing, capacity), taken)


def coefficients(n: int, dx: float, k: float, rho_c: float, h: Array) -> Array:
    """Return the coefficients of one direction, rows as the core has them, factors still empty. [1/s]"""
    found = np.zeros((5, n))
    found[0, 1:] = found[1, :-1] = k / (rho_c * dx * dx)
    found[1, 0] *= 2.0
    found[0, -1] *= 2.0
    h = np.minimum(h, FIXED * k / dx)
    found[2, 0], found[2, -1] = 2.0 * h / (rho_c * dx)
    return found


def energy(T: Array, spacing: Array, rho_c: float) -> float:
    """Return the heat in a block above that at zero. [J]"""
    for dx in spacing[::-1]:
        T = dx * (T.sum(axis=-1) - 0.5 * (T[..., 0] + T[..., -1]))
    return rho_c * float(T)


def _advance(
    u: Array, time: float, steps: int | None, largest_change: float | None, own_time: float, directions: list[Array]
) -> int:
    """Call the core on checked arrays; a run of no length, or of a block as warm as the fluid, changes nothing."""
    most = float(np.abs(u).max())
    change = 0.04 * most if largest_change is None else float(check.positive("largest_change", largest_change, ()))
    if steps is not None:
        change = 0.0
        steps = check.whole("steps", steps, 1)
    if time == 0.0 or most == 0.0:
        return 0
    from processes.kernels import _block_core as core

    dt = START * own_time if steps is None else time / steps
    return core.run(u, float(time), float(dt), change, *directions)
