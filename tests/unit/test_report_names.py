"""What reports call the numbers of a file, and how they say what it holds: nothing in the words of the file format."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from factory_sim.model import Plant, Study, keys, read_study
from factory_sim.report import assumptions, sections
from factory_sim.report.names import Names, key_name, korean_names
from tests.architecture.imports import ROOT

STUDIES = sorted((ROOT / "layouts").glob("*_study.toml"))
WORDS = re.compile(r"[a-z]+_[a-z_]+|true|false|triangular|lognormal|exponential|label")
RAW = {
    "station": {
        "saw": {"label": "Big saw", "label_ko": "큰 톱", "failure": {"jam": {"label_ko": "걸림"}}},
        "drill": {},
    },
    "hoist_line": {"line": {"tank": {"rinse_6": {"label_ko": "수세 6", "bath": {}}}}},
}


def test_every_key_of_the_files_has_a_korean_name() -> None:
    known = korean_names()
    steps = {
        step
        for model in (Plant, Study)
        for key in keys(model)
        for step in key.path.replace("[]", "").split(".")
        if not step.startswith("<")
    }
    assert len(steps) > 400
    missing = sorted(steps - {*known, *(key.rpartition(".")[2] for key in known)})
    assert not missing, f"write these in names_ko.toml: {missing}"


def test_names_of_keys_that_no_file_has_are_gone() -> None:
    steps = {step for model in (Plant, Study) for key in keys(model) for step in key.path.replace("[]", "").split(".")}
    assert not [key for key in korean_names() if key.rpartition(".")[2] not in steps]


@pytest.mark.parametrize(
    ("path", "english", "korean"),
    [
        ("station.saw.failure.jam.between", "Big saw · jam · between", "큰 톱 · 걸림 · 고장 간격"),
        ("station.drill.cycle", "drill · cycle", "drill · 사이클 타임"),
        ("station.*.cycle", "every station · cycle", "모든 공정 · 사이클 타임"),
        ("calendar.two_shifts.shifts[0].from", "two shifts · shift 1 · from", "2교대 · 근무조 1 · 시작"),
        (
            "electricity.rules.fund.rate",
            "electricity · rules · fund · rate",
            "전력 단가 · 요금 규칙 · 전력산업기반기금 · 요율",
        ),
        ("hoist_line.line.tank.rinse_6.min", "line · rinse 6 · min", "line · 수세 6 · 최단 침지 시간"),
    ],
)
def test_a_way_in_a_file_is_said_in_words(path: str, english: str, korean: str) -> None:
    assert Names(RAW, Plant, "en").path(path) == english
    assert Names(RAW, Plant, "ko").path(path) == korean


@pytest.mark.parametrize(
    ("value", "english", "korean"),
    [
        ({"triangular": ["-10 s", "-6 s", "-2 s"]}, "-10 s to -2 s, most likely -6 s", "-10 s~-2 s (최빈값 -6 s)"),
        ({"exponential": "14 h"}, "exponential, mean 14 h", "지수분포, 평균 14 h"),
        ({"lognormal": {"mean": "9 s", "cv": 1}}, "lognormal, mean 9 s, cv 1", "로그정규분포, 평균 9 s, 변동계수 1"),
        ({"uniform": [1, 2.5]}, "1 to 2.5", "1~2.5"),
        ("350e6 KRW", "350 M KRW", "3.5억원"),
        ("129.2e6 KRW/yr", "129.2 M KRW/yr", "1.292억원/년"),
        ("200 degC", "200 °C", "200 °C"),
        ("165 KRW/kWh", "165 KRW/kWh", "165원/kWh"),
        ("1.9e6 J/K", "1,900,000 J/K", "1,900,000 J/K"),
        (125000, "125,000", "125,000"),
        ("6, 7, 8 month", "6, 7, 8 month", "6, 7, 8월"),
        ("8,320 KRW/kW/month", "8,320 KRW/kW/month", "8,320원/kW/월"),
        ("10 A/dm^2", "10 A/dm²", "10 A/dm²"),
        ("10 yr", "10 yr", "10년"),
        ("2 weeks", "2 weeks", "2주"),
        (True, "yes", "예"),
        (["load", "rinse_6"], "loading, rinse 6", "걸기, 수세 6"),
        ({"label": "H 3", "label_ko": "호이스트 3", "lift": "6 s"}, "H 3, lift 6 s", "호이스트 3, 상승 시간 6 s"),
    ],
)  # fmt: skip
def test_a_value_is_said_in_words(value: object, english: str, korean: str) -> None:
    assert Names(RAW, Plant, "en").value(value) == english
    assert Names(RAW, Plant, "ko").value(value) == korean


@pytest.mark.parametrize("file", STUDIES, ids=lambda file: file.stem)
def test_investments_are_told_without_words_of_the_file_format(file: Path) -> None:
    study = read_study(file)
    names = sections.names_of(study, "ko")
    for investment in study.investment:
        for path, operation, value in assumptions.changes_of(study, investment):
            if operation == "plant" or path.endswith(".label"):
                continue
            said = f"{names.path(path)}: {names.value(value)}"
            assert not WORDS.search(said), said


def test_english_names_are_the_words_of_the_key() -> None:
    assert key_name("spray_share", "en") == "spray share"
