"""Die that forges, moulds or casts: lumped, with its own conductance when it runs, stands or is heated.

High-pressure casting has a die of its own, with dwell and discarded shots; this one serves forging dies, permanent
moulds and press tools.

>>> p = compile_parameters(heat_capacity=60e3, part_heat=240e3, loss_running=55.0, loss_stopped=20.0, T_sink=30.0,
...     T_begin=150.0, heater=6e3, efficiency=0.8, T_low=120.0, T_high=300.0, life=8e3, reference=220.0, growth=0.004)
>>> x = initial(p)
>>> for part in range(60):
...     verdict = begin(p, x)
...     energy, heat = advance(p, x, 20.0, RUNNING)
...     worn = finish(p, x)
>>> round(x[TEMPERATURE], 1), verdict == IN_WINDOW, round(x[WEAR], 5)
(214.2, True, 0.0075)
>>> round(time_to(p, x, STOPPED, TEMPERATURE, 120.0) / 60.0)  # min of stop until it must be heated again
36
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from processes.checks import require_not_negative, require_positive, require_rising, require_within
from processes.reduced._lumped import held, held_time, relax, relax_time

if TYPE_CHECKING:
    from processes.kernels.section import Die

# Parameters p.
CAPACITY = 0
PART_HEAT = 1  # [J]
LOSS_RUNNING = 2  # [W/K]
LOSS_STOPPED = 3
T_SINK = 4
T_BEGIN = 5  # of the die as production begins, and set point of its heater [degC]
HEATER = 6  # [W]
EFFICIENCY = 7
T_LOW = 8  # window before a part [degC]
T_HIGH = 9
WEAR_PER_PART = 10
REFERENCE = 11  # die temperature for which the life holds [degC]
GROWTH = 12  # relative growth of wear per kelvin above it [1/K]
PARAMETERS = 13

# States x.
TEMPERATURE = 0  # [degC]
BEGIN_TEMPERATURE = 1  # before the present or last part [degC]
WEAR = 2  # share of the life
PARTS = 3
STATES = 4

# Modes.
STOPPED = 0
RUNNING = 1
HEATED = 2  # stands with its heater on

# Verdicts before a part.
IN_WINDOW = 0
TOO_COLD = 1
TOO_HOT = 2


def compile_parameters(
    *,
    heat_capacity: float,
    part_heat: float,
    loss_running: float,
    loss_stopped: float,
    T_sink: float,
    T_begin: float,
    heater: float,
    efficiency: float,
    T_low: float,
    T_high: float,
    life: float,
    reference: float,
    growth: float,
) -> list[float]:
    """Return the parameter list of a die.

    Parameters
    ----------
    heat_capacity : float   Active steel, mass times specific heat, or `calibrate`. [J/K]
    part_heat : float       Into the die per part, what the spray takes subtracted. [J]
    loss_running : float    Conductance to the sink while it runs, water and spray on. [W/K]
    loss_stopped : float    The same in a stop, water shut. [W/K]
    T_sink : float          Water, bolster. [degC]
    T_begin : float         Begin of production, and set point of the heater: 150-250. [degC]
    heater : float          Gas burner or oil unit, heat into the die; 0 none. [W]
    efficiency : float      Of the heater. (0, 1]
    T_low, T_high : float   Window before a part; forging 120-300, permanent moulds 200-400. [degC]
    life : float            Parts at the reference temperature; hot forging 3000-20000. [-]
    reference : float       Die temperature of that life. [degC]
    growth : float          Relative growth of wear per kelvin above it, 0-0.01: tempered steel is softer. [1/K]

    Raises
    ------
    ValueError  If an argument is out of range, the window is empty, or the begin is not warmer than the sink.

    Notes
    -----
    A part adds Q/C at once, then T_s + (T - T_s) exp(-K t/C). For trends and scrap counts, not hot spots. Geometric sum
    of impulses, computed here; values typical. Measured against a section 60 mm deep with a channel of 10 mm every
    50 mm, 32 mm behind the face (k 28, cycle 20 s, heat in 5 s, calibrated for a stop of 600 s), in shares of the
    steady rise before a part: at a cycle of 14 or 30 s 0.05, warming up 0.12 too cold, in stops with water up to 0.12
    too hot. In stops without water the face first gives heat to the steel behind, then that cools: up to 0.26 too hot
    after 1-2 min, 0.21 too cold after 30 min; one capacity cannot do both. Between parts the face swings by five times
    Q/C and more, which is not described.

    >>> compile_parameters(heat_capacity=60e3, part_heat=240e3, loss_running=55.0, loss_stopped=20.0, T_sink=30.0,
    ...     T_begin=150.0, heater=6e3, efficiency=0.8, T_low=320.0, T_high=300.0, life=8e3, reference=220.0, growth=0.0)
    Traceback (most recent call last):
    ValueError: T_high must exceed T_low, got 300.0 against 320.0
    """
    require_positive(heat_capacity=heat_capacity, part_heat=part_heat, loss_running=loss_running, life=life)
    require_positive(loss_stopped=loss_stopped, efficiency=efficiency)
    require_not_negative(heater=heater, growth=growth)
    require_within(0.0, 1.0, efficiency=efficiency)
    require_rising(T_low=T_low, T_high=T_high)
    require_rising(T_sink=T_sink, T_begin=T_begin)
    require_rising(T_sink=T_sink, reference=reference)
    p = (heat_capacity, part_heat, loss_running, loss_stopped, T_sink, T_begin, heater, efficiency, T_low, T_high)
    return [float(number) for number in (*p, 1.0 / life, reference, growth)]


def calibrate(
    section: Die, stopped: Die, *, heat: float, contact: float, cycle: float, stop: float
) -> tuple[float, float, float]:
    """Return heat capacity [J/K] and running and stopped conductance [W/K] of each metre of a section.

    Parameters
    ----------
    section, stopped : processes.kernels.section.Die   Running and in a stop: other films of channels and back.
    heat : float      Of a part into the face of the section, spray subtracted. [J/m]
    contact : float   Time in which it comes in. [s]
    cycle : float     [s]
    stop : float      Usual long stop, after which the lumped die is to have the right temperature. [s]

    Raises
    ------
    ValueError  If an argument is out of range, or there is no sink in one of the states.

    Notes
    -----
    Three numbers give three things right: face temperature before a part at this cycle, slowest decay of the running
    die, face temperature after the stop.

    >>> from processes.kernels.section import Channel, Die
    >>> geometry = dict(depth=0.06, width=0.05, cells=(24, 20), k=28.0, rho_c=4.03e6, channels=[Channel(0.032, 0.025,
    ...     0.005)])
    >>> run, stand = Die(**geometry, h_channel=5000.0), Die(**geometry, h_channel=0.0, h_back=80.0)
    >>> C, running, still = calibrate(run, stand, heat=60e3, contact=5.0, cycle=20.0, stop=600.0)
    >>> round(C), round(running), round(still, 1)
    (5680, 36, 6.8)
    """
    from processes.reduced._section import effective, left_after_stop

    capacity, running = effective(section, heat, contact, cycle)
    left = left_after_stop(section, stopped, heat, contact, cycle, stop)
    if not 0.0 < left < 1.0:
        raise ValueError(f"stopped must have a sink, and stop leave some heat, got {left:g} of the rise left")
    return capacity, running, -capacity * math.log(left) / stop


def initial(p: list[float]) -> list[float]:
    """Return the state of a new die, heated for the begin of production."""
    return [p[T_BEGIN], p[T_BEGIN], 0.0, 0.0]


def advance(p: list[float], x: list[float], dt: float, mode: int) -> tuple[float, float]:
    """Let the die run, stand or be heated for `dt` seconds and return energy of its heater and heat to the sink. [J]"""
    before, energy = x[TEMPERATURE], 0.0
    if mode == HEATED:
        T, heated = held(before, dt, p[CAPACITY], p[LOSS_STOPPED], p[T_SINK], 0.0, p[HEATER], p[T_BEGIN])
        x[TEMPERATURE], energy = T, heated / p[EFFICIENCY]
    else:
        loss = p[LOSS_STOPPED] if mode == STOPPED else p[LOSS_RUNNING]
        x[TEMPERATURE] = relax(before, p[T_SINK], loss / p[CAPACITY], dt)
    return energy, energy - p[CAPACITY] * (x[TEMPERATURE] - before)


def begin(p: list[float], x: list[float]) -> int:
    """Begin a part: judge the die, IN_WINDOW, TOO_COLD or TOO_HOT, and take up the heat of the part."""
    now = x[TEMPERATURE]
    x[BEGIN_TEMPERATURE] = now
    x[TEMPERATURE] += p[PART_HEAT] / p[CAPACITY]
    if now < p[T_LOW]:
        return TOO_COLD
    return TOO_HOT if now > p[T_HIGH] else IN_WINDOW


def finish(p: list[float], x: list[float]) -> bool:
    """End a part: wear the die and return whether its life is used."""
    hotter = max(0.0, x[BEGIN_TEMPERATURE] - p[REFERENCE])
    x[WEAR] += p[WEAR_PER_PART] * (1.0 + p[GROWTH] * hotter)
    x[PARTS] += 1.0
    return x[WEAR] >= 1.0


def time_to(p: list[float], x: list[float], mode: int, variable: int, level: float) -> float:
    """Return the time until a state stands at a level; only TEMPERATURE moves between parts; inf if never. [s]"""
    if variable != TEMPERATURE or mode == HEATED:
        if variable != TEMPERATURE:
            return 0.0 if x[variable] == level else math.inf
        T = x[TEMPERATURE]
        return held_time(T, p[CAPACITY], p[LOSS_STOPPED], p[T_SINK], 0.0, p[HEATER], p[T_BEGIN], level)
    loss = p[LOSS_STOPPED] if mode == STOPPED else p[LOSS_RUNNING]
    return relax_time(x[TEMPERATURE], p[T_SINK], loss / p[CAPACITY], level)
