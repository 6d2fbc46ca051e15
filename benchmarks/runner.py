"""What a study costs beside its simulations, and what a second worker saves.

The runs of a study one after the other in this process, without anything around them, against the same study by the
runner with one worker: pool, comparison, finance, cache on disk. CPU time of all processes, so that other programs
disturb little. Then the runner with two workers against one, by the clock: that is judged only where the load of the
last minute leaves both cores free, and each study begins with an empty cache.

    python benchmarks/runner.py [STUDY] [--replications N] [--json]
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time
from pathlib import Path

from factory_sim.model import Study, read_study
from factory_sim.study.compare import compare, tasks_of

ROOT = Path(__file__).parents[1]
STUDY = ROOT / "layouts" / "giga_casting_study.toml"
MOST_OVERHEAD, LEAST_SPEED = 0.10, 1.7
QUIET = 0.25  # load per core


def cpu() -> float:
    """Return the CPU time of this process and of those it has waited for. [s]"""
    spent = os.times()
    return spent.user + spent.system + spent.children_user + spent.children_system


def engine(study: Study) -> float:
    """Return the CPU time of the runs of a study and nothing else. [s]"""
    tasks = tasks_of(study)
    tasks[0].run()  # imports, kernels
    begin = cpu()
    for task in tasks:
        task.run()
    return cpu() - begin


def runner(study: Study, workers: int) -> tuple[float, float]:
    """Return CPU time and wall-clock time of a study by the runner. [s]"""
    with tempfile.TemporaryDirectory() as cache:
        begin, started = cpu(), time.perf_counter()
        compare(study, workers, cache=cache)
        return cpu() - begin, time.perf_counter() - started


def main() -> int:
    """Measure, print, and return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("study", nargs="?", default=str(STUDY), help="file of the study; default: giga casting")
    parser.add_argument("--replications", type=int, default=4, help="of each scenario")
    parser.add_argument("--json", action="store_true", help="print one JSON object and nothing else")
    options = parser.parse_args()
    study = read_study(options.study)
    asked = study.study.model_copy(update={"replications": options.replications})
    study = study.model_copy(update={"study": asked})
    quiet = os.getloadavg()[0] <= QUIET * (os.cpu_count() or 1) if hasattr(os, "getloadavg") else True
    alone = engine(study)
    spent, one = runner(study, 1)
    two = runner(study, 2)[1]
    figures = {"runs": len(tasks_of(study)), "engine_s": alone, "overhead": spent / alone - 1.0, "two": one / two}
    if options.json:
        sys.stdout.write(json.dumps(figures | {"quiet": quiet}) + "\n")
    else:
        sys.stdout.write(
            f"{figures['runs']} runs, {alone:.1f} s of CPU time\n"
            f"the runner adds {100 * figures['overhead']:.1f} %; at most {100 * MOST_OVERHEAD:.0f} % is asked for\n"
            f"two workers are {figures['two']:.2f} times as fast as one; {LEAST_SPEED} is asked for"
            f"{'' if quiet else ', but not judged: other programs use the machine'}\n"
        )
    return int(figures["overhead"] > MOST_OVERHEAD or (quiet and figures["two"] < LEAST_SPEED))


if __name__ == "__main__":
    sys.exit(main())
