"""Cores of `lumped`. Temperatures in kelvin, `e` is emissivity times the Stefan-Boltzmann constant.

The difference theta = T - T_e obeys theta' = -g theta/C with g = a0 + theta (a1 + theta (a2 + e theta)); see `lumped`.
A loop writes one row only: with more, or with a long function called in it, the compiler gives up SIMD.
"""

from __future__ import annotations

import numpy as np

from processes.kernels._exp import fast_exp
from processes.kernels._jit import compiled
from processes.kernels._types import Array

LANES = 256
FIRST, GROWTH = 0.08, 1.12  # steps of g t/C; the error of a step falls with theta
GONE = 1e-13  # a difference below counts as none [K]
NEWTON = 1e-14
SIXTH = 1.0 / 6.0


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
def rate(theta: float, a0: float, a1: float, a2: float, e: float) -> float:
    """Return flux/(T - T_e), which is not negative."""
    return a0 + theta * (a1 + theta * (a2 + theta * e))


@compiled
def excess(p: float, b1: float, b2: float, b3: float) -> float:
    """Return step (g - a0) where theta has shrunk to the share p."""
    return p * (b1 + p * (b2 + p * b3))


@compiled
def shrink(theta: float, step: float, half: float, a1: float, a2: float, e: float) -> float:
    """Return theta after a step: Runge-Kutta 4 for what is left of it beyond the exponential; `half` is that of half
    a step."""
    scale = step * theta
    b1, b2, b3 = scale * a1, scale * theta * a2, (scale * theta) * theta * e
    whole = half * half
    first = (b1 + b2) + b3
    k2 = first - excess(half, b1, b2, b3)
    u3 = 1.0 + 0.5 * k2
    k3 = (first - excess(half * u3, b1, b2, b3)) * u3
    u4 = 1.0 + k3
    k4 = (first - excess(whole * u4, b1, b2, b3)) * u4
    u = 1.0 + (2.0 * (k2 + k3) + k4) * SIXTH
    return theta * min(max(whole * u, 0.0), 1.0)


@compiled
def after(eq: float, h: float, e: float, capacity: float, T: float, time: float) -> float:
    """Return the temperature of one body that settles at `eq` after a time. [degC for `T`, kelvin for `eq`]"""
    before = (T + 273.15) - eq
    theta, left, kappa = before, time / capacity, FIRST
    a1, a2 = 6.0 * e * (eq * eq), 4.0 * e * eq
    a0 = h + a2 * (eq * eq)
    while left > 0.0:
        g = rate(theta, a0, a1, a2, e)
        step = min(left, kappa / g)
        theta = shrink(theta, step, fast_exp(-0.5 * (g * step)), a1, a2, e)
        left = left - step if abs(theta) > GONE else 0.0
        kappa *= GROWTH
    return T + (theta - before)


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
def settle_block(eq: Array, delta: Array, h: Array, e: Array, fluid: Array, around: Array) -> None:
    """Fill `eq` with the equilibrium temperatures of one block; `delta` is room to work in."""
    for j in range(eq.size):
        eq[j] = max(fluid[j], around[j])
    for j in range(eq.size):
        delta[j] = eq[j]
    moving = 1
    while moving > 0:
        moving = 0
        for j in range(eq.size):
            step = newton_step(eq[j], h[j], e[j], fluid[j], around[j])
            delta[j] = step if abs(delta[j]) > NEWTON * eq[j] else 0.0
        for j in range(eq.size):
            eq[j] = eq[j] - delta[j]
        for j in range(eq.size):
            moving += abs(delta[j]) > NEWTON * eq[j]


@compiled
def cool_block(theta: Array, left: Array, a0: Array, a1: Array, a2: Array, e: Array, step: Array, half: Array) -> None:
    """Advance one block to its end; `step` and `half` are room to work in."""
    kappa, active = FIRST, 1
    while active > 0:
        active = 0
        for j in range(theta.size):
            step[j] = min(left[j], kappa / rate(theta[j], a0[j], a1[j], a2[j], e[j]))
        for j in range(theta.size):
            half[j] = fast_exp(-0.5 * (rate(theta[j], a0[j], a1[j], a2[j], e[j]) * step[j]))
        for j in range(theta.size):
            theta[j] = shrink(theta[j], step[j], half[j], a1[j], a2[j], e[j])
        for j in range(theta.size):
            left[j] = left[j] - step[j] if abs(theta[j]) > GONE else 0.0
        for j in range(theta.size):
            active += left[j] > 0.0
        kappa *= GROWTH


@compiled
def after_many(
    T: Array, time: Array, h: Array, e: Array, fluid: Array, around: Array, capacity: Array, out: Array
) -> None:
    """Fill `out` with the temperatures after a time, of bodies with one argument each in every row."""
    room = np.empty((8, LANES))
    for start in range(0, out.size, LANES):
        lanes = min(LANES, out.size - start)
        stop = start + lanes
        eq, theta, left, a0 = room[0, :lanes], room[1, :lanes], room[2, :lanes], room[3, :lanes]
        a1, a2, step, half = room[4, :lanes], room[5, :lanes], room[6, :lanes], room[7, :lanes]
        settle_block(eq, step, h[start:stop], e[start:stop], fluid[start:stop], around[start:stop])
        for j in range(lanes):
            theta[j] = (T[start + j] + 273.15) - eq[j]
        for j in range(lanes):
            left[j] = time[start + j] / capacity[start + j]
        for j in range(lanes):
            a1[j] = 6.0 * e[start + j] * (eq[j] * eq[j])
        for j in range(lanes):
            a2[j] = 4.0 * e[start + j] * eq[j]
        for j in range(lanes):
            a0[j] = h[start + j] + a2[j] * (eq[j] * eq[j])
        cool_block(theta, left, a0, a1, a2, e[start:stop], step, half)
        for j in range(lanes):
            out[start + j] = T[start + j] + (theta[j] - ((T[start + j] + 273.15) - eq[j]))
