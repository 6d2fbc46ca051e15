"""Hours of people by schedule, what they cost, and the hours of a person in a week: by hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from factory_sim.model import parse_plant, read
from factory_sim.model.people_checks import longest_week
from factory_sim.model.people_schema import Crew
from factory_sim.model.units import DAY, HOUR, WEEK
from factory_sim.results.measures import measure
from factory_sim.results.people import labour, pools
from factory_sim.results.window import Window
from factory_sim.simulation.prepare import prepare
from factory_sim.simulation.run import simulate
from tests.properties.plants import Raw

FILE = Path(__file__).parent / "data" / "people.toml"


def test_hours_of_a_pool_by_hand() -> None:
    plant = read(FILE)
    plan = prepare(plant)
    trace = simulate(plan, horizon=7 * WEEK)
    window = Window.of(plant, plan, trace, WEEK)
    pool = pools(plant, plan, trace, window)["operator"]
    # Two of three positions are filled: 8 h a day without the break, but for 13 January, in the second week of the run
    # and so in the first one that counts; four hours on Saturdays; two more on 17 February, in the seventh week.
    regular = 2 * (6 * 5 - 1) * 8 * HOUR + 2 * 6 * 5 * 9 * HOUR
    assert pool.hours.regular == regular
    assert pool.hours.overtime == 2 * (6 * 4 + 2) * HOUR
    assert pool.hours.weighted == 2 * (6 * 4 * 1.5 + 2 * 2.0) * HOUR
    assert pool.hours.night == 2 * 6 * 5 * 4 * HOUR
    assert pool.staying == 0.0, "they leave"
    paid = pool.hours.regular + pool.hours.weighted + 0.5 * pool.hours.night
    assert labour(plant, {"operator": pool, "robot": pool}) == pytest.approx(paid / HOUR * 20_000.0)
    present = pool.there + pool.absent
    assert present == pool.hours.total, "all unpaid breaks are away, and nothing else"
    assert 0.0 < pool.absent / present < 0.12


def test_figures_of_a_run_show_hours_waits_and_utilisation() -> None:
    plant = read(FILE)
    plan = prepare(plant)
    figures = measure(plant, plan, simulate(plan, horizon=7 * WEEK), WEEK).resources
    assert figures["operator"]["hours_per_week"].value == pytest.approx((2 * 29 * 8 + 2 * 30 * 9 + 2 * 26) / 6)
    assert 0.3 < figures["operator"]["utilisation"].value < 1.0
    waits = figures["operator"]["waiting_hours_per_week.mill"].value
    assert waits == pytest.approx(figures["operator"]["waiting_hours_per_week"].value)
    assert figures["robot"]["hours_per_week"].value == 168.0


def one_worker(**pool: object) -> Raw:
    """A job of three hours of watching that begins an hour before the end of the shift."""
    return {
        "plant": {"name": "One worker"},
        "calendar": {"day": {"shifts": [{"days": "Mon-Fri", "from": "08:00", "to": "17:00"}]}},
        "source": {"bars": {"at": ["16 h"]}},
        "sink": {"pieces": {}},
        "product": {"piece": {"route": ["bars", "saw", "pieces"]}},
        "station": {"saw": {"cycle": "3 h", "attend": {"watch": {"needs": ["worker"]}}}},
        "resource": {"worker": {"units": 1, "calendar": "day", "wage": "10000 KRW/h", **pool}},
    }


@pytest.mark.parametrize(("rule", "end", "overtime"), [("finish", 19, 2), ("leave", 34, 0)])
def test_who_finishes_works_overtime_and_who_leaves_goes_on_next_day(rule: str, end: int, overtime: int) -> None:
    plant = parse_plant(one_worker(shift_end=rule))
    plan = prepare(plant)
    trace = simulate(plan, horizon=WEEK)
    assert trace.visits["ended"][0] * 1e-6 == end * HOUR
    assert trace.visits["net"][0] * 1e-6 == 3 * HOUR
    found = pools(plant, plan, trace, Window.of(plant, plan, trace, 0.0))
    assert found["worker"].staying == overtime * HOUR
    assert labour(plant, found) == pytest.approx((45 + overtime * 1.5) * 10_000.0)


def test_a_repair_takes_the_operator_from_watching() -> None:
    """The lathe fails after 60 minutes of work and is repaired for 30, in which the saw stands still."""
    raw = one_worker(preemptive=True)
    raw["source"] = {"bars": {"at": ["8 h"]}, "rods": {"at": ["8 h"]}}
    raw["product"]["rod"] = {"route": ["rods", "lathe", "pieces"]}
    jam = {"between": "60 min", "repair": "30 min", "crew": "worker", "priority": -1}
    raw["station"]["lathe"] = {"cycle": "100 min", "failure": {"jam": jam}}
    ended = {}
    for preemptive in (True, False):
        raw["resource"]["worker"]["preemptive"] = preemptive
        visits = simulate(prepare(parse_plant(raw)), horizon=DAY).visits
        ended[preemptive] = of_first_visits(visits["machine"].tolist(), (visits["ended"] * 1e-6 / 60).tolist())
    assert ended[True] == [480 + 180 + 30, 480 + 100 + 30]
    assert ended[False] == [480 + 180, 480 + 180 + 30 + 40], "the repair waits until the watching is over"


def test_a_request_that_cannot_be_met_bars_later_ones_in_order() -> None:
    """At 8:00 one of two workers is busy for an hour; a job for two asks at 8:10, one for one at 8:20."""
    raw = one_worker(units=2)
    needs = {"first": "worker", "both": "2 worker", "last": "worker"}
    at = {"first": "480 min", "both": "490 min", "last": "500 min"}
    raw["source"] = {f"{name}_comes": {"at": [time]} for name, time in at.items()}
    raw["product"] = {name: {"route": [f"{name}_comes", f"{name}_runs", "pieces"]} for name in needs}
    raw["station"] = {
        f"{name}_runs": {"cycle": "60 min", "attend": {"watch": {"needs": [need]}}} for name, need in needs.items()
    }
    begun = {}
    for in_order in (False, True):
        raw["resource"]["worker"]["in_order"] = in_order
        visits = simulate(prepare(parse_plant(raw)), horizon=DAY).visits
        begun[in_order] = of_first_visits(visits["machine"].tolist(), (visits["began"] * 1e-6 / 60).tolist())
    assert begun[False] == [480, 560, 500]
    assert begun[True] == [480, 540, 600]


def of_first_visits(machines: list[int], times: list[float]) -> list[float]:
    """Return the time of the first visit of each machine."""
    first = dict(reversed(list(zip(machines, times, strict=True))))
    return [first[machine] for machine in sorted(first)]


@pytest.mark.parametrize(
    ("shifts", "crew", "hours"),
    [
        ([("Mon-Fri", "08:00", "17:00")], {}, 45.0),
        ([("Mon-Fri", "06:00", "14:00"), ("Mon-Fri", "14:00", "22:00")], {}, 80.0),
        ([("Mon-Fri", "06:00", "14:00"), ("Mon-Fri", "14:00", "22:00")], {"rotation": 2}, 40.0),
        ([("Mon-Fri", "08:00", "20:00"), ("Mon-Fri", "20:00", "08:00")], {"rotation": 2}, 60.0),
        ([("Mon-Sun", "06:00", "14:00"), ("Mon-Sun", "14:00", "22:00"), ("Mon-Sun", "22:00", "06:00")],
         {"rotation": 4}, 48.0),
    ],
)  # fmt: skip
def test_hours_of_a_person_in_the_longest_week(shifts: list[tuple[str, str, str]], crew: Raw, hours: float) -> None:
    raw = one_worker(weekly_limit="168 h")
    raw["calendar"]["day"]["shifts"] = [dict(zip(("days", "from", "to"), shift, strict=True)) for shift in shifts]
    plant = parse_plant(raw)
    found = longest_week(plant.calendar["day"], Crew(units=1, calendar="day", **crew), (), None)
    assert found[1] == hours * HOUR


def test_no_start_counts_all_phases() -> None:
    """Ten minutes of loading and two hours of work begun at 15:00 would end at 17:10: the shift is over at 17:00."""
    raw = one_worker()
    raw["plant"]["calendar"] = "day"
    raw["source"] = {"bars": {"at": ["900 min"]}}
    attend = {"load": {"needs": ["worker"], "time": "10 min"}}
    raw["station"]["saw"] = {"cycle": "2 h", "off_shift": "no_start", "attend": attend}
    began = {}
    for cycle in ("110 min", "2 h"):
        raw["station"]["saw"]["cycle"] = cycle
        began[cycle] = simulate(prepare(parse_plant(raw)), horizon=2 * DAY).visits["began"][0] * 1e-6 / 60
    assert began == {"110 min": 900, "2 h": 1440 + 480}
