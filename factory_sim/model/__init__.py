"""Plants and studies as engineers write them: schema, units, reader with file:line errors, checks.

`read` and `read_study` return frozen models with SI numbers or raise `InputError` with every problem of the files.
"""

from factory_sim.model.distribution import Distribution
from factory_sim.model.keys import keys
from factory_sim.model.problems import InputError, Problem
from factory_sim.model.reader import parse_plant, read
from factory_sim.model.schema import Plant
from factory_sim.model.units import Si

__all__ = ["Distribution", "InputError", "Plant", "Problem", "Si", "keys", "parse_plant", "read"]
