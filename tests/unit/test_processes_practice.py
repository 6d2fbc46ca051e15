"""The numbers that processes are run with agree with the formulas that take them, and with the engine."""

from __future__ import annotations

import re
from importlib.resources import files
from typing import Any

import pytest

from factory_sim.technology.plating_bath import METALS
from processes import additive, energy, machining, plating, welding
from processes.materials import material, practice, practices
from processes.plating import faraday_thickness
from processes.sensors import thermocouple_tolerance

BATHS = [process for process, quantity in practices() if quantity == "cathode_efficiency"]
DEPOSIT = ("cathode_efficiency", "molar_mass", "electrons", "density")


PROCESSES = {process for process, _ in practices()}
# Names that docstrings send their reader to: "row of plating_rack", "rows `co2` of fuel_natural_gas", "rows tool_*".
GROUPS = "|".join(sorted({process.split("_")[0] for process in PROCESSES}))
ROW = re.compile(rf"[Rr]ows? (?:`(\w+)` )?of ((?:{GROUPS})_\w+)")
ROWS = re.compile(r"\b(\w+_)\*")


def of(process: str) -> dict[str, Any]:
    return {quantity: practice(process, quantity).value for _, quantity in practices(process)}


@pytest.mark.parametrize(
    ("bath", "current_density", "efficiency", "within"),
    [
        # By hand for nickel: 0.95 400 0.05869/(2 96485.33 8900) = 1.2986e-8 m/s = 0.779 um/min against 0.8.
        ("plating_nickel", 400.0, None, 0.03),
        ("plating_copper_acid", 400.0, None, 0.01),
        ("plating_zinc_acid", 200.0, None, 0.09),
        ("plating_chromium_VI", 4117.0, None, 0.01),  # 25 um/h at an efficiency of 13.5 %
        ("plating_chromium_III", 2250.0, "cathode_efficiency_laboratory", 0.2),  # 1-1.5 um/min
    ],
)
def test_baths_deposit_as_fast_as_their_rows_say(bath, current_density, efficiency, within) -> None:
    row = of(bath)
    deposit = {name: row[name] for name in DEPOSIT}
    if efficiency is not None:
        deposit["cathode_efficiency"] = row[efficiency]
    found = faraday_thickness(current_density, 1.0, 1.0, **deposit)
    assert found == pytest.approx(row["deposition_rate"], rel=within)


@pytest.mark.parametrize(
    ("bath", "thickness", "voltage", "expected"),
    [
        # 15e-6 2 96485.33 8900 6/(0.95 0.88 0.05869) = 3.150e6 J/m2 = 0.875 kWh/m2, told as 0.9.
        ("plating_nickel", 15e-6, 6.0, 0.875),
        # 50e-6 6 96485.33 7190 8/(0.135 0.88 0.052) = 2.695e8 J/m2 = 74.9 kWh/m2, told as about 70.
        ("plating_chromium_VI", 50e-6, 8.0, 74.9),
    ],
)
def test_a_square_metre_takes_the_energy_that_is_told_of_it(bath, thickness, voltage, expected) -> None:
    deposit = {name: of(bath)[name] for name in DEPOSIT}
    found = plating.energy_per_area(thickness, voltage, rectifier_efficiency=0.88, **deposit)
    assert found / 3.6e6 == pytest.approx(expected, rel=1e-3)


def test_the_metals_of_the_plant_file_are_those_of_the_baths() -> None:
    same = {"nickel": "nickel", "copper": "copper_acid", "zinc": "zinc_acid", "chromium": "chromium_VI",
            "trivalent_chromium": "chromium_III"}  # fmt: skip
    assert set(same) == set(METALS)
    for metal, bath in same.items():
        row = of(f"plating_{bath}")
        assert (row["molar_mass"], row["electrons"], row["density"]) == pytest.approx(METALS[metal], rel=2e-4)


def test_tools_live_longer_in_the_order_of_their_price() -> None:
    kinds = ("HSS", "carbide", "coated_carbide", "CBN")
    lives = [machining.taylor_life(2.0, **of(f"tool_{kind}")) for kind in kinds]
    assert lives == sorted(lives) and lives[0] < 60.0 < lives[1]
    # Carbide at 200 m/min: 60 (300/200)^4 = 303.75 s.
    assert machining.taylor_life(200.0 / 60.0, **of("tool_carbide")) == pytest.approx(303.75)


def test_every_work_takes_more_energy_than_aluminium() -> None:
    energies = {work: machining.cutting_power(practice(f"work_{work}", "specific_energy").value, 1e-6)
                for work in ("aluminium", "cast_iron", "steel", "titanium")}  # fmt: skip
    assert list(energies.values()) == sorted(energies.values()) and energies["aluminium"] == pytest.approx(900.0)


def test_arcs_and_powder_beds_stay_in_the_ranges_of_good_sense() -> None:
    net = welding.weld_heat_input(25.0, 250.0, 0.006, practice("arc_MAG", "efficiency").value)
    assert net == pytest.approx(0.8 * 25.0 * 250.0 / 0.006)
    rate = practice("lpbf_AlSi10Mg", "melt_rate_30um")
    assert rate.low < additive.lpbf_melt_rate(1.3, 0.17e-3, 30e-6) < rate.high
    density = practice("lpbf_AlSi10Mg", "energy_density")
    assert density.low < additive.lpbf_energy_density(370.0, 1.3, 0.19e-3, 30e-6) < density.high
    # Four lasers at 80 um: 4 18.1 mm3/s = 261 cm3/h.
    assert 4 * practice("lpbf_AlSi10Mg", "melt_rate_80um").value * 3600e6 == pytest.approx(261.0, abs=0.5)


def test_no_furnace_melts_aluminium_for_less_than_its_enthalpy() -> None:
    alloy = {name: material("A356")[name].value for name in ("c_solid", "latent", "c_liquid")}
    needed = energy.melt_enthalpy(1.0, T_start=25.0, T_melt=613.0, T_pour=720.0, **alloy)
    kinds = [name for _, name in practices("melting") if name.startswith("energy_") and "iron" not in name]
    assert len(kinds) == 5
    for kind in kinds:
        assert practice("melting", kind).low > needed, kind


def test_defaults_of_functions_are_those_of_the_rows() -> None:
    limit, share = (practice("thermocouple_K", name).value for name in ("limit", "share"))
    for T in (20.0, 860.0):
        assert thermocouple_tolerance(T) == thermocouple_tolerance(T, limit, share)


MODULES = [module for module in files("processes").iterdir() if module.name.endswith(".py")]


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.name)
def test_rows_that_docstrings_name_are_there(module) -> None:
    text = re.sub(r"\s+", " ", module.read_text(encoding="utf-8"))
    for quantity, process in ROW.findall(text):
        assert process in PROCESSES, process
        assert not quantity or (process, quantity) in practices(process), (process, quantity)
    names = [name for row in practices() for name in row]
    for start in ROWS.findall(text):
        assert any(name.startswith(start) for name in names), start


def test_docstrings_name_rows() -> None:
    text = " ".join(re.sub(r"\s+", " ", module.read_text(encoding="utf-8")) for module in MODULES)
    assert len(ROW.findall(text)) >= 30 and len(ROWS.findall(text)) >= 15
