"""Types that the kernels share."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Array: TypeAlias = npt.NDArray[np.float64]
    Integers: TypeAlias = npt.NDArray[np.int64]
    Numbers: TypeAlias = float | npt.NDArray[np.float64]
else:
    Array = Integers = Numbers = object  # annotations are not evaluated
