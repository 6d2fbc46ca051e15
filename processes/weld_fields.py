"""Heat conduction around a moving weld: Rosenthal's point and line sources, Goldak's double ellipsoid.

Coordinates: x along the seam, y across it, z down from the surface of the plate; xi = x - v t is measured from the
source and is positive ahead of it. Coordinates and times may be arrays, which are broadcast; numbers give a float.
Conductivity and heat capacity are constants: for steel take those of 700-900 degC.
"""

from __future__ import annotations

import math
import warnings
from typing import TYPE_CHECKING

from processes.checks import require_positive, require_rising, require_temperatures, require_within
from processes.fields import array_of, as_given

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import ArrayLike, NDArray

    from processes.fields import Field

# Images and Gaussians farther away than this many e-foldings are nothing beside the nearest one.
E_FOLDINGS = 40.0
MOST_IMAGES = 100_000
WEAK = 40.0  # conduction over power of a line source from which on its isotherm is a closed form, to 1e-16


def _finite(**values: ArrayLike) -> tuple[NDArray[np.float64], ...]:
    """Return the values as arrays of one shape; raise if a number in them is not finite."""
    import numpy as np

    arrays = [array_of(name, value) for name, value in values.items()]
    for name, found in zip(values, arrays, strict=True):
        if not np.isfinite(found).all():
            raise ValueError(f"{name} must be finite, got {values[name]!r}")
    return np.broadcast_arrays(*arrays)


def _require_inside(high: float, **values: NDArray[np.float64]) -> None:
    """Raise if a number of an array lies outside [0, high]."""
    for name, value in values.items():
        for extreme in (value.min(initial=0.0), value.max(initial=0.0)):
            require_within(0.0, high, **{name: float(extreme)})


def _distance(*coordinates: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the distance from the source; raise at the source itself, where the temperature has no bound."""
    import numpy as np

    distance = np.sqrt(sum(coordinate**2 for coordinate in coordinates))
    if (distance == 0.0).any():
        raise ValueError("xi, y and z must not all be zero: at the source the temperature is not bounded, got 0.0")
    return np.asarray(distance)


def _field(values: NDArray[np.float64], T_melt: float | None) -> Field:
    """Return the temperatures; warn if some are those of a weld pool."""
    if T_melt is not None:
        require_temperatures(T_melt=T_melt)
        if (values > T_melt).any():
            text = f"temperatures above T_melt = {T_melt:g} degC: the conduction of a point source ends at the pool"
            warnings.warn(text, RuntimeWarning, stacklevel=3)
    found: Field = as_given(values)
    return found


def _point_source(scale: float, decay: float, xi: NDArray[np.float64], r: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the temperature rise of a point source: scale/r exp(-(xi + r)/decay)."""
    import numpy as np

    return np.asarray(scale / r * np.exp(-(xi + r) / decay))


def weld_rosenthal_thick_temperature(
    power: float,
    speed: float,
    k: float,
    rho: float,
    c: float,
    T0: float,
    xi: ArrayLike,
    y: ArrayLike,
    z: ArrayLike,
    T_melt: float | None = None,
) -> Field:
    """Return the steady temperature around a point source that moves over a thick plate. [degC]

    Parameters
    ----------
    power : float      Net heat q = eta U I. [W]
    speed : float      Travel speed, 3e-3 to 2e-2. [m/s]
    k : float          Conductivity, see row arc_steel of `processes.materials`. [W/(m K)]
    rho : float        Density. [kg/m^3]
    c : float          Specific heat, from the same row. [J/(kg K)]
    T0 : float         Plate far away, the preheat. [degC]
    xi : array_like    x - v t, positive ahead of the source. [m]
    y : array_like     Across the seam. [m]
    z : array_like     Below the surface, not negative. [m]
    T_melt : float     If given, a point hotter than this draws a RuntimeWarning: it lies in the pool. [degC]

    Raises
    ------
    ValueError  If a property is not positive and finite, a coordinate not finite, `z` negative, or a point the source.

    Notes
    -----
    T = T0 + q/(2 pi k r) exp(-v (xi + r)/(2 a)), a = k/(rho c), r^2 = xi^2 + y^2 + z^2. Constant properties, adiabatic
    surface; not to be trusted within about one length of the pool. Rosenthal (1946), recalled.

    >>> round(weld_rosenthal_thick_temperature(4000.0, 0.006, 35.0, 7800.0, 640.0, 25.0, -0.008, 0.004, 0.002), 2)
    1230.46
    """
    require_positive(power=power, speed=speed, k=k, rho=rho, c=c)
    require_temperatures(T0=T0)
    ahead, across, below = _finite(xi=xi, y=y, z=z)
    _require_inside(math.inf, z=below)
    r = _distance(ahead, across, below)
    return _field(T0 + _point_source(power / (2.0 * math.pi * k), 2.0 * k / (rho * c * speed), ahead, r), T_melt)


def weld_rosenthal_thin_temperature(
    power: float,
    speed: float,
    k: float,
    rho: float,
    c: float,
    thickness: float,
    T0: float,
    xi: ArrayLike,
    y: ArrayLike,
    T_melt: float | None = None,
) -> Field:
    """Return the steady temperature around a line source that moves through a thin plate. [degC]

    Parameters
    ----------
    power, speed, k, rho, c, T0, T_melt : float
        As in `weld_rosenthal_thick_temperature`.
    thickness : float   Plate, so thin that its faces have one temperature. [m]
    xi : array_like     x - v t, positive ahead of the source. [m]
    y : array_like      Across the seam. [m]

    Raises
    ------
    ValueError  If a property is not positive and finite, a coordinate not finite, or a point lies on the source.

    Notes
    -----
    T = T0 + q/(2 pi k d) exp(-v xi/(2 a)) K0(v r/(2 a)), r^2 = xi^2 + y^2, computed with the scaled K0, so that no
    exponential underflows. Adiabatic faces, constant properties; not within about one length of the pool.
    Rosenthal (1946), recalled.

    >>> round(weld_rosenthal_thin_temperature(1500.0, 0.008, 35.0, 7800.0, 640.0, 0.002, 25.0, -0.01, 0.004), 2)
    1115.3
    """
    import numpy as np
    from scipy.special import k0e

    require_positive(power=power, speed=speed, k=k, rho=rho, c=c, thickness=thickness)
    require_temperatures(T0=T0)
    ahead, across = _finite(xi=xi, y=y)
    r = _distance(ahead, across)
    decay = 2.0 * k / (rho * c * speed)
    rise = power / (2.0 * math.pi * k * thickness) * np.exp(-(ahead + r) / decay) * k0e(r / decay)
    return _field(np.asarray(T0 + rise), T_melt)


def weld_rosenthal_plate_temperature(
    power: float,
    speed: float,
    k: float,
    rho: float,
    c: float,
    thickness: float,
    T0: float,
    xi: ArrayLike,
    y: ArrayLike,
    z: ArrayLike,
    T_melt: float | None = None,
) -> Field:
    """Return the steady temperature around a point source on a plate of finite thickness. [degC]

    Parameters
    ----------
    power, speed, k, rho, c, T0, T_melt : float
        As in `weld_rosenthal_thick_temperature`.
    thickness : float   Plate. [m]
    xi : array_like     x - v t, positive ahead of the source. [m]
    y : array_like      Across the seam. [m]
    z : array_like      Below the surface on which the source runs, 0 to `thickness`. [m]

    Raises
    ------
    ValueError  If a property is not positive and finite, a coordinate not finite, `z` outside the plate, a point the
                source, or `thickness` so small that the sum would need more than 100 000 images.

    Notes
    -----
    The thick-plate field summed over images of the source at depths 2 n d, n = 0, +-1, ...: adiabatic faces. Equals
    the thick plate near the source and the thin one where r is some thicknesses. Rosenthal (1946), recalled; sum
    computed here.

    >>> round(weld_rosenthal_plate_temperature(4000, 0.006, 35.0, 7800.0, 640.0, 0.012, 25.0, -0.025, 0.006, 0.004), 2)
    500.67
    """
    import numpy as np

    require_positive(power=power, speed=speed, k=k, rho=rho, c=c, thickness=thickness)
    require_temperatures(T0=T0)
    ahead, across, below = _finite(xi=xi, y=y, z=z)
    _require_inside(thickness, z=below)
    r = _distance(ahead, across, below)
    scale, decay = power / (2.0 * math.pi * k), 2.0 * k / (rho * c * speed)
    plane = ahead**2 + across**2
    depth = np.sqrt((r + E_FOLDINGS * decay) ** 2 - plane).max(initial=0.0)
    images = math.ceil(min(0.5 * (depth / thickness + 1.0), MOST_IMAGES + 1.0))
    if images > MOST_IMAGES:
        raise ValueError(
            f"thickness must exceed {depth / (2 * MOST_IMAGES):.3g}, else use the thin plate, got {thickness!r}"
        )
    rise = _point_source(scale, decay, ahead, r)
    for n in range(1, images + 1):
        for image in (below - 2 * n * thickness, below + 2 * n * thickness):
            rise = rise + _point_source(scale, decay, ahead, np.sqrt(plane + image**2))
    return _field(np.asarray(T0 + rise), T_melt)


def weld_rosenthal_thick_half_width(
    power: float, speed: float, k: float, rho: float, c: float, T0: float, T_isotherm: float
) -> float:
    """Return the largest half width of an isotherm on the surface of a thick plate. [m]

    Parameters
    ----------
    power, speed, k, rho, c, T0 : float
        As in `weld_rosenthal_thick_temperature`.
    T_isotherm : float   Melting for the pool, 723 for the heat-affected zone of steel. [degC]

    Raises
    ------
    ValueError  If a property is not positive and finite, or `T_isotherm` does not exceed `T0`.

    Notes
    -----
    On the isotherm xi = -r + l ln(r_m/r), with l = 2 a/v and r_m = q/(2 pi k (T - T0)). It is widest where
    ln(r_m/r) = r/(r + l), which has one root between r_m/e and r_m. Rosenthal (1946), recalled; root solved here.

    >>> round(1e3 * weld_rosenthal_thick_half_width(4000.0, 0.006, 35.0, 7800.0, 640.0, 25.0, 1500.0), 3)  # mm
    4.168
    """
    from scipy.optimize import brentq

    require_positive(power=power, speed=speed, k=k, rho=rho, c=c)
    require_rising(T0=T0, T_isotherm=T_isotherm)
    longest = power / (2.0 * math.pi * k * (T_isotherm - T0))
    decay = 2.0 * k / (rho * c * speed) / longest  # lengths as shares of the longest radius
    share = float(brentq(lambda s: math.log(s) + s / (s + decay), math.exp(-1.0), 1.0, xtol=1e-15))
    return longest * share * math.sqrt(decay * (decay + 2.0 * share)) / (share + decay)


def weld_rosenthal_thin_half_width(
    power: float, speed: float, k: float, rho: float, c: float, thickness: float, T0: float, T_isotherm: float
) -> float:
    """Return the largest half width of an isotherm in a thin plate. [m]

    Parameters
    ----------
    power, speed, k, rho, c, thickness, T0 : float
        As in `weld_rosenthal_thin_temperature`.
    T_isotherm : float   Melting for the pool, 723 for the heat-affected zone of steel. [degC]

    Raises
    ------
    ValueError  If a property is not positive and finite, or `T_isotherm` does not exceed `T0`.

    Notes
    -----
    With u = v r/(2 a) the isotherm is widest where ln(A K0(u)) + u K0(u)/K1(u) = 0, A = q/(2 pi k d (T - T0)); the
    half width is r sqrt(1 - (K0/K1)^2); A < 1/40: u = 2 exp(-1/A - 0.5772). Rosenthal (1946), recalled; solved here.

    >>> round(1e3 * weld_rosenthal_thin_half_width(1500.0, 0.008, 35.0, 7800.0, 640.0, 0.002, 25.0, 1500.0), 3)  # mm
    2.868
    """
    from scipy.optimize import brentq
    from scipy.special import k0e, k1e

    require_positive(power=power, speed=speed, k=k, rho=rho, c=c, thickness=thickness)
    require_rising(T0=T0, T_isotherm=T_isotherm)
    weakness = 2.0 * math.pi * k * thickness * (T_isotherm - T0) / power  # 1/A, infinite for the least of powers
    if weakness > WEAK:  # u is so small that K0 is ln(2/u) - 0.5772 and all else is nothing beside 1
        return 2.0 * k / (rho * c * speed) * 2.0 * math.exp(-weakness - 0.5772156649015329)

    def excess(log_u: float) -> float:
        u = math.exp(log_u)
        return math.log(k0e(u) / weakness) - u * (1.0 - float(k0e(u) / k1e(u)))

    u = math.exp(float(brentq(excess, -WEAK - 1.0, 2.0 * max(0.0, -math.log(weakness)) + 2.0, xtol=1e-14)))
    return 2.0 * k / (rho * c * speed) * u * math.sqrt(1.0 - float(k0e(u) / k1e(u)) ** 2)


def weld_goldak_peak_density(
    power: float, fraction: float, half_width: float, depth: float, axial_length: float
) -> float:
    """Return the greatest heat per volume in the front or the rear half of a double ellipsoid. [W/m^3]

    Parameters
    ----------
    power : float          Net heat of the source. [W]
    fraction : float       f of this half, 0 to 2; front and rear make 2, often 0.6 and 1.4. [-]
    half_width : float     a, half the width of the pool. [m]
    depth : float          b, depth of the pool. [m]
    axial_length : float   c of this half: a in front, 2 a behind. [m]

    Raises
    ------
    ValueError  If an argument is not positive and finite, or `fraction` lies outside [0, 2].

    Notes
    -----
    6 sqrt(3) f P/(a b c pi sqrt(pi)). The two halves meet without a jump if f/c is equal in both. Goldak (1984);
    his submerged arc: a = b = 20, c = 15 and 30 mm, 1170 A, 32.9 V, 5 mm/s, efficiency 0.95 (recalled).

    >>> round(weld_goldak_peak_density(36568.35, 0.6, 0.02, 0.02, 0.015) / 1e9, 3)  # W/mm3
    6.825
    """
    require_positive(power=power, half_width=half_width, depth=depth, axial_length=axial_length)
    require_within(0.0, 2.0, fraction=fraction)
    ellipsoid = half_width * depth * axial_length * math.pi * math.sqrt(math.pi)
    return 6.0 * math.sqrt(3.0) * fraction * power / ellipsoid


def _require_two(**fractions: float) -> None:
    """Raise unless each fraction lies in [0, 2] and both make 2."""
    require_within(0.0, 2.0, **fractions)
    total = sum(fractions.values())
    if not math.isclose(total, 2.0, rel_tol=1e-6):
        raise ValueError(f"{' and '.join(fractions)} must make 2, got {total!r}")


def weld_goldak_density(
    power: float,
    half_width: float,
    depth: float,
    front_length: float,
    rear_length: float,
    fraction_front: float,
    fraction_rear: float,
    xi: ArrayLike,
    y: ArrayLike,
    z: ArrayLike,
) -> Field:
    """Return the heat per volume that a double ellipsoid gives to a point. [W/m^3]

    Parameters
    ----------
    power, half_width, depth, front_length, rear_length, fraction_front, fraction_rear : float
        As in `weld_goldak_halfspace_temperature`.
    xi : array_like   From the centre of the source, positive ahead. [m]
    y : array_like    Across the seam. [m]
    z : array_like    Below the surface, not negative. [m]

    Raises
    ------
    ValueError  If a size is not positive and finite, the fractions do not make 2, a coordinate is not finite, or `z`
                is negative.

    Notes
    -----
    `weld_goldak_peak_density` of the half times exp(-3 xi^2/c^2 - 3 y^2/a^2 - 3 z^2/b^2); its integral over the half
    space is the power. A source for grid kernels. Goldak (1984), recalled.

    >>> round(weld_goldak_density(5e3, 0.005, 0.004, 0.005, 0.01, 2 / 3, 4 / 3, -0.01, 0.0, 0.0) / 1e9, 3)  # W/mm3
    3.097
    """
    import numpy as np

    require_positive(front_length=front_length, rear_length=rear_length)
    _require_two(fraction_front=fraction_front, fraction_rear=fraction_rear)
    front = weld_goldak_peak_density(power, fraction_front, half_width, depth, front_length)
    rear = weld_goldak_peak_density(power, fraction_rear, half_width, depth, rear_length)
    ahead, across, below = _finite(xi=xi, y=y, z=z)
    _require_inside(math.inf, z=below)
    leads = ahead > 0.0
    length = np.where(leads, front_length, rear_length)
    shape = np.exp(-3.0 * ((ahead / length) ** 2 + (across / half_width) ** 2 + (below / depth) ** 2))
    found: Field = as_given(np.asarray(np.where(leads, front, rear) * shape))
    return found


def weld_goldak_halfspace_temperature(
    power: float,
    speed: float,
    k: float,
    rho: float,
    c: float,
    half_width: float,
    depth: float,
    front_length: float,
    rear_length: float,
    fraction_front: float,
    fraction_rear: float,
    T0: float,
    x: ArrayLike,
    y: ArrayLike,
    z: ArrayLike,
    time: ArrayLike,
) -> Field:
    """Return the temperature in a half space under a double ellipsoid that set out from x = 0 at time 0. [degC]

    Parameters
    ----------
    power, speed, k, rho, c, T0 : float
        As in `weld_rosenthal_thick_temperature`.
    half_width : float       a, half the width of the pool. [m]
    depth : float            b, depth of the pool. [m]
    front_length, rear_length : float       c of the halves, about a and 2 a. [m]
    fraction_front, fraction_rear : float   f of the halves, together 2; f/c equal in both avoids a jump. [-]
    x : array_like           Along the seam, from the start; the source is at v t. [m]
    y : array_like           Across the seam. [m]
    z : array_like           Below the surface, not negative. [m]
    time : array_like        Since the start, not negative; the source is still on. [s]

    Raises
    ------
    ValueError  If a property or size is not positive and finite, the fractions do not make 2, a coordinate is not
                finite, or `z` or `time` is negative.

    Notes
    -----
    The heat of an instant stays a product of Gaussians, whose squared widths a^2/3 grow by 4 a_diff t; the halves give
    the error function along x. Their sum over the time is taken by adaptive quadrature. Adiabatic surface, constant
    properties, no latent heat: the reference of a grid kernel. Goldak (1984), recalled; integral computed here.

    >>> source = (5e-3, 4e-3, 5e-3, 0.01, 2 / 3, 4 / 3)
    >>> round(weld_goldak_halfspace_temperature(5e3, 6e-3, 35, 7800, 640, *source, 25, 0.05, 0.01, 0, 10), 2)
    302.27
    """
    require_positive(power=power, speed=speed, k=k, rho=rho, c=c, half_width=half_width, depth=depth)
    require_positive(front_length=front_length, rear_length=rear_length)
    _require_two(fraction_front=fraction_front, fraction_rear=fraction_rear)
    require_temperatures(T0=T0)
    along, across, below, since = _finite(x=x, y=y, z=z, time=time)
    _require_inside(math.inf, z=below, time=since)
    sizes = (half_width, depth, front_length, rear_length)
    fractions, place = (fraction_front, fraction_rear), (along, across, below)
    scale = power / (rho * c * math.pi**1.5)
    rise = _ellipsoid_rise(k / (rho * c), speed, sizes, fractions, place, since, 1e-8 / scale)
    found: Field = as_given(T0 + scale * rise)
    return found


def _ellipsoid_rise(
    diffusivity: float,
    speed: float,
    sizes: tuple[float, float, float, float],
    fractions: tuple[float, float],
    place: tuple[NDArray[np.float64], ...],
    since: NDArray[np.float64],
    absolute: float,
) -> NDArray[np.float64]:
    """Return the integral of a double ellipsoid (a, b, front, rear) over the time since it set out. [s/m^3]

    `absolute` is the error that the quadrature may leave.
    """
    import numpy as np
    from scipy.integrate import quad_vec
    from scipy.special import erfc

    along, across, below = place
    width, depth, *lengths = sizes

    def half(fraction: float, length: float, w: NDArray[np.float64], lead: NDArray[np.float64]) -> NDArray[np.float64]:
        own = length**2 / 3.0
        bell = np.exp(-(lead**2) / (own + w)) / np.sqrt(own + w)
        return np.asarray(fraction * bell * erfc(-lead * np.sqrt(own / (w * (own + w)))))

    def rate(u: float) -> NDArray[np.float64]:
        """Temperature from the heat given t u^2 ago, per du: small steps where the heat is fresh."""
        w = np.maximum(4.0 * diffusivity * since * u * u, 1e-300)
        lead = along - speed * since * (1.0 - u * u)
        s_y, s_z = width**2 / 3.0 + w, depth**2 / 3.0 + w
        across_and_down = np.exp(-(across**2) / s_y - below**2 / s_z) / np.sqrt(s_y * s_z)
        both = half(fractions[0], lengths[0], w, lead) + half(fractions[1], lengths[1], w, -lead)
        return np.asarray(2.0 * since * u * across_and_down * both)

    points = _pieces(diffusivity, speed, 0.5 * sum(lengths), float(since.max(initial=0.0)))
    return np.asarray(
        quad_vec(rate, 0.0, 1.0, epsabs=absolute, epsrel=1e-10, norm="max", points=points, limit=100_000)[0]
    )


def _pieces(diffusivity: float, speed: float, length: float, longest: float) -> list[float]:
    """Return where the quadrature over u = sqrt(age/longest) is divided, lest the passage of the source be missed: no
    piece of its path is longer than source and spread of its heat."""
    ages = [0.0]
    while ages[-1] < longest:
        ages.append(ages[-1] + (length + math.sqrt(4.0 * diffusivity * ages[-1])) / speed)
    return [math.sqrt(age / longest) for age in ages[1:-1]]
