"""Print the dated tables of rates and prices."""

from __future__ import annotations

from factory_sim.cli import terminal
from factory_sim.finance.tables import NAMES, STATUSES, Row, table

_HEADS = {
    "en": ("table", "what it holds", "values"),
    "ko": ("table", "내용", "값"),
}
_ROW_HEADS = {
    "en": ("key", "value", "unit", "status", "dates", "source"),
    "ko": ("key", "값", "단위", "확인 상태", "적용 기간", "출처"),
}
_STATUS = {
    "en": dict(zip(STATUSES, STATUSES, strict=True)),
    "ko": dict(zip(STATUSES, ("확인", "유도", "가정"), strict=True)),
}
__all__ = ["NAMES", "print_rows", "print_tables", "to_json"]


def print_tables(lang: str) -> None:
    """Print which tables there are, with the number of values by status."""
    made = terminal.table(*_HEADS[lang], *_STATUS[lang].values(), numbers=True)
    made.columns[1].justify = "left"
    for name in NAMES:
        found = table(name)
        counts = [sum(row.status == status for row in found.rows) for status in STATUSES]
        made.add_row(name, _title(name, lang), str(len(found.rows)), *map(str, counts))
    terminal.console().print(made)


def print_rows(name: str, lang: str) -> None:
    """Print the rows of a table."""
    made = terminal.table(*_ROW_HEADS[lang], title=_title(name, lang))
    for row in table(name).rows:
        made.add_row(row.key, _value(row), row.unit, _STATUS[lang][row.status], row.dates, row.source)
    terminal.console().print(made)


def to_json(name: str | None) -> dict[str, object]:
    """Return one table, or all, as JSON has them."""
    return {
        each: [
            {
                "key": row.key,
                "value": row.value,
                "unit": row.unit,
                "status": row.status,
                "dates": row.dates,
                "source": row.source,
            }
            for row in table(each).rows
        ]
        for each in ([name] if name else NAMES)
    }


def _title(name: str, lang: str) -> str:
    return table(name).title_ko if lang == "ko" else table(name).title


def _value(row: Row) -> str:
    if isinstance(row.value, list):
        return ", ".join("-".join(map(str, one)) if isinstance(one, list) else str(one) for one in row.value)
    return f"{row.value:,.10g}" if isinstance(row.value, int | float) else str(row.value)
