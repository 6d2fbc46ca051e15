"""Plants that come to a stop for ever say so, and name the stations that hold one another up."""

from __future__ import annotations

from pathlib import Path

import pytest

from factory_sim.model import InputError, read
from factory_sim.simulation.prepare import prepare
from factory_sim.simulation.run import simulate
from factory_sim.study.task import Task

LOOP = """
[plant]
name = "Two machines that send parts to each other"
[source.blanks]
[sink.out]
[station.mill]
cycle = "3 min"
[station.lathe]
cycle = "2 min"
[buffer.before_mill]
before = "mill"
capacity = {mill}
[buffer.before_lathe]
before = "lathe"
capacity = 0
[product.shaft]
route = ["blanks", "mill", "lathe", "mill", "out"]
"""


def plant_with(tmp_path: Path, mill: str) -> Path:
    path = tmp_path / "plant.toml"
    path.write_text(LOOP.format(mill=mill), encoding="utf-8")
    return path


def test_a_deadlock_is_an_error_that_names_the_cycle(tmp_path: Path) -> None:
    """New blanks fill the mill and the lathe until each holds a part for the other."""
    path = plant_with(tmp_path, "0")
    with pytest.raises(InputError) as caught:
        Task(read(path), "sold_out", 0, 1, 86_400.0, 0.0).run()
    (problem,) = caught.value.problems
    assert problem.file == str(path) and problem.key == "station.mill" and problem.line == 6
    assert "'mill' for a place at 'lathe', 'lathe' for a place at 'mill'" in problem.message
    assert "more places" in problem.message


def test_the_time_is_that_of_the_last_machine_to_stop(tmp_path: Path) -> None:
    """The lathe has part 1 ready for the mill after 5 minutes, the mill part 2 for the lathe after 6."""
    trace = simulate(prepare(read(plant_with(tmp_path, "0"))), horizon=86_400.0)
    assert trace.deadlock is not None and trace.deadlock.stations == (0, 1)
    assert trace.deadlock.since == 6 * 60 * 1_000_000


def test_room_enough_is_no_deadlock(tmp_path: Path) -> None:
    """Parts that come back are taken before new ones, so that the loop never fills."""
    trace = simulate(prepare(read(plant_with(tmp_path, '"unlimited"'))), horizon=86_400.0)
    assert trace.deadlock is None and (trace.parts["fate"] == 0).sum() > 100


def test_a_line_that_is_blocked_at_the_end_is_none(tmp_path: Path) -> None:
    """The last machine works; those before it wait for it, not for one another."""
    path = tmp_path / "line.toml"
    text = LOOP.format(mill="0").replace('"mill", "lathe", "mill", "out"', '"mill", "lathe", "out"')
    path.write_text(text.replace('cycle = "2 min"', 'cycle = "1000 h"'), encoding="utf-8")
    assert simulate(prepare(read(path)), horizon=86_400.0).deadlock is None
