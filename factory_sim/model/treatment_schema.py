"""Schema of plating baths, welded seams, cutting edges and builds; see `physics_schema`."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, model_validator

from factory_sim.model.kinds import Flag, Number, OneOf, Quantity, carrier
from factory_sim.model.physics_schema import Law
from factory_sim.model.problems import Path
from factory_sim.model.units import HOUR

METALS = ("nickel", "copper", "zinc", "chromium", "trivalent_chromium")
DOSING = ("shift", "sensor", "none")
CONTROL = ("time", "thickness")


class Bath(Law):
    """[station.<name>.bath]: a plating bath; the cycle of the station holds the plating time of the fresh bath."""

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
        default=8 * HOUR, description="Time between two analyses, with dosing by shift"
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

    @model_validator(mode="after")
    def _check(self) -> Bath:
        found: list[tuple[Path, str]] = []
        if self.minimum >= self.thickness:
            found.append((("minimum",), f"must be below thickness, {self.thickness * 1e6:g} um"))
        if self.low >= self.concentration:
            found.append((("low",), f"must be below concentration, {self.concentration:g} kg/m^3"))
        if not self.ambient < self.temperature_low < self.temperature:
            message = f"must lie between ambient and temperature, {self.ambient:g} and {self.temperature:g} degC"
            found.append((("temperature_low",), message))
        if found:
            raise carrier(*found)
        return self
