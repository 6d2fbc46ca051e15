"""Property tables as data: metals, moulds, polymers, heat transfer. Each row has value, unit, range, status and source.

>>> alloy = material("AlSi10MnMg")
>>> alloy["latent"].value, alloy["latent"].unit, alloy["latent"].status
(450000.0, 'J/kg', 'typical')
>>> heat_transfer("die_hpdc_mean").value
10000.0
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

TABLES = ("casting_alloys.csv", "die_steels.csv", "wrought_metals.csv", "mould_materials.csv", "polymers.csv")
STATUSES = ("read", "recalled", "typical")
# Grades of other standards that the tables do not tell apart.
ALIASES = {
    "A383": "ADC12",
    "AlSi7Mg": "A356",
    "SKD61": "H13",
    "mild_steel": "S45C",
    "AISI 4140": "SCM440",
    "42CrMo4": "SCM440",
    "AISI 304": "SUS304",
}


@dataclass(frozen=True)
class Property:
    """One number of a material; what the statuses mean is written in `processes`."""

    value: float
    unit: str  # SI, temperatures in degC
    low: float
    high: float
    status: str
    source: str


@dataclass(frozen=True)
class HeatTransfer(Property):
    """A heat transfer coefficient and where it holds."""

    condition: str


def _rows(table: str) -> Iterator[tuple[dict[str, str], Property]]:
    with files(__name__).joinpath(table).open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            value, low, high = (float(row[column]) for column in ("value", "low", "high"))
            yield row, Property(value, row["unit"], low, high, row["status"], row["source"])


@cache
def _tables() -> dict[str, dict[str, Property]]:
    found: dict[str, dict[str, Property]] = {}
    for table in TABLES:
        for row, entry in _rows(table):
            found.setdefault(row["material"], {})[row["property"]] = entry
    return found


@cache
def _heat_transfer() -> dict[str, HeatTransfer]:
    return {
        row["situation"]: HeatTransfer(**vars(entry), condition=row["condition"])
        for row, entry in _rows("heat_transfer.csv")
    }


def materials() -> tuple[str, ...]:
    """Return the names of all materials, in file order."""
    return tuple(_tables())


def material(name: str) -> dict[str, Property]:
    """Return the properties of a material by its name, or that of an equal grade.

    Metals have rho, c_solid, k, most of them T_solidus, T_liquidus, latent; casting alloys rho_liquid, c_liquid,
    k_liquid where known; metals that are forged or hardened c_hot (mean of the heating) and k_hot. Polymers have rho,
    c, k, diffusivity (effective, for cooling times), T_melt, T_mold, T_eject.

    Raises
    ------
    ValueError  If there is no such material.
    """
    tables = _tables()
    known = ALIASES.get(name, name)
    if known not in tables:
        raise ValueError(f"no material {name!r}; known are {', '.join(tables)}")
    return dict(tables[known])


def heat_transfers() -> tuple[str, ...]:
    """Return the names of all situations with a heat transfer coefficient, in file order."""
    return tuple(_heat_transfer())


def heat_transfer(situation: str) -> HeatTransfer:
    """Return the heat transfer coefficient of a situation, with its range, source and the condition it holds in.

    Raises
    ------
    ValueError  If there is no such situation.
    """
    table = _heat_transfer()
    if situation not in table:
        raise ValueError(f"no heat transfer in situation {situation!r}; known are {', '.join(table)}")
    return table[situation]
