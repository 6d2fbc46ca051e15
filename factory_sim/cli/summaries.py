"""Print and write the summary of a plant's replications, from its JSON object."""

from __future__ import annotations

import csv
import math
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from factory_sim.cli import downtime, terminal
from factory_sim.model.physics_checks import scrap_of_physics
from factory_sim.report.numbers import Shown, Unit, money_unit, shown
from factory_sim.report.words import name_of, word
from factory_sim.results.statistics import Interval
from factory_sim.simulation.trace import STATES

if TYPE_CHECKING:
    from rich.table import Table

    from factory_sim.model import Plant
    from factory_sim.study.runner import Summary

FACTORS = {
    "en": ("availability", "effectiveness", "quality"),
    "ko": ("shop_time_availability", "shop_performance", "shop_quality"),
}
"""Factors of the OEE in the form that each reader knows; JSON and report have both."""

COUNTS = ("wip", "parts_per_24_planned_hours", "bottleneck", "backorders", "on_order", "inside")
"""Key figures of unit 1 that are no shares."""

POOL_FIGURES = (
    "utilisation", "hours_per_week", "overtime_hours_per_week", "night_hours_per_week", "absent_share", "mean_wait",
    "waiting_hours_per_week",
)  # fmt: skip
LINE_FIGURES = ("mover_", "carriers_", "soak_", "parts_soaked_")
"""Beginnings of the names of the key figures of lines with movers."""

SHARE_PLACES = 1  # behind the point, of what stands side by side

YIELD_SLACK = 0.003  # a yield may miss that of the file by so much before a run says so

Figures = dict[str, dict[str, Any]]
"""By name of the key figure: mean, half_width, n and unit."""

_WORDS = {
    "en": {
        "head": "{replications} replications of {horizon} after {warmup} of warm-up, {mode}, {physics}, seed {seed}",
        "physics": ("physics off", "physics on"),
        "mean": "Mean",
        "half_width": "95 % ±",
        "stations": "Stations (bottleneck: {bottleneck})",
        "states": "States of the stations, share of all time",
        "products": "Products",
        "resources": "Resources: hours and waits by week",
        "sensors": "Sensors",
        "belts": "Stations with parts moving through",
        "vehicles": "Vehicles; waits are per part moved",
        "activities": "Activities of the vehicles, share of all time",
        "lines": "Robot cells and hoist lines",
        "stops": "{station}: {share} % of its scrap is caused by stops",
        "calibration": "{station}: its yield is {got:.3f}, the file says {told:g}; {key} = {share:.3f} would meet it",
    },
    "ko": {
        "head": "반복 실행 {replications}회, 초기 안정화 {warmup} 뒤 {horizon} 측정, {mode}, {physics}, 시드 {seed}",
        "physics": ("공정 물리 미반영", "공정 물리 반영"),
        "mean": "평균",
        "half_width": "95 % ±",
        "stations": "공정 (병목: {bottleneck})",
        "states": "공정별 상태, 전체 시간 중 비율",
        "products": "제품",
        "resources": "자원: 주당 시간과 대기",
        "sensors": "센서",
        "belts": "연속 이송 공정",
        "vehicles": "운반 차량 (대기 시간은 운반 1개당)",
        "activities": "운반 차량의 활동, 전체 시간 중 비율",
        "lines": "로봇 셀과 호이스트 라인",
        "stops": "{station}: 불량의 {share} %가 정지 때문에 생김",
        "calibration": "{station}: 수율이 {got:.3f}로, 파일의 {told:g}와 다름; {key} = {share:.3f}이면 일치",
    },
}


def print_summary(summary: dict[str, Any], plant: Plant, lang: str) -> None:
    """Print the JSON object of a summary as tables."""
    words = _WORDS[lang]
    stations = {name: name_of(table, name, lang) for name, table in plant.station.items()}
    console = terminal.console()
    console.print((plant.plant.name_ko if lang == "ko" else None) or plant.name, style="bold")
    console.print(_head(summary, lang))
    console.print(_figures(summary["kpis"], lang))
    title = str(words["stations"]).format(bottleneck=stations[summary["bottleneck"]])
    overall = ["parts_per_planned_hour", "yield", "oee", *FACTORS[lang]]
    console.print(_side_by_side(summary["stations"], stations, overall, title, lang))
    states = [f"state_{name}" for name in STATES]
    console.print(_side_by_side(summary["stations"], stations, states, str(words["states"]), lang))
    if belts := {name: figures for name, figures in summary["stations"].items() if "inside" in figures}:
        console.print(_side_by_side(belts, stations, ["inside", "time_inside"], str(words["belts"]), lang))
    for name, figures in summary["stations"].items():
        if "scrap_caused_by_stops" in figures:
            text = _shown("scrap_caused_by_stops", figures["scrap_caused_by_stops"], lang, SHARE_PLACES).mean
            console.print(str(words["stops"]).format(station=stations[name], share=text))
    lines = {name: summary["stations"][name] for name in (*plant.robot_cell, *plant.hoist_line)}
    if lines:
        names = [name for name in next(iter(lines.values())) if name.startswith(LINE_FIGURES)]
        console.print(_side_by_side(lines, stations, names, str(words["lines"]), lang))
    for line in _calibrations(summary, plant, lang) if summary["physics"] else ():
        console.print(line)
    if "vehicles" in summary:
        vehicles = {name: name_of(table, name, lang) for name, table in plant.vehicle.items()}
        for title, names in _of_vehicles(summary["vehicles"], lang):
            console.print(_side_by_side(summary["vehicles"], vehicles, names, title, lang))
    if len(summary["products"]) > 1:
        products = {name: name_of(table, name, lang) for name, table in plant.product.items()}
        names = list(next(iter(summary["products"].values())))
        console.print(_side_by_side(summary["products"], products, names, str(words["products"]), lang))
    if summary["resources"]:
        pools = {name: name_of(table, name, lang) for name, table in plant.resource.items()}
        console.print(_side_by_side(summary["resources"], pools, list(POOL_FIGURES), str(words["resources"]), lang))
        for line in _waits(summary, pools, stations, lang):
            console.print(line)
    if summary["sensors"]:
        names = list(next(iter(summary["sensors"].values())))
        sensors = {name: _sensor_name(plant, name, lang) for name in summary["sensors"]}
        console.print(_side_by_side(summary["sensors"], sensors, names, str(words["sensors"]), lang))
    for group, labels, title in downtime.groups(summary, plant, lang):
        console.print(_side_by_side(group, labels, list(next(iter(group.values()))), title, lang))


def _waits(summary: dict[str, Any], pools: dict[str, str], stations: dict[str, str], lang: str) -> Iterator[str]:
    """Yield for each station how long it waits for which resource, if it does."""
    for pool, figures in summary["resources"].items():
        for name, station in stations.items():
            figure = figures.get(f"waiting_hours_per_week.{name}")
            if figure is not None and figure["mean"]:
                yield word("waits.line", lang, station=station, pool=pools[pool], hours=f"{figure['mean']:.1f}")


def _sensor_name(plant: Plant, name: str, lang: str) -> str:
    """Return what people call a sensor `<station>.<sensor>`."""
    station, _, sensor = name.partition(".")
    table = plant.station[station]
    first, _, chart = sensor.partition(".")
    found = table.sensor[first] if first in table.sensor else table.measure[first]
    of_chart = f", {name_of(table.measure[first].chart[chart], chart, lang)}" if chart else ""
    return f"{name_of(table, station, lang)}: {name_of(found, first, lang)}{of_chart}"


def _of_vehicles(figures: dict[str, Figures], lang: str) -> Iterator[tuple[str, list[str]]]:
    """Yield the tables about vehicles: title and key figures."""
    names = list(next(iter(figures.values())))
    shares = [name for name in names if name.startswith(("activity_", "state_"))]
    yield str(_WORDS[lang]["vehicles"]), [name for name in names if name not in shares]
    yield str(_WORDS[lang]["activities"]), shares


def _calibrations(summary: dict[str, Any], plant: Plant, lang: str) -> Iterator[str]:
    """Yield what would calibrate a station whose yield is not that of the file: the scrap that its history causes.

    Only where one law can be the reason: of two that scrap no run can say which is wrong, and what a sensor rejects is
    in the yield too.
    """
    for name, station in plant.station.items():
        figure = summary["stations"][name]["yield"]
        told = scrap_of_physics(station)
        laws = [law for law in told if told[law] > 0.0] if len(told) > 1 else list(told)
        if len(laws) != 1 or station.sensor or figure["mean"] is None:
            continue
        law = laws[0]
        if abs(figure["mean"] - station.yield_) > max(YIELD_SLACK, figure["half_width"] or 0.0):
            steady = max(0.0, 1.0 - station.yield_ / (1.0 - told[law]))
            yield str(_WORDS[lang]["calibration"]).format(
                station=name_of(station, name, lang),
                got=figure["mean"],
                told=station.yield_,
                key=f"station.{name}.{law}.physics_scrap",
                share=1.0 - figure["mean"] / (1.0 - steady),
            )


def _head(summary: dict[str, Any], lang: str) -> str:
    from factory_sim.model.units import WEEK, show

    words = _WORDS[lang]
    times = {
        name: f"{summary[name + '_s'] / WEEK:g}주" if lang == "ko" else show(summary[name + "_s"], "s")
        for name in ("horizon", "warmup")
    }
    return str(words["head"]).format(
        replications=summary["replications"],
        mode=word(f"mode.{summary['demand_mode']}_short", lang),
        physics=words["physics"][summary["physics"]],
        seed=summary["seed"],
        **times,
    )


def _figures(figures: Figures, lang: str) -> Table:
    """Return a table of key figures; those that are 0, such as the gas of a plant that has none, are left out."""
    words = _WORDS[lang]
    heads = (word("table.figure", lang), str(words["mean"]), str(words["half_width"]), word("table.unit", lang))
    made = terminal.table(*heads, numbers=True)
    made.columns[-1].justify = "left"
    for name, figure in figures.items():
        if figure["mean"] != 0.0 or figure["half_width"]:
            each = _shown(name, figure, lang)
            made.add_row(label(name, lang), each.mean, each.half_width, each.unit)
    return made


def _side_by_side(groups: dict[str, Figures], labels: dict[str, str], names: list[str], title: str, lang: str) -> Table:
    """Return a table with a row for each station or product; key figures that are 0 for all of them are left out."""
    names = [name for name in names if any(figures[name]["mean"] for figures in groups.values())]
    units = [unit_of(name, next(iter(groups.values()))[name], lang).name for name in names]
    heads = [f"{label(name, lang)}\n{given}".replace(" (", "\n(") for name, given in zip(names, units, strict=True)]
    made = terminal.table("", *heads, title=title, numbers=True)
    for group, figures in groups.items():
        made.add_row(labels[group], *(_shown(name, figures[name], lang, SHARE_PLACES).mean for name in names))
    return made


def label(figure: str, lang: str) -> str:
    """Return the name of a key figure.

    >>> label("state_starved", "en"), label("wip", "ko")
    ('starved', '재공 (WIP)')
    """
    kind, _, state = figure.partition("_")
    return word(f"{kind}.{state}" if kind in ("state", "activity") else f"kpi.{figure}", lang)


def unit_of(name: str, figure: dict[str, Any], lang: str) -> Unit:
    """Return how a key figure is shown: a share in per cent, a yearly amount of money in millions.

    >>> unit_of("yield", {"unit": "1"}, "en"), unit_of("good_parts_per_year", {"unit": "1/yr"}, "ko")
    (Unit(factor=100.0, name='%'), Unit(factor=1.0, name='개/년'))
    """
    if figure["unit"] == "1" and name not in COUNTS:
        return Unit(100.0, "%")
    if figure["unit"] == "KRW/yr":
        return money_unit(figure["mean"] or 0.0, lang, "yr")
    return Unit(1.0, word(f"unit.{figure['unit']}", lang))


def _shown(name: str, figure: dict[str, Any], lang: str, most: int = 99) -> Shown:
    mean, half_width = (math.nan if figure[key] is None else figure[key] for key in ("mean", "half_width"))
    return shown(Interval(mean, half_width, figure["n"], 0.95), unit_of(name, figure, lang), most=most)


def write_parts(summary: Summary, directory: Path) -> list[Path]:
    """Write what happened to every part of the first run, and return the files."""
    from factory_sim.report.today import OneRun
    from factory_sim.results.traceability import parts_table, visits_table

    run = OneRun.of(summary)
    tables = {
        "visits.csv": visits_table(run.plant, run.plan, run.trace),
        "parts.csv": parts_table(run.plant, run.trace),
    }
    for name, table in tables.items():
        table.to_csv(directory / name, index=False, encoding="utf-8-sig")  # Excel reads Korean only with the mark
    return [directory / name for name in tables]


def write_summary(summary: dict[str, Any], directory: Path) -> list[Path]:
    """Write the JSON object of a summary, and the same numbers as one table; return the files.

    Raises
    ------
    OSError  If a file cannot be written.
    """
    as_json, as_csv = directory / "summary.json", directory / "summary.csv"
    as_json.write_text(terminal.json_text(summary) + "\n", encoding="utf-8")
    with as_csv.open("w", encoding="utf-8-sig", newline="") as file:  # the mark tells Excel that it is UTF-8
        writer = csv.writer(file)
        writer.writerow(("kind", "name", "figure", "mean", "half_width", "n", "unit"))
        for kind, name, figures in _groups(summary):
            for figure, row in figures.items():
                writer.writerow((kind, name, figure, row["mean"], row["half_width"], row["n"], row["unit"]))
    return [as_json, as_csv]


def _groups(summary: dict[str, Any]) -> Iterator[tuple[str, str, Figures]]:
    """Yield (kind, name, key figures) of all that a summary speaks of."""
    yield "plant", summary["plant"], summary["kpis"]
    kinds = ("station", "product", "resource", "sensor", "vehicle", "stop", "spare")
    for kind, group in ((kind, f"{kind}s") for kind in kinds):
        for name, figures in summary.get(group, {}).items():
            yield kind, name, figures
