"""Distributions as they stand in a file: "128 s" or a table with the name of the distribution."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from factory_sim.model import units
from factory_sim.model.distribution import Distribution
from factory_sim.model.kinds import Kind, Number, Quantity, Range, Whole, parse_all
from factory_sim.model.problems import Path, Refused, refuse, shown, suggest

SHORTEST = 1e-3  # mean of a time in the plant [s]; what always takes no time never ends
SHARE_SLACK = 1e-9  # shares of a choice may miss 1 by so much

_CV = Number("(0, 100]", "0.2")


@dataclass(frozen=True)
class Shape:
    """One distribution of the file format: its keys (none for a list of points) and its meaning."""

    meaning: str
    example: str
    points: int = 0  # values of a list, in ascending order
    keys: tuple[tuple[str, Kind | None], ...] = ()  # None: a quantity of the key at hand
    build: Callable[[dict[str, float]], Distribution] | None = None


SHAPES: dict[str, Shape] = {
    "triangular": Shape("least, most likely and greatest value", '["118 s", "124 s", "142 s"]', points=3),
    "uniform": Shape("least and greatest value, all between equally likely", '["20 s", "30 s"]', points=2),
    "exponential": Shape("mean; as likely to end now as at any time", '"14 h"'),
    "lognormal": Shape(
        "mean and coefficient of variation, skewed to long values",
        '{mean = "150 s", cv = 0.2}',
        keys=(("mean", None), ("cv", _CV)),
        build=lambda v: Distribution("lognormal", (v["mean"], v["cv"])),
    ),
    "weibull": Shape(
        "shape (1 is exponential, greater wears out) and mean",
        '{shape = 1.4, mean = "38 h"}',
        keys=(("shape", Number("[0.1, 100]", "1.4")), ("mean", None)),
        build=lambda v: Distribution("weibull", (v["shape"], v["mean"])),
    ),
    "gamma": Shape(
        "mean and coefficient of variation",
        '{mean = "15 min", cv = 0.5}',
        keys=(("mean", None), ("cv", _CV)),
        build=lambda v: Distribution("gamma", (v["mean"], v["cv"])),
    ),
    "erlang": Shape(
        "mean of the sum of so many equal exponential stages",
        '{mean = "1 min", stages = 2}',
        keys=(("mean", None), ("stages", Whole("[1, 10000]", "2"))),
        build=lambda v: Distribution("gamma", (v["mean"], 1.0 / math.sqrt(v["stages"]))),
    ),
    "geometric": Shape(
        "mean of a random number of whole units, 0 the likeliest; each unit ends it with the same chance",
        '{mean = "9 min", unit = "1 min"}',
        keys=(("mean", None), ("unit", None)),
        build=lambda v: Distribution("geometric", (v["mean"], v["unit"])),
    ),
    "choice": Shape("values and their shares, which sum to 1", '[{value = "150 s", share = 0.2}, ...]'),
}


@dataclass(frozen=True)
class Dist(Kind):
    """A distribution, or a quantity that is always the same. `range` holds for every value that can be drawn.

    With a positive mean needed (`positive`), a value of zero may be drawn, but not always.
    """

    unit: str = "s"
    range: str = "[0, inf)"
    positive: bool = True

    @property
    def form(self) -> str:
        return f"{self.single.form} or a distribution such as {{triangular = {SHAPES['triangular'].example}}}"

    @property
    def single(self) -> Kind:
        """Kind of one value."""
        return Quantity(self.unit, self.range) if self.unit else Number(self.range, "1.1")

    def parse(self, value: Any) -> Distribution:
        if isinstance(value, Distribution):
            read = value
        elif isinstance(value, dict):
            read = self._of_table(value)
        elif isinstance(value, list):
            raise refuse("a list needs the name of a distribution; write {triangular = [...]} or the like")
        else:
            read = Distribution("constant", (self.single.parse(value),))
        for number in read.values[0::2] if read.kind == "choice" else [read.least, read.mean]:
            self._in_range(number)
        if self.positive and not read.mean > 0.0:
            raise refuse(f"the {_what(read)} must be greater than 0, not {units.show(read.mean, self.unit)}")
        if self.positive and self.unit == "s" and read.mean < SHORTEST:
            raise refuse(f"the {_what(read)} must be at least {units.show(SHORTEST, 's')}, not {read.mean:g} s")
        return read

    def show(self, value: Any) -> str:
        if not isinstance(value, Distribution):
            return super().show(value)
        if value.kind == "constant":
            return units.show(value.values[0], self.unit)
        return f"{value.kind} distribution with mean {units.show(value.mean, self.unit)}"

    def _in_range(self, number: float) -> None:
        if not math.isfinite(number) or number not in Range(self.range):
            raise refuse(
                f"values must be {Range(self.range).words(self.unit, number)}, not {units.show(number, self.unit)}"
            )

    def _of_table(self, table: dict[str, Any]) -> Distribution:
        if len(table) != 1:
            names = ", ".join(str(name) for name in table) or "none"
            raise refuse(f"a distribution has exactly one name, but {names} stood there; write {self.form}")
        name, value = next(iter(table.items()))
        if name not in SHAPES:
            raise Refused(((name,), f"unknown distribution '{name}'{suggest(name, SHAPES, 'distributions')}"))
        try:
            return self._of_shape(name, value)
        except Refused as refused:
            raise Refused(*(((name, *path), message) for path, message in refused.found)) from None

    def _of_shape(self, name: str, value: Any) -> Distribution:
        shape = SHAPES[name]
        if shape.points:
            return Distribution(name, self._points(name, value))
        if name == "choice":
            return Distribution(name, self._choices(value))
        if shape.build is None:
            return Distribution(name, (_mean(self.single.parse(value), self.unit),))
        return shape.build(self._keyed(name, value))

    def _points(self, name: str, value: Any) -> tuple[float, ...]:
        shape = SHAPES[name]
        if not isinstance(value, list) or len(value) != shape.points:
            stood = f"{len(value)}" if isinstance(value, list) else shown(value)
            raise refuse(f"{name} needs a list of {shape.points} values ({shape.meaning}), not {stood}")
        read, found = parse_all(dict.fromkeys(range(len(value)), self.single), dict(enumerate(value)))
        if found:
            raise Refused(*found)
        if any(a > b for a, b in pairwise(read.values())):
            stood = ", ".join(units.show(number, self.unit) for number in read.values())
            raise refuse(f"{name} needs {shape.meaning} in this order, not {stood}")
        return tuple(read.values())

    def _keyed(self, name: str, value: Any) -> dict[str, float]:
        shape = SHAPES[name]
        kinds = {key: kind or self.single for key, kind in shape.keys}
        if not isinstance(value, dict):
            raise refuse(f"{name} needs {' and '.join(kinds)}; write {{{name} = {shape.example}}}")
        return _table(value, kinds, name)

    def _choices(self, value: Any) -> tuple[float, ...]:
        if not isinstance(value, list) or not value or not all(isinstance(entry, dict) for entry in value):
            raise refuse(f"choice needs a list of tables; write {{choice = {SHAPES['choice'].example}}}")
        kinds = {"value": self.single, "share": Number("[0, 1]", "0.2")}
        values: list[float] = []
        found: list[tuple[Path, str]] = []
        for position, entry in enumerate(value):
            try:
                read = _table(entry, kinds, "choice")
                values += [read["value"], read["share"]]
            except Refused as refused:
                found += [((position, *path), message) for path, message in refused.found]
        if found:
            raise Refused(*found)
        total = math.fsum(values[1::2])
        if abs(total - 1.0) > SHARE_SLACK:
            raise refuse(f"the shares must sum to 1, not {total:.6g}")
        return tuple(values)


def _table(value: dict[str, Any], kinds: dict[str, Kind], name: str) -> dict[str, float]:
    """Read the keys of a distribution, all of which are needed."""
    read, found = parse_all(kinds, {key: entry for key, entry in value.items() if key in kinds})
    for key in value.keys() - kinds.keys():
        found.append(((key,), f"unknown key '{key}' of {name}{suggest(key, kinds, f'keys of {name}')}"))
    for key in kinds.keys() - value.keys():
        found.append(((), f"{name} needs {key}: {kinds[key].form}"))
    for key in ("mean", "unit"):
        if key in read and not read[key] > 0.0:
            found.append(((key,), f"the {key} must be greater than 0"))
    if found:
        raise Refused(*sorted(found, key=str))
    return read


def _mean(mean: float, unit: str) -> float:
    if not mean > 0.0:
        raise refuse(f"the mean must be greater than 0, not {units.show(mean, unit)}")
    return mean


def _what(read: Distribution) -> str:
    return "value" if read.kind == "constant" else "mean"
