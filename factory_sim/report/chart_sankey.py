"""Sankey diagrams: where material and energy go. On a phone the same branches stand as bars."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from factory_sim.report import numbers
from factory_sim.report.pieces import FULL, Figure, Table, figure
from factory_sim.report.svg import SMALL, TEXT, Drawing, wrapped

NO_BREAK = "\u00a0"  # space that keeps a number and its unit together
_NODE = 12.0  # width of a node
_LAST = 180.0  # room for the labels to the right of the last column


@dataclass(frozen=True)
class Node:
    """A bar of the diagram, in a column from the left."""

    key: str
    label: str
    column: int
    css: str


@dataclass(frozen=True)
class Link:
    """A ribbon between two nodes, its value a whole number of the smallest unit."""

    begin: str
    end: str
    value: int


@dataclass(frozen=True)
class Sankey:
    """Nodes in their order from top to bottom in each column, and what flows between them."""

    nodes: tuple[Node, ...]
    links: tuple[Link, ...]

    def into(self, key: str) -> int:
        """What flows into a node."""
        return sum(link.value for link in self.links if link.end == key)

    def out_of(self, key: str) -> int:
        """What flows out of a node."""
        return sum(link.value for link in self.links if link.begin == key)

    def through(self, key: str) -> int:
        """The size of a node."""
        return max(self.into(key), self.out_of(key))

    def pruned(self) -> Sankey:
        """Return it without links of nothing and nodes without links."""
        links = tuple(link for link in self.links if link.value > 0)
        used = {key for link in links for key in (link.begin, link.end)}
        return Sankey(tuple(node for node in self.nodes if node.key in used), links)


Shown = Callable[[int], str]


def sankey_figure(given: Sankey, name: str, title: str, shown: Shown, heads: tuple[str, str, str], note: str) -> Figure:
    """Return the diagram; `shown` writes a value with its unit, `heads` are those of its table."""
    sankey = given.pruned()
    labels = {node.key: node.label for node in sankey.nodes}

    def draw(into: Drawing) -> None:
        if into.width < 450.0:
            _bars(into, sankey, shown)
        else:
            _ribbons(into, sankey, shown)

    rows = tuple((labels[link.begin], labels[link.end], shown(link.value)) for link in sankey.links)
    return figure(draw, name, title, Table(heads, rows, numbers_from=2), note, FULL)


def _columns(sankey: Sankey) -> list[list[Node]]:
    last = max(node.column for node in sankey.nodes)
    return [[node for node in sankey.nodes if node.column == column] for column in range(last + 1)]


def _ribbons(into: Drawing, sankey: Sankey, shown: Shown) -> None:
    columns = _columns(sankey)
    most = max(sum(sankey.through(node.key) for node in column) for column in columns)
    scale = 260.0 / most
    step = (into.width - _LAST - _NODE) / max(1, len(columns) - 1)
    tops: dict[str, float] = {}
    lines: dict[str, list[str]] = {}
    bottom = 0.0
    for nodes in columns:
        y = 8.0
        for node in nodes:
            size = max(1.5, scale * sankey.through(node.key))
            last = node.column == len(columns) - 1
            text = f"{node.label} {shown(sankey.through(node.key)).replace(' ', NO_BREAK)}"
            lines[node.key] = wrapped(text, (_LAST if last else step) - _NODE - 12.0, SMALL)
            room = max(size, 14.0 * len(lines[node.key]))
            tops[node.key] = y + (room - size) / 2.0
            y += room + 9.0
        bottom = max(bottom, y)
    x = {node.key: node.column * step for node in sankey.nodes}
    _links(into, sankey, tops, x, scale)
    for node in sankey.nodes:
        size = max(1.5, scale * sankey.through(node.key))
        into.rect(x[node.key], tops[node.key], _NODE, size, node.css, f"{node.label} {shown(sankey.through(node.key))}")
        y = tops[node.key] + size / 2.0 + 4.0 - 7.0 * (len(lines[node.key]) - 1)
        for number, line in enumerate(lines[node.key]):
            into.text(x[node.key] + _NODE + 5.0, y + 14.0 * number, line, "tick dark")
    into.height = bottom


def _links(into: Drawing, sankey: Sankey, tops: dict[str, float], x: dict[str, float], scale: float) -> None:
    left, right = dict(tops), dict(tops)
    css = {node.key: node.css for node in sankey.nodes}
    order = {node.key: index for index, node in enumerate(sankey.nodes)}
    for link in sorted(sankey.links, key=lambda link: (order[link.begin], order[link.end])):
        size = max(0.8, scale * link.value)
        x1, x2 = x[link.begin] + _NODE, x[link.end]
        y1, y2, bend = left[link.begin], right[link.end], (x2 - x1) / 2.0
        way = (
            f"M{x1:.1f} {y1:.1f}C{x1 + bend:.1f} {y1:.1f} {x2 - bend:.1f} {y2:.1f} {x2:.1f} {y2:.1f}"
            f"v{size:.1f}C{x2 - bend:.1f} {y2 + size:.1f} {x1 + bend:.1f} {y1 + size:.1f} {x1:.1f} {y1 + size:.1f}z"
        )
        into.marks.append(f'<path class="ribbon {css[link.end]}" d="{way}"/>')
        left[link.begin] += scale * link.value
        right[link.end] += scale * link.value


def _bars(into: Drawing, sankey: Sankey, shown: Shown) -> None:
    """Draw the nodes column by column as bars on one scale."""
    most = max(sankey.through(node.key) for node in sankey.nodes)
    y = 0.0
    for nodes in _columns(sankey):
        for node in nodes:
            size = sankey.through(node.key)
            y = into.paragraph(2.0, y + TEXT, node.label, into.width - 100.0, "label", TEXT)
            into.text(into.width - 2.0, y, shown(size), "value", "end")
            into.rect(0.0, y + 5.0, max(1.5, size / most * into.width), 10.0, node.css)
            y += 21.0
        y += 10.0
        into.line(0.0, y - 5.0, into.width, y - 5.0, "grid")
    into.height = y


def split(total: int, parts: Sequence[int], whole: int) -> list[int]:
    """Return whole numbers that share `total` in the ratio of `parts` of `whole` and sum to it exactly.

    The greatest part takes what rounding leaves.

    >>> split(10, [1, 2, 0], 3)
    [3, 7, 0]
    """
    shares = [total * part // whole if whole else 0 for part in parts]
    shares[parts.index(max(parts))] += total - sum(shares)
    return shares


def amount(value: float, units: tuple[tuple[str, float], ...], greatest: float) -> str:
    """Return a value with about three digits in the greatest of `units` (name, size) in which `greatest` is at least 1.

    All amounts of a picture have one unit, that of their `greatest`, so that they can be compared.

    >>> amount(153_200.0, (("t", 1000.0), ("kg", 1.0)), 2e5), amount(31.27, (("t", 1000.0), ("kg", 1.0)), 2e5)
    ('153 t', '0.031 t')
    """
    name, size = next((unit for unit in units if greatest >= unit[1]), units[-1])
    here = value / size
    digits = 0 if here >= 100.0 or here == 0.0 else 1 if here >= 10.0 else 2 if here >= 1.0 else 3
    return numbers.joined(numbers.fixed(here, digits), name)
