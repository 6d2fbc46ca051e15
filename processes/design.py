"""Engineering design: feeders, learning, and the link from the state of a process to defects.

>>> window = {"values": [165.0], "references": [200.0], "windows": [20.0], "slopes": [0.01]}  # a die that is too cold
>>> round(defect_probability(0.03, **window), 2)
0.18
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


def riser_diameter(casting_modulus: float, modulus_factor: float = 1.2) -> float:
    """Return the diameter, and height, of a side riser that freezes after the casting it feeds. [m]

    Parameters
    ----------
    casting_modulus : float   Volume over cooled surface of the section it feeds. [m]
    modulus_factor : float    Modulus of the riser over that of the casting, 1.2; at least 1. [-]

    Raises
    ------
    ValueError  If an argument is not positive and finite, or `modulus_factor` is below 1.

    Notes
    -----
    D = 6 f M: a cylinder as high as wide, cooled all over, has the modulus D/6. By Chvorinov's rule it freezes f^2
    times as long. Foundry textbooks (recalled).

    >>> round(riser_diameter(0.0125), 3)
    0.09
    """
    require_positive(casting_modulus=casting_modulus, modulus_factor=modulus_factor)
    require_within(1.0, math.inf, modulus_factor=modulus_factor)
    return 6.0 * modulus_factor * casting_modulus


def learning_curve_time(first_unit: float, learning_rate: float, unit_number: int) -> float:
    """Return the time for the n-th unit of a kind. [s]

    Parameters
    ----------
    first_unit : float      Time for the first. [s]
    learning_rate : float   Time left at each doubling of the number; of a tool shop row of mold_shop in
                            `processes.materials`. (0, 1]
    unit_number : int       n, counted from 1; whole.

    Raises
    ------
    ValueError  If an argument is not positive and finite, the rate exceeds 1, or `unit_number` is not whole.

    Notes
    -----
    t_1 n^(log2 r). Wright's learning curve (recalled).

    >>> round(learning_curve_time(36000.0, 0.85, 16))
    18792
    """
    require_positive(first_unit=first_unit, learning_rate=learning_rate, unit_number=unit_number)
    require_within(0.0, 1.0, learning_rate=learning_rate)
    require_count(1, unit_number=unit_number)
    return first_unit * math.pow(unit_number, math.log2(learning_rate))


def defect_probability(
    base: float,
    values: Sequence[float],
    references: Sequence[float],
    windows: Sequence[float],
    slopes: Sequence[float],
) -> float:
    """Return the probability that a part is bad, from the state in which it was made. [0, 1]

    Parameters
    ----------
    base : float                 Probability with every value in its window. [0, 1]
    values : list of float       State: die temperature, carbon depth, thickness ... [any unit, the same for each]
    references : list of float   Value that is best.
    windows : list of float      Distance from it that does no harm; 0 or more.
    slopes : list of float       Probability for each unit beyond the window; 0 or more.

    Raises
    ------
    ValueError  If a number is NaN, infinite or out of range, or the lists differ in length.

    Notes
    -----
    clip(p0 + sum s_i max(0, |x_i - x_ref,i| - w_i), 0, 1). A model of this project (typical): the coefficients are the
    plant's data and nobody's citation.

    >>> round(defect_probability(0.03, [165.0, 640.0], [200.0, 660.0], [20.0, 30.0], [0.01, 0.02]), 2)
    0.18
    """
    require_within(0.0, 1.0, base=base)
    total = base
    for value, reference, window, slope in _rows(values=values, references=references, windows=windows, slopes=slopes):
        require_not_negative(windows=window, slopes=slope)
        total += slope * max(0.0, abs(value - reference) - window)
    return min(1.0, total)


def _rows(**lists: Sequence[float]) -> list[tuple[float, ...]]:
    """Return the lists side by side, checked to be of one length and of finite numbers."""
    require_lists(**lists)
    lengths = {name: len(values) for name, values in lists.items()}
    if len(set(lengths.values())) > 1:
        raise ValueError(f"the lists must be of one length, got {lengths}")
    for name, values in lists.items():
        for value in values:
            require_finite(**{name: value})
    return list(zip(*lists.values(), strict=True))


def defect_probability_logistic(intercept: float, values: Sequence[float], coefficients: Sequence[float]) -> float:
    """Return the probability that a part is bad, from a logistic regression on its state. (0, 1)

    Parameters
    ----------
    intercept : float              b0. [-]
    values : list of float         z_i, state variables as the regression scaled them.
    coefficients : list of float   b_i.

    Raises
    ------
    ValueError  If a number is NaN or infinite, or the lists differ in length.

    Notes
    -----
    1/(1 + exp(-(b0 + sum b_i z_i))), for a plant that has the data to fit it (typical).

    >>> round(defect_probability_logistic(-3.0, [1.5], [1.2]), 2)
    0.23
    """
    require_finite(intercept=intercept)
    rows = _rows(values=values, coefficients=coefficients)
    # As a tanh it does not overflow.
    return 0.5 + 0.5 * math.tanh(0.5 * (intercept + sum(value * weight for value, weight in rows)))
