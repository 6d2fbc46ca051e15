"""What no scenario may exceed: people and connected power; scenarios that do are left out, and it is said which."""

from __future__ import annotations

from factory_sim.model import Plant, Study, error_at
from factory_sim.model.study_schema import BASELINE
from factory_sim.simulation.line_machines import machines_of
from factory_sim.study.scenario import changed, changes_of

PEOPLE, POWER = "people", "power"


def positions(plant: Plant) -> float:
    """Return the positions of all staff of a plant. [-]"""
    return sum(staff.positions for staff in plant.staff.values())


def connected_power(plant: Plant) -> float:
    """Return the electric power if all machines work, with what is beside them. [W]"""
    machines = sum(like.power.working for name in plant.station for _, like in machines_of(plant, name))
    return machines + plant.economics.auxiliary_power


def admitted(study: Study) -> Study:
    """Return the study without the scenarios that exceed its limits; see `Study.left_out` of what is returned.

    Uncertain amounts count as in replication 0.

    Raises
    ------
    InputError  If a scenario cannot be made, or all of them exceed a limit.
    """
    design = study.design
    if design.people is None and design.power is None:
        return study
    over: dict[str, str] = {}
    for name in study.scenarios:
        if name == BASELINE:
            continue
        plant = changed(study.plant, changes_of(study, name), study.study.seed)
        if design.people is not None and positions(plant) > design.people:
            over[name] = PEOPLE
        elif design.power is not None and connected_power(plant) > design.power * (1.0 + 1e-12):
            over[name] = POWER
    if len(over) == len(study.scenarios) - 1:
        path = ("design", next(iter(over.values())))
        raise error_at(study.file, path, "allows nothing: every scenario exceeds it; raise it")
    kept = study.model_copy()
    kept._left_out = over
    return kept
