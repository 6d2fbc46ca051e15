"""Plant files for the reference cases of waiting: windows, machines that are switched off, duties when idle."""

from __future__ import annotations

from collections.abc import Callable

from factory_sim.simulation import trace as t
from tests.theory.event_plants import Case, Figures, Model, exponential, line, time, uniform
from tests.theory.observe import MINUTE, Seen, minutes


def waiting_limit(p: Case) -> Model:
    """Parts that are scrapped the moment they have waited too long."""
    station = [f"cycle = {exponential(p['mean_service'])}", f"window = {{limit = {time(p['limit'])}}}"]
    plant = line(f"interval = {exponential(1.0 / p['arrival_rate'])}", [station])

    def figures(seen: Seen) -> Figures:
        lost, good = seen.count(t.EXPIRED), seen.count(t.AT_SINK)
        return {
            "fraction_scrapped": lost / (lost + good),
            "utilisation": seen.utilisation(0),
            "throughput": good * MINUTE / seen.length,
        }

    return Model(plant, figures, 1.0 / p["arrival_rate"])


def switched_off(p: Case) -> Model:
    """A machine that is switched off without parts and warms up for the next one."""
    standby = f"standby = {{off_after = {time(p.get('off_after', 0.0))}, warm_up = {time(p['warm_up'])}}}"
    plant = line(
        f"interval = {exponential(1.0 / p['arrival_rate'])}", [[f"cycle = {uniform([p['low'], p['high']])}", standby]]
    )

    def figures(seen: Seen) -> Figures:
        return {
            "mean_wait_in_queue": minutes(seen.waits()),
            "fraction_off": seen.mean_number(*seen.stops(t.SWITCHED_OFF)),
            "fraction_warming": seen.mean_number(*seen.stops(t.WARMING)),
        }

    return Model(plant, figures, 1.0 / p["arrival_rate"])


def other_duties(p: Case) -> Model:
    """A machine that takes up another duty whenever it has nothing to do."""
    assert p["duty_second_moment"] == p["duty_mean"] ** 2, "only constant duties"
    duty = f'planned.duty = {{every = "0 s", when = "when_idle", duration = {time(p["duty_mean"])}}}'
    station = [f"cycle = {exponential(p['mean_service'])}", duty]
    plant = line(f"interval = {exponential(1.0 / p['arrival_rate'])}", [station])
    return Model(plant, lambda seen: {"mean_wait_in_queue": minutes(seen.waits())}, 1.0 / p["arrival_rate"])


MODELS: dict[str, Callable[[Case], Model]] = {
    "waiting-time limit, then scrap (e.g. melt or preheat cools)": waiting_limit,
    "machine switched off when idle, warm-up on demand": switched_off,
    "other duties taken when idle": other_duties,
}
SLOW = {"other duties taken when idle"}
