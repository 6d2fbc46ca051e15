"""Billet before a press: it cools while it waits; too cold, it goes back to the heater or is rejected.

The temperature belongs to the part. A heater sets it; from then on the part radiates and convects as one lump, in
closed form (`processes.reduced.billet`, which says how good that is). Functions as in `laws`.

    >>> from types import SimpleNamespace
    >>> table = SimpleNamespace(diameter=0.05, length=0.2, density=7600.0, specific_heat=690.0, convection=15.0,
    ...     emissivity=0.8, ambient=25.0, conductivity=28.0, reheat_below=1150.0, reject_below=700.0, reheats=1)
    >>> p = compile_parameters(table, cycle_mean=12.0)
    >>> x, bar = initial(p), [1230.0, 0.0, 0.0, 0.0]  # it left the heater at 0 s
    >>> begin(p, x, 0.0, [bar], 10.0), round(x[AT_BEGIN])
    ((0.0, 0.0, 0), 1189)
    >>> begin(p, x, 0.0, [bar], 40.0)[2] == SEND_BACK, round(bar[TEMPERATURE])
    (True, 1088)
"""

from __future__ import annotations

import math
from typing import Protocol

from factory_sim.technology.item import REHEATS, TEMPERATURE, TOLD
from factory_sim.technology.verdicts import ACCEPTED, NO_LUCK, REJECT, SEND_BACK
from processes.reduced import billet as lump
from processes.reduced._lumped import after

# Parameters p are those of the reduced model.

# States x.
AT_BEGIN = 0  # temperature of the part as the press took it, or refused it [degC]
AT_END = 1

READS_PARTS, SHOWN, SHOWN_AT_BEGIN, LUCK, HOLD = True, AT_END, AT_BEGIN, NO_LUCK, None


class Billet(Protocol):
    """What `compile_parameters` reads: the table `[station.<id>.billet]` in SI floats."""

    diameter: float  # [m]
    length: float  # [m]
    density: float  # [kg/m^3]
    specific_heat: float  # [J/(kg K)]
    convection: float  # [W/(m^2 K)]
    emissivity: float  # [0, 1]
    ambient: float  # [degC]
    conductivity: float | None  # [W/(m K)]; None: surface and mean are one
    reheat_below: float  # the press does not take a colder one [degC]
    reject_below: float  # a colder one is not heated again [degC]
    reheats: int  # how often one may be heated again


def compile_parameters(table: Billet, cycle_mean: float) -> list[float]:
    """Return the parameter list of a billet.

    Raises
    ------
    ValueError  If a number is out of range (`processes.reduced.billet.compile_parameters`).
    """
    return lump.compile_parameters(
        diameter=table.diameter,
        length=table.length,
        rho=table.density,
        c=table.specific_heat,
        h=table.convection,
        emissivity=table.emissivity,
        T_ambient=table.ambient,
        T_heated=max(table.reheat_below, table.ambient),
        T_reheat=table.reheat_below,
        T_reject=table.reject_below,
        reheats=table.reheats,
        heating_power=1.0,  # the heater is another station
        efficiency=1.0,
        k=math.inf if table.conductivity is None else table.conductivity,
    )


def initial(p: list[float]) -> list[float]:
    """Return the state of a press that has taken nothing."""
    return [math.nan, math.nan]


def _cool(p: list[float], item: list[float], now_s: float) -> None:
    """Bring the temperature of a part up to now."""
    item[TEMPERATURE] = after(p, 0, item[TEMPERATURE], now_s - item[TOLD])
    item[TOLD] = now_s


def begin(
    p: list[float], x: list[float], idle_s: float, items: list[list[float]], now_s: float
) -> tuple[float, float, int]:
    """Take the part, send it back to be heated, or reject it, by its temperature."""
    item = items[0]
    _cool(p, item, now_s)
    x[AT_BEGIN] = x[AT_END] = now = item[TEMPERATURE]
    if now >= p[lump.T_REHEAT]:
        return 0.0, 0.0, ACCEPTED
    if now < p[lump.T_REJECT] or item[REHEATS] >= p[lump.REHEATS_ALLOWED]:
        return 0.0, 0.0, REJECT
    item[REHEATS] += 1.0
    return 0.0, 0.0, SEND_BACK


def finish(
    p: list[float], x: list[float], run_s: float, stopped_s: float, items: list[list[float]], now_s: float
) -> None:
    """The part has cooled during the cycle too; the heat of forming is left out."""
    _cool(p, items[0], now_s)
    x[AT_END] = items[0][TEMPERATURE]


def judge(p: list[float], x: list[float], item: list[float]) -> tuple[int, float]:
    """A part that was taken is good."""
    return 0, 0.0


def opened(p: list[float], x: list[float], closed_s: float, idle_s: float = 0.0) -> None:
    """The press has no state of its own."""


def renew(p: list[float], x: list[float]) -> None:
    """Nor has its die."""


def energy(p: list[float], x: list[float]) -> float:
    """The press takes electricity by its state, not here."""
    return 0.0
