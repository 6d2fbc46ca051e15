"""What earlier runs measured, one JSON object a line, and whether a new run is slower beyond noise.

A record names the machine by processor, cores, system and the versions of the numerical packages; nothing of where it
stands or what lies on its disk. Ratios are compared only with records of the same machine and size of the problems.
"""

from __future__ import annotations

import json
import os
import platform
import statistics
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numba
import numpy as np

from benchmarks.compare import Result

LEAST_MARGIN = 0.15  # a loss of less is never a regression
FIRST_MARGIN = 0.3  # nor of less than this, while there are few runs to know the noise between them
FEW = 3
SPREADS = 3.0  # a loss of so many spreads is still noise
LATEST = 10  # records that count
FORM = 1


def processor() -> str:
    """Return the name of the processor as the system tells it."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


def machine() -> dict[str, Any]:
    """Return what describes the machine and its packages."""
    return {
        "processor": processor(),
        "cores": os.cpu_count(),
        "system": f"{platform.system()} {platform.machine()}",
        "python": ".".join(platform.python_version_tuple()[:2]),
        "numpy": np.__version__,
        "numba": numba.__version__,
    }


def record(results: list[Result], stream: float, size: str) -> dict[str, Any]:
    """Return a run as it is kept."""
    return {
        "form": FORM,
        "when": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": machine(),
        "size": size,
        "bandwidth": stream,
        "kernels": {
            r.key: {
                "median": round(r.median_ratio, 3),
                "best": round(r.best_ratio, 3),
                "spread": round(r.spread, 4),
                "ns": round(r.ns_per_element, 3),
            }
            for r in results
        },
    }


def read(path: Path) -> list[dict[str, Any]]:
    """Return the records of a file, oldest first; none if there is no file.

    Raises
    ------
    ValueError  If a line is no record; it names file, line and remedy.
    """
    if not path.exists():
        return []
    found = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        try:
            entry = json.loads(line)
            if entry["form"] == FORM:
                found.append(entry)
        except (ValueError, KeyError, TypeError):
            raise ValueError(f"{path.name}:{number}: no record of a run; remove the line") from None
    return found


def keep(path: Path, entry: dict[str, Any]) -> None:
    """Append a record."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="utf-8") as file:
        file.write(json.dumps(entry, sort_keys=True) + "\n")


@dataclass(frozen=True)
class Past:
    """What earlier runs say of one kernel."""

    median: float
    best: float
    ns: float
    margin: float  # share of the ratio that may be lost

    def lost(self, result: Result) -> bool:
        """Return whether median and best of a run lie below what noise explains, and the kernel takes longer, too.

        A ratio may fall because the other program has become faster; that is no loss of ours.
        """
        floor = 1.0 - max(self.margin, SPREADS * result.spread)
        slower = result.ns_per_element > (1.0 + 0.5 * LEAST_MARGIN) * self.ns
        return slower and result.median_ratio < floor * self.median and result.best_ratio < floor * self.best


def past(records: list[dict[str, Any]], key: str, size: str, on: dict[str, Any]) -> Past | None:
    """Return what the latest records of this machine say of a kernel; None if none does.

    The margin is three spreads: the larger of that of the rounds within a run and that of the medians between runs.
    """
    same = [entry["kernels"] for entry in records if entry["size"] == size and entry["machine"] == on]
    rows = [kernels[key] for kernels in same if key in kernels][-LATEST:]
    if not rows:
        return None
    medians = [row["median"] for row in rows]
    middle = statistics.median(medians)
    between = statistics.median(abs(value - middle) for value in medians) / middle
    within = statistics.median(row["spread"] for row in rows)
    least = LEAST_MARGIN if len(rows) >= FEW else FIRST_MARGIN
    margin = max(least, SPREADS * max(within, 1.5 * between))
    best, ns = (statistics.median(row[column] for row in rows) for column in ("best", "ns"))
    return Past(middle, best, ns, margin)


def regression(result: Result, before: Past | None) -> str:
    """Return in words that a kernel has become slower; empty if it has not, or nothing is known."""
    if before is None or not before.lost(result):
        return ""
    return (
        f"{result.key}: slower than before, median {result.median_ratio:.2f} and best {result.best_ratio:.2f} against "
        f"{before.median:.2f} and {before.best:.2f} in earlier runs (noise up to {before.margin:.0%})"
    )
