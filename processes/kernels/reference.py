"""NumPy twins of the cores: the same operations in the same order, whole arrays at a time, hence the same bits.
Those of the fields are near instead: their cores are compiled with fused multiply-add.

They are for reading and for tests, need no compiler and check nothing. Each takes what its core takes.
"""

from __future__ import annotations

import numpy as np

from processes.kernels._types import Array, Integers

LN2_HIGH, LN2_LOW, ROUND = 6.93147180369123816490e-01, 1.90821492927058770002e-10, 6755399441055744.0
TAYLOR = (2.48015873015873e-05, 2.7557319223985893e-06, 2.755731922398589e-07, 2.505210838544172e-08)
GAMMA = 2.0 - 2.0**0.5
STAGE, BEFORE = 1.0 / (GAMMA * (2.0 - GAMMA)), (1.0 - GAMMA) ** 2 / (GAMMA * (2.0 - GAMMA))


def fast_exp(x: Array) -> Array:
    """Twin of `_exp.fast_exp`."""
    x = np.minimum(np.maximum(x, -708.0), 709.0)
    shifted = x * 1.4426950408889634 + ROUND
    k = shifted - ROUND
    r = (x - k * LN2_HIGH) - k * LN2_LOW
    r2 = r * r
    r4 = r2 * r2
    low = (1.0 + r) + r2 * (0.5 + r * 0.16666666666666666)
    mid = (0.041666666666666664 + r * 0.008333333333333333) + r2 * (0.001388888888888889 + r * 0.0001984126984126984)
    high = (TAYLOR[0] + r * TAYLOR[1]) + r2 * (TAYLOR[2] + r * TAYLOR[3])
    p = (low + r4 * mid) + (r4 * r4) * (high + r4 * (2.08767569878681e-09 + r * 1.6059043836821613e-10))
    scale = ((np.asarray(shifted, dtype=np.float64).view(np.int64) + 1023) << 52).view(np.float64)
    return np.asarray(p * scale)


# -- lumped ------------------------------------------------------------------------------------------------------------


def equilibrium(h: Array, e: Array, fluid: Array, around: Array) -> Array:
    """Twin of `_lumped_core.equilibrium`. [K]"""
    x = np.maximum(fluid, around)
    delta = x
    moving = np.abs(delta) > 1e-14 * x
    while moving.any():
        x2, a2 = x * x, around * around
        slope = h + 4.0 * e * (x2 * x)
        step = (h * (x - fluid) + e * (x2 * x2 - a2 * a2)) / np.where(slope > 0.0, slope, 1.0)
        delta = np.where(moving, step, 0.0)
        x = x - delta
        moving = np.abs(delta) > 1e-14 * x
    return np.asarray(x)


def after_many(T: Array, time: Array, h: Array, e: Array, fluid: Array, around: Array, capacity: Array) -> Array:
    """Twin of `_lumped_core.after_many`."""
    eq = equilibrium(h, e, fluid, around)
    before = (T + 273.15) - eq
    theta, left, kappa = before, time / capacity, 0.08
    a1, a2 = 6.0 * e * (eq * eq), 4.0 * e * eq
    a0 = h + a2 * (eq * eq)
    while (left > 0.0).any():
        g = a0 + theta * (a1 + theta * (a2 + theta * e))
        with np.errstate(divide="ignore"):
            step = np.minimum(left, kappa / g)
        half = fast_exp(-0.5 * (g * step))
        theta = _shrink(theta, step, half, a1, a2, e)
        left = np.where(np.abs(theta) > 1e-13, left - step, 0.0)
        kappa *= 1.12
    return np.asarray(T + (theta - before))


def _shrink(theta: Array, step: Array, half: Array, a1: Array, a2: Array, e: Array) -> Array:
    """Twin of `_lumped_core.shrink`."""
    scale, whole = step * theta, half * half
    b1, b2, b3 = scale * a1, scale * theta * a2, (scale * theta) * theta * e

    def excess(p: Array) -> Array:
        return np.asarray(p * (b1 + p * (b2 + p * b3)))

    first = (b1 + b2) + b3
    k2 = first - excess(half)
    u3 = 1.0 + 0.5 * k2
    k3 = (first - excess(half * u3)) * u3
    u4 = 1.0 + k3
    k4 = (first - excess(whole * u4)) * u4
    u = 1.0 + (2.0 * (k2 + k3) + k4) * (1.0 / 6.0)
    return np.asarray(theta * np.minimum(np.maximum(whole * u, 0.0), 1.0))


# -- slab --------------------------------------------------------------------------------------------------------------


class SlabTwin:
    """Twin of `_slab_core.run`: arrays are (nodes, parts). `run` changes `u` and fills `heat` and `series`."""

    def __init__(self, u: Array, par: Array, area: Array, volume: Array, source: Array, wdt: float) -> None:
        k, rho_c, length, h_left, self.T_left, h_right, self.T_right, self.e, self.T_around, power = par
        n = volume.size
        self.u, self.n, self.wdt = u, n, wdt
        self.source = power * source[:, None]
        self.cap = rho_c * length * volume[:, None] / wdt
        self.g = np.empty((n + 1, u.shape[1]))
        self.g[1:n] = k * area[1:n, None] * (n - 1) / length
        self.g[0], self.g[n] = h_left * area[0], h_right
        self.inv, self.up = np.empty_like(u), np.empty_like(u)
        self.inv[0] = 1.0 / (self.cap[0] + self.g[0] + self.g[1])
        self.up[0] = self.g[1] * self.inv[0]
        for i in range(1, n):
            self.inv[i] = 1.0 / (self.cap[i] + self.g[i + 1] + self.g[i] * (1.0 - self.up[i - 1]))
            self.up[i] = self.g[i + 1] * self.inv[i]
        self.heat = np.zeros((2, u.shape[1]))
        self.series: list[Array] = []

    def fluxes(self) -> tuple[Array, Array]:
        """Return what goes out through the left and the right face."""
        x, a = self.u[-1] + 273.15, self.T_around + 273.15
        x2, a2 = x * x, a * a
        left = self.g[0] * (self.u[0] - self.T_left)
        return left, self.g[self.n] * (self.u[-1] - self.T_right) + self.e * (x2 * x2 - a2 * a2)

    def add_heat(self, factor: float) -> None:
        """Add the heat of the present fluxes."""
        for side, flux in enumerate(self.fluxes()):
            self.heat[side] += factor * flux

    def explicit(self) -> Array:
        """Return the known side of the trapezoidal rule."""
        u, g = self.u, self.g
        left, right = self.fluxes()
        net = np.empty_like(u)
        net[0] = (self.source[0] - left) - g[1] * (u[0] - u[1])
        net[1:-1] = (g[1:-2] * (u[:-2] - u[1:-1]) - g[2:-1] * (u[1:-1] - u[2:])) + self.source[1:-1]
        net[-1] = (self.source[-1] - right) + g[-2] * (u[-2] - u[-1])
        return np.asarray(self.cap * u + net)

    def solve(self, d: Array) -> None:
        """Solve for the next temperatures."""
        g, inv, last = self.g, self.inv, self.u[-1]
        d[0] = (d[0] + g[0] * self.T_left + self.source[0]) * inv[0]
        for i in range(1, self.n - 1):
            d[i] = (d[i] + self.source[i] + g[i] * d[i - 1]) * inv[i]
        right = (d[-1] + self.source[-1] + g[-1] * self.T_right) + g[-2] * d[-2]
        for _ in range(6):
            x, a = last + 273.15, self.T_around + 273.15
            x2, a2 = x * x, a * a
            wrong = last / inv[-1] + self.e * (x2 * x2 - a2 * a2) - right
            last = last - wrong / (1.0 / inv[-1] + 4.0 * self.e * (x2 * x))
        self.u[-1] = np.where(self.e > 0.0, last, right * inv[-1])
        for i in range(self.n - 2, -1, -1):
            self.u[i] = d[i] + self.up[i] * self.u[i + 1]

    def run(self, damped: int, steps: int, probe: int = 0) -> None:
        """Take all steps."""
        for step in range(damped + steps):
            if step < damped:
                d = self.cap * (1.0 * self.u - 0.0 * self.u)
            else:
                before = self.u.copy()
                self.add_heat(STAGE * self.wdt)
                self.solve(self.explicit())
                self.add_heat(STAGE * self.wdt)
                d = self.cap * (STAGE * self.u - BEFORE * before)
            self.solve(d)
            self.add_heat(self.wdt)
            self.series.append(self.u[probe].copy())


# -- enthalpy ----------------------------------------------------------------------------------------------------------


def freeze(par: Array, H: Array, mould: Array, steps: int) -> Array:
    """Twin of `_enthalpy_core.run` for a given number of steps: arrays are (cells, parts), `H` and `mould` change."""
    p_s, p_m, p_l, t_s, t_m, t_l, most, solidus, r, rq, U, outside, rd, rdq, out, half = par
    frozen, peak, heat = np.full_like(r, -1.0), np.full_like(r, -1e300), np.zeros_like(r)
    for step in range(steps + 1):
        mush, rest = np.minimum(np.maximum(H, 0.0), most), np.maximum(H - most, 0.0)
        solid = np.minimum(H, 0.0)
        phi = (p_s * solid + p_m * mush) + p_l * rest
        T = solidus + ((t_s * solid[-1] + t_m * mush[-1]) + t_l * rest[-1])
        behind = mould[0] if len(mould) else outside
        q = U * (T - behind)
        peak = np.maximum(peak, behind + half * q)
        frozen = np.where((frozen < 0.0) & (mush.sum(axis=0) <= 0.0), step, frozen)
        heat = heat + q
        if step == steps:
            heat = heat - q
            break
        flux = phi[:-1] - phi[1:]
        H[0] = H[0] - r * flux[0]
        H[1:-1] = H[1:-1] + r * (flux[:-1] - flux[1:])
        H[-1] = H[-1] + (r * flux[-1] - rq * q)
        if len(mould):
            fluxes = np.concatenate([[rdq * q], rd * (mould[:-1] - mould[1:]), [out * (mould[-1] - outside)]])
            mould += fluxes[:-1] - fluxes[1:]
    return np.array([frozen, peak, heat])


# -- block -------------------------------------------------------------------------------------------------------------


def _factors(c: Array, half_dt: float) -> None:
    """Twin of `_block_core.factorise`."""
    for i in range(c.shape[1]):
        pivot = 1.0 + half_dt * (c[0, i] + c[1, i] + c[2, i])
        pivot -= (half_dt * c[0, i]) * c[3, i - 1] if i else 0.0
        c[4, i] = 1.0 / pivot
        c[3, i] = half_dt * c[1, i] * c[4, i]


def _sweep(d: Array, half_dt: float, directions: tuple[Array, ...]) -> None:
    """Twin of `_block_core.sweep`."""
    for axis, c in enumerate(directions):
        line = np.moveaxis(d, axis, 0)
        line[0] *= c[4, 0]
        for i in range(1, len(line)):
            line[i] = (line[i] + (half_dt * c[0, i]) * line[i - 1]) * c[4, i]
        for i in range(len(line) - 2, -1, -1):
            line[i] = line[i] + c[3, i] * line[i + 1]


def _part(T: Array, c: Array, axis: int) -> Array:
    """Return A T of one direction."""
    before, after, sink = (row.reshape([-1 if a == axis else 1 for a in range(3)]) for row in c[:3])
    lower, upper = np.roll(T, 1, axis), np.roll(T, -1, axis)  # what wraps around is multiplied by zero
    return np.asarray((before * (lower - T) + after * (upper - T)) - sink * T)


def block(T: Array, time: float, dt: float, *directions: Array) -> int:
    """Twin of `_block_core.run` without step control; `T` changes."""
    left, steps = time, 0
    while left > 0.0:
        step = min(dt, left) if left > dt * 1.000001 else left
        for c in directions:
            _factors(c, 0.5 * step)
        if steps == 0:
            for _ in range(2):
                _sweep(T, 0.5 * step, directions)
        else:
            d = step * ((_part(T, directions[0], 0) + _part(T, directions[1], 1)) + _part(T, directions[2], 2))
            _sweep(d, 0.5 * step, directions)
            T += d
        left = left - step if left > step else 0.0
        steps += 1
    return steps


# -- fields ------------------------------------------------------------------------------------------------------------


def images(x: Array, y: Array, z: Array, shifts: Array, decay: float) -> Array:
    """Twin of `_fields_core.images`."""
    total = np.zeros_like(x)
    for shift in shifts:
        up = z - shift
        r = np.sqrt((x * x + y * y) + up * up)
        total = total + fast_exp(-(decay * (x + r))) / r
    return total


def line(x: Array, y: Array, cosh: Array, width: float, decay: float) -> Array:
    """Twin of `_fields_core.line`."""
    r = np.sqrt(x * x + y * y)
    total = 0.5 * fast_exp(-(decay * (x + r)))
    for c in cosh[1:]:
        total = total + fast_exp(-(decay * (x + r * c)))
    return np.asarray(width * total)


def ellipsoids(x: Array, y: Array, z: Array, nodes: Array, coefficients: tuple[float, ...]) -> Array:
    """Twin of `_fields_core.ellipsoids`; `coefficients` are those of its `ERFCX`."""

    def erfcx_of(u: Array) -> Array:
        p = np.full_like(u, coefficients[-1])
        for c in coefficients[-2::-1]:
            p = p * u + c
        return p

    total = np.zeros_like(x)
    for place, across, down, sharp, front, front_scale, front_weight, rear, rear_scale, rear_weight in nodes.T:
        dx = x - place
        ahead = dx > 0.0
        p, q = 3.0 + np.abs(dx) * front_scale, 3.0 + np.abs(dx) * rear_scale
        both = 6.0 / (p * q)
        both = front_weight * erfcx_of(q * both - 1.0) - rear_weight * erfcx_of(p * both - 1.0)
        flat = across * (y * y) + down * (z * z)
        bend = 0.5 * np.where(ahead, both, -both) * fast_exp(-(flat + sharp * (dx * dx)))
        main = np.where(ahead, front_weight, rear_weight) * fast_exp(-(flat + np.where(ahead, front, rear) * (dx * dx)))
        total = total + (main - bend)
    return total


# -- section -----------------------------------------------------------------------------------------------------------


def _solve_lines(d: Array, cap: Array, g: Array, sink: Array) -> Array:
    """Solve (2C/dt - L) T = d along the first axis: twin of `factorise` and the sweeps of `_section_core`."""
    inv, up = np.empty_like(cap), np.empty_like(cap)
    after = np.zeros_like(g)
    after[:-1] = g[1:]
    for i in range(len(cap)):
        pivot = cap[i] + sink[i] + after[i]
        if i:
            pivot = pivot + g[i] * (1.0 - up[i - 1])
        inv[i] = 1.0 / pivot
        up[i] = after[i] * inv[i]
    T = np.empty_like(d)
    T[0] = d[0] * inv[0]
    for i in range(1, len(d)):
        T[i] = (d[i] + g[i] * T[i - 1]) * inv[i]
    for i in range(len(d) - 2, -1, -1):
        T[i] = T[i] + up[i] * T[i + 1]
    return T


def _known(T: Array, cap: Array, g: Array, sink: Array, gain: Array, other: Array) -> Array:
    """Return (2C/dt + L) T + gains, L along the first axis."""
    d = (cap - sink) * T + (gain + other)
    d[1:] += g[1:] * (T[:-1] - T[1:])
    d[:-1] += g[1:] * (T[1:] - T[:-1])
    return np.asarray(d)


def section_phase(
    T: Array, cap: Array, gx: Array, gy: Array, sink_x: Array, sink_y: Array, gain_x: Array, gain_y: Array, steps: int
) -> None:
    """Twin of `_section_core.run_phase`; `T` changes."""
    for step in range(steps):
        if step == 0:
            for _ in range(2):
                T[:] = _solve_lines(cap * T + gain_x, cap, gx, sink_x)
                T[:] = _solve_lines((cap * T + gain_y).T, cap.T, gy.T, sink_y.T).T
        else:
            d = _known(T.T, cap.T, gy.T, sink_y.T, gain_y.T, gain_x.T).T
            T[:] = _solve_lines(d, cap, gx, sink_x)
            d = _known(T, cap, gx, sink_x, gain_x, gain_y)
            T[:] = _solve_lines(d.T, cap.T, gy.T, sink_y.T).T


# -- casting -----------------------------------------------------------------------------------------------------------


def casting(
    H: Array, material: Integers, table: Array, faces: list[Array], outside: float, factor: float, steps: int
) -> None:
    """Twin of `_casting_core.advance`; `H` changes."""
    zero, mush, t_s, t_m, t_l = np.moveaxis(table[material], -1, 0)
    for _ in range(steps):
        mushy = np.minimum(np.maximum(H, 0.0), mush)
        T = zero + ((t_s * np.minimum(H, 0.0) + t_m * mushy) + t_l * np.maximum(H - mush, 0.0))
        net = np.zeros(0)
        for axis, g in enumerate(faces):
            line, conductance = np.moveaxis(T, axis, 0), np.moveaxis(g, axis, 0)
            wall = np.full_like(line[:1], outside)
            around = np.concatenate([wall, line, wall])
            part = conductance[:-1] * (around[:-2] - line) + conductance[1:] * (around[2:] - line)
            part = np.moveaxis(part, 0, axis)
            net = net + part if net.size else part
        H += factor * net
