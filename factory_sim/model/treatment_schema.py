"""Schema of plating baths, welded seams, cutting edges and builds; see `physics_schema`."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, model_validator

from factory_sim.model.kinds import Flag, Name, Number, OneOf, Quantity, Whole, carrier
from factory_sim.model.physics_schema import Law
from factory_sim.model.problems import Path
from factory_sim.model.units import HOUR

METALS = ("nickel", "copper", "zinc", "chromium", "trivalent_chromium")
DOSING = ("shift", "sensor", "none")
CONTROL = ("time", "thickness")


class Bath(Law):
    """[station.<name>.bath], [hoist_line.<station>.tank.<name>.bath]: a plating bath.

    The cycle of the station holds the plating time of the fresh bath; in a tank the current is on from set-down until
    that time is over, or the carrier is taken.
    """

    metal: Annotated[str, OneOf(METALS, "metal")] = Field(
        description="That is deposited; chromium is that of a Cr(VI) bath"
    )
    thickness: Annotated[float, Quantity("m", "(0, inf)")] = Field(
        description="Mean thickness to be plated; the mean over the thinnest place is 1.1 to 2"
    )
    minimum: Annotated[float, Quantity("m")] = Field(
        default=0.0, description="Parts whose mean is thinner are scrap; default: none is"
    )
    spread: Annotated[float, Number("[0, 1)", "0.08")] = Field(
        default=0.0, description="Coefficient of variation of the mean thickness over a rack; 0.05 to 0.15"
    )
    area: Annotated[float, Quantity("m^2", "(0, inf)")] = Field(description="Plated area of a part")
    current_density: Annotated[float, Quantity("A/m^2", "(0, inf)")] = Field(
        description="Nickel 2 to 10 A/dm^2, copper 2 to 6, zinc 1 to 4, chromium 25 to 60"
    )
    efficiency: Annotated[float, Number("(0, 1]", "0.95")] = Field(
        description="Of the cathode in the fresh bath: nickel 0.93 to 0.97, copper 0.95 to 0.99, zinc 0.6 to 0.97, "
        "chromium 0.10 to 0.20"
    )
    rectifier_current: Annotated[float | None, Quantity("A", "(0, inf)")] = Field(
        default=None,
        description="Most that the rectifier gives: a load that needs more takes longer; default: no limit",
    )
    voltage: Annotated[float, Quantity("V", "(0, inf)")] = Field(
        default=6.0, description="Of the bath; nickel 4 to 8 V, chromium 5 to 12"
    )
    rectifier_efficiency: Annotated[float, Number("(0, 1]", "0.88")] = Field(default=0.88, description="0.85 to 0.93")
    control: Annotated[str, OneOf(CONTROL, "control")] = Field(
        default="time",
        description="time: the load stays as long as a fresh bath needs; thickness: a sensor lets it stay until the "
        "thickness is there",
    )
    volume: Annotated[float, Quantity("m^3", "(0, inf)")] = Field(description="Kept by topping up with water")
    concentration: Annotated[float, Quantity("kg/m^3", "(0, inf)")] = Field(
        description="Of the metal as made up and dosed; nickel 60 to 80 g/L"
    )
    low: Annotated[float, Quantity("kg/m^3")] = Field(
        default=0.0, description="Below it the efficiency falls in proportion to the concentration; default: never"
    )
    anodes: Annotated[float, Number("[0, 2]", "1")] = Field(
        default=1.0, description="Metal that the anodes give back over metal deposited; insoluble: 0"
    )
    dragout: Annotated[float, Quantity("m^3/m^2")] = Field(
        default=1e-4, description="Liquid carried out by plated area; on racks 0.05 to 0.2 L/m^2"
    )
    dosing: Annotated[str, OneOf(DOSING, "dosing")] = Field(
        default="shift",
        description="When metal is added up to the concentration: as the calendar opens and at each dose_every, after "
        "each load by a sensor, or never",
    )
    dose_every: Annotated[float, Quantity("s", "(0, inf)")] = Field(
        default=8 * HOUR,
        description="Time between two analyses of the laboratory, after which dosing by shift adds metal",
    )
    ageing: Annotated[float, Number("[0, 1]", "0.02")] = Field(
        default=0.0,
        description="Share of the efficiency lost with each turnover (metal deposited over metal in the bath); a "
        "planned stop with new_die makes a new bath. 0 to 0.05",
    )
    temperature: Annotated[float, Quantity("degC", "[0, 200]")] = Field(description="Set point; nickel 45 to 60 degC")
    temperature_low: Annotated[float, Quantity("degC", "[0, 200]")] = Field(
        description="No load goes into a colder bath: it waits for the heater (stop heat_up)"
    )
    ambient: Annotated[float, Quantity("degC", "[-50, 200]")] = Field(default=20.0, description="Of the hall")
    loss: Annotated[float, Quantity("W/K", "(0, inf)")] = Field(
        description="Of walls and surface above the hall, evaporation included; open at 60 degC 40 to 60 W/K per m^2"
    )
    heater: Annotated[float, Quantity("W", "(0, inf)")] = Field(description="Most heat that it gives to the bath")
    heater_efficiency: Annotated[float, Number("(0, 1]", "0.95")] = Field(
        default=0.95, description="Electric 0.95 to 1, steam 0.7 to 0.85"
    )
    heat_off_shift: Annotated[bool, Flag()] = Field(
        default=True, description="Whether it is kept warm while the calendar is closed"
    )
    density: Annotated[float, Quantity("kg/m^3", "(0, inf)")] = Field(
        default=1150.0, description="Of the liquid; 1,000 to 1,250"
    )
    specific_heat: Annotated[float, Quantity("J/kg/K", "(0, inf)")] = Field(
        default=3700.0, description="Of the liquid; 3,500 to 4,190"
    )
    upset_every: Annotated[float | None, Quantity("s", "(0, inf)")] = Field(
        default=None,
        description="Mean time until something else is wrong with the bath (pH, brightener, dirt), exponential; it is "
        "put right at the next analysis: as the calendar opens and at each dose_every; default: never",
    )
    upset_scrap: Annotated[float, Number("[0, 1]", "0.3")] = Field(
        default=0.0, description="Share of parts that such a bath spoils"
    )
    recall: Annotated[float, Number("[0, 1]", "0.8")] = Field(
        default=0.0,
        description="Share of these upsets that a sensor in the bath sees; they are put right before the next load",
    )

    @model_validator(mode="after")
    def _check(self) -> Bath:
        found: list[tuple[Path, str]] = []
        for key in ("upset_scrap", "recall") if self.upset_every is None else ():
            if getattr(self, key):
                found.append(((key,), "has no effect while nothing upsets the bath; write upset_every or remove it"))
        if self.minimum >= self.thickness:
            found.append((("minimum",), f"must be below thickness, {self.thickness * 1e6:g} um"))
        warmest = self.ambient + self.heater / self.loss
        if warmest <= self.temperature_low:
            found.append(
                (("heater",), f"keeps the bath at {warmest:.4g} degC at most, below temperature_low; raise it")
            )
        if self.low >= self.concentration:
            found.append((("low",), f"must be below concentration, {self.concentration:g} kg/m^3"))
        if not self.ambient < self.temperature_low < self.temperature:
            message = f"must lie between ambient and temperature, {self.ambient:g} and {self.temperature:g} degC"
            found.append((("temperature_low",), message))
        if found:
            raise carrier(*found)
        return self


class Torch(Law):
    """[station.<name>.torch]: torch and contact tip of a welding machine, cleaned after so many seams."""

    every: Annotated[int, Whole("[1, 100000]", "60")] = Field(
        description="Seams between two services; cleaning each 10 to 50 parts is usual"
    )
    seams: Annotated[int, Whole("[1, 10000]", "6")] = Field(default=1, description="Of a part")
    service: Annotated[float, Quantity("s", "(0, inf)")] = Field(
        default=12.0, description="Time of one (stop torch_service); cleaning and cutting the wire 8 to 15 s"
    )


class Seam(Law):
    """[station.<name>.seam]: arc welding in passes; before each the joint must be neither too hot nor too cold.

    The cycle of the station holds all passes, evenly, and what is between the arcs; waits come on top.
    """

    seams: Annotated[int, Whole("[1, 10000]", "6")] = Field(default=1, description="Of a part, all alike")
    passes: Annotated[int, Whole("[1, 100]", "3")] = Field(
        default=1, description="Of each seam; a pass is made on all seams before the next one begins"
    )
    length: Annotated[float, Quantity("m", "(0, inf)")] = Field(description="Of a seam")
    travel_speed: Annotated[float, Quantity("m/s", "(0, inf)")] = Field(
        description="Of the arc along the seam, 3 to 20 mm/s; the rest of the cycle is moves and handling"
    )
    current: Annotated[float, Quantity("A", "(0, inf)")] = Field(description="Of the arc, 100 to 600 A")
    voltage: Annotated[float, Quantity("V", "(0, inf)")] = Field(description="Of the arc, 15 to 35 V")
    arc_efficiency: Annotated[float, Number("(0, 1]", "0.8")] = Field(
        default=0.8,
        description="Share of its power that enters the part (EN 1011-1): MAG 0.8, TIG 0.6, submerged arc 1",
    )
    source_efficiency: Annotated[float, Number("(0, 1]", "0.85")] = Field(
        default=0.85, description="Of the power source: inverters 0.80 to 0.90"
    )
    mass: Annotated[float, Quantity("kg", "(0, inf)")] = Field(
        description="Of the part, or of what the heat of a pass reaches within the wait"
    )
    specific_heat: Annotated[float, Quantity("J/kg/K", "(0, inf)")] = Field(
        default=500.0, description="Of the part; steel to 300 degC 500 to 530"
    )
    surface: Annotated[float, Quantity("m^2", "(0, inf)")] = Field(description="Of the part, that cools")
    convection: Annotated[float, Quantity("W/m^2/K", "(0, inf)")] = Field(
        default=12.0, description="In still air 5 to 15"
    )
    emissivity: Annotated[float, Number("[0, 1]", "0.6")] = Field(
        default=0.6, description="Of the surface; 0.3 bright to 0.8 scaled"
    )
    ambient: Annotated[float, Quantity("degC", "[-50, 200]")] = Field(default=20.0, description="Air and cold parts")
    interpass: Annotated[float, Quantity("degC", "[0, 1000]")] = Field(
        description="Highest temperature of the joint before a pass (stop interpass while it cools); 100 to 250 degC"
    )
    preheat: Annotated[float | None, Quantity("degC", "[0, 1000]")] = Field(
        default=None, description="Least one (stop preheat until the part is warm again); default: none"
    )
    preheat_power: Annotated[float, Quantity("W", "(0, inf)")] = Field(
        default=10e3, description="Heat of burners or coils into the part"
    )
    preheat_efficiency: Annotated[float, Number("(0, 1]", "0.4")] = Field(
        default=0.4, description="That heat over energy taken; burners 0.2 to 0.4, induction 0.6 to 0.8"
    )
    width: Annotated[float, Quantity("m")] = Field(
        default=0.0,
        description="Of the part across a seam in its middle, which stays hotter than the mean; default: both are one",
    )
    diffusivity: Annotated[float, Quantity("m^2/s", "(0, inf)")] = Field(
        default=1.1e-5, description="Steel near 200 degC 1.0e-5 to 1.3e-5 m^2/s; counts with width only"
    )
    restart_scrap: Annotated[float, Number("[0, 1]", "0.05")] = Field(
        default=0.0, description="Probability that a pass which was interrupted by a stop makes the part scrap (crater)"
    )
    faults: Annotated[float, Number("[0, 1)", "0.025")] = Field(
        default=0.0,
        description="Probability that a part has a faulty seam and is bad; with yield_seen = false it goes on until "
        "somebody finds it",
    )
    gap_share: Annotated[float, Number("[0, 1]", "0.6")] = Field(
        default=0.0, description="Share of the hazard of a faulty seam that comes from gaps of the joint"
    )
    gap_recall: Annotated[float, Number("[0, 1]", "0.8")] = Field(
        default=0.0, description="Share of these gaps that a sensor of the seam sees, and has the arc bridge"
    )

    @model_validator(mode="after")
    def _check(self) -> Seam:
        found: list[tuple[Path, str]] = []
        lowest = self.ambient if self.preheat is None else max(self.ambient, self.preheat)
        if self.interpass <= lowest:
            found.append((("interpass",), f"must be above ambient and preheat, {lowest:g} degC"))
        if self.gap_recall > 0.0 and self.gap_share == 0.0:
            message = "has no effect while no faulty seam comes from a gap; write gap_share or remove it"
            found.append((("gap_recall",), message))
        if found:
            raise carrier(*found)
        return self


CHANGES = ("life", "count", "condition")


class Edge(Law):
    """[station.<name>.edge]: a cutting edge that wears by Taylor's law and is changed (stop tool_change)."""

    cutting_time: Annotated[float, Quantity("s", "(0, inf)")] = Field(
        description="Of a part with this edge; the rest of the cycle is idle for it"
    )
    speed: Annotated[float, Quantity("m/s", "(0, inf)")] = Field(description="Cutting speed, within 30 % of the fit")
    speed_for_1min_life: Annotated[float, Quantity("m/s", "(0, inf)")] = Field(
        description="Taylor's C: HSS 70 to 80 m/min, carbide 300, coated 500, CBN 800"
    )
    exponent: Annotated[float, Number("(0, 1)", "0.25")] = Field(
        default=0.25, description="Taylor's n: HSS 0.125, carbide 0.25, coated 0.35, CBN 0.40"
    )
    life_shape: Annotated[float | None, Number("[1, 100]", "4")] = Field(
        default=None,
        description="Weibull shape of the lives of single edges around Taylor's, which is the mean; usual 2 to 6; "
        "default: all last alike",
    )
    change: Annotated[str, OneOf(CHANGES, "rule")] = Field(
        default="life",
        description="When it is changed: Taylor's share of the life is used up, after count parts, or a sensor reads "
        "that share from the wear of this very edge",
    )
    limit: Annotated[float, Number("(0, 1]", "0.9")] = Field(
        default=0.9, description="Share of the life at which it is changed, by life or condition; 0.7 to 1"
    )
    count: Annotated[int | None, Whole("[1, 1000000]", "40")] = Field(
        default=None, description='Parts of an edge, with change = "count"'
    )
    reading: Annotated[float, Number("(0, 10]", "0.9")] = Field(
        default=1.0, description="Wear that the sensor reads over the true one; below 1 edges are changed late"
    )
    change_time: Annotated[float, Quantity("s", "(0, inf)")] = Field(
        description="Of a change: by a magazine 5 to 15 s, by hand with offsets 2 to 5 min"
    )
    crew: Annotated[str | None, Name("resource")] = Field(
        default=None,
        description="Who changes it; default: nobody, or who is needed for the whole cycle, not who only loads",
    )
    scrap_from: Annotated[float, Number("[0, 10]", "0.9")] = Field(
        default=1.0, description="Share of the life of this edge from which parts may become scrap"
    )
    scrap_slope: Annotated[float, Number("[0, inf)", "0.5")] = Field(
        default=0.0, description="Scrap probability of a part per whole life beyond it; default: wear makes no scrap"
    )

    @model_validator(mode="after")
    def _check(self) -> Edge:
        if (self.change == "count") != (self.count is not None):
            raise carrier((("count",), 'count and change = "count" go together; write both or none'))
        if self.reading != 1.0 and self.change != "condition":
            raise carrier((("reading",), 'only change = "condition" has a sensor; remove reading'))
        return self


class Build(Law):
    """[station.<name>.build]: a powder-bed printer; a load is a build, and its cycle holds setting up and cooling."""

    plate: Annotated[int, Whole("[1, 10000]", "12")] = Field(
        description="Parts of the build for which the cycle of the station holds; fewer melt faster"
    )
    volume: Annotated[float, Quantity("m^3", "(0, inf)")] = Field(description="Of a part, supports included")
    height: Annotated[float, Quantity("m", "(0, inf)")] = Field(description="Of the build")
    layer: Annotated[float, Quantity("m", "(0, inf)")] = Field(description="Thickness of a layer; 30 to 80 um")
    melt_rate: Annotated[float, Quantity("m^3/s", "(0, inf)")] = Field(
        description="Of one laser; AlSi10Mg 5 mm^3/s at 30 um to 18 at 80 um (data sheets)"
    )
    lasers: Annotated[int, Whole("[1, 64]", "4")] = Field(default=1, description="That share the plate")
    utilisation: Annotated[float, Number("(0, 1]", "0.75")] = Field(
        default=0.75, description="Share of the exposure in which a laser melts; 0.6 to 0.9"
    )
    recoat: Annotated[float, Quantity("s")] = Field(default=9.0, description="Time to coat a layer; 7 to 12 s")
    failure: Annotated[float, Number("[0, 1]", "0.05")] = Field(
        default=0.0, description="Probability that a build fails, at any time of it; all parts of the plate are lost"
    )
    coating_share: Annotated[float, Number("[0, 1]", "0.6")] = Field(
        default=0.0,
        description="Share of these failures that begin in a bad layer of powder: streaks, too little of it",
    )
    layer_recall: Annotated[float, Number("[0, 1]", "0.8")] = Field(
        default=0.0, description="Share of bad layers that a camera sees; they are coated again before they are melted"
    )
    monitored: Annotated[bool, Flag()] = Field(
        default=True, description="Whether a failed build is ended at once; false: it is found at the end"
    )
    longest_pause: Annotated[float | None, Quantity("s")] = Field(
        default=None, description="A build that has stood longer, all stops together, is lost; default: it never is"
    )
    power: Annotated[float, Quantity("W")] = Field(default=0.0, description="Electricity while it builds; 2 to 6 kW")
    pause_power: Annotated[float, Quantity("W")] = Field(
        default=0.0, description="In the rest of the cycle and in its stops: gas, heating, control"
    )

    @model_validator(mode="after")
    def _check(self) -> Build:
        if self.layer_recall > 0.0 and self.coating_share == 0.0:
            message = "has no effect while no failure begins in a bad layer; write coating_share or remove it"
            raise carrier((("layer_recall",), message))
        return self
