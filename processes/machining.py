"""Precision machining: tool life, economic speeds, times, power, ideal roughness, growth of the spindle.

Constants of tools, works and machine tools are rows tool_*, work_* and machine_tool_* of `processes.materials`.

>>> C, n = 300.0 / 60.0, 0.25  # carbide: 300 m/min for one minute of life
>>> v = speed_max_production(C, n, 120.0)
>>> round(60.0 * v), round(taylor_life(v, C, n) / 60.0)  # m/min, min between changes of two minutes
(192, 6)
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from processes.checks import (
    require_count,
    require_finite,
    require_lists,
    require_not_negative,
    require_positive,
    require_within,
)

BEYOND_FIT = 0.3  # share of the fitted speeds by which Taylor's equation may be carried beyond them


def taylor_speed_range(fitted_speeds: Sequence[float]) -> tuple[float, float]:
    """Return the lowest and the highest speed at which constants of Taylor's equation hold. [m/s]

    Parameters
    ----------
    fitted_speeds : sequence of float   Cutting speeds of the tests that gave C and n. [m/s]

    Raises
    ------
    ValueError  If there is no speed, or one is not positive and finite.

    Notes
    -----
    30 % below the slowest and 30 % above the fastest test (typical): beyond them another kind of wear rules.

    >>> [round(60.0 * speed) for speed in taylor_speed_range([100.0 / 60.0, 160.0 / 60.0])]  # m/min
    [70, 208]
    """
    require_lists(fitted_speeds=fitted_speeds)
    require_positive(**{f"fitted_speeds[{i}]": speed for i, speed in enumerate(fitted_speeds)})
    if not len(fitted_speeds):
        raise ValueError(f"fitted_speeds must have at least one speed, got {fitted_speeds!r}")
    return (1.0 - BEYOND_FIT) * min(fitted_speeds), (1.0 + BEYOND_FIT) * max(fitted_speeds)


def _held_by_fit(speed: float, what: str, fitted_speeds: Sequence[float] | None) -> float:
    """Return a cutting speed; raise if the fit of Taylor's equation does not reach it."""
    if fitted_speeds is not None:
        low, high = taylor_speed_range(fitted_speeds)
        if not low * (1.0 - 1e-12) <= speed <= high * (1.0 + 1e-12):
            raise ValueError(f"{what} must lie in [{low:.4g}, {high:.4g}] m/s, 30 % about fitted_speeds, got {speed!r}")
    return speed


def taylor_life(
    speed: float, speed_for_1min_life: float, n: float, fitted_speeds: Sequence[float] | None = None
) -> float:
    """Return the life of a cutting edge. [s]

    Parameters
    ----------
    speed : float                 Cutting speed. [m/s]
    speed_for_1min_life : float   C of tool and work; rows tool_* of `processes.materials`. [m/s]
    n : float                     Exponent, from the same row; 0.05 to 1. [-]
    fitted_speeds : sequence of float, optional
        Speeds of the tests that gave C and n; default: the range is not checked. [m/s]

    Raises
    ------
    ValueError  If an argument is not positive and finite, `n` lies outside its range, or `speed` outside
                `taylor_speed_range`.

    Notes
    -----
    V T^n = C with T in minutes, so 60 (C/V)^(1/n); holds within 30 % of the speeds at which C and n were found.
    Taylor's equation, constants read in an institute's table.

    >>> round(taylor_life(200.0 / 60.0, 300.0 / 60.0, 0.25) / 60.0, 2)  # min
    5.06
    """
    require_positive(speed=speed, speed_for_1min_life=speed_for_1min_life, n=n)
    require_within(0.05, 1.0, n=n)
    _held_by_fit(speed, "speed", fitted_speeds)
    return 60.0 * math.pow(speed_for_1min_life / speed, 1.0 / n)


def taylor_speed(
    life: float, speed_for_1min_life: float, n: float, fitted_speeds: Sequence[float] | None = None
) -> float:
    """Return the cutting speed at which an edge lasts a given time. [m/s]

    Parameters
    ----------
    life : float                  Cutting time to the wear limit. [s]
    speed_for_1min_life : float   C of tool and work, as in `taylor_life`. [m/s]
    n : float                     Exponent, as in `taylor_life`. [-]
    fitted_speeds : sequence of float, optional
        As in `taylor_life`. [m/s]

    Raises
    ------
    ValueError  If an argument is not positive and finite, `n` exceeds 1, or the fit does not reach the speed.

    Notes
    -----
    C/T^n, T in minutes: `taylor_life` solved for the speed.

    >>> round(60.0 * taylor_speed(303.75, 300.0 / 60.0, 0.25), 6)  # m/min
    200.0
    """
    require_positive(life=life, speed_for_1min_life=speed_for_1min_life, n=n)
    require_within(0.0, 1.0, n=n)
    return _held_by_fit(speed_for_1min_life / math.pow(life / 60.0, n), "the speed of this life", fitted_speeds)


def taylor_exponent(speed1: float, life1: float, speed2: float, life2: float) -> float:
    """Return the exponent n of Taylor's equation from two tests. [-]

    Parameters
    ----------
    speed1, speed2 : float   Cutting speeds of the tests. [m/s]
    life1, life2 : float     Lives of the edges; the faster test gives the shorter one. [s]

    Raises
    ------
    ValueError  If an argument is not positive and finite, or the faster test does not give the shorter life.

    Notes
    -----
    n = ln(V1/V2)/ln(T2/T1). Groover, Fundamentals of Modern Manufacturing (recalled).

    >>> round(taylor_exponent(160.0 / 60.0, 300.0, 100.0 / 60.0, 2460.0), 3)
    0.223
    """
    require_positive(speed1=speed1, life1=life1, speed2=speed2, life2=life2)
    if (speed1 - speed2) * (life2 - life1) <= 0.0:
        tests = f"{life1!r} s at {speed1!r} m/s and {life2!r} s at {speed2!r} m/s"
        raise ValueError(f"life1 and life2 must fall as speed1 and speed2 rise, got {tests}")
    return math.log(speed1 / speed2) / math.log(life2 / life1)


def speed_max_production(
    speed_for_1min_life: float, n: float, tool_change: float, fitted_speeds: Sequence[float] | None = None
) -> float:
    """Return the cutting speed of the shortest time per part, tool changes included. [m/s]

    Parameters
    ----------
    speed_for_1min_life : float   C of tool and work, as in `taylor_life`. [m/s]
    n : float                     Exponent, below 1. [-]
    tool_change : float           Time to change an edge. [s]
    fitted_speeds : sequence of float, optional
        As in `taylor_life`. [m/s]

    Raises
    ------
    ValueError  If an argument is not positive and finite, `n` is not below 1, or the fit does not reach the speed.

    Notes
    -----
    C/((1/n - 1) t_c)^n, t_c in minutes. Groover, Fundamentals of Modern Manufacturing (recalled).

    >>> round(60.0 * speed_max_production(70.0 / 60.0, 0.125, 120.0))  # m/min, high-speed steel
    50
    """
    require_positive(speed_for_1min_life=speed_for_1min_life, n=n, tool_change=tool_change)
    return _held_by_fit(_economic_speed(speed_for_1min_life, n, tool_change), "the best speed", fitted_speeds)


def speed_min_cost(
    speed_for_1min_life: float,
    n: float,
    tool_change: float,
    machine_rate: float,
    tool_cost_per_edge: float,
    fitted_speeds: Sequence[float] | None = None,
) -> float:
    """Return the cutting speed of the lowest cost per part. [m/s]

    Parameters
    ----------
    speed_for_1min_life : float   C of tool and work, as in `taylor_life`. [m/s]
    n : float                     Exponent, below 1. [-]
    tool_change : float           Time to change an edge. [s]
    machine_rate : float          Cost of machine and operator per time. [money/s]
    tool_cost_per_edge : float    May be 0. [money]
    fitted_speeds : sequence of float, optional
        As in `taylor_life`. [m/s]

    Raises
    ------
    ValueError  If an argument is not positive and finite, `n` is not below 1, or the fit does not reach the speed.

    Notes
    -----
    `speed_max_production` with t_c + C_t/C_o for the change of an edge. Groover, Fundamentals of Modern Manufacturing
    (recalled).

    >>> round(60.0 * speed_min_cost(70.0 / 60.0, 0.125, 120.0, 0.50 / 60.0, 3.0))  # m/min
    42
    """
    require_positive(speed_for_1min_life=speed_for_1min_life, n=n, tool_change=tool_change, machine_rate=machine_rate)
    require_not_negative(tool_cost_per_edge=tool_cost_per_edge)
    best = _economic_speed(speed_for_1min_life, n, tool_change + tool_cost_per_edge / machine_rate)
    return _held_by_fit(best, "the best speed", fitted_speeds)


def _economic_speed(C: float, n: float, change: float) -> float:
    """Return the best speed if a new edge costs the time `change`. [m/s]"""
    if n >= 1.0:
        raise ValueError(f"n must lie below 1, got {n!r}: with a weak effect of speed on life there is no optimum")
    return C / math.pow((1.0 / n - 1.0) * change / 60.0, n)


def turning_time(diameter: float, length: float, feed: float, speed: float) -> float:
    """Return the time of one cut in turning, approach not included. [s]

    Parameters
    ----------
    diameter : float   Of the work. [m]
    length : float     Of the cut. [m]
    feed : float       Per revolution, 1e-4 finishing to 5e-4 roughing. [m]
    speed : float      Cutting speed. [m/s]

    Raises
    ------
    ValueError  If an argument is not positive and finite.

    Notes
    -----
    pi D L/(f v). Groover, Fundamentals of Modern Manufacturing (recalled).

    >>> round(turning_time(0.1, 0.5, 0.25e-3, 0.7) / 60.0, 2)  # min
    14.96
    """
    require_positive(diameter=diameter, length=length, feed=feed, speed=speed)
    return math.pi * diameter * length / (feed * speed)


def slab_milling_time(
    length: float, cutter_diameter: float, depth_of_cut: float, teeth: int, feed_per_tooth: float, speed: float
) -> float:
    """Return the time of one pass of a slab mill, approach included. [s]

    Parameters
    ----------
    length : float            Of the work. [m]
    cutter_diameter : float   [m]
    depth_of_cut : float      At most the radius of the cutter. [m]
    teeth : int               On the circumference of the cutter. [-]
    feed_per_tooth : float    1e-4 to 4e-4. [m]
    speed : float             Cutting speed. [m/s]

    Raises
    ------
    ValueError  If an argument is not positive and finite, `depth_of_cut` exceeds the radius, or `teeth` is not whole.

    Notes
    -----
    (L + sqrt(d (D - d)))/(N n f), N = v/(pi D). Groover, Fundamentals of Modern Manufacturing (recalled).

    >>> round(slab_milling_time(0.32, 0.065, 0.006, 4, 0.24e-3, 50.0 / 60.0) / 60.0, 2)  # min
    1.44
    """
    require_positive(length=length, cutter_diameter=cutter_diameter, depth_of_cut=depth_of_cut)
    require_positive(feed_per_tooth=feed_per_tooth, speed=speed)
    require_within(0.0, cutter_diameter / 2.0, depth_of_cut=depth_of_cut)
    require_count(1, teeth=teeth)
    approach = math.sqrt(depth_of_cut * (cutter_diameter - depth_of_cut))
    return (length + approach) * math.pi * cutter_diameter / (speed * teeth * feed_per_tooth)


def cutting_power(specific_energy: float, mrr: float) -> float:
    """Return the power at the cutting edge. [W]

    Parameters
    ----------
    specific_energy : float   u of the work; rows work_* of `processes.materials`. [J/m^3]
    mrr : float               Volume removed per time. [m^3/s]

    Raises
    ------
    ValueError  If an argument is not positive and finite.

    Notes
    -----
    u MRR; divide by the drive's efficiency for the power drawn. Values recalled from machining handbooks.

    >>> cutting_power(2.8e9, 2e-6)
    5600.0
    """
    require_positive(specific_energy=specific_energy, mrr=mrr)
    return specific_energy * mrr


def machine_energy(
    base_power: float, time: float, specific_energy: float, removed_volume: float, efficiency: float
) -> float:
    """Return the electricity that a machine tool draws for a part. [J]

    Parameters
    ----------
    base_power : float        Control, pumps and drives, cutting or not; row of machine_tool_any. [W]
    time : float              That the part occupies the machine. [s]
    specific_energy : float   As in `cutting_power`. [J/m^3]
    removed_volume : float    Chips; may be 0. [m^3]
    efficiency : float        Of spindle and drives. [-]

    Raises
    ------
    ValueError  If an argument is negative or not finite, or `efficiency` lies outside (0, 1].

    Notes
    -----
    P_base t + u V/eta. Energy balance, computed here.

    >>> machine_energy(4000.0, 840.0, 2.8e9, 150e-6, 0.7) / 1e6  # MJ: most of it is base load
    3.96
    """
    require_not_negative(base_power=base_power, time=time, removed_volume=removed_volume)
    require_positive(specific_energy=specific_energy, efficiency=efficiency)
    require_within(0.0, 1.0, efficiency=efficiency)
    return base_power * time + specific_energy * removed_volume / efficiency


def ideal_roughness(feed: float, nose_radius: float) -> float:
    """Return the arithmetic roughness Ra that feed and nose radius leave in turning. [m]

    Parameters
    ----------
    feed : float          Per revolution. [m]
    nose_radius : float   Of the tool, 0.4e-3 to 1.6e-3. [m]

    Raises
    ------
    ValueError  If an argument is not positive and finite.

    Notes
    -----
    f^2/(32 r); by how much machines exceed that is `roughness_over_ideal` of machine_tool_any in `processes.materials`.
    Groover, Fundamentals of Modern Manufacturing (recalled).

    >>> round(1e6 * ideal_roughness(0.25e-3, 1.2e-3), 2)  # um
    1.63
    """
    require_positive(feed=feed, nose_radius=nose_radius)
    return feed**2 / (32.0 * nose_radius)


def edge_survival(cutting_time: float, breakage_hazard: float) -> float:
    """Return the probability that an edge has not broken, whatever its wear. (0, 1]

    Parameters
    ----------
    cutting_time : float      Since the edge was new. [s]
    breakage_hazard : float   Of chipping and breaking, per time of cutting; 0 or more. [1/s]

    Raises
    ------
    ValueError  If an argument is negative or not finite.

    Notes
    -----
    exp(-h t): a constant hazard in addition to wear. Definition of a hazard.

    >>> round(edge_survival(900.0, 1e-4), 3)
    0.914
    """
    require_not_negative(cutting_time=cutting_time, breakage_hazard=breakage_hazard)
    return math.exp(-breakage_hazard * cutting_time)


def mean_edge_time(life: float, breakage_hazard: float) -> float:
    """Return the mean cutting time of edges that are changed at a life or break before. [s]

    Parameters
    ----------
    life : float              At which a whole edge is changed, `taylor_life`. [s]
    breakage_hazard : float   As in `edge_survival`. [1/s]

    Raises
    ------
    ValueError  If `life` is not positive and finite, or the hazard negative or not finite.

    Notes
    -----
    The integral of `edge_survival` up to the life, (1 - exp(-h T))/h. Computed here.

    >>> round(mean_edge_time(900.0, 1e-4), 1)
    860.7
    """
    require_positive(life=life)
    require_not_negative(breakage_hazard=breakage_hazard)
    share = breakage_hazard * life
    if share < 1e-300:  # so small that its digits are lost
        return life
    return min(life, -math.expm1(-share) / breakage_hazard)  # a rounding above it, where the hazard is tiny


def spindle_growth(growth: float, growth_end: float, time_constant: float, time: float) -> float:
    """Return how much longer than cold a spindle is, on its way to a new state. [m]

    Parameters
    ----------
    growth : float          Now. [m]
    growth_end : float      That it tends to: 0 standing, `growth` of machine_tool_spindle in `processes.materials`
                            running. [m]
    time_constant : float   From the same row. [s]
    time : float            0 or more. [s]

    Raises
    ------
    ValueError  If an argument is not finite, `time_constant` not positive, or `time` negative.

    Notes
    -----
    g_end + (g - g_end) exp(-t/tau): one heat capacity. What a stop takes away is an error of the parts after it, as
    their offsets were set on the warm machine. Two times give what their sum gives. Derived here; values typical.

    >>> round(1e6 * spindle_growth(12e-6, 0.0, 2400.0, 3600.0), 2)  # um, after an hour of standing
    2.68
    """
    require_finite(growth=growth, growth_end=growth_end)
    require_positive(time_constant=time_constant)
    require_not_negative(time=time)
    return growth_end + (growth - growth_end) * math.exp(-time / time_constant)


def spindle_warm_up(growth: float, growth_end: float, time_constant: float, tolerance: float) -> float:
    """Return the time until a spindle is as long as it will be, but for a tolerance. [s]

    Parameters
    ----------
    growth, growth_end, time_constant : float
        As in `spindle_growth`.
    tolerance : float   Share of the part's tolerance that the spindle may take. [m]

    Raises
    ------
    ValueError  If an argument is not finite, or `time_constant` or `tolerance` is not positive.

    Notes
    -----
    tau ln(|g_end - g|/tolerance), at least 0: `spindle_growth` solved for the time.

    >>> round(spindle_warm_up(2.68e-6, 12e-6, 2400.0, 2e-6) / 60.0)  # min
    62
    """
    require_finite(growth=growth, growth_end=growth_end)
    require_positive(time_constant=time_constant, tolerance=tolerance)
    return time_constant * math.log(max(1.0, abs(growth_end - growth) / tolerance))
