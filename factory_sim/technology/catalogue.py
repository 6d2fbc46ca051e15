"""Which technologies a station may have: `technology = "<name>"` in a plant file.

A technology is never a kind of cell. It is a name, the dynamics that its machine's state follows, if any, and the
program of verbs that the machine runs.

    >>> TECHNOLOGIES["casting.high_pressure"].label_en
    'high-pressure die casting'
    >>> TECHNOLOGIES["machine"].dynamics is None
    True
"""

from __future__ import annotations

from dataclasses import dataclass
from types import ModuleType

from factory_sim.technology import high_pressure_casting


@dataclass(frozen=True)
class Technology:
    """One entry of the catalogue."""

    name: str
    label_en: str
    label_ko: str
    dynamics: ModuleType | None  # compile_parameters, initial, advance, begin, finish, opened, time_to
    program: str  # name of the verbs that its machine runs


_ENTRIES = (
    Technology("machine", "machine with a cycle time", "일반 설비", None, "machine"),
    Technology(
        "casting.high_pressure", "high-pressure die casting", "고압 다이캐스팅", high_pressure_casting, "machine"
    ),
)

TECHNOLOGIES = {technology.name: technology for technology in _ENTRIES}
