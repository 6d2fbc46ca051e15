"""Quench of plates, round bars and balls in a bath whose film depends on the temperature of the surface."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from processes.kernels import _check as check
from processes.kernels._types import Array, Numbers
from processes.kernels.slab import FIXED, _rows, rows_with_power, shells
from processes.quenching import _checked_curve

K, LENGTH, H_RIGHT = 0, 2, 5  # rows of the core
W = 1.0 - 0.5**0.5  # share of a step to which the factors of TR-BDF2 belong
DAMPED = 2  # implicit Euler steps, tiny ones, before TR-BDF2


class Quench(NamedTuple):
    """What a run gave.

    T : array (parts, nodes)         At the end, from the mid-plane or axis to the surface. [degC]
    heat : array (parts)             Gone into the bath, per area of surface. [J/m^2]
    times : array (steps)            End of each step. [s]
    middle : array (steps, parts)    Temperature of the mid-plane or axis at these times. [degC]
    surface : array (steps, parts)   Of the surface. [degC]
    """

    T: Array
    heat: Array
    times: Array
    middle: Array
    surface: Array


PASSES = 3  # of a step: two would do for the order, the third makes the error a quarter


def quench(
    T: Array,
    time: float,
    length: Numbers,
    k: Numbers,
    rho_c: Numbers,
    *,
    temperatures: Sequence[float],
    films: Sequence[float],
    T_fluid: Numbers,
    shape: str = "slab",
    steps: int = 200,
) -> Quench:
    """Return temperatures and heat of a batch of parts after a time in a quench bath.

    Parameters
    ----------
    T : array (parts, nodes)                        Before; the nodes lie as in `slab.nodes_of`. [degC]
    time : float                                    0 or more. [s]
    length : float or (parts)                       Half thickness or radius. [m]
    k, rho_c : float or (parts)                     Constant: means over the range. [W/(m K), J/(m^3 K)]
    temperatures, films : list of float             Curve of the bath: `processes.quenching.quench_curve`, or measured;
                                                    its ends are held. [degC, W/(m^2 K)]
    T_fluid : float or (parts)                      Bath. [degC]
    shape : str                                     "slab", "cylinder" or "sphere".
    steps : int                                     Shortest at the start; the film is constant in each.

    Raises
    ------
    ValueError  If an argument is not finite or out of range, or a shape does not fit.

    Notes
    -----
    Steps of `slab.conduct` that end at time (i/steps)^2. Each is taken three times: with the film at its start, then
    with the mean of that and the film to which this led. Order 2 in the step (measured), and about 1.7 where the curve
    has corners; heat to rounding. Off by 0.1 % in the example with 200 steps, 0.3 % with 100. No heat of
    transformation.

    >>> from processes.quenching import quench_curve
    >>> temperatures, films = quench_curve("oil")
    >>> bar = quench(np.full((1, 21), 850.0), 30.0, 0.01, 27.0, 7850.0 * 640.0, temperatures=temperatures, films=films,
    ...              T_fluid=60.0, shape="cylinder")
    >>> round(float(np.interp(-500.0, -bar.middle[:, 0], bar.times)), 1)  # s until the axis is at 500 degC
    9.3
    """
    u = check.grid("T", T, 2, least=1)
    check.whole("nodes of T", u.shape[1], 3)
    steps = check.whole("steps", steps, 1)
    check.duration("time", time)
    curve, shell = _checked_curve(temperatures, films), shells(shape, u.shape[1])
    rows = rows_with_power(_rows((u.shape[0],), k, rho_c, length, 0.0, 20.0, 0.0, T_fluid, 0.0, 20.0, 0.0))
    ends = time * (np.arange(steps + 1.0) / steps) ** 2
    heat, seen = np.zeros(u.shape[0]), np.empty((2, steps, u.shape[0]))
    for i, dt in enumerate(np.diff(ends)):
        if dt > 0.0:
            u, gone = _step(u, rows, shell, dt, i < DAMPED, curve)
            heat += gone
        seen[0, i], seen[1, i] = u[:, 0], u[:, -1]
    return Quench(u, heat, ends[1:], seen[0], seen[1])


def _step(
    u: Array, rows: Array, shell: tuple[Array, Array], dt: float, damped: bool, curve: tuple[Array, Array]
) -> tuple[Array, Array]:
    """Return temperatures and heat after one step with the mean of the films at its start and at its end."""
    from processes.kernels import _slab_core as core

    area, volume = shell
    stiffest = FIXED * rows[K] * (u.shape[1] - 1) / rows[LENGTH]
    first = np.interp(u[:, -1], *curve)
    film = first
    for _ in range(PASSES):
        after, heat, nothing = u.copy(), np.zeros((2, u.shape[0])), np.empty((0, u.shape[0]))
        rows[H_RIGHT] = np.minimum(film, stiffest)
        core.run(
            after, rows, area, volume, volume, dt if damped else W * dt, int(damped), int(not damped), 0, nothing, heat
        )
        film = 0.5 * (first + np.interp(after[:, -1], *curve))
    return after, heat[1]
