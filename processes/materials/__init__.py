"""Property tables of metals as data. Each row has a value, its unit, the range found in tables, status and source.

>>> alloy = material("AlSi10MnMg")
>>> alloy["latent"].value, alloy["latent"].unit, alloy["latent"].status
(450000.0, 'J/kg', 'typical')
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

TABLES = ("casting_alloys.csv", "die_steels.csv")
STATUSES = ("read", "recalled", "typical")


@dataclass(frozen=True)
class Property:
    """One number of a material; what the statuses mean is written in `processes`."""

    value: float
    unit: str  # SI, temperatures in degC
    low: float
    high: float
    status: str
    source: str


@cache
def _tables() -> dict[str, dict[str, Property]]:
    found: dict[str, dict[str, Property]] = {}
    for table in TABLES:
        with files(__name__).joinpath(table).open(encoding="utf-8") as file:
            for row in csv.DictReader(file):
                value, low, high = (float(row[column]) for column in ("value", "low", "high"))
                entry = Property(value, row["unit"], low, high, row["status"], row["source"])
                found.setdefault(row["material"], {})[row["property"]] = entry
    return found


def materials() -> tuple[str, ...]:
    """Return the names of all materials, in file order."""
    return tuple(_tables())


def material(name: str) -> dict[str, Property]:
    """Return the properties of a material by name: rho, c_solid, c_liquid, k, T_solidus, T_liquidus, latent.

    Raises
    ------
    ValueError  If there is no such material.
    """
    tables = _tables()
    if name not in tables:
        raise ValueError(f"no material {name!r}; known are {', '.join(tables)}")
    return dict(tables[name])
