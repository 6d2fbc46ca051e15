"""Numbers that a question moves over a range: of the plant, or of the money of the study, by path."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fnmatch import fnmatchcase
from typing import Any, NamedTuple

from factory_sim.model import paths
from factory_sim.model.distribution import Distribution
from factory_sim.model.keys import Slot
from factory_sim.model.kinds import Kind, Number, Quantity, Whole
from factory_sim.model.problems import Refused, refuse, shown
from factory_sim.model.raw import Raw
from factory_sim.model.shapes import Dist
from factory_sim.model.study_schema import Study
from factory_sim.model.validate import Found

OF_STUDY = ("investment", "finance")
"""First words of the paths that lead into the study, not into its plant."""


class Range(NamedTuple):
    """A number by path, and the ends between which it moves, in SI units."""

    path: str
    low: float
    high: float
    kind: Kind


def range_of(plant: Raw, study: Raw, path: str, low: Any, high: Any) -> Range:
    """Return the range of a number of a plant, or of the money of a study; its ends as a file would give them.

    Raises
    ------
    Refused  If there is no number at the path, an end cannot stand there, or the ends are the wrong way round.
    """
    kind = kind_of(plant, study, path)
    if not isinstance(kind, Quantity | Number | Dist | Whole):
        raise refuse(f"the value of '{path}' is no number that could be moved")
    ends = [_end(kind, end) for end in (low, high)]
    if not ends[0] < ends[1]:
        raise refuse(f"the range of '{path}' goes from {shown(low)} to {shown(high)}; begin with the lower end")
    return Range(path, ends[0], ends[1], kind)


def of_study(path: str) -> bool:
    """Return whether a path leads into the study.

    >>> of_study("investment.robot.money.capex"), of_study("station.saw.cycle")
    (True, False)
    """
    return path.partition(".")[0] in OF_STUDY


def kind_of(plant: Raw, study: Raw, path: str) -> Kind:
    """Return the kind of value at a path; raise Refused if there is none or a table is there."""
    if not of_study(path):
        return paths.kind_at(plant, paths.matching(plant, path)[0])
    known = money_keys(study)
    places = matching_money(known, path)
    kind = known[places[0]].kind
    if kind is None:
        raise refuse(f"'{path}' is a table; name one of its keys")
    return kind


def money_keys(study: Raw) -> dict[str, Slot]:
    """Return what may be moved in a study, by path: money of its investments, and its rates and tax rules."""
    return {path: slot for path, slot in paths.every(study, Study).items() if _of_money(path.split("."))}


def _of_money(parts: list[str]) -> bool:
    return parts[0] == "finance" or (parts[0] == "investment" and parts[2:3] == ["money"])


def matching_money(known: dict[str, Slot], path: str) -> list[str]:
    """Return the paths of `money_keys` that a path with * for any name stands for; raise Refused if there is none."""
    found = [each for each in known if fnmatchcase(each, path) and each.count(".") == path.count(".")]
    if not found:
        parent = path.rpartition(".")[0]
        if parent not in known and any(parent.endswith(f".{table}") for table in ("subsidy", "loan", "fund")):
            raise refuse(f"the study gives no '{parent}'; write that table before you move a number in it")
        raise refuse(f"no money of the study stands at '{path}'{paths.hint(path, known)}")
    return found


def _end(kind: Kind, end: Any) -> float:
    value = kind.parse(end)
    if isinstance(value, Distribution):
        if value.kind != "constant":
            raise refuse(f"{shown(end)} is uncertain; write a number with its unit")
        value = value.values[0]
    if value is None:
        raise refuse(f"{shown(end)} is no number; write one")
    return float(value)


def overlapping(plant: Raw, study: Raw, given: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield (path, earlier path) where two paths of ranges, with * for any name, move the same number."""
    first: dict[str, str] = {}
    known = money_keys(study)
    for path in dict.fromkeys(given):
        try:
            places = matching_money(known, path) if of_study(path) else paths.matching(plant, path)
        except Refused:
            continue  # told by itself
        other = next((first[place] for place in places if place in first), None)
        if other is not None:
            yield path, other
        first |= dict.fromkeys(places, path)
    yield from ((path, path) for path in dict.fromkeys(given) if list(given).count(path) > 1)


def check_factors(study: Raw, plant: Raw) -> Iterator[Found]:
    """Yield what is wrong with the ranges of [factors]."""
    given = study.get("factors")
    for path, ends in given.items() if isinstance(given, dict) else ():
        if not isinstance(ends, list) or len(ends) != 2:
            yield ("factors", path), f"{shown(ends)} is no range; write the two ends, such as [0.8, 0.9]"
            continue
        try:
            range_of(plant, study, path, *ends)
        except Refused as refused:
            yield from ((("factors", path), message) for _, message in refused.found)
    for path, other in overlapping(plant, study, list(given)) if isinstance(given, dict) else ():
        yield ("factors", path), f"moves what '{other}' moves too; keep one of them"
