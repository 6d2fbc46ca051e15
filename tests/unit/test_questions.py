"""Break-even, exploration, search and portfolio: against closed forms, enumeration, and at the command line."""

from __future__ import annotations

import json
import math
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from factory_sim.cli import app
from factory_sim.finance.cash import cash_flow
from factory_sim.finance.terms import Finance, Money
from factory_sim.model import read_study
from factory_sim.model.kinds import Number
from factory_sim.results.statistics import Interval, t_interval
from factory_sim.study.break_even import break_even
from factory_sim.study.compare import compare
from factory_sim.study.explore import latin_hypercube, rank_correlations, sobol_indices, sobol_settings
from factory_sim.study.pool import Pool
from factory_sim.study.portfolio import Option, best_portfolio
from factory_sim.study.search import climb
from factory_sim.study.settings import Factor, factor_of, factors_of_file, respond
from tests.unit import saws


def call(*arguments: object) -> Any:
    return CliRunner().invoke(app, [str(argument) for argument in arguments], catch_exceptions=False)


# ---- portfolio ----


@given(
    st.lists(
        st.lists(st.tuples(st.integers(0, 9), st.integers(-5, 20)), min_size=0, max_size=3), min_size=1, max_size=4
    ),
    st.integers(0, 20),
)
def test_the_best_portfolio_is_that_of_enumeration(plants: list[list[tuple[int, int]]], budget: int) -> None:
    options = {
        str(p): [Option(str(o), cost * 1e6, (worth * 1e6,) * 2) for o, (cost, worth) in enumerate(some)]
        for p, some in enumerate(plants)
    }
    best = best_portfolio(options, budget * 1e6)
    choices = product(*([None, *some] for some in options.values()))
    worths = [
        sum(option.mean for option in choice if option)
        for choice in choices
        if sum(option.cost for option in choice if option) <= budget * 1e6
    ]
    assert best.worth.mean == pytest.approx(max(worths))
    assert best.cost <= budget * 1e6 and set(best.chosen) == set(options)


def test_the_interval_of_a_portfolio_adds_independent_variances() -> None:
    luck = np.random.Generator(np.random.Philox(key=1)).standard_normal((2, 30)) + 5.0
    plants = {name: [Option("x", 1.0, tuple(row))] for name, row in zip("ab", luck.tolist(), strict=True)}
    both = best_portfolio(plants, 2.0).worth
    single = [t_interval(row) for row in luck]
    assert both.half_width == pytest.approx(math.hypot(*(each.half_width for each in single)))
    assert math.isnan(best_portfolio({"a": [Option("x", 1.0, (2.0,))]}, 1.0).worth.half_width)
    with pytest.raises(ValueError, match="budget must be at least 0"):
        best_portfolio(plants, -1.0)


# ---- break-even ----


@given(st.floats(-3.0, 3.0), st.floats(0.2, 5.0), st.booleans(), st.floats(0.0, 0.5))
def test_break_even_of_a_line(root: float, slope: float, falls: bool, width: float) -> None:
    sign = -1.0 if falls else 1.0
    found = break_even(lambda x: Interval(sign * slope * (x - root), slope * width, 5, 0.95), -2.0, 2.0)
    for value, exact in ((found.value, root), (found.low, root - width), (found.high, root + width)):
        if abs(abs(exact) - 2.0) < 1e-3:
            continue
        assert value == (pytest.approx(exact, abs=1e-5) if abs(exact) < 2.0 else math.copysign(math.inf, exact))


def test_break_even_of_a_price_at_the_command_line(tmp_path: Path) -> None:
    """At the price that it finds, a machine more is worth nothing; its interval lies around."""
    file = saws.write(tmp_path)
    done = call(
        "break-even", file, "--scenario", "second", "--over", "product.piece.price=2000 KRW..60000 KRW", "--json",
        "--workers", 1,
    )  # fmt: skip
    assert done.exit_code == 0, done.stderr
    found = json.loads(done.stdout)
    study = saws.study(tmp_path)
    factor = factor_of(study, "product.piece.price", "2000 KRW", "60000 KRW")
    with Pool(1) as pool:
        settings = [{factor: value} for value in (factor.low, factor.high, found["value"])]
        low, high, at = (
            np.mean(each.npvs["second"]) for each in respond(study, settings, ["second"], "sold_out", 3, pool)
        )
    assert low < 0.0 < high
    assert factor.low < found["low"] <= found["value"] <= found["high"] < factor.high
    assert abs(at) < 2e-3 * (high - low)
    text = call("break-even", file, "--scenario", "blade", "--over", "product.piece.price=1 KRW..2 KRW", "--lang", "ko")
    assert "초과" in text.stdout


MONEY = """
[factors]
"investment.second.money.capex" = ["1e6 KRW", "90e9 KRW"]
"investment.second.money.subsidy.share" = [0.0, 0.9]
"staff.crew.cost" = ["1e6 KRW/yr", "90e6 KRW/yr"]
"""


def supported(folder: Path, head: str = "replications = 3") -> Path:
    """Write the study with a subsidy for the second saw, and ranges of money and of the wage."""
    file = saws.write(folder, head, MONEY)
    text = file.read_text(encoding="utf-8").replace('"300e6 KRW"', '"300e6 KRW", subsidy = {share = 0.5}')
    file.write_text(text, encoding="utf-8")
    return file


def test_break_even_of_money_is_where_its_cash_flow_is_worth_nothing(tmp_path: Path) -> None:
    """Of money only the cash flow is computed again; a wage that all scenarios pay decides nothing."""
    file = supported(tmp_path)
    done = call("break-even", file, "--scenario", "second", "--json", "--workers", 1)
    assert done.exit_code == 0, done.stderr
    found = json.loads(done.stdout)["break_even"]
    capex = found[0]
    assert capex["path"] == "investment.second.money.capex"
    assert capex["low"] < capex["value"] < capex["high"]
    study = read_study(file)
    factor = factor_of(study, "investment.second.money.capex", "1e6 KRW", "90e9 KRW")
    with Pool(1) as pool:
        (at,) = respond(study, [{factor: capex["value"]}], ["second"], "sold_out", 3, pool)
    gains = [
        one.kpis["surplus_per_year"].value - base.kpis["surplus_per_year"].value
        for one, base in zip(at.measures["second"], at.measures["baseline"], strict=True)
    ]
    money = Money(capex=capex["value"], life=8.0, subsidy_share=0.5)
    npvs = [cash_flow(gain, money, Finance()).npv for gain in gains]
    assert at.npvs["second"] == pytest.approx(npvs)
    assert abs(np.mean(npvs)) < 1e-5 * capex["value"]
    assert set(found[2]["outside_the_range"].values()) <= {"above", "below"}
    assert found[2]["value"] is None


def test_a_number_that_moves_nothing_has_no_break_even(tmp_path: Path) -> None:
    """The price of another investment is nothing to this one: neither above nor below the range does it pay."""
    file = saws.write(tmp_path, "replications = 2")
    asked = ("--scenario", "blade", "--over", "investment.second.money.capex=1e6 KRW..900e6 KRW", "--workers", 1)
    done = call("break-even", file, *asked)
    assert "investment.second.money.capex does not move the net present value" in done.stdout
    assert done.stderr.splitlines() == ["4 runs"]  # one line, however many values were tried
    found = json.loads(call("break-even", file, *asked, "--json").stdout)
    assert found["moves_npv"] is False and found["value"] is None and found["outside_the_range"] == {}


def test_what_differs_in_money_only_is_run_once(tmp_path: Path) -> None:
    study = read_study(supported(tmp_path))
    capex, share, wage = factors_of_file(study)
    asked: list[int] = []
    settings = [{capex: 2e8, wage: 5e7}, {capex: 3e8, wage: 5e7}, {capex: 3e8, share: 0.1, wage: 5e7}]
    with Pool(1) as pool:
        found = respond(study, settings, ["second"], "sold_out", 2, pool, True, lambda _, total: asked.append(total))
    assert max(asked) == 4  # two runs of the second saw and of the plant as it is
    worth = [np.mean(each.npvs["second"]) for each in found]
    assert worth[0] > worth[1] > worth[2]


def test_ranges_of_the_file_are_explored_and_money_is_not_searched(tmp_path: Path) -> None:
    file = supported(tmp_path, "replications = 2")
    done = call("explore", file, "--samples", 5, "--json", "--workers", 1, "--scenario", "second")
    assert done.exit_code == 0, done.stderr
    found = json.loads(done.stdout)["rank_correlation"]["second"]
    assert found["investment.second.money.capex"] < -0.5
    assert "the study has no [factors]" in call("explore", saws.write(tmp_path)).stderr.replace("\n", " ")
    over = ("--over", "finance.depreciation_years=4..8")
    assert "search moves the plant" in " ".join(call("search", file, *over).stderr.split())


# ---- exploration ----


def unit_factors(count: int) -> list[Factor]:
    return [Factor(f"x{index}", -math.pi, math.pi, Number()) for index in range(count)]


def test_a_latin_hypercube_takes_each_part_of_each_range_once() -> None:
    factors = unit_factors(3)
    settings = latin_hypercube(factors, 16, 5)
    for factor in factors:
        parts = [int((s[factor] - factor.low) / (factor.high - factor.low) * 16) for s in settings]
        assert sorted(parts) == list(range(16))
    assert latin_hypercube(factors, 16, 5) == settings != latin_hypercube(factors, 16, 6)
    ranks = rank_correlations(settings, [math.exp(s[factors[1]]) for s in settings])
    assert ranks["x1"] == pytest.approx(1.0) and abs(ranks["x0"]) < 0.7
    assert math.isnan(rank_correlations(settings, [1.0] * 16)["x0"])


def test_sobol_indices_of_ishigami_are_exact() -> None:
    pytest.importorskip("SALib")
    factors = unit_factors(3)
    settings = sobol_settings(factors, 1024, 1)
    assert len(settings) == 1024 * 5
    x = np.array([[s[factor] for factor in factors] for s in settings])
    found = sobol_indices(
        factors, np.sin(x[:, 0]) + 7.0 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0]), 1
    )
    for name, first, total in (("x0", 0.3139, 0.5576), ("x1", 0.4424, 0.4424), ("x2", 0.0, 0.2437)):
        assert found[name].first == pytest.approx(first, abs=0.05), name
        assert found[name].total == pytest.approx(total, abs=0.05), name


def test_exploring_at_the_command_line(tmp_path: Path) -> None:
    file = saws.write(tmp_path, "replications = 2")
    over = ("--over", "product.piece.price=5000 KRW..9000 KRW", "--over", "station.saw.cycle=10 min..20 min")
    done = call("explore", file, *over, "--samples", 6, "--json", "--workers", 1, "--scenario", "second")
    assert done.exit_code == 0, done.stderr
    found = json.loads(done.stdout)
    assert len(found["points"]) == 6 and found["rank_correlation"]["second"]["station.saw.cycle"] is not None
    table = call("explore", file, *over, "--samples", 3, "--workers", 1, "--lang", "ko").stdout
    assert "순위상관" in table and "station.saw.cycle" in table


def test_each_whole_number_of_a_range_is_taken_as_often(tmp_path: Path) -> None:
    study = saws.study(tmp_path)
    machines = factor_of(study, "station.saw.machines", 1, 4)
    taken = [setting[machines] for setting in latin_hypercube([machines], 40, 1)]
    assert {value: taken.count(value) for value in taken} == dict.fromkeys((1, 2, 3, 4), 10)


def test_an_answer_that_does_not_move_has_no_shares(tmp_path: Path, recwarn: pytest.WarningsRecorder) -> None:
    file = saws.write(tmp_path, "replications = 2")
    over = ("--over", "investment.second.money.capex=1e8 KRW..9e8 KRW", "--sobol", 4, "--workers", 1)
    found = json.loads(call("explore", file, *over, "--scenario", "blade", "--json").stdout)["sobol"]["blade"]
    assert set(found["investment.second.money.capex"].values()) == {None}
    assert not recwarn.list
    assert " - " in call("explore", file, *over, "--scenario", "blade").stdout.replace("\n", " ")
    assert " ± " in call("explore", file, *over, "--scenario", "second").stdout


# ---- search ----


@given(st.integers(0, 9), st.integers(0, 9))
def test_climbing_finds_the_top_of_a_hill_with_a_ridge(a: int, b: int) -> None:
    asked: list[tuple[int, ...]] = []

    def hill(points: Any) -> list[list[float]]:
        asked.extend(points)
        return [
            [-3.0 * (x - a) ** 2 - 2.0 * (y - b) ** 2 + 1.5 * (x - a) * (y - b) + luck for luck in (0.0, 1.0)]
            for x, y in points
        ]

    found = climb(hill, {"x": (0, 9), "y": (0, 9)})
    assert found.point == {"x": a, "y": b} and found.certain
    assert len(asked) == len(set(asked)) == found.visited
    with pytest.raises(ValueError, match="outside the ranges"):
        climb(hill, {"x": (0, 9), "y": (0, 9)}, {"x": 10, "y": 1})


def test_searching_a_buffer_and_a_crew(tmp_path: Path) -> None:
    """More people than are needed cost money and make nothing, so the fewest are best."""
    file = saws.write(tmp_path)
    over = ("--over", "buffer.rack.capacity=0..6", "--over", "station.mill.machines=1..3")
    cost = ("--cost", "station.mill.machines=900e6 KRW/yr")
    done = call("search", file, *over, *cost, "--workers", 1, "--json", "--out", tmp_path / "out")
    assert done.exit_code == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["best"]["station.mill.machines"] == 1 and found["best"]["buffer.rack.capacity"] >= 2
    assert all(each["difference_krw_per_year"] <= 0.0 for each in found["neighbours"])
    said = call("search", file, *over, *cost, "--workers", 1, "--out", tmp_path / "out").stdout
    assert "machines = 1" in said and f"{found['visited']} points tried; at an end of its range: buffer" in said


# ---- what is wrong is told ----


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("break-even", "--scenario", "blad", "--over", "staff.crew.cost=1 KRW/yr..2 KRW/yr"), "did you mean 'blade'?"),
        (("explore", "--over", "staff.crew.cost"), "write PATH=LOW..HIGH"),
        (("explore", "--over", "staff.crew.cots=1..2"), "did you mean 'staff.crew.cost'?"),
        (("explore", "--over", "staff.crew.cost=1..2"), "has no unit"),
        (("explore", "--over", "staff.crew.positions=4..2"), "begin with the lower end"),
        (("explore", "--over", "plant.name=4..5"), "is no number"),
        (("explore", "--over", "staff.crew.positions=1..2", "--demand-mode", "fixed"), "the study has sold_out"),
        (
            ("explore", "--over", "staff.crew.positions=1..2", "--sobol", "3"),
            "3 points are no power of 2; take for example 4",
        ),
        (("explore", "--over", "station.*.machines=1..2", "--over", "station.saw.machines=1..2"), "moves what"),
        (("search", "--over", "station.saw.machines=1..2", "--over", "station.saw.machines=1..3"), "keep one of them"),
        (("explore", "--over", "staff.crew.positions=1..2", "--sobol", "4", "--samples", "9"), "leave one out"),
        (("search", "--over", "staff.crew.positions=1..2"), "no whole number"),
        (("search", "--over", "station.saw.machines=1..2", "--cost", "x=1 KRW/yr"), "is none of --over"),
        (("portfolio", "--budget", "2e9"), "has no unit"),
    ],
)
def test_wrong_questions_are_told(tmp_path: Path, arguments: tuple[str, ...], said: str) -> None:
    done = call(arguments[0], saws.write(tmp_path), *arguments[1:])
    assert done.exit_code == 2 and done.stdout == ""
    assert said in " ".join(done.stderr.split())


def test_a_portfolio_of_two_studies(tmp_path: Path) -> None:
    files = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        files.append(saws.write(tmp_path / name, "replications = 2"))
    done = call("portfolio", *files, "--budget", "60e6 KRW", "--json", "--workers", 1)
    assert done.exit_code == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["spent_krw"] <= 60e6 and found["npv_krw"] > 0.0
    assert set(found["chosen"].values()) <= {"blade", "guide", None}
    twice = call("portfolio", files[0], files[0], "--budget", "60e6 KRW")
    assert twice.exit_code == 2 and "is named 2 times; name it once" in twice.stderr
    assert "60" in call("portfolio", *files, "--budget", "60e6 KRW", "--workers", 1, "--lang", "ko").stdout


def test_the_interval_of_a_portfolio_rests_on_the_draws_of_what_is_uncertain(tmp_path: Path) -> None:
    """Runs of one draw hang together: with 2 draws of 4 runs there are 2 values, not 8."""
    file = saws.write(tmp_path, "replications = 4\nparameter_draws = 2")
    done = call("portfolio", file, "--budget", "20e6 KRW", "--json", "--workers", 1)
    assert done.exit_code == 0, done.stderr
    found = json.loads(done.stdout)
    chosen = compare(read_study(file), workers=1).modes["sold_out"][found["chosen"][str(file)]]
    assert chosen.worth is not None
    assert found["half_width"] == pytest.approx(chosen.worth.npv().half_width)
