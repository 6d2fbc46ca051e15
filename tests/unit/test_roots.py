"""The catalogue of root technologies is whole, and all that it names is there."""

from __future__ import annotations

import importlib
import json
import tomllib
from collections import Counter
from typing import Any

import pytest
from typer.testing import CliRunner

from factory_sim import presets
from factory_sim.cli import app
from factory_sim.cli.roots import parameters
from factory_sim.model.keys import keys
from factory_sim.model.reference import FORMATS, sections
from factory_sim.technology.catalogue import TECHNOLOGIES
from factory_sim.technology.roots import GROUPS, Root, called, roots

OPTIONS = {
    "intelligent_mold": "지능형 금형", "giga_casting": "기가캐스팅", "micro_molding": "마이크로 성형",
    "rapid_heat_treatment": "초고속 열처리", "eco_surface_treatment": "친환경 표면처리", "unmanned_welding": "무인용접",
}  # fmt: skip
EVERY = pytest.mark.parametrize("root", roots().values(), ids=lambda root: root.name)


def test_fourteen_technologies_in_three_groups_and_six_options() -> None:
    main = [root for root in roots().values() if root.option_of is None]
    assert Counter(root.group for root in main) == {"base": 6, "material": 4, "intelligence": 4}
    korean = [[root.label("ko") for root in main if root.group == group] for group in GROUPS]
    assert korean == [
        ["주조", "금형", "소성가공", "열처리", "표면처리", "용접"],
        ["사출·프레스", "정밀가공", "적층제조", "산업용 필름·지류"],
        ["로봇", "센서", "산업지능형 SW", "엔지니어링 설계"],
    ]
    options = {root.name: root.label("ko") for root in roots().values() if root.option_of is not None}
    assert options == OPTIONS
    assert all(root.option_of in {each.name for each in main} for root in roots().values() if root.option_of)


def test_every_technology_of_a_station_belongs_to_a_root() -> None:
    owned = {station for root in roots().values() for station in root.stations}
    assert owned == set(TECHNOLOGIES) - {"machine"}


@EVERY
def test_functions_tables_and_keys_exist(root: Root) -> None:
    for function in root.processes:
        module, name = function.split(".")
        assert callable(getattr(importlib.import_module(f"processes.{module}"), name, None)), function
    tables = {section.path for section in sections(FORMATS["plant"])}
    assert set(root.tables) <= tables
    assert set(root.keys) <= {key.path for model in FORMATS.values() for key in keys(model)}
    for station in root.stations:
        assert {f"station.<station>.{law}" for law in TECHNOLOGIES[station].laws} <= set(root.tables), station


@EVERY
def test_physics_in_the_loop_is_there_where_stations_are(root: Root) -> None:
    assert bool(called(root)) == bool(root.stations)
    for name in called(root):
        module, _, function = name.rpartition(".")
        assert hasattr(importlib.import_module(f"processes.{module}"), function), name


@EVERY
def test_intelligent_ones_name_keys_and_all_are_told_in_both_languages(root: Root) -> None:
    assert root.keys or root.group != "intelligence"
    assert root.processes and root.tables + root.keys
    for pair in (root.labels, root.stop, root.change, *root.states, *root.drivers):
        english, korean = pair
        assert english and any("가" <= letter <= "힣" for letter in korean), pair
    assert set(root.carriers) <= {"electricity", "gas"}


def _at(tables: dict[str, Any], path: str) -> Any:
    for part in path.split("."):
        tables = tables[part]
    return tables


@EVERY
def test_plants_that_show_it_are_shipped_and_have_the_keys(root: Root) -> None:
    shipped = presets.presets()
    for name, paths in root.plants.items():
        file = tomllib.loads(shipped[name].file.read_text(encoding="utf-8"))
        assert paths
        for path in paths:
            assert _at(file, path), f"{name} has no {path}"


def test_list_and_page_on_the_command_line() -> None:
    call = CliRunner().invoke
    listed = call(app, ["technologies", "--lang", "ko"])
    assert listed.exit_code == 0
    assert all(root.label("ko") in listed.stdout for root in roots().values())
    page = call(app, ["technologies", "casting.high_pressure"])
    assert page.exit_code == 0 and "casting.chvorinov_time" in page.stdout and "heat_capacity" in page.stdout
    wrong = call(app, ["technologies", "castin"])
    assert wrong.exit_code == 2 and "did you mean 'casting'?" in wrong.stderr


def test_pages_as_json_hold_the_parameters_of_the_schema() -> None:
    call = CliRunner().invoke
    whole = json.loads(call(app, ["technologies", "--json"]).stdout)
    assert [entry["name"] for entry in whole["technologies"]] == list(roots())
    one = json.loads(call(app, ["technologies", "forming", "--json"]).stdout)
    by_key = {entry["key"]: entry for entry in one["parameters"]}
    assert by_key["station.<station>.billet.emissivity"]["default"] == "0.8"
    assert by_key["station.<station>.heater.mass"]["unit"] == "kg"
    assert len(by_key) == sum(len(section.keys) for section in parameters(roots()["forming"]))
