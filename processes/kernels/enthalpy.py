"""Solidification of plates against a wall or a mould of finite thickness, one or many, by the enthalpy method."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from processes.checks import require_not_falling, require_positive
from processes.fields import array_of
from processes.kernels import _check as check
from processes.kernels._types import Array, Integers, Numbers

SAFETY = 0.95  # of the largest stable step
MOST_STEPS = 20_000_000


@dataclass(frozen=True)
class Alloy:
    """What the metal is.

    T_solidus, T_liquidus : float   May be equal: then it freezes at one temperature. [degC]
    latent : float                  [J/kg]
    rho : float                     Solid and liquid alike. [kg/m^3]
    c_solid, c_liquid : float       `c_solid` counts over the mushy range too. [J/(kg K)]
    k_solid, k_liquid : float       Over the mushy range their mean. [W/(m K)]

    >>> Alloy(557.0, 613.0, 389e3, 2680.0, 963.0, 1080.0, 160.0, 90.0).mush / 1e9  # J/mm3
    1.18704704
    """

    T_solidus: float
    T_liquidus: float
    latent: float
    rho: float
    c_solid: float
    c_liquid: float
    k_solid: float
    k_liquid: float

    def __post_init__(self) -> None:
        require_not_falling(T_solidus=self.T_solidus, T_liquidus=self.T_liquidus)
        require_positive(latent=self.latent, rho=self.rho, c_solid=self.c_solid, c_liquid=self.c_liquid)
        require_positive(k_solid=self.k_solid, k_liquid=self.k_liquid)

    @property
    def mush(self) -> float:
        """Heat per volume from solidus to liquidus. [J/m^3]"""
        return self.rho * (self.latent + self.c_solid * (self.T_liquidus - self.T_solidus))

    def slopes(self) -> tuple[tuple[float, float, float], tuple[float, float, float]]:
        """Return potential and temperature per enthalpy in the solid, mushy and liquid range."""
        solid, liquid = self.rho * self.c_solid, self.rho * self.c_liquid
        mushy = (self.T_liquidus - self.T_solidus) / self.mush
        potential = (self.k_solid / solid, 0.5 * (self.k_solid + self.k_liquid) * mushy, self.k_liquid / liquid)
        return potential, (1.0 / solid, mushy, 1.0 / liquid)

    def enthalpy(self, T: Array) -> Array:
        """Return the enthalpy per volume above the solid at the solidus; all liquid at one freezing point. [J/m^3]"""
        solid = self.rho * self.c_solid * np.minimum(T - self.T_solidus, 0.0)
        width = self.T_liquidus - self.T_solidus
        share = np.clip((T - self.T_solidus) / width, 0.0, 1.0) if width else (self.T_solidus <= T) * 1.0
        return np.asarray(solid + self.mush * share + self.rho * self.c_liquid * np.maximum(T - self.T_liquidus, 0.0))

    def temperature(self, H: Array) -> Array:
        """Return the temperature at an enthalpy. [degC]"""
        _, (solid, mushy, liquid) = self.slopes()
        rest = np.maximum(H - self.mush, 0.0)
        return np.asarray(
            self.T_solidus + ((solid * np.minimum(H, 0.0) + mushy * np.clip(H, 0.0, self.mush)) + liquid * rest)
        )

    def liquid(self, H: Array) -> Array:
        """Return the share of latent heat not yet given off. [0, 1]"""
        return np.asarray(np.clip(H, 0.0, self.mush) / self.mush)


@dataclass(frozen=True)
class Mould:
    """A wall behind the metal.

    k : float           Conductivity. [W/(m K)]
    rho_c : float       Heat capacity per volume. [J/(m^3 K)]
    thickness : float   [m]
    cells : int         2 or more.
    """

    k: float
    rho_c: float
    thickness: float
    cells: int = 30

    def __post_init__(self) -> None:
        require_positive(k=self.k, rho_c=self.rho_c, thickness=self.thickness)
        object.__setattr__(self, "cells", check.whole("cells", self.cells, 2))


class Contact(NamedTuple):
    """A stage of the contact between metal and mould: first the melt is pressed on, then the casting shrinks off.

    duration : float         Above 0; the last stage lasts to the end. [s]
    h : float or (parts)     Between metal and mould, 0-1e12. [W/(m^2 K)]
    """

    duration: float
    h: Numbers


def contact_stages(times: Sequence[float] | Array, h: Sequence[float] | Array, pieces: int = 4) -> list[Contact]:
    """Return stages for a contact that changes all the time, straight between points, each with its mean.

    Parameters
    ----------
    times : list of float   Rising from 0; two or more. [s]
    h : list of float       At each of them; the last one holds on. [W/(m^2 K)]
    pieces : int            Equal stages between two points.

    Raises
    ------
    ValueError  If a number is not finite or out of range, the lists differ in length, or the times do not rise from 0.

    Notes
    -----
    The integral of h over each stage is exact; within it h is constant.

    >>> [(round(stage.duration, 3), round(float(stage.h))) for stage in contact_stages([0.0, 0.2], [6e4, 1e4], 2)]
    [(0.1, 47500), (0.1, 22500), (inf, 10000)]
    """
    pieces = check.whole("pieces", pieces, 1)
    points = check.line("times", array_of("times", times), 2)
    values = check.conductance("h", check.line("h", array_of("h", h), 2), points.shape)
    if points[0] != 0.0 or not (np.diff(points) > 0.0).all():
        raise ValueError(f"times must rise from 0, got {points.tolist()!r}")
    ends = np.interp(np.arange((points.size - 1) * pieces + 1) / pieces, np.arange(points.size), points)
    middles = np.interp(0.5 * (ends[1:] + ends[:-1]), points, values)
    found = [Contact(float(span), float(mean)) for span, mean in zip(np.diff(ends), middles, strict=True)]
    return [*found, Contact(math.inf, float(values[-1]))]


class Freezing(NamedTuple):
    """What a run gave.

    H : array (parts, cells)         Enthalpy of the metal, from the mid-plane to the mould. [J/m^3]
    T : array (parts, cells)         Its temperature. [degC]
    T_mould : array (parts, cells)   From the contact outwards; no columns without a mould. [degC]
    freezing_time : array (parts)    When the last liquid was gone; infinite if some is left. [s]
    T_face : array (parts)           Hottest temperature of the mould face. [degC]
    heat : array (parts)             Gone from metal to mould, per area. [J/m^2]
    liquid : array (parts)           Share of liquid left. [0, 1]
    steps : int                      Time steps taken.
    """

    H: Array
    T: Array
    T_mould: Array
    freezing_time: Array
    T_face: Array
    heat: Array
    liquid: Array
    steps: int


def freeze(
    alloy: Alloy,
    half_thickness: Numbers,
    T_metal: Numbers,
    h_contact: Numbers | Sequence[Contact],
    T_outside: Numbers,
    time: float | None,
    *,
    cells: int = 30,
    mould: Mould | None = None,
    T_mould: Numbers | None = None,
    h_outside: Numbers = 0.0,
    steps: int | None = None,
    longest: float = 1e5,
) -> Freezing:
    """Let plates solidify for a time, or until all are solid.

    Parameters
    ----------
    alloy : Alloy
    half_thickness : float or (parts)    The mid-plane is a plane of symmetry. [m]
    T_metal : float, (parts), (cells) or (parts, cells)   At the start; (parts, 1) for one value each. [degC]
    h_contact : float, (parts), or list of Contact   Between metal and mould, 0-1e12; stages if it changes. [W/(m^2 K)]
    T_outside : float or (parts)         Behind the mould; without a mould the wall itself. [degC]
    time : float or None                 None: until the last liquid is gone, but not longer than `longest`. [s]
    cells : int                          Of the half plate, 3 or more.
    mould : Mould or None
    T_mould : float, (parts, cells)      Of the mould at the start; left out, `T_outside`. [degC]
    h_outside : float or (parts)         Behind the mould; 0 is insulated. [W/(m^2 K)]
    steps : int or None                  Left out, the least stable number; not with stages.
    longest : float                      [s]

    Raises
    ------
    ValueError  If an argument is not finite or out of range, a shape does not fit, or `steps` are too few to be stable.

    Notes
    -----
    rho dH/dt = div(k grad T) with H(T) piecewise linear, the enthalpy method of the textbooks (recalled), cell-centred,
    explicit Euler: no temperature leaves the range
    of its sources, and the heat agrees with the change of enthalpy to rounding. A part has its own step if it is to run
    until it is solid. The resistance of the outermost half cell of metal is that of the solid. Order 1 in time, which
    the stable step ties to the square of a cell. A freezing time is off by 0.3 % at 30 cells, 0.1 % at 60 (Stefan's
    problem, measured). Stages of the contact follow each other without a loss of heat; each has steps of its own.

    >>> aluminium = Alloy(660.0, 660.0, 397e3, 2550.0, 1080.0, 1080.0, 211.0, 95.0)
    >>> plate = freeze(aluminium, 0.0015, np.array([[680.0]]), 8000.0, 200.0, None)
    >>> round(float(plate.freezing_time[0]), 3)
    0.46
    >>> stages = [Contact(0.03, 5e4), Contact(math.inf, 8000.0)]
    >>> round(float(freeze(aluminium, 0.0015, 680.0, stages, 200.0, None).freezing_time[0]), 3)
    0.312
    """
    check.one("alloy", alloy, Alloy)
    if mould is not None:
        check.one("mould", mould, Mould)
    stages = _stages(h_contact)
    named = {f"h_contact[{i}]" if i else "h_contact": stage.h for i, stage in enumerate(stages)}
    parts = check.batch(half_thickness=half_thickness, **named, T_outside=T_outside, h_outside=h_outside)
    start = array_of("T_metal", T_metal)
    if start.ndim == 2:
        parts = (max(start.shape[0], *(parts or (1,))),)
    parts = parts or (1,)
    cells = check.whole("cells", cells, 3)
    H = alloy.enthalpy(check.temperature("T_metal", start, (*parts, cells)))
    outside = check.temperature("T_outside", T_outside, parts)
    die = np.empty((*parts, 0))
    if mould is not None:
        cold = outside[:, None] if T_mould is None else T_mould
        die = check.temperature("T_mould", cold, (*parts, mould.cells))
    dx = check.positive("half_thickness", half_thickness, parts) / cells
    behind = check.conductance("h_outside", h_outside, parts)
    every = [_coefficients(alloy, mould, dx, check.conductance(name, h, parts), behind) for name, h in named.items()]
    if len(stages) == 1:
        coefficients, stable = every[0]
        return _run(alloy, H, die, outside, coefficients, _clock(time, stable, steps, longest))
    if steps is not None:
        raise ValueError(f"steps must be left out if h_contact has stages, got {steps!r}")
    return _through(alloy, H, die, outside, every, _spans(stages, time, longest), time is None)


def _stages(h_contact: Any) -> list[Contact]:
    """Return the stages of the contact, checked but for their heat transfer; a number is one without end."""
    if not (isinstance(h_contact, list | tuple) and any(isinstance(stage, Contact) for stage in h_contact)):
        return [Contact(math.inf, h_contact)]
    check.listed("h_contact", h_contact, Contact)
    for stage in h_contact[:-1]:
        require_positive(**{"duration of h_contact": stage.duration})
    return list(h_contact)


def _spans(stages: list[Contact], time: float | None, longest: float) -> list[float]:
    """Return how long each stage lasts; the last one up to the time, or the longest. [s]"""
    if time is None:
        require_positive(longest=longest)
    left = longest if time is None else check.duration("time", time)
    spans: list[float] = []
    for stage in stages[:-1]:
        spans.append(min(stage.duration, left))
        left -= spans[-1]
    return [*spans, left]


def _through(
    alloy: Alloy,
    H: Array,
    die: Array,
    outside: Array,
    every: list[tuple[Coefficients, Array]],
    spans: list[float],
    until_frozen: bool,
) -> Freezing:
    """Run one stage of the contact after the other; parts that are solid stay as they are if that is the end."""
    parts = outside.size
    when, face, heat, steps, begin = np.full(parts, math.inf), np.full(parts, -math.inf), np.zeros(parts), 0, 0.0
    for number, ((coefficients, stable), span) in enumerate(zip(every, spans, strict=True)):
        last = number == len(spans) - 1
        on = np.flatnonzero(np.isinf(when)) if until_frozen else np.arange(parts)
        if on.size == 0 or (span == 0.0 and not (last and steps == 0)):
            continue
        if until_frozen and last:
            clock = _clock(None, stable[on], None, span)
        elif until_frozen:  # not checked against the most steps: it may end long before its span
            most = math.ceil(span / float(stable[on].min()))
            clock = (np.full(on.size, span / most), most, True)
        else:
            clock = _clock(span, stable[on], None, span)
        chosen = Coefficients(*(field[on] for field in coefficients))
        done = _run(alloy, H[on], die[on], outside[on], chosen, clock)
        H[on], die[on] = done.H, done.T_mould
        when[on] = np.minimum(when[on], begin + done.freezing_time)
        face[on], heat[on] = np.maximum(face[on], done.T_face), heat[on] + done.heat
        steps, begin = steps + done.steps, begin + span
    return Freezing(H, alloy.temperature(H), die, when, face, heat, alloy.liquid(H).mean(axis=1), steps)


class Coefficients(NamedTuple):
    """What the core multiplies by, still without the time step. One value per part."""

    metal: Array  # 1/dx^2
    surface: Array  # 1/dx
    U: Array
    mould: Array  # k/(rho c dx^2)
    mould_surface: Array  # 1/(rho c dx)
    outside: Array
    half: Array  # resistance of half a cell of mould


def _coefficients(
    alloy: Alloy, mould: Mould | None, dx: Array, contact: Array, behind: Array
) -> tuple[Coefficients, Array]:
    """Return the coefficients and the longest stable step of each part."""
    zero = np.zeros_like(dx)
    with np.errstate(divide="ignore"):
        resistance = 0.5 * dx / alloy.k_solid + 1.0 / contact
        half, spread, per_area, outside = zero, zero, zero, zero
        if mould is not None:
            width = mould.thickness / mould.cells
            half = zero + 0.5 * width / mould.k
            spread = zero + mould.k / (mould.rho_c * width * width)
            per_area = zero + 1.0 / (mould.rho_c * width)
            outside = per_area / (half + 1.0 / behind)
        U = 1.0 / (resistance + half)
    potential, per_enthalpy = alloy.slopes()
    inner = max(potential) / (dx * dx)
    rate = np.maximum(2.0 * inner, inner + U * max(per_enthalpy) / dx)
    rate = np.maximum(rate, np.maximum(2.0 * spread, spread + np.maximum(U * per_area, outside)))
    return Coefficients(1.0 / (dx * dx), 1.0 / dx, U, spread, per_area, outside, half), SAFETY / rate


def _clock(time: float | None, stable: Array, steps: int | None, longest: float) -> tuple[Array, int, bool]:
    """Return the step of each part, how many at most, and whether to stop when all are solid."""
    if time is None:
        if steps is not None:
            raise ValueError(f"steps must be left out if time is, got {steps!r}")
        require_positive(longest=longest)
        most = math.ceil(longest / float(stable.min()))
        return stable, min(most, MOST_STEPS), True
    check.duration("time", time)
    least = math.ceil(time / float(stable.min()) * (1.0 - 1e-12))
    if steps is not None and steps < least:
        raise ValueError(f"steps must be at least {least} to be stable, got {steps!r}")
    number = check.whole("steps", max(least, 1) if steps is None else steps, 1, MOST_STEPS)
    return np.full_like(stable, time / number), number, False


def rows(alloy: Alloy, outside: Array, c: Coefficients, dt: Array) -> Array:
    """Return the parameters of the parts as rows in the order of the core."""
    potential, per_enthalpy = alloy.slopes()
    fixed = np.array([*potential, *per_enthalpy, alloy.mush, alloy.T_solidus])
    varied = [c.metal * dt, c.surface * dt, c.U, outside, c.mould * dt, c.mould_surface * dt, c.outside * dt, c.half]
    return np.concatenate([np.broadcast_to(fixed[:, None], (fixed.size, dt.size)), varied])


def alike(alloy: Alloy, cells: int, outside: Array, c: Coefficients, dt: Array) -> Integers:
    """Return an order in which parts that need about as many steps until they are solid stand together.

    A block of parts runs until its last one is solid; the estimate is latent heat through contact and half the metal.
    """
    half = cells / c.metal**0.5
    drop = np.maximum(alloy.T_solidus - outside, 1.0)
    with np.errstate(divide="ignore"):
        time = alloy.mush * half * (1.0 / c.U + 0.5 * half / alloy.k_solid) / drop
    return np.argsort(time / dt, kind="stable")


def _run(
    alloy: Alloy, H: Array, die: Array, outside: Array, c: Coefficients, clock: tuple[Array, int, bool]
) -> Freezing:
    """Call the core on checked arrays; where parts may end at different steps, those alike side by side."""
    from processes.kernels import _enthalpy_core as core

    dt, steps, until_frozen = clock
    order = alike(alloy, H.shape[1], outside, c, dt) if until_frozen else np.arange(dt.size)
    metal, mould, found = H[order], die[order], np.empty((3, dt.size))
    taken = core.run(rows(alloy, outside, c, dt)[:, order], metal, mould, steps, until_frozen, found)
    out = np.empty_like(found)
    H[order], die[order], out[:, order] = metal, mould, found
    when = np.where(out[0] >= 0.0, out[0] * dt, math.inf)
    return Freezing(H, alloy.temperature(H), die, when, out[1], out[2] * dt, alloy.liquid(H).mean(axis=1), taken)


def die_wall_table(
    alloy: Alloy,
    walls: Array,
    h_contacts: Array,
    T_dies: Array,
    T_metal: float,
    die: Mould,
    *,
    cells: int = 30,
) -> Array:
    """Return the freezing time of plates for each wall, contact and die temperature. [s]

    Parameters
    ----------
    alloy : Alloy
    walls : array (a)        Whole thickness. [m]
    h_contacts : array (b)   [W/(m^2 K)]
    T_dies : array (c)       Of the whole die wall at the start, held behind it. [degC]
    T_metal : float          At the start. [degC]
    die : Mould              The layer of the die that feels a single shot: sqrt(alpha t) and more.
    cells : int              Of half the wall.

    Raises
    ------
    ValueError  As `freeze`.

    Returns
    -------
    array (a, b, c), infinite where the plate is not solid after 1e5 s.

    Notes
    -----
    One batch of `freeze`.

    >>> alloy = Alloy(515.0, 580.0, 390e3, 2700.0, 960.0, 1160.0, 94.0, 80.0)
    >>> die = Mould(28.0, 7750.0 * 520.0, 0.02, 10)
    >>> two = die_wall_table(alloy, np.array([2e-3, 4e-3]), np.array([1e4]), np.array([200.0]), 640.0, die, cells=10)
    >>> round(float(two[1, 0, 0] / two[0, 0, 0]), 1)
    2.5
    """
    check.one("die", die, Mould)
    given = {"walls": walls, "h_contacts": h_contacts, "T_dies": T_dies}
    axes = [check.line(name, np.atleast_1d(array_of(name, values)), 1) for name, values in given.items()]
    check.positive("walls", axes[0], axes[0].shape)
    check.conductance("h_contacts", axes[1], axes[1].shape)
    check.temperature("T_dies", axes[2], axes[2].shape)
    wall, contact, cold = (a.ravel() for a in np.meshgrid(*axes, indexing="ij"))
    done = freeze(
        alloy, 0.5 * wall, T_metal, contact, cold, None, cells=cells, mould=die, h_outside=check.HUGE
    )  # fmt: skip
    return done.freezing_time.reshape(np.size(walls), np.size(h_contacts), np.size(T_dies))
