"""Plating lines and robot cells with a given order of moves: their shortest period, and what a given timetable breaks.

A move is numbered by the step where it lifts its carrier: move 0 at the load, move i out of tank i, move n into the
unload. A step may have several tanks that are used in turn.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise, product

from processes.checks import require_not_negative
from processes.hoist import _Arc, _Line, _Search

_MOST_TURNS = 4096  # ways to count the turns of all steps that are tried


class OrderError(ValueError):
    """An order or a timetable cannot be kept; `tanks` are the steps whose windows break, counted from 1."""

    def __init__(self, message: str, tanks: Sequence[int] = ()) -> None:
        self.tanks = tuple(tanks)
        super().__init__(message)


@dataclass(frozen=True)
class Timetable:
    """A cycle that repeats for ever: its period, the start of each move after its begin, the soak in each tank. [s]"""

    period: float
    starts: tuple[float, ...]
    soaks: tuple[float, ...]


def order_timetable(
    soak_min: Sequence[float],
    soak_max: Sequence[float],
    loaded_move: Sequence[float],
    empty_move: Sequence[Sequence[float]],
    order: Sequence[int],
    tanks: Sequence[int] | None = None,
    period: float | None = None,
) -> Timetable:
    """Return the shortest cycle of a line with one hoist that makes its moves in the given order.

    Parameters
    ----------
    soak_min, soak_max, loaded_move, empty_move : sequences
        As in `processes.hoist.min_cycle`; loaded moves may take no time. [s]
    order : sequence of int
        Each move 0 to n once.
    tanks : sequence of int, optional
        Tanks of each step, at least 1; default: one each.
    period : float, optional
        The cycle is at least this long; default: as short as the order allows. [s]

    Raises
    ------
    OrderError  If no period keeps every window; `tanks` says which break.
    ValueError  If sizes do not fit, or a time is negative or not finite.

    Notes
    -----
    Starts are the longest paths in the graph of what must come before what; the least period makes the worst circuit
    zero. With several tanks a carrier may stay some more turns, all numbers of turns are tried. Every move is as early
    as its order allows. One hoist and no upper limits: the cycle time of a robot cell that waits at its machines.
    Derived here.

    >>> line = ([60.0, 40.0], [90.0, 60.0], [15.0] * 3, [[4.0 * abs(a - b) for b in range(4)] for a in range(4)])
    >>> order_timetable(*line, order=(0, 2, 1))
    Timetable(period=98.0, starts=(0.0, 75.0, 32.0), soaks=(60.0, 40.0))
    """
    line = _line(soak_min, soak_max, loaded_move, empty_move)
    if sorted(order) != list(range(len(line.loaded))):
        raise OrderError(f"the order must have each move from 0 to {len(line.loaded) - 1} once, got {list(order)}")
    least = _least_soaks(line, order)
    several = [1] * len(soak_min) if tanks is None else list(tanks)
    short = [i for i, low in enumerate(least, 1) if several[i - 1] == 1 and low > soak_max[i - 1] + line.tolerance]
    if short:
        i = short[0]
        raise OrderError(
            f"the moves between keep a carrier at least {least[i - 1]:g} s in tank {i}, at most {soak_max[i - 1]:g} s",
            short,
        )
    best: Timetable | None = None
    for turns in _turns(several):
        found = line.shortest(_arcs(line, order, turns), period or 0.0)
        if found is not None and (best is None or found[0] < best.period - line.tolerance):
            best = _timetable(line, order, turns, *found)
    if best is None:
        raise OrderError("no period keeps every window in this order", _breaking(line, order))
    return best


def starts_timetable(
    soak_min: Sequence[float],
    soak_max: Sequence[float],
    loaded_move: Sequence[float],
    empty_move: Sequence[Sequence[float]],
    starts: Sequence[float],
    period: float | None = None,
    tanks: Sequence[int] | None = None,
    hoists: Sequence[int] | None = None,
) -> Timetable:
    """Return the cycle with the given starts of moves, of the given period or the shortest one that they allow.

    Parameters
    ----------
    soak_min, soak_max, loaded_move, empty_move, tanks : sequences
        As in `order_timetable`. [s]
    starts : sequence of float
        Start of move i after the begin of the cycle. [s]
    period : float, optional
        Default: the shortest; needed with several tanks in a step. [s]
    hoists : sequence of int, optional
        Hoist of each move; default: one hoist. That two do not meet is not looked at here.

    Raises
    ------
    OrderError  If a hoist cannot be where it must, or a window breaks; `tanks` says which.
    ValueError  If sizes do not fit, or a time is negative or not finite.

    Notes
    -----
    Each start must leave time for the move before, the way to it and the shortest soak, none may come after the longest
    one; what holds from cycle to cycle says how long a period must be. With several tanks a carrier stays as few turns
    more as its shortest soak needs. Derived here.

    >>> line = ([60.0, 40.0], [90.0, 60.0], [15.0] * 3, [[4.0 * abs(a - b) for b in range(4)] for a in range(4)])
    >>> starts_timetable(*line, starts=(0.0, 75.0, 32.0)).period
    98.0
    """
    line = _line(soak_min, soak_max, loaded_move, empty_move)
    if len(starts) != len(line.loaded):
        raise ValueError(f"starts must have {len(line.loaded)} times, got {len(starts)}")
    require_not_negative(**{f"starts[{i}]": time for i, time in enumerate(starts)})
    order = sorted(range(len(starts)), key=lambda i: (starts[i], i))
    several = [1] * len(soak_min) if tanks is None else list(tanks)
    if period is None and max(several) > 1:
        raise ValueError("period must be given where a step has several tanks")
    turns = [0 if period is None else _turns_needed(line, i, starts, period, room) for i, room in enumerate(several, 1)]
    arcs = [*_soak_arcs(line, order, turns), *_hoist_arcs(line, order, hoists or [0] * len(starts))]
    least = max((starts[u] + a - starts[v]) / k for u, v, a, k in arcs if k > 0)
    if period is None:
        period = least
    for u, v, a, k in arcs:
        late = starts[u] + a - k * period - starts[v]
        if late > line.tolerance:
            raise _broken((u, v, a, k), late, line)
    return _timetable(line, order, turns, period, list(starts))


def cycle_exists(
    soak_min: Sequence[float],
    soak_max: Sequence[float],
    loaded_move: Sequence[float],
    empty_move: Sequence[Sequence[float]],
    period: float,
) -> bool:
    """Tell whether a one-hoist line has any cycle, in any order of its moves, of at most the given period.

    Parameters
    ----------
    soak_min, soak_max, loaded_move, empty_move : sequences
        As in `processes.hoist.min_cycle`. [s]
    period : float   > 0 [s]

    Raises
    ------
    ValueError  If sizes do not fit, a time is negative or not finite, or a soak window is empty.

    Notes
    -----
    Exact: every order of every pair of moves is followed until a circuit of the moves that are ordered already needs
    more than `period`. A shorter period that would do is a longer one's too, with all moves at the same times.

    >>> line = ([60.0, 40.0], [90.0, 60.0], [15.0] * 3, [[4.0 * abs(a - b) for b in range(4)] for a in range(4)])
    >>> cycle_exists(*line, period=97.9), cycle_exists(*line, period=98.0)
    (False, True)
    """
    require_not_negative(period=period)
    line = _Line.checked(soak_min, soak_max, loaded_move, empty_move)
    if period < line.bound - line.tolerance:
        return False
    return bool(_Search(line, within=period).starts)


def _line(
    soak_min: Sequence[float],
    soak_max: Sequence[float],
    loaded_move: Sequence[float],
    empty_move: Sequence[Sequence[float]],
) -> _Line:
    """Return the checked times; a move of no time counts as one, which is far below what is told apart."""
    dust = 1e-9 * (1.0 + sum(soak_min) + sum(loaded_move))
    line = _Line.checked(soak_min, soak_max, [time or dust for time in loaded_move], empty_move)
    for i, time in enumerate(loaded_move):
        if not time:
            line.gap[i] = [gap - dust for gap in line.gap[i]]
            line.loaded[i] = 0.0
    line.tolerance = max(line.tolerance, dust)
    return line


def _least_soaks(line: _Line, order: Sequence[int]) -> list[float]:
    """Return how long the moves from a set-down to the next pick-up in the order keep the carrier of each tank."""
    found = []
    for i in range(1, len(order)):
        at, end = order.index(i - 1), order.index(i)
        between = [*order[at:], *order[: end + 1]] if end < at else list(order[at : end + 1])
        found.append(sum(line.gap[a][b] for a, b in pairwise(between)) - line.loaded[i - 1])
    return found


def _turns(tanks: Sequence[int]) -> Iterator[tuple[int, ...]]:
    if math.prod(tanks) > _MOST_TURNS:
        raise ValueError(f"steps of {list(tanks)} tanks have too many ways to take turns; give times instead")
    yield from product(*map(range, tanks))


def _arcs(line: _Line, order: Sequence[int], turns: Sequence[int]) -> list[_Arc]:
    """Return what must come before what with one hoist, if carriers stay so many turns more in each step."""
    return [*_hoist_arcs(line, order, [0] * len(order)), *_soak_arcs(line, order, turns)]


def _hoist_arcs(line: _Line, order: Sequence[int], hoists: Sequence[int]) -> list[_Arc]:
    """Return that each hoist makes its moves one after another, and the first one again after the last."""
    arcs: list[_Arc] = []
    for hoist in sorted(set(hoists)):
        mine = [move for move in order if hoists[move] == hoist]
        arcs += [(i, j, line.gap[i][j], 0) for i, j in pairwise(mine)]
        arcs.append((mine[-1], mine[0], line.gap[mine[-1]][mine[0]], 1))
    return arcs


def _soak_arcs(line: _Line, order: Sequence[int], turns: Sequence[int]) -> list[_Arc]:
    """Return the windows of the steps."""
    rank = {move: place for place, move in enumerate(order)}
    return [
        (u, v, a, k + turns[i - 1] if u < v else k - turns[i - 1])
        for i in range(1, len(order))
        for u, v, a, k in line.soak_arcs(i, in_cycle=rank[i - 1] < rank[i])
    ]


def _turns_needed(line: _Line, i: int, starts: Sequence[float], period: float, tanks: int) -> int:
    """Return how many turns more a carrier stays in step i for its shortest soak, fewer than it has tanks."""
    soak = starts[i] - starts[i - 1] - line.loaded[i - 1] + (period if starts[i] < starts[i - 1] else 0.0)
    return min(tanks - 1, max(0, math.ceil((line.soak_min[i - 1] - soak - line.tolerance) / period)))


def _timetable(
    line: _Line, order: Sequence[int], turns: Sequence[int], period: float, starts: Sequence[float]
) -> Timetable:
    """Return the cycle with its soaks, times counted from the first move of the order."""
    rank = {move: place for place, move in enumerate(order)}
    soaks = [
        starts[i] - starts[i - 1] - line.loaded[i - 1] + period * (turns[i - 1] + (rank[i] < rank[i - 1]))
        for i in range(1, len(order))
    ]
    return Timetable(period, tuple(starts), tuple(soaks))


def _breaking(line: _Line, order: Sequence[int]) -> list[int]:
    """Return the tanks whose upper limits take part in a circuit that no period meets."""
    arcs, period = _arcs(line, order, [0] * len(line.soak_min)), 0.0
    while True:
        circuit, _ = line.critical_circuit(arcs, period)
        assert circuit is not None, "some circuit cannot be met"
        turns = sum(arc[3] for arc in circuit)
        if turns <= 0:
            return sorted({u for u, v, a, _ in circuit if v == u - 1 and a <= 0.0})
        period = sum(arc[2] for arc in circuit) / turns


def _broken(arc: _Arc, late: float, line: _Line) -> OrderError:
    """Return the error for a timetable whose moves u and v come too close, or too far apart."""
    u, v, a, _ = arc
    if v == u + 1 and a == line.soak_min[u] + line.loaded[u]:
        return OrderError(f"the soak in tank {v} is {late:g} s too short", (v,))
    if v == u - 1 and a == -(line.soak_max[v] + line.loaded[v]):
        return OrderError(f"the soak in tank {u} is {late:g} s too long", (u,))
    return OrderError(f"the hoist comes {late:g} s too late from move {u} to move {v}")
