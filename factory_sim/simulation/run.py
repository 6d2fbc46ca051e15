"""Run a plan once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from factory_sim.simulation import cells, flow, movers
from factory_sim.simulation.deadlock import find_deadlock
from factory_sim.simulation.engine import Engine
from factory_sim.simulation.line_units import Unit
from factory_sim.simulation.people import PeopledEngine
from factory_sim.simulation.plan import TICK, WEEK, Plan, ticks
from factory_sim.simulation.trace import Trace

HORIZON = 7 * WEEK * TICK  # a week of warm-up and six that count [s]


def simulate(plan: Plan, seed: int = 1, replication: int = 0, horizon: float = HORIZON) -> Trace:
    """Return what happens in one replication.

    Parameters
    ----------
    plan : Plan         Of `prepare`.
    seed : int          Another seed is other luck; the same one gives the same trace. >= 0
    replication : int   Number of the replication, independent of all others of this seed. >= 0
    horizon : float     End of the run, warm-up included; > 0. [s]

    Raises
    ------
    ValueError  If an argument lies outside its range.

    >>> from factory_sim.model import parse_plant
    >>> from factory_sim.simulation.prepare import prepare
    >>> plant = parse_plant({"plant": {"name": "One saw"}, "source": {"bars": {}}, "sink": {"pieces": {}},
    ...     "product": {"piece": {"route": ["bars", "saw", "pieces"]}}, "station": {"saw": {"cycle": "60 s"}}})
    >>> trace = simulate(prepare(plant), horizon=200.0)
    >>> trace.parts["left"][:3].tolist()
    [60000000, 120000000, 180000000]
    """
    engine = _started(plan, seed, replication, horizon)
    engine.run_to(ticks(horizon))
    engine.close_books()
    return engine.recorder.trace(ticks(horizon), find_deadlock(engine))


@dataclass(frozen=True)
class Stretch:
    """A stretch of a run.

    Attributes
    ----------
    begin, end : int    When it begins and ends. [ticks]
    done : Trace        The rows that were completed in it.
    open : Trace        The rows of what is under way at its end, as a trace has them that ends there.
    is_last : bool      Whether the run ends with it.
    """

    begin: int
    end: int
    done: Trace
    open: Trace
    is_last: bool


def simulate_by(
    length: int, plan: Plan, seed: int = 1, replication: int = 0, horizon: float = HORIZON
) -> Iterator[Stretch]:
    """Yield what happens in one replication, `length` after `length` [ticks]; the last one may be shorter.

    The rows that are done in all stretches, and those that are open at the end of the last one, are the rows of
    `simulate`; only one stretch is kept at a time. Arguments and errors as of `simulate`.
    """
    engine = _started(plan, seed, replication, horizon)
    begin, last = 0, ticks(horizon)
    while begin < last:
        end = min(begin + length, last)
        engine.run_to(end)
        done = engine.recorder.take(end)
        deadlock = None
        if end < last:
            engine.write_open()
        else:
            engine.close_books()
            deadlock = find_deadlock(engine)
        yield Stretch(begin, end, done, replace(engine.recorder.take(end), deadlock=deadlock), end == last)
        begin = end


def _started(plan: Plan, seed: int, replication: int, horizon: float) -> Engine:
    """Return an engine whose machines wait for the first event."""
    if seed < 0 or replication < 0:
        raise ValueError(f"seed and replication must not be negative, got {seed!r} and {replication!r}")
    if not 0.0 < horizon < 1e12:
        raise ValueError(f"horizon must be positive and below 1e12 s, got {horizon!r}")
    engine = (PeopledEngine if plan.pools else Engine)(plan, seed, replication)
    for machine in engine.machines:
        if isinstance(machine, flow.FlowMachine):
            flow.start(engine, machine)
        elif isinstance(machine, Unit):
            movers.start(engine, machine)
        else:
            cells.start(engine, machine)
    engine.dispatcher.start()
    return engine
