"""Web in a dryer: how long it may stand there, all stops together, until it is too dry.

A flow has no law that an engine calls: what the physics says of its dryer is one number, made with the plan. Water
falls as in `processes.reduced.web`.

    >>> from types import SimpleNamespace
    >>> dryer = SimpleNamespace(length=20.0, water=0.030, critical=0.008, least=1e-4, most=2.5e-3, stopped_rate=0.5,
    ...     heat_transfer=60.0, air=120.0, wet_bulb=45.0, latent_heat=2.39e6)
    >>> round(longest_stand(dryer, speed=1.0), 1)
    20.6
"""

from __future__ import annotations

import math
from typing import Protocol

from processes.film import constant_rate_drying_length
from processes.reduced import web


class Drying(Protocol):
    """What `longest_stand` reads: the table `[station.<id>.flow.drying]` in SI floats."""

    length: float  # [m]
    water: float  # as the web enters, above equilibrium [kg/m^2]
    critical: float  # below it the rate falls [kg/m^2]
    least: float  # web with less is lost [kg/m^2]
    most: float  # good web has at most that [kg/m^2]
    stopped_rate: float  # drying in a stop over that in the run [0, 1]
    heat_transfer: float  # [W/(m^2 K)]
    air: float  # [degC]
    wet_bulb: float  # [degC]
    latent_heat: float  # [J/kg]


def longest_stand(dryer: Drying, speed: float) -> float:
    """Return the time that a piece of web may stand in a dryer; inf if it dries on only in the run. [s]

    Raises
    ------
    ValueError  If a number is out of range, or web of this speed is not good even without a stop.
    """
    metre = constant_rate_drying_length(
        1.0, dryer.water, dryer.heat_transfer, dryer.air, dryer.wet_bulb, dryer.latent_heat
    )
    p = web.compile_parameters(
        length=dryer.length,
        speed=speed,
        stopped_rate=dryer.stopped_rate,
        water_in=dryer.water,
        rate=dryer.water / metre,  # a metre at 1 m/s is a second
        critical=dryer.critical,
        water_least=dryer.least,
        water_most=dryer.most,
        power=1.0,  # the station tells it
        stopped_power=0.0,
    )
    spare = p[web.MOST_EXPOSURE] - dryer.length / speed
    return spare / dryer.stopped_rate if dryer.stopped_rate > 0.0 else math.inf
