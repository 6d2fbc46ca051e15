"""Robots: time of a move.

Arms fail every 1e4-5e4 h (typical; makers quote 40-100 kh) and are then down for 4-24 h. Cells stop far more often, for
grippers, part presence and sensors: every 1-4 h for 2-6 min (typical); measured cells run 88 % of the time, 87 min
between stops (read). Model the two apart.
"""

from __future__ import annotations

import math

from processes.checks import require_not_negative, require_positive


def move_time(distance: float, speed: float, acceleration: float) -> float:
    """Return the time of a move from rest to rest. [s]

    Parameters
    ----------
    distance : float       May be 0. [m]
    speed : float          Greatest speed of the tool: six axes 1.5-4, beside people at most 0.25. [m/s]
    acceleration : float   And deceleration, 5-20. [m/s^2]

    Raises
    ------
    ValueError  If `distance` is negative, another argument not positive, or one is not finite.

    Notes
    -----
    L/v + v/a; 2 sqrt(L/a) if the way L is too short to reach the speed, L < v^2/a. Kinematics, computed here. Pick and
    place takes 2-3 s behind a fence, 8-12 s beside people (read).

    >>> round(move_time(1.2, 1.5, 5.0), 3), round(move_time(0.3, 1.5, 5.0), 3)
    (1.1, 0.49)
    """
    require_not_negative(distance=distance)
    require_positive(speed=speed, acceleration=acceleration)
    if distance < speed**2 / acceleration:
        return 2.0 * math.sqrt(distance / acceleration)
    return distance / speed + speed / acceleration
