"""A forging line around its blow: cycle, reserve of the press, scale, bars that soak, billets that wait in the heater.

>>> cycle = forging_cycle_time(feed=3.0, descale=1.5, blow=2.5, blows=3, transfer=2.0, trim=4.0, spray=3.0)
>>> share = press_load_share(8.64e6, 32e3, press_force=16e6, press_energy=60e3)
>>> cycle, round(share, 2)
(21.0, 0.54)
"""

from __future__ import annotations

import math
import warnings

from processes.checks import (
    require_count,
    require_not_falling,
    require_not_negative,
    require_positive,
    require_within,
)
from processes.lumped import KELVIN, STEFAN_BOLTZMANN


def forging_cycle_time(
    feed: float,
    descale: float,
    blow: float,
    blows: int,
    transfer: float,
    trim: float,
    spray: float,
    heating: float = 0.0,
) -> float:
    """Return the cycle of a press that forges, trims and sprays one part after the other. [s]

    Parameters
    ----------
    feed : float       Billet from the heater into the die, 2-4. [s]
    descale : float    Scale knocked off, 1-2. [s]
    blow : float       Each, with the move to the next impression, 1.5-4. [s]
    blows : int        1-3 are usual; whole.
    transfer : float   Forging to the trimming press, 1-3. [s]
    trim : float       Flash cut off, 3-6; 0 if another press does it meanwhile. [s]
    spray : float      Dies cooled and lubricated, 2-5. [s]
    heating : float    Time between two billets from the heater, which works in parallel; 0 if it never waits. [s]

    Raises
    ------
    ValueError  If a time is negative or not finite, or `blows` is not a whole number, at least 1.

    Notes
    -----
    Sum of the phases, or the time of the heater if that is longer. By definition; times typical.

    >>> forging_cycle_time(3.0, 1.5, 2.5, 3, 2.0, 4.0, 3.0), forging_cycle_time(3.0, 1.5, 2.5, 3, 2.0, 4.0, 3.0, 30.0)
    (21.0, 30.0)
    """
    require_not_negative(feed=feed, descale=descale, blow=blow, transfer=transfer, trim=trim, spray=spray)
    require_not_negative(heating=heating)
    require_count(1, blows=blows)
    return max(heating, feed + descale + blows * blow + transfer + trim + spray)


def press_load_share(force: float, energy: float, press_force: float, press_energy: float) -> float:
    """Return the share of a press that a forging takes, the greater one of force and energy. [-]

    Parameters
    ----------
    force : float          Greatest of the blow: `processes.forging.impression_die_force`, `upset_force`. [N]
    energy : float         Of the blow, integral of the force over the way: `processes.forging.upset_energy`. [J]
    press_force : float    That the press may give at this height of the ram. [N]
    press_energy : float   That it gives in one blow without slowing too much. [J]

    Raises
    ------
    ValueError  If a load is negative, or a capacity is not positive and finite.

    Notes
    -----
    max(F/F_press, W/W_press). Warns above 1: more force overloads the frame, more energy stalls the ram before the die
    is closed. Keep a reserve: colder billets are harder. By definition.

    >>> round(press_load_share(1.467e6, 32.23e3, 2.5e6, 40e3), 3)  # energy decides
    0.806
    """
    require_not_negative(force=force, energy=energy)
    require_positive(press_force=press_force, press_energy=press_energy)
    shares = {"force": force / press_force, "energy": energy / press_energy}
    most = max(shares, key=lambda name: shares[name])
    if shares[most] > 1.0:
        warnings.warn(
            f"{most} of the blow is {shares[most]:.3g} times what the press has: it cannot forge this part",
            RuntimeWarning,
            stacklevel=2,
        )
    return shares[most]


def scale_loss(mass: float, share_per_heat: float, heats: int = 1) -> float:
    """Return the metal that a billet loses as scale in its heats. [kg]

    Parameters
    ----------
    mass : float             Of the billet before the first heat. [kg]
    share_per_heat : float   0.01-0.02 in a gas furnace, 0.003-0.005 by induction. [0, 1]
    heats : int              1, and one more for each time that it goes back to be reheated; may be 0.

    Raises
    ------
    ValueError  If `mass` is not positive and finite, the share lies outside [0, 1], or `heats` is not a whole number.

    Notes
    -----
    m (1 - (1 - x)^n): each heat takes its share of what is left. Balance of mass, computed here; shares typical.

    >>> round(scale_loss(2.0, 0.015, 2) * 1e3, 2)  # g of a billet that was reheated once
    59.55
    """
    require_positive(mass=mass)
    require_within(0.0, 1.0, share_per_heat=share_per_heat)
    require_count(0, heats=heats)
    return float(mass * (1.0 - (1.0 - share_per_heat) ** heats))


def bar_soak_time(diameter: float, k: float, rho: float, c: float, fourier: float = 0.5) -> float:
    """Return the time after which a bar that is heated from its surface is even enough to forge. [s]

    Parameters
    ----------
    diameter : float    [m]
    k, rho, c : float   Conductivity, density, specific heat, mean over the heating. [W/(m K)], [kg/m^3], [J/(kg K)]
    fourier : float     Fourier number with the radius, 0.4-0.6. [-]

    Raises
    ------
    ValueError  If an argument is not positive and finite.

    Notes
    -----
    Fo R^2/alpha: `processes.lumped.fourier_number` solved for the time (criterion typical). Twice the diameter takes
    four times as long, by `processes.forging.bar_heating_time` 2.8 times.

    >>> round(bar_soak_time(0.05, 28.0, 7650.0, 690.0), 1)
    58.9
    """
    require_positive(diameter=diameter, k=k, rho=rho, c=c, fourier=fourier)
    return fourier * (0.5 * diameter) ** 2 * rho * c / k


def heater_holding_power(
    diameter: float,
    length: float,
    h: float,
    emissivity: float,
    T: float,
    T_ambient: float,
    billets: float,
    efficiency: float,
) -> float:
    """Return the electrical power that holds the billets inside a heater at temperature while the press stands. [W]

    Parameters
    ----------
    diameter : float     Of a billet. [m]
    length : float       Of a billet; in the row only its side loses heat. [m]
    h : float            Convection; may be 0. [W/(m^2 K)]
    emissivity : float   Effective to what is around: 0.8 bare, much less inside a lining. [0, 1]
    T : float            Billet. [degC]
    T_ambient : float    Lining, or air and surroundings. [degC]
    billets : float      Number at this temperature; each position of the coil has its own. [-]
    efficiency : float   Mains to billet. (0, 1]

    Raises
    ------
    ValueError  If a size or number is not positive and finite, `h` is negative, `emissivity` lies outside [0, 1],
                `efficiency` outside (0, 1], or the billet is colder than its surroundings.

    Notes
    -----
    n pi d L (h (T - T_a) + eps sigma (T^4 - T_a^4))/eta, in kelvin in the radiative term: power that balances the loss.
    Add the positions up. Heat balance, computed here.

    >>> round(heater_holding_power(0.05, 0.1, 15.0, 0.3, 1200.0, 400.0, 1, 0.65))  # a billet at the exit
    2142
    """
    require_positive(diameter=diameter, length=length, billets=billets, efficiency=efficiency)
    require_not_negative(h=h)
    require_within(0.0, 1.0, emissivity=emissivity, efficiency=efficiency)
    require_not_falling(T_ambient=T_ambient, T=T)
    radiated = emissivity * STEFAN_BOLTZMANN * ((T + KELVIN) ** 4 - (T_ambient + KELVIN) ** 4)
    return billets * math.pi * diameter * length * (h * (T - T_ambient) + radiated) / efficiency
