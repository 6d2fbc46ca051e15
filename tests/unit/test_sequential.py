"""Replications spent where they are needed: the same answer for any number of workers, and what is said about it."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from factory_sim.answer import decide
from factory_sim.model import InputError
from factory_sim.report.guarantee import outlook
from factory_sim.report.html import report_html
from factory_sim.results.statistics import probability_best, probability_best_of_unequal
from factory_sim.study.compare import compare
from factory_sim.study.forecast import forecast
from factory_sim.study.sequential import Outlook
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
        (saws.KN, '[precision]\nindifference = "0 KRW"', "precision.indifference", "at least 1 KRW"),
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


def test_after_the_first_stage_it_says_what_is_to_come(tmp_path: Path) -> None:
    """The guess is of the size of what it takes; where a budget is too small, the indifference that it names fits."""
    told: list[Outlook] = []
    precision = '[precision]\nindifference = "{amount:.0f} KRW"\nfirst_stage = 5\nmost_replications = {most}'
    found = compare(saws.study(tmp_path, saws.KN, precision.format(amount=3e6, most=200)), 1, tell=told.append)
    (seen,), spent = told, found.spent["sold_out"]
    assert seen.affordable and seen.first == 5 and seen.mode == "sold_out"
    took = max(spent.replications.values())
    assert took / 2.5 < seen.replications < 2.5 * took
    assert 0.3 < seen.runs / (spent.runs - 25) < 3.0
    assert seen.seconds > 0.0
    told.clear()
    cut = compare(saws.study(tmp_path, saws.KN, precision.format(amount=3e6, most=7)), 1, tell=told.append)
    assert not cut.spent["sold_out"].guaranteed and not told[0].affordable
    told_wider = told[0].wider
    assert told_wider > 3e6
    wide = compare(saws.study(tmp_path, saws.KN, precision.format(amount=2.0 * told_wider, most=7)), 1)
    assert wide.spent["sold_out"].guaranteed
    for lang, words in (("en", "precision.indifference ="), ("ko", "보장 없이 끝날")):
        assert words in outlook(cut.study, told[0], lang)


def test_the_outlook_of_a_width_grows_with_its_square(tmp_path: Path) -> None:
    told: list[Outlook] = []
    for width in ("50e6", "25e6"):
        precision = f'[precision]\nhalf_width = "{width} KRW"\nfirst_stage = 4\nmost_replications = 5'
        compare(saws.study(tmp_path, 'selection = "half_width"', precision), 1, tell=told.append)
    assert told[1].replications == pytest.approx(4.0 * told[0].replications, abs=4.0)
    assert not told[0].affordable and told[0].wider == pytest.approx(told[1].wider) and told[0].wider > 50e6
    study = saws.study(tmp_path, 'selection = "half_width"', precision)
    assert "A half-width of" in outlook(study, told[0], "en")
    beyond = replace(told[0], replications=9**16, runs=9**17)
    for lang, words in (("en", "more than a million runs"), ("ko", "100만 회가 넘는")):
        assert words in outlook(study, beyond, lang) and "9" not in outlook(study, beyond, lang).split(".")[0]


def test_few_replications_are_called_few(tmp_path: Path) -> None:
    few = decide(saws.study(tmp_path, "replications = 2"), 1)
    assert "only 2 replications" in " ".join(few.table().split())
    assert "반복 실행이 2회뿐" in " ".join(few.table("ko").split())
    assert max(o.probability_best for o in few.comparison.modes["sold_out"].values()) < 0.99
    assert "Few data" not in decide(saws.study(tmp_path, "replications = 5"), 1).table()
    draws = decide(saws.study(tmp_path, "replications = 2\nparameter_draws = 3"), 1)
    assert "only 3 draws" in " ".join(draws.table().split())


def test_time_is_shared_by_the_demand_modes(tmp_path: Path) -> None:
    """The first mode must leave time to the second: it ends by its half."""
    head = saws.KN + '\ndemand_modes = ["sold_out", "fixed_volume"]'
    study = saws.study(tmp_path, head, '[precision]\nindifference = "1 KRW"\nfirst_stage = 2\nmost_time = "4 s"')
    spent = compare(study, 1).spent
    assert [each.reason for each in spent.values()] == ["time", "time"]
    counts = [max(each.replications.values()) for each in spent.values()]
    assert min(counts) > 2


def test_the_best_of_unequal_columns_is_that_of_equal_ones_and_knows_what_is_not_there() -> None:
    data = np.random.Generator(np.random.Philox(key=1)).standard_normal((20, 3))
    assert probability_best_of_unequal(list(data.T), 3).tolist() == probability_best(data, 3).tolist()
    short = probability_best_of_unequal([data[:, 0], data[:5, 1], data[:, 2]], 3, draws=20_000)
    assert short.sum() == pytest.approx(1.0)
    assert probability_best_of_unequal([[0.0] * 50, [0.0] * 50, [1.0, 1.0]], 3).tolist() == [0.0, 0.0, 1.0]
    assert np.isnan(probability_best_of_unequal([[0.0] * 50, [1.0]], 3)).all()
    assert 0.0 < short[1] < 1.0
