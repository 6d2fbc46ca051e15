"""From raw tables to a model, with every pydantic error turned into a problem that says what to do."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from factory_sim.model.keys import Model, slots, table_at
from factory_sim.model.kinds import REFUSED, REFUSED_TABLE
from factory_sim.model.problems import Path, dotted, shown, suggest

Found = tuple[Path, str]
T = TypeVar("T", bound=BaseModel)


def validate(model: type[T], raw: dict[str, Any]) -> tuple[T | None, list[Found], list[Found]]:
    """Return the model or None, what is wrong with single keys, and what is wrong with tables as a whole.

    The latter holds only if the whole file could be read: keys that are missing or do not go together.
    """
    try:
        return model.model_validate(raw), [], []
    except ValidationError as error:
        errors = error.errors(include_url=False)
    wrong: list[Found] = []
    whole: list[Found] = []
    for entry in errors:
        path = tuple(part for part in entry["loc"] if part != "[key]")
        if entry["type"] == "missing":
            whole.append(_missing(model, path))
        elif entry["type"] == REFUSED_TABLE:
            whole += [((*path, *below), message) for below, message in entry["ctx"]["found"]]
        else:
            wrong += _wrong(model, path, entry["type"], entry.get("ctx", {}), entry["input"])
    return None, wrong, whole


def _missing(model: Model, path: Path) -> Found:
    """The problem stands at the table; its key is the one that is missing."""
    parent = table_at(model, path[:-1])
    name = str(path[-1])
    slot = slots(parent).get(name) if parent else None
    if slot is None:
        return path, "the key is missing"
    meaning = slot.info.description
    if slot.kind is None:
        return path, f"the table is missing ({meaning}); write [{dotted(path)}{'.<name>' * bool(slot.several)}]"
    return path, f"the key is missing ({meaning}); it takes {slot.kind.form}"


def _wrong(model: Model, path: Path, kind: str, context: dict[str, Any], value: Any) -> Iterator[Found]:
    if kind == REFUSED:
        for below, message in context["found"]:
            yield (*path, *below), message
    elif kind == "extra_forbidden":
        parent = table_at(model, path[:-1])
        known = list(slots(parent)) if parent else []
        what = "key" if path[:-1] or not isinstance(value, dict | list) else "table"
        yield path, f"unknown {what} '{path[-1]}'{suggest(str(path[-1]), known, f'{what}s here')}"
    elif kind in ("tuple_type", "list_type"):
        yield path, f"{shown(value)} stands where a list of tables is needed; write [ {{...}}, {{...}} ]"
    else:
        header = f"[{dotted(path)}]"
        yield path, f"{shown(value)} stands where a table is needed; write {header} and its keys below"
