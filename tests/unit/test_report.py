"""The answer that people read: what it says, that it says it safely, and that nothing is fetched."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from factory_sim.answer import decide
from factory_sim.finance.cash import cash_flow
from factory_sim.model import parse_plant, read_study
from factory_sim.report import assumptions, not_modelled, sentences
from factory_sim.report.chart_money import benefit_parts
from factory_sim.report.findings import GAIN, LOSS, TODAY, declared_share, ranking
from factory_sim.report.html import report_html, write_report
from factory_sim.report.svg import Axis, Drawing, wrapped
from factory_sim.report.table import ranking_table
from factory_sim.report.words import has
from factory_sim.study.compare import Comparison, compare
from factory_sim.study.worth import Worth

DAY = date(2026, 11, 22)
DATA = Path(__file__).parent / "data"
PLANT = """
[plant]
name = "Saw <mill> & sons"
name_ko = "제재소"
demand_mode = "sold_out"
calendar = "day"
[calendar.day]
shifts = [{days = "Mon-Fri", from = "06:00", to = "14:00"}]
[source.bars]
weekly_volume = 1500
[sink.pieces]
[product.piece]
route = ["bars", "saw", "drill", "pieces"]
price = "30000 KRW"
material = "12000 KRW"
[station.saw]
label = "Saw <script>alert(1)</script>"
label_ko = "톱"
cycle = {triangular = ["50 s", "60 s", "70 s"]}
yield = 0.95
power = {working = "20 kW"}
[station.saw.failure.jam]
between = {exponential = "4 h"}
repair = {exponential = "20 min"}
[station.drill]
cycle = "40 s"
[economics]
electricity = "165 KRW/kWh"
[[evidence]]
keys = ["station.*.cycle"]
status = "verified"
source = "stop watch & <b>chart</b>"
date = "2026-11"
"""
STUDY = """
[study]
question = "Which one?"
question_ko = "무엇을 먼저?"
plant = "saw.toml"
demand_modes = ["sold_out", "fixed_volume"]
replications = 3
horizon = "1 week"
warmup = "1 week"
seed = 5
[finance]
tax_credit = {general = 0.10}
[investment.blade]
label = "Better <script>alert(2)</script> blade"
label_ko = "톱날 교체"
shift = {"station.saw.cycle" = {triangular = ["-8 s", "-6 s", "-4 s"]}}
money = {capex = "20e6 KRW", opex = "1e6 KRW/yr", life = "5 yr", subsidy = {share = 0.5}, credit = "general"}
[investment.gold]
label = "Golden drill"
set = {"station.drill.cycle" = "39 s"}
money = {capex = "900e6 KRW", life = "5 yr", source = "a friend", status = "assumed"}
"""


def study_of(directory: Path, plant: str = PLANT, study: str = STUDY) -> Comparison:
    (directory / "saw.toml").write_text(plant, encoding="utf-8")
    (directory / "study.toml").write_text(study, encoding="utf-8")
    return compare(read_study(directory / "study.toml"), workers=1)


@pytest.fixture(scope="module")
def saw(tmp_path_factory: pytest.TempPathFactory) -> Comparison:
    return study_of(tmp_path_factory.mktemp("saw"))


@pytest.fixture(scope="module")
def press(tmp_path_factory: pytest.TempPathFactory) -> Comparison:
    """The small casting cell of the tests, whose press has a die."""
    return press_in(tmp_path_factory.mktemp("press"))


def press_in(directory: Path) -> Comparison:
    """Return the study of the small casting cell, with fewer and shorter runs."""
    (directory / "plant.toml").write_bytes((DATA / "plant.toml").read_bytes())
    text = (DATA / "study.toml").read_text(encoding="utf-8")
    text = text.replace("replications = 16", "replications = 2").replace('"6 weeks"', '"1 week"')
    (directory / "study.toml").write_text(text, encoding="utf-8")
    return compare(read_study(directory / "study.toml"), workers=1)


class Page(HTMLParser):
    """What a browser would see: tags with attributes, and the texts."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attributes)))
        if tag not in ("meta", "link", "wbr", "input"):
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attributes)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag, f"</{tag}> closes another tag"

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.text += data


def columns(line: str) -> int:
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in line)


# -- the table of the terminal ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", ["en", "ko"])
def test_the_table_fits_a_terminal_and_shows_all(saw, lang) -> None:
    text = ranking_table(saw, lang)
    lines = text.splitlines()
    assert 60 < max(map(columns, lines)) <= 100
    assert not [line for line in lines if line != line.rstrip()]
    wanted = {"en": ["Which one?", "Do nothing", "Golden drill", "planned hour", "seed 5"], "ko": ["무엇을 먼저?"]}
    wanted["ko"] += ["투자하지 않음", "톱날 교체", "계획 시간", "난수 시드 5"]
    assert all(part in text for part in wanted[lang])
    rows = [line for line in lines if re.match(r"[123]  ", line)]
    assert [line[0] for line in rows] == ["1", "2", "3"] * 2


def test_the_answer_of_the_package_is_this_table(saw, tmp_path) -> None:
    answer = decide(read_study(saw.study.file), workers=1)
    assert answer.table() == ranking_table(saw)
    assert str(answer) == answer.table("en")
    assert answer.report(tmp_path / "new", lang="ko").name == "report.ko.html"


def test_an_unknown_language_is_an_error(saw) -> None:
    with pytest.raises(KeyError, match="'de'"):
        ranking_table(saw, "de")


# -- what it says ----------------------------------------------------------------------------------------------------


def test_the_answer_is_the_ranking_in_words(saw) -> None:
    first = ranking(saw, "sold_out", "en")
    assert [row.verdict for row in first.rows] == [GAIN, TODAY, LOSS]
    said = sentences.answer(saw, "en")
    assert said.startswith(f"Buy {first.top.label} first: it earns ")
    assert "if every good part can be sold" in said
    assert "more than 99% certainty" in said
    assert "5 years" in said
    changes = sentences.changes_of_answer(saw, "en")
    assert "demand stays at 78,000 good parts a year" in changes[0]
    assert "of its expected yearly benefit comes true" in changes[-1]


def test_at_the_break_even_share_nothing_is_earned(saw) -> None:
    top = ranking(saw, "sold_out", "en").top
    share = top.break_even
    assert 0.0 < share < 1.0
    worth = top.worth
    assert abs(cash_flow(share * worth.benefit.mean, worth.money, worth.terms).npv) < 1.0


def other_worth(saw: Comparison, change: Callable[[str, int], float]) -> Comparison:
    """Return the comparison with other benefits, by scenario and replication, in the first demand mode."""
    mode = next(iter(saw.modes))
    outcomes = {}
    for name, outcome in saw.modes[mode].items():
        worth = outcome.worth
        if worth is not None:
            flows = tuple(cash_flow(change(name, i), worth.money, worth.terms) for i in range(len(worth.flows)))
            worth = Worth(worth.money, worth.terms, flows)
        outcomes[name] = replace(outcome, worth=worth)
    return Comparison(saw.study, saw.physics, {**saw.modes, mode: outcomes})


def test_when_nothing_pays_it_says_so(saw) -> None:
    poor = other_worth(saw, lambda _name, replication: 1e5 * replication)
    chances = {"baseline": 1.0, "blade": 0.0, "gold": 0.0}
    mode = next(iter(poor.modes))
    for name, outcome in poor.modes[mode].items():
        poor.modes[mode][name] = replace(outcome, probability_best=chances[name])
    assert sentences.answer(poor, "en").startswith("Buy none of them: even the best of the 2, Better")
    assert "어느 것도 도입하지 마십시오" in sentences.answer(poor, "ko")
    assert [said[:27] for said in sentences.changes_of_answer(poor, "en")] == ["Nor does any of them pay if"]


def test_another_demand_mode_may_change_the_answer(saw) -> None:
    rich = Comparison(saw.study, saw.physics, dict(reversed(saw.modes.items())))
    assert next(iter(rich.modes)) == "fixed_volume"
    assert sentences.answer(rich, "en").startswith("Buy none of them")
    said = sentences.changes_of_answer(rich, "en")
    assert len(said) == 1
    assert "if every good part can be sold, the answer changes: Better" in said[0]


def test_when_two_are_alike_it_does_not_pretend(saw) -> None:
    alike = other_worth(saw, lambda name, i: {"blade": 6e7, "gold": 2.9e8}[name] * (0.5 + i))
    mode = next(iter(alike.modes))
    chances = {"baseline": 0.02, "blade": 0.4, "gold": 0.58}
    for name, outcome in alike.modes[mode].items():
        alike.modes[mode][name] = replace(outcome, probability_best=chances[name])
    said = sentences.answer(alike, "en")
    assert "leads, but this is not certain" in said
    assert "58%" in said
    assert "40%" in said
    assert "확실하지 않습니다" in sentences.answer(alike, "ko")


def test_a_leader_whose_interval_holds_zero_is_no_advice(saw) -> None:
    wild = other_worth(saw, lambda name, i: {"blade": 2e9, "gold": 0.0}[name] * (i - 0.8))
    mode = next(iter(wild.modes))
    wild.modes[mode]["blade"] = replace(wild.modes[mode]["blade"], probability_best=0.97)
    for lang, part in (("en", "not certain that it pays"), ("ko", "이익이 나는지 확실하지 않습니다")):
        assert part in sentences.answer(wild, lang)


def test_numbers_that_alone_turn_the_answer_are_named(saw) -> None:
    first = ranking(saw, "sold_out", "en")
    assert sentences.turning(first, "en").startswith("No single price, cost or rate of Better")
    thin_benefit = 1.05 * first.top.break_even * first.top.worth.benefit.mean
    thin = ranking(other_worth(saw, lambda name, _: {"blade": thin_benefit, "gold": 0.0}[name]), "sold_out", "en")
    said = sentences.turning(thin, "en")
    assert thin.top.name == "blade" and "alone, 20% off, would turn the answer" in said
    assert "share of the benefit that comes true" in said


def test_what_a_plant_has_is_not_said_to_be_missing() -> None:
    plain = parse_plant(tomllib.loads(PLANT))
    said = " ".join(not_modelled.sentences(plain, True, "en"))
    assert "Repair crews are there at any hour" in said and "no tariff by hour" in said and "setup" not in said
    raw = tomllib.loads(PLANT)
    raw["resource"] = {"fitters": {"units": 1, "calendar": "day"}}
    raw["station"]["saw"]["failure"]["jam"]["crew"] = "fitters"
    del raw["economics"]
    raw["energy"] = {"tariff": "industrial_b_high_voltage_a_2", "date": "2026-05", "contract": "400 kW"}
    fuller = parse_plant(raw)
    said = " ".join(not_modelled.sentences(fuller, True, "en"))
    assert "Repair crews" not in said and "tariff" not in said
    assert not_modelled.in_short(fuller, "en").startswith(
        "Not modelled: a daily production plan, changes over the years."
    )


def test_the_first_page_has_no_words_of_statistics(saw) -> None:
    text = report_html(saw, "en", DAY)
    first = Page(text[: text.index('class="proof"')] + '">').text
    for said in ("common random numbers", "Pareto", "seed"):
        assert said not in first, said
        assert said in Page(text).text.replace("Random seed", "seed"), said


def test_the_parts_of_the_benefit_sum_to_it(saw) -> None:
    row = ranking(saw, "sold_out", "en").top
    parts = sum(amount for _, amount in benefit_parts(row))
    assert parts == pytest.approx(row.worth.benefit.mean - row.worth.money.opex)
    assert not [name for name, _ in benefit_parts(row) if not has(f"benefit.{name}")]


def test_declared_effects_are_told(saw, press) -> None:
    row = ranking(saw, "sold_out", "en").top
    assert declared_share(saw.study, row) == 1.0
    assert sentences.declared(saw, "en").startswith("All of the benefit")
    warm = next(row for row in ranking(press, "sold_out", "en").rows if row.name == "warm")
    assert declared_share(press.study, warm) != 1.0


# -- numbers with their source ---------------------------------------------------------------------------------------


def test_every_number_has_a_status(saw) -> None:
    found = assumptions.numbers_of(saw.study.plant)
    by_path = {one.path: one for one in found}
    assert by_path["station.saw.cycle"].status == "verified"
    assert by_path["station.saw.cycle"].date == "2026-11"
    assert by_path["station.saw.cycle"].value == "triangular 50 s, 60 s, 70 s"
    assert by_path["product.piece.price"].status == "none"
    assert [one.status for one in found] == sorted((one.status for one in found), key=assumptions.ORDER.index)
    assert "calendar.day.shifts[0].from" in by_path
    assert "station.saw.label" not in by_path


def test_every_default_is_listed(saw) -> None:
    found = {one.path: one for one in assumptions.defaults_of(saw.study.plant)}
    assert found["station.drill.yield"].value == "1"
    assert found["station.saw.failure.jam.clock"].value == "working"
    assert "station.saw.yield" not in found
    assert all(one.meaning for one in found.values())


# -- the page --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", ["en", "ko"])
@pytest.mark.parametrize("which", ["saw", "press"])
def test_the_page_is_whole_and_fetches_nothing(which, lang, request) -> None:
    text = report_html(request.getfixturevalue(which), lang, DAY)
    page = Page(text)
    assert not page.open
    assert len(text.encode()) < 3_000_000
    tags = {tag for tag, _ in page.tags}
    assert not tags & {"script", "img", "iframe", "object", "embed", "video", "audio", "use", "image", "foreignobject"}
    for tag, attributes in page.tags:
        for name, value in attributes.items():
            assert not name.startswith("on"), f"<{tag} {name}>"
            if name in ("src", "href", "xlink:href", "data", "action", "poster", "srcset"):
                assert value == "data:,", f"<{tag} {name}={value!r}>"
    assert not re.search(r"https?:|//|url\(|@import", re.sub(r"</?\w+|&\w+;", "", text))
    assert "default-src 'none'" in text
    html = next(attributes for tag, attributes in page.tags if tag == "html")
    assert html["lang"] == lang
    assert "2026-11-22" in page.text


@pytest.mark.parametrize("lang", ["en", "ko"])
def test_every_chart_says_what_it_shows_and_has_its_numbers(press, lang) -> None:
    text = report_html(press, lang, DAY)
    charts = [attributes for tag, attributes in Page(text).tags if tag == "svg"]
    assert len(charts) >= 18
    assert all(attributes["aria-label"] and attributes["role"] == "img" for attributes in charts)
    figures = re.findall(r"<figure>.*?</figure>", text, re.DOTALL)
    assert len(figures) * 2 == len(charts)
    for figure in figures:
        assert re.search(r"<figcaption>[^<]+</figcaption>", figure)
        assert "<table" in figure


def test_texts_of_the_files_are_texts(saw) -> None:
    text = report_html(saw, "en", DAY)
    assert "<script" not in text
    assert "&lt;script&gt;alert(1)" in text
    assert "&lt;script&gt;alert(2)" in text
    assert "<b>chart</b>" not in text
    assert "Better <script>alert(2)</script> blade" in Page(text).text


def test_losers_and_doing_nothing_are_shown(saw) -> None:
    page = Page(report_html(saw, "ko", DAY)).text
    for name in ("톱날 교체", "Golden drill", "투자하지 않음"):
        assert page.count(name) >= 2, name


def test_the_die_is_there_only_where_there_is_one(saw, press) -> None:
    bare, page = (Page(report_html(each, "en", DAY)).text for each in (saw, press))
    for said in ("What happens in a shift?", "Floor plan", "All machines in one shift"):
        assert said in bare
        assert said in page
    for said in ("stops cool the die", "process window, 180 to 250 °C", "hot spots"):
        assert said not in bare
        assert said in page


def test_defaults_of_the_study_are_listed(saw) -> None:
    found = {one.path: one for one in assumptions.study_defaults_of(saw.study)}
    assert found["finance.discount_rate"].value == "0.08"
    assert found["investment.gold.money.ramp_up"].value == "0 s"
    assert "finance.tax_credit" not in found
    assert "investment.gold.money.life" not in found
    assert all(one.meaning for one in found.values())
    assert "finance.discount_rate" in Page(report_html(saw, "en", DAY)).text


def test_the_file_is_replaced_as_a_whole(saw, tmp_path, monkeypatch) -> None:
    path = write_report(saw, tmp_path / "out", "en", DAY)
    assert path == tmp_path / "out" / "report.en.html"
    before = path.read_bytes()
    assert write_report(saw, tmp_path / "out", "en", DAY).read_bytes() == before

    def full(*_: Any) -> None:
        raise OSError("No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(OSError, match="No space"):
        write_report(saw, tmp_path / "out", "en", date(2027, 1, 1))
    assert path.read_bytes() == before
    assert [file.name for file in path.parent.iterdir()] == ["report.en.html"]


def test_the_page_hides_the_way_to_the_files(saw) -> None:
    text = report_html(saw, "en", DAY)
    assert str(Path(saw.study.file).parent) not in text
    assert re.search(r"study\.toml, SHA-256 [0-9a-f]{16}", text)


# -- drawing ---------------------------------------------------------------------------------------------------------


def test_axes_hold_their_values_and_zero() -> None:
    for values in ([3.0, 7.0], [-2400.0, 1190.0], [0.0], [5.0], [-1e-7, 2e-7], []):
        axis = Axis.over(values, 10.0, 110.0)
        assert axis.low <= min([*values, 0.0])
        assert axis.high >= max([*values, 0.0])
        assert axis(axis.low) == 10.0
        assert axis(axis.high) == pytest.approx(110.0)
        assert 0.0 in axis.ticks
        assert 2 <= len(axis.ticks) <= 13


def test_long_names_are_wrapped_and_texts_escaped() -> None:
    assert wrapped("x" * 50, 100.0)[0] == "x" * 12
    assert wrapped("", 100.0) == [""]
    assert wrapped("한글" * 10, 100.0)[0] == "한글한글한글한"
    drawing = Drawing(100.0, "test", 'a "title" & more')
    drawing.text(0.0, 0.0, "<b>")
    assert 'aria-label="a &quot;title&quot; &amp; more"' in drawing.svg()
    assert "&lt;b&gt;" in drawing.svg()
