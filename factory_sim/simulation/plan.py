"""The plan: all that an engine may read. Rows of numbers, made by `prepare` from a plant; no names, no objects.

Times are whole ticks of 1 us. Everything refers to everything else by index: machines to stations, stations to places
(a station and the place before it share their index), stops to machines, durations to `distributions`. Two engines that
read the same plan write the same trace.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count, pairwise, takewhile
from typing import NamedTuple

from factory_sim.simulation.line_plan import LineRow
from factory_sim.simulation.people_rows import PhaseRow, PoolRow, Team, UnitRow
from factory_sim.simulation.sensor_rows import QualityRow

TICK = 1e-6  # [s]
TICKS_PER_SECOND = 1_000_000
WEEK = 7 * 86_400 * TICKS_PER_SECOND
NEVER = 1 << 62  # time of what does not happen. [ticks]
UNLIMITED = 1 << 40  # places of a buffer without a limit
NONE = -1  # no calendar, no distribution, no limit, no place: a sink

# Verbs of a machine's program.
TAKE, NEED, BEGIN, LOAD, WORK, FINISH, INSPECT, LOSE, PUT, CHOOSE, DIVERT, TAKE_LOAD, CHANGE, RESET = range(14)
NEED_IN_TIME = 20  # instead of NEED: no cycle begins that would not end in the shift
REST, STAMP, COUNT, RESERVE, UNRESERVE, RESUME = range(14, 20)
CARRY = 60  # instead of PUT: parts leave by vehicle
SETTLE = 61  # bring physical states to the end of the work
FIRST_PASS, NEXT_PASS, RUN_PASS = 62, 63, 64  # instead of WORK or RUN_WORK: between passes a state may have it wait
TALLY, RUN_IN = 50, 51  # count parts and wear for stops; discard the parts that come after some stops
CALL_LOAD, RUN_LOAD, FREE_LOAD, CALL_WATCH, RUN_WORK, FREE_WATCH = range(70, 76)  # phases that need people
CALL_UNLOAD, RUN_UNLOAD, FREE_UNLOAD, DRAW_AHEAD = range(76, 80)

# Kinds of source: a part is always there; arrivals at intervals, at given times; a closed loop of carriers or cards;
# there when all parts of it are; there when another part is divided.
ALWAYS, INTERVAL, AT_TIMES, LOOP, KIT, PIECES = range(6)

# Rules by which a machine chooses among the parts that wait for it.
FIFO, SPT, LPT, EDD, MWKR, MOPNR, PRIORITY, LEAST_SETUP = range(8)

# Clocks that make a stop due, and moments at which a due stop begins.
ON_WORKING, ON_CALENDAR, ON_OPEN, AFTER_WORK, ON_CHANGE, ALWAYS_DUE, ON_REQUEST = range(7)
ON_AMOUNT, ON_FINDING = 50, 51  # parts or wear, in millionths; only when an inspection, or another stop, says so
IMMEDIATE, AFTER_CYCLE, WHEN_IDLE = range(3)

# When a machine goes on to the next product of its campaign: none is left, those of the beginning are done, the lot is.
EXHAUSTIVE, GATED, LOTS = range(3)

# Which call a free vehicle takes, and where one that has nothing to do waits.
OLDEST, NEAREST, BY_PRIORITY = range(3)
STAY, GO_HOME, GO_BACK = range(3)


class LawRow(NamedTuple):
    """A physical state of a machine and how it moves: the state is the machine's own, or that of its parts."""

    law: int  # index in `technology.laws.LAWS`
    parameters: tuple[float, ...]
    carrier: int = NONE  # ELECTRICITY or GAS that the law meters; NONE: the station's own keys tell its energy
    stop: int = NONE  # first of the stops that hold the machine while the law lets it wait


ELECTRICITY, GAS = range(2)


class MachineRow(NamedTuple):
    """One unit of a station."""

    station: int
    program: int
    calendar: int
    finish: bool  # at the end of a shift the part is finished first, instead of waiting in the machine
    cycle: int  # distribution
    load: int  # first part of the cycle, for which `needs` are held; 0: the whole cycle [ticks]
    needs: tuple[int, ...]  # resources, one unit each
    loss: float  # share of the time without failures that is lost after each cycle
    yield_: float
    rework: float  # share of the good parts that go back
    changes: tuple[tuple[int, ...], ...]  # distribution of the setup from product to product; NONE: nothing to do
    change_means: tuple[tuple[int, ...], ...]  # [ticks]
    change_streams: tuple[tuple[int, ...], ...]
    reset_share: float  # of the parts, after which the machine is set up whatever comes next
    reset: int  # distribution
    laws: tuple[LawRow, ...]  # that its physical states follow
    steady_scrap: float  # of the yield, what is not owed to physical states
    stops: tuple[int, ...]
    work_stream: int
    quality_stream: int
    rework_stream: int
    setup_stream: int
    slowness: float = 1.0  # by which its cycles are multiplied
    phases: tuple[PhaseRow, ...] = ()  # that need people, in plans with people


# What a stop with upkeep is.
FAILURE, PLANNED, REPLACEMENT, INSPECTION = range(4)


class UpkeepRow(NamedTuple):
    """What a stop has beside a clock and a duration. Amounts of parts and wear are counted in millionths.

    A failure has a warning if `warning` is a distribution; it is repaired as old if `shape` is positive, and its
    cumulative failure rate is then (t/scale)^shape, t in units of its clock.
    """

    role: int
    renews: tuple[int, ...] = ()  # failure modes (stops) that are as new after it
    restarts: tuple[int, ...] = ()  # of a failure: replacement and inspection, whose clocks begin anew with it
    window: int = 0  # on its clock: it is done early, alongside another stop of the machine
    spare: int = NONE  # that it takes
    run_on: bool = False  # without a spare it is put off until there is one
    wear: tuple[int, ...] = ()  # by one part of each product
    wear_time: int = 0  # work that adds one unit of wear; 0: none [ticks]
    shape: float = 0.0
    scale: float = 0.0
    warning: int = NONE  # distribution
    warning_stream: int = 0
    detection: float = 1.0
    false_alarm: float = 0.0
    luck_stream: int = 0  # of detection and false alarms
    verification: int = NONE  # distribution
    verification_stream: int = 0
    finds: int = NONE  # of an inspection: failure mode ...
    orders: int = NONE  # ... and replacement that a finding makes due
    next_planned: bool = False  # the replacement waits for the next planned stop
    run_in: int = 0  # parts after it that are discarded
    new_die: bool = False
    cold: bool = False  # the new die is not preheated
    leads: tuple[int, ...] = ()  # planned stops of other machines that are due when it begins


class SpareRow(NamedTuple):
    """Spares of one kind; each one taken is replaced after a lead time, during which a crew may be busy with it."""

    stock: int
    lead: int  # distribution
    crew: tuple[int, ...]
    stream: int


class StopRow(NamedTuple):
    """A failure mode, a planned stop, the loss after each cycle or a setup, of one machine."""

    machine: int
    state: int  # of the trace
    clock: int
    when: int
    between: int  # distribution; NONE for AFTER_WORK and ON_CHANGE
    duration: int  # distribution; NONE for AFTER_WORK and ON_CHANGE
    first: int  # open time before the first one, only ON_OPEN [ticks]
    crew: tuple[int, ...]  # resources, one unit each
    priority: int
    between_stream: int
    duration_stream: int
    upkeep: UpkeepRow | None = None
    team: Team = ()  # instead of `crew` in plans with people


class PlaceRow(NamedTuple):
    """The place before a station, with the index of the station."""

    capacity: int
    depth: int  # how far down the routes, for the order of puts
    direct: bool  # at most one machine fills it and at most one empties it, first come first served
    dispatch: int  # rule by which parts are taken
    least: int  # parts that a machine takes at once, at least ...
    most: int  # ... and at most
    wait: int  # after which the part that has waited longest goes with fewer; NEVER: it waits for the least [ticks]
    alike: bool  # all of one load are of one product
    initial: int  # parts in it at the beginning
    initial_source: int
    initial_product: int
    initial_step: int
    station: int  # of the parts that are there, if no machine takes parts from here; NONE: the one of its index
    delivered: bool = False  # vehicles bring parts here


class Arrival(NamedTuple):
    """One part or several that arrive together at a given time. [ticks]"""

    time: int
    product: int
    quantity: int
    due: int  # NEVER: no due date


class SourceRow(NamedTuple):
    """Where parts are born. The source of a part is its number modulo the number of sources."""

    kind: int
    products: tuple[int, ...]
    shares: tuple[float, ...]  # of the products, cumulative
    interval: int  # distribution; NONE unless INTERVAL
    lot: int  # parts that arrive together, only INTERVAL
    at: tuple[Arrival, ...]  # only AT_TIMES
    inside: int  # parts that are always inside, only LOOP
    volume: int  # parts per calendar week, net of scrap; NONE: no limit
    stream: int
    product_stream: int


class StepRow(NamedTuple):
    """One visit on the way of a product."""

    place: int  # of the station
    cycle: int  # distribution of its own; NONE: that of the station
    stream: int  # mixed with the stream of the machine, if it has a cycle of its own
    back: int  # step from which a part goes on that is to be reworked; NONE if the station sends none back
    mean: int  # cycle [ticks]
    remaining: int  # mean cycles from here to the end [ticks]


class ProductRow(NamedTuple):
    """The way of the parts of one product, and what rules look at."""

    steps: tuple[StepRow, ...]
    priority: int  # lower first
    due_after: int  # from birth to due date; NEVER: none [ticks]
    end: int  # place where it waits to be built in, or is divided; NONE: it leaves the plant


class FleetRow(NamedTuple):
    """Vehicles that are alike: which moves they make, and what these take. Points are places of the plant's floor."""

    legs: tuple[tuple[int, int], ...]  # from station to station
    points: tuple[int, ...]  # by station; NONE: not reached
    times: tuple[tuple[int, ...], ...]  # of a drive, from point to point; NEVER: no way [ticks]
    lengths: tuple[tuple[float, ...], ...]  # [m]
    dispatch: int
    parking: int
    home: int  # point
    capacity: int  # parts
    pick: int  # distribution, for each part
    drop: int
    charger: int  # point; NONE: no battery
    charger_needs: tuple[int, ...]  # resources, one unit each
    charge: int  # distribution
    per_length: float  # share of the battery that a drive takes [1/m]
    charge_below: float  # share of the battery


class VehicleRow(NamedTuple):
    """One vehicle of a fleet."""

    fleet: int
    calendar: int
    failures: tuple[StopRow, ...]  # `machine` is the index of the vehicle
    pick_stream: int
    drop_stream: int
    charge_stream: int


class FlowRow(NamedTuple):
    """A machine with many parts inside that move through. Lengths are told as the running time of the belt. [ticks]"""

    machine: int
    transit: int  # from entrance to exit
    pitch: int  # from part to part at the entrance
    gap: int  # length of a part
    capacity: int  # parts that find room
    accumulating: bool  # parts close up before a blocked exit; else everything stops
    fed: bool  # it moves only while a part comes in
    strokes: bool  # it moves one pitch at a time
    max_residence: int  # a part that has been inside longer is scrap; NEVER: no limit
    zones: tuple[tuple[int, int, int], ...]  # begin, end, stop after which parts in it are lost
    waste: int  # parts after a break of the web
    waste_after: int  # stop that costs as many; NEVER: none
    web_break: int  # stop; NONE
    oven: tuple[int, int, int] = (0, 0, NEVER)  # begin, end, time that parts may stand in it, all stops together


class CalendarRow(NamedTuple):
    """Open stretches of a week, ascending, adjoining ones merged. [ticks] after the beginning of the week"""

    opens: tuple[int, ...]
    closes: tuple[int, ...]
    special: tuple[tuple[int, tuple[int, ...], tuple[int, ...]], ...] = ()  # weeks that differ: number, opens, closes


class WindowRow(NamedTuple):
    """A limit to the wait of parts at a place."""

    place: int
    limit: int  # [ticks]
    since_work: bool  # from the end of the last work, instead of from the arrival at the place
    back: tuple[tuple[int, int, int], ...]  # product, step, earlier step to which a part goes back; none: it is lost


class StandbyRow(NamedTuple):
    """A machine that is switched off when no part is there."""

    machine: int
    off_after: int  # [ticks]
    off: int  # stop
    warm_up: int  # stop


class CampaignRow(NamedTuple):
    """The products that a machine makes one after another."""

    machine: int
    rule: int
    products: tuple[int, ...]
    lots: tuple[int, ...]  # parts of each, only LOTS
    stays: bool  # without any part the machine stays as it is


class SublotRow(NamedTuple):
    """Parts that go on from a place together."""

    place: int
    size: int
    wait: int  # after which fewer go; NONE: they wait for all [ticks]


class KitRow(NamedTuple):
    """What a part is made of."""

    source: int
    parts: tuple[tuple[int, int], ...]  # place, how many from there
    matched: bool  # only pieces of one part go together


class SplitRow(NamedTuple):
    """What a part is divided into."""

    place: int
    station: int  # where its route ends; that of the first piece if it has none
    source: int  # of the pieces
    pieces: tuple[tuple[int, int], ...]  # product, how many


@dataclass(frozen=True)
class Plan:
    """A plant in numbers.

    Attributes
    ----------
    programs : rows of verbs, by program.
    distributions : kind (`streams.KINDS`), then values in seconds.
    resource_units : units of each resource.
    quality : by machine, what it makes wrong and what looks for it; empty if none does.
    """

    machines: tuple[MachineRow, ...]
    stops: tuple[StopRow, ...]
    places: tuple[PlaceRow, ...]
    sources: tuple[SourceRow, ...]
    products: tuple[ProductRow, ...]
    calendars: tuple[CalendarRow, ...]
    programs: tuple[tuple[int, ...], ...]
    distributions: tuple[tuple[float, ...], ...]
    resource_units: tuple[int, ...]
    windows: tuple[WindowRow, ...] = ()
    standbys: tuple[StandbyRow, ...] = ()
    quality: tuple[QualityRow, ...] = ()
    campaigns: tuple[CampaignRow, ...] = ()
    sublots: tuple[SublotRow, ...] = ()
    early: tuple[int, ...] = ()  # machines that begin only when there is a place for the part after it
    kits: tuple[KitRow, ...] = ()
    splits: tuple[SplitRow, ...] = ()
    preemptive: tuple[int, ...] = ()  # places at which a part of higher priority interrupts the work on a lower one
    fleets: tuple[FleetRow, ...] = ()
    vehicles: tuple[VehicleRow, ...] = ()
    flows: tuple[FlowRow, ...] = ()
    pools: tuple[PoolRow, ...] = ()  # rules of each resource, empty without people
    units: tuple[UnitRow, ...] = ()
    lines: tuple[LineRow, ...] = ()

    def ahead_of_early(self) -> set[int]:
        """Return the places whose room machines look at before they begin."""
        stations = {self.machines[machine].station for machine in self.early}
        ways = [[*(step.place for step in product.steps), product.end] for product in self.products]
        return {ahead for way in ways for here, ahead in pairwise(way) if here in stations}

    spares: tuple[SpareRow, ...] = ()

    def open_spans(self, calendar: int) -> Iterator[tuple[int, int]]:
        """Yield (opens, closes) of a calendar for ever, stretches that touch across the weekend as one. [ticks]

        A calendar that never closes yields (0, NEVER) once.
        """
        row = self.calendars[calendar]
        special = {week: stretches for week, *stretches in row.special}
        ordinary = [row.opens, row.closes]
        always, last = ordinary == [(0,), (WEEK,)], max(special, default=-1)
        begin, end = 0, NONE  # the stretch that may go on in the next week
        for week in count():
            if always and week > last:
                break
            for opens, closes in zip(*special.get(week, ordinary), strict=True):
                if week * WEEK + opens != end:
                    if end != NONE:
                        yield begin, end
                    begin = week * WEEK + opens
                end = week * WEEK + closes
        start = (last + 1) * WEEK
        if NONE != end != start:
            yield begin, end
        yield begin if end == start else start, NEVER

    def time_of_open(self, calendar: int, open_time: int) -> int:
        """Return the first moment at which a calendar has been open for `open_time`. [ticks]"""
        if calendar == NONE:
            return open_time
        row = self.calendars[calendar]
        if row.special:
            return self._time_of_open(calendar, open_time)
        per_week = sum(row.closes) - sum(row.opens)
        weeks, left = divmod(open_time, per_week)
        if left == 0 and weeks > 0:  # reached when the last stretch closed, not when the next one opens
            weeks, left = weeks - 1, per_week
        for opens, closes in zip(row.opens, row.closes, strict=True):
            if left <= closes - opens:
                return weeks * WEEK + opens + left
            left -= closes - opens
        raise AssertionError("the stretches of a week sum to more than the week")

    def _time_of_open(self, calendar: int, open_time: int) -> int:
        """Count the stretches one by one."""
        for opens, closes in self.open_spans(calendar):
            if open_time <= closes - opens:
                return opens + open_time
            open_time -= closes - opens
        raise AssertionError("the last stretch has no end")

    def open_time(self, calendar: int, time: int) -> int:
        """Return how long a calendar has been open at a moment. [ticks]"""
        if calendar == NONE:
            return time
        row = self.calendars[calendar]
        if row.special:
            before = takewhile(lambda span: span[0] < time, self.open_spans(calendar))
            return sum(min(time, closes) - opens for opens, closes in before)
        weeks, left = divmod(time, WEEK)
        spans = list(zip(row.opens, row.closes, strict=True))
        in_week = sum(max(0, min(left, closes) - opens) for opens, closes in spans)
        return weeks * (sum(row.closes) - sum(row.opens)) + in_week


def end_of_work(program: tuple[int, ...]) -> int:
    """Return where in a program the work on a part, or on a load of them, is over."""
    return max(at for at, code in enumerate(program) if code in (WORK, SETTLE) or CALL_LOAD <= code <= FREE_UNLOAD) + 1


def ticks(seconds: float) -> int:
    """Return a duration in whole ticks, rounded half up.

    >>> ticks(128.0000004), ticks(0.0000005)
    (128000000, 1)
    """
    return int(seconds * TICKS_PER_SECOND + 0.5)
