"""Print the root technologies: the list, and the page of one with the keys that set its parameters."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import typer

from factory_sim.cli import terminal
from factory_sim.model.keys import Key, keys
from factory_sim.model.reference import FORMATS, Section, allowed, default_of, sections
from factory_sim.technology.catalogue import TECHNOLOGIES
from factory_sim.technology.roots import GROUPS, LANGUAGES, Root, called, roots, said

WORDS = {
    "option": ("new, an option of", "신기술, 상위 기술"),
    "stations": ("technology of a station", "station의 technology"),
    "called": ("physics in the loop", "시뮬레이션이 부르는 공정 물리"),
    "processes": ("its physics", "관련 공정 물리"),
    "states": ("history kept in", "이력을 담는 상태"),
    "carriers": ("energy", "에너지"),
    "drivers": ("quality driven by", "품질 요인"),
    "stop": ("a stop", "정지의 영향"),
    "change": ("robot, sensor", "로봇·센서"),
    "plants": ("shown by", "예시 공장"),
    "generic": ("machine, by cycle and yield of the file", "machine (파일의 사이클과 수율)"),
    "none": ("-", "-"),
}
CARRIERS = {"electricity": ("electricity", "전력"), "gas": ("gas", "도시가스 (LNG)")}
HEADS = {
    "en": ("technology", "name", "stations in the loop", "shown by"),
    "ko": ("기술", "이름", "물리 반영 station", "예시 공장"),
}
COLUMNS = {
    "en": ("key", "unit", "default", "range", "meaning, usual values"),
    "ko": ("키", "단위", "기본값", "범위", "의미와 통상값 (영문)"),
}


def names() -> list[str]:
    """Return what a page can be asked for: root technologies, and technologies of stations, which belong to one."""
    return [*roots(), *(name for name in TECHNOLOGIES if root_of(name) is not None)]


def root_of(name: str) -> Root | None:
    """Return the root technology of that name, or the first one that a technology of a station belongs to."""
    if name in roots():
        return roots()[name]
    return next((root for root in roots().values() if name in root.stations), None)


def print_list(lang: str) -> None:
    """Print the 14 root technologies by group, each with the new ones that are options of it below."""
    for group, labels in GROUPS.items():
        own = [root for root in roots().values() if root.group == group and root.option_of is None]
        made = terminal.table(*HEADS[lang], title=f"{said(labels, lang)}: {len(own)}")
        for column, width in zip(made.columns, (27, 34, 24, 28), strict=True):
            column.width = width
        for root in own:
            for entry in (root, *(option for option in roots().values() if option.option_of == root.name)):
                mark = "  + " if entry.option_of else ""
                made.add_row(mark + entry.name, mark + entry.label(lang), ", ".join(entry.stations), _shown_by(entry))
        terminal.console().print(made)
    typer.echo(
        {
            "en": "+ new technology, an option of the one above. One in full: factory-sim technologies NAME",
            "ko": "+ 위 기술의 새로운 옵션(뿌리 신산업). 자세히: factory-sim technologies 이름",
        }[lang]
    )


def _shown_by(root: Root) -> str:
    return ", ".join(name for name in root.plants if not name.endswith("_study"))


def print_page(root: Root, lang: str) -> None:
    """Print all about one technology."""
    head = f" ({said(WORDS['option'], lang)} {root.option_of})" if root.option_of else ""
    made = terminal.table("", "", title=f"{root.name}  {root.label(lang)}, {said(GROUPS[root.group], lang)}{head}")
    made.show_header = False
    for word, text in _lines(root, lang):
        made.add_row(said(WORDS[word], lang), text)
    terminal.console().print(made)
    for section in parameters(root):
        listed = terminal.table(*COLUMNS[lang], title=f"{section.header}  {section.meaning}")
        for key in section.keys:
            name = key.path.rpartition(".")[2]
            listed.add_row(name, key.unit, default_of(key), allowed(key.kind), key.meaning)
        terminal.console().print(listed)


def _lines(root: Root, lang: str) -> Iterator[tuple[str, str]]:
    """Yield the lines of a page: the word of WORDS and what stands there."""
    none = said(WORDS["none"], lang)
    yield "stations", ", ".join(root.stations) or said(WORDS["generic"], lang)
    yield "called", ", ".join(called(root)) or none
    yield "processes", ", ".join(root.processes)
    yield "states", ", ".join(said(state, lang) for state in root.states) or none
    yield "carriers", ", ".join(said(CARRIERS[carrier], lang) for carrier in root.carriers) or none
    yield "drivers", ", ".join(said(driver, lang) for driver in root.drivers) or none
    yield "stop", said(root.stop, lang)
    yield "change", said(root.change, lang)
    yield "plants", ", ".join(f"{name} ({', '.join(keys)})" for name, keys in root.plants.items()) or none


def parameters(root: Root) -> list[Section]:
    """Return the tables of a plant file that set its parameters, and its single keys as one more."""
    plant = {section.path: section for section in sections(FORMATS["plant"])}
    found = [plant[path] for path in root.tables if path in plant and path != "station.<station>"]
    known = {key.path: key for model in FORMATS.values() for key in keys(model)}
    single = tuple(known[path] for path in root.keys)
    return [*found, Section("", "", ", ".join(root.keys), single)] if single else found


def to_json(root: Root) -> dict[str, Any]:
    """Return all about one technology for `--json`."""
    return {
        "name": root.name,
        "group": root.group,
        "option_of": root.option_of,
        "labels": dict(zip(LANGUAGES, root.labels, strict=True)),
        "stations": list(root.stations),
        "tables": list(root.tables),
        "keys": list(root.keys),
        "called": list(called(root)),
        "processes": list(root.processes),
        "carriers": list(root.carriers),
        **{
            name: [dict(zip(LANGUAGES, pair, strict=True)) for pair in pairs]
            for name, pairs in (("states", root.states), ("drivers", root.drivers))
        },
        "stop": dict(zip(LANGUAGES, root.stop, strict=True)),
        "change": dict(zip(LANGUAGES, root.change, strict=True)),
        "plants": {name: list(keys) for name, keys in root.plants.items()},
        "parameters": [_parameter(key) for section in parameters(root) for key in section.keys],
    }


def _parameter(key: Key) -> dict[str, Any]:
    unit, default, range_ = key.unit, default_of(key), allowed(key.kind)
    return {"key": key.path, "unit": unit, "default": default, "range": range_, "meaning": key.meaning}


def list_to_json() -> dict[str, Any]:
    """Return the list for `--json`: groups with their names, and every technology in full."""
    groups = {name: dict(zip(LANGUAGES, labels, strict=True)) for name, labels in GROUPS.items()}
    return {"groups": groups, "technologies": [to_json(root) for root in roots().values()]}
