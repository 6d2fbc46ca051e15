"""Paint in its oven: how long a part may stand there, all stops together, until it is over-baked.

As with `film_web`, what the physics says is one number, made with the plan: a flow calls no law. A part is a sheet
that air and walls of the oven heat from both faces (lumped, convection and radiation), the same at every place of it,
so only the time inside counts. Cure is that of `processes.coating.paint_cure_equivalent_time` along this path. The
oven stays hot in a stop; nothing cures before it or behind it.

    >>> from types import SimpleNamespace
    >>> oven = SimpleNamespace(length=20.0, thickness=0.8e-3, density=7850.0, specific_heat=500.0, convection=25.0,
    ...     emissivity=0.9, oven=185.0, ambient=25.0, activation=80e3, reference_temperature=180.0, least=900.0,
    ...     most=2400.0)
    >>> round(longest_stand(oven, speed=20.0 / 1200.0) / 60.0, 1)  # min, after 20 in the run
    13.4
    >>> longest_stand(oven, speed=20.0 / 780.0)
    Traceback (most recent call last):
    ValueError: paint has cured for 14.3 min in the 13 min of a passage, not 15 to 40; change speed, length or oven
"""

from __future__ import annotations

from typing import Protocol

from processes.coating import paint_cure_equivalent_time
from processes.reduced._lumped import STEFAN_BOLTZMANN, after, law

STEPS = 500  # of a path
NEWTON_STEPS = 40
CLOSE = 1e-3  # s


class Cure(Protocol):
    """What `longest_stand` reads: the table `[station.<id>.flow.cure]` in SI floats."""

    length: float  # [m]
    thickness: float  # of the sheet [m]
    density: float  # [kg/m^3]
    specific_heat: float  # [J/(kg K)]
    convection: float  # to each face [W/(m^2 K)]
    emissivity: float  # [0, 1]
    oven: float  # temperature of air and walls [degC]
    ambient: float  # of parts that come [degC]
    activation: float  # [J/mol]
    reference_temperature: float  # for which the bake times are [degC]
    least: float  # bake time at it below which paint is soft [s]
    most: float  # above which it is over-baked [s]


def _heating(oven: Cure) -> list[float]:
    """Return the law by which a square metre of sheet gets warm."""
    return law(
        conductance=2.0 * oven.convection,
        radiance=2.0 * oven.emissivity * STEFAN_BOLTZMANN,
        T_fluid=oven.oven,
        T_around=oven.oven,
        capacity=oven.density * oven.specific_heat * oven.thickness,
    )


def cured(oven: Cure, inside: float) -> float:
    """Return the time at the reference temperature that cures as much as a time inside. [s]"""
    heating, step = _heating(oven), inside / STEPS
    path = [after(heating, 0, oven.ambient, (i + 0.5) * step) for i in range(STEPS)]
    return paint_cure_equivalent_time([step] * STEPS, path, oven.activation, oven.reference_temperature)


def longest_stand(oven: Cure, speed: float) -> float:
    """Return the time that a part may stand in its oven. [s]

    Raises
    ------
    ValueError  If a number is out of range, or paint is not well cured by a passage without a stop.
    """
    passage = oven.length / speed
    so_far = cured(oven, passage)
    if not oven.least <= so_far <= oven.most:
        raise ValueError(
            f"paint has cured for {so_far / 60.0:.1f} min in the {passage / 60.0:g} min of a passage, not"
            f" {oven.least / 60.0:g} to {oven.most / 60.0:g}; change speed, length or oven"
        )
    inside, heating = passage, _heating(oven)
    for _ in range(NEWTON_STEPS):
        T = after(heating, 0, oven.ambient, inside)
        step = (oven.most - so_far) / paint_cure_equivalent_time(
            [1.0], [T], oven.activation, oven.reference_temperature
        )
        inside += step
        if abs(step) < CLOSE:
            break
        so_far = cured(oven, inside)
    return inside - passage
