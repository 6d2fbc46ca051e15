"""Cutting edge: each part takes its share of the life, by Taylor's law; the edge is changed, or parts become scrap.

Single edges may last longer or shorter than Taylor's law says: their lives are Weibull around it. Who changes by count
or by computed life does not know; a sensor that reads the wear does. A stop wears nothing. Wear follows
`processes.reduced.tool`. Functions as in `laws`.

    >>> from types import SimpleNamespace
    >>> table = SimpleNamespace(cutting_time=12.0, speed=200.0 / 60.0, speed_for_1min_life=5.0, exponent=0.25,
    ...     life_shape=None, change="life", limit=0.9, count=None, reading=1.0, change_time=30.0, scrap_from=0.8,
    ...     scrap_slope=0.5)
    >>> p = compile_parameters(table, cycle_mean=20.0)
    >>> x = initial(p)
    >>> for part in range(23):
    ...     _, change, _ = begin(p, x, 0.0)
    ...     finish(p, x, 20.0, 0.0)
    >>> round(x[USED], 4), round(judge(p, x)[1], 4), begin(p, x, 0.0)[1]  # the 23rd part is past 0.9
    (0.9086, 0.0543, 30.0)
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Protocol

from factory_sim.technology.item import NO_PART
from factory_sim.technology.verdicts import ACCEPTED
from processes.reduced import tool
from processes.reduced.tool import CUTTING, LIMIT, PARTS, USED

# Parameters p: those of the reduced model come first.
SPEED = tool.PARAMETERS  # [m/s]
CUTTING_TIME = tool.PARAMETERS + 1  # of a part [s]
RULE = tool.PARAMETERS + 2  # BY_LIFE, BY_COUNT or BY_CONDITION
COUNT = tool.PARAMETERS + 3  # parts of an edge
READING = tool.PARAMETERS + 4  # of the sensor, over the truth
CHANGE_TIME = tool.PARAMETERS + 5  # [s]
SCRAP_FROM = tool.PARAMETERS + 6  # share of the life
SCRAP_SLOPE = tool.PARAMETERS + 7  # probability per life
SHAPE = tool.PARAMETERS + 8  # Weibull; 0: all edges last alike
SCALE = tool.PARAMETERS + 9  # of the Weibull law of mean 1
PARAMETERS = tool.PARAMETERS + 10

BY_LIFE, BY_COUNT, BY_CONDITION = 0.0, 1.0, 2.0
RULES = {"life": BY_LIFE, "count": BY_COUNT, "condition": BY_CONDITION}

# States x: those of the reduced model come first; USED is the share of Taylor's life.
LASTS = tool.STATES  # life of this edge over Taylor's; 0: a new edge, not drawn yet
UNIFORM = tool.STATES + 1
WORN_BEFORE = tool.STATES + 2  # true share as the part began
WORN = tool.STATES + 3  # and as it ended
STATES = tool.STATES + 4

READS_PARTS, SHOWN, SHOWN_AT_BEGIN, LUCK = False, WORN, WORN_BEFORE, UNIFORM
HOLD = ("tool_change", "setup")
UNATTENDED = True  # a stop wears nothing, so it does not matter when it is told


class Edge(Protocol):
    """What `compile_parameters` reads: the table `[station.<id>.edge]` in SI floats."""

    cutting_time: float  # of a part [s]
    speed: float  # [m/s]
    speed_for_1min_life: float  # Taylor's C [m/s]
    exponent: float  # Taylor's n
    life_shape: float | None  # Weibull; None: all edges last alike
    change: str  # one of RULES
    limit: float  # share of the life at which it is changed (0, 1]
    count: int | None  # parts of an edge
    reading: float  # of the sensor, over the truth
    change_time: float  # [s]
    scrap_from: float  # share of the life
    scrap_slope: float  # probability per life


def compile_parameters(table: Edge, cycle_mean: float) -> list[float]:
    """Return the parameter list of an edge.

    Raises
    ------
    ValueError  If a number is out of range, the edge cuts longer than the cycle, or does not last for one part.
    """
    if table.cutting_time > cycle_mean:
        raise ValueError(f"cutting_time must fit into the cycle of {cycle_mean:g} s, got {table.cutting_time:g} s")
    p = tool.compile_parameters(speed_for_1min_life=table.speed_for_1min_life, n=table.exponent, limit=table.limit)
    share = tool.wear_rate(p, table.speed) * table.cutting_time
    if share > 1.0:
        raise ValueError(f"speed wears an edge out within {1.0 / share:.2g} of a part; lower it")
    shape = 0.0 if table.life_shape is None else table.life_shape
    rest = (
        table.speed,
        table.cutting_time,
        RULES[table.change],
        0 if table.count is None else table.count,
        table.reading,
        table.change_time,
        table.scrap_from,
        table.scrap_slope,
        shape,
        1.0 / math.gamma(1.0 + 1.0 / shape) if shape else 1.0,
    )
    return [*p, *(float(number) for number in rest)]


def initial(p: list[float]) -> list[float]:
    """Return the state of a new edge."""
    return [*tool.initial(p), 0.0, 0.0, 0.0, 0.0]


def lasts(p: list[float], u: float) -> float:
    """Return the life of an edge over Taylor's, for a uniform variate."""
    if p[SHAPE] == 0.0:
        return 1.0
    return p[SCALE] * math.pow(-math.log(1.0 - u), 1.0 / p[SHAPE])


def know_life(p: list[float], x: list[float]) -> None:
    """Draw the life of a new edge."""
    if x[LASTS] == 0.0:
        x[LASTS] = max(1e-6, lasts(p, x[UNIFORM]))


def is_due(p: list[float], x: list[float]) -> bool:
    """Return whether the rule asks for another edge."""
    if p[RULE] == BY_COUNT:
        return x[PARTS] >= p[COUNT]
    share = x[USED]
    if p[RULE] == BY_CONDITION:
        share = p[READING] * x[WORN]
    return share >= p[LIMIT] * (1.0 - 1e-12)


def begin(
    p: list[float], x: list[float], idle_s: float, items: Sequence[list[float]] = (), now_s: float = 0.0
) -> tuple[float, float, int]:
    """Change the edge first, if it is due."""
    hold = 0.0
    if is_due(p, x):
        renew(p, x)
        hold = p[CHANGE_TIME]
    know_life(p, x)
    x[WORN_BEFORE] = x[WORN]
    return 0.0, hold, ACCEPTED


def finish(
    p: list[float],
    x: list[float],
    run_s: float,
    stopped_s: float,
    items: Sequence[list[float]] = (),
    now_s: float = 0.0,
) -> None:
    """Take the share of the life that the part has used."""
    tool.begin(p, x, p[SPEED])
    tool.advance(p, x, min(run_s, p[CUTTING_TIME]), CUTTING)
    tool.finish(p, x)
    know_life(p, x)  # of another edge that came while the machine waited for people
    x[WORN] = x[USED] / x[LASTS]


def judge(p: list[float], x: list[float], item: list[float] = NO_PART) -> tuple[int, float]:
    """Return the scrap probability of a part that was made by so worn an edge."""
    return 0, min(1.0, p[SCRAP_SLOPE] * max(0.0, x[WORN] - p[SCRAP_FROM]))


def opened(p: list[float], x: list[float], closed_s: float, idle_s: float = 0.0) -> None:
    """An edge that does not cut does not wear."""


def renew(p: list[float], x: list[float]) -> None:
    """Put a new edge in."""
    tool.replace(x)
    x[LASTS] = x[WORN] = 0.0


def energy(p: list[float], x: list[float]) -> float:
    """The machine takes electricity by its state, not here."""
    return 0.0
