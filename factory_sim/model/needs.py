"""What a phase of work needs, as it stands in a file: "operator", "2 fitter", "welder | robot"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, NamedTuple

from factory_sim.model.kinds import IDENTIFIER, Kind
from factory_sim.model.problems import refuse, shown

MOST = 1000  # units that one need may ask for
_COUNT = re.compile(r"\s*([0-9]+)\s+(.*)", re.DOTALL)


class Need(NamedTuple):
    """So many units, each of a resource or with a skill, the first named first."""

    units: int
    names: tuple[str, ...]

    @property
    def plain(self) -> bool:
        """Whether it is one unit of one name."""
        return self.units == 1 and len(self.names) == 1


def need_of(text: str) -> Need:
    """Return what a text asks for.

    >>> need_of("operator"), need_of("2 welder | robot")
    (Need(units=1, names=('operator',)), Need(units=2, names=('welder', 'robot')))
    """
    match = _COUNT.fullmatch(text)
    units, names = (int(match[1]), match[2]) if match else (1, text)
    return Need(units, tuple(name.strip() for name in names.split("|")))


@dataclass(frozen=True)
class NeedText(Kind):
    """A need; that its names exist is checked when the whole file is known."""

    range: str = "names of [resource.<name>] or of skills"
    form: str = 'a resource or skill in quotes, such as "operator", "2 operator" or "welder | robot"'

    def parse(self, value: Any) -> str:
        """
        >>> NeedText().parse("2 welder|robot")
        '2 welder|robot'
        """
        if not isinstance(value, str):
            raise refuse(f"{shown(value)} is no text; write {self.form}")
        need = need_of(value)
        if not 1 <= need.units <= MOST:
            raise refuse(f"{need.units} units cannot be needed; write a number from 1 to {MOST}")
        for name in need.names:
            if IDENTIFIER.fullmatch(name) is None:
                raise refuse(f"{shown(name)} is no name of a resource or skill; write {self.form}")
        if len(set(need.names)) < len(need.names):
            raise refuse(f"the same name stands twice in {shown(value)}; name each alternative once")
        return value
