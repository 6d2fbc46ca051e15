"""A build takes its plate along: times by layers and parts, failures at random, pauses; against sums and a binomial."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from factory_sim.model import Plant, parse_plant
from factory_sim.results.states import machine_states
from factory_sim.simulation import trace as t
from factory_sim.simulation.plan import TICK
from factory_sim.simulation.prepare import prepare
from tests.theory.test_history_matters import outcomes, run

LAYERS = 0.12 / 60e-6 * 9.0  # s of coating
PART = 25e-6 / (10e-9 * 4 * 0.75)  # s of melting a part
WHOLE = LAYERS + 10 * PART
CYCLE = 10 * 3600.0
LOST = t.SCRAPPED + t.CAUSE_UNIT * t.WINDOW
BUILD = {
    "plate": 10, "volume": "25 cm^3", "height": "120 mm", "layer": "60 um", "melt_rate": "10 mm^3/s", "lasers": 4,
    "power": "4 kW", "pause_power": "1 kW", "carrier": "electricity",
}  # fmt: skip


def shop(parts: int = 10, stops: tuple[tuple[str, str], ...] = (), **changes: Any) -> Plant:
    """A printer that takes loads of so many parts; it may stop at given times for so long."""
    printer: dict[str, Any] = {
        "technology": "additive.printer", "cycle": "10 h", "batch": {"max": parts, "min": parts},
        "build": BUILD | changes,
    }  # fmt: skip
    if stops:
        printer["planned"] = {
            f"pause{index}": {"every": "1000 h", "first": first, "duration": duration, "when": "immediate"}
            for index, (first, duration) in enumerate(stops)
        }
    return parse_plant({
        "plant": {"name": "Printing"}, "source": {"jobs": {}}, "sink": {"done": {}}, "station": {"print": printer},
        "product": {"part": {"route": ["jobs", "print", "done"]}},
    })  # fmt: skip


@pytest.mark.parametrize("parts", [4, 10])
def test_fewer_parts_build_faster_by_their_melting_time(parts: int) -> None:
    assert 6 * 3600.0 < WHOLE < CYCLE
    net = run(shop(parts), 50.0).visits["net"][: 2 * parts] * TICK
    assert net == pytest.approx([CYCLE - (10 - parts) * PART] * 2 * parts, abs=1e-5)
    assert run(shop(parts), 50.0, physics=False).visits["net"][0] * TICK == CYCLE


def test_a_failed_build_loses_all_its_parts_and_ends_early() -> None:
    """Of 1,000 builds a fifth fails; the time of failure is uniform, so they take half of their time on average."""
    trace = run(shop(failure=0.2), 8500.0)
    done = trace.visits["outcome"] & (t.CAUSE_UNIT - 1) != t.UNFINISHED
    seen = trace.visits["outcome"][done].reshape(-1, 10)
    lost = seen[:, 0] == LOST
    assert ((seen == seen[:, :1]).all(axis=1)).all() and set(seen.ravel()) == {t.GOOD, LOST}
    count = len(lost)
    assert count > 800
    assert lost.mean() == pytest.approx(0.2, abs=4 * (0.16 / count) ** 0.5)
    net = trace.visits["net"][done][::10] * TICK
    assert net[~lost] == pytest.approx([CYCLE] * int((~lost).sum()), abs=1e-5)
    share = (net[lost] - (CYCLE - WHOLE)) / WHOLE
    assert share.min() >= 0.0 and share.max() <= 1.0
    assert share.mean() == pytest.approx(0.5, abs=4 / (12 * lost.sum()) ** 0.5)
    assert set(outcomes(run(shop(failure=0.2), 200.0, physics=False), 0)) == {t.GOOD}


def test_a_failed_build_that_nobody_sees_goes_on_to_its_end() -> None:
    """The same builds fail, by the same luck."""
    blind = run(shop(failure=0.5, monitored=False), 200.0)
    seen = outcomes(blind, 0)
    assert blind.visits["net"][0] * TICK == pytest.approx(CYCLE)
    assert seen[:100] == outcomes(run(shop(failure=0.5), 200.0), 0)[:100]
    assert {t.GOOD, LOST} == set(seen)


@pytest.mark.parametrize(
    ("stops", "lost"),
    [((), False), ((("1 h", "1 us"),), False), ((("1 h", "9 min"),), False), ((("1 h", "11 min"),), True),
     ((("1 h", "6 min"), ("3 h", "5 min")), True)],
)  # fmt: skip
def test_a_build_that_stood_too_long_is_lost(stops: tuple[tuple[str, str], ...], lost: bool) -> None:
    """Two stops are one of their sum; the next build is whole again."""
    plant = shop(stops=stops, longest_pause="10 min")
    seen = outcomes(run(plant, 25.0), 0)
    assert seen == [LOST if lost else t.GOOD] * 10 + [t.GOOD] * 10
    assert set(outcomes(run(plant, 25.0, physics=False), 0)) == {t.GOOD}


def test_parts_of_a_load_that_leave_one_by_one_ended_together() -> None:
    """A saw takes them at 15 min each: the printer is blocked meanwhile, and its states fill the time."""
    raw = shop().raw
    raw["station"]["saw"] = {"cycle": "15 min"}
    raw["product"]["part"]["route"] = ["jobs", "print", "saw", "done"]
    plant = parse_plant(raw)
    trace = run(plant, 100.0)
    first = trace.visits["machine"] == 0
    ended, net, left = (trace.visits[name][first][:10] * TICK for name in ("ended", "net", "left"))
    assert ended == pytest.approx([CYCLE] * 10) and net == pytest.approx([CYCLE] * 10)
    assert left == pytest.approx([CYCLE + 900.0 * part for part in range(10)])
    spent = machine_states(prepare(plant), trace) * TICK
    assert spent.min() >= 0.0 and spent.sum(axis=1) == pytest.approx([360e3, 360e3])
    assert spent[0, t.BLOCKED] == pytest.approx(8 * 9 * 900.0, abs=9 * 900.0)


def test_energy_is_that_of_building_and_of_the_rest() -> None:
    trace = run(shop(stops=(("1 h", "15 min"),)), 21.0)
    building, rest = 4e3 * WHOLE, 1e3 * (CYCLE - WHOLE)
    assert trace.meters["quantity"][:2] == pytest.approx([building + rest + 1e3 * 900.0, building + rest])
    early = run(shop(failure=1.0), 30.0)
    net = early.visits["net"][0] * TICK
    assert early.meters["quantity"][0] == pytest.approx(4e3 * (net - (CYCLE - WHOLE)) + rest, rel=1e-9)
    assert np.isclose(early.meters["begin"][0], 0)
