"""The SimPy engine: a plan of numbers in, a trace of numbers out.

SimPy gives the clock, the event heap and the processes. Which request is granted next is decided here by the rules of
`rules.py` and never by an accident of a queue: none of SimPy's stores and resources is used.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from functools import partial
from heapq import heappop, heappush
from itertools import pairwise
from typing import Any

from simpy import Environment, Event

from factory_sim.simulation import trace
from factory_sim.simulation.assembly import Divider, Kit
from factory_sim.simulation.campaign import Campaign
from factory_sim.simulation.delivery import Call, DeliveryPlace
from factory_sim.simulation.dynamics import read_meters
from factory_sim.simulation.flow import FlowMachine
from factory_sim.simulation.lines import Line
from factory_sim.simulation.machine import Machine
from factory_sim.simulation.movers import kinds_of_unit
from factory_sim.simulation.places import NOTHING, Alarm, Notice, Part, Place, Rank, Source, asked_order
from factory_sim.simulation.plan import EDD, LEAST_SETUP, LPT, MOPNR, MWKR, NEVER, PRIORITY, SPT, PlaceRow, Plan
from factory_sim.simulation.resources import Pools
from factory_sim.simulation.rules import LEVEL_REACHED, SHIFT_CLOSES, SHIFT_OPENS, event_priority
from factory_sim.simulation.selective import SelectivePlace, Sublots
from factory_sim.simulation.sensors import Quality
from factory_sim.simulation.spares import Shelf
from factory_sim.simulation.stops import FAR, Stop
from factory_sim.simulation.streams import sampler, uniforms
from factory_sim.simulation.trace import Recorder
from factory_sim.simulation.vehicles import Dispatcher
from factory_sim.simulation.waiting import Limit, Standby, waker


class Engine(Pools, Environment):
    """One replication of a plan."""

    _now: int  # ticks; SimPy allows floats

    def __init__(self, plan: Plan, seed: int, replication: int) -> None:
        super().__init__(0)
        self.push(NEVER, 0, Alarm())  # the heap is never empty
        self.plan, self.seed, self.replication = plan, seed, replication
        self.recorder = Recorder()
        self.ready: deque[Machine] = deque()
        self.changed: set[Place] = set()
        self.open_pools(plan.resource_units)
        self.boundary: list[Machine] = []  # blocked, with stops that waited for the end of the cycle
        self.idle: list[Machine] = []  # with stops that wait for a moment without a part
        self.places = self._places()
        self.left_over: dict[int, int] = {}  # work that is left of interrupted parts, by part number
        self.ways = [
            (*(self.places[step.place] for step in row.steps), None if row.end < 0 else self.places[row.end])
            for row in plan.products
        ]
        self.shelves = [Shelf(self, index) for index in range(len(plan.spares))]
        self.belts = {row.machine: row for row in plan.flows}
        self.kinds = kinds_of_unit(plan)
        self.machines = [self.new_machine(index) for index in range(len(plan.machines))]
        self.lines = [Line(self, index, row) for index, row in enumerate(plan.lines)]
        self.touched: set[Line] = set()  # lines in which something has changed
        self.standbys = {row.machine: Standby(self, row) for row in plan.standbys}
        self.quality = [Quality(self, index, row) for index, row in enumerate(plan.quality)]
        self.campaigns = {row.machine: Campaign(self, row) for row in plan.campaigns}
        self.sublots = {row.place: Sublots(self, row) for row in plan.sublots}
        self.calls: list[Call] = []  # for vehicles
        self.legs = {leg for fleet in plan.fleets for leg in fleet.legs}
        self.breakdowns = sum(len(row.failures) for row in plan.vehicles)
        self.dispatcher = Dispatcher(self)
        held: list[Any] = [*self.machines, *self.dispatcher.vehicles]
        self.calendars = [[unit for unit in held if unit.row.calendar == index] for index in range(len(plan.calendars))]
        self.closes = [NEVER] * len(plan.calendars)  # end of the stretch that is open, or opens next [ticks]
        self.open_until = [self._calendar(index) for index in range(len(plan.calendars))]
        kits = {row.source: row for row in plan.kits}
        self.sources = [
            Kit(self, index, kits[index]) if index in kits else Source(self, index)
            for index in range(len(plan.sources))
        ]
        self._listen()
        for place, row in zip(self.places, plan.places, strict=True):
            for _ in range(row.initial):
                part = self.sources[row.initial_source].release(row.initial_product)
                part.step = row.initial_step
                place.add(part, 0)
        for machine in self.machines:
            for stop in machine.stops:
                stop.wind_up(0)

    def new_machine(self, index: int) -> Machine:
        """Return a machine of the kind that this engine runs."""
        if index in self.kinds:
            return self.kinds[index](self, index)
        return FlowMachine(self, index, self.belts[index]) if index in self.belts else Machine(self, index)

    def new_stop_of_unit(self, unit: Machine, index: int) -> Stop:
        """Return a stop of a machine of a line with movers."""
        return Machine.new_stop(unit, index)

    # -- helpers of the constructor --------------------------------------------------------------------------------

    def sampler(self, row: int, stream: int, factor: float = 1.0) -> Callable[[], int]:
        """Return the sampler of a distribution of the plan on a stream; `factor` multiplies its draws."""
        return sampler(self.plan.distributions[row], self.seed, self.replication, stream, factor)

    def uniforms(self, stream: int) -> Callable[[], float]:
        """Return uniform variates of a stream."""
        return uniforms(self.seed, self.replication, stream)

    def rank(self, rule: int) -> Rank | None:
        """Return the function by which a place ranks its parts; None: first come, first served."""
        products = self.plan.products
        ranks: dict[int, Rank] = {
            SPT: lambda part, _: (part.way[part.step].mean, part.number),
            LPT: lambda part, _: (-part.way[part.step].mean, part.number),
            EDD: lambda part, _: (part.due, part.number),
            MWKR: lambda part, _: (-part.way[part.step].remaining, part.number),
            MOPNR: lambda part, _: (part.step - len(part.way), part.number),
            PRIORITY: lambda part, _: (products[part.product].priority,),
            LEAST_SETUP: lambda part, machine: (machine.time_to_change(part.product),),
        }
        return ranks.get(rule)

    def _places(self) -> list[Place]:
        """Return the places, each of the kind that its machines need."""
        plan = self.plan
        choosy = {plan.machines[row.machine].station for row in plan.campaigns}
        choosy.update(plan.machines[machine].station for machine in plan.early)
        choosy.update(plan.ahead_of_early(), plan.preemptive)
        return [self._place(index, row, index in choosy) for index, row in enumerate(plan.places)]

    def _place(self, index: int, row: PlaceRow, choosy: bool) -> Place:
        rank = self.rank(row.dispatch)
        if choosy:
            return SelectivePlace(self, index, row, rank, index in self.plan.preemptive)
        return DeliveryPlace(self, index, row, rank) if row.delivered else Place(index, row, rank)

    def _select(self, place: SelectivePlace) -> None:
        """Give a place its rules, its machines, and the places that look at its room."""
        place.users = [machine for machine in self.machines if machine.inbox is place]
        place.kinds = sum(one is place for way in self.ways for one in way)
        if any(machine.index in self.campaigns for machine in place.users):
            place.rules.append(lambda machine, product, _: self.campaigns[machine.index].wants(product))
        if any(machine.index in self.plan.early for machine in place.users):
            place.rules.append(lambda _, __, ahead: ahead is None or len(ahead.items) < ahead.capacity)
            for ahead in {two for way in self.ways for one, two in pairwise(way) if one is place}:
                if isinstance(ahead, SelectivePlace):
                    ahead.watchers.append(place)

    def _listen(self) -> None:
        """Let everything know of the parts that come to places."""
        for place in self.places:
            if isinstance(place, SelectivePlace):
                self._select(place)
            place.remind = self._notice(place)

    def _notice(self, place: Place) -> Notice | None:
        """Return what happens when a part comes to a place, None if nothing."""
        limits: list[Notice] = [Limit(self, row).came for row in self.plan.windows if row.place == place.index]
        notices = [] if place.index in self.sublots else limits
        notices += [campaign.came for campaign in self.campaigns.values() if campaign.machine.inbox is place]
        if place.index in self.sublots:
            self.sublots[place.index].limits = limits
            notices.append(self.sublots[place.index].came)
        notices += [source.came for source in self.sources if isinstance(source, Kit) and place in source.places]
        notices += [Divider(self, row, place).came for row in self.plan.splits if row.place == place.index]
        if place.preempts:
            notices.append(lambda _: self.changed.add(place))
        standbys = [standby for standby in self.standbys.values() if standby.machine.inbox is place]
        if standbys:
            notices.append(waker(place, standbys))
        for line in self.lines:
            if line.row.common and line.loader.inbox is place:
                notices.append(line.touch)
        if place.row.wait < NEVER:
            notices.append(partial(self._remind, place))
        if len(notices) < 2:
            return notices[0] if notices else None

        def all_of_them(part: Part | None) -> None:
            for notice in notices:
                notice(part)

        return all_of_them

    def _remind(self, place: Place, _: Part | None) -> None:
        """Look at a place again when the part that comes now has waited long enough."""
        self.at(self._now + place.row.wait, event_priority(LEVEL_REACHED, place.index), lambda _: self.examine(place))

    def _calendar(self, index: int) -> Iterator[tuple[int, int]]:
        """Start a calendar: its machines are off shift until it first opens."""
        spans = self.plan.open_spans(index)
        opens, closes = next(spans)
        self.closes[index] = closes
        if opens > 0:
            for machine in self.calendars[index]:
                machine.go_off_shift()
            self.at(opens, event_priority(SHIFT_OPENS, index), lambda _: self._open(index))
        if closes < NEVER:
            self.at(closes, event_priority(SHIFT_CLOSES, index), lambda _: self._close(index))
        return spans

    def _open(self, index: int) -> None:
        for machine in self.calendars[index]:
            machine.open()

    def _close(self, index: int) -> None:
        for machine in self.calendars[index]:
            machine.close()
        opens, closes = next(self.open_until[index])
        self.closes[index] = closes
        self.at(opens, event_priority(SHIFT_OPENS, index), lambda _: self._open(index))
        self.at(closes, event_priority(SHIFT_CLOSES, index), lambda _: self._close(index))

    def next_open(self, stop: Stop) -> int:
        """Return when `stop`, counted in open time of its calendar, is due next. [ticks]"""
        stop.due = stop.row.first if stop.due == FAR else stop.due + stop.until_next()
        return self.plan.time_of_open(stop.machine.row.calendar, stop.due)

    # -- the loop ------------------------------------------------------------------------------------------------

    def at(self, time: int, priority: int, callback: Callable[[Event], Any]) -> Alarm:
        """Call `callback` at `time`; return the alarm, to be emptied if plans change."""
        alarm = Alarm(callback)
        self.push(time, priority, alarm)
        return alarm

    def push(self, time: int, priority: int, alarm: Alarm) -> None:
        """Put an alarm on SimPy's heap, at a time instead of after a delay."""
        entry: Any = (time, priority, next(self._eid), alarm)
        heappush(self._queue, entry)

    def run_to(self, horizon: int) -> None:
        """Run all events before `horizon`: timed events of an instant, then its grants one by one. May be called again
        with a later one."""
        queue: list[Any] = self._queue
        ready, granted = self.ready, Alarm()
        while queue[0][0] < horizon:
            now, _, _, alarm = heappop(queue)
            self._now = now
            while True:
                for callback in alarm.callbacks:
                    callback(alarm)
                if ready:
                    alarm = ready.popleft().alarm
                elif queue[0][0] == now:
                    alarm = heappop(queue)[3]
                elif (self.changed or self.boundary or self.seizes_changed or self.idle) and self._grant():
                    alarm = granted  # what follows from it stands in `ready` or on the heap
                else:
                    break
        self._now = horizon

    def quiet(self) -> bool:
        """Tell whether nothing else of this instant can come before a request made now: it may be granted at once.

        All timed events of the instant are over, every process has run, and no put or get is left to be looked at.
        """
        queue = self._queue
        return not (self.ready or self.changed or self.boundary or (queue and queue[0][0] == self._now))

    def examine(self, place: Place) -> None:
        """Something changed at `place`: a direct one settles at once, a contested one waits for the grants."""
        if place.direct:
            self._settle(place)
        else:
            self.changed.add(place)

    def _settle(self, place: Place) -> None:
        """Move parts through a direct place, which has one putter and one getter at most, as far as they go."""
        putters, getters = place.putters, place.getters
        while True:
            if putters and not putters[0].stopped and place.has_room():
                self._accept(place, putters[0])
            elif getters and not getters[0].stopped and place.has_part(self._now):
                self._hand_over(place, getters[0])
            else:
                return

    def _accept(self, place: Place, machine: Machine) -> None:
        """Grant a put."""
        place.putters.remove(machine)
        part, step = machine.part, machine.next_step
        machine.waits_at = None
        machine.write_visit(machine.outcome)
        part.step = step
        place.add(part, self._now)
        self.ready.append(machine)

    def _hand_over(self, place: Place, machine: Machine) -> None:
        """Grant a get."""
        if machine.waits_at is None:  # it is at work, and the part gives way
            assert isinstance(place, SelectivePlace)
            place.preempt(machine)
            return
        place.getters.remove(machine)
        machine.got, machine.waits_at = self._now, None
        if place.row.most == 1:
            machine.part = place.take(machine)
        else:
            machine.part, *machine.rest = place.take_load(self._now, machine)
        self.ready.append(machine)

    def _grant(self) -> bool:
        """Grant the one request that comes first by the rules; False if nothing can be granted."""
        if self._grant_at_places() or (self.touched and self._grant_move()):
            return True
        if self.seizes_changed and self.dispatcher.grant():
            return True
        return (self.seizes_changed and self._grant_seize()) or (bool(self.idle) and self._begin_when_idle())

    def _grant_at_places(self) -> bool:
        """Grant the first put, stop at the end of a cycle, or get; False if none can be granted."""
        if len(self.changed) == 1 and not self.boundary:
            return self._grant_at(next(iter(self.changed)))
        best_put: tuple[int, int, int] | None = None
        best_putter: Machine | None = None
        best_get: tuple[int, int] | None = None
        chosen_put: Place | None = None
        chosen_get: Place | None = None
        for place in list(self.changed):
            putter = place.ready_putter()
            getter = place.ready_getter() if place.has_part(self._now) else None
            if putter is not None:
                order = (-place.depth, putter.ended, putter.index)
                if best_put is None or order < best_put:
                    best_put, best_putter, chosen_put = order, putter, place
            elif getter is None:
                self.changed.discard(place)
            if getter is not None and (best_get is None or asked_order(getter) < best_get):
                best_get, chosen_get = asked_order(getter), place
        if chosen_put is not None and best_putter is not None:
            self._accept(chosen_put, best_putter)
            return True
        if self.boundary:
            machine = min(self.boundary, key=lambda machine: machine.index)
            self.boundary.remove(machine)
            if machine.waits_at is not None and machine.part is not NOTHING:  # it is still blocked
                machine.begin_pending()
            return True
        if chosen_get is not None and best_get is not None:
            self._hand_over(chosen_get, self.machines[best_get[1]])
            return True
        return False

    def _grant_at(self, place: Place) -> bool:
        """Grant a put or a get at the only place that changed."""
        putter = place.ready_putter()
        if putter is not None:
            self._accept(place, putter)
            return True
        getter = place.ready_getter() if place.has_part(self._now) else None
        if getter is not None:
            self._hand_over(place, getter)
            if place.putters or ((place.getters or place.preempts) and place.has_part(self._now)):
                return True
        self.changed.discard(place)
        return getter is not None

    def _grant_move(self) -> bool:
        """Let the first line with movers go on, if one can."""
        for line in sorted(self.touched, key=lambda line: line.index):
            if line.act():
                return True
            self.touched.discard(line)
        return False

    def _begin_when_idle(self) -> bool:
        """Begin the first stop that waited for a machine without a part, if there is one."""
        for machine in sorted(self.idle, key=lambda machine: machine.index):
            stop = next((stop for stop in machine.when_idle if stop.ready()), None) if machine.idle else None
            if stop is not None:
                machine.when_idle.remove(stop)
                stop.strike()
                return True
        self.idle.clear()
        return False

    # -- the end ---------------------------------------------------------------------------------------------------

    def end_part(self, part: Part, fate: int, station: int) -> None:
        """Write the row of a part that leaves the plant."""
        row = part.number, part.born, self._now, part.due, part.product, fate, station
        self.recorder.parts.extend(trace.PART(*row))
        if fate != trace.REFUSED:
            self.sources[part.number % len(self.sources)].gone(fate in trace.LOST)

    def write_open(self) -> None:
        """Write the rows of everything that is under way; nothing else changes, and the run may go on."""
        inside = [(part, place.at_station) for place in self.places for part in place.items]
        inside += [(part, at) for at, lots in self.sublots.items() for lot in lots.aside.values() for part in lot]
        for machine in self.machines:
            load = [machine.part, *machine.rest] if machine.part is not NOTHING else []
            load += machine.inside() if isinstance(machine, FlowMachine) else []
            inside += [(part, machine.row.station) for part in load]
            machine.close_books()
        inside += self.dispatcher.close_books()
        for shelf in self.shelves:
            shelf.close_books()
        for part, station in inside:
            row = part.number, part.born, NEVER, part.due, part.product, trace.INSIDE, station
            self.recorder.parts.extend(trace.PART(*row))

    def close_books(self) -> None:
        """Write the rows of everything that is under way at the end."""
        self.write_open()
        for machine in self.machines:
            read_meters(machine)
