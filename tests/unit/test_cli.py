"""The command line: what it prints where, and how it ends."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path
from typing import Any, get_args

import pytest
import typer
from typer.testing import CliRunner

from factory_sim import __version__, presets
from factory_sim.cli import app, commands, terminal
from factory_sim.cli.summaries import label, unit_of
from factory_sim.model import InputError, Problem
from factory_sim.model.schema import DEMAND_MODES

DATA = Path(__file__).parent / "data"

PLANT = """
[plant]
name = "Saw [one]"
name_ko = "톱 하나"
[source.bars]
weekly_volume = 500
[sink.pieces]
[product.piece]
route = ["bars", "saw", "pieces"]
price = "2000 KRW"
material = "500 KRW"
[station.saw]
label = "Saw"
label_ko = "톱"
cycle = {exponential = "10 min"}
yield = 0.9
"""

STUDY = """
[study]
question = "Does a faster saw pay?"
question_ko = "더 빠른 톱이 이득인가?"
plant = "saw.toml"
demand_modes = ["sold_out", "fixed_volume"]
replications = 2
horizon = "1 week"
[investment.blade]
label = "Better blade"
label_ko = "더 좋은 날"
factor = {"station.saw.cycle" = 0.8}
shift = {"station.saw.yield" = {triangular = [0.01, 0.02, 0.03]}}
set = {"product.piece.price" = "2100 KRW"}
remove = ["source.bars.weekly_volume"]
money = {capex = "1e6 KRW"}
[scenario.sharp]
investments = ["blade"]
"""

SHORT = ("--horizon", "1 week", "--replications", "2")


@pytest.fixture
def plant(tmp_path: Path) -> Path:
    file = tmp_path / "saw.toml"
    file.write_text(PLANT, encoding="utf-8")
    return file


@pytest.fixture
def study(plant: Path) -> Path:
    file = plant.with_name("study.toml")
    file.write_text(STUDY.replace('remove = ["source.bars.weekly_volume"]\n', ""), encoding="utf-8")
    return file


def call(*arguments: object) -> Any:
    """Run the command line; what it raises beside its exit code is an error of the test."""
    return CliRunner().invoke(app, [str(argument) for argument in arguments], catch_exceptions=False)


def words(text: str) -> str:
    """Return a text without frames and line breaks of the terminal."""
    return " ".join(text.replace("│", " ").split())


# Usage


def test_version() -> None:
    done = call("--version")
    assert (done.exit_code, done.stdout) == (0, f"factory-sim {__version__}\n")


def test_help_lists_all_commands() -> None:
    done = call("--help")
    assert done.exit_code == 0
    for name in ("check", "run", "study", "new", "technologies"):
        assert name in done.stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["frobnicate"], "No such command 'frobnicate'"),
        (["check"], "Missing argument"),
        (["run"], "Missing argument"),
        (["run", "saw.toml", "--seed", "-1"], "--seed"),
        (["run", "saw.toml", "--replications", "0"], "--replications"),
        (["run", "saw.toml", "--workers", "0"], "--workers"),
        (["run", "saw.toml", "--physics", "maybe"], "--physics"),
        (["run", "saw.toml", "--demand-mode", "orders"], "--demand-mode"),
        (["run", "saw.toml", "--lang", "de"], "--lang"),
        (["study", "study.toml", "--replications", "4"], "--replications"),
    ],
)
def test_wrong_usage_ends_with_2(arguments: list[str], said: str) -> None:
    done = call(*arguments)
    assert (done.exit_code, done.stdout) == (2, "")
    assert said in words(done.stderr)


def test_demand_modes_are_those_of_the_schema() -> None:
    assert get_args(commands.DemandMode) == DEMAND_MODES


# check


def test_check_of_good_files() -> None:
    done = call("check", DATA / "plant.toml", DATA / "study.toml")
    assert done.exit_code == 0
    assert done.stdout == f"{DATA / 'plant.toml'}: no problems\n{DATA / 'study.toml'}: no problems\n"
    assert not done.stderr


def test_check_says_every_problem_with_file_and_line(plant: Path, tmp_path: Path) -> None:
    text = PLANT.replace('"10 min"', '"10 m"').replace("yield = 0.9", "yield = 1.9")
    plant.write_text(text, encoding="utf-8")
    missing = tmp_path / "nowhere.toml"
    done = call("check", plant, DATA / "plant.toml", missing, tmp_path)
    assert done.exit_code == 1
    assert done.stdout == f"{DATA / 'plant.toml'}: no problems\n"
    lines = done.stderr.splitlines()
    cycle = text.splitlines().index('cycle = {exponential = "10 m"}') + 1
    assert lines[0].startswith(f"{plant}:{cycle}: station.saw.cycle")
    assert "did you mean 'min'?" in lines[0]
    assert lines[1].startswith(f"{plant}:{cycle + 1}: station.saw.yield: ")
    assert lines[2].startswith(f"{missing}:1: there is no such file")
    assert lines[3].startswith(f"{tmp_path}:1: this is a folder")
    assert lines[4:] == ["4 problems in 3 files"]


# new and technologies


def test_new_lists_the_presets() -> None:
    done = call("new")
    assert done.exit_code == 0
    for name, preset in presets.presets().items():
        assert name in done.stdout
        assert preset.title in words(done.stdout)
        assert preset.is_study == name.endswith("_study")
    assert "공장" in call("new", "--lang", "ko").stdout


def test_new_writes_a_plant_that_checks(tmp_path: Path) -> None:
    file = tmp_path / "deep" / "mine.toml"
    done = call("new", "giga_casting", file)
    assert (done.exit_code, done.stdout) == (0, f"wrote {file}\nnext: factory-sim run {file}\n")
    assert file.read_bytes() == presets.presets()["giga_casting"].file.read_bytes()
    assert call("check", file).exit_code == 0


def test_new_study_brings_its_plant(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    done = call("new", "giga_casting_study.toml")
    assert done.exit_code == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["giga_casting.toml", "giga_casting_study.toml"]
    assert done.stdout.endswith("next: factory-sim study giga_casting_study.toml\n")
    assert call("check", *tmp_path.iterdir()).exit_code == 0


def test_new_overwrites_only_by_force(tmp_path: Path) -> None:
    file, mine = tmp_path / "giga_casting.toml", "# mine\n"
    file.write_text(mine, encoding="utf-8")
    for target in (tmp_path, tmp_path / "study.toml"):
        done = call("new", "giga_casting_study", target)
        assert (done.exit_code, done.stdout) == (2, "")
        assert done.stderr == f"FILE: {file} is there already; name another FILE, or overwrite it with --force\n"
        assert [path.name for path in tmp_path.iterdir()] == [file.name], "nothing is written if anything cannot be"
    assert file.read_text(encoding="utf-8") == mine
    assert call("new", "giga_casting_study", tmp_path, "--force").exit_code == 0
    assert file.read_text(encoding="utf-8") != mine


def test_new_leaves_the_same_file_alone(tmp_path: Path) -> None:
    assert call("new", "giga_casting", tmp_path).exit_code == 0
    again = call("new", "giga_casting", tmp_path)
    assert again.exit_code == 0
    assert "is there already, as shipped" in again.stdout


def test_new_knows_the_nearest_name() -> None:
    done = call("new", "giga_castin")
    assert done.exit_code == 2
    assert "did you mean 'giga_casting'?" in words(done.stderr)


def test_new_into_a_place_that_cannot_be_written(plant: Path) -> None:
    done = call("new", "giga_casting", plant / "below.toml")
    assert done.exit_code == 2
    assert "name another FILE" in words(done.stderr)


def test_technologies() -> None:
    assert "high-pressure die casting" in call("technologies").stdout
    done = call("technologies", "--lang", "ko")
    assert done.exit_code == 0
    assert "고압 다이캐스팅" in done.stdout


def test_check_says_a_problem_of_the_plant_once(study: Path, plant: Path) -> None:
    plant.write_text(PLANT.replace("yield = 0.9", "yield = 1.9"), encoding="utf-8")
    done = call("check", study, plant)
    assert (done.exit_code, done.stdout) == (1, "")
    assert len(done.stderr.splitlines()) == 2
    assert done.stderr.endswith("1 problem\n")


def test_check_tells_what_a_technology_refuses(tmp_path: Path) -> None:
    file = tmp_path / "giga.toml"
    shipped = presets.presets()["giga_casting"].file.read_text(encoding="utf-8")
    line = shipped[: shipped.index("[station.hpdc.die]")].count("\n") + 1
    changed = shipped.replace("[station.hpdc.die]", '[station.hpdc.die]\nrelease_temperature = "500 degC"')
    file.write_text(changed, encoding="utf-8")
    done = call("check", file)
    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr.startswith(f"{file}:{line}: station.hpdc.die: release_temperature must be below the steady die")


# validate


CASES = """
[[case]]
id = "area"
model = "hpdc.gate_area"
unit = "m2"
expected = 0.0005
rel_tol = 1e-6
[case.inputs]
metal_through_gate_m3 = 1e-3
fill_time_s = 0.05
gate_velocity_m_per_s = 40.0
"""


def test_validate_physics_passes_and_fails(tmp_path: Path) -> None:
    file = tmp_path / "cases.toml"
    file.write_text(CASES, encoding="utf-8")
    good = call("validate", "physics", file)
    assert good.exit_code == 0
    assert "1 of 1 pass, 1 case\n" in good.stdout
    file.write_text(CASES.replace("0.0005", "0.0006"), encoding="utf-8")
    wrong = call("validate", "physics", file)
    assert wrong.exit_code == 1
    assert "FAIL area (formula): 0.0005 misses 0.0006 by more than 6e-10" in wrong.stdout
    result = json.loads(call("validate", "physics", file, "--json").stdout)["verdicts"]
    assert [(verdict["case"], verdict["passed"], verdict["got"]) for verdict in result] == [("area", False, 0.0005)]


def test_validate_physics_of_a_file_that_is_wrong(tmp_path: Path) -> None:
    done = call("validate", "physics", tmp_path / "cases.toml")
    assert (done.exit_code, done.stdout) == (1, "")
    assert "there is no such file" in done.stderr


# run


def test_run_says_what_would_calibrate_a_die(tmp_path: Path) -> None:
    file = tmp_path / "giga.toml"
    shipped = presets.presets()["giga_casting"].file.read_text(encoding="utf-8")
    assert "physics_scrap = 0.081" in shipped
    file.write_text(shipped.replace("physics_scrap = 0.081", "physics_scrap = 0.02"), encoding="utf-8")
    done = call("run", file, "--replications", 4, "--horizon", "2 weeks", "--seed", 3)
    found = re.search(r"die.physics_scrap = (0\.\d+) would meet it", done.stdout)
    assert found and 0.06 < float(found[1]) < 0.10
    assert "would meet it" not in call("run", file, *SHORT, "--physics", "off").stdout


def test_run_says_what_would_calibrate_another_law(tmp_path: Path) -> None:
    file = tmp_path / "additive.toml"
    shipped = presets.presets()["additive_cell"].file.read_text(encoding="utf-8")
    assert "physics_scrap = 0.05 " in shipped
    file.write_text(shipped.replace("physics_scrap = 0.05 ", "physics_scrap = 0.001 "), encoding="utf-8")
    done = call("run", file, "--replications", 8, "--horizon", "20 weeks", "--seed", 3)
    found = re.search(r"build.physics_scrap = (0\.\d+) would meet it", done.stdout)
    assert found and 0.03 < float(found[1]) < 0.07
    assert "would meet it" not in call("run", presets.presets()["additive_cell"].file, *SHORT).stdout


def test_run_json_is_one_object_and_the_same_for_any_number_of_workers(plant: Path) -> None:
    one, two = (call("run", plant, *SHORT, "--seed", 7, "--json", "--workers", workers) for workers in (1, 2))
    assert one.exit_code == two.exit_code == 0
    assert one.stdout == two.stdout
    result = json.loads(one.stdout)
    assert (result["plant"], result["seed"], result["replications"]) == ("Saw [one]", 7, 2)
    assert (result["horizon_s"], result["warmup_s"], result["demand_mode"]) == (604800.0, 604800.0, "sold_out")
    assert set(result["kpis"]["yield"]) == {"mean", "half_width", "n", "unit"}
    assert result["stations"].keys() == {"saw"}
    assert result["products"].keys() == {"piece"}
    assert 4.0 < result["kpis"]["good_parts_per_planned_hour"]["mean"] < 7.0  # 5.4 expected
    assert "2 of 2 runs" in one.stderr


def test_run_prints_tables_in_both_languages(plant: Path) -> None:
    english, korean = (call("run", plant, *SHORT, "--workers", 1, "--lang", lang) for lang in ("en", "ko"))
    assert english.exit_code == korean.exit_code == 0
    assert "Saw [one]" in english.stdout
    assert "2 replications of 1 week after 1 week of warm-up, sold out, physics on, seed 1" in english.stdout
    assert "Stations (bottleneck: Saw)" in english.stdout
    for text in ("톱 하나", "반복 실행 2회", "설비종합효율", "시간가동률", "가공 중", "완판"):
        assert text in korean.stdout


def test_every_key_figure_has_a_name_and_a_unit(plant: Path) -> None:
    result = json.loads(call("run", plant, *SHORT, "--workers", 1, "--json").stdout)
    for group in (result["kpis"], *result["stations"].values(), *result["products"].values()):
        for name, figure in group.items():
            for lang in ("en", "ko") if not name.startswith("loss_") else ():
                assert label(name, lang)
                assert unit_of(name, figure, lang).name or name in ("wip", "parts_per_24_planned_hours", "bottleneck")
    with pytest.raises(KeyError, match="no text 'kpi.luck'"):
        label("luck", "en")


def test_run_writes_its_numbers(plant: Path, tmp_path: Path) -> None:
    out = tmp_path / "deep" / "out"
    done = call("run", plant, *SHORT, "--workers", 1, "--json", "--out", out)
    assert done.exit_code == 0
    written = json.loads((out / "summary.json").read_text(encoding="utf-8"))
    assert written == json.loads(done.stdout)
    with (out / "summary.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {row["kind"] for row in rows} == {"plant", "station", "product"}
    good = next(row for row in rows if row["figure"] == "good_parts_per_year" and row["kind"] == "plant")
    assert float(good["mean"]) == written["kpis"]["good_parts_per_year"]["mean"]


def test_options_of_run_reach_the_simulation(plant: Path) -> None:
    def good(*options: object) -> float:
        done = call("run", plant, *SHORT, "--workers", 1, "--json", *options)
        mean: float = json.loads(done.stdout)["kpis"]["good_parts_per_planned_hour"]["mean"]
        return mean

    assert good() != good("--seed", 2)
    assert good("--demand-mode", "fixed_volume") == pytest.approx(500 / 168, rel=0.02)
    longer = json.loads(call("run", plant, "--horizon", "2 weeks", "--warmup", "0 s", "--json", *SHORT[2:]).stdout)
    assert (longer["horizon_s"], longer["warmup_s"]) == (1209600.0, 0.0)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--horizon", "3 days"], "3 days are 0.429 weeks"),
        (["--horizon", "4"], "has no unit"),
        (["--horizon", "0 weeks"], "--horizon"),
        (["--horizon", "soon"], "does not begin with a number"),
        (["--warmup", "-1 week"], "--warmup"),
    ],
)
def test_times_of_run_are_whole_weeks(plant: Path, options: list[str], said: str) -> None:
    done = call("run", plant, *options)
    assert (done.exit_code, done.stdout) == (2, "")
    assert said in words(done.stderr)


def test_a_run_in_which_the_plant_is_closed(plant: Path) -> None:
    calendar = """calendar = "works"
[calendar.works]
shifts = [{days = "Mon", from = "08:00", to = "16:00"}]
holidays = [8]
"""
    plant.write_text(PLANT.replace('name_ko = "톱 하나"\n', calendar), encoding="utf-8")
    done = call("run", plant, *SHORT)
    assert (done.exit_code, done.stdout) == (2, "")
    assert "--horizon: the plant is closed all the time after a warm-up of 604800 s" in words(done.stderr)
    assert call("run", plant, "--horizon", "2 weeks", "--replications", "1", "--json").exit_code == 0


def test_fixed_volume_needs_a_volume(plant: Path) -> None:
    plant.write_text(PLANT.replace("weekly_volume = 500", ""), encoding="utf-8")
    done = call("run", plant, "--demand-mode", "fixed_volume")
    assert done.exit_code == 2
    assert "source.bars.weekly_volume" in words(done.stderr)


@pytest.mark.parametrize("command", ["run", "study"])
def test_wrong_input_ends_with_1(command: str, plant: Path, study: Path, tmp_path: Path) -> None:
    other = study if command == "run" else plant
    plant.write_text(PLANT.replace("yield = 0.9", "yeild = 0.9"), encoding="utf-8")
    for file, said in (
        (plant if command == "run" else study, "did you mean 'yield'?"),
        (other, "this is a"),
        (tmp_path, "this is a folder"),
        (tmp_path / "no.toml", "there is no such file"),
    ):
        done = call(command, file)
        assert (done.exit_code, done.stdout) == (1, "")
        assert said in done.stderr
        assert done.stderr.endswith("1 problem\n")


@pytest.mark.parametrize("command", ["run", "study"])
def test_out_that_cannot_be_written_ends_before_the_simulation(command: str, plant: Path, study: Path) -> None:
    file = plant if command == "run" else study
    for out in (plant, plant / "below"):
        done = call(command, file, "--out", out)
        assert (done.exit_code, done.stdout) == (2, "")
        assert "name another directory" in words(done.stderr)
        assert " runs" not in done.stderr


@pytest.mark.parametrize(
    ("command", "simulation"), [("run", "factory_sim.study.runner.replicate"), ("study", "factory_sim.answer.decide")]
)
def test_input_that_only_the_simulation_refuses_ends_with_1(
    command: str, simulation: str, plant: Path, study: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise InputError([Problem("saw.toml", 12, "station.saw", "the saw is blunt; sharpen it")])

    monkeypatch.setattr(simulation, refuse)
    done = call(command, plant if command == "run" else study)
    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr == "saw.toml:12: station.saw: the saw is blunt; sharpen it\n1 problem\n"


def test_results_that_cannot_be_written_end_with_1(plant: Path, tmp_path: Path) -> None:
    (tmp_path / "out" / "summary.csv").mkdir(parents=True)
    done = call("run", plant, *SHORT, "--workers", 1, "--out", tmp_path / "out")
    assert done.exit_code == 1
    assert "name another --out" in done.stderr


def test_an_interrupt_ends_with_130(plant: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("factory_sim.study.runner.replicate", interrupted)
    done = call("run", plant)
    assert (done.exit_code, done.stdout, done.stderr) == (130, "", "interrupted\n")


@pytest.mark.parametrize(
    ("out", "said"), [(True, "the same command goes on"), (False, "with --out DIR it would go on")]
)
def test_an_interrupted_study_says_how_to_go_on(
    study: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, out: bool, said: str
) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("factory_sim.answer.decide", interrupted)
    done = call("study", study, *(["--out", tmp_path / "out"] if out else []))
    assert (done.exit_code, done.stdout) == (130, "")
    assert done.stderr == f"interrupted; {said} from here\n"


# study


def test_dry_run_lists_what_would_run(study: Path) -> None:
    done = call("study", study, "--dry-run")
    assert done.exit_code == 0
    text = words(done.stdout)
    assert "Does a faster saw pay?" in text
    assert "blade: Better blade factor station.saw.cycle = 0.8" not in text, "changes stand in the order of being made"
    assert 'set product.piece.price = "2100 KRW" shift station.saw.yield = { triangular = [0.01, 0.02, 0.03] }' in text
    assert "8 runs: 2 scenarios x 2 demand modes (sold out, fixed volume) x 2 replications" in text
    korean = words(call("study", study, "--dry-run", "--lang", "ko").stdout)
    assert "더 빠른 톱이 이득인가?" in korean
    assert "실행 8회" in korean


def test_dry_run_as_json(plant: Path, study: Path) -> None:
    study.write_text(STUDY.replace(', "fixed_volume"', ""), encoding="utf-8")
    result = json.loads(call("study", study, "--dry-run", "--json").stdout)
    assert (result["runs"], result["demand_modes"], result["plant"]) == (4, ["sold_out"], "Saw [one]")
    assert result["scenarios"]["baseline"] == {}
    assert result["scenarios"]["sharp"]["blade"][0] == "remove source.bars.weekly_volume"


def test_study_json_is_one_object_and_the_same_for_any_number_of_workers(study: Path) -> None:
    one, two = (call("study", study, "--json", "--workers", workers) for workers in (1, 2))
    assert one.exit_code == two.exit_code == 0
    assert one.stdout == two.stdout
    assert isinstance(json.loads(one.stdout), dict)


def test_study_prints_its_ranking_and_writes_its_report(study: Path, tmp_path: Path) -> None:
    done = call("study", study, "--workers", 1, "--out", tmp_path / "out")
    assert done.exit_code == 0
    assert "Better blade" in done.stdout
    report = Path(done.stdout.splitlines()[-1].removeprefix("Report: "))
    assert report.parent == tmp_path / "out"
    assert report.read_text(encoding="utf-8").lower().startswith("<!doctype html>")
    assert json.loads((tmp_path / "out" / "answer.json").read_text(encoding="utf-8"))
    assert len(list((tmp_path / "out" / commands.KEPT).iterdir())) == 8, "finished runs are kept"
    korean = call("study", study, "--workers", 1, "--lang", "ko")
    assert "더 좋은 날" in korean.stdout
    assert "--out DIR" in korean.stdout.splitlines()[-1]


# Progress


def test_progress_in_a_file_is_a_line_now_and_then(capsys: pytest.CaptureFixture[str]) -> None:
    with terminal.progress("runs") as report:
        for done in range(5):
            report(done, 4)
        report(4, 4)  # nothing new
    captured = capsys.readouterr()
    assert (captured.out, captured.err) == ("", "4 of 4 runs\n")
    with terminal.progress("runs", several=True) as report:
        for done, total in ((0, 2), (1, 2), (2, 2), (3, 3), (0, 1), (1, 1)):  # the second one was there already
            report(done, total)
    assert capsys.readouterr().err == "6 runs\n"


def test_progress_on_a_terminal_is_a_bar(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    with terminal.progress("runs") as report:
        report(3, 4)
    captured = capsys.readouterr()
    assert not captured.out
    assert "3/4 runs" in re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", captured.err)


def test_progress_turns_an_interrupt_into_130(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(typer.Exit) as exit_, terminal.progress("runs", "interrupted; go on"):
        raise KeyboardInterrupt
    assert exit_.value.exit_code == 130
    assert capsys.readouterr().err == "interrupted; go on\n"


def test_parts_can_be_followed(tmp_path: Path) -> None:
    """`run --out --parts` writes what happened to each part, also to those that were built in."""
    plant = Path(__file__).parent / "data" / "flow.toml"
    found = call("run", str(plant), "--replications", "1", "--horizon", "1 week", "--out", str(tmp_path), "--parts")
    assert found.exit_code == 0, found.output
    visits = (tmp_path / "visits.csv").read_text(encoding="utf-8-sig").splitlines()
    parts = (tmp_path / "parts.csv").read_text(encoding="utf-8-sig").splitlines()
    assert visits[0].startswith("part,product,station,machine,load,stops,when,") and len(visits) > 1000
    assert parts[0] == "part,product,born_h,left_h,due_h,fate,station,into,made_of" and len(parts) > 1000
    assert call("run", str(plant), "--parts").exit_code == 2
