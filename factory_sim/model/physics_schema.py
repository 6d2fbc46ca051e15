"""Schema of the tables of a station by which the physics of a process comes into the loop; see `schema`."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, model_validator

from factory_sim.model.kinds import Number, OneOf, Quantity, Whole, carrier
from factory_sim.model.problems import Path
from factory_sim.model.tables import Table
from factory_sim.model.units import HOUR, MINUTE

TABLES: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "machine": ((), ()),
    "casting.high_pressure": (("die",), ("melt",)),
    "casting.gravity": (("melt",), ("die",)),
    "casting.low_pressure": (("melt",), ("die",)),
    "forging.heater": (("heater",), ()),
    "forging.press": (("billet",), ()),
    "plating.bath": (("bath",), ()),
    "welding.arc": (("seam",), ("torch",)),
    "heat_treatment.furnace": (("furnace",), ()),
    "heat_treatment.quench": (("quench",), ()),
    "film.web": ((), ()),
    "coating.oven": ((), ()),
    "machining.centre": (("edge",), ()),
    "additive.printer": (("build",), ()),
    "injection.press": (("mould",), ("dryer",)),
}
"""Tables that a technology needs, and those that it may have."""

TECHNOLOGIES = tuple(TABLES)
LAWS = (
    "melt", "die", "heater", "billet", "bath", "torch", "seam", "furnace", "quench", "edge", "build", "dryer", "mould",
)  # fmt: skip
"""Tables that set a law of motion."""


class Law(Table):
    """What all tables of a physical state have."""

    physics_scrap: Annotated[float, Number("[0, 1)", "0.07")] = Field(
        default=0.0,
        description="Share of parts that the history of this state costs in the baseline (warm-up, outside its "
        "window); other parts are scrap with 1 - yield/(1 - physics_scrap), at least 0",
    )
    carrier: Annotated[str, OneOf(("none", "electricity", "gas"), "carrier")] = Field(
        default="none",
        description="Energy that the process takes by its physics; none: power and the keys per part tell it",
    )


class Die(Law):
    """[station.<name>.die]: the die of a casting machine as one heat capacity."""

    heat_capacity: Annotated[float, Quantity("J/K", "(0, inf)")] = Field(
        description="Of the active die steel, mass times specific heat"
    )
    shot_heat: Annotated[float, Quantity("J", "(0, inf)")] = Field(description="Heat that one shot gives to the die")
    spray_share: Annotated[float, Number("[0, 1)", "0.15")] = Field(
        description="Part of shot_heat that the spray carries away"
    )
    loss_running: Annotated[float, Quantity("W/K", "(0, inf)")] = Field(
        description="Conductance to the sink while the machine cycles"
    )
    loss_stopped: Annotated[float, Quantity("W/K", "[0, inf)")] = Field(
        description="Conductance to the sink in a stop, water shut"
    )
    sink_temperature: Annotated[float, Quantity("degC", "[-50, 1000]")] = Field(
        description="Of cooling water and platens"
    )
    preheat_temperature: Annotated[float, Quantity("degC", "[-50, 1000]")] = Field(
        description="Of the die at the beginning and after a preheated closure"
    )
    freeze_temperature: Annotated[float, Quantity("degC", "[-50, 2000]")] = Field(
        description="Of the alloy where the dwell ends, one effective number"
    )
    dwell: Annotated[float, Quantity("s", "(0, inf)")] = Field(
        description="Part of the cycle for solidification, with the die at reference_temperature"
    )
    reference_temperature: Annotated[float, Quantity("degC", "[-50, 1000]")] = Field(
        description="Die temperature before a shot for which dwell holds"
    )
    window_low: Annotated[float, Quantity("degC", "[-50, 1000]")] = Field(
        description="Die temperature before a shot below which cold scrap begins"
    )
    window_high: Annotated[float, Quantity("degC", "[-50, 1000]")] = Field(
        description="Die temperature before a shot above which hot scrap begins"
    )
    cold_slope: Annotated[float, Quantity("1/K")] = Field(description="Scrap probability per kelvin below the window")
    hot_slope: Annotated[float, Quantity("1/K")] = Field(description="Scrap probability per kelvin above the window")
    discard_after: Annotated[float, Quantity("s")] = Field(
        default=10 * MINUTE, description="A stop longer than this makes the operator discard the next shots"
    )
    discard_shots: Annotated[int, Whole("[0, 1000]", "7")] = Field(
        default=7, description="Shots that the operator discards"
    )
    release_temperature: Annotated[float | None, Quantity("degC", "[-50, 1000]")] = Field(
        default=None,
        description="With a thermocouple: discard until the die is this warm instead of counting; default: count",
    )
    preheat_after: Annotated[float, Quantity("s")] = Field(
        default=8 * HOUR, description="A closure of the calendar longer than this ends with a preheated die"
    )

    @model_validator(mode="after")
    def _check(self) -> Die:
        found: list[tuple[Path, str]] = []
        for lower in ("sink_temperature", "reference_temperature"):
            if getattr(self, lower) >= self.freeze_temperature:
                found.append((("freeze_temperature",), f"must be above {lower}, {getattr(self, lower):g} degC"))
        if self.window_low >= self.window_high:
            found.append((("window_high",), f"must be above window_low, {self.window_low:g} degC"))
        if found:
            raise carrier(*found)
        return self


class Heater(Law):
    """[station.<name>.heater]: heats parts before a press, by induction or gas."""

    temperature: Annotated[float, Quantity("degC", "[-50, 2000]")] = Field(description="Of the parts that leave")
    mass: Annotated[float, Quantity("kg", "(0, inf)")] = Field(description="Of a part")
    specific_heat: Annotated[float, Quantity("J/kg/K", "(0, inf)")] = Field(
        description="Mean from cold to hot; steel to 1,230 degC about 690 J/(kg K)"
    )
    efficiency: Annotated[float, Number("(0, 1]", "0.65")] = Field(
        description="Heat in the part over energy taken; induction 0.5 to 0.7, gas 0.25 to 0.35"
    )
    ambient: Annotated[float, Quantity("degC", "[-50, 200]")] = Field(default=20.0, description="Of cold parts")


class Billet(Law):
    """[station.<name>.billet]: parts that cool while they wait and must be hot when the machine takes them."""

    diameter: Annotated[float, Quantity("m", "(0, inf)")] = Field(description="Of the round billet")
    length: Annotated[float, Quantity("m", "(0, inf)")] = Field(description="Of the billet")
    density: Annotated[float, Quantity("kg/m^3", "(0, inf)")] = Field(description="Hot; steel 7,500 to 7,650")
    specific_heat: Annotated[float, Quantity("J/kg/K", "(0, inf)")] = Field(description="Hot; steel 650 to 700")
    convection: Annotated[float, Quantity("W/m^2/K")] = Field(default=15.0, description="In still air 10 to 25")
    emissivity: Annotated[float, Number("(0, 1]", "0.8")] = Field(default=0.8, description="Scaled steel 0.80 to 0.85")
    ambient: Annotated[float, Quantity("degC", "[-50, 200]")] = Field(default=20.0, description="Air and surroundings")
    conductivity: Annotated[float | None, Quantity("W/m/K", "(0, inf)")] = Field(
        default=None, description="Hot; steel 26 to 30; default: surface and mean are one"
    )
    reheat_below: Annotated[float, Quantity("degC", "[-50, 2000]")] = Field(
        description="A colder part goes back to be heated (rework_to names the heater)"
    )
    reject_below: Annotated[float, Quantity("degC", "[-50, 2000]")] = Field(
        description="A part colder than this is rejected instead"
    )
    reheats: Annotated[int, Whole("[0, 100]", "1")] = Field(
        default=1, description="How often a part may be heated again; then it is rejected"
    )

    @model_validator(mode="after")
    def _check(self) -> Billet:
        if self.reject_below > self.reheat_below:
            message = f"must not be above reheat_below, {self.reheat_below:g} degC"
            raise carrier((("reject_below",), message))
        return self
