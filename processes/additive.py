"""Additive manufacturing: laser powder-bed fusion and directed energy deposition.

>>> rate = lpbf_melt_rate(1.3, 0.19e-3, 30e-6)
>>> hours = lpbf_build_time(250e-6, rate, 4, 0.75, 0.12, 30e-6, 9.0, 5400.0) / 3600.0
>>> round(rate * 1e9, 1), round(hours, 1)  # mm3/s per laser; the coating of 4000 layers takes ten of the hours
(7.4, 14.6)
"""

from __future__ import annotations

import math

from processes.checks import require_count, require_not_negative, require_positive, require_within


def lpbf_melt_rate(scan_speed: float, hatch: float, layer: float) -> float:
    """Return the volume that one laser melts per time, jumps and edges left out. [m^3/s]

    Parameters
    ----------
    scan_speed : float   0.5-2. [m/s]
    hatch : float        Distance between tracks, 0.08e-3 to 0.2e-3. [m]
    layer : float        30e-6 to 80e-6. [m]

    Raises
    ------
    ValueError  If an argument is not positive and finite.

    Notes
    -----
    v h t, by definition. What data sheets say are rows of lpbf_AlSi10Mg in `processes.materials`.

    >>> round(lpbf_melt_rate(1.3, 0.19e-3, 30e-6) * 1e9, 2)  # mm3/s
    7.41
    """
    require_positive(scan_speed=scan_speed, hatch=hatch, layer=layer)
    return scan_speed * hatch * layer


def lpbf_energy_density(laser_power: float, scan_speed: float, hatch: float, layer: float) -> float:
    """Return the energy of the laser per volume of powder bed. [J/m^3]

    Parameters
    ----------
    laser_power : float   200-500. [W]
    scan_speed : float    0.5-2. [m/s]
    hatch : float         Distance between tracks, 0.08e-3 to 0.2e-3. [m]
    layer : float         30e-6 to 80e-6. [m]

    Raises
    ------
    ValueError  If an argument is not positive and finite.

    Notes
    -----
    P/(v h t), by definition; usual ones are rows lpbf_* of `processes.materials`.

    >>> round(lpbf_energy_density(370.0, 1.3, 0.19e-3, 30e-6) / 1e9, 1)  # J/mm3
    49.9
    """
    require_positive(laser_power=laser_power)
    return laser_power / lpbf_melt_rate(scan_speed, hatch, layer)


def lpbf_build_time(
    melted_volume: float,
    melt_rate: float,
    lasers: int,
    laser_utilisation: float,
    build_height: float,
    layer: float,
    recoat: float,
    setup: float,
) -> float:
    """Return the time of a build job, setting up and cooling down included. [s]

    Parameters
    ----------
    melted_volume : float       Parts and supports. [m^3]
    melt_rate : float           Of one laser, see `lpbf_melt_rate`. [m^3/s]
    lasers : int                That share the plate. [-]
    laser_utilisation : float   Share of the exposure in which a laser melts. [-]
    build_height : float        [m]
    layer : float               30e-6 to 80e-6. [m]
    recoat : float              Time to coat a layer; row of lpbf_machine in `processes.materials`. [s]
    setup : float               Setting up, inert gas, cooling down; from the same row. [s]

    Raises
    ------
    ValueError  If an argument is not positive and finite (`recoat` and `setup` may be 0), `laser_utilisation` exceeds
                1, or `lasers` is not whole.

    Notes
    -----
    V/(rate n utilisation) + ceil(H/t) recoat + setup, computed here. Energy per kg of part is a row of lpbf_machine. A
    constant hazard of failure per hour: `processes.reliability.weibull_reliability` with shape 1.

    >>> round(lpbf_build_time(250e-6, 5.1e-9, 1, 0.75, 0.12, 30e-6, 9.0, 5400.0) / 3600.0, 2)  # h
    29.66
    """
    require_positive(melted_volume=melted_volume, melt_rate=melt_rate, laser_utilisation=laser_utilisation)
    require_positive(build_height=build_height, layer=layer)
    require_within(0.0, 1.0, laser_utilisation=laser_utilisation)
    require_not_negative(recoat=recoat, setup=setup)
    require_count(1, lasers=lasers)
    # A height of whole layers may divide to a hair above the whole number: 0.12 m in 30 um gives 4000.0000000000005.
    layers = math.ceil(build_height / layer * (1.0 - 1e-9))
    return melted_volume / (melt_rate * lasers * laser_utilisation) + layers * recoat + setup


def ded_deposition_time(
    deposit_mass: float, feed: float, capture_efficiency: float, layers: int, interlayer_dwell: float
) -> float:
    """Return the time to deposit a part from powder or wire. [s]

    Parameters
    ----------
    deposit_mass : float         Of the deposit. [kg]
    feed : float                 Powder or wire; rows ded_* of `processes.materials`. [kg/s]
    capture_efficiency : float   Share of the feed that stays; from the same rows. [-]
    layers : int                 [-]
    interlayer_dwell : float     Wait after each layer, see `processes.welding.weld_interpass_wait`. [s]

    Raises
    ------
    ValueError  If an argument is not positive and finite (`interlayer_dwell` may be 0), `capture_efficiency` exceeds
                1, or `layers` is not whole.

    Notes
    -----
    m/(feed capture) + layers dwell. Capture of powder read, feeds typical.

    >>> round(ded_deposition_time(2.4, 0.5e-3, 0.8, 60, 20.0) / 3600.0, 3)  # h
    2.0
    """
    require_positive(deposit_mass=deposit_mass, feed=feed, capture_efficiency=capture_efficiency)
    require_within(0.0, 1.0, capture_efficiency=capture_efficiency)
    require_not_negative(interlayer_dwell=interlayer_dwell)
    require_count(1, layers=layers)
    return deposit_mass / (feed * capture_efficiency) + layers * interlayer_dwell
