"""The key figures of one replication.

>>> from factory_sim.model import parse_plant
>>> from factory_sim.simulation.prepare import prepare
>>> from factory_sim.simulation.run import simulate
>>> plant = parse_plant({"plant": {"name": "One saw"}, "source": {"bars": {}}, "sink": {"pieces": {}},
...     "product": {"piece": {"route": ["bars", "saw", "pieces"]}}, "station": {"saw": {"cycle": "60 s"}}})
>>> plan = prepare(plant)
>>> measures = measure(plant, plan, simulate(plan, horizon=7200.0), warmup=3600.0)
>>> measures.kpis["good_parts_per_planned_hour"]
Kpi(value=60.0, unit='1/h')
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from factory_sim.model.schema import Plant
from factory_sim.model.units import DAY, HOUR
from factory_sim.results.downtime import SpareUse, StopTime
from factory_sim.results.economy import Energy, Money, cost_of_scrap, energy, money
from factory_sim.results.flow import Flow
from factory_sim.results.lines import line_figures, line_of
from factory_sim.results.oee import StationTime, bottleneck_of
from factory_sim.results.people import labour, pool_figures, pools_of
from factory_sim.results.pieces import Cutter, Piece
from factory_sim.results.power import load_of, power_kpis, supplied
from factory_sim.results.sensors import SensorCounts
from factory_sim.results.sums import Sums, sums
from factory_sim.results.transport import vehicle_figures
from factory_sim.results.waiting import Queue
from factory_sim.results.window import WARMUP, Window
from factory_sim.simulation.plan import TICK, Plan
from factory_sim.simulation.prepare_sensors import causes
from factory_sim.simulation.run import Stretch
from factory_sim.simulation.trace import STATES, Trace

KWH = 3.6e6  # [J]


class Kpi(NamedTuple):
    """A key figure of one replication."""

    value: float
    unit: str


Kpis = dict[str, Kpi]


@dataclass(frozen=True)
class Measures:
    """Key figures of one replication: of the plant, by station, product, sensor, stop and spare.

    Rates are per *planned* hour. Stops are called by the path of their table below `station.`, such as
    `saw.failure.blade`.
    """

    plant: str
    kpis: Kpis
    stations: dict[str, Kpis]
    products: dict[str, Kpis]
    bottleneck: str
    sensors: dict[str, Kpis] = field(default_factory=dict)  # by <station>.<sensor>
    vehicles: dict[str, Kpis] = field(default_factory=dict)
    stops: dict[str, Kpis] = field(default_factory=dict)
    spares: dict[str, Kpis] = field(default_factory=dict)
    resources: dict[str, Kpis] = field(default_factory=dict)

    def __str__(self) -> str:
        lines = [self.plant, *_lines(self.kpis), f"  {'bottleneck':<34}{self.bottleneck:>14}"]
        for kind in (
            self.stations,
            self.products,
            self.sensors,
            self.vehicles,
            self.stops,
            self.spares,
            self.resources,
        ):
            for name, kpis in kind.items():
                lines += [name, *_lines(kpis)]
        return "\n".join(lines)


def measure(plant: Plant, plan: Plan, trace: Trace, warmup: float = WARMUP) -> Measures:
    """Return the key figures of a run after its warm-up.

    Parameters
    ----------
    warmup : float   Time at the beginning that does not count; whole weeks where calendars rule. [s]

    Raises
    ------
    ValueError  If the warm-up is not shorter than the run, or no planned time is left.
    """
    window = Window.of(plant, plan, trace, warmup)
    return measures_of(plant, plan, sums(plant, plan, Piece.whole(plan, trace), window), window)


def measure_by(plant: Plant, plan: Plan, stretches: Iterable[Stretch], window: Window) -> tuple[Measures, Trace]:
    """Return the key figures of a run that comes in stretches, as `measure`, and its last stretch.

    Only one stretch is kept at a time, and what is under way.
    """
    cutter = Cutter(plan)
    total = None
    for stretch in stretches:
        found = sums(plant, plan, cutter.piece(stretch), window)
        total = found if total is None else total + found
        last = stretch.open
    if total is None:
        raise ValueError("a run without a stretch has no key figures")
    return measures_of(plant, plan, total, window), last


def measures_of(plant: Plant, plan: Plan, sums: Sums, window: Window) -> Measures:
    """Return the key figures of a window by its sums."""
    stations, seen, whole = sums.stations, sums.sensors, sums.flow
    used = energy(plant, stations, window, sum(fleet.electricity for fleet in sums.vehicles.values()))
    load, bill = supplied(plant, load_of(plant, plan, sums.load, window), window, used.electricity)
    people = pools_of(plant, sums.pools, window)
    hidden = bool(causes(plant))
    upkeep = sum(stop.cost for stop in sums.stops.values()), sum(spare.cost for spare in sums.spares.values())
    account = money(plant, sums.products, stations, used, window, seen, bill, upkeep, labour(plant, people))
    bottleneck = bottleneck_of(stations)
    return Measures(
        plant.name,
        {
            **_flow_kpis(whole, window),
            **(_escape_kpis(whole) if hidden else {}),
            **_energy_kpis(used, whole),
            **{name: Kpi(*figure) for name, figure in power_kpis(load, bill).items()},
            **_money_kpis(account, whole, window),
            "cost_of_scrap": Kpi(cost_of_scrap(plant, sums.products) * window.per_year, "KRW/yr"),
        },
        {
            name: _station_kpis(time, window, name == bottleneck)
            | _line_kpis(plant, plan, name, time, window)
            | _history_kpis(time)
            | _queue_kpis(sums.queues[name])
            | (_of_pairs(sums.belts[name].figures(window)) if name in sums.belts else {})
            for name, time in stations.items()
        },
        {
            name: _flow_kpis(parts, window) | (_escape_kpis(parts) if hidden else {})
            for name, parts in sums.products.items()
        },
        bottleneck,
        {name: _sensor_kpis(counts, window) for name, counts in seen.items()},
        {fleet: _of_pairs(figures) for fleet, figures in vehicle_figures(sums.vehicles, window).items()},
        {name: _stop_kpis(stop, window) for name, stop in sums.stops.items()},
        {name: _spare_kpis(spare, window) for name, spare in sums.spares.items()},
        {name: _of_pairs(pool_figures(pool)) for name, pool in people.items()},
    )


def _flow_kpis(parts: Flow, window: Window) -> Kpis:
    return {
        "good_parts_per_planned_hour": Kpi(parts.good / window.planned_hours, "1/h"),
        "good_parts_per_year": Kpi(parts.good * window.per_year, "1/yr"),
        "yield": Kpi(parts.yield_, "1"),
        "lead_time": Kpi(parts.lead_time / HOUR, "h"),
        "wip": Kpi(parts.wip, "1"),
        "refused_parts_per_planned_hour": Kpi(parts.refused / window.planned_hours, "1/h"),
        **({"tardiness": Kpi(parts.tardiness / HOUR, "h")} if parts.due else {}),
        **({"late_share": Kpi(parts.late / parts.due, "1")} if parts.due else {}),
    }


def _escape_kpis(parts: Flow) -> Kpis:
    return {"escape_share": Kpi(_each(parts.escaped, parts), "1")}


def _sensor_kpis(counts: SensorCounts, window: Window) -> Kpis:
    rates = ("looks", "detections", "false_alarms", "escapes")
    return {
        **{f"{name}_per_planned_hour": Kpi(getattr(counts, name) / window.planned_hours, "1/h") for name in rates},
        "recall": Kpi(counts.recall, "1"),
        "false_alarm_share": Kpi(counts.false_alarm_share, "1"),
    }


def _energy_kpis(used: Energy, parts: Flow) -> Kpis:
    return {
        "electricity_per_good_part": Kpi(_each(used.electricity / KWH, parts), "kWh"),
        "gas_per_good_part": Kpi(_each(used.gas / KWH, parts), "kWh"),
        "co2e_per_good_part": Kpi(_each(used.co2e, parts), "kg"),
    }


def _money_kpis(account: Money, parts: Flow, window: Window) -> Kpis:
    return {
        "cost_per_good_part": Kpi(_each(account.cost, parts), "KRW"),
        "surplus_per_year": Kpi(account.surplus * window.per_year, "KRW/yr"),
        "revenue_per_year": Kpi(account.revenue * window.per_year, "KRW/yr"),
        **{f"{name}_per_year": Kpi(cost * window.per_year, "KRW/yr") for name, cost in account.costs.items()},
    }


def _queue_kpis(queue: Queue) -> Kpis:
    return {"queue": Kpi(queue.mean, "1"), "queue_wait": Kpi(queue.mean_wait * TICK / HOUR, "h")}


def _line_kpis(plant: Plant, plan: Plan, name: str, time: StationTime, window: Window) -> Kpis:
    line = line_of(plan, list(plant.station).index(name))
    return {} if line is None or time.line is None else _of_pairs(line_figures(plant, line, time.line, window))


def _of_pairs(figures: dict[str, tuple[float, str]]) -> Kpis:
    return {name: Kpi(*figure) for name, figure in figures.items()}


def _station_kpis(time: StationTime, window: Window, bottleneck: bool) -> Kpis:
    share = dict(zip(STATES, time.states / time.states.sum(), strict=True))
    iso, shop = time.iso_factors, time.shop_factors
    return {
        "parts_per_planned_hour": Kpi(time.made / window.planned_hours, "1/h"),
        "parts_per_24_planned_hours": Kpi(time.made / window.planned_hours * DAY / HOUR, "1"),
        "yield": Kpi(time.yield_, "1"),
        "oee": Kpi(time.oee, "1"),
        **{
            name: Kpi(value, "1") for name, value in zip(("availability", "effectiveness", "quality"), iso, strict=True)
        },
        **{
            f"shop_{name}": Kpi(value, "1")
            for name, value in zip(("time_availability", "performance", "quality"), shop, strict=True)
        },
        **{f"state_{name}": Kpi(float(value), "1") for name, value in share.items()},
        **{f"loss_{name}": Kpi(value, "1") for name, value in time.losses.items()},
        **{f"stop_{name}": Kpi(stop * TICK / time.open, "1") for name, stop in time.stops.items() if stop},
        "active_period": Kpi(time.active_period / HOUR, "h"),
        "bottleneck": Kpi(float(bottleneck), "1"),
    }


def _history_kpis(time: StationTime) -> Kpis:
    history = time.discarded + time.scrapped_window
    scrapped = history + time.scrapped_steady + time.scrapped_by_sensor
    return {"scrap_caused_by_stops": Kpi(history / scrapped, "1")} if history else {}


def _stop_kpis(stop: StopTime, window: Window) -> Kpis:
    year = window.per_year
    return {
        "stops_per_year": Kpi(stop.count * year, "1/yr"),
        "stop_hours_per_year": Kpi(stop.hours * year, "h/yr"),
        "hours_without_spare_per_year": Kpi(stop.waited * year, "h/yr"),
        "reports_per_year": Kpi(stop.reported * year, "1/yr"),
        "false_alarms_per_year": Kpi(stop.false * year, "1/yr"),
        "stop_cost_per_year": Kpi(stop.cost * year, "KRW/yr"),
    }


def _spare_kpis(spare: SpareUse, window: Window) -> Kpis:
    return {
        "demands_per_year": Kpi(spare.demands * window.per_year, "1/yr"),
        "fill_rate": Kpi(spare.fill_rate, "1"),
        "backorders": Kpi(spare.backorders, "1"),
        "on_order": Kpi(spare.on_order, "1"),
        "spare_cost_per_year": Kpi(spare.cost * window.per_year, "KRW/yr"),
    }


def _each(amount: float, parts: Flow) -> float:
    return amount / parts.good if parts.good else math.nan


def _lines(kpis: Kpis) -> Iterable[str]:
    for name, kpi in kpis.items():
        unit = "" if kpi.unit == "1" else kpi.unit
        yield f"  {name:<34}{kpi.value:>14,.5g} {unit}".rstrip()
