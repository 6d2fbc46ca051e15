"""Pairs of the kernels on grids: die section, block, casting in its mould."""

from __future__ import annotations

import ctypes
import math
from typing import Any

import numpy as np

from benchmarks.bodies import A356
from benchmarks.compare import Pair, naive, pointers
from processes.kernels import _block_core, _casting_core, _section_core, reference
from processes.kernels.block import coefficients
from processes.kernels.casting import Solid, conductances, longest_step, table_of
from processes.kernels.section import Channel, Die, Phase, _prepare, network


@naive
def explicit_section(T: Any, C: Any, gx: Any, gy: Any, sink: Any, gain: Any, dt: Any, steps: Any, new: Any) -> Any:
    """Forward Euler on the same cells: what one writes first."""
    nx, ny = T.shape
    for _ in range(steps):
        for i in range(nx):
            for j in range(ny):
                t = T[i, j]
                net = gain[i, j] - sink[i, j] * t
                if i > 0:
                    net += gx[i, j] * (T[i - 1, j] - t)
                if i < nx - 1:
                    net += gx[i + 1, j] * (T[i + 1, j] - t)
                if j > 0:
                    net += gy[i, j] * (T[i, j - 1] - t)
                if j < ny - 1:
                    net += gy[i, j + 1] * (T[i, j + 1] - t)
                new[i, j] = t + dt / C[i, j] * net
        T, new = new, T
    return T


def sweeps_pair(phase: tuple[Any, ...], start: Any, library: ctypes.CDLL) -> Pair:
    """The same scheme in C: steps of one phase."""
    nx, ny = start.shape
    cap, gx, gy, sx, sy, qx, qy, _ = phase

    def kernel() -> Any:
        T = start.copy()
        _section_core.run_phase(T, cap, gx, gy, sx, sy, qx, qy, 200)
        return T

    def c() -> Any:
        T = start.copy()
        library.adi(nx, ny, *pointers(T, cap, gx, gy, sx, sy, qx, qy), 200)
        return T

    return Pair("section, ADI sweeps", "plain C", kernel, c, 2.0, 200 * nx * ny, 0.8, 1.2, 24.0)


def section_pairs(quick: bool, library: ctypes.CDLL | None) -> list[Pair]:
    """A cycle of a die section; the error of both against a cycle of many more steps is checked."""
    nx, ny = (120, 80) if quick else (240, 160)
    die = Die(0.06, 0.04, (nx, ny), 28.0, 4e6, [Channel(0.03, 0.02, 0.006)])
    cycle = [
        Phase(10.0, 5000.0, 500.0, steps=40),
        Phase(2.0, 8000.0, 40.0, steps=30),
        Phase(28.0, 20.0, 40.0, steps=30),
    ]
    prepared, net = _prepare(die, cycle), network(die)
    start = np.where(net.solid > 0.0, 200.0, 30.0)

    def kernel() -> Any:
        T = start.copy()
        for cap, gx, gy, sx, sy, qx, qy, steps in prepared:
            _section_core.run_phase(T, cap, gx, gy, sx, sy, qx, qy, int(steps))
        return T

    def explicit() -> Any:
        T = start.copy()
        for phase, (_, gx, gy, sx, sy, qx, qy, _) in zip(cycle, prepared, strict=True):
            sink = sx + sy
            total = sink + gx + gy
            total[:-1] += gx[1:]
            total[:, :-1] += gy[:, 1:]
            steps = math.ceil(phase.duration / (0.95 * (net.C / np.maximum(total, 1e-300)).min()))
            T = explicit_section(T, net.C, gx, gy, sink, qx + qy, phase.duration / steps, steps, np.empty_like(T))
        return T

    def twin() -> Any:
        T = start.copy()
        for cap, gx, gy, sx, sy, qx, qy, steps in prepared:
            reference.section_phase(T, cap, gx, gy, sx, sy, qx, qy, int(steps))
        return T

    work = 100 * nx * ny
    pairs = [
        Pair("section, one cycle", "explicit, compiled, same cells", kernel, explicit, 0.5, work, 10.0, 25.0, 24.0),
        Pair("section, one cycle", "NumPy twin", kernel, twin, 0.0, work),
    ]
    if library is not None:
        pairs.append(sweeps_pair(prepared[0], start, library))
    return pairs


@naive
def explicit_block(T: Any, x: Any, y: Any, z: Any, dt: Any, steps: Any, new: Any) -> Any:
    """Forward Euler on the same nodes."""
    nx, ny, nz = T.shape
    for _ in range(steps):
        for i in range(nx):
            for j in range(ny):
                for k in range(nz):
                    t = T[i, j, k]
                    net = -(x[2, i] + y[2, j] + z[2, k]) * t
                    net += x[0, i] * (T[max(i - 1, 0), j, k] - t) + x[1, i] * (T[min(i + 1, nx - 1), j, k] - t)
                    net += y[0, j] * (T[i, max(j - 1, 0), k] - t) + y[1, j] * (T[i, min(j + 1, ny - 1), k] - t)
                    net += z[0, k] * (T[i, j, max(k - 1, 0)] - t) + z[1, k] * (T[i, j, min(k + 1, nz - 1)] - t)
                    new[i, j, k] = t + dt * net
        T, new = new, T
    return T


def block_pairs(quick: bool) -> list[Pair]:
    """A block in air: the steps of the kernel are chosen by itself."""
    n = 33 if quick else 65
    start = np.full((n, n, n), 375.0)
    films = np.array([0.0, 800.0])
    x, y, z = (coefficients(n, size / (n - 1), 150.0, 2.58e6, films) for size in (0.03, 0.02, 0.015))
    own = (0.015 / (n - 1)) ** 2 * 2.58e6 / 150.0
    stable = 0.95 / sum((c[0] + c[1] + c[2]).max() for c in (x, y, z))
    taken = [0]

    def kernel() -> Any:
        T = start.copy()
        taken[0] = _block_core.run(T, 0.5, 0.5 * own, 15.0, x, y, z)
        return T

    def explicit() -> Any:
        steps = math.ceil(0.5 / stable)
        return explicit_block(start.copy(), x, y, z, 0.5 / steps, steps, np.empty_like(start))

    kernel()
    return [
        Pair(
            "block, quench", "explicit, compiled, same nodes", kernel, explicit, 1.0, taken[0] * n**3, bytes_moved=24.0
        )
    ]


def casting_pairs(quick: bool, library: ctypes.CDLL | None) -> list[Pair]:
    """A plate with a boss in steel."""
    n, steps = (48, 10) if quick else (128, 10)
    box = np.ones((n, n, n), dtype=np.int64)
    box[n // 4 : n // 2, n // 8 : 7 * n // 8, n // 8 : 7 * n // 8] = 0
    box[n // 2 : 3 * n // 4, n // 3 : n // 2, n // 3 : n // 2] = 0
    table = table_of(A356, [Solid(30.0, 4e6)])
    faces = conductances(box, [160.0, 30.0], np.full(3, 2e-3), 2000.0, np.full(6, 20.0))
    dt = longest_step(box, table, faces)
    start = np.where(box == 0, A356.enthalpy(np.array(680.0)), 4e6 * 150.0)
    materials = np.where((box == box[:, :, :1]).all(axis=2), box[:, :, 0], -1)
    room, line, whole = np.empty((3, n, n)), np.empty(n), np.empty((n, n, n))

    def kernel() -> Any:
        H = start.copy()
        _casting_core.advance(H, box, materials, table, faces[0], faces[1], faces[2], 25.0, dt, steps, room, line)
        return H

    def twin() -> Any:
        H = start.copy()
        reference.casting(H, box, table, faces, 25.0, dt, steps)
        return H

    def c() -> Any:
        assert library is not None
        H = start.copy()
        addresses = pointers(H, box, table, *faces)
        library.casting(n, n, n, *addresses, ctypes.c_double(25.0), ctypes.c_double(dt), steps, *pointers(whole))
        return H

    work = steps * n**3
    pairs = [Pair("casting, enthalpy", "NumPy twin", kernel, twin, 0.0, work, 10.0, 18.0, 40.0)]
    if library is not None:
        pairs.append(Pair("casting, enthalpy", "plain C", kernel, c, 1.0, work, 0.85, 1.2, 40.0))
    return pairs
