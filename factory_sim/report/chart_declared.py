"""How much of the benefit is a number of an offer, and how much the simulation derives from causes."""

from __future__ import annotations

from factory_sim.model import Study
from factory_sim.report import numbers
from factory_sim.report.findings import Ranked, Ranking
from factory_sim.report.pieces import Figure, Table, figure
from factory_sim.report.svg import TEXT, Axis, Drawing, legend
from factory_sim.report.words import word

KINDS = ("causal", "mixed", "declared", "lump")
"""What a benefit may rest on, from the firmest to the barest."""


def basis_of(study: Study, row: Ranked) -> dict[str, float]:
    """Return what the yearly benefit of a scenario rests on, by kind; the parts sum to it. [KRW/yr]

    `lump` is declared as a sum of money, `declared` the simulated effect of declared changes, `causal` that of changes
    which act through causes, `mixed` that of both together, which cannot be told apart.
    """
    kinds = {study.investment[name].declared for name in study.scenarios[row.name]}
    simulated = row.worth.benefit.mean - row.worth.money.lump_benefit
    kind = "mixed" if len(kinds) > 1 else "declared" if True in kinds else "causal"
    return {name: {kind: simulated, "lump": row.worth.money.lump_benefit}.get(name, 0.0) for name in KINDS}


def declared_figure(study: Study, ranking: Ranking, name: str, lang: str) -> Figure:
    """Return the yearly benefit of each investment, cut into what it rests on."""
    parts = {row.label: basis_of(study, row) for row in ranking.investments}
    seen = [kind for kind in KINDS if any(amounts[kind] for amounts in parts.values())]
    ends = [sum(v for v in a.values() if (v > 0.0) == up) for a in parts.values() for up in (True, False)]
    unit = numbers.money_unit(max([1e6, *map(abs, ends)]), lang, "yr")
    digits = 0 if max(map(abs, ends)) * unit.factor >= 100.0 else 1

    def draw(into: Drawing) -> None:
        axis = Axis.over((end * unit.factor for end in ends), 24.0, into.width - 24.0, 4)
        y = legend(into, [(f"rests-{kind}", word(f"rests.{kind}", lang)) for kind in seen])
        for label, amounts in parts.items():
            y = into.paragraph(2.0, y + TEXT + 2.0, label, into.width, "label") + 6.0
            _bar(into, amounts, axis, unit, y)
            y += 26.0
        for tick in axis.ticks:
            into.text(axis(tick), y + 12.0, numbers.fixed(tick, axis.digits), "tick", "middle")
        into.text(into.width - 2.0, y + 30.0, word("chart.benefit_axis", lang, unit=unit.name), "tick", "end")
        into.height = y + 38.0

    heads = (word("table.investment", lang), *(f"{word(f'rests.{kind}', lang)}, {unit.name}" for kind in seen))
    rows = tuple(
        (label, *(numbers.fixed(amounts[kind] * unit.factor, digits) for kind in seen))
        for label, amounts in parts.items()
    )
    return figure(draw, name, word("chart.declared_title", lang), Table(heads, rows), word("chart.declared_note", lang))


def _bar(into: Drawing, amounts: dict[str, float], axis: Axis, unit: numbers.Unit, y: float) -> None:
    for tick in axis.ticks:
        into.line(axis(tick), y - 1.0, axis(tick), y + 17.0, "zero" if tick == 0.0 else "grid")
    up = down = 0.0
    for kind in KINDS:
        amount = amounts[kind]
        before = up if amount > 0.0 else down
        ends = sorted((axis(before * unit.factor), axis((before + amount) * unit.factor)))
        if amount:
            into.rect(ends[0], y, ends[1] - ends[0], 16.0, f"rests-{kind}")
        if amount > 0.0:
            up += amount
        else:
            down += amount
