"""Parts: how many came out, how long they took, how many were inside."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from factory_sim.results.sensors import escaped
from factory_sim.results.window import Window
from factory_sim.simulation import trace as t
from factory_sim.simulation.plan import NEVER, TICK
from factory_sim.simulation.trace import Trace


@dataclass(frozen=True)
class Flow:
    """What became of the parts of one product, or of all, in a window."""

    good: int
    scrapped: int
    refused: int
    built_in: int  # into others, or divided
    lead_times: NDArray[np.float64]  # of the good ones, calendar time from the birth of its oldest part to leaving [s]
    wip: float  # mean number inside
    tardiness: NDArray[np.float64] = field(default_factory=lambda: np.empty(0))  # of the good ones with a due date [s]
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
        return float(self.lead_times.mean()) if self.good else float("nan")


def origins(trace: Trace) -> NDArray[np.int64]:
    """Return the birth of the oldest part that each row of `parts` was made of, its own if of none. [ticks]"""
    parts, links = trace.parts, trace.links
    births = parts["born"].astype(np.int64)
    if not len(links["part"]):
        return births
    row = dict(zip(parts["part"].tolist(), range(len(births)), strict=True))
    oldest = births.tolist()
    for part, into in zip(links["part"].tolist(), links["into"].tolist(), strict=True):  # in order of time
        if into in row and part in row:
            oldest[row[into]] = min(oldest[row[into]], oldest[row[part]])
    return np.array(oldest)


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
    parts, oldest, bad = trace.parts, origins(trace), escaped(trace)
    for product in products:
        mine = slice(None) if product is None else parts["product"] == product
        born, left, fate, due = (parts[name][mine] for name in ("born", "left", "fate", "due"))
        ends = window.holds(left)
        good = ends & (fate == t.AT_SINK)
        inside = int(window.overlap(born, left)[fate != t.REFUSED].sum())
        yield Flow(
            good=int(good.sum()),
            scrapped=int((ends & np.isin(fate, t.LOST)).sum()),
            refused=int((ends & (fate == t.REFUSED)).sum()),
            built_in=int((ends & np.isin(fate, t.INTO_OTHERS)).sum()),
            lead_times=(left[good] - oldest[mine][good]) * TICK,
            wip=inside / (window.end - window.begin),
            tardiness=np.maximum(left - due, 0)[good & (due < NEVER)] * TICK,
            escaped=int((good & bad[mine]).sum()),
        )
