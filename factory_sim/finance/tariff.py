"""Electricity by the hour: from a load profile to the bill of a year.

A tariff has a price for each season and band (off-peak, mid, on-peak), bands by hour of the day, a charge on the
billing demand, and rules for weekends. `read_tariff` reads one from the dated table `electricity`;
`yearly_bill` applies it to the power that a plant takes in a representative week.

>>> tariff = read_tariff("industrial_b_high_voltage_a_2", "2026-05")
>>> bill = yearly_bill([500e3] * SLOTS, tariff, weeks=52.0)  # 500 kW day and night
>>> round(bill.energy_total / KWH), round(bill.demand_charge), round(bill.price * KWH, 1)
(4368000, 49920000, 170.3)
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from factory_sim.finance.tables import ALWAYS, NoRow, find, keys, lookup, table

if TYPE_CHECKING:
    from numpy.typing import NDArray

KWH = 3.6e6  # [J]
QUARTER = 900.0  # s: demand is the mean over a quarter of an hour, by the clock
SLOTS = 7 * 96  # quarters of a week, from Monday 00:00
BANDS = ("off_peak", "mid", "on_peak")
SEASONS = ("summer", "spring_autumn", "winter")
DAYS = (31.0, 28.25, 31.0, 30.0, 31.0, 30.0, 31.0, 31.0, 30.0, 31.0, 30.0, 31.0)  # of the months of a mean year
SATURDAY, SUNDAY = 5, 6


@dataclass(frozen=True)
class Tariff:
    """A tariff as it holds on one date. Prices in KRW/J, demand in KRW/W per month, without fund and tax.

    `bands` has the band of each hour of a weekday by season; on Saturday on-peak hours count as mid, on Sunday all
    hours are off-peak. `discount` is the share taken off the energy price in `discount_hours` of the weekends of
    `discount_months`.
    """

    name: str
    prices: Mapping[str, Mapping[str, float]]  # season, band
    bands: Mapping[str, tuple[str, ...]]
    season_of: tuple[str, ...]  # of each month
    demand_price: float
    least_contract: float  # [W]
    demand_floor: float  # share of the contract demand
    counted_months: frozenset[int]
    discount: float
    discount_hours: frozenset[int]
    discount_months: frozenset[int]
    climate_price: float
    fuel_price: float
    fund_rate: float
    vat_rate: float

    def band(self, month: int, day: int, hour: int) -> str:
        """Return the band of an hour: month 1 to 12, day 0 (Monday) to 6, hour 0 to 23."""
        band = "off_peak" if day == SUNDAY else self.bands[self.season_of[month - 1]][hour]
        return "mid" if band == "on_peak" and day == SATURDAY else band

    def share_paid(self, month: int, day: int, hour: int) -> float:
        """Return the share of the energy price that is paid in an hour."""
        off = day >= SATURDAY and month in self.discount_months and hour in self.discount_hours
        return 1.0 - self.discount if off else 1.0


def tariffs() -> list[str]:
    """Return the names of the tariffs that are complete on some date.

    >>> tariffs()
    ['industrial_b_high_voltage_a_2']
    """
    return [name for name in keys("electricity") if name != "rules" and starts(name)]


def starts(name: str) -> list[str]:
    """Return the dates from which a tariff is complete, ascending.

    >>> starts("industrial_b_high_voltage_a_2")
    ['2024-10-24', '2026-04-16']
    """
    rows = [row for row in table("electricity").rows if row.key.startswith(f"{name}.")]
    return [day for day in sorted({row.begin for row in rows} - {ALWAYS}) if _complete(name, day)]


def _complete(name: str, on: str) -> bool:
    try:
        read_tariff(name, on)
    except NoRow:
        return False
    return True


def read_tariff(name: str, on: str) -> Tariff:
    """Return a tariff as it holds on a date such as 2026-05; the whole year is billed by it.

    Raises
    ------
    NoRow       If the tariff is not known on that date.
    ValueError  If it is no date.
    """

    def value(key: str, prefix: str = name) -> Any:
        return lookup("electricity", f"{prefix}.{key}", on).value

    prices = {season: {band: value(f"energy.{season}.{band}") / KWH for band in BANDS} for season in SEASONS}
    months = {month: season for season in SEASONS for month in value(f"months.{season}", "rules")}
    off = find("electricity", f"{name}.discount.share", on)
    return Tariff(
        name,
        prices,
        {s: _bands(value(f"on_peak_hours.{s}"), value(f"off_peak_hours.{s}")) for s in SEASONS},
        tuple(months[month] for month in range(1, 13)),
        value("demand") / 1e3,
        value("least_contract") * 1e3,
        value("demand_floor"),
        frozenset(value("counted_months")),
        0.0 if off is None else float(off.value),
        frozenset() if off is None else frozenset(_hours(value("discount.hours"))),
        frozenset() if off is None else frozenset(value("discount.months")),
        value("adders.climate", "rules") / KWH,
        value("adders.fuel", "rules") / KWH,
        value("fund.rate", "rules"),
        value("vat.rate", "rules"),
    )


def _hours(spans: Sequence[Sequence[int]]) -> list[int]:
    return [hour for begin, end in spans for hour in range(begin, end)]


def _bands(on_peak: Sequence[Sequence[int]], off_peak: Sequence[Sequence[int]]) -> tuple[str, ...]:
    on, off = set(_hours(on_peak)), set(_hours(off_peak))
    if on & off:
        raise ValueError(f"hours {sorted(on & off)} are both on-peak and off-peak")
    return tuple("on_peak" if h in on else "off_peak" if h in off else "mid" for h in range(24))


def power_factor_charge(power_factor: float) -> float:
    """Return the factor on the basic charge for a lagging power factor by day.

    Raises
    ------
    ValueError  If the power factor lies outside (0, 1].

    Notes
    -----
    1 + 0.2 (0.90 - pf), pf counted between 0.60 and 0.95; the table `electricity` has the rule (recalled).

    >>> round(power_factor_charge(0.85), 4), power_factor_charge(0.90), round(power_factor_charge(1.0), 4)
    (1.01, 1.0, 0.99)
    """
    if not 0.0 < power_factor <= 1.0:
        raise ValueError(f"power_factor must lie in (0, 1], got {power_factor!r}")
    rule = {key: float(lookup("electricity", f"rules.power_factor.{key}", "2026-01").value) for key in _FACTORS}
    counted = min(max(power_factor, rule["least"]), rule["most"])
    return 1.0 + rule["rate"] * (rule["standard"] - counted)


_FACTORS = ("standard", "least", "most", "rate")


@dataclass(frozen=True)
class Bill:
    """The bill of a year. Energy by band in J, demand by month in W, all else in KRW per year."""

    energy: Mapping[str, float]
    billing_demand: tuple[float, ...]
    energy_charge: float  # discounts taken off
    discount: float  # what was taken off
    demand_charge: float
    adders: float
    fund_and_tax: float
    total: float

    @property
    def energy_total(self) -> float:
        """Energy of the year. [J]"""
        return math.fsum(self.energy.values())

    @property
    def price(self) -> float:
        """Everything paid per energy; nan without energy. [KRW/J]"""
        return self.total / self.energy_total if self.energy_total else math.nan


def yearly_bill(
    profile: Sequence[float] | Sequence[Sequence[float]] | NDArray[Any],
    tariff: Tariff,
    weeks: float = 365.25 / 7.0,
    peaks: Sequence[float] | None = None,
    contract: float = 0.0,
    power_factor: float = 0.9,
    reclaims_vat: bool = True,
    fuel_price: float | None = None,
) -> Bill:
    """Return the bill of a year in which a plant takes the power of a representative week.

    Parameters
    ----------
    profile : array, shape (672,) or (12, 672)  Mean power of each quarter of an hour from Monday 00:00, the same in all
                                                months or by month; not negative. [W]
    weeks : float                   Weeks of such load in a year, spread over the months by their days; the rest of the
                                    year nothing is taken. In (0, 53].
    peaks : sequence of 12 floats   Highest quarter of each month; default: the greatest of the profile. [W]
    contract : float                Contract demand; 0: no floor of the billing demand. [W]
    power_factor : float            Lagging, by day, in (0, 1].
    reclaims_vat : bool             True: value-added tax is no cost.
    fuel_price : float              Fuel adjustment; default: that of the tariff. [KRW/J]

    Raises
    ------
    ValueError  If a number lies outside its range or the shape is another.

    Notes
    -----
    Billing demand of a month: the highest of its own quarter, of those of the counted months (a year like the one
    before), and of the floor. Charges, fund and tax as in `processes.energy`. Public holidays on working days are not
    told apart: they are among the weeks in which the plant stands still.
    """
    from processes import energy

    loads, highest = _checked(profile, weeks, peaks, contract)
    fuel = tariff.fuel_price if fuel_price is None else fuel_price
    demand_price = tariff.demand_price * power_factor_charge(power_factor)
    counted = [highest[month - 1] for month in sorted(tariff.counted_months)]
    floor = tariff.demand_floor * contract
    used = dict.fromkeys(BANDS, 0.0)
    demands, charges, discounts, adders, totals = [], [], [], [], []
    for month in range(1, 13):
        by_band, off = _month(loads[month - 1] * (QUARTER * weeks * DAYS[month - 1] / sum(DAYS)), tariff, month)
        prices = tariff.prices[tariff.season_of[month - 1]]
        demand = max(energy.billing_demand(counted, highest[month - 1]), floor)
        bands = [by_band[band] for band in BANDS]
        charge = energy.tou_bill(demand, demand_price, *bands, *(prices[band] for band in BANDS)) - off
        vat = 0.0 if reclaims_vat else tariff.vat_rate
        totals.append(energy.bill_total(charge, sum(bands), tariff.climate_price, fuel, vat, tariff.fund_rate))
        for band in BANDS:
            used[band] += by_band[band]
        demands.append(demand)
        charges.append(charge - demand * demand_price)
        discounts.append(off)
        adders.append(sum(bands) * (tariff.climate_price + fuel))
    demand_charge = math.fsum(demands) * demand_price
    before = math.fsum(charges) + demand_charge + math.fsum(adders)
    total = math.fsum(totals)
    return Bill(
        used, tuple(demands), math.fsum(charges), math.fsum(discounts), demand_charge, math.fsum(adders),
        total - before, total,
    )  # fmt: skip


def _month(energies: NDArray[Any], tariff: Tariff, month: int) -> tuple[dict[str, float], float]:
    """Return the energy by band of the quarters of a month [J] and the discount on it [KRW]."""
    by_hour = energies.reshape(7, 24, 4).sum(axis=2)
    prices = tariff.prices[tariff.season_of[month - 1]]
    used = dict.fromkeys(BANDS, 0.0)
    off = 0.0
    for day in range(7):
        for hour in range(24):
            band, taken = tariff.band(month, day, hour), float(by_hour[day, hour])
            used[band] += taken
            off += (1.0 - tariff.share_paid(month, day, hour)) * prices[band] * taken
    return used, off


def _checked(profile: Any, weeks: float, peaks: Sequence[float] | None, contract: float) -> tuple[Any, list[float]]:
    """Return the profile by month, shape (12, 672), and the peak of each month."""
    import numpy as np

    loads = np.asarray(profile, dtype=float)
    if loads.shape not in ((SLOTS,), (12, SLOTS)):
        raise ValueError(f"profile must have the shape ({SLOTS},) or (12, {SLOTS}), got {loads.shape}")
    if not np.all((loads >= 0.0) & (loads < math.inf)):
        raise ValueError("profile must not be negative and must be finite")
    if not 0.0 < weeks <= 53.0:
        raise ValueError(f"weeks must lie in (0, 53], got {weeks!r}")
    if not 0.0 <= contract < math.inf:
        raise ValueError(f"contract must not be negative and must be finite, got {contract!r}")
    loads = np.broadcast_to(loads, (12, SLOTS))
    highest = [float(load.max()) for load in loads] if peaks is None else [float(peak) for peak in peaks]
    if len(highest) != 12:
        raise ValueError(f"peaks must be those of 12 months, got {len(highest)}")
    return loads, highest
