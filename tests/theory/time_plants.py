"""Plant files for the reference cases of working time: calendars with exceptions, extra hours, ends of shifts."""

from __future__ import annotations

from collections.abc import Callable

from factory_sim.simulation import trace as t
from tests.theory.event_plants import Case, Figures, Model, table, time
from tests.theory.observe import MINUTE, Seen

WEEK = 7 * 24 * 60.0  # [min]


def entries(spans: list[list[str]], keys: tuple[str, ...] = ("days", "from", "to")) -> str:
    """Return a list of tables of texts."""
    rows = (", ".join(f'{key} = "{text}"' for key, text in zip(keys, span, strict=True)) for span in spans)
    return f"[{', '.join(f'{{{row}}}' for row in rows)}]"


def exceptions(p: Case) -> Model:
    """Each job comes to a machine of its own; the calendar has holidays, extra hours every week and on single days."""
    extra = [entries(p["overtime"])[1:-1]] if p.get("overtime") else []
    for day, begin, end in p.get("single_days", []):
        extra.append(f'{{dates = [{day}], from = "{begin}", to = "{end}"}}')
    jobs = [f"job_{number + 1}" for number in range(len(p["start"]))]
    parts = [
        table("plant", 'name = "Calendar"', 'calendar = "works"'),
        table(
            "calendar.works",
            f"shifts = {entries(p['shifts'])}",
            f"overtime = [{', '.join(extra)}]",
            f"holidays = {p.get('holidays', [])}",
        ),
    ]
    for job, start, work in zip(jobs, p["start"], p["work"], strict=True):
        parts += [
            table(f"source.{job}_comes", f"at = [{time(start)}]"),
            table(f"station.{job}_runs", f"cycle = {time(work)}", f'off_shift = "{p.get("off_shift", "pause")}"'),
            table(f"product.{job}", f'route = ["{job}_comes", "{job}_runs", "done"]'),
        ]

    def figures(seen: Seen) -> Figures:
        ends = {f"end_{k + 1}": int(seen.visits(k).ended[0]) / MINUTE for k in range(len(jobs))}
        begins, until = seen.stops(t.OFF_SHIFT)
        return ends | {"open_minutes": (seen.length - seen.overlap(begins, until) / len(jobs)) / MINUTE}

    return Model("\n".join([*parts, table("sink.done")]), figures, single=(0.0, p["weeks"] * WEEK))


MODELS: dict[str, Callable[[Case], Model]] = {"calendar with exceptions": exceptions}
SLOW: set[str] = set()
