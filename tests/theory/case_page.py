"""The page of the docs that lists the exact cases; `python -m tests.theory.case_page` prints it."""

from __future__ import annotations

import sys
import tomllib
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
PAGE = HERE.parents[1] / "docs" / "validation.md"
BEGIN = """# What is proved, and by which case

Each mechanism of the simulator is judged by cases whose answer is known without it: exact theory, published numbers, or
arithmetic. A case of material flow is a plant file that is read and run like any other; its figures are read from the
trace. A stochastic figure passes if its mean lies within the tolerance and its standard error is below a third of it.
Cases of statistics and money call the public functions. `make test` runs the quick ones, `make test-slow` all of them;
`pytest -v tests/theory` names each. The physics has cases of its own: `factory-sim validate physics` lists them.

What the cases do not show: that a plant file is like the real plant, or that mechanisms that are right one by one are
right together. For the latter there are drawn plants (`tests/properties`): no part is lost, states sum to the time, the
same seed gives the same bytes, and an independent next-event program writes the same trace.

| case | mechanism | figures | expected value from | tolerance |
| --- | --- | --- | --- | --- |
"""


def cases() -> list[dict[str, Any]]:
    """Return all cases of events, statistics and money, by file."""
    files = [file for file in sorted(HERE.glob("cases_*.toml")) if "physics" not in file.name]
    return [case for file in files for case in tomllib.loads(file.read_text(encoding="utf-8"))["case"]]


def page() -> str:
    """Return the page."""
    return BEGIN + "\n".join(_row(case) for case in cases()) + "\n"


def _row(case: dict[str, Any]) -> str:
    kpis = case["kpi"]
    names = ", ".join(f"`{kpi['name']}`" for kpi in kpis[:3]) + (f" and {len(kpis) - 3} more" if len(kpis) > 3 else "")
    tolerances = sorted({_tolerance(kpi) for kpi in kpis})
    cells = (case["id"], case["mechanism"], names, f"{case['source']} ({case['status']})", "; ".join(tolerances))
    return "| " + " | ".join(str(cell).replace("|", "/") for cell in cells) + " |"


def _tolerance(kpi: dict[str, Any]) -> str:
    if kpi["compare"] != "two-sided":
        return f"{kpi['compare']} it"
    if not kpi["tolerance"]:
        return "exact"
    return f"{100.0 * kpi['tolerance']:g} %" if kpi["tolerance_kind"] == "rel" else f"{kpi['tolerance']:g}"


if __name__ == "__main__":
    sys.stdout.write(page())
