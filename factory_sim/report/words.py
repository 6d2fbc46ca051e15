"""Every label and sentence of the answer, from the files words*.toml, in both languages.

An entry of them is `table.key = {en = "...", ko = "..."}`. What stands in braces is filled in. Sentences are
written for each language; names that are filled in stand in Korean where no particle depends on their last sound.
"""

from __future__ import annotations

import tomllib
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from factory_sim.model.tables import Labelled
from factory_sim.report.numbers import LANGUAGES

if TYPE_CHECKING:
    from factory_sim.model import Plant

FILE = Path(__file__).with_name("words.toml")


@lru_cache(maxsize=1)
def glossary() -> dict[str, dict[str, str]]:
    """Return all entries by dotted key, each with its text by language."""
    found: dict[str, dict[str, str]] = {}
    for file in sorted(FILE.parent.glob("words*.toml")):
        tables = tomllib.loads(file.read_text(encoding="utf-8"))
        entries = {f"{table}.{key}": entry for table, keys in tables.items() for key, entry in keys.items()}
        if twice := found.keys() & entries.keys():
            raise KeyError(f"{file.name} has texts that another file has already: {', '.join(sorted(twice))}")
        found |= entries
    return found


def word(key: str, lang: str, **values: object) -> str:
    """Return a label or sentence.

    Raises
    ------
    KeyError    If the key or its language is missing, or a value that the sentence needs.

    >>> word("state.starved", "en"), word("state.starved", "ko"), word("text.of", "en", done=2, total=5)
    ('starved', '공급 대기', '2 of 5')
    """
    entry = glossary().get(key)
    if entry is None or lang not in entry:
        missing = f"no text '{key}'" if entry is None else f"no '{lang}' text of '{key}'"
        raise KeyError(f"{missing}; add it to {FILE.name} in each of {', '.join(LANGUAGES)}")
    return entry[lang].format(**values)


def meaning(english: str, lang: str) -> str:
    """Return what a key of the file formats means, from its English description; English where it is not translated.

    >>> meaning("Price of gas", "ko"), meaning("Price of gas", "en")
    ('도시가스 단가', 'Price of gas')
    """
    return _meanings_ko().get(english, english) if lang == "ko" else english


@lru_cache(maxsize=1)
def _meanings_ko() -> dict[str, str]:
    return tomllib.loads(FILE.with_name("meanings_ko.toml").read_text(encoding="utf-8"))


def has(key: str) -> bool:
    """Return whether there is such a label."""
    return key in glossary()


def plant_name(plant: Plant, lang: str) -> str:
    """Return the name of a plant."""
    return (plant.plant.name_ko if lang == "ko" else None) or plant.name


def name_of(table: Labelled, key: str, lang: str) -> str:
    """Return what people call a station, an investment, ...: `label_ko` or `label` of its table, else its key."""
    korean = table.label_ko if lang == "ko" else None
    return korean or table.label or key
