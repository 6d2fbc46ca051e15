"""Schema of what makes one part out of several, or several out of one."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, model_validator

from factory_sim.model.kinds import Flag, Name, Whole, carrier
from factory_sim.model.problems import Path
from factory_sim.model.tables import Labelled, Table


class Component(Table):
    """[[assembly.<name>.parts]]: one kind of component."""

    product: Annotated[str, Name("product")] = Field(description="Product whose route ends at this assembly")
    count: Annotated[int, Whole("[1, 10000]", "2")] = Field(default=1, description="How many go into one")
    places: Annotated[int | None, Whole("[1, 1e9]", "4", "unlimited")] = Field(
        description="Places where they wait for the others"
    )


class Assembly(Labelled):
    """[assembly.<name>]: a bill of parts. Its parts' routes end here; the route of what they make begins here."""

    parts: tuple[Component, ...] = Field(description="What goes into one")
    matched: Annotated[bool, Flag()] = Field(
        default=False, description="Only pieces of one and the same part go together again"
    )

    @model_validator(mode="after")
    def _check(self) -> Assembly:
        found: list[tuple[Path, str]] = []
        if not self.parts:
            found.append((("parts",), "an assembly needs at least one part; write {product = ..., places = 4}"))
        products = [part.product for part in self.parts]
        for index, part in enumerate(self.parts):
            if part.product in products[:index]:
                found.append((("parts", index, "product"), f"'{part.product}' stands twice; write one count for both"))
            if part.places is not None and part.places < part.count:
                message = f"{part.places} places never hold the {part.count} that are needed; raise places"
                found.append((("parts", index, "places"), message))
        if found:
            raise carrier(*found)
        return self


class Piece(Table):
    """[[split.<name>.pieces]]: one kind of piece."""

    product: Annotated[str, Name("product")] = Field(description="Product whose route begins at this split")
    count: Annotated[int, Whole("[1, 10000]", "4")] = Field(default=1, description="How many come out of one")


class Split(Labelled):
    """[split.<name>]: a part is divided. Its route ends here; the routes of its pieces begin here."""

    pieces: tuple[Piece, ...] = Field(description="What comes out of one")

    @model_validator(mode="after")
    def _check(self) -> Split:
        if not self.pieces:
            raise carrier((("pieces",), "a split needs at least one piece; write {product = ..., count = 4}"))
        products = [piece.product for piece in self.pieces]
        twice = [
            (("pieces", index, "product"), f"'{name}' stands twice; write one count for both")
            for index, name in enumerate(products)
            if name in products[:index]
        ]
        if twice:
            raise carrier(*twice)
        return self
