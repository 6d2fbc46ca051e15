"""What must hold in any plant, checked on the one at hand: simple cases, extremes, conservation, luck.

A check is a function from a subject to a verdict; each says what it expects and what it saw. That all pass does not
show that a plant is like the real one: only a comparison with measurements can.
"""

from __future__ import annotations

from collections.abc import Callable

from factory_sim.model import InputError, Plant
from factory_sim.validation import bookkeeping, simple_cases
from factory_sim.validation.subject import NotApplicable, PlantVerdict, Subject, said

Check = Callable[[Subject], PlantVerdict]

CHECKS: dict[str, Check] = {
    "lead_time": simple_cases.lead_time,
    "rate": simple_cases.rate,
    "no_demand": simple_cases.no_demand,
    "buffers": simple_cases.buffers,
    "parts": bookkeeping.parts,
    "states": bookkeeping.states,
    "little": bookkeeping.little,
    "same_seed": bookkeeping.same_seed,
    "other_seeds": bookkeeping.other_seeds,
    "money": bookkeeping.money,
    "oee": bookkeeping.oee,
}
"""In the order in which they are printed."""

# What a broken simulator may raise; an interrupt and a lack of memory are for others.
BROKEN = (ArithmeticError, AssertionError, AttributeError, LookupError, RuntimeError, TypeError, ValueError)


def judge(plant: Plant, progress: Callable[[int, int], None] | None = None) -> list[PlantVerdict]:
    """Return the verdict of every check on a plant, in the order of `CHECKS`.

    Parameters
    ----------
    progress : callable  Called with (done, total) at the beginning and after each check.

    Raises
    ------
    InputError  If a technology refuses the parameters of the plant.

    >>> from factory_sim.model import parse_plant
    >>> plant = parse_plant({"plant": {"name": "One saw"}, "source": {"bars": {}}, "sink": {"pieces": {}},
    ...     "product": {"piece": {"route": ["bars", "saw", "pieces"]}}, "station": {"saw": {"cycle": "10 min"}}})
    >>> [verdict.check for verdict in judge(plant) if not verdict.passed]
    ['buffers', 'money']
    """
    subject = Subject(plant)
    verdicts: list[PlantVerdict] = []
    for done, (name, check) in enumerate(CHECKS.items()):
        if progress:
            progress(done, len(CHECKS))
        verdicts.append(_verdict(name, check, subject))
    if progress:
        progress(len(CHECKS), len(CHECKS))
    return verdicts


def _verdict(name: str, check: Check, subject: Subject) -> PlantVerdict:
    """Return the verdict of a check, also if it does not apply or the simulator stops."""
    expected = said(f"{name}_wanted")
    try:
        return check(subject)
    except NotApplicable as refused:
        return PlantVerdict(name, None, refused.reason, expected)
    except InputError as error:  # the simpler plant would be none: the check cannot judge this one
        problem = error.problems[0]
        return PlantVerdict(name, None, said("no_simpler", problem=f"{problem.key}: {problem.message}"), expected)
    except BROKEN as error:
        return PlantVerdict(name, False, said("stopped", error=f"{type(error).__name__}: {error}"), expected)
