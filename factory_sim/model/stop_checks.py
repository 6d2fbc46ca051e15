"""What only the whole file can tell about stops: names of failure modes, spares, crews, wear."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from factory_sim.model.physics_schema import LAWS
from factory_sim.model.problems import Path, nearest, shown, suggest
from factory_sim.model.validate import Found

Raw = dict[str, Any]


def check_stops(raw: Raw) -> Iterator[Found]:
    """Yield what is wrong with stops, spares and wear, whatever else is wrong in the file."""
    spares, used = _tables(raw, "spare"), set[str]()
    for name, station in _tables(raw, "station").items():
        failures, planned = _tables(station, "failure"), _tables(station, "planned")
        for path, stop in _stops(name, failures, planned):
            yield from _crew(raw, path, stop)
            yield from _wear_clock(path, stop, station)
            yield from _run_on(path, stop, spares, failures)
            if isinstance(stop.get("spare"), str):
                used |= {stop["spare"], nearest(stop["spare"], spares) or ""}
        yield from _planned(name, station, failures, planned)
        yield from _alongside(raw, name, station, planned)
        wear = station.get("wear")
        if station.get("preempt") is True and isinstance(wear, dict) and "unit_time" in wear:
            message = "the work on a part that is interrupted is not told as one; remove it or preempt"
            yield ("station", name, "wear", "unit_time"), message
    for name, spare in spares.items():
        yield from _crew(raw, ("spare", name), spare)
        if name not in used:
            yield (
                ("spare", name),
                f"nothing takes the spare '{name}'; name it in a failure or planned stop, or remove it",
            )
    yield from _steps(raw)
    yield from _vehicles(raw)


def _tables(raw: Raw, name: str) -> dict[str, Raw]:
    found = raw.get(name)
    return {key: table for key, table in found.items() if isinstance(table, dict)} if isinstance(found, dict) else {}


def _stops(station: str, failures: dict[str, Raw], planned: dict[str, Raw]) -> Iterator[tuple[Path, Raw]]:
    """Yield the tables of all stops of a station; `failure` tables themselves are looked at elsewhere too."""
    for name, mode in failures.items():
        path: Path = ("station", station, "failure", name)
        yield path, mode
        for key in ("replacement", "inspection"):
            if isinstance(mode.get(key), dict):
                yield (*path, key), mode[key]
    for name, stop in planned.items():
        yield ("station", station, "planned", name), stop


def _crew(raw: Raw, path: Path, stop: Raw) -> Iterator[Found]:
    """Yield a crew that has nobody; that of failure modes is looked at with the needs of stations."""
    crew = stop.get("crew")
    units = _tables(raw, "resource").get(crew, {}).get("units") if isinstance(crew, str) else None
    is_mode = path[2:3] == ("failure",) and len(path) == 4
    if units == 0 and not is_mode:
        yield (*path, "crew"), f"needs one unit of '{crew}', but resource.{crew}.units is 0; give it at least 1"


def _wear_clock(path: Path, stop: Raw, station: Raw) -> Iterator[Found]:
    if stop.get("clock") == "wear" and not isinstance(station.get("wear"), dict):
        message = f"clock wear needs the table [station.{path[1]}.wear]; write it, or clock parts"
        yield (*path, "clock"), message


def _run_on(path: Path, stop: Raw, spares: dict[str, Raw], failures: dict[str, Raw]) -> Iterator[Found]:
    """Yield stops that run on until a spare is there, where none is ever ordered."""
    here = path[-1] == "replacement"
    spare = failures.get(str(path[3]), {}).get("spare") if here else stop.get("spare")
    rule = stop.get("without_spare", "run_on" if here else "stop")
    if rule == "run_on" and isinstance(spare, str) and spares.get(spare, {}).get("stock") == 0:
        message = f"spare.{spare}.stock is 0, so none is there unless it waits for one; write without_spare = "
        yield path, f'{message}"stop", or raise the stock'


def _planned(name: str, station: Raw, failures: dict[str, Raw], planned: dict[str, Raw]) -> Iterator[Found]:
    """Yield planned stops that renew what is not there, and findings that wait for planned stops that do not come."""
    for stop, table in planned.items():
        path: Path = ("station", name, "planned", stop)
        renewed = table.get("renews")
        for index, mode in enumerate(renewed if isinstance(renewed, list) else []):
            if isinstance(mode, str) and mode not in failures:
                hint = suggest(mode, failures, f"names in [station.{name}.failure]")
                yield (*path, "renews", index), f"no failure mode {shown(mode)}{hint}"
        if table.get("new_die") is True and not set(LAWS) & set(station):
            yield (*path, "new_die"), "the station has no die, mould or tool that wears or warms; remove new_die"
        elif table.get("new_die") is True and table.get("when") == "immediate":
            yield (*path, "new_die"), 'a die is not changed inside a shot; write when = "after_cycle"'
    for mode, table in failures.items():
        inspection = table.get("inspection")
        if isinstance(inspection, dict) and inspection.get("act") == "next_planned" and not planned:
            path = ("station", name, "failure", mode, "inspection", "act")
            yield path, f"there is no planned stop at '{name}' to wait for; add one, or write act = \"at_once\""


def _alongside(raw: Raw, name: str, station: Raw, planned: dict[str, Raw]) -> Iterator[Found]:
    """Yield planned stops that go with what is not there, or with what has no clock."""
    stations = _tables(raw, "station")
    known = {f"{other}.{stop}": (other, table) for other in stations
             for stop, table in _tables(stations[other], "planned").items()}  # fmt: skip
    for stop, table in planned.items():
        path: Path = ("station", name, "planned", stop, "alongside")
        leader = table.get("alongside")
        if not isinstance(leader, str):
            continue
        if leader not in known:
            yield path, f"no planned stop {shown(leader)}{suggest(leader, known, 'planned stops of stations')}"
            continue
        other, led_by = known[leader]
        if other == name:
            yield path, "it names a stop of its own station; name one of another, or use window"
        elif "alongside" in led_by:
            yield path, f"'{leader}' itself goes alongside '{led_by['alongside']}'; name that"
        elif station.get("machines", 1) != stations[other].get("machines", 1):
            yield path, f"'{name}' and '{other}' need the same number of machines, which stop in pairs"


def _steps(raw: Raw) -> Iterator[Found]:
    """Yield products that wear what does not wear."""
    stations = _tables(raw, "station")
    for product, table in _tables(raw, "product").items():
        for name, step in _tables(table, "step").items():
            if "wear" in step and name in stations and "wear" not in stations[name]:
                message = f"station '{name}' has no table [station.{name}.wear], so wear has no effect"
                yield ("product", product, "step", name, "wear"), f"{message}; write it, or remove wear"


ONLY_AT_MACHINES = ("amount", "cost", "after_repair", "warning", "spare", "run_in", "replacement", "inspection")


def _vehicles(raw: Raw) -> Iterator[Found]:
    """Yield failure modes of vehicles with what only those of machines can have."""
    for name, vehicle in _tables(raw, "vehicle").items():
        for mode, table in _tables(vehicle, "failure").items():
            path: Path = ("vehicle", name, "failure", mode)
            if table.get("clock") in ("parts", "wear"):
                yield (*path, "clock"), "vehicles count no parts and no wear; use working or calendar"
            for key in ONLY_AT_MACHINES:
                if key in table and (key != "amount" or table.get("clock") not in ("parts", "wear")):
                    yield (*path, key), f"only failure modes of stations can have {key}; remove it"
