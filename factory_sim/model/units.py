"""Quantities with units, as an engineer writes them, and SI numbers, as the rest computes with them.

Pint knows the units. It is imported when the first quantity is read, because it takes longer than reading a plant.
Money is in KRW; a year has 365.25 days and a month is a twelfth of it.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from factory_sim.model.problems import nearest, shown

if TYPE_CHECKING:
    from pint import Unit, UnitRegistry

MINUTE, HOUR, DAY, WEEK = 60.0, 3600.0, 86400.0, 604800.0
YEAR = 365.25 * DAY
MONTH = YEAR / 12.0

_NUMBER = r"[+-]?(?:[0-9][0-9_]*(?:\.[0-9_]*)?|\.[0-9][0-9_]*)(?:[eE][+-]?[0-9]+)?"
_NAME = r"(?:%|[A-Za-zµΩ]+(?:_[A-Za-z]+)*)(?:(?:\^|\*\*)-?[1-9])?"
_QUANTITY = re.compile(rf"({_NUMBER})\s*(.*)", re.DOTALL)
_UNIT = re.compile(rf"(?:1\s*/\s*)?{_NAME}(?:\s*[*/·]\s*{_NAME})*")
_NOT_FINITE = re.compile(r"\s*[+-]?(?:nan|inf|infinity)\b.*", re.IGNORECASE | re.DOTALL)


class Si(float):
    """A number that is already in the SI unit of its key, so that no unit is asked for.

    >>> Si(45.0)
    Si(45.0)
    """

    def __repr__(self) -> str:
        return f"Si({float(self)!r})"


@dataclass(frozen=True)
class Measure:
    """One kind of quantity. `shown` lists units for printing, greatest first, as (unit, size in SI units)."""

    noun: str
    example: str
    shown: tuple[tuple[str, float], ...]
    also: tuple[str, ...] = ()  # further units that are worth suggesting


_KILOWATT_HOUR = 3.6e6
MEASURES: dict[str, Measure] = {
    "s": Measure(
        "a time",
        "45 s",
        (("yr", YEAR), ("week", WEEK), ("day", DAY), ("h", HOUR), ("min", MINUTE), ("s", 1.0)),
        ("sec", "seconds", "minutes", "hours", "month", "months", "year", "years"),
    ),
    "m/s": Measure("a speed", "1.2 m/s", (("m/s", 1.0),), ("m/min", "km/h", "mm/s")),
    "J/m": Measure("energy per distance", "150 Wh/km", (("kWh/km", 3.6e3), ("J/m", 1.0)), ("Wh/m", "Wh/km", "kJ/m")),
    "W": Measure("a power", "550 kW", (("MW", 1e6), ("kW", 1e3), ("W", 1.0))),
    "J": Measure("an energy", "58.9 kWh", (("kWh", _KILOWATT_HOUR), ("J", 1.0)), ("MJ", "kJ", "GJ", "MWh")),
    "KRW": Measure("an amount of money", "350e6 KRW", (("KRW", 1.0),), ("MKRW",)),
    "KRW/s": Measure("money per time", "25e6 KRW/yr", (("KRW/yr", 1.0 / YEAR),), ("KRW/h", "KRW/month", "MKRW/yr")),
    "KRW/J": Measure("money per energy", "165 KRW/kWh", (("KRW/kWh", 1.0 / _KILOWATT_HOUR),), ("KRW/MJ",)),
    "kg/J": Measure("mass per energy", "0.4173 kg/kWh", (("kg/kWh", 1.0 / _KILOWATT_HOUR),), ("t/MWh", "g/kWh")),
    "m": Measure("a length", "12 m", (("m", 1.0),), ("cm", "mm")),
    "kg": Measure("a mass", "62 kg", (("kg", 1.0),), ("t", "g")),
    "degC": Measure("a temperature", "180 degC", (("degC", 1.0),), ("K",)),
    "K": Measure("a temperature difference", "5 K", (("K", 1.0),), ("delta_degC",)),
    "J/K": Measure("a heat capacity", "1.9e6 J/K", (("J/K", 1.0),), ("kJ/K", "MJ/K")),
    "W/K": Measure("a conductance", "580 W/K", (("W/K", 1.0),), ("kW/K",)),
    "kg/m^3": Measure("a density", "7600 kg/m^3", (("kg/m^3", 1.0),), ("g/cm^3", "g/L", "t/m^3")),
    "J/kg/K": Measure("a specific heat", "690 J/kg/K", (("J/kg/K", 1.0),), ("kJ/kg/K",)),
    "J/mol": Measure("a molar energy", "148 kJ/mol", (("kJ/mol", 1e3), ("J/mol", 1.0))),
    "J/kg": Measure("a heat per mass", "389e3 J/kg", (("kJ/kg", 1e3), ("J/kg", 1.0)), ("kWh/t",)),
    "W/m/K": Measure("a thermal conductivity", "28 W/m/K", (("W/m/K", 1.0),)),
    "W/m^2/K": Measure("a heat transfer coefficient", "15 W/m^2/K", (("W/m^2/K", 1.0),), ("kW/m^2/K",)),
    "m^2": Measure("an area", "1.8 m^2", (("m^2", 1.0),), ("dm^2", "cm^2", "mm^2")),
    "m^3": Measure("a volume", "2.5 m^3", (("m^3", 1.0),), ("L", "cm^3")),
    "m^2/s": Measure("a diffusivity", "1.2e-11 m^2/s", (("m^2/s", 1.0),), ("mm^2/s", "mm^2/h")),
    "m^3/m^2": Measure("a volume per area", "0.1 L/m^2", (("L/m^2", 1e-3),), ("mL/dm^2",)),
    "kg/m^2": Measure("a mass per area", "30 g/m^2", (("g/m^2", 1e-3),), ("kg/m^2",)),
    "m^3/s": Measure("a volume flow", "7.4 mm^3/s", (("L/s", 1e-3), ("mm^3/s", 1e-9)), ("cm^3/h", "m^3/s")),
    "A/m^2": Measure("a current density", "4 A/dm^2", (("A/dm^2", 100.0), ("A/m^2", 1.0))),
    "A": Measure("a current", "900 A", (("A", 1.0),), ("kA",)),
    "V": Measure("a voltage", "10 V", (("V", 1.0),)),
    "1/K": Measure("a share per kelvin", "0.02 1/K", (("1/K", 1.0),), ("1/degC", "%/K")),
}


_CONFUSED = {"m": "min", "M": "min", "C": "degC", "F": "degF", "K": "degC"}


class UnitError(ValueError):
    """A text is not the quantity that is needed; the message says why and what to write."""


def parse(text: str, unit: str) -> float:
    """Return the number of SI units `unit` that `text` stands for.

    Raises
    ------
    UnitError  If number or unit cannot be read, the unit measures something else, or the number is not finite.

    >>> parse("45 min", "s"), parse("473.15 K", "degC"), parse("0.35 MKRW", "KRW")
    (2700.0, 200.0, 350000.0)
    """
    measure = MEASURES[unit]
    number, name = _split(text, measure)
    if not name:
        raise UnitError(f'{shown(text)} has no unit; write {measure.noun} such as "{_with_unit(text, measure)}"')
    factor, divisor, offset = _conversion(name, unit)
    value = number * factor / divisor
    if offset:
        value = round(value + offset, 9)
    if not math.isfinite(value):
        raise UnitError(f"{shown(text)} is not a finite number")
    return value


def needs_unit(value: float, unit: str) -> str:
    """Return what to say about a bare number where a unit is needed."""
    measure = MEASURES[unit]
    return f'{shown(value)} has no unit; write {measure.noun} such as "{_with_unit(f"{value:.6g}", measure)}"'


def show(value: float, unit: str) -> str:
    """Return an SI number with the unit in which it reads best; the empty unit is a pure number.

    >>> [show(seconds, "s") for seconds in (45.5, 600.0, 5400.0, 128.37, 1209600.0)]
    ['45.5 s', '10 min', '1.5 h', '128.37 s', '2 weeks']
    >>> show(550e3, "W"), show(2e9, "KRW"), show(0.9, "")
    ('550 kW', '2000e6 KRW', '0.9')
    """
    if not unit:
        return _digits(value)
    steps = MEASURES[unit].shown
    for name, size in steps:
        scaled = value / size
        if abs(scaled) >= 1.0 and abs(scaled - round(scaled, 1)) <= 1e-12 * abs(scaled):
            return _counted(scaled, name)
    name, size = next((step for step in steps if abs(value) >= 1000.0 * step[1]), steps[-1])
    return _counted(value / size, name)


def _counted(value: float, name: str) -> str:
    return f"{_digits(value)} {name}{'s' if name in ('week', 'day') and value != 1.0 else ''}"


def _digits(value: float) -> str:
    """Six digits, rounded before the power of ten is chosen.

    >>> _digits(999_999.6), _digits(999_999_500_000.0)
    ('1e6', '1e+12')
    """
    text = f"{value:.6g}"
    return f"{float(text) / 1e6:.6g}e6" if 1e6 <= abs(float(text)) < 1e12 else text


def _with_unit(text: str, measure: Measure) -> str:
    return f"{text.strip()} {measure.example.split(' ', 1)[1]}"


def _split(text: str, measure: Measure) -> tuple[float, str]:
    if _NOT_FINITE.fullmatch(text):
        raise UnitError(f'{shown(text)} is not a finite number; write {measure.noun} such as "{measure.example}"')
    match = _QUANTITY.fullmatch(text.strip())
    if match is None:
        raise UnitError(f'{shown(text)} does not begin with a number; write {measure.noun} such as "{measure.example}"')
    return float(match[1].replace("_", "")), match[2].replace("°C", "degC").replace("℃", "degC")


def _conversion(name: str, unit: str) -> tuple[float, float, float]:
    """Return (factor, divisor, offset) from unit `name` to SI unit `unit`; one of the first two is 1."""
    from pint import DimensionalityError

    measure = MEASURES[unit]
    given = _unit(name)
    if given is None:
        raise UnitError(f"unknown unit '{name}'{_other_unit(name, unit)}")
    registry = _registry()
    if unit == "K" and name == "degC":  # a difference of temperatures may be written in degC too
        given = registry.parse_units("delta_degC")
    try:
        offset = registry.Quantity(0.0, given).to(unit).magnitude
        factor = registry.Quantity(1.0, given).to(unit).magnitude - offset
    except DimensionalityError:
        found = _noun(given)
        raise UnitError(
            f"'{name}' is the unit of {found}, but {measure.noun} is needed{_other_unit(name, unit, 0.75)}"
        ) from None
    if abs(factor) >= 1.0 or offset:
        return float(f"{factor:.15g}"), 1.0, offset
    # Sizes of units are round numbers, their inverses are not.
    return 1.0, float(f"{registry.Quantity(1.0, unit).to(given).magnitude:.15g}"), offset


def _other_unit(name: str, unit: str, cutoff: float = 0.5) -> str:
    measure = MEASURES[unit]
    names = [*(step for step, _ in measure.shown), *measure.also]
    meant = _CONFUSED.get(name)
    match = meant if meant in names else nearest(name, names, cutoff)
    example = f'such as "{measure.example}"'
    return f"; did you mean '{match}'? ({measure.noun} {example})" if match else f"; write {measure.noun} {example}"


def _noun(given: Unit) -> str:
    for unit, measure in MEASURES.items():
        if unit != "K" and _registry().parse_units(unit).dimensionality == given.dimensionality:
            return measure.noun
    return "a pure number" if given.dimensionless else f"another quantity, {given.dimensionality}"


@lru_cache(maxsize=1)
def _registry() -> UnitRegistry[Any]:
    from pint import UnitRegistry

    registry: UnitRegistry[Any] = UnitRegistry(cache_folder=None)
    registry.define("KRW = [currency] = won")
    for count in ("part", "shot", "piece"):
        registry.define(f"{count} = []")
    return registry


@lru_cache(maxsize=512)
def _unit(name: str) -> Unit | None:
    """Return the unit of that name, or None. What pint would compute, such as powers of powers, is no name."""
    from pint import UndefinedUnitError

    if len(name) > 40 or _UNIT.fullmatch(name) is None:
        return None
    try:
        return _registry().parse_units(name.replace("·", "*"))
    except (UndefinedUnitError, ValueError, TypeError, AssertionError):
        return None
