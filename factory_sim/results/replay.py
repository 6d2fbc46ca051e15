"""Where every part is, and what every machine does, in a stretch of a run: all that a playback needs, as numbers."""

from __future__ import annotations

from dataclasses import dataclass

from factory_sim.model.schema import Plant
from factory_sim.results.excerpt import Excerpt, excerpt
from factory_sim.results.waiting import waits
from factory_sim.simulation import trace as t
from factory_sim.simulation.plan import NEVER, TICK, Plan, ticks
from factory_sim.simulation.trace import Trace

SINK, SCRAP, ELSEWHERE = -1, -2, -3  # where a part is that has left; the last: built into others, or divided
_ENDS = {t.AT_SINK: SINK, **dict.fromkeys(t.LOST, SCRAP), **dict.fromkeys(t.INTO_OTHERS, ELSEWHERE)}
MACHINE = 1000  # + index: in a machine; below: waiting before the station of that index


@dataclass(frozen=True)
class Journey:
    """One part: its product (index), and where it is from which moment on. Times in seconds of the run."""

    part: int
    product: int
    moves: tuple[tuple[float, int], ...]


@dataclass(frozen=True)
class Replay:
    """Machines and parts from `begin` to `end`. [s]"""

    machines: Excerpt
    journeys: tuple[Journey, ...]

    def at(self, time: float) -> dict[int, int]:
        """Return how many parts are where at a moment: those that have left are counted from `begin` on."""
        found: dict[int, int] = {}
        for journey in self.journeys:
            here = [where for moment, where in journey.moves if moment <= time]
            if here:
                found[here[-1]] = found.get(here[-1], 0) + 1
        return found


def replay(plant: Plant, plan: Plan, trace: Trace, begin: float, end: float) -> Replay:
    """Return the playback of a stretch of a run; parts that were gone before it are left out. [s]

    Raises
    ------
    ValueError  If the moments are not in order inside the run.
    """
    machines = excerpt(plant, plan, trace, begin, end)
    first, last = ticks(begin), ticks(end)
    moves: dict[int, list[tuple[int, int, int]]] = {}
    stays = waits(plan, trace)
    for part, station, since, until in zip(
        *(column.tolist() for column in (stays.part, stays.station, stays.begin, stays.end)), strict=True
    ):
        if since < last and until > max(first, since):
            moves.setdefault(part, []).append((since, 0, station))
    visits = trace.visits
    inside = (visits["got"] < last) & (visits["left"] > first)
    for part, machine, got in zip(*(visits[name][inside].tolist() for name in ("part", "machine", "got")), strict=True):
        moves.setdefault(part, []).append((got, 1, MACHINE + machine))
    parts = trace.parts
    product = dict(zip(parts["part"].tolist(), parts["product"].tolist(), strict=True))
    for part, left, fate in zip(*(parts[name].tolist() for name in ("part", "left", "fate")), strict=True):
        if part in moves and left < min(last, NEVER) and fate in _ENDS:
            moves[part].append((left, 2, _ENDS[fate]))
    journeys = (
        Journey(part, product.get(part, 0), tuple((moment * TICK, where) for moment, _, where in sorted(way)))
        for part, way in sorted(moves.items())
    )
    return Replay(machines, tuple(journeys))
