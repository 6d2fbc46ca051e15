"""Mistakes in the keys of people and their hours: one clear error each, at its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from factory_sim.model import read
from tests.unit.test_malformed_files import Case, assert_one, case, problems, spoilt

VALID = (Path(__file__).parent / "data" / "people.toml").read_text(encoding="utf-8")
WATCH = 'watch = {needs = ["operator | robot"], priority = 5}'
LATE = '[resource.operator.crew.late]\nunits = 2\ncalendar = "late"'
EARLY = 'calendar = "early"\nskills'
CASES = [
    case("skill that nobody has", '"operator | robot"', '"operator | welding"', "station.mill.attend.watch.needs[0]", "no resource 'welding'", "skill"),
    case("crew that nobody is", 'crew = "fitting"', 'crew = "fiting"', "station.mill.failure.jam.crew", "did you mean 'fitting'?"),
    case("more than any shift has", '"2 operator"', '"3 operator"', "station.mill.attend.unload.needs[0]", "needs 3, but no shift has more than 2"),
    case("no units", '"2 operator"', '"0 operator"', "station.mill.attend.unload.needs[0]", "from 1 to"),
    case("alternative twice", '"operator | robot"', '"operator | operator"', "station.mill.attend.watch.needs[0]", "twice"),
    case("no name", '"operator | robot"', '"operator or robot"', "station.mill.attend.watch.needs[0]", "no name of a resource"),
    case("need twice", '["2 operator"]', '["operator", "operator"]', "station.mill.attend.unload.needs[1]", "the number of units before it"),
    case("all unfilled", LATE, LATE.replace("units = 2", "units = 2\n@unfilled = 3"), "resource.operator.crew.late.unfilled", "3 of 2 units"),
    case("break outside the shift", 'from = "12:00", to = "13:00"', 'from = "03:00", to = "04:00"', "resource.operator.breaks[0]", "no shift of the pool holds the break from 03:00 to 05:00"),
    case("break without hours", "[resource.robot]\nunits = 1", '[resource.robot]\nunits = 1\n@breaks = [{from = "12:00", to = "13:00"}]', "resource.robot.breaks", "takes no break"),
    case("rotation without shifts", "[resource.robot]\nunits = 1", "[resource.robot]\nunits = 1\n@rotation = 3", "resource.robot.rotation", "name a calendar"),
    case("more than 52 hours", 'from = "17:00", to = "02:00"', 'from = "17:00", to = "05:00"', "resource.operator.crew.late.calendar", "works 60 h in week 1", "52 h", "rotation"),
    case("phase without needs", WATCH, "watch = {priority = 5}", "station.mill.attend.watch.needs", "missing"),
    case("phase without a time", ', time = "2 min"', "", "station.mill.attend.load.time", "missing"),
    case("needs and attend", 'cycle = "10 min"', 'cycle = "10 min"\n@needs = ["operator"]', "station.mill.needs", "move needs into attend"),
    case("certain absence", "absence = 0.05", "absence = 1.0", "resource.operator.absence", "less than 1"),
    case("unknown rule", 'shift_end = "leave"', 'shift_end = "leve"', "resource.operator.shift_end", "did you mean 'leave'?"),
]  # fmt: skip


@pytest.mark.parametrize("entry", CASES, ids=lambda entry: entry.name)
def test_one_mistake_gives_one_error_at_its_line(entry: Case, tmp_path: Path) -> None:
    text, line = spoilt(VALID, entry)
    path = tmp_path / "plant.toml"
    path.write_text(text, encoding="utf-8")
    if entry.name == "more than 52 hours":  # it stands where the crew names the calendar
        line = text[: text.index('calendar = "late"')].count("\n") + 1
    assert_one(problems(read, path), path, line, entry)


def test_people_who_are_never_there_when_the_station_is_open(tmp_path: Path) -> None:
    night = VALID.replace('calendar = "open"', 'calendar = "night"').replace(
        "[calendar.open]",
        '[calendar.night]\nshifts = [{days = "Mon-Fri", from = "03:00", to = "07:00"}]\n[calendar.open]',
    )
    path = tmp_path / "plant.toml"
    path.write_text(night, encoding="utf-8")
    found = {problem.key for problem in problems(read, path) if "never meet" in problem.message}
    assert found == {
        "station.mill.attend.load.needs[0]", "station.mill.attend.unload.needs[0]", "station.mill.failure.jam.crew"
    }  # fmt: skip
