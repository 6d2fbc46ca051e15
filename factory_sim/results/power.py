"""Electric power over time: the mean over each quarter of an hour, its peak, and the bill by tariff.

Power by state times time in that state, what a part takes spread over its visit, and auxiliaries while the plant is
open: the same energy as `economy.energy`, by the clock.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from factory_sim.finance.tariff import BANDS, KWH, QUARTER, SLOTS, Bill, read_tariff, yearly_bill
from factory_sim.model.schema import Plant
from factory_sim.model.units import WEEK
from factory_sim.results.economy import drawn
from factory_sim.results.pieces import Piece
from factory_sim.results.states import MachineTime
from factory_sim.results.transport import vehicle_load
from factory_sim.results.window import Window, calendar_of, covered_until
from factory_sim.simulation.line_machines import machines_of
from factory_sim.simulation.plan import ELECTRICITY, NONE, TICK, Plan, ticks
from factory_sim.simulation.trace import Trace

Values = NDArray[np.float64]
ENERGY_ERROR = 1e-6  # relative, that load and energy of a window may differ by


@dataclass(frozen=True)
class Load:
    """Mean electric power of each quarter of an hour that lies whole in a window, aligned to the clock.

    `power` in W; `first` is the number of the first quarter since the beginning of the run, a Monday 00:00.
    """

    power: Values
    first: int

    @property
    def peak(self) -> float:
        """The highest of the quarters, the demand of the window; 0 if it holds none. [W]"""
        return float(self.power.max(initial=0.0))

    @property
    def energy(self) -> float:
        """Energy of the quarters. [J]"""
        return float(self.power.sum()) * QUARTER

    def week(self) -> Values:
        """Return the mean power of each quarter of a week, from Monday 00:00, shape (672,). [W]

        Raises
        ------
        ValueError  If the window is not a number of whole weeks.
        """
        if len(self.power) == 0 or len(self.power) % SLOTS:
            raise ValueError(f"a week's load needs whole weeks, got {len(self.power) * QUARTER / WEEK:g} weeks")
        weeks: Values = np.roll(self.power, self.first).reshape(-1, SLOTS).mean(axis=0)
        return weeks


def load(plant: Plant, plan: Plan, trace: Trace, window: Window) -> Load:
    """Return the electric load of a window, by the quarter of an hour.

    Notes
    -----
    What a part takes is spread over its visit; a part that was in work when the window began takes all of it inside, as
    the energy of the window counts it.
    """
    return load_of(plant, plan, load_sums(plant, plan, Piece.whole(plan, trace), window), window)


@dataclass(frozen=True)
class Quarters:
    """Energy in some quarters of an hour that follow one another, as of `Load`. [J]"""

    first: int
    energy: Values

    def __add__(self, other: Quarters) -> Quarters:
        """Return the energy in the quarters of both."""
        first = min(self.first, other.first)
        total = np.zeros(max(self.first + len(self.energy), other.first + len(other.energy)) - first)
        for each in (self, other):
            total[each.first - first : each.first - first + len(each.energy)] += each.energy
        return Quarters(first, total)


def _edges(begin: int, end: int) -> tuple[int, NDArray[np.int64]]:
    """Return the first of the quarters that hold a stretch, and its edges, clipped to the stretch. [ticks]"""
    quarter = ticks(QUARTER)
    first, last = begin // quarter, -(-end // quarter)
    edges = np.arange(first, max(last, first + 1) + 1, dtype=np.int64) * quarter
    return first, np.clip(edges, begin, end)


def load_of(plant: Plant, plan: Plan, sums: Quarters, window: Window) -> Load:
    """Return the load of a window by what stations and vehicles took."""
    quarter = ticks(QUARTER)
    first, last = -(-window.begin // quarter), window.end // quarter
    edges = np.arange(first, max(last, first) + 1, dtype=np.int64) * quarter
    open_ = Quarters(first, plant.economics.auxiliary_power * _open_time(plant, plan, edges) * TICK)
    skipped = first - min(first, sums.first)
    energy = (open_ + sums).energy[skipped : skipped + len(open_.energy)]
    return Load(energy / QUARTER, first)


def load_sums(plant: Plant, plan: Plan, piece: Piece, window: Window) -> Quarters:
    """Return the electricity of stations and vehicles in what a piece of a run has of a window, by the quarter."""
    begin, end = piece.span(window)
    first, edges = _edges(begin, end)
    total = Quarters(first, vehicle_load(plant, plan, piece.seen, edges))
    units = [like for name in plant.station for _, like in machines_of(plant, name)]
    for machine, row in enumerate(plan.machines):
        station = plant.station[list(plant.station)[row.station]]
        power = units[machine].power
        if power.working or power.idle or power.off:
            first, edges = _edges(*piece.time_of(machine, window))
            spent = MachineTime.of(piece.seen, machine).between(edges).astype(np.float64) * TICK
            total += Quarters(first, drawn(power, spent))
        if station.electricity_per_part:
            parts = _parts(piece.done, machine, window)
            total += Quarters(parts.first, station.electricity_per_part * parts.energy)
        if any(law.carrier == ELECTRICITY for law in row.laws):
            total += _metered(piece.done, machine, window)
    return total


def _open_time(plant: Plant, plan: Plan, edges: NDArray[np.int64]) -> Values:
    """Return how long the plant is open in each quarter. [ticks]"""
    calendar = calendar_of(plant)
    if calendar == NONE:
        return np.diff(edges).astype(float)
    spans = []
    for opens, closes in plan.open_spans(calendar):
        if opens >= edges[-1]:
            break
        spans.append((opens, min(closes, int(edges[-1]))))
    begins, ends = np.array(spans, dtype=np.int64).reshape(-1, 2).T
    opened: Values = np.diff(covered_until(begins, ends, edges)).astype(float)
    return opened


def _parts(trace: Trace, machine: int, window: Window) -> Quarters:
    """Return how many parts' worth of work a machine does in each quarter: each is one, spread over its visit."""
    visits = trace.visits
    mine = (visits["machine"] == machine) & window.holds(visits["ended"])
    return _spread(visits["began"][mine], visits["ended"][mine], np.ones(int(mine.sum())), window)


def _metered(trace: Trace, machine: int, window: Window) -> Quarters:
    """Return the electricity that physical states of a machine take in each quarter. [J]"""
    meters = trace.meters
    mine = (meters["machine"] == machine) & (meters["carrier"] == ELECTRICITY) & window.holds(meters["end"])
    return _spread(meters["begin"][mine], meters["end"][mine], meters["quantity"][mine], window)


def _spread(begins: NDArray[Any], ends: NDArray[Any], amounts: Values, window: Window) -> Quarters:
    """Return what falls into each quarter of amounts that are spread evenly over their times inside the window."""
    if not len(ends):
        return Quarters(window.begin // ticks(QUARTER), np.zeros(0))
    ends = ends.astype(np.int64)
    begins = np.maximum(begins.astype(np.int64), window.begin)
    long = ends > begins
    first = int(begins.min()) // ticks(QUARTER)
    edges = np.arange(first, int(ends.max()) // ticks(QUARTER) + 2, dtype=np.int64) * ticks(QUARTER)
    done = np.zeros(len(edges) - 1)
    slots = np.searchsorted(edges, ends[~long], side="right") - 1
    there = (slots >= 0) & (slots < len(done))
    np.add.at(done, slots[there], amounts[~long][there])
    origin = edges[0]
    x, b, e = ((values - origin).astype(float) for values in (edges, begins[long], ends[long]))
    rates = amounts[long] / (e - b)
    spread = np.diff(_ramps(x, b, rates) - _ramps(x, e, rates))
    return Quarters(first, done + np.maximum(spread, 0.0))  # where there is nothing, rounding may leave less than that


def _ramps(x: Values, starts: Values, slopes: Values) -> Values:
    """Return the sum of slope x max(0, x - start) over all ramps, for each x."""
    order = np.argsort(starts, kind="stable")
    slope = np.concatenate([[0.0], np.cumsum(slopes[order])])
    moment = np.concatenate([[0.0], np.cumsum((slopes * starts)[order])])
    k = np.searchsorted(starts[order], x, side="right")
    total: Values = slope[k] * x - moment[k]
    return total


def supplied(plant: Plant, used: Load, window: Window, electricity: float) -> tuple[Load, Bill | None]:
    """Return the load of a window and the bill of its year.

    Raises
    ------
    AssertionError  If the load of whole quarters has not the energy `electricity` [J] of the window.
    ValueError      As `bill`.
    """
    quarter = ticks(QUARTER)
    whole = not window.begin % quarter and not window.end % quarter
    if whole and abs(used.energy - electricity) > ENERGY_ERROR * max(electricity, 1.0):
        raise AssertionError(f"the load has {used.energy!r} J, but the window {electricity!r} J")
    return used, bill(plant, used, window)


def power_kpis(used: Load, paid: Bill | None) -> dict[str, tuple[float, str]]:
    """Return the key figures of load and bill: value and unit by name; those of the bill only if there is a tariff."""
    figures = {"peak_power": (used.peak / 1e3, "kW")}
    if paid is not None:
        figures |= {
            "electricity_price": (paid.price * KWH, "KRW/kWh"),
            "demand_charge": (paid.demand_charge, "KRW/yr"),
            **{f"electricity_{band}": (_share(paid.energy[band], paid.energy_total), "1") for band in BANDS},
        }
    return figures


def _share(part: float, whole: float) -> float:
    return part / whole if whole else math.nan


def bill(plant: Plant, used: Load, window: Window) -> Bill | None:
    """Return the electricity bill of a year by the plant's tariff, None if it pays a flat price.

    Raises
    ------
    ValueError  If the window is not a number of whole weeks.

    Notes
    -----
    The year has as many weeks of the window's load as fit into the plant's planned time; the peak of the window is the
    peak of every month.
    """
    supply = plant.energy
    if supply is None:
        return None
    weeks = window.per_year * (window.end - window.begin) * TICK / WEEK
    arguments: dict[str, Any] = {
        "contract": supply.contract,
        "power_factor": supply.power_factor,
        "reclaims_vat": supply.reclaims_vat,
        "fuel_price": supply.fuel_adjustment,
    }
    tariff = read_tariff(supply.tariff, supply.date)
    return yearly_bill(used.week(), tariff, weeks, [used.peak] * 12, **arguments)
