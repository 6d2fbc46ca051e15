"""Designs of studies: which scenarios follow, what they say, what is left out and told; every replication on disk."""

from __future__ import annotations

from itertools import product
from pathlib import Path
from zipfile import ZipFile

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from factory_sim.answer import decide
from factory_sim.model import InputError, read_study
from factory_sim.model.design_schema import fraction, subsets, words
from factory_sim.report.replications import frame_of, write_replications
from factory_sim.study.analysis import effects_of, front_of
from factory_sim.study.compare import compare
from factory_sim.study.effects import effects, pareto
from factory_sim.study.limits import admitted, connected_power
from tests.unit import saws

LATE = "[investment.late]\nmoney = {capex = '1 KRW', benefit = {sold_out = '1 KRW/yr'}}\n"
BOTH = "[scenario.x]\ninvestments = ['blade', 'late']\n"
ALL = '[design]\nkind = "combinations"'


def test_all_combinations_but_what_excludes_requires_or_costs_too_much(tmp_path: Path) -> None:
    study = saws.study(tmp_path, tables=ALL)
    assert len(study.scenarios) == 16 and study.scenarios["blade_and_guide"] == ("blade", "guide")
    text = saws.write(tmp_path, tables=ALL).read_text(encoding="utf-8")
    text = text.replace("[investment.blade]", '[investment.blade]\nexcludes = ["guide"]\nrequires = ["nothing"]')
    (tmp_path / "study.toml").write_text(text, encoding="utf-8")
    from factory_sim.model import read_study

    sets = list(read_study(tmp_path / "study.toml").scenarios.values())
    assert ("blade", "guide") not in sets and ("blade",) not in sets and ("nothing", "blade") in sets
    assert not any({"blade", "guide"} <= set(made) or ("blade" in made and "nothing" not in made) for made in sets)
    cheap = saws.study(tmp_path, tables=f'{ALL}\nbudget = "70e6 KRW"')
    assert len(cheap.left_out) == 9 and set(cheap.left_out.values()) == {"budget"}
    assert list(cheap.scenarios.values()) == [
        (), ("nothing",), ("blade",), ("guide",), ("nothing", "blade"), ("nothing", "guide"), ("blade", "guide"),
    ]  # fmt: skip


def test_a_whole_design_gives_effects_that_add_up_to_every_scenario(tmp_path: Path) -> None:
    found = compare(saws.study(tmp_path, tables=ALL), workers=2)
    listed = effects_of(found, "sold_out")
    main = {each.factors: each.interval for each in listed}
    assert len(main) == 4 + 6
    outcomes = found.modes["sold_out"]
    npv = {made: 0.0 if not made else outcomes[name].worth.npv().mean for name, made in found.study.scenarios.items()}  # type: ignore[union-attr]
    with_, without = ([value for made, value in npv.items() if ("second" in made) is high] for high in (True, False))
    assert main["second",].mean == pytest.approx(np.mean(with_) - np.mean(without))
    front = front_of(found, "sold_out")
    assert found.ranking("sold_out")[0] in front
    text = " ".join(decide(found.study, workers=1).table().split())
    assert "Pareto" in text and "effects on net present value" in text


@given(st.lists(st.floats(-10, 10), min_size=4, max_size=4), st.floats(-10, 10))
def test_effects_of_an_additive_model_are_its_coefficients(coefficients: list[float], pair: float) -> None:
    names = "abcd"
    sets = {"".join(made) or "none": made for made in subsets(names)}

    def value(made: tuple[str, ...]) -> float:
        both = pair if {"a", "b"} <= set(made) else 0.0
        return sum(coefficients[names.index(name)] for name in made) + both

    found = {
        each.factors: each.interval.mean for each in effects(sets, names, {n: [value(m)] for n, m in sets.items()})
    }
    for name, coefficient in zip(names, coefficients, strict=True):
        share = pair / 2.0 if name in "ab" else 0.0
        assert found[name,] == pytest.approx(coefficient + share, abs=1e-9)
    assert found["a", "b"] == pytest.approx(pair / 2.0, abs=1e-9)
    assert found["c", "d"] == pytest.approx(0.0, abs=1e-9)


def test_a_fraction_is_orthogonal_and_says_what_it_cannot_tell_apart() -> None:
    generators = {"d": ["a", "b", "c"]}  # resolution IV
    sets = {"_".join(made) or "none": made for made in fraction("abcd", generators)}
    assert len(sets) == 8 and min(map(len, words(generators))) == 4
    found = effects(sets, "abcd", {name: [float("a" in made)] for name, made in sets.items()})
    assert {each.factors: each.aliases for each in found} == {
        ("a",): (), ("b",): (), ("c",): (), ("d",): (), ("a", "b"): ("c x d",), ("a", "c"): ("b x d",),
        ("a", "d"): ("b x c",),
    }  # fmt: skip
    three = dict(enumerate(fraction("abc", {"c": ["a", "b"]})))
    aliased = effects({str(n): m for n, m in three.items()}, "abc", {str(n): [0.0] for n in three})
    assert [each.aliases for each in aliased] == [("b x c",), ("a x c",), ("a x b",)]


def test_a_fraction_as_a_study(tmp_path: Path) -> None:
    tables = '[design]\nkind = "fractional"\ngenerators = {second = ["nothing", "blade", "guide"]}'
    found = compare(saws.study(tmp_path, tables=tables), workers=2)
    assert len(found.study.scenarios) == 8
    listed = found.to_json()["effects"]
    assert isinstance(listed, list) and len(listed) == 7 and listed[4]["aliases"] == ["guide x second"]


@given(st.lists(st.tuples(*[st.integers(0, 4)] * 3), min_size=1, max_size=12))
def test_the_front_is_what_no_point_beats(points: list[tuple[int, int, int]]) -> None:
    named = {str(index): point for index, point in enumerate(points)}
    front = pareto(named)
    assert front
    for name, point in named.items():
        beaten = any(all(map(int.__ge__, o, point)) and o != point for o in points)
        assert (name in front) is not beaten
    assert pareto({"a": (1.0, float("nan"))}) == []


def test_limits_leave_scenarios_out_and_say_so(tmp_path: Path) -> None:
    study = saws.study(tmp_path, tables='[design]\npower = "30 kW"')
    assert connected_power(study.plant) == 20e3
    kept = admitted(study)
    assert kept.left_out == {"second": "power"} and "second" not in kept.scenarios and "second" in study.scenarios
    answer = decide(study, workers=1)
    assert answer.to_json()["left_out"] == {"second": "power"}
    assert "exceed a limit: second (connected power)" in " ".join(answer.table().split())
    with pytest.raises(InputError, match="every scenario exceeds it"):
        admitted(saws.study(tmp_path, tables="[design]\npeople = 2"))
    assert admitted(saws.study(tmp_path, tables="[design]\npeople = 3")).left_out == {}


SPACE = '[investment.wide]\nfootprint = "40 m^2"\nset = {"station.mill.cycle" = "9 min"}\nmoney = {capex = "1e6 KRW"}\n'


def test_floor_space_is_limited_by_the_study_or_by_the_hall(tmp_path: Path) -> None:
    roomy = saws.study(tmp_path, tables=f'{ALL}\nfloor_space = "40 m^2"', more=SPACE)
    assert roomy.left_out == {}
    study = saws.study(tmp_path, tables='[design]\nfloor_space = "39 m^2"', more=SPACE)
    assert study.left_out == {"wide": "floor_space"}
    assert "exceed a limit: wide (floor space)" in " ".join(decide(study, workers=1).table().split())
    frees = SPACE + SPACE.replace("wide", "tidy").replace("40 m", "-30 m")
    names = saws.study(tmp_path, tables=f'{ALL}\nfloor_space = "10 m^2"', more=frees).scenarios
    assert "wide" not in names
    assert "wide_and_tidy" in names
    file = saws.write(tmp_path, more=SPACE)
    text = (tmp_path / "plant.toml").read_text(encoding="utf-8")
    hall = 'floor = {width = "40 m", depth = "20 m", free = "30 m^2"}\n'
    text = text.replace("[source.bars]", f"{hall}[source.bars]", 1)
    for number, station in enumerate(("station.saw", "station.mill")):
        text = text.replace(f"[{station}]", f'[{station}]\nat = {{x = "{number}0 m", y = "0 m"}}')
    (tmp_path / "plant.toml").write_text(text, encoding="utf-8")
    assert read_study(file).left_out == {"wide": "floor_space"}


@pytest.mark.parametrize(
    ("tables", "more", "key", "said"),
    [
        (
            '[design]\nfloor_space = "1 m^2"\nkind = "list"\n[scenario.x]\ninvestments = ["wide"]',
            SPACE,
            "design.floor_space",
            "the smallest scenario takes 40 m^2; raise it",
        ),
        ("", SPACE.replace("40 m^2", "40 m"), "investment.wide.footprint", "an area"),
        ("[factors]\n'station.saw.cyle' = ['1 min', '2 min']", "", "factors.station.saw.cyle", "did you mean"),
        ("[factors]\n'station.saw.cycle' = '1 min'", "", "factors.station.saw.cycle", "write the two ends"),
        (
            "[factors]\n'station.saw.cycle' = ['3 min', '2 min']",
            "",
            "factors.station.saw.cycle",
            "begin with the lower",
        ),
        (
            "[factors]\n'investment.blade.money.capx' = ['1 KRW', '2 KRW']",
            "",
            "factors.investment.blade.money.capx",
            "did you mean 'investment.blade.money.capex'?",
        ),
        (
            "[factors]\n'investment.blade.money.subsidy.cap' = ['1 KRW', '2 KRW']",
            "",
            "factors.investment.blade.money.subsidy.cap",
            "gives no 'investment.blade.money.subsidy'",
        ),
        (f'{ALL}\nbudget = "1 KRW"', "", "design.budget", "the cheapest scenario costs 20e6 KRW"),
        (ALL, '[scenario.x]\ninvestments = ["blade"]', "design.kind", "remove the tables"),
        (ALL + '\ngenerators = {blade = ["guide", "second"]}', "", "design.generators", "only with kind ="),
        ('[design]\nkind = "fractional"', "", "design.kind", "needs design.generators"),
        (
            '[design]\nkind = "fractional"\ngenerators = {blade = ["guide", "guide"]}',
            "",
            "design.generators.blade[1]",
            "stands twice",
        ),
        (
            '[design]\nkind = "fractional"\ngenerators = {blade = ["guide", "second"], nothing = ["guide", "second"]}',
            "",
            "design.generators",
            "resolution 2",
        ),
        ('[design]\nkind = "combination"', "", "design.kind", "did you mean 'combinations'?"),
        ("", LATE + "requires = ['blade']", "investment.late", "cannot be made alone"),
        ("", f"{BOTH}{LATE}excludes = ['blade']", "scenario.x.investments", "excludes 'blade'"),
        ("", LATE + "requires = ['blad']", "investment.late.requires[0]", "did you mean 'blade'?"),
    ],
)
def test_what_makes_no_design_is_told(tmp_path: Path, tables: str, more: str, key: str, said: str) -> None:
    with pytest.raises(InputError) as caught:
        saws.study(tmp_path, tables=tables, more=more)
    assert key in [problem.key for problem in caught.value.problems], caught.value
    assert any(said in problem.message for problem in caught.value.problems)


def test_every_replication_is_written(tmp_path: Path) -> None:
    found = compare(saws.study(tmp_path), workers=1)
    frame = frame_of(found)
    assert len(frame.drop_duplicates(["demand_mode", "scenario", "replication", "of", "name", "figure"])) == len(frame)
    npvs = frame[(frame["scenario"] == "blade") & (frame["figure"] == "npv")]["value"].tolist()
    worth = found.modes["sold_out"]["blade"].worth
    assert worth is not None and npvs == worth.npvs
    for name, number in product(found.study.scenarios, range(3)):
        mine = frame[(frame["scenario"] == name) & (frame["replication"] == number) & (frame["of"] == "plant")]
        kpis = found.modes["sold_out"][name].measures[number].kpis
        assert (
            dict(zip(mine["figure"], mine["value"], strict=True)).items()
            >= {key: kpi.value for key, kpi in kpis.items() if kpi.value == kpi.value}.items()
        )
    missing = write_replications(found, tmp_path)
    again = pd.read_csv(tmp_path / "replications.csv")
    pd.testing.assert_frame_equal(again, frame, check_dtype=False)
    assert not list(tmp_path.glob("tmp*")), "nothing is left beside"
    if not any("parquet" in text for text in missing):
        pd.testing.assert_frame_equal(pd.read_parquet(tmp_path / "replications.parquet"), frame, check_dtype=False)
    if not any("xlsx" in text for text in missing):
        sheets = pd.read_excel(tmp_path / "replications.xlsx", sheet_name=None)
        assert len(sheets["replications"]) == 15 and len(sheets["figures"]) == len(frame)
        blade = sheets["replications"].query("scenario == 'blade'")
        assert blade["npv [KRW]"].tolist() == pytest.approx(worth.npvs)
        with ZipFile(tmp_path / "replications.xlsx") as book:  # the same bytes at any time
            assert {part.date_time for part in book.infolist()} == {(1980, 1, 1, 0, 0, 0)}
            assert b"dcterms:" not in book.read("docProps/core.xml").split(b">", 2)[2]
