"""Schema of stations with many parts inside at once that move through: conveyors, continuous furnaces, webs."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field, ValidationError, model_validator

from factory_sim.model.distribution import Distribution
from factory_sim.model.kinds import Flag, Name, Number, OneOf, Quantity, Text, Whole, carrier
from factory_sim.model.physics_schema import LAWS
from factory_sim.model.problems import Path
from factory_sim.model.shapes import Dist
from factory_sim.model.tables import Table

KINDS = ("conveyor", "continuous_furnace", "web")
DRIVES = ("belt", "walking_beam", "pusher")
SLACK = 1e-9  # share of a pitch that a length may miss a whole number of them
ALONE = (
    "speed",
    "loss",
    "needs",
    "attend",
    "load",
    "setup",
    "batch",
    *LAWS,
    "standby",
    "preempt",
    "blocking",
    "measure",
)
"""Keys of a station that speak of one part, or one load, at a time."""


class Zone(Table):
    """[[station.<name>.flow.zone]]: a stretch, such as an oven, in which parts must not stand."""

    name: Annotated[str | None, Text()] = Field(default=None, description="What it is")
    from_: Annotated[float, Quantity("m")] = Field(alias="from", description="Where it begins, after the entrance")
    length: Annotated[float, Quantity("m", "(0, inf)")] = Field(description="How long it is")
    lost_after: Annotated[float, Quantity("s")] = Field(
        default=0.0, description="Parts inside are lost in a stop that is longer than this"
    )


class WebBreak(Table):
    """[station.<name>.flow.web_break]: the web breaks at random; what is inside is lost."""

    every: Annotated[float, Quantity("m", "(0, inf)")] = Field(description="Mean length of web between two breaks")
    rethread: Annotated[Distribution, Dist("s")] = Field(description="Time until the web is threaded again")
    crew: Annotated[str | None, Name("resource")] = Field(default=None, description="Resource that does it")
    priority: Annotated[int, Whole("[-1000, 1000]", "0")] = Field(
        default=0, description="Order in which stops get the crew, lower first"
    )


class Drying(Table):
    """[station.<name>.flow.drying]: a dryer of a web; what stands in it too long, all stops together, is lost."""

    from_: Annotated[float, Quantity("m")] = Field(
        default=0.0, alias="from", description="Where it begins, after the entrance"
    )
    length: Annotated[float, Quantity("m", "(0, inf)")] = Field(description="How long it is")
    water: Annotated[float, Quantity("kg/m^2", "(0, inf)")] = Field(
        description="Of the web as it enters, above equilibrium; coatings 10 to 100 g/m^2"
    )
    critical: Annotated[float, Quantity("kg/m^2", "(0, inf)")] = Field(
        description="Water at which the surface goes dry and drying slows down; a fifth to a half of it"
    )
    least: Annotated[float, Quantity("kg/m^2", "(0, inf)")] = Field(description="Web with less left is lost (too dry)")
    most: Annotated[float, Quantity("kg/m^2", "(0, inf)")] = Field(description="Most that good web may have left")
    stopped_rate: Annotated[float, Number("[0, 1]", "0.4")] = Field(
        default=1.0, description="Drying in a stop over that in the run; if dampers close 0.2 to 0.6"
    )
    heat_transfer: Annotated[float, Quantity("W/m^2/K", "(0, inf)")] = Field(
        description="Of the air to both faces; impingement 50 to 150"
    )
    air: Annotated[float, Quantity("degC", "[0, 500]")] = Field(description="Temperature of the air")
    wet_bulb: Annotated[float, Quantity("degC", "[0, 200]")] = Field(description="Its wet-bulb temperature")
    latent_heat: Annotated[float, Quantity("J/kg", "(0, inf)")] = Field(
        default=2.39e6, description="Of evaporation; water near 45 degC 2.39e6 J/kg"
    )

    @model_validator(mode="after")
    def _check(self) -> Drying:
        if self.wet_bulb >= self.air:
            raise carrier((("wet_bulb",), f"must be below air, {self.air:g} degC"))
        return self


class Cure(Table):
    """[station.<name>.flow.cure]: an oven for paint; parts that stand in it too long, all stops together, are scrap."""

    from_: Annotated[float, Quantity("m")] = Field(
        default=0.0, alias="from", description="Where it begins, after the entrance"
    )
    length: Annotated[float, Quantity("m", "(0, inf)")] = Field(description="How long it is")
    thickness: Annotated[float, Quantity("m", "(0, inf)")] = Field(
        description="Of the painted sheet, heated from both faces"
    )
    density: Annotated[float, Quantity("kg/m^3", "(0, inf)")] = Field(default=7850.0, description="Of it; steel 7,850")
    specific_heat: Annotated[float, Quantity("J/kg/K", "(0, inf)")] = Field(
        default=500.0, description="Of it; steel to 200 degC 480 to 520"
    )
    convection: Annotated[float, Quantity("W/m^2/K")] = Field(
        default=25.0, description="To each face; moving air 20 to 100"
    )
    emissivity: Annotated[float, Number("[0, 1]", "0.9")] = Field(default=0.9, description="Of paint, 0.8 to 0.95")
    oven: Annotated[float, Quantity("degC", "[0, 500]")] = Field(description="Temperature of its air and walls")
    ambient: Annotated[float, Quantity("degC", "[-50, 200]")] = Field(default=20.0, description="Of parts that come")
    activation: Annotated[float, Quantity("J/mol", "[0, 1e6]")] = Field(
        default=80e3, description="Of curing over the temperature; 60 to 100 kJ/mol, typical"
    )
    reference_temperature: Annotated[float, Quantity("degC", "[0, 500]")] = Field(
        description="Of the part, for which least and most are; data sheets 140 to 200 degC"
    )
    least: Annotated[float, Quantity("s", "(0, inf)")] = Field(
        description="Bake time at it; with less the paint is soft"
    )
    most: Annotated[float, Quantity("s", "(0, inf)")] = Field(description="With more it is over-baked, and scrap")

    @model_validator(mode="after")
    def _check(self) -> Cure:
        found: list[tuple[Path, str]] = []
        if self.ambient >= self.oven:
            found.append((("oven",), f"must be above ambient, {self.ambient:g} degC"))
        if self.least >= self.most:
            found.append((("most",), f"must be above least, {self.least:g} s"))
        if self.convection == self.emissivity == 0.0:
            found.append((("emissivity",), "must be positive if convection is 0, or parts are never heated"))
        if found:
            raise carrier(*found)
        return self


class Flow(Table):
    """[station.<name>.flow]: parts move through; the cycle is pitch/speed and is not given beside it."""

    kind: Annotated[str, OneOf(KINDS, "kind")] = Field(
        description="What it is; a web moves only as long as there is more of it to draw in"
    )
    length: Annotated[float, Quantity("m", "(0, inf)")] = Field(description="From entrance to exit")
    pitch: Annotated[float, Quantity("m", "(0, inf)")] = Field(
        description="Least distance from part to part at the entrance; of a web: the piece that counts as one part"
    )
    speed: Annotated[float | None, Quantity("m/s", "(0, inf)")] = Field(
        default=None, description="Speed of the parts; default: length/residence"
    )
    residence: Annotated[float | None, Quantity("s", "(0, inf)")] = Field(
        default=None, description="Time from entrance to exit without a stop, instead of speed"
    )
    part_length: Annotated[float | None, Quantity("m", "(0, inf)")] = Field(
        default=None, description="Length of a part, to which parts close up; default: pitch"
    )
    accumulating: Annotated[bool, Flag()] = Field(
        default=False, description="Of a conveyor: parts close up before a blocked exit; else everything stops with it"
    )
    drive: Annotated[str, OneOf(DRIVES, "drive")] = Field(
        default="belt",
        description="Of a furnace: a belt runs on, a walking beam moves all parts one pitch at a time, a pusher "
        "moves them only when another part is pushed in",
    )
    max_residence: Annotated[float | None, Quantity("s", "(0, inf)")] = Field(
        default=None,
        description="A part that has been inside longer, stops and the wait at a blocked exit included, is scrap; "
        "default: no limit",
    )
    zone: tuple[Zone, ...] = Field(default=(), description="Stretches in which parts must not stand")
    drying: Drying | None = Field(default=None, description="Of a web: drying that goes on in a stop; default: none")
    cure: Cure | None = Field(
        default=None, description="Oven for paint, which goes on curing in a stop; not of an accumulating conveyor"
    )
    web_break: WebBreak | None = Field(default=None, description="Of a web: breaks; default: none")
    startup_waste: Annotated[float, Quantity("m")] = Field(
        default=0.0,
        description="Of a web: length that is waste after a break, and after a stop longer than startup_after",
    )
    startup_after: Annotated[float | None, Quantity("s")] = Field(
        default=None, description="Stop after which there is startup_waste too; default: only after a break"
    )

    @model_validator(mode="after")
    def _check(self) -> Flow:
        found = [*self._lengths(), *self._kinds()]
        if (self.speed is None) == (self.residence is None):
            found.append((("speed",), "write either speed or residence"))
        if self.startup_after is not None and not self.startup_waste:
            found.append((("startup_after",), "startup_after without startup_waste has no effect; write both or none"))
        if found:
            raise carrier(*found)
        return self

    def _lengths(self) -> list[tuple[Path, str]]:
        found: list[tuple[Path, str]] = []
        part = self.part
        if part > self.length:
            found.append((("part_length",), f"a part of {part:g} m is longer than the {self.length:g} m; make it fit"))
        elif self.pitch > self.length:
            found.append((("pitch",), f"must be at most the length, {self.length:g} m"))
        if self.length >= part > self.pitch:
            message = f"parts of {part:g} m overlap with a pitch of {self.pitch:g} m; raise pitch"
            found.append((("pitch",), message))
        for key, oven in (("drying", self.drying), ("cure", self.cure)):
            if oven is not None and oven.from_ + oven.length > self.length * (1.0 + SLACK):
                found.append(((key, "length"), f"ends behind the length of {self.length:g} m; make it fit"))
        for index, zone in enumerate(self.zone):
            if zone.from_ + zone.length > self.length * (1.0 + SLACK):
                message = f"ends at {zone.from_ + zone.length:g} m, but the length is {self.length:g} m; make it fit"
                found.append((("zone", index, "length"), message))
        return found

    def _kinds(self) -> list[tuple[Path, str]]:
        found: list[tuple[Path, str]] = []
        if self.accumulating and self.kind != "conveyor":
            found.append((("accumulating",), "only a conveyor accumulates; remove it"))
        for key in ("zone", "cure") if self.accumulating and self.kind == "conveyor" else ():
            if getattr(self, key):
                message = f"parts of an accumulating conveyor stand anywhere; remove {key}, or accumulating"
                found.append(((key,), message))
        if self.cure is not None and self.drying is not None:
            found.append((("cure",), "a flow has one oven, and this has a dryer; remove one, or make two stations"))
        if self.drive != "belt" and self.kind != "continuous_furnace":
            found.append((("drive",), f"a {self.kind} has no drive of another kind; remove it"))
        count = self.length / self.pitch
        if self.drive != "belt" and abs(count - round(count)) > SLACK * count:
            found.append((("pitch",), f"the length must be a whole number of pitches, not {count:g}; change one"))
        if self.kind != "web":
            for key in ("drying", "web_break", "startup_waste"):
                if getattr(self, key):
                    found.append(((key,), f"only a web has {key}; remove it"))
        return found

    @property
    def part(self) -> float:
        """Length of a part. [m]"""
        return self.part_length or self.pitch

    @property
    def pace(self) -> float:
        """Speed of the parts. [m/s]"""
        if self.speed is not None:
            return self.speed
        assert self.residence is not None, "the reader refuses a flow without speed and residence"
        return self.length / self.residence

    @property
    def cycle(self) -> Distribution:
        """Time between two parts at full flow."""
        return Distribution("constant", (self.pitch / self.pace,))


def with_cycle(raw: Any) -> Any:
    """Return a raw station with the cycle that its flow makes; one that gives both stays as it is."""
    if not isinstance(raw, dict) or "flow" not in raw or "cycle" in raw:
        return raw
    try:
        flow = Flow.model_validate(raw["flow"])
    except ValidationError:
        return {**raw, "cycle": "1 s"}  # what is wrong with the flow is reported as such
    return {**raw, "cycle": flow.cycle}


def misfits(station: Any) -> list[tuple[Path, str]]:
    """Return the keys of a station that do not go with its flow."""
    fields = type(station).model_fields
    keys = [key for key in ALONE if getattr(station, key) != fields[key].get_default(call_default_factory=True)]
    found: list[tuple[Path, str]] = [
        ((key,), f"speaks of one part at a time, but many are inside with [station.<name>.flow]; remove {key} or flow")
        for key in keys
    ]
    for table in ("failure", "planned"):
        for name, stop in getattr(station, table).items():
            if stop.clock in ("parts", "wear"):
                message = "stops that count parts are not known where parts move through; write time, or remove flow"
                found.append(((table, name, "clock"), message))
            if stop.run_in:
                found.append(((table, name, "run_in"), "a flow discards no parts after a stop; remove it, or flow"))
    if station.off_shift == "no_start":
        found.append((("off_shift",), "parts inside a flow have no cycle that ends; write pause or finish"))
    return found
