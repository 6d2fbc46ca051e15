"""What only the whole file can tell of campaigns, preemption, blocking before work, and sub-lots."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from factory_sim.model.physics_schema import LAWS
from factory_sim.model.problems import Path, shown
from factory_sim.model.raw import Raw, places, routes, tables
from factory_sim.model.validate import Found


def check_choices(raw: Raw) -> list[Found]:
    """Return the problems of machines that do not take just any part."""
    return [*_campaigns(raw), *_preemptions(raw), *_early(raw)]


def _campaigns(raw: Raw) -> Iterator[Found]:
    """Yield campaigns that leave out a product, or whose parts cannot wait or be chosen."""
    for name, station in tables(raw, "station").items():
        setup = station.get("setup")
        if not isinstance(setup, dict) or setup.get("campaign", "none") == "none":
            continue
        path: Path = ("station", name, "setup")
        if "batch" in station:
            yield (*path, "campaign"), "a machine that takes loads has no campaign; use batch with mixed = false"
        here = [product for product, route in routes(raw).items() if name in route]
        sequence = setup.get("sequence", here)
        missing = [product for product in here if isinstance(sequence, list) and product not in sequence]
        strange = [product for product in sequence if product in routes(raw) and product not in here]
        lots = setup.get("lots")
        if missing:
            yield (*path, "sequence"), f"'{missing[0]}' comes to '{name}' and would wait for ever; add it"
        elif strange:
            yield (*path, "sequence"), f"'{strange[0]}' does not come to '{name}'; remove it"
        elif setup["campaign"] != "lots" and len(sequence) < 2:
            yield (*path, "campaign"), f"only one product comes to '{name}', which needs no campaign; remove it"
        elif isinstance(lots, list) and "sequence" not in setup and len(lots) != len(here):
            yield (*path, "lots"), f"{len(here)} products come to '{name}' ({', '.join(here)}), each needs a lot"
        yield from _own_sources(raw, name, (*path, "campaign"))
        buffer, capacity = places(raw).get(name, ("", None))
        pushed = any(route[1:2] == [name] for route in routes(raw).values())
        if capacity == 0 or (not buffer and not pushed):
            yield (*path, "campaign"), f"parts of other products must wait before '{name}'; write a buffer before it"


def _own_sources(raw: Raw, name: str, path: Path) -> Iterator[Found]:
    """Yield a source that always has a part but not of the product that a machine wants."""
    fed: dict[str, list[str]] = {}
    for product, route in routes(raw).items():
        if route[1:2] == [name]:
            fed.setdefault(route[0], []).append(product)
    for source, products in fed.items():
        own = {"interval", "at", "cards"} & tables(raw, "source").get(source, {}).keys()
        if len(products) > 1 and not own and not raw.get("order"):
            yield path, f"source '{source}' gives {' and '.join(products)} at random; give each product its own source"


def _preemptions(raw: Raw) -> Iterator[Found]:
    """Yield machines whose work cannot be interrupted."""
    for name, station in tables(raw, "station").items():
        if not station.get("preempt"):
            continue
        path: Path = ("station", name, "preempt")
        if station.get("dispatch") != "priority":
            yield path, 'a part interrupts another one by priority; write dispatch = "priority"'
        for key in ("batch", "needs", "attend", "setup", "load", *LAWS):
            if key in station:
                yield path, f"work with {key} cannot be interrupted here; remove {key} or preempt"
        if station.get("blocking") == "before":
            yield path, 'interrupted parts need no place ahead; remove preempt or blocking = "before"'
        if not any(route[1:2] == [name] for route in routes(raw).values()) and name not in places(raw):
            yield path, f"an interrupted part must wait somewhere; write a buffer before '{name}'"


def _early(raw: Raw) -> Iterator[Found]:
    """Yield machines that wait for room which is never there or which others fill meanwhile."""
    stations = tables(raw, "station")
    early = {name for name, station in stations.items() if station.get("blocking") == "before"}
    for name in sorted(early, key=list(stations).index):
        path: Path = ("station", name, "blocking")
        for key in ("batch", "rework"):
            if stations[name].get(key):
                yield path, f"with {key} nobody knows before the work where the parts go; remove {key}"
        ahead = {route[route.index(name) + 1] for route in routes(raw).values() if name in route[:-1]}
        for station in sorted(ahead & stations.keys()):
            _, capacity = places(raw).get(station, ("", 0))
            if capacity == 0:
                yield path, f"a place before {shown(station)} must be free to begin, but it has none; add a buffer"
            others = {
                one
                for route in routes(raw).values()
                for one, two in pairwise(route[1:])
                if two == station and one not in early
            }
            if others:
                message = f"{shown(min(others))} also fills the places before {shown(station)}; give it blocking"
                yield path, f'{message} = "before" too'
