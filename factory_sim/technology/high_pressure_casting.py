"""Die of a high-pressure die-casting machine, as the engine calls it.

The die is one heat capacity C. Each shot adds its heat at once, less the share that the spray takes; from then on the
die decays to the sink with a conductance UA: `LOSS_RUNNING` while the machine cycles, `LOSS_STOPPED` (water shut) in
any stop. Every decay is the closed form T_sink + (T - T_sink) exp(-UA t/C), so a call costs the same for a second or a
week, and two stops equal one of their sum. A shot judged by this state may be cold, hot, or discarded by the rule that
follows a long stop. The lumped die holds where the Biot number of the active steel is below 0.5; it gives trends and
scrap counts, not hot spots (`processes.die_casting.hpdc_die_temperature_before_shot`).

Functions as in `laws`; heats in J. An index is a constant of this module.

    >>> from types import SimpleNamespace
    >>> die = SimpleNamespace(heat_capacity=1.9e6, shot_heat=68.9e6, spray_share=0.15, loss_running=2950.0,
    ...     loss_stopped=580.0, sink_temperature=60.0, preheat_temperature=150.0, freeze_temperature=570.0, dwell=42.0,
    ...     reference_temperature=200.0, window_low=185.0, window_high=250.0, cold_slope=0.02, hot_slope=0.02,
    ...     discard_after=600.0, discard_shots=7, release_temperature=None, preheat_after=7200.0)
    >>> p = compile_parameters(die, cycle_mean=128.0)
    >>> x = initial(p)
    >>> for shot in range(60):
    ...     extra, hold, refusal = begin(p, x, idle_s=0.0)
    ...     finish(p, x, run_s=128.0, stopped_s=0.0)
    >>> round(x[TEMPERATURE], 1), judge(p, x)
    (200.2, (0, 0.0))
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Protocol

from factory_sim.technology.item import NO_PART
from factory_sim.technology.verdicts import ACCEPTED, NO_LUCK
from processes.die_casting import hpdc_die_temperature_steady

# Parameters p.
HEAT_CAPACITY = 0
SHOT_HEAT = 1
SPRAY_SHARE = 2
LOSS_RUNNING = 3
LOSS_STOPPED = 4
SINK_TEMPERATURE = 5
PREHEAT_TEMPERATURE = 6
FREEZE_TEMPERATURE = 7
DWELL = 8
REFERENCE_TEMPERATURE = 9
WINDOW_LOW = 10
WINDOW_HIGH = 11
COLD_SLOPE = 12
HOT_SLOPE = 13
DISCARD_AFTER = 14
DISCARD_SHOTS = 15
RELEASE_TEMPERATURE = 16  # NO_RELEASE: shots are counted instead
PREHEAT_AFTER = 17
PARAMETERS = 18

# States x.
TEMPERATURE = 0  # of the die now [degC]
BEGIN_TEMPERATURE = 1  # when the present or last shot began [degC]
TO_DISCARD = 2  # shots that the rule has still to discard
STOPPED_FOR = 3  # stopped seconds since the last shot ended, or since the present one began [s]
DISCARDED = 4  # 1 if the present or last shot is discarded
STATES = 5

RUNNING = 0
STOPPED = 1

READS_PARTS, SHOWN, SHOWN_AT_BEGIN, LUCK, HOLD = False, TEMPERATURE, BEGIN_TEMPERATURE, NO_LUCK, None

NO_RELEASE = -math.inf
LONGEST_DWELL = 4.0  # in multiples of the dwell at the reference temperature


class Die(Protocol):
    """What `compile_parameters` reads: the table `[station.<id>.die]` in SI floats."""

    heat_capacity: float  # active die steel, mass times specific heat [J/K]
    shot_heat: float  # heat of one shot from inlet to ejection [J]
    spray_share: float  # share of `shot_heat` that the spray carries away [0, 1)
    loss_running: float  # conductance to the sink while cycling [W/K]
    loss_stopped: float  # conductance to the sink in a stop [W/K]
    sink_temperature: float  # cooling water, platens [degC]
    preheat_temperature: float  # of the die after a heated standstill [degC]
    freeze_temperature: float  # one-number freezing temperature of the alloy [degC]
    dwell: float  # part of the cycle spent on solidification, die at `reference_temperature` [s]
    reference_temperature: float  # die temperature before a shot for which `dwell` holds [degC]
    window_low: float  # no cold scrap at or above it [degC]
    window_high: float  # no hot scrap at or below it [degC]
    cold_slope: float  # scrap probability per kelvin below the window [1/K]
    hot_slope: float  # scrap probability per kelvin above the window [1/K]
    discard_after: float  # a longer stop starts the rule [s]
    discard_shots: int  # shots discarded by the rule
    release_temperature: float | None  # discard below this temperature instead of counting shots [degC]
    preheat_after: float  # a longer closure ends with a preheated die [s]


def compile_parameters(die: Die, cycle_mean: float) -> list[float]:
    """Return the parameter list of a die.

    Parameters
    ----------
    die : Die             Table of the station, SI floats.
    cycle_mean : float    Mean running time of one cycle, dwell at the reference temperature included. [s]

    Raises
    ------
    ValueError  If the freezing temperature does not lie above sink and reference temperature, the window is empty, or
                the die never gets warm enough to be released in steady production.
    """
    if not max(die.sink_temperature, die.reference_temperature) < die.freeze_temperature:
        raise ValueError(
            f"freeze_temperature must exceed sink_temperature and reference_temperature, got {die.freeze_temperature!r}"
            f" against {die.sink_temperature!r} and {die.reference_temperature!r}"
        )
    if not die.window_low < die.window_high:
        raise ValueError(f"window_low must be below window_high, got {die.window_low!r} and {die.window_high!r}")
    p = [
        die.heat_capacity,
        die.shot_heat,
        die.spray_share,
        die.loss_running,
        die.loss_stopped,
        die.sink_temperature,
        die.preheat_temperature,
        die.freeze_temperature,
        die.dwell,
        die.reference_temperature,
        die.window_low,
        die.window_high,
        die.cold_slope,
        die.hot_slope,
        die.discard_after,
        die.discard_shots,
        NO_RELEASE if die.release_temperature is None else die.release_temperature,
        die.preheat_after,
    ]
    p = [float(number) for number in p]
    steady = steady_temperature(p, cycle_mean)
    if steady <= p[RELEASE_TEMPERATURE]:
        raise ValueError(
            f"release_temperature must be below the steady die temperature before a shot, {steady:.1f} degC at a cycle"
            f" of {cycle_mean:g} s, or every shot is discarded; got {die.release_temperature!r}"
        )
    return p


def steady_temperature(p: list[float], cycle: float) -> float:
    """Return the die temperature before a shot after very many cycles of `cycle` seconds. [degC]"""
    heat = p[SHOT_HEAT] * (1.0 - p[SPRAY_SHARE])
    return hpdc_die_temperature_steady(p[SINK_TEMPERATURE], heat, p[HEAT_CAPACITY], p[LOSS_RUNNING], cycle)


def initial(p: list[float]) -> list[float]:
    """Return the state at t = 0: a preheated die, its first shots to be discarded by the rule."""
    return [p[PREHEAT_TEMPERATURE], p[PREHEAT_TEMPERATURE], p[DISCARD_SHOTS], 0.0, 0.0]


def advance(p: list[float], x: list[float], dt: float, mode: int) -> float:
    """Let the die decay for `dt` seconds and return the heat given to the sink. [J]

    A stop is remembered for the discard rule. Zero changes nothing, and two stops equal one of their sum.
    """
    loss = p[LOSS_RUNNING]
    if mode == STOPPED:
        loss = p[LOSS_STOPPED]
        x[STOPPED_FOR] += dt
    change = (x[TEMPERATURE] - p[SINK_TEMPERATURE]) * math.expm1(-loss * dt / p[HEAT_CAPACITY])
    x[TEMPERATURE] += change
    return -p[HEAT_CAPACITY] * change


def dwell(p: list[float], temperature: float) -> float:
    """Return the dwell that a die of `temperature` needs, at most `LONGEST_DWELL` times the reference. [s]

    The freezing time goes as 1/(T_freeze - T_die) (`processes.casting.mixed_resistance_time`).
    """
    driving = p[FREEZE_TEMPERATURE] - temperature
    reference = p[FREEZE_TEMPERATURE] - p[REFERENCE_TEMPERATURE]
    if driving * LONGEST_DWELL <= reference:
        return p[DWELL] * LONGEST_DWELL
    return p[DWELL] * reference / driving


def begin(
    p: list[float], x: list[float], idle_s: float, items: Sequence[list[float]] = (), now_s: float = 0.0
) -> tuple[float, float, int]:
    """Begin a shot `idle_s` seconds after the last one ended; the die stood still in between.

    The cycle grows by the dwell at this die temperature less the dwell at the reference temperature; maybe negative.
    """
    advance(p, x, idle_s, STOPPED)
    if x[STOPPED_FOR] > p[DISCARD_AFTER]:
        x[TO_DISCARD] = p[DISCARD_SHOTS]
    x[STOPPED_FOR] = 0.0
    now = x[TEMPERATURE]
    discard = 0
    if p[RELEASE_TEMPERATURE] != NO_RELEASE:
        if now < p[RELEASE_TEMPERATURE]:
            discard = 1
    elif x[TO_DISCARD] > 0.0:
        x[TO_DISCARD] -= 1.0
        discard = 1
    x[BEGIN_TEMPERATURE] = now
    x[DISCARDED] = float(discard)
    x[TEMPERATURE] += p[SHOT_HEAT] * (1.0 - p[SPRAY_SHARE]) / p[HEAT_CAPACITY]
    return dwell(p, now) - p[DWELL], 0.0, ACCEPTED


def finish(
    p: list[float],
    x: list[float],
    run_s: float,
    stopped_s: float,
    items: Sequence[list[float]] = (),
    now_s: float = 0.0,
) -> None:
    """End the shot after `run_s` running and `stopped_s` stopped seconds.

    Stops inside the cycle that sum to more than `DISCARD_AFTER` discard this shot and start the rule for the next.
    """
    advance(p, x, run_s, RUNNING)
    advance(p, x, stopped_s, STOPPED)
    if x[STOPPED_FOR] > p[DISCARD_AFTER]:
        x[TO_DISCARD] = p[DISCARD_SHOTS]
        x[DISCARDED] = 1.0
    x[STOPPED_FOR] = 0.0


def judge(p: list[float], x: list[float], item: list[float] = NO_PART) -> tuple[int, float]:
    """Return 1 if the rule discards the shot, and the scrap probability of a die outside its window at its begin."""
    return int(x[DISCARDED]), window_scrap(p, x[BEGIN_TEMPERATURE])


def window_scrap(p: list[float], temperature: float) -> float:
    """Return the scrap probability of a shot that begins at this die temperature: linear outside the window."""
    cold = p[COLD_SLOPE] * max(0.0, p[WINDOW_LOW] - temperature)
    hot = p[HOT_SLOPE] * max(0.0, temperature - p[WINDOW_HIGH])
    return min(1.0, max(0.0, cold + hot))


def opened(p: list[float], x: list[float], closed_s: float, idle_s: float = 0.0) -> float:
    """Open the calendar after `idle_s` open, then `closed_s` closed seconds; return the heat of preheating. [J]

    After more than `PREHEAT_AFTER` the die stands at least at the preheat temperature and starts afresh, so the rule
    discards its first shots. After less it has only cooled.
    """
    advance(p, x, idle_s, STOPPED)
    advance(p, x, closed_s, STOPPED)
    if closed_s <= p[PREHEAT_AFTER]:
        return 0.0
    x[TO_DISCARD] = p[DISCARD_SHOTS]
    raised = max(0.0, p[PREHEAT_TEMPERATURE] - x[TEMPERATURE])
    x[TEMPERATURE] += raised
    return p[HEAT_CAPACITY] * raised


def renew(p: list[float], x: list[float]) -> None:
    """Put another die in, preheated, its first shots to be discarded by the rule."""
    x[:] = initial(p)


def renew_cold(p: list[float], x: list[float]) -> None:
    """Put another die in, as cold as its sink."""
    renew(p, x)
    x[TEMPERATURE] = x[BEGIN_TEMPERATURE] = p[SINK_TEMPERATURE]


def energy(p: list[float], x: list[float]) -> float:
    """The heat of a die comes with the metal."""
    return 0.0


def time_to(p: list[float], x: list[float], mode: int, level: float) -> float:
    """Return the time until the decaying die stands at `level` degC; inf if it never does. [s]"""
    above = x[TEMPERATURE] - p[SINK_TEMPERATURE]
    target = level - p[SINK_TEMPERATURE]
    if above == target:
        return 0.0
    loss = p[LOSS_STOPPED] if mode == STOPPED else p[LOSS_RUNNING]
    if loss <= 0.0 or above * target <= 0.0 or abs(target) > abs(above):
        return math.inf
    return p[HEAT_CAPACITY] / loss * math.log(above / target)
