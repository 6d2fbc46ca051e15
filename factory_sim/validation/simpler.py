"""Plants made simpler, of which the outcome is known without a simulation.

They keep only what a check needs, from a list: a feature that is new to the program is left out, not met by surprise.
"""

from __future__ import annotations

from typing import Any

from factory_sim.model import Distribution, Plant, Si, parse_plant
from factory_sim.model.station_schema import Failure, Station

FAR = Si(1e10)  # a time after every run [s]
TINY = 0.1  # parts a week, which is none
Raw = dict[str, Any]


def way(plant: Plant, product: str) -> list[tuple[str, float]]:
    """Return station and mean cycle of each visit of a product, in order. [s]"""
    table = plant.product[product]
    cycles = {station: iter(table.cycles_at(station)) for station in table.route[1:-1]}
    return [(station, (next(cycles[station]) or plant.station[station].cycle).mean) for station in table.route[1:-1]]


def single_parts(plant: Plant) -> Plant:
    """Return the plant with one part of each product, one after another, and nothing that disturbs it.

    All cycles are constant at their mean; no failures, stops, losses, scrap, rework, setups or loads; always open.
    People stay: one part alone never waits for them.
    """
    raw = _bare(plant, people=True)
    gap = sum(time for product in plant.product for _, time in way(plant, product)) + 1.0
    raw["order"] = [{"product": name, "at": Si(index * gap)} for index, name in enumerate(raw["product"])]
    return parse_plant(raw, file=plant.file)


def saturated(plant: Plant) -> Plant:
    """Return the plant with constant cycles, places without limit and always another part.

    As `single_parts`, nothing disturbs it; people are left out too.
    """
    raw = _bare(plant, people=False)
    raw["buffer"] = {f"before_{name}": {"before": name, "capacity": "unlimited"} for name in plant.station}
    # A source that always has a part may feed only one station, so each product gets one of its own.
    raw["source"] = {f"parts_of_{name}": {} for name in raw["product"]}
    for name, product in raw["product"].items():
        product.pop("share", None)
        product["route"][0] = f"parts_of_{name}"
    return parse_plant(raw, file=plant.file)


def serial_line(plant: Plant, more_places: int) -> Plant:
    """Return the plant as a line of single machines, each buffer with so many places more.

    Cycles keep their scatter, stations their yield, loss and failures on the working clock. What looks at the time of
    day or is shared by machines (calendars, planned stops, people, crews) is left out: it can turn more places into
    less output without any mistake of the simulator. A station of n machines becomes one that is n times as fast.
    """
    raw = _bare(plant, people=False)
    for name, station in plant.station.items():
        raw["station"][name] = _single_machine(station)
    for product in raw["product"].values():
        product.pop("step", None)
    for name, station in plant.station.items():
        cycles = [cycle for product in plant.product.values() for cycle in product.cycles_at(name) if cycle is not None]
        if cycles:
            raw["station"][name]["cycle"] = cycles[0].scaled(1.0 / station.machines)
    given = {buffer.before: buffer.capacity for buffer in plant.buffer.values()}
    raw["buffer"] = {f"before_{name}": _buffer(name, given.get(name, 0), more_places) for name in plant.station}
    return parse_plant(raw, file=plant.file)


def without_demand(plant: Plant) -> Plant:
    """Return the plant as it is, but with nothing to make: no parts at the beginning, and none that come.

    What is released by weekly volume has one that rounds to nothing; what comes at given times comes after every run.
    To be prepared with demand mode fixed_volume.
    """
    raw = dict(plant.raw)
    ordered = {plant.product[order.product].route[0] for order in plant.order}
    raw["source"] = {name: _silent(table, name in ordered) for name, table in plant.raw["source"].items()}
    raw["order"] = [{"product": order.product, "at": FAR} for order in plant.order]
    raw["buffer"] = {name: {**table, "initial": 0} for name, table in plant.raw.get("buffer", {}).items()}
    return parse_plant(raw, file=plant.file)


def _bare(plant: Plant, people: bool) -> Raw:
    """Return the tables of a plant that keeps machines, ways and mean cycles; what has no way is left out."""
    products = {name: _product(plant, name) for name, product in plant.product.items() if product.route[1:-1]}
    return {
        "plant": {"name": plant.name},
        "source": {table["route"][0]: {} for table in products.values()},
        "sink": {table["route"][-1]: {} for table in products.values()},
        "product": products,
        "station": {name: _station(station, people) for name, station in plant.station.items()},
        "resource": {name: {"units": pool.units} for name, pool in plant.resource.items()},
    }


def _product(plant: Plant, name: str) -> Raw:
    """Return the table of a product on its own: what it is made of, or becomes, is left out."""
    product = plant.product[name]
    first, *way, last = product.route
    begin = first if first in plant.source else f"parts_of_{name}"
    table: Raw = {"route": [begin, *way, last if last in plant.sink else "end_of_way"]}
    if product.share is not None:
        table["share"] = product.share
    for station, step in product.step.items():
        if step.cycles is not None:
            table.setdefault("step", {})[station] = {"cycles": [_constant(cycle) for cycle in step.cycles]}
        elif step.cycle is not None:
            table.setdefault("step", {})[station] = {"cycle": _constant(step.cycle)}
    return table


def _station(station: Station, people: bool) -> Raw:
    table: Raw = {"machines": station.machines, "cycle": _constant(station.cycle)}
    if people and station.needs:
        table["needs"] = list(station.needs)
        if station.load is not None:
            table["load"] = Si(station.load)
    return table


def _single_machine(station: Station) -> Raw:
    failures = {name: _failure(mode) for name, mode in station.failure.items() if mode.clock == "working"}
    cycle = station.cycle.scaled(1.0 / station.machines)
    return {"cycle": cycle, "yield": station.yield_, "loss": station.loss, "failure": failures}


def _failure(mode: Failure) -> Raw:
    return {"between": mode.life, "repair": mode.repair}


def _buffer(station: str, capacity: int | None, more: int) -> Raw:
    return {"before": station, "capacity": "unlimited" if capacity is None else capacity + more}


def _silent(table: Raw, ordered: bool) -> Raw:
    """Return the table of a source from which nothing comes."""
    if ordered:
        return table
    kept = {key: value for key, value in table.items() if key not in ("cards", "at", "weekly_volume")}
    timed = {"at": [FAR]} if {"cards", "at"} & table.keys() else {}
    return {**kept, **timed, "weekly_volume": TINY}


def _constant(distribution: Distribution) -> Distribution:
    return Distribution("constant", (distribution.mean,))
