"""What must hold of a design: its size, its generators, what goes together, and what the budget allows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from factory_sim.model import design_schema as d
from factory_sim.model.problems import suggest
from factory_sim.model.study_schema import BASELINE, Study
from factory_sim.model.units import show
from factory_sim.model.validate import Found


def check_design(study: Study, raw: dict[str, Any]) -> Iterator[Found]:
    """Yield what is wrong with the design of a study whose keys are right one by one."""
    design, count = study.design, len(study.investment)
    if design.kind != d.LIST and raw.get("scenario"):
        yield ("design", "kind"), f'"{design.kind}" makes the scenarios itself; remove the tables [scenario.<name>]'
    if design.kind != d.FRACTIONAL and design.generators:
        yield ("design", "generators"), 'has an effect only with kind = "fractional"; remove it'
    if design.kind == d.FRACTIONAL:
        problems = list(_generators(study))
        yield from problems
        if problems:
            return
    free = count - len(design.generators)
    if design.kind != d.LIST and 2**free > d.MOST:
        yield (
            ("design", "kind"),
            f"makes {2**free} scenarios, more than {d.MOST}; leave investments out or list scenarios",
        )
        return
    wrong = list(_relations(study))
    yield from wrong or _together(study)
    yield from _same(study)
    if study.sets and set(study.scenarios) == {BASELINE}:
        yield from _nothing_allowed(study)


def _nothing_allowed(study: Study) -> Iterator[Found]:
    """Yield the limits that leave no scenario."""
    sets = study.sets.values()
    if study.design.budget is not None and "budget" in study.left_out.values():
        cheapest = min(study.capex(made) for made in sets)
        yield ("design", "budget"), f"allows nothing: the cheapest scenario costs {show(cheapest, 'KRW')}; raise it"
    if "floor_space" in study.left_out.values():
        smallest = show(min(study.footprint(made) for made in sets), "m^2")
        if study.design.floor_space is not None:
            place, where = ("design", "floor_space"), "allows nothing"
        else:
            place, where = ("study", "plant"), "its plant.floor.free allows nothing"
        yield place, f"{where}: the smallest scenario takes {smallest}; raise it"


def _generators(study: Study) -> Iterator[Found]:
    generators = study.design.generators
    if not generators:
        yield (
            ("design", "kind"),
            '"fractional" needs design.generators; write for example generators = {c = ["a", "b"]}',
        )
    for name, factors in generators.items():
        if name not in study.investment:
            message = f"there is no investment '{name}'{suggest(name, study.investment, 'investments')}"
            yield ("design", "generators", name), message
        for index, factor in enumerate(factors):
            if factor not in study.investment:
                message = f"there is no investment '{factor}'{suggest(factor, study.investment, 'investments')}"
                yield ("design", "generators", name, index), message
            elif factor in generators or factor in factors[:index]:
                message = f"'{factor}' has a generator itself, or stands twice; name others"
                yield ("design", "generators", name, index), message
    shortest = min((len(word) for word in d.words(generators)), default=3)
    if shortest < 3:
        yield ("design", "generators"), f"gives resolution {shortest}: main effects cannot be told apart; use others"


def _relations(study: Study) -> Iterator[Found]:
    """Yield investments that exclude or require themselves, or require what they exclude."""
    for name, investment in study.investment.items():
        for key in ("excludes", "requires"):
            for index, other in enumerate(getattr(investment, key)):
                place = ("investment", name, key, index)
                if other == name:
                    yield place, f"'{name}' stands in its own {key}; remove it"
                elif key == "requires" and other in investment.excludes:
                    yield place, f"'{name}' excludes '{other}' too, so it can never be made; remove one of them"


def _same(study: Study) -> Iterator[Found]:
    """Yield scenarios that are made of the same investments, and sets that would have the same name."""
    first: dict[tuple[str, ...], str] = {}
    for name, made in study.sets.items() if study.scenario else ():
        if made in first:
            yield ("scenario", name, "investments"), f"the same as those of '{first[made]}'; remove one of them"
        first.setdefault(made, name)
    if study.design.kind == d.LIST:
        return
    names: dict[str, tuple[str, ...]] = {}
    for made in d.chosen(study.design, list(study.investment)):
        other = names.setdefault(d.name_of(made), made)
        if other != made:
            one, more = sorted((other, made), key=len)
            message = f"is the name of the scenario of {' and '.join(more)} too; choose another name"
            yield ("investment", next(each for each in one if d.JOINT in each)), message
            return  # larger sets repeat it


def _together(study: Study) -> Iterator[Found]:
    """Yield scenarios of a list whose investments do not go together."""
    if study.design.kind != d.LIST:
        if not study.sets:
            yield ("design", "kind"), "no set of investments is possible with these excludes and requires; change them"
            return
        possible = {name for made in study.sets.values() for name in made}
        for name in study.investment:
            if name not in possible:
                yield ("investment", name), "is in no scenario, by what excludes and requires say; change them"
        return
    for name, made in study.sets.items():
        why = d.clash(made, study.excludes, study.requires)
        if why and name in study.scenario:
            yield ("scenario", name, "investments"), f"{why}; change the list"
        elif why:
            message = f'{why}, so it cannot be made alone; write scenarios, or [design] kind = "combinations"'
            yield ("investment", name), message
