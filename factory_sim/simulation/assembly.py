"""Sources that make one part out of several, or several out of one."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from factory_sim.simulation import trace
from factory_sim.simulation.places import Part, Place, Source
from factory_sim.simulation.plan import NEVER, KitRow, SplitRow

if TYPE_CHECKING:
    from factory_sim.simulation.engine import Engine


class Kit(Source):
    """Gives a part as soon as all that it is made of is there; those parts end when a machine takes it."""

    __slots__ = ("complete", "kit", "pieces", "places")

    def __init__(self, engine: Engine, index: int, row: KitRow) -> None:
        super().__init__(engine, index)
        self.kit = row
        self.places = [engine.places[place] for place, _ in row.parts]
        self.pieces: dict[int, int] = {}  # of a divided part that are there, by its number
        self.complete: deque[Part] = deque()  # divided parts whose pieces are all there
        self.place.supplies.append(self)

    def may_release(self) -> bool:
        """Tell whether a whole set of parts is there."""
        if self.kit.matched:
            return bool(self.complete)
        return all(len(place.items) >= count for place, (_, count) in zip(self.places, self.kit.parts, strict=True))

    def came(self, part: Part | None) -> None:
        """A part has come to one of the places."""
        if part is not None and self.kit.matched:
            parent = part.parent
            there = self.pieces[parent.number] = self.pieces.get(parent.number, 0) + 1
            if there == sum(count for _, count in self.kit.parts):
                del self.pieces[parent.number]
                self.complete.append(parent)
        if self.may_release():
            self.offer()

    def release(self, product: int | None = None, due: int = NEVER) -> Part:
        """Give birth to a part out of one set; out of pieces, the part that was divided is there again."""
        engine = self.engine
        parent = self.complete.popleft() if self.kit.matched else None
        made = super().release(product, due if parent is None else parent.due)
        for place, (_, count) in zip(self.places, self.kit.parts, strict=True):
            mine = [part for part in place.items if parent is None or part.parent is parent][:count]
            for part in mine:
                place.items.remove(part)
                self._build_in(part, made)
            engine.examine(place)
            engine.changed.update(getattr(place, "watchers", ()))
        return made

    def _build_in(self, part: Part, made: Part) -> None:
        """Write that a part has become a part of another one."""
        engine = self.engine
        engine.recorder.links.extend(trace.LINK(part.number, made.number, engine._now))
        engine.end_part(part, trace.BUILT_IN, self.place.index)


class Divider:
    """Divides each part that comes to a place; the pieces go to their first places at once."""

    def __init__(self, engine: Engine, row: SplitRow, place: Place) -> None:
        self.engine, self.row, self.place = engine, row, place

    def came(self, parent: Part | None) -> None:
        """Divide a part."""
        engine = self.engine
        assert parent is not None, "no source gives parts here"
        self.place.items.remove(parent)
        source = engine.sources[self.row.source]
        for product, count in self.row.pieces:
            for _ in range(count):
                piece = source.release(product, parent.due)
                piece.parent = parent
                engine.recorder.links.extend(trace.LINK(parent.number, piece.number, engine._now))
                source.enter(piece)
        engine.end_part(parent, trace.SPLIT, self.row.station)
