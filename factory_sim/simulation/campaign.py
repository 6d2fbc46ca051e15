"""Campaigns: a machine makes one product after another in a fixed order, with a changeover between them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from factory_sim.simulation.places import Part
from factory_sim.simulation.plan import GATED, LOTS, CampaignRow

if TYPE_CHECKING:
    from factory_sim.simulation.engine import Engine

OPEN = -1  # parts left to make: as long as there are any


class Campaign:
    """What a machine makes now, and when it changes over; it stands among the stops that wait for an idle machine."""

    def __init__(self, engine: Engine, row: CampaignRow) -> None:
        self.engine, self.row, self.machine = engine, row, engine.machines[row.machine]
        self.position = 0
        self.gate_open = row.rule == GATED
        self.left = row.lots[0] if row.rule == LOTS else OPEN
        if row.rule != LOTS:
            self.machine.when_idle.append(self)

    @property
    def product(self) -> int:
        """The product of now."""
        return self.row.products[self.position]

    def wants(self, product: int) -> bool:
        """Tell whether the machine may take a part of a product."""
        if product != self.product:
            return False
        if self.gate_open:  # those that wait when the machine is ready for them pass
            self.gate_open, self.left = False, self._waiting(product)
        return self.left != 0

    def _waiting(self, product: int) -> int:
        return sum(part.product == product for part in self.machine.inbox.items)

    def took(self) -> None:
        """The machine has taken a part."""
        if self.left > 0:
            self.left -= 1
            if self.left == 0 and self.row.rule == LOTS:
                self.machine.when_idle.append(self)

    def came(self, _: Part | None) -> None:
        """A part has come: a machine that stays with its product while nothing waits looks again."""
        if self.machine.idle:
            self.engine.idle.append(self.machine)

    def ready(self) -> bool:
        """Tell whether an idle machine changes over now."""
        return not self.row.stays or any(self._waiting(product) for product in self.row.products)

    def strike(self) -> None:
        """Change over to the next product; one that stays without parts goes to the next one that has some."""
        row, last = self.row, self.product
        steps = range(1, len(row.products) + 1)
        ahead = [(self.position + step) % len(row.products) for step in steps]
        if row.stays:
            ahead = [position for position in ahead if self._waiting(row.products[position])]
        self.position = ahead[0]
        self.left = row.lots[self.position] if row.rule == LOTS else OPEN
        self.gate_open = row.rule == GATED
        machine = self.machine
        if row.rule != LOTS:
            machine.when_idle.append(self)
        duration = machine.changes[last][self.product]
        if duration is not None and machine.setup is not None:
            machine.setup.hold_for(duration())
        else:
            self.engine.examine(machine.inbox)
