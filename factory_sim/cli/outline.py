"""What a study would simulate: its scenarios, their changes, and how many runs they take."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from factory_sim.cli import terminal
from factory_sim.model.problems import LISTED
from factory_sim.model.study_schema import REPLACE
from factory_sim.model.units import WEEK
from factory_sim.report.numbers import lasting
from factory_sim.report.words import name_of, word
from factory_sim.study.forecast import replications_of, runs_of

if TYPE_CHECKING:
    from factory_sim.model import Study
    from factory_sim.study.forecast import Forecast

_WORDS = {
    "en": {
        "baseline": "the plant as it is",
        "changes": "changes",
        "runs": "{total} runs: {scenarios} scenarios x {modes} ({names}) x {replications} replications",
        "scenario": "scenario",
        "time": "each {horizon} measured after {warmup}, seed {seed}, plant {plant}",
        "mode": "1 demand mode",
        "modes": "{count} demand modes",
        "seconds": "about {low} on {workers} (one run takes {each:.2g} s)",
        "between": "between {low} and {high} on {workers} (one run takes {each:.2g} s)",
        "left_out": "left out: {names}",
        "unused": "in no scenario, so not simulated: {names}",
        "more": "{names} and {count} more",
        "week": "{count:g} week",
        "weeks": "{count:g} weeks",
        "worker": "1 worker",
        "workers": "{count} workers",
        "selected": "{least} to {total} runs, as many as {selection} takes: {scenarios} scenarios x {modes} ({names}) "
        "x {first} to {replications} replications",
    },
    "ko": {
        "baseline": "현재 공장 그대로",
        "changes": "변경",
        "runs": "실행 {total}회: 시나리오 {scenarios}개 x {modes} ({names}) x 반복 실행 {replications}회",
        "scenario": "시나리오",
        "time": "초기 안정화 {warmup} 뒤 {horizon} 측정, 난수 시드 {seed}, 공장 {plant}",
        "mode": "수요 조건 1개",
        "modes": "수요 조건 {count}개",
        "seconds": "예상 시간 약 {low}, 작업 프로세스 {workers} (1회 실행 {each:.2g} s)",
        "between": "예상 시간 {low}~{high}, 작업 프로세스 {workers} (1회 실행 {each:.2g} s)",
        "left_out": "제외된 시나리오: {names}",
        "unused": "어느 시나리오에도 없어 실행하지 않는 투자안: {names}",
        "more": "{names} 외 {count}개",
        "week": "{count:g}주",
        "weeks": "{count:g}주",
        "worker": "1개",
        "workers": "{count}개",
        "selected": "실행 {least}~{total}회 (선정 방식 {selection}에 필요한 만큼): 시나리오 {scenarios}개 x {modes} "
        "({names}) x 반복 실행 {first}~{replications}회",
    },
}


def changes_of(study: Study, investment: str) -> Iterator[str]:
    """Yield the changes of an investment, with the values as the file gives them."""
    table = study.raw["investment"][investment]
    for change in study.investment[investment].changes:
        if change.operation in ("remove", REPLACE):
            yield f"{change.operation} {change.path}"
        else:
            yield f"{change.operation} {change.path} = {as_written(table[change.operation][change.path])}"


def as_written(value: Any) -> str:
    """Return a value as a TOML file would show it in one line.

    >>> as_written({"triangular": ["-10 s", "-6 s", 1.5], "sure": False})
    '{ triangular = ["-10 s", "-6 s", 1.5], sure = false }'
    """
    if isinstance(value, dict):
        inside = ", ".join(f"{key} = {as_written(below)}" for key, below in value.items())
        return f"{{ {inside} }}" if inside else "{}"
    if isinstance(value, list):
        return f"[{', '.join(map(as_written, value))}]"
    if isinstance(value, bool | str):
        return json.dumps(value, ensure_ascii=False)
    return str(value)


def outline(study: Study) -> dict[str, object]:
    """Return the outline as a JSON object."""
    scenarios = {
        name: {investment: list(changes_of(study, investment)) for investment in investments}
        for name, investments in study.scenarios.items()
    }
    question = study.study
    return {
        "question": question.question,
        "plant": study.plant.name,
        "demand_modes": list(study.demand_modes),
        "replications": replications_of(study)[1],
        "horizon_s": question.horizon,
        "warmup_s": question.warmup,
        "seed": question.seed,
        "runs": runs_of(study)[1],
        "selection": question.selection,
        "scenarios": scenarios,
        "left_out": study.left_out,
        "in_no_scenario": unused(study),
    }


def unused(study: Study) -> list[str]:
    """Return the investments that stand in no scenario of the file."""
    made = {investment for investments in study.sets.values() for investment in investments}
    return [name for name in study.investment if name not in made]


def _missing(study: Study, lang: str) -> Iterator[str]:
    """Yield which scenarios a limit leaves out, and which investments nobody asked for."""
    gone = [f"{name} ({word(f'selection.limit_{limit}', lang)})" for name, limit in study.left_out.items()]
    for key, names in (("left_out", gone), ("unused", unused(study))):
        if names:
            listed, more = ", ".join(names[:LISTED]), len(names) - LISTED
            text = listed if more <= 0 else _WORDS[lang]["more"].format(names=listed, count=more)
            yield _WORDS[lang][key].format(names=text)


def _weeks(time: float, lang: str) -> str:
    count = time / WEEK
    return _WORDS[lang]["week" if count == 1.0 else "weeks"].format(count=count)


def print_outline(study: Study, lang: str, expected: Forecast) -> None:
    """Print the outline as a table, and how long it takes."""
    words = _WORDS[lang]
    question = study.study
    modes = study.demand_modes
    asked = (question.question_ko if lang == "ko" else None) or question.question
    made = terminal.table(words["scenario"], words["changes"], title=asked)
    for name, investments in study.scenarios.items():
        lines = [words["baseline"]] if not investments else []
        for investment in investments:
            table = study.investment[investment]
            label = name_of(table, investment, lang)
            lines.append(investment if label == investment else f"{investment}: {label}")
            lines += (f"  {change}" for change in changes_of(study, investment))
        made.add_row(name, "\n".join(lines))
        made.add_section()
    console = terminal.console()
    console.print(made)
    for line in _missing(study, lang):
        console.print(line)
    least, total = runs_of(study)
    first, most = replications_of(study)
    console.print(
        words["runs" if least == total else "selected"].format(
            least=least,
            total=total,
            selection=question.selection,
            scenarios=len(study.scenarios),
            modes=words["mode"] if len(modes) == 1 else words["modes"].format(count=len(modes)),
            names=", ".join(word(f"mode.{mode}_short", lang) for mode in modes),
            first=first,
            replications=most,
        )
    )
    horizon, warmup = (_weeks(time, lang) for time in (question.horizon, question.warmup))
    plant = (study.plant.plant.name_ko if lang == "ko" else None) or study.plant.name
    console.print(words["time"].format(horizon=horizon, warmup=warmup, seed=question.seed, plant=plant))
    low, high = (lasting(time, lang) for time in (expected.least, expected.most))
    count = words["worker" if expected.workers == 1 else "workers"].format(count=expected.workers)
    key = "seconds" if low == high else "between"
    console.print(words[key].format(low=low, high=high, workers=count, each=expected.each))
