"""Pairs of the weld fields: point and line source, double ellipsoid."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.special import erfc

from benchmarks.compare import Pair
from processes.kernels import _fields_core, fields, reference


def goldak_numpy(x: Any, y: Any, z: Any, nodes: Any) -> Any:
    """The same quadrature as one writes it in NumPy."""
    total = np.zeros_like(x)
    for place, across, down, _, front, front_scale, front_weight, rear, rear_scale, rear_weight in nodes.T:
        dx = x - place
        flat = across * y * y + down * z * z
        total += 0.5 * front_weight * np.exp(-(flat + front * dx * dx)) * erfc(-dx * front_scale)
        total += 0.5 * rear_weight * np.exp(-(flat + rear * dx * dx)) * erfc(dx * rear_scale)
    return total


def fields_pairs(quick: bool) -> list[Pair]:
    """Points around a weld."""
    n = 20_000 if quick else 1_000_000
    rng = np.random.default_rng(3)
    x, y, z = rng.uniform(-0.05, 0.01, n), rng.uniform(-0.02, 0.02, n), rng.uniform(0.0, 0.012, n)
    shifts = 0.024 * np.arange(-5.0, 6.0)
    few = n // 10
    nodes = fields._ellipsoid_nodes(8e-4, 0.006, 7e-6, (5e-3, 4e-3, 5e-3, 0.01), (2 / 3, 4 / 3), 5.0)
    x1, y1, z1 = x[:few] + 0.03, y[:few], z[:few]
    out, part = np.empty(n), np.empty(few)

    def rosenthal() -> Any:
        _fields_core.images(x, y, z, shifts, 428.0, out)
        return out

    def rosenthal_numpy() -> Any:
        total = np.zeros_like(x)
        for shift in shifts:
            r = np.sqrt(x * x + y * y + (z - shift) ** 2)
            total += np.exp(-428.0 * (x + r)) / r
        return total

    def goldak() -> Any:
        _fields_core.ellipsoids(x1, y1, z1, nodes, part)
        return part

    def goldak_plain() -> Any:
        return goldak_numpy(x1, y1, z1, nodes)

    cosh = np.cosh(np.arange(0.0, 5.0, 0.25))

    def line() -> Any:
        _fields_core.line(x1, y1, cosh, 0.25, 428.0, part)
        return part

    def line_twin() -> Any:
        return reference.line(x1, y1, cosh, 0.25, 428.0)

    return [
        Pair("Rosenthal, 11 images", "NumPy", rosenthal, rosenthal_numpy, 1e-6, n * 11, 6.0, 9.0),
        Pair("Goldak", "NumPy and erfc of SciPy", goldak, goldak_plain, 1e-5, few * nodes.shape[1], 6.0, 9.0),
        Pair("Rosenthal, line source", "NumPy twin", line, line_twin, 1e-12, few * cosh.size),
    ]  # fmt: skip
