"""Quench after a furnace: parts that come too late, or too cold, do not harden.

From when its furnace was done a part cools in air as one lump, by radiation and convection, wherever it waits; the
furnace counts as open from then on. The quench judges it as it goes in; a load of which every part is bad is rejected
without work. Functions as in `laws`.

    >>> from types import SimpleNamespace
    >>> table = SimpleNamespace(mass=1.5, surface=0.02, specific_heat=650.0, convection=15.0, emissivity=0.8,
    ...     ambient=25.0, bath_temperature=60.0, longest_delay=30.0, least_temperature=800.0)
    >>> p = compile_parameters(table, cycle_mean=600.0)
    >>> x, gear = initial(p), [860.0, 0.0, 0.0, 0.8e-3, 0.0]
    >>> begin(p, x, 0.0, [gear], 25.0), round(x[AT_BEGIN])
    ((0.0, 0.0, 0), 818)
    >>> late = [860.0, 0.0, 0.0, 0.8e-3, 0.0]
    >>> begin(p, x, 0.0, [late], 31.0)[2] == REJECT, judge(p, x, late)
    (True, (0, 1.0))
"""

from __future__ import annotations

import math
from typing import Protocol

from factory_sim.technology.item import SPOILT, TEMPERATURE, TOLD
from factory_sim.technology.verdicts import ACCEPTED, NO_LUCK, REJECT
from processes.checks import require_not_negative, require_positive, require_within
from processes.reduced._lumped import LAW, STEFAN_BOLTZMANN, after, law

# Parameters p: the law of decay in air comes first.
BATH = LAW  # [degC]
LONGEST_DELAY = LAW + 1  # [s]
LEAST = LAW + 2  # [degC]

# States x.
AT_BEGIN = 0  # temperature of the coldest part of the load as it went in [degC]
AT_END = 1

READS_PARTS, SHOWN, SHOWN_AT_BEGIN, LUCK, HOLD = True, AT_END, AT_BEGIN, NO_LUCK, None


class Quench(Protocol):
    """What `compile_parameters` reads: the table `[station.<id>.quench]` in SI floats."""

    mass: float  # of a part, or of what cools as one [kg]
    surface: float  # [m^2]
    specific_heat: float  # [J/(kg K)]
    convection: float  # in air [W/(m^2 K)]
    emissivity: float  # [0, 1]
    ambient: float  # [degC]
    bath_temperature: float  # [degC]
    longest_delay: float | None  # from furnace to bath [s]
    least_temperature: float  # as it goes in [degC]


def compile_parameters(table: Quench, cycle_mean: float) -> list[float]:
    """Return the parameter list of a quench.

    Raises
    ------
    ValueError  If a number is out of range.
    """
    require_positive(mass=table.mass, surface=table.surface, specific_heat=table.specific_heat)
    require_not_negative(convection=table.convection)
    require_within(0.0, 1.0, emissivity=table.emissivity)
    if table.convection == table.emissivity == 0.0:
        raise ValueError("convection or emissivity must be positive, or parts never cool")
    air = law(
        table.surface * table.convection, table.surface * table.emissivity * STEFAN_BOLTZMANN, table.ambient,
        table.ambient, table.mass * table.specific_heat,
    )  # fmt: skip
    longest = math.inf if table.longest_delay is None else table.longest_delay
    return [float(number) for number in [*air, table.bath_temperature, longest, table.least_temperature]]


def initial(p: list[float]) -> list[float]:
    """Return the state of a quench that has taken nothing."""
    return [math.nan, p[BATH]]


def begin(
    p: list[float], x: list[float], idle_s: float, items: list[list[float]], now_s: float
) -> tuple[float, float, int]:
    """Take the parts as they come; if all are too late or too cold, reject them."""
    x[AT_BEGIN] = math.inf
    bad = 0
    for item in items:
        delay = now_s - item[TOLD]
        item[TEMPERATURE] = after(p, 0, item[TEMPERATURE], delay)
        item[TOLD] = now_s
        x[AT_BEGIN] = min(x[AT_BEGIN], item[TEMPERATURE])
        if delay > p[LONGEST_DELAY] or item[TEMPERATURE] < p[LEAST]:
            item[SPOILT] = 1.0
            bad += 1
    return 0.0, 0.0, REJECT if bad == len(items) else ACCEPTED


def finish(
    p: list[float], x: list[float], run_s: float, stopped_s: float, items: list[list[float]], now_s: float
) -> None:
    """Let the parts leave at the temperature of the bath."""
    for item in items:
        item[TEMPERATURE], item[TOLD] = p[BATH], now_s


def judge(p: list[float], x: list[float], item: list[float]) -> tuple[int, float]:
    """A part that came too late, or too cold, is scrap; one that is treated again begins anew."""
    spoilt, item[SPOILT] = item[SPOILT], 0.0
    return 0, spoilt


def opened(p: list[float], x: list[float], closed_s: float, idle_s: float = 0.0) -> None:
    """The quench has no state of its own."""


def renew(p: list[float], x: list[float]) -> None:
    """Nor a tool."""


def energy(p: list[float], x: list[float]) -> float:
    """The heat of the parts goes into the bath; its pump and cooler are told by the power of the station."""
    return 0.0
