"""The technologies of the root industries: parameters in, dynamics that the engine calls out.

`catalogue.TECHNOLOGIES` lists them. This is the only package that imports `processes`.
"""

from __future__ import annotations

from types import ModuleType

import processes

MARKER = "ppuri-factory-sim"


def check_processes(package: ModuleType) -> None:
    """Raise if `package` is not the `processes` of this project.

    An unrelated distribution of that name silently overwrites it, so the check cannot live there.

    Raises
    ------
    ImportError  If `package` does not carry this project's marker; the message says what to do.
    """
    if getattr(package, "MARKER", None) != MARKER:
        where = getattr(package, "__file__", None) or "an unknown place"
        raise ImportError(
            f"another package named 'processes' was found at {where}, but factory_sim needs its own. "
            f"Remedy: python -m pip uninstall processes, then python -m pip install --force-reinstall {MARKER}"
        )


check_processes(processes)
