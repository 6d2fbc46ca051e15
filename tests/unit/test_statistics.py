"""Statistics of replications: reference cases, closed forms, and what must hold for any values."""

from __future__ import annotations

import doctest
import math
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import scipy.stats
from hypothesis import given
from hypothesis import strategies as st

from factory_sim.results import statistics
from factory_sim.results.statistics import (
    Interval,
    batch_means,
    mser5,
    paired_difference,
    probability_best,
    quantiles,
    t_interval,
    variance_reduction,
    welch_moving_average,
    wilson,
)

FILE = Path(__file__).parents[1] / "theory" / "cases_finance_statistics.toml"


def luck(key: int) -> np.random.Generator:
    return np.random.Generator(np.random.Philox(key=key))


def variance(interval: Interval, t: float) -> float:
    """Return the variance behind a Student interval, of which t is the quantile."""
    return interval.n * (interval.half_width / t) ** 2


def coverage(p: dict[str, Any]) -> dict[str, float]:
    draws = luck(1).standard_normal((20_000, p["n"]))
    intervals = [t_interval(row, p["nominal"]) for row in draws]
    of_the_first = math.sqrt(p["n"] / draws[0].var(ddof=1)) * intervals[0].half_width
    return {
        "coverage": float(np.mean([i.low <= 0.0 <= i.high for i in intervals])),
        "t_quantile_0.975_9df": of_the_first,
    }


def exponentials(p: dict[str, Any]) -> dict[str, float]:
    x, y = -np.log(1.0 - luck(2).random((2, 200_000)))
    together = paired_difference(p["m1"] * x, p["m2"] * x)
    apart = paired_difference(p["m1"] * x, p["m2"] * y)
    t = 1.959976  # quantile 0.975 at so many degrees of freedom
    assert variance_reduction(p["m1"] * x, p["m2"] * x) == pytest.approx(2.44 / 0.04, rel=0.05)
    assert variance_reduction(p["m1"] * x, p["m2"] * y) == pytest.approx(1.0, rel=0.05)
    return {"variance_common": variance(together, t), "variance_independent": variance(apart, t)}


def series(p: dict[str, Any]) -> dict[str, float]:
    x, values = p["seed"], []
    for t in range(p["n"]):
        x = (1103515245 * x + 12345) % 2**31
        values.append(10.0 * (1.0 - math.exp(-t / p["tau"])) + p["amp"] * (x / 2**31 - 0.5))
    cut = mser5(values)
    assert cut.conclusive
    return {
        "first_value": values[0],
        "truncation_batches": cut.batches,
        "truncation_observations": cut.observations,
        "truncated_mean_of_batches": cut.mean,
        "mser_statistic": cut.statistic,
    }


def welch(p: dict[str, Any]) -> dict[str, float]:
    averages = welch_moving_average(p["y"], p["w"])
    assert averages.shape == (len(p["y"]) - p["w"],)
    return {f"welch_{i}": value for i, value in enumerate(averages, start=1)}


COMPUTE: dict[str, Callable[[dict[str, Any]], dict[str, float]]] = {
    "t-interval-coverage": coverage,
    "crn-exponential": exponentials,
    "mser5-600": series,
    "welch-window-2": welch,
}
CASES = [case for case in tomllib.loads(FILE.read_text(encoding="utf-8"))["case"] if case["id"] in COMPUTE]


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_reference_case(case: dict[str, Any]) -> None:
    result = COMPUTE[case["id"]](case["parameters"])
    for kpi in case["kpi"]:
        assert kpi["compare"] == "two-sided"
        limit = {"rel": 0.0, "abs": 0.0, kpi["tolerance_kind"]: kpi["tolerance"]}
        assert result[kpi["name"]] == pytest.approx(kpi["expected"], **limit), kpi["name"]


def test_no_reference_case_is_missing() -> None:
    assert len(CASES) == len(COMPUTE)


def test_examples_in_the_docstrings() -> None:
    assert doctest.testmod(statistics).failed == 0


# ---- intervals and comparison ----


def test_one_replication_has_a_mean_and_no_half_width() -> None:
    alone = t_interval([3.0])
    assert (alone.mean, alone.n) == (3.0, 1)
    assert math.isnan(alone.half_width)
    assert math.isnan(paired_difference([3.0], [2.0]).half_width)
    assert math.isnan(variance_reduction([3.0], [2.0]))
    assert np.isnan(probability_best([[1.0, 2.0]])).all()


def test_pairs_gain_what_they_share() -> None:
    shared, own = luck(3).standard_normal((2, 50))
    a, b = shared + 0.1 * own, shared - 0.1 * own
    assert paired_difference(a, b).half_width == pytest.approx(t_interval(0.2 * own).half_width)
    assert variance_reduction(a, b) == pytest.approx((a.var() + b.var()) / (0.2 * own).var())
    assert variance_reduction(a, a + 0.1) == math.inf  # shifted only; rounding does not count as difference
    assert math.isnan(variance_reduction([0.1] * 4, [0.3] * 4))


@given(st.lists(st.floats(-1e9, 1e9), min_size=2, max_size=30), st.floats(0.5, 0.99))
def test_a_higher_level_is_wider_and_the_mean_lies_inside(values: list[float], level: float) -> None:
    narrow, wide = t_interval(values, level - 0.1), t_interval(values, level)
    assert narrow.mean == wide.mean
    assert narrow.half_width <= wide.half_width
    assert wide.low <= wide.mean <= wide.high


@given(st.lists(st.floats(-1e9, 1e9), min_size=1, max_size=30), st.lists(st.floats(0.0, 1.0), min_size=1, max_size=5))
def test_quantiles_are_those_of_numpy(values: list[float], probabilities: list[float]) -> None:
    np.testing.assert_allclose(
        quantiles(values, probabilities), np.quantile(values, probabilities), rtol=1e-9, atol=1e-6
    )


def test_quantiles_of_paybacks_that_never_come() -> None:
    assert quantiles([math.inf] * 3).tolist() == [math.inf] * 3
    assert quantiles([2.0, math.inf, math.inf], (0.0, 0.25, 0.5)).tolist() == [2.0, math.inf, math.inf]
    assert quantiles([-math.inf, 2.0, math.inf], (0.25, 0.5, 0.75)).tolist() == [-math.inf, 2.0, math.inf]


# ---- the best scenario, shares ----


def test_probability_best_of_two_is_the_chance_of_a_positive_difference() -> None:
    base, gain = luck(4).standard_normal((2, 400))
    gain = (gain - gain.mean()) / gain.std() + 0.05  # mean one standard error above nothing
    chance = probability_best(np.column_stack([base, base + gain]), seed=1, draws=20_000)
    assert chance.tolist() == pytest.approx([0.1587, 0.8413], abs=0.01)


@pytest.mark.parametrize("n", [2, 3, 8])
def test_probability_best_of_two_is_that_of_student_however_few_replications(n: int) -> None:
    """Common luck, however great, cancels; two replications that agree are no certainty."""
    base, noise = luck(7).standard_normal((2, n))
    gain = 0.8 + noise
    t = gain.mean() / (gain.std(ddof=1) / math.sqrt(n))
    chance = probability_best(np.column_stack([1e3 * base, 1e3 * base + gain]), draws=40_000)
    assert chance[1] == pytest.approx(scipy.stats.t.cdf(t, n - 1), abs=0.008)


def test_what_is_called_certain_with_three_replications_is_right_as_often_as_that() -> None:
    """Four systems that differ by chance, with luck that is shared in part."""
    stream = luck(8)
    said, right = [], []
    for _ in range(600):
        true = 3.0 * stream.standard_normal(4)
        data = true + stream.standard_normal((3, 1)) + 1.5 * stream.standard_normal((3, 4))
        chances = probability_best(data, draws=400)
        said.append(chances.max())
        right.append(bool(np.argmax(chances) == np.argmax(true)))
    certain = [hit for chance, hit in zip(said, right, strict=True) if chance > 0.95]
    assert len(certain) > 60
    assert np.mean(certain) > 0.95
    assert np.mean(said) < np.mean(right) + 0.02


def test_probability_best_splits_ties_and_repeats_itself() -> None:
    data = luck(6).standard_normal((10, 3))
    twins = data[:, [0, 1, 1]]
    first = probability_best(twins, seed=3)
    assert first[1] == first[2]
    assert first.sum() == pytest.approx(1.0)
    np.testing.assert_array_equal(first, probability_best(twins, seed=3))
    assert not np.array_equal(first, probability_best(twins, seed=4))
    assert probability_best(data[:, :1]).tolist() == [1.0]


def test_wilson_at_the_ends_and_against_its_equation() -> None:
    assert (wilson(0, 20).low, wilson(20, 20).high) == (0.0, 1.0)
    z = 1.959963984540054
    assert wilson(0, 20).high == pytest.approx(z * z / (20 + z * z))
    for end in (wilson(3, 17).low, wilson(3, 17).high):  # where |share - p| is z standard deviations at p
        assert abs(3 / 17 - end) == pytest.approx(z * math.sqrt(end * (1.0 - end) / 17))


# ---- one long run ----


def mser_by_definition(values: list[float]) -> tuple[int, float]:
    """Return the batches to delete and the statistic, by two loops as the definition reads."""
    z = [sum(values[i : i + 5]) / 5 for i in range(0, len(values) - 4, 5)]
    statistic = [float(np.var(z[d:])) / (len(z) - d) for d in range(len(z) // 2 + 1) if d < len(z)]
    return int(np.argmin(statistic)), min(statistic)


@given(st.lists(st.integers(-1000, 1000).map(float), min_size=5, max_size=120))
def test_mser5_is_its_definition(values: list[float]) -> None:
    cut = mser5(values)
    batches, statistic = mser_by_definition(values)
    assert cut.statistic == pytest.approx(statistic, rel=1e-9, abs=1e-9)
    assert cut.observations == 5 * cut.batches
    assert cut.batches == batches or cut.statistic == pytest.approx(statistic, rel=1e-9, abs=1e-9)
    assert cut.mean == pytest.approx(np.mean(values[cut.observations : len(values) // 5 * 5]))


def test_mser5_of_a_constant_deletes_nothing_and_of_a_ramp_finds_no_end() -> None:
    constant = mser5([0.1] * 100)
    assert (constant.batches, constant.statistic, constant.conclusive) == (0, 0.0, True)
    assert not mser5(range(100)).conclusive


def test_batch_means_leave_the_beginning_out() -> None:
    assert batch_means(range(7), 3).tolist() == [1.5, 3.5, 5.5]
    independent = luck(7).standard_normal(4000)
    assert t_interval(batch_means(independent)).half_width == pytest.approx(1.96 / math.sqrt(4000), rel=0.4)


def test_welch_averages_replications_first() -> None:
    rows = luck(8).standard_normal((3, 12))
    np.testing.assert_allclose(welch_moving_average(rows, 3), welch_moving_average(rows.mean(axis=0), 3))
    np.testing.assert_allclose(welch_moving_average(rows, 0), rows.mean(axis=0))


@pytest.mark.parametrize(
    ("call", "told"),
    [
        (lambda: t_interval([]), "at least one value"),
        (lambda: t_interval([1.0, math.inf]), "must be finite, got"),
        (lambda: t_interval([1.0, 2.0], 1.0), r"level must lie in \(0, 1\), got 1.0"),
        (lambda: paired_difference([1.0], [1.0, 2.0]), "one value per replication each, got 1 and 2"),
        (lambda: variance_reduction([1.0], [1.0, 2.0]), "one value per replication"),
        (lambda: quantiles([math.nan]), "must not be nan"),
        (lambda: quantiles([1.0], (1.5,)), "probabilities must lie in"),
        (lambda: probability_best([1.0, 2.0]), "replications, scenarios"),
        (lambda: probability_best([[1.0], [math.nan]]), "finite"),
        (lambda: probability_best([[1.0], [2.0]], draws=0), "draws"),
        (lambda: wilson(3, 2), "successes must lie in"),
        (lambda: wilson(0, 0), "n must be at least 1"),
        (lambda: batch_means([1.0], 2), "batches must lie in"),
        (lambda: mser5([1.0] * 4), "batch must lie in"),
        (lambda: welch_moving_average([1.0, 2.0], 2), "window must lie in"),
        (lambda: welch_moving_average(np.ones((0, 3)), 1), "at least one value"),
    ],
)
def test_what_cannot_be_is_told(call: Callable[[], object], told: str) -> None:
    with pytest.raises(ValueError, match=told):
        call()
