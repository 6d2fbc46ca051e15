"""Stations: states, overall equipment effectiveness, loss tree.

OEE by ISO 22400-2: availability = actual production time / planned busy time, effectiveness = planned run time per item
x produced quantity / actual production time, quality = good quantity / produced quantity. Beside it the form of Korean
shops (TPM), 시간가동률 x 성능가동률 x 양품률, in which waiting counts against performance instead of
availability. Both have the same product: planned run time per item x good quantity / planned busy time.

Planned busy time is open time less planned stops; actual production time is working and warming; shots that the
operating rule discards are produced, and not good.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from factory_sim.model.schema import Plant
from factory_sim.results.states import VERDICT_MASK, MachineTime
from factory_sim.results.window import Window
from factory_sim.simulation import trace as t
from factory_sim.simulation.plan import TICK, Plan
from factory_sim.simulation.trace import Trace

IDENTITY = 1e-9  # relative error that the three factors may leave in their product


@dataclass(frozen=True)
class StationTime:
    """How the machines of one station spend a window, together. Times in seconds, counts of parts."""

    states: NDArray[np.float64]  # by trace.STATES
    machines: int
    made: int
    discarded: int
    scrapped_steady: int
    scrapped_window: int
    run_time_per_item: float
    active_period: float  # mean over its machines

    @property
    def open(self) -> float:
        """Planned time of all its machines. [s]"""
        return float(self.states.sum() - self.states[t.OFF_SHIFT])

    @property
    def busy(self) -> float:
        """Planned busy time: open time less maintenance and setup that were planned. [s]"""
        return self.open - float(self.states[t.MAINTENANCE])

    @property
    def producing(self) -> float:
        """Actual production time. [s]"""
        return float(self.states[t.WORKING] + self.states[t.WARMING])

    @property
    def good(self) -> int:
        """Parts that passed."""
        return self.made - self.discarded - self.scrapped_steady - self.scrapped_window

    @property
    def yield_(self) -> float:
        """Good parts per part made; nan if none was made."""
        return _ratio(self.good, self.made)

    @property
    def oee(self) -> float:
        """Planned run time per item x good quantity / planned busy time."""
        return _ratio(self.run_time_per_item * self.good, self.busy)

    @property
    def iso_factors(self) -> tuple[float, float, float]:
        """Availability, effectiveness, quality of ISO 22400; their product is the OEE, or the run is wrong."""
        factors = (
            _ratio(self.producing, self.busy),
            _ratio(self.run_time_per_item * self.made, self.producing),
            self.yield_,
        )
        return self._checked(factors)

    @property
    def shop_factors(self) -> tuple[float, float, float]:
        """Time availability, performance rate, quality rate of Korean shops; their product is the OEE too."""
        running = self.busy - float(self.states[t.FAILED] + self.states[t.SETUP])
        factors = (_ratio(running, self.busy), _ratio(self.run_time_per_item * self.made, running), self.yield_)
        return self._checked(factors)

    def _checked(self, factors: tuple[float, float, float]) -> tuple[float, float, float]:
        product = math.prod(factors)
        if not (math.isnan(product) or math.isclose(product, self.oee, rel_tol=IDENTITY, abs_tol=IDENTITY)):
            raise AssertionError(f"OEE is {self.oee!r}, but its factors {factors} multiply to {product!r}")
        return factors

    @property
    def losses(self) -> dict[str, float]:
        """Where the planned time goes, shares that sum to 1, from planned time down to good parts.

        `speed` is production time beyond the planned run time of the parts made, negative if they were faster.
        """
        s, open_ = self.states, self.open
        per_item = self.run_time_per_item
        seconds = {
            "maintenance": float(s[t.MAINTENANCE]),
            "failed": float(s[t.FAILED]),
            "setup": float(s[t.SETUP]),
            "waiting": float(s[t.WAITING]),
            "blocked": float(s[t.BLOCKED]),
            "starved": float(s[t.STARVED]),
            "speed": self.producing - per_item * self.made,
            "discarded": per_item * self.discarded,
            "scrap_window": per_item * self.scrapped_window,
            "scrap_steady": per_item * self.scrapped_steady,
            "good": per_item * self.good,
        }
        return {name: _ratio(value, open_) for name, value in seconds.items()}


def station_times(plant: Plant, plan: Plan, trace: Trace, window: Window) -> dict[str, StationTime]:
    """Return how each station spends a window, by name."""
    found = {}
    ended = (trace.visits["ended"] >= window.begin) & (trace.visits["ended"] < window.end)
    verdict = trace.visits["outcome"] & VERDICT_MASK
    cause = trace.visits["outcome"] // t.CAUSE_UNIT
    for index, (name, station) in enumerate(plant.station.items()):
        machines = [m for m, row in enumerate(plan.machines) if row.station == index]
        mine = ended & np.isin(trace.visits["machine"], machines)
        times = [MachineTime.of(trace, machine) for machine in machines]
        scrapped = mine & (verdict == t.SCRAPPED)
        found[name] = StationTime(
            states=np.sum([time.states(window.begin, window.end) for time in times], axis=0) * TICK,
            machines=len(machines),
            made=int(mine.sum()),
            discarded=int((mine & (verdict == t.DISCARDED)).sum()),
            scrapped_steady=int((scrapped & (cause == t.STEADY)).sum()),
            scrapped_window=int((scrapped & (cause == t.WINDOW)).sum()),
            run_time_per_item=station.cycle.mean,
            active_period=float(np.mean([time.active_period(window.begin, window.end) for time in times])) * TICK,
        )
    return found


def _ratio(part: float, whole: float) -> float:
    return part / whole if whole else math.nan
