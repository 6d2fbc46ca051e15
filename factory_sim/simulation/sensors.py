"""Defects that travel with the part, and the sensors that look for them.

FORM decides what the work made of the part: each defect of the machine is there or not, at every visit anew; a defect
of another station stays, unless this one repairs. JUDGE shows the part to the sensors of the machine, one after
another, until one rejects it. Nobody else sees a defect: a defective part that no sensor rejects goes on like a good
one and reaches the customer.

One variate is drawn for each defect and each sensor at every part, whatever becomes of it, so that two runs stay in
step part by part.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from factory_sim.simulation import trace
from factory_sim.simulation.measuring import SCRAPPED_BY_SENSOR, Measuring
from factory_sim.simulation.places import Part
from factory_sim.simulation.sensor_rows import (
    DOWNGRADE,
    FORM,
    GO_ON,
    HOLD,
    JUDGE,
    PASS,
    REWORK,
    SCRAP,
    InspectionRow,
    QualityRow,
)

if TYPE_CHECKING:
    from simpy import Event

    from factory_sim.simulation.engine import Engine
    from factory_sim.simulation.machine import Machine

VERDICT_MASK = trace.CAUSE_UNIT - 1


class Quality:
    """What a machine makes wrong and what looks for it, with the luck of both."""

    def __init__(self, engine: Engine, machine: int, row: QualityRow) -> None:
        self.engine, self.machine, self.row = engine, machine, row
        self.repair = engine.uniforms(row.repair_stream) if row.repairs else None
        self.luck = [engine.uniforms(defect.stream) for defect in row.defects]
        self.inspections = [Inspection(engine, inspection) for inspection in row.inspections]
        self.measures = [Measuring(engine, measure) for measure in row.measures]

    def mark(self, part: Part, cause: int, present: bool) -> None:
        """Give the part a defect or take it away."""
        if (cause in part.defects) == present:
            return
        part.defects = part.defects | {cause} if present else part.defects - {cause}
        row = part.number, self.engine._now, self.machine, cause, int(present)
        self.engine.recorder.defects.extend(trace.DEFECT(*row))


class Inspection:
    """A sensor that judges the true state of the parts of one machine."""

    def __init__(self, engine: Engine, row: InspectionRow) -> None:
        self.engine, self.row = engine, row
        self.luck = engine.uniforms(row.stream)
        self.repair = engine.uniforms(row.repair_stream)
        self.causes = frozenset(row.causes)
        self.passed = 0  # parts since the last one that it looked at
        self.sent: dict[int, int] = {}  # times that it has sent a part back, by the part's number

    def look(self, machine: Machine, quality: Quality) -> None:
        """Judge the part of the machine; a part that somebody has rejected already is not looked at."""
        row, part = self.row, machine.part
        u = self.luck()
        self.passed += 1
        if self.passed < row.every or machine.outcome:
            return
        self.passed = 0
        seen = part.defects & self.causes
        rejects = u < (row.detection if seen else row.false_reject)
        decision = self.decide(part) if rejects else PASS
        if not rejects:
            self.sent.pop(part.number, None)
        signal = row.sensor, decision, part.number, self.engine._now, float(min(seen, default=0)), float(rejects)
        self.engine.recorder.signals.extend(trace.SIGNAL(*signal))
        if decision == SCRAP:
            machine.outcome = SCRAPPED_BY_SENSOR
        elif decision == REWORK:
            machine.outcome = trace.REWORKED
            if self.repair() < row.repaired:
                for cause in sorted(part.defects):
                    quality.mark(part, cause, False)
        elif decision == DOWNGRADE:
            self.downgrade(part)

    def decide(self, part: Part) -> int:
        """Return what is done with a rejected part."""
        row = self.row
        if row.reject != REWORK or row.attempts < 0:
            return row.reject
        times = self.sent.pop(part.number, 0)
        if times >= row.attempts:
            return SCRAP
        self.sent[part.number] = times + 1
        return REWORK

    def downgrade(self, part: Part) -> None:
        """The part is of another product from now on; the visit that ends counts as one of that product."""
        product, step = self.row.product, self.row.step
        part.way, part.places = self.engine.plan.products[product].steps, self.engine.ways[product]
        part.product, part.step = product, step


def form(engine: Engine, machine: Machine) -> None:
    """Decide what the work made of the part."""
    machine.end_work()
    quality = engine.quality[machine.index]
    row, part = quality.row, machine.part
    if quality.repair is not None and quality.repair() < row.repairs and not machine.outcome:
        for cause in sorted(part.defects):
            quality.mark(part, cause, False)
    if row.unseen >= 0:
        bad = machine.outcome & VERDICT_MASK == trace.SCRAPPED and not machine.refusal
        quality.mark(part, row.unseen, bad)
        if bad:
            machine.outcome = trace.GOOD
    for defect, luck in zip(row.defects, quality.luck, strict=True):
        u = luck()
        if not machine.outcome:
            quality.mark(part, defect.cause, u < defect.share)
    for measure in quality.measures:
        outside = measure.form(machine)
        if measure.row.defect >= 0 and not machine.outcome:
            quality.mark(part, measure.row.defect, outside)


def judge(engine: Engine, machine: Machine) -> None:
    """Show the part to the sensors of the machine."""
    machine.end_work()
    quality = engine.quality[machine.index]
    for measure in quality.measures:
        measure.read(machine)
    for inspection in quality.inspections:
        inspection.look(machine, quality)


def hold(_: Engine, machine: Machine) -> Event | None:
    """Wait with the part until the stops that followed its measuring are over: work of no length comes after them."""
    return machine.run(0) if machine.stopped else None


def go_on(engine: Engine, machine: Machine) -> None:
    """The stops are over."""
    if machine.at_work:
        machine.ended, machine.at_work = engine._now, False


PERFORM: dict[int, Callable[[Engine, Machine], Event | None]] = {FORM: form, JUDGE: judge, HOLD: hold, GO_ON: go_on}
