"""Batch furnace of heat treatment: heating by load and power, a soak clock, case depth, stops, energy.

The cycle of the station is that of a fresh load of so many `parts`: heating, soak, and the rest of it (cooling in the
furnace, quench), which is what the first two leave. Another load takes the time of its own heat capacity, to which its
surface is taken to be proportional (`processes.reduced.furnace_load`: mean temperature, power or exchange the limit,
soak from when it is in its band). Without power the load cools with the lining; after that the lining is heated first,
then the load, then the soak goes on or begins again; while it is still in the band it soaks. Case depth goes with the
square root of the soak (Fick, constant surface carbon), faster in a hotter furnace (diffusion of carbon in austenite);
the cycle of the station is that at `cycle_temperature`. Products may have recipes of their own: a soak by time, and a
set point for it; the lining is taken to be at that of the furnace. Parts come at ambient temperature. Functions as in
`laws`.

    >>> from types import SimpleNamespace
    >>> table = SimpleNamespace(parts=8, mass=75.0, fixtures=150.0, specific_heat=650.0, surface=2.0, convection=20.0,
    ...     emissivity=0.8, temperature=927.0, cycle_temperature=None, ambient=20.0, band=10.0, soak=None,
    ...     case_depth=1.1e-3, depth_in_hour=0.53e-3, activation=148e3, recipe={}, case_least=1.0e-3,
    ...     case_most=1.3e-3, least_soak=0.0, control="soak", after_stop="continue", power=135e3, wall_loss=12e3,
    ...     door_loss=60e3, door_time=180.0, lining=3e5, efficiency=0.7, held_in_stops=False, heat_off_shift=True)
    >>> p = compile_parameters(table, cycle_mean=7.5 * 3600.0)
    >>> x, load = initial(p), [[20.0, 0.0, 0.0, 0.0, 0.0] for part in range(8)]
    >>> begin(p, x, 0.0, load, 0.0)
    (0.0, 0.0, 0)
    >>> round(interrupted(p, x, run_s=3 * 3600.0, stopped_s=1800.0) / 60.0), round(x[LINING])  # min more; degC
    (-8, 900)
    >>> finish(p, x, 4.5 * 3600.0 - 496.0, 0.0, load, 8 * 3600.0)
    >>> round(load[0][DEPTH] * 1e3, 2), judge(p, x, load[0]), round(energy(p, x) / 3.6e6)  # mm, kWh
    (1.1, (0, 0.0), 314)
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Protocol

from factory_sim.technology.item import DEPTH, PRODUCT, TOLD
from factory_sim.technology.item import TEMPERATURE as OF_PART
from factory_sim.technology.verdicts import ACCEPTED, NO_LUCK
from processes.carburizing import diffusivity
from processes.reduced import furnace_load
from processes.reduced._lumped import relax

# Parameters p: the recipe of the furnace comes first, and in it those of the reduced model, for the load of the file.
HOT_TIME = furnace_load.PARAMETERS  # heating and soak that the cycle of the file holds [s]
PROGRAM = furnace_load.PARAMETERS + 1  # the same at the set point [s]
DEPTH_RATE = furnace_load.PARAMETERS + 2  # square of the depth over time; 0: no case [m^2/s]
RECIPE = furnace_load.PARAMETERS + 3  # so many parameters has a recipe
PART_CAPACITY = RECIPE  # [J/K]
FIXTURES = RECIPE + 1  # [J/K]
CASE = RECIPE + 2  # to be reached [m]
CASE_LEAST = RECIPE + 3
CASE_MOST = RECIPE + 4
LEAST_SOAK = RECIPE + 5  # [s]
BY_CLOCK = RECIPE + 6  # 1: the program runs by the clock, whatever the load does
AGAIN = RECIPE + 7  # 1: a soak that was left begins again
DOOR = RECIPE + 8  # heat lost by opening it for a load [J]
HELD_IN_STOPS = RECIPE + 9
HEATED_OFF_SHIFT = RECIPE + 10
OF_PRODUCT = RECIPE + 11  # from here on, if there are recipes: where that of each product begins; then they themselves

# States x: temperature of the load and soaked time come first, as in the reduced model.
TEMPERATURE = furnace_load.TEMPERATURE  # of the load [degC]
SOAKED = furnace_load.SOAKED  # [s]
LINING = furnace_load.STATES  # its temperature, what the furnace has beside the load [degC]
LEFT = furnace_load.STATES + 1  # of heating and soak [s]
REQUIRED = furnace_load.STATES + 2  # soak of the present load [s]
TAKEN = furnace_load.STATES + 3  # energy not yet asked for [J]
BEGIN_TEMPERATURE = furnace_load.STATES + 4  # of the lining when the load came [degC]
OF_LOAD = furnace_load.STATES + 5  # from here on: the recipe for the present load

READS_PARTS, SHOWN, SHOWN_AT_BEGIN, LUCK = True, TEMPERATURE, BEGIN_TEMPERATURE, NO_LUCK
HOLD = ("heat_up", "warming")

SLACK = 1e-3  # s by which a soak may be short: times are rounded


class Recipe(Protocol):
    """What `recipes` reads: a table `[station.<id>.furnace.recipe.<product>]` in SI floats."""

    soak: float  # [s]
    temperature: float | None  # [degC]


class Furnace(Protocol):
    """What `compile_parameters` reads: the table `[station.<id>.furnace]` in SI floats."""

    parts: int  # of the load for which the cycle of the station is
    mass: float  # of a part [kg]
    fixtures: float  # of a load [kg]
    specific_heat: float  # [J/(kg K)]
    surface: float  # of a part that sees the furnace [m^2]
    convection: float  # [W/(m^2 K)]
    emissivity: float  # [0, 1]
    temperature: float  # set point [degC]
    cycle_temperature: float | None  # that for which cycle, depth_in_hour and wall_loss are [degC]
    ambient: float  # [degC]
    band: float  # below the set point [K]
    soak: float | None  # [s]
    case_depth: float | None  # [m]
    depth_in_hour: float  # case after one hour of soak [m]
    activation: float  # of its growth [J/mol]
    case_least: float  # [m]
    case_most: float | None  # [m]
    least_soak: float  # [s]
    control: str  # soak or clock
    after_stop: str  # continue or again
    power: float  # to the chamber [W]
    wall_loss: float  # at the set point [W]
    door_loss: float  # [W]
    door_time: float  # for each load [s]
    lining: float  # [J/K]
    efficiency: float  # (0, 1]
    held_in_stops: bool
    heat_off_shift: bool

    @property
    def recipe(self) -> Mapping[str, Recipe]:
        """Of products that are treated otherwise, by their name."""


def compile_parameters(table: Furnace, cycle_mean: float) -> list[float]:
    """Return the parameter list of a furnace.

    Raises
    ------
    ValueError  If a number is out of range, or heating and soak of the load take longer than the cycle.
    """
    reference = _reference(table)
    case, rate, before = 0.0, 0.0, 0.0
    if table.case_depth is not None:
        case, before = table.case_depth, table.depth_in_hour**2 / 3600.0
        at, there = (diffusivity(1.0, table.activation, T) for T in (reference, table.temperature))
        rate = before * there / at
    soaks = (table.soak, table.soak) if table.case_depth is None else (case**2 / before, case**2 / rate)
    hot = _program(_load(table, reference, soaks[0] or 0.0))
    _check_fits(table, "", hot, cycle_mean)
    q = _load(table, table.temperature, soaks[1] or 0.0)
    most = math.inf if table.case_most is None else table.case_most
    rules = [float(table.control == "clock"), float(table.after_stop == "again"), table.door_loss * table.door_time]
    heats = [table.mass * table.specific_heat, table.fixtures * table.specific_heat]
    own = [*heats, case, table.case_least, most, table.least_soak, *rules, table.held_in_stops, table.heat_off_shift]
    return [float(number) for number in [*q, hot, _program(q), rate, *own]]


def recipes(p: list[float], table: Furnace, visits: Sequence[tuple[str, float | None]]) -> list[float]:
    """Return the parameter list with the recipes of products; `visits` are their names and the means of own cycles.

    A cycle of its own holds heating and soak of the product's recipe, that of the station those of the furnace.

    Raises
    ------
    ValueError  If a number is out of range, or heating and soak take longer than the own cycle of a product.
    """
    if not table.recipe:
        return p
    at, blocks = [0.0] * len(visits), list[float]()
    for product, (name, own) in enumerate(visits):
        recipe = table.recipe.get(name)
        if recipe is None:
            continue
        T = table.temperature if recipe.temperature is None else recipe.temperature
        q, hot = _load(table, T, recipe.soak), p[HOT_TIME]
        if own is not None:
            then = _reference(table) if recipe.temperature is None else T
            hot = _program(_load(table, then, recipe.soak))
            _check_fits(table, f" of '{name}'", hot, own)
        at[product] = float(OF_PRODUCT + len(visits) + len(blocks))
        blocks += [*q, hot, _program(q), 0.0]
    return [*p, *at, *blocks]


def _check_fits(table: Furnace, whose: str, hot: float, cycle: float) -> None:
    """Raise ValueError if heating and soak are longer than the cycle that holds them."""
    if hot > cycle:
        raise ValueError(
            f"heating and soak of {table.parts} parts{whose} take {hot / 3600.0:.2f} h, more than the cycle of"
            f" {cycle / 3600.0:.2f} h, which holds them; lengthen cycle, raise power or lower parts"
        )


def _reference(table: Furnace) -> float:
    """Return the set point for which cycle, depth in an hour and wall loss are. [degC]"""
    return table.temperature if table.cycle_temperature is None else table.cycle_temperature


def _load(table: Furnace, T: float, soak: float) -> list[float]:
    """Return the parameters of the reduced model for the load of the file at a set point [degC] and a soak [s]."""
    return furnace_load.compile_parameters(
        mass=table.parts * table.mass + table.fixtures,
        c=table.specific_heat,
        surface=table.parts * table.surface,
        h=table.convection,
        emissivity=table.emissivity,
        T_start=table.ambient,
        T_set=T,
        T_ambient=table.ambient,
        band=table.band,
        soak=soak,
        power=table.power,
        UA=table.wall_loss / (_reference(table) - table.ambient),
        UA_door=0.0,
        lining=table.lining,
        efficiency=table.efficiency,
    )


def _program(q: list[float]) -> float:
    """Return the time of heating and soak. [s]"""
    x = furnace_load.initial(q)
    if q[furnace_load.SOAK] == 0.0:  # a load that is done when it is hot
        return furnace_load.time_to(q, x, furnace_load.HEATING, TEMPERATURE, q[furnace_load.CORE_FLOOR])
    return furnace_load.time_to(q, x, furnace_load.HEATING, SOAKED, q[furnace_load.SOAK])


def initial(p: list[float]) -> list[float]:
    """Return the state of an empty furnace at its set point."""
    T = p[furnace_load.T_SET]
    return [p[furnace_load.T_START], 0.0, T, 0.0, 0.0, 0.0, T, *p[:RECIPE]]


def _reheating(p: list[float], x: list[float]) -> float:
    """Return the time in which the heater brings the lining to the set point. [s]"""
    lining = p[furnace_load.ALL_CAPACITY] - p[furnace_load.CAPACITY]
    return lining * (p[furnace_load.T_SET] - x[LINING]) / p[furnace_load.NET_POWER]


def _hold(p: list[float], x: list[float], dt: float) -> float:
    """Hold the furnace without the load, or heat its lining; return the time left when the lining is hot. [s]"""
    until = _reheating(p, x)
    heated = min(dt, until)
    if until > 0.0:
        x[LINING] += (p[furnace_load.T_SET] - x[LINING]) * heated / until
    power = p[furnace_load.NET_POWER]
    x[TAKEN] += (power * heated + p[furnace_load.WALL_LOSS] * dt) / p[furnace_load.EFFICIENCY]
    return dt - heated


def _run(p: list[float], x: list[float], dt: float) -> None:
    """Let the program run: the lining first, then the load; what is not heating or soak goes on without the load."""
    hot = min(dt, x[LEFT])
    x[LEFT] -= hot
    into_load = hot - min(hot, _reheating(p, x))
    _hold(p, x, hot - into_load)
    x[TAKEN] += furnace_load.advance(x[OF_LOAD:], x, into_load, furnace_load.HEATING)[0]
    _hold(p, x, dt - hot)


def _cool(p: list[float], x: list[float], dt: float) -> None:
    """Let the furnace stand without power, with the load in it or without."""
    lining = p[furnace_load.ALL_CAPACITY] - p[furnace_load.CAPACITY]
    content = lining
    if x[LEFT] > 0.0:
        furnace_load.advance(x[OF_LOAD:], x, dt, furnace_load.POWER_OFF)
        content = x[OF_LOAD + furnace_load.ALL_CAPACITY]
    x[LINING] = relax(x[LINING], p[furnace_load.T_AMBIENT], p[furnace_load.LOSS_OFF] / content, dt)


def _to_go(p: list[float], x: list[float]) -> float:
    """Return the time of heating and soak that the load still needs. [s]"""
    q = x[OF_LOAD:]
    if x[REQUIRED] > x[SOAKED]:
        needed = furnace_load.time_to(q, x, furnace_load.HEATING, SOAKED, x[REQUIRED])
    elif x[REQUIRED] > 0.0:
        return 0.0
    else:
        needed = furnace_load.time_to(q, x, furnace_load.HEATING, TEMPERATURE, q[furnace_load.CORE_FLOOR])
    return needed + _reheating(p, x)


def _own_recipe(p: list[float], item: list[float]) -> int:
    """Return where in p the recipe of a part begins."""
    return int(p[OF_PRODUCT + int(item[PRODUCT])]) if len(p) > OF_PRODUCT else 0


def _recipe(p: list[float], items: list[list[float]]) -> int:
    """Return where in p the longest recipe of a load begins, of several alike the first."""
    longest = _own_recipe(p, items[0])
    for item in items:
        at = _own_recipe(p, item)
        if p[at + PROGRAM] > p[longest + PROGRAM]:
            longest = at
    return longest


def begin(
    p: list[float], x: list[float], idle_s: float, items: list[list[float]], now_s: float
) -> tuple[float, float, int]:
    """Take a load when the furnace is hot: the cycle changes by its heating and soak."""
    _hold(p, x, idle_s)
    x[BEGIN_TEMPERATURE] = x[LINING]
    hold = _reheating(p, x)
    _hold(p, x, hold)
    capacity = len(items) * p[PART_CAPACITY] + p[FIXTURES]
    share = capacity / p[furnace_load.CAPACITY]
    at = _recipe(p, items)
    x[OF_LOAD:] = furnace_load.resized(p[at : at + RECIPE], capacity, share)
    x[TEMPERATURE], x[SOAKED] = p[furnace_load.T_START], 0.0
    x[TAKEN] += p[DOOR] / p[furnace_load.EFFICIENCY]
    x[REQUIRED] = p[at + furnace_load.SOAK]
    if p[at + DEPTH_RATE] > 0.0:
        least = min([item[DEPTH] for item in items])
        x[REQUIRED] = max(0.0, (p[CASE] * p[CASE] - least * least) / p[at + DEPTH_RATE])
    x[LEFT] = p[at + PROGRAM] if p[BY_CLOCK] > 0.0 else _to_go(p, x)
    return x[LEFT] - p[_own_recipe(p, items[0]) + HOT_TIME], hold, ACCEPTED


def interrupted(p: list[float], x: list[float], run_s: float, stopped_s: float) -> float:
    """Go on after a stop in the midst of the cycle, which the load may have left its soak for."""
    _run(p, x, run_s)
    before = x[LEFT]
    if p[HELD_IN_STOPS] > 0.0:
        _run(p, x, stopped_s)
    else:
        _cool(p, x, stopped_s)
        if p[AGAIN] > 0.0 and before > 0.0 and x[TEMPERATURE] < x[OF_LOAD + furnace_load.BAND_FLOOR]:
            x[SOAKED] = 0.0
        if p[BY_CLOCK] == 0.0 and before > 0.0:
            x[LEFT] = _to_go(p, x)
    return x[LEFT] - before


def finish(
    p: list[float], x: list[float], run_s: float, stopped_s: float, items: list[list[float]], now_s: float
) -> None:
    """Take the load out: as hot as its soak left it, with the case of its soak."""
    _run(p, x, run_s)
    _cool(p, x, stopped_s)
    x[LEFT] = 0.0
    for item in items:
        item[OF_PART], item[TOLD] = x[TEMPERATURE], now_s
        item[DEPTH] = math.sqrt(item[DEPTH] * item[DEPTH] + x[OF_LOAD + DEPTH_RATE] * x[SOAKED])


def judge(p: list[float], x: list[float], item: list[float]) -> tuple[int, float]:
    """A part whose soak was too short, or whose case is too thin or too deep, is scrap."""
    bad = x[SOAKED] + SLACK < p[LEAST_SOAK]
    if x[OF_LOAD + DEPTH_RATE] > 0.0:
        slack = x[OF_LOAD + DEPTH_RATE] * SLACK
        bad = bad or item[DEPTH] * item[DEPTH] + slack < p[CASE_LEAST] * p[CASE_LEAST] or item[DEPTH] > p[CASE_MOST]
    return 0, float(bad)


def opened(p: list[float], x: list[float], closed_s: float, idle_s: float = 0.0) -> None:
    """The empty furnace was held, or its lining cooled while the calendar was closed."""
    _hold(p, x, idle_s)
    if p[HEATED_OFF_SHIFT] > 0.0:
        _hold(p, x, closed_s)
    else:
        _cool(p, x, closed_s)


def renew(p: list[float], x: list[float]) -> None:
    """A furnace has no tool."""


def energy(p: list[float], x: list[float]) -> float:
    """Return the energy taken since this was asked last. [J]"""
    taken, x[TAKEN] = x[TAKEN], 0.0
    return taken
