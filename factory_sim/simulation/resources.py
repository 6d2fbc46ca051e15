"""Pools of alike units that are always there, and who gets one; people with hours and skills are in `people`."""

from __future__ import annotations

from collections.abc import Iterable

from factory_sim.simulation import trace
from factory_sim.simulation.places import Request
from factory_sim.simulation.trace import Recorder


class Pools:
    """The part of the engine that grants sets of units, each set whole or not at all."""

    _now: int
    recorder: Recorder
    requests: list[Request]
    free_units: list[int]
    seizes_changed: bool

    def open_pools(self, units: Iterable[int]) -> None:
        """Begin with all units free."""
        self.free_units = list(units)
        self.requests = []
        self.seizes_changed = False

    def request(self, request: Request) -> None:
        """Ask for a set of resources."""
        self.requests.append(request)
        self.seizes_changed = True

    def _grant_seize(self) -> bool:
        """Grant the first request that can be met."""
        for request in sorted(self.requests, key=request_order):
            if request.eligible() and self.free(request.needs):
                self.requests.remove(request)
                self.occupy(request.needs)
                request.granted()
                return True
        self.seizes_changed = False
        return False

    def free(self, needs: tuple[int, ...]) -> bool:
        """Tell whether a unit of each resource is free."""
        return all(self.free_units[resource] > 0 for resource in needs)

    def occupy(self, needs: tuple[int, ...]) -> None:
        """Take a unit of each resource."""
        for resource in needs:
            self.free_units[resource] -= 1

    def release(self, needs: tuple[int, ...], machine: int, activity: int, asked: int, got: int) -> None:
        """Give resources back and write their rows."""
        for resource in needs:
            self.free_units[resource] += 1
            self.recorder.grants.extend(trace.GRANT(resource, machine, activity, asked, got, self._now))
        self.seizes_changed = True


def request_order(request: Request) -> tuple[int, int, int]:
    return request.priority, request.asked, request.index
