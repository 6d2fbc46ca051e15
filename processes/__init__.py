"""Physics of the root technologies: SI numbers in, SI numbers out; knows no factory.

Temperatures are degrees Celsius at the interface, every other quantity is SI. One module per technology; each public
function is its own manual (definition, units, ranges, what it raises, source and status, one example).

Status of a number or formula, in docstrings and in `materials`:

- *read*: the text of the source was seen;
- *recalled*: from memory of the named book or standard, to be checked before it is cited;
- *typical*: a value of the trade, to be replaced by plant data.
"""

from __future__ import annotations

from types import ModuleType

MARKER = "ppuri-factory-sim"


def check_marker(package: ModuleType) -> None:
    """Raise if `package` is not the `processes` of this project.

    An unrelated distribution installs a package of the same name and silently overwrites this one.

    Raises
    ------
    ImportError  If `package` does not carry this project's marker; the message says what to do.
    """
    if getattr(package, "MARKER", None) != MARKER:
        where = getattr(package, "__file__", None) or "an unknown place"
        raise ImportError(
            f"another package named 'processes' was found at {where}: factory_sim needs its own. "
            f"Remedy: python -m pip uninstall processes, then python -m pip install --force-reinstall {MARKER}"
        )
