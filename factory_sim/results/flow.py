"""Parts: how many came out, how long they took, how many were inside."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from factory_sim.results.sensors import escaped
from factory_sim.results.window import Window
from factory_sim.simulation import trace as t
from factory_sim.simulation.plan import NEVER, TICK
from factory_sim.simulation.trace import Trace


@dataclass(frozen=True)
class Flow:
    """What became of the parts of one product, or of all, in a window: sums that add up over pieces of a run."""

    good: int
    scrapped: int
    refused: int
    built_in: int  # into others, or divided
    lead: int  # of the good ones, calendar time from the birth of its oldest part to leaving, summed up [ticks]
    inside: int  # integral of their number over time [ticks]
    length: int  # of the window [ticks]
    due: int = 0  # of the good ones, those with a due date
    late: int = 0  # of these
    tardy: int = 0  # time after the due date, summed up [ticks]
    escaped: int = 0  # of the good ones, those with a defect that nobody found

    @property
    def used(self) -> int:
        """Parts whose material is used up: delivered, built in, or scrap."""
        return self.good + self.built_in + self.scrapped

    @property
    def yield_(self) -> float:
        """Good parts, built-in ones too, per part that left; nan if none left."""
        return 1.0 - self.scrapped / self.used if self.used else float("nan")

    @property
    def lead_time(self) -> float:
        """Mean lead time; nan without a good part. [s]"""
        return self.lead / self.good * TICK if self.good else float("nan")

    @property
    def wip(self) -> float:
        """Mean number inside."""
        return self.inside / self.length

    @property
    def tardiness(self) -> float:
        """Mean time by which the good ones with a due date were late, 0 of one in time. [s]"""
        return self.tardy / self.due * TICK


def origins(trace: Trace, made: dict[int, int]) -> NDArray[np.int64]:
    """Return the birth of the oldest part that each row of `parts` was made of, its own if of none. [ticks]

    `made` hands that of parts that are made of others and have no row yet from earlier pieces of a run to later ones.
    """
    parts, links = trace.parts, trace.links
    births = parts["born"].astype(np.int64)
    if not len(links["part"]) and not made:
        return births
    numbers = parts["part"].tolist()
    oldest = dict(zip(numbers, births.tolist(), strict=True))
    oldest.update({part: min(oldest[part], made.pop(part)) for part in oldest.keys() & made.keys()})
    for part, into in zip(links["part"].tolist(), links["into"].tolist(), strict=True):  # in order of time
        known = oldest if into in oldest else made
        known[into] = min(known.get(into, NEVER), oldest.get(part, NEVER))
    return np.array([oldest[part] for part in numbers], dtype=np.int64)


def flow(trace: Trace, window: Window, product: int | None = None) -> Flow:
    """Return the flow of the parts of a product (None: of all) in a window.

    Notes
    -----
    WIP is the exact integral of the number inside over time, divided by time: each part counts from its birth to its
    leaving, clipped to the window.
    """
    return next(flows(trace, window, [product]))


def flows(trace: Trace, window: Window, products: Iterable[int | None]) -> Iterator[Flow]:
    """Yield the flow of the parts of each of several products (None: of all) in a window, as `flow`."""
    return flow_sums(trace, origins(trace, {}), window, window.end - window.begin, products)


def flow_sums(
    trace: Trace, oldest: NDArray[np.int64], window: Window, length: int, products: Iterable[int | None]
) -> Iterator[Flow]:
    """Yield the flows of the parts that `trace` has, whose origins are `oldest`; it tells of so much of the window."""
    parts, bad = trace.parts, escaped(trace)
    for product in products:
        mine = slice(None) if product is None else parts["product"] == product
        born, left, fate, due = (parts[name][mine] for name in ("born", "left", "fate", "due"))
        ends = window.holds(left)
        good = ends & (fate == t.AT_SINK)
        over = np.maximum(left - due, 0)[good & (due < NEVER)]
        yield Flow(
            good=int(good.sum()),
            scrapped=int((ends & np.isin(fate, t.LOST)).sum()),
            refused=int((ends & (fate == t.REFUSED)).sum()),
            built_in=int((ends & np.isin(fate, t.INTO_OTHERS)).sum()),
            lead=int((left[good] - oldest[mine][good]).sum()),
            inside=int(window.overlap(born, left)[fate != t.REFUSED].sum()),
            length=length,
            due=len(over),
            late=int((over > 0).sum()),
            tardy=int(over.sum()),
            escaped=int((good & bad[mine]).sum()),
        )
