"""Flow cells: a belt with many parts inside at once. Two SimPy processes each, one at the entrance, one at the exit.

Positions are told in the running time of the belt: its reading r stands still when the belt does. A part that entered
at reading e has travelled r - e, and reaches the exit when that is `transit`. Of an accumulating belt the k-th part
behind one that stands at the exit stands k `gap` before it, and one that follows a part that left at reading d reaches
the exit at d + gap at the earliest: positions are the minimum of free travel and of the parts ahead, shifted.
"""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from simpy import Event

from factory_sim.simulation import trace
from factory_sim.simulation.cells import PERFORM, Cell
from factory_sim.simulation.machine import Machine
from factory_sim.simulation.places import NOTHING, Part
from factory_sim.simulation.plan import INSPECT, NEVER, WORK, FlowRow
from factory_sim.simulation.rules import LEVEL_REACHED, event_priority
from factory_sim.simulation.trace import VISIT

if TYPE_CHECKING:
    from factory_sim.simulation.engine import Engine

LOST = trace.SCRAPPED + trace.CAUSE_UNIT * trace.WINDOW
WASTE = trace.DISCARDED + trace.CAUSE_UNIT * trace.FIRST_SHOTS
LONG_AGO = -(1 << 61)


@dataclass(slots=True)
class Item:
    """A part inside: when the entrance asked for it, when it came, and at which reading of the belt."""

    part: Part
    asked: int
    got: int
    entered: int  # reading of the belt when it came
    travels: int  # reading from which its travel counts
    outcome: int = trace.GOOD
    stood: int = 0  # in the dryer or oven, all stops together


class Exit(Machine):
    """Where parts leave: what the verbs after the work see as the machine."""

    def __init__(self, engine: Engine, index: int) -> None:
        super().__init__(engine, index)
        self.stops, self.failures = [], []
        self.busy = False  # a part is being judged or waits to leave
        self.overdue = NEVER  # when the part that waits to leave has been inside too long

    def let_go(self) -> None:
        """Undo one stop of the cell; a part that waits to leave may."""
        self.stopped -= 1
        if not self.stopped and self.waits_at is not None:
            self.look()
            if self.waits_at is not None:
                self.engine.examine(self.waits_at)

    def wait(self, until: int) -> None:
        """The part has no place to go; at `until` it has been inside too long."""
        self.overdue = until
        if until < NEVER:
            priority = event_priority(LEVEL_REACHED, self.row.station)
            self.engine.at(until, priority, lambda _: self.look())

    def look(self) -> None:
        """Scrap the part that has waited to leave too long, unless a vehicle is on its way to it."""
        engine, place = self.engine, self.waits_at
        if self.stopped or place is None or engine._now < self.overdue:
            return
        call = next((call for call in engine.calls if call.machine is self), None)
        if call is not None:
            if call.granted < NEVER:
                return
            engine.calls.remove(call)
        asked: Any = self if call is None else call
        if asked not in place.putters:
            return
        place.putters.remove(asked)
        self.waits_at, part = None, self.part
        self.write_visit(LOST)
        engine.end_part(part, trace.REJECTED, self.row.station)
        engine.ready.append(self)


class FlowMachine(Machine):
    """A flow cell: its belt, its entrance, and the stops that hold it. `worked` is the reading of the belt."""

    def __init__(self, engine: Engine, index: int, row: FlowRow) -> None:
        super().__init__(engine, index)
        self.flow, self.exit = row, Exit(engine, index)
        self.take = PERFORM[self.program[0]]
        self.items: list[Item] = []
        self.last, self.departed = LONG_AGO, LONG_AGO  # readings: travel of the last part, leaving of the one before
        self.jammed = self.torn = False
        self.stands_since = 0
        self.waste_left = 0  # pieces that are waste because the web has just been threaded
        self.state, self.state_since = trace.STARVED, 0
        self.tear = next((stop for stop in self.stops if stop.index == row.web_break), None)

    # -- the belt ------------------------------------------------------------------------------------------------

    def _wind(self, duration: int) -> None:
        """Let the belt run; what stood too long meanwhile is lost."""
        row, stood = self.flow, self.engine._now - self.stands_since
        for begin, end, limit in row.zones if stood > 0 else ():
            for item in self.items:
                if stood > limit and begin <= self.worked - item.travels < end:
                    item.outcome = LOST
        if row.oven[2] < NEVER and stood > 0:
            self._bake(stood)
        if self.items and stood > row.waste_after:
            self.waste_left = row.waste
        self.stands_since = NEVER
        super()._wind(duration)

    def _bake(self, stood: int) -> None:
        """What stood in the dryer or oven has dried or cured on; what has stood there for too long in all is lost."""
        begin, end, longest = self.flow.oven
        for item in self.items:
            if begin <= self.worked - item.travels < end:
                item.stood += stood
                if item.stood > longest:
                    item.outcome = LOST

    def not_begun(self) -> list[Part]:
        """Return no part: what it takes is on the belt at once."""
        return []

    def hold(self) -> None:
        """Stop the belt, for a stop of the cell."""
        self.exit.stopped += 1
        super().hold()
        self._stand()
        if self.tear is not None and self.tear.active and not self.torn:
            self._break()

    def _stand(self) -> None:
        if self.stands_since == NEVER:
            self.stands_since = self.engine._now

    def pause(self) -> None:
        """Stop the belt to look at it; `worked` is its reading then."""
        if self.at_work:
            if not self.stopped:
                super().hold()
                self.stopped -= 1
            self.at_work = False
        self._stand()

    def let_go(self) -> None:
        """Undo one stop of the cell."""
        self.exit.let_go()
        super().let_go()
        if self.stopped:
            return
        if self.torn:
            self.torn = False
            self.engine.ready.append(self)
        elif self.at_work and self.waits_at is not None:
            if self.when_idle:
                self.engine.idle.append(self)
            self.engine.examine(self.waits_at)

    @property
    def idle(self) -> bool:
        """Whether it waits for a part, with none inside."""
        return super().idle and not self.items

    def _break(self) -> None:
        """The web breaks: what is inside is lost, but for a piece that is about to leave."""
        engine, now = self.engine, self.engine._now
        self.torn, self.at_work = True, False
        kept = self.items[:1] if self.exit.busy else []
        for item in self.items[len(kept) :]:
            net = self.worked - item.entered
            row = item.part.number, item.asked, item.got, item.got, now, now, net, LOST
            self.write(VISIT(self.index, *row, item.part.product, item.part.step))
            engine.end_part(item.part, trace.REJECTED, self.row.station)
        self.items, self.last, self.waste_left = kept, LONG_AGO, self.flow.waste

    # -- where parts are -----------------------------------------------------------------------------------------

    @property
    def front_due(self) -> int:
        """Reading at which the first part reaches the exit; NEVER if there is none."""
        if not self.items:
            return NEVER
        due = self.items[0].travels + self.flow.transit
        return max(due, self.departed + self.flow.gap) if self.flow.accumulating else due

    @property
    def rest_due(self) -> int:
        """Reading at which the last part stands in the queue before the exit."""
        ahead = len(self.items) - 1
        return max(self.last + self.flow.transit - ahead * self.flow.gap, self.departed + self.flow.gap)

    @property
    def opens(self) -> int:
        """Reading at which there is room at the entrance; NEVER if something must leave first."""
        row, inside = self.flow, len(self.items)
        if not inside:
            return self.last + row.pitch
        if not row.accumulating:
            return self.last + row.pitch
        if inside >= row.capacity:
            return NEVER
        stands_at = row.transit - (inside - 1) * row.gap
        if stands_at < row.pitch:
            return max(self.last + row.pitch, self.rest_due)
        return max(self.last + row.pitch, self.departed + row.pitch - row.transit + inside * row.gap)

    # -- what happens --------------------------------------------------------------------------------------------

    def go(self) -> None:
        """Do all that can be done at this reading of the belt, and let it run on to the next one."""
        engine = self.engine
        self.pause()
        if self.part is not NOTHING:
            self._enter()
        if self.torn:
            return
        while True:
            if not self.exit.busy and self.front_due <= self.worked:
                self.exit.busy = True
                engine.ready.append(self.exit)
            if (self.exit.busy and not self.flow.accumulating) or self.waits_at is not None:
                break
            if self.opens > self.worked or self.take(engine, self) is not None:
                break
            self._enter()
        if self.waits_at is not None and (self.pending or self.calendar_closes) and not self.stopped:
            self.begin_pending()
        self._look()
        if (target := self._next()) < NEVER:
            self.run(target - self.worked)

    def _enter(self) -> None:
        """The part that was taken comes onto the belt."""
        row, part = self.flow, self.part
        travels = self.worked - self.worked % row.pitch if row.strokes else self.worked
        item = Item(part, self.asked, self.engine._now, self.worked, travels)
        if self.waste_left:
            self.waste_left -= 1
            item.outcome = WASTE
        self.items.append(item)
        self.part, self.last = NOTHING, travels

    def _next(self) -> int:
        """Return the next reading at which something happens; NEVER if the belt stands."""
        row, now = self.flow, self.worked
        if not self.items or (self.exit.busy and not row.accumulating) or (row.fed and self.waits_at is not None):
            return NEVER
        due = [] if self.exit.busy else [self.front_due]
        if self.waits_at is None:
            due += [self.last + row.pitch, self.opens]
        if row.accumulating:
            due.append(self.rest_due)  # parts close up although nothing else happens
        return min((reading for reading in due if reading > now), default=NEVER)

    def _look(self) -> None:
        """Note the state of the entrance, if it has changed."""
        row = self.flow
        if self.exit.busy and not row.accumulating:
            state = trace.BLOCKED
        elif self.items and self.worked < self.last + row.pitch:
            state = trace.WARMING if self.items[-1].outcome == WASTE else trace.WORKING
        else:
            state = trace.BLOCKED if self.waits_at is None else trace.STARVED
        if state != self.state:
            self.note()
            self.state = state

    def note(self) -> None:
        """Write the row of the state that ends now."""
        self._write_phase()
        self.state_since = self.engine._now

    def _write_phase(self) -> None:
        now = self.engine._now
        if now > self.state_since:
            row = self.index, self.state, self.state_since, now
            self.engine.recorder.phases.extend(trace.PHASE(*row))

    # -- the exit ------------------------------------------------------------------------------------------------

    def present(self) -> int:
        """Bring the first part to the exit; return what has become of it."""
        item, exit_, now = self.items[0], self.exit, self.engine._now
        exit_.part, exit_.asked, exit_.got, exit_.began, exit_.ended = item.part, item.asked, item.got, item.got, now
        ahead = self.due - now if self.at_work and not self.stopped else 0  # an accumulating belt has been let run on
        exit_.lost = now - item.got - (self.worked - ahead - item.entered)
        exit_.at_work = True
        if item.outcome == trace.GOOD and now - item.got > self.flow.max_residence:
            return LOST
        return item.outcome

    def jam(self) -> None:
        """The part at the exit has no place to go."""
        limit = self.flow.max_residence
        self.exit.wait(self.exit.got + limit if limit < NEVER else NEVER)
        if not self.flow.accumulating:
            self.jammed = True
            self.stopped += 1

    def departs(self) -> None:
        """The part at the exit has left."""
        if self.jammed:
            self.jammed = False
            self.stopped -= 1
            if not self.stopped and self.waits_at is not None:
                self.engine.examine(self.waits_at)
        self.pause()
        self.items.pop(0)
        self.departed, self.exit.busy = self.worked, False
        if self.waits_at is not None and self.opens > self.worked:  # parts close up, and it takes none meanwhile
            self.waits_at.getters.remove(self)
            self.waits_at = None
        if not self.items and self.when_idle:
            self.engine.idle.append(self)
        self.go()

    # -- the end -------------------------------------------------------------------------------------------------

    def inside(self) -> list[Part]:
        """Return the parts inside."""
        return [item.part for item in self.items]

    def close_books(self) -> None:
        """Write the rows of the parts inside, of the entrance, and of the stops under way."""
        recorder = self.engine.recorder
        for place, item in enumerate(self.items):
            ended = self.exit.ended if place == 0 and self.exit.busy else NEVER
            row = item.part.number, item.asked, item.got, item.got, ended, NEVER, NEVER, trace.UNFINISHED
            self.write(VISIT(self.index, *row, item.part.product, item.part.step))
        self._write_phase()
        if self.off_shift:
            stop = self.index, trace.OFF_SHIFT, -1, self.closed_since, self.engine._now
            recorder.stops.extend(trace.STOP(*stop))
        for each in self.stops:
            each.close_books()


def start(engine: Engine, cell: FlowMachine) -> None:
    """Start the two processes of a flow cell."""
    Cell(engine, cell, run_entrance(cell))
    Cell(engine, cell.exit, run_exit(cell))


def run_entrance(cell: FlowMachine) -> Generator[Event, Any, None]:
    """Entrance and belt for ever."""
    while True:
        cell.go()
        yield cell.alarm


def run_exit(cell: FlowMachine) -> Generator[Event, Any, None]:
    """The exit for ever: judge each part as the program says, and let it go."""
    engine, exit_ = cell.engine, cell.exit
    codes = cell.program[cell.program.index(WORK) + 1 :]
    verbs = [PERFORM[code] for code in codes]
    yield exit_.alarm
    while True:
        outcome = cell.present()
        if outcome:
            if INSPECT in codes:
                exit_.quality()  # drawn whatever becomes of the part, so that two runs stay in step
            part, exit_.at_work = exit_.part, False
            exit_.write_visit(outcome)
            engine.end_part(part, trace.REJECTED, cell.row.station)
        else:
            for verb in verbs:
                event = verb(engine, exit_)
                if event is not None:
                    cell.jam()
                    yield event
        cell.departs()
        yield exit_.alarm
