"""Schema of people and of what needs them in a plant file: pools, crews, breaks, phases of a cycle; see `schema`."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, model_validator

from factory_sim.model import clock
from factory_sim.model.distribution import Distribution
from factory_sim.model.kinds import Flag, Identifier, ListOf, Name, Number, OneOf, Quantity, Whole, carrier
from factory_sim.model.needs import NeedText
from factory_sim.model.problems import Path
from factory_sim.model.shapes import Dist
from factory_sim.model.tables import Id, Labelled, Table
from factory_sim.model.units import DAY, HOUR

NEEDS = ListOf(NeedText(), 0, '["operators"]')


class Break(Table):
    """[[resource.<name>.breaks]]: time of day in which people of a pool do not work."""

    from_: Annotated[float, clock.Clock()] = Field(alias="from", description="Time of day at which it begins")
    to: Annotated[float, clock.Clock()] = Field(description="Time of day at which it ends; not after from: next day")
    turns: Annotated[int, Whole("[1, 100]", "2")] = Field(
        default=1, description="Groups that go one after the other, the next one when the last one is back"
    )
    paid: Annotated[bool, Flag()] = Field(default=False, description="Whether it counts as working hours")

    @property
    def length(self) -> float:
        """How long one group is away. [s]"""
        return self.to - self.from_ if self.to > self.from_ else self.to - self.from_ + DAY


class Crew(Table):
    """[resource.<name>.crew.<name>]: further units of a pool, with working hours of their own."""

    units: Annotated[int, Whole("[0, 10000]", "1")] = Field(description="How many are there in each of its shifts")
    calendar: Annotated[str | None, Name("calendar")] = Field(
        default=None, description="When they are there; default: always"
    )
    unfilled: Annotated[int, Whole("[0, 10000]", "1")] = Field(
        default=0, description="Units of these that exist on paper only: positions that nobody fills"
    )
    rotation: Annotated[int, Whole("[1, 20]", "3")] = Field(
        default=1, description="Crews of so many people that take the shifts of the calendar in turn"
    )

    @model_validator(mode="after")
    def _check(self) -> Crew:
        found: list[tuple[Path, str]] = []
        if self.unfilled > self.units:
            found.append((("unfilled",), f"{self.unfilled} of {self.units} units cannot be unfilled; lower it"))
        if self.rotation > 1 and self.calendar is None:
            found.append((("rotation",), "who is always there has no shifts to take in turn; name a calendar"))
        if found:
            raise carrier(*found)
        return self

    @property
    def filled(self) -> int:
        """Units that are there in each of its shifts, but for absence."""
        return self.units - self.unfilled


class Resource(Labelled, Crew):
    """[resource.<name>]: a pool of operators, robots, repair crews; its units are alike."""

    units: Annotated[int, Whole("[0, 10000]", "2")] = Field(description="How many there are in each of its shifts")
    crew: dict[Id, Crew] = Field(default_factory=dict, description="Further units with other working hours")
    skills: Annotated[tuple[str, ...], ListOf(Identifier(), 0, '["welding"]')] = Field(
        default=(), description="What its units can do beside what its name says; the name of another pool: stand in"
    )
    breaks: tuple[Break, ...] = Field(default=(), description="Breaks; default: none")
    absence: Annotated[float, Number("[0, 1)", "0.05")] = Field(
        default=0.0, description="Chance that a unit does not come to a shift, drawn for each shift and unit"
    )
    shift_end: Annotated[str, OneOf(("finish", "leave"), "rule")] = Field(
        default="finish",
        description="Who still works at the end of a shift or at a break finishes the task first, "
        "or leaves and the work waits for somebody else",
    )
    in_order: Annotated[bool, Flag()] = Field(
        default=False, description="A request that cannot be met bars the later ones"
    )
    preemptive: Annotated[bool, Flag()] = Field(
        default=False, description="Without a free unit, a request takes one from a task of lower priority"
    )
    wage: Annotated[float, Quantity("KRW/s")] = Field(
        default=0.0, description="Cost of a working hour, paid by schedule; beside [staff]"
    )
    night_factor: Annotated[float, Number("[1, 10]", "1.5")] = Field(
        default=1.0, description="Cost of the hours from 22:00 to 06:00 over that of others"
    )
    weekly_limit: Annotated[float, Quantity("s", "(0, 604800]")] = Field(
        default=52 * HOUR, description="Working hours of a person in a week that are allowed, overtime included"
    )

    @model_validator(mode="after")
    def _check_breaks(self) -> Resource:
        if self.breaks and self.calendar is None and not any(crew.calendar for crew in self.crew.values()):
            raise carrier((("breaks",), "who is always there takes no break; name a calendar"))
        return self

    @property
    def crews(self) -> dict[str, Crew]:
        """All its units: those of the pool itself under an empty name, then its further crews."""
        return {"": self, **self.crew}

    @property
    def plain(self) -> bool:
        """Whether it is nothing but a number of units that are always there."""
        rest = {"label", "label_ko", "units", "wage", "night_factor", "weekly_limit"}
        return not self.model_fields_set - rest


class Phase(Table):
    """What a phase of the cycle needs."""

    needs: Annotated[tuple[str, ...], NEEDS] = Field(
        description="Units held during it: of a resource or with a skill, alternatives with |, a number before"
    )
    priority: Annotated[int, Whole("[-1000, 1000]", "0")] = Field(
        default=0, description="Order in which requests are met, lower first; failures and setups have one too"
    )


class Handling(Phase):
    """[station.<name>.attend.load], unload: the phase before or after the cycle."""

    time: Annotated[Distribution, Dist("s")] = Field(description="Time that it takes, beside the cycle")


class Attend(Table):
    """[station.<name>.attend]: phases of work that need people; what is not named runs alone."""

    load: Handling | None = Field(default=None, description="Loading before the cycle; default: none")
    watch: Phase | None = Field(default=None, description="Who stays during the cycle; default: it runs alone")
    unload: Handling | None = Field(default=None, description="Unloading after the cycle; default: none")

    @model_validator(mode="after")
    def _check(self) -> Attend:
        if self.load is None and self.watch is None and self.unload is None:
            raise carrier(((), "a table attend without a phase has no effect; write load, watch or unload"))
        return self
