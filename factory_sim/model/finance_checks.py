"""What is wrong between the tables of money of a study: classes, programmes and their dates, stages, sources."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from factory_sim.finance import tables as rates
from factory_sim.model.finance_schema import CLASSES, PROGRAMMES, SIZES
from factory_sim.model.precision_schema import EQUAL
from factory_sim.model.problems import suggest
from factory_sim.model.raw import Raw, tables
from factory_sim.model.study_schema import Study
from factory_sim.model.validate import Found

UNSOURCED = ("source", "status", "sources")


def check_money(raw: Raw) -> Iterator[Found]:
    """Yield what is wrong in the money of a study, looking at raw tables; wrong forms are passed over."""
    finance = raw["finance"] if isinstance(raw.get("finance"), dict) else {}
    question = raw["study"] if isinstance(raw.get("study"), dict) else {}
    on = _date(question.get("date"))
    loan = finance.get("loan")
    if isinstance(loan, dict) and "lender" in loan and "rate" not in loan:
        yield from _dated("loans", f"rate.{loan['lender']}", on, ("finance", "loan", "lender"))
    if "firm_size" in finance and on is None:
        yield ("finance", "firm_size"), "needs study.date, the date on which the rates hold; add it"
    yield from _sources(finance, ("finance",))
    for name, investment in tables(raw, "investment").items():
        money = investment.get("money")
        if isinstance(money, dict):
            place = ("investment", name, "money")
            yield from _sources(money, place)
            yield from _credit(money, finance, on, place)
            yield from _subsidy(money, on, place)
            yield from _depreciation(money, place)


def _date(value: Any) -> str | None:
    try:
        return rates.date(value) if isinstance(value, str) else None
    except ValueError:
        return None


def _dated(table: str, key: str, on: str | None, place: tuple[str, ...]) -> Iterator[Found]:
    """Yield that a row of a table does not hold on the date of the study, or that there is no date."""
    known = [row for row in rates.table(table).rows if row.key == key]
    if not known:
        return  # the schema says so
    if on is None:
        yield place, "needs study.date, the date on which it holds; add it"
    elif rates.find(table, key, on) is None:
        dated = ", ".join(row.dates for row in known)
        yield place, f"does not hold on {on}, the date of the study, but {dated}; change study.date, or remove it"


def _sources(table: Raw, place: tuple[str, ...]) -> Iterator[Found]:
    sources = table.get("sources")
    for key in sources if isinstance(sources, dict) else ():
        if key not in table or key in UNSOURCED:
            known = [name for name in table if name not in UNSOURCED]
            yield (*place, "sources", key), f"there is no {key} here{suggest(key, known, 'keys')}"


def _credit(money: Raw, finance: Raw, on: str | None, place: tuple[str, ...]) -> Iterator[Found]:
    credit, given, size = money.get("credit"), finance.get("tax_credit"), finance.get("firm_size")
    known = list(given) if isinstance(given, dict) else []
    if size in SIZES and on is not None:
        listed = rates.keys("tax", f"credit.{size}.")
        known += [name for name in listed if rates.find("tax", f"credit.{size}.{name}", on) is not None]
    if isinstance(credit, str) and credit not in known:
        where = "names in [finance.tax_credit]"
        yield (*place, "credit"), f"no tax_credit '{credit}'{suggest(credit, known, where)}"


def _subsidy(money: Raw, on: str | None, place: tuple[str, ...]) -> Iterator[Found]:
    subsidy = money.get("subsidy")
    programme = subsidy.get("programme") if isinstance(subsidy, dict) else None
    if programme in PROGRAMMES:
        yield from _dated("programmes", f"{programme}.share", on, (*place, "subsidy", "programme"))


def _depreciation(money: Raw, place: tuple[str, ...]) -> Iterator[Found]:
    """Yield a life for tax that lies outside the bounds of its class."""
    name, years = money.get("asset_class"), money.get("depreciation_years")
    if name in CLASSES and isinstance(years, int) and not isinstance(years, bool):
        least, most = bounds(str(name))
        if not least <= years <= most:
            message = f"the class {name} allows {least} to {most} years, not {years}; change one of them"
            yield (*place, "depreciation_years"), message


def bounds(asset_class: str) -> tuple[int, int]:
    """Return the least and the most years of depreciation of a class of the table `tax`."""
    found = {row.key: int(row.value) for row in rates.table("tax").rows if f".{asset_class}." in row.key}
    return found[f"depreciation.{asset_class}.least"], found[f"depreciation.{asset_class}.most"]


def check_draws(study: Study) -> Iterator[Found]:
    """Yield a number of draws where nothing is drawn, or where it is not known how many runs there will be."""
    if study.study.parameter_draws is not None and study.study.selection != EQUAL:
        yield (
            ("study", "parameter_draws"),
            f'needs selection = "{EQUAL}", as many runs of each draw; remove one of them',
        )
    if study.study.parameter_draws is not None and not any(one.uncertain for one in study.investment.values()):
        yield ("study", "parameter_draws"), "nothing is uncertain here; write {triangular = [...]}, or remove it"


def check_alone(study: Study) -> Iterator[Found]:
    """Yield an uncertain benefit of an investment that is only made with others: its part of theirs is not known."""
    alone = {made[0] for made in study.scenarios.values() if len(made) == 1}
    for name, investment in study.investment.items():
        if investment.money.uncertain.benefit is None or name in alone:
            continue
        together = next((scenario for scenario, made in study.scenarios.items() if name in made), None)
        if together is not None:
            said = f"is a factor on what {name} gains alone, but {together} has it only with others"
            remedy = f'add [scenario.<name>] with investments = ["{name}"]'
            yield ("investment", name, "money", "uncertain", "benefit"), f"{said}; {remedy}"
