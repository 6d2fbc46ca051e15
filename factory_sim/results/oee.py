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
from factory_sim.results.lines import LineTime, line_of, line_time, station_time
from factory_sim.results.meters import metered
from factory_sim.results.pieces import Piece
from factory_sim.results.states import INACTIVE, VERDICT_MASK, MachineTime
from factory_sim.results.stops import stop_ticks
from factory_sim.results.window import Ticks, Window
from factory_sim.simulation import trace as t
from factory_sim.simulation.plan import ELECTRICITY, GAS, TICK, Plan
from factory_sim.simulation.prepare import directory
from factory_sim.simulation.trace import Trace

FATES = ("discarded", "scrap_window", "scrap_steady", "scrap_sensor", "rework", "good")
"""What may become of a part at a station, as the loss tree names it."""

EQUALLY_BUSY = 0.005  # share of open time
IDENTITY = 1e-9  # relative error that the three factors may leave in their product


@dataclass(frozen=True)
class StationTime:
    """How the machines of one station spend a window: sums that add up over pieces of a run. Counts of parts."""

    spent: Ticks  # of each machine, by trace.STATES
    waits: Ticks  # how often each begins to work after a wait, a count
    made: int
    discarded: int
    scrapped_steady: int
    scrapped_window: int
    scrapped_by_sensor: int
    reworked: int
    planned_run: dict[str, float]  # planned run time of the parts made, by what became of them (`FATES`) [s]
    stops: dict[str, int]  # failures, planned stops and setups by their name in the plant file [ticks]
    metered: tuple[int, int] = (0, 0)  # electricity and gas that physical states took [nJ]
    line: LineTime | None = None  # of a line with movers

    @property
    def states(self) -> NDArray[np.float64]:
        """Time of all its machines by `trace.STATES`. [s]"""
        total: NDArray[np.float64] = self.spent.sum(axis=0) * TICK
        return total

    @property
    def machines(self) -> int:
        """How many it has; a line with movers is one."""
        return len(self.spent)

    @property
    def active_period(self) -> float:
        """Mean time between two waits of a machine, waits and closed hours left out, mean over its machines. [s]

        Active is what is not starved, waiting or blocked; a stop in the middle of work does not end an active period.
        Roser, Nakano, Tanaka, Proc. Winter Simulation Conference (2001) 1079: the machine with the longest mean
        active period holds the others up.
        """
        active = self.spent.sum(axis=1) - self.spent[:, [*INACTIVE, t.OFF_SHIFT]].sum(axis=1)
        return float((active / (1 + self.waits)).mean()) * TICK

    @property
    def open(self) -> float:
        """Planned time of all its machines. [s]"""
        return float(self.states.sum() - self.states[t.OFF_SHIFT])

    @property
    def without_work(self) -> float:
        """Share of its open time in which it had nothing to take or nowhere to put, switched off included."""
        return _ratio(float(self.states[[t.STARVED, t.BLOCKED, t.SWITCHED_OFF]].sum()), self.open)

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
        """Parts that passed, those that go back for rework not counted."""
        scrapped = self.scrapped_steady + self.scrapped_window + self.scrapped_by_sensor
        return self.made - self.discarded - scrapped - self.reworked

    @property
    def yield_(self) -> float:
        """Good parts per part made; nan if none was made."""
        return _ratio(self.good, self.made)

    @property
    def oee(self) -> float:
        """Planned run time per item x good quantity, summed over the products, / planned busy time."""
        return _ratio(self.planned_run["good"], self.busy)

    @property
    def quality(self) -> float:
        """Share of the planned run time of the parts made that went into good ones; of one product, its yield."""
        return _ratio(self.planned_run["good"], sum(self.planned_run.values()))

    @property
    def iso_factors(self) -> tuple[float, float, float]:
        """Availability, effectiveness, quality of ISO 22400; their product is the OEE, or the run is wrong."""
        factors = (
            _ratio(self.producing, self.busy),
            _ratio(sum(self.planned_run.values()), self.producing),
            self.quality,
        )
        return self._checked(factors)

    @property
    def shop_factors(self) -> tuple[float, float, float]:
        """Time availability, performance rate, quality rate of Korean shops; their product is the OEE too."""
        running = self.busy - float(self.states[t.FAILED] + self.states[t.SETUP])
        factors = (_ratio(running, self.busy), _ratio(sum(self.planned_run.values()), running), self.quality)
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
        seconds = {
            "maintenance": float(s[t.MAINTENANCE]),
            "failed": float(s[t.FAILED]),
            "setup": float(s[t.SETUP]),
            "waiting": float(s[t.WAITING]),
            "switched_off": float(s[t.SWITCHED_OFF]),
            "blocked": float(s[t.BLOCKED]),
            "starved": float(s[t.STARVED]),
            "speed": self.producing - sum(self.planned_run.values()),
            **self.planned_run,
        }
        return {name: _ratio(value, open_) for name, value in seconds.items()}


def bottleneck_of(stations: dict[str, StationTime]) -> str:
    """Return the station that holds the others up.

    What lies before it is blocked in the end, what lies behind it starves: it is the station that is least without
    work. Of several within `EQUALLY_BUSY` of each other the one with the longest mean active period counts. That
    period alone misleads at machines that wait for a person between parts, for every such wait ends it.
    """
    without = {name: 1.0 if math.isnan(time.without_work) else time.without_work for name, time in stations.items()}
    least = min(without.values())
    busiest = [name for name, share in without.items() if share <= least + EQUALLY_BUSY]
    return max(busiest, key=lambda name: stations[name].active_period)


def station_times(plant: Plant, plan: Plan, trace: Trace, window: Window) -> dict[str, StationTime]:
    """Return how each station spends a window, by name."""
    return station_sums(plant, plan, Piece.whole(plan, trace), window)


def station_sums(plant: Plant, plan: Plan, piece: Piece, window: Window) -> dict[str, StationTime]:
    """Return how each station spends what a piece of a run has of a window, by name."""
    found = {}
    trace = piece.done
    visits = trace.visits
    ended = window.holds(visits["ended"])
    names = directory(plant).stops
    fates, planned = fates_of(visits["outcome"]), _planned_run(plan, trace)
    ended &= (visits["outcome"] & VERDICT_MASK) != t.INTERRUPTED  # goes on, and counts when it is done
    for index, name in enumerate(plant.station):
        machines = [m for m, row in enumerate(plan.machines) if row.station == index]
        mine = ended & np.isin(visits["machine"], machines)
        line, times = line_of(plan, index), station_time(plan, piece.seen, index)
        spans = [piece.span(window)] if line is not None else [piece.time_of(machine, window) for machine in machines]
        stretches = list(zip(times, spans, strict=True))
        counts = np.bincount(fates[mine], minlength=len(FATES))
        runs = np.bincount(fates[mine], planned[mine], minlength=len(FATES))
        discarded, window_, steady, by_sensor, rework, _ = counts.tolist()
        found[name] = StationTime(
            spent=np.stack([time.states(*span) for time, span in stretches]),
            waits=np.array([time.waits(max(begin, window.begin + 1), end) for time, (begin, end) in stretches]),
            made=int(mine.sum()),
            discarded=discarded,
            scrapped_steady=steady,
            scrapped_window=window_,
            scrapped_by_sensor=by_sensor,
            reworked=rework,
            planned_run={fate: float(run) for fate, run in zip(FATES, runs, strict=True)},
            stops=_stops(plan, machines, stretches, names),
            metered=(metered(trace, machines, ELECTRICITY, window), metered(trace, machines, GAS, window)),
            line=None if line is None else line_time(piece, window, line),
        )
    return found


def _stops(
    plan: Plan, machines: list[int], stretches: list[tuple[MachineTime, tuple[int, int]]], names: tuple[str, ...]
) -> dict[str, int]:
    """Return the time of stops by name, 0 of those that never came, in the order of states and of the plan. [ticks]"""
    stops = dict.fromkeys(stop for machine in machines for stop in plan.machines[machine].stops)
    kinds = {(plan.stops[stop].state, names[stop]) for stop in stops}
    found = {name: 0 for _, name in sorted(kinds, key=lambda kind: (kind[0], names.index(kind[1])))}
    for time, span in stretches:
        for (state, name), length in stop_ticks([time], names, *span).items():
            key = name or t.STATES[state]
            found[key] = found.get(key, 0) + length
    return found


def fates_of(outcome: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the index in `FATES` of what became of each visit that ended."""
    verdict, cause = outcome & VERDICT_MASK, outcome // t.CAUSE_UNIT
    causes = [cause == each for each in (t.WINDOW, t.STEADY, t.BY_SENSOR)]
    conditions = [verdict == t.DISCARDED, *causes, verdict == t.REWORKED]
    return np.select(conditions, range(len(conditions)), len(conditions))


def _planned_run(plan: Plan, trace: Trace) -> NDArray[np.float64]:
    """Return the mean cycle of the step of each visit, 0 for a part that was refused without work. [s]"""
    longest = max(len(product.steps) for product in plan.products)
    means = np.zeros((len(plan.products), longest))
    for index, product in enumerate(plan.products):
        means[index, : len(product.steps)] = [step.mean for step in product.steps]
    visits = trace.visits
    most = np.array([plan.places[row.station].most for row in plan.machines])  # parts of a full load share a cycle
    planned: NDArray[np.float64] = means[visits["product"], visits["step"]] * TICK / most[visits["machine"]]
    bad = (visits["outcome"] & VERDICT_MASK) != t.GOOD
    planned[bad & (visits["net"] == 0)] = 0.0
    return planned


def _ratio(part: float, whole: float) -> float:
    return part / whole if whole else math.nan
