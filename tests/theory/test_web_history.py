"""Web that stands in a dryer dries on: physics on against off, against the two laws of drying; and web breaks."""

from __future__ import annotations

import math
from typing import Any

import pytest

from factory_sim.model import Plant, parse_plant
from factory_sim.simulation import trace as t
from factory_sim.simulation.plan import TICK
from factory_sim.simulation.prepare import directory
from tests.theory.test_history_matters import outcomes, run

LOST = t.SCRAPPED + t.CAUSE_UNIT * t.WINDOW
WASTE = t.DISCARDED + t.CAUSE_UNIT * t.FIRST_SHOTS
DRYING = {
    "length": "20 m", "water": "30 g/m^2", "critical": "8 g/m^2", "least": "0.1 g/m^2", "most": "2.5 g/m^2",
    "stopped_rate": 0.5, "heat_transfer": "60 W/m^2/K", "air": "120 degC", "wet_bulb": "45 degC",
}  # fmt: skip
RATE = 60.0 * (120.0 - 45.0) / 2.39e6  # kg/(m2 s)
TOO_DRY = (0.030 - 0.008 + 0.008 * math.log(0.008 / 1e-4)) / RATE  # s of exposure
LONGEST = (TOO_DRY - 20.0) / 0.5  # s of standing


def line(*stops: tuple[float, float], drying: bool = True, **flow: Any) -> Plant:
    """A dryer of 20 m at 1 m/s, a piece a metre; it stops at given times (of the clock) for so long. [s]"""
    station: dict[str, Any] = {
        "technology": "film.web", "flow": {"kind": "web", "length": "20 m", "pitch": "1 m", "speed": "1 m/s", **flow},
    }  # fmt: skip
    if drying:
        station["flow"]["drying"] = DRYING
    if stops:
        station["planned"] = {
            f"stop{index}": {"every": "100 h", "first": f"{at} s", "duration": f"{took} s", "when": "immediate"}
            for index, (at, took) in enumerate(stops)
        }
    return parse_plant({
        "plant": {"name": "Web"}, "source": {"rolls": {}}, "sink": {"done": {}}, "station": {"dryer": station},
        "product": {"film": {"route": ["rolls", "dryer", "done"]}},
    })  # fmt: skip


def lost(plant: Plant, physics: bool = True) -> int:
    return outcomes(run(plant, 0.5, physics), 0).count(LOST)


def test_web_that_stood_too_long_in_the_dryer_is_lost() -> None:
    """It has 20 pieces inside, half a metre behind whole ones when it stops."""
    assert 20.0 < LONGEST < 21.0
    just, longer = line((100.5, LONGEST - 0.01)), line((100.5, LONGEST + 0.01))
    assert (lost(line()), lost(just), lost(longer)) == (0, 0, 20)
    assert lost(longer, physics=False) == 0
    assert lost(line((100.5, 1e-6))) == 0


@pytest.mark.parametrize("run_between", [1.0, 5.0, 19.0])
def test_two_stops_cost_the_web_that_had_both(run_between: float) -> None:
    """Each is short enough, both together are not; what has left between them or come in since is good."""
    first, second = 0.6 * LONGEST, 0.5 * LONGEST
    plant = line((100.5, first), (100.5 + first + run_between, second))
    assert lost(plant) == 20 - run_between
    assert lost(line((100.5, first + second))) == 20


def test_with_dampers_that_close_tight_a_stop_costs_nothing() -> None:
    raw = line((100.5, 600.0)).raw
    raw["station"]["dryer"]["flow"]["drying"] = DRYING | {"stopped_rate": 0.0}
    assert lost(parse_plant(raw)) == 0


def test_a_break_costs_the_web_inside_and_the_piece_at_the_splice() -> None:
    """Breaks at random, 600 m apart on average: each loses the 20 pieces inside and five more."""
    breaks = {"web_break": {"every": "600 m", "rethread": "5 min"}, "startup_waste": "5 m"}
    torn = line(drying=False, **breaks)
    trace = run(torn, 100.0)
    index = directory(torn).stops.index("web_break")
    stops = trace.stops["stop"] == index
    count = int(stops.sum())
    seen = outcomes(trace, 0)
    assert count > 200
    spoilt = seen.count(LOST) / count
    assert spoilt == pytest.approx(20.0, abs=0.6)  # a few break again before all are in
    assert seen.count(WASTE) / count == pytest.approx(5.0, abs=0.2)
    standing = float(((trace.stops["end"] - trace.stops["begin"])[stops] * TICK).sum())
    assert standing == pytest.approx(300.0 * count, rel=1e-3)
    running = (100.0 * 3600.0 - standing) / count
    assert running == pytest.approx(600.0, abs=4 * 600.0 / count**0.5)
    assert LOST not in outcomes(run(line(drying=False), 1.0), 0)
