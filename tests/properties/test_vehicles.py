"""What holds for every plant with vehicles: nothing is lost, no place is overfilled, every moment is accounted for."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np
from hypothesis import strategies as st

from factory_sim.model import parse_plant
from factory_sim.results.measures import measure
from factory_sim.results.states import machine_states
from factory_sim.results.transport import vehicle_times
from factory_sim.simulation import trace as t
from factory_sim.simulation.plan import NEVER, UNLIMITED, Plan
from factory_sim.simulation.run import simulate
from factory_sim.simulation.trace import Trace

from .plants import Raw, durations, failures, plan_of, serial_lines, stations
from .test_engine import effort, first_difference, judge, rows

Draw = Callable[[st.SearchStrategy[Any]], Any]


@st.composite
def fleets(draw: Draw) -> tuple[Raw, int]:
    """Draw a small plant in which vehicles make some or all moves, and a horizon. [s]"""
    names = ["a", "b", "c"][: draw(st.integers(2, 3))]
    crews = {"crew": {"units": draw(st.integers(1, 2))}} if draw(st.booleans()) else {}
    calendars = {"short": {"shifts": [{"days": "Mon", "from": "00:03", "to": "00:25"}]}} if draw(st.booleans()) else {}
    raw: Raw = {
        "plant": {"name": "Drawn transport"},
        "source": {"in": {} if draw(st.booleans()) else {"interval": draw(durations("min"))}},
        "sink": {"out": {}},
        "station": {name: stations(draw, "min", list(crews), list(calendars)) for name in names},
        "product": {"part": {"route": ["in", *names, "out"], "priority": 1}},
        "resource": crews,
        "calendar": calendars,
    }
    for name in names:
        if draw(st.integers(0, 4)) == 0:
            raw["station"][name]["batch"] = {"max": draw(st.integers(2, 3))}
    back = draw(st.booleans())
    if back:
        raw["product"]["other"] = {"route": ["too", *reversed(names), "out"]}
        raw["source"]["too"] = {"interval": draw(durations("min", 1))}
    elif draw(st.booleans()):
        raw["station"][names[-1]] |= {"rework": 0.4, "rework_to": names[0]}
    least = {name: raw["station"][name].get("batch", {}).get("max", 1 if back else 0) for name in names}
    capacity = {name: draw(st.integers(least[name], 3)) for name in names}
    raw["buffer"] = {f"before_{name}": {"before": name, "capacity": capacity[name]} for name in names[1 - back :]}
    legs = [*pairwise(names)]
    if back:
        legs += [*pairwise(reversed(names))]
    if "rework_to" in raw["station"][names[-1]]:
        legs.append((names[-1], names[0]))
        raw["buffer"][f"before_{names[0]}"] = {"before": names[0], "capacity": draw(st.integers(1, 6))}
        if "batch" in raw["station"][names[0]]:
            raw["station"][names[0]].pop("batch")
    raw["vehicle"] = {}
    for name in ("cart", "crane")[: draw(st.integers(1, 2))]:
        mine = draw(st.lists(st.sampled_from(legs), min_size=1, unique=True))
        raw["vehicle"][name] = vehicle(draw, names, mine, list(crews), list(calendars))
    return raw, draw(st.sampled_from((20, 60, 150))) * 60


def vehicle(draw: Draw, names: list[str], legs: list[tuple[str, str]], crews: list[str], calendars: list[str]) -> Raw:
    """Draw a fleet."""
    home, battery = draw(st.sampled_from(["dock", *names])), draw(st.booleans())
    points = [*names, "dock"] if battery or home == "dock" else names
    ways = [{"from": one, "to": "hall", "distance": f"{draw(st.sampled_from((0.5, 30, 60)))} m"} for one in points]
    made: Raw = {
        "units": draw(st.integers(1, 2)),
        "capacity": draw(st.integers(1, 3)),
        "moves": [f"{origin} -> {target}" for origin, target in legs],
        "way": ways,
        "speed": "1 m/s",
        "pick": draw(durations("min", 0, 1)),
        "drop": draw(durations("min", 0, 1)),
        "dispatch": draw(st.sampled_from(("oldest", "nearest", "priority"))),
        "parking": draw(st.sampled_from(("stay", "home", "back"))),
        "home": home,
    }
    if battery:
        battery = {"capacity": "1000 kJ", "charge_below": 0.9, "at": "dock", "duration": draw(durations("min"))}
        if crews and draw(st.booleans()):
            battery["needs"] = crews[0]
        made |= {"energy": "1 kJ/m", "battery": battery}
    if calendars and draw(st.booleans()):
        made["calendar"] = calendars[0]
    if draw(st.booleans()):
        made["failure"] = {"mode": failures(draw, "min", crews)}
    return made


def look_at_vehicles(plan: Plan, trace: Trace) -> None:
    """Each does one thing at a time, from begin to end; its load follows from its moves."""
    for vehicle, row in enumerate(plan.vehicles):
        mine = rows(trace, "trips")[trace.trips["vehicle"] == vehicle]
        bounds = [0, *mine[:, 6].tolist()]
        assert mine[:, 5].tolist() == bounds[:-1] and bounds[-1] == trace.horizon
        assert (mine[1:, 2] == mine[:-1, 3]).all(), "it begins where it ended"
        acts, held = vehicle_times(trace, vehicle, 0, trace.horizon)
        assert acts.sum() + held.sum() == trace.horizon and (acts >= 0).all() and (held >= 0).all()
        assert mine[:, 4].max() <= plan.fleets[row.fleet].capacity


def look_at_moves(plan: Plan, trace: Trace) -> None:
    """Each part goes from where it was to where it is to be, one thing after another."""
    numbers, visits = rows(trace, "moves"), rows(trace, "visits")
    left = {(row[0], row[1], row[6]) for row in visits.tolist()}
    for part, vehicle, machine, place, asked, room, granted, reached, picked, dropped in numbers.tolist():
        assert asked <= room <= granted <= reached <= picked <= dropped or granted == NEVER
        station = plan.machines[machine].station
        assert vehicle < 0 or (station, place) in plan.fleets[plan.vehicles[vehicle].fleet].legs
        assert (machine, part, picked) in left, "it leaves its machine when it has been picked"
        taken = [row for row in visits.tolist() if row[1] == part and plan.machines[row[0]].station == place]
        assert all(row[3] >= dropped for row in taken if row[3] > asked)


def look_at_places(plan: Plan, trace: Trace) -> None:
    """No more parts are on a place or on their way to it than it has room for."""
    for place, row in enumerate(plan.places):
        if not row.delivered or not 0 < row.capacity < UNLIMITED:
            continue
        changes: dict[int, int] = {}
        machines = {index for index, machine in enumerate(plan.machines) if machine.station == place}
        moves = rows(trace, "moves")
        for move in moves[(moves[:, 3] == place) & (moves[:, 6] < NEVER)].tolist():
            changes[move[6]] = changes.get(move[6], 0) + 1
            gets = [
                visit[3]
                for visit in rows(trace, "visits").tolist()
                if visit[1] == move[0] and visit[0] in machines and move[9] <= visit[3] < NEVER
            ]
            if gets:
                changes[min(gets)] = changes.get(min(gets), 0) - 1
        inside = 0
        for time in sorted(changes):
            inside += changes[time]
            assert inside <= row.capacity


@effort
def test_vehicles(times: int) -> None:
    seen: set[int] = set()

    def check(drawn: tuple[Raw, int], seed: int) -> None:
        raw, horizon = drawn
        plan = plan_of(raw)
        trace, again = (simulate(plan, seed, 0, horizon) for _ in range(2))
        assert first_difference(trace, again) == ""
        assert (machine_states(plan, trace).sum(axis=1) == trace.horizon).all()
        numbers, fates = trace.parts["part"], trace.parts["fate"]
        assert len(np.unique(numbers)) == len(numbers)
        last = {row[1]: row for row in rows(trace, "visits").tolist() if row[8] != t.UNFINISHED}
        done = [row for row in last.values() if row[8] == t.GOOD and row[10] == len(plan.products[row[9]].steps) - 1]
        assert len(done) == np.count_nonzero(fates == t.AT_SINK)
        look_at_vehicles(plan, trace)
        look_at_moves(plan, trace)
        look_at_places(plan, trace)
        measure(parse_plant(raw), plan, trace, 0.0)  # asserts that OEE is the product of its factors
        seen.update(trace.trips["activity"].tolist())

    judge(check, 100, times, fleets(), st.integers(0, 3))
    assert seen == set(range(len(t.ACTIVITIES))), "the drawn plants make vehicles do everything"


@effort
def test_a_vehicle_that_takes_no_time_changes_nothing(times: int) -> None:
    """Without failures: a part that is ready in the instant of a failure leaves by hand, and stays for a vehicle."""

    def check(drawn: tuple[Raw, int], seed: int) -> None:
        raw, horizon = drawn
        names = list(raw["station"])
        if len(names) == 1:
            return
        ways = [{"from": one, "to": other, "time": "0 s"} for one, other in pairwise(names)]
        moves = [f"{one} -> {other}" for one, other in pairwise(names)]
        carried = raw | {"vehicle": {"wish": {"moves": moves, "way": ways, "parking": "back"}}}
        one, other = (simulate(plan_of(each), seed, 0, horizon) for each in (raw, carried))
        for table in ("visits", "stops", "parts"):
            ours, theirs = (sorted(rows(trace, table).tolist()) for trace in (one, other))
            assert ours == theirs

    judge(check, 60, times, serial_lines(), st.integers(0, 3))
