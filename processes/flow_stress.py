"""Flow stress of metals, cold and hot. `processes.forging` hands these on.

>>> hot = flow_stress_hot(70e6, 0.15, 10.0)
>>> cold = flow_stress_cold(350e6, 0.17, 0.4)
>>> round(hot / 1e6), round(cold / 1e6)  # steel at 1150 degC, annealed aluminium at 20 degC, in MPa
(99, 300)
"""

from __future__ import annotations

import math

from processes.checks import (
    require,
    require_finite,
    require_not_negative,
    require_positive,
    require_temperatures,
    require_within,
)
from processes.lumped import KELVIN

ANY = (0.0, math.inf)


def _require_in_window(name: str, value: float, window: tuple[float, float]) -> None:
    """Raise unless the window of a fit is two numbers, the lower first, and the value lies in it."""
    require({f"{name}_range": window}, lambda two: len(two) == 2 and two[0] <= two[1], "be two numbers, lower first")
    require_within(*window, **{name: value})


def flow_stress_cold(K: float, n: float, strain: float, strain_range: tuple[float, float] = ANY) -> float:
    """Return the flow stress of a metal that hardens with strain. [Pa]

    Parameters
    ----------
    K : float              Strength coefficient: 350e6 annealed aluminium alloy, 500e6-1300e6 steels. [Pa]
    n : float              Strain-hardening exponent, 0.1-0.5. [0, 1]
    strain : float         True plastic strain; 0 or more. [-]
    strain_range : tuple   Window of the fit. [-]

    Raises
    ------
    ValueError  If `K` is not positive and finite, `n` lies outside [0, 1], `strain` is negative or outside the window
                of the fit.

    Notes
    -----
    Y = K eps^n; cold, below necking in tension, to strains of about 1 in compression. Groover, Fundamentals of Modern
    Manufacturing (recalled: 121.7 MPa at strain 0.002).

    >>> round(flow_stress_cold(350e6, 0.17, 0.002) / 1e6, 1)
    121.7
    """
    require_positive(K=K)
    require_within(0.0, 1.0, n=n)
    require_not_negative(strain=strain)
    _require_in_window("strain", strain, strain_range)
    return float(K * strain**n)


def flow_stress_hot(C: float, m: float, strain_rate: float, strain_rate_range: tuple[float, float] = ANY) -> float:
    """Return the flow stress of a hot metal that hardens with the rate of strain only. [Pa]

    Parameters
    ----------
    C : float                   Stress at 1/s and the given temperature; C45 at 1150 degC 60e6-90e6. [Pa s^m]
    m : float                   Rate exponent, 0.12-0.20 for steel at 1100-1200 degC. [0, 1]
    strain_rate : float         Press speed over height, 1-20. [1/s]
    strain_rate_range : tuple   Window of the fit. [1/s]

    Raises
    ------
    ValueError  If `C` or `strain_rate` is not positive and finite, `m` lies outside [0, 1], or `strain_rate` outside
                the window of the fit.

    Notes
    -----
    Y = C rate^m at one temperature. Groover, Fundamentals of Modern Manufacturing (recalled); values typical.

    >>> round(flow_stress_hot(70e6, 0.15, 10.0) / 1e6, 1)
    98.9
    """
    require_positive(C=C, strain_rate=strain_rate)
    require_within(0.0, 1.0, m=m)
    _require_in_window("strain_rate", strain_rate, strain_rate_range)
    return float(C * strain_rate**m)


def flow_stress_hensel_spittel(
    A: float,
    m1: float,
    m2: float,
    m3: float,
    m4: float,
    T: float,
    strain: float,
    strain_rate: float,
    T_range: tuple[float, float] = (-KELVIN, math.inf),
    strain_range: tuple[float, float] = ANY,
    strain_rate_range: tuple[float, float] = ANY,
) -> float:
    """Return the flow stress of a hot metal after Hensel and Spittel. [Pa]

    Parameters
    ----------
    A : float                   Coefficient of the fit. [Pa s^m3]
    m1 : float                  Temperature, about -0.0026 for steel. [1/K]
    m2 : float                  Strain, -0.1 to 0.2. [-]
    m3 : float                  Rate, 0.10-0.20. [-]
    m4 : float                  Softening, -0.06 to 0. [-]
    T : float                   Metal. [degC]
    strain : float              True strain. [-]
    strain_rate : float         1-50 in a press. [1/s]
    T_range : tuple             Window of the fit. [degC]
    strain_range : tuple        Window of the fit. [-]
    strain_rate_range : tuple   Window of the fit. [1/s]

    Raises
    ------
    ValueError  If `A`, `strain` or `strain_rate` is not positive and finite, an exponent is not finite, an argument
                lies outside the window of the fit, or the stress is no number that a computer can hold.

    Notes
    -----
    Y = A exp(m1 T) eps^m2 rate^m3 exp(m4/eps), T in degC. A fit says nothing outside the temperatures, strains and
    rates that were measured: give its windows, they are kept strictly. Form recalled from Hensel and Spittel,
    Kraft- und Arbeitsbedarf bildsamer Formgebungsverfahren (1978); coefficients come from the plant's own fit.

    >>> fit = {"A": 2.1e9, "m1": -0.0026, "m2": -0.05, "m3": 0.14, "m4": -0.03}
    >>> round(flow_stress_hensel_spittel(**fit, T=1150.0, strain=0.4, strain_rate=10.0) / 1e6, 1)
    141.6
    """
    require_positive(A=A, strain=strain, strain_rate=strain_rate)
    require_temperatures(T=T)
    _require_in_window("T", T, T_range)
    _require_in_window("strain", strain, strain_range)
    _require_in_window("strain_rate", strain_rate, strain_rate_range)
    require_finite(m1=m1, m2=m2, m3=m3, m4=m4)
    # As a sum of logarithms: a single factor may overflow where the product does not.
    exponent = math.log(A) + m1 * T + m4 / strain + m2 * math.log(strain) + m3 * math.log(strain_rate)
    if not abs(exponent) < 700.0:
        raise ValueError(f"m1, m2, m3, m4 must give a stress of 1e-304 to 1e304 Pa, got {m1!r}, {m2!r}, {m3!r}, {m4!r}")
    return math.exp(exponent)
