"""The commands. What they need is imported inside them: `--help` must answer at once."""

from __future__ import annotations

import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from factory_sim import __version__
from factory_sim.cli import terminal

if TYPE_CHECKING:
    from factory_sim.answer import Answer
    from factory_sim.model import InputError, Plant, Problem, Study
    from factory_sim.study.sequential import Outlook
    from factory_sim.validation.physics import Verdict

app = typer.Typer(
    name="factory-sim",
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Begin with [bold]factory-sim new[/], which lists the shipped plants and studies.",
)

KEPT = "runs"  # folder of finished runs inside --out

Lang = Literal["en", "ko"]
DemandMode = Literal["sold_out", "fixed_volume"]

LangOption = Annotated[Lang, typer.Option("--lang", help="Language of what is printed and written.")]
PhysicsOption = Annotated[
    Literal["on", "off"], typer.Option("--physics", help="off: constants of the plant file instead of process physics.")
]
WorkersOption = Annotated[
    int | None, typer.Option("--workers", min=1, help="Processes that run at the same time.", show_default="all cores")
]
ClusterOption = Annotated[
    str | None,
    typer.Option("--cluster", metavar="ADDRESS", help="Run on a Dask cluster, such as tcp://host:8786, instead."),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON object and nothing else.")]
OutOption = Annotated[Path | None, typer.Option("--out", metavar="DIR", help="Write result files there.")]


def main() -> None:
    """Run the command line."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # Korean on a console that is set to a western code page
            stream.reconfigure(encoding="utf-8", errors="replace")
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # who ends a study politely interrupts it
    app()


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"factory-sim {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version and exit.")
    ] = False,
) -> None:
    """Which automation pays? Simulates root-industry plants and compares investments."""


@app.command()
def check(
    files: Annotated[list[str], typer.Argument(metavar="FILE...", help="Plant or study files (TOML).")],
) -> None:
    """Say all that is wrong with plant and study files."""
    found: list[Problem] = []
    for file in files:
        problems = _problems_of(file)
        found += problems
        if not problems:
            typer.echo(f"{file}: no problems")
    if found:
        raise terminal.refused(list(dict.fromkeys(found)))


def _problems_of(file: str) -> tuple[Problem, ...]:
    """Return all that is wrong with a file: what stands there, and then what its technologies refuse."""
    from factory_sim.model import InputError, Study, read_any
    from factory_sim.simulation.prepare import prepare
    from factory_sim.study.scenario import check_scenarios

    try:
        found = read_any(file)
        if isinstance(found, Study):
            check_scenarios(found)
        else:
            prepare(found)
    except InputError as error:
        return tuple(error.problems)
    return ()


@app.command()
def run(
    plant: Annotated[str, typer.Argument(metavar="PLANT", help="Plant file (TOML).")],
    replications: Annotated[int, typer.Option("--replications", min=1, max=10_000, help="Runs, each with luck.")] = 16,
    seed: Annotated[int, typer.Option("--seed", min=0, max=10**15, help="Another seed is other luck.")] = 1,
    horizon: Annotated[str, typer.Option("--horizon", help="Measured time of a run, whole weeks.")] = "6 weeks",
    warmup: Annotated[str, typer.Option("--warmup", help="Time before it that is not measured.")] = "1 week",
    physics: PhysicsOption = "on",
    demand_mode: Annotated[
        DemandMode | None, typer.Option("--demand-mode", help="How much can be sold.", show_default="the plant's")
    ] = None,
    workers: WorkersOption = None,
    json: JsonOption = False,
    out: OutOption = None,
    play: Annotated[
        Path | None,
        typer.Option("--play", metavar="FILE", help="Write a page that plays a shift back.", dir_okay=False),
    ] = None,
    parts: Annotated[
        bool, typer.Option("--parts", help="With --out: tables of every part and visit of the first run (CSV).")
    ] = False,
    lang: LangOption = "en",
) -> None:
    """Simulate a plant and print its key figures with 95 % intervals; --out writes a report with pictures too."""
    from factory_sim.cli import summaries
    from factory_sim.model import InputError
    from factory_sim.report.plant_report import write_plant_report
    from factory_sim.report.play import write_play
    from factory_sim.study.runner import replicate

    of_plant = _read_plant(plant, demand_mode)
    measured = terminal.weeks("--horizon", horizon, "(0, inf)")
    before = terminal.weeks("--warmup", warmup, "[0, inf)")
    if parts and out is None:
        raise terminal.misused("--parts", "the tables need a place; add --out DIR")
    directory = terminal.directory(out)
    try:
        _has_planned_time(of_plant, before, measured)
        with terminal.progress("runs") as progress:
            summary = replicate(
                of_plant, replications, seed, measured, before, physics == "on", demand_mode, workers, progress
            )
    except InputError as error:
        raise _refused(error) from None
    result = summary.to_json()
    if json:
        typer.echo(terminal.json_text(result))
    else:
        summaries.print_summary(result, of_plant, lang)
    files: list[Path] = []
    if directory is not None:
        with terminal.writing(directory):
            files += [*summaries.write_summary(result, directory), write_plant_report(summary, directory, lang)]
            files.append(write_play(summary, directory / f"play.{lang}.html", lang))
            files += summaries.write_parts(summary, directory) if parts else []
    if play is not None:
        with terminal.writing(play):
            files.append(write_play(summary, play, lang))
    if files:
        typer.echo("\n".join(map(str, files)), err=json)


@app.command()
def study(
    study: Annotated[str, typer.Argument(metavar="STUDY", help="Study file (TOML).")],
    workers: WorkersOption = None,
    physics: PhysicsOption = "on",
    lang: LangOption = "en",
    json: JsonOption = False,
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="DIR", help="Write report and answer.json there, and go on there if cut off."),
    ] = None,
    cluster: ClusterOption = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would be simulated and how long that takes, and stop.")
    ] = False,
) -> None:
    """Compare the investments of a study: which pays, and how sure that is."""
    of_study = _read_study(study)
    if workers is not None and cluster is not None:
        raise terminal.misused("--workers", "a cluster has workers of its own; leave --workers or --cluster out")
    if dry_run:
        _outline(of_study, workers, physics == "on", lang, json)
        return
    directory = terminal.directory(out)
    answer = _decide(of_study, workers, physics == "on", directory, cluster, lang)
    typer.echo(terminal.json_text(answer.to_json()) if json else answer.table(lang))
    if directory is None:
        if not json:
            typer.echo({"en": "Report: add --out DIR", "ko": "보고서: --out DIR 을 붙이십시오"}[lang])
        return
    with terminal.writing(directory):
        terminal.write_whole(directory / "answer.json", terminal.json_text(answer.to_json()) + "\n")
        missing = answer.replications(directory)
        report = answer.report(directory, lang=lang)
    for message in missing:
        typer.echo(message, err=True)
    typer.echo(f"{ {'en': 'Report', 'ko': '보고서'}[lang] }: {report}", err=json)


def _outline(study: Study, workers: int | None, physics: bool, lang: str, json: bool) -> None:
    """Print what a study would simulate, and how long that would take."""
    from factory_sim.cli.outline import outline, print_outline
    from factory_sim.model import InputError
    from factory_sim.study.forecast import forecast
    from factory_sim.study.limits import admitted

    try:
        expected = forecast(study, workers, physics)
        study = admitted(study)
    except InputError as error:
        raise _refused(error) from None
    if json:
        typer.echo(terminal.json_text({**outline(study), "estimate": expected.to_json()}))
    else:
        print_outline(study, lang, expected)


def _foretell(study: Study, seen: Outlook, lang: str) -> None:
    """Say on standard error what is to be expected after the first stage."""
    from factory_sim.report.guarantee import outlook

    typer.echo(outlook(study, seen, lang), err=True)


def goes_on(directory: Path | None) -> str:
    """Return how to go on after an interruption; `directory`: where finished runs are kept."""
    return "the same command goes on from here" if directory else "with --out DIR it would go on from here"


def _decide(
    study: Study, workers: int | None, physics: bool, directory: Path | None, cluster: str | None, lang: str
) -> Answer:
    """Return the answer of a study; runs that are finished are kept in the directory, if there is one."""
    from factory_sim.answer import decide
    from factory_sim.model import InputError
    from factory_sim.study.pool import NoCluster, WorkerDied

    try:
        with (
            terminal.writing(directory or Path()),
            terminal.progress("runs", f"interrupted; {goes_on(directory)}") as progress,
        ):
            kept_runs = directory / KEPT if directory else None
            return decide(
                study, workers, physics, progress, kept_runs, cluster, lambda seen: _foretell(study, seen, lang)
            )
    except InputError as error:
        raise _refused(error) from None
    except (NoCluster, WorkerDied) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from None


@app.command()
def new(
    preset: Annotated[str | None, typer.Argument(metavar="PRESET", help="Name of a shipped plant or study.")] = None,
    file: Annotated[
        Path | None, typer.Argument(metavar="FILE", help="Where to write it.", show_default="PRESET.toml here")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Overwrite files that are there.")] = False,
    lang: LangOption = "en",
) -> None:
    """Start from a shipped plant or study; without arguments, list them."""
    from factory_sim import presets

    known = presets.presets()
    if preset is None:
        terminal.print_presets(list(known.values()), lang)
        return
    name = preset.removesuffix(".toml")
    if name not in known:
        from factory_sim.model.problems import suggest

        raise terminal.misused("PRESET", f"there is no preset '{preset}'{suggest(name, known, 'presets')}")
    target = file or Path(f"{name}.toml")
    if target.is_dir():
        target /= f"{name}.toml"
    try:
        written = presets.copy(known[name], target, force)
    except FileExistsError as error:
        message = f"{error.args[0]} is there already; name another FILE, or overwrite it with --force"
        raise terminal.misused("FILE", message) from None
    except OSError as error:
        message = f"cannot write {error.filename or target}: {error.strerror}; name another FILE"
        raise terminal.misused("FILE", message) from None
    for path in written:
        typer.echo(f"wrote {path}")
    if not written:
        typer.echo(f"{target} is there already, as shipped")
    command = "study" if known[name].is_study else "run"
    typer.echo(f"next: factory-sim {command} {target}")


@app.command()
def technologies(
    name: Annotated[
        str | None, typer.Argument(metavar="[NAME]", help="Which technology.", show_default="list them")
    ] = None,
    json: JsonOption = False,
    lang: LangOption = "en",
) -> None:
    """List the 14 root technologies and the new ones, and the technologies of a station; or tell all about one."""
    from factory_sim.cli import roots
    from factory_sim.model.problems import suggest
    from factory_sim.technology.catalogue import TECHNOLOGIES

    root = None if name is None else roots.root_of(name)
    if name is not None and root is None:
        raise terminal.misused("NAME", f"there is no technology '{name}'{suggest(name, roots.names(), 'technologies')}")
    if json:
        typer.echo(terminal.json_text(roots.list_to_json() if root is None else roots.to_json(root)))
    elif root is None:
        roots.print_list(lang)
        terminal.print_technologies(list(TECHNOLOGIES.values()), lang)
    else:
        roots.print_page(root, lang)


@app.command()
def tables(
    name: Annotated[str | None, typer.Argument(metavar="[NAME]", help="Which table.", show_default="list them")] = None,
    json: JsonOption = False,
    lang: LangOption = "en",
) -> None:
    """List the dated tables of rates and prices, each value with source and status."""
    from factory_sim.cli import rates

    if name is not None and name not in rates.NAMES:
        raise terminal.misused("NAME", f"there is no table '{name}'; there are {', '.join(rates.NAMES)}")
    if json:
        typer.echo(terminal.json_text(rates.to_json(name)))
    elif name is None:
        rates.print_tables(lang)
    else:
        rates.print_rows(name, lang)


@app.command()
def keys(
    file_format: Annotated[
        Literal["plant", "study"] | None,
        typer.Argument(metavar="[plant|study]", help="Which files.", show_default="both"),
    ] = None,
    json_schema: Annotated[bool, typer.Option("--json-schema", help="As JSON Schema, for editors of TOML.")] = False,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="Write it there, keys as Markdown.", dir_okay=False)
    ] = None,
) -> None:
    """List every key of plant and study files with unit, default, range and meaning."""
    from factory_sim.cli import reference

    if json_schema and file_format is None:
        raise terminal.misused("--json-schema", "there is one for plants and one for studies; name plant or study")
    if out is not None:
        with terminal.writing(out):
            out.write_text(reference.text(file_format, json_schema), encoding="utf-8")
        typer.echo(f"wrote {out}")
    elif json_schema:
        typer.echo(reference.text(file_format, json_schema), nl=False)
    else:
        reference.print_keys(file_format)


validate = typer.Typer(no_args_is_help=True, help="Run what shows that the simulator is right.")
app.add_typer(validate, name="validate")


@validate.command()
def physics(
    file: Annotated[
        str | None, typer.Argument(metavar="[FILE]", help="Cases (TOML).", show_default="the shipped ones")
    ] = None,
    json: JsonOption = False,
) -> None:
    """Solve reference cases of the physics, by formula and on grids; exit code 1 if one fails."""
    from factory_sim.cli.verdicts import print_verdicts
    from factory_sim.model import InputError
    from factory_sim.validation.physics import CASES, judge, read_cases, same_ids

    try:
        cases = read_cases(file or CASES)
    except InputError as error:
        raise _refused(error) from None
    for sentence in same_ids(cases):
        typer.echo(sentence, err=True)
    verdicts: list[Verdict] = []
    with terminal.progress("cases") as progress:
        for done, case in enumerate(cases, start=1):
            verdicts += judge(case)
            progress(done, len(cases))
    if json:
        typer.echo(terminal.json_text({"verdicts": [verdict.to_json() for verdict in verdicts]}))
    else:
        print_verdicts(verdicts)
    if not all(verdict.passed for verdict in verdicts):
        raise typer.Exit(1)


@validate.command(name="plant")
def validate_plant(
    plant: Annotated[str, typer.Argument(metavar="PLANT", help="Plant file (TOML).")],
    lang: LangOption = "en",
    json: JsonOption = False,
) -> None:
    """Check what must hold in a plant of your own: simple cases, extremes, sums; exit code 1 if one fails."""
    from factory_sim.cli.verdicts import print_checks
    from factory_sim.validation.plant import judge

    of_plant = _read_plant(plant, None)
    with terminal.progress("checks") as progress:
        verdicts = judge(of_plant, progress)
    if json:
        listed = [verdict.to_json(lang) for verdict in verdicts]
        typer.echo(terminal.json_text({"plant": of_plant.name, "verdicts": listed}))
    else:
        print_checks(of_plant, verdicts, lang)
    if any(verdict.passed is False for verdict in verdicts):
        raise typer.Exit(1)


def _read_plant(path: str, demand_mode: DemandMode | None) -> Plant:
    """Return the plant of a file; end the command if it is wrong or cannot be run in that demand mode."""
    from factory_sim.model import InputError, read
    from factory_sim.model.checks import sources_without_volume

    try:
        plant = read(path)
    except InputError as error:
        raise _refused(error) from None
    for name in sources_without_volume(plant.raw) if demand_mode == "fixed_volume" else ():
        message = f"fixed_volume needs source.{name}.weekly_volume, which {path} does not give; add it there"
        raise terminal.misused("--demand-mode", message)
    return plant


def _read_study(path: str) -> Study:
    """Return the study of a file; end the command if it is wrong."""
    from factory_sim.model import InputError, read_study

    try:
        return read_study(path)
    except InputError as error:
        raise _refused(error) from None


def _has_planned_time(plant: Plant, before: float, measured: float) -> None:
    """Refuse a run in which the plant is closed all the time that is measured. [s]"""
    from factory_sim.results.window import Window
    from factory_sim.simulation.plan import ticks
    from factory_sim.simulation.prepare import prepare

    plan = prepare(plant, physics=False)
    try:
        Window.between(plant, plan, before, ticks(before + measured))
    except ValueError as error:
        raise terminal.misused("--horizon", str(error)) from None


def _refused(error: InputError) -> typer.Exit:
    return terminal.refused(error.problems)
