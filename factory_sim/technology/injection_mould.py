"""Mould of an injection machine: its temperature, what it makes of stops, purging, cooling time, cavity sensors.

The mould is one heat capacity (`processes.reduced.mould`): each shot adds its heat, the coolant takes it. The cycle
changes by the cooling time at this mould temperature less that at the reference (Ballman and Shusman). After a stop the
operator discards a count of shots, or with a cavity sensor those of a mould below its window; after a long one the
melt that stayed in the barrel is purged, sensor or not. A machine whose part is a tray of several `shots` makes what
is discarded or cold anew, in the mean, so that the tray takes longer; with one shot the part itself is discarded or
scrap. Functions as in `laws`; heats in J.

    >>> from types import SimpleNamespace
    >>> table = SimpleNamespace(shots=1, heat_capacity=7e3, shot_heat=27e3, loss_running=23.4, loss_stopped=None,
    ...     coolant_temperature=130.0, ambient=25.0, start_temperature=None, window_low=138.0, window_high=175.0,
    ...     cold_slope=0.03, hot_slope=0.03, thickness=4e-3, diffusivity=1.1e-7, melt_temperature=320.0,
    ...     eject_temperature=200.0, reference_temperature=155.6, discard_after=600.0, discard_shots=8,
    ...     purge_after=1200.0, purge_shots=12, cavity_sensor=False, preheat_after=7200.0)
    >>> p = compile_parameters(table, cycle_mean=42.0)
    >>> x = initial(p)
    >>> for shot in range(100):
    ...     extra, hold, refusal = begin(p, x, idle_s=0.0)
    ...     finish(p, x, run_s=42.0 + extra, stopped_s=0.0)
    >>> round(x[TEMPERATURE], 1), round(extra, 2), judge(p, x)
    (155.6, -0.0, (0, 0.0))
    >>> begin(p, x, idle_s=900.0)[0] < -3.0, round(x[BEGIN_TEMPERATURE], 1), judge(p, x)[0]  # a cold mould cools fast
    (True, 131.3, 1)
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Protocol

from factory_sim.technology.item import NO_PART
from factory_sim.technology.verdicts import ACCEPTED, NO_LUCK
from processes.reduced import mould
from processes.reduced._lumped import relax

# Parameters p: those of the reduced model come first.
SHOTS = mould.PARAMETERS
SHOT_TIME = mould.PARAMETERS + 1  # of one shot, mould at the reference temperature [s]
DISCARD_AFTER = mould.PARAMETERS + 2  # [s]
DISCARD_SHOTS = mould.PARAMETERS + 3  # by count; 0 with a sensor
PURGE_AFTER = mould.PARAMETERS + 4  # [s]
PURGE_SHOTS = mould.PARAMETERS + 5
RELEASE = mould.PARAMETERS + 6  # with a sensor: colder shots are discarded; -inf without [degC]
PREHEAT_AFTER = mould.PARAMETERS + 7  # [s]
MODE_IN_STOPS = mould.PARAMETERS + 8
BESIDE_COOLING = mould.PARAMETERS + 9  # of one shot, negative if the wall is too thick for it [s]

# States x: temperature and that before the present or last shot come first, as in the reduced model.
TEMPERATURE = mould.TEMPERATURE  # [degC]
BEGIN_TEMPERATURE = mould.BEGIN_TEMPERATURE
TO_DISCARD = mould.STATES  # shots that the rule has still to discard
STOPPED_FOR = mould.STATES + 1  # stopped seconds since the last shot [s]
WANTED = mould.STATES + 2  # good shots that the present part still needs
WORTH = mould.STATES + 3  # of them, what the present shot will be
REST = mould.STATES + 4  # of the present shot [s]
NEEDED = mould.STATES + 5  # time planned for the rest of the part [s]
DISCARDED = mould.STATES + 6  # 1 if the present or last part, of one shot, is discarded
AT_END = mould.STATES + 7  # planned temperature at the end of the part, of several shots [degC]
LAST_BEGUN = mould.STATES + 8  # and before its last shot
LEFT_AT_END = mould.STATES + 9  # and shots that are then still to be discarded

READS_PARTS, SHOWN, SHOWN_AT_BEGIN, LUCK, HOLD = False, TEMPERATURE, BEGIN_TEMPERATURE, NO_LUCK, None

DONE = 1e-9  # of a shot
MOST_SHOTS = 10_000  # that one part may need: a mould that never gets warm does not hang


class Mould(Protocol):
    """What `compile_parameters` reads: the table `[station.<id>.mould]` in SI floats."""

    shots: int  # for one part, or tray
    heat_capacity: float  # [J/K]
    shot_heat: float  # [J]
    loss_running: float  # to the coolant [W/K]
    loss_stopped: float | None  # to the hall in a stop, coolant off [W/K]; None: the coolant stays on
    coolant_temperature: float  # [degC]
    ambient: float  # [degC]
    start_temperature: float | None  # preheated [degC]; None: that of the coolant
    window_low: float  # before a shot [degC]
    window_high: float
    cold_slope: float  # [1/K]
    hot_slope: float
    thickness: float  # [m]
    diffusivity: float  # [m^2/s]
    melt_temperature: float  # [degC]
    eject_temperature: float
    reference_temperature: float  # before a shot, for which the cycle is [degC]
    discard_after: float  # [s]
    discard_shots: int
    purge_after: float  # [s]
    purge_shots: int
    cavity_sensor: bool
    preheat_after: float  # [s]


def compile_parameters(table: Mould, cycle_mean: float) -> list[float]:
    """Return the parameter list of a mould.

    Raises
    ------
    ValueError  If a number is out of range, or the mould stays outside its window in steady production.
    """
    coolant = table.coolant_temperature
    p = mould.compile_parameters(
        heat_capacity=table.heat_capacity,
        shot_heat=table.shot_heat,
        loss_running=table.loss_running,
        loss_off=table.loss_running if table.loss_stopped is None else table.loss_stopped,
        T_coolant=coolant,
        T_ambient=min(table.ambient, coolant),
        unit_power=0.0,
        T_begin=coolant if table.start_temperature is None else table.start_temperature,
        T_low=table.window_low,
        T_high=table.window_high,
        cold_slope=table.cold_slope,
        hot_slope=table.hot_slope,
        thickness=table.thickness,
        diffusivity=table.diffusivity,
        T_melt=table.melt_temperature,
        T_eject=table.eject_temperature,
        T_reference=table.reference_temperature,
    )
    sensor = table.cavity_sensor
    p += [
        table.shots,
        cycle_mean / table.shots,
        table.discard_after,
        0 if sensor else table.discard_shots,
        table.purge_after,
        table.purge_shots,
        table.window_low if sensor else -math.inf,
        table.preheat_after,
        mould.RUNNING if table.loss_stopped is None else mould.OFF,
    ]
    p = [float(number) for number in p]
    p.append(p[SHOT_TIME] - mould.cooling_time(p, p[mould.T_REFERENCE]))
    steady = steady_temperature(p)
    if not table.window_low <= steady <= table.window_high:
        raise ValueError(
            f"the mould settles at {steady:.1f} degC before a shot, outside its window of {table.window_low:g} to"
            f" {table.window_high:g} degC; change coolant_temperature or loss_running"
        )
    return p


def steady_temperature(p: list[float]) -> float:
    """Return the temperature before a shot after very many shots, each as long as it then takes. [degC]"""
    low, high = p[mould.T_COOLANT], p[mould.T_MELT]
    for _ in range(60):
        middle = 0.5 * (low + high)
        x = [middle, middle]
        time = p[SHOT_TIME] + mould.begin(p, x)
        if time > 0.0 and relax(x[TEMPERATURE], p[mould.T_COOLANT], _rate(p), time) < middle:
            high = middle
        else:
            low = middle
    return low


def _rate(p: list[float]) -> float:
    """Return the rate at which the running mould tends to the coolant. [1/s]"""
    return p[mould.LOSS_RUNNING] / p[mould.CAPACITY]


def initial(p: list[float]) -> list[float]:
    """Return the state of a preheated mould after a long time without a shot."""
    start = p[mould.T_BEGIN]
    rule = max(p[DISCARD_SHOTS], p[PURGE_SHOTS])
    return [start, start, rule, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, start, start, 0.0]


def _stand(p: list[float], x: list[float], dt: float) -> None:
    """Let the mould stand in a stop, which is remembered for the rules."""
    mould.advance(p, x, dt, int(p[MODE_IN_STOPS]))
    x[STOPPED_FOR] += dt
    if x[STOPPED_FOR] > p[DISCARD_AFTER]:
        x[TO_DISCARD] = max(x[TO_DISCARD], p[DISCARD_SHOTS])
    if x[STOPPED_FOR] > p[PURGE_AFTER]:
        x[TO_DISCARD] = max(x[TO_DISCARD], p[PURGE_SHOTS])


def _shoot(p: list[float], x: list[float]) -> float:
    """Begin a shot and return 1 if it is discarded; the last one of a part counts as much as is still wanted."""
    now = x[BEGIN_TEMPERATURE] = x[TEMPERATURE]
    x[TEMPERATURE] = now + p[mould.SHOT_HEAT] / p[mould.CAPACITY]
    x[REST] = p[BESIDE_COOLING] + mould.cooling_time(p, now)
    x[WORTH] = 1.0 - mould.finish(p, x)
    discarded = float(x[TO_DISCARD] > 0.0 or x[BEGIN_TEMPERATURE] < p[RELEASE])
    x[TO_DISCARD] = max(0.0, x[TO_DISCARD] - 1.0)
    x[STOPPED_FOR] = 0.0
    if discarded > 0.0:
        x[WORTH] = 0.0
    elif x[WORTH] > x[WANTED]:
        x[REST] *= x[WANTED] / x[WORTH]
        x[WORTH] = x[WANTED]
    return discarded


def _make(p: list[float], x: list[float], dt: float) -> float:
    """Make shots for `dt` seconds, or until none is wanted; return the time."""
    made, rate = 0.0, _rate(p)
    for _ in range(MOST_SHOTS):
        if dt - made <= 0.0:
            break
        if x[REST] <= 0.0:
            if x[WANTED] <= DONE:
                break
            _shoot(p, x)
        step = min(dt - made, x[REST])
        x[TEMPERATURE] = relax(x[TEMPERATURE], p[mould.T_COOLANT], rate, step)
        made += step
        x[REST] -= step
        if x[REST] <= 0.0:
            x[WANTED] -= x[WORTH]
    return made


def begin(
    p: list[float], x: list[float], idle_s: float, items: Sequence[list[float]] = (), now_s: float = 0.0
) -> tuple[float, float, int]:
    """Begin a part `idle_s` seconds after the last one: its shots take the cooling time that the mould asks for."""
    _stand(p, x, idle_s)
    x[WANTED], x[REST], x[DISCARDED] = p[SHOTS], 0.0, 0.0
    if p[SHOTS] == 1.0:
        x[WANTED] = math.inf  # made whole, whatever becomes of it
        x[DISCARDED] = _shoot(p, x)
        x[WANTED] = x[WORTH] = 1.0
        x[NEEDED] = x[REST]
    else:
        _plan(p, x)
    return x[NEEDED] - p[SHOT_TIME] * p[SHOTS], 0.0, ACCEPTED


def _plan(p: list[float], x: list[float]) -> None:
    """Look ahead to the end of the part: how long its shots take, and what the mould is like then."""
    ahead = list(x)
    x[NEEDED] = _make(p, ahead, math.inf)
    x[AT_END], x[LAST_BEGUN], x[LEFT_AT_END] = ahead[TEMPERATURE], ahead[BEGIN_TEMPERATURE], ahead[TO_DISCARD]


def interrupted(p: list[float], x: list[float], run_s: float, stopped_s: float) -> float:
    """Go on after a stop in the midst of a part; a shot that stood for long in the mould is lost."""
    if p[SHOTS] > 1.0:
        _make(p, x, run_s)
    else:
        mould.advance(p, x, run_s, mould.RUNNING)
    before = max(0.0, x[NEEDED] - run_s)
    x[NEEDED] = before
    _stand(p, x, stopped_s)
    _lose(p, x)
    if p[SHOTS] > 1.0 and stopped_s > 0.0:
        _plan(p, x)
    return x[NEEDED] - before


def _lose(p: list[float], x: list[float]) -> None:
    """Discard the shot under way if the mould has stood too long with it."""
    if x[STOPPED_FOR] > p[DISCARD_AFTER]:
        x[DISCARDED] = 1.0
        if p[SHOTS] > 1.0:
            x[WORTH] = 0.0


def finish(
    p: list[float],
    x: list[float],
    run_s: float,
    stopped_s: float,
    items: Sequence[list[float]] = (),
    now_s: float = 0.0,
) -> None:
    """End a part: one shot after the time that it really took, a tray as planned (that of its mean cycle)."""
    if p[SHOTS] > 1.0:
        x[TEMPERATURE], x[BEGIN_TEMPERATURE], x[TO_DISCARD] = x[AT_END], x[LAST_BEGUN], x[LEFT_AT_END]
        x[STOPPED_FOR] = 0.0
    else:
        mould.advance(p, x, run_s, mould.RUNNING)
    _stand(p, x, stopped_s)
    _lose(p, x)


def judge(p: list[float], x: list[float], item: list[float] = NO_PART) -> tuple[int, float]:
    """Return of a part of one shot whether it is discarded, and its scrap probability; a tray is made good."""
    if p[SHOTS] > 1.0:
        return 0, 0.0
    return int(x[DISCARDED]), mould.finish(p, x)


def opened(p: list[float], x: list[float], closed_s: float, idle_s: float = 0.0) -> None:
    """Open the calendar: after a long closure the mould is preheated and production starts afresh."""
    _stand(p, x, idle_s)
    _stand(p, x, closed_s)
    if closed_s > p[PREHEAT_AFTER]:
        warm = max(x[TEMPERATURE], p[mould.T_BEGIN])
        renew(p, x)
        x[TEMPERATURE] = warm


def renew(p: list[float], x: list[float]) -> None:
    """Put another mould in, preheated, its first shots to be discarded or purged."""
    x[:] = initial(p)


def renew_cold(p: list[float], x: list[float]) -> None:
    """Put another mould in as cold as the hall."""
    renew(p, x)
    x[TEMPERATURE] = x[BEGIN_TEMPERATURE] = p[mould.T_AMBIENT]


def energy(p: list[float], x: list[float]) -> float:
    """The heat of the mould comes with the melt; its control unit is told by the power of the station."""
    return 0.0
