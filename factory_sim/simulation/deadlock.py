"""Find machines that hold one another up for ever, each with a finished part for which another one must make room."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from factory_sim.simulation.places import NOTHING

if TYPE_CHECKING:
    from factory_sim.simulation.engine import Engine
    from factory_sim.simulation.machine import Machine


class Deadlock(NamedTuple):
    """Stations that wait for places at one another, each for the next one and the last for the first."""

    stations: tuple[int, ...]
    since: int  # [ticks]


def find_deadlock(engine: Engine) -> Deadlock | None:
    """Return a cycle of stations that no event can free any more, None if there is none.

    Notes
    -----
    A blocked machine is stuck if the place that it waits for is full and every machine that takes parts from there is
    stuck too: the greatest set of which this holds. Places where parts may leave by themselves (windows, sub-lots)
    hold nobody up for ever.
    """
    stuck = {
        machine for machine in engine.machines if machine.waits_at is not None and machine in machine.waits_at.putters
    }
    takers: dict[int, list[Machine]] = {}
    for machine in engine.machines:
        takers.setdefault(machine.row.station, []).append(machine)

    def held(machine: Machine) -> bool:
        place = machine.waits_at
        assert place is not None and machine.part is not NOTHING
        others = takers.get(place.index, [])
        full = place.remind is None and not place.has_room()
        return full and bool(others) and all(other in stuck for other in others)

    while free := {machine for machine in stuck if not held(machine)}:
        stuck -= free
    if not stuck:
        return None
    machine = min(stuck, key=lambda machine: machine.index)
    way: list[int] = []
    while machine.row.station not in way:
        way.append(machine.row.station)
        place = machine.waits_at
        assert place is not None, "a stuck machine waits"
        machine = takers[place.index][0]
    return Deadlock(tuple(way[way.index(machine.row.station) :]), max(machine.ended for machine in stuck))
