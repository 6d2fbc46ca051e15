"""What several tests of studies do."""

from __future__ import annotations

from typing import Any

from factory_sim.model import Plant, Study, parse_plant, paths


def invested(study: Study, names: tuple[str, ...], **sure: float) -> Plant:
    """The plant after some investments, uncertain amounts at their means or, for those of `sure`, at its value."""
    raw: dict[str, Any] = study.plant.raw
    for name in names:
        for change in study.investment[name].changes:
            value = change.value
            if change.operation in ("shift", "factor"):
                by = sure.get(name, getattr(value, "mean", value))
                value = paths.moved(paths.value_at(parse_plant(raw), change.path), change.operation, by)
            raw = paths.put(raw, change.path, value)
    return parse_plant(raw)
