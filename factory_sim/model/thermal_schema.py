"""Schema of holding furnaces, batch furnaces, quenches and moulds; see `physics_schema`."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, model_validator

from factory_sim.model.kinds import Flag, Number, Quantity, carrier
from factory_sim.model.physics_schema import Law
from factory_sim.model.problems import Path


class Melt(Law):
    """[station.<name>.melt]: the holding furnace of a casting machine."""

    shot_mass: Annotated[float, Quantity("kg", "(0, inf)")] = Field(
        description="Metal that one cycle takes, runner and biscuit included"
    )
    full: Annotated[float, Quantity("kg", "(0, inf)")] = Field(description="Metal in the full furnace")
    heel: Annotated[float, Quantity("kg")] = Field(default=0.0, description="Metal that stays in the furnace")
    top_up_below: Annotated[float | None, Quantity("kg")] = Field(
        default=None, description="With less metal the furnace is topped up before the next cycle; default: the heel"
    )
    charge: Annotated[float | None, Quantity("kg", "(0, inf)")] = Field(
        default=None, description="Metal of one top-up, at most until the furnace is full; default: until it is full"
    )
    charge_time: Annotated[float, Quantity("s")] = Field(
        default=0.0, description="Time of a top-up, during which the machine waits; 0: it casts on"
    )
    charge_temperature: Annotated[float, Quantity("degC", "[-50, 2000]")] = Field(
        default=720.0, description="Of that metal; 20 degC: cold ingots, which the furnace melts"
    )
    temperature: Annotated[float, Quantity("degC", "[-50, 2000]")] = Field(
        default=680.0, description="Set point of the thermostat; Al-Si 660 to 720"
    )
    holding_loss: Annotated[float, Quantity("W", "(0, inf)")] = Field(
        description="Heat lost at the set point by walls, lid and open well (an open well of aluminium 23 kW/m^2)"
    )
    power: Annotated[float, Quantity("W", "(0, inf)")] = Field(description="Most heat that the heater gives the metal")
    efficiency: Annotated[float, Number("(0, 1]", "0.9")] = Field(
        description="Heat in metal and walls over energy taken; electric 0.8 to 0.95, gas 0.4 to 0.6"
    )
    ambient: Annotated[float, Quantity("degC", "[-50, 200]")] = Field(default=25.0, description="Of the hall")
    specific_heat_solid: Annotated[float, Quantity("J/kg/K", "(0, inf)")] = Field(
        default=963.0, description="Default: AlSi7Mg"
    )
    specific_heat_liquid: Annotated[float, Quantity("J/kg/K", "(0, inf)")] = Field(
        default=1160.0, description="Al-Si 1,080 to 1,160"
    )
    latent_heat: Annotated[float, Quantity("J/kg", "(0, inf)")] = Field(
        default=389e3, description="Al-Si 389 to 500 kJ/kg; tables disagree"
    )
    freeze_temperature: Annotated[float, Quantity("degC", "[-50, 2000]")] = Field(
        default=585.0, description="One number between solidus and liquidus"
    )
    transfer_drop: Annotated[float, Quantity("K")] = Field(
        default=15.0, description="Fall of temperature from furnace to mould, 5 to 40 K"
    )
    window_low: Annotated[float, Quantity("degC", "[-50, 2000]")] = Field(
        default=620.0, description="Pour temperature below which cold scrap begins"
    )
    window_high: Annotated[float, Quantity("degC", "[-50, 2000]")] = Field(
        default=720.0, description="Pour temperature above which hot scrap begins"
    )
    cold_slope: Annotated[float, Quantity("1/K")] = Field(
        default=0.02, description="Scrap probability per kelvin below the window, typical"
    )
    hot_slope: Annotated[float, Quantity("1/K")] = Field(
        default=0.02, description="Scrap probability per kelvin above the window, typical"
    )
    wait_below: Annotated[float | None, Quantity("degC", "[-50, 2000]")] = Field(
        default=None,
        description="With a colder melt (in the furnace) the machine waits until it is so warm; default: it casts as "
        "soon as all is liquid",
    )
    held_in_stops: Annotated[bool, Flag()] = Field(
        default=True, description="false: a stop in the midst of a cycle (a failure) takes the heater along"
    )
    heat_off_shift: Annotated[bool, Flag()] = Field(default=True, description="Whether the melt is held off shift too")

    @model_validator(mode="after")
    def _check(self) -> Melt:
        found: list[tuple[Path, str]] = []
        if self.heel + self.shot_mass > self.full:
            found.append((("full",), f"must hold heel and shot, {self.heel + self.shot_mass:g} kg"))
        elif self.top_up_below is not None and not self.heel <= self.top_up_below < self.full:
            found.append((("top_up_below",), f"must lie between heel, {self.heel:g} kg, and full, {self.full:g} kg"))
        if self.charge is not None and self.charge < self.shot_mass:
            found.append((("charge",), f"must be a shot at least, {self.shot_mass:g} kg"))
        if not self.ambient < self.freeze_temperature < self.temperature:
            message = f"must lie above freeze_temperature, {self.freeze_temperature:g} degC, and that above ambient"
            found.append((("temperature",), message))
        if self.wait_below is not None and self.wait_below > self.temperature:
            found.append((("wait_below",), f"must not be above temperature, {self.temperature:g} degC"))
        if self.power <= self.holding_loss:
            found.append((("power",), f"must exceed holding_loss, {self.holding_loss:g} W, or the melt gets cold"))
        if self.window_low >= self.window_high:
            found.append((("window_high",), f"must be above window_low, {self.window_low:g} degC"))
        if found:
            raise carrier(*found)
        return self
