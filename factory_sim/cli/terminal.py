"""What all commands do at the terminal: problems, progress, tables, and options with units."""

from __future__ import annotations

import errno
import json
import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from factory_sim.model import Problem
    from factory_sim.presets import Preset
    from factory_sim.technology.catalogue import Technology

Progress = Callable[[int, int], None]

WIDTH = 120  # of tables that go to a file or a pipe
FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
QUIET = 10.0  # time between two lines of progress that go to a file or a pipe [s]


def refused(problems: Sequence[Problem]) -> typer.Exit:
    """Print problems and how many they are; return the exit of a command whose input is wrong."""
    for problem in problems:
        typer.echo(str(problem), err=True)
    files = len({problem.file for problem in problems})
    where = f" in {files} files" if files > 1 else ""
    typer.echo(f"{len(problems)} problem{'s' if len(problems) > 1 else ''}{where}", err=True)
    return typer.Exit(1)


def misused(option: str, message: str) -> typer.Exit:
    """Print what is wrong with an option or argument, unbroken; return the exit of a command that was misused."""
    typer.echo(f"{option}: {message}", err=True)
    return typer.Exit(2)


def weeks(option: str, text: str, bounds: str) -> float:
    """Return the time of an option that takes whole weeks; end the command if it is none or outside the bounds. [s]"""
    from factory_sim.model.problems import Refused
    from factory_sim.model.study_schema import Weeks

    try:
        return Weeks("s", bounds).parse(text)
    except Refused as error:
        raise misused(option, str(error)) from None


def directory(path: Path | None) -> Path | None:
    """Return the directory of --out, made if it is not there; end the command if nothing can be written there."""
    if path is None:
        return None
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _unwritable(path, error.strerror) from None
    if not os.access(path, os.W_OK | os.X_OK):
        raise _unwritable(path, "Permission denied")
    return path


def _unwritable(path: Path, reason: str | None) -> typer.Exit:
    return misused("--out", f"cannot write into {path}: {reason}; name another directory")


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Turn an error of the file system into a message and exit code 1."""
    try:
        yield
    except OSError as error:
        remedy = "make room, or name another --out" if error.errno in FULL else "name another --out"
        where = error.filename2 or error.filename or path  # the second one is the file that it was to become
        typer.echo(f"cannot write {where}: {error.strerror}; {remedy}", err=True)
        raise typer.Exit(1) from None


def write_whole(file: Path, text: str) -> None:
    """Write a file to the side and rename it: what was there before stays as it was until all of it is there."""
    side = file.with_name(f".{file.name}.{os.getpid()}.part")  # two studies may write into one directory
    try:
        side.write_text(text, encoding="utf-8")
        side.replace(file)
    except BaseException:
        with suppress(OSError):
            side.unlink()
        raise


@contextmanager
def progress(what: str, interrupted: str = "interrupted", several: bool = False) -> Iterator[Progress]:
    """Give a callable progress(done, total) that reports to standard error, as a bar if that is a terminal.

    `several`: it is called for several batches, one after the other, of which nobody knows how many will follow.
    """
    try:
        if sys.stderr.isatty():
            with _bar(what) as report:
                yield _added(report) if several else report
        elif several:
            with _batches(what) as report:
                yield report
        else:
            yield _lines(what)
    except KeyboardInterrupt:
        typer.echo(interrupted, err=True)
        raise typer.Exit(130) from None


@contextmanager
def _bar(what: str) -> Iterator[Progress]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    columns = (BarColumn(), MofNCompleteColumn(), TextColumn("{task.description}"), TimeRemainingColumn())
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(what, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


@contextmanager
def _batches(what: str) -> Iterator[Progress]:
    """Give a progress in lines for several batches, which says at the end how many there were."""
    seen = 0
    lines = _lines(what, each=False)

    def report(done: int, total: int) -> None:
        nonlocal seen
        seen = done
        lines(done, total)

    yield _added(report)
    typer.echo(f"{seen} {what}", err=True)


def _added(report: Progress) -> Progress:
    """Return a progress that counts on from one batch to the next; a batch has ended when all of it is done."""
    before, last = 0, (0, 0)

    def added(done: int, total: int) -> None:
        nonlocal before, last
        if last[0] == last[1]:
            before += last[1]
        last = done, total
        report(before + done, before + total)

    return added


def _lines(what: str, each: bool = True) -> Progress:
    """Return a progress in lines, one now and then; `each`: one whenever all is done, too."""
    from factory_sim.report.numbers import lasting

    last = start = time.monotonic()
    first: int | None = None  # what was there already took no time
    said: tuple[int, int] | None = None

    def report(done: int, total: int) -> None:
        nonlocal last, first, said
        first = done if first is None else first
        now = time.monotonic()
        if (now - last >= QUIET or (each and done == total)) and said != (done, total):
            last, said = now, (done, total)
            left = ""
            if first < done < total:
                left = f", about {lasting((now - start) * (total - done) / (done - first), 'en')} left"
            typer.echo(f"{done} of {total} {what}{left}", err=True)

    return report


def json_text(value: object) -> str:
    """Return a JSON object as text, the same bytes each time."""
    return json.dumps(value, ensure_ascii=False, indent=2, allow_nan=False)


def console() -> Console:
    """Return the console of standard output. Texts of users are printed as they are, brackets too."""
    from rich.console import Console

    width = None if sys.stdout.isatty() or "COLUMNS" in os.environ else WIDTH
    return Console(width=width, markup=False, highlight=False, emoji=False)


def table(*heads: str, title: str | None = None, numbers: bool = False) -> Table:
    """Return an empty table; with `numbers`, all columns but the first are set to the right."""
    from rich import box
    from rich.table import Table

    made = Table(box=box.SIMPLE_HEAD, title=title, title_justify="left", title_style="bold", pad_edge=False)
    for index, head in enumerate(heads):
        made.add_column(head, justify="right" if numbers and index else "left")
    return made


def print_presets(presets: Sequence[Preset], lang: str) -> None:
    """Print the shipped plants and studies."""
    kinds = {"en": ("plant", "study"), "ko": ("공장", "가정 분석")}[lang]
    heads = {"en": ("preset", "kind", "what it is"), "ko": ("프리셋", "종류", "내용")}[lang]
    made = table(*heads)
    for preset in presets:
        made.add_row(preset.name, kinds[preset.is_study], preset.title_ko if lang == "ko" else preset.title)
    console().print(made)
    typer.echo({"en": "next: factory-sim new PRESET", "ko": "다음: factory-sim new PRESET"}[lang])


def print_technologies(technologies: Sequence[Technology], lang: str) -> None:
    """Print the catalogue of technologies."""
    heads = {"en": ("technology", "name", "physics in the loop"), "ko": ("technology", "이름", "공정 물리 반영")}[lang]
    yes, no = {"en": ("yes", "no"), "ko": ("예", "아니요")}[lang]
    made = table(*heads)
    for technology in technologies:
        label = technology.label_ko if lang == "ko" else technology.label_en
        made.add_row(technology.name, label, yes if technology.laws else no)
    console().print(made)
