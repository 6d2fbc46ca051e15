"""Schema of a station in a plant file, with the tables inside it; see `schema`."""

from __future__ import annotations

import math
from typing import Annotated, Any

from pydantic import Field, model_validator

from factory_sim.model.distribution import Distribution
from factory_sim.model.flow_schema import Flow, misfits, with_cycle
from factory_sim.model.hall_schema import Place
from factory_sim.model.kinds import Flag, ListOf, Name, Number, OneOf, Quantity, Text, Whole, carrier
from factory_sim.model.measure_schema import Measure
from factory_sim.model.needs import NeedText
from factory_sim.model.people_schema import NEEDS, Attend
from factory_sim.model.physics_schema import TECHNOLOGIES, Billet, Die, Heater
from factory_sim.model.plastics_schema import Dryer
from factory_sim.model.problems import Path
from factory_sim.model.sensor_schema import Defect, Sensor
from factory_sim.model.shapes import Dist
from factory_sim.model.stop_schema import (
    EARLY,
    WITHOUT_SPARE,
    Inspection,
    Replacement,
    Wear,
    failure_problems,
    planned_problems,
    refuse_if,
)
from factory_sim.model.tables import Id, Labelled, Table
from factory_sim.model.thermal_schema import Furnace, Melt, Mould, Quench
from factory_sim.model.treatment_schema import Bath, Build, Edge, Seam, Torch
from factory_sim.model.waiting_schema import Standby, Window

DISPATCH = ("fifo", "spt", "lpt", "edd", "mwkr", "mopnr", "priority", "least_setup")


class Power(Table):
    """[station.<name>.power]: electric power of one machine by its state."""

    working: Annotated[float, Quantity("W")] = Field(default=0.0, description="While it works or warms up")
    idle: Annotated[float, Quantity("W")] = Field(default=0.0, description="In any other state inside its calendar")
    off: Annotated[float, Quantity("W")] = Field(default=0.0, description="Outside its calendar, or switched off")


class Failure(Labelled):
    """[station.<name>.failure.<name>]: a failure mode, each machine with luck of its own."""

    clock: Annotated[str, OneOf(("working", "calendar", "parts", "wear"), "clock")] = Field(
        default="working",
        description="What counts towards the next failure: only working or all calendar time, parts made, or wear",
    )
    between: Annotated[Distribution | None, Dist("s")] = Field(
        default=None, description="Time on that clock from repair to failure; needed unless it counts parts or wear"
    )
    amount: Annotated[Distribution | None, Dist("")] = Field(
        default=None, description="Parts, or wear, from repair to failure, instead of between; a failure shows itself "
        "after a cycle",
    )  # fmt: skip
    repair: Annotated[Distribution, Dist("s", positive=False)] = Field(
        description="Time of repair, waiting for a crew or a spare not included; may be 0"
    )
    crew: Annotated[str | None, NeedText()] = Field(
        default=None, description="Resource or skill that repairs; default: none"
    )
    priority: Annotated[int, Whole("[-1000, 1000]", "0")] = Field(
        default=0, description="Order in which failures get the crew, lower first"
    )
    cost: Annotated[float, Quantity("KRW")] = Field(default=0.0, description="Of each failure, spares not included")
    after_repair: Annotated[str, OneOf(("as_new", "as_old"), "state")] = Field(
        default="as_new",
        description="as_old: minimal repair, the failure rate goes on as it was at this age (power law) until a "
        "replacement, or a planned stop that renews, makes it new",
    )
    warning: Annotated[Distribution | None, Dist("s")] = Field(
        default=None,
        description="Time from a defect that can be found to the failure; between is then the time to that defect",
    )
    spare: Annotated[str | None, Name("spare")] = Field(
        default=None, description="Spare that each repair and replacement takes; default: none"
    )
    run_in: Annotated[int, Whole("[0, 100000]", "5")] = Field(
        default=0, description="Parts after a repair that are discarded (running in)"
    )
    replacement: Replacement | None = Field(default=None, description="Renewal before the failure; default: none")
    inspection: Inspection | None = Field(default=None, description="Looks for the defect; default: none")

    @model_validator(mode="after")
    def _check(self) -> Failure:
        refuse_if(failure_problems(self))
        return self

    @property
    def life(self) -> Distribution:
        """From repair to failure, or to the defect that warns of it, on its clock. [s], or parts or wear"""
        life = self.between or self.amount
        assert life is not None, "the checks refuse a failure mode without"
        return life


class Planned(Labelled):
    """[station.<name>.planned.<name>]: a planned stop."""

    every: Annotated[float | None, Quantity("s")] = Field(
        default=None,
        description="Time on its clock between two stops, at least 1 s; needed unless it counts parts or wear or has "
        "alongside; 0 s with when_idle: another duty that is taken whenever no part is there",
    )
    alongside: Annotated[str | None, Text()] = Field(
        default=None,
        description="Planned stop of another station, as <station>.<planned>, with which it is due, instead of every",
    )
    first: Annotated[float | None, Quantity("s")] = Field(
        default=None, description="Open time before the first one; default: every"
    )
    duration: Annotated[Distribution, Dist("s", positive=False)] = Field(
        description="Time that the stop takes; may be 0"
    )
    when: Annotated[str, OneOf(("after_cycle", "immediate", "when_idle"), "moment")] = Field(
        default="after_cycle", description="Once due, it begins after the cycle, at once, or when no part is there"
    )
    clock: Annotated[str, OneOf(("open", "working", "parts", "wear"), "clock")] = Field(
        default="open",
        description="What counts: open time of the station, from due to due; or working time, parts or wear since the "
        "last one",
    )
    amount: Annotated[float | None, Number("(0, 1e12]", "5000")] = Field(
        default=None, description="Parts, or wear, between two stops, instead of every"
    )
    crew: Annotated[str | None, Name("resource")] = Field(
        default=None, description="Resource that does it; default: none"
    )
    priority: Annotated[int, Whole("[-1000, 1000]", "0")] = Field(
        default=0, description="Order in which stops get the crew or a spare, lower first"
    )
    cost: Annotated[float, Quantity("KRW")] = Field(default=0.0, description="Of each one, spares not included")
    renews: Annotated[tuple[str, ...], ListOf(Text(), 0, '["pump"]')] = Field(
        default=(), description="Failure modes of the station that are as new after it (overhaul)"
    )
    window: Annotated[float, Quantity("s")] = Field(
        default=0.0,
        description=EARLY,
    )
    window_amount: Annotated[float, Number("[0, 1e12]", "500")] = Field(
        default=0.0, description="The same in parts or wear, with a clock that counts those"
    )
    spare: Annotated[str | None, Name("spare")] = Field(
        default=None, description="Spare, or set of tools, that each one takes; default: none"
    )
    without_spare: Annotated[str, WITHOUT_SPARE] = Field(
        default="stop",
        description="If there is no spare when it is due: the machine stops and waits, or runs on until one is there",
    )
    run_in: Annotated[int, Whole("[0, 100000]", "5")] = Field(
        default=0, description="Parts after it that are discarded (running in)"
    )
    new_die: Annotated[bool, Flag()] = Field(
        default=False, description="Whether it ends with another die, mould or tool, as new"
    )
    preheat: Annotated[bool, Flag()] = Field(
        default=True, description="Whether the new die or mould comes preheated; false: as cold as its sink or the hall"
    )

    @model_validator(mode="after")
    def _check(self) -> Planned:
        refuse_if(planned_problems(self))
        return self

    @property
    def period(self) -> float:
        """Between two of them, on its clock; inf of one alongside another. [s], or parts or wear"""
        period = self.amount if self.every is None else self.every
        if self.alongside is not None:
            return math.inf
        assert period is not None, "the checks refuse a planned stop without"
        return period


class Tool(Table):
    """[station.<name>.tool]: a tool or die that wears out."""

    cost: Annotated[float, Quantity("KRW")] = Field(description="Price of a new tool")
    life: Annotated[float, Number("(0, 1e12]", "125000")] = Field(description="Parts that it makes")


class Change(Table):
    """[[station.<name>.setup.between]]: the setup between two products."""

    from_: Annotated[str, Name("product")] = Field(alias="from", description="Product that was made")
    to: Annotated[str, Name("product")] = Field(description="Product that is made next")
    time: Annotated[Distribution, Dist("s", positive=False)] = Field(description="Time of the setup; may be 0")


class Setup(Table):
    """[station.<name>.setup]: what is done to a machine between parts."""

    change: Annotated[Distribution | None, Dist("s")] = Field(
        default=None, description="Time of the setup when another product comes; default: none"
    )
    between: tuple[Change, ...] = Field(default=(), description="Setups between two products, instead of change")
    campaign: Annotated[str, OneOf(("none", "exhaustive", "gated", "lots"), "campaign")] = Field(
        default="none",
        description="The machine makes one product until none waits (exhaustive), those that wait when it is ready for "
        "them (gated) or a lot of it, then it is set up for the next one of the sequence; none: whatever comes next",
    )
    sequence: Annotated[tuple[str, ...], ListOf(Name("product"), 0, '["a", "b"]')] = Field(
        default=(), description="Products of the campaign in order; default: all that come here, as in the file"
    )
    lots: Annotated[tuple[int, ...], ListOf(Whole("[1, 1000000]", "20"), 0, "[20, 30]")] = Field(
        default=(), description='Parts of each product of the sequence, for campaign = "lots"'
    )
    without_parts: Annotated[str, OneOf(("stay", "go_on"), "rule")] = Field(
        default="stay", description="When nothing waits at all, the machine stays set up as it is, or goes round"
    )
    crew: Annotated[str | None, NeedText()] = Field(
        default=None, description="Resource or skill that does it; default: none"
    )
    priority: Annotated[int, Whole("[-1000, 1000]", "0")] = Field(
        default=0, description="Order in which setups and failures get the crew, lower first"
    )
    random_share: Annotated[float, Number("[0, 1]", "0.1")] = Field(
        default=0.0, description="Share of the parts, at random, after which the machine is set up whatever comes next"
    )
    random_time: Annotated[Distribution | None, Dist("s")] = Field(default=None, description="Time of that setup")

    @model_validator(mode="after")
    def _check(self) -> Setup:
        if (self.random_share > 0.0) != (self.random_time is not None):
            raise carrier((("random_time",), "random_share and random_time go together; write both or none"))
        if (self.campaign == "lots") != bool(self.lots):
            raise carrier((("lots",), 'lots and campaign = "lots" go together; write both or none'))
        if self.campaign == "none" and self.sequence:
            raise carrier((("sequence",), "a sequence is that of a campaign; write campaign, or remove sequence"))
        if self.campaign == "lots" and self.without_parts != "stay":
            raise carrier((("without_parts",), "a lot is always made to its end; remove without_parts"))
        if self.lots and self.sequence and len(self.lots) != len(self.sequence):
            message = f"{len(self.sequence)} products need as many lots, not {len(self.lots)}"
            raise carrier((("lots",), message))
        if self.change is None and not self.between and self.random_time is None:
            raise carrier((("change",), "a setup without a time has no effect; write change, between or random_time"))
        return self


class Batch(Table):
    """[station.<name>.batch]: the machines take several parts at once, for one cycle: a furnace, an oven, a bath."""

    max: Annotated[int, Whole("[1, 10000]", "12")] = Field(
        description="Parts of a full load; it is made up when the machine is free, before it waits for people or the "
        "next shift, and parts that come meanwhile go with the next one"
    )
    min: Annotated[int, Whole("[1, 10000]", "6")] = Field(
        default=1, description="Parts that must wait for a load to begin; those always there count"
    )
    wait: Annotated[float | None, Quantity("s")] = Field(
        default=None, description="A part that has waited so long goes with fewer than min; default: never"
    )
    mixed: Annotated[bool, Flag()] = Field(default=True, description="Whether a load may hold several products")

    @model_validator(mode="after")
    def _check(self) -> Batch:
        found: list[tuple[Path, str]] = []
        if self.min > self.max:
            found.append(
                (("min",), f"a load of at least {self.min} does not fit into {self.max}; lower min or raise max")
            )
        if self.wait is not None and self.min == 1:
            found.append((("wait",), "no part waits for others if min is 1; raise min or remove wait"))
        if found:
            raise carrier(*found)
        return self


class Station(Labelled):
    """[station.<name>]: one or more alike machines."""

    technology: Annotated[str, OneOf(TECHNOLOGIES, "technology")] = Field(
        default="machine", description="Name in the catalogue of technologies"
    )
    machines: Annotated[int, Whole("[1, 1000]", "1")] = Field(
        default=1, description="Machines side by side, all alike; the one that has waited longest takes the next part"
    )
    cycle: Annotated[Distribution, Dist("s")] = Field(
        description="Time of one machine for one part, undisturbed; a flow has none, for it is pitch/speed"
    )
    speed: Annotated[tuple[float, ...], ListOf(Number("(0, 100]", "0.8"), 0, "[1.0, 0.8]")] = Field(
        default=(), description="Speed of each machine, if they differ: its cycles are divided by it; default: all 1"
    )
    loss: Annotated[float, Number("[0, 1)", "0.03")] = Field(
        default=0.0, description="Planned and minor loss spread over every cycle, share of the time without failures"
    )
    yield_: Annotated[float, Number("(0, 1]", "0.9")] = Field(
        default=1.0, alias="yield", description="Overall share of good parts"
    )
    rework: Annotated[float, Number("[0, 1)", "0.05")] = Field(
        default=0.0, description="Share of the good parts that go back, every time anew"
    )
    rework_to: Annotated[str | None, Name("station")] = Field(
        default=None, description="Station of the route to which they go back; default: this one"
    )
    dispatch: Annotated[str, OneOf(DISPATCH, "dispatch rule")] = Field(
        default="fifo",
        description="Which waiting part comes first: the one that came first, shortest or longest cycle (spt, lpt), "
        "earliest due date (edd), most work or most operations to do (mwkr, mopnr), priority of the product, "
        "shortest setup from what the machine made last (least_setup)",
    )
    preempt: Annotated[bool, Flag()] = Field(
        default=False, description="A part of higher priority interrupts the work on a lower one, which goes on later"
    )
    blocking: Annotated[str, OneOf(("after", "before"), "rule")] = Field(
        default="after",
        description="Without a place for it a finished part stays in the machine (after), or is not begun (before)",
    )
    needs: Annotated[tuple[str, ...], NEEDS] = Field(
        default=(),
        description="Units held during the cycle: of a resource or with a skill, alternatives with |, a number before",
    )
    load: Annotated[float | None, Quantity("s", "(0, inf)")] = Field(
        default=None, description="First part of the cycle during which they are held; default: the whole cycle"
    )
    attend: Attend | None = Field(default=None, description="Phases that need people, instead of needs; default: none")
    calendar: Annotated[str | None, Name("calendar")] = Field(
        default=None, description="Its calendar; default: the plant's"
    )
    off_shift: Annotated[str, OneOf(("pause", "finish", "no_start"), "rule")] = Field(
        default="pause",
        description="At the end of a shift the part waits in the machine, or is finished first, or no cycle begins "
        "that would not end in the shift",
    )
    power: Power = Field(default_factory=Power, description="Electric power by state")
    gas_per_part: Annotated[float, Quantity("J")] = Field(default=0.0, description="Gas per part made")
    electricity_per_part: Annotated[float, Quantity("J")] = Field(
        default=0.0, description="Electricity per part, beside power"
    )
    failure: dict[Id, Failure] = Field(default_factory=dict, description="Failure modes")
    planned: dict[Id, Planned] = Field(default_factory=dict, description="Planned stops")
    wear: Wear | None = Field(default=None, description="Wear, for stops on that clock; default: none")
    tool: Tool | None = Field(default=None, description="Tool that wears out; default: none")
    setup: Setup | None = Field(default=None, description="Setups; default: none")
    yield_seen: Annotated[bool, Flag()] = Field(
        default=True,
        description="Whether the machine finds the bad parts of its yield and scraps them; false: they go on as "
        "defective ones, until a sensor finds them or a customer",
    )
    defect: dict[Id, Defect] = Field(default_factory=dict, description="Defects that it makes and does not see")
    measure: dict[Id, Measure] = Field(default_factory=dict, description="Quantities that it gives to its parts")
    repairs: Annotated[float, Number("[0, 1]", "0.98")] = Field(
        default=0.0, description="Share of the parts whose defects its work takes away, whoever has made them"
    )
    sensor: dict[Id, Sensor] = Field(default_factory=dict, description="Inspections, in the order in which they look")
    batch: Batch | None = Field(default=None, description="Parts in one load; default: one part at a time")
    window: Window | None = Field(default=None, description="Limit to the wait of parts; default: none")
    standby: Standby | None = Field(default=None, description="Switching off without parts; default: it stays on")
    at: Place | None = Field(default=None, description="Its place on the floor plan; default: along the routes")
    by_vehicle: Annotated[bool, Flag()] = Field(
        default=False, description="Whether all parts to other stations must leave by vehicle; only checked"
    )
    flow: Flow | None = Field(default=None, description="Parts that move through, many at once; default: one at a time")
    melt: Melt | None = Field(default=None, description="Holding furnace of a casting machine; default: none")
    die: Die | None = Field(default=None, description="Die of a casting machine; default: none")
    heater: Heater | None = Field(default=None, description="Heating of parts before a press; default: none")
    billet: Billet | None = Field(default=None, description="Parts that must be hot when it takes them; default: none")

    bath: Bath | None = Field(default=None, description="Plating bath; default: none")
    torch: Torch | None = Field(default=None, description="Torch that is cleaned after seams; default: none")
    seam: Seam | None = Field(default=None, description="Arc welding in passes; default: none")
    furnace: Furnace | None = Field(default=None, description="Batch furnace of heat treatment; default: none")
    quench: Quench | None = Field(default=None, description="Quench after a furnace; default: none")
    edge: Edge | None = Field(default=None, description="Cutting edge that wears; default: none")
    build: Build | None = Field(default=None, description="Powder-bed printing of a plate; default: none")
    dryer: Dryer | None = Field(default=None, description="Dryer of its resin; default: none")
    mould: Mould | None = Field(default=None, description="Mould of an injection machine; default: none")

    @model_validator(mode="before")
    @classmethod
    def _cycle_of_flow(cls, raw: Any) -> Any:
        return with_cycle(raw)

    @model_validator(mode="after")
    def _check(self) -> Station:
        found: list[tuple[Path, str]] = [] if self.flow is None else misfits(self)
        if self.speed and len(self.speed) != self.machines:
            message = f"{self.machines} machines need as many speeds, not {len(self.speed)}"
            found.append((("speed",), message))
        if self.load is not None and not self.needs:
            found.append((("load",), "load without needs has no effect; name the resources in needs or remove load"))
        if self.attend is not None and self.needs:
            found.append((("needs",), "needs and attend both say who is needed; move needs into attend"))
        if self.die is not None and self.die.dwell > self.cycle.mean:
            found.append((("die", "dwell"), f"must fit into the cycle, whose mean is {self.cycle.mean:g} s"))
        if found:
            raise carrier(*found)
        return self

    @property
    def handling_time(self) -> float:
        """Mean time of loading and unloading beside the cycle. [s]"""
        both = () if self.attend is None else (self.attend.load, self.attend.unload)
        return sum(phase.time.mean for phase in both if phase is not None)
