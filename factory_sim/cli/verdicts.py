"""Print the verdicts of reference cases."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from factory_sim.cli import terminal

if TYPE_CHECKING:
    from factory_sim.validation.physics import Verdict


def print_verdicts(verdicts: Sequence[Verdict]) -> None:
    """Print a line for each verdict, those that failed once more at the end with the reason, and how many passed."""
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
    count = len({verdict.id for verdict in verdicts})
    console.print(f"{passed} of {len(verdicts)} pass, {count} case{'s' if count > 1 else ''}")
