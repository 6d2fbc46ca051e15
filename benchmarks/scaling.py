"""How the cost of a visit grows with the number of stations and with the length of a run, and memory with its weeks.

Lines of failing machines, the same but for their length, and one line for ever more parts, run by turns in one process;
figures are ratios of CPU time per visit, the smallest of the rounds. Memory is what a replication of a study holds at
most, as Python and NumPy ask for it.

    python benchmarks/scaling.py [--rounds N] [--json]
"""

from __future__ import annotations

import argparse
import gc
import json
import sys
import time
import tracemalloc

from factory_sim.model import Plant, parse_plant
from factory_sim.model.units import WEEK
from factory_sim.simulation.plan import Plan
from factory_sim.simulation.prepare import prepare
from factory_sim.simulation.run import simulate
from factory_sim.study.task import Task

STATIONS = (10, 50, 200)
PARTS = (10_000, 100_000, 1_000_000)
VISITS = 200_000  # of the runs with many stations
FEW = 2  # stations of the runs with many parts
CYCLE = 60.0  # [s]
WEEKS = (4, 40)  # measured, of a replication
MOST = {"stations": 1.8, "parts": 1.1, "weeks": 1.5}  # times cost per visit, or memory, last against first


def plant(stations: int) -> Plant:
    """Return a line with a repair crew for ten stations each."""
    names = [f"station_{index}" for index in range(stations)]
    failure = {"between": {"exponential": "80 min"}, "repair": {"exponential": "6 min"}, "crew": "repairers"}
    return parse_plant({
        "plant": {"name": "Line"},
        "source": {"blanks": {}},
        "sink": {"finished": {}},
        "product": {"part": {"route": ["blanks", *names, "finished"]}},
        "resource": {"repairers": {"units": max(1, stations // 10)}},
        "buffer": {f"before_{name}": {"before": name, "capacity": 5} for name in names[1:]},
        "station": {name: {"cycle": {"exponential": "1 min"}, "failure": {"wear": failure}} for name in names},
    })  # fmt: skip


def cost(plan: Plan, visits: int) -> tuple[float, float]:
    """Return the CPU time [us] and the memory [B] of a visit, in a run with about so many."""
    horizon = visits / len(plan.machines) * CYCLE * 1.7  # a line of these machines works 1/1.7 of the time
    gc.collect()
    gc.disable()
    begin = time.process_time()
    trace = simulate(plan, horizon=horizon)
    spent = time.process_time() - begin
    gc.enable()
    return spent / len(trace.visits["machine"]) * 1e6, trace.bytes_per_visit


def memory(weeks: int) -> float:
    """Return the most memory that a replication with so many measured weeks holds at once. [MB]"""
    task = Task(plant(FEW), "sold_out", 0, 1, weeks * WEEK, WEEK)
    tracemalloc.start()
    try:
        task.run()
        return tracemalloc.get_traced_memory()[1] / 1e6
    finally:
        tracemalloc.stop()


def compare(rounds: int) -> dict[str, dict[int, float]]:
    """Return the CPU time of a visit by stations and by parts [us], and memory by weeks [MB]."""
    runs = {("stations", count): (prepare(plant(count)), VISITS) for count in STATIONS}
    runs |= {("parts", count): (prepare(plant(FEW)), count * FEW) for count in PARTS}
    best = {key: min(cost(*run)[0] for _ in range(rounds)) for key, run in runs.items()}
    found = {name: {count: best[name, count] for kind, count in best if kind == name} for name in ("stations", "parts")}
    memory(1)  # what is imported and kept once
    return found | {"weeks": {weeks: memory(weeks) for weeks in WEEKS}}


def main() -> int:
    """Measure, print, and return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3, help="how often each runs")
    parser.add_argument("--json", action="store_true", help="print one JSON object and nothing else")
    options = parser.parse_args()
    found = compare(max(1, options.rounds))
    growth = {name: by[max(by)] / by[min(by)] for name, by in found.items()}
    if options.json:
        figures = {"us_per_visit": {name: found[name] for name in ("stations", "parts")}, "MB": found["weeks"]}
        sys.stdout.write(json.dumps(figures | {"growth": growth}, indent=2) + "\n")
    else:
        for name, by in found.items():
            what, unit = ("Memory", "MB") if name == "weeks" else ("CPU time per visit", "us")
            shown = ", ".join(f"{count:,}: {value:.2f} {unit}" for count, value in by.items())
            sys.stdout.write(f"{what} by {name}: {shown}\n")
            sys.stdout.write(f"  grows {growth[name]:.2f} times; at most {MOST[name]} is asked for\n")
    return int(any(growth[name] > most for name, most in MOST.items()))


if __name__ == "__main__":
    sys.exit(main())
