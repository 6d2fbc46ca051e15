"""Plant files for the reference cases of lines with movers: robot cells, and a hoist line with soak windows."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Callable
from pathlib import Path

import numpy as np

from factory_sim.model import parse_plant
from factory_sim.simulation import trace as t
from factory_sim.simulation.plan import NEVER
from factory_sim.simulation.prepare import prepare
from factory_sim.simulation.run import simulate
from factory_sim.simulation.trace import Trace
from factory_sim.study.move_cycles import cycle_time, move_cycles
from processes.hoist import min_cycle
from processes.hoist_order import cycle_exists
from tests.theory.event_plants import Case, Figures, Model, table, time
from tests.theory.observe import Seen

DATA = Path(__file__).parent
SECOND = 1_000_000  # [ticks]
NO_LIMIT = 9999  # in the data files
CYCLES = 60  # of a hoist line that are run
STATIONS = ['[plant]\nname = "Reference case"', "[source.parts]", "[sink.done]"]


def robot_cell(p: Case) -> Model:
    """Machines in a row with one robot that repeats a cycle of moves for ever; one unit is a minute."""
    names = [f"m{k + 1}" for k in range(len(p["processing"]))]
    spots = ["input", *names]
    text = "\n".join([
        *STATIONS,
        table("product.part", 'route = ["parts", "cell", "done"]'),
        table("station.cell", f"cycle = {time(float(max(p['processing'])))}"),
        table(
            "robot_cell.cell",
            f"travel = {time(p['travel'])}",
            *(f"{key} = {time(p['handling'])}" for key in ("pick", "drop")),
            f"sequence = {spots!r}".replace("'", '"'),
        ),
        *(table(f"robot_cell.cell.machine.{name}", f"process = {time(value)}")
          for name, value in zip(names, p["processing"], strict=True)),
    ])  # fmt: skip
    plant = parse_plant(tomllib.loads(text))

    def figures(seen: Seen) -> Figures:
        left = seen.trace.parts["left"][seen.trace.parts["fate"] == t.AT_SINK]
        assert len(left) > 10 and len(set(np.diff(left)[5:].tolist())) == 1, "the cycle of the file repeats itself"
        found = Figures()
        for moves in move_cycles(plant, "cell"):
            order = "".join(str(spots.index(spot)) for spot in moves.moves)
            found[f"cycle_time_moves_{order}"] = cycle_time(plant, "cell", moves.moves) / 60.0
        found["best_one_unit_cycle"] = move_cycles(plant, "cell")[0].time / 60.0
        return found

    longest = sum(p["processing"]) + 3.0 * len(spots) ** 2 * (p["travel"] + p["handling"])
    return Model(text, figures, single=(0.0, 20.0 * longest))


def hoist_line(p: Case) -> Model:
    """One hoist, tanks with soak windows, one station that unloads and loads; times in seconds."""
    data = tomllib.loads((DATA / p["data"]).read_text(encoding="utf-8"))
    order, starts = p["move_order"], [f"{p['removal_times'][move]} s" for move in p["move_order"]]
    fixed = (f"moves = {[_spot(move) for move in order]!r}", f"starts = {starts!r}")
    text = _hoist_plant(data, *fixed)
    lone = prepare(parse_plant(tomllib.loads(_hoist_plant(data, "carriers = 1"))))
    most = 2 * (sum(data["min_time"]) + sum(data["full"]))

    def figures(seen: Seen) -> Figures:
        trace = seen.trace
        left = trace.parts["left"][trace.parts["fate"] == t.AT_SINK]
        soaks = _soaks(trace, data["tanks"])
        late = sum(
            int(np.count_nonzero((soak < low * SECOND) | (soak > high * SECOND)))
            for soak, low, high in zip(soaks, data["min_time"], _limits(data), strict=True)
        )
        steady = [set((soak[-10:] // SECOND).tolist()) for soak in soaks]
        assert steady == [{dwell} for dwell in p["dwell"]], "the listed soaks"
        alone = simulate(lone, horizon=CYCLES * most).parts["left"]
        tables = data["min_time"], _limits(data), data["full"], _empty(data, both_ends=True)
        best = min_cycle(*tables)
        return {
            "optimal_period": best,
            "period_of_listed_cycle": _period(left),
            "dwell_violations": late,
            "period_one_carrier_at_a_time": _period(alone[alone < NEVER]),
            "shorter_period_feasible": float(cycle_exists(*tables, period=best - 1.0)),
        }

    return Model(text, figures, single=(0.0, CYCLES * most / 60.0))


def _spot(move: int) -> str:
    return f"tank_{move}" if move else "load"


def _limits(data: Case) -> list[float]:
    return [math.inf if limit >= NO_LIMIT else float(limit) for limit in data["max_time"]]


def _empty(data: Case, both_ends: bool) -> list[list[float]]:
    """Return the empty travel between load, tanks and, with both ends, the unload, which stands where the load does."""
    last = data["tanks"] + 1
    rows = [data["empty"][f"from_{step}"] for step in (last, *range(1, last))]
    return [[*row, row[0]] for row in [*rows, rows[0]]] if both_ends else rows


def _hoist_plant(data: Case, *more: str) -> str:
    def seconds(values: list[float]) -> str:
        return repr([f"{value} s" for value in values])

    tanks = []
    for step, (low, high) in enumerate(zip(data["min_time"], _limits(data), strict=True)):
        limit = [f'max = "{high} s"'] if high < math.inf else []
        tanks.append(table(f"hoist_line.plating.tank.{_spot(step + 1)}", f'min = "{low} s"', *limit))
    return "\n".join([
        *STATIONS,
        table("product.part", 'route = ["parts", "plating", "done"]'),
        table("station.plating", 'cycle = "1 min"'),
        table(
            "hoist_line.plating",
            "common = true",
            f"loaded = {seconds(data['full'])}",
            f"empty = [{', '.join(seconds(row) for row in _empty(data, both_ends=False))}]",
            *more,
        ),
        *tanks,
        table("hoist_line.plating.hoist.one"),
    ])  # fmt: skip


def _soaks(trace: Trace, tanks: int) -> list[np.ndarray]:
    """Return how long carriers stood in each tank, which are the machines after the load. [ticks]"""
    visits = trace.passages
    done = visits["left"] < NEVER
    return [(visits["left"] - visits["got"])[done & (visits["machine"] == tank)] for tank in range(1, tanks + 1)]


def _period(left: np.ndarray) -> float:
    """Return the time from one carrier to the next, always the same when the line is full. [s]"""
    gaps = set(np.diff(left)[-20:].tolist())
    assert len(gaps) == 1, f"not a fixed period: {gaps}"
    return float(gaps.pop()) / SECOND


MODELS: dict[str, Callable[[Case], Model]] = {
    "robot-tended cell, fixed move cycle": robot_cell,
    "plating line, one hoist, time windows": hoist_line,
}
