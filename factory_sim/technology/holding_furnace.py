"""Holding furnace of a casting machine: metal taken and topped up, temperature, energy.

A thermostat holds the melt (`processes.reduced.melt`: one enthalpy, linear loss). A cycle takes its shot; when too
little is left the machine waits for a top-up, and when the melt is too cold, until it is warm. Metal is always there
to top up with. The wall loss does not depend on the level. Functions as in `laws`.

    >>> from types import SimpleNamespace
    >>> table = SimpleNamespace(shot_mass=8.0, full=400.0, heel=100.0, top_up_below=None, charge=None,
    ...     charge_time=240.0, charge_temperature=720.0, temperature=680.0, holding_loss=6e3, power=25e3,
    ...     efficiency=0.85, ambient=25.0, specific_heat_solid=963.0, specific_heat_liquid=1160.0, latent_heat=389e3,
    ...     freeze_temperature=585.0, transfer_drop=15.0, window_low=620.0, window_high=720.0, cold_slope=0.02,
    ...     hot_slope=0.02, wait_below=None, held_in_stops=True, heat_off_shift=False)
    >>> p = compile_parameters(table, cycle_mean=60.0)
    >>> x = initial(p)
    >>> for shot in range(37):
    ...     extra, hold, refusal = begin(p, x, idle_s=0.0)
    ...     finish(p, x, run_s=60.0, stopped_s=0.0)
    >>> x[MASS], round(energy(p, x) / (37 * 60.0)), begin(p, x, 0.0)  # kg; W for 6 kW of loss; 4 min of topping up
    (104.0, 7059, (0.0, 240.0, 0))
    >>> opened(p, x, closed_s=8 * 3600.0)
    >>> round(x[TEMPERATURE])
    585
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from factory_sim.technology.item import NO_PART
from factory_sim.technology.verdicts import ACCEPTED, NO_LUCK
from processes.reduced import melt

# Parameters p, after those of the reduced model.
SHOT_MASS = melt.PARAMETERS
TOP_UP_BELOW = melt.PARAMETERS + 1
CHARGE = melt.PARAMETERS + 2
CHARGE_TIME = melt.PARAMETERS + 3
CHARGE_TEMPERATURE = melt.PARAMETERS + 4
WAIT_BELOW = melt.PARAMETERS + 5
COLD_SLOPE = melt.PARAMETERS + 6
HOT_SLOPE = melt.PARAMETERS + 7
MODE_IN_STOPS = melt.PARAMETERS + 8
MODE_OFF_SHIFT = melt.PARAMETERS + 9

# States x, after those of the reduced model: enthalpy, mass, temperature.
MASS = melt.MASS  # before the next cycle [kg]
TEMPERATURE = melt.TEMPERATURE  # in the furnace [degC]
BEGIN_TEMPERATURE = melt.STATES  # as the present or last shot was taken [degC]
TAKEN = melt.STATES + 1  # energy not yet asked for [J]

READS_PARTS, SHOWN, SHOWN_AT_BEGIN, LUCK = False, TEMPERATURE, BEGIN_TEMPERATURE, NO_LUCK
HOLD = ("melt", "waiting")


class Melt(Protocol):
    """What `compile_parameters` reads: the table `[station.<id>.melt]` in SI floats."""

    shot_mass: float  # [kg]
    full: float  # [kg]
    heel: float  # [kg]
    top_up_below: float | None  # [kg]
    charge: float | None  # [kg]
    charge_time: float  # [s]
    charge_temperature: float  # [degC]
    temperature: float  # [degC]
    holding_loss: float  # at `temperature` [W]
    power: float  # [W]
    efficiency: float  # (0, 1]
    ambient: float  # [degC]
    specific_heat_solid: float  # [J/(kg K)]
    specific_heat_liquid: float  # [J/(kg K)]
    latent_heat: float  # [J/kg]
    freeze_temperature: float  # [degC]
    transfer_drop: float  # [K]
    window_low: float  # of the pour temperature [degC]
    window_high: float  # [degC]
    cold_slope: float  # [1/K]
    hot_slope: float  # [1/K]
    wait_below: float | None  # in the furnace [degC]
    held_in_stops: bool
    heat_off_shift: bool


def compile_parameters(table: Melt, cycle_mean: float) -> list[float]:
    """Return the parameter list of a holding furnace; it is full at the beginning.

    Raises
    ------
    ValueError  If a number is out of range, or the window of the pour temperature is empty.
    """
    p = melt.compile_parameters(
        mass=table.full,
        mass_full=table.full,
        heel=table.heel,
        c_solid=table.specific_heat_solid,
        c_liquid=table.specific_heat_liquid,
        latent=table.latent_heat,
        T_freeze=table.freeze_temperature,
        UA=table.holding_loss / (table.temperature - table.ambient),
        open_area=0.0,
        open_flux=0.0,
        T_ambient=table.ambient,
        T_set=table.temperature,
        power=table.power,
        efficiency=table.efficiency,
        transfer_drop=table.transfer_drop,
        T_cold=table.window_low + table.transfer_drop,
        T_hot=table.window_high + table.transfer_drop,
    )
    p += [
        table.shot_mass,
        table.heel if table.top_up_below is None else table.top_up_below,
        table.full if table.charge is None else table.charge,
        table.charge_time,
        table.charge_temperature,
        table.freeze_temperature if table.wait_below is None else max(table.wait_below, table.freeze_temperature),
        table.cold_slope,
        table.hot_slope,
        melt.HOLDING if table.held_in_stops else melt.OFF,
        melt.HOLDING if table.heat_off_shift else melt.OFF,
    ]
    return [float(number) for number in p]


def initial(p: list[float]) -> list[float]:
    """Return the state of a full furnace at its set point."""
    return [*melt.initial(p), p[melt.T_SET], 0.0]


def _advance(p: list[float], x: list[float], dt: float, mode: float) -> None:
    """Let `dt` seconds pass and keep the energy."""
    x[TAKEN] += melt.advance(p, x, dt, int(mode))[0]


def _warming(p: list[float], x: list[float]) -> float:
    """Return the time until the melt may be cast. [s]"""
    level = melt.enthalpy(p, p[WAIT_BELOW])
    if x[melt.ENTHALPY] >= level:
        return 0.0
    return melt.time_to(p, x, melt.HOLDING, melt.ENTHALPY, level)


def begin(
    p: list[float], x: list[float], idle_s: float, items: Sequence[list[float]] = (), now_s: float = 0.0
) -> tuple[float, float, int]:
    """Take a shot, after a top-up if too little is left and a wait if the melt is too cold."""
    _advance(p, x, idle_s, melt.HOLDING)
    hold = 0.0
    if x[MASS] < p[TOP_UP_BELOW] or x[MASS] - p[SHOT_MASS] < p[melt.HEEL]:
        melt.top_up(p, x, p[CHARGE], p[CHARGE_TEMPERATURE])
        hold = p[CHARGE_TIME]
        _advance(p, x, hold, melt.HOLDING)
    wait = _warming(p, x)
    _advance(p, x, wait, melt.HOLDING)
    x[BEGIN_TEMPERATURE] = x[TEMPERATURE]
    x[MASS] -= p[SHOT_MASS]
    return 0.0, hold + wait, ACCEPTED


def finish(
    p: list[float],
    x: list[float],
    run_s: float,
    stopped_s: float,
    items: Sequence[list[float]] = (),
    now_s: float = 0.0,
) -> None:
    """Hold the melt over the cycle; a stop may take the heater along."""
    _advance(p, x, stopped_s, p[MODE_IN_STOPS])
    _advance(p, x, run_s, melt.HOLDING)


def judge(p: list[float], x: list[float], item: list[float] = NO_PART) -> tuple[int, float]:
    """Return the scrap probability of a shot poured outside its window: linear, at most 1."""
    now = x[BEGIN_TEMPERATURE]
    cold = p[COLD_SLOPE] * max(0.0, p[melt.T_COLD] - now)
    hot = p[HOT_SLOPE] * max(0.0, now - p[melt.T_HOT])
    return 0, min(1.0, cold + hot)


def opened(p: list[float], x: list[float], closed_s: float, idle_s: float = 0.0) -> None:
    """Hold the melt, or let it cool while the calendar was closed."""
    _advance(p, x, idle_s, melt.HOLDING)
    _advance(p, x, closed_s, p[MODE_OFF_SHIFT])


def renew(p: list[float], x: list[float]) -> None:
    """Another die changes nothing in the furnace."""


def energy(p: list[float], x: list[float]) -> float:
    """Return the energy taken since this was asked last. [J]"""
    taken, x[TAKEN] = x[TAKEN], 0.0
    return taken
