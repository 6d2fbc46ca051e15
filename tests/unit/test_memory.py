"""A replication needs the memory of about a week, however long it is."""

from __future__ import annotations

import tracemalloc
from typing import Any

from factory_sim.model import parse_plant
from factory_sim.model.units import WEEK
from factory_sim.study.task import Task

RAW: dict[str, Any] = {
    "plant": {"name": "Line"},
    "source": {"in": {}},
    "sink": {"out": {}},
    "resource": {"fitter": {"units": 1}},
    "product": {"part": {"route": ["in", "saw", "mill", "out"]}},
    "buffer": {"between": {"before": "mill", "capacity": 5}},
    "station": {
        "saw": {"cycle": {"exponential": "2 min"}, "power": {"working": "5 kW"}},
        "mill": {
            "cycle": "110 s",
            "yield": 0.95,
            "failure": {"wear": {"between": {"exponential": "8 h"}, "repair": "20 min", "crew": "fitter"}},
        },
    },
}


def peak(weeks: int) -> int:
    """Return the most memory that a replication with so many measured weeks holds at once. [B]"""
    task = Task(parse_plant(RAW), "sold_out", 0, 1, weeks * WEEK, WEEK)
    tracemalloc.start()
    try:
        task.run()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_memory_does_not_grow_with_the_horizon() -> None:
    peak(1)  # what is imported and kept once
    assert peak(24) < 1.5 * peak(4)
