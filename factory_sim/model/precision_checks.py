"""What must go together: the way in which a study spends its replications, and the precision that it asks for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from factory_sim.model.precision_schema import EQUAL, HALF_WIDTH, KN, SELECTIONS
from factory_sim.model.validate import Found

NEEDED = {KN: "indifference", HALF_WIDTH: "half_width"}
EXAMPLE = {"indifference": '"50e6 KRW"', "half_width": '"20e6 KRW"'}


def check_precision(raw: dict[str, Any]) -> Iterator[Found]:
    """Yield keys of precision that are missing, and keys that would have no effect."""
    study, precision = raw.get("study"), raw.get("precision", {})
    if not isinstance(study, dict) or not isinstance(precision, dict):
        return
    selection = study.get("selection", EQUAL)
    if selection not in SELECTIONS:
        return  # the schema says so
    needed = NEEDED.get(selection)
    if needed is not None and needed not in precision:
        yield (
            ("study", "selection"),
            f'"{selection}" needs precision.{needed}; write [precision] {needed} = {EXAMPLE[needed]}',
        )
    if selection != EQUAL and "replications" in study:
        message = f'has no effect with selection = "{selection}"; remove it, or write precision.most_replications'
        yield ("study", "replications"), message
    for key in precision:
        if selection == EQUAL:
            message = 'has no effect with selection = "equal"; remove it, or write study.selection = "kn"'
            yield ("precision", key), message
        elif key in EXAMPLE and key != needed:
            yield ("precision", key), f'has no effect with selection = "{selection}"; remove it'
