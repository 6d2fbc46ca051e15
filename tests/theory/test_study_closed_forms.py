"""What a study finds on a plant without luck, against closed forms: a saw that makes a part an hour, day and night."""

from __future__ import annotations

import json
import math
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from factory_sim.cli import app
from factory_sim.model import read_study
from factory_sim.study.analysis import effects_of, front_of
from factory_sim.study.compare import Comparison, compare
from factory_sim.study.sensitivity import swings

PARTS = 52 * 168  # of a year of 52 weeks
PRICE = 10_000.0
BASE = PARTS * PRICE  # revenue of today [KRW/yr]
RATE, LIFE = 0.08, 8
ANNUITY = (1.0 - (1.0 + RATE) ** -LIFE) / RATE
GAIN = {"coat": 0.2, "fast": 0.25}  # of the revenue; together (1.2 x 1.25 - 1)
CAPEX = {"coat": 50e6, "fast": 90e6}
OPEX = {"coat": 2e6, "fast": 0.0}

PLANT = f"""
[plant]
name = "One saw"
demand_mode = "sold_out"
[source.bars]
weekly_volume = 400
[sink.pieces]
[product.piece]
route = ["bars", "saw", "pieces"]
price = "{PRICE} KRW"
[station.saw]
cycle = "1 h"
[staff.crew]
positions = 2
cost = "0 KRW/yr"
"""
STUDY = f"""
[study]
question = "Which one?"
plant = "plant.toml"
replications = 2
horizon = "1 week"
[finance]
discount_rate = {RATE}
tax_rate = 0.0
[design]
kind = "combinations"
[investment.coat]
factor = {{"product.piece.price" = 1.2}}
money = {{capex = "50e6 KRW", opex = "2e6 KRW/yr", life = "8 yr", subsidy = {{share = 0.3}}}}
[investment.fast]
set = {{"station.saw.cycle" = "48 min"}}
money = {{capex = "90e6 KRW", life = "8 yr"}}
"""
UNSUPPORTED = STUDY.replace(", subsidy = {share = 0.3}", "")


def write(folder: Path, study: str = UNSUPPORTED) -> Path:
    (folder / "plant.toml").write_text(PLANT, encoding="utf-8")
    (folder / "study.toml").write_text(study, encoding="utf-8")
    return folder / "study.toml"


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Comparison:
    return compare(read_study(write(tmp_path_factory.mktemp("saw"))), workers=1)


def ask(*arguments: object) -> Any:
    done = CliRunner().invoke(app, [*map(str, arguments), "--workers", "1", "--json"], catch_exceptions=False)
    assert done.exit_code == 0, done.stderr
    return json.loads(done.stdout)


def worth(*made: str, rate: float = RATE, life: float = LIFE, price: float = 1.0, capex: float = 1.0) -> float:
    """Net present value of investments made together; a life that is no whole number ends with a part of a year."""
    gain = price * BASE * (math.prod(1.0 + GAIN[name] for name in made) - 1.0) - sum(OPEX[name] for name in made)
    years = [min(1.0, life - year) for year in range(math.ceil(life))]
    return sum(gain * part / (1.0 + rate) ** (year + 1) for year, part in enumerate(years)) - capex * sum(
        CAPEX[name] for name in made
    )


def test_net_present_values_main_effects_and_interaction(found: Comparison) -> None:
    outcomes = found.modes["sold_out"]
    for name, made in found.study.scenarios.items():
        if made:
            value = outcomes[name].worth.npv()  # type: ignore[union-attr]
            assert (value.mean, value.half_width) == (pytest.approx(worth(*made)), 0.0)
    effects = {each.factors: each.interval.mean for each in effects_of(found, "sold_out")}
    both, coat, fast = worth("coat", "fast"), worth("coat"), worth("fast")
    assert effects["coat",] == pytest.approx((both + coat - fast) / 2.0)
    assert effects["fast",] == pytest.approx((both + fast - coat) / 2.0)
    assert effects["coat", "fast"] == pytest.approx(ANNUITY * BASE * GAIN["coat"] * GAIN["fast"] / 2.0)


def test_the_front_is_that_of_money_and_lead_time(found: Comparison) -> None:
    """A part is born when the saw takes it: only the fast one has a shorter way, and both together are worth most."""
    assert worth("coat", "fast") > max(worth("coat"), worth("fast"), 0.0)
    points = front_of(found, "sold_out")
    assert list(points) == ["coat_and_fast"]
    assert points["coat_and_fast"] == pytest.approx((worth("coat", "fast"), 0.0, 0.8, 2.0))


def test_a_tornado_is_a_change_of_one_term(found: Comparison) -> None:
    outcomes = found.modes["sold_out"]
    listed = {each.parameter: each for each in swings(outcomes["coat"], outcomes["baseline"])}
    gain = ANNUITY * 0.2 * BASE
    expected = {
        "price": (worth("coat", price=0.8), worth("coat", price=1.2)),
        "capex": (worth("coat", capex=0.8), worth("coat", capex=1.2)),
        "opex": tuple(worth("coat") - ANNUITY * sign * 0.2 * OPEX["coat"] for sign in (-1.0, 1.0)),
        "benefit": tuple(worth("coat") + sign * 0.2 * gain for sign in (-1.0, 1.0)),
        "life": (worth("coat", life=6.4), worth("coat", life=9.6)),
        "rate": (worth("coat", rate=0.064), worth("coat", rate=0.096)),
    }
    assert set(listed) == set(expected)
    for name, ends in expected.items():
        assert (listed[name].low, listed[name].high) == pytest.approx(ends), name


@pytest.mark.parametrize(
    ("path", "low", "high", "exact"),
    [
        ("product.piece.price", "1000 KRW", "20000 KRW", (CAPEX["coat"] / ANNUITY + OPEX["coat"]) / 0.2 / PARTS),
        ("investment.coat.money.capex", "1 KRW", "1e9 KRW", ANNUITY * (0.2 * BASE - OPEX["coat"])),
        ("investment.coat.money.opex", "0 KRW/yr", "1e8 KRW/yr", 0.2 * BASE - CAPEX["coat"] / ANNUITY),
        ("investment.coat.money.life", "1 yr", "20 yr", None),
        ("finance.discount_rate", "0.0", "0.9", None),
    ],
)
def test_break_even_of_each_kind(tmp_path: Path, path: str, low: str, high: str, exact: float | None) -> None:
    found = ask("break-even", write(tmp_path), "--scenario", "coat", "--over", f"{path}={low}..{high}")
    value = found["value"] / {"KRW/s": 1.0 / (365.25 * 86400.0), "s": 365.25 * 86400.0}.get(found["unit"], 1.0)
    steps = 12 if path.startswith("product") else 30
    if exact is None:  # where the other closed form is worth nothing
        moved = {"rate": value} if "rate" in path else {"life": value}
        assert worth("coat", **moved) == pytest.approx(0.0, abs=200.0)
    else:
        assert value == pytest.approx(exact, abs=2e9 / 2.0**steps if steps == 30 else 20e3 / 2.0**steps)
    assert found["low"] == pytest.approx(found["high"])


def test_break_even_of_a_whole_number_lies_between_two(tmp_path: Path) -> None:
    """`fast` adds a quarter to what each saw makes: 300 M KRW pay from 300 / (a 0.25 87.36) = 2.4 saws on."""
    file = write(tmp_path, UNSUPPORTED.replace('capex = "90e6 KRW"', 'capex = "300e6 KRW"'))
    plant = PLANT.replace("weekly_volume = 400\n", "")
    (tmp_path / "plant.toml").write_text(plant, encoding="utf-8")
    pays = 300e6 / (ANNUITY * 0.25 * BASE)
    asked = ("--scenario", "fast", "--over", "station.saw.machines=1..9")
    found = ask("break-even", file, *asked)
    assert math.floor(pays) < found["value"] < math.ceil(pays)
    done = CliRunner().invoke(app, ["break-even", str(file), *asked, "--workers", "1"])
    assert f"machines = between {math.floor(pays)} and {math.ceil(pays)} (95%" in done.stdout
    assert int(done.stderr.split()[0]) <= 9 * 2 * 2, "no number of saws is simulated twice"


def test_shares_of_variance_of_a_sum_and_of_a_product(tmp_path: Path) -> None:
    """A sum: each share is that of the variances. A product c (1 - s): alone and with its interaction."""
    capex, opex, support = "investment.coat.money.capex", "investment.coat.money.opex", "investment.coat.money.subsidy"
    file = write(tmp_path, STUDY)
    over = ("--over", f"{capex}=20e6 KRW..80e6 KRW", "--over", f"{opex}=0 KRW/yr..6e6 KRW/yr")
    found = ask("explore", file, *over, "--sobol", 128, "--scenario", "coat")["sobol"]["coat"]
    parts = {capex: (0.7 * 60e6) ** 2, opex: (ANNUITY * 6e6) ** 2}  # a subsidy of 30 % is taken off
    for path, part in parts.items():
        exact = part / sum(parts.values())
        assert (found[path]["first"], found[path]["total"]) == pytest.approx((exact, exact), abs=0.03)
    over = ("--over", f"{capex}=20e6 KRW..180e6 KRW", "--over", f"{support}.share=0.0..1.0")
    found = ask("explore", file, *over, "--sobol", 128, "--scenario", "coat")["sobol"]["coat"]
    c, u = (100.0, 160.0**2 / 12.0), (0.5, 1.0 / 12.0)  # mean and variance of both factors, in 10^6 KRW and shares
    whole = c[1] * u[1] + c[1] * u[0] ** 2 + u[1] * c[0] ** 2
    both = c[1] * u[1] / whole
    for path, alone in ((capex, c[1] * u[0] ** 2 / whole), (f"{support}.share", u[1] * c[0] ** 2 / whole)):
        assert found[path]["first"] == pytest.approx(alone, abs=0.04)
        assert found[path]["total"] == pytest.approx(alone + both, abs=0.04)


def test_ranks_of_a_monotone_answer_are_whole(tmp_path: Path) -> None:
    over = ("--over", "investment.coat.money.capex=20e6 KRW..80e6 KRW")
    found = ask("explore", write(tmp_path), *over, "--samples", 8)
    assert found["rank_correlation"] == {
        "coat": {over[1].partition("=")[0]: pytest.approx(-1.0)},
        "fast": {over[1].partition("=")[0]: None},  # its worth does not move
        "coat_and_fast": {over[1].partition("=")[0]: pytest.approx(-1.0)},
    }


def test_the_search_finds_what_enumeration_finds(tmp_path: Path) -> None:
    """Saws of 168 and polishers of 336 parts a week, 400 to be sold: three and two, unless they cost more than that."""
    file = write(tmp_path)
    plant = PLANT.replace('"saw", "pieces"', '"saw", "polish", "pieces"').replace('"sold_out"', '"fixed_volume"')
    plant += '[station.polish]\ncycle = "30 min"\n[buffer.rack]\nbefore = "polish"\ncapacity = 40\n'
    (tmp_path / "plant.toml").write_text(plant, encoding="utf-8")
    for saw, polish in ((50e6, 80e6), (70e6, 60e6)):
        over = ("--over", "station.saw.machines=1..4", "--over", "station.polish.machines=1..3")
        cost = ("--cost", f"station.saw.machines={saw} KRW/yr", "--cost", f"station.polish.machines={polish} KRW/yr")
        found = ask("search", file, *over, *cost)
        worths = {
            (n, m): 52 * min(168 * n, 336 * m, 400) * PRICE - n * saw - m * polish
            for n, m in product(range(1, 5), range(1, 4))
        }
        best = max(worths, key=lambda point: worths[point])
        assert tuple(found["best"].values()) == best
        assert found["surplus_krw_per_year"] == pytest.approx(worths[best], rel=0.02)
        assert found["certain"]
