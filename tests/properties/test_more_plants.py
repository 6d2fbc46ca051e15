"""What holds for every plant, with features that the plain next-event program does not know."""

from __future__ import annotations

import numpy as np
import pytest

from factory_sim.model import parse_plant
from factory_sim.results.measures import measure
from factory_sim.simulation import trace as t
from factory_sim.simulation.run import simulate

from .more_plants import more_plants
from .plants import plan_of
from .test_engine import (
    Drawn,
    accounts_for_every_part,
    effort,
    judge,
    runs_the_same_again,
    sums_to_the_horizon,
)


@effort
def test_every_part_is_accounted_for_once(times: int) -> None:
    judge(accounts_for_every_part, 100, times, more_plants())


@effort
def test_states_sum_to_the_horizon(times: int) -> None:
    judge(sums_to_the_horizon, 60, times, more_plants())


@effort
def test_same_run_gives_the_same_bytes(times: int) -> None:
    judge(runs_the_same_again, 15, times, more_plants())


@effort
def test_losses_and_oee_add_up(times: int) -> None:
    """Asserted inside the results; a plant without any planned time has none."""

    def check(drawn: Drawn) -> None:
        plant, plan = parse_plant(drawn[0]), plan_of(drawn[0])
        if plant.plant.calendar is None:
            found = measure(plant, plan, simulate(plan, horizon=drawn[1]), warmup=0.0)
            for kpis in found.stations.values():
                losses = [kpi.value for name, kpi in kpis.items() if name.startswith("loss_")]
                assert np.isnan(losses).any() or abs(sum(losses) - 1.0) < 1e-9

    judge(check, 40, times, more_plants())


@pytest.mark.slow
def test_the_drawn_plants_use_every_feature() -> None:
    """The strategy is worth its time only if what it draws happens."""
    states, fates, outcomes, seen = np.zeros(len(t.STATES)), set[int](), set[int](), set[str]()

    def look(drawn: Drawn) -> None:
        plan = plan_of(drawn[0])
        trace = simulate(plan, horizon=drawn[1])
        states[trace.stops["state"]] += 1
        fates.update(trace.parts["fate"].tolist())
        outcomes.update((trace.visits["outcome"] % t.CAUSE_UNIT).tolist())
        seen.update(name for name in ("campaigns", "sublots", "early", "preemptive") if getattr(plan, name))

    judge(look, 300, 1, more_plants())
    assert states[t.SWITCHED_OFF] and states[t.WARMING] and t.EXPIRED in fates and t.INTERRUPTED in outcomes
    assert {t.BUILT_IN, t.SPLIT} <= fates
    assert seen == {"campaigns", "sublots", "early", "preemptive"}
