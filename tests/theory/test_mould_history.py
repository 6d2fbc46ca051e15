"""Injection machines, physics on against off; numbers expected follow from closed forms.

A wall of 10 um takes no time to cool, so that a shot takes its 42 s and the mould follows the recursion of a die.
"""

from __future__ import annotations

import math
from typing import Any

import pytest

from factory_sim.model import Plant, parse_plant
from factory_sim.simulation import trace as t
from factory_sim.simulation.plan import TICK
from factory_sim.simulation.trace import Trace
from factory_sim.technology import injection_mould
from processes.die_casting import hpdc_die_temperature_before_shot, hpdc_rewarm_shots_after_stop
from processes.injection import cooling_time_plate_mean
from tests.theory.test_history_matters import outcomes, run

SHOT, HEAT, STEEL, LOSS, COOLANT = 42.0, 27e3, 7e3, 23.4, 130.0
NET = {"T_sink": COOLANT, "heat_per_shot": HEAT, "die_heat_capacity": STEEL, "UA": LOSS, "cycle": SHOT}
STEADY = COOLANT + HEAT / STEEL / math.expm1(LOSS * SHOT / STEEL)
MOULD: dict[str, Any] = {
    "heat_capacity": "7e3 J/K", "shot_heat": "27 kJ", "loss_running": "23.4 W/K", "coolant_temperature": "130 degC",
    "window_low": "140 degC", "window_high": "175 degC", "thickness": "10 um", "diffusivity": "1.1e-7 m^2/s",
    "melt_temperature": "320 degC", "eject_temperature": "200 degC", "reference_temperature": "155.6 degC",
    "cold_slope": "0 1/K", "discard_shots": 8, "purge_shots": 0,
}  # fmt: skip
DISCARDED = t.DISCARDED + t.CAUSE_UNIT * t.FIRST_SHOTS


def line(more: dict[str, Any] | None = None, cycle: float = SHOT, **changes: Any) -> Plant:
    """One injection machine, a source that always has resin for a part, and a sink."""
    press = {"technology": "injection.press", "cycle": f"{cycle!r} s", "mould": MOULD | changes} | (more or {})
    return parse_plant({
        "plant": {"name": "Moulding"}, "source": {"resin": {}}, "sink": {"store": {}}, "station": {"press": press},
        "product": {"part": {"route": ["resin", "press", "store"]}},
    })  # fmt: skip


def stopped(duration: str, first: str, when: str = "after_cycle") -> dict[str, Any]:
    return {"planned": {"jam": {"every": "50 h", "first": first, "duration": duration, "when": when}}}


def ends(trace: Trace) -> list[float]:
    """When the work of each visit ended. [s]"""
    return [float(end) * TICK for end in trace.visits["ended"][trace.visits["ended"] < trace.horizon]]


def test_mould_follows_the_closed_form_and_without_physics_nothing_does() -> None:
    trace, off = run(line(), 1.0), run(line(), 1.0, physics=False)
    for shot in (0, 1, 5, 20, 80):
        expected = hpdc_die_temperature_before_shot(COOLANT, **NET, n_shots=shot) if shot else COOLANT
        assert trace.states[0][shot, 0] == pytest.approx(expected, abs=1e-3)
    assert outcomes(trace, 0) == [DISCARDED] * 8 + [t.GOOD] * 77
    assert outcomes(off, 0) == [t.GOOD] * 85 and not off.states


def test_cycle_changes_by_the_cooling_time_at_the_mould_temperature() -> None:
    """Ballman and Shusman at the steady mould against the reference; better channels cool the mould and the part."""
    wall: dict[str, Any] = {"thickness": "4 mm", "window_low": "131 degC"}

    def cooling(T: float) -> float:
        return float(cooling_time_plate_mean(4e-3, 1.1e-7, 320.0, T, 200.0))

    lengths = []
    for loss in (23.4, 53.0):
        trace = run(line(**wall, loss_running=f"{loss} W/K"), 2.0)
        T = float(trace.states[0][100, 0])
        length = ends(trace)[100] - ends(trace)[99]
        assert length == pytest.approx(SHOT + cooling(T) - cooling(155.6), abs=1e-3)
        assert abs(COOLANT + HEAT / STEEL / math.expm1(loss * length / STEEL) - T) < 1e-3
        lengths.append(length)
    assert lengths[1] < lengths[0] - 2.5


@pytest.mark.parametrize("minutes", [11, 20, 60])
def test_sensor_releases_when_the_mould_is_warm_and_the_operator_by_count(minutes: int) -> None:
    more = stopped(f"{minutes} min", "2 h")
    counted, sensed = (outcomes(run(line(more, cavity_sensor=sensor), 4.0), 0) for sensor in (False, True))
    warm = hpdc_rewarm_shots_after_stop(**NET, stop=60.0 * minutes, T_target=140.0)
    at = math.ceil(7200.0 / SHOT)
    assert counted[at : at + 12] == [DISCARDED] * 8 + [t.GOOD] * 4
    assert sensed[at : at + 12] == [DISCARDED] * warm + [t.GOOD] * (12 - warm)
    assert 0 < warm < 8


def test_purging_is_not_spared_by_a_sensor_and_a_short_stop_costs_nothing() -> None:
    at = math.ceil(7200.0 / SHOT)
    for minutes, purged in ((3, 0), (19, 0), (21, 10)):
        warm = hpdc_rewarm_shots_after_stop(**NET, stop=60.0 * minutes, T_target=140.0)
        plant = line(stopped(f"{minutes} min", "2 h"), cavity_sensor=True, purge_shots=10)
        seen = outcomes(run(plant, 4.0), 0)[at : at + 15]
        assert seen.count(DISCARDED) == max(warm, purged)
        assert (minutes > 3) == (warm > 0)


def test_cold_shots_are_scrap_by_their_temperature() -> None:
    """After 9 min nothing is discarded, but the mould has fallen to 134 degC: certainly scrap at 1 per kelvin."""
    seen = outcomes(run(line(stopped("9 min", "2 h"), cold_slope="1 1/K"), 4.0), 0)
    at = math.ceil(7200.0 / SHOT)
    cold = hpdc_rewarm_shots_after_stop(**NET, stop=540.0, T_target=139.0)
    assert seen[at : at + cold] == [t.SCRAPPED + t.CAUSE_UNIT * t.WINDOW] * cold and cold > 1
    assert set(seen[at + cold + 1 :]) == {t.GOOD}


# -- a tray of several shots -------------------------------------------------------------------------------------------

TRAY = {"shots": 50, "start_temperature": f"{STEADY!r} degC"}


@pytest.mark.parametrize(("purge", "lost"), [(0, 8), (12, 12)])
def test_tray_makes_anew_what_is_discarded(purge: int, lost: int) -> None:
    """A stop of 30 min in its 11th shot: that one, and those of the rule, are made again, 42 s each."""
    more = stopped("30 min", f"{60 * 50 * SHOT + 10.3 * SHOT!r} s", "immediate")
    changes = TRAY | {"purge_shots": purge}
    trace, short = (run(line(stop, cycle=50 * SHOT, **changes), 50.0) for stop in (more, None))
    first = ends(short)[0]
    assert first == pytest.approx((50 + max(8, purge)) * SHOT, abs=1e-3)  # begins as after a long stop
    late = next(n for n, (one, two) in enumerate(zip(ends(trace), ends(short), strict=False)) if one > two + 1.0)
    assert ends(trace)[late] - ends(short)[late] == pytest.approx(1800.0 + (1 + lost) * SHOT, abs=1e-3)
    assert outcomes(trace, 0)[: late + 2] == [t.GOOD] * (late + 2)


def test_tray_takes_the_mean_time_of_its_shots_one_by_one() -> None:
    """Cold shots count by their probability: 1/(1 - scrap) shots for a good one, as single shots need in the mean."""
    p = compiled(cold_slope="0.05 1/K", discard_shots=0, **TRAY | {"start_temperature": "130 degC"}, cycle=50 * SHOT)
    x = injection_mould.initial(p)
    extra, *_ = injection_mould.begin(p, x, 0.0)
    good, shots, T = 0.0, 0.0, 130.0
    while good < 50.0:
        share = 1.0 - 0.05 * max(0.0, 140.0 - T)
        part = min(1.0, (50.0 - good) / share)
        good, shots = good + share * part, shots + part
        T = COOLANT + (T + HEAT / STEEL - COOLANT) * math.exp(-LOSS * SHOT / STEEL)
    assert shots > 50.5
    assert extra == pytest.approx((shots - 50.0) * SHOT, abs=1e-3)


def compiled(cycle: float = SHOT, **changes: Any) -> list[float]:
    table = line(cycle=cycle, **changes).station["press"].mould
    assert table is not None
    return injection_mould.compile_parameters(table, cycle)


@pytest.mark.parametrize(("first", "second"), [(0.0, 0.0), (300.0, 0.0), (400.0, 500.0), (900.0, 900.0)])
@pytest.mark.parametrize("shots", [1, 50])
def test_two_stops_equal_one_of_their_sum(first: float, second: float, shots: int) -> None:
    p = compiled(cycle=shots * SHOT, thickness="3 mm", shots=shots, purge_shots=12)
    parts, whole = injection_mould.initial(p), injection_mould.initial(p)
    for x in (parts, whole):
        for _ in range(40):
            injection_mould.begin(p, x, 0.0)
            injection_mould.finish(p, x, shots * SHOT, 0.0)
        injection_mould.begin(p, x, 0.0)
    twice = injection_mould.interrupted(p, parts, 20.0, first) + injection_mould.interrupted(p, parts, 0.0, second)
    assert twice == pytest.approx(injection_mould.interrupted(p, whole, 20.0, first + second), abs=1e-6)
    assert parts == pytest.approx(whole, rel=1e-9, abs=1e-9)
    assert (first + second > 600.0 and shots > 1) == (twice > SHOT)
    if first + second == 0.0:
        assert twice == pytest.approx(0.0, abs=1e-9)


# -- another mould or die ----------------------------------------------------------------------------------------------

DIE: dict[str, Any] = {
    "heat_capacity": "60e3 J/K", "shot_heat": "3 MJ", "spray_share": 0.2, "loss_running": "200 W/K",
    "loss_stopped": "60 W/K", "sink_temperature": "60 degC", "preheat_temperature": "150 degC",
    "freeze_temperature": "570 degC", "dwell": "10 s", "reference_temperature": "200 degC", "window_low": "150 degC",
    "window_high": "350 degC", "cold_slope": "0.03 1/K", "hot_slope": "0.02 1/K", "discard_shots": 4,
}  # fmt: skip


@pytest.mark.parametrize("preheat", [True, False])
def test_new_mould_or_die_comes_preheated_or_cold(preheat: bool) -> None:
    """After 100 shots: at its own start, or at the hall (mould) and the sink (die), with the first shots discarded."""
    change = {"clock": "parts", "amount": 100, "duration": "30 min", "new_die": True, "preheat": preheat}
    planned = {"planned": {"change": change}}
    moulding = run(line(planned, discard_shots=4, start_temperature="140 degC"), 2.0)
    assert moulding.states[0][100, 0] == pytest.approx(140.0 if preheat else 25.0)
    raw = line(planned).raw
    press = raw["station"]["press"] | {"technology": "casting.high_pressure", "die": DIE}
    del press["mould"]
    raw["station"]["press"] = press
    casting_trace = run(parse_plant(raw), 2.0)
    assert casting_trace.states[0][100, 0] == pytest.approx(150.0 if preheat else 60.0)
    for trace in (moulding, casting_trace):
        assert outcomes(trace, 0)[99:104] == [t.GOOD] + [DISCARDED] * 4


def test_quick_change_is_a_change_of_duration() -> None:
    """Half an hour less for each change of 100 shots, and nothing else."""
    made = []
    for minutes in (60, 30):
        change = {"clock": "parts", "amount": 100, "duration": f"{minutes} min", "new_die": True}
        trace = run(line({"planned": {"change": change}}), 20.0)
        made.append(ends(trace))
    for n in (100, 250, 450):
        assert made[0][n] - made[1][n] == pytest.approx(1800.0 * (n // 100), abs=1e-3)
