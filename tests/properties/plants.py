"""Small plants of every kind, drawn as the tables of a plant file and shrunk to readable ones.

Times are multiples of one unit, a minute or an hour, so that ties are the rule; some are drawn on a fine scale.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from hypothesis import note
from hypothesis import strategies as st

from factory_sim.model import parse_plant
from factory_sim.model.station_schema import DISPATCH
from factory_sim.simulation.plan import Plan
from factory_sim.simulation.prepare import prepare

Raw = dict[str, Any]
Draw = Callable[[st.SearchStrategy[Any]], Any]

RUN_LENGTHS = {"min": (20, 60, 200), "h": (20, 60, 200)}  # horizons; 200 h is more than a week
DAYS = {"min": "Mon", "h": "Mon-Sun"}
SHIFTS = {  # clock times that fall into the horizon
    "min": (("00:00", "00:10"), ("00:10", "00:25"), ("00:30", "01:00"), ("02:00", "03:00")),
    "h": (("22:00", "02:00"), ("02:00", "10:00"), ("12:00", "15:00"), ("16:00", "22:00")),
}
DIE = {
    "heat_capacity": "1.9e6 J/K",
    "shot_heat": "68.9e6 J",
    "spray_share": 0.15,
    "loss_running": "2950 W/K",
    "loss_stopped": "650 W/K",
    "sink_temperature": "60 degC",
    "preheat_temperature": "150 degC",
    "freeze_temperature": "570 degC",
    "dwell": "12 s",
    "reference_temperature": "200 degC",
    "window_low": "160 degC",
    "window_high": "220 degC",
    "cold_slope": "0.01 1/K",
    "hot_slope": "0.02 1/K",
    "physics_scrap": 0.1,
}


def toml(raw: Raw) -> str:
    """Return the tables as TOML, tables below the second level inline."""

    def inline(value: Any) -> str:
        if isinstance(value, dict):
            return "{" + ", ".join(f"{key} = {inline(entry)}" for key, entry in value.items()) + "}"
        if isinstance(value, list):
            return "[" + ", ".join(inline(entry) for entry in value) + "]"
        return json.dumps(value)

    lines = []
    for name, table in raw.items():
        for entry in table if isinstance(table, list) else ():
            lines += [f"[[{name}]]", *(f"{key} = {inline(value)}" for key, value in entry.items())]
        if isinstance(table, list):
            continue
        headers = {"plant": table} if name == "plant" else {f"{name}.{key}": entry for key, entry in table.items()}
        for header, entries in headers.items():
            lines += [f"[{header}]", *(f"{key} = {inline(value)}" for key, value in entries.items())]
    return "\n".join(lines)


def plan_of(raw: Raw, **options: Any) -> Plan:
    """Return the plan of drawn tables; a failing test shows them."""
    note(toml(raw))
    return prepare(parse_plant(raw), **options)


def durations(unit: str, least: int = 0, most: int = 4) -> st.SearchStrategy[Any]:
    """Durations of `least` to `most` units: mostly whole ones, so that they tie; sometimes fine ones."""

    def text(number: int) -> str:
        return f"{number} {unit}"

    whole = st.integers(least, most)
    positive = st.integers(max(1, least), most)
    choices = st.tuples(whole, positive).map(
        lambda v: {"choice": [{"value": text(v[0]), "share": 0.5}, {"value": text(v[1]), "share": 0.5}]}
    )
    triangles = st.tuples(whole, positive, positive).map(lambda v: {"triangular": [text(x) for x in sorted(v)]})
    exponentials = positive.map(lambda v: {"exponential": text(v)})
    return st.one_of(positive.map(text), choices, triangles, exponentials)


@st.composite
def serial_lines(draw: Draw, failing: bool = False) -> tuple[Raw, int]:
    """Draw a line of single machines that is always fed, and a horizon. [s]

    `failing`: with failures on the working clock, and with scrap.
    """
    names = ["a", "b", "c", "d"][: draw(st.integers(1, 4))]
    station = {}
    for name in names:
        station[name] = {"cycle": draw(durations("min"))}
        if failing and draw(st.booleans()):
            station[name]["yield"] = 0.7
        if failing and draw(st.booleans()):
            mode = {"between": draw(durations("min", 1, 8)), "repair": draw(durations("min", 0, 3))}
            station[name]["failure"] = {"mode": mode}
    raw: Raw = {
        "plant": {"name": "Drawn line"},
        "source": {"in": {}},
        "product": {"part": {"route": ["in", *names, "out"]}},
        "sink": {"out": {}},
        "station": station,
    }
    places = {name: draw(st.sampled_from((0, 1, 2, 3, "unlimited"))) for name in names[1:]}
    if places:
        raw["buffer"] = {f"before_{name}": {"before": name, "capacity": places[name]} for name in places}
    return raw, draw(st.sampled_from(RUN_LENGTHS["min"])) * 60


def failures(draw: Draw, unit: str, crews: list[str]) -> Raw:
    """Draw a failure mode."""
    mode = {
        "clock": draw(st.sampled_from(("working", "calendar"))),
        "between": draw(durations(unit, 1, 8)),
        "repair": draw(durations(unit, 0, 3)),
    }
    if crews and draw(st.booleans()):
        mode |= {"crew": draw(st.sampled_from(crews)), "priority": draw(st.integers(-1, 1))}
    return mode


def planned_stops(draw: Draw, unit: str) -> Raw:
    """Draw a planned stop."""
    stop = {
        "every": f"{draw(st.integers(2, 9))} {unit}",
        "duration": draw(durations(unit, 0, 3)),
        "when": draw(st.sampled_from(("after_cycle", "immediate", "when_idle"))),
    }
    if draw(st.booleans()):
        stop["first"] = f"{draw(st.integers(0, 6))} {unit}"
    return stop


def stations(draw: Draw, unit: str, resources: list[str], calendars: list[str]) -> Raw:
    """Draw a station."""
    station: Raw = {"machines": draw(st.integers(1, 3)), "cycle": draw(durations(unit))}
    if draw(st.booleans()):
        station["yield"] = draw(st.sampled_from((0.5, 0.8)))
    if draw(st.booleans()):
        station["loss"] = draw(st.sampled_from((0.5, 0.2, 0.1)))
    if resources and draw(st.booleans()):
        station["needs"] = draw(st.lists(st.sampled_from(resources), min_size=1, unique=True))
        if draw(st.booleans()):
            station["load"] = f"{draw(st.integers(1, 2))} {unit}"
    if calendars and draw(st.booleans()):
        station["calendar"] = draw(st.sampled_from(calendars))
    if draw(st.booleans()):
        station["off_shift"] = draw(st.sampled_from(("finish", "no_start")))
    if station.get("off_shift") == "no_start":
        station["cycle"] = draw(durations(unit, 0, 3))  # which fits into every shift
    if count := draw(st.integers(0, 2)):
        station["failure"] = {f"mode{i}": failures(draw, unit, resources) for i in range(count)}
    if count := draw(st.integers(0, 2)):
        station["planned"] = {f"stop{i}": planned_stops(draw, unit) for i in range(count)}
    return station


def presses(draw: Draw, unit: str, station: Raw) -> Raw:
    """Return the station as a die-casting press."""
    die = DIE | {
        "discard_after": f"{draw(st.integers(1, 5))} {unit}",
        "discard_shots": draw(st.integers(0, 3)),
        "preheat_after": f"{draw(st.integers(1, 9))} {unit}",
    }
    if unit == "min" and draw(st.booleans()):
        die["release_temperature"] = "75 degC"
    return station | {"technology": "casting.high_pressure", "die": die, "yield": draw(st.sampled_from((0.6, 0.9)))}


def sources(draw: Draw, unit: str, fixed_volume: bool) -> Raw:
    """Draw a source."""
    source: Raw = {}
    kind = draw(st.sampled_from(("always", "interval", "at", "cards")))
    if kind == "cards":
        return {"cards": draw(st.integers(1, 4))}
    if kind == "interval":
        source["interval"] = draw(durations(unit))
        if draw(st.booleans()):
            source["lot"] = draw(st.integers(2, 3))
    elif kind == "at":
        times = draw(st.lists(st.integers(0, 12), min_size=1, max_size=6))
        source["at"] = [f"{time} {unit}" for time in sorted(times)]
    if fixed_volume or draw(st.booleans()):
        source["weekly_volume"] = draw(st.sampled_from((1, 3, 20)))
    return source


def buffers(draw: Draw, station: str) -> Raw:
    """Draw the buffer before a station."""
    capacity = draw(st.sampled_from((0, 1, 2, 3, "unlimited")))
    most = 3 if capacity == "unlimited" else capacity
    return {"before": station, "capacity": capacity, "initial": draw(st.integers(0, most))}


def setups(draw: Draw, unit: str, products: list[str], crews: list[str]) -> Raw:
    """Draw the setups of a station."""
    setup: Raw = {"change": draw(durations(unit, 0, 3))}
    if draw(st.booleans()):
        names = st.sampled_from(products)
        entry = {"from": draw(names), "to": draw(names), "time": draw(durations(unit, 0, 3))}
        setup["between"] = [entry]
    if draw(st.booleans()):
        setup |= {"random_share": 0.4, "random_time": draw(durations(unit, 0, 3))}
    if crews and draw(st.booleans()):
        setup |= {"crew": draw(st.sampled_from(crews)), "priority": draw(st.integers(-1, 1))}
    return setup


def flows(draw: Draw, unit: str, raw: Raw) -> None:
    """Draw what is special on the ways: visits that come again, own cycles, shares, orders, rework, dispatch rules."""
    for name, station in raw["station"].items():
        if draw(st.integers(0, 3)) == 0 and "die" not in station:
            most = draw(st.integers(2, 4))
            least = draw(st.integers(1, most))
            station["batch"] = {"max": most, "min": least, "mixed": draw(st.booleans())}
            if least > 1 and draw(st.booleans()):
                station["batch"]["wait"] = f"{draw(st.integers(0, 6))} {unit}"
            raw.setdefault("buffer", {})[f"before_{name}"] = {"before": name, "capacity": draw(st.integers(least, 6))}
            for loop in (source for source in raw["source"].values() if "cards" in source):
                loop["cards"] = max(loop["cards"], least)  # else no load ever gathers
    first = next(iter(raw["source"].values()))
    if draw(st.booleans()) and not first.keys() & {"interval", "at", "cards"}:
        orders = draw(st.lists(st.tuples(st.integers(0, 9), st.integers(1, 3)), min_size=1, max_size=5))
        due = f"{draw(st.integers(0, 20))} {unit}"
        raw["order"] = [{"product": "product0", "at": f"{at} {unit}", "due": due, "quantity": n} for at, n in orders]
    elif draw(st.booleans()):
        twin: Raw = {"route": ["source0", *draw(st.permutations(raw["product"]["product0"]["route"][1:-1])), "out"]}
        if first.keys() & {"interval", "at", "cards"} or twin["route"][1] == raw["product"]["product0"]["route"][1]:
            raw["product"]["product0"] |= {"share": 0.25}
            twin |= {"share": 0.75}
            raw["product"]["twin"] = twin
    for product in raw["product"].values():
        route = product["route"]
        if draw(st.integers(0, 3)) == 0:
            again = draw(st.sampled_from(route[1:-1]))
            route.insert(draw(st.integers(2, len(route) - 1)), again)
        for name in sorted(set(route[1:-1])):
            if draw(st.integers(0, 3)) == 0:
                several = {"cycles": [draw(durations(unit)) for _ in range(route.count(name))]}
                step = several if draw(st.booleans()) else {"cycle": draw(durations(unit))}
                product.setdefault("step", {})[name] = step
        if draw(st.booleans()):
            product |= {"priority": draw(st.integers(-1, 1)), "due": f"{draw(st.integers(1, 9))} {unit}"}
    for name, station in raw["station"].items():
        if draw(st.integers(0, 3)) == 0:
            station["setup"] = setups(draw, unit, list(raw["product"]), list(raw.get("resource", {})))
        station["dispatch"] = draw(st.sampled_from(DISPATCH))
        if draw(st.integers(0, 4)) == 0:
            station["rework"] = draw(st.sampled_from((0.3, 0.6)))
            routes = [product["route"] for product in raw["product"].values() if name in product["route"]]
            common = set.intersection(*(set(route[1 : route.index(name) + 1]) for route in routes))
            station["rework_to"] = draw(st.sampled_from(sorted(common)))


@st.composite
def plants(draw: Draw) -> tuple[Raw, int]:
    """Draw the tables of a whole small plant, and a horizon. [s]"""
    unit = draw(st.sampled_from(("min", "h")))
    names = ["a", "b", "c", "d"][: draw(st.integers(1, 4))]
    fixed_volume = draw(st.booleans())
    resources = {name: {"units": draw(st.integers(1, 2))} for name in ("crew", "team")[: draw(st.integers(0, 2))]}
    calendars: Raw = {
        name: {"shifts": [{"days": DAYS[unit], "from": begin, "to": end} for begin, end in spans]}
        for name in ("early", "late")[: draw(st.integers(0, 2))]
        if (spans := draw(st.lists(st.sampled_from(SHIFTS[unit]), min_size=1, unique=True)))
    }
    for calendar in calendars.values():
        if draw(st.booleans()):
            calendar["holidays"] = draw(st.lists(st.integers(1, 9), max_size=3))
        if draw(st.integers(0, 3)) == 0:
            times = {"from": "11:00", "to": "12:00"} if unit == "h" else {"from": "01:10", "to": "01:30"}
            calendar["overtime"] = [{"dates": draw(st.lists(st.integers(1, 9), min_size=1, max_size=3)), **times}]
    routes = [names, *draw(st.lists(st.permutations(names), max_size=2))]
    used = [routes[0], *(route[: draw(st.integers(1, len(names)))] for route in routes[1:])]
    station = {name: stations(draw, unit, list(resources), list(calendars)) for name in names}
    if draw(st.booleans()):
        station[names[0]] = presses(draw, unit, station[names[0]])
    raw: Raw = {"plant": {"name": "Drawn plant", "demand_mode": "fixed_volume" if fixed_volume else "sold_out"}}
    if calendars and draw(st.booleans()):
        raw["plant"]["calendar"] = next(iter(calendars))
    raw["source"] = {f"source{i}": sources(draw, unit, fixed_volume) for i in range(len(used))}
    raw["product"] = {f"product{i}": {"route": [f"source{i}", *route, "out"]} for i, route in enumerate(used)}
    raw["sink"] = {"out": {}}
    raw["station"] = station
    buffered = [name for name in names if draw(st.booleans())]
    for name in buffered:
        raw.setdefault("buffer", {})[f"before_{name}"] = buffers(draw, name)
    raw |= {"resource": resources} if resources else {}
    flows(draw, unit, raw)
    raw |= {"calendar": calendars} if calendars else {}
    return raw, draw(st.sampled_from(RUN_LENGTHS[unit])) * (60 if unit == "min" else 3600)
