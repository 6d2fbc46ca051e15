"""What a good square metre of plating costs in energy, water, sludge, CO2 and rejects: baths compared.

A decorative layer of chromium of 0.3 um, from chromic acid and from a trivalent bath, both with the numbers of
`processes.materials`; concentrations, auxiliaries and rejects are those of an example, a plant has its own.

>>> from processes.materials import practice, practices
>>> from processes.plating import energy_per_area
>>> grid, gas, dragout = 0.4173 / 3.6e6, practice("fuel_natural_gas", "co2"), practice("plating_rack", "dragout")
>>> def route(bath, concentration, auxiliaries, heat, dilution_ratio, reject_share):
...     row = {name: practice(bath, name).value for bath, name in practices(bath)}
...     deposit = {name: row[name] for name in ("cathode_efficiency", "molar_mass", "electrons", "density")}
...     return PlatingRoute(
...         energy_per_area(0.3e-6, row["voltage"], rectifier_efficiency=0.88, **deposit),
...         auxiliaries, heat, dragout.value, concentration, dilution_ratio, 3, row["molar_mass"], 3, reject_share, 9e3)
>>> baths = {"Cr(VI)": route("plating_chromium_VI", 130.0, 2.0e6, 1.5e6, 20000.0, 0.03),
...          "Cr(III)": route("plating_chromium_III", 22.0, 0.8e6, 0.8e6, 5000.0, 0.05)}
>>> for name, bath in baths.items():
...     f = footprint_per_area(bath, grid, gas.value, 0.3)
...     print(f"{name}: {f.electricity / 3.6e6:.2f} kWh/m2, {1e3 * f.water:.1f} L/m2, {1e3 * f.sludge:.0f} g/m2 sludge",
...         f"{f.co2:.2f} kg/m2 CO2, {f.reject_cost:.0f} KRW/m2")
Cr(VI): 1.06 kWh/m2, 2.8 L/m2, 89 g/m2 sludge 0.53 kg/m2 CO2, 278 KRW/m2
Cr(III): 0.58 kWh/m2, 1.8 L/m2, 15 g/m2 sludge 0.29 kg/m2 CO2, 474 KRW/m2
"""

from __future__ import annotations

from dataclasses import dataclass

from processes.checks import require_count, require_not_negative, require_positive, require_within
from processes.energy import co2
from processes.plating import counterflow_water

HYDROXIDE = 0.017007  # kg/mol of OH


@dataclass(frozen=True)
class PlatingRoute:
    """What plating a square metre takes, good or bad."""

    rectifier: float  # electricity, `plating.energy_per_area` [J/m^2]
    auxiliaries: float  # electricity of ventilation, pumps, electric heating; often as much again [J/m^2]
    heat: float  # from gas, for baths and drying [J/m^2]
    dragout: float  # [m^3/m^2]
    concentration: float  # of the metal in the bath [kg/m^3]
    dilution_ratio: float  # bath over last rinse
    stages: int  # rinses in counterflow
    molar_mass: float  # of the metal [kg/mol]
    valence: int  # of the metal in the sludge: 2 nickel, copper, zinc; 3 chromium, reduced first if it was Cr(VI)
    reject_share: float  # [0, 1)
    cost: float  # of a plated square metre that is rejected, work and part [money/m^2]


@dataclass(frozen=True)
class Footprint:
    """What a good square metre takes, its share of the rejects included."""

    electricity: float  # [J/m^2]
    heat: float  # [J/m^2]
    water: float  # [m^3/m^2]
    sludge: float  # [kg/m^2]
    co2: float  # [kg/m^2]
    reject_cost: float  # [money/m^2]


def sludge_per_area(dragout: float, concentration: float, molar_mass: float, valence: int, dry_share: float) -> float:
    """Return the hydroxide sludge that drag-out becomes in the treatment of waste water. [kg/m^2]

    Parameters
    ----------
    dragout : float         Of the bath; row of plating_rack in `processes.materials`. [m^3/m^2]
    concentration : float   Of the metal in the bath. [kg/m^3]
    molar_mass : float      Of the metal. [kg/mol]
    valence : int           Hydroxide ions per atom: 2 nickel, copper, zinc; 3 chromium.
    dry_share : float       Dry matter of the sludge as it leaves, 0.25-0.4 from a filter press. (0, 1]

    Raises
    ------
    ValueError  If an argument is not positive and finite, `valence` is not whole, or `dry_share` exceeds 1.

    Notes
    -----
    D C (M + n M_OH)/M over the dry share: all metal carried out is thrown down as M(OH)n. Chemicals that come down with
    it are left out, so it is a lower bound; recovered drag-out makes no sludge. Balance of mass, computed here; dry
    share typical.

    >>> round(1e3 * sludge_per_area(1e-4, 75.0, 0.05869, 2, 0.3), 1)  # g/m2 of a nickel bath
    39.5
    """
    require_positive(dragout=dragout, concentration=concentration, molar_mass=molar_mass, dry_share=dry_share)
    require_count(1, valence=valence)
    require_within(0.0, 1.0, dry_share=dry_share)
    return dragout * concentration * (molar_mass + valence * HYDROXIDE) / molar_mass / dry_share


def footprint_per_area(route: PlatingRoute, grid_factor: float, gas_factor: float, dry_share: float) -> Footprint:
    """Return what a good square metre of plating takes: energy, water, sludge, CO2, cost of rejects.

    Parameters
    ----------
    route : PlatingRoute   What a square metre takes, good or bad.
    grid_factor : float    Emission factor of electricity, dated data. [kg/J]
    gas_factor : float     Of the gas; row of fuel_natural_gas in `processes.materials`. [kg/J]
    dry_share : float      As in `sludge_per_area`. (0, 1]

    Raises
    ------
    ValueError  If a number is out of range; `reject_share` must be less than 1.

    Notes
    -----
    Water as in `plating.counterflow_water`, per area instead of time; all divided by 1 - rejects, as a rejected metre
    is plated again; its cost is rejects/(1 - rejects) of a metre. Chemicals, stripping and waste gas are left out.
    Balances, computed here.

    >>> nickel = PlatingRoute(3.2e6, 3.2e6, 2.0e6, 1e-4, 75.0, 5000.0, 2, 0.05869, 2, 0.02, 8000.0)
    >>> f = footprint_per_area(nickel, 0.4173 / 3.6e6, 5.61e-8, 0.3)
    >>> round(f.electricity / 3.6e6, 2), round(1e3 * f.water, 2), round(f.co2, 2), round(f.reject_cost)
    (1.81, 7.16, 0.87, 163)
    """
    require_not_negative(rectifier=route.rectifier, auxiliaries=route.auxiliaries, heat=route.heat, cost=route.cost)
    require_not_negative(reject_share=route.reject_share)
    if route.reject_share >= 1.0:
        raise ValueError(f"reject_share must be less than 1, got {route.reject_share!r}")
    good = 1.0 - route.reject_share
    electricity, heat = (route.rectifier + route.auxiliaries) / good, route.heat / good
    sludge = sludge_per_area(route.dragout, route.concentration, route.molar_mass, route.valence, dry_share)
    return Footprint(
        electricity=electricity,
        heat=heat,
        water=counterflow_water(route.dragout, route.dilution_ratio, route.stages) / good,
        sludge=sludge / good,
        co2=co2(electricity, grid_factor) + co2(heat, gas_factor),
        reject_cost=route.cost * route.reject_share / good,
    )
