"""Every row of the tables has value, unit, range, status and source; a result can say which rows it used."""

from __future__ import annotations

import csv
import math
from contextlib import suppress
from importlib.resources import files

import pytest

from processes.materials import (
    PRACTICE,
    STATUSES,
    TABLES,
    heat_transfer,
    material,
    materials,
    practice,
    practices,
    used,
)

ALL_TABLES = (*TABLES, *PRACTICE, "heat_transfer.csv")


@pytest.mark.parametrize("table", ALL_TABLES)
def test_every_row_has_source_status_unit_and_a_range_about_its_value(table) -> None:
    with files("processes.materials").joinpath(table).open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert rows
    for row in rows:
        assert None not in row and all(row[column] for column in row), row  # no cell too many, none empty
        value, low, high = (float(row[column]) for column in ("value", "low", "high"))
        assert -273.15 < low <= value <= high < math.inf, row
        assert row["status"] in STATUSES, row
        assert len(row["source"]) > 5, row


def test_no_table_is_left_out_and_no_property_stands_twice() -> None:
    shipped = {entry.name for entry in files("processes.materials").iterdir() if entry.name.endswith(".csv")}
    assert shipped == set(ALL_TABLES)
    for table in TABLES:
        with files("processes.materials").joinpath(table).open(encoding="utf-8") as file:
            keys = [(row["material"], row["property"]) for row in csv.DictReader(file)]
        assert len(keys) == len(set(keys)), table
    rows = [row for table in PRACTICE for row in (files("processes.materials") / table).read_text().splitlines()[1:]]
    assert len(practices()) == len(rows)  # of two rows with the same process and quantity one would be lost


def test_a_block_lists_what_was_taken_out_once_and_nothing_else() -> None:
    material("H13")["rho"]  # before: not in the list
    with used() as rows:
        steel = material("SKD61")
        assert rows.all() == []
        for _ in range(2):
            steel["rho"]
        assert steel.get("no such property") is None
        heat_transfer("air_free")
        dict(steel), list(steel), len(steel)
    steel["k"]
    assert [(row.of, row.name) for row in rows.all()] == [("H13", "rho"), ("heat_transfer", "air_free")]
    assert [row.name for row in rows.unread()] == ["air_free"]
    assert all(row.entry.status in {"recalled", "typical"} for row in rows.unread())


def test_blocks_may_be_nested_and_end_with_an_error() -> None:
    with used() as outer:
        with suppress(KeyError), used() as inner:
            material("PP")["rho"]
            material("PP")["no such property"]
        material("H13")["k"]
    assert [row.of for row in inner.all()] == ["PP"]
    assert [row.of for row in outer.all()] == ["PP", "H13"]


@pytest.mark.parametrize("name", materials())
def test_all_that_is_listed_counts(name) -> None:
    with used() as rows:
        count = len(material(name).values())
    assert len(rows.all()) == count > 0


UNITS = {"-", "%", "HRC", "J/kg", "J/mol", "K", "K/%", "K/s", "N", "Pa", "Pa s^m", "W", "W/(m^2 K)", "W/m^2", "degC"}
UNITS |= {"1/K", "1/s", "kg", "m/s", "m/s^(1/3)", "m^2/s", "s", "s/m", "s/m^1.5", "s/m^2", "shots", "strokes"}
UNITS |= {"A", "A/m^2", "J/(kg K)", "J/m", "J/m^3", "J/yr", "V", "W/(m K)", "kg/J", "kg/m^3", "kg/mol", "kg/s", "m"}
UNITS |= {"m/s^2", "m^3", "m^3/C", "m^3/m^2", "m^3/s", "ohm", "1/yr"}


def test_every_row_of_practice_says_where_it_holds_in_a_unit_that_formulas_take() -> None:
    rows = practices()
    assert len(rows) == len(set(rows)) >= 320
    for process, quantity in rows:
        row = practice(process, quantity)
        assert row.condition and row.unit in UNITS, (process, quantity)
        middle = "value is the middle" in row.source
        assert not middle or row.value == pytest.approx(0.5 * (row.low + row.high), rel=1e-5), (process, quantity)


def test_practice_counts_as_used_and_the_unknown_is_told_with_the_known() -> None:
    with used() as found:
        practice("die_casting", "Z_AlSi")
        practice("die_casting", "locking_factor")
    assert [(row.of, row.name) for row in found.all()] == [("die_casting", "Z_AlSi"), ("die_casting", "locking_factor")]
    assert [row.name for row in found.unread()] == ["Z_AlSi"]  # the other was read
    with pytest.raises(ValueError, match="quantity of melting must be one of loss_shaft, .*, got 'loss'"):
        practice("melting", "loss")
    with pytest.raises(ValueError, match="process must be one of sand_casting, .*, got 'smelting'"):
        practice("smelting", "loss")


def test_formulas_take_the_rows_of_practice_as_they_stand() -> None:
    from processes.carburizing import diffusivity
    from processes.die_casting import hpdc_fill_time_nadca
    from processes.flow_stress import flow_stress_cold

    fill = [practice("die_casting", name).value for name in ("K_aluminium_H13", "Z_AlSi")]
    # 34.6 0.0025 (650 - 570 + 20 4.8)/(570 - 220) = 0.0434971 s
    assert hpdc_fill_time_nadca(fill[0], 0.0025, 650.0, 570.0, 220.0, 20.0, fill[1]) == pytest.approx(0.0434971, 1e-5)
    cold = [practice("cold_forming", name).value for name in ("K_aluminium", "n_aluminium")]
    assert flow_stress_cold(cold[0], cold[1], 0.002) == pytest.approx(121.7e6, rel=1e-3)
    carbon = [practice("heat_treatment", name).value for name in ("carbon_D0", "carbon_activation")]
    assert diffusivity(carbon[0], carbon[1], 900.0) == pytest.approx(5.9e-12, rel=0.01)
