"""Checks of a plant by simpler ones with a known outcome: one part alone, no limits, no demand, more places."""

from __future__ import annotations

import numpy as np

from factory_sim.model import Plant
from factory_sim.model.units import HOUR, WEEK
from factory_sim.results.states import machine_states
from factory_sim.simulation import trace as t
from factory_sim.simulation.plan import NEVER, TICK, ticks
from factory_sim.simulation.prepare import prepare
from factory_sim.simulation.trace import Trace
from factory_sim.validation import simpler
from factory_sim.validation.subject import NotApplicable, PlantVerdict, Subject, count, number, run, said

PARTS = 2000  # so many parts, of all products together, leave a run without limits


def lead_time(subject: Subject) -> PlantVerdict:
    """One part alone, with constant cycles: its lead time is the sum of the cycles on its way, to the microsecond."""
    plant = simpler.single_parts(subject.plant)
    expected = {name: sum(ticks(time) for _, time in simpler.way(plant, name)) for name in plant.product}
    horizon = (len(expected) + 1) * (sum(expected.values()) * TICK + 1.0)
    trace = run(prepare(plant, physics=False), horizon)
    seen = {name: _lead_time(trace, index) for index, name in enumerate(expected)}
    wrong = [name for name in expected if seen[name] != expected[name]]
    shown = wrong[0] if wrong else max(expected, key=lambda name: expected[name])
    got = seen[shown]
    return PlantVerdict(
        "lead_time",
        not wrong,
        said("never_out", product=shown)
        if got is None
        else said("lead_time_seen", product=shown, time=number(got * TICK), right=len(seen) - len(wrong), of=len(seen)),
        said("lead_time_expected", product=shown, time=number(expected[shown] * TICK)),
    )


def _lead_time(trace: Trace, product: int) -> int | None:
    """Return the lead time of the only part of a product, None if it did not come out good. [ticks]"""
    parts = trace.parts
    (rows,) = np.nonzero((parts["product"] == product) & (parts["fate"] == t.AT_SINK))
    return int(parts["left"][rows[0]] - parts["born"][rows[0]]) if len(rows) == 1 else None


def rate(subject: Subject) -> PlantVerdict:
    """No limits but the cycles: the slowest station sets the throughput; none does more than its machines can.

    A run begins empty. From the sum of the cycles on, the slowest station always has a part, so at least so many parts
    come out as it makes from then on, less one for each machine that may hold one at the end.
    """
    plant = simpler.saturated(subject.plant)
    work = {name: _work(plant, name) for name in plant.product}
    slowest = [max((time / plant.station[at].machines, at) for at, time in by.items()) for by in work.values()]
    # No part comes out in less, all products together; where they share a station it takes longer.
    pace = 1.0 / sum(1.0 / time for time, _ in slowest)
    fill = max(sum(by.values()) for by in work.values())
    horizon = int(fill + PARTS * pace)
    trace = run(prepare(plant, physics=False, demand_mode="sold_out"), horizon * TICK)
    made = {name: count(trace, t.AT_SINK, index) for index, name in enumerate(plant.product)}
    shares = {
        station: sum(made[name] * by.get(station, 0) for name, by in work.items()) / (table.machines * horizon)
        for station, table in plant.station.items()
    }
    possible = max(shares.values()) <= 1.0
    if not _is_serial(plant):
        busiest = max(shares, key=lambda name: shares[name])
        seen = said("work_seen", station=busiest, share=number(100.0 * shares[busiest], 1))
        return PlantVerdict("rate", possible, seen, said("work_expected"))
    out = sum(made.values())
    least = (horizon - fill) / pace - sum(table.machines for table in plant.station.values())
    return PlantVerdict(
        "rate",
        possible and out >= least,
        said("rate_seen", rate=number(out / (horizon * TICK) * HOUR, 2), out=number(out), time=_hours(horizon)),
        said(
            "rate_expected",
            rate=number(HOUR / (pace * TICK), 2),
            station=slowest[0][1],
            out=number(int(horizon / pace)),
        ),
    )


def _work(plant: Plant, product: str) -> dict[str, int]:
    """Return the work of one part at each station of its way. [ticks]"""
    found: dict[str, int] = {}
    for station, time in simpler.way(plant, product):
        found[station] = found.get(station, 0) + ticks(time)
    return found


def _is_serial(plant: Plant) -> bool:
    """Tell whether all parts go the same way and come to no station twice."""
    routes = [product.route for product in plant.product.values()]
    return len(routes) == 1 and len(set(routes[0])) == len(routes[0])


def _hours(time: int) -> str:
    return number(time * TICK / HOUR, 2)


def no_demand(subject: Subject) -> PlantVerdict:
    """A week without demand: no part is born, no machine takes or makes one."""
    plant = simpler.without_demand(subject.plant)
    plan = prepare(plant, demand_mode="fixed_volume")
    trace = run(plan, WEEK)
    born = len(trace.parts["part"])
    taken = int(np.count_nonzero(trace.visits["got"] < NEVER))
    states = machine_states(plan, trace)
    worked = int(states[:, [t.WORKING, t.WARMING]].sum())
    seen = said("no_demand_seen", born=number(born), taken=number(taken), worked=_hours(worked))
    return PlantVerdict("no_demand", born == taken == worked == 0, seen, said("no_demand_expected"))


def buffers(subject: Subject) -> PlantVerdict:
    """More places never lower the output of a serial line: no part of the same rank comes out later.

    With the luck of a single machine tied to the rank of the part this holds run by run, not only on average.
    """
    if not _is_serial(subject.plant):
        raise NotApplicable("not_serial")
    if len(subject.plant.station) == 1:
        raise NotApplicable("one_station")
    less, more = (simpler.serial_line(subject.plant, places) for places in (0, 1))
    first = next(iter(less.product.values())).route[1]
    if all(buffer.capacity is None for buffer in less.buffer.values() if buffer.before != first):
        raise NotApplicable("no_limits")
    way = simpler.way(less, next(iter(less.product)))
    horizon = sum(time for _, time in way) + PARTS * max(time for _, time in way)
    few, many = (_departures(run(prepare(plant, physics=False), horizon)) for plant in (less, more))
    later = int(np.count_nonzero(many[: len(few)] > few[: len(many)])) + max(0, len(few) - len(many))
    return PlantVerdict(
        "buffers",
        later == 0,
        said("buffers_seen", less=number(len(few)), more=number(len(many)), later=number(later)),
        said("buffers_expected"),
    )


def _departures(trace: Trace) -> np.ndarray:
    """Return when good parts come out, in order. [ticks]"""
    return np.sort(trace.parts["left"][trace.parts["fate"] == t.AT_SINK])
