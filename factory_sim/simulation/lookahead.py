"""Whether a new carrier on a hoist line would break a soak window: the line is followed until it is empty.

The carriers are moved as the line would move them on demand, the window that closes first first; no other one comes.
"""

from __future__ import annotations

from typing import NamedTuple

from factory_sim.simulation.line_plan import LineRow
from factory_sim.simulation.plan import NEVER


class Expected(NamedTuple):
    """A carrier that stands in a tank, or is being unloaded. Times in ticks."""

    place: int
    step: int
    ready: int  # its shortest soak is over, or it is unloaded
    deadline: int


def keeps_windows(
    row: LineRow, inside: list[Expected], places: list[int], now: int, mover: int, entry: tuple[int, int]
) -> bool:
    """Tell whether all carriers keep their windows if a mover brings a new one from place to place now.

    Parameters
    ----------
    inside : carriers in the tanks and at the unload station.
    places : where the movers stand, all idle.
    mover, entry : which mover brings the new carrier, from the load to a free place.

    Notes
    -----
    With one hoist, and without stops, the line does exactly what is followed here, so that no window is ever broken.
    Two hoists may have to wait for each other's track, which is not looked at; nor is a common station that is being
    unloaded or loaded.
    """
    carriers = list(inside)
    free_at, here = [now] * len(places), list(places)
    _move(row, carriers, free_at, here, mover, entry)
    while any(carrier.step < row.last for carrier in carriers):
        index = min(range(len(here)), key=lambda k: (free_at[k], k))
        time = free_at[index]
        carriers = [carrier for carrier in carriers if carrier.step < row.last or carrier.ready > time]
        choice = _choice(row, carriers, index, time)
        if choice is None:
            if time == NEVER:
                return False  # nothing can move any more
            free_at[index] = _next_time(carriers, free_at, time)
            continue
        carrier, target = choice
        carriers.remove(carrier)
        if time + row.movers[index].empty[here[index]][carrier.place] > carrier.deadline:
            return False
        _move(row, carriers, free_at, here, index, (carrier.place, target))
        free_at = [min(other, free_at[index]) if other == NEVER else other for other in free_at]
    return True


def _choice(row: LineRow, carriers: list[Expected], mover: int, time: int) -> tuple[Expected, int] | None:
    """Return the carrier that a mover takes next, and where it brings it."""
    taken = {carrier.place for carrier in carriers}
    best: tuple[Expected, int] | None = None
    for carrier in carriers:
        if carrier.step == row.last or row.serves[carrier.step] != mover or carrier.ready > time:
            continue
        target = _target(row, taken, mover, carrier)
        if target is not None and (
            best is None or (carrier.deadline, -carrier.step) < (best[0].deadline, -best[0].step)
        ):
            best = carrier, target
    return best


def _target(row: LineRow, taken: set[int], mover: int, carrier: Expected) -> int | None:
    """Return the nearest free place of the next step; a common load and unload station is always free."""
    step = carrier.step + 1
    if step == row.last and row.common:
        return row.spots[0].place
    way = row.movers[mover].loaded[carrier.place]
    free = [spot for spot in row.spots if spot.step == step and spot.place not in taken]
    return min(free, key=lambda spot: (way[spot.place], spot.machine)).place if free else None


def _move(
    row: LineRow, carriers: list[Expected], free_at: list[int], here: list[int], mover: int, way: tuple[int, int]
) -> None:
    """Let a mover bring a carrier from place to place, and the carrier stand there."""
    source, target = way
    table = row.movers[mover]
    time = free_at[mover] + table.empty[here[mover]][source] + table.pick + row.spots[source].drip
    time += table.loaded[source][target] + table.drop
    free_at[mover], here[mover] = time, target
    spot = row.spots[target]
    if spot.step:
        deadline = NEVER - 2 if spot.longest == NEVER else time + spot.longest
        carriers.append(Expected(target, spot.step, time + spot.soak, deadline))


def _next_time(carriers: list[Expected], free_at: list[int], time: int) -> int:
    """Return when something may change for a mover that has nothing to do at `time`."""
    times = [*free_at, *(carrier.ready for carrier in carriers)]
    return min((other for other in times if other > time), default=NEVER)
