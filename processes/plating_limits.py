"""Where Faraday's law holds in a plating bath: limiting current, barrels, the window of a bath.

>>> most = limiting_current_density(2, 7e-10, 75.0, 1e-4, 0.05869)  # nickel, stirred by air
>>> round(most), most > 2.0 * 400.0  # A/m2; edges that get twice the mean do not burn yet
(1726, True)
"""

from __future__ import annotations

from processes.checks import require_count, require_positive, require_temperatures, require_within
from processes.materials import practice, practices
from processes.plating import FARADAY


def limiting_current_density(
    electrons: int, diffusivity: float, concentration: float, layer: float, molar_mass: float
) -> float:
    """Return the current density at which ions of a metal come to the surface no faster than they deposit. [A/m^2]

    Parameters
    ----------
    electrons : int         Per atom.
    diffusivity : float     Of the ions, 5e-10 to 1e-9. [m^2/s]
    concentration : float   Of the metal in the bath. [kg/m^3]
    layer : float           Thickness of the layer at the surface that does not move: 2e-4 at rest, 5e-5 to 1e-4 stirred
                            by air or rods, 1e-5 with a jet. [m]
    molar_mass : float      Of the metal. [kg/mol]

    Raises
    ------
    ValueError  If an argument is not positive and finite, or `electrons` is not whole.

    Notes
    -----
    j = z F D c/(M delta), ions moved by diffusion alone. It is the metal's part of the current, eta j; local current
    density is up to twice the mean, so the mean should stay below half of it. Nernst's layer, textbooks of
    electrochemistry (recalled, so are diffusivities and layers).

    >>> round(limiting_current_density(2, 7e-10, 60.0, 1e-4, 0.06355))  # acid copper
    1275
    """
    require_count(1, electrons=electrons)
    require_positive(diffusivity=diffusivity, concentration=concentration, layer=layer, molar_mass=molar_mass)
    return electrons * FARADAY * diffusivity * concentration / (molar_mass * layer)


def barrel_current_density(current: float, area: float, area_fraction: float) -> float:
    """Return the current density on the parts of a barrel that lie outside at the moment. [A/m^2]

    Parameters
    ----------
    current : float         Of the barrel. [A]
    area : float            Of all parts in it. [m^2]
    area_fraction : float   Share of it that carries current at a time; row of plating_barrel in `processes.materials`.
                            (0, 1]

    Raises
    ------
    ValueError  If an argument is not positive and finite, or `area_fraction` exceeds 1.

    Notes
    -----
    I/(f A): it is this that must stay below the limit. The mean thickness goes by the whole area, as all parts take
    turns. Balance, computed here; fraction typical.

    >>> round(barrel_current_density(150.0, 3.0, 0.35), 1)
    142.9
    """
    require_positive(current=current, area=area, area_fraction=area_fraction)
    require_within(0.0, 1.0, area_fraction=area_fraction)
    return current / (area_fraction * area)


def bath_efficiency(bath: str, current_density: float, T_bath: float) -> float:
    """Return the cathode efficiency of a usual bath, if it is run as its row says. (0, 1]

    Parameters
    ----------
    bath : str                Name of its rows in `processes.materials`, as "plating_nickel".
    current_density : float   Mean over the parts. [A/m^2]
    T_bath : float            Of the bath. [degC]

    Raises
    ------
    ValueError  If there is no such bath, or current density or temperature lies outside the range of its rows.

    Notes
    -----
    Efficiency belongs to a current density and a temperature: outside their range nobody knows it, and the bath burns
    or dulls the deposit. The value of the row, recalled for all baths but chromium; a plant weighs its parts.

    >>> bath_efficiency("plating_nickel", 400.0, 55.0)
    0.95
    >>> bath_efficiency("plating_chromium_VI", 4000.0, 35.0)
    Traceback (most recent call last):
    ValueError: T_bath must lie in [50, 60], got 35.0
    """
    baths = [process for process, quantity in practices() if quantity == "cathode_efficiency"]
    if bath not in baths:
        raise ValueError(f"bath must be one of {', '.join(baths)}, got {bath!r}")
    require_positive(current_density=current_density)
    require_temperatures(T_bath=T_bath)
    j, T = practice(bath, "current_density"), practice(bath, "T_bath")
    require_within(j.low, j.high, current_density=current_density)
    require_within(T.low, T.high, T_bath=T_bath)
    return practice(bath, "cathode_efficiency").value
