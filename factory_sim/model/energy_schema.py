"""Schema of the table [energy] of a plant file: the tariff of its electricity, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import Field, model_validator

from factory_sim.finance import tables, tariff
from factory_sim.model.kinds import Flag, Kind, Number, OneOf, Quantity, carrier
from factory_sim.model.problems import Path, refuse, shown
from factory_sim.model.tables import Table

TARIFFS = tuple(tariff.tariffs())


@dataclass(frozen=True)
class Date(Kind):
    """A date, read as year-month-day."""

    range: str = "a month or a day"
    form: str = 'a date such as "2026-05" or "2026-05-31"'

    def parse(self, value: Any) -> str:
        if not isinstance(value, str):
            raise refuse(f"{shown(value)} is no text; write {self.form}")
        try:
            return tables.date(value)
        except ValueError as error:
            raise refuse(str(error)) from None


class Supply(Table):
    """[energy]"""

    tariff: Annotated[str, OneOf(TARIFFS, "tariff")] = Field(
        description="Tariff of electricity by the hour, instead of the flat price economics.electricity"
    )
    date: Annotated[str, Date()] = Field(description="When it holds: the whole year is billed as on that date")
    contract: Annotated[float, Quantity("W", "(0, 1e12]")] = Field(description="Contract demand")
    power_factor: Annotated[float, Number("(0, 1]", "0.95")] = Field(
        default=0.9, description="Lagging power factor by day; above or below 0.9 it changes the basic charge"
    )
    reclaims_vat: Annotated[bool, Flag()] = Field(
        default=True, description="true: value-added tax is reclaimed, so it is no cost"
    )
    fuel_adjustment: Annotated[float | None, Quantity("KRW/J", "(-inf, inf)")] = Field(
        default=None, description="Fuel adjustment; default: that of the table electricity"
    )

    @model_validator(mode="after")
    def _check(self) -> Supply:
        found: list[tuple[Path, str]] = []
        try:
            least = tariff.read_tariff(self.tariff, self.date).least_contract
        except tables.NoRow:
            known = ", ".join(tariff.starts(self.tariff))
            message = f"{self.tariff} is not known on {self.date}; it is from {known} on; write a later date"
            raise carrier((("date",), message)) from None
        if self.contract < least:
            unit = Quantity("W").show
            message = f"{self.tariff} is for {unit(least)} and more, not {unit(self.contract)}; raise it"
            found.append((("contract",), message))
        if found:
            raise carrier(*found)
        return self


def check_energy(raw: dict[str, Any]) -> Iterator[tuple[Path, str]]:
    """Yield what is wrong between [energy] and the other tables of a plant."""
    economics = raw.get("economics")
    if "energy" in raw and isinstance(economics, dict) and "electricity" in economics:
        message = "energy.tariff is a price by the hour, economics.electricity a flat one; remove one of them"
        yield ("economics", "electricity"), message
