"""Core of `section`: Peaceman-Rachford on a grid of cells with holes, over the phases of a cycle.

The section is an array of cells (nx, ny); a hole keeps its temperature. Film conductances lie in `sink_x` and `sink_y`,
the heat that they and given fluxes bring in `gain_x` and `gain_y`, split by the direction of their faces.
"""

from __future__ import annotations

import numpy as np

from processes.kernels._jit import compiled, part
from processes.kernels._types import Array

WIDE = 16  # rows that are turned over together for the sweep along y


@compiled
def factorise(cap: Array, g: Array, sink: Array, along_x: bool, up: Array, inv: Array) -> None:
    """Fill the factors of 2C/dt - L of one direction; g[i, j] is the conductance to the cell before."""
    nx, ny = cap.shape
    for i in range(nx):
        for j in range(ny):
            first = i == 0 if along_x else j == 0
            last = i == nx - 1 if along_x else j == ny - 1
            after = 0.0
            if not last:
                after = g[i + 1, j] if along_x else g[i, j + 1]
            pivot = cap[i, j] + sink[i, j] + after
            if not first:
                pivot = pivot + g[i, j] * (1.0 - (up[i - 1, j] if along_x else up[i, j - 1]))
            inv[i, j] = 1.0 / pivot
            up[i, j] = after * inv[i, j]


@part
def known_x(T: Array, cap: Array, g: Array, sink: Array, gain: Array, other: Array, d: Array) -> None:
    """Fill d = (2C/dt + L_x) T + gains: the known side of the sweep along y."""
    nx, ny = T.shape
    for i in range(nx):
        before, after = max(i - 1, 0), min(i + 1, nx - 1)
        for j in range(ny):
            d[i, j] = (cap[i, j] - sink[i, j]) * T[i, j] + (gain[i, j] + other[i, j])
        for j in range(ny):
            d[i, j] = d[i, j] + g[i, j] * (T[before, j] - T[i, j])
        if i < nx - 1:
            for j in range(ny):
                d[i, j] = d[i, j] + g[after, j] * (T[after, j] - T[i, j])


@part
def known_y(T: Array, cap: Array, g: Array, sink: Array, gain: Array, other: Array, d: Array) -> None:
    """Fill d = (2C/dt + L_y) T + gains: the known side of the sweep along x."""
    nx, ny = T.shape
    for i in range(nx):
        for j in range(ny):
            d[i, j] = (cap[i, j] - sink[i, j]) * T[i, j] + (gain[i, j] + other[i, j])
        for j in range(1, ny):
            d[i, j] = d[i, j] + g[i, j] * (T[i, j - 1] - T[i, j])
        for j in range(ny - 1):
            d[i, j] = d[i, j] + g[i, j + 1] * (T[i, j + 1] - T[i, j])


@part
def damped(T: Array, cap: Array, gain: Array, d: Array) -> None:
    """Fill d = 2C/dt T + gain of one direction: the known side of an implicit step of half the length."""
    for i in range(T.shape[0]):
        for j in range(T.shape[1]):
            d[i, j] = cap[i, j] * T[i, j] + gain[i, j]


@part
def sweep_x(d: Array, g: Array, up: Array, inv: Array, T: Array) -> None:
    """Solve along x; the inner loop runs along a row."""
    nx, ny = d.shape
    for j in range(ny):
        d[0, j] = d[0, j] * inv[0, j]
    for i in range(1, nx):
        for j in range(ny):
            d[i, j] = (d[i, j] + g[i, j] * d[i - 1, j]) * inv[i, j]
    for j in range(ny):
        T[nx - 1, j] = d[nx - 1, j]
    for i in range(nx - 2, -1, -1):
        for j in range(ny):
            T[i, j] = d[i, j] + up[i, j] * T[i + 1, j]


@compiled
def turn(a: Array, i0: int, t: Array) -> None:
    """Turn rows i0.. of an array over into t (ny, WIDE); the last row is repeated."""
    last = a.shape[0] - 1
    for w in range(WIDE):
        i = min(i0 + w, last)
        for j in range(a.shape[1]):
            t[j, w] = a[i, j]


@part
def turned_factors(g: Array, up: Array, inv: Array, out: Array) -> None:
    """Fill conductances and factors of the direction y, turned over once per phase: (3, blocks, ny, WIDE)."""
    for b in range(out.shape[1]):
        turn(g, b * WIDE, out[0, b])
        turn(up, b * WIDE, out[1, b])
        turn(inv, b * WIDE, out[2, b])


@part
def sweep_y(d: Array, factors: Array, t: Array, T: Array) -> None:
    """Solve along y, WIDE rows side by side."""
    nx, ny = d.shape
    for b in range(factors.shape[1]):
        g, up, inv = factors[0, b], factors[1, b], factors[2, b]
        turn(d, b * WIDE, t)
        for w in range(WIDE):
            t[0, w] = t[0, w] * inv[0, w]
        for j in range(1, ny):
            for w in range(WIDE):
                t[j, w] = (t[j, w] + g[j, w] * t[j - 1, w]) * inv[j, w]
        for j in range(ny - 2, -1, -1):
            for w in range(WIDE):
                t[j, w] = t[j, w] + up[j, w] * t[j + 1, w]
        for w in range(min(WIDE, nx - b * WIDE)):
            for j in range(ny):
                T[b * WIDE + w, j] = t[j, w]


@compiled
def run_phase(
    T: Array, cap: Array, gx: Array, gy: Array, sink_x: Array, sink_y: Array, gain_x: Array, gain_y: Array, steps: int
) -> None:
    """Advance one phase of constant conditions; `cap` is 2C/dt. The first step is two damped halves,
    so that one or more steps are one more round of sweeps."""
    nx, ny = T.shape
    up, inv, d = np.empty((nx, ny)), np.empty((nx, ny)), np.empty((nx, ny))
    factors, t = np.empty((3, (nx + WIDE - 1) // WIDE, ny, WIDE)), np.empty((ny, WIDE))
    factorise(cap, gy, sink_y, False, up, inv)
    turned_factors(gy, up, inv, factors)
    factorise(cap, gx, sink_x, True, up, inv)
    for sweep in range(steps + 1):
        if sweep < 2:
            damped(T, cap, gain_x, d)
        else:
            known_y(T, cap, gy, sink_y, gain_y, gain_x, d)
        sweep_x(d, gx, up, inv, T)
        if sweep < 2:
            damped(T, cap, gain_y, d)
        else:
            known_x(T, cap, gx, sink_x, gain_x, gain_y, d)
        sweep_y(d, factors, t, T)
