"""Cores of `fields`: sums over images or quadrature nodes for many points, 256 points at a time.

Square root and division run beside the multiplications of the exponential: they stand in one loop with it. More than
one exponential in a loop, or two divisions in one of erfc, would cost SIMD or time.
"""

from __future__ import annotations

import numpy as np

from processes.kernels._exp import fused_exp
from processes.kernels._jit import fused
from processes.kernels._types import Array

LANES = 256
# exp(x^2) erfc(x) for x >= 0 as a polynomial in u = 2 t - 1, t = 3/(3 + x); fitted here, error of erfc below 1e-10.
ERFCX = (
    0.17900115119626447,
    0.32623355999731385,
    0.24560379993477266,
    0.15011593649291022,
    0.07166587074798428,
    0.02439251607542586,
    0.004268901187895898,
    -0.0007078982499773729,
    -0.0005962679037277088,
    -4.471962855594292e-05,
    6.261979092473538e-05,
    1.194326487662077e-05,
    -6.53827908063356e-06,
    -1.3379883218384091e-06,
    4.632932425148245e-07,
)


@fused
def erfcx_of(u: float) -> float:
    """Return exp(x^2) erfc(x) at u = 6/(3 + x) - 1."""
    p = ERFCX[14]
    for i in range(13, -1, -1):
        p = p * u + ERFCX[i]
    return p


@fused
def images(x: Array, y: Array, z: Array, shifts: Array, decay: float, out: Array) -> None:
    """Fill the sum over sources at the heights `shifts` of exp(-decay (x + r))/r. `out` has the length of x."""
    n = x.size
    plane, total = np.empty(LANES), np.empty(LANES)
    for start in range(0, n, LANES):
        lanes = min(LANES, n - start)
        xs, ys, zs = x[start : start + lanes], y[start : start + lanes], z[start : start + lanes]
        for j in range(lanes):
            total[j] = 0.0
        for j in range(lanes):
            plane[j] = xs[j] * xs[j] + ys[j] * ys[j]
        for shift in shifts:
            for j in range(lanes):
                up = zs[j] - shift
                r = np.sqrt(plane[j] + up * up)
                total[j] = total[j] + fused_exp(-(decay * (xs[j] + r))) / r
        for j in range(lanes):
            out[start + j] = total[j]


@fused
def line(x: Array, y: Array, cosh: Array, width: float, decay: float, out: Array) -> None:
    """Fill exp(-decay x) K0(decay r), K0 by the trapezoidal rule of width `width` with the given hyperbolic cosines."""
    n = x.size
    r, total = np.empty(LANES), np.empty(LANES)
    for start in range(0, n, LANES):
        lanes = min(LANES, n - start)
        xs, ys = x[start : start + lanes], y[start : start + lanes]
        for j in range(lanes):
            r[j] = np.sqrt(xs[j] * xs[j] + ys[j] * ys[j])
        for j in range(lanes):
            total[j] = 0.5 * fused_exp(-(decay * (xs[j] + r[j])))
        for i in range(1, cosh.size):
            for j in range(lanes):
                total[j] = total[j] + fused_exp(-(decay * (xs[j] + r[j] * cosh[i])))
        for j in range(lanes):
            out[start + j] = width * total[j]


@fused
def ellipsoids(x: Array, y: Array, z: Array, nodes: Array, out: Array) -> None:
    """Fill the sum over the times of a quadrature.

    Rows of `nodes`: place of the source, 3/(a^2 + 3 s), 3/(b^2 + 3 s), 1/s, and for front, then rear, 3/(c^2 + 3 s),
    the scale of the argument of erfc, the weight.
    """
    n = x.size
    flat, bend, total = np.empty(LANES), np.empty(LANES), np.empty(LANES)
    for start in range(0, n, LANES):
        lanes = min(LANES, n - start)
        xs, ys, zs = x[start : start + lanes], y[start : start + lanes], z[start : start + lanes]
        for j in range(lanes):
            total[j] = 0.0
        for i in range(nodes.shape[1]):
            place, across, down, sharp = nodes[0, i], nodes[1, i], nodes[2, i], nodes[3, i]
            front, front_scale, front_weight = nodes[4, i], nodes[5, i], nodes[6, i]
            rear, rear_scale, rear_weight = nodes[7, i], nodes[8, i], nodes[9, i]
            for j in range(lanes):
                dx = xs[j] - place
                p, q = 3.0 + abs(dx) * front_scale, 3.0 + abs(dx) * rear_scale
                both = 6.0 / (p * q)
                both = front_weight * erfcx_of(q * both - 1.0) - rear_weight * erfcx_of(p * both - 1.0)
                bend[j] = both if dx > 0.0 else -both
            for j in range(lanes):
                flat[j] = across * (ys[j] * ys[j]) + down * (zs[j] * zs[j])
            for j in range(lanes):
                dx = xs[j] - place
                bend[j] = 0.5 * bend[j] * fused_exp(-(flat[j] + sharp * (dx * dx)))
            for j in range(lanes):
                dx = xs[j] - place
                near = front if dx > 0.0 else rear
                main = (front_weight if dx > 0.0 else rear_weight) * fused_exp(-(flat[j] + near * (dx * dx)))
                total[j] = total[j] + (main - bend[j])
        for j in range(lanes):
            out[start + j] = total[j]
