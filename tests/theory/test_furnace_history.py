"""Physics on against off for casting machines with a holding furnace; numbers expected follow from closed forms."""

from __future__ import annotations

import math
from typing import Any

import pytest

from factory_sim.model import Plant, parse_plant
from factory_sim.results.economy import energy
from factory_sim.results.oee import station_times
from factory_sim.results.window import Window
from factory_sim.simulation import trace as t
from factory_sim.simulation.plan import TICK
from factory_sim.simulation.prepare import prepare
from factory_sim.simulation.run import simulate
from factory_sim.simulation.trace import Trace
from factory_sim.technology import high_pressure_casting as die
from factory_sim.technology import holding_furnace as furnace
from processes.reduced import melt as reduced
from tests.theory.test_history_matters import outcomes, run

MELT: dict[str, Any] = {
    "shot_mass": "8 kg", "full": "400 kg", "heel": "100 kg", "charge_time": "240 s", "charge_temperature": "680 degC",
    "holding_loss": "6 kW", "power": "25 kW", "efficiency": 0.8, "carrier": "gas",
}  # fmt: skip
SHOTS = 37  # of the full furnace to its heel
LIQUID, LATENT, FREEZE, SET, AMBIENT = 1160.0, 389e3, 585.0, 680.0, 25.0  # the defaults
LOSS = 6e3 / (SET - AMBIENT)  # W/K
DIE: dict[str, Any] = {
    "heat_capacity": "60e3 J/K", "shot_heat": "3 MJ", "spray_share": 0.2, "loss_running": "200 W/K",
    "loss_stopped": "60 W/K", "sink_temperature": "60 degC", "preheat_temperature": "150 degC",
    "freeze_temperature": "570 degC", "dwell": "10 s", "reference_temperature": "200 degC", "window_low": "160 degC",
    "window_high": "300 degC", "cold_slope": "0.03 1/K", "hot_slope": "0.02 1/K", "discard_shots": 4,
}  # fmt: skip


def foundry(more: dict[str, Any] | None = None, plant: dict[str, Any] | None = None, **changes: Any) -> Plant:
    """One machine of 60 s with a holding furnace, a source that always has a part, and a sink."""
    press = {"technology": "casting.gravity", "cycle": "60 s", "off_shift": "finish", "melt": MELT | changes}
    press |= more or {}
    return parse_plant({
        "plant": {"name": "Foundry"}, "source": {"cores": {}}, "sink": {"store": {}}, "station": {"press": press},
        "product": {"part": {"route": ["cores", "press", "store"]}},
    } | (plant or {}))  # fmt: skip


def waits(trace: Trace) -> list[tuple[float, float]]:
    """Begin and length of the waits for melt. [s]"""
    mine = trace.stops["state"] == t.WAITING
    begin, end = trace.stops["begin"][mine] * TICK, trace.stops["end"][mine] * TICK
    return list(zip(begin.tolist(), (end - begin).tolist(), strict=True))


def test_machine_waits_for_a_top_up_whenever_the_heel_is_reached() -> None:
    """37 shots of 8 kg leave 104 kg of 400; the next one would take the heel, so the press waits for 4 min."""
    period = SHOTS * 60.0 + 240.0
    on, off = run(foundry(), 10 * period / 3600.0), run(foundry(), 10 * period / 3600.0, physics=False)
    assert waits(on) == [pytest.approx((SHOTS * 60.0 + n * period, 240.0)) for n in range(10)]
    assert len(outcomes(off, 0)) - len(outcomes(on, 0)) == pytest.approx(10 * 240 / 60, abs=1)
    directly = run(foundry(charge_time="0 s"), 10.0)
    assert not waits(directly) and len(outcomes(directly, 0)) == len(outcomes(run(foundry(), 10.0, physics=False), 0))


def test_a_set_level_tops_up_sooner_and_a_small_charge_more_often() -> None:
    half = run(foundry(top_up_below="250 kg"), 5.0)  # 19 shots leave 248 kg
    assert [round(begin) for begin, _ in waits(half)][:2] == [19 * 60, 2 * 19 * 60 + 240]
    small = run(foundry(charge="80 kg"), 5.0)  # ten shots each
    starts = [round(begin) for begin, _ in waits(small)]
    assert starts[:3] == [SHOTS * 60, SHOTS * 60 + 600 + 240, SHOTS * 60 + 2 * (600 + 240)]


@pytest.mark.parametrize(("charge", "missing"), [
    ("680 degC", 0.0),
    ("585 degC", LIQUID * (SET - FREEZE)),
    ("25 degC", 963.0 * (FREEZE - AMBIENT) + LATENT + LIQUID * (SET - FREEZE)),
])  # fmt: skip
def test_energy_is_the_loss_of_the_walls_and_the_heat_of_the_metal(charge: str, missing: float) -> None:
    """Closure at the end of a cycle: gas is (wall loss + heat of all metal put in) / efficiency, less what is missing.

    While the melt is colder than its set point the walls lose less; that is told by the temperatures themselves.
    """
    plant = foundry(charge_temperature=charge)
    plan, hours = prepare(plant), 6.0
    trace = simulate(plan, seed=1, horizon=hours * 3600.0)
    used = energy(plant, station_times(plant, plan, trace, w := Window.of(plant, plan, trace, warmup=0.0)), w)
    end = trace.meters["end"][trace.meters["end"] < trace.horizon].max() * TICK
    charges = [begin for begin, _ in waits(trace) if begin < end]
    metal = len(charges) * SHOTS * 8.0 * missing
    most = (6e3 * end + metal) / 0.8
    assert used.electricity == 0.0
    if missing:
        lacks = 400.0 * LIQUID * 95.0  # the melt of a full furnace at the freezing point, far from reached at the end
        assert most - (lacks + LOSS * 95.0 * end) / 0.8 < used.gas < most
    else:
        assert used.gas == pytest.approx(most, rel=1e-9)


def cooled(hours: float, mass: float) -> tuple[float, float]:
    """Temperature and frozen share of a melt without heater, from its set point: two pieces, both closed."""
    until = mass * LIQUID / LOSS * math.log((SET - AMBIENT) / (FREEZE - AMBIENT))
    if hours * 3600.0 < until:
        return AMBIENT + (SET - AMBIENT) * math.exp(-LOSS * hours * 3600.0 / (mass * LIQUID)), 0.0
    return FREEZE, LOSS * (FREEZE - AMBIENT) * (hours * 3600.0 - until) / (mass * LATENT)


def test_furnace_that_is_off_over_night_freezes_and_the_machine_waits_until_all_is_liquid() -> None:
    """Day of 16 h, night of 8 h: the melt of 348 kg loses its superheat in 2 h and then freezes."""
    calendar = {"day": {"shifts": [{"days": "Mon-Sun", "from": "00:00", "to": "16:00"}]}}
    plant = {"calendar": calendar, "plant": {"name": "Foundry", "calendar": "day"}}
    changes: dict[str, Any] = {"full": "4000 kg", "shot_mass": "3.8 kg", "cold_slope": "1 1/K", "heel": "0 kg"}
    changes["heat_off_shift"] = False
    two_days = foundry(plant=plant, **changes)
    trace = run(two_days, 32.0)
    mass = 4000.0 - 961 * 3.8  # the last cycle is finished after 16:00
    temperature, frozen = cooled(8.0 - 1.0 / 60.0, mass)
    assert temperature == FREEZE and 0.4 < frozen < 0.9
    begin, length = waits(trace)[0]
    assert begin == pytest.approx(24 * 3600.0)
    assert length == pytest.approx(mass * LATENT * frozen / (25e3 - LOSS * (FREEZE - AMBIENT)), rel=1e-6)
    first = outcomes(trace, 0)[961:1041]
    rise = mass * LIQUID / LOSS * math.log((25e3 / LOSS + AMBIENT - FREEZE) / (25e3 / LOSS + AMBIENT - 635.0))
    bad = first.count(t.SCRAPPED + t.CAUSE_UNIT * t.WINDOW)  # poured below 620 degC, 50 K more than it has at first
    assert 1 < bad <= math.ceil(rise / 60.0) and t.SCRAPPED + t.CAUSE_UNIT * t.WINDOW not in first[bad:]
    warm = run(foundry(plant=plant, **changes | {"wait_below": "640 degC"}), 32.0)
    more = waits(warm)[0][1] - length  # from the plateau to 640 degC: an exponential
    net = 25e3 / LOSS + AMBIENT
    assert more == pytest.approx(mass * LIQUID / LOSS * math.log((net - FREEZE) / (net - 640.0)), rel=1e-6)
    assert set(outcomes(warm, 0)) == {t.GOOD}
    held = run(foundry(plant=plant, **changes | {"heat_off_shift": True}), 25.0)
    assert not waits(held) and set(outcomes(held, 0)) == {t.GOOD}


def test_stop_that_takes_the_heater_along_makes_cold_shots_and_a_stop_of_the_press_alone_does_not() -> None:
    """4 h in the midst of a cycle: 400 kg fall to the freezing point, so the next shots are too cold."""
    stop = {"planned": {"jam": {"every": "20 h", "first": "30 s", "duration": "4 h", "when": "immediate"}}}
    cold = run(foundry(more=stop, held_in_stops=False, cold_slope="1 1/K"), 6.0)
    temperature, frozen = cooled(4.0, 392.0)
    assert temperature == FREEZE and frozen == pytest.approx(0.25, abs=0.05)
    seen = outcomes(cold, 0)
    bad = t.SCRAPPED + t.CAUSE_UNIT * t.WINDOW
    assert seen[0] == t.GOOD and seen[1] == bad  # the shot was taken before the stop
    assert t.GOOD in seen[2:] and seen[2:] == sorted(seen[2:], reverse=True)  # warm at last, and for good
    assert all(each == t.GOOD for each in outcomes(run(foundry(more=stop, cold_slope="1 1/K"), 6.0), 0))


def compiled(**changes: Any) -> list[float]:
    table = foundry(**changes).station["press"].melt
    assert table is not None
    return furnace.compile_parameters(table, 60.0)


@pytest.mark.parametrize(("first", "second"), [(0.0, 0.0), (600.0, 0.0), (900.0, 4000.0), (20e3, 30e3)])
def test_two_stops_equal_one_of_their_sum_and_none_changes_nothing(first: float, second: float) -> None:
    p = compiled(held_in_stops=False, heat_off_shift=False)
    parts, whole = furnace.initial(p), furnace.initial(p)
    furnace.opened(p, parts, first)
    furnace.opened(p, parts, second)
    furnace.opened(p, whole, first + second)
    assert parts == pytest.approx(whole, rel=1e-12)
    if first + second == 0.0:
        assert whole == furnace.initial(p)
    if second:
        assert whole[furnace.TEMPERATURE] < SET


def test_energy_closes_over_cycles_stops_and_nights() -> None:
    """Energy taken less heat lost is the change of content plus what left with the shots less what came in."""
    p = compiled(held_in_stops=False, heat_off_shift=False, charge_temperature="20 degC")
    x, out, before = furnace.initial(p), 0.0, 400.0 * reduced.enthalpy(p, SET)
    cold = reduced.enthalpy(p, 20.0)
    lost = 0.0
    real = reduced.advance
    for n in range(300):
        mass = x[furnace.MASS]
        if n % 50 == 49:
            closed = list(x)
            lost += real(p, closed, 9000.0, reduced.OFF)[1]
            furnace.opened(p, x, 9000.0)
        twin = list(x)  # the same steps, with the heat lost told by the reduced model
        _, hold, _ = furnace.begin(p, x, 5.0)
        lost += real(p, twin, 5.0, reduced.HOLDING)[1]
        if twin[reduced.MASS] - 8.0 < 100.0:
            reduced.top_up(p, twin, 400.0, 20.0)
        lost += real(p, twin, hold, reduced.HOLDING)[1]
        out += 8.0 * twin[reduced.ENTHALPY] - (x[furnace.MASS] + 8.0 - mass) * cold
        lost += real(p, x[:3], 60.0, reduced.HOLDING)[1]
        furnace.finish(p, x, 60.0, 0.0)
    taken = furnace.energy(p, x)
    assert taken - lost == pytest.approx(x[furnace.MASS] * x[reduced.ENTHALPY] - before + out, rel=1e-6)
    assert furnace.energy(p, x) == 0.0


def test_a_die_cools_while_its_machine_waits_for_melt() -> None:
    """The wait comes before the shot: the die decays, and after more than 10 min its first shots are discarded."""
    hpdc = {"technology": "casting.high_pressure", "die": DIE}
    short = run(foundry(more=hpdc, charge_time="0 s"), 1.0)
    long = run(foundry(more=hpdc, charge_time="11 min"), 1.0)
    table = foundry(more=hpdc).station["press"].die
    assert table is not None
    p = die.compile_parameters(table, 60.0)
    before, after = short.states[0][SHOTS, 0], long.states[0][SHOTS, 0]
    assert after == pytest.approx(60.0 + (before - 60.0) * math.exp(-60.0 * 660.0 / 60e3), rel=1e-4)
    assert die.window_scrap(p, after) > 0.0
    discarded = t.DISCARDED + t.CAUSE_UNIT * t.FIRST_SHOTS
    assert outcomes(long, 0)[SHOTS : SHOTS + 4] == [discarded] * 4
    assert discarded not in outcomes(short, 0)[4:]
