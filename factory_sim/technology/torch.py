"""Torch of a welding machine: cleaned after so many seams. Functions as in `laws`.

>>> from types import SimpleNamespace
>>> p = compile_parameters(SimpleNamespace(every=4, seams=2, service=12.0), cycle_mean=60.0)
>>> x, waits = initial(p), []
>>> for part in range(5):
...     waits.append(begin(p, x, 0.0)[1])
...     finish(p, x, 60.0, 0.0)
>>> waits
[0.0, 0.0, 12.0, 0.0, 12.0]
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from factory_sim.technology.item import NO_PART
from factory_sim.technology.verdicts import ACCEPTED, NO_LUCK

# Parameters p.
EVERY = 0  # seams
OF_A_PART = 1
SERVICE = 2  # [s]

# States x.
SEAMS = 0  # since the last service

READS_PARTS, SHOWN, SHOWN_AT_BEGIN, LUCK = False, SEAMS, SEAMS, NO_LUCK
HOLD = ("torch_service", "maintenance")


class Torch(Protocol):
    """What `compile_parameters` reads: the table `[station.<id>.torch]` in SI floats."""

    every: int  # seams between two services
    seams: int  # of a part
    service: float  # [s]


def compile_parameters(table: Torch, cycle_mean: float) -> list[float]:
    """Return the parameter list of a torch.

    Raises
    ------
    ValueError  If a part has more seams than there are between two services.
    """
    if table.seams > table.every:
        raise ValueError(f"every must be at least the seams of a part, {table.seams}, got {table.every}")
    return [float(table.every), float(table.seams), float(table.service)]


def initial(p: list[float]) -> list[float]:
    """Return the state of a clean torch."""
    return [0.0 * p[EVERY]]


def begin(
    p: list[float], x: list[float], idle_s: float, items: Sequence[list[float]] = (), now_s: float = 0.0
) -> tuple[float, float, int]:
    """Clean the torch first if the seams of this part would be too many."""
    if x[SEAMS] + p[OF_A_PART] <= p[EVERY]:
        return 0.0, 0.0, ACCEPTED
    x[SEAMS] = 0.0
    return 0.0, p[SERVICE], ACCEPTED


def finish(
    p: list[float],
    x: list[float],
    run_s: float,
    stopped_s: float,
    items: Sequence[list[float]] = (),
    now_s: float = 0.0,
) -> None:
    """Count the seams of the part."""
    x[SEAMS] += p[OF_A_PART]


def judge(p: list[float], x: list[float], item: list[float] = NO_PART) -> tuple[int, float]:
    """A torch that is cleaned in time makes no scrap."""
    return 0, 0.0


def opened(p: list[float], x: list[float], closed_s: float, idle_s: float = 0.0) -> None:
    """It does not change while nobody welds."""


def renew(p: list[float], x: list[float]) -> None:
    """Put another torch on."""
    x[SEAMS] = 0.0


def energy(p: list[float], x: list[float]) -> float:
    """It takes none."""
    return 0.0
