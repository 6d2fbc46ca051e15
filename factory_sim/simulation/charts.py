"""Control charts: what they plot and when they give an alarm. Montgomery, Statistical Quality Control, 6 and 9."""

from __future__ import annotations

import math

from factory_sim.simulation.sensor_rows import CUSUM, SHEWHART, ChartRow


class Chart:
    """A chart of the means of samples of `size` readings around `center`."""

    def __init__(self, row: ChartRow, size: int, center: float) -> None:
        self.row, self.center, self.unit = row, center, row.sigma / math.sqrt(size)
        self.high = self.low = self.smooth = 0.0
        self.samples = 0

    def restart(self) -> None:
        """Forget all samples."""
        self.high = self.low = self.smooth = 0.0
        self.samples = 0

    def plot(self, mean: float) -> tuple[bool, float]:
        """Take the mean of a sample; return whether there is an alarm, and what is plotted in standard deviations."""
        row, y = self.row, (mean - self.center) / self.unit
        self.samples += 1
        if row.kind == SHEWHART:
            return abs(y) > row.limit, y
        if row.kind == CUSUM:
            self.high = max(0.0, self.high + y - row.k)
            self.low = max(0.0, self.low - y - row.k)
            return max(self.high, self.low) > row.h, self.high if self.high >= self.low else -self.low
        self.smooth = row.weight * y + (1.0 - row.weight) * self.smooth
        variance = row.weight / (2.0 - row.weight)
        if row.exact_limits:
            variance *= 1.0 - (1.0 - row.weight) ** (2 * self.samples)
        z = self.smooth / math.sqrt(variance)
        return abs(z) > row.limit, z
