"""Malformed tables of baths, seams, edges and builds: one problem each, on the right line, with words that help."""

from __future__ import annotations

from pathlib import Path

import pytest

from factory_sim.model import read
from factory_sim.simulation.prepare import prepare
from tests.unit.test_malformed_files import Case, assert_one, case, problems, spoilt

PLANT = (Path(__file__).parent / "data" / "physics_treatment.toml").read_text(encoding="utf-8")
BATH = "station.nickel.bath"
SEAM = "station.weld.seam"
DRYING, CURE = "station.dryer.flow.drying", "station.oven.flow.cure"
OVEN = 'kind = "continuous_furnace"\nlength = "24 m"\npitch = "1 m"\nresidence = "24 min"\n'
EDGE, BUILD = "station.mill.edge", "station.print.build"
CASES = [
    case("unknown metal", 'metal = "nickel"', 'metal = "nickle"', f"{BATH}.metal", "did you mean 'nickel'?"),
    case("minimum above thickness", '"12 um"', '"16 um"', f"{BATH}.minimum", "below thickness, 15 um"),
    case("area as a length", '"5 dm^2"', '"5 dm"', f"{BATH}.area", "an area"),
    case("current without an area", '"4 A/dm^2"', '"4 A"', f"{BATH}.current_density", "a current density"),
    case("percent", "efficiency = 0.95", "efficiency = 95", f"{BATH}.efficiency", "0.95"),
    case("low above make-up", '"60 g/L"', '"80 g/L"', f"{BATH}.low", "below concentration, 75"),
    case("ready above set point", '"50 degC"', '"60 degC"', f"{BATH}.temperature_low", "20 and 55 degC"),
    case("never warm", 'heater = "12 kW"', 'heater = "3 kW"', f"{BATH}.heater", "at 50 degC at most, below"),
    case("drag-out without an area", '"0.1 L/m^2"', '"0.1 L"', f"{BATH}.dragout", "a volume per area"),
    case("cold with a load", 'heater = "12 kW"', 'heater = "12 kW"\n@heat_off_shift = false', f"{BATH}.heat_off_shift", "off_shift"),
    case("a sensor of nothing", 'upset_every = "2 weeks"\nupset_scrap = 0.3\nrecall', "@recall", f"{BATH}.recall", "write upset_every"),
    case("upsets in percent", "upset_scrap = 0.3", "upset_scrap = 30", f"{BATH}.upset_scrap", "write 0.3"),
    case("plates longer than the cycle", 'cycle = "30 min"\n[station.nickel.batch]\nmax = 10\n[', 'cycle = "10 min"\n@[', BATH, "19.3 min"),
    case("preheat above interpass", 'interpass = "150 degC"', 'interpass = "70 degC"', f"{SEAM}.interpass", "above ambient and preheat, 80"),
    case("a sensor without gaps", "gap_share = 0.5\ngap_recall", "@gap_recall", f"{SEAM}.gap_recall", "write gap_share"),
    case("speed as a time", '"6 mm/s"', '"6 mm"', f"{SEAM}.travel_speed", "a speed"),
    case("half a pass", "passes = 3", "passes = 1.5", f"{SEAM}.passes", "whole number"),
    case("several parts in one fixture", 'cycle = "6 min"', 'cycle = "6 min"\n@batch = {max = 4}', "station.weld.batch", "one part"),
    case("service within a part", "[station.weld.torch]\nevery = 40", "@[station.weld.torch]\nevery = 1", "station.weld.torch", "seams of a part, 2"),
    case("count by life", 'change = "count"\ncount', 'change = "life"\n@count', f"{EDGE}.count", 'change = "count"'),
    case("a sensor that nobody asks", "count = 20", "count = 20\n@reading = 0.9", f"{EDGE}.reading", 'change = "condition"'),
    case("unknown setter", 'crew = "setter"', 'crew = "seter"', f"{EDGE}.crew", "did you mean 'setter'?"),
    case("a life in minutes", 'speed_for_1min_life = "300 m/min"', 'speed_for_1min_life = "300 min"', f"{EDGE}.speed_for_1min_life", "a speed"),
    case("failure in percent", "failure = 0.04", "failure = 4", f"{BUILD}.failure", "write 0.04"),
    case("a camera in percent", "layer_recall = 0.8", "layer_recall = 80", f"{BUILD}.layer_recall", "write 0.8"),
    case("a camera without bad layers", "coating_share = 0.5\nlayer_recall", "@layer_recall", f"{BUILD}.layer_recall", "coating_share"),
    case("rate as a length", 'melt_rate = "10 mm^3/s"', 'melt_rate = "10 mm"', f"{BUILD}.melt_rate", "a volume flow"),
    case("dryer behind the end", 'length = "18 m"', 'length = "25 m"', f"{DRYING}.length", "20 m"),
    case("wet bulb above air", 'wet_bulb = "45 degC"', 'wet_bulb = "145 degC"', f"{DRYING}.wet_bulb", "below air, 120"),
    case("water as a length", 'water = "30 g/m^2"', 'water = "30 um"', f"{DRYING}.water", "a mass per area"),
    case("oven behind the end", 'from = "2 m"\nlength', 'from = "5 m"\n@length', f"{CURE}.length", "24 m"),
    case("soft and over-baked", 'least = "15 min"\nmost', 'least = "40 min"\n@most', f"{CURE}.most", "above least, 2400 s"),
    case("cold oven", 'oven = "185 degC"', 'oven = "15 degC"', f"{CURE}.oven", "above ambient, 20"),
    case("sheet that is never heated", 'oven = "185 degC"', 'oven = "185 degC"\nconvection = "0 W/m^2/K"\n@emissivity = 0', f"{CURE}.emissivity", "never heated"),
    case("cure on a jammed belt", OVEN + "[", OVEN.replace("continuous_furnace", "conveyor") + "accumulating = true\n@[", CURE, "stand anywhere"),
    case("no laser", "lasers = 2", "lasers = 0", f"{BUILD}.lasers", "at least 1"),
]  # fmt: skip


@pytest.mark.parametrize("entry", CASES, ids=lambda entry: entry.name)
def test_problem_is_told_with_line_key_and_remedy(entry: Case, tmp_path: Path) -> None:
    text, line = spoilt(PLANT, entry)
    path = tmp_path / "plant.toml"
    path.write_text(text, encoding="utf-8")
    assert_one(problems(lambda file: prepare(read(file)), path), path, line, entry)


@pytest.mark.parametrize(
    ("table", "old", "new", "words"),
    [
        (SEAM, '"6 mm/s"', '"1 mm/s"', "1800 s"),
        (SEAM, 'preheat = "80 degC"', 'preheat = "80 degC"\npreheat_power = "100 W"', "80 degC"),
        (EDGE, '"25 s"', '"50 s"', "must fit into the cycle of 40 s"),
        (EDGE, '"180 m/min"', '"600 m/min"', "within 0.15 of a part"),
        (BUILD, "lasers = 2", "lasers = 1", "16.1 h"),
        (CURE, 'oven = "185 degC"', 'oven = "165 degC"', "has cured for"),
        (DRYING, 'speed = "1 m/s"', 'speed = "3 m/s"', "for good web, got 6"),
    ],
)
def test_what_only_the_technology_knows_is_told_with_the_line_of_the_table(
    table: str, old: str, new: str, words: str, tmp_path: Path
) -> None:
    path = tmp_path / "plant.toml"
    path.write_text(PLANT.replace(old, new), encoding="utf-8")
    (found,) = problems(lambda file: prepare(read(file)), path)
    assert found.key == table and words in found.message, found
    assert found.line == PLANT[: PLANT.index(f"[{table}]")].count("\n") + 1


def test_the_file_without_mistakes_is_read(tmp_path: Path) -> None:
    path = tmp_path / "plant.toml"
    path.write_text(PLANT, encoding="utf-8")
    assert prepare(read(path)).machines[0].laws


def test_an_oven_without_its_paint_is_told(tmp_path: Path) -> None:
    path = tmp_path / "plant.toml"
    begin, end = PLANT.index(f"[{CURE}]"), PLANT.index("[station.dryer]")
    path.write_text(PLANT[:begin] + PLANT[end:], encoding="utf-8")
    (found,) = problems(read, path)
    assert found.key == "station.oven.technology" and f"needs the table [{CURE}]" in found.message


def test_a_web_that_is_none_is_told_at_its_technology(tmp_path: Path) -> None:
    path = tmp_path / "plant.toml"
    begin, end = PLANT.index("[station.dryer.flow.drying]"), PLANT.index("[resource.setter]")
    path.write_text((PLANT[:begin] + PLANT[end:]).replace('kind = "web"', 'kind = "conveyor"'), encoding="utf-8")
    (found,) = problems(read, path)
    assert found.key == "station.dryer.technology" and 'kind = "web"' in found.message
