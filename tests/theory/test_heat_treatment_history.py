"""Furnace of heat treatment and its quench, physics on against off; numbers expected follow from closed forms.

Exchange by convection only, so that a load that the power does not limit rises as 1 - exp(-t/TAU).
"""

from __future__ import annotations

import math
from typing import Any

import pytest

from factory_sim.model import Plant, parse_plant
from factory_sim.results.economy import energy
from factory_sim.results.oee import station_times
from factory_sim.results.states import machine_states
from factory_sim.results.window import Window
from factory_sim.simulation import trace as t
from factory_sim.simulation.plan import TICK
from factory_sim.simulation.prepare import prepare
from factory_sim.simulation.run import simulate
from factory_sim.simulation.trace import Trace
from factory_sim.technology import batch_furnace
from factory_sim.technology.item import DEPTH, fresh
from processes.heat_treatment import carburize_time
from tests.theory.test_history_matters import outcomes, run

SET, AMBIENT, BAND, SOAK, REST = 860.0, 20.0, 10.0, 1800.0, 600.0
PART, FILM, LINING = 50.0 * 650.0, 40.0 * 1.5, 1e5  # J/K, W/K, J/K
TAU = PART / FILM
WALLS, NET = 10e3, 40e3  # W
FURNACE: dict[str, Any] = {
    "parts": 4, "mass": "50 kg", "surface": "1.5 m^2", "convection": "40 W/m^2/K", "emissivity": 0.0,
    "temperature": "860 degC", "soak": "30 min", "power": "50 kW", "wall_loss": "10 kW", "lining": "1e5 J/K",
    "efficiency": 0.8, "door_loss": "30 kW", "door_time": "100 s", "carrier": "gas",
}  # fmt: skip


def heating(parts: int, at: float = SET) -> float:
    """Time in which a load comes into its band: as fast as the power, then as the exchange lets it. [s]"""
    net = NET - WALLS * (at - SET) / (SET - AMBIENT)
    limited = at - net / (parts * FILM)
    return parts * PART * (limited - AMBIENT) / net + TAU * math.log((at - limited) / BAND)


CYCLE = heating(4) + SOAK + REST


def shop(
    at: tuple[int, ...] = (4,),
    cycle: float = CYCLE,
    quench: dict[str, Any] | None = None,
    more: dict[str, Any] | None = None,
    **changes: Any,
) -> Plant:
    """A furnace for loads of four; so many parts come every 5 h. With a quench if its table is given."""
    furnace: dict[str, Any] = {
        "technology": "heat_treatment.furnace", "cycle": f"{cycle!r} s", "batch": {"max": 4},
        "furnace": FURNACE | changes,
    }  # fmt: skip
    stations = {"furnace": furnace | (more or {})}
    if quench is not None:
        stations["quench"] = {"technology": "heat_treatment.quench", "cycle": "20 s", "quench": quench}
    comes = [f"{5 * n} h" for n, parts in enumerate(at) for _ in range(parts)]
    return parse_plant({
        "plant": {"name": "Shop"}, "source": {"lots": {"at": comes}}, "sink": {"store": {}}, "station": stations,
        "product": {"part": {"route": ["lots", *stations, "store"]}},
        "buffer": {"hot": {"before": "quench", "capacity": "unlimited"}} if quench is not None else {},
    })  # fmt: skip


def ends(trace: Trace, machine: int = 0) -> list[float]:
    """When the work of each visit of a machine ended, after the begin of its five hours. [s]"""
    visits = trace.visits
    mine = (visits["machine"] == machine) & (visits["ended"] < trace.horizon)
    return [float(end) * TICK % (5 * 3600.0) for end in visits["ended"][mine]]


def stopped(first: str, duration: str) -> dict[str, Any]:
    """One stop of the furnace."""
    return {"planned": {"jam": {"every": "50 h", "first": first, "duration": duration, "when": "immediate"}}}


def test_load_takes_the_time_of_its_own_mass() -> None:
    """The cycle of the file is that of four parts; two are in their band sooner. Without physics they take the same."""
    on, off = run(shop((4, 2, 1)), 15.0), run(shop((4, 2, 1)), 15.0, physics=False)
    times = [heating(parts) + SOAK + REST for parts in (4, 4, 4, 4, 2, 2, 1)]
    assert ends(on) == pytest.approx(times, abs=1e-3)
    assert ends(off) == pytest.approx([CYCLE] * 7, abs=1e-5)
    assert heating(1) < heating(2) < 0.8 * heating(4)


STOP = 600.0
IN_SOAK = 900.0  # after so much of the soak


def after_stop() -> tuple[float, float, float]:
    """Temperature of the load after a stop of 10 min in its soak, time in the band, time to be hot again."""
    constant = (4 * PART + LINING) * (SET - AMBIENT) / WALLS
    before = SET - BAND * math.exp(-IN_SOAK / TAU)
    in_band = constant * math.log((before - AMBIENT) / (SET - BAND - AMBIENT))
    load, lining = (AMBIENT + (T - AMBIENT) * math.exp(-STOP / constant) for T in (before, SET))
    hot = LINING * (SET - lining) / NET + TAU * math.log((SET - load) / BAND)
    assert SET - NET / (4 * FILM) < load < SET - BAND and in_band < STOP
    return load, in_band, hot


@pytest.mark.parametrize(("rule", "repeated"), [("continue", 0.0), ("again", IN_SOAK)])
def test_stop_in_the_soak_cools_the_load_and_the_soak_goes_on_or_begins_again(rule: str, repeated: float) -> None:
    """The load leaves later by the stop and the time to be hot again, less what still counted while it stood."""
    _, in_band, hot = after_stop()
    expected = CYCLE + STOP + hot + (repeated or -in_band)
    first = f"{heating(4) + IN_SOAK!r} s"
    assert ends(run(shop(more=stopped(first, "10 min"), after_stop=rule), 5.0))[0] == pytest.approx(expected, abs=1e-3)
    none = ends(run(shop(more=stopped(first, "0 s"), after_stop=rule), 5.0))[0]
    assert none == pytest.approx(CYCLE, abs=1e-3)


def test_program_by_the_clock_does_not_wait_and_what_soaked_too_little_is_scrap() -> None:
    _, in_band, hot = after_stop()
    soaked = SOAK + in_band - hot  # what stops and reheating leave of it
    more = stopped(f"{heating(4) + IN_SOAK!r} s", "10 min")
    bad = t.SCRAPPED + t.CAUSE_UNIT * t.WINDOW
    for least, verdict in ((soaked - 1.0, t.GOOD), (soaked + 1.0, bad)):
        trace = run(shop(more=more, control="clock", least_soak=f"{least!r} s"), 5.0)
        assert ends(trace)[0] == pytest.approx(CYCLE + STOP, abs=1e-3)
        assert outcomes(trace, 0) == [verdict] * 4
    assert outcomes(run(shop(more=more, least_soak="30 min"), 5.0), 0) == [t.GOOD] * 4  # the soak clock waits


def test_stop_while_it_heats_only_delays_it() -> None:
    """So far below the set point the load loses next to nothing; the lining is what has to be heated again."""
    end = ends(run(shop(more=stopped("600 s", "10 min")), 5.0))[0]
    constant = (4 * PART + LINING) * (SET - AMBIENT) / WALLS
    cooled = AMBIENT + 600.0 * NET / (4 * PART)
    lost = (cooled - AMBIENT) * -math.expm1(-STOP / constant)
    again = (lost * 4 * PART + LINING * (SET - AMBIENT) * -math.expm1(-STOP / constant)) / NET
    assert end == pytest.approx(CYCLE + STOP + again, abs=1e-3)


def compiled(cycle: float = CYCLE, **changes: Any) -> list[float]:
    table = shop(cycle=cycle, **changes).station["furnace"].furnace
    assert table is not None
    return batch_furnace.compile_parameters(table, cycle)


@pytest.mark.parametrize(("first", "second"), [(0.0, 0.0), (700.0, 0.0), (100.0, 900.0), (5e3, 4e4)])
@pytest.mark.parametrize("ran", [500.0, 5000.0])
def test_two_stops_equal_one_of_their_sum(first: float, second: float, ran: float) -> None:
    p = compiled()
    load = [fresh() for _ in range(4)]
    parts, whole = batch_furnace.initial(p), batch_furnace.initial(p)
    for x in (parts, whole):
        batch_furnace.begin(p, x, 0.0, load, 0.0)
    twice = batch_furnace.interrupted(p, parts, ran, first) + batch_furnace.interrupted(p, parts, 0.0, second)
    assert twice == pytest.approx(batch_furnace.interrupted(p, whole, ran, first + second), abs=1e-6)
    assert parts == pytest.approx(whole, rel=1e-9)
    if first + second == 0.0:
        assert twice == pytest.approx(0.0, abs=1e-6)


def test_gas_is_heat_of_load_walls_and_door_over_the_efficiency() -> None:
    """Also over a stop: what load and lining lost in it, the heater gives back."""
    for more in ({}, stopped("600 s", "10 min")):
        plant = shop(more=more)
        plan = prepare(plant)
        trace = simulate(plan, seed=1, horizon=5 * 3600.0)
        window = Window.of(plant, plan, trace, warmup=0.0)
        used = energy(plant, station_times(plant, plan, trace, window), window)
        end = ends(trace)[0]
        load = 4 * PART * (SET - BAND * math.exp(-SOAK / TAU) - AMBIENT)
        walls = WALLS * end
        if more:  # while it stood, walls took what it had: less than at the set point, and later given back
            constant = (4 * PART + LINING) * (SET - AMBIENT) / WALLS
            shares = 4 * PART * 600.0 * NET / (4 * PART) + LINING * (SET - AMBIENT)
            walls += shares * -math.expm1(-STOP / constant) - WALLS * STOP
        taken = trace.meters["quantity"][trace.meters["end"] * TICK <= end + 1.0].sum()
        assert taken == pytest.approx((load + walls + 3e6) / 0.8, rel=1e-6)
        assert used.gas == pytest.approx(trace.meters["quantity"][trace.meters["end"] < trace.horizon].sum(), rel=1e-9)


def test_case_takes_the_time_of_its_square_and_rework_what_it_lacks() -> None:
    """As Fick's law for a constant surface carbon says; a part that has a case already soaks the rest of the square."""
    hour = 0.5e-3
    soaks = {depth: (depth / hour) ** 2 * 3600.0 for depth in (0.4e-3, 0.8e-3)}
    fick = [carburize_time(1.1, 0.2, 0.4, depth, 1.2e-11) for depth in soaks]
    assert fick[1] / fick[0] == pytest.approx(soaks[0.8e-3] / soaks[0.4e-3], rel=1e-9)
    case = {"soak": None, "depth_in_hour": "0.5 mm", "case_least": "0.3 mm"}
    changed = {key: value for key, value in (FURNACE | case).items() if value is not None}
    for depth, soak in soaks.items():
        cycle = heating(4) + soak + REST
        raw = shop().raw
        raw["station"]["furnace"]["furnace"] = changed | {"case_depth": f"{depth!r} m"}
        raw["station"]["furnace"]["cycle"] = f"{cycle!r} s"
        plant = parse_plant(raw)
        table = plant.station["furnace"].furnace
        assert table is not None
        p = batch_furnace.compile_parameters(table, cycle)
        x, load = batch_furnace.initial(p), [fresh() for _ in range(4)]
        assert batch_furnace.begin(p, x, 0.0, load, 0.0)[0] == pytest.approx(0.0, abs=1e-6)
        batch_furnace.finish(p, x, cycle, 0.0, load, cycle)
        assert [part[DEPTH] for part in load] == pytest.approx([depth] * 4, rel=1e-9)
        half = [fresh() for _ in range(4)]
        for part in half:
            part[DEPTH] = depth / 2
        assert batch_furnace.begin(p, x, 0.0, half, 0.0)[0] == pytest.approx(-soak / 4, rel=1e-6)
        assert ends(run(plant, 5.0))[0] == pytest.approx(cycle, abs=1e-3)


HOTTER = 900.0
ACTIVATION, GAS_CONSTANT, KELVIN = 148e3, 8.314462618, 273.15


def test_a_hotter_furnace_carburises_as_much_faster_as_carbon_moves() -> None:
    """The cycle of the file is that at its own temperature; heating, case and losses follow the new one."""
    faster = math.exp(ACTIVATION / GAS_CONSTANT * (1.0 / (SET + KELVIN) - 1.0 / (HOTTER + KELVIN)))
    assert 1.5 < faster < 2.0
    soak, depth = 2.0 * 3600.0, 0.5e-3 * math.sqrt(2.0)
    cycle = heating(4) + soak + REST
    case = {
        "case_depth": f"{depth!r} m",
        "case_least": f"{depth!r} m",
        "depth_in_hour": "0.5 mm",
        "activation": "148 kJ/mol",
    }
    for at, expected in ((SET, cycle), (HOTTER, cycle + heating(4, HOTTER) - heating(4) - soak + soak / faster)):
        raw = shop().raw
        furnace = {key: value for key, value in FURNACE.items() if key != "soak"} | case
        raw["station"]["furnace"] |= {
            "cycle": f"{cycle!r} s",
            "furnace": furnace | {"temperature": f"{at!r} degC", "cycle_temperature": f"{SET!r} degC"},
        }
        trace = run(parse_plant(raw), 5.0)
        assert ends(trace) == pytest.approx([expected] * 4, abs=2e-3)
        assert outcomes(trace, 0) == [t.GOOD] * 4
    clock = compiled(temperature="900 degC", cycle_temperature="860 degC", control="clock")
    x, load = batch_furnace.initial(clock), [fresh() for _ in range(4)]
    expected = heating(4, HOTTER) - heating(4)
    assert batch_furnace.begin(clock, x, 0.0, load, 0.0)[0] == pytest.approx(expected, abs=1e-3)


def of_two(own: bool, ways: tuple[str, ...]) -> Plant:
    """Loads of four, of each product in turn, then half and half; the other one soaks for 600 s at 900 degC."""
    raw = shop().raw
    raw["station"]["furnace"]["furnace"] |= {"recipe": {"other": {"soak": "600 s", "temperature": "900 degC"}}}
    raw["source"] = {name: {"at": [f"{5 * n} h"] * 4 + ["10 h"] * 2} for n, name in enumerate(ways)}
    raw["product"] = {name: {"route": [name, "furnace", "store"]} for name in ways}
    if own:
        cycle = heating(4, HOTTER) + 600.0 + 2 * REST
        raw["product"]["other"]["step"] = {"furnace": {"cycle": f"{cycle!r} s"}}
    return parse_plant(raw)


@pytest.mark.parametrize("own", [False, True])
def test_products_may_have_recipes_of_their_own(own: bool) -> None:
    """Their cycle is their own one, or that of the station but for heating and soak."""
    other = heating(4, HOTTER) + 600.0 + (2 * REST if own else REST)
    plant = of_two(own, ("part", "other"))
    assert ends(run(plant, 10.0)) == pytest.approx([CYCLE] * 4 + [other] * 4, abs=1e-3)
    off = ends(run(plant, 10.0, physics=False))
    assert off == pytest.approx([CYCLE] * 4 + [other if own else CYCLE] * 4, abs=1e-3)


@pytest.mark.parametrize(("ways", "rest"), [(("part", "other"), REST), (("other", "part"), 2 * REST)])
def test_a_mixed_load_takes_the_longest_of_its_recipes(ways: tuple[str, str], rest: float) -> None:
    """What comes after the soak is that of its first part, as without physics."""
    assert 600.0 + heating(4, HOTTER) - heating(4) < SOAK
    assert ends(run(of_two(True, ways), 15.0))[8:] == pytest.approx([heating(4) + SOAK + rest] * 4, abs=1e-3)


def test_a_load_without_a_soak_is_done_when_it_is_hot() -> None:
    assert ends(run(shop(cycle=heating(4) + REST, soak="0 s"), 5.0)) == pytest.approx([heating(4) + REST] * 4, abs=1e-3)


@pytest.mark.parametrize(("parts", "begun"), [(4, 0), (2, 2)])
def test_a_load_that_would_not_be_done_before_the_end_of_the_shift_waits(parts: int, begun: int) -> None:
    """A small load takes less time, and is begun where a full one is not."""
    left = heating(2) + SOAK + REST + 60.0  # of the shift, when they come
    assert heating(2) < heating(4) - 120.0
    raw = shop((parts,), more={"off_shift": "no_start"}).raw
    raw["calendar"] = {"day": {"shifts": [{"days": "Mon-Sun", "from": "06:00", "to": "10:00"}]}}
    raw["plant"]["calendar"] = "day"
    raw["source"]["lots"]["at"] = [f"{10 * 3600.0 - left!r} s"] * parts
    trace = run(parse_plant(raw), 20.0)
    assert int((trace.visits["ended"] < trace.horizon).sum()) == begun


AIR = {"mass": "1.5 kg", "surface": "0.02 m^2", "convection": "100 W/m^2/K", "emissivity": 0.0}


def test_quench_rejects_what_comes_late() -> None:
    """Four parts come at once and go in one by one, 20 s each: after 0, 20, 40 and 60 s; rejects cost no time."""
    trace = run(shop(quench=AIR | {"longest_delay": "50 s"}), 5.0)
    bad = t.SCRAPPED + t.CAUSE_UNIT * t.WINDOW
    assert outcomes(trace, 1) == [t.GOOD] * 3 + [bad]
    assert ends(trace, 1) == pytest.approx([CYCLE + wait for wait in (20.0, 40.0, 60.0, 60.0)], abs=1e-3)
    off = run(shop(quench=AIR | {"longest_delay": "50 s"}), 5.0, physics=False)
    assert outcomes(off, 1) == [t.GOOD] * 4


@pytest.mark.parametrize("wait", [0, 1, 2, 3])
def test_quench_rejects_what_has_cooled_below_its_limit(wait: int) -> None:
    """A part that leaves at T falls to 20 + (T - 20) exp(-h A t/(m c)) in air."""
    hot = SET - BAND * math.exp(-SOAK / TAU)
    limit = 20.0 + (hot - 20.0) * math.exp(-100.0 * 0.02 * (20.0 * wait + 10.0) / (1.5 * 650.0))
    seen = outcomes(run(shop(quench=AIR | {"least_temperature": f"{limit!r} degC"}), 5.0), 1)
    assert seen.count(t.GOOD) == wait + 1


def test_work_on_a_load_ends_once_though_its_parts_leave_one_by_one() -> None:
    """The quench takes them 20 s apart, straight from the furnace: it is blocked meanwhile, and its states sum up."""
    raw = shop(quench=AIR | {"longest_delay": "50 s"}).raw
    del raw["buffer"]
    plant = parse_plant(raw)
    plan = prepare(plant)
    trace = simulate(plan, seed=1, horizon=5 * 3600.0)
    assert ends(trace) == pytest.approx([CYCLE] * 4, abs=1e-3)
    states = machine_states(plan, trace)
    assert (states.sum(axis=1) == trace.horizon).all() and (states >= 0).all()
    assert states[0, t.BLOCKED] * TICK == pytest.approx(60.0)


def test_furnace_that_was_off_heats_its_lining_before_the_first_load() -> None:
    """Closed for 14 h: the lining falls with its own time constant, and the net power brings it back."""
    calendar = {"day": {"shifts": [{"days": "Mon-Sun", "from": "14:00", "to": "24:00"}]}}
    raw = shop(more={"off_shift": "finish"}, heat_off_shift=False).raw | {"calendar": calendar}
    raw["plant"]["calendar"] = "day"
    trace = run(parse_plant(raw), 24.0)
    warming = trace.stops["state"] == t.WARMING
    lengths = (trace.stops["end"] - trace.stops["begin"])[warming] * TICK
    cold = AMBIENT + (SET - AMBIENT) * math.exp(-14 * 3600.0 * WALLS / (SET - AMBIENT) / LINING)
    assert lengths == pytest.approx([LINING * (SET - cold) / NET], abs=1e-3)
