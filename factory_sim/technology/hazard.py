"""What a sensor leaves of a failure that comes at a constant hazard, part of it from causes that the sensor sees."""

from __future__ import annotations


def spared(probability: float, share: float, recall: float) -> float:
    """Return the probability that it does not fail, if a sensor takes `recall` of a share of the hazard away.

    >>> round(1.0 - spared(0.1, 0.6, 1.0), 4), round(1.0 - spared(0.1, 0.6, 0.0), 4)  # 1 - 0.9^0.4
    (0.0413, 0.1)
    """
    left: float = (1.0 - probability) ** (1.0 - share * recall)
    return left
