"""Plant files for the reference cases of renewal, minimal repair, inspections and spares."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Callable

import numpy as np

from factory_sim.model import parse_plant
from factory_sim.results.downtime import stop_entries
from factory_sim.simulation import trace as t
from factory_sim.simulation.plan import NEVER
from processes.reliability import optimal_age, optimal_overhaul_interval
from tests.theory.event_plants import Case, Figures, Model, exponential, table, time
from tests.theory.observe import MINUTE, Seen

CYCLE = 1000.0  # of a machine, in what the stops are measured by: what it makes does not matter


def won(value: float) -> str:
    return f'"{value!r} KRW"'


def weibull(shape: float, scale: float) -> str:
    return f"{{weibull = {{shape = {shape!r}, mean = {time(scale * math.gamma(1.0 + 1.0 / shape))}}}}}"


def machines(cycle: float, modes: dict[str, list[str]], more: str = "") -> str:
    """Return a plant of stations that always have a part, each with one failure mode given by its lines."""
    parts = [table("plant", 'name = "Reference case"'), table("sink.done")]
    for name, lines in modes.items():
        parts += [
            table(f"source.to_{name}"),
            table(f"product.of_{name}", f'route = ["to_{name}", "{name}", "done"]'),
            table(f"station.{name}", f"cycle = {time(cycle)}"),
            table(f"station.{name}.failure.mode", *lines),
        ]
    return "\n".join([*parts, more])


def renewal(name: str, **keys: str) -> str:
    """Return the inline table of a replacement or an inspection."""
    keys = {"duration": time(0.0), "when": '"immediate"'} | keys
    return f"{name} = {{{', '.join(f'{key} = {value}' for key, value in keys.items())}}}"


class Account:
    """How often the stops of each station began in the window, and what they cost by the plant file."""

    def __init__(self, plant: str, seen: Seen) -> None:
        self.minutes = seen.length / MINUTE
        entries = stop_entries(parse_plant(tomllib.loads(plant)))
        began = seen.trace.stops["stop"][seen.within(seen.trace.stops["begin"])]
        counts = np.bincount(began, minlength=len(entries)).tolist()
        self.count: dict[tuple[str, str], int] = {}
        self.cost: dict[str, float] = {}
        for (station, entry), count in zip(entries, counts, strict=True):
            self.count[station, entry.name] = count
            self.cost[station] = self.cost.get(station, 0.0) + entry.cost * count

    def rate(self, station: str) -> float:
        """Return the cost of a station per minute."""
        return self.cost[station] / self.minutes


def age_replacement(p: Case) -> Model:
    """Three machines with the same life: replaced at the best age, at a given one, and never."""
    best = optimal_age(p["shape"], p["scale"], p["cp"], p["cf"], p["tp"], p["tf"])
    ages = {
        "best": best,
        "fixed": p["T_fixed"],
        "never": None,
    }
    modes = {}
    for name, age in ages.items():
        life = weibull(p["shape"], p["scale"])
        modes[name] = [f"between = {life}", f"repair = {time(p['tf'])}", f"cost = {won(p['cf'])}"]
        if age is not None:
            planned = renewal("replacement", age=time(age), duration=time(p["tp"]), cost=won(p["cp"]))
            modes[name].append(planned)
    plant = machines(CYCLE * p["scale"], modes)

    def figures(seen: Seen) -> Figures:
        account = Account(plant, seen)
        return {
            "best_T": best,
            "cost_rate_at_best_T": account.rate("best"),
            "cost_rate_at_T_fixed": account.rate("fixed"),
            "cost_rate_run_to_failure": account.rate("never"),
        }

    # Ten times as long, for the first life of a run, always a new one, weighs as much as its last one, cut off.
    return Model(plant, figures, 10.0 * p["scale"] * math.gamma(1.0 + 1.0 / p["shape"]))


def minimal_repair(p: Case) -> Model:
    """A machine whose repairs leave it as old as it was, overhauled at the best interval."""
    best = optimal_overhaul_interval(p["shape"], p["scale"], p["cm"], p["cp"])
    mode = [
        f"between = {weibull(p['shape'], p['scale'])}",
        f"repair = {time(0.0)}",
        f"cost = {won(p['cm'])}",
        'after_repair = "as_old"',
        renewal("replacement", age=time(best), cost=won(p["cp"])),
    ]
    plant = machines(CYCLE * best, {"machine": mode})

    def figures(seen: Seen) -> Figures:
        account = Account(plant, seen)
        return {
            "best_T": best,
            "cost_rate_at_best_T": account.rate("machine"),
            "failures_per_period_at_best_T": account.count["machine", "mode"] * best / account.minutes,
        }

    return Model(plant, figures, 10.0 * best)


def inspected(p: Case) -> Model:
    """Machines whose defect can be found before the failure, inspected at different intervals."""
    modes = {
        f"every_{interval:g}": [
            f"between = {exponential(1.0 / p['l'])}",
            f"warning = {exponential(1.0 / p['m'])}",
            f"repair = {time(0.0)}",
            f"cost = {won(p['cf'])}",
            renewal("replacement", cost=won(p["cp"])),
            renewal("inspection", every=time(interval), cost=won(p["ci"])),
        ]
        for interval in p["intervals"]
    }
    life = 1.0 / p["l"] + 1.0 / p["m"]
    plant = machines(CYCLE * life, modes)

    def figures(seen: Seen) -> Figures:
        account, found = Account(plant, seen), {}
        for interval in p["intervals"]:
            station = f"every_{interval:g}"
            failed, renewed = account.count[station, "mode"], account.count[station, "mode.replacement"]
            found[f"cost_rate_{interval:g}"] = account.rate(station)
            found[f"fraction_cycles_ending_in_failure_{interval:g}"] = failed / (failed + renewed)
        return found

    return Model(plant, figures, life)


CUSTOMERS = 400  # machines that demand spares: while one waits, demand is lower by one in so many


def spares(p: Case) -> Model:
    """Many machines, each of which fails seldom, with one kind of spare."""
    mode = [f"between = {exponential(CUSTOMERS / p['demand'])}", f"repair = {time(0.0)}", 'spare = "unit"']
    stock = table("spare.unit", f"stock = {p['stock']}", f"lead_time = {time(p['lead_time'])}")
    plant = machines(CYCLE * CUSTOMERS / p["demand"], {"machine": mode}, stock)
    plant = plant.replace("[station.machine]\n", f"[station.machine]\nmachines = {CUSTOMERS}\n")

    def figures(seen: Seen) -> Figures:
        rows = seen.trace.spares
        asked, got, arrived = rows["asked"], rows["got"], rows["arrived"]
        mine = seen.within(asked)
        begins, ends = seen.stops(t.FAILED)
        waiting = seen.mean_number(asked, got)
        assert waiting == seen.mean_number(begins, ends), "who waits for a spare is failed, and nobody else"
        assert (got[got < NEVER] >= asked[got < NEVER]).all()
        return {
            "fill_rate": float((got == asked)[mine].mean()),
            "mean_backorders": waiting,
            "mean_in_repair": seen.mean_number(asked, arrived),
        }

    return Model(plant, figures)


MODELS: dict[str, Callable[[Case], Model]] = {
    "preventive replacement at an age": age_replacement,
    "periodic overhaul with minimal repair": minimal_repair,
    "condition-based maintenance, periodic inspection": inspected,
    "spare parts, one-for-one": spares,
}
SLOW = {
    "preventive replacement at an age",
    "condition-based maintenance, periodic inspection",
    "spare parts, one-for-one",
}
