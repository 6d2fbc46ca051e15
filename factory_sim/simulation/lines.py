"""A line with movers: which move comes next. What the moves are is in `movers`.

The line is looked at when something in it has changed, after all puts and gets of the instant and before resources are
seized (`rules`). It begins one thing at a time: the first mover, by index, that can go on or has something to do.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from factory_sim.simulation import dynamics
from factory_sim.simulation import line_plan as lp
from factory_sim.simulation.line_plan import LineRow, MoveRow
from factory_sim.simulation.line_units import Job, Mover, Spot
from factory_sim.simulation.lookahead import Expected, keeps_windows
from factory_sim.simulation.places import NOTHING
from factory_sim.simulation.plan import NEVER
from factory_sim.simulation.rules import LEVEL_REACHED, event_priority

if TYPE_CHECKING:
    from factory_sim.simulation.engine import Engine


class Line:
    """One station with movers."""

    def __init__(self, engine: Engine, index: int, row: LineRow) -> None:
        self.engine, self.index, self.row = engine, index, row
        self.spots: list[Spot] = []
        for spot in row.spots:
            unit = engine.machines[spot.machine]
            assert isinstance(unit, Spot)
            unit.line, unit.spot = self, spot
            self.spots.append(unit)
        self.movers: list[Mover] = []
        for mover in row.movers:
            unit = engine.machines[mover.machine]
            assert isinstance(unit, Mover)
            unit.line, unit.mover, unit.place = self, mover, mover.place
            unit.claim = (row.spots[mover.place].at,) * 2
            self.movers.append(unit)
        self.by_step = [[unit for unit in self.spots if unit.spot.step == step] for step in range(row.last + 1)]
        if row.common:
            self.by_step[row.last] = self.by_step[0]
        self.moves = [[move for move in row.moves if move.mover == k] for k in range(len(self.movers))]
        self.racks = row.carriers
        self.cleared = True  # of a common load and unload station: no carrier comes back before a new one is loaded
        self.closing = False  # the shift is over, and carriers are still brought out
        self.delay = 0  # of the timetable [ticks]
        self.left_out = False  # a move of the timetable was left out, which may let another mover go on
        self.together = row.order == lp.TIMED and len(row.movers) > 1  # they keep one timetable
        self.ways = [
            max(mover.empty[at][place] for mover in row.movers for at in range(len(row.spots)))
            for place in range(len(row.spots))
        ]  # longest empty one to each place [ticks]
        self.reminded = NEVER  # when the line is looked at again in any case [ticks]

    # -- what the units ask ------------------------------------------------------------------------------------------

    @property
    def loader(self) -> Spot:
        """The load station, or the input."""
        return self.by_step[0][0]

    @property
    def busy(self) -> bool:
        """Whether a carrier stands in a tank or machine, or is moved."""
        inside = any(
            unit.carrier is not None or unit.coming for unit in self.spots if 0 < unit.spot.step < self.row.last
        )
        return inside or any(mover.busy for mover in self.movers)

    def touch(self, _: object = None) -> None:
        """Something has changed: look at the line when all else of this instant is over."""
        self.engine.touched.add(self)
        self.engine.seizes_changed = True

    def remind(self, time: int) -> None:
        """Look at the line at a time, if nothing changes before."""
        if not self.engine._now < self.reminded <= time:
            self.reminded = time
            index = len(self.engine.places) + self.index
            self.engine.at(time, event_priority(LEVEL_REACHED, index), self.touch)

    def reopen(self) -> None:
        """The calendar opens: tanks, which follow none, are told for how long the line was closed."""
        for unit in self.spots:
            if unit.owners and unit.carrier is None:
                unit.closed_since = self.loader.closed_since
                dynamics.opened(unit, self.engine._now)

    def may_load(self) -> bool:
        """Tell whether the load station may take parts for a new carrier; a common one does not wait for them."""
        may = self.racks > 0 and self.cleared and not self.closing
        return may and (not self.row.common or self.loader.inbox.has_part(self.engine._now))

    def wake_loader(self) -> None:
        """Let the load station look again whether it may load."""
        unit = self.loader
        if unit.asleep and self.may_load():
            unit.asleep = False
            self.engine.ready.append(unit)

    # -- one thing at a time -----------------------------------------------------------------------------------------

    def act(self) -> bool:
        """Let the first mover that can go on do so; False if none can."""
        ready = self.engine.ready  # empty when the line is looked at
        while not self._let_one_go():
            if not self.left_out:
                break
        else:
            return True
        if self.closing and not self.busy:
            self._go_home()
            return True
        self.wake_loader()
        return bool(ready)

    def _let_one_go(self) -> bool:
        """Look at one mover after another until one can go on; False if none can."""
        ready = self.engine.ready
        self.left_out = False
        for mover in sorted(self.movers, key=self._next_start) if self.together else self.movers:
            if mover.stopped:
                continue
            if mover.wants is not None:
                if self.permits(mover, *mover.wants):
                    mover.wants = None
                    ready.append(mover)
            elif not mover.busy and (job := self._next_job(mover)) is not None and self._track_free(mover, job):
                self._send(mover, job)
            if ready:
                return True
        return False

    def _send(self, mover: Mover, job: Job) -> None:
        """Give a mover something to do."""
        mover.busy, mover.job = True, job
        source, target = job
        if source is not None and target is not None:
            target.coming = True
        self.engine.ready.append(mover)

    def _go_home(self) -> None:
        """The last carrier is out after the end of the shift: all stop."""
        self.closing = False
        for unit in (*self.spots, *self.movers):
            if unit.row.calendar >= 0 and not unit.off_shift:
                unit.go_off_shift()

    def permits(self, mover: Mover, takes: bool, unit: Spot) -> bool:
        """Tell whether a mover that stands at a spot may take the carrier, or put its own in."""
        if takes:
            return unit.done and self._due(mover) <= self.engine._now
        return unit.carrier is None and not unit.stopped

    def _due(self, mover: Mover) -> int:
        """Return when the timetable lets the next move of a mover start, 0 without one. [ticks]"""
        if self.row.order != lp.TIMED:
            return 0
        due = self._next_start(mover)
        if due > self.engine._now:
            self.remind(due)
        return due

    def _next_start(self, mover: Mover) -> int:
        """Return when the timetable has the next move of a mover start, NEVER if it has none. [ticks]"""
        moves = self.moves[self.movers.index(mover)]
        return self._start(mover, moves[mover.next]) if moves else NEVER

    def _would_overtake(self, mover: Mover, due: int) -> bool:
        """Tell whether a move of another mover that comes before one that is due is late and has not started.

        All movers keep one timetable: whoever went on would be ahead of it by as much as the other one delays it.
        """
        first = min(due, self.engine._now)
        return self.together and any(other is not mover and self._next_start(other) < first for other in self.movers)

    def _start(self, mover: Mover, move: MoveRow) -> int:
        return mover.round * self.row.period + move.start + self.delay

    def started(self, mover: Mover) -> None:
        """A mover begins a move of the fixed cycle: what is late delays the rest of the timetable by as much."""
        if self.row.order == lp.TIMED:
            self.delay += max(0, self.engine._now - self._due(mover))
        if self.row.moves:
            self._advance(mover)
        if self.together:
            self.touch()  # the others may have waited for it

    def _advance(self, mover: Mover) -> None:
        """Go on to the next move of the fixed cycle."""
        mover.next += 1
        if mover.next == len(self.moves[self.movers.index(mover)]):
            mover.next, mover.round = 0, mover.round + 1

    # -- which job ---------------------------------------------------------------------------------------------------

    def _next_job(self, mover: Mover) -> Job | None:
        """Return what a mover that has nothing to do begins now."""
        moves = self.moves[self.movers.index(mover)]
        if not self.row.moves:
            return self._on_demand(mover)
        skipped = 0
        while moves and (skipped < len(moves) or self.row.order == lp.TIMED):  # times of later cycles are later
            step = moves[mover.next].step
            if self.row.order == lp.TIMED:
                source, due = self._in_time(mover, moves[mover.next])
                way = 0 if source is None else mover.mover.empty[mover.place][source.spot.place]
                if due - way > self.engine._now:
                    self.remind(due - way)
                    return None
                if self._would_overtake(mover, due):
                    return None
            else:
                source = self._comes(step)
            if mover.mover.grippers == 2:
                if (visit := self._visit(mover, source, step)) is not None:
                    return visit
            elif source is not None:
                return self._job_of(mover, source, step)
            self._skip(mover, step)
            skipped += 1
        return None

    def _skip(self, mover: Mover, step: int) -> None:
        """There is nothing to take: go on to the next move."""
        self._advance(mover)
        self.left_out = self.together
        if self.row.common and step in (0, self.row.last - 1):
            self.cleared = step > 0
            self.wake_loader()

    def _job_of(self, mover: Mover, source: Spot, step: int) -> Job | None:
        """Return the move of a carrier one step on, None as long as it is not there or no place is free."""
        target = self._free(mover, source, step + 1)
        return None if target is None or source.coming else (source, target)

    def _oldest(self, step: int) -> Spot | None:
        """Return the spot of a step whose carrier came first, or is being racked; None if there is none."""
        if step == 0:
            return self.loader if self._loads() else None
        there = [unit for unit in self.by_step[step] if unit.stays]
        return min(there, key=lambda unit: (unit.got, unit.index), default=None)

    def _loads(self) -> bool:
        """Tell whether the load station has a new carrier, or will have one without waiting for parts."""
        unit = self.loader
        if self.closing:
            return False
        if unit.carrier is not None and unit.carrier.through:
            return self.racks >= 0 and unit.inbox.has_part(self.engine._now)
        return unit.part is not NOTHING

    def _in_time(self, mover: Mover, move: MoveRow) -> tuple[Spot | None, int]:
        """Return whose carrier the timetable means for a move, and when it should start; None to leave the move out.

        A load that is not ready in time is left out, unless its station must be free for the next carrier that comes.
        """
        source, due = self._oldest(move.step), self._start(mover, move)
        late = max(due, self.engine._now)
        if source is not None and move.step == 0 and not self.row.common:
            ready = source.done or (source.at_work and source.due <= late)
            return (source if ready else None), due
        several = len(self.by_step[move.step]) > 1
        if source is not None and several and late - source.got + self.row.period // 2 < move.soak:
            return None, due  # it is meant for a later turn
        return source, due

    def _comes(self, step: int) -> Spot | None:
        """Return the spot from which a fixed cycle takes a carrier, None if nothing is there or comes."""
        source = self._oldest(step)
        if source is not None:
            room = step > 0 and any(unit.idle for unit in self.by_step[step])
            return None if room and not source.done else source
        return next((unit for unit in self.by_step[step] if step and unit.coming), None)

    def _free(self, mover: Mover, source: Spot, step: int) -> Spot | None:
        """Return the nearest free spot of a step."""
        way = mover.mover.loaded[source.spot.place]
        free = [unit for unit in self.by_step[step] if unit.idle]
        return min(free, key=lambda unit: (way[unit.spot.place], unit.index), default=None)

    def _visit(self, mover: Mover, source: Spot | None, step: int) -> Job | None:
        """Return the visit of a robot with two grippers, None if it has nothing to do there."""
        brings = any(to == step for _, to in mover.held)
        takes = source if step < self.row.last else None
        unit = self.by_step[step][0] if brings else None
        return None if takes is None and unit is None else (takes, unit)

    def vacated(self, unit: Spot) -> None:
        """A carrier has been taken out of a spot."""
        if unit is self.loader:
            self.cleared = not self.row.common
            self.engine.ready.append(unit)
        elif not unit.coming:
            unit.begin_due_stops()
        self.touch()

    # -- on demand ---------------------------------------------------------------------------------------------------

    def _on_demand(self, mover: Mover) -> Job | None:
        """Return the job that comes first by the rule of the line."""
        index, best, best_rank = self.movers.index(mover), None, (NEVER, 0)
        for step in reversed(range(self.row.last)):
            if self.row.serves[step] != index or (step == 0 and self.closing):
                continue
            for unit in self.by_step[step]:
                target = self.ahead(mover, unit, step) if unit.done else None
                if target is None or (rank := self._rank(mover, unit, step)) >= best_rank:
                    continue
                if step == 0 and self.row.order == lp.URGENT and not self._may_enter(mover, unit, target):
                    continue
                best, best_rank = (unit, target), rank
        return best

    def ahead(self, mover: Mover, unit: Spot, step: int) -> Spot | None:
        """Return where the carrier of a spot can go: a free one, or one whose own carrier can be swapped out."""
        target = self._free(mover, unit, step + 1)
        if target is None and mover.mover.grippers == 2 and step + 1 < self.row.last:
            target = next((other for other in self.by_step[step + 1] if other.done and not other.coming), None)
            if target is not None and self.ahead(mover, target, step + 1) is None:
                target = None
        return target

    def _rank(self, mover: Mover, unit: Spot, step: int) -> tuple[int, int]:
        """Return by what the rule of the line ranks the carrier of a spot, the least first."""
        order = self.row.order
        if order == lp.NEAREST:
            return mover.mover.empty[mover.place][unit.spot.place], unit.ended
        if order == lp.DOWNSTREAM:
            return -step, unit.ended
        if order == lp.URGENT:
            return self._deadline(unit, step), -step
        return unit.ended, -step

    def _deadline(self, unit: Spot, step: int) -> int:
        """Return until when the carrier of a spot must be taken; a new one comes last. [ticks]"""
        if step == 0:
            return NEVER - 1
        return min(NEVER - 2, unit.got + unit.spot.longest)

    def _may_enter(self, mover: Mover, unit: Spot, target: Spot) -> bool:
        """Tell whether a new carrier breaks no window, of itself or of another, if all goes on as it should."""
        now = self.engine._now
        inside = [
            Expected(other.spot.place, other.spot.step, other.due if other.ended == NEVER else other.ended,
                     self._deadline(other, other.spot.step))
            for other in self.spots if other.carrier is not None and other.spot.step
        ]  # fmt: skip
        if any(other.busy or other.stopped for other in self.movers):
            return False
        places = [other.place for other in self.movers]
        entry = unit.spot.place, target.spot.place
        if keeps_windows(self._as_expected(), inside, places, now, self.movers.index(mover), entry):
            return True
        self.remind(now + max(1, mover.mover.pick + mover.mover.loaded[entry[0]][entry[1]] + mover.mover.drop))
        return False

    def _as_expected(self) -> LineRow:
        """Return the line with the soaks that physical states asked for last."""
        if not any(unit.longer for unit in self.spots):
            return self.row
        spots = (unit.spot._replace(soak=unit.spot.soak + unit.longer) for unit in self.spots)
        return self.row._replace(spots=tuple(spots))

    # -- the track ---------------------------------------------------------------------------------------------------

    def _sweep(self, mover: Mover, job: Job) -> tuple[int, int]:
        """Return the stretch of the track that a job needs. [um]"""
        places = [self.row.spots[mover.place].at, *(unit.spot.at for unit in job if unit is not None)]
        return min(places), max(places)

    def _track_free(self, mover: Mover, job: Job) -> bool:
        """Tell whether no other mover is in the way; one that stands idle there is sent away."""
        if len(self.movers) == 1:
            return True
        low, high = self._sweep(mover, job)
        me, gap = self.movers.index(mover), self.row.clearance
        free = True
        for index, other in enumerate(self.movers):
            clear = other.claim[0] >= high + gap if index > me else other.claim[1] <= low - gap
            if other is not mover and not clear:
                free = False
                if other.idle:
                    self._evade(other, low - gap if index < me else high + gap, index > me)
        if free:
            mover.claim = low, high
        return free

    def _evade(self, mover: Mover, limit: int, right: bool) -> None:
        """Send an idle mover to the nearest place beyond a limit, if nothing is in its own way."""
        at, row = self.row.spots[mover.place].at, mover.mover
        beyond = [
            unit for unit in self.spots
            if row.low <= unit.spot.at <= row.high and (unit.spot.at >= limit if right else unit.spot.at <= limit)
        ]  # fmt: skip
        if beyond:
            unit = min(beyond, key=lambda unit: (abs(unit.spot.at - at), unit.index))
            job: Job = (None, unit)
            if self._others_clear(mover, self._sweep(mover, job)):
                mover.claim = self._sweep(mover, job)
                self._send(mover, job)

    def _others_clear(self, mover: Mover, stretch: tuple[int, int]) -> bool:
        me, gap = self.movers.index(mover), self.row.clearance
        return all(
            other.claim[0] >= stretch[1] + gap if index > me else other.claim[1] <= stretch[0] - gap
            for index, other in enumerate(self.movers)
            if other is not mover
        )

    def settle(self, mover: Mover) -> None:
        """A mover has nothing more to do: it needs only the place where it stands."""
        mover.busy = False
        mover.claim = (self.row.spots[mover.place].at,) * 2
        mover.begin_due_stops()
        self.touch()
