"""One shift of a machine with a die: its shots, their die temperature and outcome, and its stops.

>>> from factory_sim.model import parse_plant
>>> from factory_sim.simulation.prepare import prepare
>>> from factory_sim.simulation.run import simulate
>>> plant = parse_plant({"plant": {"name": "One saw"}, "source": {"bars": {}}, "sink": {"pieces": {}},
...     "product": {"piece": {"route": ["bars", "saw", "pieces"]}}, "station": {"saw": {"cycle": "60 s"}}})
>>> plan = prepare(plant)
>>> shift_of(plant, plan, simulate(plan, horizon=7200.0), warmup=0.0) is None  # a saw has no die
True
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from factory_sim.model.schema import Plant
from factory_sim.model.units import HOUR
from factory_sim.results.states import VERDICT_MASK, MachineTime, Segment
from factory_sim.results.window import WARMUP
from factory_sim.simulation import trace as t
from factory_sim.simulation.plan import AFTER_WORK, NEVER, NONE, TICK, Plan, ticks
from factory_sim.simulation.prepare import directory
from factory_sim.simulation.trace import Trace

LENGTH = 8 * HOUR  # of a shift [s]


@dataclass(frozen=True)
class Shot:
    """One shot. Times in seconds after the beginning of the run, temperatures of the die in degC."""

    began: float
    ended: float
    temperature: float
    """When it began: what the process window is for."""
    temperature_after: float
    outcome: str
    """`good`, `scrapped` or `discarded`."""
    cause: str
    """`none`, `steady`, `window` or `first_shots`."""


@dataclass(frozen=True)
class Stop:
    """One stop. Times in seconds after the beginning of the run."""

    begin: float
    end: float
    state: str
    """`failed`, `maintenance`, ... as in `trace.STATES`."""
    name: str
    """Of the failure mode or planned stop in the plant file; empty for a closed shift."""


@dataclass(frozen=True)
class Shift:
    """A stretch of at most eight open hours of one machine. Times in seconds, temperatures in degC."""

    station: str
    begin: float
    end: float
    window_low: float
    window_high: float
    discard_after: float
    shots: tuple[Shot, ...]
    stops: tuple[Stop, ...]


def shift_of(plant: Plant, plan: Plan, trace: Trace, warmup: float = WARMUP) -> Shift | None:
    """Return a telling shift at the first station that has a die; None if no station follows one.

    Parameters
    ----------
    trace : Trace    One replication of the plant and its plan.
    warmup : float   Time at the beginning that does not count. [s]

    Notes
    -----
    The open time of the machine is cut into stretches of eight hours, each opening beginning a new one. The shift is
    the first stretch after the warm-up in which a breakdown begins and ends that is longer than `discard_after` of
    the die, so that the operating rule discards shots; without one, the first stretch after the warm-up. The `loss`
    that a station spreads over all its cycles is no stop here.
    """
    names = list(plant.station)
    dies = {at: plant.station[name].die for at, name in enumerate(names) if plant.station[name].die}
    machine = next((index for index, row in enumerate(plan.machines) if row.laws and row.station in dies), None)
    if machine is None:
        return None
    station, die = names[plan.machines[machine].station], dies[plan.machines[machine].station]
    assert die is not None, "only stations with a die were looked at"
    stops = tuple(stop for stop in MachineTime.of(trace, machine).stops if not _after_cycle(plan, stop))
    found = list(stretches(plan, plan.machines[machine].calendar, ticks(warmup), trace.horizon))
    if not found:
        return None
    begin, end = telling(found, stops, ticks(die.discard_after))
    stop_names = directory(plant).stops
    return Shift(
        station,
        begin * TICK,
        end * TICK,
        die.window_low,
        die.window_high,
        die.discard_after,
        tuple(_shots(trace, machine, begin, end)),
        tuple(_stop(stop, stop_names, begin, end) for stop in stops if stop.begin < end and stop.end > begin),
    )


def _after_cycle(plan: Plan, stop: Segment) -> bool:
    """Return whether a stop is the loss that follows each cycle."""
    return stop.stop >= 0 and plan.stops[stop.stop].clock == AFTER_WORK


def stretches(plan: Plan, calendar: int, warmup: int, horizon: int) -> Iterator[tuple[int, int]]:
    """Yield the shifts that begin after the warm-up. [ticks]"""
    spans = iter([(0, NEVER)]) if calendar == NONE else plan.open_spans(calendar)
    length = ticks(LENGTH)
    for opens, closes in spans:
        if opens >= horizon:
            return
        for begin in range(opens, min(closes, horizon), length):
            if begin >= warmup:
                yield begin, min(begin + length, closes, horizon)


def telling(found: list[tuple[int, int]], stops: tuple[Segment, ...], least: int) -> tuple[int, int]:
    """Return the first stretch with a long breakdown inside, else the first one."""
    long = [stop for stop in stops if stop.state == t.FAILED and stop.end - stop.begin > least]
    for begin, end in found:
        if any(begin <= stop.begin and stop.end <= end for stop in long):
            return begin, end
    return found[0]


def _shots(trace: Trace, machine: int, begin: int, end: int) -> Iterator[Shot]:
    """Yield the shots that begin in a stretch and are ended."""
    visits = trace.visits
    mine = np.flatnonzero(visits["machine"] == machine)
    for row, (before, after) in zip(mine.tolist(), trace.states[machine].tolist(), strict=True):
        began, ended, outcome = (int(visits[name][row]) for name in ("began", "ended", "outcome"))
        verdict = t.VERDICTS[outcome & VERDICT_MASK]
        if begin <= began < end and ended < NEVER and verdict != "unfinished" and math.isfinite(after):
            cause = t.CAUSES[outcome // t.CAUSE_UNIT]
            yield Shot(began * TICK, ended * TICK, before, after, verdict, cause)


def _stop(stop: Segment, names: tuple[str, ...], begin: int, end: int) -> Stop:
    name = names[stop.stop] if stop.stop >= 0 else ""
    return Stop(max(begin, stop.begin) * TICK, min(end, stop.end) * TICK, t.STATES[stop.state], name)
