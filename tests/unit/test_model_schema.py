"""The plant and study that are read, and the schema as data."""

from __future__ import annotations

import pickle
import subprocess
import sys
import time
from pathlib import Path

import pytest
from pydantic import ValidationError

from factory_sim.model import Distribution, InputError, Plant, Si, Study, keys, parse_plant, read, read_study
from factory_sim.model.keys import Key
from factory_sim.model.physics_schema import LAWS, TECHNOLOGIES
from factory_sim.simulation.prepare_physics import steady_scrap
from factory_sim.technology import high_pressure_casting as die
from factory_sim.technology.catalogue import TECHNOLOGIES as CATALOGUE
from factory_sim.technology.laws import NAMES

LAYOUTS = Path(__file__).parents[2] / "layouts"
DATA = Path(__file__).parent / "data"
HOUR, DAY, YEAR = 3600.0, 86400.0, 365.25 * 86400.0


@pytest.fixture(scope="module")
def plant() -> Plant:
    return read(DATA / "plant.toml")


@pytest.fixture(scope="module")
def study() -> Study:
    return read_study(DATA / "study.toml")


def test_plant_in_si(plant: Plant) -> None:
    assert (plant.name, plant.plant.name_ko, plant.demand_mode) == ("Small casting cell", "소형 주조 셀", "sold_out")
    assert plant.time_per_year == 4000 * HOUR
    assert list(plant.station) == ["melt", "hpdc", "xray"]
    hpdc = plant.station["hpdc"]
    assert hpdc.cycle == Distribution("triangular", (118.0, 124.0, 142.0))
    assert (hpdc.loss, hpdc.yield_, hpdc.needs, hpdc.load, hpdc.off_shift) == (
        0.03,
        0.9,
        ("operators",),
        40.0,
        "finish",
    )
    assert (hpdc.power.working, hpdc.power.idle, hpdc.power.off) == (550e3, 180e3, 0.0)
    assert hpdc.failure["breakdown"].between == Distribution("weibull", (1.4, 14 * HOUR))
    assert hpdc.planned["die_service"].every == 8 * HOUR
    assert hpdc.planned["die_service"].duration.mean == 1440.0
    assert hpdc.tool is not None and hpdc.tool.life == 125000.0
    assert plant.station["melt"].die is None
    assert plant.buffer["dosing"].capacity == 84
    assert plant.buffer["rack"].capacity is None
    assert plant.source["inserts"].at == (0.0, 480 * 60.0, 600 * 60.0)
    assert plant.product["housing"].route == ("ingots", "melt", "hpdc", "xray", "finished")
    assert plant.economics.electricity == 165 / 3.6e6
    assert plant.staff["crew"].cost * YEAR == pytest.approx(149.3e6)
    assert [entry.status for entry in plant.evidence] == ["assumed", "derived"]


def test_die_is_what_the_technology_compiles(plant: Plant) -> None:
    hpdc = plant.station["hpdc"]
    assert hpdc.die is not None
    p = die.compile_parameters(hpdc.die, cycle_mean=hpdc.cycle.mean)
    assert p[die.DISCARD_AFTER] == 600.0
    assert p[die.DISCARD_SHOTS] == 7.0
    assert p[die.PREHEAT_AFTER] == 8 * HOUR
    assert steady_scrap(hpdc) == pytest.approx(1.0 - 0.9 / (1.0 - 0.073))


def test_laws_of_the_schema_are_those_of_the_technology() -> None:
    assert LAWS == NAMES


def test_schema_knows_the_technologies_of_the_catalogue() -> None:
    assert set(TECHNOLOGIES) == set(CATALOGUE)


def test_calendars(plant: Plant) -> None:
    two_shifts = plant.calendar["two_shifts"]
    assert two_shifts.open_intervals == tuple((day * DAY + 6 * HOUR, day * DAY + 22 * HOUR) for day in range(5))
    assert two_shifts.open_per_week == 80 * HOUR
    nights = plant.calendar["nights"]
    assert nights.open_intervals == (
        (0.0, 6 * HOUR),  # of Sunday
        (22 * HOUR, 30 * HOUR),
        (2 * DAY + 22 * HOUR, 3 * DAY + 6 * HOUR),
        (6 * DAY + 22 * HOUR, 7 * DAY),
    )
    assert plant.calendar_of("melt") is two_shifts
    assert plant.calendar_of("xray") is nights


SMALL = {
    "plant": {"name": "small"},
    "source": {"s": {}},
    "sink": {"k": {}},
    "product": {"p": {"route": ["s", "m", "k"]}},
    "station": {"m": {"cycle": Si(60.0)}},
}


def test_smallest_plant_and_its_defaults() -> None:
    plant = parse_plant(SMALL)
    machine = plant.station["m"]
    assert machine.cycle == Distribution("constant", (60.0,))
    assert (machine.technology, machine.machines, machine.yield_, machine.loss) == ("machine", 1, 1.0, 0.0)
    assert plant.calendar_of("m") is None
    assert plant.time_per_year == 52 * 7 * DAY
    assert plant.raw == SMALL
    needing = {"cycle": Distribution("gamma", (60.0, 0.1)), "needs": ["r"], "load": Si(0.5)}
    again = parse_plant({**SMALL, "station": {"m": needing}, "resource": {"r": {"units": 1}}})
    assert again.station["m"].cycle == needing["cycle"]
    assert again.station["m"].load == 0.5


def test_parse_plant_reports_like_read() -> None:
    with pytest.raises(InputError) as caught:
        parse_plant({**SMALL, "station": {"m": {"cycle": Si(-1.0)}}}, file="overlay")
    assert str(caught.value).startswith("overlay:1: station.m.cycle: ")


def test_plants_and_studies_are_frozen_equal_and_can_be_sent_to_workers(plant: Plant, study: Study) -> None:
    with pytest.raises(ValidationError):
        plant.station["hpdc"].machines = 2
    assert plant == read(DATA / "plant.toml")
    copy = pickle.loads(pickle.dumps(study))
    assert copy == study
    assert copy.plant.raw == plant.raw
    assert copy.investment["spray"].changes == study.investment["spray"].changes


def test_input_errors_can_be_sent_from_workers() -> None:
    with pytest.raises(InputError) as caught:
        read("none.toml")
    assert pickle.loads(pickle.dumps(caught.value)).problems == caught.value.problems


def test_study_in_si(study: Study) -> None:
    assert (study.study.replications, study.study.horizon, study.study.warmup) == (16, 42 * DAY, 7 * DAY)
    assert study.study.seed == 2026
    assert study.demand_modes == ("sold_out",)
    assert study.finance.tax_credit["strategic"] == 0.25
    money = study.investment["thermography"].money
    assert (money.capex, money.life, money.ramp_up) == (350e6, 8 * YEAR, YEAR / 4)
    assert money.opex * YEAR == pytest.approx(25e6)
    assert money.subsidy is not None and money.subsidy.cap == 280e6
    assert money.benefit.sold_out * YEAR == pytest.approx(40e6)
    assert study.plant.name == "Small casting cell"
    assert study.scenarios == {"baseline": (), "both": ("spray", "robot"), "warm": ("thermography",)}


def test_without_scenarios_each_investment_is_one(tmp_path: Path) -> None:
    text = (DATA / "study.toml").read_text(encoding="utf-8")
    (tmp_path / "study.toml").write_text(text[: text.index("[scenario.both]")], encoding="utf-8")
    (tmp_path / "plant.toml").write_bytes((DATA / "plant.toml").read_bytes())
    study = read_study(tmp_path / "study.toml")
    assert study.scenarios["robot"] == ("robot",)
    assert list(study.scenarios) == ["baseline", "thermography", "spray", "robot"]


def everything() -> list[Key]:
    return [*keys(Plant), *keys(Study)]


def test_every_key_has_meaning_form_range_and_a_default_to_show() -> None:
    found = everything()
    assert len(found) > 120
    for key in found:
        assert key.meaning and key.form and key.range and key.default_shown, key.path
        assert not key.meaning.endswith("."), key.path
    paths = [key.path for key in keys(Plant)]
    assert len(set(paths)) == len(paths)


def test_keys_say_what_a_reference_page_needs() -> None:
    by_path = {key.path: key for key in everything()}
    after = by_path["station.<station>.die.discard_after"]
    assert (after.unit, after.default, after.default_shown, after.required) == ("s", 600.0, "10 min", False)
    assert after.range == "[0, inf)"
    assert by_path["station.<station>.cycle"].required
    assert by_path["station.<station>.yield"].range == "(0, 1]"
    assert by_path["station.<station>.failure.<failure>.crew"].default_shown == "none"
    assert by_path["calendar.<calendar>.shifts[].from"].form == 'a time of day such as "06:00"'
    assert by_path["evidence[].status"].range == "assumed, verified, derived"
    assert by_path["investment.<investment>.money.subsidy.cap"].unit == "KRW"


def test_every_key_is_used_in_the_example_or_optional() -> None:
    """A key that is required stands in the example files; the example files know no others."""
    text = "".join(file.read_text(encoding="utf-8") for file in sorted([*DATA.glob("*.toml"), *LAYOUTS.glob("*.toml")]))
    for key in everything():
        if key.required:
            assert key.path.rpartition(".")[2] in text


HEAVY = ("numpy", "pandas", "numba", "scipy", "matplotlib", "pint", "simpy")


def test_importing_the_model_is_light() -> None:
    code = f"import sys, factory_sim.model; print([name for name in {HEAVY!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=DATA.parents[2])
    assert done.stdout.strip() == "[]"


def test_reading_is_fast(plant: Plant) -> None:
    """Limit 0.3 s; measured 4 ms, so the margin absorbs a busy machine."""
    begin = time.perf_counter()
    read(DATA / "plant.toml")
    assert time.perf_counter() - begin < 0.3


def test_exceptions_of_a_calendar_change_its_weeks_and_its_year() -> None:
    raw = {
        "plant": {"name": "Saw", "calendar": "day", "begins": "2026-01-05"},
        "calendar": {
            "day": {
                "shifts": [{"days": "Mon-Fri", "from": "08:00", "to": "16:00"}],
                "holidays": ["01-06", "2026-02-17", 3],
                "overtime": [{"dates": ["2026-01-10"], "from": "08:00", "to": "12:00"}],
            }
        },
        "source": {"bars": {}},
        "sink": {"pieces": {}},
        "product": {"piece": {"route": ["bars", "saw", "pieces"]}},
        "station": {"saw": {"cycle": "60 s"}},
    }
    plant = parse_plant(raw)
    special = plant.calendar["day"].special_weeks(plant.plant.begins)
    hours = {week: sum(end - begin for begin, end in spans) / HOUR for week, spans in special.items()}
    # 6 January of each year: the first is in week 0, those of 2027 to 2055 that are no weekend follow
    assert {week: hours[week] for week in hours if week < 53} == {0: 28.0, 6: 32.0, 52: 32.0}
    assert plant.time_per_year == (50 * 40 + 28 + 32) * HOUR


def test_no_start_that_never_fits_is_refused() -> None:
    raw = {
        "plant": {"name": "Saw", "calendar": "day"},
        "calendar": {"day": {"shifts": [{"days": "Mon-Fri", "from": "08:00", "to": "16:00"}]}},
        "source": {"bars": {}},
        "sink": {"pieces": {}},
        "product": {"piece": {"route": ["bars", "saw", "pieces"]}},
        "station": {"saw": {"cycle": "9 h", "off_shift": "no_start"}},
    }
    with pytest.raises(InputError, match="no cycle of at least 9 h ends in a shift of 8 h"):
        parse_plant(raw)
