"""Plant files for the reference cases of inspection and of control charts; see `event_plants`."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from factory_sim.results.sensors import defective_parts
from factory_sim.simulation import trace as t
from factory_sim.simulation.plan import NEVER
from factory_sim.simulation.sensor_rows import ALARM
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


RUNS = 100_000  # parts of one replication; its last run is left out


def control_chart(p: Case) -> Model:
    """A chart for each shift on machines of its own; after an alarm a chart begins anew."""
    kinds = {"L": "shewhart", "k": "cusum"}
    kind = "ewma" if "lambda" in p else next(kinds[key] for key in kinds if key in p)
    names = {"L": "limit", "lambda": "weight", "k": "k", "h": "h"}
    chart = [f'kind = "{kind}"', *(f"{name} = {p[key]!r}" for key, name in names.items() if key in p)]
    shifts = p.get("shift", [0.0, 1.0])
    gauge = f"spread = 1.0, subgroup = {p.get('n', 1)}, sample_every = {p.get('n', 1)}"
    stations = [
        [f"cycle = {time(1.0)}", f"measure.size = {{target = 0.0, drift_per_part = 0.0, {gauge}, {shift}}}"]
        for shift in (
            f'cause.away = {{between = "1 ms", size = {size!r}}}, chart.of_size = {{{", ".join(chart)}}}'
            for size in shifts
        )
    ]

    def figures(seen: Seen) -> Figures:
        lengths = [run_length(seen, 2 * index + 1) for index in range(len(shifts))]
        named = ["arl_in_control" if not shift else f"arl_shift_{shift:g}" for shift in shifts]
        return dict(zip(named, lengths, strict=True))

    return Model(line("", stations), figures, unit=float(RUNS))


def run_length(seen: Seen, sensor: int) -> float:
    """Return the mean number of samples until an alarm of a chart."""
    mine = seen.trace.signals["sensor"] == sensor
    alarms = np.flatnonzero(seen.trace.signals["decision"][mine] == ALARM)
    return float(np.diff(alarms, prepend=-1).mean())


MODELS: dict[str, Callable[[Case], Model]] = {
    "imperfect inspection": inspection,
    "control chart run length": control_chart,
}
SLOW: set[str] = {"control chart run length"}
