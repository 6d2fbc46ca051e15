"""Plant files for the reference cases of people: hours, breaks, absence, unfilled positions, preemption."""

from __future__ import annotations

from collections.abc import Callable

from factory_sim.simulation import trace as t
from tests.theory.event_plants import Case, Figures, Model, exponential, gamma, served, table, time
from tests.theory.observe import MINUTE, Seen, minutes

DAY = 24 * 60.0  # [min]


def clock(minute: float) -> str:
    """Return a time of day."""
    return f"{int(minute) // 60 % 24:02d}:{int(minute) % 60:02d}"


def by_shift(p: Case) -> Model:
    """Machines that run until they need an attendant; how many of these there are changes with the shifts of a day.

    An attendant leaves at the end of the shift, and another one goes on with the repair, which has no memory.
    """
    mode = f"between = {exponential(p['run_time'])}, repair = {exponential(p['service_time'])}"
    parts = [
        table("plant", 'name = "Attendants by shift"'),
        table("source.arrivals"),
        table("sink.done"),
        table("product.part", 'route = ["arrivals", "machines", "done"]'),
        table(
            "station.machines",
            f"machines = {p['machines']}",
            f"cycle = {time(10.0 * p['run_time'])}",
            f'failure.call = {{{mode}, crew = "attendants"}}',
        ),
        table("resource.attendants", "units = 0", f"absence = {p['absence']}", 'shift_end = "leave"'),
    ]
    begin = 0.0
    for number, (length, units) in enumerate(p["shifts"]):
        end = begin + length
        shift = f'{{days = "Mon-Sun", from = "{clock(begin)}", to = "{clock(end)}"}}'
        parts.append(table(f"calendar.shift_{number}", f"shifts = [{shift}]"))
        parts.append(table(f"resource.attendants.crew.crew_{number}", f"units = {units}", "rotation = 4",
                           f'calendar = "shift_{number}"'))  # fmt: skip
        begin = end

    def figures(seen: Seen) -> Figures:
        _, got, released = served(seen, t.ACTIVITY_REPAIR)
        rows = seen.trace.attendance
        there = rows["state"] == t.PRESENT
        present = seen.mean_number(rows["begin"][there], rows["end"][there])
        busy = seen.mean_number(got, released)
        return {
            "mean_machines_running": p["machines"] - seen.mean_number(*seen.stops()),
            "mean_attendants_busy": busy,
            "attendant_utilisation": busy / present,
        }

    return Model("\n".join(parts), figures, DAY)


def classes(p: Case) -> Model:
    """Two stations for the two classes and one worker for both, whom class A takes from class B."""
    parts = [table("plant", 'name = "Two classes"'), table("sink.done")]
    for number, name in enumerate("ab"):
        mean, second = p["mean_service"][number], p["second_moment"][number]
        cv = max(0.0, second / mean**2 - 1.0) ** 0.5
        parts += [
            table(f"source.{name}_comes", f"interval = {exponential(1.0 / p['rates'][number])}"),
            table(f"product.{name}", f'route = ["{name}_comes", "{name}_work", "done"]'),
            table(f"station.{name}_work", f"cycle = {gamma(mean, cv) if cv > 1e-9 else time(mean)}"),
            table(f"station.{name}_work.attend.watch", 'needs = ["worker"]', f"priority = {number}"),
        ]
    parts.append(table("resource.worker", "units = 1", "preemptive = true"))

    def figures(seen: Seen) -> Figures:
        rows = seen.trace.parts
        done = seen.within(rows["left"]) & (rows["fate"] == t.AT_SINK)
        found = {}
        for number, name in enumerate("AB"):
            mine = done & (rows["product"] == number)
            found[f"mean_time_in_system_{name}"] = minutes(rows["left"][mine] - rows["born"][mine])
        return found

    return Model("\n".join(parts), figures, 1.0 / sum(p["rates"]))


def unfilled(p: Case) -> Model:
    """As many machines as there are positions, but some of these are not filled."""
    parts = [
        table("plant", 'name = "Positions"'),
        table("source.arrivals", f"interval = {exponential(1.0 / p['arrival_rate'])}"),
        table("sink.done"),
        table("product.part", 'route = ["arrivals", "work", "done"]'),
        table("station.work", f"machines = {p['positions']}", f"cycle = {exponential(p['mean_service'])}",
              'attend.watch = {needs = ["welder | fitter"]}'),
        table("resource.welder", f"units = {p['positions'] - 1}", f"unfilled = {p['unfilled']}"),
        table("resource.fitter", "units = 1"),
    ]  # fmt: skip

    def figures(seen: Seen) -> Figures:
        _, got, released = served(seen, t.ACTIVITY_WATCH)
        visits = seen.visits(0)
        mine = seen.within(visits.began)
        waits = (visits.began - seen.born(visits.part))[mine]
        return {
            "mean_time_in_system": seen.time_in_system,
            "probability_of_waiting": float((waits > 0).mean()),
            "mean_wait": minutes(waits),
            "people_busy": seen.mean_number(got, released),
        }

    return Model("\n".join(parts), figures, 1.0 / p["arrival_rate"])


def breaks(p: Case) -> Model:
    """Jobs at machines of their own that are always open; each needs a worker of its own, who has shifts and breaks."""
    shifts = ", ".join(f'{{days = "{d}", from = "{b}", to = "{e}"}}' for d, b, e in p["shifts"])
    parts = [table("plant", 'name = "Breaks"'), table("calendar.day", f"shifts = [{shifts}]"), table("sink.done")]
    pauses = ", ".join(f'{{from = "{begin}", to = "{end}"}}' for begin, end in p["breaks"])
    for number, (start, load, work, unload) in enumerate(p["jobs"]):
        name = f"job_{number + 1}"
        needs = f'needs = ["{name}_worker"]'
        parts += [
            table(f"source.{name}_comes", f"at = [{time(start)}]"),
            table(f"product.{name}", f'route = ["{name}_comes", "{name}_runs", "done"]'),
            table(f"station.{name}_runs", f"cycle = {time(work)}"),
            table(f"station.{name}_runs.attend.load", needs, f"time = {time(load)}"),
            *([table(f"station.{name}_runs.attend.watch", needs)] if p["watched"] else []),
            table(f"station.{name}_runs.attend.unload", needs, f"time = {time(unload)}"),
            table(
                f"resource.{name}_worker",
                "units = 1",
                'calendar = "day"',
                'weekly_limit = "60 h"',
                f'shift_end = "{p["shift_end"]}"',
                f"breaks = [{pauses}]",
            ),
        ]

    def figures(seen: Seen) -> Figures:
        jobs = range(len(p["jobs"]))
        ends = {f"end_{k + 1}": int(seen.visits(k).ended[0]) / MINUTE for k in jobs}
        nets = {f"net_{k + 1}": int(seen.visits(k).net[0]) / MINUTE for k in jobs}
        return ends | nets

    return Model("\n".join(parts), figures, single=(0.0, 14 * DAY))


MODELS: dict[str, Callable[[Case], Model]] = {
    "attendants whose number changes by shift": by_shift,
    "one worker for two stations, preemptive-resume": classes,
    "parallel servers, positions not filled": unfilled,
    "phases of work and breaks of people": breaks,
}
SLOW = {"parallel servers, positions not filled", "attendants whose number changes by shift"}
