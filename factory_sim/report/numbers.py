"""Numbers for people: no digit beyond the interval, units by language.

English writes money in M KRW, Korean in 억원 (100 million won) or 백만원 (million won) by size; the won of one part
stay whole won.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from factory_sim.results.statistics import Interval

LANGUAGES = ("en", "ko")
NONE = "-"  # what there is not
DIGITS = 4  # of a number whose interval is 0 or not known
_EOK, _MILLION = 1e8, 1e6


@dataclass(frozen=True)
class Unit:
    """A unit in which numbers of a table or chart are shown: number x `factor`, then `name`."""

    factor: float
    name: str


def money_unit(greatest: float, lang: str, per: str = "") -> Unit:
    """Return the unit for money whose greatest amount is `greatest`. [KRW]

    >>> money_unit(350e6, "en").name, money_unit(350e6, "ko").name, money_unit(90e6, "ko", "yr").name
    ('M KRW', '억원', '백만원/년')
    """
    after = {"": "", "yr": {"en": "/yr", "ko": "/년"}[lang]}[per]
    if lang == "en":
        return Unit(1.0 / _MILLION, f"M KRW{after}")
    if abs(greatest) >= _EOK:
        return Unit(1.0 / _EOK, f"억원{after}")
    return Unit(1.0 / _MILLION, f"백만원{after}")


def unit_beside(greatest: float, others: float, lang: str, per: str = "") -> Unit:
    """Return the unit of one of several charts: that of all, unless little would be seen of its greatest amount.

    >>> unit_beside(42e6, 365e6, "ko").name, unit_beside(4e6, 365e6, "ko").name
    ('억원', '백만원')
    """
    return money_unit(max(greatest, others) if greatest >= 0.1 * _EOK else greatest, lang, per)


def places(half_width: float, value: float = 0.0) -> int:
    """Return how many digits behind the point belong to a number with an interval; negative: tens, hundreds, ...

    The half-width keeps two digits if it begins with 10 to 35, else one (the rule of the Particle Data Group), so that
    no digit is shown that the interval makes meaningless. Without an interval the value keeps `DIGITS` digits.

    >>> places(0.0412), places(0.02), places(41e6), places(0.0, 20.269)
    (2, 3, -7, 2)
    """
    if not math.isfinite(half_width) or half_width <= 1e-12 * abs(value) or half_width == 0.0:
        if value == 0.0 or not math.isfinite(value):
            return 0
        return DIGITS - 1 - math.floor(math.log10(abs(value)))
    order = math.floor(math.log10(half_width))
    leading = half_width / 10.0**order
    return 1 - order if leading < 3.55 else -order


def fixed(value: float, digits: int, sign: bool = False) -> str:
    """Return a number rounded to `digits` behind the point (negative: to tens, hundreds, ...), thousands grouped.

    >>> fixed(739_812_331.0, -7), fixed(-0.0412, 2, sign=True), fixed(0.001, 1, sign=True), fixed(1234.5, 1)
    ('740,000,000', '-0.04', '0.0', '1,234.5')
    """
    if not math.isfinite(value):
        return NONE
    rounded = round(value, digits)
    if rounded == 0.0:
        return f"{0.0:.{max(0, digits)}f}"
    text = f"{abs(rounded):,.{max(0, digits)}f}"
    return f"{'-' if rounded < 0 else '+' if sign else ''}{text}"


def plain(value: float, digits: int = DIGITS) -> str:
    """Return a number without an interval, with at most so many digits and no zeros at the end.

    >>> plain(0.9), plain(2000.0), plain(128.37), plain(0.00041730, 5)
    ('0.9', '2,000', '128.4', '0.0004173')
    """
    if not math.isfinite(value):
        return NONE
    text = fixed(value, max(0, places(0.0, float(f"{value:.{digits}g}")) + digits - DIGITS))
    return text.rstrip("0").rstrip(".") if "." in text else text


def adding_up(amounts: Sequence[float], digits: int) -> list[float]:
    """Return amounts rounded so that what is printed adds up to the printed total.

    Each amount is rounded down, and the last digits that are missing go to those which lost most.

    >>> adding_up([1.5, 1.3, 0.4], 0), adding_up([-1.4, 1.4], 0)
    ([2.0, 1.0, 0.0], [-1.0, 1.0])
    """
    scaled = [amount * 10.0**digits for amount in amounts]
    floors = [math.floor(amount) for amount in scaled]
    missing = round(sum(scaled)) - sum(floors)
    order = sorted(range(len(amounts)), key=lambda index: floors[index] - scaled[index])
    for index in order[:missing]:
        floors[index] += 1
    return [floor / 10.0**digits for floor in floors]


@dataclass(frozen=True)
class Shown:
    """A mean and the ends of its interval as texts with the same digits."""

    mean: str
    low: str
    high: str
    half_width: str
    unit: str

    @property
    def with_unit(self) -> str:
        """The mean with its unit."""
        return joined(self.mean, self.unit)


def shown(interval: Interval, unit: Unit, sign: bool = False, most: int = 99) -> Shown:
    """Return an interval as text, with at most so many digits behind the point.

    >>> shown(Interval(739_812_331.0, 128e6, 12, 0.95), money_unit(740e6, "en"))
    Shown(mean='740', low='610', high='870', half_width='130', unit='M KRW')
    """
    mean, half_width = interval.mean * unit.factor, interval.half_width * unit.factor
    digits = min(most, places(half_width, mean))
    known = math.isfinite(half_width)
    return Shown(
        fixed(mean, digits, sign),
        fixed(mean - half_width, digits, sign) if known else NONE,
        fixed(mean + half_width, digits, sign) if known else NONE,
        fixed(half_width, digits) if known else NONE,
        unit.name,
    )


def times(value: float) -> str:
    """Return a multiple with two digits; it is known no better, and from a thousand on it says nothing more.

    >>> times(2.41), times(251.0), times(27_663.0)
    ('2.4', '250', '>1,000')
    """
    return ">1,000" if value > 1000.0 else plain(float(f"{value:.2g}"), 2)


def around(text: Shown, unit: str = "") -> str:
    """Return a mean, with a unit close to it, and its half-width, which stays with its sign; none if 0 or not known.

    >>> around(shown(Interval(9.8, 0.0, 2, 0.95), Unit(1.0, "")))
    '9.800'
    >>> around(shown(Interval(0.975, 0.04, 8, 0.95), Unit(100.0, "%")), "%")
    '98% ±\xa04'
    """
    mean = text.mean if text.mean == NONE else f"{text.mean}{unit}"
    if text.half_width == NONE or not text.half_width.strip("0."):
        return mean
    return f"{mean} ±\xa0{text.half_width}"


def short(interval: Interval, unit: Unit, sign: bool = False, most: int = 99) -> Shown:
    """Return an interval as text for who decides: as `shown`, but with no more than `DIGITS` digits.

    >>> short(Interval(1873.65, 1.45, 2, 0.95), Unit(1.0, "")).low
    '1,872'
    """
    width = interval.half_width if math.isfinite(interval.half_width) else 0.0
    greatest = (abs(interval.mean) + abs(width)) * unit.factor
    if math.isfinite(greatest) and greatest >= 1.0:
        most = min(most, DIGITS - 1 - math.floor(math.log10(greatest)))
    return shown(interval, unit, sign, most)


def joined(number: str, unit: str) -> str:
    """Return a number with its unit; a per cent sign and Korean units stand close to it.

    >>> joined("740", "M KRW"), joined("7.4", "억원"), joined("12", "")
    ('740 M KRW', '7.4억원', '12')
    """
    close = unit == "" or unit == "%" or "가" <= unit[0] <= "힣"
    return f"{number}{'' if close else ' '}{unit}"


def money(value: float, lang: str, per: str = "", greatest: float = 0.0) -> str:
    """Return an amount of money that is known exactly, such as a price. [KRW]

    Amounts that stand together have one unit, that of the `greatest` of them.

    >>> money(350e6, "en"), money(350e6, "ko"), money(25e6, "ko", "yr"), money(480_000.0, "en"), money(0.0, "ko")
    ('350 M KRW', '3.5억원', '25백만원/년', '480,000 KRW', '0원')
    >>> money(60e6, "ko", greatest=120e6)
    '0.6억원'
    """
    if not math.isfinite(value):
        return NONE
    if abs(value) < _MILLION:
        after = "" if not per else {"en": "/yr", "ko": "/년"}[lang]
        return joined(plain(value, 6), {"en": "KRW", "ko": "원"}[lang] + after)
    unit = money_unit(max(abs(value), greatest), lang, per)
    return joined(plain(value * unit.factor), unit.name)


def share(value: float, sure: bool = False) -> str:
    """Return a share in per cent. With `sure`, 0 and 1 are not claimed: a sample cannot show them.

    >>> share(0.973), share(0.0473), share(1.0), share(1.0, sure=True), share(0.001, sure=True)
    ('97%', '4.7%', '100%', '>99%', '<1%')
    """
    if not math.isfinite(value):
        return NONE
    if sure and value > 0.99:
        return ">99%"
    if sure and value < 0.01:
        return "<1%"
    percent = value * 100.0
    return f"{fixed(percent, 0 if abs(percent) >= 9.95 or percent == 0.0 else 1)}%"


def shown_share(interval: Interval) -> Shown:
    """Return the interval of a share as text in per cent; its ends stay within 0 and 100.

    >>> shown_share(Interval(0.74, 0.33, 2, 0.95)).high
    '100'
    """
    percent = Unit(100.0, "%")
    text = shown(interval, percent)
    low = "0" if interval.low < 0.0 else text.low
    high = "100" if interval.high > 1.0 else text.high
    return Shown(text.mean, low, high, text.half_width, percent.name)


def certainty(value: float, lang: str) -> str:
    """Return a probability for a sentence.

    >>> certainty(0.973, "en"), certainty(1.0, "en"), certainty(1.0, "ko")
    ('97%', 'more than 99%', '99% 이상')
    """
    text = share(value, sure=True)
    if text.startswith(">"):
        return f"more than {text[1:]}" if lang == "en" else f"{text[1:]} 이상"
    if text.startswith("<"):
        return f"less than {text[1:]}" if lang == "en" else f"{text[1:]} 미만"
    return text


def rate(value: float) -> str:
    """Return a rate of return in per cent, without a precision that it has not.

    >>> rate(0.1592), rate(6.407), rate(12.0), rate(float("nan"))
    ('16%', '640%', '>999%', '-')
    """
    if not math.isfinite(value):
        return NONE
    if value > 9.99:
        return ">999%"
    return f"{fixed(value * 100.0, 0 if abs(value) < 1.0 else -1)}%"


def years(value: float, lang: str) -> str:
    """Return a time in years.

    >>> years(1.83, "en"), years(1.0, "en"), years(8.0, "ko"), years(0.34, "ko")
    ('1.8 years', '1 year', '8년', '0.3년')
    """
    text = year_number(value)
    if text == NONE:
        return NONE
    return f"{text}년" if lang == "ko" else f"{text} {'year' if text == '1' else 'years'}"


def lasting(seconds: float, lang: str) -> str:
    """Return how long something takes, about.

    >>> lasting(0.4, "en"), lasting(54.2, "ko"), lasting(754.0, "en"), lasting(9000.0, "ko")
    ('1 s', '54초', '13 min', '2.5시간')
    """
    if seconds < 100.0:
        return joined(f"{max(1, round(seconds))}", {"en": "s", "ko": "초"}[lang])
    if seconds < 6000.0:
        return joined(f"{seconds / 60.0:.0f}", {"en": "min", "ko": "분"}[lang])
    return joined(f"{seconds / 3600.0:.1f}", {"en": "h", "ko": "시간"}[lang])


def months(value: float, lang: str) -> str:
    """Return a time in years as months, if it is less than two years.

    >>> months(0.25, "en"), months(1.0 / 12.0, "en"), months(0.25, "ko"), months(3.0, "en")
    ('3 months', '1 month', '3개월', '3 years')
    """
    if value >= 2.0:
        return years(value, lang)
    text = plain(value * 12.0, 2)
    return f"{text}개월" if lang == "ko" else f"{text} {'month' if text == '1' else 'months'}"


def year_number(value: float) -> str:
    """Return a time in years without its unit.

    >>> year_number(1.83), year_number(0.02), year_number(float("inf"))
    ('1.8', '<0.1', '-')
    """
    if not math.isfinite(value):
        return NONE
    if 0.0 < value < 0.05:
        return "<0.1"
    return f"{value:.1f}".removesuffix(".0")


def count(value: float, lang: str) -> str:
    """Return a count of things: Korean counts ten thousands in 만.

    >>> count(110_000, "en"), count(110_000, "ko"), count(2200, "ko"), count(114_400, "ko")
    ('110,000', '11만', '2,200', '11만 4,400')
    """
    whole = round(value)
    if lang == "en" or abs(whole) < 10_000:
        return f"{whole:,}"
    thousands, rest = divmod(whole, 10_000)
    return f"{thousands:,}만" + (f" {rest:,}" if rest else "")


def day(when: date) -> str:
    """Return a date, the same in both languages.

    >>> day(date(2026, 11, 22))
    '2026-11-22'
    """
    return when.isoformat()
