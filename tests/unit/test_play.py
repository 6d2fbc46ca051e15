"""Playback of a shift: every part is where the trace has it, and the page is one safe file."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from factory_sim.model import Plant, parse_plant, read
from factory_sim.report.play import play_html, write_play
from factory_sim.results.replay import MACHINE, SCRAP, SINK, Replay, replay
from factory_sim.simulation import trace as t
from factory_sim.simulation.plan import NEVER, Plan
from factory_sim.simulation.prepare import prepare
from factory_sim.simulation.run import simulate
from factory_sim.simulation.trace import Trace
from factory_sim.study.runner import Summary, replicate
from tests.unit.test_report import Page

DAY = date(2026, 11, 22)
DATA = Path(__file__).parent / "data" / "plant.toml"
BEGIN, END = 8 * 86400.0, 8 * 86400.0 + 4 * 3600.0


@pytest.fixture(scope="module")
def run() -> tuple[Plant, Plan, Trace, Replay]:
    plant = read("layouts/giga_casting.toml")
    plan = prepare(plant)
    trace = simulate(plan, 3, 0, 9 * 86400.0)
    return plant, plan, trace, replay(plant, plan, trace, BEGIN, END)


@pytest.fixture(scope="module")
def page() -> tuple[Summary, str]:
    raw = read(DATA).raw
    raw = {**raw, "product": {name: dict(table) for name, table in raw["product"].items()}}
    raw["product"]["housing"]["label"] = "Housing </script><script>alert(1)</script>"
    summary = replicate(parse_plant(raw), 1, 3, 7 * 86400.0, workers=1)
    return summary, play_html(summary, "ko", DAY)


def data_of(text: str) -> dict[str, Any]:
    found = re.search(r'<script type="application/json" id="run">(.*?)</script>', text, re.DOTALL)
    assert found is not None
    data: dict[str, Any] = json.loads(found[1])
    return data


@pytest.mark.parametrize("minutes", [0.5, 37.0, 121.3, 239.0])
def test_every_part_is_where_the_trace_has_it(run, minutes) -> None:
    _, plan, trace, shown = run
    time = BEGIN + 60.0 * minutes
    now, begin = round(time * 1e6), round(BEGIN * 1e6)
    here, visits, parts = shown.at(time), trace.visits, trace.parts
    for machine in range(len(plan.machines)):
        inside = (visits["machine"] == machine) & (visits["got"] <= now) & (visits["left"] > now)
        assert here.get(MACHINE + machine, 0) == int(inside.sum())
    gone = (parts["left"] > begin) & (parts["left"] <= now)
    assert here.get(SINK, 0) == int((gone & (parts["fate"] == t.AT_SINK)).sum())
    assert here.get(SCRAP, 0) == int((gone & (parts["fate"] == t.REJECTED)).sum())
    born = (parts["born"] <= now) & (parts["left"] > now) & (parts["fate"] != t.REFUSED)
    assert sum(count for where, count in here.items() if where >= 0) == int(born.sum())
    assert int(born.sum()) > 20


def test_moves_are_in_order_and_end_when_the_part_has_left(run) -> None:
    _, _, trace, shown = run
    assert len(shown.journeys) > 100
    assert np.unique([journey.part for journey in shown.journeys]).size == len(shown.journeys)
    for journey in shown.journeys:
        times = [time for time, _ in journey.moves]
        assert times == sorted(times)
        assert all(where >= 0 for _, where in journey.moves[:-1])
    left = dict(zip(trace.parts["part"].tolist(), trace.parts["left"].tolist(), strict=True))
    for journey in shown.journeys:
        out = journey.moves[-1][1] < 0
        assert out == (left.get(journey.part, NEVER) < round(END * 1e6))


def test_the_page_is_one_safe_file(page) -> None:
    _, text = page
    found = Page(text)
    assert not found.open
    scripts = re.findall(r"<script>(.*?)</script>", text, re.DOTALL)
    assert len(scripts) == 1
    assert text.count("<script") == 2
    digest = base64.b64encode(hashlib.sha256(scripts[0].encode()).digest()).decode()
    assert f"default-src 'none'; style-src 'unsafe-inline'; img-src data:; script-src 'sha256-{digest}'" in text
    assert not re.search(r"https?:|fetch\(|XMLHttp|import\(|url\(|@import|WebSocket|eval\(|innerHTML", text)
    for tag, attributes in found.tags:
        assert not [name for name in attributes if name.startswith("on")], tag
        assert attributes.get("src") is None
        assert attributes.get("href") in (None, "data:,")


def test_the_data_have_a_place_for_everything(page) -> None:
    summary, text = page
    data = data_of(text)
    assert len(data["lamps"]) == len(data["machines"]) == 3
    assert len(data["queues"]) == len(summary.plant.station)
    for number in range(3):
        assert f'id="m{number}"' in text
        assert f'id="n{number}"' in text
    for lamp in data["lamps"]:
        assert lamp[0] == 0
        assert lamp[::3] == sorted(lamp[::3])
        assert all(0 <= state < len(data["states"]) for state in lamp[1::3])
        assert all(0 <= stop < len(data["stops"]) for stop in lamp[2::3])
    assert data["parts"]
    for product, moves in data["parts"]:
        assert 0 <= product < len(summary.plant.product)
        assert all(w in (SINK, SCRAP) or w < 3 or 0 <= w - MACHINE < 3 for w in moves[1::2])
    assert 0 < data["length"] <= 8 * 36000


def test_the_file_is_written_where_it_is_asked_for(page, tmp_path) -> None:
    summary, text = page
    path = write_play(summary, tmp_path / "shift.html", "ko", DAY)
    assert path == tmp_path / "shift.html"
    assert path.read_text(encoding="utf-8") == text
