"""exp without branches, so that loops over it become SIMD code; the twin in `reference` has the same operations."""

from __future__ import annotations

from typing import Any

import numpy as np

from processes.kernels._jit import compiled, fused

LOG2_E = 1.4426950408889634
LN2_HIGH = 6.93147180369123816490e-01  # its last 21 bits are zero: k LN2_HIGH is exact
LN2_LOW = 1.90821492927058770002e-10
ROUND = 6755399441055744.0  # 1.5 2^52: adding it leaves the nearest whole number in the last bits
LEAST, MOST = -708.0, 709.0
ONE = np.int64(1023)
SHIFT = np.int64(52)


@compiled
def fast_exp(x: float) -> float:
    """Return e^x, relative error below 4e-16; x is clipped to [-708, 709], the range without subnormals."""
    x = min(max(x, LEAST), MOST)
    shifted = x * LOG2_E + ROUND
    k = shifted - ROUND
    r = (x - k * LN2_HIGH) - k * LN2_LOW
    # Taylor to degree 13 for |r| <= ln(2)/2, in pairs (Estrin) so that few operations wait for each other.
    r2 = r * r
    r4 = r2 * r2
    r8 = r4 * r4
    low = (1.0 + r) + r2 * (0.5 + r * 0.16666666666666666)
    mid = (0.041666666666666664 + r * 0.008333333333333333) + r2 * (0.001388888888888889 + r * 0.0001984126984126984)
    high = (2.48015873015873e-05 + r * 2.7557319223985893e-06) + r2 * (
        2.755731922398589e-07 + r * 2.505210838544172e-08
    )
    top = 2.08767569878681e-09 + r * 1.6059043836821613e-10
    p = (low + r4 * mid) + r8 * (high + r4 * top)
    scale = np.int64((np.float64(shifted).view(np.int64) + ONE) << SHIFT).view(np.float64)
    return p * scale


_same: Any = fast_exp
fused_exp = fused(_same.py_func, keep=False)  # for cores that are `fused`; its twin is `reference.fast_exp`, near
