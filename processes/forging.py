"""Hot and cold forging: heating, cooling while waiting, flow stress, forces, die wear.

>>> after = billet_temperature_after_wait(0.05, 0.1, 7600.0, 680.0, 15.0, 0.8, 1220.0, 25.0, 12.0)
>>> stress = flow_stress_hensel_spittel(2.1e9, -0.0026, -0.05, 0.14, -0.03, after, 0.4, 10.0)
>>> round(impression_die_force(stress, 0.012, 8.0) / 1e6, 1)  # MN
13.0
"""

from __future__ import annotations

import math
import warnings

from processes.checks import (
    require_not_falling,
    require_not_negative,
    require_positive,
    require_temperatures,
    require_within,
)
from processes.flow_stress import flow_stress_cold, flow_stress_hensel_spittel, flow_stress_hot
from processes.lumped import KELVIN, STEFAN_BOLTZMANN, biot_number

__all__ = [
    "archard_die_life",
    "archard_wear",
    "bar_heating_time",
    "billet_temperature_after_wait",
    "flow_stress_cold",
    "flow_stress_hensel_spittel",
    "flow_stress_hot",
    "impression_die_force",
    "induction_heater_power",
    "radiation_coefficient",
    "upset_energy",
    "upset_force",
    "upset_force_slab_method",
]


def induction_heater_power(
    throughput: float, c_mean: float, T_in: float, T_out: float, overall_efficiency: float
) -> float:
    """Return the electrical power of a heater that brings a stream of billets to temperature. [W]

    Parameters
    ----------
    throughput : float           Mass of billets per time. [kg/s]
    c_mean : float               Specific heat, mean from `T_in` to `T_out`; steel 20-1250 degC 690. [J/(kg K)]
    T_in : float                 Billets as they enter. [degC]
    T_out : float                Mean of the billets as they leave, 1150-1250 for steel. [degC]
    overall_efficiency : float   Mains to billet: 0.65 measured, 0.85 best claimed, 0.35-0.40 poor. (0, 1]

    Raises
    ------
    ValueError  If an argument is not positive and finite, `overall_efficiency` exceeds 1, or the billets get colder.

    Notes
    -----
    P = m' c (T_out - T_in)/eta. Energy balance, computed here. Efficiencies read (812 of 1253 kW); practice uses
    400-450 kWh/t (read), net heat of steel is about 235 kWh/t.

    >>> induction_heater_power(0.5, 680.0, 20.0, 1220.0, 0.6)
    680000.0
    """
    require_positive(throughput=throughput, c_mean=c_mean, overall_efficiency=overall_efficiency)
    require_within(0.0, 1.0, overall_efficiency=overall_efficiency)
    require_not_falling(T_in=T_in, T_out=T_out)
    return throughput * c_mean * (T_out - T_in) / overall_efficiency


def billet_temperature_after_wait(
    diameter: float,
    length: float,
    rho: float,
    c: float,
    h: float,
    emissivity: float,
    T_init: float,
    T_ambient: float,
    wait: float,
    k: float | None = None,
) -> float:
    """Return the temperature of a round billet that has cooled in still air, by convection and radiation. [degC]

    Parameters
    ----------
    diameter : float     Up to 0.04-0.05 at forging heat; thicker bars are not uniform. [m]
    length : float       [m]
    rho : float          Density; hot steel 7500-7650. [kg/m^3]
    c : float            Specific heat, mean over the temperatures passed; steel 650-700. [J/(kg K)]
    h : float            Convection, 10-25; may be 0. [W/(m^2 K)]
    emissivity : float   0.80-0.85 for scaled steel; may be 0. [0, 1]
    T_init : float       Billet at the start of the wait. [degC]
    T_ambient : float    Air and surroundings. [degC]
    wait : float         Time in air; 0 or more. [s]
    k : float            Conductivity, hot steel 26-30, to check that the billet is even; may be left out. [W/(m K)]

    Raises
    ------
    ValueError  If a size or property is not positive and finite, `h` or `wait` is negative, `emissivity` lies outside
                [0, 1], or the billet is colder than its surroundings.

    Notes
    -----
    rho c V dT/dt = -A (h (T - T_a) + eps sigma (T^4 - T_a^4)), A the side and both ends. One temperature per billet:
    warns if (h + h_rad) (V/A)/k reaches 0.1, h_rad about 180-220 W/(m^2 K) at 1200 degC. The time has a closed form
    (logarithms and arc tangent); it is solved for the temperature by Newton's rule. Two waits equal one of their sum.
    Emissivity and h are typical.

    >>> round(billet_temperature_after_wait(0.05, 0.1, 7600.0, 680.0, 15.0, 0.8, 1220.0, 25.0, 12.0), 2)
    1167.3
    """
    require_positive(diameter=diameter, length=length, rho=rho, c=c)
    require_not_negative(h=h, wait=wait)
    require_within(0.0, 1.0, emissivity=emissivity)
    require_not_falling(T_ambient=T_ambient, T_init=T_init)
    if k is not None:
        _warn_of_uneven_billet(h + radiation_coefficient(emissivity, T_init, T_ambient), k, diameter, length)
    if wait == 0.0 or T_init == T_ambient:
        return T_init
    volume_over_area = diameter * length / (4.0 * length + 2.0 * diameter)
    decay = wait / (rho * c * volume_over_area)  # [K m^2/W]
    return T_ambient + _excess_after(T_init - T_ambient, T_ambient + KELVIN, h, emissivity * STEFAN_BOLTZMANN, decay)


def _warn_of_uneven_billet(h: float, k: float, diameter: float, length: float) -> None:
    """Warn, two calls up, if one temperature does not describe a billet."""
    biot = biot_number(h, k, diameter * length / (4.0 * length + 2.0 * diameter))
    if biot >= 0.1:
        warnings.warn(
            f"Biot number {biot:.3g} of the billet reaches 0.1: its core stays hotter than its surface",
            RuntimeWarning,
            stacklevel=3,
        )


def _excess_after(excess: float, ambient: float, h: float, radiance: float, decay: float) -> float:
    """Return y after dy/ds = -(h y + radiance ((a + y)^4 - a^4)) ran from y = excess to s = decay; a in kelvin.

    With T = a + y the right side is -radiance y g(T), g = (T + a) (T^2 + a^2) + h/radiance = (T - r) (T^2 + p T + q),
    and 1/(y g) falls into partial fractions.
    """
    if radiance == 0.0:
        return excess * math.exp(-h * decay)
    film = h / radiance

    def g(T: float) -> float:
        return (T + ambient) * (T**2 + ambient**2) + film

    # The real root. From here Newton's rule rises to it, because g is negative, rising and concave up to r <= -a.
    r, step = -(ambient + math.cbrt(film)), math.inf
    while step > 1e-14 * -r:
        step = -g(r) / (3.0 * r**2 + 2.0 * ambient * r + ambient**2)
        r += step
    p, q = ambient + r, ambient**2 + ambient * r + r**2
    width = math.sqrt(q - 0.25 * p**2)
    at_ambient, at_root = 1.0 / g(ambient), 1.0 / ((r - ambient) * (r**2 + p * r + q))
    slope = -(at_ambient + at_root)
    rest = 1.0 / (ambient * r) + q * (at_ambient / ambient + at_root / r) - 0.5 * p * slope

    def primitive(log_y: float) -> float:
        T = ambient + math.exp(log_y)
        angle = math.atan((T + 0.5 * p) / width)
        logarithms = at_ambient * log_y + at_root * math.log(T - r) + 0.5 * slope * math.log(T**2 + p * T + q)
        return logarithms + rest / width * angle

    # Over ln y the time is convex and falling: Newton's first step lands beyond the answer, the others come back to it.
    log_y = math.log(excess)
    target = primitive(log_y) - radiance * decay
    for _ in range(50):
        step = (primitive(log_y) - target) * g(ambient + math.exp(log_y))
        log_y -= step
        if abs(step) < 1e-13 * max(1.0, abs(log_y)):
            break
    return math.exp(log_y)


def radiation_coefficient(emissivity: float, T: float, T_surroundings: float) -> float:
    """Return the heat transfer coefficient that stands for radiation at one temperature. [W/(m^2 K)]

    Parameters
    ----------
    emissivity : float       0.80-0.85 for scaled steel. [0, 1]
    T : float                Surface. [degC]
    T_surroundings : float   Hall, or the walls of a furnace. [degC]

    Raises
    ------
    ValueError  If `emissivity` lies outside [0, 1], or a temperature is not finite or below absolute zero.

    Notes
    -----
    h_rad = eps sigma (T^2 + T_s^2) (T + T_s), in kelvin. For the test of a lumped body, (h + h_rad) (V/A)/k < 0.1.
    Incropera and DeWitt, Fundamentals of Heat and Mass Transfer (recalled); emissivity typical.

    >>> round(radiation_coefficient(0.8, 1200.0, 25.0))  # a billet of steel
    182
    """
    require_within(0.0, 1.0, emissivity=emissivity)
    require_temperatures(T=T, T_surroundings=T_surroundings)
    hot, cold = T + KELVIN, T_surroundings + KELVIN
    return emissivity * STEFAN_BOLTZMANN * (hot**2 + cold**2) * (hot + cold)


def bar_heating_time(diameter: float, coefficient: float = 6.3e3) -> float:
    """Return the time that a bar spends in an induction through-heater. [s]

    Parameters
    ----------
    diameter : float      0.02-0.15. [m]
    coefficient : float   4.7e3-7.9e3, which is 0.15-0.25 s/mm^1.5. [s/m^1.5]

    Raises
    ------
    ValueError  If an argument is not positive and finite.

    Notes
    -----
    t = a d^1.5, a rule of the trade (typical); the physical condition is alpha t/R^2 of 0.4-0.6 after the power is on.

    >>> round(bar_heating_time(0.05))
    70
    """
    require_positive(diameter=diameter, coefficient=coefficient)
    return float(coefficient * diameter**1.5)


def _upset_diameter(diameter0: float, height0: float, height: float, friction: float) -> float:
    """Return the diameter at a height, by constant volume, after checks."""
    require_positive(diameter0=diameter0, height0=height0, height=height)
    require_within(0.0, 1.0, friction=friction)
    if height > height0:
        raise ValueError(f"height must not exceed height0, got {height!r} against {height0!r}")
    return diameter0 * math.sqrt(height0 / height)


def upset_force(diameter0: float, height0: float, height: float, K: float, n: float, friction: float) -> float:
    """Return the force at a height of a cylinder that is upset between flat dies and hardens with strain. [N]

    Parameters
    ----------
    diameter0 : float   Before the first stroke. [m]
    height0 : float     Before the first stroke; up to about 2.5 diameters, or it buckles. [m]
    height : float      Now, at most `height0`. [m]
    K : float           Strength coefficient. [Pa]
    n : float           Strain-hardening exponent. [0, 1]
    friction : float    Coulomb coefficient: 0.05-0.15 cold and lubricated, 0.2-0.4 hot. [0, 1]

    Raises
    ------
    ValueError  If a size or `K` is not positive and finite, `n` or `friction` lies outside [0, 1], or `height` exceeds
                `height0`.

    Notes
    -----
    F = (1 + 0.4 mu D/h) Y A; D and A at the height by constant volume, Y = K ln(h0/h)^n.
    Groover, Fundamentals of Modern Manufacturing (statement read, answer 1.467 MN recalled).

    >>> round(upset_force(0.05, 0.075, 0.036, 350e6, 0.17, 0.1) / 1e6, 3)
    1.467
    """
    diameter = _upset_diameter(diameter0, height0, height, friction)
    stress = flow_stress_cold(K, n, math.log(height0 / height))
    return (1.0 + 0.4 * friction * diameter / height) * stress * 0.25 * math.pi * diameter**2


def upset_energy(diameter0: float, height0: float, height: float, K: float, n: float, friction: float) -> float:
    """Return the work to upset a cylinder down to a height. [J]

    Parameters
    ----------
    diameter0, height0, height, K, n, friction : float
        As in `upset_force`.

    Raises
    ------
    ValueError  As `upset_force`.

    Notes
    -----
    Integral of F over the height. The press or hammer must hold both the last force and this energy per blow.
    From `upset_force`, computed here.

    >>> round(upset_energy(0.05, 0.075, 0.036, 350e6, 0.17, 0.1) / 1e3, 2)  # kJ
    32.23
    """
    from scipy.integrate import quad

    upset_force(diameter0, height0, height, K, n, friction)

    # In strain: dh = -h d(ln(h0/h)), a finite interval of a function that starts as strain^n.
    def force_times_height(strain: float) -> float:
        now = height0 * math.exp(-strain)
        return upset_force(diameter0, height0, now, K, n, friction) * now

    work: float = quad(force_times_height, 0.0, math.log(height0 / height), epsabs=0.0, epsrel=1e-10)[0]
    return work


def upset_force_slab_method(
    diameter0: float, height0: float, height: float, flow_stress: float, friction: float
) -> float:
    """Return the force at a height of a cylinder upset between flat dies, at a given flow stress. [N]

    Parameters
    ----------
    diameter0, height0, height, friction : float
        As in `upset_force`.
    flow_stress : float   At the strain, rate and temperature of that height. [Pa]

    Raises
    ------
    ValueError  If a size or stress is not positive and finite, `friction` lies outside [0, 1], or `height` exceeds
                `height0`.

    Notes
    -----
    F = Y A (1 + 2 mu r/(3 h)), r and A at the height by constant volume: the slab method, for mu r/h below about 1
    (beyond it the metal sticks).
    Kalpakjian, Manufacturing Engineering and Technology (statement read, answer 45 MN recalled).

    >>> round(upset_force_slab_method(0.15, 0.1, 0.05, 1e9, 0.2) / 1e6, 1)
    45.3
    """
    diameter = _upset_diameter(diameter0, height0, height, friction)
    require_positive(flow_stress=flow_stress)
    return flow_stress * 0.25 * math.pi * diameter**2 * (1.0 + friction * diameter / (3.0 * height))


def impression_die_force(flow_stress: float, plan_area_with_flash: float, shape_factor: float) -> float:
    """Return the largest force of closing an impression die. [N]

    Parameters
    ----------
    flow_stress : float            At the end of the stroke; C45 at 1100-1200 degC and 1-20/s 60e6-140e6. [Pa]
    plan_area_with_flash : float   Projected area of the forging with its flash. [m^2]
    shape_factor : float           6 simple, 8 complex, 10 very complex, all with flash; at least 1. [-]

    Raises
    ------
    ValueError  If an argument is not positive and finite, or `shape_factor` is below 1.

    Notes
    -----
    F = K_f Y A. Groover, Fundamentals of Modern Manufacturing (form and factors recalled); stresses typical.

    >>> impression_die_force(90e6, 0.012, 8.0) / 1e6
    8.64
    """
    require_positive(flow_stress=flow_stress, plan_area_with_flash=plan_area_with_flash, shape_factor=shape_factor)
    require_within(1.0, math.inf, shape_factor=shape_factor)
    return shape_factor * flow_stress * plan_area_with_flash


def archard_wear(
    wear_coefficient: float, contact_pressure: float, sliding_per_stroke: float, die_hardness: float
) -> float:
    """Return the depth that one stroke wears off a die. [m]

    Parameters
    ----------
    wear_coefficient : float     1e-6 to 1e-4. [-]
    contact_pressure : float     On the worn place, 200e6-1000e6. [Pa]
    sliding_per_stroke : float   Path of the metal over that place, 2e-3 to 30e-3. [m]
    die_hardness : float         At the temperature of the surface, 50 HRC about 5e9; falls as the die tempers. [Pa]

    Raises
    ------
    ValueError  If an argument is not positive and finite.

    Notes
    -----
    w = K p s/H. Constant hardness; warns if the pressure reaches the hardness (three times the yield stress), where the
    die no longer wears but flows. Archard, J. Appl. Phys. 24 (1953) 981 (recalled); coefficients typical.

    >>> round(archard_wear(3e-5, 400e6, 0.01, 4.5e9) * 1e9, 1)  # nm
    26.7
    """
    require_positive(wear_coefficient=wear_coefficient, contact_pressure=contact_pressure)
    require_positive(sliding_per_stroke=sliding_per_stroke, die_hardness=die_hardness)
    if contact_pressure >= die_hardness:
        warnings.warn(
            f"contact_pressure {contact_pressure:.3g} Pa reaches die_hardness {die_hardness:.3g} Pa: the die flows",
            RuntimeWarning,
            stacklevel=2,
        )
    return wear_coefficient * contact_pressure * sliding_per_stroke / die_hardness


def archard_die_life(
    wear_coefficient: float,
    contact_pressure: float,
    sliding_per_stroke: float,
    die_hardness: float,
    allowed_wear: float,
) -> float:
    """Return the strokes until a die is worn to its limit. [-]

    Parameters
    ----------
    wear_coefficient, contact_pressure, sliding_per_stroke, die_hardness : float
        As in `archard_wear`.
    allowed_wear : float   Depth at which the forging leaves its tolerance, 0.1e-3 to 0.5e-3. [m]

    Raises
    ------
    ValueError  If an argument is not positive and finite.

    Notes
    -----
    N = w_allowed H/(K p s), the mean; single lives scatter (Weibull or log-normal), hot dies 3-20 thousand strokes
    (typical). Archard, J. Appl. Phys. 24 (1953) 981 (recalled).

    >>> round(archard_die_life(3e-5, 400e6, 0.01, 4.5e9, 0.3e-3))
    11250
    """
    require_positive(allowed_wear=allowed_wear)
    return allowed_wear / archard_wear(wear_coefficient, contact_pressure, sliding_per_stroke, die_hardness)
