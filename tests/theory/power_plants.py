"""Plant files for the reference cases of electric power."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable

from factory_sim.finance.tariff import KWH
from factory_sim.model import parse_plant
from factory_sim.results.power import load
from factory_sim.results.window import Window
from factory_sim.simulation.plan import TICK
from factory_sim.simulation.prepare import prepare
from tests.theory.event_plants import Case, Figures, Model, table, time, times
from tests.theory.observe import Seen

HOURS = 24  # of the run


def demand_peak(p: Case) -> Model:
    """Furnaces that take their power in the same minutes of every hour, above the power of all the rest.

    f1, f2, ... are (begin, end, kW) of each in minutes of the hour; one that ends after the hour works into the next.
    """
    furnaces = {key: p[key] for key in p if re.fullmatch(r"f\d+", key)}
    parts = [
        table("plant", 'name = "Furnaces"'),
        table("sink.done"),
        table("economics", f'auxiliary_power = "{p["base"]!r} kW"'),
    ]
    for name, (begin, end, power) in furnaces.items():
        lasts = (end - begin) % 60.0 or 60.0
        parts += [
            table(f"source.loads_{name}", f"at = {times(begin + 60.0 * hour for hour in range(HOURS))}"),
            table(f"station.{name}", f"cycle = {time(float(lasts))}", f'power = {{working = "{power!r} kW"}}'),
            table(f"product.load_{name}", f'route = ["loads_{name}", "{name}", "done"]'),
        ]
    text = "\n".join(parts)

    def figures(seen: Seen) -> Figures:
        plant = parse_plant(tomllib.loads(text))
        plan = prepare(plant)
        used = load(plant, plan, seen.trace, Window.of(plant, plan, seen.trace, seen.begin * TICK))
        hours = len(used.power) / 4.0
        return {
            "peak_15min_kw": used.peak / 1e3,
            "energy_per_hour_kwh": used.energy / KWH / hours,
        }

    return Model(text, figures, single=(60.0, 60.0 * HOURS))  # the first hour has no load of the hour before


MODELS: dict[str, Callable[[Case], Model]] = {"15-minute demand peak": demand_peak}
