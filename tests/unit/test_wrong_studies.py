"""Studies that make no sense are told before anything runs: file, line, key, what stands there, and what to do."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from factory_sim.cli import app
from factory_sim.model import InputError, read_study
from tests.unit import saws

COMBINED = '[design]\nkind = "combinations"'
THIRD = '[investment.third]\nset = {"station.saw.machines" = 3}\nmoney = {capex = "600e6 KRW"}\n'
HOURS = '[investment.saturday.set]\n"calendar.day.overtime" = [{days = "Sat", from = "08:00", to = "16:00"}]\n'
CALENDAR = '[calendar.day]\nshifts = [{days = "Mon-Fri", from = "08:00", to = "16:00"}]\n'


def scenario(name: str, *investments: str) -> str:
    return f"[scenario.{name}]\ninvestments = {json.dumps(investments)}\n"


WRONG = [
    (
        "",
        THIRD + scenario("both", "second", "third") + scenario("one", "blade"),
        "investment.third.set.station.saw.machines",
        "undoes what 'second' sets there, made before it in the scenario both, and paid for; write excludes",
    ),
    (
        COMBINED,
        '[investment.new_saw]\nset = {"station.saw.cycle" = "9 min"}\nmoney = {capex = "9e6 KRW"}\n',
        "investment.new_saw.set.station.saw.cycle",
        "undoes what 'blade' scales there, made before it in the scenario blade_and_new_saw, and paid for; write excl",
    ),
    (
        COMBINED,
        "".join(
            f'[investment.cell_{units}]\nmoney = {{capex = "9e6 KRW"}}\n'
            f'add = {{"resource.robot" = {{units = {units}}}}}\nset = {{"station.mill.yield" = 0.9}}\n'
            for units in (1, 2)
        ),
        "investment.cell_2.add.resource.robot",
        "undoes what 'cell_1' adds there, made before it in the scenario cell_1_and_cell_2",
    ),
    (
        "",
        THIRD.replace('set = {"station.saw.machines" = 3}', 'excludes = ["third"]\nset = {"station.saw.machines" = 3}'),
        "investment.third.excludes[0]",
        "'third' stands in its own excludes; remove it",
    ),
    (
        COMBINED,
        THIRD.replace("[investment.third]", '[investment.third]\nexcludes = ["blade", "second"]\nrequires = ["blade"]'),
        "investment.third.requires[0]",
        "'third' excludes 'blade' too, so it can never be made; remove one of them",
    ),
    (
        COMBINED,
        THIRD.replace("set =", 'requires = ["guide", "blade"]\nset =').replace("saw.machines", "mill.machines")
        + '[investment.guard]\nset = {"station.mill.yield" = 0.9}\nrequires = ["third"]\nexcludes = ["guide"]\n'
        + 'money = {capex = "1e6 KRW"}\n',
        "investment.guard",
        "is in no scenario, by what excludes and requires say; change them",
    ),
    (
        COMBINED,
        '[investment.blade_and_guide]\nset = {"station.mill.yield" = 0.9}\nmoney = {capex = "1e6 KRW"}\n',
        "investment.blade_and_guide",
        "is the name of the scenario of blade and guide too; choose another name",
    ),
    (
        '[design]\nkind = "fractional"\ngenerators = {second = ["blade", "gide"]}',
        "",
        "design.generators.second[1]",
        "there is no investment 'gide'; did you mean 'guide'?",
    ),
    (
        "",
        scenario("one", "blade") + scenario("other", "blade"),
        "scenario.other.investments",
        "the same as those of 'one'; remove one of them",
    ),
    (
        "",
        '[factors]\n"station.*.cycle" = ["9 min", "20 min"]\n"station.mill.cycle" = ["9 min", "20 min"]\n',
        "factors.station.mill.cycle",
        "moves what 'station.*.cycle' moves too; keep one of them",
    ),
]


@pytest.mark.parametrize(("tables", "more", "key", "said"), WRONG, ids=[key for _, _, key, _ in WRONG])
def test_what_makes_no_sense_is_told(tmp_path: Path, tables: str, more: str, key: str, said: str) -> None:
    file = saws.write(tmp_path, tables=tables, more=more)
    with pytest.raises(InputError) as refused:
        read_study(file)
    (problem,) = refused.value.problems
    assert problem.key == key and problem.message.startswith(said)
    line = file.read_text(encoding="utf-8").splitlines()[problem.line - 1]
    assert re.search(r"|".join(re.findall(r"\w+", key)[-2:]), line), line


def test_an_investment_may_adapt_a_part_of_what_another_one_did_where_the_file_gives_the_order(tmp_path: Path) -> None:
    more = '[investment.cell]\nset = {"station.saw.machines" = 4, "station.saw.yield" = 0.99}\n'
    more += 'money = {capex = "9e8 KRW"}\n' + scenario("both", "cell", "second") + scenario("same", "second", "blade")
    assert saws.study(tmp_path, more=more).scenarios["both"] == ("cell", "second")


def test_more_hours_of_a_week_need_another_year(tmp_path: Path) -> None:
    """A Saturday more, but as many hours of a year: the plant would seem to work fewer weeks, and gain nothing."""
    file = saws.write(tmp_path, more=HOURS + '[investment.saturday.money]\ncapex = "1 KRW"\n')
    plant = (tmp_path / "plant.toml").read_text(encoding="utf-8")
    plant = plant.replace('"Saw and mill"', '"Saw and mill"\ncalendar = "day"\nhours_per_year = "2000 h"') + CALENDAR
    (tmp_path / "plant.toml").write_text(plant, encoding="utf-8")
    with pytest.raises(InputError) as refused:
        read_study(file)
    (problem,) = refused.value.problems
    assert problem.key == "investment.saturday.set.calendar.day.overtime"
    assert "for 2,496 h in 52 weeks instead of 2,080 h" in problem.message
    assert problem.message.endswith('set "plant.hours_per_year" too, in proportion "2400 h"')
    text = file.read_text(encoding="utf-8")
    for mended in (
        '"plant.hours_per_year" = "2400 h"\n',
        '[investment.saturday.factor]\n"plant.hours_per_year" = 1.2\n',
    ):
        file.write_text(text.replace(HOURS, HOURS + mended), encoding="utf-8")
        assert read_study(file).investment["saturday"].changes


@pytest.mark.parametrize("life", ["8 s", "-8 yr", "0 yr", "6 days"])
def test_a_life_of_seconds_is_told(tmp_path: Path, life: str) -> None:
    """Made together with what lives for years it would be bought again for ever."""
    more = f'[investment.third]\nset = {{"station.saw.machines" = 3}}\nmoney = {{capex = "6e6 KRW", life = "{life}"}}\n'
    with pytest.raises(InputError, match=r"investment\.third\.money\.life: the value must be at least 1 week"):
        saws.study(tmp_path, more=more + scenario("both", "blade", "third"))


def test_a_dry_run_says_what_will_not_be_simulated(tmp_path: Path) -> None:
    file = str(saws.write(tmp_path, more=scenario("one", "blade")))
    done = CliRunner().invoke(app, ["study", file, "--dry-run"])
    assert "in no scenario, so not simulated: nothing, guide, second" in done.stdout
    assert "each 1 week measured after 1 week" in done.stdout and "blade: blade" not in done.stdout
    saws.write(tmp_path, tables='[design]\nbudget = "60e6 KRW"')
    done = CliRunner().invoke(app, ["study", file, "--dry-run", "--lang", "ko"])
    assert "제외된 시나리오: second (" in done.stdout
    assert "초기 안정화 1주 뒤 1주 측정" in done.stdout and "초, 작업" in done.stdout
    told = json.loads(CliRunner().invoke(app, ["study", file, "--dry-run", "--json"]).stdout)
    assert (told["left_out"], told["in_no_scenario"]) == ({"second": "budget"}, [])


def test_a_study_that_names_a_study_as_its_plant(tmp_path: Path) -> None:
    file = saws.write(tmp_path)
    file.write_text(file.read_text(encoding="utf-8").replace('"plant.toml"', '"study.toml"'), encoding="utf-8")
    with pytest.raises(InputError) as refused:
        read_study(file)
    (problem,) = refused.value.problems
    assert problem.key == "study.plant" and "is a study, but a plant is needed" in problem.message


@pytest.mark.parametrize("precision", ["indifference", "half_width"])
def test_a_precision_that_nobody_can_reach_is_told(tmp_path: Path, precision: str) -> None:
    selection = {"indifference": "kn", "half_width": "half_width"}[precision]
    with pytest.raises(InputError, match="at least 1 KRW, not 1e-300 KRW"):
        saws.study(tmp_path, f'selection = "{selection}"', f'[precision]\n{precision} = "1e-300 KRW"')


def run(*arguments: str) -> tuple[int, str]:
    found = CliRunner().invoke(app, [*arguments, "--workers", "1"])
    assert found.exception is None or isinstance(found.exception, SystemExit), found.exception
    return found.exit_code, found.stderr


@pytest.mark.parametrize(
    ("over", "said"),
    [
        ("station.saw.machines=1..3", ""),
        ("buffer.rack.capacity=-1..3", "--over: the value must be at least 0"),
        ("finance.tax_rate=0.05..0.3", "finance.minimum_tax_rate: with finance.tax_rate = 0."),
        ("resource.helper.units=0..2", "resource.helper.units: with resource.helper.units = 0: station.mill.needs"),
    ],
)
def test_a_range_that_leads_into_nonsense_is_told_before_a_run(tmp_path: Path, over: str, said: str) -> None:
    file = saws.write(tmp_path, "replications = 2", "[finance]\nminimum_tax_rate = 0.1")
    plant = (tmp_path / "plant.toml").read_text(encoding="utf-8")
    plant = plant.replace('cycle = "14 min"', 'cycle = "14 min"\nneeds = ["helper"]') + "[resource.helper]\nunits = 1\n"
    (tmp_path / "plant.toml").write_text(plant, encoding="utf-8")
    code, told = run("explore", str(file), "--over", over, "--samples", "4", "--scenario", "blade")
    assert code == {"": 0, "--over": 2}.get(said.partition(":")[0], 1)
    assert said in told and (not said or "runs" not in told)
    if code == 1:
        assert re.match(r".*\.toml:(?!1:)\d+: ", told), told
