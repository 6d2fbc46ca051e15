"""Schema of what is done about failures before and after they come: replacement, inspection, wear, spares."""

from __future__ import annotations

from typing import Annotated, Protocol

from pydantic import Field

from factory_sim.model.distribution import Distribution
from factory_sim.model.kinds import Name, Number, OneOf, Quantity, Whole, carrier
from factory_sim.model.problems import Path
from factory_sim.model.shapes import Dist
from factory_sim.model.tables import Labelled, Table

AMOUNTS = ("parts", "wear")  # clocks that count parts or wear instead of time
LEAST_DUTY = 0.001  # mean of a duty that is always due: of one that takes no time there would be no end [s]
MOMENTS = OneOf(("after_cycle", "immediate", "when_idle"), "moment")
WITHOUT_SPARE = OneOf(("stop", "run_on"), "rule")
EARLY = (
    "It is done early, during another failure or planned stop of the machine, both at once, if it falls due within "
    "this time on its clock"
)
Problems = list[tuple[Path, str]]


class Wear(Table):
    """[station.<name>.wear]: what wears tools and machine, for the clock `wear`."""

    per_part: Annotated[float, Number("[0, 1e9]", "1.0")] = Field(
        default=1.0, description="Wear by one part, in units of your own; a product may multiply it (its step.wear)"
    )
    unit_time: Annotated[float | None, Quantity("s", "[0.001, inf)")] = Field(
        default=None, description="Work that adds one unit of wear beside the parts; default: time does not wear"
    )


class Replacement(Table):
    """[station.<name>.failure.<name>.replacement]: renewal before the failure, at an age or when a defect is found."""

    age: Annotated[float | None, Quantity("s", "[1, inf)")] = Field(
        default=None,
        description="Time on the clock of the failure since the last renewal at which it is due; default: never, "
        "or only when an inspection finds something",
    )
    amount: Annotated[float | None, Number("(0, 1e12]", "5000")] = Field(
        default=None, description="The same in parts or wear, with a clock that counts those"
    )
    duration: Annotated[Distribution, Dist("s", positive=False)] = Field(description="Time that it takes; may be 0")
    crew: Annotated[str | None, Name("resource")] = Field(default=None, description="Resource that does it; none: none")
    priority: Annotated[int, Whole("[-1000, 1000]", "0")] = Field(
        default=0, description="Order in which stops get the crew or a spare, lower first"
    )
    cost: Annotated[float, Quantity("KRW")] = Field(default=0.0, description="Of each one, spares not included")
    when: Annotated[str, MOMENTS] = Field(
        default="after_cycle", description="Once due, it begins after the cycle, at once, or when no part is there"
    )
    window: Annotated[float, Quantity("s")] = Field(
        default=0.0,
        description=EARLY,
    )
    window_amount: Annotated[float, Number("[0, 1e12]", "500")] = Field(
        default=0.0, description="The same in parts or wear, with a clock that counts those"
    )
    without_spare: Annotated[str, WITHOUT_SPARE] = Field(
        default="run_on", description="If it needs a spare and there is none: the machine runs on until one is there"
        ", or stops and waits",
    )  # fmt: skip
    run_in: Annotated[int, Whole("[0, 100000]", "5")] = Field(
        default=0, description="Parts after it that are discarded (running in)"
    )


class Inspection(Table):
    """[station.<name>.failure.<name>.inspection]: looks for the defect that comes before the failure."""

    every: Annotated[float, Quantity("s", "[1, inf)")] = Field(
        description="Time on the clock of the failure since the last renewal or inspection"
    )
    duration: Annotated[Distribution, Dist("s", positive=False)] = Field(
        default=Distribution("constant", (0.0,)), description="Time for which the machine stands still; may be 0"
    )
    crew: Annotated[str | None, Name("resource")] = Field(default=None, description="Resource that does it; none: none")
    priority: Annotated[int, Whole("[-1000, 1000]", "0")] = Field(
        default=0, description="Order in which stops get the crew, lower first"
    )
    cost: Annotated[float, Quantity("KRW")] = Field(default=0.0, description="Of each inspection")
    when: Annotated[str, MOMENTS] = Field(
        default="after_cycle", description="Once due, it begins after the cycle, at once, or when no part is there"
    )
    window: Annotated[float, Quantity("s")] = Field(
        default=0.0,
        description=EARLY,
    )
    detection: Annotated[float, Number("[0, 1]", "0.9")] = Field(
        default=1.0, description="Probability that it finds a defect that is there"
    )
    false_alarm: Annotated[float, Number("[0, 1]", "0.02")] = Field(
        default=0.0, description="Probability that it reports a defect where there is none"
    )
    verification: Annotated[Distribution | None, Dist("s", positive=False)] = Field(
        default=None,
        description="Time to look into what was reported, after which a false alarm leads to nothing; default: "
        "what is reported is replaced",
    )
    act: Annotated[str, OneOf(("at_once", "next_planned"), "rule")] = Field(
        default="at_once",
        description="What is found is replaced by replacement.when, or alongside the next planned stop of the machine",
    )


class Spare(Labelled):
    """[spare.<name>]: spare parts or tool sets in stock; each one taken is replaced by one ordered or refurbished."""

    stock: Annotated[int, Whole("[0, 1e6]", "4")] = Field(
        description="On the shelf at the beginning, beside those in use"
    )
    lead_time: Annotated[Distribution, Dist("s")] = Field(
        description="Time until the one ordered, or the used one refurbished, lies on the shelf"
    )
    crew: Annotated[str | None, Name("resource")] = Field(
        default=None,
        description="Resource of which one unit is busy with each during lead_time, a shop; default: all at once",
    )
    cost: Annotated[float, Quantity("KRW")] = Field(default=0.0, description="Of each one taken: price or refurbishing")


class FailureKeys(Protocol):
    """What `failure_problems` reads."""

    clock: str
    between: Distribution | None
    amount: Distribution | None
    after_repair: str
    warning: Distribution | None
    spare: str | None
    replacement: Replacement | None
    inspection: Inspection | None


def failure_problems(mode: FailureKeys) -> Problems:
    """Return what does not go together in a failure mode."""
    counts = mode.clock in AMOUNTS
    found = _clock_problems(mode.clock, counts, "between", mode.between, mode.amount)
    life = mode.amount if counts else mode.between
    if mode.after_repair == "as_old" and life is not None and life.kind not in ("weibull", "exponential"):
        message = f"as_old goes on with the failure rate at this age, which a {life.kind} distribution does not give"
        found.append((("after_repair",), f"{message}; use weibull or exponential, or as_new"))
    if mode.warning is not None and (counts or mode.after_repair == "as_old"):
        found.append((("warning",), "a warning needs clock working or calendar, and a repair as new"))
    if mode.warning is not None and mode.inspection is None:
        found.append((("warning",), "a defect that nobody looks for is no warning; add inspection or remove warning"))
    if mode.inspection is not None:
        for key, value in (("warning", mode.warning), ("replacement", mode.replacement)):
            if value is None:
                found.append((("inspection",), f"an inspection needs {key}: what it can find, and what is done then"))
    if mode.replacement is not None:
        found += [(("replacement", *path), message) for path, message in _replacement_problems(mode, mode.replacement)]
    return found


def _replacement_problems(mode: FailureKeys, renewal: Replacement) -> Problems:
    counts = mode.clock in AMOUNTS
    found: Problems = []
    wrong, right = ("age", "amount") if counts else ("amount", "age")
    if getattr(renewal, wrong) is not None:
        found.append(((wrong,), f"clock {mode.clock} does not count this; write {right}"))
    elif getattr(renewal, right) is None and mode.inspection is None:
        found.append(((), f"without {right} and without an inspection it is never due; add one of them"))
    found += _window_problems(mode.clock, counts, renewal.window, renewal.window_amount)
    if "without_spare" in renewal.model_fields_set and mode.spare is None:
        found.append((("without_spare",), "without a spare it has no effect; name the spare or remove it"))
    return found


class PlannedKeys(Protocol):
    """What `planned_problems` reads."""

    alongside: str | None
    clock: str
    duration: Distribution
    every: float | None
    amount: float | None
    first: float | None
    when: str
    window: float
    window_amount: float
    spare: str | None
    new_die: bool
    preheat: bool

    @property
    def model_fields_set(self) -> set[str]: ...


def planned_problems(planned: PlannedKeys) -> Problems:
    """Return what does not go together in a planned stop."""
    if planned.alongside is not None:
        own = ("every", "first", "clock", "amount", "window", "window_amount")
        message = "a stop alongside another one has no clock of its own; remove it, or alongside"
        return [((key,), message) for key in own if key in planned.model_fields_set]
    counts = planned.clock in AMOUNTS
    found = _clock_problems(planned.clock, counts, "every", planned.every, planned.amount)
    found += _window_problems(planned.clock, counts, planned.window, planned.window_amount)
    every = planned.every
    if every is not None and (every < 1.0 and (every > 0.0 or planned.when != "when_idle")):
        found.append((("every",), f"must be at least 1 s, not {every:g} s; 0 s goes with when_idle only"))
    elif every == 0.0 and planned.clock != "open":
        found.append((("clock",), "a duty that is always due has no clock; remove clock, or raise every"))
    elif every == 0.0 and planned.first is not None:
        found.append((("first",), "a duty that is always due has no first time; remove first, or raise every"))
    elif every == 0.0 and planned.duration.mean < LEAST_DUTY:
        message = f"a duty that is always due must take time, at least {LEAST_DUTY:g} s in the mean; raise it, or every"
        found.append((("duration",), message))
    if planned.first is not None and planned.clock != "open":
        found.append((("first",), f"only clock open has a first one apart; remove it, or clock {planned.clock}"))
    if "without_spare" in planned.model_fields_set and planned.spare is None:
        found.append((("without_spare",), "without a spare it has no effect; name the spare or remove it"))
    if not planned.preheat and not planned.new_die:
        found.append((("preheat",), "without a new die there is nothing to preheat; write new_die = true or remove it"))
    return found


def _clock_problems(clock: str, counts: bool, key: str, time: object, amount: object) -> Problems:
    needed, other = ("amount", key) if counts else (key, "amount")
    given = {key: time, "amount": amount}
    if given[other] is not None:
        return [((other,), f"clock {clock} does not count this; write {needed}")]
    if given[needed] is None:
        return [((needed,), f"the key is missing; clock {clock} needs it")]
    return []


def _window_problems(clock: str, counts: bool, window: float, amount: float) -> Problems:
    wrong, right = ("window", "window_amount") if counts else ("window_amount", "window")
    if {"window": window, "window_amount": amount}[wrong]:
        return [((wrong,), f"clock {clock} does not count this; write {right}")]
    return []


def refuse_if(found: Problems) -> None:
    """Raise the error that carries problems through pydantic, if there are any."""
    if found:
        raise carrier(*found)
