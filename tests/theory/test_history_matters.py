"""Physics on against off, paired: what a line has been through changes what it makes.

One small plant for each kind of state; the numbers expected follow from closed forms, not from a run.
"""

from __future__ import annotations

from typing import Any

import pytest

from factory_sim.model import Plant, parse_plant
from factory_sim.results.economy import energy
from factory_sim.results.oee import station_times
from factory_sim.results.power import load
from factory_sim.results.window import Window
from factory_sim.simulation import trace as t
from factory_sim.simulation.prepare import prepare
from factory_sim.simulation.run import simulate
from factory_sim.simulation.trace import Trace
from factory_sim.technology import billet
from factory_sim.technology.item import fresh

VERDICT = t.CAUSE_UNIT - 1


def run(plant: Plant, hours: float, physics: bool = True) -> Trace:
    """One replication from the beginning."""
    return simulate(prepare(plant, physics), seed=1, horizon=hours * 3600.0)


def outcomes(trace: Trace, machine: int) -> list[int]:
    """What became of the visits of a machine, in the order of leaving."""
    visits = trace.visits
    done = (visits["machine"] == machine) & (visits["outcome"] & VERDICT != t.UNFINISHED)
    return [int(each) for each in visits["outcome"][done]]


# -- billet ----------------------------------------------------------------------------------------------------------

BILLET = {
    "diameter": "50 mm", "length": "214 mm", "density": "7600 kg/m^3", "specific_heat": "690 J/kg/K",
    "reheat_below": "1150 degC", "reject_below": "700 degC",
}  # fmt: skip


def forge(stop: str | None = None, **changes: Any) -> Plant:
    """A heater, a press that may stop once after 10 min, and one place between them."""
    press: dict[str, Any] = {
        "technology": "forging.press", "cycle": "12 s", "rework_to": "heat", "billet": BILLET | changes,
    }  # fmt: skip
    if stop is not None:
        press["planned"] = {"jam": {"every": "10 h", "first": "10 min", "duration": stop, "when": "immediate"}}
    heater = {
        "technology": "forging.heater", "cycle": "11.5 s",
        "heater": {
            "temperature": "1230 degC", "mass": "3.2 kg", "specific_heat": "690 J/kg/K", "efficiency": 0.65,
            "carrier": "electricity",
        },
    }  # fmt: skip
    return parse_plant({
        "plant": {"name": "Forge"}, "source": {"bars": {}}, "sink": {"store": {}},
        "station": {"heat": heater, "forge": press}, "buffer": {"hot": {"before": "forge", "capacity": 1}},
        "product": {"rod": {"route": ["bars", "heat", "forge", "store"]}},
    })  # fmt: skip


def window_of_billet() -> float:
    """Seconds after which the press does not take a billet of these tests any more, by the law itself."""
    station = forge().station["forge"]
    assert station.billet is not None
    p = billet.compile_parameters(station.billet, 12.0)
    low, high = 0.0, 600.0
    while high - low > 1e-3:
        middle = (low + high) / 2
        item = fresh()
        item[0] = 1230.0
        taken = billet.begin(p, billet.initial(p), 0.0, [item], middle)[2] == 0
        low, high = (middle, high) if taken else (low, middle)
    return low


def test_billet_that_waits_longer_than_its_window_is_sent_back_and_heated_again() -> None:
    """A stop of 60 s: the billet in the press is not judged again, the one that waits before it is too cold."""
    limit = window_of_billet()
    assert 15.0 < limit < 40.0
    without, short, long = forge(), forge("5 s"), forge("60 s")
    assert all(each == t.GOOD for each in outcomes(run(without, 1.0), 1))
    assert all(each == t.GOOD for each in outcomes(run(short, 1.0), 1))
    seen = outcomes(run(long, 1.0), 1)
    assert seen.count(t.REWORKED) == 2  # the one on the place between, and the one in the heater that was blocked
    assert all(each == t.GOOD for each in outcomes(run(long, 1.0, physics=False), 1))


def test_billet_that_may_not_be_heated_again_is_rejected_without_work() -> None:
    trace = run(forge("60 s", reheats=0), 1.0)
    seen = outcomes(trace, 1)
    rejected = t.SCRAPPED + t.CAUSE_UNIT * t.WINDOW
    assert seen.count(rejected) == 2
    net = trace.visits["net"][(trace.visits["machine"] == 1) & (trace.visits["outcome"] == rejected)]
    assert list(net) == [0, 0]


def test_heater_takes_what_the_part_lacks() -> None:
    """Cold bars take m c dT / efficiency; those that come back warm take less."""
    plant = forge("60 s")
    plan = prepare(plant)
    trace = simulate(plan, seed=1, horizon=3600.0)
    window = Window.of(plant, plan, trace, warmup=0.0)
    taken = trace.meters["quantity"]
    cold = 3.2 * 690.0 * (1230.0 - 20.0) / 0.65
    assert taken.max() == pytest.approx(cold, rel=1e-12)
    warm = taken[taken < 0.99 * cold]
    assert len(warm) == 2 and (warm < 0.25 * cold).all()
    used = energy(plant, station_times(plant, plan, trace, window), window)
    inside = taken[trace.meters["end"] < trace.horizon]
    assert used.electricity == pytest.approx(inside.sum(), rel=1e-12)
    assert load(plant, plan, trace, window).energy == pytest.approx(inside.sum(), rel=1e-6)
