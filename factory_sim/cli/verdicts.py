"""Print the verdicts of reference cases, and of the checks of a plant."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from factory_sim.cli import terminal
from factory_sim.report.words import word

if TYPE_CHECKING:
    from factory_sim.model import Plant
    from factory_sim.validation.physics import Verdict
    from factory_sim.validation.subject import PlantVerdict

PASSED = {True: "pass", False: "fail", None: "not_applicable"}


def print_verdicts(verdicts: Sequence[Verdict]) -> None:
    """Print a line for each verdict, those that failed once more at the end with the reason, and how many passed."""
    from factory_sim.validation.physics import FORMULA

    made = terminal.table("case", "solved by", "unit", "expected", "got", "tolerance", "")
    for column in made.columns[3:6]:
        column.justify = "right"
    for verdict in verdicts:
        numbers = (f"{verdict.expected:.9g}", f"{verdict.got:.9g}", f"{verdict.tolerance:.2g}")
        made.add_row(verdict.id, verdict.way, verdict.unit, *numbers, "pass" if verdict.passed else "FAIL")
    console = terminal.console()
    console.print(made)
    for verdict in verdicts:
        if not verdict.passed:
            miss = (
                verdict.message
                or f"{verdict.got:.9g} misses {verdict.expected:.9g} by more than {verdict.tolerance:.2g}"
            )
            console.print(f"FAIL {verdict.id} ({verdict.way}): {miss}")
    passed = sum(verdict.passed for verdict in verdicts)
    count = sum(verdict.way == FORMULA for verdict in verdicts)  # each case is solved by its formula once
    console.print(f"{passed} of {len(verdicts)} pass, {count} case{'s' if count > 1 else ''}")


def print_checks(plant: Plant, verdicts: Sequence[PlantVerdict], lang: str) -> None:
    """Print a line for each check of a plant, and how many passed."""
    name = (plant.plant.name_ko if lang == "ko" else None) or plant.name
    heads = [word(f"validate.{head}", lang) for head in ("check", "verdict", "expected", "seen")]
    made = terminal.table(*heads, title=word("validate.title", lang, plant=name))
    for column in made.columns:
        column.overflow = "fold"  # or the last letter of a line of Korean, two columns wide, may become an ellipsis
    for verdict in verdicts:
        judged = word(f"validate.{PASSED[verdict.passed]}", lang)
        title = word(f"validate.name_{verdict.check}", lang)
        made.add_row(title, judged, verdict.expected.text(lang), verdict.seen.text(lang))
    counts = {name: sum(verdict.passed is passed for verdict in verdicts) for passed, name in PASSED.items()}
    console = terminal.console()
    console.print(made)
    summary = {"passed": counts["pass"], "failed": counts["fail"], "left_out": counts["not_applicable"]}
    console.print(word("validate.summary", lang, **summary))
    console.print(word("validate.limits", lang))
