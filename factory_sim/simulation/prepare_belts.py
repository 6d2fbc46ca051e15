"""From flows in names to rows of numbers."""

from __future__ import annotations

import math
from collections.abc import Callable

from factory_sim.model.distribution import Distribution
from factory_sim.model.flow_schema import SLACK, Flow
from factory_sim.simulation import plan as p
from factory_sim.simulation import trace
from factory_sim.simulation.plan import FlowRow, StopRow, ticks
from factory_sim.simulation.streams import stream_key

BREAK = "web_break"  # name of the stop that stands for breaks of the web
Row = Callable[[Distribution], int]


def flow_row(machine: int, flow: Flow, web_break: int, longest_stand: float) -> FlowRow:
    """Return the row of a flow cell.

    `web_break` is the index of its stop, NONE if it has none; `longest_stand` the time that parts may stand in the
    dryer or oven, all stops together. [s]
    """
    pitch, count = ticks(flow.pitch / flow.pace), round(flow.length / flow.pitch)
    moves_in_steps = flow.drive != "belt"
    return FlowRow(
        machine=machine,
        transit=count * pitch if moves_in_steps else ticks(flow.length / flow.pace),
        pitch=pitch,
        gap=ticks(flow.part / flow.pace),
        capacity=int(flow.length / flow.part * (1.0 + SLACK)),
        accumulating=flow.accumulating,
        fed=flow.kind == "web" or flow.drive == "pusher",
        strokes=flow.drive == "walking_beam",
        max_residence=p.NEVER if flow.max_residence is None else ticks(flow.max_residence),
        zones=tuple(
            (ticks(zone.from_ / flow.pace), ticks((zone.from_ + zone.length) / flow.pace), ticks(zone.lost_after))
            for zone in flow.zone
        ),
        waste=-int(-flow.startup_waste / flow.pitch * (1.0 - SLACK) // 1),
        waste_after=p.NEVER if flow.startup_after is None else ticks(flow.startup_after),
        web_break=web_break,
        oven=_oven(flow, longest_stand),
    )


def _oven(flow: Flow, longest_stand: float) -> tuple[int, int, int]:
    """Return begin and end of the dryer or oven, and how long parts may stand in it."""
    oven = flow.drying or flow.cure
    if oven is None or longest_stand == math.inf:
        return 0, 0, p.NEVER
    begin, end = oven.from_, oven.from_ + oven.length
    return ticks(begin / flow.pace), ticks(end / flow.pace), ticks(longest_stand)


def break_row(index: int, machine: str, flow: Flow, row: Row, resources: dict[str, int]) -> StopRow | None:
    """Return the stop that stands for breaks of the web: at random over the length that has run."""
    broken = flow.web_break
    if broken is None:
        return None
    between = Distribution("exponential", (broken.every / flow.pace,))
    crew = () if broken.crew is None else (resources[broken.crew],)
    return StopRow(
        index, trace.FAILED, p.ON_WORKING, p.IMMEDIATE, row(between), row(broken.rethread), 0,
        crew, broken.priority, stream_key(machine, f"ttf.{BREAK}"), stream_key(machine, f"repair.{BREAK}"),
    )  # fmt: skip
