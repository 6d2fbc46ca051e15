"""The report on one plant: whole, safe, nothing fetched, in both languages, for plants with and without details."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from factory_sim.model import parse_plant, read
from factory_sim.report.chart_gantt import lane_label
from factory_sim.report.chart_losses import stop_word
from factory_sim.report.plant_report import plant_html, write_plant_report
from factory_sim.report.today import OneRun, traffic
from factory_sim.report.words import name_of
from factory_sim.results.excerpt import Lane
from factory_sim.results.flow import flow
from factory_sim.simulation.line_machines import machines_of
from factory_sim.study.runner import Estimate, Summary, replicate
from tests.unit.test_report import Page

DAY = date(2026, 11, 22)
DATA = Path(__file__).parent / "data"


@pytest.fixture(scope="module")
def cell() -> Summary:
    raw = read(DATA / "plant.toml").raw
    raw = {**raw, "product": {name: dict(table) for name, table in raw["product"].items()}}
    raw["product"]["housing"]["mass"] = {"part": "62 kg", "charge": "95 kg", "melt_loss": 0.04, "remelt": 0.9}
    raw["product"]["housing"]["label"] = "Housing <script>alert(1)</script>"
    return replicate(parse_plant(raw), 2, 3, 7 * 86400.0, workers=1)


@pytest.fixture(scope="module")
def saw() -> Summary:
    return replicate(read("layouts/01_one_machine.toml"), 2, 3, 7 * 86400.0, workers=1)


@pytest.mark.parametrize("lang", ["en", "ko"])
@pytest.mark.parametrize("which", ["cell", "saw"])
def test_the_page_is_whole_and_fetches_nothing(which, lang, request) -> None:
    text = plant_html(request.getfixturevalue(which), lang, DAY)
    page = Page(text)
    assert not page.open
    assert len(text.encode()) < 3_000_000
    assert not {tag for tag, _ in page.tags} & {"script", "img", "iframe", "object", "image", "foreignobject", "use"}
    assert not re.search(r"https?:|//|url\(|@import", re.sub(r"</?\w+|&\w+;", "", text))
    assert "default-src 'none'" in text
    assert "2026-11-22" in page.text
    charts = [attributes for tag, attributes in page.tags if tag == "svg"]
    assert all(attributes["aria-label"] and attributes["role"] == "img" for attributes in charts)
    for figure in re.findall(r"<figure>.*?</figure>", text, re.DOTALL):
        assert re.search(r"<figcaption>[^<]+</figcaption>", figure)
        assert "<table" in figure


def test_it_shows_what_the_plant_file_gives_numbers_for(cell, saw) -> None:
    whole, bare = (Page(plant_html(summary, "en", DAY)).text for summary in (cell, saw))
    for title in ("Where material goes", "Where energy goes", "Electric power in one week", "stops cool the die"):
        assert title in whole
        assert title not in bare
    for title in ("All machines in one shift", "Floor plan", "from planned time to good parts", "SHA-256"):
        assert title in bare
    assert "Breakdown" not in bare
    assert "Housing <script>alert(1)" in whole
    assert "<script" not in plant_html(cell, "en", DAY)


def test_ways_and_waits_of_the_floor_plan_are_those_of_the_run(cell) -> None:
    run = OneRun.of(cell)
    shown = traffic(cell, run)
    assert shown.bottleneck == cell.bottleneck
    assert all(sum(shares.values()) == pytest.approx(1.0) for shares in shown.shares.values())
    assert shown.flows["melt", "hpdc"] > shown.flows["hpdc", "xray"] > 0.0
    assert shown.flows["xray", "finished"] == pytest.approx(
        sum(kpis["good_parts_per_planned_hour"].mean for kpis in cell.products.values())
    )
    assert 0.0 <= shown.waiting["hpdc"] <= 84.0
    assert flow(run.trace, run.window).wip > shown.waiting["hpdc"]


def test_the_same_summary_gives_the_same_bytes(cell, tmp_path) -> None:
    path = write_plant_report(cell, tmp_path, "ko", DAY)
    assert path == tmp_path / "plant.ko.html"
    assert path.read_text(encoding="utf-8") == plant_html(cell, "ko", DAY)


@pytest.mark.parametrize("lang", ["en", "ko"])
def test_one_replication_claims_no_interval(lang: str) -> None:
    once = replicate(read("layouts/01_one_machine.toml"), 1, 3, 7 * 86400.0, workers=1)
    text = Page(plant_html(once, lang, DAY)).text
    for said in {"en": ("between -", "1 replications", "95% interval of its mean"), "ko": ("-~-", "신뢰구간.")}[lang]:
        assert said not in text
    assert {"en": "One replication: nothing tells how sure", "ko": "반복 실행 1회"}[lang] in text


def test_sources_whose_name_has_no_room_get_a_letter() -> None:
    raw = read("layouts/01_one_machine.toml").raw
    (source,) = raw["source"]
    named = parse_plant(
        {**raw, "source": {source: {**raw["source"][source], "label": "Bars of steel, sawn and cleaned"}}}
    )
    text = plant_html(replicate(named, 2, 3, 7 * 86400.0, workers=1), "en", DAY)
    plan = next(part for part in re.findall(r"<figure>.*?</figure>", text, re.DOTALL) if "Floor plan" in part)
    assert ">A</text>" in plan
    assert plan.count(">Bars of steel, sawn and cleaned</text>") >= 1


@pytest.mark.parametrize("file", ["06_robot_cell", "plating_line"])
def test_machines_and_stops_of_a_line_have_their_own_names(file: str) -> None:
    plant = read(f"layouts/{file}.toml")
    for station in (*plant.robot_cell, *plant.hoist_line):
        names = [machine for machine, _ in machines_of(plant, station)]
        labels = [lane_label(plant, Lane(machine, station, (), ()), "en") for machine in names]
        assert len(set(labels)) == len(names)
        cell = plant.robot_cell.get(station)
        movers = list(plant.hoist_line[station].hoist.values()) if cell is None else [cell.robot]
        for name, mode in ((name, mode) for mover in movers for name, mode in mover.failure.items()):
            assert stop_word(plant, station, name, "ko") == name_of(mode, name, "ko")


def test_intervals_of_the_first_page_stay_within_what_can_be(saw: Summary, monkeypatch: pytest.MonkeyPatch) -> None:
    wide = {"yield": Estimate(0.98, 0.04, 2, "1"), "lead_time": Estimate(0.5, 2.0, 2, "h")}
    kpis = {**saw.kpis, **wide}
    monkeypatch.setattr(Summary, "kpis", property(lambda _: kpis))
    tiles = re.findall(r"<li>.*?</li>", plant_html(saw, "ko", DAY), re.DOTALL)
    shown = {
        key: next(tile for tile in tiles if label in tile) for key, label in (("yield", "수율"), ("time", "리드타임"))
    }
    assert "94~100" in shown["yield"]
    assert "0~2.5" in shown["time"]


def test_a_shift_of_many_machines_stays_on_one_page_of_paper() -> None:
    raw = read("layouts/01_one_machine.toml").raw
    (station,) = raw["station"]
    many = parse_plant({**raw, "station": {station: {**raw["station"][station], "machines": 70}}})
    text = plant_html(replicate(many, 1, 3, 7 * 86400.0, workers=1), "en", DAY)
    shift = next(part for part in re.findall(r"<figure>.*?</figure>", text, re.DOTALL) if "All machines" in part)
    found = re.search(r'viewBox="0 0 864 ([\d.]+)"', shift)
    assert found is not None
    assert 960.0 < float(found[1]) < 1100.0  # 864 are 184 mm on paper, so that 1,100 are 234 mm
