"""What a plant uses: energy by station and state, material by what becomes of it.

Energies are whole nanojoules (power in whole milliwatts x ticks of a microsecond) and masses whole milligrams times
counts of parts, so that branches sum to their stem exactly.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from factory_sim.model.schema import Plant
from factory_sim.model.station_schema import Power
from factory_sim.results.meters import NANO, metered
from factory_sim.results.states import VERDICT_MASK, MachineTime
from factory_sim.results.transport import vehicle_electricity
from factory_sim.results.window import Window, calendar_of, open_time
from factory_sim.simulation import trace as t
from factory_sim.simulation.line_machines import machines_of
from factory_sim.simulation.plan import ELECTRICITY, GAS, Plan
from factory_sim.simulation.trace import Trace

PER_PART = "per_part"  # electricity that a part takes, beside the power of the states
PROCESS = "process"  # electricity that physical states took
KWH = 3_600_000 * NANO  # [nJ]
MILLIGRAMS = 1_000_000  # in a kilogram


@dataclass(frozen=True)
class EnergyUse:
    """Energy of a window. [nJ]"""

    electricity: dict[str, dict[str, int]]  # by station, then by state of the machines `PER_PART` or `PROCESS`
    gas: dict[str, int]  # by station
    auxiliary: int  # electricity beside the stations
    vehicles: int = 0  # electricity of vehicles, losses of charging included

    @property
    def by_station(self) -> dict[str, int]:
        """Electricity of each station. [nJ]"""
        return {name: sum(states.values()) for name, states in self.electricity.items()}

    @property
    def total(self) -> int:
        """Electricity of all, auxiliaries and vehicles included. [nJ]"""
        return self.auxiliary + self.vehicles + sum(self.by_station.values())


def power_of(power: Power, state: int) -> float:
    """Return the electric power of one machine in a state of `trace.STATES`. [W]"""
    if state in (t.WORKING, t.WARMING):
        return power.working
    return power.off if state in (t.OFF_SHIFT, t.SWITCHED_OFF) else power.idle


def energy_use(plant: Plant, plan: Plan, trace: Trace, window: Window) -> EnergyUse:
    """Return the energy of a window by station and state."""
    visits = trace.visits
    ended = window.holds(visits["ended"])
    ended &= (visits["outcome"] & VERDICT_MASK) != t.INTERRUPTED
    electricity: dict[str, dict[str, int]] = {}
    gas = {}
    units = [like.power for name in plant.station for _, like in machines_of(plant, name)]
    for index, (name, station) in enumerate(plant.station.items()):
        machines = [number for number, row in enumerate(plan.machines) if row.station == index]
        made = int((ended & np.isin(visits["machine"], machines)).sum())
        used = dict.fromkeys(t.STATES, 0)
        for machine in machines:
            for state, time in enumerate(MachineTime.of(trace, machine).states(window.begin, window.end).tolist()):
                used[t.STATES[state]] += round(power_of(units[machine], state) * 1e3) * time
        used[PER_PART] = round(station.electricity_per_part * NANO) * made
        used[PROCESS] = metered(trace, machines, ELECTRICITY, window)
        electricity[name] = used
        gas[name] = round(station.gas_per_part * NANO) * made + metered(trace, machines, GAS, window)
    planned = open_time(plan, calendar_of(plant), window.begin, window.end)
    vehicles = round(vehicle_electricity(plant, plan, trace, window) * NANO)
    return EnergyUse(electricity, gas, round(plant.economics.auxiliary_power * 1e3) * planned, vehicles)


class Scrap(NamedTuple):
    """Where and why parts were lost."""

    station: str
    cause: str  # as in `trace.CAUSES`; of a part that was thrown away where it waited, as in `trace.FATES`


@dataclass(frozen=True)
class MaterialUse:
    """Metal or other material of the parts of a product that left in a window. [mg]

    What goes in (`fresh` + `remelted`) is what comes out: good parts, those built into others, scrap by station and
    cause, returns (what is cut off every part: runners, flash, skeleton) and what is lost in melting.
    """

    product: str
    parts: int
    fresh: int
    remelted: int
    good: int
    built_in: int  # into other products, or divided into them
    scrap: dict[Scrap, int]
    returns: int
    lost: int

    @property
    def charged(self) -> int:
        """All that went in. [mg]"""
        return self.fresh + self.remelted

    @property
    def sold(self) -> int:
        """Scrap and returns that are not melted again here. [mg]"""
        return self.returns + sum(self.scrap.values()) - self.remelted


def material_use(plant: Plant, plan: Plan, trace: Trace, window: Window) -> dict[str, MaterialUse]:
    """Return the material by product, of those products whose mass the plant file gives.

    Material counts for the parts that left in the window, like its money; scrap and returns of today are taken to be
    those that are melted again today.
    """
    found = {}
    for index, (name, product) in enumerate(plant.product.items()):
        mass = product.mass
        if mass is None:
            continue
        part, shot = (round(each * MILLIGRAMS) for each in (mass.part, mass.charge or mass.part))
        good, built_in, causes = _fates(plant, plan, trace, window, index)
        count = good + built_in + sum(causes.values())
        scrap = {key: lost * part for key, lost in causes.items()}
        returns, lost = count * (shot - part), count * round(shot * mass.melt_loss)
        remelted = round((returns + sum(scrap.values())) * mass.remelt)
        fresh = count * shot + lost - remelted
        found[name] = MaterialUse(name, count, fresh, remelted, good * part, built_in * part, scrap, returns, lost)
    return found


def _fates(plant: Plant, plan: Plan, trace: Trace, window: Window, product: int) -> tuple[int, int, dict[Scrap, int]]:
    """Return the good parts of a product that left in a window, the built-in ones, the lost ones by cause."""
    parts, visits = trace.parts, trace.visits
    left = window.holds(parts["left"]) & (parts["product"] == product)
    good = int((left & (parts["fate"] == t.AT_SINK)).sum())
    built_in = int((left & np.isin(parts["fate"], t.INTO_OTHERS)).sum())
    gone = parts["part"][left & (parts["fate"] == t.REJECTED)]
    order = np.argsort(visits["part"], kind="stable")
    last = order[np.searchsorted(visits["part"][order], gone, side="right") - 1]
    names = list(plant.station)
    causes: dict[Scrap, int] = {}
    for machine, outcome in zip(visits["machine"][last].tolist(), visits["outcome"][last].tolist(), strict=True):
        assert outcome & VERDICT_MASK in (t.SCRAPPED, t.DISCARDED), "a part that was rejected had a bad last visit"
        key = Scrap(names[plan.machines[machine].station], t.CAUSES[outcome // t.CAUSE_UNIT])
        causes[key] = causes.get(key, 0) + 1
    thrown = left & np.isin(parts["fate"], t.FROM_PLACES)
    for station, fate in zip(parts["station"][thrown].tolist(), parts["fate"][thrown].tolist(), strict=True):
        key = Scrap(names[station], t.FATES[fate])
        causes[key] = causes.get(key, 0) + 1
    return good, built_in, dict(sorted(causes.items(), key=lambda item: (names.index(item[0].station), item[0].cause)))
