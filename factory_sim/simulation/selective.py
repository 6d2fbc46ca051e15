"""Places at which a machine may not take just any part, or not yet: campaigns, room ahead, sub-lots, preemption."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING

from simpy import Event

from factory_sim.simulation import trace
from factory_sim.simulation.places import Notice, Part, Place, Rank, Source, asked_order
from factory_sim.simulation.plan import CHOOSE, PlaceRow, SublotRow
from factory_sim.simulation.rules import LEVEL_REACHED, event_priority

if TYPE_CHECKING:
    from factory_sim.simulation.engine import Engine
    from factory_sim.simulation.machine import Machine

Rule = Callable[["Machine", int, "Place | None"], bool]
"""Whether a machine may take a part of a product that goes on to a place (None: it leaves the plant)."""


class SelectivePlace(Place):
    """A place whose machines choose; every get is a grant."""

    __slots__ = ("engine", "kinds", "rules", "users", "watchers")

    def __init__(self, engine: Engine, index: int, row: PlaceRow, rank: Rank | None, preempts: bool) -> None:
        super().__init__(index, row, rank)
        self.engine, self.preempts = engine, preempts
        self.rules: list[Rule] = []
        self.users: list[Machine] = []
        self.kinds = 0  # pairs of a product and its step here
        self.watchers: list[Place] = []  # before machines that begin only when there is room here

    def has_part(self, now: int) -> bool:
        """Tell whether a machine that waits, or one that gives way, can take a part."""
        return super().has_part(now) if self.row.most > 1 else self.ready_getter() is not None

    def ready_getter(self) -> Machine | None:
        """Return the eligible getter that asked first; without one, the machine whose part gives way."""
        if self.row.most > 1:
            return super().ready_getter()
        ready = [machine for machine in self.getters if not machine.stopped and self._offers(machine)]
        if ready:
            return min(ready, key=asked_order)
        return self._giving_way() if self.preempts else None

    def take(self, machine: Machine) -> Part:
        """Return the part that comes first among those that the machine may take."""
        part = self._choose(machine)
        if part is None:
            source = self._supply(machine)
            assert source is not None, "a get is granted only if there is a part"
            part = source.release()
        else:
            self.items.remove(part)
        self.engine.changed.update(self.watchers)
        return part

    def take_load(self, now: int, machine: Machine) -> list[Part]:
        """Return the next load."""
        self.engine.changed.update(self.watchers)
        return super().take_load(now, machine)

    def _offers(self, machine: Machine) -> bool:
        return self._choose(machine) is not None or self._supply(machine) is not None

    def _choose(self, machine: Machine) -> Part | None:
        rank = self.rank
        fits = self._allowed(machine)
        return next(fits, None) if rank is None else min(fits, key=lambda part: rank(part, machine), default=None)

    def _allowed(self, machine: Machine) -> Iterator[Part]:
        """Yield the parts that a machine may take; parts of one product at one step are alike to the rules."""
        allowed: dict[tuple[int, int], bool] = {}
        for part in self.items:
            kind = part.product, part.step
            if kind not in allowed:
                allowed[kind] = self._allows(machine, part.product, part.places[part.step + 1])
                if len(allowed) == self.kinds and not any(allowed.values()):
                    return  # so that a long queue before a machine that may take nothing is not looked through
            if allowed[kind]:
                yield part

    def _supply(self, machine: Machine) -> Source | None:
        """Return the source whose part comes next, among those of which the machine may take one."""
        ways = self.engine.ways
        fits = [s for s in self.supplies if s.may_release() and self._allows(machine, s.first, ways[s.first][1])]
        return min(fits, key=Source.next_number, default=None)

    def _allows(self, machine: Machine, product: int, ahead: Place | None) -> bool:
        return all(rule(machine, product, ahead) for rule in self.rules)

    # -- preemption ----------------------------------------------------------------------------------------------

    def _giving_way(self) -> Machine | None:
        """Return the machine with the part of the lowest priority, the latest begun, if one of a higher one waits."""
        if not self.items:
            return None
        products = self.engine.plan.products
        highest = min(products[part.product].priority for part in self.items)

        def order(machine: Machine) -> tuple[int, int, int]:
            return products[machine.part.product].priority, machine.began, machine.index

        running = [machine for machine in self.users if machine.at_work and not machine.stopped]
        lowest = max(running, key=order, default=None)
        return lowest if lowest is not None and order(lowest)[0] > highest else None

    def preempt(self, machine: Machine) -> None:
        """Put the part at work back, first in its place, and let the machine work on the best one instead."""
        engine, part, now = self.engine, machine.part, self.engine._now
        machine.hold()
        machine.stopped -= 1
        machine.at_work = False
        engine.left_over[part.number] = machine.remaining
        machine.ended = now
        machine.write_visit(trace.INTERRUPTED)
        self.items.appendleft(part)
        machine.asked = machine.got = now
        machine.part = self.take(machine)
        if CHOOSE in machine.program:
            machine.work = machine.cycles[machine.part.product, machine.part.step]
        begin_or_resume(engine, machine)


def begin_or_resume(engine: Engine, machine: Machine) -> None:
    """Start the stopwatch for a new part, or for what an interrupted one has left."""
    machine.began, machine.lost = engine._now, 0
    left = engine.left_over.pop(machine.part.number, None)
    machine.run(machine.work() if left is None else left)


class Sublots:
    """Keeps parts aside at a place until a sub-lot of them has come; then they are there together."""

    def __init__(self, engine: Engine, row: SublotRow) -> None:
        self.engine, self.row, self.place = engine, row, engine.places[row.place]
        self.aside: dict[int, list[Part]] = {}  # by product
        self.limits: list[Notice] = []  # to the wait of parts that have come together

    def came(self, part: Part | None) -> None:
        """Keep the part aside, or let its sub-lot go on."""
        if part is None:
            return
        engine, place = self.engine, self.place
        place.items.remove(part)
        place.capacity -= 1  # it takes a place all the same
        aside = self.aside.setdefault(part.product, [])
        aside.append(part)
        if len(aside) >= self.row.size:
            self._release(part.product)
        elif self.row.wait >= 0 and len(aside) == 1:
            due = engine._now + self.row.wait
            priority = event_priority(LEVEL_REACHED, self.row.place)
            engine.at(due, priority, partial(self._late, part))

    def _late(self, first: Part, _: Event) -> None:
        """Let the parts go on that wait with `first`, if that one still does."""
        if self.aside[first.product][:1] == [first]:
            self._release(first.product)

    def _release(self, product: int) -> None:
        """Let the parts of a product go on."""
        aside, self.aside[product] = self.aside[product], []
        self.place.capacity += len(aside)
        for part in aside:
            part.came = self.engine._now
        self.place.items.extend(aside)
        for limit in self.limits:
            for part in aside:
                limit(part)
        self.engine.examine(self.place)
