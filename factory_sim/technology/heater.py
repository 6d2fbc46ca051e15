"""Heater before a press, induction or gas: parts come out at one temperature.

What a part takes is its heat from the temperature at which it comes, so that one which is sent back warm takes less.
Functions as in `laws`.

    >>> from types import SimpleNamespace
    >>> from factory_sim.technology.item import fresh
    >>> table = SimpleNamespace(temperature=1230.0, mass=3.2, specific_heat=690.0, efficiency=0.65, ambient=20.0)
    >>> p = compile_parameters(table, cycle_mean=5.8)
    >>> x, bar = initial(p), fresh()
    >>> begin(p, x, 0.0, [bar], 100.0)
    (0.0, 0.0, 0)
    >>> finish(p, x, 5.8, 0.0, [bar], 105.8)
    >>> bar[TEMPERATURE], bar[TOLD], round(energy(p, x) / 3.6e6, 2)
    (1230.0, 105.8, 1.14)
"""

from __future__ import annotations

import math
from typing import Protocol

from factory_sim.technology.item import TEMPERATURE, TOLD
from factory_sim.technology.verdicts import ACCEPTED, NO_LUCK
from processes.checks import require_positive, require_within

# Parameters p.
T_HEATED = 0
CAPACITY = 1  # of one part [J/K]
EFFICIENCY = 2
T_AMBIENT = 3

# States x.
COMING = 0  # temperature of the last part that came [degC]
LEAVING = 1
TAKEN = 2  # energy not yet asked for [J]

READS_PARTS, SHOWN, SHOWN_AT_BEGIN, LUCK, HOLD = True, LEAVING, COMING, NO_LUCK, None


class Heater(Protocol):
    """What `compile_parameters` reads: the table `[station.<id>.heater]` in SI floats."""

    temperature: float  # of the parts that leave [degC]
    mass: float  # of a part [kg]
    specific_heat: float  # mean from cold to hot [J/(kg K)]
    efficiency: float  # heat in the part over energy taken (0, 1]
    ambient: float  # of parts that come cold [degC]


def compile_parameters(table: Heater, cycle_mean: float) -> list[float]:
    """Return the parameter list of a heater; its cycle does not depend on the part.

    Raises
    ------
    ValueError  If a number is not positive, the efficiency above 1, or parts leave colder than they come.
    """
    require_positive(mass=table.mass, specific_heat=table.specific_heat, efficiency=table.efficiency)
    require_within(0.0, 1.0, efficiency=table.efficiency)
    if not table.temperature > table.ambient:
        raise ValueError(f"temperature must be above ambient, {table.ambient:g} degC, got {table.temperature:g}")
    return [float(table.temperature), table.mass * table.specific_heat, float(table.efficiency), float(table.ambient)]


def initial(p: list[float]) -> list[float]:
    """Return the state of a heater that has heated nothing."""
    return [p[T_AMBIENT], p[T_AMBIENT], 0.0]


def begin(
    p: list[float], x: list[float], idle_s: float, items: list[list[float]], now_s: float
) -> tuple[float, float, int]:
    """Take parts; those that no station has heated are at ambient temperature."""
    for item in items:
        if math.isnan(item[TEMPERATURE]):
            item[TEMPERATURE] = p[T_AMBIENT]
    x[COMING] = items[0][TEMPERATURE]
    return 0.0, 0.0, ACCEPTED


def finish(
    p: list[float], x: list[float], run_s: float, stopped_s: float, items: list[list[float]], now_s: float
) -> None:
    """Let the parts leave at the temperature of the heater."""
    for item in items:
        x[TAKEN] += p[CAPACITY] * max(0.0, p[T_HEATED] - item[TEMPERATURE]) / p[EFFICIENCY]
        item[TEMPERATURE] = x[LEAVING] = max(item[TEMPERATURE], p[T_HEATED])
        item[TOLD] = now_s


def judge(p: list[float], x: list[float], item: list[float]) -> tuple[int, float]:
    """Every part is good."""
    return 0, 0.0


def opened(p: list[float], x: list[float], closed_s: float, idle_s: float = 0.0) -> None:
    """A heater without a part has no state."""


def renew(p: list[float], x: list[float]) -> None:
    """Nothing in it wears out."""


def energy(p: list[float], x: list[float]) -> float:
    """Return the energy taken since this was asked last. [J]"""
    taken, x[TAKEN] = x[TAKEN], 0.0
    return taken
