"""What holds for every plant: laws of the flow, and the judgement of an independent program on every row."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, note, settings
from hypothesis import strategies as st

from factory_sim.results.states import machine_states
from factory_sim.simulation import trace as t
from factory_sim.simulation.plan import NEVER, NONE, UNLIMITED, Plan, ticks
from factory_sim.simulation.run import simulate
from factory_sim.simulation.streams import sampler
from factory_sim.simulation.trace import COLUMNS, Trace

from .next_event import simulate_plainly
from .plants import Raw, plan_of, plants, serial_lines

SLACK = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example]
Drawn = tuple[Raw, int]

# Each property is tried on the same few plants by `make test`, on twenty times as many others by `make test-slow`.
effort = pytest.mark.parametrize("times", [1, pytest.param(20, marks=pytest.mark.slow)], ids=["few", "many"])


def judge(check: Callable[..., None], examples: int, times: int, *drawn: st.SearchStrategy[Any]) -> None:
    """Try `check` on `examples` x `times` draws; a failure is shrunk and its plant shown."""
    few = times == 1
    limits = settings(
        max_examples=examples * times, deadline=None, derandomize=few, database=None, suppress_health_check=SLACK
    )
    limits(given(*drawn)(check))()


def rows(trace: Trace, table: str) -> np.ndarray:
    """Return a table of the trace, one row each."""
    columns: dict[str, np.ndarray] = getattr(trace, table)
    return np.stack([columns[name] for name in COLUMNS[table]], axis=1)


def first_difference(one: Trace, other: Trace) -> str:
    """Return the first difference of two traces in words, empty if there is none."""
    for table, names in COLUMNS.items():
        ours, theirs = rows(one, table).tolist(), rows(other, table).tolist()
        for index, (our, their) in enumerate(zip(ours, theirs, strict=False)):
            if our != their:
                return f"{table}[{index}]: {dict(zip(names, our, strict=True))} against {their}"
        if len(ours) != len(theirs):
            return f"{table}: {len(ours)} rows against {len(theirs)}"
    if one.states.keys() != other.states.keys():
        return f"states of machines {[*one.states]} against {[*other.states]}"
    for machine, states in one.states.items():
        if states.tobytes() != other.states[machine].tobytes():
            return f"states of machine {machine}: {states.tolist()} against {other.states[machine].tolist()}"
    return ""


@effort
def test_trace_equals_that_of_a_plain_program(times: int) -> None:
    def check(drawn: Drawn, seed: int, replication: int) -> None:
        raw, horizon = drawn
        note(f"horizon {horizon} s, seed {seed}, replication {replication}; engine against plain program:")
        for physics in (True, False) if "die" in raw["station"]["a"] else (True,):
            plan = plan_of(raw, physics=physics)
            plainly = simulate_plainly(plan, seed, replication, ticks(horizon))
            assert first_difference(simulate(plan, seed, replication, horizon), plainly) == ""

    judge(check, 300, times, plants(), st.integers(0, 3), st.integers(0, 1))


def runs_the_same_again(drawn: Drawn) -> None:
    """Check that a run repeats itself."""
    raw, horizon = drawn
    one, other = (simulate(plan_of(raw), 5, 2, horizon) for _ in range(2))
    assert first_difference(one, other) == ""


@effort
def test_same_run_gives_the_same_bytes(times: int) -> None:
    judge(runs_the_same_again, 15, times, plants())


def accounts_for_every_part(drawn: Drawn) -> None:
    """Check that each part born is in the table once, with the fate that its last visit gave it."""
    raw, horizon = drawn
    plan = plan_of(raw)
    trace = simulate(plan, horizon=horizon)
    numbers, fates = trace.parts["part"], trace.parts["fate"]
    for source in range(len(plan.sources)):
        mine = np.sort(numbers[numbers % len(plan.sources) == source])
        assert mine.tolist() == [source + serial * len(plan.sources) for serial in range(len(mine))]
    last = {row[1]: row for row in rows(trace, "visits").tolist() if row[8] not in (t.UNFINISHED, t.INTERRUPTED)}
    for number, born, left, _, product, fate, station in rows(trace, "parts").tolist():
        assert born <= left <= NEVER and product in plan.sources[number % len(plan.sources)].products
        if fate in (t.AT_SINK, t.REJECTED):
            machine, outcome = last[number][0], last[number][8]
            assert plan.machines[machine].station == station and last[number][6] == left
            assert (outcome == t.GOOD) == (fate == t.AT_SINK)
            assert fate == t.REJECTED or plan.products[product].steps[-1].place == station
    counts = np.bincount(fates, minlength=len(t.FATES))
    finished = [row for row in last.values() if row[8] not in (t.GOOD, t.REWORKED)]
    assert counts.sum() == len(numbers) and counts[t.REJECTED] == len(finished)


@effort
def test_every_part_is_accounted_for_once(times: int) -> None:
    judge(accounts_for_every_part, 60, times, plants())


def state_at(trace: Trace, machine: int, time: int) -> int:
    """Return the state of a machine just after `time` by the table of states, read from the rows one by one."""
    held = [row[1] for row in rows(trace, "stops").tolist() if row[0] == machine and row[3] <= time < row[4]]
    for mine, _, asked, got, began, ended, left, _, outcome, _, _ in rows(trace, "visits").tolist():
        if mine == machine and asked <= time < left:
            discarded = outcome % t.CAUSE_UNIT == t.DISCARDED
            works = t.WARMING if discarded else t.WORKING
            phase = next(
                state
                for state, end in ((t.STARVED, got), (t.WAITING, began), (works, ended), (t.BLOCKED, NEVER))
                if time < end
            )
            return int(min([*held, phase]))
    raise AssertionError(f"no visit of machine {machine} covers {time}")


def sums_to_the_horizon(drawn: Drawn) -> None:
    """Check the time of each machine in each state against the rows, one instant after the other."""
    raw, horizon = drawn
    plan = plan_of(raw)
    trace = simulate(plan, horizon=min(horizon, 3600))
    states = machine_states(plan, trace)
    visits, stops = rows(trace, "visits"), rows(trace, "stops")
    for machine in range(len(plan.machines)):
        times_of = np.concatenate(
            [visits[visits[:, 0] == machine, 2:7].ravel(), stops[stops[:, 0] == machine, 3:5].ravel()]
        )
        bounds = np.unique(np.clip(np.append(times_of, 0), 0, trace.horizon))
        expected = [0] * len(t.STATES)
        for begin, end in pairwise([*bounds.tolist(), trace.horizon]):
            if begin < end:
                expected[state_at(trace, machine, begin)] += end - begin
        assert sum(expected) == trace.horizon
        assert states[machine].tolist() == expected


@effort
def test_states_sum_to_the_horizon(times: int) -> None:
    judge(sums_to_the_horizon, 60, times, plants())


def stays(plan: Plan, trace: Trace) -> Iterator[tuple[int, int]]:
    """Yield begin and end of the stay of each part at each station and in the place before it, from the visits."""
    visits: dict[int, list[list[int]]] = {}
    for row in rows(trace, "visits").tolist():
        visits.setdefault(row[1], []).append(row)
    initial: dict[int, int] = {}
    serials = [0] * len(plan.sources)
    for row in plan.places:
        for _ in range(row.initial):
            initial[serials[row.initial_source] * len(plan.sources) + row.initial_source] = row.initial_step
            serials[row.initial_source] += 1
    for number, born, left, _, product, fate, station in rows(trace, "parts").tolist():
        steps = plan.products[product].steps
        if fate == t.REFUSED:
            assert left == born and number not in visits
            continue
        arrived, step = born, initial.get(number, 0)
        for machine, _, _, got, _, _, gone, _, outcome, *at in visits.get(number, []):
            assert plan.machines[machine].station == steps[step].place and arrived <= got <= gone
            assert at == [product, step]
            yield arrived, gone
            if gone < NEVER:
                step = steps[step].back if outcome == t.REWORKED else step + 1
            arrived = gone
        if fate == t.INSIDE:
            assert steps[step].place == station and left == NEVER
        if fate == t.INSIDE and arrived < NEVER:
            yield arrived, NEVER
        assert fate == t.INSIDE or arrived == left


@effort
def test_number_inside_integrates_to_the_times_inside(times: int) -> None:
    """Little's law on one path: both sides are counted by different tables, in whole ticks."""

    def check(drawn: Drawn) -> None:
        raw, horizon = drawn
        plan = plan_of(raw)
        trace = simulate(plan, horizon=horizon)
        changes: dict[int, int] = {}
        for born, left in zip(trace.parts["born"].tolist(), trace.parts["left"].tolist(), strict=True):
            changes[born] = changes.get(born, 0) + 1
            changes[min(left, trace.horizon)] = changes.get(min(left, trace.horizon), 0) - 1
        area = inside = 0
        for time, following in pairwise([*sorted(changes), trace.horizon]):
            inside += changes[time]
            area += inside * (following - time)
        assert area == sum(min(end, trace.horizon) - begin for begin, end in stays(plan, trace))

    judge(check, 60, times, plants())


def departures_by_recursion(plan: Plan, seed: int, horizon: int) -> list[list[int]]:
    """Return the times at which parts leave each machine of a serial line that is always fed. [ticks]

    Blocking after service: part n leaves machine i when it is done and part n - b - 1 has left machine i + 1, where b
    is the number of places between them.
    """
    draws = [sampler(plan.distributions[m.cycle], seed, 0, m.work_stream) for m in plan.machines]
    left: list[list[int]] = [[] for _ in draws]
    while not left[0] or left[0][-1] < horizon:
        part, arrives = len(left[0]), 0
        for machine, draw in enumerate(draws):
            begins = max(arrives, left[machine][-1] if part else 0)
            leaves = begins + draw()
            if machine + 1 < len(draws) and (places := plan.places[machine + 1].capacity) < UNLIMITED:
                room = part - places - 1
                leaves = max(leaves, left[machine + 1][room] if room >= 0 else 0)
            left[machine].append(leaves)
            arrives = leaves
    return [[time for time in times if time < horizon] for times in left]


@effort
def test_serial_line_equals_the_max_plus_recursion(times: int) -> None:
    def check(drawn: Drawn, seed: int) -> None:
        raw, horizon = drawn
        plan = plan_of(raw)
        visits = simulate(plan, seed, 0, horizon).visits
        done = visits["outcome"] != t.UNFINISHED
        found = [
            visits["left"][done & (visits["machine"] == machine)].tolist() for machine in range(len(plan.machines))
        ]
        assert found == departures_by_recursion(plan, seed, ticks(horizon))

    judge(check, 60, times, serial_lines(), st.integers(0, 3))


def deliveries(raw: Raw, seed: int, horizon: int) -> list[int]:
    """Return the times at which good parts reach the sink. [ticks]"""
    parts = simulate(plan_of(raw), seed, 0, horizon).parts
    return sorted(parts["left"][parts["fate"] == t.AT_SINK].tolist())


@effort
def test_more_places_never_delay_a_delivery(times: int) -> None:
    def check(drawn: Drawn, seed: int, more: int, pick: int) -> None:
        raw, horizon = drawn
        buffers = raw.get("buffer", {})
        limited = [name for name, buffer in buffers.items() if buffer["capacity"] != "unlimited"]
        if not limited:
            return
        name = limited[pick % len(limited)]
        wider = buffers[name] | {"capacity": buffers[name]["capacity"] + more}
        after = deliveries(raw | {"buffer": buffers | {name: wider}}, seed, horizon)
        before = deliveries(raw, seed, horizon)
        assert len(after) >= len(before)
        assert all(one <= other for one, other in zip(after, before, strict=False))

    judge(check, 60, times, serial_lines(failing=True), st.integers(0, 3), st.integers(1, 3), st.integers(0, 2))


def with_unrelated_station(raw: Raw) -> Raw:
    """Return the plant with another station before all others, so that every index of the plan moves."""
    stop = {"every": "3 min", "duration": "1 min"}
    mode = {"between": {"exponential": "9 min"}, "repair": "1 min"}
    station = {"machines": 2, "cycle": {"exponential": "5 min"}, "failure": {"m": mode}, "planned": {"s": stop}}
    extra = {
        "source": {"apart_in": {"weekly_volume": 50}},
        "sink": {"apart_out": {}},
        "product": {"apart": {"route": ["apart_in", "apart", "apart_out"]}},
        "station": {"apart": station},
    }
    return raw | {table: entries | raw[table] for table, entries in extra.items()}


@effort
def test_an_unrelated_station_changes_nothing_elsewhere(times: int) -> None:
    def check(drawn: Drawn, seed: int) -> None:
        raw, horizon = drawn
        plan, wide = plan_of(raw), plan_of(with_unrelated_station(raw))
        machines, stops, sources = (
            len(getattr(wide, n)) - len(getattr(plan, n)) for n in ("machines", "stops", "sources")
        )
        assert (machines, stops, sources) == (2, 4, 1)
        one, other = simulate(plan, seed, 0, horizon), simulate(wide, seed, 0, horizon)
        moved = {name: rows(one, name) for name in COLUMNS}
        for name in ("visits", "stops"):
            moved[name][:, 0] += machines
        moved["stops"][:, 2] += np.where(moved["stops"][:, 2] >= 0, stops, 0)
        moved["grants"][:, 1] += machines
        moved["visits"][:, 9] += moved["visits"][:, 1] >= 0  # product
        moved["parts"][:, 4] += 1  # product
        moved["parts"][:, 6] += 1  # station
        for name, column in (("visits", 1), ("parts", 0)):
            serial, source = np.divmod(moved[name][:, column], len(plan.sources))
            number = serial * len(wide.sources) + source + 1
            moved[name][:, column] = np.where(moved[name][:, column] >= 0, number, NONE)
        for name, column, least in (("visits", 0, 2), ("stops", 0, 2), ("grants", 1, 2), ("parts", 4, 1)):
            table = rows(other, name)
            assert table[table[:, column] >= least].tolist() == moved[name].tolist(), name
        assert {machine - 2: one.tobytes() for machine, one in other.states.items()} == {
            machine: one.tobytes() for machine, one in one.states.items()
        }

    judge(check, 40, times, plants(), st.integers(0, 3))


def test_the_drawn_plants_reach_every_state_fate_and_cause() -> None:
    """The strategy is worth its time only if what it draws does everything that a trace can say."""
    states, fates, outcomes = np.zeros(len(t.STATES)), set[int](), set[int]()
    loads: set[int] = set()

    def look(drawn: Drawn) -> None:
        plan = plan_of(drawn[0])
        trace = simulate(plan, horizon=drawn[1])
        states[:] += machine_states(plan, trace).sum(axis=0)
        fates.update(trace.parts["fate"].tolist())
        outcomes.update(trace.visits["outcome"].tolist())
        most = np.array([plan.places[row.station].most for row in plan.machines])
        begun = rows(trace, "visits")[trace.visits["began"] < NEVER]
        _, parts = np.unique(begun[most[begun[:, 0]] > 1][:, [0, 2, 4]], axis=0, return_counts=True)
        loads.update(parts.tolist())

    judge(look, 90, 1, plants())
    assert set(np.flatnonzero(states == 0)) == {t.SWITCHED_OFF}  # not drawn: the plain program does not know it
    assert fates == {t.AT_SINK, t.REJECTED, t.INSIDE, t.REFUSED}
    assert len(loads) >= 3
    scrap = {t.SCRAPPED + t.CAUSE_UNIT * cause for cause in (t.STEADY, t.WINDOW)}
    assert outcomes == {t.GOOD, t.UNFINISHED, t.REWORKED, t.DISCARDED + t.CAUSE_UNIT * t.FIRST_SHOTS, *scrap}
