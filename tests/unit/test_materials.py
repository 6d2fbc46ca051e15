"""Every row of the tables has value, unit, range, status and source; a result can say which rows it used."""

from __future__ import annotations

import csv
import math
from contextlib import suppress
from importlib.resources import files

import pytest

from processes.materials import STATUSES, TABLES, heat_transfer, material, materials, used

ALL_TABLES = (*TABLES, "heat_transfer.csv")


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
