"""Resin that dries in the hopper of an injection machine, physics on against off; numbers follow from closed forms.

A cycle takes 42 s whatever the mould does. Resin has dried for the time from its filling in to its taking out, less
what of it the dryer was down.
"""

from __future__ import annotations

import math
from typing import Any

import pytest

from factory_sim.model import Plant
from factory_sim.simulation import trace as t
from factory_sim.simulation.plan import TICK
from factory_sim.simulation.prepare import directory, prepare
from factory_sim.technology import resin_dryer
from tests.theory.test_history_matters import outcomes, run
from tests.theory.test_mould_history import SHOT, ends, line, stopped

HOUR = 3600.0
WET = t.SCRAPPED + t.CAUSE_UNIT * t.WINDOW
DRYER: dict[str, Any] = {"full": "50 kg", "mass": "0.5 kg", "drying_time": "1 h"}  # 100 cycles, 70 min


def press(more: dict[str, Any] | None = None, **dryer: Any) -> Plant:
    """An injection machine that discards nothing, with a dryer."""
    return line({"dryer": DRYER | dryer} | (more or {}), discard_shots=0)


def wet(dried: float) -> float:
    """Scrap probability of resin that has dried so long. [s]"""
    return max(0.0, 1.0 - dried / HOUR)


def check_count(seen: list[int], likely: list[float]) -> None:
    """Each part is scrap by its own probability: the count within four standard deviations, the sure ones all."""
    spread = math.sqrt(sum(p * (1.0 - p) for p in likely))
    assert abs(seen.count(WET) - sum(likely)) <= 4.0 * spread
    assert {each for each, p in zip(seen, likely, strict=True) if p == 0.0} <= {t.GOOD}
    assert {each for each, p in zip(seen, likely, strict=True) if p == 1.0} <= {WET}


# -- causes of wet resin -----------------------------------------------------------------------------------------------


def test_fresh_filling_is_wet_until_it_has_dried_and_without_physics_nothing_is() -> None:
    """The n-th cycle of a filling from the bag comes after n cycles of drying; what came in later had 100 cycles."""
    plant = press(dried_ahead="0 h")
    seen = outcomes(run(plant, 3.0), 0)
    likely = [wet(SHOT * n) if n < 100 else 0.0 for n in range(len(seen))]
    assert 40.0 < sum(likely) < 45.0 and len(seen) > 250
    check_count(seen, likely)
    assert set(outcomes(run(plant, 3.0, physics=False), 0)) == {t.GOOD}
    assert set(outcomes(run(press(), 3.0), 0)) == {t.GOOD}  # it was dried ahead


def test_stop_of_the_machine_lets_resin_dry_on() -> None:
    """Half an hour after ten cycles: what is inside has dried for that much longer."""
    seen = outcomes(run(press(stopped("30 min", f"{10 * SHOT} s"), dried_ahead="0 h"), 3.0), 0)
    check_count(seen, [wet(SHOT * n + (1800.0 if n >= 10 else 0.0)) if n < 100 else 0.0 for n in range(len(seen))])


def test_hopper_that_is_emptied_too_fast_makes_scrap_for_ever() -> None:
    """60 cycles are 42 min of the hour that resin needs."""
    seen = outcomes(run(press(full="30 kg"), 100.0), 0)
    likely = [0.0] * 60 + [wet(60 * SHOT)] * (len(seen) - 60)
    assert likely[60] == pytest.approx(0.3)
    check_count(seen, likely)


def test_machine_that_waits_makes_no_scrap_but_only_what_can_dry() -> None:
    """60 parts in each hour: the first 60 come dry, then one wait of 18 min for each filling of the hopper."""
    plant = press(full="30 kg", wait_below="1 h")
    trace = run(plant, 9.5)
    assert set(outcomes(trace, 0)) == {t.GOOD}
    for n, end in enumerate(ends(trace)):
        assert end == pytest.approx(n // 60 * HOUR + (n % 60 + 1) * SHOT, abs=1e-3)
    waits = trace.stops["stop"] == directory(plant).stops.index("resin")
    assert waits.sum() == 9
    assert ((trace.stops["end"] - trace.stops["begin"])[waits] * TICK) == pytest.approx([HOUR - 60 * SHOT] * 9)


@pytest.mark.parametrize("ahead", [0, 20, 60])
def test_new_resin_blocks_the_start_unless_its_drying_was_started_ahead(ahead: int) -> None:
    change = {"planned": {"change": {"clock": "parts", "amount": 200, "duration": "30 min", "new_die": True}}}
    made = {}
    for new in (False, True):
        dryer = {"new_resin": new, "dried_ahead": f"{ahead} min", "wait_below": "1 h"}
        made[new] = ends(run(press(change, **dryer), 8.0))
    start = HOUR - 60.0 * ahead  # the first filling waits in both
    assert made[True][0] == made[False][0] == pytest.approx(start + SHOT, abs=1e-3)
    assert made[True][200] - made[False][200] == pytest.approx(start, abs=1e-3)
    if ahead == 0:
        seen = outcomes(run(press(change, new_resin=True, dried_ahead="0 h"), 8.0), 0)
        assert seen[0] == seen[200] == WET and seen[199] == t.GOOD


# -- the dryer itself --------------------------------------------------------------------------------------------------


def compiled(**dryer: Any) -> list[float]:
    table = press(**dryer).station["press"].dryer
    assert table is not None
    return resin_dryer.compile_parameters(table, SHOT)


def test_failure_of_the_dryer_is_missing_to_all_that_was_inside() -> None:
    """It fails 7 s after the 120th cycle began: resin lacks what its stay has in common with the 30 min of repair."""
    p = compiled(fails_every="500 h", repair="30 min")
    x = resin_dryer.initial(p)
    fails, ends_ = 120 * SHOT + 7.0, 120 * SHOT + 7.0 + 1800.0
    lost = 0.0
    for n in range(400):
        x[resin_dryer.UNIFORM] = -math.expm1(-7.0 / (500.0 * HOUR)) if n == 120 else 0.999
        resin_dryer.begin(p, x, 0.0)
        out, came = n * SHOT, (n - 100) * SHOT if n >= 100 else -HOUR
        down = max(0.0, min(out, ends_) - max(came, fails))
        assert x[resin_dryer.DRIED] == pytest.approx(out - came - down, abs=1e-6)
        assert resin_dryer.judge(p, x)[1] == pytest.approx(wet(out - came - down), abs=1e-9)
        lost += resin_dryer.judge(p, x)[1]
        resin_dryer.finish(p, x, SHOT, 0.0)
    stay, beyond = 100 * SHOT, 1800.0 - (100 * SHOT - HOUR)  # the hopper has 10 min to spare
    area = (stay - 1800.0) * beyond + beyond**2
    assert lost == pytest.approx(area / HOUR / SHOT, rel=0.01)


def test_failures_come_at_their_rate_and_energy_closes() -> None:
    """Electricity is power by the time that the dryer was on, which is every/(every + repair) of all."""
    dryer = {"power": "18 kW", "carrier": "electricity", "repair": "2 h"}
    hours = 1000.0
    taken = {}
    for every in (None, "20 h"):
        plant = press(None, dried_ahead="0 h", **dryer, **({} if every is None else {"fails_every": every}))
        trace = run(plant, hours)
        taken[every] = trace.meters["quantity"].sum() / 18e3 / HOUR
        assert (WET in outcomes(trace, 0)[200:]) == (every is not None)
        told = trace.meters["end"].max() * TICK / HOUR  # the end of the last cycle
    assert hours - SHOT / HOUR < told == pytest.approx(taken[None], rel=1e-9)
    failures = hours / 22.0
    assert hours - taken["20 h"] == pytest.approx(2.0 * failures, abs=4 * 2.0 * math.sqrt(failures))


def test_energy_of_a_wait_that_the_run_cuts_off_is_that_until_its_end() -> None:
    """The first cycle waits for an hour, of which the run sees half."""
    meters = run(press(dried_ahead="0 h", wait_below="1 h", power="18 kW", carrier="electricity"), 0.5).meters
    assert meters["quantity"].sum() == pytest.approx(18e3 * 0.5 * HOUR, rel=1e-9)


@pytest.mark.parametrize(("first", "second"), [(0.0, 0.0), (300.0, 0.0), (400.0, 500.0), (5000.0, 9000.0)])
def test_two_stops_equal_one_of_their_sum(first: float, second: float) -> None:
    """Over a failure within the one or the other too."""
    p = compiled(fails_every="500 h", repair="30 min", power="18 kW", carrier="electricity")
    parts, whole = resin_dryer.initial(p), resin_dryer.initial(p)
    for x in (parts, whole):
        x[resin_dryer.UNIFORM] = -math.expm1(-600.0 / (500.0 * HOUR))
        resin_dryer.begin(p, x, 0.0)
    resin_dryer.opened(p, parts, first)
    resin_dryer.opened(p, parts, second)
    resin_dryer.opened(p, whole, first + second)
    assert parts == pytest.approx(whole, rel=1e-9, abs=1e-9)
    if first + second == 0.0:
        before = resin_dryer.initial(p)
        assert whole[resin_dryer.CLOCK] == before[resin_dryer.CLOCK]
        assert resin_dryer.energy(p, whole) == 0.0


def test_a_plan_with_a_dryer_is_as_long_as_it_was() -> None:
    """The places of the hopper are states of the run; the plan only counts them."""
    lone, dried = (prepare(plant).machines[0].laws for plant in (line(), press()))
    assert len(dried) == len(lone) + 1
    assert max(len(row.parameters) for row in dried) == max(len(row.parameters) for row in lone)
