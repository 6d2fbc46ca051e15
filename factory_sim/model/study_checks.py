"""What only study and plant together can tell: do the changes reach the plant, and what do they make of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from factory_sim.model import paths
from factory_sim.model.checks import check_plant, check_references, sources_without_volume
from factory_sim.model.distribution import Distribution
from factory_sim.model.finance_checks import check_money
from factory_sim.model.precision_checks import check_precision
from factory_sim.model.problems import Path, Refused, dotted, refuse
from factory_sim.model.raw import Raw, tables
from factory_sim.model.schema import Plant
from factory_sim.model.study_schema import BASELINE, OPERATIONS, REPLACE, Change, Study
from factory_sim.model.units import HOUR
from factory_sim.model.validate import Found, validate

Changes = dict[str, list[Change]]
YEAR_KEY = "plant.hours_per_year"


def check_study(raw: Raw) -> list[Found]:
    """Return the problems inside a study, its plant left aside."""
    found = [*check_references(Study, raw), *check_precision(raw), *check_money(raw)]
    if raw.get("investment") == {}:
        found.append((("investment",), "there must be at least one investment; write [investment.<name>]"))
    for table in ("scenario", "investment"):
        if BASELINE in tables(raw, table):
            message = f"'{BASELINE}' is the name of the plant without any investment; choose another name"
            found.append(((table, BASELINE), message))
    for name, investment in tables(raw, "investment").items():
        money = investment.get("money")
        benefit = isinstance(money, dict) and "benefit" in money
        if not benefit and not any(investment.get(operation) for operation in (REPLACE, *OPERATIONS)):
            message = f"changes nothing and has no benefit; write one of {', '.join(OPERATIONS)} or money.benefit"
            found.append((("investment", name), message))
    return [*found, *_replacements(raw)]


def _replacements(raw: Raw) -> Iterator[Found]:
    """Yield scenarios in which another plant would undo the changes before it."""
    investments = tables(raw, "investment")
    for scenario, table in tables(raw, "scenario").items():
        made = table.get("investments")
        for index, name in enumerate(made[1:] if isinstance(made, list) else [], start=1):
            if isinstance(name, str) and REPLACE in investments.get(name, {}):
                message = f"'{name}' puts another plant in the place of today's, what comes before it would be lost"
                yield ("scenario", scenario, "investments", index), f"{message}; name it first"


def check_modes(study: Raw, plant: Raw) -> Iterator[Found]:
    """Yield demand modes that the plant does not allow."""
    modes = study.get("study", {}).get("demand_modes") if isinstance(study.get("study"), dict) else None
    for index, mode in enumerate(modes if isinstance(modes, list) else []):
        if mode == "fixed_volume":
            for name in sources_without_volume(plant):
                message = f"fixed_volume needs source.{name}.weekly_volume, which the plant does not give; add it there"
                yield ("study", "demand_modes", index), message


def changes_of(study: Raw, plant: Raw, others: dict[str, Raw]) -> tuple[Changes, list[Found]]:
    """Return the changes of each investment and what is wrong with them.

    `others` are the tables of the plants that investments put in the place of today's, by investment.
    """
    changes: Changes = {}
    found: list[Found] = []
    for name, investment in tables(study, "investment").items():
        changes[name] = [Change(REPLACE, investment[REPLACE], others[name])] if name in others else []
        after = others.get(name, plant)  # what is added can be changed too
        for operation in OPERATIONS:
            for path, key, value in _written(investment, operation):
                try:
                    changes[name].append(_change(after, operation, key, value))
                    after = paths.put(after, key, value) if operation == "add" else after
                except Refused as refused:
                    found += [(("investment", name, *path, *below), text) for below, text in refused.found]
    return changes, found


def _written(investment: Raw, operation: str) -> Iterator[tuple[Path, str, Any]]:
    """Yield (place in the investment, path in the plant, value) of the changes of one operation."""
    given = investment.get(operation)
    if isinstance(given, dict):
        for key, value in given.items():
            yield (operation, key), key, value
    elif isinstance(given, list):
        for index, key in enumerate(given):
            if isinstance(key, str):
                yield (operation, index), key, None


def _change(plant: Raw, operation: str, path: str, value: Any) -> Change:
    if "." not in path and isinstance(value, dict) and operation != "add":
        raise refuse(f"'{path}' is a table; a path needs quotes, such as \"station.hpdc.cycle\"")
    if operation == "add":
        paths.check_new(plant, path)
        if not isinstance(value, dict):
            raise refuse("only tables can be added, such as {units = 1}; use set for a value")
        return Change(operation, path, value)
    slot = paths.slot_at(plant, path)
    if operation == "remove":
        paths.without(plant, path)
        if slot.info.is_required() and slot.kind is not None:
            raise refuse(f"'{path}' cannot be removed, because it is needed; use set to change it")
        return Change(operation, path, None)
    if operation == "set":
        if slot.several != "list":  # lists of tables are read with the changed plant
            paths.parse_at(plant, path, value)
        return Change(operation, path, value)
    return Change(operation, path, paths.amount_of(plant, path, operation, value))


def check_scenarios(study: Study, changes: Changes, plant: Plant, others: dict[str, Plant]) -> Iterator[Found]:
    """Yield what each investment makes of the plant: unknown names, values out of their range."""
    reported: set[Found] = set()
    for name in study.investment:
        for problem in _amounts(name, changes[name], others.get(name, plant)):
            reported.add(problem)
            yield problem
    for made in study.scenarios.values():
        raw = plant.raw
        source: dict[str, Path] = {}
        for name in made:
            for change in changes.get(name, []):
                place: Path = ("investment", name, change.operation)
                source[change.path] = place if change.operation == REPLACE else (*place, change.path)
                raw = _made(raw, change)
        after, wrong, of_tables = validate(Plant, raw)
        found = [(path, f"leaves the plant wrong at {dotted(path)}: {text}")
                 for path, text in [*wrong, *of_tables, *check_plant(raw)]]  # fmt: skip
        if after is not None and not found and YEAR_KEY not in source and not any(others.get(name) for name in made):
            found += _year(plant, after)
        for path, message in found:
            problem = (_origin(dotted(path), source, made), message)
            if problem not in reported:
                reported.add(problem)
                yield problem


def _year(before: Plant, after: Plant) -> Iterator[Found]:
    """Yield other hours of a week in a year that stays as long: what is won in a week would be lost in weeks."""
    given = before.plant.hours_per_year
    if given is None:
        return
    old, new = (_open_per_year(plant) for plant in (before, after))
    if abs(new - old) > 1.0:
        hours = [f"{time / HOUR:,.0f}" for time in (old, new, given, given * new / old)]
        message = (
            f"opens the plant for {hours[1]} h in 52 weeks instead of {hours[0]} h, while plant.hours_per_year stays "
        )
        remedy = f'set "plant.hours_per_year" too, in proportion "{hours[3].replace(",", "")} h"'
        name, known = after.plant.calendar, before.plant.calendar
        place: Path = ("plant", "calendar") if name is None or name != known else ("calendar", name)
        yield place, f"{message}{hours[2]} h; {remedy}"


def _open_per_year(plant: Plant) -> float:
    """Return how long the calendar of a plant is open in 52 weeks, whatever `hours_per_year` says. [s]"""
    whole = plant.model_copy(update={"plant": plant.plant.model_copy(update={"hours_per_year": None})})
    return whole.time_per_year


def _made(raw: Raw, change: Change) -> Raw:
    """Return the tables after a change, numbers that shift or scale left as they are."""
    if change.operation == REPLACE:
        replaced: Raw = change.value
        return replaced
    if change.operation in ("set", "add"):
        return paths.put(raw, change.path, change.value)
    if change.operation == "remove":
        try:
            return paths.without(raw, change.path)
        except Refused:  # another investment of the scenario removed it already
            return raw
    return raw


def _origin(path: str, source: dict[str, Path], made: tuple[str, ...]) -> Path:
    """Return the change that is to blame for a problem at `path` of the changed plant."""
    touching = [change for change in source if path.startswith(change) or change.startswith(path)]
    if touching:
        return source[max(touching, key=len)]
    return next(reversed(source.values()), ("investment", *made[-1:]))


def _amounts(name: str, changes: list[Change], plant: Plant) -> Iterator[Found]:
    """Yield shifts and factors that take a number out of its range."""
    for change in changes:
        if change.operation not in ("shift", "factor"):
            continue
        place: Path = ("investment", name, change.operation, change.path)
        try:
            current = paths.value_at(plant, change.path)
        except KeyError:
            continue  # the investment adds the table itself
        if current is None:
            yield place, f"the plant gives no '{change.path}', so it has no {change.operation}; use set"
            continue
        shown = paths.kind_at(plant.raw, change.path).show(current)
        for amount in sorted(_ends(change.value)):
            raw = paths.put(plant.raw, change.path, paths.moved(current, change.operation, amount))
            _, wrong, of_tables = validate(Plant, raw)
            if wrong or of_tables:
                path, message = (wrong or of_tables)[0]
                elsewhere = "" if dotted(path) == change.path else f"{dotted(path)}: "
                yield place, f"takes the value {shown} of the plant out of its range: {elsewhere}{message}"
                break


def _ends(amount: Distribution) -> set[float]:
    """Return the extremes that can be drawn, or the mean where there are none."""
    if amount.kind in ("constant", "triangular", "uniform"):
        return {amount.values[0], amount.values[-1]}
    if amount.kind == "choice":
        return set(amount.values[0::2])
    return {amount.mean}
