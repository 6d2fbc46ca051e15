"""Kinds of values: what may stand at a key, how it is read, and how to say so.

A schema field is `Annotated[<type>, <kind>]`; pydantic asks the kind to read the value, and the reference page and the
JSON Schema read unit, range and form from the same object. A kind either returns the value in SI units or raises
`Refused` with every reason.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic_core import PydanticCustomError, core_schema

from factory_sim.model import units
from factory_sim.model.problems import Path, Refused, refuse, shown, suggest

REFUSED = "refused"  # type of the pydantic error that carries the refusal of a value
REFUSED_TABLE = "refused_table"  # and of a table whose values do not go together
LONGEST = 1e11  # s, 3,000 years: longer times do not fit into whole microseconds
IDENTIFIER = re.compile(r"[a-z][a-z0-9_]*")


@dataclass(frozen=True)
class Range:
    """An interval in the usual notation, in SI units.

    >>> 1.0 in Range("(0, 1]"), 0.0 in Range("(0, 1]"), Range("[0, inf)").words()
    (True, False, 'at least 0')
    """

    text: str

    @property
    def low(self) -> float:
        return float(self.text[1:-1].split(",")[0])

    @property
    def high(self) -> float:
        return float(self.text[1:-1].split(",")[1])

    def __contains__(self, value: float) -> bool:
        above = value >= self.low if self.text[0] == "[" else value > self.low
        return above and (value <= self.high if self.text[-1] == "]" else value < self.high)

    def words(self, unit: str = "", value: float = math.nan) -> str:
        """Return what a value must be; of a wide range only the end that `value` has passed."""
        wide = self.high - self.low > 1e4 or unit != ""
        words = []
        if self.low > -math.inf and not (wide and value > self.low):
            least = "at least" if self.text[0] == "[" else "greater than"
            words.append(f"{least} {units.show(self.low, unit) if self.low else 0}")
        if self.high < math.inf and not (wide and value <= self.low):
            most = "at most" if self.text[-1] == "]" else "less than"
            words.append(f"{most} {units.show(self.high, unit)}")
        return " and ".join(words) or "any number"


class Kind:
    """What may stand at a key. Subclasses are frozen dataclasses; `parse` reads a value of the file."""

    unit = ""
    """SI unit of the number, empty if it has none."""

    @property
    def range(self) -> str:
        """What values are allowed, in words or interval notation."""
        raise NotImplementedError

    @property
    def form(self) -> str:
        """What to write, in words."""
        raise NotImplementedError

    def parse(self, value: Any) -> Any:
        """Return the value in SI units; raise Refused."""
        raise NotImplementedError

    def show(self, value: Any) -> str:
        """Return a parsed value as it would stand in a file."""
        if value is None:
            return "none"
        if isinstance(value, float):
            return units.show(value, self.unit)
        return value if isinstance(value, str) else shown(value)

    def _validate(self, value: Any) -> Any:
        try:
            return self.parse(value)
        except Refused as refused:
            raise PydanticCustomError(REFUSED, "refused", {"found": refused.found}) from None

    def __get_pydantic_core_schema__(self, _source: Any, _handler: Any) -> core_schema.CoreSchema:
        return core_schema.no_info_plain_validator_function(self._validate)


def carrier(*found: tuple[Path, str]) -> PydanticCustomError:
    """Return the pydantic error that carries through pydantic why the values of a table do not go together."""
    return PydanticCustomError(REFUSED_TABLE, "refused", {"found": found})


def _pure(value: Any, example: str) -> float | int:
    """Return a number that has no unit, or refuse."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        if isinstance(value, str) and re.match(r"\s*[+-]?[0-9.]", value):
            percent = re.fullmatch(r"\s*([0-9.]+)\s*%\s*", value)
            if percent and percent[1].count(".") <= 1 and percent[1] != ".":
                example = f"{float(percent[1]) / 100:.6g}"
            raise refuse(f"{shown(value)} is a text; a pure number is needed here: write {example}, no quotes, no unit")
        raise refuse(f"{shown(value)} is {_type(value)}, but a pure number is needed; write for example {example}")
    return value


def _type(value: Any) -> str:
    names = {bool: "true or false", str: "a text", int: "a number", float: "a number", dict: "a table", list: "a list"}
    return names.get(type(value), "a date or time")


def _finite(value: float, unit: str, allowed: str) -> float:
    if not math.isfinite(value):
        raise refuse(f"{value} is not a finite number; the value must be {Range(allowed).words(unit)}")
    if value not in Range(allowed):
        hint = (
            f"; for {value:g} % write {value / 100:g}" if allowed.endswith((" 1]", " 1)")) and 2 <= value <= 100 else ""
        )
        raise refuse(f"the value must be {Range(allowed).words(unit, value)}, not {units.show(value, unit)}{hint}")
    return value


@dataclass(frozen=True)
class Number(Kind):
    """A pure number."""

    range: str = "(-inf, inf)"
    example: str = "0.9"

    @property
    def form(self) -> str:
        return f"a number such as {self.example}"

    def parse(self, value: Any) -> float:
        number = _pure(value, self.example)
        try:
            return _finite(float(number), "", self.range)
        except OverflowError:
            raise refuse(f"{shown(value)} is too great; the value must be {Range(self.range).words()}") from None


@dataclass(frozen=True)
class Whole(Kind):
    """A whole number, or None for the word `unlimited` if there is one."""

    range: str = "[0, 1e9]"
    example: str = "1"
    unlimited: str = ""

    @property
    def form(self) -> str:
        return f"a whole number such as {self.example}" + (f', or "{self.unlimited}"' if self.unlimited else "")

    def parse(self, value: Any) -> int | None:
        if self.unlimited and value == self.unlimited:
            return None
        if self.unlimited and isinstance(value, str) and re.match(r"\s*[+-]?[0-9.]", value) is None:
            raise refuse(f'{shown(value)} is not understood; write a whole number or "{self.unlimited}"')
        number = _pure(value, self.example)
        if not math.isfinite(number) or number != int(number):
            raise refuse(f"{shown(value)} is not a whole number; write for example {self.example}")
        if number not in Range(self.range):
            raise refuse(f"the value must be {Range(self.range).words(value=number)}, not {shown(int(number))}")
        return int(number)

    def show(self, value: Any) -> str:
        return self.unlimited if value is None and self.unlimited else super().show(value)


@dataclass(frozen=True)
class Quantity(Kind):
    """A number with a unit, held in the SI unit `unit`."""

    unit: str = "s"
    range: str = "[0, inf)"

    @property
    def form(self) -> str:
        measure = units.MEASURES[self.unit]
        return f'{measure.noun} such as "{measure.example}"'

    def parse(self, value: Any) -> float:
        return _finite(self.number(value), self.unit, self._range())

    def number(self, value: Any) -> float:
        """Return the number of SI units, whatever its range."""
        if isinstance(value, units.Si):
            return float(value)
        if isinstance(value, str):
            try:
                return units.parse(value, self.unit)
            except units.UnitError as error:
                raise refuse(str(error)) from None
        if isinstance(value, int | float) and not isinstance(value, bool):
            if not abs(value) < math.inf:
                raise refuse(f"{value} is not a finite number; write {self.form}")
            raise refuse(units.needs_unit(value, self.unit))
        raise refuse(f"{shown(value)} is {_type(value)}, but a quantity is needed; write {self.form}")

    def _range(self) -> str:
        # Times must fit into whole microseconds.
        return self.range.replace("inf)", f"{LONGEST:g}]") if self.unit == "s" else self.range


@dataclass(frozen=True)
class Text(Kind):
    """Some text for people."""

    range: str = "not empty"
    form: str = "a text in quotes"

    def parse(self, value: Any) -> str:
        if not isinstance(value, str):
            raise refuse(f"{shown(value)} is {_type(value)}, but a text is needed; put it in quotes")
        if not value.strip():
            raise refuse("the text is empty; write some text or leave the key out")
        return value


@dataclass(frozen=True)
class Flag(Kind):
    """true or false."""

    range: str = "true, false"
    form: str = "true or false"

    def parse(self, value: Any) -> bool:
        if not isinstance(value, bool):
            raise refuse(f"{shown(value)} is {_type(value)}; write true or false, no quotes")
        return value


@dataclass(frozen=True)
class OneOf(Kind):
    """One of a few words."""

    words: tuple[str, ...]
    what: str

    @property
    def range(self) -> str:
        return ", ".join(self.words)

    @property
    def form(self) -> str:
        return "one of " + ", ".join(f'"{word}"' for word in self.words)

    def parse(self, value: Any) -> str:
        if not isinstance(value, str):
            raise refuse(f"{shown(value)} is {_type(value)}; write {self.form}")
        if value not in self.words:
            raise refuse(f"unknown {self.what} {shown(value)}{suggest(value, self.words, 'allowed')}")
        return value


@dataclass(frozen=True)
class Identifier(Kind):
    """The name of a table: [a-z][a-z0-9_]*."""

    range: str = "small letters, digits and _, beginning with a letter"
    form: str = "a name such as hpdc_2"

    def parse(self, value: Any) -> str:
        if not isinstance(value, str) or IDENTIFIER.fullmatch(value) is None:
            plain = re.sub(r"[^a-z0-9_]+", "_", str(value).lower()).strip("_")
            remedy = f"; write {plain}" if IDENTIFIER.fullmatch(plain) else ", and put other text into label"
            raise refuse(f"{shown(value)} is no name; names have {self.range}{remedy}")
        return value


@dataclass(frozen=True)
class Name(Kind):
    """A reference to a table `[<table>.<name>]`; that it exists is checked when the whole file is known."""

    table: str

    @property
    def range(self) -> str:
        return f"a name of [{self.table}.<name>]"

    @property
    def form(self) -> str:
        return f"the name of a {self.table} in quotes"

    def parse(self, value: Any) -> str:
        if not isinstance(value, str):
            raise refuse(f"{shown(value)} is {_type(value)}; write {self.form}")
        return value


@dataclass(frozen=True)
class ListOf(Kind):
    """A list whose entries are all of one kind; read as a tuple."""

    entry: Kind
    least: int = 0
    example: str = field(default='["..."]')

    @property
    def unit(self) -> str:  # type: ignore[override]
        return self.entry.unit

    @property
    def range(self) -> str:
        return f"{f'at least {self.least} of ' if self.least else 'each '}{self.entry.range}"

    @property
    def form(self) -> str:
        return f"a list such as {self.example}"

    def parse(self, value: Any) -> tuple[Any, ...]:
        if not isinstance(value, list | tuple):
            raise refuse(f"{shown(value)} is {_type(value)}, but a list is needed; write for example {self.example}")
        if len(value) < self.least:
            raise refuse(f"the list must have at least {self.least} entries, such as {self.example}")
        read, found = parse_all(dict.fromkeys(range(len(value)), self.entry), dict(enumerate(value)))
        if found:
            raise Refused(*found)
        return tuple(read.values())

    def show(self, value: Any) -> str:
        return f"[{', '.join(self.entry.show(entry) for entry in value)}]" if value else "[]"


@dataclass(frozen=True)
class TableOf(Kind):
    """A small table whose keys the user chooses; read as a dictionary. Without an entry kind any value may stand."""

    entry: Kind | None
    example: str

    @property
    def unit(self) -> str:  # type: ignore[override]
        return self.entry.unit if self.entry else ""

    @property
    def range(self) -> str:
        return f"each {self.entry.range}" if self.entry else "by path of the plant"

    @property
    def form(self) -> str:
        return f"a table such as {self.example}"

    def parse(self, value: Any) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise refuse(f"{shown(value)} is {_type(value)}, but a table is needed; write for example {self.example}")
        if self.entry is None:
            return dict(value)
        read, found = parse_all(dict.fromkeys(value, self.entry), value)
        if found:
            raise Refused(*found)
        return read

    def show(self, value: Any) -> str:
        return shown(value) if value else "{}"


def parse_all(kinds: Mapping[Any, Kind], values: Mapping[Any, Any]) -> tuple[dict[Any, Any], list[tuple[Path, str]]]:
    """Parse each of `values` by the kind of the same key; return what was read and what was refused."""
    read, found = {}, []
    for key, value in values.items():
        try:
            read[key] = kinds[key].parse(value)
        except Refused as refused:
            found += [((key, *path), message) for path, message in refused.found]
    return read, found
