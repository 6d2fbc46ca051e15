"""The runner: progress, estimates, and a cache that goes on where a study was cut off."""

from __future__ import annotations

import dataclasses
import math
from pathlib import Path
from typing import Any

import pytest

from factory_sim.model import Change, Plant, parse_plant
from factory_sim.model.units import WEEK
from factory_sim.study.cache import Cache
from factory_sim.study.runner import Estimate, replicate, run_all
from factory_sim.study.task import Task


@pytest.fixture(scope="module")
def plant() -> Plant:
    return parse_plant({
        "plant": {"name": "Saw"}, "source": {"in": {"interval": {"exponential": "10 min"}}}, "sink": {"out": {}},
        "product": {"part": {"route": ["in", "saw", "out"]}},
        "station": {"saw": {"cycle": {"exponential": "6 min"}, "yield": 0.9}},
    })  # fmt: skip


@pytest.fixture(scope="module")
def tasks(plant: Plant) -> list[Task]:
    return [Task(plant, "sold_out", replication, 3, WEEK, 0.0) for replication in range(4)]


def test_progress_counts_from_nothing_to_all(tasks: list[Task]) -> None:
    seen: list[tuple[int, int]] = []
    run_all(tasks, workers=1, progress=lambda done, total: seen.append((done, total)))
    assert seen == [(done, 4) for done in range(5)]
    with pytest.raises(ValueError, match="workers must be at least 1, got 0"):
        run_all(tasks, workers=0)


def test_a_study_that_was_cut_off_goes_on_with_the_same_result(tasks: list[Task], tmp_path: Path) -> None:
    whole = run_all(tasks, workers=1)

    def stop_after_two(done: int, _: int) -> None:
        if done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_all(tasks, workers=1, progress=stop_after_two, cache=tmp_path)
    assert len(list(tmp_path.iterdir())) == 2
    seen: list[int] = []
    assert run_all(tasks, workers=1, progress=lambda done, _: seen.append(done), cache=tmp_path) == whole
    assert seen == [2, 3, 4]


def test_a_damaged_file_is_run_again_and_nothing_else(tasks: list[Task], tmp_path: Path) -> None:
    whole = run_all(tasks, workers=1, cache=tmp_path)
    files = sorted(tmp_path.iterdir())
    for damage in (b"", b"{", b"[]", b"null", b'{"plant": 1}', b"\xff"):
        files[0].write_bytes(damage)
        seen: list[int] = []
        assert run_all(tasks, workers=1, progress=lambda done, _: seen.append(done), cache=tmp_path) == whole  # noqa: B023
        assert seen == [3, 4], damage


@pytest.mark.parametrize(
    "other",
    [
        {"seed": 4},
        {"replication": 9},
        {"horizon": 2 * WEEK},
        {"warmup": WEEK},
        {"physics": False},
        {"demand_mode": "fixed_volume"},
        {"changes": (("faster", Change("set", "station.saw.cycle", "5 min")),)},
    ],
    ids=str,
)
def test_another_run_is_not_taken_for_it(tasks: list[Task], tmp_path: Path, other: dict[str, Any]) -> None:
    cache = Cache(tmp_path)
    cache.put(tasks[0], tasks[0].run())
    assert cache.get(tasks[0]) == tasks[0].run()
    assert cache.get(dataclasses.replace(tasks[0], **other)) is None


def test_a_figure_that_a_replication_lacks_is_left_out() -> None:
    estimate = Estimate.of([4.0, math.nan, 6.0], "h")
    assert (estimate.mean, estimate.n) == (5.0, 2)
    none = Estimate.of([math.nan], "h")
    assert none.n == 0 and none.to_json() == {"mean": None, "half_width": None, "n": 0, "unit": "h"}
    assert Estimate.of([4.0], "h").to_json()["half_width"] is None


def test_replicate_refuses_what_makes_no_run(plant: Plant) -> None:
    with pytest.raises(ValueError, match="replications must be at least 1, got 0"):
        replicate(plant, replications=0)
    with pytest.raises(ValueError, match="horizon must be at least"):
        replicate(plant, horizon=0.0)


def test_the_interval_of_a_memoryless_queue_contains_the_truth(plant: Plant) -> None:
    summary = replicate(plant, replications=8, seed=2, horizon=8 * WEEK, warmup=WEEK, workers=1)
    lead_time = summary.kpis["lead_time"]  # M/M/1: 1/(1/6 - 1/10) min
    assert abs(lead_time.mean * 60 - 15.0) < 1.5 * lead_time.half_width * 60
    assert summary.kpis["yield"].mean == pytest.approx(0.9, abs=0.01)
    assert summary.bottleneck == "saw" and summary.to_json()["replications"] == 8
