"""Drawing: a few marks and an axis, written as SVG whose text stays text.

Sizes are in units of the drawing, one CSS pixel when it is shown at its width. Colours are classes of `style.css`, so
that one place rules screen and print.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from html import escape
from unicodedata import east_asian_width

SMALL, TEXT = 12.0, 14.0  # sizes of letters
_LATIN, _WIDE = 0.56, 1.0  # mean width of a letter, in multiples of its size


@dataclass
class Drawing:
    """One picture: a list of marks, drawn in their order."""

    width: float
    name: str
    """Part of the names inside, different for each drawing of a page."""
    title: str
    """What the picture shows, for those who cannot see it."""
    height: float = 0.0
    marks: list[str] = field(default_factory=list)

    def rect(self, x: float, y: float, width: float, height: float, css: str, title: str = "") -> None:
        """Draw a rectangle."""
        self._mark("rect", title, x=x, y=y, width=max(0.0, width), height=height, css=css)

    def boxes(self, boxes: Iterable[tuple[float, float, float, float]], css: str) -> None:
        """Draw rectangles (left, top, width, height) of one kind as one mark; nothing if there are none."""
        way = "".join(f"M{_n(x)} {_n(y)}h{_n(w)}v{_n(h)}h{_n(-w)}z" for x, y, w, h in boxes)
        if way:
            self.marks.append(f'<path class="{css}" d="{way}"/>')

    def line(self, x1: float, y1: float, x2: float, y2: float, css: str) -> None:
        """Draw a straight line."""
        self._mark("line", "", x1=x1, y1=y1, x2=x2, y2=y2, css=css)

    def dot(self, x: float, y: float, radius: float, css: str, title: str = "") -> None:
        """Draw a filled circle."""
        self._mark("circle", title, cx=x, cy=y, r=radius, css=css)

    def path(self, points: Iterable[tuple[float, float]], css: str, closed: bool = False) -> None:
        """Draw a line through points."""
        way = "L".join(f"{_n(x)} {_n(y)}" for x, y in points)
        self.marks.append(f'<path class="{css}" d="M{way}{"Z" if closed else ""}"/>')

    def cross(self, x: float, y: float, size: float, css: str) -> None:
        """Draw a diagonal cross."""
        way = f"M{_n(x - size)} {_n(y - size)}l{_n(2 * size)} {_n(2 * size)}m0 {_n(-2 * size)}l{_n(-2 * size)} "
        self.marks.append(f'<path class="{css}" d="{way}{_n(2 * size)}"/>')

    def text(self, x: float, y: float, text: str, css: str = "", anchor: str = "start") -> None:
        """Write a line of text; `y` is its base line."""
        self._mark("text", text, x=x, y=y, css=css, **{"text-anchor": anchor})

    def paragraph(self, x: float, y: float, text: str, room: float, css: str = "", size: float = TEXT) -> float:
        """Write a text in as many lines as it needs; return the base line of the last one."""
        lines = wrapped(text, room, size)
        for index, part in enumerate(lines):
            self.text(x, y + index * size * 1.25, part, css)
        return y + (len(lines) - 1) * size * 1.25

    def svg(self) -> str:
        """Return the picture as an SVG element."""
        return (
            f'<svg class="chart" viewBox="0 0 {_n(self.width)} {_n(self.height)}" role="img" '
            f'aria-label="{escape(self.title)}" style="max-width:{_n(1.25 * self.width)}px">'
            f"{''.join(self.marks)}</svg>"
        )

    def _mark(self, tag: str, text: str, css: str = "", **attributes: float | str) -> None:
        given = " ".join(
            f'{name}="{value if isinstance(value, str) else _n(value)}"' for name, value in attributes.items()
        )
        start = f'<{tag} class="{css}" {given}' if css else f"<{tag} {given}"
        if not text:
            self.marks.append(f"{start}/>")
        elif tag == "text":
            self.marks.append(f"{start}>{escape(text)}</text>")
        else:
            self.marks.append(f"{start}><title>{escape(text)}</title></{tag}>")


@dataclass(frozen=True)
class Axis:
    """A linear scale from values to positions, over whole steps."""

    low: float
    high: float
    begin: float
    end: float
    ticks: tuple[float, ...]

    @classmethod
    def over(cls, values: Iterable[float], begin: float, end: float, count: int = 5, zero: bool = True) -> Axis:
        """Return an axis that holds all finite values, and 0 unless told otherwise; its ends are ticks."""
        known = [value for value in values if math.isfinite(value)] + ([0.0] if zero else [])
        low, high = min(known, default=0.0), max(known, default=1.0)
        if low == high:
            low, high = (low - 1.0, high + 1.0) if low else (0.0, 1.0)
        step = nice_step((high - low) / count)
        first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
        ticks = tuple(round(index * step, 12) for index in range(first, last + 1))
        return cls(ticks[0], ticks[-1], begin, end, ticks)

    def __call__(self, value: float) -> float:
        """Return the position of a value."""
        return self.begin + (value - self.low) / (self.high - self.low) * (self.end - self.begin)

    @property
    def digits(self) -> int:
        """Digits behind the point that its ticks need."""
        step = self.ticks[1] - self.ticks[0]
        return max(0, -math.floor(math.log10(step) + 1e-9))


def nice_step(rough: float) -> float:
    """Return 1, 2 or 5 times a power of ten, at least `rough`.

    >>> nice_step(0.7), nice_step(130.0), nice_step(5.0)
    (1.0, 200.0, 5.0)
    """
    power = 10.0 ** math.floor(math.log10(rough))
    return next(factor * power for factor in (1.0, 2.0, 5.0, 10.0) if factor * power >= rough * (1.0 - 1e-9))


def length(text: str, size: float = TEXT) -> float:
    """Return about how long a text is when it is drawn."""
    return size * sum(_WIDE if east_asian_width(letter) in "WF" else _LATIN for letter in text)


def wrapped(text: str, room: float, size: float = TEXT) -> list[str]:
    """Return a text in lines that fit into `room`; only a word that is longer is broken.

    >>> wrapped("a rather long name", 80.0)
    ['a rather', 'long name']
    """
    lines: list[str] = []
    for part in filter(None, text.split(" ")):  # a no-break space is no place to break
        rest = part
        if lines and length(f"{lines[-1]} {rest}", size) <= room:
            lines[-1] += f" {rest}"
            continue
        while length(rest, size) > room and len(rest) > 1:
            fits = [cut for cut in range(1, len(rest)) if length(rest[:cut], size) <= room]
            cut = max(fits, default=1)
            lines.append(rest[:cut])
            rest = rest[cut:]
        lines.append(rest)
    return lines or [""]


def _n(value: float) -> str:
    """Return a coordinate with at most two digits behind the point."""
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


@dataclass
class Places:
    """Places of short labels in a picture, none of which may lie on another."""

    taken: list[tuple[float, float, float]] = field(default_factory=list)  # middle and half the width

    def free(self, x: float, y: float, half: float, high: float = 13.0) -> tuple[float, float]:
        """Take the place for a label of half that width nearest to (x, y), and return it.

        >>> places = Places()
        >>> places.free(50.0, 50.0, 8.0), places.free(52.0, 51.0, 8.0), places.free(90.0, 50.0, 8.0)
        ((50.0, 50.0), (52.0, 64.0), (90.0, 50.0))
        """
        for step in range(1, 12):
            for dx, dy in ((0.0, step - 1.0), (0.0, 1.0 - step), (step - 1.0, 0.0), (1.0 - step, 0.0)):
                at = x + dx * (2.0 * half + 2.0), y + dy * high
                if all(abs(at[0] - mx) >= half + wide or abs(at[1] - my) >= high for mx, my, wide in self.taken):
                    self.taken.append((*at, half))
                    return at
        return x, y


def legend(into: Drawing, entries: Sequence[tuple[str, str]]) -> float:
    """Draw colours with what they stand for, (class, text) each; return where they end."""
    x, y = 2.0, 14.0
    for style, text in entries:
        room = 20.0 + length(text, SMALL) + 16.0
        if x + room > into.width and x > 2.0:
            x, y = 2.0, y + 20.0
        into.rect(x, y - 10.0, 12.0, 12.0, style)
        into.text(x + 18.0, y, text, "tick")
        x += room
    return y + 6.0
