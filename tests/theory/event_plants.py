"""Plant files for the reference cases of material flow, and what is looked at in their runs.

`MODELS` has a builder for each mechanism of the case file; the parameters of the case decide the rest. A builder
returns the text of a plant file, how long to run, and a function from what was seen to the figures of the case.
Abstract units of time are minutes.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from factory_sim.simulation import trace as t
from factory_sim.simulation.plan import NEVER
from factory_sim.simulation.trace import ACTIVITY_REPAIR, ACTIVITY_WORK
from tests.theory.observe import MINUTE, Seen, Times, minutes

Case = dict[str, Any]
Figures = dict[str, float]


@dataclass(frozen=True)
class Model:
    """A case as a plant file.

    Attributes
    ----------
    unit : length of one unit (a part, a time unit) of the run that the case asks for. [min]
    single : begin and end of the one run of a deterministic case, None for the others. [min]
    starts : parts to be started in all, where the case asks for no other run.
    split : a replication of the file becomes so many, where its parts have nothing to do with each other.
    """

    plant: str
    figures: Callable[[Seen], Figures]
    unit: float = 1.0
    single: tuple[float, float] | None = None
    starts: int = 0
    demand_mode: str = "sold_out"
    split: int = 0


# -- pieces of plant files ---------------------------------------------------------------------------------------------


def table(name: str, *lines: str) -> str:
    """Return a table of a plant file."""
    return "\n".join([f"[{name}]", *lines]) + "\n"


def time(value: float) -> str:
    """Return a duration in minutes."""
    return f'"{value!r} min"'


def exponential(mean: float) -> str:
    return f"{{exponential = {time(mean)}}}"


def gamma(mean: float, cv: float) -> str:
    return f"{{gamma = {{mean = {time(mean)}, cv = {cv!r}}}}}"


def erlang(mean: float, stages: int) -> str:
    return f"{{erlang = {{mean = {time(mean)}, stages = {stages}}}}}"


def uniform(bounds: list[float]) -> str:
    return f"{{uniform = [{time(bounds[0])}, {time(bounds[1])}]}}"


def times(values: Iterable[float]) -> str:
    return f"[{', '.join(time(value) for value in values)}]"


def line(source: str, stations: list[list[str]], buffers: dict[int, int | str] | None = None, more: str = "") -> str:
    """Return a plant of stations in series, each given by its lines; `buffers` are places before a station."""
    names = [f"station_{number + 1}" for number in range(len(stations))]
    route = ", ".join(f'"{name}"' for name in ["arrivals", *names, "done"])
    return "\n".join([
        table("plant", 'name = "Reference case"'),
        table("source.arrivals", source),
        *(table(f"station.{name}", *lines) for name, lines in zip(names, stations, strict=True)),
        *(
            table(f"buffer.before_{names[k]}", f'before = "{names[k]}"', f"capacity = {places}")
            for k, places in (buffers or {}).items()
        ),
        table("sink.done"),
        table("product.part", f"route = [{route}]"),
        more,
    ])  # fmt: skip


def failure(mttf: float, mttr: float, more: str = "") -> str:
    """Return a failure mode on the working clock."""
    return f"failure.breakdown = {{between = {exponential(mttf)}, repair = {exponential(mttr)}{more}}}"


# -- queues ------------------------------------------------------------------------------------------------------------


def service(p: Case) -> str:
    """Return the distribution of the time at a machine."""
    mean = p.get("mean_service", 0.0)
    if "service" in p:
        return uniform(p["service"])
    if "second_moment_service" in p:
        squared_cv = p["second_moment_service"] / mean**2 - 1.0
        return gamma(mean, math.sqrt(squared_cv)) if squared_cv > 1e-12 else time(mean)
    return erlang(mean, p["erlang_stages"]) if "erlang_stages" in p else exponential(mean)


def queue_figures(seen: Seen, machines: int) -> Figures:
    """Return all that theory says about a station with one queue."""
    waits = seen.waits()
    return {
        "mean_number_in_system": seen.mean_number(*seen.entered),
        "mean_number_in_queue": seen.mean_buffer(0),
        "mean_time_in_system": seen.time_in_system,
        "mean_wait_in_queue": minutes(waits),
        "probability_of_waiting": float((waits > 0).mean()),
        "utilisation": seen.utilisation(0, machines),
        "throughput": seen.throughput,
        "fraction_refused": seen.fraction_refused,
    }


def queue(p: Case) -> Model:
    """One station, one or more machines, one queue that may be short."""
    servers = p.get("servers", 1)
    if isinstance(p.get("interarrival"), list):
        interval, mean_interval = uniform(p["interarrival"]), sum(p["interarrival"]) / 2.0
    elif p.get("interarrival") == "constant":
        interval, mean_interval = time(p["interval"]), p["interval"]
    else:
        interval, mean_interval = exponential(1.0 / p["arrival_rate"]), 1.0 / p["arrival_rate"]
    station = [f"machines = {servers}", f"cycle = {service(p)}"]
    buffers: dict[int, int | str] = {0: p["capacity"] - servers} if "capacity" in p else {}
    plant = line(f"interval = {interval}", [station], buffers)
    return Model(plant, lambda seen: queue_figures(seen, servers), mean_interval)


def loss_system(p: Case) -> Model:
    """No place to wait."""
    return queue(p | {"capacity": p["servers"]})


def first_parts(p: Case) -> Model:
    """The first parts of a queue that begins empty: the source gives no more than these in its first week."""
    plant = queue(p).plant.replace("[source.arrivals]\n", f"[source.arrivals]\nweekly_volume = {p['parts']}\n")
    horizon = 4.0 * p["parts"] * max(1.0 / p["arrival_rate"], p["mean_service"])

    def figures(seen: Seen) -> Figures:
        waits = seen.waits()
        assert len(waits) == p["parts"], "the run is too short for all parts"
        return {"expected_average_wait": minutes(waits)}

    return Model(plant, figures, horizon / p["parts"], demand_mode="fixed_volume")


def energy_by_state(p: Case) -> Model:
    """A machine that takes power by its state; the plant file says so too, but the figures come from the trace."""
    power = f'power = {{working = "{p["p_busy"]} kW", idle = "{p["p_idle"]} kW"}}'
    station = [f"cycle = {exponential(p.get('mean_service', 1.0))}", power]
    plant = line(f"interval = {exponential(1.0 / p['arrival_rate'])}", [station])

    def figures(seen: Seen) -> Figures:
        busy = seen.utilisation(0)
        mean = p["p_busy"] * busy + p["p_idle"] * (1.0 - busy)
        return {"mean_power_kw": mean, "energy_per_part_kwh": mean / seen.throughput / 60.0}

    return Model(plant, figures, 1.0 / p["arrival_rate"])


def breakdowns_while_working(p: Case) -> Model:
    """A queue before a machine that fails while it works; the part goes on where it stopped."""
    station = [f"cycle = {gamma(p['t0'], math.sqrt(p['c0sq']))}", failure(p["mttf"], p["mttr"])]
    plant = line(f"interval = {exponential(p['interarrival'])}", [station])

    def figures(seen: Seen) -> Figures:
        visits = seen.visits(0)
        done = seen.within(visits.ended)
        spent = (visits.ended - visits.began)[done]
        return {
            "availability_of_busy_time": float(visits.net[done].sum() / spent.sum()),
            "mean_effective_time": minutes(spent),
            "cv2_effective_time": float(spent.var(ddof=1) / spent.mean() ** 2),
            "mean_wait_in_queue": minutes(seen.waits()),
            "utilisation_incl_repair": seen.utilisation(0),
        }

    return Model(plant, figures, p["interarrival"])


# -- machines that are never short of parts ----------------------------------------------------------------------------


def always_loaded(p: Case) -> Model:
    """One machine that works or is down."""
    plant = line("", [[f"cycle = {time(p['cycle'])}", failure(p["mtbf"], p["mttr"])]])

    def figures(seen: Seen) -> Figures:
        begins, ends = seen.stops()
        return {
            "availability": 1.0 - seen.mean_number(begins, ends),
            "throughput_per_min": seen.throughput,
            "failures_per_1000_min": seen.within(begins).sum() * 1000.0 * MINUTE / seen.length,
        }

    return Model(plant, figures)


def attended(p: Case) -> Model:
    """Machines that run until they need an attendant: to the plant file, failures and a crew."""
    constant = "constant service" in p["model"].lower()
    repair = time(p["service_time"]) if constant else exponential(p["service_time"])
    mode = f'failure.call = {{between = {exponential(p["run_time"])}, repair = {repair}, crew = "attendants"}}'
    crew = table("resource.attendants", f"units = {p['attendants']}")
    # What the machines make does not matter: long cycles are simulated fast.
    plant = line("", [[f"machines = {p['machines']}", f"cycle = {time(10.0 * p['run_time'])}", mode]], more=crew)

    def figures(seen: Seen) -> Figures:
        asked, got, released = served(seen, ACTIVITY_REPAIR)
        begins, ends = seen.stops()
        done = seen.within(released)
        return {
            "mean_machines_running": p["machines"] - seen.mean_number(begins, ends),
            "throughput_services": done.sum() * MINUTE / seen.length,
            "attendant_utilisation": seen.mean_number(got, released) / p["attendants"],
            "mean_wait_for_attendant": minutes((got - asked)[done]),
        }

    return Model(plant, figures, p["run_time"] / p["machines"])


def served(seen: Seen, activity: int) -> tuple[Times, Times, Times]:
    """Return asked, got and released of the grants for an activity."""
    columns = seen.trace.grants
    mine = columns["activity"] == activity
    return columns["asked"][mine], columns["got"][mine], columns["released"][mine]


def man_and_machines(p: Case) -> Model:
    """One operator loads the machines in turn; the walk to the next one is time with the machine that already runs."""
    busy, cycle = p["load"] + p["walk"], p["load"] + p["run"]
    station = [f"machines = {p['machines']}", f"cycle = {time(cycle)}", 'needs = ["operator"]', f"load = {time(busy)}"]
    plant = line("", [station], more=table("resource.operator", "units = 1"))
    count = p["machines"]

    def figures(seen: Seen) -> Figures:
        visits = seen.visits(0)
        _, got, released = served(seen, ACTIVITY_WORK)
        ends = np.sort(visits.ended[seen.within(visits.ended)])
        rounds = ends[count:] - ends[:-count]
        assert set(rounds.tolist()) == {rounds[0]}, "not a fixed round"
        length = minutes(rounds)
        rounds_seen = (seen.end - seen.begin) / rounds[0]
        return {
            "steady_cycle_time": length,
            "throughput": count / length,
            "operator_idle_per_cycle": length - seen.overlap(got, released) / MINUTE / rounds_seen,
            "machine_idle_per_cycle": length - seen.overlap(visits.began, visits.ended) / MINUTE / rounds_seen / count,
            "ideal_number_of_machines": minutes(visits.net[:10]) / minutes((released - got)[:10]),
        }

    length = max(cycle, count * busy)
    return Model(plant, figures, single=(20.0 * length, 500.0 * length))


def redundant(p: Case) -> Model:
    """Alike units of which some are needed."""
    mode = failure(p["mtbf"], p["mttr"], ', crew = "repairers"')
    crew = table("resource.repairers", f"units = {p['repairers']}")
    plant = line("", [[f"machines = {p['units']}", f"cycle = {time(p['mtbf'])}", mode]], more=crew)
    spare = p["units"] - p["needed"]
    return Model(plant, lambda seen: {"cell_availability": seen.at_most(*seen.stops(), spare)})


# -- lines -------------------------------------------------------------------------------------------------------------


def finite_line(p: Case) -> Model:
    """Stations in series with buffers between; a finished part without a place stays in its machine."""
    cycles = [
        erlang(mean, stages) if stages > 1 else exponential(mean)
        for mean, stages in zip(p["mean_times"], p["erlang_stages"], strict=True)
    ]
    plant = line("", [[f"cycle = {cycle}"] for cycle in cycles], dict(enumerate(p["buffers"], start=1)))

    def figures(seen: Seen) -> Figures:
        buffers = {f"mean_buffer_{k}": seen.mean_buffer(k) for k in range(1, len(cycles))}
        return {"throughput": seen.throughput, **buffers}

    return Model(plant, figures, max(p["mean_times"]))


def open_line(p: Case) -> Model:
    """Stations in series without limits."""
    stations = [[f"cycle = {exponential(1.0 / rate)}"] for rate in p["rates"]]
    unlimited: dict[int, int | str] = dict.fromkeys(range(1, len(stations)), '"unlimited"')
    plant = line(f"interval = {exponential(1.0 / p['arrival_rate'])}", stations, unlimited)

    def figures(seen: Seen) -> Figures:
        return {
            "mean_time_in_system": seen.time_in_system,
            "mean_wip": seen.mean_number(*seen.entered),
            **{f"mean_number_{k + 1}": seen.mean_number_at(k) for k in range(len(stations))},
        }

    return Model(plant, figures, 1.0 / p["arrival_rate"])


def rigid_line(p: Case) -> Model:
    """No buffers and one cycle for all: what stops one stops all, but for the cycles under way."""
    cycle = p.get("cycle", 1.0)
    stations = [[f"cycle = {time(cycle)}", failure(*both)] for both in zip(p["mtbf"], p["mttr"], strict=True)]
    return Model(line("", stations), lambda seen: {"line_efficiency": seen.throughput * cycle})


def two_unreliable(p: Case) -> Model:
    """Machine 1 stands still when N parts lie between: those in the buffer, at machine 2, and its own finished one."""
    stations = [
        [f"cycle = {exponential(1.0 / mu)}", failure(1.0 / fail, 1.0 / repair)]
        for mu, fail, repair in zip(p["mu"], p["p"], p["r"], strict=True)
    ]
    plant = line("", stations, {1: p["N"] - 2})

    def figures(seen: Seen) -> Figures:
        first, second = seen.visits(0), seen.visits(1)
        left = np.full(int(first.part.max()) + 1, NEVER)
        left[second.part] = second.left
        return {"throughput": seen.throughput, "mean_n": seen.mean_number(first.ended, left[first.part])}

    return Model(plant, figures)


PIECES = 10  # parts that stand for one unit of a continuous material


def two_continuous(p: Case) -> Model:
    """Two machines with a buffer for a material, in small pieces; one piece is at each machine."""
    station = [f"cycle = {time(1.0 / PIECES)}", failure(1.0 / p["p"], 1.0 / p["r"])]
    plant = line("", [station, station], {1: round(p["capacity"] * PIECES) - 1})
    return Model(plant, lambda seen: {"throughput": seen.throughput / PIECES})


def yield_chain(p: Case) -> Model:
    """Operations that scrap."""
    plant = line("", [[f"cycle = {time(1.0)}", f"yield = {share}"] for share in p["yields"]])

    def figures(seen: Seen) -> Figures:
        return {"rolled_yield": seen.yield_, "starts_for_1000_good": 1000.0 / seen.yield_}

    return Model(plant, figures, starts=p["starts"])


# -- exact cases -------------------------------------------------------------------------------------------------------


def constant_times(p: Case) -> Model:
    """Constant times, from an empty plant: a number of parts that wait at the beginning, or a steady stream."""
    if "times" in p:
        plant = line(
            f"at = {times([0] * p['parts'])}",
            [[f"cycle = {time(cycle)}"] for cycle in p["times"]],
            dict.fromkeys(range(1, len(p["times"])), '"unlimited"'),
        )
        horizon = 2.0 * sum(p["times"]) * p["parts"]
    else:
        horizon = p["horizon"]
        arrivals = [k * p["interval"] for k in range(math.ceil(horizon / p["interval"]))]
        plant = line(f"at = {times(arrivals)}", [[f"cycle = {time(p['service'])}"]])

    def figures(seen: Seen) -> Figures:
        left = seen.trace.parts["left"][seen.trace.parts["fate"] == t.AT_SINK]
        makespan = int(left.max())
        busiest = max(range(len(p.get("times", [0]))), key=seen.utilisation)
        visits = seen.visits(busiest)
        return {
            "parts_finished": len(left),
            "utilisation": seen.utilisation(0),
            "makespan": makespan / MINUTE,
            "utilisation_bottleneck_over_makespan": int((visits.ended - visits.began).sum()) / makespan,
        }

    return Model(plant, figures, single=(0.0, horizon))


SHIFTS = '[{days = "Mon-Fri", from = "08:00", to = "12:00"}, {days = "Mon-Fri", from = "12:40", to = "17:00"}]'


def one_shift(p: Case) -> Model:
    """Each job comes to a machine of its own at its start; outside work time it waits in the machine."""
    jobs = [f"job_{number + 1}" for number in range(len(p["start"]))]
    parts = [table("plant", 'name = "One shift"', 'calendar = "day"'), table("calendar.day", f"shifts = {SHIFTS}")]
    for job, start, work in zip(jobs, p["start"], p["work"], strict=True):
        parts += [
            table(f"source.{job}_comes", f"at = [{time(start)}]"),
            table(f"station.{job}_runs", f"cycle = {time(work)}"),
            table(f"product.{job}", f'route = ["{job}_comes", "{job}_runs", "done"]'),
        ]
    week = 7 * 24 * 60.0

    def figures(seen: Seen) -> Figures:
        ends = {f"end_{k + 1}": int(seen.visits(k).ended[0]) / MINUTE for k in range(len(jobs))}
        begins, until = seen.stops(t.OFF_SHIFT)
        closed = seen.overlap(begins, until) / len(jobs)
        return ends | {"work_minutes_per_week": (1.0 - closed / seen.length) * week}

    return Model("\n".join([*parts, table("sink.done")]), figures, single=(0.0, 3 * week))


def little(_: Case) -> Model:
    """A run that begins and ends empty: the area under the number inside is the sum of all times inside."""
    stations = [
        ["machines = 2", f"cycle = {exponential(1.7)}", "yield = 0.9"],
        [f"cycle = {gamma(0.8, 0.6)}", failure(20.0, 3.0)],
    ]
    plant = line(f"at = {times(0.5 * k for k in range(1000))}", stations, {0: 20, 1: 3})

    def figures(seen: Seen) -> Figures:
        born, left = seen.entered
        fates = seen.trace.parts["fate"]
        assert set(fates.tolist()) == {t.AT_SINK, t.REJECTED, t.REFUSED}, "the run must end empty, with every fate"
        events = sorted([(int(time), 1) for time in born] + [(int(time), -1) for time in left])
        area = inside = last = 0
        for time, step in events:
            area += inside * (time - last)
            inside, last = inside + step, time
        total = int((left - born).sum())
        assert len(fates) == 1000 and inside == 0, "parts in = parts out + scrapped + refused"
        return {"relative_gap": abs(area - total) / total}

    return Model(plant, figures, single=(0.0, 5000.0))


MODELS: dict[str, Callable[[Case], Model]] = {
    "single server, FIFO, unlimited queue": queue,
    "parallel identical machines, one queue": queue,
    "single server, general processing time (Pollaczek-Khinchine)": queue,
    "parallel machines, non-exponential": queue,
    "renewal arrivals, exponential machine": queue,
    "variability bound": queue,
    "finite waiting room, refused parts": queue,
    "loss system": loss_system,
    "terminating run from empty": first_parts,
    "energy by machine state": energy_by_state,
    "breakdowns while working (preemptive-resume)": breakdowns_while_working,
    "breakdowns in calendar time": always_loaded,
    "operators or robots tending machines (machine interference)": attended,
    "operators or robots tending machines (deterministic)": man_and_machines,
    "redundant units with limited repair crew": redundant,
    "serial line with finite buffers and blocking": finite_line,
    "open line, unlimited buffers": open_line,
    "serial line without buffers, operation-dependent failures": rigid_line,
    "two unreliable machines, finite buffer (exponential model)": two_unreliable,
    "two unreliable machines, continuous flow": two_continuous,
    "yield of a chain": yield_chain,
    "serial line, constant times": constant_times,
    "shift calendar": one_shift,
    "conservation laws": little,
}

# What takes too long for the everyday tests, of the mechanisms that others cover as well.
SLOW = {
    "parallel machines, non-exponential",
    "renewal arrivals, exponential machine",
    "terminating run from empty",
    "open line, unlimited buffers",
    "serial line without buffers, operation-dependent failures",
    "two unreliable machines, continuous flow",
}
