"""Measured quantities: how the process moves them, what the gauge reads, what charts say and what follows.

The value of a part is target + deviation of the process + spread. The deviation is the error of the last setting, a
drift per part and per hour of work since then, and the shifts of the assignable causes that have struck. A setting (an
adjustment, or the beginning of a stop that is named for it) takes all of this away; a stop that begins in the middle of
a part counts as before it, and two in one instant count once.

One variate of spread and one of the gauge are drawn for every part, read or not, so that two runs stay in step.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING

from factory_sim.simulation import trace
from factory_sim.simulation.charts import Chart
from factory_sim.simulation.places import Part
from factory_sim.simulation.plan import WHEN_IDLE
from factory_sim.simulation.sensor_rows import ALARM, NOTE, PASS, SCRAP, SORT_INSPECT, CauseRow, ChartRow, MeasureRow
from factory_sim.simulation.streams import generator, one_by_one

if TYPE_CHECKING:
    from factory_sim.simulation.engine import Engine
    from factory_sim.simulation.machine import Machine
    from factory_sim.simulation.stops import Stop

SCRAPPED_BY_SENSOR = trace.SCRAPPED + trace.CAUSE_UNIT * trace.BY_SENSOR


def normals(engine: Engine, stream: int) -> Callable[[], float]:
    """Return standard normal variates of a stream."""
    draw = generator(engine.seed, engine.replication, stream).standard_normal
    return one_by_one(lambda count: draw(count).tolist())


class Cause:
    """Something that shifts a process once the machine has worked so long since the last setting."""

    def __init__(self, engine: Engine, row: CauseRow) -> None:
        self.row, self.until = row, engine.sampler(row.between, row.stream)
        self.due = 0

    def shift(self, worked: int) -> float:
        """Return the shift when the machine has worked so long. [unit of the quantity]"""
        return self.row.size if worked >= self.due else 0.0


class Measuring:
    """A quantity that one machine gives to its parts."""

    def __init__(self, engine: Engine, row: MeasureRow) -> None:
        self.engine, self.row = engine, row
        self.luck, self.setting = normals(engine, row.stream), normals(engine, row.setting_stream)
        self.gauge, self.sorting = normals(engine, row.gauge_stream), normals(engine, row.sort_stream)
        self.causes = [Cause(engine, cause) for cause in row.causes]
        self.charts = [Chart(chart, row.subgroup, row.target) for chart in row.charts]
        first = row.first
        self.time = None if first is None or first.time < 0 else engine.sampler(first.time, first.stream)
        self.adjusting = None if first is None else engine.sampler(first.adjust, first.adjust_stream)
        self.begun = dict.fromkeys((*row.resets, *(first.after if first is not None else ())), 0)
        self.sorts = any(chart.sort >= 0 for chart in row.charts)
        self.suspects: dict[Part, tuple[int, float]] = {}  # since the last good sample, with step and value
        self.made = self.since_sample = self.first_left = 0
        self.sample: list[float] = []
        self.value = self.mean = self.offset = 0.0
        self.worked = 0  # of the machine, at the last setting [ticks]
        self.set(0)

    # -- the process ---------------------------------------------------------------------------------------------

    def set(self, worked: int) -> None:
        """The process is set anew, when the machine has worked so long."""
        self.worked, self.made = worked, 0
        self.offset = self.row.setting_error * self.setting()
        for cause in self.causes:
            cause.due = worked + cause.until()
        self.sample.clear()
        for chart in self.charts:
            chart.restart()

    def form(self, machine: Machine) -> bool:
        """Give the part its value; tell whether it lies outside the limits."""
        row = self.row
        self._look_at_stops(machine)
        drift = row.drift_per_part * self.made + row.drift_per_tick * (machine.worked - self.worked)
        self.made += 1
        self.mean = row.target + self.offset + drift + math.fsum(each.shift(machine.worked) for each in self.causes)
        self.value = self.mean + row.spread * self.luck()
        return self.outside(self.value)

    def _look_at_stops(self, machine: Machine) -> None:
        """See which of the stops that count have begun since the last part."""
        net = machine.ended - machine.began - machine.lost
        sets = False
        for index, before in self.begun.items():
            stop = stop_of(machine, index)
            if stop.begin <= before:
                continue
            self.begun[index] = stop.begin
            sets = sets or index in self.row.resets
            if self.row.first is not None and index in self.row.first.after:
                self.first_left = self.row.first.parts
        if sets:
            self.set(machine.worked - net)

    def outside(self, value: float) -> bool:
        """Tell whether a value lies outside the limits."""
        return not self.row.lower <= value <= self.row.upper

    # -- the gauge -----------------------------------------------------------------------------------------------

    def read(self, machine: Machine) -> None:
        """Measure the part if its turn has come, put it on the charts, and do what follows."""
        row = self.row
        noise = self.gauge()
        if machine.outcome:
            return
        self.since_sample += 1
        sampled = self.since_sample > row.sample_every - row.subgroup
        complete = self.since_sample == row.sample_every
        if complete:
            self.since_sample = 0
        if self.sorts:
            self.suspects[machine.part] = machine.part.step + 1, self.value
        if sampled or self.first_left:
            reading = self.value + row.gauge_error * noise + self.bias()
            self._judge(machine, reading)
            if self.first_left:
                self._check_first(machine, reading)
            if sampled:
                self.sample.append(reading)
        if complete and self.sample:
            mean = math.fsum(self.sample) / len(self.sample)
            self.sample.clear()
            self._plot(machine, mean)

    def bias(self) -> float:
        """Return the error of the gauge since its last calibration. [unit of the quantity]"""
        return self.row.gauge_drift * (self.engine._now % self.row.calibration)

    def _judge(self, machine: Machine, reading: float) -> None:
        decision = PASS
        if self.outside(reading):
            decision = SCRAP if self.row.scraps else NOTE
        if decision == SCRAP:
            machine.outcome = SCRAPPED_BY_SENSOR
        self._signal(self.row.sensor, decision, machine.part, self.value, reading)

    def _check_first(self, machine: Machine, reading: float) -> None:
        """The machine waits for the measuring; after a bad reading it is adjusted, and the count begins anew."""
        assert self.row.first is not None and self.adjusting is not None
        bad = self.outside(reading)
        duration = (self.time() if self.time else 0) + (self.adjusting() if bad else 0)
        self.first_left -= 1
        if bad:
            self.set(machine.worked)
            self.first_left = self.row.first.parts
        if bad or self.time:
            stop_of(machine, self.row.first.stop).hold_for(duration)

    def _signal(self, sensor: int, decision: int, part: Part, true: float, reading: float) -> None:
        row = sensor, decision, part.number, self.engine._now, true, reading
        self.engine.recorder.signals.extend(trace.SIGNAL(*row))

    # -- the charts ----------------------------------------------------------------------------------------------

    def _plot(self, machine: Machine, mean: float) -> None:
        """Put the mean of a sample on the charts; all of them see it before anything follows."""
        alarms = []
        for chart in self.charts:
            alarm, statistic = chart.plot(mean)
            deviation = self.mean - self.row.target
            self._signal(chart.row.sensor, ALARM if alarm else PASS, machine.part, deviation, statistic)
            if alarm:
                chart.restart()
                alarms.append(chart.row)
        for row in alarms:
            self._act(machine, row)
        self.suspects.clear()

    def _act(self, machine: Machine, row: ChartRow) -> None:
        """Do what follows an alarm."""
        if row.sort >= 0:
            self._sort(machine, row.sort == SORT_INSPECT)
        if row.adjust >= 0:
            self.set(machine.worked)
        for index in (row.adjust, row.stop):
            if index >= 0 and not (stop := stop_of(machine, index)).active:
                stop.strike()
        if row.maintenance >= 0:
            begin(machine, stop_of(machine, row.maintenance))

    def _sort(self, machine: Machine, inspect: bool) -> None:
        """Take out the suspect parts that wait before the next station, and the one in the machine."""
        engine = self.engine
        for part, (step, value) in self.suspects.items():
            if inspect and not self.outside(value + self.row.gauge_error * self.sorting() + self.bias()):
                continue
            if part is machine.part:
                machine.outcome = machine.outcome or SCRAPPED_BY_SENSOR
                continue
            place = part.places[step] if part.step == step and step < len(part.way) else None
            if place is not None and part in place.items:
                place.items.remove(part)
                engine.end_part(part, trace.SORTED, place.index)
                engine.examine(place)


def stop_of(machine: Machine, index: int) -> Stop:
    """Return the stop of a machine by its index in the plan."""
    return machine.stops[index - machine.row.stops[0]]


def begin(machine: Machine, stop: Stop) -> None:
    """Begin a planned stop before its time, unless it is under way or due; its times go on as they were."""
    if stop.active or stop in machine.pending or stop in machine.when_idle:
        return
    if stop.row.when == WHEN_IDLE:
        machine.when_idle.append(stop)
    else:
        stop.strike()
