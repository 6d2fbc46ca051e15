"""Which fixed cycle of moves is best for a robot cell: all of them are run and compared."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import permutations

from factory_sim.model import Distribution, Plant, parse_plant
from factory_sim.model.line_schema import INPUT, RobotCell
from factory_sim.model.paths import put
from factory_sim.simulation import trace as t
from factory_sim.simulation.plan import TICK
from factory_sim.simulation.prepare import prepare
from factory_sim.simulation.run import simulate

MOST_MACHINES = 6  # 720 cycles
ROUNDS = 60  # a number that the length of most patterns divides


@dataclass(frozen=True)
class MoveCycle:
    """A fixed cycle of moves, named by where the robot takes a part, and its time per part. [s]"""

    moves: tuple[str, ...]
    time: float


def move_cycles(plant: Plant, station: str) -> list[MoveCycle]:
    """Return every cycle in which a robot makes each move once, the fastest first; of equal ones the first by name.

    Parameters
    ----------
    plant : Plant
        Its parts always come and always find a place, whatever the plant says.
    station : str
        A robot cell with one gripper. Constant times are its means; failures and planned stops are left out.

    Raises
    ------
    ValueError  If the station is no robot cell with one gripper, or has more than 6 machines.

    Notes
    -----
    Each cycle is simulated until it repeats itself, and timed over 60 parts.
    """
    cell = plant.robot_cell.get(station)
    if cell is None or cell.grippers != 1:
        raise ValueError(f"'{station}' must be a robot cell with one gripper")
    if len(cell.machine) > MOST_MACHINES:
        raise ValueError(f"'{station}' has {len(cell.machine)} machines; at most {MOST_MACHINES} can be tried out")
    found = [MoveCycle(moves, _time(plant, station, moves)) for moves in _orders(cell)]
    return sorted(found, key=lambda cycle: (cycle.time, cycle.moves))


def cycle_time(plant: Plant, station: str, moves: tuple[str, ...]) -> float:
    """Return the time per part of one fixed cycle; see `move_cycles`. [s]

    Raises
    ------
    InputError  If the moves cannot be repeated.
    """
    return _time(plant, station, moves)


def _orders(cell: RobotCell) -> Iterator[tuple[str, ...]]:
    for rest in permutations(cell.machine):
        yield (INPUT, *rest)


def _time(plant: Plant, station: str, moves: tuple[str, ...]) -> float:
    """Return the time per part, of the cell alone between a source and a sink. [s]"""
    alone = parse_plant(_alone(plant, station, moves), file=plant.file)
    cell = alone.robot_cell[station]
    longest = sum(machine.process.mean for machine in cell.machine.values())
    ways = cell.travel_times()
    longest += 2 * len(ways) * (max(map(max, ways)) + cell.pick + cell.drop)
    trace = simulate(prepare(alone), horizon=longest * (2 * ROUNDS + len(ways)) + 1.0)
    left = trace.parts["left"][trace.parts["fate"] == t.AT_SINK]
    return float(left[-1] - left[-1 - ROUNDS]) * TICK / ROUNDS


def _alone(plant: Plant, station: str, moves: tuple[str, ...]) -> dict[str, object]:
    """Return the tables of a plant with the cell alone, of constant times and without stops."""
    cell = dict(plant.raw["robot_cell"][station])
    cell = {key: value for key, value in cell.items() if key not in ("robot", "sequence")}
    machines = plant.robot_cell[station].machine
    cell["machine"] = {
        name: {"process": Distribution("constant", (machine.process.mean,))}
        | {key: value for key, value in plant.raw["robot_cell"][station]["machine"][name].items() if key == "at"}
        for name, machine in machines.items()
    }
    raw = {
        "plant": {"name": plant.name},
        "source": {"parts": {}},
        "sink": {"done": {}},
        "product": {"part": {"route": ["parts", station, "done"]}},
        "station": {station: {"cycle": plant.station[station].cycle}},
        "robot_cell": {station: cell},
    }
    return put(raw, f"robot_cell.{station}.sequence", list(moves))
