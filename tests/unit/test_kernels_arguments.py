"""Whatever stands in the place of an argument of a kernel: an answer, or a ValueError that names it."""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from processes.kernels import billet, block, casting, diffusion, enthalpy, lumped, quench, section, slab

ALLOY = enthalpy.Alloy(557.0, 613.0, 389e3, 2680.0, 963.0, 1080.0, 160.0, 90.0)
STEEL = enthalpy.Mould(28.0, 4e6, 0.01, 4)
CONTACTS = [enthalpy.Contact(0.1, 1e4), enthalpy.Contact(1.0, 1e3)]
CHANNELS = [section.Channel(0.03, 0.02, 0.006)]
DIE = section.Die(0.06, 0.04, (8, 8), 28.0, 4e6, CHANNELS)
PHASES = [section.Phase(1.0, 5e3, 500.0, steps=2)]
BOX = np.ones((4, 4, 4), dtype=np.int64)
BOX[:2, :2, :2] = 0
COLD = np.full((1, 5), 20.0)
BODY: dict[str, Any] = {"T": 900.0, "heat_capacity": 1e4, "h": 10.0, "T_fluid": 20.0, "emissivity": 0.8}
GOOD: list[tuple[Callable[..., Any], dict[str, Any]]] = [
    (enthalpy.freeze, {
        "alloy": ALLOY, "half_thickness": 0.002, "T_metal": 640.0, "h_contact": CONTACTS, "T_outside": 200.0,
        "time": 0.2, "cells": 4, "mould": STEEL, "T_mould": 150.0, "h_outside": 10.0, "longest": 1e3,
    }),
    (enthalpy.contact_stages, {"times": [0.0, 1.0], "h": [1.0, 2.0], "pieces": 2}),
    (enthalpy.die_wall_table, {
        "alloy": ALLOY, "walls": [0.05], "h_contacts": [1e4], "T_dies": [200.0], "T_metal": 640.0, "die": STEEL,
        "cells": 4,
    }),
    (enthalpy.Mould, {"k": 1.0, "rho_c": 1.0, "thickness": 1.0, "cells": 4}),
    (casting.solidify, {
        "material": BOX, "alloy": ALLOY, "moulds": [casting.Solid(40.0, 4e6)], "T": np.where(BOX == 0, 680.0, 200.0),
        "spacing": (2e-3,) * 3, "time": 0.1, "h_contact": 3e3, "h_outside": 0.0, "T_outside": 25.0, "longest": 1e2,
    }),
    (diffusion.carburise, {
        "carbon": 0.2, "stages": [diffusion.Stage(10.0, 1e-11, 1.0, 1e-7)], "size": 1e-3, "shape": "slab", "nodes": 11,
        "steps": 3,
    }),
    (diffusion.case_depth, {"carbon": diffusion.Carbon(np.array([1.0, 0.0]), np.array([0.2, 0.8]), 0.0), "limit": 0.4}),
    (diffusion.dry_web, {
        "water": 400.0, "time": 1.0, "thickness": 1e-4, "diffusivity": 1e-8, "rate": 5e-4, "critical": 150.0,
        "equilibrium": 0.0, "nodes": 5, "steps": 5,
    }),
    (billet.heat_billets, {
        "T": COLD, "stages": [billet.Coil(1.0, 1e5, 0.01)], "radius": 0.02, "k": 30.0, "rho_c": 4e6, "h": 10.0,
        "T_fluid": 20.0, "emissivity": 0.8, "T_surroundings": 20.0, "steps": 3,
    }),
    (billet.skin_source, {"radius": 0.02, "skin_depth": 0.01, "nodes": 5}),
    (block.conduct_block, {
        "T": np.full((4, 4, 4), 400.0), "time": 1.0, "size": (0.01, 0.01, 0.01), "k": 100.0, "rho_c": 2e6,
        "h": (0.0, 1.0) * 3, "T_fluid": 20.0, "steps": 2,
    }),
    (section.run_cycles, {"die": DIE, "phases": PHASES, "T": 150.0, "cycles": 1}),
    (section.periodic_state, {"die": DIE, "phases": PHASES, "T": 150.0, "tolerance": 1.0, "most_cycles": 50}),
    (section.Die, {
        "depth": 0.06, "width": 0.04, "cells": (8, 8), "k": 28.0, "rho_c": 4e6, "channels": CHANNELS, "h_channel": 1.0,
        "T_water": 20.0, "h_back": 1.0, "T_back": 20.0,
    }),
    (slab.conduct, {
        "T": COLD, "time": 1.0, "length": 0.01, "k": 1.0, "rho_c": 1e6, "h": 1.0, "T_fluid": 20.0, "shape": "slab",
        "emissivity": 0.0, "T_surroundings": 20.0, "h_left": 0.0, "T_left": 20.0, "power": 0.0, "source": np.ones(5),
        "steps": 3, "order": 2, "probe": 1,
    }),
    (slab.at, {"profile": np.ones(5), "length": 1.0, "place": 0.5}),
    (slab.time_when, {"times": [1.0, 2.0], "series": [1.0, 3.0], "start": 0.0, "target": 2.0}),
    (slab.nodes_of, {"length": 1.0, "nodes": 3}),
    (slab.shells, {"shape": "slab", "nodes": 3}),
    (quench.quench, {
        "T": COLD, "time": 1.0, "length": 0.01, "k": 1.0, "rho_c": 1e6, "temperatures": [0.0, 900.0],
        "films": [1.0, 2.0], "T_fluid": 20.0, "shape": "slab", "steps": 3,
    }),
    (lumped.lumped_time, {**BODY, "T_target": 500.0, "T_surroundings": 20.0, "intervals": 8}),
    (lumped.lumped_temperature, {**BODY, "time": 50.0, "T_surroundings": 20.0}),
]  # fmt: skip
BAD = [3.0, None, "x", [1.0, "a"], [None], {"a": 1}, math.nan, [[1.0, 2.0], [3.0]], -1.0, 1.5, True, [], np.zeros(0)]


@pytest.mark.parametrize(("function", "good"), GOOD, ids=lambda item: getattr(item, "__name__", ""))
def test_any_argument_gives_an_answer_or_an_error_with_its_name(function, good) -> None:
    function(**good)
    for name in good:
        for bad in (*BAD, object()):
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # NumPy's, of numbers far from any sense
                try:
                    function(**(good | {name: bad}))
                except ValueError as error:
                    told = str(error)
                    # Without moulds the cells of a box cannot all have a material.
                    assert name in told or (name == "moulds" and "material must lie in [0, 0]" in told), (name, bad)
