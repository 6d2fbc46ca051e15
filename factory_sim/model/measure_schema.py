"""Schema of what is measured at a station: a quantity of the part, how the process moves it, and who looks at it.

Quantities are pure numbers in the unit that the engineer chooses (`unit` is only shown).
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, model_validator

from factory_sim.model.distribution import Distribution
from factory_sim.model.kinds import Flag, ListOf, Name, Number, OneOf, Quantity, Text, Whole, carrier
from factory_sim.model.problems import Path
from factory_sim.model.shapes import Dist
from factory_sim.model.tables import Id, Labelled, Table

CHARTS = ("shewhart", "cusum", "ewma")
AFTER_SETUP = "setup"  # name of the setups of the station among the planned stops
_CREW = "Resource that does it; default: none"
_PRIORITY = "Order in which stops get the crew, lower first"


class Cause(Labelled):
    """[station.<name>.measure.<name>.cause.<name>]: something that shifts the process until it is adjusted."""

    between: Annotated[Distribution, Dist("s")] = Field(description="Working time from an adjustment until it strikes")
    size: Annotated[float, Number(example="0.02")] = Field(description="By which the mean is shifted, either sign")


class Chart(Labelled):
    """[station.<name>.measure.<name>.chart.<name>]: a control chart; what follows an alarm is what is given below.

    The chart begins anew after each alarm, adjustment and tool change.
    """

    kind: Annotated[str, OneOf(CHARTS, "chart")] = Field(
        default="shewhart", description="Means of samples, two-sided tabular CUSUM, or EWMA"
    )
    limit: Annotated[float, Number("(0, 30]", "3")] = Field(
        default=3.0, description="Control limits of shewhart and ewma, in standard deviations of what they plot"
    )
    k: Annotated[float, Number("[0, 10]", "0.5")] = Field(
        default=0.5, description="Reference value of cusum, in standard deviations of the sample mean"
    )
    h: Annotated[float, Number("(0, 100]", "5")] = Field(
        default=5.0, description="Decision interval of cusum, in standard deviations of the sample mean"
    )
    weight: Annotated[float, Number("(0, 1]", "0.2")] = Field(
        default=0.2, description="Weight (lambda) of the last sample in ewma"
    )
    exact_limits: Annotated[bool, Flag()] = Field(
        default=False, description="Whether the limits of ewma are narrower for the first samples, or those of later on"
    )
    sigma: Annotated[float | None, Number("(0, inf)", "0.01")] = Field(
        default=None,
        description="Standard deviation of one reading that the limits assume; default: of spread and gauge_error",
    )
    stop: Annotated[Distribution | None, Dist("s")] = Field(
        default=None, description="After an alarm the machine stands still so long; default: it does not"
    )
    adjust: Annotated[Distribution | None, Dist("s", positive=False)] = Field(
        default=None, description="After an alarm it is adjusted, which takes so long; default: it is not"
    )
    maintenance: Annotated[str | None, Text()] = Field(
        default=None, description="Planned stop of the station that begins after an alarm"
    )
    sort: Annotated[str | None, OneOf(("inspect", "scrap"), "way to sort")] = Field(
        default=None,
        description="After an alarm the parts made since the last sample without one that wait before the next "
        "station, and the part in the machine, are measured and scrapped if outside the limits, or all scrapped",
    )
    crew: Annotated[str | None, Name("resource")] = Field(default=None, description=_CREW)
    priority: Annotated[int, Whole("[-1000, 1000]", "0")] = Field(default=0, description=_PRIORITY)

    @model_validator(mode="after")
    def _check(self) -> Chart:
        if self.crew is not None and self.stop is None and self.adjust is None:
            raise carrier((("crew",), "a crew without stop or adjust has no effect; add one of them, or remove crew"))
        return self


class FirstArticle(Table):
    """[station.<name>.measure.<name>.first_article]: the first parts after a setup or tool change are measured."""

    parts: Annotated[int, Whole("[1, 1000]", "3")] = Field(default=1, description="How many")
    time: Annotated[Distribution | None, Dist("s", positive=False)] = Field(
        default=None, description="Time of measuring one, for which the machine waits; default: it runs on"
    )
    adjust: Annotated[Distribution, Dist("s", positive=False)] = Field(
        description="Time of the adjustment that follows a reading outside the limits; then the count begins anew"
    )
    after: Annotated[tuple[str, ...], ListOf(Text(), 1, '["setup", "tool_change"]')] = Field(
        default=(AFTER_SETUP,), description="Planned stops of the station after which it is done; setup: its setups"
    )
    crew: Annotated[str | None, Name("resource")] = Field(default=None, description=_CREW)
    priority: Annotated[int, Whole("[-1000, 1000]", "0")] = Field(default=0, description=_PRIORITY)


class Measure(Labelled):
    """[station.<name>.measure.<name>]: a quantity that the work gives to the part, and its gauge."""

    target: Annotated[float, Number(example="25.0")] = Field(description="Mean of a process that is well set")
    unit: Annotated[str | None, Text()] = Field(default=None, description="Unit of the quantity, for readers only")
    spread: Annotated[float, Number("[0, inf)", "0.01")] = Field(
        default=0.0, description="Standard deviation from part to part"
    )
    setting_error: Annotated[float, Number("[0, inf)", "0.005")] = Field(
        default=0.0,
        description="Standard deviation of the mean after each setting: at first, adjusted, tool changed, set up",
    )
    drift_per_part: Annotated[float, Number(example="0.0001")] = Field(
        default=0.0, description="By which the mean moves with every part after the first one since a setting"
    )
    drift_per_hour: Annotated[float, Number(example="0.002")] = Field(
        default=0.0, description="By which the mean moves per hour of work since a setting"
    )
    reset_by: Annotated[tuple[str, ...], ListOf(Text(), 1, '["tool_change"]')] = Field(
        default=(), description="Planned stops of the station that set the process anew; setup: its setups do"
    )
    cause: dict[Id, Cause] = Field(default_factory=dict, description="Assignable causes")
    lower: Annotated[float | None, Number(example="24.95")] = Field(
        default=None, description="A part below is defective; default: no limit"
    )
    upper: Annotated[float | None, Number(example="25.05")] = Field(
        default=None, description="A part above is defective; default: no limit"
    )
    in_control: Annotated[float | None, Number("[0, inf)", "0.005")] = Field(
        default=None,
        description="An alarm is false while the mean is no further than this from the target; default: spread / 2",
    )
    gauge_error: Annotated[float, Number("[0, inf)", "0.003")] = Field(
        default=0.0, description="Standard deviation of a reading"
    )
    gauge_drift_per_hour: Annotated[float, Number(example="0.0001")] = Field(
        default=0.0, description="By which the readings move per hour of calendar time since the last calibration"
    )
    calibration_every: Annotated[float | None, Quantity("s", "[1, inf)")] = Field(
        default=None, description="Calendar time between calibrations, which take no time of the machine; default: none"
    )
    sample_every: Annotated[int, Whole("[1, 1000000]", "20")] = Field(
        default=1, description="Parts from one sample to the next"
    )
    subgroup: Annotated[int, Whole("[1, 1000]", "5")] = Field(
        default=1, description="Parts of one sample, the last ones before it is complete; their mean goes on the charts"
    )
    reject: Annotated[str, OneOf(("none", "scrap"), "way to deal with rejected parts")] = Field(
        default="none", description="What becomes of a measured part whose reading lies outside the limits"
    )
    chart: dict[Id, Chart] = Field(default_factory=dict, description="Control charts")
    first_article: FirstArticle | None = Field(default=None, description="Check of the first parts; default: none")

    @model_validator(mode="after")
    def _check(self) -> Measure:
        found: list[tuple[Path, str]] = []
        if self.lower is not None and self.upper is not None and self.lower >= self.upper:
            found.append((("upper",), f"must be above lower, {self.lower:g}"))
        if self.subgroup > self.sample_every:
            found.append((("subgroup",), f"{self.subgroup} parts are more than sample_every; raise that"))
        if self.lower is None and self.upper is None:
            needs = [name for name, chart in self.chart.items() if chart.sort == "inspect"]
            found += [(("chart", name, "sort"), "inspect needs lower or upper; add one of them") for name in needs]
            if self.reject != "none" or self.first_article is not None:
                key = "reject" if self.reject != "none" else "first_article"
                found.append(((key,), f"{key} needs a limit, lower or upper; add one of them"))
        if self.spread == 0.0 and self.gauge_error == 0.0:
            found += [
                (("chart", name), "without spread and gauge_error there is nothing to take limits from; write sigma")
                for name, chart in self.chart.items()
                if chart.sigma is None
            ]
        if found:
            raise carrier(*found)
        return self
