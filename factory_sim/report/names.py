"""Names for people of what stands in a file: the way to a number, and what the number says."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from factory_sim.model import Plant, Study
from factory_sim.model.distribution import KINDS
from factory_sim.model.keys import Model, slots
from factory_sim.report import numbers
from factory_sim.report.words import FILE, word

_STEP = re.compile(r"[^.\[\]]+")
_MONEY = re.compile(r"([-+]?[\d.]+(?:e[-+]?\d+)?) KRW(/yr)?")
_HIDDEN = ("label", "label_ko", "name", "name_ko")
_BETWEEN = " · "


def key_name(key: str, lang: str, table: str = "") -> str:
    """Return what people call a key, which may mean something of its own in a table.

    >>> key_name("spray_share", "en"), key_name("cycle", "ko"), key_name("between", "ko", "failure")
    ('spray share', '사이클 타임', '고장 간격')
    """
    if lang == "en":
        return key.replace("_", " ")
    known = korean_names()
    return known.get(f"{table}.{key}") or known.get(key) or _said(key, lang)


@lru_cache(maxsize=1)
def korean_names() -> dict[str, str]:
    """Return the Korean names of keys, `key` or `table.key`."""
    return {key: name for key, name in _korean().items() if isinstance(name, str)}


def _said(name: str, lang: str) -> str:
    """Return a word of a file that has no label."""
    return str((_korean()["word"] if lang == "ko" else {}).get(name, name.replace("_", " ")))


@lru_cache(maxsize=1)
def _korean() -> dict[str, Any]:
    return tomllib.loads(FILE.with_name("names_ko.toml").read_text(encoding="utf-8"))


class Names:
    """The names in a plant or a study: of its tables by their labels, of keys by the words of the trade."""

    def __init__(self, raw: Mapping[str, Any], model: Model, lang: str) -> None:
        self.raw, self.model, self.lang = raw, model, lang
        self.labels: dict[str, str] = {}
        for name, table in _named(raw, model):
            label = _label(table, lang)
            if label:
                self.labels.setdefault(name, label)
        if raw.get("hoist_line"):
            self.labels |= {end: word(f"line_unit.{end}", lang) for end in ("load", "unload")}

    @classmethod
    def of(cls, file: Plant | Study, lang: str) -> Names:
        """Return the names of a plant, or those of a study."""
        return cls(file.raw, Plant if isinstance(file, Plant) else Study, lang)

    def add(self, path: str, table: Any) -> None:
        """Take the label of a table that is added to the file."""
        label = _label(table, self.lang)
        if label:
            self.labels[path.rpartition(".")[2]] = label

    def path(self, path: str) -> str:
        """Return what people call a number of the file: where it is, and what it is.

        >>> raw = {"station": {"saw": {"label": "Big saw", "failure": {"jam": {}}}}}
        >>> Names(raw, Plant, "en").path("station.saw.failure.jam.repair")
        'Big saw · jam · repair'
        >>> Names(raw, Plant, "ko").path("calendar.day.shifts[1].from")
        'day · 근무조 2 · 시작'
        """
        said: list[str] = []
        model: Model | None = self.model
        here: Any = self.raw
        steps, table = _STEP.findall(path), ""
        while steps:
            key = steps.pop(0)
            slot = slots(model).get(key) if model is not None else None
            here, several = _inside(here, key), slot.several if slot else ""
            model = slot.model if slot else None
            if several == "named" and steps:
                name = steps.pop(0)
                here = _inside(here, name)
                said.append(self._entry(key, name, here))
            elif several == "list" and steps and steps[0].isdigit():
                one = key_name(key, self.lang, table)
                one = one.removesuffix("s") if self.lang == "en" else one
                said.append(f"{one} {int(steps.pop(0)) + 1}")
            else:
                said.append(key_name(key, self.lang, table))
            table = key
        return _BETWEEN.join(said)

    def _entry(self, key: str, name: str, table: Any) -> str:
        if name == "*":
            return word("text.all", self.lang, table=key_name(key, self.lang))
        return _label(table, self.lang) or self.labels.get(name) or _said(name, self.lang)

    def value(self, value: Any) -> str:
        """Return a value as people say it: distributions in words, references by their labels, money in its unit."""
        if isinstance(value, bool):
            return word("text.yes" if value else "text.no", self.lang)
        if isinstance(value, dict):
            return self._table(value)
        if isinstance(value, list | tuple):
            parts = [self.value(entry) for entry in value]
            return "; ".join(parts) if any(", " in part for part in parts) else ", ".join(parts)
        if isinstance(value, str):
            return self._text(value)
        return _grouped(f"{value:g}" if isinstance(value, float) else str(value))

    def _table(self, table: Mapping[str, Any]) -> str:
        kind = next(iter(table), "")
        if len(table) == 1 and kind in (*KINDS, "erlang"):
            return self._distribution(kind, table[kind])
        label = _label(table, self.lang)
        said = [label] if label else []
        for key, inner in table.items():
            if key not in _HIDDEN:
                told = self.value(inner)
                said.append(f"{key_name(key, self.lang)} {f'({told})' if isinstance(inner, dict | list) else told}")
        return ", ".join(said)

    def _distribution(self, kind: str, given: Any) -> str:
        if kind in ("triangular", "uniform"):
            ends = [self.value(point) for point in given]
            likely = {"likely": ends[1]} if kind == "triangular" else {}
            return word("text.triangular" if likely else "text.range", self.lang, low=ends[0], high=ends[-1], **likely)
        name = self._word(kind)
        if isinstance(given, dict):
            return ", ".join([name, *(f"{self._word(key)} {self.value(inner)}" for key, inner in given.items())])
        if kind == "choice":
            return self.value(given)
        return f"{name}, {self._word('mean')} {self.value(given)}"

    def _word(self, name: str) -> str:
        return str(_korean()["distribution"].get(name, name)) if self.lang == "ko" else name

    def _unit(self, unit: str) -> str:
        known = {"degC": "°C", "um": "µm"}.get(unit) or unit.replace("^2", "²").replace("^3", "³")
        return _said(known.replace("KRW", "원").replace("/month", "/월") if self.lang == "ko" else known, self.lang)

    def _text(self, text: str) -> str:
        money = _MONEY.fullmatch(text)
        if money:
            return numbers.money(float(money[1]), self.lang, "yr" if money[2] else "")
        if " -> " in text:
            return " → ".join(map(self._text, text.split(" -> ")))
        if text in self.labels:
            return self.labels[text]
        number, _, unit = text.rpartition(" ")
        if number and number[-1].isdigit():
            return numbers.joined(_grouped(number), self._unit(unit))
        return _said(text, self.lang) if text.isidentifier() else text


def _grouped(number: str) -> str:
    """Return a number as it was written, from a thousand on in full and with its thousands grouped.

    >>> _grouped("1.9e6"), _grouped("125000"), _grouped("0.0500"), _grouped("0.8e-7"), _grouped("abc")
    ('1,900,000', '125,000', '0.0500', '0.8e-7', 'abc')
    """
    try:
        value = float(number)
    except ValueError:
        return number
    return numbers.plain(value, 12) if 1000.0 <= abs(value) < 1e12 else number


def _named(raw: Any, model: Model) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield all named tables of a file with their names, at whatever depth."""
    if not isinstance(raw, Mapping):
        return
    for key, slot in slots(model).items():
        inner = raw.get(key)
        if slot.model is None or not isinstance(inner, Mapping):
            continue
        tables = inner.items() if slot.several == "named" else [("", inner)]
        for name, table in tables:
            if name and isinstance(table, Mapping):
                yield name, table
            yield from _named(table, slot.model)


def _inside(table: Any, key: str) -> Any:
    return table.get(key) if isinstance(table, Mapping) else None


def _label(table: Any, lang: str) -> str:
    """Return the label that a raw table has in a language, empty if it has none."""
    if not isinstance(table, Mapping):
        return ""
    korean = str(table.get("label_ko", "")) if lang == "ko" else ""
    return korean or str(table.get("label", ""))
