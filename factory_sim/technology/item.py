"""What a part brings along from one station to the next: a list of floats, the same slots for all technologies.

>>> fresh()[TEMPERATURE] != fresh()[TEMPERATURE]  # not known until a station gives it
True
"""

from __future__ import annotations

import math

# States of a part.
TEMPERATURE = 0  # mean over its volume when told last [degC]; NaN: no station has heated it
TOLD = 1  # time of the run at which that was [s]
REHEATS = 2  # how often it was sent back to be heated
DEPTH = 3  # of its case, or thickness of its last coating [m]
SPOILT = 4  # 1: a law has found it bad, and judges it so at the end of the cycle
PRODUCT = 5  # its index in the plant
STATES = 6

NO_PART: list[float] = []  # for a law that does not read parts


def fresh() -> list[float]:
    """Return the state of a part that no station has worked on."""
    return [math.nan, 0.0, 0.0, 0.0, 0.0, 0.0]
