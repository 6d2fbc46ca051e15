"""Malformed flow cells: one problem each, on the right line, with words that help."""

from __future__ import annotations

from pathlib import Path

import pytest

from factory_sim.model import read
from tests.unit.test_malformed_files import Case, assert_one, case, problems, spoilt

PLANT = """[plant]
name = "Belts"
[source.reels]
[sink.done]
[product.foil]
route = ["reels", "coat", "oven", "belt", "pack", "done"]
[resource.fitter]
units = 1
[station.coat.flow]
kind = "web"
length = "40 m"
pitch = "10 m"
speed = "20 m/min"
startup_waste = "25 m"
[station.coat.flow.web_break]
every = "5 km"
rethread = "20 min"
crew = "fitter"
[station.oven.flow]
kind = "continuous_furnace"
drive = "walking_beam"
length = "12 m"
pitch = "1.5 m"
residence = "30 min"
zone = [{from = "3 m", length = "9 m"}]
[station.belt]
machines = 1
[station.belt.flow]
kind = "conveyor"
length = "30 m"
pitch = "2 m"
part_length = "0.5 m"
speed = "0.1 m/s"
accumulating = true
[station.pack]
cycle = "30 s"
"""
BELT = "station.belt.flow"
CASES = [
    case("cycle beside a flow", "machines = 1", 'cycle = "20 s"', "station.belt.cycle", "pitch/speed; remove"),
    case("part too long", '"0.5 m"', '"50 m"', f"{BELT}.part_length", "longer than the 30 m"),
    case("parts overlap", '"0.5 m"', '"3 m"', f"{BELT}.pitch", "overlap"),
    case("pitch longer than the belt", 'pitch = "2 m"', 'pitch = "31 m"', f"{BELT}.pitch", "at most the length"),
    case("no speed", 'speed = "0.1 m/s"\n', "", f"{BELT}.speed", "either speed or residence"),
    case("speed and residence", 'speed = "0.1 m/s"', 'speed = "0.1 m/s"\nresidence = "5 min"', f"{BELT}.speed", "either"),
    case("speed of zero", '"0.1 m/s"', '"0 m/s"', f"{BELT}.speed", "greater than 0"),
    case("speed as a length", '"0.1 m/s"', '"0.1 m"', f"{BELT}.speed", "a length", "a speed"),
    case("unknown kind", '"conveyor"', '"conveyer"', f"{BELT}.kind", "did you mean 'conveyor'?"),
    case("drive of a conveyor", "accumulating = true", 'drive = "pusher"', f"{BELT}.drive", "no drive"),
    case("furnace that accumulates", 'residence = "30 min"', 'residence = "30 min"\n@accumulating = true', "station.oven.flow.accumulating", "only a conveyor"),
    case("no whole number of pitches", 'pitch = "1.5 m"', 'pitch = "1.7 m"', "station.oven.flow.pitch", "whole number of pitches"),
    case("zone past the end", 'length = "9 m"', 'length = "9.5 m"', "station.oven.flow.zone[0].length", "ends at 12.5 m"),
    case("web break of a furnace", 'residence = "30 min"', 'residence = "30 min"\n@web_break = {every = "1 km", rethread = "1 min"}', "station.oven.flow.web_break", "only a web"),
    case("start-up without waste", 'startup_waste = "25 m"', 'startup_after = "1 min"', "station.coat.flow.startup_after", "without startup_waste"),
    case("unknown crew", 'crew = "fitter"', 'crew = "fiter"', "station.coat.flow.web_break.crew", "no resource 'fiter'"),
    case("no crew", "units = 1", "units = 0", "station.coat.flow.web_break.crew", "units is 0"),
    case("needs", "machines = 1", 'needs = ["fitter"]', "station.belt.needs", "speaks of one part at a time"),
    case("batch", "machines = 1", "batch = {max = 2}", "station.belt.batch", "speaks of one part at a time"),
    case("stop that counts parts", "machines = 1", 'planned.clean = {clock = "parts", amount = 90, duration = "1 min"}', "station.belt.planned.clean.clock", "not known"),
    case("running in", "machines = 1", 'failure.jam = {between = "9 h", repair = "1 min", run_in = 3}', "station.belt.failure.jam.run_in", "discards no parts"),
    case("no start", "machines = 1", 'off_shift = "no_start"', "station.belt.off_shift", "no cycle that ends"),
]  # fmt: skip
SPECIAL = {"no speed": "[station.belt.flow]", "no crew": 'crew = "fitter"', "parts overlap": 'pitch = "2 m"'}


@pytest.mark.parametrize("entry", CASES, ids=lambda entry: entry.name)
def test_malformed_flow(entry: Case, tmp_path: Path) -> None:
    text, line = spoilt(PLANT, entry)
    if entry.name in SPECIAL:
        line = text[: text.index(SPECIAL[entry.name])].count("\n") + 1
    path = tmp_path / "plant.toml"
    path.write_text(text, encoding="utf-8")
    assert_one(problems(read, path), path, line, entry)


def test_the_flow_itself_is_right(tmp_path: Path) -> None:
    path = tmp_path / "plant.toml"
    path.write_text(PLANT, encoding="utf-8")
    assert read(path).station["belt"].cycle.mean == 20.0


def test_a_product_has_no_cycle_of_its_own_on_a_belt(tmp_path: Path) -> None:
    path = tmp_path / "plant.toml"
    path.write_text(PLANT + '[product.foil.step.belt]\ncycle = "1 min"\n', encoding="utf-8")
    assert [problem.key for problem in problems(read, path)] == ["product.foil.step.belt"]
