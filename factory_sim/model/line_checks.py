"""What can be wrong with a robot cell or a hoist line: names, sizes, orders that get stuck, hoists that must pass."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from factory_sim.model.problems import Path, suggest
from factory_sim.model.station_schema import Station

if TYPE_CHECKING:
    from factory_sim.model.line_schema import HoistLine, RobotCell, Tank

Found = tuple[Path, str]
LINES = ("robot_cell", "hoist_line")
OF_STATION = {
    "label", "label_ko", "machines", "cycle", "yield", "dispatch", "calendar", "off_shift", "gas_per_part",
    "electricity_per_part", "tool", "batch", "window", "at", "by_vehicle",
}  # fmt: skip
"""Keys that the station of a line may have; it has the others at its own machines and movers, or not at all."""
KEYS = {info.alias or name for name, info in Station.model_fields.items()}


def check_lines(raw: dict[str, Any]) -> Iterator[Found]:
    """Yield the problems between lines with movers and the rest of a plant."""
    stations = raw.get("station")
    stations = stations if isinstance(stations, dict) else {}
    seen: dict[str, str] = {}
    for kind in LINES:
        table = raw.get(kind)
        for name, inside in table.items() if isinstance(table, dict) else ():
            if name not in stations:
                yield (kind, name), f"no station '{name}'{suggest(name, stations, 'stations')}; write [station.{name}]"
                continue
            if name in seen:
                yield (kind, name), f"station '{name}' is a {seen[name]} already; remove one of the two"
            seen[name] = kind
            yield from _station(name, stations[name], kind)
            yield from _crews(raw, (kind, name), inside)
            yield from _steps(raw, name, kind)


def _station(name: str, station: Any, kind: str) -> Iterator[Found]:
    """Yield what the station of a line may not have."""
    if not isinstance(station, dict):
        return
    inside = "machines and robot" if kind == "robot_cell" else "hoists"
    for key in station:
        if key in KEYS - OF_STATION:
            yield ("station", name, key), f"a {kind} has no {key} as a whole; remove it, or write it at its {inside}"
    if station.get("off_shift") == "no_start":
        yield (
            ("station", name, "off_shift"),
            f'a {kind} knows "pause" and "finish", by which it brings its parts out first',
        )
    if station.get("machines", 1) != 1:
        yield ("station", name, "machines"), f"a {kind} is one line; remove machines, or write a second station"
    if kind == "robot_cell" and "batch" in station:
        yield ("station", name, "batch"), "a robot carries part by part; remove batch"


def _crews(raw: dict[str, Any], path: Path, table: Any) -> Iterator[Found]:
    """Yield crews that have nobody, wherever in a line they are named."""
    resources = raw.get("resource")
    for key, value in table.items() if isinstance(table, dict) else ():
        if isinstance(value, dict):
            yield from _crews(raw, (*path, key), value)
        elif key == "crew" and isinstance(value, str):
            pool = resources.get(value) if isinstance(resources, dict) else None
            if isinstance(pool, dict) and pool.get("units") == 0:
                message = f"needs one unit of '{value}', but resource.{value}.units is 0; give it at least 1"
                yield (*path, key), message


def _steps(raw: dict[str, Any], name: str, kind: str) -> Iterator[Found]:
    """Yield cycles of products at a line, whose times are those of its own table."""
    products = raw.get("product")
    for product, table in (products if isinstance(products, dict) else {}).items():
        step = table.get("step") if isinstance(table, dict) else None
        if isinstance(step, dict) and name in step:
            message = f"times of a {kind} are those of [{kind}.{name}], the same for all products; remove it"
            yield ("product", product, "step", name), message


# -- robot cells -------------------------------------------------------------------------------------------------------


def cell_problems(cell: RobotCell) -> Iterator[Found]:
    """Yield what is wrong inside a robot cell."""
    if not cell.machine:
        yield ("machine",), "there must be at least one machine; write [robot_cell.<station>.machine.<name>]"
        return
    for name in set(cell.machine) & {"input", "output"}:
        yield ("machine", name), f"'{name}' is an end of the cell; call the machine otherwise"
    given = [key for key in ("travel", "times", "speed") if getattr(cell, key) is not None]
    if len(given) != 1:
        stood = " and ".join(given) or "none of them"
        key = given[1] if given else "travel"
        yield (key,), f"the way of the robot is said by one of travel, times and speed, but {stood} stood there"
    if cell.times is not None:
        yield from matrix_problems(("times",), cell.times, cell.spots)
    for name, machine in cell.machine.items():
        if len(given) == 1 and (machine.at is not None) != (cell.speed is not None):
            yield ("machine", name, "at"), "positions `at` of all machines and the robot's speed go together"
    if cell.grippers == 1 and cell.swap:
        yield ("swap",), "one gripper cannot swap; write grippers = 2, or remove swap"
    yield from _sequence(cell)


def _sequence(cell: RobotCell) -> Iterator[Found]:
    """Yield what is wrong with the fixed cycle of a cell."""
    spots = cell.spots if cell.grippers == 2 else cell.spots[:-1]
    unknown = list(unknown_names("sequence", cell.sequence, spots))
    yield from unknown
    if unknown or not cell.sequence:
        return
    order = [spots.index(name) for name in cell.sequence]
    if cell.grippers == 1:
        yield from cyclic_problems("sequence", order, cell.spots, [1] * len(cell.machine))
    elif missing := [name for name in spots if name not in cell.sequence]:
        yield ("sequence",), f"the robot must visit each place, but {', '.join(missing)} is not in it"
    elif (stuck := _swap_problem(order, len(spots))) is not None:
        yield ("sequence",), f"with two grippers the robot has no free one at '{spots[stuck]}'; change the order"


def _swap_problem(order: Sequence[int], spots: int) -> int | None:
    """Return the place where a robot with two grippers gets stuck, followed from an empty cell for some rounds."""
    inside, held = [False] * spots, [False] * spots
    for step in list(order) * (2 * spots):
        if (step == 0 or inside[step]) and step < spots - 1:
            if sum(held) == 2:
                return step
            inside[step], held[step + 1] = False, True
        if held[step]:
            held[step], inside[step] = False, step < spots - 1
    return None


# -- hoist lines -------------------------------------------------------------------------------------------------------


def tank_problems(tank: Tank) -> Iterator[Found]:
    """Yield what is wrong with one step of a hoist line."""
    if tank.min is None and tank.bath is None:
        yield ("min",), 'the shortest soak is missing; write min = "30 s", or a bath whose plating takes its time'
        return
    if tank.max is not None and tank.min is not None and tank.min > tank.max:
        yield ("max",), f"the longest soak, {tank.max:g} s, is below the shortest, {tank.min:g} s; raise max"
    if tank.at and tank.tanks > 1 and len(tank.at) != tank.tanks:
        yield ("tanks",), f"there are {len(tank.at)} positions for {tank.tanks} tanks; remove tanks, or write each"


def line_problems(line: HoistLine) -> Iterator[Found]:
    """Yield what is wrong inside a hoist line."""
    for key in ("tank", "hoist"):
        if not getattr(line, key):
            yield (key,), f"there must be at least one {key}; write [hoist_line.<station>.{key}.<name>]"
            return
    for name in set(line.tank) & {"load", "unload"}:
        yield ("tank", name), f"'{name}' is an end of the line; call the tank otherwise"
    if line.common and not line.moves and line.carriers != 1:
        message = "on demand, carriers would wait for one another at the common station for ever; write carriers = 1"
        yield ("carriers",), f"{message}, a fixed cycle of moves, or an unload station of its own"
    tabled = list(_tables(line))
    yield from tabled
    if tabled:
        return
    if line.period is None and _takes_no_time(line):
        yield ("tank",), "a carrier would pass in no time; give a tank its min, or the loading or the moves their time"
        return
    reached = [*_reaches(line), *_crossings(line)] if line.loaded is None else []
    yield from reached
    if not reached:
        yield from _moves(line)
        yield from _handovers(line)


def _takes_no_time(line: HoistLine) -> bool:
    """Tell whether nothing that happens to a carrier takes time, so that carriers without end would pass at once."""
    times = [line.load, line.unload, *(time for tank in line.tank.values() for time in (tank.min, tank.drip))]
    if line.loaded is not None:
        times += [*line.loaded, *(time for row in line.empty or () for time in row)]
        return not any(times)
    ends = {position for spot in line.spots for position in line.positions(spot)}
    return not any([*times, *(time for hoist in line.hoist.values() for time in (hoist.lift, hoist.lower))]) and (
        len(ends) == 1
    )


def _tables(line: HoistLine) -> Iterator[Found]:
    """Yield what is wrong with the times of the moves: of a table, or from positions and speeds."""
    if (line.loaded is None) != (line.empty is None):
        yield ("empty" if line.empty is None else "loaded",), "loaded and empty are one table of times; write both"
        return
    if line.loaded is None:
        for name, tank in line.tank.items():
            if not tank.at:
                yield ("tank", name, "at"), "the position is missing; write at for every tank, or loaded and empty"
        for name, hoist in line.hoist.items():
            if hoist.speed is None:
                yield ("hoist", name, "speed"), 'the speed is missing; write speed = "0.8 m/s", or loaded and empty'
        return
    assert line.empty is not None
    if len(line.loaded) != len(line.tank) + 1:
        yield ("loaded",), f"{len(line.tank)} steps need {len(line.tank) + 1} moves, but there are {len(line.loaded)}"
    yield from matrix_problems(("empty",), line.empty, line.spots[:-1] if line.common else line.spots)
    if len(line.hoist) > 1:
        yield ("loaded",), "several hoists need positions and speeds, so that they do not meet; remove the table"
    for name, hoist in line.hoist.items():
        if hoist.speed is not None or hoist.lift or hoist.lower:
            yield ("hoist", name), "speed, lift and lower are in the table of times already; remove them"
    for name, tank in line.tank.items():
        if tank.at:
            yield ("tank", name, "at"), "the table of times needs no positions; remove at"


def _reaches(line: HoistLine) -> Iterator[Found]:
    """Yield names of places that are not there, and moves that no hoist can make."""
    unknown = False
    for name, hoist in line.hoist.items():
        named = [("reach", hoist.reach), ("start", () if hoist.start is None else (hoist.start,))]
        for key, places in named:
            for path, message in unknown_names(key, places, line.spots):
                unknown = True
                yield ("hoist", name, *(path if key == "reach" else path[:1])), message
        if len(hoist.reach) > 2:
            unknown = True
            yield ("hoist", name, "reach"), "reach names the first and the last place, two names"
    if unknown:
        return
    for spot, following in pairwise(line.spots):
        if line.hoist_of(spot) is None:
            message = f"no hoist reaches both '{spot}' and '{following}'; widen a reach, so that one tank is in both"
            yield ("hoist",), message


def _crossings(line: HoistLine) -> Iterator[Found]:
    """Yield hoists that would have to pass each other to serve what they must."""
    names = list(line.hoist)
    if any(path[0] == "hoist" for path, _ in _reaches(line)):
        return
    track = [place for spot in line.spots for place in line.positions(spot)]
    for index, name in enumerate(names):
        low, high = line.reach_of(name)
        for other in names[index + 1 :]:
            first, last = line.reach_of(other)
            if first < low or last < high:
                message = f"'{other}' stands right of '{name}' but must reach left past it: the two cannot pass"
                yield ("hoist", other, "reach"), f"{message}; change the order of the hoists or their reaches"
            elif low == first and high == last and len(track) > 1:
                message = f"'{name}' and '{other}' both reach the whole track: to serve its ends they must pass"
                yield ("hoist", other), f"{message}; give each a reach that ends at a common tank"
            elif high + line.clearance > _retreat(line, other) or first - line.clearance < low:
                message = f"'{other}' has no place {line.clearance:g} m away from '{name}' at its last tank"
                yield ("hoist", other, "reach"), f"{message}: the two must pass; shorten a reach or the clearance"
    for name, hoist in line.hoist.items():
        low, high = line.reach_of(name)
        if hoist.start is not None and not all(low <= place <= high for place in line.positions(hoist.start)):
            yield ("hoist", name, "start"), f"'{hoist.start}' is outside of its reach"
    for left, right in pairwise(names):
        here, there = (start_of(line, name) for name in (left, right))
        if here + line.clearance > there:
            yield ("hoist", right, "start"), f"it stands less than {line.clearance:g} m right of '{left}'; move it"


def _retreat(line: HoistLine, hoist: str) -> float:
    """Return the last position to which a hoist can go out of the way. [m]"""
    return line.reach_of(hoist)[1]


def _handovers(line: HoistLine) -> Iterator[Found]:
    """Yield tanks where one hoist brings and another takes, on demand, with a window shorter than the way to it.

    A hoist sets out when the shortest soak is over; in an empty line it stands where it put its last carrier down, and
    no new carrier would ever be brought in.
    """
    if line.moves or line.loaded is not None:
        return
    spots = line.spots
    takers = [line.hoist_of(spot) for spot in spots[:-1]]
    for step in range(1, len(spots) - 1):
        taker, tank = takers[step], line.tank[spots[step]]
        if taker is None or taker == takers[step - 1] or tank.max is None:
            continue
        last = max(index for index, hoist in enumerate(takers) if hoist == taker)
        rests = [start_of(line, taker), *line.positions(spots[last + 1])]
        speed = line.hoist[taker].speed_empty or line.hoist[taker].speed or 1.0
        way = max(abs(place - at) for place in rests for at in tank.at) / speed
        window = tank.max - (tank.min or 0.0)
        if way > window:
            message = f"hoist '{taker}' needs up to {way:g} s to come here, but the window is {window:g} s wide"
            yield ("tank", spots[step], "max"), f"{message}; raise max, or let one hoist bring and take"


def start_of(line: HoistLine, hoist: str) -> float:
    """Return the position of a hoist at the beginning. [m]"""
    start = line.hoist[hoist].start
    if start is not None:
        return line.positions(start)[0]
    return line.reach_of(hoist)[0] if hoist == next(iter(line.hoist)) else line.reach_of(hoist)[1]


def _moves(line: HoistLine) -> Iterator[Found]:
    """Yield what is wrong with the fixed cycle of a line."""
    spots = line.spots[:-1]
    unknown = list(unknown_names("moves", line.moves, spots))
    yield from unknown
    if not line.moves:
        for key in ("starts", "period"):
            if getattr(line, key):
                yield (key,), f"{key} without moves has no effect; name the moves, or remove it"
        if not line.timed:
            yield ("timed",), "timed = false without moves has no effect; name the moves, or remove it"
        return
    if line.starts and len(line.starts) != len(line.moves):
        yield ("starts",), f"there are {len(line.starts)} starts for {len(line.moves)} moves; write one for each"
    if line.starts and list(line.starts) != sorted(line.starts):
        yield ("starts",), "starts must not decrease: moves stand in the order in which they are made"
    if not line.timed and (line.starts or line.period):
        yield ("timed",), "starts and period are a timetable; remove them, or timed = false"
    if line.timed and not line.starts and len(line.hoist) > 1:
        yield ("moves",), "a timetable of several hoists needs starts and a period; write them, or timed = false"
    if not unknown:
        order = [spots.index(name) for name in line.moves]
        yield from cyclic_problems("moves", order, line.spots, [tank.count for tank in line.tank.values()])


# -- both --------------------------------------------------------------------------------------------------------------


def unknown_names(key: str, names: Sequence[str], known: Sequence[str]) -> Iterator[Found]:
    """Yield names of places that are not there."""
    for index, name in enumerate(names):
        if name not in known:
            yield (key, index), f"there is no tank or machine '{name}'{suggest(name, known, 'places')}"


def matrix_problems(path: Path, rows: Sequence[Sequence[float]], spots: Sequence[str]) -> Iterator[Found]:
    """Yield a table of times that is not square, or whose size is not that of the places."""
    if len(rows) != len(spots) or any(len(row) != len(spots) for row in rows):
        yield path, f"it must have {len(spots)} rows of {len(spots)} times, from and to {', '.join(spots)}"
        return
    for index, row in enumerate(rows):
        if row[index]:
            yield (*path, index, index), f"from '{spots[index]}' to itself takes no time; write 0 s"


def cyclic_problems(key: str, order: Sequence[int], spots: Sequence[str], room: Sequence[int]) -> Iterator[Found]:
    """Yield why an order of moves cannot be repeated: a move is missing, or a carrier comes to a full place."""
    counts = Counter(order)
    often = max(counts.values())
    for step, name in enumerate(spots[:-1]):
        if counts[step] != often:
            yield (key,), f"'{name}' must be in the cycle {often} times, like the others, but is {counts[step]} times"
            return
    for step in range(1, len(spots) - 1):
        inside = low = high = 0
        for move in order:
            inside += (move == step - 1) - (move == step)
            low, high = min(low, inside), max(high, inside)
        if high - low > room[step - 1]:
            message = f"this order brings a carrier to '{spots[step]}' while the one before is still there"
            yield (key,), f"{message}; take it away between two that come"
            return
