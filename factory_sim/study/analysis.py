"""What a comparison says beside its ranking: effects in a two-level design, and which scenarios nothing beats."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from factory_sim.model.design_schema import FRACTIONAL, LIST, fraction, subsets
from factory_sim.study.effects import Effect, effects, pareto
from factory_sim.study.limits import positions
from factory_sim.study.scenario import changed, changes_of

if TYPE_CHECKING:
    from factory_sim.study.compare import Comparison

OBJECTIVES = ("npv", "co2e_per_good_part", "lead_time", "positions")
"""Of the Pareto front: the first is to be high, the others low."""


def effects_of(comparison: Comparison, mode: str) -> list[Effect]:
    """Return the effects of investments on the net present value; none unless the design is a whole two-level one.

    Where replications differ, those count that all scenarios have.
    """
    study, outcomes = comparison.study, comparison.modes[mode]
    design, names = study.design, list(study.investment)
    if design.kind == LIST:
        return []
    wanted = fraction(names, design.generators) if design.kind == FRACTIONAL else subsets(names)
    runs = {made: name for name, made in study.scenarios.items()}
    sets = {runs[made]: made for made in wanted if made in runs}
    if len(sets) < 2 ** (len(names) - len(design.generators)):
        return []  # some were left out for a limit, or exclude each other
    samples = {name: worth.samples for name in sets if (worth := outcomes[name].worth) is not None}
    least = min(map(len, samples.values()))
    values = {name: samples[name][:least] if name in samples else [0.0] * least for name in sets}
    return effects(sets, names, values)


def front_of(comparison: Comparison, mode: str) -> dict[str, tuple[float, ...]]:
    """Return the scenarios that no other beats in mean `OBJECTIVES`, with these."""
    study = comparison.study
    points = {}
    for name, outcome in comparison.modes[mode].items():
        plant = changed(study.plant, changes_of(study, name), study.study.seed)
        npv = 0.0 if outcome.worth is None else outcome.worth.npv().mean
        kpis = outcome.kpis
        points[name] = (npv, *(kpis[key].mean for key in OBJECTIVES[1:-1]), positions(plant))
    best = pareto({name: (point[0], *(-value for value in point[1:])) for name, point in points.items()})
    return {name: points[name] for name in best}


def to_json(comparison: Comparison, mode: str) -> dict[str, object]:
    """Return both as JSON has them."""
    found = effects_of(comparison, mode)
    front = front_of(comparison, mode)
    result: dict[str, object] = {
        "pareto": {
            name: {key: value if math.isfinite(value) else None for key, value in zip(OBJECTIVES, point, strict=True)}
            for name, point in front.items()
        }
    }
    if found:
        result["effects"] = [
            {
                "factors": list(each.factors),
                "npv_krw": each.interval.mean,
                "half_width": each.interval.half_width if math.isfinite(each.interval.half_width) else None,
                "aliases": list(each.aliases),
            }
            for each in found
        ]
    return result
