"""A stretch of a run, machine by machine: what each did, with which part, and why it stood still.

>>> from factory_sim.model import parse_plant
>>> from factory_sim.simulation.prepare import prepare
>>> from factory_sim.simulation.run import simulate
>>> plant = parse_plant({"plant": {"name": "One saw"}, "source": {"bars": {}}, "sink": {"pieces": {}},
...     "product": {"piece": {"route": ["bars", "saw", "pieces"]}}, "station": {"saw": {"cycle": "60 s"}}})
>>> plan = prepare(plant)
>>> one = excerpt(plant, plan, simulate(plan, horizon=7200.0), 600.0, 720.0)
>>> one.lanes[0].machine, one.lanes[0].bars
('saw#1', (Bar(begin=600.0, end=720.0, state='working', stop=''),))
>>> [(load.begin, load.end, load.product) for load in one.lanes[0].loads]
[(600.0, 660.0, 'piece'), (660.0, 720.0, 'piece')]
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from factory_sim.model.schema import Plant
from factory_sim.model.units import MINUTE
from factory_sim.results.shift import LENGTH, stretches, telling
from factory_sim.results.states import VERDICT_MASK, MachineTime
from factory_sim.simulation import trace as t
from factory_sim.simulation.plan import NEVER, TICK, Plan, ticks
from factory_sim.simulation.prepare import Directory, directory
from factory_sim.simulation.trace import Trace

LONG = 10 * MINUTE  # a breakdown worth looking at [s]


class Bar(NamedTuple):
    """A machine in one state. Times in seconds after the beginning of the run."""

    begin: float
    end: float
    state: str
    """As in `trace.STATES`."""
    stop: str
    """Name of the failure mode or planned stop in the plant file; empty if none."""


class Load(NamedTuple):
    """Parts of one product in a machine, from the beginning of their work to its end."""

    begin: float
    end: float
    product: str
    parts: tuple[int, ...]
    verdict: str
    """As in `trace.VERDICTS`."""


@dataclass(frozen=True)
class Lane:
    """One machine."""

    machine: str
    """Station and number, such as `cnc#2`."""
    station: str
    bars: tuple[Bar, ...]
    loads: tuple[Load, ...]


@dataclass(frozen=True)
class Excerpt:
    """All machines from `begin` to `end`. [s]"""

    begin: float
    end: float
    lanes: tuple[Lane, ...]


def telling_stretch(plant: Plant, plan: Plan, trace: Trace, station: str, warmup: float) -> tuple[float, float]:
    """Return a shift that is worth looking at: eight open hours after the warm-up, or less. [s]

    The first in which a breakdown of `station` that lasts more than ten minutes begins and ends; without one, the
    first. If none opens after the warm-up, the eight hours before the end of the run.
    """
    index = list(plant.station).index(station)
    machine = next(number for number, row in enumerate(plan.machines) if row.station == index)
    found = list(stretches(plan, plan.machines[machine].calendar, ticks(warmup), trace.horizon))
    if not found:
        return max(0.0, trace.horizon * TICK - LENGTH), trace.horizon * TICK
    begin, end = telling(found, MachineTime.of(trace, machine).stops, ticks(LONG))
    return begin * TICK, end * TICK


def excerpt(plant: Plant, plan: Plan, trace: Trace, begin: float, end: float) -> Excerpt:
    """Return what all machines did between two moments of a run. [s]

    Raises
    ------
    ValueError  If the moments are not in order inside the run.
    """
    first, last = ticks(begin), ticks(end)
    if not 0 <= first < last <= trace.horizon:
        raise ValueError(f"begin and end must be in order inside the run, got {begin!r} and {end!r}")
    names = directory(plant)
    lanes = (
        Lane(
            names.machines[machine],
            names.stations[row.station],
            tuple(_bars(MachineTime.of(trace, machine), names, first, last)),
            tuple(_loads(trace, names, machine, first, last)),
        )
        for machine, row in enumerate(plan.machines)
    )
    return Excerpt(begin, end, tuple(lanes))


def _bars(time: MachineTime, names: Directory, first: int, last: int) -> Iterator[Bar]:
    """Yield the states of a machine, neighbours that are alike as one."""
    held: Bar | None = None
    for segment in time.segments(first, last):
        name = names.stops[segment.stop] if segment.stop >= 0 else ""
        bar = Bar(segment.begin * TICK, segment.end * TICK, t.STATES[segment.state], name)
        if held is not None and (held.state, held.stop) == (bar.state, bar.stop):
            held = held._replace(end=bar.end)
            continue
        if held is not None:
            yield held
        held = bar
    if held is not None:
        yield held


def _loads(trace: Trace, names: Directory, machine: int, first: int, last: int) -> Iterator[Load]:
    """Yield the loads of a machine that are in work between two moments, clipped to them."""
    visits = trace.visits
    mine = (visits["machine"] == machine) & (visits["began"] < last) & (visits["ended"] > first)
    rows = [
        tuple(int(visits[name][row]) for name in ("began", "ended", "product", "part", "outcome"))
        for row in np.flatnonzero(mine)
    ]
    together: dict[tuple[int, int, int, int], list[int]] = {}
    for began, ended, product, part, outcome in rows:
        together.setdefault((began, ended, product, outcome & VERDICT_MASK), []).append(part)
    for (began, ended, product, verdict), parts in sorted(together.items()):
        until = last if ended >= NEVER else min(ended, last)
        yield Load(max(began, first) * TICK, until * TICK, names.products[product], tuple(parts), t.VERDICTS[verdict])
