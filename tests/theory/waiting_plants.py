"""Plant files for the reference cases of waiting: windows, machines that are switched off, duties when idle."""

from __future__ import annotations

import tomllib
from collections.abc import Callable

import numpy as np

from factory_sim.model import parse_plant
from factory_sim.simulation import trace as t
from factory_sim.simulation.prepare import prepare
from factory_sim.simulation.run import simulate
from factory_sim.simulation.trace import Trace
from tests.theory.event_plants import Case, Figures, Model, exponential, line, table, time, uniform
from tests.theory.flow_plants import priorities
from tests.theory.observe import MINUTE, Seen, minutes


def waiting_limit(p: Case) -> Model:
    """Parts that are scrapped the moment they have waited too long."""
    station = [f"cycle = {exponential(p['mean_service'])}", f"window = {{limit = {time(p['limit'])}}}"]
    people, more = p.get("attendants", 0), ""
    if people:
        station += [f"machines = {p['machines']}", 'needs = ["attendants"]']
        more = table("resource.attendants", f"units = {people}")
    plant = line(f"interval = {exponential(1.0 / p['arrival_rate'])}", [station], more=more)

    def figures(seen: Seen) -> Figures:
        lost, good = seen.count(t.EXPIRED), seen.count(t.AT_SINK)
        if people:
            _, got, released = seen.grants
            return {
                "fraction_scrapped": lost / (lost + good),
                "attendant_utilisation": seen.mean_number(got, released) / people,
            }
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


def cyclic_changeover(p: Case) -> Model:
    """A machine that serves one family until none waits, then changes over to the next, whether one waits or not."""
    setup = f'campaign = "{p["discipline"]}", without_parts = "go_on", change = {time(p["changeover"])}'
    parts = [table("plant", 'name = "Families"'), table("sink.done")]
    parts.append(table("station.machine", f"cycle = {exponential(p['mean_service'])}", f"setup = {{{setup}}}"))
    for family, rate in enumerate(p["rates"]):
        parts.append(table(f"source.source_{family}", f"interval = {exponential(1.0 / rate)}"))
        parts.append(table(f"product.family_{family}", f'route = ["source_{family}", "machine", "done"]'))
    return Model("\n".join(parts), lambda seen: {"mean_wait_in_queue": minutes(seen.waits())}, 1.0 / sum(p["rates"]))


def rotation(p: Case) -> Model:
    """A machine that makes fixed lots of products in turn, each of which is always there."""
    count = len(p["lot"])
    between = ", ".join(
        f'{{from = "p{(k - 1) % count}", to = "p{k}", time = {time(p["setup"][k])}}}' for k in range(count)
    )
    parts = [table("plant", 'name = "Rotation"'), table("sink.done"), table("station.machine", f"cycle = {time(1.0)}")]
    parts.append(table("station.machine.setup", 'campaign = "lots"', f"lots = {p['lot']}", f"between = [{between}]"))
    for k, unit_time in enumerate(p["unit_time"]):
        parts += [table(f"source.s{k}"), table(f"product.p{k}", f'route = ["s{k}", "machine", "done"]')]
        parts.append(table(f"product.p{k}.step.machine", f"cycle = {time(unit_time)}"))
    horizon = 200.0 * sum(lot * value for lot, value in zip(p["lot"], p["unit_time"], strict=True))

    def figures(seen: Seen) -> Figures:
        begins, ends = seen.stops(t.SETUP)
        whole = (len(begins) - 1) // count * count  # setups of whole rotations
        span = begins[whole] - begins[0]
        left = seen.trace.parts["left"]
        made = ((left > begins[0]) & (left <= begins[whole])).sum()
        return {
            "rotation_time": float(span) / (whole // count) / MINUTE,
            "throughput": float(made) * MINUTE / float(span),
            "fraction_set_up": float((ends - begins)[:whole].sum()) / float(span),
        }

    return Model("\n".join(parts), figures, single=(0.0, horizon))


def bernoulli_line(p: Case) -> Model:
    """Machines that are up or down by chance in each slot, and begin only with a part and room for it."""
    stations, buffers = [], {k + 1: places for k, places in enumerate(p["buffers"])}
    for k, up in enumerate(p["p"]):
        between = f"{{geometric = {{mean = {time(up / (1.0 - up))}, unit = {time(1.0)}}}}}"
        down = f'failure.down = {{clock = "calendar", between = {between}, repair = {time(1.0)}}}'
        early = ['blocking = "before"'] if k + 1 < len(p["p"]) else []
        stations.append([f"cycle = {time(1.0)}", down, *early])
    plant = line("", stations, buffers)

    def figures(seen: Seen) -> Figures:
        return {
            "production_rate": seen.throughput,
            **{f"mean_buffer_{k}": _at_slots(seen, k) for k in buffers},
        }

    return Model(plant, figures)


def _at_slots(seen: Seen, station: int) -> float:
    """Return the mean number in a buffer at the beginnings of slots, before a part is taken."""
    came, got = seen.came(station)
    first = -(-np.maximum(came, seen.begin) // MINUTE)  # first slot whose beginning finds the part there
    last = np.minimum(got, seen.end - 1) // MINUTE
    return float(np.maximum(last - first + 1, 0).sum()) / (seen.length // MINUTE)


def preempting(p: Case) -> Model:
    """Classes of parts of which the higher one interrupts the lower one."""
    model = priorities(p)
    plant = model.plant.replace('dispatch = "priority"', 'dispatch = "priority"\npreempt = true')

    def figures(seen: Seen) -> Figures:
        parts = seen.trace.parts
        gone = seen.within(parts["left"])
        return {
            f"mean_time_in_system_{chr(ord('A') + rank)}": minutes(
                (parts["left"] - parts["born"])[gone & (parts["product"] == rank)]
            )
            for rank in range(len(p["rates"]))
        }

    return Model(plant, figures, model.unit)


def sublots(p: Case) -> Model:
    """One lot that moves from station to station as a whole or in sub-lots."""

    def plant(size: int) -> str:
        stations = [[f"cycle = {time(value)}"] for value in p["times"]]
        buffers: dict[int, int | str] = dict.fromkeys(range(1, len(stations)), f'"unlimited"\nsublot = {size}')
        return line("", stations, buffers, f'[[order]]\nproduct = "part"\nquantity = {p["lot"]}\n')

    def makespan(trace: Trace) -> float:
        assert (trace.parts["fate"] == t.AT_SINK).sum() == p["lot"], "the run must end with all parts done"
        return float(trace.parts["left"].max()) / MINUTE

    def figures(seen: Seen) -> Figures:
        whole = prepare(parse_plant(tomllib.loads(plant(p["lot"]))))
        return {
            "makespan_sublots": makespan(seen.trace),
            "makespan_whole_lot": makespan(simulate(whole, horizon=1e6)),
        }

    return Model(plant(p["sublot"]), figures, single=(0.0, 1e4))


MODELS: dict[str, Callable[[Case], Model]] = {
    "waiting-time limit, then scrap (e.g. melt or preheat cools)": waiting_limit,
    "machine switched off when idle, warm-up on demand": switched_off,
    "other duties taken when idle": other_duties,
    "cyclic changeover between product families, serve until empty": cyclic_changeover,
    "cyclic lots with set-up, saturated": rotation,
    "slotted line with random stoppages": bernoulli_line,
    "priority classes, preemptive-resume": preempting,
    "moving a lot in sub-lots": sublots,
}
SLOW = {"other duties taken when idle"}
