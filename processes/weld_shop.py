"""Welding in the shop: wear of spot electrodes, gaps and offsets of seams, quick estimates.

Numbers are rows arc_*, spot_* and laser_* of `processes.materials`; heat and temperatures stand in `processes.welding`.

>>> [round(seam_offset_exceedance(0.0, sigma, 0.5e-3), 4) for sigma in (0.3e-3, 0.15e-3)]  # without and with tracking
[0.0956, 0.0009]
"""

from __future__ import annotations

import math

from processes.checks import require_count, require_finite, require_not_negative, require_positive, require_within


def spot_effective_current(current: float, spots: int, loss_per_spot: float) -> float:
    """Return the weld current that is left of a new electrode's after some spots. [A]

    Parameters
    ----------
    current : float         With fresh electrodes. [A]
    spots : int             Since they were dressed, 0 or more.
    loss_per_spot : float   Share of the current that a spot costs as the tip mushrooms, 0 to 1e-3. [-]

    Raises
    ------
    ValueError  If an argument is negative or not finite, `current` is 0, or `spots` is not whole.

    Notes
    -----
    I (1 - loss spots), at least 0: a straight line, a model of this project (typical). The loss is found by the spots
    that a tip makes until nuggets are too small; row of spot_gun for when tips are dressed.

    >>> spot_effective_current(9500.0, 200, 5e-4)
    8550.0
    """
    require_positive(current=current)
    require_count(0, spots=spots)
    require_not_negative(loss_per_spot=loss_per_spot)
    return current * max(0.0, 1.0 - loss_per_spot * spots)


def spots_until_dressing(current: float, current_min: float, loss_per_spot: float) -> int:
    """Return how many spots electrodes may make before they must be dressed. [-]

    Parameters
    ----------
    current : float         With fresh electrodes. [A]
    current_min : float     With which a nugget is just large enough, at most `current`. [A]
    loss_per_spot : float   As in `spot_effective_current`; above 0. [-]

    Raises
    ------
    ValueError  If an argument is not positive and finite, or `current_min` exceeds `current`.

    Notes
    -----
    The last spot still has that current: 1 + (1 - I_min/I)/loss, whole. `spot_effective_current` solved for the spots.

    >>> spots_until_dressing(9500.0, 8550.0, 5e-4)
    201
    """
    require_positive(current=current, current_min=current_min, loss_per_spot=loss_per_spot)
    if current_min > current:
        raise ValueError(f"current_min must not exceed current = {current!r}, got {current_min!r}")
    spots = (1.0 - current_min / current) / loss_per_spot * (1.0 + 1e-12)
    return 1 + math.floor(min(spots, 1e300))  # infinity has no whole part


def spot_cell_time(spots: int, time_per_spot: float, spots_per_dressing: float, dressing: float) -> float:
    """Return the time of a robot to spot-weld a part, dressing of the electrodes included. [s]

    Parameters
    ----------
    spots : int                  Of a part.
    time_per_spot : float        Weld and move; row of spot_gun. [s]
    spots_per_dressing : float   From the same row, or `spots_until_dressing`; at least 1. [-]
    dressing : float             Time of one; may be 0. [s]

    Raises
    ------
    ValueError  If an argument is not positive and finite (`dressing` may be 0), or `spots` is not whole.

    Notes
    -----
    spots (time + dressing/spots_per_dressing), in the mean over parts. Computed here; values typical.

    >>> round(spot_cell_time(40, 3.0, 200.0, 20.0), 6)
    124.0
    """
    require_count(1, spots=spots)
    require_positive(time_per_spot=time_per_spot)
    require_within(1.0, math.inf, spots_per_dressing=spots_per_dressing)
    require_positive(spots_per_dressing=spots_per_dressing)
    require_not_negative(dressing=dressing)
    return spots * (time_per_spot + dressing / spots_per_dressing)


def weld_laser_gap_limit(thickness: float, gap_share: float = 0.1) -> float:
    """Return the widest gap that a laser bridges without wire. [m]

    Parameters
    ----------
    thickness : float   Of the thinner sheet. [m]
    gap_share : float   Gap over thickness; default that of laser_steel in `processes.materials`. (0, 1]

    Raises
    ------
    ValueError  If an argument is not positive and finite, or `gap_share` exceeds 1.

    Notes
    -----
    A tenth of the thickness (typical).

    >>> weld_laser_gap_limit(2e-3)
    0.0002
    """
    require_positive(thickness=thickness, gap_share=gap_share)
    require_within(0.0, 1.0, gap_share=gap_share)
    return gap_share * thickness


def seam_offset_exceedance(mean: float, sigma: float, limit: float) -> float:
    """Return the probability that the torch is farther off the seam than allowed, either way. [0, 1]

    Parameters
    ----------
    mean : float    Offset that parts and fixture have in the mean, either sign. [m]
    sigma : float   Standard deviation of the offset; seam tracking makes it smaller; may be 0. [m]
    limit : float   Offset that makes a faulty seam. [m]

    Raises
    ------
    ValueError  If an argument is not finite, `limit` is not positive, or `sigma` negative.

    Notes
    -----
    P(|x| > limit) of a normal offset; gaps alike, against `weld_laser_gap_limit`. What a tracking sensor does to faults
    goes through `sigma`. Computed here.

    >>> round(seam_offset_exceedance(0.2e-3, 0.3e-3, 0.5e-3), 4)
    0.1685
    """
    require_finite(mean=mean)
    require_not_negative(sigma=sigma)
    require_positive(limit=limit)
    if sigma == 0.0:
        return float(abs(mean) > limit)
    scale = sigma * math.sqrt(2.0)
    return 0.5 * (math.erfc((limit - mean) / scale) + math.erfc((limit + mean) / scale))


def goldak_fractions(front_length: float, rear_length: float) -> tuple[float, float]:
    """Return the heat fractions of both halves of a double ellipsoid that do not jump where the halves meet. [-]

    Parameters
    ----------
    front_length : float   c_f, usually the half width of the pool. [m]
    rear_length : float    c_r, usually twice that. [m]

    Raises
    ------
    ValueError  If an argument is not positive and finite.

    Notes
    -----
    f_f = 2 c_f/(c_f + c_r) and f_r = 2 - f_f: f_f/c_f = f_r/c_r by continuity. Common, but not the pair 0.6 and 1.4
    that was used with the original lengths (recalled).

    >>> [round(fraction, 3) for fraction in goldak_fractions(0.015, 0.030)]
    [0.667, 1.333]
    """
    require_positive(front_length=front_length, rear_length=rear_length)
    front = 2.0 * front_length / (front_length + rear_length)
    return front, 2.0 - front


def weld_robot_cycle_estimates(weld_length: float, time_by_hand: float) -> tuple[float, float, float]:
    """Return three quick estimates of the cycle of a welding robot: by length, and by hand at its best and worst. [s]

    Parameters
    ----------
    weld_length : float    Of all seams. [m]
    time_by_hand : float   That a welder takes for the part. [s]

    Raises
    ------
    ValueError  If an argument is not positive and finite.

    Notes
    -----
    L/(6 mm/s), time/4 and time/3 (read). Before an offer is bought, `welding.weld_robot_cycle_time`.

    >>> weld_robot_cycle_estimates(1.8, 1200.0)
    (300.0, 300.0, 400.0)
    """
    require_positive(weld_length=weld_length, time_by_hand=time_by_hand)
    return weld_length / 6e-3, time_by_hand / 4.0, time_by_hand / 3.0
