"""Where the defaults of the file formats come from: the file `defaults.toml`, and what holds for all others.

>>> origin_of("station.hpdc.melt.latent_heat", 389e3).status, origin_of("station.saw.yield", 1.0).status
('verified', 'neutral')
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import lru_cache
from pathlib import Path
from typing import Any

from factory_sim.model.distribution import Distribution

RULE, NEUTRAL = "rule", "neutral"
"""Statuses of defaults that are no numbers with a source: how the program works, and what is not counted."""


@dataclass(frozen=True)
class Origin:
    """Where a default comes from, in both languages; `row`: material and property of the table that has it."""

    status: str
    source: str = ""
    source_ko: str = ""
    row: str = ""


UNTOLD = Origin("assumed", "choice of the program", "프로그램의 선택")
"""Of a number without an entry; a test sees that there is none."""


@lru_cache(maxsize=1)
def origins() -> tuple[tuple[str, Origin], ...]:
    """Return the entries of the file by path, those that hold first."""
    found = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))["default"]
    entries = ((key, Origin(**{k: v for k, v in one.items() if k != "keys"})) for one in found for key in one["keys"])
    return tuple(entries)[::-1]


def origin_of(path: str, default: Any) -> Origin:
    """Return where the default at a path comes from.

    A word, a yes or no is a rule; 0, 1 and nothing are neutral: what the key is about is not counted.
    """
    if isinstance(default, Distribution) and default.kind == "constant":
        default = default.values[0]
    if default in (0, 1, ()) and not isinstance(default, bool):
        plain = Origin(NEUTRAL)
    elif isinstance(default, str | bool):
        return Origin(RULE)
    else:
        plain = None
    parts = path.replace("[", ".").split(".")
    for pattern, origin in origins():
        names = pattern.split(".")
        if plain is not None and "*" in names[-1]:
            continue  # an entry for several keys tells of their numbers
        if len(names) <= len(parts) and all(map(fnmatchcase, parts, names)):
            return origin
    if plain is None:
        return UNTOLD
    return plain
