"""A run in pieces: each is counted when it is over, and forgotten but for what the next ones need.

A row of the trace counts in the piece in which it was completed, whatever it tells of earlier times. How a machine
spends its time is known up to the visit under way, whose end says whether the shot was discarded; the rest of its time
counts in a later piece. So the sums of all pieces are those of the run as one piece, to the tick.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from factory_sim.results.flow import origins
from factory_sim.results.lines import soaked_too_long
from factory_sim.results.window import Ticks, Window
from factory_sim.simulation import trace as t
from factory_sim.simulation.plan import Plan
from factory_sim.simulation.run import Stretch
from factory_sim.simulation.trace import COLUMNS, Trace

Columns = dict[str, NDArray[np.int64]]


@dataclass(frozen=True, eq=False)
class Piece:
    """What a stretch of a run adds to the sums, the whole run if it is the only one.

    Attributes
    ----------
    begin, end : int           The stretch. [ticks]
    done : Trace               Rows that were completed in it; of the last piece, what is under way at the end too.
    passed : Trace             The same, but visits and defects are all those of the parts that `done` has.
    seen : Trace               Rows that tell how machines, vehicles and people spend the stretch.
    since, until : of int64    For each machine, the stretch of its time that counts here. [ticks]
    oldest : of int64          Birth of the oldest part that each row of the parts was made of. [ticks]
    soaked : set of int        Parts that soaked too long in a line, here or before.
    """

    begin: int
    end: int
    done: Trace
    passed: Trace
    seen: Trace
    since: Ticks
    until: Ticks
    oldest: Ticks
    soaked: frozenset[int]

    @classmethod
    def whole(cls, plan: Plan, trace: Trace) -> Piece:
        """Return a run as one piece."""
        since = np.zeros(len(plan.machines), dtype=np.int64)
        oldest, soaked = origins(trace, {}), frozenset(soaked_too_long(plan, trace))
        return cls(0, trace.horizon, trace, trace, trace, since, since + trace.horizon, oldest, soaked)

    def span(self, window: Window) -> tuple[int, int]:
        """Return the part of the piece that lies in a window; both are the same if there is none. [ticks]"""
        begin = min(max(self.begin, window.begin), window.end)
        return begin, max(begin, min(self.end, window.end))

    def time_of(self, machine: int, window: Window) -> tuple[int, int]:
        """Return the stretch of a machine's time that counts here, clipped to a window. [ticks]"""
        begin = min(max(int(self.since[machine]), window.begin), window.end)
        return begin, max(begin, min(int(self.until[machine]), window.end))


class Cutter:
    """Makes pieces of the stretches of a run, and keeps what the next ones need."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._kept: dict[str, Columns] = {}  # completed rows that tell how time is spent
        self._inside: dict[str, Columns] = {}  # visits and defects of parts that are not done
        self._made: dict[int, int] = {}  # birth of the oldest part in a part that is not done [ticks]
        self._soaked: frozenset[int] = frozenset()
        self._since = np.zeros(len(plan.machines), dtype=np.int64)
        self._belts = [row.machine for row in plan.flows]  # their time is told by phases ...
        self._units = [spot.machine for row in plan.lines for spot in row.spots]  # ... and by passages
        self._units += [mover.machine for row in plan.lines for mover in row.movers]

    def piece(self, stretch: Stretch) -> Piece:
        """Return the piece of the next stretch."""
        done = _together(stretch.done, stretch.open) if stretch.is_last else stretch.done
        past = {name: _joined(self._kept.get(name), getattr(stretch.done, name)) for name in TELLING}
        seen = _with(done, {name: _joined(rows, getattr(stretch.open, name)) for name, rows in past.items()})
        until = np.full_like(self._since, stretch.end) if stretch.is_last else self._settled(stretch)
        soaked = self._soaked | soaked_too_long(self._plan, done)
        passed, oldest = self._passed(done, stretch.is_last), origins(done, self._made)
        piece = Piece(stretch.begin, stretch.end, done, passed, seen, self._since, until, oldest, soaked)
        if not stretch.is_last:
            self._keep(stretch, past, until)
            gone = set(done.parts["part"].tolist()).difference(self._kept["passages"]["part"].tolist())
            self._since, self._soaked = until, soaked - gone
        return piece

    def _passed(self, done: Trace, is_last: bool) -> Trace:
        """Return the trace of the parts that are done, with all their visits and defects; keep those of the others."""
        gone, tables = np.unique(done.parts["part"]), {}
        for name in ("visits", "defects"):
            rows = _joined(self._inside.get(name), getattr(done, name))
            mine = np.isin(rows["part"], gone) | is_last
            tables[name], self._inside[name] = _of(rows, mine), _of(rows, ~mine)
        return _with(done, tables)

    def _settled(self, stretch: Stretch) -> Ticks:
        """Return up to when the time of each machine is known: to its visit under way, or to the end."""
        until = np.full_like(self._since, stretch.end)
        for rows in (self._telling(stretch.open.visits), stretch.open.passages):
            np.minimum.at(until, rows["machine"], rows["got"])
        return np.maximum(until, self._since)

    def _telling(self, visits: Columns) -> Columns:
        """Return the visits that tell how machines spend their time."""
        return _of(visits, ~np.isin(visits["machine"], self._belts + self._units))

    def _keep(self, stretch: Stretch, past: dict[str, Columns], until: Ticks) -> None:
        """Keep the last visit, or phase of work, before the time that is not settled, what held the machine since, and
        what holds or moves the vehicles."""
        since = np.zeros_like(until)
        phases = past["phases"]
        self._kept["phases"] = phases | {"got": phases["begin"], "left": phases["end"]}
        self._kept |= {"visits": self._telling(past["visits"]), "passages": past["passages"]}
        for name in TIMES:
            rows = self._kept[name]
            # Work that begins with the unsettled time counts there, and asks for the work before it.
            told = np.isin(rows["state"], PRODUCING) if name == "phases" else rows["began"] < until[rows["machine"]]
            np.maximum.at(since, rows["machine"][told], rows["got"][told])
            last = rows["left"] >= stretch.end - 1  # of a line as one machine, the last moment counts too
            self._kept[name] = _of(rows, (rows["got"] >= since[rows["machine"]]) | last)
        np.minimum.at(since, stretch.open.stops["machine"], stretch.open.stops["begin"])
        np.minimum.at(since, stretch.open.spares["machine"], stretch.open.spares["asked"])
        stops, moves, halts = past["stops"], past["moves"], past["halts"]
        self._kept["stops"] = _of(stops, stops["end"] > since[stops["machine"]])
        self._kept["moves"] = _of(moves, moves["picked"] > since[moves["machine"]])
        driving = np.full(len(self._plan.vehicles), stretch.end)
        np.minimum.at(driving, stretch.open.trips["vehicle"], stretch.open.trips["begin"])
        self._kept["halts"] = _of(halts, halts["end"] > driving[halts["vehicle"]])


TELLING = ("visits", "passages", "phases", "stops", "moves", "trips", "halts", "grants")
"""Tables that tell how machines, vehicles and people spend their time."""
TIMES = ("visits", "passages", "phases")
"""Those that tell how machines do, but for what holds them."""
PRODUCING = (t.WORKING, t.WARMING)


def _together(one: Trace, other: Trace) -> Trace:
    """Return the rows of two traces, those of one after those of the other."""
    return _with(other, {name: _joined(getattr(one, name), getattr(other, name)) for name in COLUMNS})


def _with(trace: Trace, tables: dict[str, Columns]) -> Trace:
    """Return a trace with some other tables."""
    changed: Any = tables
    return replace(trace, **changed)


def _joined(one: Columns | None, other: Columns) -> Columns:
    return other if one is None else {name: np.concatenate([one[name], other[name]]) for name in other}


def _of(rows: Columns, mine: NDArray[np.bool_]) -> Columns:
    return {name: column[mine] for name, column in rows.items()}
