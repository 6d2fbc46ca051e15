"""Casting in sand and in metal moulds: modulus, filling and freezing times; hands on `stefan`.

>>> plate = box_modulus(0.3, 0.2, 0.02)  # aluminium in silica sand
>>> round(chvorinov_time(1.5e6, plate))
110
"""

from __future__ import annotations

import math
import warnings

from processes.checks import (
    require_not_negative,
    require_positive,
    require_rising,
    require_within,
)
from processes.stefan import (
    chill_slab_time,
    neumann_lambda_one_phase,
    neumann_two_phase_front,
    neumann_two_phase_temperature,
    thick_mold_interface_temperature,
    thick_mold_slab_time,
)

__all__ = [
    "box_modulus",
    "chill_slab_time",
    "chvorinov_time",
    "dendrite_arm_spacing",
    "gravity_fill_time",
    "interface_controlled_time",
    "low_pressure",
    "low_pressure_cycle_time",
    "mixed_resistance_time",
    "neumann_lambda_one_phase",
    "neumann_two_phase_front",
    "neumann_two_phase_temperature",
    "sand_mold_time_flat",
    "sand_mold_time_sphere",
    "sand_wall",
    "shakeout_time",
    "thick_mold_interface_temperature",
    "thick_mold_slab_time",
]

GRAVITY = 9.81  # m/s^2
CALM = 0.5  # m/s: metal that rises faster takes its skin of oxide along


def chvorinov_time(mold_constant: float, modulus: float, exponent: float = 2.0) -> float:
    """Return the freezing time of a casting in a sand mould. [s]

    Parameters
    ----------
    mold_constant : float   B of the pair of alloy and mould, for this exponent. With 2, in silica sand: aluminium
                            1.0e6-2.6e6, gray iron 0.6e6-1.6e6, steel 0.9e6-2.1e6. [s/m^n]
    modulus : float         Volume over cooled surface, 2e-3 to 50e-3. [m]
    exponent : float        n, 1.5-2: 2 where the mould resists, near 1 where the interface does. [-]

    Raises
    ------
    ValueError  If an argument is not positive and finite, or `exponent` lies outside [1, 2].

    Notes
    -----
    t = B (V/A)^n. For the alloy and mould B was fitted with, not for metal moulds; warns if the modulus lies outside
    2-50 mm. Chvorinov's rule, Groover, Fundamentals of Modern Manufacturing (read: B = 3.5 min/cm^2); ranges of B
    typical.

    >>> round(chvorinov_time(2.1e6, 0.1 / 6.0), 1)  # a ball of 10 cm
    583.3
    """
    require_positive(mold_constant=mold_constant, modulus=modulus)
    require_within(1.0, 2.0, exponent=exponent)
    if not 2e-3 <= modulus <= 50e-3:
        warnings.warn(
            f"modulus {1e3 * modulus:.3g} mm lies outside 2-50 mm, where Chvorinov's rule was fitted",
            RuntimeWarning,
            stacklevel=2,
        )
    return mold_constant * math.pow(modulus, exponent)


def box_modulus(length: float, width: float, thickness: float) -> float:
    """Return the modulus, volume over surface, of a box that is cooled all over. [m]

    Parameters
    ----------
    length, width, thickness : float   Edges, in any order. [m]

    Raises
    ------
    ValueError  If an argument is not positive and finite.

    Notes
    -----
    V/A = 1/(2 (1/l + 1/w + 1/t)); half the thickness of a wide plate. Geometry.

    >>> round(1e3 * box_modulus(0.2, 0.1, 0.02), 3)  # mm
    7.692
    """
    require_positive(length=length, width=width, thickness=thickness)
    return 0.5 / (1.0 / length + 1.0 / width + 1.0 / thickness)


def sand_mold_time_flat(
    modulus: float,
    T_freeze: float,
    T_mold0: float,
    rho_metal: float,
    latent_eff: float,
    k_mold: float,
    rho_mold: float,
    c_mold: float,
) -> float:
    """Return the freezing time of a flat casting in an insulating mould, from properties. [s]

    Parameters
    ----------
    modulus : float      Volume over cooled surface, half the thickness of a plate. [m]
    T_freeze : float     Freezing temperature, one number. [degC]
    T_mold0 : float      Mould before pouring. [degC]
    rho_metal : float    Density of the metal. [kg/m^3]
    latent_eff : float   Latent heat with the superheat added, L + c_l dT. [J/kg]
    k_mold : float       Conductivity of the sand, 0.5-0.87. [W/(m K)]
    rho_mold : float     Its density, 1500-1600. [kg/m^3]
    c_mold : float       Its specific heat, 1100-1170. [J/(kg K)]

    Raises
    ------
    ValueError  If an argument is not positive and finite, or `T_freeze` does not exceed `T_mold0`.

    Notes
    -----
    t = M^2/(beta^2 alpha), beta = 2 gamma/sqrt(pi), gamma = (T_freeze - T_mold0) rho_m c_m/(rho L'). The metal stays at
    its freezing temperature; the sand is thicker than `sand_wall`. Ghosh and Mallik, Manufacturing Science (read:
    iron slab of 10 cm, 2416 s).

    >>> round(sand_mold_time_flat(0.05, 1540.0, 28.0, 7850.0, 272e3, 0.8655, 1600.0, 1170.0))
    2417
    """
    require_positive(modulus=modulus)
    gamma, diffusivity = _sand(T_freeze, T_mold0, rho_metal, latent_eff, k_mold, rho_mold, c_mold)
    beta = 2.0 * gamma / math.sqrt(math.pi)
    return (modulus / beta) ** 2 / diffusivity


def _sand(
    T_freeze: float,
    T_mold0: float,
    rho_metal: float,
    latent_eff: float,
    k_mold: float,
    rho_mold: float,
    c_mold: float,
) -> tuple[float, float]:
    """Return gamma, heat that sand can take over that which as much metal gives, and the diffusivity of the sand."""
    require_positive(rho_metal=rho_metal, latent_eff=latent_eff, k_mold=k_mold, rho_mold=rho_mold, c_mold=c_mold)
    require_rising(T_mold0=T_mold0, T_freeze=T_freeze)
    gamma = (T_freeze - T_mold0) * rho_mold * c_mold / (rho_metal * latent_eff)
    return gamma, k_mold / (rho_mold * c_mold)


def sand_mold_time_sphere(
    radius: float,
    T_freeze: float,
    T_mold0: float,
    rho_metal: float,
    latent_eff: float,
    k_mold: float,
    rho_mold: float,
    c_mold: float,
) -> float:
    """Return the freezing time of a ball in an insulating mould, from properties. [s]

    Parameters
    ----------
    radius : float   Of the ball. [m]
    T_freeze, T_mold0, rho_metal, latent_eff, k_mold, rho_mold, c_mold : float
        As in `sand_mold_time_flat`.

    Raises
    ------
    ValueError  If an argument is not positive and finite, or `T_freeze` does not exceed `T_mold0`.

    Notes
    -----
    Root of rho L' r/3 = k_m (T_freeze - T_mold0) (2 sqrt(t/(pi alpha)) + t/r): the sand around a ball takes more heat
    than that behind a plate of the same modulus, r/3, which shortens the time by 20-35 %. Carslaw and Jaeger,
    Conduction of Heat in Solids (recalled).

    >>> round(sand_mold_time_sphere(0.04, 613.0, 25.0, 2680.0, 389e3, 0.8655, 1600.0, 1170.0), 1)
    186.4
    """
    require_positive(radius=radius)
    gamma, diffusivity = _sand(T_freeze, T_mold0, rho_metal, latent_eff, k_mold, rho_mold, c_mold)
    # With s = sqrt(alpha t)/r: gamma (2 s/sqrt(pi) + s^2) = 1/3.
    linear = 1.0 / math.sqrt(math.pi)
    s = 1.0 / (3.0 * gamma) / (linear + math.sqrt(linear**2 + 1.0 / (3.0 * gamma)))
    return (s * radius) ** 2 / diffusivity


def sand_wall(freezing_time: float, k_mold: float, rho_mold: float, c_mold: float) -> float:
    """Return the least thickness of sand behind which the casting does not feel the flask. [m]

    Parameters
    ----------
    freezing_time : float              Of the casting. [s]
    k_mold, rho_mold, c_mold : float   As in `sand_mold_time_flat`.

    Raises
    ------
    ValueError  If an argument is not positive and finite.

    Notes
    -----
    2 sqrt(alpha t): thinner sand is hot through before the casting is solid, and the freezing times here do not hold.
    Carslaw and Jaeger, Conduction of Heat in Solids (recalled).

    >>> round(1e3 * sand_wall(600.0, 0.8655, 1600.0, 1170.0))  # mm
    33
    """
    require_positive(freezing_time=freezing_time, k_mold=k_mold, rho_mold=rho_mold, c_mold=c_mold)
    return 2.0 * math.sqrt(k_mold / (rho_mold * c_mold) * freezing_time)


def shakeout_time(freezing_time: float, factor: float = 4.0) -> float:
    """Return the time from pouring until the casting may be shaken out of the sand. [s]

    Parameters
    ----------
    freezing_time : float   Of the casting. [s]
    factor : float          3-6; at least 1. [-]

    Raises
    ------
    ValueError  If an argument is not positive and finite, or `factor` is below 1.

    Notes
    -----
    factor times the freezing time, for a casting that leaves the sand below 300 degC (aluminium) or 700 degC (iron).
    A rule of the trade (typical).

    >>> shakeout_time(200.0)
    800.0
    """
    require_positive(freezing_time=freezing_time, factor=factor)
    require_within(1.0, math.inf, factor=factor)
    return factor * freezing_time


def dendrite_arm_spacing(freezing_time: float, coefficient: float = 6.5e-6) -> float:
    """Return the secondary dendrite arm spacing of an Al-Si casting; small is strong. [m]

    Parameters
    ----------
    freezing_time : float   Local time from liquidus to solidus. [s]
    coefficient : float     5.5e-6 to 8e-6 for Al-Si. [m/s^(1/3)]

    Raises
    ------
    ValueError  If an argument is not positive and finite.

    Notes
    -----
    coefficient t^(1/3): coarsening by diffusion. Textbooks of solidification (recalled).

    >>> round(1e6 * dendrite_arm_spacing(64.0), 1)  # um
    26.0
    """
    require_positive(freezing_time=freezing_time, coefficient=coefficient)
    return coefficient * math.cbrt(freezing_time)


def gravity_fill_time(
    cavity_volume: float, sprue_base_area: float, sprue_height: float, g: float = GRAVITY, discharge: float = 1.0
) -> float:
    """Return the time to fill a mould through a sprue that is kept full. [s]

    Parameters
    ----------
    cavity_volume : float     Casting with its feeders. [m^3]
    sprue_base_area : float   Narrowest section, at the foot of the sprue. [m^2]
    sprue_height : float      Metal level above the foot. [m]
    g : float                 Gravity, 9.81. [m/s^2]
    discharge : float         Share of the ideal flow, 0.8-0.9 in practice; 1 without losses. (0, 1]

    Raises
    ------
    ValueError  If an argument is not positive and finite, or `discharge` exceeds 1.

    Notes
    -----
    t = V/(A v), v = C sqrt(2 g h); a cavity filled from the top. Groover, Fundamentals of Modern Manufacturing
    (recalled: 3.15 s).

    >>> round(gravity_fill_time(0.00156, 2.5e-4, 0.2), 2)
    3.15
    """
    require_positive(cavity_volume=cavity_volume, sprue_base_area=sprue_base_area, sprue_height=sprue_height)
    require_positive(g=g, discharge=discharge)
    require_within(0.0, 1.0, discharge=discharge)
    return cavity_volume / (sprue_base_area * discharge * math.sqrt(2.0 * g * sprue_height))


def low_pressure(rho: float, head: float, feeding: float = 20e3, g: float = GRAVITY) -> float:
    """Return the gas pressure over the bath that lifts the metal to a level and feeds the casting. [Pa]

    Parameters
    ----------
    rho : float       Density of the melt, 2380 aluminium. [kg/m^3]
    head : float      Metal level above the bath, which sinks from casting to casting. [m]
    feeding : float   Pressure on the full casting, 5e3-50e3; 0 while it fills. [Pa]
    g : float         Gravity, 9.81. [m/s^2]

    Raises
    ------
    ValueError  If an argument is negative, or the density or gravity is 0.

    Notes
    -----
    p = rho g H + p_feed; raise it so slowly that the metal fills at less than 0.5 m/s. Hydrostatics; values typical.

    >>> round(low_pressure(2380.0, 1.0) / 1e3, 1)  # kPa
    43.3
    """
    require_positive(rho=rho, g=g)
    require_not_negative(head=head, feeding=feeding)
    return rho * g * head + feeding


def low_pressure_cycle_time(
    close: float,
    rise: float,
    velocity: float,
    freezing: float,
    cooling: float,
    opening: float,
    eject: float,
    prepare: float,
) -> float:
    """Return the cycle of a low-pressure casting machine. [s]

    Parameters
    ----------
    close : float      Die closes. [s]
    rise : float       Height from the bath to the top of the cavity. [m]
    velocity : float   Of the metal that rises, below 0.5. [m/s]
    freezing : float   Under pressure until the sprue is about to freeze: `interface_controlled_time`,
                       `mixed_resistance_time` or a kernel. [s]
    cooling : float    Without pressure until the casting can be handled; may be 0. [s]
    opening : float    Die opens. [s]
    eject : float      Ejection and extraction. [s]
    prepare : float    Cleaning, coating, cores, insert, as a mean per casting; may be 0. [s]

    Raises
    ------
    ValueError  If a time is negative or not finite, or `rise` or `velocity` is not positive and finite.

    Notes
    -----
    Sum of the phases; filling takes rise/velocity. 120-360 s are usual, wheels 240-360 (typical). Warns if the metal
    rises faster than 0.5 m/s: it takes oxide along. By definition.

    >>> low_pressure_cycle_time(5.0, 0.9, 0.1, 150.0, 40.0, 5.0, 15.0, 20.0)  # a wheel
    244.0
    """
    require_not_negative(close=close, freezing=freezing, cooling=cooling, opening=opening, eject=eject, prepare=prepare)
    require_positive(rise=rise, velocity=velocity)
    if velocity > CALM:
        warnings.warn(f"velocity {velocity:.3g} m/s exceeds 0.5 m/s: oxide is torn in", RuntimeWarning, stacklevel=2)
    return close + rise / velocity + freezing + cooling + opening + eject + prepare


def _warn_from(what: str, value: float, limit: float, why: str) -> None:
    """Warn, two calls up, if a number reaches the limit of a formula."""
    if value >= limit:
        warnings.warn(f"{what} {value:.3g} reaches {limit:g}: {why}", RuntimeWarning, stacklevel=3)


def interface_controlled_time(
    modulus: float,
    rho: float,
    latent: float,
    c_liquid: float,
    superheat: float,
    h_interface: float,
    T_freeze: float,
    T_die: float,
    k_solid: float | None = None,
) -> float:
    """Return the freezing time of a casting when only the casting/die interface resists. [s]

    Parameters
    ----------
    modulus : float       Volume over cooled area, half the wall thickness of a plate. [m]
    rho : float           Density of the metal. [kg/m^3]
    latent : float        Latent heat of fusion. [J/kg]
    c_liquid : float      Specific heat of the melt. [J/(kg K)]
    superheat : float     Melt temperature above freezing when the cavity is full; may be 0. [K]
    h_interface : float   Heat transfer coefficient, mean over the dwell: 1000-5000 gravity and low pressure,
                          5e3-1.5e4 high pressure. [W/(m^2 K)]
    T_freeze : float      Freezing temperature, one number. [degC]
    T_die : float         Die surface temperature. [degC]
    k_solid : float       Conductivity of the frozen shell, to check that it resists little; may be left out. [W/(m K)]

    Raises
    ------
    ValueError  If an argument is not positive and finite, or `T_freeze` does not exceed `T_die`.

    Notes
    -----
    t = rho M (L + c_l dT)/(h (T_freeze - T_die)). Warns if h M/k_solid reaches 0.1: then `mixed_resistance_time`.
    Energy balance of a thin wall (recalled from casting textbooks).

    >>> round(interface_controlled_time(0.004, 2680.0, 389e3, 1160.0, 90.0, 2000.0, 585.0, 350.0), 3)
    11.254
    """
    require_positive(modulus=modulus, rho=rho, latent=latent, c_liquid=c_liquid, h_interface=h_interface)
    require_not_negative(superheat=superheat)
    require_rising(T_die=T_die, T_freeze=T_freeze)
    if k_solid is not None:
        require_positive(k_solid=k_solid)
        _warn_from("Biot number of the shell", h_interface * modulus / k_solid, 0.1, "the shell resists too")
    return rho * modulus * (latent + c_liquid * superheat) / (h_interface * (T_freeze - T_die))


def mixed_resistance_time(
    shell: float,
    rho: float,
    latent_eff: float,
    k_solid: float,
    h_interface: float,
    T_freeze: float,
    T_die: float,
    c_solid: float | None = None,
) -> float:
    """Return the time to freeze a shell behind an interface film, both resisting in series. [s]

    Parameters
    ----------
    shell : float         Thickness to freeze, half the wall when both faces cool. [m]
    rho : float           Density of the metal. [kg/m^3]
    latent_eff : float    Latent heat with the superheat added, L + c_l dT. [J/kg]
    k_solid : float       Conductivity of the frozen shell. [W/(m K)]
    h_interface : float   Heat transfer coefficient casting to die. [W/(m^2 K)]
    T_freeze : float      Freezing temperature, one number. [degC]
    T_die : float         Die surface temperature. [degC]
    c_solid : float       Specific heat of the solid, to check that the shell is in balance; may be left out. [J/(kg K)]

    Raises
    ------
    ValueError  If an argument is not positive and finite, or `T_freeze` does not exceed `T_die`.

    Notes
    -----
    t = rho L'/(T_freeze - T_die) (s/h + s^2/(2 k)); quasi-steady. Warns if c_solid (T_freeze - T_die)/L' reaches 0.5.
    The dwell of a die therefore goes as 1/(T_freeze - T_die). Recalled from casting textbooks.

    >>> round(mixed_resistance_time(0.006, 2680.0, 480e3, 150.0, 3000.0, 585.0, 330.0), 3)
    10.695
    """
    require_positive(shell=shell, rho=rho, latent_eff=latent_eff, k_solid=k_solid, h_interface=h_interface)
    require_rising(T_die=T_die, T_freeze=T_freeze)
    if c_solid is not None:
        require_positive(c_solid=c_solid)
        stefan_number = c_solid * (T_freeze - T_die) / latent_eff
        _warn_from("Stefan number", stefan_number, 0.5, "the shell gives off heat of its own")
    resistance = shell / h_interface + shell**2 / (2.0 * k_solid)
    return rho * latent_eff / (T_freeze - T_die) * resistance
