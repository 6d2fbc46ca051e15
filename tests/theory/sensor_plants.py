"""Plant files for the reference cases of inspection and of control charts; see `event_plants`."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from factory_sim.results.sensors import defective_parts
from factory_sim.simulation import trace as t
from factory_sim.simulation.plan import NEVER
from tests.theory.event_plants import Case, Figures, Model, line, time
from tests.theory.observe import Seen


def inspection(p: Case) -> Model:
    """A station that makes defects, and one that looks for them."""
    making = [f"cycle = {time(1.0)}", f"defect.flaw = {{share = {p['p']!r}}}"]
    looking = [f"cycle = {time(1.0)}", f"sensor.eye = {{miss = {p['beta']!r}, false_reject = {p['alpha']!r}}}"]

    def figures(seen: Seen) -> Figures:
        parts = seen.trace.parts
        gone = parts["left"] < NEVER
        defective = np.isin(parts["part"], defective_parts(seen.trace))
        accepted, rejected = gone & (parts["fate"] == t.AT_SINK), gone & (parts["fate"] == t.REJECTED)
        return {
            "accepted_fraction": float(accepted.sum() / gone.sum()),
            "defective_among_accepted": float(defective[accepted].mean()),
            "good_among_rejected": float((~defective[rejected]).mean()),
        }

    return Model(line("", [making, looking]), figures, split=100)


MODELS: dict[str, Callable[[Case], Model]] = {"imperfect inspection": inspection}
SLOW: set[str] = set()
