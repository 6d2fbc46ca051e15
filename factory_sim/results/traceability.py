"""What happened to each part: when, on which machine, in which load, after how many changes of its tool.

For audits and recalls: which parts came out of the load that was too cold, or between two changes of a die.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from factory_sim.model.schema import Plant
from factory_sim.model.units import HOUR
from factory_sim.results.states import VERDICT_MASK
from factory_sim.simulation import trace as t
from factory_sim.simulation.plan import NEVER, TICK, Plan
from factory_sim.simulation.prepare import directory
from factory_sim.simulation.trace import Trace

if TYPE_CHECKING:
    import pandas as pd


def visits_table(plant: Plant, plan: Plan, trace: Trace) -> pd.DataFrame:
    """Return one row for each part at each machine, in the order of leaving.

    Returns
    -------
    pandas.DataFrame
        part (number), product, station, machine (`press#2`), load (number on that machine; parts of one load share
        it), stops (name and number of the machine's stops before: `die_change:3 hydraulics:1`, empty if none), when
        (`2 Tue 14:05`: week, day and time at which work began, which tells the shift), taken_h, began_h, ended_h,
        left_h (from the beginning of the run; empty if it never came to that), verdict and cause.
    """
    import pandas as pd

    names, visits = directory(plant), trace.visits
    machine = visits["machine"].astype(np.int64)
    hours = {f"{name}_h": _hours(visits[column]) for name, column in TIMES.items()}
    outcome = visits["outcome"]
    return pd.DataFrame({
        "part": visits["part"],
        "product": np.array(names.products, dtype=object)[visits["product"]],
        "station": np.array(names.stations, dtype=object)[np.array(names.station_of)[machine]],
        "machine": np.array(names.machines, dtype=object)[machine],
        "load": _loads(machine, visits["got"]),
        "stops": _stops_before(plan, trace, names.stops),
        "when": _clock(visits["began"]),
        **hours,
        "verdict": np.array(t.VERDICTS, dtype=object)[outcome & VERDICT_MASK],
        "cause": np.array(t.CAUSES, dtype=object)[outcome // t.CAUSE_UNIT],
    })  # fmt: skip


DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
TIMES = {"taken": "got", "began": "began", "ended": "ended", "left": "left"}


def parts_table(plant: Plant, trace: Trace) -> pd.DataFrame:
    """Return one row for each part, in the order of leaving; those inside at the end come last.

    Returns
    -------
    pandas.DataFrame
        part, product, born_h, left_h, due_h (empty if none), fate, station (where it left or is), into (the part that
        it was built into), made_of (parts that were built in, or the part that it was cut from; separated by blanks).
    """
    import pandas as pd

    names, parts, links = directory(plant), trace.parts, trace.links
    into: dict[int, list[int]] = {}
    made_of: dict[int, list[int]] = {}
    for part, other in zip(links["part"].tolist(), links["into"].tolist(), strict=True):
        into.setdefault(part, []).append(other)
        made_of.setdefault(other, []).append(part)
    numbers = parts["part"].tolist()
    return pd.DataFrame({
        "part": numbers,
        "product": np.array(names.products, dtype=object)[parts["product"]],
        "born_h": _hours(parts["born"]),
        "left_h": _hours(parts["left"]),
        "due_h": _hours(parts["due"]),
        "fate": np.array(t.FATES, dtype=object)[parts["fate"]],
        "station": np.array(names.stations, dtype=object)[parts["station"]],
        "into": [" ".join(map(str, into.get(number, ()))) for number in numbers],
        "made_of": [" ".join(map(str, made_of.get(number, ()))) for number in numbers],
    })  # fmt: skip


def _hours(ticks: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return times in hours, nan for what never happened."""
    return np.where(ticks >= NEVER, np.nan, np.round(ticks * (TICK / HOUR), 7))


def _clock(ticks: NDArray[np.int64]) -> list[str]:
    """Return week, day and time of day; the run begins on Monday of week 1 at midnight."""
    found = []
    for minutes in (ticks // int(60.0 / TICK + 0.5)).tolist():
        days, minute = divmod(minutes, 1440)
        week, day = divmod(days, 7)
        text = f"{week + 1} {DAYS[day]} {minute // 60:02d}:{minute % 60:02d}"
        found.append(text if minutes < NEVER * TICK / 60.0 else "")
    return found


def _loads(machine: NDArray[np.int64], got: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the number of the load on its machine, from 1; parts that a machine took together share it."""
    loads = np.zeros(len(got), dtype=np.int64)
    for each in np.unique(machine):
        mine = np.flatnonzero(machine == each)
        loads[mine] = np.unique(got[mine], return_inverse=True)[1] + 1
    return loads


def _stops_before(plan: Plan, trace: Trace, names: tuple[str, ...]) -> list[str]:
    """Return for each visit how often each stop of its machine has ended before the part was taken."""
    stops, visits = trace.stops, trace.visits
    found = [""] * len(visits["part"])
    for machine, row in enumerate(plan.machines):
        mine = np.flatnonzero(visits["machine"] == machine)
        counts = []
        for stop in row.stops:
            ends = np.sort(stops["end"][stops["stop"] == stop])
            counts.append((names[stop], np.searchsorted(ends, visits["got"][mine], side="right")))
        for at, visit in enumerate(mine.tolist()):
            found[visit] = " ".join(f"{name}:{count[at]}" for name, count in counts if count[at])
    return found
