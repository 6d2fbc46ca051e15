"""Speed of the numerical kernels as ratios from one run: against NumPy, naive compiled loops, and plain C.

Each kernel and what it is compared with solve the same problem; the answers are compared before the clock is quoted,
and the runs take turns (`compare.py`). Plain C is compiled on the spot with -O3 -march=native if there is a compiler.
Quoted are the median of the ratios of the rounds, their spread, the ratio of the best times, elements per second, and
the share of the memory bandwidth measured in the same run.

Exit code 1: an answer differs, or, with `--history FILE`, a kernel is slower than in earlier runs on this machine
beyond noise, twice in a row. The run is then appended to the file if nothing is wrong. Small sizes (`--quick`) fail on
wrong answers only.

    python benchmarks/kernels.py [--rounds 7] [--quick] [--only slab] [--history FILE] [--json]
"""

from __future__ import annotations

import argparse
import ctypes
import json
import sys
import tempfile
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

import numba

sys.path.insert(0, str(Path(__file__).parents[1]))  # the checkout, when it is not installed

from benchmarks import history
from benchmarks.bodies import enthalpy_pairs, lumped_pairs, slab_pairs
from benchmarks.compare import Pair, Result, bandwidth, measure, plain_c, text
from benchmarks.grids import block_pairs, casting_pairs, section_pairs
from benchmarks.welds import fields_pairs


def makers(quick: bool, library: ctypes.CDLL | None) -> dict[str, Callable[[], list[Pair]]]:
    """Return what makes the pairs, by the names that `--only` looks in."""
    return {
        "lumped bodies": lambda: lumped_pairs(quick),
        "slab, batch of billets": lambda: slab_pairs(quick),
        "enthalpy, die-wall table": lambda: enthalpy_pairs(quick),
        "section, one cycle, ADI sweeps": lambda: section_pairs(quick, library),
        "block": lambda: block_pairs(quick),
        "casting, enthalpy": lambda: casting_pairs(quick, library),
        "Rosenthal, Goldak": lambda: fields_pairs(quick),
    }


def judged(pair: Pair, rounds: int, stream: float, before: history.Past | None) -> tuple[Result, str]:
    """Measure, once more if it seems slower than before, and return the better run and what is wrong with it."""
    result = measure(pair, rounds, stream)
    if not result.wrong and history.regression(result, before):
        again = measure(pair, rounds, stream)
        result = max(result, again, key=lambda run: run.median_ratio)
    return result, result.wrong or history.regression(result, before)


def run(quick: bool, rounds: int, only: str, path: Path | None) -> tuple[list[Result], list[str], float]:
    """Measure all pairs and return what they gave, what is wrong, and the bandwidth. [B/s]"""
    size = "quick" if quick else "full"
    records = history.read(path) if path else []
    here = history.machine()
    results, problems = [], []
    with tempfile.TemporaryDirectory() as directory:
        library = plain_c(directory)
        stream = bandwidth()
        for name, make in makers(quick, library).items():
            if only not in name:
                continue
            for pair in make():
                before = None if quick else history.past(records, pair.key, size, here)
                result, problem = judged(pair, rounds, stream, before)
                results.append(result)
                problems += [problem] if problem else []
    if path and not problems and not only:
        history.keep(path, history.record(results, stream, size))
    return results, problems, stream


def main() -> int:
    """Measure, print, and return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, help="how often each runs; 7, or 3 with --quick")
    parser.add_argument("--quick", action="store_true", help="small sizes; only wrong answers count")
    parser.add_argument("--only", default="", help="kernels whose names contain this")
    parser.add_argument("--history", type=Path, metavar="FILE", help="compare with the runs in a file, and append this")
    parser.add_argument("--json", action="store_true", help="print one JSON object and nothing else")
    options = parser.parse_args()
    rounds = options.rounds or (3 if options.quick else 7)
    if rounds < 1:
        parser.error("at least 1 round is needed")
    numba.set_num_threads(1)
    try:
        results, problems, stream = run(options.quick, rounds, options.only, options.history)
    except ValueError as wrong:
        parser.error(str(wrong))
    if options.json:
        rows = [asdict(result) | {"grade": result.grade} for result in results]
        sys.stdout.write(json.dumps({"bandwidth": stream, "results": rows, "problems": problems}) + "\n")
    else:
        sys.stdout.write(text(results, stream) + "\n")
    sys.stderr.writelines(f"{problem}\n" for problem in problems)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
