"""Schema of the dryer before an injection machine; see `physics_schema`."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, model_validator

from factory_sim.model.kinds import Flag, Number, Quantity, carrier
from factory_sim.model.physics_schema import Law
from factory_sim.model.problems import Path
from factory_sim.model.units import HOUR


class Dryer(Law):
    """[station.<name>.dryer]: the hopper of an injection machine, in which its resin dries; it runs day and night."""

    full: Annotated[float, Quantity("kg", "(0, inf)")] = Field(
        description="Resin in the full hopper, one for each machine; it is filled up behind what is taken"
    )
    mass: Annotated[float, Quantity("kg", "(0, inf)")] = Field(
        description="Resin that one cycle takes, runners included; of a tray, all its shots"
    )
    drying_time: Annotated[float, Quantity("s", "(0, inf)")] = Field(
        description="In hot air, until the resin is dry; by its data sheet, usually 2 to 6 h"
    )
    wet_scrap: Annotated[float, Number("[0, 1]", "0.5")] = Field(
        default=1.0,
        description="Scrap probability of a part of resin that has not dried at all; it falls linearly to 0 at "
        "drying_time, typical",
    )
    dried_ahead: Annotated[float | None, Quantity("s")] = Field(
        default=None,
        description="Drying that a fresh filling (at the beginning, or a new resin) has behind it, if it was started "
        "ahead; 0: it comes from the bag. Default: drying_time",
    )
    wait_below: Annotated[float | None, Quantity("s")] = Field(
        default=None,
        description="With resin that has dried for less the machine waits (stop resin); default: nobody looks",
    )
    new_resin: Annotated[bool, Flag()] = Field(
        default=False, description="Whether another mould (a stop with new_die) brings another resin into the hopper"
    )
    fails_every: Annotated[float | None, Quantity("s", "(0, inf)")] = Field(
        default=None,
        description="Mean time until the dryer fails, exponential; the machine goes on. Default: it never fails",
    )
    repair: Annotated[float, Quantity("s", "(0, inf)")] = Field(
        default=2 * HOUR, description="Time until a failed dryer is on again, nobody needed"
    )
    power: Annotated[float, Quantity("W")] = Field(
        default=0.0, description="Taken while it is on: heater, blower, regeneration; 5 to 20 kW"
    )

    @model_validator(mode="after")
    def _check(self) -> Dryer:
        found: list[tuple[Path, str]] = []
        if self.mass > self.full:
            found.append((("mass",), f"must not be more than the full hopper holds, {self.full:g} kg"))
        if self.wait_below is not None and self.wait_below > self.drying_time:
            message = f"must not be above drying_time, {self.drying_time / HOUR:g} h: longer than dry is not needed"
            found.append((("wait_below",), message))
        if self.power > 0.0 and self.carrier == "none":
            message = 'has no effect while carrier is none; write carrier = "electricity" or remove it'
            found.append((("power",), message))
        if found:
            raise carrier(*found)
        return self
