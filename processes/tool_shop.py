"""Tool shop: times of finishing, sinking, wire cutting and polishing a mould, and of its try-outs.

Rates are rows mold_* of `processes.materials`. Milling, scallops and discharge rates stand in `processes.mould`.

>>> wire = wire_edm_time(0.80, 0.06, 3.33e-6)  # 800 mm of contour in 60 mm of steel
>>> polish = polishing_time(0.02, 15e6)  # 200 cm2 to a mirror
>>> round(wire / 3600.0, 1), round(polish / 3600.0, 1)  # h
(4.0, 83.3)
"""

from __future__ import annotations

import math

from processes.checks import require_between, require_count, require_not_negative, require_positive, require_within


def finishing_time(area: float, scallop: float, tool_radius: float, feed_speed: float) -> float:
    """Return the time to finish a surface with a ball-nose cutter. [s]

    Parameters
    ----------
    area : float          Of the surface. [m^2]
    scallop : float       Ridges that may remain, 1e-6 to 10e-6; at most half the radius. [m]
    tool_radius : float   Of the ball. [m]
    feed_speed : float    Along the path, 0.02-0.1. [m/s]

    Raises
    ------
    ValueError  If an argument is not positive and finite, or `scallop` exceeds half the radius.

    Notes
    -----
    A/(p v) with the pitch p = sqrt(8 R h) of `mould.scallop_height`; turning round at the ends is left out. Half the
    ridge takes 1.4 times as long. Derived here, ranges typical; row of mold_finishing for what p v usually is.

    >>> round(finishing_time(0.02, 2e-6, 3e-3, 0.03) / 60.0)  # min for 200 cm2
    51
    """
    require_positive(area=area, scallop=scallop, tool_radius=tool_radius, feed_speed=feed_speed)
    if scallop > tool_radius / 2.0:
        raise ValueError(f"scallop must not exceed half the tool_radius {tool_radius!r}, got {scallop!r}")
    return area / (math.sqrt(8.0 * tool_radius * scallop) * feed_speed)


def edm_sinking_time(rough_volume: float, finish_volume: float, rough_rate: float, finishing_slowdown: float) -> float:
    """Return the time to sink a cavity by discharges. [s]

    Parameters
    ----------
    rough_volume : float         Taken away by roughing. [m^3]
    finish_volume : float        Left for finishing: cavity surface times depth of that layer; may be 0. [m^3]
    rough_rate : float           Volume per time in roughing, `mould.edm_mrr`; row of mold_sinker. [m^3/s]
    finishing_slowdown : float   Roughing rate over finishing rate; from the same row; at least 1. [-]

    Raises
    ------
    ValueError  If an argument is not positive and finite (`finish_volume` may be 0), or the slowdown is below 1.

    Notes
    -----
    (V_rough + slowdown V_finish)/rate, by definition of the slowdown (typical).

    >>> round(edm_sinking_time(40e-6, 1e-6, 4.2e-9, 30.0) / 3600.0, 1)  # h: 40 cm3, then 0.1 mm of 100 cm2
    4.6
    """
    require_positive(rough_volume=rough_volume, rough_rate=rough_rate, finishing_slowdown=finishing_slowdown)
    require_not_negative(finish_volume=finish_volume)
    require_within(1.0, math.inf, finishing_slowdown=finishing_slowdown)
    return (rough_volume + finishing_slowdown * finish_volume) / rough_rate


def wire_edm_time(contour: float, height: float, area_rate: float) -> float:
    """Return the time of one cut of a wire along a contour. [s]

    Parameters
    ----------
    contour : float     Length of the cut. [m]
    height : float      Of the work. [m]
    area_rate : float   Cut area per time; row of mold_wire. [m^2/s]

    Raises
    ------
    ValueError  If an argument is not positive and finite.

    Notes
    -----
    L H/rate, by definition of the rate (typical).

    >>> round(wire_edm_time(0.80, 0.06, 200e-6 / 60.0) / 3600.0, 6)  # h at 200 mm2/min
    4.0
    """
    require_positive(contour=contour, height=height, area_rate=area_rate)
    return contour * height / area_rate


def polishing_time(area: float, time_per_area: float) -> float:
    """Return the time to polish a cavity by hand. [s]

    Parameters
    ----------
    area : float            Of the cavity. [m^2]
    time_per_area : float   Rows of mold_polish_fine (Ra 0.05 um) and mold_polish_coarse (Ra 0.4 um). [s/m^2]

    Raises
    ------
    ValueError  If an argument is not positive and finite.

    Notes
    -----
    A times the time per area, by definition (typical): a mirror takes some six times as long as Ra 0.4 um.

    >>> round(polishing_time(0.01, 4 * 60.0 / 1e-4) / 3600.0, 1)  # h for 100 cm2 at 4 min/cm2
    6.7
    """
    require_positive(area=area, time_per_area=time_per_area)
    return area * time_per_area


def tryout_time(mean_loops: float, loop: float) -> float:
    """Return the mean time of all try-outs of a mould. [s]

    Parameters
    ----------
    mean_loops : float   Mean number of try-outs, the last one good; at least 1; row of mold_tryout. [-]
    loop : float         One try-out with the correction that follows a bad one. [s]

    Raises
    ------
    ValueError  If `mean_loops` is below 1, or an argument is not positive and finite.

    Notes
    -----
    Loops by time. Each try-out is the last with the same probability 1/mean, so loops are geometric (typical), with
    the standard deviation sqrt(mean (mean - 1)). Whoever measures in the machine raises that probability.

    >>> tryout_time(3.0, 4 * 86400.0) / 86400.0  # days
    12.0
    """
    require_positive(mean_loops=mean_loops, loop=loop)
    require_within(1.0, math.inf, mean_loops=mean_loops)
    return mean_loops * loop


def tryout_probability(loops: int, mean_loops: float) -> float:
    """Return the probability that a mould is good after at most so many try-outs. [0, 1]

    Parameters
    ----------
    loops : int          Try-outs, 0 or more.
    mean_loops : float   As in `tryout_time`. [-]

    Raises
    ------
    ValueError  If `loops` is not whole, or `mean_loops` is below 1 or not finite.

    Notes
    -----
    1 - (1 - 1/mean)^loops, the geometric distribution of `tryout_time`.

    >>> round(tryout_probability(5, 3.0), 3)
    0.868
    """
    require_count(0, loops=loops)
    require_positive(mean_loops=mean_loops)
    require_within(1.0, math.inf, mean_loops=mean_loops)
    return 1.0 - math.pow(1.0 - 1.0 / mean_loops, loops)


def tryout_loops(mean_loops: float, probability: float) -> int:
    """Return the try-outs to plan so that a mould is good by then with a probability. [-]

    Parameters
    ----------
    mean_loops : float    As in `tryout_time`. [-]
    probability : float   That they suffice, as 0.9; between 0 and 1. [-]

    Raises
    ------
    ValueError  If `mean_loops` is below 1 or not finite, or `probability` lies outside its range.

    Notes
    -----
    The least number whose `tryout_probability` is not below the probability; solved here.

    >>> tryout_loops(3.0, 0.9)  # the mean of 3 would do in 70 of 100 cases
    6
    """
    require_positive(mean_loops=mean_loops)
    require_within(1.0, math.inf, mean_loops=mean_loops)
    require_between(0.0, 1.0, probability=probability)
    if mean_loops == 1.0:
        return 1
    loops = min(math.log1p(-probability) / math.log1p(-1.0 / mean_loops), 1e300)  # infinity has no whole part
    return max(1, math.ceil(loops * (1.0 - 1e-12)))  # 1 - (1/2)^3 = 0.875 must give 3, whatever its logarithm
