"""Pairs of the kernels for many bodies or plates at once: lumped, slab, enthalpy."""

from __future__ import annotations

from typing import Any

import numba
import numpy as np

from benchmarks.compare import Pair, naive
from processes.kernels import _enthalpy_core, _lumped_core, reference
from processes.kernels.enthalpy import Alloy, Mould, _coefficients, alike, rows
from processes.kernels.slab import conduct, rows_with_power, shells

A356 = Alloy(557.0, 613.0, 389e3, 2680.0, 963.0, 1080.0, 160.0, 160.0)


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
    ours, theirs, tenth = np.empty(n), np.empty(n), np.empty(n // 10)
    few = data[:, : n // 10].copy()

    def kernel() -> Any:
        _lumped_core.after_many(*[*data, ours])
        return ours

    def loop() -> Any:
        lumped_naive(data, 8, theirs)
        return theirs

    def twin() -> Any:
        return reference.after_many(*few)

    def kernel_few() -> Any:
        _lumped_core.after_many(*[*few, tenth])
        return tenth

    return [
        Pair("lumped bodies", "prange, one thread each", kernel, loop, 0.05, n, 10.0, 20.0, 64.0),
        Pair("lumped bodies, a tenth", "NumPy twin", kernel_few, twin, 0.0, n / 10, bytes_moved=64.0),
    ]


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
        Pair("slab, batch of billets", "part by part, compiled", kernel, loop, 1e-6, work, 2.5, 4.0),
        Pair(
            "slab, batch of billets", "NumPy twin", lambda: kernel()[:small], twin, 0.0, work, other_elements=work / 20
        ),
    ]


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
    parts = 512 if quick else 1024
    rng = np.random.default_rng(2)
    half, h = rng.uniform(0.8e-3, 3e-3, parts), rng.uniform(3e3, 2e4, parts)
    cold = rng.uniform(150.0, 250.0, parts)
    die = Mould(28.0, 4e6, 0.02, 30)
    c, dt = _coefficients(A356, die, half / 30, h, np.full(parts, 1e12))
    order = alike(A356, 30, cold, c, dt)
    cold, dt, par = cold[order], dt[order], rows(A356, cold, c, dt)[:, order]
    hot, steel = np.full((parts, 30), A356.enthalpy(np.array(680.0))), np.repeat(cold[:, None], 30, axis=1)

    def kernel() -> Any:
        out = np.empty((3, parts))
        _enthalpy_core.run(par, hot.copy(), steel.copy(), 10**7, True, out)
        return out[0] * dt

    def loop() -> Any:
        out = np.empty(parts)
        all_naive(par, hot.copy(), steel.copy(), 10**7, out)
        return out * dt

    work = float((kernel() / dt).sum() * 60)
    return [Pair("enthalpy, die-wall table", "one plate at a time, compiled", kernel, loop, 1e-9, work, 2.0, 4.0)]
