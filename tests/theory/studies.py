"""What several tests of studies do."""

from __future__ import annotations

from dataclasses import replace

from factory_sim.model import Change, Distribution, Plant, Study
from factory_sim.study.scenario import changed


def invested(study: Study, *names: str, **sure: float) -> Plant:
    """The plant after some investments, uncertain amounts at their means or, for those of `sure`, at its value."""
    made = [(name, change) for name in names for change in study.investment[name].changes]
    return changed(study.plant, [(name, _certain(change, sure.get(name))) for name, change in made])


def _certain(change: Change, amount: float | None) -> Change:
    if change.operation not in ("shift", "factor"):
        return change
    return replace(change, value=Distribution("constant", (change.value.mean if amount is None else amount,)))
