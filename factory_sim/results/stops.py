"""Stops of the machines of a station by their name in the plant file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from factory_sim.results.states import MachineTime
from factory_sim.simulation import trace as t

STOPS = (t.FAILED, t.MAINTENANCE, t.SETUP)
"""States that a stop with a name of its own holds a machine in."""


def stop_ticks(
    times: Iterable[MachineTime], names: tuple[str, ...], begin: int, end: int
) -> dict[tuple[int, str], int]:
    """Return the time of failures, planned stops and setups between two moments, by state and name. [ticks]

    In the order of states, then of first appearance in the plan; machines of a station share the names of stops.
    """
    found: Counter[tuple[int, str]] = Counter()
    for time in times:
        for stop in time.stops:
            length = min(end, stop.end) - max(begin, stop.begin)
            if length > 0 and stop.state in STOPS:
                found[stop.state, names[stop.stop] if stop.stop >= 0 else ""] += length
    order = {name: position for position, name in reversed(list(enumerate(names)))}
    return {key: found[key] for key in sorted(found, key=lambda key: (key[0], order.get(key[1], -1)))}
