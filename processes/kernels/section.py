"""Section through a die with cooling channels: shots, spray and waiting, to the periodic steady state."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from processes.checks import require, require_positive
from processes.kernels import _check as check
from processes.kernels._types import Array, Numbers

DEPTH = 6  # cycles that the extrapolation looks back


class Channel(NamedTuple):
    """A cooling channel: place of its axis (x into the die, y along the face) and radius. [m]"""

    x: float
    y: float
    radius: float


class Phase(NamedTuple):
    """A part of the cycle with constant conditions on the cavity face.

    duration : float                 0 or more. [s]
    h, T : float or array (ny)       Film and what is behind it: casting, spray, air. [W/(m^2 K), degC]
    flux : float or array (ny)       Given heat into the face. [W/m^2]
    steps : int                      Time steps, the first of them damped.
    """

    duration: float
    h: Numbers
    T: Numbers
    flux: Numbers = 0.0
    steps: int = 20


@dataclass(frozen=True)
class Die:
    """The section of a die, a rectangle of cells with holes.

    depth, width : float                Into the die (x) and along its face (y). [m]
    cells : two ints                    Along x and y, 4 or more.
    k, rho_c : float                    [W/(m K), J/(m^3 K)]
    channels : sequence of Channel      Wholly inside; at least one cell each.
    h_channel, T_water : float          [W/(m^2 K), degC]
    h_back, T_back : float              Of the face opposite to the cavity; the sides are planes of symmetry.
    """

    depth: float
    width: float
    cells: tuple[int, int]
    k: float
    rho_c: float
    channels: Sequence[Channel] = ()
    h_channel: float = 5000.0
    T_water: float = 30.0
    h_back: float = 0.0
    T_back: float = 30.0

    def __post_init__(self) -> None:
        require_positive(depth=self.depth, width=self.width, k=self.k, rho_c=self.rho_c)
        require({"cells": self.cells}, lambda two: len(two) == 2, "be two whole numbers")
        object.__setattr__(self, "cells", tuple(check.whole("cells", n, 4) for n in self.cells))
        check.listed("channels", self.channels, Channel)
        for channel in self.channels:
            x, y, r = channel
            require_positive(radius=r)
            if not (r < x < self.depth - r and r < y < self.width - r):
                raise ValueError(f"channels must lie inside {self.depth:g} x {self.width:g} m, got {channel!r}")
        check.conductance("h_channel", self.h_channel, ())
        check.conductance("h_back", self.h_back, ())
        check.temperature("T_water", self.T_water, ())
        check.temperature("T_back", self.T_back, ())

    @property
    def spacing(self) -> tuple[float, float]:
        """Size of a cell. [m]"""
        return self.depth / self.cells[0], self.width / self.cells[1]

    def places(self) -> tuple[Array, Array]:
        """Return x (nx, 1) and y (ny) of the cell centres. [m]"""
        dx, dy = self.spacing
        return (np.arange(0.5, self.cells[0]) * dx)[:, None], np.arange(0.5, self.cells[1]) * dy

    def holes(self) -> list[Array]:
        """Return for each channel which cells it takes, 1.0 or 0.0."""
        x, y = self.places()
        found: list[Array] = []
        for c in self.channels:
            found.append(np.asarray((x - c.x) ** 2 + (y - c.y) ** 2 < c.radius**2, dtype=np.float64))
        for channel, hole in zip(self.channels, found, strict=True):
            if not hole.any():
                raise ValueError(f"channels must take at least one cell, got {channel!r} on {self.cells} cells")
        return found


class Network(NamedTuple):
    """The die as capacities and conductances, per length of die. Arrays (nx, ny)."""

    C: Array  # [J/(m K)]; 1 in holes
    gx: Array  # to the cell before along x [W/(m K)]
    gy: Array
    sink_x: Array  # films of channels and back
    sink_y: Array
    gain_x: Array  # what they bring in [W/m]
    gain_y: Array
    solid: Array  # 1.0 or 0.0


def network(die: Die) -> Network:
    """Return capacities and conductances. Stairs of cells are longer than a circle: films are scaled to its length."""
    dx, dy = die.spacing
    nx, ny = die.cells
    holes = die.holes()
    solid = np.ones((nx, ny))
    for hole in holes:
        solid *= 1.0 - hole
    gx, gy, sink_x, sink_y = (np.zeros((nx, ny)) for _ in range(4))
    gx[1:] = die.k * dy / dx * solid[1:] * solid[:-1]
    gy[:, 1:] = die.k * dx / dy * solid[:, 1:] * solid[:, :-1]
    for channel, hole in zip(die.channels, holes, strict=True):
        wet_x, wet_y = np.zeros((nx, ny)), np.zeros((nx, ny))
        wet_x[1:] += hole[:-1]
        wet_x[:-1] += hole[1:]
        wet_y[:, 1:] += hole[:, :-1]
        wet_y[:, :-1] += hole[:, 1:]
        wet_x, wet_y = wet_x * solid * dy, wet_y * solid * dx
        film = die.h_channel * 2.0 * math.pi * channel.radius / (wet_x.sum() + wet_y.sum())
        sink_x += wet_x / (0.5 * dx / die.k + 1.0 / film) if film else 0.0
        sink_y += wet_y / (0.5 * dy / die.k + 1.0 / film) if film else 0.0
    gain_x, gain_y = sink_x * die.T_water, sink_y * die.T_water
    back = dy / (0.5 * dx / die.k + 1.0 / die.h_back) * solid[-1] if die.h_back else np.zeros(ny)
    sink_x[-1] += back
    gain_x[-1] += back * die.T_back
    capacity = np.where(solid > 0.0, die.rho_c * dx * dy, 1.0)
    return Network(capacity, gx, gy, sink_x, sink_y, gain_x, gain_y, solid)


def with_face(net: Network, die: Die, phase: Phase) -> tuple[Array, Array]:
    """Return `sink_x` and `gain_x` with the cavity face of a phase."""
    dx, dy = die.spacing
    shape = (die.cells[1],)
    h = check.conductance("h of a phase", phase.h, shape)
    T = check.temperature("T of a phase", phase.T, shape)
    flux = check.array("flux of a phase", phase.flux, shape)
    with np.errstate(divide="ignore"):
        film = dy / (0.5 * dx / die.k + 1.0 / h)
    sink, gain = net.sink_x.copy(), net.gain_x.copy()
    sink[0] += film * net.solid[0]
    gain[0] += (film * T + dy * flux) * net.solid[0]
    return sink, gain


class Section(NamedTuple):
    """What a run gave.

    T : array (nx, ny)               At the end of the last cycle, which is before a shot. [degC]
    ends : array (phases, nx, ny)    At the end of each phase of the last cycle. [degC]
    cycles : int                     Cycles computed.
    change : float                   Largest change of a cell over the last cycle. [K]
    """

    T: Array
    ends: Array
    cycles: int
    change: float


def run_cycles(die: Die, phases: Sequence[Phase], T: Numbers, cycles: int) -> Section:
    """Run a number of equal cycles.

    Parameters
    ----------
    die : Die
    phases : sequence of Phase   One or more; together the cycle.
    T : float or array (nx, ny)  At the start. [degC]
    cycles : int                 0 or more.

    Raises
    ------
    ValueError  If an argument is not finite or out of range, or a shape does not fit.

    Notes
    -----
    Cells with film and conduction resistances; Peaceman and Rachford 1955 (recalled): half a step implicit in x, half
    in y, order 2 in space away from channels and in time (measured). The first step of each phase is two fully implicit
    steps of half the length, one direction after the other: they damp the jump of the conditions, with the same
    matrices, and keep any range; later ones may overshoot if a phase has very few steps. Splitting makes the first step
    of a phase order 1 in the balance of heat: 0.03 % for 40 steps of 5 s.

    >>> die = Die(0.06, 0.04, (24, 16), 28.0, 7750.0 * 520.0, [Channel(0.03, 0.02, 0.005)])
    >>> cycle = [Phase(10.0, 5000.0, 500.0), Phase(2.0, 8000.0, 40.0), Phase(28.0, 20.0, 40.0)]
    >>> run_cycles(die, cycle, 150.0, 3).cycles
    3
    """
    check.one("die", die, Die)
    cycles = check.whole("cycles", cycles, 0)
    prepared = _prepare(die, phases)
    u = _start(die, T)
    ends, change = np.repeat(u[None], len(phases), axis=0), 0.0
    for _ in range(cycles):
        before = u.copy()
        ends = _cycle(u, prepared)
        change = float(np.abs(u - before).max())
    return Section(u, ends, cycles, change)


def periodic_state(
    die: Die, phases: Sequence[Phase], T: Numbers = 150.0, *, tolerance: float = 0.01, most_cycles: int = 500
) -> Section:
    """Return the state that repeats itself with every cycle.

    Parameters
    ----------
    die, phases : as in `run_cycles`
    T : float or array (nx, ny)   First guess. [degC]
    tolerance : float             Largest change of a cell over a cycle. [K]
    most_cycles : int             1 or more.

    Raises
    ------
    ValueError  As `run_cycles`, or if the change is still larger after `most_cycles`.

    Notes
    -----
    A cycle is an affine map of temperatures. Its fixed point is found by extrapolation from the last six cycles
    (Anderson 1965, recalled); what is returned has passed through a whole cycle.

    >>> die = Die(0.06, 0.04, (24, 16), 28.0, 7750.0 * 520.0, [Channel(0.03, 0.02, 0.005)])
    >>> cycle = [Phase(10.0, 5000.0, 500.0), Phase(2.0, 8000.0, 40.0), Phase(28.0, 20.0, 40.0)]
    >>> state = periodic_state(die, cycle)
    >>> state.change < 0.01, state.cycles < 12
    (True, True)
    """
    require_positive(tolerance=tolerance)
    check.one("die", die, Die)
    most_cycles = check.whole("most_cycles", most_cycles, 1)
    prepared = _prepare(die, phases)
    u = _start(die, T)
    guesses: list[Array] = []
    residuals: list[Array] = []
    for number in range(1, most_cycles + 1):
        before = u.copy()
        ends = _cycle(u, prepared)
        change = float(np.abs(u - before).max())
        if change < tolerance:
            return Section(u, ends, number, change)
        guesses, residuals = [*guesses[-DEPTH:], u.copy()], [*residuals[-DEPTH:], u - before]
        u = _extrapolate(guesses, residuals)
    raise ValueError(f"most_cycles must be more: a cell still changes by {change:.3g} K, got {most_cycles!r}")


def _extrapolate(after: list[Array], residuals: list[Array]) -> Array:
    """Return the combination of states after a cycle whose residuals cancel best."""
    if len(after) == 1:
        return after[0].copy()
    steps = np.array([(residuals[-1] - r).ravel() for r in residuals[:-1]])
    weights = np.linalg.lstsq(steps.T, residuals[-1].ravel(), rcond=1e-10)[0]
    best = after[-1].copy()
    for weight, state in zip(weights, after[:-1], strict=True):
        best -= weight * (after[-1] - state)
    return np.asarray(best)


def _start(die: Die, T: Numbers) -> Array:
    """Return the checked start, water in the holes."""
    u = check.temperature("T", T, die.cells)
    for hole in die.holes():
        u[hole > 0.0] = die.T_water
    return u


def _prepare(die: Die, phases: Sequence[Phase]) -> list[tuple[Array, ...]]:
    """Return the arrays of the core for each phase, the number of steps as the last; nothing if it has no length."""
    check.listed("phases", phases, Phase)
    if not phases:
        raise ValueError(f"phases must be one or more, got {phases!r}")
    net = network(die)
    found: list[tuple[Array, ...]] = []
    for phase in phases:
        check.duration("duration of a phase", phase.duration)
        check.whole("steps of a phase", phase.steps, 1)
        sink, gain = with_face(net, die, phase)
        if phase.duration == 0.0:
            found.append(())
            continue
        cap = np.where(net.solid > 0.0, net.C * (2.0 * phase.steps / phase.duration), 1.0)
        steps = np.array(float(phase.steps))
        found.append((cap, net.gx, net.gy, sink, net.sink_y, gain, net.gain_y, steps))
    return found


def _cycle(u: Array, prepared: list[tuple[Array, ...]]) -> Array:
    """Advance `u` by one cycle and return the ends of its phases."""
    from processes.kernels import _section_core as core

    ends = []
    for arrays in prepared:
        if arrays:
            cap, gx, gy, sink_x, sink_y, gain_x, gain_y, steps = arrays
            core.run_phase(u, cap, gx, gy, sink_x, sink_y, gain_x, gain_y, int(steps))
        ends.append(u.copy())
    return np.array(ends)
