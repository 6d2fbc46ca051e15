"""Robots: time of a move.

Arms fail rarely and for long; cells stop far more often and for minutes, for grippers, part presence and sensors. Model
the two apart: rows of robot_six_axis and robot_cell in `processes.materials`, which hold what makers quote and what was
measured.
"""

from __future__ import annotations

import math

from processes.checks import require_not_negative, require_positive


def move_time(distance: float, speed: float, acceleration: float) -> float:
    """Return the time of a move from rest to rest. [s]

    Parameters
    ----------
    distance : float       May be 0. [m]
    speed : float          Greatest speed of the tool; rows robot_six_axis and robot_collaborative of
                           `processes.materials`. [m/s]
    acceleration : float   And deceleration; from the same rows. [m/s^2]

    Raises
    ------
    ValueError  If `distance` is negative, another argument not positive, or one is not finite.

    Notes
    -----
    L/v + v/a; 2 sqrt(L/a) if the way L is too short to reach the speed, L < v^2/a. Kinematics, computed here. What pick
    and place take in all stands in the same rows.

    >>> round(move_time(1.2, 1.5, 5.0), 3), round(move_time(0.3, 1.5, 5.0), 3)
    (1.1, 0.49)
    """
    require_not_negative(distance=distance)
    require_positive(speed=speed, acceleration=acceleration)
    if distance < speed**2 / acceleration:
        return 2.0 * math.sqrt(distance / acceleration)
    return distance / speed + speed / acceleration
