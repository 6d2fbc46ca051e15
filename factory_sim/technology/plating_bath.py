"""Plating bath: thickness by Faraday's law, concentration by drag-out and dosing, temperature by a thermostat.

What the bath is like when a load goes in decides how thick the deposit gets; each load takes metal and liquid along.
Concentration and temperature follow `processes.reduced.bath`. Below `low` the limiting current falls in proportion to
the concentration (diffusion layer), and so the efficiency is taken to.

What no balance tells (pH, brightener, contamination) is an upset: it comes by chance at a constant rate, spoils a share
of the parts, and lasts until it is seen. A sensor sees some of the upsets before the next load goes in; the laboratory
sees all, at its next analysis. One uniform before each load tells whether an upset began since the one before, and of
which kind it is, so that a better sensor never makes a bath worse. In the tank of a hoist line the time of a load is
its soak, from set-down to pick-up, and the current is off when the plating time is over. Functions as in `laws`.

    >>> from types import SimpleNamespace
    >>> from factory_sim.technology.item import fresh
    >>> table = SimpleNamespace(metal="nickel", thickness=15e-6, minimum=12e-6, spread=0.0, area=0.05,
    ...     current_density=400.0, efficiency=0.95, rectifier_current=None, voltage=6.0, rectifier_efficiency=0.88,
    ...     control="time", volume=4.0, concentration=75.0, low=60.0, anodes=0.9, dragout=1e-4, dosing="shift",
    ...     dose_every=28800.0, ageing=0.0, temperature=55.0, temperature_low=50.0, ambient=20.0, loss=180.0,
    ...     heater=20e3, heater_efficiency=0.95, heat_off_shift=True, density=1150.0, specific_heat=3700.0,
    ...     upset_every=None, upset_scrap=0.0, recall=0.0, carrier="electricity")
    >>> round(plating_time(table), 1)  # s
    1155.1
    >>> p = compile_parameters(table, cycle_mean=1500.0)
    >>> x, rack = initial(p), [fresh() for part in range(40)]
    >>> begin(p, x, 0.0, rack, 0.0)
    (0.0, 0.0, 0)
    >>> finish(p, x, 1500.0, 0.0, rack, 1500.0)
    >>> round(rack[0][DEPTH] * 1e6, 3), judge(p, x, rack[0])  # um
    (15.0, (0, 0.0))
    >>> opened(p, x, 48 * 3600.0)  # kept warm over the weekend
    >>> round(x[TEMPERATURE], 1)
    55.0
"""

from __future__ import annotations

import math
from typing import Protocol

from factory_sim.technology.item import DEPTH
from factory_sim.technology.verdicts import ACCEPTED
from processes.plating import time_for_thickness
from processes.reduced import bath
from processes.reduced.bath import CONCENTRATION, CURRENT, TEMPERATURE

METALS = {
    "nickel": (0.058693, 2, 8900.0),
    "copper": (0.063546, 2, 8960.0),
    "zinc": (0.06538, 2, 7140.0),
    "chromium": (0.051996, 6, 7190.0),
    "trivalent_chromium": (0.051996, 3, 7190.0),
}
"""Molar mass [kg/mol], electrons per atom, density [kg/m^3]."""

# Parameters p: those of the reduced model come first. The current of a load of one square metre is its full load.
AREA = bath.PARAMETERS  # of a part [m^2]
DENSITY = bath.PARAMETERS + 1  # of the current [A/m^2]
MOST_CURRENT = bath.PARAMETERS + 2  # [A]
CHARGE = bath.PARAMETERS + 3  # that deposits a volume at efficiency 1 [C/m^3]
METAL = bath.PARAMETERS + 4  # density of the deposit [kg/m^3]
THICKNESS = bath.PARAMETERS + 5  # [m]
MINIMUM = bath.PARAMETERS + 6
SPREAD = bath.PARAMETERS + 7
EFFICIENCY = bath.PARAMETERS + 8  # of the fresh bath
LOW = bath.PARAMETERS + 9  # [kg/m^3]
ANODES = bath.PARAMETERS + 10
DRAGOUT = bath.PARAMETERS + 11  # [m^3/m^2]
DOSE_EVERY = bath.PARAMETERS + 12  # inf: never; 0: after each load [s]
DOSED_BY_SHIFT = bath.PARAMETERS + 13
AGEING = bath.PARAMETERS + 14
TO_THICKNESS = bath.PARAMETERS + 15  # 1: a sensor ends the plating
HEATED_OFF_SHIFT = bath.PARAMETERS + 16
ANALYSED_EVERY = bath.PARAMETERS + 17  # [s]
UPSETS = bath.PARAMETERS + 18  # rate [1/s]
UPSET_SCRAP = bath.PARAMETERS + 19
RECALL = bath.PARAMETERS + 20
PARAMETERS = bath.PARAMETERS + 21

# States x: those of the reduced model come first.
ACTUAL = bath.STATES  # efficiency for the present load
PLATING_TIME = bath.STATES + 1  # of the present load [s]
SINCE_DOSE = bath.STATES + 2  # [s]
TURNOVERS = bath.STATES + 3  # metal deposited over metal in the bath, since it was made up
TAKEN = bath.STATES + 4  # energy not yet asked for [J]
LAYER = bath.STATES + 5  # thickness on the last load [m]
UNIFORM = bath.STATES + 6
UPSET = bath.STATES + 7  # 1: nobody has seen it yet
SINCE_LOAD = bath.STATES + 8  # time since the last load was put in [s]
SINCE_ANALYSIS = bath.STATES + 9  # [s]
STATES = bath.STATES + 10

READS_PARTS, SHOWN, SHOWN_AT_BEGIN, LUCK = True, LAYER, CONCENTRATION, UNIFORM
HOLD = ("heat_up", "warming")


class Bath(Protocol):
    """What `compile_parameters` reads: the table `[station.<id>.bath]` in SI floats."""

    metal: str  # one of METALS
    thickness: float  # mean, to be plated [m]
    minimum: float  # [m]
    spread: float  # coefficient of variation over a rack
    area: float  # of a part [m^2]
    current_density: float  # [A/m^2]
    efficiency: float  # of the cathode (0, 1]
    rectifier_current: float | None  # [A]
    voltage: float  # [V]
    rectifier_efficiency: float  # (0, 1]
    control: str  # time or thickness
    volume: float  # [m^3]
    concentration: float  # [kg/m^3]
    low: float  # [kg/m^3]
    anodes: float  # metal given back over metal deposited
    dragout: float  # [m^3/m^2]
    dosing: str  # shift, sensor or none
    dose_every: float  # [s]
    ageing: float  # share of the efficiency per turnover
    temperature: float  # [degC]
    temperature_low: float
    ambient: float
    loss: float  # [W/K]
    heater: float  # [W]
    heater_efficiency: float  # (0, 1]
    heat_off_shift: bool
    density: float  # of the liquid [kg/m^3]
    specific_heat: float  # [J/(kg K)]
    upset_every: float | None  # mean time to an upset [s]
    upset_scrap: float  # share of parts
    recall: float  # share of upsets that a sensor sees
    carrier: str  # gas: heating only, the rectifier is told by the power of the station


def plating_time(table: Bath) -> float:
    """Return how long the current is on in the fresh bath, by Faraday's law. [s]

    Raises
    ------
    ValueError  If a number is out of range.
    """
    molar_mass, electrons, density = METALS[table.metal]
    return time_for_thickness(table.thickness, table.current_density, table.efficiency, molar_mass, electrons, density)


def compile_parameters(table: Bath, cycle_mean: float) -> list[float]:
    """Return the parameter list of a bath.

    Raises
    ------
    ValueError  If a number is out of range, or plating takes longer than the cycle.
    """
    molar_mass, electrons, density = METALS[table.metal]
    needed = plating_time(table)
    if needed > cycle_mean:
        raise ValueError(
            f"thickness takes {needed / 60.0:.1f} min at this current_density and efficiency, more than the cycle of"
            f" {cycle_mean / 60.0:.1f} min, which holds it; lengthen cycle"
        )
    joule = table.current_density * table.voltage  # of one square metre
    q = bath.compile_parameters(
        volume=table.volume,
        rho=table.density,
        c=table.specific_heat,
        concentration=table.concentration,
        deposition=0.0,  # what deposits is known at the end of a load
        anode=0.0,
        dosing=0.0,
        dragout=0.0,  # by area
        UA=table.loss,
        T_ambient=table.ambient,
        T_set=table.temperature,
        heater=table.heater,
        joule=joule,
        rectifier=table.rectifier_efficiency,
        efficiency=table.heater_efficiency,
        low=0.0,
        high=2.0 * table.concentration,
        T_low=table.temperature_low,
        T_high=table.temperature + 1.0,
    )
    if table.carrier == "gas":
        q[bath.RECTIFIER] = 0.0
    every = {"shift": table.dose_every, "sensor": 0.0, "none": math.inf}[table.dosing]
    p = [
        *q,
        table.area,
        table.current_density,
        math.inf if table.rectifier_current is None else table.rectifier_current,
        time_for_thickness(1.0, 1.0, 1.0, molar_mass, electrons, density),
        density,
        table.thickness,
        table.minimum,
        table.spread,
        table.efficiency,
        table.low,
        table.anodes,
        table.dragout,
        every,
        table.dosing == "shift",
        table.ageing,
        table.control == "thickness",
        table.heat_off_shift,
        table.dose_every,
        0.0 if table.upset_every is None else 1.0 / table.upset_every,
        table.upset_scrap,
        table.recall,
    ]
    return [float(number) for number in p]


def initial(p: list[float]) -> list[float]:
    """Return the state of a fresh bath at its set point."""
    return [*bath.initial(p), p[EFFICIENCY], 0.0, 0.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0]


def efficiency(p: list[float], x: list[float]) -> float:
    """Return the share of the current that deposits metal in the bath as it is."""
    fresh = p[EFFICIENCY] * max(0.0, 1.0 - p[AGEING] * x[TURNOVERS])
    if x[CONCENTRATION] < p[LOW]:
        fresh *= x[CONCENTRATION] / p[LOW]
    return fresh


def _stand(p: list[float], x: list[float], dt: float, mode: int) -> None:
    """Let the bath stand, or plate."""
    x[TAKEN] += bath.advance(p, x, dt, mode)[0]
    x[SINCE_DOSE] += dt
    x[SINCE_LOAD] += dt
    x[SINCE_ANALYSIS] += dt


def _dose(p: list[float], x: list[float]) -> None:
    """Add metal up to the concentration of make-up, if an analysis is due."""
    if x[SINCE_DOSE] >= p[DOSE_EVERY]:
        x[CONCENTRATION] = p[bath.START]
        x[SINCE_DOSE] = 0.0


def _look(p: list[float], x: list[float]) -> None:
    """Let an upset come that no sensor sees, and the laboratory put it right if an analysis is due."""
    likely = -math.expm1(-p[UPSETS] * x[SINCE_LOAD])
    if p[RECALL] * likely <= x[UNIFORM] < likely:
        x[UPSET] = 1.0
    x[SINCE_LOAD] = 0.0
    if x[SINCE_ANALYSIS] >= p[ANALYSED_EVERY]:
        _analyse(x)


def _analyse(x: list[float]) -> None:
    """The laboratory finds what is wrong with the bath, and it is put right."""
    x[UPSET] = x[SINCE_LOAD] = x[SINCE_ANALYSIS] = 0.0


def begin(
    p: list[float], x: list[float], idle_s: float, items: list[list[float]], now_s: float
) -> tuple[float, float, int]:
    """Put a load in: the cycle changes by its plating time; a cold bath lets it wait until it is warm."""
    _stand(p, x, idle_s, bath.READY)
    _look(p, x)
    _dose(p, x)
    area = len(items) * p[AREA]
    current = min(p[DENSITY] * area, p[MOST_CURRENT])
    x[CURRENT] = current / p[DENSITY]
    x[ACTUAL] = efficiency(p, x)
    expected = p[EFFICIENCY]
    if p[TO_THICKNESS] > 0.0 and x[ACTUAL] > 0.0:
        expected = x[ACTUAL]
    x[PLATING_TIME] = p[THICKNESS] * p[CHARGE] * area / (expected * current)
    fresh = p[THICKNESS] * p[CHARGE] / (p[EFFICIENCY] * p[DENSITY])
    hold = 0.0
    if x[TEMPERATURE] < p[bath.T_LOW]:
        hold = bath.time_to(p, x, bath.READY, TEMPERATURE, p[bath.T_LOW])
        _stand(p, x, hold, bath.READY)
    return x[PLATING_TIME] - fresh, hold, ACCEPTED


def finish(
    p: list[float], x: list[float], run_s: float, stopped_s: float, items: list[list[float]], now_s: float
) -> None:
    """Take the load out: the current was on for its plating time and off in stops."""
    plated = min(run_s, x[PLATING_TIME])
    _stand(p, x, stopped_s, bath.READY)
    _stand(p, x, plated, bath.PLATING)
    _stand(p, x, run_s - plated, bath.READY)
    area = len(items) * p[AREA]
    thickness = x[LAYER] = x[ACTUAL] * x[CURRENT] * p[DENSITY] * plated / (p[CHARGE] * area)
    for item in items:
        item[DEPTH] = thickness
    deposit = thickness * area * p[METAL]
    x[TURNOVERS] += deposit / (p[bath.START] * p[bath.VOLUME])
    lost = (1.0 - p[ANODES]) * deposit + x[CONCENTRATION] * p[DRAGOUT] * area
    bath.dose(p, x, -min(lost, x[CONCENTRATION] * p[bath.VOLUME]))
    if p[DOSE_EVERY] == 0.0:
        _dose(p, x)


def judge(p: list[float], x: list[float], item: list[float]) -> tuple[int, float]:
    """Return the probability that the deposit of a part is below the minimum, or spoilt by an upset."""
    return 0, _thin(p, item[DEPTH]) + p[UPSET_SCRAP] * x[UPSET]


def _thin(p: list[float], thickness: float) -> float:
    """Return the share of a rack that is below the minimum."""
    if p[MINIMUM] == 0.0:
        return 0.0
    above = thickness - p[MINIMUM]
    if p[SPREAD] == 0.0 or thickness <= 0.0:
        return float(above < -1e-9 * p[MINIMUM])
    return 0.5 * math.erfc(above / (p[SPREAD] * thickness * math.sqrt(2.0)))


def opened(p: list[float], x: list[float], closed_s: float, idle_s: float = 0.0) -> None:
    """Open the calendar: the bath was kept warm or cooled meanwhile, and is analysed and dosed for the shift."""
    _stand(p, x, idle_s, bath.READY)
    _stand(p, x, closed_s, bath.READY if p[HEATED_OFF_SHIFT] > 0.0 else bath.OFF)
    if closed_s > 0.0:
        _analyse(x)
    if closed_s > 0.0 and p[DOSED_BY_SHIFT] > 0.0:
        x[SINCE_DOSE] = p[DOSE_EVERY]
        _dose(p, x)


def renew(p: list[float], x: list[float]) -> None:
    """Make a new bath up, at the temperature of the old one."""
    x[CONCENTRATION], x[TURNOVERS], x[SINCE_DOSE] = p[bath.START], 0.0, 0.0
    _analyse(x)


def energy(p: list[float], x: list[float]) -> float:
    """Return the energy of heater and rectifier since this was asked last. [J]"""
    taken, x[TAKEN] = x[TAKEN], 0.0
    return taken
