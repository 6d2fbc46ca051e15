"""Schema of a study file: every key once, with kind (unit, range), default and meaning."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Annotated, Any

from pydantic import Field, PrivateAttr, model_validator

from factory_sim.model.design_schema import LIST, Design, Sets, sets_of
from factory_sim.model.distribution import Distribution
from factory_sim.model.energy_schema import Date
from factory_sim.model.finance_schema import (
    CLASSES,
    METHOD,
    SIZES,
    SOURCES,
    Credit,
    FundTerms,
    LoanTerms,
    StageRow,
    Subsidy,
    Uncertain,
)
from factory_sim.model.kinds import Flag, ListOf, Name, Number, OneOf, Quantity, TableOf, Text, Whole, carrier
from factory_sim.model.precision_schema import EQUAL, SELECTIONS, Precision
from factory_sim.model.problems import Path, refuse
from factory_sim.model.schema import DEMAND_MODES, STATUS, Plant
from factory_sim.model.tables import Id, Labelled, Table
from factory_sim.model.units import WEEK, YEAR, show

BASELINE = "baseline"


@dataclass(frozen=True)
class Weeks(Quantity):
    """A time of whole weeks, because calendars repeat every week."""

    @property
    def form(self) -> str:
        return 'whole weeks such as "6 weeks"'

    def parse(self, value: Any) -> float:
        time = super().parse(value)
        if time % WEEK:
            raise refuse(f"{show(time, 's')} are {time / WEEK:.3g} weeks; write {self.form}")
        return time


class Question(Table):
    """[study]"""

    question: Annotated[str, Text()] = Field(description="What the study is to answer")
    question_ko: Annotated[str | None, Text()] = Field(default=None, description="The question in Korean")
    plant: Annotated[str, Text()] = Field(description="Plant file, relative to the study file")
    demand_modes: Annotated[tuple[str, ...] | None, ListOf(OneOf(DEMAND_MODES, "demand mode"), 1, '["sold_out"]')] = (
        Field(default=None, description="Demand modes to compare; default: the plant's")
    )
    replications: Annotated[int, Whole("[2, 10000]", "16")] = Field(
        default=16, description="Runs of each scenario, with the same luck in all scenarios"
    )
    selection: Annotated[str, OneOf(SELECTIONS, "selection")] = Field(
        default=EQUAL,
        description="equal: replications runs of each scenario; kn: as many as a guarantee to select the best takes; "
        "half_width: as many as an interval takes; see [precision]",
    )
    horizon: Annotated[float, Weeks("s", "(0, inf)")] = Field(
        default=6 * WEEK, description="Measured time of a run, whole weeks"
    )
    warmup: Annotated[float, Weeks("s", "[0, inf)")] = Field(
        default=WEEK, description="Time before it that is not measured, whole weeks"
    )
    parameter_draws: Annotated[int | None, Whole("[2, 1000]", "10")] = Field(
        default=None,
        description="Draws of the uncertain amounts, each with replications runs, to tell what comes from them from "
        "what comes from luck; default: one draw for each run",
    )
    date: Annotated[str | None, Date()] = Field(
        default=None, description="When the first payment is made: programmes and rates of the tables hold on it"
    )
    seed: Annotated[int, Whole("[0, 1e15]", "2026")] = Field(default=1, description="Another seed is other luck")

    @model_validator(mode="after")
    def _check(self) -> Question:
        modes = self.demand_modes or ()
        twice = [index for index, mode in enumerate(modes) if mode in modes[:index]]
        if twice:
            raise carrier(*((("demand_modes", i), f"'{modes[i]}' is named twice; remove one") for i in twice))
        return self


class Terms(Table):
    """[finance]: rates and tax rules of the firm that invests."""

    discount_rate: Annotated[float, Number("[0, 1]", "0.08")] = Field(default=0.08, description="Nominal, per year")
    tax_rate: Annotated[float, Number("[0, 1)", "0.22")] = Field(
        default=0.22, description="Marginal corporate tax, local tax included"
    )
    depreciation_years: Annotated[int, Whole("[1, 100]", "8")] = Field(default=8, description="Years of depreciation")
    depreciation_method: Annotated[str, METHOD] = Field(default="straight_line", description="Method of depreciation")
    tax_credit: Annotated[dict[str, float], TableOf(Number("[0, 1]", "0.10"), "{ general = 0.10 }")] = Field(
        default_factory=dict, description="Investment tax credit by class, share of capex less subsidy"
    )
    carry_forward_years: Annotated[int, Whole("[0, 100]", "10")] = Field(
        default=10, description="Years in which unused tax credit may still be used"
    )
    other_taxable_income: Annotated[float, Quantity("KRW/s")] = Field(
        default=0.0, description="Taxable income of the firm without the investment"
    )
    firm_size: Annotated[str | None, OneOf(SIZES, "size")] = Field(
        default=None,
        description="Size of the firm, for tax credits of the table tax that tax_credit does not give, and for "
        "programmes that pay large firms another share",
    )
    minimum_tax_rate: Annotated[float, Number("[0, 1)", "0.07")] = Field(
        default=0.0, description="Minimum tax that credits cannot reduce, share of taxable income; at most tax_rate"
    )
    increment_rate: Annotated[float, Number("[0, 1]", "0.1")] = Field(
        default=0.0, description="Further tax credit on what an investment exceeds usual_investment by"
    )
    usual_investment: Annotated[float, Quantity("KRW")] = Field(
        default=0.0, description="Mean investment of the three years before"
    )
    public_discount_rate: Annotated[float, Number("[0, 1]", "0.045")] = Field(
        default=0.045, description="Rate at which the flows of the government are valued"
    )
    loan: LoanTerms | None = Field(default=None, description="Loan on investments; default: none")
    fund: FundTerms | None = Field(default=None, description="Fund that co-invests; default: none")
    sources: Annotated[dict[str, str], TableOf(Text(), '{ discount_rate = "board of 2026-03" }')] = Field(
        default_factory=dict, description="Where each number comes from, by key"
    )

    @model_validator(mode="after")
    def _check(self) -> Terms:
        if self.minimum_tax_rate > self.tax_rate:
            raise carrier((("minimum_tax_rate",), f"must not exceed the tax_rate {self.tax_rate:g}; lower it"))
        return self


_LUMP = Quantity("KRW/s", "(-inf, inf)")


class Benefit(Table):
    """[investment.<name>.money] benefit: declared lump sums beside what the simulation shows."""

    sold_out: Annotated[float, _LUMP] = Field(default=0.0, description="In demand mode sold_out")
    fixed_volume: Annotated[float, _LUMP] = Field(default=0.0, description="In demand mode fixed_volume")
    meaning: Annotated[str | None, Text()] = Field(default=None, description="What it consists of")
    meaning_ko: Annotated[str | None, Text()] = Field(default=None, description="The same in Korean; default: meaning")


class Money(Table):
    """[investment.<name>.money]"""

    capex: Annotated[float, Quantity("KRW")] = Field(description="Paid at the beginning, support not taken off")
    opex: Annotated[float, _LUMP] = Field(default=0.0, description="Running cost")
    life: Annotated[float, Quantity("s", "[604800, 3155760000]")] = Field(
        default=8 * YEAR,
        description="Time of use; made together with what lives longer, it is bought again, without support",
    )
    ramp_up: Annotated[float, Quantity("s", "[0, 315576000]")] = Field(
        default=0.0, description="Time over which the benefit grows from nothing to full"
    )
    residual: Annotated[float, Quantity("KRW")] = Field(default=0.0, description="Received at the end of life")
    subsidy: Subsidy | None = Field(default=None, description="Public support; default: none")
    credit: Annotated[str | None, Credit()] = Field(default=None, description="Class of tax credit; default: none")
    benefit: Benefit = Field(default=Benefit(), description="Declared lump sums per time")
    stages: tuple[StageRow, ...] = Field(default=(), description="Payments of capex; default: all at the beginning")
    delay: Annotated[float, Quantity("s", "[0, 631152000]")] = Field(
        default=0.0, description="Time from the last payment to operation: building, permits"
    )
    success: Annotated[float, Number("[0, 1]", "0.8")] = Field(
        default=1.0, description="Probability that it works; else there is no benefit"
    )
    may_stop: Annotated[bool, Flag()] = Field(
        default=False, description="true: a failure shows before the second payment, which then need not be made"
    )
    salvage: Annotated[float, Quantity("KRW")] = Field(
        default=0.0, description="Received for the equipment if it fails; for what is paid of it pro rata"
    )
    asset_class: Annotated[str | None, OneOf(CLASSES, "asset class")] = Field(
        default=None, description="Class of the table tax, whose standard life is the years of depreciation"
    )
    depreciation_years: Annotated[int | None, Whole("[1, 100]", "5")] = Field(
        default=None, description="Years of depreciation; default: those of asset_class, else of [finance]"
    )
    depreciation_method: Annotated[str | None, METHOD] = Field(
        default=None, description="Method of depreciation; default: that of [finance]"
    )
    uncertain: Uncertain = Field(default=Uncertain(), description="Factors that are uncertain")
    source: Annotated[str | None, Text()] = Field(default=None, description="Where the numbers come from")
    source_ko: Annotated[str | None, Text()] = Field(default=None, description="The same in Korean; default: source")
    status: Annotated[str, STATUS] = Field(default="assumed", description="How sure they are")
    sources: Annotated[dict[str, str], TableOf(Text(), SOURCES)] = Field(
        default_factory=dict, description="Where single numbers come from, by key; default: source"
    )

    @model_validator(mode="after")
    def _check(self) -> Money:
        times, shares = [stage.at for stage in self.stages], sum(stage.share for stage in self.stages)
        found: list[tuple[Path, str]] = []
        if times and (times[0] != 0.0 or any(a >= b for a, b in pairwise(times))):
            found.append((("stages",), 'payments must follow each other, the first one at "0 s"; sort them'))
        if times and abs(shares - 1.0) > 1e-9:
            found.append((("stages",), f"the shares must sum to 1, not {shares:g}"))
        if self.may_stop and len(times) < 2:
            found.append((("may_stop",), "needs stages, of which the second one is not paid; add them"))
        if found:
            raise carrier(*found)
        return self


@dataclass(frozen=True)
class Change:
    """One change of a plant.

    `value` is what a plant file would hold (set, add), None (remove) or the amount in SI units, constant if it is
    certain (shift, factor). Where another plant takes the place of today's (plant), `path` is its file and `value` its
    tables.
    """

    operation: str
    path: str
    value: Any

    @property
    def uncertain(self) -> bool:
        return isinstance(self.value, Distribution) and self.value.kind != "constant"


OPERATIONS = ("add", "remove", "set", "shift", "factor")
"""In the order in which the changes of one investment are made."""
REPLACE = "plant"
"""Before them: another plant takes the place of today's."""


class Investment(Labelled):
    """[investment.<name>]: changes of the plant and their money."""

    declared: Annotated[bool, Flag()] = Field(
        default=True, description="true: the effect is a number of a data sheet; false: it follows from a cause"
    )
    plant: Annotated[str | None, Text()] = Field(
        default=None,
        description="Plant file that takes the place of the study's plant, relative to the study file; further changes "
        "are made to it",
    )
    set: Annotated[dict[str, Any], TableOf(None, '{ "station.hpdc.cycle" = "60 s" }')] = Field(
        default_factory=dict, description="New values by path"
    )
    shift: Annotated[dict[str, Any], TableOf(None, '{ "station.hpdc.cycle" = "-10 s" }')] = Field(
        default_factory=dict, description="Differences by path, or their distribution if uncertain"
    )
    factor: Annotated[dict[str, Any], TableOf(None, '{ "station.hpdc.tool.life" = 1.1 }')] = Field(
        default_factory=dict, description="Factors by path, or their distribution if uncertain"
    )
    add: Annotated[dict[str, Any], TableOf(None, '{ "resource.robot" = {units = 1} }')] = Field(
        default_factory=dict, description="New tables by path"
    )
    remove: Annotated[tuple[str, ...], ListOf(Text(), 0, '["station.hpdc.needs"]')] = Field(
        default=(), description="Paths of keys and tables that go"
    )
    excludes: Annotated[tuple[str, ...], ListOf(Name("investment"), 0, '["robot"]')] = Field(
        default=(), description="Investments that cannot be made together with it"
    )
    requires: Annotated[tuple[str, ...], ListOf(Name("investment"), 0, '["robot"]')] = Field(
        default=(), description="Investments without which it cannot be made"
    )
    footprint: Annotated[float, Quantity("m^2", "[-1e8, 1e8]")] = Field(
        default=0.0,
        description="Floor space that it takes, ways and safety distance included; negative: what it frees",
    )
    money: Money = Field(description="What it costs")

    _changes: tuple[Change, ...] = PrivateAttr(default=())

    @property
    def uncertain(self) -> bool:
        """Whether any of its amounts is drawn."""
        return self.money.uncertain.given or any(change.uncertain for change in self.changes)

    @property
    def changes(self) -> tuple[Change, ...]:
        """All changes, in the order in which they are made."""
        return self._changes


class Scenario(Labelled):
    """[scenario.<name>]: investments made together."""

    investments: Annotated[tuple[str, ...], ListOf(Name("investment"), 1, '["spray", "robot"]')] = Field(
        description="Names of investments, in the order in which they are made"
    )

    @model_validator(mode="after")
    def _check(self) -> Scenario:
        made = self.investments
        twice = [index for index, name in enumerate(made) if name in made[:index]]
        if twice:
            raise carrier(*((("investments", i), f"'{made[i]}' is named twice; remove one") for i in twice))
        return self


class Study(Table):
    """A study as the engineer wrote it."""

    study: Question = Field(description="The study as a whole")
    finance: Terms = Field(default=Terms(), description="Rates and tax rules")
    design: Design = Field(default=Design(), description="Which scenarios are compared")
    precision: Precision = Field(default=Precision(), description="How sure the answer must be")
    factors: Annotated[
        dict[str, Any], TableOf(None, '{ "economics.electricity" = ["120 KRW/kWh", "200 KRW/kWh"] }')
    ] = Field(
        default_factory=dict,
        description="Ranges [low, high] of numbers by path, which explore and break-even move: of the plant, or of "
        "the study in investment.<name>.money and finance",
    )
    investment: dict[Id, Investment] = Field(description="Investments")
    scenario: dict[Id, Scenario] = Field(
        default_factory=dict, description="Investments made together; default: each alone"
    )

    _raw: dict[str, Any] = PrivateAttr(default_factory=dict)
    _file: str = PrivateAttr(default="")
    _plant: Plant | None = PrivateAttr(default=None)
    _left_out: dict[str, str] = PrivateAttr(default_factory=dict)

    @property
    def raw(self) -> dict[str, Any]:
        """The TOML tables that it was read from. Do not change them."""
        return self._raw

    @property
    def file(self) -> str:
        """The file that it was read from."""
        return self._file

    @property
    def plant(self) -> Plant:
        """The plant before any investment."""
        assert self._plant is not None, "a study is made by read_study, which reads its plant"
        return self._plant

    @property
    def demand_modes(self) -> tuple[str, ...]:
        """Demand modes to compare."""
        return self.study.demand_modes or (self.plant.demand_mode,)

    @property
    def sets(self) -> Sets:
        """Investments of each scenario but the baseline, by name, whatever they cost."""
        if self.design.kind != LIST:
            return sets_of(self.design, list(self.investment), self.excludes, self.requires)
        if self.scenario:
            return {name: scenario.investments for name, scenario in self.scenario.items()}
        return {name: (name,) for name in self.investment}

    @property
    def scenarios(self) -> Sets:
        """Investments of each scenario, by name; the first one is the baseline without any.

        Scenarios over the budget, or left out for another limit (see `study.limits`), are not among them.
        """
        gone = self.left_out
        return {BASELINE: (), **{name: made for name, made in self.sets.items() if name not in gone}}

    @property
    def left_out(self) -> dict[str, str]:
        """What each scenario exceeds that was left out for a limit: `budget`, `floor_space`, `people` or `power`."""
        budget, space = self.design.budget, self.floor_space
        over = {}
        for name, made in self.sets.items():
            if budget is not None and self.capex(made) > budget:
                over[name] = "budget"
            elif space is not None and self.footprint(made) > space * (1.0 + 1e-12):
                over[name] = "floor_space"
        return {**over, **self._left_out}

    @property
    def floor_space(self) -> float | None:
        """Most floor space that a scenario may take, of the study or of the hall; None: no limit. [m^2]"""
        if self.design.floor_space is not None or self._plant is None:
            return self.design.floor_space
        hall = self._plant.plant.floor
        return None if hall is None else hall.free

    def footprint(self, made: tuple[str, ...]) -> float:
        """Return the floor space that investments take together. [m^2]"""
        return sum(self.investment[name].footprint for name in made)

    @property
    def excludes(self) -> dict[str, tuple[str, ...]]:
        """Investments that cannot be made together with each."""
        return {name: investment.excludes for name, investment in self.investment.items()}

    @property
    def requires(self) -> dict[str, tuple[str, ...]]:
        """Investments without which each cannot be made."""
        return {name: investment.requires for name, investment in self.investment.items()}

    def capex(self, made: tuple[str, ...]) -> float:
        """Return what investments cost together at the beginning, support not taken off. [KRW]"""
        return sum(self.investment[name].money.capex for name in made)
