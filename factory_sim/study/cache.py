"""Finished replications on disk, so that a study that was cut off goes on where it stopped.

A file is named by the hash of everything that its content depends on: the code of the packages, the plant, the changes
and the settings of the run. It is written to the side and renamed, so that it is there whole or not at all; its first
line is the hash of the rest, and one that does not fit, or cannot be read, is run again.
"""

from __future__ import annotations

import contextlib
import hashlib
import importlib.util
import json
import os
import tempfile
from functools import lru_cache
from pathlib import Path

from factory_sim.results.measures import Kpi, Kpis, Measures
from factory_sim.study.task import Task


class Cache:
    """A folder of finished replications."""

    def __init__(self, folder: str | os.PathLike[str]) -> None:
        self.folder = Path(folder)

    def get(self, task: Task) -> Measures | None:
        """Return the result of a task, None if it is not there or cannot be read."""
        try:
            digest, _, text = self.file_of(task).read_text(encoding="utf-8").partition("\n")
            if digest != _digest(text):
                return None
            found = json.loads(text)
            return Measures(
                found["plant"],
                _kpis(found["kpis"]),
                {name: _kpis(kpis) for name, kpis in found["stations"].items()},
                {name: _kpis(kpis) for name, kpis in found["products"].items()},
                found["bottleneck"],
                {name: _kpis(kpis) for name, kpis in found["sensors"].items()},
                {name: _kpis(kpis) for name, kpis in found["vehicles"].items()},
                {name: _kpis(kpis) for name, kpis in found["stops"].items()},
                {name: _kpis(kpis) for name, kpis in found["spares"].items()},
                {name: _kpis(kpis) for name, kpis in found["resources"].items()},
            )
        except (OSError, ValueError, TypeError, KeyError, AttributeError):
            return None

    def put(self, task: Task, measures: Measures) -> None:
        """Keep the result of a task.

        Raises
        ------
        OSError  If it cannot be written, for want of room or of permission.
        """
        write(self.file_of(task), measures)

    def file_of(self, task: Task) -> Path:
        """Return the file that holds the result of a task, or would."""
        what = repr((
            code(), task.plant.raw, task.changes, task.demand_mode, task.replication, task.seed, task.horizon,
            task.warmup, task.physics, task.draw,
        ))  # fmt: skip
        return self.folder / f"{hashlib.sha256(what.encode()).hexdigest()}.json"


def write(file: Path, measures: Measures) -> None:
    """Write the result of a task into its file, all of it or nothing.

    Raises
    ------
    OSError  If it cannot be written, for want of room or of permission.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    handle, side = tempfile.mkstemp(dir=file.parent, suffix=".part")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as out:
            text = json.dumps(measures.__dict__)
            out.write(f"{_digest(text)}\n{text}")
        os.replace(side, file)  # noqa: PTH105 - the name of a temporary file
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(side)  # noqa: PTH108
        raise


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _kpis(found: dict[str, list[object]]) -> Kpis:
    return {name: Kpi(float(value), str(unit)) for name, (value, unit) in found.items()}  # type: ignore[arg-type]


@lru_cache(maxsize=1)
def code() -> str:
    """Return the hash of the source of both packages: other code may give other results."""
    digest = hashlib.sha256()
    for package in ("factory_sim", "processes"):
        place = importlib.util.find_spec(package)
        assert place is not None and place.origin is not None, f"{package} is being imported from here"
        top = Path(place.origin).parent
        for file in sorted([*top.rglob("*.py"), *top.rglob("*.csv"), *(top / "finance" / "data").glob("*.toml")]):
            digest.update(file.relative_to(top).as_posix().encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()
