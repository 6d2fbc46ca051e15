"""Core of `slab`: implicit conduction in one direction, 64 parts side by side.

Arrays of a block are (nodes, LANES): a loop over the lanes is one SIMD loop, the recurrences run over the nodes. The
matrix C/(w dt) - J does not change in a run, so that its factors are made once and no step divides; only the last node,
where radiation makes the equation nonlinear, is solved by Newton.
"""

from __future__ import annotations

import numpy as np

from processes.kernels._jit import compiled, part
from processes.kernels._types import Array

LANES = 64
GAMMA = 2.0 - 2.0**0.5
W = 1.0 - 0.5**0.5  # gamma/2: both stages of TR-BDF2 and the damped start have the same matrix
STAGE, BEFORE = 1.0 / (GAMMA * (2.0 - GAMMA)), (1.0 - GAMMA) ** 2 / (GAMMA * (2.0 - GAMMA))
NEWTON = 6
# Rows of the parameters of the parts, in this order.
K, RHO_C, LENGTH, H_LEFT, T_LEFT, H_RIGHT, T_RIGHT, RADIATION, T_AROUND, POWER = range(10)
# Rows of the state of a block.
LEFT_Q, RIGHT_Q, SUM_LEFT, SUM_RIGHT, LAST, RHS = range(6)


@part
def prepare(par: Array, area: Array, volume: Array, wdt: float, cap: Array, g: Array, up: Array, inv: Array) -> None:
    """Fill storage over w dt, face conductances and the factors of the matrix of one block."""
    n = volume.size
    for i in range(n):
        for j in range(LANES):
            cap[i, j] = par[RHO_C, j] * par[LENGTH, j] * volume[i] / wdt
    for i in range(1, n):
        for j in range(LANES):
            g[i, j] = par[K, j] * area[i] * (n - 1) / par[LENGTH, j]
    for j in range(LANES):
        g[0, j] = par[H_LEFT, j] * area[0]
        g[n, j] = par[H_RIGHT, j]
    for j in range(LANES):
        inv[0, j] = 1.0 / (cap[0, j] + g[0, j] + g[1, j])
        up[0, j] = g[1, j] * inv[0, j]
    for i in range(1, n):
        for j in range(LANES):
            inv[i, j] = 1.0 / (cap[i, j] + g[i + 1, j] + g[i, j] * (1.0 - up[i - 1, j]))
        for j in range(LANES):
            up[i, j] = g[i + 1, j] * inv[i, j]


@compiled
def face_fluxes(par: Array, g: Array, u: Array, s: Array) -> None:
    """Fill the heat that goes out through the left and the right face, per area of the outer face."""
    n = u.shape[0]
    for j in range(LANES):
        s[LEFT_Q, j] = g[0, j] * (u[0, j] - par[T_LEFT, j])
    for j in range(LANES):
        x = u[n - 1, j] + 273.15
        a = par[T_AROUND, j] + 273.15
        x2, a2 = x * x, a * a
        s[RIGHT_Q, j] = g[n, j] * (u[n - 1, j] - par[T_RIGHT, j]) + par[RADIATION, j] * (x2 * x2 - a2 * a2)


@part
def add_heat(s: Array, factor: float) -> None:
    """Add what has gone out to the sums."""
    for j in range(LANES):
        s[SUM_LEFT, j] = s[SUM_LEFT, j] + factor * s[LEFT_Q, j]
    for j in range(LANES):
        s[SUM_RIGHT, j] = s[SUM_RIGHT, j] + factor * s[RIGHT_Q, j]


@compiled
def solve(par: Array, source: Array, g: Array, up: Array, inv: Array, d: Array, u: Array, s: Array) -> None:
    """Solve (C/(w dt) - J) u = d + faces + source; `d` is overwritten."""
    n = u.shape[0]
    for j in range(LANES):
        s[LAST, j] = u[n - 1, j]
    for j in range(LANES):
        d[0, j] = (d[0, j] + g[0, j] * par[T_LEFT, j] + par[POWER, j] * source[0]) * inv[0, j]
    for i in range(1, n - 1):
        for j in range(LANES):
            d[i, j] = (d[i, j] + par[POWER, j] * source[i] + g[i, j] * d[i - 1, j]) * inv[i, j]
    last_node(par, source[n - 1], g, inv, d, u, s)
    for i in range(n - 2, -1, -1):
        for j in range(LANES):
            u[i, j] = d[i, j] + up[i, j] * u[i + 1, j]


@part
def last_node(par: Array, source: float, g: Array, inv: Array, d: Array, u: Array, s: Array) -> None:
    """Solve the equation that the elimination leaves at the outer face: linear, or with radiation by Newton."""
    n = u.shape[0]
    radiates = 0.0
    for j in range(LANES):
        right = d[n - 1, j] + par[POWER, j] * source + g[n, j] * par[T_RIGHT, j]
        s[RHS, j] = right + g[n - 1, j] * d[n - 2, j]
        u[n - 1, j] = s[RHS, j] * inv[n - 1, j]
        radiates = max(radiates, par[RADIATION, j])
    if radiates == 0.0:
        return
    for _ in range(NEWTON):
        for j in range(LANES):
            x = s[LAST, j] + 273.15
            a = par[T_AROUND, j] + 273.15
            x2, a2, e = x * x, a * a, par[RADIATION, j]
            wrong = s[LAST, j] / inv[n - 1, j] + e * (x2 * x2 - a2 * a2) - s[RHS, j]
            s[LAST, j] = s[LAST, j] - wrong / (1.0 / inv[n - 1, j] + 4.0 * e * (x2 * x))
    for j in range(LANES):
        u[n - 1, j] = s[LAST, j] if par[RADIATION, j] > 0.0 else u[n - 1, j]


@part
def explicit(cap: Array, par: Array, source: Array, g: Array, u: Array, s: Array, d: Array) -> None:
    """Fill `d` with C/(w dt) u + J u + faces + source without the terms that `solve` adds: the trapezoidal rule."""
    n = u.shape[0]
    for j in range(LANES):
        inward = par[POWER, j] * source[0] - s[LEFT_Q, j]
        d[0, j] = cap[0, j] * u[0, j] + (inward - g[1, j] * (u[0, j] - u[1, j]))
    for i in range(1, n - 1):
        for j in range(LANES):
            net = g[i, j] * (u[i - 1, j] - u[i, j]) - g[i + 1, j] * (u[i, j] - u[i + 1, j])
            d[i, j] = cap[i, j] * u[i, j] + (net + par[POWER, j] * source[i])
    for j in range(LANES):
        inward = par[POWER, j] * source[n - 1] - s[RIGHT_Q, j]
        d[n - 1, j] = cap[n - 1, j] * u[n - 1, j] + (inward + g[n - 1, j] * (u[n - 2, j] - u[n - 1, j]))


@part
def combine(cap: Array, new: float, u: Array, old: float, before: Array, d: Array) -> None:
    """Fill d = C/(w dt) (new u - old before)."""
    for i in range(u.shape[0]):
        for j in range(LANES):
            d[i, j] = cap[i, j] * (new * u[i, j] - old * before[i, j])


@part
def copy(u: Array, to: Array) -> None:
    """Copy element by element: a slice assignment compiles seconds of error messages."""
    for i in range(u.shape[0]):
        for j in range(LANES):
            to[i, j] = u[i, j]


@part
def run_block(
    par: Array, area: Array, volume: Array, source: Array, wdt: float, damped: int, steps: int, probe: int,
    series: Array, u: Array, s: Array,
) -> None:  # fmt: skip
    """Advance one block: `damped` Euler steps of w dt, then `steps` of TR-BDF2 of dt. `s` gets the heat."""
    n = volume.size
    cap, up, inv, d, before = (np.empty((n, LANES)), np.empty((n, LANES)), np.empty((n, LANES)), np.empty((n, LANES)),
                               np.empty((n, LANES)))  # fmt: skip
    g = np.empty((n + 1, LANES))
    prepare(par, area, volume, wdt, cap, g, up, inv)
    for j in range(LANES):
        s[SUM_LEFT, j] = 0.0
        s[SUM_RIGHT, j] = 0.0
    for step in range(damped + steps):
        if step < damped:
            combine(cap, 1.0, u, 0.0, u, d)
        else:
            copy(u, before)
            face_fluxes(par, g, u, s)
            add_heat(s, STAGE * wdt)
            explicit(cap, par, source, g, u, s, d)
            solve(par, source, g, up, inv, d, u, s)
            face_fluxes(par, g, u, s)
            add_heat(s, STAGE * wdt)
            combine(cap, STAGE, u, BEFORE, before, d)
        solve(par, source, g, up, inv, d, u, s)
        face_fluxes(par, g, u, s)
        add_heat(s, wdt)
        if series.shape[0] > 0:
            for j in range(LANES):
                series[step, j] = u[probe, j]


@compiled
def run(
    T: Array, par: Array, area: Array, volume: Array, source: Array, wdt: float, damped: int, steps: int, probe: int,
    series: Array, heat: Array,
) -> None:  # fmt: skip
    """Advance all parts. T (parts, nodes) is changed, `heat` (2, parts) filled, `series` (steps or 0, parts) too."""
    parts, n = T.shape
    local = np.empty((par.shape[0], LANES))
    u, s = np.empty((n, LANES)), np.empty((6, LANES))
    record = np.empty((series.shape[0], LANES))
    for start in range(0, parts, LANES):
        lanes = min(LANES, parts - start)
        for j in range(LANES):
            part = start + min(j, lanes - 1)
            for row in range(par.shape[0]):
                local[row, j] = par[row, part]
            for i in range(n):
                u[i, j] = T[part, i]
        run_block(local, area, volume, source, wdt, damped, steps, probe, record, u, s)
        for j in range(lanes):
            for i in range(n):
                T[start + j, i] = u[i, j]
            heat[0, start + j] = s[SUM_LEFT, j]
            heat[1, start + j] = s[SUM_RIGHT, j]
            for i in range(series.shape[0]):
                series[i, start + j] = record[i, j]
