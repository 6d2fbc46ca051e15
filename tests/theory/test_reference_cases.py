"""Every shipped reference case of the physics, and what is said about a file that is wrong."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from factory_sim.model import InputError
from factory_sim.validation.physics import (
    FORMULA,
    TOLERANCES,
    InputProblem,
    arguments_of,
    function_of,
    judge,
    read_cases,
    same_ids,
)

CASES = read_cases()
CASE = """
[[case]]
id = "area"
model = "hpdc.gate_area"
unit = "m2"
expected = 1.0
rel_tol = 1e-6
[case.inputs]
metal_through_gate_m3 = 1e-3
fill_time_s = 0.05
gate_velocity_m_per_s = 40.0
"""


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_reference_case(case: dict[str, Any]) -> None:
    for verdict in judge(case):
        if verdict.way == FORMULA:
            assert not verdict.message
            assert verdict.passed, verdict


def test_the_shipped_cases_are_all_there() -> None:
    assert len(CASES) == len({case["id"] for case in CASES}) == 150
    assert all(case.keys() & {*TOLERANCES[FORMULA]} for case in CASES)


def test_no_model_is_made_up() -> None:
    for model in ("no_such_group.model", "energy.no_such_model", "energy", "checks._private", "os.system", "..x"):
        assert function_of(model) is None, model


def test_inputs_in_other_units_arrive_in_si() -> None:
    co2 = function_of("energy.co2")
    assert co2 is not None
    assert arguments_of(co2, {"electricity_kWh": 2.0, "factor_kg_per_kWh": 3.6}) == {
        "electricity": 7.2e6,
        "factor": pytest.approx(1e-6),
    }


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("hpdc.gate_area", "hpdc.gate_aria", ":4: there is no model hpdc.gate_aria; did you mean hpdc.gate_area?"),
        ("fill_time_s", "colour", ":10: hpdc_gate_area has no argument for the input colour"),
        ("fill_time_s", "fill_time_ms", ":10: ms of the input fill_time_ms is no unit known here"),
        ("0.05", "-0.05", ":8: fill_time must be positive"),
        ("fill_time_s = 0.05", "", "missing 1 required positional argument: 'fill_time'"),
    ],
)
def test_a_case_that_cannot_be_solved_fails_and_says_where_and_why(
    tmp_path: Path, old: str, new: str, message: str
) -> None:
    file = tmp_path / "cases.toml"
    file.write_text(CASE.replace(old, new), encoding="utf-8")
    (verdict,) = judge(read_cases(file)[0])
    assert not verdict.passed
    assert message in verdict.message


def test_an_input_with_another_unit_must_be_a_number() -> None:
    co2 = function_of("energy.co2")
    assert co2 is not None
    with pytest.raises(InputProblem, match="electricity_kWh must be a number, got '2'"):
        arguments_of(co2, {"electricity_kWh": "2", "factor_kg_per_kWh": 3.6})


def test_ids_that_repeat_are_told_and_all_their_cases_judged(tmp_path: Path) -> None:
    file = tmp_path / "cases.toml"
    file.write_text(CASE + CASE.replace("1.0", "5e-4"), encoding="utf-8")
    cases = read_cases(file)
    assert list(same_ids(cases)) == [f"{file}:14: the id area is that of {file}:3 too; give each case its own"]
    assert [verdict.passed for case in cases for verdict in judge(case)] == [False, True]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("[[case]]", "[[casus]]", ":1: case: there is no case"),
        ('model = "hpdc.gate_area"', "", ":2: case[0]: the key model is missing"),
        ("expected = 1.0", "expected = true", ":6: case[0].expected: True is not what is needed here"),
        ("expected = 1.0", "expected = nan", ":6: case[0].expected: a finite number is needed here, not nan"),
        ("rel_tol = 1e-6", "rel_tol = -1", ":7: case[0].rel_tol: a tolerance must be"),
        ('unit = "m2"', "unit = m2", ":5: "),
    ],
)
def test_a_file_that_is_wrong_is_told_with_its_line(tmp_path: Path, old: str, new: str, message: str) -> None:
    file = tmp_path / "cases.toml"
    file.write_text(CASE.replace(old, new), encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_cases(file)
    assert str(caught.value.problems[0]).startswith(f"{file}{message}")
