"""Rows of the plan about defects and what looks for them; numbers only, see `plan`."""

from __future__ import annotations

from typing import NamedTuple

# Verbs of a machine's program beside those of `plan`: decide what the work made of the part, look at it.
FORM, JUDGE = 30, 31

# What is done with a rejected part. The trace writes the same numbers, and PASS.
PASS, SCRAP, REWORK, DOWNGRADE, NOTE = range(5)


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


class QualityRow(NamedTuple):
    """What a machine makes wrong and what looks for it."""

    unseen: int  # cause of the parts that its yield calls bad and that go on; NONE: they are scrapped
    defects: tuple[DefectRow, ...]
    inspections: tuple[InspectionRow, ...]
