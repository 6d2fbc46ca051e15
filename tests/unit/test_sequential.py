"""Replications spent where they are needed: the same answer for any number of workers, and what is said about it."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from factory_sim.answer import decide
from factory_sim.model import InputError
from factory_sim.report.html import report_html
from factory_sim.results.statistics import probability_best, probability_best_of_unequal
from factory_sim.study.compare import compare
from factory_sim.study.forecast import forecast
from tests.unit import saws


def test_it_selects_with_a_guarantee_and_spends_where_the_decision_is_open(tmp_path: Path) -> None:
    study = saws.study(tmp_path, saws.KN, saws.PRECISION)
    seen: list[tuple[int, int]] = []
    found = compare(study, workers=1, progress=lambda done, total: seen.append((done, total)))
    spent = found.spent["sold_out"]
    assert spent.guaranteed and found.ranking("sold_out")[0] == spent.best
    assert spent.replications["baseline"] == max(spent.replications.values())
    assert min(spent.replications.values()) == 5, "what is clearly worse is given up at once"
    assert {name: len(outcome.measures) for name, outcome in found.modes["sold_out"].items()} == spent.replications
    assert seen[-1] == (found.runs, found.runs) == (spent.runs, spent.runs)
    assert all(done <= total for done, total in seen)
    assert sum(outcome.probability_best for outcome in found.modes["sold_out"].values()) == pytest.approx(1.0)
    same = saws.study(tmp_path, f"replications = {spent.replications['blade']}")
    equal = compare(same, workers=1).modes["sold_out"]["blade"].worth
    worth = found.modes["sold_out"]["blade"].worth
    assert worth is not None and equal is not None and worth.npvs == equal.npvs, "the same luck as without selection"


def test_the_answer_does_not_depend_on_workers_nor_on_what_is_kept(tmp_path: Path) -> None:
    study = saws.study(tmp_path, saws.KN, saws.PRECISION)
    one = decide(study, workers=1, cache=tmp_path / "runs")
    kept = {file: file.stat().st_mtime_ns for file in (tmp_path / "runs").iterdir()}
    assert len(kept) == one.comparison.runs
    three = decide(study, workers=3, cache=tmp_path / "runs")
    assert json.dumps(three.to_json()) == json.dumps(one.to_json())
    assert all(file.stat().st_mtime_ns == when for file, when in kept.items()), "nothing was run again"


@pytest.mark.parametrize(
    ("precision", "words"),
    [
        ('indifference = "1 KRW"\nfirst_stage = 2\nmost_replications = 3', ("replications was used up", "한도")),
        ('indifference = "1 KRW"\nfirst_stage = 2\nmost_time = "1 us"', ("time was used up", "시간 한도")),
        ('indifference = "2e9 KRW"', ("selected with a guarantee", "선정 확률은 95% 이상")),
    ],
)
def test_it_says_in_words_how_it_ended(tmp_path: Path, precision: str, words: tuple[str, str]) -> None:
    answer = decide(saws.study(tmp_path, saws.KN, f"[precision]\n{precision}"), workers=1)
    for lang, wanted in zip(("en", "ko"), words, strict=True):
        for text in (answer.table(lang), report_html(answer.comparison, lang, date(2026, 11, 25))):
            assert wanted in " ".join(text.split())
    result = answer.to_json()
    assert isinstance(result["selection"], dict)
    assert result["selection"]["guaranteed"] is ("guarantee" in words[0])
    assert "Measured: common random numbers divided the variance" in " ".join(answer.table().split())


def test_until_every_interval_is_narrow_enough(tmp_path: Path) -> None:
    wanted = '[precision]\nhalf_width = "150e6 KRW"\nfirst_stage = 3\nmost_replications = 40'
    one, three = (
        compare(saws.study(tmp_path, 'selection = "half_width"', wanted), workers=workers) for workers in (1, 3)
    )
    spent = one.spent["sold_out"]
    assert one.to_json() == three.to_json()
    assert spent.guaranteed and not spent.remaining and len(set(spent.replications.values())) == 1
    widths = [o.worth.npv().half_width for o in one.modes["sold_out"].values() if o.worth is not None]
    assert max(widths) <= 150e6
    before = compare(saws.study(tmp_path, f"replications = {one.replications - 1}"), workers=1)
    assert max(o.worth.npv().half_width for o in before.modes["sold_out"].values() if o.worth is not None) > 150e6
    cut = compare(saws.study(tmp_path, 'selection = "half_width"', wanted.replace("150e6", "1").replace("40", "4")))
    assert cut.spent["sold_out"].reason == "replications" and "blade" in cut.spent["sold_out"].remaining


@pytest.mark.parametrize(
    ("head", "tables", "key", "words"),
    [
        (saws.KN, "", "study.selection", "needs precision.indifference"),
        ('selection = "half_width"', "", "study.selection", "needs precision.half_width"),
        (f"{saws.KN}\nreplications = 8", saws.PRECISION, "study.replications", "has no effect"),
        ("", saws.PRECISION, "precision.indifference", 'has no effect with selection = "equal"'),
        (saws.KN, f'{saws.PRECISION}\nhalf_width = "1 KRW"', "precision.half_width", "has no effect"),
        (saws.KN, '[precision]\nindifference = "0 KRW"', "precision.indifference", "greater than 0"),
        (saws.KN, saws.PRECISION + "\nprobability = 0.3", "precision.probability", "greater than 0.5"),
        (
            saws.KN,
            saws.PRECISION.replace("60\n", "").replace("= 60", "= 4"),
            "precision.first_stage",
            "the budget is 4",
        ),
        ('selection = "knn"', "", "study.selection", "did you mean 'kn'?"),
    ],
)
def test_what_does_not_go_together_is_told(tmp_path: Path, head: str, tables: str, key: str, words: str) -> None:
    with pytest.raises(InputError) as caught:
        saws.study(tmp_path, head, tables)
    assert key in [problem.key for problem in caught.value.problems]
    assert any(words in problem.message for problem in caught.value.problems)


def test_a_forecast_counts_runs_and_times_one(tmp_path: Path) -> None:
    equal = forecast(saws.study(tmp_path), workers=1)
    assert 0.0 < equal.each < equal.least == equal.most == pytest.approx(15 * equal.each)
    open_ = forecast(saws.study(tmp_path, saws.KN, saws.PRECISION), workers=1)
    assert open_.least == pytest.approx(25 * open_.each) and open_.most == pytest.approx(300 * open_.each)
    limited = forecast(saws.study(tmp_path, saws.KN, saws.PRECISION + '\nmost_time = "1 us"'), workers=1)
    assert limited.most == limited.least


def test_the_best_of_unequal_columns_is_that_of_equal_ones_and_knows_what_is_not_there() -> None:
    data = np.random.Generator(np.random.Philox(key=1)).standard_normal((20, 3))
    assert probability_best_of_unequal(list(data.T), 3).tolist() == probability_best(data, 3).tolist()
    short = probability_best_of_unequal([data[:, 0], data[:5, 1], data[:, 2]], 3, resamples=20_000)
    assert short.sum() == pytest.approx(1.0)
    filled = data.copy()
    filled[5:, 1] = data[:5, 1].mean()
    assert probability_best_of_unequal([[0.0] * 50, [0.0] * 50, [1.0]], 3).tolist() == [0.0, 0.0, 1.0]
    assert 0.0 < short[1] < 1.0
