"""The one way in which a core is compiled. Importing this module imports Numba: only the private modules do it."""

from __future__ import annotations

from collections.abc import Callable
from typing import ParamSpec, TypeVar, cast

import numba

P = ParamSpec("P")
R = TypeVar("R")


def compiled(function: Callable[P, R]) -> Callable[P, R]:
    """Compile a core at its first call and keep the machine code on disk.

    No fastmath, so that a NumPy twin gives the same bits. Division follows IEEE 754 (no test for zero, which would keep
    loops scalar); the interpreter lock is released. Where the package lies read-only, set NUMBA_CACHE_DIR.
    """
    return cast("Callable[P, R]", numba.njit(cache=True, nogil=True, error_model="numpy")(function))


def fused(function: Callable[P, R], keep: bool = True) -> Callable[P, R]:
    """Compile as `compiled` does, but let the compiler round a product and a sum once instead of twice (FMA).

    Nothing else is reassociated. A twin is then near, not equal; its test says how near. `keep` false: no code of its
    own on disk, for a function that is part of others and is compiled in the other way too under the same name.
    """
    how = numba.njit(cache=keep, nogil=True, error_model="numpy", fastmath={"contract"})
    return cast("Callable[P, R]", how(function))


def part(function: Callable[P, R]) -> Callable[P, R]:
    """Make a function that is written into the cores that call it, before they are typed.

    The compiler then sees it once per call. A `compiled` one it sees alone, again in each core that calls it, and again
    in theirs: for cores of many parts most of the time of a first use.
    """
    return cast("Callable[P, R]", numba.njit(inline="always", error_model="numpy")(function))
