"""When the money comes back, and how sure it is: cash flow by year, and the replications one by one."""

from __future__ import annotations

import math
from collections.abc import Sequence

from factory_sim.report import numbers
from factory_sim.report.findings import GAIN, Ranked, Ranking
from factory_sim.report.pieces import FULL, Figure, Table, figure
from factory_sim.report.svg import SMALL, TEXT, Axis, Drawing, length
from factory_sim.report.words import word
from factory_sim.results.statistics import quantiles

FAN = (0.1, 0.5, 0.9)
_MEAN = len(FAN)  # behind the quantiles of a year: the cash flow of the mean benefit, whose payback is told
_TABLE = (_MEAN, *range(len(FAN)))
_HALF = 500.0  # width of a chart of which two stand beside each other


def fan(row: Ranked) -> list[tuple[float, ...]]:
    """Return for each year the quantiles `FAN` of the cumulative net cash flow over the replications. [KRW]"""
    sums = [flow.table["cumulative"] for flow in row.worth.flows]
    return [tuple(quantiles(list(column), FAN).tolist()) for column in zip(*sums, strict=True)]


def cash_figure(row: Ranked, name: str, lang: str, beside: float = 0.0) -> Figure:
    """Return the cumulative cash flow of one scenario as a fan, payback marked.

    `beside` is the greatest amount of the charts beside it, whose unit it shares. [KRW]
    """
    bands = fan(row)
    life, payback = row.worth.money.life, row.money[0]
    middle = row.worth.mean_flow.table["cumulative"]
    bands = [(*band, mean) for band, mean in zip(bands, middle, strict=True)]
    times = [min(float(year), life) for year in range(len(bands))]
    unit = numbers.unit_beside(max(abs(value) for band in bands for value in band), beside, lang)

    def draw(into: Drawing) -> None:
        _cash(into, times, [[value * unit.factor for value in band] for band in bands], payback, unit, lang)

    rows = tuple(
        (numbers.year_number(time), *(numbers.fixed(band[part] * unit.factor, _digits(bands, unit)) for part in _TABLE))
        for time, band in zip(times, bands, strict=True)
    )
    heads = (
        word("table.year", lang),
        word("chart.at_mean", lang, unit=unit.name),
        *(word("chart.quantile", lang, share=f"{part * 100:.0f}", unit=unit.name) for part in FAN),
    )
    return figure(draw, name, row.label, Table(heads, rows, numbers_from=0), _support(row, lang), _HALF)


def _digits(bands: Sequence[Sequence[float]], unit: numbers.Unit) -> int:
    """Return the digits that all amounts of a table share: three of the greatest."""
    greatest = max(abs(value) for band in bands for value in band) * unit.factor
    return min(2, 2 - math.floor(math.log10(greatest))) if greatest > 0.0 else 0


def _support(row: Ranked, lang: str) -> str:
    """Say what is paid, who pays a part of it, and when it comes back."""
    money, payback = row.worth.money, row.money[0]
    said = [word("money.paid", lang, capex=numbers.money(money.capex, lang))]
    if money.subsidy:
        said.append(word("money.subsidy", lang, subsidy=numbers.money(money.subsidy, lang, greatest=money.capex)))
    if money.credit:
        used = sum(row.worth.mean_flow.table["credit_used"])
        lost = money.credit - used > 0.01 * money.credit
        key = "money.credit_lost" if lost else "money.credit"
        said.append(
            word(
                key,
                lang,
                credit=numbers.money(money.credit, lang, greatest=money.capex),
                used=numbers.money(round(used, -5), lang, greatest=money.capex),
            )
        )
    if math.isfinite(payback):
        said.append(word("money.back", lang, years=numbers.years(payback, lang)))
    else:
        said.append(word("money.never", lang, years=numbers.years(money.life, lang)))
    return " ".join(said)


def _cash(
    into: Drawing,
    times: Sequence[float],
    bands: Sequence[Sequence[float]],
    payback: float,
    unit: numbers.Unit,
    lang: str,
) -> None:
    top, bottom, left = 24.0, 210.0, 58.0
    up = Axis.over((value for band in bands for value in band), bottom, top, 4)
    along = Axis.over(times, left, into.width - 16.0, 8)
    for tick in up.ticks:
        into.line(left, up(tick), into.width - 16.0, up(tick), "zero" if tick == 0.0 else "grid")
        into.text(left - 6.0, up(tick) + 4.0, numbers.fixed(tick, up.digits), "tick", "end")
    for tick in along.ticks:
        into.text(along(tick), bottom + 18.0, numbers.fixed(tick, along.digits), "tick", "middle")
    into.text(2.0, 12.0, unit.name, "tick")
    into.text(into.width - 2.0, bottom + 36.0, word("chart.years_axis", lang), "tick", "end")
    css = "gain" if bands[-1][_MEAN] > 0.0 else "loss"
    low = [(along(time), up(band[0])) for time, band in zip(times, bands, strict=True)]
    high = [(along(time), up(band[2])) for time, band in zip(times, bands, strict=True)]
    into.path([*low, *reversed(high)], f"fan {css}", closed=True)
    for part, line in ((1, "middle"), (_MEAN, "mean")):
        into.path([(along(time), up(band[part])) for time, band in zip(times, bands, strict=True)], f"{line} {css}")
    if math.isfinite(payback):
        into.line(along(payback), up(0.0) - 16.0, along(payback), up(0.0) + 16.0, "mark")
        said = word("chart.payback", lang, years=numbers.years(payback, lang))
        after = along(payback) + 6.0 + length(said, SMALL) <= into.width
        x = along(payback) + 6.0 if after else max(along(payback) - 6.0, left + 4.0 + length(said, SMALL))
        into.text(x, up(0.0) + 15.0, said, "mark-text", "start" if after else "end")
    into.height = bottom + 44.0


def replications_figure(ranking: Ranking, name: str, lang: str) -> Figure:
    """Return the net present values of the single replications, with the interval of their mean."""
    rows = ranking.investments
    ends = [end for row in rows for end in (row.npv.low, row.npv.high) if math.isfinite(end)]
    values = [*ends, *(npv for row in rows for npv in row.worth.npvs)]
    unit = numbers.money_unit(max(map(abs, values)), lang)

    def draw(into: Drawing) -> None:
        axis = Axis.over(
            (value * unit.factor for value in values), 30.0, into.width - 30.0, 4 if into.width < 450 else 8
        )
        marks = Drawing(into.width, into.name, into.title)
        y = 4.0
        for row in rows:
            y = marks.paragraph(2.0, y + TEXT, row.label, into.width, "label") + 16.0
            for npv in row.worth.npvs:
                marks.dot(axis(npv * unit.factor), y, 4.0, f"single {row.verdict}")
            interval = row.npv
            if math.isfinite(interval.half_width):
                ends = [axis(end * unit.factor) for end in (interval.low, interval.high)]
                marks.line(ends[0], y + 10.0, ends[1], y + 10.0, f"interval80 {row.verdict}")
            y += 22.0
        for tick in axis.ticks:
            into.line(axis(tick), 4.0, axis(tick), y, "zero" if tick == 0.0 else "grid")
            into.text(axis(tick), y + 16.0, numbers.fixed(tick, axis.digits), "tick", "middle")
        into.marks += marks.marks
        into.text(into.width - 2.0, y + 34.0, word("chart.npv_axis", lang, unit=unit.name), "tick", "end")
        into.height = y + 42.0

    title = word("chart.replications_title", lang)
    return figure(draw, name, title, _pairs(rows, unit, lang), word("chart.replications_note", lang), FULL)


def _pairs(rows: Sequence[Ranked], unit: numbers.Unit, lang: str) -> Table:
    longest = max(len(row.worth.npvs) for row in rows)  # a choice that was given up has fewer
    heads = (
        word("table.investment", lang),
        *(word("chart.replication", lang, number=number + 1) for number in range(longest)),
    )
    digits = _digits([row.worth.npvs for row in rows], unit)
    shown = [[numbers.fixed(npv * unit.factor, digits) for npv in row.worth.npvs] for row in rows]
    cells = tuple(
        (row.label, *texts, *[numbers.NONE] * (longest - len(texts))) for row, texts in zip(rows, shown, strict=True)
    )
    # Transposed: replications are many, investments few.
    turned = tuple(zip(*cells, strict=True))
    return Table((heads[0], *turned[0]), tuple((head, *row) for head, row in zip(heads[1:], turned[1:], strict=True)))


def benefit_parts(row: Ranked) -> list[tuple[str, float]]:
    """Return where the yearly benefit comes from, means over the replications: name and amount. [KRW/yr]

    What costs less counts as a gain. The parts sum to the benefit less the running cost. Material is parted: that of
    the scrap, less what is recovered for it, and that of the good parts, which grows with output.
    """
    difference = row.outcome.difference
    costs = [name for name in difference if name.endswith("_per_year") and name not in _NO_COSTS]
    material = [name for name in costs if name in ("material_per_year", "scrap_credit_per_year")]
    scrap = difference["cost_of_scrap"].mean
    parts = [("revenue", difference["revenue_per_year"].mean)]
    parts.append(("material", scrap - sum(difference[name].mean for name in material)))
    parts.append(("scrap", -scrap))
    energy = [name for name in costs if name in ("electricity_per_year", "gas_per_year")]
    parts.append(("energy", -sum(difference[name].mean for name in energy)))
    for name in costs:
        if name not in (*material, *energy):
            parts.append((name.removesuffix("_per_year"), -difference[name].mean))
    parts.append(("lump", row.worth.money.lump_benefit))
    parts.append(("opex", -row.worth.money.opex))
    return parts


_NO_COSTS = ("good_parts_per_year", "surplus_per_year", "revenue_per_year")


def printed_parts(parts: Sequence[tuple[str, float]], digits: int) -> list[tuple[str, float]]:
    """Return amounts rounded so that what is printed adds up to the printed total, those that vanish left out.

    >>> printed_parts([("a", 1.5), ("b", 1.3), ("c", 0.4)], 0)
    [('a', 2.0), ('b', 1.0)]
    """
    amounts = numbers.adding_up([amount for _, amount in parts], digits)
    return [(name, amount) for (name, _), amount in zip(parts, amounts, strict=True) if amount]


def benefit_figure(row: Ranked, name: str, lang: str, beside: float = 0.0) -> Figure:
    """Return the waterfall from the first part of the yearly benefit to what is left; what it prints adds up.

    `beside` is the greatest amount of the charts beside it, whose unit it shares. [KRW/yr]
    """
    parts = benefit_parts(row)
    unit = numbers.unit_beside(max([1e6, *(abs(amount) for _, amount in parts)]), beside, lang, "yr")
    digits = max(0, min(2, _digits([[amount for _, amount in parts]], unit)))
    shown = printed_parts([(key, amount * unit.factor) for key, amount in parts], digits)
    sums = [sum(amount for _, amount in shown[: index + 1]) for index in range(len(shown))]
    total = sums[-1] if sums else 0.0

    def draw(into: Drawing) -> None:
        axis = Axis.over([*sums, total], 8.0, into.width - 8.0, 4)
        y, before = 0.0, 0.0
        for (key, amount), after in zip([*shown, ("left", total)], [*sums, total], strict=True):
            begin = 0.0 if key == "left" else before
            ends = sorted((axis(begin), axis(after)))
            into.text(2.0, y + TEXT, word(f"benefit.{key}", lang), "name" if key == "left" else "label")
            text = numbers.joined(numbers.fixed(amount, digits, sign=True), unit.name)
            into.text(into.width - 2.0, y + TEXT, text, "value", "end")
            for tick in axis.ticks:
                into.line(axis(tick), y + 18.0, axis(tick), y + 32.0, "zero" if tick == 0.0 else "grid")
            into.rect(ends[0], y + 19.0, max(1.5, ends[1] - ends[0]), 12.0, GAIN if amount >= 0.0 else "loss")
            y, before = y + 40.0, after
        into.height = y

    rows = [(word(f"benefit.{key}", lang), numbers.fixed(amount, digits, sign=True)) for key, amount in shown]
    rows.append((word("benefit.left", lang), numbers.fixed(total, digits, sign=True)))
    heads = (word("table.source", lang), unit.name)
    return figure(draw, name, row.label, Table(heads, tuple(rows)), wide=_HALF)
