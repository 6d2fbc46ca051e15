"""The root technologies: 14 in three groups, and six new ones as options of them; the data stand in `roots.toml`.

Where `catalogue` says what a station may be, this says what a technology of the industry is made of here: stations,
tables and keys of a plant file, functions of `processes`, states, energy, and shipped plants that show it.

    >>> main = [root.group for root in roots().values() if root.option_of is None]
    >>> [main.count(group) for group in GROUPS]
    [6, 4, 4]
    >>> roots()["casting"].label("ko"), [option.name for option in roots().values() if option.option_of == "casting"]
    ('주조', ['giga_casting'])
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import FunctionType, MappingProxyType, ModuleType

from factory_sim.technology import curing_oven, film_web
from factory_sim.technology.catalogue import TECHNOLOGIES
from factory_sim.technology.laws import BY_TABLE

GROUPS = {
    "base": ("base processes", "기반공정기술"),
    "material": ("diversification of materials", "소재다원화 공정기술"),
    "intelligence": ("intelligence", "지능화 공정기술"),
}
"""Names in English and Korean."""

ASKED_BEFORE = {"film.web": film_web, "coating.oven": curing_oven}
"""Physics of flows, by station: no law that an engine calls, it is asked when the plan is made."""

LANGUAGES = ("en", "ko")
Pair = tuple[str, str]
"""The same in English and Korean."""


@dataclass(frozen=True)
class Root:
    """A root technology, or an option of one."""

    name: str
    group: str  # one of GROUPS; that of the root for an option
    option_of: str | None
    labels: Pair
    stations: tuple[str, ...]  # technologies of a station
    tables: tuple[str, ...]  # of a plant file, names of the user in angle brackets
    keys: tuple[str, ...]  # of a plant or study file
    processes: tuple[str, ...]  # module.function
    states: tuple[Pair, ...]
    carriers: tuple[str, ...]
    drivers: tuple[Pair, ...]  # of quality
    stop: Pair  # what a stop does to it
    change: Pair  # what a robot or sensor changes
    plants: Mapping[str, tuple[str, ...]]  # shipped plant or study: keys of it that show this technology

    def label(self, lang: str) -> str:
        """Return its name in a language."""
        return said(self.labels, lang)


def said(pair: Pair, lang: str) -> str:
    """Return a text in a language."""
    return pair[LANGUAGES.index(lang)]


def called(root: Root) -> tuple[str, ...]:
    """Return the functions and reduced models of `processes` that simulations of its stations call, by their imports.

    >>> called(roots()["additive"])
    ('additive.lpbf_build_time',)
    >>> called(roots()["surface_treatment"])
    ('coating.paint_cure_equivalent_time', 'plating.time_for_thickness', 'reduced.bath')
    """
    laws = [BY_TABLE[table] for station in root.stations for table in TECHNOLOGIES[station].laws]
    laws += [law for station, law in ASKED_BEFORE.items() if station in root.stations]
    found = set()
    for value in (value for law in laws for value in vars(law).values()):
        if isinstance(value, ModuleType) and value.__name__.startswith("processes."):
            found.add(value.__name__.removeprefix("processes."))
        elif isinstance(value, FunctionType) and value.__module__.startswith("processes."):
            module = value.__module__.removeprefix("processes.")
            if not module.startswith(("reduced.", "checks")):
                found.add(f"{module}.{value.__name__}")
    return tuple(sorted(found))


@lru_cache(maxsize=1)
def roots() -> Mapping[str, Root]:
    """Return all root technologies by name, in the order of their groups, then the options."""
    text = (Path(__file__).parent / "roots.toml").read_text(encoding="utf-8")
    read: dict[str, Root] = {}
    for entry in tomllib.loads(text)["technology"]:
        option_of = entry.get("option_of")
        read[entry["id"]] = Root(
            name=entry["id"],
            group=read[option_of].group if option_of else entry["group"],
            option_of=option_of,
            labels=tuple(entry["label"]),
            **{name: tuple(entry.get(name, ())) for name in ("stations", "tables", "keys", "processes", "carriers")},
            states=tuple(map(tuple, entry["states"])),
            drivers=tuple(map(tuple, entry["drivers"])),
            stop=tuple(entry["stop"]),
            change=tuple(entry["change"]),
            plants=MappingProxyType({name: tuple(keys) for name, keys in entry.get("plants", {}).items()}),
        )
    return MappingProxyType(read)
