"""What is wrong with a file: where, and in words that say what to do."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

Path = tuple[str | int, ...]
"""Keys and list positions from the top of a file to a value: ("calendar", "day", "shifts", 0, "from")."""

LISTED = 8  # at most so many names are listed in a message


@dataclass(frozen=True)
class Problem:
    """One problem of a file. `line` counts from 1; `key` is a dotted path, empty if the whole file is meant.

    >>> print(Problem("plant.toml", 12, "station.hpdc.needs", "no resource 'opertor'"))
    plant.toml:12: station.hpdc.needs: no resource 'opertor'
    """

    file: str
    line: int
    key: str
    message: str

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}: "
        return where + (f"{self.key}: {self.message}" if self.key else self.message)


class InputError(ValueError):
    """A plant or study cannot be used; `problems` says all that is wrong with it."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems: tuple[Problem, ...] = tuple(problems)
        super().__init__("\n".join(map(str, self.problems)))

    def __reduce__(self) -> tuple[type[InputError], tuple[tuple[Problem, ...]]]:
        return InputError, (self.problems,)


class Refused(Exception):
    """A value was refused; `found` holds (path below the value, message) of each reason."""

    def __init__(self, *found: tuple[Path, str]) -> None:
        self.found = found
        super().__init__("; ".join(message for _, message in found))


def refuse(message: str) -> Refused:
    """Return the refusal of a value as a whole."""
    return Refused(((), message))


def dotted(path: Sequence[str | int]) -> str:
    """Return a path as it is shown to people.

    >>> dotted(("calendar", "day", "shifts", 0, "from"))
    'calendar.day.shifts[0].from'
    """
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else part
    return text


def nearest(name: str, names: Iterable[str], cutoff: float = 0.6) -> str | None:
    """Return the one of `names` that looks most like `name`, or None. Case does not count."""
    folded = {other.lower(): other for other in names}
    match = difflib.get_close_matches(name.lower(), list(folded), 1, cutoff)
    if not match and len(name) >= 3:  # a beginning that only one name has
        match = [other for other in folded if other.startswith(name.lower())]
        match = match if len(match) == 1 else []
    return folded[match[0]] if match else None


def suggest(name: str, names: Iterable[str], what: str) -> str:
    """Return the end of a message about an unknown name: the nearest one, or what there is.

    >>> suggest("cylce", ["cycle", "loss"], "keys here")
    "; did you mean 'cycle'?"
    >>> suggest("xyz", ["cycle", "loss"], "keys here")
    '; keys here: cycle, loss'
    """
    known = list(names)
    match = nearest(name, known)
    if match:
        return f"; did you mean '{match}'?"
    if not known:
        return f"; there are no {what}"
    more = f" and {len(known) - LISTED} more" if len(known) > LISTED else ""
    return f"; {what}: {', '.join(known[:LISTED])}{more}"


def shown(value: object) -> str:
    """Return a value of a file as the file would show it, shortened.

    >>> shown(True), shown("45 s"), shown({"a": 1, "b": 2})
    ('true', '"45 s"', 'a table with a, b')
    """
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return f'"{value}"' if len(value) <= 40 else f'"{value[:37]}..."'
    if isinstance(value, dict):
        names = [str(name) for name in value][:4]
        return f"a table with {', '.join(names)}" if names else "an empty table"
    if isinstance(value, list | tuple):
        return f"a list of {len(value)}"
    if isinstance(value, float):
        return f"{float(value):g}"
    text = str(value)
    return text if len(text) <= 40 else f"{text[:37]}..."
