"""Counts, times and energies of a window, from which all key figures follow. Those of two pieces of a run add up."""

from __future__ import annotations

from dataclasses import dataclass, fields, is_dataclass
from typing import Any

from factory_sim.model.schema import Plant
from factory_sim.results.belts import BeltTime, belt_times
from factory_sim.results.downtime import SpareUse, StopTime, spares_of, stops_of
from factory_sim.results.flow import Flow, flow_sums
from factory_sim.results.oee import StationTime, station_sums
from factory_sim.results.people import PoolTime, pool_sums
from factory_sim.results.pieces import Piece
from factory_sim.results.power import Quarters, load_sums
from factory_sim.results.sensors import SensorCounts, sensor_counts
from factory_sim.results.transport import FleetTime, fleet_times
from factory_sim.results.waiting import Queue, waits
from factory_sim.results.window import Window
from factory_sim.simulation.plan import Plan
from factory_sim.simulation.stop_rows import StopEntry


@dataclass(frozen=True)
class Sums:
    """What adds up over the pieces of a run: no means, no ratios, no money by the year."""

    flow: Flow
    products: dict[str, Flow]
    stations: dict[str, StationTime]
    queues: dict[str, Queue]  # by station
    belts: dict[str, BeltTime]  # by station
    sensors: dict[str, SensorCounts]
    vehicles: dict[str, FleetTime]
    stops: dict[str, StopTime]
    spares: dict[str, SpareUse]
    pools: dict[str, PoolTime]
    load: Quarters

    def __add__(self, other: Sums) -> Sums:
        """Return the sums of both pieces."""
        total: Sums = added(self, other)
        return total


def sums(plant: Plant, plan: Plan, piece: Piece, window: Window) -> Sums:
    """Return the sums of what a piece of a run has of a window."""
    done, passed = piece.done, piece.passed
    begin, end = piece.span(window)
    whole, *flows = flow_sums(passed, piece.oldest, window, end - begin, [None, *range(len(plant.product))])
    queues = waits(plan, passed)
    return Sums(
        whole,
        dict(zip(plant.product, flows, strict=True)),
        station_sums(plant, plan, piece, window),
        {name: queues.queue(index, window, end - begin) for index, name in enumerate(plant.station)},
        belt_times(plant, plan, done, window),
        sensor_counts(plant, done, window),
        fleet_times(plant, plan, piece, window),
        stops_of(plant, done, window),
        spares_of(plant, done, window, end - begin),
        pool_sums(plant, plan, piece, window),
        load_sums(plant, plan, piece, window),
    )


def added(one: Any, other: Any) -> Any:
    """Return the sum of two values of one kind: of numbers and arrays, field by field, key by key; names stay.

    >>> added({"a": 1, "b": (2, "h")}, {"b": (3, "h"), "c": 4})
    {'a': 1, 'b': (5, 'h'), 'c': 4}
    """
    if one is None or isinstance(one, (str, StopEntry)):
        return one
    if isinstance(one, dict):
        both = {key: added(one[key], other[key]) for key in one.keys() & other.keys()}
        return {key: both.get(key, one.get(key, other.get(key))) for key in [*one, *other]}
    if isinstance(one, tuple):
        return tuple(added(*pair) for pair in zip(one, other, strict=True))
    if is_dataclass(one) and not isinstance(one, Quarters):
        kind: Any = type(one)
        return kind(*(added(getattr(one, each.name), getattr(other, each.name)) for each in fields(one)))
    return one + other
