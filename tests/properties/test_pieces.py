"""A run that is counted piece by piece has the sums, and the rows, of the run as a whole."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from functools import reduce
from typing import Any

import numpy as np
import pytest
from hypothesis import note
from hypothesis import strategies as st

from factory_sim.model import parse_plant
from factory_sim.results.pieces import Cutter, Piece
from factory_sim.results.sums import Sums, sums
from factory_sim.results.window import Window
from factory_sim.simulation.plan import ticks
from factory_sim.simulation.run import Stretch, simulate, simulate_by
from factory_sim.simulation.trace import COLUMNS

from .more_plants import more_plants
from .plants import Raw, plants, serial_lines
from .test_downtime import cared_for
from .test_engine import Drawn, effort, judge
from .test_flow import belts, disturbed
from .test_lines import LINES
from .test_people import peopled, plan_with_people
from .test_sensors import charted_plants, watched_plants
from .test_vehicles import fleets

DRAWN: dict[str, tuple[st.SearchStrategy[Any], int]] = {
    "plants": (plants(), 80),
    "lines": (serial_lines(), 30),
    "more": (more_plants(), 60),
    "upkeep": (cared_for(), 30),
    "belts": (st.one_of(belts(), disturbed()), 40),
    "cells": (LINES.map(lambda raw: (raw, 10800)), 20),
    "people": (peopled(), 60),
    "sensors": (st.one_of(watched_plants(), charted_plants()), 30),
    "vehicles": (fleets(), 60),
}
SHARES = st.sampled_from([0.0, 0.3, 0.5])  # of the horizon


def difference(one: Any, other: Any, where: str = "") -> str:
    """Return where two sums differ, empty if they do not: whole numbers at all, others by more than rounding."""
    if is_dataclass(one):
        pairs = [(getattr(one, each.name), getattr(other, each.name), each.name) for each in fields(one)]
    elif isinstance(one, dict):
        pairs = [(one.get(key), other.get(key), str(key)) for key in {**one, **other}]
    elif isinstance(one, tuple):
        pairs = [(*pair, str(index)) for index, pair in enumerate(zip(one, other, strict=True))]
    elif isinstance(one, np.ndarray | float):
        scale = max(1.0, float(np.abs(one).max(initial=0.0)))
        exact = isinstance(one, np.ndarray) and one.dtype.kind == "i"
        same = np.shape(one) == np.shape(other) and np.allclose(
            one, other, rtol=1e-9, atol=0.0 if exact else 1e-9 * scale
        )
        return "" if same else f"{where}: {one} against {other}"
    else:
        return "" if one == other else f"{where}: {one} against {other}"
    return next(filter(None, (difference(mine, its, f"{where}.{name}") for mine, its, name in pairs)), "")


def aligned(found: Sums, first: int, count: int) -> np.ndarray:
    """Return the load of so many quarters from `first`."""
    skipped = first - found.load.first
    energy = np.pad(found.load.energy, (max(0, -skipped), count))
    return energy[max(0, skipped) :][:count]


def joined(stretches: list[Stretch]) -> dict[str, dict[str, bytes]]:
    """Return the rows of all stretches as bytes, by table and column."""
    traces = [*(stretch.done for stretch in stretches), stretches[-1].open]
    return {table: {name: b"".join(getattr(trace, table)[name].tobytes() for trace in traces) for name in names}
            for table, names in COLUMNS.items()}  # fmt: skip


def compare(raw: Raw, horizon: float, length: float, warmup: float) -> None:
    """Check a run that is cut after `length` again and again against the whole one. Times in s."""
    plan, plant = plan_with_people(raw), parse_plant(raw)
    trace = simulate(plan, horizon=horizon)
    stretches = list(simulate_by(ticks(length), plan, horizon=horizon))
    rows = {table: {name: column.tobytes() for name, column in getattr(trace, table).items()} for table in COLUMNS}
    assert joined(stretches) == rows
    window = Window(ticks(warmup), trace.horizon, horizon - warmup, 1.0)
    cutter = Cutter(plan)
    total = reduce(Sums.__add__, (sums(plant, plan, cutter.piece(stretch), window) for stretch in stretches))
    whole = sums(plant, plan, Piece.whole(plan, trace), window)
    span = min(whole.load.first, total.load.first), len(whole.load.energy) + len(total.load.energy) + 2
    assert np.allclose(aligned(total, *span), aligned(whole, *span), rtol=1e-9, atol=1e-3)
    for each in fields(Sums):
        if each.name != "load":
            assert difference(getattr(whole, each.name), getattr(total, each.name), each.name) == ""


@effort
@pytest.mark.parametrize("kind", DRAWN)
def test_pieces_add_up_to_the_whole(kind: str, times: int) -> None:
    drawn, examples = DRAWN[kind]

    def check(drawn: Drawn, pieces: int, shift: float, warm: float) -> None:
        raw, horizon = drawn
        length, warmup = max(1, horizon // pieces // 60) * 60 + shift, horizon * warm // 60 * 60
        note(f"cut every {length} s, warm-up {warmup} s")
        compare(raw, horizon, length, warmup)

    judge(check, examples, times, drawn, st.integers(2, 9), st.sampled_from([0.0, 1e-6, 0.7]), SHARES)


def test_work_without_length_at_the_cut_waited_for_nothing() -> None:
    """Two visits of no time at the end of a repair, at which the next one is under way: the cut comes between them."""
    crew = {"units": 2, "weekly_limit": "168 h"}
    cycle = {"choice": [{"value": "0 min", "share": 0.5}, {"value": "2 min", "share": 0.5}]}
    failure = {"mode": {"clock": "working", "between": "1 min", "repair": "1 min"}}
    saw = {"cycle": cycle, "needs": ["crew"], "rework": 0.3, "rework_to": "saw", "failure": failure}
    products = {f"product{i}": {"route": [f"source{i}", "saw", "out"]} for i in range(3)}
    raw = {
        "plant": {"name": "Saw"},
        "source": {f"source{i}": {} for i in range(3)},
        "sink": {"out": {}},
        "product": products,
        "station": {"saw": saw},
        "resource": {"crew": crew},
    }
    judge(lambda made: compare(made, 1200, 600.0, 0.0), 1, 1, st.just(raw))
