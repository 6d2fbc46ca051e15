"""Schema of a plant file: every key once, with kind (unit, range), default and meaning.

Attributes have the name of their key; `yield` and `from` are Python's own words and become `yield_` and `from_`.
All quantities are SI floats. Tables are frozen; dictionaries keep the order of the file.
"""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any

from pydantic import Field, PrivateAttr, model_validator

from factory_sim.model.assembly_schema import Assembly, Split
from factory_sim.model.calendar_schema import Calendar
from factory_sim.model.days import Monday
from factory_sim.model.distribution import Distribution
from factory_sim.model.energy_schema import Supply
from factory_sim.model.hall_schema import Floor, Mass, Place
from factory_sim.model.kinds import ListOf, Name, Number, OneOf, Quantity, Text, Whole, carrier
from factory_sim.model.line_schema import HoistLine, RobotCell
from factory_sim.model.people_schema import Resource
from factory_sim.model.shapes import Dist
from factory_sim.model.station_schema import Station
from factory_sim.model.stop_schema import Spare
from factory_sim.model.tables import Id, Labelled, Table
from factory_sim.model.transport_schema import Vehicle
from factory_sim.model.units import WEEK

DEMAND_MODES = ("sold_out", "fixed_volume")
WEEKS_PER_YEAR = 52


class About(Table):
    """[plant]"""

    name: Annotated[str, Text()] = Field(description="Name of the plant")
    name_ko: Annotated[str | None, Text()] = Field(
        default=None, description="Name of the plant in Korean; default: name"
    )
    demand_mode: Annotated[str, OneOf(DEMAND_MODES, "demand mode")] = Field(
        default="sold_out",
        description="sold_out: every good part is sold; fixed_volume: weekly_volume parts a week, then idle",
    )
    calendar: Annotated[str | None, Name("calendar")] = Field(
        default=None, description="Calendar of all stations that name none; default: always open"
    )
    begins: Annotated[dt.date | None, Monday()] = Field(
        default=None, description="Monday on which a run begins, for calendars with dates; default: no dates"
    )
    hours_per_year: Annotated[float | None, Quantity("s", "(0, 31622400]")] = Field(
        default=None,
        description="Planned time per year, for yearly figures; default: the first 52 weeks of the calendar",
    )
    floor: Floor | None = Field(default=None, description="Size of the hall; default: as the stations need it")


class Source(Labelled):
    """[source.<name>]: where parts come from; without interval and at, there is always one."""

    interval: Annotated[Distribution | None, Dist("s")] = Field(
        default=None, description="Time between arrivals, the first one after one interval; default: always available"
    )
    at: Annotated[tuple[float, ...] | None, ListOf(Quantity("s"), 1, '["480 min", "600 min"]')] = Field(
        default=None, description="Fixed arrival times from the beginning, ascending, instead of interval"
    )
    lot: Annotated[int, Whole("[1, 100000]", "4")] = Field(default=1, description="Parts that arrive together")
    cards: Annotated[int | None, Whole("[1, 100000]", "8")] = Field(
        default=None,
        description="Closed loop (CONWIP cards, pallets, carriers), instead of interval: so many parts are always "
        "inside; one that leaves is replaced at once",
    )
    weekly_volume: Annotated[float | None, Number("(0, 1e9]", "2200")] = Field(
        default=None,
        description="Parts per calendar week, net of scrap, that demand mode fixed_volume releases at most",
    )

    place: Place | None = Field(
        default=None, description="Its place on the floor plan (at is its arrival times); default: along the routes"
    )

    @model_validator(mode="after")
    def _check(self) -> Source:
        given = [key for key in ("interval", "at", "cards") if getattr(self, key) is not None]
        if len(given) > 1:
            raise carrier(((given[1],), f"a source has either {given[0]} or {given[1]}, not both; remove one"))
        if self.cards is not None and self.weekly_volume is not None:
            raise carrier((("weekly_volume",), "a closed loop has no weekly volume; remove it, or cards"))
        if self.lot > 1 and self.interval is None:
            raise carrier((("lot",), "lot needs interval, the time between two lots; add it, or remove lot"))
        if self.at is not None and list(self.at) != sorted(self.at):
            raise carrier((("at",), "arrival times must not decrease; sort them"))
        return self


class Sink(Labelled):
    """[sink.<name>]: where good parts go. Nothing is needed inside."""

    at: Place | None = Field(default=None, description="Its place on the floor plan; default: along the routes")


_MONEY = Quantity("KRW")


class Step(Table):
    """[product.<name>.step.<station>]: what is special for this product at a station."""

    cycle: Annotated[Distribution | None, Dist("s")] = Field(
        default=None, description="Time of one machine for one part of this product; default: that of the station"
    )
    cycles: Annotated[tuple[Distribution, ...] | None, ListOf(Dist("s"), 1, '["3 min", "5 min"]')] = Field(
        default=None, description="The same by visit, for a route that comes back to the station, instead of cycle"
    )
    wear: Annotated[float, Number("[0, 1e6]", "1.5")] = Field(
        default=1.0, description="Wear by one part of this product, as a multiple of the station's wear.per_part"
    )

    @model_validator(mode="after")
    def _check(self) -> Step:
        neither = self.cycle is None and self.cycles is None
        if (self.cycle is None) == (self.cycles is None) and not (neither and "wear" in self.model_fields_set):
            raise carrier((("cycle",), "write either cycle, or cycles with a time for each visit"))
        return self


class Product(Labelled):
    """[product.<name>]: the way of its parts through the plant, and what they are worth."""

    route: Annotated[tuple[str, ...], ListOf(Name("route"), 0, '["ingots", "hpdc", "finished"]')] = Field(
        description="Names in order: one source, stations (which may come again), one sink; or "
        "an assembly or a split at the beginning or the end"
    )
    step: dict[Id, Step] = Field(default_factory=dict, description="Cycles of this product, by station")
    share: Annotated[float | None, Number("(0, 1]", "0.3")] = Field(
        default=None, description="Share of the parts of its source, if several products have the same one"
    )
    priority: Annotated[int, Whole("[-1000, 1000]", "0")] = Field(
        default=0, description='Order at stations with dispatch = "priority", lower first'
    )
    due: Annotated[float | None, Quantity("s")] = Field(
        default=None, description="Time from birth to due date; default: that of the order, if there is one"
    )
    price: Annotated[float, _MONEY] = Field(default=0.0, description="Revenue per good part")
    material: Annotated[float, _MONEY] = Field(default=0.0, description="Material cost per part started")
    scrap_value: Annotated[float, _MONEY] = Field(default=0.0, description="Recovered per scrapped part")
    mass: Mass | None = Field(default=None, description="Material of one part; default: no balance of material")
    escapes: Annotated[float, Number("[0, 1]", "0.0008")] = Field(
        default=0.0, description="Share of the parts judged good that are in truth defective"
    )
    escape_cost: Annotated[float, _MONEY] = Field(default=0.0, description="Cost per defective part that was delivered")

    def cycles_at(self, station: str) -> tuple[Distribution | None, ...]:
        """Return its own cycle of each visit at a station; None where the station's holds."""
        visits = self.route.count(station)
        step = self.step.get(station)
        if step is None:
            return (None,) * visits
        return step.cycles if step.cycles is not None else (step.cycle,) * visits


class Order(Table):
    """[[order]]: parts that are released at a given time; their source has neither interval nor at nor cards."""

    product: Annotated[str, Name("product")] = Field(description="What is ordered")
    at: Annotated[float, Quantity("s")] = Field(default=0.0, description="Time of release from the beginning")
    due: Annotated[float | None, Quantity("s")] = Field(default=None, description="Due date from the beginning")
    quantity: Annotated[int, Whole("[1, 1000000]", "40")] = Field(default=1, description="How many parts")


class Buffer(Labelled):
    """[buffer.<name>]: places between stations."""

    before: Annotated[str, Name("station")] = Field(description="Station that takes parts from this buffer")
    capacity: Annotated[int | None, Whole("[0, 1e9]", "84", "unlimited")] = Field(description="Number of places")
    initial: Annotated[int, Whole("[0, 1e6]", "10")] = Field(default=0, description="Parts in it at the beginning")
    at: Place | None = Field(default=None, description="Its place on the floor plan; default: along the routes")
    sublot: Annotated[int, Whole("[1, 1000000]", "10")] = Field(
        default=1, description="Parts of one product that go on together; the first of them wait for the last"
    )
    sublot_wait: Annotated[float | None, Quantity("s", "(0, inf)")] = Field(
        default=None, description="After so long fewer go on; default: never"
    )

    @model_validator(mode="after")
    def _check(self) -> Buffer:
        if self.capacity is not None and self.initial > self.capacity:
            message = f"{self.initial} parts do not fit into {self.capacity} places; lower initial or raise capacity"
            raise carrier((("initial",), message))
        if self.capacity is not None and self.sublot > max(1, self.capacity):
            message = f"{self.sublot} parts cannot gather on {self.capacity} places; lower sublot or raise capacity"
            raise carrier((("sublot",), message))
        if self.initial and self.sublot > 1:
            raise carrier((("initial",), "a buffer with sub-lots begins empty; remove initial"))
        if self.sublot_wait is not None and self.sublot == 1:
            raise carrier((("sublot_wait",), "no part waits for others if sublot is 1; raise it or remove sublot_wait"))
        return self


class Staff(Labelled):
    """[staff.<name>]: people who are paid by schedule, whatever is made."""

    positions: Annotated[float, Number("[0, 100000]", "9")] = Field(description="Number of positions")
    cost: Annotated[float, Quantity("KRW/s")] = Field(description="Yearly cost per position, all included")


class Economics(Table):
    """[economics]: prices and factors of energy."""

    electricity: Annotated[float, Quantity("KRW/J")] = Field(default=0.0, description="Price of electricity")
    gas: Annotated[float, Quantity("KRW/J")] = Field(default=0.0, description="Price of gas")
    auxiliary_power: Annotated[float, Quantity("W")] = Field(
        default=0.0, description="Power of everything beside the stations during planned time"
    )
    grid_factor: Annotated[float, Quantity("kg/J")] = Field(
        default=0.0, description="CO2e per electricity from the grid"
    )
    gas_factor: Annotated[float, Quantity("kg/J")] = Field(default=0.0, description="CO2e per gas burnt")


STATUS = OneOf(("assumed", "verified", "derived"), "status")


class Evidence(Table):
    """[[evidence]]: where numbers come from."""

    keys: Annotated[tuple[str, ...], ListOf(Text(), 1, '["station.*.cycle"]')] = Field(
        description="Paths of the numbers; * stands for any name"
    )
    status: Annotated[str, STATUS] = Field(description="How sure they are")
    source: Annotated[str, Text()] = Field(description="Where they come from, in words")
    source_ko: Annotated[str | None, Text()] = Field(default=None, description="The same in Korean; default: source")
    date: Annotated[str | None, Text()] = Field(default=None, description='When they held, such as "2026-11"')


class Plant(Table):
    """A plant as the engineer wrote it."""

    plant: About = Field(description="The plant as a whole")
    calendar: dict[Id, Calendar] = Field(default_factory=dict, description="Calendars")
    source: dict[Id, Source] = Field(description="Sources of parts")
    sink: dict[Id, Sink] = Field(description="Sinks of good parts")
    product: dict[Id, Product] = Field(description="Products")
    assembly: dict[Id, Assembly] = Field(default_factory=dict, description="Parts made of several others")
    split: dict[Id, Split] = Field(default_factory=dict, description="Parts divided into several others")
    order: tuple[Order, ...] = Field(default=(), description="Orders with times of release and due dates")
    buffer: dict[Id, Buffer] = Field(
        default_factory=dict,
        description="Buffers; none before a station: 0 places, a full load if it takes loads, "
        "no limit if parts arrive by themselves or come back",
    )
    resource: dict[Id, Resource] = Field(default_factory=dict, description="Pools of operators, robots, crews")
    spare: dict[Id, Spare] = Field(default_factory=dict, description="Spare parts and sets of tools in stock")
    staff: dict[Id, Staff] = Field(default_factory=dict, description="People paid by schedule")
    station: dict[Id, Station] = Field(description="Stations")
    vehicle: dict[Id, Vehicle] = Field(
        default_factory=dict, description="Fork-lifts, carts, AGVs, cranes between stations"
    )
    robot_cell: dict[Id, RobotCell] = Field(default_factory=dict, description="Stations that are robot cells, by name")
    hoist_line: dict[Id, HoistLine] = Field(default_factory=dict, description="Stations that are hoist lines, by name")
    economics: Economics = Field(default_factory=Economics, description="Prices and factors of energy")
    energy: Supply | None = Field(
        default=None, description="Tariff of electricity by the hour; default: the flat price of economics"
    )
    evidence: tuple[Evidence, ...] = Field(default=(), description="Where numbers come from")

    _raw: dict[str, Any] = PrivateAttr(default_factory=dict)
    _file: str = PrivateAttr("")

    @property
    def raw(self) -> dict[str, Any]:
        """The TOML tables that it was read from. Do not change them; see `paths.put`."""
        return self._raw

    @property
    def file(self) -> str:
        """The file that it was read from, empty if none."""
        return self._file

    @property
    def name(self) -> str:
        return self.plant.name

    @property
    def demand_mode(self) -> str:
        return self.plant.demand_mode

    def calendar_of(self, station: str) -> Calendar | None:
        """Return the calendar that rules a station, None if it is always open."""
        name = self.station[station].calendar or self.plant.calendar
        return None if name is None else self.calendar[name]

    @property
    def time_per_year(self) -> float:
        """Planned time per year: `hours_per_year`, or the first 52 weeks of the plant's calendar. [s]"""
        if self.plant.hours_per_year is not None:
            return self.plant.hours_per_year
        name = self.plant.calendar
        if name is None:
            return WEEKS_PER_YEAR * WEEK
        return self.calendar[name].open_in(WEEKS_PER_YEAR, self.plant.begins)
