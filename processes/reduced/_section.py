"""Capacity and conductances of a lumped die or mould from the section kernel. NumPy is imported when it is called."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from processes.checks import require_positive, require_within

if TYPE_CHECKING:
    from processes.kernels._types import Array
    from processes.kernels.section import Die

LEAST = 1e-3  # share of the start below which a decay is lost in the noise of the kernel


def effective(section: Die, heat: float, contact: float, cycle: float) -> tuple[float, float]:
    """Return capacity [J/(m K)] and running conductance [W/(m K)] of the cavity face, per length of die.

    The rate of the slowest decay, running; and the capacity with which the lumped law gives the face temperature before
    a part, Q/((T_b - T_s)(e^(rt) - 1)). The conductance is their product.
    """
    require_positive(heat=heat, contact=contact, cycle=cycle)
    require_within(0.0, cycle, contact=contact)
    rate = slowest_rate(section, cycle)
    capacity = heat / (before_part(section, heat, contact, cycle) * math.expm1(rate * cycle))
    return capacity, rate * capacity


def before_part(section: Die, heat: float, contact: float, cycle: float) -> float:
    """Return the steady rise of the face over the water before a part. [K]"""
    return float(_periodic(section, heat, contact, cycle)[0].mean()) - section.T_water


def left_after_stop(section: Die, stopped: Die, heat: float, contact: float, cycle: float, stop: float) -> float:
    """Return which share of the steady rise before a part the face still has after a stop."""
    from processes.kernels.section import Phase, run_cycles

    require_positive(stop=stop)
    T = _periodic(section, heat, contact, cycle)
    wait = Phase(stop, 0.0, section.T_water, 0.0, max(40, min(1000, math.ceil(stop / 2.0))))
    cold = run_cycles(stopped, [wait], T, 1).T
    return float((cold[0].mean() - section.T_water) / (T[0].mean() - section.T_water))


def _periodic(section: Die, heat: float, contact: float, cycle: float) -> Array:
    """Return the temperatures of the section before a part, in steady production. [degC]"""
    from processes.kernels.section import Phase, periodic_state

    flux, water = heat / (contact * section.width), section.T_water
    phases = [Phase(contact, 0.0, water, flux, 20), Phase(cycle - contact, 0.0, water, 0.0, 20)]
    return periodic_state(section, phases, water + 50.0).T


def slowest_rate(section: Die, step: float) -> float:
    """Return the rate at which the face of a hot section without heat decays in the end. [1/s]"""
    from processes.kernels.section import Phase, run_cycles

    T, face, rate = section.T_water + 1000.0, 1000.0, math.inf
    state = run_cycles(section, [Phase(step, 0.0, section.T_water)], T, 1)
    for _ in range(60):
        before, face = face, float(state.T[0].mean()) - section.T_water
        found = math.log(before / face) / step if face > 0.0 else math.inf
        if abs(found - rate) < 1e-4 * found or face < LEAST * 1000.0:
            break
        rate, step = found, min(2.0 * step, 0.5 / found)
        state = run_cycles(section, [Phase(step, 0.0, section.T_water)], state.T, 1)
    if not 1e-12 < found < math.inf:
        raise ValueError("section must have a sink: channels or a back with a film")
    return found
