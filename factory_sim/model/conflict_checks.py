"""Investments of one scenario that undo each other: one sets what another one has changed before."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fnmatch import fnmatchcase
from typing import Any

from factory_sim.model.design_schema import LIST
from factory_sim.model.raw import Raw
from factory_sim.model.study_schema import REPLACE, Change, Study
from factory_sim.model.validate import Found

Changes = Mapping[str, Sequence[Change]]
WORDS = {"set": "sets", "shift": "shifts", "factor": "scales", "add": "adds"}


def check_conflicts(study: Study, changes: Changes, plant: Raw) -> Iterator[Found]:
    """Yield changes that undo those of an investment made before in the same scenario, each pair of investments once.

    The money of both would be paid, but the effect of one be lost. Where the file lists the scenarios, their order is
    its own choice, and an investment may adapt a part of what another one did; only what loses all effect is told. What
    shifts or scales adds to what was there; the same value set twice, or today's value set, is no conflict.
    """
    seen: set[tuple[str, str]] = set()  # pairs are looked at once, however many scenarios have both
    for scenario, made in study.sets.items():
        for index, name in enumerate(made):
            for other in made[:index]:
                if (name, other) in seen:
                    continue
                seen.add((name, other))
                earlier = [one for one in changes.get(other, ()) if not _as_today(one, plant)]
                undone = list(_undone(changes.get(name, ()), earlier))
                whole = len(undone) == len(earlier)
                if undone and (whole or study.design.kind != LIST):
                    change, before = undone[0]
                    place = ("investment", name, change.operation, change.path)
                    yield place, _message(scenario, name, change, other, before)


def _as_today(change: Change, plant: Raw) -> bool:
    """Return whether a change sets what stands in the plant anyway."""
    value: Any = plant
    for key in change.path.split("."):
        value = value.get(key) if isinstance(value, dict) else None
    return change.operation == "set" and value is not None and bool(value == change.value)


def _undone(changes: Sequence[Change], earlier: Sequence[Change]) -> Iterator[tuple[Change, Change]]:
    """Yield (change, earlier change of which nothing is left after it)."""
    for before in earlier:
        for change in changes:
            if _undoes(change, before):
                yield change, before
                break


def _undoes(change: Change, before: Change) -> bool:
    if REPLACE in (change.operation, before.operation) or before.operation == "remove":
        return False  # another plant comes first, as the reader sees to
    if change.operation == "add" or (change.operation == "set" and before.operation != "add"):
        same = before.operation == change.operation and before.value == change.value
        return not same and _meets(change.path, before.path)
    return change.operation == "remove" and f"{before.path}.".startswith(f"{change.path}.")


def _meets(one: str, other: str) -> bool:
    """Return whether two paths, with * for any name, lead to the same key."""
    parts = one.split("."), other.split(".")
    same = len(parts[0]) == len(parts[1])
    return same and all(fnmatchcase(a, b) or fnmatchcase(b, a) for a, b in zip(*parts, strict=True))


def _message(scenario: str, name: str, change: Change, other: str, before: Change) -> str:
    remedy = f'write excludes = ["{other}"]'
    if before.operation in ("shift", "factor"):
        remedy += f", or let '{name}' come first"
    elif change.operation == "set":
        remedy += ", or a factor or shift instead"
    else:
        remedy += ", or give it another name"
    what = f"undoes what '{other}' {WORDS[before.operation]} there, made before it in the scenario {scenario}"
    return f"{what}, and paid for; {remedy}"
