"""Powder-bed printer: a build takes its time by layers and parts, may fail, and takes the whole plate along.

The cycle of the station is that of a build of `plate` parts; fewer melt faster, the layers stay. Whether a build fails
is drawn before it, and when it does: uniform over it. A camera may see bad layers, which are coated again before they
are melted: the hazard of a layer falls by what it sees. Build times as `processes.additive.lpbf_build_time`. Functions
as in `laws`.

    >>> from types import SimpleNamespace
    >>> table = SimpleNamespace(plate=10, volume=25e-6, height=0.12, layer=30e-6, melt_rate=7.4e-9, lasers=4,
    ...     utilisation=0.75, recoat=9.0, failure=0.1, coating_share=0.6, layer_recall=0.0, monitored=True,
    ...     longest_pause=None, power=4e3, pause_power=1e3)
    >>> p = compile_parameters(table, cycle_mean=60e3)
    >>> x, plate = initial(p), [[0.0]] * 10
    >>> x[UNIFORM] = 0.5
    >>> begin(p, x, 0.0, plate), round(x[BUILDS] / 3600.0, 1), judge(p, x)  # h
    ((0.0, 0.0, 0), 13.1, (0, 0.0))
    >>> x[UNIFORM] = 0.025  # it fails after a quarter
    >>> round(begin(p, x, 0.0, plate)[0] / 3600.0, 2), judge(p, x)
    (-9.85, (0, 1.0))
    >>> table.layer_recall = 1.0  # only what begins within a layer is left
    >>> round(compile_parameters(table, cycle_mean=60e3)[FAILURE], 4)  # 1 - 0.9^0.4
    0.0413
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Protocol

from factory_sim.technology.hazard import spared
from factory_sim.technology.item import NO_PART
from factory_sim.technology.verdicts import ACCEPTED
from processes.additive import lpbf_build_time

# Parameters p.
LAYERS_TIME = 0  # coating of all layers [s]
PART_TIME = 1  # melting of one part [s]
PLATE = 2  # parts of the build for which the cycle holds
FAILURE = 3
MONITORED = 4
LONGEST_PAUSE = 5  # [s]
POWER = 6  # [W]
PAUSE_POWER = 7
PARAMETERS = 8

# States x.
UNIFORM = 0
BUILDS = 1  # time of the present build until it ends or fails [s]
FAILED = 2  # whether it fails or was lost
DONE = 3  # share of the build that is done
TAKEN = 4  # energy not yet asked for [J]
STATES = 5

READS_PARTS, SHOWN, SHOWN_AT_BEGIN, LUCK, HOLD = True, DONE, FAILED, UNIFORM, None


class Build(Protocol):
    """What `compile_parameters` reads: the table `[station.<id>.build]` in SI floats."""

    plate: int  # parts of the build for which the cycle holds
    volume: float  # of a part with supports [m^3]
    height: float  # [m]
    layer: float  # [m]
    melt_rate: float  # of one laser [m^3/s]
    lasers: int
    utilisation: float  # (0, 1]
    recoat: float  # [s]
    failure: float  # probability of a build, no layer coated again
    coating_share: float  # of the failures: they begin in a bad layer of powder
    layer_recall: float  # share of bad layers that are seen and coated again
    monitored: bool  # it is ended when it fails
    longest_pause: float | None  # [s]
    power: float  # while it builds [W]
    pause_power: float  # in the rest of the cycle [W]


def compile_parameters(table: Build, cycle_mean: float) -> list[float]:
    """Return the parameter list of a printer.

    Raises
    ------
    ValueError  If a number is out of range, or the build of a plate takes longer than the cycle.
    """

    def takes(parts: int) -> float:
        whole = parts * table.volume, table.melt_rate, table.lasers, table.utilisation
        return lpbf_build_time(*whole, table.height, table.layer, table.recoat, 0.0)

    if takes(table.plate) > cycle_mean:
        raise ValueError(
            f"plate of {table.plate} parts builds for {takes(table.plate) / 3600.0:.1f} h, more than the cycle of"
            f" {cycle_mean / 3600.0:.1f} h, which holds it; lengthen cycle"
        )
    part = takes(2) - takes(1)
    p = (
        takes(1) - part,
        part,
        table.plate,
        1.0 - spared(table.failure, table.coating_share, table.layer_recall),  # the same hazard for all layers
        table.monitored,
        math.inf if table.longest_pause is None else table.longest_pause,
        table.power,
        table.pause_power,
    )
    return [float(number) for number in p]


def initial(p: list[float]) -> list[float]:
    """Return the state of an empty plate."""
    return [1.0, 0.0 * p[PLATE], 0.0, 0.0, 0.0]


def begin(
    p: list[float], x: list[float], idle_s: float, items: Sequence[list[float]], now_s: float = 0.0
) -> tuple[float, float, int]:
    """Begin a build: the cycle changes by its parts, and ends early if it fails and somebody looks."""
    whole = p[LAYERS_TIME] + len(items) * p[PART_TIME]
    extra = (len(items) - p[PLATE]) * p[PART_TIME]
    x[BUILDS], x[FAILED], x[DONE] = whole, 0.0, 1.0
    if x[UNIFORM] < p[FAILURE]:
        x[FAILED], x[DONE] = 1.0, x[UNIFORM] / p[FAILURE]
        if p[MONITORED] > 0.0:
            x[BUILDS] = x[DONE] * whole
            extra -= whole - x[BUILDS]
    return extra, 0.0, ACCEPTED


def finish(
    p: list[float], x: list[float], run_s: float, stopped_s: float, items: Sequence[list[float]], now_s: float = 0.0
) -> None:
    """End the build; it is lost if it stood for too long."""
    built = min(run_s, x[BUILDS])
    x[TAKEN] += p[POWER] * built + p[PAUSE_POWER] * (run_s - built + stopped_s)
    if stopped_s > p[LONGEST_PAUSE]:
        x[FAILED] = 1.0


def judge(p: list[float], x: list[float], item: list[float] = NO_PART) -> tuple[int, float]:
    """All parts of a failed or lost build are scrap."""
    return 0, x[FAILED]


def opened(p: list[float], x: list[float], closed_s: float, idle_s: float = 0.0) -> None:
    """An empty plate has no state."""


def renew(p: list[float], x: list[float]) -> None:
    """Nothing in it wears out, here."""


def energy(p: list[float], x: list[float]) -> float:
    """Return the electricity since this was asked last. [J]"""
    taken, x[TAKEN] = x[TAKEN], 0.0
    return taken
