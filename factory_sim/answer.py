"""From a study to its answer: the comparison of its scenarios, as table, JSON and report."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from factory_sim.model import Study
from factory_sim.study.compare import Comparison, compare
from factory_sim.study.runner import Progress
from factory_sim.study.sequential import Tell


@dataclass(frozen=True)
class Answer:
    """What a study found out."""

    comparison: Comparison

    def to_json(self) -> dict[str, object]:
        """Return the object that `factory-sim study --json` prints."""
        return self.comparison.to_json()

    def table(self, lang: str = "en") -> str:
        """Return the ranking as a text table, in English (`en`) or Korean (`ko`)."""
        from factory_sim.report.table import ranking_table

        return ranking_table(self.comparison, lang)

    def report(self, directory: str | os.PathLike[str], lang: str = "en") -> Path:
        """Write the report, one HTML file, into a directory (made if it is not there), and return its path."""
        from factory_sim.report.html import write_report

        return write_report(self.comparison, directory, lang)

    def replications(self, directory: str | os.PathLike[str]) -> list[str]:
        """Write every replication into a directory, as CSV, Parquet and Excel; return what was not written, and why."""
        from factory_sim.report.replications import write_replications

        return write_replications(self.comparison, directory)

    def __str__(self) -> str:
        return self.table()


def decide(
    study: Study,
    workers: int | None = None,
    physics: bool = True,
    progress: Progress | None = None,
    cache: str | os.PathLike[str] | None = None,
    cluster: str | None = None,
    tell: Tell | None = None,
) -> Answer:
    """Return the answer of a study: every scenario run, compared with today and valued.

    Parameters
    ----------
    workers : int, optional  Processes; default: one per core. The answer does not depend on it.
    physics : bool           False: constants of the plant file instead of the history of the machines.
    progress : callable      Called with (runs done, runs in all).
    cache : path, optional   Folder in which finished runs are kept, for a study that may be cut off.
    cluster : str, optional  Address of a Dask scheduler whose workers run it, instead of processes of this machine.
    tell : callable          Called with an `Outlook` after the first stage, if replications are spent where needed.

    Raises
    ------
    ValueError  If `workers` is below 1, or given beside a cluster.
    InputError  If a scenario cannot be run.
    OSError     If the cache cannot be written.
    """
    return Answer(compare(study, workers, physics, progress, cache, cluster, tell))
