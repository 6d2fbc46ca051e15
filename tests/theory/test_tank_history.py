"""A plating bath in a tank of a hoist line: physics on against off, paired, against closed forms.

Carriers of ten parts of 5 dm2 pass a nickel bath and a rinse. The bath is that of `test_bath_history`: 15 um at
4 A/dm2 and an efficiency of 0.95 take `PLATED`; each carrier takes 5 L of 1,000 L along.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from factory_sim.model import Plant, parse_plant
from factory_sim.results.economy import energy
from factory_sim.results.oee import station_times
from factory_sim.results.window import Window
from factory_sim.simulation import trace as t
from factory_sim.simulation.plan import TICK
from factory_sim.simulation.prepare import directory, prepare
from factory_sim.simulation.trace import Trace
from factory_sim.technology import plating_bath
from factory_sim.technology.item import fresh
from processes.plating import bath_concentration
from tests.theory.test_bath_history import BATH, CLOSED, PLATED, SCRAPPED
from tests.theory.test_history_matters import outcomes, run

NICKEL, UNLOAD = 1, 3  # machines: load, nickel, rinse, unload, hoist
MOVE = 5.0 + 2.0 + 5.0  # lift, two metres, lower [s]
LOADING = 60.0
TIMETABLE = ("load", "nickel", "rinse")
PERIOD = PLATED + 3 * MOVE + 20.0 + 6.0  # soak, out, 20 s of rinse, out, back, in [s]
FIRST = PERIOD + MOVE  # when the first carrier is in the nickel: the load is not ready for the round that begins at 0


def line(
    moves: tuple[str, ...] = TIMETABLE, tank: dict[str, Any] | None = None, stop: dict[str, Any] | None = None,
    calendar: bool = False, **changes: Any,
) -> Plant:  # fmt: skip
    """A hoist line with a nickel bath, by a timetable as early as it can be or on demand."""
    hoist: dict[str, Any] = {"speed": "1 m/s", "lift": "5 s", "lower": "5 s"}
    hoist |= {} if stop is None else {"planned": {"jam": stop}}
    nickel = {"at": ["2 m"], "bath": BATH | changes} | (tank or {})
    station: dict[str, Any] = {"cycle": "25 min", "batch": {"max": 10, "min": 10}}
    tables: dict[str, Any] = {"plant": {"name": "Plating"}}
    if calendar:
        tables = {"plant": {"name": "Plating", "calendar": "day"}, "calendar": {"day": CLOSED}}
        station["off_shift"] = "finish"
    return parse_plant(tables | {
        "source": {"parts": {}}, "sink": {"done": {}}, "station": {"plating": station},
        "product": {"part": {"route": ["parts", "plating", "done"]}},
        "hoist_line": {"plating": {
            "load": f"{LOADING} s", "unload": "30 s", "unload_at": "6 m", "moves": list(moves),
            "tank": {"nickel": nickel, "rinse": {"min": "20 s", "at": ["4 m"]}}, "hoist": {"crane": hoist},
        }},
    })  # fmt: skip


def soaks(trace: Trace) -> np.ndarray:
    """How long the carriers were in the nickel, those that have left it. [s]"""
    rows = trace.passages
    mine = (rows["machine"] == NICKEL) & (rows["outcome"] % t.CAUSE_UNIT == t.PASSED)
    return np.asarray((rows["left"] - rows["got"])[mine] * TICK)


def layers(trace: Trace) -> np.ndarray:
    """Thickness on the carriers that have left the nickel. [m]"""
    return np.asarray(trace.states[NICKEL][: len(soaks(trace)), 1])


def concentrations(loads: int) -> np.ndarray:
    """Of the bath as each load goes in, without dosing. [g/L]"""
    return np.array([bath_concentration(75.0, 1.0, 0.005, n) for n in range(loads)])


def test_faraday_gives_the_tank_its_time_and_the_timetable_its_period() -> None:
    """One hoist brings a carrier through the rinse before it fetches the next one."""
    plant = line()
    assert directory(plant).machines[NICKEL] == "plating.tank.nickel"
    plan, trace = prepare(plant), run(plant, 10.0)
    assert soaks(trace) == pytest.approx(PLATED, abs=2e-6)
    assert layers(trace)[:10] == pytest.approx(15e-6, rel=1e-6)
    assert plan.lines[0].period * TICK == pytest.approx(PERIOD, abs=1e-5)
    assert trace.passages["got"][trace.passages["machine"] == NICKEL][0] * TICK == pytest.approx(FIRST, abs=1e-5)


def test_poor_bath_of_a_timetable_plates_less_at_the_same_times() -> None:
    """Physics on against off: no time differs, and what leaves is scrap as soon as the deposit is too thin."""
    on, off = run(line(), 30.0), run(line(), 30.0, physics=False)
    times = [column for column in t.COLUMNS["passages"] if column != "outcome"]
    assert all((on.passages[column] == off.passages[column]).all() for column in times)
    loads = len(layers(on))
    share = np.minimum(1.0, concentrations(loads) / 70.0)
    assert on.states[NICKEL][:loads, 0] == pytest.approx(concentrations(loads), rel=1e-9)
    assert layers(on) == pytest.approx(15e-6 * share, rel=1e-6)
    thin = int(np.flatnonzero(share < 12 / 15)[0])
    seen = outcomes(on, UNLOAD)
    assert 20 < thin < loads - 10
    assert seen[: 10 * thin] == [t.GOOD] * (10 * thin) and set(seen[10 * thin :]) == {SCRAPPED}
    assert set(outcomes(off, UNLOAD)) == {t.GOOD}


@pytest.mark.parametrize("dosing", ["sensor", "shift"])
def test_dosing_keeps_the_tank_good(dosing: str) -> None:
    """By the laboratory every eight hours: in between each load takes its share along."""
    trace = run(line(dosing=dosing), 30.0)
    assert set(outcomes(trace, UNLOAD)) == {t.GOOD}
    begun = trace.states[NICKEL][: len(layers(trace)), 0]
    every = math.ceil((8 * 3600.0 - FIRST) / PERIOD)  # first load, eight hours after the bath was made up
    first = concentrations(every) if dosing == "shift" else np.full(every, 75.0)
    assert begun[:every] == pytest.approx(first, rel=1e-9)
    assert begun[every] == 75.0


def test_on_demand_a_poor_bath_lets_the_carrier_soak_longer_within_its_window() -> None:
    """A sensor of thickness; the hoist needs up to 4 s to come, and what it does not wait for is too thin."""
    plant = line(moves=(), tank={"max": "24 min"}, control="thickness")
    trace = run(plant, 30.0)
    share = np.minimum(1.0, concentrations(len(layers(trace))) / 70.0)
    wanted = PLATED / share
    may = np.minimum(wanted, 24 * 60.0 - 4.0)
    rows = trace.passages
    mine = (rows["machine"] == NICKEL) & (rows["outcome"] % t.CAUSE_UNIT == t.PASSED)
    assert (rows["ended"] - rows["got"])[mine] * TICK == pytest.approx(may, abs=2e-6)
    assert wanted[0] == PLATED < wanted[-1] and may[-1] < wanted[-1]
    assert (soaks(trace) <= 24 * 60.0).all()
    assert layers(trace) == pytest.approx(15e-6 * np.minimum(1.0, soaks(trace) / wanted), rel=1e-6)
    longer = run(line(moves=(), control="time"), 30.0)
    assert (longer.passages["ended"] - longer.passages["got"])[longer.passages["machine"] == NICKEL][0] * TICK == (
        pytest.approx(PLATED, abs=2e-6)
    )


def test_without_a_timetable_the_shortest_soak_does_not_end_the_current() -> None:
    """In a timetable it does: 18 min of 19.25, and 14 um; on demand the carrier stays until the current is off."""
    soak = {"min": "18 min", "max": "30 min"}
    timed, free = run(line(tank=soak), 5.0), run(line(moves=(), tank=soak), 5.0)
    assert soaks(timed) == pytest.approx(18 * 60.0, abs=2e-6)
    assert layers(timed)[:5] == pytest.approx(15e-6 * 18 * 60.0 / PLATED, rel=1e-6)
    assert soaks(free).min() >= PLATED - 1e-6
    assert layers(free)[:5] == pytest.approx(15e-6, rel=1e-6)


@pytest.mark.parametrize(("every", "seconds"), [(90_000, 1200), (11_300, 600), (90_000, 0.001)])
def test_a_stop_of_the_hoist_changes_times_and_no_deposit(every: int, seconds: float) -> None:
    """The rectifier is off when its time is over; a bath that loses by loads alone does not know of stops.

    They fall into soaks: a carrier is taken when they are over, if they are not before.
    """
    stop = {"first": "7200 s", "every": f"{every} s", "duration": f"{seconds} s", "when": "immediate"}
    plain, stopped = run(line(), 6.0), run(line(stop=stop), 6.0)
    expected, got = [], FIRST
    while got < 6 * 3600.0:
        left = got + PLATED
        left = next((b + seconds for b in (7200.0, 7200.0 + every) if b <= left < b + seconds), left)
        expected.append(left - got)
        got = left + PERIOD - PLATED
    count = len(layers(stopped))
    assert soaks(stopped) == pytest.approx(expected[:count], abs=1e-3)
    assert sum(soak > PLATED + 1.0 for soak in expected) == {90_000: int(seconds > 1.0), 11_300: 2}[every]
    assert layers(stopped) == pytest.approx(layers(plain)[:count], rel=1e-12)
    assert (stopped.states[NICKEL][:count, 0] == plain.states[NICKEL][:count, 0]).all()


def test_a_bath_that_was_off_at_night_holds_the_first_carrier_until_it_is_warm() -> None:
    """It tends to 20 degC with 1150 x 3700/100 s; from 08:00 on it is heated, 12 kW against 100 W/K."""
    constant = 1150.0 * 3700.0 / 100.0
    cold = 20.0 + 35.0 * math.exp(-8 * 3600.0 / constant)
    warm = constant * math.log((20.0 + 120.0 - cold) / (20.0 + 120.0 - 50.0))
    trace = run(line(moves=(), calendar=True, heat_off_shift=False), 12.0)
    held = trace.stops["state"] == t.WARMING
    assert held.sum() == 1 and set(trace.stops["machine"][held]) == {NICKEL}
    assert trace.stops["begin"][held][0] * TICK == pytest.approx(8 * 3600.0 + LOADING + MOVE, abs=1e-3)
    assert trace.stops["end"][held][0] * TICK == pytest.approx(8 * 3600.0 + warm, abs=0.1)
    assert soaks(trace)[0] == pytest.approx(warm - LOADING - MOVE + PLATED, abs=0.1)
    assert layers(trace)[0] == pytest.approx(15e-6, rel=1e-6)
    assert not (run(line(moves=(), calendar=True), 12.0).stops["state"] == t.WARMING).any()


def test_the_laboratory_doses_as_the_line_opens() -> None:
    """The first carrier of the second day goes into a bath as made up."""
    trace = run(line(calendar=True, dosing="shift", dose_every="1000 h"), 36.0)
    rows = trace.passages
    got = rows["got"][(rows["machine"] == NICKEL) & (rows["outcome"] % t.CAUSE_UNIT == t.PASSED)] * TICK / 3600.0
    second = int(np.flatnonzero(got > 24.0)[0])
    begun = trace.states[NICKEL][: len(got), 0]
    assert 30 < second < 40
    assert begun[:second] == pytest.approx(concentrations(second), rel=1e-9)
    assert begun[second] == 75.0


def test_energy_of_the_tank_is_loss_and_current() -> None:
    """Held at 55 degC, the heater gives what the current does not; all of it is on the meter of the line."""
    plant = line()
    plan, trace = prepare(plant), run(plant, 8.0)
    mine = trace.meters["machine"] == NICKEL
    loads = len(layers(trace))
    joule = 0.5 * 400.0 * 6.0 * PLATED * loads
    seconds = trace.passages["left"][(trace.passages["machine"] == NICKEL)][loads - 1] * TICK
    expected = (100.0 * 35.0 * seconds - joule) / 0.95 + joule / 0.88
    until = trace.meters["end"] * TICK < seconds + 1.0
    assert mine.all() and trace.meters["quantity"][until].sum() == pytest.approx(expected, rel=1e-6)
    window = Window.of(plant, plan, trace, warmup=0.0)
    inside = trace.meters["end"] < trace.horizon
    used = energy(plant, station_times(plant, plan, trace, window), window)
    assert used.electricity == pytest.approx(trace.meters["quantity"][inside].sum(), rel=1e-9)


# -- upsets ------------------------------------------------------------------------------------------------------------

UPSET: dict[str, Any] = {"upset_every": "10 h", "upset_scrap": 1.0, "dosing": "shift", "dragout": "0.1 L/m^2"}


def share_upset(loads: int, recall: float, cycle: float = 1800.0, mean: float = 10 * 3600.0) -> float:
    """Share of the loads between two analyses that are plated in an upset bath that nobody has seen.

    After the i-th load since the analysis nothing has come with q^i, q = 1 - (1 - recall) (1 - exp(-cycle/mean)).
    """
    q = 1.0 - (1.0 - recall) * -math.expm1(-cycle / mean)
    return sum(1.0 - q**i for i in range(loads)) / loads


@pytest.mark.parametrize("recall", [0.0, 0.6, 1.0])
def test_upsets_last_until_the_sensor_or_the_laboratory_sees_them(recall: float) -> None:
    """Loads each half hour, an analysis each eight hours: 16 loads."""
    bath = line(**(UPSET | {"recall": recall})).hoist_line["plating"].tank["nickel"].bath
    assert bath is not None
    p = plating_bath.compile_parameters(bath, math.inf)
    x, items, luck = plating_bath.initial(p), [fresh()], np.random.default_rng(5)
    seen: list[float] = []
    for u in luck.random(16 * 2500):
        x[plating_bath.LUCK] = u
        plating_bath.begin(p, x, 0.0 if not seen else 1800.0 - PLATED, items, 0.0)
        seen.append(plating_bath.judge(p, x, items[0])[1] if seen else 0.0)
        plating_bath.finish(p, x, PLATED, 0.0, items, 0.0)
    blocks = np.reshape(seen, (-1, 16)).mean(axis=1)
    error = 4.0 * blocks.std() / math.sqrt(len(blocks))
    assert blocks.mean() == pytest.approx(share_upset(16, recall), abs=error)
    assert recall == 1.0 or error < 0.2 * blocks.mean()


def test_a_sensor_without_recall_changes_nothing_and_a_better_one_spoils_no_other_part() -> None:
    """Part by part: what is scrap with a better sensor is scrap with a worse one too; a perfect one leaves none."""
    assert prepare(line(**(UPSET | {"recall": 0.0}))) == prepare(line(**UPSET))
    parts = [
        np.array(outcomes(run(line(**(UPSET | {"recall": recall})), 600.0), UNLOAD)) == SCRAPPED
        for recall in (0.0, 0.5, 1.0)
    ]
    assert (parts[1] <= parts[0]).all() and 0 < parts[1].sum() < parts[0].sum() and not parts[2].any()
    off = run(line(**UPSET), 600.0, physics=False)
    assert set(outcomes(off, UNLOAD)) == {t.GOOD}


def test_yield_of_a_line_is_what_its_tanks_and_the_rest_leave_of_it() -> None:
    """Of the scrap of 4 %, 1 % is owed to the bath; physics off, all of it is the line's."""
    raw = line(physics_scrap=0.01).raw
    raw["station"]["plating"]["yield"] = 0.96
    plant = parse_plant(raw)
    assert plant.hoist_line["plating"].physics_scrap == pytest.approx(0.01)
    assert prepare(plant).machines[UNLOAD].yield_ == pytest.approx(0.96 / 0.99)
    assert prepare(plant, physics=False).machines[UNLOAD].yield_ == 0.96
