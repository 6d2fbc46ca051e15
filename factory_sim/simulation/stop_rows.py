"""What stops have beside a clock and a duration, in numbers: upkeep rows, replacements, inspections, spares."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from factory_sim.model.distribution import Distribution
from factory_sim.model.schema import Plant
from factory_sim.model.station_schema import Failure, Planned, Station
from factory_sim.model.stop_schema import Inspection, Replacement
from factory_sim.simulation import plan as p
from factory_sim.simulation import trace
from factory_sim.simulation.plan import SpareRow, StopRow, UpkeepRow, ticks
from factory_sim.simulation.streams import stream_key

CLOCKS = {
    "working": p.ON_WORKING,
    "calendar": p.ON_CALENDAR,
    "open": p.ON_OPEN,
    "parts": p.ON_AMOUNT,
    "wear": p.ON_AMOUNT,
}
MOMENTS = {"immediate": p.IMMEDIATE, "after_cycle": p.AFTER_CYCLE, "when_idle": p.WHEN_IDLE}
ONE = p.TICKS_PER_SECOND  # a part, or a unit of wear, in the millionths in which they are counted


@dataclass(frozen=True)
class StopEntry:
    """A stop of a station as the plant file has it. `path` is its table below that of the station."""

    path: tuple[str, ...]
    cost: float  # of each one [KRW]
    spare: str | None = None

    @property
    def name(self) -> str:
        """Name as a stop of the plan."""
        return ".".join(self.path[1:])


def appended(station: Station) -> list[StopEntry]:
    """Return the replacements and inspections of a station, in the order of the plan."""
    found = []
    for name, mode in station.failure.items():
        if mode.replacement is not None:
            found.append(StopEntry(("failure", name, "replacement"), mode.replacement.cost, mode.spare))
        if mode.inspection is not None:
            found.append(StopEntry(("failure", name, "inspection"), mode.inspection.cost))
    return found


def spare_rows(plant: Plant, row: Callable[[Distribution], int], resources: dict[str, int]) -> tuple[SpareRow, ...]:
    """Return the rows of the spares of a plant; `row` gives the index of a distribution."""
    return tuple(
        SpareRow(
            spare.stock,
            row(spare.lead_time),
            () if spare.crew is None else (resources[spare.crew],),
            stream_key(name, "lead_time"),
        )
        for name, spare in plant.spare.items()
    )


def counts(station: Station) -> bool:
    """Tell whether a station has a stop that counts parts or wear."""
    stops: list[Failure | Planned] = [*station.failure.values(), *station.planned.values()]
    return any(CLOCKS[stop.clock] == p.ON_AMOUNT for stop in stops)


def runs_in(station: Station) -> bool:
    """Tell whether parts are discarded after some stop of a station."""
    stops: list[Failure | Planned | Replacement] = [*station.failure.values(), *station.planned.values()]
    stops += [mode.replacement for mode in station.failure.values() if mode.replacement is not None]
    return any(stop.run_in for stop in stops)


@dataclass(frozen=True)
class UpkeepRows:
    """Adds upkeep to the stops of one machine, whose plain rows begin at `first` in the plan."""

    plant: Plant
    name: str  # of the station
    machine: str
    row: Callable[[Distribution], int]
    resources: dict[str, int]
    first: int

    @property
    def station(self) -> Station:
        return self.plant.station[self.name]

    def added_to(self, plain: list[StopRow]) -> list[StopRow]:
        """Return the rows with upkeep, replacements and inspections appended."""
        rows = list(plain)
        failures, planned = self.station.failure, self.station.planned
        for at, (name, mode) in enumerate(failures.items()):
            rows[at] = rows[at]._replace(upkeep=self._failure(name, mode, self._after(plain, name)))
        for at, stop in enumerate(planned.values(), start=len(failures)):
            rows[at] = rows[at]._replace(upkeep=self._planned(stop))
        for at, (name, mode) in enumerate(failures.items()):
            if mode.replacement is not None:
                rows.append(self._replacement(name, mode, mode.replacement, at, plain[0].machine))
            if mode.inspection is not None:
                rows.append(
                    self._inspection(name, mode, mode.inspection, at, self.first + len(rows) - 1, plain[0].machine)
                )
        return rows

    def _after(self, plain: list[StopRow], name: str) -> tuple[int, ...]:
        """Return the indices of the replacement and the inspection of a failure mode."""
        entries = enumerate(appended(self.station), start=self.first + len(plain))
        return tuple(index for index, entry in entries if entry.path[1] == name)

    def _spare(self, name: str | None) -> int:
        return p.NONE if name is None else list(self.plant.spare).index(name)

    def _wear(self, clock: str) -> tuple[tuple[int, ...], int]:
        """Return wear by one part of each product, and the work that adds one unit."""
        if clock == "parts":
            return (ONE,) * len(self.plant.product), 0
        wear = self.station.wear
        if clock != "wear" or wear is None:
            return (), 0
        steps = [product.step.get(self.name) for product in self.plant.product.values()]
        by_product = tuple(ticks(wear.per_part * (1.0 if step is None else step.wear)) for step in steps)
        return by_product, 0 if wear.unit_time is None else ticks(wear.unit_time)

    def _failure(self, name: str, mode: Failure, restarts: tuple[int, ...]) -> UpkeepRow | None:
        overhauled = any(name in planned.renews for planned in self.station.planned.values())
        needed = mode.spare, mode.run_in, mode.warning, restarts, overhauled
        if not any(needed) and mode.after_repair == "as_new" and CLOCKS[mode.clock] != p.ON_AMOUNT:
            return None
        wear, wear_time = self._wear(mode.clock)
        shape, scale = power_law(mode.life) if mode.after_repair == "as_old" else (0.0, 0.0)
        return UpkeepRow(
            p.FAILURE,
            restarts=restarts,
            spare=self._spare(mode.spare),
            wear=wear,
            wear_time=wear_time,
            shape=shape,
            scale=scale,
            warning=p.NONE if mode.warning is None else self.row(mode.warning),
            warning_stream=stream_key(self.machine, f"warning.{name}"),
            run_in=mode.run_in,
        )

    def _planned(self, stop: Planned) -> UpkeepRow | None:
        needed = stop.renews, stop.window, stop.window_amount, stop.spare, stop.run_in, stop.new_die, stop.alongside
        if not any(needed) and stop.clock == "open" and not self._leads(stop):
            return None
        wear, wear_time = self._wear(stop.clock)
        modes = list(self.station.failure)
        return UpkeepRow(
            p.PLANNED,
            renews=tuple(self.first + modes.index(mode) for mode in stop.renews),
            window=ticks(stop.window or stop.window_amount),
            spare=self._spare(stop.spare),
            run_on=stop.spare is not None and stop.without_spare == "run_on",
            wear=wear,
            wear_time=wear_time,
            run_in=stop.run_in,
            new_die=stop.new_die,
            cold=not stop.preheat,
        )

    def _leads(self, stop: Planned) -> bool:
        """Tell whether planned stops of other stations are due with this one."""
        own = {f"{self.name}.{name}" for name, planned in self.station.planned.items() if planned is stop}
        return any(
            other.alongside in own for station in self.plant.station.values() for other in station.planned.values()
        )

    def _crew(self, crew: str | None) -> tuple[int, ...]:
        return () if crew is None else (self.resources[crew],)

    def _replacement(self, name: str, mode: Failure, renewal: Replacement, at: int, machine: int) -> StopRow:
        age = renewal.age if renewal.amount is None else renewal.amount
        wear, wear_time = self._wear(mode.clock)
        waits = mode.inspection is not None and mode.inspection.act == "next_planned"
        return StopRow(
            machine, trace.MAINTENANCE, p.ON_FINDING if age is None else CLOCKS[mode.clock], MOMENTS[renewal.when],
            self.row(Distribution("constant", (age or 0.0,))), self.row(renewal.duration), 0,
            self._crew(renewal.crew), renewal.priority,
            stream_key(self.machine, f"age.{name}"), stream_key(self.machine, f"replacement.{name}"),
            UpkeepRow(
                p.REPLACEMENT, renews=(self.first + at,), window=ticks(renewal.window or renewal.window_amount),
                spare=self._spare(mode.spare), run_on=mode.spare is not None and renewal.without_spare == "run_on",
                wear=wear, wear_time=wear_time, next_planned=waits, run_in=renewal.run_in,
            ),
        )  # fmt: skip

    def _inspection(
        self, name: str, mode: Failure, look: Inspection, at: int, replacement: int, machine: int
    ) -> StopRow:
        verified = look.verification
        return StopRow(
            machine, trace.MAINTENANCE, CLOCKS[mode.clock], MOMENTS[look.when],
            self.row(Distribution("constant", (look.every,))), self.row(look.duration), 0,
            self._crew(look.crew), look.priority,
            stream_key(self.machine, f"inspect_every.{name}"), stream_key(self.machine, f"inspection.{name}"),
            UpkeepRow(
                p.INSPECTION, window=ticks(look.window), detection=look.detection, false_alarm=look.false_alarm,
                luck_stream=stream_key(self.machine, f"detection.{name}"),
                verification=p.NONE if verified is None else self.row(verified),
                verification_stream=stream_key(self.machine, f"verification.{name}"),
                finds=self.first + at, orders=replacement,
            ),
        )  # fmt: skip


def with_leads(stops: list[StopRow], plant: Plant, index: dict[str, dict[str, int]]) -> list[StopRow]:
    """Return the stops, those that others go alongside knowing these; `index` is by machine and name of the stop."""
    rows = list(stops)
    for name, station in plant.station.items():
        for stop, planned in station.planned.items():
            if planned.alongside is None:
                continue
            leader, _, its_stop = planned.alongside.partition(".")
            for machine in range(1, station.machines + 1):
                at, follower = index[f"{leader}#{machine}"][its_stop], index[f"{name}#{machine}"][stop]
                upkeep = rows[at].upkeep
                assert upkeep is not None, "a stop that leads has a row of upkeep"
                rows[at] = rows[at]._replace(upkeep=upkeep._replace(leads=(*upkeep.leads, follower)))
    return rows


def power_law(life: Distribution) -> tuple[float, float]:
    """Return shape and scale of the cumulative failure rate (t/scale)^shape of a life.

    >>> power_law(Distribution("exponential", (50.0,)))
    (1.0, 50.0)
    """
    if life.kind == "exponential":
        return 1.0, life.values[0]
    shape, mean = life.values
    return shape, mean / math.gamma(1.0 + 1.0 / shape)
