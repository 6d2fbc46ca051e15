"""Heat in plane walls, long cylinders and spheres, one or a batch of parts, by an implicit scheme."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from processes.checks import require, require_finite, require_positive, require_within
from processes.kernels import _check as check
from processes.kernels._types import Array, Numbers

SHAPES = ("slab", "cylinder", "sphere")  # place in the tuple: power of the radius to which an area grows
DAMPED = 4  # Euler steps before TR-BDF2
FIXED = (
    1e7  # conductances of a cell at a face that stand for a fixed temperature: more would drown the heat in rounding
)


class Slab(NamedTuple):
    """What a run gave.

    T : array (parts, nodes)          At the end. [degC]
    heat_left, heat_right : (parts)   Gone out through the inner and the outer face, per area of the outer face. [J/m^2]
    times : array (steps)             End of each step. [s]
    series : array (steps, parts)     Temperature of the probe at these times; no rows if none was asked for. [degC]
    """

    T: Array
    heat_left: Array
    heat_right: Array
    times: Array
    series: Array


def nodes_of(length: float, nodes: int) -> Array:
    """Return the places of the nodes, from the mid-plane, axis or left face (0) to the outer face. [m]

    >>> nodes_of(0.01, 3)
    array([0.   , 0.005, 0.01 ])
    """
    require_positive(length=length)
    nodes = check.whole("nodes", nodes, 2)
    return np.linspace(0.0, length, nodes)


def at(profile: Array, length: float, place: float) -> float:
    """Return the value of a profile at a place, by cubic interpolation between the four nearest nodes. [its own unit]

    Parameters
    ----------
    profile : array (nodes)   Four or more, placed as in `nodes_of`.
    length : float            Of the line. [m]
    place : float             From its left end. [m]

    Raises
    ------
    ValueError  If the profile has less than four nodes, a value is not finite, or `place` lies outside [0, length].

    >>> round(at(nodes_of(2.0, 5) ** 3, 2.0, 1.7), 12)
    4.913
    """
    profile = check.line("profile", profile, 4)
    require_positive(length=length)
    require_within(0.0, length * (1.0 + 1e-9), place=place)  # a sum of lengths may miss the end by a rounding
    n = profile.size
    x = place / length * (n - 1)
    first = min(max(math.floor(x) - 1, 0), n - 4)
    near = range(first, first + 4)
    weights = [math.prod((x - j) / (i - j) for j in near if j != i) for i in near]
    return float(sum(weight * profile[i] for weight, i in zip(weights, near, strict=True)))


def shells(shape: str, nodes: int) -> tuple[Array, Array]:
    """Return the areas of the cell faces (nodes + 1) and the volumes (nodes) for radius and outer area 1."""
    require({"shape": shape}, lambda given: given in SHAPES, f"be one of {', '.join(SHAPES)}")
    nodes = check.whole("nodes", nodes, 2)
    power = SHAPES.index(shape)
    places = np.arange(nodes) / (nodes - 1)
    faces = np.concatenate([[0.0], 0.5 * (places[1:] + places[:-1]), [1.0]])
    return faces**power, np.diff(faces ** (power + 1)) / (power + 1)


def conduct(
    T: Array,
    time: float,
    length: Numbers,
    k: Numbers,
    rho_c: Numbers,
    *,
    h: Numbers,
    T_fluid: Numbers,
    shape: str = "slab",
    emissivity: Numbers = 0.0,
    T_surroundings: Numbers = 20.0,
    h_left: Numbers = 0.0,
    T_left: Numbers = 20.0,
    power: Numbers = 0.0,
    source: Array | None = None,
    steps: int = 100,
    order: int = 2,
    probe: int | None = None,
) -> Slab:
    """Return temperatures and heat of a batch of parts after a time.

    Parameters
    ----------
    T : array (parts, nodes)          Before; the nodes lie as in `nodes_of`. [degC]
    time : float                      0 or more. [s]
    length : float or (parts)         Half thickness with an insulated left face, whole thickness, or radius. [m]
    k : float or (parts)              Conductivity. [W/(m K)]
    rho_c : float or (parts)          Heat capacity per volume. [J/(m^3 K)]
    h, T_fluid : float or (parts)     Convection at the outer face; 1e12 holds it at `T_fluid`. [W/(m^2 K), degC]
    shape : str                       "slab", "cylinder" or "sphere".
    emissivity, T_surroundings        Radiation of the outer face to large surroundings, float or (parts). [-, degC]
    h_left, T_left                    Convection at the left face of a slab, float or (parts); 0 is insulated.
    power : float or (parts)          Heat source, times `source`. [W/m^3]
    source : array (nodes)            Its distribution; uniform if left out. [-]
    steps : int                       Equal time steps, 1 or more.
    order : int                       2: TR-BDF2 after 4 damped steps. 1: implicit Euler, which keeps any range.
    probe : int                       Node whose temperature is written down at each step.

    Raises
    ------
    ValueError  If an argument is not finite or out of range, a shape does not fit, or a round body has a left face.

    Notes
    -----
    Finite volumes around equidistant nodes, order 2 in space (measured). TR-BDF2 (Bank and others 1985, recalled) with
    gamma = 2 - sqrt 2 is L-stable; four Euler steps of 0.29 dt with the same matrix damp a quench first. Euler's matrix
    is an M-matrix, so that with `order` 1 no temperature leaves the range of start and surroundings. Newton at the
    radiating face only. Heat and change of energy agree to rounding. Properties are constant: for k(T) call it piece by
    piece, for a quench curve h(T) see `quench`.

    >>> after = conduct(np.full((1, 21), 850.0), 6.0, 0.01, 26.0, 7850.0 * 600.0, h=1200.0, T_fluid=60.0)
    >>> round(float(after.T[0, 10]), 1)  # the series gives 761.39
    761.4
    """
    u = check.grid("T", T, 2, least=1)
    parts, nodes = u.shape
    check.whole("nodes of T", nodes, 3)
    steps = check.whole("steps", steps, 1)
    order = check.whole("order", order, 1, 2)
    if probe is not None:
        probe = check.whole("probe", probe, 0, nodes - 1)
    area, volume = shells(shape, nodes)
    rows = _rows((parts,), k, rho_c, length, h_left, T_left, h, T_fluid, emissivity, T_surroundings, power)
    if shape != "slab" and rows[3].any():
        raise ValueError(f"h_left must be 0 in a {shape}, which has no left face, got {float(rows[3].max())!r}")
    stiffest = FIXED * rows[0] * (nodes - 1) / rows[2]
    rows[3], rows[5] = np.minimum(rows[3], stiffest), np.minimum(rows[5], stiffest)
    weights = np.ones(nodes) if source is None else check.array("source", source, (nodes,))
    return _run(u, check.duration("time", time), rows, area, volume, weights, (steps, order, probe))


def _rows(
    shape: tuple[int],
    k: Numbers,
    rho_c: Numbers,
    length: Numbers,
    h_left: Numbers,
    T_left: Numbers,
    h: Numbers,
    T_fluid: Numbers,
    emissivity: Numbers,
    T_surroundings: Numbers,
    power: Numbers,
) -> Array:
    """Return the checked parameters as rows in the order of the core."""
    rows = (
        check.positive("k", k, shape),
        check.positive("rho_c", rho_c, shape),
        check.positive("length", length, shape),
        check.conductance("h_left", h_left, shape),
        check.temperature("T_left", T_left, shape),
        check.conductance("h", h, shape),
        check.temperature("T_fluid", T_fluid, shape),
        check.array("emissivity", emissivity, shape, low=0.0, high=1.0) * check.STEFAN_BOLTZMANN,
        check.temperature("T_surroundings", T_surroundings, shape),
        check.array("power", power, shape),
    )
    return np.array(rows)


def schedule(time: float, steps: int, order: int) -> tuple[float, int, int, Array]:
    """Return w dt, the numbers of Euler and of TR-BDF2 steps, and the end of each."""
    w = 1.0 - 0.5**0.5
    if order == 1:
        return time / steps, steps, 0, np.arange(1.0, steps + 1) * (time / steps)
    dt = time / (steps + DAMPED * w)
    ends: Array = np.concatenate([np.arange(1.0, DAMPED + 1) * w, DAMPED * w + np.arange(1.0, steps + 1)]) * dt
    return w * dt, DAMPED, steps, ends


def _run(
    u: Array, time: float, rows: Array, area: Array, volume: Array, source: Array, how: tuple[int, int, int | None]
) -> Slab:
    """Call the core on checked arrays. A run of no length returns what it got."""
    steps, order, probe = how
    wdt, damped, rest, times = schedule(time, steps, order)
    heat = np.zeros((2, u.shape[0]))
    recorded = np.empty((0 if probe is None else damped + rest, u.shape[0]))
    if time == 0.0:
        recorded[:] = u[:, probe or 0]
    else:
        from processes.kernels import _slab_core as core

        weighted = source * volume
        core.run(u, rows_with_power(rows), area, volume, weighted, wdt, damped, rest, probe or 0, recorded, heat)
    return Slab(u, heat[0], heat[1], times, recorded)


def rows_with_power(rows: Array) -> Array:
    """Return the parameters with the power per volume times the length: power per outer area of a full volume."""
    scaled = rows.copy()
    scaled[9] *= scaled[2]
    return scaled


def time_when(times: Array, series: Array, start: float, target: float) -> float:
    """Return the time at which a recorded temperature first passes a target, by linear interpolation. [s]

    Parameters
    ----------
    times, series : array (steps)   As in `Slab`, one part.
    start : float                   Temperature at time 0. [degC]
    target : float                  [degC]

    Raises
    ------
    ValueError  If the target is not passed, the lists differ in length, the times do not rise from above 0, or a value
                is not finite.

    >>> time_when(np.array([1.0, 2.0]), np.array([10.0, 30.0]), 0.0, 15.0)
    1.25
    """
    times, series = check.line("times", times, 1), check.line("series", series, 1)
    if times.size != series.size:
        raise ValueError(f"series must have one value for each of {times.size} times, got {series.size}")
    require_finite(start=start, target=target)
    t = np.concatenate([[0.0], times])
    if not (np.diff(t) > 0.0).all():
        raise ValueError(f"times must rise from above 0, got {times.tolist()!r}")
    values = np.concatenate([[start], series]) - target
    passed = np.flatnonzero(values[:-1] * values[1:] <= 0.0)
    if passed.size == 0:
        end = float(series[-1])
        raise ValueError(f"target is not passed: the temperature goes from {start!r} to {end!r}, got {target!r}")
    i = int(passed[0])
    return float(t[i] + (t[i + 1] - t[i]) * values[i] / (values[i] - values[i + 1])) if values[i] else float(t[i])
