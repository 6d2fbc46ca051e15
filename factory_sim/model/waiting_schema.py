"""Schema of what waiting does at a station: to the parts that wait for it, and to the machine that waits for parts."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from factory_sim.model.distribution import Distribution
from factory_sim.model.kinds import Name, OneOf, Quantity
from factory_sim.model.shapes import Dist
from factory_sim.model.tables import Table

SINCE = ("arrival", "work")


class Window(Table):
    """[station.<name>.window]: how long a part may wait for this station: a billet cools, a seam must not rust."""

    limit: Annotated[float, Quantity("s", "(0, inf)")] = Field(
        description="A part that has waited so long before its work begins, in the buffer or in a machine that waits "
        "for people, a setup or the next shift, is lost, or goes back"
    )
    since: Annotated[str, OneOf(SINCE, "beginning")] = Field(
        default="arrival",
        description="It counts from the arrival at the station, or from the end of the last work",
    )
    back_to: Annotated[str | None, Name("station")] = Field(
        default=None, description="Earlier station of the route to which it goes back (reheat); default: it is scrap"
    )


class Standby(Table):
    """[station.<name>.standby]: a machine without a part is switched off and must warm up for the next one."""

    off_after: Annotated[float, Quantity("s")] = Field(
        default=0.0, description="Time without a part after which it is switched off"
    )
    warm_up: Annotated[Distribution, Dist("s")] = Field(
        description="Time from the arrival of the next part until it can be taken"
    )
