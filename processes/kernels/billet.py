"""Round billets in an induction heater and on the way to the press."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from processes.checks import require_not_negative, require_positive
from processes.kernels import _check as check
from processes.kernels._types import Array, Numbers
from processes.kernels.slab import conduct, shells


class Coil(NamedTuple):
    """A stage of heating, or a wait without power.

    duration : float      0 or more. [s]
    power : float         Into the billet, per area of its surface; 0 in a wait. [W/m^2]
    skin_depth : float    sqrt(rho/(pi mu f)): 1 mm cold and 17 mm above 770 degC for steel at 1 kHz. [m]
    """

    duration: float
    power: float
    skin_depth: float


class Billet(NamedTuple):
    """What heating gave.

    T : array (parts, nodes)   From the axis to the surface. [degC]
    mean : array (parts)       Mean over the cross section. [degC]
    loss : array (parts)       Gone by convection and radiation, per area of surface. [J/m^2]
    """

    T: Array
    mean: Array
    loss: Array


def skin_source(radius: float, skin_depth: float, nodes: int) -> Array:
    """Return how the power is spread over the nodes: e^(-2 depth/skin depth), mean over the volume 1.

    Parameters
    ----------
    radius, skin_depth : float   [m]
    nodes : int                  From the axis to the surface, 3 or more.

    Raises
    ------
    ValueError  If an argument is not positive and finite.

    Notes
    -----
    The field in a half space, recalled; good for a radius of three skin depths and more. Where the skin is thinner than
    a cell the power enters the outermost cell, as a flux would.

    >>> source = skin_source(0.025, 0.005, 26)
    >>> round(float((source * shells("cylinder", 26)[1]).sum() / 0.5), 12)
    1.0
    """
    require_positive(radius=radius, skin_depth=skin_depth)
    nodes = check.whole("nodes", nodes, 3)
    _, volume = shells("cylinder", nodes)
    spread = np.exp(-2.0 * radius * (1.0 - np.arange(nodes) / (nodes - 1)) / skin_depth)
    return np.asarray(spread * volume.sum() / (spread * volume).sum())


def heat_billets(
    T: Array,
    stages: Sequence[Coil],
    radius: float,
    k: Numbers,
    rho_c: Numbers,
    *,
    h: Numbers = 10.0,
    T_fluid: Numbers = 25.0,
    emissivity: Numbers = 0.8,
    T_surroundings: Numbers = 25.0,
    steps: int = 60,
) -> Billet:
    """Return the temperatures of billets after stages of heating and waiting.

    Parameters
    ----------
    T : array (parts, nodes)        Before, from the axis to the surface. [degC]
    stages : sequence of Coil
    radius : float                  [m]
    k, rho_c : float or (parts)     Constant: mean values over the range. [W/(m K), J/(m^3 K)]
    h, T_fluid, emissivity, T_surroundings : float or (parts)   Losses of the surface, as in `slab.conduct`.
    steps : int                     Of each stage.

    Raises
    ------
    ValueError  If an argument is not finite or out of range, or a shape does not fit.

    Notes
    -----
    Long billets: no heat along the axis. Divide a stage at the Curie point, where the skin depth jumps. See
    `slab.conduct` for the scheme.

    >>> cold = np.full((1, 26), 20.0)
    >>> stages = [Coil(60.0, 3.5e5, 0.003), Coil(90.0, 3.5e5, 0.017), Coil(10.0, 0.0, 0.017)]
    >>> hot = heat_billets(cold, stages, 0.025, 32.0, 7850.0 * 650.0)
    >>> round(float(hot.mean[0])), round(float(hot.T[0, -1] - hot.T[0, 0]))  # degC, K
    (780, -9)
    """
    require_positive(radius=radius)
    check.listed("stages", stages, Coil)
    u = check.grid("T", T, 2, least=1)
    loss = np.zeros(u.shape[0])
    for stage in stages:
        require_not_negative(power=stage.power)
        source = skin_source(radius, stage.skin_depth, u.shape[1])
        run = conduct(
            u, stage.duration, radius, k, rho_c, h=h, T_fluid=T_fluid, shape="cylinder", emissivity=emissivity,
            T_surroundings=T_surroundings, power=2.0 * stage.power / radius, source=source, steps=steps,
        )  # fmt: skip
        u, loss = run.T, loss + run.heat_right
    volume = shells("cylinder", u.shape[1])[1]
    return Billet(u, u @ volume / volume.sum(), loss)
