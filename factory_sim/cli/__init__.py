"""The command line: `factory-sim`. Exit codes: 0 done, 1 the input is wrong, 2 usage, 130 interrupted."""

from factory_sim.cli import questions  # noqa: F401 - adds its commands
from factory_sim.cli.commands import app, main

__all__ = ["app", "main"]
