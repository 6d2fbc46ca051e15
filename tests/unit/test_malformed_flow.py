"""Mistakes in the keys of flow and waiting: one clear error each, at its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from factory_sim.model import read
from factory_sim.simulation.prepare import prepare
from factory_sim.simulation.run import simulate
from tests.unit.test_malformed_files import assert_one, case, problems, spoilt

VALID = (Path(__file__).parent / "data" / "flow.toml").read_text(encoding="utf-8")
DUTY = '{every = "0 s", when = "when_idle", duration = "2 min"}'
WINDOW = 'window = {limit = "45 s", since = "work", back_to = "furnace"}'
STANDBY = 'standby = {off_after = "20 min", warm_up = "15 min"}'
CASES = [
    case("duty after the cycle", DUTY, '{every = "0 s", duration = "2 min"}', "station.furnace.planned.cleaning.every", "when_idle"),
    case("duty below a second", 'every = "0 s"', 'every = "1 ms"', "station.furnace.planned.cleaning.every", "at least 1 s"),
    case("duty with a first time", 'every = "0 s"', 'every = "0 s", first = "3 h"', "station.furnace.planned.cleaning.first", "remove first"),
    case("no limit", 'limit = "45 s"', 'limit = "0 s"', "station.press.window.limit", "must be"),
    case("another beginning", 'since = "work"', 'since = "wrok"', "station.press.window.since", "did you mean 'work'?"),
    case("back to where it was not", 'back_to = "furnace"', 'back_to = "oven"', "station.press.window.back_to", "have not been at"),
    case("back to a full place", 'before = "furnace"\ncapacity = "unlimited"', 'before = "furnace"\n@capacity = 3', "station.press.window.back_to", "unlimited"),
    case("standby without a place", "capacity = 20", "capacity = 0", "buffer.before_oven.capacity", "at least 1 place"),
    case("standby of a machine that is always fed", 'cycle = "20 s"', 'cycle = "20 s"\n@standby = {warm_up = "3 min"}', "station.press.standby", "write a buffer before it"),
    case("standby with loads", STANDBY, STANDBY + "\nbatch = {max = 3}", "station.oven.standby", "remove standby or batch"),
]  # fmt: skip


@pytest.mark.parametrize("entry", CASES, ids=lambda entry: entry.name)
def test_one_mistake_gives_one_error_at_its_line(entry: object, tmp_path: Path) -> None:
    text, line = spoilt(VALID, entry)  # type: ignore[arg-type]
    path = tmp_path / "plant.toml"
    path.write_text(text, encoding="utf-8")
    found = problems(read, path)
    if entry.name == "back to a full place":  # type: ignore[attr-defined]
        line = text[: text.index("back_to")].count("\n") + 1
    assert_one(found, path, line, entry)  # type: ignore[arg-type]


def test_the_valid_file_runs(tmp_path: Path) -> None:
    path = tmp_path / "plant.toml"
    path.write_text(VALID, encoding="utf-8")
    trace = simulate(prepare(read(path)), horizon=86_400.0)
    assert len(trace.parts["part"]) > 1000
