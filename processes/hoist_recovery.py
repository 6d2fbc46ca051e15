"""After a stop of the hoist: which tanks are late, in which order their carriers are lifted, what that spoils.

>>> slack = slack_after_stop(soaked=[70.0, 120.0, 40.0, None], soak_max=[90.0, 160.0, 200.0, 100.0], stop=60.0)
>>> slack  # s left in each tank with a carrier
(-40.0, -20.0, 100.0, None)
>>> order = recovery_order(slack)
>>> order  # tank 1 is the latest, but 2 and 3 stand in its way
(3, 2, 1)
>>> way = [[4.0 * abs(a - b) for b in range(6)] for a in range(6)]
>>> recovery_over_soak(slack, order, [15.0] * 5, way, hoist_at=0)
(98.0, 55.0, 0.0, 0.0)
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from processes.checks import require_count, require_lists, require_not_negative, require_within
from processes.hoist import _Line

Soaks = Sequence[float | None]


def slack_after_stop(soaked: Soaks, soak_max: Sequence[float], stop: float) -> tuple[float | None, ...]:
    """Return how long each carrier may still stay when the hoist runs again, negative if it has stayed too long. [s]

    Parameters
    ----------
    soaked : sequence of float or None   Soak of each tank's carrier when the hoist stopped; None if it is empty. [s]
    soak_max : sequence of float         Longest soak of each tank; `math.inf` where it does no harm. [s]
    stop : float                         How long the hoist stood; 0 or more. [s]

    Raises
    ------
    ValueError  If the lists differ in length, or a time is negative, or not finite where it must be.

    Notes
    -----
    soak_max - soaked - stop: in a stop every carrier soaks on. By definition of the window.

    >>> slack_after_stop([70.0, None], [90.0, math.inf], 60.0)
    (-40.0, None)
    """
    _require_one_each("soaked", soaked)
    require_lists(soak_max=soak_max)
    require_not_negative(stop=stop)
    if len(soaked) != len(soak_max):
        raise ValueError(f"soak_max must have {len(soaked)} numbers, as soaked, got {len(soak_max)}")
    for i, (time, most) in enumerate(zip(soaked, soak_max, strict=True)):
        require_not_negative(**{f"soaked[{i}]": 0.0 if time is None else time})
        if not most >= 0.0:
            raise ValueError(f"soak_max[{i}] must not be negative, got {most!r}")
    return tuple(None if time is None else most - time - stop for time, most in zip(soaked, soak_max, strict=True))


def _require_one_each(name: str, values: Soaks) -> None:
    """Raise unless the values are a list of numbers or None, one for each tank."""
    listed: object = values
    if not isinstance(listed, Iterable) or isinstance(listed, str | dict):
        raise ValueError(f"{name} must be a list of numbers, or None for an empty tank, got {values!r}")
    require_lists(**{name: [value for value in values if value is not None]})


def recovery_order(slack: Soaks) -> tuple[int, ...]:
    """Return the tanks in the order in which their carriers are lifted after a stop, counted from 1.

    Parameters
    ----------
    slack : sequence of float or None   `slack_after_stop` of each tank; None if it is empty. [s]

    Raises
    ------
    ValueError  If `slack` is no list of numbers, or one of them is NaN.

    Notes
    -----
    The carrier with the least slack first. A carrier goes only into an empty tank, so those right ahead of it go before
    it, the foremost first; of equal slacks the later tank comes first. Each carrier makes one move, to the next tank;
    after that the line goes by its cycle again. Rule of the trade (typical).

    >>> recovery_order([30.0, None, -20.0, 50.0, None])
    (4, 3, 1)
    """
    _require_one_each("slack", slack)
    left = {tank: float(value) for tank, value in enumerate(slack, 1) if value is not None}
    for tank, value in left.items():
        if math.isnan(value):
            raise ValueError(f"slack[{tank - 1}] must be a number, got {value!r}")
    order: list[int] = []
    while left:
        critical = min(left, key=lambda tank: (left[tank], -tank))
        last = critical
        while last + 1 in left:
            last += 1
        for tank in range(last, critical - 1, -1):
            order.append(tank)
            del left[tank]
    return tuple(order)


def recovery_over_soak(
    slack: Soaks,
    order: Sequence[int],
    loaded_move: Sequence[float],
    empty_move: Sequence[Sequence[float]],
    hoist_at: int,
) -> tuple[float, ...]:
    """Return by how much each carrier has stayed too long when the hoist lifts it after a stop. [s]

    Parameters
    ----------
    slack : sequence of float or None   `slack_after_stop` of each tank. [s]
    order : sequence of int             Tanks as their carriers are lifted, `recovery_order` or another one.
    loaded_move, empty_move : sequences
        As in `processes.hoist.min_cycle`. [s]
    hoist_at : int                      Station where the hoist stands when it runs again.

    Raises
    ------
    ValueError  If sizes do not fit, a time is negative or not finite, or `order` does not name each tank with a carrier
                once.

    Notes
    -----
    Empty way to the tank, lift, loaded move, and so on; the over-soak is the time of the lift less the slack, at least
    0, and 0 for an empty tank. What is over the window is a defect of its kind (burnt, passive). Kinematics, computed
    here.

    >>> way = [[4.0 * abs(a - b) for b in range(4)] for a in range(4)]
    >>> recovery_over_soak([-10.0, 30.0], (2, 1), [15.0] * 3, way, hoist_at=0)
    (41.0, 0.0)
    """
    _require_sizes(slack, order, loaded_move, empty_move, hoist_at)
    clock, at = 0.0, int(hoist_at)
    over = [0.0] * len(slack)
    for tank in map(int, order):
        clock += empty_move[at][tank]
        left = slack[tank - 1]
        over[tank - 1] = 0.0 if left is None else max(0.0, clock - left)
        clock, at = clock + loaded_move[tank], tank + 1
    return tuple(over)


def _require_sizes(
    slack: Soaks,
    order: Sequence[int],
    loaded_move: Sequence[float],
    empty_move: Sequence[Sequence[float]],
    hoist_at: int,
) -> None:
    """Raise unless moves, ways and order fit the tanks."""
    _require_one_each("slack", slack)
    require_lists(order=order)
    tanks = len(slack)
    _Line.checked([0.0] * tanks, [math.inf] * tanks, loaded_move, empty_move)
    require_count(0, hoist_at=hoist_at)
    require_within(0, tanks + 1, hoist_at=hoist_at)
    held = [tank for tank, value in enumerate(slack, 1) if value is not None]
    if sorted(order) != held:
        raise ValueError(f"order must name each tank with a carrier once, {held}, got {list(order)}")
