"""Parts of the report: tables, and figures with their numbers as a table."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from factory_sim.report.svg import Drawing

WIDE, NARROW = 560.0, 340.0  # widths of drawings: beside each other or on a phone
FULL = 864.0  # across the page


@dataclass(frozen=True)
class Table:
    """A table of texts. Columns from `numbers_from` on hold numbers and stand to the right."""

    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numbers_from: int = 1
    marked: frozenset[int] = frozenset()  # rows that stand out
    paths: tuple[str, ...] = ()  # places in the file, to stand below the first cells


@dataclass(frozen=True)
class Figure:
    """A chart for wide and for narrow pages, its title, and its numbers."""

    title: str
    wide: str
    narrow: str
    table: Table
    note: str = ""


def figure(
    draw: Callable[[Drawing], None], name: str, title: str, table: Table, note: str = "", wide: float = WIDE
) -> Figure:
    """Return a chart drawn twice, for wide pages and for phones.

    Parameters
    ----------
    draw : callable  Draws into a `Drawing`, whose width it obeys and whose height it sets.
    name : str       Differs between the figures of a page.
    """
    drawings = []
    for size, width in (("w", wide), ("n", NARROW)):
        drawing = Drawing(width, f"{name}-{size}", title)
        draw(drawing)
        drawings.append(drawing.svg())
    return Figure(title, drawings[0], drawings[1], table, note)
