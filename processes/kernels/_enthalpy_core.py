"""Core of the one-dimensional part of `enthalpy`: explicit steps of 64 castings side by side.

The state of the metal is H, the enthalpy per volume above that of the solid at the solidus. Temperature and Kirchhoff's
potential (the integral of k over T) are both piecewise linear in H, so that a face needs no division and no mean of
conductivities, and what leaves a cell enters the next one.
"""

from __future__ import annotations

import numpy as np

from processes.kernels._jit import compiled
from processes.kernels._types import Array

LANES = 64
# Rows of the parameters of the parts. P_*: potential per enthalpy, T_*: temperature per enthalpy; solid, mushy, liquid.
P_S, P_M, P_L, T_S, T_M, T_L, MUSH, SOLIDUS, R, RQ, U, T_OUT, RD, RDQ, OUT, HALF = range(16)
# Rows of the state of a block.
LIQUID, FROZEN, PEAK, CONTACT, HEAT, Q, FLUX, FLUX_NEXT = range(8)


@compiled
def potentials(par: Array, H: Array, phi: Array, s: Array) -> None:
    """Fill the potential of each cell and the liquid, as latent heat summed over the cells."""
    for j in range(LANES):
        s[LIQUID, j] = 0.0
    for i in range(H.shape[0]):
        for j in range(LANES):
            mush = min(max(H[i, j], 0.0), par[MUSH, j])
            rest = max(H[i, j] - par[MUSH, j], 0.0)
            phi[i, j] = (par[P_S, j] * min(H[i, j], 0.0) + par[P_M, j] * mush) + par[P_L, j] * rest
            s[LIQUID, j] = s[LIQUID, j] + mush


@compiled
def contact(par: Array, H: Array, mould: Array, step: float, s: Array) -> None:
    """Fill the flux from the metal into the mould (or its surroundings), and what is counted of it."""
    n, cells = H.shape[0], mould.shape[0]
    for j in range(LANES):
        h = H[n - 1, j]
        mush = min(max(h, 0.0), par[MUSH, j])
        rest = max(h - par[MUSH, j], 0.0)
        T = par[SOLIDUS, j] + ((par[T_S, j] * min(h, 0.0) + par[T_M, j] * mush) + par[T_L, j] * rest)
        s[Q, j] = par[U, j] * (T - (mould[0, j] if cells > 0 else par[T_OUT, j]))
    for j in range(LANES):
        s[HEAT, j] = s[HEAT, j] + s[Q, j]
    for j in range(LANES):
        s[CONTACT, j] = (mould[0, j] if cells > 0 else par[T_OUT, j]) + par[HALF, j] * s[Q, j]
    for j in range(LANES):
        s[PEAK, j] = max(s[PEAK, j], s[CONTACT, j])
    for j in range(LANES):
        s[FROZEN, j] = step if s[FROZEN, j] < 0.0 and s[LIQUID, j] <= 0.0 else s[FROZEN, j]


@compiled
def advance_metal(par: Array, H: Array, phi: Array, s: Array) -> None:
    """Add to each cell what comes in and take off what goes out."""
    n = H.shape[0]
    for j in range(LANES):
        H[0, j] = H[0, j] - par[R, j] * (phi[0, j] - phi[1, j])
    for i in range(1, n - 1):
        for j in range(LANES):
            H[i, j] = H[i, j] + par[R, j] * ((phi[i - 1, j] - phi[i, j]) - (phi[i, j] - phi[i + 1, j]))
    for j in range(LANES):
        H[n - 1, j] = H[n - 1, j] + (par[R, j] * (phi[n - 2, j] - phi[n - 1, j]) - par[RQ, j] * s[Q, j])


@compiled
def advance_mould(par: Array, mould: Array, s: Array) -> None:
    """Advance the mould: two rows of fluxes take turns."""
    cells = mould.shape[0]
    for j in range(LANES):
        s[FLUX, j] = par[RDQ, j] * s[Q, j]
    for i in range(cells):
        here, after = FLUX + i % 2, FLUX + (i + 1) % 2
        if i < cells - 1:
            for j in range(LANES):
                s[after, j] = par[RD, j] * (mould[i, j] - mould[i + 1, j])
        else:
            for j in range(LANES):
                s[after, j] = par[OUT, j] * (mould[i, j] - par[T_OUT, j])
        for j in range(LANES):
            mould[i, j] = mould[i, j] + (s[here, j] - s[after, j])


@compiled
def run_block(par: Array, H: Array, mould: Array, steps: int, until_frozen: bool, s: Array) -> int:
    """Advance one block and return the number of steps taken."""
    phi = np.empty(H.shape)
    for j in range(LANES):
        s[FROZEN, j] = -1.0
        s[HEAT, j] = 0.0
        s[PEAK, j] = -1e300
    for step in range(steps + 1):
        potentials(par, H, phi, s)
        contact(par, H, mould, step, s)
        if step == steps:
            for j in range(LANES):  # counted for a step that is not taken
                s[HEAT, j] = s[HEAT, j] - s[Q, j]
        else:
            advance_metal(par, H, phi, s)
            advance_mould(par, mould, s)
        if until_frozen:
            least = 0.0
            for j in range(LANES):
                least = min(least, s[FROZEN, j])
            if least >= 0.0:
                return min(step + 1, steps)
    return steps


@compiled
def run(par: Array, H: Array, mould: Array, steps: int, until_frozen: bool, out: Array) -> int:
    """Advance all castings and return the most steps taken. `H` (parts, nodes) and `mould` (parts, cells) are changed.

    `out` (3, parts) gets the step after which no liquid was left (-1: some is), the hottest mould face, and the sum of
    the contact fluxes.
    """
    parts, n = H.shape
    cells = mould.shape[1]
    local, s = np.empty((par.shape[0], LANES)), np.empty((8, LANES))
    metal, die = np.empty((n, LANES)), np.empty((cells, LANES))
    taken = 0
    for start in range(0, parts, LANES):
        lanes = min(LANES, parts - start)
        for j in range(LANES):
            part = start + min(j, lanes - 1)
            for row in range(par.shape[0]):
                local[row, j] = par[row, part]
            for i in range(n):
                metal[i, j] = H[part, i]
            for i in range(cells):
                die[i, j] = mould[part, i]
        taken = max(taken, run_block(local, metal, die, steps, until_frozen, s))
        for j in range(lanes):
            for i in range(n):
                H[start + j, i] = metal[i, j]
            for i in range(cells):
                mould[start + j, i] = die[i, j]
            out[0, start + j] = s[FROZEN, j]
            out[1, start + j] = s[PEAK, j]
            out[2, start + j] = s[HEAT, j]
    return taken
