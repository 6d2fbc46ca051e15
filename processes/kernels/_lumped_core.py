"""Cores of `lumped`. Temperatures in kelvin, `e` is emissivity times the Stefan-Boltzmann constant."""

from __future__ import annotations

import numpy as np

from processes.kernels._exp import fast_exp
from processes.kernels._jit import compiled
from processes.kernels._types import Array

LANES = 256
FIRST, GROWTH, LOWEST = 0.1, 1.15, -40.0  # steps in s = ln((T - T_e)/(T_0 - T_e)); where the difference counts as gone
NEWTON = 1e-14
# Rows of the work array of one block.
T0, EQ, D, S, LEFT, STEP, G1, G2, G3, G4, H, E, C, DELTA, TF, TS = range(16)


@compiled
def newton_step(x: float, h: float, e: float, fluid: float, around: float) -> float:
    """Return the Newton step towards the temperature at which convection and radiation cancel."""
    x2 = x * x
    a2 = around * around
    slope = h + 4.0 * e * (x2 * x)
    return (h * (x - fluid) + e * (x2 * x2 - a2 * a2)) / (slope if slope > 0.0 else 1.0)


@compiled
def flux_per_kelvin(s: float, eq: float, d: float, h: float, e: float) -> float:
    """Return flux/(T - T_e) at T = T_e + d e^s."""
    x = eq + d * fast_exp(s)
    return h + e * ((x * x + eq * eq) * (x + eq))


@compiled
def equilibrium(h: float, e: float, fluid: float, around: float) -> float:
    """Return the temperature at which convection and radiation cancel: Newton from above. [K]"""
    x = max(fluid, around)
    delta = x
    while abs(delta) > NEWTON * x:
        delta = newton_step(x, h, e, fluid, around)
        x -= delta
    return x


@compiled
def after(T: float, time: float, h: float, e: float, fluid: float, around: float, capacity: float) -> float:
    """Return the temperature after a time, one body. [degC for `T`, kelvin for `fluid` and `around`]"""
    eq = equilibrium(h, e, fluid, around)
    d = (T + 273.15) - eq
    s, left, kappa = 0.0, time / capacity, FIRST
    while left > 0.0:
        rate = flux_per_kelvin(s, eq, d, h, e)
        step = min(left, kappa / rate)
        g2 = flux_per_kelvin(s - 0.5 * step * rate, eq, d, h, e)
        g3 = flux_per_kelvin(s - 0.5 * step * g2, eq, d, h, e)
        g4 = flux_per_kelvin(s - step * g3, eq, d, h, e)
        s -= step * ((rate + g4) + 2.0 * (g2 + g3)) / 6.0
        left = left - step if s > LOWEST else 0.0
        kappa *= GROWTH
    return T + d * (fast_exp(s) - 1.0)


@compiled
def time_between(d: float, s_end: float, intervals: int, eq: float, h: float, e: float, capacity: float) -> float:
    """Return the time from s = 0 down to `s_end`: Simpson over dt = -C ds/g. [s]"""
    width = s_end / intervals
    total = 0.0
    for i in range(intervals):
        g0 = flux_per_kelvin(i * width, eq, d, h, e)
        g1 = flux_per_kelvin((i + 0.5) * width, eq, d, h, e)
        g2 = flux_per_kelvin((i + 1) * width, eq, d, h, e)
        total += (1.0 / g0 + 4.0 / g1) + 1.0 / g2
    return -capacity * width * total / 6.0


@compiled
def settle_block(w: Array) -> None:
    """Fill the row of equilibrium temperatures of one block."""
    for j in range(LANES):
        w[EQ, j] = max(w[TF, j], w[TS, j])
        w[DELTA, j] = w[EQ, j]
    moving = True
    while moving:
        most = 0.0
        for j in range(LANES):
            x = w[EQ, j]
            delta = newton_step(x, w[H, j], w[E, j], w[TF, j], w[TS, j])
            w[DELTA, j] = delta if abs(w[DELTA, j]) > NEWTON * x else 0.0
        for j in range(LANES):
            w[EQ, j] = w[EQ, j] - w[DELTA, j]
        for j in range(LANES):
            most = max(most, abs(w[DELTA, j]) - NEWTON * w[EQ, j])
        moving = most > 0.0


@compiled
def rates(w: Array, target: int, part: float, source: int) -> None:
    """Fill a row with flux/(T - T_e) at the part of the step that the row `source` says. One exp in the loop: SIMD."""
    for j in range(LANES):
        s = w[S, j] - part * w[STEP, j] * w[source, j]
        x = w[EQ, j] + w[D, j] * fast_exp(s)
        w[target, j] = w[H, j] + w[E, j] * ((x * x + w[EQ, j] * w[EQ, j]) * (x + w[EQ, j]))


@compiled
def cool_block(w: Array) -> None:
    """Advance one block to its end. One row is written per loop: more would need too many overlap tests for SIMD."""
    for j in range(LANES):
        w[D, j] = (w[T0, j] + 273.15) - w[EQ, j]
    for j in range(LANES):
        w[LEFT, j] = w[LEFT, j] / w[C, j]
    for j in range(LANES):
        w[S, j] = 0.0
    kappa, longest = FIRST, 1.0
    while longest > 0.0:
        longest = 0.0
        for j in range(LANES):
            w[STEP, j] = 0.0
        rates(w, G1, 0.0, S)
        for j in range(LANES):
            w[STEP, j] = min(w[LEFT, j], kappa / w[G1, j])
        rates(w, G2, 0.5, G1)
        rates(w, G3, 0.5, G2)
        rates(w, G4, 1.0, G3)
        for j in range(LANES):
            w[S, j] = w[S, j] - w[STEP, j] * ((w[G1, j] + w[G4, j]) + 2.0 * (w[G2, j] + w[G3, j])) / 6.0
        for j in range(LANES):
            w[LEFT, j] = w[LEFT, j] - w[STEP, j] if w[S, j] > LOWEST else 0.0
        for j in range(LANES):
            longest = max(longest, w[LEFT, j])
        kappa *= GROWTH
    for j in range(LANES):
        w[T0, j] = w[T0, j] + w[D, j] * (fast_exp(w[S, j]) - 1.0)


@compiled
def after_many(data: Array, out: Array) -> None:
    """Fill `out` with the temperatures after a time. Rows of `data`: T, time, h, e, fluid, around, capacity."""
    count = out.size
    w = np.zeros((16, LANES))
    order = (T0, LEFT, H, E, TF, TS, C)
    for start in range(0, count, LANES):
        lanes = min(LANES, count - start)
        for row in range(7):
            for j in range(LANES):
                w[order[row], j] = data[row, start + min(j, lanes - 1)]
        settle_block(w)
        cool_block(w)
        for j in range(lanes):
            out[start + j] = w[T0, j]
