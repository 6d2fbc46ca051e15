"""Robot cells and hoist lines that cannot work: one problem each, on the right line, with words that help."""

from __future__ import annotations

from pathlib import Path

import pytest

from factory_sim.model import InputError, read
from factory_sim.simulation.prepare import prepare

CELL = """
[plant]
name = "Cell"
[source.parts]
[sink.done]
[product.part]
route = ["parts", "cell", "done"]
[station.cell]
cycle = "1 min"
[robot_cell.cell]
travel = "2 s"
sequence = ["input", "mill", "lathe"]
[robot_cell.cell.machine.lathe]
process = "20 s"
[robot_cell.cell.machine.mill]
process = "15 s"
"""
LINE = """
[plant]
name = "Line"
[source.parts]
[sink.done]
[product.part]
route = ["parts", "line", "done"]
[station.line]
cycle = "1 min"
[hoist_line.line]
unload_at = "6 m"
clearance = "1 m"
moves = ["load", "rinse", "acid"]
[hoist_line.line.tank.acid]
min = "30 s"
max = "40 s"
at = ["2 m"]
[hoist_line.line.tank.rinse]
min = "10 s"
at = ["4 m"]
[hoist_line.line.hoist.one]
speed = "1 m/s"
"""
STILL = """
[plant]
name = "Line"
[source.parts]
[sink.done]
[product.part]
route = ["parts", "line", "done"]
[station.line]
cycle = "1 min"
[hoist_line.line]
loaded = ["0 s", "0 s"]
empty = [["0 s", "1 s", "0 s"], ["0 s", "0 s", "0 s"], ["0 s", "0 s", "0 s"]]
[hoist_line.line.tank.acid]
min = "0 s"
[hoist_line.line.hoist.one]
"""
SECOND = '[hoist_line.line.hoist.two]\nspeed = "1 m/s"\n'
TIMED = 'moves = ["load", "rinse", "acid"]'

NICKEL = """[hoist_line.line.tank.acid.bath]
metal = "nickel"
thickness = "0.5 um"
minimum = "0.4 um"
area = "5 dm^2"
current_density = "4 A/dm^2"
efficiency = 0.96
volume = "1 m^3"
concentration = "75 g/L"
temperature = "55 degC"
temperature_low = "50 degC"
loss = "100 W/K"
heater = "12 kW"
[hoist_line.line.hoist.one]"""
PLATING = LINE.replace("[hoist_line.line.hoist.one]", NICKEL).replace('min = "30 s"', 'min = "38.2 s"')
BATH = "hoist_line.line.tank.acid.bath"
"""0.5 um of nickel at 4 A/dm2 and 96 % take 38.1 s."""

HANDOVER = """speed = "1 m/s"
reach = ["load", "acid"]
[hoist_line.line.hoist.two]
speed = "1 m/s"
reach = ["acid", "unload"]
"""

CREW = """[robot_cell.cell.robot.failure.arm]
between = "9 h"
repair = "1 h"
crew = "fitters"
[robot_cell.cell.machine.lathe]"""
CREW_KEY = "robot_cell.cell.robot.failure.arm.crew"

CASES = [
    (CELL, '"mill", "lathe"]', '"mil", "lathe"]', "robot_cell.cell.sequence[1]", "did you mean 'mill'?"),
    (CELL, ', "lathe"]', "]", "robot_cell.cell.sequence", "'lathe' must be in the cycle 1 times"),
    (CELL, '"mill", "lathe"]', '"input", "mill", "mill", "lathe", "lathe"]', "robot_cell.cell.sequence", "to 'lathe'"),
    (CELL, 'travel = "2 s"', 'swap = "1 s"\ntravel = "2 s"', "robot_cell.cell.swap", "grippers = 2"),
    (CELL, 'travel = "2 s"', 'travel = "2 s"\nspeed = "1 m/s"', "robot_cell.cell.speed", "one of travel, times and"),
    (CELL, 'travel = "2 s"', 'times = [["0 s", "2 s"], ["2 s", "0 s"]]', "robot_cell.cell.times", "4 rows of 4 times"),
    (CELL, '[station.cell]\n', '[station.cell]\nloss = 0.1\n', "station.cell.loss", "machines and robot"),
    (CELL, '[station.cell]\n', '[station.cell]\nmachines = 2\n', "station.cell.machines", "one line"),
    (CELL, '[station.cell]\n', '[station.cell]\nbatch = {max = 2}\n', "station.cell.batch", "part by part"),
    (CELL, "[station.cell]", '[product.part.step.cell]\ncycle = "9 s"\n[station.cell]', "product.part.step.cell", "remove"),
    (CELL + "[resource.fitters]\nunits = 0\n", "[robot_cell.cell.machine.lathe]", CREW, CREW_KEY, "units is 0"),
    (LINE, 'max = "40 s"', 'max = "20 s"', "hoist_line.line.tank.acid.max", "20 s, is below the shortest, 30 s"),
    (STILL, 'empty = [["0 s", "1 s"', 'empty = [["0 s", "0 s"', "hoist_line.line.tank", "pass in no time"),
    (LINE, '"rinse", "acid"]', '"rinze", "acid"]', "hoist_line.line.moves[1]", "no tank or machine 'rinze'"),
    (LINE, 'at = ["4 m"]\n', "", "hoist_line.line.tank.rinse.at", "the position is missing"),
    (LINE, 'min = "10 s"', 'min = "10 s"\ntanks = 2', "hoist_line.line.tank.rinse.tanks", "1 positions for 2 tanks"),
    (LINE, 'speed = "1 m/s"', "", "hoist_line.line.hoist.one.speed", "the speed is missing"),
    (LINE, 'speed = "1 m/s"', 'speed = "1 m/s"\nreach = ["load", "rinse"]', "hoist_line.line.hoist", "reaches both 'rinse'"),
    (LINE, 'speed = "1 m/s"', 'speed = "1 m/s"\nreach = ["load", "gold"]', "hoist_line.line.hoist.one.reach[1]", "'gold'"),
    (LINE, "[hoist_line.line.hoist.one]", f"{SECOND}[hoist_line.line.hoist.one]", "hoist_line.line.hoist.one", "must pass"),
    (LINE, TIMED, f'{TIMED}\nstarts = ["0 s", "1 s"]', "hoist_line.line.starts", "2 starts for 3 moves"),
    (
        LINE.replace(TIMED, "").replace("40 s", "33 s"), 'speed = "1 m/s"', HANDOVER, "hoist_line.line.tank.acid.max",
        "'two' needs up to 4 s to come here",
    ),
    (LINE, TIMED, 'period = "1 min"', "hoist_line.line.period", "without moves has no effect"),
    (LINE, TIMED, "common = true", "hoist_line.line.carriers", "write carriers = 1"),
    (LINE, 'min = "10 s"\n', "", "hoist_line.line.tank.rinse.min", "the shortest soak is missing"),
    (PLATING, "efficiency = 0.96", "efficiency = 96", f"{BATH}.efficiency", "write 0.96"),
    (PLATING, "efficiency = 0.96", "efficiency = 0.96\nheat_off_shift = false", f"{BATH}.heat_off_shift", '"finish"'),
    (PLATING, "efficiency = 0.96", "efficiency = 0.96\nrecall = 0.8", f"{BATH}.recall", "upset_every"),
    (PLATING, "efficiency = 0.96", "efficiency = 0.96\nphysics_scrap = 0.1", f"{BATH}.physics_scrap", "yield 1 of the line"),
]  # fmt: skip


@pytest.mark.parametrize(("valid", "old", "new", "key", "words"), CASES, ids=[case[3] for case in CASES])
def test_one_mistake_is_one_problem(tmp_path: Path, valid: str, old: str, new: str, key: str, words: str) -> None:
    assert valid.count(old) == 1
    path = tmp_path / "plant.toml"
    path.write_text(valid.replace(old, new), encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read(path)
    assert [problem.key for problem in caught.value.problems] == [key], caught.value
    assert words in caught.value.problems[0].message
    assert caught.value.problems[0].line > 1


def test_a_line_needs_its_station(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        read(_written(tmp_path, CELL.replace("robot_cell.cell", "robot_cell.sell")))
    (problem,) = caught.value.problems
    assert problem.key == "robot_cell.sell" and "did you mean 'cell'?" in problem.message


def refused(path: Path, text: str) -> str:
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        prepare(read(path))
    (problem,) = caught.value.problems
    line = text.splitlines()[problem.line - 1]
    assert line.split(" = ")[0] == problem.key.rpartition(".")[2], line
    return problem.message


def test_the_valid_files_are_valid(tmp_path: Path) -> None:
    for text in (CELL, LINE, PLATING, PLATING.replace('min = "38.2 s"\n', "")):
        path = tmp_path / "plant.toml"
        path.write_text(text, encoding="utf-8")
        prepare(read(path))


def test_an_order_names_the_tank_and_the_window_that_break(tmp_path: Path) -> None:
    """Between the two moves at the acid the hoist brings a carrier out of the rinse: 2 + 2 + 4 s."""
    message = refused(tmp_path / "plant.toml", LINE.replace('min = "30 s"\nmax = "40 s"', 'min = "1 s"\nmax = "3 s"'))
    assert "keep a carrier at least 8 s in 'acid'" in message and "acid [1 s, 3 s]" in message


def test_a_timetable_names_the_soak_that_is_too_long(tmp_path: Path) -> None:
    timed = LINE.replace(TIMED, f'{TIMED}\nstarts = ["0 s", "5 s", "50 s"]\nperiod = "70 s"')
    message = refused(tmp_path / "plant.toml", timed)
    assert "'acid'" in message and "8 s too long" in message and "acid [30 s, 40 s]" in message


def test_a_timetable_that_the_hoist_cannot_follow(tmp_path: Path) -> None:
    timed = LINE.replace(TIMED, f'{TIMED}\nstarts = ["0 s", "1 s", "34 s"]\nperiod = "70 s"')
    assert "comes" in refused(tmp_path / "plant.toml", timed)


def test_a_period_that_is_too_short(tmp_path: Path) -> None:
    timed = LINE.replace(TIMED, f'{TIMED}\nperiod = "20 s"')
    assert "takes at least" in refused(tmp_path / "plant.toml", timed)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('thickness = "0.5 um"', 'thickness = "0.6 um"', "40 s, is below the 45.7 s that the thickness takes"),
        ('min = "38.2 s"', 'min = "25 s"', "in 25 s 0.328 um are plated, less than bath.minimum; raise min to 38.1 s"),
    ],
)
def test_a_bath_that_does_not_fit_its_window(tmp_path: Path, old: str, new: str, words: str) -> None:
    assert words in refused(tmp_path / "plant.toml", PLATING.replace(old, new))


def test_hoists_whose_moves_meet_would_have_to_pass(tmp_path: Path) -> None:
    """Both serve the acid; the left one brings a carrier there while the right one takes the last one away."""
    text = LINE.replace('speed = "1 m/s"', 'speed = "1 m/s"\nreach = ["load", "acid"]')
    text += '[hoist_line.line.hoist.two]\nspeed = "1 m/s"\nreach = ["acid", "unload"]\n'
    late = text.replace(TIMED, f'{TIMED}\nstarts = ["0 s", "0 s", "32 s"]\nperiod = "60 s"')
    prepare(read(_written(tmp_path, late)))
    soon = text.replace(TIMED, 'moves = ["load", "rinse", "acid"]\nstarts = ["0 s", "12 s", "32 s"]\nperiod = "33 s"')
    assert "would have to pass" in refused(tmp_path / "plant.toml", soon)


def _written(directory: Path, text: str) -> Path:
    path = directory / "plant.toml"
    path.write_text(text, encoding="utf-8")
    return path
