"""Rows of the plan about defects and what looks for them; numbers only, see `plan`."""

from __future__ import annotations

from typing import NamedTuple

# Verbs of a machine's program beside those of `plan`: decide what the work made of the part, look at it, wait until the
# stops that followed are over, and note that they are.
FORM, JUDGE, HOLD, GO_ON = 30, 31, 32, 33

# What is done with a rejected part. The trace writes the same numbers, PASS, and ALARM of a chart.
PASS, SCRAP, REWORK, DOWNGRADE, NOTE, ALARM = range(6)

SHEWHART, CUSUM, EWMA = range(3)  # kinds of chart
SORT_INSPECT, SORT_SCRAP = range(2)


class DefectRow(NamedTuple):
    """A defect that a machine makes: a share of the parts, at every visit anew."""

    cause: int
    share: float
    stream: int


class InspectionRow(NamedTuple):
    """A sensor of a machine that judges the true state of a part."""

    sensor: int  # of the trace
    causes: tuple[int, ...]  # that it can see
    detection: float
    false_reject: float
    every: int
    reject: int
    repaired: float
    attempts: int  # NONE: no limit
    product: int  # as which a downgraded part goes on; NONE
    step: int  # of that product's way, the visit that it has just made
    stream: int
    repair_stream: int


class CauseRow(NamedTuple):
    """Something that shifts a process until it is set anew."""

    between: int  # distribution of working time
    size: float
    stream: int


class ChartRow(NamedTuple):
    """A control chart and what follows its alarm."""

    sensor: int  # of the trace
    kind: int
    limit: float
    k: float
    h: float
    weight: float
    exact_limits: bool
    sigma: float  # of one reading
    stop: int  # stops of the plan; NONE
    adjust: int
    maintenance: int
    sort: int  # NONE: nothing is sorted


class FirstRow(NamedTuple):
    """The check of the first parts after some stops."""

    parts: int
    time: int  # distributions; NONE: the machine runs on
    adjust: int
    stop: int  # of the plan
    after: tuple[int, ...]  # stops of the plan
    stream: int
    adjust_stream: int


class MeasureRow(NamedTuple):
    """A quantity that a machine gives to its parts, and the gauge that reads it."""

    sensor: int  # of the trace
    defect: int  # cause of a part outside the limits; NONE: there are no limits
    target: float
    spread: float
    setting_error: float
    drift_per_part: float
    drift_per_tick: float  # of work
    resets: tuple[int, ...]  # stops of the plan
    causes: tuple[CauseRow, ...]
    lower: float  # -inf and inf: no limit
    upper: float
    gauge_error: float
    gauge_drift: float  # per tick
    calibration: int  # [ticks]; NEVER
    sample_every: int
    subgroup: int
    scraps: bool
    charts: tuple[ChartRow, ...]
    first: FirstRow | None
    stream: int
    setting_stream: int
    gauge_stream: int
    sort_stream: int


class QualityRow(NamedTuple):
    """What a machine makes wrong and what looks for it."""

    unseen: int  # cause of the parts that its yield calls bad and that go on; NONE: they are scrapped
    defects: tuple[DefectRow, ...]
    inspections: tuple[InspectionRow, ...]
    measures: tuple[MeasureRow, ...]
    repairs: float = 0.0  # share of the parts whose defects the work takes away
    repair_stream: int = 0
