"""What flow and waiting add to a plan: windows, campaigns, sub-lots, assemblies, splits."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING

from factory_sim.model.distribution import Distribution
from factory_sim.model.reader import error_at
from factory_sim.model.schema import Plant
from factory_sim.model.station_schema import Station
from factory_sim.simulation import plan as p
from factory_sim.simulation.plan import CampaignRow, KitRow, PlaceRow, SplitRow, SublotRow, WindowRow, ticks

if TYPE_CHECKING:
    from factory_sim.simulation.prepare import Directory


class FlowRows:
    """The rows of one plant."""

    def __init__(self, plant: Plant, names: Directory) -> None:
        self.plant, self.names = plant, names
        self.stations = {name: index for index, name in enumerate(names.stations)}
        self.routes = [plant.product[product].route[1:-1] for product in names.products]

    def each_machine(self) -> Iterator[tuple[int, str]]:
        """Yield machines with the names of their stations."""
        return enumerate(self.names.stations[station] for station in self.names.station_of)

    def early(self) -> tuple[int, ...]:
        """Return the machines that begin only when there is room ahead."""
        return tuple(index for index, name in self.each_machine() if self.plant.station[name].blocking == "before")

    def preemptive(self) -> tuple[int, ...]:
        """Return the places at which urgent parts interrupt the work on others."""
        return tuple(index for index, name in enumerate(self.names.stations) if self.plant.station[name].preempt)

    def windows(self) -> tuple[WindowRow, ...]:
        """Return the limits to the wait of parts."""
        return tuple(self.window(name) for name in self.names.stations if self.plant.station[name].window)

    def window(self, name: str) -> WindowRow:
        """Return the limit to the wait of parts at a station."""
        window = self.plant.station[name].window
        assert window is not None
        back = [
            (product, step, max(at for at in range(step) if route[at] == window.back_to))
            for product, route in enumerate(self.routes)
            for step, at_step in enumerate(route)
            if at_step == name and window.back_to in route[:step]
        ]
        return WindowRow(self.stations[name], ticks(window.limit), window.since == "work", tuple(back))

    def waited_for(self, name: str) -> bool:
        """Tell whether a station after this one counts the wait of parts from the end of their work here."""
        windows = {other: station.window for other, station in self.plant.station.items()}
        after = {two for route in self.routes for one, two in pairwise(route) if one == name}
        return any(window is not None and window.since == "work" for window in map(windows.get, after))

    def has_own_rules(self, name: str) -> bool:
        """Tell whether the place before a station has rules of its own about what comes in and goes out when."""
        aside = any(buffer.before == name and buffer.sublot > 1 for buffer in self.plant.buffer.values())
        return aside or self.granted(name)

    def granted(self, name: str) -> bool:
        """Tell whether each part is granted to a machine that may have it."""
        station = self.plant.station[name]
        before = {one for route in self.routes for one, two in pairwise(route) if two == name}
        early = any(self.plant.station[other].blocking == "before" for other in (name, *before))
        return early or station.preempt or (station.setup is not None and station.setup.campaign != "none")

    def campaigns(self) -> tuple[CampaignRow, ...]:
        """Return the campaigns of the machines that have one."""
        rules = {"exhaustive": p.EXHAUSTIVE, "gated": p.GATED, "lots": p.LOTS}
        found = []
        for index, name in self.each_machine():
            setup = self.plant.station[name].setup
            if setup is not None and setup.campaign != "none":
                here = (product for product, route in enumerate(self.routes) if name in route)
                named = (self.names.products.index(product) for product in setup.sequence)
                products = tuple(named if setup.sequence else here)
                stays = setup.without_parts == "stay" and setup.campaign != "lots"
                if setup.without_parts == "go_on":
                    self.goes_round(name, products)
                found.append(CampaignRow(index, rules[setup.campaign], products, setup.lots, stays))
        return tuple(found)

    def goes_round(self, name: str, products: tuple[int, ...]) -> None:
        """Refuse a campaign that would go round without parts in no time."""
        setups = changes(self.plant.station[name], self.names.products)
        ring = [setups[one][two] for one, two in pairwise((*products, products[0]))]
        if all(change is None or change.mean <= 0.0 for change in ring):
            message = 'without parts the machine would go round in no time; give a setup a time, or write "stay"'
            raise error_at(self.plant.file, ("station", name, "setup", "without_parts"), message)

    def sublots(self) -> Iterator[SublotRow]:
        """Yield the sub-lots in which parts go on."""
        for buffer in self.plant.buffer.values():
            if buffer.sublot > 1:
                wait = p.NONE if buffer.sublot_wait is None else ticks(buffer.sublot_wait)
                yield SublotRow(self.stations[buffer.before], buffer.sublot, wait)

    @cached_property
    def ends(self) -> dict[str, int]:
        """Return the places in which parts wait to be built in or are divided, by product, after those of stations."""
        own = [name for name, product in self.plant.product.items() if product.route[-1] not in self.plant.sink]
        return {name: len(self.names.stations) + index for index, name in enumerate(own)}

    def end_place(self, place: int) -> PlaceRow:
        """Return a place that no machine takes parts from."""
        product = next(name for name, index in self.ends.items() if index == place)
        _, *way, end = self.plant.product[product].route
        assembly = self.plant.assembly.get(end)
        capacity = None if assembly is None else next(part.places for part in assembly.parts if part.product == product)
        return PlaceRow(
            capacity=p.UNLIMITED if capacity is None else capacity,
            depth=len(way),
            direct=not way or self.plant.station[way[-1]].machines == 1,
            dispatch=p.FIFO, least=1, most=1, wait=p.NEVER, alike=False,
            initial=0, initial_source=0, initial_product=0, initial_step=0,
            station=self.station_of_end(product),
        )  # fmt: skip

    def station_of_end(self, product: str) -> int:
        """Return where a part is when its route ends: where it is built in, or where it was divided."""
        *way, end = self.plant.product[product].route
        after = next(route[1] for route in (other.route for other in self.plant.product.values()) if route[0] == end)
        return self.stations[way[-1] if end in self.plant.split and len(way) > 1 else after]

    def kits(self) -> Iterator[KitRow]:
        """Yield what assemblies make parts of."""
        for name, assembly in self.plant.assembly.items():
            parts = tuple((self.ends[part.product], part.count) for part in assembly.parts)
            yield KitRow(self.names.sources.index(name), parts, assembly.matched)

    def splits(self) -> Iterator[SplitRow]:
        """Yield what parts are divided into."""
        for product, place in self.ends.items():
            name = self.plant.product[product].route[-1]
            if name in self.plant.split:
                pieces = self.plant.split[name].pieces
                counts = tuple((self.names.products.index(piece.product), piece.count) for piece in pieces)
                yield SplitRow(place, self.station_of_end(product), self.names.sources.index(name), counts)


def changes(station: Station, products: tuple[str, ...]) -> list[list[Distribution | None]]:
    """Return the setup of a station from product to product, None where there is nothing to do."""
    setup = station.setup
    if setup is None or (setup.change is None and not setup.between):
        return []
    named = {(change.from_, change.to): change.time for change in setup.between}
    return [
        [named.get((last, coming), None if last == coming else setup.change) for coming in products]
        for last in products
    ]
