"""Core of `casting`: explicit enthalpy steps on a grid of cells of several materials.

Temperatures are kept for three planes only, which stay in the cache while H is read and written once per step.
"""

from __future__ import annotations

from processes.kernels._jit import compiled
from processes.kernels._types import Array, Integers

# Columns of the table of materials: T at H = 0, latent heat, temperature per enthalpy solid, mushy, liquid.
ZERO, MUSH, T_S, T_M, T_L = range(5)


@compiled
def temperatures(H: Array, material: Integers, rows: Integers, table: Array, i: int, out: Array, place: int) -> None:
    """Fill plane `place` of `out` with the temperatures of plane i. `rows`: the material of a row, -1 if mixed."""
    ny, nz = H.shape[1], H.shape[2]
    for j in range(ny):
        m = rows[i, j]
        if m >= 0:
            zero, mush, t_s, t_m, t_l = table[m, ZERO], table[m, MUSH], table[m, T_S], table[m, T_M], table[m, T_L]
            for k in range(nz):
                h = H[i, j, k]
                rest = max(h - mush, 0.0)
                out[place, j, k] = zero + ((t_s * min(h, 0.0) + t_m * min(max(h, 0.0), mush)) + t_l * rest)
        else:
            for k in range(nz):
                m = material[i, j, k]
                h = H[i, j, k]
                rest = max(h - table[m, MUSH], 0.0)
                mushy = table[m, T_M] * min(max(h, 0.0), table[m, MUSH])
                out[place, j, k] = table[m, ZERO] + ((table[m, T_S] * min(h, 0.0) + mushy) + table[m, T_L] * rest)


@compiled
def advance_row(
    H: Array, T: Array, gx: Array, gy: Array, gz: Array, outside: float, factor: float, i: int, j: int,
    here: int, below: int, above: int, net: Array,
) -> None:  # fmt: skip
    """Advance one row. `here`, `below` and `above` are places in T; outside the grid it is `outside` everywhere."""
    nx, ny, nz = H.shape
    left, right = max(j - 1, 0), min(j + 1, ny - 1)
    if 0 < i < nx - 1:
        for k in range(nz):
            t = T[here, j, k]
            net[k] = gx[i, j, k] * (T[below, j, k] - t) + gx[i + 1, j, k] * (T[above, j, k] - t)
    else:
        for k in range(nz):
            t = T[here, j, k]
            before = T[below, j, k] if i > 0 else outside
            after = T[above, j, k] if i < nx - 1 else outside
            net[k] = gx[i, j, k] * (before - t) + gx[i + 1, j, k] * (after - t)
    if 0 < j < ny - 1:
        for k in range(nz):
            t = T[here, j, k]
            net[k] = net[k] + (gy[i, j, k] * (T[here, left, k] - t) + gy[i, j + 1, k] * (T[here, right, k] - t))
    else:
        for k in range(nz):
            t = T[here, j, k]
            before = T[here, left, k] if j > 0 else outside
            after = T[here, right, k] if j < ny - 1 else outside
            net[k] = net[k] + (gy[i, j, k] * (before - t) + gy[i, j + 1, k] * (after - t))
    t = T[here, j, 0]
    net[0] = net[0] + (gz[i, j, 0] * (outside - t) + gz[i, j, 1] * (T[here, j, 1] - t))
    for k in range(1, nz - 1):
        t = T[here, j, k]
        net[k] = net[k] + (gz[i, j, k] * (T[here, j, k - 1] - t) + gz[i, j, k + 1] * (T[here, j, k + 1] - t))
    t = T[here, j, nz - 1]
    net[nz - 1] = net[nz - 1] + (gz[i, j, nz - 1] * (T[here, j, nz - 2] - t) + gz[i, j, nz] * (outside - t))
    for k in range(nz):
        H[i, j, k] = H[i, j, k] + factor * net[k]


@compiled
def advance(
    H: Array, material: Integers, rows: Integers, table: Array, gx: Array, gy: Array, gz: Array, outside: float,
    factor: float, steps: int, T: Array, net: Array,
) -> None:  # fmt: skip
    """Take steps. T (3, ny, nz) and net (nz) are room to work in."""
    nx, ny = H.shape[0], H.shape[1]
    for _ in range(steps):
        temperatures(H, material, rows, table, 0, T, 0)
        for i in range(nx):
            if i < nx - 1:
                temperatures(H, material, rows, table, i + 1, T, (i + 1) % 3)
            for j in range(ny):
                here, below, above = i % 3, (i + 2) % 3, (i + 1) % 3
                advance_row(H, T, gx, gy, gz, outside, factor, i, j, here, below, above, net)


@compiled
def note_frozen(H: Array, material: Integers, time: float, frozen: Array) -> float:
    """Write the time into cells of metal that are solid now and were not; return how much latent heat is left."""
    left = 0.0
    for i in range(H.shape[0]):
        for j in range(H.shape[1]):
            for k in range(H.shape[2]):
                if material[i, j, k] == 0:
                    if H[i, j, k] > 0.0:
                        left += H[i, j, k]
                    elif frozen[i, j, k] < 0.0:
                        frozen[i, j, k] = time
    return left
