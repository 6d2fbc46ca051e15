"""Flow cells against a program that moves every part minute by minute, and what holds for all of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from hypothesis import strategies as st

from factory_sim.model import parse_plant
from factory_sim.results.measures import measure
from factory_sim.results.states import machine_states
from factory_sim.simulation import trace as t
from factory_sim.simulation.plan import NEVER
from factory_sim.simulation.run import simulate

from .plants import Raw, failures, plan_of, planned_stops
from .test_engine import effort, first_difference, judge, rows

Draw = Callable[[st.SearchStrategy[Any]], Any]
MINUTE = 60_000_000


@st.composite
def belts(draw: Draw) -> tuple[Raw, int]:
    """Draw source, belt, places and machine, all times whole minutes at 1 m/min, and a horizon. [min]"""
    kind = draw(st.sampled_from(("conveyor", "accumulating", "continuous_furnace", "walking_beam", "pusher", "web")))
    gap = draw(st.integers(1, 3))
    pitch = gap if kind in ("walking_beam", "pusher") else draw(st.integers(gap, 4))
    length = pitch * draw(st.integers(1, 5)) if kind in ("walking_beam", "pusher") else draw(st.integers(pitch, 15))
    furnaces = ("walking_beam", "pusher", "continuous_furnace")
    flow: Raw = {
        "kind": "continuous_furnace" if kind in furnaces else "web" if kind == "web" else "conveyor",
        "length": f"{length} m",
        "pitch": f"{pitch} m",
        "part_length": f"{gap} m",
        "speed": "1 m/min",
    }
    if kind == "accumulating":
        flow["accumulating"] = True
    if kind in ("walking_beam", "pusher"):
        flow["drive"] = kind
    gaps = draw(st.lists(st.integers(0, 6), min_size=1, max_size=25))
    source: Raw = {"at": [f"{at} min" for at in np.cumsum(gaps).tolist()]} if draw(st.booleans()) else {}
    raw: Raw = {
        "plant": {"name": "Drawn belt"},
        "source": {"in": source},
        "sink": {"out": {}},
        "product": {"part": {"route": ["in", "a", "b", "out"]}},
        "station": {"a": {"flow": flow}, "b": {"cycle": f"{draw(st.integers(1, 7))} min"}},
        "buffer": {"before_b": {"before": "b", "capacity": draw(st.integers(0, 3))}},
    }
    return raw, draw(st.sampled_from((20, 60, 120)))


def whole(text: str) -> int:
    return int(text.split(maxsplit=1)[0])


class Plainly:
    """Moves every part one minute at a time. Positions are whole metres from the entrance."""

    def __init__(self, raw: Raw) -> None:
        flow = raw["station"]["a"]["flow"]
        self.length, self.pitch, self.gap = (whole(flow[key]) for key in ("length", "pitch", "part_length"))
        self.accumulating = flow.get("accumulating", False)
        self.fed = flow["kind"] == "web" or flow.get("drive") == "pusher"
        self.beam = flow.get("drive") == "walking_beam"
        self.cycle, self.places = whole(raw["station"]["b"]["cycle"]), raw["buffer"]["before_b"]["capacity"]
        arrivals = raw["source"]["in"].get("at")
        self.coming = None if arrivals is None else [whole(at) for at in arrivals]
        self.belt: list[list[int]] = []  # number and position, first one first
        self.gone, self.run = -(10**9), 0  # minutes since the last one left; minutes the belt has run
        self.since = 10**9  # minutes that the belt has run since the last one came
        self.queue = self.number = self.done = 0
        self.working = False
        self.got: list[int] = []
        self.left: list[int] = []

    def take(self) -> None:
        """The machine takes a part from the place, if it is free."""
        if not self.working and self.queue:
            self.queue, self.working, self.done = self.queue - 1, True, 0

    def move(self) -> None:
        """Let a minute pass."""
        if self.working:
            self.done += 1
            self.working = self.done < self.cycle
        if self.stands():
            return
        self.run += 1
        self.since += 1
        ahead = self.length + self.gone + 1 if self.gone >= 0 else 10**9  # where the one that left would be
        self.gone += 1
        for part in self.belt:
            limit = min(self.length, ahead - self.gap) if self.accumulating else 10**9
            part[1] = min(part[1] + 1, max(limit, part[1]))
            ahead = part[1]

    def stands(self) -> bool:
        """Tell whether nothing moves in the next minute; an empty walking beam begins to step with its first part."""
        if not self.belt:
            return True
        if not self.accumulating and self.waits():
            return True
        return self.fed and self.since >= self.pitch

    def waits(self) -> bool:
        return bool(self.belt) and self.belt[0][1] >= self.length

    def instant(self, now: int) -> None:
        """Do all that happens at one instant."""
        while True:
            self.take()
            room = self.queue < self.places or (not self.working and not self.queue)
            if self.waits() and room:
                self.belt.pop(0)
                self.left.append(now)
                self.queue, self.gone = self.queue + 1, 0
            elif self.open() and (self.coming is None or (self.coming and self.coming[0] <= now)):
                if self.coming is not None:
                    self.coming.pop(0)
                # What a walking beam takes between two steps goes with the next one.
                self.belt.append([self.number, self.run % self.pitch if self.beam else 0])
                self.since = self.run % self.pitch if self.beam else 0
                self.number += 1
                self.got.append(now)
            else:
                return

    def open(self) -> bool:
        """Tell whether a part may come in."""
        if not self.belt:
            return self.since >= self.pitch
        last, inside = self.belt[-1][1], len(self.belt)
        if not self.accumulating:
            return not self.waits() and self.since >= self.pitch
        queue = self.length - (inside - 1) * self.gap  # where the last one stands when all have closed up
        closed = last == queue and (self.gone < 0 or self.gone >= self.gap)
        return inside < self.length // self.gap and self.since >= self.pitch and (last >= self.pitch or closed)


@effort
def test_belts_equal_parts_moved_minute_by_minute(times: int) -> None:
    def check(drawn: tuple[Raw, int]) -> None:
        raw, horizon = drawn
        trace = simulate(plan_of(raw), horizon=horizon * 60.0)
        plainly = Plainly(raw)
        for now in range(horizon):
            plainly.instant(now)
            plainly.move()
        mine = trace.visits["machine"] == 0
        got, left = (np.sort(trace.visits[name][mine]) for name in ("got", "left"))
        assert (got[got < NEVER] / MINUTE).tolist() == plainly.got
        assert (left[left < NEVER] / MINUTE).tolist() == plainly.left

    judge(check, 150, times, belts())


@st.composite
def disturbed(draw: Draw) -> tuple[Raw, int]:
    """Draw a belt with all that may happen to it, and a horizon. [min]"""
    raw, horizon = draw(belts())
    station = raw["station"]["a"]
    flow = station["flow"]
    raw["resource"] = {"crew": {"units": 1}}
    raw["calendar"] = {"short": {"shifts": [
        {"days": "Mon", "from": "00:03", "to": "00:25"}, {"days": "Mon", "from": "00:31", "to": "02:00"},
    ]}}  # fmt: skip
    station["machines"] = draw(st.integers(1, 2))
    station["failure"] = {f"mode{i}": failures(draw, "min", ["crew"]) for i in range(draw(st.integers(0, 2)))}
    station["planned"] = {f"stop{i}": planned_stops(draw, "min") for i in range(draw(st.integers(0, 2)))}
    station["off_shift"] = draw(st.sampled_from(("pause", "finish")))
    for key, value in (("calendar", "short"), ("yield", 0.7), ("rework", 0.3)):
        if draw(st.booleans()):
            station[key] = value
    if draw(st.booleans()):
        flow["max_residence"] = f"{draw(st.integers(2, 20))} min"
    if not flow.get("accumulating") and draw(st.booleans()):
        flow["zone"] = [{"from": "0 m", "length": f"{whole(flow['length']) - 0.5} m", "lost_after": "1 min"}]
    if flow["kind"] == "web":
        flow["web_break"] = {"every": "9 m", "rethread": "3 min", "crew": "crew"}
        flow |= {"startup_waste": "3.5 m", "startup_after": "2 min"}
    raw["station"]["b"]["failure"] = {"mode": failures(draw, "min", ["crew"])}
    if "rework" in station:
        raw["buffer"]["before_a"] = {"before": "a", "capacity": "unlimited"}
    return raw, horizon


@effort
def test_disturbed_belts(times: int) -> None:
    seen = np.zeros(len(t.STATES))

    def check(drawn: tuple[Raw, int], seed: int) -> None:
        raw, horizon = drawn
        plan = plan_of(raw)
        trace, again = (simulate(plan, seed, 0, horizon * 60.0) for _ in range(2))
        assert first_difference(trace, again) == ""
        states = machine_states(plan, trace)
        assert (states.sum(axis=1) == trace.horizon).all() and (states >= 0).all()
        seen[:] += states[:-1].sum(axis=0)
        numbers, fates = trace.parts["part"], trace.parts["fate"]
        assert len(np.unique(numbers)) == len(numbers)
        visits = rows(trace, "visits")
        assert {row[1] for row in visits.tolist()} - {-1} <= set(numbers.tolist())
        for row in visits[visits[:, 1] >= 0].tolist():
            assert row[2] <= row[3] <= row[4] <= row[5] or row[3] == NEVER
            assert row[6] == NEVER or (row[5] <= row[6] and 0 <= row[7] <= row[5] - row[4])
        rejected = (visits[:, 6] < NEVER) & np.isin(visits[:, 8] % t.CAUSE_UNIT, (t.SCRAPPED, t.DISCARDED))
        assert rejected.sum() == (fates == t.REJECTED).sum()
        for row in plan.flows:
            phases = rows(trace, "phases")[trace.phases["machine"] == row.machine]
            assert phases[:, 2].tolist() == [0, *phases[:-1, 3].tolist()] and phases[-1, 3] == trace.horizon
            mine = visits[(visits[:, 0] == row.machine) & (visits[:, 1] >= 0)]
            came, went = mine[:, 3], mine[:, 6]
            most = max((int(((came <= at) & (went > at)).sum()) for at in came.tolist()), default=0)
            assert most <= (row.capacity if row.accumulating else -(-row.transit // row.pitch))
            good = mine[(mine[:, 8] == t.GOOD) & (went < NEVER)]
            assert (good[:, 7] >= row.transit - row.pitch * row.strokes).all(), "all have gone the whole way"
            assert (good[:, 5] - good[:, 3] <= row.max_residence).all()
        measure(parse_plant(raw), plan, trace, 0.0)

    judge(check, 100, times, disturbed(), st.integers(0, 3))
    assert (seen[[t.OFF_SHIFT, t.FAILED, t.MAINTENANCE, t.WARMING, t.WORKING, t.BLOCKED, t.STARVED]] > 0).all()
