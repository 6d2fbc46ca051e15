"""Machines of a line with movers: the spots where one carrier stands, and the robots and hoists themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from factory_sim.simulation import dynamics, trace
from factory_sim.simulation.line_plan import TIMED, MoverRow, SpotRow
from factory_sim.simulation.machine import Machine
from factory_sim.simulation.places import NOTHING, Part
from factory_sim.simulation.plan import NEVER
from factory_sim.simulation.trace import VISIT

if TYPE_CHECKING:
    from factory_sim.simulation.engine import Engine
    from factory_sim.simulation.lines import Line
    from factory_sim.simulation.stops import Stop


Job = tuple["Spot | None", "Spot | None"]
"""Where a carrier is taken and where it goes; a visit with two grippers has one of them, or the same spot twice."""


class Carrier:
    """What a mover carries: the parts of one rack, or one part."""

    __slots__ = ("bad", "parts", "scrap", "spoilt", "taken", "through")

    def __init__(self, parts: list[Part], taken: int) -> None:
        self.parts = parts
        self.taken = taken  # by the load station [ticks]
        self.bad = False  # a machine of a cell has scrapped its part
        self.through = False  # it has come to the unload
        self.spoilt = False  # it was in a tank too long, where that is scrap
        self.scrap: tuple[int, ...] = ()  # numbers of parts that the physical state of a tank has spoilt


class Unit(Machine):
    """A machine of a line. Its stops hold it as any other; what it does next the line decides."""

    __slots__ = ("line",)

    def __init__(self, engine: Engine, index: int) -> None:
        super().__init__(engine, index)
        self.line: Line
        self.write = engine.recorder.passages.extend
        self.forget()

    def new_stop(self, index: int) -> Stop:
        """Return a stop of the kind that its engine has."""
        return self.engine.new_stop_of_unit(self, index)

    def forget(self) -> None:
        """Begin a new row of visits."""
        self.asked = self.engine._now
        self.got = self.began = self.ended = NEVER
        self.lost = 0

    def progress(self) -> tuple[int, int, int]:
        """Return got, began and ended of the visit under way, NEVER for what has not happened. [ticks]"""
        return self.got, self.began, self.ended

    def hold_parts(self, carriers: list[Carrier]) -> None:
        """Say which parts are here."""
        self.part, *self.rest = [part for carrier in carriers for part in carrier.parts] or [NOTHING]

    def write_row(self, part: Part) -> None:
        """Write the visit that ends now, of a carrier that goes on inside the line, and begin the next one."""
        now = self.engine._now
        net = self.ended - self.began - self.lost
        row = self.index, part.number, self.asked, self.got, self.began, self.ended, now, net, trace.PASSED
        self.write(VISIT(*row, part.product, part.step))
        self.forget()

    def write_open_visits(self, parts: list[Part], taken: int) -> None:
        """Write the visits to the line of parts that are inside at the end."""
        for part in parts:
            row = self.index, part.number, taken, taken, taken, NEVER, NEVER, NEVER, trace.UNFINISHED
            self.engine.recorder.visits.extend(VISIT(*row, part.product, part.step))

    def let_go(self) -> None:
        """Undo one `hold`; the line may have waited for it."""
        super().let_go()
        if not self.stopped:
            self.line.touch()

    def close(self) -> None:
        """The shift ends: now, or with policy `finish` when the line has brought its carriers out."""
        if self.row.finish and self.line.busy:
            self.line.closing = True
            self.line.touch()
        else:
            self.go_off_shift()

    def open(self) -> None:
        """The shift begins."""
        self.line.closing = False
        if self.off_shift and self is self.line.loader:
            self.line.reopen()
        super().open()
        self.line.touch()

    def begin_due_stops(self) -> None:
        """No work is under way: begin the stops that waited for this."""
        if self.pending:
            self.begin_pending()
        if self.when_idle:
            self.engine.idle.append(self)


class Spot(Unit):
    """Where one carrier stands: a load or unload station, a tank, a machine of a cell."""

    __slots__ = ("asleep", "carrier", "coming", "longer", "spot")

    def __init__(self, engine: Engine, index: int) -> None:
        super().__init__(engine, index)
        self.spot: SpotRow
        self.carrier: Carrier | None = None
        self.coming = False  # a mover brings one
        self.asleep = False  # a load station that waits for a rack
        self.longer = 0  # that its physical state let the last carrier soak [ticks]

    @property
    def idle(self) -> bool:
        """Whether it is empty and could take a carrier."""
        return self.carrier is None and self.part is NOTHING and not self.coming and not self.stopped

    @property
    def stays(self) -> bool:
        """Whether it has a carrier that goes on inside the line."""
        return self.carrier is not None and not self.carrier.through

    @property
    def done(self) -> bool:
        """Whether its carrier may be taken."""
        return self.stays and self.ended < NEVER and not self.stopped

    def write_visit(self, outcome: int) -> None:
        """Write the visit to the line of a part that leaves it, beside the row of the unload station."""
        part, ended, taken = self.part, self.ended, self.carrier.taken if self.carrier is not None else self.got
        row = self.index, part.number, taken, taken, taken, ended, self.engine._now, ended - taken, outcome
        self.engine.recorder.visits.extend(VISIT(*row, part.product, part.step))
        super().write_visit(outcome)

    def close_books(self) -> None:
        """Write what is under way at the end."""
        super().close_books()
        if self.part is not NOTHING:
            taken = self.got if self.carrier is None else self.carrier.taken
            self.write_open_visits([self.part, *self.rest], taken)

    def put_in(self, carrier: Carrier) -> None:
        """A carrier comes; the work on it begins."""
        now = self.engine._now
        self.carrier, self.coming = carrier, False
        self.hold_parts([carrier])
        self.got = self.began = now
        soak = self.work()
        if self.owners:
            soak += self._begin_law(soak)
        self.run(soak)

    def _begin_law(self, soak: int) -> int:
        """Tell the physical state of the load; return by how much it soaks longer, no longer than its window. [ticks]

        In a timetable it is taken at its time, whatever the state wants.
        """
        dynamics.begin(self, self.engine._now)
        if self.line.row.order == TIMED:
            return 0
        window = self.spot.longest - self.line.ways[self.spot.place] - soak
        self.longer = max(0, min(self.total, window))
        return self.longer

    def finish(self, _: object = None) -> None:
        """The work is over, or the shortest soak: the carrier may be taken."""
        assert self.carrier is not None
        self.ended, self.at_work = self.engine._now, False
        if self.row.yield_ < 1.0 and self.quality() >= self.row.yield_:
            self.carrier.bad = True
        self.line.touch()

    def take_out(self) -> Carrier:
        """Give the carrier away; a soak beyond the window is marked, and what a physical state has spoilt."""
        carrier = self.carrier
        assert carrier is not None
        late = self.engine._now - self.got > self.spot.longest
        carrier.spoilt = carrier.spoilt or (late and self.line.row.scraps)
        if self.owners:
            dynamics.settle(self, self.engine._now)
            carrier.scrap += tuple(dynamics.judge_load(self))
        self.write_row(carrier.parts[0])
        self.carrier = None
        self.hold_parts([])
        return carrier


class Mover(Unit):
    """A robot or a hoist."""

    __slots__ = ("busy", "claim", "held", "job", "mover", "next", "place", "round", "wants")

    def __init__(self, engine: Engine, index: int) -> None:
        super().__init__(engine, index)
        self.mover: MoverRow
        self.place = 0  # where it is; while it travels, where it goes
        self.held: list[tuple[Carrier, int]] = []  # with the step to which each goes
        self.busy = False  # it has something to do ...
        self.job: Job = (None, None)  # ... and this
        self.claim = (0, 0)  # stretch of the track that it may sweep now [um]
        self.wants: tuple[bool, Spot] | None = None  # it waits there to take a carrier (True) or to put one in
        self.next = self.round = 0  # of the moves of its fixed cycle, and how often it has made all

    @property
    def idle(self) -> bool:
        """Whether it has nothing to do."""
        return not self.busy and not self.stopped

    def close_books(self) -> None:
        """Write what is under way at the end."""
        super().close_books()
        for carrier, _ in self.held:
            self.write_open_visits(carrier.parts, carrier.taken)

    def write_way(self) -> None:
        """Write the row of an empty way that ends now."""
        self.ended = self.engine._now
        self.write_row(NOTHING)
