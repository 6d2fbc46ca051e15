"""Schema of the money of a study: support, payments in stages, loan, co-investment, what is uncertain."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from pydantic import Field, model_validator

from factory_sim.finance import depreciation, parties, tables
from factory_sim.model.distribution import Distribution
from factory_sim.model.kinds import Flag, Name, Number, OneOf, Quantity, Whole, carrier
from factory_sim.model.shapes import Dist
from factory_sim.model.tables import Table

PROGRAMMES = tuple(name for name in tables.keys("programmes") if "share" in tables.keys("programmes", f"{name}."))
CLASSES = tuple(
    name for name in tables.keys("tax", "depreciation.") if "standard" in tables.keys("tax", f"depreciation.{name}.")
)
SIZES = ("small", "medium", "large")
LENDERS = tuple(tables.keys("loans", "rate."))
METHOD = OneOf(depreciation.METHODS, "method")
SOURCES = '{ capex = "quotation of 2026-05" }'


@dataclass(frozen=True)
class Credit(Name):
    """A class of tax credit: of the study, or of the table `tax` by the size of the firm."""

    table: str = "credit"

    @property
    def range(self) -> str:
        return "a class of finance.tax_credit, or of the table tax if finance.firm_size is given"

    @property
    def form(self) -> str:
        return "the class of a tax credit in quotes"


class LoanTerms(Table):
    """[finance.loan]: a loan on what investments cost."""

    share: Annotated[float, Number("[0, 1]", "0.7")] = Field(
        description="Share of each payment of capex less its subsidy"
    )
    rate: Annotated[float | None, Number("[0, 1]", "0.0411")] = Field(
        default=None, description="Interest per year; default: that of lender"
    )
    lender: Annotated[str | None, OneOf(LENDERS, "lender")] = Field(
        default=None, description="Whose rate holds at study.date, instead of rate: see the table loans"
    )
    years: Annotated[int, Whole("[1, 50]", "5")] = Field(
        default=5, description="Years from drawing to the last repayment"
    )
    grace_years: Annotated[int, Whole("[0, 49]", "1")] = Field(
        default=0, description="Years of interest only at the beginning"
    )
    repayment: Annotated[str, OneOf(parties.REPAYMENTS, "repayment")] = Field(
        default=parties.ANNUITY, description="How it is repaid after the years of grace; bullet: all at the end"
    )

    @model_validator(mode="after")
    def _check(self) -> LoanTerms:
        found = []
        if (self.rate is None) == (self.lender is None):
            found.append((("rate",), "write either rate, or lender for a rate of the table loans"))
        if self.grace_years >= self.years:
            found.append((("grace_years",), f"must be less than the {self.years} years of the loan"))
        if found:
            raise carrier(*found)
        return self


class FundTerms(Table):
    """[finance.fund]: a fund that co-invests and leaves again."""

    share: Annotated[float, Number("[0, 1]", "0.3")] = Field(
        description="Share that it bears of each year in which the owners pay in"
    )
    preferred_return: Annotated[float, Number("[0, 1]", "0.065")] = Field(
        default=0.065, description="Per year, on what it has paid in and not been paid for"
    )
    exit_year: Annotated[int, Whole("[1, 100]", "6")] = Field(
        default=6, description="Year at whose end the plant buys it out; the end of life if that comes first"
    )
    participation: Annotated[float, Number("[0, 1]", "0.2")] = Field(
        default=0.0, description="Its share of cash beyond the preferred return, and of the value at exit"
    )
    guaranteed: Annotated[bool, Flag()] = Field(
        default=False, description="true: the plant buys it out in full whatever the investment earned"
    )
    discount_rate: Annotated[float, Number("[0, 1]", "0.08")] = Field(default=0.08, description="Of the fund itself")


class Subsidy(Table):
    """[investment.<name>.money] subsidy"""

    share: Annotated[float | None, Number("[0, 1]", "0.5")] = Field(
        default=None,
        description="Share of capex that the programme pays; default: that of programme, which may be another one for "
        "large firms, see finance.firm_size",
    )
    cap: Annotated[float | None, Quantity("KRW")] = Field(
        default=None, description="The most it pays; default: that of programme, no cap without one"
    )
    programme: Annotated[str | None, OneOf(PROGRAMMES, "programme")] = Field(
        default=None, description="Support programme of the table programmes that holds at study.date"
    )

    @model_validator(mode="after")
    def _check(self) -> Subsidy:
        if self.share is None and self.programme is None:
            raise carrier((("share",), "write the share that is paid, or the name of a programme"))
        return self


class StageRow(Table):
    """An entry of [investment.<name>.money] stages."""

    at: Annotated[float, Quantity("s", "[0, 3155760000]")] = Field(description="Time after the first payment")
    share: Annotated[float, Number("(0, 1]", "0.3")] = Field(description="Share of capex")


_FACTOR = Dist("", "[0, 1000]", positive=False)


class Uncertain(Table):
    """[investment.<name>.money.uncertain]: factors that are drawn once for each draw of the uncertain amounts."""

    capex: Annotated[Distribution | None, _FACTOR] = Field(default=None, description="On all payments of capex")
    opex: Annotated[Distribution | None, _FACTOR] = Field(default=None, description="On the running cost")
    benefit: Annotated[Distribution | None, _FACTOR] = Field(
        default=None,
        description="On what it gains, simulated and declared: what the model may be wrong by; beside other "
        "investments, on what it gains alone",
    )

    @property
    def given(self) -> bool:
        """Whether any factor is given."""
        return any(getattr(self, key) is not None for key in type(self).model_fields)


__all__ = [
    "CLASSES",
    "METHOD",
    "PROGRAMMES",
    "SIZES",
    "SOURCES",
    "Credit",
    "FundTerms",
    "LoanTerms",
    "StageRow",
    "Subsidy",
    "Uncertain",
]
