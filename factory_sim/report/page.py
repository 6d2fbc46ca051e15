"""Pages: filling a template, and writing a file as a whole or not at all."""

from __future__ import annotations

import os
import re
import tempfile
from pathlib import Path
from typing import Any

from factory_sim.report.words import word

HERE = Path(__file__).parent
_PARTICLE = re.compile(r"([%)’])(?=[가-힣])")


def render(template: str, lang: str, **values: Any) -> str:
    """Return a page: a template of this directory, filled.

    Raises
    ------
    KeyError  If there are no texts in this language.
    """
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(HERE), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters["word"] = lambda key, **gaps: word(key, lang, **gaps)
    style = (HERE / "style.css").read_text(encoding="utf-8")
    text = environment.get_template(template).render(lang=lang, style=style, **values)
    text = text.replace("M KRW", "M\u00a0KRW")  # a unit is not broken at the end of a line
    return _PARTICLE.sub("\\1\u2060", text)  # nor a Korean particle from the sign that it belongs to


def write(text: str, folder: Path, name: str) -> Path:
    """Write a file into a directory, made if it is not there; it is replaced as a whole or not at all.

    Raises
    ------
    OSError  If it cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / name
    handle, side = tempfile.mkstemp(dir=folder, prefix=f".{target.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
        Path(side).chmod(0o644)
        Path(side).replace(target)
    except BaseException:
        Path(side).unlink(missing_ok=True)
        raise
    return target
