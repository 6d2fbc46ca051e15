"""Schema of the lines with movers in a plant file: robot cells and hoist lines; see `schema`.

`[robot_cell.<station>]` and `[hoist_line.<station>]` say what stands inside the station of that name. The station keeps
what it has in a route: its cycle from one carrier to the next, yield, calendar, the parts of one carrier (`batch`).
"""

from __future__ import annotations

import math
from typing import Annotated

from pydantic import Field, model_validator

from factory_sim.model import line_checks
from factory_sim.model.distribution import Distribution
from factory_sim.model.kinds import Flag, ListOf, Name, Number, OneOf, Quantity, Text, Whole, carrier
from factory_sim.model.shapes import Dist
from factory_sim.model.station_schema import Power
from factory_sim.model.tables import Id, Labelled, Table
from factory_sim.model.treatment_schema import Bath

INPUT, OUTPUT = "input", "output"
LOAD, UNLOAD = "load", "unload"
ON_DEMAND = ("fifo", "nearest", "downstream")
_TIME, _WAY = Quantity("s"), Quantity("m", "(-inf, inf)")
_TIMES = ListOf(ListOf(_TIME, 1, '["0 s", "2 s"]'), 2, '[["0 s", "2 s"], ["2 s", "0 s"]]')


class Breakdown(Labelled):
    """[...failure.<name>]: a failure mode of a mover, or of a machine of a cell."""

    clock: Annotated[str, OneOf(("working", "calendar"), "clock")] = Field(
        default="working", description="What counts towards the next failure: only working, or all calendar time"
    )
    between: Annotated[Distribution, Dist("s")] = Field(description="Time on that clock from repair to failure")
    repair: Annotated[Distribution, Dist("s")] = Field(description="Time of repair, waiting for a crew not included")
    crew: Annotated[str | None, Name("resource")] = Field(
        default=None, description="Resource that repairs; default: none"
    )
    priority: Annotated[int, Whole("[-1000, 1000]", "0")] = Field(
        default=0, description="Order in which failures get the crew, lower first"
    )


class Service(Labelled):
    """[...planned.<name>]: a planned stop of a mover, or of a machine of a cell."""

    every: Annotated[float, Quantity("s", "[1, inf)")] = Field(description="Open time of the line between two stops")
    first: Annotated[float | None, Quantity("s")] = Field(
        default=None, description="Open time before the first one; default: every"
    )
    duration: Annotated[Distribution, Dist("s")] = Field(description="Time that the stop takes")
    when: Annotated[str, OneOf(("after_cycle", "immediate", "when_idle"), "moment")] = Field(
        default="after_cycle",
        description="Once due, it begins after the move or the part, at once, or when nothing is there to do",
    )


class Mover(Labelled):
    """What every robot and hoist has."""

    power: Power = Field(default_factory=Power, description="Electric power by state, moving empty is working")
    failure: dict[Id, Breakdown] = Field(default_factory=dict, description="Failure modes, on the time that it moves")
    planned: dict[Id, Service] = Field(default_factory=dict, description="Planned stops, a cycle being one move")


class CellMachine(Labelled):
    """[robot_cell.<station>.machine.<name>]: a machine of the cell, in the order in which parts visit them."""

    process: Annotated[Distribution, Dist("s")] = Field(description="Time for one part; it begins when it is put in")
    at: Annotated[float | None, _WAY] = Field(default=None, description="Its position, if the robot has a speed")
    yield_: Annotated[float, Number("(0, 1]", "0.98")] = Field(
        default=1.0, alias="yield", description="Share of good parts; a bad one is taken out behind the cell"
    )
    power: Power = Field(default_factory=Power, description="Electric power by state")
    failure: dict[Id, Breakdown] = Field(default_factory=dict, description="Failure modes")
    planned: dict[Id, Service] = Field(default_factory=dict, description="Planned stops")


class RobotCell(Table):
    """[robot_cell.<station>]: machines in a row that one robot tends, between an input and an output."""

    machine: dict[Id, CellMachine] = Field(description="Machines")
    travel: Annotated[float | None, _TIME] = Field(
        default=None, description="Travel between two neighbours of the row input, machines, output; it adds up"
    )
    times: Annotated[tuple[tuple[float, ...], ...] | None, _TIMES] = Field(
        default=None, description="Travel from each of input, machines, output to each of them, instead of travel"
    )
    speed: Annotated[float | None, Quantity("m/s", "(0, inf)")] = Field(
        default=None, description="Speed of the robot between positions `at`, instead of travel"
    )
    input_at: Annotated[float, _WAY] = Field(default=0.0, description="Position of the input, with speed")
    output_at: Annotated[float, _WAY] = Field(default=0.0, description="Position of the output, with speed")
    pick: Annotated[float, _TIME] = Field(default=0.0, description="Time to take a part")
    drop: Annotated[float, _TIME] = Field(default=0.0, description="Time to put a part in")
    grippers: Annotated[int, Whole("[1, 2]", "2")] = Field(
        default=1, description="With two, the robot takes a finished part out and puts the next one in at one visit"
    )
    swap: Annotated[float, _TIME] = Field(default=0.0, description="Time between the two at one visit")
    order: Annotated[str, OneOf(ON_DEMAND, "order")] = Field(
        default="fifo",
        description="Which finished part is served first without a sequence: finished first, nearest to the robot, "
        "furthest down the row",
    )
    sequence: Annotated[tuple[str, ...], ListOf(Text(), 0, '["input", "mill", "lathe"]')] = Field(
        default=(),
        description="Fixed cycle: where the robot takes a part to bring it one on, over and over; with two grippers, "
        "which places it visits. It waits there until the part is finished; default: on demand",
    )
    robot: Mover = Field(default_factory=Mover, description="The robot")

    @model_validator(mode="after")
    def _check(self) -> RobotCell:
        if found := list(line_checks.cell_problems(self)):
            raise carrier(*found)
        return self

    @property
    def spots(self) -> tuple[str, ...]:
        """Input, machines and output in order."""
        return (INPUT, *self.machine, OUTPUT)

    def travel_times(self) -> tuple[tuple[float, ...], ...]:
        """Travel from each spot to each. [s]"""
        if self.times is not None:
            return self.times
        if self.speed is not None:
            places = [self.input_at, *(machine.at or 0.0 for machine in self.machine.values()), self.output_at]
            return tuple(tuple(abs(a - b) / self.speed for b in places) for a in places)
        row, step = range(len(self.spots)), self.travel or 0.0
        return tuple(tuple(step * abs(a - b) for b in row) for a in row)


class Tank(Labelled):
    """[hoist_line.<station>.tank.<name>]: a step of the process, in order: one tank, or several alike."""

    min: Annotated[float | None, _TIME] = Field(
        default=None,
        description="Shortest soak, from set-down to pick-up; default: of a plating bath the time that its fresh bath "
        "needs for the thickness",
    )
    max: Annotated[float | None, _TIME] = Field(default=None, description="Longest soak; default: no limit")
    tanks: Annotated[int, Whole("[1, 50]", "2")] = Field(
        default=1, description="Tanks of this step, where no positions are given"
    )
    at: Annotated[tuple[float, ...], ListOf(_WAY, 1, '["4.5 m"]')] = Field(
        default=(), description="Position of each tank of this step along the track"
    )
    drip: Annotated[float, _TIME] = Field(default=0.0, description="Time that a carrier hangs above it to drip off")
    power: Power = Field(default_factory=Power, description="Electric power by state: working during the shortest soak")
    bath: Bath | None = Field(
        default=None,
        description="Plating bath, each tank its own: in a timetable a poor bath plates less, otherwise the carrier "
        "soaks longer, within the window; physics_scrap is of the parts of the line; default: none",
    )

    @model_validator(mode="after")
    def _check(self) -> Tank:
        if found := list(line_checks.tank_problems(self)):
            raise carrier(*found)
        return self

    @property
    def count(self) -> int:
        """Tanks of this step."""
        return len(self.at) or self.tanks


class Hoist(Mover):
    """[hoist_line.<station>.hoist.<name>]: a hoist; several stand on one track in the order of their tables."""

    speed: Annotated[float | None, Quantity("m/s", "(0, inf)")] = Field(
        default=None, description="Along the track, with a carrier; needed with positions"
    )
    speed_empty: Annotated[float | None, Quantity("m/s", "(0, inf)")] = Field(
        default=None, description="Without a carrier; default: speed"
    )
    lift: Annotated[float, _TIME] = Field(default=0.0, description="Time to lift a carrier out")
    lower: Annotated[float, _TIME] = Field(default=0.0, description="Time to lower it in")
    reach: Annotated[tuple[str, ...], ListOf(Text(), 2, '["load", "rinse"]')] = Field(
        default=(), description="First and last place that it serves: load, a tank or unload; default: all"
    )
    start: Annotated[str | None, Text()] = Field(
        default=None, description="Place where it stands at the beginning; default: the first that it serves"
    )


class HoistLine(Table):
    """[hoist_line.<station>]: tanks in a row, and one or more hoists on one track that carry racks through them."""

    tank: dict[Id, Tank] = Field(description="Steps of the process")
    hoist: dict[Id, Hoist] = Field(description="Hoists, along the track")
    load: Annotated[float, _TIME] = Field(default=0.0, description="Time to rack the parts of a carrier")
    unload: Annotated[float, _TIME] = Field(default=0.0, description="Time to take them off")
    common: Annotated[bool, Flag()] = Field(
        default=False, description="Whether carriers are unloaded and loaded at one station, one at a time"
    )
    load_at: Annotated[float, _WAY] = Field(default=0.0, description="Position of the load station")
    unload_at: Annotated[float, _WAY] = Field(default=0.0, description="Position of the unload station")
    loaded: Annotated[tuple[float, ...] | None, ListOf(_TIME, 2, '["31 s", "22 s"]')] = Field(
        default=None, description="Time of each move with a carrier, from the load on, instead of positions and speeds"
    )
    empty: Annotated[tuple[tuple[float, ...], ...] | None, _TIMES] = Field(
        default=None, description="Empty travel from each of load, tanks, unload to each, to go with loaded"
    )
    clearance: Annotated[float, Quantity("m")] = Field(default=0.0, description="Least distance between two hoists")
    carriers: Annotated[int | None, Whole("[1, 1000]", "8", "unlimited")] = Field(
        default=None, description="Carriers that there are"
    )
    moves: Annotated[tuple[str, ...], ListOf(Text(), 0, '["load", "rinse", "acid"]')] = Field(
        default=(),
        description="Fixed cycle: places from which a carrier is lifted to go one step on, in this order; "
        "default: on demand, the carrier whose window closes first, and a new one when no window will break",
    )
    starts: Annotated[tuple[float, ...], ListOf(_TIME, 0, '["0 s", "41 s"]')] = Field(
        default=(), description="When each of the moves starts in the cycle; default: as early as the order allows"
    )
    period: Annotated[float | None, Quantity("s", "(0, inf)")] = Field(
        default=None, description="Time from one cycle to the next; default: the shortest that the moves allow"
    )
    timed: Annotated[bool, Flag()] = Field(
        default=True,
        description="Whether moves follow a timetable; false: as soon as the hoist is there and the soak is over",
    )
    violation: Annotated[str, OneOf(("count", "scrap"), "rule")] = Field(
        default="count",
        description="What becomes of the parts of a carrier that was in a tank longer than max: nothing but a count, "
        "or scrap",
    )

    @model_validator(mode="after")
    def _check(self) -> HoistLine:
        if found := list(line_checks.line_problems(self)):
            raise carrier(*found)
        return self

    @property
    def spots(self) -> tuple[str, ...]:
        """Load, steps and unload in order."""
        return (LOAD, *self.tank, UNLOAD)

    @property
    def has_timetable(self) -> bool:
        """Whether the moves are made at the times of a cycle."""
        return bool(self.moves) and self.timed

    @property
    def physics_scrap(self) -> float:
        """Share of parts that the history of its tanks costs in the baseline, each independent of the others."""
        return 1.0 - math.prod(1.0 - tank.bath.physics_scrap for tank in self.tank.values() if tank.bath is not None)

    def positions(self, spot: str) -> tuple[float, ...]:
        """Positions of a place along the track, of each of its tanks. [m]"""
        if spot in (LOAD, UNLOAD):
            return (self.load_at if spot == LOAD or self.common else self.unload_at,)
        return self.tank[spot].at

    def reach_of(self, hoist: str) -> tuple[float, float]:
        """First and last position that a hoist serves. [m]"""
        ends = [self.positions(spot) for spot in self.hoist[hoist].reach or self.spots]
        places = [place for end in ends for place in end]
        return min(places), max(places)

    def hoist_of(self, spot: str) -> str | None:
        """Return the first hoist that serves a place and the next one, None if none does."""
        step = self.spots.index(spot)
        needed = [*self.positions(spot), *self.positions(self.spots[step + 1])]
        for name in self.hoist:
            low, high = self.reach_of(name) if needed else (-math.inf, math.inf)
            if all(low <= place <= high for place in needed):
                return name
        return None
