"""Sensors: what they read, how they drift, what charts and inspections catch.

A sensor changes nothing by itself: it changes a decision (release, adjust, maintain) whose effect runs through the
state of the process.
"""

from __future__ import annotations

import math

from processes.checks import (
    require_count,
    require_finite,
    require_not_negative,
    require_positive,
    require_temperatures,
    require_within,
)

SECOND_RADIATION_CONSTANT = 1.438777e-2  # h c/k [m K]


def _two_tails(mean: float, limit: float) -> float:
    """Return the probability that a normal variable of unit variance lies outside +-limit."""
    return 0.5 * (math.erfc((limit - mean) / math.sqrt(2.0)) + math.erfc((limit + mean) / math.sqrt(2.0)))


def reading(true_value: float, gain: float, bias: float, noise: float, resolution: float) -> float:
    """Return what a sensor shows. [unit of the quantity]

    Parameters
    ----------
    true_value : float   [unit of the quantity]
    gain : float         1 for a perfect sensor. [-]
    bias : float         Drift since calibration, `bias_after`; usual drifts are rows of thermocouple_K and
                         pressure_sensor_any in `processes.materials`. [unit of the quantity]
    noise : float        A draw of the noise. [unit of the quantity]
    resolution : float   Step of the display; 0 for none. [unit of the quantity]

    Raises
    ------
    ValueError  If an argument is not finite, `gain` not positive, or `resolution` negative.

    Notes
    -----
    gain x + bias + noise, rounded to the resolution, by definition. Calibration sets the bias back to 0.

    >>> reading(851.3, 1.0, 2.2, -0.4, 0.5)
    853.0
    """
    require_finite(true_value=true_value, bias=bias, noise=noise)
    require_positive(gain=gain)
    require_not_negative(resolution=resolution)
    value = gain * true_value + bias + noise
    return resolution * round(value / resolution) if resolution else value


def bias_after(bias: float, drift: float, walk_variance: float, time: float, draw: float) -> float:
    """Return the bias of a sensor after a time without calibration. [unit of the quantity]

    Parameters
    ----------
    bias : float            At the begin; 0 after a calibration. [unit]
    drift : float           Of the bias, either sign. [unit/s]
    walk_variance : float   Growth of the variance of the bias; 0 for pure drift. [unit^2/s]
    time : float            0 or more. [s]
    draw : float            Of a standard normal variable. [-]

    Raises
    ------
    ValueError  If an argument is not finite, or `walk_variance` or `time` is negative.

    Notes
    -----
    b + drift t + draw sqrt(variance t): a random walk with drift. Times one after another, each with a draw of its own,
    have the distribution of their sum; `drift_exceedance` is its tails. Computed here.

    >>> round(bias_after(0.2, 1e-7, 4e-8, 90 * 86400.0, -0.5), 3)
    0.699
    """
    require_finite(bias=bias, drift=drift, draw=draw)
    require_not_negative(walk_variance=walk_variance, time=time)
    return bias + drift * time + draw * math.sqrt(walk_variance * time)


def drift_exceedance(drift: float, walk_variance: float, limit: float, time: float) -> float:
    """Return the probability that the error of a sensor lies outside its limit at a time. [-]

    Parameters
    ----------
    drift : float           Of the bias, either sign. [unit/s]
    walk_variance : float   Growth of the variance of the bias; 0 for pure drift. [unit^2/s]
    limit : float           Allowed error, both ways. [unit]
    time : float            Since the calibration. [s]

    Raises
    ------
    ValueError  If an argument is not finite, `limit` not positive, or `walk_variance` or `time` negative.

    Notes
    -----
    P(|bias| > limit) with bias ~ N(drift t, variance t): at that time, not ever before it (no first passage). Computed
    here.

    >>> round(drift_exceedance(1e-7, 4e-8, 1.5, 90 * 86400.0), 4)  # three months
    0.0976
    """
    require_finite(drift=drift)
    require_positive(limit=limit)
    require_not_negative(walk_variance=walk_variance, time=time)
    bias, sigma = drift * time, math.sqrt(walk_variance * time)
    if sigma == 0.0:
        return float(abs(bias) > limit)
    return _two_tails(bias / sigma, limit / sigma)


def shewhart_arl(limit_sigma: float, shift_sigma: float, sample_size: int) -> float:
    """Return the mean number of samples until a chart of means signals. [-]

    Parameters
    ----------
    limit_sigma : float   Control limits, in standard deviations of the sample mean; 3 usual, at most 30. [-]
    shift_sigma : float   Shift of the process, in standard deviations of single values, either sign. [-]
    sample_size : int     Values per sample; 1 for a chart of single values. [-]

    Raises
    ------
    ValueError  If an argument is not finite, `limit_sigma` lies outside (0, 30], or `sample_size` is not whole.

    Notes
    -----
    1/P(signal); a shift moves the mean by shift sqrt(n) of its standard deviations. Independent normal values, known
    standard deviation. Recalled from textbooks of
    statistical process control: 370.4 without a shift at three sigma.

    >>> round(shewhart_arl(3.0, 0.0, 1), 1), round(shewhart_arl(3.0, 1.0, 5), 1)
    (370.4, 4.5)
    """
    require_positive(limit_sigma=limit_sigma)
    require_within(0.0, 30.0, limit_sigma=limit_sigma)
    require_finite(shift_sigma=shift_sigma)
    require_count(1, sample_size=sample_size)
    return 1.0 / _two_tails(shift_sigma * math.sqrt(sample_size), limit_sigma)


def outgoing_defect_fraction(
    incoming_fraction: float, detection_probability: float, false_reject_probability: float
) -> float:
    """Return the share of defective parts among those that an inspection accepts. [-]

    Parameters
    ----------
    incoming_fraction : float          Share of defective parts before. [0, 1]
    detection_probability : float      That a defective part is rejected; of a camera with a learnt model row of
                                       camera_learnt in `processes.materials`. [0, 1]
    false_reject_probability : float   That a good part is rejected; from the same row. [0, 1]

    Raises
    ------
    ValueError  If an argument lies outside [0, 1], or nothing at all is accepted.

    Notes
    -----
    p (1 - P_d)/(p (1 - P_d) + (1 - p) (1 - P_fr)). Bayes' rule, computed here.

    >>> round(outgoing_defect_fraction(0.04, 0.9, 0.02), 5)
    0.00423
    """
    require_within(0.0, 1.0, incoming_fraction=incoming_fraction, detection_probability=detection_probability)
    require_within(0.0, 1.0, false_reject_probability=false_reject_probability)
    bad = incoming_fraction * (1.0 - detection_probability)
    accepted = bad + (1.0 - incoming_fraction) * (1.0 - false_reject_probability)
    if accepted == 0.0:
        raise ValueError(
            f"detection_probability and false_reject_probability leave nothing accepted, got "
            f"{detection_probability!r} and {false_reject_probability!r}"
        )
    return bad / accepted


def thermocouple_tolerance(T: float, limit: float = 2.2, share: float = 0.0075) -> float:
    """Return by how much a new thermocouple may be wrong, either way. [K]

    Parameters
    ----------
    T : float       At its tip. [degC]
    limit : float   Near 0 degC; default that of thermocouple_K in `processes.materials`. [K]
    share : float   Of the temperature in degC where that is more; default from the same row. [-]

    Raises
    ------
    ValueError  If `T` is not above absolute zero and finite, or a tolerance is negative.

    Notes
    -----
    max(limit, share |T|). Drift comes on top, from the same row. Standards of thermocouples (recalled).

    >>> thermocouple_tolerance(200.0), round(thermocouple_tolerance(860.0), 2)
    (2.2, 6.45)
    """
    require_temperatures(T=T)
    require_not_negative(limit=limit, share=share)
    return max(limit, share * abs(T))


def pyrometer_error(T: float, wavelength: float, emissivity_error: float) -> float:
    """Return the error of a pyrometer whose emissivity is set wrong. [K]

    Parameters
    ----------
    T : float                  Of the surface. [degC]
    wavelength : float         At which it looks, 0.7e-6 to 14e-6. [m]
    emissivity_error : float   Relative error of the emissivity, true less set over set; either sign. [-]

    Raises
    ------
    ValueError  If an argument is not finite, `T` not above absolute zero, or `wavelength` not positive.

    Notes
    -----
    dT = T^2 lambda/C_2 de/e, T in kelvin, C_2 = 14.388 mm K; for errors of some per cent. From Wien's law (recalled).

    >>> round(pyrometer_error(1150.0, 1.0e-6, 0.10), 1)  # a billet, emissivity 10 % off
    14.1
    """
    require_temperatures(T=T)
    require_positive(wavelength=wavelength)
    require_finite(emissivity_error=emissivity_error)
    return (T + 273.15) ** 2 * wavelength / SECOND_RADIATION_CONSTANT * emissivity_error
