"""Loss trees, energy, material and waiting parts: what is parted sums to what it was, to the last unit."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from factory_sim.model import Plant, parse_plant, read
from factory_sim.report.chart_sankey import Sankey, split
from factory_sim.report.chart_usage import energy_sankey, material_sankey
from factory_sim.results.economy import energy
from factory_sim.results.excerpt import excerpt, telling_stretch
from factory_sim.results.flow import flow
from factory_sim.results.losses import GROUPS, LossTree, loss_tree
from factory_sim.results.measures import measure
from factory_sim.results.oee import station_times
from factory_sim.results.states import machine_states
from factory_sim.results.transport import vehicle_electricity
from factory_sim.results.usage import KWH, PER_PART, PROCESS, EnergyUse, energy_use, material_use
from factory_sim.results.waiting import OUT, flows, waits
from factory_sim.results.window import Window
from factory_sim.simulation import trace as t
from factory_sim.simulation.plan import TICK, Plan
from factory_sim.simulation.prepare import prepare
from factory_sim.simulation.run import simulate
from factory_sim.simulation.trace import Trace

DATA = Path(__file__).parent / "data" / "plant.toml"
Run = tuple[Plant, Plan, Trace, Window]


def run_of(plant: Plant, horizon: float, warmup: float, seed: int = 1) -> Run:
    plan = prepare(plant)
    trace = simulate(plan, seed, 0, horizon)
    return plant, plan, trace, Window.of(plant, plan, trace, warmup)


@lru_cache(maxsize=1)
def cell() -> Run:
    """The small casting cell of the tests, with every table of the format, and masses."""
    raw = read(DATA).raw
    raw = {**raw, "product": {name: dict(table) for name, table in raw["product"].items()}}
    raw["product"]["housing"]["mass"] = {"part": "62 kg", "charge": "95 kg", "melt_loss": 0.04, "remelt": 0.9}
    raw["product"]["bracket"]["mass"] = {"part": "1.5 kg"}
    return run_of(parse_plant(raw), 14 * 86400.0, 7 * 86400.0)


def saw(**station: Any) -> Plant:
    return parse_plant(
        {
            "plant": {"name": "One saw"}, "source": {"bars": {}}, "sink": {"pieces": {}},
            "product": {"piece": {"route": ["bars", "saw", "pieces"]}},
            "station": {"saw": {"cycle": "60 s", **station}},
        }
    )  # fmt: skip


def whole(tree: LossTree) -> int:
    return sum(loss.time for loss in tree.losses) + tree.good


# -- loss tree -------------------------------------------------------------------------------------------------------


def test_a_tree_by_hand() -> None:
    """Of 30 s less than 3 h, two services of 10 min and 159 cycles of 60 s; half a cycle more is no part yet."""
    plant, plan, trace, window = run_of(
        saw(planned={"oil": {"every": "60 min", "duration": "10 min", "when": "immediate"}}), 10770.0, 0.0
    )
    tree = loss_tree(plant, plan, trace, window, "saw")
    assert tree.planned == 10770 * 10**6
    assert {(loss.kind, loss.name): loss.time for loss in tree.losses if loss.time} == {
        ("maintenance", "oil"): 2 * 600 * 10**6,
        ("speed", ""): 30 * 10**6,
    }
    assert tree.good == 159 * 60 * 10**6
    assert whole(tree) == tree.planned
    assert [tree.of_group(group) for group in GROUPS] == [1200 * 10**6, 30 * 10**6, 0]


def test_the_trees_of_a_whole_cell_sum_to_the_tick() -> None:
    plant, plan, trace, window = cell()
    times, all_states = station_times(plant, plan, trace, window), machine_states(plan, trace, window.begin, window.end)
    for index, station in enumerate(plant.station):
        tree = loss_tree(plant, plan, trace, window, station)
        assert whole(tree) == tree.planned
        states = sum(all_states[m] for m, row in enumerate(plan.machines) if row.station == index)
        assert tree.planned == int(np.sum(states) - states[t.OFF_SHIFT])
        for loss in times[station].losses.items():
            of_kind = [each.time for each in tree.losses if each.kind == loss[0]]
            assert sum(of_kind) * TICK / times[station].open == pytest.approx(loss[1], abs=1e-9) or loss[0] == "good"
        assert tree.good * TICK / times[station].open == pytest.approx(times[station].losses["good"], abs=1e-9)
    press = loss_tree(plant, plan, trace, window, "hpdc")
    named = {loss.name: loss.time for loss in press.losses if loss.name}
    assert named.keys() == {"breakdown", "die_service", "loss"}
    assert min(named.values()) > 0
    assert next(loss for loss in press.losses if loss.kind == "discarded").time > 0


def test_measures_have_the_stops_by_name() -> None:
    plant, plan, trace, window = cell()
    kpis = measure(plant, plan, trace, window.begin * TICK).stations["hpdc"]
    tree = loss_tree(plant, plan, trace, window, "hpdc")
    for loss in tree.losses:
        if loss.name:
            assert kpis[f"stop_{loss.name}"].value == pytest.approx(loss.time / tree.planned, rel=1e-12)
    failed = kpis["loss_failed"].value + kpis["loss_maintenance"].value
    assert sum(kpis[name].value for name in kpis if name.startswith("stop_")) == pytest.approx(failed, rel=1e-12)


def test_a_station_that_is_not_there_is_told() -> None:
    plant, plan, trace, window = cell()
    with pytest.raises(KeyError, match="no station 'lathe'; there are melt"):
        loss_tree(plant, plan, trace, window, "lathe")


@settings(max_examples=15)
@given(
    machines=st.integers(1, 3), load=st.integers(1, 4), cycle=st.integers(20, 300), mean=st.integers(10, 90),
    share=st.floats(0.3, 1.0), seed=st.integers(0, 99), begin=st.integers(0, 5000),
)  # fmt: skip
def test_any_station_sums_to_the_tick(machines, load, cycle, mean, share, seed, begin) -> None:
    station: dict[str, Any] = {
        "machines": machines, "cycle": f"{cycle} s", "yield": share,
        "failure": {"jam": {"between": {"exponential": f"{mean} min"}, "repair": {"exponential": "7 min"}}},
        "planned": {"oil": {"every": "50 min", "duration": "4 min"}},
    }  # fmt: skip
    if load > 1:
        station["batch"] = {"max": load}
    run = run_of(saw(**station), 20_000.0, float(begin), seed)
    tree = loss_tree(*run, "saw")
    assert whole(tree) == tree.planned == machines * (run[3].end - run[3].begin)


# -- energy and power ------------------------------------------------------------------------------------------------


def balanced(sankey: Sankey) -> bool:
    """Whether in every node between the first and the last as much goes out as comes in."""
    return all(
        sankey.into(node.key) == sankey.out_of(node.key)
        for node in sankey.nodes
        if sankey.into(node.key) and sankey.out_of(node.key)
    )


def test_energy_by_hand() -> None:
    plant, plan, trace, window = run_of(
        saw(
            power={"working": "6 kW", "idle": "3 kW"}, gas_per_part="2 kWh", electricity_per_part="1 kWh",
            planned={"oil": {"every": "60 min", "duration": "10 min", "when": "immediate"}},
        ),
        10770.0, 0.0,
    )  # fmt: skip
    use = energy_use(plant, plan, trace, window)
    used = {state: energy / KWH for state, energy in use.electricity["saw"].items() if energy}
    assert used == {"working": 15.95, "maintenance": 1.0, "per_part": 159.0}
    assert use.gas["saw"] == 318 * KWH


def test_energy_sums_to_what_is_paid() -> None:
    plant, plan, trace, window = cell()
    use, driven = energy_use(plant, plan, trace, window), vehicle_electricity(plant, plan, trace, window)
    paid = energy(plant, station_times(plant, plan, trace, window), window, driven)
    assert use.vehicles * 1e-9 == pytest.approx(driven, rel=1e-12)
    assert use.total * 1e-9 == pytest.approx(paid.electricity, rel=1e-12)
    assert sum(use.gas.values()) * 1e-9 == pytest.approx(paid.gas, rel=1e-12)
    for name, (electricity, gas) in paid.by_station.items():
        assert use.by_station[name] * 1e-9 == pytest.approx(electricity, rel=1e-12)
        assert use.gas[name] * 1e-9 == pytest.approx(gas, rel=1e-12)
    sankey = energy_sankey(plant, use, "en")
    assert balanced(sankey)
    assert sankey.out_of("electricity") == use.total
    ends = [node.key for node in sankey.nodes if node.column == 2]
    assert sum(sankey.into(key) for key in ends) == use.total + sum(use.gas.values())


def test_energy_that_the_process_takes_has_its_place() -> None:
    plant = read("layouts/13_arc_welding.toml")
    use = EnergyUse({"weld": {"working": 3, PROCESS: 4, PER_PART: 2, "failed": 1}}, {"weld": 0}, 0)
    for lang in ("en", "ko"):
        sankey = energy_sankey(plant, use, lang)
        nodes = {node.key: node.label for node in sankey.nodes}
        assert {end for link in sankey.links if link.value for end in (link.begin, link.end)} <= set(nodes)
        assert balanced(sankey) and sankey.into(f"in.{PROCESS}") == 4
    assert "아크" in nodes[f"in.{PROCESS}"]


# -- material --------------------------------------------------------------------------------------------------------


def test_material_by_hand() -> None:
    """100 parts of 2 kg with 1 kg of runners each, a tenth of the charge lost: 330 kg in."""
    plant = parse_plant(
        {
            "plant": {"name": "One saw"}, "source": {"bars": {}}, "sink": {"pieces": {}},
            "product": {"piece": {"route": ["bars", "saw", "pieces"],
                                  "mass": {"part": "2 kg", "charge": "3 kg", "melt_loss": 0.1, "remelt": 0.5}}},
            "station": {"saw": {"cycle": "60 s"}},
        }
    )  # fmt: skip
    use = material_use(*run_of(plant, 6030.0, 0.0))["piece"]
    kilograms = [each / 1e6 for each in (use.good, use.returns, use.lost, use.remelted, use.fresh, use.charged)]
    assert use.parts == 100
    assert kilograms == [200.0, 100.0, 30.0, 50.0, 280.0, 330.0]


def test_material_in_is_material_out() -> None:
    plant, plan, trace, window = cell()
    found = material_use(plant, plan, trace, window)
    assert found.keys() == {"housing", "bracket"}
    for index, name in enumerate(plant.product):
        use, parts = found[name], flow(trace, window, index)
        assert use.charged == use.good + use.built_in + sum(use.scrap.values()) + use.returns + use.lost
        assert use.sold >= 0
        mass = plant.product[name].mass
        assert mass is not None
        assert use.good == parts.good * round(mass.part * 1e6)
        assert sum(use.scrap.values()) == parts.scrapped * round(mass.part * 1e6)
    assert {cause.cause for cause in found["housing"].scrap} >= {"first_shots", "steady"}
    sankey = material_sankey(plant, found, "en")
    assert balanced(sankey)
    assert sankey.into("remelt") == sankey.out_of("again") == sum(use.remelted for use in found.values())
    ends = ("good", "lost", "remelt", "sold")
    assert sum(sankey.into(key) for key in ends) == sum(use.charged for use in found.values())


@given(st.lists(st.integers(0, 10**15), min_size=1, max_size=9), st.floats(0.0, 1.0))
def test_splits_are_whole_and_exact(parts, share) -> None:
    total = int(sum(parts) * share)
    shares = split(total, parts, sum(parts))
    assert sum(shares) == total
    assert all(
        abs(one - part * total / max(1, sum(parts))) <= len(parts) + 2 for one, part in zip(shares, parts, strict=True)
    )


# -- parts that wait, and a stretch of the run -----------------------------------------------------------------------


def test_waiting_and_working_parts_are_the_work_in_process() -> None:
    plant, plan, trace, window = cell()
    before = waits(plan, trace)
    waiting = sum(before.mean(index, window.begin, window.end) for index in range(len(plant.station)))
    visits = trace.visits
    stay = np.minimum(visits["left"], window.end) - np.maximum(visits["got"], window.begin)
    inside = int(np.maximum(stay, 0).sum()) / (window.end - window.begin)
    assert waiting + inside == pytest.approx(flow(trace, window).wip, rel=1e-9)
    assert waiting > 1.0
    assert inside > 1.0


def test_what_flows_into_a_station_is_what_it_takes() -> None:
    plant, plan, trace, window = cell()
    moved = flows(plan, trace, window.begin, window.end)
    for index in range(len(plant.station)):
        machines = [m for m, row in enumerate(plan.machines) if row.station == index]
        taken = np.isin(trace.visits["machine"], machines)
        taken &= (trace.visits["got"] >= window.begin) & (trace.visits["got"] < window.end)
        assert sum(count for (_, to), count in moved.items() if to == index) == int(taken.sum())
    names = list(plant.station)
    assert {(one, other) for one, other in moved if one != OUT} == {
        (names.index("melt"), names.index("hpdc")), (names.index("hpdc"), names.index("xray")),
    }  # fmt: skip


def test_a_stretch_is_without_gaps_and_named() -> None:
    plant, plan, trace, window = cell()
    begin, end = telling_stretch(plant, plan, trace, "hpdc", window.begin * TICK)
    assert 0.0 < end - begin <= 8 * 3600.0
    found = excerpt(plant, plan, trace, begin, end)
    assert [lane.machine for lane in found.lanes] == ["melt#1", "hpdc#1", "xray#1"]
    for lane in found.lanes:
        assert (lane.bars[0].begin, lane.bars[-1].end) == (begin, end)
        assert all(one.end == other.begin for one, other in zip(lane.bars[:-1], lane.bars[1:], strict=True))
        assert all(begin <= load.begin <= load.end <= end for load in lane.loads)
    press = found.lanes[1]
    assert {bar.stop for bar in press.bars if bar.state == "failed"} == {"breakdown"}
    assert max(bar.end - bar.begin for bar in press.bars if bar.stop == "breakdown") > 600.0
    with pytest.raises(ValueError, match="in order"):
        excerpt(plant, plan, trace, 10.0, 10.0)
