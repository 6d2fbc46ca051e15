"""Every number that a plant uses and its file does not give stands in its report, with source and status."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import pytest

from factory_sim.finance import tables
from factory_sim.model import Plant, Study, keys, read, read_study
from factory_sim.model.defaults import NEUTRAL, RULE, UNTOLD, origin_of, origins
from factory_sim.model.keys import Key
from factory_sim.model.kinds import Flag, OneOf
from factory_sim.report import assumptions, sections
from factory_sim.report.names import Names
from factory_sim.results.measures import measure
from factory_sim.simulation.prepare import prepare
from factory_sim.simulation.run import simulate
from factory_sim.study.money import finance_of, money_of
from processes import materials
from tests.architecture.imports import ROOT

STUDIES = sorted((ROOT / "layouts").glob("*_study.toml"))
PLANTS = sorted(set((ROOT / "layouts").glob("*.toml")) - set(STUDIES))
OWN = {"verified": {"read"}, "derived": {"read", "recalled", "typical"}, "assumed": {"read", "recalled", "typical"}}
"""What the row of a property table may be for a default of a status: no better than it is."""

plant_of = lru_cache(maxsize=None)(read)
study_of = lru_cache(maxsize=None)(read_study)


def listed(plant: Plant) -> dict[str, assumptions.Assumption]:
    found = [*assumptions.defaults_of(plant), *assumptions.constants(plant), *assumptions.rows_of(plant)]
    return {one.path: one for one in found}


def name(file: Path) -> str:
    return file.stem


@pytest.mark.parametrize("file", PLANTS, ids=name)
def test_every_default_of_a_law_is_listed_with_its_status(file: Path) -> None:
    plant = plant_of(file)
    found = listed(plant)
    for path, _, values in assumptions.laws_of(plant):
        for key, info in type(values).model_fields.items():
            name = f"{path}.{info.alias or key}"
            if key in values.model_fields_set or not isinstance(info.default, int | float | str):
                assert name not in found
            else:
                assert found[name].status in assumptions.DEFAULTS and found[name].meaning, name


@pytest.mark.parametrize("file", PLANTS, ids=name)
def test_every_row_of_a_table_of_properties_is_listed(file: Path) -> None:
    plant = plant_of(file)
    with materials.used() as rows:
        prepare(plant)
    sources = " ".join(one.source for one in listed(plant).values())
    assert not [row for row in rows.all() if row.entry.source not in sources]
    for path, law, table in assumptions.laws_of(plant):
        if law == "bath":
            density = listed(plant)[f"{path}.metal.{table.metal}.density"]
            assert density.value.endswith("kg/m^3") and density.status == "assumed"


def test_the_tanks_of_a_hoist_line_have_laws_too() -> None:
    assert any(
        path.startswith("hoist_line.")
        for path, _, _ in assumptions.laws_of(plant_of(ROOT / "layouts" / "plating_line.toml"))
    )


def of_all_files() -> list[assumptions.Assumption]:
    found = []
    for plant in map(plant_of, PLANTS):
        found += [*assumptions.numbers_of(plant), *listed(plant).values()]
    for study in map(study_of, STUDIES):
        found += [*assumptions.money_of(study), *assumptions.looked_up_of(study), *assumptions.study_defaults_of(study)]
        found += assumptions.added_defaults(study)
    return found


def test_nothing_recalled_or_typical_is_shown_as_verified() -> None:
    found = of_all_files()
    doubtful = ("recalled", "typical", "usual", "estimate", "assumed", "chosen")
    assert len({one.path for one in found}) > 2000
    wrong = [one for one in found if one.status == "verified" and any(said in one.source for said in doubtful)]
    assert not wrong
    assert not [
        one for one in found if assumptions.is_number(one) and one.status != assumptions.UNSOURCED and not one.source
    ]


def all_defaults() -> list[Key]:
    return [
        key
        for model in (Plant, Study)
        for key in keys(model)
        if not key.required
        and key.default is not None
        and (assumptions.counts(key.kind) or isinstance(key.kind, OneOf | Flag))
    ]


def test_every_default_of_the_formats_has_an_origin() -> None:
    for key in all_defaults():
        if "width" in key.path or "depth" in key.path.rpartition(".")[2]:
            continue  # places on the floor plan change no result
        origin = origin_of(key.path.replace("<", "").replace(">", "").replace("[]", "[0]"), key.default)
        assert origin is not UNTOLD, f"write in defaults.toml where the default of {key.path} comes from"
        if origin.status not in (RULE, NEUTRAL):
            assert origin.source and origin.source_ko and origin.status in assumptions.ORDER, key.path


def test_every_entry_is_that_of_a_default() -> None:
    told = {origin_of(key.path.replace("[]", "[0]"), key.default) for key in all_defaults() if _has_origin(key)}
    assert not [pattern for pattern, origin in origins() if origin not in told]


def _has_origin(key: Key) -> bool:
    return key.path.rpartition(".")[2] not in ("width", "depth")


def test_defaults_that_are_rows_of_a_table_are_no_surer_than_these() -> None:
    rows = {pattern: origin for pattern, origin in origins() if origin.row}
    assert len(rows) >= 5
    for pattern, origin in rows.items():
        parts = pattern.split(".")
        row = materials.material(origin.row.split()[0])[origin.row.split()[1]]
        key = next(
            key for key in all_defaults() if key.path.split(".")[2:] == parts[2:] and key.path.startswith("station")
        )
        assert key.default == row.value, pattern
        assert row.status in OWN[origin.status], pattern


@pytest.mark.parametrize("file", STUDIES, ids=name)
def test_every_dated_row_that_money_rests_on_is_listed(file: Path) -> None:
    study = study_of(file)
    with tables.used() as rows:
        finance_of(study)
        for investment in study.investment.values():
            for mode in study.demand_modes:
                money_of(study, investment, mode)
    found = {one.path for one in assumptions.looked_up_of(study)}
    assert {f"{table}.{key}" for table, key in rows} <= found


def test_every_dated_row_of_the_electricity_is_listed() -> None:
    plant = plant_of(ROOT / "layouts" / "heat_treatment_shop.toml")
    plan = prepare(plant)
    trace = simulate(plan, seed=1, horizon=14 * 86400.0)
    with tables.used() as rows:
        measure(plant, plan, trace)
    assert len(rows) > 20
    found = {one.path: one.status for one in assumptions.rows_of(plant)}
    assert found == {f"{table}.{key}": row.status for (table, key), row in rows.items()}


def test_another_plant_is_told_number_by_number() -> None:
    study = study_of(ROOT / "layouts" / "casting_or_welding_study.toml")
    (other,) = sections.other_plants(study, "en")
    assert (
        other.said
        == "The casting cell takes the place of the welding line: the numbers of this plant (Giga-casting cell)"
    )
    paths = dict(zip(other.numbers.paths, other.numbers.rows, strict=True))
    assert paths["station.hpdc.die.shot_heat"][2] == "derived"
    names = Names.of(study.plant, "en")
    assert "station.hpdc.die.shot_heat" not in sections.numbers_table(assumptions.numbers_of(study.plant), names).paths
    assert "resource.repair_crew.weekly_limit" in other.left.numbers.paths


def test_defaults_of_what_investments_add_are_listed() -> None:
    found = {one.path for one in assumptions.added_defaults(study_of(ROOT / "layouts" / "hot_forging_study.toml"))}
    assert "station.direct_quench.dispatch" in found
    assert "station.press.dispatch" not in found
