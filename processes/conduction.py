"""Heat conduction: exact temperatures in plates, bars, balls and blocks; hands on `half_space` and `lumped`.

Positions and times may be arrays, which broadcast; numbers give a number. At time 0 a body has its start temperature.

>>> steel = {"k": 26.0, "rho": 7850.0, "c": 600.0, "h": 1200.0, "T_init": 850.0, "T_fluid": 60.0}
>>> slab_convective_temperature(0.01, **steel, x_from_midplane=np.array([0.0, 0.005, 0.01]), time=6.0).round(1)
array([795.9, 761.4, 657.3])
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from processes.checks import require_positive, require_temperatures
from processes.fields import as_given, checked_field
from processes.half_space import (
    SMALLEST_REACH,
    contact_temperature,
    convective_share,
    cyclic_amplitude,
    cyclic_depth,
    semiinf_convective_temperature,
    semiinf_flux_temperature,
    semiinf_step_temperature,
)
from processes.lumped import (
    biot_number,
    fourier_number,
    longest_explicit_step,
    lumped_conv_rad_time,
    lumped_temperature,
    lumped_time,
    radiation_only_time,
)

if TYPE_CHECKING:
    from processes.fields import Array, Field

__all__ = [
    "biot_number",
    "block_3d_temperature",
    "contact_temperature",
    "cyclic_amplitude",
    "cyclic_depth",
    "cylinder_convective_temperature",
    "fourier_number",
    "longest_explicit_step",
    "lumped_conv_rad_time",
    "lumped_temperature",
    "lumped_time",
    "radiation_only_time",
    "semiinf_convective_temperature",
    "semiinf_flux_temperature",
    "semiinf_step_temperature",
    "short_cylinder_temperature",
    "slab_convective_temperature",
    "slab_heat_fraction",
    "sphere_convective_temperature",
]

# The three bodies share one eigenvalue problem, z f1(z) = Bi f0(z), and one form of the coefficients,
# C = 2 f1/(z (f0^2 + f1^2) + m f0 f1). Here stands m; `_shape_functions` gives f0 and f1.
MIXED_TERM = {"slab": 1.0, "cylinder": 0.0, "sphere": -1.0}
# Below this Fourier number the body is a half-space behind each face: exact to rounding for the slab,
# to 1e-4 of the change for the curved ones.
EARLY = {"slab": 0.02, "cylinder": 1e-8, "sphere": 1e-8}
NEGLIGIBLE = 40.0  # exp(-40) is below the rounding of 1


@cache
def _shape_functions(body: str) -> tuple[Callable[[Any], Any], Callable[[Any], Any]]:
    """Return the shape f0 of a body over the scaled position, and f1 = -df0/dz."""
    from scipy.special import j0, j1, spherical_jn

    if body == "slab":
        return np.cos, np.sin
    if body == "cylinder":
        return j0, j1
    return lambda z: spherical_jn(0, z), lambda z: spherical_jn(1, z)


@lru_cache(maxsize=256)
def _eigenvalues(body: str, biot: float, count: int) -> tuple[list[float], list[float], list[float]]:
    """Return the first roots z of z f1(z) = Bi f0(z), the coefficients, and the mean of f0 over a slab, f1/z.

    One root lies in each [n pi, (n + 1) pi], whatever the Biot number; bisection cannot miss it.
    """
    f0, f1 = _shape_functions(body)
    n = np.arange(count)
    low, high, sign = n * math.pi, (n + 1) * math.pi, np.where(n % 2 == 0, 1.0, -1.0)
    for _ in range(60):
        z = 0.5 * (low + high)
        below = sign * (z * f1(z) - biot * f0(z)) < 0.0
        low, high = np.where(below, z, low), np.where(below, high, z)
    z = 0.5 * (low + high)
    s0, s1 = f0(z), f1(z)
    coefficients = 2.0 * s1 / (z * (s0**2 + s1**2) + MIXED_TERM[body] * s0 * s1)
    return z.tolist(), coefficients.tolist(), (s1 / z).tolist()


def _terms(fourier: Array) -> int:
    """Return the number of terms after which the series adds nothing, rounded up so that the cache is hit."""
    needed = math.sqrt(NEGLIGIBLE / float(fourier.min())) / math.pi + 2.0
    return int(2 ** math.ceil(math.log2(needed)))


def _share_left(body: str, biot: float, fourier: Array, position: Array) -> Array:
    """Return (T - T_fluid)/(T_init - T_fluid); position 0 is the centre, 1 the face."""
    fourier, position = np.broadcast_arrays(fourier, position)
    share = np.empty(fourier.shape)
    early = fourier < EARLY[body]
    if early.any():
        root, place = np.sqrt(fourier[early]), position[early]
        reach = np.maximum(2.0 * root, SMALLEST_REACH)
        near, far = (convective_share((1.0 + side * place) / reach, biot * root) for side in (-1.0, 1.0))
        share[early] = 1.0 - near - far
    late = ~early
    if late.any():
        time, place = fourier[late], position[late]
        f0, _ = _shape_functions(body)
        total = np.zeros(time.shape)
        for z, coefficient, _ in zip(*_eigenvalues(body, biot, _terms(time)), strict=True):
            total += coefficient * np.exp(-z * z * time) * f0(z * place)
        share[late] = total
    return share


def _scaled(length: float, k: float, rho: float, c: float, h: float, time: Array) -> tuple[float, Array]:
    """Return the Biot and the Fourier number."""
    return h * length / k, k / (rho * c * length**2) * time


def slab_convective_temperature(
    half_thickness: float,
    k: float,
    rho: float,
    c: float,
    h: float,
    T_init: float,
    T_fluid: float,
    x_from_midplane: Field,
    time: Field,
) -> Any:
    """Return the temperature in a plate of which both faces exchange heat with a fluid. [degC]

    Parameters
    ----------
    half_thickness : float          Half the plate; the whole plate if one face is insulated. [m]
    k : float                       Conductivity: 26-30 hot steel, 150 Al-Si, 25-30 die steel. [W/(m K)]
    rho : float                     Density. [kg/m^3]
    c : float                       Specific heat, mean over the range. [J/(kg K)]
    h : float                       Heat transfer coefficient, constant: 10 air to 15000 agitated water. [W/(m^2 K)]
    T_init : float                  Plate at the start, uniform. [degC]
    T_fluid : float                 Fluid on both sides. [degC]
    x_from_midplane : float, array  Place, from -`half_thickness` to `half_thickness`. [m]
    time : float, array             Time since the start; 0 or more. [s]

    Raises
    ------
    ValueError  If an argument is not positive and finite, or the place lies outside the plate.

    Notes
    -----
    theta = sum C_n exp(-z_n^2 Fo) cos(z_n x/L), z tan z = Bi, C = 4 sin z/(2 z + sin 2z); the roots are solved for, not
    taken from a table. One term suffices for Fo > 0.2; below Fo = 0.02 two half-spaces give the same to rounding.
    Constant h and properties, no source. Incropera and DeWitt, Fundamentals of Heat and Mass Transfer (read).

    >>> round(slab_convective_temperature(0.04, 63.9, 7832.0, 434.0, 500.0, -20.0, 60.0, 0.0, 480.0), 2)
    43.02
    """
    require_positive(half_thickness=half_thickness, k=k, rho=rho, c=c, h=h)
    require_temperatures(T_init=T_init, T_fluid=T_fluid)
    x = checked_field("x_from_midplane", x_from_midplane, -half_thickness, half_thickness)
    biot, fourier = _scaled(half_thickness, k, rho, c, h, checked_field("time", time, 0.0))
    return as_given(T_fluid + (T_init - T_fluid) * _share_left("slab", biot, fourier, x / half_thickness))


def slab_heat_fraction(half_thickness: float, k: float, rho: float, c: float, h: float, time: Field) -> Any:
    """Return the heat that a plate has exchanged, over all it can exchange with the fluid. [0, 1]

    Parameters
    ----------
    half_thickness, k, rho, c, h, time
        As in `slab_convective_temperature`.

    Raises
    ------
    ValueError  If an argument is not positive and finite (`time` may be 0).

    Notes
    -----
    1 - sum C_n exp(-z_n^2 Fo) sin z_n/z_n; times rho c V (T_init - T_fluid) it is the heat. One term for
    Fo > 0.2; below Fo = 0.02 (erfcx(H) - 1 + 2 H/sqrt(pi))/Bi, H = Bi sqrt(Fo), a half-space behind each face.
    Incropera and DeWitt, Fundamentals of Heat and Mass Transfer (read).

    >>> round(slab_heat_fraction(0.04, 63.9, 7832.0, 434.0, 500.0, 480.0), 4)
    0.7976
    """
    from scipy.special import erfcx

    require_positive(half_thickness=half_thickness, k=k, rho=rho, c=c, h=h)
    biot, fourier = _scaled(half_thickness, k, rho, c, h, checked_field("time", time, 0.0))
    fraction = np.empty(fourier.shape)
    early = fourier < EARLY["slab"]
    H = biot * np.sqrt(fourier[early])
    # For small H the closed form is a difference of almost equal numbers: its power series.
    root_pi = math.sqrt(math.pi)
    series = H**2 * (1.0 - H * (4.0 / (3.0 * root_pi) - H * (0.5 - H * 8.0 / (15.0 * root_pi))))
    fraction[early] = np.where(H < 1e-3, series, erfcx(H) - 1.0 + 2.0 * H / root_pi) / biot
    late = ~early
    if late.any():
        left = np.zeros(fourier[late].shape)
        for z, coefficient, mean in zip(*_eigenvalues("slab", biot, _terms(fourier[late])), strict=True):
            left += coefficient * mean * np.exp(-z * z * fourier[late])
        fraction[late] = 1.0 - left
    return as_given(fraction)


def cylinder_convective_temperature(
    radius: float,
    k: float,
    rho: float,
    c: float,
    h: float,
    T_init: float,
    T_fluid: float,
    r: Field,
    time: Field,
) -> Any:
    """Return the temperature in a long round bar that exchanges heat with a fluid. [degC]

    Parameters
    ----------
    radius : float      Of the bar, longer than about 5 diameters. [m]
    r : float, array    Place, from 0 to `radius`. [m]
    k, rho, c, h, T_init, T_fluid, time
        As in `slab_convective_temperature`.

    Raises
    ------
    ValueError  If an argument is not positive and finite, or the place lies outside the bar.

    Notes
    -----
    theta = sum C_n exp(-z_n^2 Fo) J0(z_n r/R), z J1(z) = Bi J0(z), C = (2/z) J1/(J0^2 + J1^2). One term suffices for
    Fo > 0.2. Constant h and properties. Incropera and DeWitt, Fundamentals of Heat and Mass Transfer (recalled).

    >>> round(cylinder_convective_temperature(0.1, 14.9, 7900.0, 477.0, 80.0, 600.0, 200.0, 0.0, 2700.0), 1)
    364.1
    """
    return _round_body("cylinder", radius, k, rho, c, h, T_init, T_fluid, r, time)


def sphere_convective_temperature(
    radius: float,
    k: float,
    rho: float,
    c: float,
    h: float,
    T_init: float,
    T_fluid: float,
    r: Field,
    time: Field,
) -> Any:
    """Return the temperature in a ball that exchanges heat with a fluid. [degC]

    Parameters
    ----------
    radius : float      Of the ball. [m]
    r : float, array    Place, from 0 to `radius`. [m]
    k, rho, c, h, T_init, T_fluid, time
        As in `slab_convective_temperature`.

    Raises
    ------
    ValueError  If an argument is not positive and finite, or the place lies outside the ball.

    Notes
    -----
    theta = sum C_n exp(-z_n^2 Fo) sin(z_n r/R)/(z_n r/R), 1 - z cot z = Bi, C = 4 (sin z - z cos z)/(2 z - sin 2z). One
    term suffices for Fo > 0.2. At Bi = 1.5 a well-known example interpolates the root to 1.80; it is 1.8366, 3 K at
    the centre. Incropera and DeWitt, Fundamentals of Heat and Mass Transfer (read).

    >>> round(sphere_convective_temperature(0.005, 20.0, 3000.0, 1000.0, 6000.0, 335.0, 20.0, 0.0, 3.1), 2)
    46.84
    """
    return _round_body("sphere", radius, k, rho, c, h, T_init, T_fluid, r, time)


def _round_body(
    body: str,
    radius: float,
    k: float,
    rho: float,
    c: float,
    h: float,
    T_init: float,
    T_fluid: float,
    r: Field,
    time: Field,
) -> Any:
    require_positive(radius=radius, k=k, rho=rho, c=c, h=h)
    require_temperatures(T_init=T_init, T_fluid=T_fluid)
    place = checked_field("r", r, 0.0, radius) / radius
    biot, fourier = _scaled(radius, k, rho, c, h, checked_field("time", time, 0.0))
    return as_given(T_fluid + (T_init - T_fluid) * _share_left(body, biot, fourier, place))


def short_cylinder_temperature(
    radius: float,
    half_length: float,
    k: float,
    rho: float,
    c: float,
    h: float,
    T_init: float,
    T_fluid: float,
    r: Field,
    x_from_midplane: Field,
    time: Field,
) -> Any:
    """Return the temperature in a short round bar that exchanges heat through all its faces. [degC]

    Parameters
    ----------
    radius : float                   Of the bar. [m]
    half_length : float              Half its length. [m]
    r : float, array                 Place, from 0 to `radius`. [m]
    x_from_midplane : float, array   Place, from -`half_length` to `half_length`. [m]
    k, rho, c, h, T_init, T_fluid, time
        As in `slab_convective_temperature`.

    Raises
    ------
    ValueError  If an argument is not positive and finite, or the place lies outside the bar.

    Notes
    -----
    theta = theta of the long bar times theta of the plate, each with its own Bi and Fo. Constant h, uniform start, no
    source. Incropera and DeWitt, Fundamentals of Heat and Mass Transfer (recalled: centre 405 K by charts).

    >>> steel = (17.4, 7900.0, 526.0, 500.0, 326.85, 26.85)
    >>> round(short_cylinder_temperature(0.04, 0.03, *steel, 0.0, 0.0, 180.0), 1)
    129.6
    """
    require_positive(half_length=half_length)
    disc = slab_convective_temperature(half_length, k, rho, c, h, 1.0, 0.0, x_from_midplane, time)
    bar = cylinder_convective_temperature(radius, k, rho, c, h, 1.0, 0.0, r, time)
    require_temperatures(T_init=T_init, T_fluid=T_fluid)
    return T_fluid + (T_init - T_fluid) * (bar * disc)


def block_3d_temperature(
    half_x: float,
    half_y: float,
    half_z: float,
    k: float,
    rho: float,
    c: float,
    h: float,
    T_init: float,
    T_fluid: float,
    x: Field,
    y: Field,
    z: Field,
    time: Field,
) -> Any:
    """Return the temperature in a rectangular block that exchanges heat through its six faces. [degC]

    Parameters
    ----------
    half_x, half_y, half_z : float   Half the edges. [m]
    x, y, z : float, array           Place from the centre, within the block. [m]
    k, rho, c, h, T_init, T_fluid, time
        As in `slab_convective_temperature`.

    Raises
    ------
    ValueError  If an argument is not positive and finite, or the place lies outside the block.

    Notes
    -----
    theta = product of the theta of three plates, each with its own Bi and Fo. Constant h, uniform start, no source.
    Incropera and DeWitt, Fundamentals of Heat and Mass Transfer (recalled).

    >>> aluminium = (150.0, 2680.0, 963.0, 800.0, 400.0, 25.0)
    >>> round(block_3d_temperature(0.03, 0.02, 0.015, *aluminium, 0.015, 0.0, 0.015, 20.0), 1)
    177.2
    """
    require_positive(half_x=half_x, half_y=half_y, half_z=half_z, k=k, rho=rho, c=c, h=h)
    require_temperatures(T_init=T_init, T_fluid=T_fluid)
    times = checked_field("time", time, 0.0)
    share: Any = 1.0
    for name, half, place in (("x", half_x, x), ("y", half_y, y), ("z", half_z, z)):
        where = checked_field(name, place, -half, half) / half
        share = share * _share_left("slab", *_scaled(half, k, rho, c, h, times), where)
    return as_given(np.asarray(T_fluid + (T_init - T_fluid) * share))
