"""From vehicles in names to rows of numbers."""

from __future__ import annotations

import math
from collections.abc import Callable

from factory_sim.model.distribution import Distribution
from factory_sim.model.reader import error_at
from factory_sim.model.schema import Plant
from factory_sim.model.station_schema import Failure
from factory_sim.model.transport_schema import DISPATCHING, PARKING, Vehicle
from factory_sim.model.units import show
from factory_sim.simulation import plan as p
from factory_sim.simulation import trace
from factory_sim.simulation.plan import FleetRow, StopRow, VehicleRow, ticks
from factory_sim.simulation.streams import stream_key

RULES = dict(zip(DISPATCHING, (p.OLDEST, p.NEAREST, p.BY_PRIORITY), strict=True))
PLACES = dict(zip(PARKING, (p.STAY, p.GO_HOME, p.GO_BACK), strict=True))
CLOCKS = {"working": p.ON_WORKING, "calendar": p.ON_CALENDAR}
Row = Callable[[Distribution], int]
Matrix = list[list[float]]


def vehicle_names(plant: Plant) -> list[tuple[str, str]]:
    """Return (name of the vehicle, of its fleet) of each vehicle, in the order of the file."""
    return [(f"{name}#{unit + 1}", name) for name, fleet in plant.vehicle.items() for unit in range(fleet.units)]


def floor(vehicle: Vehicle) -> tuple[list[str], Matrix, Matrix]:
    """Return points, and time [s] and length [m] of the fastest drive from each to each; inf where no way leads.

    >>> from factory_sim.model.transport_schema import Vehicle
    >>> ways = [{"from": "a", "to": "b", "distance": "6 m"}, {"from": "b", "to": "c", "distance": "3 m"}]
    >>> points, times, lengths = floor(Vehicle(moves=["a -> c"], speed="1.5 m/s", way=ways))
    >>> points, times[0], lengths[2]
    (['a', 'b', 'c'], [0.0, 4.0, 6.0], [9.0, 3.0, 0.0])
    """
    points = list(dict.fromkeys(point for way in vehicle.way for point in (way.from_, way.to)))
    at = {point: index for index, point in enumerate(points)}
    times = [[0.0 if one == other else math.inf for other in points] for one in points]
    lengths = [[0.0] * len(points) for _ in points]
    for way in vehicle.way:
        time = way.time if way.distance is None else way.distance / (vehicle.speed or math.inf)
        assert time is not None, "the reader refuses a way without time and distance"
        for origin, target in ((way.from_, way.to), *(() if way.one_way else ((way.to, way.from_),))):
            one, other = at[origin], at[target]
            if time < times[one][other]:
                times[one][other], lengths[one][other] = time, way.distance or 0.0
    for via in range(len(points)):
        for one in range(len(points)):
            for other in range(len(points)):
                time = times[one][via] + times[via][other]
                if time < times[one][other]:
                    times[one][other] = time
                    lengths[one][other] = lengths[one][via] + lengths[via][other]
    return points, times, lengths


def fleet_rows(plant: Plant, row: Row) -> tuple[FleetRow, ...]:
    """Return the fleets of a plant; `row` gives the index of a distribution.

    Raises
    ------
    InputError  If a battery is too small for the longest trip that may begin before it is charged.
    """
    return tuple(_fleet(plant, name, vehicle, row) for name, vehicle in plant.vehicle.items())


def _fleet(plant: Plant, name: str, vehicle: Vehicle, row: Row) -> FleetRow:
    points, times, lengths = floor(vehicle)
    stations, resources, battery = list(plant.station), list(plant.resource), vehicle.battery
    _check_battery(plant, name, vehicle, points, lengths)
    return FleetRow(
        legs=tuple((stations.index(origin), stations.index(target)) for origin, target in vehicle.legs),
        points=tuple(points.index(station) if station in points else p.NONE for station in stations),
        times=tuple(tuple(p.NEVER if time == math.inf else ticks(time) for time in line) for line in times),
        lengths=tuple(tuple(line) for line in lengths),
        dispatch=RULES[vehicle.dispatch],
        parking=PLACES[vehicle.parking],
        home=points.index(vehicle.start),
        capacity=vehicle.capacity,
        pick=row(vehicle.pick),
        drop=row(vehicle.drop),
        charger=p.NONE if vehicle.charger is None else points.index(vehicle.charger),
        charger_needs=() if battery is None or battery.needs is None else (resources.index(battery.needs),),
        charge=p.NONE if battery is None else row(battery.duration),
        per_length=0.0 if battery is None else vehicle.energy / battery.capacity,
        charge_below=0.0 if battery is None else battery.charge_below,
    )


def _check_battery(plant: Plant, name: str, vehicle: Vehicle, points: list[str], lengths: Matrix) -> None:
    """Raise if a vehicle that is just not low could not make its longest trip and then reach the charger.

    Before the charger it may drive to its parking place, from there to a part, with it to the end of the move.
    """
    battery = vehicle.battery
    if battery is None or vehicle.charger is None:
        return
    ends = {target for _, target in vehicle.legs} | {origin for origin, _ in vehicle.legs} | {vehicle.start}
    at = {point: index for index, point in enumerate(points)}

    def longest(origins: set[str], targets: set[str]) -> float:
        return max(lengths[at[origin]][at[target]] for origin in origins for target in targets)

    begins = {origin for origin, _ in vehicle.legs}
    empty = longest(ends, begins) + (0.0 if vehicle.parking == "stay" else longest(ends, begins | {vehicle.start}))
    trip = empty + max(
        lengths[at[origin]][at[target]] + lengths[at[target]][at[vehicle.charger]] for origin, target in vehicle.legs
    )
    needed, left = trip * vehicle.energy, battery.capacity * battery.charge_below
    if needed > left:
        message = (
            f"{show(left, 'J')} are left at charge_below, but the longest trip of {trip:g} m, "
            f"the drives before it and to the charger takes {show(needed, 'J')}; raise capacity or charge_below"
        )
        raise error_at(plant.file, ("vehicle", name, "battery", "capacity"), message)


def vehicle_rows(plant: Plant, row: Row) -> tuple[VehicleRow, ...]:
    """Return the vehicles of a plant; `row` gives the index of a distribution."""
    fleets, calendars = list(plant.vehicle), list(plant.calendar)
    resources = list(plant.resource)
    rows = []
    for index, (vehicle, fleet) in enumerate(vehicle_names(plant)):
        table = plant.vehicle[fleet]
        calendar = table.calendar or plant.plant.calendar
        rows.append(
            VehicleRow(
                fleet=fleets.index(fleet),
                calendar=p.NONE if calendar is None else calendars.index(calendar),
                failures=tuple(
                    _failure(index, vehicle, name, mode, row, resources) for name, mode in table.failure.items()
                ),
                pick_stream=stream_key(vehicle, "pick"),
                drop_stream=stream_key(vehicle, "drop"),
                charge_stream=stream_key(vehicle, "charge"),
            )
        )
    return tuple(rows)


def _failure(index: int, vehicle: str, name: str, mode: Failure, row: Row, resources: list[str]) -> StopRow:
    crew = () if mode.crew is None else (resources.index(mode.crew),)
    return StopRow(
        index, trace.FAILED, CLOCKS[mode.clock], p.IMMEDIATE, row(mode.life), row(mode.repair), 0,
        crew, mode.priority, stream_key(vehicle, f"ttf.{name}"), stream_key(vehicle, f"repair.{name}"),
    )  # fmt: skip
