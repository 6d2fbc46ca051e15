"""What happened: tables of integers, each row written once, when it is complete.

The trace is all that an engine may write. Results are functions of (model, plan, trace), so that no result knows
which engine ran, and the first difference of two traces is the test of a new engine.
"""

from __future__ import annotations

import re
from array import array
from dataclasses import dataclass, field
from struct import Struct
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from factory_sim.simulation.deadlock import Deadlock

STATES = (
    "off_shift", "failed", "maintenance", "setup", "warming", "working", "waiting", "switched_off", "blocked", "starved"
)  # fmt: skip
OFF_SHIFT, FAILED, MAINTENANCE, SETUP, WARMING, WORKING, WAITING, SWITCHED_OFF, BLOCKED, STARVED = range(len(STATES))

CAUSES = ("none", "steady", "window", "first_shots", "sensor")
NO_CAUSE, STEADY, WINDOW, FIRST_SHOTS, BY_SENSOR = range(len(CAUSES))
VERDICTS = ("good", "scrapped", "discarded", "unfinished", "reworked", "interrupted", "passed")
GOOD, SCRAPPED, DISCARDED, UNFINISHED, REWORKED, INTERRUPTED, PASSED = range(len(VERDICTS))
CAUSE_UNIT = 16  # outcome = verdict + CAUSE_UNIT * cause

FATES = ("good", "scrapped", "inside", "refused", "expired", "built_in", "split", "sorted")
AT_SINK, REJECTED, INSIDE, REFUSED, EXPIRED, BUILT_IN, SPLIT, SORTED = range(len(FATES))
FROM_PLACES = (EXPIRED, SORTED)  # thrown away where they waited, after a visit that was good
LOST = (REJECTED, *FROM_PLACES)
INTO_OTHERS = (BUILT_IN, SPLIT)

COLUMNS = {
    "visits": ("machine", "part", "asked", "got", "began", "ended", "left", "net", "outcome", "product", "step"),
    "stops": ("machine", "state", "stop", "begin", "end"),
    "grants": ("resource", "machine", "activity", "asked", "got", "released"),
    "parts": ("part", "born", "left", "due", "product", "fate", "station"),
    "signals": ("sensor", "decision", "part", "time", "true", "reading"),
    "defects": ("part", "time", "machine", "cause", "present"),
    "spares": ("spare", "machine", "stop", "asked", "got", "arrived"),
    "inspections": ("machine", "stop", "time", "defect", "reported"),
    "links": ("part", "into", "time"),
    "moves": (
        "part", "vehicle", "machine", "place", "asked", "room", "granted", "reached", "picked", "dropped",
    ),
    "trips": ("vehicle", "activity", "origin", "target", "load", "begin", "end"),
    "halts": ("vehicle", "state", "failure", "begin", "end"),
    "phases": ("machine", "state", "begin", "end"),
    "attendance": ("resource", "unit", "state", "begin", "end"),
    "passages": ("machine", "part", "asked", "got", "began", "ended", "left", "net", "outcome", "product", "step"),
    "meters": ("machine", "carrier", "begin", "end", "quantity"),
}  # fmt: skip
ACTIVITY_WORK, ACTIVITY_REPAIR, ACTIVITY_REFURBISH = 0, 1, 2
ACTIVITY_LOAD, ACTIVITY_WATCH, ACTIVITY_UNLOAD = range(10, 13)
PRESENT, ABSENT, STAYING = range(3)  # of a unit: in its hours; did not come; finishes a task after its hours

ACTIVITIES = ("idle", "empty", "waiting", "picking", "loaded", "dropping", "charging")
IDLE, EMPTY, AT_MACHINE, PICKING, LOADED, DROPPING, CHARGING = range(len(ACTIVITIES))
"""What a vehicle does: it stands, drives without a part, waits at a machine or charger, picks, drives loaded, ..."""

LAYOUTS = {"visits": "1i7q3i", "stops": "5q", "grants": "6q", "parts": "4q3i", "signals": "2i2q2d", "defects": "2q3i",
    "spares": "6q", "inspections": "5q", "links": "3q",
}  # fmt: skip
LAYOUTS |= {"moves": "1q3i6q", "trips": "5i2q", "halts": "3i2q", "phases": "2i2q", "attendance": "3i2q"}
LAYOUTS["passages"] = LAYOUTS["visits"]
LAYOUTS["meters"] = "2i2q1d"
(
    VISIT,
    STOP,
    GRANT,
    PART,
    SIGNAL,
    DEFECT,
    SPARE,
    INSPECTED,
    LINK,
    MOVE,
    TRIP,
    HALT,
    PHASE,
    ATTENDANCE,
    PASSAGE,
    METER,
) = (Struct(f"={layout}").pack for layout in LAYOUTS.values())
"""A row of each table as bytes: numbers of 8 bytes (q, d for floats) or 4 (i) in the order of its columns."""


@dataclass(frozen=True, eq=False)
class Trace:
    """Tables of one replication.

    Attributes
    ----------
    horizon : int       End of the run. [ticks]
    visits, stops, grants, parts, links : dict of str -> numpy.ndarray
        Columns by name (`COLUMNS`), whole numbers, one entry per row. Times in ticks of 1 us. `stop` is the index of
        the stop in the plan. Rows of visits are in order of leaving; unfinished ones come last, with NEVER.
    states : dict of int -> numpy.ndarray
        For each machine with a physical state, shape (visits of that machine, 2), float64: the state variable at
        begin and end of each visit, in the order of its rows (die temperature in degC).
    signals : dict of str -> numpy.ndarray
        What sensors saw: the true value and the reading (of an inspection: cause of the defect or 0, rejected or not)
        and what was decided (`sensor_rows`).
    defects : dict of str -> numpy.ndarray
        When a part got a defect (present 1) and lost it (0). A part without rows is good.
    moves, trips, halts : dict of str -> numpy.ndarray
        Of vehicles: the move of each part (since when a place at its end was `room`, when the vehicle was `granted`
        and `reached` the machine), what each vehicle does, gapless, and the failures and closed hours that hold it.
    passages : dict of str -> numpy.ndarray
        Inside lines with movers, rows as of visits: the carriers in each spot, by the first of their parts, and what
        movers carry, without a part on empty ways. In `visits` a part has one row there, from load to unload station.
    spares, inspections : dict of str -> numpy.ndarray
        Spares that were asked for, each with the moment at which it was got and another one lay on the shelf in its
        place; inspections, with whether there was a defect and whether one was reported. Columns as above.
    phases : dict of str -> numpy.ndarray
        States of the entrances of flow cells, gapless, stops left aside; their visits overlap in time.
    attendance : dict of str -> numpy.ndarray
        When units of pools with hours were there (`PRESENT`, `ABSENT`, `STAYING`); no rows in plans without people.
    meters : dict of str -> numpy.ndarray
        Energy that physical states took from a carrier (`plan.ELECTRICITY`, `plan.GAS`) between two times [J].
    """

    horizon: int
    visits: dict[str, np.ndarray]
    stops: dict[str, np.ndarray]
    grants: dict[str, np.ndarray]
    parts: dict[str, np.ndarray]
    links: dict[str, np.ndarray]  # which part was built into, or divided into, which other
    states: dict[int, np.ndarray] = field(default_factory=dict)
    deadlock: Deadlock | None = None  # stations that have held one another up to the end
    signals: dict[str, np.ndarray] = field(default_factory=dict)
    defects: dict[str, np.ndarray] = field(default_factory=dict)
    moves: dict[str, np.ndarray] = field(default_factory=lambda: columns(bytearray(), "moves"))
    trips: dict[str, np.ndarray] = field(default_factory=lambda: columns(bytearray(), "trips"))
    halts: dict[str, np.ndarray] = field(default_factory=lambda: columns(bytearray(), "halts"))
    passages: dict[str, np.ndarray] = field(default_factory=lambda: columns(bytearray(), "passages"))
    spares: dict[str, np.ndarray] = field(default_factory=dict)
    inspections: dict[str, np.ndarray] = field(default_factory=dict)
    phases: dict[str, np.ndarray] = field(default_factory=lambda: columns(bytearray(), "phases"))
    attendance: dict[str, np.ndarray] = field(default_factory=dict)
    meters: dict[str, np.ndarray] = field(default_factory=lambda: columns(bytearray(), "meters"))

    @property
    def bytes_per_visit(self) -> float:
        """Memory of one visit with its states. [B]"""
        count = max(1, len(self.visits["machine"]))
        size = sum(column.nbytes for column in self.visits.values()) + sum(s.nbytes for s in self.states.values())
        return size / count


class Recorder:
    """Collects the rows of a run one after another; `trace` turns them into columns."""

    def __init__(self) -> None:
        self.visits, self.stops, self.grants, self.parts = bytearray(), bytearray(), bytearray(), bytearray()
        self.signals, self.defects, self.links = bytearray(), bytearray(), bytearray()
        self.moves, self.trips, self.halts = bytearray(), bytearray(), bytearray()
        self.spares, self.inspections = bytearray(), bytearray()
        self.phases = bytearray()
        self.attendance, self.passages, self.meters = bytearray(), bytearray(), bytearray()
        self.states: dict[int, array[float]] = {}

    def take(self, now: int) -> Trace:
        """Return the tables written since the last time, and forget them."""
        taken = Recorder()
        for name in COLUMNS:
            rows: bytearray = getattr(self, name)
            setattr(taken, name, bytearray(rows))
            rows.clear()
        for machine, values in self.states.items():
            taken.states[machine] = values[:]
            del values[:]
        return taken.trace(now)

    def trace(self, horizon: int, deadlock: Deadlock | None = None) -> Trace:
        """Return the tables written so far."""
        tables = {name: columns(getattr(self, name), name) for name in COLUMNS}
        states = {
            machine: np.frombuffer(values, dtype=np.float64).reshape(-1, 2) if values else np.empty((0, 2))
            for machine, values in self.states.items()
        }
        return Trace(horizon, **tables, states=states, deadlock=deadlock)


def columns(rows: bytearray, table: str) -> dict[str, np.ndarray]:
    """Return the columns of the rows of a table that were written one after another."""
    formats = "".join(code * int(count) for count, code in re.findall(r"(\d)([qid])", LAYOUTS[table]))
    kind = np.dtype([(name, f"={code}") for name, code in zip(COLUMNS[table], formats, strict=True)])
    records = np.frombuffer(rows, dtype=kind)
    return {name: records[name] for name in COLUMNS[table]}
