"""What the report says about money and certainty: who gets what, what makes the spread, where numbers are from."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from factory_sim.model import read_study
from factory_sim.report import assumptions, certainty, parties
from factory_sim.report.findings import ranking
from factory_sim.report.html import report_html
from factory_sim.report.words import word
from factory_sim.study.compare import Comparison, compare
from tests.unit import saws

FINANCED = """
[finance]
sources = {loan = "offer of the house bank"}
tax_rate = 0.2
loan = {share = 0.5, lender = "bank"}
fund = {share = 0.3, exit_year = 3}
"""


@pytest.fixture(scope="module")
def financed(tmp_path_factory: pytest.TempPathFactory) -> Comparison:
    directory = tmp_path_factory.mktemp("financed")
    (directory / "plant.toml").write_text(saws.PLANT, encoding="utf-8")
    head = 'replications = 2\nparameter_draws = 3\ndate = "2026-06"'
    text = saws.STUDY.format(head=head, tables=FINANCED).replace(
        'money = {capex = "300e6 KRW"}',
        'money = {capex = "300e6 KRW", opex = "2e6 KRW/yr", subsidy = {programme = "robot_demonstration"}, '
        'source = "a guess", status = "assumed", sources = {capex = "quotation of 2026-05"}}',
    )
    (directory / "study.toml").write_text(text, encoding="utf-8")
    return compare(read_study(directory / "study.toml"), workers=1)


def numbers_of(row: tuple[str, ...]) -> list[float]:
    return [float(cell.replace(",", "")) for cell in row[1:]]


@pytest.mark.parametrize("lang", ["en", "ko"])
def test_what_the_parties_get_adds_up_to_the_investment_as_printed(financed: Comparison, lang: str) -> None:
    first = ranking(financed, "sold_out", lang)
    taking = parties.parties_of(financed.study)
    assert taking == ("plant", "fund", "government", "lender")
    for row in first.investments:
        table = parties.shares_figure(row, taking, "a", lang).table
        assert len(table.rows) == round(row.worth.money.life) + 2  # the purchase, each year, the sum
        for year in table.rows:
            whole, *shared = numbers_of(year)
            assert whole == pytest.approx(sum(shared), abs=1e-9)
        flow = row.worth.mean_flow.table
        columns = [flow[name] for name in ("benefit", "opex", "residual", "capex")]
        itself = [b - o + r - c for b, o, r, c in zip(*columns, strict=True)]
        assert parties.yearly(row, taking)["whole"] == pytest.approx(itself, abs=1.0)


def test_the_value_of_the_plant_is_that_of_the_ranking_and_a_lender_gains_nothing(financed: Comparison) -> None:
    first = ranking(financed, "sold_out", "en")
    top = first.top
    assert top.worth.party("plant") == top.npv
    table = parties.values_table(first.investments, parties.parties_of(financed.study), "en")
    assert "at 8%" in table.heads[1]
    assert "at 4.11%" in table.heads[4]
    assert {row[4] for row in table.rows} == {"0"}
    assert all(len(row) == len(table.heads) for row in table.rows)


def test_without_loan_and_fund_they_are_not_there(saw_of: Callable[..., Comparison]) -> None:
    assert parties.parties_of(saw_of("replications = 3").study) == ("plant", "government")


@pytest.fixture
def saw_of(tmp_path: Path) -> Callable[..., Comparison]:
    return lambda head, tables="": compare(saws.study(tmp_path, head, tables), workers=1)


def test_both_variances_are_shown_and_sum_to_all(financed: Comparison) -> None:
    first = ranking(financed, "sold_out", "en")
    found = certainty.spread(financed.study, first, "en")
    assert "3 draws" in found.said
    shares = {row[0]: [cell.rpartition("(")[2].rstrip("%)") for cell in row[2:]] for row in found.table.rows}
    assert shares.pop("nothing") == ["-", "-"]  # nothing varies
    assert all(sum(map(float, pair)) == pytest.approx(100.0, abs=1.0) for pair in shares.values())
    guide = next(row for row in first.investments if row.name == "guide")
    variances = guide.worth.variances
    assert variances is not None
    assert f"{100 * variances.parameters / (variances.parameters + variances.simulation):.0f}" == shares["guide"][0]


def test_without_draws_it_is_said_how_to_tell_them_apart(saw_of: Callable[..., Comparison]) -> None:
    comparison = saw_of("replications = 3")
    found = certainty.spread(comparison.study, ranking(comparison, "sold_out", "en"), "en")
    assert "parameter_draws" in found.said
    assert {len(row) for row in found.table.rows} == {2}


def test_the_chance_to_pay_has_its_interval(financed: Comparison) -> None:
    row = next(row for row in ranking(financed, "sold_out", "en").investments if row.name == "guide")
    chance = row.worth.chance
    assert chance.low < chance.share < chance.high
    shown = certainty.chance(row, "en")
    assert shown in [row[4] for row in certainty.sure_table(ranking(financed, "sold_out", "en"), "en").rows]
    assert "(" in shown
    assert " to " in shown


def test_every_amount_of_money_has_its_own_source(financed: Comparison) -> None:
    money = {one.path: one for one in assumptions.money_of(financed.study)}
    assert money["investment.second.money.capex"].source == "quotation of 2026-05"
    assert money["investment.second.money.opex"].source == "a guess"
    assert money["investment.second.money.opex"].status == "assumed"
    assert money["investment.blade.money.capex"].status == "none"
    assert not [path for path in money if "source" in path]
    rates = {one.path: one for one in assumptions.finance_of(financed.study)}
    assert (rates["finance.loan.share"].status, rates["finance.loan.share"].source) == (
        "sourced", "offer of the house bank",
    )  # fmt: skip
    assert rates["finance.tax_rate"].status == "none"
    assert not [path for path in rates if "sources" in path]
    looked_up = {one.path: one for one in assumptions.looked_up_of(financed.study)}
    assert set(looked_up) == {
        "loans.rate.bank", "programmes.robot_demonstration.share", "programmes.robot_demonstration.cap",
    }  # fmt: skip
    assert looked_up["programmes.robot_demonstration.cap"].value == "280,000,000 KRW"
    assert all(one.source for one in looked_up.values())


@pytest.mark.parametrize("lang", ["en", "ko"])
def test_all_of_it_stands_on_the_page(financed: Comparison, lang: str) -> None:
    page = report_html(financed, lang, date(2026, 11, 22))
    wanted = [word(key, lang) for key in ("parties.title", "spread.title", "source.money", "source.tables")]
    for said in (*wanted, "quotation of 2026-05", word("parties.lender", lang), word("status.sourced", lang)):
        assert said in page
