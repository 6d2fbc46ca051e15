"""Arguments of a temperature field that may be one number or an array: positions and times."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import ArrayLike, NDArray

    Array: TypeAlias = NDArray[np.float64]
    Field: TypeAlias = float | Array


def array_of(name: str, values: ArrayLike) -> Array:
    """Return a number or an array as an array of floats. [its own unit]

    Parameters
    ----------
    name : str              Name of the argument, for the message.
    values : float, array   What the caller gave.

    Raises
    ------
    ValueError  If it holds texts, or rows of different lengths.

    >>> array_of("depth", [[0.0, 0.01], [0.02]])
    Traceback (most recent call last):
    ValueError: depth must be a number or an array of numbers, got [[0.0, 0.01], [0.02]]
    """
    import numpy as np

    try:
        return np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError):
        raise ValueError(f"{name} must be a number or an array of numbers, got {values!r}") from None


def checked_field(name: str, values: Field, low: float, high: float = math.inf) -> Array:
    """Return an argument that may be a number or an array as an array, every element checked. [its own unit]

    Parameters
    ----------
    name : str              Name of the argument, for the message.
    values : float, array   What the caller gave.
    low, high : float       Every element must be finite and lie in [low, high].

    Raises
    ------
    ValueError  If an element is NaN, infinite or outside; the message shows the first such element.

    Notes
    -----
    A number becomes an array without axes, so that the formula behind is written once; `as_given` turns it back.

    >>> checked_field("depth", [0.0, -0.01], 0.0)
    Traceback (most recent call last):
    ValueError: depth must be finite and at least 0, got -0.01
    """
    import numpy as np

    array = array_of(name, values)
    bad = array[~(np.isfinite(array) & (array >= low) & (array <= high))]
    if bad.size:
        limits = f"lie in [{low:g}, {high:g}]" if high < math.inf else f"be finite and at least {low:g}"
        raise ValueError(f"{name} must {limits}, got {float(bad[0])!r}")
    return array


def as_given(values: Array) -> Any:
    """Return a float for an array without axes, any other array as it is. [its own unit]

    Parameters
    ----------
    values : array   Result of a formula over arguments of `checked_field`.

    Raises
    ------
    TypeError  If an array without axes holds no number.

    Notes
    -----
    Typed Any as NumPy types its functions: a caller with numbers would have to narrow a union at every call.

    >>> as_given(2.0 * checked_field("time", 3.0, 0.0))
    6.0
    """
    return float(values) if values.ndim == 0 else values
