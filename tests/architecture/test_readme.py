"""What the README shows is what the program reads and says. (Its Python is run as a doctest.)"""

from __future__ import annotations

import re
import tomllib
from typing import Any

import pytest

from factory_sim.model import check
from tests.architecture.imports import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")
LAYOUT = ROOT / "layouts" / "giga_casting.toml"


def missing(part: Any, whole: Any, path: str = "") -> list[str]:
    """Return the paths of what stands in `part` but not, or otherwise, in `whole`."""
    if isinstance(part, dict) and isinstance(whole, dict):
        return [found for key, below in part.items() for found in missing(below, whole.get(key), f"{path}.{key}")]
    return [] if part == whole else [path]


def test_excerpts_are_those_of_the_shipped_files() -> None:
    shown = [tomllib.loads(text) for text in re.findall(r"```toml\n(.*?)```", README, re.DOTALL)]
    assert len(shown) == 2
    study = LAYOUT.with_name("giga_casting_study.toml")
    for part, file in zip(shown, (LAYOUT, study), strict=True):
        assert not missing(part, tomllib.loads(file.read_text(encoding="utf-8")))


def test_the_error_shown_is_said(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    text = LAYOUT.read_text(encoding="utf-8")
    begin = text.index("[station.hpdc.failure.breakdown]")
    wrong = text[:begin] + text[begin:].replace('crew = "repair_crew"', 'crew = "repair_crews"', 1)
    (tmp_path / LAYOUT.name).write_text(wrong, encoding="utf-8")
    (problem,) = check([LAYOUT.name])
    said = re.escape(str(problem)).replace(str(problem.line), r"\d+", 1)
    assert re.search(said, README), str(problem)


def test_every_command_of_the_readme_exists() -> None:
    from factory_sim.cli import app

    names = {command.name or getattr(command.callback, "__name__", "") for command in app.registered_commands}
    names |= {group.name for group in app.registered_groups}
    used = re.findall(r"factory-sim ([a-z]+)", README)
    assert len(used) > 5
    assert set(used) <= names
