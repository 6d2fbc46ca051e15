"""Lines with movers as rows of the plan: places, travel times, fixed cycles and timetables."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import combinations

from factory_sim.model import line_checks
from factory_sim.model.line_schema import HoistLine, RobotCell
from factory_sim.model.problems import Path
from factory_sim.model.reader import error_at
from factory_sim.model.schema import Plant
from factory_sim.simulation import line_plan as lp
from factory_sim.simulation.line_machines import shortest_soak, usual_soak
from factory_sim.simulation.line_plan import LineRow, MoveRow, MoverRow, SpotRow
from factory_sim.simulation.plan import NEVER, UNLIMITED, ticks
from factory_sim.technology.plating_bath import plating_time
from factory_sim.technology.plating_hoist import OrderError, Timetable, Windows, timetable

RULES = {"fifo": lp.OLDEST, "nearest": lp.NEAREST, "downstream": lp.DOWNSTREAM}
MICROMETRE = 1e-6  # [m]
Rows = tuple[tuple[int, ...], ...]


def line_rows(plant: Plant, stations: Sequence[str], station_of: Sequence[int]) -> tuple[LineRow, ...]:
    """Return the rows of the stations with movers; `station_of` is the station of each machine (`line_machines`).

    Raises
    ------
    InputError  If no timetable keeps the order and every soak window of a line.
    """
    rows = []
    for index, name in enumerate(stations):
        machines = [machine for machine, station in enumerate(station_of) if station == index]
        if name in plant.robot_cell:
            rows.append(_cell(plant.robot_cell[name], index, machines))
        if name in plant.hoist_line:
            rows.append(_Hoists(plant, name).row(index, machines))
    return tuple(rows)


def gathering(plant: Plant, name: str) -> int:
    """Return how many parts must be able to wait before a station without a buffer: a load, if it takes loads."""
    batch, line = plant.station[name].batch, plant.hoist_line.get(name)
    if batch is not None:
        return batch.max
    return int(line is not None and line.common)  # which does not wait for a part before it lets carriers out


def _cell(cell: RobotCell, station: int, machines: Sequence[int]) -> LineRow:
    """Return the row of a robot cell."""
    steps = range(len(cell.spots))
    travel = _ticks(cell.travel_times())
    spots = tuple(SpotRow(machines[step], step, step, 0, 0, NEVER, 0) for step in steps)
    robot = MoverRow(
        machines[-1], cell.grippers, 0, 0, 0, travel, travel, ticks(cell.pick), ticks(cell.drop), ticks(cell.swap)
    )
    return LineRow(
        station=station,
        spots=spots,
        movers=(robot,),
        last=steps[-1],
        common=False,
        order=lp.FIXED if cell.sequence else RULES[cell.order],
        moves=tuple(MoveRow(cell.spots.index(spot), 0, 0, 0) for spot in cell.sequence),
        serves=(0,) * (len(steps) - 1),
        period=0,
        carriers=UNLIMITED,
        scraps=False,
        clearance=0,
    )


def _ticks(rows: Sequence[Sequence[float]]) -> Rows:
    return tuple(tuple(ticks(time) for time in row) for row in rows)


class _Hoists:
    """Builds the row of a hoist line."""

    def __init__(self, plant: Plant, name: str) -> None:
        self.plant, self.name, self.line = plant, name, plant.hoist_line[name]
        line = self.line
        spots = line.spots[:-1] if line.common else line.spots
        self.steps = [step for step, spot in enumerate(spots) for _ in range(self._count(spot))]
        self.at = [place for spot in spots for place in (line.positions(spot) or [0.0] * self._count(spot))]
        self.names = list(line.hoist)
        hoists = [line.hoist_of(spot) for spot in line.spots[:-1]]
        self.serves = tuple(self.names.index(hoist) if hoist is not None else 0 for hoist in hoists)

    def _count(self, spot: str) -> int:
        return self.line.tank[spot].count if spot in self.line.tank else 1

    def row(self, station: int, machines: Sequence[int]) -> LineRow:
        line = self.line
        self._check_baths()
        cycle = self._timetable() if line.has_timetable else None
        return LineRow(
            station=station,
            spots=tuple(self._spot(place, machines[place]) for place in range(len(self.steps))),
            movers=tuple(self._mover(hoist, machines[len(self.steps) + hoist]) for hoist in range(len(self.names))),
            last=len(line.spots) - 1,
            common=line.common,
            order=lp.TIMED if line.has_timetable else lp.FIXED if line.moves else lp.URGENT,
            moves=self._moves(cycle),
            serves=self.serves,
            period=ticks(cycle.period) if cycle is not None else 0,
            carriers=UNLIMITED if line.carriers is None else line.carriers,
            scraps=line.violation == "scrap",
            clearance=round(line.clearance / MICROMETRE),
        )

    def _spot(self, place: int, machine: int) -> SpotRow:
        step, at = self.steps[place], round(self.at[place] / MICROMETRE)
        tank = self.line.tank.get(self.line.spots[step])
        if tank is None:
            unload = ticks(self.line.unload) if step else 0
            return SpotRow(machine, step, place, at, unload, NEVER, 0)
        longest = NEVER if tank.max is None else ticks(tank.max)
        return SpotRow(machine, step, place, at, ticks(usual_soak(self.line, tank)), longest, ticks(tank.drip))

    def _mover(self, hoist: int, machine: int) -> MoverRow:
        line, name = self.line, self.names[hoist]
        table = line.hoist[name]
        if line.loaded is not None:
            low, high, here = 0, 0, self._place_of(table.start or "load")
        else:
            low, high = (round(end / MICROMETRE) for end in line.reach_of(name))
            start = line_checks.start_of(line, name)
            here = min(place for place, at in enumerate(self.at) if at == start)
        return MoverRow(
            machine, 1, here, low, high, _ticks(self._empty(hoist)), _ticks(self._loaded(hoist)), ticks(table.lift),
            ticks(table.lower), 0,
        )  # fmt: skip

    def _place_of(self, spot: str) -> int:
        step = self.line.spots.index(spot)
        return self.steps.index(0 if self.line.common and step == len(self.line.spots) - 1 else step)

    def _empty(self, hoist: int) -> list[list[float]]:
        """Return the empty travel from place to place. [s]"""
        if self.line.empty is not None:
            return [[self.line.empty[a][b] for b in self.steps] for a in self.steps]
        table = self.line.hoist[self.names[hoist]]
        speed = table.speed_empty or table.speed or math.inf
        return [[abs(a - b) / speed for b in self.at] for a in self.at]

    def _loaded(self, hoist: int) -> list[list[float]]:
        """Return the travel with a carrier from place to place, of a table the whole move. [s]"""
        if self.line.loaded is not None:
            return [[self.line.loaded[a] if self._next(a) == b else 0.0 for b in self.steps] for a in self.steps]
        speed = self.line.hoist[self.names[hoist]].speed or math.inf
        return [[abs(a - b) / speed for b in self.at] for a in self.at]

    def _next(self, step: int) -> int:
        """Return the step after one, 0 after the last tank of a line that loads and unloads at one station."""
        return 0 if self.line.common and step == len(self.line.spots) - 2 else step + 1

    def _check_baths(self) -> None:
        """Raise if a plating bath cannot make its thickness within the window of its tank."""
        for name, tank in self.line.tank.items():
            if tank.bath is None:
                continue
            needed, shortest = plating_time(tank.bath), shortest_soak(tank)
            at = (*self._path(), "tank", name)
            if tank.max is not None and needed > tank.max:
                message = f"the longest soak, {tank.max:g} s, is below the {needed:.1f} s that the thickness takes"
                raise error_at(self.plant.file, (*at, "max"), f"{message}; raise max, or lower bath.thickness")
            plated = tank.bath.thickness * min(1.0, shortest / needed)
            if self.line.has_timetable and plated < tank.bath.minimum:
                message = f"in {shortest:g} s {plated * 1e6:.3g} um are plated, less than bath.minimum"
                raise error_at(self.plant.file, (*at, "min"), f"{message}; raise min to {needed:.1f} s")

    # -- timetables ------------------------------------------------------------------------------------------------

    def _moves(self, cycle: Timetable | None) -> tuple[MoveRow, ...]:
        """Return the fixed cycle in the order in which moves start."""
        rows = []
        for spot in self.line.moves:
            step = self.line.spots.index(spot)
            start = 0 if cycle is None else ticks(cycle.starts[step])
            soak = 0 if cycle is None or step == 0 else ticks(cycle.soaks[step - 1])
            rows.append(MoveRow(step, self.serves[step], start, soak))
        return tuple(rows)

    def _timetable(self) -> Timetable:
        """Return when the moves start, or say which window does not let them."""
        line, names = self.line, list(self.line.tank)
        order = [line.spots.index(spot) for spot in line.moves]
        if len(order) != len(line.spots) - 1:
            message = "a timetable has every move once; write each place once, or timed = false"
            raise error_at(self.plant.file, (*self._path(), "moves"), message)
        tanks = list(line.tank.values())
        windows = Windows(
            [shortest_soak(tank) for tank in tanks],
            [math.inf if tank.max is None else tank.max for tank in tanks],
            [tank.count for tank in tanks],
            [self._longest_move(step) for step in range(len(order))],
            [[self._longest_way(a, b) for b in range(len(order) + 1)] for a in range(len(order) + 1)],
            self.serves,
        )
        key: Path = ("starts",) if line.starts else ("moves",)
        try:
            cycle = timetable(windows, order, line.starts, line.period)
        except OrderError as error:
            at = [names[tank - 1] for tank in error.tanks]
            limits = [f"{tank} {_window(line, tank)}" for tank in at]
            message = f"{_named(str(error), names)}{'; windows that break: ' if limits else ''}{', '.join(limits)}"
            raise error_at(self.plant.file, (*self._path(), *key), f"{message}; change the order or a window") from None
        except ValueError as error:
            raise error_at(self.plant.file, (*self._path(), *key), str(error)) from None
        if line.period is not None and cycle.period > line.period * (1.0 + 1e-9):
            message = f"this order takes at least {cycle.period:g} s, more than {line.period:g} s; raise period"
            raise error_at(self.plant.file, (*self._path(), "period"), message)
        self._check_meetings(order, cycle, windows.loaded)
        return cycle

    def _path(self) -> Path:
        return ("hoist_line", self.name)

    def _places(self, step: int) -> list[int]:
        """Return the places of a step."""
        step = 0 if self.line.common and step == len(self.line.spots) - 1 else step
        return [place for place, other in enumerate(self.steps) if other == step]

    def _longest_move(self, step: int) -> float:
        """Return the duration of a move from pick-up to set-down, of the farthest tanks of the two steps. [s]"""
        hoist = self.serves[step]
        table, loaded = self.line.hoist[self.names[hoist]], self._loaded(hoist)
        tank = self.line.tank.get(self.line.spots[step])
        way = max(loaded[a][b] for a in self._places(step) for b in self._places(step + 1))
        return way + table.lift + table.lower + (0.0 if tank is None else tank.drip)

    def _longest_way(self, one: int, other: int) -> float:
        """Return the empty travel between two steps, of their farthest tanks; that of the slowest hoist. [s]"""
        tables = [self._empty(hoist) for hoist in range(len(self.names))]
        return max(table[a][b] for table in tables for a in self._places(one) for b in self._places(other))

    def _check_meetings(self, order: Sequence[int], cycle: Timetable, loaded: Sequence[float]) -> None:
        """Raise if two hoists that move at one time would have to pass, or come too near."""
        line, spots = self.line, self.line.spots
        for one, other in combinations(order, 2):
            if self.serves[one] == self.serves[other]:
                continue
            gap = (cycle.starts[other] - cycle.starts[one]) % cycle.period
            if gap >= loaded[one] and cycle.period - gap >= loaded[other]:
                continue
            left, right = sorted((one, other), key=lambda step: self.serves[step])
            reach = max(self.at[place] for step in (left, left + 1) for place in self._places(step))
            begins = min(self.at[place] for step in (right, right + 1) for place in self._places(step))
            if reach + line.clearance > begins:
                message = (
                    f"hoists '{self.names[self.serves[left]]}' and '{self.names[self.serves[right]]}' would have to "
                    f"pass: their moves from '{spots[left]}' and '{spots[right]}' overlap in time and on the track"
                )
                raise error_at(self.plant.file, (*self._path(), "starts"), f"{message}; start one of them later")


def _window(line: HoistLine, tank: str) -> str:
    table = line.tank[tank]
    return f"[{shortest_soak(table):g} s, {'no limit' if table.max is None else f'{table.max:g} s'}]"


def _named(message: str, names: Sequence[str]) -> str:
    """Return a message about tanks by number with their names."""
    for number in range(len(names), 0, -1):
        message = message.replace(f"tank {number}", f"'{names[number - 1]}'")
    return message
