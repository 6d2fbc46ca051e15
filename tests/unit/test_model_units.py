"""Quantities, distributions and clock times: what is read, what is refused, how it prints."""

from __future__ import annotations

import math

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from factory_sim.model import units
from factory_sim.model.clock import Clock, Days, moment, spans
from factory_sim.model.distribution import Distribution
from factory_sim.model.kinds import Number, Quantity, Range, Whole
from factory_sim.model.problems import Refused
from factory_sim.model.shapes import Dist

HOUR, DAY = 3600.0, 86400.0


@pytest.mark.parametrize(
    ("text", "unit", "value"),
    [
        ("45 s", "s", 45.0),
        (" 45s ", "s", 45.0),
        ("1.5 h", "s", 5400.0),
        ("2 weeks", "s", 14 * DAY),
        ("3 months", "s", 365.25 * DAY / 4),
        ("8 yr", "s", 8 * 365.25 * DAY),
        ("12 s/part", "s", 12.0),
        ("550 kW", "W", 550e3),
        ("58.9 kWh", "J", 58.9 * 3.6e6),
        ("68.9 MJ/shot", "J", 68.9e6),
        ("480e3 KRW", "KRW", 480e3),
        ("0.48 MKRW", "KRW", 480e3),
        ("1_000_000 KRW", "KRW", 1e6),
        ("-2 KRW", "KRW", -2.0),
        ("165 KRW/kWh", "KRW/J", 165 / 3.6e6),
        ("0.4173 kg/kWh", "kg/J", 0.4173 / 3.6e6),
        ("149.3e6 KRW/yr", "KRW/s", 149.3e6 / 31557600.0),
        ("180 degC", "degC", 180.0),
        ("180 °C", "degC", 180.0),
        ("453.15 K", "degC", 180.0),
        ("5 K", "K", 5.0),
        ("5 degC", "K", 5.0),
        ("9 delta_degF", "K", 5.0),
        ("1.9 MJ/K", "J/K", 1.9e6),
        ("650 W/K", "W/K", 650.0),
        ("0.02 1/K", "1/K", 0.02),
        ("2 %/K", "1/K", 0.02),
    ],
)
def test_quantities_are_read_in_si(text: str, unit: str, value: float) -> None:
    assert units.parse(text, unit) == pytest.approx(value, rel=1e-15)


def test_every_measure_reads_its_own_example_and_its_own_units() -> None:
    for unit, measure in units.MEASURES.items():
        assert math.isfinite(units.parse(measure.example, unit))
        for name, size in measure.shown:
            assert units.parse(f"1 {name}", unit) == pytest.approx(size, rel=1e-15)
        for name in measure.also:
            assert math.isfinite(units.parse(f"1 {name}", unit))


@given(st.sampled_from(sorted(units.MEASURES)), st.floats(1e-3, 1e9))
@example("kg/m^2", 999_999_500.0)
def test_what_is_shown_can_be_read_again(unit: str, value: float) -> None:
    assert units.parse(units.show(value, unit), unit) == pytest.approx(value, rel=1e-5, abs=1e-9)


@pytest.mark.parametrize(
    "text", ["", " ", "s", "45", "nan s", "-inf s", "1e999 s", "45 parsec s", "45 s s^^2", "4 5 s", "٤ s", "1 s**9**9"]
)
def test_texts_that_are_no_time_are_refused(text: str) -> None:
    with pytest.raises(units.UnitError):
        units.parse(text, "s")


@pytest.mark.parametrize(
    ("text", "unit", "words"),
    [
        ("45 m", "s", "did you mean 'min'?"),
        ("200 C", "degC", "did you mean 'degC'?"),
        ("45 kwh", "J", "did you mean 'kWh'?"),
        ("45 kW", "J", "'kW' is the unit of a power, but an energy is needed; did you mean 'kWh'?"),
        ("45 %", "s", "'%' is the unit of a pure number"),
        ("45 hou", "s", "did you mean 'hours'?"),
    ],
)
def test_refusals_say_what_to_write(text: str, unit: str, words: str) -> None:
    with pytest.raises(units.UnitError) as caught:
        units.parse(text, unit)
    assert words in str(caught.value)


def test_ranges() -> None:
    assert Number("(0, 1]").parse(1) == 1.0
    assert Quantity("s", "[0, inf)").parse(units.Si(3.0)) == 3.0
    assert type(Quantity("s").parse(units.Si(3.0))) is float
    assert Whole("[0, 5]", unlimited="unlimited").parse("unlimited") is None
    assert Whole("[0, 5]").parse(3.0) == 3
    for kind, value in (
        (Number("(0, 1]"), 0.0),
        (Whole("[0, 5]"), 6),
        (Quantity(), units.Si(math.nan)),
        (Whole(), True),
    ):
        with pytest.raises(Refused):
            kind.parse(value)
    assert Range("[-50, 1000]").words() == "at least -50 and at most 1000"


@pytest.mark.parametrize(
    ("value", "kind", "values"),
    [
        ("128 s", "constant", (128.0,)),
        ({"triangular": ["118 s", "2 min", "142 s"]}, "triangular", (118.0, 120.0, 142.0)),
        ({"uniform": ["1 s", "2 s"]}, "uniform", (1.0, 2.0)),
        ({"exponential": "14 h"}, "exponential", (14 * HOUR,)),
        ({"lognormal": {"mean": "150 s", "cv": 0.2}}, "lognormal", (150.0, 0.2)),
        ({"weibull": {"shape": 1.4, "mean": "38 h"}}, "weibull", (1.4, 38 * HOUR)),
        ({"gamma": {"cv": 0.2236, "mean": "15 min"}}, "gamma", (900.0, 0.2236)),
        ({"erlang": {"mean": "1 min", "stages": 4}}, "gamma", (60.0, 0.5)),
        (
            {"choice": [{"value": "0 s", "share": 0.8}, {"share": 0.2, "value": "150 s"}]},
            "choice",
            (0.0, 0.8, 150.0, 0.2),
        ),
        (units.Si(7.0), "constant", (7.0,)),
        (Distribution("gamma", (9.0, 0.1)), "gamma", (9.0, 0.1)),
    ],
)
def test_distributions_are_read(value: object, kind: str, values: tuple[float, ...]) -> None:
    assert Dist().parse(value) == Distribution(kind, values)


@pytest.mark.parametrize(
    "value",
    [
        *(3, True, None, [], {}, "0 s", {"constant": "3 s"}, {"triangular": "3 s"}, {"triangular": ["3 s"]}),
        *({"uniform": ["3 s", "2 s"]}, {"exponential": "-1 s"}, {"exponential": {}}, {"gamma": "3 s"}, {"gamma": []}),
        *(
            {"gamma": {"mean": "3 s", "cv": 0}},
            {"weibull": {"mean": "3 s"}},
            {"erlang": {"mean": "3 s", "stages": 0.5}},
        ),
        *({"choice": []}, {"choice": ["3 s"]}, {"choice": [{"value": "0 s", "share": 1}]}, {"choice": "3 s"}),
        *(Distribution("constant", (-1.0,)), Distribution("uniform", (-1.0, 3.0)), Distribution("gamma", (0.0, 1.0))),
        *({"choice": [{"value": "1 s", "share": 0.5}]}, {"triangular": ["1 s", "2 s", "nan s"]}),
    ],
    ids=repr,
)
def test_distributions_are_refused(value: object) -> None:
    with pytest.raises(Refused):
        Dist().parse(value)


def test_every_reason_of_a_distribution_is_given_with_its_place() -> None:
    with pytest.raises(Refused) as caught:
        Dist().parse({"triangular": ["1 W", "2 s", 3]})
    assert [path for path, _ in caught.value.found] == [("triangular", 0), ("triangular", 2)]


EXAMPLES = [
    Distribution("constant", (5.0,)),
    Distribution("triangular", (1.0, 2.0, 6.0)),
    Distribution("uniform", (1.0, 3.0)),
    Distribution("exponential", (5.0,)),
    Distribution("lognormal", (5.0, 0.2)),
    Distribution("weibull", (1.4, 5.0)),
    Distribution("gamma", (5.0, 0.2)),
    Distribution("choice", (150.0, 0.2, 0.0, 0.8)),
]


@pytest.mark.parametrize("distribution", EXAMPLES, ids=lambda entry: entry.kind)
def test_shift_moves_and_factor_scales_the_mean(distribution: Distribution) -> None:
    assert distribution.shifted(0.5).mean == pytest.approx(distribution.mean + 0.5)
    assert distribution.scaled(0.5).mean == pytest.approx(distribution.mean / 2)
    assert distribution.shifted(0.0) == distribution == distribution.scaled(1.0)
    moved = distribution.shifted(0.5).scaled(2.0)
    assert moved.kind == distribution.kind
    for shape, at in (("lognormal", 1), ("gamma", 1), ("weibull", 0)):
        if moved.kind == shape:
            assert moved.values[at] == distribution.values[at]
    if moved.kind == "choice":
        assert moved.values[1::2] == distribution.values[1::2]


def test_distributions_of_the_wrong_form_are_errors() -> None:
    for kind, values in (
        ("normal", (1.0, 2.0)),
        ("constant", ()),
        ("choice", (1.0,)),
        ("choice", ()),
        ("gamma", (1.0,)),
    ):
        with pytest.raises(ValueError):
            Distribution(kind, values)


def test_days_and_clock_times() -> None:
    assert Days().parse("Mon-Fri") == (0, 1, 2, 3, 4)
    assert Days().parse(" Mon , Wed,Sat ") == (0, 2, 5)
    assert Days().parse("Fri-Mon") == (0, 4, 5, 6)
    assert Clock().parse("7:05") == 7 * HOUR + 300.0
    for text in ("", "Mon-", "-", "Mon-Tue-Wed", "Mon,", "mon day", "Mon,Mon", 3):
        with pytest.raises(Refused):
            Days().parse(text)
    for time in ("", "24:01", "1:60", "06", "6 h", 6, None):
        with pytest.raises(Refused):
            Clock().parse(time)


def test_shifts_of_a_week() -> None:
    assert spans([0], 6 * HOUR, 14 * HOUR) == [(6 * HOUR, 14 * HOUR)]
    assert spans([0], 22 * HOUR, 6 * HOUR) == [(22 * HOUR, 30 * HOUR)]
    assert spans([0], 6 * HOUR, 6 * HOUR) == [(6 * HOUR, 30 * HOUR)]
    assert spans([6], 22 * HOUR, 24 * HOUR) == [(6 * DAY + 22 * HOUR, 7 * DAY)]
    assert spans([6], 23 * HOUR, 1 * HOUR) == [(6 * DAY + 23 * HOUR, 7 * DAY), (0.0, HOUR)]
    assert moment(6 * DAY + 22 * HOUR) == "Sun 22:00"
