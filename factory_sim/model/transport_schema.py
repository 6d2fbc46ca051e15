"""Schema of vehicles, carts and cranes: which moves they make, how long these take, charging, failures."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import Field, model_validator

from factory_sim.model.distribution import Distribution
from factory_sim.model.kinds import Flag, ListOf, Name, Number, OneOf, Quantity, Text, Whole, carrier
from factory_sim.model.problems import Path, refuse, shown
from factory_sim.model.shapes import Dist
from factory_sim.model.station_schema import Failure
from factory_sim.model.tables import Id, Labelled, Table

DISPATCHING = ("oldest", "nearest", "priority")
PARKING = ("stay", "home", "back")
_MOVE = re.compile(r"\s*([a-z][a-z0-9_]*)\s*->\s*([a-z][a-z0-9_]*)\s*")
NOTHING = Distribution("constant", (0.0,))


@dataclass(frozen=True)
class Move(Text):
    """A move from station to station, "a -> b"."""

    range: str = '"<station> -> <station>"'
    form: str = 'two stations with an arrow, such as "press -> oven"'

    def parse(self, value: Any) -> str:
        match = _MOVE.fullmatch(super().parse(value))
        if match is None:
            raise refuse(f"{shown(value)} is no move; write {self.form}")
        return f"{match[1]} -> {match[2]}"


class Way(Table):
    """[[vehicle.<name>.way]]: a way between two points; drives go over as many ways as they need, the shortest way."""

    from_: Annotated[str, Text()] = Field(alias="from", description="Station, or a name of one's own for another point")
    to: Annotated[str, Text()] = Field(description="Station or other point")
    distance: Annotated[float | None, Quantity("m", "(0, inf)")] = Field(
        default=None, description="Length of the way; takes distance/speed"
    )
    time: Annotated[float | None, Quantity("s")] = Field(default=None, description="Time of the drive, instead")
    one_way: Annotated[bool, Flag()] = Field(default=False, description="Whether it leads only from `from` to `to`")

    @model_validator(mode="after")
    def _check(self) -> Way:
        if (self.distance is None) == (self.time is None):
            raise carrier((("distance",), "write either distance or time of the way"))
        if self.from_ == self.to:
            raise carrier((("to",), f"the way leads from '{self.to}' to itself; name another point"))
        return self


class Battery(Table):
    """[vehicle.<name>.battery]: a battery that is charged, or swapped, when a trip has left it low."""

    capacity: Annotated[float, Quantity("J", "(0, inf)")] = Field(description="Energy of a full battery")
    charge_below: Annotated[float, Number("(0, 1)", "0.3")] = Field(
        description="Share of the capacity below which an empty vehicle goes to the charger"
    )
    duration: Annotated[Distribution, Dist("s")] = Field(description="Time until it is full, or has been swapped")
    at: Annotated[str | None, Text()] = Field(default=None, description="Point of the charger; default: home")
    needs: Annotated[str | None, Name("resource")] = Field(
        default=None, description="Resource of which one unit is held meanwhile (a charger, a person); default: none"
    )
    efficiency: Annotated[float, Number("(0, 1]", "0.85")] = Field(
        default=1.0, description="Energy driven per energy taken from the grid"
    )


class Vehicle(Labelled):
    """[vehicle.<name>]: vehicles that carry parts between stations: fork-lifts, carts, AGVs, cranes."""

    units: Annotated[int, Whole("[1, 1000]", "2")] = Field(default=1, description="How many there are, all alike")
    capacity: Annotated[int, Whole("[1, 10000]", "4")] = Field(
        default=1,
        description="Parts per trip; it takes those that are ready for the same move and does not wait for more",
    )
    moves: Annotated[tuple[str, ...], ListOf(Move(), 1, '["press -> oven"]')] = Field(
        description="Moves that they make; parts of these go no other way"
    )
    way: tuple[Way, ...] = Field(default=(), description="Ways between stations and other points")
    speed: Annotated[float | None, Quantity("m/s", "(0, inf)")] = Field(
        default=None, description="Speed on ways with a distance"
    )
    pick: Annotated[Distribution, Dist("s", positive=False)] = Field(
        default=NOTHING, description="Time to pick up one part, during which it occupies its machine"
    )
    drop: Annotated[Distribution, Dist("s", positive=False)] = Field(
        default=NOTHING, description="Time to put down one part"
    )
    dispatch: Annotated[str, OneOf(DISPATCHING, "rule")] = Field(
        default="oldest",
        description="Which part comes first: the one that has asked longest, the nearest one, or by priority of its "
        "product; the nearest free vehicle takes it",
    )
    parking: Annotated[str, OneOf(PARKING, "rule")] = Field(
        default="stay", description="With nothing to do it waits where it ended, goes home, or back to where it picked"
    )
    home: Annotated[str | None, Text()] = Field(
        default=None, description="Point where they begin; default: where the first move begins"
    )
    calendar: Annotated[str | None, Name("calendar")] = Field(
        default=None, description="Their calendar; default: the plant's"
    )
    energy: Annotated[float, Quantity("J/m")] = Field(default=0.0, description="Electricity per distance")
    battery: Battery | None = Field(default=None, description="Battery; default: never charged in operation")
    failure: dict[Id, Failure] = Field(
        default_factory=dict, description="Failure modes; the working clock runs while they drive, pick and drop"
    )

    @model_validator(mode="after")
    def _check(self) -> Vehicle:
        found: list[tuple[Path, str]] = []
        if not self.way:
            found.append((("way",), f"the distance of '{self.moves[0]}' is missing; write [[vehicle.<name>.way]]"))
        if self.speed is None and any(way.distance is not None for way in self.way):
            found.append((("speed",), 'ways with a distance need the speed; write for example speed = "1.2 m/s"'))
        by_time = next((index for index, way in enumerate(self.way) if way.distance is None), None)
        if self.energy and by_time is not None:
            found.append((("way", by_time, "time"), "energy per distance needs the distance of each way; write it"))
        if self.battery is not None and not self.energy:
            found.append((("battery",), "a battery without energy never empties; write energy or remove battery"))
        if found:
            raise carrier(*found)
        return self

    @property
    def legs(self) -> tuple[tuple[str, str], ...]:
        """Its moves as (from, to)."""
        return tuple((move.partition(" -> ")[0], move.partition(" -> ")[2]) for move in self.moves)

    @property
    def start(self) -> str:
        """Point where they begin."""
        return self.home or self.legs[0][0]

    @property
    def charger(self) -> str | None:
        """Point of the charger, None if they have no battery."""
        return None if self.battery is None else self.battery.at or self.start
