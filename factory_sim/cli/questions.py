"""Commands that ask more of a study: break-even, exploration of ranges, search, portfolio of several studies."""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from factory_sim.cli import terminal
from factory_sim.cli.commands import (
    KEPT,
    ClusterOption,
    JsonOption,
    LangOption,
    PhysicsOption,
    WorkersOption,
    _read_study,
    _refused,
    app,
    goes_on,
)

if TYPE_CHECKING:
    from factory_sim.model import Study
    from factory_sim.study.break_even import BreakEven
    from factory_sim.study.pool import Pool
    from factory_sim.study.settings import Factor

StudyArgument = Annotated[str, typer.Argument(metavar="STUDY", help="Study file (TOML).")]
KeepOption = Annotated[Path | None, typer.Option("--out", metavar="DIR", help="Keep finished runs there.")]
ModeOption = Annotated[
    str | None, typer.Option("--demand-mode", help="One of the study's.", show_default="its first one")
]
SAMPLES = 20  # points of a Latin hypercube
OVER = "PATH=LOW..HIGH"
OverOption = Annotated[list[str], typer.Option("--over", metavar=OVER, help='Such as "station.saw.cycle=50 s..70 s".')]
RangesOption = Annotated[
    list[str] | None,
    typer.Option(
        "--over",
        metavar=OVER,
        help='Such as "station.saw.cycle=50 s..70 s", or money: "investment.robot.money.capex=1e8 KRW..3e8 KRW".',
        show_default="[factors] of the study",
    ),
]


@contextmanager
def pool_of(workers: int | None, cluster: str | None, out: Path | None) -> Iterator[tuple[Pool, Any]]:
    """Give the pool in which the runs of a command run, and its progress; errors end the command."""
    from factory_sim.model import InputError
    from factory_sim.study.pool import NoCluster, Pool, WorkerDied

    if workers is not None and cluster is not None:
        raise terminal.misused("--workers", "a cluster has workers of its own; leave --workers or --cluster out")
    directory = terminal.directory(out)
    try:
        with (
            terminal.writing(directory or Path()),
            terminal.progress("runs", f"interrupted; {goes_on(directory)}", several=True) as progress,
            Pool(workers, directory / KEPT if directory else None, cluster) as pool,
        ):
            yield pool, progress
    except InputError as error:
        raise _refused(error) from None
    except (NoCluster, WorkerDied) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from None


def mode_of(study: Study, mode: str | None) -> str:
    """Return a demand mode of the study; end the command if it has no such one."""
    if mode is None:
        return study.demand_modes[0]
    if mode not in study.demand_modes:
        raise terminal.misused("--demand-mode", f"the study has {', '.join(study.demand_modes)}, not '{mode}'")
    return mode


def scenario_of(study: Study, scenario: str | None) -> list[str]:
    """Return one scenario, or all with investments; end the command if there is no such one."""
    from factory_sim.model.problems import suggest
    from factory_sim.model.study_schema import BASELINE

    names = [name for name in study.scenarios if name != BASELINE]
    if scenario is None:
        return names
    if scenario not in names:
        raise terminal.misused(
            "--scenario", f"there is no scenario '{scenario}'{suggest(scenario, names, 'scenarios')}"
        )
    return [scenario]


def ranges_of(study: Study, over: list[str] | None) -> list[Factor]:
    """Return the ranges of --over, or those of the study; end the command if there are none."""
    from factory_sim.study.settings import factors_of_file

    if over:
        return factors_of(study, over)
    if not study.factors:
        raise terminal.misused("--over", "the study has no [factors]; write them, or --over PATH=LOW..HIGH")
    return factors_of_file(study)


def factors_of(study: Study, over: list[str]) -> list[Factor]:
    """Return the ranges of --over; end the command if one cannot be read."""
    from factory_sim.model.problems import Refused
    from factory_sim.model.ranges import overlapping
    from factory_sim.study.settings import factor_of

    found = []
    for text in over:
        path, equals, ends = text.partition("=")
        low, dots, high = ends.partition("..")
        if not equals or not dots:
            raise terminal.misused("--over", f"'{text}' is not understood; write PATH=LOW..HIGH")
        try:
            found.append(factor_of(study, path.strip(), _value(low), _value(high)))
        except Refused as error:
            raise terminal.misused("--over", str(error)) from None
    twice = overlapping(study.plant.raw, study.raw, [factor.path for factor in found])
    for path, other in twice:
        raise terminal.misused("--over", f"'{path}' moves what '{other}' moves too; keep one of them")
    return found


def _value(text: str) -> Any:
    """Return a number where one is written alone, else the text with its unit."""
    for number in (int, float):
        try:
            return number(text.strip())
        except ValueError:
            continue
    return text.strip()


@app.command(name="break-even")
def break_even(
    study: StudyArgument,
    scenario: Annotated[str, typer.Option("--scenario", help="Which scenario is to pay.")],
    over: RangesOption = None,
    demand_mode: ModeOption = None,
    workers: WorkersOption = None,
    cluster: ClusterOption = None,
    physics: PhysicsOption = "on",
    out: KeepOption = None,
    json: JsonOption = False,
    lang: LangOption = "en",
) -> None:
    """Find the value of a number at which a scenario just pays, with its 95 % interval: of the plant, or of money."""
    of_study = _read_study(study)
    mode, (name,) = mode_of(of_study, demand_mode), scenario_of(of_study, scenario)
    factors = ranges_of(of_study, over)
    with pool_of(workers, cluster, out) as (pool, progress):
        found = _break_even_points(of_study, factors, name, mode, pool, physics == "on", progress)
    about = {"scenario": name, "demand_mode": mode, "replications": of_study.study.replications}
    if json and over and len(factors) == 1:
        typer.echo(terminal.json_text({**about, **_json_end(factors[0], found[0])}))
        return
    if json:
        points = [_json_end(factor, point) for factor, point in zip(factors, found, strict=True)]
        typer.echo(terminal.json_text({**about, "break_even": points}))
        return
    words = {
        "en": "{name}, {mode}: net present value is 0 at {path} = {value} (95% interval {low} to {high})",
        "ko": "{name}, {mode}: 순현재가치가 0이 되는 값 {path} = {value} (95% 신뢰구간 {low}~{high})",
    }[lang]
    still = {
        "en": "{name}, {mode}: {path} does not move the net present value",
        "ko": "{name}, {mode}: {path} 값은 순현재가치에 영향을 주지 않습니다",
    }[lang]
    for factor, point in zip(factors, found, strict=True):
        if not point.moves:
            typer.echo(still.format(name=name, mode=mode, path=factor.path))
            continue
        texts = {key: _end(factor, getattr(point, key), lang) for key in ("value", "low", "high")}
        typer.echo(words.format(name=name, mode=mode, path=factor.path, **texts))


def _break_even_points(
    study: Study, factors: list[Factor], name: str, mode: str, pool: Pool, physics: bool, progress: Any
) -> list[BreakEven]:
    """Return where a scenario just pays, for each factor; runs that several need are made once."""
    from factory_sim.results.statistics import Interval, t_interval
    from factory_sim.study import break_even as search
    from factory_sim.study.settings import Known, respond

    count, known = study.study.replications, Known()
    found = []
    for factor in factors:

        def worth(value: float, factor: Factor = factor) -> Interval:
            (response,) = respond(study, [{factor: value}], [name], mode, count, pool, physics, progress, known)
            return t_interval(response.npvs[name])

        steps = 30 if factor.of_study else 12  # money is exact at no cost, as it needs no runs
        found.append(search.break_even(worth, factor.low, factor.high, steps))
    return found


def _json_end(factor: Factor, found: BreakEven) -> dict[str, Any]:
    ends = {"value": found.value, "low": found.low, "high": found.high}
    return {
        "path": factor.path,
        "unit": factor.kind.unit,
        "moves_npv": found.moves,
        **{key: end if math.isfinite(end) else None for key, end in ends.items()},
        "outside_the_range": {
            key: "below" if end < 0 else "above" for key, end in ends.items() if abs(end) == float("inf")
        },
        "values": found.values,
    }


def _end(factor: Factor, value: float, lang: str) -> str:
    from factory_sim.model.kinds import Whole

    if value == float("inf"):
        return {"en": f"above {factor.show(factor.high)}", "ko": f"{factor.show(factor.high)} 초과"}[lang]
    if value == -float("inf"):
        return {"en": f"below {factor.show(factor.low)}", "ko": f"{factor.show(factor.low)} 미만"}[lang]
    if isinstance(factor.kind, Whole) and value != round(value):  # it is not 0 at any whole number
        ends = math.floor(value), math.ceil(value)
        return {"en": "between {} and {}", "ko": "{}와 {} 사이"}[lang].format(*ends)
    return factor.show(value)


@app.command()
def explore(
    study: StudyArgument,
    over: RangesOption = None,
    samples: Annotated[
        int | None,
        typer.Option("--samples", min=2, max=10_000, help="Points of a Latin hypercube.", show_default="20"),
    ] = None,
    sobol: Annotated[
        int | None,
        typer.Option("--sobol", min=2, help="Sobol indices instead, from so many (a power of 2) x (paths + 2)."),
    ] = None,
    scenario: Annotated[str | None, typer.Option("--scenario", help="Only this one.", show_default="all")] = None,
    demand_mode: ModeOption = None,
    workers: WorkersOption = None,
    cluster: ClusterOption = None,
    physics: PhysicsOption = "on",
    out: KeepOption = None,
    json: JsonOption = False,
    lang: LangOption = "en",
) -> None:
    """Move numbers of the plant over ranges: which of them the worth of each scenario hangs on."""
    from factory_sim.study import explore as points
    from factory_sim.study.runner import finite
    from factory_sim.study.settings import respond

    of_study = _read_study(study)
    mode, names, factors = mode_of(of_study, demand_mode), scenario_of(of_study, scenario), ranges_of(of_study, over)
    seed, count = of_study.study.seed, of_study.study.replications
    if samples is not None and sobol is not None:
        raise terminal.misused("--samples", "has no effect with --sobol, which has points of its own; leave one out")
    try:
        settings = (
            points.latin_hypercube(factors, samples or SAMPLES, seed)
            if sobol is None
            else points.sobol_settings(factors, sobol, seed)
        )
    except (ValueError, points.MissingPackage) as error:
        raise terminal.misused("--sobol", str(error)) from None
    with pool_of(workers, cluster, out) as (pool, progress):
        found = respond(of_study, settings, names, mode, count, pool, physics == "on", progress)
    means = {name: [sum(each.npvs[name]) / count for each in found] for name in names}
    if sobol is None:
        rows = {name: points.rank_correlations(settings, means[name]) for name in names}
        shown: dict[str, Any] = {
            name: {path: value if value == value else None for path, value in row.items()} for name, row in rows.items()
        }
    else:
        shown = {
            name: {
                path: {key: finite(value) for key, value in vars(each).items()}
                for path, each in points.sobol_indices(factors, means[name], seed).items()
            }
            for name in names
        }
    if json:
        listed = [
            {
                "settings": {factor.path: value for factor, value in setting.items()},
                "npv_krw": {name: means[name][index] for name in names},
            }
            for index, setting in enumerate(settings)
        ]
        what = "rank_correlation" if sobol is None else "sobol"
        typer.echo(terminal.json_text({"demand_mode": mode, "replications": count, what: shown, "points": listed}))
        return
    _print_influence(shown, means, sobol is not None, lang)


def _print_influence(shown: dict[str, Any], means: dict[str, list[float]], sobol: bool, lang: str) -> None:
    title = {
        ("en", False): "Rank correlation with net present value (-1 to 1)",
        ("ko", False): "순현재가치와의 순위상관 (-1~1)",
        ("en", True): "Sobol indices of net present value: alone / with interactions (± 95%)",
        ("ko", True): "순현재가치의 소볼 지수: 단독 / 교호작용 포함 (± 95%)",
    }[lang, sobol]
    table = terminal.table("", *shown, title=title, numbers=True)
    for path in next(iter(shown.values())):
        cells = [row[path] for row in shown.values()]
        if sobol:
            table.add_row(path, *(f"{_share(each, 'first')} / {_share(each, 'total')}" for each in cells))
        else:
            table.add_row(path, *("-" if each is None else f"{each:+.2f}" for each in cells))
    pays = {"en": "share of points with net present value above 0", "ko": "순현재가치가 0보다 큰 점의 비율"}[lang]
    table.add_row(pays, *(f"{sum(value > 0.0 for value in means[name]) / len(means[name]):.0%}" for name in shown))
    terminal.console().print(table)


def _share(found: dict[str, float | None], key: str) -> str:
    """Return a share of the variance with its half-width; a dash where nothing varies."""
    value, half = found[key], found[f"{key}_half_width"]
    return "-" if value is None or half is None else f"{value:.2f} ± {half:.2f}"


@app.command()
def search(
    study: StudyArgument,
    over: OverOption,
    cost: Annotated[
        list[str] | None,
        typer.Option("--cost", metavar="PATH=MONEY/yr", help="Yearly cost of one more, beside what the plant counts."),
    ] = None,
    demand_mode: ModeOption = None,
    workers: WorkersOption = None,
    cluster: ClusterOption = None,
    physics: PhysicsOption = "on",
    out: KeepOption = None,
    json: JsonOption = False,
    lang: LangOption = "en",
) -> None:
    """Search places of buffers, people of crews and other whole numbers for the highest yearly surplus."""
    from factory_sim.model.kinds import Whole
    from factory_sim.study.search import Point, climb
    from factory_sim.study.settings import respond

    of_study = _read_study(study)
    mode, factors = mode_of(of_study, demand_mode), factors_of(of_study, over)
    for factor in factors:
        if factor.of_study:
            raise terminal.misused("--over", f"'{factor.path}' is money of the study; search moves the plant")
        if not isinstance(factor.kind, Whole):
            raise terminal.misused("--over", f"'{factor.path}' is no whole number; search moves whole numbers")
    prices = _prices(cost or [], [factor.path for factor in factors])
    count = of_study.study.replications
    with pool_of(workers, cluster, out) as (pool, progress):

        def values(some: Any) -> list[list[float]]:
            settings = [dict(zip(factors, map(float, point), strict=True)) for point in some]
            found = respond(of_study, settings, [], mode, count, pool, physics == "on", progress)
            extra = [sum(prices[f.path] * value for f, value in setting.items()) for setting in settings]
            return [
                [each.kpis["surplus_per_year"].value - more for each in response.measures["baseline"]]
                for response, more in zip(found, extra, strict=True)
            ]

        best = climb(values, {factor.path: (int(factor.low), int(factor.high)) for factor in factors})
    mean = sum(best.values) / len(best.values)

    def told(point: Point) -> str:
        return ", ".join(f"{factor.path} = {value}" for factor, value in zip(factors, point, strict=True))

    if json:
        near = [
            {"at": list(point), "difference_krw_per_year": each.mean, "half_width": each.half_width}
            for point, each in best.neighbours.items()
        ]
        result = {"demand_mode": mode, "best": best.point, "surplus_krw_per_year": mean, "certain": best.certain}
        typer.echo(terminal.json_text({**result, "neighbours": near, "visited": best.visited}))
        return
    key = (lang, best.certain)
    words = {
        ("en", True): "no step from here is better, surely (95%, each step by itself)",
        ("en", False): "no step from here is better in the mean, but some might be; take more replications",
        ("ko", True): "이웃 값 중 더 나은 것은 없습니다 (각 95%)",
        ("ko", False): "평균으로는 이웃 값 중 더 나은 것이 없으나 확실하지 않습니다. 반복 실행을 늘리십시오",
    }[key]
    ends = [factor.path for factor in factors if best.point[factor.path] in (factor.low, factor.high)]
    more = {
        "en": ["{count} points tried", "at an end of its range: {paths}"],
        "ko": ["{count}개 점 계산", "범위의 끝에 있음: {paths}"],
    }[lang][: 2 if ends else 1]
    tried = "; ".join(more).format(count=best.visited, paths=", ".join(ends))
    typer.echo(f"{told(tuple(best.point.values()))}: {mean / 1e6:,.1f}e6 KRW/yr; {words} ({tried})")


def _prices(cost: list[str], known: list[str]) -> dict[str, float]:
    from factory_sim.model.kinds import Quantity
    from factory_sim.model.problems import Refused
    from factory_sim.model.units import YEAR

    prices = dict.fromkeys(known, 0.0)
    for text in cost:
        path, _, money = text.partition("=")
        if path not in prices:
            raise terminal.misused("--cost", f"'{path}' is none of --over: {', '.join(known)}")
        try:
            prices[path] = Quantity("KRW/s").parse(money) * YEAR
        except Refused as error:
            raise terminal.misused("--cost", str(error)) from None
    return prices


@app.command()
def portfolio(
    studies: Annotated[list[str], typer.Argument(metavar="STUDY...", help="Study files, one for each plant or firm.")],
    budget: Annotated[str, typer.Option("--budget", help='Such as "2e9 KRW".')],
    by: Annotated[
        Literal["capex", "subsidy"], typer.Option("--by", help="What the budget pays: all of it, or the subsidy.")
    ] = "capex",
    workers: WorkersOption = None,
    cluster: ClusterOption = None,
    physics: PhysicsOption = "on",
    out: KeepOption = None,
    json: JsonOption = False,
    lang: LangOption = "en",
) -> None:
    """Choose at most one scenario of each study so that the budget does most; in the first demand mode of each."""
    from factory_sim.model.kinds import Quantity
    from factory_sim.model.problems import Refused
    from factory_sim.study.compare import compare_in
    from factory_sim.study.portfolio import Option, best_portfolio

    for name in studies:
        if studies.count(name) > 1:
            raise terminal.misused("STUDY", f"'{name}' is named {studies.count(name)} times; name it once")
    read = {name: _read_study(name) for name in studies}
    try:
        limit = Quantity("KRW").parse(budget)
    except Refused as error:
        raise terminal.misused("--budget", str(error)) from None
    plants = {}
    with pool_of(workers, cluster, out) as (pool, progress):
        for name, of_study in read.items():
            outcomes = next(iter(compare_in(pool, of_study, physics == "on", progress).modes.values()))
            plants[name] = [
                Option(scenario, getattr(outcome.worth.money, by), tuple(outcome.worth.samples))
                for scenario, outcome in outcomes.items()
                if outcome.worth is not None
            ]
    best = best_portfolio(plants, limit)
    if json:
        chosen = {name: None if option is None else option.name for name, option in best.chosen.items()}
        half = best.worth.half_width if best.worth.half_width == best.worth.half_width else None
        result = {"chosen": chosen, "spent_krw": best.cost, "budget_krw": limit, "npv_krw": best.worth.mean}
        typer.echo(terminal.json_text({**result, "half_width": half, "by": by}))
        return
    heads = {
        "en": ("study", "choice", "cost, e6 KRW", "NPV, e6 KRW"),
        "ko": ("분석", "선택", "비용, 백만원", "순현재가치, 백만원"),
    }
    table = terminal.table(*heads[lang], numbers=False)
    for name, option in best.chosen.items():
        cells = (
            ("-", "0", "0")
            if option is None
            else (option.name, f"{option.cost / 1e6:,.0f}", f"{option.mean / 1e6:,.0f}")
        )
        table.add_row(name, *cells)
    half = best.worth.half_width / 1e6
    table.add_row("", "", f"{best.cost / 1e6:,.0f} / {limit / 1e6:,.0f}", f"{best.worth.mean / 1e6:,.0f} ± {half:,.0f}")
    terminal.console().print(table)
