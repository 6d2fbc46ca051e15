"""Arc welding in passes: before each pass the joint must have cooled below one temperature and be above another.

The part brings its temperature along and takes it with it. A pass is made on all seams of the part, then the joint is
looked at: too hot, the machine waits; too cold, for instance after a stop, the part is heated again. Seams may be
faulty, some of them where the joint gapes and the arc does not bridge it; a sensor of the seam sees a share of these
gaps and has them bridged, so that the hazard of a seam falls by what it sees. Temperatures
follow `processes.reduced.interpass`; arcs come first in a pass, stops count as cooling after it. Functions as in
`laws`.

    >>> from types import SimpleNamespace
    >>> from factory_sim.technology.item import fresh
    >>> table = SimpleNamespace(seams=1, passes=3, length=0.6, travel_speed=6e-3, current=200.0, voltage=25.0,
    ...     arc_efficiency=0.8, source_efficiency=0.8, mass=12.0, specific_heat=500.0, surface=0.25, convection=12.0,
    ...     emissivity=0.6, ambient=25.0, interpass=150.0, preheat=None, preheat_power=5e3, preheat_efficiency=0.4,
    ...     width=0.2, diffusivity=1.1e-5, restart_scrap=0.0, faults=0.025, gap_share=0.6, gap_recall=0.0,
    ...     carrier="electricity")
    >>> p = compile_parameters(table, cycle_mean=300.0)
    >>> x, part = initial(p), [fresh()]
    >>> begin(p, x, 0.0, part, 0.0)
    (0.0, 0.0, 0)
    >>> round(between(p, x, 100.0, 0.0, part, 100.0)), round(between(p, x, 100.0, 0.0, part, 225.0))  # s of wait
    (25, 167)
    >>> finish(p, x, 100.0, 0.0, part, 492.0)
    >>> round(part[0][TEMPERATURE]), round(energy(p, x) / 3.6e6, 2)  # degC, kWh
    (189, 0.52)
    >>> table.gap_recall = 1.0  # what is no gap is left
    >>> round(judge(p, x, [])[1], 4), round(judge(compile_parameters(table, 300.0), x, [])[1], 4)  # 1 - 0.975^0.4
    (0.025, 0.0101)
"""

from __future__ import annotations

import math
from typing import Protocol

from factory_sim.technology import item as brought
from factory_sim.technology.hazard import spared
from factory_sim.technology.verdicts import ACCEPTED, NO_LUCK
from processes.reduced import interpass as weld
from processes.reduced.interpass import COOLING, EXCESS, JOINT, PASSES, PREHEATING, TEMPERATURE, WELDING
from processes.welding import weld_heat_input

# Parameters p: those of the reduced model come first.
ARC_TIME = weld.PARAMETERS  # of a pass, on all seams [s]
RESTART_SCRAP = weld.PARAMETERS + 1
SOUND = weld.PARAMETERS + 2  # probability that a part has no faulty seam
PARAMETERS = weld.PARAMETERS + 3

# States x: those of the reduced model come first, of the part in the machine.
REASON = weld.STATES  # index in HOLD of the last wait
INTERRUPTED = weld.STATES + 1  # passes with a stop inside
TAKEN = weld.STATES + 2  # energy not yet asked for [J]
AT_BEGIN = weld.STATES + 3  # joint as the first pass began [degC]
STATES = weld.STATES + 4

READS_PARTS, SHOWN, SHOWN_AT_BEGIN, LUCK, WHICH = True, JOINT, AT_BEGIN, NO_LUCK, REASON
HOLD = (("interpass", "waiting"), ("preheat", "warming"))


class Seam(Protocol):
    """What `compile_parameters` reads: the table `[station.<id>.seam]` in SI floats."""

    seams: int
    passes: int
    length: float  # of a seam [m]
    travel_speed: float  # [m/s]
    current: float  # [A]
    voltage: float  # [V]
    arc_efficiency: float  # (0, 1]
    source_efficiency: float  # (0, 1]
    mass: float  # [kg]
    specific_heat: float  # [J/(kg K)]
    surface: float  # [m^2]
    convection: float  # [W/(m^2 K)]
    emissivity: float  # [0, 1]
    ambient: float  # [degC]
    interpass: float  # highest before a pass [degC]
    preheat: float | None  # least before a pass [degC]
    preheat_power: float  # into the part [W]
    preheat_efficiency: float  # (0, 1]
    width: float  # 0: joint and mean are one [m]
    diffusivity: float  # [m^2/s]
    restart_scrap: float  # [0, 1]
    faults: float  # [0, 1)
    gap_share: float  # of the hazard of a faulty seam [0, 1]
    gap_recall: float  # [0, 1]
    carrier: str  # gas: preheating only, the power source is told by the power of the station


def compile_parameters(table: Seam, cycle_mean: float) -> list[float]:
    """Return the parameter list of a welded part.

    Raises
    ------
    ValueError  If a number is out of range, the arcs take longer than the cycle, or preheating never gets warm enough.
    """
    arc_time = table.seams * table.length / table.travel_speed
    if arc_time * table.passes > cycle_mean:
        raise ValueError(
            f"travel_speed lets the arcs burn {arc_time * table.passes:g} s for all seams and passes, more than the"
            f" cycle of {cycle_mean:g} s; raise it, or lengthen cycle"
        )
    heat = weld_heat_input(table.voltage, table.current, table.travel_speed, table.arc_efficiency) * table.travel_speed
    p = weld.compile_parameters(
        mass=table.mass,
        c=table.specific_heat,
        surface=table.surface,
        h=table.convection,
        emissivity=table.emissivity,
        T_ambient=table.ambient,
        T_preheat=table.ambient if table.preheat is None else table.preheat,
        T_interpass=table.interpass,
        arc_heat=heat,
        arc_electricity=table.voltage * table.current / table.source_efficiency,
        preheat_heat=table.preheat_power,
        preheat_fuel=table.preheat_power / table.preheat_efficiency,
        passes=table.passes,
        width=table.width,
        diffusivity=table.diffusivity,
    )
    if table.carrier == "gas":
        p[weld.ARC_ELECTRICITY] = 0.0
    if weld.time_to(p, weld.initial(p), PREHEATING, TEMPERATURE, p[weld.T_PREHEAT]) == math.inf:
        raise ValueError(f"preheat_power never warms the part to {table.preheat:g} degC; raise it")
    sound = spared(table.faults, table.gap_share, table.gap_recall)
    return [*p, arc_time, float(table.restart_scrap), sound]


def initial(p: list[float]) -> list[float]:
    """Return the state of a machine without a part."""
    return [*weld.initial(p), 0.0, 0.0, 0.0, p[weld.T_AMBIENT]]


def _wait(p: list[float], x: list[float]) -> float:
    """Cool or heat the joint until a pass may begin, and return how long that takes. [s]"""
    ready = weld.begin(p, x)
    if ready == weld.READY:
        return 0.0
    mode, variable, level = COOLING, JOINT, p[weld.T_INTERPASS]
    if ready == weld.TOO_COLD:
        mode, variable, level = PREHEATING, TEMPERATURE, p[weld.T_PREHEAT]
    x[REASON] = float(ready == weld.TOO_COLD)
    wait = weld.time_to(p, x, mode, variable, level)
    x[TAKEN] += weld.advance(p, x, wait, mode)[0]
    return wait


def begin(
    p: list[float], x: list[float], idle_s: float, items: list[list[float]], now_s: float
) -> tuple[float, float, int]:
    """Take a part, which has cooled since it was told last; it may have to cool on, or to be heated."""
    item = items[0]
    x[TEMPERATURE], x[EXCESS], x[PASSES], x[INTERRUPTED] = p[weld.T_AMBIENT], 0.0, 0.0, 0.0
    if not math.isnan(item[brought.TEMPERATURE]):
        x[TEMPERATURE] = item[brought.TEMPERATURE]
        weld.advance(p, x, now_s - item[brought.TOLD], COOLING)
    x[JOINT] = x[TEMPERATURE]
    wait = _wait(p, x)
    x[AT_BEGIN] = x[JOINT]
    return 0.0, wait, ACCEPTED


def _weld(p: list[float], x: list[float], run_s: float, stopped_s: float) -> None:
    """Make a pass."""
    arc = min(run_s, p[ARC_TIME])
    x[TAKEN] += weld.advance(p, x, arc, WELDING)[0]
    weld.advance(p, x, run_s - arc + stopped_s, COOLING)
    weld.finish(p, x)
    if stopped_s > 0.0:
        x[INTERRUPTED] += 1.0


def between(
    p: list[float], x: list[float], run_s: float, stopped_s: float, items: list[list[float]], now_s: float
) -> float:
    """End a pass and return the wait before the next one. [s]"""
    _weld(p, x, run_s, stopped_s)
    return _wait(p, x)


def finish(
    p: list[float], x: list[float], run_s: float, stopped_s: float, items: list[list[float]], now_s: float
) -> None:
    """End the last pass; the part takes its mean temperature along."""
    _weld(p, x, run_s, stopped_s)
    items[0][brought.TEMPERATURE], items[0][brought.TOLD] = x[TEMPERATURE], now_s


def judge(p: list[float], x: list[float], item: list[float]) -> tuple[int, float]:
    """Return the probability that a part is bad by faulty seams or the craters of interrupted passes."""
    return 0, 1.0 - p[SOUND] * math.pow(1.0 - p[RESTART_SCRAP], x[INTERRUPTED])


def opened(p: list[float], x: list[float], closed_s: float, idle_s: float = 0.0) -> None:
    """A machine without a part has no state."""


def renew(p: list[float], x: list[float]) -> None:
    """Nor has its torch, here."""


def energy(p: list[float], x: list[float]) -> float:
    """Return the energy of power source and preheating since this was asked last. [J]"""
    taken, x[TAKEN] = x[TAKEN], 0.0
    return taken
