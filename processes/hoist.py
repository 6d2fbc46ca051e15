"""Plating lines with one hoist: the shortest cyclic schedule that keeps every soak window."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import combinations, pairwise

from processes.checks import require_lists, require_not_negative, require_positive

# A constraint start[v] >= start[u] + a - k period, written (u, v, a, k).
_Arc = tuple[int, int, float, int]
_ROUNDING = 1e-10  # relative to the longest time of the line: smaller violations are rounding


def min_cycle(
    soak_min: Sequence[float],
    soak_max: Sequence[float],
    loaded_move: Sequence[float],
    empty_move: Sequence[Sequence[float]],
) -> float:
    """Return the shortest period of a one-hoist line that repeats the same moves for every carrier. [s]

    Parameters
    ----------
    soak_min : sequence of float
        Shortest soak in each of the n tanks, set-down to pick-up. [s]
    soak_max : sequence of float
        Longest soak in each tank; `math.inf` where over-soaking does no harm. [s]
    loaded_move : sequence of float
        Duration of move i, from station i to i + 1 with lifting, dripping and lowering, 15-45; n + 1 numbers. [s]
    empty_move : sequence of sequences of float
        Empty travel from station a to station b, n + 2 rows and columns: station 0 loads, 1 to n are the tanks,
        n + 1 unloads. A common load/unload station is given twice, with the same times. [s]

    Raises
    ------
    ValueError  If sizes do not fit, a time is negative or not finite, a soak window is empty, or no order of the moves
                keeps all windows.

    Notes
    -----
    1-degree cycle: one carrier in a tank, every move once per period, no time limit at stations 0 and n + 1. For a
    given order of the moves the shortest period is a linear programme in differences, solved here exactly by raising
    the period to the worst critical circuit; branch and bound over the orders. Problem of Phillips and Unger,
    AIIE Transactions 8 (1976) 219 (recalled); their line of 12 tanks takes 0.3 s. Narrow windows are fast, 20 tanks in
    seconds; windows several times the shortest soak are slow from 12 tanks on.

    >>> line = ([60.0, 40.0], [90.0, 60.0], [15.0] * 3, [[4.0 * abs(a - b) for b in range(4)] for a in range(4)])
    >>> min_cycle(*line)
    98.0
    """
    return _solve(soak_min, soak_max, loaded_move, empty_move)[0]


def move_starts(
    soak_min: Sequence[float],
    soak_max: Sequence[float],
    loaded_move: Sequence[float],
    empty_move: Sequence[Sequence[float]],
) -> tuple[float, ...]:
    """Return when each move starts in a cycle of the shortest period; move 0 starts at 0. [s]

    Parameters
    ----------
    soak_min, soak_max, loaded_move, empty_move : sequences
        As in `min_cycle`. [s]

    Raises
    ------
    ValueError  As `min_cycle`.

    Notes
    -----
    One of the optimal schedules, every move as early as its order allows. Move i takes the carrier out of tank i; the
    soak there is start_i - (start_(i-1) + loaded_(i-1)), plus one period if that is negative. Derived here.

    >>> line = ([60.0, 40.0], [90.0, 60.0], [15.0] * 3, [[4.0 * abs(a - b) for b in range(4)] for a in range(4)])
    >>> move_starts(*line)
    (0.0, 75.0, 32.0)
    """
    return _solve(soak_min, soak_max, loaded_move, empty_move)[1]


def cycle_bound(
    soak_min: Sequence[float], loaded_move: Sequence[float], empty_move: Sequence[Sequence[float]]
) -> float:
    """Return a period that no one-hoist line can fall below: its slowest tank or its hoist, whichever is slower. [s]

    Parameters
    ----------
    soak_min, loaded_move, empty_move : sequences
        As in `min_cycle`. [s]

    Raises
    ------
    ValueError  If sizes do not fit, or a time is negative or not finite.

    Notes
    -----
    Tank i: soak_min + loaded_(i-1) + loaded_i + empty(i+1 -> i-1), the time from one set-down to the next; with loaded
    moves between, where the empty way is the longer one. Hoist: all loaded moves and after each the shortest empty one.
    Both from counting, computed here.

    >>> cycle_bound([60.0, 40.0], [15.0] * 3, [[4.0 * abs(a - b) for b in range(4)] for a in range(4)])
    98.0
    """
    require_lists(soak_min=soak_min)
    return _Line.checked(soak_min, [math.inf] * len(soak_min), loaded_move, empty_move).bound


@dataclass
class _Line:
    """Times of a line.

    `gap[i][j]` is the least time from the start of move i to that of move j right after it, `reach[i][j]` the same with
    any other moves between: less only where a loaded detour beats the empty way.
    """

    soak_min: list[float]
    soak_max: list[float]
    loaded: list[float]
    gap: list[list[float]]
    reach: list[list[float]] = field(init=False)
    bound: float = field(init=False)
    tolerance: float = field(init=False)

    @classmethod
    def checked(
        cls,
        soak_min: Sequence[float],
        soak_max: Sequence[float],
        loaded_move: Sequence[float],
        empty_move: Sequence[Sequence[float]],
    ) -> _Line:
        require_lists(soak_min=soak_min, soak_max=soak_max, loaded_move=loaded_move)
        if not isinstance(empty_move, Iterable):
            raise ValueError(f"empty_move must be a list of lists of numbers, got {empty_move!r}")
        require_lists(**{f"empty_move[{a}]": row for a, row in enumerate(empty_move)})
        tanks = len(soak_min)
        if tanks < 1:
            raise ValueError("soak_min must name at least one tank, got none")
        sizes = {
            "soak_max": (len(soak_max), tanks),
            "loaded_move": (len(loaded_move), tanks + 1),
            "empty_move": (len(empty_move), tanks + 2),
            **{f"empty_move[{a}]": (len(row), tanks + 2) for a, row in enumerate(empty_move)},
        }
        for name, (size, needed) in sizes.items():
            if size != needed:
                raise ValueError(f"{name} must have {needed} numbers for {tanks} tanks, got {size}")
        for i, (low, high) in enumerate(zip(soak_min, soak_max, strict=True)):
            require_not_negative(**{f"soak_min[{i}]": low})
            if not high >= low:
                raise ValueError(f"soak_max[{i}] must not be below soak_min[{i}], got {high!r} against {low!r}")
        require_positive(**{f"loaded_move[{i}]": time for i, time in enumerate(loaded_move)})
        for a, row in enumerate(empty_move):
            require_not_negative(**{f"empty_move[{a}][{b}]": time for b, time in enumerate(row)})
        loaded = [float(time) for time in loaded_move]
        gap = [[time + float(empty_move[i + 1][j]) for j in range(tanks + 1)] for i, time in enumerate(loaded)]
        return cls([float(low) for low in soak_min], [float(high) for high in soak_max], loaded, gap)

    def __post_init__(self) -> None:
        moves = range(len(self.loaded))
        self.reach = [row[:] for row in self.gap]
        for k in moves:
            for i in moves:
                for j in moves:
                    self.reach[i][j] = min(self.reach[i][j], self.reach[i][k] + self.reach[k][j])
        slowest = max(low + self.loaded[i] + self.reach[i + 1][i] for i, low in enumerate(self.soak_min))
        self.bound = max(slowest, sum(min(self.gap[i][j] for j in moves if j != i) for i in moves))
        self.tolerance = _ROUNDING * self.bound

    def soak_arcs(self, i: int, in_cycle: bool) -> list[_Arc]:
        """Return the window of the tank between moves i - 1 and i; `in_cycle` if move i starts after i - 1."""
        turn = 0 if in_cycle else 1
        low, high = self.soak_min[i - 1] + self.loaded[i - 1], self.soak_max[i - 1] + self.loaded[i - 1]
        arcs = [(i - 1, i, low, turn)]
        if high < math.inf:
            arcs.append((i, i - 1, -high, -turn))
        return arcs

    def before_arcs(self, i: int, j: int) -> list[_Arc]:
        """Return what holds if move i starts before move j within the period."""
        arcs = [(i, j, self.reach[i][j], 0), (j, i, self.reach[j][i], 1)]
        if abs(i - j) == 1:
            arcs += self.soak_arcs(max(i, j), in_cycle=i < j)
        return arcs

    def order_arcs(self, order: Sequence[int]) -> list[_Arc]:
        """Return the linear programme of one order of all moves, move 0 first."""
        arcs = [(i, j, self.gap[i][j], 0) for i, j in pairwise(order)]
        arcs.append((order[-1], order[0], self.gap[order[-1]][order[0]], 1))
        rank = {move: place for place, move in enumerate(order)}
        for i in range(1, len(order)):
            arcs += self.soak_arcs(i, in_cycle=rank[i - 1] < rank[i])
        return arcs

    def shortest(self, arcs: list[_Arc], period: float) -> tuple[float, list[float]] | None:
        """Return the shortest period, not below the given one, that meets all arcs, and the earliest starts."""
        while True:
            circuit, starts = self.critical_circuit(arcs, period)
            if circuit is None:
                return period, starts
            turns = sum(arc[3] for arc in circuit)
            if turns <= 0:  # a longer period does not help
                return None
            period = sum(arc[2] for arc in circuit) / turns

    def critical_circuit(self, arcs: list[_Arc], period: float) -> tuple[list[_Arc] | None, list[float]]:
        """Return a circuit of positive length, if there is one, and the longest paths from move 0."""
        moves = len(self.loaded)
        starts = [0.0] + [-math.inf] * (moves - 1)
        last: dict[int, _Arc] = {}
        raised = 0
        for _ in range(moves):
            raised = -1
            for arc in arcs:
                u, v, a, k = arc
                start = starts[u] + a - k * period
                if start > starts[v] + self.tolerance:
                    starts[v], last[v], raised = start, arc, v
            if raised < 0:
                return None, starts
        seen: list[int] = []
        while raised not in seen:  # a move raised in the last round is reached through a circuit
            seen.append(raised)
            raised = last[raised][0]
        return [last[v] for v in seen[seen.index(raised) :]], starts


class _Search:
    """Branch and bound over the order of pairs of moves."""

    def __init__(self, line: _Line, within: float | None = None) -> None:
        """Find the shortest period; with `within`, any one that is not longer."""
        self.line, self.within = line, within
        self.period = math.inf
        self.starts: list[float] = []
        moves = range(len(line.loaded))
        root = [arc for j in moves[1:] for arc in line.before_arcs(0, j)]
        self.branch(root, line.bound, list(combinations(moves[1:], 2)))

    def branch(self, arcs: list[_Arc], bound: float, undecided: list[tuple[int, int]]) -> None:
        """Search all orders that meet the arcs; `bound` is known to hold for them."""
        line = self.line
        if self.within is not None and self.starts:
            return
        relaxed = line.shortest(arcs, bound)
        if relaxed is None or relaxed[0] >= self.period - line.tolerance:
            return
        if self.within is not None and relaxed[0] > self.within + line.tolerance:
            return
        bound, starts = relaxed
        pair = max(undecided, key=lambda pair: self.violation(pair, bound, starts), default=None)
        if pair is None or self.violation(pair, bound, starts) <= line.tolerance:
            order = sorted(range(len(starts)), key=starts.__getitem__)
            found = line.shortest(line.order_arcs(order), bound)
            wanted = self.period if self.within is None else self.within + line.tolerance
            if found is not None and found[0] < wanted:
                self.period, self.starts = found
            if pair is None or self.period <= bound + line.tolerance:
                return
        rest = [other for other in undecided if other != pair]
        i, j = pair if starts[pair[0]] <= starts[pair[1]] else pair[::-1]
        self.branch(arcs + line.before_arcs(i, j), bound, rest)
        self.branch(arcs + line.before_arcs(j, i), bound, rest)

    def violation(self, pair: tuple[int, int], period: float, starts: list[float]) -> float:
        """Return by how much the starts break the better order of a pair, 0 if they keep it."""
        return min(
            max(starts[u] + a - k * period - starts[v] for u, v, a, k in self.line.before_arcs(i, j))
            for i, j in (pair, pair[::-1])
        )


def _solve(
    soak_min: Sequence[float],
    soak_max: Sequence[float],
    loaded_move: Sequence[float],
    empty_move: Sequence[Sequence[float]],
) -> tuple[float, tuple[float, ...]]:
    search = _Search(_Line.checked(soak_min, soak_max, loaded_move, empty_move))
    if not search.starts:
        raise ValueError("no order of the moves keeps every window from soak_min to soak_max")
    return search.period, tuple(search.starts)
