"""Texts and tables of the report that need no drawing."""

from __future__ import annotations

import hashlib
import math
import platform
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from factory_sim.model import Plant, Study
from factory_sim.report import assumptions, guarantee, numbers, sentences
from factory_sim.report.findings import Ranked, Ranking, energy_per_good_part
from factory_sim.report.names import Names
from factory_sim.report.pieces import Table
from factory_sim.report.words import meaning, name_of, plant_name, word
from factory_sim.results.measures import Measures
from factory_sim.results.statistics import Interval, paired_difference, t_interval
from factory_sim.study.compare import Comparison
from factory_sim.study.money import money_of
from factory_sim.study.runner import Estimate, estimates
from factory_sim.study.scenario import changed, changes_of

_PERCENT = ("yield",)
_TILES = ("good_parts_per_planned_hour", "cost_per_good_part", "energy_per_good_part", "co2e_per_good_part")
_BESIDE = 5  # investments that stand beside each other in a table
_STATION = {
    "en": ("oee", "availability", "effectiveness", "quality"),
    "ko": ("oee", "shop_time_availability", "shop_performance", "shop_quality"),
}


@dataclass(frozen=True)
class Tile:
    """One figure of the first page: now, with the investment, and the change."""

    label: str
    value: str
    unit: str
    today: str
    change: str
    certain: bool


def tiles(comparison: Comparison, ranking: Ranking, lang: str) -> list[Tile]:
    """Return the figures of the first page for the best investment."""
    made = [_tile(key, ranking.top, ranking.baseline, lang) for key in _TILES]
    return [*made[:2], _people(comparison.study, ranking.top, lang), *made[2:]]


def _values(measures: list[Measures], key: str) -> list[float]:
    if key == "energy_per_good_part":
        return energy_per_good_part(measures)
    return [each.kpis[key].value for each in measures]


def _tile(key: str, row: Ranked, baseline: Ranked, lang: str) -> Tile:
    now, then = _values(baseline.outcome.measures, key), _values(row.outcome.measures, key)
    given = "kWh" if key == "energy_per_good_part" else row.outcome.kpis[key].unit
    unit = numbers.Unit(1.0, word(f"unit.{given}", lang))
    if not all(map(math.isfinite, [*now, *then])):
        return Tile(word(f"kpi.{key}", lang), numbers.NONE, unit.name, numbers.NONE, "", False)
    most = 2
    today, value = (numbers.short(t_interval(values), unit, most=most) for values in (now, then))
    change = paired_difference(then, now[: len(then)])  # a choice that was given up has fewer replications
    text = numbers.short(change, unit, sign=True, most=most)
    certain = abs(change.mean) > change.half_width
    between = word("text.range", lang, low=text.low, high=text.high)
    nothing = not f"{text.mean}{text.low}{text.high}".strip("0.-")
    said = word("report.change", lang, change=f"{text.mean} ({between})")
    return Tile(
        word(f"kpi.{key}", lang),
        value.mean,
        unit.name,
        word("report.today_to", lang, today=numbers.around(today)),
        word("report.unchanged", lang) if nothing else said,
        certain,
    )


def _people(study: Study, row: Ranked, lang: str) -> Tile:
    """Return the positions, which are a number of the plant and have no luck."""
    plant = changed(study.plant, changes_of(study, row.name), study.study.seed)
    now, then = (sum(staff.positions for staff in each.staff.values()) for each in (study.plant, plant))
    change = numbers.plain(then - now, 3) if then <= now else f"+{numbers.plain(then - now, 3)}"
    said = word("report.change", lang, change=change) if then != now else word("report.unchanged", lang)
    today = word("report.today_to", lang, today=numbers.plain(now, 3))
    return Tile(word("kpi.people", lang), numbers.plain(then, 3), "", today, said, then != now)


def figures_tables(ranking: Ranking, lang: str) -> list[Table]:
    """Return all key figures of the plant, today and their change by investment, in as many tables as a page needs."""
    rows = ranking.investments
    each = math.ceil(len(rows) / math.ceil(len(rows) / _BESIDE))
    return [_figures_table(ranking, rows[begin : begin + each], lang) for begin in range(0, len(rows), each)]


def _figures_table(ranking: Ranking, shown: Sequence[Ranked], lang: str) -> Table:
    base = ranking.baseline.outcome
    heads = [word("table.figure", lang), word("table.today", lang)]
    heads += [row.label for row in shown]
    rows = []
    for key, today in base.kpis.items():
        if all(row.outcome.kpis[key].mean == 0.0 for row in ranking.rows):
            continue
        unit = kpi_unit(key, today, lang)
        cells = [plus_minus(today, unit, sign=False)]
        cells += [plus_minus(row.outcome.difference[key], unit, sign=True) for row in shown]
        rows.append((f"{word(f'kpi.{key}', lang)}{f', {unit.name}' if unit.name else ''}", *cells))
    return Table(tuple(heads), tuple(rows))


def kpi_unit(key: str, estimate: Estimate, lang: str) -> numbers.Unit:
    """Return the unit in which a key figure is shown; shares are shown in per cent."""
    if estimate.unit == "KRW/yr":
        return numbers.money_unit(abs(estimate.mean) if math.isfinite(estimate.mean) else 0.0, lang, "yr")
    if key in _PERCENT:
        return numbers.Unit(100.0, "%")
    return numbers.Unit(1.0, word(f"unit.{estimate.unit}", lang))


def plus_minus(estimate: Estimate, unit: numbers.Unit, sign: bool) -> str:
    """Return mean and half-width; a change of nothing in all replications is a dash."""
    if not math.isfinite(estimate.mean) or (sign and estimate.mean == 0.0 and estimate.half_width == 0.0):
        return numbers.NONE
    text = numbers.shown(Interval(estimate.mean, estimate.half_width, estimate.n, 0.95), unit, sign, most=2)
    return numbers.around(text)


def stations_table(plant: Plant, measures: Sequence[Measures], lang: str) -> Table:
    """Return the key figures of all stations."""
    names = (*_STATION[lang], "yield", "scrap_caused_by_stops", "parts_per_planned_hour")
    by_station = {station: estimates([each.stations[station] for each in measures]) for station in plant.station}
    shown = [name for name in names if any(name in kpis for kpis in by_station.values())]
    rows = []
    for station, kpis in by_station.items():
        cells = [_station_cell(kpis.get(name), lang) for name in shown]
        rows.append((name_of(plant.station[station], station, lang), *cells))
    heads = (word("table.station", lang), *(word(f"kpi.{name}", lang) for name in shown))
    return Table(heads, tuple(rows))


def _station_cell(estimate: Estimate | None, lang: str) -> str:
    if estimate is None:
        return numbers.NONE
    unit = numbers.Unit(100.0, "%") if estimate.unit == "1" else numbers.Unit(1.0, "")
    slow = estimate.unit != "1" and abs(estimate.mean) < 1.0  # a part in some hours is not 0.0
    interval = Interval(estimate.mean, estimate.half_width, estimate.n, 0.95)
    if estimate.unit == "1" and estimate.half_width > 0.5:  # wider than what can be
        bounds = numbers.shown_share(interval)
        return f"{bounds.mean}% ({word('text.range', lang, low=bounds.low, high=bounds.high)}%)"
    return numbers.around(numbers.shown(interval, unit, most=3 if slow else 1), unit.name)


@dataclass(frozen=True)
class Offer:
    """What an investment changes and costs."""

    label: str
    said: str
    changes: Table
    money: Table


def offers(comparison: Comparison, lang: str) -> Iterator[Offer]:
    """Yield what was declared about each investment."""
    study = comparison.study
    names = names_of(study, lang)
    heads = tuple(word(f"table.{key}", lang) for key in ("parameter", "new_value"))
    for name, investment in study.investment.items():
        said = word("operation.declared" if investment.declared else "operation.causal", lang)
        changes = [
            (path, names.path(path), word(f"operation.{operation}", lang, value=names.value(value)))
            for path, operation, value in assumptions.changes_of(study, name)
            if not path.endswith(_OTHERS_NAMES[lang])
        ]
        rows, paths = tuple(each[1:] for each in changes), tuple(each[0] for each in changes)
        money = Table(("", ""), tuple(_money_rows(comparison, name, lang)), numbers_from=9)
        yield Offer(name_of(investment, name, lang), said, Table(heads, rows, numbers_from=9, paths=paths), money)


_OTHERS_NAMES = {"en": (".label_ko", ".name_ko"), "ko": (".label", ".name")}


def names_of(study: Study, lang: str) -> Names:
    """Return the names in the plant of a study, those of what investments add too."""
    names = Names.of(study.plant, lang)
    for investment in study.investment:
        for path, operation, value in assumptions.changes_of(study, investment):
            if operation == "add":
                names.add(path, value)
    return names


def _money_rows(comparison: Comparison, name: str, lang: str) -> Iterator[tuple[str, str]]:
    study = comparison.study
    investment = study.investment[name]
    given, first = investment.money, money_of(study, investment, next(iter(comparison.modes)))
    lumps = {mode: money_of(study, investment, mode).lump_benefit for mode in comparison.modes}
    most = max(first.capex, first.opex, *map(abs, lumps.values()))

    def amount(value: float, per: str = "") -> str:
        return numbers.money(value, lang, per, most) if value else word("text.none", lang)

    yield word("investment.capex", lang), amount(first.capex)
    yield word("investment.opex", lang), amount(first.opex, "yr")
    yield word("investment.life", lang), numbers.years(first.life, lang)
    ramp_up = numbers.months(first.ramp_up, lang) if first.ramp_up else word("text.none", lang)
    yield word("investment.ramp_up", lang), ramp_up
    yield word("investment.subsidy", lang), amount(first.subsidy)
    yield word("investment.credit", lang), amount(first.credit)
    meaning = (given.benefit.meaning_ko if lang == "ko" else None) or given.benefit.meaning
    same = len(set(lumps.values())) == 1
    for mode, lump in list(lumps.items())[: 1 if same else None]:
        if lump or not same:
            of = word("investment.every_mode" if same else f"mode.{mode}_short", lang)
            text = amount(lump, "yr") + (f" ({meaning})" if lump and meaning else "")
            yield word("investment.lump", lang, mode=of), text
    if given.residual:
        yield word("investment.residual", lang), amount(given.residual)
    if investment.footprint:
        yield word("investment.footprint", lang), f"{numbers.plain(investment.footprint)} m²"
    source = (given.source_ko if lang == "ko" else None) or given.source or word("status.none", lang)
    yield word("investment.source", lang), f"{source} ({word(f'status.{given.status}', lang)})"


def mode_name(study: Study, mode: str, lang: str) -> str:
    """Return a demand mode in words."""
    volume = sentences.volume(study, lang) if mode == "fixed_volume" else ""
    return word(f"mode.{mode}", lang, volume=volume)


def data_said(plant: Plant, lang: str) -> str:
    """Say how many numbers of the plant have which status."""
    found = assumptions.numbers_of(plant)
    count = assumptions.tally(found)
    return word("basis.data", lang, numbers=len(found), **{status: count[status] for status in assumptions.ORDER})


def numbers_table(found: Sequence[assumptions.Assumption], names: Names) -> Table:
    """Return numbers with status, source and date."""
    lang = names.lang
    heads = tuple(word(f"table.{key}", lang) for key in ("parameter", "value", "status", "source", "date"))
    rows = tuple(
        (names.path(one.path), _value(one, names), word(f"status.{one.status}", lang), one.source_in(lang), one.date)
        for one in found
    )
    dated = any(one.date for one in found)
    keep = len(heads) if dated else len(heads) - 1
    cut = tuple(row[:keep] for row in rows)
    return Table(heads[:keep], cut, numbers_from=9, paths=tuple(one.path for one in found))


def _value(one: assumptions.Assumption, names: Names) -> str:
    return one.value if one.raw is None else names.value(one.raw)


@dataclass(frozen=True)
class Left:
    """What a file leaves to the program: numbers with their source; rules, and what counts nothing."""

    numbers: Table
    others: Table


def left_to_program(found: Sequence[assumptions.Assumption], names: Names) -> Left:
    """Return defaults as tables, with what they mean."""
    lang, keys = names.lang, ("parameter", "value", "status", "meaning")
    known = [one for one in found if assumptions.is_number(one)]
    others = [one for one in found if not assumptions.is_number(one)]
    with_source = tuple(word(f"table.{key}", lang) for key in (*keys[:3], "source", "meaning"))
    heads = tuple(word(f"table.{key}", lang) for key in keys)

    def row(one: assumptions.Assumption) -> tuple[str, ...]:
        source = (one.source_in(lang),) if assumptions.is_number(one) else ()
        status = word(f"status.{one.status}", lang)
        return names.path(one.path), one.value, status, *source, meaning(one.meaning, lang)

    def table(heads: tuple[str, ...], these: list[assumptions.Assumption]) -> Table:
        return Table(heads, tuple(map(row, these)), numbers_from=9, paths=tuple(one.path for one in these))

    return Left(table(with_source, known), table(heads, others))


def left_by_plant(plant: Plant, lang: str) -> Left:
    """Return what a plant file leaves to the program, and the numbers that its laws look up by a name."""
    return left_to_program([*assumptions.defaults_of(plant), *assumptions.constants(plant)], Names.of(plant, lang))


@dataclass(frozen=True)
class OtherPlant:
    """The numbers of a plant that an investment puts in the place of today's."""

    said: str
    numbers: Table
    left: Left


def other_plants(study: Study, lang: str) -> list[OtherPlant]:
    """Return the numbers of all plants but today's."""
    return [
        OtherPlant(
            word(
                "report.other_plant", lang, label=name_of(study.investment[name], name, lang),
                plant=plant_name(plant, lang),
            ),
            numbers_table(assumptions.numbers_of(plant), Names.of(plant, lang)),
            left_by_plant(plant, lang),
        )
        for name, plant in assumptions.other_plants(study).items()
    ]  # fmt: skip


def run_table(comparison: Comparison, lang: str) -> Table:
    """Return settings, versions and fingerprints of the files: all that it takes to compute this again."""
    from factory_sim import __version__

    study, asked = comparison.study, comparison.study.study
    packages = ", ".join(f"{name} {version(name)}" for name in ("simpy", "numpy", "scipy"))
    rows = (
        (word("run.version", lang), f"factory_sim {__version__}"),
        (word("run.python", lang), f"Python {platform.python_version()}, {packages}"),
        (word("run.study", lang), fingerprint(study.file, lang)),
        (word("run.plant", lang), fingerprint(study.plant.file, lang)),
        (word("run.seed", lang), str(asked.seed)),
        (word("run.replications", lang), guarantee.replications(comparison, lang)),
        (word("run.horizon", lang), sentences.weeks(asked.horizon, lang)),
        (word("run.warmup", lang), sentences.weeks(asked.warmup, lang)),
        (word("run.modes", lang), "; ".join(mode_name(study, mode, lang) for mode in comparison.modes)),
        (word("run.physics", lang), word("basis.physics_on" if comparison.physics else "basis.physics_off", lang)),
        (word("run.runs", lang), str(comparison.runs)),
    )
    return Table(("", ""), rows, numbers_from=9)


def fingerprint(file: str, lang: str) -> str:
    """Return the name of a file, without the way to it, and the hash of its content if it is still there."""
    path = Path(file)
    if not file or not path.is_file():
        return path.name or numbers.NONE
    return word("run.hash", lang, file=path.name, digest=hashlib.sha256(path.read_bytes()).hexdigest()[:16])
