"""Core of `block`: alternating directions in three dimensions. Temperatures are those above the fluid.

All arrays are whole (nx, ny, nz) grids. Along x and y the recurrence runs over planes and rows while the inner loop
runs along z; for the sweep along z a plane is turned over first, so that every inner loop is SIMD code.
"""

from __future__ import annotations

import numpy as np

from processes.kernels._jit import compiled
from processes.kernels._types import Array

# Rows of the coefficients of a direction: conduction to the node before and after, convection; factors of the matrix.
BEFORE, AFTER, SINK, UP, INV = range(5)


@compiled
def factorise(c: Array, half_dt: float) -> None:
    """Fill the factors of 1 - dt/2 A of one direction."""
    for i in range(c.shape[1]):
        pivot = 1.0 + half_dt * (c[BEFORE, i] + c[AFTER, i] + c[SINK, i])
        if i > 0:
            pivot = pivot - (half_dt * c[BEFORE, i]) * c[UP, i - 1]
        c[INV, i] = 1.0 / pivot
        c[UP, i] = half_dt * c[AFTER, i] * c[INV, i]


@compiled
def rates(T: Array, dt: float, x: Array, y: Array, z: Array, d: Array) -> None:
    """Fill d = dt (A_x + A_y + A_z) T."""
    nx, ny, nz = T.shape
    for i in range(nx):
        lower, upper = max(i - 1, 0), min(i + 1, nx - 1)
        for j in range(ny):
            left, right = max(j - 1, 0), min(j + 1, ny - 1)
            for k in range(nz):
                here = T[i, j, k]
                d[i, j, k] = (x[BEFORE, i] * (T[lower, j, k] - here) + x[AFTER, i] * (T[upper, j, k] - here)) - x[
                    SINK, i
                ] * here
            for k in range(nz):
                here = T[i, j, k]
                d[i, j, k] = d[i, j, k] + (
                    (y[BEFORE, j] * (T[i, left, k] - here) + y[AFTER, j] * (T[i, right, k] - here)) - y[SINK, j] * here
                )
            along_row(T, dt, z, d, i, j)


@compiled
def along_row(T: Array, dt: float, z: Array, d: Array, i: int, j: int) -> None:
    """Add the part of z to one row and multiply by the step."""
    nz = T.shape[2]
    for k in range(1, nz - 1):
        here = T[i, j, k]
        part = (z[BEFORE, k] * (T[i, j, k - 1] - here) + z[AFTER, k] * (T[i, j, k + 1] - here)) - z[SINK, k] * here
        d[i, j, k] = dt * (d[i, j, k] + part)
    here = T[i, j, 0]
    d[i, j, 0] = dt * (d[i, j, 0] + (z[AFTER, 0] * (T[i, j, 1] - here) - z[SINK, 0] * here))
    here = T[i, j, nz - 1]
    part = z[BEFORE, nz - 1] * (T[i, j, nz - 2] - here) - z[SINK, nz - 1] * here
    d[i, j, nz - 1] = dt * (d[i, j, nz - 1] + part)


@compiled
def sweep(d: Array, half_dt: float, x: Array, y: Array, z: Array, turned: Array) -> None:
    """Solve (1 - dt/2 A_x)(1 - dt/2 A_y)(1 - dt/2 A_z) new = d, in place."""
    nx, ny, nz = d.shape
    for i in range(nx):
        below = half_dt * x[BEFORE, i]
        for j in range(ny):
            if i == 0:
                for k in range(nz):
                    d[i, j, k] = d[i, j, k] * x[INV, i]
            else:
                for k in range(nz):
                    d[i, j, k] = (d[i, j, k] + below * d[i - 1, j, k]) * x[INV, i]
    for i in range(nx - 2, -1, -1):
        for j in range(ny):
            for k in range(nz):
                d[i, j, k] = d[i, j, k] + x[UP, i] * d[i + 1, j, k]
    for i in range(nx):
        sweep_rows(d, half_dt, y, i)
        sweep_turned(d, half_dt, z, i, turned)


@compiled
def sweep_rows(d: Array, half_dt: float, y: Array, i: int) -> None:
    """Solve along y in the plane i."""
    ny, nz = d.shape[1], d.shape[2]
    for k in range(nz):
        d[i, 0, k] = d[i, 0, k] * y[INV, 0]
    for j in range(1, ny):
        below = half_dt * y[BEFORE, j]
        for k in range(nz):
            d[i, j, k] = (d[i, j, k] + below * d[i, j - 1, k]) * y[INV, j]
    for j in range(ny - 2, -1, -1):
        for k in range(nz):
            d[i, j, k] = d[i, j, k] + y[UP, j] * d[i, j + 1, k]


@compiled
def sweep_turned(d: Array, half_dt: float, z: Array, i: int, t: Array) -> None:
    """Solve along z in the plane i, turned over into `t` (nz, ny)."""
    ny, nz = d.shape[1], d.shape[2]
    for j in range(ny):
        for k in range(nz):
            t[k, j] = d[i, j, k]
    for j in range(ny):
        t[0, j] = t[0, j] * z[INV, 0]
    for k in range(1, nz):
        below = half_dt * z[BEFORE, k]
        for j in range(ny):
            t[k, j] = (t[k, j] + below * t[k - 1, j]) * z[INV, k]
    for k in range(nz - 2, -1, -1):
        for j in range(ny):
            t[k, j] = t[k, j] + z[UP, k] * t[k + 1, j]
    for j in range(ny):
        for k in range(nz):
            d[i, j, k] = t[k, j]


@compiled
def largest(d: Array) -> float:
    """Return the largest absolute value."""
    most = 0.0
    for i in range(d.shape[0]):
        for j in range(d.shape[1]):
            for k in range(d.shape[2]):
                most = max(most, abs(d[i, j, k]))
    return most


@compiled
def add(T: Array, d: Array) -> None:
    """Add `d` to `T`."""
    for i in range(d.shape[0]):
        for j in range(d.shape[1]):
            for k in range(d.shape[2]):
                T[i, j, k] = T[i, j, k] + d[i, j, k]


@compiled
def copy(T: Array, to: Array) -> None:
    """Copy `T`."""
    for i in range(T.shape[0]):
        for j in range(T.shape[1]):
            for k in range(T.shape[2]):
                to[i, j, k] = T[i, j, k]


@compiled
def run(T: Array, time: float, dt: float, most_change: float, x: Array, y: Array, z: Array) -> int:
    """Advance `T` and return the number of steps: the first is two damped halves; no control if `most_change` is 0."""
    d, turned = np.empty(T.shape), np.empty((T.shape[2], T.shape[1]))
    left, steps, factored = time, 0, 0.0
    while left > 0.0:
        step = min(dt, left) if left > dt * 1.000001 else left
        if step != factored:
            for c in (x, y, z):
                factorise(c, 0.5 * step)
            factored = step
        if steps == 0:
            for _ in range(2):
                copy(T, d)
                sweep(d, 0.5 * step, x, y, z, turned)
                copy(d, T)
        else:
            rates(T, step, x, y, z, d)
            sweep(d, 0.5 * step, x, y, z, turned)
            change = largest(d) if most_change > 0.0 else 0.0
            if change > 2.0 * most_change:
                dt = 0.5 * step
                continue
            add(T, d)
            if change < 0.5 * most_change:
                dt = 2.0 * step
        left = left - step if left > step else 0.0
        steps += 1
    return steps
