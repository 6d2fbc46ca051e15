"""How sure the answer of a study must be: keys of [precision]."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, model_validator

from factory_sim.model.kinds import Number, Quantity, Whole, carrier
from factory_sim.model.tables import Table

EQUAL, KN, HALF_WIDTH = "equal", "kn", "half_width"
SELECTIONS = (EQUAL, KN, HALF_WIDTH)


class Precision(Table):
    """[precision]: how sure the answer must be, and how much may be spent on it."""

    indifference: Annotated[float | None, Quantity("KRW", "[1, 1e18]")] = Field(
        default=None, description="Differences of net present value that do not matter; needed with selection = kn"
    )
    probability: Annotated[float, Number("(0.5, 1)", "0.95")] = Field(
        default=0.95, description="Of a correct selection, or level of the intervals that half_width asks for"
    )
    half_width: Annotated[float | None, Quantity("KRW", "[1, 1e18]")] = Field(
        default=None,
        description="Half-width wanted for the net present value of each scenario; needed with selection = half_width",
    )
    first_stage: Annotated[int, Whole("[2, 10000]", "10")] = Field(
        default=10, description="Runs of each scenario before the first look"
    )
    most_replications: Annotated[int, Whole("[2, 10000]", "500")] = Field(
        default=500, description="Budget: most runs of one scenario in one demand mode"
    )
    most_time: Annotated[float, Quantity("s", "(0, inf)")] = Field(
        default=90.0,
        description="Budget: real time, shared by the demand modes, after which it ends as it stands (so that the "
        "answer depends on the computer)",
    )

    @model_validator(mode="after")
    def _check(self) -> Precision:
        if self.first_stage > self.most_replications:
            message = f"the first stage takes {self.first_stage} runs, but the budget is {self.most_replications}; "
            raise carrier((("first_stage",), f"{message}lower first_stage or raise most_replications"))
        return self
