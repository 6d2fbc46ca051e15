"""Ranking and selection, run length and Little's law, against exact answers and by the promises that they make."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import stdtrit

from factory_sim.results.constants import dudewicz_dalal, kim_nelson, ocba_shares
from factory_sim.results.run_length import replications_needed, steady_state, terminating, until_half_width
from factory_sim.results.statistics import t_interval, wilson
from factory_sim.study.selection import Screening, Selected, select

FILE = Path(__file__).with_name("cases_finance_statistics.toml")
Figures = dict[str, float]


def luck(key: int) -> np.random.Generator:
    return np.random.Generator(np.random.Philox(key=key))


def constants(p: dict[str, Any]) -> Figures:
    wanted = [(k, chance) for k in (2, 5) for chance in (0.90, 0.95)]
    return {f"h_k{k}_P{chance * 100:.0f}": dudewicz_dalal(k, p["n0"], chance) for k, chance in wanted}


def sequential(p: dict[str, Any]) -> Figures:
    found = kim_nelson(p["k"], p["n0"], p["alpha"])
    return {"eta": found.eta, "h_squared": found.h_squared}


def chosen(values: np.ndarray, delta: float, **more: Any) -> Selected:
    """Return what KN selects from a table of values, one row for each replication."""
    return select(lambda some, begin, end: values[begin:end, list(some)].tolist(), values.shape[1], delta, **more)


def slippage(p: dict[str, Any]) -> Figures:
    """400 selections among normal systems of which the first is better by just the indifference zone."""
    delta, spread = p["delta"], np.sqrt(p["variances"])
    right = 0
    for macro in range(400):
        values = luck(1000 + macro).standard_normal((3000, spread.size)) * spread
        values[:, 0] += delta
        found = chosen(values, delta, most=3000)
        assert found.guaranteed
        right += found.best == 0
    return {"fraction_correct": right / 400}


COMPUTE: dict[str, Callable[[dict[str, Any]], Figures]] = {
    "select-constants": constants,
    "kn-constants": sequential,
    "pcs-slippage-5": slippage,
    "ocba-3": lambda p: {
        f"share_{i}": share for i, share in enumerate(ocba_shares(p["means"], p["sd"], "smallest"), start=1)
    },
}
CASES = [case for case in tomllib.loads(FILE.read_text(encoding="utf-8"))["case"] if case["id"] in COMPUTE]


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_reference_case(case: dict[str, Any]) -> None:
    result = COMPUTE[case["id"]](case["parameters"])
    for kpi in case["kpi"]:
        value = result[kpi["name"]]
        if kpi["compare"] == ">=":
            assert value >= kpi["expected"] - kpi["tolerance"], kpi["name"]
            continue
        assert (kpi["compare"], kpi["tolerance_kind"]) == ("two-sided", "abs")
        assert value == pytest.approx(kpi["expected"], rel=0.0, abs=kpi["tolerance"]), kpi["name"]


def test_no_reference_case_is_missing() -> None:
    assert {case["id"] for case in CASES} == set(COMPUTE)


# ---- selection ----


@pytest.mark.slow
@pytest.mark.parametrize("shared", [0.0, 0.9])
def test_the_promise_holds_with_common_luck_which_saves_replications(shared: float) -> None:
    """Equal correlation between all systems; unequal variances."""
    right, spent = 0, 0
    for macro in range(400):
        common, own = luck(macro).standard_normal((3000, 1)), luck(5000 + macro).standard_normal((3000, 5))
        values = (math.sqrt(shared) * common + math.sqrt(1.0 - shared) * own) * [2.0, 1.0, 1.5, 1.0, 2.0]
        values[:, 3] += 1.0
        found = chosen(values, 1.0, most=3000)
        right += found.best == 3
        spent += sum(found.counts)
    assert right / 400 >= 0.9246
    assert spent / 400 < (60 if shared else 300)


def test_replications_go_where_the_decision_is_open() -> None:
    values = luck(7).standard_normal((2000, 4)) + np.array([0.0, 0.3, 3.0, 3.3])
    found = chosen(values, 0.3)
    assert found.best == 3 and found.guaranteed
    assert found.counts[0] == found.counts[1] == 10
    assert found.counts[3] == found.counts[2] > 20


@given(st.integers(0, 10**6), st.integers(1, 9), st.integers(2, 6))
def test_the_batch_changes_nothing(key: int, batch: int, systems: int) -> None:
    values = luck(key).standard_normal((400, systems)) + 0.5 * np.arange(systems)
    one = chosen(values, 0.4, most=400)
    assert chosen(values, 0.4, most=400, batch=lambda _: batch) == one
    assert len(one.remaining) == 1 or not one.guaranteed
    assert max(one.counts) == one.counts[one.best]


def test_budgets_end_without_a_promise() -> None:
    values = luck(9).standard_normal((400, 3))
    found = chosen(values, 0.001, most=40)
    assert (found.reason, max(found.counts), found.guaranteed) == ("replications", 40, False)
    assert chosen(values, 0.001, out_of_time=lambda: True).counts == (10, 10, 10)
    assert chosen(values, 0.001, out_of_time=lambda: True).reason == "time"


def test_systems_that_cannot_be_told_apart_end_it() -> None:
    base = luck(11).standard_normal((50, 1))
    twins = np.hstack([base - 1.0, base, base])
    found = chosen(twins, 0.5)
    assert (found.best, found.remaining, found.counts, found.reason) == (1, (1, 2), (10, 10, 10), "guarantee")
    alone = chosen(base, 0.5)
    assert (alone.best, alone.counts, alone.reason) == (0, (10,), "guarantee")


def test_screening_is_its_definition() -> None:
    """Kim & Nelson's rule by loops, in sums."""
    values = luck(13).standard_normal((300, 4)) + np.array([0.0, 0.2, 0.4, 0.6])
    delta, first = 0.3, 10
    state = Screening(values[:first], delta)
    h2 = kim_nelson(4, first).h_squared
    left = [0, 1, 2, 3]
    spread = {(i, j): float(np.var(values[:first, i] - values[:first, j], ddof=1)) for i in left for j in left}
    for r in range(first, 300):
        sums = values[:r].sum(axis=0)
        left = [
            i
            for i in left
            if all(sums[i] >= sums[j] - max(0.0, delta / 2.0 * (h2 * spread[i, j] / delta**2 - r)) for j in left)
        ]
        assert state.remaining == tuple(left), r
        if len(left) == 1:
            break
        state.feed(values[r, left].tolist())
    assert len(left) == 1 and r > first


# ---- how long to simulate ----


def test_a_pilot_tells_how_many_replications_a_half_width_takes() -> None:
    pilot = luck(15).standard_normal(12)
    needed = replications_needed(pilot, 0.2)
    deviation = pilot.std(ddof=1)
    width = {m: stdtrit(m - 1, 0.975) * deviation / math.sqrt(m) for m in (needed - 1, needed)}
    assert width[needed] <= 0.2 < width[needed - 1]
    assert replications_needed(pilot, 100.0) == 12
    assert replications_needed([3.0, 3.0], 1e-9) == 2


def test_a_sequential_interval_is_as_narrow_as_asked_and_covers() -> None:
    covers = 0
    for macro in range(300):
        values = luck(20_000 + macro).standard_normal(2000)
        found = until_half_width(lambda i, values=values: float(values[i]), 0.25, first=20)  # type: ignore[misc]
        assert found.reached and found.interval.half_width <= 0.25
        assert found.interval == t_interval(values[: found.interval.n])
        covers += found.interval.low <= 0.0 <= found.interval.high
    assert wilson(covers, 300, 0.999).high >= 0.95
    cut = until_half_width(lambda i: float(i % 3), 1e-6, first=5, most=9)
    assert (cut.reached, cut.interval.n) == (False, 9)


def test_a_long_run_is_judged_in_steady_state() -> None:
    """An autoregressive series with a transient: the mean 0 is covered, which the whole run with its warm-up is not."""
    covers = raw = 0
    for macro in range(60):
        noise, x, series = luck(30_000 + macro).standard_normal(6000), 60.0, []
        for step in noise.tolist():
            x = 0.9 * x + step
            series.append(x)
        found = steady_state(series, 15)
        assert 5 <= found.truncation.observations < 3000 and abs(found.lag_one) < 0.8
        covers += found.interval.low <= 0.0 <= found.interval.high
        raw += abs(np.mean(series[:200])) < 1.0
    assert wilson(covers, 60, 0.999).high >= 0.95
    assert raw < 30
    assert steady_state([2.0] * 40).lag_one == 0.0


def test_a_run_that_ends_by_itself_keeps_its_beginning() -> None:
    values = luck(17).standard_normal(30)
    assert terminating(values) == t_interval(values)


@pytest.mark.parametrize(
    ("call", "told"),
    [
        (lambda: kim_nelson(1, 10), "systems must be at least 2, got 1"),
        (lambda: kim_nelson(5, 1), "first must be at least 2"),
        (lambda: kim_nelson(5, 10, 0.9), "must lie in"),
        (lambda: dudewicz_dalal(2, 20, 0.5), "must lie in"),
        (lambda: ocba_shares([1.0], [1.0]), "two or more"),
        (lambda: ocba_shares([1.0, 2.0], [1.0, 0.0]), "positive"),
        (lambda: ocba_shares([1.0, 1.0], [1.0, 1.0]), "no best system"),
        (lambda: ocba_shares([1.0, 2.0], [1.0, 1.0], "best"), "largest"),  # type: ignore[arg-type]
        (lambda: replications_needed([1.0], 0.1), "at least 2 values"),
        (lambda: replications_needed([1.0, 2.0], 0.0), "half_width must be above 0"),
        (lambda: until_half_width(float, 1.0, first=1), "first must lie in"),
        (lambda: steady_state([1.0] * 50, 2), "batches must be at least 3"),
        (lambda: Screening(np.ones((1, 2)), 1.0), "replications >= 2"),
        (lambda: Screening(np.ones((2, 2)), 0.0), "indifference must be above 0"),
        (lambda: chosen(np.ones((5, 2)), 1.0, first=6, most=5), "first must lie in"),
    ],
)
def test_what_cannot_be_is_told(call: Callable[[], object], told: str) -> None:
    with pytest.raises(ValueError, match=told):
        call()
