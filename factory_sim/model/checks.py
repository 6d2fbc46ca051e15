"""What only the whole plant can tell: names, routes, stations that nothing reaches."""

from __future__ import annotations

from typing import Any

from factory_sim.model.validate import Found


def check_plant(raw: dict[str, Any]) -> list[Found]:
    """Return the problems between the tables of a plant, whatever else is wrong in it."""
    return []
