"""Both models of `benchmarks/event_loop.py` give the same answer; only then is a ratio of their times worth quoting."""

from __future__ import annotations

import importlib.util
import json
import sys
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import pytest

SCRIPT = Path(__file__).parents[2] / "benchmarks" / "event_loop.py"


@pytest.fixture(scope="module")
def event_loop() -> ModuleType:
    spec = importlib.util.spec_from_file_location("event_loop", SCRIPT)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["event_loop"] = module  # its dataclasses look themselves up
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def result(event_loop):
    return event_loop.compare(minutes=4000.0, rounds=4)


def test_both_models_make_as_many_parts_and_fail_as_often(event_loop, result) -> None:
    assert max(result.errors_apart) <= event_loop.MOST_ERRORS
    for counts in (result.parts, result.failures):
        assert counts[1] == pytest.approx(counts[0], rel=0.08)
    made = sum(result.parts) / 2
    # Each part is worked on at every station, and a station fails once in so much work.
    expected = made * event_loop.STATIONS * event_loop.CYCLE / event_loop.BETWEEN
    assert result.failures == pytest.approx((expected, expected), rel=0.08)


def test_a_visit_with_its_states_takes_at_most_what_is_allowed(event_loop, result) -> None:
    assert 0.0 < result.bytes_per_visit <= event_loop.MOST_BYTES


def test_every_failure_to_keep_a_promise_is_told(event_loop, result) -> None:
    good = replace(result, errors_apart=(0.5, 3.9), median_ratio=2.0, bytes_per_visit=96.0)
    assert good.problems == []
    bad = replace(result, errors_apart=(4.1, 5.0), median_ratio=1.99, bytes_per_visit=96.1)
    assert [problem.split()[:3] for problem in bad.problems] == [
        ["the", "throughputs", "lie"],
        ["the", "numbers", "of"],
        ["the", "median", "ratio"],
        ["a", "visit", "takes"],
    ]


def test_json_is_one_object_and_the_exit_code_is_that_of_the_problems(event_loop, monkeypatch, capsys) -> None:
    monkeypatch.setattr(sys, "argv", ["event_loop.py", "--minutes", "1000", "--rounds", "2", "--json"])
    code = event_loop.main()
    answer = json.loads(capsys.readouterr().out)
    assert code == (1 if answer["problems"] else 0)
    assert len(answer["ratios"]) == 2 and answer["best_ratio"] == max(answer["ratios"])
    monkeypatch.setattr(sys, "argv", ["event_loop.py", "--rounds", "1"])
    with pytest.raises(SystemExit) as refused:
        event_loop.main()
    assert refused.value.code == 2
