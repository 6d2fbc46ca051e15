"""The answer as plain text for a terminal, 80 to 100 columns; Korean letters take two columns each."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence

from factory_sim.report import guarantee, numbers, sentences
from factory_sim.report.findings import Ranked, Ranking, ranking
from factory_sim.report.words import word
from factory_sim.study.compare import Comparison

WIDTH = 100
_LABEL, _LEAST = 27, 12  # most and least columns of the investment
_GAP = "  "


def ranking_table(comparison: Comparison, lang: str = "en") -> str:
    """Return the question, the answer, and a ranking for each demand mode, as text.

    Parameters
    ----------
    lang : str  `en` or `ko`.

    Raises
    ------
    KeyError  If there are no texts in this language.
    """
    study = comparison.study
    lines = [*wrapped(sentences.question(study, lang), WIDTH), ""]
    lines += wrapped(sentences.answer(comparison, lang), WIDTH)
    for said in sentences.changes_of_answer(comparison, lang):
        lines += wrapped(said, WIDTH)
    for mode in comparison.modes:
        volume = sentences.volume(study, lang) if mode == "fixed_volume" else ""
        lines += ["", word(f"mode.{mode}", lang, volume=volume), *_ranking(ranking(comparison, mode, lang), lang)]
    lines.append("")
    selected = guarantee.sentences(comparison, lang)
    for said in (sentences.basis(comparison, lang), *selected, sentences.declared(comparison, lang)):
        lines += wrapped(said, WIDTH)
    return "\n".join(line.rstrip() for line in lines)


def _ranking(rows: Ranking, lang: str) -> Iterator[str]:
    """Yield the lines of one ranking table."""
    unit = numbers.money_unit(max(abs(row.npv.mean) for row in rows.rows), lang)
    heads = ("", "investment", "npv", "payback", "irr", "best", "pays", "output", "change")
    head = [word(f"head.{name}", lang, unit=unit.name) if name else "" for name in heads]
    body = [_cells(row, unit, lang) for row in rows.rows]
    widths = [_room(column, title) for column, title in zip(zip(*body, strict=True), head, strict=True)]
    others = sum(widths) - widths[1] + len(_GAP) * (len(widths) - 1)
    widths[1] = min(_LABEL, max(width(cells[1]) for cells in body), max(_LEAST, WIDTH - others))
    yield from _row(head, widths)
    yield _GAP.join("-" * each for each in widths)
    for cells in body:
        yield from _row(cells, widths)


def _room(column: Sequence[str], title: str) -> int:
    """Return the width of a column: its widest entry, or the longest word of the title."""
    words = [width(part) for part in title.split()]
    return max([width(cell) for cell in column] + [min(12, longest) for longest in words])


def _cells(row: Ranked, unit: numbers.Unit, lang: str) -> list[str]:
    """Return the texts of one row of a ranking."""
    output, change = sentences.output_change(row)
    best = numbers.share(row.outcome.probability_best, sure=True)
    if row.outcome.worth is None:
        return [str(row.rank), row.label, "0", numbers.NONE, numbers.NONE, best, numbers.NONE, output, change]
    npv = numbers.shown(row.npv, unit)
    payback, irr, pays = row.money
    return [
        str(row.rank),
        row.label,
        f"{npv.mean} ({word('text.range', lang, low=npv.low, high=npv.high)})",
        numbers.year_number(payback),
        numbers.rate(irr),
        best,
        numbers.share(pays),
        output,
        change,
    ]


def _row(cells: Sequence[str], widths: Sequence[int]) -> Iterator[str]:
    """Yield the lines of a row, its texts wrapped; numbers stand to the right, names to the left."""
    columns = [wrapped(cell, room) or [""] for cell, room in zip(cells, widths, strict=True)]
    for line in range(max(map(len, columns))):
        texts = [column[line] if line < len(column) else "" for column in columns]
        yield _GAP.join(
            padded(text, room, right=index != 1) for index, (text, room) in enumerate(zip(texts, widths, strict=True))
        )


def width(text: str) -> int:
    """Return how many columns a text takes.

    >>> width("NPV"), width("순위")
    (3, 4)
    """
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


def padded(text: str, room: int, right: bool = False) -> str:
    """Return a text filled up with blanks to so many columns.

    >>> padded("순위", 6), padded("1", 3, right=True)
    ('순위  ', '  1')
    """
    blanks = " " * max(0, room - width(text))
    return blanks + text if right else text + blanks


def wrapped(text: str, room: int) -> list[str]:
    """Return a text in lines of at most so many columns; only a word that is longer is broken.

    >>> wrapped("a rather long name", 8)
    ['a rather', 'long', 'name']
    """
    lines: list[str] = []
    for part in text.split():
        rest = part
        if lines and width(lines[-1]) + 1 + width(rest) <= room:
            lines[-1] += f" {rest}"
            continue
        while width(rest) > room:
            head = _head(rest, room)
            lines.append(head)
            rest = rest[len(head) :]
        lines.append(rest)
    return lines


def _head(text: str, room: int) -> str:
    """Return the beginning of a text that fits into so many columns, at least one letter."""
    length = next(index for index in range(1, len(text) + 1) if width(text[:index]) > room or index == len(text))
    return text[: max(1, length - 1)]
