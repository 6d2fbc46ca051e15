"""Schema of what a station makes wrong and of what looks for it: defects that travel with the part, and inspections."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, model_validator

from factory_sim.model.kinds import ListOf, Name, Number, OneOf, Quantity, Text, Whole, carrier
from factory_sim.model.problems import Path
from factory_sim.model.tables import Labelled

REJECTS = ("scrap", "rework", "downgrade", "none")
OF_YIELD = "yield"  # name of the cause of parts that yield or die call bad, where the machine does not find them


class Defect(Labelled):
    """[station.<name>.defect.<name>]: a defect that the station makes and does not see; it travels with the part."""

    share: Annotated[float, Number("[0, 1]", "0.05")] = Field(
        description="Share of the parts that get it, at every visit anew: work that is done again decides again"
    )


class Sensor(Labelled):
    """[station.<name>.sensor.<name>]: an inspection at the end of the work, of the true state of the part."""

    recall: Annotated[float | None, Number("[0, 1]", "0.95")] = Field(
        default=None, description="Share of the defective parts that it rejects; default: 1 - miss"
    )
    miss: Annotated[float | None, Number("[0, 1]", "0.05")] = Field(
        default=None, description="Share of the defective parts that it passes; default: 1 - recall, and 0 without both"
    )
    false_reject: Annotated[float, Number("[0, 1]", "0.02")] = Field(
        default=0.0, description="Share of the good parts that it rejects"
    )
    causes: Annotated[tuple[str, ...], ListOf(Text(), 1, '["porosity"]')] = Field(
        default=(),
        description="Defects that it can see, by their name at the station that makes them (yield, a defect, a "
        "measure); a part with others only is good to it; default: all",
    )
    every: Annotated[int, Whole("[1, 1000000]", "20")] = Field(
        default=1, description="It looks at one part of so many that the machine makes, the last one"
    )
    reject: Annotated[str, OneOf(REJECTS, "way to deal with rejected parts")] = Field(
        default="scrap", description="What becomes of a rejected part; none: it is only noted"
    )
    rework_to: Annotated[str | None, Name("station")] = Field(
        default=None, description="Station of the route to which it goes back with rework; default: this one"
    )
    repaired: Annotated[float, Number("(0, 1]", "0.9")] = Field(
        default=1.0,
        description="Share of the parts sent back whose defects are all taken away; the stations that they pass again "
        "may make new ones",
    )
    attempts: Annotated[int | None, Whole("[1, 1000]", "2", "unlimited")] = Field(
        default=None, description="Times that a part is sent back from here, before it is scrapped instead"
    )
    downgrade_to: Annotated[str | None, Name("product")] = Field(
        default=None,
        description="Product as which a rejected part goes on with downgrade; its route must visit the station",
    )
    cost: Annotated[float, Quantity("KRW")] = Field(default=0.0, description="Cost of looking at one part")

    @property
    def detection(self) -> float:
        """Probability that it rejects a part with a defect that it can see. [-]"""
        if self.recall is not None:
            return self.recall
        return 1.0 if self.miss is None else 1.0 - self.miss

    @model_validator(mode="after")
    def _check(self) -> Sensor:
        found: list[tuple[Path, str]] = []
        if self.recall is not None and self.miss is not None:
            found.append((("miss",), "recall is 1 - miss; write one of them"))
        for key, needed in (("rework_to", "rework"), ("attempts", "rework"), ("downgrade_to", "downgrade")):
            if getattr(self, key) is not None and self.reject != needed:
                found.append(((key,), f'{key} without reject = "{needed}" has no effect; write that, or remove {key}'))
        if self.reject != "rework" and self.repaired != 1.0:
            found.append((("repaired",), 'repaired without reject = "rework" has no effect; write that, or remove it'))
        if self.reject == "downgrade" and self.downgrade_to is None:
            found.append((("reject",), "downgrade needs downgrade_to, the product as which the part goes on; add it"))
        if found:
            raise carrier(*found)
        return self
