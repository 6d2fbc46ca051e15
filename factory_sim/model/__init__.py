"""Plants and studies as engineers write them: schema, units, reader with file:line errors, checks.

`read` and `read_study` return frozen models with SI numbers or raise `InputError` with every problem of the files.
`keys` lists every key of a format with unit, default, range and meaning; `paths` reaches keys by dotted path.
"""

from factory_sim.model.distribution import Distribution
from factory_sim.model.keys import keys
from factory_sim.model.problems import InputError, Problem
from factory_sim.model.reader import check, error_at, parse_plant, read, read_any, read_study
from factory_sim.model.schema import Plant
from factory_sim.model.study_schema import Change, Study
from factory_sim.model.units import Si

__all__ = [
    "Change",
    "Distribution",
    "InputError",
    "Plant",
    "Problem",
    "Si",
    "Study",
    "check",
    "error_at",
    "keys",
    "parse_plant",
    "read",
    "read_any",
    "read_study",
]
