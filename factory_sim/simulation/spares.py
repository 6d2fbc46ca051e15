"""Spares in stock: stops that need one wait for it, and each one taken is replaced."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simpy import Event

from factory_sim.simulation import trace
from factory_sim.simulation.places import Request
from factory_sim.simulation.plan import NEVER
from factory_sim.simulation.rules import ARRIVAL, event_priority

if TYPE_CHECKING:
    from factory_sim.simulation.engine import Engine
    from factory_sim.simulation.upkeep import Upkeep


class Demand:
    """One spare that a stop asked for, and the one that replaces it on the shelf."""

    __slots__ = ("arrived", "asked", "began", "got", "lead", "shelf", "stop")

    def __init__(self, shelf: Shelf, stop: Upkeep, lead: int) -> None:
        self.shelf, self.stop, self.lead, self.asked = shelf, stop, lead, shelf.engine._now
        self.got = self.began = self.arrived = NEVER

    @property
    def order(self) -> tuple[int, int, int]:
        """Who gets a spare first: (priority, asked, stop)."""
        return self.stop.row.priority, self.asked, self.stop.index

    def begin(self) -> None:
        """The replacement is on its way."""
        engine, shelf = self.shelf.engine, self.shelf
        self.began = engine._now
        priority = event_priority(ARRIVAL, len(engine.plan.sources) + shelf.index)
        engine.at(engine._now + self.lead, priority, self.arrive)

    def arrive(self, _: Event) -> None:
        """The replacement lies on the shelf."""
        engine, shelf = self.shelf.engine, self.shelf
        self.arrived = engine._now
        if shelf.row.crew:
            engine.release(shelf.row.crew, self.stop.machine.index, trace.ACTIVITY_REFURBISH, self.asked, self.began)
        shelf.open_orders.remove(self)
        self.close()
        shelf.arrived()

    def close(self) -> None:
        """Write the row when all of it is known."""
        if self.got < NEVER and self.arrived < NEVER:
            self.write()

    def write(self) -> None:
        """Write the row."""
        row = self.shelf.index, self.stop.machine.index, self.stop.index, self.asked, self.got, self.arrived
        self.shelf.engine.recorder.spares.extend(trace.SPARE(*row))


class Shelf:
    """The spares of one kind."""

    __slots__ = ("engine", "free", "index", "lead", "open_orders", "patient", "row", "waiting")

    def __init__(self, engine: Engine, index: int) -> None:
        self.engine, self.index, self.row = engine, index, engine.plan.spares[index]
        self.free = self.row.stock
        self.lead = engine.sampler(self.row.lead, self.row.stream)
        self.waiting: list[Demand] = []  # of machines that stand still
        self.patient: list[Upkeep] = []  # whose machines run on; in the order in which they fell due
        self.open_orders: list[Demand] = []

    def ask(self, stop: Upkeep) -> None:
        """A stop needs a spare: order another one, and give it one if there is one."""
        demand = Demand(self, stop, self.lead())
        self.open_orders.append(demand)
        if self.row.crew:
            engine = self.engine
            others = len(engine.machines) + len(engine.plan.stops) + engine.breakdowns + len(engine.plan.vehicles)
            order = 0, engine._now, others + self.index
            engine.request(Request(self.row.crew, order, demand.begin, lambda: True))
        else:
            demand.begin()
        if self.free:
            self._give(demand)
        else:
            self.waiting.append(demand)

    def _give(self, demand: Demand) -> None:
        self.free -= 1
        demand.got = self.engine._now
        demand.close()
        demand.stop.has_spare()

    def arrived(self) -> None:
        """One more lies there: give it to who stands still, else let those that were put off begin."""
        self.free += 1
        if self.waiting:
            demand = min(self.waiting, key=lambda demand: demand.order)
            self.waiting.remove(demand)
            self._give(demand)
            return
        for stop in self.patient[: self.free]:
            stop.withdraw()
            stop.try_to_begin()

    def close_books(self) -> None:
        """Write the rows of what is not over at the end."""
        for demand in sorted({*self.waiting, *self.open_orders}, key=lambda demand: (demand.asked, demand.stop.index)):
            demand.write()
            if self.row.crew and demand.began < NEVER and demand.arrived == NEVER:
                for resource in self.row.crew:
                    row = (
                        resource,
                        demand.stop.machine.index,
                        trace.ACTIVITY_REFURBISH,
                        demand.asked,
                        demand.began,
                        NEVER,
                    )
                    self.engine.recorder.grants.extend(trace.GRANT(*row))
