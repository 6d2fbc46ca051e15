"""What a study would simulate: its scenarios, their changes, and how many runs they take."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from factory_sim.cli import terminal
from factory_sim.report.words import name_of, word

if TYPE_CHECKING:
    from factory_sim.model import Study

_WORDS = {
    "en": {
        "baseline": "the plant as it is",
        "changes": "changes",
        "runs": "{total} runs: {scenarios} scenarios x {modes} ({names}) x {replications} replications",
        "scenario": "scenario",
        "time": "each {horizon} measured after {warmup}, seed {seed}, plant {plant}",
        "mode": "1 demand mode",
        "modes": "{count} demand modes",
    },
    "ko": {
        "baseline": "현재 공장 그대로",
        "changes": "변경",
        "runs": "실행 {total}회: 시나리오 {scenarios}개 x {modes} ({names}) x 반복 실행 {replications}회",
        "scenario": "시나리오",
        "time": "초기 안정화 {warmup} 뒤 {horizon} 측정, 난수 시드 {seed}, 공장 {plant}",
        "mode": "수요 조건 1개",
        "modes": "수요 조건 {count}개",
    },
}


def runs_of(study: Study) -> int:
    """Return the number of runs that a study takes."""
    return len(study.scenarios) * len(study.demand_modes) * study.study.replications


def changes_of(study: Study, investment: str) -> Iterator[str]:
    """Yield the changes of an investment, with the values as the file gives them."""
    table = study.raw["investment"][investment]
    for change in study.investment[investment].changes:
        if change.operation == "remove":
            yield f"remove {change.path}"
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
        "replications": question.replications,
        "horizon_s": question.horizon,
        "warmup_s": question.warmup,
        "seed": question.seed,
        "runs": runs_of(study),
        "scenarios": scenarios,
    }


def print_outline(study: Study, lang: str) -> None:
    """Print the outline as a table."""
    from factory_sim.model.units import show

    words = _WORDS[lang]
    question = study.study
    modes = study.demand_modes
    asked = (question.question_ko if lang == "ko" else None) or question.question
    made = terminal.table(words["scenario"], words["changes"], title=asked)
    for name, investments in study.scenarios.items():
        lines = [words["baseline"]] if not investments else []
        for investment in investments:
            table = study.investment[investment]
            lines.append(f"{investment}: {name_of(table, investment, lang)}")
            lines += (f"  {change}" for change in changes_of(study, investment))
        made.add_row(name, "\n".join(lines))
        made.add_section()
    console = terminal.console()
    console.print(made)
    console.print(
        words["runs"].format(
            total=runs_of(study),
            scenarios=len(study.scenarios),
            modes=words["mode"] if len(modes) == 1 else words["modes"].format(count=len(modes)),
            names=", ".join(word(f"mode.{mode}_short", lang) for mode in modes),
            replications=question.replications,
        )
    )
    console.print(
        words["time"].format(
            horizon=show(question.horizon, "s"),
            warmup=show(question.warmup, "s"),
            seed=question.seed,
            plant=study.plant.name,
        )
    )
