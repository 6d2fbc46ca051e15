"""Schema of holding furnaces, batch furnaces, quenches and moulds; see `physics_schema`."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, model_validator

from factory_sim.model.kinds import Flag, Number, OneOf, Quantity, Whole, carrier
from factory_sim.model.physics_schema import Law
from factory_sim.model.problems import Path
from factory_sim.model.tables import Id, Table
from factory_sim.model.units import HOUR, MINUTE


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


class Recipe(Table):
    """[station.<name>.furnace.recipe.<product>]: a product that is soaked for a time, without a case."""

    soak: Annotated[float, Quantity("s")] = Field(description="Time in the band")
    temperature: Annotated[float | None, Quantity("degC", "[-50, 2000]")] = Field(
        default=None, description="Set point for its loads; default: that of the furnace"
    )


class Furnace(Law):
    """[station.<name>.furnace]: a batch furnace of heat treatment; the cycle of the station is that of a fresh load."""

    parts: Annotated[int, Whole("[1, 10000]", "8")] = Field(
        description="Parts of the load for which the cycle of the station is; another load takes its own time"
    )
    mass: Annotated[float, Quantity("kg", "(0, inf)")] = Field(description="Of a part")
    fixtures: Annotated[float, Quantity("kg")] = Field(
        default=0.0, description="Grids and baskets of a load, 20 to 40 % of the parts"
    )
    specific_heat: Annotated[float, Quantity("J/kg/K", "(0, inf)")] = Field(
        default=650.0, description="Mean from cold to hot; steel to 850 to 930 degC 620 to 680"
    )
    surface: Annotated[float, Quantity("m^2", "(0, inf)")] = Field(
        description="Of a part that sees the furnace, less than all faces of packed parts"
    )
    convection: Annotated[float, Quantity("W/m^2/K")] = Field(default=20.0, description="With a fan 10 to 50")
    emissivity: Annotated[float, Number("[0, 1]", "0.8")] = Field(default=0.8, description="Of load and walls, 0.5-0.8")
    temperature: Annotated[float, Quantity("degC", "[-50, 2000]")] = Field(description="Set point")
    cycle_temperature: Annotated[float | None, Quantity("degC", "[-50, 2000]")] = Field(
        default=None,
        description="Set point for which cycle of the station, depth_in_hour and wall_loss are; another one changes "
        "heating, carburising (diffusion of carbon) and losses. Default: temperature",
    )
    ambient: Annotated[float, Quantity("degC", "[-50, 200]")] = Field(default=20.0, description="Hall and cold parts")
    band: Annotated[float, Quantity("K", "(0, inf)")] = Field(
        default=10.0, description="Below the set point, within which the soak counts, 5 to 15 K"
    )
    soak: Annotated[float | None, Quantity("s")] = Field(
        default=None, description="Time in the band; needed unless case_depth tells it"
    )
    case_depth: Annotated[float | None, Quantity("m", "(0, inf)")] = Field(
        default=None, description="Carburised case, total; the soak is the time that it takes"
    )
    depth_in_hour: Annotated[float, Quantity("m", "(0, inf)")] = Field(
        default=0.53e-3,
        description="Case after one hour of soak; it grows as the root of time (0.53 mm at 927 degC, typical)",
    )
    activation: Annotated[float, Quantity("J/mol", "[0, inf)")] = Field(
        default=148e3, description="Of that growth over the temperature; carbon in austenite 138 to 148 kJ/mol"
    )
    case_least: Annotated[float, Quantity("m")] = Field(default=0.0, description="A thinner case is scrap")
    case_most: Annotated[float | None, Quantity("m")] = Field(
        default=None, description="A deeper case is scrap; default: none is"
    )
    least_soak: Annotated[float, Quantity("s")] = Field(default=0.0, description="Parts soaked less are scrap")
    control: Annotated[str, OneOf(("soak", "clock"), "control")] = Field(
        default="soak", description="The load stays until it has soaked, or the program runs by the clock"
    )
    after_stop: Annotated[str, OneOf(("continue", "again"), "rule")] = Field(
        default="continue", description="A soak that fell out of its band goes on after the stop, or begins again"
    )
    power: Annotated[float, Quantity("W", "(0, inf)")] = Field(description="Most heat from the heater to the chamber")
    wall_loss: Annotated[float, Quantity("W", "(0, inf)")] = Field(description="At the set point")
    door_loss: Annotated[float, Quantity("W")] = Field(default=0.0, description="Heat lost while the door is open")
    door_time: Annotated[float, Quantity("s")] = Field(default=0.0, description="How long it is open for each load")
    lining: Annotated[float, Quantity("J/K", "(0, inf)")] = Field(
        default=3e5, description="Heat capacity of the inner lining, which cools without power; typical of 600 kg loads"
    )
    efficiency: Annotated[float, Number("(0, 1]", "0.7")] = Field(
        description="Heat in the chamber over energy taken; electric 1, gas about 0.7"
    )
    held_in_stops: Annotated[bool, Flag()] = Field(
        default=False, description="Whether a stop in the midst of a cycle leaves the heater on"
    )
    heat_off_shift: Annotated[bool, Flag()] = Field(
        default=True, description="Whether the empty furnace is held hot off shift too"
    )

    recipe: dict[Id, Recipe] = Field(
        default_factory=dict,
        description="Products that are treated otherwise; a load of several takes the longest of its recipes",
    )

    @model_validator(mode="after")
    def _check(self) -> Furnace:
        found: list[tuple[Path, str]] = []
        if (self.soak is None) == (self.case_depth is None):
            found.append((("soak",), "write soak or case_depth, one of them: the case tells how long it takes"))
        if self.temperature - self.band <= self.ambient:
            found.append((("temperature",), f"less band must be above ambient, {self.ambient:g} degC"))
        if self.power <= self.wall_loss:
            found.append((("power",), f"must exceed wall_loss, {self.wall_loss:g} W, or the furnace gets cold"))
        for product, recipe in self.recipe.items():
            if recipe.temperature is not None and recipe.temperature - self.band <= self.ambient:
                message = f"less band must be above ambient, {self.ambient:g} degC"
                found.append((("recipe", product, "temperature"), message))
        if self.convection == self.emissivity == 0.0:
            found.append((("emissivity",), "must be positive if convection is 0, or the load is never heated"))
        most = self.case_depth if self.case_most is None else self.case_most
        if self.case_depth is not None and not self.case_least <= self.case_depth <= (most or 0.0):
            found.append((("case_depth",), "must lie between case_least and case_most"))
        if found:
            raise carrier(*found)
        return self


class Quench(Law):
    """[station.<name>.quench]: a quench that takes parts only if they come hot and in time from their furnace."""

    mass: Annotated[float, Quantity("kg", "(0, inf)")] = Field(
        description="Of what cools in air as one: a workpiece if they lie apart, or a basket"
    )
    surface: Annotated[float, Quantity("m^2", "(0, inf)")] = Field(description="Of it that gives off heat")
    specific_heat: Annotated[float, Quantity("J/kg/K", "(0, inf)")] = Field(default=650.0, description="Hot steel")
    convection: Annotated[float, Quantity("W/m^2/K")] = Field(default=15.0, description="In still air 10 to 25")
    emissivity: Annotated[float, Number("[0, 1]", "0.8")] = Field(default=0.8, description="Scaled steel 0.80 to 0.85")
    ambient: Annotated[float, Quantity("degC", "[-50, 200]")] = Field(default=20.0, description="Air and surroundings")
    bath_temperature: Annotated[float, Quantity("degC", "[-50, 500]")] = Field(
        default=60.0, description="At which parts leave; oil 50 to 80"
    )
    longest_delay: Annotated[float | None, Quantity("s")] = Field(
        default=None, description="A part that comes later after its furnace is scrap; thin sections 20 to 30 s"
    )
    least_temperature: Annotated[float, Quantity("degC", "[-50, 2000]")] = Field(
        default=-50.0, description="A part that comes colder is scrap; default: none is"
    )

    @model_validator(mode="after")
    def _check(self) -> Quench:
        if self.longest_delay is None and self.least_temperature <= self.ambient:
            raise carrier(
                (("longest_delay",), "write longest_delay or least_temperature, or the quench rejects nothing")
            )
        if self.convection == self.emissivity == 0.0:
            raise carrier((("emissivity",), "must be positive if convection is 0, or parts never cool"))
        return self


class Mould(Law):
    """[station.<name>.mould]: the mould of an injection machine as one heat capacity, with the barrel before it."""

    shots: Annotated[int, Whole("[1, 100000]", "50")] = Field(
        default=1,
        description="Shots of one part (a tray); of a tray, what is discarded or cold is made anew and takes its time",
    )
    heat_capacity: Annotated[float, Quantity("J/K", "(0, inf)")] = Field(
        description="Of the steel between cavity and channels"
    )
    shot_heat: Annotated[float, Quantity("J", "(0, inf)")] = Field(
        description="Mass of a shot times its fall of enthalpy, 200 to 350 kJ/kg"
    )
    loss_running: Annotated[float, Quantity("W/K", "(0, inf)")] = Field(
        description="Conductance from the cavity to the coolant; conformal channels raise it"
    )
    loss_stopped: Annotated[float | None, Quantity("W/K", "(0, inf)")] = Field(
        default=None, description="Conductance to the hall in a stop, coolant off; default: the coolant stays on"
    )
    coolant_temperature: Annotated[float, Quantity("degC", "[-50, 400]")] = Field(description="Set point of its unit")
    ambient: Annotated[float, Quantity("degC", "[-50, 200]")] = Field(default=25.0, description="Of the hall")
    start_temperature: Annotated[float | None, Quantity("degC", "[-50, 400]")] = Field(
        default=None, description="Of a preheated mould; default: coolant_temperature"
    )
    window_low: Annotated[float, Quantity("degC", "[-50, 400]")] = Field(
        description="Mould temperature before a shot below which cold scrap begins"
    )
    window_high: Annotated[float, Quantity("degC", "[-50, 400]")] = Field(
        description="Mould temperature before a shot above which hot scrap begins"
    )
    cold_slope: Annotated[float, Quantity("1/K")] = Field(
        default=0.03, description="Scrap probability per kelvin below the window, 0.01 to 0.1, typical"
    )
    hot_slope: Annotated[float, Quantity("1/K")] = Field(
        default=0.03, description="Scrap probability per kelvin above the window, 0.01 to 0.1, typical"
    )
    thickness: Annotated[float, Quantity("m", "(0, inf)")] = Field(description="Of the wall that cools last")
    diffusivity: Annotated[float, Quantity("m^2/s", "(0, inf)")] = Field(
        description="Of the melt: PP 0.8e-7, ABS 1e-7, PC 1.15e-7, PA66-GF30 1.3e-7 m^2/s, typical"
    )
    melt_temperature: Annotated[float, Quantity("degC", "[0, 500]")] = Field(description="As it is injected")
    eject_temperature: Annotated[float, Quantity("degC", "[0, 500]")] = Field(
        description="Mean over the wall at which the part may leave"
    )
    reference_temperature: Annotated[float, Quantity("degC", "[-50, 400]")] = Field(
        description="Mould temperature before a shot for which the cycle of the station holds"
    )
    discard_after: Annotated[float, Quantity("s")] = Field(
        default=10 * MINUTE, description="A stop longer than this makes the operator discard the next shots"
    )
    discard_shots: Annotated[int, Whole("[0, 1000]", "8")] = Field(
        default=8, description="Shots that the operator discards"
    )
    purge_after: Annotated[float, Quantity("s")] = Field(
        default=20 * MINUTE, description="After a longer stop the melt has stayed too long in the barrel"
    )
    purge_shots: Annotated[int, Whole("[0, 1000]", "12")] = Field(
        default=0, description="Shots in the barrel, which are purged then"
    )
    cavity_sensor: Annotated[bool, Flag()] = Field(
        default=False,
        description="A sensor in the cavity releases shots as soon as the mould is in its window, instead of a count",
    )
    preheat_after: Annotated[float, Quantity("s")] = Field(
        default=8 * HOUR, description="A closure of the calendar longer than this ends with a preheated mould"
    )

    @model_validator(mode="after")
    def _check(self) -> Mould:
        found: list[tuple[Path, str]] = []
        if self.window_low >= self.window_high:
            found.append((("window_high",), f"must be above window_low, {self.window_low:g} degC"))
        if self.reference_temperature < self.coolant_temperature:
            message = f"must not be below coolant_temperature, {self.coolant_temperature:g} degC"
            found.append((("reference_temperature",), message))
        elif self.eject_temperature < self.reference_temperature + 5.0:
            message = f"must be 5 K above reference_temperature, {self.reference_temperature:g} degC"
            found.append((("eject_temperature",), message))
        if self.melt_temperature <= self.eject_temperature:
            found.append((("melt_temperature",), f"must be above eject_temperature, {self.eject_temperature:g} degC"))
        if found:
            raise carrier(*found)
        return self
