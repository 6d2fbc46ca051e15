"""How two programs for one problem are compared on a machine that others use too.

The answers are compared first. Then both run in turn, the order changing with each round, on one thread each; the
clock counts the CPU time of this process, so that other programs disturb less (they still share caches and memory). A
round gives one ratio. Quoted are the median of the ratios, their spread (half the distance between the quartiles, as a
share of the median) and the ratio of the best times.
"""

from __future__ import annotations

import ctypes
import os
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numba
import numpy as np

naive: Callable[[Any], Any] = numba.njit(error_model="numpy")
Run = Callable[[], Any]
C_SOURCE = Path(__file__).with_name("plain.c")
SHORTEST = 1e-3  # a clock of less than this is repeated [s]


@dataclass
class Pair:
    """A kernel and what it is measured against. `good` and `excellent`: what is asked for; 0 is only shown."""

    name: str
    against: str
    kernel: Run  # returns its answer
    other: Run
    tolerance: float  # of the largest difference of the answers
    elements: float  # point-steps, parts or calls of one run of the kernel
    good: float = 0.0
    excellent: float = 0.0
    bytes_moved: float = 0.0  # per element, at least
    other_elements: float = 0.0  # if the other runs a smaller share, elements of it

    @property
    def key(self) -> str:
        """Its name in a history."""
        return f"{self.name} / {self.against}"


@dataclass
class Result:
    """What the rounds gave."""

    key: str
    median_ratio: float
    best_ratio: float
    spread: float  # of the ratios of the rounds, as a share of the median
    good: float
    excellent: float
    difference: float
    tolerance: float
    ns_per_element: float
    elements_per_second: float
    share_of_bandwidth: float
    ratios: list[float] = field(default_factory=list)

    @property
    def wrong(self) -> str:
        """What is wrong with the answer; empty if nothing is."""
        if self.difference <= self.tolerance:
            return ""
        return f"{self.key}: the answers differ by {self.difference:.3g}, {self.tolerance:.3g} is allowed"

    @property
    def grade(self) -> str:
        """How the median stands to what is asked for."""
        if not self.good:
            return ""
        if self.median_ratio >= self.excellent:
            return "excellent"
        return "good" if self.median_ratio >= self.good else "short"


def clock(run: Run, times: int = 1) -> float:
    """Return the mean CPU time of some runs, of all threads. [s]"""
    begin = time.process_time()
    for _ in range(times):
        run()
    return (time.process_time() - begin) / times


def spread_of(ratios: list[float]) -> float:
    """Return half the distance between the quartiles as a share of the median.

    >>> spread_of([1.0, 2.0, 2.0, 2.0, 3.0])
    0.0
    >>> spread_of([1.0])
    0.0
    """
    low, high = np.quantile(ratios, [0.25, 0.75])
    return float(0.5 * (high - low) / statistics.median(ratios))


def measure(pair: Pair, rounds: int, stream: float) -> Result:
    """Compare the answers, then let both run in turn; `stream` is the bandwidth of the memory. [B/s]"""
    difference = float(np.max(np.abs(np.asarray(pair.kernel()) - np.asarray(pair.other()))))
    runs = (pair.kernel, pair.other)
    repeat = [max(1, int(SHORTEST / max(clock(run), 1e-6))) for run in runs]
    times: tuple[list[float], list[float]] = ([], [])
    for number in range(rounds):
        for who in (0, 1) if number % 2 else (1, 0):
            times[who].append(clock(runs[who], repeat[who]))
    ours, theirs = times
    share = pair.elements / (pair.other_elements or pair.elements)
    ratios = [share * slow / fast for slow, fast in zip(theirs, ours, strict=True)]
    best = min(ours)
    return Result(
        key=pair.key,
        median_ratio=statistics.median(ratios),
        best_ratio=share * min(theirs) / best,
        spread=spread_of(ratios),
        good=pair.good,
        excellent=pair.excellent,
        difference=difference,
        tolerance=pair.tolerance,
        ns_per_element=1e9 * best / pair.elements,
        elements_per_second=pair.elements / best,
        share_of_bandwidth=pair.bytes_moved * pair.elements / best / stream,
        ratios=ratios,
    )


# -- the machine -------------------------------------------------------------------------------------------------------


@naive
def triad(a: Any, b: Any, c: Any) -> None:
    """Three streams: 24 bytes a number, 32 with the line that is read before it is written."""
    for i in range(a.size):
        a[i] = b[i] + 3.0 * c[i]


def bandwidth() -> float:
    """Return the memory bandwidth of one core. [B/s]"""
    a, b, c = (np.ones(8_000_000) for _ in range(3))
    triad(a, b, c)
    return 24.0 * a.size / min(clock(lambda: triad(a, b, c)) for _ in range(7))


def plain_c(directory: str) -> ctypes.CDLL | None:
    """Return the C functions compiled on the spot with -O3 -march=native, or None without a compiler."""
    compiler = os.environ.get("CC") or shutil.which("cc") or shutil.which("gcc") or shutil.which("clang")
    if compiler is None:
        return None
    library = Path(directory) / "kernels.so"
    flags = ["-O3", "-march=native", "-std=c11", "-fPIC", "-shared"]
    command = [compiler, *flags, "-o", str(library), str(C_SOURCE), "-lm"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.stderr.write(f"plain C is left out: {done.stderr[:200]}\n")
        return None
    return ctypes.CDLL(str(library))


def pointers(*arrays: Any) -> list[Any]:
    """Return the addresses of arrays for C."""
    return [ctypes.c_void_p(array.ctypes.data) for array in arrays]


def text(results: list[Result], stream: float) -> str:
    """Return the results for people."""
    lines = [
        f"memory bandwidth of one core: {stream / 1e9:.1f} GB/s; one thread each",
        f"{'kernel / against':<58}  median  spread    best   good   exc. grade           ns  Melem/s  memory",
    ]
    for r in results:
        memory = f"{r.share_of_bandwidth:.0%}" if r.share_of_bandwidth else ""
        asked = [f"{value:g}" if value else "" for value in (r.good, r.excellent)]
        lines.append(
            f"{r.key:<58}{r.median_ratio:>8.2f}{r.spread:>8.0%}{r.best_ratio:>8.2f}{asked[0]:>7}{asked[1]:>7} "
            f"{r.grade:<10}{r.ns_per_element:>8.2f}{r.elements_per_second / 1e6:>9.1f}{memory:>8}"
        )
    return "\n".join(lines)
