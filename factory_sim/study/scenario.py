"""A scenario: a plant with the changes of some investments made.

>>> from factory_sim.model import Change, parse_plant
>>> plant = parse_plant({"plant": {"name": "One saw"}, "source": {"bars": {}}, "sink": {"pieces": {}},
...     "product": {"piece": {"route": ["bars", "saw", "pieces"]}}, "station": {"saw": {"cycle": "60 s"}}})
>>> faster = changed(plant, [("faster_saw", Change("set", "station.saw.cycle", "50 s"))])
>>> faster.station["saw"].cycle.mean, plant.station["saw"].cycle.mean
(50.0, 60.0)
"""

from __future__ import annotations

from collections.abc import Iterable

from factory_sim.model import Change, Distribution, InputError, Plant, Study, error_at, parse_plant, paths
from factory_sim.model.study_schema import REPLACE
from factory_sim.simulation.prepare import prepare
from factory_sim.simulation.streams import KINDS, stream_key, variates

Made = tuple[str, Change]  # name of the investment, change
SETTING = ""  # stands for the name of an investment where a number is moved over a range


def changes_of(study: Study, scenario: str) -> list[Made]:
    """Return the changes of a scenario in the order in which they are made."""
    made = study.scenarios[scenario]
    return [(name, change) for name in made for change in study.investment[name].changes]


def changed(plant: Plant, changes: Iterable[Made], seed: int = 0, replication: int = 0) -> Plant:
    """Return the plant after changes; `plant` itself stays as it is, and without changes it is returned.

    Only the plant after all changes must be right: one of them may add a station and the next a product that visits it.
    An uncertain amount is drawn once for each `replication`, from a stream of its own that belongs to investment and
    path: scenarios that share an investment share its luck.

    Raises
    ------
    InputError  If a drawn amount takes a value of the plant out of its range.
    """
    raw, file = plant.raw, plant.file
    for investment, change in changes:
        if change.operation == REPLACE:
            raw, file = change.value, change.path
        elif change.operation in ("set", "add"):
            for path in paths.matching(raw, change.path):
                raw = paths.put(raw, path, change.value)
        elif change.operation == "remove":
            raw = paths.without(raw, change.path)
        else:
            current = paths.current_at(raw, change.path)
            drawn = amount(change.value, f"{investment}.{change.path}", seed, replication)
            raw = paths.put(raw, change.path, paths.moved(current, change.operation, drawn))
    return plant if raw is plant.raw else parse_plant(raw, file=file)


def beside(settings: tuple[Made, ...], changes: tuple[Made, ...]) -> tuple[Made, ...]:
    """Return settings of the plant and the changes of a scenario, which come later; but another plant comes first."""
    replaced = sum(change.operation == REPLACE for _, change in changes)
    return (*changes[:replaced], *settings, *changes[replaced:])


def blamed(plant: Plant, changes: Iterable[Made], error: InputError) -> InputError:
    """Return the error of a plant in which numbers are moved over a range, so that it tells their values."""
    moved = [change for investment, change in changes if investment == SETTING]
    if not moved:
        return error
    found = error.problems[0]
    values = ", ".join(f"{change.path} = {_written(plant, change)}" for change in moved)
    place = tuple(moved[0].path.split("."))
    return error_at(plant.file, place, f"with {values}: {found.key}: {found.message}; or take another range")


def _written(plant: Plant, change: Change) -> str:
    """Return the value of a setting as a file would give it."""
    return paths.kind_at(plant.raw, paths.matching(plant.raw, change.path)[0]).show(change.value)


def check_scenarios(study: Study) -> None:
    """Prepare every scenario once, so that what a technology refuses is told before anything runs.

    Raises
    ------
    InputError  At the first scenario that cannot be run; its message names the key of the plant.
    """
    for name, made in study.scenarios.items():
        try:
            prepare(changed(study.plant, changes_of(study, name), study.study.seed))
        except InputError as error:
            if not made:
                raise
            place = ("scenario", name) if name in study.scenario else ("investment", name)
            found = error.problems[0]
            raise error_at(study.file, place, f"leaves the plant wrong at {found.key}: {found.message}") from None


def amount(uncertain: Distribution, name: str, seed: int, draw: int) -> float:
    """Return an uncertain amount of an investment, drawn from its own stream."""
    if uncertain.kind == "constant":
        return uncertain.values[0]
    row = (float(KINDS.index(uncertain.kind)), *uncertain.values)
    return variates(row, seed, draw, stream_key(f"investment.{name}", "amount"))()
