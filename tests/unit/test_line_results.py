"""What `factory-sim run` says about lines with movers, and what else reads their runs."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from factory_sim.cli import app
from factory_sim.model import parse_plant, read
from factory_sim.results.downtime import stops_of
from factory_sim.results.losses import loss_tree
from factory_sim.results.measures import measure
from factory_sim.results.usage import energy_use
from factory_sim.results.window import Window
from factory_sim.simulation import trace as t
from factory_sim.simulation.plan import TICK
from factory_sim.simulation.prepare import prepare
from factory_sim.simulation.run import simulate
from tests.architecture.imports import ROOT

CELL, LINE = ROOT / "layouts/06_robot_cell.toml", ROOT / "layouts/07_plating_hoist.toml"
RUN = ["--replications", "2", "--horizon", "1 week", "--warmup", "1 week", "--workers", "1"]


@pytest.mark.parametrize(("lang", "words"), [("en", "movers: moving empty"), ("ko", "공차 이동")])
def test_run_shows_movers_and_carriers(lang: str, words: str) -> None:
    done = CliRunner().invoke(app, ["run", str(LINE), *RUN, "--lang", lang], env={"COLUMNS": "300"})
    assert done.exit_code == 0, done.output
    assert words in done.output


def test_json_has_each_tank_and_hoist(tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["run", str(LINE), *RUN, "--json", "--out", str(tmp_path)])
    assert done.exit_code == 0, done.output
    station = json.loads(done.stdout)["stations"]["plating"]
    assert station["unit.tank.plate#2.working"]["mean"] > 0.0
    assert station["unit.hoist.crane.loaded"]["mean"] == station["mover_loaded"]["mean"] > 0.0
    assert station["carriers_per_planned_hour"]["mean"] * 20 == pytest.approx(station["parts_per_planned_hour"]["mean"])
    assert list(tmp_path.iterdir())


def test_states_of_a_cell_are_those_of_its_cycle() -> None:
    """Undisturbed, the cell of the example makes a part every 42 s, of which each machine works its process time."""
    raw = read(CELL).raw
    cell = {key: value for key, value in raw["robot_cell"]["cell"].items() if key != "robot"}
    plant = parse_plant(raw | {"robot_cell": {"cell": cell}, "buffer": {"b": {"before": "pack", "capacity": 10}}})
    plan = prepare(plant)
    trace = simulate(plan, horizon=7200.0 + 42.0 * 1000)
    kpis = {name: kpi.value for name, kpi in measure(plant, plan, trace, warmup=7200.0).stations["cell"].items()}
    for name, process in (("turn", 12.0), ("mill", 30.0), ("drill", 18.0)):
        assert kpis[f"unit.machine.{name}.working"] == pytest.approx(process / 42.0, abs=1e-3)
    assert kpis["mover_loaded"] == pytest.approx(16.0 / 42.0, abs=1e-3)  # four moves of 1 + 2 + 1 s
    assert kpis["parts_per_planned_hour"] == pytest.approx(3600.0 / 42.0, rel=2e-3)
    assert kpis["oee"] == pytest.approx(kpis["quality"], rel=2e-3)


def test_failures_of_a_robot_are_counted_and_its_energy_adds_up() -> None:
    raw = read(CELL).raw
    power = {"working": "2 kW", "idle": "1 kW"}
    cell = raw["robot_cell"]["cell"]
    cell = cell | {"robot": cell["robot"] | {"power": power}}
    plant = parse_plant(raw | {"robot_cell": {"cell": cell}})
    plan = prepare(plant)
    trace = simulate(plan, horizon=86_400.0 * 2)
    window = Window.of(plant, plan, trace, 86_400.0)
    stop = stops_of(plant, trace, window)["cell.failure.gripper"]
    held = trace.stops["state"] == t.FAILED
    inside = (trace.stops["begin"][held] >= window.begin) & (trace.stops["begin"][held] < window.end)
    assert stop.count == inside.sum() > 3
    kpis = {name: kpi.value for name, kpi in measure(plant, plan, trace, warmup=86_400.0).stations["cell"].items()}
    moving = (kpis["unit.robot.loaded"] + kpis["unit.robot.empty"]) * 86_400.0
    used = energy_use(plant, plan, trace, window)
    joules = sum(used.electricity["cell"].values()) * 1e-9
    assert joules == pytest.approx(2e3 * moving + 1e3 * (86_400.0 - moving), rel=1e-9)
    tree = loss_tree(plant, plan, trace, window, "cell")
    assert tree.good + sum(loss.time for loss in tree.losses) == (window.end - window.begin)
    failed = sum(loss.time for loss in tree.losses if loss.name == "gripper") * TICK
    assert failed / 86_400.0 == pytest.approx(kpis["state_failed"], rel=1e-9)
