"""Texts of the answer: complete in both languages, true to the glossary of the trade, nothing left without a name."""

from __future__ import annotations

import string
import tomllib
from pathlib import Path

import pytest

from factory_sim.finance.tables import table
from factory_sim.model import Plant, Study, keys, parse_plant, read, read_study
from factory_sim.model.keys import Key
from factory_sim.model.kinds import OneOf
from factory_sim.model.schema import DEMAND_MODES, STATUS
from factory_sim.model.study_schema import OPERATIONS
from factory_sim.report import assumptions, numbers
from factory_sim.report.chart_losses import LOSSES
from factory_sim.report.chart_states import STATES
from factory_sim.report.words import glossary, has, meaning, word
from factory_sim.results.measures import measure
from factory_sim.simulation import trace
from factory_sim.simulation.prepare import prepare
from factory_sim.simulation.run import simulate
from factory_sim.technology.laws import BY_TABLE, holds
from tests.architecture.imports import ROOT

STUDIES = sorted((ROOT / "layouts").glob("*_study.toml"))
LAYOUTS = sorted(set((ROOT / "layouts").glob("*.toml")) - set(STUDIES))

# English term, Korean term of the glossary of the root industry, keys of ours that must have it.
TERMS = [
    ("warming", "예열 중", "state.warming"),
    ("working", "가공 중", "state.working"),
    ("setup (state)", "준비교체 중", "state.setup"),
    ("starved", "공급 대기", "state.starved"),
    ("blocked", "배출 막힘", "state.blocked"),
    ("waiting", "대기", "state.waiting"),
    ("failed", "고장 중", "state.failed"),
    ("maintenance", "보전 중", "state.maintenance"),
    ("off shift", "비근무", "state.off_shift"),
    ("planned maintenance", "계획보전", "loss.maintenance"),
    ("breakdown", "고장", "loss.failed"),
    ("minor stop", "순간정지", "loss.failed"),
    ("changeover", "품종교체", "loss.setup"),
    ("warm-up shot", "예열 쇼트", "loss.discarded"),
    ("process window", "공정 허용범위", "loss.scrap_window"),
    ("yield", "수율", "kpi.yield"),
    ("lead time", "리드타임", "kpi.lead_time"),
    ("work in process", "재공 (WIP)", "kpi.wip"),
    ("cost per good part", "양품 개당 원가", "kpi.cost_per_good_part"),
    ("good quantity", "양품수량", "kpi.good_parts_per_year"),
    ("overall equipment effectiveness", "설비종합효율 (OEE)", "kpi.oee"),
    ("availability", "시간가동률", "kpi.shop_time_availability"),
    ("performance rate", "성능가동률", "kpi.shop_performance"),
    ("quality rate", "양품률", "kpi.shop_quality"),
    ("bottleneck", "병목", "kpi.bottleneck"),
    ("material cost", "재료비", "kpi.material_per_year"),
    ("labour cost", "인건비", "kpi.labour_per_year"),
    ("gas", "도시가스", "kpi.gas_per_year"),
    ("electricity", "전력", "kpi.electricity_per_year"),
    ("escape", "유출불량", "kpi.escapes_per_year"),
    ("greenhouse gas", "온실가스", "kpi.co2e_per_good_part"),
    ("fixed volume", "물량 고정", "mode.fixed_volume"),
    ("sold out", "완판", "mode.sold_out"),
    ("net present value", "순현재가치", "table.npv"),
    ("payback period", "투자회수기간", "table.payback_unit"),
    ("probability of being best", "최선 확률", "table.best"),
    ("ranking", "순위", "table.rank"),
    ("investment option", "투자 대안", "table.investment"),
    ("confidence interval", "신뢰구간", "table.npv_interval"),
    ("half-width", "신뢰구간 반폭", "report.uses_said"),
    ("station", "공정", "table.station"),
    ("downtime reason", "정지 사유", "table.reason"),
    ("die temperature", "금형 온도", "table.temperature"),
    ("status: assumed", "가정", "status.assumed"),
    ("status: derived", "도출", "status.derived"),
    ("status: verified", "검증", "status.verified"),
    ("capex", "투자비", "investment.capex"),
    ("opex", "운영비", "investment.opex"),
    ("useful life", "내용연수", "investment.life"),
    ("ramp-up", "양산 안정화 (램프업)", "investment.ramp_up"),
    ("subsidy", "보조금", "investment.subsidy"),
    ("tax credit", "세액공제", "investment.credit"),
    ("residual value", "잔존가치", "investment.residual"),
    ("random seed", "난수 시드", "run.seed"),
    ("replication", "반복 실행", "run.replications"),
    ("warm-up period", "초기 안정화 구간", "run.warmup"),
    ("common random numbers", "공통 난수", "table.variance_reduction"),
    ("demand mode", "수요 조건", "run.modes"),
    ("report", "보고서", "report.title"),
    ("paired difference", "쌍체", "report.sure_said"),
    ("cash flow", "현금흐름", "report.money_said"),
    ("time-of-use tariff", "계시별", "missing.tariff"),
]


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_every_text_stands_in_both_languages_with_the_same_gaps() -> None:
    for key, entry in glossary().items():
        assert set(entry) == set(numbers.LANGUAGES), key
        assert fields(entry["en"]) == fields(entry["ko"]), key


@pytest.mark.parametrize(("english", "korean", "key"), TERMS)
def test_terms_are_those_of_the_trade(english, korean, key) -> None:
    assert korean in glossary()[key]["ko"], f"'{english}' is '{korean}'"


def test_an_unknown_text_is_an_error_that_says_what_to_do() -> None:
    with pytest.raises(KeyError, match=r"no text 'state.sleeping'; add it to words.toml"):
        word("state.sleeping", "en")
    with pytest.raises(KeyError, match=r"no 'de' text of 'state.failed'"):
        word("state.failed", "de")
    with pytest.raises(KeyError, match="volume"):
        word("mode.fixed_volume", "en")


def test_everything_that_is_measured_has_a_name() -> None:
    tables = {
        "plant": {"name": "One saw"}, "source": {"bars": {}}, "sink": {"pieces": {}},
        "product": {"piece": {"route": ["bars", "saw", "pieces"]}},
        "station": {"saw": {"cycle": "60 s", "yield": 0.9}},
    }  # fmt: skip
    plant = parse_plant(tables)
    plan = prepare(plant)
    measures = measure(plant, plan, simulate(plan, horizon=7200.0), warmup=0.0)
    names = set(measures.kpis) | set(measures.products["piece"])
    units = {kpi.unit for kpi in measures.kpis.values()} - {"KRW/yr"}
    assert len(names) > 15
    assert not [name for name in names if not has(f"kpi.{name}")]
    assert not [unit for unit in units if not has(f"unit.{unit}")]
    for name in measures.stations["saw"]:
        group, _, rest = name.partition("_")
        key = f"{group}.{rest}" if group in ("state", "loss") else f"kpi.{name}"
        assert has(key), name
    assert has("kpi.scrap_caused_by_stops")
    assert {f"loss_{name}" for name in (*LOSSES, "good")} == {n for n in measures.stations["saw"] if n[:5] == "loss_"}


def test_all_words_of_the_model_have_a_name() -> None:
    assert isinstance(STATUS, OneOf)
    wanted = [f"state.{name}" for name in trace.STATES]
    wanted += [f"outcome.{name}" for name in trace.CAUSES]
    wanted += [f"chart.shots_{name}" for name in trace.VERDICTS if name not in ("unfinished", "passed")]
    wanted += [f"{group}.{mode}" for group in ("mode", "condition") for mode in DEMAND_MODES]
    wanted += [f"status.{name}" for name in (*STATUS.words, *assumptions.ORDER, *assumptions.DEFAULTS)]
    wanted += [f"operation.{name}" for name in OPERATIONS]
    assert not [key for key in wanted if not has(key)]
    assert set(STATES) == set(trace.STATES) - {"off_shift"}


def test_every_default_has_its_meaning_in_korean() -> None:
    found = [one for file in LAYOUTS for one in assumptions.defaults_of(read(file))]
    found += [one for file in STUDIES for one in assumptions.study_defaults_of(read_study(file))]
    wanted = {one.meaning for one in found} | {key.meaning for key in _defaults()}
    missing = sorted(text for text in wanted if text and not _korean(meaning(text, "ko")))
    assert not missing, f"write these in meanings_ko.toml: {missing}"


def _defaults() -> list[Key]:
    """Return the keys whose default a report may list."""
    return [
        key
        for model in (Plant, Study)
        for key in keys(model)
        if not key.required
        and isinstance(key.default, int | float | str)
        and key.path.rpartition(".")[2] not in ("width", "depth", "step_x", "step_y")
    ]


def _korean(text: str) -> bool:
    """Return whether there is Korean in a text, or nothing to translate."""
    return any("가" <= letter <= "힣" for letter in text) or not any(map(str.islower, text))


@pytest.mark.parametrize("file", [*LAYOUTS, *STUDIES], ids=lambda file: file.stem)
def test_shipped_files_have_all_that_a_report_shows_in_korean(file: Path) -> None:
    raw = tomllib.loads(file.read_text(encoding="utf-8"))
    for entry in raw.get("evidence", []):
        assert _korean(entry.get("source_ko", "x")), entry["source"]
    for name, investment in raw.get("investment", {}).items():
        money = investment["money"]
        assert _korean(investment.get("label_ko", "x")), name
        assert "source" not in money or _korean(money.get("source_ko", "x")), name
        benefit = money.get("benefit", {})
        assert "meaning" not in benefit or _korean(benefit.get("meaning_ko", "x")), name


def test_the_rows_of_the_tariff_have_korean_sources() -> None:
    assert not [row.key for row in table("electricity").rows if not _korean(row.source_ko or "x")]


@pytest.mark.parametrize("law", BY_TABLE)
def test_every_stop_of_a_law_has_a_name(law: str) -> None:
    assert all(has(f"stop.{name}") for name, _ in holds(BY_TABLE[law]))
