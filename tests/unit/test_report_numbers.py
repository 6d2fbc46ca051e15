"""Numbers for people: digits by the interval, units by language."""

from __future__ import annotations

import math
from datetime import date

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from factory_sim.report import numbers
from factory_sim.report.numbers import Unit, shown
from factory_sim.results.statistics import Interval

ONE = Unit(1.0, "")


@pytest.mark.parametrize(
    ("mean", "half_width", "said"),
    [
        (739_812_331.0, 128e6, ("740,000,000", "610,000,000", "870,000,000", "130,000,000")),
        (20.2687, 0.0412, ("20.27", "20.23", "20.31", "0.04")),
        (20.2687, 0.0213, ("20.269", "20.247", "20.290", "0.021")),
        (1190.57, 919.46, ("1,200", "300", "2,100", "900")),
        (-2411.2, 99.6, ("-2,410", "-2,510", "-2,310", "100")),
        (-0.0004, 0.03, ("0.000", "-0.030", "0.030", "0.030")),
        (5.0, 0.0, ("5.000", "5.000", "5.000", "0.000")),
        (5.0, math.nan, ("5.000", "-", "-", "-")),
    ],
)
def test_no_digit_beyond_the_interval(mean, half_width, said) -> None:
    text = shown(Interval(mean, half_width, 4, 0.95), ONE)
    assert (text.mean, text.low, text.high, text.half_width) == said


@given(st.floats(-1e12, 1e12), st.floats(1e-6, 1e12))
def test_what_is_shown_is_within_a_tenth_of_the_interval(mean, half_width) -> None:
    assume(half_width > 1e-9 * abs(mean))
    text = shown(Interval(mean, half_width, 4, 0.95), ONE)
    assert abs(float(text.mean.replace(",", "")) - mean) <= 0.15 * half_width
    significant = text.half_width.replace(",", "").replace(".", "").strip("0")
    assert len(significant) <= 2


def test_signs_and_limits() -> None:
    change = Interval(1.3412, 0.0004, 4, 0.95)
    assert shown(change, ONE, sign=True, most=2).mean == "+1.34"
    assert shown(change, ONE, sign=True, most=2).half_width == "0.00"
    assert numbers.fixed(-0.004, 2, sign=True) == "0.00"
    assert numbers.fixed(math.inf, 2) == "-"


def test_korean_money_by_size() -> None:
    assert numbers.money(2600e6, "ko") == "26억원"
    assert numbers.money(99e6, "ko") == "99백만원"
    assert numbers.money(480_000.0, "ko") == "480,000원"
    assert numbers.money(2600e6, "en") == "2,600 M KRW"
    assert numbers.money_unit(-3e8, "ko").name == "억원"
    text = shown(Interval(739_812_331.0, 128e6, 4, 0.95), numbers.money_unit(870e6, "ko"))
    assert (text.with_unit, text.low, text.high) == ("7.4억원", "6.1", "8.7")


def test_shares_of_samples_are_never_certain() -> None:
    assert numbers.share(1.0, sure=True) == ">99%"
    assert numbers.share(0.0, sure=True) == "<1%"
    assert numbers.share(0.0) == "0%"
    assert numbers.share(math.nan) == "-"
    assert numbers.certainty(0.0, "en") == "less than 1%"
    assert numbers.certainty(0.0, "ko") == "1% 미만"


def test_times_rates_and_dates() -> None:
    assert numbers.years(math.inf, "en") == "-"
    assert numbers.years(math.nan, "ko") == "-"
    assert numbers.rate(-0.17) == "-17%"
    assert numbers.rate(-math.inf) == "-"
    assert numbers.day(date(2026, 11, 22)) == "2026-11-22"
    assert numbers.count(1_234_567, "ko") == "123만 4,567"
    assert numbers.plain(math.nan) == "-"
