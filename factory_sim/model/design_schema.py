"""Which scenarios a study compares: keys of [design], and the sets of investments that follow from them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import combinations, product
from typing import Annotated

from pydantic import Field

from factory_sim.model.kinds import ListOf, Name, Number, OneOf, Quantity, TableOf
from factory_sim.model.tables import Table

LIST, COMBINATIONS, FRACTIONAL = "list", "combinations", "fractional"
DESIGNS = (LIST, COMBINATIONS, FRACTIONAL)
MOST = 1024  # scenarios
JOINT = "_and_"  # between the names of investments in that of a scenario

Sets = dict[str, tuple[str, ...]]


class Design(Table):
    """[design]: which sets of investments are simulated, and what no scenario may exceed."""

    kind: Annotated[str, OneOf(DESIGNS, "design")] = Field(
        default=LIST,
        description="list: the scenarios of the file, or each investment alone; combinations: all sets of investments; "
        "fractional: a two-level fraction of them, given by generators",
    )
    generators: Annotated[
        dict[str, tuple[str, ...]],
        TableOf(ListOf(Name("investment"), 2, '["spray", "robot"]'), '{ xray = ["spray", "robot"] }'),
    ] = Field(
        default_factory=dict,
        description="For fractional: an investment whose level is the product of the levels of others (-1 without, +1 "
        "with)",
    )
    budget: Annotated[float | None, Quantity("KRW", "(0, inf)")] = Field(
        default=None, description="Most capex of a scenario, support not taken off; default: no limit"
    )
    people: Annotated[float | None, Number("[0, 100000]", "12")] = Field(
        default=None, description="Most positions of staff in a scenario; default: no limit"
    )
    power: Annotated[float | None, Quantity("W", "(0, inf)")] = Field(
        default=None,
        description="Most connected electric power in a scenario: all machines working, and what is beside them; "
        "default: no limit",
    )
    floor_space: Annotated[float | None, Quantity("m^2", "[0, 1e8]")] = Field(
        default=None,
        description="Most floor space that the investments of a scenario take together, see footprint; default: "
        "plant.floor.free of the plant, else no limit",
    )


def sets_of(
    design: Design,
    investments: Sequence[str],
    excludes: Mapping[str, Sequence[str]],
    requires: Mapping[str, Sequence[str]],
) -> Sets:
    """Return the sets of investments of a design that is no list, by name of the scenario, small sets first.

    >>> sets_of(Design(kind="combinations"), ["a", "b"], {}, {"b": ["a"]})
    {'a': ('a',), 'a_and_b': ('a', 'b')}
    """
    given = _frozen(design.generators), tuple(investments), _frozen(excludes), _frozen(requires)
    return dict(_sets_of(design.kind, *given))


Frozen = tuple[tuple[str, tuple[str, ...]], ...]


def _frozen(table: Mapping[str, Sequence[str]]) -> Frozen:
    return tuple((name, tuple(others)) for name, others in table.items())


@lru_cache(maxsize=8)  # each of a thousand scenarios asks for all of them
def _sets_of(kind: str, generators: Frozen, investments: tuple[str, ...], excludes: Frozen, requires: Frozen) -> Sets:
    made_without, made_with = dict(excludes), dict(requires)
    sets = _chosen(kind, dict(generators), investments)
    possible = (made for made in sets if made and not clash(made, made_without, made_with))
    return {name_of(made): made for made in possible}


def name_of(made: Sequence[str]) -> str:
    """Return the name of the scenario in which investments are made."""
    return JOINT.join(made)


def chosen(design: Design, investments: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """Yield the sets of investments of a design that is no list, that of none included, possible or not."""
    return _chosen(design.kind, design.generators, investments)


def _chosen(
    kind: str, generators: Mapping[str, Sequence[str]], investments: Sequence[str]
) -> Iterator[tuple[str, ...]]:
    return subsets(investments) if kind == COMBINATIONS else fraction(investments, generators)


def subsets(names: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """Yield all sets of names, small ones first."""
    for size in range(len(names) + 1):
        yield from combinations(names, size)


def fraction(names: Sequence[str], generators: Mapping[str, Sequence[str]]) -> Iterator[tuple[str, ...]]:
    """Yield the sets of a regular two-level fraction: names without a generator take all levels.

    >>> list(fraction(["a", "b", "c"], {"c": ["a", "b"]}))
    [('c',), ('b',), ('a',), ('a', 'b', 'c')]
    """
    free = [name for name in names if name not in generators]
    for signs in product((-1, 1), repeat=len(free)):
        level = dict(zip(free, signs, strict=True))
        for name, factors in generators.items():
            value = 1
            for factor in factors:
                value *= level[factor]
            level[name] = value
        yield tuple(name for name in names if level[name] > 0)


def clash(made: Sequence[str], excludes: Mapping[str, Sequence[str]], requires: Mapping[str, Sequence[str]]) -> str:
    """Return why investments cannot be made together; empty if they can."""
    for name in made:
        for other in excludes.get(name, ()):
            if other in made:
                return f"'{name}' excludes '{other}'"
        for other in requires.get(name, ()):
            if other not in made:
                return f"'{name}' requires '{other}'"
    return ""


def words(generators: Mapping[str, Sequence[str]]) -> list[frozenset[str]]:
    """Return the defining words of a fraction: sets of names whose product of levels is always +1.

    >>> sorted(map(len, words({"d": ["a", "b"], "e": ["a", "c"]})))
    [3, 3, 4]
    """
    basic = [frozenset([name, *factors]) for name, factors in generators.items()]
    found = []
    for size in range(1, len(basic) + 1):
        for some in combinations(basic, size):
            word: frozenset[str] = frozenset()
            for one in some:
                word ^= one
            found.append(word)
    return found
