"""The judge of the engine: a plain next-event program that follows the text of `rules.py`.

It shares plan, streams, trace and the technology's dynamics with the engine and nothing else: an event heap of its own,
a phase for each machine instead of a process, no shortcuts. Before each grant it looks at all there is.
"""

from __future__ import annotations

import math
from array import array
from collections import deque
from collections.abc import Callable
from functools import partial
from heapq import heappop, heappush
from itertools import count
from typing import NamedTuple

from factory_sim.simulation import plan as p
from factory_sim.simulation import trace as t
from factory_sim.simulation.plan import NEVER, NONE, TICK, Plan
from factory_sim.simulation.rules import (
    ARRIVAL,
    LEVEL_REACHED,
    SHIFT_CLOSES,
    SHIFT_OPENS,
    STOP_DUE,
    WORK_ENDS,
    event_priority,
)
from factory_sim.simulation.streams import sampler, uniforms
from factory_sim.technology import high_pressure_casting as die

ASKING, SEIZING, LOADING, WORKING, LEAVING = range(5)
AT_WORK = (LOADING, WORKING)


class Piece(NamedTuple):  # a part, before or in the visit `step` of its way
    number: int
    born: int
    product: int
    step: int
    due: int


NO_PART = Piece(-1, -1, -1, -1, NEVER)


class Alarm:  # a timed event; without an action it was called off
    def __init__(self, action: Callable[[], None] | None = None) -> None:
        self.action = action


class Well:  # a source
    def __init__(self, index: int, row: p.SourceRow) -> None:
        self.index, self.row, self.serial, self.released = index, row, 0, 0

    def flows(self) -> bool:
        return self.row.volume == NONE or self.released < self.row.volume


class Spot:  # a place
    def __init__(self, index: int, row: p.PlaceRow, worth: Callable[[Piece, int, Unit | None], int]) -> None:
        self.index, self.row = index, row
        self.worth: Callable[[Piece, Unit | None], int] = lambda piece, unit: worth(piece, row.dispatch, unit)
        self.came_counts = row.dispatch in (p.FIFO, p.PRIORITY, p.LEAST_SETUP)
        self.items: list[tuple[int, Piece]] = []  # with their arrival
        self.putters, self.getters = list[Unit](), list[Unit]()
        self.wells: list[Well] = []  # that always have a part

    def has_room(self) -> bool:
        waits = not self.items and any(not unit.held for unit in self.getters)
        return len(self.items) < self.row.capacity or waits

    def has_part(self, now: int) -> bool:
        return any(well.flows() for well in self.wells) or bool(self.load(now))

    def load(self, now: int, unit: Unit | None = None) -> list[tuple[int, Piece]]:
        """Return what a machine may take together now, in the order of the rule."""
        ranked = sorted(self.items, key=lambda item: (self.worth(item[1], unit), self.came_counts * item[0], item[1]))
        for kind in dict.fromkeys(piece.product if self.row.alike else 0 for _, piece in ranked):
            load = [item for item in ranked if not self.row.alike or item[1].product == kind]
            waited = any(came + self.row.wait <= now for came, _ in load)
            if len(load) >= self.row.least or waited or self.wells:
                return load[: self.row.most]
        return []


class Halt:  # a stop of one machine
    def __init__(self, run: PlainRun, index: int, unit: Unit) -> None:
        self.index, self.row, self.unit, self.alarm = index, run.plan.stops[index], unit, Alarm()
        self.active = self.running = False
        self.begin = self.got = self.left = self.since = self.due = 0  # due: a reading of its clock
        if self.row.clock not in (p.AFTER_WORK, p.ON_CHANGE):
            self.between = run.sampler(self.row.between, self.row.between_stream)
            self.duration = run.sampler(self.row.duration, self.row.duration_stream)
            self.due = self.row.first if self.row.clock == p.ON_OPEN else self.between()


class Unit:  # a machine
    def __init__(self, run: PlainRun, index: int, row: p.MachineRow) -> None:
        self.index, self.row, self.inbox, self.program = (
            index,
            row,
            run.spots[row.station],
            run.plan.programs[row.program],
        )
        common = run.sampler(row.cycle, row.work_stream)
        self.cycles = {
            (product, step): run.sampler(visit.cycle, visit.stream ^ row.work_stream) if visit.cycle != NONE else common
            for product, (way, *_) in enumerate(run.plan.products)
            for step, visit in enumerate(way)
        }
        self.again = uniforms(run.seed, run.replication, row.rework_stream)
        self.made, stream = NONE, row.setup_stream
        self.changes = {
            (last, coming): run.sampler(entry, row.change_streams[last][coming])
            for last, entries in enumerate(row.changes)
            for coming, entry in enumerate(entries)
            if entry != NONE
        }
        self.resets = uniforms(run.seed, run.replication, stream ^ 1 << 63)
        self.reset = run.sampler(row.reset, stream ^ 1 << 62) if row.reset != NONE else lambda: 0
        self.quality = uniforms(run.seed, run.replication, row.quality_stream)
        self.others: list[Piece] = []  # of the load, after `part`
        self.phase, self.part, self.outcome, self.seizing, self.holds = ASKING, NO_PART, t.GOOD, False, False
        self.asked = self.got = self.seized = self.began = self.ended = 0
        self.drawn = NONE  # cycle that was drawn before it begins
        self.held = self.held_since = self.lost = 0  # stops that hold it; held time of the part under way
        self.left, self.rest, self.since = 0, 0, NONE  # to do in this phase and after it; the watch runs since then
        self.worked = 0  # reading of the stopwatch when it stood still last
        self.off, self.closing, self.closed_since = False, False, 0
        self.end, self.failure = Alarm(), Alarm()
        self.after_cycle, self.when_idle = list[Halt](), list[Halt]()
        self.halts = [Halt(run, stop, self) for stop in row.stops]
        self.told = 0  # the die knows what happened until then
        self.parameters = list(row.laws[0].parameters) if row.laws else []
        self.state = die.initial(self.parameters) if row.laws else []


class PlainRun:
    """One replication, written into `books`."""

    def __init__(self, plan: Plan, seed: int, replication: int) -> None:
        self.plan, self.seed, self.replication, self.books = plan, seed, replication, t.Recorder()
        self.now, self.order, self.heap = 0, count(), list[tuple[int, int, int, Alarm]]()
        self.free, self.ready = list(plan.resource_units), deque[Callable[[], None]]()
        self.spots = [Spot(index, row, self.worth) for index, row in enumerate(plan.places)]
        self.wells = [Well(index, row) for index, row in enumerate(plan.sources)]
        self.luck = [uniforms(seed, replication, row.product_stream) for row in plan.sources]
        self.units = [Unit(self, index, row) for index, row in enumerate(plan.machines)]
        self.halts = [halt for unit in self.units for halt in unit.halts]
        self.spans = [plan.open_spans(index) for index in range(len(plan.calendars))]
        self.shift_ends = [NEVER for _ in self.spans]  # of the stretch that is open, or opens next
        for well in self.wells:
            if well.row.volume != NONE:
                self.at(p.WEEK, SHIFT_OPENS, len(self.spans) + well.index, partial(self.new_week, well))
            if well.row.kind == p.ALWAYS:
                self.first(well).wells.append(well)
            for arrival in well.row.at:
                self.at(arrival.time, ARRIVAL, well.index, partial(self.deliver, well, *arrival[1:]))
            if well.row.kind == p.INTERVAL:
                interval = self.sampler(well.row.interval, well.row.stream)
                self.at(interval(), ARRIVAL, well.index, partial(self.arrive, well, interval))
            if well.row.kind == p.LOOP:
                self.at(0, ARRIVAL, well.index, partial(self.deliver, well, None, well.row.inside, NEVER))
        for spot in self.spots:
            for _ in range(spot.row.initial):
                piece = self.release(self.wells[spot.row.initial_source], spot.row.initial_product)
                self.lay(spot, piece._replace(step=spot.row.initial_step))
        for index in range(len(self.spans)):
            self.next_span(index)
        for unit in self.units:
            if unit.state:
                self.books.states[unit.index] = array("d")
            if unit.row.calendar != NONE and next(plan.open_spans(unit.row.calendar))[0] > 0:
                self.go_off(unit)
        for halt in self.halts:
            self.wind_up(halt)
        self.ready.extend(partial(self.ask, unit) for unit in self.units)

    def sampler(self, row: int, stream: int) -> Callable[[], int]:
        return sampler(self.plan.distributions[row], self.seed, self.replication, stream)

    def at(self, time: int, event_class: int, index: int, action: Callable[[], None]) -> Alarm:
        alarm = Alarm(action)
        heappush(self.heap, (time, event_priority(event_class, index), next(self.order), alarm))
        return alarm

    def run(self, horizon: int) -> None:
        while True:
            if self.ready:
                self.ready.popleft()()
            elif self.heap and self.heap[0][0] == self.now:
                if (action := heappop(self.heap)[3].action) is not None:
                    action()
            elif not self.grant():
                if not self.heap or self.heap[0][0] >= horizon:
                    break
                assert self.heap[0][0] > self.now, "time runs backwards"
                self.now = self.heap[0][0]
        self.now = horizon

    def grant(self) -> bool:
        """Grant the request that comes first; False if none can be granted."""
        open_to_put = [spot for spot in self.spots if not spot.row.direct and spot.has_room()]
        puts = [(-s.row.depth, u.ended, u.index, s) for s in open_to_put for u in s.putters if not u.held]
        if puts:
            _, _, index, spot = min(puts, key=lambda put: put[:3])
            self.accept(spot, self.units[index])
            return True
        for unit in self.units:
            if unit.phase == LEAVING and (unit.after_cycle or unit.closing):
                self.begin_waiting(unit)
                return True
        open_to_get = [spot for spot in self.spots if not spot.row.direct and spot.has_part(self.now)]
        gets = [(unit.asked, unit.index) for spot in open_to_get for unit in spot.getters if not unit.held]
        if gets:
            self.hand_over(self.units[min(gets)[1]])
            return True
        if self.grant_seize():
            return True
        for unit in self.units:
            if unit.phase == ASKING and not unit.held and unit.when_idle:
                self.strike(unit.when_idle.pop(0))
                return True
        return False

    def grant_seize(self) -> bool:
        seizing = [u for u in self.units if u.seizing and not u.held]
        in_time = [u for u in seizing if u.drawn == NONE or self.now + u.drawn <= self.shift_ends[u.row.calendar]]
        units = [(0, u.got, u.index, u.row.needs) for u in in_time]
        waiting = [h for h in self.halts if h.active and not h.running and not h.unit.off]
        halts = [(h.row.priority, h.begin, len(self.units) + h.index, h.row.crew) for h in waiting]
        for _, _, index, resources in sorted(units + halts):
            if all(self.free[resource] > 0 for resource in resources):
                for resource in resources:
                    self.free[resource] -= 1
                if index >= len(self.units):
                    self.crew_there(self.halts[index - len(self.units)])
                    return True
                unit = self.units[index]
                unit.seizing, unit.holds, unit.seized = False, True, self.now
                self.ready.append(partial(self.start_cycle, unit))
                return True
        return False

    # Sources and places.

    def new_week(self, well: Well) -> None:
        well.released = 0
        self.at(self.now + p.WEEK, SHIFT_OPENS, len(self.spans) + well.index, partial(self.new_week, well))
        self.touch(self.first(well))

    def first(self, well: Well) -> Spot:
        return self.spots[self.plan.products[well.row.products[0]].steps[0].place]

    def release(self, well: Well, product: int | None = None, due: int = NEVER) -> Piece:
        if product is None:
            u = self.luck[well.index]() if len(well.row.products) > 1 else 0.0
            product = well.row.products[sum(u >= share for share in well.row.shares)]
        well.serial, well.released = well.serial + 1, well.released + 1
        after = self.plan.products[product].due_after
        number = (well.serial - 1) * len(self.wells) + well.index
        return Piece(number, self.now, product, 0, due if after == NEVER else self.now + after)

    def arrive(self, well: Well, interval: Callable[[], int]) -> None:
        self.deliver(well, None, well.row.lot, NEVER)
        self.at(self.now + interval(), ARRIVAL, well.index, partial(self.arrive, well, interval))

    def deliver(self, well: Well, product: int | None, quantity: int, due: int) -> None:
        for _ in range(quantity):
            if well.flows():
                piece = self.release(well, product, due)
                spot = self.spot_of(piece)
                if spot.has_room():
                    self.lay(spot, piece)
                    self.touch(spot)
                else:
                    self.part_row(piece, self.now, t.REFUSED, spot.index)
                    well.released -= 1

    def lay(self, spot: Spot, piece: Piece) -> None:
        """Lay a part into a place; when it has waited long enough, there is something to grant."""
        spot.items.append((self.now, piece))
        if spot.row.wait != NEVER:
            self.at(self.now + spot.row.wait, LEVEL_REACHED, spot.index, lambda: None)

    def spot_of(self, piece: Piece) -> Spot:
        return self.spots[self.plan.products[piece.product].steps[piece.step].place]

    def worth(self, piece: Piece, rule: int, unit: Unit | None) -> int:
        """Return by what a rule ranks a part for a machine, the smallest first."""
        if rule == p.LEAST_SETUP:
            known = unit is not None and unit.row.changes and unit.made != NONE
            return unit.row.change_means[unit.made][piece.product] if unit is not None and known else 0
        way = self.plan.products[piece.product].steps
        return {
            p.FIFO: 0,
            p.SPT: way[piece.step].mean,
            p.LPT: -way[piece.step].mean,
            p.EDD: piece.due,
            p.MWKR: -sum(step.mean for step in way[piece.step :]),
            p.MOPNR: -len(way[piece.step :]),
            p.PRIORITY: self.plan.products[piece.product].priority,
        }[rule]

    def touch(self, spot: Spot) -> None:
        """Something changed at a place: a direct one grants at once."""
        while spot.row.direct:
            putters = [unit for unit in spot.putters if not unit.held and spot.has_room()]
            getters = [unit for unit in spot.getters if not unit.held and spot.has_part(self.now)]
            if putters:
                self.accept(spot, putters[0])
            elif getters:
                self.hand_over(getters[0])
            else:
                return

    def accept(self, spot: Spot, unit: Unit) -> None:
        spot.putters.remove(unit)
        self.lay(spot, unit.part._replace(step=self.step_after(unit)))
        self.visit_over(unit)
        self.ready.append(partial(self.after_part, unit))

    def hand_over(self, unit: Unit) -> None:
        spot = unit.inbox
        spot.getters.remove(unit)
        if spot.items:
            load = spot.load(self.now, unit)
            spot.items = [item for item in spot.items if item not in load]
            unit.part, *unit.others = [piece for _, piece in load]
        else:  # the parts of all these sources come now, so the one with the smallest number is first
            unit.part, unit.others = self.release(min((w.serial, w.index, w) for w in spot.wells if w.flows())[2]), []
        while 1 + len(unit.others) < spot.row.most and any(well.flows() for well in spot.wells):
            well = min((w.serial, w.index, w) for w in spot.wells if w.flows())[2]
            if spot.row.alike and well.row.products[0] != unit.part.product:
                break
            unit.others.append(self.release(well))
        unit.got, unit.phase = self.now, SEIZING
        self.ready.append(partial(self.take_up, unit))

    # The cycle of a machine.

    def ask(self, unit: Unit) -> None:
        if not unit.held:
            self.begin_waiting(unit)
        unit.phase, unit.asked = ASKING, self.now
        unit.inbox.getters.append(unit)
        self.touch(unit.inbox)

    def take_up(self, unit: Unit) -> None:
        """A part is there: set up for it, then ask for resources."""
        if p.CHANGE in unit.program:
            last, unit.made = unit.made, unit.part.product
            if last != NONE and unit.row.changes[last][unit.made] != NONE:
                self.begin_halt(unit.halts[-1], unit.changes[last, unit.made]())
        unit.phase, unit.seizing = SEIZING, bool(unit.row.needs)
        if p.NEED_IN_TIME in unit.program:
            unit.seizing, unit.drawn = True, unit.cycles[unit.part.product, unit.part.step]()
        if not unit.seizing:
            self.start_cycle(unit)

    def start_cycle(self, unit: Unit) -> None:
        extra = 0
        if unit.state:
            seconds, _, _ = die.begin(unit.parameters, unit.state, (self.now - unit.told) * TICK)
            extra = round(seconds * p.TICKS_PER_SECOND)
        drawn, unit.drawn = unit.drawn, NONE
        total = max(0, extra + (unit.cycles[unit.part.product, unit.part.step]() if drawn == NONE else drawn))
        loads = p.LOAD in unit.program
        unit.phase, unit.left = (LOADING, min(unit.row.load, total)) if loads else (WORKING, total)
        unit.began, unit.lost, unit.rest = self.now, 0, total - unit.left
        self.start_watch(unit)

    def work_ended(self, unit: Unit) -> None:
        unit.worked, unit.since = unit.worked + unit.left, NONE
        if unit.holds:
            unit.holds = False
            self.give_back(unit.row.needs, unit.index, t.ACTIVITY_WORK, unit.got, unit.seized)
        if unit.phase == LOADING:
            unit.phase, unit.left = WORKING, unit.rest
            self.start_watch(unit)
            return
        unit.ended, unit.phase = self.now, LEAVING
        self.leave(unit)

    def leave(self, unit: Unit) -> None:
        """Judge the part, or the next one of the load, and let it go."""
        unit.outcome = self.judge(unit)
        out = self.outlet(unit)
        if unit.outcome in (t.GOOD, t.REWORKED) and out is not None:
            out.putters.append(unit)
            self.touch(out)
            return
        self.part_row(unit.part, self.now, t.REJECTED if unit.outcome else t.AT_SINK, unit.row.station)
        well = self.wells[unit.part.number % len(self.wells)]
        self.visit_over(unit)
        if well.row.kind == p.LOOP:
            self.deliver(well, None, 1, NEVER)
        elif unit.outcome:  # another part may be released for it
            well.released -= 1
            self.touch(self.first(well))
        self.after_part(unit)

    def step_after(self, unit: Unit) -> int:
        step = self.plan.products[unit.part.product].steps[unit.part.step]
        return step.back if unit.outcome == t.REWORKED else unit.part.step + 1

    def outlet(self, unit: Unit) -> Spot | None:
        way, step = self.plan.products[unit.part.product].steps, self.step_after(unit)
        return self.spots[way[step].place] if step < len(way) else None

    def judge(self, unit: Unit) -> int:
        outcome = self.verdict(unit)
        if outcome == t.GOOD and p.DIVERT in unit.program and unit.again() < unit.row.rework:
            return t.REWORKED
        return outcome

    def verdict(self, unit: Unit) -> int:
        if not unit.state:
            bad = p.INSPECT in unit.program and unit.quality() >= unit.row.yield_
            return t.SCRAPPED + t.CAUSE_UNIT * t.STEADY if bad else t.GOOD
        run = self.now - unit.began - unit.lost
        die.finish(unit.parameters, unit.state, run * TICK, unit.lost * TICK)
        steady, (discard, window) = unit.row.steady_scrap, die.judge(unit.parameters, unit.state)
        unit.told, u = self.now, unit.quality()
        self.books.states[unit.index].extend((unit.state[die.BEGIN_TEMPERATURE], unit.state[die.TEMPERATURE]))
        if discard:
            return t.DISCARDED + t.CAUSE_UNIT * t.FIRST_SHOTS
        bad = u < steady + window
        return t.SCRAPPED + t.CAUSE_UNIT * (t.STEADY if u < steady else t.WINDOW) if bad else t.GOOD

    def after_part(self, unit: Unit) -> None:
        if unit.part != NO_PART:
            self.leave(unit)
            return
        for halt in unit.halts:
            if halt.row.clock == p.AFTER_WORK:
                net, share = unit.ended - unit.began - unit.lost, unit.row.loss
                self.begin_halt(halt, int(net * share / (1.0 - share) + 0.5))
        if p.RESET in unit.program and unit.resets() < unit.row.reset_share:
            self.begin_halt(unit.halts[-1], unit.reset())
        self.ask(unit)

    # The stopwatch and the stops.

    def start_watch(self, unit: Unit) -> None:
        if unit.held:
            unit.held_since = self.now
            return
        unit.since, unit.failure.action = self.now, None
        unit.end = self.at(self.now + unit.left, WORK_ENDS, unit.index, partial(self.work_ended, unit))
        modes = [(halt.due, halt.index, halt) for halt in unit.halts if halt.row.clock == p.ON_WORKING]
        for due, index, halt in sorted(modes)[:1]:
            if due <= unit.worked + unit.left:
                time = self.now + due - unit.worked
                unit.failure = self.at(time, STOP_DUE, index, partial(self.strike, halt))

    def hold(self, unit: Unit) -> None:
        unit.held_since = unit.held_since if unit.held else self.now
        unit.held += 1
        unit.failure.action = None
        if unit.since != NONE:
            unit.end.action = None
            run = self.now - unit.since
            unit.worked, unit.left, unit.since = unit.worked + run, unit.left - run, NONE

    def let_go(self, unit: Unit) -> None:
        unit.held -= 1
        if unit.held:
            return
        if unit.phase in AT_WORK:
            unit.lost += self.now - unit.held_since
            self.start_watch(unit)
        elif unit.phase == ASKING:
            self.begin_waiting(unit)
            self.touch(unit.inbox)
        elif unit.phase == LEAVING and (out := self.outlet(unit)) is not None:
            self.touch(out)

    def wind_up(self, halt: Halt) -> None:
        if halt.row.clock == p.ON_CALENDAR:
            self.at(self.now + halt.due, STOP_DUE, halt.index, partial(self.strike, halt))
        elif halt.row.clock == p.ON_OPEN:
            time = self.plan.time_of_open(halt.unit.row.calendar, halt.due)
            self.at(time, STOP_DUE, halt.index, partial(self.fall_due, halt))

    def fall_due(self, halt: Halt) -> None:
        unit = halt.unit
        halt.due += halt.between()
        self.wind_up(halt)
        if halt.active or halt in unit.after_cycle or halt in unit.when_idle:
            return
        if halt.row.when == p.WHEN_IDLE:
            unit.when_idle.append(halt)
        elif halt.row.when == p.AFTER_CYCLE and unit.phase in AT_WORK:
            unit.after_cycle.append(halt)
        else:
            self.strike(halt)

    def strike(self, halt: Halt) -> None:
        self.begin_halt(halt, halt.duration())

    def begin_halt(self, halt: Halt, duration: int) -> None:
        halt.active, halt.begin, halt.left = True, self.now, duration
        self.hold(halt.unit)
        if not halt.row.crew:
            self.crew_there(halt)

    def crew_there(self, halt: Halt) -> None:
        halt.running, halt.got = True, self.now
        self.progress(halt)

    def progress(self, halt: Halt) -> None:
        if halt.running and not halt.unit.off:
            halt.since, index = self.now, len(self.units) + halt.index
            halt.alarm = self.at(self.now + halt.left, WORK_ENDS, index, partial(self.over, halt))

    def over(self, halt: Halt) -> None:
        halt.active = halt.running = False
        self.books.stops.extend(t.STOP(halt.unit.index, halt.row.state, halt.index, halt.begin, self.now))
        self.give_back(halt.row.crew, halt.unit.index, t.ACTIVITY_REPAIR, halt.begin, halt.got)
        if halt.row.clock in (p.ON_WORKING, p.ON_CALENDAR):
            halt.due = halt.between() + (halt.unit.worked if halt.row.clock == p.ON_WORKING else 0)
        if halt.row.clock == p.ON_CALENDAR:
            self.wind_up(halt)
        self.let_go(halt.unit)

    def begin_waiting(self, unit: Unit) -> None:
        """Begin what waited for the end of the cycle."""
        if unit.closing:
            self.go_off(unit)
        waiting, unit.after_cycle = unit.after_cycle, []
        for halt in waiting:
            self.strike(halt)

    def next_span(self, calendar: int) -> None:
        opens, closes = next(self.spans[calendar])
        self.shift_ends[calendar] = closes
        units = [unit for unit in self.units if unit.row.calendar == calendar]
        if opens > 0:
            self.at(opens, SHIFT_OPENS, calendar, partial(self.open, units))
        if closes != NEVER:
            self.at(closes, SHIFT_CLOSES, calendar, partial(self.close, calendar, units))

    def open(self, units: list[Unit]) -> None:
        for unit in units:
            unit.closing = False
            if not unit.off:
                continue
            unit.off = False
            self.books.stops.extend(t.STOP(unit.index, t.OFF_SHIFT, NONE, unit.closed_since, self.now))
            if unit.state and unit.phase not in AT_WORK:
                die.advance(unit.parameters, unit.state, (unit.closed_since - unit.told) * TICK, die.STOPPED)
                die.opened(unit.parameters, unit.state, (self.now - unit.closed_since) * TICK)
                unit.told = self.now
            for halt in unit.halts:
                self.progress(halt)
            self.let_go(unit)

    def close(self, calendar: int, units: list[Unit]) -> None:
        self.next_span(calendar)
        for unit in units:
            unit.closing = unit.row.finish and unit.phase in AT_WORK
            if not unit.closing:
                self.go_off(unit)

    def go_off(self, unit: Unit) -> None:
        unit.closing, unit.off, unit.closed_since = False, True, self.now
        for halt in unit.halts:
            if halt.running:
                halt.alarm.action = None
                halt.left -= self.now - halt.since
        self.hold(unit)

    # The rows.

    def give_back(self, resources: tuple[int, ...], machine: int, activity: int, asked: int, got: int) -> None:
        for resource in resources:
            self.free[resource] += 1
            self.books.grants.extend(t.GRANT(resource, machine, activity, asked, got, self.now))

    def part_row(self, part: Piece, left: int, fate: int, station: int) -> None:
        self.books.parts.extend(t.PART(part.number, part.born, left, part.due, part.product, fate, station))

    def visit_over(self, unit: Unit) -> None:
        times = (unit.asked, unit.got, unit.began, unit.ended, self.now, unit.ended - unit.began - unit.lost)
        self.books.visits.extend(t.VISIT(unit.index, unit.part.number, *times, unit.outcome, *unit.part[2:4]))
        unit.part = unit.others.pop(0) if unit.others else NO_PART

    def close_books(self) -> None:
        """Write the rows of all that is under way."""
        for spot in self.spots:
            for _, piece in sorted(spot.items):
                self.part_row(piece, NEVER, t.INSIDE, spot.index)
        for unit in self.units:
            for piece in [unit.part, *unit.others] if unit.part != NO_PART else []:
                self.part_row(piece, NEVER, t.INSIDE, unit.row.station)
            got = unit.got if unit.phase >= SEIZING else NEVER
            began = unit.began if unit.phase >= LOADING else NEVER
            ended = unit.ended if unit.phase == LEAVING else NEVER
            for piece in (unit.part, *unit.others):
                row = (unit.index, piece.number, unit.asked, got, began, ended, NEVER, NEVER, t.UNFINISHED)
                self.books.visits.extend(t.VISIT(*row, *piece[2:4]))
            if unit.state and ended == NEVER:
                temperature = unit.state[die.BEGIN_TEMPERATURE] if began < NEVER else math.nan
                self.books.states[unit.index].extend((temperature, math.nan))
            if unit.off:
                self.books.stops.extend(t.STOP(unit.index, t.OFF_SHIFT, NONE, unit.closed_since, self.now))
            for halt in unit.halts:
                if halt.active:
                    self.books.stops.extend(t.STOP(unit.index, halt.row.state, halt.index, halt.begin, self.now))
                for resource in halt.row.crew if halt.running else ():
                    self.books.grants.extend(t.GRANT(resource, unit.index, 1, halt.begin, halt.got, NEVER))
            for resource in unit.row.needs if unit.holds else ():
                self.books.grants.extend(t.GRANT(resource, unit.index, 0, unit.got, unit.seized, NEVER))


def simulate_plainly(plan: Plan, seed: int, replication: int, horizon: int) -> t.Trace:
    """Return what happens in one replication until `horizon`. [ticks]"""
    run = PlainRun(plan, seed, replication)
    run.run(horizon)
    run.close_books()
    return run.books.trace(horizon)
