"""Energy that physical states took, as the trace has it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from factory_sim.results.window import Window
from factory_sim.simulation.trace import Trace

NANO = 10**9  # nanojoules in a joule


def metered(trace: Trace, machines: Sequence[int], carrier: int, window: Window) -> int:
    """Return the energy that physical states took from a carrier up to the cycles that ended in a window. [nJ]"""
    meters = trace.meters
    counts = (meters["carrier"] == carrier) & np.isin(meters["machine"], machines) & window.holds(meters["end"])
    return sum(round(quantity * NANO) for quantity in meters["quantity"][counts].tolist())
