"""Speed of the numerical kernels as ratios from one run: against NumPy, naive compiled loops, and plain C.

Each kernel and what it is compared with solve the same problem; the answers are compared before the clock is quoted,
and the runs take turns. Plain C is compiled on the spot with -O3 -march=native if there is a compiler. Quoted are the
median of the ratios of the rounds and the ratio of the best times, elements per second, and the share of the memory
bandwidth measured in the same run. Exit code 1: an answer differs, or a median is below its promise.

    python benchmarks/kernels.py [--rounds 7] [--quick] [--only slab] [--json]
"""

from __future__ import annotations

import argparse
import ctypes
import json
import math
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numba
import numpy as np
from scipy.special import erfc

sys.path.insert(0, str(Path(__file__).parents[1]))  # the checkout, when it is not installed

from processes.kernels import (
    _block_core,
    _casting_core,
    _enthalpy_core,
    _fields_core,
    _lumped_core,
    _section_core,
    fields,
    lumped,
    reference,
)
from processes.kernels.block import coefficients
from processes.kernels.casting import Solid, conductances, longest_step, table_of
from processes.kernels.enthalpy import Alloy, Mould, _coefficients, alike, rows
from processes.kernels.section import Channel, Die, Phase, _prepare, network
from processes.kernels.slab import conduct, rows_with_power, shells

naive: Callable[[Any], Any] = numba.njit(error_model="numpy")
A356 = Alloy(557.0, 613.0, 389e3, 2680.0, 963.0, 1080.0, 160.0, 160.0)
Run = Callable[[], Any]


@dataclass
class Pair:
    """A kernel and what it is measured against. `least`: promise for the median ratio; 0 is only shown."""

    name: str
    against: str
    kernel: Run  # returns its answer
    other: Run
    tolerance: float  # of the largest difference of the answers
    elements: float  # point-steps, parts or calls of one run of the kernel
    least: float
    bytes_moved: float = 0.0  # per element, at least
    other_elements: float = 0.0  # if the other runs a smaller share, elements of it


@dataclass
class Result:
    """What the rounds gave."""

    name: str
    against: str
    median_ratio: float
    best_ratio: float
    least: float
    difference: float
    tolerance: float
    ns_per_element: float
    elements_per_second: float
    share_of_bandwidth: float
    ratios: list[float] = field(default_factory=list)

    @property
    def problems(self) -> list[str]:
        """What is not as it should be."""
        found = []
        if not self.difference <= self.tolerance:
            found.append(f"{self.name}: the answers differ by {self.difference:.3g}, {self.tolerance:.3g} is allowed")
        if self.median_ratio < self.least:
            found.append(f"{self.name} against {self.against}: {self.median_ratio:.2f}, promised {self.least}")
        return found


# -- lumped and slab ---------------------------------------------------------------------------------------------------


@numba.njit(parallel=True, error_model="numpy")
def lumped_naive(data: Any, steps: Any, out: Any) -> None:
    """One body per iteration, classical Runge-Kutta in T."""
    for i in numba.prange(out.size):
        T, dt, h, e, fluid = data[0, i] + 273.15, data[1, i] / steps / data[6, i], data[2, i], data[3, i], data[4, i]
        around = data[5, i] ** 4
        for _ in range(steps):
            k1 = -(h * (T - fluid) + e * (T**4 - around))
            x = T + 0.5 * dt * k1
            k2 = -(h * (x - fluid) + e * (x**4 - around))
            x = T + 0.5 * dt * k2
            k3 = -(h * (x - fluid) + e * (x**4 - around))
            x = T + dt * k3
            k4 = -(h * (x - fluid) + e * (x**4 - around))
            T += dt / 6.0 * (k1 + 2.0 * k2 + 2.0 * k3 + k4)
        out[i] = T - 273.15


def lumped_pairs(quick: bool) -> list[Pair]:
    """Billets with convection and radiation after a wait."""
    n = 100_000 if quick else 1_000_000
    rng = np.random.default_rng(0)
    data = np.array([
        rng.uniform(900.0, 1250.0, n), rng.uniform(0.0, 60.0, n), rng.uniform(5.0, 30.0, n),
        np.full(n, 0.8 * 5.670374e-8), np.full(n, 298.15), np.full(n, 298.15), np.full(n, 7600.0 * 680.0 * 0.01),
    ])  # fmt: skip
    ours, theirs = np.empty(n), np.empty(n)
    few = data[:, : n // 10].copy()
    law = lumped.lumped_law(51680.0, 15.0, 25.0, 0.8, 25.0)
    raw = _lumped_core.after
    arguments = (298.15, 15.0, 0.8 * 5.670374e-8, 51680.0, 1220.0, 12.0)
    calls = 20_000

    def kernel() -> Any:
        _lumped_core.after_many(*data, out=ours)
        return ours

    def loop() -> Any:
        lumped_naive(data, 8, theirs)
        return theirs

    def events() -> Any:
        for _ in range(calls):
            T = raw(*arguments)
        return np.array([T])

    def python_events() -> Any:
        for _ in range(calls):
            T = law(1220.0, 12.0)
        return np.array([T])

    return [
        Pair("lumped bodies", "prange, one thread each", kernel, loop, 0.05, n, 1.5, 64.0),
        Pair("lumped bodies", "NumPy twin", lambda: kernel()[: n // 10], lambda: reference.after_many(*few), 0.0, n,
             5.0, 64.0, n // 10),
        Pair("event function", "the same behind a checked law", events, python_events, 0.0, calls, 0.0),
    ]  # fmt: skip


@naive
def slab_naive(
    T: Any, length: Any, k: Any, rho_c: Any, h: Any, fluid: Any, area: Any, volume: Any, dt: Any, steps: Any
) -> None:
    """Part by part: implicit Euler, Thomas with divisions in every step."""
    parts, n = T.shape
    c, d = np.empty(n), np.empty(n)
    for p in range(parts):
        for _ in range(steps):
            for i in range(n):
                cap = rho_c * length * volume[i] / dt
                left = k * area[i] * (n - 1) / length if i > 0 else 0.0
                right = k * area[i + 1] * (n - 1) / length if i < n - 1 else h[p]
                rhs = cap * T[p, i] + (h[p] * fluid if i == n - 1 else 0.0)
                pivot = cap + left + right - (left * c[i - 1] if i > 0 else 0.0)
                c[i] = right / pivot
                d[i] = (rhs + (left * d[i - 1] if i > 0 else 0.0)) / pivot
            T[p, n - 1] = d[n - 1]
            for i in range(n - 2, -1, -1):
                T[p, i] = d[i] + c[i] * T[p, i + 1]


def slab_pairs(quick: bool) -> list[Pair]:
    """Billets in a quench."""
    parts, nodes, steps = (5_000 if quick else 100_000), 32, 20
    h = np.random.default_rng(1).uniform(100.0, 3000.0, parts)
    start = np.full((parts, nodes), 850.0)
    area, volume = shells("cylinder", nodes)
    small = parts // 20

    def kernel() -> Any:
        return conduct(start, 20.0, 0.02, 26.0, 4.7e6, h=h, T_fluid=60.0, shape="cylinder", steps=steps, order=1).T

    def loop() -> Any:
        T = start.copy()
        slab_naive(T, 0.02, 26.0, 4.7e6, h, 60.0, area, volume, 20.0 / steps, steps)
        return T

    def twin() -> Any:
        one = np.ones(small)
        values = (26.0, 4.7e6, 0.02, 0.0, 20.0, h[:small], 60.0, 0.0, 20.0, 0.0)
        par = np.array([value * one for value in values])
        twin = reference.SlabTwin(start[:small].T.copy(), rows_with_power(par), area, volume, volume, 20.0 / steps)
        twin.run(steps, 0)
        return twin.u.T

    work = parts * nodes * steps
    return [
        Pair("slab, batch of billets", "part by part, compiled", kernel, loop, 1e-6, work, 2.5),
        Pair("slab, batch of billets", "NumPy twin", lambda: kernel()[:small], twin, 0.0, work, 3.0, 0.0, work / 20),
    ]


# -- enthalpy ----------------------------------------------------------------------------------------------------------


@naive
def enthalpy_naive(par: Any, H: Any, mould: Any, steps: Any) -> Any:
    """One plate at a time, the whole of one step in one loop over its cells; returns the step at which it is solid."""
    n, cells = H.size, mould.size
    for step in range(steps):
        liquid, flux = 0.0, 0.0
        potential = 0.0
        for i in range(n):
            h = H[i]
            mush = min(max(h, 0.0), par[6])
            here = par[0] * min(h, 0.0) + par[1] * mush + par[2] * max(h - par[6], 0.0)
            liquid += mush
            if i > 0:
                between = par[8] * (potential - here)
                H[i - 1] += flux - between
                flux = between
            potential = here
        h = H[n - 1]
        T = par[7] + par[3] * min(h, 0.0) + par[4] * min(max(h, 0.0), par[6]) + par[5] * max(h - par[6], 0.0)
        q = par[10] * (T - mould[0])
        H[n - 1] += flux - par[9] * q
        flux = par[13] * q
        for i in range(cells):
            after = par[12] * (mould[i] - mould[i + 1]) if i < cells - 1 else par[14] * (mould[i] - par[11])
            mould[i] += flux - after
            flux = after
        if liquid <= 0.0:
            return step
    return steps


@naive
def all_naive(par: Any, H: Any, mould: Any, steps: Any, out: Any) -> None:
    """Plate by plate."""
    for p in range(out.size):
        out[p] = enthalpy_naive(par[:, p], H[p], mould[p], steps)


def enthalpy_pairs(quick: bool) -> list[Pair]:
    """A table of freezing times of plates against die walls; 30 cells of metal, 30 of steel."""
    parts = 512 if quick else 4096
    rng = np.random.default_rng(2)
    half, h = rng.uniform(0.8e-3, 3e-3, parts), rng.uniform(3e3, 2e4, parts)
    cold = rng.uniform(150.0, 250.0, parts)
    die = Mould(28.0, 4e6, 0.02, 30)
    c, dt = _coefficients(A356, die, half / 30, h, np.full(parts, 1e12))
    order = alike(A356, 30, cold, c, dt)
    cold, dt, par = cold[order], dt[order], rows(A356, cold, c, dt)[:, order]
    hot, steel = np.full((parts, 30), A356.enthalpy(np.array(680.0))), np.repeat(cold[:, None], 30, axis=1)
    work = 0.0

    def kernel() -> Any:
        out = np.empty((3, parts))
        _enthalpy_core.run(par, hot.copy(), steel.copy(), 10**7, True, out)
        return out[0] * dt

    def loop() -> Any:
        out = np.empty(parts)
        all_naive(par, hot.copy(), steel.copy(), 10**7, out)
        return out * dt

    work = float((kernel() / dt).sum() * 60)
    return [Pair("enthalpy, die-wall table", "one plate at a time, compiled", kernel, loop, 1e-9, work, 1.7)]


# -- grids in two and three dimensions ---------------------------------------------------------------------------------

C_SOURCE = Path(__file__).with_name("plain.c")


def plain_c(directory: str) -> ctypes.CDLL | None:
    """Return the C functions compiled on the spot, or None without a compiler."""
    compiler = os.environ.get("CC") or shutil.which("cc") or shutil.which("gcc") or shutil.which("clang")
    if compiler is None:
        return None
    library = Path(directory) / "kernels.so"
    command = [
        compiler,
        "-O3",
        "-march=native",
        "-std=c11",
        "-fPIC",
        "-shared",
        "-o",
        str(library),
        str(C_SOURCE),
        "-lm",
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.stderr.write(f"plain C is left out: {done.stderr[:200]}\n")
        return None
    return ctypes.CDLL(str(library))


def pointers(*arrays: Any) -> list[Any]:
    """Return the addresses of arrays for C."""
    return [ctypes.c_void_p(array.ctypes.data) for array in arrays]


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
        Pair("section, one cycle", "explicit, compiled, same cells", kernel, explicit, 0.5, work, 25.0, 24.0),
        Pair("section, one cycle", "NumPy twin", kernel, twin, 0.0, work, 15.0),
    ]
    if library is not None:
        cap, gx, gy, sx, sy, qx, qy, _ = prepared[0]

        def phase() -> Any:
            T = start.copy()
            _section_core.run_phase(T, cap, gx, gy, sx, sy, qx, qy, 200)
            return T

        def c() -> Any:
            T = start.copy()
            library.adi(nx, ny, *pointers(T, cap, gx, gy, sx, sy, qx, qy), 200)
            return T

        pairs.append(Pair("section, ADI sweeps", "plain C", phase, c, 2.0, 200 * nx * ny, 1.2, 24.0))
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
    return [Pair("block, quench", "explicit, compiled, same nodes", kernel, explicit, 1.0, taken[0] * n**3, 8.0, 24.0)]


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
    pairs = [Pair("casting, enthalpy", "NumPy twin", kernel, twin, 0.0, work, 8.0, 40.0)]
    if library is not None:
        pairs.append(Pair("casting, enthalpy", "plain C", kernel, c, 1.0, work, 1.2, 40.0))
    return pairs


# -- fields ------------------------------------------------------------------------------------------------------------


def goldak_numpy(x: Any, y: Any, z: Any, nodes: Any) -> Any:
    """The same quadrature as one writes it in NumPy."""
    total = np.zeros_like(x)
    for place, across, down, _, front, front_scale, front_weight, rear, rear_scale, rear_weight in nodes.T:
        dx = x - place
        flat = across * y * y + down * z * z
        total += 0.5 * front_weight * np.exp(-(flat + front * dx * dx)) * erfc(-dx * front_scale)
        total += 0.5 * rear_weight * np.exp(-(flat + rear * dx * dx)) * erfc(dx * rear_scale)
    return total


def fields_pairs(quick: bool) -> list[Pair]:
    """Points around a weld."""
    n = 20_000 if quick else 1_000_000
    rng = np.random.default_rng(3)
    x, y, z = rng.uniform(-0.05, 0.01, n), rng.uniform(-0.02, 0.02, n), rng.uniform(0.0, 0.012, n)
    shifts = 0.024 * np.arange(-5.0, 6.0)
    few = n // 10
    nodes = fields._ellipsoid_nodes(8e-4, 0.006, 7e-6, (5e-3, 4e-3, 5e-3, 0.01), (2 / 3, 4 / 3), 5.0)
    x1, y1, z1 = x[:few] + 0.03, y[:few], z[:few]
    out, part = np.empty(n), np.empty(few)

    def rosenthal() -> Any:
        _fields_core.images(x, y, z, shifts, 428.0, out)
        return out

    def rosenthal_numpy() -> Any:
        total = np.zeros_like(x)
        for shift in shifts:
            r = np.sqrt(x * x + y * y + (z - shift) ** 2)
            total += np.exp(-428.0 * (x + r)) / r
        return total

    def goldak() -> Any:
        _fields_core.ellipsoids(x1, y1, z1, nodes, part)
        return part

    def goldak_plain() -> Any:
        return goldak_numpy(x1, y1, z1, nodes)

    return [
        Pair("Rosenthal, 11 images", "NumPy", rosenthal, rosenthal_numpy, 1e-6, n * 11, 2.5),
        Pair("Goldak", "NumPy and erfc of SciPy", goldak, goldak_plain, 1e-5, few * nodes.shape[1], 2.8),
    ]  # fmt: skip


# -- the comparison ----------------------------------------------------------------------------------------------------


@naive
def triad(a: Any, b: Any, c: Any) -> None:
    """Three streams: 24 bytes a number, 32 with the line that is read before it is written."""
    for i in range(a.size):
        a[i] = b[i] + 3.0 * c[i]


def bandwidth() -> float:
    """Return the memory bandwidth of one core. [B/s]"""
    a, b, c = (np.ones(8_000_000) for _ in range(3))
    triad(a, b, c)
    return 24.0 * a.size / min(clock(lambda: triad(a, b, c)) for _ in range(7))


def clock(run: Run) -> float:
    """Return the wall time of one run: some of what is compared has threads. [s]"""
    begin = time.perf_counter()
    run()
    return time.perf_counter() - begin


def measure(pair: Pair, rounds: int, stream: float) -> Result:
    """Compare the answers, then let both run in turn."""
    difference = float(np.max(np.abs(np.asarray(pair.kernel()) - np.asarray(pair.other()))))
    share = pair.elements / (pair.other_elements or pair.elements)
    ours: list[float] = []
    theirs: list[float] = []
    for number in range(rounds):
        for who in (0, 1) if number % 2 else (1, 0):
            (theirs if who else ours).append(clock(pair.other if who else pair.kernel))
    ratios = [share * slow / fast for slow, fast in zip(theirs, ours, strict=True)]
    best = min(ours)
    return Result(
        pair.name, pair.against, statistics.median(ratios), share * min(theirs) / best, pair.least, difference,
        pair.tolerance, 1e9 * best / pair.elements, pair.elements / best,
        pair.bytes_moved * pair.elements / best / stream, ratios,
    )  # fmt: skip


def kept(pair: Pair, rounds: int, stream: float, quick: bool) -> Result:
    """Measure, and once more if a promise is broken: the machine may have been busy. Small sizes promise nothing."""
    if quick:
        pair.least = 0.0
    result = measure(pair, rounds, stream)
    return measure(pair, rounds, stream) if result.median_ratio < result.least else result


def text(results: list[Result], stream: float) -> str:
    """Return the results for people."""
    lines = [
        f"memory bandwidth of one core: {stream / 1e9:.1f} GB/s",
        f"{'kernel':<26}{'against':<42}{'median':>8}{'best':>8}{'promise':>9}{'ns':>9}{'Melem/s':>10}{'memory':>8}",
    ]
    for r in results:
        memory = f"{r.share_of_bandwidth:.0%}" if r.share_of_bandwidth else ""
        promise = f"{r.least:g}" if r.least else ""
        lines.append(
            f"{r.name:<26}{r.against:<42}{r.median_ratio:>8.2f}{r.best_ratio:>8.2f}{promise:>9}"
            f"{r.ns_per_element:>9.2f}{r.elements_per_second / 1e6:>10.1f}{memory:>8}"
        )
    return "\n".join(lines)


def main() -> int:
    """Measure, print, and return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=7, help="how often each runs")
    parser.add_argument("--quick", action="store_true", help="small sizes and three rounds, no promise counts")
    parser.add_argument("--only", default="", help="kernels whose names contain this")
    parser.add_argument("--json", action="store_true", help="print one JSON object and nothing else")
    options = parser.parse_args()
    if options.rounds < 1:
        parser.error("at least 1 round is needed")
    rounds, quick = (3 if options.quick else options.rounds), options.quick
    with tempfile.TemporaryDirectory() as directory:
        library = plain_c(directory)
        makers: dict[str, Callable[[], list[Pair]]] = {
            "lumped bodies event function": lambda: lumped_pairs(quick),
            "slab, batch of billets": lambda: slab_pairs(quick),
            "enthalpy, die-wall table": lambda: enthalpy_pairs(quick),
            "section, one cycle ADI sweeps": lambda: section_pairs(quick, library),
            "block": lambda: block_pairs(quick),
            "casting, enthalpy": lambda: casting_pairs(quick, library),
            "Rosenthal Goldak": lambda: fields_pairs(quick),
        }
        stream = bandwidth()
        chosen = [make for name, make in makers.items() if options.only in name]
        results = [kept(pair, rounds, stream, quick) for make in chosen for pair in make()]
    problems = [problem for result in results for problem in result.problems]
    if options.json:
        sys.stdout.write(
            json.dumps({"bandwidth": stream, "results": [asdict(r) for r in results], "problems": problems})
        )
    else:
        sys.stdout.write(text(results, stream) + "\n")
    sys.stderr.writelines(f"{problem}\n" for problem in problems)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
