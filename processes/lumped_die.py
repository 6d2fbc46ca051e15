"""A die as one temperature: shots, stops, warm-up, and whether that picture holds. `processes.die_casting` hands on.

>>> steel = {"k": 28.0, "rho": 7750.0, "c": 520.0}  # H13, one shot a minute, 0.73 m2 of face
>>> capacity = active_heat_capacity(0.73, **steel, cycle=60.0)
>>> biot = lumped_die_biot(226.0, 0.73, active_depth(**steel, cycle=60.0), 28.0)
>>> round(capacity / 1e3), round(biot, 2)
(120, 0.45)
>>> round(hpdc_die_temperature_steady(60.0, 1.9e6, capacity, 226.0, 60.0, biot), 1)
192.4
"""

from __future__ import annotations

import math
import warnings

from processes.checks import (
    require_count,
    require_not_negative,
    require_positive,
    require_temperatures,
    require_within,
)

LARGEST_BIOT = 0.5  # of the active steel, up to which one temperature tells trends


def active_depth(k: float, rho: float, c: float, cycle: float) -> float:
    """Return the thickness of the die steel that takes part in a cycle. [m]

    Parameters
    ----------
    k, rho, c : float   Conductivity, density, specific heat of the steel. [W/(m K)], [kg/m^3], [J/(kg K)]
    cycle : float       Time between shots. [s]

    Raises
    ------
    ValueError  If an argument is not positive and finite.

    Notes
    -----
    2 sqrt(alpha t): about as far as the heat of a shot comes before the next (typical); 3.5 times
    `processes.half_space.cyclic_depth`.

    >>> round(1e3 * active_depth(28.0, 7750.0, 520.0, 60.0), 1)  # mm of H13
    40.8
    """
    require_positive(k=k, rho=rho, c=c, cycle=cycle)
    return 2.0 * math.sqrt(k / (rho * c) * cycle)


def active_heat_capacity(
    face_area: float, k: float, rho: float, c: float, cycle: float, bolster: float = 0.0, bolster_share: float = 0.0
) -> float:
    """Return the heat capacity of a lumped die: the steel that takes part, and a share of the bolster. [J/K]

    Parameters
    ----------
    face_area : float       Face that the metal touches, both halves. [m^2]
    k, rho, c, cycle : float
        As in `active_depth`.
    bolster : float         Heat capacity of the rest of the die and its bolster; may be 0. [J/K]
    bolster_share : float   How much of it takes part; fit it to the cooling in a long stop. [0, 1]

    Raises
    ------
    ValueError  If an argument is not positive and finite (`bolster` may be 0), or the share lies outside [0, 1].

    Notes
    -----
    C = rho c A 2 sqrt(alpha t) + share C_bolster; 50-300 kg for machines of 3.5-10 MN, 3-10 t for giga dies (typical).
    `processes.reduced.die.calibrate` fits it to a grid.

    >>> round(active_heat_capacity(0.73, 28.0, 7750.0, 520.0, 60.0))  # 232 kg of H13
    120132
    """
    require_positive(face_area=face_area)
    require_not_negative(bolster=bolster)
    require_within(0.0, 1.0, bolster_share=bolster_share)
    depth = active_depth(k, rho, c, cycle)
    return rho * c * face_area * depth + bolster_share * bolster


def lumped_die_biot(UA: float, face_area: float, depth: float, k: float) -> float:
    """Return the Biot number of the active steel, which says whether one temperature tells the trend of a die. [-]

    Parameters
    ----------
    UA : float          Conductance to the sink by water and faces. [W/K]
    face_area : float   Face through which the heat comes. [m^2]
    depth : float       Of the active steel, `active_depth`. [m]
    k : float           Conductivity of the steel. [W/(m K)]

    Raises
    ------
    ValueError  If an argument is not positive and finite.

    Notes
    -----
    UA L/(A k). Below 0.5 the lumped die gives trends and scrap counts; it never gives hot spots. Where its capacity is
    that of the active steel alone this is four times UA t/C. By definition; limit typical.

    >>> round(lumped_die_biot(226.0, 0.73, 0.0408, 28.0), 3)
    0.451
    """
    require_positive(UA=UA, face_area=face_area, depth=depth, k=k)
    return UA * depth / (face_area * k)


def _warn_of_uneven_die(biot: float | None) -> None:
    """Warn, two calls up, if one temperature does not describe the active steel."""
    if biot is None:
        return
    require_not_negative(biot=biot)
    if biot >= LARGEST_BIOT:
        warnings.warn(
            f"Biot number {biot:.3g} of the active steel reaches {LARGEST_BIOT:g}: one temperature misses its trend",
            RuntimeWarning,
            stacklevel=3,
        )


def hpdc_die_temperature_before_shot(
    T_die0: float,
    T_sink: float,
    heat_per_shot: float,
    die_heat_capacity: float,
    UA: float,
    cycle: float,
    n_shots: int,
    biot: float | None = None,
) -> float:
    """Return the temperature of a lumped die just before shot n + 1. [degC]

    Parameters
    ----------
    T_die0 : float              Die before the first shot. [degC]
    T_sink : float              Cooling water, platens. [degC]
    heat_per_shot : float       Heat into the die per shot, what the spray takes already subtracted. [J]
    die_heat_capacity : float   C of the active steel: 50-300 kg for 3.5-10 MN machines, 3-10 t for giga dies. [J/K]
    UA : float                  Conductance to the sink by water and faces. [W/K]
    cycle : float               Time between shots. [s]
    n_shots : int               Shots given; 0 returns `T_die0`.
    biot : float                Of the active steel, `lumped_die_biot`, to check that it is small; may be left out. [-]

    Raises
    ------
    ValueError  If an argument is not positive and finite (`n_shots` and `biot` may be 0; shots must be whole).

    Notes
    -----
    With x = UA t/C: T = T_s + (T_0 - T_s) e^(-n x) + (Q/C) e^(-x) (1 - e^(-n x))/(1 - e^(-x)). A shot adds Q/C at once,
    then the die decays over the cycle; "before" is the end of the decay. For trends and scrap counts, not hot spots:
    warns if `biot` reaches 0.5. Geometric sum of impulses, computed here.

    >>> round(hpdc_die_temperature_before_shot(150.0, 60.0, 1.9e6, 1.2e5, 226.0, 60.0, 5), 2)
    168.28
    """
    _warn_of_uneven_die(biot)
    require_count(0, n_shots=n_shots)
    require_temperatures(T_die0=T_die0)
    steady = hpdc_die_temperature_steady(T_sink, heat_per_shot, die_heat_capacity, UA, cycle)
    return T_die0 - (steady - T_die0) * math.expm1(-n_shots * UA * cycle / die_heat_capacity)


def hpdc_die_temperature_steady(
    T_sink: float,
    heat_per_shot: float,
    die_heat_capacity: float,
    UA: float,
    cycle: float,
    biot: float | None = None,
) -> float:
    """Return the temperature of a lumped die just before a shot after very many equal cycles. [degC]

    Parameters
    ----------
    T_sink, heat_per_shot, die_heat_capacity, UA, cycle, biot : float
        As in `hpdc_die_temperature_before_shot`.

    Raises
    ------
    ValueError  If an argument is not positive and finite.

    Notes
    -----
    T = T_s + (Q/C)/(e^x - 1), x = UA t/C: the limit of the geometric sum, computed here; the same warning.

    >>> round(hpdc_die_temperature_steady(60.0, 1.9e6, 1.2e5, 226.0, 60.0), 2)
    192.35
    """
    _warn_of_uneven_die(biot)
    require_positive(heat_per_shot=heat_per_shot, die_heat_capacity=die_heat_capacity, UA=UA, cycle=cycle)
    require_temperatures(T_sink=T_sink)
    x = UA * cycle / die_heat_capacity
    return T_sink + heat_per_shot / die_heat_capacity * math.exp(-x) / -math.expm1(-x)


def hpdc_die_temperature_after_stop(
    T_die0: float, T_sink: float, die_heat_capacity: float, UA: float, stop: float, biot: float | None = None
) -> float:
    """Return the temperature of a lumped die after a stop. [degC]

    Parameters
    ----------
    T_die0 : float   Die at the start of the stop. [degC]
    T_sink, die_heat_capacity, UA, biot : float
        As in `hpdc_die_temperature_before_shot`; a heating unit is a `T_sink` of its own.
    stop : float     Length of the stop; 0 or more. [s]

    Raises
    ------
    ValueError  If an argument is not positive and finite (`stop` may be 0).

    Notes
    -----
    T_s + (T_0 - T_s) e^(-UA t/C); two stops give what one of their sum gives. The same warning
    as there. Lumped cooling, computed here.

    >>> round(hpdc_die_temperature_after_stop(192.35, 60.0, 1.2e5, 226.0, 1800.0), 1)
    64.5
    """
    _warn_of_uneven_die(biot)
    require_positive(die_heat_capacity=die_heat_capacity, UA=UA)
    require_temperatures(T_die0=T_die0, T_sink=T_sink)
    require_not_negative(stop=stop)
    return T_sink + (T_die0 - T_sink) * math.exp(-UA * stop / die_heat_capacity)


def hpdc_warmup_shots(
    T_die0: float,
    T_sink: float,
    heat_per_shot: float,
    die_heat_capacity: float,
    UA: float,
    cycle: float,
    T_target: float,
) -> int:
    """Return the number of shots after which the die first stands at the target before a shot.

    Parameters
    ----------
    T_die0, T_sink, heat_per_shot, die_heat_capacity, UA, cycle : float
        As in `hpdc_die_temperature_before_shot`.
    T_target : float   Die temperature from which shots are good. [degC]

    Raises
    ------
    ValueError  If an argument is not positive and finite, or the steady temperature stays at or below the target.

    Notes
    -----
    Smallest n with T_n >= T_target: ln((T_ss - T_0)/(T_ss - T_target))/x, rounded up; 0 if the die is warm enough.
    Derived from the exponential approach to T_ss.

    >>> hpdc_warmup_shots(120.0, 60.0, 1.9e6, 1.2e5, 226.0, 60.0, 170.0)
    11
    """
    require_temperatures(T_die0=T_die0, T_target=T_target)
    steady = hpdc_die_temperature_steady(T_sink, heat_per_shot, die_heat_capacity, UA, cycle)
    if T_die0 >= T_target:
        return 0
    if T_target >= steady:
        raise ValueError(f"T_target is never reached: the die settles at {steady:.2f} degC, got {T_target!r}")
    shots = math.log((steady - T_die0) / (steady - T_target)) * die_heat_capacity / (UA * cycle)
    # The logarithm may miss a whole number by one rounding: the temperatures themselves decide.
    n = max(1, math.ceil(shots) - 1)
    while hpdc_die_temperature_before_shot(T_die0, T_sink, heat_per_shot, die_heat_capacity, UA, cycle, n) < T_target:
        n += 1
    return n


def hpdc_rewarm_shots_after_stop(
    T_sink: float,
    heat_per_shot: float,
    die_heat_capacity: float,
    UA: float,
    cycle: float,
    stop: float,
    T_target: float,
) -> int:
    """Return the shots needed to bring a die back to the target after a stop out of steady production.

    Parameters
    ----------
    T_sink, heat_per_shot, die_heat_capacity, UA, cycle : float
        As in `hpdc_die_temperature_before_shot`; the conductance is the same in the stop.
    stop : float       Length of the stop; 0 or more. [s]
    T_target : float   Die temperature from which shots are good. [degC]

    Raises
    ------
    ValueError  If an argument is out of range, or the steady temperature stays at or below the target.

    Notes
    -----
    The die starts from `hpdc_die_temperature_after_stop` of the steady temperature before a shot.

    >>> hpdc_rewarm_shots_after_stop(60.0, 1.9e6, 1.2e5, 226.0, 60.0, 1800.0, 170.0)
    16
    """
    require_not_negative(stop=stop)
    steady = hpdc_die_temperature_steady(T_sink, heat_per_shot, die_heat_capacity, UA, cycle)
    cooled = hpdc_die_temperature_after_stop(steady, T_sink, die_heat_capacity, UA, stop)
    return hpdc_warmup_shots(cooled, T_sink, heat_per_shot, die_heat_capacity, UA, cycle, T_target)
