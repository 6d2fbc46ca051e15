"""Energy, emissions and money of a window."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from factory_sim.finance.tariff import Bill
from factory_sim.model.schema import Plant
from factory_sim.model.station_schema import Power
from factory_sim.model.units import YEAR
from factory_sim.results.flow import Flow
from factory_sim.results.lines import line_power
from factory_sim.results.meters import NANO
from factory_sim.results.oee import StationTime
from factory_sim.results.sensors import SensorCounts
from factory_sim.results.window import Window
from factory_sim.simulation import trace as t

Times = NDArray[np.float64]


@dataclass(frozen=True)
class Energy:
    """Energy of a window. [J] and [kg]"""

    electricity: float
    gas: float
    co2e: float
    by_station: dict[str, tuple[float, float]]  # electricity, gas
    auxiliary: float  # electricity beside stations and vehicles
    vehicles: float = 0.0  # electricity


def energy(plant: Plant, stations: dict[str, StationTime], window: Window, vehicles: float = 0.0) -> Energy:
    """Return the energy: power by state x time, what parts and physical states take, auxiliaries, `vehicles` [J]."""
    used = {}
    for name, time in stations.items():
        station = plant.station[name]
        electricity = float(drawn(station.power, time.states))
        if time.line is not None:
            electricity += sum(float(drawn(power, spent)) for power, spent in line_power(plant, name, time.line))
        by_process, gas_of_process = (taken / NANO for taken in time.metered)
        used[name] = (
            electricity + station.electricity_per_part * time.made + by_process,
            station.gas_per_part * time.made + gas_of_process,
        )
    auxiliary = plant.economics.auxiliary_power * window.planned
    electricity = auxiliary + vehicles + sum(entry[0] for entry in used.values())
    gas = sum(entry[1] for entry in used.values())
    co2e = plant.economics.grid_factor * electricity + plant.economics.gas_factor * gas
    return Energy(electricity, gas, co2e, used, auxiliary, vehicles)


def drawn(power: Power, spent: Times) -> Times:
    """Return the electricity of machines by the time they spend in each state of `trace.STATES`. [J]

    `spent` in s, shape (states,) or (states, n) for n stretches of time.
    """
    producing = spent[t.WORKING] + spent[t.WARMING]
    idle = spent.sum(axis=0) - spent[t.OFF_SHIFT] - producing - spent[t.SWITCHED_OFF]
    used: Times = (
        power.working * producing + power.idle * idle + power.off * (spent[t.OFF_SHIFT] + spent[t.SWITCHED_OFF])
    )
    return used


@dataclass(frozen=True)
class Money:
    """Revenue and costs of a window, by kind. [KRW]

    Material counts for the parts that left, good or scrapped, so that a melt in stock at the end is no cost.
    """

    revenue: float
    costs: dict[str, float]

    @property
    def cost(self) -> float:
        """Sum of all costs, credits taken off. [KRW]"""
        return sum(self.costs.values())

    @property
    def surplus(self) -> float:
        """Revenue less costs. [KRW]"""
        return self.revenue - self.cost


def cost_of_scrap(plant: Plant, flows: dict[str, Flow]) -> float:
    """Return the material of the scrapped parts of a window less what is recovered for them. [KRW]"""
    products = [(plant.product[name], parts) for name, parts in flows.items()]
    return sum((product.material - product.scrap_value) * parts.scrapped for product, parts in products)


def money(
    plant: Plant,
    flows: dict[str, Flow],
    stations: dict[str, StationTime],
    used: Energy,
    window: Window,
    seen: dict[str, SensorCounts],
    bill: Bill | None = None,
    upkeep: tuple[float, float] = (0.0, 0.0),
    wages: float = 0.0,
) -> Money:
    """Return revenue and costs of a window; `flows` by product, `seen` by sensor, `bill` of a year (None: flat).

    `upkeep` is the cost of stops and of spares.
    """
    products = [(plant.product[name], parts) for name, parts in flows.items()]
    made = {name: time.made for name, time in stations.items()}
    tools = [(station.tool, made[name]) for name, station in plant.station.items() if station.tool is not None]
    paid = YEAR / window.per_year  # a year's pay is earned in a year's planned time [s]
    costs = {
        "material": sum(product.material * parts.used for product, parts in products),
        "scrap_credit": -sum(product.scrap_value * parts.scrapped for product, parts in products),
        "electricity": plant.economics.electricity * used.electricity if bill is None else bill.total / window.per_year,
        "gas": plant.economics.gas * used.gas,
        "tools": sum(tool.cost / tool.life * count for tool, count in tools),
        "maintenance": upkeep[0],
        "spares": upkeep[1],
        "escapes": sum(
            product.escape_cost * (product.escapes * (parts.good - parts.escaped) + parts.escaped)
            for product, parts in products
        ),
        "inspection": sum(
            s.looks * sensor.cost for s in seen.values() if (sensor := plant.station[s.station].sensor.get(s.name))
        ),
        "labour": sum(staff.positions * staff.cost for staff in plant.staff.values()) * paid + wages,
    }
    return Money(sum(product.price * parts.good for product, parts in products), costs)
