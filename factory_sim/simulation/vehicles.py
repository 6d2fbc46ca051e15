"""Vehicles: each a SimPy process that waits for a call, drives, picks, drives, drops, charges and parks.

Which vehicle serves which call is decided by `Dispatcher.grant`, one decision at a time after all puts and gets of an
instant; see `rules`.
"""

from __future__ import annotations

from collections.abc import Generator
from typing import TYPE_CHECKING, Any

from simpy import Event

from factory_sim.simulation import trace
from factory_sim.simulation.cells import Cell
from factory_sim.simulation.delivery import Call, DeliveryPlace
from factory_sim.simulation.places import Alarm, Part, Request
from factory_sim.simulation.plan import (
    BY_PRIORITY,
    GO_HOME,
    NEAREST,
    NEVER,
    NONE,
    ON_WORKING,
    STAY,
    FleetRow,
    StopRow,
)
from factory_sim.simulation.rules import STOP_DUE, WORK_ENDS, event_priority
from factory_sim.simulation.stops import FAR, Stop

if TYPE_CHECKING:
    from factory_sim.simulation.engine import Engine
    from factory_sim.simulation.upkeep import Upkeep

BUSY, FREE, AT_CALL, LOADING = range(4)
"""What a vehicle asks for: nothing, a call, its part at a machine that is stopped, another part of the same move."""


class Breakdown(Stop):
    """A failure mode of a vehicle."""

    __slots__ = ()

    asker = NONE  # of the crew, in the rows of grants: no machine

    def __init__(self, engine: Engine, row: StopRow, serial: int, vehicle: Any) -> None:
        super().__init__(engine, len(engine.plan.stops) + serial, vehicle, row)

    @property
    def number(self) -> int:
        """Of the failure mode among those of its vehicle."""
        return self.machine.stops.index(self)

    def write_row(self) -> None:
        """Write the row of the repair that ends now, or is under way at the end."""
        row = self.machine.index, trace.FAILED, self.number, self.begin, self.engine._now
        self.engine.recorder.halts.extend(trace.HALT(*row))


class Vehicle:
    """One vehicle: where it is, what it carries, its stopwatch and what holds it."""

    def __init__(self, engine: Engine, index: int, serial: int) -> None:
        self.engine, self.index, self.row = engine, index, engine.plan.vehicles[index]
        self.fleet: FleetRow = engine.plan.fleets[self.row.fleet]
        self.pick = engine.sampler(self.fleet.pick, self.row.pick_stream)
        self.drop = engine.sampler(self.fleet.drop, self.row.drop_stream)
        self.charge = engine.sampler(self.fleet.charge, self.row.charge_stream) if self.fleet.charge != NONE else None
        self.at = self.picked_at = self.target = self.fleet.home  # points
        self.load: list[tuple[Call, Part]] = []
        self.call: Call | None = None
        self.wants = BUSY
        self.activity, self.since = trace.IDLE, 0
        self.battery = 1.0  # share of its capacity
        self.alarm = Alarm()
        self.stopped = self.worked = self.remaining = self.due = self.closed_since = self.charge_asked = 0
        self.charge_got = NEVER
        self.at_work = self.counts = self.off_shift = False
        self.strikes_at = FAR
        self.failing: Stop | None = None
        self.stops: list[Stop] = [Breakdown(engine, row, serial + i, self) for i, row in enumerate(self.row.failures)]
        self.failures = [stop for stop in self.stops if stop.row.clock == ON_WORKING]
        self.chances: list[Upkeep] = []  # nothing is done alongside its repairs

    @property
    def order(self) -> int:
        """Index among all things whose work may end at one instant: after machines, stops and failures of vehicles."""
        engine = self.engine
        return len(engine.machines) + len(engine.plan.stops) + engine.breakdowns + self.index

    # -- the stopwatch -------------------------------------------------------------------------------------------

    def run(self, duration: int, counts: bool = True) -> Alarm:
        """Return the event of having run for `duration`; it `counts` on the working clock of failures or not."""
        self.at_work, self.counts = True, counts
        if self.stopped:
            self.remaining = duration
        else:
            self._wind(duration)
        return self.alarm

    def _wind(self, duration: int) -> None:
        engine = self.engine
        self.due = engine._now + duration
        engine.push(self.due, event_priority(WORK_ENDS, self.order), self.alarm)
        if not self.counts:
            return
        self.worked += duration
        if self.worked >= self.strikes_at and self.failing is None:
            stop = self.failing = min(self.failures, key=lambda stop: (stop.due, stop.index))
            due = self.due + stop.due - self.worked
            stop.alarm = engine.at(due, event_priority(STOP_DUE, stop.index), stop.strike)

    def hold(self) -> None:
        """Stop the watch."""
        self.stopped += 1
        if self.failing is not None:
            self.failing.alarm.callbacks = []
            self.failing = None
        if self.stopped > 1 or not self.at_work:
            return
        self.remaining = self.due - self.engine._now
        if self.counts:
            self.worked -= self.remaining
        due, self.alarm = self.alarm, Alarm(*self.alarm.callbacks)
        due.callbacks = []

    def let_go(self) -> None:
        """Undo one `hold`; the last one starts the watch again and makes its wishes eligible."""
        self.stopped -= 1
        if self.stopped:
            return
        if self.at_work:
            self._wind(self.remaining)
        else:
            self.engine.seizes_changed = True

    def close(self) -> None:
        """The shift ends: it stands still where it is."""
        self.go_off_shift()

    def go_off_shift(self) -> None:
        """Stand still until the shift opens; repairs pause."""
        self.off_shift, self.closed_since = True, self.engine._now
        for stop in self.stops:
            stop.pause()
        self.hold()

    def open(self) -> None:
        """The shift begins."""
        self.off_shift = False
        row = self.index, trace.OFF_SHIFT, NONE, self.closed_since, self.engine._now
        self.engine.recorder.halts.extend(trace.HALT(*row))
        for stop in self.stops:
            if stop.active:
                stop.go_on()
        self.engine.seizes_changed = True
        self.let_go()

    # -- what it does --------------------------------------------------------------------------------------------

    def begin(self, activity: int, target: int | None = None) -> None:
        """End what it did until now, with its row, and begin something else."""
        self._write_trip()
        self.activity, self.since = activity, self.engine._now
        self.at = self.target
        self.target = self.at if target is None else target

    def _write_trip(self) -> None:
        now = self.engine._now
        if now > self.since:
            row = self.index, self.activity, self.at, self.target, len(self.load), self.since, now
            self.engine.recorder.trips.extend(trace.TRIP(*row))

    def ask(self, wish: int, activity: int) -> Alarm:
        """Return the event of a grant of the dispatcher."""
        self.begin(activity)
        self.at_work, self.wants = False, wish
        self.engine.seizes_changed = True
        return self.alarm

    def drive(self, target: int, activity: int) -> Alarm | None:
        """Return the event of having arrived; None if it is there."""
        if target == self.target:
            return None
        here = self.target
        self.begin(activity, target)
        self.battery -= self.fleet.lengths[here][target] * self.fleet.per_length
        return self.run(self.fleet.times[here][target])

    def take_over(self, call: Call) -> None:
        """The part has been picked: its machine goes on."""
        machine = call.machine
        call.picked = self.engine._now
        self.begin(trace.LOADED)  # the row of picking has the load of before
        machine.waits_at = None
        machine.write_visit(machine.outcome)
        call.part.step = call.step
        self.load.append((call, call.part))
        self.engine.ready.append(machine)

    def put_down(self) -> None:
        """The part has been put down on the place that was kept for it."""
        engine, now = self.engine, self.engine._now
        self.begin(trace.DROPPING)
        call, part = self.load.pop(0)
        place = call.place
        assert isinstance(place, DeliveryPlace)
        place.deliver(part, now)
        engine.examine(place)
        engine.recorder.moves.extend(call.row(self.index, now))

    @property
    def parking(self) -> int:
        """Point where it waits when it has nothing to do."""
        rule = self.fleet.parking
        return self.target if rule == STAY else self.fleet.home if rule == GO_HOME else self.picked_at

    @property
    def is_low(self) -> bool:
        """Whether it must be charged before it takes another call."""
        return self.fleet.charger != NONE and self.battery < self.fleet.charge_below

    def charger_free(self) -> None:
        """The charger asked for is there."""
        self.charge_got = self.engine._now
        ready: Any = self.engine.ready
        ready.append(self)

    def close_books(self) -> list[tuple[Part, int]]:
        """Write what is under way at the end; return the parts that it carries, with the station they go to."""
        engine, recorder = self.engine, self.engine.recorder
        self._write_trip()
        for stop in self.stops:
            stop.close_books()
        if self.off_shift:
            recorder.halts.extend(trace.HALT(self.index, trace.OFF_SHIFT, NONE, self.closed_since, engine._now))
        if self.call is not None:
            recorder.moves.extend(self.call.row(self.index, NEVER))
        for call, _ in self.load:
            recorder.moves.extend(call.row(self.index, NEVER))
        for resource in self.fleet.charger_needs if self.charge_got < NEVER else ():
            row = resource, NONE, trace.ACTIVITY_WORK, self.charge_asked, self.charge_got, NEVER
            recorder.grants.extend(trace.GRANT(*row))
        return [(part, call.place.index) for call, part in self.load]


def run_vehicle(vehicle: Vehicle) -> Generator[Event, Any, None]:
    """One vehicle for ever: move after move."""
    while True:
        yield vehicle.ask(FREE, trace.IDLE)
        if vehicle.call is None:
            yield from _go(vehicle, vehicle.parking, trace.EMPTY)
            continue
        yield from _load(vehicle)
        place = vehicle.load[0][0].place
        yield from _go(vehicle, vehicle.fleet.points[place.index], trace.LOADED)
        vehicle.begin(trace.DROPPING)
        while vehicle.load:
            yield vehicle.run(vehicle.drop())
            vehicle.put_down()
        if vehicle.is_low:
            yield from _charge(vehicle)


def _go(vehicle: Vehicle, target: int, activity: int) -> Generator[Event, Any, None]:
    arrived = vehicle.drive(target, activity)
    if arrived is not None:
        yield arrived


def _load(vehicle: Vehicle) -> Generator[Event, Any, None]:
    """Fetch the part of the call, and others of the same move that are ready while it stands there."""
    while vehicle.call is not None:
        call = vehicle.call
        yield from _go(vehicle, vehicle.fleet.points[call.machine.row.station], trace.EMPTY)
        call.reached = vehicle.engine._now
        vehicle.picked_at = vehicle.target
        if call.machine.stopped:
            yield vehicle.ask(AT_CALL, trace.AT_MACHINE)
        vehicle.begin(trace.PICKING)
        yield vehicle.run(vehicle.pick())
        vehicle.take_over(call)
        vehicle.call = None
        if len(vehicle.load) < vehicle.fleet.capacity:
            yield vehicle.ask(LOADING, trace.AT_MACHINE)


def _charge(vehicle: Vehicle) -> Generator[Event, Any, None]:
    """Drive to the charger, wait for it and charge."""
    engine, fleet = vehicle.engine, vehicle.fleet
    yield from _go(vehicle, fleet.charger, trace.EMPTY)
    if fleet.charger_needs:
        vehicle.begin(trace.AT_MACHINE)
        vehicle.at_work, vehicle.charge_asked = False, engine._now
        order = (0, engine._now, vehicle.order)
        engine.request(Request(fleet.charger_needs, order, vehicle.charger_free, lambda: not vehicle.stopped))
        yield vehicle.alarm
    vehicle.begin(trace.CHARGING)
    assert vehicle.charge is not None, "a vehicle without a battery is never low"
    yield vehicle.run(vehicle.charge(), counts=False)
    vehicle.battery = 1.0
    if fleet.charger_needs:
        engine.release(fleet.charger_needs, NONE, trace.ACTIVITY_WORK, vehicle.charge_asked, vehicle.charge_got)
        vehicle.charge_got = NEVER


class Dispatcher:
    """Sends vehicles to calls."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.vehicles: list[Vehicle] = []
        serial = 0
        for index, row in enumerate(engine.plan.vehicles):
            self.vehicles.append(Vehicle(engine, index, serial))
            serial += len(row.failures)

    def start(self) -> None:
        """Start the processes and the clocks of failures."""
        for vehicle in self.vehicles:
            Cell(self.engine, vehicle, run_vehicle(vehicle))
            for stop in vehicle.stops:
                stop.wind_up(0)

    def grant(self) -> bool:
        """Make the first decision that can be made; False if there is none."""
        if not self.vehicles:
            return False
        now, vehicles = self.engine._now, [vehicle for vehicle in self.vehicles if not vehicle.stopped]
        eligible = [call for call in self.engine.calls if call.look(now)]
        for vehicle in vehicles:
            if vehicle.wants == AT_CALL and vehicle.call is not None and not vehicle.call.machine.stopped:
                return self._send(vehicle, None)
            if vehicle.wants == LOADING:
                leg = vehicle.load[0][0].leg
                more = [call for call in eligible if call.leg == leg]
                return self._send(vehicle, min(more, key=self._rank(vehicle)) if more else None)
        free = [vehicle for vehicle in vehicles if vehicle.wants == FREE]
        for index, fleet in enumerate(self.engine.plan.fleets):
            pairs = [
                (vehicle, call)
                for vehicle in free
                if vehicle.row.fleet == index
                for call in eligible
                if call.leg in fleet.legs
            ]
            if pairs:
                return self._send(*min(pairs, key=lambda pair: self._order(*pair)))
        for vehicle in free:
            if vehicle.parking != vehicle.target:
                return self._send(vehicle, None)
        return False

    def _send(self, vehicle: Vehicle, call: Call | None) -> bool:
        """Grant a vehicle what it wants: a call, or to go on without one."""
        if call is not None:
            self.engine.calls.remove(call)
            call.place.putters.remove(call)  # type: ignore[arg-type]
            assert isinstance(call.place, DeliveryPlace)
            call.place.keep()
            call.granted, vehicle.call = self.engine._now, call
        vehicle.wants = BUSY
        ready: Any = self.engine.ready
        ready.append(vehicle)
        return True

    def _rank(self, vehicle: Vehicle) -> Any:
        return lambda call: self._order(vehicle, call)

    def _order(self, vehicle: Vehicle, call: Call) -> tuple[int, ...]:
        """Return by what a pair of a free vehicle and a call comes first."""
        fleet = vehicle.fleet
        way = fleet.times[vehicle.target][fleet.points[call.machine.row.station]]
        asked = call.asked, call.machine.index
        if fleet.dispatch == NEAREST:
            return way, *asked, vehicle.index
        first = self.engine.plan.products[call.part.product].priority if fleet.dispatch == BY_PRIORITY else 0
        return first, *asked, way, vehicle.index

    def close_books(self) -> list[tuple[Part, int]]:
        """Write what is under way at the end; return the parts that vehicles carry, with the station they go to."""
        for call in self.engine.calls:
            self.engine.recorder.moves.extend(call.row(NONE, NEVER))
        return [entry for vehicle in self.vehicles for entry in vehicle.close_books()]
