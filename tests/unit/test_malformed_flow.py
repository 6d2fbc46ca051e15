"""Mistakes in the keys of flow and waiting: one clear error each, at its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from factory_sim.model import InputError, read
from factory_sim.simulation.prepare import prepare
from factory_sim.simulation.run import simulate
from tests.unit.test_malformed_files import assert_one, case, problems, spoilt

VALID = (Path(__file__).parent / "data" / "flow.toml").read_text(encoding="utf-8")
DUTY = '{every = "0 s", when = "when_idle", duration = "2 min"}'
PAINT = 'setup = {campaign = "lots", sequence = ["cover", "frame"], lots = [5, 6], change = "15 min"}'
PARTS = 'parts = [{product = "half", count = 2, places = "unlimited"}, {product = "strip", places = "unlimited"}]'
WINDOW = 'window = {limit = "45 s", since = "work", back_to = "furnace"}'
STANDBY = 'standby = {off_after = "20 min", warm_up = "15 min"}'
CASES = [
    case("duty after the cycle", DUTY, '{every = "0 s", duration = "2 min"}', "station.furnace.planned.cleaning.every", "when_idle"),
    case("duty below a second", 'every = "0 s"', 'every = "1 ms"', "station.furnace.planned.cleaning.every", "at least 1 s"),
    case("duty that takes no time", 'duration = "2 min"', 'duration = {uniform = ["0 s", "0 s"]}', "station.furnace.planned.cleaning.duration", "must take time"),
    case("duty with a first time", 'every = "0 s"', 'every = "0 s", first = "3 h"', "station.furnace.planned.cleaning.first", "remove first"),
    case("no limit", 'limit = "45 s"', 'limit = "0 s"', "station.press.window.limit", "must be"),
    case("another beginning", 'since = "work"', 'since = "wrok"', "station.press.window.since", "did you mean 'work'?"),
    case("back to where it was not", 'back_to = "furnace"', 'back_to = "oven"', "station.press.window.back_to", "have not been at"),
    case("back to a full place", 'before = "furnace"\ncapacity = "unlimited"', 'before = "furnace"\n@capacity = 3', "station.press.window.back_to", "unlimited"),
    case("standby without a place", "capacity = 20", "capacity = 0", "buffer.before_oven.capacity", "at least 1 place"),
    case("standby of a machine that is always fed", 'cycle = "20 s"', 'cycle = "20 s"\n@standby = {warm_up = "3 min"}', "station.press.standby", "write a buffer before it"),
    case("standby with loads", STANDBY, STANDBY + "\nbatch = {max = 3}", "station.oven.standby", "remove standby or batch"),
    case("speeds of other machines", "cycle = \"5 min\"", "cycle = \"5 min\"\n@speed = [1.0, 0.5]", "station.weld.speed", "need as many speeds"),
    case("lots that do not match", "lots = [5, 6]", "lots = [5]", "station.paint.setup.lots", "2 products need as many lots"),
    case("lots without a campaign", 'campaign = "lots", sequence = ["cover", "frame"], ', "", "station.paint.setup.lots", "go together"),
    case("product left out of a campaign", 'sequence = ["cover", "frame"], lots = [5, 6]', 'sequence = ["cover"], lots = [5]', "station.paint.setup.sequence", "'frame' comes to 'paint'"),
    case("campaign without a setup", ', change = "15 min"}', "}", "station.paint.setup.change", "no effect"),
    case("campaign without a buffer", 'before = "paint"\ncapacity = "unlimited"', 'before = "paint"\n@capacity = 0', "station.paint.setup.campaign", "must wait before 'paint'"),
    case("preemption without priority", 'dispatch = "priority"\n', "@", "station.press_brake.preempt", 'dispatch = "priority"'),
    case("preemption with a setup", "preempt = true", 'preempt = true\nsetup = {change = "3 min"}', "station.press_brake.preempt", "cannot be interrupted"),
    case("blocking before without a place", "capacity = 6\nsublot = 2\nsublot_wait = \"30 min\"", "capacity = 0", "station.saw.blocking", "add a buffer"),
    case("sub-lot larger than the buffer", "sublot = 2", "sublot = 7", "buffer.before_table.sublot", "raise capacity"),
    case("sub-lot that waits for nothing", "sublot = 2\n", "@", "buffer.before_table.sublot_wait", "raise it or remove"),
    case("assembly without parts", PARTS, "parts = []", "assembly.frame_kit.parts", "at least one part"),
    case("part that does not come", 'product = "strip", places', 'product = "cover", places', "assembly.frame_kit.parts[1].product", "does not end at"),
    case("part that stands twice", '{product = "strip", places = "unlimited"}]', '{product = "half", places = "unlimited"}]', "assembly.frame_kit.parts[1].product", "stands twice"),
    case("too few places for the parts", 'count = 2, places = "unlimited"', "count = 2, places = 1", "assembly.frame_kit.parts[0].places", "raise places"),
    case("split without pieces", 'pieces = [{product = "half", count = 2}, {product = "strip"}]', "pieces = []", "split.cut.pieces", "at least one piece"),
    case("order of what is assembled", '[station.saw]', '[[order]]\n@product = "frame"\n[station.saw]', "order[0].product", "order those instead"),
]  # fmt: skip
MOVED = {  # where a mistake is said, if not where it was made
    "back to a full place": "back_to",
    "campaign without a buffer": "setup = {campaign",
    "preemption without priority": "preempt = true",
    "blocking before without a place": "blocking =",
    "sub-lot that waits for nothing": "sublot_wait",
}


@pytest.mark.parametrize("entry", CASES, ids=lambda entry: entry.name)
def test_one_mistake_gives_one_error_at_its_line(entry: object, tmp_path: Path) -> None:
    text, line = spoilt(VALID, entry)  # type: ignore[arg-type]
    path = tmp_path / "plant.toml"
    path.write_text(text, encoding="utf-8")
    found = problems(read, path)
    if entry.name in MOVED:  # type: ignore[attr-defined]
        line = text[: text.index(MOVED[entry.name])].count("\n") + 1  # type: ignore[attr-defined]
    assert_one(found, path, line, entry)  # type: ignore[arg-type]


def test_the_valid_file_runs(tmp_path: Path) -> None:
    path = tmp_path / "plant.toml"
    path.write_text(VALID, encoding="utf-8")
    trace = simulate(prepare(read(path)), horizon=86_400.0)
    assert len(trace.parts["part"]) > 1000


LOOP = """
[plant]
name = "Loop"
[source.pallets]
cards = 3
[sink.out]
[station.saw]
cycle = "1 min"
[station.oven]
cycle = "9 min"
{batch}
[product.part]
route = ["pallets", "saw", "oven", "out"]
[buffer.hot]
before = "oven"
capacity = "unlimited"
{lot}
"""


@pytest.mark.parametrize(
    ("batch", "lot", "said"),
    [
        ("batch = {max = 6, min = 4}", "", "a load of 'oven' needs 4; raise cards or lower station.oven.batch.min"),
        ("", "sublot = 5", "a sub-lot before 'oven' needs 5; raise cards or lower buffer.hot.sublot"),
    ],
)
def test_a_loop_with_too_few_parts(batch: str, lot: str, said: str, tmp_path: Path) -> None:
    file = tmp_path / "loop.toml"
    file.write_text(LOOP.format(batch=batch, lot=lot), encoding="utf-8")
    with pytest.raises(InputError) as refused:
        read(file)
    assert f"loop.toml:5: source.pallets.cards: no more than 3 parts are ever inside, but {said}" in str(refused.value)
    waits = batch.replace("}", ', wait = "1 h"}'), lot + ('\nsublot_wait = "1 h"' if lot else "")
    file.write_text(LOOP.format(batch=waits[0], lot=waits[1]), encoding="utf-8")
    assert read(file).source["pallets"].cards == 3
