"""Numbers that a law takes from a table of its own because the plant file gives a name: the metal of a bath.

>>> from types import SimpleNamespace
>>> [constant.name for constant in constants_of("bath", SimpleNamespace(metal="nickel"))]
['molar mass', 'electrons', 'density']
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from factory_sim.technology.plating_bath import METALS

_METAL = (("molar mass", "kg/mol"), ("electrons", ""), ("density", "kg/m^3"))


@dataclass(frozen=True)
class Constant:
    """One number of a law, where it is named in the plant file, and how sure it is."""

    key: str  # of the table of the law, that names the row
    row: str
    name: str
    value: float
    unit: str
    status: str
    source: str
    source_ko: str


def constants_of(law: str, table: Any) -> list[Constant]:
    """Return the numbers that the table of a law names."""
    if law != "bath":
        return []
    return [
        Constant(
            "metal", table.metal, name, float(value), unit, "assumed",
            "handbooks of metals, recalled", "금속 편람 (기억에 따름)",
        )
        for (name, unit), value in zip(_METAL, METALS[table.metal], strict=True)
    ]  # fmt: skip
