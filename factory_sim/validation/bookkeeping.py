"""Checks of a plant as it is: what must add up in every run, and what luck may and may not change."""

from __future__ import annotations

import hashlib
import math
from itertools import pairwise
from typing import Any

import numpy as np

from factory_sim.model import Distribution, Plant
from factory_sim.model.keys import walk
from factory_sim.model.kinds import Kind, Number, Range
from factory_sim.model.problems import Path
from factory_sim.model.units import HOUR, WEEK
from factory_sim.results.economy import energy
from factory_sim.results.flow import flow
from factory_sim.results.measures import KWH
from factory_sim.results.oee import station_times
from factory_sim.results.states import machine_states, visits_of
from factory_sim.results.statistics import paired_difference
from factory_sim.results.transport import vehicle_electricity
from factory_sim.results.window import Window
from factory_sim.simulation import trace as t
from factory_sim.simulation.plan import NEVER, NONE, TICK, Plan
from factory_sim.simulation.streams import CONSTANT
from factory_sim.simulation.trace import Trace
from factory_sim.validation.subject import HORIZON, SEED, NotApplicable, PlantVerdict, Subject, count, number, run, said

PAIRS = 6  # runs of each of two seeds, a week each
LEVEL = 0.999  # of the interval for their difference: a right simulator misses it once in a thousand plants
CLOSE = 1e-9  # relative error that sums of floats may leave


def parts(subject: Subject) -> PlantVerdict:
    """Parts born = at the sink + rejected + refused + inside, by product; who left is counted by the visits."""
    trace = subject.trace
    good, rejected = subject.last_visits
    wrong, totals = [], np.zeros(5, dtype=np.int64)
    for index, name in enumerate(subject.plant.product):
        mine = trace.visits["product"] == index
        at_sink, scrapped = (int(np.count_nonzero(mask & mine)) for mask in (good, rejected))
        born = int(np.count_nonzero(trace.parts["product"] == index))
        refused, inside = count(trace, t.REFUSED, index), count(trace, t.INSIDE, index)
        # Fates that this check has never heard of are taken as the trace has them.
        other = int(np.count_nonzero((trace.parts["product"] == index) & (trace.parts["fate"] > t.REFUSED)))
        totals += born, at_sink, scrapped, refused, inside + other
        agrees = at_sink == count(trace, t.AT_SINK, index) and scrapped == count(trace, t.REJECTED, index)
        if born != at_sink + scrapped + refused + inside + other or not agrees:
            wrong.append(name)
    twice = len(trace.parts["part"]) - len(np.unique(trace.parts["part"]))
    names = ("born", "sink", "rejected", "refused", "inside")
    values = {name: number(int(total)) for name, total in zip(names, totals, strict=True)}
    seen = said("parts_seen", **values)
    if wrong:
        seen = said("parts_wrong", **values, products=", ".join(wrong))
    elif twice:
        seen = said("parts_twice", twice=number(twice))
    return PlantVerdict("parts", not wrong and not twice, seen, said("parts_expected"))


def states(subject: Subject) -> PlantVerdict:
    """The states of every machine sum to the run, to the microsecond, none is negative, and no visit is missing."""
    rows = machine_states(subject.plan, subject.trace)
    whole = np.array([_gapless(subject.trace, machine) for machine in range(len(rows))])
    right = (rows.sum(axis=1) == subject.trace.horizon) & (rows >= 0).all(axis=1) & whole
    hours = number(subject.trace.horizon * TICK / HOUR, 2)
    seen = said("states_seen", right=int(right.sum()), machines=len(rows))
    return PlantVerdict("states", bool(right.all()), seen, said("states_expected", hours=hours))


def _gapless(trace: Trace, machine: int) -> bool:
    """Tell whether a machine asks for its next part when the last one has left; the parts of a load ask together.

    A machine that has lost its part before the work began, because that had waited too long, asks when it has waited.
    """
    entrance = trace.phases["machine"] == machine
    if entrance.any():  # the visits of a flow cell overlap, the states of its entrance do not
        begins, ends = trace.phases["begin"][entrance], trace.phases["end"][entrance]
        whole = begins[0] == 0 and ends[-1] == trace.horizon
        return bool(whole and (begins[1:] == ends[:-1]).all() and (begins < ends).all())
    visits = visits_of(trace, machine)
    mine = visits["machine"] == machine
    corners = [visits[name][mine] for name in ("asked", "got", "began", "ended", "left")]
    asked, left = corners[0], corners[-1]
    stops = trace.stops
    waited = (stops["machine"] == machine) & (stops["state"] == t.WAITING) & (stops["stop"] == NONE)
    anew = np.isin(asked, stops["end"][waited])
    follows = (asked[1:] == left[:-1]) | (asked[1:] == asked[:-1]) | (anew[1:] & (asked[1:] > left[:-1]))
    ordered = all((earlier <= later).all() for earlier, later in pairwise(corners))
    return ordered and bool(follows.all()) and bool(((asked[:1] == 0) | anew[:1]).all())


def little(subject: Subject) -> PlantVerdict:
    """Little's law on the path of the run: parts inside over time = arrivals per time x mean stay, exactly.

    The number inside is followed from birth to birth and from last visit to last visit; the stay is that of the table
    of parts. J. D. C. Little, Operations Research 9 (1961) 383.
    """
    trace = subject.trace
    columns, horizon = trace.parts, trace.horizon
    entered = columns["fate"] != t.REFUSED
    born, left = columns["born"][entered], np.minimum(columns["left"][entered], horizon)
    stays = left - born
    if not len(stays):
        raise NotApplicable("no_parts")
    inside = _area(subject, born)
    total = int(stays.sum())
    measured = flow(trace, Window.of(subject.plant, subject.plan, trace, 0.0)).wip * horizon
    mean = inside / horizon
    rate, stay = len(stays) / (horizon * TICK) * HOUR, total / len(stays) * TICK / HOUR
    return PlantVerdict(
        "little",
        inside == total and int(stays.min()) >= 0 and math.isclose(measured, total, rel_tol=CLOSE),
        said("little_seen", inside=number(mean, 3), rate=number(rate, 3), stay=number(stay, 4)),
        said("little_expected", product=number(rate * stay, 3)),
    )


def _area(subject: Subject, born: np.ndarray) -> int:
    """Return the number of parts inside summed over time; parts leave with their last visit. [parts x ticks]"""
    trace = subject.trace
    good, rejected = subject.last_visits
    other = trace.parts["left"][trace.parts["fate"] > t.REFUSED]  # what this check has never heard of
    leaves = np.concatenate([trace.visits["left"][good | rejected], other])
    times = np.concatenate([born, np.minimum(leaves, trace.horizon), [trace.horizon]])
    changes = np.concatenate([np.ones(len(born)), -np.ones(len(leaves)), [0]]).astype(np.int64)
    order = np.argsort(times, kind="stable")
    inside = np.cumsum(changes[order])
    return int((inside[:-1] * np.diff(times[order])).sum())


def same_seed(subject: Subject) -> PlantVerdict:
    """The same seed gives the same bytes."""
    again = run(subject.plan, HORIZON)
    same = digest(again) == digest(subject.trace)
    rows = sum(len(next(iter(table.values()))) for table in _tables(again))
    key = "same_seed_seen" if same else "same_seed_wrong"
    return PlantVerdict("same_seed", same, said(key, rows=number(rows)), said("same_seed_expected"))


def other_seeds(subject: Subject) -> PlantVerdict:
    """Other seeds give other runs if the plant has luck, and means that agree; without luck all runs are the same."""
    runs = [[run(subject.plan, WEEK, seed, index) for index in range(PAIRS)] for seed in (SEED, SEED + 1)]
    different = len({digest(trace) for traces in runs for trace in traces}) > 1
    lucky = luck_may_show(subject.plant, subject.plan)
    if not different and not (lucky and luck_showed(subject.plan, runs[0][0])):
        return PlantVerdict("other_seeds", True, said("no_luck_seen"), said("no_luck_expected"))
    if not different:
        return PlantVerdict("other_seeds", False, said("seeds_alike"), said("other_seeds_expected"))
    if not lucky:
        return PlantVerdict("other_seeds", False, said("luck_where_none"), said("no_luck_expected"))
    one, other = ([float(count(trace, t.AT_SINK)) for trace in traces] for traces in runs)
    difference = paired_difference(one, other, LEVEL)
    seen = said(
        "other_seeds_seen",
        one=number(sum(one) / PAIRS, 1),
        other=number(sum(other) / PAIRS, 1),
        difference=number(difference.mean, 1),
        half_width=number(difference.half_width, 1),
    )
    agree = abs(difference.mean) <= difference.half_width
    return PlantVerdict("other_seeds", agree, seen, said("other_seeds_expected"))


def luck_showed(plan: Plan, trace: Trace) -> bool:
    """Tell whether something in a run was drawn that would have been drawn otherwise with another seed."""
    visits = trace.visits
    rows = {source.interval for source in plan.sources}
    for machine, product, step in {*zip(visits["machine"], visits["product"], visits["step"], strict=True)}:
        own = plan.products[product].steps[step].cycle
        rows.add(plan.machines[machine].cycle if own == NONE else own)
    for stop in {*trace.stops["stop"].tolist()} - {NONE}:  # a closed calendar is none of the plan's stops
        rows |= {plan.stops[stop].between, plan.stops[stop].duration}
    rejected = bool((visits["outcome"][visits["left"] < NEVER] != t.GOOD).any())
    return rejected or any(plan.distributions[row][0] != CONSTANT for row in rows - {NONE})


def luck_may_show(plant: Plant, plan: Plan) -> bool:
    """Tell whether a plant has anything that could be drawn: a scatter, a share between 0 and 1, a die.

    Asked of the schema, so that features which are new to the program count too.
    """
    return any(map(_drawn, walk(Plant, plant.raw))) or any(machine.laws for machine in plan.machines)


def _drawn(entry: tuple[Path, Kind, Any]) -> bool:
    _, kind, value = entry
    read = kind.parse(value)
    several = read if isinstance(read, tuple) else (read,)
    if any(isinstance(each, Distribution) and each.kind != "constant" for each in several):
        return True
    share = isinstance(kind, Number) and Range(kind.range).high == 1.0
    return share and 0.0 < read < 1.0


def digest(trace: Trace) -> bytes:
    """Return a hash of all that a trace says."""
    hashed = hashlib.blake2b()
    for table in _tables(trace):
        for name, column in table.items():
            hashed.update(f"{name}{column.dtype}{column.shape}".encode())
            hashed.update(np.ascontiguousarray(column).tobytes())
    return hashed.digest()


def _tables(trace: Trace) -> list[dict[str, np.ndarray]]:
    variables = {str(machine): values for machine, values in trace.states.items()} or {"": np.empty(0)}
    return [*(getattr(trace, name) for name in t.COLUMNS), variables]


def money(subject: Subject) -> PlantVerdict:
    """Money and energy add up: the lines of the products, the costs, the energy of the stations."""
    plant, window = subject.plant, subject.window
    kpis = {name: kpi.value for name, kpi in subject.measures.kpis.items()}
    units = subject.measures.kpis
    yearly = {name: kpis[name] for name in kpis if name.endswith("_per_year") and units[name].unit == "KRW/yr"}
    revenue, surplus = yearly.pop("revenue_per_year"), yearly.pop("surplus_per_year")
    costs = sum(yearly.values())
    products = [(plant.product[name], each) for name, each in subject.flows.items()]
    good = sum(each.good for _, each in products)
    lines = {
        "revenue": (revenue, sum(table.price * each.good for table, each in products) * window.per_year),
        "material": (
            yearly["material_per_year"],
            sum(table.material * each.used for table, each in products) * window.per_year,
        ),
        "scrap": (
            yearly["scrap_credit_per_year"],
            -sum(table.scrap_value * each.scrapped for table, each in products) * window.per_year,
        ),
        "surplus": (surplus, revenue - costs),
        "cost": (kpis["cost_per_good_part"] * good * window.per_year, costs),
        **_energy_lines(subject, kpis, good),
    }
    known = {name: pair for name, pair in lines.items() if not any(map(math.isnan, pair))}
    if not any(value for pair in known.values() for value in pair):
        raise NotApplicable("no_money")
    scale = max(abs(revenue), abs(costs), 1.0) * CLOSE
    wrong = [name for name, pair in known.items() if not math.isclose(*pair, rel_tol=CLOSE, abs_tol=scale)]
    sums = {"revenue": number(revenue / 1e6, 1), "costs": number(costs / 1e6, 1), "surplus": number(surplus / 1e6, 1)}
    seen = said("money_wrong", lines=", ".join(wrong)) if wrong else said("money_seen", lines=len(known), **sums)
    return PlantVerdict("money", not wrong, seen, said("money_expected"))


def _energy_lines(subject: Subject, kpis: dict[str, float], good: int) -> dict[str, tuple[float, float]]:
    """Return what the key figures say about electricity and gas, and the sum over the stations. [J]"""
    times = station_times(subject.plant, subject.plan, subject.trace, subject.window)
    vehicles = vehicle_electricity(subject.plant, subject.plan, subject.trace, subject.window)
    used = energy(subject.plant, times, subject.window, vehicles)
    electricity = sum(entry[0] for entry in used.by_station.values()) + used.auxiliary + used.vehicles
    gas = sum(entry[1] for entry in used.by_station.values())
    return {
        "electricity": (kpis["electricity_per_good_part"] * good * KWH, electricity),
        "gas": (kpis["gas_per_good_part"] * good * KWH, gas),
    }


def oee(subject: Subject) -> PlantVerdict:
    """OEE is the product of its factors, by ISO 22400 and as Korean shops have it; losses and states sum to 1."""
    wrong, judged = [], 0
    for name, kpis in subject.measures.stations.items():
        value = {key: kpi.value for key, kpi in kpis.items()}
        iso = math.prod(value[key] for key in ("availability", "effectiveness", "quality"))
        shop = math.prod(value[key] for key in ("shop_time_availability", "shop_performance", "shop_quality"))
        lost = sum(number_ for key, number_ in value.items() if key.startswith("loss_"))
        states_ = sum(number_ for key, number_ in value.items() if key.startswith("state_"))
        pairs = [(iso, value["oee"]), (shop, value["oee"]), (lost, 1.0), (states_, 1.0)]
        known = [pair for pair in pairs if not any(map(math.isnan, pair))]
        judged += not math.isnan(value["oee"]) and not math.isnan(iso)
        wrong += [name] if not all(math.isclose(*pair, rel_tol=CLOSE, abs_tol=CLOSE) for pair in known) else []
    if not judged and not wrong:
        raise NotApplicable("no_parts")
    seen = (
        said("oee_wrong", stations=", ".join(wrong))
        if wrong
        else said("oee_seen", stations=judged, of=len(subject.plant.station))
    )
    return PlantVerdict("oee", not wrong, seen, said("oee_expected"))
