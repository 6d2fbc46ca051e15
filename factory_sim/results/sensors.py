"""What sensors saw and what they missed; parts that were delivered with a defect that nobody found.

A gauge looks at the value of the part, a chart at the mean of the process: bad is what lies outside the limits of the
measure, or further from its target than `in_control`; an escape of a chart is a sample without an alarm meanwhile.
An inspection looks at the true state: *detection*, a defective part is rejected; *false alarm*, a good one; *escape*,
a defective part is passed. Only defects that the sensor can see count.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from factory_sim.model.schema import Plant
from factory_sim.results.window import Window
from factory_sim.simulation import trace as t
from factory_sim.simulation.prepare_sensors import CHART, INSPECTION, SensorName, sensors
from factory_sim.simulation.sensor_rows import PASS
from factory_sim.simulation.trace import Trace


@dataclass(frozen=True)
class SensorCounts:
    """How often a sensor looked in a window, over all machines of its station, and how it judged."""

    station: str
    name: str
    looks: int
    detections: int
    false_alarms: int
    escapes: int

    @property
    def recall(self) -> float:
        """Share of the defective ones that it found; nan if there was none."""
        return _share(self.detections, self.detections + self.escapes)

    @property
    def false_alarm_share(self) -> float:
        """Share of the good ones that it took for defective; nan if there was none."""
        return _share(self.false_alarms, self.looks - self.detections - self.escapes)


def sensor_counts(plant: Plant, trace: Trace, window: Window) -> dict[str, SensorCounts]:
    """Return what each sensor saw, by `<station>.<sensor>`."""
    signals, found = trace.signals, {}
    within = window.holds(signals["time"])
    names = sensors(plant)
    for station, name in dict.fromkeys((each.station, each.name) for each in names):
        mine = [index for index, each in enumerate(names) if (each.station, each.name) == (station, name)]
        rows = within & np.isin(signals["sensor"], mine)
        bad, rejected = _bad(plant, names[mine[0]], signals["true"][rows]), signals["decision"][rows] != PASS
        counts = [int(mask.sum()) for mask in (bad & rejected, ~bad & rejected, bad & ~rejected)]
        found[f"{station}.{name}"] = SensorCounts(station, name, int(rows.sum()), *counts)
    return found


def _bad(plant: Plant, sensor: SensorName, true: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Tell which of the true values that a sensor looked at are bad."""
    if sensor.kind == INSPECTION:
        least, most = 0.0, 0.0
    else:
        measure = plant.station[sensor.station].measure[sensor.name.partition(".")[0]]
        most = math.inf if measure.upper is None else measure.upper
        least = -math.inf if measure.lower is None else measure.lower
        if sensor.kind == CHART:
            most = measure.spread / 2.0 if measure.in_control is None else measure.in_control
            least = -most
    found: NDArray[np.bool_] = (true < least) | (true > most)
    return found


def defective_parts(trace: Trace) -> NDArray[np.int64]:
    """Return the numbers of the parts that have a defect at the end of the run, or had one when they left. Ascending"""
    part, cause, present = (trace.defects[name][::-1] for name in ("part", "cause", "present"))
    _, last = np.unique(np.stack([part, cause]), axis=1, return_index=True)  # the first one from the end
    found: NDArray[np.int64] = np.unique(part[last][present[last] == 1])
    return found


def escaped(trace: Trace) -> NDArray[np.bool_]:
    """Tell of each row of the parts whether it reached a sink with a defect."""
    parts = trace.parts
    if not len(trace.defects["part"]):
        return np.zeros(len(parts["part"]), dtype=bool)
    found: NDArray[np.bool_] = (parts["fate"] == t.AT_SINK) & np.isin(parts["part"], defective_parts(trace))
    return found


def _share(part: int, whole: int) -> float:
    return part / whole if whole else math.nan
