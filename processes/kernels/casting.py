"""Solidification of a casting of any shape in its mould, in three dimensions, by the enthalpy method."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from processes.checks import require_positive
from processes.fields import array_of
from processes.kernels import _check as check
from processes.kernels._types import Array, Integers, Numbers
from processes.kernels.enthalpy import MOST_STEPS, SAFETY, Alloy

LOOK_EVERY = 10  # steps between two looks at what has frozen


class Solid(NamedTuple):
    """A material that does not melt: conductivity and heat capacity per volume. [W/(m K), J/(m^3 K)]"""

    k: float
    rho_c: float


class Casting(NamedTuple):
    """What a run gave.

    H : array (nx, ny, nz)             Enthalpy per volume: of metal above the solid at the solidus, else above 0 degC.
    T : array (nx, ny, nz)             [degC]
    frozen_at : array (nx, ny, nz)     Time at which a cell of metal was found solid; 0 in the mould, infinite if it is
                                       not yet. [s]
    heat : float                       Gone to the outside. [J]
    time : float                       Time computed. [s]
    steps : int                        Time steps taken.
    """

    H: Array
    T: Array
    frozen_at: Array
    heat: float
    time: float
    steps: int


def solidify(
    material: Integers,
    alloy: Alloy,
    moulds: Sequence[Solid],
    T: Numbers,
    spacing: tuple[float, float, float],
    *,
    time: float | None,
    h_contact: float,
    h_outside: tuple[float, ...] | float = 0.0,
    T_outside: float = 25.0,
    longest: float = 1e5,
) -> Casting:
    """Let a casting solidify for a time, or until all of it is solid.

    Parameters
    ----------
    material : array (nx, ny, nz) of int   0 is metal, 1 the first of `moulds`, and so on; 3 or more cells each way.
    alloy : Alloy
    moulds : sequence of Solid             May be empty.
    T : float or array (nx, ny, nz)        At the start. [degC]
    spacing : three floats                 Edges of a cell. [m]
    time : float or None                   None: until all metal is solid, but not longer than `longest`. [s]
    h_contact : float                      Between unlike materials, 0-1e12. [W/(m^2 K)]
    h_outside : float or six               On the faces x = 0, x = end, y = 0, ...; 0 is a plane of symmetry.
    T_outside : float                      [degC]
    longest : float                        [s]

    Raises
    ------
    ValueError  If an argument is not finite or out of range, a shape does not fit, or a material is not there.

    Notes
    -----
    As `enthalpy.freeze`: explicit Euler with the longest stable step, conservative to rounding, no temperature leaves
    the range of its sources. The metal conducts as the solid throughout (k_liquid is not used). Frozen cells are looked
    for every ten steps.

    >>> alloy = Alloy(557.0, 613.0, 389e3, 2680.0, 963.0, 1080.0, 160.0, 90.0)
    >>> box = np.ones((8, 8, 8), dtype=np.int64)
    >>> box[:4, :4, :4] = 0
    >>> cube = solidify(box, alloy, [Solid(40.0, 4e6)], np.where(box == 0, 680.0, 200.0), (2e-3,) * 3, time=None,
    ...                 h_contact=3000.0)
    >>> bool(cube.frozen_at.max() == cube.frozen_at[0, 0, 0])  # the middle is last
    True
    """
    check.one("alloy", alloy, Alloy)
    check.listed("moulds", moulds, Solid)
    kinds = array_of("material", material)
    if not (np.isfinite(kinds) & (kinds % 1 == 0)).all():
        raise ValueError(f"material must be whole numbers in [0, {len(moulds)}], got {material!r}")
    cells = np.array(kinds, dtype=np.int64, order="C")
    if cells.ndim != 3 or min(cells.shape) < 3:
        raise ValueError(f"material must have 3 dimensions of at least 3 cells, got {cells.shape}")
    if not 0 <= cells.min() <= cells.max() <= len(moulds):
        raise ValueError(f"material must lie in [0, {len(moulds)}], got {int(cells.min())} to {int(cells.max())}")
    for mould in moulds:
        require_positive(k=mould.k, rho_c=mould.rho_c)
    edges = check.positive("spacing", array_of("spacing", spacing), (3,))
    contact = float(check.conductance("h_contact", h_contact, ()))
    films = check.conductance("h_outside", array_of("h_outside", h_outside), (6,))
    outside = float(check.temperature("T_outside", T_outside, ()))
    start = check.temperature("T", T, cells.shape)
    H = alloy.enthalpy(start)
    for number, mould in enumerate(moulds, 1):
        H = np.where(cells == number, mould.rho_c * start, H)
    faces = conductances(cells, [alloy.k_solid, *(mould.k for mould in moulds)], edges, contact, films)
    found = _run(np.ascontiguousarray(H), cells, table_of(alloy, moulds), faces, outside, _until(time, longest))
    return found._replace(heat=found.heat * float(edges.prod()))


def _until(time: float | None, longest: float) -> tuple[float, bool]:
    """Return how long at most, and whether to stop when all is solid."""
    if time is None:
        require_positive(longest=longest)
        return longest, True
    return check.duration("time", time), False


def table_of(alloy: Alloy, moulds: Sequence[Solid]) -> Array:
    """Return a row for each material, columns as the core has them."""
    _, slopes = alloy.slopes()
    rest = [[0.0, 0.0, 1.0 / mould.rho_c, 0.0, 1.0 / mould.rho_c] for mould in moulds]
    return np.array([[alloy.T_solidus, alloy.mush, *slopes], *rest])


def conductances(cells: Integers, k: Sequence[float], edges: Array, contact: float, films: Array) -> list[Array]:
    """Return conductances per volume of a cell through the faces in x, y, z, those of the outside first and last."""
    found = []
    with np.errstate(divide="ignore"):
        for axis in range(3):
            half = np.moveaxis(0.5 * edges[axis] / np.asarray(k)[cells], axis, 0)
            kind = np.moveaxis(cells, axis, 0)
            gap = np.where(kind[1:] != kind[:-1], 1.0 / contact if contact else math.inf, 0.0)
            inner = 1.0 / (half[1:] + half[:-1] + gap)
            first, last = (1.0 / (half[end] + 1.0 / films[2 * axis - end]) for end in (0, -1))
            whole = np.concatenate([first[None], inner, last[None]]) / edges[axis]
            found.append(np.ascontiguousarray(np.moveaxis(whole, 0, axis)))
    return found


def longest_step(cells: Integers, table: Array, faces: list[Array]) -> float:
    """Return the longest stable step: no cell may give more than what levels it with its neighbours. [s]"""
    gx, gy, gz = faces
    total = gx[1:] + gx[:-1] + gy[:, 1:] + gy[:, :-1] + gz[:, :, 1:] + gz[:, :, :-1]
    return float(SAFETY / (total * table[:, 2:].max(axis=1)[cells]).max())


def _run(
    H: Array, cells: Integers, table: Array, faces: list[Array], outside: float, until: tuple[float, bool]
) -> Casting:
    """Call the core on checked arrays, ten steps at a time."""
    from processes.kernels import _casting_core as core

    time, until_frozen = until
    stable = longest_step(cells, table, faces)
    steps = max(1, math.ceil(time / stable * (1.0 - 1e-12)))
    steps = min(steps, MOST_STEPS) if until_frozen else check.whole("steps that this needs", steps, 1, MOST_STEPS)
    dt = stable if until_frozen else time / steps
    same = (cells == cells[:, :, :1]).all(axis=2)
    rows = np.where(same, cells[:, :, 0], -1)
    T, net = np.empty((3, *H.shape[1:])), np.empty(H.shape[2])
    frozen = np.where(cells == 0, -1.0, 0.0)
    before = float(H.sum())
    taken, left = 0, core.note_frozen(H, cells, 0.0, frozen)
    while time > 0.0 and taken < steps and (left > 0.0 or not until_frozen):
        few = min(LOOK_EVERY, steps - taken)
        core.advance(H, cells, rows, table, faces[0], faces[1], faces[2], outside, dt, few, T, net)
        taken += few
        left = core.note_frozen(H, cells, taken * dt, frozen)
    when = np.where(frozen < 0.0, math.inf, frozen)
    return Casting(H, temperatures(H, cells, table), when, before - float(H.sum()), taken * dt, taken)


def temperatures(H: Array, cells: Integers, table: Array) -> Array:
    """Return the temperatures of cells. [degC]"""
    zero, mush, solid, mushy, liquid = np.moveaxis(table[cells], -1, 0)
    rest = np.maximum(H - mush, 0.0)
    return np.asarray(zero + ((solid * np.minimum(H, 0.0) + mushy * np.clip(H, 0.0, mush)) + liquid * rest))
