"""From a plant in names to a plan in numbers, and the names that belong to its indices."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass, field
from itertools import accumulate

from factory_sim.model.calendar_schema import Calendar
from factory_sim.model.distribution import Distribution
from factory_sim.model.problems import Path
from factory_sim.model.reader import error_at
from factory_sim.model.schema import Plant, Source
from factory_sim.model.station_schema import DISPATCH, Failure, Station
from factory_sim.simulation import plan as p
from factory_sim.simulation import prepare_belts, prepare_measures, prepare_physics, prepare_sensors, stop_rows, trace
from factory_sim.simulation.line_machines import is_tank, machines_of, path_of
from factory_sim.simulation.people_rows import Team
from factory_sim.simulation.plan import (
    Arrival,
    CalendarRow,
    FlowRow,
    MachineRow,
    PlaceRow,
    Plan,
    ProductRow,
    SourceRow,
    StandbyRow,
    StepRow,
    StopRow,
    ticks,
)
from factory_sim.simulation.prepare_flow import FlowRows, changes
from factory_sim.simulation.prepare_lines import gathering, line_rows
from factory_sim.simulation.prepare_people import (
    Hours,
    cycle_verbs,
    has_people,
    phases,
    pool_rows,
    stretches,
    team_of,
    unit_rows,
)
from factory_sim.simulation.prepare_transport import fleet_rows, vehicle_rows
from factory_sim.simulation.stop_rows import CLOCKS, MOMENTS, UpkeepRows, appended, counts, runs_in, spare_rows
from factory_sim.simulation.streams import KINDS, stream_key

RULES = dict(zip(DISPATCH, (p.FIFO, p.SPT, p.LPT, p.EDD, p.MWKR, p.MOPNR, p.PRIORITY, p.LEAST_SETUP), strict=True))
LOSS = "loss"  # name of the stop that stands for the loss after each cycle
SETUP = "setup"
STANDBY = ("standby", "warm_up")  # names of the two stops of a machine that is switched off without parts


@dataclass(frozen=True)
class Directory:
    """Names of the indices of a plan; the order is that of the plant file.

    >>> from factory_sim.model import parse_plant
    >>> plant = parse_plant({"plant": {"name": "One saw"}, "source": {"bars": {}}, "sink": {"pieces": {}},
    ...     "product": {"piece": {"route": ["bars", "saw", "pieces"]}},
    ...     "station": {"saw": {"cycle": "60 s", "machines": 2}}})
    >>> directory(plant).machines
    ('saw#1', 'saw#2')
    """

    stations: tuple[str, ...]
    machines: tuple[str, ...]
    station_of: tuple[int, ...]
    stops: tuple[str, ...]
    sources: tuple[str, ...]
    products: tuple[str, ...]
    resources: tuple[str, ...]


def directory(plant: Plant) -> Directory:
    """Return the names of the indices of `prepare(plant)`."""
    stations = tuple(plant.station)
    machines = [(name, s, like) for s, at in enumerate(stations) for name, like in machines_of(plant, at)]
    stops = [stop for _, _, like in machines for stop in _stop_names(like)]
    return Directory(
        stations,
        tuple(name for name, _, _ in machines),
        tuple(station for _, station, _ in machines),
        tuple(stops),
        tuple(dict.fromkeys(product.route[0] for product in plant.product.values())),
        tuple(plant.product),
        tuple(plant.resource),
    )


def _stop_names(station: Station) -> list[str]:
    return [
        *station.failure, *station.planned, *([LOSS] if station.loss else []), *([SETUP] if station.setup else []),
        *(entry.name for entry in appended(station)),
        *(STANDBY if station.standby else ()),
        *prepare_measures.stop_names(station),
        *([prepare_belts.BREAK] if station.flow is not None and station.flow.web_break else []),
        *prepare_physics.stop_names(station),
    ]  # fmt: skip


def prepare(plant: Plant, physics: bool = True, demand_mode: str | None = None) -> Plan:
    """Return the plan of a plant.

    Parameters
    ----------
    plant : Plant                A plant as read and checked.
    physics : bool               False: cycle and yield are constants of the file, no state is followed.
    demand_mode : str, optional  `sold_out` or `fixed_volume`; default: the plant's.

    Raises
    ------
    ValueError  If the demand mode is unknown.
    InputError  If a technology refuses its parameters.
    """
    mode = plant.demand_mode if demand_mode is None else demand_mode
    if mode not in ("sold_out", "fixed_volume"):
        raise ValueError(f"demand_mode must be sold_out or fixed_volume, got {mode!r}")
    return _Builder(plant, physics, mode).build()


@dataclass
class _Builder:
    plant: Plant
    physics: bool
    mode: str
    distributions: dict[tuple[float, ...], int] = field(default_factory=dict)
    programs: dict[tuple[int, ...], int] = field(default_factory=dict)
    stops: list[StopRow] = field(default_factory=list)
    flows: list[FlowRow] = field(default_factory=list)
    standbys: list[StandbyRow] = field(default_factory=list)

    def build(self) -> Plan:
        self.people = has_people(self.plant)
        self.names = directory(self.plant)
        self.tables = [like for name in self.names.stations for _, like in machines_of(self.plant, name)]
        self.stations = {name: index for index, name in enumerate(self.names.stations)}
        self.resources = {name: index for index, name in enumerate(self.names.resources)}
        self.calendar_names = {name: index for index, name in enumerate(self.plant.calendar)}
        self.flow = flow = FlowRows(self.plant, self.names)
        self.routes = flow.routes
        self.legs = {leg for vehicle in self.plant.vehicle.values() for leg in vehicle.legs}
        hours = Hours(len(self.plant.calendar))
        units = unit_rows(self.plant, hours) if self.people else ()
        machines = tuple(self._machine(index) for index in range(len(self.names.machines)))
        self.stops = stop_rows.with_leads(self.stops, self.plant, self._stop_index())
        sources = tuple(self._source(name) for name in self.names.sources)
        places = (*map(self._place, self.names.stations), *map(flow.end_place, flow.ends.values()))
        fleets, vehicles = fleet_rows(self.plant, self._row), vehicle_rows(self.plant, self._row)
        spares = spare_rows(self.plant, self._row, self.resources)
        quality = prepare_sensors.quality_rows(self.plant, self._row, self._stop_index())
        return Plan(
            machines,
            tuple(self.stops),
            places,
            sources,
            tuple(self._product(name) for name in self.names.products),
            (*(_calendar(calendar, self.plant.plant.begins) for calendar in self.plant.calendar.values()), *hours.rows),
            tuple(self.programs),
            tuple(self.distributions),
            tuple(pool.units for pool in self.plant.resource.values()),
            windows=flow.windows(),
            standbys=tuple(self.standbys),
            quality=quality,
            campaigns=tuple(flow.campaigns()),
            sublots=tuple(flow.sublots()),
            early=flow.early(),
            kits=tuple(flow.kits()),
            splits=tuple(flow.splits()),
            preemptive=flow.preemptive(),
            fleets=fleets,
            vehicles=vehicles,
            spares=spares,
            flows=tuple(self.flows),
            pools=pool_rows(self.plant) if self.people else (),
            units=units,
            lines=line_rows(self.plant, self.names.stations, self.names.station_of),
        )

    def _row(self, distribution: Distribution) -> int:
        """Return the index of a distribution; equal ones share a row."""
        row = (float(KINDS.index(distribution.kind)), *distribution.values)
        return self.distributions.setdefault(row, len(self.distributions))

    def _calendar_of(self, station: Station) -> int:
        name = station.calendar or self.plant.plant.calendar
        return p.NONE if name is None else self.calendar_names[name]

    def _machine(self, index: int) -> MachineRow:
        machine, station_index = self.names.machines[index], self.names.station_of[index]
        name = self.names.stations[station_index]
        station = self.tables[index]
        first_stop = len(self.stops)
        self._stops_of(index, machine, station)
        laws = self._laws(path_of(name, machine), station, first_stop) if self.physics else ()
        setups = changes(station, self.names.products)
        setup = station.setup
        return MachineRow(
            station=station_index,
            program=self.programs.setdefault(self._program(name), len(self.programs)),
            calendar=p.NONE if is_tank(machine) else self._calendar_of(station),
            finish=station.off_shift == "finish",
            cycle=self._row(station.cycle),
            load=ticks(station.load) if station.load is not None else 0,
            needs=() if self.people else tuple(self.resources[need] for need in station.needs),
            loss=station.loss,
            yield_=prepare_physics.steady_yield(self.plant, name, station) if self.physics else station.yield_,
            rework=station.rework,
            changes=tuple(tuple(p.NONE if it is None else self._row(it) for it in row) for row in setups),
            change_means=tuple(tuple(0 if it is None else ticks(it.mean) for it in row) for row in setups),
            change_streams=tuple(
                tuple(stream_key(machine, f"setup.{last}.{coming}") for coming in self.names.products)
                for last in self.names.products
                if setups
            ),
            reset_share=0.0 if setup is None else setup.random_share,
            reset=p.NONE if setup is None or setup.random_time is None else self._row(setup.random_time),
            laws=laws,
            steady_scrap=prepare_physics.steady_scrap(station),
            stops=tuple(range(first_stop, len(self.stops))),
            work_stream=stream_key(machine, "work"),
            quality_stream=stream_key(machine, "quality"),
            rework_stream=stream_key(machine, "rework"),
            setup_stream=stream_key(machine, "setup"),
            slowness=1.0 / station.speed[int(machine.rpartition("#")[2]) - 1] if station.speed else 1.0,
            phases=phases(self.plant, name, machine, self._row) if self.people else (),
        )

    def _laws(self, at: Path, station: Station, first_stop: int) -> tuple[p.LawRow, ...]:
        """Return the laws that the physical states of one machine follow."""
        stops = range(first_stop, len(self.stops))
        return prepare_physics.law_rows(
            self.plant, at, station, dict(zip(self.names.stops[first_stop:], stops, strict=False))
        )

    def _stops_of(self, index: int, machine: str, station: Station) -> None:
        """Append the stops of one machine, in the order of `_stop_names`."""
        first = len(self.stops)
        for name, mode in station.failure.items():
            self.stops.append(self._failure(index, machine, name, mode))
        for name, planned in station.planned.items():
            period = 0.0 if planned.alongside else planned.period
            every = Distribution("constant", (period,))
            begin = period if planned.first is None else planned.first
            crew = () if planned.crew is None else (self.resources[planned.crew],)
            clock = p.ON_FINDING if planned.alongside else CLOCKS[planned.clock] if period else p.ALWAYS_DUE
            self.stops.append(
                StopRow(
                    index, trace.MAINTENANCE, clock, MOMENTS[planned.when], self._row(every),
                    self._row(planned.duration), ticks(begin), crew, planned.priority,
                    stream_key(machine, f"every.{name}"), stream_key(machine, f"planned.{name}"),
                )
            )  # fmt: skip
        if station.loss:
            self.stops.append(
                StopRow(index, trace.MAINTENANCE, p.AFTER_WORK, p.IMMEDIATE, p.NONE, p.NONE, 0, (), 0, 0, 0)
            )
        if station.setup is not None:
            called, team = self._crew(station.setup.crew)
            self.stops.append(
                StopRow(
                    index, trace.SETUP, p.ON_CHANGE, p.IMMEDIATE, p.NONE, p.NONE, 0, called, station.setup.priority, 0,
                    0, None, team,
                )
            )  # fmt: skip
        if len(self.stops) > first:
            name = self.names.stations[self.names.station_of[index]]
            rows = UpkeepRows(self.plant, name, machine, self._row, self.resources, first)
            self.stops[first:] = rows.added_to(self.stops[first:])

        if station.standby is not None:
            warm_up, stream = self._row(station.standby.warm_up), stream_key(machine, "warm_up")
            for state, duration in ((trace.SWITCHED_OFF, p.NONE), (trace.WARMING, warm_up)):
                self.stops.append(
                    StopRow(index, state, p.ON_REQUEST, p.IMMEDIATE, p.NONE, duration, 0, (), 0, 0, stream)
                )
            last = len(self.stops) - 1
            self.standbys.append(StandbyRow(index, ticks(station.standby.off_after), last - 1, last))
        self.stops.extend(prepare_measures.stops(index, machine, station, self._row, self.resources))
        if station.flow is not None:
            broken = prepare_belts.break_row(index, machine, station.flow, self._row, self.resources)
            at = self.names.stations[self.names.station_of[index]]
            stand = prepare_physics.longest_stand(self.plant, at, station) if self.physics else math.inf
            web_break = p.NONE if broken is None else len(self.stops)
            self.flows.append(prepare_belts.flow_row(index, station.flow, web_break, stand))
            self.stops += [] if broken is None else [broken]
        self.stops.extend(prepare_physics.stop_rows(index, station, self.resources))
        self.stops[first:] = [self._with_team(row) for row in self.stops[first:]]

    def _stop_index(self) -> dict[str, dict[str, int]]:
        """Return the indices of the stops by machine and name."""
        found: dict[str, dict[str, int]] = {machine: {} for machine in self.names.machines}
        for index, (row, name) in enumerate(zip(self.stops, self.names.stops, strict=True)):
            found[self.names.machines[row.machine]][name] = index
        return found

    def _failure(self, index: int, machine: str, name: str, mode: Failure) -> StopRow:
        crew, team = self._crew(mode.crew)
        return StopRow(
            index, trace.FAILED, CLOCKS[mode.clock], p.IMMEDIATE, self._row(mode.life), self._row(mode.repair), 0,
            crew, mode.priority, stream_key(machine, f"ttf.{name}"), stream_key(machine, f"repair.{name}"), None, team,
        )  # fmt: skip

    def _with_team(self, row: StopRow) -> StopRow:
        """Return the row of a stop that calls a team instead of a crew, in a plant with people."""
        if not (self.people and row.crew):
            return row
        return row._replace(crew=(), team=team_of(self.plant, [self.names.resources[at] for at in row.crew]))

    def _crew(self, need: str | None) -> tuple[tuple[int, ...], Team]:
        """Return who is called to a stop: a set of resources, or in a plant with people a team."""
        if need is None:
            return (), ()
        return ((), team_of(self.plant, [need])) if self.people else ((self.resources[need],), ())

    def _place(self, name: str) -> PlaceRow:
        buffer = next((entry for entry in self.plant.buffer.values() if entry.before == name), None)
        station = self.plant.station[name]
        passing = [index for index, route in enumerate(self.routes) if name in route]
        first = [self.names.products[index] for index in passing if self.routes[index][0] == name]
        pushed = any(self._kind(self.plant.product[product].route[0]) not in (p.ALWAYS, p.KIT) for product in first)
        if buffer is not None:
            capacity = p.UNLIMITED if buffer.capacity is None else buffer.capacity
        else:
            # What arrives by itself or comes back waits somewhere, and a load must gather.
            gathers = gathering(self.plant, name)
            capacity = p.UNLIMITED if pushed or self._comes_back(name) else gathers
        if delivered := any(target == name for _, target in self.legs):
            self._check_delivery(name, capacity, first)
        one_way = len(self._before(name)) <= 1 and station.machines == 1
        return PlaceRow(
            capacity=capacity,
            depth=max(max(at for at, entry in enumerate(self.routes[index]) if entry == name) for index in passing),
            direct=one_way and self._is_direct(name) and not delivered,
            dispatch=RULES[station.dispatch],
            least=1 if station.batch is None else station.batch.min,
            most=1 if station.batch is None else station.batch.max,
            wait=p.NEVER if station.batch is None or station.batch.wait is None else ticks(station.batch.wait),
            alike=station.batch is not None and not station.batch.mixed,
            initial=0 if buffer is None else buffer.initial,
            initial_source=self.names.sources.index(self.plant.product[self.names.products[passing[0]]].route[0]),
            initial_product=passing[0],
            initial_step=self.routes[passing[0]].index(name),
            station=p.NONE,
            delivered=delivered,
        )

    def _is_direct(self, name: str) -> bool:
        """Tell whether parts are taken as they come, at once: not by a belt that closes up, which lets go first."""
        station = self.plant.station[name]
        plain = station.dispatch == "fifo" and station.batch is None and station.window is None
        plain = plain and not (station.flow is not None and station.flow.accumulating)
        return plain and not self.flow.has_own_rules(name)

    def _check_delivery(self, name: str, capacity: int, first: list[str]) -> None:
        """Raise if vehicles cannot bring parts to a station: it always has others, or its place has own rules."""
        if self.flow.has_own_rules(name):
            message = 'vehicles cannot bring parts to a place with sub-lots, preempt, a campaign or blocking = "before"'
            raise error_at(self.plant.file, ("station", name), f"{message}; leave these out, or the move")
        sources = [self.plant.product[product].route[0] for product in first]
        always = next((source for source in sources if self._kind(source) == p.ALWAYS), None)
        if always is not None and not capacity:
            message = f"vehicles bring parts here, but it always takes one from '{always}' and has no place for theirs"
            raise error_at(self.plant.file, ("station", name), f"{message}; write a [buffer.<name>] before it")

    def _comes_back(self, name: str) -> bool:
        """Tell whether parts come to a station more than once, by their route or for rework."""
        stations = self.plant.station.items()
        back = any(prepare_sensors.sent_back_to(other, station) == name for other, station in stations)
        return back or any(route.count(name) > 1 for route in self.routes)

    def _before(self, name: str) -> list[str]:
        """Return the machines that put parts into the place before a station."""
        stations = {route[at] for route in self.routes for at, after in enumerate(route[1:]) if after == name}
        for other, station in self.plant.station.items():
            if prepare_sensors.sent_back_to(other, station) == name:
                stations.add(other)
        machines = zip(self.names.machines, self.names.station_of, strict=True)
        return [machine for machine, station in machines if self.names.stations[station] in stations]

    def _kind(self, source: str) -> int:
        """Return the kind of a source."""
        if source not in self.plant.source:
            return p.KIT if source in self.plant.assembly else p.PIECES
        row = self.plant.source[source]
        if row.cards is not None:
            return p.LOOP
        if row.interval is not None:
            return p.INTERVAL
        ordered = any(self.plant.product[order.product].route[0] == source for order in self.plant.order)
        return p.AT_TIMES if row.at is not None or ordered else p.ALWAYS

    def _source(self, name: str) -> SourceRow:
        source = self.plant.source.get(name, Source())
        limited = self.mode == "fixed_volume" and source.weekly_volume is not None
        products = list(self.plant.product.values())
        mine = prepare_sensors.feeds(self.plant, name)
        shares = [products[index].share for index in mine]
        arrivals = [Arrival(ticks(time), mine[0], 1, p.NEVER) for time in source.at or ()]
        for order in self.plant.order:
            if self.plant.product[order.product].route[0] == name:
                due = p.NEVER if order.due is None else ticks(order.due)
                arrivals.append(Arrival(ticks(order.at), self.names.products.index(order.product), order.quantity, due))
        return SourceRow(
            kind=self._kind(name),
            products=tuple(mine),
            shares=tuple(accumulate(1.0 if share is None else share for share in shares))[:-1],
            interval=p.NONE if source.interval is None else self._row(source.interval),
            lot=source.lot,
            at=tuple(arrivals),
            inside=source.cards or 0,
            volume=round(source.weekly_volume) if limited and source.weekly_volume is not None else p.NONE,
            stream=stream_key(name, "arrival"),
            product_stream=stream_key(name, "product"),
        )

    def _product(self, name: str) -> ProductRow:
        product = self.plant.product[name]
        route = product.route[1:-1]
        visits = {at: iter(product.cycles_at(at)) for at in route}
        own = [next(visits[at]) for at in route]
        cycles = [cycle or self.plant.station[at].cycle for at, cycle in zip(route, own, strict=True)]
        means = [
            ticks(cycle.mean + self.plant.station[at].handling_time) for at, cycle in zip(route, cycles, strict=True)
        ]
        steps = [
            StepRow(
                place=self.stations[at],
                cycle=p.NONE if cycle is None else self._row(cycle),
                stream=stream_key(name, f"work.{at}#{route[: step + 1].count(at)}"),
                back=self._back(route, step),
                mean=means[step],
                remaining=sum(means[step:]),
            )
            for step, (at, cycle) in enumerate(zip(route, own, strict=True))
        ]
        due_after = p.NEVER if product.due is None else ticks(product.due)
        return ProductRow(tuple(steps), product.priority, due_after, self.flow.ends.get(name, p.NONE))

    def _back(self, route: tuple[str, ...], step: int) -> int:
        """Return the step from which a part goes on that the station of `step` sends back."""
        to = prepare_sensors.sent_back_to(route[step], self.plant.station[route[step]])
        if to is None:
            return p.NONE
        return max(at for at in range(step + 1) if route[at] == to)

    def _asking(self, station: Station) -> list[int]:
        """Return the verb by which a station asks for what it needs, and for enough time to the end of the shift."""
        if station.off_shift == "no_start" and self._calendar_of(station) != p.NONE:
            return [p.NEED_IN_TIME]
        return [p.NEED] if station.needs else []

    def _cycle(self, station: Station, physics: bool) -> list[int]:
        """Return the verbs from the first request for resources to the end of the work."""
        passes = prepare_physics.passes(station) if physics else 1
        if self.people and (station.needs or station.attend):
            in_time = station.off_shift == "no_start" and self._calendar_of(station) != p.NONE
            return cycle_verbs(station, physics, in_time, passes)
        work, asking = p.RESUME if station.preempt else p.WORK, self._asking(station)
        return [
            *(prepare_physics.begin_verbs(asking, station) if physics else asking),
            *([p.LOAD] if station.load is not None else []),
            *([p.FIRST_PASS, *[p.NEXT_PASS] * (passes - 1)] if passes > 1 else [work]),
        ]

    def _program(self, name: str) -> tuple[int, ...]:
        """Return the verbs of the machines of a station; what would do nothing is left out."""
        station = self.plant.station[name]
        physics = self.physics and any(prepare_physics.tables_of(station))
        campaign = station.setup is not None and station.setup.campaign != "none"
        own = any(cycle is not None for product in self.plant.product.values() for cycle in product.cycles_at(name))
        return (
            *([p.REST] if station.standby else []),
            p.TAKE_LOAD if station.batch or self.flow.granted(name) else p.TAKE,
            *([p.COUNT] if campaign else []),
            *([p.RESERVE] if station.blocking == "before" else []),
            *([p.CHOOSE] if own else []),
            *([p.CHANGE] if station.setup and not campaign and (station.setup.change or station.setup.between) else []),
            *self._cycle(station, physics),
            *([p.SETTLE] if physics else []),
            *([p.TALLY] if counts(station) else []),
            *([p.FINISH] if physics else [p.INSPECT] if station.yield_ < 1.0 else []),
            *([p.RUN_IN] if runs_in(station) else []),
            *prepare_sensors.verbs(station, [p.DIVERT] if station.rework else []),
            *([p.UNRESERVE] if station.blocking == "before" else []),
            *([p.STAMP] if self.flow.waited_for(name) else []),
            p.CARRY if any(origin == name for origin, _ in self.legs) else p.PUT,
            *([p.LOSE] if station.loss else []),
            *([p.RESET] if station.setup and station.setup.random_share else []),
        )


def _calendar(calendar: Calendar, begins: dt.date | None) -> CalendarRow:
    special = calendar.special_weeks(begins)
    weeks = tuple((week, *stretches(spans)) for week, spans in special.items())
    return CalendarRow(*stretches(calendar.open_intervals), weeks)
