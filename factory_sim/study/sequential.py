"""Replications spent where they are needed: until a guarantee, until a half-width, or until a budget is used up."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from factory_sim.model import Study
from factory_sim.model.precision_schema import KN
from factory_sim.model.study_schema import BASELINE
from factory_sim.results.measures import Measures
from factory_sim.results.statistics import t_interval
from factory_sim.study.pool import Pool
from factory_sim.study.selection import GUARANTEE, REPLICATIONS, TIME, Screening, select
from factory_sim.study.task import Task

Runs = dict[str, list[Measures]]
Value = Callable[[str, Runs, int, int], list[float]]
"""(scenario, replications so far of all, begin, end) -> net present value of its replications begin..end - 1. [KRW]"""
TaskOf = Callable[[str, int], Task]
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Spent:
    """How the replications of one demand mode were spent.

    `reason`: `guarantee` (or the half-width) was reached, or the budget of `replications` or `time` was used up.
    `remaining`: the scenarios that were still in question at the end.
    """

    procedure: str
    best: str
    remaining: tuple[str, ...]
    replications: dict[str, int]
    reason: str

    @property
    def guaranteed(self) -> bool:
        """Whether what was asked for was reached."""
        return self.reason == GUARANTEE

    @property
    def runs(self) -> int:
        """Runs in all that the answer rests on."""
        return sum(self.replications.values())

    def to_json(self) -> dict[str, object]:
        """Return it as JSON has it."""
        return {
            "procedure": self.procedure,
            "best": self.best,
            "guaranteed": self.guaranteed,
            "ended_by": self.reason,
            "remaining": list(self.remaining),
            "replications": self.replications,
            "runs": self.runs,
        }


@dataclass(frozen=True)
class Outlook:
    """What the first stage lets expect of the rest; a guess, as its variances are estimates from few replications.

    `replications`: of the scenario that takes most, in all. `runs`: still to come, of all scenarios. `seconds`: these
    will take; nan if all of the first stage was there already. `affordable`: whether the budgets allow them; if not,
    `wider` is the indifference, or the half-width, with which they probably would. [KRW]
    """

    mode: str
    first: int
    replications: int
    runs: int
    seconds: float
    affordable: bool
    wider: float


Tell = Callable[[Outlook], None]


class Spender:
    """Spends the replications of one demand mode."""

    def __init__(
        self,
        study: Study,
        names: Sequence[str],
        task_of: TaskOf,
        value: Value,
        pool: Pool,
        progress: Progress,
        tell: Tell | None = None,
        mode: str = "",
    ) -> None:
        self.asked = study.precision
        self.tell, self.mode = tell, mode
        self.fresh, self.seconds = 0, 0.0  # runs that were not there already, and what they took
        self.procedure = study.study.selection
        self.names = tuple(names)
        self.task_of, self.value, self.pool, self.progress = task_of, value, pool, progress
        self.runs: Runs = {name: [] for name in names}
        self.expected = len(names) * self.asked.first_stage

    def spend(self, deadline: float) -> tuple[Runs, Spent]:
        """Return the replications that the answer rests on, those of all scenarios from number 0 on, and how many."""
        self.deadline = deadline
        spent = self._until_selected() if self.procedure == KN else self._until_narrow()
        return {name: runs[: spent.replications[name]] for name, runs in self.runs.items()}, spent

    def _until_selected(self) -> Spent:
        assert self.asked.indifference is not None, "the reader sees to it"
        found = select(
            self._draw,
            len(self.names),
            self.asked.indifference,
            self.asked.probability,
            self.asked.first_stage,
            self.asked.most_replications,
            self._batch,
            lambda: time.monotonic() >= self.deadline,
            self._expect,
        )
        counts = dict(zip(self.names, found.counts, strict=True))
        counts[BASELINE] = max(counts.values())  # every difference was taken from it
        remaining = tuple(self.names[system] for system in found.remaining)
        return Spent(self.procedure, self.names[found.best], remaining, counts, found.reason)

    def _until_narrow(self) -> Spent:
        """Run all scenarios in step until the interval of each is narrow enough."""
        wanted = self.asked.half_width
        assert wanted is not None, "the reader sees to it"
        everyone = tuple(range(len(self.names)))
        rows = list(self._draw(everyone, 0, self.asked.first_stage))
        self._foresee_width(rows, wanted)
        while True:
            for count in range(self.asked.first_stage, len(rows) + 1):
                wide = self._wide(rows[:count], wanted)
                if not wide or count >= self.asked.most_replications:
                    return self._ended(rows[:count], wide, GUARANTEE if not wide else REPLICATIONS)
            if time.monotonic() >= self.deadline:
                return self._ended(rows, wide, TIME)
            more = min(len(rows) + self._batch(len(everyone)), self.asked.most_replications)
            rows += self._draw(everyone, len(rows), more)

    def _wide(self, rows: Sequence[Sequence[float]], wanted: float) -> tuple[str, ...]:
        columns = zip(self.names, zip(*rows, strict=True), strict=True)
        level = self.asked.probability
        return tuple(name for name, values in columns if t_interval(values, level).half_width > wanted)

    def _ended(self, rows: Sequence[Sequence[float]], wide: tuple[str, ...], reason: str) -> Spent:
        means = [sum(values) for values in zip(*rows, strict=True)]
        best = self.names[max(range(len(means)), key=lambda system: (means[system], -system))]
        return Spent(self.procedure, best, wide, dict.fromkeys(self.names, len(rows)), reason)

    def _draw(self, systems: tuple[int, ...], begin: int, end: int) -> list[list[float]]:
        """Run replications begin..end - 1 of some scenarios, and of the baseline, and return their values."""
        asked = [self.names[system] for system in systems]
        needed = list(dict.fromkeys([BASELINE, *asked]))
        wanted = [(name, number) for number in range(begin, end) for name in needed]
        before, begun = sum(map(len, self.runs.values())), time.monotonic()
        there: list[int] = []

        def report(done: int, total: int) -> None:
            there.append(done)
            self.progress(before + done, max(self.expected, before + total))

        results = self.pool.run([self.task_of(name, number) for name, number in wanted], report)
        self.fresh += len(wanted) - there[0]
        self.seconds += time.monotonic() - begun
        for (name, _), result in zip(wanted, results, strict=True):
            self.runs[name].append(result)
        columns = [self.value(name, self.runs, begin, end) for name in asked]
        return [list(row) for row in zip(*columns, strict=True)]

    def _batch(self, remaining: int) -> int:
        """Return how many replications to run at once, so that no worker stands idle; more are run than looked at."""
        return 1 if self.pool.size == 1 else math.ceil(2 * self.pool.size / remaining)

    def _expect(self, state: Screening) -> None:
        """Note how many runs it will probably take in all; tell so after the first stage."""
        ends = state.ends()
        runs = self._more(ends, state.replications)
        self.expected = sum(map(len, self.runs.values())) + runs
        if self.tell and not state.done and state.replications == self.asked.first_stage:
            fits = self._fits(max(ends.values()), runs)
            most = self._affordable(len({*ends, self.names.index(BASELINE)}), state.replications)
            wider = state.indifference if fits else state.indifference_for(most)
            self.tell(self._outlook(state.replications, max(ends.values()), runs, fits, wider))

    def _more(self, ends: Mapping[int, int], done: int) -> int:
        """Return the runs that are still to come if each scenario ends so, the baseline with the last of them."""
        most = self.asked.most_replications
        last = {**ends, self.names.index(BASELINE): max(ends.values())}
        return sum(max(0, min(end, most) - done) for end in last.values())

    def _foresee_width(self, rows: Sequence[Sequence[float]], wanted: float) -> None:
        """Tell how many replications an interval of the wanted width will take."""
        first, count = len(rows), len(self.names)
        columns = list(zip(*rows, strict=True))
        width = max(t_interval(values, self.asked.probability).half_width for values in columns)
        if not self.tell or width <= wanted:
            return
        needed = math.ceil(first * (width / wanted) ** 2)
        runs = self._more(dict.fromkeys(range(count), needed), first)
        self.expected = first * count + runs
        fits = self._fits(needed, runs)
        wider = wanted if fits else width * math.sqrt(first / self._affordable(count, first))
        self.tell(self._outlook(first, needed, runs, fits, wider))

    def _outlook(self, first: int, needed: int, runs: int, fits: bool, wider: float) -> Outlook:
        return Outlook(self.mode, first, needed, runs, runs * self._each(), fits, wider)

    def _each(self) -> float:
        """Return how long one run takes on all workers together; nan if none was made. [s]"""
        return self.seconds / self.fresh if self.fresh else math.nan

    def _fits(self, replications: int, runs: int) -> bool:
        late = self.fresh and time.monotonic() + runs * self._each() > self.deadline
        return replications <= self.asked.most_replications and not late

    def _affordable(self, scenarios: int, done: int) -> int:
        """Return how many replications of so many scenarios the budgets allow in all."""
        left = self.deadline - time.monotonic()
        in_time = left / self._each() / scenarios if self.fresh and self._each() > 0.0 else math.inf
        return min(self.asked.most_replications, done + max(1, int(min(in_time, 1e6))))
