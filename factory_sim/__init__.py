"""Which automation pays? Root-industry plants, event by event, with the physics of the process in the loop.

    layouts/*.toml -> model -> simulation (plan -> engine -> trace) -> results -> study -> report, command line
                        ^ technology <- processes

The *model* is what the engineer wrote, the *plan* all that an engine may read, the *trace* all that it may write.
Data go one way. One plant, one run, by hand:

    plant = read("giga_casting.toml")
    plan = prepare(plant)
    trace = simulate(plan, seed=7)
    print(measure(plant, plan, trace))

Many runs with intervals: `replicate(plant)`. A decision: `decide(read_study("giga_casting_study.toml"))`.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from factory_sim.answer import decide
    from factory_sim.model import InputError, check, read, read_study
    from factory_sim.results.measures import measure
    from factory_sim.simulation.prepare import prepare
    from factory_sim.simulation.run import simulate
    from factory_sim.study.runner import replicate

__version__ = "0.1.0"

__all__ = [
    "InputError",
    "check",
    "decide",
    "measure",
    "prepare",
    "read",
    "read_study",
    "replicate",
    "simulate",
]

# Each name is imported when it is first used, so that `factory-sim --help` need not wait for NumPy.
_HOMES = {
    "InputError": "factory_sim.model",
    "check": "factory_sim.model",
    "decide": "factory_sim.answer",
    "measure": "factory_sim.results.measures",
    "prepare": "factory_sim.simulation.prepare",
    "read": "factory_sim.model",
    "read_study": "factory_sim.model",
    "replicate": "factory_sim.study.runner",
    "simulate": "factory_sim.simulation.run",
}


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module 'factory_sim' has no attribute '{name}'; it has {', '.join(__all__)}")
    found: object = getattr(import_module(_HOMES[name]), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
