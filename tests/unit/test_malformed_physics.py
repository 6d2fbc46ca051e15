"""Malformed tables of physical states: one problem each, on the right line, with words that help."""

from __future__ import annotations

from pathlib import Path

import pytest

from factory_sim.model import read
from factory_sim.simulation.prepare import prepare
from tests.unit.test_malformed_files import Case, assert_one, case, problems, spoilt

PLANT = (Path(__file__).parent / "data" / "physics.toml").read_text(encoding="utf-8")
BILLET = "station.forge.billet"
MELT = "station.cast.melt"
MOULD, DRYER = "station.mould.mould", "station.mould.dryer"
FURNACE = "station.carburise.furnace"
QUENCH = '[station.quench.quench]\nmass = "75 kg"\nsurface = "1.5 m^2"\n'
TO_SOAK = PLANT[PLANT.index("[station.carburise.furnace]") : PLANT.index('soak = "1 h"')]
CASES = [
    case("nowhere to go back to", 'rework_to = "heat"\n', "", BILLET, "rework_to"),
    case("sent back to the press", 'rework_to = "heat"', 'rework_to = "forge"', "station.forge.rework_to", "no heater"),
    case("reject above reheat", 'reject_below = "700 degC"', 'reject_below = "1200 degC"', f"{BILLET}.reject_below", "reheat_below"),
    case("repairs of nothing", 'rework_to = "heat"', 'rework_to = "heat"\n@repairs = 0.5', "station.forge.repairs", "no station makes defects"),
    case("efficiency above one", "efficiency = 0.65", "efficiency = 1.65", "station.heat.heater.efficiency", "1.65"),
    case("unknown carrier", 'efficiency = 0.65\ncarrier = "electricity"', 'efficiency = 0.65\n@carrier = "steam"', "station.heat.heater.carrier", "unknown carrier"),
    case("load of hot parts", 'rework_to = "heat"', 'rework_to = "heat"\n@batch = {max = 4}', "station.forge.batch", "one part"),
    case("interrupted press", 'rework_to = "heat"', 'rework_to = "heat"\ndispatch = "priority"\n@preempt = true', "station.forge.preempt", "billet"),
    case("more scrap than parts", "physics_scrap = 0.01", "physics_scrap = 1.5", f"{BILLET}.physics_scrap", "1.5"),
    case("density as a mass", '"7600 kg/m^3"', '"7600 kg"', f"{BILLET}.density", "a density"),
    case("furnace too small", 'full = "500 kg"', 'full = "65 kg"', f"{MELT}.full", "heel and shot", "69"),
    case("charge below a shot", 'full = "500 kg"', 'full = "500 kg"\n@charge = "5 kg"', f"{MELT}.charge", "a shot"),
    case("topped up below the heel", 'full = "500 kg"', 'full = "500 kg"\n@top_up_below = "20 kg"', f"{MELT}.top_up_below", "heel, 60 kg"),
    case("waits for ever", 'wait_below = "660 degC"', 'wait_below = "690 degC"', f"{MELT}.wait_below", "680"),
    case("off with a part inside", "efficiency = 0.85", "efficiency = 0.85\n@heat_off_shift = false", f"{MELT}.heat_off_shift", "be in it"),
    case("heater too weak", 'power = "30 kW"', 'power = "6 kW"', f"{MELT}.power", "holding_loss"),
    case("soak and case", 'case_depth = "1.1 mm"', 'case_depth = "1.1 mm"\n@soak = "4 h"', f"{FURNACE}.soak", "one of them"),
    case("case too thin for itself", 'case_depth = "1.1 mm"', 'case_depth = "0.8 mm"', f"{FURNACE}.case_depth", "case_least"),
    case("depth without a unit", '"1.1 mm"', '"1.1"', f"{FURNACE}.case_depth", "no unit"),
    case("furnace below its loss", 'power = "130 kW"', 'power = "12 kW"', f"{FURNACE}.power", "wall_loss, 12000 W"),
    case("longer than the cycle", 'cycle = "7 h"\nbatch = {max = 8}\n[', 'cycle = "5 h"\nbatch = {max = 8}\n@[', FURNACE, "lengthen cycle"),
    case("recipe of no product", "recipe.shaft]", "recipe.shafts]", f"{FURNACE}.recipe.shafts", "name 'gear' or 'shaft'"),
    case("own cycle too short", TO_SOAK + 'soak = "1 h"', f"@{TO_SOAK}" + 'soak = "3 h"', FURNACE, "parts of 'shaft'", "lengthen cycle"),
    case("recipe below the hall", 'temperature = "860 degC"', 'temperature = "15 degC"', f"{FURNACE}.recipe.shaft.temperature", "above ambient"),
    case("energy of no mole", '"148 kJ/mol"', '"148 kJ/kg"', f"{FURNACE}.activation", "a molar energy"),
    case("quench without a limit", QUENCH + 'longest_delay = "40 s"\n', QUENCH, "station.quench.quench.longest_delay", "rejects nothing"),
    case("mould hotter than the part", 'eject_temperature = "200 degC"', 'eject_temperature = "158 degC"', f"{MOULD}.eject_temperature", "5 K above"),
    case("empty window", 'window_high = "175 degC"', 'window_high = "120 degC"', f"{MOULD}.window_high", "window_low"),
    case("mould that never gets warm", "[station.mould.mould]\nheat_capacity = \"7 kJ/K\"\nshot_heat = \"27 kJ\"", "@[station.mould.mould]\nheat_capacity = \"7 kJ/K\"\nshot_heat = \"7 kJ\"", MOULD, "settles at 137.3 degC"),
    case("hopper below a cycle", 'mass = "98 g"', 'mass = "98 kg"', f"{DRYER}.mass", "the full hopper holds, 50 kg"),
    case("waits for more than dry", 'wait_below = "3 h"', 'wait_below = "5 h"', f"{DRYER}.wait_below", "drying_time, 4 h"),
    case("power of no carrier", 'power = "18 kW"\ncarrier = "electricity"', '@power = "18 kW"', f"{DRYER}.power", "write carrier"),
    case("hopper of a million", '[station.mould.dryer]\nfull = "50 kg"', '@[station.mould.dryer]\nfull = "500 t"', DRYER, "times mass, 0.098 kg"),
    case("cold without a new mould", "new_die = true", "preheat = false", "station.mould.planned.change.preheat", "new_die"),
]  # fmt: skip


@pytest.mark.parametrize("entry", CASES, ids=lambda entry: entry.name)
def test_problem_is_told_with_line_key_and_remedy(entry: Case, tmp_path: Path) -> None:
    text, line = spoilt(PLANT, entry)
    path = tmp_path / "plant.toml"
    path.write_text(text, encoding="utf-8")
    assert_one(problems(lambda file: prepare(read(file)), path), path, line, entry)


def test_the_file_without_mistakes_is_read(tmp_path: Path) -> None:
    path = tmp_path / "plant.toml"
    path.write_text(PLANT, encoding="utf-8")
    assert len(prepare(read(path)).machines) >= 2


def test_a_technology_without_its_table_and_a_table_without_its_technology_are_told(tmp_path: Path) -> None:
    path = tmp_path / "plant.toml"
    path.write_text(PLANT.replace("forging.press", "forging.heater"), encoding="utf-8")
    first, second = problems(read, path)
    assert first.key == "station.forge.technology" and "needs the table [station.forge.heater]" in first.message
    assert second.key == "station.forge.billet" and 'only technology = "forging.press"' in second.message


def test_parts_that_nothing_heats_are_told(tmp_path: Path) -> None:
    path = tmp_path / "plant.toml"
    other = '[product.cold]\nroute = ["bars", "forge", "store"]\nshare = 0.5\n[product.rod]\nshare = 0.5\n'
    path.write_text(PLANT.replace("[product.rod]\n", other), encoding="utf-8")
    found = problems(read, path)
    assert [each.key for each in found if "nothing heats parts of 'cold'" in each.message] == [BILLET]


def test_parts_that_come_cold_to_the_quench_are_told(tmp_path: Path) -> None:
    path = tmp_path / "plant.toml"
    path.write_text(PLANT.replace('"carburise", "quench"', '"quench", "carburise"'), encoding="utf-8")
    found = problems(read, path)
    assert [each.key for each in found] == ["station.quench.quench"] * 2
    for each, product in zip(found, ("gear", "shaft"), strict=True):
        assert f"nothing heats parts of '{product}'" in each.message


def test_a_heater_colder_than_its_parts_is_told_with_its_line(tmp_path: Path) -> None:
    """Only the technology knows: the reader takes any temperature."""
    path = tmp_path / "plant.toml"
    path.write_text(PLANT.replace('temperature = "1230 degC"', 'temperature = "10 degC"'), encoding="utf-8")
    found = problems(lambda file: prepare(read(file)), path)
    assert len(found) == 1 and found[0].key == "station.heat.heater" and "ambient" in found[0].message
