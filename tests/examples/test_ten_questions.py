"""The page of ten questions names studies that are there."""

from __future__ import annotations

import re
from pathlib import Path

from factory_sim.model import read_study

ROOT = Path(__file__).parents[2]


def test_each_question_has_a_study_that_reads() -> None:
    page = (ROOT / "docs" / "ten_questions.md").read_text(encoding="utf-8")
    rows = [line for line in page.splitlines() if line.startswith("| ") and "?" in line]
    assert len(rows) == 10
    named = [set(re.findall(r"`(\w+_study)\.toml`", row)) for row in rows]
    assert all(named[:-1])  # the last one is a command
    for name in sorted(set().union(*named) | set(re.findall(r"layouts/(\w+_study)\.toml", page))):
        assert read_study(ROOT / "layouts" / f"{name}.toml").scenarios
