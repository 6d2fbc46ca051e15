"""The benchmarks tell wrong answers and regressions, and nothing else; the speeds themselves are not a unit test."""

from __future__ import annotations

import json
import time
from typing import Any

import numpy as np
import pytest

from benchmarks import compare, first_use, history, kernels

HERE = {"processor": "one", "cores": 2}


def pair(answer: float = 1.0, good: float = 0.0) -> compare.Pair:
    def slow() -> np.ndarray:
        for _ in range(200_000):  # CPU time: a sleep would not count
            pass
        return np.array([answer])

    return compare.Pair("quick", "slow", lambda: np.array([1.0]), slow, 1e-3, 10.0, good, 2.0 * good)


def result(median: float, best: float, spread: float = 0.02, ns: float = 2.0) -> compare.Result:
    return compare.Result("quick / slow", median, best, spread, 2.0, 4.0, 0.0, 1e-3, ns, 1.0, 0.0, [median])


def records(medians: list[float], spread: float = 0.02, **change: Any) -> list[dict[str, Any]]:
    rows = [{"median": m, "best": 1.1 * m, "spread": spread, "ns": 1.0} for m in medians]
    return [{"form": 1, "size": "full", "machine": HERE, "kernels": {"quick / slow": row}} | change for row in rows]


def past(*arguments: Any, **change: Any) -> history.Past:
    found = history.past(records(*arguments, **change), "quick / slow", "full", HERE)
    assert found is not None
    return found


def test_a_ratio_is_that_of_the_times_and_has_a_grade() -> None:
    found = compare.measure(pair(1.0005, 1e-3), 3, 1e9)
    assert found.median_ratio > 2.0
    assert len(found.ratios) == 3
    assert found.wrong == "" and found.grade == "excellent"
    assert result(2.5, 2.5).grade == "good" and result(1.9, 2.5).grade == "short"
    assert "quick / slow" in compare.text([found], 1e9)


@pytest.mark.parametrize("answer", [2.0, float("nan")])
def test_a_wrong_answer_is_told(answer) -> None:
    _, problem = kernels.judged(pair(answer), 1, 1e9, None)
    assert problem.startswith("quick / slow: the answers differ by")


@pytest.mark.parametrize(("medians", "told"), [([2.0, 2.1], True), ([2.0, 3.9], False), ([3.9], False), ([4.5], False)])
def test_what_seems_slower_is_measured_once_more_before_it_is_told(monkeypatch, medians, told) -> None:
    left = list(medians)
    monkeypatch.setattr(kernels, "measure", lambda *_: result(left[0], 1.1 * left.pop(0)))
    better, problem = kernels.judged(pair(), 3, 1e9, history.Past(4.0, 4.4, 1.0, 0.15))
    assert ("slower than before" in problem) is told
    assert left == [] and better.median_ratio == max(medians)


def test_a_loss_within_noise_is_none_and_beyond_is_one() -> None:
    steady = past([4.0, 4.1, 3.9, 4.0])
    assert steady.median == pytest.approx(4.0) and steady.margin == pytest.approx(0.15)
    assert history.regression(result(3.5, 3.8), steady) == ""
    assert "median 3.30 and best 3.60 against 4.00 and 4.40" in history.regression(result(3.3, 3.6), steady)
    assert history.regression(result(3.3, 4.3), steady) == "", "the best round shows that the code is as fast as ever"
    assert history.regression(result(3.3, 3.6, spread=0.2), steady) == "", "rounds as far apart as that say nothing"
    noisy = past([4.0, 3.0, 5.0, 4.0, 3.2])
    assert noisy.margin > 0.5 and history.regression(result(2.9, 3.1), noisy) == ""
    assert past([4.0], spread=0.15).margin == pytest.approx(0.45)
    assert past([4.0, 4.0]).margin == history.FIRST_MARGIN, "two runs do not know the noise between runs"
    assert history.regression(result(3.3, 3.6, ns=1.05), steady) == "", "the other program has become faster"


def test_only_the_latest_runs_of_this_machine_and_size_count() -> None:
    assert past([1.0] * 5 + [4.0] * history.LATEST).median == 4.0
    changes: list[dict[str, Any]] = [{"size": "quick"}, {"machine": HERE | {"cores": 4}}, {"kernels": {}}]
    for change in changes:
        assert history.past(records([4.0], **change), "quick / slow", "full", HERE) is None
    assert history.regression(result(0.1, 0.1), None) == ""


def test_a_history_is_kept_and_tells_no_paths(tmp_path) -> None:
    file = tmp_path / "deep" / "kernels.jsonl"
    assert history.read(file) == []
    entry = history.record([result(4.0, 4.2)], 2e10, "full")
    history.keep(file, entry)
    history.keep(file, entry)
    assert history.read(file) == [entry, entry]
    assert "/home" not in json.dumps(entry) and str(tmp_path) not in json.dumps(entry)
    found = history.past([entry], "quick / slow", "full", history.machine())
    assert found is not None and found.best == 4.2
    file.write_text("{}\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"kernels\.jsonl:1: no record of a run; remove the line"):
        history.read(file)


def test_what_takes_longer_than_promised_is_told() -> None:
    cost = {"lumped body, law of an event": 600.0}
    told = first_use.problems_of({"slab": (6.0, 1.0), "section": (4.0, 2.0)}, cost)
    assert [line.split(":")[0] for line in told] == [
        "first use of slab, cold", "first use of section, warm", "a call of a law of an event",
    ]  # fmt: skip
    assert first_use.problems_of({"slab": (4.0, 1.0)}, {"lumped body, law of an event": 300.0}) == []


def test_code_that_fails_is_told() -> None:
    with pytest.raises(RuntimeError, match="the code failed: raise SystemExit"):
        first_use.cpu_of("raise SystemExit(3)", "")
    begin = time.perf_counter()
    assert 0.0 < first_use.cpu_of(first_use.IMPORT, "") <= time.perf_counter() - begin + 0.1
