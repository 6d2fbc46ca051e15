"""Plant files for the reference cases of routes, job lists, closed loops, rework and dispatch rules."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import permutations
from pathlib import Path

import numpy as np

from factory_sim.model import parse_plant
from factory_sim.simulation import trace as t
from factory_sim.simulation.plan import NEVER
from factory_sim.simulation.prepare import prepare
from factory_sim.simulation.run import simulate
from factory_sim.simulation.trace import Trace
from tests.theory.event_plants import Case, Figures, Model, erlang, exponential, gamma, line, table, time
from tests.theory.observe import MINUTE, Seen, Times, minutes

INSTANCES = Path(__file__).with_name("jobshop")


def priorities(p: Case) -> Model:
    """Classes of parts of which the higher one comes first, without interrupting."""
    classes = [chr(ord("A") + index) for index in range(len(p["rates"]))]
    parts = [table("plant", 'name = "Priority classes"'), table("sink.done")]
    parts.append(table("station.machine", f"cycle = {time(1.0)}", 'dispatch = "priority"'))
    for rank, rate in enumerate(p["rates"]):
        mean = p["mean_service"][rank]
        squared_cv = p["second_moment"][rank] / mean**2 - 1.0
        cycle = (
            exponential(mean)
            if squared_cv == 1.0
            else time(mean)
            if squared_cv == 0.0
            else gamma(mean, squared_cv**0.5)
        )
        parts += [
            table(f"source.comes_{rank}", f"interval = {exponential(1.0 / rate)}"),
            table(f"product.class_{rank}", f'route = ["comes_{rank}", "machine", "done"]', f"priority = {rank}"),
            table(f"product.class_{rank}.step.machine", f"cycle = {cycle}"),
        ]

    def figures(seen: Seen) -> Figures:
        visits = seen.trace.visits
        waits = visits["got"] - seen.born(np.maximum(visits["part"], 0))
        mine = seen.within(visits["got"])
        return {
            f"mean_wait_{name}": minutes(waits[mine & (visits["product"] == rank)]) for rank, name in enumerate(classes)
        }

    return Model("\n".join(parts), figures, 1.0 / sum(p["rates"]))


def lots(p: Case) -> Model:
    """Parts that arrive together and are worked on one by one."""
    source = f"interval = {exponential(1.0 / p['lot_rate'])}\nlot = {p['lot_size']}"
    plant = line(source, [[f"cycle = {exponential(p['mean_service'])}"]])
    return Model(plant, _in_system, 1.0 / (p["lot_rate"] * p["lot_size"]))


def _in_system(seen: Seen) -> Figures:
    return {
        "mean_number_in_system": seen.mean_number(*seen.entered),
        "mean_wip": seen.mean_number(*seen.entered),
        "mean_time_in_system": seen.time_in_system,
        "utilisation": seen.utilisation(0),
    }


def rework_loop(p: Case) -> Model:
    """Parts that go back to the end of the queue."""
    station = [f"cycle = {exponential(p['mean_service'])}", f"rework = {p['rework_probability']}"]
    plant = line(f"interval = {exponential(1.0 / p['arrival_rate'])}", [station])

    def figures(seen: Seen) -> Figures:
        visits = seen.trace.visits
        done = seen.within(visits["left"])
        over = done & (visits["outcome"] == t.GOOD)
        return _in_system(seen) | {"mean_passes_per_part": float(done.sum() / over.sum())}

    return Model(plant, figures, 1.0 / p["arrival_rate"])


def furnace(p: Case) -> Model:
    """A machine that takes several parts at once."""
    cycle = time(p["mean_cycle"]) if p["cycle"] == "constant" else exponential(p["mean_cycle"])
    station = [f"cycle = {cycle}", f"batch = {{min = {p['min_load']}, max = {p['max_load']}}}"]
    plant = line(f"interval = {exponential(1.0 / p['arrival_rate'])}", [station])

    def figures(seen: Seen) -> Figures:
        visits = seen.visits(0)
        loads = np.unique(visits.began[visits.began < NEVER], return_index=True)[1]
        begun = seen.within(visits.began[visits.began < NEVER]).sum()
        return {
            "mean_wait_in_queue": minutes(seen.waits()),
            "mean_number_in_queue": seen.mean_buffer(0),
            "fraction_time_busy": seen.mean_number(visits.began[loads], visits.ended[loads]),
            "mean_batch_size": float(begun / seen.within(visits.began[loads]).sum()),
        }

    return Model(plant, figures, 1.0 / p["arrival_rate"])


def random_setups(p: Case) -> Model:
    """A machine that is set up after a random share of its parts; the setup counts as time of that part."""
    setup = f"setup = {{random_share = {1.0 / p['ns']!r}, random_time = {gamma(p['ts'], p['cssq'] ** 0.5)}}}"
    station = [f"cycle = {gamma(p['t0'], p['c0sq'] ** 0.5)}", setup]
    plant = line(f"interval = {exponential(p['interarrival'])}", [station])

    def figures(seen: Seen) -> Figures:
        visits = seen.visits(0)
        done = visits.ended < NEVER
        began, ended = visits.began[done], visits.ended[done]
        spent = ended - began
        begins, ends = seen.stops(t.SETUP)
        spent[np.searchsorted(ended, begins)] += ends - begins  # each begins when its part has ended
        mine = seen.within(ended)
        return {
            "mean_effective_time": minutes(spent[mine]),
            "cv2_effective_time": float(spent[mine].var(ddof=1) / spent[mine].mean() ** 2),
            "mean_wait_in_queue": minutes(seen.waits()),
        }

    return Model(plant, figures, p["interarrival"])


def pallets(p: Case) -> Model:
    """A closed cell of stations around one vehicle; a trip is a visit to it."""
    names = ["load", "vehicle", "m1", "m2"]
    visits = [1, 4, 1, 2]
    route = ["load", "vehicle", "m1", "vehicle", "m2", "vehicle", "m2", "vehicle"]
    parts = [table("plant", 'name = "Cell with pallets"'), table("sink.done")]
    parts.append(table("source.pallets", f"cards = {p['pallets']}"))
    for name, demand, count in zip(names, p["demands"], visits, strict=True):
        parts.append(table(f"station.{name}", f"cycle = {exponential(demand / count)}"))
        parts.append(table(f"buffer.before_{name}", f'before = "{name}"', 'capacity = "unlimited"'))
    quoted = ", ".join(f'"{name}"' for name in ["pallets", *route, "done"])
    parts.append(table("product.part", f"route = [{quoted}]"))

    def figures(seen: Seen) -> Figures:
        columns = seen.trace.visits
        taken = np.flatnonzero(columns["got"] < NEVER)
        order = taken[np.argsort(columns["part"][taken], kind="stable")]  # the visits of a part one after another
        part, left = columns["part"][order], columns["left"][order]
        came = np.where(np.diff(part, prepend=-1) == 0, np.roll(left, 1), seen.born(part))
        at = seen.station_of[columns["machine"][order]]
        numbers = {f"mean_number_{k + 1}": seen.mean_number(came[at == k], left[at == k]) for k in range(len(names))}
        return {"throughput": seen.throughput, "pallet_cycle_time": seen.time_in_system, **numbers}

    return Model("\n".join(parts), figures)


HOUR = 60.0  # [min]


def closed_line(p: Case) -> Model:
    """A line with so many parts inside, each replaced when it leaves; one unit of time is an hour."""
    cycle = time(p["time"] * HOUR) if "time" in p else exponential(p["mean_time"] * HOUR)
    unlimited: dict[int, int | str] = dict.fromkeys(range(1, p["stations"]), '"unlimited"')
    plant = line(f"cards = {p['wip']}", [[f"cycle = {cycle}"]] * p["stations"], unlimited)

    def figures(seen: Seen) -> Figures:
        return {"throughput_per_h": seen.throughput * HOUR, "cycle_time_h": seen.time_in_system / HOUR}

    return Model(plant, figures, HOUR)


def offered_load(p: Case) -> Model:
    """A job shop with types of jobs on ways of their own."""
    parts = [table("plant", 'name = "Job shop"'), table("sink.done")]
    parts.append(table("source.jobs", f"interval = {exponential(HOUR / p['arrival_rate_per_h'])}"))
    for group, machines in enumerate(p["machines"], start=1):
        parts.append(table(f"station.group_{group}", f"machines = {machines}", f"cycle = {time(1.0)}"))
        parts.append(table(f"buffer.before_{group}", f'before = "group_{group}"', 'capacity = "unlimited"'))
    for kind, (share, way, means) in enumerate(zip(p["shares"], p["routes"], p["mean_times_h"], strict=True)):
        route = ", ".join(f'"group_{group}"' for group in way)
        parts.append(table(f"product.type_{kind}", f'route = ["jobs", {route}, "done"]', f"share = {share}"))
        for group, mean in zip(way, means, strict=True):
            parts.append(table(f"product.type_{kind}.step.group_{group}", f"cycle = {erlang(mean * HOUR, 2)}"))

    def figures(seen: Seen) -> Figures:
        return {f"utilisation_{group + 1}": seen.utilisation(group, count) for group, count in enumerate(p["machines"])}

    return Model("\n".join(parts), figures, HOUR)


# -- job lists: constant times, all jobs there at the beginning --------------------------------------------------------

Job = list[tuple[int, float]]  # (machine, time) in order


def shop(jobs: Iterable[Job], rule: str, due: list[float] | None = None, priority: list[int] | None = None) -> str:
    """Return the plant file of a job shop; a job is a product that is ordered once."""
    jobs = list(jobs)
    machines = sorted({machine for job in jobs for machine, _ in job})
    parts = [table("plant", 'name = "Job shop"'), table("sink.done")]
    for machine in machines:
        parts.append(table(f"station.m{machine}", f"cycle = {time(1.0)}", f'dispatch = "{rule}"'))
        parts.append(table(f"buffer.before_{machine}", f'before = "m{machine}"', 'capacity = "unlimited"'))
    for number, job in enumerate(jobs):
        route = ", ".join(f'"m{machine}"' for machine, _ in job)
        rank = f"priority = {priority[number] if priority else 0}"
        parts.append(table("source.job_" + str(number)))
        parts.append(table(f"product.job_{number}", f'route = ["job_{number}", {route}, "done"]', rank))
        parts += [table(f"product.job_{number}.step.m{machine}", f"cycle = {time(value)}") for machine, value in job]
    for number in range(len(jobs)):
        when = f"due = {time(due[number])}" if due else ""
        parts.append(f'[[order]]\nproduct = "job_{number}"\n{when}\n')
    return "\n".join(parts)


def run_shop(plant: str) -> Times:
    """Return when each job is done. [ticks]"""
    import tomllib

    trace = simulate(prepare(parse_plant(tomllib.loads(plant))), horizon=1e6)
    return _done(trace)


def _done(trace: Trace) -> Times:
    parts = trace.parts
    assert set(parts["fate"].tolist()) == {t.AT_SINK}, "the run must end with all jobs done"
    left: Times = parts["left"][np.argsort(parts["part"])]
    return left


def flow_shop(p: Case) -> Model:
    """Every order of the jobs through two stations; the second one works first come, first served."""
    jobs: list[Job] = [[(0, first), (1, second)] for first, second in p["times"]]

    def sequence(order: tuple[int, ...]) -> str:
        return shop([jobs[number] for number in order], "fifo")

    def figures(seen: Seen) -> Figures:
        spans = [int(run_shop(sequence(order)).max()) for order in permutations(range(len(jobs)))]
        return {
            "minimum_makespan": min(spans) / MINUTE,
            "makespan_order_1_2_3_4_5": int(_done(seen.trace).max()) / MINUTE,
        }

    return Model(sequence(tuple(range(len(jobs)))), figures, single=(0.0, 1e4))


def one_machine(p: Case) -> Model:
    """One machine and a list of jobs with due dates."""
    jobs: list[Job] = [[(0, value)] for value in p["times"]]

    def figures(_: Seen) -> Figures:
        found: Figures = {}
        for rule in ("FIFO", "SPT", "EDD", "LPT"):
            done = run_shop(shop(jobs, rule.lower(), p["due"])) / MINUTE
            found[f"{rule}_mean_flow"] = float(done.mean())
            found[f"{rule}_mean_tardiness"] = float(np.maximum(done - np.array(p["due"]), 0.0).mean())
        return found

    return Model(shop(jobs, "fifo"), figures, single=(0.0, 1e4))


def job_shop(p: Case) -> Model:
    """An instance of the literature under five dispatch rules."""
    text = (INSTANCES / f"{p['instance']}.txt").read_text(encoding="utf-8")
    rows = [[int(word) for word in row.split()] for row in text.splitlines() if not row.startswith("#")][1:]
    jobs: list[Job] = [list(zip(row[0::2], map(float, row[1::2]), strict=True)) for row in rows]
    assert len(jobs) == p["jobs"]
    of_machine = [sum(value for job in jobs for at, value in job if at == machine) for machine in range(p["machines"])]

    def figures(_: Seen) -> Figures:
        found: Figures = {}
        for rule in ("SPT", "FIFO", "MWKR", "MOPNR", "LPT"):
            done = run_shop(shop(jobs, rule.lower())) / MINUTE
            found[f"makespan_{rule}"], found[f"mean_flow_{rule}"] = float(done.max()), float(done.mean())
        return found | {
            "optimal_makespan": min(found[f"makespan_{rule}"] for rule in ("SPT", "FIFO", "MWKR", "MOPNR", "LPT")),
            "machine_or_job_bound": max(*of_machine, *(sum(value for _, value in job) for job in jobs)),
        }

    return Model(shop(jobs, "fifo"), figures, single=(0.0, 1e4))


MODELS: dict[str, Callable[[Case], Model]] = {
    "priority classes, non-preemptive": priorities,
    "lots arriving together": lots,
    "rework loop back to the same station": rework_loop,
    "constant work in process, constant times (best case)": closed_line,
    "constant work in process, exponential times (practical worst case)": closed_line,
    "job shop with routings": offered_load,
    "two-station flow shop": flow_shop,
    "batch processing (furnace, oven, kiln)": furnace,
    "closed cell with pallets and transport": pallets,
    "set-ups between parts (random)": random_setups,
    "dispatching rules, one machine": one_machine,
    "deterministic job shop, dispatching rules": job_shop,
}
SLOW = {
    "lots arriving together",
    "job shop with routings",
    "constant work in process, exponential times (practical worst case)",
}
