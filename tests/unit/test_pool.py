"""What goes wrong while replications run: killed workers or studies, a full disk, damaged files; larger studies."""

from __future__ import annotations

import errno
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from typer.testing import CliRunner

from factory_sim.cli import app
from factory_sim.study import cache
from factory_sim.study.compare import compare, tasks_of
from factory_sim.study.pool import NoCluster, Pool, WorkerDied
from tests.unit import saws

ROOT = Path(__file__).parents[2]


def kill_a_worker() -> None:
    """Kill one of the processes that joblib started for us."""
    from joblib.externals.loky import reusable_executor

    os.kill(next(iter(reusable_executor._executor._processes)), signal.SIGKILL)


def files(folder: Path) -> dict[Path, int]:
    return {file: file.stat().st_mtime_ns for file in folder.iterdir()}


def test_what_a_killed_worker_had_is_run_again(tmp_path: Path) -> None:
    tasks = tasks_of(saws.study(tmp_path))
    whole = [task.run() for task in tasks]
    killed = 0

    def progress(done: int, _: int) -> None:
        nonlocal killed
        if done == 3 and not killed:
            killed += 1
            kill_a_worker()

    with Pool(2, tmp_path / "runs") as pool:
        assert pool.run(tasks, progress) == whole
    assert killed == 1
    assert len(list((tmp_path / "runs").iterdir())) == len(tasks)


def test_workers_that_die_again_and_again_end_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from joblib.externals.loky.process_executor import TerminatedWorkerError

    def dead(*_: object) -> None:
        raise TerminatedWorkerError("killed")

    monkeypatch.setattr(Pool, "_once", dead)
    with Pool(2) as pool, pytest.raises(WorkerDied, match="killed 3 times in a row"):
        pool.run(tasks_of(saws.study(tmp_path)))


def test_a_larger_study_runs_only_what_is_new(tmp_path: Path) -> None:
    small = saws.study(tmp_path)
    compare(small, workers=1, cache=tmp_path / "runs")
    before = files(tmp_path / "runs")
    assert len(before) == 15
    more = '[investment.third]\nset = {"station.saw.machines" = 3}\nmoney = {capex = "600e6 KRW"}\n'
    seen: list[tuple[int, int]] = []
    large = saws.study(tmp_path, "replications = 4", more=more)
    compare(large, workers=1, cache=tmp_path / "runs", progress=lambda *counts: seen.append(counts))
    assert seen[0] == (15, 24) and seen[-1] == (24, 24)
    after = files(tmp_path / "runs")
    assert {file: after[file] for file in before} == before and len(after) == 24


def test_a_full_disk_ends_it_and_the_rerun_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    study = saws.write(tmp_path)
    whole = CliRunner().invoke(app, ["study", str(study), "--workers", "1", "--json"]).stdout
    replace, count = os.replace, 0

    def full(*paths: Path) -> None:
        nonlocal count
        count += 1
        if count > 4:
            raise OSError(errno.ENOSPC, "No space left on device", str(paths[0]))
        replace(*paths)

    command = ["study", str(study), "--workers", "1", "--json", "--out", str(tmp_path / "out")]
    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", full)
        done = CliRunner().invoke(app, command)
    assert done.exit_code == 1 and "No space left on device" in done.stderr
    kept = files(tmp_path / "out" / "runs")
    assert len(kept) == 4, "whole files only"
    done = CliRunner().invoke(app, command)
    assert (done.exit_code, done.stdout) == (0, whole)
    assert {file: when for file, when in files(tmp_path / "out" / "runs").items() if file in kept} == kept


def test_an_answer_stays_whole_on_a_full_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The answer of the last time is not emptied for one that has no room."""
    command = ["study", str(saws.write(tmp_path)), "--workers", "1", "--out", str(tmp_path / "out")]
    answer = tmp_path / "out" / "answer.json"
    assert CliRunner().invoke(app, command).exit_code == 0
    before = answer.read_bytes()

    def full(file: Path, *_: object, **__: object) -> int:
        file.touch()
        raise OSError(errno.ENOSPC, "No space left on device", str(file))

    with monkeypatch.context() as patch:
        patch.setattr(Path, "write_text", full)
        done = CliRunner().invoke(app, command)
    assert done.exit_code == 1 and "No space left on device; make room, or name another --out" in done.stderr
    assert answer.read_bytes() == before
    assert [file.name for file in answer.parent.iterdir() if ".part" in file.name] == []


def test_one_digit_changed_in_a_kept_file_is_noticed(tmp_path: Path) -> None:
    tasks = tasks_of(saws.study(tmp_path))[:2]
    with Pool(1, tmp_path / "runs") as pool:
        whole = pool.run(tasks)
        file = cache.Cache(tmp_path / "runs").file_of(tasks[0])
        text = file.read_text(encoding="utf-8")
        digit = max(index for index, letter in enumerate(text) if letter in "12345678")
        file.write_text(text[:digit] + str(int(text[digit]) + 1) + text[digit + 1 :], encoding="utf-8")
        assert cache.Cache(tmp_path / "runs").get(tasks[0]) is None
        assert pool.run(tasks) == whole
        assert file.read_text(encoding="utf-8") == text


@pytest.mark.slow
def test_a_killed_study_goes_on_with_the_same_bytes(tmp_path: Path) -> None:
    study = saws.write(tmp_path, "replications = 40")
    command = [sys.executable, "-m", "factory_sim", "study", str(study), "--json", "--workers", "2"]
    whole = subprocess.run(command, capture_output=True, check=True, cwd=ROOT).stdout
    command += ["--out", str(tmp_path / "out")]
    runs = tmp_path / "out" / "runs"
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=ROOT) as process:
        while process.poll() is None and (not runs.is_dir() or len(list(runs.glob("*.json"))) < 20):
            time.sleep(0.01)
        process.kill()
    assert process.returncode == -signal.SIGKILL
    kept = {file: when for file, when in files(runs).items() if file.suffix == ".json"}
    assert 20 <= len(kept) < 200
    done = subprocess.run(command, capture_output=True, check=True, cwd=ROOT)
    assert done.stdout == whole
    assert {file: when for file, when in files(runs).items() if file in kept} == kept, "nothing finished is run again"


@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_study_ends_with_130(tmp_path: Path, end: signal.Signals) -> None:
    study = saws.write(tmp_path, "replications = 400")
    command = [sys.executable, "-m", "factory_sim", "study", str(study), "--workers", "1", "--out", str(tmp_path / "o")]
    # Shells let what they start in the background ignore interrupts, and so would the study.
    usual = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        study_run = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=ROOT)
    finally:
        signal.signal(signal.SIGINT, usual)
    with study_run as process:
        while process.poll() is None and len(list(tmp_path.glob("o/runs/*.json"))) < 2:
            time.sleep(0.01)
        process.send_signal(end)
        out, err = process.communicate()
    assert (process.returncode, out) == (130, b"")
    assert "interrupted; the same command goes on from here" in err.decode()


# ---- Dask ----


def test_a_cluster_that_cannot_be_used_is_told(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="leave workers out"):
        Pool(2, cluster="tcp://127.0.0.1:1")
    study = saws.write(tmp_path)
    done = CliRunner().invoke(app, ["study", str(study), "--workers", "2", "--cluster", "tcp://127.0.0.1:1"])
    assert done.exit_code == 2 and "a cluster has workers of its own" in done.stderr
    done = CliRunner().invoke(app, ["study", str(study), "--cluster", "nonsense://127.0.0.1:1"])
    assert done.exit_code == 1
    assert "no Dask scheduler answers at" in done.stderr or "install ppuri-factory-sim[cluster]" in done.stderr
    with pytest.raises(NoCluster):
        Pool(cluster="nonsense://127.0.0.1:1").__enter__()


@pytest.mark.slow
def test_a_dask_cluster_gives_the_same_bytes_even_if_a_worker_is_killed(tmp_path: Path) -> None:
    distributed = pytest.importorskip("distributed")
    study = saws.study(tmp_path, "replications = 30")
    whole = json.dumps(compare(study, workers=1).to_json())
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, host="127.0.0.1", dashboard_address=None, silence_logs=50
    ) as cluster:
        victim = next(iter(cluster.workers.values())).pid
        killed = False

        def progress(done: int, _: int) -> None:
            nonlocal killed
            if done >= 20 and not killed:
                killed = True
                os.kill(victim, signal.SIGKILL)

        address = cluster.scheduler_address
        found = compare(study, progress=progress, cache=tmp_path / "runs", cluster=address)
        assert killed
        assert json.dumps(found.to_json()) == whole
        kept = files(tmp_path / "runs")
        assert len(kept) == 150
        again = compare(study, cache=tmp_path / "runs", cluster=address)
        assert json.dumps(again.to_json()) == whole and files(tmp_path / "runs") == kept
