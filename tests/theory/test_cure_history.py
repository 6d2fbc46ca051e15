"""Paint that stands in its oven bakes on: physics on against off, against the sum of Arrhenius along its path.

Of a film without mass in an oven at the reference temperature, cure is time: 20 min of passage, at most 30.
"""

from __future__ import annotations

import math
from typing import Any

import pytest
from scipy.integrate import quad, solve_ivp

from factory_sim.model import InputError, Plant, parse_plant
from factory_sim.simulation import trace as t
from factory_sim.simulation.prepare import prepare
from factory_sim.technology import curing_oven
from tests.theory.test_history_matters import outcomes, run

LOST = t.SCRAPPED + t.CAUSE_UNIT * t.WINDOW
MINUTE = 60.0
LONGEST = 10 * MINUTE
CURE: dict[str, Any] = {
    "length": "20 m", "thickness": "0.1 um", "oven": "180 degC", "reference_temperature": "180 degC",
    "least": "15 min", "most": "30 min",
}  # fmt: skip
GAS, KELVIN, SIGMA = 8.314463, 273.15, 5.670374e-8


def line(*stops: tuple[float, float], **cure: Any) -> Plant:
    """An oven of 20 m at 1 m/min, a part a metre; it stops at given times (of the clock) for so long. [s]"""
    flow = {"kind": "continuous_furnace", "length": "20 m", "pitch": "1 m", "speed": "1 m/min", "cure": CURE | cure}
    planned = {
        f"stop{index}": {"every": "100 h", "first": f"{at} s", "duration": f"{took} s", "when": "immediate"}
        for index, (at, took) in enumerate(stops)
    }
    oven = {"technology": "coating.oven", "flow": flow, "planned": planned}
    return parse_plant({
        "plant": {"name": "Paint"}, "source": {"racks": {}}, "sink": {"done": {}}, "station": {"oven": oven},
        "product": {"part": {"route": ["racks", "oven", "done"]}},
    })  # fmt: skip


def lost(plant: Plant, physics: bool = True) -> int:
    return outcomes(run(plant, 8.0, physics), 0).count(LOST)


AT = 100.5 * MINUTE  # half a pitch after a part came in: 20 are inside


def test_parts_that_stood_too_long_in_the_oven_are_over_baked() -> None:
    just, longer = line((AT, LONGEST - 0.1)), line((AT, LONGEST + 0.1))
    assert (lost(line()), lost(just), lost(longer)) == (0, 0, 20)
    assert lost(longer, physics=False) == 0
    assert lost(line((AT, 1e-6))) == 0


@pytest.mark.parametrize("between", [1, 5, 19])
def test_two_stops_cost_the_parts_that_had_both(between: int) -> None:
    first, second = 0.6 * LONGEST, 0.5 * LONGEST
    assert lost(line((AT, first), (AT + first + between * MINUTE, second))) == 20 - between
    assert lost(line((AT, first + second))) == 20


def test_only_parts_in_the_oven_bake() -> None:
    """The last 5 m of the conveyor are behind it, the first 3 m before it: 12 min of passage, 18 more are borne."""
    part = {"from": "3 m", "length": "12 m", "least": "10 min"}
    just, longer = (lost(line((AT, 18 * MINUTE + more), **part)) for more in (-0.1, 0.1))
    assert (just, longer) == (0, 12)


def reference(thickness: float, convection: float, emissivity: float, oven: float, inside: float) -> float:
    """Equivalent time at 180 degC, by the differential equation of the sheet. [s]"""

    def heating(_: float, T: Any) -> list[float]:
        gain = convection * (oven - T[0]) + emissivity * SIGMA * ((oven + KELVIN) ** 4 - (T[0] + KELVIN) ** 4)
        return [2.0 * gain / (7850.0 * 500.0 * thickness)]

    path: Any = solve_ivp(heating, (0.0, inside), [20.0], rtol=1e-10, atol=1e-8, dense_output=True).sol

    def rate(time: float) -> float:
        return math.exp(80e3 / GAS * (1.0 / (180.0 + KELVIN) - 1.0 / (float(path(time)[0]) + KELVIN)))

    return float(quad(rate, 0.0, inside, limit=400)[0])


@pytest.mark.parametrize(("convection", "emissivity"), [(25.0, 0.9), (25.0, 0.0), (0.0, 0.9)])
@pytest.mark.parametrize("oven", [175.0, 185.0])
def test_limit_is_where_the_sheet_has_had_its_most(convection: float, emissivity: float, oven: float) -> None:
    heat = {"convection": f"{convection} W/m^2/K", "emissivity": emissivity, "oven": f"{oven} degC"}
    flow = line(thickness="0.8 mm", least="8 min", **heat).station["oven"].flow
    assert flow is not None and flow.cure is not None
    stand = curing_oven.longest_stand(flow.cure, flow.pace)
    inside = 20 * MINUTE + stand
    assert reference(0.8e-3, convection, emissivity, oven, inside) == pytest.approx(30 * MINUTE, abs=0.1)


@pytest.mark.parametrize(("cure", "said"), [({"least": "21 min"}, "20.0 min"), ({"most": "19 min"}, "20.0 min")])
def test_paint_that_is_wrong_without_a_stop_is_refused(cure: dict[str, str], said: str) -> None:
    with pytest.raises(InputError, match=f"has cured for {said}") as told:
        prepare(line(**cure))
    assert told.value.problems[0].key == "station.oven.flow.cure"
