"""Two variances and the probability to pay, against normal theory; a study with draws of its parameters."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy import optimize, stats

from factory_sim.model import InputError, read_study
from factory_sim.results.uncertainty import chance_above_zero, two_level
from factory_sim.study.compare import compare


def draws_of(rng: np.random.Generator, mu: float, sp: float, sw: float, k: int, m: int) -> np.ndarray:
    """Return values with parameters N(0, sp^2) and luck N(0, sw^2) about mu, shape (k, m)."""
    return mu + sp * rng.standard_normal((k, 1)) + sw * rng.standard_normal((k, m))


def test_both_variances_by_hand() -> None:
    """Draws of means 2, 6, 10: MSB = 2 x 32/2 = 32; deviations 1, 2, 1 about them: MSW = (2 + 8 + 2)/3 = 4."""
    found = two_level([[1.0, 3.0], [4.0, 8.0], [9.0, 11.0]])
    assert (found.mean, found.parameters, found.simulation) == (6.0, 14.0, 4.0)
    assert found.of_mean == pytest.approx((14 + 4 / 2) / 3)
    assert found.half_width == pytest.approx(float(stats.t.ppf(0.975, 2)) * math.sqrt(32 / 6))
    assert two_level([[1.0, 5.0], [2.0, 4.0]]).parameters == 0.0  # less between than luck makes


def test_both_variances_of_a_normal_normal_model() -> None:
    """Parameters 2^2, luck 3^2: both estimates are unbiased."""
    rng = np.random.Generator(np.random.Philox(key=3))
    found = [two_level(draws_of(rng, 5.0, 2.0, 3.0, 12, 4)) for _ in range(2000)]
    raw = [one.parameters for one in found]
    assert np.mean([one.simulation for one in found]) == pytest.approx(9.0, abs=0.15)
    assert np.mean(raw) == pytest.approx(4.0, abs=0.25)  # cut at 0 now and then
    truth = (4.0 + 9.0 / 4.0) / 12.0
    assert np.var([one.mean for one in found]) == pytest.approx(truth, rel=0.1)
    inside = [abs(one.mean - 5.0) <= one.half_width for one in found]
    assert np.mean(inside) == pytest.approx(0.95, abs=0.015)


@pytest.mark.parametrize("values", [[2.0, 1.0, 3.0, 2.5, -0.5], [0.1, -0.2, 0.3, 0.2], [-1.5, -0.2, -1.0, 0.3, -0.8]])
def test_with_one_level_it_is_the_noncentral_t_and_students_prediction(values: list[float]) -> None:
    chance = chance_above_zero(values)
    n, mean, deviation = len(values), float(np.mean(values)), float(np.std(values, ddof=1))
    t = math.sqrt(n) * abs(mean) / deviation  # scipy's noncentral t fails far from a negative t: mirror it
    low = optimize.brentq(lambda d: stats.nct.sf(t, n - 1, d) - 0.025, -15.0, 15.0) / math.sqrt(n)
    high = optimize.brentq(lambda d: stats.nct.cdf(t, n - 1, d) - 0.025, -15.0, 15.0) / math.sqrt(n)
    ends = sorted(stats.norm.cdf(math.copysign(1.0, mean) * np.array([low, high])))
    assert (chance.low, chance.high) == pytest.approx(tuple(ends), abs=0.006)
    assert chance.share == pytest.approx(stats.t.cdf(mean / (deviation * math.sqrt(1 + 1 / n)), n - 1), abs=0.004)


def test_luck_that_averages_out_leaves_the_sign_of_the_mean() -> None:
    values = [1.0, 3.0, 2.0, 2.5, 1.5]
    once, often = (chance_above_zero(values, windows=windows) for windows in (1.0, 100.0))
    mean, deviation = float(np.mean(values)), float(np.std(values, ddof=1))
    expected = stats.t.cdf(mean / (deviation * math.sqrt(0.01 + 1 / 5)), 4)
    assert often.share == pytest.approx(expected, abs=0.004)
    assert often.share > once.share


def test_without_spread_it_is_certain() -> None:
    for value, share in ((3.0, 1.0), (0.0, 0.0), (-3.0, 0.0)):
        chance = chance_above_zero([value] * 4)
        assert (chance.share, chance.low, chance.high) == (share, share, share)


@pytest.mark.parametrize(
    ("values", "draws"), [([1.0], None), ([1.0, math.nan], None), ([1.0] * 6 + [2.0], 3), ([1.0, 2.0], 2)]
)
def test_what_cannot_be_judged(values: list[float], draws: int | None) -> None:
    with pytest.raises(ValueError, match="values"):
        chance_above_zero(values, draws)
    with pytest.raises(ValueError, match="values must be"):
        two_level([values])


@pytest.mark.slow
@pytest.mark.parametrize(
    ("mu", "sp", "sw", "k", "m", "windows"),
    [
        (1.0, 1.0, 1.0, 10, 5, 1.0),
        (1.0, 1.0, 3.0, 10, 5, 50.0),
        (0.0, 1.0, 1.0, 20, 4, 10.0),
        (2.0, 0.5, 2.0, 8, 8, 1.0),
    ],
)
def test_the_interval_covers_the_true_chance(mu: float, sp: float, sw: float, k: int, m: int, windows: float) -> None:
    truth = stats.norm.cdf(mu / math.sqrt(sp**2 + sw**2 / windows))
    rng = np.random.Generator(np.random.Philox(key=7))
    hits = 0
    for _ in range(500):
        chance = chance_above_zero(draws_of(rng, mu, sp, sw, k, m).ravel().tolist(), k, windows)
        hits += chance.low <= truth <= chance.high
    assert hits / 500 >= 0.93, hits / 500  # of 0.95, with a standard error of 0.01; it may be careful


PLANT = """
[plant]
name = "One saw"
[source.bars]
[sink.pieces]
[product.piece]
route = ["bars", "saw", "pieces"]
price = "1000 KRW"
[station.saw]
cycle = {exponential = "60 s"}
"""
STUDY = """
[study]
question = "Faster?"
plant = "plant.toml"
replications = 3
parameter_draws = 4
horizon = "1 week"
warmup = "0 weeks"
date = "2026-07"
[finance]
firm_size = "small"
tax_rate = 0.2
[finance.loan]
share = 0.5
lender = "policy"
[finance.fund]
share = 0.3
[investment.faster]
factor = {"station.saw.cycle" = {uniform = [0.8, 1.0]}}
[investment.faster.money]
capex = "200e6 KRW"
life = "5 yr"
credit = "strategic"
subsidy = {programme = "robot_demonstration"}
asset_class = "life_5"
success = 0.9
stages = [{at = "0 s", share = 0.5}, {at = "1 yr", share = 0.5}]
may_stop = true
uncertain = {capex = {triangular = [0.9, 1.0, 1.4]}, benefit = 0.5}
sources = {capex = "quotation"}
"""


def write(folder: Path, study: str = STUDY) -> Path:
    (folder / "plant.toml").write_text(PLANT, encoding="utf-8")
    (folder / "study.toml").write_text(study, encoding="utf-8")
    return folder / "study.toml"


def test_a_study_with_draws_tells_parameters_from_luck(tmp_path: Path) -> None:
    comparison = compare(read_study(write(tmp_path)), workers=1)
    outcome = comparison.modes["sold_out"]["faster"]
    worth = outcome.worth
    assert worth is not None
    assert len(worth.flows) == 12 and worth.draws == 4
    capex = [flow.money.capex for flow in worth.flows]
    assert [len(set(capex[i : i + 3])) for i in (0, 3, 6, 9)] == [1] * 4 and len(set(capex)) == 4
    assert worth.money.capex == pytest.approx(200e6 * (0.9 + 1.0 + 1.4) / 3)
    assert worth.money.subsidy == pytest.approx(110e6) and worth.money.credit_rate == 0.25
    assert worth.terms.loan is not None and worth.terms.loan.rate == 0.03
    assert outcome.kpis["surplus_per_year"].n == 4
    assert outcome.difference["surplus_per_year"].n == 4
    said = worth.to_json()
    variances = worth.variances
    assert variances is not None and variances.parameters > variances.simulation > 0.0
    assert said["npv_variance_krw2"] == {
        "parameters": variances.parameters,
        "simulation": variances.simulation,
        "runs": pytest.approx(float(np.var(worth.npvs, ddof=1))),
    }
    by_draw = np.reshape(worth.npvs, (4, 3)).mean(axis=1)
    assert worth.npv().mean == pytest.approx(by_draw.mean()) and worth.npv().n == 4
    assert 0.0 < worth.chance.low <= worth.probability_pays <= worth.chance.high <= 1.0
    parties = said["parties"]
    assert isinstance(parties, dict) and set(parties) == {"plant", "fund", "government", "lender"}


def test_half_the_benefit_is_half_the_gain(tmp_path: Path) -> None:
    whole, half = (
        compare(read_study(write(tmp_path, STUDY.replace("benefit = 0.5", f"benefit = {share}"))), workers=1)
        for share in (1.0, 0.5)
    )
    gains = [[flow.benefit for flow in c.modes["sold_out"]["faster"].worth.flows] for c in (whole, half)]  # type: ignore[union-attr]
    assert gains[1] == pytest.approx([0.5 * gain for gain in gains[0]])


TOGETHER = """
[study]
question = "Q?"
plant = "plant.toml"
demand_modes = ["sold_out"]
replications = 6
horizon = "1 week"
warmup = "1 week"
seed = 5
[investment.faster]
set = {"station.saw.cycle" = "50 s"}
money = {capex = "200e6 KRW", life = "5 yr", UNCERTAIN}
[investment.purer]
set = {"product.piece.price" = "1020 KRW"}
money = {capex = "100e6 KRW", life = "5 yr", benefit = {sold_out = "30e6 KRW/yr"}}
[scenario.faster]
investments = ["faster"]
[scenario.both]
investments = ["faster", "purer"]
"""


def test_an_uncertain_benefit_is_that_of_its_own_investment(tmp_path: Path) -> None:
    uncertain = "uncertain = {benefit = {uniform = [0.5, 1.5]}}"
    certain, drawn = (
        compare(read_study(write(folder, TOGETHER.replace(", UNCERTAIN", text))), workers=1).modes["sold_out"]
        for folder, text in ((tmp_path, ""), (tmp_path, f", {uncertain}"))
    )

    def benefits(outcomes: dict[str, Any], name: str) -> Any:
        return np.array([flow.benefit for flow in outcomes[name].worth.flows])

    own = benefits(certain, "faster")
    changes = benefits(drawn, "faster") - own
    assert np.ptp(changes / own) > 0.1
    np.testing.assert_allclose(benefits(drawn, "both") - benefits(certain, "both"), changes)
    together = benefits(certain, "both") * (1.0 + changes / own)
    assert abs(together - benefits(drawn, "both")).max() > 1e6  # on the gain of both it would be another number


def test_an_uncertain_benefit_needs_its_investment_alone(tmp_path: Path) -> None:
    text = TOGETHER.replace("UNCERTAIN", "uncertain = {benefit = {uniform = [0.5, 1.5]}}")
    text = text.replace('[scenario.faster]\ninvestments = ["faster"]', '[scenario.purer]\ninvestments = ["purer"]')
    with pytest.raises(InputError, match="what faster gains alone, but both has it only with others; add"):
        read_study(write(tmp_path, text))


def test_selection_values_investments_together_as_the_answer_does(tmp_path: Path) -> None:
    text = TOGETHER.replace("UNCERTAIN", "uncertain = {benefit = {uniform = [0.5, 1.5]}}")
    text = text.replace("replications = 6\n", 'selection = "kn"\n')
    text += '[precision]\nindifference = "50e6 KRW"\nfirst_stage = 4\nmost_replications = 8\n'
    outcomes = compare(read_study(write(tmp_path, text)), workers=1).modes["sold_out"]
    both, faster = outcomes["both"].worth, outcomes["faster"].worth
    assert both is not None and faster is not None
    assert both.npv().mean > faster.npv().mean > 0.0
