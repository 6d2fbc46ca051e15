"""Reliability: lines without buffers, queues, effectiveness, lives and their replacement, predictive maintenance.

>>> round(series_line_efficiency([36e3, 54e3], [1800.0, 1200.0]), 3)  # ten and fifteen hours between failures
0.933
>>> life = {"shape": 2.5, "scale": 3.6e6, "cost_planned": 1.0, "cost_failure": 6.0}
>>> best, never = (age_replacement_cost_rate(**life, age=age) for age in (optimal_age(**life), 1e8))
>>> round(best / never, 2)  # of the cost of running to failure
0.56
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Sequence

from processes.checks import require_count, require_lists, require_not_negative, require_positive, require_within

MOST = 1e300  # a quotient of any two numbers may be infinite, which has no whole part


def series_line_efficiency(mtbf: Sequence[float], mttr: Sequence[float]) -> float:
    """Return the share of time that a line without buffers runs. [-]

    Parameters
    ----------
    mtbf : sequence of float   Working time between failures of each machine. [s]
    mttr : sequence of float   Mean time to repair of each machine; may be 0. [s]

    Raises
    ------
    ValueError  If the two differ in length, an `mtbf` is not positive or an `mttr` negative, or one is not finite.

    Notes
    -----
    1/(1 + sum mttr/mtbf): one stops all, and what stands cannot fail. Buzacott (recalled).

    >>> round(series_line_efficiency([36e3, 54e3, 5220.0], [1800.0, 1200.0, 300.0]), 4)
    0.8852
    """
    require_lists(mtbf=mtbf, mttr=mttr)
    if len(mtbf) != len(mttr):
        raise ValueError(f"mttr must have {len(mtbf)} numbers, as mtbf, got {len(mttr)}")
    for between, repair in zip(mtbf, mttr, strict=True):
        require_positive(mtbf=between)
        require_not_negative(mttr=repair)
    return 1.0 / (1.0 + sum(repair / between for between, repair in zip(mtbf, mttr, strict=True)))


def line_oee(planned: float, downtime: float, ideal_cycle: float, total_count: float, good_count: float) -> float:
    """Return the overall equipment effectiveness. [-]

    Parameters
    ----------
    planned : float       Planned production time. [s]
    downtime : float      Stops within it; less than `planned`. [s]
    ideal_cycle : float   Shortest time per part. [s]
    total_count : float   Parts made. [-]
    good_count : float    Parts good at once, at most `total_count`. [-]

    Raises
    ------
    ValueError  If an argument is negative or not finite, `planned` or `ideal_cycle` is 0, `downtime` is not below
                `planned`, or `good_count` exceeds `total_count`.

    Notes
    -----
    Availability (planned - down)/planned, times performance ideal x total/(planned - down), times quality good/total.
    Warns if the performance exceeds 1: the ideal cycle is then not the shortest. Usual definition (recalled).

    >>> round(line_oee(28800.0, 4200.0, 55.0, 400, 382), 4)
    0.7295
    """
    require_positive(planned=planned, ideal_cycle=ideal_cycle)
    require_not_negative(downtime=downtime, total_count=total_count, good_count=good_count)
    if downtime >= planned:
        raise ValueError(f"downtime must lie below planned = {planned!r}, got {downtime!r}")
    if good_count > total_count:
        raise ValueError(f"good_count must not exceed total_count = {total_count!r}, got {good_count!r}")
    performance = ideal_cycle * total_count / (planned - downtime)
    if performance > 1.0 + 1e-9:
        text = f"performance {performance:.4g} exceeds 1: ideal_cycle = {ideal_cycle!r} s is not the shortest time"
        warnings.warn(text, RuntimeWarning, stacklevel=2)
    return ideal_cycle * good_count / planned


def queue_mmc_mean_wait(arrival: float, service: float, servers: int) -> float:
    """Return the mean wait in the queue of a station with equal servers, times exponential (M/M/c). [s]

    Parameters
    ----------
    arrival : float   Arrivals per time. [1/s]
    service : float   Services per time of one busy server. [1/s]
    servers : int     c. [-]

    Raises
    ------
    ValueError  If an argument is not positive and finite, `servers` is not whole, or the queue grows without end.

    Notes
    -----
    C/(c mu - lambda), C the probability of waiting by Erlang. Erlang's formula (recalled), computed with the recursion
    of his loss formula, so that many servers do not overflow.

    >>> round(queue_mmc_mean_wait(0.8 / 3600.0, 1.0 / 3600.0, 1) / 3600.0, 6)  # h
    4.0
    """
    require_positive(arrival=arrival, service=service)
    require_count(1, servers=servers)
    load = arrival / service
    if load >= servers:
        raise ValueError(f"arrival must lie below servers x service = {servers * service:.6g}, got {arrival!r}")
    lost = 1.0
    for n in range(1, int(servers) + 1):
        lost = load * lost / (n + load * lost)
    waiting = lost / (1.0 - load / servers * (1.0 - lost))
    return waiting / (servers * service - arrival)


def queue_mg1_mean_wait(arrival: float, service_mean: float, service_scv: float) -> float:
    """Return the mean wait in the queue of one server with any service time (M/G/1). [s]

    Parameters
    ----------
    arrival : float        Arrivals per time, their gaps exponential. [1/s]
    service_mean : float   Mean service time. [s]
    service_scv : float    Squared coefficient of variation of the service time; 0 constant, 1 exponential. [-]

    Raises
    ------
    ValueError  If an argument is not positive and finite (`service_scv` may be 0), or the queue grows without end.

    Notes
    -----
    lambda s^2 (1 + scv)/(2 (1 - lambda s)). Pollaczek and Khinchine (recalled).

    >>> round(queue_mg1_mean_wait(2e-4, 4200.0, 0.5), 1)
    16537.5
    """
    require_positive(arrival=arrival, service_mean=service_mean)
    require_not_negative(service_scv=service_scv)
    load = arrival * service_mean
    if load >= 1.0:
        raise ValueError(f"arrival must lie below 1/service_mean = {1.0 / service_mean:.6g}, got {arrival!r}")
    return load * service_mean * (1.0 + service_scv) / (2.0 * (1.0 - load))


def weibull_reliability(age: float, shape: float, scale: float) -> float:
    """Return the probability that an item reaches an age. [-]

    Parameters
    ----------
    age : float     Working time or cycles; may be 0. [s]
    shape : float   b; 1 for failures by chance, 1.5-4 for wear, below 1 for teething troubles. [-]
    scale : float   eta, the age that 37 % reach. [s]

    Raises
    ------
    ValueError  If an argument is negative or not finite, or `shape` or `scale` is 0.

    Notes
    -----
    exp(-(t/eta)^b). Weibull distribution; shapes typical.

    >>> round(weibull_reliability(2.0e6, 2.5, 3.6e6), 3)
    0.794
    """
    require_not_negative(age=age)
    require_positive(shape=shape, scale=scale)
    return math.exp(-_power(age / scale, shape))


def _power(x: float, exponent: float) -> float:
    """Return x to a power, infinite where it is too large for a float."""
    try:
        return math.pow(x, exponent)
    except OverflowError:
        return math.inf


def _mean_run(x: float, shape: float) -> float:
    """Return the integral of exp(-s^b) from 0 to x: the mean run, in scales, of items replaced at x."""
    from scipy.special import gammainc

    return math.gamma(1.0 + 1.0 / shape) * float(gammainc(1.0 / shape, _power(x, shape)))


def age_replacement_cost_rate(
    shape: float,
    scale: float,
    age: float,
    cost_planned: float,
    cost_failure: float,
    time_planned: float = 0.0,
    time_failure: float = 0.0,
) -> float:
    """Return the long-run cost per time of items replaced at an age or at their failure. [money/s]

    Parameters
    ----------
    shape : float          b of the Weibull life. [-]
    scale : float          eta of the Weibull life. [s]
    age : float            At which an item is replaced unless it fails before. [s]
    cost_planned : float   Of a replacement at that age. [money]
    cost_failure : float   Of a failure, replacement included. [money]
    time_planned : float   That a replacement at that age takes; may be 0. [s]
    time_failure : float   That a failure takes; may be 0. [s]

    Raises
    ------
    ValueError  If an argument is not positive and finite (times may be 0), or `shape` lies outside [0.02, 100].

    Notes
    -----
    (c_p R(T) + c_f (1 - R(T)))/(integral of R from 0 to T + t_p R(T) + t_f (1 - R(T))), the integral by the incomplete
    gamma function. Barlow and Proschan (recalled).

    >>> round(1e6 * age_replacement_cost_rate(2.5, 3.6e6, 2.0e6, 1.0, 6.0), 4)
    1.0802
    """
    require_positive(shape=shape, scale=scale, age=age, cost_planned=cost_planned, cost_failure=cost_failure)
    require_not_negative(time_planned=time_planned, time_failure=time_failure)
    require_within(0.02, 100.0, shape=shape)
    survive = weibull_reliability(age, shape, scale)
    cost = cost_planned * survive + cost_failure * (1.0 - survive)
    return cost / (scale * _mean_run(age / scale, shape) + time_planned * survive + time_failure * (1.0 - survive))


def optimal_age(
    shape: float,
    scale: float,
    cost_planned: float,
    cost_failure: float,
    time_planned: float = 0.0,
    time_failure: float = 0.0,
) -> float:
    """Return the replacement age of the lowest cost per time. [s]

    Parameters
    ----------
    shape : float          b of the Weibull life; above 1, for only what wears is worth replacing. [-]
    scale : float          eta of the Weibull life. [s]
    cost_planned : float   Of a replacement at that age. [money]
    cost_failure : float   Of a failure, replacement included; above `cost_planned`. [money]
    time_planned : float   That a replacement at that age takes; may be 0. [s]
    time_failure : float   That a failure takes; may be 0. [s]

    Raises
    ------
    ValueError  If an argument is not positive and finite (times may be 0), `shape` is not above 1, `cost_failure` not
                above `cost_planned`, or the best age is beyond all numbers.

    Notes
    -----
    Least of `age_replacement_cost_rate`. With hazard z and x = T/eta, M the mean run, c = c_f - c_p and t = t_f - t_p:
    z (M + t_p - t c_p/c) + R - 1 = c_p/c, times in scales. The left side rises without bound where the bracket is
    positive. Barlow and Proschan (recalled); root solved here.

    >>> round(optimal_age(2.5, 3.6e6, 1.0, 6.0) / 3600.0, 1)  # h, of a scale of 1000
    450.1
    """
    from scipy.optimize import brentq

    require_positive(shape=shape, scale=scale, cost_planned=cost_planned, cost_failure=cost_failure)
    require_not_negative(time_planned=time_planned, time_failure=time_failure)
    if shape <= 1.0:
        raise ValueError(f"shape must exceed 1, got {shape!r}: what does not wear is best left until it fails")
    if cost_failure <= cost_planned:
        raise ValueError(f"cost_failure must exceed cost_planned = {cost_planned!r}, got {cost_failure!r}")
    ratio = cost_planned / (cost_failure - cost_planned)
    shift = (time_planned - (time_failure - time_planned) * ratio) / scale

    def excess(log_x: float) -> float:
        x = math.exp(log_x)
        rise = shape * _power(x, shape - 1.0) * (_mean_run(x, shape) + shift) + math.expm1(-_power(x, shape))
        return min(rise - ratio, 1e300)  # the solver takes no infinity

    low, high = -1.0, 1.0
    while excess(low) > 0.0 and low > -700.0:
        low *= 2.0
    while excess(high) < 0.0:
        high *= 2.0
        if high > 700.0:
            raise ValueError(f"cost_failure must exceed cost_planned by more for a finite age, got {cost_failure!r}")
    return scale * math.exp(float(brentq(excess, low, high, xtol=1e-13)))


def minimal_repair_cost_rate(
    shape: float, scale: float, interval: float, cost_repair: float, cost_overhaul: float
) -> float:
    """Return the long-run cost per time of overhauls at an interval, with minimal repair in between. [money/s]

    Parameters
    ----------
    shape : float           b of the cumulative failure rate (t/eta)^b since the last overhaul. [-]
    scale : float           eta, the age by which one failure is expected. [s]
    interval : float        Between overhauls. [s]
    cost_repair : float     Of each failure; may be 0. [money]
    cost_overhaul : float   Of each overhaul; may be 0. [money]

    Raises
    ------
    ValueError  If an argument is not positive and finite (costs may be 0).

    Notes
    -----
    (c_m (T/eta)^b + c_p)/T; repairs and overhauls take no time. Barlow and Hunter, Operations Research 8 (1960) 90.

    >>> round(minimal_repair_cost_rate(2.0, 500.0, 1000.0, 3.0, 10.0), 4)
    0.022
    """
    require_positive(shape=shape, scale=scale, interval=interval)
    require_not_negative(cost_repair=cost_repair, cost_overhaul=cost_overhaul)
    return (cost_repair * _power(interval / scale, shape) + cost_overhaul) / interval


def optimal_overhaul_interval(shape: float, scale: float, cost_repair: float, cost_overhaul: float) -> float:
    """Return the interval between overhauls of the lowest cost per time, with minimal repair in between. [s]

    Parameters
    ----------
    shape : float           b of the cumulative failure rate (t/eta)^b since the last overhaul; above 1. [-]
    scale : float           eta, the age by which one failure is expected. [s]
    cost_repair : float     Of each failure. [money]
    cost_overhaul : float   Of each overhaul. [money]

    Raises
    ------
    ValueError  If an argument is not positive and finite, or `shape` is not above 1.

    Notes
    -----
    eta (c_p/(c_m (b - 1)))^(1/b), where the derivative of `minimal_repair_cost_rate` is zero. Barlow and Hunter,
    Operations Research 8 (1960) 90.

    >>> round(optimal_overhaul_interval(2.0, 500.0, 3.0, 10.0), 2)
    912.87
    """
    require_positive(shape=shape, scale=scale, cost_repair=cost_repair, cost_overhaul=cost_overhaul)
    if shape <= 1.0:
        raise ValueError(f"shape must exceed 1, got {shape!r}: what does not wear needs no overhaul")
    return scale * math.pow(cost_overhaul / (cost_repair * (shape - 1.0)), 1.0 / shape)


def pdm_annual_downtime(
    failures: float,
    detection_probability: float,
    planned_repair: float,
    unplanned_repair: float,
    false_alarms: float,
    false_alarm_check: float,
) -> float:
    """Return the expected downtime in a year of a machine whose failures are partly foreseen. [s]

    Parameters
    ----------
    failures : float                That come in a year without prediction. [-]
    detection_probability : float   That one is foreseen in time to plan its repair, `pf_detection_probability`; row of
                                    upkeep_predictive in `processes.materials`. [0, 1]
    planned_repair : float          Stop for a repair that was foreseen. [s]
    unplanned_repair : float        Stop for a failure. [s]
    false_alarms : float            In a year. [-]
    false_alarm_check : float       Stop to look into one. [s]

    Raises
    ------
    ValueError  If an argument is negative or not finite, or `detection_probability` exceeds 1.

    Notes
    -----
    N (P_d t_planned + (1 - P_d) t_unplanned) + N_false t_check. Computed here. By how much unplanned downtime fell
    stands in the same row, as a fact check, a collection of cases and consultants have it.

    >>> round(pdm_annual_downtime(12.0, 0.7, 5400.0, 21600.0, 8.0, 1800.0) / 3600.0, 1)  # h, instead of 72
    38.2
    """
    require_not_negative(failures=failures, planned_repair=planned_repair, unplanned_repair=unplanned_repair)
    require_not_negative(false_alarms=false_alarms, false_alarm_check=false_alarm_check)
    require_within(0.0, 1.0, detection_probability=detection_probability)
    repair = detection_probability * planned_repair + (1.0 - detection_probability) * unplanned_repair
    return failures * repair + false_alarms * false_alarm_check


def pf_detection_probability(
    pf_interval: float, inspection_interval: float, detection_per_inspection: float, lead_time: float = 0.0
) -> float:
    """Return the probability that a failure on its way is found in time to plan its repair. [0, 1]

    Parameters
    ----------
    pf_interval : float                From where the failure can be seen (P) to where it has come (F). [s]
    inspection_interval : float        From one inspection, or one evaluation of a sensor, to the next. [s]
    detection_per_inspection : float   That one inspection between P and F sees it, whatever the ones before. [0, 1]
    lead_time : float                  From detection to the planned repair: part, crew, gap in the plan; may be 0. [s]

    Raises
    ------
    ValueError  If an interval is not positive and finite, the probability lies outside [0, 1], or `lead_time` is
                negative or not finite.

    Notes
    -----
    P lies anywhere between two inspections with equal chance, so n or n + 1 inspections fall into the usable interval
    u = pf - lead, n the whole part of u/interval and f the rest: 1 - (1 - f)(1 - p)^n - f (1 - p)^(n + 1). It is the
    detection probability of `pdm_annual_downtime`. For a fixed P-F interval; of one with spread take the mean of this
    over it. Derived here.

    >>> day = 86400.0
    >>> [round(pf_detection_probability(30 * day, every * day, 0.7, 5 * day), 3) for every in (7.0, 14.0, 30.0, 60.0)]
    [0.984, 0.865, 0.583, 0.292]
    """
    require_positive(pf_interval=pf_interval, inspection_interval=inspection_interval)
    require_within(0.0, 1.0, detection_per_inspection=detection_per_inspection)
    require_not_negative(lead_time=lead_time)
    chances = min(max(0.0, pf_interval - lead_time) / inspection_interval, MOST)
    whole = math.floor(chances)
    missed = 1.0 - detection_per_inspection
    return 1.0 - math.pow(missed, whole) * (1.0 - (chances - whole) * detection_per_inspection)
