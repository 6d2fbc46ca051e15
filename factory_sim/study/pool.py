"""Where replications run: this process, processes of this machine, or a Dask cluster; and what is kept of them.

A finished replication is kept the moment it is finished, by the process that ran it, so that neither a killed worker
nor a killed study costs one. Only on a cluster, whose machines may not see the folder, does the study itself keep it.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any

from factory_sim.results.measures import Measures
from factory_sim.study.cache import Cache, write
from factory_sim.study.task import Task

TRIES = 3  # in a row in which a worker died and nothing was finished


class WorkerDied(RuntimeError):
    """Processes that ran replications were killed, again and again."""


class NoCluster(RuntimeError):
    """A Dask cluster cannot be used: the package is missing, or the scheduler does not answer."""


class Pool:
    """Runs tasks; to be used in a `with` statement.

    Parameters
    ----------
    workers : int, optional  Processes; default: one per core. 1: this process alone.
    cache : path, optional   Folder of finished tasks: what is there is not run again. Default: nothing is kept.
    cluster : str, optional  Address of a Dask scheduler, such as tcp://host:8786, whose workers then run the tasks.

    Raises
    ------
    ValueError  If `workers` is below 1, or given beside a cluster.
    NoCluster   If the cluster cannot be used.
    OSError     If the cache cannot be written.
    WorkerDied  If workers were killed several times in a row before they finished anything.
    """

    def __init__(
        self,
        workers: int | None = None,
        cache: str | os.PathLike[str] | None = None,
        cluster: str | None = None,
    ) -> None:
        if workers is not None and workers < 1:
            raise ValueError(f"workers must be at least 1, got {workers!r}")
        if workers is not None and cluster is not None:
            raise ValueError("a cluster has workers of its own; leave workers out")
        self._workers = workers
        self._store = None if cache is None else Cache(cache)
        self._cluster = cluster
        self._client: Any = None

    def __enter__(self) -> Pool:
        if self._cluster is not None:
            self._client = _client(self._cluster)
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        if self._client is not None:
            self._client.close()
            self._client = None

    @property
    def size(self) -> int:
        """How many tasks run at the same time."""
        if self._client is not None:
            return max(1, sum(map(int, self._client.ncores().values())))
        if self._workers is not None:
            return self._workers
        import joblib

        return int(joblib.cpu_count())

    def run(self, tasks: Sequence[Task], progress: Callable[[int, int], None] | None = None) -> list[Measures]:
        """Return the measures of all tasks, in their order.

        `progress` is called with (done, total) at the beginning and after each task.
        """
        done = {i: found for i, task in enumerate(tasks) if (found := self._kept(task)) is not None}
        missing = [i for i in range(len(tasks)) if i not in done]
        if progress:
            progress(len(done), len(tasks))
        for position, result in self._finished([tasks[i] for i in missing]):
            done[missing[position]] = result
            if progress:
                progress(len(done), len(tasks))
        return [done[i] for i in range(len(tasks))]

    def _kept(self, task: Task) -> Measures | None:
        return None if self._store is None else self._store.get(task)

    def _finished(self, tasks: Sequence[Task]) -> Iterator[tuple[int, Measures]]:
        """Yield position and result of each task as it is finished; what a killed worker had is run again."""
        files = [None if self._store is None else self._store.file_of(task) for task in tasks]
        left = dict(enumerate(zip(tasks, files, strict=True)))
        tries = 0
        while left:
            before = len(left)
            try:
                for position, result in self._once(dict(left)):
                    del left[position]
                    yield position, result
            except _deaths() as death:
                tries = tries + 1 if len(left) == before else 1
                if tries >= TRIES:
                    message = f"a process that ran a replication was killed {TRIES} times in a row; is memory short?"
                    raise WorkerDied(f"{message} Fewer --workers need less") from death

    def _once(self, tasks: dict[int, tuple[Task, Path | None]]) -> Iterator[tuple[int, Measures]]:
        if self._client is not None:
            yield from self._on_cluster(tasks)
            return
        processes = min(self.size, len(tasks))
        if self._workers == 1 or processes == 1:
            yield from (_perform(position, task, file) for position, (task, file) in tasks.items())
            return
        import joblib

        yield from joblib.Parallel(n_jobs=processes, return_as="generator_unordered", pre_dispatch=2 * processes)(
            joblib.delayed(_perform)(position, task, file) for position, (task, file) in tasks.items()
        )

    def _on_cluster(self, tasks: dict[int, tuple[Task, Path | None]]) -> Iterator[tuple[int, Measures]]:
        import joblib

        with joblib.parallel_config(backend="dask", scheduler_host=self._cluster):
            results = joblib.Parallel(n_jobs=-1, return_as="generator_unordered", pre_dispatch=4 * self.size)(
                joblib.delayed(_perform)(position, task, None) for position, (task, _) in tasks.items()
            )
            for position, result in results:
                file = tasks[position][1]
                if file is not None:
                    write(file, result)
                yield position, result


def _perform(position: int, task: Task, file: Path | None) -> tuple[int, Measures]:
    """Run one task, in whatever process, and keep its result."""
    result = task.run()
    if file is not None:
        write(file, result)
    return position, result


def _deaths() -> tuple[type[BaseException], ...]:
    """Return the errors that say that a process was killed."""
    from joblib.externals.loky.process_executor import BrokenProcessPool, TerminatedWorkerError

    found: list[type[BaseException]] = [TerminatedWorkerError, BrokenProcessPool]
    with suppress(ImportError):
        from distributed.scheduler import KilledWorker

        found.append(KilledWorker)
    return tuple(found)


def _client(address: str) -> Any:
    try:
        from distributed import Client
    except ImportError:
        message = "a cluster needs the package distributed; install ppuri-factory-sim[cluster]"
        raise NoCluster(message) from None
    try:
        client = Client(address, timeout=10, set_as_default=False)  # type: ignore[no-untyped-call]
    except (OSError, ValueError, TypeError) as error:
        message = f"no Dask scheduler answers at {address} ({error}); start one with dask scheduler"
        raise NoCluster(message) from None
    if not client.ncores():  # type: ignore[no-untyped-call]
        client.close()  # type: ignore[no-untyped-call]
        message = f"the Dask scheduler at {address} has no workers; start some with dask worker {address}"
        raise NoCluster(message)
    return client
