"""Keys of a plant by dotted path, such as station.hpdc.die.release_temperature: find, read, change.

Investments reach a plant through these functions. They work on raw tables, which they never change: `put` and
`without` return new tables that share what stayed the same.
"""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import Any

from factory_sim.model.distribution import Distribution
from factory_sim.model.keys import Model, Slot, slots
from factory_sim.model.kinds import Kind, Number, Quantity, Whole
from factory_sim.model.problems import nearest, refuse, shown, suggest
from factory_sim.model.schema import Plant
from factory_sim.model.shapes import Dist
from factory_sim.model.units import Si

Raw = dict[str, Any]
Value = Distribution | Si | float | int


def every(raw: Raw, model: Model = Plant, below: str = "") -> dict[str, Slot]:
    """Return what the schema has at every path of a plant: keys given, keys with a default, tables and lists.

    Tables that are optional and not given are left out.
    """
    found = {}
    for name, slot in slots(model).items():
        path, given = below + name, raw.get(name)
        if slot.model is None or slot.several == "list":
            found[path] = slot
        elif slot.several == "named":
            for key, table in given.items() if isinstance(given, dict) else ():
                found[f"{path}.{key}"] = slot
                if isinstance(table, dict):
                    found |= every(table, slot.model, f"{path}.{key}.")
        elif isinstance(given, dict) or slot.info.default is not None:
            found[path] = slot
            found |= every(given if isinstance(given, dict) else {}, slot.model, f"{path}.")
    return found


def matching(raw: Raw, path: str) -> list[str]:
    """Return the paths of a plant that a path with * for any name stands for, or the path itself.

    Raises
    ------
    Refused  If nothing matches.
    """
    if "*" not in path:
        return [path]
    found = [each for each in every(raw) if fnmatchcase(each, path) and each.count(".") == path.count(".")]
    if not found:
        raise refuse(f"no key of the plant matches '{path}'")
    return found


def slot_at(raw: Raw, path: str) -> Slot:
    """Return what the schema has at a path of this plant.

    Raises
    ------
    Refused  If there is no such path; the message names the nearest one.
    """
    known = every(raw)
    if path not in known:
        raise refuse(f"no key '{path}' in the plant{hint(path, known)}")
    return known[path]


def kind_at(raw: Raw, path: str) -> Kind:
    """Return the kind of value at a path; raise Refused if there is none or a table is there."""
    slot = slot_at(raw, path)
    if slot.kind is None:
        inside = f"; name one of its keys: {', '.join(slots(slot.model))}" if slot.model else ""
        raise refuse(f"'{path}' is a table{inside}")
    return slot.kind


def parse_at(raw: Raw, path: str, value: Any) -> Any:
    """Return `value` as the key at `path` reads it, in SI units; raise Refused."""
    return kind_at(raw, path).parse(value)


def value_at(plant: Plant, path: str) -> Any:
    """Return the value of a plant at a path, in SI units, defaults included; None if there is none.

    Raises
    ------
    KeyError  If there is no such path; see `slot_at`.
    """
    here: Any = plant
    model: Model | None = Plant
    parts = path.split(".")
    while parts:
        if model is None or here is None:
            raise KeyError(path)
        slot = slots(model)[parts.pop(0)]
        here, model = getattr(here, slot.attribute), slot.model
        if slot.several == "named" and parts:
            here = here[parts.pop(0)]
    return here


def current_at(raw: Raw, path: str) -> Any:
    """Return the value at a path of raw tables, in SI units, its default if they give none; the rest may be wrong yet.

    Raises
    ------
    Refused  If there is no such path, a table is there, or the value cannot be read.
    """
    slot, kind = slot_at(raw, path), kind_at(raw, path)
    here: Any = raw
    for part in path.split("."):
        here = here.get(part) if isinstance(here, dict) else None
    return slot.info.get_default(call_default_factory=True) if here is None else kind.parse(here)


def put(raw: Raw, path: str, value: Any) -> Raw:
    """Return the tables with `value` at `path`; tables on the way are made if they are not there.

    >>> put({"a": {"b": 1}, "c": 2}, "a.d", 3)
    {'a': {'b': 1, 'd': 3}, 'c': 2}
    """
    first, _, rest = path.partition(".")
    below = raw.get(first)
    return {**raw, first: put(below if isinstance(below, dict) else {}, rest, value) if rest else value}


def without(raw: Raw, path: str) -> Raw:
    """Return the tables without what stands at `path`.

    Raises
    ------
    Refused  If nothing stands there.
    """
    first, _, rest = path.partition(".")
    if first not in raw or (rest and not isinstance(raw[first], dict)):
        raise refuse("there is nothing to remove; the plant does not give this key")
    if not rest:
        return {name: value for name, value in raw.items() if name != first}
    return {**raw, first: without(raw[first], rest)}


def check_new(raw: Raw, path: str) -> None:
    """Raise Refused unless a new table can be added at `path`: named, such as resource.robot, or an optional one."""
    parent = path.rpartition(".")[0]
    known = every(raw)
    if path in known:
        raise refuse(f"'{path}' is there already; change it with set")
    for named, slot in _addable(raw).items():
        if slot.several == "named" and parent == named:
            return
        if not slot.several and path == named:
            return
    places = [f"{path}.<name>" if slot.several else path for path, slot in _addable(raw).items()]
    raise refuse(f"no table can be added at '{path}'{suggest(path, places, 'places')}")


def amount_of(raw: Raw, path: str, operation: str, value: Any) -> Distribution:
    """Return by how much `shift` or `factor` changes the number at `path`, in SI units; constant if it is certain.

    Raises
    ------
    Refused  If the value there is no number, or `value` has the wrong unit or form.
    """
    kind = kind_at(raw, path)
    if not isinstance(kind, Quantity | Number | Dist | Whole) or (isinstance(kind, Whole) and operation == "factor"):
        raise refuse(f"the value of '{path}' has no {operation}; use set")
    if operation == "factor":
        return Dist("", "[0, inf)").parse(value)
    # A temperature is shifted by a difference.
    unit = "K" if kind.unit == "degC" else kind.unit
    amount = Dist(unit, "(-inf, inf)", positive=False).parse(value)
    if isinstance(kind, Whole) and (amount.kind != "constant" or amount.values[0] % 1.0):
        raise refuse(f"a whole number can only be shifted by a whole number, not {shown(value)}")
    return amount


def moved(current: Any, operation: str, amount: float) -> Value:
    """Return a value shifted by, or times, `amount`, in the form that `put` and `parse_plant` take.

    >>> moved(60.0, "shift", -10.0), moved(Distribution("constant", (60.0,)), "factor", 0.5)
    (Si(50.0), Distribution(kind='constant', values=(30.0,)))
    """
    if isinstance(current, Distribution):
        return current.shifted(amount) if operation == "shift" else current.scaled(amount)
    changed = current + amount if operation == "shift" else current * amount
    return int(changed) if isinstance(current, int) else Si(changed)


def _addable(raw: Raw, model: Model = Plant, below: str = "") -> dict[str, Slot]:
    """Return the paths of all named tables and of optional tables that are not given."""
    found = {}
    for name, slot in slots(model).items():
        path, given = below + name, raw.get(name)
        if slot.model is None or slot.several == "list":
            continue
        if slot.several == "named":
            found[path] = slot
            for key, table in given.items() if isinstance(given, dict) else ():
                if isinstance(table, dict):
                    found |= _addable(table, slot.model, f"{path}.{key}.")
        elif given is None:
            found[path] = slot
    return found


def hint(path: str, known: dict[str, Slot]) -> str:
    """Say which path was probably meant: each part that is unknown gives way to its nearest neighbour."""
    here = ""
    for part in path.split("."):
        names = {name[len(here) :].split(".")[0] for name in known if name.startswith(here)}
        if not names:
            break  # nothing is below: the path is longer than it may be
        match = part if part in names else nearest(part, names)
        if match is None:
            return suggest(part, sorted(names), f"keys of {here[:-1]}" if here else "tables")
        here += f"{match}."
    meant = here[:-1]
    if meant in known and meant != path:
        return f"; did you mean '{meant}'?"
    return f"; name a key below, such as '{next(name for name in known if name.startswith(here))}'"
