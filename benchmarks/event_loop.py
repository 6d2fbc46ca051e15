"""Speed of the event loop against a textbook SimPy program, as a ratio from one run.

The plant: ten stations in a row that fail while they work, a buffer between each two, one repair crew for all, the
first station never short of parts. The textbook program is what SimPy's own machine shop example grows into: a `Store`
for each buffer, a `Resource` for the crew, a process for each machine that its failures interrupt, variates from
`random`; it records nothing. Our engine runs the same plant from a plan and writes its whole trace.

Both are asked for the same time and take turns; the answers are compared before the clock is quoted. Exit code 1: the
answers differ, the median ratio is below 2.0, or a visit takes more than 96 bytes.

    python benchmarks/event_loop.py [--minutes 10000] [--rounds 7] [--json]
"""

from __future__ import annotations

import argparse
import gc
import json
import math
import platform
import random
import statistics
import sys
import time
from collections.abc import Callable, Generator, Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, NamedTuple, ParamSpec, TypeVar

import simpy

sys.path.insert(0, str(Path(__file__).parents[1]))  # the checkout, when it is not installed

from factory_sim.model import Plant, parse_plant
from factory_sim.simulation.plan import Plan
from factory_sim.simulation.prepare import prepare
from factory_sim.simulation.run import simulate
from factory_sim.simulation.trace import AT_SINK, FAILED

STATIONS = 10
BUFFER = 5  # places between two stations
CYCLE = 1.0  # mean, exponential [min]
BETWEEN = 80.0  # mean working time between failures, exponential [min]
REPAIR = 6.0  # mean, exponential; waiting for the crew not included [min]
CREW = 1  # machines that can be repaired at the same time
LEAST_RATIO = 2.0
MOST_BYTES = 96.0
MOST_ERRORS = 4.0  # standard errors that the two answers may lie apart
MINUTE = 60.0  # [s]

T = TypeVar("T")
P = ParamSpec("P")


class Run(NamedTuple):
    """What one run gave. CPU time in seconds; bytes per visit 0 if nothing was recorded."""

    parts: int
    failures: int
    cpu: float
    bytes_per_visit: float


# -- the textbook program ----------------------------------------------------------------------------------------------


class Machine:
    """A machine takes a part from the store before it, works, and puts it into the store behind it."""

    def __init__(
        self, env: simpy.Environment, crew: simpy.Resource, inbox: simpy.Store | None, outbox: simpy.Store | None
    ) -> None:
        self.env, self.crew, self.inbox, self.outbox = env, crew, inbox, outbox
        self.parts_made = 0
        self.failures = 0
        self.time_worked = 0.0
        self.work_began: float | None = None
        self.process = env.process(self.working())
        env.process(self.failing())

    def working(self) -> Generator[simpy.Event, Any, None]:
        """Make parts as long as the simulation runs; after a failure the part goes on where it stopped."""
        part = object()
        while True:
            if self.inbox is not None:
                part = yield self.inbox.get()
            done_in = random.expovariate(1.0 / CYCLE)
            while done_in > 0.0:
                self.work_began = self.env.now
                try:
                    yield self.env.timeout(done_in)
                    done_in = 0.0
                    self.stop_watch()
                except simpy.Interrupt:
                    done_in -= self.stop_watch()
                    self.failures += 1
                    with self.crew.request() as request:
                        yield request
                        yield self.env.timeout(random.expovariate(1.0 / REPAIR))
            self.parts_made += 1
            if self.outbox is not None:
                yield self.outbox.put(part)

    def failing(self) -> Generator[simpy.Event, Any, None]:
        """Break the machine whenever it has worked for a random time since it was repaired.

        To sleep for the working time that is left and to look again is the cheapest way that we know: two or three
        events per failure. A clock that starts and stops with each part costs that many per part.
        """
        while True:
            breaks_at = self.time_worked_now() + random.expovariate(1.0 / BETWEEN)
            while (left := breaks_at - self.time_worked_now()) > 1e-9:
                yield self.env.timeout(left)
            if self.work_began is not None:
                self.process.interrupt()

    def stop_watch(self) -> float:
        """Count the work that ends now, and return how long it took. [min]"""
        assert self.work_began is not None
        worked = self.env.now - self.work_began
        self.time_worked += worked
        self.work_began = None
        return worked

    def time_worked_now(self) -> float:
        """Return how long it has worked so far. [min]"""
        if self.work_began is None:
            return self.time_worked
        return self.time_worked + (self.env.now - self.work_began)


def run_textbook(minutes: float, seed: int) -> Run:
    """Run the textbook program once."""
    random.seed(seed)
    begin = time.process_time()
    env = simpy.Environment()
    crew = simpy.Resource(env, capacity=CREW)
    buffers = [simpy.Store(env, capacity=BUFFER) for _ in range(STATIONS - 1)]
    machines = [Machine(env, crew, *ends) for ends in zip([None, *buffers], [*buffers, None], strict=True)]
    env.run(until=minutes)
    cpu = time.process_time() - begin
    return Run(machines[-1].parts_made, sum(machine.failures for machine in machines), cpu, 0.0)


# -- ours --------------------------------------------------------------------------------------------------------------


def plant() -> Plant:
    """Return the plant as a plant file says it."""
    names = [f"station_{i + 1}" for i in range(STATIONS)]
    failure = {
        "between": {"exponential": f"{BETWEEN} min"}, "repair": {"exponential": f"{REPAIR} min"}, "crew": "repairers"
    }  # fmt: skip
    return parse_plant({
        "plant": {"name": "Ten failing stations with a shared repair crew"},
        "source": {"blanks": {}},
        "sink": {"finished": {}},
        "product": {"part": {"route": ["blanks", *names, "finished"]}},
        "resource": {"repairers": {"units": CREW}},
        "buffer": {f"before_{name}": {"before": name, "capacity": BUFFER} for name in names[1:]},
        "station": {name: {"cycle": {"exponential": f"{CYCLE} min"}, "failure": {"wear": failure}} for name in names},
    })  # fmt: skip


def run_ours(plan: Plan, minutes: float, seed: int) -> Run:
    """Run our engine once, with its whole trace."""
    begin = time.process_time()
    trace = simulate(plan, seed=seed, horizon=minutes * MINUTE)
    cpu = time.process_time() - begin
    parts = int((trace.parts["fate"] == AT_SINK).sum())
    failures = int((trace.stops["state"] == FAILED).sum())
    return Run(parts, failures, cpu, trace.bytes_per_visit)


# -- the comparison ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Result:
    """What the rounds gave. Pairs: the textbook program, ours. Ratios: CPU time per part, textbook over ours."""

    minutes: float
    parts: tuple[int, int]
    failures: tuple[int, int]
    throughput: tuple[float, float]  # [1/min]
    errors_apart: tuple[float, float]  # of parts and of failures, in standard errors
    cpu_per_part_us: tuple[float, float]  # medians
    ratios: tuple[float, ...]
    median_ratio: float
    best_ratio: float
    bytes_per_visit: float
    python: str
    simpy: str

    @property
    def problems(self) -> list[str]:
        """What is not as it should be."""
        found = []
        for name, errors in zip(("throughputs", "numbers of failures"), self.errors_apart, strict=True):
            if errors > MOST_ERRORS:
                found.append(f"the {name} lie {errors:.1f} standard errors apart, up to {MOST_ERRORS} may be luck")
        if self.median_ratio < LEAST_RATIO:
            found.append(f"the median ratio is {self.median_ratio:.2f}, it should be at least {LEAST_RATIO}")
        if self.bytes_per_visit > MOST_BYTES:
            found.append(f"a visit takes {self.bytes_per_visit:.1f} B, it should take at most {MOST_BYTES:.0f}")
        return found


def without_collector(run: Callable[P, Run], *args: P.args, **keywords: P.kwargs) -> Run:
    """Run with a clean slate and the garbage collector off, the same for both."""
    gc.collect()
    gc.disable()
    try:
        return run(*args, **keywords)
    finally:
        gc.enable()


def compare(minutes: float, rounds: int) -> Result:
    """Let both run in turn, each round with other luck and the other one first.

    Parameters
    ----------
    minutes : float   Simulated time of each run, > 0. [min]
    rounds : int      At least 2, so that there is a standard error.
    """
    plan = prepare(plant())
    simulate(plan, horizon=100 * MINUTE)  # imports are done outside the clock
    textbook: list[Run] = []
    ours: list[Run] = []
    for number in range(rounds):
        if number % 2 == 0:
            textbook.append(without_collector(run_textbook, minutes, number))
        ours.append(without_collector(run_ours, plan, minutes, number))
        if number % 2 == 1:
            textbook.append(without_collector(run_textbook, minutes, number))
    return summary(minutes, textbook, ours)


def summary(minutes: float, textbook: list[Run], ours: list[Run]) -> Result:
    """Return the result of the rounds."""
    both = (textbook, ours)
    parts = [[run.parts for run in runs] for runs in both]
    failures = [[run.failures for run in runs] for runs in both]
    per_part = [[run.cpu / run.parts for run in runs] for runs in both]
    ratios = tuple(slow / fast for slow, fast in zip(*per_part, strict=True))
    return Result(
        minutes=minutes,
        parts=pair(sum(counts) for counts in parts),
        failures=pair(sum(counts) for counts in failures),
        throughput=pair(statistics.mean(counts) / minutes for counts in parts),
        errors_apart=(errors_apart(*parts), errors_apart(*failures)),
        cpu_per_part_us=pair(statistics.median(times) * 1e6 for times in per_part),
        ratios=ratios,
        median_ratio=statistics.median(ratios),
        best_ratio=max(ratios),
        bytes_per_visit=max(run.bytes_per_visit for run in ours),
        python=platform.python_version(),
        simpy=simpy.__version__,
    )


def pair(values: Iterable[T]) -> tuple[T, T]:
    """Return the value of the textbook program and ours."""
    textbook, ours = values
    return textbook, ours


def errors_apart(one: list[int], other: list[int]) -> float:
    """Return how many standard errors the means of two lists of counts lie apart.

    >>> errors_apart([99, 101], [104, 106])
    3.5355339059327373
    """
    error = math.hypot(*(statistics.stdev(counts) / math.sqrt(len(counts)) for counts in (one, other)))
    return abs(statistics.mean(one) - statistics.mean(other)) / error if error else math.inf


def text(result: Result) -> str:
    """Return the result for people; what the clock says stands below the answers."""
    rows = [
        ("", "textbook SimPy", "factory_sim"),
        ("parts", *(f"{value:,}" for value in result.parts)),
        ("failures", *(f"{value:,}" for value in result.failures)),
        ("parts per minute", *(f"{value:.4f}" for value in result.throughput)),
        ("CPU time per part", *(f"{value:.1f} us" for value in result.cpu_per_part_us)),
    ]
    lines = [
        f"{STATIONS} failing stations, one repair crew, {len(result.ratios)} rounds of {result.minutes:,.0f} min",
        *(f"{name:<18}{textbook:>16}{ours:>16}" for name, textbook, ours in rows),
        "The answers lie {:.1f} (throughput) and {:.1f} (failures) standard errors apart.".format(*result.errors_apart),
        f"Times as fast, by round: {' '.join(f'{ratio:.2f}' for ratio in result.ratios)}",
        f"Median {result.median_ratio:.2f}, best {result.best_ratio:.2f}; at least {LEAST_RATIO} is asked for.",
        f"{result.bytes_per_visit:.1f} bytes per visit with its states; at most {MOST_BYTES:.0f} are allowed.",
        f"Python {result.python}, SimPy {result.simpy}",
    ]
    return "\n".join(lines)


def main() -> int:
    """Compare, print, and return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=10_000.0, help="simulated time of each run [min]")
    parser.add_argument("--rounds", type=int, default=7, help="how often each runs, at least 2")
    parser.add_argument("--json", action="store_true", help="print one JSON object and nothing else")
    options = parser.parse_args()
    if options.rounds < 2 or not 1_000.0 <= options.minutes < 1e9:
        parser.error("at least 2 rounds, and 1,000 to 1e9 minutes, are needed for a comparison")
    result = compare(options.minutes, options.rounds)
    answer = json.dumps(asdict(result) | {"problems": result.problems}, indent=2) if options.json else text(result)
    sys.stdout.write(f"{answer}\n")
    sys.stderr.writelines(f"{problem}\n" for problem in result.problems)
    return 1 if result.problems else 0


if __name__ == "__main__":
    sys.exit(main())
