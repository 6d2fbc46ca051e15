"""What all tables of a file format share."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from factory_sim.model.kinds import Identifier, Text

Id = Annotated[str, Identifier()]


class Table(BaseModel):
    """A table of the file: known keys only, frozen."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Labelled(Table):
    """A table with a name for people beside its name in the file."""

    label: Annotated[str | None, Text()] = Field(default=None, description="Name in English reports; default: its key")
    label_ko: Annotated[str | None, Text()] = Field(default=None, description="Name in Korean reports; default: label")
