"""Tables as data: properties, heat transfer, practice. Each row has value, unit, range, status and source.

>>> alloy = material("AlSi10MnMg")
>>> alloy["latent"].value, alloy["latent"].unit, alloy["latent"].status
(450000.0, 'J/kg', 'typical')
>>> heat_transfer("die_hpdc_mean").value
10000.0
>>> practice("die_casting", "K_aluminium_H13").value  # times, energies and limits too
34.6

A result can say on which numbers it rests that nobody has read in a source: `used` lists what was looked up.

>>> with used() as rows:
...     steel = material("H13")
...     contact = heat_transfer("die_hpdc_mean").value * steel["rho"].value
>>> for row in rows.unread():
...     print(row)
heat_transfer die_hpdc_mean = 10000 W/(m^2 K), 5000 to 15000 (recalled: die-casting handbooks)
>>> [row.name for row in rows.all()]
['die_hpdc_mean', 'rho']
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

TABLES = ("casting_alloys.csv", "die_steels.csv", "wrought_metals.csv", "mould_materials.csv", "polymers.csv")
PRACTICE = (
    "practice.csv",
    "moulding.csv",
    "baths.csv",
    "welding.csv",
    "cutting.csv",
    "additive.csv",
    "energy.csv",
    "automation.csv",
)
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


@dataclass(frozen=True)
class Practice(Property):
    """A constant or usual number of a process and where it holds."""

    condition: str


@dataclass(frozen=True)
class UsedRow:
    """A row of a table that was looked up."""

    of: str  # material, process, or "heat_transfer"
    name: str  # property, quantity or situation
    entry: Property

    def __str__(self) -> str:
        e = self.entry
        return f"{self.of} {self.name} = {e.value:g} {e.unit}, {e.low:g} to {e.high:g} ({e.status}: {e.source})"


class Used:
    """The rows that were looked up while `used` was open."""

    def __init__(self) -> None:
        self._rows: dict[tuple[str, str], UsedRow] = {}

    def add(self, of: str, name: str, entry: Property) -> None:
        """Note a row; a second look at it changes nothing."""
        self._rows.setdefault((of, name), UsedRow(of, name, entry))

    def all(self) -> list[UsedRow]:
        """Return all rows, in the order of their first use."""
        return list(self._rows.values())

    def unread(self) -> list[UsedRow]:
        """Return the recalled and typical ones: what must be checked or replaced by plant data."""
        return [row for row in self.all() if row.entry.status != "read"]


_OPEN: ContextVar[tuple[Used, ...]] = ContextVar("_OPEN", default=())


@contextmanager
def used() -> Iterator[Used]:
    """Note which rows of the tables are looked up; blocks may be nested, each notes for itself.

    A row counts when its property is taken out of the material (`material("H13")["rho"]`), or when its heat transfer or
    practice is asked for; listing names or copying a material counts nothing. Numbers that a caller writes down are not
    in a table and not in the list.
    """
    rows = Used()
    token = _OPEN.set((*_OPEN.get(), rows))
    try:
        yield rows
    finally:
        _OPEN.reset(token)


def _note(of: str, name: str, entry: Property) -> None:
    for rows in _OPEN.get():
        rows.add(of, name, entry)


class _Material(dict[str, Property]):
    """The properties of a material; what is taken out is noted."""

    def __init__(self, name: str, properties: dict[str, Property]) -> None:
        super().__init__(properties)
        self._name = name

    def __getitem__(self, key: str) -> Property:
        entry = super().__getitem__(key)
        _note(self._name, key, entry)
        return entry

    def get(self, key: str, default: Any = None) -> Any:
        """Return a property, or the default if the material has none of this name."""
        try:
            return self[key]
        except KeyError:
            return default

    def values(self) -> Any:
        """Return all properties: each counts as used."""
        return [self[key] for key in self]

    def items(self) -> Any:
        """Return all names and properties: each counts as used."""
        return [(key, self[key]) for key in self]


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
    c, k, diffusivity (effective, for cooling times), T_melt, T_mold, T_eject, and consistency and exponent of the power
    law of their viscosity.

    Raises
    ------
    ValueError  If there is no such material.
    """
    tables = _tables()
    known = ALIASES.get(name, name)
    if known not in tables:
        raise ValueError(f"no material {name!r}; known are {', '.join(tables)}")
    return _Material(known, tables[known])


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
    _note("heat_transfer", situation, table[situation])
    return table[situation]


@cache
def _practice() -> dict[tuple[str, str], Practice]:
    return {
        (row["process"], row["quantity"]): Practice(**vars(entry), condition=row["condition"])
        for table in PRACTICE
        for row, entry in _rows(table)
    }


def practices(process: str | None = None) -> tuple[tuple[str, str], ...]:
    """Return process and quantity of each row of the tables of practice, in file order; those of one process if asked.

    Casting, forging, stamping and heat treatment stand in practice.csv; injection and tool shop, plating and coating,
    welding, machining, additive manufacturing, melting and whole plants, robots, sensors and upkeep in tables of their
    own. A quantity has the name of the argument that takes it, where there is one.

    Raises
    ------
    ValueError  If there is no such process.

    >>> practices("cold_forming")[0]
    ('cold_forming', 'K_aluminium')
    """
    names = tuple(_practice())
    found = tuple(name for name in names if process in (None, name[0]))
    if not found:
        raise ValueError(f"process must be one of {', '.join(dict.fromkeys(of for of, _ in names))}, got {process!r}")
    return found


def practice(process: str, quantity: str) -> Practice:
    """Return a constant, time, energy or limit of a process, with its range, source and the condition it holds in.

    Phases of a cycle, specific energies, constants of formulas, factors: `practices` lists them. What has a range and
    no best value stands as its middle.

    Raises
    ------
    ValueError  If there is no such process, or it has no such quantity.

    >>> row = practice("forging", "scale_induction")
    >>> row.value, row.low, row.high, row.unit, row.status
    (0.004, 0.003, 0.005, '-', 'typical')
    """
    table = _practice()
    if (process, quantity) not in table:
        known = ", ".join(name for _, name in practices(process))
        raise ValueError(f"quantity of {process} must be one of {known}, got {quantity!r}")
    _note(process, quantity, table[process, quantity])
    return table[process, quantity]
