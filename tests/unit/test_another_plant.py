"""An investment that puts another plant in the place of today's."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from factory_sim.model import InputError, read, read_study
from factory_sim.study.compare import compare
from factory_sim.study.scenario import beside, changed, changes_of
from factory_sim.study.settings import factor_of

SAW = """
[plant]
name = "Saw"
[source.bars]
weekly_volume = 2000
[sink.pieces]
[product.piece]
route = ["bars", "saw", "pieces"]
price = "1000 KRW"
[station.saw]
cycle = "60 s"
"""
LASER = SAW.replace('"Saw"', '"Laser"').replace("station.saw", "station.laser").replace('"saw"', '"laser"')
LASER = LASER.replace("60 s", "40 s").replace("source.bars", "source.sheets").replace('"bars"', '"sheets"')
STUDY = """
[study]
question = "Saw or laser?"
plant = "saw.toml"
demand_modes = ["sold_out"]
replications = 2
horizon = "1 week"
warmup = "1 week"
[investment.laser]
plant = "laser.toml"
[investment.laser.money]
capex = "1e6 KRW"
life = "5 yr"
[investment.faster]
factor = {"station.saw.cycle" = 0.5}
[investment.faster.money]
capex = "1e6 KRW"
life = "5 yr"
"""
LASER_LATER = STUDY + '[scenario.both]\ninvestments = ["faster", "laser"]\n'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "saw.toml").write_text(SAW, encoding="utf-8")
    (tmp_path / "laser.toml").write_text(LASER, encoding="utf-8")
    (tmp_path / "study.toml").write_text(STUDY, encoding="utf-8")
    return tmp_path


def told(folder: Path, text: str) -> list[tuple[int, str, str]]:
    """Line, key and message of what is wrong with a study."""
    (folder / "study.toml").write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_study(folder / "study.toml")
    return [(problem.line, problem.key, problem.message) for problem in caught.value.problems]


def test_the_other_plant_is_the_whole_scenario(folder: Path) -> None:
    study = read_study(folder / "study.toml")
    there = changed(study.plant, changes_of(study, "laser"))
    assert there.raw == read(folder / "laser.toml").raw and study.plant.raw == read(folder / "saw.toml").raw
    outcomes = compare(study, workers=1).modes["sold_out"]
    rates = {name: each.kpis["good_parts_per_planned_hour"].mean for name, each in outcomes.items()}
    assert rates == pytest.approx({"baseline": 60.0, "laser": 90.0, "faster": 120.0}, rel=1e-3)


def test_further_changes_and_settings_are_made_to_the_other_plant(folder: Path) -> None:
    text = STUDY.replace('plant = "laser.toml"', 'plant = "laser.toml"\nset = {"station.laser.cycle" = "30 s"}')
    (folder / "study.toml").write_text(text, encoding="utf-8")
    study = read_study(folder / "study.toml")
    volume = factor_of(study, "source.*.weekly_volume", 500, 1500).made(700.0)
    there = changed(study.plant, beside((volume,), tuple(changes_of(study, "laser"))))
    assert there.station["laser"].cycle.mean == 30.0 and there.source["sheets"].weekly_volume == 700
    here = changed(study.plant, beside((volume,), tuple(changes_of(study, "faster"))))
    assert here.station["saw"].cycle.mean == 30.0 and here.source["bars"].weekly_volume == 700


def test_a_plant_that_is_not_there_is_told_with_its_line(folder: Path) -> None:
    ((line, key, message),) = told(folder, STUDY.replace('"laser.toml"', '"lasers.toml"'))
    assert (line, key) == (10, "investment.laser.plant") and "did you mean 'laser.toml'?" in message


def test_a_plant_with_a_mistake_is_told_with_both_lines(folder: Path) -> None:
    (folder / "laser.toml").write_text(LASER.replace("40 s", "40 kW"), encoding="utf-8")
    ((line, key, message),) = told(folder, STUDY)
    assert (line, key) == (10, "investment.laser.plant") and f"{folder / 'laser.toml'}:11: " in message


def test_changes_before_the_other_plant_would_be_lost(folder: Path) -> None:
    ((_, key, message),) = told(folder, LASER_LATER)
    assert key == "scenario.both.investments[1]" and "name it first" in message


def test_a_path_of_the_plant_that_is_gone_is_told(folder: Path) -> None:
    text = STUDY.replace('plant = "laser.toml"', 'plant = "laser.toml"\nset = {"station.saw.cycle" = "30 s"}')
    ((line, key, _),) = told(folder, text)
    assert (line, key.split(".")[:3]) == (11, ["investment", "laser", "set"])


def test_settings_come_after_the_other_plant_and_before_other_changes(folder: Path) -> None:
    study = read_study(folder / "study.toml")
    setting = factor_of(study, "source.bars.weekly_volume", 500, 1500).made(700.0)
    laser, faster = (tuple(changes_of(study, name)) for name in ("laser", "faster"))
    assert beside((setting,), laser) == (*laser, setting) and beside((setting,), faster) == (setting, *faster)
    assert beside((), laser) == laser and replace(setting[1], value=1).value == 1
