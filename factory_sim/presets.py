"""The shipped plants and studies: find them, say what they are, copy them as a start for one's own.

In a checkout they lie in `layouts/` beside the package, in an installed wheel inside it.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_PLACES = (Path(__file__).parent / "layouts", Path(__file__).parent.parent / "layouts")


@dataclass(frozen=True)
class Preset:
    """A shipped plant or study. `plant` is the path of the plant file that a study names, else None."""

    name: str
    file: Path
    title: str
    title_ko: str
    plant: Path | None

    @property
    def is_study(self) -> bool:
        return self.plant is not None


def directory() -> Path:
    """Return the directory of the shipped files.

    Raises
    ------
    FileNotFoundError  If there is none, because the installation is damaged.
    """
    for place in _PLACES:
        if place.is_dir():
            return place
    raise FileNotFoundError(
        f"the shipped layouts are neither at {_PLACES[0]} nor at {_PLACES[1]}; install ppuri-factory-sim again"
    )


def presets() -> dict[str, Preset]:
    """Return all shipped plants and studies by name, in the order of their names.

    >>> "giga_casting" in presets()
    True
    """
    return {file.stem: _preset(file) for file in sorted(directory().glob("*.toml"))}


def _preset(file: Path) -> Preset:
    tables = tomllib.loads(file.read_text(encoding="utf-8"))
    study: dict[str, Any] | None = tables.get("study")
    if study is not None:
        title = study["question"]
        return Preset(file.stem, file, title, study.get("question_ko", title), file.parent / study["plant"])
    title = tables["plant"]["name"]
    return Preset(file.stem, file, title, tables["plant"].get("name_ko", title), None)


def copies(preset: Preset, to: Path) -> dict[Path, Path]:
    """Return which file goes where: the preset to `to`, and the plant of a study to where the study looks for it."""
    if preset.plant is None:
        return {preset.file: to}
    return {preset.file: to, preset.plant: to.parent / preset.plant.relative_to(preset.file.parent)}


def copy(preset: Preset, to: Path, force: bool = False) -> list[Path]:
    """Write a preset to the file `to` and return the files written; a study brings its plant.

    A file that is there already with the same content is left alone. With another content it is overwritten only with
    `force`; nothing is written if anything cannot be.

    Raises
    ------
    FileExistsError  If a file is in the way; its argument is the path.
    OSError          If a file cannot be written.
    """
    wanted = {}
    for source, target in copies(preset, to).items():
        content = source.read_bytes()
        if target.exists():
            if target.is_file() and target.read_bytes() == content:
                continue
            if not force or not target.is_file():
                raise FileExistsError(str(target))
        wanted[target] = content
    for target, content in wanted.items():
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
    return list(wanted)
