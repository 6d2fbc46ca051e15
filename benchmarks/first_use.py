"""What one waits for: import, first use of a kernel from a cold and from a warm cache, and the cost of a call.

Each first use is a new process: imports, compile or load, and one small solution. Cold: an empty cache of machine code;
warm: the same cache once more. Python's byte code of the packages is there already, as after any earlier start; beside
them stands what Numba alone takes to be imported and set up, with that byte code and at the very first start without.
CPU time, so that other programs disturb less; but seconds are no ratios, and two programs on one core slow each other
down. They are therefore judged only where the load of the last minute leaves a core free. Exit code 1: `import
processes` imports Numba or SciPy, a kernel needs more than 5 s cold or 1.5 s warm, or an event function more than
0.5 us a call.

    python benchmarks/first_use.py [--quick] [--json]
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))  # the checkout, when it is not installed

MOST_COLD, MOST_WARM = 5.0, 1.5  # [s]
MOST_CALL, EXCELLENT_CALL = 500.0, 250.0  # [ns]
CALLS = 100_000
DIE = "Die(0.06, 0.04, (24, 16), 28.0, 4e6, [Channel(0.03, 0.02, 0.005)])"
ALLOY = "Alloy(557.0, 613.0, 389e3, 2680.0, 963.0, 1080.0, 160.0, 160.0)"
# What a technology calls once to be calibrated, as small as it is useful.
USES = {
    "lumped, one body": "from processes.kernels.lumped import lumped_law; lumped_law(51680.0, 15.0, 25.0)(900.0, 5.0)",
    "slab": (
        "from processes.kernels.slab import conduct; "
        "conduct([[850.0] * 32], 20.0, 0.02, 26.0, 4.7e6, h=900.0, T_fluid=60.0)"
    ),
    "enthalpy": (
        "from processes.kernels.enthalpy import *; "
        f"freeze({ALLOY}, 1.5e-3, 680.0, 9000.0, 180.0, None, mould=Mould(28.0, 4e6, 0.02, 30))"
    ),
    "section": (
        "from processes.kernels.section import *; "
        f"run_cycles({DIE}, [Phase(10.0, 5000.0, 500.0), Phase(30.0, 20.0, 40.0)], 150.0, 1)"
    ),
    "weld field": (
        "from processes.kernels.fields import goldak_temperature as g; "
        "g(5e3, 6e-3, 35.0, 7800.0, 640.0, 5e-3, 4e-3, 5e-3, 0.01, 2 / 3, 4 / 3, 25.0, 0.05, 0.01, 0.0, 10.0)"
    ),
}
NUMBA = "import numba; numba.njit(lambda x: x)(1.0)"
QUIET = 0.75  # load per core
IMPORT = "import sys, processes; sys.exit(any(name in sys.modules for name in ('numba', 'scipy')))"


def cpu_of(code: str, cache: str, byte_code: str = "") -> float:
    """Return the CPU time of a new Python process that runs some code. [s]

    Parameters
    ----------
    code : str       Python.
    cache : str      Directory of the machine code that Numba keeps.
    byte_code : str  Directory of the byte code that Python keeps; empty: Python compiles every module once more.

    Raises
    ------
    RuntimeError  If the code fails; it tells what it wrote.
    """
    environment = os.environ | {"NUMBA_CACHE_DIR": cache, "PYTHONPATH": str(ROOT)}
    if byte_code:
        environment["PYTHONPYCACHEPREFIX"] = byte_code
    # Python takes any text but the empty one for yes.
    environment["PYTHONDONTWRITEBYTECODE"] = "" if byte_code else "1"
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode:
        raise RuntimeError(f"the code failed: {code}\n{done.stderr[-800:]}")
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def first_uses(names: list[str], byte_code: str) -> dict[str, tuple[float, float]]:
    """Return the CPU times of the first use, cold and warm. [s]"""
    found = {}
    for name in names:
        with tempfile.TemporaryDirectory() as cache:
            cold = cpu_of(USES[name], cache, byte_code)
            found[name] = cold, min(cpu_of(USES[name], cache, byte_code) for _ in range(2))
    return found


def per_call(function: Callable[..., Any], *arguments: float) -> float:
    """Return the CPU time of a call, the best of five. [ns]"""
    best = float("inf")
    function(*arguments)
    for _ in range(5):
        begin = time.process_time()
        for _ in range(CALLS):
            function(*arguments)
        best = min(best, time.process_time() - begin)
    return 1e9 * best / CALLS


def calls() -> dict[str, float]:
    """Return the cost of a call: of a kernel, of a law of the event loop, and of a plain formula beside them. [ns]"""
    from processes.kernels import _lumped_core as core
    from processes.kernels.lumped import lumped_law

    law = lumped_law(51680.0, 15.0, 25.0, 0.8, 25.0)

    def formula(T: float, time: float) -> float:
        return 25.0 + (T - 25.0) / (1.0 + 1e-3 * time)

    return {
        "jitted, nothing to do": per_call(core.rate, 1.0, 2.0, 3.0, 4.0, 5.0),
        "lumped body, kernel": per_call(core.after, 298.15, 15.0, 4.5e-8, 51680.0, 1220.0, 12.0),
        "lumped body, law of an event": per_call(law, 1220.0, 12.0),
        "plain Python formula": per_call(formula, 1220.0, 12.0),
    }


def problems_of(uses: dict[str, tuple[float, float]], cost: dict[str, float]) -> list[str]:
    """Return what is more than is promised."""
    found = []
    for name, (cold, warm) in uses.items():
        for how, value, most in (("cold", cold, MOST_COLD), ("warm", warm, MOST_WARM)):
            if value > most:
                found.append(f"first use of {name}, {how}: {value:.2f} s, promised {most:g} s")
    call = cost["lumped body, law of an event"]
    if call > MOST_CALL:
        found.append(f"a call of a law of an event: {call:.0f} ns, promised {MOST_CALL:g} ns")
    return found


def busy() -> str:
    """Return in words that other programs use the machine; empty if not, or if the system does not tell."""
    load, cores = os.getloadavg()[0] if hasattr(os, "getloadavg") else 0.0, os.cpu_count() or 1
    return f"not judged: a load of {load:.1f} on {cores} cores" if load > QUIET * cores else ""


def text(
    importing: float, alone: tuple[float, float], uses: dict[str, tuple[float, float]], cost: dict[str, float]
) -> str:
    """Return the figures for people."""
    lines = [f"import processes: {importing:.2f} s with Python itself, neither Numba nor SciPy"]
    lines += [f"Numba alone, imported and set up: {alone[1]:.2f} s; {alone[0]:.2f} s at the very first start"]
    lines += [f"first use, {name}: {cold:.2f} s cold, {warm:.2f} s warm" for name, (cold, warm) in uses.items()]
    lines += [f"a call, {name}: {value:.0f} ns" for name, value in cost.items()]
    return "\n".join(lines)


def main() -> int:
    """Measure, print, and return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="one kernel instead of all; no promise counts")
    parser.add_argument("--json", action="store_true", help="print one JSON object and nothing else")
    options = parser.parse_args()
    noise = busy()
    with tempfile.TemporaryDirectory() as byte_code:
        cpu_of(NUMBA + "; import processes.kernels.cases", "", byte_code)
        importing = cpu_of(IMPORT, "", byte_code)
        alone = cpu_of(NUMBA, ""), cpu_of(NUMBA, "", byte_code)
        uses = first_uses(list(USES)[:1] if options.quick else list(USES), byte_code)
    cost = calls()
    problems = [] if options.quick or noise else problems_of(uses, cost)
    if options.json:
        figures = {
            "import_s": importing,
            "numba_alone_s": alone,
            "first_use_s": uses,
            "call_ns": cost,
            "problems": problems,
        }
        sys.stdout.write(json.dumps(figures) + "\n")
    else:
        sys.stdout.write(text(importing, alone, uses, cost) + f"\n{noise}".rstrip() + "\n")
    sys.stderr.writelines(f"{problem}\n" for problem in problems)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
