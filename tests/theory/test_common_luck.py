"""What common random numbers gain: the variance of a difference on the same luck against that of independent runs.

Uncertain effects stand at their means here. In a study each replication draws its own, and their spread, which no
common luck can take away, is part of the variance that a report compares.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from factory_sim.model import Plant, read_study
from factory_sim.model.units import WEEK
from factory_sim.results.measures import measure
from factory_sim.results.statistics import variance_reduction
from factory_sim.simulation.prepare import prepare
from factory_sim.simulation.run import simulate
from tests.theory.studies import invested

LAYOUTS = Path(__file__).parents[2] / "layouts"
ASKED = 4.0


def surpluses(plant: Plant, mode: str, replications: int, weeks: float, warmup: float) -> NDArray[np.float64]:
    """Surplus of each replication. [KRW/yr]"""
    plan = prepare(plant, demand_mode=mode)
    found = []
    for replication in range(replications):
        trace = simulate(plan, seed=11, replication=replication, horizon=weeks * WEEK)
        found.append(measure(plant, plan, trace, warmup * WEEK).kpis["surplus_per_year"].value)
    return np.array(found)


def gains(study_file: str, mode: str, replications: int, weeks: float, warmup: float) -> dict[str, float]:
    """The factor that each investment of a study gains against today."""
    study = read_study(LAYOUTS / study_file)
    today = surpluses(study.plant, mode, replications, weeks, warmup)
    return {
        name: variance_reduction(surpluses(invested(study, name), mode, replications, weeks, warmup), today)
        for name in study.investment
    }


@pytest.mark.slow
@pytest.mark.parametrize("mode", ["sold_out", "fixed_volume"])
def test_differences_of_the_giga_casting_plant_gain_at_least_four(mode: str) -> None:
    found = gains("giga_casting_study.toml", mode, 24, 3.0, 1.0)
    causes = {name: found[name] for name in ("spray_control", "second_die", "inline_xray", "predictive_maintenance")}
    assert all(factor >= ASKED for factor in causes.values()), found


@pytest.mark.slow
def test_differences_of_the_job_shop_gain_at_least_four() -> None:
    found = gains("hpdc_job_shop_study.toml", "sold_out", 8, 1.0, 0.4)
    assert all(factor >= ASKED for factor in found.values()), found
