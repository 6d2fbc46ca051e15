"""The checks of a plant: all shipped plants pass, and each check fails if the simulator does what it must not."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from typer.testing import CliRunner

from factory_sim.cli import app
from factory_sim.model import Plant, Si, parse_plant
from factory_sim.report.words import glossary
from factory_sim.results.measures import Kpi, Measures, measure
from factory_sim.simulation import trace as t
from factory_sim.simulation.plan import NEVER, UNLIMITED, Plan
from factory_sim.simulation.prepare import prepare
from factory_sim.simulation.run import simulate
from factory_sim.simulation.trace import Trace
from factory_sim.validation import simpler, subject
from factory_sim.validation.plant import CHECKS, judge
from factory_sim.validation.subject import PlantVerdict, Subject
from tests.architecture.imports import ROOT

Change = Callable[[Trace], Trace]


def line(**more: Any) -> dict[str, Any]:
    """Return the tables of two machines in a line with luck, scrap, money and energy."""
    return {
        "plant": {"name": "Line", "name_ko": "라인"},
        "source": {"blanks": {}},
        "sink": {"done": {}},
        "product": {"part": {"route": ["blanks", "turn", "mill", "done"], "price": "900 KRW", "material": "100 KRW"}},
        "buffer": {"between": {"before": "mill", "capacity": 2}},
        "station": {
            "turn": {"cycle": {"uniform": ["9 min", "15 min"]}, "power": {"working": "5 kW"}},
            "mill": {"cycle": "12 min", "yield": 0.9, "gas_per_part": "1 kWh"},
        },
        "economics": {"electricity": "165 KRW/kWh"},
        **more,
    }


@pytest.fixture
def plant() -> Plant:
    return parse_plant(line())


@pytest.fixture
def break_runs(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Return a function that makes the simulator wrong: a change of each trace, or of those that `when` names."""

    def broken(change: Change, when: Callable[[Plan, int, int], bool] = lambda *_: True) -> None:
        calls = 0

        def run(plan: Plan, seed: int, replication: int, horizon: float) -> Trace:
            nonlocal calls
            calls += 1
            trace = simulate(plan, seed, replication, horizon)
            return change(trace) if when(plan, seed, calls) else trace

        monkeypatch.setattr(subject, "simulate", run)

    return broken


def with_column(trace: Trace, table: str, column: str, values: Any) -> Trace:
    """Return a trace with another column."""
    return with_table(trace, table, {**getattr(trace, table), column: values})


def without_row(trace: Trace, table: str, row: int) -> Trace:
    columns = {name: np.delete(column, row) for name, column in getattr(trace, table).items()}
    return with_table(trace, table, columns)


def with_table(trace: Trace, table: str, columns: dict[str, Any]) -> Trace:
    changed: Any = {table: columns}
    return replace(trace, **changed)


def good(trace: Trace) -> Any:
    return trace.parts["fate"] == t.AT_SINK


def verdict(check: str, plant: Plant) -> PlantVerdict:
    """Return one verdict, with the texts in both languages tried."""
    found = next(each for each in judge(plant) if each.check == check)
    assert found.seen.text("ko") and found.expected.text("ko")
    return found


# What is right passes


LAYOUTS = sorted(file for file in (ROOT / "layouts").glob("*.toml") if "study" not in file.stem)


@pytest.mark.slow
@pytest.mark.parametrize("file", LAYOUTS, ids=[file.stem for file in LAYOUTS])
def test_every_layout_passes(file: Path) -> None:
    from factory_sim.model import read

    assert [each.to_json() for each in judge(read(file)) if each.passed is False] == []


def test_a_line_passes_every_check(plant: Plant) -> None:
    told: list[tuple[int, int]] = []
    verdicts = judge(plant, lambda done, total: told.append((done, total)))
    assert [each.check for each in verdicts if each.passed is not True] == []
    assert told == [(done, len(CHECKS)) for done in range(len(CHECKS) + 1)]


FEATURES: dict[str, dict[str, Any]] = {
    "a route that comes back": {"product": {"part": {"route": ["blanks", "turn", "mill", "turn", "done"]}}},
    "a closed loop": {"source": {"blanks": {"cards": 4}}},
    "arrivals at random": {"source": {"blanks": {"interval": {"exponential": "13 min"}}}},
    "arrivals at times": {"source": {"blanks": {"at": ["1 h", "2 h", "3 h"]}}},
    "parts at the beginning": {"buffer": {"between": {"before": "mill", "capacity": 2, "initial": 2}}},
    "shares": {
        "product": {
            "one": {"route": ["blanks", "turn", "done"], "share": 0.3, "step": {"turn": {"cycle": "5 min"}}},
            "two": {"route": ["blanks", "turn", "mill", "done"], "share": 0.7},
        }
    },
    "shares that part at once": {
        "source": {"blanks": {"interval": "13 min"}},
        "product": {
            "one": {"route": ["blanks", "mill", "done"], "share": 0.3},
            "two": {"route": ["blanks", "turn", "mill", "done"], "share": 0.7},
        },
    },
    "orders": {"order": [{"product": "part", "at": "1 h", "due": "9 h", "quantity": 30}]},
    "a weekly volume": {
        "plant": {"name": "Line", "demand_mode": "fixed_volume"}, "source": {"blanks": {"weekly_volume": 100}}
    },
    "rework, failures, shifts, operators": {
        "plant": {"name": "Line", "calendar": "days"},
        "calendar": {"days": {"shifts": [{"days": "Mon-Fri", "from": "08:00", "to": "16:00"}]}},
        "resource": {"people": {"units": 1}},
        "station": {
            "turn": {"cycle": "12 min", "rework": 0.2, "needs": ["people"], "load": "2 min", "off_shift": "finish"},
            "mill": {
                "cycle": "12 min", "needs": ["people"], "loss": 0.1, "machines": 2,
                "failure": {"tool": {"between": {"exponential": "5 h"}, "repair": "1 h", "crew": "people"}},
                "planned": {"clean": {"every": "6 h", "duration": "20 min"}},
            },
        },
    },
    "parts that wait too long for an operator": {
        "source": {"blanks": {"interval": "13 min"}},
        "resource": {"people": {"units": 1}},
        "station": {
            "turn": {"cycle": "12 min", "needs": ["people"]},
            "mill": {"cycle": "12 min", "needs": ["people"], "window": {"limit": "10 min"}},
        },
    },
    "parts that are lost by rule": {
        "source": {"blanks": {"interval": "12 min"}},
        "station": {
            "turn": {"flow": {"kind": "continuous_furnace", "length": "6 m", "pitch": "1 m", "residence": "1 h",
                              "max_residence": "64 min"}},
            "mill": {"cycle": "13 min"},
        },
        "buffer": {},
    },
    "loads": {"station": {"turn": {"cycle": "12 min"}, "mill": {"cycle": "40 min", "batch": {"max": 4, "min": 2}}},
              "buffer": {}},
    "setups": {
        "product": {
            "one": {"route": ["blanks", "turn", "done"], "share": 0.3},
            "two": {"route": ["blanks", "turn", "mill", "done"], "share": 0.7},
        },
        "station": {
            "turn": {"cycle": "12 min", "setup": {"change": "5 min"}},
            "mill": {"cycle": "5 min", "setup": {"random_share": 0.1, "random_time": "9 min"}},
        },
    },
}  # fmt: skip


@pytest.mark.parametrize("name", FEATURES)
def test_features_fail_no_check(name: str) -> None:
    verdicts = judge(parse_plant(line(**FEATURES[name])))
    assert [each.to_json() for each in verdicts if each.passed is False] == []
    assert {each.check for each in verdicts if each.passed is None} <= {"buffers", "money", "oee"}


def test_what_does_not_apply_says_why() -> None:
    one = line(station={"turn": {"cycle": "1 h"}}, product={"part": {"route": ["blanks", "turn", "done"]}}, buffer={})
    one.pop("economics")
    found = {each.check: each for each in judge(parse_plant(one))}
    assert {name for name, each in found.items() if each.passed is None} == {"buffers", "money"}
    assert found["buffers"].seen.text("en") == "only one station, so no buffer between stations"
    assert found["other_seeds"].seen.text("en") == "all the same"


def test_the_expected_numbers_are_those_of_the_hand(plant: Plant) -> None:
    assert simpler.way(plant, "part") == [("turn", 720.0), ("mill", 720.0)]
    lead_time = verdict("lead_time", plant)
    assert (lead_time.seen.values["time"], lead_time.expected.values["time"]) == ("1,440", "1,440")
    rate = verdict("rate", plant)
    assert rate.expected.values["rate"] == "5"  # one in 12 min
    alone = simpler.single_parts(plant).station["mill"]
    assert (alone.yield_, alone.cycle.kind, alone.batch, alone.setup) == (1.0, "constant", None, None)


# What is wrong fails


def test_lead_times_that_miss_by_a_microsecond_fail(plant: Plant, break_runs: Callable[..., None]) -> None:
    break_runs(lambda trace: with_column(trace, "parts", "left", trace.parts["left"] + good(trace)))
    assert verdict("lead_time", plant).passed is False
    assert "1,440.000001 s" in verdict("lead_time", plant).seen.text("en")


def test_a_part_that_stays_inside_fails(plant: Plant, break_runs: Callable[..., None]) -> None:
    break_runs(lambda trace: with_column(trace, "parts", "fate", np.full_like(trace.parts["fate"], t.INSIDE)))
    assert verdict("lead_time", plant).seen.text("en") == "part: the part did not come out good"


def test_more_parts_than_the_slowest_station_can_make_fail(plant: Plant, break_runs: Callable[..., None]) -> None:
    def twice(trace: Trace) -> Trace:
        return replace(trace, parts={name: np.concatenate([column] * 2) for name, column in trace.parts.items()})

    break_runs(twice)
    assert verdict("rate", plant).passed is False
    assert verdict("parts", plant).passed is False


def test_fewer_parts_than_the_slowest_station_makes_fail(plant: Plant, break_runs: Callable[..., None]) -> None:
    break_runs(lambda trace: with_column(trace, "parts", "fate", trace.parts["fate"] + (trace.parts["part"] % 50 == 0)))
    assert verdict("rate", plant).passed is False


def test_work_without_demand_fails(plant: Plant, monkeypatch: pytest.MonkeyPatch) -> None:
    always = prepare(plant)
    monkeypatch.setattr(subject, "simulate", lambda _, *rest: simulate(always, *rest))
    found = verdict("no_demand", plant)
    assert found.passed is False
    assert "0 parts started" not in found.seen.text("en")


def test_places_that_delay_a_part_fail(plant: Plant, break_runs: Callable[..., None]) -> None:
    def late(trace: Trace) -> Trace:
        return with_column(trace, "parts", "left", trace.parts["left"] + good(trace) * 1_000_000_000)

    break_runs(late, lambda plan, *_: [place.capacity for place in plan.places][1] in range(3, UNLIMITED))
    assert verdict("buffers", plant).passed is False


@pytest.mark.parametrize("check", ["parts", "little"])
def test_a_part_that_vanishes_fails(check: str, plant: Plant, break_runs: Callable[..., None]) -> None:
    break_runs(lambda trace: without_row(trace, "parts", 100))
    assert verdict(check, plant).passed is False


def test_scrap_that_is_counted_as_good_fails(plant: Plant, break_runs: Callable[..., None]) -> None:
    def whitewash(trace: Trace) -> Trace:
        fate = trace.parts["fate"]
        return with_column(trace, "parts", "fate", np.where(fate == t.REJECTED, t.AT_SINK, fate))

    break_runs(whitewash)
    assert "wrong: part" in verdict("parts", plant).seen.text("en")


def test_a_visit_that_vanishes_fails(plant: Plant, break_runs: Callable[..., None]) -> None:
    break_runs(lambda trace: without_row(trace, "visits", 100))
    found = verdict("states", plant)
    assert (found.passed, found.seen.text("en")) == (False, "1 of 2 machines exact")


def test_states_that_do_not_reach_the_horizon_fail(plant: Plant, break_runs: Callable[..., None]) -> None:
    def cut(trace: Trace) -> Trace:
        return replace(trace, visits={name: column[:-2] for name, column in trace.visits.items()})

    break_runs(cut)
    assert verdict("states", plant).passed is False


def test_parts_that_stay_longer_than_their_visits_fail(plant: Plant, break_runs: Callable[..., None]) -> None:
    break_runs(lambda trace: with_column(trace, "parts", "left", trace.parts["left"] + (trace.parts["part"] == 7)))
    assert verdict("little", plant).passed is False


def test_a_run_that_is_another_one_the_second_time_fails(plant: Plant, break_runs: Callable[..., None]) -> None:
    def late(trace: Trace) -> Trace:
        return with_column(trace, "visits", "net", trace.visits["net"] + (trace.visits["part"] == 7))

    break_runs(late, lambda _plan, _seed, calls: calls % 2 == 0)
    assert verdict("same_seed", plant).passed is False


def test_seeds_without_effect_fail(plant: Plant, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subject, "simulate", lambda plan, _seed, _replication, horizon: simulate(plan, 1, 0, horizon))
    assert verdict("other_seeds", plant).seen.key == "seeds_alike"


def test_luck_where_nothing_is_drawn_fails(break_runs: Callable[..., None]) -> None:
    constant = line(station={"turn": {"cycle": "10 min"}, "mill": {"cycle": "12 min"}})
    break_runs(lambda trace: without_row(trace, "visits", 5), lambda _, seed, _calls: seed != subject.SEED)
    assert verdict("other_seeds", parse_plant(constant)).seen.key == "luck_where_none"


def test_seeds_with_another_mean_fail(plant: Plant, break_runs: Callable[..., None]) -> None:
    def poorer(trace: Trace) -> Trace:
        return with_column(trace, "parts", "fate", np.where(trace.parts["part"] % 4, trace.parts["fate"], t.REJECTED))

    break_runs(poorer, lambda _, seed, _calls: seed != subject.SEED)
    assert verdict("other_seeds", plant).passed is False


def broken_measures(monkeypatch: pytest.MonkeyPatch, change: Callable[[Measures], Measures]) -> None:
    monkeypatch.setattr(subject, "measure", lambda *given: change(measure(*given)))


@pytest.mark.parametrize("name", ["revenue_per_year", "labour_per_year", "electricity_per_good_part"])
def test_sums_that_do_not_add_up_fail(name: str, plant: Plant, monkeypatch: pytest.MonkeyPatch) -> None:
    def change(found: Measures) -> Measures:
        kpi = found.kpis[name]
        return replace(found, kpis={**found.kpis, name: Kpi(kpi.value * 1.0001 + 10.0, kpi.unit)})

    broken_measures(monkeypatch, change)
    found = verdict("money", plant)
    assert found.passed is False and "wrong sums" in found.seen.text("en")


@pytest.mark.parametrize("name", ["oee", "quality", "shop_performance", "loss_failed", "state_blocked"])
def test_factors_that_do_not_multiply_fail(name: str, plant: Plant, monkeypatch: pytest.MonkeyPatch) -> None:
    def change(found: Measures) -> Measures:
        mill = {**found.stations["mill"], name: Kpi(found.stations["mill"][name].value + 0.001, "1")}
        return replace(found, stations={**found.stations, "mill": mill})

    broken_measures(monkeypatch, change)
    assert verdict("oee", plant).seen.text("en") == "wrong: mill"


def test_a_simulator_that_stops_fails_every_check(plant: Plant, monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(*_: object) -> Trace:
        raise AssertionError("two parts in one place")

    monkeypatch.setattr(subject, "simulate", stop)
    verdicts = judge(plant)
    assert all(each.passed is False for each in verdicts)
    assert "two parts in one place" in verdicts[0].seen.text("en")


def test_a_plant_that_cannot_be_made_simpler_is_not_judged(plant: Plant, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(simpler, "saturated", lambda _: parse_plant({"plant": {}}))
    found = verdict("rate", plant)
    assert found.passed is None and "plant.name: the key is missing" in found.seen.text("en")


def test_without_demand_nothing_is_left_to_make() -> None:
    quiet = simpler.without_demand(parse_plant(line(order=[{"product": "part", "quantity": 9}])))
    assert quiet.order[0].at == simpler.FAR == Si(1e10) and quiet.order[0].quantity == 1
    assert prepare(quiet).sources[0].at[0].time < NEVER


def test_subjects_run_once(plant: Plant, monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[float] = []

    def counted(plan: Plan, seed: int, replication: int, horizon: float) -> Trace:
        calls.append(horizon)
        return simulate(plan, seed, replication, horizon)

    monkeypatch.setattr(subject, "simulate", counted)
    of = Subject(plant)
    assert of.trace is of.trace and of.measures is of.measures
    assert calls == [subject.HORIZON]


# Words and the command

# English term, Korean term of the glossary of the root industry, keys that must have it.
TERMS = [
    ("lead time", "리드타임", "lead_time_expected"),
    ("throughput", "생산량", "rate_wanted"),
    ("buffer", "버퍼", "name_buffers"),
    ("station", "공정", "one_station"),
    ("random seed", "난수 시드", "name_same_seed"),
    ("work in process", "재공", "little_expected"),
    ("confidence interval", "신뢰구간", "other_seeds_expected"),
    ("overall equipment effectiveness", "설비종합효율 (OEE)", "name_oee"),
    ("good quantity", "양품", "other_seeds_seen"),
    ("line", "라인", "not_serial"),
]


@pytest.mark.parametrize(("english", "korean", "key"), TERMS)
def test_terms_are_those_of_the_trade(english: str, korean: str, key: str) -> None:
    assert korean in glossary()[f"validate.{key}"]["ko"], f"'{english}' is '{korean}'"


def test_every_check_has_its_words() -> None:
    for name in CHECKS:
        assert {f"validate.name_{name}", f"validate.{name}_wanted"} <= set(glossary()), name


def call(*arguments: object) -> Any:
    return CliRunner().invoke(app, [str(argument) for argument in arguments], catch_exceptions=False)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    made = tmp_path / "saw.toml"
    made.write_text(
        '[plant]\nname = "Saw [one]"\nname_ko = "톱 하나"\n[source.bars]\n[sink.pieces]\n[product.piece]\n'
        'route = ["bars", "saw", "pieces"]\n[station.saw]\ncycle = {exponential = "1 h"}\n',
        encoding="utf-8",
    )
    return made


def test_the_verdict_is_printed_as_a_table(file: Path) -> None:
    done = call("validate", "plant", file)
    assert done.exit_code == 0
    assert done.stderr == f"{len(CHECKS)} of {len(CHECKS)} checks\n"
    said = " ".join(done.stdout.split())
    assert said.startswith("Saw [one]: what must hold in any plant check verdict expected seen")
    assert "9 pass, 0 fail, 2 not applicable" in said


def test_the_verdict_is_printed_in_korean(file: Path) -> None:
    done = call("validate", "plant", file, "--lang", "ko")
    said = " ".join(done.stdout.split())
    assert "톱 하나: 어떤 공장에서나 성립해야 하는 것" in said
    assert "통과 9, 실패 0, 해당 없음 2" in said


def test_the_verdict_is_printed_as_json(file: Path) -> None:
    done = call("validate", "plant", file, "--json")
    found = json.loads(done.stdout)
    assert (done.exit_code, found["plant"]) == (0, "Saw [one]")
    assert [each["check"] for each in found["verdicts"]] == list(CHECKS)
    assert {each["passed"] for each in found["verdicts"]} == {True, None}
    assert set(found["verdicts"][0]) == {"check", "passed", "expected", "seen"}


def test_one_check_that_fails_ends_with_1(file: Path, break_runs: Callable[..., None]) -> None:
    break_runs(lambda trace: without_row(trace, "visits", 10))
    done = call("validate", "plant", file)
    assert done.exit_code == 1
    assert "FAIL" in done.stdout


def test_a_wrong_plant_is_said_and_not_judged(tmp_path: Path) -> None:
    (tmp_path / "bad.toml").write_text("[plant]\n", encoding="utf-8")
    done = call("validate", "plant", tmp_path / "bad.toml")
    assert (done.exit_code, done.stdout) == (1, "")
    assert "problem" in done.stderr
