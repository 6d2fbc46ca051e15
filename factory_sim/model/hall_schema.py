"""Schema of what pictures and balances need beside the simulation: places in the hall, masses of parts.

Nothing here changes what happens in the plant.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, model_validator

from factory_sim.model.kinds import Number, Quantity, carrier
from factory_sim.model.tables import Table

GAP = 1.0  # between machines of a station that say nothing else [m]


class Floor(Table):
    """[plant.floor]: size of the hall on the floor plan."""

    width: Annotated[float, Quantity("m", "(0, 10000]")] = Field(description="From left to right")
    depth: Annotated[float, Quantity("m", "(0, 10000]")] = Field(description="From bottom to top")
    free: Annotated[float | None, Quantity("m^2", "[0, 1e8]")] = Field(
        default=None,
        description="Floor space left for new equipment; a study leaves out what takes more; default: no limit",
    )


class Place(Table):
    """[station.<name>.at], and of buffers, sources and sinks: where it stands on the floor plan, seen from above."""

    x: Annotated[float, Quantity("m", "[0, 10000]")] = Field(description="Its left side, from the left wall")
    y: Annotated[float, Quantity("m", "[0, 10000]")] = Field(description="Its lower side, from the lower wall")
    width: Annotated[float, Quantity("m", "(0, 1000]")] = Field(default=6.0, description="From left to right")
    depth: Annotated[float, Quantity("m", "(0, 1000]")] = Field(default=5.0, description="From bottom to top")
    step_x: Annotated[float | None, Quantity("m", "(-inf, inf)")] = Field(
        default=None, description="To the right from one machine of a station to the next; default: width + 1 m"
    )
    step_y: Annotated[float, Quantity("m", "(-inf, inf)")] = Field(
        default=0.0, description="Up from one machine of a station to the next"
    )

    def machine(self, number: int) -> tuple[float, float, float, float]:
        """Return left, bottom, right and top of the machine `number`, from 0. [m]"""
        step = self.step_x if self.step_x is not None else 0.0 if self.step_y else self.width + GAP
        x, y = self.x + number * step, self.y + number * self.step_y
        return x, y, x + self.width, y + self.depth


class Mass(Table):
    """[product.<name>.mass]: material of one part, for the balance of material."""

    part: Annotated[float, Quantity("kg", "(0, 1e6]")] = Field(
        description="Of a finished part; of one built from others, what it adds"
    )
    charge: Annotated[float | None, Quantity("kg", "(0, 1e6]")] = Field(
        default=None,
        description="Of what one part takes, runners, flash and cuttings included; default: part",
    )
    melt_loss: Annotated[float, Number("[0, 1)", "0.04")] = Field(
        default=0.0, description="Lost in melting, share of charge, on top of it"
    )
    remelt: Annotated[float, Number("[0, 1]", "1.0")] = Field(
        default=0.0, description="Share of scrap and returns that is melted again here; the rest is sold"
    )

    @model_validator(mode="after")
    def _check(self) -> Mass:
        if self.charge is not None and self.charge < self.part:
            raise carrier((("charge",), f"must be at least part, {self.part:g} kg; raise charge or lower part"))
        return self
